//! Ended: the process is gone and its slot is free; reports and outcome are on disk and are
//! handed in, however long the Master is away. The lease is renewed until then.
//!
//! Entered with the process's end. Next: Delivered.

use super::{TaskEvent, TaskState};

pub(super) fn on(event: TaskEvent) -> Option<TaskState> {
    match event {
        TaskEvent::HandedIn => Some(TaskState::Delivered),
        _ => None,
    }
}
