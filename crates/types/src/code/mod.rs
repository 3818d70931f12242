//! SSIS's codes and their texts.
//!
//! A code is an HRESULT; its text has placeholders `%1`, `%2` … that [`describe`] fills. The
//! texts are SSIS's own; where none is published the table holds none, and [`describe`] writes
//! the symbol and the arguments. Cause and remedy are in our words.

mod components;
mod expression;
mod pipeline;
mod rows;
mod runtime;
mod sources;
mod table;
mod tasks;

use serde::{Deserialize, Serialize};

pub use components::*;
pub use expression::*;
pub use pipeline::*;
pub use rows::*;
pub use runtime::*;
pub use sources::*;
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
///
/// Texts keep SSIS's formats (`%2!d!`, `0x%2!8.8X!`); an argument is written as it is, but its
/// `0x` once only.
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
        let (number, tail) = placeholder(after);
        rest = tail;
        let Some(number) = number else {
            out.push('%');
            continue;
        };
        let argument = number.checked_sub(1).and_then(|n| arguments.get(n));
        let argument = argument.copied().unwrap_or_default();
        out.push_str(match argument.strip_prefix("0x") {
            Some(digits) if out.ends_with("0x") => digits,
            _ => argument,
        });
    }
    out.push_str(rest);
    out
}

/// The number of a placeholder whose `%` was just read, and what follows it and its format.
fn placeholder(text: &str) -> (Option<usize>, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).take(2).count();
    let Some((Ok(number), tail)) = text
        .split_at_checked(digits)
        .map(|(number, tail)| (number.parse(), tail))
    else {
        return (None, text);
    };
    let format = tail
        .strip_prefix('!')
        .and_then(|t| t.split_once('!'))
        .filter(|(format, _)| (1..=5).contains(&format.len()) && !format.contains(' '));
    (Some(number), format.map_or(tail, |(_, after)| after))
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
