//! From a path as a package writes it to a path of this computer.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Mapping;

/// Folders larger than this are not searched for a name in another case.
const ENTRIES_MAX: usize = 200_000;

/// A path of a package means nothing here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No path at all.
    #[error("the path is empty")]
    Empty,
    /// A network share that no rule maps.
    #[error(
        "the network path '{path}' has no mapping; add [[path]] with from = '{share}' and the \
         folder where the share is mounted to the mapping file"
    )]
    Share {
        /// The whole path.
        path: String,
        /// `\\server\share`
        share: String,
    },
    /// Two names that differ only in letter case.
    #[error(
        "'{path}' could be '{}' or '{}', which differ only in letter case; rename one, or \
         write the path exactly", first.display(), second.display()
    )]
    Ambiguous {
        /// The path as the package has it.
        path: String,
        /// One candidate.
        first: PathBuf,
        /// Another one.
        second: PathBuf,
    },
    /// A character that no path can hold.
    #[error("the path '{path}' holds a NUL character")]
    Nul {
        /// The path up to the NUL.
        path: String,
    },
}

/// The parts of a path between slashes of either kind, without empty ones and `.`; a UNC path
/// begins with the part `\\server`.
pub(super) fn parts_of(path: &str) -> Vec<String> {
    let is_share = path.starts_with("\\\\") || path.starts_with("//");
    let mut parts: Vec<String> = path
        .split(['/', '\\'])
        .filter(|part| !part.is_empty() && *part != ".")
        .map(str::to_owned)
        .collect();
    if is_share && let Some(first) = parts.first_mut() {
        first.insert_str(0, "\\\\");
    }
    parts
}

pub(super) fn map(mapping: &Mapping, path: &str) -> Result<PathBuf, PathError> {
    let path = path.trim().trim_matches('"');
    let windows_long = path
        .strip_prefix("\\\\?\\")
        .filter(|p| !p.starts_with("UNC\\"));
    let path = windows_long.unwrap_or(path);
    if path.is_empty() {
        return Err(PathError::Empty);
    }
    if let Some((before, _)) = path.split_once('\0') {
        return Err(PathError::Nul {
            path: before.to_owned(),
        });
    }
    let parts = parts_of(path);
    let lower: Vec<String> = parts.iter().map(|p| p.to_lowercase()).collect();
    let best = mapping
        .paths
        .iter()
        .filter(|rule| lower.starts_with(&rule.parts))
        .max_by_key(|rule| rule.parts.len());
    if let Some(rule) = best {
        let rest = parts.get(rule.parts.len()..).unwrap_or_default();
        let found = look_up(path, rule.to.clone(), rest)?;
        let to = found.display().to_string();
        mapping.record("path", path, &to, format!("from = '{}'", rule.from));
        return Ok(found);
    }
    unmapped(mapping, path, &parts)
}

/// A path that no rule meets: Linux paths as they are, drive letters dropped, shares refused.
fn unmapped(mapping: &Mapping, path: &str, parts: &[String]) -> Result<PathBuf, PathError> {
    if path.starts_with("\\\\") {
        let server = parts.first().map(String::as_str).unwrap_or("\\\\");
        let share = parts.get(1).map(|s| format!("{server}\\{s}"));
        return Err(PathError::Share {
            path: path.to_owned(),
            share: share.unwrap_or_else(|| server.to_owned()),
        });
    }
    if path.starts_with('/') {
        if !path.contains('\\') && Path::new(path).exists() {
            return Ok(PathBuf::from(path));
        }
        // `//srv/x` is a Linux path here, written with two slashes.
        let rest: Vec<String> = parts
            .iter()
            .map(|p| p.trim_start_matches('\\').to_owned())
            .collect();
        return look_up(path, PathBuf::from("/"), &rest);
    }
    match parts.first() {
        Some(drive) if is_drive(drive) => {
            let rest = drive.get(2..).filter(|r| !r.is_empty()).map(str::to_owned);
            let rest: Vec<String> = rest
                .into_iter()
                .chain(parts.iter().skip(1).cloned())
                .collect();
            let found = look_up(path, PathBuf::from("/"), &rest)?;
            let to = found.display().to_string();
            mapping.record("path", path, &to, "drive letter dropped".to_owned());
            Ok(found)
        }
        _ if path.starts_with('\\') => look_up(path, PathBuf::from("/"), parts),
        _ => look_up(path, PathBuf::new(), parts),
    }
}

/// Whether a first part begins with a drive: `C:` or `C:folder`.
fn is_drive(part: &str) -> bool {
    let mut chars = part.chars();
    matches!((chars.next(), chars.next()), (Some(c), Some(':')) if c.is_ascii_alphabetic())
}

/// Goes down from a folder; a part that does not exist as written is looked up without case, and
/// from the first one that does not exist at all the rest is taken as written.
fn look_up(path: &str, base: PathBuf, parts: &[String]) -> Result<PathBuf, PathError> {
    let mut here = base;
    let whole = parts.iter().fold(here.clone(), |p, part| p.join(part));
    if std::fs::symlink_metadata(&whole).is_ok() {
        return Ok(whole);
    }
    for (i, part) in parts.iter().enumerate() {
        let exact = here.join(part);
        if part == ".." || std::fs::symlink_metadata(&exact).is_ok() {
            here = exact;
            continue;
        }
        match find_without_case(path, &here, part)? {
            Some(found) => here = found,
            None => {
                let rest = parts.get(i..).unwrap_or_default();
                return Ok(rest.iter().fold(here, |p, part| p.join(part)));
            }
        }
    }
    Ok(here)
}

fn find_without_case(path: &str, folder: &Path, part: &str) -> Result<Option<PathBuf>, PathError> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(None);
    };
    let wanted = part.to_lowercase();
    let same = |name: &OsStr| name.to_str().is_some_and(|n| n.to_lowercase() == wanted);
    let mut found: Vec<PathBuf> = entries
        .take(ENTRIES_MAX)
        .flatten()
        .filter(|entry| same(&entry.file_name()))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        [first, second, ..] => Err(PathError::Ambiguous {
            path: path.to_owned(),
            first: first.clone(),
            second: second.clone(),
        }),
    }
}
