//! Connection managers as scripts use them: their strings, and AcquireConnection.
//! Source: scripts.md 3.

use packmule_connections::managers::ftp::FtpServer;
use packmule_connections::managers::http::HttpServer;
use packmule_connections::managers::servers::Credentials;
use packmule_connections::{AcquireError, Dialect, Reference, SharedConnection};
use packmule_dtsx::model::ConnectionManager;
use serde_json::{Value as Json, json};

use super::Session;
use crate::error::ScriptError;
use crate::run::{Message, Run};

/// The database of a connection, as the protocol calls it.
pub(super) fn provider(connection: &SharedConnection) -> &'static str {
    match connection.dialect() {
        Dialect::Sqlite => "sqlite",
        Dialect::PostgreSql => "postgres",
    }
}

/// A CONNECTION of the protocol.
fn wire(manager: &ConnectionManager) -> Json {
    let description = manager.properties.text("Description").unwrap_or_default();
    let qualifier = manager.properties.text("Qualifier").unwrap_or_default();
    json!({
        "id": manager.dtsid, "name": manager.name, "kind": manager.stored_type,
        "description": description, "qualifier": qualifier,
    })
}

impl Session {
    /// All managers of the package and its project.
    pub fn connections(&self) -> Json {
        Json::Array(self.context.connections.all().map(wire).collect())
    }

    /// One manager; `None` when the reference names none.
    pub fn connection<'r>(&self, reference: impl Into<Reference<'r>>) -> Option<Json> {
        self.context.connections.find(reference).ok().map(wire)
    }

    pub(super) fn serve_connections(
        &mut self,
        run: &Run,
        message: &Message,
    ) -> Result<(), ScriptError> {
        let connections = self.context.connections.clone();
        let manager = match connections.find(message.text("connection")) {
            Ok(manager) => manager,
            Err(error) => return fail(run, message, &error),
        };
        match message.kind() {
            "connection_get" => match connections.shown_string(manager) {
                Ok(text) => run.answer(message, json!({"connection_string": text})),
                Err(error) => fail(run, message, &error),
            },
            "connection_set" => {
                let given = message.header.get("connection_string");
                match given.and_then(Json::as_str) {
                    Some(text) => match connections.set_string(manager, text) {
                        Ok(()) => run.answer(message, json!({})),
                        Err(error) => fail(run, message, &error),
                    },
                    None => run.fail(
                        message,
                        0xC001_0003,
                        &format!(
                            "connection manager {}: its name and description cannot be changed \
                             while the package runs; set its ConnectionString, or change it in \
                             the package",
                            manager.name
                        ),
                    ),
                }
            }
            "acquire" => self.acquire(run, message, manager),
            // Nothing is kept for it: databases are closed by their own message.
            _ => run.answer(message, json!({})),
        }
    }

    fn acquire(
        &mut self,
        run: &Run,
        message: &Message,
        manager: &ConnectionManager,
    ) -> Result<(), ScriptError> {
        let connections = self.context.connections.clone();
        let id = manager.dtsid.as_str();
        match manager.type_name.as_str() {
            "FILE" | "FLATFILE" => match connections.file(id) {
                Ok(target) => {
                    let path = target.path.to_string_lossy();
                    run.answer(message, json!({"kind": "text", "text": path}))
                }
                Err(error) => fail(run, message, &error),
            },
            "ADO.NET" => match connections.database(id) {
                Ok(connection) => {
                    let provider = provider(&connection);
                    let database = self.databases.add(connection);
                    let answer =
                        json!({"kind": "database", "provider": provider, "database": database});
                    run.answer(message, answer)
                }
                Err(error) => fail(run, message, &error),
            },
            "MULTIFILE" => match connections.next_file(id) {
                Ok(path) => {
                    let path = path.to_string_lossy();
                    run.answer(message, json!({"kind": "text", "text": path}))
                }
                Err(error) => fail(run, message, &error),
            },
            // Its text holds no account, so it is given whatever the server asks for.
            "SMTP" => match connections.shown_string(manager) {
                Ok(text) => run.answer(message, json!({"kind": "text", "text": text})),
                Err(error) => fail(run, message, &error),
            },
            "FTP" => match connections.ftp(id) {
                Ok(server) => settings(run, message, &ftp(&server)),
                Err(error) => fail(run, message, &error),
            },
            "HTTP" => match connections.http(id) {
                Ok(server) => settings(run, message, &http(&server)),
                Err(error) => fail(run, message, &error),
            },
            kind @ ("OLEDB" | "ODBC") => run.fail(
                message,
                0xC020_9302,
                &format!(
                    "AcquireConnection of the {kind} connection manager {} gives a native object, \
                     which managed code cannot use; open an OleDbConnection with its \
                     ConnectionString, or use an ADO.NET connection manager",
                    manager.name
                ),
            ),
            kind => {
                let advice = packmule_connections::managers::kind(kind).and_then(|k| k.refused);
                let advice = advice.unwrap_or(
                    "use a FILE, FLATFILE, MULTIFILE, ADO.NET, SMTP, FTP or HTTP connection manager",
                );
                let text = format!(
                    "AcquireConnection: connection manager {} of type {kind} cannot be used by \
                     scripts here; {advice}",
                    manager.name
                );
                run.fail(message, 0xC020_801C, &text)
            }
        }
    }
}

fn settings(run: &Run, message: &Message, settings: &Json) -> Result<(), ScriptError> {
    run.answer(message, json!({"kind": "settings", "settings": settings}))
}

/// The settings of an FTP server, as texts; the password goes to the script host only.
fn ftp(server: &FtpServer) -> Json {
    json!({
        "server": server.host, "port": server.port.to_string(),
        "user": server.credentials.user, "password": server.credentials.password.reveal(),
        "passive": server.use_passive_mode.to_string(),
        "timeout": server.timeout.to_string(), "retries": server.retries.to_string(),
    })
}

/// The settings of a web server, as texts; empty ones are none.
fn http(server: &HttpServer) -> Json {
    let user = |c: Option<&Credentials>| c.map(|c| c.user.clone()).unwrap_or_default();
    let password = |c: Option<&Credentials>| {
        c.map(|c| c.password.reveal().to_owned())
            .unwrap_or_default()
    };
    let own = server.credentials.as_ref();
    let proxy = server.proxy.as_ref();
    let of_proxy = proxy.and_then(|p| p.credentials.as_ref());
    json!({
        "url": server.url, "timeout": server.timeout.to_string(),
        "user": user(own), "password": password(own),
        "proxy_url": proxy.map(|p| p.url.as_str()).unwrap_or_default(),
        "proxy_user": user(of_proxy), "proxy_password": password(of_proxy),
    })
}

/// The script sees the engine's error as its exception.
pub(super) fn fail(run: &Run, message: &Message, error: &AcquireError) -> Result<(), ScriptError> {
    let mut text = packmule_types::error::Chain(error).to_string();
    if let Some(remedy) = error.remedy() {
        text.push_str("; ");
        text.push_str(&remedy);
    }
    run.fail(message, error.code().0, &text)
}
