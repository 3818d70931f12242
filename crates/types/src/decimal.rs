//! Decimal arithmetic on unscaled `i128` values: SSIS's result types, overflow, rounding.
//!
//! A value is an integer and a scale; a type is precision (1 to 38) and scale. Intermediate
//! results that leave `i128` are computed in 256 bits. Result types: the expression
//! reference, 8.

use arrow::datatypes::i256;

/// The most digits of `DT_NUMERIC`.
pub const MAX_PRECISION: u8 = 38;

/// The largest unscaled value of `DT_DECIMAL`: 2⁹⁶ − 1.
pub const MAX_DECIMAL: i128 = (1 << 96) - 1;

/// 10 to the power of 0 to 38.
pub const POW10: [i128; 39] = {
    let mut powers = [1i128; 39];
    let mut n = 1;
    while n < 39 {
        powers[n] = powers[n - 1] * 10;
        n += 1;
    }
    powers
};

/// 10 to the power of `n`; `None` above 38.
#[inline]
pub fn pow10(n: u32) -> Option<i128> {
    POW10.get(n as usize).copied()
}

/// Precision and scale of a `DT_NUMERIC`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumericType {
    /// All digits, 1 to 38.
    pub precision: u8,
    /// Digits after the point, 0 to precision.
    pub scale: u8,
}

impl NumericType {
    /// Precision and scale.
    pub const fn new(precision: u8, scale: u8) -> Self {
        Self { precision, scale }
    }

    /// Digits before the point.
    pub const fn integer_digits(self) -> u8 {
        self.precision.saturating_sub(self.scale)
    }
}

/// The type of a sum or difference: `max(i) + max(s) + 1` digits, reduced. [R-NUM-ADD]
pub fn add_type(a: NumericType, b: NumericType) -> NumericType {
    let scale = a.scale.max(b.scale);
    let integer = a.integer_digits().max(b.integer_digits());
    let precision = u16::from(integer) + u16::from(scale) + 1;
    if precision <= u16::from(MAX_PRECISION) {
        return NumericType::new(integer + scale + 1, scale);
    }
    NumericType::new(
        MAX_PRECISION,
        scale.min(MAX_PRECISION.saturating_sub(integer)),
    )
}

/// The type of a product: `p1 + p2 + 1` digits, `s1 + s2` of them after the point, reduced.
pub fn multiply_type(a: NumericType, b: NumericType) -> NumericType {
    reduce(
        u16::from(a.precision) + u16::from(b.precision) + 1,
        u16::from(a.scale) + u16::from(b.scale),
    )
}

/// The type of a quotient: scale `max(6, s1 + p2 + 1)`, reduced. [R-NUM-DIV]
pub fn divide_type(a: NumericType, b: NumericType) -> NumericType {
    let (precision, scale) = unreduced_quotient(a, b);
    reduce(precision, scale)
}

fn unreduced_quotient(a: NumericType, b: NumericType) -> (u16, u16) {
    let scale = (u16::from(a.scale) + u16::from(b.precision) + 1).max(6);
    let precision = u16::from(a.precision.saturating_sub(a.scale)) + u16::from(b.scale) + scale;
    (precision, scale)
}

/// The type that holds both operands of `? :` and of comparisons.
pub fn common_type(a: NumericType, b: NumericType) -> NumericType {
    let scale = a.scale.max(b.scale);
    let integer = a.integer_digits().max(b.integer_digits());
    let precision = (u16::from(integer) + u16::from(scale)).clamp(1, u16::from(MAX_PRECISION));
    NumericType::new(precision as u8, scale)
}

/// T-SQL's reduction of products and quotients to 38 digits.
fn reduce(precision: u16, scale: u16) -> NumericType {
    let max = u16::from(MAX_PRECISION);
    if precision <= max {
        return NumericType::new(precision as u8, scale.min(precision) as u8);
    }
    let integer = precision.saturating_sub(scale);
    let scale = if integer <= 32 {
        scale.min(max - integer)
    } else {
        scale.min(6)
    };
    NumericType::new(MAX_PRECISION, scale as u8)
}

