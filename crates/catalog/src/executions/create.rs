//! `create_execution`, and what may be set between it and the start: values of parameters,
//! overrides of properties, the logging level, the workers that may take it.

use packmule_types::Secret;

use crate::catalog::Catalog;
use crate::codes::{LoggingLevel, OperationType, ParameterScope};
use crate::error::{Error, Result};
use crate::executions::find;
use crate::executions::submit::NewOverride;
use crate::ids::{ExecutionId, WorkerId};
use crate::model::{Caller, Change, NewExecution};
use crate::parameters;
use crate::properties;
use crate::status::Status;
use crate::store::{Transaction, params};
use crate::variant::{ParameterType, Variant};
use crate::{history, projects, workers};

/// The option that sets how much is stored.
const LOGGING_LEVEL: &str = "LOGGING_LEVEL";

/// The options of an execution, object type 50: name, type, default.
const OPTIONS: &[(&str, ParameterType, Option<&str>)] = &[
    (LOGGING_LEVEL, ParameterType::Int32, None),
    ("CALLER_INFO", ParameterType::String, Some("")),
    ("CUSTOMIZED_LOGGING_LEVEL", ParameterType::String, Some("")),
    ("DUMP_EVENT_CODE", ParameterType::String, Some("0")),
    ("DUMP_ON_ERROR", ParameterType::Boolean, Some("False")),
    ("DUMP_ON_EVENT", ParameterType::Boolean, Some("False")),
    ("SYNCHRONIZED", ParameterType::Boolean, Some("False")),
];

pub(crate) fn create(
    tx: &mut dyn Transaction,
    caller: &str,
    new: &NewExecution,
) -> Result<ExecutionId> {
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
        LOGGING_LEVEL => {
            properties::logging_level(text.parse().map_err(|_| Error::Stored(LOGGING_LEVEL))?)
                .map(|_| ())
        }
        _ => Ok(()),
    }
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
        self.write(move |tx| catalog.set_value(tx, id, object_type, &name, &value))
    }

    pub(crate) fn set_value(
        &self,
        tx: &mut dyn Transaction,
        id: ExecutionId,
        object_type: ParameterScope,
        name: &str,
        value: &Variant,
    ) -> Result<()> {
        if find(tx, id)?.status != Status::Created {
            return Err(Error::ParameterAfterStart(id));
        }
        let row = tx.first(
            "SELECT execution_parameter_id, parameter_data_type, sensitive \
             FROM execution_parameter_values \
             WHERE execution_id = ?1 AND object_type = ?2 AND parameter_name = ?3",
            params![id, object_type, name],
        )?;
        let mut row = row.ok_or_else(|| Error::ParameterNotFound(name.to_owned()))?;
        let row_id: i64 = row.get()?;
        let data_type = parameters::data_type(&row.get::<String>()?)?;
        let sensitive: bool = row.get()?;
        let text = data_type.canonical(name, value)?;
        if object_type == ParameterScope::Execution {
            check_option(name, &text)?;
            if name == LOGGING_LEVEL {
                let level: i64 = text.parse().map_err(|_| Error::Stored(LOGGING_LEVEL))?;
                tx.execute(
                    "UPDATE executions SET logging_level = ?2 WHERE execution_id = ?1",
                    params![id, level],
                )?;
            }
        }
        tx.execute(
            "UPDATE execution_parameter_values SET parameter_value = ?2, value_set = 1, \
             runtime_override = 1 WHERE execution_parameter_id = ?1",
            params![row_id, self.seal(&text, sensitive)?],
        )?;
        Ok(())
    }

    /// Sets the logging level of an execution.
    pub fn set_execution_logging_level(&self, id: ExecutionId, level: LoggingLevel) -> Result<()> {
        let value = Variant::Integer(level.code().into());
        self.set_execution_parameter_value(id, ParameterScope::Execution, LOGGING_LEVEL, &value)
    }

    /// `set_execution_property_override_value`; only before the start (27225) [R-CAT-OVERRIDE].
    pub fn set_execution_property_override_value(
        &self,
        id: ExecutionId,
        path: &str,
        value: &str,
        sensitive: bool,
    ) -> Result<()> {
        let over = NewOverride {
            property_path: path.to_owned(),
            property_value: Secret::new(value),
            sensitive,
        };
        let catalog = self.clone();
        self.write(move |tx| catalog.set_override(tx, id, &over))
    }

    pub(crate) fn set_override(
        &self,
        tx: &mut dyn Transaction,
        id: ExecutionId,
        over: &NewOverride,
    ) -> Result<()> {
        check_path(&over.property_path)?;
        if find(tx, id)?.status != Status::Created {
            return Err(Error::OverrideAfterStart(id));
        }
        let stored = self.seal(over.property_value.reveal(), over.sensitive)?;
        tx.execute(
            "INSERT INTO execution_property_override_values (execution_id, property_path, \
             property_value, sensitive) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (execution_id, property_path) DO UPDATE SET \
             property_value = excluded.property_value, sensitive = excluded.sensitive",
            params![id, &over.property_path, stored, over.sensitive],
        )?;
        Ok(())
    }

    /// `add_execution_worker`: allows one worker; only with `useanyworker` = 0.
    pub fn add_execution_worker(&self, id: ExecutionId, worker: WorkerId) -> Result<()> {
        self.write(move |tx| add_worker(tx, id, worker))
    }
}

pub(crate) fn add_worker(
    tx: &mut dyn Transaction,
    id: ExecutionId,
    worker: WorkerId,
) -> Result<()> {
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
}

/// A property path begins with a backslash and names something; the rest is the run's to judge.
fn check_path(path: &str) -> Result<()> {
    let length = path.chars().count();
    if !path.starts_with('\\') || !(2..=4000).contains(&length) {
        return Err(Error::PropertyPath(path.chars().take(200).collect()));
    }
    Ok(())
}
