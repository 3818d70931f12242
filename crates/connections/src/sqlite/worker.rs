//! The thread that owns a SQLite connection, and how calls reach it.
//!
//! Everything that borrows the connection (cursors, prepared statements, loads) lives on the
//! thread's stack in [`Worker`]; callers hold numbers. A call is a closure sent to the thread.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use packmule_runtime::Services;
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode};

use super::bulk::Load;
use super::rows::Cursor;
use super::statement::Prepared;
use crate::cells::Rules;
use crate::database::{DatabaseError, ErrorClass, MarkerStyle};

/// How long a statement waits for a lock of another connection.
const LOCK_WAIT: Duration = Duration::from_secs(30);
/// SQLite's own wait, after which we look whether the run is cancelled.
const LOCK_STEP: Duration = Duration::from_millis(100);
/// Instructions of SQLite's virtual machine between two looks at clock and cancel flag.
const STEPS_BETWEEN_LOOKS: i32 = 4_000;

/// Calls that wait for the connection's thread.
const QUEUE: usize = 64;

type Job = Box<dyn for<'w, 'c> FnOnce(&'w mut Worker<'c>) + Send>;

/// When a running statement has to stop.
pub(super) struct Limits {
    services: Services,
    start: Instant,
    /// Milliseconds after `start`; 0 = none.
    deadline: AtomicU64,
    timeout_seconds: AtomicU64,
}

impl Limits {
    pub(super) fn new(services: &Services) -> Arc<Self> {
        Arc::new(Self {
            services: services.clone(),
            start: Instant::now(),
            deadline: AtomicU64::new(0),
            timeout_seconds: AtomicU64::new(0),
        })
    }

    pub(super) fn set(&self, timeout: Option<Duration>) {
        let deadline = timeout.map_or(0, |t| {
            let at = self.start.elapsed().saturating_add(t);
            u64::try_from(at.as_millis()).unwrap_or(u64::MAX).max(1)
        });
        self.timeout_seconds
            .store(timeout.map_or(0, |t| t.as_secs()), Ordering::Relaxed);
        self.deadline.store(deadline, Ordering::Relaxed);
    }

    fn is_late(&self) -> bool {
        let deadline = self.deadline.load(Ordering::Relaxed);
        deadline != 0 && self.start.elapsed().as_millis() >= u128::from(deadline)
    }

    fn must_stop(&self) -> bool {
        self.services.cancel.is_cancelled() || self.is_late()
    }

    /// The reason for which a statement was stopped, or was not begun.
    pub(super) fn reason(&self) -> DatabaseError {
        if self.services.cancel.is_cancelled() {
            DatabaseError::Cancelled
        } else {
            DatabaseError::Timeout {
                seconds: self.timeout_seconds.load(Ordering::Relaxed),
            }
        }
    }

    pub(super) fn error(&self, error: rusqlite::Error) -> DatabaseError {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => self.reason(),
            _ => server_error(&error),
        }
    }

    /// Runs a step again while another connection holds a lock that it needs.
    pub(super) fn patiently<T>(
        &self,
        mut step: impl FnMut() -> rusqlite::Result<T>,
    ) -> Result<T, DatabaseError> {
        let begun = Instant::now();
        loop {
            match step() {
                Ok(value) => return Ok(value),
                Err(error) if is_lock(&error) && begun.elapsed() < LOCK_WAIT => {
                    if self.must_stop() {
                        return Err(self.reason());
                    }
                    // A table lock between connections of this process returns at once.
                    std::thread::park_timeout(Duration::from_millis(2));
                }
                Err(error) => return Err(self.error(error)),
            }
        }
    }
}

fn is_lock(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// A SQLite error in the crate's terms.
pub(super) fn server_error(error: &rusqlite::Error) -> DatabaseError {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(failure, message) => (
            failure.extended_code.to_string(),
            message.clone().unwrap_or_else(|| failure.to_string()),
        ),
        rusqlite::Error::SqlInputError {
            error, msg, offset, ..
        } => (
            error.extended_code.to_string(),
            format!("{msg} (at byte {offset} of the statement)"),
        ),
        other => (String::new(), other.to_string()),
    };
    let class = match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => ErrorClass::Integrity,
        Some(ErrorCode::TypeMismatch | ErrorCode::TooBig) => ErrorClass::Value,
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::AuthorizationForStatementDenied,
        ) => ErrorClass::Permission,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorClass::Lock,
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::NotADatabase
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull,
        ) => ErrorClass::Connection,
        _ if message.starts_with("no such table")
            || message.starts_with("no such column")
            || message.starts_with("unknown database") =>
        {
            ErrorClass::NotFound
        }
        _ if message.contains("syntax error") || message.contains("incomplete input") => {
            ErrorClass::Syntax
        }
        _ => ErrorClass::Other,
    };
    DatabaseError::Server {
        message,
        code,
        class,
    }
}

