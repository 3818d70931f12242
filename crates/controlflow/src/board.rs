//! Who may run: the limit of tasks that run at once, and the meeting point of schedulers.
//!
//! [u] Tasks count, containers do not, so that a container never waits for its own children;
//! tasks of event handlers do not count either, because the task that raised the event waits.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};

use crate::result::ExecResult;

/// Counts the running tasks of one package and wakes its schedulers.
#[derive(Debug)]
pub(crate) struct Board {
    running: Mutex<usize>,
    changed: Condvar,
    limit: AtomicUsize,
}

/// The children of one container that ended and were not yet looked at.
pub(crate) type Ended = Mutex<Vec<(usize, ExecResult)>>;

impl Board {
    /// One task at once, until a limit is set.
    pub(crate) fn new() -> Self {
        Self {
            running: Mutex::new(0),
            changed: Condvar::new(),
            limit: AtomicUsize::new(1),
        }
    }

    /// `limit` tasks at once.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.limit.store(limit.max(1), Ordering::SeqCst);
    }

    fn limit(&self) -> usize {
        self.limit.load(Ordering::SeqCst)
    }

    /// Takes a slot, if one is free.
    pub(crate) fn try_take(&self) -> bool {
        let mut running = self.running.lock();
        let free = *running < self.limit();
        if free {
            *running += 1;
        }
        free
    }

    /// A child ended; its slot, if it had one, is free again.
    pub(crate) fn ended(&self, list: &Ended, child: usize, result: ExecResult, slot: bool) {
        let mut running = self.running.lock();
        if slot {
            *running = running.saturating_sub(1);
        }
        list.lock().push((child, result));
        self.changed.notify_all();
    }

    /// Waits until a child of the list ended, or a slot is free where one is wanted.
    pub(crate) fn wait(&self, list: &Ended, wants_slot: bool) {
        let mut running = self.running.lock();
        while list.lock().is_empty() && !(wants_slot && *running < self.limit()) {
            self.changed.wait(&mut running);
        }
    }
}
