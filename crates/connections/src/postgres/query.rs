//! Statements: texts of several, streamed queries, prepared ones run for many rows.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arrow::record_batch::RecordBatch;
use futures::future::join_all;
use futures::stream::Fuse;
use futures::{StreamExt, TryStreamExt};
use packmule_types::ColumnType;
use packmule_types::array::value_at;
use tokio_postgres::{Row, RowStream};

use super::decode::Reader;
use super::session::{Session, Turn, Use, server_error};
use super::values::Sent;
use super::{LEXICAL, Postgres};
use crate::database::parameters;
use crate::database::results::{refuse_errors, run_all};
use crate::database::{
    self, DatabaseError, ExecuteOptions, ExecuteResults, FirstRows, Marker, Parameter,
    PrepareOptions, PreparedStatement, QueryOptions, ResultColumn, ResultSet, RowBatch, RowBatches,
    RowError, RowResults, RowsWanted, StatementResult,
};

/// Rows of a batch where no caller says how many.
const BATCH_ROWS: usize = 10_000;
/// Statements under way at once when one is run for many rows.
const PIPELINE: usize = 256;
/// Statements whose number of rows is that of changes.
const CHANGING: &[&str] = &["insert", "update", "delete", "merge", "with", "copy"];

fn refuse_outputs(parameters: &[Parameter]) -> Result<(), DatabaseError> {
    let remedy = "read the value by a query with a single-row result (SELECT function(?))";
    parameters::refuse_outputs(parameters, "PostgreSQL", remedy)
}

fn values_of(
    markers: &[Marker],
    parameters: &[Parameter],
    next: &mut usize,
) -> Result<Vec<Sent>, DatabaseError> {
    let values = parameters::values_of(markers, parameters, next)?;
    Ok(values.into_iter().map(|p| Sent(p.value.clone())).collect())
}

impl Postgres {
    pub(super) fn run_text(
        &self,
        sql: &str,
        parameters: &[Parameter],
        options: &ExecuteOptions,
    ) -> Result<ExecuteResults, DatabaseError> {
        refuse_outputs(parameters)?;
        let statements = database::split(sql, self.markers, LEXICAL, true);
        parameters::check_count(&statements, self.markers, parameters)?;
        let mut next = 0;
        run_all(&statements, |statement, is_first| {
            self.run_one(statement, parameters, &mut next, options, is_first)
        })
    }

    fn run_one(
        &self,
        text: &database::Statement,
        parameters: &[Parameter],
        next: &mut usize,
        options: &ExecuteOptions,
        is_first: bool,
    ) -> Result<StatementResult, DatabaseError> {
        let values = values_of(&text.markers, parameters, next)?;
        let client = &self.session.client;
        let statement = self
            .session
            .wait(options.timeout, client.prepare(&text.sql))?;
        if statement.columns().is_empty() {
            let run = client.execute_raw(&statement, &values);
            let count = self.session.wait(options.timeout, run)?;
            return Ok(StatementResult::Affected(
                parameters::begins_with(&text.sql, CHANGING).then_some(count),
            ));
        }
        let wanted = if is_first {
            options.rows
        } else {
            RowsWanted::None
        };
        let mut reader = Reader::new(statement.columns(), None, self.rules)?;
        let run = client.query_raw(&statement, &values);
        let mut stream = Box::pin(self.session.wait(options.timeout, run)?.fuse());
        let mut reservation = self.session.services.memory.reservation();
        let mut batches = Vec::new();
        loop {
            let rows = take_rows(&self.session, options.timeout, &mut stream, BATCH_ROWS)?;
            if rows.is_empty() {
                break;
            }
            let kept = match wanted {
                RowsWanted::All => rows.as_slice(),
                RowsWanted::First if batches.is_empty() => rows.get(..1).unwrap_or_default(),
                RowsWanted::First | RowsWanted::None => continue,
            };
            let batch = reader.batch(kept)?;
            refuse_errors(&batch, reader.columns())?;
            reservation.try_grow(batch.rows.get_array_memory_size())?;
            batches.push(batch.rows);
        }
        Ok(StatementResult::Rows(ResultSet {
            columns: reader.into_columns(),
            batches,
            reservation,
        }))
    }

