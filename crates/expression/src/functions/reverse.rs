//! `REVERSE`: the characters in reverse order.
//!
//! A surrogate pair stays in order: reversed by UTF-16 unit it would be no text.

use arrow::array::ArrayRef;
use packmule_types::ColumnType;

use super::{Argument, BoundFunction, Function, Takes};
use crate::text_builder::TextBuilder;
use crate::vector::{Call, Kernel};

/// `REVERSE(text)`
pub(super) const REVERSE: Function = Function {
    name: "REVERSE",
    summary: "The characters in reverse order.",
    arguments: &[Argument {
        name: "character_expression",
        takes: Takes::Text,
    }],
    nulls: "NULL gives NULL",
    result: "DT_WSTR of the length of the text",
    example: ("REVERSE(\"Mountain Bike\")", "ekiB niatnuoM"),
    bind: |arguments| {
        let result = ColumnType::wstr(arguments.length(0));
        Ok(BoundFunction::new(result, Reverse))
    },
};

#[derive(Debug)]
struct Reverse;

impl Kernel for Reverse {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let mut builder = TextBuilder::new(call.rows);
        let mut reversed = String::new();
        for row in 0..call.rows {
            let Some(text) = texts.get(row) else {
                builder.push_null();
                continue;
            };
            reversed.clear();
            reversed.extend(text.chars().rev());
            if let Err(code) = builder.push_str(&reversed) {
                call.errors.push(row, code);
                builder.abandon_row();
            }
        }
        builder.finish()
    }
}
