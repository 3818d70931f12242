//! The source at work: pieces of the file, their columns, and what fails in them.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{ArrayRef, StringViewArray, StringViewBuilder};
use arrow::buffer::{Buffer, NullBuffer};
use packmule_dtsx::model::LineageId;
use packmule_runtime::{Events, Reported};
use packmule_types::text::{Cells, ColumnParser, Span};
use packmule_types::{Code, ColumnType, DataType, RowErrors as StatusRows, Status};

use super::chunks::{Chunks, ReadError};
use super::scan::{EXTRA, Fault, FaultyRow, Index, Scanner};
use crate::batch::{Batch, Column, TextColumn};
use crate::codes;
use crate::component::{End, Failure, Morsel, Outputs, Source};
use crate::row_errors::{Class, Dispositions, ErrorColumns, Fatal, RowError, RowErrors};

const CONVERSION_FAILED: Code = Code(0xC020_20A1);
const DELIMITER_NOT_FOUND: Code = Code(0xC020_2055);
const QUALIFIER_NOT_FOUND: Code = Code(0xC020_2011);
const ROW_ERROR: Code = Code(0xC020_2092);
const CANNOT_READ: Code = Code(0xC020_2091);
const BIG_ENDIAN: Code = Code(0xC020_902D);
const UTF8_AS_UNICODE: Code = Code(0xC020_902E);
const PARTIAL_ROW: Code = Code(0x8020_200F);
const HEADER_END: Code = Code(0x8020_202B);
const PROCESSING_ENDED: Code = Code(0x4020_90DD);
const ROWS_PROCESSED: Code = Code(0x4020_90DE);

/// An output column and the column of the file that fills it.
pub(super) struct ReadColumn {
    /// Column of the file; none for the column with the file's name.
    pub field: Option<usize>,
    /// Its name.
    pub name: String,
    /// `Component.Outputs[o].Columns[c]`.
    pub path: String,
    /// Its lineage id.
    pub lineage: LineageId,
    /// Its type.
    pub column_type: ColumnType,
    /// Reads its text.
    pub parser: Arc<ColumnParser>,
    /// What becomes of rows that fail in it.
    pub dispositions: Dispositions,
    /// Some component reads its values, so that text alone will not do.
    pub needs_values: bool,
    /// Its text was not canonical lately: it is parsed at once.
    pub seldom_canonical: AtomicBool,
    /// An empty field became a date that was not there; said once.
    pub warns_of_empty: AtomicBool,
}

/// The regular and the error output.
pub(super) struct OutputPlaces {
    /// Index of the regular output.
    pub regular: usize,
    /// Index of the error output and its columns.
    pub error: Option<(usize, ErrorColumns)>,
    /// Columns that stand before ErrorCode and ErrorColumn on the error output: the row's text.
    pub error_texts: usize,
}

/// What all pieces of a file share.
pub(super) struct Reader {
    /// Columns, in the order of the output.
    pub columns: Vec<ReadColumn>,
    /// Columns in the order of the file: the first failing one counts.
    pub file_order: Vec<usize>,
    /// Names of the file's columns, for messages.
    pub field_names: Vec<String>,
    /// The file as the package names it.
    pub file: String,
    /// RetainNulls.
    pub retain_nulls: bool,
    /// The names stood in a row of their own, which messages count.
    pub names_row: bool,
    /// Takes rows apart.
    pub scanner: Scanner,
    /// Where batches go.
    pub outputs: OutputPlaces,
    /// The component's events.
    pub events: Events,
}

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

/// Whole rows of the file, taken apart.
struct Piece {
    reader: Arc<Reader>,
    index: Index,
    first_row: u64,
    /// Some byte of the file had no character; U+FFFD stands for it.
    unclean: bool,
    /// The whole text is ASCII without NUL.
    plain: bool,
}

/// A column of a piece.
struct Made {
    column: Column,
    errors: StatusRows,
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

impl Piece {
    fn send(&self, buffer: &Buffer, outputs: &mut Outputs) -> Result<(), Failure> {
        let rows = self.index.rows.len();
        let reader = &self.reader;
        let made: Vec<Made> = reader
            .columns
            .iter()
            .map(|column| self.column(column, buffer, rows))
            .collect();
        let errors = self.collect_errors(&made);
        let mut batch = Batch {
            first_row: self.first_row,
            ..Batch::new(made.into_iter().map(|m| m.column).collect(), rows)
        };
        if errors.any_redirected() {
            let (stay, redirected) = errors.split(&batch);
            self.send_errors(&redirected, buffer, outputs);
            batch = batch.select(stay);
        }
        let fatal = errors.fatal();
        if let Some(fatal) = fatal {
            batch = batch.before(fatal.row as usize);
        }
        outputs.send(reader.outputs.regular, batch);
        match fatal {
            Some(fatal) => Err(self.failure(fatal)),
            None => Ok(()),
        }
    }

