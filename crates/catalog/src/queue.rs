//! The queue and its leases: everything that a worker says of a task it holds.
//!
//! Every call carries (execution, attempt) and the worker; [`fence`] compares them in the same
//! transaction as what follows. Whoever does not hold the task gets 27246 and has changed
//! nothing. The store's clock alone decides when a lease has run out.
//!
//! [R-SO-RETRY]: one counter for failure and loss, attempts = `retry_count` + 1. [R-SO-PRIORITY]:
//! the order is the time a task became ready; a retry goes to the end. [R-SO-SELECT]: a chosen
//! worker takes a task whenever it has a free slot. [R-SO-DISABLE]: a disabled worker gets
//! nothing new, what it holds it may finish.

use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::catalog::Catalog;
use crate::codes::{MessageSource, MessageType, ParameterScope};
use crate::error::{Error, Result};
use crate::executions;
use crate::history;
use crate::ids::{Attempt, ExecutionId, TaskKey, WorkerId};
use crate::model::{
    AssignedOverride, AssignedParameter, Assignment, Change, EventMessageFields, Outcome, Renewal,
    RunningReport,
};
use crate::parameters;
use crate::reports;
use crate::status::{Status, StatusKind};
use crate::store::{Transaction, params};
use crate::workers;

/// Most tasks given in one call.
const CLAIM_MAX: usize = 256;
/// Most leases looked at in one sweep.
const SWEEP_MAX: i64 = 1000;

/// What is known of a task that its worker holds.
pub(crate) struct Held {
    pub(crate) status: Status,
    pub(crate) retry_count: i32,
    pub(crate) executed_count: i32,
    pub(crate) any_worker: bool,
    pub(crate) last_number: i64,
}

/// Refuses whoever does not hold the task (27246).
pub(crate) fn fence(tx: &mut dyn Transaction, worker: WorkerId, task: TaskKey) -> Result<Held> {
    let row = tx.first(
        "SELECT o.status, e.retry_count, e.executed_count, e.use_any_worker, a.last_number \
         FROM executions e \
         JOIN operations o ON o.operation_id = e.execution_id \
         JOIN execution_attempts a ON a.execution_id = e.execution_id AND a.attempt = ?2 \
         WHERE e.execution_id = ?1 AND e.held = 1 AND e.executed_count = ?2 \
         AND e.worker_agent_id = ?3",
        params![task.execution_id, task.attempt, worker],
    )?;
    let mut row = row.ok_or(Error::Stale { task, worker })?;
    Ok(Held {
        status: row.get()?,
        retry_count: row.get()?,
        executed_count: row.get()?,
        any_worker: row.get()?,
        last_number: row.get()?,
    })
}

fn lease_delta(lease: Duration) -> TimeDelta {
    TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX)
}

fn claim(
    tx: &mut dyn Transaction,
    worker: WorkerId,
    most: usize,
    lease: Duration,
) -> Result<Vec<(TaskKey, Uuid)>> {
    if !workers::is_enabled(tx, worker)? {
        return Err(Error::WorkerDisabled(worker));
    }
    let waiting = tx.query(
        "SELECT e.execution_id, e.executed_count FROM executions e WHERE e.queued = 1 \
         AND (e.use_any_worker = 1 OR EXISTS (SELECT 1 FROM execution_workers w \
         WHERE w.execution_id = e.execution_id AND w.worker_agent_id = ?1)) \
         ORDER BY e.ready_time, e.execution_id LIMIT ?2",
        params![worker, most.min(CLAIM_MAX) as i64],
    )?;
    let now = tx.now();
    let until = now.checked_add_signed(lease_delta(lease)).unwrap_or(now);
    let mut claimed = Vec::with_capacity(waiting.len());
    for mut row in waiting {
        let execution_id: ExecutionId = row.get()?;
        let attempt = Attempt(row.get::<i32>()?.saturating_add(1));
        let guid = Uuid::new_v4();
        tx.execute(
            "UPDATE executions SET queued = 0, held = 1, worker_agent_id = ?2, \
             executed_count = ?3, lease_until = ?4 WHERE execution_id = ?1",
            params![execution_id, worker, attempt, until],
        )?;
        tx.execute(
            "INSERT INTO execution_attempts (execution_id, attempt, worker_agent_id, \
             execution_instance_guid, claimed_time, last_number) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            params![execution_id, attempt, worker, guid, now],
        )?;
        claimed.push((
            TaskKey {
                execution_id,
                attempt,
            },
            guid,
        ));
    }
    Ok(claimed)
}

