//! From found reference rows to the outputs: copies, dispositions, the order of the input.

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::datatypes::DataType as ArrowType;
use packmule_dtsx::model::LineageId;
use packmule_types::code::{
    DTS_E_INDUCEDTRANSFORMFAILUREONERROR as INDUCED_ERROR,
    DTS_E_INDUCEDTRANSFORMFAILUREONTRUNCATION as INDUCED_TRUNCATION, DTS_E_TXLOOKUP_ROWLOOKUPERROR,
};
use packmule_types::convert::{Conversion, ConvertOptions};
use packmule_types::status::Status;
use packmule_types::{Code, ColumnType};

use super::index::{NO_ROW, Row};
use super::settings::{CopiedColumn, NoMatch, ReferenceColumn, fetched};
use crate::batch::{Batch, Column};
use crate::codes;
use crate::component::{Failure, Outputs};
use crate::engine::spill::owned_array;
use crate::expressions::locale;
use crate::row_errors::{Class, Dispositions, ErrorColumns, Fatal, RowError, RowErrors};
use crate::site::Site;

/// A value of the reference does not fit into the column that it is copied to.
const CANNOT_CONVERT: Code = Code(0xC020_907F);

/// A copied column, bound.
struct Copied {
    column: CopiedColumn,
    /// Nothing where the reference has the column's very type.
    conversion: Option<Conversion>,
}

/// Sends rows with what was found for them.
pub(super) struct Matches {
    copies: Vec<Copied>,
    /// Columns that come in.
    width: usize,
    matched: usize,
    /// Columns that the match output adds.
    added: usize,
    no_match: NoMatch,
    error: Option<(usize, ErrorColumns)>,
    name: String,
    /// The match output, as messages name it.
    path: String,
}

impl Matches {
    /// Binds the copied columns; an error names the column that cannot be copied.
    pub(super) fn bind(
        site: &Site<'_>,
        copies: &[CopiedColumn],
        reference: &[ReferenceColumn],
        no_match: NoMatch,
    ) -> Result<Self, String> {
        let mut bound = Vec::with_capacity(copies.len());
        for column in copies {
            let from = reference
                .get(column.reference)
                .map_or(column.column_type, |c| fetched(c.column_type));
            let conversion = conversion(site, &from, &column.column_type).map_err(|error| {
                format!(
                    "{} cannot hold the reference's values: {error}",
                    column.path
                )
            })?;
            bound.push(Copied {
                column: column.clone(),
                conversion,
            });
        }
        let output = site.regular_output();
        let error = site.error_output();
        Ok(Self {
            copies: bound,
            width: site.input_schema(0).map_or(0, |s| s.columns.len()),
            matched: output.map_or(0, |(index, _)| index),
            added: output.map_or(0, |(_, output)| output.columns.len()),
            no_match,
            error: error.map(|(index, output)| (index, ErrorColumns::new(output))),
            name: site.component.name.clone(),
            path: output.map_or_else(String::new, |(_, o)| {
                format!("{}.Outputs[{}]", site.component.name, o.name)
            }),
        })
    }

    /// Sends a batch without a selection. `found` has for each row a row of `reference`, the
    /// reference's columns, or [`NO_ROW`].
    pub(super) fn send(
        &self,
        batch: &Batch,
        found: &[Row],
        reference: &[ArrayRef],
        outputs: &mut Outputs,
    ) -> Result<(), Failure> {
        let missing: Vec<u32> = rows_where(found, |row| row == NO_ROW);
        let mut errors = RowErrors::new();
        if let NoMatch::Error(disposition) = self.no_match {
            let dispositions = Dispositions {
                error: disposition,
                truncation: disposition,
            };
            let unmatched = missing.iter().map(|row| no_match_error(*row));
            errors.add(0, LineageId(0), dispositions, unmatched);
        }
        let made = self.with_copies(batch, found, reference, &mut errors);
        if let Some(fatal) = errors.fatal() {
            return Err(self.failure(fatal));
        }
        let (stay, redirected) = errors.split(batch);
        if let Some((output, columns)) = &self.error
            && outputs.is_attached(*output)
            && !redirected.rows.is_empty()
        {
            outputs.send(*output, redirected.batch(batch, columns));
        }
        match self.no_match {
            NoMatch::Output(output) if !missing.is_empty() => {
                let matched: Vec<u32> = stay
                    .iter()
                    .copied()
                    .filter(|row| is_found(found, *row))
                    .collect();
                send_rows(outputs, self.matched, &made, matched);
                send_rows(outputs, output, batch, missing);
            }
            _ => send_rows(outputs, self.matched, &made, stay.to_vec()),
        }
        Ok(())
    }

