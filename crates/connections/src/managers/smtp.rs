//! SMTP connection manager (`SMTP`): a mail server. Documented in "SMTP Connection Manager".
//!
//! Stored as an element of its own, `SmtpConnectionManager ConnectionString="…"`; the properties
//! are keys of that string.
//!
//! | property | default | effect |
//! | --- | --- | --- |
//! | ConnectionString | | `SmtpServer=h;UseWindowsAuthentication=False;EnableSsl=False;`, replaces everything |
//! | SmtpServer | | the server; `host:port` for another port than 25 |
//! | UseWindowsAuthentication | False | True is refused unless a user is mapped |
//! | EnableSsl | False | True: the connection is encrypted by STARTTLS, and must be |
//! | Timeout | 100 s | how long the server may take |
//!
//! Different on purpose: a user and password may stand in the string (`User ID`, `Password`),
//! which SSIS does not know; `sslrootcert` names a file of authorities. A mapped string replaces
//! the whole, see `servers.rs`.

use std::path::PathBuf;
use std::time::Duration;

use packmule_dtsx::finding::{Finding, Reason, Severity};
use packmule_dtsx::model::ConnectionManager;

use super::servers::{self, Credentials};
use super::{ManagerKind, PropertyDoc, finding, stored_text};
use crate::connection_string::ConnectionString;
use crate::error::AcquireError;
use crate::settings::Settings;

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "SMTP",
    about: "a mail server",
    properties: &[
        PropertyDoc {
            name: "ConnectionString",
            default: "",
            about: "the keys below in one string; replaces everything",
        },
        PropertyDoc {
            name: "SmtpServer",
            default: "",
            about: "the server, host:port for another port than 25; set after ConnectionString",
        },
        PropertyDoc {
            name: "UseWindowsAuthentication",
            default: "False",
            about: "True is refused unless User ID and Password are mapped",
        },
        PropertyDoc {
            name: "EnableSsl",
            default: "False",
            about: "encrypts by STARTTLS",
        },
        PropertyDoc {
            name: "Timeout",
            default: "100000",
            about: "how long the server may take, in milliseconds; below 1000 in seconds",
        },
    ],
    parts: &[
        ("SmtpServer", "SmtpServer"),
        (WINDOWS, WINDOWS),
        ("EnableSsl", "EnableSsl"),
        ("Timeout", "Timeout"),
    ],
    refused: None,
    check,
};

pub(super) const WINDOWS: &str = "UseWindowsAuthentication";

/// Keys of the string, beside user and password.
const KEYS: &[&str] = &["SmtpServer", WINDOWS, "EnableSsl", "Timeout", "sslrootcert"];

const PORT: u16 = 25;

const WINDOWS_REMEDY: &str = "give a user by the mapping file or --connection \
     (SmtpServer=host;EnableSsl=True;Uid=user;Pwd=env:NAME), or set UseWindowsAuthentication to \
     False where the server takes mail without logon";

/// A mail server and how to speak with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// The manager's name.
    pub manager: String,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the connection must be encrypted.
    pub enable_ssl: bool,
    /// Who logs on; `None` for nobody.
    pub credentials: Option<Credentials>,
    /// How long it may take.
    pub timeout: Duration,
    /// A file of authorities for its certificate, in place of the public ones.
    pub root_certificates: Option<PathBuf>,
    windows_authentication: bool,
    /// Timeout as it is written.
    written_timeout: Option<u32>,
}

impl SmtpServer {
    /// The connection string as scripts see it: no user, no password.
    pub fn text(&self) -> String {
        let boolean = |value| if value { "True" } else { "False" };
        let windows = self.windows_authentication && self.credentials.is_none();
        let mut text = format!(
            "SmtpServer={};{WINDOWS}={};EnableSsl={};",
            servers::joined(&self.host, self.port, Some(PORT)),
            boolean(windows),
            boolean(self.enable_ssl)
        );
        if let Some(timeout) = self.written_timeout {
            text.push_str(&format!("Timeout={timeout};"));
        }
        text
    }
}

