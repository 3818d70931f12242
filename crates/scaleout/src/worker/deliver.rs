//! Hands in what a task has: 'running', its reports in numbered batches, its outcome. However
//! long the Master is away, nothing is dropped; a refusal as stale ends it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use packmule_catalog::Outcome;
use tonic::{Code, Status};

use super::task::Task;
use super::{Backoff, Shared, facts};
use crate::error::{Error, Result};
use crate::master::{STALE, machine_name};
use crate::proto;
use crate::spool::Batch;
use crate::states::TaskEvent;

/// Records and bytes of one batch.
const BATCH_RECORDS: usize = 500;
const BATCH_BYTES: usize = 1 << 20;

/// What there is to do next.
enum Next {
    Running,
    Batch(Batch),
    Finish(proto::FinishRequest),
    Wait,
}

/// Why handing in stopped.
enum Stop {
    /// All is handed in.
    Done,
    /// The task is another's.
    Stale,
    /// The reports cannot be handed in, now or later: the disk does not give them back, or the
    /// Master cannot take them.
    Broken(String),
}

/// Runs until the task is handed in or refused, then clears up.
pub(super) async fn deliver(shared: Arc<Shared>, task: Arc<Task>) {
    let mut backoff = Backoff::new();
    let stopped = loop {
        match step(&shared, &task).await {
            Ok(None) => backoff = Backoff::new(),
            Ok(Some(stop)) => break stop,
            Err(error) => {
                let passes = passes(&error);
                let error = packmule_types::error::Chain(&error).to_string();
                if !passes {
                    break Stop::Broken(error);
                }
                tracing::warn!(task = %task.key, error, "reports wait on the disk");
                backoff.pause().await;
            }
        }
    };
    match stopped {
        Stop::Done => {}
        Stop::Stale => {
            tracing::warn!(task = %task.key, "the task is another's now; its reports are dropped");
            task.lose("the Master refused it as stale");
            task.ended().await;
        }
        Stop::Broken(error) => give_up(&shared, &task, &error).await,
    }
    task.on(TaskEvent::HandedIn);
    if let Some(spool) = task.spool.lock().take()
        && let Err(error) = spool.remove()
    {
        let error = packmule_types::error::Chain(&error).to_string();
        tracing::error!(task = %task.key, error, "a spool could not be removed");
    }
    shared.remove(task.key);
}

/// Whether an error may pass: the Master is away or in trouble. Those of our own disk do not, nor
/// does a report that the Master cannot read.
fn passes(error: &Error) -> bool {
    match error {
        Error::Refused { source, .. } => source.code() != Code::InvalidArgument,
        Error::File { .. } | Error::Content { .. } => false,
        _ => true,
    }
}

/// Ends an attempt whose reports cannot be handed in: it is lost, and says why.
async fn give_up(shared: &Shared, task: &Task, error: &str) {
    tracing::error!(task = %task.key, error, "reports cannot be handed in; the attempt is given up");
    task.lose("its reports could not be handed in");
    task.ended().await;
    let request = proto::FinishRequest {
        task: Some(task.key.into()),
        outcome: proto::Outcome::Lost.into(),
        reports: 0,
        reason: format!("its reports could not be handed in: {error}"),
    };
    let mut backoff = Backoff::new();
    while let Err(status) = shared.link.finish(request.clone()).await {
        if is_stale(&status) || status.code() == Code::InvalidArgument {
            return;
        }
        backoff.pause().await;
    }
}

async fn step(shared: &Shared, task: &Task) -> Result<Option<Stop>> {
    // looked for before the state is, so that no change between is missed
    let changed = task.outgoing.notified();
    let result = match next(task)? {
        Next::Wait => {
            changed.await;
            return Ok(None);
        }
        Next::Running => {
            let result = shared.link.running(running(task)).await;
            if result.is_ok() {
                task.running_said.store(true, Ordering::SeqCst);
            }
            result
        }
        Next::Batch(batch) => {
            let request = proto::ReportRequest {
                task: Some(task.key.into()),
                first_number: batch.first_number,
                records: batch.records.clone(),
            };
            let result = shared.link.report(request).await;
            if result.is_ok() {
                if let Some(spool) = task.spool.lock().as_mut() {
                    spool.acknowledge(&batch)?;
                }
                task.space.notify_one();
            }
            result.map(|_| ())
        }
        Next::Finish(request) => match shared.link.finish(request).await {
            Ok(()) => return Ok(Some(Stop::Done)),
            Err(status) => Err(status),
        },
    };
    match result {
        Ok(()) => Ok(None),
        Err(status) if is_stale(&status) => Ok(Some(Stop::Stale)),
        Err(status) => Err(status.into()),
    }
}

/// Refused for good: the task is another's, is unknown, or the Master lost what it acknowledged.
fn is_stale(status: &Status) -> bool {
    status.code() == STALE || matches!(status.code(), Code::NotFound | Code::OutOfRange)
}

fn next(task: &Task) -> Result<Next> {
    if task.running.load(Ordering::SeqCst) && !task.running_said.load(Ordering::SeqCst) {
        return Ok(Next::Running);
    }
    let outcome = task.outcome.lock().clone();
    let mut spool = task.spool.lock();
    let Some(spool) = spool.as_mut() else {
        return Ok(Next::Wait);
    };
    if !spool.is_empty() {
        return Ok(Next::Batch(spool.batch(BATCH_RECORDS, BATCH_BYTES)?));
    }
    let Some(kept) = outcome else {
        return Ok(Next::Wait);
    };
    let outcome = match kept.outcome {
        Outcome::Succeeded => proto::Outcome::Succeeded,
        Outcome::Failed => proto::Outcome::Failed,
        Outcome::Canceled => proto::Outcome::Canceled,
        Outcome::Lost => proto::Outcome::Lost,
    };
    Ok(Next::Finish(proto::FinishRequest {
        task: Some(task.key.into()),
        outcome: outcome.into(),
        reports: kept.reports,
        reason: kept.reason.unwrap_or_default(),
    }))
}

fn running(task: &Task) -> proto::RunningRequest {
    let memory = facts::memory();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    proto::RunningRequest {
        task: Some(task.key.into()),
        process_id: task.process_id.load(Ordering::SeqCst),
        machine_name: machine_name(),
        total_physical_memory_kb: i64::try_from(memory.total_kb).unwrap_or(i64::MAX),
        available_physical_memory_kb: i64::try_from(memory.available_kb).unwrap_or(i64::MAX),
        cpu_count: i32::try_from(cores).unwrap_or(i32::MAX),
    }
}
