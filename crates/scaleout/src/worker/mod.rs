//! The Worker: pulls tasks from a Master, runs each in a process of its own, hands in what
//! happened.
//!
//! Four loops share [`Shared`]: the *session* (register, then listen on the open stream), the
//! *pull* (woken by the stream, by a free slot, and by the renewal as a safety net), the *renewal*
//! of all leases, and for each task its run and its delivery.

mod deliver;
mod facts;
mod link;
mod pool;
mod projects;
mod task;

use std::collections::{BTreeMap, HashSet};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use packmule_catalog::TaskKey;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::certificates::{Invitation, WorkerIdentity};
use crate::error::{Error, Result, at};
use crate::lease::{LeaseTimes, MonotonicClock, SystemMonotonic};
use crate::proto::{self, signal::Kind};
use crate::spool::{SpoolConfig, Spools, Sync};
use facts::Facts;
use link::Link;
use pool::Pool;
use projects::Projects;
use task::Task;

/// Packages with scripts that are remembered.
const SCRIPTED_MAX: usize = 10_000;
/// Longest pause between attempts to reach the Master.
const RETRY_MAX: Duration = Duration::from_secs(2);
/// How long a Worker waits for a former process to leave its folder, and how often it looks.
const FOLDER_WAIT: Duration = Duration::from_secs(30);
const FOLDER_LOOK: Duration = Duration::from_millis(50);
/// How long undelivered reports are tried when the Worker ends; what is left stays on disk.
const LAST_DELIVERY: Duration = Duration::from_secs(5);

/// How a Worker is set up.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// Folder of its certificate, spool, projects and working folders.
    pub data_folder: PathBuf,
    /// `DisplayName`; default the computer's name.
    pub display_name: String,
    /// Joins with this, if it has not joined yet.
    pub invitation: Option<Invitation>,
    /// `MasterEndpoint`; absent: the one it joined at.
    pub endpoint: Option<String>,
    /// Tasks at once (`MaxTaskCount`); default the number of cores.
    pub slots: usize,
    /// Processes kept ready; at most as many as slots are used.
    pub warm: usize,
    /// Threads of each package's data flows.
    pub threads: usize,
    /// Memory budget of each package, bytes.
    pub memory_bytes: u64,
    /// Mapping of paths and connections, TOML.
    pub mapping_file: Option<PathBuf>,
    /// Program and arguments of the processes; default this program with `child`.
    pub child: Vec<String>,
    /// Most bytes in the spool.
    pub spool_bytes_max: u64,
    /// When the spool is forced to the disk.
    pub spool_sync: Sync,
    /// How long a package waits at a full spool before it is failed.
    pub spool_wait: Duration,
    /// How long a package may take to end after a cancel before its processes are killed.
    pub cancel_grace: Duration,
    /// How long draining waits for running packages.
    pub drain_limit: Duration,
    /// Largest project that is fetched, bytes.
    pub project_bytes_max: u64,
    /// Most bytes of projects that are kept.
    pub project_cache_bytes: u64,
}

impl WorkerConfig {
    /// A Worker in a folder, everything else as usual.
    pub fn new(data_folder: impl Into<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let memory = facts::memory().total_kb.saturating_mul(1024);
        Self {
            data_folder: data_folder.into(),
            display_name: crate::master::machine_name(),
            invitation: None,
            endpoint: None,
            slots: cores,
            warm: cores,
            threads: cores,
            // three quarters of the computer's memory, shared by the slots
            memory_bytes: (memory / 4 * 3 / cores as u64).max(128 << 20),
            mapping_file: None,
            child: vec!["/proc/self/exe".to_owned(), "child".to_owned()],
            spool_bytes_max: 1 << 30,
            spool_sync: Sync::AtEnd,
            spool_wait: Duration::from_secs(60),
            cancel_grace: Duration::from_millis(800),
            drain_limit: Duration::from_secs(600),
            project_bytes_max: 256 << 20,
            project_cache_bytes: 2 << 30,
        }
    }
}

/// What the loops share.
pub(crate) struct Shared {
    config: WorkerConfig,
    link: Link,
    spools: Spools,
    pool: Pool,
    scripted: Scripted,
    projects: Projects,
    clock: SystemMonotonic,
    times: Mutex<LeaseTimes>,
    tasks: Mutex<BTreeMap<TaskKey, Arc<Task>>>,
    facts: Facts,
    /// Work may wait, or a slot is free.
    pull: Notify,
    /// A task is gone.
    gone: Notify,
    draining: AtomicBool,
    /// Its lock ends with this process.
    _folder: File,
}

