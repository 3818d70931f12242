//! System variables of packages, containers, tasks and event handlers (control-flow.md 3.2).

use std::sync::Arc;

use packmule_dtsx::model::{Executable, ExecutableKind};
use packmule_runtime::Scope;
use packmule_runtime::events::{Event, EventKind};
use packmule_types::{Value, VariableType as T};

use crate::host::{HostId, ROOT};
use crate::instance::Instance;

/// Version that `System::ProductVersion` shows: the newest whose packages are understood.
const PRODUCT_VERSION: &str = "16.0.0.0";

/// Declares the system variables of all hosts; done once, before anything is evaluated.
pub(crate) fn declare(instance: &Instance) {
    declare_package(instance);
    for id in 0..instance.hosts.len() {
        let executable = instance.executable(id);
        let scope = &instance.host(id).scope;
        let start = Value::Date(instance.services.clock.local_now());
        if id != ROOT {
            scope.declare_system("LocaleID", T::Int32, Value::I4(locale(instance, id)));
        }
        match &executable.kind {
            ExecutableKind::EventHandler { event } => {
                declare_handler(scope, event);
                scope.declare_system("EventHandlerStartTime", T::DateTime, start);
            }
            ExecutableKind::Task(task) => {
                scope.declare_system("ContainerStartTime", T::DateTime, start);
                text(scope, "CreationName", &task.stored_type);
                text(scope, "TaskID", &executable.dtsid);
                text(scope, "TaskName", &executable.name);
                let option = instance.settings(id).transaction_option;
                let option = i32::try_from(option).unwrap_or(1);
                scope.declare_system("TaskTransactionOption", T::Int32, Value::I4(option));
            }
            _ => scope.declare_system("ContainerStartTime", T::DateTime, start),
        }
    }
}

fn text(scope: &Scope, name: &str, value: &str) {
    scope.declare_system(name, T::String, Value::text(value));
}

fn stored(executable: &Executable, name: &str) -> String {
    executable
        .properties
        .text(name)
        .unwrap_or_default()
        .to_owned()
}

fn declare_package(instance: &Instance) {
    let scope = instance.scope();
    let root = instance.executable(ROOT);
    let number = |name: &str| {
        let value = root
            .properties
            .integer(name)
            .and_then(|v| i32::try_from(v).ok());
        Value::I4(value.unwrap_or(0))
    };
    let now = instance.services.clock.local_now();
    let machine = machine_name();
    scope.declare_system("CancelEvent", T::Int32, Value::I4(0));
    scope.declare_system("StartTime", T::DateTime, Value::Date(now));
    let created = packmule_runtime::variables::convert::general(
        &Value::text(stored(root, "CreationDate")),
        T::DateTime,
    );
    let created = created.unwrap_or(Value::Date(now));
    scope.declare_system("CreationDate", T::DateTime, created);
    text(
        scope,
        "CreatorComputerName",
        &stored(root, "CreatorComputerName"),
    );
    text(scope, "CreatorName", &stored(root, "CreatorName"));
    text(scope, "ExecutionInstanceGUID", &instance.guid);
    text(scope, "FailedConfigurations", "");
    scope.declare_system("IgnoreConfigurationsOnLoad", T::Boolean, Value::Bool(false));
    let interactive = Value::Bool(instance.inherited.interactive);
    scope.declare_system("InteractiveMode", T::Boolean, interactive);
    let product = stored(root, "LastModifiedProductVersion");
    text(scope, "LastModifiedProductVersion", &product);
    text(scope, "ProductVersion", PRODUCT_VERSION);
    scope.declare_system("LocaleID", T::Int32, Value::I4(locale(instance, ROOT)));
    text(scope, "MachineName", &machine);
    let offline = root.properties.boolean("OfflineMode").unwrap_or(false);
    scope.declare_system("OfflineMode", T::Boolean, Value::Bool(offline));
    text(scope, "PackageID", &root.dtsid);
    text(scope, "PackageName", &root.name);
    let parent = instance
        .parent
        .as_ref()
        .map(|p| p.instance.executable(p.host).dtsid.clone());
    text(scope, "ParentContainerGUID", &parent.unwrap_or_default());
    let execution = Value::I8(instance.inherited.server_execution_id);
    scope.declare_system("ServerExecutionID", T::Int64, execution);
    text(scope, "UserName", &user_name(&machine));
    scope.declare_system("VersionBuild", T::Int32, number("VersionBuild"));
    scope.declare_system("VersionMajor", T::Int32, number("VersionMajor"));
    scope.declare_system("VersionMinor", T::Int32, number("VersionMinor"));
    // The documentation has the first name, packages that the designer made have the second.
    for name in ["VersionComment", "VersionComments"] {
        text(scope, name, &stored(root, "VersionComments"));
    }
    text(scope, "VersionGUID", &stored(root, "VersionGUID"));
}

