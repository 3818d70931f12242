//! Flat File source: rows of a text file.
//!
//! SSIS name *Flat File Source*, class `Microsoft.FlatFileSource`, connection role
//! `FlatFileConnection` (a FLATFILE connection manager, which holds the layout). One
//! asynchronous output whose columns are mapped by external name to the file's columns, one
//! error output with the row's raw text, ErrorCode and ErrorColumn. Behaviour: data flow
//! reference 1.2 to 1.4, 3 and 4.1.
//!
//! One thread at a time cuts the file into pieces of whole rows ([`cut`]); any thread finds the
//! fields of a piece ([`scan`], where a row delimiter alone does not end a row the first does it)
//! and makes its columns ([`read`]). Text that is written exactly as
//! its type would be written stays text until a component needs its values.
//!
//! Differences from SSIS: `UseBinaryFormat` is refused; a row may have 256 MB at most.

mod chunks;
mod cut;
mod fast;
mod read;
mod scan;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use packmule_connections::{FlatFileField, FlatFileFormat, FlatFileLayout};
use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::{CustomProperties, Output, OutputColumn};
use packmule_runtime::Reported;
use packmule_types::text::{ColumnParser, EmptyText};
use packmule_types::{Code, CodePage, DataType, Locale};

use self::chunks::{Chunks, Encoding};
use self::cut::FlatFile;
use self::read::{OutputPlaces, ReadColumn, Reader};
use self::scan::{Extent, ScanColumn, Scanner, Unit};
use crate::component::Bound;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::row_errors::{Dispositions, ErrorColumns};
use crate::site::{Site, unsupported};

/// Bytes of a file that are handed out at a time.
const MORSEL_BYTES: i64 = 1 << 20;
const CONNECTION: &str = "FlatFileConnection";

const CANNOT_OPEN: Code = Code(0xC020_200E);
const PROCESSING_STARTED: Code = Code(0x4020_90DC);
const FAST_PARSE_TYPE: Code = Code(0xC004_70F7);
const NO_COLUMN: Code = Code(0xC020_2005);
const CONVERSION_UNSUPPORTED: Code = Code(0xC020_2014);
const NTEXT_IN_ANSI: Code = Code(0xC020_802E);
const TEXT_IN_UNICODE: Code = Code(0xC020_802F);
const IMAGE: Code = Code(0xC020_8030);
const CODE_PAGE: Code = Code(0xC004_7074);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Flat File Source",
    class: "Microsoft.FlatFileSource",
    kind: Kind::Source,
    execution: Execution::Source,
    memory: "a piece of the file for each thread and window place; reserved per piece",
    documentation: "Reads rows of a delimited or fixed-width text file.",
    properties: &[
        PropertyDefinition {
            name: "RetainNulls",
            place: Place::Component,
            default: "false",
            documentation: "Empty fields are NULL; otherwise the type's default.",
        },
        PropertyDefinition {
            name: "FileNameColumnName",
            place: Place::Component,
            default: "",
            documentation: "Name of an output column that holds the file's path; empty for none.",
        },
        PropertyDefinition {
            name: "MorselBytes",
            place: Place::Component,
            default: "1048576",
            documentation: "Our own: bytes of the file that a thread works on at a time.",
        },
        PropertyDefinition {
            name: "FastParse",
            place: Place::OutputColumn,
            default: "false",
            documentation: "Numbers and dates are read in the fixed forms of fast parse, without locale.",
        },
        PropertyDefinition {
            name: "UseBinaryFormat",
            place: Place::OutputColumn,
            default: "false",
            documentation: "The field holds raw bytes; not supported.",
        },
    ],
    validate,
    bind,
};

// ---- settings ----------------------------------------------------------------------------

struct Settings {
    retain_nulls: bool,
    file_name_column: String,
    morsel_bytes: usize,
}

impl Settings {
    fn new(site: &Site<'_>) -> Self {
        let bytes = site.integer("MorselBytes").unwrap_or(MORSEL_BYTES);
        Self {
            retain_nulls: site.boolean("RetainNulls").unwrap_or(false),
            file_name_column: site.text("FileNameColumnName").unwrap_or_default(),
            morsel_bytes: usize::try_from(bytes.clamp(1, 1 << 26)).unwrap_or(1 << 20),
        }
    }
}

