//! Bytes of the protocol to Arrow columns. Everything is looked at before it is used.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::types::ByteViewType;
use arrow::array::{
    ArrayRef, BooleanArray, FixedSizeBinaryArray, GenericByteViewArray, NullArray, PrimitiveArray,
    StructArray, make_view, new_null_array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{
    ArrowNativeType, ArrowPrimitiveType, BinaryViewType, DataType as ArrowType, Date32Type,
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    StringViewType, Time32SecondType, Time64NanosecondType, TimestampMicrosecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use packmule_types::data_type::offset_fields;
use packmule_types::temporal::{
    DAYS_END, DAYS_TO_1601, DAYS_TO_1970, TICKS_PER_DAY, TICKS_PER_SECOND,
};
use packmule_types::{ColumnType, DataType};

use super::{ALIGNMENT, ColumnError};

/// Columns of so many rows. Bytes behind them are an error.
pub fn decode(
    bytes: &[u8],
    rows: usize,
    columns: &[ColumnType],
) -> Result<Vec<ArrayRef>, ColumnError> {
    decode_selections(bytes, rows, columns, &[]).map(|(arrays, _)| arrays)
}

/// Columns, and behind them the rows directed to each of some outputs, so many for each.
pub fn decode_selections(
    bytes: &[u8],
    rows: usize,
    columns: &[ColumnType],
    selections: &[usize],
) -> Result<(Vec<ArrayRef>, Vec<Arc<[u32]>>), ColumnError> {
    if rows == 0 {
        let arrays = columns.iter().map(|c| new_null_array(&c.arrow(), 0));
        let none = selections.iter().enumerate().map(|(output, count)| {
            let none: Arc<[u32]> = Arc::new([]);
            (*count == 0)
                .then_some(none)
                .ok_or(ColumnError::Selection { output })
        });
        return Ok((arrays.collect(), none.collect::<Result<_, _>>()?));
    }
    let mut reader = Reader { bytes, at: 0 };
    let mut arrays = Vec::with_capacity(columns.len());
    for (column, column_type) in columns.iter().enumerate() {
        let place = Place {
            column,
            column_type,
            rows,
        };
        arrays.push(place.read(&mut reader)?);
    }
    let mut chosen = Vec::with_capacity(selections.len());
    for (output, count) in selections.iter().enumerate() {
        chosen.push(selection(&mut reader, output, *count, rows)?);
    }
    match bytes.len().saturating_sub(reader.at) {
        0 => Ok((arrays, chosen)),
        left => Err(ColumnError::Left { left }),
    }
}

fn selection(
    reader: &mut Reader<'_>,
    output: usize,
    count: usize,
    rows: usize,
) -> Result<Arc<[u32]>, ColumnError> {
    if count > rows {
        return Err(ColumnError::Selection { output });
    }
    let chosen: Arc<[u32]> = reader.scalars::<u32>(count)?.iter().copied().collect();
    let ascending = chosen.windows(2).all(|pair| pair[0] < pair[1]);
    let inside = chosen.last().is_none_or(|last| (*last as usize) < rows);
    if ascending && inside {
        Ok(chosen)
    } else {
        Err(ColumnError::Selection { output })
    }
}

/// Takes parts one after the other.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A part and the padding behind it.
    fn part(&mut self, length: usize) -> Result<&'a [u8], ColumnError> {
        let short = ColumnError::Short {
            at: self.at,
            wanted: length,
            have: self.bytes.len(),
        };
        let end = self.at.checked_add(length).ok_or(short.clone())?;
        let part = self.bytes.get(self.at..end).ok_or(short)?;
        self.at = end.next_multiple_of(ALIGNMENT);
        Ok(part)
    }

    fn number(&mut self) -> Result<u64, ColumnError> {
        let part = self.part(8)?;
        Ok(part.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)))
    }

    /// So many numbers, in memory of their own.
    fn scalars<T: ArrowNativeType>(
        &mut self,
        count: usize,
    ) -> Result<ScalarBuffer<T>, ColumnError> {
        let length = count.saturating_mul(size_of::<T>());
        let part = self.part(length)?;
        Ok(ScalarBuffer::new(Buffer::from_slice_ref(part), 0, count))
    }

    fn bits(&mut self, count: usize) -> Result<BooleanBuffer, ColumnError> {
        let part = self.part(count.div_ceil(8))?;
        Ok(BooleanBuffer::new(Buffer::from_slice_ref(part), 0, count))
    }
}

/// A column that is being read.
struct Place<'a> {
    column: usize,
    column_type: &'a ColumnType,
    rows: usize,
}

