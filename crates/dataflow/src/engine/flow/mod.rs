//! The bound components of one start of a data flow, its streams and segments.
//!
//! | module | is |
//! | --- | --- |
//! | [`produce`] | makes the pieces of streams |
//! | [`segment`] | takes a piece through the parallel components |
//! | [`ends`] | hands over to ordered, blocking and several-input components |

mod ends;
mod produce;
mod segment;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use packmule_runtime::Reported;
use parking_lot::Mutex;

use crate::codes;
use crate::component::{Bound, End, Failure, Morsel, Parallel, Source};
use crate::engine::counters::Counters;
use crate::engine::queue::{InputQueue, Several, Store};
use crate::engine::scheduler::{Producer, Scheduler, Task};
use crate::engine::window::{Run, Sink};
use crate::plan::Plan;
use crate::site::FlowContext;

/// A component as the engine runs it.
enum Node {
    Absent,
    Source,
    Parallel(Box<dyn Parallel>),
    Sink(Sink),
    Several(Box<Several>),
}

/// The head of a stream: who gives its ordinals, and how far it has come.
#[derive(Default)]
struct Stream {
    /// Sources and what blocking components become; absent while a thread cuts.
    source: Mutex<Option<Box<dyn Source>>>,
    /// A piece that found no room in the budget.
    pending: Mutex<Option<Box<dyn Morsel>>>,
    /// Ordinals given.
    issued: AtomicU64,
    /// No ordinal above this one counts any more.
    limit: AtomicU64,
}

/// A row that failed.
pub(crate) struct FailedRow {
    stream: usize,
    ordinal: u64,
    row: usize,
    /// The component.
    pub(crate) component: usize,
    /// The input whose batch failed; none for what a source or blocking component sends.
    pub(crate) input: Option<usize>,
    /// Why.
    pub(crate) failure: Failure,
}

/// All bound components of one start of a data flow.
pub(crate) struct Flow<'a> {
    context: &'a FlowContext,
    plan: &'a Plan,
    counters: &'a Counters,
    scheduler: Arc<Scheduler>,
    nodes: Vec<Node>,
    streams: Vec<Stream>,
    /// By component: the stream that its outputs belong to.
    stream_of: Vec<usize>,
    /// By ordered or blocking component: the stream of the batches that it gets.
    input_stream: Vec<usize>,
    /// By head of a segment: the components and inputs at its ends.
    ends: Vec<Vec<(usize, usize)>>,
    /// By stream: components with several inputs behind it, with the input.
    feeds: Vec<Vec<(usize, usize)>>,
    failures: Mutex<Vec<FailedRow>>,
}

impl<'a> Flow<'a> {
    /// Puts bound components into their places; a component left out is `None`.
    pub(crate) fn new(
        context: &'a FlowContext,
        plan: &'a Plan,
        counters: &'a Counters,
        bound: Vec<Option<Bound>>,
    ) -> Self {
        let count = bound.len();
        let mut flow = Self {
            context,
            plan,
            counters,
            scheduler: Scheduler::new(count, context.services.threads.max(1)),
            nodes: Vec::with_capacity(count),
            streams: (0..count).map(|_| Stream::new()).collect(),
            stream_of: (0..count).collect(),
            input_stream: (0..count).collect(),
            ends: vec![Vec::new(); count],
            feeds: vec![Vec::new(); count],
            failures: Mutex::new(Vec::new()),
        };
        for (component, bound) in bound.into_iter().enumerate() {
            let node = flow.node(component, bound);
            flow.nodes.push(node);
        }
        flow.find_segments();
        flow
    }

    fn node(&self, component: usize, bound: Option<Bound>) -> Node {
        match bound {
            None => Node::Absent,
            Some(Bound::Source(source)) => {
                *self.streams[component].source.lock() = Some(source);
                Node::Source
            }
            Some(Bound::Parallel(run)) => Node::Parallel(run),
            Some(Bound::Ordered { prepare, run }) => {
                Node::Sink(Sink::new(prepare, Run::Ordered(run)))
            }
            Some(Bound::Blocking { prepare, run }) => {
                Node::Sink(Sink::new(prepare, Run::Blocking(run)))
            }
            Some(Bound::SeveralInputs(run)) => {
                let services = &self.context.services;
                let store = Store::new(services.memory.clone(), services.temp_folder.clone());
                let inputs = self.plan.input_count(component);
                let queues =
                    (0..inputs).map(|input| match self.plan.input_schema(component, input) {
                        Some(_) => InputQueue::default(),
                        None => InputQueue::without_path(),
                    });
                Node::Several(Box::new(Several::new(run, queues.collect(), store)))
            }
        }
    }

    /// Finds where segments end and to which stream each component's outputs belong.
    fn find_segments(&mut self) {
        for &head in &self.plan.order {
            if matches!(self.nodes[head], Node::Absent | Node::Parallel(_)) {
                continue;
            }
            let stream = self.stream_of[head];
            let mut open = vec![head];
            let mut ends = Vec::new();
            while let Some(component) = open.pop() {
                for edge in self.plan.edges_of(component) {
                    match &self.nodes[edge.component] {
                        Node::Parallel(_) => open.push(edge.component),
                        Node::Sink(sink) => {
                            self.input_stream[edge.component] = stream;
                            if matches!(sink.state.lock().run, Some(Run::Ordered(_))) {
                                self.stream_of[edge.component] = stream;
                            }
                            ends.push((edge.component, edge.input));
                        }
                        Node::Several(_) => {
                            self.feeds[stream].push((edge.component, edge.input));
                            ends.push((edge.component, edge.input));
                        }
                        Node::Absent | Node::Source => {}
                    }
                }
            }
            ends.sort_unstable();
            self.ends[head] = ends;
        }
    }

