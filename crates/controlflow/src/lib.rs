//! The package run: containers, precedence, tasks, events, logging.
//!
//! [`PackageRun`] runs a package; [`assess`](assess()) says what would keep it from running;
//! [`registry`] lists the tasks and enumerators that run here.
//!
//! # How a run goes
//!
//! `package_run` makes an *instance* of the package: an overlay, scopes, connections, and one
//! *host* for each executable. Values from outside (`outside`, `parameters`, `configurations`)
//! are written into overlay and scopes. `validate` walks the tree; then `execute` runs the
//! package's host. A container's `scheduler` starts each child that nothing holds back on a
//! thread of its own, as `precedence` decides; a task runs through its entry in [`registry`].
//! `events` takes every event where it is raised: counts errors, runs handlers synchronously,
//! lets it rise. A child package is an instance below its task (`child`).
//!
//! It knows nothing of the catalog and the network.

mod assess;
mod board;
mod child;
mod configurations;
mod containers;
mod enumerators;
mod events;
mod execute;
mod expressions;
mod host;
mod inherited;
mod instance;
pub mod log_providers;
mod outside;
mod package_run;
mod parameters;
mod precedence;
mod property_names;
pub mod registry;
mod result;
mod scheduler;
mod settings;
mod system_variables;
mod tasks;
mod text_file;
mod validate;
mod values;

pub use assess::assess;
pub use outside::RunError;
pub use package_run::{Outcome, PackageRun, ParameterInput, RunOptions};
pub use result::ExecResult;
pub use settings::PropertyDoc;
