//! Log providers of a package: which executables write which events to which of them.
//!
//! One provider a file, listed in [`PROVIDERS`]; the others (SQL Server Profiler) are refused by
//! name when an executable selects them. Source: control-flow.md 8.1.

mod event_log;
mod sql_server;
mod text_file;
mod xml_file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use packmule_dtsx::model::{Executable, ExecutableKind, LogProvider, Logging, Package};
use packmule_runtime::events::{Event, EventKind};
use packmule_runtime::variables::convert;
use packmule_runtime::{Events, Overlay, Reported};
use packmule_types::Code;

use crate::host::{HostId, ROOT};
use crate::instance::{Instance, ParentTask};
use crate::settings::Reader;
use crate::system_variables::{machine_name, user_name};

/// A supported type of log provider.
pub struct ProviderType {
    /// Canonical type name (`Microsoft.LogProviderTextFile`).
    pub name: &'static str,
    /// SSIS's own name.
    pub title: &'static str,
    /// Where it writes, in one line.
    pub doc: &'static str,
    /// Whether it can be opened, as far as that shows without opening it.
    validate: fn(&Opening<'_>) -> Result<(), Reported>,
    open: fn(&Opening<'_>) -> Result<Box<dyn Log>, Reported>,
}

/// All supported providers.
pub const PROVIDERS: &[&ProviderType] = &[
    &text_file::TYPE,
    &xml_file::TYPE,
    &sql_server::TYPE,
    &event_log::TYPE,
];

/// What a provider is opened with.
struct Opening<'a> {
    instance: &'a Arc<Instance>,
    provider: &'a LogProvider,
    /// ConfigString as it counts now: the name of a connection manager.
    connection: &'a str,
    events: &'a Events,
}

/// An open log. A problem of writing is kept and told at the end; it does not stop the run.
trait Log: Send {
    /// Adds an entry; suppressed columns are written empty.
    fn write(&mut self, entry: &Entry<'_>, suppressed: &[String]);
    /// Ends it; the first problem of writing.
    fn close(self: Box<Self>) -> Result<(), String>;
}

/// `PackageEnd` and `PackageStart` are always written.
const ALWAYS: &[&str] = &["PackageStart", "PackageEnd"];

/// What to do about a provider that is not supported.
pub(crate) const UNSUPPORTED_REMEDY: &str = "remove the provider from the containers that log to \
     it, or use the text file, XML file, SQL Server or Event Log provider";

/// One entry of a log, as every provider writes it.
#[derive(Debug, Clone)]
struct Entry<'a> {
    event: String,
    computer: &'a str,
    operator: &'a str,
    source: &'a str,
    source_id: &'a str,
    execution_id: &'a str,
    time: chrono::NaiveDateTime,
    code: i32,
    message: &'a str,
}

/// The open log providers of one instance.
pub(crate) struct Logs {
    computer: String,
    operator: String,
    open: Mutex<Vec<(String, Box<dyn Log>)>>,
}

/// The type of a provider; `None` for one that we do not write.
pub(crate) fn provider_type(provider: &LogProvider) -> Option<&'static ProviderType> {
    PROVIDERS
        .iter()
        .find(|p| p.name.eq_ignore_ascii_case(&provider.type_name))
        .copied()
}

/// The providers that some executable selects.
pub(crate) fn selected<'a>(
    package: &'a Package,
    overlay: Option<&Overlay>,
) -> Vec<&'a LogProvider> {
    fn walk<'a>(executable: &'a Executable, overlay: Option<&Overlay>, ids: &mut Vec<&'a str>) {
        if mode(executable, overlay) != LoggingMode::Disabled {
            let selected = &executable.logging.selected_providers;
            ids.extend(selected.iter().map(String::as_str));
        }
        for below in executable.children.iter().chain(&executable.event_handlers) {
            walk(below, overlay, ids);
        }
    }
    let mut ids = Vec::new();
    walk(&package.root, overlay, &mut ids);
    package
        .log_providers
        .iter()
        .filter(|p| ids.iter().any(|id| p.dtsid.eq_ignore_ascii_case(id)))
        .collect()
}

