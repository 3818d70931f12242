//! `ReferenceMetadataXml`: names and types of the reference table's columns.

use packmule_types::{ColumnType, DataType};

use super::settings::ReferenceColumn;

/// Nodes that a text may have; a table has no more than some thousand columns.
const NODES_MAX: u32 = 100_000;

/// Reads the columns of the text; one without a known type is left out. An error says why the
/// text is no XML.
pub(super) fn parse(text: &str) -> Result<Vec<ReferenceColumn>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let options = roxmltree::ParsingOptions {
        nodes_limit: NODES_MAX,
        ..Default::default()
    };
    let document =
        roxmltree::Document::parse_with_options(text.trim(), options).map_err(|e| e.to_string())?;
    let columns = document
        .descendants()
        .filter(|node| node.has_tag_name("referenceColumn"));
    Ok(columns.filter_map(column).collect())
}

fn column(node: roxmltree::Node<'_, '_>) -> Option<ReferenceColumn> {
    let number = |name: &str| {
        node.attribute(name)
            .and_then(|v| v.trim().parse::<u32>().ok())
            .unwrap_or(0)
    };
    let small = |name: &str| u8::try_from(number(name)).unwrap_or(u8::MAX);
    let word = node.attribute("dataType")?.trim();
    let data_type = DataType::from_name(word).or_else(|| DataType::from_xml(word))?;
    let column_type = ColumnType {
        data_type,
        length: number("length"),
        precision: small("precision").min(38),
        scale: small("scale").min(38),
        code_page: number("codePage"),
    };
    Some(ReferenceColumn {
        name: node.attribute("name")?.to_owned(),
        column_type,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types() {
        let text = "<referenceMetadata><referenceColumns>\
            <referenceColumn name=\"Id\" dataType=\"DT_I2\" length=\"0\" precision=\"0\" scale=\"0\" codePage=\"0\"/>\
            <referenceColumn name=\"A &amp; B\" dataType=\"DT_STR\" length=\"50\" precision=\"0\" scale=\"0\" codePage=\"1252\"/>\
            <referenceColumn name=\"n\" dataType=\"DT_NUMERIC\" length=\"0\" precision=\"18\" scale=\"4\" codePage=\"0\"/>\
            <referenceColumn name=\"odd\" dataType=\"DT_NOTHING\"/>\
            </referenceColumns></referenceMetadata>";
        let columns = parse(text).unwrap();
        let columns: Vec<_> = columns
            .iter()
            .map(|c| (c.name.as_str(), c.column_type))
            .collect();
        let expected = [
            ("Id", ColumnType::new(DataType::I2)),
            ("A & B", ColumnType::str(50, 1252)),
            ("n", ColumnType::numeric(18, 4)),
        ];
        assert_eq!(columns, expected);
    }

    #[test]
    fn odd_texts() {
        assert!(parse("").unwrap().is_empty());
        assert!(parse("<a/>").unwrap().is_empty());
        assert!(parse("<a><b></a>").is_err());
        assert!(parse(&"<a>".repeat(1000)).is_err());
    }
}
