//! Execute SQL task (`Microsoft.ExecuteSQLTask`, before 2014
//! `Microsoft.SqlServer.Dts.Tasks.ExecuteSQLTask.ExecuteSQLTask, …`): runs SQL text on a database
//! connection, with parameters from and results to variables. Documented in "Execute SQL Task"
//! and control-flow.md 6.1.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | Connection | – | an OLEDB, ADO.NET or ODBC connection manager |
//! | SqlStatementSourceType | DirectInput | also FileConnection, Variable |
//! | SqlStatementSource | – | the text, the connection of a file, or the variable |
//! | ResultSetType | ResultSetType_None | also SingleRow, Rowset, XML |
//! | TimeOut | 0 | seconds, 0 = none |
//! | CodePage | 1252 | of a statement file without byte order mark |
//! | TypeConversionMode | Allowed | Allowed converts results without loss, None takes exact types only |
//! | BypassPrepare | True | accepted: drivers prepare statements in any case [R-BYPASS] |
//! | IsStoredProcedure | False | True is refused: no driver here has bare procedure names |
//!
//! Text is split at lines of `GO`; each batch is sent alone, the first error ends the task. Only
//! the first result set of the whole task counts. On OLE DB connections an error after the first
//! result set of a batch is ignored, as there.
//!
//! Differences on purpose: with OLE DB the text goes to the database at hand as it is, whatever
//! its SQL.

mod parameters;
mod results;
mod settings;
mod statement;

use std::time::Duration;

use packmule_connections::database::Marker;
use packmule_connections::{
    DatabaseError, ExecuteOptions, ExecuteResults, MarkerStyle, Parameter, RowsWanted,
    SharedConnection, StatementResult,
};
use packmule_runtime::Reported;
use packmule_types::{Code, Value};

use super::TaskContext;
use crate::registry::TaskType;
use crate::settings::{PropertyDoc, report};
use settings::{ResultSetType, Settings};

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: "Microsoft.ExecuteSQLTask",
    title: "Execute SQL Task",
    doc: "runs SQL text, with parameters from and results to variables",
    properties: &[
        doc(
            "Connection",
            "",
            "an OLEDB, ADO.NET or ODBC connection manager; required",
        ),
        doc(
            "SqlStatementSourceType",
            "DirectInput",
            "DirectInput, FileConnection or Variable",
        ),
        doc(
            "SqlStatementSource",
            "",
            "the text, the file's connection, or the variable; required",
        ),
        doc(
            "ResultSetType",
            "ResultSetType_None",
            "None, SingleRow, Rowset or XML",
        ),
        doc("TimeOut", "0", "seconds; 0 is none"),
        doc(
            "CodePage",
            "1252",
            "code page of a statement file without byte order mark",
        ),
        doc(
            "TypeConversionMode",
            "Allowed",
            "Allowed: convert results without loss; None: exact types",
        ),
        doc(
            "BypassPrepare",
            "True",
            "accepted; drivers prepare in any case",
        ),
        doc("IsStoredProcedure", "False", "True is refused"),
    ],
    settings: |executable, overlay| settings::read(executable, overlay).1,
    validate,
    execute,
};

const fn doc(name: &'static str, default: &'static str, doc: &'static str) -> PropertyDoc {
    PropertyDoc { name, default, doc }
}

/// Whether names of parameters and columns count from 1, and which errors are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `?`, names `0`, `1` …; errors after a result set are lost.
    OleDb,
    /// `?`, names `1`, `2` …
    Odbc,
    /// `@name`
    AdoNet,
}

