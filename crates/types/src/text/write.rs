//! Writers of single values: digits into a byte buffer, nothing allocated.

use crate::decimal::POW10;
use crate::locale::Locale;
use crate::temporal::{Civil, TICKS_PER_SECOND};

/// Two digits of each number below 100.
static PAIRS: [u8; 200] = {
    let mut pairs = [0u8; 200];
    let mut n = 0u8;
    while n < 100 {
        pairs[n as usize * 2] = b'0' + n / 10;
        pairs[n as usize * 2 + 1] = b'0' + n % 10;
        n += 1;
    }
    pairs
};

#[inline]
fn pair(n: u32) -> [u8; 2] {
    let at = (n % 100) as usize * 2;
    [PAIRS[at], PAIRS[at + 1]]
}

/// `hh:mm:ss` of seconds since midnight.
#[inline]
fn clock(seconds: u32) -> [u8; 8] {
    let [h1, h2] = pair(seconds / 3600);
    let [m1, m2] = pair(seconds / 60 % 60);
    let [s1, s2] = pair(seconds % 60);
    [h1, h2, b':', m1, m2, b':', s1, s2]
}

/// `yyyy-mm-dd`.
#[inline]
pub(super) fn date(year: u32, month: u32, day: u32, out: &mut Vec<u8>) {
    let [y1, y2] = pair(year / 100);
    let [y3, y4] = pair(year % 100);
    let [m1, m2] = pair(month);
    let [d1, d2] = pair(day);
    out.extend_from_slice(&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]);
}

/// Seconds and the ticks within the second of ticks since midnight.
#[inline]
fn split(ticks: i64) -> (u32, u32) {
    // ticks of a day, so both fit
    (
        (ticks / TICKS_PER_SECOND) as u32,
        (ticks % TICKS_PER_SECOND) as u32,
    )
}

/// `hh:mm:ss` and `scale` (0 to 7) fraction digits of ticks since midnight.
#[inline]
pub(super) fn time(ticks: i64, scale: u8, out: &mut Vec<u8>) {
    let (seconds, fraction) = split(ticks);
    out.extend_from_slice(&clock(seconds));
    if scale > 0 {
        out.push(b'.');
        digits(fraction, 7, usize::from(scale.min(7)), out);
    }
}

/// The first `count` of the `width` digits of a number.
#[inline]
fn digits(number: u32, width: usize, count: usize, out: &mut Vec<u8>) {
    let mut text = [b'0'; 10];
    let mut rest = number;
    for slot in text.iter_mut().take(width).rev() {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(text.get(..count).unwrap_or_default());
}

/// `DT_DBTIMESTAMP`: nine fraction digits, only where the fraction is not 0.
#[inline]
pub(super) fn timestamp(at: Civil, out: &mut Vec<u8>) {
    date(at.year, at.month, at.day, out);
    out.push(b' ');
    let (seconds, fraction) = split(at.ticks);
    out.extend_from_slice(&clock(seconds));
    if fraction != 0 {
        out.push(b'.');
        digits(fraction, 7, 7, out);
        out.extend_from_slice(b"00");
    }
}

/// `DT_DBTIMESTAMP2`: always `scale` fraction digits.
#[inline]
pub(super) fn timestamp2(at: Civil, scale: u8, out: &mut Vec<u8>) {
    date(at.year, at.month, at.day, out);
    out.push(b' ');
    time(at.ticks, scale, out);
}

/// `DT_FILETIME`: a colon before the milliseconds.
pub(super) fn file_time(at: Civil, out: &mut Vec<u8>) {
    date(at.year, at.month, at.day, out);
    out.push(b' ');
    let (seconds, fraction) = split(at.ticks);
    out.extend_from_slice(&clock(seconds));
    out.push(b':');
    digits(fraction, 7, 3, out);
}

/// ` +hh:mm`.
pub(super) fn zone(minutes: i16, out: &mut Vec<u8>) {
    let size = u32::from(minutes.unsigned_abs());
    let [h1, h2] = pair(size / 60);
    let [m1, m2] = pair(size % 60);
    let sign = if minutes < 0 { b'-' } else { b'+' };
    out.extend_from_slice(&[b' ', sign, h1, h2, b':', m1, m2]);
}

/// `True` or `False`.
#[inline]
pub(super) fn boolean(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"True" } else { b"False" });
}

/// `{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}`.
pub(super) fn guid(guid: uuid::Uuid, out: &mut Vec<u8>) {
    let mut buffer = uuid::Uuid::encode_buffer();
    out.push(b'{');
    out.extend_from_slice(guid.hyphenated().encode_upper(&mut buffer).as_bytes());
    out.push(b'}');
}

/// Two upper-case hexadecimal digits per byte.
pub(super) fn hex(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend(
        bytes
            .iter()
            .flat_map(|&b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]),
    );
}

