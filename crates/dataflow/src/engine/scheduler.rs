//! Which thread does what next, and when a source may go on.
//!
//! Threads take batches that became ready before an ordered component first; then a piece of a
//! stream: one that a component with several inputs waits for, then one that is not a source,
//! then the source that has made the fewest. A stream may go on while it has fewer pieces under
//! way than its window, no component with several inputs behind it is full, and nothing failed. Every piece under way holds a [`Ticket`]; with its last clone's end
//! the window has room again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use packmule_runtime::Reservation;
use parking_lot::{Condvar, Mutex};

/// What a thread is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Take the next batches of an ordered or blocking component.
    Drain(usize),
    /// Make the next piece of a stream.
    Produce(usize),
}

/// A stream as the scheduler sees it, by its component.
#[derive(Debug, Clone, Default)]
pub(super) struct Producer {
    /// A thread is cutting its next piece.
    pub busy: bool,
    /// It has something to cut, as far as one knows.
    pub runnable: bool,
    /// It goes on after a failure elsewhere: a component with several inputs uses up what it has.
    pub drains: bool,
    /// The budget had no room for its last piece: it goes on alone.
    pub starved: bool,
    /// Pieces begun so far: streams of equal rank take turns.
    pub begun: u64,
}

#[derive(Debug, Default)]
struct State {
    ready: VecDeque<usize>,
    producers: Vec<Option<Producer>>,
    running: usize,
    stopped: bool,
}

/// Shared by all threads of one start of a data flow.
#[derive(Debug)]
pub(super) struct Scheduler {
    state: Mutex<State>,
    wake: Condvar,
    /// Pieces under way, by component.
    under_way: Vec<AtomicUsize>,
    /// Pieces that a stream may have under way.
    window: usize,
    /// Something failed: sources end.
    failed: AtomicBool,
}

/// One piece of a stream under way. Cloned for each batch made of it.
#[derive(Debug, Clone)]
pub(super) struct Ticket {
    _core: Arc<TicketCore>,
}

#[derive(Debug)]
struct TicketCore {
    scheduler: Arc<Scheduler>,
    component: usize,
    reservation: Option<Reservation>,
}

impl Drop for TicketCore {
    fn drop(&mut self) {
        self.reservation = None;
        self.scheduler.finished_piece(self.component);
    }
}

impl Scheduler {
    /// A scheduler for so many components.
    pub(super) fn new(count: usize, threads: usize) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                producers: vec![None; count],
                ..State::default()
            }),
            wake: Condvar::new(),
            under_way: (0..count).map(|_| AtomicUsize::new(0)).collect(),
            window: threads * 2 + 2,
            failed: AtomicBool::new(false),
        })
    }

    /// Makes a component a stream's head.
    pub(super) fn add_producer(&self, component: usize, producer: Producer) {
        let mut state = self.state.lock();
        if let Some(slot) = state.producers.get_mut(component) {
            *slot = Some(producer);
        }
        self.wake.notify_all();
    }

    /// Says that a component with several inputs can go on.
    pub(super) fn make_runnable(&self, component: usize) {
        let mut state = self.state.lock();
        if let Some(Some(producer)) = state.producers.get_mut(component) {
            producer.runnable = true;
        }
        self.wake.notify_all();
    }

    /// Asks for a thread to take the next batches of a component.
    pub(super) fn drain_soon(&self, component: usize) {
        self.state.lock().ready.push_back(component);
        self.wake.notify_one();
    }

    /// Ends sources; what is under way goes on.
    pub(super) fn fail(&self) {
        self.failed.store(true, Ordering::SeqCst);
        self.wake_all();
    }

    /// Ends everything at the next look.
    pub(super) fn stop(&self) {
        self.state.lock().stopped = true;
        self.wake.notify_all();
    }

    /// Wakes whoever waits, so that he looks again.
    pub(super) fn wake_all(&self) {
        drop(self.state.lock());
        self.wake.notify_all();
    }

    /// A ticket for a piece that [`Scheduler::next`] gave leave for.
    pub(super) fn ticket(
        self: &Arc<Self>,
        component: usize,
        reservation: Option<Reservation>,
    ) -> Ticket {
        Ticket {
            _core: Arc::new(TicketCore {
                scheduler: Arc::clone(self),
                component,
                reservation,
            }),
        }
    }

    /// Gives a piece back that came to nothing.
    pub(super) fn finished_piece(&self, component: usize) {
        if let Some(count) = self.under_way.get(component) {
            count.fetch_sub(1, Ordering::SeqCst);
        }
        self.wake_all();
    }

    /// Whether a stream has no piece under way but the asking one.
    pub(super) fn is_alone(&self, component: usize) -> bool {
        let count = self.under_way.get(component);
        count.is_none_or(|c| c.load(Ordering::SeqCst) <= 1)
    }

    /// The cut of the next piece is over: another thread may cut. `goes_on` says whether there
    /// may be more.
    pub(super) fn cut(&self, component: usize, goes_on: bool, starved: bool) {
        let mut state = self.state.lock();
        if let Some(slot) = state.producers.get_mut(component)
            && let Some(producer) = slot
        {
            producer.busy = false;
            producer.runnable = goes_on;
            producer.starved = starved;
        }
        drop(state);
        self.wake.notify_all();
    }

    /// The task that a thread got before is done; waits for the next one. `rank` says whether a
    /// stream may go on and how urgently (0 first). `None` when nothing is left to do.
    pub(super) fn next(
        &self,
        finished_one: bool,
        rank: impl Fn(usize) -> Option<u8>,
    ) -> Option<Task> {
        let mut state = self.state.lock();
        if finished_one {
            state.running -= 1;
            self.wake.notify_all();
        }
        loop {
            if state.stopped {
                return None;
            }
            if let Some(component) = state.ready.pop_front() {
                state.running += 1;
                return Some(Task::Drain(component));
            }
            if let Some(component) = self.pick(&mut state, &rank) {
                state.running += 1;
                return Some(Task::Produce(component));
            }
            if state.running == 0 {
                self.wake.notify_all();
                return None;
            }
            self.wake.wait(&mut state);
        }
    }

    fn pick(&self, state: &mut State, rank: &impl Fn(usize) -> Option<u8>) -> Option<usize> {
        let failed = self.failed.load(Ordering::SeqCst);
        let mut best: Option<(u8, u64, usize)> = None;
        for (component, producer) in state.producers.iter().enumerate() {
            let Some(producer) = producer else {
                continue;
            };
            let limit = if producer.starved { 1 } else { self.window };
            let may = producer.runnable
                && !producer.busy
                && (!failed || producer.drains)
                && self.under_way[component].load(Ordering::SeqCst) < limit;
            if may && let Some(rank) = rank(component) {
                let candidate = (rank, producer.begun, component);
                best = Some(best.map_or(candidate, |b| b.min(candidate)));
            }
        }
        let (_, _, component) = best?;
        if let Some(Some(producer)) = state.producers.get_mut(component) {
            producer.busy = true;
            producer.begun += 1;
        }
        self.under_way[component].fetch_add(1, Ordering::SeqCst);
        Some(component)
    }
}
