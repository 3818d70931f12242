//! Between SQLite's storage and the pipeline types.
//!
//! SQLite's columns have only an affinity; the declared type says what is meant. What is
//! written:
//!
//! | pipeline type | stored as |
//! | --- | --- |
//! | integers, `DT_BOOL` | INTEGER (0 and 1) |
//! | `DT_R4`, `DT_R8` | REAL |
//! | `DT_CY`, `DT_DECIMAL`, `DT_NUMERIC` | TEXT in a column of text affinity; else INTEGER when whole, REAL when the double has exactly this shortest text, TEXT where no affinity changes it; what would lose digits is refused |
//! | dates and times | ISO text (`2014-06-30`, `12:00:00`, `2014-06-30 12:00:00[.fff]`, with ` +02:00`) |
//! | `DT_GUID` | TEXT, upper case, no braces |
//! | text | TEXT |
//! | bytes | BLOB |
//!
//! Reading converts from whatever is stored to the wanted type.

use packmule_types::status::Status;
use packmule_types::{ColumnType, DataType, Value, decimal};
use rusqlite::types::Value as Stored;

use crate::iso;

/// SQLite's column affinities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Affinity {
    Text,
    /// INTEGER, NUMERIC and REAL: well-formed numbers in texts become numbers.
    Number,
    Blob,
}

/// The affinity of a declared type: SQLite's own rules, in its order.
pub(super) fn affinity(declared: &str) -> Affinity {
    let upper = declared.to_ascii_uppercase();
    if upper.contains("INT") {
        Affinity::Number
    } else if ["CHAR", "CLOB", "TEXT"].iter().any(|w| upper.contains(w)) {
        Affinity::Text
    } else if upper.contains("BLOB") || upper.trim().is_empty() {
        Affinity::Blob
    } else {
        Affinity::Number
    }
}

/// The pipeline type that a declared type means; `None` when it says nothing.
pub(super) fn column_type(declared: &str) -> Option<ColumnType> {
    use DataType as D;
    let lower = declared.trim().to_ascii_lowercase();
    let (name, arguments) = match lower.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches(')')),
        None => (lower.as_str(), ""),
    };
    let mut numbers = arguments.split(',').map(|n| n.trim().parse::<u32>().ok());
    let first = numbers.next().flatten();
    let second = numbers.next().flatten();
    let scale = u8::try_from(first.unwrap_or(7).min(7)).unwrap_or(7);
    Some(match name {
        "" => return None,
        "tinyint" => ColumnType::new(D::Ui1),
        "smallint" | "int2" => ColumnType::new(D::I2),
        "int" | "int4" | "mediumint" => ColumnType::new(D::I4),
        "integer" | "bigint" | "int8" | "unsigned big int" => ColumnType::new(D::I8),
        "bit" | "bool" | "boolean" => ColumnType::new(D::Bool),
        "real" | "float" | "double" | "double precision" => ColumnType::new(D::R8),
        "numeric" | "decimal" => {
            let precision = first.unwrap_or(18).clamp(1, 38);
            let scale = second.unwrap_or(0).min(precision);
            let narrow = |n: u32| u8::try_from(n).unwrap_or(38);
            ColumnType::numeric(narrow(precision), narrow(scale))
        }
        "money" | "smallmoney" => ColumnType::new(D::Cy),
        "uniqueidentifier" | "guid" | "uuid" => ColumnType::new(D::Guid),
        "date" => ColumnType::new(D::DbDate),
        "datetime" | "smalldatetime" | "timestamp" => ColumnType::new(D::DbTimeStamp),
        "datetime2" => ColumnType::scaled(D::DbTimeStamp2, scale),
        "datetimeoffset" => ColumnType::scaled(D::DbTimeStampOffset, scale),
        "time" => ColumnType::scaled(D::DbTime2, scale),
        "blob" | "image" => ColumnType::new(D::Image),
        "binary" | "varbinary" | "rowversion" => match first {
            Some(length @ 1..=8000) => ColumnType {
                length,
                ..ColumnType::new(D::Bytes)
            },
            _ => ColumnType::new(D::Image),
        },
        n if n.contains("char") => match first {
            Some(length @ 1..=4000) => ColumnType::wstr(length),
            _ => ColumnType::new(D::NText),
        },
        n if n.contains("text") || n.contains("clob") || n == "xml" => ColumnType::new(D::NText),
        n if n.contains("int") => ColumnType::new(D::I8),
        _ => return None,
    })
}

/// Why a value cannot be stored.
pub(super) struct Unstorable {
    pub(super) status: Status,
    pub(super) message: String,
}

