//! Finds rows and fields in decoded text: exact for qualifiers, short rows, surplus delimiters,
//! delimiters of any length, fixed widths.
//!
//! Where every delimiter of a file is one byte (the row delimiter may be CR LF), eight bytes are
//! looked at in one step; everything else goes field by field with `memchr`.

use memchr::{memchr, memchr2};
use packmule_types::CodePage;
use packmule_types::text::Span;

/// How long a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// Up to a delimiter; the last column's is the row delimiter.
    Delimited(Vec<u8>),
    /// So many units: UTF-16 units of a Unicode file, else bytes of the code page.
    Fixed(u32),
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScanColumn {
    /// How long it is.
    pub extent: Extent,
    /// Whether it may stand in qualifiers.
    pub qualified: bool,
}

/// In what the width of a fixed column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// UTF-16 units.
    Utf16,
    /// Bytes of a code page.
    Page(CodePage),
}

/// The layout of a file as the scanner needs it.
#[derive(Debug, Clone)]
pub(super) struct Scanner {
    /// In the order of the file.
    pub(super) columns: Vec<ScanColumn>,
    /// Ends a row; empty when only widths do.
    pub(super) row: Vec<u8>,
    pub(super) qualifier: Option<Vec<u8>>,
    /// The row delimiter ends a row even before the last column.
    always_check: bool,
    unit: Unit,
    /// The one delimiter of all columns but the last, where the fast way is open.
    pub(super) fast: Option<u8>,
}

/// Why a field could not be delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Text stands between the closing qualifier and the delimiter.
    Delimiter,
    /// There is no closing qualifier.
    Qualifier,
}

/// A row whose fields could not all be delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FaultyRow {
    /// Row of the index.
    pub row: u32,
    /// Column of the file.
    pub column: u32,
    /// Why.
    pub fault: Fault,
}

/// Fields of whole rows, row by row.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Columns per row.
    pub columns: usize,
    /// `row * columns + column`. Missing columns are empty.
    pub fields: Vec<Span>,
    /// Each row's text without its delimiter.
    pub rows: Vec<Span>,
    /// Rows that could not be taken apart.
    pub faults: Vec<FaultyRow>,
    /// Unescaped texts; spans at or above the text's length point in here.
    pub extra: Vec<u8>,
    /// The text ended within a row.
    pub partial: bool,
}

/// How a row ended.
enum RowEnd {
    /// At this place the next row begins.
    At(usize),
    /// The text is too short to say.
    NeedsMore,
    /// The text ends within the row, and the row does not count.
    Dropped,
}

/// How a field ended.
enum FieldEnd {
    /// Its column's delimiter: the next field begins here.
    Field(Span, usize),
    /// The row's delimiter: the next row begins here.
    Row(Span, usize),
    /// The end of the file.
    File(Span),
    /// It could not be delimited; its text begins here.
    Faulty(Fault),
    /// The text is too short to say.
    NeedsMore,
}

pub(super) fn span(start: usize, end: usize) -> Span {
    Span {
        start: start as u32,
        len: (end - start) as u32,
    }
}

impl Scanner {
    /// Makes a scanner. `row` ends rows; the last delimited column's delimiter is replaced by it.
    pub(super) fn new(
        mut columns: Vec<ScanColumn>,
        row: Vec<u8>,
        qualifier: Option<Vec<u8>>,
        always_check: bool,
        unit: Unit,
    ) -> Self {
        if let Some(ScanColumn {
            extent: Extent::Delimited(delimiter),
            ..
        }) = columns.last_mut()
        {
            delimiter.clone_from(&row);
        }
        let qualifier = qualifier.filter(|q| !q.is_empty());
        let mut scanner = Self {
            columns,
            row,
            qualifier,
            always_check,
            unit,
            fast: None,
        };
        scanner.fast = scanner.fast_delimiter();
        scanner
    }

    /// Columns of the file.
    pub(super) fn column_count(&self) -> usize {
        self.columns.len()
    }