impl Place<'_> {
    fn read(&self, reader: &mut Reader<'_>) -> Result<ArrayRef, ColumnError> {
        let rows = self.rows;
        let nulls = reader.number()?;
        let wrong = ColumnError::Nulls {
            column: self.column,
            nulls,
            rows,
        };
        let form = self.column_type.arrow();
        match usize::try_from(nulls) {
            Ok(all) if all == rows => return Ok(new_null_array(&form, rows)),
            Ok(some) if some < rows && form != ArrowType::Null => {}
            _ => return Err(wrong),
        }
        let valid = match nulls {
            0 => None,
            _ => Some(NullBuffer::new(reader.bits(rows)?)),
        };
        if valid.as_ref().map_or(0, NullBuffer::null_count) as u64 != nulls {
            return Err(wrong);
        }
        self.values(reader, &form, valid)
    }

    fn values(
        &self,
        reader: &mut Reader<'_>,
        form: &ArrowType,
        valid: Option<NullBuffer>,
    ) -> Result<ArrayRef, ColumnError> {
        match form {
            ArrowType::Boolean => Ok(Arc::new(BooleanArray::new(reader.bits(self.rows)?, valid))),
            ArrowType::Int8 => self.plain::<Int8Type>(reader, valid),
            ArrowType::Int16 => self.plain::<Int16Type>(reader, valid),
            ArrowType::Int32 => self.plain::<Int32Type>(reader, valid),
            ArrowType::Int64 => match ticks_range(self.column_type.data_type) {
                Some(range) => self.ranged::<Int64Type>(reader, valid, range),
                None => self.plain::<Int64Type>(reader, valid),
            },
            ArrowType::UInt8 => self.plain::<UInt8Type>(reader, valid),
            ArrowType::UInt16 => self.plain::<UInt16Type>(reader, valid),
            ArrowType::UInt32 => self.plain::<UInt32Type>(reader, valid),
            ArrowType::UInt64 => self.plain::<UInt64Type>(reader, valid),
            ArrowType::Float32 => self.plain::<Float32Type>(reader, valid),
            ArrowType::Float64 => self.plain::<Float64Type>(reader, valid),
            ArrowType::Decimal128(precision, _) => {
                let limit = 10_i128.saturating_pow(u32::from(*precision)) - 1;
                let range = match self.column_type.data_type {
                    DataType::Cy => i128::from(i64::MIN)..=i128::from(i64::MAX),
                    _ => -limit..=limit,
                };
                self.ranged::<Decimal128Type>(reader, valid, range)
            }
            ArrowType::Date32 => {
                let days = |days: i64| i32::try_from(days - DAYS_TO_1970).unwrap_or(0);
                self.ranged::<Date32Type>(reader, valid, days(0)..=days(DAYS_END - 1))
            }
            ArrowType::Time32(_) => self.ranged::<Time32SecondType>(reader, valid, 0..=86_399),
            ArrowType::Time64(_) => {
                self.ranged::<Time64NanosecondType>(reader, valid, 0..=86_399_999_999_999)
            }
            ArrowType::Timestamp(..) => {
                const DAY: i64 = 86_400_000_000;
                let range = -DAYS_TO_1970 * DAY..=(DAYS_END - DAYS_TO_1970) * DAY - 1;
                self.ranged::<TimestampMicrosecondType>(reader, valid, range)
            }
            ArrowType::Utf8View => self.views::<StringViewType>(reader, valid),
            ArrowType::BinaryView => self.views::<BinaryViewType>(reader, valid),
            ArrowType::FixedSizeBinary(_) => {
                let part = reader.part(self.rows.saturating_mul(16))?;
                let values = Buffer::from_slice_ref(part);
                self.made(FixedSizeBinaryArray::try_new(16, values, valid))
            }
            ArrowType::Struct(_) => self.offset(reader, valid),
            // `read` has dealt with it: every row is NULL
            _ => Ok(Arc::new(NullArray::new(self.rows))),
        }
    }

    /// Arrow's own checks cannot fail after ours; if they do, the column's form is wrong.
    fn made<A: arrow::array::Array + 'static>(
        &self,
        array: Result<A, arrow::error::ArrowError>,
    ) -> Result<ArrayRef, ColumnError> {
        match array {
            Ok(array) => Ok(Arc::new(array)),
            Err(error) => Err(ColumnError::Form {
                column: self.column,
                column_type: *self.column_type,
                held: error.to_string(),
                rows: self.rows,
            }),
        }
    }

    fn plain<T: ArrowPrimitiveType>(
        &self,
        reader: &mut Reader<'_>,
        valid: Option<NullBuffer>,
    ) -> Result<ArrayRef, ColumnError> {
        let values = reader.scalars::<T::Native>(self.rows)?;
        self.made(PrimitiveArray::<T>::try_new(values, valid))
    }

    /// Numbers of which only some are values of the type.
    fn ranged<T: ArrowPrimitiveType>(
        &self,
        reader: &mut Reader<'_>,
        valid: Option<NullBuffer>,
        range: RangeInclusive<T::Native>,
    ) -> Result<ArrayRef, ColumnError> {
        let values = reader.scalars::<T::Native>(self.rows)?;
        self.within(&values, valid.as_ref(), &range)?;
        let array = PrimitiveArray::<T>::try_new(values, valid);
        self.made(array.map(|a| a.with_data_type(self.column_type.arrow())))
    }

    fn within<N: PartialOrd + Copy>(
        &self,
        values: &[N],
        valid: Option<&NullBuffer>,
        range: &RangeInclusive<N>,
    ) -> Result<(), ColumnError> {
        let outside = |value: &N| value < range.start() || value > range.end();
        // without a branch in the loop: almost always nothing is outside
        if !values.iter().fold(false, |any, value| any | outside(value)) {
            return Ok(());
        }
        let mut rows = values.iter().enumerate();
        match rows.find(|(row, v)| outside(v) && valid.is_none_or(|n| n.is_valid(*row))) {
            Some((row, _)) => Err(self.out_of_range(row)),
            None => Ok(()),
        }
    }

    fn out_of_range(&self, row: usize) -> ColumnError {
        ColumnError::Range {
            column: self.column,
            row,
            column_type: *self.column_type,
        }
    }

    /// `DT_DBTIMESTAMPOFFSET`: UTC ticks, then minutes of the zone (SSIS: 14 hours at most).
    fn offset(
        &self,
        reader: &mut Reader<'_>,
        valid: Option<NullBuffer>,
    ) -> Result<ArrayRef, ColumnError> {
        let ticks = reader.scalars::<i64>(self.rows)?;
        let minutes = reader.scalars::<i16>(self.rows)?;
        self.within(&ticks, valid.as_ref(), &(0..=DAYS_END * TICKS_PER_DAY - 1))?;
        self.within(&minutes, valid.as_ref(), &(-840..=840))?;
        let parts: Vec<ArrayRef> = vec![
            Arc::new(PrimitiveArray::<Int64Type>::new(ticks, None)),
            Arc::new(PrimitiveArray::<Int16Type>::new(minutes, None)),
        ];
        self.made(StructArray::try_new(offset_fields(), parts, valid))
    }

    /// Text and bytes.
    fn views<T: ByteViewType>(
        &self,
        reader: &mut Reader<'_>,
        valid: Option<NullBuffer>,
    ) -> Result<ArrayRef, ColumnError> {
        let offsets = reader.scalars::<u32>(self.rows.saturating_add(1))?;
        let ascending = offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        if !ascending || offsets.first() != Some(&0) {
            return Err(ColumnError::Offsets {
                column: self.column,
            });
        }
        let length = offsets.last().map_or(0, |end| *end as usize);
        let data = Buffer::from_slice_ref(reader.part(length)?);
        let bytes = data.as_slice();
        let mut views = Vec::with_capacity(self.rows);
        for (row, pair) in offsets.windows(2).enumerate() {
            if valid.as_ref().is_some_and(|v| v.is_null(row)) {
                views.push(0);
                continue;
            }
            // offsets ascend and the last one is the length of the data
            let value = bytes
                .get(pair[0] as usize..pair[1] as usize)
                .unwrap_or_default();
            if value.len() > self.column_type.length as usize && !self.fits(value) {
                return Err(self.out_of_range(row));
            }
            views.push(make_view(value, 0, pair[0]));
        }
        // looks at the text too
        let array = GenericByteViewArray::<T>::try_new(views.into(), vec![data], valid);
        match array {
            Ok(array) => Ok(Arc::new(array)),
            Err(_) => Err(ColumnError::Text {
                column: self.column,
            }),
        }
    }

    /// Whether a value with more bytes than the column is long fits all the same. Of a
    /// `DT_STR` only what every code page says is looked at: no character is less than a byte.
    fn fits(&self, value: &[u8]) -> bool {
        let length = self.column_type.length as usize;
        let text = || std::str::from_utf8(value);
        match self.column_type.data_type {
            _ if length == 0 => true,
            DataType::Bytes => false,
            DataType::WStr => text().is_ok_and(|t| t.encode_utf16().count() <= length),
            DataType::Str if self.column_type.code_page == 65001 => false,
            DataType::Str => text().is_ok_and(|t| t.chars().count() <= length),
            _ => true,
        }
    }
}

/// The ticks that a type may hold, as its column counts them.
fn ticks_range(data_type: DataType) -> Option<RangeInclusive<i64>> {
    debug_assert_eq!(TICKS_PER_DAY, 86_400 * TICKS_PER_SECOND);
    let end = DAYS_END * TICKS_PER_DAY - 1;
    match data_type {
        DataType::DbTimeStamp2 => Some(0..=end),
        DataType::FileTime => {
            let start = DAYS_TO_1601 * TICKS_PER_DAY;
            Some(-start..=end - start)
        }
        _ => None,
    }
}
