//! OLE DB Command: runs a statement once for each row.
//!
//! SSIS name *OLE DB Command*, class `Microsoft.OLEDBCommand`; connection `OleDbConnection`.
//! Synchronous, ordered; one input, one regular and one error output of exclusion group 1. The
//! input's external columns are the statement's parameters in their order (`Param_0`,
//! `Param_1` …), each with an input column bound to it. Rows pass on unchanged; result sets are
//! thrown away. A row that fails goes where the input's disposition says, with the codes of
//! data flow reference 3.3. Behaviour: data flow reference 3 and 4.2.
//!
//! Different on purpose: output parameters are refused (SSIS writes them into the mapped
//! column, in a way that is documented nowhere). Values are converted to the parameters' types
//! on any thread; only the statement itself runs in order.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use packmule_connections::{PrepareOptions, PreparedStatement};
use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::{CustomProperties, Disposition, ExternalColumn, Input, LineageId};
use packmule_runtime::Reported;
use packmule_types::code::{
    DTS_E_CMDDESTNOTBOUND, DTS_E_COLUMNSTATUSERROR,
    DTS_E_INDUCEDTRANSFORMFAILUREONERROR as INDUCED_ERROR, DTS_E_OLEDBERROR, describe,
};
use packmule_types::convert::{Conversion, ConvertOptions};
use packmule_types::status::{RowErrors as StatusErrors, Status};
use packmule_types::{Code, ColumnType};

use crate::batch::Batch;
use crate::codes;
use crate::component::{Bound, Failure, FailureEvent, Ordered, Outputs, Prepare, Prepared};
use crate::database;
use crate::expressions::locale;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::row_errors::{Class, Dispositions, ErrorColumns, RowError, RowErrors};
use crate::site::Site;

/// The command execution generated errors.
const STATEMENT_FAILED: Code = Code(0xC000_931A);
/// Columns cannot be converted because their types have no conversion.
const NO_CONVERSION: Code = Code(0xC020_2014);
/// `DBPARAMFLAGS_ISOUTPUT`
const IS_OUTPUT: i64 = 2;

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "OLE DB Command",
    class: "Microsoft.OLEDBCommand",
    kind: Kind::Transformation,
    execution: Execution::Ordered,
    memory: "none",
    documentation: "Runs a statement once for each row, with columns of the row as parameters.",
    properties: &[
        PropertyDefinition {
            name: "SqlCommand",
            place: Place::Component,
            default: "",
            documentation: "The statement, with a ? for each external column of the input.",
        },
        PropertyDefinition {
            name: "CommandTimeout",
            place: Place::Component,
            default: "0",
            documentation: "Seconds until a statement is ended; 0 = never.",
        },
        PropertyDefinition {
            name: "DefaultCodePage",
            place: Place::Component,
            default: "1252",
            documentation: "Code page of DT_STR columns when the provider gives none; drivers here encode by themselves, so it has no effect.",
        },
        PropertyDefinition {
            name: "DBParamInfoFlags",
            place: Place::ExternalColumn,
            default: "65",
            documentation: "OLE DB's flags of the parameter; one with bit 2 (output) is refused, the others have no effect.",
        },
    ],
    validate,
    bind,
};

// ---- columns -----------------------------------------------------------------------------

/// A parameter and the column it gets its value from.
struct Parameter {
    position: usize,
    from: ColumnType,
    to: ColumnType,
    lineage: LineageId,
    /// The input column, as messages name it.
    path: String,
}

/// The parameters in the statement's order, or everything that is wrong with them.
fn parameters(site: &Site<'_>, input: &Input) -> Result<Vec<Parameter>, Vec<Finding>> {
    let (mut parameters, mut findings) = (Vec::new(), Vec::new());
    let Some(schema) = site.input_schema(0) else {
        return Ok(parameters);
    };
    for external in &input.external_columns {
        if external.property_integer("DBParamInfoFlags").unwrap_or(0) & IS_OUTPUT != 0 {
            findings.push(refused_output(site, external));
            continue;
        }
        let bound = input.columns.iter().find(|column| {
            site.external_of_input(input, column)
                .is_some_and(|e| std::ptr::eq(e, external))
        });
        let Some((column, position)) = bound.and_then(|c| Some((c, schema.position(c.lineage)?)))
        else {
            let text = format!(
                "{} ({})",
                describe(DTS_E_CMDDESTNOTBOUND, &[]),
                external.name
            );
            findings.push(site.finding(DTS_E_CMDDESTNOTBOUND, Some("SqlCommand"), text));
            continue;
        };
        let parameter = Parameter {
            position,
            from: schema.column_type(position).unwrap_or(external.column_type),
            to: external.column_type,
            lineage: column.lineage,
            path: site.input_column_path(&input.name, &column.name),
        };
        if let Err(error) = conversion(site, &parameter) {
            let message = format!(
                "the column '{}' cannot go into '{}': {error}",
                parameter.path, external.name
            );
            findings.push(site.finding(NO_CONVERSION, None, message));
        }
        parameters.push(parameter);
    }
    if findings.is_empty() {
        Ok(parameters)
    } else {
        Err(findings)
    }
}

