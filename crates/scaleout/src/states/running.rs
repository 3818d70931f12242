//! Running: the package executes; 'running' was reported.
//!
//! Entered at the first OnPreExecute. Next: Stopping on a stop or a lost lease; Ended with the
//! process.

use super::{TaskEvent, TaskState};

pub(super) fn on(event: TaskEvent) -> Option<TaskState> {
    match event {
        TaskEvent::StopWanted | TaskEvent::LeaseLost => Some(TaskState::Stopping),
        TaskEvent::ProcessGone => Some(TaskState::Ended),
        TaskEvent::JobSent | TaskEvent::FirstPreExecute | TaskEvent::HandedIn => None,
    }
}
