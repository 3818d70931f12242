//! A Worker's view of its leases: when a package must have stopped.
//!
//! The Master judges a lease by the store's clock from the moment it *handles* a renewal. The
//! Worker counts on a monotonic clock from the moment it *sent* the last renewal that was
//! answered, which is never later, and stops the package [`LeaseTimes::stop_after`] after that:
//! before the lease can be given away.

use std::time::{Duration, Instant};

/// A clock that never goes back, counted from any fixed point.
pub trait MonotonicClock: Send + Sync {
    /// Time since that point.
    fn now(&self) -> Duration;
}

/// The system's monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemMonotonic(Instant);

impl Default for SystemMonotonic {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl MonotonicClock for SystemMonotonic {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The times of a lease. The settings' names are SSIS's; the values differ on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTimes {
    /// Length of a lease by the store's clock (`LeaseInterval`, SSIS: 60 s).
    pub lease: Duration,
    /// How often it is renewed (`TaskHeartbeatInterval`, SSIS: 10 s).
    pub renew_every: Duration,
    /// How long after the last answered renewal was sent the package is stopped
    /// (`HeartbeatErrorTolerance`, SSIS: 10 min).
    pub stop_after: Duration,
    /// How often the Master looks for leases that ran out (`DealWithExpiredTasksIntervalInMs`,
    /// SSIS: 5 min).
    pub sweep_every: Duration,
}

impl Default for LeaseTimes {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(10),
            renew_every: Duration::from_secs(2),
            stop_after: Duration::from_secs(7),
            sweep_every: Duration::from_secs(1),
        }
    }
}

impl LeaseTimes {
    /// The same proportions for a lease of another length.
    pub fn of(lease: Duration) -> Self {
        Self {
            lease,
            renew_every: lease / 5,
            stop_after: lease * 7 / 10,
            sweep_every: lease / 10,
        }
    }
}

/// One lease, as its Worker sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    sent: Duration,
}

impl Lease {
    /// A lease asked for at this moment.
    pub fn asked_at(sent: Duration) -> Self {
        Self { sent }
    }

    /// A renewal sent at this moment was answered with yes. An answer that overtook a later one
    /// changes nothing.
    pub fn renewed(&mut self, sent: Duration) {
        self.sent = self.sent.max(sent);
    }

    /// When the package must be stopped.
    pub fn stop_at(&self, times: &LeaseTimes) -> Duration {
        self.sent.saturating_add(times.stop_after)
    }
}
