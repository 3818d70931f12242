//! Streams of what goes on: server-sent events fed by the catalog's changes.
//!
//! A stream sends what is there, then what changes. It is woken by the catalog and looks again
//! every two seconds, in case another process changed the store. A slow reader holds back its own
//! stream only: between two looks changes flow together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use packmule_catalog::{
    Catalog, Change, EventMessageFilter, ExecutionFilter, ExecutionId, MessageType, Status,
    WatchGuard,
};
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc};
use tokio::time::Instant;

use crate::problem::Problem;
use crate::shapes::{EventMessage, Executable, Execution, LiveEvent, PathRows, Worker, sum_paths};
use crate::state::App;

/// Changes that a stream may lag behind; one that lags further looks at everything.
const CHANGES_MAX: usize = 4096;

/// Events that wait for a slow reader.
const EVENTS_MAX: usize = 16;

/// Messages in one event.
const MESSAGES_PER_EVENT: usize = 500;

/// Executions that the list's stream begins with, and the most it asks for one by one.
const EXECUTIONS_AT_ONCE: usize = 50;

/// Between two looks: changes flow together, and the eye sees no more.
const PAUSE: Duration = Duration::from_millis(100);

/// The safety net.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Runs of executables that a stream describes; a loop may make more.
const EXECUTABLES_MAX: usize = 2000;

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
    let stream = ExecutionStream {
        app,
        id,
        sender,
        last: Seen {
            message: after,
            ..Seen::default()
        },
        _permit: permit,
    };
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

/// What a stream of one execution has sent.
#[derive(Default)]
struct Seen {
    execution: Option<Execution>,
    waiting: Option<String>,
    message: Option<i64>,
    executables: Vec<Executable>,
    paths: Vec<PathRows>,
}

struct ExecutionStream {
    app: Arc<App>,
    id: ExecutionId,
    sender: mpsc::Sender<LiveEvent>,
    last: Seen,
    _permit: OwnedSemaphorePermit,
}

impl ExecutionStream {
    async fn run(mut self, mut changes: broadcast::Receiver<Change>) {
        let id = self.id;
        loop {
            match self.look().await {
                Ok(false) => {}
                // the reader is gone, the execution has ended, or was removed
                Ok(true) | Err(_) => return,
            }
            let wanted = |change: &Change| {
                matches!(change, Change::Execution(changed, _) | Change::Reports(changed)
                    if *changed == id)
            };
            if let Woken::Over = wait(&self.app, &mut changes, &self.sender, wanted).await {
                return;
            }
        }
    }

    /// Sends what is new; true when nothing more will come.
    async fn look(&mut self) -> Result<bool, Problem> {
        loop {
            let id = self.id;
            let after = self.last.message;
            let news = self
                .app
                .call(move |catalog| news_of(catalog, id, after))
                .await?;
            let more = news.messages.len() >= MESSAGES_PER_EVENT;
            let ended = news.ended && !more;
            for event in self.changed(news) {
                if self.sender.send(event).await.is_err() {
                    return Ok(true);
                }
            }
            if ended {
                let _ = self.sender.send(LiveEvent::End).await;
                return Ok(true);
            }
            if !more {
                return Ok(false);
            }
        }
    }

    fn changed(&mut self, news: News) -> Vec<LiveEvent> {
        let mut events = Vec::new();
        let last = &mut self.last;
        if last.execution.as_ref() != Some(&news.execution) {
            last.execution = Some(news.execution.clone());
            events.push(LiveEvent::Execution(news.execution));
        }
        if last.waiting != news.waiting {
            last.waiting.clone_from(&news.waiting);
            events.push(LiveEvent::Waiting(news.waiting));
        }
        if let Some(message) = news.messages.last() {
            last.message = Some(message.event_message_id);
            events.push(LiveEvent::Messages(news.messages));
        }
        if last.executables != news.executables {
            last.executables.clone_from(&news.executables);
            events.push(LiveEvent::Executables(news.executables));
        }
        if last.paths != news.paths {
            last.paths.clone_from(&news.paths);
            events.push(LiveEvent::Paths(news.paths));
        }
        events
    }
}

