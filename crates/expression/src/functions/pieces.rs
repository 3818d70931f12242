//! `LEFT`, `RIGHT`, `SUBSTRING`: pieces of a text, counted in UTF-16 units.
//!
//! The result shares the argument's buffers.

use arrow::array::ArrayRef;
use arrow::datatypes::Int64Type;
use packmule_types::{Code, ColumnType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::text_builder::{TextBuilder, byte_offset, utf16_length};
use crate::vector::{Call, Kernel};

const TEXT: Argument = Argument {
    name: "character_expression",
    takes: Takes::Text,
};
const COUNT: Argument = Argument {
    name: "number",
    takes: Takes::Integer,
};

/// `LEFT(text, n)`
pub(super) const LEFT: Function = Function {
    name: "LEFT",
    summary: "The first n characters; all of them where there are fewer. A negative n is an error.",
    arguments: &[TEXT, COUNT],
    nulls: "NULL where an argument is NULL",
    result: "DT_WSTR(min(n, length)) for a constant n, else of the length of the text",
    example: ("LEFT(\"Mountain Bike\", 8)", "Mountain"),
    bind: |arguments| {
        let length = arguments.length(0);
        let length = arguments
            .constant_count(1)
            .map_or(length, |n| n.min(length));
        Ok(BoundFunction::new(ColumnType::wstr(length), Pieces::Left))
    },
};

/// `RIGHT(text, n)`
pub(super) const RIGHT: Function = Function {
    name: "RIGHT",
    summary: "The last n characters; all of them where there are fewer. A negative n is an error.",
    arguments: &[TEXT, COUNT],
    nulls: "NULL where an argument is NULL",
    result: "DT_WSTR(min(n, length)) for a constant n, else of the length of the text",
    example: ("RIGHT(\"Touring Front Wheel\", 5)", "Wheel"),
    bind: |arguments| {
        let length = arguments.length(0);
        let length = arguments
            .constant_count(1)
            .map_or(length, |n| n.min(length));
        Ok(BoundFunction::new(ColumnType::wstr(length), Pieces::Right))
    },
};

/// `SUBSTRING(text, position, length)`
pub(super) const SUBSTRING: Function = Function {
    name: "SUBSTRING",
    summary: "The piece from a position (from 1) on, of a length; less where the text ends before.",
    arguments: &[
        TEXT,
        Argument {
            name: "position",
            takes: Takes::Integer,
        },
        Argument {
            name: "length",
            takes: Takes::Integer,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_WSTR(length) for a constant length; else of what a constant position leaves, \
             else of the length of the text",
    example: ("SUBSTRING(\"elephant\", 4, 2)", "ph"),
    bind: |arguments| {
        let text = arguments.length(0);
        let length = match (arguments.constant_count(1), arguments.constant_count(2)) {
            (_, Some(length)) => length,
            (Some(start), None) => text.saturating_sub(start.saturating_sub(1)),
            _ => text,
        };
        Ok(BoundFunction::new(ColumnType::wstr(length), Pieces::Middle))
    },
};

#[derive(Debug, Clone, Copy)]
enum Pieces {
    Left,
    Right,
    Middle,
}

impl Kernel for Pieces {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let first = call.arguments[1].primitive::<Int64Type>();
        let second = call.arguments.last().map(|a| a.primitive::<Int64Type>());
        let ascii = texts.is_ascii();
        let mut builder = TextBuilder::sharing(call.rows, texts);
        for row in 0..call.rows {
            let second = second.as_ref().and_then(|s| s.get(row));
            let (Some(text), Some(first), Some(second)) = (texts.get(row), first.get(row), second)
            else {
                builder.push_null();
                continue;
            };
            let range = match self {
                Self::Left => left(text, first, ascii),
                Self::Right => right(text, first, ascii),
                Self::Middle => middle(text, first, second, ascii),
            };
            match range {
                Ok((start, end)) => {
                    let piece = text.get(start..end).unwrap_or("");
                    builder.push_piece(texts, row, start, piece);
                }
                Err(code) => {
                    call.errors.push(row, code);
                    builder.push_null();
                }
            }
        }
        builder.finish()
    }
}

/// Bytes of the piece.
type Range = Result<(usize, usize), Code>;

fn left(text: &str, count: i64, ascii: bool) -> Range {
    let count = usize::try_from(count).map_err(|_| codes::FUNCTION_FAILED)?;
    Ok((0, byte_offset(text, count, ascii, false)))
}

fn right(text: &str, count: i64, ascii: bool) -> Range {
    let count = usize::try_from(count).map_err(|_| codes::RIGHT_COUNT)?;
    let units = if ascii {
        text.len()
    } else {
        utf16_length(text)
    };
    let start = byte_offset(text, units.saturating_sub(count), ascii, true);
    Ok((start, text.len()))
}

fn middle(text: &str, position: i64, length: i64, ascii: bool) -> Range {
    if position <= 0 {
        return Err(codes::SUBSTRING_START);
    }
    let length = usize::try_from(length).map_err(|_| codes::SUBSTRING_LENGTH)?;
    let first = usize::try_from(position - 1).unwrap_or(usize::MAX);
    let start = byte_offset(text, first, ascii, true);
    let end = byte_offset(text, first.saturating_add(length), ascii, false);
    Ok((start, end.max(start)))
}
