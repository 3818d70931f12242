//! What happens at the ends of segments: ordered, blocking and several-input components.

use std::sync::atomic::Ordering;

use super::{Flow, Node};
use crate::component::Outputs;
use crate::engine::scheduler::Producer;
use crate::engine::window::{Run, Sink, Waiting};

impl Flow<'_> {
    /// A batch, or the lack of one, has come to the end of a segment.
    pub(super) fn arrive(&self, component: usize, input: usize, ordinal: u64, waiting: Waiting) {
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
    pub(super) fn drain(&self, component: usize) {
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
    pub(super) fn end_segment(&self, head: usize, count: u64) {
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
}
