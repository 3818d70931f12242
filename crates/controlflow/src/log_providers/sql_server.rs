//! Log provider for SQL Server (`Microsoft.LogProviderSQLServer`, before 2014
//! `DTS.LogProviderSQLServer.n`): a row for each entry in the table `sysssislog` of an OLEDB
//! connection manager (ConfigString), which is made where it is missing. Documented in
//! control-flow.md 8.1.
//!
//! Works over every database that there is a driver for. SSIS calls the procedure
//! `sp_ssis_addlogentry`, which does nothing but this INSERT; here the row is inserted directly,
//! over a connection of the log's own, so that an entry stays when the package takes its own
//! work back. While another writer holds a lock, entries wait in memory, up to a limit.

use std::sync::Arc;
use std::time::Duration;

use arrow::record_batch::RecordBatch;
use packmule_connections::database::ErrorClass;
use packmule_connections::{
    DatabaseError, Dialect, ExecuteOptions, PreparedStatement, SharedConnection,
};
use packmule_runtime::Reported;
use packmule_types::array::ColumnBuilder;
use packmule_types::error::Chain;
use packmule_types::{Code, ColumnType, DataType, Value};
use uuid::Uuid;

use super::{Entry, Log, Opening, ProviderType};

/// The registry's entry.
pub(super) const TYPE: ProviderType = ProviderType {
    name: "Microsoft.LogProviderSQLServer",
    title: "SSIS log provider for SQL Server",
    doc: "a row for each entry in the table sysssislog of a database connection",
    validate,
    open,
};

const TABLE: &str = "sysssislog";
/// How long one entry may wait for a lock before it is kept for later.
const WRITE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the last entries may wait.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);
/// Entries kept in memory while the table is locked; further ones are lost, which is told.
const PENDING_MAX: usize = 50_000;
/// While the table is locked it is tried again after so many further entries.
const TRY_AGAIN: usize = 200;
/// The column's length; longer messages are cut.
const MESSAGE_UNITS: u32 = 2_048;

/// Columns, in the table's order, without the id.
const COLUMNS: [(&str, DataType, u32); 11] = [
    ("event", DataType::WStr, 128),
    ("computer", DataType::WStr, 128),
    ("operator", DataType::WStr, 128),
    ("source", DataType::WStr, 1_024),
    ("sourceid", DataType::Guid, 0),
    ("executionid", DataType::Guid, 0),
    ("starttime", DataType::DbTimeStamp, 0),
    ("endtime", DataType::DbTimeStamp, 0),
    ("datacode", DataType::I4, 0),
    ("databytes", DataType::Image, 0),
    ("message", DataType::WStr, MESSAGE_UNITS),
];

fn column_types() -> Vec<(String, ColumnType)> {
    let one = |(name, data_type, length): &(&str, DataType, u32)| {
        let mut column_type = ColumnType::new(*data_type);
        column_type.length = *length;
        ((*name).to_owned(), column_type)
    };
    COLUMNS.iter().map(one).collect()
}

fn validate(opening: &Opening<'_>) -> Result<(), Reported> {
    match opening.instance.connections.markers(opening.connection) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.report(opening.events)),
    }
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Log>, Reported> {
    let connection = opening
        .instance
        .connections
        .own_database(opening.connection)
        .map_err(|error| error.report(opening.events))?;
    match SqlLog::new(connection) {
        Ok(log) => Ok(Box::new(log)),
        Err(error) => {
            let text = format!(
                "The SSIS logging provider has failed to open the log. Error code: {} (table \
                 {TABLE}, connection {})",
                Chain(&error),
                opening.connection
            );
            let remedy = "let the connection's user make and fill the table, or map the connection";
            let code = Code(0xC001_404B);
            Err(opening.events.error_text(code, text, Some(remedy)))
        }
    }
}

/// An open log.
struct SqlLog {
    connection: SharedConnection,
    table: String,
    insert: Box<dyn PreparedStatement>,
    types: Vec<(String, ColumnType)>,
    pending: Vec<Vec<Value>>,
    /// Entries since the last try while the table was locked; `None` when it was not.
    since_locked: Option<usize>,
    lost: usize,
    error: Option<String>,
}

impl SqlLog {
    fn new(connection: SharedConnection) -> Result<Self, DatabaseError> {
        let table = find_or_make(&connection)?;
        let types = column_types();
        let insert = connection.prepare_insert(&table, &types, Some(WRITE_TIMEOUT))?;
        Ok(Self {
            connection,
            table,
            insert,
            types,
            pending: Vec::new(),
            since_locked: None,
            lost: 0,
            error: None,
        })
    }

    fn batch(&self) -> Result<RecordBatch, String> {
        let mut columns = Vec::with_capacity(self.types.len());
        for (i, (name, column_type)) in self.types.iter().enumerate() {
            let mut builder = ColumnBuilder::new(column_type, self.pending.len());
            for row in &self.pending {
                let value = row.get(i).unwrap_or(&Value::Null);
                builder.append(value).map_err(|e| e.to_string())?;
            }
            columns.push((name.as_str(), builder.finish(), true));
        }
        RecordBatch::try_from_iter_with_nullable(columns).map_err(|e| e.to_string())
    }

