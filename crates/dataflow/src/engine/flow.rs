//! The bound components and the way of a batch through them.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use packmule_runtime::Reported;
use parking_lot::Mutex;

use crate::batch::Batch;
use crate::codes;
use crate::component::{Bound, End, Failure, Morsel, Outputs, Parallel, Prepared, Source, Step};
use crate::engine::counters::Counters;
use crate::engine::queue::{InputQueue, OpenInputs, Several, Store};
use crate::engine::scheduler::{Producer, Scheduler, Task, Ticket};
use crate::engine::window::{Run, Sink, Waiting};
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

/// What came out of a segment: batches for the components at its ends, rows of its paths.
#[derive(Default)]
struct Passed {
    arrived: Vec<(usize, usize, Option<Prepared>)>,
    rows: Vec<(usize, usize)>,
}

/// Where and why a pass through a segment stopped.
struct Stopped {
    component: usize,
    input: usize,
    row: usize,
    failure: Failure,
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

    fn produce(&self, component: usize) {
        match &self.nodes[component] {
            Node::Several(several) => self.step(component, several),
            _ => self.cut(component),
        }
    }

    /// Cuts the next piece of a source and takes it through its segment.
    fn cut(&self, component: usize) {
        let stream = &self.streams[component];
        let began = self.context.services.clock.utc_now();
        let pending = stream.pending.lock().take();
        let next = match pending {
            Some(morsel) => Ok(Some(morsel)),
            None => match stream.source.lock().as_mut() {
                Some(source) => source.next(),
                None => Ok(None),
            },
        };
        let ordinal = stream.issued.load(Ordering::SeqCst);
        match next {
            Ok(Some(morsel)) => {
                let reservation = self.context.services.memory.try_reserve(morsel.bytes());
                let starved = reservation.is_err();
                if starved && !self.scheduler.is_alone(component) {
                    *stream.pending.lock() = Some(morsel);
                    self.scheduler.cut(component, true, true);
                    self.scheduler.finished_piece(component);
                    return;
                }
                stream.issued.store(ordinal + 1, Ordering::SeqCst);
                let ticket = self.scheduler.ticket(component, reservation.ok());
                self.scheduler.cut(component, true, starved);
                self.read(component, ordinal, morsel, ticket);
            }
            Ok(None) => {
                self.scheduler.cut(component, false, false);
                self.end_segment(component, ordinal);
                self.scheduler.finished_piece(component);
            }
            Err(failure) => {
                self.fail(component, ordinal, 0, component, None, failure);
                self.scheduler.cut(component, false, false);
                self.scheduler.finished_piece(component);
            }
        }
        self.counters.worked(self.context, component, began);
    }

    /// One step of a component with several inputs.
    fn step(&self, component: usize, several: &Several) {
        let began = self.context.services.clock.utc_now();
        let ordinal = self.streams[component].issued.load(Ordering::SeqCst);
        let step = several.run.lock().step(&mut OpenInputs(several));
        match step {
            Ok(Step::Made(morsel)) => {
                self.streams[component]
                    .issued
                    .store(ordinal + 1, Ordering::SeqCst);
                let reservation = self.context.services.memory.try_reserve(morsel.bytes());
                let ticket = self.scheduler.ticket(component, reservation.ok());
                several.starve(None);
                self.scheduler.cut(component, true, false);
                self.read(component, ordinal, morsel, ticket);
            }
            Ok(Step::Needs(input)) => {
                self.scheduler.cut(component, false, false);
                if several.starve(Some(input)) {
                    self.scheduler.make_runnable(component);
                }
                self.scheduler.finished_piece(component);
            }
            Ok(Step::Finished) => {
                self.scheduler.cut(component, false, false);
                self.end_segment(component, ordinal);
                self.scheduler.finished_piece(component);
            }
            Err(failure) => {
                self.fail(component, ordinal, 0, component, Some(0), failure);
                self.scheduler.cut(component, false, false);
                self.scheduler.finished_piece(component);
            }
        }
        self.counters.worked(self.context, component, began);
    }

    fn read(&self, component: usize, ordinal: u64, morsel: Box<dyn Morsel>, ticket: Ticket) {
        let mut outputs = Outputs::new(self.plan.attached(component));
        if let Err(failure) = morsel.read(&mut outputs) {
            let row = failure.row;
            self.fail(component, ordinal, row, component, None, failure);
        }
        self.carry(component, ordinal, outputs.into_batches(), Some(ticket));
    }

