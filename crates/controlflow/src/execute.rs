//! One start of one executable: OnPreExecute, expressions, validation, the work, the verdict,
//! OnPostExecute, statistics. Source: control-flow.md 1.4, 2.1, 2.3, 2.4.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use packmule_dtsx::model::ExecutableKind;
use packmule_runtime::events::EventKind;
use packmule_runtime::observer::ExecutableStatistics;
use packmule_runtime::variables::convert;
use packmule_runtime::{Events, Reported};
use packmule_types::code::describe;
use packmule_types::{Code, Value};

use crate::containers;
use crate::events::has_handler;
use crate::expressions;
use crate::host::{HostId, HostSettings, ROOT};
use crate::instance::Instance;
use crate::result::ExecResult;
use crate::tasks::{self, TaskContext};
use crate::validate;

/// Warning: the number of errors reached the maximum.
const MAXIMUM_ERROR_COUNT_REACHED: Code = Code(0x8001_9002);

/// Runs a host on this thread, from its OnPreExecute to its OnPostExecute.
pub(crate) fn run_host(instance: &Arc<Instance>, id: HostId) -> ExecResult {
    let host = instance.host(id);
    let start = instance.services.clock.utc_now();
    host.reset();
    let local = Value::Date(instance.services.clock.local_now());
    host.scope.set_system("ContainerStartTime", local);
    let events = instance.events(id);
    say(&events, EventKind::PreExecute);
    let worked = catch_unwind(AssertUnwindSafe(|| work(instance, id, &events)));
    let result = worked.unwrap_or_else(|panic| {
        events.error_text(
            Code(0xC002_4104),
            format!("the executable ended unexpectedly: {}", panic_text(&*panic)),
            Some("this is a defect of the program; please report it with the package"),
        );
        ExecResult::Failure
    });
    let settings = instance.settings(id);
    let result = verdict(instance, id, &events, &settings, result);
    say(&events, EventKind::PostExecute);
    let statistics = ExecutableStatistics {
        name: events.source().name.clone(),
        id: events.source().id.clone(),
        package: events.source().package.clone(),
        package_path: events.source().package_path.clone(),
        execution_path: events.source().execution_path.clone(),
        start,
        end: instance.services.clock.utc_now(),
        result: result.number(),
        value: host.value.lock().as_ref().and_then(convert::to_text),
    };
    instance.services.observer.executable(&statistics);
    result
}

/// Raises an event that has no text of its own.
pub(crate) fn say(events: &Events, kind: EventKind) {
    events.raise(kind, Code(0), String::new(), None);
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no text".to_owned())
}

/// Expressions, validation and the work itself.
fn work(instance: &Arc<Instance>, id: HostId, events: &Events) -> ExecResult {
    if expressions::apply(instance, id, events).is_err() {
        return ExecResult::Failure;
    }
    let executable = instance.executable(id);
    match &executable.kind {
        ExecutableKind::Task(_) => run_task(instance, id, events),
        kind => {
            let late = id != ROOT && instance.settings(id).delay_validation;
            if late && validate::tree(instance, id, validate::Mode::Late).is_err() {
                return ExecResult::Failure;
            }
            match kind {
                ExecutableKind::ForLoop => containers::for_loop::run(instance, id, events),
                ExecutableKind::ForeachLoop(_) => {
                    containers::foreach_loop::run(instance, id, events)
                }
                ExecutableKind::EventHandler { .. } => containers::event_handler::run(instance, id),
                ExecutableKind::Package => containers::package::run(instance, id),
                _ => containers::sequence::run(instance, id),
            }
        }
    }
}

/// Validates a task once more and runs it, with a cancel flag of its own below the run's.
fn run_task(instance: &Arc<Instance>, id: HostId, events: &Events) -> ExecResult {
    let host = instance.host(id);
    let cancel = packmule_runtime::Cancel::new();
    let inner = cancel.clone();
    let _linked = instance.services.cancel.on_cancel(move || inner.cancel());
    *host.cancel.lock() = Some(cancel.clone());
    let context = TaskContext::new(instance, id, events.clone(), cancel.clone());
    if has_handler(instance, id, EventKind::QueryCancel.name()) {
        say(events, EventKind::QueryCancel);
    }
    let result = if cancel.is_cancelled() {
        Err(Reported)
    } else {
        validate::task(&context, false).and_then(|()| tasks::execute(&context))
    };
    *host.cancel.lock() = None;
    match result {
        Ok(value) => {
            *host.value.lock() = value;
            ExecResult::Success
        }
        Err(Reported) if cancel.is_cancelled() => ExecResult::Canceled,
        Err(Reported) => ExecResult::Failure,
    }
}

/// What counts in the end: the error count, ForceExecutionResult, ExecutionValue.
///
/// [R-FORCE] A forced result does not take back errors that were counted further up.
fn verdict(
    instance: &Arc<Instance>,
    id: HostId,
    events: &Events,
    settings: &HostSettings,
    result: ExecResult,
) -> ExecResult {
    let mut result = result;
    let host = instance.host(id);
    if result == ExecResult::Success || (result == ExecResult::Failure && !instance.is_task(id)) {
        let errors = host.errors.load(Ordering::SeqCst);
        let maximum = settings.maximum_error_count;
        if maximum > 0 && errors >= maximum {
            result = ExecResult::Failure;
            let text = describe(
                MAXIMUM_ERROR_COUNT_REACHED,
                &[&errors.to_string(), &maximum.to_string()],
            );
            events.warning_text(MAXIMUM_ERROR_COUNT_REACHED, text);
        }
    }
    if set_execution_value(instance, id, events, settings).is_err() && result == ExecResult::Success
    {
        result = ExecResult::Failure;
    }
    if result == ExecResult::Failure && instance.is_task(id) {
        say(events, EventKind::TaskFailed);
    }
    match settings.force_execution_result {
        Some(forced) if result != ExecResult::Canceled => forced,
        _ => result,
    }
}

/// ForceExecutionValue and ExecValueVariable.
fn set_execution_value(
    instance: &Arc<Instance>,
    id: HostId,
    events: &Events,
    settings: &HostSettings,
) -> Result<(), Reported> {
    let host = instance.host(id);
    if let Some(forced) = &settings.forced_value {
        let value = forced.trim().parse::<i32>().map(Value::I4);
        let value = value.unwrap_or_else(|_| Value::text(forced.as_str()));
        *host.value.lock() = Some(value);
    }
    let (Some(variable), Some(value)) = (&settings.exec_value_variable, host.value.lock().clone())
    else {
        return Ok(());
    };
    let conversion = packmule_runtime::variables::SqlConversion::Allowed;
    host.scope
        .set_from_sql(variable, value, conversion)
        .map_err(|e| {
            e.report(events);
            events.error(Code(0xC001_9001), &[variable])
        })
}
