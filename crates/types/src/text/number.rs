//! Numbers in text: standard parse (OLE Automation's rules) and fast parse.

use crate::decimal::{self, POW10, pow10};
use crate::locale::Locale;
use crate::status::Status;

/// The signs that a locale's numbers may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signs {
    decimal: char,
    group: char,
    currency: &'static str,
}

impl Signs {
    pub(crate) const fn new(locale: &Locale) -> Self {
        Self {
            decimal: locale.decimal,
            group: locale.group,
            currency: locale.currency,
        }
    }

    fn is_group(self, c: char) -> bool {
        let blank = |c| matches!(c, ' ' | '\u{a0}' | '\u{202f}');
        let quote = |c| matches!(c, '\'' | '’');
        c == self.group || (blank(self.group) && blank(c)) || (quote(self.group) && quote(c))
    }
}

/// A number as it stands in a text: `±mantissa × 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    negative: bool,
    /// The first 38 digits.
    mantissa: u128,
    exponent: i32,
    /// Whether a digit past the 38th is not 0.
    sticky: bool,
    /// Whether it was written with an exponent.
    scientific: bool,
}

const BLANKS: &[char] = &[' ', '\t', '\r', '\n', '\u{a0}', '\u{202f}'];
const MAX_EXPONENT: i32 = 100_000;