    /// The batch of the match output, rows that do not go there included.
    fn with_copies(
        &self,
        batch: &Batch,
        found: &[Row],
        reference: &[ArrayRef],
        errors: &mut RowErrors,
    ) -> Batch {
        let mut columns = batch.columns.clone();
        columns.resize(
            self.width + self.added,
            Column::null(&ColumnType::new(packmule_types::DataType::Null), batch.rows),
        );
        let indices: UInt32Array = found
            .iter()
            .map(|row| (*row != NO_ROW).then_some(*row))
            .collect();
        for (at, copied) in self.copies.iter().enumerate() {
            let Some(source) = reference.get(copied.column.reference) else {
                continue;
            };
            let values = gather(source, &indices, &copied.column.column_type);
            let values = match &copied.conversion {
                None => values,
                Some(conversion) => {
                    let converted = conversion.convert(&values);
                    let failing = converted
                        .errors
                        .iter()
                        .map(|(row, status)| copy_error(row, status));
                    // 0 is the match itself.
                    errors.add(
                        at + 1,
                        copied.column.lineage,
                        copied.column.dispositions,
                        failing,
                    );
                    converted.array
                }
            };
            if let Some(slot) = columns.get_mut(copied.column.position) {
                *slot = Column::Array(values);
            }
        }
        Batch {
            columns,
            ..batch.clone()
        }
    }

    /// SSIS's chain of messages for a row that fails the component.
    fn failure(&self, fatal: Fatal) -> Failure {
        let row = fatal.row as usize;
        let code = format!("{:08X}", fatal.code.0);
        let Some(copied) = fatal
            .column
            .checked_sub(1)
            .and_then(|at| self.copies.get(at))
        else {
            return Failure::at(row, DTS_E_TXLOOKUP_ROWLOOKUPERROR, &[])
                .and(INDUCED_ERROR, &[&self.name, &code, &self.path]);
        };
        let path = copied.column.path.as_str();
        match fatal.class {
            Class::Error => {
                Failure::at(row, fatal.code, &[]).and(INDUCED_ERROR, &[&self.name, &code, path])
            }
            Class::Truncation => Failure::at(row, INDUCED_TRUNCATION, &[&self.name, path]),
        }
    }
}

fn conversion(
    site: &Site<'_>,
    from: &ColumnType,
    to: &ColumnType,
) -> Result<Option<Conversion>, String> {
    if from == to {
        return Ok(None);
    }
    let options = ConvertOptions {
        fast_parse: false,
        today: site.flow.services.clock.local_now().date(),
    };
    Conversion::bind(from, to, &locale(site), options)
        .map(Some)
        .map_err(|e| e.to_string())
}

fn rows_where(found: &[Row], wanted: impl Fn(Row) -> bool) -> Vec<u32> {
    let rows = found.iter().enumerate().filter(|(_, row)| wanted(**row));
    rows.map(|(at, _)| at as u32).collect()
}

fn is_found(found: &[Row], row: u32) -> bool {
    found.get(row as usize).is_some_and(|f| *f != NO_ROW)
}

fn send_rows(outputs: &mut Outputs, output: usize, batch: &Batch, rows: Vec<u32>) {
    if rows.is_empty() || !outputs.is_attached(output) {
        return;
    }
    if rows.len() == batch.rows {
        outputs.send(output, batch.clone());
    } else {
        outputs.send(output, batch.select(rows.into()));
    }
}

/// The values of reference rows; NULL where none was found.
fn gather(source: &ArrayRef, indices: &UInt32Array, column_type: &ColumnType) -> ArrayRef {
    let taken = arrow::compute::take(source.as_ref(), indices, None);
    let taken = taken.unwrap_or_else(|_| packmule_types::array::nulls(column_type, indices.len()));
    if keeps_too_much(&taken) {
        owned_array(&taken)
    } else {
        taken
    }
}

/// Whether views keep far more of the reference alive than they show: such a batch would be
/// counted as if it held the whole reference.
fn keeps_too_much(array: &ArrayRef) -> bool {
    /// Bytes of text for each row that are not worth a copy.
    const BYTES_PER_ROW: usize = 64;
    let buffers = match array.data_type() {
        ArrowType::Utf8View => array.as_string_view().data_buffers(),
        ArrowType::BinaryView => array.as_binary_view().data_buffers(),
        _ => return false,
    };
    buffers.iter().map(|b| b.len()).sum::<usize>() > array.len().saturating_mul(BYTES_PER_ROW)
}

fn no_match_error(row: u32) -> RowError {
    RowError {
        row,
        code: DTS_E_TXLOOKUP_ROWLOOKUPERROR,
        class: Class::Error,
    }
}

fn copy_error(row: u32, status: Status) -> RowError {
    if status.is_truncation() {
        RowError {
            row,
            code: codes::TRUNCATION_REDIRECTED,
            class: Class::Truncation,
        }
    } else {
        RowError {
            row,
            code: CANNOT_CONVERT,
            class: Class::Error,
        }
    }
}
