//! The `DT_*` types of the pipeline, the full type of a column, and the types of variables.
//!
//! One table serves the three codings that packages use: the pipeline's XML word (`i4`), the
//! number (3) and the name in expressions (`DT_I4`).

use arrow::datatypes::{DataType as ArrowType, Field, Fields, TimeUnit};
use serde::{Deserialize, Serialize};

/// A pipeline data type without its length, precision, scale and code page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "the table below documents each by its three codings"
)]
pub enum DataType {
    Empty,
    Null,
    I1,
    I2,
    I4,
    I8,
    Ui1,
    Ui2,
    Ui4,
    Ui8,
    R4,
    R8,
    Cy,
    Decimal,
    Numeric,
    Bool,
    Str,
    WStr,
    Text,
    NText,
    Bytes,
    Image,
    Guid,
    Date,
    DbDate,
    DbTime,
    DbTime2,
    DbTimeStamp,
    DbTimeStamp2,
    DbTimeStampOffset,
    FileTime,
}

/// `(type, XML word in pipelines, number, name in expressions)`
const CODINGS: &[(DataType, &str, u16, &str)] = &[
    (DataType::Empty, "empty", 0, "DT_EMPTY"),
    (DataType::Null, "null", 1, "DT_NULL"),
    (DataType::I2, "i2", 2, "DT_I2"),
    (DataType::I4, "i4", 3, "DT_I4"),
    (DataType::R4, "r4", 4, "DT_R4"),
    (DataType::R8, "r8", 5, "DT_R8"),
    (DataType::Cy, "cy", 6, "DT_CY"),
    (DataType::Date, "date", 7, "DT_DATE"),
    (DataType::Bool, "bool", 11, "DT_BOOL"),
    (DataType::Decimal, "decimal", 14, "DT_DECIMAL"),
    (DataType::I1, "i1", 16, "DT_I1"),
    (DataType::Ui1, "ui1", 17, "DT_UI1"),
    (DataType::Ui2, "ui2", 18, "DT_UI2"),
    (DataType::Ui4, "ui4", 19, "DT_UI4"),
    (DataType::I8, "i8", 20, "DT_I8"),
    (DataType::Ui8, "ui8", 21, "DT_UI8"),
    (DataType::FileTime, "fileTime", 64, "DT_FILETIME"),
    (DataType::Guid, "guid", 72, "DT_GUID"),
    (DataType::Bytes, "bytes", 128, "DT_BYTES"),
    (DataType::Str, "str", 129, "DT_STR"),
    (DataType::WStr, "wstr", 130, "DT_WSTR"),
    (DataType::Numeric, "numeric", 131, "DT_NUMERIC"),
    (DataType::DbDate, "dbDate", 133, "DT_DBDATE"),
    (DataType::DbTime, "dbTime", 134, "DT_DBTIME"),
    (DataType::DbTimeStamp, "dbTimeStamp", 135, "DT_DBTIMESTAMP"),
    (DataType::DbTime2, "dbTime2", 145, "DT_DBTIME2"),
    (
        DataType::DbTimeStampOffset,
        "dbTimeStampOffset",
        146,
        "DT_DBTIMESTAMPOFFSET",
    ),
    (DataType::Image, "image", 301, "DT_IMAGE"),
    (DataType::Text, "text", 302, "DT_TEXT"),
    (DataType::NText, "nText", 303, "DT_NTEXT"),
    (
        DataType::DbTimeStamp2,
        "dbTimeStamp2",
        304,
        "DT_DBTIMESTAMP2",
    ),
];

impl DataType {
    /// The type of a pipeline's XML word (`wstr`); words are case-sensitive.
    pub fn from_xml(word: &str) -> Option<Self> {
        CODINGS.iter().find(|c| c.1 == word).map(|c| c.0)
    }

    /// The type of a number as flat file and cache columns and parameter bindings hold it.
    pub fn from_number(number: u16) -> Option<Self> {
        CODINGS.iter().find(|c| c.2 == number).map(|c| c.0)
    }

