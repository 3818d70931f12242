//! Writes docs/performance.md from what was measured.

use std::fmt::Write as _;
use std::process::Command;

use super::latency::Latency;
use super::postgres::Load;
use super::script::Scripts;
use super::{Options, Row};
use crate::command::root;

/// What is measured beside the cases.
pub(crate) struct Others<'a> {
    /// PostgreSQL bulk load.
    pub(crate) load: Option<&'a Load>,
    /// Script Components.
    pub(crate) scripts: Option<&'a Scripts>,
    /// Starts.
    pub(crate) latency: Option<&'a Latency>,
}

/// Writes the page; the part after the marker is kept: it is written by people.
pub(crate) fn write(
    rows: &[Row],
    others: &Others<'_>,
    megabytes: f64,
    options: &Options,
) -> anyhow::Result<()> {
    let path = root().join("docs/performance.md");
    if !options.only.is_empty() {
        println!(
            "{} stays as it is: only some cases were measured",
            path.display()
        );
    }
    let marker = "<!-- below: written by people, kept by the command -->";
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let kept = before.split_once(marker).map_or("\n", |(_, kept)| kept);
    let mut text = String::from("# Performance\n\n");
    let _ = writeln!(
        text,
        "Measured by `cargo xtask bench --size-mb {} --runs {}` (best of {} runs, whole processes, warm file cache) on {}.\n\
         Everybody reads the same files and writes the same output in the same run. Ratio: their time by ours; above 1 we are faster.\n",
        options.size_mb,
        options.runs,
        options.runs,
        machine()
    );
    text.push_str("| case | threads | Packmule | MB/s | peak MB | DuckDB | peak MB | Polars | peak MB | ratio DuckDB | ratio Polars |\n");
    text.push_str(
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for row in rows {
        text.push_str(&line(row, megabytes));
    }
    if let Some(load) = others.load {
        let _ = writeln!(
            text,
            "\nPostgreSQL bulk load of the same file: Packmule {:.2} s ({:.0} MB/s), `\\copy` {:.2} s: ratio {:.2}.",
            load.ours.seconds,
            megabytes / load.ours.seconds,
            load.copy.seconds,
            load.copy.seconds / load.ours.seconds
        );
    }
    if let Some(scripts) = others.scripts {
        text.push_str(&of_scripts(scripts));
    }
    if let Some(latency) = others.latency {
        let _ = writeln!(
            text,
            "\nStarts: an empty package by `packmule run` {:.0} ms as a whole process; through the catalog, submit → running \
             p50 {:.1} ms, p99 {:.1} ms with warm Workers; {:.0} executions of it per second. One with a script ends {:.0} ms \
             later than an empty one (median) where a script host waits for it.",
            latency.run_ms,
            latency.pick_up_ms.0,
            latency.pick_up_ms.1,
            latency.per_second,
            latency.script_ms
        );
    }
    let _ = write!(text, "\n{marker}{kept}");
    if options.only.is_empty() {
        std::fs::write(path, text)?;
    } else {
        println!("{text}");
    }
    Ok(())
}

fn of_scripts(scripts: &Scripts) -> String {
    let mut text = format!(
        "\n{} rows from file to file through a Script Component in C# that changes a string and a number column, beside \
         the same as a Derived Column:\n\n| threads | script | peak MB | Derived Column | peak MB |\n| ---: | ---: | ---: | ---: | ---: |\n",
        scripts.rows
    );
    for (threads, script, derived) in &scripts.by_threads {
        let _ = writeln!(
            text,
            "| {threads} | {:.2} s | {:.0} | {:.2} s | {:.0} |",
            script.seconds, script.peak_mb, derived.seconds, derived.peak_mb
        );
    }
    let _ = writeln!(
        text,
        "\nThe first script of an execution, with the start of its host: {:.0} ms beyond the Derived Column on a file without rows. \
         Peaks are of the engine's process, not of the host's.",
        scripts.first_ms
    );
    text
}

fn line(row: &Row, megabytes: f64) -> String {
    let cell = |f: Option<&super::Figure>| {
        f.map_or_else(
            || "– | –".to_owned(),
            |f| format!("{:.2} s | {:.0}", f.seconds, f.peak_mb),
        )
    };
    let ratio = |f: Option<&super::Figure>| {
        f.map_or_else(
            || "–".to_owned(),
            |f| format!("{:.2}", f.seconds / row.ours.seconds),
        )
    };
    format!(
        "| {} | {} | {:.2} s | {:.0} | {:.0} | {} | {} | {} | {} |\n",
        row.case.what,
        row.threads,
        row.ours.seconds,
        megabytes / row.ours.seconds,
        row.ours.peak_mb,
        cell(row.duckdb.as_ref()),
        cell(row.polars.as_ref()),
        ratio(row.duckdb.as_ref()),
        ratio(row.polars.as_ref())
    )
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or(": unknown")
        .trim_start_matches([' ', '\t', ':'])
        .to_owned();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let date = Command::new("date")
        .arg("+%Y-%m-%d")
        .output()
        .map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned());
    format!("{model}, {cores} cores, {}", date.unwrap_or_default())
}
