//! The process of one execution: its side of the pipe.
//!
//! A process is started ahead, says Ready, gets one job, runs it, says how it ended, and ends. It
//! dies with its Worker: by the parent-death signal, and by the end of its pipe.

pub mod frames;
pub mod records;

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use packmule_catalog::{LoggingLevel, Outcome, Report};
use packmule_runtime::observer::{ComponentPhase, ExecutableStatistics, PathRows};
use packmule_runtime::{Cancel, Event, EventKind, Observer};
use parking_lot::Mutex;

use crate::error::{Error, Result};
use frames::{FromChild, Job, ToChild};

/// Environment variable by which a process knows who its Worker is.
pub const PARENT_VARIABLE: &str = "PACKMULE_WORKER_PID";

/// Memory that a process may take beyond its budget, bytes.
pub const MEMORY_ABOVE_BUDGET: u64 = 256 << 20;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub outcome: Outcome,
    /// Why, where there is more to say than the events do.
    pub reason: Option<String>,
}

/// Runs the package of a job. One implementation runs real packages, tests have their own.
pub trait PackageRunner {
    /// Packages of this Worker have scripts: what runs them is started, for a job with this
    /// memory budget (bytes). Must not wait.
    fn warm_scripts(&self, _memory_bytes: u64) {}

    /// Runs it to its end. `cancel` is set when it is to stop; what happens goes to `reporter`.
    fn run(&self, job: &Job, cancel: &Cancel, reporter: &Arc<Reporter>) -> Ended;
}

impl<F> PackageRunner for F
where
    F: Fn(&Job, &Cancel, &Arc<Reporter>) -> Ended,
{
    fn run(&self, job: &Job, cancel: &Cancel, reporter: &Arc<Reporter>) -> Ended {
        self(job, cancel, reporter)
    }
}

/// Passes what a run publishes to the Worker. Writing blocks while the Worker does not take it:
/// that is how a full spool makes the package wait.
pub struct Reporter {
    pipe: Mutex<File>,
    level: LoggingLevel,
    running: AtomicBool,
    broken: AtomicBool,
    /// Package and path in it.
    containers: Mutex<HashSet<(String, String)>>,
}

impl Reporter {
    fn new(pipe: File, level: LoggingLevel) -> Self {
        Self {
            pipe: Mutex::new(pipe),
            level,
            running: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            containers: Mutex::default(),
        }
    }

    /// Says that an executable (`\Package\Loop` of a package file) is a container, so that its
    /// messages carry the source type of one.
    pub fn container(&self, package: impl Into<String>, package_path: impl Into<String>) {
        let path = (package.into(), package_path.into());
        self.containers.lock().insert(path);
    }

    /// Says that the package runs, once.
    pub fn running(&self) {
        if !self.running.swap(true, Ordering::SeqCst) {
            self.send(&FromChild::Running);
        }
    }

    /// Says that the package has scripts, so that the Worker is ready for the next one.
    pub fn has_scripts(&self) {
        self.send(&FromChild::HasScripts);
    }

    /// Hands over something to be stored.
    pub fn report(&self, report: &Report) {
        match serde_json::to_string(report) {
            Ok(record) => self.send(&FromChild::Report { record }),
            Err(error) => tracing::error!(%error, "a report cannot be encoded"),
        }
    }

    fn send(&self, frame: &FromChild) {
        let sent = frames::write(&mut *self.pipe.lock(), frame);
        if sent.is_err() && !self.broken.swap(true, Ordering::SeqCst) {
            // the Worker is gone; the parent-death signal or the pipe's end stops us
            tracing::error!("the pipe to the worker is broken");
        }
    }
}

impl Observer for Reporter {
    fn event(&self, event: &Event) {
        if event.kind == EventKind::PreExecute {
            self.running();
            if self.level != LoggingLevel::None {
                self.report(&Report::Began(records::begun(event)));
            }
        }
        if !publishes(self.level, &event.kind) {
            return;
        }
        let source = &event.source;
        let path = (source.package.clone(), source.package_path.clone());
        let container = self.containers.lock().contains(&path);
        let report = records::message(event, container);
        self.report(&Report::Message(report));
    }

    fn rows(&self, rows: &PathRows, last: bool) {
        if self.level != LoggingLevel::None {
            self.report(&Report::Rows(records::rows(rows, last)));
        }
    }

    fn phase(&self, phase: &ComponentPhase) {
        if matches!(
            self.level,
            LoggingLevel::Performance | LoggingLevel::Verbose
        ) {
            self.report(&Report::Phase(records::phase(phase)));
        }
    }

    fn executable(&self, statistics: &ExecutableStatistics) {
        if self.level != LoggingLevel::None {
            let report = records::executable(statistics);
            self.report(&Report::Executable(report));
        }
    }
}

/// The level of a job; one that is not known (of a later Master) counts as Verbose.
fn level(job: &Job) -> LoggingLevel {
    LoggingLevel::from_code(job.logging_level.into()).unwrap_or(LoggingLevel::Verbose)
}

/// Which events a level stores (catalog.md 7): None nothing; Basic all but custom and diagnostic
/// ones; Performance errors and warnings; Verbose all. Start and end of the package always, but
/// at None. Rows over paths and ends of executables are stored at all levels but None, phases at
/// Performance and Verbose.
fn publishes(level: LoggingLevel, kind: &EventKind) -> bool {
    if let EventKind::Log(name) = kind
        && (name == "PackageStart" || name == "PackageEnd")
    {
        return level != LoggingLevel::None;
    }
    match level {
        LoggingLevel::None => false,
        LoggingLevel::Basic => !matches!(kind, EventKind::Log(_) | EventKind::Custom(_)),
        LoggingLevel::Performance => matches!(kind, EventKind::Error | EventKind::Warning),
        LoggingLevel::Verbose | LoggingLevel::RuntimeLineage | LoggingLevel::Customized => true,
    }
}