    /// The type of a name in expressions (`DT_WSTR`), in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        CODINGS
            .iter()
            .find(|c| c.3.eq_ignore_ascii_case(name))
            .map(|c| c.0)
    }

    /// The XML word.
    pub fn xml(self) -> &'static str {
        self.coding().1
    }

    /// The number.
    pub fn number(self) -> u16 {
        self.coding().2
    }

    /// The name in expressions and messages.
    pub fn name(self) -> &'static str {
        self.coding().3
    }

    fn coding(self) -> &'static (Self, &'static str, u16, &'static str) {
        CODINGS.iter().find(|c| c.0 == self).unwrap_or(&CODINGS[0])
    }

    /// Signed and unsigned integers.
    pub fn is_integer(self) -> bool {
        use DataType::{I1, I2, I4, I8, Ui1, Ui2, Ui4, Ui8};
        matches!(self, I1 | I2 | I4 | I8 | Ui1 | Ui2 | Ui4 | Ui8)
    }

    /// Integers, floats, currency, decimal, numeric (not Boolean).
    pub fn is_numeric(self) -> bool {
        use DataType::{Cy, Decimal, Numeric, R4, R8};
        self.is_integer() || matches!(self, R4 | R8 | Cy | Decimal | Numeric)
    }

    /// `DT_STR`, `DT_WSTR`, `DT_TEXT`, `DT_NTEXT`.
    pub fn is_text(self) -> bool {
        use DataType::{NText, Str, Text, WStr};
        matches!(self, Str | WStr | Text | NText)
    }

    /// The types for large objects: `DT_TEXT`, `DT_NTEXT`, `DT_IMAGE`.
    pub fn is_lob(self) -> bool {
        matches!(self, DataType::Text | DataType::NText | DataType::Image)
    }

    /// Dates, times and timestamps of every kind.
    pub fn is_temporal(self) -> bool {
        use DataType::{
            Date, DbDate, DbTime, DbTime2, DbTimeStamp, DbTimeStamp2, DbTimeStampOffset, FileTime,
        };
        matches!(
            self,
            Date | DbDate
                | DbTime
                | DbTime2
                | DbTimeStamp
                | DbTimeStamp2
                | DbTimeStampOffset
                | FileTime
        )
    }
}

impl std::fmt::Display for DataType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The full type of a column: what a pipeline column, a flat file column or a cast says.
///
/// `length` counts UTF-16 units for `DT_WSTR`, bytes of the code page for `DT_STR`, bytes for
/// `DT_BYTES`; 0 where the type has none. `code_page` is 0 where the type has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColumnType {
    /// Which type.
    pub data_type: DataType,
    /// Characters (`DT_WSTR`) or bytes (`DT_STR`, `DT_BYTES`).
    pub length: u32,
    /// Digits of `DT_NUMERIC`, 1 to 38.
    pub precision: u8,
    /// Digits after the point of `DT_NUMERIC` and `DT_DECIMAL`; fraction digits of times.
    pub scale: u8,
    /// Windows code page of `DT_STR` and `DT_TEXT`.
    pub code_page: u32,
}

impl ColumnType {
    /// A type without parameters.
    pub const fn new(data_type: DataType) -> Self {
        Self {
            data_type,
            length: 0,
            precision: 0,
            scale: 0,
            code_page: 0,
        }
    }

    /// `DT_WSTR` of so many UTF-16 units.
    pub const fn wstr(length: u32) -> Self {
        Self {
            length,
            ..Self::new(DataType::WStr)
        }
    }

    /// `DT_STR` of so many bytes in a code page.
    pub const fn str(length: u32, code_page: u32) -> Self {
        Self {
            length,
            code_page,
            ..Self::new(DataType::Str)
        }
    }

    /// `DT_NUMERIC(precision, scale)`.
    pub const fn numeric(precision: u8, scale: u8) -> Self {
        Self {
            precision,
            scale,
            ..Self::new(DataType::Numeric)
        }
    }

