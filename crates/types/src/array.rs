//! Between single values and Arrow columns.
//!
//! The Arrow form of each type is [`ColumnType::arrow`]. Values of a batch are read here only
//! where one at a time is what is wanted (parameters, variables, messages); row loops use the
//! typed arrays.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryViewArray, BinaryViewBuilder, BooleanArray, BooleanBuilder,
    FixedSizeBinaryArray, FixedSizeBinaryBuilder, Int16Array, Int64Array, NullArray,
    NullBufferBuilder, PrimitiveArray, PrimitiveBuilder, StringViewArray, StringViewBuilder,
    StructArray, new_empty_array, new_null_array,
};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType as ArrowType, Date32Type, Decimal128Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32SecondType, Time64NanosecondType,
    TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use crate::data_type::{ColumnType, DataType, offset_fields};
use crate::temporal::{
    DAYS_TO_1601, DAYS_TO_1970, TICKS_PER_DAY, TICKS_PER_SECOND, date_from_days,
    datetime_from_ticks, days_from_date, ticks_from_datetime, ticks_from_time, time_from_ticks,
};
use crate::value::Value;

/// Ticks of `DT_DBTIMESTAMP2` and kin at 1970.
pub(crate) const TICKS_TO_1970: i64 = DAYS_TO_1970 * TICKS_PER_DAY;
/// Ticks at 1601, the start of `DT_FILETIME`.
pub(crate) const TICKS_TO_1601: i64 = DAYS_TO_1601 * TICKS_PER_DAY;

/// A value's bytes in the layout of `DT_GUID` columns (Windows: the first three parts are
/// little-endian).
pub fn guid_to_bytes(guid: uuid::Uuid) -> [u8; 16] {
    guid.to_bytes_le()
}

/// The GUID of a column's 16 bytes.
pub fn guid_from_bytes(bytes: [u8; 16]) -> uuid::Uuid {
    uuid::Uuid::from_bytes_le(bytes)
}

/// The value of a row. Rows out of range and arrays that do not have the type's Arrow form
/// read as NULL.
pub fn value_at(column_type: &ColumnType, array: &dyn Array, row: usize) -> Value {
    if row >= array.len() || array.is_null(row) {
        return Value::Null;
    }
    let value = read(column_type, array, row);
    debug_assert!(
        value.is_some() || array.data_type() == &ArrowType::Null,
        "{column_type} column held as {}",
        array.data_type()
    );
    value.unwrap_or(Value::Null)
}

fn primitive<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> Option<T::Native> {
    let array = array.as_any().downcast_ref::<PrimitiveArray<T>>()?;
    Some(array.value(row))
}

fn read(column_type: &ColumnType, array: &dyn Array, row: usize) -> Option<Value> {
    use DataType as D;
    let any = array.as_any();
    Some(match column_type.data_type {
        D::Empty | D::Null => return None,
        D::Bool => Value::Bool(any.downcast_ref::<BooleanArray>()?.value(row)),
        D::I1 => Value::I1(primitive::<Int8Type>(array, row)?),
        D::I2 => Value::I2(primitive::<Int16Type>(array, row)?),
        D::I4 => Value::I4(primitive::<Int32Type>(array, row)?),
        D::I8 => Value::I8(primitive::<Int64Type>(array, row)?),
        D::Ui1 => Value::Ui1(primitive::<UInt8Type>(array, row)?),
        D::Ui2 => Value::Ui2(primitive::<UInt16Type>(array, row)?),
        D::Ui4 => Value::Ui4(primitive::<UInt32Type>(array, row)?),
        D::Ui8 => Value::Ui8(primitive::<UInt64Type>(array, row)?),
        D::R4 => Value::R4(primitive::<Float32Type>(array, row)?),
        D::R8 => Value::R8(primitive::<Float64Type>(array, row)?),
        D::Cy => Value::Cy(i64::try_from(primitive::<Decimal128Type>(array, row)?).ok()?),
        D::Decimal => Value::Decimal(primitive::<Decimal128Type>(array, row)?, column_type.scale),
        D::Numeric => Value::Numeric(
            primitive::<Decimal128Type>(array, row)?,
            column_type.precision,
            column_type.scale,
        ),
        D::Str | D::WStr | D::Text | D::NText => {
            Value::text(any.downcast_ref::<StringViewArray>()?.value(row))
        }
        D::Bytes | D::Image => {
            Value::Bytes(any.downcast_ref::<BinaryViewArray>()?.value(row).into())
        }
        D::Guid => {
            let bytes = any.downcast_ref::<FixedSizeBinaryArray>()?.value(row);
            Value::Guid(guid_from_bytes(bytes.try_into().ok()?))
        }
        _ => return read_temporal(column_type, array, row),
    })
}

