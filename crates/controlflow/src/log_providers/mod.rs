//! Log providers of a package: which executables write which events to which of them.
//!
//! Supported is the text file provider; the others are refused by name when an executable
//! selects them. Source: control-flow.md 8.1.

mod text_file;

use std::sync::Arc;

use parking_lot::Mutex;

use packmule_dtsx::model::{ExecutableKind, LogProvider, Logging, Package};
use packmule_runtime::events::{Event, EventKind};
use packmule_runtime::{Events, Reported};
use packmule_types::Code;

use crate::host::{HostId, ROOT};
use crate::instance::{Instance, ParentTask};
use crate::system_variables::{machine_name, user_name};

/// `PackageEnd` and `PackageStart` are always written.
const ALWAYS: &[&str] = &["PackageStart", "PackageEnd"];

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
    open: Mutex<Vec<(String, text_file::TextFile)>>,
}

/// Whether a provider type is one that we write.
pub(crate) fn is_supported(provider: &LogProvider) -> bool {
    provider.type_name == text_file::TYPE_NAME
}

/// The providers that some executable selects.
pub(crate) fn selected(package: &Package) -> Vec<&LogProvider> {
    fn walk<'a>(executable: &'a packmule_dtsx::model::Executable, ids: &mut Vec<&'a str>) {
        if executable.logging.mode != 2 {
            ids.extend(
                executable
                    .logging
                    .selected_providers
                    .iter()
                    .map(String::as_str),
            );
        }
        for below in executable.children.iter().chain(&executable.event_handlers) {
            walk(below, ids);
        }
    }
    let mut ids = Vec::new();
    walk(&package.root, &mut ids);
    package
        .log_providers
        .iter()
        .filter(|p| ids.iter().any(|id| p.dtsid.eq_ignore_ascii_case(id)))
        .collect()
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

    /// Every selected provider must be one that we write, with a file to write to.
    pub(crate) fn validate(
        &self,
        instance: &Arc<Instance>,
        events: &Events,
    ) -> Result<(), Reported> {
        let mut result = Ok(());
        for provider in selected(&instance.package) {
            if !is_supported(provider) {
                let text = format!(
                    "log provider {}: type {} is not supported yet",
                    provider.name, provider.type_name
                );
                let remedy = "remove the provider from the containers that log to it, or use the \
                              text file provider";
                result = Err(events.error_text(Code(0xC002_410A), text, Some(remedy)));
            } else if let Err(error) = instance.connections.file(&provider.config_string) {
                error.report(events);
                result = Err(events.error(Code(0xC002_410A), &[]));
            }
        }
        result
    }

    /// Opens the selected providers; a package whose log cannot be opened fails.
    pub(crate) fn open(&self, instance: &Arc<Instance>, events: &Events) -> Result<(), Reported> {
        let mut result = Ok(());
        for provider in selected(&instance.package) {
            if !is_supported(provider) {
                continue;
            }
            let expressions = &provider.property_expressions;
            let scope = instance.scope();
            let evaluated =
                crate::expressions::apply_all(instance, scope, provider.node, expressions, events);
            let overlaid = instance.overlay.get(provider.node, "ConfigString");
            let connection = overlaid
                .as_ref()
                .and_then(|v| v.as_text())
                .unwrap_or(&provider.config_string);
            let opened = evaluated.and_then(|()| {
                let target = instance.connections.file(connection);
                let target = target.map_err(|error| error.report(events))?;
                text_file::TextFile::open(&target.path).map_err(|error| {
                    let text = format!(
                        "The SSIS logging provider has failed to open the log. Error code: \
                         {error} ({})",
                        target.path.display()
                    );
                    let remedy = "check the path and its permissions, or map it";
                    events.error_text(Code(0xC001_404B), text, Some(remedy))
                })
            });
            match opened {
                Ok(file) => self.open.lock().push((provider.dtsid.to_uppercase(), file)),
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
        for (id, file) in open.iter_mut() {
            let selected = options.selected_providers.iter();
            if selected.map(|s| s.to_uppercase()).any(|s| s == *id) {
                file.write(&entry, suppressed);
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
        for (_, file) in self.open.lock().drain(..) {
            result = result.and(file.close());
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
        match executable.logging.mode {
            2 => return None,
            1 => return Some(&executable.logging),
            _ if id == ROOT || matches!(executable.kind, ExecutableKind::Package) => {
                return Some(&executable.logging);
            }
            _ => here = instance.host(id).parent,
        }
    }
    None
}
