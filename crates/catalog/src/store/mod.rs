//! The store: runs SQL in transactions and knows nothing of the catalog's rules.
//!
//! The rules (in the other modules) are written once, over [`Transaction`], in SQL that SQLite
//! and PostgreSQL share: `?1` placeholders, `RETURNING`, `ON CONFLICT`, whole numbers for
//! Booleans, UTC microseconds for times. SQLite is [`sqlite::SqliteStore`].

pub mod migrate;
pub mod sqlite;

use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the texts say it")]
pub enum StoreError {
    #[error("the catalog store {path} cannot be opened")]
    Open {
        path: String,
        #[source]
        source: rusqlite::Error,
    },
    #[error("the folder {path} of the catalog store cannot be used")]
    Folder {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("a statement of the catalog store failed")]
    Statement(#[source] rusqlite::Error),
    #[error("column {0} of a row of the catalog store has an unexpected value")]
    Column(usize),
    #[error("a row was expected in the catalog store and is not there")]
    NoRow,
    #[error("the catalog store was written by a later version ({found}, known are {known})")]
    Version { found: i64, known: i64 },
    #[error("the catalog store is closed")]
    Closed,
    #[error("a write of the catalog store ended in a panic")]
    Panicked,
}

/// A value on its way to or from a statement.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "SQL's own storage classes")]
pub enum SqlValue {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl From<$ty> for SqlValue {
            fn from(value: $ty) -> Self {
                Self::Integer(i64::from(value))
            }
        }
        impl FromSql for $ty {
            fn from_sql(value: SqlValue) -> Option<Self> {
                match value {
                    SqlValue::Integer(i) => i.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}

/// What can be read from a column.
pub trait FromSql: Sized {
    /// The value, `None` when the column holds something else.
    fn from_sql(value: SqlValue) -> Option<Self>;
}

integers!(i64, i32, i16, u32, u16);

impl From<bool> for SqlValue {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl FromSql for bool {
    fn from_sql(value: SqlValue) -> Option<Self> {
        i64::from_sql(value).map(|i| i != 0)
    }
}

impl From<&str> for SqlValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for SqlValue {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<String> for SqlValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl FromSql for String {
    fn from_sql(value: SqlValue) -> Option<Self> {
        match value {
            SqlValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<Vec<u8>> for SqlValue {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl FromSql for Vec<u8> {
    fn from_sql(value: SqlValue) -> Option<Self> {
        match value {
            SqlValue::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl From<f64> for SqlValue {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl FromSql for f64 {
    fn from_sql(value: SqlValue) -> Option<Self> {
        match value {
            SqlValue::Real(real) => Some(real),
            SqlValue::Integer(i) => Some(i as f64),
            _ => None,
        }
    }
}

impl From<DateTime<Utc>> for SqlValue {
    fn from(value: DateTime<Utc>) -> Self {
        Self::Integer(value.timestamp_micros())
    }
}

impl FromSql for DateTime<Utc> {
    fn from_sql(value: SqlValue) -> Option<Self> {
        DateTime::from_timestamp_micros(i64::from_sql(value)?)
    }
}

impl From<uuid::Uuid> for SqlValue {
    fn from(value: uuid::Uuid) -> Self {
        Self::Text(value.to_string())
    }
}

impl FromSql for uuid::Uuid {
    fn from_sql(value: SqlValue) -> Option<Self> {
        Self::parse_str(&String::from_sql(value)?).ok()
    }
}

impl<T: Into<SqlValue>> From<Option<T>> for SqlValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: FromSql> FromSql for Option<T> {
    fn from_sql(value: SqlValue) -> Option<Self> {
        match value {
            SqlValue::Null => Some(None),
            value => T::from_sql(value).map(Some),
        }
    }
}

/// A row of an answer.
#[derive(Debug)]
pub struct Row {
    values: std::vec::IntoIter<SqlValue>,
    read: usize,
}

impl Row {
    /// A row of these values.
    pub fn new(values: Vec<SqlValue>) -> Self {
        Self {
            values: values.into_iter(),
            read: 0,
        }
    }

    /// The next column.
    pub fn get<T: FromSql>(&mut self) -> Result<T, StoreError> {
        let index = self.read;
        self.read += 1;
        self.values
            .next()
            .and_then(T::from_sql)
            .ok_or(StoreError::Column(index))
    }
}

/// A transaction: everything in it is stored, or nothing.
pub trait Transaction {
    /// Runs a statement and says how many rows it changed.
    fn execute(&mut self, sql: &str, parameters: &[SqlValue]) -> Result<u64, StoreError>;
    /// Runs a query and gives all its rows; callers put a limit into the query.
    fn query(&mut self, sql: &str, parameters: &[SqlValue]) -> Result<Vec<Row>, StoreError>;
    /// The store's clock: the only one that leases are judged by.
    fn now(&self) -> DateTime<Utc>;

    /// The first row of a query.
    fn first(&mut self, sql: &str, parameters: &[SqlValue]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }

    /// The first row, which must be there.
    fn one(&mut self, sql: &str, parameters: &[SqlValue]) -> Result<Row, StoreError> {
        self.first(sql, parameters)?.ok_or(StoreError::NoRow)
    }
}

/// A piece of work in a write transaction; `false` takes back what it did.
pub type Job = Box<dyn FnOnce(&mut dyn Transaction) -> bool + Send>;

/// Where the catalog is kept.
pub trait Store: Send + Sync {
    /// Runs a piece of work in a transaction of its own (for others, all or nothing) and
    /// returns when it is durable or taken back.
    fn write(&self, job: Job) -> Result<(), StoreError>;
    /// Runs queries that see one state of the store.
    fn read(&self, job: &mut dyn FnMut(&mut dyn Transaction)) -> Result<(), StoreError>;
}

/// The store's clock. Tests hold it.
pub trait StoreClock: Send + Sync + std::fmt::Debug {
    /// UTC now.
    fn now(&self) -> DateTime<Utc>;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemStoreClock;

impl StoreClock for SystemStoreClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

impl<C: StoreClock> StoreClock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// Parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::store::SqlValue::from($value)),*]
    };
}
pub(crate) use params;
