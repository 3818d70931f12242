//! What an Aggregate is told: for each output its keys, its aggregates and its columns.

use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::{CustomProperties, Output, OutputColumn};
use packmule_types::code::describe;
use packmule_types::convert::{Conversion, ConvertOptions};
use packmule_types::locale::Locale;
use packmule_types::{Code, ColumnType, DataType};

use super::keys::{KeyMaker, KeySource};
use super::states::Operation;
use crate::codes;
use crate::site::Site;
use crate::sort_keys::KeyColumn;

/// Flags on an operation that does not compare.
const FLAGS_ON_OPERATION: Code = Code(0xC020_90CA);
/// Flags on a column that is no text.
const FLAGS_ON_TYPE: Code = Code(0xC020_90CB);
/// Flags that there are not.
const UNKNOWN_FLAGS: Code = Code(0xC020_204C);
/// An output that leads nowhere.
const OUTPUT_NOT_USED: Code = Code(0xC020_9316);

/// An aggregate of one output.
#[derive(Debug)]
pub(super) struct Aggregate {
    pub(super) operation: Operation,
    /// Where its column is among the needed ones, and of which type; absent for Count all.
    pub(super) column: Option<(usize, ColumnType)>,
    /// For Count distinct.
    pub(super) distinct: Option<KeyMaker>,
}

/// Where the values of an output column come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// A key, by its number.
    Key(usize),
    /// An aggregate, by its number.
    Aggregate(usize),
}

/// One output column.
#[derive(Debug)]
pub(super) struct Target {
    /// Its name, for messages.
    pub(super) name: String,
    pub(super) source: Source,
    /// From the type in which the value is kept.
    pub(super) conversion: Conversion,
}

/// One output.
#[derive(Debug)]
pub(super) struct OutputPlan {
    pub(super) output: usize,
    /// Positions in the stream of the columns it needs; everything else counts in these.
    pub(super) needed: Vec<usize>,
    /// Types of the needed columns.
    pub(super) types: Vec<ColumnType>,
    pub(super) keys: KeyMaker,
    /// The key columns whose first values come out.
    pub(super) key_columns: Vec<usize>,
    pub(super) aggregates: Vec<Aggregate>,
    pub(super) targets: Vec<Target>,
}

/// Reads the settings of all outputs.
pub(super) fn settings(site: &Site<'_>) -> Result<Vec<OutputPlan>, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut plans = Vec::new();
    if site.input_schema(0).is_none() {
        return Ok(plans);
    }
    let outputs = site.component.outputs.iter().enumerate();
    for (index, output) in outputs.filter(|(_, o)| !o.is_error) {
        if !site.is_attached(index) {
            let message = describe(OUTPUT_NOT_USED, &[&output.id.to_string()]);
            findings.push(site.finding(OUTPUT_NOT_USED, None, message));
        }
        plans.extend(Reader::new(site, output, &mut findings).read(index));
    }
    if findings.is_empty() {
        Ok(plans)
    } else {
        Err(findings)
    }
}

struct Reader<'a, 'f> {
    site: &'a Site<'a>,
    output: &'a Output,
    findings: &'f mut Vec<Finding>,
    needed: Vec<usize>,
    types: Vec<ColumnType>,
    sources: Vec<KeySource>,
    key_columns: Vec<usize>,
    aggregates: Vec<Aggregate>,
    targets: Vec<Target>,
}

impl<'a, 'f> Reader<'a, 'f> {
    fn new(site: &'a Site<'a>, output: &'a Output, findings: &'f mut Vec<Finding>) -> Self {
        Self {
            site,
            output,
            findings,
            needed: Vec::new(),
            types: Vec::new(),
            sources: Vec::new(),
            key_columns: Vec::new(),
            aggregates: Vec::new(),
            targets: Vec::new(),
        }
    }

    fn read(mut self, index: usize) -> Option<OutputPlan> {
        for column in &self.output.columns {
            if let Err(finding) = self.column(column) {
                self.findings.push(*finding);
            }
        }
        let keys = match KeyMaker::new(self.sources) {
            Ok(keys) => keys,
            Err(error) => {
                let message = format!(
                    "the keys of the output '{}' cannot be grouped: {error}",
                    self.output.name
                );
                self.findings
                    .push(self.site.finding(codes::E_FAIL, None, message));
                return None;
            }
        };
        Some(OutputPlan {
            output: index,
            needed: self.needed,
            types: self.types,
            keys,
            key_columns: self.key_columns,
            aggregates: self.aggregates,
            targets: self.targets,
        })
    }

