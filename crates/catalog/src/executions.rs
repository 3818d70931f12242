//! Executions as callers see them: the views over them. How they come to be and end:
//!
//! | module | is |
//! | --- | --- |
//! | [`create`] | `create_execution` and the values that may be set before the start |
//! | [`start`] | `start_execution`, `stop_operation` |
//! | [`submit`] | all of it for many executions in one transaction |

pub(crate) mod create;
pub(crate) mod start;
pub(crate) mod submit;

use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::ids::{ExecutionId, WorkerId};
use crate::model::{
    Execution, ExecutionAttempt, ExecutionFilter, ExecutionParameterValue, Outcome,
    PropertyOverride,
};
use crate::names;
use crate::parameters;
use crate::status::Status;
use crate::store::{Row, SqlValue, StoreError, Transaction, params};

const COLUMNS: &str = "e.execution_id, e.folder_name, e.project_name, e.package_name, \
    e.project_lsn, e.executed_as_name, e.use32bitruntime, o.created_time, e.project_id, o.status, \
    o.start_time, o.end_time, o.caller_name, o.process_id, o.stopped_by_name, o.machine_name, \
    e.worker_agent_id, w.display_name, e.total_physical_memory_kb, e.available_physical_memory_kb, e.cpu_count, \
    e.executed_count, e.retry_count, e.run_in_scaleout, e.use_any_worker, e.logging_level";
const FROM: &str = "executions e JOIN operations o ON o.operation_id = e.execution_id \
    LEFT JOIN worker_agents w ON w.worker_agent_id = e.worker_agent_id";

fn execution(mut row: Row) -> Result<Execution, StoreError> {
    Ok(Execution {
        execution_id: row.get()?,
        folder_name: row.get()?,
        project_name: row.get()?,
        package_name: row.get()?,
        project_lsn: row.get()?,
        executed_as_name: row.get()?,
        use32bitruntime: row.get()?,
        created_time: row.get()?,
        object_id: row.get()?,
        status: row.get()?,
        start_time: row.get()?,
        end_time: row.get()?,
        caller_name: row.get()?,
        process_id: row.get()?,
        stopped_by_name: row.get()?,
        machine_name: row.get()?,
        worker_agent_id: row.get()?,
        worker_name: row.get()?,
        total_physical_memory_kb: row.get()?,
        available_physical_memory_kb: row.get()?,
        cpu_count: row.get()?,
        executed_count: row.get()?,
        retry_count: row.get()?,
        run_in_scaleout: row.get()?,
        use_any_worker: row.get()?,
        logging_level: row.get()?,
    })
}

/// One execution.
pub(crate) fn find(tx: &mut dyn Transaction, id: ExecutionId) -> Result<Execution> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE e.execution_id = ?1");
    let row = tx
        .first(&sql, params![id])?
        .ok_or(Error::ExecutionNotFound(id))?;
    Ok(execution(row)?)
}

impl Catalog {
    /// `catalog.executions`, newest first.
    pub fn executions(&self, filter: &ExecutionFilter) -> Result<Vec<Execution>> {
        self.read(|tx| {
            let mut sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE 1 = 1");
            let mut values: Vec<SqlValue> = Vec::new();
            let names = [
                ("e.folder_name", &filter.folder_name),
                ("e.project_name", &filter.project_name),
                ("e.package_name", &filter.package_name),
            ];
            for (column, wanted) in names {
                if let Some(wanted) = wanted {
                    let wanted = match column {
                        "e.package_name" => format!("{}.dtsx", names::package_key(wanted)),
                        _ => names::key(wanted),
                    };
                    values.push(wanted.into());
                    sql.push_str(&format!(" AND LOWER({column}) = ?{}", values.len()));
                }
            }
            if !filter.status.is_empty() {
                let codes: Vec<String> =
                    filter.status.iter().map(|s| s.code().to_string()).collect();
                sql.push_str(&format!(" AND o.status IN ({})", codes.join(", ")));
            }
            if let Some(before) = filter.before {
                values.push(before.into());
                sql.push_str(&format!(" AND e.execution_id < ?{}", values.len()));
            }
            let limit = if filter.limit == 0 {
                100
            } else {
                filter.limit.min(1000)
            };
            values.push((limit as i64).into());
            sql.push_str(&format!(
                " ORDER BY e.execution_id DESC LIMIT ?{}",
                values.len()
            ));
            let rows = tx.query(&sql, &values)?;
            Ok(rows.into_iter().map(execution).collect::<Result<_, _>>()?)
        })
    }

    /// These executions, in this order; 27103 when one of them does not exist.
    pub fn executions_of(&self, ids: &[ExecutionId]) -> Result<Vec<Execution>> {
        self.read(|tx| ids.iter().map(|id| find(tx, *id)).collect())
    }

    /// One execution.
    pub fn execution(&self, id: ExecutionId) -> Result<Execution> {
        self.read(|tx| find(tx, id))
    }

    /// The status of an execution.
    pub fn execution_status(&self, id: ExecutionId) -> Result<Status> {
        self.read(|tx| Ok(find(tx, id)?.status))
    }

