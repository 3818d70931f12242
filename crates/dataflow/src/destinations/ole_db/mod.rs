//! OLE DB Destination: rows into a table, by bulk load or row by row.
//!
//! SSIS name *OLE DB Destination*, class `Microsoft.OLEDBDestination`; connection
//! `OleDbConnection`. One input whose columns are bound to the table's columns by the external
//! columns' names; an error output (synchronous, group 1) with ErrorCode and ErrorColumn; the
//! disposition stands on the input. Behaviour: data flow reference 4.3, 3.1, 3.3 and 1.2.
//!
//! Fast load (modes 3 and 4) commits after the smaller of `FastLoadMaxInsertCommitSize` and the
//! rows left in SSIS's buffer (`DefaultBufferMaxRows`), whatever the engine's batches are; 0 is
//! one commit at the end. When a unit fails, earlier ones stay, and *all its rows* are
//! redirected or ignored. Modes 0 to 2 insert row by row, each committed by itself.
//!
//! Different on purpose: constraints and triggers of SQLite and PostgreSQL cannot be switched
//! off, so CHECK_CONSTRAINTS and FIRE_TRIGGERS have no effect there.

mod convert;
mod fast_load;
mod options;
mod row_wise;

use packmule_dtsx::finding::{Finding, Reason, Severity};
use packmule_dtsx::model::{Disposition, Input, LineageId};
use packmule_runtime::{Events, Reported};
use packmule_types::{Code, ColumnType};

use self::convert::Converter;
use self::options::{FastLoadOptions, target_of_select};
use crate::codes;
use crate::component::{Bound, Failure};
use crate::database;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::row_errors::ErrorColumns;
use crate::site::Site;