    fn fast_delimiter(&self) -> Option<u8> {
        let (_, others) = self.columns.split_last()?;
        let simple_row = self.row.len() == 1 || self.row == b"\r\n";
        let last = *self.row.last()?;
        let first = match others.first() {
            Some(column) => match &column.extent {
                Extent::Delimited(d) => *d.first()?,
                Extent::Fixed(_) => return None,
            },
            // One column: any byte that is not the row delimiter's does.
            None => last ^ 1,
        };
        let same = self
            .columns
            .iter()
            .take(others.len())
            .all(|c| matches!(&c.extent, Extent::Delimited(d) if d.as_slice() == [first]));
        let delimited = matches!(self.columns.last()?.extent, Extent::Delimited(_));
        let single_qualifier = self.qualifier.as_ref().is_none_or(|q| q.len() == 1);
        let distinct = first != last && !self.row.contains(&first);
        let checks = self.always_check || others.is_empty();
        let open = simple_row && same && delimited && single_qualifier && distinct && checks;
        (open && !others.is_empty()).then_some(first)
    }

    /// Finds the whole rows of a text. `at_end`: nothing follows the text. Gives the place where
    /// the first row begins that is not whole.
    pub(super) fn scan(&self, text: &[u8], at_end: bool, index: &mut Index) -> usize {
        index.columns = self.columns.len();
        if self.columns.is_empty() {
            return text.len();
        }
        match self.fast {
            Some(delimiter) => self.scan_fast(text, at_end, delimiter, index),
            None => self.scan_exact(text, 0, usize::MAX, at_end, index),
        }
    }

    /// Row by row, from a place on, at most so many rows.
    pub(super) fn scan_exact(
        &self,
        text: &[u8],
        from: usize,
        rows_max: usize,
        at_end: bool,
        index: &mut Index,
    ) -> usize {
        index.columns = self.columns.len();
        let mut at = from;
        let mut rows = 0;
        while at < text.len() && rows < rows_max {
            let kept = (index.fields.len(), index.rows.len(), index.faults.len());
            match self.scan_row(text, at, at_end, index) {
                RowEnd::At(next) => {
                    at = next;
                    rows += 1;
                }
                end => {
                    index.fields.truncate(kept.0);
                    index.rows.truncate(kept.1);
                    index.faults.truncate(kept.2);
                    if matches!(end, RowEnd::Dropped) {
                        index.partial = true;
                        at = text.len();
                    }
                    break;
                }
            }
        }
        at
    }

    fn scan_row(&self, text: &[u8], from: usize, at_end: bool, index: &mut Index) -> RowEnd {
        let mut at = from;
        for column in 0..self.columns.len() {
            match self.scan_field(text, at, column, at_end, &mut index.extra) {
                FieldEnd::Field(field, next) => {
                    index.fields.push(field);
                    at = next;
                }
                FieldEnd::Row(field, next) => {
                    index.fields.push(field);
                    let end = next - self.row.len();
                    return self.end_row(index, column, from, end, next);
                }
                FieldEnd::File(field) => {
                    let delimited = matches!(self.columns[column].extent, Extent::Delimited(_));
                    let whole = delimited && column + 1 == self.columns.len();
                    if !whole {
                        if !self.keeps_partial_row() {
                            return RowEnd::Dropped;
                        }
                        index.partial = true;
                    }
                    index.fields.push(field);
                    return self.end_row(index, column, from, text.len(), text.len());
                }
                FieldEnd::Faulty(fault) => {
                    let found = self.find_row_end(text, at, at_end);
                    let Some((end, next)) = found else {
                        return RowEnd::NeedsMore;
                    };
                    index.faults.push(FaultyRow {
                        row: index.rows.len() as u32,
                        column: column as u32,
                        fault,
                    });
                    index.fields.push(Span::default());
                    return self.end_row(index, column, from, end, next);
                }
                FieldEnd::NeedsMore => return RowEnd::NeedsMore,
            }
        }
        // Every column had its width: a row delimiter, if there is one, was a column.
        self.end_row(index, self.columns.len() - 1, from, at, at)
    }

    /// [data-flow 4.1, partial row] Whether a row counts that the end of the file cuts short
    /// before its last column: a delimited one when row delimiters are always looked for (the
    /// end of the file ends a row as a row delimiter does), else not.
    fn keeps_partial_row(&self) -> bool {
        let mut columns = self.columns.iter();
        self.always_check && columns.all(|c| matches!(c.extent, Extent::Delimited(_)))
    }

