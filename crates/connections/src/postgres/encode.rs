//! Writes columns in COPY's binary form.
//!
//! A column is bound once to its server type; where the pipeline type is of another family it
//! is converted first, as a whole.

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BooleanArray, Decimal128Array, FixedSizeBinaryArray,
    Float64Array, Int16Array, Int64Array, StringViewArray, StructArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType as ArrowType, Date32Type, Decimal128Type, Float64Type, Int16Type, Int64Type,
    Time32SecondType, Time64NanosecondType, TimestampMicrosecondType,
};
use bytes::{BufMut, BytesMut};
use packmule_types::convert::{Conversion, ConvertOptions};
use packmule_types::status::Status;
use packmule_types::temporal::{DAYS_TO_1601, DAYS_TO_1970, TICKS_PER_DAY};
use packmule_types::{ColumnType, DataType, Locale, decimal};
use tokio_postgres::types::{Kind, Type};

use super::decode::{Coding, coding, column_type, epoch_days};
use crate::database::DatabaseError;

/// Microseconds of a second.
const MICROS: i64 = 1_000_000;

/// A value that cannot be written.
pub(super) struct Unwritable {
    pub(super) status: Status,
    pub(super) message: &'static str,
}

const OUT_OF_RANGE: Unwritable = Unwritable {
    status: Status::Overflow,
    message: "it is out of range",
};

/// How one column is written.
pub(super) struct Encoder {
    pub(super) name: String,
    coding: Coding,
    width: i32,
    /// The type after `conversion`.
    column_type: ColumnType,
    conversion: Option<Conversion>,
}

impl Encoder {
    /// Binds a pipeline type to a server type.
    pub(super) fn new(
        name: &str,
        pipeline: &ColumnType,
        server: &Type,
        modifier_type: &ColumnType,
        options: ConvertOptions,
    ) -> Result<Self, DatabaseError> {
        let unsupported = || DatabaseError::Unsupported {
            what: format!(
                "writing {pipeline} to column {name} of type {}",
                server.name()
            ),
            database: "PostgreSQL",
            remedy: "load a text column and convert it by SQL",
        };
        let coding = coding(server).ok_or_else(unsupported)?;
        let width = match base(server) {
            Type::INT2 => 2,
            Type::INT4 | Type::FLOAT4 | Type::OID => 4,
            _ => 8,
        };
        let mut encoder = Self {
            name: name.to_owned(),
            coding,
            width,
            column_type: *pipeline,
            conversion: None,
        };
        if !encoder.is_direct() {
            let wanted = match coding {
                Coding::Text | Coding::JsonB => ColumnType::new(DataType::NText),
                Coding::Numeric => *modifier_type,
                _ => column_type(server, -1),
            };
            let locale = Locale::from_lcid(1033).map_err(|_| unsupported())?;
            let bound = Conversion::bind(pipeline, &wanted, &locale, options);
            encoder.conversion = Some(bound.map_err(|_| unsupported())?);
            encoder.column_type = wanted;
        }
        Ok(encoder)
    }

    fn is_direct(&self) -> bool {
        use DataType as D;
        let t = self.column_type.data_type;
        match self.coding {
            Coding::Bool | Coding::Bit => t == D::Bool,
            Coding::Int | Coding::Oid => (t.is_integer() && t != D::Ui8) || t == D::Bool,
            Coding::Float => matches!(t, D::R4 | D::R8),
            Coding::Numeric => t.is_integer() || matches!(t, D::Cy | D::Decimal | D::Numeric),
            Coding::Text | Coding::JsonB => t.is_text(),
            Coding::Bytes => matches!(t, D::Bytes | D::Image),
            Coding::Uuid => t == D::Guid,
            Coding::Date => t == D::DbDate,
            Coding::Time => matches!(t, D::DbTime | D::DbTime2),
            Coding::Timestamp => {
                matches!(t, D::Date | D::DbTimeStamp | D::DbTimeStamp2 | D::FileTime)
            }
            Coding::TimestampTz => matches!(
                t,
                D::DbTimeStampOffset | D::Date | D::DbTimeStamp | D::DbTimeStamp2 | D::FileTime
            ),
        }
    }

