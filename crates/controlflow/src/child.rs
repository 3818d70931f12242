//! Child packages: an instance of their own below the Execute Package task.

use std::sync::Arc;

use packmule_dtsx::model::{Package, Project};
use packmule_runtime::{Reported, VariableError};
use packmule_types::Code;

use crate::instance::ParentTask;
use crate::package_run::{ParameterInput, Preparation, Ran, prepare, run_instance};
use crate::result::ExecResult;
use crate::tasks::TaskContext;

/// Packages may call packages this deep.
const DEPTH_MAX: usize = 32;

/// The package to run, and the values for its parameters.
pub(crate) struct ChildPackage {
    pub(crate) package: Arc<Package>,
    pub(crate) project: Option<Arc<Project>>,
    pub(crate) assignments: Vec<(String, ParameterInput)>,
}

/// The value of a variable or parameter for a child's parameter; sensitive stays sensitive.
pub(crate) fn assigned_value(
    context: &TaskContext,
    variable: &str,
) -> Result<ParameterInput, Reported> {
    match context.scope.get(variable) {
        Ok(value) => Ok(ParameterInput::Value(value)),
        Err(VariableError::Sensitive { .. }) => {
            let secret = context.scope.get_secret(variable);
            let secret = secret.map_err(|error| error.report(&context.events))?;
            Ok(ParameterInput::Secret(secret.unwrap_or_default()))
        }
        Err(error) => Err(error.report(&context.events)),
    }
}

/// Runs a child: its own preparation, validation and execution.
pub(crate) fn run(context: &TaskContext, child: ChildPackage) -> Result<ExecResult, Reported> {
    let events = &context.events;
    let parent = &context.instance;
    if parent.depth >= DEPTH_MAX {
        let text = format!("packages call packages more than {DEPTH_MAX} deep");
        let remedy = "a package that calls itself needs an end: a constraint with an expression";
        return Err(events.error_text(Code(0xC002_20E4), text, Some(remedy)));
    }
    let task = ParentTask {
        instance: parent.clone(),
        host: context.host,
        execution_path: parent.execution_path(context.host),
    };
    let preparation = Preparation {
        package: child.package,
        project: child.project,
        services: context.services.clone(),
        parent: Some(task),
        inherited: parent.inherited.clone(),
        parameters: child.assignments,
        sets: Vec::new(),
        connections: Vec::new(),
        execution_id: uuid::Uuid::new_v4(),
    };
    let instance = prepare(preparation).map_err(|error| {
        events.error_text(error.code(), error.to_string(), error.remedy().as_deref())
    })?;
    match run_instance(&instance, false) {
        Ran::Invalid => Err(events.error(Code(0xC001_2050), &[])),
        Ran::Ended(result) => Ok(result),
    }
}
