//! `+ - * / %` on numbers and `& ^ |` on integers.
//!
//! The result type is that of §7, precision and scale those of §8. Overflow, division by zero
//! and modulo by zero are errors of the row.

use arrow::array::ArrayRef;
use arrow::datatypes::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use packmule_types::decimal::{self, NumericType};
use packmule_types::{Code, ColumnType, DataType};

use crate::codes;
use crate::implicit::{digits, unscaled};
use crate::syntax::BinaryOperator;
use crate::vector::{Call, Kernel, Vector, map_binary};

/// The type of `a operator b` for an operator on numbers of a common type; `None` for one that
/// does not take that type.
pub(crate) fn result_type(
    operator: BinaryOperator,
    common: DataType,
    a: &ColumnType,
    b: &ColumnType,
) -> Option<ColumnType> {
    use BinaryOperator as B;
    let whole = matches!(operator, B::Modulo | B::BitAnd | B::BitOr | B::BitXor);
    if whole && !common.is_integer() {
        return None;
    }
    if common != DataType::Numeric {
        return Some(ColumnType::new(common));
    }
    let (a, b) = (digits(a), digits(b));
    let result = match operator {
        B::Multiply => decimal::multiply_type(a, b),
        B::Divide => decimal::divide_type(a, b),
        _ => decimal::add_type(a, b),
    };
    Some(ColumnType::numeric(result.precision, result.scale))
}

/// An operator on operands that were promoted to its common type (for `DT_NUMERIC`: to an
/// unscaled value of their own precision and scale).
#[derive(Debug)]
pub(crate) struct Arithmetic {
    pub(crate) operator: BinaryOperator,
    /// The common type with the result's precision and scale.
    pub(crate) result: ColumnType,
    pub(crate) left: NumericType,
    pub(crate) right: NumericType,
}

impl Arithmetic {
    /// Whether some operands make it fail.
    pub(crate) fn fallible(&self) -> bool {
        use BinaryOperator as B;
        !matches!(self.operator, B::BitAnd | B::BitOr | B::BitXor)
    }
}

impl Kernel for Arithmetic {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        use DataType as D;
        match self.result.data_type {
            D::I1 => integer::<Int8Type>(call, self.operator),
            D::I2 => integer::<Int16Type>(call, self.operator),
            D::I4 => integer::<Int32Type>(call, self.operator),
            D::I8 => integer::<Int64Type>(call, self.operator),
            D::Ui1 => integer::<UInt8Type>(call, self.operator),
            D::Ui2 => integer::<UInt16Type>(call, self.operator),
            D::Ui4 => integer::<UInt32Type>(call, self.operator),
            D::Ui8 => integer::<UInt64Type>(call, self.operator),
            D::R4 => float::<Float32Type>(call, self.operator),
            D::R8 => float::<Float64Type>(call, self.operator),
            D::Cy => self.currency(call),
            _ => self.numeric(call),
        }
    }
}

/// What the kernels need of a whole number.
pub(crate) trait Integer: Copy + Default + PartialEq {
    fn apply(self, operator: BinaryOperator, other: Self) -> Result<Self, Code>;
}

macro_rules! integers {
    ($($native:ty),*) => { $(impl Integer for $native {
        #[inline]
        fn apply(self, operator: BinaryOperator, other: Self) -> Result<Self, Code> {
            use BinaryOperator as B;
            let result = match operator {
                B::Add => self.checked_add(other),
                B::Subtract => self.checked_sub(other),
                B::Multiply => self.checked_mul(other),
                B::Divide | B::Modulo if other == 0 => return Err(codes::DIVIDE_BY_ZERO),
                B::Divide => self.checked_div(other),
                // The most negative number % -1 is 0, though the division overflows.
                B::Modulo => Some(self.wrapping_rem(other)),
                B::BitAnd => Some(self & other),
                B::BitOr => Some(self | other),
                B::BitXor => Some(self ^ other),
                _ => None,
            };
            result.ok_or(codes::BINARY_OVERFLOW)
        }
    })* };
}
integers!(i8, i16, i32, i64, u8, u16, u32, u64);

