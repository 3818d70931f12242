//! A million rows through a Script Component beside the same as a Derived Column, and what the
//! first script costs.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use super::measure::{Figure, best_of};
use crate::command::{root, target_folder};

/// Rows that go through.
const ROWS: usize = 1_000_000;

/// What scripts cost.
pub(crate) struct Scripts {
    /// Rows of the file.
    pub(crate) rows: usize,
    /// By number of threads: the script, the Derived Column.
    pub(crate) by_threads: Vec<(usize, Figure, Figure)>,
    /// The same packages on a file without rows: the script's time beyond the Derived Column's,
    /// milliseconds. The host is started, the binary loaded, opened and finished in it.
    pub(crate) first_ms: f64,
}

/// Measures both packages on the first rows of the input.
pub(crate) fn measure(program: &Path, folder: &Path, runs: usize) -> anyhow::Result<Scripts> {
    let host = target_folder().join("script-host/packmule-script-host.exe");
    ensure!(
        host.exists(),
        "the script host is not built: script-host/build.sh {}",
        target_folder().join("script-host").display()
    );
    let time = |package: &str, threads: usize| {
        best_of(runs, || {
            let mut command = Command::new(program);
            command
                .arg("run")
                .arg(root().join(format!("xtask/bench/{package}.dtsx")))
                .args(["--threads", &threads.to_string()])
                .args(["--logging-level", "none", "--map"])
                .arg(folder.join("map.toml"))
                .env("PACKMULE_SCRIPT_HOST", &host);
            command
        })
        .with_context(|| format!("packmule, {package}"))
    };
    let rows = cut(folder, ROWS)?;
    let output = folder.join("output.csv");
    let mut by_threads = Vec::new();
    for threads in [1, 2] {
        let script = time("script", threads)?;
        let written = std::fs::read(&output)?;
        let derived = time("script-derive", threads)?;
        ensure!(
            written == std::fs::read(&output)?,
            "the script and the Derived Column wrote different files"
        );
        println!(
            "script with {threads} threads: {:.2} s, Derived Column {:.2} s",
            script.seconds, derived.seconds
        );
        by_threads.push((threads, script, derived));
    }
    cut(folder, 0)?;
    let first = time("script", 2)?.seconds - time("script-derive", 2)?.seconds;
    Ok(Scripts {
        rows,
        by_threads,
        first_ms: first * 1000.0,
    })
}

/// The header and the first rows of the input as `script.csv`; how many rows there were.
fn cut(folder: &Path, rows: usize) -> anyhow::Result<usize> {
    let input = folder.join("input.csv");
    let file = std::fs::File::open(&input).with_context(|| input.display().to_string())?;
    let mut output = BufWriter::new(std::fs::File::create(folder.join("script.csv"))?);
    let mut count = 0;
    for line in BufReader::new(file).lines().take(rows + 1) {
        writeln!(output, "{}", line?)?;
        count += 1;
    }
    output.flush()?;
    Ok(count.max(1) - 1)
}
