//! Values of parameters: what a caller gives, what a type takes, how it is kept.
//!
//! SSIS passes them as `sql_variant`. They are kept as a canonical text beside the name of their
//! type (`Int32`, .NET's TypeCode names).

use chrono::{NaiveDate, NaiveDateTime};
use packmule_types::{Value, VariableType};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A value as a caller gives or gets it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Variant {
    /// A Boolean.
    Boolean(bool),
    /// A whole number of any width.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Text; also dates (`2024-05-06T07:08:09.5`), decimals and large unsigned numbers.
    Text(String),
    /// Text to be read as whatever type the parameter has: a command line's `NAME=VALUE`.
    #[serde(skip_deserializing)]
    Literal(String),
}

/// Type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = ".NET's own names")]
pub enum ParameterType {
    Boolean,
    Byte,
    DateTime,
    Decimal,
    Double,
    Int16,
    Int32,
    Int64,
    SByte,
    Single,
    String,
    UInt32,
    UInt64,
}

impl ParameterType {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Boolean,
        Self::Byte,
        Self::DateTime,
        Self::Decimal,
        Self::Double,
        Self::Int16,
        Self::Int32,
        Self::Int64,
        Self::SByte,
        Self::Single,
        Self::String,
        Self::UInt32,
        Self::UInt64,
    ];

    /// .NET's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::Byte => "Byte",
            Self::DateTime => "DateTime",
            Self::Decimal => "Decimal",
            Self::Double => "Double",
            Self::Int16 => "Int16",
            Self::Int32 => "Int32",
            Self::Int64 => "Int64",
            Self::SByte => "SByte",
            Self::Single => "Single",
            Self::String => "String",
            Self::UInt32 => "UInt32",
            Self::UInt64 => "UInt64",
        }
    }

    /// The type of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }

    /// The type for a parameter of a variable type; `None` for types parameters cannot have.
    pub fn from_variable_type(variable_type: VariableType) -> Option<Self> {
        Some(match variable_type {
            VariableType::Boolean => Self::Boolean,
            VariableType::Byte => Self::Byte,
            VariableType::DateTime => Self::DateTime,
            VariableType::Decimal | VariableType::Currency => Self::Decimal,
            VariableType::Double => Self::Double,
            VariableType::Int16 => Self::Int16,
            VariableType::Int32 => Self::Int32,
            VariableType::Int64 => Self::Int64,
            VariableType::SByte => Self::SByte,
            VariableType::Single => Self::Single,
            VariableType::String => Self::String,
            VariableType::UInt32 => Self::UInt32,
            VariableType::UInt64 => Self::UInt64,
            VariableType::Empty
            | VariableType::DbNull
            | VariableType::Object
            | VariableType::Char => return None,
        })
    }

    fn range(self) -> Option<(i128, i128)> {
        Some(match self {
            Self::Byte => (0, u8::MAX.into()),
            Self::SByte => (i8::MIN.into(), i8::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Self::Int32 => (i32::MIN.into(), i32::MAX.into()),
            Self::Int64 => (i64::MIN.into(), i64::MAX.into()),
            Self::UInt32 => (0, u32::MAX.into()),
            Self::UInt64 => (0, u64::MAX.into()),
            _ => return None,
        })
    }

    /// The canonical text of a value for this type.
    ///
    /// [R-CAT-BASETYPE] Takes every base type that converts without loss: Booleans and whole
    /// numbers to Boolean (0 and 1) and to any whole type in range; numbers to Double, Single and
    /// Decimal; text to String; canonical text to DateTime (and to Decimal and UInt64, for which
    /// [`Variant`] has no other form). All else is 27147, a value out of range is 27171.
    pub fn canonical(self, name: &str, value: &Variant) -> Result<String> {
        match value {
            Variant::Boolean(b) => self.whole(name, i128::from(*b)),
            Variant::Integer(i) => self.whole(name, i128::from(*i)),
            Variant::Real(r) => self.real(name, *r),
            Variant::Literal(text) => self.literal(name, text),
            Variant::Text(text) => match self {
                Self::String => Ok(text.clone()),
                Self::DateTime | Self::Decimal | Self::UInt64 => self.literal(name, text),
                _ => Err(self.mismatch(name, "text is given")),
            },
        }
    }

    fn whole(self, name: &str, value: i128) -> Result<String> {
        if let Some((low, high)) = self.range() {
            if value < low || value > high {
                return Err(self.out_of_range(name));
            }
            return Ok(value.to_string());
        }
        match self {
            Self::Boolean if value == 0 || value == 1 => Ok(boolean(value == 1)),
            Self::Boolean => Err(self.out_of_range(name)),
            Self::Decimal => Ok(value.to_string()),
            Self::Double => self.real(name, value as f64),
            Self::Single => self.real(name, value as f64),
            _ => Err(self.mismatch(name, "a number is given")),
        }
    }

    fn real(self, name: &str, value: f64) -> Result<String> {
        if !value.is_finite() {
            return Err(self.out_of_range(name));
        }
        match self {
            Self::Double => Ok(value.to_string()),
            Self::Single if (value as f32).is_finite() => Ok((value as f32).to_string()),
            Self::Single => Err(self.out_of_range(name)),
            Self::Decimal => decimal(&value.to_string()).ok_or_else(|| self.out_of_range(name)),
            _ => Err(self.mismatch(name, "a number with fraction is given")),
        }
    }

    fn literal(self, name: &str, text: &str) -> Result<String> {
        let trimmed = text.trim();
        match self {
            Self::String => Ok(text.to_owned()),
            Self::Boolean => packmule_dtsx::model::parse_boolean(text)
                .map(boolean)
                .ok_or_else(|| self.mismatch(name, "True or False is wanted")),
            Self::DateTime => parse_date(trimmed)
                .map(format_date)
                .ok_or_else(|| self.mismatch(name, "a date such as 2024-05-06T07:08:09 is wanted")),
            Self::Decimal => {
                decimal(trimmed).ok_or_else(|| self.mismatch(name, "a decimal number is wanted"))
            }
            Self::Double | Self::Single => trimmed
                .parse::<f64>()
                .map_err(|_| self.mismatch(name, "a number is wanted"))
                .and_then(|value| self.real(name, value)),
            _ => trimmed
                .parse::<i128>()
                .map_err(|_| self.mismatch(name, "a whole number is wanted"))
                .and_then(|value| self.whole(name, value)),
        }
    }

    /// The value of a canonical text, as callers get it.
    pub fn variant(self, text: &str) -> Variant {
        let plain = || Variant::Text(text.to_owned());
        match self {
            Self::Boolean => Variant::Boolean(text == "True"),
            Self::DateTime | Self::Decimal | Self::String => plain(),
            Self::Double | Self::Single => text.parse().map_or_else(|_| plain(), Variant::Real),
            _ => text.parse().map_or_else(|_| plain(), Variant::Integer),
        }
    }

    /// The value of a canonical text, as a package's run gets it.
    pub fn value(self, text: &str) -> Option<Value> {
        Some(match self {
            Self::Boolean => Value::Bool(text == "True"),
            Self::Byte => Value::Ui1(text.parse().ok()?),
            Self::SByte => Value::I1(text.parse().ok()?),
            Self::Int16 => Value::I2(text.parse().ok()?),
            Self::Int32 => Value::I4(text.parse().ok()?),
            Self::Int64 => Value::I8(text.parse().ok()?),
            Self::UInt32 => Value::Ui4(text.parse().ok()?),
            Self::UInt64 => Value::Ui8(text.parse().ok()?),
            Self::Single => Value::R4(text.parse().ok()?),
            Self::Double => Value::R8(text.parse().ok()?),
            Self::DateTime => Value::Date(parse_date(text)?),
            Self::String => Value::text(text),
            Self::Decimal => {
                let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
                let digits = format!("{whole}{fraction}").parse().ok()?;
                Value::Decimal(digits, u8::try_from(fraction.len()).ok()?)
            }
        })
    }

    fn mismatch(self, name: &str, reason: &'static str) -> Error {
        Error::ParameterType {
            name: name.to_owned(),
            data_type: self.name(),
            reason,
        }
    }

    fn out_of_range(self, name: &str) -> Error {
        Error::ParameterRange {
            name: name.to_owned(),
            data_type: self.name(),
        }
    }
}

