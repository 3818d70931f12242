//! `DATEADD`: a date moved by so many units of a part.

use arrow::array::ArrayRef;
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use packmule_types::temporal::{
    DAYS_END, TICKS_PER_DAY, civil_from_ticks, days_from_civil, days_in_month,
};
use packmule_types::{ColumnType, DataType};

use super::parts::{Part, ticks_of};
use super::{Argument, BoundFunction, Function, Takes};
use crate::codes;
use crate::temporal::{Ticks, timestamp_micros};
use crate::vector::{Call, Kernel, collect};

/// `DATEADD(part, number, date)`
pub(super) const DATEADD: Function = Function {
    name: "DATEADD",
    summary: "The date moved by a number of units; a day that the month does not have becomes \
              its last. Day, dayofyear and weekday all mean days.",
    arguments: &[
        Argument {
            name: "datepart",
            takes: Takes::DatePart,
        },
        Argument {
            name: "number",
            takes: Takes::Integer,
        },
        Argument {
            name: "date",
            takes: Takes::Temporal,
        },
    ],
    nulls: "NULL where an argument is NULL",
    result: "DT_DBTIMESTAMP",
    example: (
        "DATEADD(\"yyyy\", 2, (DT_DBTIMESTAMP)\"2003-08-06\")",
        "2005-08-06 00:00:00",
    ),
    bind: |arguments| {
        let kernel = DateAdd {
            part: Part::of(arguments, true)?,
            date: ticks_of(arguments, 2),
        };
        let result = ColumnType::new(DataType::DbTimeStamp);
        Ok(BoundFunction::new(result, kernel))
    },
};

#[derive(Debug)]
struct DateAdd {
    part: Part,
    date: Ticks,
}

impl DateAdd {
    fn moved(&self, ticks: i64, number: i64) -> Option<i64> {
        let months = match self.part {
            Part::Year => number.checked_mul(12)?,
            Part::Quarter => number.checked_mul(3)?,
            Part::Month => number,
            _ => {
                let moved = number.checked_mul(self.part.ticks()?)?.checked_add(ticks)?;
                return (0..DAYS_END * TICKS_PER_DAY)
                    .contains(&moved)
                    .then_some(moved);
            }
        };
        let civil = civil_from_ticks(ticks);
        let month = i64::from(civil.year) * 12 + i64::from(civil.month) - 1;
        let month = month.checked_add(months)?;
        let year = u32::try_from(month.div_euclid(12)).ok()?;
        let month = u32::try_from(month.rem_euclid(12)).ok()? + 1;
        let day = civil.day.min(days_in_month(year, month));
        days_from_civil(year, month, day)?
            .checked_mul(TICKS_PER_DAY)?
            .checked_add(civil.ticks)
    }
}

impl Kernel for DateAdd {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let numbers = call.arguments[1].primitive::<Int64Type>();
        let dates = self.date.of(&call.arguments[2]);
        let arrow = ColumnType::new(DataType::DbTimeStamp).arrow();
        collect::<TimestampMicrosecondType>(call.rows, arrow, call.errors, |row| {
            let (number, date) = (numbers.get(row)?, dates.get(row)?);
            let moved = self.moved(date, number).map(timestamp_micros);
            Some(moved.ok_or(codes::FUNCTION_OVERFLOW))
        })
    }
}
