//! Tasks, one file each; the list is in [`crate::registry`].

pub(crate) mod data_flow;
pub(crate) mod execute_package;
pub(crate) mod execute_sql;
pub(crate) mod expression_task;
pub(crate) mod file_system;
pub(crate) mod ftp;
pub(crate) mod script;
pub(crate) mod send_mail;

use std::sync::Arc;

use packmule_connections::Connections;
use packmule_dtsx::model::{Element, Executable, ExecutableKind, Task};
use packmule_runtime::{Cancel, Events, Overlay, Reported, Scope, Services};
use packmule_types::{Code, Value};

use crate::host::HostId;
use crate::instance::Instance;
use crate::registry;

/// What one start of a task is given.
pub(crate) struct TaskContext {
    pub(crate) instance: Arc<Instance>,
    pub(crate) host: HostId,
    pub(crate) events: Events,
    /// The task's scope.
    pub(crate) scope: Arc<Scope>,
    /// The run's services with the cancel flag of this start.
    pub(crate) services: Services,
}

impl TaskContext {
    pub(crate) fn new(
        instance: &Arc<Instance>,
        host: HostId,
        events: Events,
        cancel: Cancel,
    ) -> Self {
        Self {
            instance: instance.clone(),
            host,
            events,
            scope: instance.host(host).scope.clone(),
            services: Services {
                cancel,
                ..instance.services.clone()
            },
        }
    }

    pub(crate) fn executable(&self) -> &Executable {
        self.instance.executable(self.host)
    }

    pub(crate) fn overlay(&self) -> &Arc<Overlay> {
        &self.instance.overlay
    }

    pub(crate) fn connections(&self) -> &Arc<Connections> {
        &self.instance.connections
    }

    /// The task in the model; hosts of another kind have no task context.
    pub(crate) fn task(&self) -> Option<&Task> {
        task_of(self.executable())
    }
}

/// The task of an executable, if it is one.
pub(crate) fn task_of(executable: &Executable) -> Option<&Task> {
    match &executable.kind {
        ExecutableKind::Task(task) => Some(task),
        _ => None,
    }
}

/// The element inside `ObjectData` of a task's executable.
pub(crate) fn data_of(executable: &Executable) -> Option<&Element> {
    task_of(executable)?.data.as_ref()
}

/// Validates a task; one of an unsupported type is refused by name.
pub(crate) fn validate(context: &TaskContext) -> Result<(), Reported> {
    let type_name = context
        .task()
        .map(|t| t.type_name.as_str())
        .unwrap_or_default();
    match registry::task(type_name) {
        Some(found) => (found.validate)(context),
        None => {
            let (_, text, remedy) = registry::unsupported_task(type_name);
            let text = format!("{text} ({})", context.executable().location);
            Err(context
                .events
                .error_text(Code(0xC001_0026), text, Some(&remedy)))
        }
    }
}

/// Runs a task that has been validated.
pub(crate) fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let type_name = context
        .task()
        .map(|t| t.type_name.as_str())
        .unwrap_or_default();
    match registry::task(type_name) {
        Some(found) => (found.execute)(context),
        None => Err(Reported),
    }
}