/// Whether a value has at most so many digits.
#[inline]
pub fn fits(value: i128, precision: u8) -> bool {
    POW10
        .get(usize::from(precision))
        .is_none_or(|limit| value.unsigned_abs() < limit.unsigned_abs())
}

fn fitting(value: i128, result: NumericType) -> Option<i128> {
    fits(value, result.precision.min(MAX_PRECISION)).then_some(value)
}

fn fitting_wide(value: i256, result: NumericType) -> Option<i128> {
    value.to_i128().and_then(|v| fitting(v, result))
}

/// `a + b`; `None` where the result does not fit.
pub fn add(a: i128, a_scale: u8, b: i128, b_scale: u8, result: NumericType) -> Option<i128> {
    let scale = a_scale.max(b_scale);
    let narrow = || {
        let a = a.checked_mul(pow10(u32::from(scale - a_scale))?)?;
        let b = b.checked_mul(pow10(u32::from(scale - b_scale))?)?;
        a.checked_add(b)
    };
    if let Some(sum) = narrow() {
        return fitting(round_to(sum, scale, result.scale)?, result);
    }
    let a = wide_scaled(a, scale - a_scale)?;
    let b = wide_scaled(b, scale - b_scale)?;
    let sum = a.checked_add(b)?;
    fitting_wide(wide_round(sum, scale.checked_sub(result.scale)?)?, result)
}

/// `a - b`; `None` where the result does not fit.
pub fn subtract(a: i128, a_scale: u8, b: i128, b_scale: u8, result: NumericType) -> Option<i128> {
    add(a, a_scale, b.checked_neg()?, b_scale, result)
}

/// `a * b`, rounded half away from zero where the type's scale is smaller; `None` where the
/// result does not fit.
pub fn multiply(a: i128, a_scale: u8, b: i128, b_scale: u8, result: NumericType) -> Option<i128> {
    let scale = u32::from(a_scale) + u32::from(b_scale);
    let drop = scale.checked_sub(u32::from(result.scale));
    if let (Some(product), Some(drop)) = (a.checked_mul(b), drop) {
        if drop == 0 {
            return fitting(product, result);
        }
        if let Some(divisor) = pow10(drop) {
            return fitting(divide_half_away(product, divisor), result);
        }
    }
    let product = i256::from_i128(a).checked_mul(i256::from_i128(b))?;
    let value = match drop {
        Some(drop) => wide_round(product, u8::try_from(drop).ok()?)?,
        None => product.checked_mul(i256::from_i128(pow10(u32::from(result.scale) - scale)?))?,
    };
    fitting_wide(value, result)
}

/// `a / b` at the scale of `result`. Digits past the unreduced scale are cut; a type reduced
/// to 38 digits rounds half away from zero [R-NUM-REDUCE]. `None` for division by zero and
/// where the result does not fit.
pub fn divide(
    a: i128,
    a_type: NumericType,
    b: i128,
    b_type: NumericType,
    result: NumericType,
) -> Option<i128> {
    if b == 0 {
        return None;
    }
    let (_, scale) = unreduced_quotient(a_type, b_type);
    let rounds = scale > u16::from(result.scale);
    let wanted = i32::from(result.scale) + i32::from(rounds);
    let exponent = wanted - i32::from(a_type.scale) + i32::from(b_type.scale);
    let quotient = quotient(a, b, exponent)?;
    if !rounds {
        return fitting_wide(quotient, result);
    }
    fitting_wide(wide_round(quotient, 1)?, result)
}

/// `a * 10^exponent / b`, cut.
fn quotient(a: i128, b: i128, exponent: i32) -> Option<i256> {
    if exponent < 0 {
        let divisor = i256::from_i128(b).checked_mul(wide_pow10(exponent.unsigned_abs())?)?;
        return i256::from_i128(a).checked_div(divisor);
    }
    let exponent = exponent.unsigned_abs();
    if let Some(dividend) = pow10(exponent).and_then(|p| a.checked_mul(p)) {
        return Some(i256::from_i128(dividend.checked_div(b)?));
    }
    let (wide_b, ten) = (i256::from_i128(b), i256::from_i128(10));
    let mut value = i256::from_i128(a.checked_div(b)?);
    let mut rest = i256::from_i128(a.checked_rem(b)?);
    for _ in 0..exponent {
        rest = rest.checked_mul(ten)?;
        value = value
            .checked_mul(ten)?
            .checked_add(rest.checked_div(wide_b)?)?;
        rest = rest.checked_rem(wide_b)?;
    }
    Some(value)
}

