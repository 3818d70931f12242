//! Cuts the file into pieces of whole rows.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow::buffer::Buffer;
use packmule_runtime::Reported;
use packmule_types::Code;
use packmule_types::text::Span;

use super::chunks::{Chunks, ReadError};
use super::read::{Piece, Reader};
use super::scan::{EXTRA, Index, Scanner};
use crate::component::{End, Failure, Morsel, Outputs, Source};

const CANNOT_READ: Code = Code(0xC020_2091);
const BIG_ENDIAN: Code = Code(0xC020_902D);
const UTF8_AS_UNICODE: Code = Code(0xC020_902E);
const PARTIAL_ROW: Code = Code(0x8020_200F);
const HEADER_END: Code = Code(0x8020_202B);
const PROCESSING_ENDED: Code = Code(0x4020_90DD);
const ROWS_PROCESSED: Code = Code(0x4020_90DE);

/// The source: cuts the file.
pub(super) struct FlatFile {
    /// Shared with the pieces.
    pub reader: Arc<Reader>,
    /// The file.
    pub chunks: Chunks,
    /// Bytes of a piece.
    pub morsel_bytes: usize,
    /// HeaderRowsToSkip and what ends them.
    pub header: (u64, Vec<u8>),
    /// Rows of names (0 or 1) and what ends them.
    pub names: (u64, Vec<u8>),
    /// DataRowsToSkip, still to skip.
    pub data_rows_to_skip: u64,
    /// Rows so far.
    pub rows: u64,
    /// Headers were skipped.
    pub begun: bool,
}

