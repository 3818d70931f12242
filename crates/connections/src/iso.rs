//! Dates and times in the ISO forms that databases give and take as text.

use chrono::NaiveTime;
use packmule_types::temporal::{
    TICKS_PER_DAY, TICKS_PER_SECOND, civil_from_ticks, datetime_from_ticks, days_from_civil,
    time_from_ticks,
};
use packmule_types::{ColumnType, DataType, Value};

/// Ticks of a minute.
const TICKS_PER_MINUTE: i64 = 60 * TICKS_PER_SECOND;

/// Days since 0001-01-01 of `YYYY-MM-DD`; a time of midnight may follow.
pub(crate) fn date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let days = date_part(bytes)?;
    match bytes.get(10) {
        None => Some(days),
        Some(_) => {
            let ticks = timestamp(text)?;
            (ticks.rem_euclid(TICKS_PER_DAY) == 0).then_some(days)
        }
    }
}

/// Ticks since 0001-01-01 of `YYYY-MM-DD[( |T)HH:MM[:SS[.fffffff…]]][Z]`.
pub(crate) fn timestamp(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let days = date_part(bytes)?;
    match bytes.get(10..) {
        None | Some([]) => Some(days * TICKS_PER_DAY),
        Some([b' ' | b'T', time @ ..]) => {
            let time = time.strip_suffix(b"Z").unwrap_or(time);
            Some(days * TICKS_PER_DAY + time_part(time)?)
        }
        Some(_) => None,
    }
}

fn date_part(bytes: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ..] = bytes else {
        return None;
    };
    days_from_civil(
        number(&[*y1, *y2, *y3, *y4])?,
        number(&[*m1, *m2])?,
        number(&[*d1, *d2])?,
    )
}

/// `HH:MM[:SS[.f…]]`; fraction digits after the seventh are cut.
fn time_part(bytes: &[u8]) -> Option<i64> {
    let [h1, h2, b':', m1, m2, rest @ ..] = bytes else {
        return None;
    };
    let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
    let (seconds, fraction) = match rest {
        [] => (0, 0),
        [b':', s1, s2] => (number(&[*s1, *s2])?, 0),
        [b':', s1, s2, b'.', digits @ ..] if !digits.is_empty() => {
            (number(&[*s1, *s2])?, fraction(digits)?)
        }
        _ => return None,
    };
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let whole = i64::from(hours) * 3600 + i64::from(minutes) * 60 + i64::from(seconds);
    Some(whole * TICKS_PER_SECOND + fraction)
}

fn fraction(digits: &[u8]) -> Option<i64> {
    let mut ticks = 0i64;
    for i in 0..7 {
        let digit = digits.get(i).copied().unwrap_or(b'0');
        ticks = ticks * 10 + i64::from(digit.checked_sub(b'0').filter(|d| *d < 10)?);
    }
    digits.iter().all(u8::is_ascii_digit).then_some(ticks)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |sum, d| {
        Some(sum * 10 + u32::from(d.checked_sub(b'0').filter(|d| *d < 10)?))
    })
}