    /// Takes what the head of a segment sent to the segment's ends.
    fn carry(
        &self,
        head: usize,
        ordinal: u64,
        mut batches: Vec<Option<Batch>>,
        ticket: Option<Ticket>,
    ) {
        let stream = self.stream_of[head];
        let passed = loop {
            if ordinal > self.streams[stream].limit.load(Ordering::SeqCst) {
                return;
            }
            match self.pass(head, ordinal, &batches) {
                Ok(passed) => break passed,
                Err(stopped) => {
                    keep_before(&mut batches, stopped.row);
                    let Stopped {
                        component,
                        input,
                        row,
                        failure,
                    } = stopped;
                    self.fail(stream, ordinal, row, component, Some(input), failure);
                }
            }
        };
        for (path, rows) in passed.rows {
            self.counters.add(path, rows);
        }
        for (component, input, prepared) in passed.arrived {
            let waiting = Waiting {
                prepared,
                ticket: ticket.clone(),
            };
            self.arrive(component, input, ordinal, waiting);
        }
    }

    /// Runs the parallel components of a segment, without any effect outside.
    fn pass(
        &self,
        head: usize,
        ordinal: u64,
        batches: &[Option<Batch>],
    ) -> Result<Passed, Stopped> {
        let mut passed = Passed::default();
        let mut open: Vec<(usize, Vec<Option<Batch>>)> = vec![(head, batches.to_vec())];
        while let Some((component, batches)) = open.pop() {
            for (output, batch) in batches.into_iter().enumerate() {
                let Some(edge) = self.plan.edge(component, output) else {
                    continue;
                };
                let batch = batch
                    .filter(|b| !b.is_empty())
                    .map(|b| Batch { ordinal, ..b });
                passed
                    .rows
                    .push((edge.path, batch.as_ref().map_or(0, Batch::len)));
                match &self.nodes[edge.component] {
                    Node::Parallel(run) => {
                        let sent = self.process(edge.component, run.as_ref(), batch)?;
                        open.push((edge.component, sent));
                    }
                    Node::Sink(sink) => {
                        let prepared = self.prepare(edge.component, sink, batch)?;
                        passed.arrived.push((edge.component, edge.input, prepared));
                    }
                    Node::Several(_) => {
                        let prepared = batch.map(|batch| Prepared { batch, extra: None });
                        passed.arrived.push((edge.component, edge.input, prepared));
                    }
                    Node::Absent | Node::Source => {}
                }
            }
        }
        passed.arrived.sort_by_key(|a| (a.0, a.1));
        Ok(passed)
    }

    fn process(
        &self,
        component: usize,
        run: &dyn Parallel,
        batch: Option<Batch>,
    ) -> Result<Vec<Option<Batch>>, Stopped> {
        let attached = self.plan.attached(component);
        let Some(batch) = batch else {
            return Ok(vec![None; attached.len()]);
        };
        let began = self.context.services.clock.utc_now();
        let mut outputs = Outputs::new(attached);
        let origin = batch.clone();
        let result = run.process(batch, &mut outputs);
        self.counters.worked(self.context, component, began);
        match result {
            Ok(()) => Ok(outputs.into_batches()),
            Err(failure) => Err(Stopped::new(component, &origin, failure)),
        }
    }

    fn prepare(
        &self,
        component: usize,
        sink: &Sink,
        batch: Option<Batch>,
    ) -> Result<Option<Prepared>, Stopped> {
        match (batch, &sink.prepare) {
            (None, _) => Ok(None),
            (Some(batch), None) => Ok(Some(Prepared { batch, extra: None })),
            (Some(batch), Some(prepare)) => {
                let began = self.context.services.clock.utc_now();
                let origin = batch.clone();
                let prepared = prepare.prepare(batch);
                self.counters.worked(self.context, component, began);
                prepared
                    .map(Some)
                    .map_err(|failure| Stopped::new(component, &origin, failure))
            }
        }
    }

    /// A batch, or the lack of one, has come to the end of a segment.
    fn arrive(&self, component: usize, input: usize, ordinal: u64, waiting: Waiting) {
        match &self.nodes[component] {
            Node::Sink(sink) => {
                sink.state.lock().waiting.insert(ordinal, waiting);
                self.drain(component);
            }
            Node::Several(several) => {
                let batch = waiting.prepared.map(|p| p.batch);
                match several.insert(input, ordinal, batch) {
                    Ok(true) => self.scheduler.make_runnable(component),
                    Ok(false) => {}
                    Err(failure) => {
                        self.fail(component, 0, 0, component, Some(input), failure);
                    }
                }
            }
            Node::Absent | Node::Source | Node::Parallel(_) => {}
        }
    }