/// Packages that had scripts when they ran here: hash of the project, name of the package.
#[derive(Default)]
struct Scripted(Mutex<HashSet<(String, String)>>);

impl Scripted {
    fn contains(&self, package: &(String, String)) -> bool {
        self.0.lock().contains(package)
    }

    fn add(&self, package: &(String, String)) {
        let mut packages = self.0.lock();
        if packages.len() >= SCRIPTED_MAX {
            // they are known again after their next run
            packages.clear();
        }
        packages.insert(package.clone());
    }
}

impl Shared {
    fn slots_used(&self) -> usize {
        self.tasks
            .lock()
            .values()
            .filter(|task| task.holds_slot())
            .count()
    }

    fn facts(&self) -> proto::WorkerFacts {
        let slots = if self.draining.load(Ordering::SeqCst) {
            0
        } else {
            self.config.slots
        };
        self.facts.now(
            &self.config.display_name,
            slots,
            self.slots_used(),
            self.spools.waiting(),
        )
    }

    fn times(&self) -> LeaseTimes {
        *self.times.lock()
    }

    fn task(&self, key: TaskKey) -> Option<Arc<Task>> {
        self.tasks.lock().get(&key).cloned()
    }

    /// A task is handed in or given up.
    pub(crate) fn remove(&self, key: TaskKey) {
        self.tasks.lock().remove(&key);
        self.gone.notify_waiters();
        self.pull.notify_one();
    }

    pub(crate) fn work_folder(&self, key: TaskKey) -> PathBuf {
        let name = format!("{}-{}", key.execution_id, key.attempt);
        self.config.data_folder.join("work").join(name)
    }
}

/// Pauses that grow while the Master cannot be reached.
pub(crate) struct Backoff(Duration);

impl Backoff {
    pub(crate) fn new() -> Self {
        Self(Duration::from_millis(50))
    }

    pub(crate) async fn pause(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(RETRY_MAX);
    }
}

/// Runs a Worker until `drain` is done; then it takes no more, lets running packages end (at most
/// `drain_limit`), hands in what it has and returns.
pub async fn run_worker(config: WorkerConfig, drain: impl Future<Output = ()>) -> Result<()> {
    crate::install_crypto();
    let shared = Arc::new(set_up(config).await?);
    let mut loops = JoinSet::new();
    task::adopt_left_over(&shared)?;
    loops.spawn(session(Arc::clone(&shared)));
    loops.spawn(pull(Arc::clone(&shared)));
    loops.spawn(renew(Arc::clone(&shared)));
    tokio::pin!(drain);
    tokio::select! {
        () = &mut drain => {}
        // the loops never end by themselves
        _ = loops.join_next() => return Err(Error::Ended),
    }
    shared.draining.store(true, Ordering::SeqCst);
    tracing::info!("draining: no more tasks are taken");
    if !all_gone(&shared, shared.config.drain_limit).await {
        for task in shared.tasks.lock().values() {
            task.lose("the worker was stopped");
        }
        all_gone(&shared, LAST_DELIVERY).await;
    }
    loops.shutdown().await;
    Ok(())
}

async fn all_gone(shared: &Shared, limit: Duration) -> bool {
    let wait = async {
        loop {
            let gone = shared.gone.notified();
            tokio::pin!(gone);
            gone.as_mut().enable();
            if shared.tasks.lock().is_empty() {
                return;
            }
            gone.await;
        }
    };
    tokio::time::timeout(limit, wait).await.is_ok()
}

/// Takes a Worker's folder for this process alone. A former process may still let its packages
/// end: were their spools adopted meanwhile, they would be given away while they run.
async fn take_folder(folder: &Path) -> Result<File> {
    at(folder, std::fs::create_dir_all(folder))?;
    let path = folder.join("lock");
    let file = at(
        &path,
        File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path),
    )?;
    let begun = tokio::time::Instant::now();
    let mut said = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return at(&path, Err(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        if begun.elapsed() >= FOLDER_WAIT {
            return Err(Error::FolderInUse {
                path: folder.to_owned(),
            });
        }
        if !std::mem::replace(&mut said, true) {
            tracing::warn!(folder = %folder.display(), "another worker process is ending here");
        }
        tokio::time::sleep(FOLDER_LOOK).await;
    }
}

