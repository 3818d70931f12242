//! Inputs, outputs and columns of a component, and their custom properties.

use packmule_types::{ColumnType, DataType};

use crate::finding::Severity;
use crate::model::{
    Disposition, Element, ExternalColumn, Input, InputColumn, LineageId, Output, OutputColumn,
    UNKNOWN_TYPE, Usage, parse_boolean,
};
use crate::read::connection::normalized;
use crate::read::custom_property::properties;
use crate::read::references::Ids;
use crate::read::{Reader, members};

/// A type from a word and its parameters; the attributes of cached types start with `cached`.
pub(crate) fn column_type(
    reader: &mut Reader,
    element: &Element,
    place: &str,
    word: &str,
    prefix: &str,
) -> ColumnType {
    let word = element.attribute(word).unwrap_or("empty");
    let Some(data_type) = DataType::from_xml(word) else {
        if !place.is_empty() {
            reader.findings.unknown_value(
                place,
                Some("dataType"),
                format!("the type {word:?} is not known"),
                &element.location,
            );
        }
        return ColumnType::new(UNKNOWN_TYPE);
    };
    let number = |plain: &str, cached: &str| -> u32 {
        let name = if prefix.is_empty() { plain } else { cached };
        let text = element.attribute(name).unwrap_or("0").trim();
        text.parse().unwrap_or(0)
    };
    let small = |value: u32| u8::try_from(value).unwrap_or(0);
    normalized(
        data_type,
        number("length", "cachedLength"),
        small(number("precision", "cachedPrecision")),
        small(number("scale", "cachedScale")),
        number("codePage", "cachedCodepage"),
    )
}

/// The stored path of an element, or one made from its owner's.
fn ref_id(element: &Element, owner: &str, collection: &str, name: &str) -> String {
    match element.attribute("refId").filter(|r| !r.is_empty()) {
        Some(stored) => stored.to_owned(),
        None => format!("{owner}.{collection}[{name}]"),
    }
}

fn disposition(reader: &mut Reader, element: &Element, place: &str, name: &str) -> Disposition {
    match element.attribute(name).map(str::trim) {
        None | Some("" | "NotUsed") => Disposition::NotUsed,
        Some("FailComponent") => Disposition::FailComponent,
        Some("IgnoreFailure") => Disposition::IgnoreFailure,
        Some("RedirectRow") => Disposition::RedirectRow,
        Some(other) => {
            reader.findings.unknown_value(
                place,
                Some(name),
                format!("the disposition {other:?} is not known; it is read as FailComponent"),
                &element.location,
            );
            Disposition::FailComponent
        }
    }
}

fn dispositions(reader: &mut Reader, element: &Element, place: &str) -> (Disposition, Disposition) {
    (
        disposition(reader, element, place, "errorRowDisposition"),
        disposition(reader, element, place, "truncationRowDisposition"),
    )
}

pub(crate) fn flag(element: &Element, name: &str, default: bool) -> bool {
    element
        .attribute(name)
        .and_then(parse_boolean)
        .unwrap_or(default)
}

pub(crate) fn number(reader: &mut Reader, element: &Element, place: &str, name: &str) -> i32 {
    number_or(reader, element, place, name, 0)
}

/// A whole number from an attribute; reported when it is none.
pub(crate) fn number_or(
    reader: &mut Reader,
    element: &Element,
    place: &str,
    name: &str,
    default: i32,
) -> i32 {
    let Some(text) = element.attribute(name).map(str::trim) else {
        return default;
    };
    match text.parse() {
        Ok(value) => value,
        Err(_) if text.is_empty() => default,
        Err(_) => {
            reader.findings.invalid(
                place,
                Some(name),
                format!("{text:?} is no whole number"),
                &element.location,
            );
            default
        }
    }
}

/// Reports attributes and children that are not known.
pub(crate) fn check(
    reader: &mut Reader,
    element: &Element,
    place: &str,
    attributes: &[&str],
    children: &[&str],
) {
    for (name, _) in &element.attributes {
        if !attributes.contains(&name.as_str()) {
            reader.findings.unknown(
                place,
                Some(name),
                format!("the attribute {name} of {} is not known", element.name),
                &element.location,
            );
        }
    }
    reader.check_children(place, element, children);
}

const INPUT: &[&str] = &[
    "refId",
    "id",
    "name",
    "description",
    "hasSideEffects",
    "dangling",
    "errorOrTruncationOperation",
    "errorRowDisposition",
    "truncationRowDisposition",
    "isSorted",
];

