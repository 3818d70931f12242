//! Sort: all rows by one or more keys, equal ones perhaps only once.
//!
//! SSIS name *Sort*, class `Microsoft.Sort`. Asynchronous, blocking; one input, one output, no
//! error output. Input columns with `NewSortKeyPosition` ±n are keys (negative = descending);
//! all listed columns pass, each output column names its input column (`SortColumnId`).
//! Behaviour: data flow reference 4.2, 1.4 and 6.
//!
//! Each batch is sorted on any thread; the sorted batches are merged at the end, from memory or
//! from files.
//!
//! Different on purpose: the sort is stable (SSIS promises no order among equal keys).
//!
//! | module | is |
//! | --- | --- |
//! | `runs` | sorted batches and their merge |
//! | `gather` | columns of merged rows |
//! | `sorter` | the sort within the memory budget |
//! | `files` | sorted rows on disk |

mod files;
mod gather;
pub(super) mod runs;
pub(super) mod sorter;

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::CustomProperties;
use packmule_runtime::Reported;
use packmule_types::Code;
use packmule_types::error::Chain;

use self::runs::Run;
use self::sorter::{Piece, SortError, Sorted, Sorter};
use crate::batch::{Batch, Column};
use crate::codes;
use crate::component::{Blocking, Bound, Failure, Morsel, Outputs, Prepare, Prepared, Source};
use crate::engine::spill::owned_array;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;
use crate::sort_keys::KeyColumn;

/// Keys of large objects cannot be sorted.
const SORT_KEY_IS_LOB: Code = Code(0xC004_701F);
/// Comparison flags that there are not.
const COMPARISON_FLAGS: Code = Code(0xC020_204C);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Sort",
    class: "Microsoft.Sort",
    kind: Kind::Transformation,
    execution: Execution::Blocking,
    memory: "all rows; spilled to the temporary folder when the budget is used up",
    documentation: "Sorts rows by one or more columns and may drop rows with equal keys.",
    properties: &[
        PropertyDefinition {
            name: "EliminateDuplicates",
            place: Place::Component,
            default: "false",
            documentation: "Keeps one row of those with equal keys.",
        },
        PropertyDefinition {
            name: "MaximumThreads",
            place: Place::Component,
            default: "-1",
            documentation: "A hint to SSIS's engine; the result does not depend on it and it has no effect here.",
        },
        PropertyDefinition {
            name: "NewSortKeyPosition",
            place: Place::InputColumn,
            default: "0",
            documentation: "Place of the column in the key from 1; negative = descending; 0 = no key.",
        },
        PropertyDefinition {
            name: "NewComparisonFlags",
            place: Place::InputColumn,
            default: "0",
            documentation: "How text is compared: 1 ignore case, 2 non-spacing, 4 symbols, 65536 kana, 131072 width.",
        },
        PropertyDefinition {
            name: "SortColumnId",
            place: Place::OutputColumn,
            default: "0",
            documentation: "The input column whose values this column has.",
        },
    ],
    validate,
    bind,
};

// ---- settings and columns ----------------------------------------------------------------

struct Settings {
    eliminate_duplicates: bool,
    /// In the order of the key.
    keys: Vec<KeyColumn>,
    /// For each output column the position of its input column.
    columns: Vec<usize>,
    output: usize,
}

