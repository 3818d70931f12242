//! `CODEPOINT`: the first UTF-16 unit of a text.

use arrow::array::ArrayRef;
use arrow::datatypes::UInt16Type;
use packmule_types::{ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::vector::{Call, Kernel, collect};

/// `CODEPOINT(text)`
pub(super) const CODEPOINT: Function = Function {
    name: "CODEPOINT",
    summary: "The UTF-16 unit of the first character.",
    arguments: &[Argument {
        name: "character_expression",
        takes: Takes::Text,
    }],
    nulls: "NULL for NULL and for the empty text",
    result: "DT_UI2",
    example: ("CODEPOINT(\"Mountain Bike\")", "77"),
    bind: |_| Ok(BoundFunction::new(ColumnType::new(DataType::Ui2), Codepoint).infallible()),
};

#[derive(Debug)]
struct Codepoint;

impl Kernel for Codepoint {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let arrow = arrow::datatypes::DataType::UInt16;
        collect::<UInt16Type>(call.rows, arrow, call.errors, |row| {
            texts.get(row)?.encode_utf16().next().map(Ok)
        })
    }
}
