//! Delivered: the Master has stored everything, or refused it because the task is another's; the
//! spool and the working folder are removed. Nothing follows.

use super::{TaskEvent, TaskState};

pub(super) fn on(_event: TaskEvent) -> Option<TaskState> {
    None
}
