//! The validation tree: top-down, children in collection order, all problems in one go.
//! Source: control-flow.md 1.3.

use std::sync::Arc;

use packmule_dtsx::model::ExecutableKind;
use packmule_runtime::events::EventKind;
use packmule_runtime::{Events, Reported};
use packmule_types::Code;

use crate::containers;
use crate::execute::say;
use crate::expressions;
use crate::host::{HostId, HostSettings, ROOT};
use crate::instance::Instance;
use crate::precedence::{Constraint, Unusable, find_cycle};
use crate::settings;
use crate::tasks::{self, TaskContext};

/// When a tree is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Before the run; what has DelayValidation is left out.
    Early,
    /// Right before the executable runs; its own DelayValidation is over.
    Late,
    /// Before the run, inside an event handler: no events but errors and warnings, because SSIS
    /// shows none there.
    Quiet,
}

/// Validates a host and what is below it.
pub(crate) fn tree(instance: &Arc<Instance>, id: HostId, mode: Mode) -> Result<(), Reported> {
    let host = instance.host(id);
    let executable = instance.executable(id);
    let disable = expressions::apply_disable(instance, id);
    let (own, findings) = HostSettings::read(executable, &instance.overlay);
    if own.disable {
        return disable;
    }
    if own.delay_validation && mode != Mode::Late {
        return disable;
    }
    let events = instance.events(id);
    let mut result = disable.and(expressions::apply(instance, id, &events));
    if mode != Mode::Quiet {
        say(&events, EventKind::PreValidate);
    }
    result = result.and(settings::report(&findings, &events, Code(0xC001_0018)));
    result = result.and(options(instance, id, &own, &events));
    if id == ROOT {
        result = package(instance, &events).and(result);
    }
    result = kind(instance, id, &events).and(result);
    result = constraints(instance, id, &events).and(result);
    // Children of what is validated late are validated with it, unless they wait themselves.
    let below = if mode == Mode::Late {
        Mode::Early
    } else {
        mode
    };
    for child in &host.children {
        result = tree(instance, *child, below).and(result);
    }
    for (_, handler) in &host.handlers {
        result = handler_tree(instance, *handler).and(result);
    }
    if mode != Mode::Quiet {
        say(&events, EventKind::PostValidate);
    }
    result
}

fn handler_tree(instance: &Arc<Instance>, id: HostId) -> Result<(), Reported> {
    tree(instance, id, Mode::Quiet)
}

/// What only the executable's kind knows.
fn kind(instance: &Arc<Instance>, id: HostId, events: &Events) -> Result<(), Reported> {
    match &instance.executable(id).kind {
        ExecutableKind::ForLoop => containers::for_loop::validate(instance, id, events),
        ExecutableKind::ForeachLoop(_) => containers::foreach_loop::validate(instance, id, events),
        ExecutableKind::Task(_) => {
            let cancel = instance.services.cancel.clone();
            let context = TaskContext::new(instance, id, events.clone(), cancel);
            tasks::validate(&context)
        }
        _ => Ok(()),
    }
}

/// Validates a task right before it runs, between its own events.
pub(crate) fn task(context: &TaskContext, quiet: bool) -> Result<(), Reported> {
    if !quiet {
        say(&context.events, EventKind::PreValidate);
    }
    let executable = context.executable();
    let (own, findings) = HostSettings::read(executable, context.overlay());
    let result = settings::report(&findings, &context.events, Code(0xC001_0018))
        .and(options(
            &context.instance,
            context.host,
            &own,
            &context.events,
        ))
        .and_then(|()| tasks::validate(context));
    if !quiet {
        say(&context.events, EventKind::PostValidate);
    }
    result
}

/// Options of an executable that are known and not supported, or contradict each other.
fn options(
    instance: &Instance,
    id: HostId,
    own: &HostSettings,
    events: &Events,
) -> Result<(), Reported> {
    let mut result = Ok(());
    if own.transaction_option == 2 {
        result = Err(events.error_text(
            Code(0xC001_401A),
            "TransactionOption: Required is not supported: there is no transaction coordinator here",
            Some(
                "set TransactionOption to Supported and use BEGIN TRANSACTION and COMMIT in \
                 Execute SQL tasks on a connection with RetainSameConnection",
            ),
        ));
    }
    if id == ROOT && own.fail_package_on_failure {
        result = Err(events.error(Code(0xC001_2023), &[]));
    }
    if let Some(variable) = &own.exec_value_variable
        && let Err(error) = instance.host(id).scope.find(variable)
    {
        result = Err(error.report(events));
    }
    result
}

/// The package's own options, log providers and connection managers.
fn package(instance: &Arc<Instance>, events: &Events) -> Result<(), Reported> {
    let package = &instance.package;
    let mut result = instance.logs.validate(instance, events);
    let usage = instance.package_property("CheckpointUsage");
    let always = usage.is_some_and(|u| matches!(u.trim(), "2" | "Always"));
    if instance.package_flag("SaveCheckpoints") || always {
        result = Err(events.error_text(
            Code(0xC001_F081),
            "SaveCheckpoints: checkpoints are not supported yet",
            Some("set SaveCheckpoints to False and CheckpointUsage to Never"),
        ));
    }
    if let Err(text) = crate::package_run::concurrent_executables(instance) {
        result =
            Err(events.error_text(Code(0xC001_0018), text, Some("use -1 or a positive number")));
    }
    for manager in instance.connections.all() {
        let findings = instance.connections.validate(manager);
        let in_use = crate::assess::is_used(package, manager);
        // A manager that nothing uses does not keep a package from running.
        if in_use {
            result = result.and(settings::report(&findings, events, Code(0xC001_401D)));
        }
    }
    result
}

/// Precedence constraints of a container: ends, duplicates, cycles.
fn constraints(instance: &Instance, id: HostId, events: &Events) -> Result<(), Reported> {
    let executable = instance.executable(id);
    let children = executable.children.len();
    let mut result = Ok(());
    let mut usable: Vec<Constraint> = Vec::new();
    for stored in &executable.constraints {
        let name = &stored.ref_id;
        match Constraint::new(stored, children) {
            Ok(constraint) => {
                if usable
                    .iter()
                    .any(|c| c.from == constraint.from && c.to == constraint.to)
                {
                    result = Err(events.error(Code(0xC001_4038), &[name]));
                }
                usable.push(constraint);
            }
            Err(unusable) => {
                let (code, text) = match unusable {
                    Unusable::Dangling => (0xC001_4016, "an end is no executable of its container"),
                    Unusable::Operation => (0xC001_0018, "EvalOp or Value has no meaning"),
                    Unusable::NoExpression => (0xC001_4021, "its expression is empty"),
                };
                let text = format!("precedence constraint {name}: {text} ({})", stored.location);
                result = Err(events.error_text(Code(code), text, None));
            }
        }
    }
    if let Some(cycle) = find_cycle(children, &usable) {
        let names: Vec<&str> = cycle
            .iter()
            .filter_map(|i| executable.children.get(*i))
            .map(|c| c.name.as_str())
            .collect();
        let text = format!(
            "the precedence constraints form a cycle: {}",
            names.join(", ")
        );
        let remedy = "remove one constraint of the cycle";
        result = Err(events.error_text(Code(0xC001_4017), text, Some(remedy)));
    }
    result
}
