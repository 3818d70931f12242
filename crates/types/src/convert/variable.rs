//! Conversions between the types of variables, invariant culture.
//!
//! Used where SSIS converts before it assigns: configurations, `--set`, parameters, results of
//! expressions and of Execute SQL. Strict assignment does not come here.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::data_type::VariableType;
use crate::value::Value;

/// A number between its old and its new type.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Integer(i128),
    Float(f64),
    /// Unscaled value, digits after the point.
    Decimal(i128, u8),
}

/// Converts a value to a variable's type, rounding fractions; `None` when it has no such form or
/// does not fit. NULL stays NULL for Object and has no form for other types.
pub fn general(value: &Value, target: VariableType) -> Option<Value> {
    if target == VariableType::Object {
        return Some(value.clone());
    }
    if value.variable_type() == Some(target) && !value.is_null() {
        return Some(value.clone());
    }
    if target == VariableType::Char
        && let Some(unit) = single_unit(value)
    {
        return Some(Value::Ui2(unit));
    }
    match target {
        VariableType::String => Some(Value::text(to_text(value)?)),
        VariableType::DateTime => Some(Value::Date(to_date(value)?)),
        VariableType::Boolean => to_boolean(value).map(Value::Bool),
        _ => from_number(to_number(value)?, target),
    }
}

/// Converts a value only when nothing is lost: `3` to `"3"` and back, not `3.5` to an integer.
pub fn lossless(value: &Value, target: VariableType) -> Option<Value> {
    let converted = general(value, target)?;
    if matches!(
        target,
        VariableType::Object | VariableType::String | VariableType::DateTime
    ) {
        return Some(converted);
    }
    if let (Some(before), Some(after)) = (to_number(value), to_number(&converted)) {
        return same_number(before, after).then_some(converted);
    }
    Some(converted)
}

/// What the result of an expression becomes in a variable: the same family of types, widths and
/// scales adjusted; texts do not become numbers (expressions.md 5.1).
pub fn expression_result(value: &Value, target: VariableType) -> Option<Value> {
    if target == VariableType::Object {
        return Some(value.clone());
    }
    let is_number = to_number(value).is_some() && value.as_text().is_none();
    let compatible = match target {
        VariableType::String => value.as_text().is_some(),
        VariableType::DateTime => to_date(value).is_some() && value.as_text().is_none(),
        VariableType::Boolean => matches!(value, Value::Bool(_)),
        _ => is_number && !matches!(value, Value::Bool(_)),
    };
    compatible.then(|| general(value, target)).flatten()
}

/// The value as text, invariant.
pub fn to_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.to_string(),
        Value::Bool(b) => if *b { "True" } else { "False" }.to_owned(),
        Value::R4(f) => f.to_string(),
        Value::R8(f) => f.to_string(),
        Value::Guid(guid) => format!("{{{}}}", guid.to_string().to_uppercase()),
        Value::DbDate(date) => date.format("%Y-%m-%d").to_string(),
        Value::DbTime(time) => time.format("%H:%M:%S").to_string(),
        Value::DbTime2(time, digits) => {
            fraction(time.format("%H:%M:%S").to_string(), time, *digits)
        }
        Value::Date(stamp) | Value::DbTimeStamp(stamp) | Value::FileTime(stamp) => {
            stamp.format("%m/%d/%Y %H:%M:%S").to_string()
        }
        Value::DbTimeStamp2(stamp, digits) => fraction(
            stamp.format("%Y-%m-%d %H:%M:%S").to_string(),
            &stamp.time(),
            *digits,
        ),
        Value::DbTimeStampOffset(utc, minutes, digits) => {
            let local = utc.checked_add_signed(chrono::TimeDelta::minutes((*minutes).into()))?;
            let text = local.format("%Y-%m-%d %H:%M:%S").to_string();
            let sign = if *minutes < 0 { '-' } else { '+' };
            let (h, m) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
            format!(
                "{} {sign}{h:02}:{m:02}",
                fraction(text, &local.time(), *digits)
            )
        }
        Value::Null | Value::Bytes(_) | Value::Object(_) => return None,
        number => match to_number(number)? {
            Number::Integer(i) => i.to_string(),
            Number::Float(f) => f.to_string(),
            Number::Decimal(unscaled, scale) => decimal_text(unscaled, scale),
        },
    })
}

