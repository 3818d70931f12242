//! Containers, one file each.

pub(crate) mod event_handler;
pub(crate) mod for_loop;
pub(crate) mod foreach_loop;
pub(crate) mod package;
pub(crate) mod sequence;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::host::{Host, HostId};
use crate::instance::Instance;
use crate::result::ExecResult;

/// Turns after which a loop is ended: beyond it no package can mean it, and counters end.
const TURNS_MAX: u64 = u32::MAX as u64;

/// Why a loop goes no further.
pub(crate) enum Turn {
    /// The next turn may follow.
    GoOn,
    /// The loop ends with this result.
    End(ExecResult),
}

/// Runs one turn of a loop and checks the errors afterwards (control-flow.md 2.4, 4).
pub(crate) fn run_turn(instance: &Arc<Instance>, id: HostId, turn: u64) -> Turn {
    let host = instance.host(id);
    host.turn.store(turn, Ordering::SeqCst);
    reset_below(instance, host);
    let result = crate::scheduler::run_children(instance, id);
    if result != ExecResult::Success {
        return Turn::End(result);
    }
    if instance.is_stopped(id) {
        let cancelled = instance.services.cancel.is_cancelled() || host.stop.load(Ordering::SeqCst);
        return Turn::End(if cancelled {
            ExecResult::Canceled
        } else {
            ExecResult::Failure
        });
    }
    let maximum = instance.settings(id).maximum_error_count;
    let reached = maximum > 0 && host.errors.load(Ordering::SeqCst) >= maximum;
    if reached || turn >= TURNS_MAX {
        // The verdict on the loop raises the warning.
        return Turn::End(if reached {
            ExecResult::Success
        } else {
            ExecResult::Failure
        });
    }
    Turn::GoOn
}

/// Children begin each turn anew.
fn reset_below(instance: &Instance, host: &Host) {
    for child in &host.children {
        let child = instance.host(*child);
        child.reset();
        reset_below(instance, child);
    }
}
