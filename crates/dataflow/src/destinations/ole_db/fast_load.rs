//! Fast load: units of rows, each committed as a whole.

use arrow::array::ArrayRef;
use packmule_connections::{BulkLoader, BulkOptions, DatabaseError, SharedConnection};
use packmule_dtsx::model::Disposition;
use packmule_runtime::{Reported, Reservation};
use packmule_types::Code;
use packmule_types::status::Status;

use super::convert::Converted;
use super::{Rows, Settings, UNAVAILABLE};
use crate::batch::{Batch, Column, take_array};
use crate::codes;
use crate::component::{End, Failure, Ordered, Outputs, Prepared};
use crate::database;
use crate::engine::spill::owned_array;
use crate::row_errors::Redirected;
use crate::site::Site;

/// `The final commit for the data insertion in "%1" has started.`
const FINAL_COMMIT_BEGIN: Code = Code(0x4020_90DF);
/// `The final commit for the data insertion in "%1" has ended.`
const FINAL_COMMIT_END: Code = Code(0x4020_90E0);
/// SSIS's default for `DefaultBufferMaxRows`.
const BUFFER_ROWS: u64 = 10_000;

/// Opens the bulk load.
pub(super) fn bind(
    site: &Site<'_>,
    connection: &SharedConnection,
    table: &str,
    settings: &Settings,
    rows: Rows,
) -> Result<Box<dyn Ordered>, Reported> {
    let options = BulkOptions {
        keep_identity: settings.keep_identity,
        keep_nulls: settings.keep_nulls,
        table_lock: settings.options.table_lock,
        timeout: settings.timeout,
    };
    let loader = connection
        .bulk_load(table, &rows.targets(), &options)
        .map_err(|error| super::report_open(site, &error))?;
    let name = "DefaultBufferMaxRows";
    let given = site.overlaid_task(name).and_then(|t| t.trim().parse().ok());
    let buffer_rows = given
        .or_else(|| site.pipeline.properties.integer("defaultBufferMaxRows"))
        .and_then(|n| u64::try_from(n).ok())
        .filter(|n| *n > 0)
        .unwrap_or(BUFFER_ROWS);
    Ok(Box::new(FastLoad {
        loader: Some(loader),
        unit: Unit {
            commit_size: settings.commit_size,
            buffer_rows,
            ..Unit::default()
        },
        kept: Vec::new(),
        held: site.flow.services.memory.reservation(),
        name: site.component.name.clone(),
        rows,
    }))
}

/// How far the open unit has come. SSIS commits the smaller of the commit size and the rows
/// left in its buffer; buffers are counted from the first row.
#[derive(Debug, Default, Clone, Copy)]
struct Unit {
    commit_size: Option<u64>,
    buffer_rows: u64,
    in_unit: u64,
    in_buffer: u64,
}

impl Unit {
    /// Rows that still belong to this unit, `most` at most.
    fn take(&self, most: u64) -> u64 {
        self.commit_size.map_or(most, |size| {
            most.min(size - self.in_unit)
                .min(self.buffer_rows - self.in_buffer)
        })
    }

    /// Counts rows; whether the unit is complete with them.
    fn add(&mut self, rows: u64) -> bool {
        let Some(size) = self.commit_size else {
            self.in_unit += rows;
            return false;
        };
        self.in_unit += rows;
        self.in_buffer = (self.in_buffer + rows) % self.buffer_rows;
        let complete = self.in_unit >= size || self.in_buffer == 0;
        if complete {
            self.in_unit = 0;
        }
        complete
    }

    /// Starts anew after a unit was lost: the rest of its rows were not given any more.
    fn reset(&mut self, rest: u64) {
        self.add(rest);
        self.in_unit = 0;
    }
}

/// Rows of the open unit, kept to be redirected.
struct Kept {
    columns: Vec<ArrayRef>,
    rows: usize,
    codes: Vec<i32>,
    failing: Vec<i32>,
}

struct FastLoad {
    loader: Option<Box<dyn BulkLoader>>,
    unit: Unit,
    kept: Vec<Kept>,
    held: Reservation,
    name: String,
    rows: Rows,
}

/// Why a unit is lost.
enum Lost {
    /// A value could not be converted: row of the batch, column, status.
    Value(usize, usize, Status),
    /// The database refused.
    Database(DatabaseError),
}

impl FastLoad {
    fn redirects(&self, outputs: &Outputs) -> bool {
        let attached = self
            .rows
            .error_output
            .is_some_and(|output| outputs.is_attached(output));
        self.rows.disposition == Disposition::RedirectRow && attached
    }

