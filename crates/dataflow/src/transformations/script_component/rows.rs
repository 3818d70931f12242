//! What came back from the script, made into batches by whichever thread takes the piece.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::ArrayRef;
use packmule_scripts::Message;
use packmule_scripts::columns::{decode, decode_selections};
use packmule_types::ColumnType;
use serde_json::Value as Json;

use super::layout::Layout;
use super::protocol;
use crate::batch::{Batch, Column, Selection};
use crate::component::{Failure, Morsel, Outputs};

/// Rows that a batch of the host may have.
pub(super) const ROWS_MAX: usize = 1 << 20;

/// A whole number of a header that is a position or a count.
pub(super) fn count(header: &Json, name: &str) -> Option<usize> {
    usize::try_from(header.get(name)?.as_u64()?).ok()
}

/// A batch that came back, with what the script wrote.
pub(super) struct Done {
    pub layout: Arc<Layout>,
    pub input: usize,
    /// As it was sent.
    pub batch: Batch,
    pub message: Message,
}

impl Morsel for Done {
    fn bytes(&self) -> usize {
        self.batch
            .bytes()
            .saturating_add(self.message.payload.len())
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let written = self.written()?;
        let types: Vec<ColumnType> = written
            .iter()
            .map(|(_, column_type)| *column_type)
            .collect();
        let chosen = self.chosen()?;
        let counts: Vec<usize> = chosen.iter().map(|(_, rows)| *rows).collect();
        let payload = self.message.payload.as_slice();
        let (arrays, selections) =
            decode_selections(payload, self.batch.rows, &types, &counts).map_err(protocol)?;
        let places = written.into_iter().map(|(place, _)| place);
        let values: BTreeMap<Written, ArrayRef> = places.zip(arrays).collect();
        let outputs_chosen = chosen.iter().map(|(output, _)| *output);
        let selections: BTreeMap<usize, Selection> = outputs_chosen.zip(selections).collect();
        self.send(&values, &selections, outputs)
    }
}

/// A column that the script wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Written {
    /// A column of the input, by its position among the input's columns.
    Input(usize),
    /// A column that an output adds.
    Added(usize, usize),
}

impl Done {
    fn list(&self, name: &str) -> &[Json] {
        let list = self.message.header.get(name).and_then(Json::as_array);
        list.map_or(&[], Vec::as_slice)
    }

    /// The columns in the payload, in order.
    fn written(&self) -> Result<Vec<(Written, ColumnType)>, Failure> {
        let of = |entry: &Json| {
            let column = count(entry, "column")?;
            match entry.get("output").filter(|o| !o.is_null()) {
                None => {
                    let input = self.layout.inputs.get(self.input)?;
                    let bound = input.get(column).filter(|c| c.written)?;
                    Some((Written::Input(column), bound.column_type))
                }
                Some(output) => {
                    let output = usize::try_from(output.as_u64()?).ok()?;
                    let bound = self.layout.outputs.get(output)?;
                    let own = bound.synchronous == Some(self.input);
                    let column_type = bound.columns.get(column).filter(|_| own)?;
                    Some((Written::Added(output, column), *column_type))
                }
            }
        };
        let entries = self.list("written").iter();
        entries
            .map(|entry| of(entry).ok_or_else(|| protocol(format!("a column {entry}"))))
            .collect()
    }

    /// Outputs with the number of rows directed to them, in order.
    fn chosen(&self) -> Result<Vec<(usize, usize)>, Failure> {
        let of = |entry: &Json| {
            let output = count(entry, "output")?;
            let bound = self.layout.outputs.get(output)?;
            let own = bound.directed && bound.synchronous == Some(self.input);
            Some((output, count(entry, "rows")?)).filter(|_| own)
        };
        let entries = self.list("selections").iter();
        entries
            .map(|entry| of(entry).ok_or_else(|| protocol(format!("a selection {entry}"))))
            .collect()
    }

    /// Every synchronous output of the input sends the same rows with its own columns behind
    /// them.
    fn send(
        &self,
        values: &BTreeMap<Written, ArrayRef>,
        selections: &BTreeMap<usize, Selection>,
        outputs: &mut Outputs,
    ) -> Result<(), Failure> {
        let mut passing = self.batch.columns.clone();
        let bound = self
            .layout
            .inputs
            .get(self.input)
            .map_or(&[][..], Vec::as_slice);
        for (at, column) in bound.iter().enumerate() {
            if let Some(array) = values.get(&Written::Input(at))
                && let Some(slot) = passing.get_mut(column.position)
            {
                *slot = Column::Array(Arc::clone(array));
            }
        }
        for (number, output) in self.layout.outputs.iter().enumerate() {
            if output.synchronous != Some(self.input) || !output.attached {
                continue;
            }
            let mut columns = passing.clone();
            let own = output.columns.iter().enumerate().map(|(at, column_type)| {
                match values.get(&Written::Added(number, at)) {
                    Some(array) => Column::Array(Arc::clone(array)),
                    None => Column::null(column_type, self.batch.rows),
                }
            });
            columns.extend(own);
            let batch = Batch {
                columns,
                ..self.batch.clone()
            };
            if !output.directed {
                outputs.send(number, batch);
                continue;
            }
            let rows = selections.get(&number);
            let rows =
                rows.ok_or_else(|| protocol("no rows for an output of an exclusion group"))?;
            outputs.send(number, batch.select(Arc::clone(rows)));
        }
        Ok(())
    }
}

/// Rows that the script added to an asynchronous output.
pub(super) struct Added {
    pub layout: Arc<Layout>,
    pub output: usize,
    pub rows: usize,
    /// Rows of this output before these.
    pub first_row: u64,
    pub message: Message,
}

impl Morsel for Added {
    fn bytes(&self) -> usize {
        self.message.payload.len().saturating_mul(2)
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let Some(output) = self.layout.outputs.get(self.output) else {
            return Err(protocol(format!("rows of output {}", self.output)));
        };
        let payload = self.message.payload.as_slice();
        let arrays = decode(payload, self.rows, &output.columns).map_err(protocol)?;
        let columns = arrays.into_iter().map(Column::Array).collect();
        let batch = Batch {
            first_row: self.first_row,
            ..Batch::new(columns, self.rows)
        };
        outputs.send(self.output, batch);
        Ok(())
    }
}

/// A failure as a piece: the engine says of a failing piece that PrimeOutput failed.
pub(super) struct Failed(pub Failure);

impl Morsel for Failed {
    fn bytes(&self) -> usize {
        0
    }

    fn read(self: Box<Self>, _outputs: &mut Outputs) -> Result<(), Failure> {
        Err(self.0)
    }
}