    /// The column's values, ready to be written.
    pub(super) fn source(&self, array: &ArrayRef) -> Result<Source, DatabaseError> {
        let array = match &self.conversion {
            None => array.clone(),
            Some(conversion) => {
                let converted = conversion.convert(array);
                if let Some((row, status)) = converted.errors.iter().next() {
                    return Err(DatabaseError::Cell {
                        column: self.name.clone(),
                        row: row as usize,
                        status,
                        message: status.text().to_owned(),
                    });
                }
                converted.array
            }
        };
        Source::new(&array, &self.column_type, self.coding)
    }

    /// Appends a row's value with its length.
    pub(super) fn write(
        &self,
        source: &Source,
        row: usize,
        out: &mut BytesMut,
    ) -> Result<(), Unwritable> {
        if source.is_null(row) {
            out.put_i32(-1);
            return Ok(());
        }
        match source {
            Source::Int(a) => self.write_integer(a.value(row).into(), out),
            Source::Bool(a) if self.coding == Coding::Bool => {
                out.put_i32(1);
                out.put_u8(a.value(row).into());
                Ok(())
            }
            Source::Bool(a) if self.coding == Coding::Bit => {
                out.put_i32(5);
                out.put_i32(1);
                out.put_u8(if a.value(row) { 0x80 } else { 0 });
                Ok(())
            }
            Source::Bool(a) => self.write_integer(a.value(row).into(), out),
            Source::Float(a) if self.width == 4 => {
                let narrow = a.value(row) as f32;
                if narrow.is_infinite() && a.value(row).is_finite() {
                    return Err(OUT_OF_RANGE);
                }
                out.put_i32(4);
                out.put_f32(narrow);
                Ok(())
            }
            Source::Float(a) => {
                out.put_i32(8);
                out.put_f64(a.value(row));
                Ok(())
            }
            Source::Decimal(a, scale) => {
                write_numeric(a.value(row), *scale, out);
                Ok(())
            }
            Source::Text(a) => self.write_text(a.value(row), out),
            Source::Bytes(a) => write_bytes(a.value(row), out),
            Source::Guid(a) => {
                let bytes: [u8; 16] = a.value(row).try_into().map_err(|_| OUT_OF_RANGE)?;
                write_bytes(
                    packmule_types::array::guid_from_bytes(bytes).as_bytes(),
                    out,
                )
            }
            Source::Day(a) => {
                let days = i64::from(a.value(row)) + DAYS_TO_1970 - epoch_days();
                out.put_i32(4);
                out.put_i32(i32::try_from(days).map_err(|_| OUT_OF_RANGE)?);
                Ok(())
            }
            Source::Micros(a) => {
                out.put_i32(8);
                out.put_i64(a.value(row));
                Ok(())
            }
        }
    }

    fn write_integer(&self, value: i128, out: &mut BytesMut) -> Result<(), Unwritable> {
        if self.coding == Coding::Numeric {
            write_numeric(value, 0, out);
            return Ok(());
        }
        out.put_i32(self.width);
        match (self.coding, self.width) {
            (Coding::Oid, _) => out.put_u32(value.try_into().map_err(|_| OUT_OF_RANGE)?),
            (_, 2) => out.put_i16(value.try_into().map_err(|_| OUT_OF_RANGE)?),
            (_, 4) => out.put_i32(value.try_into().map_err(|_| OUT_OF_RANGE)?),
            _ => out.put_i64(value.try_into().map_err(|_| OUT_OF_RANGE)?),
        }
        Ok(())
    }

    fn write_text(&self, text: &str, out: &mut BytesMut) -> Result<(), Unwritable> {
        if text.contains('\0') {
            return Err(Unwritable {
                status: Status::CannotConvert,
                message: "it holds a NUL character, which PostgreSQL cannot store",
            });
        }
        if self.coding == Coding::JsonB {
            out.put_i32(i32::try_from(text.len() + 1).map_err(|_| OUT_OF_RANGE)?);
            out.put_u8(1);
            out.put_slice(text.as_bytes());
            return Ok(());
        }
        write_bytes(text.as_bytes(), out)
    }
}