    fn end_row(
        &self,
        index: &mut Index,
        column: usize,
        from: usize,
        end: usize,
        next: usize,
    ) -> RowEnd {
        for _ in column + 1..self.columns.len() {
            index.fields.push(Span::default());
        }
        index.rows.push(span(from, end.max(from)));
        RowEnd::At(next)
    }

    /// Where the row delimiter stands next: its place and where the next row begins.
    fn find_row_end(&self, text: &[u8], from: usize, at_end: bool) -> Option<(usize, usize)> {
        if let Some(at) = find(text, from, &self.row) {
            return Some((at, at + self.row.len()));
        }
        at_end.then_some((text.len(), text.len()))
    }

    fn scan_field(
        &self,
        text: &[u8],
        at: usize,
        column: usize,
        at_end: bool,
        extra: &mut Vec<u8>,
    ) -> FieldEnd {
        let spec = &self.columns[column];
        match &spec.extent {
            Extent::Fixed(width) => self.scan_fixed(text, at, *width, at_end),
            Extent::Delimited(delimiter) => {
                if spec.qualified
                    && let Some(qualifier) = &self.qualifier
                {
                    let rest = &text[at..];
                    if rest.starts_with(qualifier) {
                        return self.scan_qualified(text, at, column, qualifier, at_end, extra);
                    }
                    if !at_end && qualifier.starts_with(rest) {
                        return FieldEnd::NeedsMore;
                    }
                }
                self.scan_delimited(text, at, column, delimiter, at_end)
            }
        }
    }

    /// Unquoted text up to the column's delimiter, or the row's where that counts.
    fn scan_delimited(
        &self,
        text: &[u8],
        at: usize,
        column: usize,
        delimiter: &[u8],
        at_end: bool,
    ) -> FieldEnd {
        let last = column + 1 == self.columns.len();
        let check_row = !last && self.always_check && !self.row.is_empty() && self.row != delimiter;
        let longest = delimiter
            .len()
            .max(if check_row { self.row.len() } else { 0 });
        let (Some(&d), r) = (delimiter.first(), self.row.first().copied()) else {
            return FieldEnd::NeedsMore;
        };
        let mut from = at;
        loop {
            let rest = &text[from..];
            let hit = match r {
                Some(r) if check_row => memchr2(d, r, rest),
                _ => memchr(d, rest),
            };
            let Some(hit) = hit.map(|hit| from + hit) else {
                break;
            };
            if !at_end && hit + longest > text.len() {
                return FieldEnd::NeedsMore;
            }
            let found = &text[hit..];
            if found.starts_with(delimiter) {
                let next = hit + delimiter.len();
                let field = span(at, hit);
                return if last {
                    FieldEnd::Row(field, next)
                } else {
                    FieldEnd::Field(field, next)
                };
            }
            if check_row && found.starts_with(&self.row) {
                return FieldEnd::Row(span(at, hit), hit + self.row.len());
            }
            from = hit + 1;
        }
        if at_end {
            FieldEnd::File(span(at, text.len()))
        } else {
            FieldEnd::NeedsMore
        }
    }

    /// Text in qualifiers: up to a qualifier that the delimiter follows.
    fn scan_qualified(
        &self,
        text: &[u8],
        at: usize,
        column: usize,
        qualifier: &[u8],
        at_end: bool,
        extra: &mut Vec<u8>,
    ) -> FieldEnd {
        let begin = at + qualifier.len();
        let mut from = begin;
        let mut pieces: Vec<(usize, usize)> = Vec::new();
        let mut piece = begin;
        let closing = loop {
            let Some(hit) = find(text, from, qualifier) else {
                return if at_end {
                    FieldEnd::Faulty(Fault::Qualifier)
                } else {
                    FieldEnd::NeedsMore
                };
            };
            let after = hit + qualifier.len();
            let rest = &text[after..];
            if rest.starts_with(qualifier) {
                pieces.push((piece, after));
                piece = after + qualifier.len();
                from = piece;
                continue;
            }
            if !at_end && qualifier.starts_with(rest) {
                return FieldEnd::NeedsMore;
            }
            break hit;
        };
        let after = closing + qualifier.len();
        let field = if pieces.is_empty() {
            span(begin, closing)
        } else {
            pieces.push((piece, closing));
            unescape(text, &pieces, extra)
        };
        self.after_qualifier(text, after, column, field, at_end)
    }

