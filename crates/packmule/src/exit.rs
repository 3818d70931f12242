//! dtexec's exit codes, and how an error that ends the program is said.

use std::process::ExitCode;

use packmule_types::error::Chain;

/// The package failed.
pub(crate) const FAILED: u8 = 1;
/// Somebody canceled it.
pub(crate) const CANCELED: u8 = 3;
/// The file or catalog path does not exist.
pub(crate) const NOT_FOUND: u8 = 4;
/// It is there but cannot be read as a package.
pub(crate) const NOT_LOADED: u8 = 5;
/// The command line is wrong.
pub(crate) const BAD_USAGE: u8 = 6;

/// An error with an exit code of its own.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct ExitError {
    /// What happened.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) remedy: Option<String>,
    /// dtexec's exit code.
    pub(crate) code: u8,
}

impl ExitError {
    /// An error that ends the program with a code.
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            remedy: None,
            code,
        }
    }

    /// The same with advice.
    #[must_use]
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// The exit code of an error: its own, or 1.
pub(crate) fn code_of(error: &anyhow::Error) -> ExitCode {
    error
        .downcast_ref::<ExitError>()
        .map_or(FAILED, |e| e.code)
        .into()
}

/// Prints an error, its causes once each, and its remedy.
#[expect(clippy::print_stderr, reason = "the program's last word")]
pub(crate) fn print_error(error: &anyhow::Error) {
    eprintln!("error: {}", Chain(error.as_ref()));
    let remedy = error
        .downcast_ref::<ExitError>()
        .and_then(|e| e.remedy.as_deref());
    if let Some(remedy) = remedy {
        eprintln!("  what to do: {remedy}");
    }
}
