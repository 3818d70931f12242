//! `packmule worker`: pulls executions from a Master and runs each in a process of its own.

use std::path::PathBuf;
use std::process::ExitCode;

use packmule_scaleout::{Invitation, WorkerConfig, run_worker};

use crate::commands::{limits, service};

/// How this Worker is set up.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of its certificate, spool and projects; PACKMULE_DATA
    #[arg(long, value_name = "FOLDER", env = "PACKMULE_DATA")]
    data: Option<PathBuf>,
    /// The invitation that the Master wrote; needed once, to join
    #[arg(long, value_name = "FILE")]
    join: Option<PathBuf>,
    /// The Master's address, when it differs from that of the invitation
    #[arg(long, value_name = "URL")]
    master: Option<String>,
    /// Name to be shown; default: the computer's
    #[arg(long)]
    name: Option<String>,
    /// Executions at once; default: cores
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    slots: Option<u16>,
    /// Memory of each execution; default: 60 % of the computer's divided by the slots on it
    #[arg(long, value_name = "SIZE", value_parser = limits::bytes)]
    memory: Option<usize>,
    /// Threads of each execution's data flows; default: cores
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// What Windows paths and connections become here
    #[arg(long, value_name = "FILE.toml")]
    map: Option<PathBuf>,
    /// Ends when standard input ends: for the server that started it
    #[arg(long, hide = true)]
    with_parent: bool,
}

/// Runs until SIGTERM; then takes nothing new, waits for what runs, and ends.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    service::start_logging();
    let mut config = WorkerConfig::new(service::data_folder(args.data)?);
    if let Some(path) = &args.join {
        config.invitation = Some(Invitation::load(path)?);
    }
    // A mapping that cannot be read is said now, not at every execution.
    crate::commands::run::mapping(args.map.as_deref())?;
    config.mapping_file = args.map.map(|p| p.canonicalize()).transpose()?;
    config.endpoint = args.master;
    if let Some(name) = args.name {
        config.display_name = name;
    }
    if let Some(slots) = args.slots {
        config.slots = usize::from(slots);
        config.warm = config.slots.min(limits::cores());
    }
    config.memory_bytes = args
        .memory
        .unwrap_or_else(|| limits::default_memory(config.slots)) as u64;
    if let Some(threads) = args.threads {
        config.threads = usize::from(threads);
    }
    service::runtime()?.block_on(run_worker(config, service::stop_asked(args.with_parent)))?;
    Ok(ExitCode::SUCCESS)
}
