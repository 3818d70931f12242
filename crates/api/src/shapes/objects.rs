//! Folders, projects, their versions, packages, parameters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A row of `catalog.folders`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Folder {
    /// Its id.
    pub folder_id: i64,
    /// Its name, unique in the catalog without regard to case.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who made it.
    pub created_by_name: String,
    /// When.
    pub created_time: DateTime<Utc>,
}

/// Makes a folder.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateFolder {
    /// 1 to 128 characters.
    #[schema(min_length = 1, max_length = 128)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
}

/// A row of `catalog.projects`, with the folder's name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Project {
    /// Its id.
    pub project_id: i64,
    /// The folder's id.
    pub folder_id: i64,
    /// The folder's name.
    pub folder_name: String,
    /// Its name, unique in its folder.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The version of the tool that made it.
    pub project_format_version: i32,
    /// Who deployed its current version.
    pub deployed_by_name: String,
    /// When its current version was deployed.
    pub last_deployed_time: DateTime<Utc>,
    /// When it was first deployed.
    pub created_time: DateTime<Utc>,
    /// Its current version.
    pub object_version_lsn: i64,
}

/// A row of `catalog.object_versions`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectVersion {
    /// The version's id.
    pub object_version_lsn: i64,
    /// The project's id.
    pub object_id: i64,
    /// The project's name.
    pub object_name: String,
    /// The project's description in that version.
    pub description: String,
    /// Who deployed it.
    pub created_by: String,
    /// When.
    pub created_time: DateTime<Utc>,
    /// Who made it the current one again.
    pub restored_by: Option<String>,
    /// When.
    pub last_restored_time: Option<DateTime<Utc>>,
    /// Whether executions use it.
    pub is_current: bool,
}

/// A row of `catalog.packages`, with the project's and the folder's name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Package {
    /// Its id.
    pub package_id: i64,
    /// The project's id.
    pub project_id: i64,
    /// The folder's name.
    pub folder_name: String,
    /// The project's name.
    pub project_name: String,
    /// Its file name, with `.dtsx`.
    pub name: String,
    /// Its GUID.
    pub package_guid: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The version of its file format.
    pub package_format_version: i32,
    /// Its version, as its author counts.
    pub version_major: i32,
    /// The same.
    pub version_minor: i32,
    /// The same; Visual Studio adds one at each save.
    pub version_build: i32,
    /// What its author says of the version.
    pub version_comments: String,
    /// Whether it may be started directly, not only by an Execute Package task.
    pub entry_point: bool,
}

/// A row of `catalog.object_parameters`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Parameter {
    /// Its id.
    pub parameter_id: i64,
    /// The project's id.
    pub project_id: i64,
    /// 20 parameter of the project, 30 of a package.
    #[schema(example = 30)]
    pub object_type: i32,
    /// The project's or the package's name.
    pub object_name: String,
    /// Its name; a property of a connection manager is `CM.<manager>.<property>`.
    pub parameter_name: String,
    /// Its type (`String`, `Int32`, …).
    pub data_type: String,
    /// Whether an execution needs a value from server or caller.
    pub required: bool,
    /// Whether its value is kept from all eyes; values are `null` then.
    pub sensitive: bool,
    /// What it is for; may be empty.
    pub description: String,
    /// The value in the project's file.
    #[schema(value_type = Option<AnyValue>)]
    pub design_default_value: Option<serde_json::Value>,
    /// The value that the server sets.
    #[schema(value_type = Option<AnyValue>)]
    pub default_value: Option<serde_json::Value>,
    /// Whether the server sets a value.
    pub value_set: bool,
}

/// A value of a parameter: text, number, true or false. Int64 values beyond 2^53, decimals and
/// dates are texts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnyValue {
    /// true or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// Sets or clears the server's value of a parameter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetParameter {
    /// 20 parameter of the project, 30 of a package.
    #[schema(example = 30)]
    pub object_type: i32,
    /// The package; needed for 30.
    #[serde(default)]
    pub package_name: Option<String>,
    /// Its name, with regard to case.
    pub parameter_name: String,
    /// The value; `null` takes the server's value away, so that the design value holds again.
    #[schema(value_type = Option<AnyValue>)]
    #[serde(default)]
    pub value: Option<serde_json::Value>,
}

/// What a deployment made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Deployment {
    /// The operation, under which the catalog keeps its messages.
    pub operation_id: i64,
    /// The project as it is now.
    pub project: Project,
    /// Its packages.
    pub packages: Vec<Package>,
}

/// How to deploy.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeployQuery {
    /// Makes the folder when it does not exist.
    #[serde(default)]
    pub create_folder: bool,
}

/// Which objects to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ObjectFilter {
    /// Only of this folder.
    #[serde(default)]
    pub folder_name: Option<String>,
    /// Only of this project.
    #[serde(default)]
    pub project_name: Option<String>,
}
