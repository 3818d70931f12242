//! Bulk loads by binary COPY: one transaction per unit.
//!
//! Rows in which a column with a default is NULL go by a COPY of their own that leaves the
//! column out, so that the database fills it. All units but the last commit without waiting
//! for the disk; the last one's wait makes all of them durable.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::record_batch::RecordBatch;
use bytes::{BufMut, Bytes, BytesMut};
use futures::SinkExt;
use packmule_types::ColumnType;
use packmule_types::convert::ConvertOptions;

use super::Postgres;
use super::encode::{Encoder, Source};
use super::session::{Session, Turn, Use};
use crate::database::{BulkLoader, BulkOptions, DatabaseError, find_column};
use crate::dialect::Dialect;

/// What a binary COPY begins with.
const HEADER: &[u8] = b"PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0";
/// Bytes sent at a time.
const CHUNK: usize = 256 * 1024;

struct LoadColumn {
    quoted: String,
    encoder: Encoder,
    is_dropped: bool,
    takes_default: bool,
}

/// A load.
pub(super) struct PostgresLoader {
    session: Arc<Session>,
    table: String,
    columns: Vec<LoadColumn>,
    options: BulkOptions,
    unit: Option<Unit>,
    rows_committed: u64,
    is_durable: bool,
}

/// An open unit; the connection is its own.
struct Unit {
    is_savepoint: bool,
    rows: u64,
    _turn: Turn,
}

impl PostgresLoader {
    pub(super) fn new(
        connection: &Postgres,
        table: &str,
        columns: &[(String, ColumnType)],
        options: &BulkOptions,
    ) -> Result<Self, DatabaseError> {
        let found = connection.find_table(table)?;
        let known = connection.columns_of(&found)?;
        let described: Vec<_> = known.iter().map(|c| c.description.clone()).collect();
        let today = connection.session.services.clock.local_now().date();
        let convert = ConvertOptions {
            fast_parse: false,
            today,
        };
        let mut load_columns = Vec::with_capacity(columns.len());
        for (name, column_type) in columns {
            let column = find_column(&described, name, table)?;
            let server = known.iter().find(|c| c.description.name == column.name);
            let (Some(server), false) = (server, column.computed) else {
                return Err(DatabaseError::Unsupported {
                    what: format!("writing to the computed column {name}"),
                    database: "PostgreSQL",
                    remedy: "leave the column unmapped",
                });
            };
            load_columns.push(LoadColumn {
                quoted: Dialect::PostgreSql.quote(&column.name),
                encoder: Encoder::new(
                    &column.name,
                    column_type,
                    &server.server,
                    &column.column_type,
                    convert,
                )?,
                is_dropped: column.identity && !options.keep_identity,
                takes_default: column.has_default && !options.keep_nulls,
            });
        }
        Ok(Self {
            session: connection.session.clone(),
            table: found.quoted,
            columns: load_columns,
            options: options.clone(),
            unit: None,
            rows_committed: 0,
            is_durable: true,
        })
    }

    fn timeout(&self) -> Option<Duration> {
        self.options.timeout
    }

    fn open_unit(&mut self) -> Result<(), DatabaseError> {
        if self.unit.is_some() {
            return Ok(());
        }
        let turn = self.session.turn(Use::Stream)?;
        let is_savepoint = self.session.in_transaction()?;
        self.session.simple(if is_savepoint {
            "SAVEPOINT packmule_load"
        } else {
            "BEGIN"
        })?;
        self.unit = Some(Unit {
            is_savepoint,
            rows: 0,
            _turn: turn,
        });
        if self.options.table_lock {
            // As TABLOCK: other writers wait, readers do not.
            let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", self.table);
            let run = self.session.client.batch_execute(&lock);
            self.session.wait(self.timeout(), run)?;
        }
        Ok(())
    }

    /// Rows by which of their defaulted columns are NULL.
    fn groups(&self, rows: &RecordBatch) -> BTreeMap<Vec<bool>, Vec<usize>> {
        let defaulted: Vec<usize> = (0..self.columns.len())
            .filter(|i| self.columns[*i].takes_default && rows.column(*i).null_count() > 0)
            .collect();
        let mut groups: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
        let mut mask: Vec<bool> = self.columns.iter().map(|c| c.is_dropped).collect();
        for row in 0..rows.num_rows() {
            for column in &defaulted {
                mask[*column] =
                    self.columns[*column].is_dropped || rows.column(*column).is_null(row);
            }
            match groups.get_mut(&mask) {
                Some(group) => group.push(row),
                None => {
                    groups.insert(mask.clone(), vec![row]);
                }
            }
        }
        groups
    }

