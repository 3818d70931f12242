//! `HEX`: an integer in hexadecimal.

use arrow::array::ArrayRef;
use arrow::datatypes::Int64Type;
use packmule_types::{ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::implicit::width;
use crate::text_builder::TextBuilder;
use crate::vector::{Call, Kernel, Vector};

/// `HEX(integer)`
pub(super) const HEX: Function = Function {
    name: "HEX",
    summary: "The hexadecimal digits in upper case, without prefix and leading zeros; negative \
              numbers as two's complement in the width of their type.",
    arguments: &[Argument {
        name: "integer_expression",
        takes: Takes::AnyInteger,
    }],
    nulls: "NULL gives NULL",
    result: "DT_WSTR(2), (4), (8) or (16) by the width of the integer",
    example: ("HEX(1033)", "409"),
    bind: |arguments| {
        let (bits, _) = width(arguments.column_type(0).data_type);
        let unsigned = arguments.column_type(0).data_type == DataType::Ui8;
        Ok(BoundFunction::new(ColumnType::wstr(bits / 4), Hex { bits, unsigned }).infallible())
    },
};

#[derive(Debug)]
struct Hex {
    bits: u32,
    unsigned: bool,
}

impl Kernel for Hex {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let argument = &call.arguments[0];
        let mut builder = TextBuilder::new(call.rows);
        let wide = if self.unsigned {
            None
        } else {
            arrow::compute::cast(&argument.array, &arrow::datatypes::DataType::Int64).ok()
        };
        let wide = wide.map(|array| Vector {
            array,
            constant: argument.constant,
        });
        let mask = u64::MAX >> (64 - self.bits);
        for row in 0..call.rows {
            let value = match &wide {
                Some(wide) => wide
                    .primitive::<Int64Type>()
                    .get(row)
                    .map(i64::cast_unsigned),
                None => argument
                    .primitive::<arrow::datatypes::UInt64Type>()
                    .get(row),
            };
            let Some(value) = value else {
                builder.push_null();
                continue;
            };
            let mut digits = [0_u8; 16];
            let text = hexadecimal(value & mask, &mut digits);
            if let Err(code) = builder.push_str(text) {
                call.errors.push(row, code);
                builder.abandon_row();
            }
        }
        builder.finish()
    }
}

fn hexadecimal(mut value: u64, digits: &mut [u8; 16]) -> &str {
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b"0123456789ABCDEF"[(value & 15) as usize];
        value >>= 4;
        if value == 0 || start == 0 {
            return std::str::from_utf8(&digits[start..]).unwrap_or("");
        }
    }
}
