//! `FINDSTRING`: the position of an occurrence.

use arrow::array::ArrayRef;
use arrow::datatypes::{Int32Type, Int64Type};
use packmule_types::{ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::text_builder::utf16_length;
use crate::vector::{Call, Kernel, collect};

/// `FINDSTRING(text, searched, occurrence)`
pub(super) const FINDSTRING: Function = Function {
    name: "FINDSTRING",
    summary: "The position, from 1, of the n-th occurrence of a text; 0 where there is none. \
              n must be above 0.",
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
            name: "occurrence",
            takes: Takes::Integer,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_I4",
    example: ("FINDSTRING(\"New York, NY, NY\", \"NY\", 1)", "11"),
    bind: |_| {
        Ok(BoundFunction::new(
            ColumnType::new(DataType::I4),
            FindString,
        ))
    },
};

#[derive(Debug)]
struct FindString;

impl Kernel for FindString {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let texts = call.arguments[0].texts();
        let searched = call.arguments[1].texts();
        let occurrences = call.arguments[2].primitive::<Int64Type>();
        let arrow = arrow::datatypes::DataType::Int32;
        collect::<Int32Type>(call.rows, arrow, call.errors, |row| {
            let (text, searched) = (texts.get(row)?, searched.get(row)?);
            let occurrence = occurrences.get(row)?;
            if occurrence <= 0 {
                return Some(Err(codes::FINDSTRING_COUNT));
            }
            let found = position(text, searched, occurrence);
            Some(i32::try_from(found).map_err(|_| codes::FUNCTION_OVERFLOW))
        })
    }
}

/// [R-FINDSTRING] Ordinal, case-sensitive; overlapping occurrences count. An empty searched text
/// is not found.
fn position(text: &str, searched: &str, occurrence: i64) -> usize {
    let Some(first) = searched.chars().next() else {
        return 0;
    };
    let mut from = 0;
    let mut left = occurrence;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(searched)) {
        let at = from + found;
        left -= 1;
        if left == 0 {
            return utf16_length(&text[..at]) + 1;
        }
        from = at + first.len_utf8();
    }
    0
}
