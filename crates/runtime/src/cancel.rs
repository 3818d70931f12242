//! The flag that ends a run: looked at once per batch, per statement, per turn of a loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

type Hook = Box<dyn Fn() + Send + Sync>;

/// A flag shared by everything of one run. Drivers register hooks that interrupt a call that
/// is under way (a statement on a server).
#[derive(Clone, Default)]
pub struct Cancel {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    cancelled: AtomicBool,
    hooks: Mutex<Vec<(u64, Hook)>>,
    next: std::sync::atomic::AtomicU64,
}

impl Cancel {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the flag and calls the hooks, each once. Setting it again does nothing.
    pub fn cancel(&self) {
        if self.inner.cancelled.swap(true, Ordering::SeqCst) {
            return;
        }
        let hooks = std::mem::take(&mut *self.inner.hooks.lock());
        for (_, hook) in hooks {
            hook();
        }
    }

    /// Whether the run is to end.
    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::Relaxed)
    }

    /// Calls `hook` when the run is cancelled, at once if it already is; until the guard drops.
    #[must_use]
    pub fn on_cancel(&self, hook: impl Fn() + Send + Sync + 'static) -> CancelGuard {
        let id = self.inner.next.fetch_add(1, Ordering::Relaxed);
        {
            let mut hooks = self.inner.hooks.lock();
            if !self.is_cancelled() {
                hooks.push((id, Box::new(hook)));
                return CancelGuard {
                    cancel: self.clone(),
                    id,
                };
            }
        }
        hook();
        CancelGuard {
            cancel: self.clone(),
            id,
        }
    }
}

impl std::fmt::Debug for Cancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Cancel").field(&self.is_cancelled()).finish()
    }
}

/// Takes a hook back when dropped.
pub struct CancelGuard {
    cancel: Cancel,
    id: u64,
}

impl Drop for CancelGuard {
    fn drop(&mut self) {
        self.cancel
            .inner
            .hooks
            .lock()
            .retain(|(id, _)| *id != self.id);
    }
}