    /// Why an execution waits, in words; `None` when it does not wait for a worker.
    pub fn waiting_reason(&self, id: ExecutionId) -> Result<Option<String>> {
        let found = self.execution(id)?;
        if found.status != Status::Pending {
            return Ok(None);
        }
        let chosen = self.execution_workers(id)?;
        let all = self.worker_agents()?;
        let candidates: Vec<_> = all
            .into_iter()
            .filter(|w| found.use_any_worker || chosen.contains(&w.worker_agent_id))
            .collect();
        let disabled = candidates.iter().filter(|w| !w.is_enabled).count();
        let offline = candidates
            .iter()
            .filter(|w| w.is_enabled && !w.is_online)
            .count();
        let full = candidates
            .iter()
            .filter(|w| w.is_enabled && w.is_online && w.slots_used >= w.slots)
            .count();
        let kind = if found.use_any_worker {
            "registered"
        } else {
            "chosen"
        };
        Ok(Some(format!(
            "{} {kind}, {disabled} disabled, {offline} offline, {full} busy",
            candidates.len()
        )))
    }

    /// The workers chosen for an execution; empty with `useanyworker`.
    pub fn execution_workers(&self, id: ExecutionId) -> Result<Vec<WorkerId>> {
        self.read(|tx| {
            let sql = "SELECT worker_agent_id FROM execution_workers WHERE execution_id = ?1 \
                       ORDER BY worker_agent_id";
            let rows = tx.query(sql, params![id])?;
            Ok(rows
                .into_iter()
                .map(|mut row| row.get())
                .collect::<Result<_, _>>()?)
        })
    }

    /// The attempts at an execution, in order.
    pub fn execution_attempts(&self, id: ExecutionId) -> Result<Vec<ExecutionAttempt>> {
        self.read(|tx| {
            find(tx, id)?;
            let rows = tx.query(
                "SELECT a.execution_id, a.attempt, a.worker_agent_id, w.display_name, \
                 a.execution_instance_guid, a.claimed_time, a.start_time, a.end_time, \
                 a.outcome, a.reason FROM execution_attempts a LEFT JOIN worker_agents w \
                 ON w.worker_agent_id = a.worker_agent_id \
                 WHERE a.execution_id = ?1 ORDER BY a.attempt",
                params![id],
            )?;
            Ok(rows.into_iter().map(attempt).collect::<Result<_, _>>()?)
        })
    }

    /// `catalog.execution_parameter_values`
    pub fn execution_parameter_values(
        &self,
        id: ExecutionId,
    ) -> Result<Vec<ExecutionParameterValue>> {
        self.read(|tx| {
            find(tx, id)?;
            let rows = tx.query(
                "SELECT execution_parameter_id, object_type, parameter_data_type, parameter_name, \
                 parameter_value, sensitive, required, value_set, runtime_override \
                 FROM execution_parameter_values WHERE execution_id = ?1 \
                 ORDER BY execution_parameter_id",
                params![id],
            )?;
            rows.into_iter()
                .map(|row| self.parameter_value(id, row))
                .collect()
        })
    }

    fn parameter_value(&self, id: ExecutionId, mut row: Row) -> Result<ExecutionParameterValue> {
        let execution_parameter_id = row.get()?;
        let object_type = row.get()?;
        let data_type = parameters::data_type(&row.get::<String>()?)?;
        let parameter_name = row.get()?;
        let value: Option<Vec<u8>> = row.get()?;
        let sensitive = row.get()?;
        Ok(ExecutionParameterValue {
            execution_parameter_id,
            execution_id: id,
            object_type,
            parameter_data_type: data_type,
            parameter_name,
            parameter_value: self.shown(data_type, sensitive, value.as_deref())?,
            sensitive,
            required: row.get()?,
            value_set: row.get()?,
            runtime_override: row.get()?,
        })
    }

    /// `catalog.execution_property_override_values`
    pub fn execution_property_overrides(&self, id: ExecutionId) -> Result<Vec<PropertyOverride>> {
        self.read(|tx| {
            find(tx, id)?;
            let rows = tx.query(
                "SELECT property_id, property_path, property_value, sensitive \
                 FROM execution_property_override_values WHERE execution_id = ?1 \
                 ORDER BY property_id",
                params![id],
            )?;
            let read = |mut row: Row| -> Result<PropertyOverride> {
                let (property_id, property_path) = (row.get()?, row.get()?);
                let value: Vec<u8> = row.get()?;
                let sensitive = row.get()?;
                let property_value = if sensitive {
                    None
                } else {
                    Some(self.unseal(value, false)?.reveal().to_owned())
                };
                Ok(PropertyOverride {
                    property_id,
                    execution_id: id,
                    property_path,
                    property_value,
                    sensitive,
                })
            };
            rows.into_iter().map(read).collect()
        })
    }
}

fn attempt(mut row: Row) -> Result<ExecutionAttempt, StoreError> {
    Ok(ExecutionAttempt {
        execution_id: row.get()?,
        attempt: row.get()?,
        worker_agent_id: row.get()?,
        worker_name: row.get()?,
        execution_instance_guid: row.get()?,
        claimed_time: row.get()?,
        start_time: row.get()?,
        end_time: row.get()?,
        outcome: row.get::<Option<Status>>()?.and_then(Outcome::from_status),
        reason: row.get()?,
    })
}
