//! `start_execution` and `stop_operation`.

use std::time::Duration;

use crate::catalog::Catalog;
use crate::codes::OperationType;
use crate::error::{Error, Result};
use crate::executions::find;
use crate::ids::{ExecutionId, OperationId, TaskKey};
use crate::model::{Caller, Change, Execution};
use crate::status::{Status, StatusKind};
use crate::store::{Transaction, params};
use crate::{history, projects};

/// Most attempts beyond the first.
const RETRIES_MAX: i32 = 1000;
/// How long a synchronous start waits in all.
const SYNCHRONOUS_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// Queues an execution.
pub(crate) fn start(
    tx: &mut dyn Transaction,
    id: ExecutionId,
    retry_count: i32,
) -> Result<Started> {
    if !(0..=RETRIES_MAX).contains(&retry_count) {
        return Err(Error::RetryCount(retry_count));
    }
    let found = find(tx, id)?;
    if found.status != Status::Created {
        return Err(Error::AlreadyStarted(id));
    }
    check_ready(tx, &found)?;
    history::set_status(tx, id.operation(), StatusKind::Execution, Status::Pending)?;
    let now = tx.now();
    let retries = if found.run_in_scaleout {
        retry_count
    } else {
        0
    };
    tx.execute(
        "UPDATE executions SET queued = 1, ready_time = ?2, retry_count = ?3 \
         WHERE execution_id = ?1",
        params![id, now, retries],
    )?;
    let synchronized: Option<Vec<u8>> = tx
        .one(
            "SELECT parameter_value FROM execution_parameter_values WHERE execution_id = ?1 \
             AND object_type = 50 AND parameter_name = 'SYNCHRONIZED'",
            params![id],
        )?
        .get()?;
    Ok(Started {
        synchronized: synchronized.as_deref() == Some(b"True"),
        changes: [
            Change::Execution(id, Status::Pending),
            Change::Queued {
                execution: id,
                any_worker: found.use_any_worker,
            },
        ],
    })
}

/// What a start leads to.
pub(crate) struct Started {
    /// Whether the caller wants to wait for the end.
    pub(crate) synchronized: bool,
    /// To be told once the start is durable.
    pub(crate) changes: [Change; 2],
}

/// Whether an execution may start: the version it was created for is still the current one, all
/// required values are there, and some worker may take it.
fn check_ready(tx: &mut dyn Transaction, found: &Execution) -> Result<()> {
    let id = found.execution_id;
    let current = match projects::find(tx, &found.folder_name, &found.project_name) {
        Ok(project) => {
            project.project_id == found.object_id && project.object_version_lsn == found.project_lsn
        }
        Err(Error::ProjectNotFound { .. } | Error::FolderNotFound(_)) => false,
        Err(error) => return Err(error),
    };
    if !current {
        return Err(Error::ProjectChanged {
            execution: id,
            project: found.project_name.clone(),
        });
    }
    let missing = tx.query(
        "SELECT parameter_name FROM execution_parameter_values \
         WHERE execution_id = ?1 AND required = 1 AND value_set = 0 ORDER BY parameter_name",
        params![id],
    )?;
    if !missing.is_empty() {
        let names: Vec<String> = missing
            .into_iter()
            .map(|mut row| row.get())
            .collect::<Result<_, _>>()?;
        return Err(Error::RequiredMissing {
            execution: id,
            names: names.join(", "),
        });
    }
    if !found.use_any_worker {
        let chosen: i64 = tx
            .one(
                "SELECT COUNT(*) FROM execution_workers WHERE execution_id = ?1",
                params![id],
            )?
            .get()?;
        if chosen == 0 {
            return Err(Error::NoWorker(id));
        }
    }
    Ok(())
}

fn stop(
    tx: &mut dyn Transaction,
    caller: &str,
    id: OperationId,
) -> Result<(OperationId, Vec<Change>)> {
    let status = history::status(tx, id)?;
    let execution_id = ExecutionId(id.0);
    let found = match find(tx, execution_id) {
        Ok(found) => found,
        Err(Error::ExecutionNotFound(_)) => {
            return Err(Error::NotRunning {
                operation: id,
                status,
            });
        }
        Err(error) => return Err(error),
    };
    let (queued, held): (bool, bool) = {
        let mut row = tx.one(
            "SELECT queued, held FROM executions WHERE execution_id = ?1",
            params![execution_id],
        )?;
        (row.get()?, row.get()?)
    };
    let next = match status {
        Status::Stopping => return Err(Error::AlreadyStopping(id)),
        Status::Pending if queued => Status::Canceled,
        Status::Pending | Status::Running if held => Status::Stopping,
        _ => {
            return Err(Error::NotRunning {
                operation: id,
                status,
            });
        }
    };
    history::set_status(tx, id, StatusKind::Execution, next)?;
    tx.execute(
        "UPDATE executions SET queued = 0 WHERE execution_id = ?1",
        params![execution_id],
    )?;
    tx.execute(
        "UPDATE operations SET stopped_by_name = ?2 WHERE operation_id = ?1",
        params![id, caller],
    )?;
    let object = Some((50, found.object_id.0, found.project_name.as_str()));
    let kind = OperationType::StopOperation;
    let operation = history::completed(tx, caller, kind, object, Status::Succeeded)?;
    let mut changes = vec![Change::Execution(execution_id, next)];
    if let (Status::Stopping, Some(worker)) = (next, found.worker_agent_id) {
        let attempt = crate::ids::Attempt(found.executed_count);
        changes.push(Change::Stop(
            worker,
            TaskKey {
                execution_id,
                attempt,
            },
        ));
    }
    Ok((operation, changes))
}

impl Catalog {
    /// `start_execution`: queues it and returns when that is durable; with SYNCHRONIZED when it
    /// has left Pending and Running [R-CAT-SYNC8]. `retry_count` is honoured in Scale Out only.
    pub fn start_execution(&self, id: ExecutionId, retry_count: i32) -> Result<()> {
        let started = self.write(move |tx| start(tx, id, retry_count))?;
        self.tell(&started.changes);
        if started.synchronized {
            self.wait_execution(id, SYNCHRONOUS_MAX, |status| {
                !matches!(status, Status::Pending | Status::Running)
            })?;
        }
        Ok(())
    }

    /// `stop_operation`: asks an execution to stop. One that waits for a worker is Canceled at
    /// once, one that runs is Stopping until its worker has ended it. Gives the stop's own
    /// operation (type 202).
    pub fn stop_operation(&self, caller: &Caller, id: OperationId) -> Result<OperationId> {
        let caller = caller.name.clone();
        let (operation, changes) = self.write(move |tx| stop(tx, &caller, id))?;
        self.tell(&changes);
        Ok(operation)
    }
}
