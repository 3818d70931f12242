//! Which rule a connection meets, and what its string becomes.

use packmule_dtsx::connection_string::ConnectionString;
use packmule_types::Secret;

use super::{ConnectionRule, MappedConnection, Mapping, MappingError};

pub(super) fn map(
    mapping: &Mapping,
    name: &str,
    server: Option<&str>,
    database: Option<&str>,
) -> Result<Option<MappedConnection>, MappingError> {
    let matches = |rule: &&ConnectionRule| {
        same(rule.name.as_deref(), Some(name))
            && same(rule.server.as_deref(), server)
            && same(rule.database.as_deref(), database)
    };
    let Some(rule) = mapping.connections.iter().find(matches) else {
        return Ok(None);
    };
    apply(mapping, name, rule).map(Some)
}

pub(super) fn map_by_name(
    mapping: &Mapping,
    name: &str,
) -> Result<Option<MappedConnection>, MappingError> {
    let candidate = |rule: &&ConnectionRule| same(rule.name.as_deref(), Some(name));
    match mapping.connections.iter().find(candidate) {
        Some(rule) if rule.server.is_none() && rule.database.is_none() => {
            apply(mapping, name, rule).map(Some)
        }
        _ => Ok(None),
    }
}

fn apply(
    mapping: &Mapping,
    name: &str,
    rule: &ConnectionRule,
) -> Result<MappedConnection, MappingError> {
    let connection_string = fill(name, rule.to.reveal())?;
    let shown = without_passwords(rule.to.reveal());
    let said: Vec<String> = [
        ("name", &rule.name),
        ("server", &rule.server),
        ("database", &rule.database),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some(format!("{key} = \"{}\"", value.as_ref()?)))
    .collect();
    mapping.record("connection", name, &shown, said.join(", "));
    Ok(MappedConnection {
        connection_string,
        shown,
        schemas: rule.schemas.clone(),
    })
}

/// Whether a rule's text, if it has one, is the connection's, without case. `.`, `(local)` and
/// `localhost` are one server; a `tcp:` in front and a default port do not count.
fn same(rule: Option<&str>, value: Option<&str>) -> bool {
    let Some(rule) = rule else { return true };
    value.is_some_and(|v| canonical(v) == canonical(rule))
}

fn canonical(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("tcp:").unwrap_or(&text);
    let text = text.strip_suffix(",1433").unwrap_or(text);
    match text {
        "." | "(local)" | "127.0.0.1" => "localhost".to_owned(),
        other => other.to_owned(),
    }
}

/// Replaces values `env:NAME` by the environment's, quoted for a connection string.
fn fill(connection: &str, to: &str) -> Result<Secret, MappingError> {
    let mut filled = String::with_capacity(to.len());
    for (i, piece) in to.split(';').enumerate() {
        if i > 0 {
            filled.push(';');
        }
        match piece.split_once('=') {
            Some((key, value)) if value.trim().starts_with("env:") => {
                let variable = value.trim().trim_start_matches("env:").trim();
                let secret = std::env::var(variable).map_err(|_| MappingError::Environment {
                    connection: connection.to_owned(),
                    variable: variable.to_owned(),
                })?;
                filled.push_str(key);
                filled.push('=');
                filled.push_str(&quoted(&secret));
            }
            _ => filled.push_str(piece),
        }
    }
    Ok(Secret::new(filled))
}

/// A value as connection strings quote it.
fn quoted(value: &str) -> String {
    let plain = !value.contains([';', '"', '\'', '=']) && value.trim() == value;
    if plain && !value.is_empty() {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('"', "\"\""))
    }
}

/// A connection string for messages: secrets are `***`, `env:NAME` stays. An address in front
/// (`host:port;…`, `http://…`) stays as it is, but for an account in it.
pub(super) fn without_passwords(text: &str) -> String {
    let (first, rest) = text.split_once(';').unwrap_or((text, ""));
    let before_key = first.split('=').next().unwrap_or_default();
    if before_key.contains("://") || !first.contains('=') {
        let address = without_account(first);
        return match text.len() > first.len() {
            true => format!("{address};{}", without_secrets(rest)),
            false => address,
        };
    }
    without_secrets(text)
}

fn without_secrets(text: &str) -> String {
    let parsed = ConnectionString::parse(text);
    let has_secret = parsed.iter().any(|(_, value)| value.is_none());
    if !has_secret {
        return text.to_owned();
    }
    let masked = parsed.masked_values();
    match text.trim_end().ends_with(';') {
        true => masked,
        false => masked.trim_end_matches(';').to_owned(),
    }
}

/// `http://user:password@host` as `http://***@host`; the same without a scheme.
fn without_account(address: &str) -> String {
    let (scheme, after) = match address.split_once("://") {
        Some((scheme, after)) => (format!("{scheme}://"), after),
        None => (String::new(), address),
    };
    let end = after.find(['/', '\\', '?', '#']).unwrap_or(after.len());
    let (authority, rest) = after.split_at(end);
    match authority.rsplit_once('@') {
        Some((account, host)) if !scheme.is_empty() || account.contains(':') => {
            format!("{scheme}***@{host}{rest}")
        }
        _ => address.to_owned(),
    }
}
