//! Connection managers, of a package and of a project, with flat file and cache columns.

use packmule_types::{ColumnType, DataType};

use crate::model::{
    CacheColumn, ConnectionManager, Element, FlatFileColumn, Properties, UNKNOWN_TYPE,
};
use crate::names;
use crate::read::{
    Reader, members, properties, property_expressions, property_owned, property_text,
};
use crate::text::unescape;

/// Outer properties with a field of their own.
const TYPED: &[&str] = &["refId", "ObjectName", "DTSID", "CreationName"];

const KNOWN_OUTER: &[&str] = &["DelayValidation", "Description"];

const KNOWN_CHILDREN: &[&str] = &["Property", "PropertyExpression", "ObjectData"];

/// Properties of the inner element of native types.
const KNOWN_INNER: &[&str] = &[
    "ConnectionString",
    "Retain",
    "ConnectRetryCount",
    "ConnectRetryInterval",
    "ConnectByProxy",
    "Password",
    "FileUsageType",
    "Format",
    "LocaleID",
    "Unicode",
    "CodePage",
    "HeaderRowsToSkip",
    "DataRowsToSkip",
    "HeaderRowDelimiter",
    "ColumnNamesInFirstDataRow",
    "RowDelimiter",
    "TextQualifier",
    "AlwaysCheckForRowDelimiters",
    "UseFileCache",
    "CacheFileName",
    "FileName",
    "Name",
];

/// Properties of the element of FTP managers.
const KNOWN_FTP: &[&str] = &[
    "ConnectionString",
    "ServerName",
    "ServerPort",
    "ServerUserName",
    "ServerPassword",
    "UsePassiveMode",
    "TimeOut",
    "Timeout",
    "Retries",
    "ChunkSize",
    "Password",
];

/// Properties of the element of HTTP managers.
const KNOWN_HTTP: &[&str] = &[
    "ConnectionString",
    "ServerURL",
    "UseServerCredentials",
    "ServerUserName",
    "ServerPassword",
    "ServerDomain",
    "UseSecureConnection",
    "CertificateIdentifier",
    "Certificate",
    "TimeOut",
    "Timeout",
    "ChunkSize",
    "UseProxy",
    "ProxyURL",
    "UseProxyCredentials",
    "ProxyUserName",
    "ProxyPassword",
    "ProxyDomain",
    "BypassProxyOnLocal",
    "ProxyBypassList",
    "Password",
];

/// Flat file properties that hold `_xHHHH_` escapes.
const ESCAPED: &[&str] = &["HeaderRowDelimiter", "RowDelimiter", "TextQualifier"];

/// Reads a connection manager; `owner` is `Package` or `Project`.
pub(crate) fn connection_manager(
    reader: &mut Reader,
    element: &Element,
    owner: &str,
) -> ConnectionManager {
    let node = reader.node();
    let name = property_owned(element, "ObjectName");
    let ref_id = element
        .attribute("refId")
        .filter(|id| !id.is_empty())
        .map_or_else(
            || format!("{owner}.ConnectionManagers[{name}]"),
            str::to_owned,
        );
    let stored_type = property_owned(element, "CreationName");
    let named = names::connection(&stored_type);
    if !named.known {
        reader.findings.third_party(
            &ref_id,
            format!("the connection manager type {stored_type} is another maker's"),
            &element.location,
        );
    }
    let mut stored = properties(element, TYPED);
    reader.check_properties(&ref_id, &stored, KNOWN_OUTER);
    reader.check_children(&ref_id, element, KNOWN_CHILDREN);
    let mut manager = ConnectionManager {
        node,
        name,
        dtsid: property_text(element, "DTSID")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        type_name: named.name,
        stored_type,
        properties: Properties::default(),
        flat_file_columns: Vec::new(),
        cache_columns: Vec::new(),
        data: None,
        property_expressions: property_expressions(element),
        location: element.location.clone(),
        ref_id,
    };
    let object_data = element.child("ObjectData");
    for content in object_data.iter().flat_map(|data| &data.children) {
        if content.name == "ConnectionManager" {
            native(reader, content, &mut manager, &mut stored);
        } else if manager.data.is_none() {
            managed(content, &mut manager, &mut stored);
        } else {
            reader.findings.unknown(
                &manager.ref_id,
                None,
                format!("the element {} in ObjectData is left out", content.name),
                &content.location,
            );
        }
    }
    manager.properties = stored;
    manager
}

