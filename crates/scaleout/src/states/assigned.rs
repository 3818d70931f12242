//! Assigned: the Worker holds the lease; the project is fetched and a process made ready.
//!
//! Entered by a pull. Next: Starting when a process has the job; Ended when there is nothing to
//! stop yet (a stop, a lost lease, a project that cannot be had).

use super::{TaskEvent, TaskState};

pub(super) fn on(event: TaskEvent) -> Option<TaskState> {
    match event {
        TaskEvent::JobSent => Some(TaskState::Starting),
        TaskEvent::StopWanted | TaskEvent::LeaseLost | TaskEvent::ProcessGone => {
            Some(TaskState::Ended)
        }
        TaskEvent::FirstPreExecute | TaskEvent::HandedIn => None,
    }
}
