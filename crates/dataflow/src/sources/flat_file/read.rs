//! Columns of a piece of the file, and what fails in them.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{ArrayRef, StringViewArray, StringViewBuilder};
use arrow::buffer::{Buffer, NullBuffer};
use packmule_dtsx::model::LineageId;
use packmule_runtime::Events;
use packmule_types::text::{Cells, ColumnParser, Span};
use packmule_types::{Code, ColumnType, DataType, RowErrors as StatusRows, Status};

use super::scan::{Fault, FaultyRow, Index, Scanner};
use crate::batch::{Batch, Column, TextColumn};
use crate::component::{Failure, Outputs};
use crate::row_errors::{Class, Dispositions, ErrorColumns, Fatal, RowError, RowErrors};

const CONVERSION_FAILED: Code = Code(0xC020_20A1);
const DELIMITER_NOT_FOUND: Code = Code(0xC020_2055);
const QUALIFIER_NOT_FOUND: Code = Code(0xC020_2011);
const ROW_ERROR: Code = Code(0xC020_2092);

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

/// Whole rows of the file, taken apart.
pub(super) struct Piece {
    /// What all pieces share.
    pub reader: Arc<Reader>,
    /// Rows and fields.
    pub index: Index,
    /// Number of the first row in the file, from 0.
    pub first_row: u64,
    /// Some byte of the file had no character; U+FFFD stands for it.
    pub unclean: bool,
    /// The whole text is ASCII without NUL.
    pub plain: bool,
}

/// A column of a piece.
struct Made {
    column: Column,
    errors: StatusRows,
}

impl Piece {
    /// Makes the columns and sends them; rows that fail go where they are to go.
    pub(super) fn send(&self, buffer: &Buffer, outputs: &mut Outputs) -> Result<(), Failure> {
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
        fatal
            .induced(first, path)
            .and(ROW_ERROR, &[&self.reader.file, &number])
    }
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
