//! Executions and the requests about them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::AnyValue;

/// A row of `catalog.executions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Execution {
    /// Its id; later executions have higher ones.
    pub execution_id: i64,
    /// The folder's name.
    pub folder_name: String,
    /// The project's name.
    pub project_name: String,
    /// The package that was started.
    pub package_name: String,
    /// The version of the project.
    pub project_lsn: i64,
    /// Under whose name.
    pub executed_as_name: String,
    /// When it was asked for.
    pub created_time: DateTime<Utc>,
    /// 1 Created, 2 Running, 3 Canceled, 4 Failed, 5 Pending, 6 Ended unexpectedly, 7 Succeeded,
    /// 8 Stopping, 9 Completed.
    #[schema(minimum = 1, maximum = 9)]
    pub status: i32,
    /// The status in words.
    #[schema(example = "Succeeded")]
    pub status_name: String,
    /// When its first attempt began to run.
    pub start_time: Option<DateTime<Utc>>,
    /// When it ended.
    pub end_time: Option<DateTime<Utc>>,
    /// Milliseconds from start to end; `null` before the end.
    pub duration_ms: Option<i64>,
    /// Who asked for it.
    pub caller_name: String,
    /// Who stopped it.
    pub stopped_by_name: Option<String>,
    /// The process that runs or ran it.
    pub process_id: Option<i32>,
    /// The computer that runs or ran it; empty before.
    pub machine_name: String,
    /// The Worker that runs or ran it.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub worker_agent_id: Option<Uuid>,
    /// That Worker's name; `null` when it was removed since.
    pub worker_name: Option<String>,
    /// How many attempts there were.
    pub executed_count: i32,
    /// How many times an attempt that failed or was lost is begun again.
    pub retry_count: i32,
    /// 0 None, 1 Basic, 2 Performance, 3 Verbose, 4 RuntimeLineage, 100 Customized.
    pub logging_level: i32,
}

/// Creates and starts executions, one for each package, all with the same settings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartExecutions {
    /// The packages, 1 to 1000.
    #[schema(min_items = 1, max_items = 1000)]
    pub packages: Vec<PackageName>,
    /// Values of parameters, each for the packages that have one of that name.
    #[serde(default)]
    pub parameters: Vec<ParameterValue>,
    /// Properties to override, by path.
    #[serde(default)]
    pub property_overrides: Vec<PropertyOverride>,
    /// 0 None, 1 Basic, 2 Performance, 3 Verbose, 4 RuntimeLineage, 100 Customized; the server's
    /// when left out.
    #[serde(default)]
    pub logging_level: Option<i32>,
    /// The Workers that may run them; any when empty.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub workers: Vec<Uuid>,
    /// How many times an attempt that failed or was lost is begun again.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub retry_count: i32,
}

/// Names a package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageName {
    /// The folder.
    pub folder_name: String,
    /// The project.
    pub project_name: String,
    /// The package; `.dtsx` may be left out.
    pub package_name: String,
}

/// A value for a parameter of the packages to start.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterValue {
    /// Its name, with regard to case.
    pub parameter_name: String,
    /// 20 of the project, 30 of the package, 50 of the execution (`DUMP_ON_ERROR`, …). When left
    /// out, the one that has the name: package, then project, then execution.
    #[serde(default)]
    pub object_type: Option<i32>,
    /// The value; text is converted to the parameter's type.
    #[schema(value_type = AnyValue)]
    pub value: serde_json::Value,
}

/// A property to override.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PropertyOverride {
    /// `\Package.Variables[User::Folder].Properties[Value]`.
    pub property_path: String,
    /// The value as text.
    pub property_value: String,
    /// Whether the value is kept from all eyes.
    #[serde(default)]
    pub sensitive: bool,
}

/// The executions that were started, in the order of the packages asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StartedExecutions {
    /// One for each package.
    pub executions: Vec<Execution>,
    /// Whether an earlier request with the same idempotency key had started them.
    pub repeated: bool,
}

/// Which executions to list; newest first.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExecutionFilter {
    /// Statuses, by number or name, separated by commas (`running,failed`).
    #[serde(default)]
    pub status: Option<String>,
    /// Only of this folder.
    #[serde(default)]
    pub folder_name: Option<String>,
    /// Only of this project.
    #[serde(default)]
    pub project_name: Option<String>,
    /// Only of this package.
    #[serde(default)]
    pub package_name: Option<String>,
    /// Only with a lower id: `next` of the page before.
    #[serde(default)]
    pub before: Option<i64>,
    /// How many, 1 to 500; default 50.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
}

/// A row of `catalog.execution_parameter_values`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExecutionParameterValue {
    /// 20 of the project, 30 of the package, 50 of the execution.
    pub object_type: i32,
    /// Its name.
    pub parameter_name: String,
    /// Its type.
    pub parameter_data_type: String,
    /// Its value; `null` when sensitive.
    #[schema(value_type = Option<AnyValue>)]
    pub parameter_value: Option<serde_json::Value>,
    /// Whether its value is kept from all eyes.
    pub sensitive: bool,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it was given.
    pub value_set: bool,
    /// Whether it was changed for this execution.
    pub runtime_override: bool,
}

/// An execution with all that ran in it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExecutionDetail {
    /// The execution.
    pub execution: Execution,
    /// Why it waits for a Worker; `null` when it does not.
    pub waiting_reason: Option<String>,
    /// The values it runs with.
    pub parameters: Vec<ExecutionParameterValue>,
    /// Its attempts, first to last.
    pub attempts: Vec<ExecutionAttempt>,
    /// Properties that it overrides.
    pub property_overrides: Vec<PropertyOverrideValue>,
    /// What ran in its last attempt, with results.
    pub executables: Vec<super::Executable>,
    /// Rows over each path in its last attempt.
    pub paths: Vec<super::PathRows>,
}

/// One attempt at an execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExecutionAttempt {
    /// Its number, from 1.
    pub attempt: i32,
    /// The Worker that took it.
    #[schema(value_type = String, format = "uuid")]
    pub worker_agent_id: Uuid,
    /// That Worker's name; `null` when it was removed since.
    pub worker_name: Option<String>,
    /// When it was taken.
    pub claimed_time: DateTime<Utc>,
    /// When the package began.
    pub start_time: Option<DateTime<Utc>>,
    /// When it ended or was given up.
    pub end_time: Option<DateTime<Utc>>,
    /// The status that it led or would have led to; `null` while it runs.
    pub outcome: Option<String>,
    /// Why, where there is more to say.
    pub reason: Option<String>,
}

/// A row of `catalog.execution_property_override_values`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PropertyOverrideValue {
    /// The path.
    pub property_path: String,
    /// The value; `null` when sensitive.
    pub property_value: Option<String>,
    /// Whether the value is kept from all eyes.
    pub sensitive: bool,
}