fn integer<T>(call: &mut Call<'_>, operator: BinaryOperator) -> ArrayRef
where
    T: ArrowPrimitiveType,
    T::Native: Integer,
{
    use BinaryOperator as B;
    // One loop for each operator: the compiler drops the choice inside it.
    macro_rules! each {
        ($($name:ident),*) => { match operator {
            $(B::$name => map_binary::<T, T>(call, T::DATA_TYPE, |a, b| a.apply(B::$name, b)),)*
            other => map_binary::<T, T>(call, T::DATA_TYPE, |a, b| a.apply(other, b)),
        } };
    }
    each!(Add, Subtract, Multiply, Divide, Modulo)
}

pub(crate) trait Float: Copy {
    fn apply(self, operator: BinaryOperator, other: Self) -> Result<Self, Code>;
}

macro_rules! floats {
    ($($native:ty),*) => { $(impl Float for $native {
        #[inline]
        fn apply(self, operator: BinaryOperator, other: Self) -> Result<Self, Code> {
            use BinaryOperator as B;
            let result = match operator {
                B::Add => self + other,
                B::Subtract => self - other,
                B::Multiply => self * other,
                _ if other == 0.0 => return Err(codes::DIVIDE_BY_ZERO),
                _ => self / other,
            };
            if !result.is_finite() && self.is_finite() && other.is_finite() {
                return Err(codes::BINARY_OVERFLOW);
            }
            Ok(result)
        }
    })* };
}
floats!(f32, f64);

fn float<T>(call: &mut Call<'_>, operator: BinaryOperator) -> ArrayRef
where
    T: ArrowPrimitiveType,
    T::Native: Float,
{
    map_binary::<T, T>(call, T::DATA_TYPE, |a, b| a.apply(operator, b))
}

impl Arithmetic {
    /// `DT_CY` with `DT_CY`: ten-thousandths; products and quotients are rounded half to even,
    /// as OLE Automation does ([R-SCALE-CY]).
    fn currency(&self, call: &mut Call<'_>) -> ArrayRef {
        use BinaryOperator as B;
        let operator = self.operator;
        map_binary::<Decimal128Type, Decimal128Type>(call, self.result.arrow(), |a, b| {
            // Both fit 64 bits, so nothing here leaves 128.
            let result = match operator {
                B::Add => a.checked_add(b),
                B::Subtract => a.checked_sub(b),
                B::Multiply => a.checked_mul(b).map(|v| divide_half_even(v, 10_000)),
                _ if b == 0 => return Err(codes::DIVIDE_BY_ZERO),
                _ => a.checked_mul(10_000).map(|v| divide_half_even(v, b)),
            };
            result
                .filter(|v| i64::try_from(*v).is_ok())
                .ok_or(codes::BINARY_OVERFLOW)
        })
    }

    fn numeric(&self, call: &mut Call<'_>) -> ArrayRef {
        use BinaryOperator as B;
        let (left, right) = (self.left, self.right);
        let result = NumericType::new(self.result.precision, self.result.scale);
        let operands: Vec<Vector> = call
            .arguments
            .iter()
            .map(|a| Vector {
                array: unscaled(&a.array),
                constant: a.constant,
            })
            .collect();
        let mut call = Call {
            arguments: &operands,
            rows: call.rows,
            now: call.now,
            errors: &mut *call.errors,
        };
        let operator = self.operator;
        map_binary::<Decimal128Type, Decimal128Type>(&mut call, self.result.arrow(), |a, b| {
            let value = match operator {
                B::Add => decimal::add(a, left.scale, b, right.scale, result),
                B::Subtract => decimal::subtract(a, left.scale, b, right.scale, result),
                B::Multiply => decimal::multiply(a, left.scale, b, right.scale, result),
                _ if b == 0 => return Err(codes::DIVIDE_BY_ZERO),
                _ => decimal::divide(a, left, b, right, result),
            };
            value.ok_or(codes::NUMERIC_OVERFLOW)
        })
    }
}

/// Quotient rounded half to even; the divisor is not 0.
fn divide_half_even(value: i128, divisor: i128) -> i128 {
    let quotient = value / divisor;
    let twice = (value % divisor).unsigned_abs() * 2;
    let up = match twice.cmp(&divisor.unsigned_abs()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
        std::cmp::Ordering::Less => false,
    };
    if up {
        quotient + value.signum() * divisor.signum()
    } else {
        quotient
    }
}
