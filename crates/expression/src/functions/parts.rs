//! The parts of a date and their names.

use packmule_types::DataType;
use packmule_types::array::value_at;
use packmule_types::temporal::{TICKS_PER_DAY, civil_from_ticks, days_from_civil};

use super::Arguments;
use crate::codes;
use crate::error::ExpressionError;
use crate::temporal::Ticks;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Quarter,
    Month,
    DayOfYear,
    Day,
    Week,
    Weekday,
    Hour,
    Minute,
    Second,
    Millisecond,
}

/// Accepted texts, in any letter case.
const NAMES: &[(Part, &[&str])] = &[
    (Part::Year, &["year", "yy", "yyyy"]),
    (Part::Quarter, &["quarter", "qq", "q"]),
    (Part::Month, &["month", "mm", "m"]),
    (Part::DayOfYear, &["dayofyear", "dy", "y"]),
    (Part::Day, &["day", "dd", "d"]),
    (Part::Week, &["week", "wk", "ww"]),
    (Part::Weekday, &["weekday", "dw"]),
    (Part::Hour, &["hour", "hh"]),
    (Part::Minute, &["minute", "mi", "n"]),
    (Part::Second, &["second", "ss", "s"]),
    (Part::Millisecond, &["millisecond", "ms"]),
];

impl Part {
    /// The part that the first argument names; it must be a literal.
    pub(super) fn of(
        arguments: &Arguments<'_>,
        short_weekday: bool,
    ) -> Result<Self, ExpressionError> {
        let node = &arguments.nodes[0];
        let text = node
            .constant()
            .map(|array| value_at(&node.column_type, array, 0));
        let name = arguments.function.name;
        let Some(text) = text.as_ref().and_then(|value| value.as_text()) else {
            let detail = format!("the date part of {name} must be a literal text");
            return Err(
                ExpressionError::new(codes::DATE_PART_NOT_STATIC, node.at, detail).with(&[name]),
            );
        };
        let known = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(text));
        if let Some((part, _)) = NAMES.iter().find(|(_, names)| known(names)) {
            return Ok(*part);
        }
        if short_weekday && text.eq_ignore_ascii_case("w") {
            return Ok(Self::Weekday);
        }
        let detail = format!("\"{text}\" is no part of a date");
        Err(ExpressionError::new(codes::UNKNOWN_DATE_PART, node.at, detail).with(&[text, name]))
    }

    /// Ticks of one unit, for parts of fixed length.
    pub(super) fn ticks(self) -> Option<i64> {
        Some(match self {
            Self::DayOfYear | Self::Day | Self::Weekday => TICKS_PER_DAY,
            Self::Week => 7 * TICKS_PER_DAY,
            Self::Hour => TICKS_PER_DAY / 24,
            Self::Minute => TICKS_PER_DAY / 1440,
            Self::Second => TICKS_PER_DAY / 86_400,
            Self::Millisecond => TICKS_PER_DAY / 86_400_000,
            Self::Year | Self::Quarter | Self::Month => return None,
        })
    }

    /// The value of the part.
    pub(super) fn value(self, ticks: i64) -> i64 {
        let civil = civil_from_ticks(ticks);
        let (year, month, day) = (civil.year, civil.month, civil.day);
        match self {
            Self::Year => i64::from(year),
            Self::Quarter => i64::from((month - 1) / 3 + 1),
            Self::Month => i64::from(month),
            Self::DayOfYear => day_of_year(ticks, year),
            Self::Day => i64::from(day),
            Self::Week => week(ticks, year),
            Self::Weekday => weekday(ticks.div_euclid(TICKS_PER_DAY)) + 1,
            Self::Hour => civil.ticks / (TICKS_PER_DAY / 24),
            Self::Minute => civil.ticks / (TICKS_PER_DAY / 1440) % 60,
            Self::Second => civil.ticks / (TICKS_PER_DAY / 86_400) % 60,
            Self::Millisecond => civil.ticks / (TICKS_PER_DAY / 86_400_000) % 1000,
        }
    }
}

fn day_of_year(ticks: i64, year: u32) -> i64 {
    let first = days_from_civil(year, 1, 1).unwrap_or(0);
    ticks.div_euclid(TICKS_PER_DAY) - first + 1
}

/// 0 for Sunday; the days count from 0001-01-01, a Monday.
fn weekday(days: i64) -> i64 {
    (days + 1).rem_euclid(7)
}

/// [R-WEEK] Week 1 holds 1 January; weeks start on Sunday.
fn week(ticks: i64, year: u32) -> i64 {
    let first = days_from_civil(year, 1, 1).unwrap_or(0);
    (day_of_year(ticks, year) - 1 + weekday(first)) / 7 + 1
}

/// How a date argument is read.
pub(super) fn ticks_of(arguments: &Arguments<'_>, index: usize) -> Ticks {
    let data_type = arguments.column_type(index).data_type;
    debug_assert!(data_type.is_temporal() || data_type == DataType::Null);
    Ticks(data_type)
}