/// The manager's own string: what its layers make of it.
pub(crate) fn string(settings: &Settings<'_>) -> Result<ConnectionString, AcquireError> {
    let mut string = ConnectionString::default();
    for (property, value) in settings.layers()? {
        match KIND.parts.iter().find(|(part, _)| *part == property) {
            Some((_, key)) => string.set(key, value.reveal()),
            None => string = ConnectionString::parse(value.reveal()),
        }
    }
    Ok(string)
}

/// Reads what the manager and the mapping say.
pub(crate) fn server(settings: &Settings<'_>) -> Result<SmtpServer, AcquireError> {
    let own = string(settings)?;
    let own_host = own
        .get("SmtpServer")
        .map(|h| servers::host_and_port(h, PORT));
    let names = match &own_host {
        Some(Ok((host, port))) => servers::names("smtp", host, *port),
        _ => Vec::new(),
    };
    let mapped = servers::mapped(settings, &names, KEYS)?;
    let (address, keys) = match mapped {
        Some(mapped) => (mapped.address, mapped.keys),
        None => (None, own),
    };
    let address = address.as_deref().or_else(|| keys.get("SmtpServer"));
    let (host, port) = servers::host_and_port(address.unwrap_or_default(), PORT)
        .map_err(|reason| settings.property_error("SmtpServer", reason))?;
    let boolean = |name: &str| servers::boolean(settings, name, servers::key(&keys, &[name]));
    let timeout = servers::number(settings, "Timeout", servers::key(&keys, &["Timeout"]))?;
    let roots = servers::key(&keys, &["sslrootcert"]).map(|file| settings.map_path(file));
    Ok(SmtpServer {
        manager: settings.manager.name.clone(),
        host,
        port,
        enable_ssl: boolean("EnableSsl")?.unwrap_or(false),
        credentials: servers::credentials(&keys),
        timeout: duration(timeout),
        root_certificates: roots.transpose()?,
        windows_authentication: boolean(WINDOWS)?.unwrap_or(false),
        written_timeout: timeout,
    })
}

/// The server, where it can be used: Windows accounts cannot.
pub(crate) fn usable(settings: &Settings<'_>) -> Result<SmtpServer, AcquireError> {
    let server = server(settings)?;
    if !server.windows_authentication || server.credentials.is_some() {
        return Ok(server);
    }
    Err(AcquireError::UnsupportedProperty {
        manager: server.manager,
        property: WINDOWS.to_owned(),
        reason: "Windows authentication is not supported".to_owned(),
        remedy: WINDOWS_REMEDY,
    })
}

/// [R-SMTP-TIMEOUT] The unit is not documented: milliseconds, as .NET's mail client has it, but
/// seconds below 1000, because no server answers in less. 0 and absent are 100 s.
fn duration(timeout: Option<u32>) -> Duration {
    match timeout {
        None | Some(0) => Duration::from_secs(100),
        Some(seconds @ 1..1000) => Duration::from_secs(seconds.into()),
        Some(milliseconds) => Duration::from_millis(milliseconds.into()),
    }
}

fn check(manager: &ConnectionManager, findings: &mut Vec<Finding>) {
    let text = stored_text(manager, "ConnectionString").unwrap_or_default();
    let string = ConnectionString::parse(&text);
    for (key, _) in string.iter() {
        let mut known = KEYS.iter().chain(servers::CREDENTIAL_KEYS);
        if !known.any(|k| k.eq_ignore_ascii_case(key)) {
            let mut found = finding(
                manager,
                Reason::UnknownContent,
                Some("ConnectionString"),
                format!("its key {key} is not known and has no effect"),
                None,
            );
            found.severity = Severity::Warning;
            findings.push(found);
        }
    }
    let is_windows = string
        .get(WINDOWS)
        .and_then(packmule_dtsx::model::parse_boolean)
        .unwrap_or(false);
    let expressions = &manager.property_expressions;
    let may_change = expressions
        .iter()
        .any(|e| ["ConnectionString", WINDOWS].contains(&e.property.as_str()));
    if is_windows && !may_change && servers::credentials(&string).is_none() {
        findings.push(finding(
            manager,
            Reason::UnsupportedProperty,
            Some(WINDOWS),
            "Windows authentication is not supported".to_owned(),
            Some(WINDOWS_REMEDY),
        ));
    }
}
