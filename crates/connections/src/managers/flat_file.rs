//! Flat File connection manager (`FLATFILE`): path and layout of a text file.
//!
//! | property | default | effect |
//! | --- | --- | --- |
//! | ConnectionString | | the path; mapped when it is opened |
//! | Format | Delimited | Delimited, FixedWidth, RaggedRight, Mixed |
//! | LocaleID | the run's | LCID for numbers and dates |
//! | Unicode | False | UTF-16 LE; CodePage does not count then |
//! | CodePage | 1252 | Windows code page, 65001 = UTF-8 |
//! | HeaderRowsToSkip, DataRowsToSkip | 0 | rows |
//! | HeaderRowDelimiter | the row delimiter | ends a header row |
//! | ColumnNamesInFirstDataRow | False | names stand before the data |
//! | RowDelimiter | empty | used only where the last column has no delimiter |
//! | TextQualifier | none | `<none>` and empty mean none |
//! | AlwaysCheckForRowDelimiters | True; False before 2012 | a row may end early |
//!
//! The columns stand in file order; the last one's delimiter ends the row. Documented in the
//! public page "Flat File Connection Manager". The file itself is not looked at here.

use std::path::PathBuf;

use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::{ConnectionManager, FlatFileColumn, FormatVersion};
use packmule_types::DataType;

use super::{ManagerKind, PropertyDoc, finding};
use crate::error::AcquireError;
use crate::flat_file_layout::{FlatFileField, FlatFileFormat, FlatFileLayout};
use crate::settings::Settings;

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "FLATFILE",
    about: "path and layout of a text file",
    properties: &[
        PropertyDoc {
            name: "ConnectionString",
            default: "",
            about: "the path",
        },
        PropertyDoc {
            name: "Format",
            default: "Delimited",
            about: "Delimited, FixedWidth, RaggedRight, Mixed",
        },
        PropertyDoc {
            name: "LocaleID",
            default: "the run's",
            about: "LCID for numbers and dates",
        },
        PropertyDoc {
            name: "Unicode",
            default: "False",
            about: "UTF-16 LE",
        },
        PropertyDoc {
            name: "CodePage",
            default: "1252",
            about: "Windows code page",
        },
        PropertyDoc {
            name: "HeaderRowsToSkip",
            default: "0",
            about: "rows",
        },
        PropertyDoc {
            name: "DataRowsToSkip",
            default: "0",
            about: "rows",
        },
        PropertyDoc {
            name: "HeaderRowDelimiter",
            default: "the row delimiter",
            about: "ends a header row",
        },
        PropertyDoc {
            name: "ColumnNamesInFirstDataRow",
            default: "False",
            about: "names stand before the data",
        },
        PropertyDoc {
            name: "RowDelimiter",
            default: "",
            about: "ends a row where the last column has no delimiter",
        },
        PropertyDoc {
            name: "TextQualifier",
            default: "<none>",
            about: "stands around texts that may hold delimiters",
        },
        PropertyDoc {
            name: "AlwaysCheckForRowDelimiters",
            default: "True; False before 2012",
            about: "the row delimiter ends a row before its last column too",
        },
    ],
    parts: &[],
    refused: None,
    check,
};

/// The path as the package names it, and as it is here. It may still be empty: an expression
/// over a loop's variable gives it later, and a layout needs no file. Opening it then fails.
fn path(settings: &Settings<'_>) -> Result<(String, PathBuf), AcquireError> {
    let text = settings.path_text()?;
    if text.trim().is_empty() {
        return Ok((text, PathBuf::new()));
    }
    settings.mapped_path()
}

/// Reads what the manager says. `generation` is that of its package; `None` for a project's.
pub(crate) fn layout(
    settings: &Settings<'_>,
    generation: Option<FormatVersion>,
) -> Result<FlatFileLayout, AcquireError> {
    let manager = settings.manager;
    let (file, path) = path(settings)?;
    let format = match settings.text("Format")?.as_deref() {
        None | Some("") => FlatFileFormat::Delimited,
        Some(text) => parse_format(text)
            .ok_or_else(|| settings.property_error("Format", format!("{text} is no format")))?,
    };
    if manager.flat_file_columns.is_empty() {
        return Err(settings.property_error("Columns", "the file has no columns".to_owned()));
    }
    let unicode = settings.boolean("Unicode")?.unwrap_or(false);
    let code_page = settings.number("CodePage", 1252)?;
    let columns: Vec<_> = fields(
        &manager.flat_file_columns,
        format,
        if unicode { 0 } else { code_page },
    );
    let stored_row_delimiter = settings.text("RowDelimiter")?.unwrap_or_default();
    let row_delimiter = columns
        .last()
        .filter(|c| c.is_delimited && !c.delimiter.is_empty())
        .map_or(stored_row_delimiter, |c| c.delimiter.clone());
    let header_row_delimiter = settings
        .text("HeaderRowDelimiter")?
        .filter(|d| !d.is_empty())
        .unwrap_or_else(|| row_delimiter.clone());
    let before_2012 = matches!(generation, Some(FormatVersion::V2 | FormatVersion::V3));
    let layout = FlatFileLayout {
        manager: manager.name.clone(),
        file,
        path,
        format,
        unicode,
        code_page,
        lcid: locale(settings)?,
        header_rows_to_skip: settings.number("HeaderRowsToSkip", 0)?.into(),
        data_rows_to_skip: settings.number("DataRowsToSkip", 0)?.into(),
        header_row_delimiter,
        column_names_in_first_row: settings
            .boolean("ColumnNamesInFirstDataRow")?
            .unwrap_or(false),
        row_delimiter,
        text_qualifier: settings.text("TextQualifier")?.filter(|q| is_qualifier(q)),
        always_check_for_row_delimiters: settings
            .boolean("AlwaysCheckForRowDelimiters")?
            .unwrap_or(!before_2012),
        columns,
    };
    complete(settings, layout)
}

