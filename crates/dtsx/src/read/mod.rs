//! Reads a package: one accessor for the two ways of writing a property, two passes, no reliance
//! on order.
//!
//! | file | reads |
//! | --- | --- |
//! | `package` | the root: version, protection, collections |
//! | `executable` | containers, tasks, event handlers, constraints, logging |
//! | `variable` | variables and parameters |
//! | `connection` | connection managers with their columns |
//! | `pipeline`, `component`, `columns`, `custom_property`, `references` | the data flow |

pub(crate) mod columns;
pub(crate) mod component;
pub(crate) mod connection;
pub(crate) mod custom_property;
pub(crate) mod executable;
pub(crate) mod package;
pub(crate) mod pipeline;
pub(crate) mod references;
pub(crate) mod variable;

use packmule_types::Secret;

use crate::findings::Findings;
use crate::model::{
    Element, FormatVersion, NodeId, Properties, Property, PropertyExpression, PropertyValue,
};
use crate::protect;

/// The namespace of everything named `DTS:`.
pub(crate) const DTS: &str = "www.microsoft.com/SqlServer/Dts";

/// What reading of one file carries along.
pub(crate) struct Reader {
    /// The generation.
    pub(crate) format: FormatVersion,
    /// What was found.
    pub(crate) findings: Findings,
    next_node: u32,
}

impl Reader {
    /// A reader whose first object gets the id `first_node`.
    pub(crate) fn new(format: FormatVersion, findings: Findings, first_node: u32) -> Self {
        Self {
            format,
            findings,
            next_node: first_node,
        }
    }

    /// The next free id. XML nodes are far fewer than ids, so it never wraps.
    pub(crate) fn node(&mut self) -> NodeId {
        let node = NodeId(self.next_node);
        self.next_node = self.next_node.saturating_add(1);
        node
    }

    /// One more than the largest id in use.
    pub(crate) fn node_count(&self) -> u32 {
        self.next_node
    }

    /// Whether references are integers and DTSIDs.
    pub(crate) fn is_old(&self) -> bool {
        matches!(self.format, FormatVersion::V2 | FormatVersion::V3)
    }

    /// Reports attributes and properties whose names are not among `known`.
    pub(crate) fn check_properties(
        &mut self,
        place: &str,
        properties: &Properties,
        known: &[&str],
    ) {
        for property in &properties.0 {
            if !known.contains(&property.name.as_str()) {
                self.findings.unknown(
                    place,
                    Some(&property.name),
                    format!("the property {} is not known", property.name),
                    &property.location,
                );
            }
        }
    }

    /// Reports child elements whose names are not among `known`.
    pub(crate) fn check_children(&mut self, place: &str, element: &Element, known: &[&str]) {
        for child in &element.children {
            if !known.contains(&child.name.as_str()) {
                self.findings.unknown(
                    place,
                    None,
                    format!("the element {} is not known", child.name),
                    &child.location,
                );
            }
        }
    }

    /// A whole number from a property, `default` when absent; reported when it is none.
    pub(crate) fn integer(
        &mut self,
        place: &str,
        element: &Element,
        name: &str,
        default: i64,
    ) -> i64 {
        let Some(text) = property_text(element, name) else {
            return default;
        };
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return default;
        }
        match trimmed.parse() {
            Ok(value) => value,
            Err(_) => {
                self.findings.invalid(
                    place,
                    Some(name),
                    format!("{trimmed:?} is no whole number"),
                    &element.location,
                );
                default
            }
        }
    }

    /// A Boolean from a property, `default` when absent; reported when it is none.
    pub(crate) fn boolean(
        &mut self,
        place: &str,
        element: &Element,
        name: &str,
        default: bool,
    ) -> bool {
        let Some(text) = property_text(element, name) else {
            return default;
        };
        if text.trim().is_empty() {
            return default;
        }
        match crate::model::parse_boolean(text) {
            Some(value) => value,
            None => {
                self.findings.invalid(
                    place,
                    Some(name),
                    format!("{:?} is no Boolean", text.trim()),
                    &element.location,
                );
                default
            }
        }
    }
}

/// A property in either form: an attribute, else a child `Property` of that name.
pub(crate) fn property_text<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element
        .attribute(name)
        .or_else(|| property_element(element, name).map(|p| p.text.as_str()))
}

/// The child `Property` of a name.
pub(crate) fn property_element<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element
        .children_named("Property")
        .find(|p| p.attribute("Name") == Some(name))
}

/// A property's text, owned; empty when absent.
pub(crate) fn property_owned(element: &Element, name: &str) -> String {
    property_text(element, name).unwrap_or_default().to_owned()
}

/// The members of a collection: directly under the owner (formats 2, 3), or in a plural parent.
pub(crate) fn members<'a>(
    element: &'a Element,
    plural: &'a str,
    singular: &'a str,
) -> impl Iterator<Item = &'a Element> {
    element.children.iter().flat_map(move |child| {
        let inner: Box<dyn Iterator<Item = &'a Element>> = if child.name == plural {
            Box::new(child.children_named(singular))
        } else if child.name == singular {
            Box::new(std::iter::once(child))
        } else {
            Box::new(std::iter::empty())
        };
        inner
    })
}

/// The value of an element that may be a secret.
pub(crate) fn secret_or_text(element: &Element) -> PropertyValue {
    if protect::is_closed(element) || element.child("EncryptedData").is_some() {
        PropertyValue::Encrypted
    } else if protect::is_sensitive(element) {
        PropertyValue::Secret(Secret::new(element.text.clone()))
    } else {
        PropertyValue::Text(element.text.clone())
    }
}

/// All attributes and `Property` children but those in `skip`, and other children that are
/// marked as secrets.
pub(crate) fn properties(element: &Element, skip: &[&str]) -> Properties {
    let mut out = Vec::new();
    for (name, value) in &element.attributes {
        if !skip.contains(&name.as_str()) {
            out.push(Property {
                name: name.clone(),
                value: PropertyValue::Text(value.clone()),
                location: element.location.clone(),
            });
        }
    }
    for child in &element.children {
        let named = child.name == "Property" || protect::is_sensitive(child);
        let name = if child.name == "EncryptedData" {
            // What replaced an element that could not be opened; in a connection manager that is
            // always the password.
            Some("Password")
        } else if named {
            child.attribute("Name").or(Some(child.name.as_str()))
        } else {
            None
        };
        let Some(name) = name.filter(|name| !skip.contains(name)) else {
            continue;
        };
        let value = if child.name == "EncryptedData" {
            PropertyValue::Encrypted
        } else {
            secret_or_text(child)
        };
        out.push(Property {
            name: name.to_owned(),
            value,
            location: child.location.clone(),
        });
    }
    Properties(out)
}

/// Property expressions under an element.
pub(crate) fn property_expressions(element: &Element) -> Vec<PropertyExpression> {
    element
        .children_named("PropertyExpression")
        .map(|child| PropertyExpression {
            property: child.attribute("Name").unwrap_or_default().to_owned(),
            expression: child.text.clone(),
            location: child.location.clone(),
        })
        .collect()
}