/// Name of this computer.
pub(crate) fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost" } else { name }.to_owned()
}

/// `HOST\user`, for Windows' `DOMAIN\user`.
pub(crate) fn user_name(machine: &str) -> String {
    let user = ["USER", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    format!(
        "{machine}\\{}",
        user.unwrap_or_else(|| "packmule".to_owned())
    )
}

/// LocaleID of a host: its own, else the nearest one around it, else the run's default.
pub(crate) fn locale(instance: &Instance, id: HostId) -> i32 {
    let mut here = Some(id);
    while let Some(id) = here {
        if let Ok(own @ 0..) = i32::try_from(instance.settings(id).locale_id) {
            return own;
        }
        here = instance.host(id).parent;
    }
    i32::try_from(instance.services.default_lcid).unwrap_or(1033)
}

fn declare_handler(scope: &Scope, event: &str) {
    scope.declare_plain("System", "Propagate", T::Boolean, Value::Bool(true), false);
    for name in [
        "SourceDescription",
        "SourceID",
        "SourceName",
        "SourceParentGUID",
    ] {
        text(scope, name, "");
    }
    match event {
        "OnError" | "OnWarning" | "OnInformation" => {
            scope.declare_system("ErrorCode", T::Int32, Value::I4(0));
            text(scope, "ErrorDescription", "");
        }
        "OnProgress" => {
            for name in ["PercentComplete", "ProgressCountLow", "ProgressCountHigh"] {
                scope.declare_system(name, T::Int32, Value::I4(0));
            }
            text(scope, "ProgressDescription", "");
        }
        "OnExecStatusChanged" => {
            scope.declare_system("ExecutionStatus", T::Int32, Value::I4(0));
        }
        "OnTaskFailed" | "OnPostExecute" => {
            scope.declare_system("ExecutionValue", T::Object, Value::Null);
            scope.declare_system("ExecutionStatus", T::Int32, Value::I4(0));
        }
        "OnVariableValueChanged" => {
            for name in ["VariableID", "VariableName", "VariableDescription"] {
                text(scope, name, "");
            }
            scope.declare_system("VariableValue", T::Object, Value::Null);
        }
        _ => {}
    }
    if matches!(event, "OnError" | "OnWarning" | "OnQueryCancel") {
        scope.declare_plain("System", "Cancel", T::Boolean, Value::Bool(false), false);
    }
}

/// Fills a handler's system variables for one event.
pub(crate) fn set_event(scope: &Arc<Scope>, instance: &Instance, source: HostId, event: &Event) {
    let executable = instance.executable(source);
    // Of a child package's event the source is the child's executable, not the task.
    let is_own = event.source.id == executable.dtsid;
    let description = if is_own { &executable.description } else { "" };
    for (name, value) in [
        ("SourceDescription", description),
        ("SourceID", &event.source.id),
        ("SourceName", &event.source.name),
        ("SourceParentGUID", &event.source.parent_id),
        ("ErrorDescription", &event.description),
        ("ProgressDescription", &event.description),
    ] {
        scope.set_system(name, Value::text(value));
    }
    scope.set_system("Propagate", Value::Bool(true));
    scope.set_system("Cancel", Value::Bool(false));
    scope.set_system("ErrorCode", Value::I4(event.code.signed()));
    let value = instance.host(source).value.lock().clone();
    scope.set_system("ExecutionValue", value.unwrap_or_default());
    let start = Value::Date(instance.services.clock.local_now());
    scope.set_system("EventHandlerStartTime", start);
    match event.kind {
        EventKind::Progress { percent, count } => {
            let low = (count & 0xFFFF_FFFF) as u32 as i32;
            let high = (count >> 32) as i32;
            scope.set_system("PercentComplete", Value::I4(percent));
            scope.set_system("ProgressCountLow", Value::I4(low));
            scope.set_system("ProgressCountHigh", Value::I4(high));
        }
        EventKind::VariableValueChanged => {
            // The description carries the variable's full name.
            let name = event.description.as_str();
            let owner = &instance.host(source).scope;
            if let Ok(Some(variable)) = owner.find_own(name) {
                scope.set_system("VariableID", Value::text(variable.dtsid.as_str()));
                scope.set_system("VariableName", Value::text(variable.name.as_str()));
                let value = owner.get(name).unwrap_or_default();
                scope.set_system("VariableValue", value);
            }
        }
        _ => {}
    }
}
