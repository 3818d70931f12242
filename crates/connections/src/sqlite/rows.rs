//! Running queries: cursors that give batches.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use packmule_types::{ColumnType, DataType};
use rusqlite::types::{Value as Stored, ValueRef};
use rusqlite::{Row, Statement};

use super::types;
use super::worker::{Handle, Worker};
use crate::cells::{Cells, Rules};
use crate::database::results::{Collector, refuse_errors, wanted};
use crate::database::{
    DatabaseError, ExecuteOptions, Parameter, QueryOptions, ResultColumn, ResultSet, RowBatch,
    RowBatches, RowsWanted,
};

/// Rows of a batch where no caller says how many.
const BATCH_ROWS: usize = 10_000;
/// Rows that builders make room for at first.
const CAPACITY_MAX: usize = 16_384;

/// How a statement's result becomes batches.
pub(super) struct Reader {
    /// Position in the result of each column.
    positions: Vec<usize>,
    collector: Collector,
    rows: usize,
}

impl Reader {
    /// For the wanted columns, or for all of them in their own types; `first` is the first row
    /// where it has been read, for columns without a declared type.
    pub(super) fn new(
        statement: &Statement<'_>,
        target: Option<&[(String, ColumnType)]>,
        first: Option<&[Stored]>,
        rules: Rules,
        capacity: usize,
    ) -> Result<Self, DatabaseError> {
        let names: Vec<String> = statement
            .column_names()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let declared: Vec<String> = statement
            .columns()
            .iter()
            .map(|c| c.decl_type().unwrap_or_default().to_owned())
            .collect();
        let wanted = wanted(&names, target)?;
        let column = |(position, column_type): &(usize, Option<ColumnType>)| {
            let declared = declared.get(*position).cloned().unwrap_or_default();
            let value = first.and_then(|row| row.get(*position));
            ResultColumn {
                name: names.get(*position).cloned().unwrap_or_default(),
                column_type: column_type.unwrap_or_else(|| own_type(&declared, value)),
                native_type: declared,
            }
        };
        let columns = wanted.iter().map(column).collect();
        Ok(Self {
            positions: wanted.iter().map(|w| w.0).collect(),
            collector: Collector::new(columns, rules, capacity),
            rows: 0,
        })
    }

    pub(super) fn columns(&self) -> &[ResultColumn] {
        &self.collector.columns
    }

    fn into_columns(self) -> Vec<ResultColumn> {
        self.collector.columns
    }

    pub(super) fn push_row(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        for (cells, position) in self.collector.cells.iter_mut().zip(&self.positions) {
            push(cells, row.get_ref(*position)?);
        }
        self.rows += 1;
        Ok(())
    }

    fn push_stored(&mut self, row: &[Stored]) {
        for (cells, position) in self.collector.cells.iter_mut().zip(&self.positions) {
            match row.get(*position) {
                Some(value) => push(cells, value.into()),
                None => cells.push_null(),
            }
        }
        self.rows += 1;
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The rows so far as a batch.
    pub(super) fn take(&mut self) -> Result<RowBatch, DatabaseError> {
        self.collector.take(std::mem::take(&mut self.rows))
    }
}

/// The type of a column by its declared type, else by a value of it.
fn own_type(declared: &str, value: Option<&Stored>) -> ColumnType {
    types::column_type(declared).unwrap_or_else(|| match value {
        Some(Stored::Integer(_)) => ColumnType::new(DataType::I8),
        Some(Stored::Real(_)) => ColumnType::new(DataType::R8),
        Some(Stored::Blob(_)) => ColumnType::new(DataType::Image),
        Some(Stored::Text(_) | Stored::Null) | None => ColumnType::new(DataType::NText),
    })
}

fn push(cells: &mut Cells, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => cells.push_null(),
        ValueRef::Integer(v) => cells.push_i64(v),
        ValueRef::Real(v) => cells.push_f64(v),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => cells.push_text(text),
            Err(_) => cells.push_text(&String::from_utf8_lossy(bytes)),
        },
        ValueRef::Blob(bytes) => cells.push_bytes(bytes),
    }
}

/// A query whose rows are read piece by piece.
pub(super) struct Cursor<'c> {
    statement: Statement<'c>,
    reader: Reader,
    first: Option<Vec<Stored>>,
    has_begun: bool,
    is_done: bool,
}

impl<'c> Cursor<'c> {
    /// Reads the first row too when the result has columns whose type only a value tells.
    fn open(
        worker: &Worker<'c>,
        mut statement: Statement<'c>,
        options: &QueryOptions,
    ) -> Result<Self, DatabaseError> {
        if statement.column_count() == 0 {
            return Err(DatabaseError::NoRows);
        }
        let untyped = statement
            .columns()
            .iter()
            .any(|c| c.decl_type().and_then(types::column_type).is_none());
        let (mut first, mut is_done) = (None, options.schema_only);
        if options.target.is_none() && untyped && !options.schema_only {
            let width = statement.column_count();
            first = worker.limits.patiently(|| {
                let mut rows = statement.raw_query();
                let row = match rows.next()? {
                    Some(row) => (0..width)
                        .map(|i| row.get(i))
                        .collect::<Result<_, _>>()
                        .map(Some),
                    None => Ok(None),
                };
                // Dropping would take the statement back to its first row.
                if matches!(row, Ok(Some(_))) {
                    std::mem::forget(rows);
                }
                row
            })?;
            is_done = first.is_none();
        }
        let target = options.target.as_deref();
        let reader = Reader::new(
            &statement,
            target,
            first.as_deref(),
            worker.rules,
            CAPACITY_MAX,
        )?;
        let has_begun = first.is_some();
        Ok(Self {
            statement,
            reader,
            first,
            has_begun,
            is_done,
        })
    }

