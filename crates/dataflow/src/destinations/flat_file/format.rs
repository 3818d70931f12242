//! Formats batches: any thread, one output buffer for each batch.

use arrow::array::ArrayRef;
use packmule_types::text::{CellWriter, ColumnFormatter};
use packmule_types::{Code, CodePage, Status};

use crate::batch::{Batch, Column, TextColumn};
use crate::component::{Failure, Prepare, Prepared};

const CONVERSION_FAILED: Code = Code(0xC020_20A1);
const CANNOT_COPY: Code = Code(0xC020_20A0);

/// Where a value ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// At this delimiter; the last column's ends the row.
    Delimited(Vec<u8>),
    /// After so many units, filled with blanks.
    Fixed(usize),
}

/// In what text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetEncoding {
    /// UTF-16, little endian, with a byte order mark.
    Utf16,
    /// A code page, without a mark.
    Page(CodePage),
}

/// A column of the file.
#[derive(Debug)]
pub(super) struct TargetColumn {
    /// Its name.
    pub name: String,
    /// The column that fills it; without one it stays empty.
    pub source: Option<(usize, ColumnFormatter)>,
    /// Where it ends.
    pub place: Place,
    /// Whether values stand in qualifiers.
    pub qualified: bool,
}

/// Formats batches.
#[derive(Debug)]
pub(super) struct Formatter {
    columns: Vec<TargetColumn>,
    qualifier: Vec<u8>,
    escape: bool,
    encoding: TargetEncoding,
}

