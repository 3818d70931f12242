//! What the catalog answers: rows of SSISDB's views, with their column names.

mod log;

use chrono::{DateTime, Utc};
use packmule_types::Secret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::{LoggingLevel, MessageSource, MessageType, OperationType, ParameterScope};
use crate::ids::{
    Attempt, ExecutionId, FolderId, OperationId, ProjectId, TaskKey, VersionId, WorkerId,
};
use crate::status::Status;
use crate::variant::{ParameterType, Variant};

pub use log::*;

/// Who calls: the name is recorded with what is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The principal's name.
    pub name: String,
}

impl Caller {
    /// A caller of a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

/// A row of `catalog.folders`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct Folder {
    pub folder_id: FolderId,
    pub name: String,
    pub description: String,
    pub created_by_name: String,
    pub created_time: DateTime<Utc>,
}

/// A row of `catalog.projects`, with its folder's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct Project {
    pub project_id: ProjectId,
    pub folder_id: FolderId,
    pub folder_name: String,
    pub name: String,
    pub description: String,
    pub project_format_version: i32,
    pub deployed_by_name: String,
    pub last_deployed_time: DateTime<Utc>,
    pub created_time: DateTime<Utc>,
    pub object_version_lsn: VersionId,
    /// SHA-256 of the current stream, hexadecimal.
    pub content_hash: String,
}

/// A row of `catalog.object_versions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct ProjectVersion {
    pub object_version_lsn: VersionId,
    pub object_id: ProjectId,
    pub object_name: String,
    pub description: String,
    pub created_by: String,
    pub created_time: DateTime<Utc>,
    pub restored_by: Option<String>,
    pub last_restored_time: Option<DateTime<Utc>>,
    /// Whether it is the current one.
    pub is_current: bool,
    /// SHA-256 of its stream, hexadecimal.
    pub content_hash: String,
}

/// What a deployment made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct Deployment {
    pub operation_id: OperationId,
    pub project_id: ProjectId,
    pub object_version_lsn: VersionId,
    /// Packages in this version.
    pub packages: Vec<String>,
}

/// A row of `catalog.packages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct Package {
    pub package_id: i64,
    pub project_id: ProjectId,
    pub folder_name: String,
    pub project_name: String,
    /// With `.dtsx`.
    pub name: String,
    pub package_guid: String,
    pub description: String,
    pub package_format_version: i32,
    pub version_major: i32,
    pub version_minor: i32,
    pub version_build: i32,
    pub version_comments: String,
    pub version_guid: String,
    pub entry_point: bool,
}

/// A row of `catalog.object_parameters`. Values of sensitive parameters are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct ObjectParameter {
    pub parameter_id: i64,
    pub project_id: ProjectId,
    pub object_type: ParameterScope,
    /// The project's or package's name.
    pub object_name: String,
    pub parameter_name: String,
    pub data_type: ParameterType,
    pub required: bool,
    pub sensitive: bool,
    pub description: String,
    pub design_default_value: Option<Variant>,
    /// The server's value now in force.
    pub default_value: Option<Variant>,
    pub value_set: bool,
}

/// What `create_execution` is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewExecution {
    /// The folder.
    pub folder_name: String,
    /// The project in it.
    pub project_name: String,
    /// The package in it, with or without `.dtsx`.
    pub package_name: String,
    /// 32-bit runtime: recorded, without effect here.
    #[serde(default)]
    pub use32bitruntime: bool,
    /// Scale Out; absent: the catalog's `DEFAULT_EXECUTION_MODE`.
    #[serde(default)]
    pub runinscaleout: Option<bool>,
    /// Any worker may take it; otherwise only those of `add_execution_worker`.
    #[serde(default = "yes")]
    pub useanyworker: bool,
}

fn yes() -> bool {
    true
}

impl NewExecution {
    /// An execution in Scale Out on any worker.
    pub fn new(folder: &str, project: &str, package: &str) -> Self {
        Self {
            folder_name: folder.to_owned(),
            project_name: project.to_owned(),
            package_name: package.to_owned(),
            use32bitruntime: false,
            runinscaleout: Some(true),
            useanyworker: true,
        }
    }
}