async fn set_up(config: WorkerConfig) -> Result<Shared> {
    let folder = config.data_folder.clone();
    let lock = take_folder(&folder).await?;
    for name in ["spool", "projects", "work"] {
        let path = folder.join(name);
        at(&path, std::fs::create_dir_all(&path))?;
    }
    let identity = match WorkerIdentity::load(&folder)? {
        Some(identity) => identity,
        None => {
            let invitation = config.invitation.clone().ok_or(Error::NotJoined)?;
            let identity = link::join(&invitation).await?;
            identity.save(&folder)?;
            identity
        }
    };
    let endpoint = config
        .endpoint
        .clone()
        .unwrap_or_else(|| identity.endpoint.clone());
    let link = Link::new(&endpoint, &identity)?;
    let spools = Spools::open(SpoolConfig {
        folder: folder.join("spool"),
        bytes_max: config.spool_bytes_max,
        sync: config.spool_sync,
    })?;
    let projects = Projects::new(
        folder.join("projects"),
        config.project_bytes_max,
        config.project_cache_bytes,
    );
    let pool = Pool::start(
        &config.child,
        config.warm.min(config.slots),
        config.memory_bytes,
    )?;
    tracing::info!(worker = %identity.worker_id, endpoint, "the worker starts");
    Ok(Shared {
        link,
        spools,
        pool,
        scripted: Scripted::default(),
        projects,
        clock: SystemMonotonic::default(),
        times: Mutex::new(LeaseTimes::default()),
        tasks: Mutex::default(),
        facts: Facts::default(),
        pull: Notify::new(),
        gone: Notify::new(),
        draining: AtomicBool::new(false),
        _folder: lock,
        config,
    })
}

/// Registers, then listens until the stream ends, again and again.
async fn session(shared: Arc<Shared>) {
    let mut backoff = Backoff::new();
    loop {
        match listen(&shared, &mut backoff).await {
            Ok(()) => tracing::warn!("the Master closed the stream"),
            Err(error) => {
                let error = packmule_types::error::Chain(&error).to_string();
                tracing::warn!(error, "the Master cannot be reached");
            }
        }
        backoff.pause().await;
    }
}

async fn listen(shared: &Shared, backoff: &mut Backoff) -> Result<()> {
    let reply = shared.link.register(shared.facts()).await?;
    if !proto::understands(reply.hello.as_ref()) {
        let version = reply.hello.map(|h| h.version).unwrap_or_default();
        return Err(Error::Protocol { version });
    }
    *shared.times.lock() = LeaseTimes::of(Duration::from_millis(reply.lease_ms.into()));
    if !reply.enabled {
        tracing::warn!("this worker is not enabled yet; enable it with 'packmule workers enable'");
    }
    let mut signals = shared.link.open().await?;
    *backoff = Backoff::new();
    shared.pull.notify_one();
    while let Some(signal) = signals.message().await? {
        match signal.kind {
            Some(Kind::Wake(_)) => shared.pull.notify_one(),
            Some(Kind::Stop(task)) => {
                if let Some(task) = shared.task(task.into()) {
                    task.stop();
                }
            }
            // a kind of a later version
            None => {}
        }
    }
    Ok(())
}

/// Takes tasks for free slots whenever some may wait.
async fn pull(shared: Arc<Shared>) {
    loop {
        shared.pull.notified().await;
        let free = shared.config.slots.saturating_sub(shared.slots_used());
        if free == 0 || shared.draining.load(Ordering::SeqCst) {
            continue;
        }
        // the lease counts from before the request
        let asked = shared.clock.now();
        match shared.link.pull(free).await {
            Ok(reply) => {
                let full = reply.assignments.len() >= free;
                for assignment in reply.assignments {
                    task::start(&shared, assignment, asked);
                }
                if full {
                    shared.pull.notify_one();
                }
            }
            Err(error) => {
                let error = packmule_types::error::Chain(&error).to_string();
                tracing::warn!(error, "tasks could not be pulled");
            }
        }
    }
}

/// Renews all leases, in time even when the Master does not answer.
async fn renew(shared: Arc<Shared>) {
    loop {
        let every = shared.times().renew_every;
        tokio::time::sleep(every).await;
        let tasks: Vec<TaskKey> = shared.tasks.lock().keys().copied().collect();
        let sent = shared.clock.now();
        let reply = match shared.link.renew(shared.facts(), &tasks, every).await {
            Ok(reply) => reply,
            Err(error) => {
                let error = packmule_types::error::Chain(&error).to_string();
                tracing::warn!(error, "leases could not be renewed");
                continue;
            }
        };
        for renewal in reply.renewals {
            let Some(task) = renewal.task.and_then(|task| shared.task(task.into())) else {
                continue;
            };
            if !renewal.held {
                task.lose("the Master gave the task to another attempt");
                continue;
            }
            task.renewed(sent);
            if renewal.stop {
                task.stop();
            }
        }
        if reply.work_waits {
            shared.pull.notify_one();
        }
    }
}
