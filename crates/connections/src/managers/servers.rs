//! What the managers of servers (SMTP, FTP, HTTP) share: addresses, and what the mapping says.
//!
//! A rule of the mapping by the manager's name, or `--connection`, stands for the
//! ConnectionString. It is an address, further keys behind it, or keys alone:
//! `mail.local:2525`, `ftp.local:2121;Uid=etl;Pwd=env:FTP_PASSWORD`,
//! `SmtpServer=mail.local;EnableSsl=True`. A rule by server names the scheme too
//! (`server = "ftp://ftp.example.com"`), so that a database's rule is never meant.

use packmule_runtime::mapping::MappedConnection;
use packmule_types::Secret;

use crate::connection_string::ConnectionString;
use crate::error::AcquireError;
use crate::settings::Settings;

/// A user and its password. `Debug` hides the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// Its password; may be empty.
    pub password: Secret,
}

/// Keys of a mapped string that name user and password.
pub(super) const CREDENTIAL_KEYS: &[&str] = &[
    "User ID",
    "Uid",
    "User",
    "UserName",
    "User Name",
    "Password",
    "Pwd",
];

/// What the mapping says of a server.
#[derive(Debug)]
pub(super) struct Mapped {
    /// What stands before the first semicolon, if it is no key.
    pub(super) address: Option<String>,
    /// The keys.
    pub(super) keys: ConnectionString,
    /// By the manager's name, so that the whole address is given.
    pub(super) by_name: bool,
}

impl Mapped {
    /// A key under the first of its names that has a value.
    pub(super) fn key(&self, names: &[&str]) -> Option<&str> {
        key(&self.keys, names)
    }

    /// User and password, if a user is given.
    pub(super) fn credentials(&self) -> Option<Credentials> {
        credentials(&self.keys)
    }
}

/// How rules of the mapping may name a server: with its port, or for any port.
pub(super) fn names(scheme: &str, host: &str, port: u16) -> Vec<String> {
    let with = |usual| format!("{scheme}://{}", joined(host, port, usual));
    vec![with(None), with(Some(port))]
}

/// The rule for a server: by the manager's name, else by one of its [`names`].
/// `known` are the keys that the manager reads beside those of user and password.
pub(super) fn mapped(
    settings: &Settings<'_>,
    names: &[String],
    known: &[&str],
) -> Result<Option<Mapped>, AcquireError> {
    if let Some(found) = settings.replaced() {
        return taken_apart(settings, found, known, true).map(Some);
    }
    for server in names {
        if let Some(found) = settings.map_server(server)? {
            return taken_apart(settings, &found, known, false).map(Some);
        }
    }
    Ok(None)
}

fn taken_apart(
    settings: &Settings<'_>,
    found: &MappedConnection,
    known: &[&str],
    by_name: bool,
) -> Result<Mapped, AcquireError> {
    let (address, keys) = split(found.connection_string.reveal());
    let is_known = |key: &str| {
        let mut all = known.iter().chain(CREDENTIAL_KEYS);
        all.any(|k| k.eq_ignore_ascii_case(key))
    };
    if let Some((unknown, _)) = keys.iter().find(|(key, _)| !is_known(key)) {
        let reason = format!(
            "the mapping gives {unknown}, which is none of {}, Uid, Pwd",
            known.join(", ")
        );
        return Err(settings.property_error("ConnectionString", reason));
    }
    Ok(Mapped {
        address,
        keys,
        by_name,
    })
}

/// The address that a text begins with, and its keys. A URL may hold `=`.
pub(super) fn split(text: &str) -> (Option<String>, ConnectionString) {
    let text = text.trim();
    let (first, rest) = text.split_once(';').unwrap_or((text, ""));
    let first = first.trim();
    let before_key = first.split('=').next().unwrap_or_default();
    if first.is_empty() || (first.contains('=') && !before_key.contains("://")) {
        return (None, ConnectionString::parse(text));
    }
    (Some(first.to_owned()), ConnectionString::parse(rest))
}

/// A key's value under the first of its names that has one.
pub(super) fn key<'a>(keys: &'a ConnectionString, names: &[&str]) -> Option<&'a str> {
    let mut values = names.iter().filter_map(|name| keys.get(name));
    values.find(|value| !value.is_empty())
}

