//! Dates and times of every type as ticks (100 ns since 0001-01-01, times since midnight).

use arrow::array::{Array, Int64Array, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    Date32Type, Int64Type, Time32SecondType, Time64NanosecondType, TimestampMicrosecondType,
};
use packmule_types::DataType;
use packmule_types::temporal::{DAYS_TO_1601, DAYS_TO_1970, TICKS_PER_DAY, TICKS_PER_SECOND};

use crate::vector::Vector;

/// How a column of one date or time type is read as ticks; zones count as UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticks(pub(crate) DataType);

/// The ticks of an operand's rows.
pub(crate) struct TickColumn {
    values: Vec<i64>,
    nulls: Option<NullBuffer>,
    constant: bool,
}

impl TickColumn {
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<i64> {
        let row = if self.constant { 0 } else { row };
        if self
            .nulls
            .as_ref()
            .is_some_and(|n| row >= n.len() || n.is_null(row))
        {
            return None;
        }
        self.values.get(row).copied()
    }
}

impl Ticks {
    /// Reads an operand; one of another type is NULL everywhere.
    pub(crate) fn of(self, vector: &Vector) -> TickColumn {
        use DataType as D;
        const TO_1970: i64 = DAYS_TO_1970 * TICKS_PER_DAY;
        const TO_1601: i64 = DAYS_TO_1601 * TICKS_PER_DAY;
        let values = match self.0 {
            D::Date | D::DbTimeStamp => map::<TimestampMicrosecondType>(vector, |v| {
                v.saturating_mul(10).saturating_add(TO_1970)
            }),
            D::DbDate => map::<Date32Type>(vector, |v| {
                (i64::from(v) + DAYS_TO_1970).saturating_mul(TICKS_PER_DAY)
            }),
            D::DbTime => map::<Time32SecondType>(vector, |v| i64::from(v) * TICKS_PER_SECOND),
            D::DbTime2 => map::<Time64NanosecondType>(vector, |v| v / 100),
            D::FileTime => map::<Int64Type>(vector, |v| v.saturating_add(TO_1601)),
            D::DbTimeStamp2 => map::<Int64Type>(vector, |v| v),
            _ => vector
                .array
                .as_any()
                .downcast_ref::<StructArray>()
                .and_then(|parts| parts.column(0).as_any().downcast_ref::<Int64Array>())
                .map_or_else(Vec::new, |ticks| ticks.values().to_vec()),
        };
        TickColumn {
            values,
            nulls: vector.array.nulls().cloned(),
            constant: vector.constant,
        }
    }
}

fn map<T: arrow::array::ArrowPrimitiveType>(
    vector: &Vector,
    f: impl Fn(T::Native) -> i64,
) -> Vec<i64> {
    vector
        .primitive::<T>()
        .values
        .iter()
        .map(|v| f(*v))
        .collect()
}

/// Ticks back to the microseconds of `DT_DBTIMESTAMP`, which keeps milliseconds.
pub(crate) fn timestamp_micros(ticks: i64) -> i64 {
    (ticks - DAYS_TO_1970 * TICKS_PER_DAY).div_euclid(10_000) * 1000
}
