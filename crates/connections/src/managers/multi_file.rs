//! Multiple Files connection manager (`MULTIFILE`): several files or folders, one after the
//! other. Documented in "Multiple Files Connection Manager"; SSIS's own tasks and components do
//! not use it, scripts do.
//!
//! | property | default | effect |
//! | --- | --- | --- |
//! | ConnectionString | | paths separated by `\|`, the last part of each may hold `*` and `?`; mapped when they are used |
//! | FileUsageType | 0 | 0 existing files, 1 create files, 2 existing folders, 3 create folders |
//!
//! A pattern means the files (or, with 2, the folders) that match, sorted by name without case;
//! letter case does not count. It may match none.

use std::path::{Path, PathBuf};

use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::ConnectionManager;

use super::{ManagerKind, PropertyDoc, finding};
use crate::error::AcquireError;
use crate::settings::Settings;

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "MULTIFILE",
    about: "several files or folders, one after the other",
    properties: &[
        PropertyDoc {
            name: "ConnectionString",
            default: "",
            about: "paths separated by |, with * and ? in their last part",
        },
        PropertyDoc {
            name: "FileUsageType",
            default: "0",
            about: "0 existing files, 1 create files, 2 existing folders, 3 create folders",
        },
    ],
    parts: &[],
    refused: None,
    check,
};

/// Files of one manager.
const FILES_MAX: usize = 100_000;

/// What the paths of a manager are, in order.
#[derive(Debug)]
pub(crate) struct Turns {
    text: String,
    next: std::vec::IntoIter<PathBuf>,
}

impl Turns {
    /// The next path of a manager. [R-MULTIFILE-END] After the last one comes an empty path
    /// once, then the list begins anew, read again; so it does when the string was changed.
    pub(crate) fn next(
        turns: &mut Option<Self>,
        settings: &Settings<'_>,
    ) -> Result<PathBuf, AcquireError> {
        let text = settings.path_text()?;
        let turns = match turns {
            Some(there) if there.text == text => there,
            place => place.insert(Self {
                next: paths(settings)?.into_iter(),
                text,
            }),
        };
        let next = turns.next.next();
        if next.is_none() {
            turns.text.clear();
        }
        Ok(next.unwrap_or_default())
    }
}

/// All paths as they are here, patterns replaced by what they match.
pub(crate) fn paths(settings: &Settings<'_>) -> Result<Vec<PathBuf>, AcquireError> {
    let text = settings.path_text()?;
    let usage = settings.number("FileUsageType", 0)?;
    if usage > 3 {
        return Err(settings.property_error("FileUsageType", format!("{usage} is not 0 to 3")));
    }
    let mut found = Vec::new();
    for part in text.split('|').map(str::trim).filter(|p| !p.is_empty()) {
        let last = part.rfind(['/', '\\']).map_or(0, |at| at + 1);
        let (folder, name) = part.split_at(last);
        if folder.contains(['*', '?']) {
            let reason = format!("{part} has a wildcard in a folder's name");
            return Err(settings.property_error("ConnectionString", reason));
        }
        if !name.contains(['*', '?']) {
            found.push(settings.map_path(part)?);
            continue;
        }
        if matches!(usage, 1 | 3) {
            let reason = format!("{part} is a pattern, and what it means is yet to be made");
            return Err(settings.property_error("ConnectionString", reason));
        }
        let folder = settings.map_path(if folder.is_empty() { "." } else { folder })?;
        let matching = matching(&folder, name, usage == 2).map_err(|e| {
            let reason = format!("{}: {e}", folder.display());
            settings.property_error("ConnectionString", reason)
        })?;
        found.extend(matching);
        if found.len() > FILES_MAX {
            let reason = format!("it means more than {FILES_MAX} files");
            return Err(settings.property_error("ConnectionString", reason));
        }
    }
    if text.split('|').all(|p| p.trim().is_empty()) {
        return Err(settings.property_error("ConnectionString", "it names no file".to_owned()));
    }
    Ok(found)
}

/// Files or folders of a folder whose names match, sorted without case.
fn matching(folder: &Path, pattern: &str, folders: bool) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() == folders && fits(pattern, &name) {
            found.push((name.to_lowercase(), path));
        }
        if found.len() > FILES_MAX {
            break;
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// Whether a name matches a pattern of `*` and `?`, without case; `*.*` is every name.
pub fn fits(pattern: &str, name: &str) -> bool {
    if pattern == "*.*" {
        return true;
    }
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let (mut p, mut n) = (0, 0);
    // Where the last star stands, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    n = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

fn check(manager: &ConnectionManager, findings: &mut Vec<Finding>) {
    let usage = manager.properties.integer("FileUsageType").unwrap_or(0);
    if !(0..=3).contains(&usage) {
        findings.push(finding(
            manager,
            Reason::InvalidSetting,
            Some("FileUsageType"),
            format!("{usage} is not 0 to 3"),
            Some("0 existing files, 1 create files, 2 existing folders, 3 create folders"),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns() {
        let cases = [
            ("*.txt", "a.TXT", true),
            ("*.txt", "a.txt.gz", false),
            ("a?c*", "abcd", true),
            ("a?c*", "ac", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("*.*", "name", true),
            ("*", "", true),
            ("?", "", false),
            ("Ä*", "ärger", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
