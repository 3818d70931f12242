//! Flat File destination: rows into a text file.
//!
//! SSIS name *Flat File Destination*, class `Microsoft.FlatFileDestination`, connection role
//! `FlatFileConnection` (a FLATFILE connection manager, which holds the layout). One input, no
//! error output: whatever cannot be written is fatal. Input columns are mapped by external name
//! to the file's columns. Behaviour: data flow reference 4.1 and 4.3, text forms 5.
//!
//! Any thread formats a batch ([`format`]), one at a time is written, in order ([`write`]).
//! Values are formatted by their pipeline type; text that is canonical already is copied.
//!
//! Differences from SSIS: none known.

mod format;
#[cfg(test)]
mod tests;
mod write;

use std::fs::OpenOptions;

use packmule_connections::{FlatFileFormat, FlatFileLayout};
use packmule_dtsx::finding::Finding;
use packmule_runtime::Reported;
use packmule_types::text::ColumnFormatter;
use packmule_types::{Code, CodePage, Locale};

use self::format::{Formatter, Place as CellPlace, TargetColumn, TargetEncoding};
use self::write::Writer;
use crate::component::Bound;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::{Site, external};

const CONNECTION: &str = "FlatFileConnection";
const CANNOT_OPEN: Code = Code(0xC020_200E);
const NO_CONNECTION: Code = Code(0xC020_801C);
const NO_COLUMN: Code = Code(0xC020_2005);
const PROCESSING_STARTED: Code = Code(0x4020_90DC);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Flat File Destination",
    class: "Microsoft.FlatFileDestination",
    kind: Kind::Destination,
    execution: Execution::Ordered,
    memory: "the text of the batches under way",
    documentation: "Writes rows into a delimited or fixed-width text file.",
    properties: &[
        PropertyDefinition {
            name: "Overwrite",
            place: Place::Component,
            default: "true",
            documentation: "Replaces the file; otherwise rows are appended to it.",
        },
        PropertyDefinition {
            name: "Header",
            place: Place::Component,
            default: "",
            documentation: "Text written as it is before everything else into a new file.",
        },
        PropertyDefinition {
            name: "EscapeQualifier",
            place: Place::Component,
            default: "false",
            documentation: "Qualifiers inside a qualified value are doubled.",
        },
    ],
    validate,
    bind,
};

// ---- settings ----------------------------------------------------------------------------

struct Settings {
    overwrite: bool,
    header: String,
    escape_qualifier: bool,
}

impl Settings {
    fn new(site: &Site<'_>) -> Self {
        Self {
            overwrite: site.boolean("Overwrite").unwrap_or(true),
            header: site.text("Header").unwrap_or_default(),
            escape_qualifier: site.boolean("EscapeQualifier").unwrap_or(false),
        }
    }
}

// ---- columns -----------------------------------------------------------------------------

/// The columns of the file with the positions of the columns that fill them, and what cannot
/// be mapped.
fn columns(site: &Site<'_>, layout: &FlatFileLayout) -> (Vec<TargetColumn>, Vec<String>) {
    let mut problems = Vec::new();
    let lcid = i32::try_from(layout.lcid).ok();
    let locale = lcid
        .and_then(|l| Locale::from_lcid(l).ok())
        .unwrap_or_else(Locale::en_us);
    let mut columns: Vec<TargetColumn> = Vec::new();
    for (at, field) in layout.columns.iter().enumerate() {
        let last = at + 1 == layout.columns.len();
        let own = field.delimiter.as_str();
        let delimiter = if last && own.is_empty() && layout.format != FlatFileFormat::FixedWidth {
            layout.row_delimiter.as_str()
        } else {
            own
        };
        columns.push(TargetColumn {
            name: field.name.clone(),
            source: None,
            place: if field.is_delimited {
                CellPlace::Delimited(delimiter.as_bytes().to_vec())
            } else {
                CellPlace::Fixed(field.width as usize)
            },
            qualified: field.text_qualified,
        });
    }
    let (Some(input), Some(schema)) = (site.component.inputs.first(), site.input_schema(0)) else {
        return (columns, problems);
    };
    for column in input.columns.iter().filter(|c| !c.external.is_empty()) {
        let target = external(&input.external_columns, &column.external);
        let name = target.map_or(column.name.as_str(), |e| e.name.as_str());
        let place = columns.iter_mut().find(|c| c.name == name);
        let position = schema.position(column.lineage);
        let column_type = position.and_then(|p| schema.column_type(p));
        match (place, position, column_type) {
            (Some(place), Some(position), Some(column_type)) => {
                place.source = Some((position, ColumnFormatter::bind(&column_type, &locale)));
            }
            _ => problems.push(name.to_owned()),
        }
    }
    (columns, problems)
}

fn encoding(layout: &FlatFileLayout) -> Result<TargetEncoding, String> {
    if layout.unicode {
        return Ok(TargetEncoding::Utf16);
    }
    CodePage::new(layout.code_page)
        .map(TargetEncoding::Page)
        .map_err(|error| error.to_string())
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let Some(connection) = site.connection(CONNECTION) else {
        let message = "no connection manager is given".to_owned();
        return vec![site.finding(NO_CONNECTION, Some(CONNECTION), message)];
    };
    let layout = match site.flow.connections.flat_file(connection) {
        Ok(layout) => layout,
        Err(error) => {
            let mut finding = site.finding(error.code(), Some(CONNECTION), error.to_string());
            finding.remedy = error.remedy();
            return vec![finding];
        }
    };
    let mut findings = Vec::new();
    if let Err(message) = encoding(&layout) {
        findings.push(site.finding(CANNOT_OPEN, Some(CONNECTION), message));
    }
    for name in columns(site, &layout).1 {
        let message = format!("the flat file has no column '{name}'");
        findings.push(site.finding(NO_COLUMN, None, message));
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let settings = Settings::new(site);
    let missing = || site.events.error(NO_CONNECTION, &[CONNECTION]);
    let connection = site.connection(CONNECTION).ok_or_else(missing)?;
    let layout = site.flow.connections.flat_file(connection);
    let layout = layout.map_err(|error| error.report(&site.events))?;
    let (columns, problems) = columns(site, &layout);
    if let Some(name) = problems.first() {
        return Err(site.events.error(NO_COLUMN, &[name]));
    }
    let encoding =
        encoding(&layout).map_err(|message| site.events.error_text(CANNOT_OPEN, message, None))?;
    let formatter = Formatter::new(
        columns,
        layout.text_qualifier.clone().map(String::into_bytes),
        settings.escape_qualifier,
        encoding,
    );
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    if settings.overwrite {
        options.truncate(true);
    } else {
        options.append(true);
    }
    let file = options.open(&layout.path).map_err(|error| {
        let text = packmule_types::code::describe(CANNOT_OPEN, &[&layout.file]);
        let remedy = format!("{}: {error}", layout.path.display());
        site.events.error_text(CANNOT_OPEN, text, Some(&remedy))
    })?;
    // An existing file of 0 bytes counts as new.
    let is_new = file.metadata().map_or(settings.overwrite, |m| m.len() == 0);
    site.events.information(PROCESSING_STARTED, &[&layout.file]);
    let mut writer = Writer::new(file, layout.file.clone(), site.events.clone());
    if is_new {
        let names = layout.column_names_in_first_row;
        let beginning = formatter.beginning(&settings.header, names);
        writer.begin(&beginning, names)?;
    }
    Ok(Bound::Ordered {
        prepare: Some(Box::new(formatter)),
        run: Box::new(writer),
    })
}