/// `a % b` at the larger scale of both, with the sign of `a`; `None` for zero and overflow.
pub fn remainder(a: i128, a_scale: u8, b: i128, b_scale: u8) -> Option<i128> {
    let scale = a_scale.max(b_scale);
    let a = wide_scaled(a, scale - a_scale)?;
    let b = wide_scaled(b, scale - b_scale)?;
    a.checked_rem(b)?.to_i128()
}

/// Compares two values of different scales.
pub fn compare(a: i128, a_scale: u8, b: i128, b_scale: u8) -> std::cmp::Ordering {
    if a_scale == b_scale {
        return a.cmp(&b);
    }
    let scale = a_scale.max(b_scale);
    // 38 digits with 38 more stay within 256 bits
    match (
        wide_scaled(a, scale - a_scale),
        wide_scaled(b, scale - b_scale),
    ) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.cmp(&b),
    }
}

fn wide_pow10(n: u32) -> Option<i256> {
    match pow10(n) {
        Some(power) => Some(i256::from_i128(power)),
        None => i256::from_i128(POW10[38]).checked_mul(i256::from_i128(pow10(n - 38)?)),
    }
}

fn wide_scaled(value: i128, digits: u8) -> Option<i256> {
    i256::from_i128(value).checked_mul(wide_pow10(u32::from(digits))?)
}

fn wide_round(value: i256, digits: u8) -> Option<i256> {
    if digits == 0 {
        return Some(value);
    }
    let divisor = wide_pow10(u32::from(digits))?;
    let quotient = value.checked_div(divisor)?;
    let rest = value.checked_rem(divisor)?;
    let twice = rest.checked_mul(i256::from_i128(2))?;
    let one = i256::from_i128(1);
    if twice >= divisor {
        quotient.checked_add(one)
    } else if twice <= i256::from_i128(0).checked_sub(divisor)? {
        quotient.checked_sub(one)
    } else {
        Some(quotient)
    }
}

fn divide_half_away(value: i128, divisor: i128) -> i128 {
    let quotient = value / divisor;
    let rest = (value % divisor).unsigned_abs();
    // rest < divisor ≤ 10^38, so its double fits
    if rest * 2 >= divisor.unsigned_abs() {
        quotient + value.signum()
    } else {
        quotient
    }
}

fn round_to(value: i128, from: u8, to: u8) -> Option<i128> {
    rescale_half_away(value, from, to)
}

/// Another scale; digits that fall away are rounded half away from zero (arithmetic,
/// `ROUND()`). `None` where the value leaves 128 bits.
pub fn rescale_half_away(value: i128, from: u8, to: u8) -> Option<i128> {
    match from.checked_sub(to) {
        Some(0) => Some(value),
        Some(digits) => Some(pow10(u32::from(digits)).map_or(0, |d| divide_half_away(value, d))),
        None => value.checked_mul(pow10(u32::from(to - from))?),
    }
}

/// Another scale; digits that fall away are cut. `None` where the value leaves 128 bits.
#[inline]
pub fn rescale_cut(value: i128, from: u8, to: u8) -> Option<i128> {
    match from.checked_sub(to) {
        Some(0) => Some(value),
        Some(digits) => Some(pow10(u32::from(digits)).map_or(0, |d| divide_cut(value, d))),
        None => value.checked_mul(pow10(u32::from(to - from))?),
    }
}

#[inline]
fn divide_cut(value: i128, divisor: i128) -> i128 {
    match (i64::try_from(value), i64::try_from(divisor)) {
        (Ok(value), Ok(divisor)) => i128::from(value / divisor),
        _ => value / divisor,
    }
}

