//! Statements: texts of several, and prepared ones run for many rows of parameters.

use std::sync::Arc;
use std::time::Duration;

use arrow::record_batch::RecordBatch;
use packmule_types::ColumnType;
use packmule_types::array::value_at;
use rusqlite::Statement;

use super::rows::Reader;
use super::truncate;
use super::types;
use super::worker::{Handle, Worker};
use crate::database::parameters;
use crate::database::results::run_all;
use crate::database::{
    self, DatabaseError, ExecuteOptions, ExecuteResults, FirstRows, Lexical, Parameter,
    PrepareOptions, PreparedStatement, ResultColumn, RowError, RowResults, StatementResult,
};

/// What SQLite's texts look like.
pub(super) const LEXICAL: Lexical = Lexical {
    dollar_numbers: false,
    dollar_quotes: false,
    brackets: true,
    nested_comments: false,
    escape_strings: false,
};

/// Statements that change rows: SQLite's count of changes is theirs.
const CHANGING: &[&str] = &["insert", "update", "delete", "replace", "with"];

/// SQLite has no procedures, hence no parameters that come back.
fn refuse_outputs(parameters: &[Parameter]) -> Result<(), DatabaseError> {
    let remedy = "SQLite has no procedures: read the value by a query with a single-row result";
    parameters::refuse_outputs(parameters, "SQLite", remedy)
}

fn bind(
    statement: &mut Statement<'_>,
    number: usize,
    parameter: &Parameter,
) -> Result<(), DatabaseError> {
    let stored = types::stored(&parameter.value, None).map_err(|e| DatabaseError::Cell {
        column: if parameter.name.is_empty() {
            number.to_string()
        } else {
            parameter.name.clone()
        },
        row: 0,
        status: e.status,
        message: e.message,
    })?;
    statement
        .raw_bind_parameter(number, stored)
        .map_err(|e| super::worker::server_error(&e))
}

