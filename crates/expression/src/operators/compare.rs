//! `== != < > <= >=`, by the families of §4.1.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BooleanArray, BooleanBufferBuilder,
    FixedSizeBinaryArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use packmule_types::DataType;
use packmule_types::collation::Collator;
use packmule_types::decimal;

use crate::implicit::unscaled;
use crate::syntax::BinaryOperator;
use crate::temporal::Ticks;
use crate::vector::{Call, Kernel, Vector};

/// How two operands are compared.
#[derive(Debug)]
pub(crate) enum By {
    /// Numbers promoted to this type, or Booleans.
    Number(DataType),
    /// Decimals and integers by value, with both scales.
    Decimal(u8, u8),
    /// `==` and `!=` of text: ordinal.
    Ordinal,
    /// [R-STR-LOCALE] `<` and its kin on text: by the locale's collation.
    Locale(Box<Collator>),
    /// Dates and times as ticks of these types, cut to ticks of this size.
    Ticks(Ticks, Ticks, i64),
    /// GUIDs and bytes.
    Bytes,
}

/// A comparison.
#[derive(Debug)]
pub(crate) struct Compare {
    pub(crate) operator: BinaryOperator,
    pub(crate) by: By,
}

fn holds(operator: BinaryOperator, ordering: Option<Ordering>) -> bool {
    use BinaryOperator as B;
    match operator {
        B::Equal => ordering == Some(Ordering::Equal),
        B::NotEqual => ordering != Some(Ordering::Equal),
        B::Less => ordering == Some(Ordering::Less),
        B::Greater => ordering == Some(Ordering::Greater),
        B::LessEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        _ => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
    }
}

impl Kernel for Compare {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        use DataType as D;
        if call.any_all_null() {
            return Arc::new(BooleanArray::new_null(call.rows));
        }
        let operator = self.operator;
        match &self.by {
            By::Number(D::I1) => numbers::<Int8Type>(call, operator),
            By::Number(D::I2) => numbers::<Int16Type>(call, operator),
            By::Number(D::I4) => numbers::<Int32Type>(call, operator),
            By::Number(D::I8) => numbers::<Int64Type>(call, operator),
            By::Number(D::Ui1) => numbers::<UInt8Type>(call, operator),
            By::Number(D::Ui2) => numbers::<UInt16Type>(call, operator),
            By::Number(D::Ui4) => numbers::<UInt32Type>(call, operator),
            By::Number(D::Ui8) => numbers::<UInt64Type>(call, operator),
            By::Number(D::R4) => numbers::<Float32Type>(call, operator),
            By::Number(D::R8) => numbers::<Float64Type>(call, operator),
            By::Number(_) => booleans(call, operator),
            By::Decimal(left, right) => decimals(call, operator, *left, *right),
            By::Ordinal => texts(call, operator, |a, b| a.cmp(b)),
            By::Locale(collator) => texts(call, operator, |a, b| collator.compare(a, b)),
            By::Ticks(left, right, unit) => {
                let a = left.of(&call.arguments[0]);
                let b = right.of(&call.arguments[1]);
                rows(call, |row| {
                    let (a, b) = (a.get(row)?, b.get(row)?);
                    let ordering = a.div_euclid(*unit).cmp(&b.div_euclid(*unit));
                    Some(holds(operator, Some(ordering)))
                })
            }
            By::Bytes => rows(call, |row| {
                let a = bytes(&call.arguments[0], row)?;
                let b = bytes(&call.arguments[1], row)?;
                Some(holds(operator, Some(a.cmp(b))))
            }),
        }
    }
}

fn rows(call: &Call<'_>, f: impl Fn(usize) -> Option<bool>) -> ArrayRef {
    Arc::new((0..call.rows).map(f).collect::<BooleanArray>())
}

