//! What a component is: the traits of the four classes, what they are given and what they
//! give back.
//!
//! A component never sees a batch without rows, and it never blocks on another component. It
//! says what went wrong as a [`Failure`]; the engine decides which failure is the lowest and
//! raises its events once everything below has been finished.

use std::any::Any;
use std::sync::Arc;

use packmule_runtime::{Events, Reported};
use packmule_types::Code;

use crate::batch::{Batch, Selection};

/// Why a component failed, with the events that say so. They are raised when it is certain
/// that no lower row fails.
#[derive(Debug, Default)]
pub struct Failure {
    /// The failing row of the batch that the component was given (not a row of its selection's
    /// list); 0 when no row in particular failed.
    pub row: usize,
    /// What to raise, in order. Empty when the events were raised already.
    pub events: Vec<FailureEvent>,
}

/// One event of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureEvent {
    /// SSIS's text for a code with its placeholders.
    Coded(Code, Vec<String>),
    /// A text of our own and what to do.
    Text(Code, String, Option<String>),
    /// Raises nothing: the code that the engine's own message names in place of that of the
    /// event before (the HResult of a script's exception).
    Result(Code),
}

impl Failure {
    /// A failure of one row with one event.
    pub fn at(row: usize, code: Code, arguments: &[&str]) -> Self {
        Self {
            row,
            events: Vec::new(),
        }
        .and(code, arguments)
    }

    /// A failure of the component as a whole, with a text of our own.
    pub fn text(code: Code, text: impl Into<String>, remedy: Option<&str>) -> Self {
        let event = FailureEvent::Text(code, text.into(), remedy.map(str::to_owned));
        Self {
            row: 0,
            events: vec![event],
        }
    }

    /// One more event after those it has.
    #[must_use]
    pub fn and(mut self, code: Code, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|a| (*a).to_owned()).collect();
        self.events.push(FailureEvent::Coded(code, arguments));
        self
    }

    /// The same with a code that the engine's own message names.
    #[must_use]
    pub fn with_result(mut self, code: Code) -> Self {
        self.events.push(FailureEvent::Result(code));
        self
    }

    /// The code of the last event; what the engine's own message names.
    pub fn code(&self) -> Code {
        match self.events.last() {
            Some(
                FailureEvent::Coded(code, _)
                | FailureEvent::Text(code, ..)
                | FailureEvent::Result(code),
            ) => *code,
            None => crate::codes::E_FAIL,
        }
    }

    /// The same failure in the rows of the batch that was given, for a component that works on
    /// the batch compacted. `selection` is the given batch's.
    #[must_use]
    pub fn of_given(self, selection: Option<&Selection>) -> Self {
        let row = selection.and_then(|rows| rows.get(self.row));
        Self {
            row: row.map_or(self.row, |row| *row as usize),
            ..self
        }
    }

    /// Raises its events.
    pub fn raise(&self, events: &Events) {
        for event in &self.events {
            match event {
                FailureEvent::Coded(code, arguments) => {
                    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                    events.error(*code, &arguments);
                }
                FailureEvent::Text(code, text, remedy) => {
                    events.error_text(*code, text.clone(), remedy.as_deref());
                }
                FailureEvent::Result(_) => {}
            }
        }
    }
}

impl From<Reported> for Failure {
    fn from(_: Reported) -> Self {
        Self::default()
    }
}

/// Where a component puts what it sends: at most one batch for each of its outputs. An output
/// that gets none has no rows of this ordinal.
#[derive(Debug)]
pub struct Outputs {
    attached: Arc<[bool]>,
    slots: Vec<Option<Batch>>,
}

impl Outputs {
    /// Empty places for outputs of which some lead somewhere.
    pub fn new(attached: Arc<[bool]>) -> Self {
        let slots = vec![None; attached.len()];
        Self { attached, slots }
    }

    /// Whether rows of this output go anywhere; if not, they need not be made.
    pub fn is_attached(&self, output: usize) -> bool {
        self.attached.get(output).copied().unwrap_or(false)
    }

    /// Sends a batch. One that goes nowhere is dropped.
    pub fn send(&mut self, output: usize, batch: Batch) {
        if self.is_attached(output)
            && let Some(slot) = self.slots.get_mut(output)
        {
            *slot = Some(batch);
        }
    }

    /// What was sent, by output.
    pub fn into_batches(self) -> Vec<Option<Batch>> {
        self.slots
    }
}

/// How one start of a data flow ended, for [`Source::finish`] and kin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// No component failed, nobody cancelled.
    pub succeeded: bool,
}

/// Makes rows. `next` is called by one thread at a time and should only cut; what can be done
/// in parallel belongs into [`Morsel::read`].
pub trait Source: Send {
    /// The next piece, in order; `None` at the end. A piece's size must not depend on the
    /// number of threads.
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure>;

    /// PostExecute: called once, also after a failure.
    fn finish(&mut self, _end: End) -> Result<(), Reported> {
        Ok(())
    }
}

