//! Accumulators: what is kept of each group for each aggregate.
//!
//! Whole numbers and decimals are summed exactly, so their partial sums may be combined. Sums
//! of floats go over the rows in their order with a two-part sum, so that neither batches nor
//! threads change the result.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, PrimitiveArray, StructArray, UInt64Array,
    new_null_array,
};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType as ArrowType, Date32Type, Decimal128Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32SecondType, Time64NanosecondType,
    TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::keys::NONE;

/// What is computed of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// Values that are not NULL.
    Count,
    /// Rows.
    CountAll,
    /// Different values that are not NULL.
    CountDistinct,
    /// Their sum.
    Sum,
    /// Their mean.
    Average,
    /// The lowest.
    Minimum,
    /// The highest.
    Maximum,
}

/// Accumulators of all groups, by group.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// Rows, values or distinct values.
    Count(Vec<u64>),
    /// Exact sums.
    Exact(Vec<ExactSum>),
    /// Sums of floats.
    Float(Vec<FloatSum>),
    /// The lowest or highest value in the form of [`each_wide`]; none without a value.
    Extreme {
        best: Vec<Option<i128>>,
        highest: bool,
    },
}

/// An exact sum: `high` × 2⁶⁴ + `low`; `high` is 0 for whole numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ExactSum {
    pub(super) low: i128,
    pub(super) high: i128,
    /// Values.
    pub(super) count: u64,
}

/// A sum of floats in two parts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FloatSum {
    pub(super) sum: f64,
    pub(super) rest: f64,
    /// Values.
    pub(super) count: u64,
}

/// What a batch adds to a state.
#[derive(Debug)]
pub(super) enum Addition {
    /// States of the batch's own groups.
    Combined(State),
    /// Values by row, to be added in order.
    InOrder(Float64Array),
}

/// A sum of floats left the range of `DT_R8` in this row.
#[derive(Debug, Clone, Copy)]
pub(super) struct FloatOverflow(pub(super) usize);

impl State {
    /// Without groups.
    pub(super) fn new(operation: Operation, arrow: &ArrowType) -> Self {
        let highest = operation == Operation::Maximum;
        match (operation, arrow) {
            (Operation::Count | Operation::CountAll | Operation::CountDistinct, _) => {
                Self::Count(Vec::new())
            }
            (Operation::Minimum | Operation::Maximum, _) => Self::Extreme {
                best: Vec::new(),
                highest,
            },
            (_, ArrowType::Float32 | ArrowType::Float64) => Self::Float(Vec::new()),
            _ => Self::Exact(Vec::new()),
        }
    }

    /// Bytes of a group, twice what is stored, for vectors grow by doubling.
    pub(super) fn bytes_per_group(&self) -> usize {
        2 * match self {
            Self::Count(_) => size_of::<u64>(),
            Self::Exact(_) => size_of::<ExactSum>(),
            Self::Float(_) => size_of::<FloatSum>(),
            Self::Extreme { .. } => size_of::<Option<i128>>(),
        }
    }

    /// Makes room for so many groups.
    pub(super) fn resize(&mut self, groups: usize) {
        match self {
            Self::Count(count) => count.resize(groups, 0),
            Self::Exact(sums) => sums.resize(groups, ExactSum::default()),
            Self::Float(sums) => sums.resize(groups, FloatSum::default()),
            Self::Extreme { best, .. } => best.resize(groups, None),
        }
    }

    /// A batch's own states; `groups` has the group of each row.
    pub(super) fn addition(
        operation: Operation,
        array: Option<&ArrayRef>,
        groups: &[u32],
        count: usize,
    ) -> Addition {
        let Some(array) = array else {
            let mut counts = vec![0; count];
            for group in groups {
                counts[*group as usize] += 1;
            }
            return Addition::Combined(Self::Count(counts));
        };
        let mut state = Self::new(operation, array.data_type());
        state.resize(count);
        match &mut state {
            Self::Float(_) => return Addition::InOrder(floats(array)),
            Self::Count(counts) => match array.logical_nulls() {
                None => groups.iter().for_each(|g| counts[*g as usize] += 1),
                Some(nulls) => nulls
                    .valid_indices()
                    .for_each(|row| counts[groups[row] as usize] += 1),
            },
            Self::Exact(sums) => {
                let decimal = matches!(array.data_type(), ArrowType::Decimal128(..));
                add_exact(array, groups, decimal, sums);
            }
            Self::Extreme { best, highest } => {
                let highest = *highest;
                each_wide(array, |row, value| {
                    better(&mut best[groups[row] as usize], value, highest);
                });
            }
        }
        Addition::Combined(state)
    }

