//! The root of a package.

use std::sync::Arc;

use crate::error::LoadError;
use crate::finding::{Reason, Severity};
use crate::findings::Findings;
use crate::model::{
    Configuration, Element, ExecutableKind, FormatVersion, LogProvider, Package, ProtectionLevel,
};
use crate::names;
use crate::read::executable::executable;
use crate::read::{
    DTS, Reader, connection, members, property_element, property_expressions, property_owned,
    property_text, variable,
};

/// Reads a package from its opened tree.
pub(crate) fn package(
    root: &Element,
    file: &str,
    mut findings: Findings,
) -> Result<(Package, Findings), LoadError> {
    if root.name != "Executable" || root.namespace != DTS {
        return Err(LoadError::NotAPackage {
            file: file.to_owned(),
            root: shown_root(root),
        });
    }
    let format = format_version(root, file, &mut findings)?;
    let mut reader = Reader::new(format, findings, 0);
    let protection_level = protection_level(root, &mut reader);
    let root_executable = executable(&mut reader, root, None, Some(ExecutableKind::Package));
    let connection_managers = members(root, "ConnectionManagers", "ConnectionManager")
        .map(|element| connection::connection_manager(&mut reader, element, "Package"))
        .collect();
    let parameters = members(root, "PackageParameters", "PackageParameter")
        .map(|element| variable::package_parameter(&mut reader, element))
        .collect();
    let configurations = members(root, "Configurations", "Configuration")
        .map(|element| configuration(&mut reader, element))
        .collect();
    let log_providers = members(root, "LogProviders", "LogProvider")
        .map(|element| log_provider(&mut reader, element))
        .collect();
    let package = Package {
        file: Arc::from(file),
        format,
        protection_level,
        root: root_executable,
        connection_managers,
        parameters,
        configurations,
        log_providers,
        node_count: reader.node_count(),
    };
    Ok((package, reader.findings))
}

fn shown_root(root: &Element) -> String {
    if root.namespace.is_empty() {
        root.name.clone()
    } else {
        format!("{} in the namespace {}", root.name, root.namespace)
    }
}

/// The generation by `PackageFormatVersion` of the root. Without one it is format 8, leniently;
/// previews (4, 5, 7) are read as the release that followed.
fn format_version(
    root: &Element,
    file: &str,
    findings: &mut Findings,
) -> Result<FormatVersion, LoadError> {
    let Some(element) = property_element(root, "PackageFormatVersion") else {
        findings.malformed(
            "Package",
            Some("PackageFormatVersion"),
            "the package names no format version; it is read as format 8".to_owned(),
            &root.location,
        );
        return Ok(FormatVersion::V8);
    };
    let text = element.text.trim();
    let preview = |findings: &mut Findings, as_version: FormatVersion| {
        findings.malformed(
            "Package",
            Some("PackageFormatVersion"),
            format!("format version {text} is that of a preview"),
            &element.location,
        );
        as_version
    };
    Ok(match text {
        "2" => FormatVersion::V2,
        "3" => FormatVersion::V3,
        "6" => FormatVersion::V6,
        "8" => FormatVersion::V8,
        "4" | "5" => preview(findings, FormatVersion::V6),
        "7" => preview(findings, FormatVersion::V8),
        _ => {
            return Err(LoadError::UnknownFormat {
                file: file.to_owned(),
                version: text.chars().take(20).collect(),
            });
        }
    })
}

/// The protection level's number; left out it is 1.
pub(crate) fn protection_level_of(number: i64) -> Option<ProtectionLevel> {
    use ProtectionLevel as P;
    Some(match number {
        0 => P::DontSaveSensitive,
        1 => P::EncryptSensitiveWithUserKey,
        2 => P::EncryptSensitiveWithPassword,
        3 => P::EncryptAllWithPassword,
        4 => P::EncryptAllWithUserKey,
        5 => P::ServerStorage,
        _ => return None,
    })
}

fn protection_level(root: &Element, reader: &mut Reader) -> ProtectionLevel {
    let number = reader.integer("Package", root, "ProtectionLevel", 1);
    protection_level_of(number).unwrap_or_else(|| {
        reader.findings.malformed(
            "Package",
            Some("ProtectionLevel"),
            format!("{number} is no protection level"),
            &root.location,
        );
        ProtectionLevel::DontSaveSensitive
    })
}

fn configuration(reader: &mut Reader, element: &Element) -> Configuration {
    let name = property_owned(element, "ObjectName");
    let place = format!("Package.Configurations[{name}]");
    let configuration_type = reader.integer(&place, element, "ConfigurationType", 0);
    if !(0..=10).contains(&configuration_type) {
        reader.findings.unknown(
            &place,
            Some("ConfigurationType"),
            format!("configuration type {configuration_type} is not known"),
            &element.location,
        );
    }
    Configuration {
        name,
        configuration_type,
        configuration_string: property_owned(element, "ConfigurationString"),
        configuration_variable: property_owned(element, "ConfigurationVariable"),
        location: element.location.clone(),
    }
}

fn log_provider(reader: &mut Reader, element: &Element) -> LogProvider {
    let name = property_owned(element, "ObjectName");
    let place = format!("Package.LogProviders[{name}]");
    let stored_type = property_owned(element, "CreationName");
    let named = names::log_provider(&stored_type);
    if !named.known {
        reader.findings.push(crate::finding::Finding {
            severity: Severity::Warning,
            reason: Reason::ThirdParty,
            code: None,
            place,
            property: Some("CreationName".to_owned()),
            message: format!("the log provider {} is another maker's", named.name),
            remedy: Some("log with a stock log provider".to_owned()),
            location: element.location.clone(),
        });
    }
    LogProvider {
        node: reader.node(),
        name,
        dtsid: property_text(element, "DTSID")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        type_name: named.name,
        stored_type,
        config_string: property_owned(element, "ConfigString"),
        property_expressions: property_expressions(element),
        location: element.location.clone(),
    }
}
