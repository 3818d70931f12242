//! SSIS's codes and their texts.
//!
//! A code is an HRESULT; its text has placeholders `%1`, `%2` … that [`describe`] fills. The
//! texts are SSIS's own; where none is published the table holds none, and [`describe`] writes
//! the symbol and the arguments. Cause and remedy are in our words.

mod dataflow;
mod expression;
mod runtime;
mod table;
mod tasks;

use serde::{Deserialize, Serialize};

pub use dataflow::*;
pub use expression::*;
pub use runtime::*;
pub use table::{Entry, all, lookup};
pub use tasks::*;

/// An SSIS code: an HRESULT, printed `0xC02020A1`. Columns and variables hold it signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Code(pub u32);

/// What a code announces: its two highest bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// `0x0…`: success.
    Success,
    /// `0x4…`: information.
    Information,
    /// `0x8…`: warning.
    Warning,
    /// `0xC…`: error.
    Error,
}

impl Code {
    /// The signed form, as in `System::ErrorCode` and ErrorCode columns.
    pub const fn signed(self) -> i32 {
        self.0.cast_signed()
    }

    /// From the signed form.
    pub const fn from_signed(code: i32) -> Self {
        Self(code.cast_unsigned())
    }

    /// Error, warning, information or success.
    pub const fn severity(self) -> Severity {
        match self.0 >> 30 {
            0 => Severity::Success,
            1 => Severity::Information,
            2 => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{:08X}", self.0)
    }
}

/// The text of a code with its placeholders filled; the symbol (or the code) and the arguments
/// where no text is known. A placeholder without an argument is left out.
pub fn describe(code: Code, arguments: &[&str]) -> String {
    let entry = lookup(code);
    let Some(text) = entry.and_then(|e| e.text) else {
        let mut out = entry.map_or_else(|| code.to_string(), |e| e.symbol.to_owned());
        for (n, argument) in arguments.iter().enumerate() {
            out.push_str(if n == 0 { ": " } else { ", " });
            out.push_str(argument);
        }
        return out;
    };
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).take(2).count();
        let number = after.get(..digits).and_then(|n| n.parse::<usize>().ok());
        rest = match number.and_then(|n| n.checked_sub(1)) {
            Some(index) => {
                out.push_str(arguments.get(index).copied().unwrap_or_default());
                after.get(digits..).unwrap_or_default()
            }
            None => {
                out.push('%');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// The text that `GetErrorDescription` gives for a code of an ErrorCode column: without
/// arguments, ended by CR LF (as files of real runs show). `None` for unknown codes and codes
/// without a text.
pub fn static_text(code: Code) -> Option<String> {
    lookup(code)?.text?;
    Some(format!("{}\r\n", describe(code, &[])))
}

#[cfg(test)]
mod tests;
