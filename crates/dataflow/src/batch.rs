//! Batches: what goes over the paths of a data flow.
//!
//! A column is an Arrow array or text that nobody has needed as values yet. A selection serves
//! splits and redirects without copying. A batch knows where its rows stand in the stream it
//! belongs to, so that order can be restored and the lowest failing row can be named, whatever
//! the number of threads.

use std::sync::{Arc, OnceLock};

use arrow::array::{Array, ArrayRef, UInt32Array, new_null_array};
use arrow::buffer::{Buffer, NullBuffer};
use packmule_dtsx::model::LineageId;
use packmule_types::ColumnType;
use packmule_types::text::{Cells, ColumnParser, Span};

/// One column of a stream: found by its lineage id, once, when a component is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamColumn {
    /// The output column it comes from.
    pub lineage: LineageId,
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub column_type: ColumnType,
}

/// The columns of a stream, in the order of [`Batch::columns`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// The columns.
    pub columns: Vec<StreamColumn>,
}

impl Schema {
    /// The position of a lineage id. For binding only, never per row.
    pub fn position(&self, lineage: LineageId) -> Option<usize> {
        self.columns.iter().position(|c| c.lineage == lineage)
    }

    /// The type of the column at a position.
    pub fn column_type(&self, position: usize) -> Option<ColumnType> {
        self.columns.get(position).map(|c| c.column_type)
    }
}

/// Text that was validated for a type but not yet turned into values. Always UTF-8.
#[derive(Debug)]
pub struct TextColumn {
    /// The text of all rows, delimiters and other columns included.
    pub buffer: Buffer,
    /// Where the value of each row stands.
    pub spans: Vec<Span>,
    /// The type for which the text was validated.
    pub column_type: ColumnType,
    /// Which rows have a value; all when absent.
    pub validity: Option<NullBuffer>,
    /// Whether every value is written exactly as the type's own text form, so that a
    /// destination may copy it.
    pub canonical: bool,
    /// Whether the whole buffer is ASCII without NUL.
    pub plain: bool,
    /// Turns it into values; it cannot fail, for the text was validated.
    pub parser: Arc<ColumnParser>,
    /// The values, once somebody needed them.
    pub values: OnceLock<ArrayRef>,
}

impl TextColumn {
    /// Where the value of a row stands; nothing for a row that is not there.
    #[inline]
    pub fn span(&self, row: usize) -> Span {
        self.spans.get(row).copied().unwrap_or_default()
    }

    /// The bytes of a row, valid UTF-8.
    #[inline]
    pub fn bytes(&self, row: usize) -> &[u8] {
        let span = self.span(row);
        let start = span.start as usize;
        self.buffer
            .as_slice()
            .get(start..start + span.len as usize)
            .unwrap_or_default()
    }

    /// Whether a row is NULL.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.validity.as_ref().is_some_and(|v| v.is_null(row))
    }

    /// The rows of a selection as a column of their own, over the same buffer.
    pub fn take(&self, rows: &[u32]) -> Self {
        let spans: Vec<Span> = rows.iter().map(|r| self.span(*r as usize)).collect();
        let validity = self.validity.as_ref().map(|v| {
            let taken: Vec<bool> = rows.iter().map(|r| v.is_valid(*r as usize)).collect();
            NullBuffer::from(taken)
        });
        Self {
            buffer: self.buffer.clone(),
            spans,
            column_type: self.column_type,
            validity,
            canonical: self.canonical,
            plain: self.plain,
            parser: Arc::clone(&self.parser),
            values: OnceLock::new(),
        }
    }

    /// The values of all rows.
    pub fn array(&self) -> ArrayRef {
        let make = || self.parser.parse_batch(self.cells()).array;
        Arc::clone(self.values.get_or_init(make))
    }

    /// The text as the kernels of `types` take it.
    pub fn cells(&self) -> Cells<'_> {
        Cells {
            buffer: self.buffer.as_slice(),
            spans: &self.spans,
            validity: self.validity.as_ref(),
            shared: Some(&self.buffer),
            plain: self.plain,
        }
    }
}

/// A column of a batch.
#[derive(Debug, Clone)]
pub enum Column {
    /// Values.
    Array(ArrayRef),
    /// Text not yet made into values.
    Text(Arc<TextColumn>),
}

impl Column {
    /// The values of all rows.
    pub fn array(&self) -> ArrayRef {
        match self {
            Self::Array(array) => Arc::clone(array),
            Self::Text(text) => text.array(),
        }
    }

    /// Rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Array(array) => array.len(),
            Self::Text(text) => text.spans.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of a selection.
    pub fn take(&self, rows: &[u32]) -> Self {
        match self {
            Self::Array(array) => Self::Array(take_array(array, rows)),
            Self::Text(text) => match text.values.get() {
                Some(values) => Self::Array(take_array(values, rows)),
                None => Self::Text(Arc::new(text.take(rows))),
            },
        }
    }

    /// NULL in so many rows.
    pub fn null(column_type: &ColumnType, rows: usize) -> Self {
        Self::Array(new_null_array(&column_type.arrow(), rows))
    }
}

/// The rows of a selection. Rows outside the array become NULL (there are none unless a
/// component miscounted).
pub fn take_array(array: &ArrayRef, rows: &[u32]) -> ArrayRef {
    let indices = UInt32Array::from(rows.to_vec());
    arrow::compute::take(array.as_ref(), &indices, None)
        .unwrap_or_else(|_| new_null_array(array.data_type(), rows.len()))
}

/// Rows of a batch that are meant, ascending.
pub type Selection = Arc<[u32]>;