/// Ends an attempt and decides what follows: retry, or the final status.
fn conclude(
    tx: &mut dyn Transaction,
    task: TaskKey,
    held: &Held,
    outcome: Outcome,
    reason: Option<&str>,
) -> Result<Vec<Change>> {
    let id = task.execution_id;
    let operation = id.operation();
    let now = tx.now();
    tx.execute(
        "UPDATE execution_attempts SET end_time = ?3, outcome = ?4, reason = ?5 \
         WHERE execution_id = ?1 AND attempt = ?2",
        params![id, task.attempt, now, outcome.status(), reason],
    )?;
    tx.execute(
        "UPDATE executions SET held = 0, lease_until = NULL WHERE execution_id = ?1",
        params![id],
    )?;
    reports::forget_running(tx, id)?;
    let retryable = matches!(outcome, Outcome::Failed | Outcome::Lost);
    let again =
        retryable && held.status != Status::Stopping && held.executed_count <= held.retry_count;
    if again {
        if held.status == Status::Running {
            history::set_status(tx, operation, StatusKind::Execution, Status::Pending)?;
        }
        tx.execute(
            "UPDATE executions SET queued = 1, ready_time = ?2 WHERE execution_id = ?1",
            params![id, now],
        )?;
        let why = reason.unwrap_or("the package failed");
        let text = format!(
            "attempt {} ended: {why}; it will be tried again",
            task.attempt
        );
        end_message(tx, task, held, MessageType::Warning, text)?;
        return Ok(vec![
            Change::Execution(id, Status::Pending),
            Change::Queued {
                execution: id,
                any_worker: held.any_worker,
            },
        ]);
    }
    let last = final_status(held.status, outcome);
    if held.status == Status::Pending && last == Status::Succeeded {
        history::set_status(tx, operation, StatusKind::Execution, Status::Running)?;
    }
    history::set_status(tx, operation, StatusKind::Execution, last)?;
    if let Some(reason) = reason {
        let text = format!("attempt {} ended: {reason}", task.attempt);
        end_message(tx, task, held, MessageType::Error, text)?;
    }
    Ok(vec![Change::Execution(id, last)])
}

/// Says how an attempt ended where its package cannot: behind its last message.
fn end_message(
    tx: &mut dyn Transaction,
    task: TaskKey,
    held: &Held,
    message_type: MessageType,
    text: String,
) -> Result<()> {
    history::say(tx, task.execution_id.operation(), message_type, &text)?;
    let fields = EventMessageFields {
        message_time: tx.now(),
        message_type,
        message_source_type: MessageSource::ExternalProcess,
        message: text,
        package_name: executions::find(tx, task.execution_id)?.package_name,
        event_name: String::new(),
        message_source_name: "Packmule".to_owned(),
        message_source_id: String::new(),
        subcomponent_name: String::new(),
        package_path: String::new(),
        execution_path: String::new(),
        thread_id: 0,
        message_code: 0,
        event_message_guid: Uuid::new_v4(),
        remedy: None,
    };
    reports::store_message(tx, task, held.last_number.saturating_add(1), fields)
}

/// A stopped execution is Canceled whatever its attempt said, unless the package had ended with
/// success before the stop reached it.
fn final_status(status: Status, outcome: Outcome) -> Status {
    if status == Status::Stopping && outcome != Outcome::Succeeded {
        return Status::Canceled;
    }
    outcome.status()
}

impl Catalog {
    /// Gives a worker up to `most` waiting tasks, leased until `lease` from now by the store's
    /// clock. 27252 when the worker is disabled, 27243 when it is unknown.
    pub fn claim(&self, worker: WorkerId, most: usize, lease: Duration) -> Result<Vec<Assignment>> {
        let claimed = self.write(move |tx| claim(tx, worker, most, lease))?;
        let mut assignments = Vec::with_capacity(claimed.len());
        for (task, guid) in claimed {
            match self.read(|tx| self.assignment(tx, task, guid)) {
                Ok(assignment) => assignments.push(assignment),
                Err(error) => {
                    // what cannot be handed out must not be held: its values cannot be opened
                    let reason = error.to_string();
                    self.finish(worker, task, Outcome::Failed, 0, Some(reason))?;
                }
            }
        }
        Ok(assignments)
    }