    fn finding(
        &self,
        code: Code,
        property: &str,
        column: &OutputColumn,
        about: &str,
    ) -> Box<Finding> {
        let path = self.site.output_column_path(self.output, &column.name);
        let message = format!("the column '{path}': {about}");
        Box::new(self.site.finding(code, Some(property), message))
    }

    fn column(&mut self, column: &OutputColumn) -> Result<(), Box<Finding>> {
        let number = column.property_integer("AggregationType");
        let operation = match number {
            Some(0) => None,
            Some(1) => Some(Operation::Count),
            Some(2) => Some(Operation::CountAll),
            Some(3) => Some(Operation::CountDistinct),
            Some(4) => Some(Operation::Sum),
            Some(5) => Some(Operation::Average),
            Some(6) => Some(Operation::Minimum),
            Some(7) => Some(Operation::Maximum),
            _ => {
                let about = "the aggregation type is none of 0 to 7";
                return Err(self.finding(codes::E_FAIL, "AggregationType", column, about));
            }
        };
        if operation == Some(Operation::CountAll) {
            // Its column reference means nothing, and saved packages hold broken ones.
            let aggregate = Aggregate {
                operation: Operation::CountAll,
                column: None,
                distinct: None,
            };
            return self
                .target(
                    column,
                    Source::Aggregate(self.aggregates.len()),
                    ColumnType::new(DataType::Ui8),
                )
                .map(|()| self.aggregates.push(aggregate));
        }
        let (at, column_type) = self.input(column)?;
        self.check_type(column, operation, column_type)?;
        let flags = self.flags(column, operation, column_type)?;
        match operation {
            None => self.key(column, at, column_type, flags),
            Some(operation) => self.aggregate(column, operation, at, column_type, flags),
        }
    }

    /// The column that is aggregated, among the needed ones.
    fn input(&mut self, column: &OutputColumn) -> Result<(usize, ColumnType), Box<Finding>> {
        let lineage = column.property_lineage("AggregationColumnId");
        let schema = self.site.input_schema(0);
        let found = schema.and_then(|schema| {
            let position = schema.position(lineage?)?;
            Some((position, schema.column_type(position)?))
        });
        let Some((position, column_type)) = found else {
            let about = "it names no column of the input";
            return Err(self.finding(codes::E_FAIL, "AggregationColumnId", column, about));
        };
        let known = self.needed.iter().position(|p| *p == position);
        let at = known.unwrap_or_else(|| {
            self.needed.push(position);
            self.types.push(column_type);
            self.needed.len() - 1
        });
        Ok((at, column_type))
    }

    fn check_type(
        &self,
        column: &OutputColumn,
        operation: Option<Operation>,
        column_type: ColumnType,
    ) -> Result<(), Box<Finding>> {
        let kind = column_type.data_type;
        let about = match operation {
            None | Some(Operation::CountDistinct) if kind.is_lob() => {
                format!("rows cannot be grouped by a column of type {kind}")
            }
            Some(Operation::Sum | Operation::Average) if !kind.is_numeric() => {
                format!("a column of type {kind} has no sum and no average")
            }
            Some(Operation::Minimum | Operation::Maximum)
                if !kind.is_numeric() && !kind.is_temporal() =>
            {
                format!(
                    "a column of type {kind} has no minimum and no maximum; only numbers, dates and times have"
                )
            }
            _ => return Ok(()),
        };
        Err(self.finding(codes::E_FAIL, "AggregationType", column, &about))
    }

    fn flags(
        &self,
        column: &OutputColumn,
        operation: Option<Operation>,
        column_type: ColumnType,
    ) -> Result<u32, Box<Finding>> {
        const NAME: &str = "AggregationComparisonFlags";
        let flags = column.property_integer(NAME).unwrap_or(0);
        let flags = u32::try_from(flags).unwrap_or(u32::MAX);
        let code = match operation {
            _ if flags == 0 => return Ok(0),
            None | Some(Operation::CountDistinct) => FLAGS_ON_TYPE,
            _ => FLAGS_ON_OPERATION,
        };
        if code == FLAGS_ON_TYPE && matches!(column_type.data_type, DataType::Str | DataType::WStr)
        {
            return Ok(flags);
        }
        Err(self.finding(code, NAME, column, &describe(code, &[NAME])))
    }

