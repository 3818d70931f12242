//! What a column is, as headers of the protocol say it (PROTOCOL.md 2.5).

use packmule_types::{ColumnType, DataType};
use serde_json::{Value as Json, json};

/// COLUMN of the protocol. `usage` is `read` or `read_write` for columns of inputs.
pub fn wire_column(
    id: i64,
    name: &str,
    lineage: i64,
    column_type: &ColumnType,
    usage: Option<&str>,
) -> Json {
    let mut column = json!({
        "id": id,
        "name": name,
        "lineage": lineage,
        "type": column_type.data_type.xml(),
        "length": column_type.length,
        "precision": column_type.precision,
        "scale": column_type.scale,
        "code_page": column_type.code_page,
    });
    if let (Some(usage), Some(members)) = (usage, column.as_object_mut()) {
        members.insert("usage".to_owned(), Json::from(usage));
    }
    column
}

/// Name and type of a COLUMN; `None` for a type that is none or numbers that no column has.
pub fn column_of(column: &Json) -> Option<(String, ColumnType)> {
    let number = |name: &str| match column.get(name) {
        None | Some(Json::Null) => Some(0),
        Some(value) => value.as_u64(),
    };
    let name = column
        .get("name")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let data_type = DataType::from_xml(column.get("type")?.as_str()?)?;
    let column_type = ColumnType {
        data_type,
        length: u32::try_from(number("length")?).ok()?,
        precision: u8::try_from(number("precision")?)
            .ok()
            .filter(|p| *p <= 38)?,
        scale: u8::try_from(number("scale")?).ok().filter(|s| *s <= 38)?,
        code_page: u32::try_from(number("code_page")?).ok()?,
    };
    Some((name.to_owned(), column_type))
}
