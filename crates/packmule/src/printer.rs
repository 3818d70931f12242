//! Prints a run as it goes: for people, or one JSON object a line.
#![expect(clippy::print_stderr, reason = "it is the program's output")]

use std::collections::BTreeMap;
use std::io::IsTerminal;

use packmule_runtime::observer::{ComponentPhase, ExecutableStatistics, PathRows};
use packmule_runtime::{Event, EventKind, Observer};
use packmule_types::Code;
use parking_lot::Mutex;

use crate::broken_pipe::say;
use crate::format::Format;

/// How much is said; the numbers are the catalog's logging levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum LoggingLevel {
    /// The outcome only
    None,
    /// Errors, warnings, information, progress
    Basic,
    /// Errors, warnings, times of components
    Performance,
    /// Everything
    Verbose,
}

/// The observer behind `packmule run`.
pub(crate) struct Printer {
    level: LoggingLevel,
    format: Format,
    live: Option<indicatif::ProgressBar>,
    paths: Mutex<BTreeMap<(String, String), PathRows>>,
}

impl Printer {
    /// A printer; live progress only for people at a terminal.
    pub(crate) fn new(level: LoggingLevel, format: Format) -> Self {
        let at_terminal = std::io::stderr().is_terminal() && format == Format::Text;
        let live =
            (at_terminal && level != LoggingLevel::None).then(indicatif::ProgressBar::new_spinner);
        Self {
            level,
            format,
            live,
            paths: Mutex::default(),
        }
    }

    /// The rows of every path, after the run.
    pub(crate) fn print_rows(&self) {
        if let Some(live) = &self.live {
            live.finish_and_clear();
        }
        let paths = self.paths.lock();
        if self.level == LoggingLevel::None || self.format == Format::Json || paths.is_empty() {
            return;
        }
        say!("Rows:");
        for path in paths.values() {
            say!(
                "  {:>12}  {} -> {}  ({})",
                path.rows,
                path.source_component,
                path.destination_component,
                path.execution_path
            );
        }
    }

    fn wanted(&self, kind: &EventKind) -> bool {
        match self.level {
            LoggingLevel::None => false,
            LoggingLevel::Performance => matches!(kind, EventKind::Error | EventKind::Warning),
            LoggingLevel::Verbose => true,
            LoggingLevel::Basic if self.format == Format::Json => {
                !matches!(kind, EventKind::Log(_) | EventKind::Custom(_))
            }
            LoggingLevel::Basic => matches!(
                kind,
                EventKind::Error
                    | EventKind::Warning
                    | EventKind::Information
                    | EventKind::TaskFailed
            ),
        }
    }

    fn say(&self, line: &str) {
        match &self.live {
            Some(live) => live.suspend(|| say!("{line}")),
            None => say!("{line}"),
        }
    }
}

/// `\Package\Load, Lookup [41]`
fn place(event: &Event) -> String {
    let path = &event.source.execution_path;
    if event.subcomponent.is_empty() {
        path.clone()
    } else {
        format!("{path}, {}", event.subcomponent)
    }
}

fn text(event: &Event) -> String {
    let code = if event.code == Code(0) {
        String::new()
    } else {
        format!(" {}", event.code)
    };
    let name = event.kind.name();
    let name = name.strip_prefix("On").unwrap_or(name);
    let mut line = format!("{name}{code} at {}", place(event));
    if !event.description.is_empty() {
        line.push_str(": ");
        line.push_str(event.description.trim_end());
    }
    if let Some(remedy) = &event.remedy {
        line.push_str("\n  what to do: ");
        line.push_str(remedy);
    }
    line
}

impl Observer for Printer {
    fn event(&self, event: &Event) {
        if !self.wanted(&event.kind) {
            return;
        }
        match self.format {
            Format::Text if event.kind == EventKind::Error && !std::io::stdout().is_terminal() => {
                self.say(&text(event));
            }
            Format::Text => self.say(&text(event)),
            Format::Json => print_json("event", event),
        }
    }

    fn rows(&self, rows: &PathRows, last: bool) {
        if let Some(live) = &self.live {
            live.set_message(format!("{}: {} rows", rows.path_name, rows.rows));
            live.tick();
        }
        if last {
            if self.format == Format::Json && self.level != LoggingLevel::None {
                print_json("rows", rows);
            }
            let key = (rows.execution_path.clone(), rows.path_id.clone());
            self.paths.lock().insert(key, rows.clone());
        }
    }

    fn phase(&self, phase: &ComponentPhase) {
        if self.level < LoggingLevel::Performance {
            return;
        }
        match self.format {
            Format::Json => print_json("phase", phase),
            Format::Text => {
                let time =
                    (phase.end - phase.start).num_microseconds().unwrap_or(0) as f64 / 1000.0;
                self.say(&format!(
                    "Phase {} of {}, {}: {time:.1} ms",
                    phase.phase, phase.execution_path, phase.component
                ));
            }
        }
    }

    fn executable(&self, statistics: &ExecutableStatistics) {
        if self.format == Format::Json && self.level != LoggingLevel::None {
            print_json("executable", statistics);
        }
    }
}

/// Prints `{"kind": value}` on a line of its own.
pub(crate) fn print_json(kind: &str, value: &impl serde::Serialize) {
    match serde_json::to_value(value) {
        Ok(value) => say!("{}", serde_json::json!({ kind: value })),
        Err(error) => eprintln!("error: could not print {kind} as JSON: {error}"),
    }
}