/// A design value as a variant; `None` for NULL and for types parameters cannot have.
pub fn from_value(value: &Value) -> Option<Variant> {
    Some(match value {
        Value::Bool(b) => Variant::Boolean(*b),
        Value::I1(i) => Variant::Integer((*i).into()),
        Value::I2(i) => Variant::Integer((*i).into()),
        Value::I4(i) => Variant::Integer((*i).into()),
        Value::I8(i) => Variant::Integer(*i),
        Value::Ui1(i) => Variant::Integer((*i).into()),
        Value::Ui2(i) => Variant::Integer((*i).into()),
        Value::Ui4(i) => Variant::Integer((*i).into()),
        Value::Ui8(i) => Variant::Text(i.to_string()),
        Value::R4(r) => Variant::Real((*r).into()),
        Value::R8(r) => Variant::Real(*r),
        Value::Cy(i) => Variant::Text(scaled((*i).into(), 4)),
        Value::Decimal(i, scale) | Value::Numeric(i, _, scale) => {
            Variant::Text(scaled(*i, (*scale).into()))
        }
        Value::Text(text) => Variant::Text(text.to_string()),
        Value::Date(date) | Value::DbTimeStamp(date) => Variant::Text(format_date(*date)),
        _ => return None,
    })
}

fn boolean(value: bool) -> String {
    if value { "True" } else { "False" }.to_owned()
}

