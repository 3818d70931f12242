//! The package as a container: the root sequence. Its result is Failure, too, when an executable
//! anywhere in it failed with FailPackageOnFailure. Source: control-flow.md 2.3, 4.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::host::HostId;
use crate::instance::Instance;
use crate::result::ExecResult;
use crate::scheduler::run_children;

/// Runs the children once.
pub(crate) fn run(instance: &Arc<Instance>, id: HostId) -> ExecResult {
    let result = run_children(instance, id);
    if result == ExecResult::Success && instance.fail_package.load(Ordering::SeqCst) {
        return ExecResult::Failure;
    }
    result
}
