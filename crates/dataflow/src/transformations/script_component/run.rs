//! The component as the engine runs it: a source, or a component that takes from its input.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::ArrayRef;
use packmule_runtime::{Cancel, Events, MemoryBudget, Reported, Reservation};
use packmule_scripts::columns::{encode, encoded_size};
use packmule_scripts::{Message, ScriptError};
use packmule_types::ColumnType;

use super::client::{Client, FromScript};
use super::layout::{BATCH_BYTES, Layout};
use super::rows::{Added, Done, Failed, ROWS_MAX, count};
use super::{failure, protocol};
use crate::batch::{Batch, Column};
use crate::component::{Bound, End, Failure, Inputs, Morsel, SeveralInputs, Source, Step, Taken};
use crate::site::Site;

/// Batches of an input that may be under way.
const IN_FLIGHT: usize = 2;

/// The component, ready to run.
pub(super) fn bound(site: &Site<'_>, client: Client, layout: Arc<Layout>) -> Bound {
    let component = ScriptComponent {
        client,
        events: site.events.clone(),
        cancel: site.flow.services.cancel.clone(),
        memory: site.flow.services.memory.clone(),
        inputs: layout
            .inputs
            .iter()
            .map(|_| InputState::default())
            .collect(),
        outputs: layout
            .outputs
            .iter()
            .map(|_| OutputState::default())
            .collect(),
        layout,
        started: false,
        over: false,
    };
    if site.component.inputs.is_empty() {
        Bound::Source(Box::new(component))
    } else {
        Bound::SeveralInputs(Box::new(component))
    }
}

/// A batch that the script has.
struct InFlight {
    number: u64,
    batch: Batch,
    _held: Option<Reservation>,
}

#[derive(Default)]
struct InputState {
    /// Taken and not yet sent: one more than can be sent, until the end is known.
    waiting: VecDeque<Batch>,
    /// Nothing more comes.
    at_end: bool,
    /// The last batch was sent.
    ended: bool,
    in_flight: VecDeque<InFlight>,
    /// Batches sent.
    sent: u64,
}

impl InputState {
    /// Whether the script is through with it.
    fn is_over(&self) -> bool {
        self.ended && self.in_flight.is_empty()
    }
}

#[derive(Default)]
struct OutputState {
    batches: u64,
    rows: u64,
    ended: bool,
}

struct ScriptComponent {
    client: Client,
    layout: Arc<Layout>,
    inputs: Vec<InputState>,
    outputs: Vec<OutputState>,
    events: Events,
    cancel: Cancel,
    memory: MemoryBudget,
    started: bool,
    /// Nothing more comes of it.
    over: bool,
}

impl Source for ScriptComponent {
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure> {
        self.start()?;
        while !self.is_over() {
            let came = self.client.receive(true);
            match self.take(came).map_err(|stopped| stopped.failure)? {
                Came::Piece(piece) => return Ok(Some(piece)),
                Came::Something | Came::Nothing => {}
            }
        }
        Ok(None)
    }

    fn finish(&mut self, end: End) -> Result<(), Reported> {
        self.end(end)
    }
}

impl SeveralInputs for ScriptComponent {
    fn step(&mut self, inputs: &mut dyn Inputs) -> Result<Step, Failure> {
        if self.over {
            return Ok(Step::Finished);
        }
        self.start()?;
        loop {
            let starved = self.feed(inputs)?;
            if self.is_over() {
                return Ok(Step::Finished);
            }
            // while the script has something to do, something comes
            let busy = self.inputs.iter().any(|i| !i.in_flight.is_empty());
            let came = self.client.receive(busy || starved.is_none());
            match self.take(came) {
                Ok(Came::Piece(piece)) => return Ok(Step::Made(piece)),
                Ok(Came::Something) => {}
                Ok(Came::Nothing) => {
                    if let Some(input) = starved {
                        return Ok(Step::Needs(input));
                    }
                }
                Err(Stopped { failure, primes }) => {
                    self.over = true;
                    return if primes {
                        Ok(Step::Made(Box::new(Failed(failure))))
                    } else {
                        Err(failure)
                    };
                }
            }
        }
    }

    fn finish(&mut self, end: End) -> Result<(), Reported> {
        self.end(end)
    }
}

