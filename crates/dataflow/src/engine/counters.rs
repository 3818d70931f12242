//! Rows per path, times per component; sampled for whoever watches, exact at the end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use packmule_dtsx::model::Pipeline;
use packmule_runtime::observer::{ComponentPhase, PathRows};
use parking_lot::Mutex;

use crate::site::FlowContext;

/// How often rows are published while a data flow runs.
const SAMPLE_EVERY: Duration = Duration::from_millis(200);

/// The counters of one start of a data flow.
pub(crate) struct Counters {
    task: String,
    paths: Vec<PathCounter>,
    components: Vec<ComponentClock>,
    sampled: Mutex<Instant>,
}

struct PathCounter {
    about: PathRows,
    rows: AtomicU64,
    published: AtomicU64,
}

struct ComponentClock {
    name: String,
    source: bool,
    times: Mutex<Option<(DateTime<Utc>, DateTime<Utc>)>>,
}

impl Counters {
    /// Counters at zero.
    pub(crate) fn new(flow: &FlowContext, task: &str, pipeline: &Pipeline) -> Self {
        let source = flow.events.source();
        let name = |index: usize| {
            let component = pipeline.components.get(index);
            component.map_or_else(String::new, |c| c.name.clone())
        };
        let paths = pipeline.paths.iter().map(|path| PathCounter {
            about: PathRows {
                task: task.to_owned(),
                package: source.package.clone(),
                package_path: source.package_path.clone(),
                execution_path: source.execution_path.clone(),
                path_id: path.ref_id.clone(),
                path_name: path.name.clone(),
                source_component: name(path.from.0),
                destination_component: name(path.to.0),
                rows: 0,
            },
            rows: AtomicU64::new(0),
            published: AtomicU64::new(0),
        });
        let components = pipeline.components.iter().map(|component| ComponentClock {
            name: component.name.clone(),
            source: component.inputs.is_empty(),
            times: Mutex::new(None),
        });
        Self {
            task: task.to_owned(),
            paths: paths.collect(),
            components: components.collect(),
            sampled: Mutex::new(flow.services.clock.instant()),
        }
    }

    /// Counts rows that went over a path.
    pub(crate) fn add(&self, path: usize, rows: usize) {
        if let Some(counter) = self.paths.get(path) {
            counter.rows.fetch_add(rows as u64, Ordering::Relaxed);
        }
    }

    /// Rows that went over a path so far.
    pub(crate) fn rows(&self, path: usize) -> u64 {
        self.paths
            .get(path)
            .map_or(0, |c| c.rows.load(Ordering::Relaxed))
    }

    /// Notes that a component was at work from then to now.
    pub(crate) fn worked(&self, flow: &FlowContext, component: usize, since: DateTime<Utc>) {
        if let Some(clock) = self.components.get(component) {
            let now = flow.services.clock.utc_now();
            let mut times = clock.times.lock();
            let first = times.map_or(since, |t| t.0.min(since));
            let last = times.map_or(now, |t| t.1.max(now));
            *times = Some((first, last));
        }
    }

    /// Publishes the paths whose counts changed, if the last time is long enough ago.
    pub(crate) fn sample(&self, flow: &FlowContext) {
        let Some(mut sampled) = self.sampled.try_lock() else {
            return;
        };
        let now = flow.services.clock.instant();
        if now.saturating_duration_since(*sampled) < SAMPLE_EVERY {
            return;
        }
        *sampled = now;
        for counter in &self.paths {
            let rows = counter.rows.load(Ordering::Relaxed);
            if counter.published.swap(rows, Ordering::Relaxed) != rows {
                let about = PathRows {
                    rows,
                    ..counter.about.clone()
                };
                flow.services.observer.rows(&about, false);
            }
        }
    }

    /// Publishes all counts and the time of Execute of every component.
    pub(crate) fn publish(&self, flow: &FlowContext) {
        for counter in &self.paths {
            let about = PathRows {
                rows: counter.rows.load(Ordering::Relaxed),
                ..counter.about.clone()
            };
            flow.services.observer.rows(&about, true);
        }
        for clock in &self.components {
            let phase = if clock.source {
                "PrimeOutput"
            } else {
                "ProcessInput"
            };
            if let Some((start, end)) = *clock.times.lock() {
                self.phase(flow, &clock.name, phase, start, end);
            }
        }
    }

    /// Publishes one phase of one component.
    pub(crate) fn phase(
        &self,
        flow: &FlowContext,
        component: &str,
        phase: &str,
        start: DateTime<Utc>,
        end: DateTime<Utc>,
    ) {
        let source = flow.events.source();
        flow.services.observer.phase(&ComponentPhase {
            task: self.task.clone(),
            package: source.package.clone(),
            package_path: source.package_path.clone(),
            execution_path: source.execution_path.clone(),
            component: component.to_owned(),
            phase: phase.to_owned(),
            start,
            end,
        });
    }
}
