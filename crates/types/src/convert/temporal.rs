//! Dates to dates (the expression reference, 6.4), and the day numbers of `DT_DATE`.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32SecondType, Time64NanosecondType, TimestampMicrosecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use chrono::NaiveDate;

use super::number::{Source, fixed_of_float, integer_of_float, read, to_r8};
use super::{Converted, collect, without};
use crate::array::{TICKS_TO_1601, TICKS_TO_1970, offset_array};
use crate::data_type::{ColumnType, DataType};
use crate::decimal::fits;
use crate::status::{RowErrors, Status};
use crate::temporal::{
    DAYS_END, DAYS_TO_1899, DAYS_TO_1970, TICKS_PER_DAY, TICKS_PER_SECOND, days_from_date,
};
use crate::text::Outcome;
use crate::text::parse::{MIN_DATE, cut_ticks};

const END: i64 = DAYS_END * TICKS_PER_DAY;
/// 1753-01-01, the first day of `DT_DBTIMESTAMP` in conversions.
const MIN_TIMESTAMP: i64 = (DAYS_TO_1899 - 53_688) * TICKS_PER_DAY;

/// Calls the body with a reader of ticks since 0001 (UTC; times on `today`).
macro_rules! ticks {
    ($array:expr, $from:expr, $today:expr, $read:ident => $body:expr) => {{
        let (array, today): (&dyn Array, i64) = ($array, $today);
        match $from {
            DataType::Date | DataType::DbTimeStamp => {
                let a = array.as_primitive_opt::<TimestampMicrosecondType>()?;
                let $read = |row: usize| {
                    a.value(row)
                        .saturating_mul(10)
                        .saturating_add(TICKS_TO_1970)
                };
                $body
            }
            DataType::DbDate => {
                let a = array.as_primitive_opt::<Date32Type>()?;
                let $read = |row: usize| (i64::from(a.value(row)) + DAYS_TO_1970) * TICKS_PER_DAY;
                $body
            }
            DataType::DbTime => {
                let a = array.as_primitive_opt::<Time32SecondType>()?;
                let $read = |row: usize| today + i64::from(a.value(row)) * TICKS_PER_SECOND;
                $body
            }
            DataType::DbTime2 => {
                let a = array.as_primitive_opt::<Time64NanosecondType>()?;
                let $read = |row: usize| today + a.value(row) / 100;
                $body
            }
            DataType::DbTimeStamp2 => {
                let a = array.as_primitive_opt::<Int64Type>()?;
                let $read = |row: usize| a.value(row);
                $body
            }
            DataType::FileTime => {
                let a = array.as_primitive_opt::<Int64Type>()?;
                let $read = |row: usize| a.value(row).saturating_add(TICKS_TO_1601);
                $body
            }
            DataType::DbTimeStampOffset => {
                let a = array
                    .as_struct_opt()?
                    .columns()
                    .first()?
                    .as_primitive_opt::<Int64Type>()?;
                let $read = |row: usize| a.value(row);
                $body
            }
            _ => None,
        }
    }};
}

/// Converts a column; `None` where the array does not have the form of `from`.
pub(super) fn convert(
    array: &ArrayRef,
    from: &ColumnType,
    to: &ColumnType,
    today: NaiveDate,
) -> Option<Converted> {
    use DataType as D;
    if from.data_type == D::DbTimeStampOffset && to.data_type == D::DbTimeStampOffset {
        return offsets(array, to);
    }
    // a `DT_DATE` has no fraction digits that count, and file times convert without a word
    let silent = matches!(
        (from.data_type, to.data_type),
        (D::Date, _) | (D::FileTime, D::Date | D::DbTimeStamp)
    );
    let today = days_from_date(today).unwrap_or(0) * TICKS_PER_DAY;
    ticks!(array.as_ref(), from.data_type, today, read => sink(array, to, silent, read))
}