// ---- columns -----------------------------------------------------------------------------

/// The column of the file that fills an output column; `None` when no such column is there.
fn field_of<'l>(
    output: &Output,
    column: &OutputColumn,
    layout: &'l FlatFileLayout,
) -> Option<(usize, &'l FlatFileField)> {
    let external = crate::site::external(&output.external_columns, &column.external);
    let name = external.map_or(column.name.as_str(), |e| e.name.as_str());
    let mut fields = layout.columns.iter().enumerate();
    fields.find(|(_, f)| f.name == name)
}

fn is_fast(column: &OutputColumn) -> bool {
    column.property_boolean("FastParse").unwrap_or(false)
}

fn parser(
    column: &OutputColumn,
    layout: &FlatFileLayout,
    retain_nulls: bool,
) -> Result<ColumnParser, (Code, String)> {
    let locale = i32::try_from(layout.lcid)
        .ok()
        .and_then(|l| Locale::from_lcid(l).ok());
    let locale = locale.unwrap_or_else(Locale::en_us);
    let empty = if retain_nulls {
        EmptyText::Null
    } else {
        EmptyText::Default
    };
    ColumnParser::bind(&column.column_type, &locale, is_fast(column))
        .map(|parser| parser.with_empty(empty))
        .map_err(|error| match error {
            packmule_types::text::ParserError::FastParse(_) => (FAST_PARSE_TYPE, error.to_string()),
            packmule_types::text::ParserError::CodePage(_) => (CODE_PAGE, error.to_string()),
            packmule_types::text::ParserError::Type(_) => {
                (CONVERSION_UNSUPPORTED, error.to_string())
            }
        })
}

fn scanner(layout: &FlatFileLayout) -> Result<(Scanner, Encoding), String> {
    let encoding = if layout.unicode {
        Encoding::Utf16
    } else {
        Encoding::Page(CodePage::new(layout.code_page).map_err(|error| error.to_string())?)
    };
    let unit = match encoding {
        Encoding::Utf16 => Unit::Utf16,
        Encoding::Page(page) => Unit::Page(page),
    };
    let mut columns = Vec::new();
    for (at, field) in layout.columns.iter().enumerate() {
        let last = at + 1 == layout.columns.len();
        if field.is_delimited
            && field.delimiter.is_empty()
            && (!last || layout.row_delimiter.is_empty())
        {
            return Err(format!("the column '{}' has no delimiter", field.name));
        }
        if !field.is_delimited && field.width == 0 {
            return Err(format!("the column '{}' has no width", field.name));
        }
        columns.push(ScanColumn {
            extent: if field.is_delimited {
                Extent::Delimited(field.delimiter.clone().into_bytes())
            } else {
                Extent::Fixed(field.width)
            },
            qualified: field.text_qualified,
        });
    }
    if columns.is_empty() {
        return Err("the flat file has no columns".to_owned());
    }
    let fixed = layout.columns.iter().all(|c| !c.is_delimited);
    let row = if fixed {
        Vec::new()
    } else {
        row_delimiter(layout)
    };
    let qualifier = layout.text_qualifier.clone().map(String::into_bytes);
    let check = layout.always_check_for_row_delimiters;
    Ok((Scanner::new(columns, row, qualifier, check, unit), encoding))
}

