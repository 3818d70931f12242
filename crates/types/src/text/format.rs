//! The formatter of a column.

use std::ops::Range;

use arrow::array::{
    Array, AsArray, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, Int16Array, Int64Array,
    PrimitiveArray, StringViewArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32SecondType, Time64NanosecondType, TimestampMicrosecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};

use super::write::{self, DatePattern};
use crate::array::{TICKS_TO_1601, TICKS_TO_1970, guid_from_bytes};
use crate::data_type::{ColumnType, DataType};
use crate::decimal;
use crate::locale::Locale;
use crate::temporal::{DAYS_TO_1970, TICKS_PER_SECOND, civil_from_days, civil_from_ticks};

/// Writes a column's values as text: what casts to text, Data Conversion and the Flat File
/// destination write. Bound to a type and a locale once.
#[derive(Debug, Clone)]
pub struct ColumnFormatter {
    column_type: ColumnType,
    decimal: char,
    pattern: DatePattern,
}

/// A formatter with the typed array it reads.
#[derive(Debug, Clone)]
pub struct CellWriter<'a> {
    nulls: Option<&'a NullBuffer>,
    rows: usize,
    kind: Kind<'a>,
}

#[derive(Debug, Clone)]
enum Kind<'a> {
    Nothing,
    Bool(&'a BooleanArray),
    I1(&'a PrimitiveArray<Int8Type>),
    I2(&'a PrimitiveArray<Int16Type>),
    I4(&'a PrimitiveArray<Int32Type>),
    I8(&'a PrimitiveArray<Int64Type>),
    Ui1(&'a PrimitiveArray<UInt8Type>),
    Ui2(&'a PrimitiveArray<UInt16Type>),
    Ui4(&'a PrimitiveArray<UInt32Type>),
    Ui8(&'a PrimitiveArray<UInt64Type>),
    R4(&'a PrimitiveArray<Float32Type>, char),
    R8(&'a PrimitiveArray<Float64Type>, char),
    Cy(&'a PrimitiveArray<Decimal128Type>, char),
    /// Scale; whether values below one have a zero before the point.
    Decimal(&'a PrimitiveArray<Decimal128Type>, u8, bool),
    Text(&'a StringViewArray),
    Bytes(&'a BinaryViewArray),
    Guid(&'a FixedSizeBinaryArray),
    Date(
        &'a PrimitiveArray<TimestampMicrosecondType>,
        &'a DatePattern,
    ),
    DbDate(&'a PrimitiveArray<Date32Type>),
    DbTime(&'a PrimitiveArray<Time32SecondType>),
    DbTime2(&'a PrimitiveArray<Time64NanosecondType>, u8),
    DbTimeStamp(&'a PrimitiveArray<TimestampMicrosecondType>),
    DbTimeStamp2(&'a PrimitiveArray<Int64Type>, u8),
    FileTime(&'a PrimitiveArray<Int64Type>),
    Offset(&'a Int64Array, &'a Int16Array, u8),
}

impl ColumnFormatter {
    /// Binds to a column. Types without values (`DT_NULL`, `DT_EMPTY`) write nothing.
    pub fn bind(column_type: &ColumnType, locale: &Locale) -> Self {
        Self {
            column_type: *column_type,
            decimal: locale.decimal,
            pattern: DatePattern::new(locale),
        }
    }

    /// The type that is written.
    pub const fn column_type(&self) -> &ColumnType {
        &self.column_type
    }

    /// Makes the writer of one array, which must have the Arrow form of the column's type;
    /// another array writes nothing.
    pub fn writer<'a>(&'a self, array: &'a dyn Array) -> CellWriter<'a> {
        let kind = self.kind(array);
        debug_assert!(
            kind.is_some() || array.data_type().is_null(),
            "{} column held as {}",
            self.column_type,
            array.data_type()
        );
        CellWriter {
            nulls: array.nulls(),
            rows: array.len(),
            kind: kind.unwrap_or(Kind::Nothing),
        }
    }

    fn kind<'a>(&'a self, array: &'a dyn Array) -> Option<Kind<'a>> {
        use DataType as D;
        let scale = self.column_type.scale;
        Some(match self.column_type.data_type {
            D::Empty | D::Null => Kind::Nothing,
            D::Bool => Kind::Bool(array.as_boolean_opt()?),
            D::I1 => Kind::I1(array.as_primitive_opt()?),
            D::I2 => Kind::I2(array.as_primitive_opt()?),
            D::I4 => Kind::I4(array.as_primitive_opt()?),
            D::I8 => Kind::I8(array.as_primitive_opt()?),
            D::Ui1 => Kind::Ui1(array.as_primitive_opt()?),
            D::Ui2 => Kind::Ui2(array.as_primitive_opt()?),
            D::Ui4 => Kind::Ui4(array.as_primitive_opt()?),
            D::Ui8 => Kind::Ui8(array.as_primitive_opt()?),
            D::R4 => Kind::R4(array.as_primitive_opt()?, self.decimal),
            D::R8 => Kind::R8(array.as_primitive_opt()?, self.decimal),
            D::Cy => Kind::Cy(array.as_primitive_opt()?, self.decimal),
            // [R-TEXT-DECIMAL]
            D::Decimal => Kind::Decimal(array.as_primitive_opt()?, scale, true),
            D::Numeric => Kind::Decimal(array.as_primitive_opt()?, scale, false),
            D::Str | D::WStr | D::Text | D::NText => Kind::Text(array.as_string_view_opt()?),
            D::Bytes | D::Image => Kind::Bytes(array.as_binary_view_opt()?),
            D::Guid => Kind::Guid(array.as_fixed_size_binary_opt()?),
            D::Date => Kind::Date(array.as_primitive_opt()?, &self.pattern),
            D::DbDate => Kind::DbDate(array.as_primitive_opt()?),
            D::DbTime => Kind::DbTime(array.as_primitive_opt()?),
            D::DbTime2 => Kind::DbTime2(array.as_primitive_opt()?, scale),
            D::DbTimeStamp => Kind::DbTimeStamp(array.as_primitive_opt()?),
            D::DbTimeStamp2 => Kind::DbTimeStamp2(array.as_primitive_opt()?, scale),
            D::FileTime => Kind::FileTime(array.as_primitive_opt()?),
            D::DbTimeStampOffset => {
                let parts = array.as_struct_opt()?;
                Kind::Offset(
                    parts.columns().first()?.as_primitive_opt()?,
                    parts.columns().get(1)?.as_primitive_opt()?,
                    scale,
                )
            }
        })
    }

    /// Appends a row's text; nothing for NULL. For many rows of one array take
    /// [`Self::writer`] once.
    #[inline]
    pub fn append(&self, array: &dyn Array, row: usize, out: &mut Vec<u8>) {
        self.writer(array).append(row, out);
    }

    /// Appends the texts of rows one after the other, and to `ends` the end of each as an
    /// offset in `out`.
    pub fn append_rows(
        &self,
        array: &dyn Array,
        rows: Range<usize>,
        out: &mut Vec<u8>,
        ends: &mut Vec<usize>,
    ) {
        let writer = self.writer(array);
        ends.reserve(rows.len());
        out.reserve(rows.len() * 8);
        for row in rows {
            writer.append(row, out);
            ends.push(out.len());
        }
    }
}

impl CellWriter<'_> {
    /// Whether a row is NULL (or out of range).
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        row >= self.rows || self.nulls.is_some_and(|n| n.is_null(row))
    }

    /// Appends a row's text; nothing for NULL.
    #[inline]
    pub fn append(&self, row: usize, out: &mut Vec<u8>) {
        if self.is_null(row) {
            return;
        }
        let integer = |text: &str, out: &mut Vec<u8>| out.extend_from_slice(text.as_bytes());
        let mut b = itoa::Buffer::new();
        match &self.kind {
            Kind::Nothing => {}
            Kind::Text(a) => out.extend_from_slice(a.value(row).as_bytes()),
            Kind::I1(a) => integer(b.format(a.value(row)), out),
            Kind::I2(a) => integer(b.format(a.value(row)), out),
            Kind::I4(a) => integer(b.format(a.value(row)), out),
            Kind::I8(a) => integer(b.format(a.value(row)), out),
            Kind::Ui1(a) => integer(b.format(a.value(row)), out),
            Kind::Ui2(a) => integer(b.format(a.value(row)), out),
            Kind::Ui4(a) => integer(b.format(a.value(row)), out),
            Kind::Ui8(a) => integer(b.format(a.value(row)), out),
            Kind::Decimal(a, scale, zero) => decimal::format(a.value(row), *scale, *zero, out),
            Kind::DbDate(a) => {
                let (y, m, d) = civil_from_days(i64::from(a.value(row)) + DAYS_TO_1970);
                write::date(y, m, d, out);
            }
            Kind::DbTimeStamp(a) => {
                write::timestamp(civil_from_ticks(ticks_of_micros(a.value(row))), out);
            }
            _ => self.append_other(row, out),
        }
    }

    fn append_other(&self, row: usize, out: &mut Vec<u8>) {
        match &self.kind {
            Kind::Bool(a) => write::boolean(a.value(row), out),
            Kind::R4(a, decimal) => write::r4(a.value(row), *decimal, out),
            Kind::R8(a, decimal) => write::r8(a.value(row), *decimal, out),
            Kind::Cy(a, decimal) => match i64::try_from(a.value(row)) {
                Ok(value) => write::currency(value, *decimal, out),
                Err(_) => decimal::format(a.value(row), 4, true, out),
            },
            Kind::Bytes(a) => write::hex(a.value(row), out),
            Kind::Guid(a) => {
                if let Ok(bytes) = a.value(row).try_into() {
                    write::guid(guid_from_bytes(bytes), out);
                }
            }
            Kind::Date(a, pattern) => {
                pattern.write(civil_from_ticks(ticks_of_micros(a.value(row))), out);
            }
            Kind::DbTime(a) => {
                let ticks = i64::from(a.value(row)) * TICKS_PER_SECOND;
                write::time(in_day(ticks), 0, out);
            }
            Kind::DbTime2(a, scale) => write::time(in_day(a.value(row) / 100), *scale, out),
            Kind::DbTimeStamp2(a, scale) => {
                write::timestamp2(civil_from_ticks(a.value(row)), *scale, out);
            }
            Kind::FileTime(a) => {
                let ticks = a.value(row).saturating_add(TICKS_TO_1601);
                write::file_time(civil_from_ticks(ticks), out);
            }
            Kind::Offset(utc, minutes, scale) => {
                let minutes = minutes.value(row);
                let local = utc
                    .value(row)
                    .saturating_add(i64::from(minutes) * 60 * TICKS_PER_SECOND);
                write::timestamp2(civil_from_ticks(local), *scale, out);
                write::zone(minutes, out);
            }
            _ => {}
        }
    }
}

/// Ticks since 0001 of microseconds since 1970.
#[inline]
fn ticks_of_micros(micros: i64) -> i64 {
    micros.saturating_mul(10).saturating_add(TICKS_TO_1970)
}

/// Ticks of a time of day, whatever the array holds.
#[inline]
fn in_day(ticks: i64) -> i64 {
    ticks.rem_euclid(crate::temporal::TICKS_PER_DAY)
}
