//! Cache connection manager (`CACHE`): rows that a Cache Transform writes once in an execution
//! and that Lookups of later data flows read.
//!
//! Its columns, with the position of each in the key, stand in the package. Only the cache in
//! memory is supported; one kept in a file (`.caw`) is refused.

use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::ConnectionManager;

use super::{ManagerKind, PropertyDoc, finding, stored_text};

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "CACHE",
    about: "rows that a Cache Transform writes and Lookups read",
    properties: &[PropertyDoc {
        name: "ConnectionString",
        default: "",
        about: "a cache file; refused when it names one",
    }],
    parts: &[],
    refused: None,
    check,
};

/// The property that names a cache file, if one is in use.
pub(crate) fn cache_file(manager: &ConnectionManager) -> Option<String> {
    let uses = manager
        .properties
        .boolean("UseFile")
        .or(manager.properties.boolean("UseCacheFile"));
    if uses == Some(false) {
        return None;
    }
    stored_text(manager, "ConnectionString").filter(|t| !t.trim().is_empty())
}

fn check(manager: &ConnectionManager, findings: &mut Vec<Finding>) {
    if cache_file(manager).is_some() {
        findings.push(finding(
            manager,
            Reason::UnsupportedProperty,
            Some("ConnectionString"),
            "a cache kept in a file is not supported".to_owned(),
            Some("fill the cache by a Cache Transform in the same package"),
        ));
    }
    if manager.cache_columns.iter().all(|c| c.index_position == 0) {
        findings.push(finding(
            manager,
            Reason::InvalidSetting,
            Some("IndexPosition"),
            "no column of the cache is a key".to_owned(),
            Some("give at least one column an index position"),
        ));
    }
}
