//! Reads the mapping file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::paths::parts_of;
use super::{ConnectionRule, ExecutableRule, Mapping, MappingError, PathRule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    path: Vec<toml::Spanned<PathEntry>>,
    #[serde(default)]
    connection: Vec<toml::Spanned<ConnectionEntry>>,
    #[serde(default)]
    executable: Vec<toml::Spanned<ExecutableEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PathEntry {
    from: String,
    to: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConnectionEntry {
    name: Option<String>,
    server: Option<String>,
    database: Option<String>,
    to: String,
    #[serde(default)]
    schemas: BTreeMap<String, PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExecutableEntry {
    from: String,
    to: PathBuf,
}

pub(super) fn parse(text: &str, file: &str) -> Result<Mapping, MappingError> {
    let at = |offset: Option<usize>, message: String| {
        let (line, column) = offset.map_or((0, 0), |o| position(text, o));
        MappingError::Syntax {
            file: file.to_owned(),
            line,
            column,
            message,
        }
    };
    let read: File = toml::from_str(text)
        .map_err(|e| at(e.span().map(|s| s.start), e.message().trim().to_owned()))?;
    let mut mapping = Mapping::default();
    for entry in read.path {
        let start = entry.span().start;
        let PathEntry { from, to } = entry.into_inner();
        let parts = parts_of(&from);
        if parts.is_empty() {
            return Err(at(Some(start), "a path rule's `from` is empty".to_owned()));
        }
        if !to.is_absolute() {
            let message = format!("`to` must be an absolute path, found \"{}\"", to.display());
            return Err(at(Some(start), message));
        }
        let parts: Vec<String> = parts.iter().map(|p| p.to_lowercase()).collect();
        if mapping.paths.iter().any(|rule| rule.parts == parts) {
            return Err(at(Some(start), format!("two path rules for '{from}'")));
        }
        mapping.paths.push(PathRule { from, parts, to });
    }
    for entry in read.connection {
        let start = entry.span().start;
        let entry = entry.into_inner();
        if entry.name.is_none() && entry.server.is_none() && entry.database.is_none() {
            let message = "a connection rule needs `name`, `server` or `database`";
            return Err(at(Some(start), message.to_owned()));
        }
        mapping.connections.push(ConnectionRule {
            name: entry.name,
            server: entry.server,
            database: entry.database,
            to: packmule_types::Secret::new(entry.to),
            schemas: entry.schemas.into_iter().collect(),
        });
    }
    for entry in read.executable {
        let ExecutableEntry { from, to } = entry.into_inner();
        mapping.executables.push(ExecutableRule { from, to });
    }
    Ok(mapping)
}

/// Line and column, from 1, of a byte of a text.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}
