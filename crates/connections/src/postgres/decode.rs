//! Reads the server's binary values into columns.

use std::error::Error;

use packmule_types::temporal::{
    TICKS_PER_DAY, datetime_from_ticks, days_from_civil, time_from_ticks,
};
use packmule_types::{ColumnType, DataType, Value, decimal};
use tokio_postgres::types::{FromSql, Kind, Type};
use tokio_postgres::{Column, Row};

use crate::cells::{Cells, Rules};
use crate::database::results::{Collector, wanted};
use crate::database::{DatabaseError, ResultColumn, RowBatch};

/// Fraction digits that a numeric without declared scale is read with.
const FREE_SCALE: u8 = 10;

/// Types of extensions whose values are texts: that of PostgreSQL's own, and those that layers
/// for SQL Server's SQL bring along.
const TEXT_TYPES: &[&str] = &["citext", "nvarchar", "nchar", "ntext", "sysname"];

/// A value's bytes as they came.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// How a server type's bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Bool,
    /// `bit(1)` is a Boolean, longer ones are texts of 0 and 1.
    Bit,
    Int,
    Oid,
    Float,
    Numeric,
    Text,
    JsonB,
    Bytes,
    Uuid,
    Date,
    Time,
    Timestamp,
    TimestampTz,
}

/// The coding of a server type; `None` where it has none here.
pub(super) fn coding(server: &Type) -> Option<Coding> {
    Some(match *server {
        Type::BOOL => Coding::Bool,
        Type::BIT => Coding::Bit,
        Type::INT2 | Type::INT4 | Type::INT8 => Coding::Int,
        Type::OID => Coding::Oid,
        Type::FLOAT4 | Type::FLOAT8 => Coding::Float,
        Type::NUMERIC => Coding::Numeric,
        Type::TEXT
        | Type::VARCHAR
        | Type::BPCHAR
        | Type::NAME
        | Type::UNKNOWN
        | Type::JSON
        | Type::XML
        | Type::CHAR
        | Type::VOID => Coding::Text,
        Type::JSONB => Coding::JsonB,
        Type::BYTEA => Coding::Bytes,
        Type::UUID => Coding::Uuid,
        Type::DATE => Coding::Date,
        Type::TIME => Coding::Time,
        Type::TIMESTAMP => Coding::Timestamp,
        Type::TIMESTAMPTZ => Coding::TimestampTz,
        _ => match server.kind() {
            Kind::Enum(_) => Coding::Text,
            Kind::Domain(base) => return coding(base),
            _ if TEXT_TYPES.contains(&server.name()) => Coding::Text,
            _ => return None,
        },
    })
}

/// The pipeline type nearest to a server type; `modifier` is its `atttypmod`.
pub(super) fn column_type(server: &Type, modifier: i32) -> ColumnType {
    use DataType as D;
    let length = u32::try_from(modifier - 4).ok();
    match *server {
        Type::BOOL => ColumnType::new(D::Bool),
        // Its modifier is the length itself.
        Type::BIT if modifier <= 1 => ColumnType::new(D::Bool),
        Type::INT2 => ColumnType::new(D::I2),
        Type::INT4 => ColumnType::new(D::I4),
        Type::INT8 | Type::OID => ColumnType::new(D::I8),
        Type::FLOAT4 => ColumnType::new(D::R4),
        Type::FLOAT8 => ColumnType::new(D::R8),
        Type::NUMERIC => match length {
            Some(packed) => {
                let narrow = |n: u32| u8::try_from(n.min(38)).unwrap_or(38);
                let precision = narrow(packed >> 16).max(1);
                ColumnType::numeric(precision, narrow(packed & 0x7FF).min(precision))
            }
            None => ColumnType::numeric(38, FREE_SCALE),
        },
        Type::VARCHAR | Type::BPCHAR => match length {
            Some(length @ 1..=4000) => ColumnType::wstr(length),
            _ => ColumnType::new(D::NText),
        },
        Type::NAME => ColumnType::wstr(63),
        Type::CHAR => ColumnType::wstr(1),
        Type::BYTEA => ColumnType::new(D::Image),
        Type::UUID => ColumnType::new(D::Guid),
        Type::DATE => ColumnType::new(D::DbDate),
        Type::TIME => ColumnType::scaled(D::DbTime2, 6),
        Type::TIMESTAMP => ColumnType::scaled(D::DbTimeStamp2, 6),
        Type::TIMESTAMPTZ => ColumnType::scaled(D::DbTimeStampOffset, 6),
        _ => match server.kind() {
            Kind::Domain(base) => column_type(base, modifier),
            _ => ColumnType::new(D::NText),
        },
    }
}