    fn column(&self, column: &ReadColumn, buffer: &Buffer, rows: usize) -> Made {
        let Some(field) = column.field else {
            let name = self.reader.file.as_str();
            let array: ArrayRef = Arc::new(StringViewArray::from_iter_values(std::iter::repeat_n(
                name, rows,
            )));
            return Made {
                column: Column::Array(array),
                errors: StatusRows::new(),
            };
        };
        let spans = self.spans(field);
        let empties = spans.iter().any(|s| s.len == 0);
        if empties && !self.reader.retain_nulls && column.column_type.data_type.is_temporal() {
            column.warns_of_empty.store(true, Ordering::Relaxed);
        }
        let validity = (empties && self.reader.retain_nulls).then(|| {
            let valid: Vec<bool> = spans.iter().map(|s| s.len != 0).collect();
            NullBuffer::from(valid)
        });
        let cells = Cells {
            buffer: buffer.as_slice(),
            spans: &spans,
            validity: validity.as_ref(),
            shared: Some(buffer),
            plain: self.plain,
        };
        let try_text = !column.needs_values
            && is_cheap_to_check(column.column_type.data_type)
            && !self.unclean
            && !column.seldom_canonical.load(Ordering::Relaxed);
        if try_text {
            if column.parser.is_canonical(cells) {
                let text = TextColumn {
                    buffer: buffer.clone(),
                    spans,
                    column_type: column.column_type,
                    validity,
                    canonical: true,
                    plain: self.plain,
                    parser: Arc::clone(&column.parser),
                    values: OnceLock::new(),
                };
                return Made {
                    column: Column::Text(Arc::new(text)),
                    errors: StatusRows::new(),
                };
            }
            column.seldom_canonical.store(true, Ordering::Relaxed);
        }
        let parsed = column.parser.parse_batch(cells);
        let mut errors = parsed.errors;
        if self.unclean {
            errors.merge(&replaced_characters(buffer, &spans));
        }
        Made {
            column: Column::Array(parsed.array),
            errors,
        }
    }

    /// The spans of one column of the file.
    fn spans(&self, field: usize) -> Vec<Span> {
        let fields = self.index.fields.get(field..).unwrap_or_default();
        fields
            .iter()
            .step_by(self.index.columns.max(1))
            .copied()
            .collect()
    }

    fn collect_errors(&self, made: &[Made]) -> RowErrors {
        let mut errors = RowErrors::new();
        for &at in &self.reader.file_order {
            let (Some(column), Some(made)) = (self.reader.columns.get(at), made.get(at)) else {
                continue;
            };
            let faults = self
                .index
                .faults
                .iter()
                .filter(|f| Some(f.column as usize) == column.field);
            let faults = faults.map(|f| RowError {
                row: f.row,
                code: fault_code(f),
                class: Class::Error,
            });
            errors.add(at, column.lineage, column.dispositions, faults);
            let statuses = made
                .errors
                .iter()
                .map(|(row, status)| row_error(row, status));
            errors.add(at, column.lineage, column.dispositions, statuses);
        }
        self.add_faults_of_columns_not_read(&mut errors);
        errors
    }

    /// A field that could not be delimited in a column without output: nobody says what is to
    /// become of it, so the component fails.
    fn add_faults_of_columns_not_read(&self, errors: &mut RowErrors) {
        for fault in &self.index.faults {
            let column = fault.column as usize;
            if self.reader.columns.iter().all(|c| c.field != Some(column)) {
                let error = RowError {
                    row: fault.row,
                    code: fault_code(fault),
                    class: Class::Error,
                };
                let fail = Dispositions::default();
                errors.add(usize::MAX, LineageId(0), fail, [error]);
            }
        }
    }

