//! What can go wrong with scripts and their host.

use packmule_dtsx::Finding;
use serde_json::Value as Json;

use crate::columns::ColumnError;

/// An exception of a script, or another failure that the host told of (PROTOCOL.md 2.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thrown {
    /// `script`, `exit`, `cancelled`, `mismatch`, `request`.
    pub kind: String,
    /// The exception's type (`System.DivideByZeroException`); empty if unknown.
    pub type_name: String,
    /// The exception's message.
    pub text: String,
    /// Its stack, the script's own frames first; empty if unknown.
    pub stack: String,
    /// Its HResult, or the exit code; 0 if unknown.
    pub code: i32,
    /// `Main`, `PreExecute`, `ProcessInput` …; empty if unknown.
    pub phase: String,
    /// Causes, outermost first: type and message.
    pub inner: Vec<(String, String)>,
}

impl Thrown {
    /// Reads an ERROR of the protocol.
    pub fn of(error: &Json) -> Self {
        let text = |value: &Json, name: &str| {
            let found = value.get(name).and_then(Json::as_str);
            found.unwrap_or_default().to_owned()
        };
        let code = error.get("code").and_then(Json::as_i64).unwrap_or(0);
        let inner = error.get("inner").and_then(Json::as_array);
        let inner = inner.into_iter().flatten();
        Self {
            kind: text(error, "kind"),
            type_name: text(error, "type"),
            text: text(error, "text"),
            stack: text(error, "stack"),
            code: i32::try_from(code).unwrap_or(0),
            phase: text(error, "phase"),
            inner: inner.map(|i| (text(i, "type"), text(i, "text"))).collect(),
        }
    }

    /// Type, message, causes and stack, a line each.
    pub fn full_text(&self) -> String {
        let mut out = match self.type_name.as_str() {
            "" => self.text.clone(),
            name => format!("{name}: {}", self.text),
        };
        for (name, text) in &self.inner {
            out.push_str(&format!("\n ---> {name}: {text}"));
        }
        if !self.stack.is_empty() {
            out.push('\n');
            out.push_str(&self.stack);
        }
        out
    }
}

/// A script could not be run, or its run failed.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The host, or the runtime that it needs, is not there.
    #[error("{reason}")]
    Unavailable {
        /// What is missing.
        reason: String,
        /// What to do: the command that installs it.
        remedy: String,
    },
    /// The host has ended before its time.
    #[error("the script host ended: {fate}{}", last_lines(.output))]
    Ended {
        /// Why: `it was killed by signal 9 (SIGKILL)`.
        fate: String,
        /// The last lines of its error output.
        output: Vec<String>,
    },
    /// An exception of the script, or a failure that the host told of.
    #[error("{}", .0.text)]
    Script(Thrown),
    /// The script cannot run here; the findings say why.
    #[error("the script cannot run: {}", .0.first().map_or("", |f| f.message.as_str()))]
    Refused(Vec<Finding>),
    /// The host sent what the protocol does not have.
    #[error("the script host sent what the engine does not understand: {0}")]
    Protocol(String),
    /// The host did not answer in time.
    #[error("the script host did not answer \"{request}\" within {seconds} s")]
    Timeout {
        /// Type of the request.
        request: String,
        /// Seconds waited.
        seconds: u64,
    },
    /// Rows that cannot be sent or read.
    #[error(transparent)]
    Columns(#[from] ColumnError),
}

fn last_lines(output: &[String]) -> String {
    if output.is_empty() {
        return String::new();
    }
    format!("; its last lines: {}", output.join(" / "))
}

impl ScriptError {
    /// What to do.
    pub fn remedy(&self) -> Option<&str> {
        match self {
            Self::Unavailable { remedy, .. } => Some(remedy),
            Self::Ended { .. } => Some(
                "look for endless recursion, too much memory or native code in the script; \
                 PACKMULE_SCRIPT_MEMORY gives scripts more memory",
            ),
            Self::Refused(findings) => findings.iter().find_map(|f| f.remedy.as_deref()),
            _ => None,
        }
    }
}