fn settings(site: &Site<'_>) -> Result<Settings, Vec<Finding>> {
    let mut findings = Vec::new();
    let keys = keys(site, &mut findings);
    let columns = columns(site, &mut findings);
    if keys.is_empty() && findings.is_empty() {
        let message = "a Sort needs at least one key column".to_owned();
        findings.push(site.finding(codes::E_FAIL, Some("NewSortKeyPosition"), message));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(Settings {
        eliminate_duplicates: site.boolean("EliminateDuplicates").unwrap_or(false),
        keys,
        columns,
        output: site.regular_output().map_or(0, |(index, _)| index),
    })
}

fn keys(site: &Site<'_>, findings: &mut Vec<Finding>) -> Vec<KeyColumn> {
    let Some(schema) = site.input_schema(0) else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    for column in site.component.inputs.iter().flat_map(|i| &i.columns) {
        let place = column.property_integer("NewSortKeyPosition").unwrap_or(0);
        let position = schema.position(column.lineage);
        let (true, Some(position)) = (place != 0, position) else {
            continue;
        };
        let Some(column_type) = schema.column_type(position) else {
            continue;
        };
        if column_type.data_type.is_lob() {
            let message = format!(
                "the column '{}' is of a type that cannot be a sort key",
                column.name
            );
            findings.push(site.finding(SORT_KEY_IS_LOB, Some("NewSortKeyPosition"), message));
            continue;
        }
        let flags = column.property_integer("NewComparisonFlags").unwrap_or(0);
        let flags = u32::try_from(flags).unwrap_or(u32::MAX);
        match KeyColumn::new(position, place < 0, column_type, site.lcid(), flags) {
            Ok(key) => keys.push((place.unsigned_abs(), key)),
            Err(error) => {
                let message = format!("the column '{}': {error}", column.name);
                findings.push(site.finding(COMPARISON_FLAGS, Some("NewComparisonFlags"), message));
            }
        }
    }
    keys.sort_by_key(|(place, _)| *place);
    keys.into_iter().map(|(_, key)| key).collect()
}

fn columns(site: &Site<'_>, findings: &mut Vec<Finding>) -> Vec<usize> {
    let (Some(schema), Some((_, output))) = (site.input_schema(0), site.regular_output()) else {
        return Vec::new();
    };
    let mut columns = Vec::new();
    for column in &output.columns {
        let source = column.property_lineage("SortColumnId");
        match source.and_then(|lineage| schema.position(lineage)) {
            Some(position) => columns.push(position),
            None => {
                let message = format!(
                    "the output column '{}' names no column of the input",
                    column.name
                );
                findings.push(site.finding(codes::E_FAIL, Some("SortColumnId"), message));
            }
        }
    }
    columns
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    settings(site).err().unwrap_or_default()
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let settings = settings(site).map_err(|findings| report(site, &findings))?;
    let fields = settings
        .keys
        .iter()
        .map(|key| SortField::new_with_options(key.arrow_type(), key.options()));
    let converter = RowConverter::new(fields.collect()).map_err(|e| {
        site.events
            .error_text(codes::E_FAIL, Chain(&e).to_string(), None)
    })?;
    let prepare = Keys {
        keys: settings.keys,
        columns: settings.columns,
        converter,
    };
    let services = &site.flow.services;
    let sorter = Sorter::new(
        &services.memory,
        services.temp_folder.clone(),
        services.cancel.clone(),
        settings.eliminate_duplicates,
    );
    Ok(Bound::Blocking {
        prepare: Some(Box::new(prepare)),
        run: Box::new(Sort {
            sorter: Some(sorter),
            output: settings.output,
        }),
    })
}

fn report(site: &Site<'_>, findings: &[Finding]) -> Reported {
    for finding in findings {
        let code = finding.code.unwrap_or(codes::E_FAIL);
        site.events
            .error_text(code, finding.message.clone(), finding.remedy.as_deref());
    }
    Reported
}

/// Makes keys, takes the output's columns and sorts, on any thread.
struct Keys {
    keys: Vec<KeyColumn>,
    columns: Vec<usize>,
    converter: RowConverter,
}

impl Prepare for Keys {
    fn prepare(&self, batch: Batch) -> Result<Prepared, Failure> {
        // Text stays what it is unless few of its rows are meant.
        let mostly = batch.len() * 2 >= batch.rows;
        let mut batch = batch.compact();
        let keys: Vec<ArrayRef> = self.keys.iter().map(|key| key.array(&batch)).collect();
        let rows = self
            .converter
            .convert_columns(&keys)
            .map_err(arrow_failure)?;
        drop(keys);
        let columns = self.columns.iter().map(|at| match batch.columns.get(*at) {
            Some(Column::Text(text)) if mostly => Column::Text(Arc::clone(text)),
            _ => Column::Array(owned_array(&batch.array(*at))),
        });
        let columns: Vec<Column> = columns.collect();
        batch.columns.clear();
        let columns = columns.into_iter().map(without_values).collect();
        Ok(Prepared {
            extra: Some(Box::new(Run::new(columns, &rows))),
            batch,
        })
    }
}

/// A text column without the values that were made of it for its keys.
fn without_values(column: Column) -> Column {
    match column {
        Column::Text(text) if text.values.get().is_some() => match Arc::try_unwrap(text) {
            Ok(mut text) => {
                text.values.take();
                Column::Text(Arc::new(text))
            }
            Err(shared) => Column::Text(shared),
        },
        other => other,
    }
}

struct Sort {
    /// Absent once it is complete.
    sorter: Option<Sorter>,
    output: usize,
}

fn failure(error: &SortError) -> Failure {
    if matches!(error, SortError::Cancelled) {
        return Failure::default();
    }
    Failure::text(
        codes::BUFFER_ALLOCATION,
        Chain(error).to_string(),
        Some("give the temporary folder more room or the execution more memory (--memory)"),
    )
}

fn arrow_failure(error: ArrowError) -> Failure {
    let text = format!("the rows cannot be sorted: {error}");
    Failure::text(codes::E_FAIL, text, None)
}

impl Blocking for Sort {
    fn accept(&mut self, prepared: Prepared) -> Result<(), Failure> {
        let run = prepared
            .extra
            .and_then(|extra| extra.downcast::<Run>().ok());
        let (Some(run), Some(sorter)) = (run, self.sorter.as_mut()) else {
            let text = "a batch arrived without sort keys";
            return Err(Failure::text(codes::E_FAIL, text, None));
        };
        sorter.add(*run).map_err(|e| failure(&e))
    }

    fn complete(&mut self) -> Result<Box<dyn Source>, Failure> {
        let Some(sorter) = self.sorter.take() else {
            let text = "the sort was completed twice";
            return Err(Failure::text(codes::E_FAIL, text, None));
        };
        let sorted = sorter.finish().map_err(|e| failure(&e))?;
        Ok(Box::new(SortedRows {
            sorted,
            output: self.output,
        }))
    }
}

/// The rows in order.
struct SortedRows {
    sorted: Sorted,
    output: usize,
}

impl Source for SortedRows {
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure> {
        let piece = self.sorted.next().map_err(|e| failure(&e))?;
        Ok(piece.map(|piece| -> Box<dyn Morsel> {
            Box::new(SortedPiece {
                piece,
                output: self.output,
            })
        }))
    }
}

/// Rows in order whose columns any thread puts together.
struct SortedPiece {
    piece: Piece,
    output: usize,
}

impl Morsel for SortedPiece {
    fn bytes(&self) -> usize {
        self.piece.bytes()
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let columns = self.piece.columns().map_err(arrow_failure)?;
        outputs.send(self.output, Batch::new(columns, self.piece.len()));
        Ok(())
    }
}