    /// Adds what a batch has; `map` gives the group here for each of the batch's groups, or
    /// [`NONE`]; `groups` the batch's group of each row.
    pub(super) fn add(
        &mut self,
        addition: &Addition,
        map: &[u32],
        groups: &[u32],
    ) -> Result<(), FloatOverflow> {
        match (self, addition) {
            (Self::Float(sums), Addition::InOrder(values)) => {
                let mut overflow = None;
                each::<Float64Type>(values, |row, value| {
                    let group = map[groups[row] as usize];
                    if group != NONE && overflow.is_none() {
                        let sum = &mut sums[group as usize];
                        sum.count += 1;
                        if !sum.add(value) {
                            overflow = Some(FloatOverflow(row));
                        }
                    }
                });
                overflow.map_or(Ok(()), Err)
            }
            (state, Addition::Combined(other)) => {
                state.combine(other, map);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn combine(&mut self, other: &Self, map: &[u32]) {
        let known = map.iter().enumerate().filter(|(_, to)| **to != NONE);
        let known = known.map(|(from, to)| (from, *to as usize));
        match (self, other) {
            (Self::Count(counts), Self::Count(more)) => {
                known.for_each(|(from, to)| counts[to] += more[from]);
            }
            (Self::Exact(sums), Self::Exact(more)) => known.for_each(|(from, to)| {
                let (sum, more) = (&mut sums[to], &more[from]);
                sum.low += more.low;
                sum.high += more.high;
                sum.count += more.count;
            }),
            (Self::Extreme { best, highest }, Self::Extreme { best: others, .. }) => {
                for (from, to) in known {
                    if let Some(value) = others[from] {
                        better(&mut best[to], value, *highest);
                    }
                }
            }
            _ => {}
        }
    }

    /// A copy of some groups.
    pub(super) fn part(&self, from: usize, to: usize) -> Self {
        match self {
            Self::Count(count) => Self::Count(count[from..to].to_vec()),
            Self::Exact(sums) => Self::Exact(sums[from..to].to_vec()),
            Self::Float(sums) => Self::Float(sums[from..to].to_vec()),
            Self::Extreme { best, highest } => Self::Extreme {
                best: best[from..to].to_vec(),
                highest: *highest,
            },
        }
    }
}

/// Puts a value in the place of one that is not as low, or as high.
#[inline]
fn better(best: &mut Option<i128>, value: i128, highest: bool) {
    let keep = best.is_some_and(|best| (value <= best) == highest || value == best);
    if !keep {
        *best = Some(value);
    }
}

fn add_exact(array: &ArrayRef, groups: &[u32], decimal: bool, sums: &mut [ExactSum]) {
    if decimal {
        each_wide(array, |row, value| {
            let sum = &mut sums[groups[row] as usize];
            sum.low += value & i128::from(u64::MAX);
            sum.high += value >> 64;
            sum.count += 1;
        });
    } else {
        each_wide(array, |row, value| {
            let sum = &mut sums[groups[row] as usize];
            sum.low += value;
            sum.count += 1;
        });
    }
}

impl FloatSum {
    /// Adds a value (Knuth's two-sum); false when finite values leave the range.
    #[inline]
    fn add(&mut self, value: f64) -> bool {
        let total = self.sum + value;
        if !total.is_finite() {
            let overflow = self.sum.is_finite() && value.is_finite();
            self.sum = total;
            self.rest = 0.0;
            return !overflow;
        }
        let of_value = total - self.sum;
        let error = (self.sum - (total - of_value)) + (value - of_value);
        // The two parts are kept apart: the rest stays below half a unit of the sum.
        let low = self.rest + error;
        self.sum = total + low;
        self.rest = low - (self.sum - total);
        true
    }
}

fn floats(array: &ArrayRef) -> Float64Array {
    match array.as_primitive_opt::<Float32Type>() {
        Some(values) => values.unary(f64::from),
        None => array.as_primitive::<Float64Type>().clone(),
    }
}

#[inline]
fn each<T: ArrowPrimitiveType>(array: &dyn Array, mut f: impl FnMut(usize, T::Native)) {
    let Some(array) = array.as_primitive_opt::<T>() else {
        return;
    };
    let values = array.values();
    match array.nulls().filter(|n| n.null_count() > 0) {
        None => values
            .iter()
            .enumerate()
            .for_each(|(row, value)| f(row, *value)),
        Some(nulls) => nulls.valid_indices().for_each(|row| f(row, values[row])),
    }
}

/// Goes over the values that are not NULL as whole numbers in their natural order: floats by
/// their bits, timestamps with offset by point in time, then offset.
fn each_wide(array: &ArrayRef, mut f: impl FnMut(usize, i128)) {
    use ArrowType as A;
    match array.data_type() {
        A::Int8 => each::<Int8Type>(array, |row, v| f(row, v.into())),
        A::Int16 => each::<Int16Type>(array, |row, v| f(row, v.into())),
        A::Int32 => each::<Int32Type>(array, |row, v| f(row, v.into())),
        A::Int64 => each::<Int64Type>(array, |row, v| f(row, v.into())),
        A::UInt8 => each::<UInt8Type>(array, |row, v| f(row, v.into())),
        A::UInt16 => each::<UInt16Type>(array, |row, v| f(row, v.into())),
        A::UInt32 => each::<UInt32Type>(array, |row, v| f(row, v.into())),
        A::UInt64 => each::<UInt64Type>(array, |row, v| f(row, v.into())),
        A::Decimal128(..) => each::<Decimal128Type>(array, f),
        A::Float32 => each::<Float32Type>(array, |row, v| f(row, ordered(f64::from(v)))),
        A::Float64 => each::<Float64Type>(array, |row, v| f(row, ordered(v))),
        A::Date32 => each::<Date32Type>(array, |row, v| f(row, v.into())),
        A::Time32(_) => each::<Time32SecondType>(array, |row, v| f(row, v.into())),
        A::Time64(_) => each::<Time64NanosecondType>(array, |row, v| f(row, v.into())),
        A::Timestamp(..) => each::<TimestampMicrosecondType>(array, |row, v| f(row, v.into())),
        A::Struct(_) => {
            let parts = array.as_struct();
            let ticks = parts.column(0).as_primitive::<Int64Type>().values();
            let offsets = parts.column(1).as_primitive::<Int16Type>().values();
            let rows = (0..parts.len()).filter(|row| parts.is_valid(*row));
            rows.for_each(|row| {
                let offset = i128::from(offsets[row]) + OFFSET_BIAS;
                f(row, (i128::from(ticks[row]) << 16) + offset);
            });
        }
        _ => {}
    }
}

const OFFSET_BIAS: i128 = 1 << 15;

/// Floats as whole numbers of the same order.
fn ordered(value: f64) -> i128 {
    let bits = value.to_bits().cast_signed();
    i128::from(if bits < 0 { bits ^ i64::MAX } else { bits })
}

fn unordered(value: i128) -> f64 {
    let bits = i64::try_from(value).unwrap_or(0);
    f64::from_bits((if bits < 0 { bits ^ i64::MAX } else { bits }).cast_unsigned())
}

/// Values in the form of [`each_wide`] as an array of their type.
pub(super) fn from_wide(arrow: &ArrowType, values: &[Option<i128>]) -> ArrayRef {
    use ArrowType as A;
    fn make<T: ArrowPrimitiveType>(
        arrow: &ArrowType,
        values: &[Option<i128>],
        native: impl Fn(i128) -> Option<T::Native>,
    ) -> ArrayRef {
        let rows = values.iter().map(|value| native((*value)?));
        let array: PrimitiveArray<T> = rows.collect();
        Arc::new(array.with_data_type(arrow.clone()))
    }
    macro_rules! whole {
        ($type:ty) => {
            make::<$type>(arrow, values, |v| v.try_into().ok())
        };
    }
    match arrow {
        A::Int8 => whole!(Int8Type),
        A::Int16 => whole!(Int16Type),
        A::Int32 => whole!(Int32Type),
        A::Int64 => whole!(Int64Type),
        A::UInt8 => whole!(UInt8Type),
        A::UInt16 => whole!(UInt16Type),
        A::UInt32 => whole!(UInt32Type),
        A::UInt64 => whole!(UInt64Type),
        A::Date32 => whole!(Date32Type),
        A::Time32(_) => whole!(Time32SecondType),
        A::Time64(_) => whole!(Time64NanosecondType),
        A::Timestamp(..) => whole!(TimestampMicrosecondType),
        A::Decimal128(..) => make::<Decimal128Type>(arrow, values, Some),
        A::Float32 => make::<Float32Type>(arrow, values, |v| Some(unordered(v) as f32)),
        A::Float64 => make::<Float64Type>(arrow, values, |v| Some(unordered(v))),
        A::Struct(fields) => {
            let ticks = make::<Int64Type>(&A::Int64, values, |v| (v >> 16).try_into().ok());
            let offsets = make::<Int16Type>(&A::Int16, values, |v| {
                ((v & 0xFFFF) - OFFSET_BIAS).try_into().ok()
            });
            let nulls = ticks.nulls().cloned();
            let parts = StructArray::try_new(fields.clone(), vec![ticks, offsets], nulls);
            match parts {
                Ok(parts) => Arc::new(parts),
                Err(_) => new_null_array(arrow, values.len()),
            }
        }
        _ => new_null_array(arrow, values.len()),
    }
}

/// Counts as an array of `DT_UI8`.
pub(super) fn counts(values: Vec<u64>) -> ArrayRef {
    Arc::new(UInt64Array::from(values))
}
