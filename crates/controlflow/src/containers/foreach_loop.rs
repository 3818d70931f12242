//! Foreach Loop container (`STOCK:FOREACHLOOP`).
//!
//! Evaluates the enumerator's expressions, asks the enumerator once, then for each element writes
//! the mapped variables, runs the children and checks the errors. An empty enumeration is a
//! success. After the loop the variables keep their last values.
//!
//! A mapping writes strictly: 0xC001C012 after 0xC001F009 when the types differ; an index that
//! the element does not have is 0xC001C010, a negative one 0xC001C011. Source: control-flow.md 4.

use std::sync::Arc;

use packmule_dtsx::model::{Enumerator, ExecutableKind, ForeachLoop};
use packmule_runtime::{Events, Reported, Scope};
use packmule_types::{Code, Value};

use super::{Turn, run_turn};
use crate::enumerators::{self, EnumeratorContext};
use crate::expressions;
use crate::host::HostId;
use crate::instance::Instance;
use crate::registry;
use crate::result::ExecResult;

fn model(instance: &Instance, id: HostId) -> Option<&ForeachLoop> {
    match &instance.executable(id).kind {
        ExecutableKind::ForeachLoop(foreach) => Some(foreach),
        _ => None,
    }
}

/// The enumerator is supported and its settings can be used; mappings name variables.
pub(crate) fn validate(
    instance: &Arc<Instance>,
    id: HostId,
    events: &Events,
) -> Result<(), Reported> {
    let Some(foreach) = model(instance, id) else {
        return Ok(());
    };
    let scope = &instance.host(id).scope;
    let enumerator = &foreach.enumerator;
    let mut result = apply_expressions(instance, scope, enumerator, events);
    let context = EnumeratorContext::new(instance, id, foreach, events.clone());
    result = result.and(enumerators::validate(&context));
    for mapping in &foreach.mappings {
        if mapping.index < 0 {
            result = Err(events.error(Code(0xC001_C011), &[&mapping.variable]));
        }
        if let Err(error) = scope.find(&mapping.variable) {
            result = Err(error.report(events));
        }
    }
    result
}

fn apply_expressions(
    instance: &Instance,
    scope: &Arc<Scope>,
    enumerator: &Enumerator,
    events: &Events,
) -> Result<(), Reported> {
    let known: Option<Vec<&str>> = registry::enumerator(&enumerator.type_name)
        .map(|kind| kind.properties.iter().map(|p| p.name).collect());
    expressions::apply_all(
        instance,
        scope,
        enumerator.node,
        &enumerator.property_expressions,
        known.as_deref(),
        events,
    )
}

/// Runs the turns.
pub(crate) fn run(instance: &Arc<Instance>, id: HostId, events: &Events) -> ExecResult {
    let Some(foreach) = model(instance, id) else {
        return ExecResult::Failure;
    };
    match turns(instance, id, foreach, events) {
        Ok(result) => result,
        Err(Reported) => ExecResult::Failure,
    }
}

fn turns(
    instance: &Arc<Instance>,
    id: HostId,
    foreach: &ForeachLoop,
    events: &Events,
) -> Result<ExecResult, Reported> {
    let scope = &instance.host(id).scope;
    let enumerator = &foreach.enumerator;
    apply_expressions(instance, scope, enumerator, events)?;
    let context = EnumeratorContext::new(instance, id, foreach, events.clone());
    let elements = enumerators::enumerate(&context)
        .map_err(|Reported| events.error(Code(0xC001_4023), &["80004005", "(null)"]))?;
    let mut turn = 0;
    for element in elements {
        let element = element?;
        turn += 1;
        map(instance, id, foreach, &element, events)?;
        match run_turn(instance, id, turn) {
            Turn::GoOn => {}
            Turn::End(result) => return Ok(result),
        }
    }
    Ok(ExecResult::Success)
}

/// Writes an element's values into the mapped variables, in the order of the mappings.
fn map(
    instance: &Instance,
    id: HostId,
    foreach: &ForeachLoop,
    element: &[Value],
    events: &Events,
) -> Result<(), Reported> {
    let scope = &instance.host(id).scope;
    for (position, mapping) in foreach.mappings.iter().enumerate() {
        let value = usize::try_from(mapping.index)
            .ok()
            .and_then(|i| element.get(i));
        let Some(value) = value else {
            let index = mapping.index.to_string();
            return Err(events.error(Code(0xC001_C010), &[&index, &mapping.variable]));
        };
        scope
            .set_from_foreach(&mapping.variable, value.clone())
            .map_err(|error| {
                error.report(events);
                let number = (position + 1).to_string();
                events.error(Code(0xC001_C012), &[&number, &mapping.variable])
            })?;
    }
    Ok(())
}
