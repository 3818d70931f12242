//! Streams of what goes on: server-sent events fed by the catalog's changes.
//!
//! A stream sends what is there, then what changes. It is woken by the catalog and looks again
//! every two seconds, in case another process changed the store. A slow reader holds back its own
//! stream only: between two looks changes flow together.

mod execution;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use packmule_catalog::{Catalog, Change, ExecutionFilter, ExecutionId, WatchGuard};
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc};
use tokio::time::Instant;

use crate::problem::Problem;
use crate::shapes::{Execution, LiveEvent, Worker};
use crate::state::App;
use execution::ExecutionStream;
pub(crate) use execution::{executables_of, paths_of};

/// Changes that a stream may lag behind; one that lags further looks at everything.
const CHANGES_MAX: usize = 4096;

/// Events that wait for a slow reader.
const EVENTS_MAX: usize = 16;

/// Executions that the list's stream begins with, and the most it asks for one by one.
const EXECUTIONS_AT_ONCE: usize = 50;

/// Between two looks: changes flow together, and the eye sees no more.
const PAUSE: Duration = Duration::from_millis(100);

/// The safety net.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Spreads the catalog's changes over the streams.
pub(crate) struct Hub {
    changes: broadcast::Sender<Change>,
    _watch: WatchGuard,
}

impl Hub {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        let sender = changes.clone();
        let watch = catalog.watch(move |change| {
            // without streams there is nobody to tell
            let _ = sender.send(change.clone());
        });
        Self {
            changes,
            _watch: watch,
        }
    }
}

/// Opens the stream of one execution.
///
/// # Errors
/// When the execution does not exist, or there are too many streams.
pub(crate) async fn open_execution(
    app: Arc<App>,
    id: ExecutionId,
    after: Option<i64>,
) -> Result<mpsc::Receiver<LiveEvent>, Problem> {
    let permit = permit(&app)?;
    let changes = app.hub.changes.subscribe();
    app.call(move |catalog| Ok(catalog.execution_status(id)?))
        .await?;
    let (sender, receiver) = mpsc::channel(EVENTS_MAX);
    let stream = ExecutionStream::new(app, id, sender, after, permit);
    tokio::spawn(stream.run(changes));
    Ok(receiver)
}

/// Opens the stream of executions and Workers.
///
/// # Errors
/// When there are too many streams.
pub(crate) fn open_list(app: Arc<App>) -> Result<mpsc::Receiver<LiveEvent>, Problem> {
    let permit = permit(&app)?;
    let changes = app.hub.changes.subscribe();
    let (sender, receiver) = mpsc::channel(EVENTS_MAX);
    let stream = ListStream {
        app,
        sender,
        executions: BTreeMap::new(),
        workers: Vec::new(),
        _permit: permit,
    };
    tokio::spawn(stream.run(changes));
    Ok(receiver)
}

fn permit(app: &App) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(&app.streams)
        .try_acquire_owned()
        .map_err(|_| Problem::busy("there are too many live streams"))
}

/// What a look at the changes said.
enum Woken {
    /// These executions changed, or all may have.
    Look(Option<BTreeSet<i64>>),
    /// The reader is gone or the server stops.
    Over,
}

/// Waits for changes, then for [`PAUSE`], and gathers.
async fn wait<T>(
    app: &App,
    changes: &mut broadcast::Receiver<Change>,
    sender: &mpsc::Sender<T>,
    wanted: impl Fn(&Change) -> bool,
) -> Woken {
    let mut ids = BTreeSet::new();
    let mut all = false;
    let mut stopping = app.stopping.clone();
    let mut until = Instant::now() + LOOK_AGAIN;
    let mut any = false;
    loop {
        tokio::select! {
            () = sender.closed() => return Woken::Over,
            _ = stopping.wait_for(|stop| *stop) => return Woken::Over,
            () = tokio::time::sleep_until(until) => {
                return Woken::Look(if any && !all { Some(ids) } else { None });
            }
            change = changes.recv() => {
                match change {
                    Ok(change) if wanted(&change) => {
                        if let Change::Execution(id, _) | Change::Reports(id) = change {
                            ids.insert(id.0);
                        }
                    }
                    Ok(_) => continue,
                    Err(broadcast::error::RecvError::Lagged(_)) => all = true,
                    Err(broadcast::error::RecvError::Closed) => return Woken::Over,
                }
                if !any {
                    any = true;
                    until = until.min(Instant::now() + PAUSE);
                }
            }
        }
    }
}

struct ListStream {
    app: Arc<App>,
    sender: mpsc::Sender<LiveEvent>,
    executions: BTreeMap<i64, Execution>,
    workers: Vec<Worker>,
    _permit: OwnedSemaphorePermit,
}

impl ListStream {
    async fn run(mut self, mut changes: broadcast::Receiver<Change>) {
        let mut ids = None;
        loop {
            if !matches!(self.look(ids).await, Ok(true)) {
                return;
            }
            let wanted =
                |change: &Change| matches!(change, Change::Execution(..) | Change::Worker(_));
            ids = match wait(&self.app, &mut changes, &self.sender, wanted).await {
                Woken::Look(ids) => ids,
                Woken::Over => return,
            };
        }
    }

    /// Sends what is new; false when the reader is gone.
    async fn look(&mut self, ids: Option<BTreeSet<i64>>) -> Result<bool, Problem> {
        let (executions, workers) = self
            .app
            .call(move |catalog| Ok((changed_executions(catalog, ids)?, workers_of(catalog)?)))
            .await?;
        let fresh: Vec<Execution> = executions
            .into_iter()
            .filter(|row| self.executions.get(&row.execution_id) != Some(row))
            .collect();
        for row in &fresh {
            self.executions.insert(row.execution_id, row.clone());
        }
        // the oldest are forgotten: they would only be sent once more
        while self.executions.len() > CHANGES_MAX {
            self.executions.pop_first();
        }
        if !fresh.is_empty()
            && self
                .sender
                .send(LiveEvent::Executions(fresh))
                .await
                .is_err()
        {
            return Ok(false);
        }
        // their age alone is no news
        let known = |row: &Worker| Worker {
            online_age_ms: 0,
            ..row.clone()
        };
        if !workers.iter().map(known).eq(self.workers.iter().map(known)) {
            self.workers.clone_from(&workers);
            return Ok(self.sender.send(LiveEvent::Workers(workers)).await.is_ok());
        }
        Ok(true)
    }
}

fn changed_executions(
    catalog: &Catalog,
    ids: Option<BTreeSet<i64>>,
) -> Result<Vec<Execution>, Problem> {
    let newest = |limit| ExecutionFilter {
        limit,
        ..ExecutionFilter::default()
    };
    let rows = match ids {
        Some(ids) if ids.len() <= EXECUTIONS_AT_ONCE => ids
            .into_iter()
            .filter_map(|id| catalog.execution(ExecutionId(id)).ok())
            .collect(),
        Some(ids) => catalog.executions(&newest(ids.len().min(1000)))?,
        None => catalog.executions(&newest(EXECUTIONS_AT_ONCE))?,
    };
    Ok(rows.into_iter().map(Execution::from).collect())
}

/// All Workers as they are now.
pub(crate) fn workers_of(catalog: &Catalog) -> Result<Vec<Worker>, Problem> {
    let rows = catalog.worker_agents()?;
    let now = chrono::Utc::now();
    Ok(rows
        .into_iter()
        .map(|row| Worker::seen_at(row, now))
        .collect())
}
