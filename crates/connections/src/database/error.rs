//! What can go wrong with a database once it is connected.

use packmule_runtime::memory::OutOfBudget;
use packmule_types::Code;
use packmule_types::status::Status;

/// Why a statement failed for one row of parameters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RowError {
    /// The parameter concerned, where it is known.
    pub column: Option<u32>,
    /// The status that SSIS would show.
    pub status: Status,
    /// The database's own message.
    pub message: String,
}

/// What kind of error a database reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The text could not be understood.
    Syntax,
    /// A table, column or other object does not exist.
    NotFound,
    /// A constraint is violated.
    Integrity,
    /// A value does not fit its type.
    Value,
    /// Not allowed.
    Permission,
    /// Another connection holds a lock, or a deadlock was broken.
    Lock,
    /// The connection is lost.
    Connection,
    /// Anything else.
    Other,
}

/// A failed call on an open connection. No variant ever holds a password.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The database refused.
    #[error("{message}")]
    Server {
        /// Its message.
        message: String,
        /// SQLSTATE, or SQLite's extended result code.
        code: String,
        /// What kind.
        class: ErrorClass,
    },
    /// The statement's time ran out.
    #[error("the statement was ended after its timeout of {seconds} s")]
    Timeout {
        /// The limit.
        seconds: u64,
    },
    /// The run was cancelled.
    #[error("the statement was ended because the run was cancelled")]
    Cancelled,
    /// The connection was closed or lost.
    #[error("the connection to the database is closed: {reason}")]
    Closed {
        /// Why.
        reason: String,
    },
    /// Rows of another query on the same connection are still being read.
    #[error("the connection is busy with the results of another query")]
    Busy,
    /// The driver has no such thing.
    #[error("{what} is not supported on {database}")]
    Unsupported {
        /// What was asked for.
        what: String,
        /// Which database.
        database: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// Markers and parameters do not fit.
    #[error("the statement has {markers} parameter markers, {given} parameters were given")]
    ParameterCount {
        /// In the text.
        markers: usize,
        /// Given.
        given: usize,
    },
    /// A named marker has no parameter.
    #[error("the statement's parameter {name} was not given")]
    NoParameter {
        /// The marker.
        name: String,
    },
    /// A table or view does not exist.
    #[error("the table or view {name} does not exist")]
    NoTable {
        /// As it was given.
        name: String,
    },
    /// A column does not exist.
    #[error("the column {column} does not exist in {place}")]
    NoColumn {
        /// As it was given.
        column: String,
        /// Table or result.
        place: String,
    },
    /// Several objects differ in letter case only.
    #[error("the name {name} fits several objects that differ in letter case only")]
    AmbiguousName {
        /// As it was given.
        name: String,
    },
    /// A name that cannot be a table's.
    #[error("the table name {name} cannot be used: {reason}")]
    BadTableName {
        /// As it was given.
        name: String,
        /// Why.
        reason: String,
    },
    /// A statement that was to give rows gives none, or is none at all.
    #[error("the statement gives no rows")]
    NoRows,
    /// A value cannot be written.
    #[error("the value in row {row} of column {column} cannot be written: {message}")]
    Cell {
        /// The column.
        column: String,
        /// Row in its batch, from 0.
        row: usize,
        /// The status that SSIS would show.
        status: Status,
        /// Why.
        message: String,
    },
    /// The memory budget does not hold the rows.
    #[error("the result does not fit the memory budget")]
    Memory(#[from] OutOfBudget),
    /// An Arrow batch could not be made or is not of the agreed type.
    #[error("the rows have not the agreed form: {reason}")]
    Form {
        /// Why.
        reason: String,
    },
}

impl DatabaseError {
    /// The HRESULT that OLE DB would give, for `An OLE DB record is available. … Hresult: …`.
    pub fn hresult(&self) -> Code {
        use ErrorClass as C;
        Code(match self {
            Self::Server { class, .. } => match class {
                C::Syntax | C::Other | C::Lock => 0x8004_0E14,
                C::NotFound => 0x8004_0E37,
                C::Integrity => 0x8004_0E2F,
                C::Value => 0x8004_0E57,
                C::Permission => 0x8004_0E09,
                C::Connection => 0x8000_4005,
            },
            Self::Timeout { .. } => 0x8004_0E31,
            Self::Cancelled => 0x8004_0E4E,
            Self::NoTable { .. } | Self::NoColumn { .. } => 0x8004_0E37,
            Self::ParameterCount { .. } | Self::NoParameter { .. } => 0x8004_0E10,
            Self::Cell { .. } => 0x8004_0E57,
            Self::Memory(_) => 0x8007_000E,
            _ => 0x8000_4005,
        })
    }

    /// What to do, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unsupported { remedy, .. } => remedy,
            Self::Busy => "set RetainSameConnection to False, or read the rows before",
            Self::Timeout { .. } => "raise the timeout property, or set it to 0 for none",
            Self::NoTable { .. } => "create the table, or map the schema in the mapping file",
            Self::AmbiguousName { .. } => "write the name in its exact letter case",
            Self::Memory(_) => "give the run more memory, or read fewer rows",
            Self::Server {
                class: ErrorClass::Syntax,
                ..
            } => "SQL text is sent as it is: write it in the SQL of the database at hand",
            _ => return None,
        })
    }

    /// The status for a row that failed so.
    pub fn status(&self) -> Status {
        match self {
            Self::Server {
                class: ErrorClass::Integrity,
                ..
            } => Status::IntegrityViolation,
            Self::Server {
                class: ErrorClass::Permission,
                ..
            } => Status::PermissionDenied,
            Self::Server {
                class: ErrorClass::Value,
                ..
            } => Status::Overflow,
            Self::Cell { status, .. } => *status,
            _ => Status::CannotConvert,
        }
    }

    /// Whether the whole call is at its end, not only one row.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::Cancelled
                | Self::Closed { .. }
                | Self::Busy
                | Self::Memory(_)
                | Self::Server {
                    class: ErrorClass::Connection,
                    ..
                }
        )
    }
}
