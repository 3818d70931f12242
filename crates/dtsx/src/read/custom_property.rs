//! Custom properties of components, inputs, outputs and columns.

use crate::finding::Severity;
use crate::model::{ComponentProperty, Element};
use crate::read::columns::{check, flag};
use crate::read::references::Ids;
use crate::read::{Reader, members};
use crate::text::unescape;

const PROPERTY: &[&str] = &[
    "id",
    "name",
    "dataType",
    "state",
    "isArray",
    "description",
    "typeConverter",
    "UITypeEditor",
    "containsID",
    "expressionType",
    "space",
];

/// Reads the custom properties of a component, input, output or column.
pub(crate) fn properties(
    reader: &mut Reader,
    owner: &Element,
    place: &str,
    ids: &Ids,
) -> Vec<ComponentProperty> {
    members(owner, "properties", "property")
        .map(|element| property(reader, element, place, ids))
        .collect()
}

fn property(reader: &mut Reader, element: &Element, place: &str, ids: &Ids) -> ComponentProperty {
    let name = element.attribute("name").unwrap_or_default().to_owned();
    check(reader, element, place, PROPERTY, &["arrayElements"]);
    let data_type = element.attribute("dataType").unwrap_or_default().to_owned();
    let escaped = element.attribute("state") == Some("escaped");
    let plain = |text: &str| {
        if escaped {
            unescape(text)
        } else {
            text.to_owned()
        }
    };
    let array = flag(element, "isArray", false).then(|| {
        members(element, "arrayElements", "arrayElement")
            .map(|e| plain(&e.text))
            .collect()
    });
    let null = array.is_some() || data_type == "System.Null";
    let value = (!null).then(|| plain(&element.text));
    let contains_id = flag(element, "containsID", false);
    let mut references = Vec::new();
    // Ids are signed: an unsigned number (the flags of a Character Map) says so by mistake.
    let is_id = contains_id && data_type != "System.UInt32";
    if is_id && let Some(text) = &value {
        let expression = name == "Expression";
        let (found, broken) = ids.in_text(text, expression);
        references = found;
        for reference in broken {
            // What the designer itself marks as gone: so it saves Count all, and replaced columns.
            let marked = reference.contains(":invalid");
            reader.findings.dangling(
                if marked {
                    Severity::Information
                } else {
                    Severity::Warning
                },
                place,
                Some(&name),
                format!("the column {reference} is not there"),
                &element.location,
            );
        }
    }
    ComponentProperty {
        name,
        data_type,
        value,
        array,
        contains_id,
        references,
        location: element.location.clone(),
    }
}