/// Another scale; digits that fall away are rounded half to even. `None` where the value
/// leaves 128 bits.
#[inline]
pub fn rescale_half_even(value: i128, from: u8, to: u8) -> Option<i128> {
    let Some(digits) = from.checked_sub(to) else {
        return value.checked_mul(pow10(u32::from(to - from))?);
    };
    if digits == 0 {
        return Some(value);
    }
    let Some(divisor) = pow10(u32::from(digits)) else {
        return Some(0);
    };
    let quotient = value / divisor;
    let rest = (value % divisor).unsigned_abs() * 2;
    let up = match rest.cmp(&divisor.unsigned_abs()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
        std::cmp::Ordering::Less => false,
    };
    Some(if up {
        quotient + value.signum()
    } else {
        quotient
    })
}

/// The nearest `f64` of a value, ties to even.
pub fn to_f64(value: i128, scale: u8) -> f64 {
    // exact when both parts are exact in a double: one correctly rounded division
    if scale <= 22 && value.unsigned_abs() <= 1 << 53 {
        let power = POW10.get(usize::from(scale)).copied().unwrap_or(1);
        return value as f64 / power as f64;
    }
    let mut text = Vec::with_capacity(48);
    format(value, scale, true, &mut text);
    std::str::from_utf8(&text)
        .ok()
        .and_then(|t| t.parse().ok())
        .unwrap_or(f64::NAN)
}

/// The nearest `f32` of a value, ties to even.
pub fn to_f32(value: i128, scale: u8) -> f32 {
    if scale <= 10 && value.unsigned_abs() <= 1 << 24 {
        let power = POW10.get(usize::from(scale)).copied().unwrap_or(1);
        return value as f32 / power as f32;
    }
    let mut text = Vec::with_capacity(48);
    format(value, scale, true, &mut text);
    std::str::from_utf8(&text)
        .ok()
        .and_then(|t| t.parse().ok())
        .unwrap_or(f32::NAN)
}

/// Writes a value with exactly `scale` digits after a point, without a point at scale 0.
/// `leading_zero`: whether a value below one has a zero before the point (`DT_DECIMAL`) or
/// not (`DT_NUMERIC`).
#[inline]
pub fn format(value: i128, scale: u8, leading_zero: bool, out: &mut Vec<u8>) {
    let mut buffer = itoa::Buffer::new();
    let magnitude = value.unsigned_abs();
    let digits = match u64::try_from(magnitude) {
        Ok(small) => buffer.format(small).as_bytes(),
        Err(_) => buffer.format(magnitude).as_bytes(),
    };
    if value < 0 {
        out.push(b'-');
    }
    let scale = usize::from(scale);
    if scale == 0 {
        out.extend_from_slice(digits);
    } else if let Some((integer, fraction)) = digits
        .len()
        .checked_sub(scale)
        .filter(|&n| n > 0)
        .and_then(|n| digits.split_at_checked(n))
    {
        out.extend_from_slice(integer);
        out.push(b'.');
        out.extend_from_slice(fraction);
    } else if magnitude == 0 {
        write_below_one(&[], scale, leading_zero, out);
    } else {
        write_below_one(digits, scale, leading_zero, out);
    }
}

fn write_below_one(digits: &[u8], scale: usize, leading_zero: bool, out: &mut Vec<u8>) {
    if leading_zero {
        out.push(b'0');
    }
    out.push(b'.');
    out.resize(out.len() + scale.saturating_sub(digits.len()), b'0');
    out.extend_from_slice(digits);
}

