//! `-`, `!`, `~`.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::datatypes::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use packmule_types::{ColumnType, DataType};

use crate::codes;
use crate::vector::{Call, Kernel, map_unary};

/// `-x`: signed numbers; the most negative integer overflows (0xC00470E5).
#[derive(Debug)]
pub(crate) struct Negate(pub(crate) ColumnType);

impl Kernel for Negate {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        use DataType as D;
        let arrow = self.0.arrow();
        macro_rules! integer {
            ($t:ty) => {
                map_unary::<$t, $t>(call, arrow, |v| {
                    v.checked_neg().ok_or(codes::NEGATE_OVERFLOW)
                })
            };
        }
        match self.0.data_type {
            D::I1 => integer!(Int8Type),
            D::I2 => integer!(Int16Type),
            D::I4 => integer!(Int32Type),
            D::I8 => integer!(Int64Type),
            D::R4 => map_unary::<Float32Type, Float32Type>(call, arrow, |v| Ok(-v)),
            D::R8 => map_unary::<Float64Type, Float64Type>(call, arrow, |v| Ok(-v)),
            D::Cy => map_unary::<Decimal128Type, Decimal128Type>(call, arrow, |v| {
                if v == i128::from(i64::MIN) {
                    return Err(codes::NEGATE_OVERFLOW);
                }
                Ok(-v)
            }),
            // Digits are symmetric: what fits, fits negated.
            _ => map_unary::<Decimal128Type, Decimal128Type>(call, arrow, |v| {
                v.checked_neg().ok_or(codes::NEGATE_OVERFLOW)
            }),
        }
    }
}

/// `!x`
#[derive(Debug)]
pub(crate) struct Not;

impl Kernel for Not {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let negated = call.arguments[0]
            .booleans()
            .and_then(|array| arrow::compute::not(array).ok());
        Arc::new(negated.unwrap_or_else(|| BooleanArray::new_null(call.rows)))
    }
}

/// `~x`
#[derive(Debug)]
pub(crate) struct BitNot(pub(crate) ColumnType);

impl Kernel for BitNot {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        use DataType as D;
        let arrow = self.0.arrow();
        macro_rules! integer {
            ($t:ty) => {
                map_unary::<$t, $t>(call, arrow, |v| Ok(!v))
            };
        }
        match self.0.data_type {
            D::I1 => integer!(Int8Type),
            D::I2 => integer!(Int16Type),
            D::I4 => integer!(Int32Type),
            D::I8 => integer!(Int64Type),
            D::Ui1 => integer!(UInt8Type),
            D::Ui2 => integer!(UInt16Type),
            D::Ui4 => integer!(UInt32Type),
            _ => integer!(UInt64Type),
        }
    }
}