/// Reads an input.
pub(crate) fn input(reader: &mut Reader, element: &Element, owner: &str, ids: &Ids) -> Input {
    let name = element.attribute("name").unwrap_or_default().to_owned();
    let ref_id = ref_id(element, owner, "Inputs", &name);
    check(
        reader,
        element,
        &ref_id,
        INPUT,
        &["properties", "inputColumns", "externalMetadataColumns"],
    );
    let (error_disposition, truncation_disposition) = dispositions(reader, element, &ref_id);
    let external_columns = external_columns(reader, element, &ref_id, ids);
    Input {
        node: reader.node(),
        id: ids.id_of(element),
        has_side_effects: flag(element, "hasSideEffects", false),
        error_disposition,
        truncation_disposition,
        columns: members(element, "inputColumns", "inputColumn")
            .map(|column| input_column(reader, column, &ref_id, ids, &external_columns))
            .collect(),
        external_columns,
        properties: properties(reader, element, &ref_id, ids),
        name,
        ref_id,
    }
}

const INPUT_COLUMN: &[&str] = &[
    "refId",
    "id",
    "name",
    "description",
    "lineageId",
    "usageType",
    "cachedName",
    "cachedDataType",
    "cachedLength",
    "cachedPrecision",
    "cachedScale",
    "cachedCodepage",
    "cachedSortKeyPosition",
    "cachedComparisonFlags",
    "externalMetadataColumnId",
    "mappedColumnId",
    "errorOrTruncationOperation",
    "errorRowDisposition",
    "truncationRowDisposition",
];

fn input_column(
    reader: &mut Reader,
    element: &Element,
    owner: &str,
    ids: &Ids,
    external: &[ExternalColumn],
) -> InputColumn {
    let reference = element.attribute("lineageId").unwrap_or_default();
    let lineage = ids.lineage(reference);
    let source = lineage.and_then(|l| ids.output(l));
    let name = source
        .map(|(name, _)| name.as_str())
        .or_else(|| element.attribute("cachedName"))
        .or_else(|| element.attribute("name"))
        .unwrap_or_default()
        .to_owned();
    let ref_id = ref_id(element, owner, "Columns", &name);
    check(reader, element, &ref_id, INPUT_COLUMN, &["properties"]);
    if source.is_none() {
        reader.findings.dangling(
            Severity::Warning,
            &ref_id,
            Some("lineageId"),
            format!("the column {reference} that the input column comes from is not there"),
            &element.location,
        );
    }
    let cached_type = element
        .attribute("cachedDataType")
        .is_some()
        .then(|| column_type(reader, element, &ref_id, "cachedDataType", "cached"));
    let usage = match element.attribute("usageType").map(str::trim) {
        None | Some("" | "readOnly") => Usage::ReadOnly,
        Some("readWrite") => Usage::ReadWrite,
        Some("ignored") => Usage::Ignored,
        Some(other) => {
            reader.findings.unknown_value(
                &ref_id,
                Some("usageType"),
                format!("the usage {other:?} is not known; it is read as readOnly"),
                &element.location,
            );
            Usage::ReadOnly
        }
    };
    let (error_disposition, truncation_disposition) = dispositions(reader, element, &ref_id);
    InputColumn {
        node: reader.node(),
        id: ids.id_of(element),
        lineage: source.and(lineage).unwrap_or(LineageId(0)),
        name,
        usage,
        cached_type,
        external: mapped(reader, element, &ref_id, external, ids),
        error_disposition,
        truncation_disposition,
        properties: properties(reader, element, &ref_id, ids),
        ref_id,
    }
}

/// The path of the external column that a column is mapped to: integers become paths where
/// they name a column of the same input or output. Error outputs name those of their source's
/// other output.
fn mapped(
    reader: &mut Reader,
    element: &Element,
    place: &str,
    external: &[ExternalColumn],
    ids: &Ids,
) -> String {
    let stored = element
        .attribute("externalMetadataColumnId")
        .unwrap_or_default();
    if stored.is_empty() || stored.trim() == "0" {
        return String::new();
    }
    let found = external
        .iter()
        .find(|column| column.ref_id == stored || stored.trim().parse() == Ok(column.id));
    match found {
        Some(column) => column.ref_id.clone(),
        None if stored.contains(".ExternalColumns[") && ids.has_path(stored) => stored.to_owned(),
        None => {
            reader.findings.dangling(
                Severity::Warning,
                place,
                Some("externalMetadataColumnId"),
                format!("the external column {stored} is not there"),
                &element.location,
            );
            stored.to_owned()
        }
    }
}

const OUTPUT: &[&str] = &[
    "refId",
    "id",
    "name",
    "description",
    "synchronousInputId",
    "exclusionGroup",
    "isErrorOut",
    "isSorted",
    "dangling",
    "deleteOutputOnPathDetached",
    "hasSideEffects",
    "errorOrTruncationOperation",
    "errorRowDisposition",
    "truncationRowDisposition",
];

