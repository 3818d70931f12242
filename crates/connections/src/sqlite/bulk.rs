//! Bulk loads: one transaction per unit, one prepared INSERT.
//!
//! Rows of a unit are kept (up to a limit) and written when the unit is committed, so that the
//! file's one write lock is held only while rows are written. Two loads into one file, fed by
//! the same source, would else wait for each other for ever.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    Date32Type, Float64Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow::record_batch::RecordBatch;
use packmule_runtime::Reservation;
use packmule_types::array::value_at;
use packmule_types::temporal::{DAYS_TO_1970, TICKS_PER_DAY};
use packmule_types::{ColumnType, DataType};
use rusqlite::Statement;
use rusqlite::types::ToSqlOutput;

use super::types::{self, Affinity};
use super::worker::{Handle, Worker};
use crate::database::{BulkLoader, BulkOptions, DatabaseError, find_column};
use crate::dialect::Dialect;
use crate::iso;

/// Bytes of rows that a unit keeps before it begins to write.
const KEPT_BYTES_MAX: usize = 64 << 20;
/// Statements that differ in which defaulted columns they name.
const VARIANTS_MAX: usize = 64;

/// A load on the connection's thread.
pub(super) struct Load<'c> {
    table: String,
    columns: Vec<LoadColumn>,
    /// By which of the defaulted columns are NULL in a row.
    variants: HashMap<Vec<bool>, Statement<'c>>,
    timeout: Option<Duration>,
    kept: Vec<RecordBatch>,
    reservation: Reservation,
    open: Open,
    rows_open: u64,
    rows_committed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    No,
    Transaction,
    Savepoint,
}

struct LoadColumn {
    name: String,
    quoted: String,
    column_type: ColumnType,
    affinity: Affinity,
    /// Not written: an identity column whose values are made by the database.
    is_dropped: bool,
    /// NULL becomes the column's default.
    takes_default: bool,
}

impl<'c> Worker<'c> {
    pub(super) fn open_load(
        &mut self,
        id: u64,
        table: &str,
        catalogs: &[String],
        columns: &[(String, ColumnType)],
        options: &BulkOptions,
    ) -> Result<(), DatabaseError> {
        let found = self.find_table(table, catalogs)?;
        let known = self.table_columns(&found)?;
        let mut load_columns = Vec::with_capacity(columns.len());
        for (name, column_type) in columns {
            let column = find_column(&known, name, table)?;
            if column.computed {
                return Err(DatabaseError::Unsupported {
                    what: format!("writing to the computed column {name}"),
                    database: "SQLite",
                    remedy: "leave the column unmapped",
                });
            }
            load_columns.push(LoadColumn {
                name: column.name.clone(),
                quoted: Dialect::Sqlite.quote(&column.name),
                column_type: *column_type,
                affinity: types::affinity(&column.native_type),
                is_dropped: column.identity && !options.keep_identity,
                takes_default: column.has_default && !options.keep_nulls,
            });
        }
        let load = Load {
            table: Dialect::Sqlite.quote_parts(&found, table, catalogs)?,
            columns: load_columns,
            variants: HashMap::new(),
            timeout: options.timeout,
            kept: Vec::new(),
            reservation: self.services.memory.reservation(),
            open: Open::No,
            rows_open: 0,
            rows_committed: 0,
        };
        self.loads.insert(id, load);
        Ok(())
    }

    fn with_load<T>(
        &mut self,
        id: u64,
        step: impl FnOnce(&mut Load<'c>, &mut Self) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        let Some(mut load) = self.loads.remove(&id) else {
            return Err(DatabaseError::Closed {
                reason: "the load has ended".to_owned(),
            });
        };
        let timeout = load.timeout;
        let result = self.within(timeout, |worker| step(&mut load, worker));
        self.loads.insert(id, load);
        result
    }

