//! What every driver does to turn a statement's rows into batches and its text into results.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use packmule_types::ColumnType;

use super::{DatabaseError, ExecuteResults, ResultColumn, RowBatch, Statement, StatementResult};
use crate::cells::{Cells, Rules};

/// The columns of a result that is being read.
pub(crate) struct Collector {
    pub(crate) columns: Vec<ResultColumn>,
    /// One for each column.
    pub(crate) cells: Vec<Cells>,
    schema: SchemaRef,
}

impl Collector {
    /// With room for so many rows.
    pub(crate) fn new(columns: Vec<ResultColumn>, rules: Rules, capacity: usize) -> Self {
        let field = |c: &ResultColumn| Field::new(&c.name, c.column_type.arrow(), true);
        let fields: Vec<Field> = columns.iter().map(field).collect();
        let cells = columns
            .iter()
            .map(|c| Cells::new(c.column_type, rules, capacity))
            .collect();
        Self {
            columns,
            cells,
            schema: Arc::new(Schema::new(fields)),
        }
    }

    /// The rows so far as a batch; there are `rows` of them.
    pub(crate) fn take(&mut self, rows: usize) -> Result<RowBatch, DatabaseError> {
        let (arrays, errors) = self.cells.iter_mut().map(Cells::finish).unzip();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let rows = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)
            .map_err(|e| DatabaseError::Form {
                reason: e.to_string(),
            })?;
        Ok(RowBatch { rows, errors })
    }
}

/// The positions of the wanted columns with their wanted types; of all of `names` without a wish.
pub(crate) fn wanted(
    names: &[String],
    target: Option<&[(String, ColumnType)]>,
) -> Result<Vec<(usize, Option<ColumnType>)>, DatabaseError> {
    match target {
        Some(target) => target
            .iter()
            .map(|(name, t)| Ok((position_of(names, name)?, Some(*t))))
            .collect(),
        None => Ok((0..names.len()).map(|i| (i, None)).collect()),
    }
}

/// Position of a column by name: exactly, else the only one that differs in letter case.
fn position_of(names: &[String], wanted: &str) -> Result<usize, DatabaseError> {
    if let Some(position) = names.iter().position(|n| n == wanted) {
        return Ok(position);
    }
    let lower = wanted.to_lowercase();
    let mut found =
        (0..names.len()).filter(|i| names.get(*i).is_some_and(|n| n.to_lowercase() == lower));
    match (found.next(), found.next()) {
        (Some(position), None) => Ok(position),
        (Some(_), Some(_)) => Err(DatabaseError::AmbiguousName {
            name: wanted.to_owned(),
        }),
        (None, _) => Err(DatabaseError::NoColumn {
            column: wanted.to_owned(),
            place: "the query's result".to_owned(),
        }),
    }
}

/// Runs the statements of a text in order; each is told whether no rows have come yet. An error
/// behind the first rows is kept beside them, an earlier one is the text's own.
pub(crate) fn run_all(
    statements: &[Statement],
    mut run: impl FnMut(&Statement, bool) -> Result<StatementResult, DatabaseError>,
) -> Result<ExecuteResults, DatabaseError> {
    let mut results = ExecuteResults::default();
    for statement in statements {
        let is_first = results.first_rows().is_none();
        match run(statement, is_first) {
            Ok(result) => results.statements.push(result),
            Err(error) if is_first || error.is_fatal() => return Err(error),
            Err(error) => {
                results.late_error = Some(error);
                break;
            }
        }
    }
    Ok(results)
}

/// Where nobody can redirect a row, a value that does not fit its declared type is an error.
pub(crate) fn refuse_errors(
    batch: &RowBatch,
    columns: &[ResultColumn],
) -> Result<(), DatabaseError> {
    for (errors, column) in batch.errors.iter().zip(columns) {
        if let Some((row, status)) = errors.iter().next() {
            return Err(DatabaseError::Cell {
                column: column.name.clone(),
                row: row as usize,
                status,
                message: format!(
                    "the stored value does not fit the declared type {}: {}",
                    column.native_type,
                    status.text()
                ),
            });
        }
    }
    Ok(())
}
