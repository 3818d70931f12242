//! Processes that wait for a job.
//!
//! All are spawned by one permanent thread: the parent-death signal that they ask for fires when
//! the *thread* that spawned them ends. Each is its own process group, so that what it starts
//! dies with it. A process gets one job and is never used again.
//!
//! Once a package had scripts, as many more processes wait with a script host at their side. Only
//! packages that had scripts before get one of those, so that nobody else pays for the host.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use parking_lot::Mutex;
use tokio::net::unix::pipe;
use tokio::sync::oneshot;

use crate::child::PARENT_VARIABLE;
use crate::child::frames::{ToChild, write_async};
use crate::error::{Error, Result};

type Spawned = std::io::Result<Child>;

/// Most requests to the spawning thread that wait.
const REQUESTS_MAX: usize = 1024;

/// Processes kept ready.
#[derive(Clone)]
pub(crate) struct Pool {
    spawner: SyncSender<oneshot::Sender<Spawned>>,
    plain: Arc<Shelf>,
    scripted: Arc<Shelf>,
    warm: usize,
    /// Memory budget of each package, bytes.
    memory_bytes: u64,
}

/// Processes of one kind that wait.
#[derive(Default)]
struct Shelf {
    ready: Mutex<VecDeque<Process>>,
    wanted: AtomicUsize,
    with_scripts: bool,
}

impl Shelf {
    fn take(&self) -> Option<Process> {
        loop {
            let mut process = self.ready.lock().pop_front()?;
            if process.is_alive() {
                return Some(process);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.ready.lock().len() >= self.wanted.load(Ordering::SeqCst)
    }
}

/// A process and our ends of its pipes.
pub(crate) struct Process {
    child: Option<Child>,
    group: Pid,
    pipes: Option<(pipe::Sender, pipe::Receiver)>,
}

impl Pool {
    /// Starts the spawning thread; must be called within the runtime.
    pub(crate) fn start(command: &[String], warm: usize, memory_bytes: u64) -> Result<Self> {
        let (program, arguments) = command.split_first().ok_or(Error::Ended)?;
        let (program, arguments) = (program.clone(), arguments.to_vec());
        let (spawner, requests) = sync_channel::<oneshot::Sender<Spawned>>(REQUESTS_MAX);
        std::thread::Builder::new()
            .name("packmule-spawner".to_owned())
            .spawn(move || {
                while let Ok(answer) = requests.recv() {
                    // a caller that has gone drops the process, which ends with its pipe
                    let _ = answer.send(spawn(&program, &arguments));
                }
            })
            .map_err(Error::Spawn)?;
        let plain = Shelf {
            wanted: AtomicUsize::new(warm),
            ..Shelf::default()
        };
        let scripted = Shelf {
            with_scripts: true,
            ..Shelf::default()
        };
        let pool = Self {
            spawner,
            plain: Arc::new(plain),
            scripted: Arc::new(scripted),
            warm,
            memory_bytes,
        };
        pool.refill(&pool.plain);
        Ok(pool)
    }

    /// A process that waits for a job, with a script host if there is one and the job is known
    /// to have scripts; another is readied meanwhile.
    pub(crate) async fn take(&self, has_scripts: bool) -> Result<Process> {
        if has_scripts && let Some(process) = self.scripted.take() {
            self.refill(&self.scripted);
            return Ok(process);
        }
        let process = match self.plain.take() {
            Some(process) => process,
            None => self.spawn_one().await?,
        };
        self.refill(&self.plain);
        Ok(process)
    }

    /// Packages here have scripts: from now on processes with a script host are kept ready.
    pub(crate) fn keep_scripted(&self) {
        self.scripted.wanted.store(self.warm, Ordering::SeqCst);
        self.refill(&self.scripted);
    }

    fn refill(&self, shelf: &Arc<Shelf>) {
        if shelf.is_full() {
            return;
        }
        let (pool, shelf) = (self.clone(), Arc::clone(shelf));
        tokio::spawn(async move {
            while !shelf.is_full() {
                match pool.spawn_one().await {
                    Ok(mut process) => {
                        if shelf.with_scripts {
                            process.warm_scripts(pool.memory_bytes).await;
                        }
                        shelf.ready.lock().push_back(process);
                    }
                    Err(error) => {
                        let error = packmule_types::error::Chain(&error).to_string();
                        tracing::error!(error, "no process could be readied");
                        return;
                    }
                }
            }
        });
    }

    async fn spawn_one(&self) -> Result<Process> {
        let (answer, spawned) = oneshot::channel();
        self.spawner.try_send(answer).map_err(|_| Error::Ended)?;
        let child = spawned
            .await
            .map_err(|_| Error::Ended)?
            .map_err(Error::Spawn)?;
        Process::new(child)
    }
}

fn spawn(program: &str, arguments: &[String]) -> Spawned {
    Command::new(program)
        .args(arguments)
        .env(PARENT_VARIABLE, std::process::id().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .process_group(0)
        .spawn()
}

impl Process {
    fn new(mut child: Child) -> Result<Self> {
        let group = Pid::from_raw(i32::try_from(child.id()).map_err(|_| Error::Ended)?);
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let mut process = Self {
            child: Some(child),
            group,
            pipes: None,
        };
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
            return Err(Error::Ended);
        };
        let sender = pipe::Sender::from_owned_fd(OwnedFd::from(stdin)).map_err(Error::Spawn)?;
        let receiver =
            pipe::Receiver::from_owned_fd(OwnedFd::from(stdout)).map_err(Error::Spawn)?;
        process.pipes = Some((sender, receiver));
        Ok(process)
    }

    /// Has it start a script host.
    async fn warm_scripts(&mut self, memory_bytes: u64) {
        if let Some((sender, _)) = &mut self.pipes {
            // a process that has ended is seen when it is taken
            let _ = write_async(sender, &ToChild::WarmScripts { memory_bytes }).await;
        }
    }

    /// Our ends of its pipes, once.
    pub(crate) fn pipes(&mut self) -> Option<(pipe::Sender, pipe::Receiver)> {
        self.pipes.take()
    }

    pub(crate) fn id(&self) -> i32 {
        self.group.as_raw()
    }

    fn is_alive(&mut self) -> bool {
        self.child
            .as_mut()
            .is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// SIGKILL to it and all that it started. Safe until it was waited for: its number is its own
    /// so long.
    pub(crate) fn kill(&self) {
        if self.child.is_some() {
            // it may have ended by itself
            let _ = killpg(self.group, Signal::SIGKILL);
        }
    }

    /// Kills what is left of its group and says how it ended.
    pub(crate) async fn end(mut self) -> Result<ExitStatus> {
        self.kill();
        let Some(mut child) = self.child.take() else {
            return Err(Error::Ended);
        };
        tokio::task::spawn_blocking(move || child.wait())
            .await
            .map_err(|_| Error::Ended)?
            .map_err(Error::Spawn)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if let Some(mut child) = self.child.take() {
            // it was killed: this returns at once
            let _ = child.wait();
        }
    }
}

/// How a process ended, in words.
pub(crate) fn describe(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(9), _) => "the package's process was killed (signal 9), by somebody or for lack of \
                         memory"
            .to_owned(),
        (Some(signal), _) => format!("the package's process ended by signal {signal}"),
        (None, code) => {
            let code = code.unwrap_or_default();
            format!("the package's process ended with code {code} before it said how")
        }
    }
}
