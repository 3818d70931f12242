//! The table over all areas and its look-up.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Code, components, expression, pipeline, rows, runtime, sources, tasks};

/// One code of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// SSIS's symbol (`DTS_E_…`).
    pub symbol: &'static str,
    /// SSIS's text with placeholders; `None` where none is published.
    pub text: Option<&'static str>,
    /// Why it happens, in our words; may be empty where the text says it.
    pub cause: &'static str,
    /// What to do, in our words; may be empty.
    pub remedy: &'static str,
}

/// Makes the constants and the table of one area from rows
/// `SYMBOL = 0xC…, "text", "cause", "remedy";`, the last two or three left out where there are
/// none.
macro_rules! codes {
    ($($symbol:ident = $code:literal $(, $text:literal $(, $cause:literal, $remedy:literal)?)?;)*) => {
        $(
            #[doc = concat!("`", stringify!($code), "` ", $($text)?)]
            pub const $symbol: $crate::code::Code = $crate::code::Code($code);
        )*
        pub(super) static ENTRIES: &[$crate::code::Entry] = &[
            $($crate::code::Entry {
                code: $symbol,
                symbol: stringify!($symbol),
                text: $crate::code::table::optional(concat!($($text)?)),
                cause: concat!($($($cause)?)?),
                remedy: concat!($($($remedy)?)?),
            },)*
        ];
    };
}
pub(super) use codes;

/// No text where a row has none.
pub(super) const fn optional(text: &'static str) -> Option<&'static str> {
    if text.is_empty() { None } else { Some(text) }
}

/// All codes, by area.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [
        runtime::ENTRIES,
        tasks::ENTRIES,
        pipeline::ENTRIES,
        expression::ENTRIES,
        sources::ENTRIES,
        components::ENTRIES,
        rows::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// The entry of a code.
pub fn lookup(code: Code) -> Option<&'static Entry> {
    static INDEX: OnceLock<HashMap<u32, &'static Entry>> = OnceLock::new();
    INDEX
        .get_or_init(|| all().map(|e| (e.code.0, e)).collect())
        .get(&code.0)
        .copied()
}