/// The value could not be inserted; what a row of a failed unit has.
pub(super) const UNAVAILABLE: Code = Code(0xC020_907B);
/// Redirecting and one commit at the end exclude each other.
const REDIRECT_WITHOUT_UNITS: Code = Code(0xC004_70C7);
/// The maximum insert commit size is 0: all rows in one transaction.
const ONE_COMMIT: Code = Code(0x4020_F42C);
/// An external column does not exist at the data source.
const COLUMN_NOT_FOUND: Code = Code(0xC020_2005);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "OLE DB Destination",
    class: "Microsoft.OLEDBDestination",
    kind: Kind::Destination,
    execution: Execution::Ordered,
    memory: "the rows of the open commit unit when they may be redirected",
    documentation: "Loads rows into a table, in bulk or one by one.",
    properties: &[
        property(
            "AccessMode",
            "3",
            "0 table, 1 table named by a variable, 2 SQL command, 3 fast load, 4 fast load into a table named by a variable.",
        ),
        property("OpenRowset", "", "The table or view (modes 0 and 3)."),
        property(
            "OpenRowsetVariable",
            "",
            "The variable that names it (modes 1 and 4).",
        ),
        property(
            "SqlCommand",
            "",
            "A SELECT that names the target columns of one table (mode 2).",
        ),
        property(
            "CommandTimeout",
            "0",
            "Seconds until a statement is ended; 0 = never.",
        ),
        property(
            "FastLoadOptions",
            "",
            "Comma list: TABLOCK, CHECK_CONSTRAINTS, FIRE_TRIGGERS, ROWS_PER_BATCH=n, KILOBYTES_PER_BATCH=n, ORDER(…).",
        ),
        property(
            "FastLoadKeepIdentity",
            "false",
            "Values for identity columns are written.",
        ),
        property(
            "FastLoadKeepNulls",
            "false",
            "NULL stays NULL where the column has a default.",
        ),
        property(
            "FastLoadMaxInsertCommitSize",
            "0",
            "Rows of a commit unit; 0 = one commit at the end.",
        ),
        property(
            "DefaultCodePage",
            "1252",
            "Drivers here take text as it is, so it has no effect.",
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

/// The properties, read and understood.
struct Settings {
    mode: Mode,
    timeout: Option<std::time::Duration>,
    options: FastLoadOptions,
    keep_identity: bool,
    keep_nulls: bool,
    /// Rows of a commit unit; `None` = one at the end.
    commit_size: Option<u64>,
}

enum Mode {
    Rows(Target),
    Fast(Target),
}

enum Target {
    Table(String),
    Variable(String),
}

fn settings(site: &Site<'_>, findings: &mut Vec<Finding>) -> Option<Settings> {
    let number = site.integer("AccessMode").unwrap_or(3);
    let name = match number {
        0 | 3 => "OpenRowset",
        1 | 4 => "OpenRowsetVariable",
        2 => "SqlCommand",
        _ => {
            let message = format!("the access mode {number} is none of 0 to 4");
            findings.push(site.finding(codes::E_FAIL, Some("AccessMode"), message));
            return None;
        }
    };
    let text = site.text(name).unwrap_or_default();
    if text.trim().is_empty() {
        let message = format!("the property {name} is empty; access mode {number} needs it");
        findings.push(site.finding(codes::E_FAIL, Some(name), message));
        return None;
    }
    let mode = match number {
        0 => Mode::Rows(Target::Table(text)),
        1 => Mode::Rows(Target::Variable(text)),
        3 => Mode::Fast(Target::Table(text)),
        4 => Mode::Fast(Target::Variable(text)),
        _ => match target_of_select(&text) {
            Some(table) => Mode::Rows(Target::Table(table)),
            None => {
                let message =
                    "the SQL command is no plain SELECT of columns of one table".to_owned();
                let mut finding = site.finding(codes::E_FAIL, Some("SqlCommand"), message);
                finding.reason = Reason::UnsupportedProperty;
                finding.remedy =
                    Some("name the table (OpenRowset) in place of a command".to_owned());
                findings.push(finding);
                return None;
            }
        },
    };
    let options = FastLoadOptions::parse(&site.text("FastLoadOptions").unwrap_or_default());
    let options = options.map_err(|unknown| {
        let message = format!("the fast load option '{unknown}' is not known");
        findings.push(site.finding(codes::E_FAIL, Some("FastLoadOptions"), message));
    });
    let seconds = site
        .integer("CommandTimeout")
        .and_then(|s| u64::try_from(s).ok())
        .filter(|s| *s > 0);
    Some(Settings {
        mode,
        timeout: seconds.map(std::time::Duration::from_secs),
        options: options.ok()?,
        keep_identity: site.boolean("FastLoadKeepIdentity").unwrap_or(false),
        keep_nulls: site.boolean("FastLoadKeepNulls").unwrap_or(false),
        commit_size: commit_size(site),
    })
}

fn commit_size(site: &Site<'_>) -> Option<u64> {
    let size = site.integer("FastLoadMaxInsertCommitSize").unwrap_or(0);
    u64::try_from(size).ok().filter(|s| *s > 0)
}

// ---- columns -----------------------------------------------------------------------------

/// An input column and where it goes.
pub(super) struct MappedColumn {
    pub(super) position: usize,
    pub(super) lineage: LineageId,
    pub(super) from: ColumnType,
    pub(super) external: String,
    pub(super) to: ColumnType,
    /// As messages name it.
    pub(super) path: String,
}

fn columns(site: &Site<'_>, input: &Input, findings: &mut Vec<Finding>) -> Vec<MappedColumn> {
    let Some(schema) = site.input_schema(0) else {
        return Vec::new();
    };
    let mut columns = Vec::new();
    for column in &input.columns {
        let Some(external) = site.external_of_input(input, column) else {
            continue;
        };
        let Some(position) = schema.position(column.lineage) else {
            let message = format!(
                "the column '{}' does not arrive at the destination",
                column.name
            );
            findings.push(site.finding(codes::INPUT_COLUMN_DANGLING, None, message));
            continue;
        };
        let from = schema.column_type(position).unwrap_or(external.column_type);
        columns.push(MappedColumn {
            position,
            lineage: column.lineage,
            from,
            external: external.name.clone(),
            to: external.column_type,
            path: site.input_column_path(&input.name, &column.name),
        });
    }
    if columns.is_empty() {
        let message = "no column of the input is mapped to a column of the table".to_owned();
        findings.push(site.finding(codes::E_FAIL, None, message));
    }
    columns
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let settings = settings(site, &mut findings);
    let Some(input) = site.component.inputs.first() else {
        findings.push(site.finding(
            codes::E_FAIL,
            None,
            "the destination has no input".to_owned(),
        ));
        return findings;
    };
    for column in columns(site, input, &mut findings) {
        if let Err(finding) = Converter::check(site, &column) {
            findings.push(finding);
        }
    }
    if let Some(Settings {
        mode: Mode::Fast(_),
        commit_size: None,
        ..
    }) = settings
    {
        if input.error_disposition == Disposition::RedirectRow {
            let text = packmule_types::code::describe(REDIRECT_WITHOUT_UNITS, &[]);
            findings.push(site.finding(
                REDIRECT_WITHOUT_UNITS,
                Some("FastLoadMaxInsertCommitSize"),
                text,
            ));
        } else {
            let text = packmule_types::code::describe(ONE_COMMIT, &[&site.component.name]);
            let mut finding = site.finding(ONE_COMMIT, Some("FastLoadMaxInsertCommitSize"), text);
            finding.severity = Severity::Information;
            findings.push(finding);
        }
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let mut findings = Vec::new();
    let settings = settings(site, &mut findings);
    let (Some(settings), Some(input)) = (settings, site.component.inputs.first()) else {
        let text = findings
            .first()
            .map_or("the destination has no input", |f| &f.message);
        return Err(site.events.error_text(codes::E_FAIL, text, None));
    };
    let columns = columns(site, input, &mut findings);
    let connection = database::acquire(site, "OleDbConnection")?;
    let (Mode::Rows(target) | Mode::Fast(target)) = &settings.mode;
    let table = match target {
        Target::Table(table) => table.clone(),
        Target::Variable(name) => database::variable_text(site, "OpenRowsetVariable", name)?,
    };
    let converter = Converter::bind(site, &columns)?;
    let rows = Rows::new(site, input, columns);
    let run = match settings.mode {
        Mode::Fast(_) => fast_load::bind(site, &connection, &table, &settings, rows)?,
        Mode::Rows(_) => row_wise::bind(site, &connection, &table, &settings, rows)?,
    };
    Ok(Bound::Ordered {
        prepare: Some(Box::new(converter)),
        run,
    })
}

/// What both ways of loading share: columns, dispositions, the error output.
pub(super) struct Rows {
    pub(super) columns: Vec<MappedColumn>,
    pub(super) disposition: Disposition,
    pub(super) error_output: Option<usize>,
    pub(super) error_columns: ErrorColumns,
    pub(super) events: Events,
    /// The input as messages name it.
    pub(super) input_path: String,
}

impl Rows {
    fn new(site: &Site<'_>, input: &Input, columns: Vec<MappedColumn>) -> Self {
        let error = site.error_output();
        Self {
            columns,
            disposition: match input.error_disposition {
                Disposition::NotUsed => Disposition::FailComponent,
                other => other,
            },
            error_output: error.map(|(index, _)| index),
            error_columns: error
                .map(|(_, output)| ErrorColumns::new(output))
                .unwrap_or_default(),
            events: site.events.clone(),
            input_path: format!("{}.Inputs[{}]", site.component.name, input.name),
        }
    }

    /// Names and types of the table's columns that are filled.
    pub(super) fn targets(&self) -> Vec<(String, ColumnType)> {
        self.columns
            .iter()
            .map(|c| (c.external.clone(), c.to))
            .collect()
    }

    /// The last event of a failed load: that the disposition says that the component fails.
    pub(super) fn induced(&self, failure: Failure, code: Code) -> Failure {
        if failure.events.is_empty() {
            return failure;
        }
        let code = format!("{:08X}", code.0);
        failure.and(
            codes::INDUCED_ERROR,
            &[&self.input_path, &code, &self.input_path],
        )
    }
}

/// Says what is wrong with the table before any row moves.
pub(super) fn report_open(
    site: &Site<'_>,
    error: &packmule_connections::DatabaseError,
) -> Reported {
    match error {
        packmule_connections::DatabaseError::NoColumn { column, .. } => {
            site.events.error(COLUMN_NOT_FOUND, &[column])
        }
        _ => database::report(&site.events, error),
    }
}
