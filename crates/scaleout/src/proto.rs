//! The gRPC contract `packmule.scaleout.v1`, generated from `proto/`; the versions we speak.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::large_futures,
    clippy::or_fun_call,
    clippy::allow_attributes_without_reason,
    reason = "generated; the .proto file documents it"
)]

use packmule_catalog::{Attempt, ExecutionId, TaskKey};

tonic::include_proto!("packmule.scaleout.v1");

/// The version of the protocol that this program speaks.
pub const PROTOCOL: u32 = 1;
/// The lowest version that it understands.
pub const PROTOCOL_MIN: u32 = 1;

/// Our side of a greeting.
pub fn hello() -> Hello {
    Hello {
        protocol: PROTOCOL,
        protocol_min: PROTOCOL_MIN,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Whether the two sides have a version in common.
pub fn understands(other: Option<&Hello>) -> bool {
    other.is_some_and(|o| o.protocol >= PROTOCOL_MIN && o.protocol_min <= PROTOCOL)
}

impl From<TaskKey> for Task {
    fn from(key: TaskKey) -> Self {
        Self {
            execution_id: key.execution_id.0,
            attempt: key.attempt.0,
        }
    }
}

impl From<Task> for TaskKey {
    fn from(task: Task) -> Self {
        Self {
            execution_id: ExecutionId(task.execution_id),
            attempt: Attempt(task.attempt),
        }
    }
}