/// The values of one column of one batch.
#[derive(Clone)]
enum Cells<'a> {
    /// Nothing at all.
    Absent,
    /// Canonical text: copied.
    Text(&'a TextColumn),
    /// Canonical texts that stand in one buffer as they are to be written, from a first to a
    /// last column with the delimiters between: copied at once.
    Run(&'a TextColumn, &'a TextColumn),
    /// Values.
    Values(CellWriter<'a>),
}

/// A value that cannot be written.
struct Unwritable {
    row: usize,
    column: usize,
}

impl Formatter {
    /// A formatter. Without a qualifier no column is qualified.
    pub(super) fn new(
        mut columns: Vec<TargetColumn>,
        qualifier: Option<Vec<u8>>,
        escape: bool,
        encoding: TargetEncoding,
    ) -> Self {
        let qualifier = qualifier.unwrap_or_default();
        if qualifier.is_empty() {
            for column in &mut columns {
                column.qualified = false;
            }
        }
        Self {
            columns,
            qualifier,
            escape,
            encoding,
        }
    }

    /// What a new file begins with: byte order mark, header as it is, the columns' names.
    pub(super) fn beginning(&self, header: &str, names: bool) -> Vec<u8> {
        let mut text = header.as_bytes().to_vec();
        if names {
            for column in &self.columns {
                let quote: &[u8] = if column.qualified {
                    &self.qualifier
                } else {
                    &[]
                };
                let start = text.len();
                text.extend_from_slice(quote);
                text.extend_from_slice(column.name.as_bytes());
                text.extend_from_slice(quote);
                match &column.place {
                    Place::Delimited(delimiter) => text.extend_from_slice(delimiter),
                    Place::Fixed(width) => {
                        let units = self.units(&text[start..]);
                        text.resize(text.len() + width.saturating_sub(units), b' ');
                    }
                }
            }
        }
        let mut bytes = Vec::new();
        if self.encoding == TargetEncoding::Utf16 {
            bytes.extend_from_slice(&[0xFF, 0xFE]);
        }
        self.encode(text, &mut bytes);
        bytes
    }

    /// Units of a text: UTF-16 units, or bytes of the code page.
    fn units(&self, text: &[u8]) -> usize {
        if text.is_ascii() {
            return text.len();
        }
        let text = String::from_utf8_lossy(text);
        match self.encoding {
            TargetEncoding::Utf16 => text.encode_utf16().count(),
            TargetEncoding::Page(page) => page.encoded_len(&text),
        }
    }

    /// Appends text in the file's encoding; `false` when a character has no match.
    fn encode(&self, text: Vec<u8>, out: &mut Vec<u8>) -> bool {
        match self.encoding {
            TargetEncoding::Page(page) if page.is_utf8(&text) => {
                if out.is_empty() {
                    *out = text;
                } else {
                    out.extend_from_slice(&text);
                }
                true
            }
            TargetEncoding::Page(page) => page.encode_append(&String::from_utf8_lossy(&text), out),
            TargetEncoding::Utf16 => {
                let page = CodePage::utf16_le();
                page.encode_append(&String::from_utf8_lossy(&text), out)
            }
        }
    }

    fn format(&self, batch: &Batch) -> Result<Vec<u8>, Unwritable> {
        let arrays = self.arrays(batch);
        let cells: Vec<Cells<'_>> = self
            .columns
            .iter()
            .zip(&arrays)
            .map(|(column, array)| cells(column, array.as_ref(), batch))
            .collect();
        let text = self.write_rows(batch, &self.join(&cells, batch))?;
        let mut bytes = Vec::new();
        if self.encode(text, &mut bytes) {
            return Ok(bytes);
        }
        Err(self.find_unmapped(batch, &cells))
    }

    /// The rows in UTF-8. Each of `cells` ends with the column of the given number.
    fn write_rows(
        &self,
        batch: &Batch,
        cells: &[(usize, Cells<'_>)],
    ) -> Result<Vec<u8>, Unwritable> {
        let parts = cells.iter().filter_map(|(at, cells)| {
            let column = self.columns.get(*at)?;
            Some((*at, column, cells))
        });
        let parts: Vec<(usize, &TargetColumn, &Cells<'_>)> = parts.collect();
        let mut text = Vec::with_capacity(self.guess(batch));
        for row in batch.selected_rows() {
            for (at, column, cells) in &parts {
                let start = text.len();
                self.append(column, cells, row, &mut text);
                match &column.place {
                    Place::Delimited(delimiter) => match delimiter.as_slice() {
                        [one] => text.push(*one),
                        many => text.extend_from_slice(many),
                    },
                    Place::Fixed(width) => {
                        let units = self.units(&text[start..]);
                        if units > *width {
                            return Err(Unwritable { row, column: *at });
                        }
                        text.resize(text.len() + width - units, b' ');
                    }
                }
            }
        }
        Ok(text)
    }

    /// The columns with neighbours put together that stand in the input as they are to be
    /// written; each with the number of its last column.
    fn join<'c>(&self, cells: &[Cells<'c>], batch: &Batch) -> Vec<(usize, Cells<'c>)> {
        let mut joined: Vec<(usize, Cells<'c>)> = Vec::with_capacity(cells.len());
        for (at, cell) in cells.iter().enumerate() {
            let run = match (joined.last(), cell) {
                (Some((before, Cells::Text(first) | Cells::Run(first, _))), Cells::Text(text))
                    if self.follows(cells, *before, at, batch) =>
                {
                    Some(Cells::Run(first, text))
                }
                _ => None,
            };
            match run {
                Some(run) => {
                    joined.pop();
                    joined.push((at, run));
                }
                None => joined.push((at, cell.clone())),
            }
        }
        joined
    }

    /// Whether in every row a column's text follows another's in the same buffer, with nothing
    /// but that column's delimiter between.
    fn follows(&self, cells: &[Cells<'_>], before: usize, at: usize, batch: &Batch) -> bool {
        let (Some(Cells::Text(a)), Some(Cells::Text(b))) = (cells.get(before), cells.get(at))
        else {
            return false;
        };
        let (Some(left), Some(right)) = (self.columns.get(before), self.columns.get(at)) else {
            return false;
        };
        let Place::Delimited(delimiter) = &left.place else {
            return false;
        };
        let bytes = a.buffer.as_slice();
        if left.qualified || right.qualified || !a.buffer.ptr_eq(&b.buffer) {
            return false;
        }
        batch.selected_rows().all(|row| {
            let (x, y) = (a.span(row), b.span(row));
            let (end, start) = ((x.start + x.len) as usize, y.start as usize);
            bytes.get(end..start) == Some(delimiter)
        })
    }

    /// Values of the columns that are not copied as text.
    fn arrays(&self, batch: &Batch) -> Vec<Option<ArrayRef>> {
        let arrays = self.columns.iter().map(|column| {
            let (position, _) = column.source.as_ref()?;
            match batch.columns.get(*position)? {
                Column::Text(text) if text.canonical => None,
                other => Some(other.array()),
            }
        });
        arrays.collect()
    }

    /// About how many bytes the batch will have.
    fn guess(&self, batch: &Batch) -> usize {
        let selected = batch.len();
        let share = |bytes: usize| bytes * selected / batch.rows.max(1);
        let text = batch.columns.iter().find_map(|column| match column {
            Column::Text(text) => Some(text.buffer.len()),
            Column::Array(_) => None,
        });
        share(text.unwrap_or(0)).max(selected * self.columns.len() * 8) + 64
    }

    #[inline]
    fn append(&self, column: &TargetColumn, cells: &Cells<'_>, row: usize, out: &mut Vec<u8>) {
        if column.qualified {
            self.append_qualified(cells, row, out);
            return;
        }
        match cells {
            Cells::Absent => {}
            Cells::Text(text) => out.extend_from_slice(text.bytes(row)),
            Cells::Run(first, last) => {
                let (from, last) = (first.span(row).start as usize, last.span(row));
                let to = (last.start + last.len) as usize;
                out.extend_from_slice(first.buffer.get(from..to).unwrap_or_default());
            }
            Cells::Values(values) => values.append(row, out),
        }
    }

    /// A value in qualifiers. [R-NULL-QUAL] NULL is nothing at all, without qualifiers.
    fn append_qualified(&self, cells: &Cells<'_>, row: usize, out: &mut Vec<u8>) {
        let is_null = match cells {
            Cells::Absent => true,
            // runs have no qualifiers
            Cells::Text(text) | Cells::Run(text, _) => text.is_null(row),
            Cells::Values(values) => values.is_null(row),
        };
        if is_null {
            return;
        }
        out.extend_from_slice(&self.qualifier);
        let start = out.len();
        match cells {
            Cells::Absent => {}
            Cells::Text(text) | Cells::Run(text, _) => out.extend_from_slice(text.bytes(row)),
            Cells::Values(values) => values.append(row, out),
        }
        if self.escape {
            self.double_qualifiers(start, out);
        }
        out.extend_from_slice(&self.qualifier);
    }

    fn double_qualifiers(&self, start: usize, out: &mut Vec<u8>) {
        if memchr::memmem::find(&out[start..], &self.qualifier).is_none() {
            return;
        }
        let value = out.split_off(start);
        let mut rest = value.as_slice();
        while let Some(at) = memchr::memmem::find(rest, &self.qualifier) {
            let end = at + self.qualifier.len();
            out.extend_from_slice(&rest[..end]);
            out.extend_from_slice(&self.qualifier);
            rest = &rest[end..];
        }
        out.extend_from_slice(rest);
    }

    /// The first value with a character that the code page does not have.
    fn find_unmapped(&self, batch: &Batch, cells: &[Cells<'_>]) -> Unwritable {
        for row in batch.selected_rows() {
            for (at, (column, cells)) in self.columns.iter().zip(cells).enumerate() {
                let mut text = Vec::new();
                self.append(column, cells, row, &mut text);
                if !self.encode(text, &mut Vec::new()) {
                    return Unwritable { row, column: at };
                }
            }
        }
        // A delimiter or qualifier of the layout has no match.
        Unwritable { row: 0, column: 0 }
    }

    fn failure(&self, unwritable: &Unwritable) -> Failure {
        let name = self
            .columns
            .get(unwritable.column)
            .map_or("", |c| c.name.as_str());
        let status = Status::Truncated;
        let number = status.number().to_string();
        Failure::at(
            unwritable.row,
            CONVERSION_FAILED,
            &[name, &number, status.text()],
        )
        .and(CANNOT_COPY, &[name])
    }
}

fn cells<'a>(column: &'a TargetColumn, array: Option<&'a ArrayRef>, batch: &'a Batch) -> Cells<'a> {
    let Some((position, formatter)) = &column.source else {
        return Cells::Absent;
    };
    match (array, batch.columns.get(*position)) {
        (Some(array), _) => Cells::Values(formatter.writer(array.as_ref())),
        (None, Some(Column::Text(text))) => Cells::Text(text),
        _ => Cells::Absent,
    }
}

/// The formatted rows of a batch.
pub(super) struct Formatted {
    /// In the file's encoding.
    pub bytes: Vec<u8>,
    /// How many rows.
    pub rows: usize,
}

impl Prepare for Formatter {
    fn prepare(&self, mut batch: Batch) -> Result<Prepared, Failure> {
        let bytes = self.format(&batch).map_err(|bad| self.failure(&bad))?;
        let formatted = Formatted {
            bytes,
            rows: batch.len(),
        };
        // Nobody needs the columns any more.
        batch.columns.clear();
        Ok(Prepared {
            batch,
            extra: Some(Box::new(formatted)),
        })
    }
}