    fn source(
        &self,
        column: &OutputColumn,
        at: usize,
        column_type: ColumnType,
        flags: u32,
    ) -> Result<KeySource, Box<Finding>> {
        let instant = column_type.data_type == DataType::DbTimeStampOffset;
        if flags == 0 && !instant {
            return Ok(KeySource::Plain(at, column_type));
        }
        KeyColumn::new(at, false, column_type, self.site.lcid(), flags)
            .map(KeySource::Compared)
            .map_err(|error| {
                let about = error.to_string();
                self.finding(UNKNOWN_FLAGS, "AggregationComparisonFlags", column, &about)
            })
    }

    fn key(
        &mut self,
        column: &OutputColumn,
        at: usize,
        column_type: ColumnType,
        flags: u32,
    ) -> Result<(), Box<Finding>> {
        let source = self.source(column, at, column_type, flags)?;
        self.target(column, Source::Key(self.key_columns.len()), column_type)?;
        self.sources.push(source);
        self.key_columns.push(at);
        Ok(())
    }

    fn aggregate(
        &mut self,
        column: &OutputColumn,
        operation: Operation,
        at: usize,
        column_type: ColumnType,
        flags: u32,
    ) -> Result<(), Box<Finding>> {
        let distinct = if operation == Operation::CountDistinct {
            let source = self.source(column, at, column_type, flags)?;
            let maker = KeyMaker::new(vec![source]);
            Some(maker.map_err(|error| {
                let about = format!("its values cannot be told apart: {error}");
                self.finding(codes::E_FAIL, "AggregationType", column, &about)
            })?)
        } else {
            None
        };
        let kept = kept_type(operation, column_type, column.column_type);
        self.target(column, Source::Aggregate(self.aggregates.len()), kept)?;
        self.aggregates.push(Aggregate {
            operation,
            column: Some((at, column_type)),
            distinct,
        });
        Ok(())
    }

    fn target(
        &mut self,
        column: &OutputColumn,
        source: Source,
        kept: ColumnType,
    ) -> Result<(), Box<Finding>> {
        let lcid = i32::try_from(self.site.lcid()).unwrap_or(0);
        let bound = Locale::from_lcid(lcid)
            .map_err(|e| e.to_string())
            .and_then(|locale| {
                let options = ConvertOptions {
                    fast_parse: false,
                    today: self.site.flow.services.clock.local_now().date(),
                };
                Conversion::bind(&kept, &column.column_type, &locale, options)
                    .map_err(|e| e.to_string())
            });
        let conversion = bound
            .map_err(|about| self.finding(codes::E_FAIL, "AggregationType", column, &about))?;
        self.targets.push(Target {
            name: column.name.clone(),
            source,
            conversion,
        });
        Ok(())
    }
}

/// [R-AGG-TYPES] The type in which the result is made before it becomes the declared one: sums
/// of whole numbers and decimals are exact, averages of `DT_CY`, `DT_DECIMAL` and `DT_NUMERIC`
/// stay decimal with the declared number of digits (surplus ones cut), everything else is
/// `DT_R8`.
pub(super) fn kept_type(
    operation: Operation,
    input: ColumnType,
    declared: ColumnType,
) -> ColumnType {
    use DataType as D;
    let float = matches!(input.data_type, D::R4 | D::R8);
    let decimal = |t: DataType| matches!(t, D::Cy | D::Decimal | D::Numeric);
    let scale = |t: ColumnType| match t.data_type {
        D::Cy => 4,
        D::Decimal | D::Numeric => t.scale.min(38),
        _ => 0,
    };
    match operation {
        Operation::Count | Operation::CountAll | Operation::CountDistinct => {
            ColumnType::new(D::Ui8)
        }
        Operation::Minimum | Operation::Maximum => input,
        Operation::Sum if !float => ColumnType::numeric(38, scale(input)),
        Operation::Average if !float && decimal(declared.data_type) => {
            ColumnType::numeric(38, scale(declared))
        }
        _ => ColumnType::new(D::R8),
    }
}