/// Refuses a layout in which a row could not end.
fn complete(
    settings: &Settings<'_>,
    layout: FlatFileLayout,
) -> Result<FlatFileLayout, AcquireError> {
    if let Some(bad) = layout
        .columns
        .iter()
        .find(|c| !c.is_delimited && c.width == 0)
    {
        let reason = format!("column {} has no width", bad.name);
        return Err(settings.property_error("ColumnWidth", reason));
    }
    let last = layout.columns.len().saturating_sub(1);
    let bad = layout.columns.iter().enumerate().find(|(i, c)| {
        c.is_delimited && c.delimiter.is_empty() && (*i < last || layout.row_delimiter.is_empty())
    });
    match bad {
        Some((_, column)) => {
            let reason = format!("column {} has no delimiter", column.name);
            Err(settings.property_error("ColumnDelimiter", reason))
        }
        None => Ok(layout),
    }
}

fn fields(
    columns: &[FlatFileColumn],
    format: FlatFileFormat,
    code_page: u32,
) -> Vec<FlatFileField> {
    let last = columns.len().saturating_sub(1);
    let field = |(i, column): (usize, &FlatFileColumn)| {
        let is_delimited = match format {
            FlatFileFormat::Delimited => true,
            FlatFileFormat::FixedWidth => false,
            FlatFileFormat::RaggedRight => i == last,
            FlatFileFormat::Mixed => column.column_type.eq_ignore_ascii_case("Delimited"),
        };
        let mut column_type = column.data_type;
        if matches!(column_type.data_type, DataType::Str | DataType::Text)
            && column_type.code_page == 0
        {
            column_type.code_page = code_page;
        }
        FlatFileField {
            name: column.name.clone(),
            is_delimited,
            delimiter: column.delimiter.clone(),
            width: column.width,
            column_type,
            text_qualified: column.text_qualified,
        }
    };
    columns.iter().enumerate().map(field).collect()
}

fn is_qualifier(text: &str) -> bool {
    !text.is_empty() && !text.eq_ignore_ascii_case("<none>") && text != "_x003C_none_x003E_"
}

fn locale(settings: &Settings<'_>) -> Result<u32, AcquireError> {
    let stored = settings.integer("LocaleID")?.filter(|l| *l > 0);
    Ok(stored
        .and_then(|l| u32::try_from(l).ok())
        .unwrap_or(settings.default_lcid()))
}

fn parse_format(text: &str) -> Option<FlatFileFormat> {
    Some(match text.trim() {
        t if t.eq_ignore_ascii_case("Delimited") => FlatFileFormat::Delimited,
        t if t.eq_ignore_ascii_case("FixedWidth") => FlatFileFormat::FixedWidth,
        t if t.eq_ignore_ascii_case("RaggedRight") => FlatFileFormat::RaggedRight,
        t if t.eq_ignore_ascii_case("Mixed") => FlatFileFormat::Mixed,
        _ => return None,
    })
}

fn check(manager: &ConnectionManager, findings: &mut Vec<Finding>) {
    let mut bad = |property: &str, message: String, remedy: &str| {
        let reason = Reason::InvalidSetting;
        findings.push(finding(
            manager,
            reason,
            Some(property),
            message,
            Some(remedy),
        ));
    };
    if let Some(format) = manager.properties.text("Format")
        && !format.is_empty()
        && parse_format(format).is_none()
    {
        bad(
            "Format",
            format!("{format} is no format"),
            "use Delimited, FixedWidth, RaggedRight or Mixed",
        );
    }
    if manager.flat_file_columns.is_empty() {
        bad(
            "Columns",
            "the file has no columns".to_owned(),
            "define the file's columns",
        );
    }
}