/// The inner `DTS:ConnectionManager` of native types.
fn native(
    reader: &mut Reader,
    element: &Element,
    manager: &mut ConnectionManager,
    stored: &mut Properties,
) {
    let mut inner = properties(element, &[]);
    reader.check_properties(&manager.ref_id, &inner, KNOWN_INNER);
    for property in &mut inner.0 {
        if ESCAPED.contains(&property.name.as_str())
            && let crate::model::PropertyValue::Text(text) = &mut property.value
        {
            *text = unescape(text);
        }
    }
    stored.0.append(&mut inner.0);
    manager.flat_file_columns = members(element, "FlatFileColumns", "FlatFileColumn")
        .map(|column| flat_file_column(reader, column, &manager.ref_id))
        .collect();
    manager.cache_columns = members(element, "CacheColumns", "CacheColumn")
        .map(|column| cache_column(reader, column, &manager.ref_id))
        .collect();
    for child in &element.children {
        match child.name.as_str() {
            "Property" | "FlatFileColumns" | "FlatFileColumn" | "CacheColumns" | "CacheColumn"
            | "Password" | "EncryptedData" => {}
            "FtpConnection" => server(reader, child, manager, stored, KNOWN_FTP),
            "HttpConnection" => server(reader, child, manager, stored, KNOWN_HTTP),
            _ if crate::protect::is_sensitive(child) => {}
            other => {
                reader.findings.unknown(
                    &manager.ref_id,
                    None,
                    format!("the element {other} is not known"),
                    &child.location,
                );
                if manager.data.is_none() {
                    manager.data = Some(child.clone());
                }
            }
        }
    }
}

/// The element of an FTP or web server; its attributes and secrets count as properties too.
fn server(
    reader: &mut Reader,
    element: &Element,
    manager: &mut ConnectionManager,
    stored: &mut Properties,
    known: &[&str],
) {
    let mut inner = properties(element, &["xmlns"]);
    reader.check_properties(&manager.ref_id, &inner, known);
    stored.0.append(&mut inner.0);
    manager.data = Some(element.clone());
}

/// The own element of a managed type; its attributes and secrets count as properties too, so
/// that `ConnectionString` is found in one place for every type.
fn managed(element: &Element, manager: &mut ConnectionManager, stored: &mut Properties) {
    stored.0.append(&mut properties(element, &["xmlns"]).0);
    manager.data = Some(element.clone());
}

/// The type that numbers in a column's properties say.
fn column_type(reader: &mut Reader, element: &Element, place: &str, length: u32) -> ColumnType {
    let number = reader.integer(place, element, "DataType", 130);
    let Some(data_type) = u16::try_from(number).ok().and_then(DataType::from_number) else {
        reader.findings.unknown_value(
            place,
            Some("DataType"),
            format!("the type {number} is not known"),
            &element.location,
        );
        return ColumnType::new(UNKNOWN_TYPE);
    };
    let small = |value: i64| u8::try_from(value).unwrap_or(0);
    let precision_name = if element.name == "CacheColumn" {
        "Precision"
    } else {
        "DataPrecision"
    };
    let scale_name = if element.name == "CacheColumn" {
        "Scale"
    } else {
        "DataScale"
    };
    let precision = small(reader.integer(place, element, precision_name, 0));
    let scale = small(reader.integer(place, element, scale_name, 0));
    let code_page = unsigned(reader, element, place, "CodePage");
    normalized(data_type, length, precision, scale, code_page)
}

/// A column type with only those parameters that its type has.
pub(crate) fn normalized(
    data_type: DataType,
    length: u32,
    precision: u8,
    scale: u8,
    code_page: u32,
) -> ColumnType {
    use DataType as D;
    match data_type {
        D::WStr => ColumnType::wstr(length),
        D::Str => ColumnType::str(length, code_page),
        D::Bytes => ColumnType {
            length,
            ..ColumnType::new(D::Bytes)
        },
        D::Text => ColumnType {
            code_page,
            ..ColumnType::new(D::Text)
        },
        D::Numeric => ColumnType::numeric(precision, scale),
        D::Decimal => ColumnType::decimal(scale),
        D::DbTime2 | D::DbTimeStamp2 | D::DbTimeStampOffset => ColumnType::scaled(data_type, scale),
        other => ColumnType::new(other),
    }
}

fn unsigned(reader: &mut Reader, element: &Element, place: &str, name: &str) -> u32 {
    let value = reader.integer(place, element, name, 0);
    u32::try_from(value).unwrap_or_else(|_| {
        reader.findings.invalid(
            place,
            Some(name),
            format!("{value} is out of range"),
            &element.location,
        );
        0
    })
}

/// A flat file column. Its code page is that of the connection manager, which a property
/// expression may change; it is filled in by whoever opens the file.
fn flat_file_column(reader: &mut Reader, element: &Element, manager: &str) -> FlatFileColumn {
    let name = property_owned(element, "ObjectName");
    let place = format!("{manager}.Columns[{name}]");
    let maximum_width = unsigned(reader, element, &place, "MaximumWidth");
    FlatFileColumn {
        node: reader.node(),
        column_type: property_text(element, "ColumnType")
            .unwrap_or("Delimited")
            .trim()
            .to_owned(),
        delimiter: unescape(property_text(element, "ColumnDelimiter").unwrap_or_default()),
        width: unsigned(reader, element, &place, "ColumnWidth"),
        maximum_width,
        data_type: column_type(reader, element, &place, maximum_width),
        text_qualified: reader.boolean(&place, element, "TextQualified", false),
        name,
    }
}

fn cache_column(reader: &mut Reader, element: &Element, manager: &str) -> CacheColumn {
    let name = property_owned(element, "ObjectName");
    let place = format!("{manager}.Columns[{name}]");
    let length = unsigned(reader, element, &place, "Length");
    CacheColumn {
        data_type: column_type(reader, element, &place, length),
        index_position: unsigned(reader, element, &place, "IndexPosition"),
        name,
    }
}
