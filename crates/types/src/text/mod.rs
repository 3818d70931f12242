//! Text of values: one formatter and one parser for casts, Data Conversion and files.
//!
//! The rules are those of the data flow reference, 1.3, 5 and 5.1. [`ColumnFormatter`] writes
//! and [`ColumnParser`] reads whole columns; both are bound to a column's type and locale once
//! and work per batch. [`format_value`] and [`parse_value`] are the same for one value.

mod canonical;
mod date;
mod format;
mod number;
pub(crate) mod parse;
pub(crate) mod write;

use arrow::array::{Array, ArrayRef, StringViewArray};
use arrow::buffer::{Buffer, NullBuffer};

use crate::array::{ColumnBuilder, value_at};
use crate::data_type::{ColumnType, DataType};
use crate::locale::Locale;
use crate::status::{RowErrors, Status};
use crate::value::Value;

pub use self::format::{CellWriter, ColumnFormatter};
pub use self::parse::{ColumnParser, EmptyText, ParserError, knows_fast_parse};

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
    /// The bytes that the spans point into; a span that leaves them reads as empty.
    pub buffer: &'a [u8],
    /// One span per row.
    pub spans: &'a [Span],
    /// Which rows are not NULL; `None`: all.
    pub validity: Option<&'a NullBuffer>,
    /// `buffer` as a shared buffer: text columns then refer to it instead of copying. Who
    /// keeps rows for long compacts them.
    pub shared: Option<&'a Buffer>,
    /// The whole buffer is known to be ASCII without NUL, so that no cell need be looked at
    /// for it.
    pub plain: bool,
}

impl<'a> Cells<'a> {
    /// Cells without NULLs, of a buffer that is not shared.
    pub const fn new(buffer: &'a [u8], spans: &'a [Span]) -> Self {
        Self {
            buffer,
            spans,
            validity: None,
            shared: None,
            plain: false,
        }
    }
}

/// A parsed column: as many rows as cells.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The values; NULL at rows that could not be converted, the cut value at truncations.
    pub array: ArrayRef,
    /// Failing rows.
    pub errors: RowErrors,
}

/// What became of one text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome<T> {
    /// The value.
    Value(T),
    /// What is left of it; status 4.
    Cut(T),
    /// No value.
    Failed(Status),
}

impl<T> Outcome<T> {
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Value(v) => Outcome::Value(f(v)),
            Self::Cut(v) => Outcome::Cut(f(v)),
            Self::Failed(status) => Outcome::Failed(status),
        }
    }
}

impl<T> From<Result<T, Status>> for Outcome<T> {
    fn from(result: Result<T, Status>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(status) => Self::Failed(status),
        }
    }
}

/// Rows of text, wherever they lie.
pub(crate) trait CellSource {
    fn rows(&self) -> usize;
    /// `None` for NULL.
    fn cell(&self, row: usize) -> Option<&[u8]>;
}

impl CellSource for Cells<'_> {
    fn rows(&self) -> usize {
        self.spans.len()
    }

    #[inline]
    fn cell(&self, row: usize) -> Option<&[u8]> {
        if let Some(validity) = self.validity
            && (row >= validity.len() || validity.is_null(row))
        {
            return None;
        }
        let span = self.spans.get(row)?;
        let start = span.start as usize;
        let end = start + span.len as usize;
        Some(self.buffer.get(start..end).unwrap_or_default())
    }
}

impl CellSource for StringViewArray {
    fn rows(&self) -> usize {
        self.len()
    }

    #[inline]
    fn cell(&self, row: usize) -> Option<&[u8]> {
        self.is_valid(row).then(|| self.value(row).as_bytes())
    }
}

/// The text of a value; empty for NULL and objects.
pub fn format_value(value: &Value, locale: &Locale) -> String {
    if let Value::Text(text) = value {
        return text.to_string();
    }
    let column_type = type_of(value);
    let mut builder = ColumnBuilder::new(&column_type, 1);
    if value.is_null() || builder.append(value).is_err() {
        return String::new();
    }
    let mut out = Vec::with_capacity(32);
    ColumnFormatter::bind(&column_type, locale).append(&builder.finish(), 0, &mut out);
    String::from_utf8(out).expect("formatters write UTF-8")
}