impl<'c> Worker<'c> {
    fn prepare_text(&self, sql: &str) -> Result<Statement<'c>, DatabaseError> {
        let connection = self.connection;
        self.limits.patiently(|| connection.prepare(sql))
    }

    /// The first statement of a text, its parameters bound; more than one is refused.
    pub(super) fn prepare_one(
        &self,
        sql: &str,
        parameters: &[Parameter],
    ) -> Result<Statement<'c>, DatabaseError> {
        refuse_outputs(parameters)?;
        let mut statements = database::split(sql, self.markers, LEXICAL, true);
        let last = statements.pop().ok_or(DatabaseError::NoRows)?;
        let mut next = 0;
        // What stands before the query (a PRAGMA, a temporary table) is run; the query is last.
        for statement in &statements {
            self.run_one(
                statement,
                parameters,
                &mut next,
                &ExecuteOptions::default(),
                false,
            )?;
        }
        self.prepare_bound(&last, parameters, &mut next)
    }

    fn prepare_bound(
        &self,
        text: &database::Statement,
        parameters: &[Parameter],
        next: &mut usize,
    ) -> Result<Statement<'c>, DatabaseError> {
        let values = parameters::values_of(&text.markers, parameters, next)?;
        let mut statement = self.prepare_text(&text.sql)?;
        for (i, parameter) in values.into_iter().enumerate() {
            bind(&mut statement, i + 1, parameter)?;
        }
        Ok(statement)
    }

    fn run_one(
        &self,
        text: &database::Statement,
        parameters: &[Parameter],
        next: &mut usize,
        options: &ExecuteOptions,
        is_first: bool,
    ) -> Result<StatementResult, DatabaseError> {
        if let Some(table) = truncate::table(&text.sql) {
            self.truncate(table)?;
            return Ok(StatementResult::Affected(None));
        }
        let mut statement = self.prepare_bound(text, parameters, next)?;
        if statement.column_count() > 0 {
            return self
                .read_rows(statement, options, is_first)
                .map(StatementResult::Rows);
        }
        let changed = self.limits.patiently(|| statement.raw_execute())?;
        let counts = parameters::begins_with(&text.sql, CHANGING);
        Ok(StatementResult::Affected(counts.then_some(changed as u64)))
    }

    /// Runs a text.
    pub(super) fn execute(
        &mut self,
        sql: &str,
        parameters: &[Parameter],
        options: &ExecuteOptions,
    ) -> Result<ExecuteResults, DatabaseError> {
        refuse_outputs(parameters)?;
        let statements = database::split(sql, self.markers, LEXICAL, true);
        parameters::check_count(&statements, self.markers, parameters)?;
        self.within(options.timeout, |worker| {
            let mut next = 0;
            run_all(&statements, |statement, is_first| {
                worker.run_one(statement, parameters, &mut next, options, is_first)
            })
        })
    }

    /// Prepares a statement under a number.
    pub(super) fn prepare(
        &mut self,
        id: u64,
        sql: &str,
        options: &PrepareOptions,
    ) -> Result<(usize, Vec<ResultColumn>), DatabaseError> {
        let statements = database::split(sql, self.markers, LEXICAL, true);
        let text = parameters::only_statement(statements, "SQLite")?;
        let statement = self.prepare_text(&text.sql)?;
        let count = statement.parameter_count();
        if count != options.parameters.len() {
            return Err(DatabaseError::ParameterCount {
                markers: count,
                given: options.parameters.len(),
            });
        }
        let target = options.target.as_deref();
        let reader = match statement.column_count() {
            0 => None,
            _ => Some(Reader::new(&statement, target, None, self.rules, 64)?),
        };
        let columns = reader
            .as_ref()
            .map(|r| r.columns().to_vec())
            .unwrap_or_default();
        let changes = parameters::begins_with(&text.sql, CHANGING);
        let types = options.parameters.clone();
        let timeout = options.timeout;
        self.prepared.insert(
            id,
            Prepared {
                statement,
                reader,
                types,
                timeout,
                changes,
            },
        );
        Ok((count, columns))
    }

    fn execute_rows(
        &mut self,
        id: u64,
        rows: &RecordBatch,
        stop: bool,
    ) -> Result<RowResults, DatabaseError> {
        let mut prepared = self.prepared.remove(&id).ok_or_else(gone)?;
        let result = self.within(None, |worker| {
            // Each row is its own statement; one transaction around them saves a wait for the
            // disk per row. A row that fails takes back itself only.
            let own = prepared.changes && worker.connection.is_autocommit() && rows.num_rows() > 1;
            if own {
                worker.simple("BEGIN IMMEDIATE")?;
            }
            let results = prepared.run_rows(worker, rows, stop);
            if own && !worker.connection.is_autocommit() {
                worker.limits.set(None);
                worker.simple(if results.is_ok() {
                    "COMMIT"
                } else {
                    "ROLLBACK"
                })?;
            }
            results
        });
        self.prepared.insert(id, prepared);
        result
    }

    fn first_rows(&mut self, id: u64, rows: &RecordBatch) -> Result<FirstRows, DatabaseError> {
        let mut prepared = self.prepared.remove(&id).ok_or_else(gone)?;
        let result = self.within(None, |worker| prepared.first_rows(worker, rows));
        self.prepared.insert(id, prepared);
        result
    }
}

fn gone() -> DatabaseError {
    DatabaseError::Closed {
        reason: "the prepared statement is gone".to_owned(),
    }
}

/// A prepared statement on the connection's thread.
pub(super) struct Prepared<'c> {
    statement: Statement<'c>,
    reader: Option<Reader>,
    types: Vec<ColumnType>,
    timeout: Option<Duration>,
    changes: bool,
}