impl Number {
    /// Standard parse: blanks around, sign before or after, parentheses, currency sign, group
    /// signs, `&H` and `&O`, exponent. `None` where the text as a whole is no number.
    pub(crate) fn parse(text: &str, signs: Signs) -> Option<Self> {
        let mut rest = text.trim_matches(BLANKS);
        let mut negative = None;
        let mut parenthesis = false;
        let mut currency = false;
        loop {
            if let Some(tail) = rest.strip_prefix('-').filter(|_| negative.is_none()) {
                negative = Some(true);
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix('+').filter(|_| negative.is_none()) {
                negative = Some(false);
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix('(').filter(|_| negative.is_none()) {
                (negative, parenthesis) = (Some(true), true);
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix(signs.currency).filter(|_| !currency) {
                currency = true;
                rest = tail;
            } else {
                break;
            }
            rest = rest.trim_start_matches(BLANKS);
        }
        if let Some(number) = radix(rest, negative, parenthesis) {
            return number;
        }
        let (mut number, mut rest) = Self::digits(rest, signs)?;
        loop {
            rest = rest.trim_start_matches(BLANKS);
            if let Some(tail) = rest.strip_prefix(')').filter(|_| parenthesis) {
                parenthesis = false;
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix('-').filter(|_| negative.is_none()) {
                negative = Some(true);
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix('+').filter(|_| negative.is_none()) {
                negative = Some(false);
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix(signs.currency).filter(|_| !currency) {
                currency = true;
                rest = tail;
            } else {
                break;
            }
        }
        if parenthesis || !rest.is_empty() {
            return None;
        }
        number.negative = negative.unwrap_or(false);
        Some(number)
    }

    /// Digits, group signs, decimal sign, exponent; what follows.
    fn digits(text: &str, signs: Signs) -> Option<(Self, &str)> {
        let mut number = Self {
            negative: false,
            mantissa: 0,
            exponent: 0,
            sticky: false,
            scientific: false,
        };
        let (mut seen, mut point) = (false, false);
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let tail = rest.get(c.len_utf8()..).unwrap_or_default();
            if let Some(digit) = c.to_digit(10) {
                seen = true;
                number.push(digit, point);
            } else if c == signs.decimal && !point {
                point = true;
            } else if signs.is_group(c)
                && seen
                && !point
                && tail.starts_with(|c: char| c.is_ascii_digit())
            {
                // between digits of the integer part
            } else {
                break;
            }
            rest = tail;
        }
        if !seen {
            return None;
        }
        if let Some(tail) = rest.strip_prefix(['e', 'E', 'd', 'D'])
            && let Some((exponent, tail)) = exponent(tail)
        {
            number.exponent = number.exponent.saturating_add(exponent);
            number.scientific = true;
            rest = tail;
        }
        Some((number, rest))
    }

    fn push(&mut self, digit: u32, fraction: bool) {
        let next = self
            .mantissa
            .checked_mul(10)
            .map(|m| m + u128::from(digit))
            .filter(|&m| m < POW10[38].unsigned_abs());
        match next {
            Some(mantissa) => {
                self.mantissa = mantissa;
                self.exponent -= i32::from(fraction);
            }
            None => {
                self.sticky |= digit != 0;
                self.exponent = self.exponent.saturating_add(i32::from(!fraction));
            }
        }
    }

    /// Whether the text had an exponent.
    pub(crate) const fn is_scientific(self) -> bool {
        self.scientific
    }

    /// Whether it is zero.
    pub(crate) const fn is_zero(self) -> bool {
        self.mantissa == 0 && !self.sticky
    }

    /// [R-INT-TEXT] The nearest integer, half to even; `None` beyond 128 bits.
    pub(crate) fn to_integer(self) -> Option<i128> {
        self.scaled_half_even(0)
    }

    /// The unscaled value at a scale, rounded half to even.
    pub(crate) fn scaled_half_even(self, scale: u8) -> Option<i128> {
        let (quotient, rest, divisor) = self.scaled(scale)?;
        let twice = rest.checked_mul(2)?;
        let up = match twice.cmp(&divisor) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => self.sticky || quotient % 2 == 1,
            std::cmp::Ordering::Less => false,
        };
        self.signed(quotient + u128::from(up))
    }

    /// [R-SCALE-TEXT] The unscaled value at a scale, further digits cut.
    pub(crate) fn scaled_cut(self, scale: u8) -> Option<i128> {
        let (quotient, ..) = self.scaled(scale)?;
        self.signed(quotient)
    }

    fn signed(self, size: u128) -> Option<i128> {
        let value = i128::try_from(size).ok()?;
        Some(if self.negative { -value } else { value })
    }

    /// Quotient, rest and divisor of the value at a scale.
    fn scaled(self, scale: u8) -> Option<(u128, u128, u128)> {
        if self.mantissa == 0 {
            return Some((0, 0, 1));
        }
        let shift = self.exponent.saturating_add(i32::from(scale));
        let power = pow10(shift.unsigned_abs()).map(i128::unsigned_abs);
        if shift >= 0 {
            // dropped digits would become visible
            if self.sticky && shift > 0 {
                return None;
            }
            return Some((self.mantissa.checked_mul(power?)?, 0, 1));
        }
        Some(match power {
            Some(divisor) => (self.mantissa / divisor, self.mantissa % divisor, divisor),
            // below the last digit, and below its half
            None => (0, 0, 1),
        })
    }

    /// The nearest double; infinite where it overflows.
    pub(crate) fn to_f64(self) -> f64 {
        self.to_float().unwrap_or(f64::NAN)
    }

    /// The nearest single; infinite where it overflows.
    pub(crate) fn to_f32(self) -> f32 {
        self.to_float().unwrap_or(f32::NAN)
    }

    fn to_float<F: std::str::FromStr>(self) -> Option<F> {
        use std::io::Write;
        let mut buffer = [0u8; 64];
        let mut rest: &mut [u8] = &mut buffer;
        let sign = if self.negative { "-" } else { "" };
        // a digit below the last decides a tie
        let sticky = if self.sticky { "1" } else { "" };
        let exponent = self.exponent - i32::from(self.sticky);
        write!(rest, "{sign}{}{sticky}e{exponent}", self.mantissa).ok()?;
        let free = rest.len();
        std::str::from_utf8(buffer.get(..64 - free)?)
            .ok()?
            .parse()
            .ok()
    }
}

/// The exponent after its letter, and what follows.
fn exponent(text: &str) -> Option<(i32, &str)> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (number, tail) = digits.split_at_checked(count).filter(|_| count > 0)?;
    let value = number.parse().unwrap_or(MAX_EXPONENT).min(MAX_EXPONENT);
    Some((if negative { -value } else { value }, tail))
}

/// `&H…` and `&O…`: `None` for other texts.
fn radix(text: &str, negative: Option<bool>, parenthesis: bool) -> Option<Option<Number>> {
    let (letter, digits) = text.strip_prefix('&')?.split_at_checked(1)?;
    let radix = match letter {
        "H" | "h" => 16,
        "O" | "o" => 8,
        _ => return Some(None),
    };
    if parenthesis || digits.starts_with('+') {
        return Some(None);
    }
    Some(u64::from_str_radix(digits, radix).ok().map(|value| Number {
        negative: negative.unwrap_or(false),
        mantissa: u128::from(value),
        exponent: 0,
        sticky: false,
        scientific: false,
    }))
}

/// A text of plain ASCII digits with an optional minus, up to 18 of them: nearly every cell.
#[inline]
pub(crate) fn simple_integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0i64;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// Plain digits with one decimal sign (`decimal`), up to 18 digits, at a scale: further digits
/// are cut. The caller checks the precision.
#[inline]
pub(crate) fn simple_decimal(text: &[u8], decimal: u8, scale: u8) -> Option<i128> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 19 {
        return None;
    }
    let (mut value, mut count, mut fraction, mut point) = (0u64, 0u8, 0u8, 0u8);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            count += 1;
            fraction += point;
        } else if byte == decimal && point == 0 {
            point = 1;
        } else {
            return None;
        }
    }
    if count == 0 || count > 18 {
        return None;
    }
    let value = if fraction == scale {
        i128::from(value)
    } else if fraction > scale {
        // at most 18 digits, so the power fits
        let power = u64::try_from(*POW10.get(usize::from(fraction - scale))?).ok()?;
        i128::from(value / power)
    } else {
        i128::from(value).checked_mul(*POW10.get(usize::from(scale - fraction))?)?
    };
    Some(if negative { -value } else { value })
}

