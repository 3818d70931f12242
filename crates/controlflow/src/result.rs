//! How an executable ended.

/// The result of an executable, as constraints, parents and statistics see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExecResult {
    /// 0
    Success,
    /// 1
    Failure,
    /// 2: only by ForceExecutionResult; neither success nor failure.
    Completion,
    /// 3: the run was cancelled, or a handler set System::Cancel.
    Canceled,
}

impl ExecResult {
    /// DTSExecResult, as the catalog's `execution_result` has it.
    pub fn number(self) -> i32 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Completion => 2,
            Self::Canceled => 3,
        }
    }

    /// dtexec's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "DTSER_SUCCESS",
            Self::Failure => "DTSER_FAILURE",
            Self::Completion => "DTSER_COMPLETION",
            Self::Canceled => "DTSER_CANCELED",
        }
    }
}
