//! The rows of a Cache connection manager: written once by a Cache Transform, read by Lookups
//! of later data flows.

use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use packmule_dtsx::model::CacheColumn;
use packmule_runtime::{MemoryBudget, Reservation};
use parking_lot::Mutex;

use crate::error::AcquireError;

/// The one cache of a manager in one execution.
#[derive(Debug, Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    manager: String,
    columns: Vec<CacheColumn>,
    budget: MemoryBudget,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Empty,
    Written,
    Filled(Arc<CacheRows>),
}

/// The rows of a filled cache.
#[derive(Debug)]
pub struct CacheRows {
    /// The columns, in the order of the batches.
    pub columns: Vec<CacheColumn>,
    /// The rows, in the order they were written.
    pub batches: Vec<RecordBatch>,
    /// The memory that they hold.
    pub reservation: Reservation,
}

impl CacheRows {
    /// Positions of the key columns, in the order of their index positions.
    pub fn key(&self) -> Vec<usize> {
        key_of(&self.columns)
    }

    /// Rows in all.
    pub fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

fn key_of(columns: &[CacheColumn]) -> Vec<usize> {
    let mut key: Vec<usize> = (0..columns.len())
        .filter(|i| columns.get(*i).is_some_and(|c| c.index_position > 0))
        .collect();
    key.sort_by_key(|i| columns.get(*i).map_or(0, |c| c.index_position));
    key
}

impl Cache {
    /// An empty cache.
    pub fn new(manager: &str, columns: &[CacheColumn], budget: &MemoryBudget) -> Self {
        let inner = Inner {
            manager: manager.to_owned(),
            columns: columns.to_vec(),
            budget: budget.clone(),
            state: Mutex::new(State::Empty),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The columns.
    pub fn columns(&self) -> &[CacheColumn] {
        &self.inner.columns
    }

    /// Positions of the key columns, in the order of their index positions.
    pub fn key(&self) -> Vec<usize> {
        key_of(&self.inner.columns)
    }

    /// Starts to write.
    ///
    /// # Errors
    /// 0xC0010200 the second time in an execution.
    pub fn write(&self) -> Result<CacheWriter, AcquireError> {
        let mut state = self.inner.state.lock();
        match *state {
            State::Empty => {
                *state = State::Written;
                Ok(CacheWriter {
                    cache: self.clone(),
                    batches: Vec::new(),
                    reservation: self.inner.budget.reservation(),
                })
            }
            State::Written | State::Filled(_) => Err(AcquireError::CacheWritten {
                manager: self.inner.manager.clone(),
            }),
        }
    }

    /// The rows.
    ///
    /// # Errors
    /// 0xC0010205 before the writer has finished.
    pub fn read(&self) -> Result<Arc<CacheRows>, AcquireError> {
        match &*self.inner.state.lock() {
            State::Filled(rows) => Ok(rows.clone()),
            State::Empty | State::Written => Err(AcquireError::CacheNotFilled {
                manager: self.inner.manager.clone(),
            }),
        }
    }
}

/// Takes the rows of a cache; they can be read after [`CacheWriter::finish`].
#[derive(Debug)]
pub struct CacheWriter {
    cache: Cache,
    batches: Vec<RecordBatch>,
    reservation: Reservation,
}

impl CacheWriter {
    /// Adds rows: one column for each of the cache, in its order and of its type.
    ///
    /// # Errors
    /// The memory budget does not hold them.
    pub fn write(
        &mut self,
        rows: RecordBatch,
    ) -> Result<(), packmule_runtime::memory::OutOfBudget> {
        self.reservation.try_grow(rows.get_array_memory_size())?;
        self.batches.push(rows);
        Ok(())
    }

    /// Makes the rows readable.
    pub fn finish(self) -> Arc<CacheRows> {
        let rows = Arc::new(CacheRows {
            columns: self.cache.inner.columns.clone(),
            batches: self.batches,
            reservation: self.reservation,
        });
        *self.cache.inner.state.lock() = State::Filled(rows.clone());
        rows
    }
}
