//! Conditional Split: each row goes to the first output whose condition is true.
//!
//! SSIS name *Conditional Split*, class `Microsoft.ConditionalSplit`. Synchronous, one input,
//! any number of outputs of exclusion group 1, among them one default output and one error
//! output. Conditions are looked at in `EvaluationOrder`; a condition that is NULL or fails
//! leads to what the disposition of *its output* says: fail, ignore (as false, go on with the
//! next) or redirect. Behaviour: data flow reference 3 and 4.2.
//!
//! Conditions are evaluated for whole batches; what a condition says of a row that an earlier
//! one has taken does not count, its errors included. Outputs share the batch's columns and
//! differ in their selection.

use arrow::array::{Array, AsArray};
use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::{CustomProperties, LineageId, Output};
use packmule_runtime::Reported;
use packmule_types::{Code, DataType};

use crate::batch::Batch;
use crate::codes;
use crate::component::{Bound, Failure, Outputs, Parallel};
use crate::expressions::{BindError, ColumnExpression};
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::row_errors::{Class, Dispositions, ErrorColumns, Fatal, RowError, RowErrors};
use crate::site::Site;

const NULL_CONDITION: Code = Code(0xC020_902B);
const NULL_CONDITION_ROW: Code = Code(0xC020_902C);
const NOT_BOOLEAN: Code = Code(0xC004_7051);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Conditional Split",
    class: "Microsoft.ConditionalSplit",
    kind: Kind::Transformation,
    execution: Execution::Parallel,
    memory: "none",
    documentation: "Sends each row to the first output whose condition is true.",
    properties: &[
        PropertyDefinition {
            name: "Expression",
            place: Place::Output,
            default: "",
            documentation: "The condition; columns by id.",
        },
        PropertyDefinition {
            name: "FriendlyExpression",
            place: Place::Output,
            default: "",
            documentation: "The same with names; counts when a property expression sets it.",
        },
        PropertyDefinition {
            name: "EvaluationOrder",
            place: Place::Output,
            default: "0",
            documentation: "Conditions are looked at in ascending order.",
        },
        PropertyDefinition {
            name: "IsDefaultOut",
            place: Place::Output,
            default: "false",
            documentation: "Rows for which no condition is true go here.",
        },
    ],
    validate,
    bind,
};

// ---- settings ----------------------------------------------------------------------------

/// Outputs with a condition, in order of evaluation.
fn cases<'a>(site: &Site<'a>) -> Vec<(usize, &'a Output)> {
    let outputs = site.component.outputs.iter().enumerate();
    let mut cases: Vec<_> = outputs
        .filter(|(_, o)| !o.is_error && !is_default(o))
        .collect();
    cases.sort_by_key(|(_, output)| output.property_integer("EvaluationOrder").unwrap_or(0));
    cases
}

fn is_default(output: &Output) -> bool {
    output.property_boolean("IsDefaultOut").unwrap_or(false)
}

fn condition(site: &Site<'_>, output: &Output) -> Result<ColumnExpression, Vec<BindError>> {
    let text = site
        .overlaid_output(output, "FriendlyExpression")
        .or_else(|| {
            output
                .property_text("Expression")
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
        })
        .or_else(|| {
            output
                .property_text("FriendlyExpression")
                .map(str::to_owned)
        })
        .unwrap_or_default();
    let expression = ColumnExpression::bind(site, 0, &text)?;
    if expression.column_type().data_type != DataType::Bool {
        return Err(vec![BindError {
            code: NOT_BOOLEAN,
            message: format!(
                "the condition is of type {}, it must be DT_BOOL",
                expression.column_type()
            ),
        }]);
    }
    Ok(expression)
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, output) in cases(site) {
        if let Err(errors) = condition(site, output) {
            findings.extend(errors.into_iter().map(|error| Finding {
                reason: Reason::Expression,
                ..site.finding(
                    error.code,
                    Some("Expression"),
                    format!("output '{}': {}", output.name, error.message),
                )
            }));
        }
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let mut bound = Vec::new();
    for (index, output) in cases(site) {
        let condition = condition(site, output).map_err(|errors| {
            for error in errors {
                let text = format!("output '{}': {}", output.name, error.message);
                site.events.error_text(error.code, text, None);
            }
            Reported
        })?;
        bound.push(Case {
            output: index,
            condition,
            path: format!("{}.Outputs[{}]", site.component.name, output.name),
            dispositions: Dispositions {
                error: output.error_disposition,
                truncation: output.truncation_disposition,
            },
        });
    }
    let outputs = &site.component.outputs;
    let error = site.error_output();
    Ok(Bound::Parallel(Box::new(ConditionalSplit {
        cases: bound,
        default: outputs.iter().position(is_default),
        error: error.map(|(index, output)| (index, ErrorColumns::new(output))),
        name: site.component.name.clone(),
    })))
}