fn sign(decimal: char, out: &mut Vec<u8>) {
    if decimal == '.' {
        out.push(b'.');
    } else {
        out.extend_from_slice(decimal.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// `DT_CY`: trailing zeros of the four digits cut. [R-TEXT-CY]
pub(super) fn currency(value: i64, decimal: char, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let size = value.unsigned_abs();
    out.extend_from_slice(itoa::Buffer::new().format(size / 10_000).as_bytes());
    let fraction = (size % 10_000) as u32;
    if fraction != 0 {
        sign(decimal, out);
        let count = match fraction {
            f if f % 1000 == 0 => 1,
            f if f % 100 == 0 => 2,
            f if f % 10 == 0 => 3,
            _ => 4,
        };
        digits(fraction, 4, count, out);
    }
}

/// `DT_R8`: 17 significant digits. [R-TEXT-R8]
pub(super) fn r8(value: f64, decimal: char, out: &mut Vec<u8>) {
    if value.fract() == 0.0 && value.abs() < 9e15 && (value != 0.0 || value.is_sign_positive()) {
        // whole and exact
        out.extend_from_slice(itoa::Buffer::new().format(value as i64).as_bytes());
        return;
    }
    if !value.is_finite() {
        return not_finite(value.is_nan(), value < 0.0, out);
    }
    if value < 0.0 {
        out.push(b'-');
    }
    let (digits, exponent) = significant(value.abs(), 17);
    scientific(digits, exponent, 17, decimal, out);
}

/// `DT_R4`: 8 significant digits.
pub(super) fn r4(value: f32, decimal: char, out: &mut Vec<u8>) {
    if value.fract() == 0.0 && value.abs() < 99_999_990.0 {
        out.extend_from_slice(itoa::Buffer::new().format(value as i32).as_bytes());
        return;
    }
    if !value.is_finite() {
        return not_finite(value.is_nan(), value < 0.0, out);
    }
    if value < 0.0 {
        out.push(b'-');
    }
    let (digits, exponent) = significant(f64::from(value.abs()), 8);
    scientific(digits, exponent, 8, decimal, out);
}

/// The C library's texts, as Windows writes them.
fn not_finite(nan: bool, negative: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(match (nan, negative) {
        (true, _) => b"1.#QNAN",
        (false, true) => b"-1.#INF",
        (false, false) => b"1.#INF",
    });
}

/// The exact value rounded to `count` significant digits, half to even: the digits as a number
/// of exactly `count` digits (0 for zero) and the decimal exponent of the first.
pub(crate) fn significant(value: f64, count: u32) -> (u64, i32) {
    if value == 0.0 {
        return (0, 0);
    }
    if (1e-5..1e17).contains(&value)
        && let Some(found) = significant_fast(value, count)
    {
        return found;
    }
    significant_slow(value, count)
}

/// Integer arithmetic: mantissa × 10^k fits 128 bits for 1e-5 ≤ value < 1e17.
fn significant_fast(value: f64, count: u32) -> Option<(u64, i32)> {
    let bits = value.to_bits();
    let mantissa = u128::from((bits & ((1 << 52) - 1)) | (1 << 52));
    let exponent = i32::try_from(bits >> 52).ok()? - 1075;
    // log10(2) ≈ 1233 / 4096
    let mut first = ((exponent + 52) * 1233) >> 12;
    let low = POW10.get(count.checked_sub(1)? as usize)?.unsigned_abs();
    for _ in 0..3 {
        let power = i32::try_from(count).ok()? - 1 - first;
        let digits = scaled(mantissa, exponent, power)?;
        if digits < low {
            first -= 1;
        } else if digits >= low * 10 {
            first += 1;
        } else {
            return Some((u64::try_from(digits).ok()?, first));
        }
    }
    None
}

/// `mantissa × 2^exponent × 10^power`, rounded half to even; `None` where 128 bits do not
/// suffice.
fn scaled(mantissa: u128, exponent: i32, power: i32) -> Option<u128> {
    let scale = POW10.get(power.unsigned_abs() as usize)?.unsigned_abs();
    let shift = exponent.unsigned_abs();
    if power < 0 {
        // whole numbers above 2^53 and few digits: rare
        return None;
    }
    let top = mantissa.checked_mul(scale)?;
    if exponent >= 0 {
        return (top.leading_zeros() >= shift).then(|| top << shift);
    }
    if shift >= 127 {
        return None;
    }
    let quotient = top >> shift;
    let rest = top & ((1 << shift) - 1);
    let up = match rest.cmp(&(1 << (shift - 1))) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient & 1 == 1,
        std::cmp::Ordering::Less => false,
    };
    Some(quotient + u128::from(up))
}

/// Any value, by the standard library's exact conversion.
fn significant_slow(value: f64, count: u32) -> (u64, i32) {
    use std::io::Write;
    let mut buffer = [0u8; 40];
    let mut rest: &mut [u8] = &mut buffer;
    let precision = count.saturating_sub(1) as usize;
    // 40 bytes hold 17 digits, point and exponent
    let _ = write!(rest, "{value:.precision$e}");
    let free = rest.len();
    let text = buffer.get(..40 - free).unwrap_or_default();
    let mut digits = 0u64;
    let mut parts = text.split(|&b| b == b'e');
    for &byte in parts.next().unwrap_or_default() {
        if byte.is_ascii_digit() {
            digits = digits * 10 + u64::from(byte - b'0');
        }
    }
    let exponent = parts
        .next()
        .and_then(|e| std::str::from_utf8(e).ok())
        .and_then(|e| e.parse().ok())
        .unwrap_or(0);
    (digits, exponent)
}

/// Plain while the digits before and after the point are at most `count`, else `d.dddE-n`.
/// [R-TEXT-BIG]
fn scientific(digits: u64, exponent: i32, count: i32, decimal: char, out: &mut Vec<u8>) {
    let mut digits = digits;
    while digits != 0 && digits.is_multiple_of(10) {
        digits /= 10;
    }
    let mut buffer = itoa::Buffer::new();
    let text = buffer.format(digits).as_bytes();
    let length = i32::try_from(text.len()).unwrap_or(i32::MAX);
    let decimals = (length - 1 - exponent).max(0);
    if exponent >= count || decimals > count {
        let (first, rest) = text.split_at(1.min(text.len()));
        out.extend_from_slice(first);
        if !rest.is_empty() {
            sign(decimal, out);
            out.extend_from_slice(rest);
        }
        out.push(b'E');
        out.extend_from_slice(itoa::Buffer::new().format(exponent).as_bytes());
    } else if exponent < 0 {
        out.push(b'0');
        sign(decimal, out);
        out.resize(out.len() + exponent.unsigned_abs() as usize - 1, b'0');
        out.extend_from_slice(text);
    } else {
        let integer = exponent.unsigned_abs() as usize + 1;
        match text.split_at_checked(integer) {
            Some((before, after)) => {
                out.extend_from_slice(before);
                if !after.is_empty() {
                    sign(decimal, out);
                    out.extend_from_slice(after);
                }
            }
            None => {
                out.extend_from_slice(text);
                out.resize(out.len() + integer - text.len(), b'0');
            }
        }
    }
}

/// One part of a date or time pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Literal(char),
    /// A letter of the pattern and how often it stands.
    Field(char, u8),
}

/// `DT_DATE`: short date, and the long time where it is not midnight. [R-TEXT-DATE]
#[derive(Debug, Clone)]
pub(super) struct DatePattern {
    date: Vec<Part>,
    time: Vec<Part>,
    am: &'static str,
    pm: &'static str,
}

impl DatePattern {
    pub(super) fn new(locale: &Locale) -> Self {
        Self {
            date: parts(locale.short_date),
            time: parts(locale.long_time),
            am: locale.am,
            pm: locale.pm,
        }
    }

    pub(super) fn write(&self, at: Civil, out: &mut Vec<u8>) {
        // the type's fraction is not written
        let (seconds, _) = split(at.ticks);
        self.write_parts(&self.date, at, seconds, out);
        if seconds != 0 {
            out.push(b' ');
            self.write_parts(&self.time, at, seconds, out);
        }
    }

    fn write_parts(&self, parts: &[Part], at: Civil, seconds: u32, out: &mut Vec<u8>) {
        let hour = seconds / 3600;
        for part in parts {
            let (number, count) = match *part {
                Part::Literal(c) => {
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    continue;
                }
                Part::Field('t', _) => {
                    let mark = if hour < 12 { self.am } else { self.pm };
                    out.extend_from_slice(mark.as_bytes());
                    continue;
                }
                Part::Field('y', 4) => {
                    out.extend_from_slice(&pair(at.year / 100));
                    out.extend_from_slice(&pair(at.year % 100));
                    continue;
                }
                Part::Field(letter, count) => (field(letter, at, seconds), count),
            };
            if number < 10 && count < 2 {
                out.push(b'0' + number as u8);
            } else {
                out.extend_from_slice(&pair(number));
            }
        }
    }
}

fn field(letter: char, at: Civil, seconds: u32) -> u32 {
    let hour = seconds / 3600;
    match letter {
        'y' => at.year % 100,
        'M' => at.month,
        'd' => at.day,
        'H' => hour,
        'h' => (hour + 11) % 12 + 1,
        'm' => seconds / 60 % 60,
        _ => seconds % 60,
    }
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for c in pattern.chars() {
        match parts.last_mut() {
            Some(Part::Field(letter, count)) if *letter == c => *count += 1,
            _ if "yMdHhmst".contains(c) => parts.push(Part::Field(c, 1)),
            _ => parts.push(Part::Literal(c)),
        }
    }
    parts
}
