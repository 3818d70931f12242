//! Many executions in one transaction: created, given their values, queued. All of them or none.
//!
//! A request may carry a key. What it started is remembered with it, in the same transaction, so
//! that a caller who lost the answer may ask again and nothing starts twice: not after a restart
//! of the Master, nor at another Master. Keys are kept for [`KEYS_KEPT`], the newest
//! [`KEYS_MAX`] of them.

use chrono::TimeDelta;
use packmule_types::Secret;

use crate::catalog::Catalog;
use crate::codes::ParameterScope;
use crate::error::{Error, Result};
use crate::executions::start::Started;
use crate::executions::{create, start};
use crate::ids::{ExecutionId, WorkerId};
use crate::model::{Caller, NewExecution};
use crate::store::{Transaction, params};
use crate::variant::Variant;

/// How long a key is remembered.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(24);
/// Most keys that are remembered; the oldest go first.
const KEYS_MAX: i64 = 10_000;
/// Most executions of one call: they hold up other writers.
const SUBMISSIONS_MAX: usize = 1000;

/// A property to be overridden in one execution.
#[derive(Debug, Clone)]
pub struct NewOverride {
    /// `\Package.Variables[User::Folder].Properties[Value]`
    pub property_path: String,
    /// Its value as text.
    pub property_value: Secret,
    /// Whether it is stored encrypted and never shown.
    pub sensitive: bool,
}

/// An execution with all that is set before its start: what [`Catalog::submit`] takes.
#[derive(Debug, Clone)]
pub struct Submission {
    /// What is executed.
    pub execution: NewExecution,
    /// Object type, name and value of parameters.
    pub parameters: Vec<(ParameterScope, String, Variant)>,
    /// Properties to override.
    pub overrides: Vec<NewOverride>,
    /// The workers that may take it, where the execution is not open to any.
    pub workers: Vec<WorkerId>,
    /// Attempts beyond the first, 0 to 1000.
    pub retry_count: i32,
}

/// Makes a request count once, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The caller's name for the request.
    pub key: String,
    /// Digest of the request: a key does not answer for another one.
    pub digest: [u8; 32],
}

/// What a request started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// One execution for each submission, in their order.
    pub executions: Vec<ExecutionId>,
    /// Whether an earlier request of the same key started them.
    pub repeated: bool,
}

impl Catalog {
    /// Creates and starts executions, all in one transaction: when one is refused, none is
    /// there. Does not wait for their ends, so SYNCHRONIZED is refused.
    pub fn submit(
        &self,
        caller: &Caller,
        submissions: Vec<Submission>,
        key: Option<RequestKey>,
    ) -> Result<Submitted> {
        if submissions.len() > SUBMISSIONS_MAX {
            return Err(Error::Limit {
                what: "the number of executions in one request",
                given: submissions.len() as u64,
                limit: SUBMISSIONS_MAX as u64,
            });
        }
        let (caller, catalog) = (caller.name.clone(), self.clone());
        let (submitted, changes) = self.write(move |tx| {
            if let Some(key) = &key
                && let Some(executions) = remembered(tx, &caller, key)?
            {
                let repeated = true;
                return Ok((
                    Submitted {
                        executions,
                        repeated,
                    },
                    Vec::new(),
                ));
            }
            let mut executions = Vec::with_capacity(submissions.len());
            let mut changes = Vec::with_capacity(2 * submissions.len());
            for submission in &submissions {
                let (id, started) = catalog.submit_one(tx, &caller, submission)?;
                executions.push(id);
                changes.extend(started.changes);
            }
            if let Some(key) = &key {
                remember(tx, &caller, key, &executions)?;
            }
            let repeated = false;
            Ok((
                Submitted {
                    executions,
                    repeated,
                },
                changes,
            ))
        })?;
        self.tell(&changes);
        Ok(submitted)
    }

    fn submit_one(
        &self,
        tx: &mut dyn Transaction,
        caller: &str,
        submission: &Submission,
    ) -> Result<(ExecutionId, Started)> {
        let id = create::create(tx, caller, &submission.execution)?;
        for (scope, name, value) in &submission.parameters {
            self.set_value(tx, id, *scope, name, value)?;
        }
        for over in &submission.overrides {
            self.set_override(tx, id, over)?;
        }
        for worker in &submission.workers {
            create::add_worker(tx, id, *worker)?;
        }
        let started = start::start(tx, id, submission.retry_count)?;
        if started.synchronized {
            return Err(Error::Unsupported {
                what: "the execution parameter SYNCHRONIZED".to_owned(),
                remedy: "follow the execution to its end instead ('packmule execute --wait')",
            });
        }
        Ok((id, started))
    }
}

/// What the key's request started, if it is known.
fn remembered(
    tx: &mut dyn Transaction,
    caller: &str,
    key: &RequestKey,
) -> Result<Option<Vec<ExecutionId>>> {
    let oldest = oldest(tx);
    let row = tx.first(
        "SELECT request_digest, executions FROM execution_requests \
         WHERE caller_name = ?1 AND request_key = ?2 AND created_time > ?3",
        params![caller, &key.key, oldest],
    )?;
    let Some(mut row) = row else {
        return Ok(None);
    };
    if row.get::<Vec<u8>>()? != key.digest {
        return Err(Error::RequestKey);
    }
    let list: String = row.get()?;
    let ids = list
        .split_terminator(',')
        .map(|id| id.parse().map_err(|_| Error::Stored("executions")));
    ids.collect::<Result<_>>().map(Some)
}

fn remember(
    tx: &mut dyn Transaction,
    caller: &str,
    key: &RequestKey,
    executions: &[ExecutionId],
) -> Result<()> {
    let list: Vec<String> = executions.iter().map(ToString::to_string).collect();
    let (now, oldest) = (tx.now(), oldest(tx));
    // first what is too old, the key's own former use too
    tx.execute(
        "DELETE FROM execution_requests WHERE created_time <= ?1",
        params![oldest],
    )?;
    tx.execute(
        "DELETE FROM execution_requests WHERE request_id <= \
         (SELECT MAX(request_id) FROM execution_requests) - ?1",
        params![KEYS_MAX - 1],
    )?;
    tx.execute(
        "INSERT INTO execution_requests (caller_name, request_key, request_digest, executions, \
         created_time) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![caller, &key.key, key.digest.to_vec(), list.join(","), now],
    )?;
    Ok(())
}

fn oldest(tx: &dyn Transaction) -> chrono::DateTime<chrono::Utc> {
    let now = tx.now();
    now.checked_sub_signed(KEYS_KEPT).unwrap_or(now)
}