    /// Writes what is pending; a lock keeps it, any other problem loses it and is told.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let written = match self.batch() {
            Err(error) => Err(error),
            Ok(rows) => match self.insert.execute_rows(&rows, true) {
                Err(DatabaseError::Timeout { .. }) => {
                    self.since_locked = Some(0);
                    return;
                }
                Err(error) => Err(Chain(&error).to_string()),
                Ok(results) => {
                    let failed = results.into_iter().find_map(Result::err);
                    failed.map_or(Ok(()), |e| Err(e.message))
                }
            },
        };
        self.since_locked = None;
        self.pending.clear();
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }
}

impl Log for SqlLog {
    fn write(&mut self, entry: &Entry<'_>, suppressed: &[String]) {
        if self.pending.len() >= PENDING_MAX {
            self.lost += 1;
        } else {
            self.pending.push(row(entry, suppressed));
        }
        match &mut self.since_locked {
            Some(count) if *count < TRY_AGAIN => *count += 1,
            _ => self.flush(),
        }
    }

    fn close(mut self: Box<Self>) -> Result<(), String> {
        if !self.pending.is_empty() {
            let timeout = Some(CLOSE_TIMEOUT);
            match self
                .connection
                .prepare_insert(&self.table, &self.types, timeout)
            {
                Ok(insert) => self.insert = insert,
                Err(error) => return Err(Chain(&error).to_string()),
            }
            self.flush();
        }
        let lost = self.lost + self.pending.len();
        match self.error.take() {
            Some(error) => Err(error),
            None if lost > 0 => Err(format!(
                "the table {} stayed locked, {lost} entries are lost",
                self.table
            )),
            None => Ok(()),
        }
    }
}

/// The row of an entry; suppressed columns are empty, as ids the empty GUID.
fn row(entry: &Entry<'_>, suppressed: &[String]) -> Vec<Value> {
    let text =
        |name: &str, value, units| Value::text(cut(super::column(suppressed, name, value), units));
    let id = |name: &str, value| {
        let text = super::column(suppressed, name, value);
        Value::Guid(Uuid::try_parse(text).unwrap_or_default())
    };
    vec![
        Value::text(cut(&entry.event, 128)),
        text("Computer", entry.computer, 128),
        text("Operator", entry.operator, 128),
        text("SourceName", entry.source, 1_024),
        id("SourceID", entry.source_id),
        id("ExecutionID", entry.execution_id),
        Value::DbTimeStamp(entry.time),
        Value::DbTimeStamp(entry.time),
        Value::I4(entry.code),
        Value::Bytes(Arc::from([])),
        text("MessageText", entry.message, MESSAGE_UNITS),
    ]
}

/// The text up to so many UTF-16 units.
fn cut(text: &str, units: u32) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > units as usize {
            return &text[..at];
        }
    }
    text
}

/// The quoted name of the table; made where it is missing, in the schema `dbo` where there is
/// one, else in the connection's own.
fn find_or_make(connection: &SharedConnection) -> Result<String, DatabaseError> {
    let in_dbo = format!("[dbo].[{TABLE}]");
    for name in [in_dbo.as_str(), TABLE] {
        match connection.resolve_table(name) {
            Err(DatabaseError::NoTable { .. }) => {}
            other => return other,
        }
    }
    let made = make(connection, &in_dbo);
    let name = match made {
        Ok(()) => in_dbo.as_str(),
        Err(DatabaseError::Server {
            class: ErrorClass::NotFound,
            ..
        }) => {
            make(connection, TABLE)?;
            TABLE
        }
        Err(error) => return Err(error),
    };
    connection.resolve_table(name)
}

fn make(connection: &SharedConnection, name: &str) -> Result<(), DatabaseError> {
    let dialect = connection.dialect();
    let table = dialect.quote_table(name, &[])?;
    let (id, text, guid, time, bytes) = match dialect {
        Dialect::Sqlite => (
            "INTEGER PRIMARY KEY AUTOINCREMENT",
            "nvarchar",
            "uniqueidentifier",
            "datetime",
            "image",
        ),
        Dialect::PostgreSql => (
            "integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
            "varchar",
            "uuid",
            "timestamp",
            "bytea",
        ),
    };
    let sql = format!(
        "CREATE TABLE IF NOT EXISTS {table} (id {id}, event {text}(128) NOT NULL, \
         computer {text}(128) NOT NULL, operator {text}(128) NOT NULL, \
         source {text}(1024) NOT NULL, sourceid {guid} NOT NULL, executionid {guid} NOT NULL, \
         starttime {time} NOT NULL, endtime {time} NOT NULL, datacode integer NOT NULL, \
         databytes {bytes}, message {text}({MESSAGE_UNITS}) NOT NULL)"
    );
    connection
        .execute(&sql, &[], &ExecuteOptions::default())
        .map(|_| ())
}
