//! File connection manager (`FILE`): a path for tasks and components.
//!
//! | property | default | effect |
//! | --- | --- | --- |
//! | ConnectionString | | the path, as the package names it; mapped when it is opened |
//! | FileUsageType | 0 | 0 existing file, 1 create file, 2 existing folder, 3 create folder |

use std::path::PathBuf;

use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::ConnectionManager;

use super::{ManagerKind, PropertyDoc, finding};
use crate::error::AcquireError;
use crate::settings::Settings;

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "FILE",
    about: "the path of a file or folder",
    properties: &[
        PropertyDoc {
            name: "ConnectionString",
            default: "",
            about: "the path",
        },
        PropertyDoc {
            name: "FileUsageType",
            default: "0",
            about: "0 existing file, 1 create file, 2 existing folder, 3 create folder",
        },
    ],
    parts: &[],
    refused: None,
    check,
};

/// What the path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileUsage {
    /// A file that exists.
    ExistingFile,
    /// A file that its user creates.
    CreateFile,
    /// A folder that exists.
    ExistingFolder,
    /// A folder that its user creates.
    CreateFolder,
}

/// The path that a file connection stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTarget {
    /// The manager's name.
    pub manager: String,
    /// The path as the package names it.
    pub file: String,
    /// The path here, after mapping. It need not exist.
    pub path: PathBuf,
    /// What it is for.
    pub usage: FileUsage,
}

/// Reads what the manager says.
pub(crate) fn target(settings: &Settings<'_>) -> Result<FileTarget, AcquireError> {
    let (file, path) = settings.mapped_path()?;
    let usage = match settings.integer("FileUsageType")?.unwrap_or(0) {
        0 => FileUsage::ExistingFile,
        1 => FileUsage::CreateFile,
        2 => FileUsage::ExistingFolder,
        3 => FileUsage::CreateFolder,
        other => {
            return Err(settings.property_error("FileUsageType", format!("{other} is not 0 to 3")));
        }
    };
    Ok(FileTarget {
        manager: settings.manager.name.clone(),
        file,
        path,
        usage,
    })
}

fn check(manager: &ConnectionManager, findings: &mut Vec<Finding>) {
    let usage = manager.properties.integer("FileUsageType").unwrap_or(0);
    if !(0..=3).contains(&usage) {
        findings.push(finding(
            manager,
            Reason::InvalidSetting,
            Some("FileUsageType"),
            format!("{usage} is not 0 to 3"),
            Some("0 existing file, 1 create file, 2 existing folder, 3 create folder"),
        ));
    }
}
