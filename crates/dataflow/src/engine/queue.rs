//! Inputs of components with several inputs: in order, and as long as they must be.
//!
//! An input is never full while its component waits for another one; so diamonds cannot lock
//! up. What does not fit into the memory budget goes to disk.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use packmule_runtime::{MemoryBudget, Reservation};
use parking_lot::Mutex;

use crate::batch::Batch;
use crate::codes;
use crate::component::{Failure, Inputs, SeveralInputs, Taken};
use crate::engine::spill::Spilled;

/// Batches that an input holds before its senders are suspended, as SSIS does at five buffers.
const BATCHES_MAX: usize = 5;

enum Held {
    Memory(
        Batch,
        #[expect(dead_code, reason = "held for its bytes")] Reservation,
    ),
    Disk(Spilled),
    Nothing,
}

/// One input.
#[derive(Default)]
pub(super) struct InputQueue {
    held: BTreeMap<u64, Held>,
    next: u64,
    end: Option<u64>,
    /// Its stream failed: it never comes to its end.
    broken_off: bool,
}

impl InputQueue {
    /// An input without a path: at its end from the start.
    pub(super) fn without_path() -> Self {
        Self {
            end: Some(0),
            ..Self::default()
        }
    }

    fn has_next(&self) -> bool {
        self.held.contains_key(&self.next) || self.end.is_some_and(|end| end <= self.next)
    }
}

/// Where batches that do not fit go.
#[derive(Debug)]
pub(super) struct Store {
    budget: MemoryBudget,
    folder: PathBuf,
}

impl Store {
    /// Memory first, then files in a folder.
    pub(super) fn new(budget: MemoryBudget, folder: PathBuf) -> Self {
        Self { budget, folder }
    }

    fn hold(&self, batch: Batch) -> Result<Held, Failure> {
        let mut batch = batch.compact();
        batch.origin = None;
        match self.budget.try_reserve(batch.bytes()) {
            Ok(reservation) => Ok(Held::Memory(batch, reservation)),
            Err(_) => Spilled::write(&self.folder, &batch)
                .map(Held::Disk)
                .map_err(spill_failure),
        }
    }
}

/// All inputs of one component.
pub(super) struct Queues {
    queues: Vec<InputQueue>,
    /// The input that the component lacks a batch of.
    starved: Option<usize>,
}

impl Queues {
    /// Inputs that hold nothing.
    pub(super) fn new(queues: Vec<InputQueue>) -> Self {
        Self {
            queues,
            starved: None,
        }
    }

    /// Puts a batch into its place. Batches may come in any order.
    fn insert(&mut self, input: usize, ordinal: u64, held: Held) {
        if let Some(queue) = self.queues.get_mut(input) {
            queue.held.insert(ordinal, held);
        }
    }

    /// Says how many ordinals an input has in all.
    fn end(&mut self, input: usize, count: u64) {
        if let Some(queue) = self.queues.get_mut(input).filter(|q| !q.broken_off) {
            queue.end = Some(count);
        }
    }

    /// Whether an input has something to give, its end included.
    fn has_next(&self, input: usize) -> bool {
        self.queues.get(input).is_none_or(InputQueue::has_next)
    }

    /// Whether senders are to be suspended: an input is long and the component need not wait
    /// for another one.
    fn is_full(&self) -> bool {
        let waits = self.starved.is_some_and(|input| !self.has_next(input));
        !waits && self.queues.iter().any(|q| q.held.len() >= BATCHES_MAX)
    }

    fn pop(&mut self, input: usize) -> Result<Option<Option<Batch>>, Failure> {
        let Some(queue) = self.queues.get_mut(input) else {
            return Ok(None);
        };
        let Some(held) = queue.held.remove(&queue.next) else {
            return Ok(None);
        };
        queue.next += 1;
        match held {
            Held::Memory(batch, _) => Ok(Some(Some(batch))),
            Held::Disk(spilled) => spilled.read().map(|b| Some(Some(b))).map_err(spill_failure),
            Held::Nothing => Ok(Some(None)),
        }
    }

    fn at_end(&self, input: usize) -> bool {
        let queue = self.queues.get(input);
        queue.is_none_or(|q| q.end.is_some_and(|end| end <= q.next))
    }
}

fn spill_failure(error: crate::engine::spill::SpillError) -> Failure {
    let text = format!("{}", packmule_types::error::Chain(&error));
    Failure::text(
        codes::BUFFER_ALLOCATION,
        text,
        Some("give the execution more memory, or its temporary folder more space"),
    )
}

impl Inputs for Queues {
    fn count(&self) -> usize {
        self.queues.len()
    }

    fn take(&mut self, input: usize) -> Result<Taken, Failure> {
        loop {
            match self.take_ordinal(input)? {
                Taken::Batch(batch) if batch.is_empty() => {}
                other => return Ok(other),
            }
        }
    }

    fn take_ordinal(&mut self, input: usize) -> Result<Taken, Failure> {
        if self.at_end(input) {
            return Ok(Taken::End);
        }
        let ordinal = self.queues.get(input).map_or(0, |q| q.next);
        Ok(match self.pop(input)? {
            Some(Some(batch)) => Taken::Batch(batch),
            Some(None) => Taken::Batch(Batch::empty(ordinal)),
            None => Taken::Waiting,
        })
    }
}

