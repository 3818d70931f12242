//! Batches waiting for their turn before an ordered or blocking component.

use std::collections::BTreeMap;

use crate::component::{Blocking, Ordered, Prepare, Prepared};
use crate::engine::scheduler::Ticket;

/// A batch that waits, and the permission that its morsel holds.
pub(super) struct Waiting {
    /// What the component will be given; nothing for an ordinal without rows.
    pub prepared: Option<Prepared>,
    /// Kept until the batch has gone all its way.
    pub ticket: Option<Ticket>,
}

/// The component itself, absent while a thread runs it.
pub(super) enum Run {
    /// Ordered components and destinations.
    Ordered(Box<dyn Ordered>),
    /// Blocking components.
    Blocking(Box<dyn Blocking>),
}

/// An ordered or blocking component with the batches that wait for it.
pub(super) struct Sink {
    /// What needs no order; run by whichever thread brings the batch.
    pub prepare: Option<Box<dyn Prepare>>,
    /// The rest.
    pub state: parking_lot::Mutex<SinkState>,
}

/// What threads share of a [`Sink`].
pub(super) struct SinkState {
    /// The component, absent while a thread runs it.
    pub run: Option<Run>,
    /// The ordinal that is next.
    pub next: u64,
    /// Number of ordinals in all, once known.
    pub end: Option<u64>,
    /// The end was handled.
    pub ended: bool,
    /// It failed and takes nothing any more.
    pub failed: bool,
    /// Batches that came early.
    pub waiting: BTreeMap<u64, Waiting>,
}

impl Sink {
    /// A component that has seen nothing yet.
    pub(super) fn new(prepare: Option<Box<dyn Prepare>>, run: Run) -> Self {
        Self {
            prepare,
            state: parking_lot::Mutex::new(SinkState {
                run: Some(run),
                next: 0,
                end: None,
                ended: false,
                failed: false,
                waiting: BTreeMap::new(),
            }),
        }
    }
}

impl SinkState {
    /// Whether something can be done: the next batch is there, or the end is reached.
    pub(super) fn is_ready(&self) -> bool {
        let end = self.end == Some(self.next) && !self.ended;
        self.run.is_some() && !self.failed && (end || self.waiting.contains_key(&self.next))
    }
}
