//! `packmule child`: the process of one execution. Started by a Worker, never by people.

use std::process::ExitCode;

/// Everything comes over the pipe.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Waits for a job, runs it, ends.
pub(crate) fn run(_: Args) -> anyhow::Result<ExitCode> {
    let code = packmule_scaleout::run_child(packmule_scaleout::runner::Runner::default);
    Ok(u8::try_from(code).unwrap_or(1).into())
}
