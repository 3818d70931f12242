//! SSIS's events: what a task or component says while it runs.
//!
//! Events are synchronous: [`EventSink::raise`] returns when every handler has run. Errors
//! inside a run are events: whoever meets one calls [`Events::error`] and returns
//! `Err(Reported)`; only the engine adds the outer codes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use packmule_types::Code;

/// Marks a failure that has been said as an event already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported;

/// What an event is; the names are SSIS's with `On` in front.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSIS's names")]
pub enum EventKind {
    PreValidate,
    PostValidate,
    PreExecute,
    PostExecute,
    /// Per cent done, and a count.
    Progress {
        percent: i32,
        count: i64,
    },
    Information,
    Warning,
    Error,
    TaskFailed,
    QueryCancel,
    VariableValueChanged,
    ExecStatusChanged,
    /// A log entry without handlers of a fixed name (`Diagnostic`, `PipelineExecutionPlan`,
    /// `PackageStart`, `ScriptTaskLogEntry` …).
    Log(String),
    /// A task's own event that handlers may have.
    Custom(String),
}

impl EventKind {
    /// The name in packages, logs and the catalog (`OnError`).
    pub fn name(&self) -> &str {
        match self {
            Self::PreValidate => "OnPreValidate",
            Self::PostValidate => "OnPostValidate",
            Self::PreExecute => "OnPreExecute",
            Self::PostExecute => "OnPostExecute",
            Self::Progress { .. } => "OnProgress",
            Self::Information => "OnInformation",
            Self::Warning => "OnWarning",
            Self::Error => "OnError",
            Self::TaskFailed => "OnTaskFailed",
            Self::QueryCancel => "OnQueryCancel",
            Self::VariableValueChanged => "OnVariableValueChanged",
            Self::ExecStatusChanged => "OnExecStatusChanged",
            Self::Log(name) | Self::Custom(name) => name,
        }
    }
}

/// The executable that an event comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct EventSource {
    /// Its name.
    pub name: String,
    /// Its DTSID.
    pub id: String,
    /// The DTSID of the container it stands in; of a child package the Execute Package task.
    #[serde(default)]
    pub parent_id: String,
    /// The file name of the package that it is in (`Load.dtsx`); of a child package the child's.
    #[serde(default)]
    pub package: String,
    /// Its path in its package (`\Package\Load`), as the catalog's `package_path`.
    pub package_path: String,
    /// Its path through parents and turns of loops, as the catalog's `execution_path`
    /// (`\Package\Loop[2]\Load`).
    pub execution_path: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What it is.
    pub kind: EventKind,
    /// Who raised it.
    pub source: EventSource,
    /// The component inside a data flow: `Lookup [41]`, `SSIS.Pipeline`; empty for plain tasks.
    pub subcomponent: String,
    /// SSIS's code; 0 for events without one.
    pub code: Code,
    /// The text.
    pub description: String,
    /// What to do, in our own words; beside SSIS's text, never in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// When.
    pub time: DateTime<Utc>,
}

/// What the handlers answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reply {
    /// `System::Cancel` was set: stop the executable.
    pub cancel: bool,
}

/// Takes events. The control flow implements it: it runs handlers, counts errors, tells the
/// [`crate::Observer`]. Called from any thread; calls for one executable are serialised.
pub trait EventSink: Send + Sync {
    /// Raises an event and returns when it has been handled.
    fn raise(&self, event: Event) -> Reply;
}

/// The handle by which a task or component raises events of its own.
#[derive(Clone)]
pub struct Events {
    sink: Arc<dyn EventSink>,
    clock: Arc<dyn crate::Clock>,
    source: Arc<EventSource>,
    subcomponent: Arc<str>,
}

impl Events {
    /// A handle for an executable.
    pub fn new(
        sink: Arc<dyn EventSink>,
        clock: Arc<dyn crate::Clock>,
        source: EventSource,
    ) -> Self {
        Self {
            sink,
            clock,
            source: Arc::new(source),
            subcomponent: Arc::from(""),
        }
    }

    /// The same executable, speaking as one of its components (`Lookup [41]`).
    #[must_use]
    pub fn component(&self, subcomponent: impl Into<Arc<str>>) -> Self {
        Self {
            subcomponent: subcomponent.into(),
            ..self.clone()
        }
    }

    /// The executable.
    pub fn source(&self) -> &EventSource {
        &self.source
    }

    /// The component, empty for the executable itself.
    pub fn subcomponent(&self) -> &str {
        &self.subcomponent
    }

    /// Raises an error with SSIS's text for the code, its placeholders filled.
    pub fn error(&self, code: Code, arguments: &[&str]) -> Reported {
        self.raise(
            EventKind::Error,
            code,
            packmule_types::code::describe(code, arguments),
            None,
        );
        Reported
    }

    /// Raises an error with a text of its own and what to do about it.
    pub fn error_text(
        &self,
        code: Code,
        text: impl Into<String>,
        remedy: Option<&str>,
    ) -> Reported {
        self.raise(
            EventKind::Error,
            code,
            text.into(),
            remedy.map(str::to_owned),
        );
        Reported
    }

    /// Raises a warning.
    pub fn warning(&self, code: Code, arguments: &[&str]) {
        self.raise(
            EventKind::Warning,
            code,
            packmule_types::code::describe(code, arguments),
            None,
        );
    }

    /// Raises a warning with a text of its own.
    pub fn warning_text(&self, code: Code, text: impl Into<String>) {
        self.raise(EventKind::Warning, code, text.into(), None);
    }

    /// Raises an information.
    pub fn information(&self, code: Code, arguments: &[&str]) {
        let text = packmule_types::code::describe(code, arguments);
        self.raise(EventKind::Information, code, text, None);
    }

    /// Raises an information with a text of its own.
    pub fn information_text(&self, code: Code, text: impl Into<String>) {
        self.raise(EventKind::Information, code, text.into(), None);
    }

    /// Raises progress; rate-limited by the caller where it could flood.
    pub fn progress(&self, text: impl Into<String>, percent: i32, count: i64) {
        self.raise(
            EventKind::Progress { percent, count },
            Code(0),
            text.into(),
            None,
        );
    }

    /// Raises a log entry (`Diagnostic`, `OnPipelineRowsSent` …).
    pub fn log(&self, name: &str, text: impl Into<String>) {
        self.raise(EventKind::Log(name.to_owned()), Code(0), text.into(), None);
    }

    /// Raises any event.
    pub fn raise(
        &self,
        kind: EventKind,
        code: Code,
        description: String,
        remedy: Option<String>,
    ) -> Reply {
        self.sink.raise(Event {
            kind,
            source: (*self.source).clone(),
            subcomponent: self.subcomponent.to_string(),
            code,
            description,
            remedy,
            time: self.clock.utc_now(),
        })
    }
}
