//! The project manifest: `@Project.manifest` of an archive, or the same element in a `.dtproj`.

use crate::model::{Element, ProtectionLevel, parse_boolean};
use crate::project::SSIS;
use crate::read::package::protection_level_of;

/// What a manifest says.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) protection_level: ProtectionLevel,
    pub(crate) packages: Vec<String>,
    /// Those of them that are no entry points.
    pub(crate) children_only: Vec<String>,
    pub(crate) connection_managers: Vec<String>,
    pub(crate) password_verifier: Option<Element>,
}

impl Manifest {
    /// A manifest that names nothing yet.
    pub(crate) fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: String::new(),
            protection_level: ProtectionLevel::DontSaveSensitive,
            packages: Vec::new(),
            children_only: Vec::new(),
            connection_managers: Vec::new(),
            password_verifier: None,
        }
    }

    /// Reads `SSIS:Project`; `None` for any other element.
    pub(crate) fn read(project: &Element) -> Option<Self> {
        if project.name != "Project" || project.namespace != SSIS {
            return None;
        }
        let names = |plural: &str, singular: &str| {
            project
                .child(plural)
                .iter()
                .flat_map(|list| list.children_named(singular))
                .filter_map(|item| item.attribute("Name").map(str::to_owned))
                .collect()
        };
        let children_only = project.child("Packages").into_iter().flat_map(|list| {
            list.children_named("Package")
                .filter(|item| {
                    let flag = item.attribute("EntryPoint").and_then(parse_boolean);
                    flag == Some(false)
                })
                .filter_map(|item| item.attribute("Name").map(str::to_owned))
        });
        let property = |name: &str| {
            project
                .child("Properties")
                .and_then(|list| setting(list, name))
        };
        let text = |name: &str| property(name).map_or("", |p| p.text.trim()).to_owned();
        Some(Self {
            name: text("Name"),
            description: text("Description"),
            protection_level: protection_level(project),
            packages: names("Packages", "Package"),
            children_only: children_only.collect(),
            connection_managers: names("ConnectionManagers", "ConnectionManager"),
            password_verifier: property("PasswordVerifier").cloned(),
        })
    }
}

/// The `SSIS:Property` of a name.
pub(crate) fn setting<'a>(properties: &'a Element, name: &str) -> Option<&'a Element> {
    properties
        .children_named("Property")
        .find(|p| p.attribute("Name") == Some(name))
}

/// The text of the `SSIS:Property` of a name, blanks around it taken off.
pub(crate) fn setting_text<'a>(properties: &'a Element, name: &str) -> &'a str {
    setting(properties, name).map_or("", |p| p.text.trim())
}

/// A Boolean `SSIS:Property`; absent or empty is false.
pub(crate) fn setting_flag(properties: &Element, name: &str) -> bool {
    parse_boolean(setting_text(properties, name)).unwrap_or(false)
}

/// By name or by number; left out it is 1, as for packages.
fn protection_level(project: &Element) -> ProtectionLevel {
    use ProtectionLevel as P;
    match project.attribute("ProtectionLevel").map(str::trim) {
        Some("DontSaveSensitive") => P::DontSaveSensitive,
        Some("EncryptSensitiveWithPassword") => P::EncryptSensitiveWithPassword,
        Some("EncryptAllWithPassword") => P::EncryptAllWithPassword,
        Some("EncryptAllWithUserKey") => P::EncryptAllWithUserKey,
        Some("ServerStorage") => P::ServerStorage,
        Some(other) => other
            .parse()
            .ok()
            .and_then(protection_level_of)
            .unwrap_or(P::EncryptSensitiveWithUserKey),
        None => P::EncryptSensitiveWithUserKey,
    }
}