/// A decimal's text of an unscaled value.
fn scaled(value: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// A decimal in canonical form: at most 29 digits, at most 28 of them after the point.
fn decimal(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let only_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !only_digits(whole) || !only_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + fraction.len() > 29 || fraction.len() > 28 {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

fn parse_date(text: &str) -> Option<NaiveDateTime> {
    const FORMS: [&str; 4] = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
    ];
    let text = text.strip_suffix('Z').unwrap_or(text);
    FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(0, 0, 0)
        })
}

fn format_date(date: NaiveDateTime) -> String {
    date.format("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(data_type: ParameterType, value: Variant, wanted: Result<&str, i32>) {
        let got = data_type
            .canonical("P", &value)
            .map_err(|e| e.number().unwrap_or(0));
        assert_eq!(
            got.as_deref().map_err(|n| *n),
            wanted.map_err(|n: i32| n),
            "{data_type:?} of {value:?}"
        );
    }

    #[test]
    fn every_base_type_that_converts_without_loss() {
        use ParameterType as T;
        use Variant as V;
        let text = |s: &str| V::Text(s.to_owned());
        let literal = |s: &str| V::Literal(s.to_owned());
        check(T::Boolean, V::Integer(1), Ok("True"));
        check(T::Boolean, V::Boolean(false), Ok("False"));
        check(T::Boolean, V::Integer(2), Err(27171));
        check(T::Boolean, text("True"), Err(27147));
        check(T::Boolean, literal("true"), Ok("True"));
        check(T::Int32, V::Integer(i64::from(i32::MAX)), Ok("2147483647"));
        check(T::Int32, V::Integer(i64::from(i32::MAX) + 1), Err(27171));
        check(T::Int32, V::Boolean(true), Ok("1"));
        check(T::Int32, V::Real(1.0), Err(27147));
        check(T::Int32, text("1"), Err(27147));
        check(T::Int32, literal(" 17 "), Ok("17"));
        check(T::Int32, literal("x"), Err(27147));
        check(T::Byte, V::Integer(-1), Err(27171));
        check(T::SByte, V::Integer(-128), Ok("-128"));
        check(T::UInt32, V::Integer(-1), Err(27171));
        check(
            T::UInt64,
            text("18446744073709551615"),
            Ok("18446744073709551615"),
        );
        check(T::UInt64, text("18446744073709551616"), Err(27171));
        check(T::Double, V::Integer(3), Ok("3"));
        check(T::Double, V::Real(0.1), Ok("0.1"));
        check(T::Double, V::Real(f64::NAN), Err(27171));
        check(T::Single, V::Real(1e300), Err(27171));
        check(T::Decimal, text("-001.50"), Ok("-1.50"));
        check(T::Decimal, text("1.2.3"), Err(27147));
        check(T::Decimal, V::Real(0.25), Ok("0.25"));
        check(T::String, V::Integer(1), Err(27147));
        check(T::String, text("a"), Ok("a"));
        check(T::DateTime, text("2024-05-06"), Ok("2024-05-06T00:00:00"));
        check(
            T::DateTime,
            text("2024-05-06 07:08:09.5"),
            Ok("2024-05-06T07:08:09.500"),
        );
        check(T::DateTime, text("yesterday"), Err(27147));
        check(T::DateTime, V::Integer(1), Err(27147));
    }

    #[test]
    fn decimals_of_values() {
        assert_eq!(scaled(-5, 4), "-0.0005");
        assert_eq!(scaled(12345, 2), "123.45");
        assert_eq!(
            ParameterType::Decimal.value("-1.50"),
            Some(Value::Decimal(-150, 2))
        );
    }
}
