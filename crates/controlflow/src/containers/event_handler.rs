//! Event handler: runs its children once for each event of its name that its owner or anything
//! below the owner raises. Its scope has the event's values as system variables; when and how
//! often it runs is decided in [`crate::events`]. Source: control-flow.md 4, 5.

use std::sync::Arc;

use crate::host::HostId;
use crate::instance::Instance;
use crate::result::ExecResult;
use crate::scheduler::run_children;

/// Runs the children once.
pub(crate) fn run(instance: &Arc<Instance>, id: HostId) -> ExecResult {
    run_children(instance, id)
}
