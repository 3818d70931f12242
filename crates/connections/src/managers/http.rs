//! HTTP connection manager (`HTTP`): a web server. Documented in "HTTP Connection Manager".
//!
//! Stored as a `ConnectionManager` around `HttpConnection` with the properties; the passwords
//! are `Property` elements there.
//!
//! | property | default | effect |
//! | --- | --- | --- |
//! | ConnectionString, ServerURL | | the address; ServerURL is set after the other |
//! | UseServerCredentials | False | True: ServerUserName, ServerPassword, ServerDomain are used |
//! | UseSecureConnection, CertificateIdentifier, Certificate | False | True is refused: a certificate of the Windows store |
//! | Timeout | 30 | seconds that a request may take; 0 = no limit |
//! | ChunkSize | 1 | checked only |
//! | UseProxy, ProxyURL | False, – | the proxy |
//! | UseProxyCredentials | False | True: ProxyUserName, ProxyPassword, ProxyDomain are used |
//! | BypassProxyOnLocal | False | True: no proxy for a host without a dot |
//! | ProxyBypassList | | refused when not empty |
//!
//! A mapped string stands for the address: `http://web.local/x;Uid=u;Pwd=env:NAME`, see
//! `servers.rs`; by the manager's name it is the whole address, by server
//! (`server = "http://web.example.com"`) an address without a path keeps the manager's own path.

use packmule_dtsx::finding::{Finding, Reason};
use packmule_dtsx::model::ConnectionManager;
use packmule_types::Secret;

use super::servers::{self, Credentials, Mapped};
use super::{ManagerKind, PropertyDoc, finding};
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
    type_name: "HTTP",
    about: "a web server",
    properties: &[
        doc("ConnectionString", "", "the address"),
        doc("ServerURL", "", "the address; set after ConnectionString"),
        doc(
            "UseServerCredentials",
            "False",
            "ServerUserName and ServerPassword are used",
        ),
        doc("ServerUserName", "", "who logs on"),
        doc("ServerPassword", "", "a secret"),
        doc("ServerDomain", "", "goes before the user: domain\\user"),
        doc(SECURE, "False", "a client certificate; True is refused"),
        doc("CertificateIdentifier", "", "the client certificate"),
        doc("Certificate", "", "the client certificate"),
        doc(
            "Timeout",
            "30",
            "seconds that a request may take; 0 = no limit",
        ),
        doc("ChunkSize", "1", "kilobytes that go at once; checked only"),
        doc("UseProxy", "False", "ProxyURL is used"),
        doc("ProxyURL", "", "the proxy"),
        doc(
            "UseProxyCredentials",
            "False",
            "ProxyUserName and ProxyPassword are used",
        ),
        doc("ProxyUserName", "", "who logs on at the proxy"),
        doc("ProxyPassword", "", "a secret"),
        doc("ProxyDomain", "", "goes before the user: domain\\user"),
        doc(
            "BypassProxyOnLocal",
            "False",
            "no proxy for a host without a dot",
        ),
        doc(BYPASS, "", "refused when not empty"),
    ],
    parts: &[("ServerURL", "")],
    refused: None,
    check,
};

pub(super) const SECURE: &str = "UseSecureConnection";
const BYPASS: &str = "ProxyBypassList";

const SECURE_REMEDY: &str =
    "set UseSecureConnection to False and log on by user and password, or fetch the data before";
const BYPASS_REMEDY: &str = "set UseProxy to False for servers that need no proxy";

/// Keys of a mapped string, beside user and password.
const KEYS: &[&str] = &["ServerURL", "Url", "Timeout"];

/// A proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpProxy {
    /// Its address.
    pub url: String,
    /// Who logs on; `None` for nobody.
    pub credentials: Option<Credentials>,
}

/// A web server and how to speak with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpServer {
    /// The manager's name.
    pub manager: String,
    /// The address: `http` or `https`, without user and password.
    pub url: String,
    /// Who logs on; `None` for nobody.
    pub credentials: Option<Credentials>,
    /// Seconds that a request may take; 0 = no limit.
    pub timeout: u32,
    /// The proxy; `None` for none.
    pub proxy: Option<HttpProxy>,
}

