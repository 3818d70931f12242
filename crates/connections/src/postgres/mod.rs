//! The PostgreSQL driver.

use crate::connections::OpenOptions;
use crate::database::{DatabaseError, SharedConnection};

pub(crate) fn open(_options: OpenOptions) -> Result<SharedConnection, DatabaseError> {
    Err(DatabaseError::Unsupported { what: "a connection".to_owned(), database: "PostgreSQL", remedy: "map the connection to SQLite" })
}
