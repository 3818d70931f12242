//! The walk over both inputs: a left row at a time against the group of right rows with one key.
//!
//! Where chunks are cut depends on the batches and the number of joined rows only, never on
//! which input had to be waited for.

use std::cmp::Ordering;
use std::sync::Arc;

use packmule_runtime::Reservation;

use super::JoinType;
use super::chunk::{Chunk, Columns};
use super::keys::{KeyReader, Keys};
use crate::batch::Batch;
use crate::codes;
use crate::component::{Failure, Inputs, SeveralInputs, Step, Taken};

/// Joined rows of one chunk.
const CHUNK_ROWS: usize = 16 * 1024;

const LEFT: usize = 0;
const RIGHT: usize = 1;

/// A batch and its keys.
#[derive(Debug)]
pub(super) struct Keyed {
    /// Without a selection.
    pub(super) batch: Batch,
    keys: Keys,
}

/// One input and the row that is next.
#[derive(Default)]
struct Side {
    batch: Option<Arc<Keyed>>,
    row: usize,
    ended: bool,
}

impl Side {
    fn current(&self) -> Option<(&Arc<Keyed>, usize)> {
        let batch = self.batch.as_ref()?;
        (self.row < batch.batch.rows).then_some((batch, self.row))
    }
}

/// The right rows of one key.
#[derive(Default)]
struct Group {
    /// Batches with the rows meant: from, to.
    parts: Vec<(Arc<Keyed>, usize, usize)>,
    complete: bool,
    matched: bool,
}

impl Group {
    fn key(&self) -> Option<(&Keyed, usize)> {
        self.parts
            .first()
            .map(|(batch, from, _)| (batch.as_ref(), *from))
    }
}

/// What there is to wait for.
enum Have {
    Row,
    End,
    Wait,
}

/// A Merge Join under way.
pub(super) struct MergeJoin {
    join: JoinType,
    nulls_match: bool,
    reader: KeyReader,
    columns: Arc<Columns>,
    output: usize,
    sides: [Side; 2],
    group: Option<Group>,
    /// Where the left row, or the unmatched group, goes on: part, row in it.
    cursor: (usize, usize),
    chunk: Chunk,
    held: Reservation,
}

impl MergeJoin {
    pub(super) fn new(
        join: JoinType,
        nulls_match: bool,
        reader: KeyReader,
        columns: Arc<Columns>,
        output: usize,
        held: Reservation,
    ) -> Self {
        Self {
            join,
            nulls_match,
            reader,
            chunk: Chunk::new(Arc::clone(&columns), output),
            columns,
            output,
            sides: [Side::default(), Side::default()],
            group: None,
            cursor: (0, 0),
            held,
        }
    }

    /// Makes sure that an input has a row, or knows that it has none.
    fn look(&mut self, side: usize, inputs: &mut dyn Inputs) -> Result<Have, Failure> {
        loop {
            if self.sides[side].current().is_some() {
                return Ok(Have::Row);
            }
            if self.sides[side].ended {
                return Ok(Have::End);
            }
            match inputs.take(side)? {
                Taken::Waiting => return Ok(Have::Wait),
                Taken::End => self.sides[side].ended = true,
                Taken::Batch(batch) => {
                    let batch = batch.compact();
                    let keys = self.reader.read(side, &batch).map_err(|e| {
                        Failure::text(
                            codes::E_FAIL,
                            format!("the keys cannot be compared: {e}"),
                            None,
                        )
                    })?;
                    self.sides[side].batch = Some(Arc::new(Keyed { batch, keys }));
                    self.sides[side].row = 0;
                }
            }
        }
    }

    /// Collects the right rows of the next key. `Have::Row` when the group is complete.
    fn collect(&mut self, inputs: &mut dyn Inputs) -> Result<Have, Failure> {
        if self.group.as_ref().is_some_and(|g| g.complete) {
            return Ok(Have::Row);
        }
        loop {
            match self.look(RIGHT, inputs)? {
                Have::Wait => return Ok(Have::Wait),
                Have::End => {
                    return Ok(match &mut self.group {
                        None => Have::End,
                        Some(group) => {
                            group.complete = true;
                            Have::Row
                        }
                    });
                }
                Have::Row => {
                    if self.take_run()? {
                        return Ok(Have::Row);
                    }
                }
            }
        }
    }

    /// Adds the rows of the current right batch that have the group's key; whether a row with
    /// another key follows, so that the group is complete.
    fn take_run(&mut self) -> Result<bool, Failure> {
        let side = &mut self.sides[RIGHT];
        let Some(batch) = side.batch.clone() else {
            return Ok(false);
        };
        let from = side.row;
        let group = self.group.get_or_insert_with(Group::default);
        let mut to = from;
        while to < batch.batch.rows {
            let same = match group.key() {
                None => to == from || batch.keys.compare(to, &batch.keys, from).is_eq(),
                Some((first, row)) => batch.keys.compare(to, &first.keys, row).is_eq(),
            };
            if !same {
                break;
            }
            to += 1;
        }
        side.row = to;
        let more = to < batch.batch.rows;
        if to > from {
            // The first part is the batch under way; only what is kept beyond it counts.
            if !group.parts.is_empty() {
                let bytes = batch.batch.bytes() + batch.keys.bytes();
                self.held.try_grow(bytes).map_err(|e| {
                    Failure::text(
                        codes::BUFFER_ALLOCATION,
                        format!("the right rows of one key do not fit into memory: {e}"),
                        Some("give the execution more memory (--memory) or swap the inputs"),
                    )
                })?;
            }
            group.parts.push((batch, from, to));
        }
        group.complete = more;
        Ok(more)
    }