    /// Keeps rows of the open unit for the error output.
    fn keep(
        &mut self,
        batch: &Batch,
        from: usize,
        rows: usize,
        errors: &Converted,
    ) -> Result<(), Failure> {
        let numbers: Vec<u32> = (from..from + rows).map(|r| r as u32).collect();
        let columns: Vec<ArrayRef> = batch
            .columns
            .iter()
            .map(|c| owned_array(&take_array(&c.array(), &numbers)))
            .collect();
        let bytes: usize = columns.iter().map(|c| c.get_array_memory_size()).sum();
        self.held.try_grow(bytes).map_err(|e| {
            let text = format!("the rows of a commit unit do not fit into memory: {e}");
            Failure::text(
                codes::BUFFER_ALLOCATION,
                text,
                Some("lower FastLoadMaxInsertCommitSize or raise --memory"),
            )
        })?;
        let mut kept = Kept {
            columns,
            rows,
            codes: vec![UNAVAILABLE.signed(); rows],
            failing: vec![0; rows],
        };
        for (column, failed) in self.rows.columns.iter().zip(&errors.errors) {
            for (row, status) in failed.iter() {
                let at = (row as usize).checked_sub(from).filter(|at| *at < rows);
                if let Some(at) = at.filter(|at| kept.failing[*at] == 0) {
                    kept.codes[at] = status_code(status).signed();
                    kept.failing[at] = column.lineage.0;
                }
            }
        }
        self.kept.push(kept);
        Ok(())
    }

    fn release(&mut self) {
        self.kept.clear();
        self.held.shrink(self.held.bytes());
    }

    /// The first value of a part that could not be converted.
    fn bad_value(&self, converted: &Converted, from: usize, rows: usize) -> Option<Lost> {
        let inside = |row: u32| (from..from + rows).contains(&(row as usize));
        let found = converted
            .errors
            .iter()
            .enumerate()
            .filter_map(|(column, errors)| {
                errors
                    .iter()
                    .find(|(row, _)| inside(*row))
                    .map(|(row, status)| (row, column, status))
            });
        found
            .min()
            .map(|(row, column, status)| Lost::Value(row as usize, column, status))
    }

    fn loader(&mut self) -> Result<&mut Box<dyn BulkLoader>, Lost> {
        let closed = || DatabaseError::Closed {
            reason: "the load has ended".to_owned(),
        };
        self.loader.as_mut().ok_or_else(|| Lost::Database(closed()))
    }

    /// Adds a part of a batch to the open unit and commits it when it is complete.
    fn load(&mut self, converted: &Converted, from: usize, rows: usize) -> Result<bool, Lost> {
        if let Some(lost) = self.bad_value(converted, from, rows) {
            return Err(lost);
        }
        let part = converted.rows.slice(from, rows);
        self.loader()?.write_batch(&part).map_err(Lost::Database)?;
        let complete = self.unit.add(rows as u64);
        if complete {
            self.loader()?.commit_unit(false).map_err(Lost::Database)?;
        }
        Ok(complete)
    }

    /// What becomes of a lost unit: the component fails, or its rows are dropped or redirected.
    fn lose(&mut self, lost: Lost, row: usize, sent: &mut Vec<Kept>) -> Result<(), Failure> {
        if let Some(loader) = &mut self.loader
            && let Err(error) = loader.abort_unit()
        {
            return Err(self
                .rows
                .induced(database::failure(row, &error), UNAVAILABLE));
        }
        let fatal = matches!(&lost, Lost::Database(error) if error.is_fatal());
        if fatal || self.rows.disposition == Disposition::FailComponent {
            return Err(self.failure(&lost, row));
        }
        sent.append(&mut self.kept);
        self.release();
        Ok(())
    }

    fn failure(&self, lost: &Lost, row: usize) -> Failure {
        match lost {
            Lost::Database(error) => self
                .rows
                .induced(database::failure(row, error), UNAVAILABLE),
            Lost::Value(row, column, status) => {
                let path = self
                    .rows
                    .columns
                    .get(*column)
                    .map_or("", |c| c.path.as_str());
                let first = Failure::at(
                    *row,
                    packmule_types::code::DTS_E_COLUMNSTATUSERROR,
                    &[path, &self.name, status.text()],
                );
                self.rows.induced(first, status_code(*status))
            }
        }
    }