/// Why the component goes no further.
struct Stopped {
    failure: Failure,
    /// It failed in PrimeOutput.
    primes: bool,
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            primes: false,
        }
    }
}

/// What the script's message led to.
enum Came {
    Piece(Box<dyn Morsel>),
    Something,
    Nothing,
}

impl ScriptComponent {
    fn start(&mut self) -> Result<(), Failure> {
        if !self.started {
            self.started = true;
            self.client.start().map_err(|e| failure(&e))?;
        }
        Ok(())
    }

    /// PostExecute runs after a failure too, of this component or another one, but not after
    /// cancelling. Unconfirmed: the documentation says only that it runs at the end.
    fn end(&mut self, _end: End) -> Result<(), Reported> {
        let run_post_execute = !self.cancel.is_cancelled();
        self.client.finish(run_post_execute, &self.events)
    }

    fn is_over(&self) -> bool {
        let outputs = self.outputs.iter().zip(&self.layout.outputs);
        self.inputs.iter().all(InputState::is_over)
            && outputs
                .filter(|(_, bound)| bound.synchronous.is_none())
                .all(|(state, _)| state.ended)
    }

    /// Sends what can be sent. Says which input lacks a batch, if one does.
    fn feed(&mut self, inputs: &mut dyn Inputs) -> Result<Option<usize>, Failure> {
        let mut starved = None;
        for input in 0..self.inputs.len() {
            while self.feed_one(input, inputs)? {}
            let state = &self.inputs[input];
            if !state.at_end && state.waiting.len() < 2 && state.in_flight.len() < IN_FLIGHT {
                starved = starved.or(Some(input));
            }
        }
        Ok(starved)
    }

    /// Takes or sends one batch of an input; says whether there may be more to do.
    fn feed_one(&mut self, input: usize, inputs: &mut dyn Inputs) -> Result<bool, Failure> {
        let state = &mut self.inputs[input];
        if state.ended || state.in_flight.len() >= IN_FLIGHT {
            return Ok(false);
        }
        if !state.at_end && state.waiting.len() < 2 {
            match inputs.take(input)? {
                Taken::Batch(batch) => {
                    let bound = self.layout.inputs.get(input).map_or(&[][..], Vec::as_slice);
                    let types: Vec<_> = bound.iter().map(|c| (c.position, c.column_type)).collect();
                    cut(
                        batch.compact(),
                        &types,
                        self.layout.batch_rows,
                        &mut state.waiting,
                    );
                }
                Taken::End => state.at_end = true,
                Taken::Waiting => return Ok(false),
            }
            return Ok(true);
        }
        let end = state.at_end && state.waiting.len() <= 1;
        let held = {
            let bytes = state.waiting.front().map_or(0, Batch::bytes);
            self.memory.try_reserve(bytes).ok()
        };
        if held.is_none() && !state.in_flight.is_empty() {
            // without room in the budget one at a time
            return Ok(false);
        }
        let batch = state.waiting.pop_front().unwrap_or_default();
        state.ended = end;
        state.sent += 1;
        let number = state.sent;
        let columns = self.encode(input, &batch)?;
        let sent = self.client.batch(input, number, batch.rows, end, columns);
        sent.map_err(|e| failure(&e))?;
        self.inputs[input].in_flight.push_back(InFlight {
            number,
            batch,
            _held: held,
        });
        Ok(true)
    }

    fn encode(&self, input: usize, batch: &Batch) -> Result<Vec<u8>, Failure> {
        let bound = self.layout.inputs.get(input).map_or(&[][..], Vec::as_slice);
        let columns = arrays(batch, bound.iter().map(|c| (c.position, c.column_type)));
        encode(&columns, batch.rows).map_err(|error| {
            let text = format!("rows cannot be given to the script: {error}");
            Failure::text(
                crate::codes::E_FAIL,
                text,
                Some("send fewer or smaller columns to it"),
            )
        })
    }

    /// Deals with what came from the script.
    fn take(&mut self, came: Option<FromScript>) -> Result<Came, Stopped> {
        match came {
            None => Ok(Came::Nothing),
            Some(FromScript::Done(message)) => Ok(self.done(message)?),
            Some(FromScript::Rows(message)) => Ok(self.rows(message)?),
            Some(FromScript::Reply(_)) => Err(protocol("an answer that nobody asked for").into()),
            Some(FromScript::Failed(error)) => {
                self.over = true;
                let primes = matches!(&error, ScriptError::Script(t) if t.phase == "PrimeOutput");
                Err(Stopped {
                    failure: failure(&error),
                    primes,
                })
            }
        }
    }

