//! Connection managers: one type a file, and the registry of them.
//!
//! To add a type: copy a neighbour's file, fill its [`ManagerKind`], add one line to
//! [`REGISTRY`]. Its settings are built from the model and the overlay by
//! [`crate::settings::Settings`], before each acquisition.

pub mod ado_net;
pub mod cache;
pub mod file;
pub mod flat_file;
pub mod ftp;
pub mod http;
pub mod multi_file;
pub mod odbc;
pub mod ole_db;
mod refused;
pub mod servers;
pub mod smtp;

use packmule_dtsx::finding::{Finding, Reason, Severity};
use packmule_dtsx::model::{ConnectionManager, PropertyValue};
use packmule_types::Code;

use crate::connection_string::ConnectionString;
use crate::provider::Provider;

/// A property of a manager type, for documentation.
#[derive(Debug, Clone, Copy)]
pub struct PropertyDoc {
    /// Its name for expressions and overrides.
    pub name: &'static str,
    /// Its default.
    pub default: &'static str,
    /// What it does, with units.
    pub about: &'static str,
}

/// A type of connection manager.
#[derive(Debug, Clone, Copy)]
pub struct ManagerKind {
    /// As in CreationName, in upper case, without what follows the colon.
    pub type_name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its properties.
    pub properties: &'static [PropertyDoc],
    /// Properties that are parts of the connection string, in the order in which they are
    /// applied after it, each with its key in the string, if it has keys.
    pub parts: &'static [(&'static str, &'static str)],
    /// Why it is refused and what to do; `None` for a supported type.
    pub refused: Option<&'static str>,
    /// Checks one manager's own properties; opens nothing.
    pub check: fn(&ConnectionManager, &mut Vec<Finding>),
}

/// All types that are known.
pub static REGISTRY: &[&ManagerKind] = &[
    &ole_db::KIND,
    &flat_file::KIND,
    &file::KIND,
    &ado_net::KIND,
    &odbc::KIND,
    &cache::KIND,
    &smtp::KIND,
    &ftp::KIND,
    &http::KIND,
    &multi_file::KIND,
    &refused::EXCEL,
    &refused::ADO,
    &refused::MULTI_FLAT_FILE,
    &refused::WMI,
    &refused::MSMQ,
    &refused::SMO_SERVER,
    &refused::MSOLAP,
    &refused::SQL_MOBILE,
    &refused::AZURE_STORAGE,
    &refused::AZURE_SUBSCRIPTION,
    &refused::HADOOP,
    &refused::DQS,
    &refused::ODATA,
    &refused::SAP_BI,
];

/// The kind of a type name; `MSOLAP90` and `MSOLAP100` are one.
pub fn kind(type_name: &str) -> Option<&'static ManagerKind> {
    let upper = type_name.to_ascii_uppercase();
    let base = if upper.starts_with("MSOLAP") {
        "MSOLAP"
    } else {
        upper.as_str()
    };
    REGISTRY.iter().copied().find(|k| k.type_name == base)
}

/// What a manager lacks to run here, from the model alone: no overlay, no mapping.
pub fn assess(manager: &ConnectionManager) -> Vec<Finding> {
    let mut findings = Vec::new();
    match kind(&manager.type_name) {
        Some(kind) => match kind.refused {
            Some(remedy) => findings.push(unsupported_type(manager, remedy)),
            None => {
                (kind.check)(manager, &mut findings);
                findings.extend(unknown_expressions(manager, kind));
            }
        },
        None => findings.push(finding(
            manager,
            Reason::ThirdParty,
            None,
            format!(
                "connection manager type {} is not known",
                manager.stored_type
            ),
            Some("use a connection manager of a supported type"),
        )),
    }
    findings
}

/// Whether a finding is about a value that overlay, expressions or mapping may replace: those
/// are judged where all of them are known.
pub(crate) fn may_be_replaced(finding: &Finding) -> bool {
    let late = [smtp::WINDOWS, http::SECURE];
    match finding.reason {
        Reason::UnsupportedProvider => true,
        Reason::UnsupportedProperty => {
            let property = finding.property.as_deref();
            property.is_some_and(|p| late.contains(&p))
        }
        _ => false,
    }
}

/// Properties that every manager has, beside those of its kind.
pub const COMMON_PROPERTIES: &[&str] = &["DelayValidation", "Description"];

/// Expressions of properties that nothing reads: their values would be lost without a word.
fn unknown_expressions(manager: &ConnectionManager, kind: &ManagerKind) -> Vec<Finding> {
    let is_known = |name: &str| {
        COMMON_PROPERTIES.contains(&name) || kind.properties.iter().any(|p| p.name == name)
    };
    let unknown = manager.property_expressions.iter();
    let unknown = unknown.filter(|e| !is_known(&e.property));
    unknown
        .map(|e| {
            let names = kind.properties.iter().map(|p| p.name);
            let names: Vec<&str> = names.chain(COMMON_PROPERTIES.iter().copied()).collect();
            finding(
                manager,
                Reason::UnsupportedProperty,
                Some(&e.property),
                format!(
                    "its expression sets {}, which is no property that is read",
                    e.property
                ),
                Some(&format!(
                    "remove the expression, or use one of {}",
                    names.join(", ")
                )),
            )
        })
        .collect()
}

