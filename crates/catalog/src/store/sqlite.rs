//! The catalog in one SQLite file: WAL, one writer thread, readers on their own connections.
//!
//! Writes are grouped: the writer takes what is queued (at most [`GROUP_MAX`] pieces), runs each
//! in a savepoint of one `BEGIN IMMEDIATE` transaction and answers all after one `COMMIT`; while
//! that commit waits for the disk, the next group gathers. Nobody waits for a group to fill.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use super::{Job, Row, SqlValue, Store, StoreClock, StoreError, Transaction, migrate};

/// Most pieces of work in one commit.
const GROUP_MAX: usize = 256;
/// Most pieces of work that wait; callers block beyond it.
const QUEUE_MAX: usize = 1024;
/// Most idle reading connections that are kept.
const READERS_MAX: usize = 8;
/// Statements kept prepared per connection.
const STATEMENTS_MAX: usize = 128;

type Answer = Result<(), StoreError>;

struct Request {
    job: Job,
    answer: SyncSender<Answer>,
}

/// The catalog's store in a SQLite file.
pub struct SqliteStore {
    path: std::path::PathBuf,
    queue: Option<SyncSender<Request>>,
    writer: Option<std::thread::JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
    clock: Arc<dyn StoreClock>,
}

impl SqliteStore {
    /// Opens the file, makes it if it is missing, and brings its schema up to date.
    pub fn open(path: &Path, clock: Arc<dyn StoreClock>) -> Result<Self, StoreError> {
        let mut connection = connect(path, false)?;
        let mut tx = SqliteTransaction {
            connection: &connection,
            clock: &*clock,
        };
        begin(&connection, "BEGIN IMMEDIATE")?;
        migrate::migrate(&mut tx, migrate::SQLITE)?;
        end(&connection, "COMMIT")?;
        let (queue, requests) = sync_channel(QUEUE_MAX);
        let for_writer = Arc::clone(&clock);
        let writer = std::thread::Builder::new()
            .name("catalog-writer".to_owned())
            .spawn(move || write_groups(&mut connection, &requests, &*for_writer))
            .map_err(|source| StoreError::Folder {
                path: path.display().to_string(),
                source,
            })?;
        Ok(Self {
            path: path.to_owned(),
            queue: Some(queue),
            writer: Some(writer),
            readers: Mutex::new(Vec::new()),
            clock,
        })
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // a writer that panicked has nothing left to finish
            let _ = writer.join();
        }
    }
}

impl Store for SqliteStore {
    fn write(&self, job: Job) -> Result<(), StoreError> {
        let (answer, answered) = sync_channel(1);
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        queue
            .send(Request { job, answer })
            .map_err(|_| StoreError::Closed)?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }

    fn read(&self, job: &mut dyn FnMut(&mut dyn Transaction)) -> Result<(), StoreError> {
        let idle = self.readers.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path, true)?,
        };
        begin(&connection, "BEGIN")?;
        job(&mut SqliteTransaction {
            connection: &connection,
            clock: &*self.clock,
        });
        end(&connection, "COMMIT")?;
        let mut readers = self.readers.lock();
        if readers.len() < READERS_MAX {
            readers.push(connection);
        }
        Ok(())
    }
}

fn connect(path: &Path, read_only: bool) -> Result<Connection, StoreError> {
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let open = || -> Result<Connection, rusqlite::Error> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(30))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        if !read_only {
            connection.pragma_update(None, "journal_mode", "wal")?;
            // a start that has returned must survive a power cut
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    };
    open().map_err(|source| StoreError::Open {
        path: path.display().to_string(),
        source,
    })
}

fn begin(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    run(connection, sql)
}

/// Ends a transaction; one that cannot be ended so is rolled back.
fn end(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    run(connection, sql).inspect_err(|_| {
        // the first error is the one to tell
        let _ = run(connection, "ROLLBACK");
    })
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached(sql)
        .map_err(StoreError::Statement)?;
    statement
        .execute([])
        .map(|_| ())
        .map_err(StoreError::Statement)
}

/// The writer thread: ends when the store is dropped.
fn write_groups(connection: &mut Connection, requests: &Receiver<Request>, clock: &dyn StoreClock) {
    while let Ok(first) = requests.recv() {
        let mut answers = Vec::new();
        if let Err(error) = begin(connection, "BEGIN IMMEDIATE") {
            // the caller may have gone
            let _ = first.answer.send(Err(error));
            continue;
        }
        let mut next = Some(first);
        while let Some(Request { job, answer }) = next {
            answers.push((answer, piece(connection, job, clock)));
            next = if answers.len() < GROUP_MAX {
                requests.try_recv().ok()
            } else {
                None
            };
        }
        let committed = end(connection, "COMMIT");
        let failure = committed.err().map(|error| error.to_string());
        for (answer, result) in answers {
            let result = match &failure {
                None => result,
                Some(_) => Err(StoreError::Statement(commit_failure(failure.as_deref()))),
            };
            // the caller may have gone
            let _ = answer.send(result);
        }
    }
}

fn commit_failure(text: Option<&str>) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR),
        text.map(|text| format!("the commit failed: {text}")),
    )
}

/// One piece of work in a savepoint.
fn piece(connection: &Connection, job: Job, clock: &dyn StoreClock) -> Answer {
    run(connection, "SAVEPOINT piece")?;
    let mut tx = SqliteTransaction { connection, clock };
    let keep = std::panic::catch_unwind(AssertUnwindSafe(|| job(&mut tx)));
    if !matches!(keep, Ok(true)) {
        run(connection, "ROLLBACK TO piece")?;
    }
    run(connection, "RELEASE piece")?;
    keep.map(|_| ()).map_err(|_| StoreError::Panicked)
}

struct SqliteTransaction<'a> {
    connection: &'a Connection,
    clock: &'a dyn StoreClock,
}

impl ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(i) => ValueRef::Integer(*i),
            Self::Real(r) => ValueRef::Real(*r),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn owned(value: ValueRef<'_>) -> SqlValue {
    match value {
        ValueRef::Null => SqlValue::Null,
        ValueRef::Integer(i) => SqlValue::Integer(i),
        ValueRef::Real(r) => SqlValue::Real(r),
        ValueRef::Text(bytes) => SqlValue::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => SqlValue::Blob(bytes.to_vec()),
    }
}

impl Transaction for SqliteTransaction<'_> {
    fn execute(&mut self, sql: &str, parameters: &[SqlValue]) -> Result<u64, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(StoreError::Statement)?;
        let changed = statement
            .execute(rusqlite::params_from_iter(parameters))
            .map_err(StoreError::Statement)?;
        Ok(changed as u64)
    }

    fn query(&mut self, sql: &str, parameters: &[SqlValue]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(StoreError::Statement)?;
        let columns = statement.column_count();
        let mut rows = statement
            .query(rusqlite::params_from_iter(parameters))
            .map_err(StoreError::Statement)?;
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(StoreError::Statement)? {
            let values = (0..columns)
                .map(|index| row.get_ref(index).map(owned))
                .collect::<Result<Vec<_>, _>>()
                .map_err(StoreError::Statement)?;
            answer.push(Row::new(values));
        }
        Ok(answer)
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