fn style(context: &TaskContext, connection: &str) -> Result<Style, Reported> {
    let manager = context
        .connections()
        .find(connection)
        .map_err(|error| error.report(&context.events))?;
    match manager.type_name.as_str() {
        "OLEDB" => Ok(Style::OleDb),
        "ODBC" => Ok(Style::Odbc),
        "ADO.NET" => Ok(Style::AdoNet),
        other => {
            let text = format!(
                "Connection: connection manager {} is of type {other}, which the task cannot use here",
                manager.name
            );
            let remedy = "use an OLEDB, ADO.NET or ODBC connection manager";
            Err(context
                .events
                .error_text(Code(0xC002_91D6), text, Some(remedy)))
        }
    }
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    let events = &context.events;
    let (settings, findings) = settings::read(context.executable(), context.overlay());
    let mut result = report(&findings, events, Code(0xC002_91D4));
    if settings.connection.trim().is_empty() {
        return Err(events.error(Code(0xC002_91D7), &[]));
    }
    let style = style(context, &settings.connection)?;
    result = statement::validate(context, &settings).and(result);
    result = parameters::validate(context, &settings, style).and(result);
    results::validate(context, &settings).and(result)
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let events = &context.events;
    let (settings, _) = settings::read(context.executable(), context.overlay());
    let style = style(context, &settings.connection)?;
    let text = statement::text(context, &settings)?;
    let connection = context
        .connections()
        .database(&settings.connection)
        .map_err(|error| {
            error.report(events);
            let name = context.connections().find(&settings.connection);
            let name = name.map_or(settings.connection.as_str(), |m| m.name.as_str());
            events.error(Code(0xC002_91EC), &[name])
        })?;
    let parameters = parameters::bind(context, &settings, style, &text)?;
    events.progress(format!("Executing query \"{text}\"."), 0, 0);
    let mut first_rows = None;
    let mut affected = None;
    for batch in statement::batches(&text) {
        if context.services.cancel.is_cancelled() {
            return Err(Reported);
        }
        let done = run_batch(
            &connection,
            &settings,
            style,
            batch,
            &parameters,
            first_rows.is_none(),
        );
        let done = done.map_err(|error| query_failed(context, &text, &error))?;
        affected = done.rows_affected().or(affected);
        parameters::take_outputs(context, &settings, style, &done.outputs)?;
        if let (Some(late), Style::AdoNet | Style::Odbc) = (&done.late_error, style) {
            return Err(query_failed(context, &text, late));
        }
        if let Some(late) = &done.late_error {
            let text =
                format!("an error after the first result set is ignored, as OLE DB does: {late}");
            events.information_text(Code(0), text);
        }
        if first_rows.is_none() {
            first_rows = done.statements.into_iter().find_map(|s| match s {
                StatementResult::Rows(rows) => Some(rows),
                StatementResult::Affected(_) => None,
            });
        }
    }
    results::assign(context, &settings, style, first_rows)?;
    events.progress(format!("Executing query \"{text}\"."), 100, 0);
    let count = affected.and_then(|n| i32::try_from(n).ok()).unwrap_or(-1);
    Ok(Some(Value::I4(count)))
}

fn query_failed(context: &TaskContext, text: &str, error: &DatabaseError) -> Reported {
    let code = Code(0xC002_F210);
    let message = packmule_types::code::describe(code, &[text, &error.to_string()]);
    context.events.error_text(code, message, error.remedy())
}

/// Sends one batch with the parameters that its markers ask for.
fn run_batch(
    connection: &SharedConnection,
    settings: &Settings,
    style: Style,
    batch: &str,
    parameters: &[Parameter],
    wants_rows: bool,
) -> Result<ExecuteResults, DatabaseError> {
    let rows = match settings.result_set {
        ResultSetType::None => RowsWanted::None,
        ResultSetType::SingleRow if wants_rows => RowsWanted::First,
        ResultSetType::Rowset | ResultSetType::Xml if wants_rows => RowsWanted::All,
        _ => RowsWanted::None,
    };
    let options = ExecuteOptions {
        timeout: (settings.timeout > 0).then(|| Duration::from_secs(settings.timeout)),
        rows,
    };
    let given = match style {
        Style::AdoNet => parameters,
        Style::OleDb | Style::Odbc => {
            let markers = count_markers(batch);
            parameters
                .get(..markers.min(parameters.len()))
                .unwrap_or_default()
        }
    };
    connection.execute(batch, given, &options)
}

/// `?` outside texts, comments and quoted names.
fn count_markers(batch: &str) -> usize {
    let lexical = packmule_connections::database::Lexical {
        dollar_numbers: false,
        dollar_quotes: true,
        brackets: true,
        nested_comments: true,
        escape_strings: false,
    };
    let statements =
        packmule_connections::database::split(batch, MarkerStyle::Question, lexical, false);
    statements
        .iter()
        .map(|s| s.markers.iter().filter(|m| **m == Marker::Next).count())
        .sum()
}