/// Reads an output of a component whose inputs are read already.
pub(crate) fn output(
    reader: &mut Reader,
    element: &Element,
    owner: &str,
    ids: &Ids,
    inputs: &[Input],
) -> Output {
    let name = element.attribute("name").unwrap_or_default().to_owned();
    let ref_id = ref_id(element, owner, "Outputs", &name);
    check(
        reader,
        element,
        &ref_id,
        OUTPUT,
        &["properties", "outputColumns", "externalMetadataColumns"],
    );
    let (error_disposition, truncation_disposition) = dispositions(reader, element, &ref_id);
    let external_columns = external_columns(reader, element, &ref_id, ids);
    Output {
        node: reader.node(),
        id: ids.id_of(element),
        synchronous_input: synchronous_input(reader, element, &ref_id, inputs),
        exclusion_group: number(reader, element, &ref_id, "exclusionGroup"),
        is_error: flag(element, "isErrorOut", false),
        is_sorted: flag(element, "isSorted", false),
        has_side_effects: flag(element, "hasSideEffects", false),
        error_disposition,
        truncation_disposition,
        columns: members(element, "outputColumns", "outputColumn")
            .map(|column| output_column(reader, column, &ref_id, ids, &external_columns))
            .collect(),
        external_columns,
        properties: properties(reader, element, &ref_id, ids),
        name,
        ref_id,
    }
}

fn synchronous_input(
    reader: &mut Reader,
    element: &Element,
    place: &str,
    inputs: &[Input],
) -> Option<usize> {
    let stored = element.attribute("synchronousInputId").unwrap_or_default();
    if matches!(stored.trim(), "" | "0") {
        return None;
    }
    let found = inputs
        .iter()
        .position(|input| input.ref_id == stored || stored.trim().parse() == Ok(input.id));
    if found.is_none() {
        reader.findings.dangling(
            Severity::Error,
            place,
            Some("synchronousInputId"),
            format!("the input {stored} is not there"),
            &element.location,
        );
    }
    found
}

const OUTPUT_COLUMN: &[&str] = &[
    "refId",
    "id",
    "name",
    "description",
    "lineageId",
    "dataType",
    "length",
    "precision",
    "scale",
    "codePage",
    "sortKeyPosition",
    "comparisonFlags",
    "specialFlags",
    "externalMetadataColumnId",
    "mappedColumnId",
    "errorOrTruncationOperation",
    "errorRowDisposition",
    "truncationRowDisposition",
];

fn output_column(
    reader: &mut Reader,
    element: &Element,
    owner: &str,
    ids: &Ids,
    external: &[ExternalColumn],
) -> OutputColumn {
    let name = element.attribute("name").unwrap_or_default().to_owned();
    let ref_id = ref_id(element, owner, "Columns", &name);
    check(reader, element, &ref_id, OUTPUT_COLUMN, &["properties"]);
    let (error_disposition, truncation_disposition) = dispositions(reader, element, &ref_id);
    let id = ids.id_of(element);
    let lineage = element
        .attribute("lineageId")
        .and_then(|l| ids.lineage(l))
        .unwrap_or(LineageId(id));
    let flags = number(reader, element, &ref_id, "comparisonFlags");
    OutputColumn {
        node: reader.node(),
        id,
        lineage,
        column_type: column_type(reader, element, &ref_id, "dataType", ""),
        sort_key_position: number(reader, element, &ref_id, "sortKeyPosition"),
        comparison_flags: u32::try_from(flags).unwrap_or(0),
        special_flags: number(reader, element, &ref_id, "specialFlags"),
        external: mapped(reader, element, &ref_id, external, ids),
        error_disposition,
        truncation_disposition,
        properties: properties(reader, element, &ref_id, ids),
        name,
        ref_id,
    }
}

const EXTERNAL_COLUMN: &[&str] = &[
    "refId",
    "id",
    "name",
    "description",
    "dataType",
    "length",
    "precision",
    "scale",
    "codePage",
    "mappedColumnId",
];

fn external_columns(
    reader: &mut Reader,
    owner: &Element,
    owner_ref: &str,
    ids: &Ids,
) -> Vec<ExternalColumn> {
    members(owner, "externalMetadataColumns", "externalMetadataColumn")
        .map(|element| {
            let name = element.attribute("name").unwrap_or_default().to_owned();
            let ref_id = ref_id(element, owner_ref, "ExternalColumns", &name);
            check(reader, element, &ref_id, EXTERNAL_COLUMN, &["properties"]);
            ExternalColumn {
                node: reader.node(),
                id: ids.id_of(element),
                column_type: column_type(reader, element, &ref_id, "dataType", ""),
                properties: properties(reader, element, &ref_id, ids),
                name,
                ref_id,
            }
        })
        .collect()
}
