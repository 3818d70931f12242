//! Executions: `create_execution`, their values, `start_execution`, `stop_operation`, and the
//! views over them.

use std::time::Duration;

use crate::catalog::Catalog;
use crate::codes::{LoggingLevel, OperationType, ParameterScope};
use crate::error::{Error, Result};
use crate::ids::{ExecutionId, OperationId, TaskKey, WorkerId};
use crate::model::{
    Caller, Change, Execution, ExecutionAttempt, ExecutionFilter, ExecutionParameterValue,
    NewExecution, Outcome, PropertyOverride,
};
use crate::names;
use crate::parameters;
use crate::properties;
use crate::status::{Status, StatusKind};
use crate::store::{Row, SqlValue, StoreError, Transaction, params};
use crate::variant::{ParameterType, Variant};
use crate::{history, projects, workers};

/// Most attempts beyond the first.
const RETRIES_MAX: i32 = 1000;
/// How long a synchronous start waits in all.
const SYNCHRONOUS_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// The options of an execution, object type 50: name, type, default.
const OPTIONS: &[(&str, ParameterType, Option<&str>)] = &[
    ("LOGGING_LEVEL", ParameterType::Int32, None),
    ("CALLER_INFO", ParameterType::String, Some("")),
    ("CUSTOMIZED_LOGGING_LEVEL", ParameterType::String, Some("")),
    ("DUMP_EVENT_CODE", ParameterType::String, Some("0")),
    ("DUMP_ON_ERROR", ParameterType::Boolean, Some("False")),
    ("DUMP_ON_EVENT", ParameterType::Boolean, Some("False")),
    ("SYNCHRONIZED", ParameterType::Boolean, Some("False")),
];

const COLUMNS: &str = "e.execution_id, e.folder_name, e.project_name, e.package_name, \
    e.project_lsn, e.executed_as_name, e.use32bitruntime, o.created_time, e.project_id, o.status, \
    o.start_time, o.end_time, o.caller_name, o.process_id, o.stopped_by_name, o.machine_name, \
    e.worker_agent_id, e.total_physical_memory_kb, e.available_physical_memory_kb, e.cpu_count, \
    e.executed_count, e.retry_count, e.run_in_scaleout, e.use_any_worker, e.logging_level";
const FROM: &str = "executions e JOIN operations o ON o.operation_id = e.execution_id";

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

fn create(tx: &mut dyn Transaction, caller: &str, new: &NewExecution) -> Result<ExecutionId> {
    let project = projects::find(tx, &new.folder_name, &new.project_name)?;
    let package = projects::find_package(tx, &project, &new.package_name)?;
    if !package.entry_point {
        return Err(Error::NotEntryPoint(package.name));
    }
    let scaleout = match new.runinscaleout {
        Some(scaleout) => scaleout,
        None => properties::number(tx, "DEFAULT_EXECUTION_MODE")? == 1,
    };
    let level = properties::logging_level(properties::number(tx, "SERVER_LOGGING_LEVEL")?)?;
    let object = Some((20, project.project_id.0, project.name.as_str()));
    let operation = history::begin(
        tx,
        caller,
        OperationType::Execution,
        object,
        Status::Created,
    )?;
    let id = ExecutionId(operation.0);
    tx.execute(
        "INSERT INTO executions (execution_id, folder_name, project_name, package_name, \
         project_id, project_lsn, content_hash, executed_as_name, use32bitruntime, \
         run_in_scaleout, use_any_worker, retry_count, logging_level, executed_count, queued, \
         held) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, 0, 0, 0)",
        params![
            id,
            &project.folder_name,
            &project.name,
            &package.name,
            project.project_id,
            project.object_version_lsn,
            &project.content_hash,
            caller,
            new.use32bitruntime,
            scaleout,
            new.useanyworker || !scaleout,
            level
        ],
    )?;
    for stored in parameters::of_package(tx, &project, &package)? {
        let (value, set) = stored.effective();
        let value = Value {
            scope: stored.object_type,
            data_type: stored.data_type,
            value: value.map(<[u8]>::to_vec),
            sensitive: stored.sensitive,
            required: stored.required,
            set,
        };
        insert_value(tx, id, &stored.name, value)?;
    }
    for (name, data_type, default) in OPTIONS {
        let default = default.map_or_else(|| level.code().to_string(), str::to_owned);
        let value = Value {
            scope: ParameterScope::Execution,
            data_type: *data_type,
            value: Some(default.into_bytes()),
            sensitive: false,
            required: false,
            set: false,
        };
        insert_value(tx, id, name, value)?;
    }
    Ok(id)
}