/// The value of a text; an empty text is status 2 for all types but text. A cut value counts
/// as [`Status::Truncated`]; the cut value itself: [`parse_value_cut`].
pub fn parse_value(
    text: &str,
    column_type: &ColumnType,
    locale: &Locale,
    fast_parse: bool,
) -> Result<Value, Status> {
    match parse_value_cut(text, column_type, locale, fast_parse) {
        (value, None) => Ok(value),
        (_, Some(status)) => Err(status),
    }
}

/// As [`parse_value`], with the cut value at a truncation and NULL at an error.
pub fn parse_value_cut(
    text: &str,
    column_type: &ColumnType,
    locale: &Locale,
    fast_parse: bool,
) -> (Value, Option<Status>) {
    let Ok(parser) = ColumnParser::bind(column_type, locale, fast_parse) else {
        return (Value::Null, Some(Status::CannotConvert));
    };
    let Ok(len) = u32::try_from(text.len()) else {
        return (Value::Null, Some(Status::Overflow));
    };
    let span = [Span { start: 0, len }];
    let parsed = parser.parse_batch(Cells::new(text.as_bytes(), &span));
    (
        value_at(column_type, &parsed.array, 0),
        parsed.errors.get(0),
    )
}

/// The column type that holds exactly this value.
pub fn type_of(value: &Value) -> ColumnType {
    match value {
        Value::Text(text) => {
            let units = crate::code_page::utf16_len(text);
            ColumnType::wstr(u32::try_from(units).unwrap_or(u32::MAX))
        }
        Value::Bytes(bytes) => ColumnType {
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            ..ColumnType::new(DataType::Bytes)
        },
        Value::Decimal(_, scale) => ColumnType::decimal(*scale),
        Value::Numeric(_, precision, scale) => ColumnType::numeric(*precision, *scale),
        Value::DbTime2(_, scale)
        | Value::DbTimeStamp2(_, scale)
        | Value::DbTimeStampOffset(_, _, scale) => ColumnType::scaled(value.data_type(), *scale),
        _ => ColumnType::new(value.data_type()),
    }
}

/// What an empty field of a flat file gives where NULLs are not retained: [R-EMPTY-DATE]
/// `DT_DATE` 1899-12-30, the other dates 1753-01-01, file times 1601-01-01, times midnight,
/// numbers 0, Booleans false, GUIDs zero, texts and bytes empty.
pub fn empty_field_default(column_type: &ColumnType) -> Value {
    use DataType as D;
    let day = |days| crate::temporal::datetime_from_ticks(days * crate::temporal::TICKS_PER_DAY);
    // 53_688 days before 1899-12-30 is 1753-01-01
    let y1753 = day(crate::temporal::DAYS_TO_1899 - 53_688);
    let midnight = chrono::NaiveTime::MIN;
    let scale = column_type.scale;
    match column_type.data_type {
        D::Empty | D::Null => Value::Null,
        D::Bool => Value::Bool(false),
        D::I1 => Value::I1(0),
        D::I2 => Value::I2(0),
        D::I4 => Value::I4(0),
        D::I8 => Value::I8(0),
        D::Ui1 => Value::Ui1(0),
        D::Ui2 => Value::Ui2(0),
        D::Ui4 => Value::Ui4(0),
        D::Ui8 => Value::Ui8(0),
        D::R4 => Value::R4(0.0),
        D::R8 => Value::R8(0.0),
        D::Cy => Value::Cy(0),
        D::Decimal => Value::Decimal(0, scale),
        D::Numeric => Value::Numeric(0, column_type.precision, scale),
        D::Str | D::WStr | D::Text | D::NText => Value::text(""),
        D::Bytes | D::Image => Value::Bytes(Vec::new().into()),
        D::Guid => Value::Guid(uuid::Uuid::nil()),
        D::Date => Value::Date(day(crate::temporal::DAYS_TO_1899)),
        D::DbDate => Value::DbDate(y1753.date()),
        D::DbTime => Value::DbTime(midnight),
        D::DbTime2 => Value::DbTime2(midnight, scale),
        D::DbTimeStamp => Value::DbTimeStamp(y1753),
        D::DbTimeStamp2 => Value::DbTimeStamp2(y1753, scale),
        D::DbTimeStampOffset => Value::DbTimeStampOffset(y1753, 0, scale),
        D::FileTime => Value::FileTime(day(crate::temporal::DAYS_TO_1601)),
    }
}

#[cfg(test)]
mod tests;