/// User and password of a string, if it names a user.
pub(super) fn credentials(keys: &ConnectionString) -> Option<Credentials> {
    let user = keys.find("user id")?.to_owned();
    let password = keys.password().cloned().unwrap_or_default();
    Some(Credentials { user, password })
}

/// Host and port of `host`, `host:port`, `[address]:port`. The reason never shows a text that may
/// hold a password.
pub(super) fn host_and_port(text: &str, default: u16) -> Result<(String, u16), String> {
    let text = text.trim();
    if text.contains('@') {
        return Err("user and password stand in the address; give them apart from it".to_owned());
    }
    let (host, port) = match text.strip_prefix('[').and_then(|t| t.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => match text.rsplit_once(':') {
            // Several colons: an address of version 6 without a port.
            Some((host, _)) if host.contains(':') => (text, None),
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    if host.trim().is_empty() {
        return Err("it names no server".to_owned());
    }
    let port = match port.map(str::trim) {
        None | Some("") => default,
        Some(port) => match port.parse() {
            Ok(number) if number > 0 => number,
            _ => return Err(format!("{port} is no port")),
        },
    };
    Ok((host.trim().to_owned(), port))
}

/// Host and port as one text; the port only where it is not the usual one.
pub(super) fn joined(host: &str, port: u16, usual: Option<u16>) -> String {
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    if usual == Some(port) {
        host
    } else {
        format!("{host}:{port}")
    }
}

/// A Boolean of a mapped or own string.
pub(super) fn boolean(
    settings: &Settings<'_>,
    name: &str,
    text: Option<&str>,
) -> Result<Option<bool>, AcquireError> {
    let Some(text) = text else { return Ok(None) };
    match packmule_dtsx::model::parse_boolean(text) {
        Some(value) => Ok(Some(value)),
        None => Err(settings.property_error(name, format!("{text} is no Boolean"))),
    }
}

/// A whole number from 0 of a mapped or own string.
pub(super) fn number(
    settings: &Settings<'_>,
    name: &str,
    text: Option<&str>,
) -> Result<Option<u32>, AcquireError> {
    let Some(text) = text else { return Ok(None) };
    match text.trim().parse() {
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(settings.property_error(name, format!("{text} is no whole number"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports() {
        let cases = [
            ("h", "h", 21),
            (" h : 2121 ", "h", 2121),
            ("10.0.0.1:22", "10.0.0.1", 22),
            ("[::1]:23", "::1", 23),
            ("[::1]", "::1", 21),
            ("fe80::1", "fe80::1", 21),
            ("h:", "h", 21),
        ];
        for (text, host, port) in cases {
            let found = host_and_port(text, 21);
            assert_eq!(found, Ok((host.to_owned(), port)), "{text}");
        }
        for text in [
            "",
            " ",
            ":21",
            "h:x",
            "h:0",
            "h:70000",
            "u:hush@h",
            "u:hush@h:21",
        ] {
            let reason = host_and_port(text, 21).expect_err(text);
            assert!(!reason.contains("hush"), "{reason}");
        }
        assert_eq!(joined("::1", 21, None), "[::1]:21");
        assert_eq!(joined("h", 25, Some(25)), "h");
        assert_eq!(joined("h", 26, Some(25)), "h:26");
    }

    #[test]
    fn addresses_and_keys() {
        let cases = [
            ("h:2121", Some("h:2121"), None),
            ("h:2121;Uid=u;Pwd=p", Some("h:2121"), Some("u")),
            ("Uid=u;SmtpServer=h", None, Some("u")),
            ("http://h/p?a=b;Uid=u", Some("http://h/p?a=b"), Some("u")),
            ("", None, None),
        ];
        for (text, address, user) in cases {
            let (found, keys) = split(text);
            assert_eq!(found.as_deref(), address, "{text}");
            assert_eq!(keys.find("user id"), user, "{text}");
        }
        let (_, keys) = split("h;Uid=u;Pwd=hush");
        let credentials = credentials(&keys).expect("a user");
        assert_eq!(credentials.password.reveal(), "hush");
        assert!(!format!("{credentials:?} {keys:?}").contains("hush"));
    }
}