/// Reads plain decimal text (`-12.34`, `.5`, `6.`): the unscaled value and the digits after
/// the point. `None` for anything else and beyond 38 digits.
pub fn parse(text: &[u8]) -> Option<(i128, u8)> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (mut value, mut scale, mut count, mut point) = (0i128, 0u8, 0usize, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value
                    .checked_mul(10)?
                    .checked_add(i128::from(byte - b'0'))?;
                count += 1;
                if point {
                    scale = scale.checked_add(1).filter(|&s| s <= MAX_PRECISION)?;
                }
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if count == 0 || !fits(value, MAX_PRECISION) {
        return None;
    }
    Some((if negative { -value } else { value }, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn n(precision: u8, scale: u8) -> NumericType {
        NumericType::new(precision, scale)
    }

    fn text(value: i128, scale: u8) -> String {
        let mut out = Vec::new();
        format(value, scale, false, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// Saved metadata of real packages: expressions 8.
    #[test]
    fn result_types() {
        assert_eq!(multiply_type(n(5, 0), n(19, 4)), n(25, 4));
        assert_eq!(multiply_type(n(10, 0), n(19, 4)), n(30, 4));
        assert_eq!(multiply_type(n(19, 4), n(3, 2)), n(23, 6));
        assert_eq!(multiply_type(n(30, 17), n(9, 8)), n(38, 23));
        assert_eq!(add_type(n(18, 2), n(9, 4)), n(21, 4));
        assert_eq!(add_type(n(38, 0), n(38, 38)), n(38, 0));
        assert_eq!(divide_type(n(18, 2), n(9, 4)), n(32, 12));
        assert_eq!(common_type(n(18, 2), n(10, 0)), n(18, 2));
    }

    #[test]
    fn arithmetic() {
        let t = add_type(n(10, 0), n(3, 2));
        assert_eq!(
            add(5, 0, 609, 2, t).map(|v| text(v, t.scale)),
            Some("11.09".into())
        );
        let t = add_type(n(10, 0), n(3, 2));
        assert_eq!(subtract(5, 0, 609, 2, t), Some(-109));
        let t = multiply_type(n(10, 0), n(3, 2));
        assert_eq!(multiply(5, 0, 609, 2, t), Some(3045));
        // 2.0 / 3.0 cuts at the scale of the type
        let t = divide_type(n(2, 1), n(2, 1));
        assert_eq!(t, n(8, 6));
        assert_eq!(divide(20, n(2, 1), 30, n(2, 1), t), Some(666_666));
        assert_eq!(divide(1, n(2, 1), 0, n(2, 1), t), None);
        assert_eq!(divide(-20, n(2, 1), 30, n(2, 1), t), Some(-666_666));
    }

    /// Near 38 digits: computed independently with Python's integers.
    #[test]
    fn wide_values() {
        let max = POW10[38] - 1;
        assert_eq!(add(max, 0, 1, 0, n(38, 0)), None);
        assert_eq!(add(max, 38, max, 0, n(38, 0)), None);
        assert_eq!(add(5, 1, 10, 0, n(38, 0)), Some(11));
        // 0.9…9 (38) + 1 rounds to 2 at scale 0
        assert_eq!(add(max, 38, 1, 0, n(38, 0)), Some(2));
        assert_eq!(multiply(max, 38, max, 38, n(38, 37)), Some(POW10[37]));
        assert_eq!(divide(max, n(38, 0), 3, n(38, 38), n(38, 6)), None);
        assert_eq!(
            divide(1, n(38, 0), max, n(38, 0), divide_type(n(38, 0), n(38, 0))),
            Some(0)
        );
    }

    #[test]
    fn scales() {
        assert_eq!(rescale_cut(1_234_567, 4, 2), Some(12_345));
        assert_eq!(rescale_cut(-1_234_567, 4, 2), Some(-12_345));
        assert_eq!(rescale_half_even(5, 1, 0), Some(0));
        assert_eq!(rescale_half_even(15, 1, 0), Some(2));
        assert_eq!(rescale_half_even(-25, 1, 0), Some(-2));
        assert_eq!(rescale_half_even(-26, 1, 0), Some(-3));
        assert_eq!(rescale_half_away(1_371_575, 4, 3), Some(137_158));
        assert_eq!(rescale_cut(1, 0, 39), None);
    }

    #[test]
    fn texts() {
        assert_eq!(text(20, 2), ".20");
        assert_eq!(text(-50, 2), "-.50");
        assert_eq!(text(0, 2), ".00");
        assert_eq!(text(5, 0), "5");
        assert_eq!(text(1234, 2), "12.34");
        assert_eq!(parse(b"-.50"), Some((-50, 2)));
        assert_eq!(parse(b"6."), Some((6, 0)));
        assert_eq!(parse(b"."), None);
        assert_eq!(parse(b"1e5"), None);
        assert_eq!(parse(&[b'9'; 39]), None);
        assert_eq!(to_f64(29, 2), 0.29);
        assert_eq!(to_f64(POW10[30], 30), 1.0);
    }
}
