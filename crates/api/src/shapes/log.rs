//! What an execution leaves: messages, executables, statistics; and the live stream of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Execution, ExecutionAttempt};

/// A row of `catalog.event_messages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventMessage {
    /// Its id; later messages have higher ones.
    pub event_message_id: i64,
    /// The execution.
    pub operation_id: i64,
    /// When.
    pub message_time: DateTime<Utc>,
    /// 120 Error, 110 Warning, 70 Information, … (`catalog.event_messages`).
    pub message_type: i32,
    /// 10 entry API, 20 process, 30 package, 40 task, 50 container, 60 data flow task.
    pub message_source_type: i32,
    /// The attempt that said it.
    pub attempt: i32,
    /// The text.
    pub message: String,
    /// The package.
    pub package_name: String,
    /// `OnError`, `OnPreExecute`, …
    pub event_name: String,
    /// The executable that raised it.
    pub message_source_name: String,
    /// The component of a data flow; empty for none.
    pub subcomponent_name: String,
    /// The executable's path in the package.
    pub package_path: String,
    /// The same with the turns of loops.
    pub execution_path: String,
    /// SSIS's code; 0 for none.
    pub message_code: i32,
    /// What to do about it; not a column of the view.
    pub remedy: Option<String>,
}

/// Which messages to list; oldest first.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MessageFilter {
    /// Only with a higher id: `next` of the page before.
    #[serde(default)]
    pub after: Option<i64>,
    /// How many, 1 to 1000; default 200.
    #[serde(default)]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// `error`, `warning` (and errors), `information` (and those), or `all`; default all.
    #[serde(default)]
    pub level: Option<MessageLevel>,
}

/// How much of the messages is wanted.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum MessageLevel {
    /// Errors and failed tasks.
    Error,
    /// Warnings too.
    Warning,
    /// Informations too.
    Information,
    /// Everything.
    #[default]
    All,
}

/// One run of an executable: `catalog.executables` with `catalog.executable_statistics`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Executable {
    /// Its id in this execution; `null` while its first run goes on.
    pub executable_id: Option<i64>,
    /// Its name.
    pub executable_name: String,
    /// The package that it is in.
    pub package_name: String,
    /// Its path in that package.
    pub package_path: String,
    /// The same through parents and turns of loops.
    pub execution_path: String,
    /// When it entered pre-execute.
    pub start_time: DateTime<Utc>,
    /// When it entered post-execute; `null` while it runs.
    pub end_time: Option<DateTime<Utc>>,
    /// Milliseconds; `null` while it runs.
    pub execution_duration: Option<i64>,
    /// 0 Success, 1 Failure, 2 Completion, 3 Cancelled; `null` while it runs.
    pub execution_result: Option<i32>,
}

/// Rows over one path of a data flow: `catalog.execution_data_statistics`, summed over the
/// starts of its task (the turns of loops around it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PathRows {
    /// The package.
    pub package_name: String,
    /// The data flow task.
    pub task_name: String,
    /// The path's name.
    pub dataflow_path_name: String,
    /// The path's identification string.
    pub dataflow_path_id_string: String,
    /// The component that sends.
    pub source_component_name: String,
    /// The component that receives.
    pub destination_component_name: String,
    /// Rows sent so far.
    pub rows_sent: i64,
    /// When the figure was last taken.
    pub created_time: DateTime<Utc>,
    /// The task's path through parents, without the turns of loops.
    pub execution_path: String,
    /// Whether the task has ended and the figure is exact.
    pub is_final: bool,
}

/// A row of `catalog.execution_component_phases`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ComponentPhase {
    /// The package.
    pub package_name: String,
    /// The data flow task.
    pub task_name: String,
    /// The component.
    pub subcomponent_name: String,
    /// `Validate`, `PreExecute`, `PrimeOutput`, `ProcessInput`, `PostExecute`.
    pub phase: String,
    /// When it began.
    pub start_time: DateTime<Utc>,
    /// When it ended.
    pub end_time: DateTime<Utc>,
    /// The task's path through parents and turns of loops.
    pub execution_path: String,
}

/// The statistics of one execution.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Statistics {
    /// Rows over each path.
    pub paths: Vec<PathRows>,
    /// Phases of components; at the levels Performance and Verbose.
    pub phases: Vec<ComponentPhase>,
}

/// Executables as the live stream tells of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Executables {
    /// Whether `ended` begins with the attempt's first: forget those of before.
    pub from_start: bool,
    /// Runs that have ended since the last event.
    pub ended: Vec<Executable>,
    /// All that run now.
    pub running: Vec<Executable>,
}

/// What the live stream of one execution says; the name of the event is the variant's.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum LiveEvent {
    /// The execution, at first and after each change.
    Execution(Execution),
    /// New messages, oldest first.
    Messages(Vec<EventMessage>),
    /// Its attempts, after a change.
    Attempts(Vec<ExecutionAttempt>),
    /// Executables that have ended since the last event, and those that run.
    Executables(Executables),
    /// Paths whose rows changed, each with its whole sum. A new attempt begins them anew.
    Paths(Vec<PathRows>),
    /// Why an execution waits for a Worker; `null` when it no longer does.
    Waiting(Option<String>),
    /// Executions that are new or have changed.
    Executions(Vec<Execution>),
    /// All Workers, every two seconds while they speak.
    Workers(Vec<super::Worker>),
    /// Nothing more will come.
    End,
}

/// Where the live stream of an execution begins.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// Only messages with a higher id.
    #[serde(default)]
    pub after: Option<i64>,
}
