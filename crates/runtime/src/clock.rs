//! The only source of time, so that tests can hold it.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

/// Tells the time. Everything that a package can see (`GETDATE()`, `System::StartTime`) is local
/// time in the configured zone; what is stored is UTC.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// UTC now.
    fn utc_now(&self) -> DateTime<Utc>;
    /// The zone of local time.
    fn zone(&self) -> Tz;
    /// A point that never goes back, for measuring.
    fn instant(&self) -> Instant;

    /// Local time now.
    fn local_now(&self) -> NaiveDateTime {
        self.utc_now().with_timezone(&self.zone()).naive_local()
    }

    /// Minutes that local time is east of UTC now.
    fn offset_minutes(&self) -> i16 {
        let local = self.utc_now().with_timezone(&self.zone()).naive_local();
        let minutes = (local - self.utc_now().naive_utc()).num_seconds();
        i16::try_from((minutes as f64 / 60.0).round() as i64).unwrap_or(0)
    }
}

/// The system's clock.
#[derive(Debug, Clone)]
pub struct SystemClock {
    zone: Tz,
}

impl SystemClock {
    /// A clock whose local time is that of a zone.
    pub fn new(zone: Tz) -> Self {
        Self { zone }
    }

    /// A clock in the zone that `TZ` names; UTC when it names none.
    pub fn from_environment() -> Arc<dyn Clock> {
        let zone = std::env::var("TZ")
            .ok()
            .and_then(|name| name.trim_start_matches(':').parse().ok())
            .unwrap_or(Tz::UTC);
        Arc::new(Self::new(zone))
    }
}

impl Clock for SystemClock {
    fn utc_now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn zone(&self) -> Tz {
        self.zone
    }

    fn instant(&self) -> Instant {
        Instant::now()
    }
}