    /// Takes an unfinished load back.
    pub(super) fn end_load(&mut self, id: u64) {
        if let Some(mut load) = self.loads.remove(&id) {
            // Nobody is left to hear of an error; SQLite rolls back with the connection too.
            let _ = load.abort(self);
        }
    }
}

impl<'c> Load<'c> {
    fn write(&mut self, worker: &Worker<'c>, rows: RecordBatch) -> Result<(), DatabaseError> {
        if rows.num_columns() != self.columns.len() {
            return Err(DatabaseError::Form {
                reason: format!(
                    "{} columns, {} were agreed",
                    rows.num_columns(),
                    self.columns.len()
                ),
            });
        }
        for (array, column) in rows.columns().iter().zip(&self.columns) {
            if array.data_type() != &column.column_type.arrow() {
                return Err(DatabaseError::Form {
                    reason: format!("column {} is not {}", column.name, column.column_type),
                });
            }
        }
        let bytes = rows.get_array_memory_size();
        if self.open == Open::No
            && self.reservation.bytes() + bytes <= KEPT_BYTES_MAX
            && self.reservation.try_grow(bytes).is_ok()
        {
            self.kept.push(rows);
            return Ok(());
        }
        self.flush(worker)?;
        self.insert(worker, &rows)
    }

    /// Writes the rows kept so far.
    fn flush(&mut self, worker: &Worker<'c>) -> Result<(), DatabaseError> {
        if self.open == Open::No {
            self.open = if worker.connection.is_autocommit() {
                worker.simple("BEGIN IMMEDIATE")?;
                Open::Transaction
            } else {
                worker.simple("SAVEPOINT packmule_load")?;
                Open::Savepoint
            };
        }
        for rows in std::mem::take(&mut self.kept) {
            self.insert(worker, &rows)?;
        }
        self.reservation.shrink(self.reservation.bytes());
        Ok(())
    }

    fn commit(&mut self, worker: &Worker<'c>) -> Result<(), DatabaseError> {
        if !self.kept.is_empty() {
            self.flush(worker)?;
        }
        match self.open {
            Open::No => {}
            Open::Transaction => worker.simple("COMMIT")?,
            Open::Savepoint => worker.simple("RELEASE packmule_load")?,
        }
        self.open = Open::No;
        self.rows_committed += std::mem::take(&mut self.rows_open);
        Ok(())
    }

    fn abort(&mut self, worker: &Worker<'c>) -> Result<(), DatabaseError> {
        self.kept.clear();
        self.reservation.shrink(self.reservation.bytes());
        self.rows_open = 0;
        // An error may have rolled the transaction back already.
        match std::mem::replace(&mut self.open, Open::No) {
            Open::Transaction if !worker.connection.is_autocommit() => worker.simple("ROLLBACK"),
            Open::Savepoint if !worker.connection.is_autocommit() => {
                worker.simple("ROLLBACK TO packmule_load; RELEASE packmule_load")
            }
            _ => Ok(()),
        }
    }

    fn insert(&mut self, worker: &Worker<'c>, rows: &RecordBatch) -> Result<(), DatabaseError> {
        let cells: Vec<Source<'_>> = rows
            .columns()
            .iter()
            .zip(&self.columns)
            .map(|(array, column)| Source::new(&**array, column))
            .collect();
        let defaulted: Vec<usize> = (0..self.columns.len())
            .filter(|i| self.columns[*i].takes_default && rows.column(*i).null_count() > 0)
            .collect();
        let mut mask = vec![false; self.columns.len()];
        let mut text = String::new();
        for row in 0..rows.num_rows() {
            for column in &defaulted {
                mask[*column] = rows.column(*column).is_null(row);
            }
            let statement = variant(
                &mut self.variants,
                &mask,
                (!defaulted.is_empty()).then_some(()),
                &self.columns,
                &self.table,
                worker,
            )?;
            let mut number = 0;
            for ((source, column), is_default) in cells.iter().zip(&self.columns).zip(&mask) {
                if column.is_dropped || *is_default {
                    continue;
                }
                number += 1;
                bind(statement, number, source, column, row, &mut text)?;
            }
            statement
                .raw_execute()
                .map_err(|e| worker.limits.error(e))?;
        }
        self.rows_open += rows.num_rows() as u64;
        Ok(())
    }
}

