//! Project parameters: `Project.params`.

use packmule_types::{Secret, Value, VariableType};

use crate::model::{Element, Parameter};
use crate::project::manifest::{setting, setting_flag, setting_text};
use crate::protect;
use crate::read::Reader;
use crate::text::variable_value;

/// Reads `SSIS:Parameters`.
pub(crate) fn parameters(reader: &mut Reader, root: &Element) -> Vec<Parameter> {
    reader.check_children("Project", root, &["Parameter"]);
    root.children_named("Parameter")
        .map(|element| parameter(reader, element))
        .collect()
}

/// A value of a type from the text of a file; reported when it is none.
pub(crate) fn value(
    reader: &mut Reader,
    variable_type: VariableType,
    text: &str,
    place: &str,
    element: &Element,
) -> Value {
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

/// Types here are .NET type codes, not the numbers of package parameters.
fn parameter(reader: &mut Reader, element: &Element) -> Parameter {
    let none = Element::default();
    let name = element.attribute("Name").unwrap_or_default().to_owned();
    let place = format!("Project.Parameters[{name}]");
    let properties = element.child("Properties").unwrap_or(&none);
    let number = setting_text(properties, "DataType");
    let variable_type = number
        .parse()
        .ok()
        .and_then(VariableType::from_type_code)
        .unwrap_or_else(|| {
            reader.findings.unknown_value(
                &place,
                Some("DataType"),
                format!("the type {number:?} is not known; the value is kept as text"),
                &element.location,
            );
            VariableType::String
        });
    let sensitive = setting_flag(properties, "Sensitive");
    let stored = setting(properties, "Value");
    let (value, secret) = match stored {
        None => (Value::Null, None),
        Some(stored) if protect::is_closed(stored) => (Value::Null, None),
        Some(stored) if sensitive || protect::is_sensitive(stored) => {
            (Value::Null, Some(Secret::new(stored.text.clone())))
        }
        Some(stored) => (
            value(reader, variable_type, layout_free(stored), &place, stored),
            None,
        ),
    };
    Parameter {
        node: reader.node(),
        dtsid: setting_text(properties, "ID").to_owned(),
        variable_type,
        value,
        secret,
        required: setting_flag(properties, "Required"),
        sensitive,
        description: setting_text(properties, "Description").to_owned(),
        location: element.location.clone(),
        name,
    }
}

/// The text of a value; pretty printing puts a line break into empty ones.
fn layout_free(element: &Element) -> &str {
    if element.text.trim().is_empty() && element.text.contains('\n') {
        ""
    } else {
        &element.text
    }
}
