//! Derived Column: new columns, or new values for columns, by expressions.
//!
//! SSIS name *Derived Column*, class `Microsoft.DerivedColumn`. Synchronous, one input, one
//! regular and one error output of exclusion group 1. New columns are output columns, replaced
//! ones are readWrite input columns; each has an `Expression`. Behaviour: data flow reference
//! 3 and 4.2, expressions reference.
//!
//! [R-SNAPSHOT] All expressions read the incoming values, also of columns that the same
//! component replaces; rows on the error output keep them. `FriendlyExpression` counts only when
//! a property expression sets it.

use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::{ComponentProperty, LineageId, Usage};
use packmule_runtime::Reported;
use packmule_types::convert::{Conversion, ConvertOptions, IllegalConversion};
use packmule_types::{Code, ColumnType, Status};

use crate::batch::{Batch, Column};
use crate::codes;
use crate::component::{Bound, Failure, Outputs, Parallel};
use crate::expressions::{BindError, ColumnExpression, locale};
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::row_errors::{Class, Dispositions, ErrorColumns, Fatal, RowError, RowErrors};
use crate::site::Site;

const RESULT_TYPE: Code = Code(0xC004_709D);
const CONVERSION_OVERFLOW: Code = Code(0xC004_9060);
const CONVERSION_FAILED: Code = Code(0xC004_9062);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Derived Column",
    class: "Microsoft.DerivedColumn",
    kind: Kind::Transformation,
    execution: Execution::Parallel,
    memory: "none",
    documentation: "Adds columns, or replaces their values, by expressions.",
    properties: &[
        PropertyDefinition {
            name: "Expression",
            place: Place::InputColumn,
            default: "",
            documentation: "The new value of a readWrite column; columns by id.",
        },
        PropertyDefinition {
            name: "FriendlyExpression",
            place: Place::InputColumn,
            default: "",
            documentation: "The same with names; counts when a property expression sets it.",
        },
        PropertyDefinition {
            name: "Expression",
            place: Place::OutputColumn,
            default: "",
            documentation: "The value of a new column; columns by id.",
        },
        PropertyDefinition {
            name: "FriendlyExpression",
            place: Place::OutputColumn,
            default: "",
            documentation: "The same with names; counts when a property expression sets it.",
        },
    ],
    validate,
    bind,
};

// ---- settings ----------------------------------------------------------------------------

/// A column to be made, as the package has it.
struct Wanted {
    /// Position in the regular output's schema.
    position: usize,
    expression: String,
    column_type: ColumnType,
    lineage: LineageId,
    path: String,
    dispositions: Dispositions,
}

fn stored<'p>(properties: &'p [ComponentProperty], name: &str) -> Option<&'p str> {
    let property = properties.iter().find(|p| p.name == name);
    property
        .and_then(|p| p.value.as_deref())
        .filter(|text| !text.is_empty())
}

/// The expression of a column: what a property expression says, else the stored one.
fn expression(
    site: &Site<'_>,
    owner: &str,
    column: &str,
    properties: &[ComponentProperty],
) -> String {
    site.overlaid_column(owner, column, "FriendlyExpression")
        .or_else(|| stored(properties, "Expression").map(str::to_owned))
        .or_else(|| stored(properties, "FriendlyExpression").map(str::to_owned))
        .unwrap_or_default()
}

// ---- columns -----------------------------------------------------------------------------

/// All columns to be made: replaced ones first, then new ones, in document order.
fn wanted(site: &Site<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let Some(schema) = site.input_schema(0) else {
        return wanted;
    };
    for input in site.component.inputs.iter().take(1) {
        for column in input.columns.iter().filter(|c| c.usage == Usage::ReadWrite) {
            let Some(position) = schema.position(column.lineage) else {
                continue;
            };
            let Some(column_type) = schema.column_type(position) else {
                continue;
            };
            wanted.push(Wanted {
                position,
                expression: expression(site, &input.name, &column.name, &column.properties),
                column_type,
                lineage: column.lineage,
                path: site.input_column_path(&input.name, &column.name),
                dispositions: Dispositions {
                    error: column.error_disposition,
                    truncation: column.truncation_disposition,
                },
            });
        }
    }
    if let Some((_, output)) = site.regular_output() {
        for (at, column) in output.columns.iter().enumerate() {
            wanted.push(Wanted {
                position: schema.columns.len() + at,
                expression: expression(site, &output.name, &column.name, &column.properties),
                column_type: column.column_type,
                lineage: column.lineage,
                path: site.output_column_path(output, &column.name),
                dispositions: Dispositions {
                    error: column.error_disposition,
                    truncation: column.truncation_disposition,
                },
            });
        }
    }
    wanted
}

/// A column ready to be made.
struct Derived {
    wanted: Wanted,
    expression: ColumnExpression,
    conversion: Option<Conversion>,
}

