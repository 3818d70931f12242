//! Sequence container (`STOCK:SEQUENCE`): runs its children once. No properties of its own.
//! Source: control-flow.md 4.

use std::sync::Arc;

use crate::host::HostId;
use crate::instance::Instance;
use crate::result::ExecResult;
use crate::scheduler::run_children;

/// Runs the children once.
pub(crate) fn run(instance: &Arc<Instance>, id: HostId) -> ExecResult {
    run_children(instance, id)
}
