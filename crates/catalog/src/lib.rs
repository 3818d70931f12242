//! SSISDB: folders, projects and their versions, packages, parameters, executions, messages,
//! statistics, workers. One set of rules over a [`store::Store`].
//!
//! [`Catalog`] is the only door. Its calls block (a write returns when it is durable), so
//! asynchronous callers go through `spawn_blocking`. It knows no wire protocol.
//!
//! | module | is |
//! | --- | --- |
//! | [`status`] | the nine statuses and the one table of transitions |
//! | [`codes`] | the other number codes of SSISDB's views |
//! | [`model`] | rows as callers see them |
//! | [`variant`] | values of parameters and their types |
//! | [`project`] | what a project's stream holds |
//! | [`store`] | runs SQL in transactions |
//! | `queue` | claim, lease, report, finish: everything that carries (execution, attempt) |

mod catalog;
mod cleanup;
pub mod codes;
mod crypto;
mod error;
mod executions;
mod folders;
mod history;
mod ids;
pub mod model;
mod names;
mod parameters;
pub mod project;
mod projects;
mod properties;
mod queue;
mod reports;
pub mod status;
pub mod store;
pub mod variant;
mod views;
mod workers;

pub use catalog::{Catalog, CatalogConfig, WatchGuard};
pub use cleanup::Cleanup;
pub use codes::{LoggingLevel, MessageSource, MessageType, OperationType, ParameterScope};
pub use error::{Error, ErrorKind, NameKind, Result};
pub use executions::submit::{NewOverride, RequestKey, Submission, Submitted};
pub use ids::{
    Attempt, ExecutionId, FolderId, OperationId, ProjectId, TaskKey, VersionId, WorkerId,
};
pub use model::*;
pub use project::{ProjectContent, ProjectReader};
pub use status::{Status, StatusKind};
pub use variant::{ParameterType, Variant};
