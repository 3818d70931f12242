//! `REPLACE`: each occurrence of a text by another.

use arrow::array::ArrayRef;
use packmule_types::ColumnType;

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::text_builder::TextBuilder;
use crate::vector::{Call, Kernel};

/// `REPLACE(text, searched, replacement)`
pub(super) const REPLACE: Function = Function {
    name: "REPLACE",
    summary: "The text with every occurrence of another replaced; ordinal and case-sensitive. \
              An empty searched text is an error.",
    arguments: &[
        Argument {
            name: "character_expression",
            takes: Takes::Text,
        },
        Argument {
            name: "searchstring",
            takes: Takes::Text,
        },
        Argument {
            name: "replacementstring",
            takes: Takes::Text,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_WSTR as long as the worst case, 4000 at most",
    example: (
        "REPLACE(\"Mountain Bike\", \"Mountain\", \"All Terrain\")",
        "All Terrain Bike",
    ),
    bind: |arguments| {
        let (text, from, to) = (
            arguments.length(0),
            arguments.length(1),
            arguments.length(2),
        );
        let result = ColumnType::wstr(length(text, from, to));
        Ok(BoundFunction::new(result, Replace))
    },
};

/// [R-REPLACE-LEN] The length of the text, or where the replacement is longer that of a text
/// that is nothing but occurrences; 4000 at most.
fn length(text: u32, from: u32, to: u32) -> u32 {
    if to <= from {
        return text;
    }
    (text / from.max(1)).saturating_mul(to).min(4000)
}

#[derive(Debug)]
struct Replace;

impl Kernel for Replace {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let searched = call.arguments[1].texts();
        let replacements = call.arguments[2].texts();
        let mut builder = TextBuilder::sharing(call.rows, texts);
        for row in 0..call.rows {
            let (Some(text), Some(from), Some(to)) =
                (texts.get(row), searched.get(row), replacements.get(row))
            else {
                builder.push_null();
                continue;
            };
            if from.is_empty() {
                call.errors.push(row, codes::FUNCTION_FAILED);
                builder.push_null();
                continue;
            }
            let Some(first) = text.find(from) else {
                builder.push_piece(texts, row, 0, text);
                continue;
            };
            let mut written = builder.write(&text[..first]);
            let mut rest = &text[first + from.len()..];
            while written.is_ok() {
                written = builder.write(to);
                let next = rest.find(from);
                let piece = &rest[..next.unwrap_or(rest.len())];
                written = written.and_then(|()| builder.write(piece));
                let Some(next) = next else { break };
                rest = &rest[next + from.len()..];
            }
            match written {
                Ok(()) => builder.finish_row(),
                Err(code) => {
                    call.errors.push(row, code);
                    builder.abandon_row();
                }
            }
        }
        builder.finish()
    }
}
