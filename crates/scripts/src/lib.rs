//! The scripts of packages, and the host process that runs them.
//!
//! Scripts are .NET: stored binaries, or sources. They run in a process of their own, the script
//! host (`script-host/`, Mono), with which this crate speaks by the frames of
//! `script-host/PROTOCOL.md`.
//!
//! | module | is |
//! | --- | --- |
//! | [`project`] | the script of a task or component, as packages store it |
//! | [`execution`] | the scripts of one execution: its host, what was checked, what was loaded |
//! | [`host`] | the host process: start, frames, calls, its end |
//! | [`run`] | one running script: its messages in order, cancellation |
//! | [`session`] | what a script asks of the engine: variables, events, connections, databases |
//! | [`values`] | values of variables on the wire |
//! | [`columns`] | rows on the wire |
//! | [`error`] | what can go wrong |
//!
//! It knows nothing of control flow and data flow.

pub mod columns;
pub mod error;
pub mod execution;
mod frame;
pub mod held;
pub mod host;
mod process;
pub mod project;
pub mod run;
mod segments;
pub mod session;
mod spare;
pub mod values;

pub use error::{ScriptError, Thrown};
pub use execution::{ExecutionSettings, Loaded, Origin, Scripts};
pub use host::{Host, Reply};
pub use project::{Language, Part, PartKind, Script, ScriptKind};
pub use run::{Incoming, Message, Run};
pub use session::{Session, SessionContext};
pub use spare::Spare;
