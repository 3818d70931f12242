//! What a package's data flows lack here, said without running anything.

use packmule_dtsx::finding::{Finding, Reason, Severity};
use packmule_dtsx::model::{Component, ComponentProperty, Executable, ExecutableKind, Pipeline};

use crate::registry::{self, Definition, Place};
use crate::site::unsupported;

/// Components of the product that have no counterpart here, or not yet. Anything else that is
/// unknown is another maker's.
const OWN_PREFIXES: &[&str] = &["Microsoft.", "Attunity.", "DTSTransform.", "DTSAdapter."];

/// What the data flow of a task lacks; nothing for an executable that is no Data Flow Task.
pub fn assess(executable: &Executable) -> Vec<Finding> {
    match &executable.kind {
        ExecutableKind::Task(task) => task
            .pipeline
            .as_ref()
            .map_or_else(Vec::new, assess_pipeline),
        _ => Vec::new(),
    }
}

/// What a data flow lacks.
pub(crate) fn assess_pipeline(pipeline: &Pipeline) -> Vec<Finding> {
    let mut findings = Vec::new();
    for component in &pipeline.components {
        match registry::find(&component.class) {
            Some(definition) => findings.extend(unknown_properties(component, definition)),
            None => findings.push(unknown_component(component)),
        }
    }
    findings
}

fn unknown_component(component: &Component) -> Finding {
    let class = &component.class;
    let script = class.contains("ScriptComponent");
    let own = OWN_PREFIXES.iter().any(|p| class.starts_with(p));
    let reason = if script {
        Reason::Script
    } else if own {
        Reason::UnsupportedComponent
    } else {
        Reason::ThirdParty
    };
    let message = format!(
        "the component '{}' of class '{class}' is not supported",
        component.name
    );
    let remedy = "disable the Data Flow Task, or replace the component";
    unsupported(component, reason, None, message, remedy)
}

/// Properties that a component has in the package and not in the registry: reported, never
/// dropped silently.
fn unknown_properties(component: &Component, definition: &Definition) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut look = |place: Place, properties: &[ComponentProperty]| {
        for property in properties {
            let known = definition
                .properties
                .iter()
                .any(|p| p.place == place && p.name == property.name);
            if !known && !COMMON.contains(&property.name.as_str()) {
                let message = format!(
                    "the property '{}' of a {} is not known and has no effect",
                    property.name, definition.name
                );
                findings.push(Finding {
                    severity: Severity::Warning,
                    location: property.location.clone(),
                    ..unsupported(
                        component,
                        Reason::UnsupportedProperty,
                        Some(&property.name),
                        message,
                        "check whether the package depends on it",
                    )
                });
            }
        }
    };
    look(Place::Component, &component.properties);
    for input in &component.inputs {
        look(Place::Input, &input.properties);
        for column in &input.columns {
            look(Place::InputColumn, &column.properties);
        }
        for column in &input.external_columns {
            look(Place::ExternalColumn, &column.properties);
        }
    }
    for output in &component.outputs {
        look(Place::Output, &output.properties);
        for column in &output.columns {
            look(Place::OutputColumn, &column.properties);
        }
        for column in &output.external_columns {
            look(Place::ExternalColumn, &column.properties);
        }
    }
    findings
}

/// Properties that any component may carry and that say nothing about rows.
const COMMON: &[&str] = &["UserComponentTypeName"];