fn read_temporal(column_type: &ColumnType, array: &dyn Array, row: usize) -> Option<Value> {
    use DataType as D;
    let scale = column_type.scale;
    Some(match column_type.data_type {
        D::Date => Value::Date(micros(array, row)?),
        D::DbTimeStamp => Value::DbTimeStamp(micros(array, row)?),
        D::DbDate => {
            let days = i64::from(primitive::<Date32Type>(array, row)?);
            Value::DbDate(date_from_days(days + DAYS_TO_1970))
        }
        D::DbTime => {
            let seconds = i64::from(primitive::<Time32SecondType>(array, row)?);
            Value::DbTime(time_from_ticks(seconds * TICKS_PER_SECOND))
        }
        D::DbTime2 => Value::DbTime2(
            time_from_ticks(primitive::<Time64NanosecondType>(array, row)? / 100),
            scale,
        ),
        D::DbTimeStamp2 => Value::DbTimeStamp2(
            datetime_from_ticks(primitive::<Int64Type>(array, row)?),
            scale,
        ),
        D::FileTime => Value::FileTime(datetime_from_ticks(
            primitive::<Int64Type>(array, row)?.saturating_add(TICKS_TO_1601),
        )),
        D::DbTimeStampOffset => {
            let parts = array.as_any().downcast_ref::<StructArray>()?;
            let ticks = parts.column(0).as_any().downcast_ref::<Int64Array>()?;
            let minutes = parts.column(1).as_any().downcast_ref::<Int16Array>()?;
            let at = datetime_from_ticks(ticks.value(row));
            Value::DbTimeStampOffset(at, minutes.value(row), scale)
        }
        _ => return None,
    })
}

fn micros(array: &dyn Array, row: usize) -> Option<chrono::NaiveDateTime> {
    let micros = primitive::<TimestampMicrosecondType>(array, row)?;
    let ticks = micros.checked_mul(10)?.checked_add(TICKS_TO_1970)?;
    Some(datetime_from_ticks(ticks))
}

/// A value that does not have the type of the column it was given to.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("a value of type {found} was given to a column of type {wanted}")]
pub struct WrongType {
    /// Type of the column.
    pub wanted: ColumnType,
    /// Type of the value.
    pub found: DataType,
}

/// Builds a column from single values.
pub struct ColumnBuilder {
    column_type: ColumnType,
    state: State,
}

enum State {
    Null(usize),
    Bool(BooleanBuilder),
    I1(PrimitiveBuilder<Int8Type>),
    I2(PrimitiveBuilder<Int16Type>),
    I4(PrimitiveBuilder<Int32Type>),
    I8(PrimitiveBuilder<Int64Type>),
    Ui1(PrimitiveBuilder<UInt8Type>),
    Ui2(PrimitiveBuilder<UInt16Type>),
    Ui4(PrimitiveBuilder<UInt32Type>),
    Ui8(PrimitiveBuilder<UInt64Type>),
    R4(PrimitiveBuilder<Float32Type>),
    R8(PrimitiveBuilder<Float64Type>),
    Decimal(PrimitiveBuilder<Decimal128Type>),
    Text(StringViewBuilder),
    Bytes(BinaryViewBuilder),
    Guid(FixedSizeBinaryBuilder),
    Micros(PrimitiveBuilder<TimestampMicrosecondType>),
    Days(PrimitiveBuilder<Date32Type>),
    Seconds(PrimitiveBuilder<Time32SecondType>),
    Nanos(PrimitiveBuilder<Time64NanosecondType>),
    Offset(Vec<i64>, Vec<i16>, NullBufferBuilder),
}

