//! The properties of a connection manager as they count at this moment.
//!
//! Built before each acquisition from the model, the overlay and the manager's own property
//! expressions, which win over everything else.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

use packmule_dtsx::model::{ConnectionManager, PropertyValue, parse_boolean};
use packmule_runtime::mapping::MappedConnection;
use packmule_runtime::variables::names::evaluate;
use packmule_runtime::{Overlay, Scope, Services};
use packmule_types::{Secret, Value};

use crate::connection_string::ConnectionString;
use crate::error::AcquireError;
use crate::managers;

/// One manager's properties.
pub struct Settings<'a> {
    /// The manager.
    pub manager: &'a ConnectionManager,
    overlay: &'a Overlay,
    services: &'a Services,
    /// Values of property expressions, by property; secrets stay secrets.
    expressions: Vec<(String, Secret)>,
    /// What a mapping rule makes of the manager by its name alone.
    replaced: Option<MappedConnection>,
}

/// Names under which the file stores a property that the API calls otherwise.
const STORED_NAMES: &[(&str, &str)] = &[
    ("RetainSameConnection", "Retain"),
    ("ServerPassword", "Password"),
    ("Timeout", "TimeOut"),
];

/// The parts of a manager's connection string that have properties of their own.
fn parts_of(manager: &ConnectionManager) -> &'static [(&'static str, &'static str)] {
    managers::kind(&manager.type_name).map_or(&[], |kind| kind.parts)
}

/// Whether a property is the connection string or a part of it.
fn is_of_string(manager: &ConnectionManager, property: &str) -> bool {
    property == "ConnectionString" || parts_of(manager).iter().any(|(part, _)| *part == property)
}

impl<'a> Settings<'a> {
    /// Evaluates the manager's property expressions. Those of a connection string that the
    /// mapping replaces by the manager's name do not count, so they need not succeed.
    ///
    /// # Errors
    /// An expression fails, or the mapping needs an environment variable that is not set.
    pub fn new(
        manager: &'a ConnectionManager,
        overlay: &'a Overlay,
        scope: &Arc<Scope>,
        services: &'a Services,
    ) -> Result<Self, AcquireError> {
        let replaced = services
            .mapping
            .map_connection_by_name(&manager.name)
            .map_err(|e| AcquireError::Property {
                manager: manager.name.clone(),
                property: "ConnectionString".to_owned(),
                reason: e.to_string(),
            })?;
        let mut expressions = Vec::with_capacity(manager.property_expressions.len());
        for e in &manager.property_expressions {
            if replaced.is_some() && is_of_string(manager, &e.property) {
                continue;
            }
            let value = expression_value(scope, &e.expression).map_err(|reason| {
                AcquireError::Expression {
                    manager: manager.name.clone(),
                    property: e.property.clone(),
                    reason,
                }
            })?;
            expressions.push((e.property.clone(), value));
        }
        Ok(Self {
            manager,
            overlay,
            services,
            expressions,
            replaced,
        })
    }

    /// The text of a property: expression, else overlay, else stored.
    ///
    /// # Errors
    /// It is encrypted and nothing else gives a value.
    pub fn text(&self, property: &str) -> Result<Option<String>, AcquireError> {
        if let Some(value) = self.expression(property) {
            return Ok(Some(value.to_owned()));
        }
        match self.overlaid(property) {
            Some(value) => Ok(Some(value)),
            None => self.stored(property),
        }
    }

    /// What mapping, expression or overlay say of a property; the mapping of the connection string
    /// alone.
    pub fn given(&self, property: &str) -> Option<String> {
        let mapped = self
            .replaced()
            .filter(|_| property == "ConnectionString")
            .map(|m| m.connection_string.reveal());
        mapped
            .or_else(|| self.expression(property))
            .map(str::to_owned)
            .or_else(|| self.overlaid(property))
    }

