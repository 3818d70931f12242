//! Days, ticks and civil dates: one count for all date types.
//!
//! A *tick* is 100 ns. The common count is ticks since 0001-01-01 00:00 (proleptic Gregorian),
//! which holds every date type of SSIS in an `i64`.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Ticks (100 ns) of a second.
pub const TICKS_PER_SECOND: i64 = 10_000_000;
/// Ticks of a day.
pub const TICKS_PER_DAY: i64 = 86_400 * TICKS_PER_SECOND;
/// Days from 0001-01-01 to 1970-01-01.
pub const DAYS_TO_1970: i64 = 719_162;
/// Days from 0001-01-01 to 1601-01-01, the start of `DT_FILETIME`.
pub const DAYS_TO_1601: i64 = 584_388;
/// Days from 0001-01-01 to 1899-12-30, the start of `DT_DATE`.
pub const DAYS_TO_1899: i64 = 693_593;
/// Days from 0001-01-01 to 10000-01-01: one more than the last day of any type.
pub const DAYS_END: i64 = 3_652_059;

/// A civil date with a time to the tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// 1 to 9999
    pub year: u32,
    /// 1 to 12
    pub month: u32,
    /// 1 to 31
    pub day: u32,
    /// Ticks since midnight.
    pub ticks: i64,
}

/// Days since 0001-01-01 of a date; `None` where the date does not exist or its year is not
/// 1 to 9999.
#[inline]
pub fn days_from_civil(year: u32, month: u32, day: u32) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    if day > 28 && day > days_in_month(year, month) {
        return None;
    }
    // Howard Hinnant's algorithm: years start in March.
    let y = i64::from(year) - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    // 719_468 days lie between 0000-03-01 and 1970-01-01
    Some(era * 146_097 + day_of_era - 719_468 + DAYS_TO_1970)
}

/// The days of a month.
#[inline]
pub const fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// Year, month and day of a count of days since 0001-01-01; counts out of 0001 to 9999 are
/// taken to the nearest day inside.
#[inline]
pub fn civil_from_days(days: i64) -> (u32, u32, u32) {
    let z = days.clamp(0, DAYS_END - 1) + 306; // since 0000-03-01
    let z = z as u32; // at most 3.7 million, never negative
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u32::from(month <= 2);
    (year, month, day)
}

/// A tick count as date and time.
#[inline]
pub fn civil_from_ticks(ticks: i64) -> Civil {
    let (year, month, day) = civil_from_days(ticks.div_euclid(TICKS_PER_DAY));
    Civil {
        year,
        month,
        day,
        ticks: ticks.rem_euclid(TICKS_PER_DAY),
    }
}

/// Ticks of a `NaiveDateTime`; `None` out of the years 1 to 9999.
pub fn ticks_from_datetime(value: NaiveDateTime) -> Option<i64> {
    let days = days_from_date(value.date())?;
    Some(days * TICKS_PER_DAY + ticks_from_time(value.time()))
}

/// The `NaiveDateTime` of a tick count; out of 0001 to 9999 the nearest day inside.
pub fn datetime_from_ticks(ticks: i64) -> NaiveDateTime {
    let days = ticks.div_euclid(TICKS_PER_DAY);
    date_from_days(days).and_time(time_from_ticks(ticks.rem_euclid(TICKS_PER_DAY)))
}

/// Days since 0001-01-01 of a `NaiveDate`; `None` out of the years 1 to 9999.
pub fn days_from_date(date: NaiveDate) -> Option<i64> {
    let days = i64::from(date.num_days_from_ce()) - 1;
    (0..DAYS_END).contains(&days).then_some(days)
}

/// The `NaiveDate` of a count of days since 0001-01-01, clamped to 0001 to 9999.
pub fn date_from_days(days: i64) -> NaiveDate {
    let days = days.clamp(0, DAYS_END - 1) + 1;
    i32::try_from(days)
        .ok()
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .unwrap_or_default()
}

/// Ticks since midnight; a leap second counts as the last tick of its minute.
pub fn ticks_from_time(time: NaiveTime) -> i64 {
    let nanos = i64::from(time.nanosecond()).min(999_999_999);
    i64::from(time.num_seconds_from_midnight()) * TICKS_PER_SECOND + nanos / 100
}

/// The time of day of ticks since midnight, clamped to a day.
pub fn time_from_ticks(ticks: i64) -> NaiveTime {
    let ticks = ticks.clamp(0, TICKS_PER_DAY - 1);
    let seconds = u32::try_from(ticks / TICKS_PER_SECOND).unwrap_or(0);
    let nanos = u32::try_from(ticks % TICKS_PER_SECOND * 100).unwrap_or(0);
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos).unwrap_or_default()
}

/// Ticks of one unit of the last of `scale` fraction digits (0 to 7).
#[inline]
pub const fn ticks_of_scale(scale: u8) -> i64 {
    match scale {
        0 => 10_000_000,
        1 => 1_000_000,
        2 => 100_000,
        3 => 10_000,
        4 => 1_000,
        5 => 100,
        6 => 10,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_agree_with_chrono() {
        let mut days = 0;
        while days < DAYS_END {
            let date = date_from_days(days);
            let (y, m, d) = civil_from_days(days);
            assert_eq!((date.year() as u32, date.month(), date.day()), (y, m, d));
            assert_eq!(days_from_civil(y, m, d), Some(days));
            days += 13;
        }
        assert_eq!(civil_from_days(DAYS_END - 1), (9999, 12, 31));
        assert_eq!(days_from_civil(1899, 12, 30), Some(DAYS_TO_1899));
        assert_eq!(days_from_civil(1601, 1, 1), Some(DAYS_TO_1601));
        assert_eq!(days_from_civil(1970, 1, 1), Some(DAYS_TO_1970));
        assert_eq!(days_from_civil(2023, 2, 29), None);
        assert_eq!(days_from_civil(1, 1, 1), Some(0));
    }
}