    /// `DT_DECIMAL(scale)`; its precision is always 29.
    pub const fn decimal(scale: u8) -> Self {
        Self {
            precision: 29,
            scale,
            ..Self::new(DataType::Decimal)
        }
    }

    /// A type with a scale only: `DT_DBTIME2`, `DT_DBTIMESTAMP2`, `DT_DBTIMESTAMPOFFSET`.
    pub const fn scaled(data_type: DataType, scale: u8) -> Self {
        Self {
            scale,
            ..Self::new(data_type)
        }
    }

    /// The Arrow type that holds this column in a batch. One form per `DT_*` type:
    ///
    /// | types | Arrow |
    /// | --- | --- |
    /// | integers, floats, `DT_BOOL` | the same width |
    /// | `DT_CY` | `Decimal128(19, 4)` |
    /// | `DT_DECIMAL(s)`, `DT_NUMERIC(p, s)` | `Decimal128(29, s)`, `Decimal128(p, s)` |
    /// | all text | `Utf8View` |
    /// | `DT_BYTES`, `DT_IMAGE` | `BinaryView` |
    /// | `DT_GUID` | `FixedSizeBinary(16)`, Windows byte order |
    /// | `DT_DATE`, `DT_DBTIMESTAMP` | `Timestamp(µs)` without zone |
    /// | `DT_DBDATE`, `DT_DBTIME`, `DT_DBTIME2` | `Date32`, `Time32(s)`, `Time64(ns)` |
    /// | `DT_DBTIMESTAMP2` | `Int64`: 100 ns ticks since 0001-01-01 |
    /// | `DT_FILETIME` | `Int64`: 100 ns ticks since 1601-01-01 |
    /// | `DT_DBTIMESTAMPOFFSET` | `Struct{utc_ticks: Int64, offset_minutes: Int16}` |
    pub fn arrow(&self) -> ArrowType {
        use DataType as D;
        match self.data_type {
            D::Empty | D::Null => ArrowType::Null,
            D::I1 => ArrowType::Int8,
            D::I2 => ArrowType::Int16,
            D::I4 => ArrowType::Int32,
            D::I8 | D::DbTimeStamp2 | D::FileTime => ArrowType::Int64,
            D::Ui1 => ArrowType::UInt8,
            D::Ui2 => ArrowType::UInt16,
            D::Ui4 => ArrowType::UInt32,
            D::Ui8 => ArrowType::UInt64,
            D::R4 => ArrowType::Float32,
            D::R8 => ArrowType::Float64,
            D::Cy => ArrowType::Decimal128(19, 4),
            D::Decimal => ArrowType::Decimal128(29, self.scale.min(28) as i8),
            D::Numeric => {
                let precision = self.precision.clamp(1, 38);
                ArrowType::Decimal128(precision, self.scale.min(precision) as i8)
            }
            D::Bool => ArrowType::Boolean,
            D::Str | D::WStr | D::Text | D::NText => ArrowType::Utf8View,
            D::Bytes | D::Image => ArrowType::BinaryView,
            D::Guid => ArrowType::FixedSizeBinary(16),
            D::Date | D::DbTimeStamp => ArrowType::Timestamp(TimeUnit::Microsecond, None),
            D::DbDate => ArrowType::Date32,
            D::DbTime => ArrowType::Time32(TimeUnit::Second),
            D::DbTime2 => ArrowType::Time64(TimeUnit::Nanosecond),
            D::DbTimeStampOffset => ArrowType::Struct(offset_fields()),
        }
    }
}

/// The fields of `DT_DBTIMESTAMPOFFSET`'s struct.
pub fn offset_fields() -> Fields {
    Fields::from(vec![
        Field::new("utc_ticks", ArrowType::Int64, false),
        Field::new("offset_minutes", ArrowType::Int16, false),
    ])
}

