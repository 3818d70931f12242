//! From accumulators to the columns of an output.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Array, Float64Array};
use arrow::datatypes::{DataType as ArrowType, i256};
use packmule_types::{Code, ColumnType, DataType, decimal};

use super::settings::{Aggregate, OutputPlan, Source, Target};
use super::states::{Operation, State, counts, from_wide};
use crate::component::Failure;

/// A result does not fit into its column.
pub(super) const OVERFLOW: Code = Code(0xC020_9011);
/// A result cannot be had otherwise.
const AGGREGATION_FAILED: Code = Code(0xC020_90CD);
/// `DISP_E_OVERFLOW`-like status of a value that was cut.
const TRUNCATED: &str = "4";

/// Groups that follow each other: the first values of their keys and their accumulators.
#[derive(Debug)]
pub(super) struct GroupBatch {
    /// One array for each key column.
    pub(super) keys: Vec<ArrayRef>,
    /// One part for each aggregate.
    pub(super) states: Vec<State>,
}

impl GroupBatch {
    /// The columns of the output.
    pub(super) fn columns(&self, plan: &OutputPlan) -> Result<Vec<ArrayRef>, Failure> {
        plan.targets
            .iter()
            .map(|target| self.column(plan, target))
            .collect()
    }

    fn column(&self, plan: &OutputPlan, target: &Target) -> Result<ArrayRef, Failure> {
        let kept = match target.source {
            Source::Key(key) => self.keys.get(key).map(Arc::clone),
            Source::Aggregate(at) => match (plan.aggregates.get(at), self.states.get(at)) {
                (Some(aggregate), Some(state)) => {
                    let kept = *target.conversion.from();
                    let array = finish(aggregate, state, kept);
                    Some(array.map_err(|row| Failure::at(row, OVERFLOW, &[&target.name]))?)
                }
                _ => None,
            },
        };
        let Some(kept) = kept else {
            return Err(Failure::at(0, AGGREGATION_FAILED, &[&target.name, "0"]));
        };
        let converted = target.conversion.convert(&kept);
        if let Some((row, _)) = converted.errors.iter().next() {
            let row = row as usize;
            return Err(match target.source {
                Source::Aggregate(_) => Failure::at(row, OVERFLOW, &[&target.name]),
                Source::Key(_) => Failure::at(row, AGGREGATION_FAILED, &[&target.name, TRUNCATED]),
            });
        }
        Ok(converted.array)
    }
}

/// The results in the type in which they are kept; the row of the first that does not fit.
fn finish(aggregate: &Aggregate, state: &State, kept: ColumnType) -> Result<ArrayRef, usize> {
    let average = aggregate.operation == Operation::Average;
    let input = aggregate.column.map(|(_, t)| t);
    match state {
        State::Count(values) => Ok(counts(values.clone())),
        State::Extreme { best, .. } => Ok(from_wide(&kept.arrow(), best)),
        State::Float(sums) => {
            let values = sums.iter().map(|s| match (s.count, average) {
                (0, _) => None,
                (count, true) => Some((s.sum + s.rest) / count as f64),
                (_, false) => Some(s.sum + s.rest),
            });
            Ok(Arc::new(values.collect::<Float64Array>()))
        }
        State::Exact(sums) => {
            let scale = input.map_or(0, |t| scale(&t.arrow()));
            let rows = sums.iter().map(|s| (total(s.low, s.high), s.count));
            match kept.data_type {
                DataType::R8 => real(rows, scale, average),
                _ => exact(rows, scale, kept, average),
            }
        }
    }
}

fn scale(arrow: &ArrowType) -> u8 {
    match arrow {
        ArrowType::Decimal128(_, scale) => u8::try_from(*scale).unwrap_or(0),
        _ => 0,
    }
}

fn total(low: i128, high: i128) -> i256 {
    let word = i256::from_i128(1 << 64);
    i256::from_i128(high)
        .wrapping_mul(word)
        .wrapping_add(i256::from_i128(low))
}

/// Exact totals as `DT_R8`.
fn real(
    rows: impl Iterator<Item = (i256, u64)>,
    scale: u8,
    average: bool,
) -> Result<ArrayRef, usize> {
    let mut values = Vec::new();
    for (row, (total, count)) in rows.enumerate() {
        let value = total
            .to_i128()
            .map(|total| decimal::to_f64(total, scale))
            .ok_or(row)?;
        values.push(match (count, average) {
            (0, _) => None,
            (count, true) => Some(value / count as f64),
            (_, false) => Some(value),
        });
    }
    Ok(Arc::new(Float64Array::from(values)))
}

/// Exact totals as decimals of 38 digits with the digits after the point that `kept` has.
fn exact(
    rows: impl Iterator<Item = (i256, u64)>,
    scale: u8,
    kept: ColumnType,
    average: bool,
) -> Result<ArrayRef, usize> {
    let power = |digits: u8| decimal::pow10(u32::from(digits)).map(i256::from_i128);
    let up = power(kept.scale.saturating_sub(scale));
    let down = power(scale.saturating_sub(kept.scale));
    let mut values = Vec::new();
    for (row, (total, count)) in rows.enumerate() {
        if count == 0 {
            values.push(None);
            continue;
        }
        let parts = i256::from_i128(if average { i128::from(count) } else { 1 });
        let value = (|| {
            let value = total
                .checked_mul(up?)?
                .checked_div(parts.checked_mul(down?)?)?;
            value.to_i128().filter(|v| decimal::fits(*v, 38))
        })();
        values.push(Some(value.ok_or(row)?));
    }
    let array = Decimal128Array::from(values).with_data_type(kept.arrow());
    Ok(Arc::new(array))
}

/// Bytes of arrays.
pub(super) fn array_bytes(arrays: &[ArrayRef]) -> usize {
    arrays.iter().map(|a| a.get_array_memory_size()).sum()
}
