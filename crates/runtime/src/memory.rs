//! One budget of memory per execution; morsels, windows, caches, recordsets and sorts reserve
//! from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A number of bytes shared by everything of one execution.
#[derive(Debug, Clone)]
pub struct MemoryBudget {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    limit: usize,
    used: AtomicUsize,
    peak: AtomicUsize,
}

/// The budget does not hold that much more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} bytes of memory wanted, {used} of {limit} in use")]
pub struct OutOfBudget {
    /// Bytes asked for.
    pub wanted: usize,
    /// Bytes in use.
    pub used: usize,
    /// Bytes in all.
    pub limit: usize,
}

impl MemoryBudget {
    /// A budget of so many bytes.
    pub fn new(limit: usize) -> Self {
        let inner = Inner {
            limit,
            used: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Takes bytes, or says that they are not there; then spill, wait, or fail by name.
    pub fn try_reserve(&self, bytes: usize) -> Result<Reservation, OutOfBudget> {
        let mut reservation = Reservation {
            budget: self.clone(),
            bytes: 0,
        };
        reservation.try_grow(bytes)?;
        Ok(reservation)
    }

    /// A reservation of nothing, to grow.
    pub fn reservation(&self) -> Reservation {
        Reservation {
            budget: self.clone(),
            bytes: 0,
        }
    }

    /// Bytes in all.
    pub fn limit(&self) -> usize {
        self.inner.limit
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.inner.used.load(Ordering::Relaxed)
    }

    /// The most that was in use at any time.
    pub fn peak(&self) -> usize {
        self.inner.peak.load(Ordering::Relaxed)
    }

    /// Bytes that are left.
    pub fn available(&self) -> usize {
        self.limit().saturating_sub(self.used())
    }
}

/// Bytes held; given back when dropped.
#[derive(Debug)]
pub struct Reservation {
    budget: MemoryBudget,
    bytes: usize,
}

impl Reservation {
    /// Takes more bytes.
    pub fn try_grow(&mut self, more: usize) -> Result<(), OutOfBudget> {
        let inner = &self.budget.inner;
        let taken = inner
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                used.checked_add(more).filter(|sum| *sum <= inner.limit)
            });
        match taken {
            Ok(before) => {
                inner.peak.fetch_max(before + more, Ordering::Relaxed);
                self.bytes += more;
                Ok(())
            }
            Err(used) => Err(OutOfBudget {
                wanted: more,
                used,
                limit: inner.limit,
            }),
        }
    }

    /// Gives bytes back.
    pub fn shrink(&mut self, less: usize) {
        let less = less.min(self.bytes);
        self.bytes -= less;
        self.budget.inner.used.fetch_sub(less, Ordering::Relaxed);
    }

    /// Sets the size, up or down.
    pub fn try_resize(&mut self, bytes: usize) -> Result<(), OutOfBudget> {
        if bytes >= self.bytes {
            self.try_grow(bytes - self.bytes)
        } else {
            self.shrink(self.bytes - bytes);
            Ok(())
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.shrink(self.bytes);
    }
}