impl std::fmt::Display for ColumnType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use DataType as D;
        let name = self.data_type.name();
        match self.data_type {
            D::WStr | D::Bytes => write!(f, "{name}({})", self.length),
            D::Str => write!(f, "{name}({},{})", self.length, self.code_page),
            D::Text => write!(f, "{name}({})", self.code_page),
            D::Numeric => write!(f, "{name}({},{})", self.precision, self.scale),
            D::Decimal | D::DbTime2 | D::DbTimeStamp2 | D::DbTimeStampOffset => {
                write!(f, "{name}({})", self.scale)
            }
            _ => f.write_str(name),
        }
    }
}

/// The type of a variable or package parameter: `VARENUM` numbers in packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named as in .NET")]
pub enum VariableType {
    Empty,
    DbNull,
    Int16,
    Int32,
    Single,
    Double,
    Currency,
    DateTime,
    String,
    Boolean,
    Object,
    Decimal,
    SByte,
    Byte,
    Char,
    UInt32,
    Int64,
    UInt64,
}

/// `(type, VARENUM, .NET TypeCode, .NET name, type inside an expression)`
const VARIABLES: &[(VariableType, u16, u16, &str, DataType)] = &[
    (VariableType::Empty, 0, 0, "Empty", DataType::Empty),
    (VariableType::DbNull, 1, 2, "DBNull", DataType::Null),
    (VariableType::Int16, 2, 7, "Int16", DataType::I2),
    (VariableType::Int32, 3, 9, "Int32", DataType::I4),
    (VariableType::Single, 4, 13, "Single", DataType::R4),
    (VariableType::Double, 5, 14, "Double", DataType::R8),
    (VariableType::Currency, 6, 115, "Currency", DataType::Cy),
    (VariableType::DateTime, 7, 16, "DateTime", DataType::Date),
    (VariableType::String, 8, 18, "String", DataType::WStr),
    (VariableType::Boolean, 11, 3, "Boolean", DataType::Bool),
    (VariableType::Object, 13, 1, "Object", DataType::Empty),
    (VariableType::Decimal, 14, 15, "Decimal", DataType::Decimal),
    (VariableType::SByte, 16, 5, "SByte", DataType::I1),
    (VariableType::Byte, 17, 6, "Byte", DataType::Ui1),
    (VariableType::Char, 18, 4, "Char", DataType::Ui2),
    (VariableType::UInt32, 19, 10, "UInt32", DataType::Ui4),
    (VariableType::Int64, 20, 11, "Int64", DataType::I8),
    (VariableType::UInt64, 21, 12, "UInt64", DataType::Ui8),
];

impl VariableType {
    /// By the number that packages write (`DTS:DataType`).
    pub fn from_varenum(number: u16) -> Option<Self> {
        VARIABLES.iter().find(|v| v.1 == number).map(|v| v.0)
    }

    /// By the number that project manifests and `.params` write (.NET `TypeCode`).
    pub fn from_type_code(number: u16) -> Option<Self> {
        if number == 8 {
            // UInt16 has no VARENUM of its own here; SSIS keeps it as Char's 18.
            return Some(Self::Char);
        }
        VARIABLES.iter().find(|v| v.2 == number).map(|v| v.0)
    }

    /// By its .NET name, in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        VARIABLES
            .iter()
            .find(|v| v.3.eq_ignore_ascii_case(name))
            .map(|v| v.0)
    }

    /// The VARENUM number.
    pub fn varenum(self) -> u16 {
        self.row().1
    }

    /// The .NET name.
    pub fn name(self) -> &'static str {
        self.row().3
    }

    /// The type of the variable inside an expression; `None` for objects and empties.
    pub fn in_expression(self) -> Option<DataType> {
        let data_type = self.row().4;
        (!matches!(data_type, DataType::Empty | DataType::Null)).then_some(data_type)
    }

    fn row(self) -> &'static (Self, u16, u16, &'static str, DataType) {
        VARIABLES
            .iter()
            .find(|v| v.0 == self)
            .unwrap_or(&VARIABLES[0])
    }
}

impl std::fmt::Display for VariableType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
