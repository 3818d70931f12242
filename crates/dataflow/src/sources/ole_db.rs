//! OLE DB Source: the rows of a table, a view or a query.
//!
//! SSIS name *OLE DB Source*, class `Microsoft.OLEDBSource`; connection `OleDbConnection`. A
//! regular output whose columns are bound to the result's columns *by external name*, and an
//! error output with the same columns, ErrorCode and ErrorColumn.
//! Behaviour: data flow reference 4.1, 3.1 and 3.3.
//!
//! The first result set counts. Columns of the result that nobody maps are harmless; a mapped
//! one that is missing fails with 0xC0202005. Values are converted to the output columns'
//! types, with a disposition for each column.

use std::sync::Arc;

use arrow::array::ArrayRef;
use packmule_connections::{DatabaseError, QueryOptions, RowBatch, RowBatches};
use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::{LineageId, Output};
use packmule_runtime::Reported;
use packmule_types::code::{
    DTS_E_COLUMNSTATUSERROR, DTS_E_INDUCEDTRANSFORMFAILUREONERROR as INDUCED_ERROR,
    DTS_E_INDUCEDTRANSFORMFAILUREONTRUNCATION as INDUCED_TRUNCATION,
};
use packmule_types::status::Status;
use packmule_types::{Code, ColumnType};

use crate::batch::{Batch, Column, take_array};
use crate::component::{Bound, Failure, Morsel, Outputs, Source};
use crate::database;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::row_errors::{Class, Dispositions, Fatal, Redirected, RowError, RowErrors};
use crate::site::Site;

/// A column cannot be found at the data source.
const COLUMN_NOT_FOUND: Code = Code(0xC020_2005);
/// Rows of a morsel.
const ROWS: usize = 8192;

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "OLE DB Source",
    class: "Microsoft.OLEDBSource",
    kind: Kind::Source,
    execution: Execution::Source,
    memory: "a few batches that the driver has read ahead",
    documentation: "Reads a table, a view or the result of a query.",
    properties: &[
        property(
            "AccessMode",
            "0",
            "0 table or view, 1 the same named by a variable, 2 SQL command, 3 SQL command in a variable.",
        ),
        property("OpenRowset", "", "The table or view (mode 0)."),
        property(
            "OpenRowsetVariable",
            "",
            "The variable that names the table or view (mode 1).",
        ),
        property("SqlCommand", "", "The query (mode 2)."),
        property(
            "SqlCommandVariable",
            "",
            "The variable that holds the query (mode 3).",
        ),
        property(
            "ParameterMapping",
            "",
            "Which variable goes into which parameter of the query.",
        ),
        property(
            "CommandTimeout",
            "0",
            "Seconds until the query is ended; 0 = never.",
        ),
        property(
            "DefaultCodePage",
            "1252",
            "Code page of DT_STR columns when the provider gives none; drivers here decode by themselves, so it has no effect.",
        ),
        property("AlwaysUseDefaultCodePage", "false", "See DefaultCodePage."),
    ],
    validate,
    bind,
};

const fn property(
    name: &'static str,
    default: &'static str,
    documentation: &'static str,
) -> PropertyDefinition {
    PropertyDefinition {
        name,
        place: Place::Component,
        default,
        documentation,
    }
}

// ---- settings ----------------------------------------------------------------------------

/// What is read.
enum Query {
    Table(String),
    Sql(String),
}

/// The properties of an access mode that must not be empty.
fn needed(mode: i64) -> Option<&'static str> {
    match mode {
        0 => Some("OpenRowset"),
        1 => Some("OpenRowsetVariable"),
        2 => Some("SqlCommand"),
        3 => Some("SqlCommandVariable"),
        _ => None,
    }
}

fn mode(site: &Site<'_>) -> i64 {
    site.integer("AccessMode").unwrap_or(0)
}

fn query(site: &Site<'_>) -> Result<Query, Reported> {
    let mode = mode(site);
    let text = needed(mode)
        .and_then(|property| site.text(property))
        .unwrap_or_default();
    Ok(match mode {
        0 => Query::Table(text),
        1 => Query::Table(database::variable_text(site, "OpenRowsetVariable", &text)?),
        2 => Query::Sql(text),
        _ => Query::Sql(database::variable_text(site, "SqlCommandVariable", &text)?),
    })
}

// ---- columns -----------------------------------------------------------------------------

/// An output column and where its values come from.
struct OutputColumn {
    external: String,
    column_type: ColumnType,
    lineage: LineageId,
    dispositions: Dispositions,
    /// As messages name it.
    path: String,
}

/// A column of the error output.
#[derive(Clone, Copy)]
enum ErrorColumn {
    Code,
    Column,
    /// The regular column of this position.
    Copy(usize),
    /// NULL of this type.
    Null(ColumnType),
}

struct ErrorOutput {
    index: usize,
    columns: Vec<ErrorColumn>,
}