struct Case {
    output: usize,
    condition: ColumnExpression,
    path: String,
    dispositions: Dispositions,
}

struct ConditionalSplit {
    cases: Vec<Case>,
    default: Option<usize>,
    error: Option<(usize, ErrorColumns)>,
    name: String,
}

impl Parallel for ConditionalSplit {
    fn process(&self, batch: Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        let selection = batch.selection.clone();
        let batch = batch.compact();
        let mut open: Vec<u32> = (0..batch.rows as u32).collect();
        let mut errors = RowErrors::new();
        let mut taken: Vec<(usize, Vec<u32>)> = Vec::new();
        for (at, case) in self.cases.iter().enumerate() {
            if open.is_empty() {
                break;
            }
            let (rows, rest) = case.split(&batch, &open, at, &mut errors);
            taken.push((case.output, rows));
            open = rest;
        }
        if let Some(fatal) = errors.fatal() {
            return Err(self.failure(fatal).of_given(selection.as_ref()));
        }
        taken.extend(self.default.map(|output| (output, open)));
        for (output, rows) in taken {
            if outputs.is_attached(output) && !rows.is_empty() {
                outputs.send(output, batch.select(rows.into()));
            }
        }
        if errors.any_redirected()
            && let Some((output, added)) = &self.error
            && outputs.is_attached(*output)
        {
            let (_, redirected) = errors.split(&batch);
            outputs.send(*output, redirected.batch(&batch, added));
        }
        Ok(())
    }
}

impl Case {
    /// Of the rows still open those that the condition takes, and those that remain open.
    fn split(
        &self,
        batch: &Batch,
        open: &[u32],
        at: usize,
        errors: &mut RowErrors,
    ) -> (Vec<u32>, Vec<u32>) {
        let evaluated = self.condition.evaluate(batch);
        let Some(values) = evaluated.array.as_boolean_opt() else {
            return (Vec::new(), open.to_vec());
        };
        let mut failed = evaluated.errors.iter().peekable();
        let (mut rows, mut rest, mut bad) = (Vec::new(), Vec::new(), Vec::new());
        for &row in open {
            while failed.next_if(|error| error.row < row).is_some() {}
            let error = failed.next_if(|error| error.row == row);
            let index = row as usize;
            match error {
                None if values.is_valid(index) => {
                    if values.value(index) {
                        rows.push(row);
                    } else {
                        rest.push(row);
                    }
                    continue;
                }
                None => bad.push(row_error(row, NULL_CONDITION_ROW, false)),
                Some(error) => bad.push(row_error(row, error.static_code(), error.truncation)),
            }
            // Ignored: as false. Redirected and failing rows are closed.
            let class = bad.last().map_or(Class::Error, |b| b.class);
            if self.dispositions.of(class) == packmule_dtsx::model::Disposition::IgnoreFailure {
                rest.push(row);
            }
        }
        errors.add(at, LineageId(0), self.dispositions, bad);
        (rows, rest)
    }
}

fn row_error(row: u32, code: Code, truncation: bool) -> RowError {
    RowError {
        row,
        code: if truncation {
            codes::TRUNCATION_REDIRECTED
        } else {
            code
        },
        class: if truncation {
            Class::Truncation
        } else {
            Class::Error
        },
    }
}

impl ConditionalSplit {
    fn failure(&self, fatal: Fatal) -> Failure {
        let row = fatal.row as usize;
        let Some(case) = self.cases.get(fatal.column) else {
            return Failure::at(row, fatal.code, &[]);
        };
        let path = case.path.as_str();
        if fatal.code == NULL_CONDITION_ROW {
            let names = [&case.condition.text, path, &self.name];
            return fatal.induced(Failure::at(row, NULL_CONDITION, &names), path);
        }
        fatal.of_expression(path)
    }
}
