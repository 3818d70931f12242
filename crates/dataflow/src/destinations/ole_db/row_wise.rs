//! Row by row: each row is an INSERT of its own, with the exact cause when it fails.

use packmule_connections::{PreparedStatement, SharedConnection};
use packmule_dtsx::model::{Disposition, LineageId};
use packmule_runtime::Reported;
use packmule_types::code::{DTS_E_COLUMNSTATUSERROR, DTS_E_OLEDBERROR};
use packmule_types::status::RowErrors as StatusErrors;

use super::convert::Converted;
use super::fast_load::status_code;
use super::{Rows, Settings};
use crate::codes;
use crate::component::{Failure, FailureEvent, Ordered, Outputs, Prepared};
use crate::database;
use crate::row_errors::{Class, Dispositions, Fatal, RowError, RowErrors};
use crate::site::Site;

/// Prepares the INSERT.
pub(super) fn bind(
    site: &Site<'_>,
    connection: &SharedConnection,
    table: &str,
    settings: &Settings,
    rows: Rows,
) -> Result<Box<dyn Ordered>, Reported> {
    let statement = connection
        .prepare_insert(table, &rows.targets(), settings.timeout)
        .map_err(|error| super::report_open(site, &error))?;
    Ok(Box::new(RowWise { statement, rows }))
}

struct RowWise {
    statement: Box<dyn PreparedStatement>,
    rows: Rows,
}

impl RowWise {
    /// Rows that were converted without error, and the failures of the others.
    fn convertible(&self, converted: &Converted, rows: usize, failed: &mut RowErrors) -> Vec<u32> {
        let dispositions = Dispositions {
            error: self.rows.disposition,
            truncation: self.rows.disposition,
        };
        for (at, (column, errors)) in self.rows.columns.iter().zip(&converted.errors).enumerate() {
            let errors = errors.iter().map(|(row, status)| RowError {
                row,
                code: status_code(status),
                class: Class::Error,
            });
            failed.add(at, column.lineage, dispositions, errors);
        }
        let bad = |row: u32| {
            converted
                .errors
                .iter()
                .any(|e: &StatusErrors| e.get(row).is_some())
        };
        let end = failed.fatal().map_or(rows as u32, |fatal| fatal.row);
        (0..end).filter(|row| !bad(*row)).collect()
    }
}

impl RowWise {
    /// Inserts the rows that were converted; the failure of the first bad one when bad rows fail
    /// the component.
    fn insert(
        &mut self,
        converted: &Converted,
        good: &[u32],
        failed: &mut RowErrors,
    ) -> Result<Option<Failure>, Failure> {
        let numbers = arrow::array::UInt32Array::from(good.to_vec());
        let rows = arrow::compute::take_record_batch(&converted.rows, &numbers).map_err(|e| {
            Failure::text(codes::E_FAIL, format!("rows cannot be selected: {e}"), None)
        })?;
        let disposition = self.rows.disposition;
        let stop = disposition == Disposition::FailComponent;
        let results = self.statement.execute_rows(&rows, stop);
        let results = results.map_err(|error| {
            self.rows
                .induced(database::failure(0, &error), super::UNAVAILABLE)
        })?;
        let dispositions = Dispositions {
            error: disposition,
            truncation: disposition,
        };
        for (row, result) in good.iter().zip(results) {
            let Err(error) = result else { continue };
            let code = status_code(error.status);
            if stop {
                let event = FailureEvent::Text(DTS_E_OLEDBERROR, error.to_string(), None);
                let first = Failure {
                    row: *row as usize,
                    events: vec![event],
                };
                return Ok(Some(self.rows.induced(first, code)));
            }
            let column = error.column.and_then(|c| self.rows.columns.get(c as usize));
            let lineage = column.map_or(LineageId(0), |c| c.lineage);
            let error = RowError {
                row: *row,
                code,
                class: Class::Error,
            };
            failed.add(usize::MAX, lineage, dispositions, [error]);
        }
        Ok(None)
    }

    /// The failure of a row whose value could not be converted.
    fn unconvertible(&self, fatal: Fatal, converted: &Converted) -> Failure {
        let path = self
            .rows
            .columns
            .get(fatal.column)
            .map_or("", |c| c.path.as_str());
        let status = converted
            .errors
            .get(fatal.column)
            .and_then(|e| e.get(fatal.row));
        let text = status.map_or("", |s| s.text());
        let name = &self.rows.input_path;
        let first = Failure::at(
            fatal.row as usize,
            DTS_E_COLUMNSTATUSERROR,
            &[path, name, text],
        );
        self.rows.induced(first, fatal.code)
    }
}

impl Ordered for RowWise {
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
        let mut failed = RowErrors::new();
        let good = self.convertible(&converted, prepared.batch.rows, &mut failed);
        let failure = self.insert(&converted, &good, &mut failed)?;
        if failed.any_redirected()
            && let Some(output) = self.rows.error_output
        {
            let (_, redirected) = failed.split(&prepared.batch);
            outputs.send(
                output,
                redirected.batch(&prepared.batch, &self.rows.error_columns),
            );
        }
        match (failure, failed.fatal()) {
            (Some(failure), _) => Err(failure),
            (None, Some(fatal)) => Err(self.unconvertible(fatal, &converted)),
            (None, None) => Ok(()),
        }
    }
}
