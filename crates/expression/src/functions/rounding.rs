//! `ABS`, `CEILING`, `FLOOR`, `ROUND` (in the type of their argument) and `SIGN`.

use arrow::array::ArrayRef;
use arrow::datatypes::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type,
};
use packmule_types::decimal::{self, pow10};
use packmule_types::{Code, ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::implicit::digits;
use crate::vector::{Call, Kernel, collect, map_unary};

const NUMBER: Argument = Argument {
    name: "numeric_expression",
    takes: Takes::Number,
};

macro_rules! keeping {
    ($name:ident, $what:ident, $summary:literal, $example:expr) => {
        #[doc = $summary]
        pub(super) const $name: Function = Function {
            name: stringify!($name),
            summary: $summary,
            arguments: &[NUMBER],
            nulls: "NULL gives NULL",
            result: "The type of the argument",
            example: $example,
            bind: |arguments| {
                let column_type = arguments.column_type(0);
                let what = What::$what;
                Ok(BoundFunction::new(
                    column_type,
                    Keeping { what, column_type },
                ))
            },
        };
    };
}

keeping!(ABS, Abs, "The absolute value.", ("ABS(-1.23)", "1.23"));
keeping!(
    CEILING,
    Ceiling,
    "The smallest whole number that is not below.",
    ("CEILING(123.74)", "124.00")
);
keeping!(
    FLOOR,
    Floor,
    "The largest whole number that is not above.",
    ("FLOOR(-123.45)", "-124.00")
);

/// `ROUND(number, digits)`
pub(super) const ROUND: Function = Function {
    name: "ROUND",
    summary: "Rounded to so many digits after the point, half away from zero; the scale stays. \
              A negative number of digits is an error.",
    arguments: &[
        NUMBER,
        Argument {
            name: "length",
            takes: Takes::Integer,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "The type of the number",
    example: ("ROUND(137.1574, 3)", "137.1570"),
    bind: |arguments| {
        let column_type = arguments.column_type(0);
        let what = What::Round;
        Ok(BoundFunction::new(
            column_type,
            Keeping { what, column_type },
        ))
    },
};

/// `SIGN(number)`
pub(super) const SIGN: Function = Function {
    name: "SIGN",
    summary: "-1, 0 or 1: the sign of a number of a signed type.",
    arguments: &[Argument {
        name: "numeric_expression",
        takes: Takes::SignedNumber,
    }],
    nulls: "NULL gives NULL",
    result: "DT_I4",
    example: ("SIGN(-123.45)", "-1"),
    bind: |arguments| {
        let result = ColumnType::new(DataType::I4);
        Ok(BoundFunction::new(result, Sign(arguments.column_type(0).data_type)).infallible())
    },
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Abs,
    Ceiling,
    Floor,
    Round,
}

#[derive(Debug)]
struct Keeping {
    what: What,
    column_type: ColumnType,
}

impl Kernel for Keeping {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        use DataType as D;
        match self.column_type.data_type {
            D::I1 => self.integer::<Int8Type>(call, |v| v.checked_abs()),
            D::I2 => self.integer::<Int16Type>(call, |v| v.checked_abs()),
            D::I4 => self.integer::<Int32Type>(call, |v| v.checked_abs()),
            D::I8 => self.integer::<Int64Type>(call, |v| v.checked_abs()),
            D::Ui1 => self.integer::<arrow::datatypes::UInt8Type>(call, Some),
            D::Ui2 => self.integer::<arrow::datatypes::UInt16Type>(call, Some),
            D::Ui4 => self.integer::<arrow::datatypes::UInt32Type>(call, Some),
            D::Ui8 => self.integer::<arrow::datatypes::UInt64Type>(call, Some),
            D::R4 => self.rows::<Float32Type>(call, |v, digits| {
                let value = self.float(f64::from(v), digits)?;
                Ok(value as f32)
            }),
            D::R8 => self.rows::<Float64Type>(call, |v, digits| self.float(v, digits)),
            _ => self.rows::<Decimal128Type>(call, |v, digits| self.decimal(v, digits)),
        }
    }
}

impl Keeping {
    fn rows<T>(
        &self,
        call: &mut Call<'_>,
        f: impl Fn(T::Native, i64) -> Result<T::Native, Code>,
    ) -> ArrayRef
    where
        T: ArrowPrimitiveType,
        T::Native: Default,
    {
        let values = call.arguments[0].primitive::<T>();
        let lengths = call.arguments.get(1).map(|a| a.primitive::<Int64Type>());
        collect::<T>(call.rows, self.column_type.arrow(), call.errors, |row| {
            let length = match &lengths {
                Some(lengths) => lengths.get(row)?,
                None => 0,
            };
            let value = values.get(row)?;
            if length < 0 {
                return Some(Err(codes::FUNCTION_FAILED));
            }
            Some(f(value, length))
        })
    }

    fn integer<T>(
        &self,
        call: &mut Call<'_>,
        abs: impl Fn(T::Native) -> Option<T::Native>,
    ) -> ArrayRef
    where
        T: ArrowPrimitiveType,
        T::Native: Default,
    {
        let is_abs = self.what == What::Abs;
        self.rows::<T>(call, |v, _| {
            if is_abs {
                abs(v).ok_or(codes::FUNCTION_OVERFLOW)
            } else {
                Ok(v)
            }
        })
    }

    fn float(&self, value: f64, length: i64) -> Result<f64, Code> {
        Ok(match self.what {
            What::Abs => value.abs(),
            What::Ceiling => value.ceil(),
            What::Floor => value.floor(),
            What::Round => {
                let power = 10_f64.powi(i32::try_from(length.min(400)).unwrap_or(400));
                let scaled = (value * power).round() / power;
                // More digits than a double has: nothing to round.
                if scaled.is_finite() { scaled } else { value }
            }
        })
    }

    fn decimal(&self, value: i128, length: i64) -> Result<i128, Code> {
        let scale = digits(&self.column_type).scale;
        let one = pow10(u32::from(scale)).unwrap_or(1);
        let result = match self.what {
            What::Abs => value.checked_abs(),
            What::Ceiling => value.checked_sub(value.rem_euclid(one)).and_then(|floor| {
                let whole = floor == value;
                if whole {
                    Some(value)
                } else {
                    floor.checked_add(one)
                }
            }),
            What::Floor => value.checked_sub(value.rem_euclid(one)),
            What::Round => {
                let to = u8::try_from(length).unwrap_or(u8::MAX).min(scale);
                decimal::rescale_half_away(value, scale, to)
                    .and_then(|v| decimal::rescale_cut(v, to, scale))
            }
        };
        let fits = |v: &i128| match self.column_type.data_type {
            DataType::Cy => i64::try_from(*v).is_ok(),
            DataType::Decimal => v.unsigned_abs() <= decimal::MAX_DECIMAL.unsigned_abs(),
            _ => decimal::fits(*v, self.column_type.precision),
        };
        result.filter(fits).ok_or(codes::FUNCTION_OVERFLOW)
    }
}

#[derive(Debug)]
struct Sign(DataType);

impl Kernel for Sign {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        use DataType as D;
        let arrow = arrow::datatypes::DataType::Int32;
        macro_rules! sign {
            ($t:ty, $zero:expr) => {
                map_unary::<$t, Int32Type>(call, arrow, |v| {
                    Ok(i32::from(v > $zero) - i32::from(v < $zero))
                })
            };
        }
        match self.0 {
            D::I1 => sign!(Int8Type, 0),
            D::I2 => sign!(Int16Type, 0),
            D::I4 => sign!(Int32Type, 0),
            D::I8 => sign!(Int64Type, 0),
            D::R4 => sign!(Float32Type, 0.0),
            D::R8 => sign!(Float64Type, 0.0),
            _ => sign!(Decimal128Type, 0),
        }
    }
}
