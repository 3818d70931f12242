//! What a running script asks of the engine: variables, events, logs, connections, databases.
//!
//! A [`Session`] belongs to one run. Its messages are served one after the other on the thread
//! that waits for the run, so that events and locks are those of that thread. What is about rows
//! of a data flow is handed back to the caller.

mod connections;
mod databases;
mod events;
mod variables;

use std::collections::HashMap;
use std::sync::Arc;

use packmule_connections::Connections;
use packmule_runtime::{Events, Scope, Services, VariableError};
use packmule_types::Code;
use serde_json::json;

use self::databases::Databases;
use self::variables::List;
use crate::error::ScriptError;
use crate::project::ScriptKind;
use crate::run::{Message, Run};

/// Locks of its own that a script may hold at once.
const LOCKS_MAX: usize = 10_000;

/// What a session is made of.
pub struct SessionContext {
    /// Of a task or a component.
    pub kind: ScriptKind,
    /// Where names of variables are looked up: the task's scope.
    pub scope: Arc<Scope>,
    /// The package's connection managers.
    pub connections: Arc<Connections>,
    /// The run's services; their cancel flag is that of the task.
    pub services: Services,
    /// Raises the script's events; of a component with its identification.
    pub events: Events,
    /// The name of the column of a lineage id.
    pub column_name: Box<dyn Fn(i32) -> Option<String> + Send>,
}

/// The engine's side of one running script.
pub struct Session {
    context: SessionContext,
    /// The lists of the task or component.
    main: List,
    /// Locks that the script took itself.
    locks: HashMap<i64, List>,
    last_lock: i64,
    databases: Databases,
    errors: u64,
    /// A write that was refused; told at the script's end, because the script was not.
    refused: Option<VariableError>,
}

impl Session {
    /// A session without locks.
    pub fn new(context: SessionContext) -> Self {
        Self {
            context,
            main: List::default(),
            locks: HashMap::new(),
            last_lock: 0,
            databases: Databases::default(),
            errors: 0,
            refused: None,
        }
    }

    /// Locks the variables of ReadOnlyVariables and ReadWriteVariables for the whole run.
    ///
    /// # Errors
    /// As [`packmule_runtime::variables::Locked::take`].
    pub fn lock_lists(&mut self, read: &[String], write: &[String]) -> Result<(), VariableError> {
        self.main = List::take(&self.context.scope, read, write)?;
        Ok(())
    }

    /// The locked variables as the protocol has them, those for reading first.
    ///
    /// # Errors
    /// A value has no form for scripts, or an expression fails.
    pub fn variables(&self, run: &Run) -> Result<serde_json::Value, (Code, String)> {
        self.main.wire(&self.context, run.host())
    }

    /// Errors that the script raised by itself.
    pub fn errors_fired(&self) -> u64 {
        self.errors
    }

    /// A write to a variable that could not be done.
    pub fn refused(&self) -> Option<&VariableError> {
        self.refused.as_ref()
    }

    /// Serves one message; gives back what belongs to a data flow.
    ///
    /// # Errors
    /// The host has ended.
    pub fn serve(&mut self, run: &Run, message: Message) -> Result<Option<Message>, ScriptError> {
        let kind = message.kind();
        match kind {
            "var_set" | "var_get" | "var_find" | "lock" | "unlock" => {
                self.serve_variables(run, &message)?;
            }
            "event" => self.serve_event(run, &message)?,
            "log" => self.serve_log(run, &message)?,
            "connection_get" | "connection_set" | "acquire" | "release" => {
                self.serve_connections(run, &message)?;
            }
            "error_description" => {
                let code = message.integer("code").unwrap_or(0);
                let code = Code(u32::try_from(code & 0xFFFF_FFFF).unwrap_or(0));
                let text = packmule_types::code::static_text(code).unwrap_or_default();
                run.answer(&message, json!({"text": text}))?;
            }
            "column_name" => {
                let lineage = message.integer("lineage").unwrap_or(0);
                let lineage = i32::try_from(lineage).unwrap_or(0);
                let name = (self.context.column_name)(lineage).unwrap_or_default();
                run.answer(&message, json!({"text": name}))?;
            }
            _ if kind.starts_with("db_") => self.serve_databases(run, &message)?,
            _ => return Ok(Some(message)),
        }
        Ok(None)
    }

    /// Refuses a message that nobody serves.
    ///
    /// # Errors
    /// The host has ended.
    pub fn refuse(&self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let text = format!("an unknown message \"{}\"", message.kind());
        run.fail(message, 0x8000_4005, &text)
    }

    /// Gives all locks back and closes all databases.
    pub fn end(&mut self) {
        self.locks.clear();
        self.main = List::default();
        self.databases = Databases::default();
    }
}
