//! Numbers to numbers, with the rules on lost fraction digits of the expression reference, 6.5.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, BooleanBufferBuilder};
use arrow::datatypes::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::{Converted, collect};
use crate::data_type::{ColumnType, DataType};
use crate::decimal::{self, MAX_DECIMAL, fits, pow10};
use crate::status::Status;
use crate::text::Outcome;
use crate::text::write::significant;

/// One number of a column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    Int(i64),
    Ui8(u64),
    R4(f32),
    R8(f64),
    Cy(i128),
    Decimal(i128, u8),
    Numeric(i128, u8),
    Bool(bool),
}

/// Calls `$then!` with an expression `Fn(usize) -> Source` for the column's type.
macro_rules! read {
    ($array:expr, $from:expr, $read:ident => $body:expr) => {{
        let (array, scale) = ($array, $from.scale);
        macro_rules! ints {
            ($t:ty) => {{
                let a = array.as_primitive_opt::<$t>()?;
                let $read = |row: usize| Source::Int(i64::from(a.value(row)));
                $body
            }};
        }
        match $from.data_type {
            DataType::I1 => ints!(Int8Type),
            DataType::I2 => ints!(Int16Type),
            DataType::I4 => ints!(Int32Type),
            DataType::I8 => ints!(Int64Type),
            DataType::Ui1 => ints!(UInt8Type),
            DataType::Ui2 => ints!(UInt16Type),
            DataType::Ui4 => ints!(UInt32Type),
            DataType::Ui8 => {
                let a = array.as_primitive_opt::<UInt64Type>()?;
                let $read = |row: usize| Source::Ui8(a.value(row));
                $body
            }
            DataType::R4 => {
                let a = array.as_primitive_opt::<Float32Type>()?;
                let $read = |row: usize| Source::R4(a.value(row));
                $body
            }
            DataType::R8 => {
                let a = array.as_primitive_opt::<Float64Type>()?;
                let $read = |row: usize| Source::R8(a.value(row));
                $body
            }
            DataType::Cy => {
                let a = array.as_primitive_opt::<Decimal128Type>()?;
                let $read = |row: usize| Source::Cy(a.value(row));
                $body
            }
            DataType::Decimal => {
                let a = array.as_primitive_opt::<Decimal128Type>()?;
                let $read = |row: usize| Source::Decimal(a.value(row), scale);
                $body
            }
            DataType::Numeric => {
                let a = array.as_primitive_opt::<Decimal128Type>()?;
                let $read = |row: usize| Source::Numeric(a.value(row), scale);
                $body
            }
            DataType::Bool => {
                let a = array.as_boolean_opt()?;
                let $read = |row: usize| Source::Bool(a.value(row));
                $body
            }
            _ => None,
        }
    }};
}
pub(super) use read;

/// Converts a column; `None` where the array does not have the form of `from`.
pub(super) fn convert(array: &ArrayRef, from: &ColumnType, to: &ColumnType) -> Option<Converted> {
    read!(array.as_ref(), from, source => sink(array, to, source))
}

#[inline]
fn sink(array: &ArrayRef, to: &ColumnType, source: impl Fn(usize) -> Source) -> Option<Converted> {
    use DataType as D;
    let (rows, nulls) = (array.len(), array.nulls());
    let (precision, scale) = (to.precision.clamp(1, 38), to.scale);
    Some(match to.data_type {
        D::I1 => integers::<Int8Type>(array, to, source),
        D::I2 => integers::<Int16Type>(array, to, source),
        D::I4 => integers::<Int32Type>(array, to, source),
        D::I8 => integers::<Int64Type>(array, to, source),
        D::Ui1 => integers::<UInt8Type>(array, to, source),
        D::Ui2 => integers::<UInt16Type>(array, to, source),
        D::Ui4 => integers::<UInt32Type>(array, to, source),
        D::Ui8 => integers::<UInt64Type>(array, to, source),
        D::R4 => collect::<Float32Type>(rows, nulls, to, |row| to_r4(source(row)).into()),
        D::R8 => collect::<Float64Type>(rows, nulls, to, |row| Outcome::Value(to_r8(source(row)))),
        D::Cy => collect::<Decimal128Type>(rows, nulls, to, |row| to_currency(source(row)).into()),
        D::Decimal => collect::<Decimal128Type>(rows, nulls, to, |row| {
            in_range(to_fixed(source(row), scale), |v| v.abs() <= MAX_DECIMAL)
        }),
        D::Numeric => collect::<Decimal128Type>(rows, nulls, to, |row| {
            in_range(to_fixed(source(row), scale), |v| fits(v, precision))
        }),
        D::Bool => {
            let mut values = BooleanBufferBuilder::new(rows);
            for row in 0..rows {
                values.append(array.is_valid(row) && to_bool(source(row)));
            }
            let values = BooleanArray::new(values.finish(), nulls.cloned());
            Converted::clean(Arc::new(values))
        }
        _ => return None,
    })
}