/// A piece of a source: raw data that any thread makes into a batch.
pub trait Morsel: Send {
    /// Bytes that it and the batch made of it will hold, roughly.
    fn bytes(&self) -> usize;

    /// Makes the batch. When a row fails, the rows before it are sent all the same and the
    /// failure names the row that comes after them.
    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure>;
}

/// A pure component: any thread, any batch, any order. It may be called again for the same rows.
pub trait Parallel: Send + Sync {
    /// Sends at most one batch to each output. On a failure nothing that it sent counts: it is
    /// called again with the rows before the failing one.
    fn process(&self, batch: Batch, outputs: &mut Outputs) -> Result<(), Failure>;

    /// PostExecute: called once, also after a failure.
    fn finish(&self, _end: End) -> Result<(), Reported> {
        Ok(())
    }
}

/// A batch and what a [`Prepare`] made of it.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The batch. A [`Prepare`] may take its columns away when nobody needs them any more.
    pub batch: Batch,
    /// What was made of it.
    pub extra: Option<Box<dyn Any + Send>>,
}

/// The part of an ordered or blocking component that needs no order: formatting, hashing,
/// collation keys. Pure, like [`Parallel`].
pub trait Prepare: Send + Sync {
    /// Prepares a batch. On a failure it is called again with the rows before the failing one.
    fn prepare(&self, batch: Batch) -> Result<Prepared, Failure>;
}

/// A component that gets one batch at a time, in the order of the stream.
pub trait Ordered: Send {
    /// Takes the next batch. On a failure the rows before the failing one have been taken and
    /// what was sent for them counts.
    fn process(&mut self, prepared: Prepared, outputs: &mut Outputs) -> Result<(), Failure>;

    /// The end of the input, still in Execute: the place for a last commit.
    fn end_of_input(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    /// PostExecute: called once, also after a failure.
    fn finish(&mut self, _end: End) -> Result<(), Reported> {
        Ok(())
    }
}

/// A component that needs all of its input before it sends anything.
pub trait Blocking: Send {
    /// Takes the next batch, in the order of the stream. Keeps no more memory than it has
    /// reserved, and spills otherwise.
    fn accept(&mut self, prepared: Prepared) -> Result<(), Failure>;

    /// The end of the input: what comes out is a source.
    fn complete(&mut self) -> Result<Box<dyn Source>, Failure>;

    /// PostExecute: called once, also after a failure.
    fn finish(&mut self, _end: End) -> Result<(), Reported> {
        Ok(())
    }
}

/// What an input of a component with several inputs has to give.
#[derive(Debug)]
pub enum Taken {
    /// The next batch, without a selection; never without rows unless the component asked for
    /// every ordinal.
    Batch(Batch),
    /// Nothing yet: return [`Step::Needs`] for this input.
    Waiting,
    /// Nothing any more.
    End,
}

/// The inputs of a component with several inputs: each in order, each as long as it must be.
pub trait Inputs {
    /// Number of inputs, those without a path included (they are at their end).
    fn count(&self) -> usize;
    /// Takes the next batch of an input, skipping those without rows.
    fn take(&mut self, input: usize) -> Result<Taken, Failure>;
    /// Takes the batch of the next ordinal of an input, with rows or without.
    fn take_ordinal(&mut self, input: usize) -> Result<Taken, Failure>;
}

/// What one step of a component with several inputs led to.
pub enum Step {
    /// It cannot go on before this input has a batch or is at its end.
    Needs(usize),
    /// It made a piece; the rest of the work is done by any thread in [`Morsel::read`].
    Made(Box<dyn Morsel>),
    /// It is done.
    Finished,
}

/// A component with several inputs. Its inputs may grow and spill, so that it never has to
/// take rows from an input that it does not need yet.
pub trait SeveralInputs: Send {
    /// Goes on until it has made one piece or lacks a batch. Nothing that was taken may be
    /// lost when it returns [`Step::Needs`].
    fn step(&mut self, inputs: &mut dyn Inputs) -> Result<Step, Failure>;

    /// PostExecute: called once, also after a failure.
    fn finish(&mut self, _end: End) -> Result<(), Reported> {
        Ok(())
    }
}

/// A component ready to run.
pub enum Bound {
    /// A source.
    Source(Box<dyn Source>),
    /// A pure component.
    Parallel(Box<dyn Parallel>),
    /// An ordered component, destinations among them.
    Ordered {
        /// What needs no order.
        prepare: Option<Box<dyn Prepare>>,
        /// What does.
        run: Box<dyn Ordered>,
    },
    /// A blocking component.
    Blocking {
        /// What needs no order.
        prepare: Option<Box<dyn Prepare>>,
        /// What does.
        run: Box<dyn Blocking>,
    },
    /// A component with several inputs.
    SeveralInputs(Box<dyn SeveralInputs>),
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Source(_) => "Source",
            Self::Parallel(_) => "Parallel",
            Self::Ordered { .. } => "Ordered",
            Self::Blocking { .. } => "Blocking",
            Self::SeveralInputs(_) => "SeveralInputs",
        })
    }
}
