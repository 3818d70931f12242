//! What packages report while they run, and the rows that come of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::{MessageSource, MessageType};
use crate::ids::{Attempt, ExecutionId, OperationId};

/// What `catalog.event_messages` says of one event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct EventMessageFields {
    pub message_time: DateTime<Utc>,
    pub message_type: MessageType,
    pub message_source_type: MessageSource,
    pub message: String,
    pub package_name: String,
    pub event_name: String,
    pub message_source_name: String,
    pub message_source_id: String,
    pub subcomponent_name: String,
    pub package_path: String,
    pub execution_path: String,
    pub thread_id: i32,
    pub message_code: i32,
    pub event_message_guid: Uuid,
    /// What to do about it, in our own words; no column of SSISDB.
    #[serde(default)]
    pub remedy: Option<String>,
}

/// A row of `catalog.event_messages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct EventMessage {
    pub event_message_id: i64,
    pub operation_id: OperationId,
    pub attempt: Attempt,
    #[serde(flatten)]
    pub fields: EventMessageFields,
}

/// Which event messages are asked for; oldest first.
#[derive(Debug, Clone, Default)]
pub struct EventMessageFilter {
    /// With an id above this: what came since.
    pub after: Option<i64>,
    /// Of these types; empty: any.
    pub types: Vec<MessageType>,
    /// Of this attempt.
    pub attempt: Option<Attempt>,
    /// At most so many (0: 1000; never more than 10000).
    pub limit: usize,
}

/// A row of `catalog.executable_statistics`, joined with `catalog.executables`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct ExecutableStatistics {
    pub statistics_id: i64,
    pub execution_id: ExecutionId,
    pub attempt: Attempt,
    pub executable_id: i64,
    pub executable_name: String,
    pub executable_guid: String,
    pub package_name: String,
    pub package_path: String,
    pub execution_path: String,
    pub start_time: DateTime<Utc>,
    pub end_time: DateTime<Utc>,
    /// Milliseconds.
    pub execution_duration: i64,
    /// 0 success, 1 failure, 2 completion, 3 cancelled.
    pub execution_result: i32,
    pub execution_value: Option<String>,
}

/// A row of `catalog.execution_data_statistics`: rows over one path in one start of its task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct DataStatistics {
    pub data_stats_id: i64,
    pub execution_id: ExecutionId,
    pub attempt: Attempt,
    pub package_name: String,
    pub task_name: String,
    pub dataflow_path_id_string: String,
    pub dataflow_path_name: String,
    pub source_component_name: String,
    pub destination_component_name: String,
    /// In all so far in this start of the task; the sum over rows is the sum over starts.
    pub rows_sent: i64,
    pub created_time: DateTime<Utc>,
    pub execution_path: String,
    /// Whether the task has ended and the number is exact.
    pub is_final: bool,
}

/// A row of `catalog.execution_component_phases`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct ComponentPhase {
    pub phase_stats_id: i64,
    pub execution_id: ExecutionId,
    pub attempt: Attempt,
    pub package_name: String,
    pub task_name: String,
    pub subcomponent_name: String,
    pub phase: String,
    pub start_time: DateTime<Utc>,
    pub end_time: DateTime<Utc>,
    pub execution_path: String,
}

/// Something that a running package reports, to be stored once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Report {
    /// An event.
    Message(EventMessageFields),
    /// An executable began.
    Began(ExecutableBegun),
    /// An executable ended.
    Executable(ExecutableReport),
    /// A component's phase.
    Phase(PhaseReport),
    /// Rows over a path.
    Rows(RowsReport),
}

/// An executable began; it runs until it is reported as ended or its attempt ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct ExecutableBegun {
    pub executable_name: String,
    pub executable_guid: String,
    pub package_name: String,
    pub package_path: String,
    pub execution_path: String,
    pub start_time: DateTime<Utc>,
}

/// An executable ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct ExecutableReport {
    pub executable_name: String,
    pub executable_guid: String,
    pub package_name: String,
    pub package_path: String,
    pub execution_path: String,
    pub start_time: DateTime<Utc>,
    pub end_time: DateTime<Utc>,
    pub execution_result: i32,
    pub execution_value: Option<String>,
}

/// A component's phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct PhaseReport {
    pub package_name: String,
    pub task_name: String,
    pub subcomponent_name: String,
    pub phase: String,
    pub start_time: DateTime<Utc>,
    pub end_time: DateTime<Utc>,
    pub execution_path: String,
}

/// Rows over a path, in all so far in this start of its task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct RowsReport {
    pub package_name: String,
    pub task_name: String,
    pub dataflow_path_id_string: String,
    pub dataflow_path_name: String,
    pub source_component_name: String,
    pub destination_component_name: String,
    pub rows_sent: i64,
    pub execution_path: String,
    /// Whether the task has ended and the number is exact.
    pub is_final: bool,
    pub time: DateTime<Utc>,
}

/// A report with its number within its attempt, from 1 without gaps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberedReport {
    /// The number.
    pub number: i64,
    /// What is reported.
    pub report: Report,
}