/// Some rows of a stream.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Its place in the stream, from 0 without gaps.
    pub ordinal: u64,
    /// Number of the first row in its source, from 0; for messages.
    pub first_row: u64,
    /// Rows that the columns hold, selected or not.
    pub rows: usize,
    /// Columns in the order of the stream's [`Schema`].
    pub columns: Vec<Column>,
    /// The rows that are meant; all when absent.
    pub selection: Option<Selection>,
    /// For each row the row of the batch that began this part of the flow; the same number
    /// when absent. Kept by [`Batch::compact`]; the engine names failing rows by it.
    pub origin: Option<Selection>,
}

impl Batch {
    /// A batch of columns of equal length; the engine gives the ordinal.
    pub fn new(columns: Vec<Column>, rows: usize) -> Self {
        Self {
            rows,
            columns,
            ..Self::default()
        }
    }

    /// A batch without rows: what stands for "nothing from this ordinal". It has no columns.
    pub fn empty(ordinal: u64) -> Self {
        Self {
            ordinal,
            ..Self::default()
        }
    }

    /// Number of rows that are meant.
    pub fn len(&self) -> usize {
        self.selection.as_ref().map_or(self.rows, |s| s.len())
    }

    /// Whether no row is meant.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of a column, of rows not selected too.
    pub fn array(&self, column: usize) -> ArrayRef {
        match self.columns.get(column) {
            Some(column) => column.array(),
            None => new_null_array(&arrow::datatypes::DataType::Null, self.rows),
        }
    }

    /// The values of a column in the selected rows.
    pub fn selected(&self, column: usize) -> ArrayRef {
        match (&self.selection, self.columns.get(column)) {
            (Some(rows), Some(column)) => column.take(rows).array(),
            _ => self.array(column),
        }
    }

    /// The rows that are meant, ascending.
    pub fn selected_rows(&self) -> SelectedRows<'_> {
        SelectedRows {
            selection: self.selection.as_deref(),
            next: 0,
            end: self.len(),
        }
    }

    /// The same rows without a selection: columns hold exactly the rows that are meant.
    #[must_use]
    pub fn compact(mut self) -> Self {
        let Some(rows) = self.selection.take() else {
            return self;
        };
        let origin = match &self.origin {
            Some(origin) => rows.iter().map(|r| origin[*r as usize]).collect(),
            None => Arc::clone(&rows),
        };
        Self {
            rows: rows.len(),
            columns: self.columns.iter().map(|c| c.take(&rows)).collect(),
            selection: None,
            origin: Some(origin),
            ..self
        }
    }

    /// The same columns with only some of the rows meant. `rows` are ascending row numbers of
    /// this batch and a part of its selection.
    #[must_use]
    pub fn select(&self, rows: Selection) -> Self {
        Self {
            selection: Some(rows),
            ..self.clone()
        }
    }

    /// The rows whose origin is below a row: what is left of a batch when a row fails.
    #[must_use]
    pub fn before(&self, origin: usize) -> Self {
        let rows = self
            .selected_rows()
            .filter(|row| self.origin_of(*row) < origin);
        let rows: Vec<u32> = rows.map(|row| row as u32).collect();
        self.select(rows.into())
    }

    /// The row of the batch that began this part of the flow.
    pub fn origin_of(&self, row: usize) -> usize {
        let origin = self.origin.as_ref().and_then(|o| o.get(row));
        origin.map_or(row, |o| *o as usize)
    }

    /// Bytes that the batch keeps alive, buffers shared with other batches included.
    pub fn bytes(&self) -> usize {
        let mut text_buffer = 0;
        let mut bytes = 0;
        for column in &self.columns {
            match column {
                Column::Array(array) => bytes += array.get_array_memory_size(),
                Column::Text(text) => {
                    text_buffer = text_buffer.max(text.buffer.len());
                    bytes += text.spans.len() * size_of::<Span>();
                    let values = text.values.get();
                    bytes += values.map_or(0, |v| v.get_array_memory_size());
                }
            }
        }
        bytes + text_buffer
    }
}

/// Goes over the rows that are meant.
#[derive(Debug, Clone)]
pub struct SelectedRows<'a> {
    selection: Option<&'a [u32]>,
    next: usize,
    end: usize,
}

impl Iterator for SelectedRows<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.next >= self.end {
            return None;
        }
        let at = self.next;
        self.next += 1;
        Some(self.selection.map_or(at, |rows| rows[at] as usize))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for SelectedRows<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{AsArray, Int32Array};
    use arrow::datatypes::Int32Type;

    fn batch(values: &[i32]) -> Batch {
        let array: ArrayRef = Arc::new(Int32Array::from(values.to_vec()));
        Batch::new(vec![Column::Array(array)], values.len())
    }

    fn values(batch: &Batch) -> Vec<i32> {
        let array = batch.selected(0);
        array.as_primitive::<Int32Type>().values().to_vec()
    }

    #[test]
    fn compaction_keeps_the_origin_of_rows() {
        let first = batch(&[10, 11, 12, 13]).select([1, 3].into()).compact();
        assert_eq!(values(&first), [11, 13]);
        let second = first.select([1].into()).compact();
        assert_eq!(values(&second), [13]);
        assert_eq!(second.origin_of(0), 3);
    }

    #[test]
    fn rows_before_a_failing_row_are_counted_in_the_origin() {
        let batch = batch(&[10, 11, 12, 13]).select([1, 2, 3].into()).compact();
        assert_eq!(values(&batch.before(3)), [11, 12]);
        assert_eq!(values(&batch.before(0)), [0; 0]);
    }
}
