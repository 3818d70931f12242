//! FTP connection manager (`FTP`): an FTP server. Documented in "FTP Connection Manager".
//!
//! Stored as `ConnectionManager ConnectionString="host:21"` around `FtpConnection` with the
//! properties; the password is a `Property` there.
//!
//! | property | default | effect |
//! | --- | --- | --- |
//! | ConnectionString | | `host:port` |
//! | ServerName, ServerPort | –, 21 | its parts, set after it |
//! | ServerUserName | anonymous | who logs on |
//! | ServerPassword | | a secret |
//! | UsePassiveMode | False | the client opens the data connection |
//! | Timeout | 60 | seconds that an operation may take; 0 = no limit |
//! | Retries | 5 | how often connecting is tried again; 0 = without limit, here 100 times |
//! | ChunkSize | 1 | checked only: how much goes at once is ours to choose |
//!
//! A mapped string stands for the ConnectionString: `ftp.local:2121;Uid=u;Pwd=env:NAME`, see
//! `servers.rs`; it may also give UsePassiveMode, Timeout and Retries. Without a user in it the
//! manager's own counts.

use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::ConnectionManager;
use packmule_types::Secret;

use super::servers::{self, Credentials, Mapped};
use super::{ManagerKind, PropertyDoc};
use crate::error::AcquireError;
use crate::settings::Settings;

const fn doc(name: &'static str, default: &'static str, about: &'static str) -> PropertyDoc {
    PropertyDoc {
        name,
        default,
        about,
    }
}

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "FTP",
    about: "an FTP server",
    properties: &[
        doc("ConnectionString", "", "host:port"),
        doc("ServerName", "", "the server; set after ConnectionString"),
        doc("ServerPort", "21", "its port; set after ServerName"),
        doc("ServerUserName", "anonymous", "who logs on"),
        doc("ServerPassword", "", "a secret"),
        doc(
            "UsePassiveMode",
            "False",
            "the client opens the data connection",
        ),
        doc(
            "Timeout",
            "60",
            "seconds that an operation may take; 0 = no limit",
        ),
        doc(
            "Retries",
            "5",
            "how often connecting is tried again; 0 = 100 times",
        ),
        doc("ChunkSize", "1", "kilobytes that go at once; checked only"),
    ],
    parts: &[("ServerName", ""), ("ServerPort", "")],
    refused: None,
    check,
};

const PORT: u16 = 21;
const RETRIES_MAX: u32 = 100;

/// Keys of a mapped string, beside user and password.
const KEYS: &[&str] = &[
    "ServerName",
    "Server",
    "Host",
    "ServerPort",
    "Port",
    "UsePassiveMode",
    "Timeout",
    "Retries",
];

/// An FTP server and how to speak with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FtpServer {
    /// The manager's name.
    pub manager: String,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who logs on.
    pub credentials: Credentials,
    /// The client opens the data connection.
    pub use_passive_mode: bool,
    /// Seconds that an operation may take; 0 = no limit.
    pub timeout: u32,
    /// How often connecting is tried again.
    pub retries: u32,
}

impl FtpServer {
    /// `host:port`, as the ConnectionString is.
    pub fn text(&self) -> String {
        servers::joined(&self.host, self.port, None)
    }
}

/// `host:port` as the mapping or the manager says, as the ConnectionString is; needs no account.
pub(crate) fn text(settings: &Settings<'_>) -> Result<String, AcquireError> {
    let (host, port, _) = address(settings)?;
    Ok(servers::joined(&host, port, None))
}