/// How a statement's result becomes batches.
pub(super) struct Reader {
    positions: Vec<(usize, Coding)>,
    collector: Collector,
}

impl Reader {
    pub(super) fn new(
        server: &[Column],
        target: Option<&[(String, ColumnType)]>,
        rules: Rules,
    ) -> Result<Self, DatabaseError> {
        let names: Vec<String> = server.iter().map(|c| c.name().to_owned()).collect();
        let wanted = wanted(&names, target)?;
        let mut positions = Vec::with_capacity(wanted.len());
        let mut columns = Vec::with_capacity(wanted.len());
        for (position, column_type_wanted) in wanted {
            let Some(column) = server.get(position) else {
                continue;
            };
            let coding = coding(column.type_()).ok_or_else(|| unsupported_type(column))?;
            positions.push((position, coding));
            columns.push(ResultColumn {
                name: column.name().to_owned(),
                column_type: column_type_wanted
                    .unwrap_or_else(|| column_type(column.type_(), column.type_modifier())),
                native_type: column.type_().name().to_owned(),
            });
        }
        Ok(Self {
            positions,
            collector: Collector::new(columns, rules, 1024),
        })
    }

    pub(super) fn columns(&self) -> &[ResultColumn] {
        &self.collector.columns
    }

    pub(super) fn into_columns(self) -> Vec<ResultColumn> {
        self.collector.columns
    }

    /// Rows as a batch, column by column.
    pub(super) fn batch(&mut self, rows: &[Row]) -> Result<RowBatch, DatabaseError> {
        for (cells, (position, coding)) in self.collector.cells.iter_mut().zip(&self.positions) {
            for row in rows {
                let raw: Option<Raw<'_>> =
                    row.try_get(*position).map_err(|e| DatabaseError::Form {
                        reason: e.to_string(),
                    })?;
                match raw {
                    Some(Raw(bytes)) => push(cells, *coding, bytes)?,
                    None => cells.push_null(),
                }
            }
        }
        self.collector.take(rows.len())
    }
}

fn unsupported_type(column: &Column) -> DatabaseError {
    DatabaseError::Unsupported {
        what: format!(
            "reading column {} of type {}",
            column.name(),
            column.type_().name()
        ),
        database: "PostgreSQL",
        remedy: "cast the column to text in the query",
    }
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], DatabaseError> {
    bytes.try_into().map_err(|_| DatabaseError::Form {
        reason: format!("a value of {} bytes, {N} expected", bytes.len()),
    })
}

fn push(cells: &mut Cells, coding: Coding, bytes: &[u8]) -> Result<(), DatabaseError> {
    match coding {
        Coding::Bool => cells.push_bool(bytes.first().is_some_and(|b| *b != 0)),
        Coding::Bit => push_bits(cells, bytes)?,
        Coding::Int => cells.push_i64(match bytes.len() {
            2 => i16::from_be_bytes(array(bytes)?).into(),
            4 => i32::from_be_bytes(array(bytes)?).into(),
            _ => i64::from_be_bytes(array(bytes)?),
        }),
        Coding::Oid => cells.push_i64(u32::from_be_bytes(array(bytes)?).into()),
        Coding::Float => match bytes.len() {
            4 => cells.push_f32(f32::from_be_bytes(array(bytes)?)),
            _ => cells.push_f64(f64::from_be_bytes(array(bytes)?)),
        },
        Coding::Numeric => match numeric(bytes) {
            Some((unscaled, scale)) => cells.push_decimal(unscaled, scale),
            None => cells.push_overflow(),
        },
        Coding::Text => push_text(cells, bytes),
        // A version number stands in front.
        Coding::JsonB => push_text(cells, bytes.get(1..).unwrap_or_default()),
        Coding::Bytes => cells.push_bytes(bytes),
        Coding::Uuid => cells.push_value(&Value::Guid(uuid::Uuid::from_bytes(array(bytes)?))),
        Coding::Date => match i32::from_be_bytes(array(bytes)?) {
            i32::MIN | i32::MAX => cells.push_overflow(),
            days => push_days(cells, i64::from(days) + epoch_days()),
        },
        Coding::Time => {
            let ticks = i64::from_be_bytes(array(bytes)?).saturating_mul(10);
            cells.push_value(&Value::DbTime2(time_from_ticks(ticks), 7));
        }
        Coding::Timestamp => match ticks(i64::from_be_bytes(array(bytes)?)) {
            Some(ticks) => cells.push_ticks(ticks),
            None => cells.push_overflow(),
        },
        Coding::TimestampTz => match ticks(i64::from_be_bytes(array(bytes)?)) {
            Some(ticks) if cells.is_offset() => {
                cells.push_value(&Value::DbTimeStampOffset(datetime_from_ticks(ticks), 0, 7));
            }
            Some(ticks) => cells.push_ticks(ticks),
            None => cells.push_overflow(),
        },
    }
    Ok(())
}

