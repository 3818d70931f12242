//! One component of a data flow.

use crate::component_class::component_class;
use crate::model::{Component, ComponentConnection, CustomProperties, Element, Input};
use crate::read::columns::{self, check, flag};
use crate::read::custom_property;
use crate::read::references::Ids;
use crate::read::{Reader, members};

const COMPONENT: &[&str] = &[
    "refId",
    "id",
    "name",
    "componentClassID",
    "description",
    "localeId",
    "usesDispositions",
    "validateExternalMetadata",
    "version",
    "pipelineVersion",
    "contactInfo",
    "comparisonFlags",
];

/// Reads a component of the data flow task `task`.
pub(crate) fn component(
    reader: &mut Reader,
    element: &Element,
    task: &str,
    ids: &Ids,
) -> Component {
    let node = reader.node();
    let name = element.attribute("name").unwrap_or_default().to_owned();
    let ref_id = match element.attribute("refId").filter(|r| !r.is_empty()) {
        Some(stored) => stored.to_owned(),
        None => format!("{task}\\{name}"),
    };
    check(
        reader,
        element,
        &ref_id,
        COMPONENT,
        &["properties", "connections", "inputs", "outputs"],
    );
    let stored_class = element
        .attribute("componentClassID")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let inputs: Vec<Input> = members(element, "inputs", "input")
        .map(|input| columns::input(reader, input, &ref_id, ids))
        .collect();
    let outputs = members(element, "outputs", "output")
        .map(|output| columns::output(reader, output, &ref_id, ids, &inputs))
        .collect();
    let mut component = Component {
        node,
        id: ids.id_of(element),
        name,
        class: String::new(),
        version: columns::number(reader, element, &ref_id, "version"),
        locale_id: columns::number_or(reader, element, &ref_id, "localeId", -1),
        validate_external_metadata: flag(element, "validateExternalMetadata", true),
        contact_info: element
            .attribute("contactInfo")
            .unwrap_or_default()
            .to_owned(),
        properties: custom_property::properties(reader, element, &ref_id, ids),
        connections: connections(element),
        inputs,
        outputs,
        location: element.location.clone(),
        stored_class,
        ref_id,
    };
    name_class(reader, &mut component);
    component
}

/// Fills in the canonical class and reports another maker's.
fn name_class(reader: &mut Reader, component: &mut Component) {
    let user_type = component
        .property_text("UserComponentTypeName")
        .map(str::to_owned);
    let class = component_class(&component.stored_class, user_type.as_deref());
    component.class = class.name;
    if !class.known {
        // contactInfo starts with the display name, in the designer's language.
        let shown = component.contact_info.split(';').next().unwrap_or_default();
        let shown = if shown.trim().is_empty() {
            String::new()
        } else {
            format!(" ({})", shown.trim())
        };
        reader.findings.third_party(
            &component.ref_id,
            format!(
                "the component {}{shown} is another maker's",
                component.class
            ),
            &component.location,
        );
    }
}

fn connections(element: &Element) -> Vec<ComponentConnection> {
    members(element, "connections", "connection")
        .zip(1..)
        .map(|(connection, position)| ComponentConnection {
            id: connection
                .attribute("id")
                .and_then(|id| id.parse().ok())
                .unwrap_or(position),
            name: connection.attribute("name").unwrap_or_default().to_owned(),
            manager_id: connection
                .attribute("connectionManagerID")
                .unwrap_or_default()
                .to_owned(),
            manager_ref_id: connection
                .attribute("connectionManagerRefId")
                .unwrap_or_default()
                .to_owned(),
        })
        .collect()
}
