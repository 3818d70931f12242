//! One command measured as a whole process: wall time and peak memory.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};

/// What a command took.
#[derive(Clone, Copy)]
pub(crate) struct Figure {
    /// Wall time, seconds.
    pub(crate) seconds: f64,
    /// Peak resident memory, megabytes.
    pub(crate) peak_mb: f64,
}

impl Figure {
    /// Seconds, or a dash.
    pub(crate) fn show(figure: Option<&Self>) -> String {
        figure.map_or_else(|| "–".to_owned(), |f| format!("{:.2} s", f.seconds))
    }
}

/// The fastest of several runs.
pub(crate) fn best_of(runs: usize, mut make: impl FnMut() -> Command) -> anyhow::Result<Figure> {
    let mut best: Option<Figure> = None;
    for _ in 0..runs.max(1) {
        let figure = once(&mut make())?;
        if best.is_none_or(|b| figure.seconds < b.seconds) {
            best = Some(figure);
        }
    }
    best.context("no run")
}

/// One run; the peak is read from the process's own account while it lives.
fn once(command: &mut Command) -> anyhow::Result<Figure> {
    let begin = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {command:?}"))?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak_kb = 0.0_f64;
    let status = loop {
        if let Ok(text) = std::fs::read_to_string(&status_file)
            && let Some(line) = text.lines().find(|l| l.starts_with("VmHWM:"))
        {
            let kb = line
                .split_whitespace()
                .nth(1)
                .and_then(|n| n.parse().ok())
                .unwrap_or(0.0);
            peak_kb = peak_kb.max(kb);
        }
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(2));
    };
    let seconds = begin.elapsed().as_secs_f64();
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        std::io::Read::read_to_string(&mut stderr, &mut said).ok();
    }
    ensure!(
        status.success(),
        "{command:?} ended with {status}: {}",
        said.trim()
    );
    Ok(Figure {
        seconds,
        peak_mb: peak_kb / 1024.0,
    })
}
