//! From a connection string to where and how to connect.

use std::path::PathBuf;
use std::time::Duration;

use packmule_runtime::Mapping;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::connection_string::ConnectionString;
use crate::database::{DatabaseError, ErrorClass};

/// Wait for the server where the string says nothing.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// What the server's certificate must prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trust {
    /// Encrypt, trust any certificate (`sslmode=prefer`, `require`).
    Any,
    /// Encrypt, trust only known authorities and the server's own name (`verify-ca`,
    /// `verify-full`): those of a file of certificates (`sslrootcert`), else the public ones.
    Verified(Option<PathBuf>),
}

pub(super) struct Target {
    pub(super) config: Config,
    pub(super) trust: Trust,
}

fn bad(message: String) -> DatabaseError {
    DatabaseError::Server {
        message,
        code: String::new(),
        class: ErrorClass::Connection,
    }
}

/// Reads the string. User and password come from it alone: there is no sign-in by the
/// operating system's user.
pub(super) fn target(
    string: &ConnectionString,
    mapping: &Mapping,
) -> Result<Target, DatabaseError> {
    let mut config = Config::new();
    let server = string.server().unwrap_or("localhost");
    let (host, port) = host_and_port(server);
    config.host(host);
    let port = match string.get("port").or(port) {
        Some(text) => text
            .trim()
            .parse()
            .map_err(|_| bad(format!("the port {text} is no number")))?,
        None => 5432,
    };
    config.port(port);
    if let Some(database) = string.database() {
        config.dbname(database);
    }
    match string.find("user id") {
        Some(user) => config.user(user),
        None => return Err(bad("the connection string names no user (Uid=…)".to_owned())),
    };
    if let Some(password) = string.password() {
        config.password(password.reveal());
    }
    let timeout = match string
        .find("connect timeout")
        .map(|t| t.trim().parse::<u64>())
    {
        Some(Ok(seconds)) if seconds > 0 => Duration::from_secs(seconds),
        _ => CONNECT_TIMEOUT,
    };
    config.connect_timeout(timeout);
    config.application_name(string.get("application name").unwrap_or("packmule"));
    let (mode, trust) = match string
        .find("sslmode")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        None | Some("prefer" | "allow") => (SslMode::Prefer, Trust::Any),
        Some("disable") => (SslMode::Disable, Trust::Any),
        Some("require") => (SslMode::Require, Trust::Any),
        Some("verify-ca" | "verify-full" | "verifyca" | "verifyfull") => {
            let file = string
                .find("sslrootcert")
                .map(|path| mapping.map_path(path));
            let file = file
                .transpose()
                .map_err(|e| bad(format!("sslrootcert: {e}")))?;
            (SslMode::Require, Trust::Verified(file))
        }
        Some(other) => return Err(bad(format!("sslmode {other} is not known"))),
    };
    config.ssl_mode(mode);
    Ok(Target { config, trust })
}

/// `host`, `host:port`, `host,port`, `[::1]:port`; a path is a socket's folder.
fn host_and_port(server: &str) -> (&str, Option<&str>) {
    let server = server.trim();
    if server.starts_with('/') {
        return (server, None);
    }
    if let Some((host, port)) = server.rsplit_once(',') {
        return (host.trim(), Some(port));
    }
    if let Some(inner) = server.strip_prefix('[')
        && let Some((host, rest)) = inner.split_once(']')
    {
        return (host, rest.strip_prefix(':'));
    }
    match server.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, Some(port)),
        _ => (server, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let cases = [
            ("db1", ("db1", None)),
            ("db1:5433", ("db1", Some("5433"))),
            ("db1,5433", ("db1", Some("5433"))),
            ("[::1]:5433", ("::1", Some("5433"))),
            ("::1", ("::1", None)),
            ("/run/postgresql", ("/run/postgresql", None)),
        ];
        for (server, expected) in cases {
            assert_eq!(host_and_port(server), expected, "{server}");
        }
    }
}
