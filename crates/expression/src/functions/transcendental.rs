//! `SQUARE`, `SQRT`, `POWER`, `EXP`, `LN`, `LOG`: on `DT_R8`.

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType as ArrowType, Float64Type};
use packmule_types::{Code, ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::vector::{Call, Kernel, map_binary, map_unary};

const NUMBER: Argument = Argument {
    name: "numeric_expression",
    takes: Takes::Double,
};

macro_rules! function {
    ($name:ident, $summary:literal, $example:expr, $compute:expr) => {
        #[doc = $summary]
        pub(super) const $name: Function = Function {
            name: stringify!($name),
            summary: $summary,
            arguments: &[NUMBER],
            nulls: "NULL gives NULL",
            result: "DT_R8",
            example: $example,
            bind: |_| {
                let compute: fn(f64) -> Result<f64, Code> = $compute;
                Ok(BoundFunction::new(
                    ColumnType::new(DataType::R8),
                    One(compute),
                ))
            },
        };
    };
}

function!(
    SQUARE,
    "The number times itself.",
    ("SQUARE(12)", "144"),
    |v| finite(v * v)
);
function!(
    SQRT,
    "The square root; an error for a negative number.",
    ("SQRT(144)", "12"),
    |v| if v < 0.0 {
        Err(codes::SQRT_DOMAIN)
    } else {
        Ok(v.sqrt())
    }
);
function!(EXP, "e to the power of the number.", ("EXP(0)", "1"), |v| {
    finite(v.exp())
});
function!(
    LN,
    "The natural logarithm; an error for 0 and below.",
    ("LN(1)", "0"),
    |v| if v <= 0.0 {
        Err(codes::LN_DOMAIN)
    } else {
        Ok(v.ln())
    }
);
function!(
    LOG,
    "The logarithm to base 10; an error for 0 and below.",
    ("LOG(1000)", "3"),
    |v| if v <= 0.0 {
        Err(codes::LOG_DOMAIN)
    } else {
        Ok(v.log10())
    }
);

/// `POWER(number, exponent)`
pub(super) const POWER: Function = Function {
    name: "POWER",
    summary: "A number to the power of another; an error where that is not defined: 0 to a \
              negative power, a negative number to a fraction.",
    arguments: &[
        NUMBER,
        Argument {
            name: "power",
            takes: Takes::Double,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_R8",
    example: ("POWER(4, 3)", "64"),
    bind: |_| Ok(BoundFunction::new(ColumnType::new(DataType::R8), Power)),
};

fn finite(value: f64) -> Result<f64, Code> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(codes::FUNCTION_OVERFLOW)
    }
}

#[derive(Debug)]
struct One(fn(f64) -> Result<f64, Code>);

impl Kernel for One {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        map_unary::<Float64Type, Float64Type>(call, ArrowType::Float64, self.0)
    }
}

#[derive(Debug)]
struct Power;

impl Kernel for Power {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        map_binary::<Float64Type, Float64Type>(call, ArrowType::Float64, |base, exponent| {
            if base == 0.0 && exponent < 0.0 {
                return Err(codes::POWER_DOMAIN);
            }
            let result = base.powf(exponent);
            if result.is_nan() {
                return Err(codes::POWER_DOMAIN);
            }
            finite(result)
        })
    }
}
