//! The traits that a database driver implements and that sources, destinations and tasks use.
//!
//! All calls block; a driver has its own thread per connection and, where it needs one, its own
//! asynchronous runtime behind it. Everything here is `Send`; a connection is shared by
//! `Arc<dyn DatabaseConnection>`, its statements are serialised. What a connection hands out
//! (rows, prepared statements, loaders) keeps the connection open until dropped.
//!
//! Columns come and go in the Arrow forms that [`ColumnType::arrow`] lists.

mod error;
mod markers;
pub(crate) mod parameters;
pub(crate) mod results;

use std::sync::Arc;
use std::time::Duration;

use arrow::record_batch::RecordBatch;
use packmule_runtime::Reservation;
use packmule_types::status::RowErrors;
use packmule_types::{ColumnType, Value};

pub use error::{DatabaseError, ErrorClass, RowError};
pub use markers::{Lexical, Marker, MarkerStyle, Statement, split};

use crate::dialect::Dialect;

/// Which way a statement's parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// To the database.
    #[default]
    Input,
    /// From the database.
    Output,
    /// Both ways.
    InputOutput,
    /// A procedure's return value.
    ReturnValue,
}

/// A parameter of a statement.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name with or without `@`; counts only where the connection's markers are named.
    pub name: String,
    /// Which way it goes.
    pub direction: Direction,
    /// The type that the binding declares; `DT_EMPTY` = that of the value.
    pub column_type: ColumnType,
    /// Its value; NULL of any type for outputs.
    pub value: Value,
}

impl Parameter {
    /// An input with the value's own type.
    pub fn input(value: Value) -> Self {
        let column_type = ColumnType::new(value.data_type());
        Self {
            name: String::new(),
            direction: Direction::Input,
            column_type,
            value,
        }
    }

    /// The same with a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultColumn {
    /// Its name as the database gives it.
    pub name: String,
    /// The pipeline type that the values have (the requested one, or the nearest to the
    /// database's own).
    pub column_type: ColumnType,
    /// The database's name for its type, empty when it has none.
    pub native_type: String,
}

/// Rows of one statement, read to the end.
#[derive(Debug)]
pub struct ResultSet {
    /// Its columns.
    pub columns: Vec<ResultColumn>,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
    /// The memory that the rows hold.
    pub reservation: Reservation,
}

impl ResultSet {
    /// Rows in all.
    pub fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// What one statement of a text gave.
#[derive(Debug)]
pub enum StatementResult {
    /// Rows (none of them when none were wanted).
    Rows(ResultSet),
    /// Rows that were changed; `None` where the statement has no such number.
    Affected(Option<u64>),
}

/// What a text of one or more statements gave, in order.
#[derive(Debug, Default)]
pub struct ExecuteResults {
    /// One entry a statement.
    pub statements: Vec<StatementResult>,
    /// Values of output parameters: position in the given list, value.
    pub outputs: Vec<(usize, Value)>,
    /// The error that ended the text *after its first result set*; OLE DB and ADO ignore such
    /// errors, ADO.NET and ODBC report them. An earlier error is the call's own.
    pub late_error: Option<DatabaseError>,
}

impl ExecuteResults {
    /// The first result set.
    pub fn first_rows(&self) -> Option<&ResultSet> {
        self.statements.iter().find_map(|s| match s {
            StatementResult::Rows(rows) => Some(rows),
            StatementResult::Affected(_) => None,
        })
    }

    /// Rows changed by the last statement that says so.
    pub fn rows_affected(&self) -> Option<u64> {
        self.statements.iter().rev().find_map(|s| match s {
            StatementResult::Affected(count) => *count,
            StatementResult::Rows(_) => None,
        })
    }
}

/// Which rows of result sets [`DatabaseConnection::execute`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowsWanted {
    /// None; statements still run to their end.
    #[default]
    None,
    /// The first row of the first result set.
    First,
    /// All rows of the first result set, within the memory budget.
    All,
}

/// How [`DatabaseConnection::execute`] runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExecuteOptions {
    /// Ends the statement with [`DatabaseError::Timeout`] after so long; `None` = never.
    pub timeout: Option<Duration>,
    /// Which rows to keep.
    pub rows: RowsWanted,
}

