//! `+` on text and large objects: all operands of a chain in one pass.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryViewArray, BinaryViewBuilder};

use crate::codes;
use crate::text_builder::{CELL_BYTES_MAX, TextBuilder};
use crate::vector::{Call, Kernel, Texts};

/// Concatenates texts; NULL in one gives NULL.
#[derive(Debug)]
pub(crate) struct ConcatText;

impl Kernel for ConcatText {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let mut builder = TextBuilder::new(call.rows);
        let parts: Vec<Texts<'_>> = call.arguments.iter().map(|a| a.texts()).collect();
        for row in 0..call.rows {
            let mut result = Ok(());
            let mut null = false;
            for part in &parts {
                match part.get(row) {
                    Some(text) => result = result.and_then(|()| builder.write(text)),
                    None => null = true,
                }
            }
            match result {
                Err(code) => {
                    call.errors.push(row, code);
                    builder.abandon_row();
                }
                Ok(()) if null => builder.abandon_row(),
                Ok(()) => builder.finish_row(),
            }
        }
        builder.finish()
    }
}

/// Concatenates `DT_IMAGE` values; NULL in one gives NULL.
#[derive(Debug)]
pub(crate) struct ConcatBytes;

impl Kernel for ConcatBytes {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let mut builder = BinaryViewBuilder::with_capacity(call.rows);
        let mut joined = Vec::new();
        for row in 0..call.rows {
            joined.clear();
            if call.arguments.iter().any(|a| a.is_null(row)) {
                builder.append_null();
                continue;
            }
            for argument in call.arguments {
                let array = argument.array.as_any().downcast_ref::<BinaryViewArray>();
                joined.extend_from_slice(array.map_or(&[], |a| a.value(argument.at(row))));
            }
            if joined.len() > CELL_BYTES_MAX {
                call.errors.push(row, codes::BINARY_OVERFLOW);
                builder.append_null();
            } else {
                builder.append_value(&joined);
            }
        }
        Arc::new(builder.finish())
    }
}
