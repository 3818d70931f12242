//! The PostgreSQL driver.
//!
//! | connection string | effect |
//! | --- | --- |
//! | `Server`, `Data Source`, `Host` | host, `host:port`, or the folder of a socket |
//! | `Port`, `Database`, `Uid`, `Pwd` | 5432; the user's database |
//! | `SslMode` | `disable`, `prefer` (default), `require`, `verify-full` |
//! | `sslrootcert` | file of the authorities that `verify-full` trusts, PEM; else the public ones |
//! | `Connect Timeout` | seconds, 15 |
//!
//! Parameters go as text and are read as the type that the server infers for their marker.
//! Rows stream; loads go by binary COPY. While rows of a query are read, another statement on
//! the same connection is refused as busy. Names of components are quoted, and found also
//! when they differ from the database's in letter case; SQL text is sent as it is.

mod config;
mod copy;
mod decode;
mod encode;
mod query;
mod session;
mod tables;
mod tls;
mod values;

use std::sync::Arc;

use packmule_types::ColumnType;

use crate::cells::Rules;
use crate::connections::OpenOptions;
use crate::database::{
    BulkLoader, BulkOptions, ColumnDescription, DatabaseConnection, DatabaseError, ExecuteOptions,
    ExecuteResults, Lexical, MarkerStyle, Parameter, PrepareOptions, PreparedStatement,
    QueryOptions, RowBatches, SharedConnection,
};
use crate::dialect::Dialect;
use session::{Session, Use};

/// What PostgreSQL's texts look like.
const LEXICAL: Lexical = Lexical {
    dollar_numbers: true,
    dollar_quotes: true,
    brackets: false,
    nested_comments: true,
    escape_strings: true,
};

/// Connects.
pub(crate) fn open(options: OpenOptions) -> Result<SharedConnection, DatabaseError> {
    let target = config::target(&options.string, &options.services.mapping)?;
    let rules = Rules::new(&options.services).ok_or_else(|| DatabaseError::Form {
        reason: "the neutral locale is missing".to_owned(),
    })?;
    let session = Session::start(target, &options.services)?;
    Ok(Arc::new(Postgres {
        session,
        rules,
        markers: options.markers,
        catalogs: options.catalogs,
    }))
}

#[derive(Clone)]
struct Postgres {
    session: Arc<Session>,
    rules: Rules,
    markers: MarkerStyle,
    catalogs: Vec<String>,
}

impl DatabaseConnection for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::PostgreSql
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
        let _turn = self.session.turn(Use::Statement)?;
        self.run_text(sql, parameters, options)
    }

    fn query(
        &self,
        sql: &str,
        parameters: &[Parameter],
        options: &QueryOptions,
    ) -> Result<Box<dyn RowBatches>, DatabaseError> {
        let turn = self.session.turn(Use::Stream)?;
        Ok(Box::new(self.open_rows(sql, parameters, options, turn)?))
    }

    fn prepare(
        &self,
        sql: &str,
        options: &PrepareOptions,
    ) -> Result<Box<dyn PreparedStatement>, DatabaseError> {
        let _turn = self.session.turn(Use::Statement)?;
        Ok(Box::new(self.prepare_text(sql, options)?))
    }

    fn bulk_load(
        &self,
        table: &str,
        columns: &[(String, ColumnType)],
        options: &BulkOptions,
    ) -> Result<Box<dyn BulkLoader>, DatabaseError> {
        let _turn = self.session.turn(Use::Statement)?;
        Ok(Box::new(copy::PostgresLoader::new(
            self, table, columns, options,
        )?))
    }

    fn resolve_table(&self, table: &str) -> Result<String, DatabaseError> {
        let _turn = self.session.turn(Use::Statement)?;
        Ok(self.find_table(table)?.quoted)
    }

    fn table_columns(&self, table: &str) -> Result<Vec<ColumnDescription>, DatabaseError> {
        let _turn = self.session.turn(Use::Statement)?;
        let found = self.find_table(table)?;
        Ok(self
            .columns_of(&found)?
            .into_iter()
            .map(|c| c.description)
            .collect())
    }

    fn begin(&self) -> Result<(), DatabaseError> {
        let _turn = self.session.turn(Use::Statement)?;
        self.session.simple("BEGIN")
    }

    fn commit(&self) -> Result<(), DatabaseError> {
        let _turn = self.session.turn(Use::Statement)?;
        self.session.simple("COMMIT")
    }

    fn rollback(&self) -> Result<(), DatabaseError> {
        let _turn = self.session.turn(Use::Statement)?;
        self.session
            .finish(self.session.client.batch_execute("ROLLBACK"))
    }
}
