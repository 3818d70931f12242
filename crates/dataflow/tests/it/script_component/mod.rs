//! Script Components of every kind, run by the script host: the scripts are compiled at test
//! time, with the classes that SSIS's designer generates.
//!
//! | module | tests |
//! | --- | --- |
//! | [`kinds`] | sources, synchronous and asynchronous transformations, destinations, mixed |
//! | [`values`] | every type with NULL |
//! | [`lives`] | life cycle, variables, exceptions, cancelling, what is refused |
//! | [`wrappers`] | the generated classes |

mod kinds;
mod lives;
mod values;
mod wrappers;

use std::sync::LazyLock;

use packmule_dataflow::testing::{FlowBuilder, Recorder, Settings};
use packmule_runtime::events::EventKind;

/// The class of the component.
const CLASS: &str = "Microsoft.ScriptComponentHost";

/// All tests share one script host, as all data flows of an execution do.
static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);

/// Settings with the shared script host.
fn settings() -> Settings {
    SETTINGS.clone()
}

/// A component of this class.
fn component(flow: &mut FlowBuilder, name: &str) -> usize {
    flow.component(name, CLASS)
}

/// The texts of all informations that the script raised, in order.
fn said(recorder: &Recorder) -> Vec<String> {
    let events = recorder.events.lock();
    let own = events
        .iter()
        .filter(|e| e.kind == EventKind::Information && e.subcomponent.starts_with("SCR"));
    own.map(|e| e.description.clone()).collect()
}