/// What is stored for a value; `affinity` is the column's, `None` for a statement's parameter.
pub(super) fn stored(value: &Value, affinity: Option<Affinity>) -> Result<Stored, Unstorable> {
    use Value as V;
    Ok(match value {
        V::Null => Stored::Null,
        V::Bool(v) => Stored::Integer((*v).into()),
        V::I1(v) => Stored::Integer((*v).into()),
        V::I2(v) => Stored::Integer((*v).into()),
        V::I4(v) => Stored::Integer((*v).into()),
        V::I8(v) => Stored::Integer(*v),
        V::Ui1(v) => Stored::Integer((*v).into()),
        V::Ui2(v) => Stored::Integer((*v).into()),
        V::Ui4(v) => Stored::Integer((*v).into()),
        V::Ui8(v) => return number((*v).into(), 0, affinity),
        V::R4(v) => Stored::Real((*v).into()),
        V::R8(v) => Stored::Real(*v),
        V::Cy(v) => return number((*v).into(), 4, affinity),
        V::Decimal(v, scale) | V::Numeric(v, _, scale) => return number(*v, *scale, affinity),
        V::Text(v) => Stored::Text(v.to_string()),
        V::Bytes(v) => Stored::Blob(v.to_vec()),
        V::Guid(v) => Stored::Text(v.hyphenated().to_string().to_uppercase()),
        V::Object(object) => {
            return Err(Unstorable {
                status: Status::CannotConvert,
                message: format!("an object of type {} is no value", object.type_name()),
            });
        }
        other => match iso::text_of(other) {
            Some(text) => Stored::Text(text),
            None => {
                return Err(Unstorable {
                    status: Status::Overflow,
                    message: "the date is out of range".to_owned(),
                });
            }
        },
    })
}

/// What is stored for an exact number.
pub(super) fn number(
    unscaled: i128,
    scale: u8,
    affinity: Option<Affinity>,
) -> Result<Stored, Unstorable> {
    let text = || {
        let mut out = Vec::with_capacity(48);
        decimal::format(unscaled, scale, true, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    if affinity == Some(Affinity::Text) {
        return Ok(Stored::Text(text()));
    }
    let power = decimal::pow10(scale.into()).unwrap_or(1);
    if unscaled % power == 0
        && let Ok(whole) = i64::try_from(unscaled / power)
    {
        return Ok(Stored::Integer(whole));
    }
    let real = decimal::to_f64(unscaled, scale);
    // Fifteen digits always come back from a double; more of them only sometimes.
    if unscaled.unsigned_abs() < 1_000_000_000_000_000 || is_exactly(real, unscaled, scale) {
        return Ok(Stored::Real(real));
    }
    match affinity {
        Some(Affinity::Number) => Err(Unstorable {
            status: Status::Overflow,
            message: format!(
                "{} has more digits than SQLite keeps in a column of this declared type; declare \
                 the column TEXT",
                text()
            ),
        }),
        _ => Ok(Stored::Text(text())),
    }
}

fn is_exactly(real: f64, unscaled: i128, scale: u8) -> bool {
    decimal::parse(real.to_string().as_bytes())
        .is_some_and(|(u, s)| decimal::compare(u, s, unscaled, scale).is_eq())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers() {
        let some = |v, s, a| number(v, s, a).ok();
        let big = 1_234_567_890_123_456_789;
        let cases = [
            (some(110, 2, None), Some(Stored::Real(1.1))),
            (some(100, 2, None), Some(Stored::Integer(1))),
            (
                some(100, 2, Some(Affinity::Text)),
                Some(Stored::Text("1.00".into())),
            ),
            (
                some(-29, 2, Some(Affinity::Number)),
                Some(Stored::Real(-0.29)),
            ),
            (some(big, 2, Some(Affinity::Number)), None),
            (
                some(big, 2, Some(Affinity::Blob)),
                Some(Stored::Text("12345678901234567.89".into())),
            ),
            (some(i128::from(u64::MAX), 0, Some(Affinity::Number)), None),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn declared_types() {
        let cases = [
            ("INTEGER", Some("DT_I8")),
            ("int", Some("DT_I4")),
            ("nvarchar(255)", Some("DT_WSTR(255)")),
            ("NVARCHAR(MAX)", Some("DT_NTEXT")),
            ("numeric(15, 3)", Some("DT_NUMERIC(15,3)")),
            ("datetime2", Some("DT_DBTIMESTAMP2(7)")),
            ("varbinary(10)", Some("DT_BYTES(10)")),
            ("", None),
            ("whatever", None),
        ];
        for (declared, expected) in cases {
            let found = column_type(declared).map(|t| t.to_string());
            assert_eq!(found.as_deref(), expected, "{declared}");
        }
    }
}