struct Value {
    scope: ParameterScope,
    data_type: ParameterType,
    value: Option<Vec<u8>>,
    sensitive: bool,
    required: bool,
    set: bool,
}

fn insert_value(tx: &mut dyn Transaction, id: ExecutionId, name: &str, value: Value) -> Result<()> {
    tx.execute(
        "INSERT INTO execution_parameter_values (execution_id, object_type, parameter_data_type, \
         parameter_name, parameter_value, sensitive, required, value_set, runtime_override) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
        params![
            id,
            value.scope,
            value.data_type.name(),
            name,
            value.value,
            value.sensitive,
            value.required,
            value.set
        ],
    )?;
    Ok(())
}

/// An option's value must have an effect or be refused.
fn check_option(name: &str, text: &str) -> Result<()> {
    let unsupported = |remedy| {
        Err(Error::Unsupported {
            what: format!("the execution parameter {name}"),
            remedy,
        })
    };
    match name {
        "DUMP_ON_ERROR" | "DUMP_ON_EVENT" if text == "True" => {
            unsupported("dumps are not written; leave it at False and read the event messages")
        }
        "CUSTOMIZED_LOGGING_LEVEL" if !text.is_empty() => {
            unsupported("there are no customized logging levels; use LOGGING_LEVEL 0 to 3")
        }
        "LOGGING_LEVEL" => {
            properties::logging_level(text.parse().map_err(|_| Error::Stored("LOGGING_LEVEL"))?)
                .map(|_| ())
        }
        _ => Ok(()),
    }
}

