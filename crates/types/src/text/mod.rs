//! Text of values: one formatter and one parser for casts, Data Conversion and files.
use std::ops::Range;

use arrow::array::{Array, ArrayRef};
use arrow::buffer::{Buffer, NullBuffer};

use crate::data_type::ColumnType;
use crate::locale::Locale;
use crate::status::{RowErrors, Status};
use crate::value::Value;

/// Where a cell's text lies in its buffer, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// How many bytes.
    pub len: u32,
}

/// The texts of one column of a batch, in UTF-8.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// The bytes that the spans point into.
    pub buffer: &'a [u8],
    /// One span per row.
    pub spans: &'a [Span],
    /// Which rows are not NULL; `None`: all.
    pub validity: Option<&'a NullBuffer>,
    /// `buffer` as a shared buffer: text columns then refer to it instead of copying.
    pub shared: Option<&'a Buffer>,
}

/// A parsed column: as many rows as cells.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The values; NULL at rows that could not be converted, the cut text at truncations.
    pub array: ArrayRef,
    /// Failing rows.
    pub errors: RowErrors,
}

/// What an empty text means for types other than text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmptyText {
    /// Status 2.
    #[default]
    Error,
    /// NULL.
    Null,
    /// The type's default.
    Default,
}

/// Why a column's parser cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParserError {
    /// Fast parse on a type that does not know it (0xC00470F7).
    #[error("fast parse does not know {0}")]
    FastParse(ColumnType),
    /// The type has no text form.
    #[error("{0} cannot be read from text")]
    Type(ColumnType),
    /// The text column's code page.
    #[error(transparent)]
    CodePage(#[from] crate::code_page::UnknownCodePage),
}

/// Writes a column's values as text.
#[derive(Debug, Clone)]
pub struct ColumnFormatter {}

impl ColumnFormatter {
    /// Binds.
    pub fn bind(_column_type: &ColumnType, _locale: &Locale) -> Self {
        Self {}
    }
    /// Appends a row's text; nothing for NULL.
    pub fn append(&self, _array: &dyn Array, _row: usize, _out: &mut Vec<u8>) {}
    /// Appends the texts of rows one after the other and the end of each (an offset in `out`).
    pub fn append_rows(
        &self,
        _array: &dyn Array,
        _rows: Range<usize>,
        _out: &mut Vec<u8>,
        _ends: &mut Vec<usize>,
    ) {
    }
}

/// Reads a column's values from text.
#[derive(Debug, Clone)]
pub struct ColumnParser {}

impl ColumnParser {
    /// Binds.
    pub fn bind(_: &ColumnType, _: &Locale, _fast_parse: bool) -> Result<Self, ParserError> {
        Ok(Self {})
    }
    /// What empty text gives.
    pub fn with_empty(self, _: EmptyText) -> Self {
        self
    }
    /// Parses.
    pub fn parse_batch(&self, _cells: Cells<'_>) -> Parsed {
        Parsed {
            array: crate::array::empty(&ColumnType::wstr(1)),
            errors: RowErrors::new(),
        }
    }
    /// Whether every cell is NULL or exactly what the formatter would write for its value.
    pub fn is_canonical(&self, _cells: Cells<'_>) -> bool {
        false
    }
}

/// Text of a value.
pub fn format_value(_value: &Value, _locale: &Locale) -> String {
    String::new()
}

/// Value of a text.
pub fn parse_value(
    _text: &str,
    _column_type: &ColumnType,
    _locale: &Locale,
    _fast_parse: bool,
) -> Result<Value, Status> {
    Err(Status::CannotConvert)
}

/// What an empty field gives where NULLs are not retained.
pub fn empty_field_default(_column_type: &ColumnType) -> Value {
    Value::Null
}