    /// What follows a closing qualifier: the delimiter of the column or of the row, or the end.
    fn after_qualifier(
        &self,
        text: &[u8],
        after: usize,
        column: usize,
        field: Span,
        at_end: bool,
    ) -> FieldEnd {
        let last = column + 1 == self.columns.len();
        let delimiter: &[u8] = match &self.columns[column].extent {
            Extent::Delimited(delimiter) => delimiter,
            Extent::Fixed(_) => &[],
        };
        let rest = &text[after..];
        if rest.starts_with(delimiter) {
            let next = after + delimiter.len();
            return if last {
                FieldEnd::Row(field, next)
            } else {
                FieldEnd::Field(field, next)
            };
        }
        let check_row = !last && self.always_check && !self.row.is_empty();
        if check_row && rest.starts_with(&self.row) {
            return FieldEnd::Row(field, after + self.row.len());
        }
        if rest.is_empty() && at_end {
            return FieldEnd::File(field);
        }
        let may_follow = delimiter.starts_with(rest) || (check_row && self.row.starts_with(rest));
        if !at_end && may_follow {
            return FieldEnd::NeedsMore;
        }
        FieldEnd::Faulty(Fault::Delimiter)
    }

    /// A column of fixed width. With a row delimiter of its own a short row ends early.
    fn scan_fixed(&self, text: &[u8], at: usize, width: u32, at_end: bool) -> FieldEnd {
        let end = advance(text, at, width, self.unit);
        let row_ends = !self.row.is_empty() && self.always_check && self.has_row_column();
        if row_ends {
            let limit = end.unwrap_or(text.len());
            let reach = (limit + self.row.len()).min(text.len());
            let hit = find(&text[..reach], at, &self.row).filter(|hit| *hit < limit);
            if let Some(hit) = hit {
                return FieldEnd::Row(span(at, hit), hit + self.row.len());
            }
        }
        match end {
            Some(end) => FieldEnd::Field(span(at, end), end),
            None if !at_end => FieldEnd::NeedsMore,
            None => FieldEnd::File(span(at, text.len())),
        }
    }

    /// Whether the last column ends at the row delimiter (ragged right, mixed).
    fn has_row_column(&self) -> bool {
        let last = self.columns.last();
        last.is_some_and(|c| matches!(c.extent, Extent::Delimited(_)))
    }
}

/// The next place of a text within a text.
pub(super) fn find(text: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = from;
    loop {
        let at = from + memchr(first, text.get(from..)?)?;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Joins pieces of a text; each but the last ends with one qualifier that is meant.
fn unescape(text: &[u8], pieces: &[(usize, usize)], extra: &mut Vec<u8>) -> Span {
    let start = extra.len();
    for (from, to) in pieces {
        extra.extend_from_slice(&text[*from..*to]);
    }
    // Texts and extras are told apart by the highest bit until they stand in one buffer.
    Span {
        start: start as u32 | EXTRA,
        len: (extra.len() - start) as u32,
    }
}

/// Marks spans that point into [`Index::extra`].
pub(super) const EXTRA: u32 = 1 << 31;

/// The place so many units further; `None` when the text ends before.
fn advance(text: &[u8], at: usize, width: u32, unit: Unit) -> Option<usize> {
    let width = width as usize;
    let head = text.get(at..at + width);
    if head.is_some_and(<[u8]>::is_ascii) {
        return Some(at + width);
    }
    let rest = text.get(at..)?;
    let valid = match std::str::from_utf8(rest) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut units = 0;
    let mut one = [0u8; 4];
    for (offset, c) in valid.char_indices() {
        if units >= width {
            return Some(at + offset);
        }
        units += match unit {
            Unit::Utf16 => c.len_utf16(),
            Unit::Page(page) => page.encoded_len(c.encode_utf8(&mut one)),
        };
    }
    (units >= width).then_some(at + valid.len())
}
