//! Texts of a package file and the values in them: `_xHHHH_` escapes, invariant numbers, US
//! dates, VARENUM values.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use packmule_types::{Value, VariableType};

/// Undoes `_xHHHH_` escapes: each stands for one UTF-16 unit; `_x005F_` is the underscore.
/// A unit that makes no character becomes U+FFFD.
pub fn unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut units: Vec<u16> = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(unit) = escape_at(rest) {
            units.push(unit);
            rest = rest.get(7..).unwrap_or_default();
            continue;
        }
        flush(&mut units, &mut out);
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    flush(&mut units, &mut out);
    out
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.extend(
        char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
}

/// The unit of an escape at the start of a text.
fn escape_at(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    if text.as_bytes().get(6) != Some(&b'_') || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

/// The value of a variable or parameter from its text in the file. `None` when the text is no
/// value of that type.
pub fn variable_value(variable_type: VariableType, text: &str) -> Option<Value> {
    use VariableType as T;
    let trimmed = text.trim();
    Some(match variable_type {
        T::String => Value::text(text),
        T::Empty | T::DbNull | T::Object => Value::Null,
        T::Boolean => Value::Bool(boolean(trimmed)?),
        T::SByte => Value::I1(trimmed.parse().ok()?),
        T::Byte => Value::Ui1(trimmed.parse().ok()?),
        T::Int16 => Value::I2(trimmed.parse().ok()?),
        T::Int32 => Value::I4(trimmed.parse().ok()?),
        T::Int64 => Value::I8(trimmed.parse().ok()?),
        T::UInt32 => Value::Ui4(trimmed.parse().ok()?),
        T::UInt64 => Value::Ui8(trimmed.parse().ok()?),
        T::Char => char_value(text)?,
        T::Single => Value::R4(trimmed.parse().ok()?),
        T::Double => Value::R8(trimmed.parse().ok()?),
        T::Currency => {
            let (unscaled, scale) = decimal(trimmed)?;
            Value::Cy(i64::try_from(rescale(unscaled, scale, 4)?).ok()?)
        }
        T::Decimal => {
            let (unscaled, scale) = decimal(trimmed)?;
            Value::Decimal(unscaled, scale)
        }
        T::DateTime => Value::Date(date_time(trimmed)?),
    })
}

fn boolean(text: &str) -> Option<bool> {
    match crate::model::parse_boolean(text) {
        Some(value) => Some(value),
        // Any other number is true, as in the .NET conversion.
        None => text.parse::<i64>().ok().map(|n| n != 0),
    }
}

/// A Char is written as its number; one character alone is taken as itself.
fn char_value(text: &str) -> Option<Value> {
    if let Ok(unit) = text.trim().parse::<u16>()
        && text.trim().len() > 1
    {
        return Some(Value::Ui2(unit));
    }
    let mut units = text.encode_utf16();
    match (units.next(), units.next()) {
        (None, _) => Some(Value::Ui2(0)),
        (Some(unit), None) => Some(Value::Ui2(match text.as_bytes().first() {
            Some(digit) if digit.is_ascii_digit() => u16::from(digit - b'0'),
            _ => unit,
        })),
        _ => None,
    }
}

/// An invariant decimal: unscaled value and digits after the point, at most 28.
fn decimal(text: &str) -> Option<(i128, u8)> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let fraction = fraction.get(..28).unwrap_or(fraction);
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value
            .checked_mul(10)?
            .checked_add(i128::from(digit - b'0'))?;
    }
    let value = if negative {
        value.checked_neg()?
    } else {
        value
    };
    Some((value, u8::try_from(fraction.len()).ok()?))
}

/// Changes the scale; digits that go away round half away from zero.
fn rescale(unscaled: i128, from: u8, to: u8) -> Option<i128> {
    if from <= to {
        return unscaled.checked_mul(10i128.checked_pow(u32::from(to - from))?);
    }
    let divisor = 10i128.checked_pow(u32::from(from - to))?;
    let half = divisor / 2;
    let shifted = if unscaled < 0 {
        unscaled.checked_sub(half)?
    } else {
        unscaled.checked_add(half)?
    };
    Some(shifted / divisor)
}

/// A date as packages hold it: US order with a 12-hour clock whatever LocaleID says
/// (`4/21/2008 9:03:29 AM`), or ISO 8601.
pub fn date_time(text: &str) -> Option<NaiveDateTime> {
    const DATE_TIMES: &[&str] = &[
        "%m/%d/%Y %I:%M:%S%.f %p",
        "%m/%d/%Y %I:%M %p",
        "%m/%d/%Y %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
    ];
    const DATES: &[&str] = &["%m/%d/%Y", "%Y-%m-%d"];
    let text = text.trim();
    for format in DATE_TIMES {
        if let Ok(value) = NaiveDateTime::parse_from_str(text, format) {
            return Some(value);
        }
    }
    if let Ok(value) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(value.naive_local());
    }
    for format in DATES {
        if let Ok(value) = NaiveDate::parse_from_str(text, format) {
            return Some(value.and_time(NaiveTime::MIN));
        }
    }
    // A time alone belongs to the OLE date 0.
    for format in ["%I:%M:%S %p", "%H:%M:%S"] {
        if let Ok(time) = NaiveTime::parse_from_str(text, format) {
            return Some(NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(time));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        let table = [
            ("_x0022_", "\""),
            ("_x000D__x000A_", "\r\n"),
            ("_x003C_none_x003E_", "<none>"),
            ("_x005F_x0041_", "_x0041_"),
            ("a_x00", "a_x00"),
            ("_xD83D__xDE00_", "😀"),
            ("_xD83D_", "\u{FFFD}"),
            ("_xé12_", "_xé12_"),
            ("", ""),
        ];
        for (stored, text) in table {
            assert_eq!(unescape(stored), text, "{stored}");
        }
    }

    #[test]
    fn values() {
        let date = |y, m, d, h, min, s| {
            NaiveDate::from_ymd_opt(y, m, d).and_then(|day| day.and_hms_opt(h, min, s))
        };
        use VariableType as T;
        let table = [
            (T::Boolean, "-1", Some(Value::Bool(true))),
            (T::Boolean, "0", Some(Value::Bool(false))),
            (T::Boolean, "True", Some(Value::Bool(true))),
            (T::Int32, " 7 ", Some(Value::I4(7))),
            (T::Int32, "x", None),
            (T::Byte, "300", None),
            (T::Double, "0.", Some(Value::R8(0.0))),
            (T::Currency, "-12.34567", Some(Value::Cy(-123_457))),
            (T::Decimal, "1.50", Some(Value::Decimal(150, 2))),
            (T::String, " as is ", Some(Value::text(" as is "))),
            (
                T::DateTime,
                "4/21/2008 9:03:29 AM",
                date(2008, 4, 21, 9, 3, 29).map(Value::Date),
            ),
            (
                T::DateTime,
                "12/30/1899",
                date(1899, 12, 30, 0, 0, 0).map(Value::Date),
            ),
            (
                T::DateTime,
                "12/31/2010 12:00:00 PM",
                date(2010, 12, 31, 12, 0, 0).map(Value::Date),
            ),
            (T::Object, "", Some(Value::Null)),
        ];
        for (variable_type, text, value) in table {
            assert_eq!(
                variable_value(variable_type, text),
                value,
                "{variable_type} {text}"
            );
        }
    }
}