/// What lives on the connection's thread.
pub(super) struct Worker<'c> {
    pub(super) connection: &'c Connection,
    pub(super) limits: Arc<Limits>,
    pub(super) services: Services,
    pub(super) rules: Rules,
    pub(super) markers: MarkerStyle,
    pub(super) cursors: HashMap<u64, Cursor<'c>>,
    pub(super) prepared: HashMap<u64, Prepared<'c>>,
    pub(super) loads: HashMap<u64, Load<'c>>,
    /// Names of the database, for three-part names.
    pub(super) catalogs: Vec<String>,
}

impl Worker<'_> {
    /// Runs a step within a time limit; not begun when the run is cancelled.
    pub(super) fn within<T>(
        &mut self,
        timeout: Option<Duration>,
        step: impl FnOnce(&mut Self) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        if self.services.cancel.is_cancelled() {
            return Err(DatabaseError::Cancelled);
        }
        self.limits.set(timeout.filter(|t| !t.is_zero()));
        let result = step(self);
        self.limits.set(None);
        result
    }

    /// Runs a statement without result and parameters.
    pub(super) fn simple(&self, sql: &str) -> Result<(), DatabaseError> {
        self.limits.patiently(|| self.connection.execute_batch(sql))
    }
}

/// The calling side.
pub(super) struct Handle {
    jobs: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    next: AtomicU64,
}

impl Handle {
    /// Starts the thread; `open` runs on it.
    pub(super) fn start(
        open: impl FnOnce() -> Result<Connection, DatabaseError> + Send + 'static,
        services: Services,
        markers: MarkerStyle,
        catalogs: Vec<String>,
    ) -> Result<Arc<Self>, DatabaseError> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let (opened, is_open) = sync_channel(1);
        let body = move || match prepare_connection(open, &services) {
            Ok((connection, limits, rules)) => {
                let _ = opened.send(Ok(()));
                drop(opened);
                let worker = Worker {
                    connection: &connection,
                    limits,
                    services,
                    rules,
                    markers,
                    cursors: HashMap::new(),
                    prepared: HashMap::new(),
                    loads: HashMap::new(),
                    catalogs,
                };
                serve(worker, &queue);
            }
            Err(error) => {
                let _ = opened.send(Err(error));
            }
        };
        let thread = std::thread::Builder::new()
            .name("sqlite".to_owned())
            .spawn(body)
            .map_err(|e| DatabaseError::Closed {
                reason: format!("no thread: {e}"),
            })?;
        let handle = Self {
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
            next: AtomicU64::new(1),
        };
        is_open.recv().unwrap_or_else(|_| Err(closed()))?;
        Ok(Arc::new(handle))
    }

    /// A number for something that will live on the thread.
    pub(super) fn next_id(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Runs a step on the thread and waits for it.
    pub(super) fn call<T: Send + 'static>(
        &self,
        step: impl for<'w, 'c> FnOnce(&'w mut Worker<'c>) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        self.send(step)?.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Runs a step on the thread without waiting; the answer comes by the receiver.
    pub(super) fn send<T: Send + 'static>(
        &self,
        step: impl for<'w, 'c> FnOnce(&'w mut Worker<'c>) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<Receiver<Result<T, DatabaseError>>, DatabaseError> {
        let (reply, answer) = sync_channel(1);
        let job: Job = Box::new(move |worker| {
            // The caller may have gone; then nobody waits for the answer.
            let _ = reply.send(step(worker));
        });
        match &*self.jobs.lock() {
            Some(jobs) => jobs.send(job).map_err(|_| closed())?,
            None => return Err(closed()),
        }
        Ok(answer)
    }
}

impl Drop for Handle {
    /// Ends the thread and waits, so that the file is closed when the last user is gone.
    fn drop(&mut self) {
        self.jobs.lock().take();
        if let Some(thread) = self.thread.lock().take() {
            let _ = thread.join();
        }
    }
}

fn closed() -> DatabaseError {
    DatabaseError::Closed {
        reason: "its thread has ended".to_owned(),
    }
}

fn prepare_connection(
    open: impl FnOnce() -> Result<Connection, DatabaseError>,
    services: &Services,
) -> Result<(Connection, Arc<Limits>, Rules), DatabaseError> {
    let rules = Rules::new(services).ok_or_else(|| DatabaseError::Form {
        reason: "the neutral locale is missing".to_owned(),
    })?;
    let connection = open()?;
    let limits = Limits::new(services);
    let watched = limits.clone();
    connection
        .progress_handler(STEPS_BETWEEN_LOOKS, Some(move || watched.must_stop()))
        .and_then(|()| connection.busy_timeout(LOCK_STEP))
        .map_err(|e| server_error(&e))?;
    Ok((connection, limits, rules))
}

fn serve(mut worker: Worker<'_>, queue: &Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        job(&mut worker);
    }
}