/// How [`DatabaseConnection::query`] runs.
#[derive(Debug, Clone, Default)]
pub struct QueryOptions {
    /// Ends the statement with [`DatabaseError::Timeout`] when its first row takes longer.
    pub timeout: Option<Duration>,
    /// The columns wanted: name in the result, type. The batches have exactly these, in this
    /// order; a name that the result lacks is [`DatabaseError::NoColumn`]. `None` = all columns
    /// in their nearest types.
    pub target: Option<Vec<(String, ColumnType)>>,
    /// Prepares and describes only; no row is read. For validation.
    pub schema_only: bool,
}

/// A piece of a result.
#[derive(Debug)]
pub struct RowBatch {
    /// Its rows; a cell named in `errors` is NULL, or the cut value for a truncation.
    pub rows: RecordBatch,
    /// For each column the rows whose value could not be converted to the wanted type.
    pub errors: Vec<RowErrors>,
}

/// Rows of a running query, read piece by piece; memory is bounded by a few batches.
pub trait RowBatches: Send {
    /// The columns.
    fn columns(&self) -> &[ResultColumn];

    /// The next rows, `max_rows` at most (the driver may have read ahead with the number of
    /// the call before); `None` after the last.
    fn next_batch(&mut self, max_rows: usize) -> Result<Option<RowBatch>, DatabaseError>;
}

/// What a statement did for each row of parameters.
pub type RowResults = Vec<Result<u64, RowError>>;

/// For each row of parameters the first row that the query gave.
#[derive(Debug)]
pub struct FirstRows {
    /// The rows found, in order of the parameters.
    pub rows: RecordBatch,
    /// For each row of parameters its row in `rows`.
    pub found: Vec<Option<u32>>,
    /// For each column the rows (of `rows`) whose value could not be converted.
    pub errors: Vec<RowErrors>,
}

/// A statement prepared once and run for many rows of parameters.
pub trait PreparedStatement: Send {
    /// How many markers it has.
    fn parameter_count(&self) -> usize;

    /// The columns of its result; none for a statement without rows.
    fn columns(&self) -> &[ResultColumn];

    /// Runs once for each row of `parameters` (as many columns as markers, in their order; of
    /// the types given at preparing), in order. With `stop` the first error ends it and the
    /// list is that long; else every row has its entry. A lost connection, a timeout and a
    /// cancel are the call's own error.
    fn execute_rows(
        &mut self,
        parameters: &RecordBatch,
        stop: bool,
    ) -> Result<RowResults, DatabaseError>;

    /// Runs once for each row of `parameters` and keeps the first row of each result.
    fn first_rows(&mut self, parameters: &RecordBatch) -> Result<FirstRows, DatabaseError>;
}

/// How [`DatabaseConnection::prepare`] prepares.
#[derive(Debug, Clone, Default)]
pub struct PrepareOptions {
    /// Types of the parameter columns.
    pub parameters: Vec<ColumnType>,
    /// As in [`QueryOptions`], for [`PreparedStatement::first_rows`].
    pub target: Option<Vec<(String, ColumnType)>>,
    /// Ends a run with [`DatabaseError::Timeout`] after so long.
    pub timeout: Option<Duration>,
}

/// How a bulk load treats the table.
#[derive(Debug, Clone, Default)]
pub struct BulkOptions {
    /// Values for identity columns are written; else the database makes them and the given
    /// ones are dropped.
    pub keep_identity: bool,
    /// NULL stays NULL where the column has a default; else it becomes the default.
    pub keep_nulls: bool,
    /// The table is locked against other writers for the load.
    pub table_lock: bool,
    /// Ends a unit with [`DatabaseError::Timeout`] after so long.
    pub timeout: Option<Duration>,
}

/// Loads many rows into one table. Rows are visible after their unit is committed; dropping it
/// without [`BulkLoader::finish`] takes the open unit back.
pub trait BulkLoader: Send {
    /// Adds rows to the open unit: one column for each of those named at the start.
    ///
    /// After an error the unit is lost: call [`BulkLoader::abort_unit`], then go on or drop.
    fn write_batch(&mut self, rows: &RecordBatch) -> Result<(), DatabaseError>;

    /// Commits the open unit. All units but the last may be committed without waiting for the
    /// disk; the last one makes all of them durable. Without rows it does nothing.
    fn commit_unit(&mut self, last: bool) -> Result<(), DatabaseError>;

    /// Takes the open unit back.
    fn abort_unit(&mut self) -> Result<(), DatabaseError>;

