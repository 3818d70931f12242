//! The stream of one execution. Each look reads only what is new: messages, ended executables and
//! finished row counts above the last ids it saw, besides the few that run.

use std::collections::BTreeSet;
use std::sync::Arc;

use packmule_catalog::{
    Attempt, Catalog, Change, DataStatistics, EventMessageFilter, ExecutionId, Status,
};
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc};

use super::{Woken, wait};
use crate::problem::Problem;
use crate::shapes::{
    EventMessage, Executable, Executables, Execution, ExecutionAttempt, LiveEvent, PathRows,
    PathSums,
};
use crate::state::App;

/// Messages in one event.
const MESSAGES_PER_EVENT: usize = 500;

/// Runs of executables in one answer, the newest; a loop may make more.
const EXECUTABLES_MAX: usize = 2000;

/// What a stream has read and sent.
#[derive(Default)]
struct Seen {
    execution: Option<Execution>,
    waiting: Option<String>,
    attempts: Vec<ExecutionAttempt>,
    message: Option<i64>,
    /// Of the last attempt.
    statistics: Statistics,
    /// What ran at the last look.
    running: Vec<Executable>,
    executables_sent: bool,
}

/// How far the statistics of one attempt were read.
#[derive(Default)]
struct Statistics {
    attempt: i32,
    /// The last executable that ended.
    executable: i64,
    /// The last row of rows over paths.
    row: i64,
    /// Rows that were not final yet.
    open: BTreeSet<i64>,
    sums: PathSums,
}

/// What a look at the statistics found.
struct Fresh {
    ended: Vec<Executable>,
    running: Vec<Executable>,
    paths: Vec<PathRows>,
}

impl Statistics {
    /// Reads on; begins anew when there is a new attempt.
    fn read(
        &mut self,
        catalog: &Catalog,
        execution: &packmule_catalog::Execution,
    ) -> Result<Fresh, Problem> {
        let id = execution.execution_id;
        let attempt = Attempt(execution.executed_count);
        if self.attempt != attempt.0 {
            *self = Self {
                attempt: attempt.0,
                ..Self::default()
            };
        }
        // what runs first: what ends in between is then seen as ended, never as neither
        let running = match execution.status.is_terminal() {
            true => Vec::new(),
            false => catalog.running_executables(id)?,
        };
        let mut ended = catalog.executable_statistics(id, attempt, self.executable)?;
        self.executable = ended
            .last()
            .map_or(self.executable, |row| row.statistics_id);
        let over = ended.len().saturating_sub(EXECUTABLES_MAX);
        ended.drain(..over);
        let open: Vec<i64> = self.open.iter().copied().collect();
        let rows = catalog.data_statistics(id, attempt, self.row, &open)?;
        self.open = open_of(&rows);
        self.row = rows
            .iter()
            .map(|row| row.data_stats_id)
            .fold(self.row, i64::max);
        Ok(Fresh {
            ended: ended.into_iter().map(Executable::from).collect(),
            running: running.into_iter().map(Executable::from).collect(),
            paths: self.sums.add(rows),
        })
    }
}

fn open_of(rows: &[DataStatistics]) -> BTreeSet<i64> {
    let open = rows.iter().filter(|row| !row.is_final);
    open.map(|row| row.data_stats_id).collect()
}

pub(super) struct ExecutionStream {
    app: Arc<App>,
    id: ExecutionId,
    sender: mpsc::Sender<LiveEvent>,
    seen: Seen,
    _permit: OwnedSemaphorePermit,
}

impl ExecutionStream {
    pub(super) fn new(
        app: Arc<App>,
        id: ExecutionId,
        sender: mpsc::Sender<LiveEvent>,
        after: Option<i64>,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        let seen = Seen {
            message: after,
            ..Seen::default()
        };
        Self {
            app,
            id,
            sender,
            seen,
            _permit: permit,
        }
    }

