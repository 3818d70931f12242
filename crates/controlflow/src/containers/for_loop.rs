//! For Loop container (`STOCK:FORLOOP`).
//!
//! | property | default | |
//! | --- | --- | --- |
//! | InitExpression | empty | evaluated once, normally an assignment (`@i = 0`) |
//! | EvalExpression | – | the loop runs while it is true; required, Boolean |
//! | AssignExpression | empty | evaluated after each turn, normally an assignment |
//!
//! Expressions see the loop's scope. Turns follow one another; zero turns are a success. An Init
//! or Assign that assigns nothing warns (0x8001F204, 0x8001F203). Source: control-flow.md 4.

use std::sync::Arc;

use packmule_dtsx::Finding;
use packmule_dtsx::model::Executable;
use packmule_runtime::{Events, Overlay, Reported};
use packmule_types::Code;

use super::{Turn, run_turn};
use crate::expressions::{assign, condition, split_assignment};
use crate::host::HostId;
use crate::instance::Instance;
use crate::result::ExecResult;
use crate::settings::Reader;

/// The three expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings {
    /// InitExpression (empty).
    init: String,
    /// EvalExpression.
    eval: String,
    /// AssignExpression (empty).
    assign: String,
}

fn settings(executable: &Executable, overlay: &Overlay) -> (Settings, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let p = &executable.properties;
    // The file writes them with @; an old name of the property stands beside the new one.
    let mut text = |name: &str| r.text(name, p.text(name), "").trim().to_owned();
    let settings = Settings {
        init: text("InitExpression"),
        eval: text("EvalExpression"),
        assign: text("AssignExpression"),
    };
    (settings, r.findings())
}

/// EvalExpression must be there.
pub(crate) fn validate(
    instance: &Arc<Instance>,
    id: HostId,
    events: &Events,
) -> Result<(), Reported> {
    let (settings, findings) = settings(instance.executable(id), &instance.overlay);
    crate::settings::report(&findings, events, Code(0xC001_7007))?;
    if settings.eval.is_empty() {
        return Err(events.error(Code(0xC001_F185), &[&instance.name(id)]));
    }
    for (text, code) in [
        (&settings.init, 0x8001_F204),
        (&settings.assign, 0x8001_F203),
    ] {
        if !text.is_empty() && split_assignment(text).is_none() {
            events.warning(Code(code), &[text]);
        }
    }
    Ok(())
}

/// Runs the turns.
pub(crate) fn run(instance: &Arc<Instance>, id: HostId, events: &Events) -> ExecResult {
    let (settings, _) = settings(instance.executable(id), &instance.overlay);
    let scope = &instance.host(id).scope;
    if settings.eval.is_empty() {
        events.error(Code(0xC001_F185), &[&instance.name(id)]);
        return ExecResult::Failure;
    }
    if !settings.init.is_empty() && assign(scope, &settings.init, events).is_err() {
        return ExecResult::Failure;
    }
    for turn in 1.. {
        match condition(scope, &settings.eval, events) {
            Ok(true) => {}
            Ok(false) => break,
            Err(Reported) => return ExecResult::Failure,
        }
        match run_turn(instance, id, turn) {
            Turn::GoOn => {}
            Turn::End(result) => return result,
        }
        if !settings.assign.is_empty() && assign(scope, &settings.assign, events).is_err() {
            return ExecResult::Failure;
        }
    }
    ExecResult::Success
}