    /// Gives an ordered or blocking component its next batch, if it is there and no other
    /// thread is at it.
    fn drain(&self, component: usize) {
        let Node::Sink(sink) = &self.nodes[component] else {
            return;
        };
        let limit = &self.streams[self.input_stream[component]].limit;
        let mut state = sink.state.lock();
        if !state.is_ready() {
            return;
        }
        let broken_off = limit.load(Ordering::SeqCst) != u64::MAX;
        if broken_off && !state.waiting.contains_key(&state.next) {
            // Everything that counts has come, and it is not the end of the data.
            state.failed = true;
            return;
        }
        let Some(run) = state.run.take() else {
            return;
        };
        let ordinal = state.next;
        let waiting = state.waiting.remove(&ordinal);
        drop(state);
        let began = self.context.services.clock.utc_now();
        match waiting {
            Some(waiting) => self.take_next(component, sink, run, ordinal, waiting),
            None => self.end_of_input(component, sink, run, ordinal),
        }
        self.counters.worked(self.context, component, began);
    }

    fn take_next(
        &self,
        component: usize,
        sink: &Sink,
        mut run: Run,
        ordinal: u64,
        waiting: Waiting,
    ) {
        let stream = self.input_stream[component];
        let counts = ordinal <= self.streams[stream].limit.load(Ordering::SeqCst);
        let mut outputs = Outputs::new(self.plan.attached(component));
        let mut failed = !counts;
        if let Some(prepared) = waiting.prepared.filter(|_| counts) {
            let batch = prepared.batch.clone();
            let result = match &mut run {
                Run::Ordered(run) => run.process(prepared, &mut outputs),
                Run::Blocking(run) => run.accept(prepared),
            };
            if let Err(failure) = result {
                let row = batch.origin_of(failure.row);
                self.fail(stream, ordinal, row, component, Some(0), failure);
                failed = true;
            }
        }
        let ordered = matches!(run, Run::Ordered(_));
        let mut state = sink.state.lock();
        state.run = Some(run);
        state.next += 1;
        state.failed |= failed;
        let more = state.is_ready();
        drop(state);
        if more {
            self.scheduler.drain_soon(component);
        }
        if ordered {
            self.carry(component, ordinal, outputs.into_batches(), waiting.ticket);
        }
    }

    fn end_of_input(&self, component: usize, sink: &Sink, mut run: Run, count: u64) {
        let stream = self.input_stream[component];
        let mut source = None;
        let result = match &mut run {
            Run::Ordered(run) => run.end_of_input(),
            Run::Blocking(run) => run.complete().map(|made| source = Some(made)),
        };
        let mut state = sink.state.lock();
        state.run = Some(run);
        state.ended = true;
        state.failed |= result.is_err();
        drop(state);
        match (result, source) {
            (Err(failure), _) => self.fail(stream, count, 0, component, Some(0), failure),
            (Ok(()), None) => self.end_segment(component, count),
            (Ok(()), Some(source)) => {
                *self.streams[component].source.lock() = Some(source);
                let producer = Producer {
                    runnable: true,
                    ..Producer::default()
                };
                self.scheduler.add_producer(component, producer);
            }
        }
    }

    /// The head of a segment has sent everything: its ends learn how many ordinals there are.
    fn end_segment(&self, head: usize, count: u64) {
        for (component, input) in &self.ends[head] {
            match &self.nodes[*component] {
                Node::Sink(sink) => {
                    sink.state.lock().end = Some(count);
                    self.drain(*component);
                }
                Node::Several(several) => {
                    if several.end(*input, count) {
                        self.scheduler.make_runnable(*component);
                    }
                }
                Node::Absent | Node::Source | Node::Parallel(_) => {}
            }
        }
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

impl Stopped {
    fn new(component: usize, batch: &Batch, failure: Failure) -> Self {
        Self {
            component,
            input: 0,
            row: batch.origin_of(failure.row),
            failure,
        }
    }
}

/// Leaves the rows before a failing one; none when that would leave all of them, so that a
/// segment is never run for ever.
fn keep_before(batches: &mut [Option<Batch>], row: usize) {
    let rows =
        |batches: &[Option<Batch>]| -> usize { batches.iter().flatten().map(Batch::len).sum() };
    let all = rows(batches);
    for batch in batches.iter_mut().flatten() {
        *batch = batch.before(row);
    }
    if rows(batches) == all {
        batches.fill(None);
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