/// The address as the mapping or the manager says, and what the mapping says besides.
fn address(settings: &Settings<'_>) -> Result<(String, Option<Mapped>), AcquireError> {
    let mut own = String::new();
    for (_, value) in settings.layers()? {
        let value = value.reveal().trim();
        if !value.is_empty() {
            value.clone_into(&mut own);
        }
    }
    let own = Url::parse(&own);
    let names = match &own {
        Ok(url) => servers::names(url.scheme, url.host, url.port),
        Err(_) => Vec::new(),
    };
    let bad = |reason: String| settings.property_error("ServerURL", reason);
    let Some(mapped) = servers::mapped(settings, &names, KEYS)? else {
        return Ok((own.map_err(bad)?.text(), None));
    };
    let named = mapped.key(&["ServerURL", "Url"]);
    let given = mapped.address.as_deref().or(named).unwrap_or_default();
    let given = Url::parse(given).map_err(bad)?;
    let text = match own {
        Ok(own) if !mapped.by_name && given.rest.trim_matches('/').is_empty() => {
            format!("{}{}", given.origin, own.rest)
        }
        _ => given.text(),
    };
    Ok((text, Some(mapped)))
}

/// The address alone, as the ConnectionString is; needs no account.
pub(crate) fn text(settings: &Settings<'_>) -> Result<String, AcquireError> {
    address(settings).map(|(url, _)| url)
}

/// Reads what the manager and the mapping say.
pub(crate) fn server(settings: &Settings<'_>) -> Result<HttpServer, AcquireError> {
    let (url, mapped) = address(settings)?;
    let credentials = match mapped.as_ref().and_then(Mapped::credentials) {
        Some(credentials) => Some(credentials),
        None => own_credentials(settings, "Server")?,
    };
    refuse_certificate(settings)?;
    let timeout = mapped.as_ref().and_then(|m| m.key(&["Timeout"]));
    let timeout = match servers::number(settings, "Timeout", timeout)? {
        Some(timeout) => timeout,
        None => settings.number("Timeout", 30)?,
    };
    settings.number("ChunkSize", 1)?;
    let proxy = proxy(settings, &url)?;
    Ok(HttpServer {
        manager: settings.manager.name.clone(),
        url,
        credentials,
        timeout,
        proxy,
    })
}

fn refuse_certificate(settings: &Settings<'_>) -> Result<(), AcquireError> {
    if !settings.boolean(SECURE)?.unwrap_or(false) {
        return Ok(());
    }
    Err(AcquireError::UnsupportedProperty {
        manager: settings.manager.name.clone(),
        property: SECURE.to_owned(),
        reason: "a client certificate of the Windows store is not supported".to_owned(),
        remedy: SECURE_REMEDY,
    })
}

/// Credentials of `Server` or `Proxy`, if the manager uses them.
fn own_credentials(settings: &Settings<'_>, of: &str) -> Result<Option<Credentials>, AcquireError> {
    let property = format!("Use{of}Credentials");
    if !settings.boolean(&property)?.unwrap_or(false) {
        return Ok(None);
    }
    let user = settings.text(&format!("{of}UserName"))?.unwrap_or_default();
    if user.trim().is_empty() {
        return Err(AcquireError::UnsupportedProperty {
            manager: settings.manager.name.clone(),
            property,
            reason: format!("no {of}UserName is given, and the account of Windows cannot be used"),
            remedy: "give a user and its password, for the server by the mapping file or \
                     --connection too (http://host/path;Uid=user;Pwd=env:NAME)",
        });
    }
    let domain = settings.text(&format!("{of}Domain"))?.unwrap_or_default();
    let user = match domain.trim() {
        "" => user,
        domain => format!("{domain}\\{user}"),
    };
    let password = settings.text(&format!("{of}Password"))?;
    Ok(Some(Credentials {
        user,
        password: Secret::new(password.unwrap_or_default()),
    }))
}

