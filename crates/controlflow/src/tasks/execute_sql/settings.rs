//! The properties of an Execute SQL task.

use packmule_connections::Direction;
use packmule_dtsx::Finding;
use packmule_dtsx::model::{Element, Executable};
use packmule_runtime::Overlay;
use packmule_runtime::variables::SqlConversion;

use crate::settings::Reader;
use crate::tasks::data_of;

/// Where the statement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceType {
    DirectInput,
    FileConnection,
    Variable,
}

/// What is done with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResultSetType {
    None,
    SingleRow,
    Rowset,
    Xml,
}

impl ResultSetType {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "ResultSetType_None",
            Self::SingleRow => "ResultSetType_SingleRow",
            Self::Rowset => "ResultSetType_Rowset",
            Self::Xml => "ResultSetType_XML",
        }
    }
}

/// One ParameterBinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParameterBinding {
    /// Position (OLE DB from 0, ODBC from 1) or `@name` (ADO.NET).
    pub(super) name: String,
    /// The variable.
    pub(super) variable: String,
    /// Direction (Input).
    pub(super) direction: Direction,
    /// DBTYPE, DbType or SQL_* number, by the kind of connection.
    pub(super) data_type: i64,
    /// Characters or bytes; -1 is the type's own.
    pub(super) size: i64,
}

/// One ResultBinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResultBinding {
    /// Name or position of a column; `0` for a whole set.
    pub(super) name: String,
    /// The variable.
    pub(super) variable: String,
}

/// All properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// Connection: id, path or name of the connection manager.
    pub(super) connection: String,
    /// SqlStatementSourceType (DirectInput).
    pub(super) source_type: SourceType,
    /// SqlStatementSource.
    pub(super) source: String,
    /// ResultSetType (None).
    pub(super) result_set: ResultSetType,
    /// TimeOut (0): seconds, 0 = none.
    pub(super) timeout: u64,
    /// CodePage (1252) of a statement file.
    pub(super) code_page: u32,
    /// TypeConversionMode (Allowed).
    pub(super) conversion: SqlConversion,
    pub(super) parameters: Vec<ParameterBinding>,
    pub(super) results: Vec<ResultBinding>,
}

const ATTRIBUTES: &[&str] = &[
    "Connection",
    "SqlStmtSourceType",
    "SqlStatementSource",
    "ResultType",
    "TimeOut",
    "CodePage",
    "IsStoredProc",
    "BypassPrepare",
    "TypeConversionMode",
];

/// Reads everything; the findings are all problems.
pub(super) fn read(executable: &Executable, overlay: &Overlay) -> (Settings, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let data = data_of(executable);
    if let Some(data) = data {
        r.unknown_attributes(data, ATTRIBUTES);
    }
    let stored = |name: &str| data.and_then(|d| d.attribute(name));
    let sources = [
        ("DirectInput", SourceType::DirectInput),
        ("FileConnection", SourceType::FileConnection),
        ("Variable", SourceType::Variable),
        ("1", SourceType::DirectInput),
        ("2", SourceType::FileConnection),
        ("3", SourceType::Variable),
    ];
    let result_sets = [
        ("ResultSetType_None", ResultSetType::None),
        ("ResultSetType_SingleRow", ResultSetType::SingleRow),
        ("ResultSetType_Rowset", ResultSetType::Rowset),
        ("ResultSetType_XML", ResultSetType::Xml),
        ("1", ResultSetType::None),
        ("2", ResultSetType::SingleRow),
        ("3", ResultSetType::Rowset),
        ("4", ResultSetType::Xml),
    ];
    let conversions = [
        ("Allowed", SqlConversion::Allowed),
        ("ConversionAllowed", SqlConversion::Allowed),
        ("None", SqlConversion::None),
        ("1", SqlConversion::Allowed),
        ("0", SqlConversion::None),
    ];
    let source_type = stored("SqlStmtSourceType");
    let source_type = r.choice(
        "SqlStatementSourceType",
        source_type,
        SourceType::DirectInput,
        &sources,
    );
    let result_set = r.choice(
        "ResultSetType",
        stored("ResultType"),
        ResultSetType::None,
        &result_sets,
    );
    let timeout = r.integer("TimeOut", stored("TimeOut"), 0, 0..=i64::from(i32::MAX));
    let code_page = r.integer("CodePage", stored("CodePage"), 1252, 0..=65_535);
    let conversion = stored("TypeConversionMode");
    let conversion = r.choice(
        "TypeConversionMode",
        conversion,
        SqlConversion::Allowed,
        &conversions,
    );
    if r.boolean("IsStoredProcedure", stored("IsStoredProc"), false) {
        r.unsupported(
            "IsStoredProcedure",
            "bare procedure names are not supported by the databases at hand",
            "write the call as a statement",
        );
    }
    // [R-BYPASS] Drivers prepare in any case, so either value has the same effect.
    r.boolean("BypassPrepare", stored("BypassPrepare"), true);
    let settings = Settings {
        connection: r.text("Connection", stored("Connection"), ""),
        source_type,
        source: r.text("SqlStatementSource", stored("SqlStatementSource"), ""),
        result_set,
        timeout: u64::try_from(timeout).unwrap_or(0),
        code_page: u32::try_from(code_page).unwrap_or(1252),
        conversion,
        parameters: parameters(&mut r, data),
        results: results(data),
    };
    (settings, r.findings())
}

fn parameters(r: &mut Reader<'_>, data: Option<&Element>) -> Vec<ParameterBinding> {
    let known = [
        "ParameterName",
        "DtsVariableName",
        "ParameterDirection",
        "DataType",
        "ParameterSize",
    ];
    let directions = [
        ("Input", Direction::Input),
        ("Output", Direction::Output),
        ("ReturnValue", Direction::ReturnValue),
    ];
    let elements = data
        .into_iter()
        .flat_map(|d| d.children_named("ParameterBinding"));
    let mut bindings = Vec::new();
    for element in elements {
        r.unknown_attributes(element, &known);
        let text = |name: &str| element.attribute(name).unwrap_or_default();
        let number = |name: &str, default: i64| {
            element
                .attribute(name)
                .map_or(Some(default), |t| t.trim().parse().ok())
        };
        let direction = directions
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(text("ParameterDirection")))
            .map(|(_, d)| *d);
        if direction.is_none() && element.attribute("ParameterDirection").is_some() {
            r.invalid("ParameterDirection", "none of Input, Output, ReturnValue");
        }
        let (Some(data_type), Some(size)) = (number("DataType", 0), number("ParameterSize", -1))
        else {
            r.invalid("ParameterBinding", "DataType or ParameterSize is no number");
            continue;
        };
        bindings.push(ParameterBinding {
            name: text("ParameterName").trim().to_owned(),
            variable: text("DtsVariableName").to_owned(),
            direction: direction.unwrap_or_default(),
            data_type,
            size,
        });
    }
    bindings
}

fn results(data: Option<&Element>) -> Vec<ResultBinding> {
    let elements = data
        .into_iter()
        .flat_map(|d| d.children_named("ResultBinding"));
    elements
        .map(|element| ResultBinding {
            name: element
                .attribute("ResultName")
                .unwrap_or_default()
                .trim()
                .to_owned(),
            variable: element
                .attribute("DtsVariableName")
                .unwrap_or_default()
                .to_owned(),
        })
        .collect()
}
