//! The keys of a batch in a form that compares fast: whole numbers, or rows of bytes.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType as ArrowType, Int64Type};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};

use crate::batch::Batch;
use crate::sort_keys::KeyColumn;

/// Makes [`Keys`] of batches of both inputs.
#[derive(Debug)]
pub(super) struct KeyReader {
    columns: [Vec<KeyColumn>; 2],
    /// Absent when the one key is a whole number.
    converter: Option<RowConverter>,
}

impl KeyReader {
    /// For the key columns of the left and the right input.
    pub(super) fn new(left: Vec<KeyColumn>, right: Vec<KeyColumn>) -> Result<Self, ArrowError> {
        let whole = left.len() == 1 && left.first().is_some_and(|key| is_whole(&key.arrow_type()));
        let converter = if whole {
            None
        } else {
            let fields = left
                .iter()
                .map(|k| SortField::new_with_options(k.arrow_type(), k.options()));
            Some(RowConverter::new(fields.collect())?)
        };
        Ok(Self {
            columns: [left, right],
            converter,
        })
    }

    /// The keys of a batch without a selection, of the left (0) or right (1) input.
    pub(super) fn read(&self, side: usize, batch: &Batch) -> Result<Keys, ArrowError> {
        let columns = &self.columns[side.min(1)];
        let arrays: Vec<ArrayRef> = columns.iter().map(|key| key.array(batch)).collect();
        let nulls = arrays.iter().fold(None, |nulls, array| {
            NullBuffer::union(nulls.as_ref(), array.nulls())
        });
        let form = match (&self.converter, arrays.first()) {
            (Some(converter), _) => Form::Rows(converter.convert_columns(&arrays)?),
            (None, Some(array)) => Form::Whole {
                values: whole(array)?,
                descending: columns.first().is_some_and(|key| key.descending),
            },
            (None, None) => return Err(ArrowError::InvalidArgumentError("no keys".to_owned())),
        };
        Ok(Keys { form, nulls })
    }
}

/// The keys of one batch.
#[derive(Debug)]
pub(super) struct Keys {
    form: Form,
    /// Rows with NULL in any key.
    nulls: Option<NullBuffer>,
}

#[derive(Debug)]
enum Form {
    Whole {
        values: Int64Array,
        descending: bool,
    },
    Rows(Rows),
}

impl Keys {
    /// Whether any key of a row is NULL.
    pub(super) fn has_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|n| n.is_null(row))
    }

    /// The order of a row and a row of another batch's keys, made by the same reader.
    #[inline]
    pub(super) fn compare(&self, row: usize, other: &Self, other_row: usize) -> Ordering {
        match (&self.form, &other.form) {
            (
                Form::Whole {
                    values: a,
                    descending,
                },
                Form::Whole { values: b, .. },
            ) => {
                let (x, y) = (a.value(row), b.value(other_row));
                let order = match (self.has_null(row), other.has_null(other_row)) {
                    (false, false) => x.cmp(&y),
                    (true, true) => Ordering::Equal,
                    (true, false) => Ordering::Less,
                    (false, true) => Ordering::Greater,
                };
                if *descending { order.reverse() } else { order }
            }
            (Form::Rows(a), Form::Rows(b)) => a.row(row).cmp(&b.row(other_row)),
            _ => Ordering::Equal,
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        match &self.form {
            Form::Whole { values, .. } => values.get_array_memory_size(),
            Form::Rows(rows) => rows.size(),
        }
    }
}

fn is_whole(arrow: &ArrowType) -> bool {
    matches!(
        arrow,
        ArrowType::Int8
            | ArrowType::Int16
            | ArrowType::Int32
            | ArrowType::Int64
            | ArrowType::UInt8
            | ArrowType::UInt16
            | ArrowType::UInt32
            | ArrowType::Date32
            | ArrowType::Timestamp(..)
    )
}

fn whole(array: &ArrayRef) -> Result<Int64Array, ArrowError> {
    let array = match array.data_type() {
        ArrowType::Int64 => Arc::clone(array),
        ArrowType::Date32 => {
            let days = arrow::compute::cast(array, &ArrowType::Int32)?;
            arrow::compute::cast(&days, &ArrowType::Int64)?
        }
        _ => arrow::compute::cast(array, &ArrowType::Int64)?,
    };
    Ok(array.as_primitive::<Int64Type>().clone())
}