fn in_range(value: Result<i128, Status>, test: impl Fn(i128) -> bool) -> Outcome<i128> {
    match value {
        Ok(value) if test(value) => Outcome::Value(value),
        Ok(_) => Outcome::Failed(Status::Overflow),
        Err(status) => Outcome::Failed(status),
    }
}

#[inline]
fn integers<T>(array: &ArrayRef, to: &ColumnType, source: impl Fn(usize) -> Source) -> Converted
where
    T: ArrowPrimitiveType,
    T::Native: TryFrom<i128> + TryFrom<i64>,
{
    let unsigned = T::Native::try_from(-1i64).is_err();
    collect::<T>(array.len(), array.nulls(), to, |row| {
        let source = source(row);
        if let Source::Int(value) = source
            && let Ok(value) = T::Native::try_from(value)
        {
            return Outcome::Value(value);
        }
        narrow(
            to_integer(source, unsigned, size_of::<T::Native>()),
            unsigned,
        )
    })
}

/// [R-NARROW] Out of range is an error.
fn narrow<T: TryFrom<i128>>(value: Result<i128, Status>, unsigned: bool) -> Outcome<T> {
    match value {
        Ok(value) => match T::try_from(value) {
            Ok(value) => Outcome::Value(value),
            Err(_) if unsigned && value < 0 => Outcome::Failed(Status::SignMismatch),
            Err(_) => Outcome::Failed(Status::Overflow),
        },
        Err(status) => Outcome::Failed(status),
    }
}

fn to_integer(source: Source, unsigned: bool, width: usize) -> Result<i128, Status> {
    match source {
        Source::Int(value) => Ok(i128::from(value)),
        Source::Ui8(value) => Ok(i128::from(value)),
        Source::R4(value) => integer_of_float(f64::from(value)),
        Source::R8(value) => integer_of_float(value),
        Source::Cy(value) => integer_of_currency(value),
        Source::Decimal(value, scale) => integer_of_decimal(value, scale),
        Source::Numeric(value, scale) => integer_of_numeric(value, scale),
        // true is −1: all bits of an unsigned type, as OLE Automation has it
        Source::Bool(true) if unsigned => Ok((1 << (8 * width.min(8))) - 1),
        Source::Bool(value) => Ok(-i128::from(value)),
    }
}

/// [R-INT-R8] Half to even.
pub(super) fn integer_of_float(value: f64) -> Result<i128, Status> {
    if value.is_nan() {
        return Err(Status::CannotConvert);
    }
    let value = value.round_ties_even();
    if value.abs() < 1e38 {
        // whole and in range: exact
        Ok(value as i128)
    } else {
        Err(Status::Overflow)
    }
}

/// [R-INT-CY] Half to even.
fn integer_of_currency(value: i128) -> Result<i128, Status> {
    decimal::rescale_half_even(value, 4, 0).ok_or(Status::Overflow)
}

/// [R-INT-DECIMAL] Half to even.
fn integer_of_decimal(value: i128, scale: u8) -> Result<i128, Status> {
    decimal::rescale_half_even(value, scale, 0).ok_or(Status::Overflow)
}

/// [R-INT-NUMERIC] Cut toward zero.
fn integer_of_numeric(value: i128, scale: u8) -> Result<i128, Status> {
    decimal::rescale_cut(value, scale, 0).ok_or(Status::Overflow)
}