/// A component with several inputs and what waits for it.
pub(super) struct Several {
    /// The component; one thread at a time.
    pub run: Mutex<Box<dyn SeveralInputs>>,
    queues: Mutex<Queues>,
    store: Store,
    full: AtomicBool,
    /// The input waited for; `usize::MAX` for none.
    starved: AtomicUsize,
}

impl Several {
    /// A component that has seen nothing yet.
    pub(super) fn new(run: Box<dyn SeveralInputs>, queues: Vec<InputQueue>, store: Store) -> Self {
        Self {
            run: Mutex::new(run),
            queues: Mutex::new(Queues::new(queues)),
            store,
            full: AtomicBool::new(false),
            starved: AtomicUsize::new(usize::MAX),
        }
    }

    /// Whether its senders are to be suspended.
    pub(super) fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Puts a batch into its place; says whether the component can go on.
    pub(super) fn insert(
        &self,
        input: usize,
        ordinal: u64,
        batch: Option<Batch>,
    ) -> Result<bool, Failure> {
        let held = match batch {
            Some(batch) => self.store.hold(batch)?,
            None => Held::Nothing,
        };
        let mut queues = self.queues.lock();
        queues.insert(input, ordinal, held);
        Ok(self.can_go_on(&queues))
    }

    /// Says how many ordinals an input has in all; says whether the component can go on.
    pub(super) fn end(&self, input: usize, count: u64) -> bool {
        let mut queues = self.queues.lock();
        queues.end(input, count);
        self.can_go_on(&queues)
    }

    /// The stream of an input failed: what has come is used, the end never comes.
    pub(super) fn break_off(&self, input: usize) {
        if let Some(queue) = self.queues.lock().queues.get_mut(input) {
            queue.broken_off = true;
            queue.end = None;
        }
    }

    /// Whether the component waits for this input.
    pub(super) fn wants(&self, input: usize) -> bool {
        self.starved.load(Ordering::Relaxed) == input
    }

    /// Notes that the component lacks a batch; says whether it can go on all the same, because
    /// one came meanwhile.
    pub(super) fn starve(&self, input: Option<usize>) -> bool {
        let mut queues = self.queues.lock();
        queues.starved = input;
        self.starved
            .store(input.unwrap_or(usize::MAX), Ordering::Relaxed);
        self.can_go_on(&queues)
    }

    fn can_go_on(&self, queues: &Queues) -> bool {
        self.full.store(queues.is_full(), Ordering::Relaxed);
        queues.starved.is_none_or(|input| queues.has_next(input))
    }
}

/// The inputs while the component runs: locked for each access only.
pub(super) struct OpenInputs<'a>(pub &'a Several);

impl Inputs for OpenInputs<'_> {
    fn count(&self) -> usize {
        self.0.queues.lock().count()
    }

    fn take(&mut self, input: usize) -> Result<Taken, Failure> {
        self.0.queues.lock().take(input)
    }

    fn take_ordinal(&mut self, input: usize) -> Result<Taken, Failure> {
        self.0.queues.lock().take_ordinal(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Column;
    use arrow::array::{ArrayRef, Int32Array};
    use std::sync::Arc;

    fn batch(value: i32) -> Batch {
        let array: ArrayRef = Arc::new(Int32Array::from(vec![value; 100]));
        Batch::new(vec![Column::Array(array)], 100)
    }

    struct Idle;

    impl SeveralInputs for Idle {
        fn step(&mut self, _inputs: &mut dyn Inputs) -> Result<crate::component::Step, Failure> {
            Ok(crate::component::Step::Finished)
        }
    }

    fn several(queues: Vec<InputQueue>, bytes: usize, folder: PathBuf) -> Several {
        let store = Store::new(MemoryBudget::new(bytes), folder);
        Several::new(Box::new(Idle), queues, store)
    }

    #[test]
    fn inputs_restore_order_and_spill() {
        let folder = tempfile::tempdir().unwrap();
        let queues = vec![InputQueue::default(), InputQueue::without_path()];
        let several = several(queues, 0, folder.path().to_path_buf());
        let mut inputs = OpenInputs(&several);
        several.insert(0, 2, Some(batch(2))).unwrap();
        several.insert(0, 1, None).unwrap();
        assert!(matches!(inputs.take(0).unwrap(), Taken::Waiting));
        assert!(matches!(inputs.take(1).unwrap(), Taken::End));
        several.insert(0, 0, Some(batch(0))).unwrap();
        several.end(0, 3);
        let mut seen = Vec::new();
        while let Taken::Batch(batch) = inputs.take(0).unwrap() {
            seen.push(batch.rows);
        }
        assert_eq!(seen, [100, 100]);
        assert!(matches!(inputs.take(0).unwrap(), Taken::End));
    }

    #[test]
    fn an_input_is_not_full_while_another_one_is_awaited() {
        let queues = vec![InputQueue::default(), InputQueue::default()];
        let several = several(queues, 1 << 20, PathBuf::new());
        several.starve(Some(1));
        for ordinal in 0..2 * BATCHES_MAX as u64 {
            assert!(!several.insert(0, ordinal, Some(batch(1))).unwrap());
        }
        assert!(!several.is_full());
        assert!(several.insert(1, 0, Some(batch(1))).unwrap());
        assert!(several.is_full());
    }
}
