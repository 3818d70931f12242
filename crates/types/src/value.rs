//! One value: of a variable, a parameter, a property, a statement's parameter, a cell.

use std::any::Any;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::data_type::{DataType, VariableType};

/// What a variable of type Object holds besides plain values: a recordset, an array, a handle.
///
/// Usable in this process only. Implementations live where the object is made.
pub trait Object: Any + Send + Sync + std::fmt::Debug {
    /// What kind of object it is, for messages (`System.Data.DataTable`).
    fn type_name(&self) -> &str;
    /// For the reader to find its concrete type.
    fn as_any(&self) -> &dyn Any;
}

/// One value with its exact type; text is without length, code page and the like.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// NULL, of any type.
    #[default]
    Null,
    /// `DT_BOOL`
    Bool(bool),
    /// `DT_I1`
    I1(i8),
    /// `DT_I2`
    I2(i16),
    /// `DT_I4`
    I4(i32),
    /// `DT_I8`
    I8(i64),
    /// `DT_UI1`
    Ui1(u8),
    /// `DT_UI2`, and a variable's Char
    Ui2(u16),
    /// `DT_UI4`
    Ui4(u32),
    /// `DT_UI8`
    Ui8(u64),
    /// `DT_R4`
    R4(f32),
    /// `DT_R8`
    R8(f64),
    /// `DT_CY`: ten-thousandths
    Cy(i64),
    /// `DT_DECIMAL`: unscaled value, digits after the point
    Decimal(i128, u8),
    /// `DT_NUMERIC`: unscaled value, precision, scale
    Numeric(i128, u8, u8),
    /// `DT_STR`, `DT_WSTR`, `DT_TEXT`, `DT_NTEXT`
    Text(Arc<str>),
    /// `DT_BYTES`, `DT_IMAGE`
    Bytes(Arc<[u8]>),
    /// `DT_GUID`, in the byte order of its printed form
    Guid(uuid::Uuid),
    /// `DT_DATE`, and a variable's DateTime
    Date(NaiveDateTime),
    /// `DT_DBDATE`
    DbDate(NaiveDate),
    /// `DT_DBTIME`
    DbTime(NaiveTime),
    /// `DT_DBTIME2`: time, fraction digits 0 to 7
    DbTime2(NaiveTime, u8),
    /// `DT_DBTIMESTAMP`
    DbTimeStamp(NaiveDateTime),
    /// `DT_DBTIMESTAMP2`: time, fraction digits 0 to 7
    DbTimeStamp2(NaiveDateTime, u8),
    /// `DT_DBTIMESTAMPOFFSET`: UTC, minutes east of it, fraction digits 0 to 7
    DbTimeStampOffset(NaiveDateTime, i16, u8),
    /// `DT_FILETIME`
    FileTime(NaiveDateTime),
    /// A variable's Object
    Object(Arc<dyn Object>),
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The pipeline type; text counts as `DT_WSTR`, NULL as `DT_NULL`, objects as `DT_EMPTY`.
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Null => DataType::Null,
            Self::Bool(_) => DataType::Bool,
            Self::I1(_) => DataType::I1,
            Self::I2(_) => DataType::I2,
            Self::I4(_) => DataType::I4,
            Self::I8(_) => DataType::I8,
            Self::Ui1(_) => DataType::Ui1,
            Self::Ui2(_) => DataType::Ui2,
            Self::Ui4(_) => DataType::Ui4,
            Self::Ui8(_) => DataType::Ui8,
            Self::R4(_) => DataType::R4,
            Self::R8(_) => DataType::R8,
            Self::Cy(_) => DataType::Cy,
            Self::Decimal(..) => DataType::Decimal,
            Self::Numeric(..) => DataType::Numeric,
            Self::Text(_) => DataType::WStr,
            Self::Bytes(_) => DataType::Bytes,
            Self::Guid(_) => DataType::Guid,
            Self::Date(_) => DataType::Date,
            Self::DbDate(_) => DataType::DbDate,
            Self::DbTime(_) => DataType::DbTime,
            Self::DbTime2(..) => DataType::DbTime2,
            Self::DbTimeStamp(_) => DataType::DbTimeStamp,
            Self::DbTimeStamp2(..) => DataType::DbTimeStamp2,
            Self::DbTimeStampOffset(..) => DataType::DbTimeStampOffset,
            Self::FileTime(_) => DataType::FileTime,
            Self::Object(_) => DataType::Empty,
        }
    }

    /// The type that a variable holding exactly this value has; `None` where .NET variables
    /// have no such type (bytes, GUIDs and the like live in Object variables).
    pub fn variable_type(&self) -> Option<VariableType> {
        Some(match self {
            Self::Null => VariableType::DbNull,
            Self::Bool(_) => VariableType::Boolean,
            Self::I1(_) => VariableType::SByte,
            Self::I2(_) => VariableType::Int16,
            Self::I4(_) => VariableType::Int32,
            Self::I8(_) => VariableType::Int64,
            Self::Ui1(_) => VariableType::Byte,
            Self::Ui2(_) => VariableType::Char,
            Self::Ui4(_) => VariableType::UInt32,
            Self::Ui8(_) => VariableType::UInt64,
            Self::R4(_) => VariableType::Single,
            Self::R8(_) => VariableType::Double,
            Self::Cy(_) => VariableType::Currency,
            Self::Decimal(..) => VariableType::Decimal,
            Self::Text(_) => VariableType::String,
            Self::Date(_) => VariableType::DateTime,
            Self::Object(_) => VariableType::Object,
            _ => return None,
        })
    }
}