/// A row of `catalog.executions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct Execution {
    pub execution_id: ExecutionId,
    pub folder_name: String,
    pub project_name: String,
    pub package_name: String,
    pub project_lsn: VersionId,
    pub executed_as_name: String,
    pub use32bitruntime: bool,
    pub created_time: DateTime<Utc>,
    pub object_id: ProjectId,
    pub status: Status,
    pub start_time: Option<DateTime<Utc>>,
    pub end_time: Option<DateTime<Utc>>,
    pub caller_name: String,
    pub process_id: Option<i32>,
    pub stopped_by_name: Option<String>,
    /// Empty until a worker starts it.
    pub machine_name: String,
    /// The worker that holds it, or held it last.
    pub worker_agent_id: Option<WorkerId>,
    /// That worker's name; absent when it was removed since.
    pub worker_name: Option<String>,
    pub total_physical_memory_kb: Option<i64>,
    pub available_physical_memory_kb: Option<i64>,
    pub cpu_count: Option<i32>,
    /// Attempts so far.
    pub executed_count: i32,
    pub retry_count: i32,
    pub run_in_scaleout: bool,
    pub use_any_worker: bool,
    pub logging_level: LoggingLevel,
}

/// Which executions are asked for; newest first.
#[derive(Debug, Clone, Default)]
pub struct ExecutionFilter {
    /// Of this folder.
    pub folder_name: Option<String>,
    /// Of this project.
    pub project_name: Option<String>,
    /// Of this package.
    pub package_name: Option<String>,
    /// With one of these statuses; empty: any.
    pub status: Vec<Status>,
    /// With an id below this: the next page.
    pub before: Option<ExecutionId>,
    /// At most so many (0: 100; never more than 1000).
    pub limit: usize,
}

/// One attempt at an execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExecutionAttempt {
    /// The execution.
    pub execution_id: ExecutionId,
    /// Its number, from 1.
    pub attempt: Attempt,
    /// Who took it.
    pub worker_agent_id: WorkerId,
    /// That worker's name; absent when it was removed since.
    pub worker_name: Option<String>,
    /// `System::ExecutionInstanceGUID` of this attempt.
    pub execution_instance_guid: Uuid,
    /// When it was taken.
    pub claimed_time: DateTime<Utc>,
    /// When the package began.
    pub start_time: Option<DateTime<Utc>>,
    /// When it ended or was given up.
    pub end_time: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why, where there is more to say.
    pub reason: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The package succeeded.
    Succeeded,
    /// The package failed, or could not be loaded.
    Failed,
    /// The package was cancelled.
    Canceled,
    /// Its process or its worker was lost.
    Lost,
}

impl Outcome {
    /// The status that it leads to when no attempt is left.
    pub fn status(self) -> Status {
        match self {
            Self::Succeeded => Status::Succeeded,
            Self::Failed => Status::Failed,
            Self::Canceled => Status::Canceled,
            Self::Lost => Status::EndedUnexpectedly,
        }
    }

    /// The outcome behind a final status.
    pub fn from_status(status: Status) -> Option<Self> {
        [Self::Succeeded, Self::Failed, Self::Canceled, Self::Lost]
            .into_iter()
            .find(|o| o.status() == status)
    }
}

/// A row of `catalog.execution_parameter_values`. Sensitive values are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct ExecutionParameterValue {
    pub execution_parameter_id: i64,
    pub execution_id: ExecutionId,
    pub object_type: ParameterScope,
    pub parameter_data_type: ParameterType,
    pub parameter_name: String,
    pub parameter_value: Option<Variant>,
    pub sensitive: bool,
    pub required: bool,
    pub value_set: bool,
    pub runtime_override: bool,
}

/// A row of `catalog.execution_property_override_values`. Sensitive values are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct PropertyOverride {
    pub property_id: i64,
    pub execution_id: ExecutionId,
    pub property_path: String,
    pub property_value: Option<String>,
    pub sensitive: bool,
}

/// A row of `catalog.operations`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct Operation {
    pub operation_id: OperationId,
    pub operation_type: OperationType,
    pub created_time: DateTime<Utc>,
    pub object_type: Option<i32>,
    pub object_id: Option<i64>,
    pub object_name: Option<String>,
    pub status: Status,
    pub start_time: Option<DateTime<Utc>>,
    pub end_time: Option<DateTime<Utc>>,
    pub caller_name: String,
    pub process_id: Option<i32>,
    pub stopped_by_name: Option<String>,
    pub machine_name: String,
}

/// A row of `catalog.operation_messages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct OperationMessage {
    pub operation_message_id: i64,
    pub operation_id: OperationId,
    pub message_time: DateTime<Utc>,
    pub message_type: MessageType,
    pub message_source_type: MessageSource,
    pub message: String,
}

