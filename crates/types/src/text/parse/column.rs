//! Columns of values: cell by cell, with NULLs, defaults and errors.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BinaryViewBuilder, BooleanArray, BooleanBufferBuilder, FixedSizeBinaryArray,
    NullBufferBuilder, PrimitiveArray,
};
use arrow::buffer::Buffer;
use arrow::datatypes::ArrowPrimitiveType;

use super::{ColumnParser, EmptyText};
use crate::array::{offset_array, value_at};
use crate::status::{RowErrors, Status};
use crate::text::{CellSource, Outcome, Parsed, empty_field_default};

/// A parser with the cells it reads.
pub(super) struct Column<'a, S> {
    pub(super) parser: &'a ColumnParser,
    pub(super) cells: &'a S,
}

impl<S: CellSource> Column<'_, S> {
    pub(super) fn integers<T>(&self) -> Parsed
    where
        T: ArrowPrimitiveType,
        T::Native: TryFrom<i128> + TryFrom<i64>,
    {
        self.primitives::<T>(|text| self.parser.integer::<T::Native>(text))
    }

    /// Calls `put` with each row's value, or `None`; gives the failing rows.
    #[inline]
    fn each<T>(
        &self,
        empty: Option<T>,
        parse: impl Fn(&[u8]) -> Outcome<T>,
        mut put: impl FnMut(Option<T>),
    ) -> RowErrors
    where
        T: Clone,
    {
        let mut errors = RowErrors::new();
        for row in 0..self.cells.rows() {
            let Some(text) = self.cells.cell(row) else {
                put(None);
                continue;
            };
            if text.is_empty() && self.parser.empty != EmptyText::Error {
                put(empty.clone());
                continue;
            }
            match parse(text) {
                Outcome::Value(value) => put(Some(value)),
                Outcome::Cut(value) => {
                    errors.push(row as u32, Status::Truncated);
                    put(Some(value));
                }
                Outcome::Failed(status) => {
                    // fast parse reads blank integers as 0, but nothing from no text
                    errors.push(row as u32, status);
                    put(None);
                }
            }
        }
        errors
    }

    /// The default as a column of one row, where empty texts give it.
    fn default_column(&self) -> Option<ArrayRef> {
        if self.parser.empty != EmptyText::Default {
            return None;
        }
        let value = empty_field_default(&self.parser.column_type);
        let column = crate::array::constant(&self.parser.column_type, &value, 1)
            .expect("the default of a type is a value of the type");
        Some(column)
    }

    pub(super) fn primitives<T: ArrowPrimitiveType>(
        &self,
        parse: impl Fn(&[u8]) -> Outcome<T::Native>,
    ) -> Parsed {
        let empty = self
            .default_column()
            .map(|array| array.as_primitive::<T>().value(0));
        let rows = self.cells.rows();
        let mut values: Vec<T::Native> = Vec::with_capacity(rows);
        let mut valid = NullBufferBuilder::new(rows);
        let errors = self.each(empty, parse, |value| {
            match value {
                Some(value) => {
                    values.push(value);
                    valid.append_non_null();
                }
                None => {
                    values.push(T::default_value());
                    valid.append_null();
                }
            };
        });
        let array = PrimitiveArray::<T>::new(values.into(), valid.finish())
            .with_data_type(self.parser.column_type.arrow());
        Parsed {
            array: Arc::new(array),
            errors,
        }
    }

    pub(super) fn booleans(&self) -> Parsed {
        let rows = self.cells.rows();
        let mut values = BooleanBufferBuilder::new(rows);
        let mut valid = NullBufferBuilder::new(rows);
        let empty = (self.parser.empty == EmptyText::Default).then_some(false);
        let errors = self.each(
            empty,
            |t| self.parser.boolean(t),
            |value| {
                values.append(value.unwrap_or(false));
                valid.append(value.is_some());
            },
        );
        Parsed {
            array: Arc::new(BooleanArray::new(values.finish(), valid.finish())),
            errors,
        }
    }

    pub(super) fn guids(&self) -> Parsed {
        let rows = self.cells.rows();
        let mut values: Vec<u8> = Vec::with_capacity(rows * 16);
        let mut valid = NullBufferBuilder::new(rows);
        let empty = (self.parser.empty == EmptyText::Default).then_some([0u8; 16]);
        let errors = self.each(empty, ColumnParser::guid, |value| {
            values.extend_from_slice(&value.unwrap_or_default());
            valid.append(value.is_some());
        });
        let array = FixedSizeBinaryArray::new(16, Buffer::from_vec(values), valid.finish());
        Parsed {
            array: Arc::new(array),
            errors,
        }
    }

    pub(super) fn bytes(&self) -> Parsed {
        let mut builder = BinaryViewBuilder::with_capacity(self.cells.rows());
        let empty = (self.parser.empty == EmptyText::Default).then(Vec::new);
        let errors = self.each(
            empty,
            |t| self.parser.hex(t),
            |value| builder.append_option(value),
        );
        Parsed {
            array: Arc::new(builder.finish()),
            errors,
        }
    }

    pub(super) fn offsets(&self) -> Parsed {
        let rows = self.cells.rows();
        let (mut ticks, mut minutes) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let mut valid = NullBufferBuilder::new(rows);
        let column_type = &self.parser.column_type;
        let empty =
            self.default_column()
                .and_then(|array| match value_at(column_type, &array, 0) {
                    crate::Value::DbTimeStampOffset(at, zone, _) => {
                        Some((crate::temporal::ticks_from_datetime(at)?, zone))
                    }
                    _ => None,
                });
        let errors = self.each(
            empty,
            |t| self.parser.offset(t),
            |value: Option<(i64, i16)>| {
                let (at, zone) = value.unwrap_or_default();
                ticks.push(at);
                minutes.push(zone);
                valid.append(value.is_some());
            },
        );
        Parsed {
            array: offset_array(ticks, minutes, valid.finish()),
            errors,
        }
    }
}