fn numbers<T>(call: &Call<'_>, operator: BinaryOperator) -> ArrayRef
where
    T: ArrowPrimitiveType,
    T::Native: PartialOrd,
{
    use BinaryOperator as B;
    match operator {
        B::Equal => tested::<T>(call, |a, b| a == b),
        B::NotEqual => tested::<T>(call, |a, b| a != b),
        B::Less => tested::<T>(call, |a, b| a < b),
        B::Greater => tested::<T>(call, |a, b| a > b),
        B::LessEqual => tested::<T>(call, |a, b| a <= b),
        _ => tested::<T>(call, |a, b| a >= b),
    }
}

/// The loop without branches: NULLs are computed too and masked.
fn tested<T: ArrowPrimitiveType>(
    call: &Call<'_>,
    test: impl Fn(T::Native, T::Native) -> bool,
) -> ArrayRef {
    let (left, right) = (&call.arguments[0], &call.arguments[1]);
    let (a, b) = (left.primitive::<T>(), right.primitive::<T>());
    let rows = call.rows;
    let values = match (a.values, b.values) {
        (a, [b]) if right.constant => bits(rows, a.iter().map(|a| test(*a, *b))),
        ([a], b) if left.constant => bits(rows, b.iter().map(|b| test(*a, *b))),
        (a, b) => bits(rows, a.iter().zip(b).map(|(a, b)| test(*a, *b))),
    };
    Arc::new(BooleanArray::new(values, call.nulls()))
}

fn bits(rows: usize, tests: impl Iterator<Item = bool>) -> arrow::buffer::BooleanBuffer {
    let mut builder = BooleanBufferBuilder::new(rows);
    for test in tests.take(rows) {
        builder.append(test);
    }
    builder.resize(rows);
    builder.finish()
}

fn booleans(call: &Call<'_>, operator: BinaryOperator) -> ArrayRef {
    let (a, b) = (&call.arguments[0], &call.arguments[1]);
    rows(call, |row| {
        if a.is_null(row) || b.is_null(row) {
            return None;
        }
        let (x, y) = (
            a.booleans()?.value(a.at(row)),
            b.booleans()?.value(b.at(row)),
        );
        // True is -1, below False.
        Some(holds(operator, Some(y.cmp(&x))))
    })
}

fn decimals(call: &Call<'_>, operator: BinaryOperator, left: u8, right: u8) -> ArrayRef {
    let prepared: Vec<Vector> = call
        .arguments
        .iter()
        .map(|a| Vector {
            array: unscaled(&a.array),
            constant: a.constant,
        })
        .collect();
    let (a, b) = (
        prepared[0].primitive::<Decimal128Type>(),
        prepared[1].primitive::<Decimal128Type>(),
    );
    rows(call, |row| {
        let ordering = decimal::compare(a.get(row)?, left, b.get(row)?, right);
        Some(holds(operator, Some(ordering)))
    })
}

fn texts(
    call: &Call<'_>,
    operator: BinaryOperator,
    compare: impl Fn(&str, &str) -> Ordering,
) -> ArrayRef {
    let (a, b) = (call.arguments[0].texts(), call.arguments[1].texts());
    let nulls: Option<NullBuffer> = call.nulls();
    let mut values = BooleanBufferBuilder::new(call.rows);
    for row in 0..call.rows {
        let ordering = match (a.get(row), b.get(row)) {
            (Some(a), Some(b)) => Some(compare(a, b)),
            _ => None,
        };
        values.append(holds(operator, ordering));
    }
    Arc::new(BooleanArray::new(values.finish(), nulls))
}

fn bytes(vector: &Vector, row: usize) -> Option<&[u8]> {
    if vector.is_null(row) {
        return None;
    }
    let any = vector.array.as_any();
    if let Some(array) = any.downcast_ref::<BinaryViewArray>() {
        return Some(array.value(vector.at(row)));
    }
    if let Some(array) = vector.array.as_string_view_opt() {
        return Some(array.value(vector.at(row)).as_bytes());
    }
    any.downcast_ref::<FixedSizeBinaryArray>()
        .map(|array| array.value(vector.at(row)))
}