impl Prepared<'_> {
    fn bind_row(&mut self, rows: &RecordBatch, row: usize) -> Result<(), RowError> {
        for (i, (array, column_type)) in rows.columns().iter().zip(&self.types).enumerate() {
            let value = value_at(column_type, array, row);
            let column = u32::try_from(i).ok();
            let stored = types::stored(&value, None).map_err(|e| RowError {
                column,
                status: e.status,
                message: e.message,
            })?;
            self.statement
                .raw_bind_parameter(i + 1, stored)
                .map_err(|e| {
                    let error = super::worker::server_error(&e);
                    RowError {
                        column,
                        status: error.status(),
                        message: error.to_string(),
                    }
                })?;
        }
        Ok(())
    }

    fn run_rows(
        &mut self,
        worker: &Worker<'_>,
        rows: &RecordBatch,
        stop: bool,
    ) -> Result<RowResults, DatabaseError> {
        check_width(rows, self.types.len())?;
        let mut results = Vec::with_capacity(rows.num_rows());
        for row in 0..rows.num_rows() {
            let result = match self.bind_row(rows, row) {
                Ok(()) => self.run_bound(worker),
                Err(error) => Ok(Err(error)),
            }?;
            let failed = result.is_err();
            results.push(result);
            if failed && stop {
                break;
            }
        }
        Ok(results)
    }

    fn run_bound(&mut self, worker: &Worker<'_>) -> Result<Result<u64, RowError>, DatabaseError> {
        worker.limits.set(self.timeout.filter(|t| !t.is_zero()));
        let statement = &mut self.statement;
        let has_rows = self.reader.is_some();
        let result = worker.limits.patiently(|| {
            if !has_rows {
                return statement.raw_execute();
            }
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(0)
        });
        match result {
            Ok(changed) => Ok(Ok(changed as u64)),
            Err(error) if error.is_fatal() => Err(error),
            Err(error) => Ok(Err(RowError {
                column: None,
                status: error.status(),
                message: error.to_string(),
            })),
        }
    }

    fn first_rows(
        &mut self,
        worker: &Worker<'_>,
        rows: &RecordBatch,
    ) -> Result<FirstRows, DatabaseError> {
        check_width(rows, self.types.len())?;
        let mut found = Vec::with_capacity(rows.num_rows());
        let mut count = 0u32;
        for row in 0..rows.num_rows() {
            self.bind_row(rows, row).map_err(|e| DatabaseError::Cell {
                column: e.column.map_or_else(String::new, |c| (c + 1).to_string()),
                row,
                status: e.status,
                message: e.message,
            })?;
            worker.limits.set(self.timeout.filter(|t| !t.is_zero()));
            let Some(reader) = &mut self.reader else {
                return Err(DatabaseError::NoRows);
            };
            let statement = &mut self.statement;
            let is_found = worker.limits.patiently(|| {
                let mut rows = statement.raw_query();
                match rows.next()? {
                    Some(row) => reader.push_row(row).map(|()| true),
                    None => Ok(false),
                }
            })?;
            found.push(is_found.then_some(count));
            count += u32::from(is_found);
        }
        match &mut self.reader {
            Some(reader) => {
                let batch = reader.take()?;
                Ok(FirstRows {
                    rows: batch.rows,
                    found,
                    errors: batch.errors,
                })
            }
            None => Err(DatabaseError::NoRows),
        }
    }
}

fn check_width(rows: &RecordBatch, wanted: usize) -> Result<(), DatabaseError> {
    if rows.num_columns() == wanted {
        return Ok(());
    }
    Err(DatabaseError::ParameterCount {
        markers: wanted,
        given: rows.num_columns(),
    })
}

/// The calling side of a prepared statement.
pub(super) struct SqliteStatement {
    pub(super) handle: Arc<Handle>,
    pub(super) id: u64,
    pub(super) parameter_count: usize,
    pub(super) columns: Vec<ResultColumn>,
}

impl PreparedStatement for SqliteStatement {
    fn parameter_count(&self) -> usize {
        self.parameter_count
    }

    fn columns(&self) -> &[ResultColumn] {
        &self.columns
    }

    fn execute_rows(
        &mut self,
        parameters: &RecordBatch,
        stop: bool,
    ) -> Result<RowResults, DatabaseError> {
        let (id, rows) = (self.id, parameters.clone());
        self.handle
            .call(move |worker| worker.execute_rows(id, &rows, stop))
    }

    fn first_rows(&mut self, parameters: &RecordBatch) -> Result<FirstRows, DatabaseError> {
        let (id, rows) = (self.id, parameters.clone());
        self.handle.call(move |worker| worker.first_rows(id, &rows))
    }
}

impl Drop for SqliteStatement {
    fn drop(&mut self) {
        let id = self.id;
        let _ = self.handle.send(move |worker| {
            worker.prepared.remove(&id);
            Ok(())
        });
    }
}