/// The last column's delimiter ends the row; where it has none, the layout's.
fn row_delimiter(layout: &FlatFileLayout) -> Vec<u8> {
    let last = layout.columns.last().filter(|c| c.is_delimited);
    let own = last.map(|c| c.delimiter.as_str()).filter(|d| !d.is_empty());
    own.unwrap_or(&layout.row_delimiter).as_bytes().to_vec()
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let Some(connection) = site.connection(CONNECTION) else {
        let message = "no connection manager is given".to_owned();
        return vec![site.finding(Code(0xC020_801C), Some(CONNECTION), message)];
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
    if let Err(message) = scanner(&layout) {
        findings.push(site.finding(CANNOT_OPEN, Some(CONNECTION), message));
    }
    if let Some((_, output)) = site.regular_output() {
        for column in &output.columns {
            findings.extend(validate_column(site, output, column, &layout));
        }
    }
    findings
}

fn validate_column(
    site: &Site<'_>,
    output: &Output,
    column: &OutputColumn,
    layout: &FlatFileLayout,
) -> Vec<Finding> {
    let settings = Settings::new(site);
    let place = site.output_column_path(output, &column.name);
    let mut findings = Vec::new();
    if column.name == settings.file_name_column && !settings.file_name_column.is_empty() {
        return findings;
    }
    if field_of(output, column, layout).is_none() {
        let message = format!("{place}: the flat file has no column of this name");
        findings.push(site.finding(NO_COLUMN, None, message));
    }
    let code = match column.column_type.data_type {
        DataType::NText if !layout.unicode => Some(NTEXT_IN_ANSI),
        DataType::Text if layout.unicode => Some(TEXT_IN_UNICODE),
        DataType::Image => Some(IMAGE),
        _ => None,
    };
    if let Some(code) = code {
        let text = packmule_types::code::describe(code, &[&place]);
        findings.push(site.finding(code, None, text));
    }
    if column.property_boolean("UseBinaryFormat") == Some(true) {
        findings.push(unsupported(
            site.component,
            Reason::UnsupportedProperty,
            Some("UseBinaryFormat"),
            format!("{place}: raw binary fields are not supported"),
            "read the column as text",
        ));
    }
    if let Err((code, message)) = parser(column, layout, settings.retain_nulls) {
        findings.push(site.finding(code, Some("FastParse"), format!("{place}: {message}")));
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let missing = || site.events.error(Code(0xC020_801C), &[CONNECTION]);
    let connection = site.connection(CONNECTION).ok_or_else(missing)?;
    let layout = site.flow.connections.flat_file(connection);
    let layout = layout.map_err(|error| error.report(&site.events))?;
    let file = File::open(&layout.path).map_err(|error| {
        let text = packmule_types::code::describe(CANNOT_OPEN, &[&layout.file]);
        let remedy = format!("{}: {error}", layout.path.display());
        site.events.error_text(CANNOT_OPEN, text, Some(&remedy))
    })?;
    let source = source(site, &layout, Box::new(file))?;
    site.events.information(PROCESSING_STARTED, &[&layout.file]);
    Ok(Bound::Source(Box::new(source)))
}

fn source(
    site: &Site<'_>,
    layout: &FlatFileLayout,
    input: Box<dyn std::io::Read + Send>,
) -> Result<FlatFile, Reported> {
    let settings = Settings::new(site);
    let (scanner, encoding) =
        scanner(layout).map_err(|message| site.events.error_text(CANNOT_OPEN, message, None))?;
    let (regular, output) = site.regular_output().ok_or_else(|| {
        site.events
            .error_text(CANNOT_OPEN, "the source has no output", None)
    })?;
    let columns = read_columns(site, output, layout, &settings)?;
    let mut file_order: Vec<usize> = (0..columns.len()).collect();
    file_order.sort_by_key(|at| columns.get(*at).map(|c| c.field));
    let row = row_delimiter(layout);
    let header = layout.header_row_delimiter.clone().into_bytes();
    let header = if header.is_empty() {
        row.clone()
    } else {
        header
    };
    let mut header_rows = layout.header_rows_to_skip;
    let mut names_rows = u64::from(layout.column_names_in_first_row);
    let mut data_rows = layout.data_rows_to_skip;
    if row.is_empty() {
        // Nothing but its width ends a row: rows before the data are skipped as such.
        data_rows = data_rows.saturating_add(std::mem::take(&mut names_rows));
        if header.is_empty() {
            data_rows = data_rows.saturating_add(std::mem::take(&mut header_rows));
        }
    }
    let reader = Reader {
        columns,
        file_order,
        field_names: layout.columns.iter().map(|c| c.name.clone()).collect(),
        file: layout.file.clone(),
        // Documented: RetainNulls has an effect on delimited files only.
        retain_nulls: settings.retain_nulls && layout.format != FlatFileFormat::FixedWidth,
        names_row: layout.column_names_in_first_row,
        scanner,
        outputs: output_places(site, regular),
        events: site.events.clone(),
    };
    Ok(FlatFile {
        reader: Arc::new(reader),
        chunks: Chunks::from_reader(input, encoding),
        morsel_bytes: settings.morsel_bytes,
        header: (header_rows, header),
        names: (names_rows, row),
        data_rows_to_skip: data_rows,
        rows: 0,
        begun: false,
    })
}

fn read_columns(
    site: &Site<'_>,
    output: &Output,
    layout: &FlatFileLayout,
    settings: &Settings,
) -> Result<Vec<ReadColumn>, Reported> {
    let mut columns = Vec::new();
    for column in &output.columns {
        let is_file_name =
            !settings.file_name_column.is_empty() && column.name == settings.file_name_column;
        let field = field_of(output, column, layout).map(|(at, _)| at);
        if field.is_none() && !is_file_name {
            return Err(site.events.error(NO_COLUMN, &[&column.name]));
        }
        let parser = parser(column, layout, settings.retain_nulls)
            .map_err(|(code, message)| site.events.error_text(code, message, None))?;
        columns.push(ReadColumn {
            field: field.filter(|_| !is_file_name),
            name: column.name.clone(),
            path: site.output_column_path(output, &column.name),
            lineage: column.lineage,
            column_type: column.column_type,
            parser: Arc::new(parser),
            dispositions: Dispositions {
                error: column.error_disposition,
                truncation: column.truncation_disposition,
            },
            needs_values: site.plan.needs_values(column.lineage),
            seldom_canonical: AtomicBool::new(false),
            warns_of_empty: AtomicBool::new(false),
        });
    }
    Ok(columns)
}

fn output_places(site: &Site<'_>, regular: usize) -> OutputPlaces {
    let error = site.error_output();
    let text =
        error.and_then(|(_, output)| output.columns.iter().position(|c| c.special_flags == 0));
    OutputPlaces {
        regular,
        error: error.map(|(index, output)| (index, ErrorColumns::new(output))),
        error_texts: text.unwrap_or(usize::MAX),
    }
}

/// Scans and reads arbitrary bytes as a flat file; for fuzzing. The first bytes choose the
/// layout.
pub(crate) fn fuzz(data: &[u8]) {
    let (head, content) = data.split_at(data.len().min(6));
    let byte = |at: usize| head.get(at).copied().unwrap_or(0);
    let columns = usize::from(byte(0) % 5) + 1;
    let delimiters: [&[u8]; 6] = [b",", b"\t", b"||", b"\r", b"a", b"\xC3\xA4"];
    let rows: [&[u8]; 4] = [b"\n", b"\r\n", b"|", b";\n"];
    let qualifiers: [Option<&[u8]>; 4] = [None, Some(b"\""), Some(b"''"), Some(b",")];
    let pick =
        |at: usize, column: usize| (usize::from(byte(at)) + column * usize::from(byte(4) & 1)) % 6;
    let specs = (0..columns).map(|column| ScanColumn {
        extent: if byte(5) & (1 << column) == 0 {
            Extent::Delimited(delimiters[pick(1, column)].to_vec())
        } else {
            Extent::Fixed(u32::from(byte(3) % 7) + 1)
        },
        qualified: byte(3) & 1 == 0,
    });
    let encodings = [
        Encoding::Utf16,
        Encoding::Page(CodePage::utf8()),
        CodePage::new(1252).map_or(Encoding::Utf16, Encoding::Page),
        CodePage::new(932).map_or(Encoding::Utf16, Encoding::Page),
    ];
    let encoding = encodings[usize::from(byte(2) >> 4) % 4];
    let unit = match encoding {
        Encoding::Utf16 => Unit::Utf16,
        Encoding::Page(page) => Unit::Page(page),
    };
    let row = rows[usize::from(byte(2)) % 4].to_vec();
    let qualifier = qualifiers[usize::from(byte(4)) % 4].map(<[u8]>::to_vec);
    let scanner = Scanner::new(specs.collect(), row, qualifier, byte(4) & 2 == 0, unit);
    let input = std::io::Cursor::new(content.to_vec());
    let mut chunks = Chunks::from_reader(Box::new(input), encoding);
    let step = usize::from(byte(3)) + 1;
    cut::drain(&mut chunks, &scanner, step);
}