fn proxy(settings: &Settings<'_>, url: &str) -> Result<Option<HttpProxy>, AcquireError> {
    if !settings.boolean("UseProxy")?.unwrap_or(false) {
        return Ok(None);
    }
    let list = settings.text(BYPASS)?.unwrap_or_default();
    if !list.trim().is_empty() {
        return Err(AcquireError::UnsupportedProperty {
            manager: settings.manager.name.clone(),
            property: BYPASS.to_owned(),
            reason: "a list of servers without proxy is not supported".to_owned(),
            remedy: BYPASS_REMEDY,
        });
    }
    let address = settings.text("ProxyURL")?.unwrap_or_default();
    let address = address.trim();
    let address = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let bad = |reason| settings.property_error("ProxyURL", reason);
    let address = Url::parse(&address).map_err(bad)?.text();
    let is_local = Url::parse(url).is_ok_and(|url| !url.host.contains(['.', ':']));
    if is_local && settings.boolean("BypassProxyOnLocal")?.unwrap_or(false) {
        return Ok(None);
    }
    Ok(Some(HttpProxy {
        url: address,
        credentials: own_credentials(settings, "Proxy")?,
    }))
}

/// An address taken apart.
struct Url<'a> {
    /// `http` or `https`.
    scheme: &'static str,
    /// Scheme, host and port.
    origin: &'a str,
    /// What follows them.
    rest: &'a str,
    host: &'a str,
    port: u16,
}

impl<'a> Url<'a> {
    /// The reason never shows the address: it may hold a password.
    fn parse(text: &'a str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("it names no server".to_owned());
        }
        let known = [("http", "http://", 80), ("https", "https://", 443)];
        let known = known.into_iter().find(|(_, start, _)| {
            let there = text.get(..start.len());
            there.is_some_and(|there| there.eq_ignore_ascii_case(start))
        });
        let Some((scheme, start, usual)) = known else {
            return Err("it is no address of http or https".to_owned());
        };
        let after = &text[start.len()..];
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (name, port) = servers::host_and_port(authority, usual)?;
        // As it is written, without brackets.
        let at = authority.find(&name).unwrap_or_default();
        Ok(Self {
            scheme,
            origin: &text[..start.len() + end],
            rest,
            host: &authority[at..at + name.len()],
            port,
        })
    }

    fn text(&self) -> String {
        format!("{}{}", self.origin, self.rest)
    }
}

fn check(manager: &ConnectionManager, findings: &mut Vec<Finding>) {
    let is_set_elsewhere = |property: &str| {
        let mut expressions = manager.property_expressions.iter();
        expressions.any(|e| e.property == property)
    };
    let secure = manager.properties.boolean(SECURE).unwrap_or(false);
    if secure && !is_set_elsewhere(SECURE) {
        findings.push(finding(
            manager,
            Reason::UnsupportedProperty,
            Some(SECURE),
            "a client certificate of the Windows store is not supported".to_owned(),
            Some(SECURE_REMEDY),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("http://h", "http://h", "", "h", 80),
            (
                "HTTPS://H:8443/a?b=c",
                "HTTPS://H:8443",
                "/a?b=c",
                "H",
                8443,
            ),
            (" http://[::1]:81?x ", "http://[::1]:81", "?x", "::1", 81),
            ("https://h/", "https://h", "/", "h", 443),
        ];
        for (text, origin, rest, host, port) in cases {
            let url = Url::parse(text).expect("an address");
            let found = (url.origin, url.rest, url.host, url.port);
            assert_eq!(found, (origin, rest, host, port));
        }
        for text in [
            "",
            "h",
            "ftp://h",
            "http://",
            "http:///x",
            "http://u:hush@h/",
        ] {
            let reason = Url::parse(text).err().expect("no address");
            assert!(!reason.contains("hush"), "{reason}");
        }
    }
}
