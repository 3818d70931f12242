//! What keeps a package from running, found without running it.

use packmule_dtsx::finding::{Finding, Reason, Severity};
use packmule_dtsx::model::{
    ConnectionManager, Element, Executable, ExecutableKind, Package, Project, Task,
};
use packmule_runtime::Overlay;
use packmule_scripts::project;
use packmule_scripts::{Script, Scripts};
use packmule_types::Code;

use crate::host::HostSettings;
use crate::log_providers;
use crate::registry;
use crate::settings::finding;

/// All reasons why a package would not run, or not as meant. Disabled executables are left out,
/// and connection managers that nothing enabled uses. `scripts` looks through the scripts: each
/// reference is resolved, nothing is run.
pub fn assess(package: &Package, project: Option<&Project>, scripts: &Scripts) -> Vec<Finding> {
    let mut findings = Vec::new();
    executable(&package.root, scripts, &mut findings);
    for provider in log_providers::selected(package, None) {
        if log_providers::provider_type(provider).is_none() {
            findings.push(finding(
                Severity::Error,
                Reason::UnsupportedLogProvider,
                &format!("{}.LogProviders[{}]", package.root.ref_id, provider.name),
                &provider.location,
                format!(
                    "log providers of type {} are not supported",
                    provider.type_name
                ),
                Some(log_providers::UNSUPPORTED_REMEDY),
            ));
        }
    }
    let root = &package.root;
    if root.properties.boolean("SaveCheckpoints").unwrap_or(false) {
        let mut found = finding(
            Severity::Error,
            Reason::UnsupportedProperty,
            &root.ref_id,
            &root.location,
            "checkpoints are not supported yet",
            Some("set SaveCheckpoints to False"),
        );
        found.property = Some("SaveCheckpoints".to_owned());
        findings.push(found);
    }
    let of_project = project
        .map(|p| p.connection_managers.as_slice())
        .unwrap_or_default();
    let managers: Vec<_> = package
        .connection_managers
        .iter()
        .chain(of_project)
        .collect();
    missing_managers(root, &managers, project.is_some(), &mut findings);
    for manager in managers {
        if is_used(package, manager) {
            findings.extend(packmule_connections::managers::assess(manager));
        }
    }
    findings
}

fn is_disabled(executable: &Executable) -> bool {
    // An expression may enable it again, so a disabled one with such an expression counts.
    let by_expression = executable
        .property_expressions
        .iter()
        .any(|e| e.property == "Disable");
    !by_expression && executable.properties.boolean("Disabled").unwrap_or(false)
}

fn executable(here: &Executable, scripts: &Scripts, findings: &mut Vec<Finding>) {
    if is_disabled(here) {
        return;
    }
    let overlay = Overlay::new();
    let (settings, problems) = HostSettings::read(here, &overlay);
    findings.extend(problems);
    if settings.transaction_option == 2 {
        let mut found = finding(
            Severity::Error,
            Reason::UnsupportedProperty,
            &here.ref_id,
            &here.location,
            "transactions of several tasks are not supported: there is no coordinator here",
            Some("use BEGIN TRANSACTION and COMMIT on a connection with RetainSameConnection"),
        );
        found.property = Some("TransactionOption".to_owned());
        findings.push(found);
    }
    match &here.kind {
        ExecutableKind::Task(task) => match registry::task(&task.type_name) {
            Some(found) => {
                findings.extend((found.settings)(here, &overlay));
                scripts_of(here, task, scripts, findings);
            }
            None => {
                let (reason, text, remedy) = registry::unsupported_task(&task.type_name);
                let (place, location) = (&here.ref_id, &here.location);
                let severity = Severity::Error;
                findings.push(finding(
                    severity,
                    reason,
                    place,
                    location,
                    text,
                    Some(&remedy),
                ));
            }
        },
        ExecutableKind::ForeachLoop(foreach) => {
            let enumerator = &foreach.enumerator;
            let place = format!("{}.ForEachEnumerator", here.ref_id);
            match registry::enumerator(&enumerator.type_name) {
                Some(found) => findings.extend((found.settings)(enumerator, &overlay, &place)),
                None => {
                    let (text, remedy) = registry::unsupported_enumerator(&enumerator.type_name);
                    findings.push(finding(
                        Severity::Error,
                        Reason::UnsupportedEnumerator,
                        &place,
                        &enumerator.location,
                        text,
                        Some(&remedy),
                    ));
                }
            }
        }
        _ => {}
    }
    expressions(here, findings);
    for below in here.children.iter().chain(&here.event_handlers) {
        executable(below, scripts, findings);
    }
}

/// What the scripts of a task or of its data flow lack.
fn scripts_of(here: &Executable, task: &Task, scripts: &Scripts, findings: &mut Vec<Finding>) {
    if task.type_name == project::TASK_TYPE {
        let script = Script::of_task(here).0;
        findings.extend(script.iter().flat_map(|s| scripts.check(s)));
    }
    let components = task.pipeline.iter().flat_map(|p| &p.components);
    for component in components.filter(|c| c.class == project::COMPONENT_CLASS) {
        let script = Script::of_component(component, &component.ref_id).0;
        findings.extend(script.iter().flat_map(|s| scripts.check(s)));
    }
}