    fn drop_group(&mut self) {
        self.group = None;
        self.cursor = (0, 0);
        self.held.shrink(self.held.bytes());
    }

    /// Joins the left row with the group from the cursor on; whether the row is done.
    fn join_row(&mut self) -> bool {
        let (Some((left, row)), Some(group)) = (self.sides[LEFT].current(), &mut self.group) else {
            return true;
        };
        group.matched = true;
        while let Some((batch, from, to)) = group.parts.get(self.cursor.0) {
            let mut right = from + self.cursor.1;
            while right < *to {
                if self.chunk.len() >= CHUNK_ROWS {
                    return false;
                }
                self.chunk.push_left(left, row, Some((batch, right)));
                right += 1;
                self.cursor.1 += 1;
            }
            self.cursor = (self.cursor.0 + 1, 0);
        }
        self.cursor = (0, 0);
        true
    }

    /// Sends the group's rows without a left row from the cursor on; whether all are sent.
    fn send_group(&mut self) -> bool {
        let Some(group) = &self.group else {
            return true;
        };
        if group.matched || self.join != JoinType::Full {
            return true;
        }
        while let Some((batch, from, to)) = group.parts.get(self.cursor.0) {
            let mut right = from + self.cursor.1;
            while right < *to {
                if self.chunk.len() >= CHUNK_ROWS {
                    return false;
                }
                self.chunk.push_right(batch, right);
                right += 1;
                self.cursor.1 += 1;
            }
            self.cursor = (self.cursor.0 + 1, 0);
        }
        true
    }

    fn send_left_only(&mut self) {
        if self.join != JoinType::Inner
            && let Some((left, row)) = self.sides[LEFT].current()
        {
            self.chunk.push_left(left, row, None);
        }
        self.next_left();
    }

    fn next_left(&mut self) {
        self.sides[LEFT].row += 1;
        self.cursor = (0, 0);
    }

    /// How the left row stands to the group: before it, in it, after it.
    fn order(&self) -> Option<Ordering> {
        let (left, row) = self.sides[LEFT].current()?;
        let (first, first_row) = self.group.as_ref()?.key()?;
        let order = left.keys.compare(row, &first.keys, first_row);
        let null = order.is_eq() && !self.nulls_match && left.keys.has_null(row);
        Some(if null { Ordering::Less } else { order })
    }

    /// Whether the chunk is to be sent before the next row: it is full, or the left batch is
    /// at its end (a chunk has rows of one left batch, right rows without left ones go along).
    fn chunk_is_due(&self) -> bool {
        let full = self.chunk.len() >= CHUNK_ROWS;
        let left_done = self.sides[LEFT].current().is_none();
        full || (left_done && self.chunk.has_left())
    }

    fn send_chunk(&mut self) -> Step {
        let empty = Chunk::new(Arc::clone(&self.columns), self.output);
        Step::Made(Box::new(std::mem::replace(&mut self.chunk, empty)))
    }

    /// Rows that can no longer meet anything are taken all the same, so that whatever is wrong
    /// in them is found.
    fn drain(&mut self, side: usize, inputs: &mut dyn Inputs) -> Result<Option<Step>, Failure> {
        loop {
            self.sides[side].batch = None;
            match self.look(side, inputs)? {
                Have::Wait => return Ok(Some(Step::Needs(side))),
                Have::End => return Ok(None),
                Have::Row => {}
            }
        }
    }

    /// One left row or one group; a step to return when it cannot go on.
    fn advance(&mut self, inputs: &mut dyn Inputs) -> Result<Option<Step>, Failure> {
        let left = match self.look(LEFT, inputs)? {
            Have::Wait => return Ok(Some(Step::Needs(LEFT))),
            Have::Row => true,
            Have::End => false,
        };
        if !left && self.join != JoinType::Full {
            let step = self.drain(RIGHT, inputs)?;
            return Ok(Some(step.unwrap_or(Step::Finished)));
        }
        let right = match self.collect(inputs)? {
            Have::Wait => return Ok(Some(Step::Needs(RIGHT))),
            Have::Row => true,
            Have::End => false,
        };
        match (left, right, self.order()) {
            (false, false, _) => return Ok(Some(Step::Finished)),
            (true, false, _) | (true, true, Some(Ordering::Less) | None) => self.send_left_only(),
            (true, true, Some(Ordering::Equal)) => {
                if self.join_row() {
                    self.next_left();
                }
            }
            (_, true, _) => {
                if self.send_group() {
                    self.drop_group();
                }
            }
        }
        Ok(None)
    }
}

impl SeveralInputs for MergeJoin {
    fn step(&mut self, inputs: &mut dyn Inputs) -> Result<Step, Failure> {
        loop {
            if self.chunk_is_due() {
                return Ok(self.send_chunk());
            }
            match self.advance(inputs)? {
                None => {}
                Some(Step::Finished) if self.chunk.len() > 0 => return Ok(self.send_chunk()),
                Some(step) => return Ok(step),
            }
        }
    }
}