    fn done(&mut self, message: Message) -> Result<Came, Failure> {
        let input = count(&message.header, "input").unwrap_or(usize::MAX);
        let number = message
            .header
            .get("batch")
            .and_then(serde_json::Value::as_u64);
        let state = self.inputs.get_mut(input);
        let flight = state.and_then(|s| s.in_flight.pop_front());
        let Some(flight) = flight.filter(|f| Some(f.number) == number) else {
            return Err(protocol(format!(
                "batch {number:?} of input {input} came back"
            )));
        };
        let outputs = &self.layout.outputs;
        let wanted = outputs
            .iter()
            .any(|o| o.synchronous == Some(input) && o.attached);
        if !wanted || flight.batch.rows == 0 {
            return Ok(Came::Something);
        }
        Ok(Came::Piece(Box::new(Done {
            layout: Arc::clone(&self.layout),
            input,
            batch: flight.batch,
            message,
        })))
    }

    fn rows(&mut self, message: Message) -> Result<Came, Failure> {
        let output = count(&message.header, "output").unwrap_or(usize::MAX);
        let rows = count(&message.header, "rows").unwrap_or(usize::MAX);
        let number = message
            .header
            .get("batch")
            .and_then(serde_json::Value::as_u64);
        let bound = self.layout.outputs.get(output);
        let known = bound.is_some_and(|o| o.synchronous.is_none());
        let state = self.outputs.get_mut(output).filter(|s| known && !s.ended);
        let next = state.as_ref().map(|s| s.batches + 1);
        let Some(state) = state.filter(|_| number == next && rows <= ROWS_MAX) else {
            let text = format!("batch {number:?} of output {output} with {rows} rows");
            return Err(protocol(text));
        };
        let first_row = state.rows;
        state.batches += 1;
        state.rows += rows as u64;
        state.ended = message.flag("end");
        if !state.ended {
            self.client.credit(output).map_err(|e| failure(&e))?;
        }
        let attached = self.layout.outputs.get(output).is_some_and(|o| o.attached);
        if rows == 0 || !attached {
            return Ok(Came::Something);
        }
        Ok(Came::Piece(Box::new(Added {
            layout: Arc::clone(&self.layout),
            output,
            rows,
            first_row,
            message,
        })))
    }
}

fn arrays(
    batch: &Batch,
    columns: impl Iterator<Item = (usize, ColumnType)>,
) -> Vec<(ArrayRef, ColumnType)> {
    let of = |(position, column_type): (usize, ColumnType)| {
        let array = match batch.columns.get(position) {
            Some(column) => column.array(),
            None => packmule_types::array::nulls(&column_type, batch.rows),
        };
        (array, column_type)
    };
    columns.map(of).collect()
}

/// Cuts a batch into pieces of so many rows and [`BATCH_BYTES`] at most.
fn cut(batch: Batch, columns: &[(usize, ColumnType)], rows_max: usize, to: &mut VecDeque<Batch>) {
    let bytes = encoded_size(&arrays(&batch, columns.iter().copied()));
    let pieces = bytes.div_ceil(BATCH_BYTES).max(1);
    let rows = batch.rows.div_ceil(pieces).clamp(1, rows_max.max(1));
    if rows >= batch.rows {
        to.push_back(batch);
        return;
    }
    let mut from = 0;
    while from < batch.rows {
        let count = rows.min(batch.rows - from);
        let columns = batch
            .columns
            .iter()
            .map(|column| slice(column, from, count));
        to.push_back(Batch {
            first_row: batch.first_row + from as u64,
            ..Batch::new(columns.collect(), count)
        });
        from += count;
    }
}

fn slice(column: &Column, from: usize, count: usize) -> Column {
    match column {
        Column::Array(array) => Column::Array(array.slice(from, count)),
        Column::Text(_) => {
            let rows: Vec<u32> = (from..from + count).map(|row| row as u32).collect();
            column.take(&rows)
        }
    }
}
