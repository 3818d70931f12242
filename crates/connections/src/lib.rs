//! Connection managers and the traits that sources, destinations and tasks use.
//!
//! | module | is |
//! | --- | --- |
//! | [`connections`] | [`Connections`]: from a reference in a package to an open connection, a path, a layout |
//! | [`settings`] | a manager's properties as they count now |
//! | [`managers`] | one connection manager type a file, and the registry of them |
//! | [`provider`] | which database a connection string means |
//! | [`connection_string`] | connection strings taken apart |
//! | [`database`] | the traits that a database driver implements |
//! | [`dialect`] | how names are written for the database at hand |
//! | [`flat_file_layout`] | how a text file is laid out |
//! | [`cache`] | the rows of a Cache connection manager |
//! | [`error`] | why a connection could not be had |
//!
//! It knows nothing of data flows and tasks.

pub mod cache;
mod cells;
pub mod connection_string;
pub mod connections;
pub mod database;
pub mod dialect;
pub mod error;
pub mod flat_file_layout;
mod iso;
pub mod managers;
mod postgres;
pub mod provider;
pub mod settings;
mod sqlite;

pub use cache::{Cache, CacheRows, CacheWriter};
pub use connections::{Connections, OpenOptions, Reference, open};
pub use database::{
    BulkLoader, BulkOptions, ColumnDescription, DatabaseConnection, DatabaseError, Direction,
    ExecuteOptions, ExecuteResults, FirstRows, MarkerStyle, Parameter, PrepareOptions,
    PreparedStatement, QueryOptions, ResultColumn, ResultSet, RowBatch, RowBatches, RowError,
    RowsWanted, SharedConnection, StatementResult,
};
pub use dialect::Dialect;
pub use error::AcquireError;
pub use flat_file_layout::{FlatFileField, FlatFileFormat, FlatFileLayout};
pub use managers::file::{FileTarget, FileUsage};
pub use provider::Provider;