fn derive(site: &Site<'_>, wanted: Wanted) -> Result<Derived, Vec<BindError>> {
    let expression = ColumnExpression::bind(site, 0, &wanted.expression)?;
    let conversion = conversion(site, &expression.column_type(), &wanted.column_type);
    let conversion = conversion.map_err(|_| {
        let types = [
            expression.column_type().to_string(),
            wanted.column_type.to_string(),
        ];
        let types: Vec<&str> = types.iter().map(String::as_str).collect();
        vec![BindError {
            code: RESULT_TYPE,
            message: packmule_types::code::describe(RESULT_TYPE, &types),
        }]
    })?;
    Ok(Derived {
        wanted,
        expression,
        conversion,
    })
}

/// How the result becomes the declared type; nothing where it is that type already.
fn conversion(
    site: &Site<'_>,
    from: &ColumnType,
    to: &ColumnType,
) -> Result<Option<Conversion>, IllegalConversion> {
    if from == to {
        return Ok(None);
    }
    let options = ConvertOptions {
        fast_parse: false,
        today: site.flow.services.clock.local_now().date(),
    };
    Conversion::bind(from, to, &locale(site), options).map(Some)
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for column in wanted(site) {
        let path = column.path.clone();
        if let Err(errors) = derive(site, column) {
            findings.extend(errors.into_iter().map(|error| Finding {
                reason: Reason::Expression,
                ..site.finding(
                    error.code,
                    Some("Expression"),
                    format!("{path}: {}", error.message),
                )
            }));
        }
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let mut columns = Vec::new();
    for column in wanted(site) {
        let path = column.path.clone();
        columns.push(derive(site, column).map_err(|errors| {
            for error in errors {
                site.events
                    .error_text(error.code, format!("{path}: {}", error.message), None);
            }
            Reported
        })?);
    }
    let error = site.error_output();
    Ok(Bound::Parallel(Box::new(DerivedColumn {
        columns,
        width: site.input_schema(0).map_or(0, |s| s.columns.len()),
        regular: site.regular_output().map_or(0, |(index, _)| index),
        error: error.map(|(index, output)| (index, ErrorColumns::new(output))),
    })))
}

struct DerivedColumn {
    columns: Vec<Derived>,
    /// Columns that come in.
    width: usize,
    regular: usize,
    error: Option<(usize, ErrorColumns)>,
}

impl Parallel for DerivedColumn {
    fn process(&self, batch: Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        let selection = batch.selection.clone();
        let batch = batch.compact();
        let mut columns = batch.columns.clone();
        columns.resize(
            self.width.max(columns.len()) + self.new_columns(),
            Column::Array(arrow::array::new_null_array(
                &arrow::datatypes::DataType::Null,
                batch.rows,
            )),
        );
        let mut errors = RowErrors::new();
        for (at, derived) in self.columns.iter().enumerate() {
            let value = derived.evaluate(&batch, at, &mut errors);
            if let Some(slot) = columns.get_mut(derived.wanted.position) {
                *slot = value;
            }
        }
        if let Some(fatal) = errors.fatal() {
            return Err(self.failure(fatal).of_given(selection.as_ref()));
        }
        let made = Batch {
            columns,
            ..batch.clone()
        };
        errors.send(&batch, made, self.regular, self.error.as_ref(), outputs);
        Ok(())
    }
}

impl DerivedColumn {
    fn new_columns(&self) -> usize {
        let new = self
            .columns
            .iter()
            .filter(|c| c.wanted.position >= self.width);
        new.count()
    }

    fn failure(&self, fatal: Fatal) -> Failure {
        let path = self
            .columns
            .get(fatal.column)
            .map_or("", |c| c.wanted.path.as_str());
        fatal.of_expression(path)
    }
}

impl Derived {
    fn evaluate(&self, batch: &Batch, at: usize, errors: &mut RowErrors) -> Column {
        let Wanted {
            lineage,
            dispositions,
            ..
        } = self.wanted;
        let evaluated = self.expression.evaluate(batch);
        errors.add(
            at,
            lineage,
            dispositions,
            evaluated.errors.iter().map(row_error),
        );
        let Some(conversion) = &self.conversion else {
            return Column::Array(evaluated.array);
        };
        let converted = conversion.convert(&evaluated.array);
        let statuses = converted
            .errors
            .iter()
            .map(|(row, status)| status_error(row, status));
        errors.add(at, lineage, dispositions, statuses);
        Column::Array(converted.array)
    }
}

/// A row that an expression failed on.
fn row_error(error: &packmule_expression::RowError) -> RowError {
    RowError {
        row: error.row,
        code: if error.truncation {
            codes::TRUNCATION_REDIRECTED
        } else {
            error.static_code()
        },
        class: if error.truncation {
            Class::Truncation
        } else {
            Class::Error
        },
    }
}

/// A row whose result does not fit into the declared type.
fn status_error(row: u32, status: Status) -> RowError {
    let (code, class) = match status {
        Status::Truncated => (codes::TRUNCATION_REDIRECTED, Class::Truncation),
        Status::Overflow => (CONVERSION_OVERFLOW, Class::Error),
        _ => (CONVERSION_FAILED, Class::Error),
    };
    RowError { row, code, class }
}
