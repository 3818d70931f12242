//! Identities: a newtype for each, so that an execution can never be taken for a project.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = <$inner as std::str::FromStr>::Err;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for crate::store::SqlValue {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl crate::store::FromSql for $name {
            fn from_sql(value: crate::store::SqlValue) -> Option<Self> {
                <$inner as crate::store::FromSql>::from_sql(value).map(Self)
            }
        }
    };
}

id!(
    /// A folder.
    FolderId(i64)
);
id!(
    /// A project, over all its versions.
    ProjectId(i64)
);
id!(
    /// A version of a project: `object_version_lsn`.
    VersionId(i64)
);
id!(
    /// An operation: a deployment, an execution, a stop, a clean-up.
    OperationId(i64)
);
id!(
    /// An execution; the same number as its operation.
    ExecutionId(i64)
);
id!(
    /// A worker: `WorkerAgentId`.
    WorkerId(uuid::Uuid)
);
id!(
    /// The number of an attempt at an execution, from 1: the fencing number of its lease.
    Attempt(i32)
);

impl ExecutionId {
    /// The operation of this execution.
    pub fn operation(self) -> OperationId {
        OperationId(self.0)
    }
}

/// What a worker holds: an execution under an attempt's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaskKey {
    /// The execution.
    pub execution_id: ExecutionId,
    /// The attempt.
    pub attempt: Attempt,
}

impl std::fmt::Display for TaskKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.execution_id, self.attempt)
    }
}