/// LoggingMode of an executable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoggingMode {
    /// 0: that of the executable around it.
    UseParentSetting,
    /// 1: its own options.
    Enabled,
    /// 2: it logs nothing.
    Disabled,
}

const MODES: [(&str, LoggingMode); 6] = [
    ("0", LoggingMode::UseParentSetting),
    ("UseParentSetting", LoggingMode::UseParentSetting),
    ("1", LoggingMode::Enabled),
    ("Enabled", LoggingMode::Enabled),
    ("2", LoggingMode::Disabled),
    ("Disabled", LoggingMode::Disabled),
];

/// Checks LoggingMode where it is given; what it says is read where entries are written.
pub(crate) fn check_mode(reader: &mut Reader<'_>) {
    let default = LoggingMode::UseParentSetting;
    reader.choice("LoggingMode", None, default, &MODES);
}

/// The LoggingMode that a text means: its number, or its name.
fn parse_mode(text: &str) -> Option<LoggingMode> {
    let text = text.trim();
    let mut all = MODES.iter();
    all.find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, mode)| *mode)
}

/// LoggingMode as it counts: a value from outside or of an expression, else the stored one.
fn mode(executable: &Executable, overlay: Option<&Overlay>) -> LoggingMode {
    let given = overlay.and_then(|o| o.get(executable.node, "LoggingMode"));
    let given = given.and_then(|value| parse_mode(&convert::to_text(&value)?));
    given.unwrap_or(match executable.logging.mode {
        1 => LoggingMode::Enabled,
        2 => LoggingMode::Disabled,
        _ => LoggingMode::UseParentSetting,
    })
}

/// The value of a column, empty where the package has switched it off for the event.
fn column<'a>(suppressed: &[String], name: &str, value: &'a str) -> &'a str {
    let off = suppressed.iter().any(|s| s == name);
    if off { "" } else { value }
}

/// A time in the host's locale on Windows; en-US here.
fn local_form(time: chrono::NaiveDateTime) -> String {
    time.format("%-m/%-d/%Y %-I:%M:%S %p").to_string()
}

/// A provider that writes to a file has a connection manager that names one.
fn validate_file(opening: &Opening<'_>) -> Result<(), Reported> {
    file_of(opening).map(|_| ())
}

fn file_of(opening: &Opening<'_>) -> Result<PathBuf, Reported> {
    match opening.instance.connections.file(opening.connection) {
        Ok(target) => Ok(target.path),
        Err(error) => Err(error.report(opening.events)),
    }
}

fn cannot_open(opening: &Opening<'_>, path: &Path, error: &std::io::Error) -> Reported {
    let text = format!(
        "The SSIS logging provider has failed to open the log. Error code: {error} ({})",
        path.display()
    );
    let remedy = "check the path and its permissions, or map it";
    opening
        .events
        .error_text(Code(0xC001_404B), text, Some(remedy))
}