    fn send_errors(
        &self,
        redirected: &crate::row_errors::Redirected,
        buffer: &Buffer,
        outputs: &mut Outputs,
    ) {
        let Some((output, columns)) = &self.reader.outputs.error else {
            return;
        };
        if !outputs.is_attached(*output) {
            return;
        }
        let bytes = buffer.as_slice();
        let mut texts = StringViewBuilder::with_capacity(redirected.rows.len());
        for row in &redirected.rows {
            let span = self
                .index
                .rows
                .get(*row as usize)
                .copied()
                .unwrap_or_default();
            let start = span.start as usize;
            let raw = bytes
                .get(start..start + span.len as usize)
                .unwrap_or_default();
            texts.append_value(String::from_utf8_lossy(raw));
        }
        let texts: ArrayRef = Arc::new(texts.finish());
        let mut all = columns.columns(redirected);
        if let Some(first) = all.get_mut(self.reader.outputs.error_texts) {
            *first = Column::Array(texts);
        }
        let batch = Batch {
            first_row: self.first_row,
            origin: Some(redirected.rows.clone().into()),
            ..Batch::new(all, redirected.rows.len())
        };
        outputs.send(*output, batch);
    }

    /// SSIS's chain: what failed, that the disposition says so, where.
    fn failure(&self, fatal: Fatal) -> Failure {
        let row = fatal.row as usize;
        let number = self.first_row + u64::from(fatal.row) + 1 + u64::from(self.reader.names_row);
        let number = number.to_string();
        let column = self.reader.columns.get(fatal.column);
        let fault = self.index.faults.iter().find(|f| f.row == fatal.row);
        let field = fault.and_then(|f| self.reader.field_names.get(f.column as usize));
        let name = column
            .map(|c| c.name.as_str())
            .or(field.map(String::as_str));
        let name = name.unwrap_or_default();
        let path = column.map_or(self.reader.file.as_str(), |c| c.path.as_str());
        let status = status_of(fatal.code);
        let first = match status {
            Some(status) => {
                let number = status.number().to_string();
                Failure::at(row, CONVERSION_FAILED, &[name, &number, status.text()])
            }
            None => Failure::at(row, fatal.code, &[name]),
        };
        let code = format!("{:08X}", fatal.code.0);
        let second = match fatal.class {
            Class::Error => first.and(codes::INDUCED_ERROR, &[path, &code, path]),
            Class::Truncation => first.and(codes::INDUCED_TRUNCATION, &[path, path]),
        };
        second.and(ROW_ERROR, &[&self.reader.file, &number])
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

/// Types whose text can be told to be canonical without making values of it.
fn is_cheap_to_check(data_type: DataType) -> bool {
    data_type.is_integer()
        || data_type.is_text()
        || matches!(
            data_type,
            DataType::Numeric | DataType::Bool | DataType::DbDate
        )
}

/// Rows in which a byte of the file had no character.
fn replaced_characters(buffer: &Buffer, spans: &[Span]) -> StatusRows {
    const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();
    let bytes = buffer.as_slice();
    let rows = spans.iter().enumerate().filter(|(_, span)| {
        let start = span.start as usize;
        let text = bytes
            .get(start..start + span.len as usize)
            .unwrap_or_default();
        super::scan::find(text, 0, REPLACEMENT).is_some()
    });
    rows.map(|(row, _)| (row as u32, Status::Truncated))
        .collect()
}

fn fault_code(fault: &FaultyRow) -> Code {
    match fault.fault {
        Fault::Delimiter => DELIMITER_NOT_FOUND,
        Fault::Qualifier => QUALIFIER_NOT_FOUND,
    }
}

/// `(status, code in the ErrorCode column)`, data flow reference 3.3.
const STATUS_CODES: &[(Status, Code)] = &[
    (Status::CannotConvert, Code(0xC020_9084)),
    (Status::Truncated, Code(0xC020_9085)),
    (Status::SignMismatch, Code(0xC020_9086)),
    (Status::Overflow, Code(0xC020_9087)),
    (Status::Unavailable, Code(0xC020_9083)),
];

fn row_error(row: u32, status: Status) -> RowError {
    let code = STATUS_CODES.iter().find(|(s, _)| *s == status);
    RowError {
        row,
        code: code.map_or(Code(0xC020_9084), |c| c.1),
        class: if status.is_truncation() {
            Class::Truncation
        } else {
            Class::Error
        },
    }
}

fn status_of(code: Code) -> Option<Status> {
    STATUS_CODES
        .iter()
        .find(|(_, c)| *c == code)
        .map(|(s, _)| *s)
}