/// The INSERT that leaves out dropped columns and those whose default is taken.
fn variant<'v, 'c>(
    variants: &'v mut HashMap<Vec<bool>, Statement<'c>>,
    mask: &[bool],
    has_defaults: Option<()>,
    columns: &[LoadColumn],
    table: &str,
    worker: &Worker<'c>,
) -> Result<&'v mut Statement<'c>, DatabaseError> {
    if has_defaults.is_some() && variants.len() >= VARIANTS_MAX && !variants.contains_key(mask) {
        variants.clear();
    }
    if !variants.contains_key(mask) {
        let named: Vec<String> = columns
            .iter()
            .zip(mask)
            .filter(|(column, is_default)| !column.is_dropped && !**is_default)
            .map(|(column, _)| column.quoted.clone())
            .collect();
        let style = crate::database::MarkerStyle::Question;
        let sql = Dialect::Sqlite.insert(table, &named, style);
        let connection = worker.connection;
        let statement = worker.limits.patiently(|| connection.prepare(&sql))?;
        variants.insert(mask.to_vec(), statement);
    }
    variants.get_mut(mask).ok_or_else(|| DatabaseError::Form {
        reason: "the insert statement is gone".to_owned(),
    })
}

/// A column of a batch, bound to its array once.
enum Source<'a> {
    I64(&'a arrow::array::PrimitiveArray<Int64Type>),
    I32(&'a arrow::array::PrimitiveArray<Int32Type>),
    I16(&'a arrow::array::PrimitiveArray<Int16Type>),
    F64(&'a arrow::array::PrimitiveArray<Float64Type>),
    Bool(&'a arrow::array::BooleanArray),
    Text(&'a arrow::array::StringViewArray),
    Bytes(&'a arrow::array::BinaryViewArray),
    Date(&'a arrow::array::PrimitiveArray<Date32Type>),
    Micros(&'a arrow::array::PrimitiveArray<TimestampMicrosecondType>),
    Decimal(&'a arrow::array::Decimal128Array, u8),
    Other(&'a dyn Array),
}

impl<'a> Source<'a> {
    fn new(array: &'a dyn Array, column: &LoadColumn) -> Self {
        use DataType as D;
        match column.column_type.data_type {
            D::I8 => Self::I64(array.as_primitive()),
            D::I4 => Self::I32(array.as_primitive()),
            D::I2 => Self::I16(array.as_primitive()),
            D::R8 => Self::F64(array.as_primitive()),
            D::Bool => Self::Bool(array.as_boolean()),
            D::Str | D::WStr | D::Text | D::NText => Self::Text(array.as_string_view()),
            D::Bytes | D::Image => Self::Bytes(array.as_binary_view()),
            D::DbDate => Self::Date(array.as_primitive()),
            D::Date | D::DbTimeStamp => Self::Micros(array.as_primitive()),
            D::Cy => Self::Decimal(array.as_primitive(), 4),
            D::Decimal | D::Numeric => Self::Decimal(
                array.as_primitive(),
                match column.column_type.arrow() {
                    arrow::datatypes::DataType::Decimal128(_, scale) => {
                        u8::try_from(scale).unwrap_or(0)
                    }
                    _ => 0,
                },
            ),
            _ => Self::Other(array),
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::I64(a) => a.is_null(row),
            Self::I32(a) => a.is_null(row),
            Self::I16(a) => a.is_null(row),
            Self::F64(a) => a.is_null(row),
            Self::Bool(a) => a.is_null(row),
            Self::Text(a) => a.is_null(row),
            Self::Bytes(a) => a.is_null(row),
            Self::Date(a) => a.is_null(row),
            Self::Micros(a) => a.is_null(row),
            Self::Decimal(a, _) => a.is_null(row),
            Self::Other(a) => a.is_null(row),
        }
    }
}

fn bind(
    statement: &mut Statement<'_>,
    number: usize,
    source: &Source<'_>,
    column: &LoadColumn,
    row: usize,
    text: &mut String,
) -> Result<(), DatabaseError> {
    let unstorable = |e: types::Unstorable| DatabaseError::Cell {
        column: column.name.clone(),
        row,
        status: e.status,
        message: e.message,
    };
    text.clear();
    let bound = if source.is_null(row) {
        statement.raw_bind_parameter(number, rusqlite::types::Null)
    } else {
        match source {
            Source::I64(a) => statement.raw_bind_parameter(number, a.value(row)),
            Source::I32(a) => statement.raw_bind_parameter(number, a.value(row)),
            Source::I16(a) => statement.raw_bind_parameter(number, a.value(row)),
            Source::F64(a) => statement.raw_bind_parameter(number, a.value(row)),
            Source::Bool(a) => statement.raw_bind_parameter(number, a.value(row)),
            Source::Text(a) => statement.raw_bind_parameter(number, a.value(row)),
            Source::Bytes(a) => statement.raw_bind_parameter(number, a.value(row)),
            Source::Date(a) => {
                iso::write_date(i64::from(a.value(row)) + DAYS_TO_1970, text);
                statement.raw_bind_parameter(number, text.as_str())
            }
            Source::Micros(a) => {
                let ticks = a.value(row).saturating_mul(10) + DAYS_TO_1970 * TICKS_PER_DAY;
                iso::write_timestamp(ticks, iso::digits_needed(ticks), text);
                statement.raw_bind_parameter(number, text.as_str())
            }
            Source::Decimal(a, scale) => {
                let stored = types::number(a.value(row), *scale, Some(column.affinity))
                    .map_err(unstorable)?;
                statement.raw_bind_parameter(number, ToSqlOutput::Owned(stored))
            }
            Source::Other(a) => {
                let value = value_at(&column.column_type, *a, row);
                let stored = types::stored(&value, Some(column.affinity)).map_err(unstorable)?;
                statement.raw_bind_parameter(number, ToSqlOutput::Owned(stored))
            }
        }
    };
    bound.map_err(|e| super::worker::server_error(&e))
}

/// The calling side of a load.
pub(super) struct SqliteLoader {
    pub(super) handle: Arc<Handle>,
    pub(super) id: u64,
}

impl BulkLoader for SqliteLoader {
    fn write_batch(&mut self, rows: &RecordBatch) -> Result<(), DatabaseError> {
        let (id, rows) = (self.id, rows.clone());
        self.handle
            .call(move |worker| worker.with_load(id, |load, worker| load.write(worker, rows)))
    }

    fn commit_unit(&mut self, _last: bool) -> Result<(), DatabaseError> {
        let id = self.id;
        self.handle
            .call(move |worker| worker.with_load(id, |load, worker| load.commit(worker)))
    }

    fn abort_unit(&mut self) -> Result<(), DatabaseError> {
        let id = self.id;
        // Also when the run is cancelled, so not within the limits.
        self.handle
            .call(move |worker| match worker.loads.remove(&id) {
                Some(mut load) => {
                    let result = load.abort(worker);
                    worker.loads.insert(id, load);
                    result
                }
                None => Ok(()),
            })
    }

    fn finish(mut self: Box<Self>) -> Result<u64, DatabaseError> {
        self.commit_unit(true)?;
        let id = self.id;
        self.handle
            .call(move |worker| Ok(worker.loads.get(&id).map_or(0, |l| l.rows_committed)))
    }
}

impl Drop for SqliteLoader {
    fn drop(&mut self) {
        let id = self.id;
        let _ = self.handle.send(move |worker| {
            worker.end_load(id);
            Ok(())
        });
    }
}
