//! Variables and package parameters.

use packmule_types::{Secret, Value, VariableType};

use crate::model::{Element, Parameter, Variable};
use crate::protect;
use crate::read::{Reader, properties, property_element, property_owned, property_text};
use crate::text::variable_value;

const KNOWN: &[&str] = &[
    "Namespace",
    "ObjectName",
    "DTSID",
    "CreationName",
    "Description",
    "IncludeInDebugDump",
    "Expression",
    "EvaluateAsExpression",
    "ReadOnly",
    "RaiseChangedEvent",
    "refId",
];

/// Reads a variable of the scope `place`.
pub(crate) fn variable(reader: &mut Reader, element: &Element, place: &str) -> Variable {
    let namespace = property_text(element, "Namespace")
        .map_or("User", str::trim)
        .to_owned();
    let name = property_owned(element, "ObjectName");
    let place = format!("{place}.Variables[{namespace}::{name}]");
    let stored = properties(element, &[]);
    reader.check_properties(&place, &stored, KNOWN);
    reader.check_children(&place, element, &["Property", "VariableValue"]);
    let (variable_type, value) = match element.child("VariableValue") {
        Some(value) => typed_value(reader, value, &place),
        None => (VariableType::Empty, Value::Null),
    };
    let expression = property_text(element, "Expression")
        .filter(|e| !e.is_empty())
        .map(str::to_owned);
    Variable {
        node: reader.node(),
        namespace,
        name,
        dtsid: property_text(element, "DTSID")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        variable_type,
        value,
        expression,
        evaluate_as_expression: reader.boolean(&place, element, "EvaluateAsExpression", false),
        read_only: reader.boolean(&place, element, "ReadOnly", false),
        raise_changed_event: reader.boolean(&place, element, "RaiseChangedEvent", false),
        location: element.location.clone(),
    }
}

/// The type in `DataType` and the value in the text of an element.
fn typed_value(reader: &mut Reader, element: &Element, place: &str) -> (VariableType, Value) {
    let number = element.attribute("DataType").unwrap_or("8").trim();
    let Some(variable_type) = number.parse().ok().and_then(VariableType::from_varenum) else {
        reader.findings.unknown_value(
            place,
            Some("DataType"),
            format!("the type {number} is not known; the value is kept as text"),
            &element.location,
        );
        return (VariableType::String, Value::text(element.text.as_str()));
    };
    let value = value_of(reader, variable_type, element, place);
    (variable_type, value)
}

/// The value of a type; blanks that only lay out an empty element are no text.
fn value_of(
    reader: &mut Reader,
    variable_type: VariableType,
    element: &Element,
    place: &str,
) -> Value {
    let layout = element.text.trim().is_empty()
        && element.text.contains('\n')
        && element.attribute("space") != Some("preserve");
    let text = if layout { "" } else { element.text.as_str() };
    match variable_value(variable_type, text) {
        Some(value) => value,
        None if text.trim().is_empty() => Value::Null,
        None => {
            reader.findings.invalid(
                place,
                Some("Value"),
                format!("the value is no {variable_type}"),
                &element.location,
            );
            Value::Null
        }
    }
}

/// Reads a package parameter (formats 6 and 8).
pub(crate) fn package_parameter(reader: &mut Reader, element: &Element) -> Parameter {
    let name = property_owned(element, "ObjectName");
    let place = format!("Package.Parameters[{name}]");
    let stored = properties(element, &[]);
    reader.check_properties(
        &place,
        &stored,
        &[
            "ObjectName",
            "DTSID",
            "CreationName",
            "Description",
            "DataType",
            "Required",
            "Sensitive",
            "ParameterValue",
            "IncludeInDebugDump",
        ],
    );
    let sensitive = reader.boolean(&place, element, "Sensitive", false);
    let holder = property_element(element, "ParameterValue");
    let number = property_text(element, "DataType")
        .or_else(|| holder.and_then(|h| h.attribute("DataType")))
        .unwrap_or("8")
        .trim()
        .to_owned();
    let variable_type = number
        .parse()
        .ok()
        .and_then(VariableType::from_varenum)
        .unwrap_or_else(|| {
            reader.findings.unknown_value(
                &place,
                Some("DataType"),
                format!("the type {number} is not known; the value is kept as text"),
                &element.location,
            );
            VariableType::String
        });
    // What was decrypted stands as a Property inside the Property.
    let inner = holder.map(|h| property_element(h, "ParameterValue").unwrap_or(h));
    let closed = inner.is_some_and(|i| protect::is_closed(i) || i.child("EncryptedData").is_some());
    let (value, secret) = match inner {
        None => (Value::Null, None),
        Some(_) if closed => (Value::Null, None),
        Some(inner) if sensitive => (Value::Null, Some(Secret::new(inner.text.clone()))),
        Some(inner) => (value_of(reader, variable_type, inner, &place), None),
    };
    Parameter {
        node: reader.node(),
        name,
        dtsid: property_text(element, "DTSID")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        variable_type,
        value,
        secret,
        required: reader.boolean(&place, element, "Required", false),
        sensitive,
        description: property_owned(element, "Description"),
        location: element.location.clone(),
    }
}
