//! `packmule server`: everything on one computer. Catalog, Master, API and page in this process,
//! Workers in processes of their own that end with it.

use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::commands::master::{self, Common, Services};
use crate::commands::{limits, service};

/// What is started.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    common: Common,
    /// Worker processes
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(0..=64))]
    workers: u16,
    /// Executions at once on each Worker; default: cores divided by Workers, at least 2
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    slots: Option<u16>,
    /// Memory of each execution; default: 60 % of the computer's divided by all slots on it
    #[arg(long, value_name = "SIZE", value_parser = limits::bytes)]
    memory: Option<usize>,
    /// What Windows paths and connections become here
    #[arg(long, value_name = "FILE.toml")]
    map: Option<PathBuf>,
}

/// Pause before a Worker that ended is started again.
const RESTART_PAUSE: Duration = Duration::from_secs(1);
/// How long Workers may take to end before they are killed.
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// An invitation of a Worker on this computer is used at once.
const INVITATION_VALID: Duration = Duration::from_secs(60);

/// Serves until SIGTERM or Ctrl-C.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    service::start_logging();
    // A mapping that cannot be read is said now, not by every Worker.
    crate::commands::run::mapping(args.map.as_deref())?;
    service::runtime()?.block_on(serve(args))
}

async fn serve(args: Args) -> anyhow::Result<ExitCode> {
    let services = master::start(args.common, true).await?;
    let count = usize::from(args.workers);
    let share = limits::cores().checked_div(count).unwrap_or(1).max(2);
    let slots = args.slots.map_or(share, usize::from);
    let memory = args
        .memory
        .unwrap_or_else(|| limits::default_memory(slots * count.max(1)));
    let (stop, stopping) = watch::channel(false);
    let mut keepers = Vec::new();
    for number in 1..=count {
        let worker = WorkerProcess {
            name: format!("Worker {number}"),
            folder: services.folder.join(format!("worker-{number}")),
            master: services.master.endpoint().to_owned(),
            slots,
            memory,
            map: args.map.clone(),
        };
        worker.invite(&services).await?;
        keepers.push(tokio::spawn(keep(worker, stopping.clone())));
    }
    services.announce()?;
    service::stop_asked(false).await;
    // A keeper that has ended already does not listen.
    let _ = stop.send(true);
    for keeper in keepers {
        let _ = keeper.await;
    }
    services.stop().await;
    Ok(ExitCode::SUCCESS)
}

struct WorkerProcess {
    name: String,
    folder: PathBuf,
    master: String,
    slots: usize,
    memory: usize,
    map: Option<PathBuf>,
}

impl WorkerProcess {
    fn invitation(&self) -> PathBuf {
        self.folder.join("invitation.json")
    }

    fn has_joined(folder: &Path) -> bool {
        folder.join("worker.json").exists()
    }

    /// Writes an invitation unless the Worker has joined in an earlier run.
    async fn invite(&self, services: &Services) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.folder)
            .with_context(|| format!("making {}", self.folder.display()))?;
        if Self::has_joined(&self.folder) {
            return Ok(());
        }
        services.invite(&self.invitation(), INVITATION_VALID).await
    }

    fn start(&self) -> anyhow::Result<Child> {
        let mut command = Command::new("/proc/self/exe");
        command
            .arg("worker")
            .arg("--with-parent")
            .arg("--data")
            .arg(&self.folder)
            .args(["--master", &self.master, "--name", &self.name])
            .args([
                "--slots",
                &self.slots.to_string(),
                "--memory",
                &self.memory.to_string(),
            ])
            .stdin(Stdio::piped());
        if !Self::has_joined(&self.folder) {
            command.arg("--join").arg(self.invitation());
        }
        if let Some(map) = &self.map {
            command.arg("--map").arg(map);
        }
        command
            .spawn()
            .with_context(|| format!("starting {}", self.name))
    }
}

/// Keeps one Worker running until the server stops; the end of its standard input ends it.
async fn keep(worker: WorkerProcess, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let mut child = match worker.start() {
            Ok(child) => child,
            Err(error) => {
                tracing::error!("{error:#}");
                tokio::time::sleep(RESTART_PAUSE).await;
                continue;
            }
        };
        // Waiting would close it, and its end ends the Worker.
        let input = child.stdin.take();
        tokio::select! {
            ended = child.wait() => {
                let how = ended.map_or_else(|e| e.to_string(), |status| status.to_string());
                tracing::error!("{} ended ({how}) and is started again", worker.name);
                tokio::time::sleep(RESTART_PAUSE).await;
            }
            _ = stopping.changed() => {
                drop(input);
                if tokio::time::timeout(STOP_LIMIT, child.wait()).await.is_err() {
                    tracing::warn!("{} did not end in {STOP_LIMIT:?} and is killed", worker.name);
                    // It may have ended in this moment.
                    let _ = child.kill().await;
                }
                return;
            }
        }
    }
}