/// A row of `catalog.worker_agents`, and what else is known of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkerAgent {
    /// WorkerAgentId
    pub worker_agent_id: WorkerId,
    /// IsEnabled
    pub is_enabled: bool,
    /// DisplayName
    pub display_name: String,
    /// Description
    pub description: String,
    /// MachineName
    pub machine_name: String,
    /// Tags
    pub tags: String,
    /// UserAccount
    pub user_account: String,
    /// LastOnlineTime
    pub last_online_time: DateTime<Utc>,
    /// First seen.
    pub registered_time: DateTime<Utc>,
    /// Version of its program.
    pub version: String,
    /// Tasks that it can hold.
    pub slots: i32,
    /// Tasks that it holds, as it said last.
    pub slots_used: i32,
    /// Per cent of its processors in use.
    pub cpu_percent: f64,
    /// Free memory, MB.
    pub available_memory_mb: i64,
    /// Messages that wait on its disk.
    pub spooled_messages: i64,
    /// SHA-256 of its certificate, hexadecimal.
    pub certificate_thumbprint: String,
    /// Whether it was heard of lately [R-SO-OFFLINE].
    pub is_online: bool,
}

/// What a worker says of itself when it registers and at each heartbeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "as in WorkerAgent")]
pub struct WorkerReport {
    pub worker_agent_id: WorkerId,
    pub display_name: String,
    pub machine_name: String,
    pub user_account: String,
    pub version: String,
    pub slots: i32,
    pub slots_used: i32,
    pub cpu_percent: f64,
    pub available_memory_mb: i64,
    pub spooled_messages: i64,
    pub certificate_thumbprint: String,
}

/// A parameter's value for a run.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignedParameter {
    /// Project, package, or the execution itself.
    pub object_type: ParameterScope,
    /// Its name; `CM.<manager>.<property>` sets a connection manager's property.
    pub name: String,
    /// Its type.
    pub data_type: ParameterType,
    /// Canonical text ([`ParameterType::value`] reads it).
    pub value: Secret,
    /// Whether it must not be shown.
    pub sensitive: bool,
}

/// A property override for a run.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignedOverride {
    /// `\Package.Properties[MaximumErrorCount]`
    pub path: String,
    /// The value's text.
    pub value: Secret,
    /// Whether it must not be shown.
    pub sensitive: bool,
}

/// A task that a worker was given: all it needs but the project's bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// What it holds.
    pub key: TaskKey,
    /// `System::ExecutionInstanceGUID` of this attempt.
    pub execution_instance_guid: Uuid,
    /// The folder's name.
    pub folder_name: String,
    /// The project's name.
    pub project_name: String,
    /// The package's name, with `.dtsx`.
    pub package_name: String,
    /// Version of the project.
    pub project_lsn: VersionId,
    /// SHA-256 of the project's stream, hexadecimal.
    pub content_hash: String,
    /// Who called `create_execution`.
    pub executed_as_name: String,
    /// What is recorded of its events.
    pub logging_level: LoggingLevel,
    /// Values of parameters that are set, and design values.
    pub parameters: Vec<AssignedParameter>,
    /// Property overrides.
    pub overrides: Vec<AssignedOverride>,
}

/// What a worker says when the package runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "SSISDB's column names")]
pub struct RunningReport {
    pub process_id: i32,
    pub machine_name: String,
    pub total_physical_memory_kb: i64,
    pub available_physical_memory_kb: i64,
    pub cpu_count: i32,
}

/// What became of a lease that a worker wants to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// It is held on; `stop`: the package is to be cancelled.
    Held {
        /// A stop was asked for.
        stop: bool,
    },
    /// It is no longer this worker's.
    Lost,
}

/// What a change of the catalog was about, told after it is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An execution has a new status.
    Execution(ExecutionId, Status),
    /// A task waits: for any worker, or for those that were chosen for it.
    Queued {
        /// The execution.
        execution: ExecutionId,
        /// Whether any worker may take it.
        any_worker: bool,
    },
    /// A worker is to stop a task.
    Stop(WorkerId, TaskKey),
    /// An execution has new messages or statistics.
    Reports(ExecutionId),
    /// A worker came, went, was enabled, disabled or renamed.
    Worker(WorkerId),
    /// Folders or projects changed.
    Objects,
}

/// A token by which one worker may join.
#[derive(Debug, Clone)]
pub struct JoinToken {
    /// To be given to the worker.
    pub token: Secret,
    /// Until when it is good.
    pub expires_time: DateTime<Utc>,
}
