//! Runs packages and keeps what they say.

use std::sync::Arc;

use packmule_controlflow::{ExecResult, Outcome, PackageRun, RunOptions};
use packmule_dtsx::{Package, Project};
use packmule_runtime::clock::SystemClock;
use packmule_runtime::observer::ExecutableStatistics;
use packmule_runtime::{Cancel, Event, EventKind, Mapping, MemoryBudget, Observer, Services};
use parking_lot::Mutex;

/// What happened, in order.
#[derive(Default)]
pub(crate) struct Watcher {
    pub(crate) events: Mutex<Vec<Event>>,
    pub(crate) statistics: Mutex<Vec<ExecutableStatistics>>,
    /// Called for each event, on its thread.
    pub(crate) hook: Mutex<Option<Box<dyn Fn(&Event) + Send>>>,
}

impl Observer for Watcher {
    fn event(&self, event: &Event) {
        self.events.lock().push(event.clone());
        if let Some(hook) = self.hook.lock().as_ref() {
            hook(event);
        }
    }

    fn executable(&self, statistics: &ExecutableStatistics) {
        self.statistics.lock().push(statistics.clone());
    }
}

/// A finished run.
pub(crate) struct Run {
    pub(crate) outcome: Outcome,
    pub(crate) watcher: Arc<Watcher>,
}

impl Run {
    pub(crate) fn result(&self) -> ExecResult {
        self.outcome.result
    }

    /// Texts of events of one kind, `source: text`.
    pub(crate) fn said(&self, kind: &str) -> Vec<String> {
        let events = self.watcher.events.lock();
        let of_kind = events.iter().filter(|e| e.kind.name() == kind);
        of_kind
            .map(|e| format!("{}: {}", e.source.name, e.description))
            .collect()
    }

    /// Codes of errors, in order.
    pub(crate) fn errors(&self) -> Vec<u32> {
        let events = self.watcher.events.lock();
        let errors = events.iter().filter(|e| e.kind == EventKind::Error);
        errors.map(|e| e.code.0).collect()
    }

    /// Execution paths of what ran, in the order of its end.
    pub(crate) fn ran(&self) -> Vec<String> {
        let statistics = self.watcher.statistics.lock();
        statistics
            .iter()
            .map(|s| s.execution_path.clone())
            .collect()
    }

    /// ExecutionValue of the last start of an executable.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let statistics = self.watcher.statistics.lock();
        statistics
            .iter()
            .rev()
            .find(|s| s.name == name)
            .and_then(|s| s.value.clone())
    }

    /// All values that an executable had, in order.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let statistics = self.watcher.statistics.lock();
        let of_name = statistics.iter().filter(|s| s.name == name);
        of_name
            .map(|s| s.value.clone().unwrap_or_default())
            .collect()
    }

    pub(crate) fn show(&self) {
        for event in self.watcher.events.lock().iter() {
            println!(
                "{:22} {:12} {} {} {:?}",
                event.kind.name(),
                event.source.name,
                event.code,
                event.description,
                event.remedy
            );
        }
        println!("{:?}", self.outcome);
    }

    #[track_caller]
    pub(crate) fn must(self, result: ExecResult) -> Self {
        if self.result() != result {
            self.show();
        }
        assert_eq!(self.result(), result);
        self
    }
}

pub(crate) fn services(watcher: &Arc<Watcher>, cancel: &Cancel, mapping: Mapping) -> Services {
    Services {
        clock: Arc::new(SystemClock::new(chrono_tz::Tz::UTC)),
        cancel: cancel.clone(),
        memory: MemoryBudget::new(256 << 20),
        mapping: Arc::new(mapping),
        observer: watcher.clone(),
        threads: 2,
        temp_folder: std::env::temp_dir(),
        default_lcid: 1033,
        parts: Default::default(),
    }
}

pub(crate) fn run(package: Arc<Package>) -> Run {
    run_with(package, None, RunOptions::default())
}

pub(crate) fn run_with(
    package: Arc<Package>,
    project: Option<Arc<Project>>,
    options: RunOptions,
) -> Run {
    run_watched(
        package,
        project,
        options,
        &Cancel::new(),
        Mapping::default(),
        Arc::default(),
    )
}

pub(crate) fn run_watched(
    package: Arc<Package>,
    project: Option<Arc<Project>>,
    options: RunOptions,
    cancel: &Cancel,
    mapping: Mapping,
    watcher: Arc<Watcher>,
) -> Run {
    let outcome = PackageRun {
        package,
        project,
        services: services(&watcher, cancel, mapping),
        options,
    }
    .run();
    Run { outcome, watcher }
}