impl FlatFile {
    fn begin(&mut self) -> Result<(), ReadError> {
        self.begun = true;
        self.chunks.fill(self.morsel_bytes)?;
        let parts = [self.header.clone(), self.names.clone()];
        for (rows, delimiter) in parts {
            for _ in 0..rows {
                if !self.chunks.skip_row(&delimiter, self.morsel_bytes)? {
                    self.reader.events.warning(HEADER_END, &[]);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The next whole rows, at least one; `None` at the end of the file.
    ///
    /// Where rows can be told apart by their delimiter alone they are only counted here: any
    /// thread then finds their fields.
    fn cut(&mut self) -> Result<Option<(Vec<u8>, Rows)>, ReadError> {
        let mut step = self.morsel_bytes;
        loop {
            if self.chunks.text.len() < self.morsel_bytes.min(step) && !self.chunks.at_end {
                let missing = step.saturating_sub(self.chunks.text.len());
                self.chunks.fill(missing.max(1))?;
            }
            let mut index = Index::default();
            let at_end = self.chunks.at_end;
            if !at_end
                && self.data_rows_to_skip == 0
                && let Some((rows, end)) = self.reader.scanner.count_rows(&self.chunks.text)
            {
                return Ok(Some((self.take_text(end), Rows::Counted(rows))));
            }
            let consumed = if self.data_rows_to_skip > 0 {
                self.skip_data_rows(&mut index)
            } else {
                let scanner = &self.reader.scanner;
                scanner.scan(&self.chunks.text, at_end, &mut index)
            };
            if index.partial {
                self.reader.events.warning(PARTIAL_ROW, &[]);
            }
            if consumed > 0 {
                let text = self.take_text(consumed);
                if !index.rows.is_empty() {
                    return Ok(Some((text, Rows::Found(index))));
                }
                continue;
            }
            if at_end {
                return Ok(None);
            }
            step = step.saturating_mul(2);
            self.chunks.fill(step)?;
        }
    }

    fn take_text(&mut self, bytes: usize) -> Vec<u8> {
        let rest = self.chunks.text.split_off(bytes);
        std::mem::replace(&mut self.chunks.text, rest)
    }

    /// Scans rows that do not count; gives the place behind them.
    fn skip_data_rows(&mut self, index: &mut Index) -> usize {
        let rows = usize::try_from(self.data_rows_to_skip).unwrap_or(usize::MAX);
        let text = &self.chunks.text;
        let consumed = self
            .reader
            .scanner
            .scan_exact(text, 0, rows, self.chunks.at_end, index);
        self.data_rows_to_skip -= (index.rows.len() as u64).min(self.data_rows_to_skip);
        let partial = index.partial;
        *index = Index {
            partial,
            ..Index::default()
        };
        consumed
    }

    fn failure(&self, error: &ReadError) -> Failure {
        let file = self.reader.file.as_str();
        match error {
            ReadError::BigEndian => Failure::at(0, BIG_ENDIAN, &[file]),
            ReadError::Utf8AsUnicode => Failure::at(0, UTF8_AS_UNICODE, &[file]),
            other => Failure::text(
                CANNOT_READ,
                format!("{other} (file \"{file}\")"),
                Some("check the file and the row delimiter of its connection manager"),
            ),
        }
    }
}

impl Source for FlatFile {
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure> {
        if !self.begun {
            self.begin().map_err(|error| self.failure(&error))?;
        }
        let unclean = self.chunks.unclean;
        let Some((text, rows)) = self.cut().map_err(|error| self.failure(&error))? else {
            let count = self.rows + u64::from(self.reader.names_row);
            let count = count.to_string();
            self.reader
                .events
                .information(ROWS_PROCESSED, &[&self.reader.file, &count]);
            return Ok(None);
        };
        let unclean = unclean || self.chunks.unclean;
        // What is left may hold the byte that had no character.
        self.chunks.unclean = unclean && !self.chunks.text.is_ascii();
        let first_row = self.rows;
        let (count, index) = match rows {
            Rows::Counted(count) => (count, None),
            Rows::Found(index) => (index.rows.len(), Some(index)),
        };
        self.rows += count as u64;
        Ok(Some(Box::new(Morsels {
            reader: Arc::clone(&self.reader),
            text,
            rows: count,
            index,
            first_row,
            unclean,
        })))
    }

    fn finish(&mut self, _end: End) -> Result<(), Reported> {
        for column in &self.reader.columns {
            if column.warns_of_empty.load(Ordering::Relaxed) {
                let text = format!(
                    "empty fields of column \"{}\" were read as the default date of its type",
                    column.name
                );
                self.reader.events.warning_text(Code(0), text);
            }
        }
        self.reader
            .events
            .information(PROCESSING_ENDED, &[&self.reader.file]);
        Ok(())
    }
}

/// The rows of a piece.
enum Rows {
    /// So many; their fields are still to be found.
    Counted(usize),
    /// With their fields.
    Found(Index),
}

/// Whole rows of the file, perhaps taken apart.
struct Morsels {
    reader: Arc<Reader>,
    text: Vec<u8>,
    rows: usize,
    index: Option<Index>,
    first_row: u64,
    unclean: bool,
}

impl Morsel for Morsels {
    fn bytes(&self) -> usize {
        // The text, its spans, and values of about the text's size.
        let fields = self.rows * self.reader.scanner.column_count();
        self.text.len() * 2 + fields * size_of::<Span>() * 2
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let (mut text, reader) = (self.text, self.reader);
        let mut index = self.index.unwrap_or_else(|| {
            let mut index = Index::default();
            reader.scanner.scan(&text, false, &mut index);
            index
        });
        let base = text.len() as u32;
        if !index.extra.is_empty() {
            text.append(&mut index.extra);
            for field in &mut index.fields {
                if field.start & EXTRA != 0 {
                    field.start = (field.start & !EXTRA) + base;
                }
            }
        }
        let piece = Piece {
            reader,
            index,
            first_row: self.first_row,
            unclean: self.unclean,
            plain: text.is_ascii() && memchr::memchr(0, &text).is_none(),
        };
        piece.send(&Buffer::from_vec(text), outputs)
    }
}

/// Takes all rows of a text apart; what they hold does not matter. For fuzzing.
pub(super) fn drain(chunks: &mut Chunks, scanner: &Scanner, step: usize) {
    let mut rows = 0usize;
    let mut wanted = step;
    loop {
        let mut index = Index::default();
        let consumed = scanner.scan(&chunks.text, chunks.at_end, &mut index);
        assert_eq!(
            index.fields.len(),
            index.rows.len() * scanner.column_count()
        );
        rows += index.rows.len();
        chunks.drop_front(consumed);
        if consumed > 0 {
            wanted = step;
        } else if chunks.at_end {
            break;
        } else {
            wanted = wanted.saturating_mul(2);
        }
        if chunks.fill(wanted).is_err() {
            break;
        }
    }
    std::hint::black_box(rows);
}