impl ColumnBuilder {
    /// An empty column with room for so many rows.
    pub fn new(column_type: &ColumnType, capacity: usize) -> Self {
        use DataType as D;
        let n = capacity;
        let state = match column_type.data_type {
            D::Empty | D::Null => State::Null(0),
            D::Bool => State::Bool(BooleanBuilder::with_capacity(n)),
            D::I1 => State::I1(PrimitiveBuilder::with_capacity(n)),
            D::I2 => State::I2(PrimitiveBuilder::with_capacity(n)),
            D::I4 => State::I4(PrimitiveBuilder::with_capacity(n)),
            D::I8 | D::DbTimeStamp2 | D::FileTime => State::I8(PrimitiveBuilder::with_capacity(n)),
            D::Ui1 => State::Ui1(PrimitiveBuilder::with_capacity(n)),
            D::Ui2 => State::Ui2(PrimitiveBuilder::with_capacity(n)),
            D::Ui4 => State::Ui4(PrimitiveBuilder::with_capacity(n)),
            D::Ui8 => State::Ui8(PrimitiveBuilder::with_capacity(n)),
            D::R4 => State::R4(PrimitiveBuilder::with_capacity(n)),
            D::R8 => State::R8(PrimitiveBuilder::with_capacity(n)),
            D::Cy | D::Decimal | D::Numeric => State::Decimal(
                PrimitiveBuilder::with_capacity(n).with_data_type(column_type.arrow()),
            ),
            D::Str | D::WStr | D::Text | D::NText => {
                State::Text(StringViewBuilder::with_capacity(n))
            }
            D::Bytes | D::Image => State::Bytes(BinaryViewBuilder::with_capacity(n)),
            D::Guid => State::Guid(FixedSizeBinaryBuilder::with_capacity(n, 16)),
            D::Date | D::DbTimeStamp => State::Micros(PrimitiveBuilder::with_capacity(n)),
            D::DbDate => State::Days(PrimitiveBuilder::with_capacity(n)),
            D::DbTime => State::Seconds(PrimitiveBuilder::with_capacity(n)),
            D::DbTime2 => State::Nanos(PrimitiveBuilder::with_capacity(n)),
            D::DbTimeStampOffset => State::Offset(
                Vec::with_capacity(n),
                Vec::with_capacity(n),
                NullBufferBuilder::new(n),
            ),
        };
        Self {
            column_type: *column_type,
            state,
        }
    }

    /// Adds a value of exactly the column's type (convert first: `convert::convert_value`).
    /// Numerics and decimals are taken to the column's scale where that loses no digit. A
    /// value of another type adds nothing.
    pub fn append(&mut self, value: &Value) -> Result<(), WrongType> {
        if value.is_null() {
            self.append_null();
            return Ok(());
        }
        let wrong = WrongType {
            wanted: self.column_type,
            found: value.data_type(),
        };
        self.append_value(value).ok_or(wrong)
    }

    fn append_value(&mut self, value: &Value) -> Option<()> {
        let scale = self.column_type.scale;
        match (&mut self.state, value) {
            (State::Bool(b), Value::Bool(v)) => b.append_value(*v),
            (State::I1(b), Value::I1(v)) => b.append_value(*v),
            (State::I2(b), Value::I2(v)) => b.append_value(*v),
            (State::I4(b), Value::I4(v)) => b.append_value(*v),
            (State::Ui1(b), Value::Ui1(v)) => b.append_value(*v),
            (State::Ui2(b), Value::Ui2(v)) => b.append_value(*v),
            (State::Ui4(b), Value::Ui4(v)) => b.append_value(*v),
            (State::Ui8(b), Value::Ui8(v)) => b.append_value(*v),
            (State::R4(b), Value::R4(v)) => b.append_value(*v),
            (State::R8(b), Value::R8(v)) => b.append_value(*v),
            (State::I8(b), v) => b.append_value(match (self.column_type.data_type, v) {
                (DataType::I8, Value::I8(v)) => *v,
                (DataType::DbTimeStamp2, Value::DbTimeStamp2(v, _)) => ticks_from_datetime(*v)?,
                (DataType::FileTime, Value::FileTime(v)) => {
                    ticks_from_datetime(*v)? - TICKS_TO_1601
                }
                _ => return None,
            }),
            (State::Decimal(b), v) => {
                b.append_value(match (self.column_type.data_type, v) {
                    (DataType::Cy, Value::Cy(v)) => i128::from(*v),
                    (DataType::Decimal, Value::Decimal(v, s))
                    | (DataType::Numeric, Value::Numeric(v, _, s)) => {
                        let scaled = crate::decimal::rescale_cut(*v, *s, scale)?;
                        if crate::decimal::rescale_cut(scaled, scale, *s) != Some(*v) {
                            return None;
                        }
                        scaled
                    }
                    _ => return None,
                });
            }
            (State::Text(b), Value::Text(v)) => b.append_value(v),
            (State::Bytes(b), Value::Bytes(v)) => b.append_value(v),
            (State::Guid(b), Value::Guid(v)) => b.append_value(guid_to_bytes(*v)).ok()?,
            _ => return self.append_temporal(value),
        }
        Some(())
    }

