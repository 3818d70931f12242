//! `DATEDIFF`: the boundaries of a part that lie between two dates.

use arrow::array::ArrayRef;
use arrow::datatypes::Int32Type;
use packmule_types::temporal::{TICKS_PER_DAY, civil_from_ticks};
use packmule_types::{ColumnType, DataType};

use super::parts::{Part, ticks_of};
use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::temporal::Ticks;
use crate::vector::{Call, Kernel, collect};

/// `DATEDIFF(part, start, end)`
pub(super) const DATEDIFF: Function = Function {
    name: "DATEDIFF",
    summary: "The number of boundaries of a part that are crossed from start to end; negative \
              where the end is earlier. Weeks start on Sunday.",
    arguments: &[
        Argument {
            name: "datepart",
            takes: Takes::DatePart,
        },
        Argument {
            name: "startdate",
            takes: Takes::Temporal,
        },
        Argument {
            name: "enddate",
            takes: Takes::Temporal,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_I4",
    example: (
        "DATEDIFF(\"dd\", (DT_DBTIMESTAMP)\"2003-08-01\", (DT_DBTIMESTAMP)\"2003-08-08\")",
        "7",
    ),
    bind: |arguments| {
        let kernel = DateDiff {
            part: Part::of(arguments, true)?,
            start: ticks_of(arguments, 1),
            end: ticks_of(arguments, 2),
        };
        Ok(BoundFunction::new(ColumnType::new(DataType::I4), kernel))
    },
};

#[derive(Debug)]
struct DateDiff {
    part: Part,
    start: Ticks,
    end: Ticks,
}

impl DateDiff {
    /// The number of the part's boundaries before a point in time.
    fn boundaries(&self, ticks: i64) -> i64 {
        let civil = civil_from_ticks(ticks);
        let months = i64::from(civil.year) * 12 + i64::from(civil.month) - 1;
        match (self.part, self.part.ticks()) {
            (Part::Year, _) => i64::from(civil.year),
            (Part::Quarter, _) => months / 3,
            (Part::Month, _) => months,
            // 0001-01-01 is a Monday: a day more, and weeks start on Sunday.
            (Part::Week, _) => (ticks.div_euclid(TICKS_PER_DAY) + 1).div_euclid(7),
            (_, Some(unit)) => ticks.div_euclid(unit),
            (_, None) => 0,
        }
    }
}

impl Kernel for DateDiff {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let start = self.start.of(&call.arguments[1]);
        let end = self.end.of(&call.arguments[2]);
        let arrow = arrow::datatypes::DataType::Int32;
        collect::<Int32Type>(call.rows, arrow, call.errors, |row| {
            let (start, end) = (start.get(row)?, end.get(row)?);
            let difference = self.boundaries(end) - self.boundaries(start);
            Some(i32::try_from(difference).map_err(|_| codes::FUNCTION_OVERFLOW))
        })
    }
}
