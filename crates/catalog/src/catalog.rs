//! The catalog's handle: opens the store, runs transactions, tells of changes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use packmule_types::Secret;
use parking_lot::{Condvar, Mutex, RwLock};

use crate::crypto::MasterKey;
use crate::error::{Error, Result};
use crate::ids::ExecutionId;
use crate::model::Change;
use crate::project::{DtsxReader, ProjectReader};
use crate::status::Status;
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreClock, StoreError, SystemStoreClock, Transaction};

/// Where and how a catalog is kept.
pub struct CatalogConfig {
    /// Folder of `catalog.db` and `catalog.key`; made if it is missing.
    pub folder: PathBuf,
    /// The clock that leases are judged by.
    pub clock: Arc<dyn StoreClock>,
    /// Reads project streams.
    pub reader: Arc<dyn ProjectReader>,
    /// Largest project stream, bytes.
    pub project_bytes_max: usize,
    /// A worker that was not heard of for this long counts as offline: three heartbeats
    /// [R-SO-OFFLINE].
    pub offline_after: Duration,
}

impl CatalogConfig {
    /// A catalog in a folder, everything else as usual.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            clock: Arc::new(SystemStoreClock),
            reader: Arc::new(DtsxReader),
            project_bytes_max: 256 << 20,
            offline_after: Duration::from_secs(6),
        }
    }
}

type Listener = Arc<dyn Fn(&Change) + Send + Sync>;

pub(crate) struct Shared {
    store: Box<dyn Store>,
    pub(crate) key: MasterKey,
    pub(crate) reader: Arc<dyn ProjectReader>,
    pub(crate) project_bytes_max: usize,
    pub(crate) offline_after: Duration,
    listeners: RwLock<Vec<(u64, Listener)>>,
    changes: Mutex<u64>,
    changed: Condvar,
}

/// The catalog. Cloning shares it. Calls block: asynchronous callers use `spawn_blocking`.
#[derive(Clone)]
pub struct Catalog {
    pub(crate) shared: Arc<Shared>,
}

/// Ends a [`Catalog::watch`] when dropped.
pub struct WatchGuard {
    shared: Arc<Shared>,
    id: u64,
}

impl Drop for WatchGuard {
    fn drop(&mut self) {
        self.shared
            .listeners
            .write()
            .retain(|(id, _)| *id != self.id);
    }
}

impl Catalog {
    /// Opens the catalog in a folder (SQLite), makes it if it is missing.
    pub fn open(config: CatalogConfig) -> Result<Self> {
        std::fs::create_dir_all(&config.folder).map_err(|source| StoreError::Folder {
            path: config.folder.display().to_string(),
            source,
        })?;
        let key = MasterKey::open(&config.folder.join("catalog.key"))?;
        let store =
            SqliteStore::open(&config.folder.join("catalog.db"), Arc::clone(&config.clock))?;
        let catalog = Self {
            shared: Arc::new(Shared {
                store: Box::new(store),
                key,
                reader: config.reader,
                project_bytes_max: config.project_bytes_max,
                offline_after: config.offline_after,
                listeners: RwLock::new(Vec::new()),
                changes: Mutex::new(0),
                changed: Condvar::new(),
            }),
        };
        catalog.seed_properties()?;
        Ok(catalog)
    }

    /// Runs a write transaction: stored when this returns `Ok`, taken back when `Err`.
    pub(crate) fn write<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let slot = Arc::new(Mutex::new(None));
        let for_job = Arc::clone(&slot);
        self.shared.store.write(Box::new(move |tx| {
            let result = work(tx);
            let keep = result.is_ok();
            *for_job.lock() = Some(result);
            keep
        }))?;
        let result = slot.lock().take();
        result.unwrap_or(Err(Error::Store(StoreError::Closed)))
    }

    /// Runs queries that see one state of the store.
    pub(crate) fn read<R>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> Result<R>,
    ) -> Result<R> {
        let mut work = Some(work);
        let mut result = None;
        self.shared
            .store
            .read(&mut |tx| result = work.take().map(|work| work(tx)))?;
        result.unwrap_or(Err(Error::Store(StoreError::Closed)))
    }

    /// Calls `listener` after each change, from the thread that made it, until the guard drops.
    /// The listener must not block nor call the catalog.
    #[must_use]
    pub fn watch(&self, listener: impl Fn(&Change) + Send + Sync + 'static) -> WatchGuard {
        let id = {
            let mut changes = self.shared.changes.lock();
            *changes += 1;
            *changes
        };
        self.shared.listeners.write().push((id, Arc::new(listener)));
        WatchGuard {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// Tells of changes that are durable.
    pub(crate) fn tell(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        let listeners: Vec<Listener> = self
            .shared
            .listeners
            .read()
            .iter()
            .map(|(_, l)| Arc::clone(l))
            .collect();
        for change in changes {
            for listener in &listeners {
                listener(change);
            }
        }
        *self.shared.changes.lock() += 1;
        self.shared.changed.notify_all();
    }

    /// Waits until an execution has a status for which `done` holds, or until the limit; gives
    /// the status it has then.
    pub fn wait_execution(
        &self,
        execution_id: ExecutionId,
        limit: Duration,
        done: impl Fn(Status) -> bool,
    ) -> Result<Status> {
        let deadline = std::time::Instant::now().checked_add(limit);
        loop {
            let seen = *self.shared.changes.lock();
            let status = self.execution_status(execution_id)?;
            let left = deadline.map(|d| d.saturating_duration_since(std::time::Instant::now()));
            if done(status) || left.is_some_and(|left| left.is_zero()) {
                return Ok(status);
            }
            let mut changes = self.shared.changes.lock();
            if *changes == seen {
                // another process may share the store: look again at least once a second
                let pause = left.unwrap_or(limit).min(Duration::from_secs(1));
                self.shared.changed.wait_for(&mut changes, pause);
            }
        }
    }

    pub(crate) fn seal(&self, text: &str, sensitive: bool) -> Result<Vec<u8>> {
        if sensitive {
            self.shared.key.seal(&Secret::new(text))
        } else {
            Ok(text.as_bytes().to_vec())
        }
    }

    pub(crate) fn unseal(&self, bytes: Vec<u8>, sensitive: bool) -> Result<Secret> {
        if sensitive {
            return self.shared.key.open_sealed(&bytes);
        }
        String::from_utf8(bytes)
            .map(Secret::new)
            .map_err(|_| Error::Stored("value"))
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Catalog")
    }
}
