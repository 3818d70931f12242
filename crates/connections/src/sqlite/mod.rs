//! The SQLite driver.
//!
//! | connection string | effect |
//! | --- | --- |
//! | `Data Source`, `Database`, `Dbq`, `Filename` | the file; Windows paths are mapped; `:memory:` |
//! | `Mode=ReadOnly`, `Read Only=True` | read only |
//! | `Mode=ReadWriteCreate`, `New=True`, `FailIfMissing=False` | makes the file when missing; else that is an error |
//!
//! Other keys have no effect. The main schema is named `dbo`, so that `dbo.T`, `main.T` and `T`
//! are the same table; the mapping's schemas are attached. The journal mode stays the file's.
//!
//! All connections of this process to one file share SQLite's cache: a source that still reads
//! a table does not keep a destination from committing to another one. Writers of the same
//! table wait for each other, up to 30 s. SQL text is sent as it is; nothing of T-SQL is
//! imitated, but TRUNCATE TABLE, which every other database has, is understood.

mod bulk;
mod main_schema;
pub(crate) mod rows;
mod statement;
mod tables;
mod truncate;
pub(crate) mod types;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;

use packmule_types::ColumnType;
use rusqlite::{Connection, OpenFlags};

use crate::connection_string::ConnectionString;
use crate::connections::OpenOptions;
use crate::database::{
    BulkLoader, BulkOptions, ColumnDescription, DatabaseConnection, DatabaseError, ErrorClass,
    ExecuteOptions, ExecuteResults, MarkerStyle, Parameter, PrepareOptions, PreparedStatement,
    QueryOptions, RowBatches, SharedConnection,
};
use crate::dialect::Dialect;
use worker::Handle;

/// Opens a file.
pub(crate) fn open(options: OpenOptions) -> Result<SharedConnection, DatabaseError> {
    let place = place(&options)?;
    let flags = flags(&options.string);
    let schemas = options.schemas;
    let handle = Handle::start(
        move || connect(&place, flags, &schemas),
        options.services,
        options.markers,
        options.catalogs.clone(),
    )?;
    Ok(Arc::new(Sqlite {
        handle,
        markers: options.markers,
        catalogs: options.catalogs,
    }))
}

enum Place {
    Memory,
    File(PathBuf),
}

fn place(options: &OpenOptions) -> Result<Place, DatabaseError> {
    let string = &options.string;
    let text = string
        .find("file")
        .or_else(|| string.server())
        .or_else(|| string.database());
    match text {
        None => Err(cannot_open(
            "the connection string names no file".to_owned(),
        )),
        Some(":memory:") => Ok(Place::Memory),
        Some(text) => match options.services.mapping.map_path(text) {
            Ok(path) => Ok(Place::File(path)),
            Err(error) => Err(cannot_open(error.to_string())),
        },
    }
}

fn flags(string: &ConnectionString) -> OpenFlags {
    let is = |key: &str, value: &str| {
        string
            .get(key)
            .is_some_and(|v| v.trim().eq_ignore_ascii_case(value))
    };
    let common = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if is("mode", "ReadOnly") || is("read only", "True") {
        common | OpenFlags::SQLITE_OPEN_READ_ONLY
    } else if is("mode", "ReadWriteCreate") || is("new", "True") || is("failifmissing", "False") {
        common | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        common | OpenFlags::SQLITE_OPEN_READ_WRITE
    }
}

fn cannot_open(message: String) -> DatabaseError {
    DatabaseError::Server {
        message,
        code: String::new(),
        class: ErrorClass::Connection,
    }
}

fn connect(
    place: &Place,
    flags: OpenFlags,
    schemas: &[(String, PathBuf)],
) -> Result<Connection, DatabaseError> {
    let connection = match place {
        Place::Memory => Connection::open_in_memory(),
        Place::File(path) => {
            if !flags.contains(OpenFlags::SQLITE_OPEN_CREATE) && !path.exists() {
                return Err(cannot_open(format!(
                    "the file {} does not exist",
                    path.display()
                )));
            }
            Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_SHARED_CACHE)
        }
    };
    let connection = connection.map_err(|e| worker::server_error(&e))?;
    main_schema::name_it_dbo(&connection).map_err(|e| worker::server_error(&e))?;
    for (name, path) in schemas {
        let sql = format!("ATTACH DATABASE ?1 AS {}", Dialect::Sqlite.quote(name));
        connection
            .execute(&sql, [path.to_string_lossy()])
            .map_err(|e| cannot_open(format!("schema {name}: {e}")))?;
    }
    // Reading the header now finds a file that is no database.
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .map_err(|e| worker::server_error(&e))?;
    Ok(connection)
}

