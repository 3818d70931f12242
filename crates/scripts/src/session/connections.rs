//! Connection managers as scripts use them: their strings, and AcquireConnection.
//! Source: scripts.md 3.

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
                let advice = advice.unwrap_or("use a FILE, FLATFILE or ADO.NET connection manager");
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

/// The script sees the engine's error as its exception.
pub(super) fn fail(run: &Run, message: &Message, error: &AcquireError) -> Result<(), ScriptError> {
    let mut text = packmule_types::error::Chain(error).to_string();
    if let Some(remedy) = error.remedy() {
        text.push_str("; ");
        text.push_str(&remedy);
    }
    run.fail(message, error.code().0, &text)
}
