//! The way of a batch through the parallel components of a segment.

use std::sync::atomic::Ordering;

use super::{Flow, Node};
use crate::batch::Batch;
use crate::component::{Failure, Morsel, Outputs, Parallel, Prepared};
use crate::engine::scheduler::Ticket;
use crate::engine::window::{Sink, Waiting};

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

impl Flow<'_> {
    pub(super) fn read(
        &self,
        component: usize,
        ordinal: u64,
        morsel: Box<dyn Morsel>,
        ticket: Ticket,
    ) {
        let mut outputs = Outputs::new(self.plan.attached(component));
        if let Err(failure) = morsel.read(&mut outputs) {
            let row = failure.row;
            self.fail(component, ordinal, row, component, None, failure);
        }
        self.carry(component, ordinal, outputs.into_batches(), Some(ticket));
    }

    /// Takes what the head of a segment sent to the segment's ends.
    pub(super) fn carry(
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
}
