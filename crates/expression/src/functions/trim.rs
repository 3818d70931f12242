//! `LTRIM`, `RTRIM`, `TRIM`: only U+0020 is stripped. The result shares the argument's buffers.

use arrow::array::ArrayRef;
use packmule_types::ColumnType;

use super::{Argument, BoundFunction, Function, Takes};
use crate::text_builder::TextBuilder;
use crate::vector::{Call, Kernel};

const TEXT: &[Argument] = &[Argument {
    name: "character_expression",
    takes: Takes::Text,
}];

macro_rules! trim {
    ($constant:ident, $name:literal, $summary:literal, $left:literal, $right:literal, $example:expr) => {
        #[doc = $summary]
        pub(super) const $constant: Function = Function {
            name: $name,
            summary: $summary,
            arguments: TEXT,
            nulls: "NULL gives NULL",
            result: "DT_WSTR of the length of the text",
            example: $example,
            bind: |arguments| {
                let kernel = Trim {
                    left: $left,
                    right: $right,
                };
                let result = ColumnType::wstr(arguments.length(0));
                Ok(BoundFunction::new(result, kernel).infallible())
            },
        };
    };
}

trim!(
    LTRIM,
    "LTRIM",
    "Without leading blanks (U+0020).",
    true,
    false,
    ("LTRIM(\"   Hello\")", "Hello")
);
trim!(
    RTRIM,
    "RTRIM",
    "Without trailing blanks (U+0020).",
    false,
    true,
    ("RTRIM(\"Hello   \")", "Hello")
);
trim!(
    TRIM,
    "TRIM",
    "Without leading and trailing blanks (U+0020).",
    true,
    true,
    ("TRIM(\"   New York   \")", "New York")
);

#[derive(Debug)]
struct Trim {
    left: bool,
    right: bool,
}

impl Kernel for Trim {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let mut builder = TextBuilder::sharing(call.rows, texts);
        for row in 0..call.rows {
            let Some(text) = texts.get(row) else {
                builder.push_null();
                continue;
            };
            let mut piece = text;
            if self.left {
                piece = piece.trim_start_matches(' ');
            }
            let start = text.len() - piece.len();
            if self.right {
                piece = piece.trim_end_matches(' ');
            }
            builder.push_piece(texts, row, start, piece);
        }
        builder.finish()
    }
}