/// The whole life of a process: call it first thing in `main` for the command `child`. `start`
/// makes the runner while the process waits for its job. Gives the exit code.
pub fn run_child<R: PackageRunner>(start: impl FnOnce() -> R) -> i32 {
    match live(start) {
        Ok(()) => 0,
        Err(error) => {
            tracing::error!(error = %packmule_types::error::Chain(&error), "the process ends");
            1
        }
    }
}

fn live<R: PackageRunner>(start: impl FnOnce() -> R) -> Result<()> {
    die_with_worker()?;
    let input = File::from(
        std::io::stdin()
            .as_fd()
            .try_clone_to_owned()
            .map_err(Error::Child)?,
    );
    let output = File::from(
        std::io::stdout()
            .as_fd()
            .try_clone_to_owned()
            .map_err(Error::Child)?,
    );
    // whatever a library prints must not get between the frames
    nix::unistd::dup2_stdout(std::io::stderr()).map_err(|e| Error::Child(e.into()))?;
    let runner = start();
    let mut hello = output.try_clone().map_err(Error::Child)?;
    frames::write(&mut hello, &FromChild::Ready)?;
    let mut input = BufReader::new(input);
    die_first();
    let job = loop {
        match frames::read::<ToChild>(&mut input)? {
            Some(ToChild::Job(job)) => break *job,
            Some(ToChild::WarmScripts { memory_bytes }) => runner.warm_scripts(memory_bytes),
            // no job for this one: the Worker ends
            Some(ToChild::Cancel) | None => return Ok(()),
        }
    };
    limit_memory(job.memory_bytes);
    let cancel = Cancel::new();
    let for_reader = cancel.clone();
    std::thread::Builder::new()
        .name("worker-pipe".to_owned())
        .spawn(move || watch_pipe(&mut input, &for_reader))
        .map_err(Error::Child)?;
    let reporter = Arc::new(Reporter::new(output, level(&job)));
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runner.run(&job, &cancel, &reporter)
    }))
    .unwrap_or_else(|_| Ended {
        outcome: Outcome::Lost,
        reason: Some("the package's process ended in a panic".to_owned()),
    });
    let mut pipe = reporter.pipe.lock();
    frames::write(
        &mut *pipe,
        &FromChild::Ended {
            outcome: ended.outcome,
            reason: ended.reason,
        },
    )?;
    pipe.flush().map_err(Error::Child)
}

/// Ends this process when its Worker dies, also when it died before this call.
fn die_with_worker() -> Result<()> {
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)
        .map_err(|e| Error::Child(e.into()))?;
    let Ok(worker) = std::env::var(PARENT_VARIABLE) else {
        return Ok(());
    };
    let parent = nix::unistd::getppid().as_raw();
    if worker.parse() != Ok(parent) {
        return Err(Error::Child(std::io::Error::other("the worker is gone")));
    }
    Ok(())
}

/// A Cancel frame or the end of the pipe stops the run; the end also ends the process soon, if
/// the run does not.
fn watch_pipe(input: &mut BufReader<File>, cancel: &Cancel) {
    while let Ok(Some(ToChild::Cancel)) = frames::read::<ToChild>(input) {
        cancel.cancel();
    }
    cancel.cancel();
    std::thread::park_timeout(Duration::from_millis(800));
    std::process::exit(1);
}

/// Limits what this process can take to what it has, its budget and 256 MB.
///
/// `RLIMIT_DATA`, not `RLIMIT_AS`: the allocator reserves address space that it never uses.
fn limit_memory(budget: u64) {
    use nix::sys::resource::{Resource, setrlimit};
    let limit = budget
        .saturating_add(MEMORY_ABOVE_BUDGET)
        .saturating_add(data_bytes());
    if let Err(error) = setrlimit(Resource::RLIMIT_DATA, limit, limit) {
        tracing::warn!(%error, "the memory limit of the process could not be set");
    }
}

/// When the computer runs out of memory, a package is killed before its Worker or a server is.
fn die_first() {
    if let Err(error) = std::fs::write("/proc/self/oom_score_adj", "500") {
        tracing::debug!(%error, "the process cannot be made the first to be killed");
    }
}

/// Bytes of data that this process has mapped already.
fn data_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmData:"))
        .and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok())
        .map_or(0, |kb| kb.saturating_mul(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_level_stores() {
        use LoggingLevel as L;
        let log = |name: &str| EventKind::Log(name.to_owned());
        // None, Basic, Performance, Verbose
        let table = [
            (EventKind::Error, "-xxx"),
            (EventKind::Warning, "-xxx"),
            (EventKind::Information, "-x-x"),
            (EventKind::PreExecute, "-x-x"),
            (log("Diagnostic"), "---x"),
            (EventKind::Custom("C".to_owned()), "---x"),
            (log("PackageStart"), "-xxx"),
        ];
        for (kind, wanted) in table {
            for (level, mark) in [L::None, L::Basic, L::Performance, L::Verbose]
                .into_iter()
                .zip(wanted.chars())
            {
                assert_eq!(
                    publishes(level, &kind),
                    mark == 'x',
                    "{kind:?} at {level:?}"
                );
            }
        }
    }
}