    /// Sends the rows of lost units, all in one batch.
    fn send(&self, sent: &[Kept], outputs: &mut Outputs) -> Result<(), Failure> {
        let (Some(output), Some(first)) = (self.rows.error_output, sent.first()) else {
            return Ok(());
        };
        let mut columns = Vec::with_capacity(first.columns.len());
        for at in 0..first.columns.len() {
            let parts: Vec<&dyn arrow::array::Array> =
                sent.iter().map(|k| k.columns[at].as_ref()).collect();
            let joined = arrow::compute::concat(&parts).map_err(|e| {
                Failure::text(
                    codes::E_FAIL,
                    format!("rows cannot be redirected: {e}"),
                    None,
                )
            })?;
            columns.push(Column::Array(joined));
        }
        let rows: usize = sent.iter().map(|k| k.rows).sum();
        let redirected = Redirected {
            rows: vec![0; rows],
            codes: sent.iter().flat_map(|k| k.codes.iter().copied()).collect(),
            columns: sent
                .iter()
                .flat_map(|k| k.failing.iter().copied())
                .collect(),
        };
        columns.extend(self.rows.error_columns.columns(&redirected));
        outputs.send(
            output,
            Batch {
                origin: Some(vec![0; rows].into()),
                ..Batch::new(columns, rows)
            },
        );
        Ok(())
    }
}

/// The row code of a status, from the table of data flow reference 3.3.
pub(super) fn status_code(status: Status) -> Code {
    Code(match status {
        Status::Truncated => 0xC020_9078,
        Status::SignMismatch => 0xC020_9079,
        Status::Overflow => 0xC020_907A,
        Status::PermissionDenied => 0xC020_907C,
        Status::IntegrityViolation => 0xC020_907D,
        Status::SchemaViolation => 0xC020_9076,
        Status::Unavailable => 0xC020_907B,
        _ => 0xC020_9077,
    })
}

impl Ordered for FastLoad {
    fn process(&mut self, prepared: Prepared, outputs: &mut Outputs) -> Result<(), Failure> {
        let converted = prepared
            .extra
            .and_then(|extra| extra.downcast::<Converted>().ok());
        let Some(converted) = converted else {
            return Err(Failure::text(
                codes::E_FAIL,
                "a batch arrived unconverted",
                None,
            ));
        };
        let redirects = self.redirects(outputs);
        let mut sent = Vec::new();
        let mut from = 0;
        let mut result = Ok(());
        while from < prepared.batch.rows && result.is_ok() {
            let rows = self.unit.take((prepared.batch.rows - from) as u64) as usize;
            if redirects {
                self.keep(&prepared.batch, from, rows, &converted)?;
            }
            match self.load(&converted, from, rows) {
                Ok(true) => self.release(),
                Ok(false) => {}
                Err(lost) => {
                    if matches!(lost, Lost::Value(..)) {
                        self.unit.reset(rows as u64);
                    }
                    result = self.lose(lost, from, &mut sent);
                }
            }
            from += rows;
        }
        self.send(&sent, outputs)?;
        result
    }

    fn end_of_input(&mut self) -> Result<(), Failure> {
        self.rows
            .events
            .information(FINAL_COMMIT_BEGIN, &[&self.name]);
        let Some(loader) = self.loader.take() else {
            return Ok(());
        };
        loader
            .finish()
            .map_err(|error| self.rows.induced(database::failure(0, &error), UNAVAILABLE))?;
        self.rows
            .events
            .information(FINAL_COMMIT_END, &[&self.name]);
        Ok(())
    }

    fn finish(&mut self, _: End) -> Result<(), Reported> {
        // Dropped without its end, a loader takes the open unit back.
        self.loader = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_end_with_the_buffer_or_the_commit_size() {
        let mut unit = Unit {
            commit_size: Some(4),
            buffer_rows: 10,
            ..Unit::default()
        };
        let mut sizes = Vec::new();
        let mut left = 25;
        while left > 0 {
            let rows = unit.take(left);
            unit.add(rows);
            left -= rows;
            sizes.push(rows);
        }
        assert_eq!(sizes, [4, 4, 2, 4, 4, 2, 4, 1]);
    }

    #[test]
    fn commit_size_zero_is_one_unit() {
        let mut unit = Unit {
            commit_size: None,
            buffer_rows: 10,
            ..Unit::default()
        };
        assert_eq!(unit.take(1_000), 1_000);
        assert!(!unit.add(1_000));
    }
}