/// Expressions that do not parse.
fn expressions(here: &Executable, findings: &mut Vec<Finding>) {
    let properties = here.property_expressions.iter();
    let constraints = here
        .constraints
        .iter()
        .filter(|c| c.evaluation_operation != 2);
    let texts = properties
        .map(|e| (e.property.as_str(), e.expression.as_str(), &e.location))
        .chain(constraints.map(|c| (c.name.as_str(), c.expression.as_str(), &c.location)));
    for (property, text, location) in texts {
        if let Err(error) = packmule_expression::parse(text) {
            let mut found = finding(
                Severity::Error,
                Reason::Expression,
                &here.ref_id,
                location,
                error.to_string(),
                None,
            );
            found.code = Some(error.code);
            found.property = Some(property.to_owned());
            findings.push(found);
        }
    }
}

/// Connection managers that are named and that neither package nor project has.
fn missing_managers(
    here: &Executable,
    managers: &[&ConnectionManager],
    has_project: bool,
    findings: &mut Vec<Finding>,
) {
    if is_disabled(here) {
        return;
    }
    let is_there = |text: &str| managers.iter().any(|manager| names(text, manager));
    let mut missing = |text: &str, place: &str, location| {
        let remedy = if has_project {
            "assign a connection manager that is there, or add the one that is missing"
        } else {
            "assess or run the package with its project, or assign a connection manager that is \
             there"
        };
        let mut found = finding(
            Severity::Error,
            Reason::DanglingReference,
            place,
            location,
            format!("the connection manager {text} is not there"),
            Some(remedy),
        );
        found.code = Some(Code(0xC001_000E));
        findings.push(found);
    };
    if let ExecutableKind::Task(task) = &here.kind {
        for component in task.pipeline.iter().flat_map(|p| &p.components) {
            for connection in &component.connections {
                let named = [&connection.manager_id, &connection.manager_ref_id];
                let named = named.map(|text| text.trim());
                if named.iter().any(|text| is_there(text)) {
                    continue;
                }
                if let Some(text) = named.iter().find(|text| !text.is_empty()) {
                    missing(text, &component.ref_id, &component.location);
                }
            }
        }
        for text in task.data.iter().flat_map(connection_ids) {
            if !is_there(text) {
                missing(text, &here.ref_id, &here.location);
            }
        }
    }
    for below in here.children.iter().chain(&here.event_handlers) {
        missing_managers(below, managers, has_project, findings);
    }
}

/// Ids of connection managers that a task's own attributes hold. Names are left to the task:
/// what stands there may be something else.
fn connection_ids(data: &Element) -> Vec<&str> {
    const ATTRIBUTES: &[&str] = &["Connection", "ConnectionName", "SMTPServer"];
    let is_id = |text: &str| {
        let text = text.strip_suffix(":external").unwrap_or(text);
        text.len() == 38 && text.starts_with('{') && text.ends_with('}')
    };
    let own = data.attributes.iter();
    own.filter(|(name, value)| ATTRIBUTES.contains(&name.as_str()) && is_id(value.trim()))
        .map(|(_, value)| value.trim())
        .collect()
}

/// Whether something enabled names a connection manager.
pub(crate) fn is_used(package: &Package, manager: &ConnectionManager) -> bool {
    let by_log = log_providers::selected(package, None)
        .iter()
        .any(|p| names(&p.config_string, manager));
    by_log || uses(&package.root, manager)
}

fn uses(here: &Executable, manager: &ConnectionManager) -> bool {
    if is_disabled(here) {
        return false;
    }
    let own = match &here.kind {
        ExecutableKind::Task(task) => {
            let of_flow = task.pipeline.iter().flat_map(|p| &p.components);
            let mut connections = of_flow.flat_map(|c| &c.connections);
            task.data
                .as_ref()
                .is_some_and(|data| element_names(data, manager))
                || connections
                    .any(|c| names(&c.manager_id, manager) || names(&c.manager_ref_id, manager))
        }
        ExecutableKind::ForeachLoop(foreach) => foreach
            .enumerator
            .data
            .as_ref()
            .is_some_and(|data| element_names(data, manager)),
        _ => false,
    };
    own || here
        .children
        .iter()
        .chain(&here.event_handlers)
        .any(|e| uses(e, manager))
}

fn names(text: &str, manager: &ConnectionManager) -> bool {
    let text = text.trim();
    let id = text.strip_suffix(":external").unwrap_or(text);
    !text.is_empty()
        && (id.eq_ignore_ascii_case(&manager.dtsid)
            || text == manager.ref_id
            || text.eq_ignore_ascii_case(&manager.name))
}

fn element_names(element: &Element, manager: &ConnectionManager) -> bool {
    element
        .attributes
        .iter()
        .any(|(_, value)| names(value, manager))
        || names(&element.text, manager)
        || element
            .children
            .iter()
            .any(|child| element_names(child, manager))
}
