//! `REPLICATE`: a text several times.

use arrow::array::ArrayRef;
use arrow::datatypes::Int64Type;
use packmule_types::ColumnType;

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::text_builder::{CELL_BYTES_MAX, TextBuilder};
use crate::vector::{Call, Kernel};

/// `REPLICATE(text, times)`
pub(super) const REPLICATE: Function = Function {
    name: "REPLICATE",
    summary: "The text n times; empty for 0, an error for a negative n.",
    arguments: &[
        Argument {
            name: "character_expression",
            takes: Takes::Text,
        },
        Argument {
            name: "times",
            takes: Takes::Integer,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_WSTR(length × n), 4000 at most; 4000 where n is not constant",
    example: ("REPLICATE(\"Helmet\", 2)", "HelmetHelmet"),
    bind: |arguments| {
        // [R-REPLACE-LEN]
        let length = arguments.length(0);
        let length = arguments
            .constant_count(1)
            .map_or(4000, |n| length.saturating_mul(n).min(4000));
        Ok(BoundFunction::new(ColumnType::wstr(length), Replicate))
    },
};

#[derive(Debug)]
struct Replicate;

impl Kernel for Replicate {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let times = call.arguments[1].primitive::<Int64Type>();
        let mut builder = TextBuilder::new(call.rows);
        for row in 0..call.rows {
            let (Some(text), Some(times)) = (texts.get(row), times.get(row)) else {
                builder.push_null();
                continue;
            };
            let bytes = usize::try_from(times).map(|n| n.saturating_mul(text.len()));
            let written = match bytes {
                Err(_) => Err(codes::REPLICATE_COUNT),
                Ok(0) => Ok(()),
                Ok(bytes) if bytes > CELL_BYTES_MAX => Err(codes::FUNCTION_OVERFLOW),
                Ok(_) => (0..times).try_for_each(|_| builder.write(text)),
            };
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