    fn copy(
        &self,
        sources: &[Source],
        left_out: &[bool],
        rows: &[usize],
    ) -> Result<(), DatabaseError> {
        let named: Vec<(&LoadColumn, &Source)> = self
            .columns
            .iter()
            .zip(sources)
            .zip(left_out)
            .filter(|(_, out)| !**out)
            .map(|(column, _)| column)
            .collect();
        if named.is_empty() {
            return self.insert_defaults(rows.len());
        }
        let names: Vec<&str> = named.iter().map(|(c, _)| c.quoted.as_str()).collect();
        let sql = format!(
            "COPY {} ({}) FROM STDIN (FORMAT binary)",
            self.table,
            names.join(", ")
        );
        let start = self.session.client.copy_in::<_, Bytes>(&sql);
        let mut sink = Box::pin(self.session.wait(self.timeout(), start)?);
        let width = i16::try_from(named.len()).map_err(|_| DatabaseError::Form {
            reason: "too many columns".to_owned(),
        })?;
        let mut out = BytesMut::with_capacity(CHUNK + 4096);
        out.put_slice(HEADER);
        for row in rows {
            out.put_i16(width);
            for (column, source) in &named {
                column
                    .encoder
                    .write(source, *row, &mut out)
                    .map_err(|e| DatabaseError::Cell {
                        column: column.encoder.name.clone(),
                        row: *row,
                        status: e.status,
                        message: e.message.to_owned(),
                    })?;
            }
            if out.len() >= CHUNK {
                let chunk = out.split().freeze();
                self.session.wait(self.timeout(), sink.feed(chunk))?;
            }
        }
        out.put_i16(-1);
        let last = out.freeze();
        self.session.wait(self.timeout(), async {
            sink.send(last).await?;
            sink.as_mut().finish().await
        })?;
        Ok(())
    }

    fn insert_defaults(&self, count: usize) -> Result<(), DatabaseError> {
        let sql = format!("INSERT INTO {} DEFAULT VALUES", self.table);
        for _ in 0..count {
            self.session
                .wait(self.timeout(), self.session.client.batch_execute(&sql))?;
        }
        Ok(())
    }

    fn commit(&mut self, last: bool) -> Result<(), DatabaseError> {
        if let Some(unit) = &self.unit {
            let is_savepoint = unit.is_savepoint;
            let sql = match (is_savepoint, last) {
                (true, _) => "RELEASE packmule_load",
                (false, true) => "COMMIT",
                (false, false) => "SET LOCAL synchronous_commit = off; COMMIT",
            };
            let client = &self.session.client;
            if !is_savepoint && !last {
                // Two messages: in one, the setting would end with its own transaction.
                self.session.simple("SET LOCAL synchronous_commit = off")?;
                self.session
                    .wait(self.timeout(), client.batch_execute("COMMIT"))?;
                self.is_durable = false;
            } else {
                self.session
                    .wait(self.timeout(), client.batch_execute(sql))?;
                self.is_durable = self.is_durable || !is_savepoint;
            }
            self.rows_committed += unit.rows;
            self.unit = None;
        }
        if last && !self.is_durable {
            let _turn = self.session.turn(Use::Statement)?;
            // A transaction with a number of its own waits until all before it are on disk.
            self.session
                .simple("BEGIN; SELECT pg_current_xact_id(); COMMIT")?;
            self.is_durable = true;
        }
        Ok(())
    }
}

impl BulkLoader for PostgresLoader {
    fn write_batch(&mut self, rows: &RecordBatch) -> Result<(), DatabaseError> {
        if rows.num_columns() != self.columns.len() {
            return Err(DatabaseError::Form {
                reason: format!(
                    "{} columns, {} were agreed",
                    rows.num_columns(),
                    self.columns.len()
                ),
            });
        }
        if rows.num_rows() == 0 {
            return Ok(());
        }
        self.open_unit()?;
        let columns = self.columns.iter().zip(rows.columns());
        let sources: Vec<Source> = columns
            .map(|(c, array)| c.encoder.source(array))
            .collect::<Result<_, _>>()?;
        for (left_out, group) in self.groups(rows) {
            self.copy(&sources, &left_out, &group)?;
        }
        if let Some(unit) = &mut self.unit {
            unit.rows += rows.num_rows() as u64;
        }
        Ok(())
    }

    fn commit_unit(&mut self, last: bool) -> Result<(), DatabaseError> {
        self.commit(last)
    }

    fn abort_unit(&mut self) -> Result<(), DatabaseError> {
        let Some(unit) = self.unit.take() else {
            return Ok(());
        };
        self.session
            .finish(self.session.client.batch_execute(if unit.is_savepoint {
                "ROLLBACK TO packmule_load; RELEASE packmule_load"
            } else {
                "ROLLBACK"
            }))
    }

    fn finish(mut self: Box<Self>) -> Result<u64, DatabaseError> {
        self.commit(true)?;
        Ok(self.rows_committed)
    }
}

impl Drop for PostgresLoader {
    fn drop(&mut self) {
        // Nobody is left to hear of an error; the server rolls back with the connection too.
        let _ = self.abort_unit();
    }
}
