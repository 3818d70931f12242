//! What can go wrong in the catalog, with SSIS's error numbers (27100 to 27261).

use crate::ids::{ExecutionId, OperationId, TaskKey, VersionId, WorkerId};
use crate::status::Status;
use crate::store::StoreError;

/// Why a call of the catalog was refused or failed.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the texts say it")]
pub enum Error {
    #[error("folder '{0}' does not exist")]
    FolderNotFound(String),
    #[error("folder '{0}' exists already")]
    FolderExists(String),
    #[error("folder '{0}' is not empty")]
    FolderNotEmpty(String),
    #[error("the {kind} name '{name}' is not valid: {reason}")]
    Name {
        kind: NameKind,
        name: String,
        reason: &'static str,
    },
    #[error("project '{project}' does not exist in folder '{folder}'")]
    ProjectNotFound { folder: String, project: String },
    #[error("project '{given}' cannot be deployed: its file says that it is '{inside}'")]
    ProjectNameDiffers { given: String, inside: String },
    #[error("project '{project}' cannot be deployed: {reason}")]
    ProjectUnreadable { project: String, reason: String },
    #[error("version {version} does not belong to project '{project}'")]
    VersionNotFound { project: String, version: VersionId },
    #[error("version {0} is the current one already")]
    VersionCurrent(VersionId),
    #[error("package '{package}' does not exist in project '{project}'")]
    PackageNotFound { project: String, package: String },
    #[error("package '{0}' is not an entry point, it can only be run by another package")]
    NotEntryPoint(String),
    #[error("execution {0} does not exist")]
    ExecutionNotFound(ExecutionId),
    #[error("operation {0} does not exist")]
    OperationNotFound(OperationId),
    #[error("parameter '{0}' does not exist")]
    ParameterNotFound(String),
    #[error("a value is needed for parameter '{0}'")]
    ParameterNull(String),
    #[error("the value for '{name}' does not fit its type {data_type}: {reason}")]
    ParameterType {
        name: String,
        data_type: &'static str,
        reason: &'static str,
    },
    #[error("the value for '{name}' is out of the range of its type {data_type}")]
    ParameterRange {
        name: String,
        data_type: &'static str,
    },
    #[error("logging level {0} is not defined, it must be 0 to 4 or 100")]
    LoggingLevel(i64),
    #[error("{what} is not supported; {remedy}")]
    Unsupported { what: String, remedy: &'static str },
    #[error("'{0}' is not a property path such as \\Package.Properties[MaximumErrorCount]")]
    PropertyPath(String),
    #[error("a parameter of execution {0} cannot change after its start")]
    ParameterAfterStart(ExecutionId),
    #[error("a property of execution {0} cannot be overridden after its start")]
    OverrideAfterStart(ExecutionId),
    #[error("execution {0} runs or has run, it starts only once")]
    AlreadyStarted(ExecutionId),
    #[error("project '{project}' was deployed again after execution {execution} was created")]
    ProjectChanged {
        execution: ExecutionId,
        project: String,
    },
    #[error("execution {execution} cannot start: required values are missing: {names}")]
    RequiredMissing {
        execution: ExecutionId,
        names: String,
    },
    #[error("the request key belongs to another request")]
    RequestKey,
    #[error("the retry count {0} is not between 0 and 1000")]
    RetryCount(i32),
    #[error("operation {operation} cannot be stopped, its status is {status}")]
    NotRunning {
        operation: OperationId,
        status: Status,
    },
    #[error("operation {0} is stopping already")]
    AlreadyStopping(OperationId),
    #[error("worker {0} does not exist")]
    WorkerNotFound(WorkerId),
    #[error("worker {0} is disabled")]
    WorkerDisabled(WorkerId),
    #[error("execution {0} is open to all workers, none can be chosen for it")]
    AnyWorker(ExecutionId),
    #[error("execution {0} does not run in Scale Out")]
    NotInScaleOut(ExecutionId),
    #[error("execution {0} cannot start: no worker was chosen for it")]
    NoWorker(ExecutionId),
    #[error("worker {worker} does not hold task {task}")]
    Stale { task: TaskKey, worker: WorkerId },
    #[error("messages of task {task} are missing: {acknowledged} are stored, {given} follows")]
    MessageGap {
        task: TaskKey,
        acknowledged: i64,
        given: i64,
    },
    #[error("the catalog has no property '{0}'")]
    PropertyUnknown(String),
    #[error("'{value}' is not a value for property '{property}'")]
    PropertyValue { property: String, value: String },
    #[error("{what} is {given}, the limit is {limit}")]
    Limit {
        what: &'static str,
        given: u64,
        limit: u64,
    },
    #[error("the joining token is not valid: {0}")]
    JoinToken(&'static str),
    #[error("operation {operation} cannot go from {from} to {to}")]
    Transition {
        operation: OperationId,
        from: Status,
        to: Status,
    },
    #[error("the master key {path} cannot be used: {reason}")]
    MasterKey { path: String, reason: String },
    #[error("a sensitive value cannot be decrypted, the master key may be another one")]
    Decrypt,
    #[error("a stored value of '{0}' cannot be read")]
    Stored(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "SSIS's nouns")]
pub enum NameKind {
    Folder,
    Project,
    WorkerProperty,
}

impl std::fmt::Display for NameKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Folder => "folder",
            Self::Project => "project",
            Self::WorkerProperty => "worker property",
        })
    }
}