    fn append_temporal(&mut self, value: &Value) -> Option<()> {
        match (&mut self.state, value) {
            (State::Micros(b), v) => {
                let at = match (self.column_type.data_type, v) {
                    (DataType::Date, Value::Date(v))
                    | (DataType::DbTimeStamp, Value::DbTimeStamp(v)) => *v,
                    _ => return None,
                };
                b.append_value((ticks_from_datetime(at)? - TICKS_TO_1970).div_euclid(10));
            }
            (State::Days(b), Value::DbDate(v)) => {
                b.append_value(i32::try_from(days_from_date(*v)? - DAYS_TO_1970).ok()?);
            }
            (State::Seconds(b), Value::DbTime(v)) => {
                b.append_value(i32::try_from(ticks_from_time(*v) / TICKS_PER_SECOND).ok()?);
            }
            (State::Nanos(b), Value::DbTime2(v, _)) => b.append_value(ticks_from_time(*v) * 100),
            (State::Offset(ticks, minutes, valid), Value::DbTimeStampOffset(v, m, _)) => {
                ticks.push(ticks_from_datetime(*v)?);
                minutes.push(*m);
                valid.append_non_null();
            }
            _ => return None,
        }
        Some(())
    }

    /// Adds a NULL.
    pub fn append_null(&mut self) {
        match &mut self.state {
            State::Null(n) => *n += 1,
            State::Bool(b) => b.append_null(),
            State::I1(b) => b.append_null(),
            State::I2(b) => b.append_null(),
            State::I4(b) => b.append_null(),
            State::I8(b) => b.append_null(),
            State::Ui1(b) => b.append_null(),
            State::Ui2(b) => b.append_null(),
            State::Ui4(b) => b.append_null(),
            State::Ui8(b) => b.append_null(),
            State::R4(b) => b.append_null(),
            State::R8(b) => b.append_null(),
            State::Decimal(b) => b.append_null(),
            State::Text(b) => b.append_null(),
            State::Bytes(b) => b.append_null(),
            State::Guid(b) => b.append_null(),
            State::Micros(b) => b.append_null(),
            State::Days(b) => b.append_null(),
            State::Seconds(b) => b.append_null(),
            State::Nanos(b) => b.append_null(),
            State::Offset(ticks, minutes, valid) => {
                ticks.push(0);
                minutes.push(0);
                valid.append_null();
            }
        }
    }

    /// The rows so far as one array; the builder is empty afterwards.
    pub fn finish(&mut self) -> ArrayRef {
        match &mut self.state {
            State::Null(n) => Arc::new(NullArray::new(std::mem::take(n))),
            State::Bool(b) => Arc::new(b.finish()),
            State::I1(b) => Arc::new(b.finish()),
            State::I2(b) => Arc::new(b.finish()),
            State::I4(b) => Arc::new(b.finish()),
            State::I8(b) => Arc::new(b.finish()),
            State::Ui1(b) => Arc::new(b.finish()),
            State::Ui2(b) => Arc::new(b.finish()),
            State::Ui4(b) => Arc::new(b.finish()),
            State::Ui8(b) => Arc::new(b.finish()),
            State::R4(b) => Arc::new(b.finish()),
            State::R8(b) => Arc::new(b.finish()),
            State::Decimal(b) => Arc::new(b.finish()),
            State::Text(b) => Arc::new(b.finish()),
            State::Bytes(b) => Arc::new(b.finish()),
            State::Guid(b) => Arc::new(b.finish()),
            State::Micros(b) => Arc::new(b.finish()),
            State::Days(b) => Arc::new(b.finish()),
            State::Seconds(b) => Arc::new(b.finish()),
            State::Nanos(b) => Arc::new(b.finish()),
            State::Offset(ticks, minutes, valid) => offset_array(
                std::mem::take(ticks),
                std::mem::take(minutes),
                valid.finish(),
            ),
        }
    }
}

/// A `DT_DBTIMESTAMPOFFSET` column of ticks (UTC, since 0001) and minutes of equal count.
pub(crate) fn offset_array(
    ticks: Vec<i64>,
    minutes: Vec<i16>,
    nulls: Option<arrow::buffer::NullBuffer>,
) -> ArrayRef {
    debug_assert_eq!(ticks.len(), minutes.len());
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(ticks)),
        Arc::new(Int16Array::from(minutes)),
    ];
    Arc::new(StructArray::new(offset_fields(), columns, nulls))
}

/// A column of no rows.
pub fn empty(column_type: &ColumnType) -> ArrayRef {
    new_empty_array(&column_type.arrow())
}

/// A column of NULLs.
pub fn nulls(column_type: &ColumnType, rows: usize) -> ArrayRef {
    new_null_array(&column_type.arrow(), rows)
}

