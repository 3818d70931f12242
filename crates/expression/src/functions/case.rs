//! `UPPER` and `LOWER`: one character for each, as Windows maps them; İ and ı in Turkish and
//! Azeri.

use arrow::array::ArrayRef;
use packmule_types::ColumnType;

use super::{Argument, BoundFunction, Function, Takes};
use crate::text_builder::TextBuilder;
use crate::vector::{Call, Kernel};

const TEXT: &[Argument] = &[Argument {
    name: "character_expression",
    takes: Takes::Text,
}];

/// `LOWER(text)`
pub(super) const LOWER: Function = Function {
    name: "LOWER",
    summary: "In lower case, by the locale.",
    arguments: TEXT,
    nulls: "NULL gives NULL",
    result: "DT_WSTR of the length of the text",
    example: ("LOWER(\"New York\")", "new york"),
    bind: |arguments| bind(arguments, false),
};

/// `UPPER(text)`
pub(super) const UPPER: Function = Function {
    name: "UPPER",
    summary: "In upper case, by the locale.",
    arguments: TEXT,
    nulls: "NULL gives NULL",
    result: "DT_WSTR of the length of the text",
    example: ("UPPER(\"k4b1s2\")", "K4B1S2"),
    bind: |arguments| bind(arguments, true),
};

fn bind(
    arguments: &super::Arguments<'_>,
    upper: bool,
) -> Result<BoundFunction, crate::ExpressionError> {
    // The primary languages Turkish and Azeri of Windows' locale ids.
    let dotted = matches!(arguments.options.locale.lcid & 0x3ff, 0x1f | 0x2c);
    let result = ColumnType::wstr(arguments.length(0));
    Ok(BoundFunction::new(result, Case { upper, dotted }))
}

#[derive(Debug)]
struct Case {
    upper: bool,
    dotted: bool,
}

impl Case {
    fn map(&self, c: char) -> char {
        match (self.upper, self.dotted, c) {
            (true, true, 'i') => 'İ',
            (false, true, 'I') => 'ı',
            (false, true, 'İ') => 'i',
            (true, ..) => single(c, c.to_uppercase()),
            (false, ..) => single(c, c.to_lowercase()),
        }
    }
}

/// The mapping where it is one character, else the character itself (ß stays).
fn single(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

impl Kernel for Case {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let mut builder = TextBuilder::new(call.rows);
        let ascii = texts.is_ascii() && !self.dotted;
        let mut mapped = String::new();
        for row in 0..call.rows {
            let Some(text) = texts.get(row) else {
                builder.push_null();
                continue;
            };
            mapped.clear();
            if ascii {
                mapped.push_str(text);
                if self.upper {
                    mapped.make_ascii_uppercase();
                } else {
                    mapped.make_ascii_lowercase();
                }
            } else {
                mapped.extend(text.chars().map(|c| self.map(c)));
            }
            if let Err(code) = builder.push_str(&mapped) {
                call.errors.push(row, code);
                builder.abandon_row();
            }
        }
        builder.finish()
    }
}