/// What kind of fault it is, for the caller's own codes (HTTP status, exit code).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was named does not exist.
    NotFound,
    /// The input is not valid.
    Invalid,
    /// The state of the thing does not allow it.
    Conflict,
    /// The catalog itself failed.
    Internal,
}

impl Error {
    /// The number that SSIS raises for it, where it has one.
    pub fn number(&self) -> Option<i32> {
        Some(match self {
            Self::FolderNotFound(_) => 27104,
            Self::FolderExists(_) => 27190,
            Self::FolderNotEmpty(_) => 27196,
            Self::Name {
                kind: NameKind::Folder,
                ..
            } => 27199,
            Self::Name {
                kind: NameKind::Project,
                ..
            } => 27145,
            Self::Name {
                kind: NameKind::WorkerProperty,
                ..
            } => 27101,
            Self::ProjectNotFound { .. } => 27109,
            Self::ProjectNameDiffers { .. } | Self::ProjectUnreadable { .. } => 27203,
            Self::VersionNotFound { .. } => 27179,
            Self::VersionCurrent(_) => 27155,
            Self::PackageNotFound { .. } | Self::NotEntryPoint(_) => 27146,
            Self::ExecutionNotFound(_) => 27103,
            Self::OperationNotFound(_) => 27105,
            Self::ParameterNotFound(_) => 27176,
            Self::ParameterNull(_) => 27138,
            Self::ParameterType { .. } => 27147,
            Self::ParameterRange { .. } => 27171,
            Self::LoggingLevel(_) => 27217,
            Self::PropertyPath(_) => 27101,
            Self::ParameterAfterStart(_) => 27224,
            Self::OverrideAfterStart(_) => 27225,
            Self::AlreadyStarted(_) => 27121,
            Self::ProjectChanged { .. } => 27150,
            Self::RequiredMissing { .. } => 27184,
            Self::RetryCount(_) => 27101,
            Self::NotRunning { .. } => 27124,
            Self::AlreadyStopping(_) => 27126,
            Self::WorkerNotFound(_) => 27243,
            Self::WorkerDisabled(_) => 27252,
            Self::AnyWorker(_) => 27251,
            Self::NotInScaleOut(_) => 27255,
            Self::NoWorker(_) => 27257,
            Self::Stale { .. } => 27246,
            Self::PropertyUnknown(_) => 27156,
            Self::PropertyValue { .. } => 27163,
            Self::Transition { .. } => 27125,
            Self::Decrypt => 27117,
            Self::Unsupported { .. }
            | Self::RequestKey
            | Self::MessageGap { .. }
            | Self::Limit { .. }
            | Self::JoinToken(_)
            | Self::MasterKey { .. }
            | Self::Stored(_)
            | Self::Store(_) => return None,
        })
    }

    /// What kind of fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::FolderNotFound(_)
            | Self::ProjectNotFound { .. }
            | Self::VersionNotFound { .. }
            | Self::PackageNotFound { .. }
            | Self::ExecutionNotFound(_)
            | Self::OperationNotFound(_)
            | Self::ParameterNotFound(_)
            | Self::WorkerNotFound(_)
            | Self::PropertyUnknown(_) => ErrorKind::NotFound,
            Self::FolderExists(_)
            | Self::FolderNotEmpty(_)
            | Self::VersionCurrent(_)
            | Self::ParameterAfterStart(_)
            | Self::OverrideAfterStart(_)
            | Self::AlreadyStarted(_)
            | Self::ProjectChanged { .. }
            | Self::RequiredMissing { .. }
            | Self::NotRunning { .. }
            | Self::AlreadyStopping(_)
            | Self::WorkerDisabled(_)
            | Self::AnyWorker(_)
            | Self::NotInScaleOut(_)
            | Self::NoWorker(_)
            | Self::Stale { .. }
            | Self::MessageGap { .. }
            | Self::Transition { .. } => ErrorKind::Conflict,
            Self::MasterKey { .. } | Self::Decrypt | Self::Stored(_) | Self::Store(_) => {
                ErrorKind::Internal
            }
            _ => ErrorKind::Invalid,
        }
    }
}

/// The result of a call of the catalog.
pub type Result<T, E = Error> = std::result::Result<T, E>;