fn columns(site: &Site<'_>, output: &Output, findings: &mut Vec<Finding>) -> Vec<OutputColumn> {
    let mut columns = Vec::new();
    for column in &output.columns {
        let Some(external) = site.external_of_output(output, column) else {
            let message = format!(
                "the output column '{}' is mapped to no external column",
                column.name
            );
            findings.push(site.finding(COLUMN_NOT_FOUND, None, message));
            continue;
        };
        columns.push(OutputColumn {
            external: external.name.clone(),
            column_type: column.column_type,
            lineage: column.lineage,
            dispositions: Dispositions {
                error: column.error_disposition,
                truncation: column.truncation_disposition,
            },
            path: site.output_column_path(output, &column.name),
        });
    }
    columns
}

fn error_output(site: &Site<'_>, regular: &Output) -> Option<ErrorOutput> {
    let (index, output) = site.error_output()?;
    let columns = output
        .columns
        .iter()
        .map(|column| match column.special_flags {
            1 => ErrorColumn::Code,
            2 => ErrorColumn::Column,
            _ => match regular.columns.iter().position(|c| c.name == column.name) {
                Some(at)
                    if regular.columns[at].column_type.arrow() == column.column_type.arrow() =>
                {
                    ErrorColumn::Copy(at)
                }
                _ => ErrorColumn::Null(column.column_type),
            },
        });
    Some(ErrorOutput {
        index,
        columns: columns.collect(),
    })
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mode = mode(site);
    match needed(mode) {
        None => {
            let message = format!("the access mode {mode} is none of 0 to 3");
            findings.push(site.finding(crate::codes::E_FAIL, Some("AccessMode"), message));
        }
        Some(property) if site.text(property).unwrap_or_default().trim().is_empty() => {
            let message = format!("the property {property} is empty; access mode {mode} needs it");
            findings.push(site.finding(crate::codes::E_FAIL, Some(property), message));
        }
        Some(_) => {}
    }
    if let Some((_, output)) = site.regular_output() {
        columns(site, output, &mut findings);
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let Some((index, output)) = site.regular_output() else {
        return Err(site
            .events
            .error_text(crate::codes::E_FAIL, "the source has no output", None));
    };
    let connection = database::acquire(site, "OleDbConnection")?;
    let columns = columns(site, output, &mut Vec::new());
    let parameters = if mode(site) >= 2 {
        database::parameters(site)?
    } else {
        Vec::new()
    };
    let seconds = site
        .integer("CommandTimeout")
        .and_then(|s| u64::try_from(s).ok())
        .filter(|s| *s > 0);
    let options = QueryOptions {
        timeout: seconds.map(std::time::Duration::from_secs),
        target: Some(
            columns
                .iter()
                .map(|c| (c.external.clone(), c.column_type))
                .collect(),
        ),
        schema_only: false,
    };
    let sql = match query(site)? {
        Query::Sql(sql) => sql,
        Query::Table(name) => {
            let table = connection
                .resolve_table(&name)
                .map_err(|e| database::report(&site.events, &e))?;
            format!("SELECT * FROM {table}")
        }
    };
    let rows = connection
        .query(&sql, &parameters, &options)
        .map_err(|error| match &error {
            DatabaseError::NoColumn { column, .. } => {
                site.events.error(COLUMN_NOT_FOUND, &[column])
            }
            _ => database::report(&site.events, &error),
        })?;
    let layout = Layout {
        columns,
        output: index,
        error: error_output(site, output),
        component: site.component.name.clone(),
    };
    Ok(Bound::Source(Box::new(OleDbSource {
        rows,
        layout: Arc::new(layout),
        first_row: 0,
    })))
}

struct Layout {
    columns: Vec<OutputColumn>,
    output: usize,
    error: Option<ErrorOutput>,
    component: String,
}

struct OleDbSource {
    rows: Box<dyn RowBatches>,
    layout: Arc<Layout>,
    first_row: u64,
}

impl Source for OleDbSource {
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure> {
        let batch = self
            .rows
            .next_batch(ROWS)
            .map_err(|error| database::failure(0, &error))?;
        let Some(batch) = batch else {
            return Ok(None);
        };
        let first_row = self.first_row;
        self.first_row += batch.rows.num_rows() as u64;
        Ok(Some(Box::new(Piece {
            batch,
            layout: Arc::clone(&self.layout),
            first_row,
        })))
    }
}

/// Some rows of the result.
struct Piece {
    batch: RowBatch,
    layout: Arc<Layout>,
    first_row: u64,
}

impl Morsel for Piece {
    fn bytes(&self) -> usize {
        self.batch.rows.get_array_memory_size()
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let rows = self.batch.rows.num_rows();
        let mut arrays: Vec<ArrayRef> = self.batch.rows.columns().to_vec();
        let mut failed = RowErrors::new();
        for (at, (column, errors)) in self
            .layout
            .columns
            .iter()
            .zip(&self.batch.errors)
            .enumerate()
        {
            if errors.is_empty() {
                continue;
            }
            failed.add(
                at,
                column.lineage,
                column.dispositions,
                errors.iter().map(|(row, status)| row_error(row, status)),
            );
            if let Some(array) = arrays.get_mut(at) {
                *array = without_cut_values(array, errors, column.dispositions);
            }
        }
        let all: Vec<Column> = arrays.into_iter().map(Column::Array).collect();
        let batch = Batch {
            first_row: self.first_row,
            ..Batch::new(all, rows)
        };
        let end = failed.fatal().map(|fatal| fatal.row as usize);
        if end.is_none() && !failed.any_redirected() {
            outputs.send(self.layout.output, batch);
            return Ok(());
        }
        let before = end.map_or_else(|| batch.clone(), |end| batch.before(end));
        let (stay, redirected) = failed.split(&before);
        let redirected = redirected_before(redirected, end);
        outputs.send(self.layout.output, before.select(stay));
        self.send_errors(&batch, &redirected, outputs);
        failed
            .fatal()
            .map_or(Ok(()), |fatal| Err(self.failure(fatal)))
    }
}

impl Piece {
    fn send_errors(&self, batch: &Batch, redirected: &Redirected, outputs: &mut Outputs) {
        let Some(error) = &self.layout.error else {
            return;
        };
        let numbers = |values: &[i32]| -> ArrayRef {
            Arc::new(arrow::array::Int32Array::from(values.to_vec()))
        };
        let columns = error.columns.iter().map(|column| match column {
            ErrorColumn::Code => Column::Array(numbers(&redirected.codes)),
            ErrorColumn::Column => Column::Array(numbers(&redirected.columns)),
            ErrorColumn::Copy(at) => Column::Array(take_array(&batch.array(*at), &redirected.rows)),
            ErrorColumn::Null(column_type) => Column::null(column_type, redirected.rows.len()),
        });
        let sent = Batch {
            first_row: self.first_row,
            origin: Some(redirected.rows.clone().into()),
            ..Batch::new(columns.collect(), redirected.rows.len())
        };
        outputs.send(error.index, sent);
    }

    /// SSIS's chain: which column, that its disposition says so.
    fn failure(&self, fatal: Fatal) -> Failure {
        let column = self.layout.columns.get(fatal.column);
        let path = column.map_or("", |c| c.path.as_str());
        let errors = self.batch.errors.get(fatal.column);
        let status = errors
            .and_then(|e| e.get(fatal.row))
            .unwrap_or(Status::CannotConvert);
        let code = format!("{:08X}", fatal.code.0);
        let first = Failure::at(
            fatal.row as usize,
            DTS_E_COLUMNSTATUSERROR,
            &[path, &self.layout.component, status.text()],
        );
        match fatal.class {
            Class::Error => first.and(INDUCED_ERROR, &[path, &code, path]),
            Class::Truncation => first.and(INDUCED_TRUNCATION, &[path, path]),
        }
    }
}

/// Only what was redirected before the failing row.
fn redirected_before(redirected: Redirected, end: Option<usize>) -> Redirected {
    let Some(end) = end else {
        return redirected;
    };
    let keep = redirected
        .rows
        .iter()
        .take_while(|row| (**row as usize) < end)
        .count();
    let Redirected {
        mut rows,
        mut codes,
        mut columns,
    } = redirected;
    rows.truncate(keep);
    codes.truncate(keep);
    columns.truncate(keep);
    Redirected {
        rows,
        codes,
        columns,
    }
}

/// The row code of a status, from the table of data flow reference 3.3.
fn row_error(row: u32, status: Status) -> RowError {
    let code = match status {
        Status::Truncated => 0xC020_9073,
        Status::SignMismatch => 0xC020_9074,
        Status::Overflow => 0xC020_9075,
        Status::Unavailable => 0xC020_9071,
        _ => 0xC020_9072,
    };
    let class = if status.is_truncation() {
        Class::Truncation
    } else {
        Class::Error
    };
    RowError {
        row,
        code: Code(code),
        class,
    }
}

/// A cut value stays only where truncation is ignored; a redirected row has NULL there.
fn without_cut_values(
    array: &ArrayRef,
    errors: &packmule_types::status::RowErrors,
    dispositions: Dispositions,
) -> ArrayRef {
    use packmule_dtsx::model::Disposition;
    if dispositions.of(Class::Truncation) == Disposition::IgnoreFailure {
        return Arc::clone(array);
    }
    let cut: std::collections::BTreeSet<u32> = errors
        .iter()
        .filter(|(_, status)| status.is_truncation())
        .map(|(row, _)| row)
        .collect();
    let mask: arrow::array::BooleanArray = (0..array.len() as u32)
        .map(|row| Some(cut.contains(&row)))
        .collect();
    arrow::compute::nullif(array, &mask).unwrap_or_else(|_| Arc::clone(array))
}
