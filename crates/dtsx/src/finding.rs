//! What loading and validation found: a value *and* a list, never one failure that hides the rest.

use serde::Serialize;
use std::sync::Arc;

use packmule_types::Code;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Information,
    /// The package loads or runs, perhaps not as meant.
    Warning,
    /// The package cannot run.
    Error,
}

/// Where in a file something stands; lines and columns count from 1, 0 = unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Default)]
pub struct Location {
    /// The file as it was named to the reader, or the entry of an archive.
    pub file: Arc<str>,
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line == 0 {
            f.write_str(&self.file)
        } else {
            write!(f, "{}:{}:{}", self.file, self.line, self.column)
        }
    }
}

/// The closed list of reasons that `assess` totals by. Add one only with its line in the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A task type that is not supported (yet).
    UnsupportedTask,
    /// A data flow component that is not supported (yet).
    UnsupportedComponent,
    /// A connection manager type that is not supported (yet).
    UnsupportedConnection,
    /// A database provider that is recognised but has no driver (yet).
    UnsupportedProvider,
    /// A Foreach enumerator that is not supported (yet).
    UnsupportedEnumerator,
    /// A log provider that is not supported (yet).
    UnsupportedLogProvider,
    /// A property value, or a combination of them, that is not supported (yet).
    UnsupportedProperty,
    /// Another maker's task, component or connection manager.
    ThirdParty,
    /// A script that cannot run here.
    Script,
    /// An expression that does not parse or type.
    Expression,
    /// A value that is encrypted and could not be opened.
    Encrypted,
    /// A reference that names nothing.
    DanglingReference,
    /// Something in the file that this reader does not know.
    UnknownContent,
    /// Something in the file that contradicts the format.
    Malformed,
    /// A setting that is missing or has a value that cannot be used.
    InvalidSetting,
}

/// One thing found: what, where, why it matters, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Which of the closed list.
    pub reason: Reason,
    /// SSIS's code where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The place in the package: a refId path such as `Package\Load\Lookup.Outputs[Match]`.
    pub place: String,
    /// The property concerned, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Lower case, no full stop; SSIS's own texts exactly.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Where in the file.
    pub location: Location,
}