/// One look at an execution.
struct News {
    execution: Execution,
    waiting: Option<String>,
    ended: bool,
    messages: Vec<EventMessage>,
    executables: Vec<Executable>,
    paths: Vec<PathRows>,
}

fn news_of(catalog: &Catalog, id: ExecutionId, after: Option<i64>) -> Result<News, Problem> {
    // the status first: what was reported before an end is then seen below
    let execution = catalog.execution(id)?;
    let waiting = match execution.status {
        Status::Pending => catalog.waiting_reason(id)?,
        _ => None,
    };
    let filter = EventMessageFilter {
        after,
        limit: MESSAGES_PER_EVENT,
        ..EventMessageFilter::default()
    };
    let messages = catalog.event_messages(id.operation(), &filter)?;
    Ok(News {
        ended: execution.status.is_terminal(),
        waiting,
        messages: messages.into_iter().map(EventMessage::from).collect(),
        executables: executables_of(catalog, &execution)?,
        paths: paths_of(catalog, &execution)?,
        execution: execution.into(),
    })
}

/// What ran in the last attempt, and what runs: begun by its messages, not ended by its
/// statistics. The newest [`EXECUTABLES_MAX`].
pub(crate) fn executables_of(
    catalog: &Catalog,
    execution: &packmule_catalog::Execution,
) -> Result<Vec<Executable>, Problem> {
    let id = execution.execution_id;
    let attempt = packmule_catalog::Attempt(execution.executed_count);
    let mut runs: Vec<Executable> = catalog
        .executable_statistics(id)?
        .into_iter()
        .filter(|row| row.attempt == attempt)
        .map(Executable::from)
        .collect();
    if !execution.status.is_terminal() {
        let filter = EventMessageFilter {
            types: vec![MessageType::PreExecute],
            attempt: Some(attempt),
            limit: 10_000,
            ..EventMessageFilter::default()
        };
        let begun = catalog.event_messages(id.operation(), &filter)?;
        add_running(&mut runs, begun.into_iter().map(EventMessage::from));
    }
    runs.sort_by(|a, b| {
        (a.start_time, a.execution_path.len()).cmp(&(b.start_time, b.execution_path.len()))
    });
    let over = runs.len().saturating_sub(EXECUTABLES_MAX);
    runs.drain(..over);
    Ok(runs)
}

fn add_running(runs: &mut Vec<Executable>, begun: impl Iterator<Item = EventMessage>) {
    let ended: BTreeSet<String> = runs.iter().map(|run| run.execution_path.clone()).collect();
    let mut running: BTreeMap<String, Executable> = BTreeMap::new();
    for message in begun.filter(|message| !ended.contains(&message.execution_path)) {
        // a component's own pre-execute is not an executable's
        if !message.subcomponent_name.is_empty() {
            continue;
        }
        running
            .entry(message.execution_path.clone())
            .or_insert(Executable {
                executable_id: None,
                executable_name: message.message_source_name,
                package_name: message.package_name,
                package_path: message.package_path,
                execution_path: message.execution_path,
                start_time: message.message_time,
                end_time: None,
                execution_duration: None,
                execution_result: None,
            });
    }
    runs.extend(running.into_values());
}

/// Rows over paths in the last attempt.
pub(crate) fn paths_of(
    catalog: &Catalog,
    execution: &packmule_catalog::Execution,
) -> Result<Vec<PathRows>, Problem> {
    let rows = catalog.data_statistics(execution.execution_id)?;
    let last = rows
        .into_iter()
        .filter(|row| row.attempt.0 == execution.executed_count)
        .collect();
    Ok(sum_paths(last))
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