    /// Runs until everything has come to its end, something failed, or the run was cancelled.
    pub(crate) fn run(&self) {
        for (component, node) in self.nodes.iter().enumerate() {
            let producer = match node {
                Node::Source => Producer {
                    runnable: true,
                    ..Producer::default()
                },
                Node::Several(_) => Producer {
                    runnable: true,
                    drains: true,
                    ..Producer::default()
                },
                _ => continue,
            };
            self.scheduler.add_producer(component, producer);
        }
        let threads = self.context.services.threads.max(1);
        std::thread::scope(|scope| {
            for number in 1..threads {
                let worker = std::thread::Builder::new().name(format!("dataflow-{number}"));
                if worker.spawn_scoped(scope, || self.work()).is_err() {
                    // Fewer threads than wanted: the work is done all the same.
                    break;
                }
            }
            self.work();
        });
    }

    /// The failures of the run, the one to report first.
    pub(crate) fn take_failures(&self) -> Vec<FailedRow> {
        let mut failures = std::mem::take(&mut *self.failures.lock());
        let place = |stream: usize| self.plan.order.iter().position(|c| *c == stream);
        failures.sort_by_key(|f| (std::cmp::Reverse(place(f.stream)), f.ordinal, f.row));
        failures
    }

    /// PostExecute of one component.
    pub(crate) fn finish(&self, component: usize, end: End) -> Result<(), Reported> {
        let stream = self.streams.get(component);
        if let Some(source) = stream.and_then(|s| s.source.lock().take()) {
            let mut source = source;
            source.finish(end)?;
        }
        match self.nodes.get(component) {
            Some(Node::Parallel(run)) => run.finish(end),
            Some(Node::Sink(sink)) => match sink.state.lock().run.as_mut() {
                Some(Run::Ordered(run)) => run.finish(end),
                Some(Run::Blocking(run)) => run.finish(end),
                None => Ok(()),
            },
            Some(Node::Several(several)) => several.run.lock().finish(end),
            _ => Ok(()),
        }
    }

    fn work(&self) {
        let mut finished_one = false;
        while let Some(task) = self.scheduler.next(finished_one, |c| self.rank(c)) {
            finished_one = true;
            if self.context.services.cancel.is_cancelled() {
                self.scheduler.stop();
                continue;
            }
            let component = match task {
                Task::Drain(component) | Task::Produce(component) => component,
            };
            let done = catch_unwind(AssertUnwindSafe(|| match task {
                Task::Drain(component) => self.drain(component),
                Task::Produce(component) => self.produce(component),
            }));
            if let Err(panic) = done {
                let failure = panic_failure(panic.as_ref());
                self.fail(self.stream_of[component], 0, 0, component, None, failure);
                self.scheduler.stop();
            }
            self.counters.sample(self.context);
        }
    }

    /// Whether a stream may go on, and how urgently.
    fn rank(&self, component: usize) -> Option<u8> {
        let mut wanted = false;
        for (several, input) in &self.feeds[component] {
            if let Node::Several(several) = &self.nodes[*several] {
                if several.is_full() {
                    return None;
                }
                wanted |= several.wants(*input);
            }
        }
        let source = matches!(self.nodes[component], Node::Source);
        Some(if wanted { 0 } else { 1 + u8::from(source) })
    }

    /// Notes a failure and ends what lies above it.
    fn fail(
        &self,
        stream: usize,
        ordinal: u64,
        row: usize,
        component: usize,
        input: Option<usize>,
        failure: Failure,
    ) {
        self.streams[stream]
            .limit
            .fetch_min(ordinal, Ordering::SeqCst);
        for (several, input) in &self.feeds[stream] {
            if let Node::Several(several) = &self.nodes[*several] {
                several.break_off(*input);
            }
        }
        self.failures.lock().push(FailedRow {
            stream,
            ordinal,
            row,
            component,
            input,
            failure,
        });
        self.scheduler.fail();
    }

    /// Whether anything failed.
    pub(crate) fn has_failed(&self) -> bool {
        !self.failures.lock().is_empty()
    }

    /// Whether every component has come to its end; a run that neither failed nor was
    /// cancelled must have.
    pub(crate) fn has_ended(&self) -> bool {
        self.nodes.iter().all(|node| match node {
            Node::Sink(sink) => sink.state.lock().ended,
            _ => true,
        })
    }
}

impl Stream {
    fn new() -> Self {
        Self {
            limit: AtomicU64::new(u64::MAX),
            ..Self::default()
        }
    }
}

/// What a panic of a component becomes. Components do not panic; should one all the same, the
/// run ends with an error instead of hanging.
fn panic_failure(panic: &(dyn Any + Send)) -> Failure {
    let text = panic
        .downcast_ref::<&str>()
        .map(|t| (*t).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "no text".to_owned());
    Failure::text(
        codes::E_FAIL,
        format!("internal error in a component: {text}"),
        Some("report it with the package"),
    )
}
