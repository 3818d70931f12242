//! Implicit conversion of operands: the matrix of §7, the families of §4.1, the precisions of §8.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType as ArrowType, Decimal128Type, Float32Type, Float64Type};
use packmule_types::decimal::{self, NumericType};
use packmule_types::{ColumnType, DataType};

use crate::codes;
use crate::tree::Node;
use crate::vector::{Call, Kernel, collect};

/// Precision and scale of a number as an operand of `DT_NUMERIC` arithmetic.
pub(crate) fn digits(column_type: &ColumnType) -> NumericType {
    use DataType as D;
    match column_type.data_type {
        D::I1 | D::Ui1 => NumericType::new(3, 0),
        D::I2 | D::Ui2 => NumericType::new(5, 0),
        D::I4 | D::Ui4 => NumericType::new(10, 0),
        D::I8 => NumericType::new(19, 0),
        D::Cy => NumericType::new(19, 4),
        D::Decimal => NumericType::new(29, column_type.scale),
        D::Numeric => NumericType::new(column_type.precision, column_type.scale),
        _ => NumericType::new(20, 0),
    }
}

/// The type that two numeric operands are taken to (§7); `None` where the table has none.
/// For `DT_NUMERIC`, precision and scale are not part of the answer.
pub(crate) fn matrix(a: DataType, b: DataType) -> Option<DataType> {
    use DataType as D;
    if !a.is_numeric() || !b.is_numeric() {
        return None;
    }
    if a == b {
        return Some(if a == D::Decimal { D::Numeric } else { a });
    }
    let either = |t| a == t || b == t;
    if either(D::R8) {
        return Some(D::R8);
    }
    if either(D::R4) {
        return Some(D::R4);
    }
    if !a.is_integer() || !b.is_integer() {
        return Some(D::Numeric);
    }
    let (bits_a, signed_a) = width(a);
    let (bits_b, signed_b) = width(b);
    if signed_a == signed_b {
        return Some(if bits_a >= bits_b { a } else { b });
    }
    let (signed_bits, unsigned_bits) = if signed_a {
        (bits_a, bits_b)
    } else {
        (bits_b, bits_a)
    };
    // The smallest signed type above the unsigned one, or the signed one if larger.
    match (unsigned_bits * 2).max(signed_bits) {
        16 => Some(D::I2),
        32 => Some(D::I4),
        64 => Some(D::I8),
        _ => None,
    }
}

/// Bits, and whether signed, of an integer type.
pub(crate) fn width(data_type: DataType) -> (u32, bool) {
    use DataType as D;
    match data_type {
        D::I1 => (8, true),
        D::I2 => (16, true),
        D::I4 => (32, true),
        D::I8 => (64, true),
        D::Ui1 => (8, false),
        D::Ui2 => (16, false),
        D::Ui4 => (32, false),
        _ => (64, false),
    }
}

/// Whether the operand is `DT_STR` or `DT_WSTR`.
pub(crate) fn is_string(data_type: DataType) -> bool {
    matches!(data_type, DataType::Str | DataType::WStr)
}

fn is_time(data_type: DataType) -> bool {
    matches!(data_type, DataType::DbTime | DataType::DbTime2)
}

/// The common type of two dates or times (§4.1); `None` for a time against a date.
pub(crate) fn common_temporal(a: &ColumnType, b: &ColumnType) -> Option<ColumnType> {
    use DataType as D;
    let (x, y) = (a.data_type, b.data_type);
    let scale = a.scale.max(b.scale);
    if x == y {
        return Some(ColumnType::scaled(x, scale));
    }
    if is_time(x) != is_time(y) {
        return None;
    }
    let either = |t| x == t || y == t;
    for wide in [D::DbTimeStampOffset, D::DbTimeStamp2, D::DbTime2] {
        if either(wide) {
            return Some(ColumnType::scaled(wide, scale));
        }
    }
    Some(ColumnType::new(D::DbTimeStamp))
}

/// The type of `? :` for two branches; `None` where they are of different families.
pub(crate) fn common_branch(a: &ColumnType, b: &ColumnType) -> Option<ColumnType> {
    use DataType as D;
    let (x, y) = (a.data_type, b.data_type);
    if x.is_numeric() && y.is_numeric() {
        let data_type = matrix(x, y)?;
        return Some(match data_type {
            D::Numeric => {
                let common = decimal::common_type(digits(a), digits(b));
                ColumnType::numeric(common.precision, common.scale)
            }
            other => ColumnType::new(other),
        });
    }
    if is_string(x) && is_string(y) {
        return Some(ColumnType::wstr(a.length.max(b.length)));
    }
    if x.is_temporal() && y.is_temporal() {
        return common_temporal(a, b);
    }
    if x != y || matches!(x, D::Empty | D::Null) {
        return None;
    }
    let mut common = *a;
    common.length = a.length.max(b.length);
    Some(common)
}

/// The node, taken to another number type without loss where §7 promises none.
pub(crate) fn promote(node: Node, to: &ColumnType) -> Node {
    if node.column_type.arrow() == to.arrow() {
        return Node {
            column_type: *to,
            ..node
        };
    }
    let kernel = Promote {
        from: node.column_type,
        to: *to,
    };
    let at = node.at;
    let fallible = to.data_type == DataType::Numeric;
    crate::bind::folded(Node::apply(kernel, vec![node], *to, at, fallible))
}

/// Integers, currency and decimals to wider numbers.
#[derive(Debug)]
struct Promote {
    from: ColumnType,
    to: ColumnType,
}

impl Kernel for Promote {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        use DataType as D;
        let arrow = self.to.arrow();
        let from = digits(&self.from);
        let exact = !self.from.data_type.is_integer() && self.from.data_type != D::R4;
        match self.to.data_type {
            D::R8 if exact => {
                let a = call.arguments[0].primitive::<Decimal128Type>();
                collect::<Float64Type>(call.rows, arrow, call.errors, |row| {
                    a.get(row).map(|v| Ok(decimal::to_f64(v, from.scale)))
                })
            }
            D::R4 if exact => {
                let a = call.arguments[0].primitive::<Decimal128Type>();
                collect::<Float32Type>(call.rows, arrow, call.errors, |row| {
                    a.get(row).map(|v| Ok(decimal::to_f32(v, from.scale)))
                })
            }
            D::Numeric => {
                let argument = unscaled(&call.arguments[0].array);
                let to = self.to;
                let vector = crate::vector::Vector {
                    array: argument,
                    constant: call.arguments[0].constant,
                };
                let a = vector.primitive::<Decimal128Type>();
                collect::<Decimal128Type>(call.rows, arrow, call.errors, |row| {
                    let value = a.get(row)?;
                    let scaled = decimal::rescale_cut(value, from.scale, to.scale)
                        .filter(|v| decimal::fits(*v, to.precision));
                    Some(scaled.ok_or(codes::NUMERIC_OVERFLOW))
                })
            }
            _ => cast(&call.arguments[0].array, &arrow).unwrap_or_else(|error| {
                debug_assert!(false, "promotion of {} fails: {error}", self.from);
                call.nulls_of(&self.to)
            }),
        }
    }
}

/// The unscaled values of integers and decimals.
pub(crate) fn unscaled(array: &ArrayRef) -> ArrayRef {
    if matches!(array.data_type(), ArrowType::Decimal128(..)) {
        return Arc::clone(array);
    }
    // Integers have 20 digits at most.
    cast(array, &ArrowType::Decimal128(38, 0))
        .unwrap_or_else(|_| Arc::new(Decimal128Array::new_null(array.len())))
}
