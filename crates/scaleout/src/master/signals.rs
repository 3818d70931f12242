//! Wakes Workers through their open streams: one waiting Worker per new task, the right Worker
//! for a stop.

use std::collections::HashMap;
use std::sync::Arc;

use packmule_catalog::{Catalog, Change, ExecutionId, TaskKey, WatchGuard, WorkerId};
use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};

use crate::proto::{Signal, Wake, signal::Kind};

/// Most signals that wait for one Worker; a Worker that does not take them finds out at its next
/// renewal.
const SIGNALS_MAX: usize = 256;
/// Most changes that wait to be passed on; beyond it everyone is woken.
const CHANGES_MAX: usize = 4096;

struct Stream {
    number: u64,
    sender: mpsc::Sender<Signal>,
    /// It has free slots and asked for more than there was.
    waits: bool,
}

#[derive(Default)]
struct Streams {
    open: HashMap<WorkerId, Stream>,
    /// In which order Workers are woken.
    order: Vec<WorkerId>,
    next: u64,
}

/// The open streams.
#[derive(Clone)]
pub(crate) struct Signals {
    streams: Arc<Mutex<Streams>>,
    _watch: Arc<WatchGuard>,
}

enum Notice {
    /// A task for any Worker.
    Queued,
    /// A task for those that were chosen for it.
    QueuedFor(ExecutionId),
    Stop(WorkerId, TaskKey),
}

fn wake() -> Signal {
    Signal {
        kind: Some(Kind::Wake(Wake {})),
    }
}

impl Signals {
    /// Follows the catalog's changes until the Master stops.
    pub(crate) fn watch(catalog: &Catalog, mut stopped: watch::Receiver<bool>) -> Self {
        let (sender, mut notices) = mpsc::channel(CHANGES_MAX);
        let streams: Arc<Mutex<Streams>> = Arc::default();
        let overflow = Arc::clone(&streams);
        let guard = catalog.watch(move |change| {
            let notice = match change {
                Change::Queued {
                    any_worker: true, ..
                } => Notice::Queued,
                Change::Queued { execution, .. } => Notice::QueuedFor(*execution),
                Change::Stop(worker, task) => Notice::Stop(*worker, *task),
                _ => return,
            };
            if sender.try_send(notice).is_err() {
                overflow.lock().wake_all();
            }
        });
        let signals = Self {
            streams,
            _watch: Arc::new(guard),
        };
        let passing = Arc::clone(&signals.streams);
        let catalog = catalog.clone();
        tokio::spawn(async move {
            loop {
                let notice = tokio::select! {
                    notice = notices.recv() => notice,
                    _ = stopped.wait_for(|stop| *stop) => return,
                };
                match notice {
                    Some(Notice::Stop(worker, task)) => passing.lock().stop(worker, task),
                    Some(Notice::Queued) => passing.lock().queued(),
                    Some(Notice::QueuedFor(id)) => {
                        let catalog = catalog.clone();
                        let workers = super::blocking(move || catalog.execution_workers(id)).await;
                        let chosen = workers.ok().and_then(Result::ok).unwrap_or_default();
                        passing.lock().wake(&chosen);
                    }
                    None => return,
                }
            }
        });
        signals
    }

    /// A Worker opened its stream; a former one of the same Worker ends.
    pub(crate) fn open(&self, worker: WorkerId) -> (u64, mpsc::Receiver<Signal>) {
        let (sender, receiver) = mpsc::channel(SIGNALS_MAX);
        let mut streams = self.streams.lock();
        streams.next += 1;
        let number = streams.next;
        // whatever came before the stream was open is found by the first pull
        let _ = sender.try_send(wake());
        streams.open.insert(
            worker,
            Stream {
                number,
                sender,
                waits: true,
            },
        );
        streams.order.retain(|w| *w != worker);
        streams.order.push(worker);
        (number, receiver)
    }

    /// A stream ended.
    pub(crate) fn close(&self, worker: WorkerId, number: u64) {
        let mut streams = self.streams.lock();
        if streams
            .open
            .get(&worker)
            .is_some_and(|s| s.number == number)
        {
            streams.open.remove(&worker);
            streams.order.retain(|w| *w != worker);
        }
    }

    /// Whether a Worker waits for tasks.
    pub(crate) fn set_waits(&self, worker: WorkerId, waits: bool) {
        if let Some(stream) = self.streams.lock().open.get_mut(&worker) {
            stream.waits = waits;
        }
    }
}

impl Streams {
    fn send(&mut self, worker: WorkerId, signal: Signal) -> bool {
        self.open
            .get(&worker)
            .is_some_and(|s| s.sender.try_send(signal).is_ok())
    }

    fn wake_all(&mut self) {
        self.wake(&self.order.clone());
    }

    fn wake(&mut self, workers: &[WorkerId]) {
        for worker in workers {
            self.send(*worker, wake());
        }
    }

    fn stop(&mut self, worker: WorkerId, task: TaskKey) {
        self.send(
            worker,
            Signal {
                kind: Some(Kind::Stop(task.into())),
            },
        );
    }

    /// Wakes one waiting Worker, the one that was woken longest ago. It counts as waiting again
    /// once it has pulled and got less than it asked for; so a thousand new tasks wake each
    /// Worker once. When none waits, the next free slot pulls anyway.
    fn queued(&mut self) {
        let waiting = self
            .order
            .iter()
            .position(|w| self.open.get(w).is_some_and(|s| s.waits));
        if let Some(place) = waiting {
            let worker = self.order.remove(place);
            self.order.push(worker);
            if let Some(stream) = self.open.get_mut(&worker) {
                stream.waits = false;
            }
            self.send(worker, wake());
        }
    }
}