fn base(server: &Type) -> Type {
    match server.kind() {
        Kind::Domain(inner) => base(inner),
        _ => server.clone(),
    }
}

fn write_bytes(bytes: &[u8], out: &mut BytesMut) -> Result<(), Unwritable> {
    out.put_i32(i32::try_from(bytes.len()).map_err(|_| OUT_OF_RANGE)?);
    out.put_slice(bytes);
    Ok(())
}

/// A numeric: digits to the base of 10000, weight of the first, sign, digits after the point.
fn write_numeric(unscaled: i128, scale: u8, out: &mut BytesMut) {
    // The fraction is made a whole number of digits.
    let padding = (4 - u32::from(scale) % 4) % 4;
    let groups_after = i16::from(scale.div_ceil(4));
    let magnitude = unscaled.unsigned_abs();
    let power = decimal::pow10(padding).unwrap_or(1).unsigned_abs();
    // Padding could overflow: the lowest group is cut off before.
    let unit = 10_000 / power;
    let mut groups = [0i16; 12];
    let mut count = 0;
    let mut rest = magnitude / unit;
    let lowest = i16::try_from(magnitude % unit * power).unwrap_or(0);
    groups[count] = lowest;
    count += 1;
    while rest > 0 && count < groups.len() {
        groups[count] = i16::try_from(rest % 10_000).unwrap_or(0);
        rest /= 10_000;
        count += 1;
    }
    while count > 0 && groups[count - 1] == 0 {
        count -= 1;
    }
    let weight = i16::try_from(count).unwrap_or(0) - 1 - groups_after;
    let used = &groups[..count];
    let trailing = used.iter().take_while(|g| **g == 0).count();
    let used = &used[trailing.min(used.len())..];
    let length = i32::try_from(8 + used.len() * 2).unwrap_or(8);
    out.put_i32(length);
    out.put_i16(i16::try_from(used.len()).unwrap_or(0));
    out.put_i16(if used.is_empty() { 0 } else { weight });
    out.put_i16(if unscaled < 0 { 0x4000 } else { 0 });
    out.put_i16(scale.into());
    for group in used.iter().rev() {
        out.put_i16(*group);
    }
}

/// A batch's column as its writer reads it.
pub(super) enum Source {
    Bool(BooleanArray),
    Int(Int64Array),
    Float(Float64Array),
    Decimal(Decimal128Array, u8),
    Text(StringViewArray),
    Bytes(BinaryViewArray),
    Guid(FixedSizeBinaryArray),
    Day(arrow::array::Date32Array),
    /// Microseconds since 2000, or of the day.
    Micros(Int64Array),
}

