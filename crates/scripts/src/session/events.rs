//! Events and log entries of a running script.

use packmule_runtime::events::EventKind;
use packmule_types::Code;
use serde_json::json;

use super::Session;
use crate::error::ScriptError;
use crate::project::ScriptKind;
use crate::run::{Message, Run};

/// A code as scripts have it: a signed number.
fn code(message: &Message) -> Code {
    let number = message.integer("code").unwrap_or(0);
    Code(u32::try_from(number & 0xFFFF_FFFF).unwrap_or(0))
}

/// A number that the script gives.
fn number(message: &Message, name: &str) -> i64 {
    message.integer(name).unwrap_or(0)
}

impl Session {
    /// An event of a task has the script's sub-component beside the task's name; one of a
    /// component has the component's, as in SSIS.
    pub(super) fn serve_event(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let (kind, code) = match message.text("event") {
            "error" => {
                self.errors += 1;
                (EventKind::Error, code(message))
            }
            "warning" => (EventKind::Warning, code(message)),
            "information" => (EventKind::Information, code(message)),
            "progress" => {
                let percent = number(message, "percent").clamp(0, 100);
                let low = number(message, "low") & 0xFFFF_FFFF;
                let high = number(message, "high") & 0x7FFF_FFFF;
                let kind = EventKind::Progress {
                    percent: i32::try_from(percent).unwrap_or(0),
                    count: high << 32 | low,
                };
                (kind, Code(0))
            }
            "custom" => (EventKind::Custom(message.text("name").to_owned()), Code(0)),
            "query_cancel" => (EventKind::QueryCancel, Code(0)),
            other => {
                let text = format!("an unknown event \"{other}\"");
                return run.fail(message, 0x8000_4005, &text);
            }
        };
        let source = message.text("source");
        let events = match self.context.kind {
            ScriptKind::Task => self.context.events.component(source),
            ScriptKind::Component => self.context.events.clone(),
        };
        let reply = events.raise(kind, code, message.text("text").to_owned(), None);
        let cancel = reply.cancel || self.context.services.cancel.is_cancelled();
        run.answer(message, json!({"cancel": cancel, "again": true}))
    }

    pub(super) fn serve_log(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let events = &self.context.events;
        let text = message.text("text").to_owned();
        let code = code(message);
        match message.text("log") {
            "script" => {
                let name = match self.context.kind {
                    ScriptKind::Task => "ScriptTaskLogEntry",
                    ScriptKind::Component => "ScriptComponentLogEntry",
                };
                events.raise(EventKind::Log(name.to_owned()), code, text, None);
            }
            "console" => events.log("Diagnostic", text),
            log => match message.text("level") {
                // What a script writes to Windows' event log never fails its task.
                "error" if log != "event_log" => {
                    self.errors += 1;
                    events.raise(EventKind::Error, code, text, None);
                }
                "error" | "warning" => {
                    events.raise(EventKind::Warning, code, text, None);
                }
                _ => {
                    events.raise(EventKind::Information, code, text, None);
                }
            },
        }
        run.answer(message, json!({}))
    }
}
