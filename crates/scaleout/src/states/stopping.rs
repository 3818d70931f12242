//! Stopping: the process was told to cancel; after 800 ms its whole group gets SIGKILL.
//!
//! Entered by a stop or a lost lease (then the process is killed at once: the lease may soon be
//! another's). Next: Ended with the process.

use super::{TaskEvent, TaskState};

pub(super) fn on(event: TaskEvent) -> Option<TaskState> {
    match event {
        TaskEvent::ProcessGone => Some(TaskState::Ended),
        _ => None,
    }
}