/// Adds `digits` digits of a second to a text.
fn fraction(text: String, time: &NaiveTime, digits: u8) -> String {
    use chrono::Timelike;
    let digits = usize::from(digits.min(9));
    if digits == 0 {
        return text;
    }
    let nanoseconds = format!("{:09}", time.nanosecond() % 1_000_000_000);
    format!("{text}.{}", nanoseconds.get(..digits).unwrap_or_default())
}

/// An unscaled decimal as text, all digits of its scale.
fn decimal_text(unscaled: i128, scale: u8) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = format!(
        "{:0>width$}",
        unscaled.unsigned_abs(),
        width = usize::from(scale) + 1
    );
    let (whole, part) = digits.split_at(digits.len() - usize::from(scale));
    if part.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part}")
    }
}

/// Reads a Boolean; numbers other than 0 are true.
fn to_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(*b),
        Value::Text(text) => parse_boolean(text),
        other => match to_number(other)? {
            Number::Integer(i) | Number::Decimal(i, _) => Some(i != 0),
            Number::Float(f) => Some(f != 0.0),
        },
    }
}

fn to_number(value: &Value) -> Option<Number> {
    Some(match value {
        Value::Bool(b) => Number::Integer(if *b { -1 } else { 0 }),
        Value::I1(i) => Number::Integer((*i).into()),
        Value::I2(i) => Number::Integer((*i).into()),
        Value::I4(i) => Number::Integer((*i).into()),
        Value::I8(i) => Number::Integer((*i).into()),
        Value::Ui1(i) => Number::Integer((*i).into()),
        Value::Ui2(i) => Number::Integer((*i).into()),
        Value::Ui4(i) => Number::Integer((*i).into()),
        Value::Ui8(i) => Number::Integer((*i).into()),
        Value::R4(f) => Number::Float((*f).into()),
        Value::R8(f) => Number::Float(*f),
        Value::Cy(i) => Number::Decimal((*i).into(), 4),
        Value::Decimal(i, scale) | Value::Numeric(i, _, scale) => Number::Decimal(*i, *scale),
        Value::Text(text) => parse_number(text.trim())?,
        _ => return None,
    })
}

/// A whole number, a plain decimal, else a float; nothing else in the text.
fn parse_number(text: &str) -> Option<Number> {
    if let Ok(integer) = text.parse::<i128>() {
        return Some(Number::Integer(integer));
    }
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    if plain && let Some((whole, part)) = text.split_once('.') {
        let digits = part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 28;
        if digits && let Ok(unscaled) = format!("{whole}{part}").parse::<i128>() {
            return Some(Number::Decimal(unscaled, u8::try_from(part.len()).ok()?));
        }
    }
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    let float = text.parse::<f64>().ok().filter(|_| starts)?;
    float.is_finite().then_some(Number::Float(float))
}

fn from_number(number: Number, target: VariableType) -> Option<Value> {
    let integer = || to_integer(number);
    Some(match target {
        VariableType::SByte => Value::I1(integer()?.try_into().ok()?),
        VariableType::Int16 => Value::I2(integer()?.try_into().ok()?),
        VariableType::Int32 => Value::I4(integer()?.try_into().ok()?),
        VariableType::Int64 => Value::I8(integer()?.try_into().ok()?),
        VariableType::Byte => Value::Ui1(integer()?.try_into().ok()?),
        VariableType::Char => Value::Ui2(integer()?.try_into().ok()?),
        VariableType::UInt32 => Value::Ui4(integer()?.try_into().ok()?),
        VariableType::UInt64 => Value::Ui8(integer()?.try_into().ok()?),
        VariableType::Single => {
            let single = to_float(number) as f32;
            Value::R4(single.is_finite().then_some(single)?)
        }
        VariableType::Double => Value::R8(to_float(number)),
        VariableType::Currency => Value::Cy(rescale(number, 4)?.try_into().ok()?),
        VariableType::Decimal => match number {
            Number::Integer(i) => Value::Decimal(i, 0),
            Number::Decimal(i, scale) if scale <= 28 => Value::Decimal(i, scale),
            Number::Decimal(..) => Value::Decimal(rescale(number, 28)?, 28),
            Number::Float(f) => match parse_number(&f.to_string())? {
                Number::Integer(i) => Value::Decimal(i, 0),
                Number::Decimal(i, scale) => Value::Decimal(i, scale),
                Number::Float(_) => return None,
            },
        },
        _ => return None,
    })
}