fn start(tx: &mut dyn Transaction, id: ExecutionId, retry_count: i32) -> Result<bool> {
    let found = find(tx, id)?;
    if found.status != Status::Created {
        return Err(Error::AlreadyStarted(id));
    }
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
            project: found.project_name,
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
    Ok(synchronized.as_deref() == Some(b"True"))
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
    /// `create_execution`: status Created, values filled from design and server.
    pub fn create_execution(&self, caller: &Caller, new: NewExecution) -> Result<ExecutionId> {
        let caller = caller.name.clone();
        let id = self.write(move |tx| create(tx, &caller, &new))?;
        self.tell(&[Change::Execution(id, Status::Created)]);
        Ok(id)
    }

    /// `set_execution_parameter_value`; only before the start (27224). Names compare
    /// case-sensitively. `LOGGING_LEVEL` and its like are of object type 50.
    pub fn set_execution_parameter_value(
        &self,
        id: ExecutionId,
        object_type: ParameterScope,
        name: &str,
        value: &Variant,
    ) -> Result<()> {
        let (name, value, catalog) = (name.to_owned(), value.clone(), self.clone());
        self.write(move |tx| {
            if find(tx, id)?.status != Status::Created {
                return Err(Error::ParameterAfterStart(id));
            }
            let row = tx.first(
                "SELECT execution_parameter_id, parameter_data_type, sensitive \
                 FROM execution_parameter_values \
                 WHERE execution_id = ?1 AND object_type = ?2 AND parameter_name = ?3",
                params![id, object_type, &name],
            )?;
            let mut row = row.ok_or_else(|| Error::ParameterNotFound(name.clone()))?;
            let row_id: i64 = row.get()?;
            let data_type = parameters::data_type(&row.get::<String>()?)?;
            let sensitive: bool = row.get()?;
            let text = data_type.canonical(&name, &value)?;
            if object_type == ParameterScope::Execution {
                check_option(&name, &text)?;
                if name == "LOGGING_LEVEL" {
                    let level: i64 = text.parse().map_err(|_| Error::Stored("LOGGING_LEVEL"))?;
                    tx.execute(
                        "UPDATE executions SET logging_level = ?2 WHERE execution_id = ?1",
                        params![id, level],
                    )?;
                }
            }
            tx.execute(
                "UPDATE execution_parameter_values SET parameter_value = ?2, value_set = 1, \
                 runtime_override = 1 WHERE execution_parameter_id = ?1",
                params![row_id, catalog.seal(&text, sensitive)?],
            )?;
            Ok(())
        })
    }

    /// Sets the logging level of an execution.
    pub fn set_execution_logging_level(&self, id: ExecutionId, level: LoggingLevel) -> Result<()> {
        let value = Variant::Integer(level.code().into());
        self.set_execution_parameter_value(id, ParameterScope::Execution, "LOGGING_LEVEL", &value)
    }

    /// `set_execution_property_override_value`; only before the start (27225) [R-CAT-OVERRIDE].
    pub fn set_execution_property_override_value(
        &self,
        id: ExecutionId,
        path: &str,
        value: &str,
        sensitive: bool,
    ) -> Result<()> {
        check_path(path)?;
        let stored = self.seal(value, sensitive)?;
        let path = path.to_owned();
        self.write(move |tx| {
            if find(tx, id)?.status != Status::Created {
                return Err(Error::OverrideAfterStart(id));
            }
            tx.execute(
                "INSERT INTO execution_property_override_values (execution_id, property_path, \
                 property_value, sensitive) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (execution_id, property_path) DO UPDATE SET \
                 property_value = excluded.property_value, sensitive = excluded.sensitive",
                params![id, path, stored, sensitive],
            )?;
            Ok(())
        })
    }

    /// `add_execution_worker`: allows one worker; only with `useanyworker` = 0.
    pub fn add_execution_worker(&self, id: ExecutionId, worker: WorkerId) -> Result<()> {
        self.write(move |tx| {
            let found = find(tx, id)?;
            if !found.run_in_scaleout {
                return Err(Error::NotInScaleOut(id));
            }
            if found.use_any_worker {
                return Err(Error::AnyWorker(id));
            }
            if found.status != Status::Created {
                return Err(Error::AlreadyStarted(id));
            }
            if !workers::is_enabled(tx, worker)? {
                return Err(Error::WorkerDisabled(worker));
            }
            tx.execute(
                "INSERT INTO execution_workers (execution_id, worker_agent_id) VALUES (?1, ?2) \
                 ON CONFLICT DO NOTHING",
                params![id, worker],
            )?;
            Ok(())
        })
    }

    /// `start_execution`: queues it and returns when that is durable; with SYNCHRONIZED when it
    /// has left Pending and Running [R-CAT-SYNC8]. `retry_count` is honoured in Scale Out only.
    pub fn start_execution(&self, id: ExecutionId, retry_count: i32) -> Result<()> {
        if !(0..=RETRIES_MAX).contains(&retry_count) {
            return Err(Error::RetryCount(retry_count));
        }
        let synchronized = self.write(move |tx| start(tx, id, retry_count))?;
        self.tell(&[Change::Execution(id, Status::Pending), Change::Queued(id)]);
        if synchronized {
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
                "SELECT execution_id, attempt, worker_agent_id, execution_instance_guid, \
                 claimed_time, start_time, end_time, outcome, reason FROM execution_attempts \
                 WHERE execution_id = ?1 ORDER BY attempt",
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

/// A property path begins with a backslash and names something; the rest is the run's to judge.
fn check_path(path: &str) -> Result<()> {
    let length = path.chars().count();
    if !path.starts_with('\\') || !(2..=4000).contains(&length) {
        return Err(Error::PropertyPath(path.chars().take(200).collect()));
    }
    Ok(())
}

fn attempt(mut row: Row) -> Result<ExecutionAttempt, StoreError> {
    Ok(ExecutionAttempt {
        execution_id: row.get()?,
        attempt: row.get()?,
        worker_agent_id: row.get()?,
        execution_instance_guid: row.get()?,
        claimed_time: row.get()?,
        start_time: row.get()?,
        end_time: row.get()?,
        outcome: row.get::<Option<Status>>()?.and_then(Outcome::from_status),
        reason: row.get()?,
    })
}