/// A length in bits, then the bits, the first one highest.
fn push_bits(cells: &mut Cells, bytes: &[u8]) -> Result<(), DatabaseError> {
    let (length, bits) = bytes.split_at_checked(4).unwrap_or((bytes, &[]));
    let length = usize::try_from(i32::from_be_bytes(array(length)?)).unwrap_or(0);
    let bit = |i: usize| bits.get(i / 8).is_some_and(|b| b & (0x80 >> (i % 8)) != 0);
    if length == 1 {
        cells.push_bool(bit(0));
    } else {
        let length = length.min(bits.len() * 8);
        let text: String = (0..length)
            .map(|i| if bit(i) { '1' } else { '0' })
            .collect();
        cells.push_text(&text);
    }
    Ok(())
}

fn push_text(cells: &mut Cells, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => cells.push_text(text),
        Err(_) => cells.push_text(&String::from_utf8_lossy(bytes)),
    }
}

fn push_days(cells: &mut Cells, days: i64) {
    if (0..packmule_types::temporal::DAYS_END).contains(&days) {
        cells.push_days(days);
    } else {
        cells.push_overflow();
    }
}

/// Days of 2000-01-01, PostgreSQL's zero, since 0001-01-01.
pub(super) fn epoch_days() -> i64 {
    days_from_civil(2000, 1, 1).unwrap_or(730_119)
}

/// Ticks since year 1 of microseconds since 2000; `None` for infinity and out of range.
fn ticks(micros: i64) -> Option<i64> {
    let ticks = micros
        .checked_mul(10)?
        .checked_add(epoch_days() * TICKS_PER_DAY)?;
    let end = packmule_types::temporal::DAYS_END * TICKS_PER_DAY;
    (0..end).contains(&ticks).then_some(ticks)
}

/// A numeric: unscaled value and scale; `None` for NaN, infinity and more than 38 digits.
fn numeric(bytes: &[u8]) -> Option<(i128, u8)> {
    let mut words = bytes
        .chunks_exact(2)
        .map(|w| i16::from_be_bytes([w[0], w[1]]));
    let count = words.next()?;
    let weight = i32::from(words.next()?);
    let sign = words.next()?;
    let scale = u8::try_from(words.next()?).ok().filter(|s| *s <= 38)?;
    let is_negative = match sign as u16 {
        0x0000 => false,
        0x4000 => true,
        _ => return None,
    };
    let mut sum: i128 = 0;
    for (i, digit) in words.take(usize::try_from(count).ok()?).enumerate() {
        // The digit counts 10000^(weight - i), taken times 10^scale.
        let power = (weight - i32::try_from(i).ok()?) * 4 + i32::from(scale);
        let digit = i128::from(digit);
        let part = if power >= 0 {
            if digit == 0 {
                continue;
            }
            digit.checked_mul(decimal::pow10(u32::try_from(power).ok()?)?)?
        } else {
            digit / decimal::pow10(power.unsigned_abs())?
        };
        sum = sum.checked_add(part)?;
    }
    Some((if is_negative { -sum } else { sum }, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|w| w.to_be_bytes()).collect()
    }

    #[test]
    fn numerics() {
        let cases: [(&[i16], Option<(i128, u8)>); 7] = [
            (&[0, 0, 0, 0], Some((0, 0))),
            (&[1, 0, 0, 0, 7], Some((7, 0))),
            (&[2, 0, 0, 2, 1, 2900], Some((129, 2))),
            (&[1, -1, 0x4000, 2, 2900], Some((-29, 2))),
            (&[1, 1, 0, 0, 3], Some((30_000, 0))),
            (&[1, -2, 0, 8, 1], Some((1, 8))),
            (&[0, 0, -0x4000, 0], None),
        ];
        for (words, expected) in cases {
            assert_eq!(numeric(&encoded(words)), expected, "{words:?}");
        }
    }
}
