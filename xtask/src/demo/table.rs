//! The table at the end: package, worker, status, rows, duration.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::command::program;

/// Prints what ran.
pub(crate) fn print(folder: &Path) -> anyhow::Result<()> {
    let status = Command::new(program())
        .args(["executions", "--limit", "50"])
        .env("PACKMULE_DATA", folder.join("server"))
        .status()
        .context("listing executions")?;
    anyhow::ensure!(status.success(), "packmule executions ended with {status}");
    Ok(())
}