    fn fetch(
        &mut self,
        limits: &super::worker::Limits,
        max_rows: usize,
    ) -> Result<Option<RowBatch>, DatabaseError> {
        if let Some(first) = self.first.take() {
            self.reader.push_stored(&first);
        }
        while !self.is_done && self.reader.rows() < max_rows {
            let (statement, reader) = (&mut self.statement, &mut self.reader);
            let mut step = || {
                let mut rows = statement.raw_query();
                while reader.rows() < max_rows {
                    match rows.next()? {
                        Some(row) => reader.push_row(row)?,
                        None => return Ok(true),
                    }
                }
                // Dropping would take the statement back to its first row.
                std::mem::forget(rows);
                Ok(false)
            };
            // Locks are met at the first row; later a retry would begin anew.
            let is_done = if std::mem::replace(&mut self.has_begun, true) {
                step().map_err(|e| limits.error(e))
            } else {
                limits.patiently(step)
            };
            self.is_done = match is_done {
                Ok(is_done) => is_done,
                Err(error) => {
                    self.is_done = true;
                    return Err(error);
                }
            };
        }
        if self.reader.rows() == 0 {
            return Ok(None);
        }
        self.reader.take().map(Some)
    }
}

impl<'c> Worker<'c> {
    /// Opens a cursor under a number.
    pub(super) fn open_cursor(
        &mut self,
        id: u64,
        sql: &str,
        parameters: &[Parameter],
        options: &QueryOptions,
    ) -> Result<Vec<ResultColumn>, DatabaseError> {
        self.within(options.timeout, |worker| {
            let statement = worker.prepare_one(sql, parameters)?;
            let cursor = Cursor::open(worker, statement, options)?;
            let columns = cursor.reader.columns().to_vec();
            worker.cursors.insert(id, cursor);
            Ok(columns)
        })
    }

    fn fetch(
        &mut self,
        id: u64,
        max_rows: usize,
        timeout: Option<Duration>,
    ) -> Result<Option<RowBatch>, DatabaseError> {
        self.within(timeout, |worker| {
            let limits = worker.limits.clone();
            match worker.cursors.get_mut(&id) {
                Some(cursor) => cursor.fetch(&limits, max_rows.max(1)),
                None => Ok(None),
            }
        })
    }

    /// Runs a statement that gives rows and keeps those that are wanted.
    pub(super) fn read_rows(
        &self,
        mut statement: Statement<'c>,
        options: &ExecuteOptions,
        is_first: bool,
    ) -> Result<ResultSet, DatabaseError> {
        let wanted = if is_first {
            options.rows
        } else {
            RowsWanted::None
        };
        let mut reservation = self.services.memory.reservation();
        let query = QueryOptions::default();
        if wanted == RowsWanted::None {
            let reader = Reader::new(&statement, None, None, self.rules, 0)?;
            self.limits.patiently(|| {
                let mut rows = statement.raw_query();
                while rows.next()?.is_some() {}
                Ok(())
            })?;
            return Ok(ResultSet {
                columns: reader.into_columns(),
                batches: Vec::new(),
                reservation,
            });
        }
        let mut cursor = Cursor::open(self, statement, &query)?;
        let mut batches = Vec::new();
        let first_only = wanted == RowsWanted::First;
        let mut step = if first_only { 1 } else { BATCH_ROWS };
        while let Some(batch) = cursor.fetch(&self.limits, step)? {
            if first_only && !batches.is_empty() {
                // The statement still runs to its end, as it may change rows.
                continue;
            }
            step = BATCH_ROWS;
            refuse_errors(&batch, cursor.reader.columns())?;
            reservation.try_grow(batch.rows.get_array_memory_size())?;
            batches.push(batch.rows);
        }
        Ok(ResultSet {
            columns: cursor.reader.into_columns(),
            batches,
            reservation,
        })
    }
}

/// The calling side of a cursor. One fetch runs ahead.
pub(super) struct SqliteRows {
    pub(super) handle: Arc<Handle>,
    pub(super) id: u64,
    pub(super) columns: Vec<ResultColumn>,
    pub(super) timeout: Option<Duration>,
    pub(super) ahead: Option<Receiver<Result<Option<RowBatch>, DatabaseError>>>,
    pub(super) is_done: bool,
}

impl SqliteRows {
    fn ask(&mut self, max_rows: usize) -> Result<(), DatabaseError> {
        let (id, timeout) = (self.id, self.timeout);
        self.ahead = Some(
            self.handle
                .send(move |worker| worker.fetch(id, max_rows, timeout))?,
        );
        Ok(())
    }
}

impl RowBatches for SqliteRows {
    fn columns(&self) -> &[ResultColumn] {
        &self.columns
    }

    fn next_batch(&mut self, max_rows: usize) -> Result<Option<RowBatch>, DatabaseError> {
        if self.is_done {
            return Ok(None);
        }
        if self.ahead.is_none() {
            self.ask(max_rows)?;
        }
        // The timeout is for the first rows only.
        self.timeout = None;
        let batch = match self.ahead.take().map(|answer| answer.recv()) {
            Some(Ok(result)) => result,
            _ => Err(DatabaseError::Closed {
                reason: "its thread has ended".to_owned(),
            }),
        };
        match batch {
            Ok(Some(batch)) => {
                self.ask(max_rows)?;
                Ok(Some(batch))
            }
            other => {
                self.is_done = true;
                other
            }
        }
    }
}

impl Drop for SqliteRows {
    fn drop(&mut self) {
        let id = self.id;
        let _ = self.handle.send(move |worker| {
            worker.cursors.remove(&id);
            Ok(())
        });
    }
}
