//! What can go wrong with a variable, with SSIS's codes.

use packmule_types::code::{Code, describe};

use crate::events::{Events, Reported};

/// A variable could not be found, read, written or locked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub enum VariableError {
    /// No scope has a variable of that name.
    NotFound {
        /// The name as it was asked for.
        name: String,
    },
    /// A name without namespace has two hits in one scope.
    Ambiguous {
        /// The name as it was asked for.
        name: String,
    },
    /// ReadOnly, a parameter, a system variable, or a variable whose expression counts.
    ReadOnly {
        /// The full name.
        name: String,
    },
    /// A strict write of another type.
    TypeChange {
        /// The full name.
        name: String,
        /// Type of the value that was to be written.
        value_type: String,
        /// Type of the variable.
        variable_type: String,
    },
    /// The variable's expression could not be evaluated.
    Expression {
        /// The full name.
        name: String,
        /// Code of the cause; 0 for none.
        code: Code,
        /// The cause.
        message: String,
    },
    /// The value of an expression has no form that the variable's type takes.
    Conversion {
        /// The full name.
        name: String,
        /// Type of the value.
        value_type: String,
        /// Type of the variable.
        variable_type: String,
        /// The code of the writer: 0xC001F186, 0xC0012037, 0xC02020EF …
        code: Code,
    },
    /// Locks were not to be had in the time that they are tried for.
    Locked {
        /// The names that were asked for, with commas.
        names: String,
        /// Whether one was for writing.
        write: bool,
    },
    /// One variable is in both lists.
    LockedTwice {
        /// The full name.
        name: String,
    },
    /// A sensitive parameter where plain values are read.
    Sensitive {
        /// The full name.
        name: String,
    },
}

impl VariableError {
    /// SSIS's code.
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound { .. } => Code(0xC001_0001),
            Self::Ambiguous { .. } => Code(0xC001_F032),
            Self::ReadOnly { .. } => Code(0xC001_0003),
            Self::TypeChange { .. } => Code(0xC001_F009),
            Self::Expression { .. } => Code(0xC001_9004),
            Self::Conversion { code, .. } => *code,
            Self::Locked { write: false, .. } => Code(0xC001_405B),
            Self::Locked { write: true, .. } => Code(0xC001_405C),
            Self::LockedTwice { .. } => Code(0xC001_4053),
            Self::Sensitive { .. } => Code(0xC001_0014),
        }
    }

    fn text(&self) -> String {
        let code = self.code();
        match self {
            Self::NotFound { name } | Self::Ambiguous { name } | Self::ReadOnly { name } => {
                with_name(describe(code, &[name]), name)
            }
            Self::TypeChange {
                name,
                value_type,
                variable_type,
            } => format!(
                "The type of the value ({value_type}) being assigned to variable \"{name}\" \
                 differs from the current variable type ({variable_type}). Variables may not \
                 change type during execution. Variable types are strict, except for variables \
                 of type Object."
            ),
            Self::Expression { name, message, .. } => format!(
                "The expression for variable \"{name}\" failed evaluation. There was an error in \
                 the expression: {message}"
            ),
            Self::Conversion {
                name,
                value_type,
                variable_type,
                ..
            } => format!(
                "a value of type {value_type} cannot be converted to the type {variable_type} of \
                 variable \"{name}\""
            ),
            Self::Locked { names, .. } => with_name(describe(code, &[names]), names),
            Self::LockedTwice { name } => with_name(describe(code, &[name]), name),
            Self::Sensitive { name } => format!(
                "parameter \"{name}\" is sensitive and can be used only for a sensitive property"
            ),
        }
    }

    /// Raises it as an error event.
    pub fn report(&self, events: &Events) -> Reported {
        events.error_text(self.code(), self.to_string(), None)
    }
}

/// SSIS's own text often leaves out which variable it speaks of; ours never does.
fn with_name(text: String, name: &str) -> String {
    if text.contains(name) {
        text
    } else {
        format!("{text} (variable \"{name}\")")
    }
}
