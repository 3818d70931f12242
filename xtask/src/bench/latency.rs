//! Starts: an empty package by `run`, and executions through the catalog with warm Workers.
//!
//! Times through the catalog are the catalog's own: `created_time` is when the request came in,
//! `start_time` when the child's first OnPreExecute was seen.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::DateTime;

use super::measure::best_of;
use crate::command::root;
use crate::demo::server::Server;

/// What starting costs.
pub(crate) struct Latency {
    /// `packmule run empty.dtsx` as a whole process, milliseconds.
    pub(crate) run_ms: f64,
    /// Submit → running, milliseconds: median and 99th percentile.
    pub(crate) pick_up_ms: (f64, f64),
    /// Executions per second through the catalog.
    pub(crate) per_second: f64,
    /// Submit → ended of a package with one script beyond that of the empty one, when hosts wait
    /// for scripts: median, milliseconds.
    pub(crate) script_ms: f64,
}

/// Executions submitted one after the other for the latency.
const SINGLE: usize = 100;
/// Executions submitted at once for the throughput.
const TOGETHER: usize = 200;
/// The same of a package with a script.
const SCRIPTS: usize = 30;
/// Executions until every process that waits has a script host.
const UNTIL_WARM: usize = 10;
/// How long a host that waits has for its start before the next script is submitted.
const PAUSE: Duration = Duration::from_millis(700);
/// The packages, as `execute` names them.
const PACKAGE: &str = "Bench/Bench/empty.dtsx";
const SCRIPT: &str = "Bench/Bench/script.dtsx";

/// Measures on a server of its own.
pub(crate) fn measure(program: &Path) -> anyhow::Result<Latency> {
    let starts = root().join("xtask/bench/starts");
    let run = best_of(10, || {
        let mut command = Command::new(program);
        command
            .arg("run")
            .arg(starts.join("empty.dtsx"))
            .args(["--logging-level", "none"]);
        command
    })?;
    let folder = std::env::temp_dir().join(format!("packmule-bench-starts-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let map = folder.join("map.toml");
    std::fs::write(&map, "")?;
    let mut server = Server::start(program, &folder, &map)?;
    let client = Client {
        program,
        data: folder.join("server"),
    };
    let project = starts.join("Bench.dtproj").to_string_lossy().into_owned();
    client.ask(&["deploy", &project, "--folder", "Bench"])?;
    for _ in 0..SINGLE {
        client.execute(&[PACKAGE])?;
    }
    let single = client.last(SINGLE)?;
    client.execute(&[PACKAGE; TOGETHER])?;
    let many = client.last(TOGETHER)?;
    for _ in 0..UNTIL_WARM + SCRIPTS {
        client.execute(&[SCRIPT])?;
        std::thread::park_timeout(PAUSE);
    }
    let scripts = client.last(SCRIPTS)?;
    server.stop()?;
    std::fs::remove_dir_all(&folder)?;
    let waits = sorted(single.iter().map(|t| t.started - t.created));
    let whole = |times: &[Times]| {
        let whole = sorted(times.iter().map(|t| t.ended - t.created));
        whole[whole.len() / 2]
    };
    let first = many.iter().map(|t| t.created).fold(f64::INFINITY, f64::min);
    let last = many.iter().map(|t| t.ended).fold(0.0, f64::max);
    Ok(Latency {
        run_ms: run.seconds * 1000.0,
        pick_up_ms: (
            waits[waits.len() / 2] * 1000.0,
            waits[waits.len() * 99 / 100] * 1000.0,
        ),
        per_second: many.len() as f64 / (last - first),
        script_ms: (whole(&scripts) - whole(&single)) * 1000.0,
    })
}

/// The program as the client of a server.
struct Client<'a> {
    program: &'a Path,
    /// The server's folder.
    data: PathBuf,
}

impl Client<'_> {
    fn ask(&self, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        let output = Command::new(self.program)
            .args(arguments)
            .env("PACKMULE_DATA", &self.data)
            .output()?;
        ensure!(
            output.status.success(),
            "packmule {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(output.stdout)
    }

    fn execute(&self, packages: &[&str]) -> anyhow::Result<()> {
        let mut arguments = vec!["execute"];
        arguments.extend(packages);
        arguments.extend(["--logging-level", "none", "--wait"]);
        self.ask(&arguments).map(drop)
    }

    /// The last so many executions.
    fn last(&self, count: usize) -> anyhow::Result<Vec<Times>> {
        let limit = count.to_string();
        times(&self.ask(&["executions", "--format", "json", "--limit", &limit])?)
    }
}

fn sorted(seconds: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut seconds: Vec<f64> = seconds.collect();
    seconds.sort_by(f64::total_cmp);
    seconds
}

/// One execution's times, seconds.
struct Times {
    created: f64,
    started: f64,
    ended: f64,
}

fn times(json: &[u8]) -> anyhow::Result<Vec<Times>> {
    let list: serde_json::Value = serde_json::from_slice(json)?;
    let rows = list
        .as_array()
        .or_else(|| list["executions"].as_array())
        .context("no list of executions")?;
    let time = |row: &serde_json::Value, name: &str| -> anyhow::Result<f64> {
        let text = row[name]
            .as_str()
            .with_context(|| format!("an execution without {name}"))?;
        Ok(DateTime::parse_from_rfc3339(text)?.timestamp_micros() as f64 / 1e6)
    };
    let times: anyhow::Result<Vec<Times>> = rows
        .iter()
        .map(|row| {
            Ok(Times {
                created: time(row, "created_time")?,
                started: time(row, "start_time")?,
                ended: time(row, "end_time")?,
            })
        })
        .collect();
    let times = times?;
    ensure!(!times.is_empty(), "no executions");
    Ok(times)
}