/// Host and port, and what the mapping says besides.
fn address(settings: &Settings<'_>) -> Result<(String, u16, Option<Mapped>), AcquireError> {
    let own = own_address(settings)?;
    let names = match &own {
        Ok((host, port)) => servers::names("ftp", host, *port),
        Err(_) => Vec::new(),
    };
    let bad = |reason| settings.property_error("ServerName", reason);
    let Some(mapped) = servers::mapped(settings, &names, KEYS)? else {
        let (host, port) = own.map_err(bad)?;
        return Ok((host, port, None));
    };
    let named = mapped.key(&["ServerName", "Server", "Host"]);
    let given = mapped.address.as_deref().or(named).unwrap_or_default();
    let given = given.strip_prefix("ftp://").unwrap_or(given);
    let (host, port) = servers::host_and_port(given.trim_end_matches('/'), PORT).map_err(bad)?;
    let of_key = mapped.key(&["ServerPort", "Port"]);
    let of_key = servers::number(settings, "ServerPort", of_key)?;
    let of_key = of_key.map(u16::try_from).transpose();
    let of_key = of_key.map_err(|_| bad("its port is out of range".to_owned()))?;
    Ok((host, of_key.unwrap_or(port), Some(mapped)))
}

/// Reads what the manager and the mapping say.
pub(crate) fn server(settings: &Settings<'_>) -> Result<FtpServer, AcquireError> {
    let (host, port, mapped) = address(settings)?;
    let key = |name: &str| mapped.as_ref().and_then(|m| m.key(&[name]));
    let credentials = match mapped.as_ref().and_then(Mapped::credentials) {
        Some(credentials) => credentials,
        None => own_credentials(settings)?,
    };
    let passive = "UsePassiveMode";
    let passive = match servers::boolean(settings, passive, key(passive))? {
        Some(passive) => Some(passive),
        None => settings.boolean(passive)?,
    };
    let number = |name: &str, default: u32| match servers::number(settings, name, key(name))? {
        Some(number) => Ok(number),
        None => settings.number(name, default),
    };
    let retries = match number("Retries", 5)? {
        0 => RETRIES_MAX,
        retries => retries.min(RETRIES_MAX),
    };
    settings.number("ChunkSize", 1)?;
    Ok(FtpServer {
        manager: settings.manager.name.clone(),
        host,
        port,
        credentials,
        use_passive_mode: passive.unwrap_or(false),
        timeout: number("Timeout", 60)?,
        retries,
    })
}

/// Host and port as the manager itself says; `Err` inside where they cannot be used.
fn own_address(settings: &Settings<'_>) -> Result<Result<(String, u16), String>, AcquireError> {
    let mut host = String::new();
    let mut port = Ok(PORT);
    for (property, value) in settings.layers()? {
        let value = value.reveal().trim().to_owned();
        match property {
            "ServerName" => host = value,
            "ServerPort" if value.is_empty() => {}
            "ServerPort" => {
                port = match value.parse() {
                    Ok(number) if number > 0 => Ok(number),
                    _ => Err(format!("{value} is no port")),
                }
            }
            // The ConnectionString.
            _ if value.is_empty() => {}
            _ => match servers::host_and_port(&value, PORT) {
                Ok((name, number)) => (host, port) = (name, Ok(number)),
                Err(reason) => port = Err(reason),
            },
        }
    }
    // ServerName may hold a port too.
    Ok(port.and_then(|port| servers::host_and_port(&host, port)))
}

fn own_credentials(settings: &Settings<'_>) -> Result<Credentials, AcquireError> {
    let user = settings.text("ServerUserName")?.unwrap_or_default();
    let anonymous = user.trim().is_empty() || user.trim().eq_ignore_ascii_case("anonymous");
    let password = match settings.text("ServerPassword") {
        Ok(password) => password.unwrap_or_default(),
        // Nobody asks anonymous for one.
        Err(AcquireError::Encrypted { .. }) if anonymous => String::new(),
        Err(error) => return Err(error),
    };
    Ok(Credentials {
        user: if user.trim().is_empty() {
            "anonymous".to_owned()
        } else {
            user
        },
        password: Secret::new(password),
    })
}

/// Everything is checked where it is read, with what comes from outside.
fn check(_: &ConnectionManager, _: &mut Vec<Finding>) {}