    pub(super) fn open_rows(
        &self,
        sql: &str,
        parameters: &[Parameter],
        options: &QueryOptions,
        turn: Turn,
    ) -> Result<PostgresRows, DatabaseError> {
        refuse_outputs(parameters)?;
        let mut statements = database::split(sql, self.markers, LEXICAL, true);
        let last = statements.pop().ok_or(DatabaseError::NoRows)?;
        let mut next = 0;
        // What stands before the query (a SET, a temporary table) is run; the query is last.
        for statement in &statements {
            let quiet = ExecuteOptions {
                timeout: options.timeout,
                rows: RowsWanted::None,
            };
            self.run_one(statement, parameters, &mut next, &quiet, false)?;
        }
        let client = &self.session.client;
        let statement = self
            .session
            .wait(options.timeout, client.prepare(&last.sql))?;
        if statement.columns().is_empty() {
            return Err(DatabaseError::NoRows);
        }
        let reader = Reader::new(statement.columns(), options.target.as_deref(), self.rules)?;
        let stream = if options.schema_only {
            None
        } else {
            let values = values_of(&last.markers, parameters, &mut next)?;
            let run = client.query_raw(&statement, &values);
            Some(Box::pin(self.session.wait(options.timeout, run)?.fuse()))
        };
        let columns = reader.columns().to_vec();
        let timeout = options.timeout;
        let session = self.session.clone();
        Ok(PostgresRows {
            stream,
            session,
            reader,
            columns,
            timeout,
            _turn: turn,
        })
    }

    pub(super) fn prepare_text(
        &self,
        sql: &str,
        options: &PrepareOptions,
    ) -> Result<PostgresStatement, DatabaseError> {
        let statements = database::split(sql, self.markers, LEXICAL, true);
        let text = parameters::only_statement(statements, "PostgreSQL")?;
        let client = &self.session.client;
        let statement = self
            .session
            .wait(options.timeout, client.prepare(&text.sql))?;
        let markers = statement.params().len();
        if markers != options.parameters.len() {
            let given = options.parameters.len();
            return Err(DatabaseError::ParameterCount { markers, given });
        }
        let reader = match statement.columns() {
            [] => None,
            columns => Some(Reader::new(columns, options.target.as_deref(), self.rules)?),
        };
        let columns = reader
            .as_ref()
            .map(|r| r.columns().to_vec())
            .unwrap_or_default();
        Ok(PostgresStatement {
            session: self.session.clone(),
            statement,
            reader,
            columns,
            types: options.parameters.clone(),
            timeout: options.timeout,
        })
    }
}

/// Up to so many rows; none at the end. The stream is fused: asked again after its end, the
/// driver's own would take that for a lost connection.
fn take_rows(
    session: &Session,
    timeout: Option<Duration>,
    stream: &mut Pin<Box<Fuse<RowStream>>>,
    max_rows: usize,
) -> Result<Vec<Row>, DatabaseError> {
    session.wait(timeout, async {
        let mut rows = Vec::with_capacity(max_rows.min(BATCH_ROWS));
        while rows.len() < max_rows {
            match stream.try_next().await? {
                Some(row) => rows.push(row),
                None => break,
            }
        }
        Ok(rows)
    })
}

/// A running query.
pub(super) struct PostgresRows {
    stream: Option<Pin<Box<Fuse<RowStream>>>>,
    session: Arc<Session>,
    reader: Reader,
    columns: Vec<ResultColumn>,
    timeout: Option<Duration>,
    _turn: Turn,
}

impl RowBatches for PostgresRows {
    fn columns(&self) -> &[ResultColumn] {
        &self.columns
    }

    fn next_batch(&mut self, max_rows: usize) -> Result<Option<RowBatch>, DatabaseError> {
        let Some(stream) = &mut self.stream else {
            return Ok(None);
        };
        // The timeout is for the first rows only.
        let timeout = self.timeout.take();
        let rows = match take_rows(&self.session, timeout, stream, max_rows.max(1)) {
            Ok(rows) => rows,
            Err(error) => {
                self.stream = None;
                return Err(error);
            }
        };
        if rows.is_empty() {
            self.stream = None;
            return Ok(None);
        }
        self.reader.batch(&rows).map(Some)
    }
}

impl Drop for PostgresRows {
    /// Rows that nobody reads need not be sent: stops the statement and waits for its end, so
    /// that the stop cannot hit the next one.
    fn drop(&mut self) {
        if let Some(mut stream) = self.stream.take() {
            let session = &self.session;
            let _ = session.finish(async {
                session.stop_statement().await;
                while let Some(Ok(_)) = stream.next().await {}
                Ok(())
            });
        }
    }
}

/// A prepared statement.
pub(super) struct PostgresStatement {
    session: Arc<Session>,
    statement: tokio_postgres::Statement,
    reader: Option<Reader>,
    columns: Vec<ResultColumn>,
    types: Vec<ColumnType>,
    timeout: Option<Duration>,
}

impl PostgresStatement {
    fn parameters(&self, rows: &RecordBatch, row: usize) -> Vec<Sent> {
        let cells = rows.columns().iter().zip(&self.types);
        cells
            .map(|(array, t)| Sent(value_at(t, array, row)))
            .collect()
    }

    fn check_width(&self, rows: &RecordBatch) -> Result<(), DatabaseError> {
        if rows.num_columns() == self.types.len() {
            return Ok(());
        }
        let given = rows.num_columns();
        Err(DatabaseError::ParameterCount {
            markers: self.types.len(),
            given,
        })
    }

