//! Pipeline and database values in the form that a variable holds them.

use packmule_runtime::variables::convert::to_text;
use packmule_types::{Value, VariableType};

/// The .NET form of a value: what OLE DB gives a variable for a database's type
/// (control-flow.md 6.1): dates and timestamps as DateTime, currency and numeric as Decimal,
/// times and GUIDs as text, unsigned short as Int32.
pub(crate) fn variable_form(value: Value) -> Value {
    match value {
        Value::Cy(unscaled) => Value::Decimal(unscaled.into(), 4),
        Value::Numeric(unscaled, _, scale) => Value::Decimal(unscaled, scale),
        Value::DbTimeStamp(stamp) | Value::DbTimeStamp2(stamp, _) | Value::FileTime(stamp) => {
            Value::Date(stamp)
        }
        Value::DbDate(date) => Value::Date(date.and_time(chrono::NaiveTime::MIN)),
        Value::DbTime(_) | Value::DbTime2(..) | Value::DbTimeStampOffset(..) | Value::Guid(_) => {
            to_text(&value).map_or(Value::Null, Value::text)
        }
        Value::Ui2(number) => Value::I4(number.into()),
        other => other,
    }
}

/// The exact form that OLE DB gives without conversion (TypeConversionMode None): whole numbers
/// of 64 bits, decimals, dates and times as text.
///
/// [R-DECIMAL] numeric and decimal become text too.
///
/// A whole number stays one where the variable, of type `target`, holds whole numbers: COUNT is
/// `int` on SQL Server and has 64 bits on the databases that a package is mapped to.
pub(crate) fn native_form(value: Value, target: Option<VariableType>) -> Value {
    use VariableType as T;
    let is_whole = matches!(
        target,
        Some(T::SByte | T::Byte | T::Int16 | T::Int32 | T::UInt32 | T::Int64 | T::UInt64)
    );
    match value {
        Value::I8(_) | Value::Ui8(_) if is_whole => value,
        Value::I8(_)
        | Value::Ui8(_)
        | Value::Decimal(..)
        | Value::Numeric(..)
        | Value::DbDate(_) => to_text(&value).map_or(Value::Null, Value::text),
        Value::Bytes(_) => value,
        other => variable_form(other),
    }
}