impl Source {
    fn new(array: &ArrayRef, t: &ColumnType, coding: Coding) -> Result<Self, DatabaseError> {
        use DataType as D;
        let form = |e: arrow::error::ArrowError| DatabaseError::Form {
            reason: e.to_string(),
        };
        let epoch = epoch_days() * TICKS_PER_DAY;
        Ok(match t.data_type {
            D::Bool => Self::Bool(array.as_boolean().clone()),
            D::Ui8 => Self::Decimal(
                cast(array, &ArrowType::Decimal128(20, 0))
                    .map_err(form)?
                    .as_primitive::<Decimal128Type>()
                    .clone(),
                0,
            ),
            d if d.is_integer() => Self::Int(
                cast(array, &ArrowType::Int64)
                    .map_err(form)?
                    .as_primitive::<Int64Type>()
                    .clone(),
            ),
            D::R4 | D::R8 => Self::Float(
                cast(array, &ArrowType::Float64)
                    .map_err(form)?
                    .as_primitive::<Float64Type>()
                    .clone(),
            ),
            D::Cy | D::Decimal | D::Numeric => {
                let scale = match array.data_type() {
                    ArrowType::Decimal128(_, scale) => u8::try_from(*scale).unwrap_or(0),
                    _ => 0,
                };
                Self::Decimal(array.as_primitive::<Decimal128Type>().clone(), scale)
            }
            d if d.is_text() => Self::Text(array.as_string_view().clone()),
            D::Bytes | D::Image => Self::Bytes(array.as_binary_view().clone()),
            D::Guid => Self::Guid(array.as_fixed_size_binary().clone()),
            D::DbDate => Self::Day(array.as_primitive::<Date32Type>().clone()),
            D::DbTime => Self::Micros(
                array
                    .as_primitive::<Time32SecondType>()
                    .unary::<_, Int64Type>(|s| i64::from(s) * MICROS),
            ),
            D::DbTime2 => Self::Micros(
                array
                    .as_primitive::<Time64NanosecondType>()
                    .unary::<_, Int64Type>(|n| n / 1000),
            ),
            D::Date | D::DbTimeStamp => {
                let shift = (epoch_days() - DAYS_TO_1970) * 86_400 * MICROS;
                let array = array.as_primitive::<TimestampMicrosecondType>();
                Self::Micros(array.unary::<_, Int64Type>(|m| m.saturating_sub(shift)))
            }
            D::DbTimeStamp2 => Self::Micros(
                array
                    .as_primitive::<Int64Type>()
                    .unary::<_, Int64Type>(|t| (t - epoch) / 10),
            ),
            D::FileTime => {
                let shift = epoch - DAYS_TO_1601 * TICKS_PER_DAY;
                let array = array.as_primitive::<Int64Type>();
                Self::Micros(array.unary::<_, Int64Type>(|t| t.saturating_sub(shift) / 10))
            }
            D::DbTimeStampOffset => Self::Micros(moments(array.as_struct(), coding, epoch)),
            _ => {
                return Err(DatabaseError::Form {
                    reason: format!("a column of type {t}"),
                });
            }
        })
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Bool(a) => a.is_null(row),
            Self::Int(a) | Self::Micros(a) => a.is_null(row),
            Self::Float(a) => a.is_null(row),
            Self::Decimal(a, _) => a.is_null(row),
            Self::Text(a) => a.is_null(row),
            Self::Bytes(a) => a.is_null(row),
            Self::Guid(a) => a.is_null(row),
            Self::Day(a) => a.is_null(row),
        }
    }
}

/// The moment for a column with a zone, the local time for one without.
fn moments(array: &StructArray, coding: Coding, epoch: i64) -> Int64Array {
    let ticks = array.column(0).as_primitive::<Int64Type>();
    let minutes: &Int16Array = array.column(1).as_primitive::<Int16Type>();
    let is_local = coding == Coding::Timestamp;
    let value = |row: usize| {
        let shift = if is_local {
            i64::from(minutes.value(row)) * 600_000_000
        } else {
            0
        };
        array
            .is_valid(row)
            .then(|| (ticks.value(row) + shift - epoch) / 10)
    };
    (0..array.len()).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerics() {
        let cases: [(i128, u8, &[i16]); 8] = [
            (0, 2, &[0, 0, 0, 2]),
            (7, 0, &[1, 0, 0, 0, 7]),
            (129, 2, &[2, 0, 0, 2, 1, 2900]),
            (-29, 2, &[1, -1, 0x4000, 2, 2900]),
            (30_000, 0, &[1, 1, 0, 0, 3]),
            (1, 8, &[1, -2, 0, 8, 1]),
            (10_000, 4, &[1, 0, 0, 4, 1]),
            (123_456_789, 5, &[3, 0, 0, 5, 1234, 5678, 9000]),
        ];
        for (value, scale, expected) in cases {
            let mut out = BytesMut::new();
            write_numeric(value, scale, &mut out);
            let words: Vec<i16> = out[4..]
                .chunks_exact(2)
                .map(|w| i16::from_be_bytes([w[0], w[1]]))
                .collect();
            assert_eq!(words, expected, "{value} {scale}");
        }
    }
}