/// Values of the types that have a fixed text here: times, timestamps with offset, GUIDs and
/// Booleans as databases write them.
pub(crate) fn value(text: &str, column_type: &ColumnType) -> Option<Value> {
    match column_type.data_type {
        DataType::DbTime => {
            let ticks = time_part(text.as_bytes())?;
            Some(Value::DbTime(time_from_ticks(
                ticks - ticks % TICKS_PER_SECOND,
            )))
        }
        DataType::DbTime2 => {
            let ticks = time_part(text.as_bytes())?;
            let unit = packmule_types::temporal::ticks_of_scale(column_type.scale).max(1);
            Some(Value::DbTime2(
                time_from_ticks(ticks - ticks % unit),
                column_type.scale,
            ))
        }
        DataType::FileTime => Some(Value::FileTime(datetime_from_ticks(timestamp(text)?))),
        DataType::DbTimeStampOffset => with_offset(text, column_type.scale),
        DataType::Guid => {
            let text = text.trim_start_matches('{').trim_end_matches('}');
            uuid::Uuid::parse_str(text).ok().map(Value::Guid)
        }
        DataType::Bool => match text {
            "1" | "t" => Some(Value::Bool(true)),
            "0" | "f" => Some(Value::Bool(false)),
            t if t.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
            t if t.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
}

/// `YYYY-MM-DD HH:MM:SS[.f…] (+|-)HH:MM`, the blank before the sign optional.
fn with_offset(text: &str, scale: u8) -> Option<Value> {
    let time_start = 10;
    let sign_at = text.get(time_start..)?.rfind(['+', '-'])? + time_start;
    let (local, offset) = text.split_at_checked(sign_at)?;
    let ticks = timestamp(local.trim_end())?;
    let minutes = match offset.as_bytes() {
        [_, h1, h2, b':', m1, m2] => number(&[*h1, *h2])? * 60 + number(&[*m1, *m2])?,
        [_, h1, h2] => number(&[*h1, *h2])? * 60,
        _ => return None,
    };
    let minutes = i16::try_from(minutes).ok().filter(|m| *m <= 14 * 60)?;
    let minutes = if offset.starts_with('-') {
        -minutes
    } else {
        minutes
    };
    let unit = packmule_types::temporal::ticks_of_scale(scale).max(1);
    let utc = ticks - i64::from(minutes) * TICKS_PER_MINUTE;
    (utc >= 0).then(|| {
        Value::DbTimeStampOffset(
            datetime_from_ticks(utc - utc.rem_euclid(unit)),
            minutes,
            scale,
        )
    })
}

/// Appends `YYYY-MM-DD`.
pub(crate) fn write_date(days: i64, out: &mut String) {
    let civil = civil_from_ticks(days * TICKS_PER_DAY);
    pad(civil.year, 4, out);
    out.push('-');
    pad(civil.month, 2, out);
    out.push('-');
    pad(civil.day, 2, out);
}

/// Appends `HH:MM:SS` and `digits` fraction digits; of the ticks of a day.
pub(crate) fn write_time(ticks: i64, digits: u8, out: &mut String) {
    let seconds = u32::try_from(ticks / TICKS_PER_SECOND).unwrap_or(0);
    pad(seconds / 3600, 2, out);
    out.push(':');
    pad(seconds / 60 % 60, 2, out);
    out.push(':');
    pad(seconds % 60, 2, out);
    if digits > 0 {
        let fraction = u32::try_from(ticks % TICKS_PER_SECOND).unwrap_or(0);
        out.push('.');
        pad(
            fraction / 10u32.pow(u32::from(7 - digits.min(7))),
            digits.min(7).into(),
            out,
        );
    }
}

/// Appends `YYYY-MM-DD HH:MM:SS` and `digits` fraction digits.
pub(crate) fn write_timestamp(ticks: i64, digits: u8, out: &mut String) {
    write_date(ticks.div_euclid(TICKS_PER_DAY), out);
    out.push(' ');
    write_time(ticks.rem_euclid(TICKS_PER_DAY), digits, out);
}

/// Appends local time and ` +HH:MM`.
pub(crate) fn write_offset(utc_ticks: i64, minutes: i16, digits: u8, out: &mut String) {
    write_timestamp(
        utc_ticks + i64::from(minutes) * TICKS_PER_MINUTE,
        digits,
        out,
    );
    out.push(' ');
    out.push(if minutes < 0 { '-' } else { '+' });
    pad(u32::from(minutes.unsigned_abs()) / 60, 2, out);
    out.push(':');
    pad(u32::from(minutes.unsigned_abs()) % 60, 2, out);
}

/// How many fraction digits ticks need: 0, 3 or 7.
pub(crate) fn digits_needed(ticks: i64) -> u8 {
    match ticks.rem_euclid(TICKS_PER_SECOND) {
        0 => 0,
        t if t % 10_000 == 0 => 3,
        _ => 7,
    }
}

fn pad(number: u32, width: usize, out: &mut String) {
    let mut buffer = [b'0'; 10];
    let mut rest = number;
    for place in buffer.iter_mut().rev() {
        *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    out.extend(
        buffer
            .iter()
            .skip(10 - width.min(10))
            .map(|b| char::from(*b)),
    );
}

/// The text of a value that is a date or time; `None` for any other.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    use packmule_types::temporal::{days_from_date, ticks_from_datetime, ticks_from_time};
    let mut out = String::with_capacity(34);
    match value {
        Value::Date(v) | Value::DbTimeStamp(v) | Value::FileTime(v) => {
            let ticks = ticks_from_datetime(*v)?;
            write_timestamp(ticks, digits_needed(ticks), &mut out);
        }
        Value::DbTimeStamp2(v, scale) => {
            write_timestamp(ticks_from_datetime(*v)?, *scale, &mut out);
        }
        Value::DbTimeStampOffset(v, minutes, scale) => {
            write_offset(ticks_from_datetime(*v)?, *minutes, *scale, &mut out);
        }
        Value::DbDate(v) => write_date(days_from_date(*v)?, &mut out),
        Value::DbTime(v) => write_time(time_ticks(*v), 0, &mut out),
        Value::DbTime2(v, scale) => write_time(ticks_from_time(*v), *scale, &mut out),
        _ => return None,
    }
    Some(out)
}

fn time_ticks(time: NaiveTime) -> i64 {
    packmule_types::temporal::ticks_from_time(time)
}

/// The date of ticks, for messages and tests.
#[cfg(test)]
pub(crate) fn day_of(ticks: i64) -> chrono::NaiveDate {
    packmule_types::temporal::date_from_days(ticks.div_euclid(TICKS_PER_DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_both_ways() {
        for text in [
            "2014-06-30 00:00:00",
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59.9999999",
            "2022-12-20 18:47:42.078",
        ] {
            let ticks = timestamp(text).expect(text);
            let mut out = String::new();
            write_timestamp(ticks, digits_needed(ticks), &mut out);
            assert_eq!(out, text);
        }
        assert_eq!(
            timestamp("2014-06-30T01:02"),
            timestamp("2014-06-30 01:02:00")
        );
        assert_eq!(
            day_of(timestamp("2014-06-30").expect("a date")).to_string(),
            "2014-06-30"
        );
        for bad in [
            "",
            "2014-06-31",
            "2014-6-30",
            "2014-06-30 24:00:00",
            "2014-06-30 1:00:00",
            "2014-06-30x",
            "2014-06-30 00:00:00.",
            "２０１４-06-30",
        ] {
            assert_eq!(timestamp(bad), None, "{bad}");
        }
        assert_eq!(
            date("2014-06-30 00:00:00").is_some(),
            date("2014-06-30").is_some()
        );
        assert_eq!(date("2014-06-30 00:00:01"), None);
    }

    #[test]
    fn offsets_both_ways() {
        let column = ColumnType::scaled(DataType::DbTimeStampOffset, 3);
        for text in [
            "2014-06-30 12:00:00.125 +02:00",
            "2014-06-30 00:30:00.000 -05:30",
        ] {
            let value = value(text, &column).expect(text);
            assert_eq!(text_of(&value).as_deref(), Some(text));
        }
        assert_eq!(value("2014-06-30 12:00:00 +15:00", &column), None);
    }
}