/// To the nearest whole number, halves to even.
fn to_integer(number: Number) -> Option<i128> {
    match number {
        Number::Float(f) => {
            let rounded = f.round_ties_even();
            (rounded.abs() < 1.0e19).then_some(rounded as i128)
        }
        other => rescale(other, 0),
    }
}

fn to_float(number: Number) -> f64 {
    match number {
        Number::Integer(i) => i as f64,
        Number::Float(f) => f,
        // Through text: the nearest float of the decimal, not of a rounded quotient.
        Number::Decimal(i, scale) => decimal_text(i, scale).parse().unwrap_or(f64::NAN),
    }
}

/// The unscaled value at another scale, halves to even.
fn rescale(number: Number, scale: u8) -> Option<i128> {
    let (unscaled, from) = match number {
        Number::Integer(i) => (i, 0),
        Number::Decimal(i, s) => (i, s),
        Number::Float(f) => {
            let scaled = f * 10f64.powi(scale.into());
            return (scaled.abs() < 1.0e27).then(|| scaled.round_ties_even() as i128);
        }
    };
    if scale >= from {
        return unscaled.checked_mul(10i128.checked_pow((scale - from).into())?);
    }
    let divisor = 10i128.checked_pow((from - scale).into())?;
    let (quotient, rest) = (unscaled / divisor, unscaled % divisor);
    let twice = rest.unsigned_abs().checked_mul(2)?;
    let up =
        twice > divisor.unsigned_abs() || (twice == divisor.unsigned_abs() && quotient % 2 != 0);
    Some(if up {
        quotient + unscaled.signum()
    } else {
        quotient
    })
}

fn same_number(a: Number, b: Number) -> bool {
    match (a, b) {
        (Number::Float(a), Number::Float(b)) => a == b || (a as f32) == (b as f32),
        (Number::Float(f), exact) | (exact, Number::Float(f)) => to_float(exact) == f,
        (a, b) => match (rescale(a, 28), rescale(b, 28)) {
            (Some(a), Some(b)) => a == b,
            _ => to_integer(a) == to_integer(b),
        },
    }
}

fn to_date(value: &Value) -> Option<NaiveDateTime> {
    match value {
        Value::Date(stamp)
        | Value::DbTimeStamp(stamp)
        | Value::FileTime(stamp)
        | Value::DbTimeStamp2(stamp, _) => Some(*stamp),
        Value::DbDate(date) => Some(date.and_time(NaiveTime::MIN)),
        Value::DbTimeStampOffset(utc, minutes, _) => {
            utc.checked_add_signed(chrono::TimeDelta::minutes((*minutes).into()))
        }
        Value::Text(text) => parse_date(text.trim()),
        _ => None,
    }
}

/// Dates as packages and people write them: invariant, US with 12 hours, ISO.
fn parse_date(text: &str) -> Option<NaiveDateTime> {
    const STAMPS: &[&str] = &[
        "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y %I:%M %p",
        "%m/%d/%Y %H:%M:%S%.f",
        "%m/%d/%Y %H:%M",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
    ];
    const DATES: &[&str] = &["%m/%d/%Y", "%Y-%m-%d", "%Y%m%d"];
    STAMPS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| {
            let date = DATES
                .iter()
                .find_map(|form| NaiveDate::parse_from_str(text, form).ok())?;
            Some(date.and_time(NaiveTime::MIN))
        })
}

/// Reads a Boolean in any of the forms that packages use.
pub fn parse_boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "-1" | "1" => Some(true),
        "0" => Some(false),
        t if t.eq_ignore_ascii_case("true") => Some(true),
        t if t.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The UTF-16 unit of a text that is one.
fn single_unit(value: &Value) -> Option<u16> {
    let mut units = value.as_text()?.encode_utf16();
    match (units.next(), units.next()) {
        (Some(unit), None) => Some(unit),
        _ => None,
    }
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