fn refused_output(site: &Site<'_>, external: &ExternalColumn) -> Finding {
    let message = format!(
        "the parameter '{}' is an output parameter, which is not supported",
        external.name
    );
    let mut finding = site.finding(codes::E_FAIL, Some("DBParamInfoFlags"), message);
    finding.reason = Reason::UnsupportedProperty;
    finding.remedy =
        Some("write the statement without it and read the value by a Lookup".to_owned());
    finding
}

fn conversion(site: &Site<'_>, parameter: &Parameter) -> Result<Option<Conversion>, String> {
    let Parameter { from, to, .. } = parameter;
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

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if site
        .text("SqlCommand")
        .unwrap_or_default()
        .trim()
        .is_empty()
    {
        let message = "the property SqlCommand is empty".to_owned();
        findings.push(site.finding(codes::E_FAIL, Some("SqlCommand"), message));
    }
    match site.component.inputs.first() {
        Some(input) => findings.extend(parameters(site, input).err().unwrap_or_default()),
        None => findings.push(site.finding(
            codes::E_FAIL,
            None,
            "the component has no input".to_owned(),
        )),
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let Some(input) = site.component.inputs.first() else {
        return Err(site
            .events
            .error_text(codes::E_FAIL, "the component has no input", None));
    };
    let parameters = parameters(site, input).map_err(|findings| {
        for finding in findings {
            let code = finding.code.unwrap_or(codes::E_FAIL);
            site.events
                .error_text(code, finding.message, finding.remedy.as_deref());
        }
        Reported
    })?;
    let connection = database::acquire(site, "OleDbConnection")?;
    let seconds = site
        .integer("CommandTimeout")
        .and_then(|s| u64::try_from(s).ok())
        .filter(|s| *s > 0);
    let options = PrepareOptions {
        parameters: parameters.iter().map(|p| p.to).collect(),
        target: None,
        timeout: seconds.map(Duration::from_secs),
    };
    let sql = site.text("SqlCommand").unwrap_or_default();
    let statement = connection
        .prepare(&sql, &options)
        .map_err(|error| database::report(&site.events, &error))?;
    let mut columns = Vec::with_capacity(parameters.len());
    for parameter in &parameters {
        let conversion = conversion(site, parameter).map_err(|error| {
            site.events
                .error_text(NO_CONVERSION, format!("{}: {error}", parameter.path), None)
        })?;
        columns.push((parameter.position, conversion));
    }
    let fields = parameters
        .iter()
        .enumerate()
        .map(|(at, p)| Field::new(at.to_string(), p.to.arrow(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let error = site.error_output();
    let run = OleDbCommand {
        statement,
        parameters,
        disposition: match input.error_disposition {
            Disposition::NotUsed => Disposition::FailComponent,
            other => other,
        },
        regular: site.regular_output().map_or(0, |(index, _)| index),
        error: error.map(|(index, output)| (index, ErrorColumns::new(output))),
        name: site.component.name.clone(),
        path: format!("{}.Inputs[{}]", site.component.name, input.name),
    };
    Ok(Bound::Ordered {
        prepare: Some(Box::new(Values { columns, schema })),
        run: Box::new(run),
    })
}

/// Makes the parameters' values, on any thread.
struct Values {
    columns: Vec<(usize, Option<Conversion>)>,
    schema: Arc<Schema>,
}

/// The parameters of a batch's rows.
struct Converted {
    rows: RecordBatch,
    /// For each parameter the rows whose value could not be converted.
    errors: Vec<StatusErrors>,
}

impl Prepare for Values {
    fn prepare(&self, batch: Batch) -> Result<Prepared, Failure> {
        let batch = batch.compact();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        let mut errors = Vec::with_capacity(self.columns.len());
        for (position, conversion) in &self.columns {
            let array = batch.array(*position);
            let converted = conversion.as_ref().map(|c| c.convert(&array));
            let (array, failed) =
                converted.map_or((array, StatusErrors::default()), |c| (c.array, c.errors));
            arrays.push(array);
            errors.push(failed);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.rows));
        let rows = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|e| {
                Failure::text(
                    codes::E_FAIL,
                    format!("the rows do not fit the parameters: {e}"),
                    None,
                )
            })?;
        Ok(Prepared {
            batch,
            extra: Some(Box::new(Converted { rows, errors })),
        })
    }
}

struct OleDbCommand {
    statement: Box<dyn PreparedStatement>,
    parameters: Vec<Parameter>,
    disposition: Disposition,
    regular: usize,
    error: Option<(usize, ErrorColumns)>,
    name: String,
    /// The input, as messages name it.
    path: String,
}

impl Ordered for OleDbCommand {
    fn process(&mut self, prepared: Prepared, outputs: &mut Outputs) -> Result<(), Failure> {
        let Some(converted) = prepared
            .extra
            .and_then(|extra| extra.downcast::<Converted>().ok())
        else {
            return Err(Failure::text(
                codes::E_FAIL,
                "a batch arrived without its parameters",
                None,
            ));
        };
        let batch = prepared.batch;
        let mut errors = RowErrors::new();
        let (good, unfit) = self.convertible(&converted, batch.rows, &mut errors);
        let failure = self.run(&converted.rows, &good, &mut errors)?.or(unfit);
        let end = failure.as_ref().map_or(batch.rows, |failure| failure.row);
        let done = if end < batch.rows {
            batch.before(batch.origin_of(end))
        } else {
            batch
        };
        self.send(&done, &errors, outputs);
        failure.map_or(Ok(()), Err)
    }
}

impl OleDbCommand {
    fn dispositions(&self) -> Dispositions {
        Dispositions {
            error: self.disposition,
            truncation: self.disposition,
        }
    }

    /// The rows whose values are all converted, up to one that fails the component.
    fn convertible(
        &self,
        converted: &Converted,
        rows: usize,
        errors: &mut RowErrors,
    ) -> (Vec<u32>, Option<Failure>) {
        for (at, (parameter, failed)) in self.parameters.iter().zip(&converted.errors).enumerate() {
            let failed = failed
                .iter()
                .map(|(row, status)| row_error(row, status_code(status)));
            errors.add(at, parameter.lineage, self.dispositions(), failed);
        }
        let fatal = errors.fatal();
        let end = fatal.map_or(rows as u32, |fatal| fatal.row);
        let fits = |row: &u32| {
            converted
                .errors
                .iter()
                .all(|failed| failed.get(*row).is_none())
        };
        let failure = fatal.map(|fatal| {
            let path = self
                .parameters
                .get(fatal.column)
                .map_or("", |p| p.path.as_str());
            let status = converted
                .errors
                .get(fatal.column)
                .and_then(|failed| failed.get(fatal.row));
            let text = status.map_or("", |status| status.text());
            let first = Failure::at(
                fatal.row as usize,
                DTS_E_COLUMNSTATUSERROR,
                &[path, &self.name, text],
            );
            self.induced(first, fatal.code)
        });
        ((0..end).filter(fits).collect(), failure)
    }

    /// Runs the statement for some rows, in order. A row that fails the component comes back.
    fn run(
        &mut self,
        rows: &RecordBatch,
        good: &[u32],
        errors: &mut RowErrors,
    ) -> Result<Option<Failure>, Failure> {
        if good.is_empty() {
            return Ok(None);
        }
        let stop = self.disposition == Disposition::FailComponent;
        let chosen = arrow::compute::take_record_batch(rows, &UInt32Array::from(good.to_vec()))
            .map_err(|e| {
                Failure::text(codes::E_FAIL, format!("rows cannot be selected: {e}"), None)
            })?;
        let results = self
            .statement
            .execute_rows(&chosen, stop)
            .map_err(|error| self.induced(database::failure(0, &error), STATEMENT_FAILED))?;
        for (row, result) in good.iter().zip(results) {
            let Err(error) = result else { continue };
            let parameter = error.column.and_then(|c| self.parameters.get(c as usize));
            let code = match (error.status, parameter) {
                (Status::CannotConvert, None) => STATEMENT_FAILED,
                (status, _) => status_code(status),
            };
            if stop {
                let first = FailureEvent::Text(DTS_E_OLEDBERROR, error.to_string(), None);
                let first = Failure {
                    row: *row as usize,
                    events: vec![first],
                };
                return Ok(Some(self.induced(first, code)));
            }
            let lineage = parameter.map_or(LineageId(0), |p| p.lineage);
            errors.add(
                self.parameters.len(),
                lineage,
                self.dispositions(),
                [row_error(*row, code)],
            );
        }
        Ok(None)
    }

    /// Rows that the statement ran for go on; redirected ones leave by the error output.
    fn send(&self, batch: &Batch, errors: &RowErrors, outputs: &mut Outputs) {
        if batch.is_empty() {
            return;
        }
        if !errors.any_redirected() {
            outputs.send(self.regular, batch.clone());
            return;
        }
        let (stay, redirected) = errors.split(batch);
        if !stay.is_empty() {
            outputs.send(self.regular, batch.select(stay));
        }
        if let Some((output, columns)) = &self.error {
            outputs.send(*output, redirected.batch(batch, columns));
        }
    }

    /// The last event: that the disposition says that the component fails.
    fn induced(&self, failure: Failure, code: Code) -> Failure {
        if failure.events.is_empty() {
            return failure;
        }
        let code = format!("{:08X}", code.0);
        failure.and(INDUCED_ERROR, &[&self.path, &code, &self.path])
    }
}

fn row_error(row: u32, code: Code) -> RowError {
    RowError {
        row,
        code,
        class: Class::Error,
    }
}

/// The row code of a status, from the table of data flow reference 3.3.
fn status_code(status: Status) -> Code {
    Code(match status {
        Status::Truncated => 0xC020_906B,
        Status::SignMismatch => 0xC020_906C,
        Status::Overflow => 0xC020_906D,
        Status::Unavailable => 0xC020_906E,
        Status::PermissionDenied => 0xC020_906F,
        Status::IntegrityViolation => 0xC020_9070,
        Status::SchemaViolation => 0xC020_906A,
        Status::CannotConvert => 0xC020_9069,
    })
}
