//! Some joined rows: which row of the left batch meets which row of which right batch. The
//! columns are made by any thread.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, new_null_array};
use packmule_types::Code;
use packmule_types::ColumnType;

use super::walk::Keyed;
use crate::batch::{Batch, Column};
use crate::component::{Failure, Morsel, Outputs};

/// Something that should not happen did.
const E_FAIL: Code = crate::codes::E_FAIL;

/// Where the output's columns come from.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// For each output column its input and its position there.
    pub(super) sources: Vec<(usize, usize)>,
    /// Its type.
    pub(super) types: Vec<ColumnType>,
}

/// Joined rows of one left batch.
pub(super) struct Chunk {
    columns: Arc<Columns>,
    output: usize,
    left: Option<Arc<Keyed>>,
    rights: Vec<Arc<Keyed>>,
    /// For each joined row the left row; none in rows of the right input only.
    left_rows: Vec<Option<u32>>,
    /// For each joined row (1 + right batch, row); (0, 0) in rows of the left input only.
    right_rows: Vec<(usize, usize)>,
}

impl Chunk {
    /// No rows yet.
    pub(super) fn new(columns: Arc<Columns>, output: usize) -> Self {
        Self {
            columns,
            output,
            left: None,
            rights: Vec::new(),
            left_rows: Vec::new(),
            right_rows: Vec::new(),
        }
    }

    /// Joined rows so far.
    pub(super) fn len(&self) -> usize {
        self.left_rows.len()
    }

    /// Whether it has rows of a left batch.
    pub(super) fn has_left(&self) -> bool {
        self.left.is_some()
    }

    /// Adds a left row, with its right row or without.
    pub(super) fn push_left(
        &mut self,
        left: &Arc<Keyed>,
        row: usize,
        right: Option<(&Arc<Keyed>, usize)>,
    ) {
        if self.left.is_none() {
            self.left = Some(Arc::clone(left));
        }
        self.left_rows.push(Some(row as u32));
        let right = right.map_or((0, 0), |(batch, row)| (self.right_number(batch), row));
        self.right_rows.push(right);
    }

    /// Adds a right row without a left one.
    pub(super) fn push_right(&mut self, right: &Arc<Keyed>, row: usize) {
        let number = self.right_number(right);
        self.left_rows.push(None);
        self.right_rows.push((number, row));
    }

    fn right_number(&mut self, right: &Arc<Keyed>) -> usize {
        match self.rights.last() {
            Some(last) if Arc::ptr_eq(last, right) => {}
            // A group of several batches is gone over again for each left row.
            _ => match self.rights.iter().position(|r| Arc::ptr_eq(r, right)) {
                Some(at) => return at + 1,
                None => self.rights.push(Arc::clone(right)),
            },
        }
        self.rights.len()
    }

    fn left_column(
        &self,
        position: usize,
        rows: Option<&[u32]>,
        column_type: &ColumnType,
    ) -> Result<Column, Failure> {
        let Some(left) = &self.left else {
            return Ok(Column::null(column_type, self.len()));
        };
        match (rows, left.batch.columns.get(position)) {
            (Some(rows), Some(column)) => Ok(column.take(rows)),
            _ => {
                let pairs: Vec<(usize, usize)> = self
                    .left_rows
                    .iter()
                    .map(|row| row.map_or((0, 0), |r| (1, r as usize)))
                    .collect();
                interleave(&[left.batch.array(position)], &pairs, column_type)
            }
        }
    }

    fn right_column(
        &self,
        position: usize,
        rows: Option<&[u32]>,
        column_type: &ColumnType,
    ) -> Result<Column, Failure> {
        match (rows, self.rights.as_slice()) {
            (_, []) => Ok(Column::null(column_type, self.len())),
            (Some(rows), [only]) => {
                let column = only.batch.columns.get(position);
                Ok(column.map_or_else(|| Column::null(column_type, rows.len()), |c| c.take(rows)))
            }
            (_, many) => {
                let arrays: Vec<ArrayRef> = many.iter().map(|r| r.batch.array(position)).collect();
                interleave(&arrays, &self.right_rows, column_type)
            }
        }
    }
}

/// Takes (1 + array, row); array 0 stands for NULL.
fn interleave(
    arrays: &[ArrayRef],
    pairs: &[(usize, usize)],
    column_type: &ColumnType,
) -> Result<Column, Failure> {
    let arrow_type = arrays
        .first()
        .map_or_else(|| column_type.arrow(), |a| a.data_type().clone());
    let null = new_null_array(&arrow_type, 1);
    let all: Vec<&dyn Array> = std::iter::once(&null)
        .chain(arrays)
        .map(AsRef::as_ref)
        .collect();
    let joined = arrow::compute::interleave(&all, pairs).map_err(|e| {
        Failure::text(
            E_FAIL,
            format!("joined rows cannot be put together: {e}"),
            None,
        )
    })?;
    Ok(Column::Array(joined))
}

impl Morsel for Chunk {
    fn bytes(&self) -> usize {
        let left = self.left.as_ref().map_or(0, |l| l.batch.bytes());
        left + self.len() * 32
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        // Rows of one batch without gaps keep text that nobody has needed as values yet.
        let left: Option<Vec<u32>> = self.left_rows.iter().copied().collect();
        let right: Option<Vec<u32>> = match self.rights.len() {
            1 => self
                .right_rows
                .iter()
                .map(|(batch, row)| (*batch == 1).then_some(*row as u32))
                .collect(),
            _ => None,
        };
        let mut columns = Vec::with_capacity(self.columns.sources.len());
        for ((input, position), column_type) in self.columns.sources.iter().zip(&self.columns.types)
        {
            columns.push(if *input == 0 {
                self.left_column(*position, left.as_deref(), column_type)?
            } else {
                self.right_column(*position, right.as_deref(), column_type)?
            });
        }
        outputs.send(self.output, Batch::new(columns, self.len()));
        Ok(())
    }
}