/// A column of the same value in each row.
pub fn constant(
    column_type: &ColumnType,
    value: &Value,
    rows: usize,
) -> Result<ArrayRef, WrongType> {
    if value.is_null() {
        return Ok(nulls(column_type, rows));
    }
    let mut builder = ColumnBuilder::new(column_type, 1);
    builder.append(value)?;
    let one = builder.finish();
    let indices = arrow::array::UInt32Array::from(vec![0; rows]);
    let column = arrow::compute::take(&one, &indices, None)
        .expect("0 is an index of a column of one row, and views need no larger offsets");
    Ok(column)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveTime};

    use super::*;

    fn samples() -> Vec<(ColumnType, Value)> {
        let date = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
        let at = date.and_hms_milli_opt(23, 59, 59, 997).unwrap();
        let fine = date.and_hms_nano_opt(1, 2, 3, 123_456_700).unwrap();
        let time = NaiveTime::from_hms_nano_opt(5, 6, 7, 100).unwrap();
        use DataType as D;
        vec![
            (ColumnType::new(D::Bool), Value::Bool(true)),
            (ColumnType::new(D::I1), Value::I1(-128)),
            (ColumnType::new(D::I2), Value::I2(-1)),
            (ColumnType::new(D::I4), Value::I4(i32::MIN)),
            (ColumnType::new(D::I8), Value::I8(i64::MAX)),
            (ColumnType::new(D::Ui1), Value::Ui1(255)),
            (ColumnType::new(D::Ui2), Value::Ui2(65535)),
            (ColumnType::new(D::Ui4), Value::Ui4(u32::MAX)),
            (ColumnType::new(D::Ui8), Value::Ui8(u64::MAX)),
            (ColumnType::new(D::R4), Value::R4(1.5)),
            (ColumnType::new(D::R8), Value::R8(-0.1)),
            (ColumnType::new(D::Cy), Value::Cy(35_782_700)),
            (ColumnType::decimal(4), Value::Decimal(-123, 4)),
            (ColumnType::numeric(38, 38), Value::Numeric(7, 38, 38)),
            (ColumnType::wstr(10), Value::text("Zoë")),
            (ColumnType::new(D::Bytes), Value::Bytes(vec![0, 255].into())),
            (
                ColumnType::new(D::Guid),
                Value::Guid(uuid::Uuid::from_u128(0x0102_0304_0506)),
            ),
            (ColumnType::new(D::Date), Value::Date(at)),
            (ColumnType::new(D::DbDate), Value::DbDate(date)),
            (
                ColumnType::new(D::DbTime),
                Value::DbTime(NaiveTime::from_hms_opt(23, 59, 59).unwrap()),
            ),
            (ColumnType::scaled(D::DbTime2, 7), Value::DbTime2(time, 7)),
            (ColumnType::new(D::DbTimeStamp), Value::DbTimeStamp(at)),
            (
                ColumnType::scaled(D::DbTimeStamp2, 7),
                Value::DbTimeStamp2(fine, 7),
            ),
            (
                ColumnType::scaled(D::DbTimeStampOffset, 7),
                Value::DbTimeStampOffset(fine, -210, 7),
            ),
            (ColumnType::new(D::FileTime), Value::FileTime(fine)),
        ]
    }

    #[test]
    fn values_survive_a_column() {
        for (column_type, value) in samples() {
            let mut builder = ColumnBuilder::new(&column_type, 3);
            builder.append(&value).unwrap();
            builder.append(&Value::Null).unwrap();
            let array = builder.finish();
            assert_eq!(array.data_type(), &column_type.arrow());
            assert_eq!(value_at(&column_type, &array, 0), value);
            assert_eq!(value_at(&column_type, &array, 1), Value::Null);
            assert_eq!(value_at(&column_type, &array, 2), Value::Null);
            let constant = constant(&column_type, &value, 3).unwrap();
            assert_eq!(value_at(&column_type, &constant, 2), value);
            assert_eq!(empty(&column_type).len(), 0);
            assert_eq!(nulls(&column_type, 4).null_count(), 4);
        }
    }

    #[test]
    fn other_types_are_refused() {
        let mut builder = ColumnBuilder::new(&ColumnType::new(DataType::I4), 1);
        assert!(builder.append(&Value::text("1")).is_err());
        let mut builder = ColumnBuilder::new(&ColumnType::numeric(5, 1), 1);
        assert!(builder.append(&Value::Numeric(123, 5, 2)).is_err());
        assert!(builder.append(&Value::Numeric(120, 5, 2)).is_ok());
    }
}
