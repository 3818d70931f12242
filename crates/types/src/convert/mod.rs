//! Conversions between column types.
use arrow::array::ArrayRef;
use chrono::NaiveDate;

use crate::data_type::{ColumnType, DataType, VariableType};
use crate::locale::Locale;
use crate::status::{RowErrors, Status};
use crate::value::Value;

/// Options of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvertOptions {
    /// Fast parse of texts.
    pub fast_parse: bool,
    /// The date that a time gets when it becomes a timestamp.
    pub today: NaiveDate,
}

/// Why two types have no conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IllegalConversion {
    /// Not in the table of legal conversions.
    #[error("no conversion from {from} to {to}")]
    Types {
        /// Type of the value.
        from: ColumnType,
        /// Wanted type.
        to: ColumnType,
    },
    /// `DT_STR` to `DT_STR` of another code page.
    #[error("no conversion between code pages {from} and {to}")]
    CodePages {
        /// Page of the value.
        from: u32,
        /// Wanted page.
        to: u32,
    },
    /// A page that is not known.
    #[error(transparent)]
    UnknownCodePage(#[from] crate::code_page::UnknownCodePage),
    /// Fast parse on a type that does not know it (0xC00470F7).
    #[error("fast parse does not know {0}")]
    FastParse(ColumnType),
}

/// A converted column.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The values; NULL at rows that failed, the cut value at truncations.
    pub array: ArrayRef,
    /// Failing rows.
    pub errors: RowErrors,
}

/// A conversion bound to its types.
#[derive(Debug, Clone)]
pub struct Conversion {}

impl Conversion {
    /// Binds.
    pub fn bind(
        _from: &ColumnType,
        _to: &ColumnType,
        _locale: &Locale,
        _options: ConvertOptions,
    ) -> Result<Self, IllegalConversion> {
        Ok(Self {})
    }
    /// Converts a column.
    pub fn convert(&self, array: &ArrayRef) -> Converted {
        Converted {
            array: array.clone(),
            errors: RowErrors::new(),
        }
    }
}

/// Whether a conversion exists.
pub fn legal(_from: DataType, _to: DataType) -> bool {
    true
}

/// Converts one value. The value at a truncation is given up; use [`Conversion`] to keep it.
pub fn convert_value(
    value: &Value,
    _to: &ColumnType,
    _locale: &Locale,
    _options: ConvertOptions,
) -> Result<Value, Status> {
    Ok(value.clone())
}

/// Converts a value for a variable (general conversion, invariant locale).
pub fn to_variable(value: &Value, _to: VariableType) -> Result<Value, Status> {
    Ok(value.clone())
}

/// The value of a variable type that nothing was assigned to; also what NULL becomes.
pub fn variable_default(_to: VariableType) -> Value {
    Value::Null
}