    /// Whether any task waits that this worker may take.
    pub fn has_work(&self, worker: WorkerId) -> Result<bool> {
        self.read(|tx| {
            let row = tx.first(
                "SELECT 1 FROM executions e WHERE e.queued = 1 AND (e.use_any_worker = 1 OR \
                 EXISTS (SELECT 1 FROM execution_workers w WHERE w.execution_id = e.execution_id \
                 AND w.worker_agent_id = ?1)) LIMIT 1",
                params![worker],
            )?;
            Ok(row.is_some())
        })
    }

    fn assignment(
        &self,
        tx: &mut dyn Transaction,
        task: TaskKey,
        guid: Uuid,
    ) -> Result<Assignment> {
        let found = executions::find(tx, task.execution_id)?;
        let sql = "SELECT content_hash FROM executions WHERE execution_id = ?1";
        let content_hash = tx.one(sql, params![task.execution_id])?.get()?;
        Ok(Assignment {
            key: task,
            execution_instance_guid: guid,
            folder_name: found.folder_name,
            project_name: found.project_name,
            package_name: found.package_name,
            project_lsn: found.project_lsn,
            content_hash,
            executed_as_name: found.executed_as_name,
            logging_level: found.logging_level,
            parameters: self.assigned_parameters(tx, task.execution_id)?,
            overrides: self.assigned_overrides(tx, task.execution_id)?,
        })
    }

    /// Values for the run. Generated parameters (`CM.…`) are given only when they were set: their
    /// design value is what the package has already.
    fn assigned_parameters(
        &self,
        tx: &mut dyn Transaction,
        id: ExecutionId,
    ) -> Result<Vec<AssignedParameter>> {
        let rows = tx.query(
            "SELECT object_type, parameter_name, parameter_data_type, sensitive, parameter_value \
             FROM execution_parameter_values WHERE execution_id = ?1 \
             AND parameter_value IS NOT NULL AND (value_set = 1 OR parameter_name NOT LIKE 'CM.%') \
             ORDER BY execution_parameter_id",
            params![id],
        )?;
        let mut parameters = Vec::with_capacity(rows.len());
        for mut row in rows {
            let object_type: ParameterScope = row.get()?;
            let name = row.get()?;
            let data_type = parameters::data_type(&row.get::<String>()?)?;
            let sensitive = row.get()?;
            let value = self.unseal(row.get()?, sensitive)?;
            parameters.push(AssignedParameter {
                object_type,
                name,
                data_type,
                value,
                sensitive,
            });
        }
        Ok(parameters)
    }

    fn assigned_overrides(
        &self,
        tx: &mut dyn Transaction,
        id: ExecutionId,
    ) -> Result<Vec<AssignedOverride>> {
        let rows = tx.query(
            "SELECT property_path, sensitive, property_value FROM execution_property_override_values \
             WHERE execution_id = ?1 ORDER BY property_id",
            params![id],
        )?;
        let mut overrides = Vec::with_capacity(rows.len());
        for mut row in rows {
            let path = row.get()?;
            let sensitive = row.get()?;
            let value = self.unseal(row.get()?, sensitive)?;
            overrides.push(AssignedOverride {
                path,
                value,
                sensitive,
            });
        }
        Ok(overrides)
    }