    pub(super) async fn run(mut self, mut changes: broadcast::Receiver<Change>) {
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
            let mut seen = std::mem::take(&mut self.seen);
            let (seen, look) = self
                .app
                .call(move |catalog| {
                    let look = look_at(catalog, id, &mut seen)?;
                    Ok((seen, look))
                })
                .await?;
            self.seen = seen;
            for event in look.events {
                if self.sender.send(event).await.is_err() {
                    return Ok(true);
                }
            }
            if look.more {
                continue;
            }
            if look.ended {
                let _ = self.sender.send(LiveEvent::End).await;
            }
            return Ok(look.ended);
        }
    }
}

/// One look at an execution.
struct Look {
    events: Vec<LiveEvent>,
    /// There are more messages.
    more: bool,
    ended: bool,
}

fn look_at(catalog: &Catalog, id: ExecutionId, seen: &mut Seen) -> Result<Look, Problem> {
    let mut events = Vec::new();
    // the status first: what was reported before an end is then seen below
    let execution = catalog.execution(id)?;
    let ended = execution.status.is_terminal();
    let waiting = match execution.status {
        Status::Pending => catalog.waiting_reason(id)?,
        _ => None,
    };
    let row = Execution::from(execution.clone());
    if seen.execution.as_ref() != Some(&row) {
        seen.execution = Some(row.clone());
        events.push(LiveEvent::Execution(row));
    }
    if seen.waiting != waiting {
        seen.waiting.clone_from(&waiting);
        events.push(LiveEvent::Waiting(waiting));
    }
    let attempts = catalog.execution_attempts(id)?;
    let attempts: Vec<_> = attempts.into_iter().map(ExecutionAttempt::from).collect();
    if seen.attempts != attempts {
        seen.attempts.clone_from(&attempts);
        events.push(LiveEvent::Attempts(attempts));
    }
    let filter = EventMessageFilter {
        after: seen.message,
        limit: MESSAGES_PER_EVENT,
        ..EventMessageFilter::default()
    };
    let messages = catalog.event_messages(id.operation(), &filter)?;
    let more = messages.len() >= MESSAGES_PER_EVENT;
    if let Some(last) = messages.last() {
        seen.message = Some(last.event_message_id);
        let messages = messages.into_iter().map(EventMessage::from).collect();
        events.push(LiveEvent::Messages(messages));
    }
    events.extend(statistics_events(catalog, &execution, seen)?);
    Ok(Look {
        events,
        more,
        ended,
    })
}

fn statistics_events(
    catalog: &Catalog,
    execution: &packmule_catalog::Execution,
    seen: &mut Seen,
) -> Result<Vec<LiveEvent>, Problem> {
    let mut events = Vec::new();
    let from_start = seen.statistics.attempt != execution.executed_count || !seen.executables_sent;
    let fresh = seen.statistics.read(catalog, execution)?;
    if from_start || !fresh.ended.is_empty() || fresh.running != seen.running {
        seen.running.clone_from(&fresh.running);
        seen.executables_sent = true;
        events.push(LiveEvent::Executables(Executables {
            from_start,
            ended: fresh.ended,
            running: fresh.running,
        }));
    }
    if !fresh.paths.is_empty() {
        events.push(LiveEvent::Paths(fresh.paths));
    }
    Ok(events)
}

/// What ran in the last attempt, and what runs, by start. The newest [`EXECUTABLES_MAX`].
pub(crate) fn executables_of(
    catalog: &Catalog,
    execution: &packmule_catalog::Execution,
) -> Result<Vec<Executable>, Problem> {
    let fresh = Statistics::default().read(catalog, execution)?;
    let mut runs = fresh.ended;
    runs.extend(fresh.running);
    runs.sort_by(|a, b| {
        (a.start_time, a.execution_path.len()).cmp(&(b.start_time, b.execution_path.len()))
    });
    let over = runs.len().saturating_sub(EXECUTABLES_MAX);
    runs.drain(..over);
    Ok(runs)
}

/// Rows over paths in the last attempt.
pub(crate) fn paths_of(
    catalog: &Catalog,
    execution: &packmule_catalog::Execution,
) -> Result<Vec<PathRows>, Problem> {
    let attempt = Attempt(execution.executed_count);
    let rows = catalog.data_statistics(execution.execution_id, attempt, 0, &[])?;
    let mut sums = PathSums::default();
    Ok(sums.add(rows))
}
