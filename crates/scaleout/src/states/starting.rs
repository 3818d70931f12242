//! Starting: a process loads and validates the package.
//!
//! Entered when the job was handed over. Next: Running at the package's first OnPreExecute;
//! Stopping on a stop or a lost lease; Ended when the process ends before it ran anything.

use super::{TaskEvent, TaskState};

pub(super) fn on(event: TaskEvent) -> Option<TaskState> {
    match event {
        TaskEvent::FirstPreExecute => Some(TaskState::Running),
        TaskEvent::StopWanted | TaskEvent::LeaseLost => Some(TaskState::Stopping),
        TaskEvent::ProcessGone => Some(TaskState::Ended),
        TaskEvent::JobSent | TaskEvent::HandedIn => None,
    }
}
