//! Which properties an object has that may be set from outside or by an expression.
//!
//! A value that nothing reads would be skipped silently, so every name is looked up here before
//! a value is written. Names are the API's, in their exact letter case.

use packmule_connections::managers;
use packmule_dataflow::registry::{self as components, Place};
use packmule_dtsx::model::{Component, Executable, ExecutableKind, Package, Project};
use packmule_dtsx::{NodeId, PathTarget, TargetKind};

use crate::registry;

/// Properties of every executable that have an effect, and its Description, which has none in
/// SSIS either.
const COMMON: &[&str] = &[
    "DelayValidation",
    "Description",
    "Disable",
    "DisableEventHandlers",
    "ExecValueVariable",
    "FailPackageOnFailure",
    "FailParentOnFailure",
    "ForceExecutionResult",
    "ForceExecutionValue",
    "ForcedExecutionValue",
    "LocaleID",
    "LoggingMode",
    "MaximumErrorCount",
    "TransactionOption",
];

/// What only packages have; OfflineMode is read-only in SSIS too.
const PACKAGE: &[&str] = &[
    "CheckpointFileName",
    "CheckpointUsage",
    "EnableConfigurations",
    "MaxConcurrentExecutables",
    "SaveCheckpoints",
    "SuppressConfigurationWarnings",
];

const FOR_LOOP: &[&str] = &["AssignExpression", "EvalExpression", "InitExpression"];

/// The property by which outputs and columns take expressions.
const OF_COLUMNS: &str = "FriendlyExpression";

/// The names of the properties that the object of a path has; `None` where the object as a whole
/// is not supported: it is refused by validation, unless it is disabled.
pub(crate) fn known(
    package: &Package,
    project: Option<&Project>,
    target: &PathTarget,
) -> Option<Vec<&'static str>> {
    let node = target.node;
    match target.kind {
        TargetKind::Executable => {
            find_executable(&package.root, &|e| e.node == node).and_then(of_executable)
        }
        TargetKind::Enumerator => {
            let is_it = |e: &Executable| matches!(&e.kind, ExecutableKind::ForeachLoop(f) if f.enumerator.node == node);
            let found = find_executable(&package.root, &is_it)?;
            let ExecutableKind::ForeachLoop(foreach) = &found.kind else {
                return None;
            };
            let kind = registry::enumerator(&foreach.enumerator.type_name)?;
            Some(kind.properties.iter().map(|p| p.name).collect())
        }
        TargetKind::ConnectionManager | TargetKind::ProjectConnectionManager => {
            let mut all = packmule_connections::connections::all_managers(package, project);
            let manager = all.find(|m| m.node == node)?;
            let kind = managers::kind(&manager.type_name).filter(|k| k.refused.is_none())?;
            let own = kind.properties.iter().map(|p| p.name);
            Some(
                own.chain(managers::COMMON_PROPERTIES.iter().copied())
                    .collect(),
            )
        }
        TargetKind::LogProvider => Some(vec!["ConfigString", "Description"]),
        TargetKind::Component | TargetKind::ComponentEnd | TargetKind::Column => {
            of_component(find_component(package, node)?, node)
        }
        TargetKind::Variable => Some(vec![
            "EvaluateAsExpression",
            "Expression",
            "ReadOnly",
            "Value",
        ]),
        _ => Some(vec!["Value"]),
    }
}

/// The properties of an executable.
pub(crate) fn of_executable(executable: &Executable) -> Option<Vec<&'static str>> {
    let own: Vec<&'static str> = match &executable.kind {
        ExecutableKind::Package => PACKAGE.to_vec(),
        ExecutableKind::ForLoop => FOR_LOOP.to_vec(),
        ExecutableKind::Task(task) => {
            let found = registry::task(&task.type_name)?;
            found.properties.iter().map(|p| p.name).collect()
        }
        _ => Vec::new(),
    };
    Some(COMMON.iter().copied().chain(own).collect())
}

fn find_executable<'a>(
    root: &'a Executable,
    is_it: &dyn Fn(&Executable) -> bool,
) -> Option<&'a Executable> {
    let mut open = vec![root];
    while let Some(here) = open.pop() {
        if is_it(here) {
            return Some(here);
        }
        open.extend(here.children.iter().chain(&here.event_handlers));
    }
    None
}

/// The component that a node is, or that it belongs to.
fn find_component(package: &Package, node: NodeId) -> Option<&Component> {
    let has_it = |c: &&Component| c.node == node || place_of(c, node).is_some();
    let components = |e: &'_ Executable| match &e.kind {
        ExecutableKind::Task(task) => task
            .pipeline
            .as_ref()
            .is_some_and(|p| p.components.iter().any(|c| has_it(&c))),
        _ => false,
    };
    match &find_executable(&package.root, &components)?.kind {
        ExecutableKind::Task(task) => task.pipeline.as_ref()?.components.iter().find(has_it),
        _ => None,
    }
}

/// What of a component a node is; `None` for the component itself and what is not its own.
fn place_of(component: &Component, node: NodeId) -> Option<Place> {
    for input in &component.inputs {
        if input.node == node {
            return Some(Place::Input);
        }
        if input.columns.iter().any(|c| c.node == node) {
            return Some(Place::InputColumn);
        }
    }
    for output in &component.outputs {
        if output.node == node {
            return Some(Place::Output);
        }
        if output.columns.iter().any(|c| c.node == node) {
            return Some(Place::OutputColumn);
        }
    }
    None
}

fn of_component(component: &Component, node: NodeId) -> Option<Vec<&'static str>> {
    let definition = components::find(&component.class)?;
    let place = place_of(component, node).unwrap_or(Place::Component);
    let all = definition.properties.iter().filter(|p| p.place == place);
    Some(
        all.map(|p| p.name)
            .filter(|name| place == Place::Component || *name == OF_COLUMNS)
            .collect(),
    )
}