    /// Renews leases by the store's clock and says of each whether it is held and whether the
    /// package is to stop. A lease that ran out but was not taken back yet is held on.
    pub fn renew(
        &self,
        worker: WorkerId,
        tasks: Vec<TaskKey>,
        lease: Duration,
    ) -> Result<Vec<(TaskKey, Renewal)>> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        self.write(move |tx| {
            let now = tx.now();
            let until = now.checked_add_signed(lease_delta(lease)).unwrap_or(now);
            let mut answers = Vec::with_capacity(tasks.len());
            for task in tasks {
                let renewal = match fence(tx, worker, task) {
                    Ok(held) => {
                        tx.execute(
                            "UPDATE executions SET lease_until = ?2 WHERE execution_id = ?1",
                            params![task.execution_id, until],
                        )?;
                        Renewal::Held {
                            stop: held.status == Status::Stopping,
                        }
                    }
                    Err(Error::Stale { .. }) => Renewal::Lost,
                    Err(error) => return Err(error),
                };
                answers.push((task, renewal));
            }
            Ok(answers)
        })
    }

    /// The package runs: Pending → Running. Repeating it changes nothing.
    pub fn running(&self, worker: WorkerId, task: TaskKey, report: RunningReport) -> Result<()> {
        let changed = self.write(move |tx| {
            let held = fence(tx, worker, task)?;
            let now = tx.now();
            tx.execute(
                "UPDATE execution_attempts SET start_time = COALESCE(start_time, ?3) \
                 WHERE execution_id = ?1 AND attempt = ?2",
                params![task.execution_id, task.attempt, now],
            )?;
            tx.execute(
                "UPDATE operations SET process_id = ?2, machine_name = ?3 WHERE operation_id = ?1",
                params![task.execution_id, report.process_id, &report.machine_name],
            )?;
            tx.execute(
                "UPDATE executions SET total_physical_memory_kb = ?2, \
                 available_physical_memory_kb = ?3, cpu_count = ?4 WHERE execution_id = ?1",
                params![
                    task.execution_id,
                    report.total_physical_memory_kb,
                    report.available_physical_memory_kb,
                    report.cpu_count
                ],
            )?;
            if held.status != Status::Pending {
                return Ok(false);
            }
            let operation = task.execution_id.operation();
            history::set_status(tx, operation, StatusKind::Execution, Status::Running)?;
            Ok(true)
        })?;
        if changed {
            self.tell(&[Change::Execution(task.execution_id, Status::Running)]);
        }
        Ok(())
    }

    /// An attempt ended. All its reports, `reports` of them, must have been stored before.
    /// Repeating the same end by the same worker changes nothing and is not an error.
    pub fn finish(
        &self,
        worker: WorkerId,
        task: TaskKey,
        outcome: Outcome,
        reports: i64,
        reason: Option<String>,
    ) -> Result<()> {
        let changes = self.write(move |tx| {
            let held = match fence(tx, worker, task) {
                Ok(held) => held,
                Err(Error::Stale { .. }) if ended_so(tx, worker, task, outcome)? => {
                    return Ok(Vec::new());
                }
                Err(error) => return Err(error),
            };
            if held.last_number < reports {
                return Err(Error::MessageGap {
                    task,
                    acknowledged: held.last_number,
                    given: reports.saturating_add(1),
                });
            }
            conclude(tx, task, &held, outcome, reason.as_deref())
        })?;
        self.tell(&changes);
        Ok(())
    }

    /// Takes back every lease that has run out: the task is tried again while attempts are left,
    /// otherwise its execution ended unexpectedly. Gives the tasks.
    pub fn sweep(&self) -> Result<Vec<TaskKey>> {
        let due = self.read(|tx| {
            let now = tx.now();
            let sql = "SELECT 1 FROM executions WHERE held = 1 AND lease_until < ?1 LIMIT 1";
            Ok(tx.first(sql, params![now])?.is_some())
        })?;
        if !due {
            return Ok(Vec::new());
        }
        let (tasks, changes) = self.write(|tx| {
            let now = tx.now();
            let rows = tx.query(
                "SELECT execution_id, executed_count, worker_agent_id FROM executions \
                 WHERE held = 1 AND lease_until < ?1 ORDER BY lease_until LIMIT ?2",
                params![now, SWEEP_MAX],
            )?;
            let (mut tasks, mut changes) = (Vec::new(), Vec::new());
            for mut row in rows {
                let task = TaskKey {
                    execution_id: row.get()?,
                    attempt: row.get()?,
                };
                let worker: WorkerId = row.get()?;
                let held = fence(tx, worker, task)?;
                let reason = format!("worker {worker} was lost, its lease has run out");
                changes.extend(conclude(tx, task, &held, Outcome::Lost, Some(&reason))?);
                tasks.push(task);
            }
            Ok((tasks, changes))
        })?;
        self.tell(&changes);
        Ok(tasks)
    }

    /// For a Master that starts: leases that ran out while no Master could renew them are good
    /// for one more interval, so that their workers can hand in what they have.
    pub fn grant_grace(&self, lease: Duration) -> Result<u64> {
        self.write(move |tx| {
            let now = tx.now();
            let until = now.checked_add_signed(lease_delta(lease)).unwrap_or(now);
            Ok(tx.execute(
                "UPDATE executions SET lease_until = ?1 WHERE held = 1 AND lease_until < ?1",
                params![until],
            )?)
        })
    }
}

fn ended_so(
    tx: &mut dyn Transaction,
    worker: WorkerId,
    task: TaskKey,
    outcome: Outcome,
) -> Result<bool> {
    let row = tx.first(
        "SELECT 1 FROM execution_attempts WHERE execution_id = ?1 AND attempt = ?2 \
         AND worker_agent_id = ?3 AND outcome = ?4",
        params![task.execution_id, task.attempt, worker, outcome.status()],
    )?;
    Ok(row.is_some())
}
