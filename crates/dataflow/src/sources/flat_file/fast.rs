//! The fast way through files whose delimiters are one byte each: eight bytes a step.

use packmule_types::text::Span;

use super::scan::{Index, Scanner, span};

impl Scanner {
    /// How many whole rows a text has and where the last one ends, where the row delimiter alone
    /// tells rows apart: one-byte delimiters and no qualifier in sight. `None` also where no row
    /// ends.
    pub(super) fn count_rows(&self, text: &[u8]) -> Option<(usize, usize)> {
        self.fast?;
        let quote = self.qualifier.as_ref().and_then(|q| q.first().copied());
        let qualified = self.columns.iter().any(|c| c.qualified);
        if let Some(quote) = quote
            && qualified
            && memchr::memchr(quote, text).is_some()
        {
            return None;
        }
        let (rows, last) = match self.row.as_slice() {
            [one] => (
                memchr::memchr_iter(*one, text).count(),
                memchr::memrchr(*one, text)?,
            ),
            row => (
                memchr::memmem::find_iter(text, row).count(),
                memchr::memmem::rfind(text, row)?,
            ),
        };
        Some((rows, last + self.row.len()))
    }

    /// One-byte delimiters: eight bytes a step. Rows that hold a qualifier where a field begins
    /// are left to [`Self::scan_row`].
    pub(super) fn scan_fast(
        &self,
        text: &[u8],
        at_end: bool,
        delimiter: u8,
        index: &mut Index,
    ) -> usize {
        let row_last = self.row.last().copied().unwrap_or(b'\n');
        let crlf = self.row.len() == 2;
        let quote = self.qualifier.as_ref().and_then(|q| q.first().copied());
        let last = self.columns.len() - 1;
        let pattern_d = u64::from_ne_bytes([delimiter; 8]);
        let pattern_r = u64::from_ne_bytes([row_last; 8]);
        let mut row_start = 0;
        'rows: loop {
            // Invariant: a row begins at row_start and nothing of it is in the index.
            if self.is_quoted(text, row_start, 0, quote) {
                match self.one_exact_row(text, row_start, at_end, index) {
                    Some(next) => {
                        row_start = next;
                        continue;
                    }
                    None => return row_start,
                }
            }
            let mut column = 0;
            let mut field = row_start;
            let mut block = row_start;
            while block < text.len() {
                let mut hits = hits(text, block, pattern_d, pattern_r);
                while hits != 0 {
                    let at = block + (hits.trailing_zeros() / 8) as usize;
                    hits &= hits - 1;
                    if text[at] == delimiter {
                        if column == last {
                            continue; // surplus: part of the last column's text
                        }
                        index.fields.push(span(field, at));
                        column += 1;
                        field = at + 1;
                        if self.is_quoted(text, field, column, quote) {
                            index.fields.truncate(index.rows.len() * (last + 1));
                            match self.one_exact_row(text, row_start, at_end, index) {
                                Some(next) => {
                                    row_start = next;
                                    continue 'rows;
                                }
                                None => return row_start,
                            }
                        }
                        continue;
                    }
                    let mut end = at;
                    if crlf {
                        if at == field || text[at - 1] != b'\r' {
                            continue; // a line feed alone is text
                        }
                        end = at - 1;
                    }
                    index.fields.push(span(field, end));
                    for _ in column..last {
                        index.fields.push(Span::default());
                    }
                    index.rows.push(span(row_start, end));
                    row_start = at + 1;
                    column = 0;
                    field = row_start;
                    if self.is_quoted(text, field, 0, quote) {
                        continue 'rows;
                    }
                }
                block += 8;
            }
            index.fields.truncate(index.rows.len() * (last + 1));
            if at_end && row_start < text.len() {
                return self.scan_exact(text, row_start, usize::MAX, true, index);
            }
            return row_start;
        }
    }

    #[inline]
    fn is_quoted(&self, text: &[u8], at: usize, column: usize, quote: Option<u8>) -> bool {
        quote.is_some() && text.get(at).copied() == quote && self.columns[column].qualified
    }

    /// Takes one row exactly; `None` when it is not whole (or was dropped: then at the end).
    fn one_exact_row(
        &self,
        text: &[u8],
        from: usize,
        at_end: bool,
        index: &mut Index,
    ) -> Option<usize> {
        let next = self.scan_exact(text, from, 1, at_end, index);
        (next > from).then_some(next)
    }
}

/// One bit in the highest place of each of eight bytes that is one of two; bytes past the end
/// of the text are none.
#[inline]
fn hits(text: &[u8], at: usize, pattern_a: u64, pattern_b: u64) -> u64 {
    let word = match text
        .get(at..at + 8)
        .and_then(|w| <[u8; 8]>::try_from(w).ok())
    {
        Some(word) => u64::from_le_bytes(word),
        None => return tail_hits(text, at, pattern_a, pattern_b),
    };
    zero_bytes(word ^ pattern_a) | zero_bytes(word ^ pattern_b)
}

#[cold]
fn tail_hits(text: &[u8], at: usize, pattern_a: u64, pattern_b: u64) -> u64 {
    let mut word = [0u8; 8];
    let rest = text.get(at..).unwrap_or_default();
    let count = rest.len().min(8);
    word[..count].copy_from_slice(&rest[..count]);
    let word = u64::from_le_bytes(word);
    let mask = if count == 8 {
        u64::MAX
    } else {
        (1u64 << (count * 8)) - 1
    };
    (zero_bytes(word ^ pattern_a) | zero_bytes(word ^ pattern_b)) & mask
}

/// The highest bit of every byte that is zero, exactly.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    !(((word & LOW) + LOW) | word | LOW)
}
