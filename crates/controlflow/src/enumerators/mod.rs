//! Foreach enumerators, one file each; the list is in [`crate::registry`].

pub(crate) mod foreach_ado;
pub(crate) mod foreach_file;
pub(crate) mod foreach_from_variable;

use std::sync::Arc;

use packmule_dtsx::model::{Enumerator, ForeachLoop};
use packmule_runtime::{Events, Reported, Scope};
use packmule_types::{Code, Value};

use crate::host::HostId;
use crate::instance::Instance;
use crate::registry;

/// The values of one element, by index.
pub(crate) type Element = Vec<Value>;
/// The elements of a loop, one after the other.
pub(crate) type Elements = Box<dyn Iterator<Item = Result<Element, Reported>>>;

/// What an enumerator is given.
pub(crate) struct EnumeratorContext<'a> {
    pub(crate) instance: &'a Arc<Instance>,
    /// The loop's scope.
    pub(crate) scope: Arc<Scope>,
    pub(crate) enumerator: &'a Enumerator,
    /// Path of the loop in the package, for findings.
    pub(crate) place: String,
    pub(crate) events: Events,
}

impl<'a> EnumeratorContext<'a> {
    pub(crate) fn new(
        instance: &'a Arc<Instance>,
        id: HostId,
        foreach: &'a ForeachLoop,
        events: Events,
    ) -> Self {
        Self {
            instance,
            scope: instance.host(id).scope.clone(),
            enumerator: &foreach.enumerator,
            place: format!("{}.ForEachEnumerator", instance.executable(id).ref_id),
            events,
        }
    }
}

/// Checks an enumerator's settings; an unsupported one is refused by name.
pub(crate) fn validate(context: &EnumeratorContext<'_>) -> Result<(), Reported> {
    match registry::enumerator(&context.enumerator.type_name) {
        Some(found) => (found.validate)(context),
        None => {
            let (text, remedy) = registry::unsupported_enumerator(&context.enumerator.type_name);
            Err(context
                .events
                .error_text(Code(0xC001_4023), text, Some(&remedy)))
        }
    }
}

/// The elements, as they are at the start of the loop.
pub(crate) fn enumerate(context: &EnumeratorContext<'_>) -> Result<Elements, Reported> {
    validate(context)?;
    match registry::enumerator(&context.enumerator.type_name) {
        Some(found) => (found.enumerate)(context),
        None => Err(Reported),
    }
}
