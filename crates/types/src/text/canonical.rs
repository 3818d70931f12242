//! Whether texts are exactly what the formatter would write, so that they may be copied.

use super::{CellSource, Cells, ColumnFormatter, ColumnParser, EmptyText, parse::Kept};
use crate::data_type::DataType;

impl ColumnParser {
    /// Whether every cell is NULL or exactly what [`ColumnFormatter`] writes for its value,
    /// and no cell fails.
    pub fn is_canonical(&self, cells: Cells<'_>) -> bool {
        use DataType as D;
        match self.column_type().data_type {
            D::I1 => all(cells, |t| integer(t, &[127, 128])),
            D::I2 => all(cells, |t| integer(t, &[32_767, 32_768])),
            D::I4 => all(cells, |t| integer(t, &[2_147_483_647, 2_147_483_648])),
            D::I8 => all(cells, |t| {
                integer(t, &[i64::MAX.unsigned_abs(), i64::MIN.unsigned_abs()])
            }),
            D::Ui1 => all(cells, |t| integer(t, &[255, 0])),
            D::Ui2 => all(cells, |t| integer(t, &[65_535, 0])),
            D::Ui4 => all(cells, |t| integer(t, &[4_294_967_295, 0])),
            D::Ui8 => all(cells, |t| integer(t, &[u64::MAX, 0])),
            // the formatter writes a point whatever the locale
            D::Numeric if self.decimal_sign() == '.' => {
                let column = self.column_type();
                let (precision, scale) = (column.precision.clamp(1, 38), column.scale);
                all(cells, |t| {
                    numeric(t, usize::from(precision), usize::from(scale))
                })
            }
            D::Bool => all(cells, |t| matches!(t, b"True" | b"False")),
            D::DbDate => all(cells, |t| super::date::iso_date(t).is_some()),
            D::Str | D::WStr | D::Text | D::NText => self.texts_are_canonical(cells),
            _ => self.by_formatting(cells),
        }
    }

    fn texts_are_canonical(&self, cells: Cells<'_>) -> bool {
        let retained = self.empty() != EmptyText::Null;
        let ascii = self.page().is_none_or(crate::CodePage::ascii_compatible);
        let limit = if self.column_type().data_type.is_lob() {
            usize::MAX
        } else {
            self.column_type().length as usize
        };
        if cells.plain && ascii {
            return all(cells, |t| t.len() <= limit && (retained || !t.is_empty()));
        }
        all(cells, |t| {
            let plain = ascii && t.len() <= limit && t.is_ascii();
            (retained || !t.is_empty())
                && (plain && memchr::memchr(0, t).is_none() || self.unchanged(t))
        })
    }

    fn unchanged(&self, text: &[u8]) -> bool {
        match self.text(text) {
            (Kept::Same(kept), None) => kept.len() == text.len(),
            _ => false,
        }
    }

    /// Parses, formats and compares: right for every type.
    fn by_formatting(&self, cells: Cells<'_>) -> bool {
        let parsed = self.parse_batch(cells);
        if !parsed.errors.is_empty() {
            return false;
        }
        let formatter = ColumnFormatter::bind(self.column_type(), self.locale());
        let writer = formatter.writer(&parsed.array);
        let mut text = Vec::with_capacity(64);
        (0..cells.rows()).all(|row| {
            text.clear();
            writer.append(row, &mut text);
            cells.cell(row).unwrap_or_default() == text
        })
    }
}

/// Whether a test holds for every cell that is not NULL.
#[inline]
fn all(cells: Cells<'_>, test: impl Fn(&[u8]) -> bool) -> bool {
    (0..cells.rows()).all(|row| cells.cell(row).is_none_or(&test))
}

/// No sign but a minus, no leading zero, not minus zero, within the range (largest value,
/// size of the smallest).
#[inline]
fn integer(text: &[u8], &[max, min]: &[u64; 2]) -> bool {
    let (limit, digits) = match text {
        [b'-', digits @ ..] => (min, digits),
        digits => (max, digits),
    };
    match digits {
        [] => false,
        [b'0'] => text.len() == 1,
        [b'0', ..] => false,
        _ if digits.len() > 20 => false,
        _ => {
            let mut value = 0u64;
            for &byte in digits {
                let digit = byte.wrapping_sub(b'0');
                if digit > 9 {
                    return false;
                }
                let next = value
                    .checked_mul(10)
                    .and_then(|v| v.checked_add(u64::from(digit)));
                match next {
                    Some(next) => value = next,
                    None => return false,
                }
            }
            value <= limit
        }
    }
}

/// Exactly `scale` digits after a point, no zero before a point that stands first, not minus
/// zero, within the precision.
#[inline]
fn numeric(text: &[u8], precision: usize, scale: usize) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, fraction) = if scale == 0 {
        (digits, &[][..])
    } else {
        let Some(at) = digits.len().checked_sub(scale + 1) else {
            return false;
        };
        let Some((whole, [b'.', fraction @ ..])) = digits.split_at_checked(at) else {
            return false;
        };
        (whole, fraction)
    };
    let zero = scale == 0 && whole == b"0" && text.len() == 1;
    let leading = match whole {
        [] => scale > 0,
        [first, ..] => *first != b'0' || zero,
    };
    let all_digits = whole.iter().chain(fraction).all(u8::is_ascii_digit);
    let negative_zero =
        text.len() != digits.len() && whole.iter().chain(fraction).all(|&b| b == b'0');
    leading
        && all_digits
        && !negative_zero
        && whole.len() <= precision.saturating_sub(scale).max(usize::from(zero))
}