    /// Runs all rows in one transaction, many under way at once; `None` when any of them fails,
    /// and nothing is changed then.
    fn run_together(&self, rows: &RecordBatch) -> Result<Option<RowResults>, DatabaseError> {
        let client = &self.session.client;
        self.session.simple("BEGIN")?;
        let mut results = Vec::with_capacity(rows.num_rows());
        let mut start = 0;
        while start < rows.num_rows() {
            let end = (start + PIPELINE).min(rows.num_rows());
            let sent: Vec<Vec<Sent>> = (start..end).map(|r| self.parameters(rows, r)).collect();
            let runs = sent
                .iter()
                .map(|values| client.execute_raw(&self.statement, values));
            let done = self
                .session
                .wait(self.timeout, async { Ok(join_all(runs).await) });
            let done = match done {
                Ok(done) => done,
                Err(error) => {
                    let _ = self.session.finish(client.batch_execute("ROLLBACK"));
                    return Err(error);
                }
            };
            for result in done {
                match result {
                    Ok(count) => results.push(Ok(count)),
                    Err(error) => {
                        self.session.finish(client.batch_execute("ROLLBACK"))?;
                        let error = server_error(&error);
                        return if error.is_fatal() {
                            Err(error)
                        } else {
                            Ok(None)
                        };
                    }
                }
            }
            start = end;
        }
        self.session.simple("COMMIT")?;
        Ok(Some(results))
    }

    fn run_alone(&self, values: &[Sent]) -> Result<Result<u64, RowError>, DatabaseError> {
        let run = self.session.client.execute_raw(&self.statement, values);
        match self.session.wait(self.timeout, run) {
            Ok(count) => Ok(Ok(count)),
            Err(error) if error.is_fatal() => Err(error),
            Err(error) => Ok(Err(RowError {
                column: None,
                status: error.status(),
                message: error.to_string(),
            })),
        }
    }
}

impl PreparedStatement for PostgresStatement {
    fn parameter_count(&self) -> usize {
        self.types.len()
    }

    fn columns(&self) -> &[ResultColumn] {
        &self.columns
    }

    fn execute_rows(
        &mut self,
        rows: &RecordBatch,
        stop: bool,
    ) -> Result<RowResults, DatabaseError> {
        self.check_width(rows)?;
        let _turn = self.session.turn(Use::Statement)?;
        let in_transaction = self.session.in_transaction()?;
        if rows.num_rows() > 1
            && !in_transaction
            && let Some(results) = self.run_together(rows)?
        {
            return Ok(results);
        }
        let mut results = Vec::with_capacity(rows.num_rows());
        for row in 0..rows.num_rows() {
            if in_transaction {
                self.session.simple("SAVEPOINT packmule_row")?;
            }
            let result = self.run_alone(&self.parameters(rows, row))?;
            if in_transaction {
                self.session.simple(match result {
                    Ok(_) => "RELEASE packmule_row",
                    Err(_) => "ROLLBACK TO packmule_row; RELEASE packmule_row",
                })?;
            }
            let failed = result.is_err();
            results.push(result);
            if failed && stop {
                break;
            }
        }
        Ok(results)
    }

    fn first_rows(&mut self, rows: &RecordBatch) -> Result<FirstRows, DatabaseError> {
        self.check_width(rows)?;
        let _turn = self.session.turn(Use::Statement)?;
        let mut found = Vec::with_capacity(rows.num_rows());
        let mut kept: Vec<Row> = Vec::new();
        let mut start = 0;
        while start < rows.num_rows() {
            let end = (start + PIPELINE).min(rows.num_rows());
            let sent: Vec<Vec<Sent>> = (start..end).map(|r| self.parameters(rows, r)).collect();
            let runs = sent
                .iter()
                .map(|values| first_row(&self.session, &self.statement, values));
            let done = self
                .session
                .wait(self.timeout, async { Ok(join_all(runs).await) })?;
            for result in done {
                match result.map_err(|e| server_error(&e))? {
                    Some(row) => {
                        found.push(u32::try_from(kept.len()).ok());
                        kept.push(row);
                    }
                    None => found.push(None),
                }
            }
            start = end;
        }
        match &mut self.reader {
            Some(reader) => {
                let batch = reader.batch(&kept)?;
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

async fn first_row(
    session: &Session,
    statement: &tokio_postgres::Statement,
    values: &[Sent],
) -> Result<Option<Row>, tokio_postgres::Error> {
    let stream = session.client.query_raw(statement, values).await?;
    let mut stream = std::pin::pin!(stream.fuse());
    let first = stream.try_next().await?;
    // The rest is read too, so that its errors are seen and its rows leave the connection.
    while stream.try_next().await?.is_some() {}
    Ok(first)
}
