//! XML configuration files (`.dtsConfig`).

use crate::error::LoadError;
use crate::finding::Location;
use crate::findings::Findings;
use crate::{LoadOptions, Loaded};

/// One entry of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationEntry {
    /// The property path (`\Package.Variables[User::x].Properties[Value]`).
    pub path: String,
    /// The type's .NET name (`String`, `Int32`, `Boolean`).
    pub value_type: String,
    /// The value as text.
    pub value: String,
    /// Where it stands.
    pub location: Location,
}

/// Loads a configuration file: its entries in order.
///
/// # Errors
/// A [`LoadError`] when it is no configuration file.
pub fn load_configuration_file(
    bytes: &[u8],
    options: &LoadOptions<'_>,
) -> Result<Loaded<Vec<ConfigurationEntry>>, LoadError> {
    let root = crate::xml::parse(bytes, options.file)?;
    if root.name != "DTSConfiguration" {
        return Err(LoadError::NotExpected {
            file: options.file.to_owned(),
            expected: "a configuration file",
            found: format!("the root element is {}", root.name),
        });
    }
    let mut findings = Findings::default();
    let mut entries = Vec::new();
    for element in root.children_named("Configuration") {
        let kind = element.attribute("ConfiguredType").unwrap_or("Property");
        let path = element.attribute("Path").unwrap_or_default();
        if kind != "Property" {
            findings.unknown(
                path,
                Some("ConfiguredType"),
                format!("the configured type {kind:?} is not known"),
                &element.location,
            );
        }
        entries.push(ConfigurationEntry {
            path: path.to_owned(),
            value_type: element
                .attribute("ValueType")
                .unwrap_or("String")
                .to_owned(),
            value: element
                .child("ConfiguredValue")
                .map_or("", |v| v.text.as_str())
                .to_owned(),
            location: element.location.clone(),
        });
    }
    Ok(Loaded {
        value: entries,
        findings: findings.into_list(),
    })
}
