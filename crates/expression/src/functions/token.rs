//! `TOKEN` and `TOKENCOUNT`: pieces between delimiters.
//!
//! Each character of the second argument is a delimiter; runs of them count as one, and leading
//! ones are skipped. Tokens share the argument's buffers.

use arrow::array::ArrayRef;
use arrow::datatypes::{Int32Type, Int64Type};
use packmule_types::{ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::text_builder::TextBuilder;
use crate::vector::{Call, Kernel, collect};

const TEXT: Argument = Argument {
    name: "character_expression",
    takes: Takes::Text,
};
const DELIMITERS: Argument = Argument {
    name: "delimiter_string",
    takes: Takes::Text,
};

/// `TOKEN(text, delimiters, occurrence)`
pub(super) const TOKEN: Function = Function {
    name: "TOKEN",
    summary: "The n-th piece between delimiters, from 1; empty past the last one. n must be \
              above 0.",
    arguments: &[
        TEXT,
        DELIMITERS,
        Argument {
            name: "occurrence",
            takes: Takes::Integer,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_WSTR of the length of the text",
    example: ("TOKEN(\"a:little|white dog\", \"| ,.:\", 4)", "dog"),
    bind: |arguments| {
        let result = ColumnType::wstr(arguments.length(0));
        Ok(BoundFunction::new(result, Token))
    },
};

/// `TOKENCOUNT(text, delimiters)`
pub(super) const TOKENCOUNT: Function = Function {
    name: "TOKENCOUNT",
    summary: "The number of pieces between delimiters.",
    arguments: &[TEXT, DELIMITERS],
    nulls: "0 where an argument is NULL",
    result: "DT_I4",
    example: ("TOKENCOUNT(\"01/12/2011\", \"/\")", "3"),
    bind: |_| {
        let result = ColumnType::new(DataType::I4);
        Ok(BoundFunction::new(result, TokenCount))
    },
};

/// The tokens with their byte offsets.
fn tokens<'a>(text: &'a str, delimiters: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let mut at = 0;
    text.split(move |c| delimiters.contains(c))
        .filter_map(move |piece| {
            let start = at;
            // The delimiter behind the piece starts where the piece ends.
            let after = text[start + piece.len()..].chars().next();
            at = start + piece.len() + after.map_or(0, char::len_utf8);
            (!piece.is_empty()).then_some((start, piece))
        })
}

#[derive(Debug)]
struct Token;

impl Kernel for Token {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let delimiters = call.arguments[1].texts();
        let occurrences = call.arguments[2].primitive::<Int64Type>();
        let mut builder = TextBuilder::sharing(call.rows, texts);
        for row in 0..call.rows {
            let (Some(text), Some(delimiters), Some(occurrence)) =
                (texts.get(row), delimiters.get(row), occurrences.get(row))
            else {
                builder.push_null();
                continue;
            };
            if occurrence <= 0 {
                call.errors.push(row, codes::FUNCTION_FAILED);
                builder.push_null();
                continue;
            }
            let (start, piece) = nth(text, delimiters, occurrence);
            builder.push_piece(texts, row, start, piece);
        }
        builder.finish()
    }
}

/// [R-TOKEN-END] Past the last token the result is the empty text.
fn nth<'a>(text: &'a str, delimiters: &'a str, occurrence: i64) -> (usize, &'a str) {
    let skipped = usize::try_from(occurrence - 1).unwrap_or(usize::MAX);
    let single = match delimiters.as_bytes() {
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    };
    let Some(delimiter) = single else {
        return tokens(text, delimiters).nth(skipped).unwrap_or((0, ""));
    };
    let (bytes, mut at) = (text.as_bytes(), 0);
    for left in (0..=skipped).rev() {
        while bytes.get(at) == Some(&delimiter) {
            at += 1;
        }
        let start = at;
        while bytes.get(at).is_some_and(|byte| *byte != delimiter) {
            at += 1;
        }
        if start == at {
            return (0, "");
        }
        if left == 0 {
            return (start, &text[start..at]);
        }
    }
    (0, "")
}

#[derive(Debug)]
struct TokenCount;

impl Kernel for TokenCount {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let delimiters = call.arguments[1].texts();
        let arrow = arrow::datatypes::DataType::Int32;
        collect::<Int32Type>(call.rows, arrow, call.errors, |row| {
            let count = match (texts.get(row), delimiters.get(row)) {
                (Some(text), Some(delimiters)) => tokens(text, delimiters).count(),
                _ => 0,
            };
            Some(i32::try_from(count).map_err(|_| codes::FUNCTION_OVERFLOW))
        })
    }
}
