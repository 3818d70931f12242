//! Gives the main schema of a SQLite connection the name `dbo`.
//!
//! Packages say `[dbo].[T]` in their own SQL; SQLite can name its main schema so, but only by
//! one variadic C call that the driver does not wrap. `main` stays a second name for it.

#![allow(unsafe_code, reason = "one C call that the driver does not offer")]

use std::ffi::CStr;

use rusqlite::{Connection, ffi};

/// SQLite keeps the pointer for as long as the connection lives.
const NAME: &CStr = c"dbo";

/// Renames the main schema.
///
/// # Errors
/// SQLite refuses.
pub(super) fn name_it_dbo(connection: &Connection) -> rusqlite::Result<()> {
    // SAFETY: the handle is that of an open connection, borrowed for this call; the option
    // takes one `const char *`, and `NAME` is static, as it has to outlive the connection.
    let code = unsafe {
        ffi::sqlite3_db_config(
            connection.handle(),
            ffi::SQLITE_DBCONFIG_MAINDBNAME,
            NAME.as_ptr(),
        )
    };
    match code {
        ffi::SQLITE_OK => Ok(()),
        code => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)),
    }
}
