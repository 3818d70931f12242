//! Sort: all rows by one or more keys, equal ones perhaps only once.
//!
//! SSIS name *Sort*, class `Microsoft.Sort`. Asynchronous, blocking; one input, one output, no
//! error output. Input columns with `NewSortKeyPosition` ±n are keys (negative = descending);
//! all listed columns pass, each output column names its input column (`SortColumnId`).
//! Behaviour: data flow reference 4.2, 1.4 and 6.
//!
//! Different on purpose: the sort is stable (SSIS promises no order among equal keys).

pub(crate) mod external;

use std::sync::Arc;

use arrow::array::{ArrayRef, UInt64Array};
use arrow::compute::SortOptions;
use arrow::datatypes::{Field, Schema as ArrowSchema, SchemaRef};
use arrow::record_batch::RecordBatch;
use arrow::row::{OwnedRow, RowConverter, SortField};
use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::CustomProperties;
use packmule_runtime::Reported;
use packmule_types::Code;
use packmule_types::error::Chain;

use self::external::{ExternalSort, Plan, SortError};
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
    let mut fields: Vec<Field> = Vec::new();
    for key in &settings.keys {
        fields.push(Field::new(
            format!("k{}", fields.len()),
            key.arrow_type(),
            true,
        ));
    }
    fields.push(Field::new("row", arrow::datatypes::DataType::UInt64, false));
    let first = fields.len();
    for column in &site.output_schema(settings.output).columns {
        fields.push(Field::new(
            format!("c{}", fields.len()),
            column.column_type.arrow(),
            true,
        ));
    }
    let schema = Arc::new(ArrowSchema::new(fields));
    let mut directions: Vec<SortOptions> = settings.keys.iter().map(KeyColumn::options).collect();
    directions.push(SortOptions::default());
    let plan = Plan {
        schema: Arc::clone(&schema),
        keys: directions,
        memory: site.flow.services.memory.clone(),
        folder: site.flow.services.temp_folder.clone(),
    };
    let distinct = settings
        .eliminate_duplicates
        .then(|| Distinct::new(&settings.keys))
        .transpose();
    let distinct =
        distinct.map_err(|e| site.events.error_text(codes::E_FAIL, e.to_string(), None))?;
    let sort = ExternalSort::start(plan).map_err(|e| {
        site.events
            .error_text(codes::E_FAIL, Chain(&e).to_string(), None)
    })?;
    let prepare = Keys {
        keys: settings.keys,
        columns: settings.columns,
    };
    let run = Sort {
        schema,
        sort: Some(sort),
        rows: 0,
        first,
        distinct,
        output: settings.output,
    };
    Ok(Bound::Blocking {
        prepare: Some(Box::new(prepare)),
        run: Box::new(run),
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

/// Makes keys and takes the output's columns, on any thread.
struct Keys {
    keys: Vec<KeyColumn>,
    columns: Vec<usize>,
}

/// What [`Keys`] made of a batch: keys, then the output's columns.
struct Keyed {
    keys: Vec<ArrayRef>,
    columns: Vec<ArrayRef>,
}

impl Prepare for Keys {
    fn prepare(&self, batch: Batch) -> Result<Prepared, Failure> {
        let batch = batch.compact();
        let keys = self.keys.iter().map(|key| key.array(&batch)).collect();
        let columns = self
            .columns
            .iter()
            .map(|at| owned_array(&batch.array(*at)))
            .collect();
        Ok(Prepared {
            batch: Batch {
                columns: Vec::new(),
                ..batch
            },
            extra: Some(Box::new(Keyed { keys, columns })),
        })
    }
}

struct Sort {
    schema: SchemaRef,
    sort: Option<ExternalSort>,
    /// Rows taken so far: the last key of each row, which makes the sort stable.
    rows: u64,
    /// Where the output's columns begin in a sorted batch.
    first: usize,
    distinct: Option<Distinct>,
    output: usize,
}

fn failure(error: &SortError) -> Failure {
    Failure::text(
        codes::BUFFER_ALLOCATION,
        Chain(error).to_string(),
        Some("give the execution more memory (--memory) or its temporary folder more room"),
    )
}

impl Blocking for Sort {
    fn accept(&mut self, prepared: Prepared) -> Result<(), Failure> {
        let keyed = prepared
            .extra
            .and_then(|extra| extra.downcast::<Keyed>().ok());
        let (Some(keyed), Some(sort)) = (keyed, self.sort.as_mut()) else {
            return Err(Failure::text(
                codes::E_FAIL,
                "a batch arrived without sort keys",
                None,
            ));
        };
        let rows = prepared.batch.rows as u64;
        let numbers: ArrayRef =
            Arc::new(UInt64Array::from_iter_values(self.rows..self.rows + rows));
        self.rows += rows;
        let arrays = keyed
            .keys
            .into_iter()
            .chain([numbers])
            .chain(keyed.columns)
            .collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(|e| {
            Failure::text(
                codes::E_FAIL,
                format!("the rows do not fit together: {e}"),
                None,
            )
        })?;
        sort.add(batch).map_err(|e| failure(&e))
    }

    fn complete(&mut self) -> Result<Box<dyn Source>, Failure> {
        let Some(mut sort) = self.sort.take() else {
            return Err(Failure::text(
                codes::E_FAIL,
                "the sort was completed twice",
                None,
            ));
        };
        sort.complete();
        Ok(Box::new(SortedRows {
            sort,
            first: self.first,
            distinct: self.distinct.take(),
            output: self.output,
        }))
    }
}

/// The sorted rows, batch by batch.
struct SortedRows {
    sort: ExternalSort,
    first: usize,
    distinct: Option<Distinct>,
    output: usize,
}

impl Source for SortedRows {
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure> {
        loop {
            let Some(sorted) = self.sort.next().map_err(|e| failure(&e))? else {
                return Ok(None);
            };
            let selection = match &mut self.distinct {
                None => None,
                Some(distinct) => {
                    let firsts = distinct.firsts(&sorted).map_err(|e| {
                        Failure::text(
                            codes::E_FAIL,
                            format!("sort keys cannot be compared: {e}"),
                            None,
                        )
                    })?;
                    if firsts.is_empty() {
                        continue;
                    }
                    Some(firsts.into())
                }
            };
            let columns = sorted.columns().get(self.first..).unwrap_or_default();
            let columns = columns
                .iter()
                .map(|c| Column::Array(Arc::clone(c)))
                .collect();
            let batch = Batch {
                selection,
                ..Batch::new(columns, sorted.num_rows())
            };
            return Ok(Some(Box::new(Piece {
                batch,
                output: self.output,
            })));
        }
    }
}

/// Finds the first row of each key in sorted batches.
///
/// [R-SORT-DUP] The row that stays is the first of the input: the row number is the last key.
struct Distinct {
    converter: RowConverter,
    keys: usize,
    last: Option<OwnedRow>,
}

impl Distinct {
    fn new(keys: &[KeyColumn]) -> Result<Self, arrow::error::ArrowError> {
        let fields = keys
            .iter()
            .map(|key| SortField::new_with_options(key.arrow_type(), key.options()));
        Ok(Self {
            converter: RowConverter::new(fields.collect())?,
            keys: keys.len(),
            last: None,
        })
    }

    fn firsts(&mut self, sorted: &RecordBatch) -> Result<Vec<u32>, arrow::error::ArrowError> {
        let keys = sorted.columns().get(..self.keys).unwrap_or_default();
        let rows = self.converter.convert_columns(keys)?;
        let mut firsts = Vec::new();
        for row in 0..rows.num_rows() {
            let same = match (row, &self.last) {
                (0, None) => false,
                (0, Some(last)) => last.row() == rows.row(0),
                _ => rows.row(row) == rows.row(row - 1),
            };
            if !same {
                firsts.push(row as u32);
            }
        }
        if rows.num_rows() > 0 {
            self.last = Some(rows.row(rows.num_rows() - 1).owned());
        }
        Ok(firsts)
    }
}

struct Piece {
    batch: Batch,
    output: usize,
}

impl Morsel for Piece {
    fn bytes(&self) -> usize {
        self.batch.bytes()
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        outputs.send(self.output, self.batch);
        Ok(())
    }
}