fn sink(
    array: &ArrayRef,
    to: &ColumnType,
    silent: bool,
    read: impl Fn(usize) -> i64,
) -> Option<Converted> {
    use DataType as D;
    let (rows, nulls) = (array.len(), array.nulls());
    let cut = |ticks: i64, scale: u8| match cut_ticks(ticks, false, scale) {
        Outcome::Cut(ticks) if silent => Outcome::Value(ticks),
        outcome => outcome,
    };
    let since = |row: usize, least: i64, scale: u8| {
        let ticks = read(row);
        if (least..END).contains(&ticks) {
            cut(ticks, scale)
        } else {
            Outcome::Failed(Status::Overflow)
        }
    };
    let micros = |ticks: i64| (ticks - TICKS_TO_1970).div_euclid(10);
    let in_day = |row: usize| read(row).rem_euclid(TICKS_PER_DAY);
    Some(match to.data_type {
        D::Date => collect::<TimestampMicrosecondType>(rows, nulls, to, |row| {
            since(row, MIN_DATE, 3).map(micros)
        }),
        D::DbTimeStamp => collect::<TimestampMicrosecondType>(rows, nulls, to, |row| {
            since(row, MIN_TIMESTAMP, 3).map(micros)
        }),
        D::DbTimeStamp2 => collect::<Int64Type>(rows, nulls, to, |row| since(row, 0, to.scale)),
        D::FileTime => collect::<Int64Type>(rows, nulls, to, |row| {
            since(row, TICKS_TO_1601, 7).map(|t| t - TICKS_TO_1601)
        }),
        D::DbDate => collect::<Date32Type>(rows, nulls, to, |row| {
            let days = read(row).div_euclid(TICKS_PER_DAY) - DAYS_TO_1970;
            i32::try_from(days).map_err(|_| Status::Overflow).into()
        }),
        D::DbTime => collect::<Time32SecondType>(rows, nulls, to, |row| {
            // less than 86 400
            cut(in_day(row), 0).map(|t| (t / TICKS_PER_SECOND) as i32)
        }),
        D::DbTime2 => collect::<Time64NanosecondType>(rows, nulls, to, |row| {
            cut(in_day(row), to.scale).map(|t| t * 100)
        }),
        D::DbTimeStampOffset => {
            let utc = collect::<Int64Type>(rows, nulls, &ColumnType::new(D::I8), |row| {
                since(row, 0, to.scale)
            });
            let ticks = utc.array.as_primitive_opt::<Int64Type>()?;
            Converted {
                array: offset_array(
                    ticks.values().to_vec(),
                    vec![0; rows],
                    ticks.nulls().cloned(),
                ),
                errors: utc.errors,
            }
        }
        _ => return None,
    })
}

/// Offsets to offsets of another scale: the zone stays.
fn offsets(array: &ArrayRef, to: &ColumnType) -> Option<Converted> {
    let parts = array.as_struct_opt()?;
    let ticks = parts.columns().first()?.as_primitive_opt::<Int64Type>()?;
    let minutes = parts.columns().get(1)?.as_primitive_opt::<Int16Type>()?;
    let mut errors = RowErrors::new();
    let cut = (0..array.len())
        .map(|row| match cut_ticks(ticks.value(row), false, to.scale) {
            Outcome::Cut(ticks) => {
                if array.is_valid(row) {
                    errors.push(row as u32, Status::Truncated);
                }
                ticks
            }
            Outcome::Value(ticks) => ticks,
            Outcome::Failed(_) => ticks.value(row),
        })
        .collect();
    let nulls = without(array.nulls(), &errors, array.len());
    Some(Converted {
        array: offset_array(cut, minutes.values().to_vec(), nulls),
        errors,
    })
}

/// Numbers to dates and back. [R-NUM-DATE] A number is the day number of `DT_DATE`: days since
/// 1899-12-30, the time as a fraction. File times are counts of 100 ns.
pub(super) fn day_number(
    array: &ArrayRef,
    from: &ColumnType,
    to: &ColumnType,
) -> Option<Converted> {
    if to.data_type == DataType::FileTime {
        return read!(array.as_ref(), from, source => file_times(array, to, source));
    }
    if from.data_type.is_temporal() {
        return numbers(array, from, to);
    }
    read!(array.as_ref(), from, source => {
        sink_days(array, to, |row| ticks_of_days(to_r8(source(row))))
    })
}

fn file_times(
    array: &ArrayRef,
    to: &ColumnType,
    source: impl Fn(usize) -> Source,
) -> Option<Converted> {
    Some(collect::<Int64Type>(
        array.len(),
        array.nulls(),
        to,
        |row| {
            let ticks = match source(row) {
                Source::Int(value) => Some(value),
                Source::Ui8(value) => i64::try_from(value).ok(),
                _ => None,
            };
            ticks
                .filter(|t| (0..END - TICKS_TO_1601).contains(t))
                .ok_or(Status::Overflow)
                .into()
        },
    ))
}

/// Ticks since 0001 of a day number, to the millisecond. Before 1899-12-30 the fraction still
/// counts forward, as OLE Automation has it.
fn ticks_of_days(days: f64) -> Result<i64, Status> {
    if !days.is_finite() || days.abs() > 4e6 {
        return Err(Status::Overflow);
    }
    let whole = days.trunc();
    let millis = ((days - whole).abs() * 86_400_000.0).round_ties_even();
    // both far within the range
    let ticks = (whole as i64 + DAYS_TO_1899) * TICKS_PER_DAY + millis as i64 * 10_000;
    if (MIN_DATE..END).contains(&ticks) {
        Ok(ticks)
    } else {
        Err(Status::Overflow)
    }
}

