//! The nine statuses and the one table of transitions between them.
//!
//! Documented: `catalog.executions.status`; the transitions are inferred from the procedures
//! (1→5→2→{7, 4, 3, 6, 9}; 2→8→3). Nothing writes a status without asking [`Status::may_become`].

use serde::{Deserialize, Serialize};

/// Status of an operation or execution; the numbers are SSIS's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 1: made, not started; the only status in which values may change.
    Created = 1,
    /// 2: the package runs.
    Running = 2,
    /// 3: stopped by a person.
    Canceled = 3,
    /// 4: ended with failure.
    Failed = 4,
    /// 5: started, waits for a worker or for its package's process.
    Pending = 5,
    /// 6: its process or worker was lost.
    EndedUnexpectedly = 6,
    /// 7: ended with success.
    Succeeded = 7,
    /// 8: a stop was asked for, the package still runs.
    Stopping = 8,
    /// 9: ended, for operations that have no result of their own.
    Completed = 9,
}

/// Which operations a transition belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusKind {
    /// An execution of a package.
    Execution,
    /// Any other operation (deploy, stop, clean-up).
    Operation,
}

/// Every transition of an execution, with who makes it.
const EXECUTION: &[(Status, Status)] = &[
    // start_execution
    (Status::Created, Status::Pending),
    // the package's first OnPreExecute
    (Status::Pending, Status::Running),
    // stopped before a worker took it
    (Status::Pending, Status::Canceled),
    // could not be loaded, no retry left
    (Status::Pending, Status::Failed),
    // lost before it ran, no retry left
    (Status::Pending, Status::EndedUnexpectedly),
    // stopped while a worker starts it
    (Status::Pending, Status::Stopping),
    // failed or lost with retries left
    (Status::Running, Status::Pending),
    (Status::Running, Status::Canceled),
    (Status::Running, Status::Failed),
    (Status::Running, Status::EndedUnexpectedly),
    (Status::Running, Status::Succeeded),
    (Status::Running, Status::Stopping),
    (Status::Stopping, Status::Canceled),
    // the package had ended before the stop reached it
    (Status::Stopping, Status::Succeeded),
];

/// Every transition of any other operation. [R-CAT-STATUS9]: 9 is for operations without a
/// result of their own, never for executions.
const OPERATION: &[(Status, Status)] = &[
    (Status::Created, Status::Running),
    (Status::Running, Status::Canceled),
    (Status::Running, Status::Failed),
    (Status::Running, Status::EndedUnexpectedly),
    (Status::Running, Status::Succeeded),
    (Status::Running, Status::Completed),
];

impl Status {
    /// All nine, by number.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Running,
        Self::Canceled,
        Self::Failed,
        Self::Pending,
        Self::EndedUnexpectedly,
        Self::Succeeded,
        Self::Stopping,
        Self::Completed,
    ];

    /// SSIS's number.
    pub fn code(self) -> i32 {
        self as i32
    }

    /// The status of a number.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|s| i64::from(s.code()) == code)
    }

    /// SSIS's name (`Ended unexpectedly`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Running => "Running",
            Self::Canceled => "Canceled",
            Self::Failed => "Failed",
            Self::Pending => "Pending",
            Self::EndedUnexpectedly => "Ended unexpectedly",
            Self::Succeeded => "Succeeded",
            Self::Stopping => "Stopping",
            Self::Completed => "Completed",
        }
    }

    /// Whether nothing follows.
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Canceled
                | Self::Failed
                | Self::EndedUnexpectedly
                | Self::Succeeded
                | Self::Completed
        )
    }

    /// Whether it counts as active for `configure_catalog`: 2, 5 and 8.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Pending | Self::Stopping)
    }

    /// Whether the table has this transition.
    pub fn may_become(self, next: Self, kind: StatusKind) -> bool {
        let table = match kind {
            StatusKind::Execution => EXECUTION,
            StatusKind::Operation => OPERATION,
        };
        table.contains(&(self, next))
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Status> for crate::store::SqlValue {
    fn from(status: Status) -> Self {
        Self::Integer(i64::from(status.code()))
    }
}

impl crate::store::FromSql for Status {
    fn from_sql(value: crate::store::SqlValue) -> Option<Self> {
        Self::from_code(i64::from_sql(value)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row per status, one column per next status, 1 to 9; written out by hand from
    /// catalog.md 3.1 and scale-out.md 9.6.
    fn check(kind: StatusKind, table: [&str; 9]) {
        for (from, row) in Status::ALL.into_iter().zip(table) {
            for (to, mark) in Status::ALL.into_iter().zip(row.chars()) {
                assert_eq!(
                    from.may_become(to, kind),
                    mark == 'x',
                    "{from} -> {to} of {kind:?}"
                );
            }
            if from.is_terminal() {
                assert_eq!(row, ".........", "{from} is terminal");
            }
        }
    }

    #[test]
    fn every_pair_of_an_execution() {
        check(
            StatusKind::Execution,
            [
                "....x....", // 1 Created
                "..xxxxxx.", // 2 Running
                ".........", // 3 Canceled
                ".........", // 4 Failed
                ".xxx.x.x.", // 5 Pending
                ".........", // 6 Ended unexpectedly
                ".........", // 7 Succeeded
                "..x...x..", // 8 Stopping
                ".........", // 9 Completed
            ],
        );
    }

    #[test]
    fn every_pair_of_another_operation() {
        check(
            StatusKind::Operation,
            [
                ".x.......",
                "..xx.xx.x",
                ".........",
                ".........",
                ".........",
                ".........",
                ".........",
                ".........",
                ".........",
            ],
        );
    }

    #[test]
    fn numbers_are_those_of_ssis() {
        for (index, status) in Status::ALL.into_iter().enumerate() {
            assert_eq!(status.code(), index as i32 + 1);
            assert_eq!(Status::from_code(index as i64 + 1), Some(status));
        }
        assert_eq!(Status::from_code(0), None);
        assert_eq!(Status::from_code(10), None);
    }
}