/// Plain digits with at most one decimal sign, up to 15 digits, as the nearest double: nearly
/// every cell. Exact, for both the digits and the power of ten (at most 10¹⁵) are doubles, and
/// one division rounds once.
#[inline]
pub(crate) fn simple_double(text: &[u8], decimal: u8) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 16 {
        return None;
    }
    let (mut value, mut count, mut fraction, mut point) = (0u64, 0usize, 0usize, 0usize);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + u64::from(digit);
            count += 1;
            fraction += point;
        } else if byte == decimal && point == 0 {
            point = 1;
        } else {
            return None;
        }
    }
    if count == 0 || count > 15 {
        return None;
    }
    let value = value as f64 / TENS.get(fraction)?;
    Some(if negative { -value } else { value })
}

/// Powers of ten that are doubles.
const TENS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// Fast parse: `[blank/tab]*[+-]?[0-9]+[blank/tab]*`; all blank is 0.
pub(crate) fn fast_integer(text: &[u8]) -> Result<i128, Status> {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let start = text.iter().position(|b| !blank(b)).unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|b| !blank(b))
        .map_or(start, |e| e + 1);
    let text = text.get(start..end).unwrap_or_default();
    let (negative, digits) = match text {
        [] => return Ok(0),
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Status::CannotConvert);
    }
    let significant = digits
        .iter()
        .position(|&b| b != b'0')
        .unwrap_or(digits.len());
    let (value, _) = decimal::parse(
        digits
            .get(significant..)
            .filter(|d| !d.is_empty())
            .unwrap_or(b"0"),
    )
    .ok_or(Status::Overflow)?;
    Ok(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str, lcid: i32) -> Option<Number> {
        Number::parse(text, Signs::new(&Locale::from_lcid(lcid).unwrap()))
    }

    fn integer(text: &str) -> Option<i128> {
        number(text, 1033)?.to_integer()
    }

    #[test]
    fn standard_forms() {
        assert_eq!(integer(" 1,234 "), Some(1234));
        assert_eq!(integer("(5)"), Some(-5));
        assert_eq!(integer("$ 7"), Some(7));
        assert_eq!(integer("-$7"), Some(-7));
        assert_eq!(integer("7-"), Some(-7));
        assert_eq!(integer("&HFF"), Some(255));
        assert_eq!(integer("1.5E2"), Some(150));
        assert_eq!(integer("2.5"), Some(2));
        assert_eq!(integer("3.57"), Some(4));
        assert_eq!(integer("-0.5"), Some(0));
        for wrong in [
            "", " ", "abc", "1 2", "1..2", "--1", "(1", "1)", "1e", "0x10", "&HG", ".",
        ] {
            assert_eq!(integer(wrong), None, "{wrong}");
        }
        let value = |text, lcid| number(text, lcid)?.scaled_cut(2);
        assert_eq!(value("1.234,56", 1031), Some(123_456));
        assert_eq!(value("1\u{a0}234,56", 1036), Some(123_456));
        assert_eq!(value("1 234,56", 1029), Some(123_456));
        assert_eq!(value("1'234.56", 2055), Some(123_456));
        assert_eq!(value("1.5 €", 1033), None);
        assert_eq!(value("1,5 €", 1031), Some(150));
    }

    #[test]
    fn long_numbers() {
        let nines = "9".repeat(38);
        assert_eq!(integer(&nines), Some(POW10[38] - 1));
        assert_eq!(integer(&format!("{nines}9")), None);
        assert_eq!(
            number(&format!("0.{}", "3".repeat(60)), 1033)
                .unwrap()
                .scaled_cut(4),
            Some(3333)
        );
        assert_eq!(number("1e400", 1033).unwrap().to_f64(), f64::INFINITY);
        assert_eq!(number("1e-400", 1033).unwrap().to_integer(), Some(0));
        assert_eq!(number("0.1", 1033).unwrap().to_f64(), 0.1);
        assert_eq!(number("1e999999999999", 1033).unwrap().to_integer(), None);
        assert!(number(&"0".repeat(1000), 1033).unwrap().is_zero());
    }

    #[test]
    fn fast_forms() {
        assert_eq!(fast_integer(b" \t+12 "), Ok(12));
        assert_eq!(fast_integer(b"  "), Ok(0));
        assert_eq!(fast_integer(b"-0012"), Ok(-12));
        for wrong in ["1.0", "$1", "1e2", "0x1", "1\r\n", "\u{a0}1", "1 2", "+"] {
            assert_eq!(fast_integer(wrong.as_bytes()), Err(Status::CannotConvert));
        }
    }

    #[test]
    fn simple_forms() {
        assert_eq!(simple_integer(b"-12"), Some(-12));
        assert_eq!(simple_integer(b"+12"), None);
        assert_eq!(simple_integer(b""), None);
        assert_eq!(simple_decimal(b"-.5", b'.', 2), Some(-50));
        assert_eq!(simple_decimal(b"12.345", b'.', 2), Some(1234));
        assert_eq!(simple_decimal(b"12,3", b',', 2), Some(1230));
        assert_eq!(simple_decimal(b".", b'.', 2), None);
        for text in [
            "0.1",
            "-12.5",
            "123456789012345",
            "0.000001234567",
            "-0",
            ".5",
            "7.",
        ] {
            let read = simple_double(text.as_bytes(), b'.').unwrap();
            assert_eq!(
                read.to_bits(),
                text.parse::<f64>().unwrap().to_bits(),
                "{text}"
            );
        }
        for other in [
            "",
            "-",
            ".",
            "1e5",
            "+1",
            "1234567890123456",
            "1,5",
            "1.2.3",
        ] {
            assert_eq!(simple_double(other.as_bytes(), b'.'), None, "{other}");
        }
    }
}