/// Evaluates a provider's expressions and does something with its ConfigString as it counts.
fn with_opening<T>(
    instance: &Arc<Instance>,
    provider: &LogProvider,
    events: &Events,
    step: impl FnOnce(&Opening<'_>) -> Result<T, Reported>,
) -> Result<T, Reported> {
    let expressions = &provider.property_expressions;
    let scope = instance.scope();
    let known = Some(&["ConfigString", "Description"][..]);
    let node = provider.node;
    crate::expressions::apply_all(instance, scope, node, expressions, known, events)?;
    let overlaid = instance.overlay.get(provider.node, "ConfigString");
    let connection = overlaid
        .as_ref()
        .and_then(|v| v.as_text())
        .unwrap_or(&provider.config_string);
    step(&Opening {
        instance,
        provider,
        connection,
        events,
    })
}

impl Logs {
    pub(crate) fn new() -> Self {
        let computer = machine_name();
        Self {
            operator: user_name(&computer),
            computer,
            open: Mutex::default(),
        }
    }

    /// Every selected provider must be one that we write, with a place to write to.
    pub(crate) fn validate(
        &self,
        instance: &Arc<Instance>,
        events: &Events,
    ) -> Result<(), Reported> {
        let mut result = Ok(());
        for provider in selected(&instance.package, Some(&instance.overlay)) {
            let Some(kind) = provider_type(provider) else {
                let text = format!(
                    "log provider {}: type {} is not supported",
                    provider.name, provider.type_name
                );
                let code = Code(0xC002_410A);
                result = Err(events.error_text(code, text, Some(UNSUPPORTED_REMEDY)));
                continue;
            };
            if with_opening(instance, provider, events, kind.validate).is_err() {
                result = Err(events.error(Code(0xC002_410A), &[]));
            }
        }
        result
    }

    /// Opens the selected providers; a package whose log cannot be opened fails.
    pub(crate) fn open(&self, instance: &Arc<Instance>, events: &Events) -> Result<(), Reported> {
        let mut result = Ok(());
        for provider in selected(&instance.package, Some(&instance.overlay)) {
            // The others are refused by validation.
            let Some(kind) = provider_type(provider) else {
                continue;
            };
            match with_opening(instance, provider, events, kind.open) {
                Ok(log) => self.open.lock().push((provider.dtsid.to_uppercase(), log)),
                Err(Reported) => result = Err(Reported),
            }
        }
        result
    }

    /// Writes an event to the providers that its source's options name. `levels` is the number
    /// of packages between the source and this one.
    pub(crate) fn write(&self, instance: &Instance, source: HostId, event: &Event, levels: usize) {
        let mut open = self.open.lock();
        if open.is_empty() {
            return;
        }
        let Some(options) = effective(instance, source) else {
            return;
        };
        let name = event.kind.name();
        let listed = options
            .event_filter
            .iter()
            .any(|n| n.eq_ignore_ascii_case(name));
        let wanted = (options.filter_kind == 0) == listed || ALWAYS.contains(&name);
        if !wanted {
            return;
        }
        let zone = instance.services.clock.zone();
        // [R-USERPREFIX] One prefix for each package between, none for entries of its own.
        let entry = Entry {
            event: format!("{}{name}", "User:".repeat(levels)),
            computer: &self.computer,
            operator: &self.operator,
            source: &event.source.name,
            source_id: &event.source.id,
            execution_id: &instance.guid,
            time: event.time.with_timezone(&zone).naive_local(),
            code: match event.kind {
                EventKind::Progress { percent, .. } => percent,
                _ => event.code.signed(),
            },
            message: &event.description,
        };
        let suppressed = options.suppressed_columns.iter().find(|(e, _)| e == name);
        let suppressed = suppressed
            .map(|(_, columns)| columns.as_slice())
            .unwrap_or_default();
        for (id, log) in open.iter_mut() {
            let selected = options.selected_providers.iter();
            if selected.map(|s| s.to_uppercase()).any(|s| s == *id) {
                log.write(&entry, suppressed);
            }
        }
    }

    /// Writes an event of a child package to the parent's providers.
    pub(crate) fn write_child(&self, parent: &ParentTask, event: &Event) {
        self.write(&parent.instance, parent.host, event, 1);
    }

    /// Closes all; the first problem of writing is told.
    pub(crate) fn close(&self) -> Result<(), String> {
        let mut result = Ok(());
        for (_, log) in self.open.lock().drain(..) {
            result = result.and(log.close());
        }
        result
    }
}

/// The logging options that count for a host: its own when enabled, none when disabled, else
/// those of the nearest executable around it.
fn effective(instance: &Instance, id: HostId) -> Option<&Logging> {
    let mut here = Some(id);
    while let Some(id) = here {
        let executable = instance.executable(id);
        match mode(executable, Some(&instance.overlay)) {
            LoggingMode::Disabled => return None,
            LoggingMode::Enabled => return Some(&executable.logging),
            _ if id == ROOT || matches!(executable.kind, ExecutableKind::Package) => {
                return Some(&executable.logging);
            }
            _ => here = instance.host(id).parent,
        }
    }
    None
}
