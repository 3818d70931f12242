//! What a run publishes to whoever watches: a terminal, the Worker's spool, a test.
//!
//! These types cross the pipe between a child process and its Worker, so they are plain and
//! only ever gain fields.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::events::Event;

/// Rows that went over one path of a data flow, in all so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathRows {
    /// The Data Flow Task's name.
    pub task: String,
    /// The file name of the task's package.
    #[serde(default)]
    pub package: String,
    /// The task's path in its package.
    pub package_path: String,
    /// The task's path through parents and turns of loops.
    pub execution_path: String,
    /// refId of the path (`Package\DFT.Paths[x]`).
    pub path_id: String,
    /// The path's name.
    pub path_name: String,
    /// Name of the component that sends.
    pub source_component: String,
    /// Name of the component that receives.
    pub destination_component: String,
    /// Rows so far in this start of the task; exact at the end.
    pub rows: u64,
}

/// Time that one component spent in one phase of one start of its task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentPhase {
    /// The Data Flow Task's name.
    pub task: String,
    /// The file name of the task's package.
    #[serde(default)]
    pub package: String,
    /// The task's path in its package.
    pub package_path: String,
    /// The task's path through parents and turns of loops.
    pub execution_path: String,
    /// The component's name.
    pub component: String,
    /// `Validate`, `AcquireConnections`, `PrepareForExecute`, `PreExecute`, `PrimeOutput`,
    /// `ProcessInput`, `PostExecute`, `ReleaseConnections`, `Cleanup`.
    pub phase: String,
    /// Began.
    pub start: DateTime<Utc>,
    /// Ended.
    pub end: DateTime<Utc>,
}

/// How one start of one executable ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutableStatistics {
    /// The executable's name.
    pub name: String,
    /// Its DTSID.
    pub id: String,
    /// The file name of its package.
    #[serde(default)]
    pub package: String,
    /// Its path in its package.
    pub package_path: String,
    /// Its path through parents and turns of loops.
    pub execution_path: String,
    /// Began.
    pub start: DateTime<Utc>,
    /// Ended.
    pub end: DateTime<Utc>,
    /// 0 success, 1 failure, 2 completion, 3 canceled.
    pub result: i32,
    /// ExecutionValue as text, if the task has one.
    pub value: Option<String>,
}

/// Watches a run. Called from any thread; must not block for long. All methods do nothing by
/// default.
pub trait Observer: Send + Sync {
    /// An event, after its handlers ran. The level decides upstream what is published.
    fn event(&self, _event: &Event) {}
    /// Row counts of a path, sampled while running and exact at the end (`last`).
    fn rows(&self, _rows: &PathRows, _last: bool) {}
    /// A component's phase.
    fn phase(&self, _phase: &ComponentPhase) {}
    /// An executable ended.
    fn executable(&self, _statistics: &ExecutableStatistics) {}
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}