struct Sqlite {
    handle: Arc<Handle>,
    markers: MarkerStyle,
    catalogs: Vec<String>,
}

impl DatabaseConnection for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn markers(&self) -> MarkerStyle {
        self.markers
    }

    fn catalogs(&self) -> &[String] {
        &self.catalogs
    }

    fn execute(
        &self,
        sql: &str,
        parameters: &[Parameter],
        options: &ExecuteOptions,
    ) -> Result<ExecuteResults, DatabaseError> {
        let (sql, parameters, options) = (sql.to_owned(), parameters.to_vec(), *options);
        self.handle
            .call(move |worker| worker.execute(&sql, &parameters, &options))
    }

    fn query(
        &self,
        sql: &str,
        parameters: &[Parameter],
        options: &QueryOptions,
    ) -> Result<Box<dyn RowBatches>, DatabaseError> {
        let id = self.handle.next_id();
        let timeout = options.timeout;
        let (sql, parameters, options) = (sql.to_owned(), parameters.to_vec(), options.clone());
        let columns = self
            .handle
            .call(move |worker| worker.open_cursor(id, &sql, &parameters, &options))?;
        Ok(Box::new(rows::SqliteRows {
            handle: self.handle.clone(),
            id,
            columns,
            timeout,
            ahead: None,
            is_done: false,
        }))
    }

    fn prepare(
        &self,
        sql: &str,
        options: &PrepareOptions,
    ) -> Result<Box<dyn PreparedStatement>, DatabaseError> {
        let id = self.handle.next_id();
        let (sql, options) = (sql.to_owned(), options.clone());
        let (parameter_count, columns) = self
            .handle
            .call(move |worker| worker.prepare(id, &sql, &options))?;
        let handle = self.handle.clone();
        Ok(Box::new(statement::SqliteStatement {
            handle,
            id,
            parameter_count,
            columns,
        }))
    }

    fn bulk_load(
        &self,
        table: &str,
        columns: &[(String, ColumnType)],
        options: &BulkOptions,
    ) -> Result<Box<dyn BulkLoader>, DatabaseError> {
        let id = self.handle.next_id();
        let (table, columns, options) = (table.to_owned(), columns.to_vec(), options.clone());
        let catalogs = self.catalogs.clone();
        self.handle
            .call(move |worker| worker.open_load(id, &table, &catalogs, &columns, &options))?;
        Ok(Box::new(bulk::SqliteLoader {
            handle: self.handle.clone(),
            id,
        }))
    }

    fn resolve_table(&self, table: &str) -> Result<String, DatabaseError> {
        let (table, catalogs) = (table.to_owned(), self.catalogs.clone());
        self.handle.call(move |worker| {
            let found = worker.find_table(&table, &catalogs)?;
            Dialect::Sqlite.quote_parts(&found, &table, &catalogs)
        })
    }

    fn table_columns(&self, table: &str) -> Result<Vec<ColumnDescription>, DatabaseError> {
        let (table, catalogs) = (table.to_owned(), self.catalogs.clone());
        self.handle.call(move |worker| {
            let found = worker.find_table(&table, &catalogs)?;
            worker.table_columns(&found)
        })
    }

    fn begin(&self) -> Result<(), DatabaseError> {
        self.handle.call(|worker| worker.simple("BEGIN"))
    }

    fn commit(&self) -> Result<(), DatabaseError> {
        self.handle.call(|worker| worker.simple("COMMIT"))
    }

    fn rollback(&self) -> Result<(), DatabaseError> {
        self.handle.call(|worker| worker.simple("ROLLBACK"))
    }
}