impl PartialEq for Value {
    /// Equal in type and content; objects by identity; floats by bits, so that a test may
    /// compare NaN.
    fn eq(&self, other: &Self) -> bool {
        use Value as V;
        match (self, other) {
            (V::Null, V::Null) => true,
            (V::Bool(a), V::Bool(b)) => a == b,
            (V::I1(a), V::I1(b)) => a == b,
            (V::I2(a), V::I2(b)) => a == b,
            (V::I4(a), V::I4(b)) => a == b,
            (V::I8(a), V::I8(b)) | (V::Cy(a), V::Cy(b)) => a == b,
            (V::Ui1(a), V::Ui1(b)) => a == b,
            (V::Ui2(a), V::Ui2(b)) => a == b,
            (V::Ui4(a), V::Ui4(b)) => a == b,
            (V::Ui8(a), V::Ui8(b)) => a == b,
            (V::R4(a), V::R4(b)) => a.to_bits() == b.to_bits(),
            (V::R8(a), V::R8(b)) => a.to_bits() == b.to_bits(),
            (V::Decimal(a, s), V::Decimal(b, t)) => a == b && s == t,
            (V::Numeric(a, p, s), V::Numeric(b, q, t)) => a == b && p == q && s == t,
            (V::Text(a), V::Text(b)) => a == b,
            (V::Bytes(a), V::Bytes(b)) => a == b,
            (V::Guid(a), V::Guid(b)) => a == b,
            (V::Date(a), V::Date(b))
            | (V::DbTimeStamp(a), V::DbTimeStamp(b))
            | (V::FileTime(a), V::FileTime(b)) => a == b,
            (V::DbDate(a), V::DbDate(b)) => a == b,
            (V::DbTime(a), V::DbTime(b)) => a == b,
            (V::DbTime2(a, s), V::DbTime2(b, t)) => a == b && s == t,
            (V::DbTimeStamp2(a, s), V::DbTimeStamp2(b, t)) => a == b && s == t,
            (V::DbTimeStampOffset(a, m, s), V::DbTimeStampOffset(b, n, t)) => {
                a == b && m == n && s == t
            }
            (V::Object(a), V::Object(b)) => std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b)),
            _ => false,
        }
    }
}