/// `DT_NUMERIC` and `DT_DECIMAL`.
pub(super) fn to_fixed(source: Source, scale: u8) -> Result<i128, Status> {
    match source {
        Source::Int(value) => fixed_of_fixed(i128::from(value), 0, scale),
        Source::Ui8(value) => fixed_of_fixed(i128::from(value), 0, scale),
        Source::Bool(value) => fixed_of_fixed(-i128::from(value), 0, scale),
        Source::R4(value) => fixed_of_float(f64::from(value), 7, scale),
        Source::R8(value) => fixed_of_float(value, 15, scale),
        Source::Cy(value) => fixed_of_fixed(value, 4, scale),
        Source::Decimal(value, own) | Source::Numeric(value, own) => {
            fixed_of_fixed(value, own, scale)
        }
    }
}

/// [R-SCALE-NUMERIC] A smaller scale cuts.
fn fixed_of_fixed(value: i128, from: u8, to: u8) -> Result<i128, Status> {
    decimal::rescale_cut(value, from, to).ok_or(Status::Overflow)
}

/// [R-SCALE-R8] 7 (R4) or 15 significant digits, half to even, then cut at the scale.
pub(super) fn fixed_of_float(value: f64, count: u32, scale: u8) -> Result<i128, Status> {
    if value.is_nan() {
        return Err(Status::CannotConvert);
    }
    if value.is_infinite() {
        return Err(Status::Overflow);
    }
    let (digits, first) = significant(value.abs(), count);
    let last = first - (count as i32 - 1);
    let shift = last + i32::from(scale);
    let power = pow10(shift.unsigned_abs());
    let size = match (shift >= 0, power) {
        _ if digits == 0 => 0,
        (true, Some(power)) => i128::from(digits)
            .checked_mul(power)
            .ok_or(Status::Overflow)?,
        (true, None) => return Err(Status::Overflow),
        (false, Some(power)) => i128::from(digits) / power,
        (false, None) => 0,
    };
    Ok(if value < 0.0 { -size } else { size })
}

/// [R-SCALE-CY] Half to even at four digits.
fn to_currency(source: Source) -> Result<i128, Status> {
    let value = match source {
        Source::R4(value) => integer_of_float(f64::from(value) * 10_000.0)?,
        Source::R8(value) => integer_of_float(value * 10_000.0)?,
        Source::Decimal(value, scale) | Source::Numeric(value, scale) => {
            decimal::rescale_half_even(value, scale, 4).ok_or(Status::Overflow)?
        }
        other => to_fixed(other, 4)?,
    };
    if i64::try_from(value).is_ok() {
        Ok(value)
    } else {
        Err(Status::Overflow)
    }
}

/// Nearest, ties to even.
pub(super) fn to_r8(source: Source) -> f64 {
    match source {
        Source::Int(value) => value as f64,
        Source::Ui8(value) => value as f64,
        Source::R4(value) => f64::from(value),
        Source::R8(value) => value,
        Source::Cy(value) => decimal::to_f64(value, 4),
        Source::Decimal(value, scale) | Source::Numeric(value, scale) => {
            decimal::to_f64(value, scale)
        }
        Source::Bool(value) => -f64::from(u8::from(value)),
    }
}

/// Nearest, ties to even; beyond the range is overflow.
fn to_r4(source: Source) -> Result<f32, Status> {
    let value = match source {
        Source::Int(value) => value as f32,
        Source::Ui8(value) => value as f32,
        Source::R4(value) => return Ok(value),
        Source::R8(value) => {
            let single = value as f32;
            if single.is_infinite() && value.is_finite() {
                return Err(Status::Overflow);
            }
            return Ok(single);
        }
        Source::Cy(value) => decimal::to_f32(value, 4),
        Source::Decimal(value, scale) | Source::Numeric(value, scale) => {
            decimal::to_f32(value, scale)
        }
        Source::Bool(value) => -f32::from(u8::from(value)),
    };
    Ok(value)
}

fn to_bool(source: Source) -> bool {
    match source {
        Source::Int(value) => value != 0,
        Source::Ui8(value) => value != 0,
        Source::R4(value) => value != 0.0,
        Source::R8(value) => value != 0.0,
        Source::Cy(value) | Source::Decimal(value, _) | Source::Numeric(value, _) => value != 0,
        Source::Bool(value) => value,
    }
}