/// Properties that all database managers have.
pub const DATABASE_PROPERTIES: &[PropertyDoc] = &[
    PropertyDoc {
        name: "ConnectionString",
        default: "",
        about: "replaces everything, a password given before too",
    },
    PropertyDoc {
        name: "ServerName",
        default: "",
        about: "the connection string's server; set after ConnectionString",
    },
    PropertyDoc {
        name: "InitialCatalog",
        default: "",
        about: "the connection string's database; set after ServerName",
    },
    PropertyDoc {
        name: "UserName",
        default: "",
        about: "set after InitialCatalog",
    },
    PropertyDoc {
        name: "Password",
        default: "",
        about: "a secret; set last",
    },
    PropertyDoc {
        name: "RetainSameConnection",
        default: "False",
        about: "one connection from first use to the end of the package, shared by all users",
    },
];

/// Parts of a database's connection string that have properties of their own.
pub const DATABASE_PARTS: &[(&str, &str)] = &[
    ("ServerName", "Data Source"),
    ("InitialCatalog", "Initial Catalog"),
    ("UserName", "User ID"),
    ("Password", "Password"),
];

fn unsupported_type(manager: &ConnectionManager, remedy: &'static str) -> Finding {
    finding(
        manager,
        Reason::UnsupportedConnection,
        None,
        format!(
            "connection manager type {} is not supported",
            manager.type_name
        ),
        Some(remedy),
    )
}

fn finding(
    manager: &ConnectionManager,
    reason: Reason,
    property: Option<&str>,
    message: String,
    remedy: Option<&str>,
) -> Finding {
    Finding {
        severity: Severity::Error,
        reason,
        code: (reason == Reason::UnsupportedConnection).then_some(Code(0xC020_801C)),
        place: manager.ref_id.clone(),
        property: property.map(str::to_owned),
        message,
        remedy: remedy.map(str::to_owned),
        location: manager.location.clone(),
    }
}

/// Checks what all database managers have: a provider with a driver, a readable password.
fn check_database(manager: &ConnectionManager, findings: &mut Vec<Finding>) {
    let encrypted = |name: &str| {
        matches!(
            manager.properties.get(name).map(|p| &p.value),
            Some(PropertyValue::Encrypted)
        )
    };
    for property in ["ConnectionString", "Password"] {
        if encrypted(property) {
            let mut found = finding(
                manager,
                Reason::Encrypted,
                Some(property),
                format!("{property} is encrypted and could not be opened"),
                Some("give the package's password (--password), or set the property from outside"),
            );
            // Another value may come from outside, so it is found wrong only when used.
            found.severity = Severity::Warning;
            findings.push(found);
        }
    }
    let text = stored_text(manager, "ConnectionString").unwrap_or_default();
    let has_expression = manager
        .property_expressions
        .iter()
        .any(|e| e.property == "ConnectionString");
    if text.trim().is_empty() && (has_expression || encrypted("ConnectionString")) {
        return;
    }
    let string = ConnectionString::parse(&text);
    let recognised = Provider::recognise(&string, class(manager));
    if !recognised.provider.has_driver() {
        findings.push(finding(
            manager,
            Reason::UnsupportedProvider,
            Some("ConnectionString"),
            format!(
                "{} ({}) has no driver here",
                recognised.provider, recognised.written
            ),
            Some(recognised.provider.remedy()),
        ));
    }
}

/// The text of a stored property, a readable secret too.
pub(crate) fn stored_text(manager: &ConnectionManager, name: &str) -> Option<String> {
    match &manager.properties.get(name)?.value {
        PropertyValue::Text(text) => Some(text.clone()),
        PropertyValue::Secret(secret) => Some(secret.reveal().to_owned()),
        PropertyValue::Encrypted => None,
    }
}

/// What follows the colon of the stored type: ADO.NET's class.
pub(crate) fn class(manager: &ConnectionManager) -> &str {
    manager
        .stored_type
        .split_once(':')
        .map_or("", |(_, class)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_in_order() {
        for (i, kind) in REGISTRY.iter().enumerate() {
            assert_eq!(kind.type_name, kind.type_name.to_ascii_uppercase());
            assert!(!kind.about.is_empty());
            assert!(
                kind.refused.is_some() || !kind.properties.is_empty(),
                "{}",
                kind.type_name
            );
            assert!(REGISTRY[..i].iter().all(|k| k.type_name != kind.type_name));
        }
        assert_eq!(kind("msolap100").map(|k| k.type_name), Some("MSOLAP"));
        assert!(kind("DevartSalesforce").is_none());
    }
}
