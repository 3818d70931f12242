//! One run-time instance of a package: its hosts, scopes, overlay and connections.
//!
//! A child package is an instance of its own below the Execute Package Task of its parent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use uuid::Uuid;

use packmule_connections::Connections;
use packmule_dtsx::model::{Executable, ExecutableKind, Package, Project};
use packmule_runtime::events::EventSource;
use packmule_runtime::{Events, Overlay, Scope, Services};

use crate::board::Board;
use crate::events::HostSink;
use crate::host::{Host, HostId, HostSettings, ROOT};
use crate::inherited::Inherited;
use crate::log_providers::Logs;

/// The Execute Package Task that a child package runs for.
#[derive(Clone)]
pub(crate) struct ParentTask {
    pub(crate) instance: Arc<Instance>,
    pub(crate) host: HostId,
    /// Path of the task through parents and turns of loops.
    pub(crate) execution_path: String,
}

/// A package at run time.
pub(crate) struct Instance {
    pub(crate) package: Arc<Package>,
    pub(crate) project: Option<Arc<Project>>,
    pub(crate) services: Services,
    pub(crate) overlay: Arc<Overlay>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) parent: Option<ParentTask>,
    /// Parents above it.
    pub(crate) depth: usize,
    /// ExecutionInstanceGUID, `{…}` in upper case.
    pub(crate) guid: String,
    pub(crate) inherited: Arc<Inherited>,
    pub(crate) board: Board,
    /// A failed executable had FailPackageOnFailure: nothing further is started.
    pub(crate) fail_package: AtomicBool,
    /// The whole tree is being validated before the run; Propagate has no effect.
    pub(crate) validating: AtomicBool,
    /// Held while a handler runs for an event from outside all handlers.
    pub(crate) gate: Mutex<()>,
    pub(crate) logs: Logs,
}

/// `{GUID}` as System::ExecutionInstanceGUID has it.
pub(crate) fn braced(guid: Uuid) -> String {
    format!("{{{}}}", guid.to_string().to_uppercase())
}

impl Instance {
    /// A host. The package's own where the position is none, which no caller has.
    pub(crate) fn host(&self, id: HostId) -> &Host {
        self.hosts.get(id).unwrap_or(&self.hosts[ROOT])
    }

    /// The model of a host.
    pub(crate) fn executable(&self, id: HostId) -> &Executable {
        self.host(id).executable(&self.package)
    }

    pub(crate) fn is_task(&self, id: HostId) -> bool {
        matches!(self.executable(id).kind, ExecutableKind::Task(_))
    }

    /// The package's own scope.
    pub(crate) fn scope(&self) -> &Arc<Scope> {
        &self.host(ROOT).scope
    }

    /// The settings of a host as they are now; problems are found by validation.
    pub(crate) fn settings(&self, id: HostId) -> HostSettings {
        HostSettings::read(self.executable(id), &self.overlay).0
    }

    /// A property of the package itself: a value from outside or of an expression, else the
    /// stored one. The name is the same in the file and the API.
    pub(crate) fn package_property(&self, name: &str) -> Option<String> {
        let root = self.executable(ROOT);
        match self.overlay.get(root.node, name) {
            Some(value) => packmule_runtime::variables::convert::to_text(&value),
            None => root.properties.text(name).map(str::to_owned),
        }
    }

    /// A Boolean property of the package itself; absent is False.
    pub(crate) fn package_flag(&self, name: &str) -> bool {
        self.package_property(name)
            .and_then(|text| packmule_dtsx::model::parse_boolean(&text))
            .unwrap_or(false)
    }

    /// Whether `id` is `ancestor` or inside it.
    pub(crate) fn is_within(&self, id: HostId, ancestor: HostId) -> bool {
        let mut here = Some(id);
        while let Some(id) = here {
            if id == ancestor {
                return true;
            }
            here = self.host(id).parent;
        }
        false
    }

    /// The event handler around a host, the innermost one.
    pub(crate) fn handler_around(&self, id: HostId) -> Option<HostId> {
        let mut here = Some(id);
        while let Some(id) = here {
            if matches!(
                self.executable(id).kind,
                ExecutableKind::EventHandler { .. }
            ) {
                return Some(id);
            }
            here = self.host(id).parent;
        }
        None
    }

    /// Whether nothing further may start in a host.
    pub(crate) fn is_stopped(&self, id: HostId) -> bool {
        if self.services.cancel.is_cancelled() {
            return true;
        }
        if self.fail_package.load(Ordering::SeqCst) && !self.host(id).in_handler {
            return true;
        }
        let mut here = Some(id);
        while let Some(id) = here {
            let host = self.host(id);
            if host.stop.load(Ordering::SeqCst) {
                return true;
            }
            here = host.parent;
        }
        false
    }

    /// The name that events and paths have for a host.
    pub(crate) fn name(&self, id: HostId) -> String {
        let executable = self.executable(id);
        match &executable.kind {
            ExecutableKind::EventHandler { event } => event.clone(),
            _ => executable.name.clone(),
        }
    }

    /// `\Package\Loop[2]\Load`: through parents and turns of loops.
    pub(crate) fn execution_path(&self, id: HostId) -> String {
        let mut parts = Vec::new();
        let mut here = Some(id);
        while let Some(at) = here {
            let host = self.host(at);
            let executable = host.executable(&self.package);
            let turn = host.turn.load(Ordering::SeqCst);
            let turn = if turn > 0 && at != id {
                format!("[{turn}]")
            } else {
                String::new()
            };
            parts.push(match &executable.kind {
                ExecutableKind::Package => format!("\\Package{turn}"),
                ExecutableKind::EventHandler { event } => format!(".EventHandlers[{event}]{turn}"),
                _ => format!("\\{}{turn}", executable.name),
            });
            here = host.parent;
        }
        if let Some(parent) = &self.parent {
            parts.push(parent.execution_path.clone());
        }
        parts.reverse();
        parts.concat()
    }

    /// The source of a host's events.
    pub(crate) fn source(&self, id: HostId) -> EventSource {
        let executable = self.executable(id);
        let parent = match (self.host(id).parent, &self.parent) {
            (Some(parent), _) => self.executable(parent).dtsid.clone(),
            (None, Some(task)) => task.instance.executable(task.host).dtsid.clone(),
            (None, None) => String::new(),
        };
        EventSource {
            name: self.name(id),
            id: executable.dtsid.clone(),
            parent_id: parent,
            package: file_name(&self.package.file).to_owned(),
            package_path: format!("\\{}", executable.ref_id),
            execution_path: self.execution_path(id),
        }
    }

    /// A handle by which a host raises events, for one start.
    pub(crate) fn events(self: &Arc<Self>, id: HostId) -> Events {
        let sink = HostSink {
            instance: self.clone(),
            host: id,
        };
        Events::new(Arc::new(sink), self.services.clock.clone(), self.source(id))
    }
}

/// The last part of a path, with either slash: `project.ispac/Load.dtsx` → `Load.dtsx`.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
