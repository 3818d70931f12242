//! `LEN`: characters of a text, bytes of a large object.

use arrow::array::{Array, ArrayRef, BinaryViewArray};
use arrow::datatypes::Int32Type;
use packmule_types::{ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::text_builder::utf16_length;
use crate::vector::{Call, Kernel, collect};

/// `LEN(text)`
pub(super) const LEN: Function = Function {
    name: "LEN",
    summary: "The number of UTF-16 units of a text, blanks at both ends counted; of a large \
              object the number of bytes.",
    arguments: &[Argument {
        name: "character_expression",
        takes: Takes::TextOrLob,
    }],
    nulls: "NULL gives NULL",
    result: "DT_I4",
    example: ("LEN(\"Ball Bearing\")", "12"),
    bind: |arguments| {
        let kernel = Len(arguments.column_type(0));
        Ok(BoundFunction::new(ColumnType::new(DataType::I4), kernel))
    },
};

#[derive(Debug)]
struct Len(ColumnType);

impl Kernel for Len {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let argument = &call.arguments[0];
        let texts = argument.texts();
        let bytes = argument.array.as_any().downcast_ref::<BinaryViewArray>();
        let ascii = texts.is_ascii();
        let units = |text: &str| {
            if ascii {
                text.len()
            } else {
                utf16_length(text)
            }
        };
        let page = self.0.code_page;
        let arrow = arrow::datatypes::DataType::Int32;
        collect::<Int32Type>(call.rows, arrow, call.errors, |row| {
            let length = match self.0.data_type {
                DataType::Image => {
                    let at = argument.at(row);
                    bytes.filter(|b| b.is_valid(at))?.value(at).len()
                }
                DataType::NText => units(texts.get(row)?) * 2,
                DataType::Text => page_bytes(texts.get(row)?, ascii, page),
                _ => units(texts.get(row)?),
            };
            Some(i32::try_from(length).map_err(|_| codes::FUNCTION_OVERFLOW))
        })
    }
}

/// Bytes that a text takes in a code page.
fn page_bytes(text: &str, ascii: bool, page: u32) -> usize {
    if ascii || page == 65001 {
        return text.len();
    }
    match page {
        1200 | 1201 => utf16_length(text) * 2,
        // Chinese, Japanese and Korean pages: two bytes beyond ASCII.
        932 | 936 | 949 | 950 | 1361 => text.chars().map(|c| 1 + usize::from(!c.is_ascii())).sum(),
        _ => text.chars().count(),
    }
}
