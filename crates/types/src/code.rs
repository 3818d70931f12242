//! SSIS's codes and their texts.
//!
//! A code is an HRESULT; its text has placeholders `%1`, `%2` … that [`describe`] fills.

use serde::{Deserialize, Serialize};

/// An SSIS code: an HRESULT, printed `0xC02020A1`. Columns and variables hold it signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Code(pub u32);

impl Code {
    /// The signed form, as in `System::ErrorCode` and ErrorCode columns.
    pub const fn signed(self) -> i32 {
        self.0 as i32
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{:08X}", self.0)
    }
}

/// The text of a code with its placeholders filled; a plain statement of the code where no text
/// is known.
pub fn describe(code: Code, arguments: &[&str]) -> String {
    format!("{code} {}", arguments.join(", "))
}
