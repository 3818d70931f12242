//! A host that is started before it is known whether a script runs, so that the first one need
//! not wait for it. It serves one execution, as any other.

use std::sync::Arc;
use std::thread::JoinHandle;

use packmule_runtime::clock::Clock;

use crate::execution::start_options;
use crate::host::Host;
use crate::process::StartOptions;

/// A host on its way, or there.
pub struct Spare {
    options: StartOptions,
    starting: JoinHandle<Option<Arc<Host>>>,
}

impl Spare {
    /// Starts a host for an execution with this memory budget (bytes) and clock, in the
    /// background. `None` when there can be no thread; a host that does not start is only missed.
    pub fn start(budget: usize, clock: &dyn Clock) -> Option<Self> {
        let options = start_options(budget, clock);
        let given = options.clone();
        let starting = std::thread::Builder::new()
            .name("script-host-spare".to_owned())
            .spawn(move || Host::start(&given, true).ok())
            .ok()?;
        Some(Self { options, starting })
    }

    /// The host, if it is as wanted; waits until it is there.
    pub(crate) fn take(self, wanted: &StartOptions) -> Option<Arc<Host>> {
        if self.options != *wanted {
            return None;
        }
        self.starting.join().ok()?.filter(|host| host.is_alive())
    }
}

impl std::fmt::Debug for Spare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spare")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