    /// A Boolean property.
    ///
    /// # Errors
    /// It is none.
    pub fn boolean(&self, property: &str) -> Result<Option<bool>, AcquireError> {
        let Some(text) = self.text(property)?.filter(|t| !t.trim().is_empty()) else {
            return Ok(None);
        };
        let value = parse_boolean(&text);
        match value {
            Some(value) => Ok(Some(value)),
            None => Err(self.property_error(property, format!("{text} is no Boolean"))),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// It is none.
    pub fn integer(&self, property: &str) -> Result<Option<i64>, AcquireError> {
        let Some(text) = self.text(property)?.filter(|t| !t.trim().is_empty()) else {
            return Ok(None);
        };
        match text.trim().parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(self.property_error(property, format!("{text} is no whole number"))),
        }
    }

    /// A whole number from 0.
    ///
    /// # Errors
    /// It is none.
    pub fn number(&self, property: &str, default: u32) -> Result<u32, AcquireError> {
        match self.integer(property)? {
            None => Ok(default),
            Some(value) => u32::try_from(value)
                .map_err(|_| self.property_error(property, format!("{value} is out of range"))),
        }
    }

    /// What a mapping rule makes of the manager by its name alone; it wins over everything.
    pub fn replaced(&self) -> Option<&MappedConnection> {
        self.replaced.as_ref()
    }

    /// The path of a file manager before paths are mapped: by the mapping's rule for its name,
    /// else as the package says.
    ///
    /// # Errors
    /// It is encrypted.
    pub fn path_text(&self) -> Result<String, AcquireError> {
        match &self.replaced {
            Some(mapped) => Ok(mapped.connection_string.reveal().to_owned()),
            None => Ok(self.text("ConnectionString")?.unwrap_or_default()),
        }
    }

    /// The path of a file manager as the package names it, and as it is here.
    ///
    /// # Errors
    /// It is empty or cannot be mapped.
    pub fn mapped_path(&self) -> Result<(String, PathBuf), AcquireError> {
        let text = self.path_text()?;
        if text.trim().is_empty() {
            return Err(self.property_error("ConnectionString", "it names no file".to_owned()));
        }
        let path = self.map_path(&text)?;
        Ok((text, path))
    }

    /// A path as it is here.
    ///
    /// # Errors
    /// It cannot be mapped.
    pub fn map_path(&self, text: &str) -> Result<PathBuf, AcquireError> {
        let mapped = self.services.mapping.map_path(text);
        mapped.map_err(|e| AcquireError::Path {
            manager: self.manager.name.clone(),
            reason: e.to_string(),
        })
    }

    /// What the mapping makes of the manager where its server is written in this way.
    ///
    /// # Errors
    /// The mapping needs an environment variable that is not set.
    pub fn map_server(&self, server: &str) -> Result<Option<MappedConnection>, AcquireError> {
        let mapping = &self.services.mapping;
        mapping
            .map_connection(&self.manager.name, Some(server), None)
            .map_err(|e| self.property_error("ConnectionString", e.to_string()))
    }

    /// [R-CM-ORDER] What stored values, overlay and expressions in turn say of the
    /// ConnectionString and of the parts of it that are properties, in the order in which they
    /// are applied.
    ///
    /// # Errors
    /// A stored one is encrypted.
    pub fn layers(&self) -> Result<Vec<(&'static str, Secret)>, AcquireError> {
        let parts = parts_of(self.manager).iter().map(|(part, _)| *part);
        let properties: Vec<&str> = std::iter::once("ConnectionString").chain(parts).collect();
        let mut layers = Vec::new();
        let mut add = |property, value: Option<String>| {
            layers.extend(value.map(|value| (property, Secret::new(value))));
        };
        for property in &properties {
            add(*property, self.stored(property)?);
        }
        for property in &properties {
            add(*property, self.overlaid(property));
        }
        for property in &properties {
            add(*property, self.expression(property).map(str::to_owned));
        }
        Ok(layers)
    }

    /// [R-CM-ORDER] The connection string that counts: of stored values, overlay and
    /// expressions in turn the ConnectionString, which replaces everything, a password given
    /// before too; then the single properties ServerName, InitialCatalog, UserName, Password,
    /// each of which changes its part. Parts that count and are encrypted are left out, and the
    /// first of them is told as an error beside: a mapping may replace the string as a whole.
    ///
    /// # Errors
    /// None today; a part that cannot be read for another reason.
    pub fn connection_string(
        &self,
    ) -> Result<(ConnectionString, Option<AcquireError>), AcquireError> {
        let encrypted = Cell::new(None);
        let expression = |p: &str| Ok(self.expression(p).map(str::to_owned));
        let overlaid = |p: &str| Ok(self.overlaid(p));
        let is_replaced = self.expression("ConnectionString").is_some()
            || self.overlaid("ConnectionString").is_some();
        let mut string = ConnectionString::default();
        if !is_replaced {
            // A password that a later layer gives anyway need not be readable here.
            let has_password =
                self.expression("Password").is_some() || self.overlaid("Password").is_some();
            self.apply(&mut string, &|p| {
                if p == "Password" && has_password {
                    return Ok(None);
                }
                match self.stored(p) {
                    Err(error @ AcquireError::Encrypted { .. }) => {
                        encrypted.set(Some(encrypted.take().unwrap_or(error)));
                        Ok(None)
                    }
                    other => other,
                }
            })?;
        }
        self.apply(&mut string, &overlaid)?;
        self.apply(&mut string, &expression)?;
        Ok((string, encrypted.take()))
    }

    fn apply(
        &self,
        string: &mut ConnectionString,
        value: &dyn Fn(&str) -> Result<Option<String>, AcquireError>,
    ) -> Result<(), AcquireError> {
        if let Some(text) = value("ConnectionString")? {
            *string = ConnectionString::parse(&text);
        }
        for (property, key) in managers::DATABASE_PARTS {
            if let Some(text) = value(property)? {
                string.set(key, &text);
            }
        }
        Ok(())
    }

    /// The run's LCID.
    pub fn default_lcid(&self) -> u32 {
        self.services.default_lcid
    }

    /// An error about one property.
    pub fn property_error(&self, property: &str, reason: String) -> AcquireError {
        AcquireError::Property {
            manager: self.manager.name.clone(),
            property: property.to_owned(),
            reason,
        }
    }

    fn expression(&self, property: &str) -> Option<&str> {
        self.expressions
            .iter()
            .find(|(p, _)| p == property)
            .map(|(_, v)| v.reveal())
    }

    fn overlaid(&self, property: &str) -> Option<String> {
        value_text(&self.overlay.get(self.manager.node, property)?)
    }

    fn stored(&self, property: &str) -> Result<Option<String>, AcquireError> {
        let name = STORED_NAMES.iter().find(|n| n.0 == property);
        let found = self
            .manager
            .properties
            .get(property)
            .or_else(|| self.manager.properties.get(name?.1));
        match found.map(|p| &p.value) {
            None => Ok(None),
            Some(PropertyValue::Text(text)) => Ok(Some(text.clone())),
            Some(PropertyValue::Secret(secret)) => Ok(Some(secret.reveal().to_owned())),
            Some(PropertyValue::Encrypted) => Err(AcquireError::Encrypted {
                manager: self.manager.name.clone(),
                property: property.to_owned(),
            }),
        }
    }
}

/// The value of a property expression as text. An expression that is nothing but a sensitive
/// parameter gives its secret; inside a larger expression it is refused, as in SSIS.
fn expression_value(scope: &Arc<Scope>, expression: &str) -> Result<Secret, String> {
    if let Some(name) = single_reference(expression)
        && let Ok(Some(secret)) = scope.get_secret(name)
    {
        return Ok(secret);
    }
    let value = evaluate(scope, expression).map_err(|e| e.to_string())?;
    let text = value_text(&value).ok_or_else(|| "its value is NULL or no text".to_owned())?;
    Ok(Secret::new(text))
}

/// The name in an expression of the form `@[Namespace::Name]`.
fn single_reference(expression: &str) -> Option<&str> {
    let name = expression.trim().strip_prefix("@[")?.strip_suffix(']')?;
    (!name.contains([']', '['])).then(|| name.trim())
}

fn value_text(value: &Value) -> Option<String> {
    packmule_runtime::variables::convert::to_text(value)
}