fn sink_days(
    array: &ArrayRef,
    to: &ColumnType,
    read: impl Fn(usize) -> Result<i64, Status>,
) -> Option<Converted> {
    use DataType as D;
    let (rows, nulls) = (array.len(), array.nulls());
    let micros = |ticks: i64| (ticks - TICKS_TO_1970).div_euclid(10);
    Some(match to.data_type {
        D::Date => {
            collect::<TimestampMicrosecondType>(rows, nulls, to, |row| read(row).map(micros).into())
        }
        D::DbTimeStamp => collect::<TimestampMicrosecondType>(rows, nulls, to, |row| {
            read(row)
                .and_then(|t| {
                    if t < MIN_TIMESTAMP {
                        Err(Status::Overflow)
                    } else {
                        Ok(micros(t))
                    }
                })
                .into()
        }),
        D::DbDate => collect::<Date32Type>(rows, nulls, to, |row| {
            read(row)
                .and_then(|t| {
                    i32::try_from(t.div_euclid(TICKS_PER_DAY) - DAYS_TO_1970)
                        .map_err(|_| Status::Overflow)
                })
                .into()
        }),
        D::DbTime => collect::<Time32SecondType>(rows, nulls, to, |row| {
            read(row)
                .map(|t| (t.rem_euclid(TICKS_PER_DAY) / TICKS_PER_SECOND) as i32)
                .into()
        }),
        _ => return None,
    })
}

/// `DT_DATE` and `DT_FILETIME` to numbers.
fn numbers(array: &ArrayRef, from: &ColumnType, to: &ColumnType) -> Option<Converted> {
    use DataType as D;
    let (rows, nulls) = (array.len(), array.nulls());
    if from.data_type == D::FileTime {
        let ticks = array.as_primitive_opt::<Int64Type>()?;
        return match to.data_type {
            D::I8 => Some(collect::<Int64Type>(rows, nulls, to, |row| {
                Outcome::Value(ticks.value(row))
            })),
            D::Ui8 => Some(collect::<UInt64Type>(rows, nulls, to, |row| {
                u64::try_from(ticks.value(row))
                    .map_err(|_| Status::SignMismatch)
                    .into()
            })),
            _ => None,
        };
    }
    let micros = array.as_primitive_opt::<TimestampMicrosecondType>()?;
    let days = |row: usize| days_of_ticks(micros.value(row).saturating_mul(10) + TICKS_TO_1970);
    let integer = |row: usize| integer_of_float(days(row));
    macro_rules! integers {
        ($t:ty, $native:ty, $status:expr) => {
            collect::<$t>(rows, nulls, to, |row| {
                integer(row)
                    .and_then(|v| {
                        <$native>::try_from(v)
                            .map_err(|_| if v < 0 { $status } else { Status::Overflow })
                    })
                    .into()
            })
        };
    }
    Some(match to.data_type {
        D::I1 => integers!(Int8Type, i8, Status::Overflow),
        D::I2 => integers!(Int16Type, i16, Status::Overflow),
        D::I4 => integers!(Int32Type, i32, Status::Overflow),
        D::I8 => integers!(Int64Type, i64, Status::Overflow),
        D::Ui1 => integers!(UInt8Type, u8, Status::SignMismatch),
        D::Ui2 => integers!(UInt16Type, u16, Status::SignMismatch),
        D::Ui4 => integers!(UInt32Type, u32, Status::SignMismatch),
        D::Ui8 => integers!(UInt64Type, u64, Status::SignMismatch),
        // a day number has six digits before the point
        D::R4 => collect::<Float32Type>(rows, nulls, to, |row| Outcome::Value(days(row) as f32)),
        D::R8 => collect::<Float64Type>(rows, nulls, to, |row| Outcome::Value(days(row))),
        D::Numeric => collect::<Decimal128Type>(rows, nulls, to, |row| {
            fixed_of_float(days(row), 15, to.scale)
                .and_then(|v| {
                    if fits(v, to.precision) {
                        Ok(v)
                    } else {
                        Err(Status::Overflow)
                    }
                })
                .into()
        }),
        D::Bool => {
            let values = (0..rows)
                .map(|row| array.is_valid(row).then(|| days(row) != 0.0))
                .collect::<arrow::array::BooleanArray>();
            Converted::clean(std::sync::Arc::new(values))
        }
        _ => return None,
    })
}

/// The day number of ticks since 0001.
fn days_of_ticks(ticks: i64) -> f64 {
    let whole = ticks.div_euclid(TICKS_PER_DAY) - DAYS_TO_1899;
    let fraction = ticks.rem_euclid(TICKS_PER_DAY) as f64 / TICKS_PER_DAY as f64;
    if whole < 0 {
        whole as f64 - fraction
    } else {
        whole as f64 + fraction
    }
}