    /// Commits what is open and ends; rows committed in all.
    fn finish(self: Box<Self>) -> Result<u64, DatabaseError>;
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDescription {
    /// Its name as the database gives it.
    pub name: String,
    /// The pipeline type nearest to its own.
    pub column_type: ColumnType,
    /// The database's name for its type.
    pub native_type: String,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Whether it has a default.
    pub has_default: bool,
    /// Whether the database numbers it.
    pub identity: bool,
    /// Whether it is computed and takes no value.
    pub computed: bool,
}

/// An open connection to a database. Statements on it run one after the other.
pub trait DatabaseConnection: Send + Sync {
    /// How names and texts are written for it.
    fn dialect(&self) -> Dialect;

    /// How its statements mark parameters: by the kind of connection manager it came from.
    fn markers(&self) -> MarkerStyle;

    /// The names of the database that it is connected to, for three-part names: the package's
    /// own first, then that of the mapping.
    fn catalogs(&self) -> &[String];

    /// Runs a text of one or more statements.
    fn execute(
        &self,
        sql: &str,
        parameters: &[Parameter],
        options: &ExecuteOptions,
    ) -> Result<ExecuteResults, DatabaseError>;

    /// Runs one query and streams its rows.
    fn query(
        &self,
        sql: &str,
        parameters: &[Parameter],
        options: &QueryOptions,
    ) -> Result<Box<dyn RowBatches>, DatabaseError>;

    /// Prepares one statement.
    fn prepare(
        &self,
        sql: &str,
        options: &PrepareOptions,
    ) -> Result<Box<dyn PreparedStatement>, DatabaseError>;

    /// Starts a bulk load into columns of a table, each with the type of the batches to come.
    fn bulk_load(
        &self,
        table: &str,
        columns: &[(String, ColumnType)],
        options: &BulkOptions,
    ) -> Result<Box<dyn BulkLoader>, DatabaseError>;

    /// Finds a table or view as a component names it (`[dbo].[T]`, `"dbo"."T"`, `dbo.T`,
    /// `[Db].[dbo].[T]` of this database) and gives its quoted name. An exact match wins, else
    /// the only one that differs in letter case.
    fn resolve_table(&self, table: &str) -> Result<String, DatabaseError>;

    /// The columns of a table or view, in order.
    fn table_columns(&self, table: &str) -> Result<Vec<ColumnDescription>, DatabaseError>;

    /// Begins a transaction.
    fn begin(&self) -> Result<(), DatabaseError>;
    /// Commits the transaction.
    fn commit(&self) -> Result<(), DatabaseError>;
    /// Rolls the transaction back.
    fn rollback(&self) -> Result<(), DatabaseError>;

    /// Prepares a row-wise INSERT of these columns; run it by
    /// [`PreparedStatement::execute_rows`] for a status per row.
    fn prepare_insert(
        &self,
        table: &str,
        columns: &[(String, ColumnType)],
        timeout: Option<Duration>,
    ) -> Result<Box<dyn PreparedStatement>, DatabaseError> {
        let target = self.resolve_table(table)?;
        let known = self.table_columns(table)?;
        let mut names = Vec::with_capacity(columns.len());
        for (name, _) in columns {
            let column = find_column(&known, name, table)?;
            names.push(self.dialect().quote(&column.name));
        }
        let sql = self.dialect().insert(&target, &names, self.markers());
        let options = PrepareOptions {
            parameters: columns.iter().map(|c| c.1).collect(),
            target: None,
            timeout,
        };
        self.prepare(&sql, &options)
    }
}

/// A shared connection.
pub type SharedConnection = Arc<dyn DatabaseConnection>;

/// The column of a name: exactly, else the only one that differs in letter case.
pub fn find_column<'a>(
    columns: &'a [ColumnDescription],
    name: &str,
    table: &str,
) -> Result<&'a ColumnDescription, DatabaseError> {
    if let Some(column) = columns.iter().find(|c| c.name == name) {
        return Ok(column);
    }
    let wanted = name.to_lowercase();
    let mut found = columns.iter().filter(|c| c.name.to_lowercase() == wanted);
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (Some(_), Some(_)) => Err(DatabaseError::AmbiguousName {
            name: format!("{table}.{name}"),
        }),
        (None, _) => Err(DatabaseError::NoColumn {
            column: name.to_owned(),
            place: table.to_owned(),
        }),
    }
}
