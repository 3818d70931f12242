//! Events at run time: counting, handlers, rising.
//!
//! An event is handled where it is raised: first the handler of its source, then those of the
//! executables around it, up to the package and on into a parent package. The raising thread
//! waits for all of them. Source: control-flow.md 2.4, 5.
//!
//! Handlers of one package never run twice at once. A handler that runs for an event from
//! outside all handlers holds the package's gate; one that runs for an event from inside another
//! handler holds that handler's gate. So at any moment the running handlers form one chain. A
//! handler that is in it is passed by, also when the event comes from another handler that runs
//! because of it (OnError → OnPreExecute → OnError): nothing can wait in a circle.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use packmule_runtime::events::{Event, EventKind, EventSink, Reply};
use packmule_types::Value;

use crate::execute;
use crate::host::HostId;
use crate::instance::Instance;
use crate::system_variables;

/// Takes the events of one host.
pub(crate) struct HostSink {
    pub(crate) instance: Arc<Instance>,
    pub(crate) host: HostId,
}

impl EventSink for HostSink {
    fn raise(&self, event: Event) -> Reply {
        raise(&self.instance, self.host, &event)
    }
}

/// Raises an event of a host: log, handlers, observer.
fn raise(instance: &Arc<Instance>, source: HostId, event: &Event) -> Reply {
    // A write inside a handler of OnVariableValueChanged raises that event again for the same
    // owner, so these are not serialised.
    let serial = event.kind != EventKind::VariableValueChanged;
    let _one_by_one = serial.then(|| instance.host(source).raising.lock());
    instance.logs.write(instance, source, event, 0);
    let reply = rise(instance, source, event);
    instance.services.observer.event(event);
    if reply.cancel {
        stop(instance, source);
    }
    reply
}

/// Ends one executable: nothing below it starts any more, its running task is cancelled.
fn stop(instance: &Instance, id: HostId) {
    let host = instance.host(id);
    host.stop.store(true, Ordering::SeqCst);
    let cancel = host.cancel.lock().clone();
    if let Some(cancel) = cancel {
        cancel.cancel();
    }
}

/// Counts and handles an event at a host and everything around it.
fn rise(instance: &Arc<Instance>, source: HostId, event: &Event) -> Reply {
    let mut reply = Reply::default();
    let has_handlers = !matches!(event.kind, EventKind::Log(_));
    let mut level = Some(source);
    while let Some(id) = level {
        let host = instance.host(id);
        if event.kind == EventKind::Error {
            host.errors.fetch_add(1, Ordering::SeqCst);
        }
        if has_handlers && let Some(handler) = host.handler(event.kind.name()) {
            let answer = handle(instance, source, handler, event);
            reply.cancel |= answer.cancel;
            if !answer.propagate && !instance.validating.load(Ordering::SeqCst) {
                break;
            }
        }
        level = host.parent;
    }
    if let Some(parent) = &instance.parent {
        // A child package cannot stop events towards its parent.
        parent.instance.logs.write_child(parent, event);
        let answer = rise(&parent.instance, parent.host, event);
        reply.cancel |= answer.cancel;
    }
    reply
}

/// What one handler answered.
struct Answer {
    cancel: bool,
    propagate: bool,
}

/// Runs one handler for an event, unless it is off or is running for an event of its own tasks.
///
/// [R-PROPAGATE] `System::Propagate` = False ends the rise behind the handler's owner, and with
/// it the counting above.
fn handle(instance: &Arc<Instance>, source: HostId, handler: HostId, event: &Event) -> Answer {
    let unhandled = Answer {
        cancel: false,
        propagate: true,
    };
    if is_running_for(instance, source, handler)
        || handlers_are_off(instance, handler)
        || instance.settings(handler).disable
    {
        return unhandled;
    }
    let gate = match instance.handler_around(source) {
        Some(around) => &instance.host(around).gate,
        None => &instance.gate,
    };
    let _gate = gate.lock();
    let scope = &instance.host(handler).scope;
    system_variables::set_event(scope, instance, source, event);
    *instance.host(handler).running_for.lock() = Some(source);
    execute::run_host(instance, handler);
    *instance.host(handler).running_for.lock() = None;
    let flag = |name: &str, otherwise: bool| match scope.get(name) {
        Ok(Value::Bool(b)) => b,
        _ => otherwise,
    };
    Answer {
        cancel: flag("System::Cancel", false),
        propagate: flag("System::Propagate", true),
    }
}

/// Whether an event of `source` comes from inside a handler, or from inside another one that runs
/// because of it.
fn is_running_for(instance: &Instance, source: HostId, handler: HostId) -> bool {
    let mut here = source;
    // Each step leaves a handler of the chain, so there are no more than hosts.
    for _ in 0..instance.hosts.len() {
        if instance.is_within(here, handler) {
            return true;
        }
        let around = instance.handler_around(here);
        match around.and_then(|around| *instance.host(around).running_for.lock()) {
            Some(source) => here = source,
            None => return false,
        }
    }
    false
}

/// Whether the owner of a handler, or anything around the owner, has DisableEventHandlers.
fn handlers_are_off(instance: &Instance, handler: HostId) -> bool {
    let mut here = instance.host(handler).parent;
    while let Some(id) = here {
        if instance.settings(id).disable_event_handlers {
            return true;
        }
        here = instance.host(id).parent;
    }
    false
}

/// Whether a handler for an event would be met on the way up from a host.
pub(crate) fn has_handler(instance: &Instance, id: HostId, event: &str) -> bool {
    let mut here = Some(id);
    while let Some(id) = here {
        let host = instance.host(id);
        if host.handler(event).is_some() {
            return true;
        }
        here = host.parent;
    }
    instance
        .parent
        .as_ref()
        .is_some_and(|p| has_handler(&p.instance, p.host, event))
}
