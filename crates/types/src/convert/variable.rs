//! Conversions for variables and parameters: the general conversion, locale-free.

use chrono::NaiveDate;

use super::{ConvertOptions, convert_value};
use crate::data_type::{ColumnType, DataType, VariableType};
use crate::decimal::{self, MAX_DECIMAL};
use crate::locale::Locale;
use crate::status::Status;
use crate::text::{Number, Signs};
use crate::value::Value;

/// Converts a value for a variable: configurations, `/SET`, parameter bindings, results of
/// expressions and statements. NULL gives the type's default [R-NULL-VAR]; a variable of type
/// Object takes anything.
pub fn to_variable(value: &Value, to: VariableType) -> Result<Value, Status> {
    use VariableType as V;
    let target = match to {
        V::Object => return Ok(value.clone()),
        _ if value.is_null() => return Ok(variable_default(to)),
        V::Empty | V::DbNull => return Err(Status::CannotConvert),
        V::Decimal => return to_decimal(value),
        V::Char => return to_char(value),
        V::String => ColumnType::wstr(u32::MAX),
        _ => ColumnType::new(to.in_expression().ok_or(Status::CannotConvert)?),
    };
    if value.data_type() == target.data_type {
        return Ok(value.clone());
    }
    // sub-millisecond digits of a DateTime are cut without a word
    let options = ConvertOptions {
        fast_parse: false,
        today: NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default(),
    };
    let locale = Locale::invariant();
    match super::convert_value_cut(value, &target, &locale, options) {
        (value, None) => Ok(value),
        (value, Some(Status::Truncated)) if target.data_type == DataType::Date => Ok(value),
        (_, Some(status)) => Err(status),
    }
}

/// A .NET decimal keeps the scale of what it was made from.
fn to_decimal(value: &Value) -> Result<Value, Status> {
    let (mut unscaled, mut scale) = match value {
        Value::Decimal(unscaled, scale) | Value::Numeric(unscaled, _, scale) => (*unscaled, *scale),
        Value::Cy(value) => (i128::from(*value), 4),
        Value::Text(text) => written(text)?,
        // 7 and 15 significant digits, as OLE Automation has it
        Value::R4(value) => without_zeros(written(&format!("{value:.6e}"))?),
        Value::R8(value) => without_zeros(written(&format!("{value:.14e}"))?),
        other => {
            let options = ConvertOptions {
                fast_parse: false,
                today: NaiveDate::default(),
            };
            let whole = convert_value(
                other,
                &ColumnType::numeric(38, 0),
                &Locale::invariant(),
                options,
            )?;
            match whole {
                Value::Numeric(unscaled, ..) => (unscaled, 0),
                _ => return Err(Status::CannotConvert),
            }
        }
    };
    // 29 digits at most: digits after the point give way
    while scale > 28 || (unscaled.abs() > MAX_DECIMAL && scale > 0) {
        unscaled = decimal::rescale_half_even(unscaled, 1, 0).ok_or(Status::Overflow)?;
        scale -= 1;
    }
    if unscaled.abs() > MAX_DECIMAL {
        return Err(Status::Overflow);
    }
    Ok(Value::Decimal(unscaled, scale))
}

/// The number of a text at the scale that it was written with.
fn written(text: &str) -> Result<(i128, u8), Status> {
    let signs = Signs::new(&Locale::invariant());
    let number = Number::parse(text, signs).ok_or(Status::CannotConvert)?;
    number.natural(28).ok_or(Status::Overflow)
}

/// The same number without zeros at the end of its fraction.
fn without_zeros((mut unscaled, mut scale): (i128, u8)) -> (i128, u8) {
    while scale > 0 && unscaled % 10 == 0 {
        unscaled /= 10;
        scale -= 1;
    }
    (unscaled, scale)
}

/// A character: a text of one UTF-16 unit, or a number.
fn to_char(value: &Value) -> Result<Value, Status> {
    if let Value::Text(text) = value {
        let mut units = text.encode_utf16();
        if let (Some(unit), None) = (units.next(), units.next()) {
            return Ok(Value::Ui2(unit));
        }
    }
    let options = ConvertOptions {
        fast_parse: false,
        today: NaiveDate::default(),
    };
    let target = ColumnType::new(DataType::Ui2);
    convert_value(value, &target, &Locale::invariant(), options)
}

/// The value of a variable that nothing was assigned to, which NULL gives too: String `""`,
/// numbers 0, Boolean false, DateTime 1899-12-30, Object NULL. [R-NULL-VAR]
pub fn variable_default(to: VariableType) -> Value {
    use VariableType as V;
    let start = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    match to {
        V::Empty | V::DbNull | V::Object => Value::Null,
        V::Int16 => Value::I2(0),
        V::Int32 => Value::I4(0),
        V::Single => Value::R4(0.0),
        V::Double => Value::R8(0.0),
        V::Currency => Value::Cy(0),
        V::DateTime => Value::Date(start.and_time(chrono::NaiveTime::MIN)),
        V::String => Value::text(""),
        V::Boolean => Value::Bool(false),
        V::Decimal => Value::Decimal(0, 0),
        V::SByte => Value::I1(0),
        V::Byte => Value::Ui1(0),
        V::Char => Value::Ui2(0),
        V::UInt32 => Value::Ui4(0),
        V::Int64 => Value::I8(0),
        V::UInt64 => Value::Ui8(0),
    }
}
