//! Conversions between column types: casts, Data Conversion, adapters, variables.
//!
//! Which pairs exist: [`legal`]. A [`Conversion`] is bound to its two types once and works on
//! whole columns; failing rows are listed, and the column has NULL there (or the cut value
//! where the failure is a truncation).

mod binary;
mod legal;
mod number;
mod temporal;
pub mod variable;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, NullBufferBuilder, PrimitiveArray, StringViewArray};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::ArrowPrimitiveType;
use chrono::NaiveDate;

use crate::array::{ColumnBuilder, value_at};
use crate::code_page::{CodePage, UnknownCodePage};
use crate::data_type::{ColumnType, DataType};
use crate::locale::Locale;
use crate::status::{RowErrors, Status};
use crate::text::{Cells, ColumnFormatter, ColumnParser, Outcome, ParserError, Span, type_of};
use crate::value::Value;

pub use self::legal::legal;
pub use self::variable::{parse_boolean, variable_default};

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
    /// `DT_STR` to `DT_STR` of another code page (0xC02020DB, in expressions 0xC00470D1).
    #[error("no conversion between code pages {from} and {to}")]
    CodePages {
        /// Page of the value.
        from: u32,
        /// Wanted page.
        to: u32,
    },
    /// A page that is not known.
    #[error(transparent)]
    UnknownCodePage(#[from] UnknownCodePage),
    /// Fast parse on a type that does not know it (0xC00470F7).
    #[error("fast parse does not know {0}")]
    FastParse(ColumnType),
}

/// A converted column, as many rows as the column it was made from.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The values; NULL at rows that failed, the cut value at truncations.
    pub array: ArrayRef,
    /// Failing rows.
    pub errors: RowErrors,
}

impl Converted {
    fn clean(array: ArrayRef) -> Self {
        Self {
            array,
            errors: RowErrors::new(),
        }
    }
}

/// A conversion bound to its types.
#[derive(Debug, Clone)]
pub struct Conversion {
    from: ColumnType,
    to: ColumnType,
    plan: Plan,
    today: NaiveDate,
}

#[derive(Debug, Clone)]
enum Plan {
    /// The column itself.
    Same,
    /// NULLs of the target.
    Nulls,
    Parse(Box<ColumnParser>),
    /// Text to text: length and page.
    Measure(Box<ColumnParser>),
    Format(Box<ColumnFormatter>, Box<ColumnParser>),
    Number,
    Temporal,
    /// Numbers to dates and back, by the day number of `DT_DATE`.
    DayNumber,
    Binary(Option<CodePage>),
}

impl Conversion {
    /// Binds a conversion; checks that it exists and that its code pages are known.
    pub fn bind(
        from: &ColumnType,
        to: &ColumnType,
        locale: &Locale,
        options: ConvertOptions,
    ) -> Result<Self, IllegalConversion> {
        let plan = Self::plan(from, to, locale, options)?;
        Ok(Self {
            from: *from,
            to: *to,
            plan,
            today: options.today,
        })
    }

    fn plan(
        from: &ColumnType,
        to: &ColumnType,
        locale: &Locale,
        options: ConvertOptions,
    ) -> Result<Plan, IllegalConversion> {
        let (source, target) = (from.data_type, to.data_type);
        let illegal = IllegalConversion::Types {
            from: *from,
            to: *to,
        };
        if source == DataType::Null && target != DataType::Empty {
            return Ok(Plan::Nulls);
        }
        if !legal(source, target) {
            return Err(illegal);
        }
        let paged = |t: DataType| matches!(t, DataType::Str | DataType::Text);
        if paged(source) && paged(target) && from.code_page != to.code_page {
            return Err(IllegalConversion::CodePages {
                from: from.code_page,
                to: to.code_page,
            });
        }
        let parser = |fast| {
            ColumnParser::bind(to, locale, fast)
                .map(Box::new)
                .map_err(|error| match error {
                    ParserError::FastParse(t) => IllegalConversion::FastParse(t),
                    ParserError::CodePage(page) => page.into(),
                    ParserError::Type(_) => illegal,
                })
        };
        let bytes = |t: DataType| matches!(t, DataType::Bytes | DataType::Image);
        if source.is_text() && target.is_text() {
            return Ok(Plan::Measure(parser(false)?));
        }
        if from == to && !bytes(target) {
            return Ok(Plan::Same);
        }
        if source.is_lob() && target.is_lob() || bytes(source) && !target.is_text() {
            return Self::binary(from, to);
        }
        if source.is_text() {
            return Ok(Plan::Parse(parser(options.fast_parse)?));
        }
        if target.is_text() {
            let formatter = ColumnFormatter::bind(from, locale);
            return Ok(Plan::Format(Box::new(formatter), parser(false)?));
        }
        let number = |t: DataType| t.is_numeric() || t == DataType::Bool;
        Ok(match (source, target) {
            _ if bytes(target) => Plan::Binary(None),
            _ if number(source) && number(target) => Plan::Number,
            _ if source.is_temporal() && target.is_temporal() => Plan::Temporal,
            _ if source == target => Plan::Same,
            _ => Plan::DayNumber,
        })
    }

    fn binary(from: &ColumnType, to: &ColumnType) -> Result<Plan, IllegalConversion> {
        let page = match (from.data_type, to.data_type) {
            (DataType::Text, _) => Some(CodePage::new(from.code_page)?),
            (_, DataType::Text) => Some(CodePage::new(to.code_page)?),
            (DataType::NText, _) | (_, DataType::NText) => Some(CodePage::utf16_le()),
            _ => None,
        };
        Ok(Plan::Binary(page))
    }

    /// The type that is made.
    pub const fn to(&self) -> &ColumnType {
        &self.to
    }

    /// The type that is converted.
    pub const fn from(&self) -> &ColumnType {
        &self.from
    }

    /// Converts a column. An array that does not have the Arrow form of the bound type gives
    /// status 2 in every row that is not NULL.
    pub fn convert(&self, array: &ArrayRef) -> Converted {
        let converted = match &self.plan {
            Plan::Same => Some(Converted::clean(Arc::clone(array))),
            Plan::Nulls => Some(Converted::clean(crate::array::nulls(&self.to, array.len()))),
            Plan::Parse(parser) => array.as_string_view_opt().map(|texts| {
                let parsed = parser.parse_array(texts);
                Converted {
                    array: parsed.array,
                    errors: parsed.errors,
                }
            }),
            Plan::Measure(parser) => array
                .as_string_view_opt()
                .map(|texts| measure(parser, texts, array)),
            Plan::Format(formatter, parser) => Some(format(formatter, parser, array)),
            Plan::Number => number::convert(array, &self.from, &self.to),
            Plan::Temporal => temporal::convert(array, &self.from, &self.to, self.today),
            Plan::DayNumber => temporal::day_number(array, &self.from, &self.to),
            Plan::Binary(page) => binary::convert(array, &self.from, &self.to, *page),
        };
        debug_assert!(
            converted.is_some(),
            "{} column held as {}",
            self.from,
            array.data_type()
        );
        converted.unwrap_or_else(|| Converted {
            array: crate::array::nulls(&self.to, array.len()),
            errors: (0..array.len())
                .filter(|&row| array.is_valid(row))
                .map(|row| (row as u32, Status::CannotConvert))
                .collect(),
        })
    }
}

/// Text to text. Nothing is copied where every text fits.
fn measure(parser: &ColumnParser, texts: &StringViewArray, array: &ArrayRef) -> Converted {
    let fits = (0..texts.len()).all(|row| texts.is_null(row) || parser.keeps(texts.value(row)));
    if fits {
        return Converted::clean(Arc::clone(array));
    }
    let parsed = parser.parse_array(texts);
    Converted {
        array: parsed.array,
        errors: parsed.errors,
    }
}

/// Any value to text, then its length.
fn format(formatter: &ColumnFormatter, parser: &ColumnParser, array: &ArrayRef) -> Converted {
    let writer = formatter.writer(array);
    let mut buffer = Vec::with_capacity(array.len() * 8);
    let mut spans = Vec::with_capacity(array.len());
    let mut parts = Vec::new();
    for row in 0..array.len() {
        let start = buffer.len();
        writer.append(row, &mut buffer);
        spans.push(Span {
            start: start as u32,
            len: (buffer.len() - start) as u32,
        });
        // offsets have 31 bits; bytes as hexadecimal digits may need more than one buffer
        if buffer.len() > (1 << 30) {
            parts.push((std::mem::take(&mut buffer), std::mem::take(&mut spans)));
        }
    }
    parts.push((buffer, spans));
    let (mut arrays, mut errors, mut first) = (Vec::new(), RowErrors::new(), 0usize);
    for (buffer, spans) in parts {
        let nulls = array.nulls().map(|n| n.slice(first, spans.len()));
        let shared = Buffer::from_vec(buffer);
        let parsed = parser.parse_batch(Cells {
            buffer: &shared,
            spans: &spans,
            validity: nulls.as_ref(),
            shared: Some(&shared),
            plain: false,
        });
        for (row, status) in parsed.errors.iter() {
            errors.push(row + first as u32, status);
        }
        first += spans.len();
        arrays.push(parsed.array);
    }
    let array = match arrays.as_slice() {
        [only] => Arc::clone(only),
        several => {
            let several: Vec<&dyn Array> = several.iter().map(AsRef::as_ref).collect();
            arrow::compute::concat(&several).expect("all parts are of the parser's type")
        }
    };
    Converted { array, errors }
}

/// Builds a column row by row; `convert` is called for rows that are not NULL.
#[inline]
fn collect<T: ArrowPrimitiveType>(
    rows: usize,
    nulls: Option<&NullBuffer>,
    to: &ColumnType,
    convert: impl Fn(usize) -> Outcome<T::Native>,
) -> Converted {
    let mut values: Vec<T::Native> = Vec::with_capacity(rows);
    let mut errors = RowErrors::new();
    let mut failed = false;
    for row in 0..rows {
        if nulls.is_some_and(|n| n.is_null(row)) {
            values.push(T::default_value());
            continue;
        }
        match convert(row) {
            Outcome::Value(value) => values.push(value),
            Outcome::Cut(value) => {
                errors.push(row as u32, Status::Truncated);
                values.push(value);
            }
            Outcome::Failed(status) => {
                failed = true;
                errors.push(row as u32, status);
                values.push(T::default_value());
            }
        }
    }
    let nulls = if failed {
        without(nulls, &errors, rows)
    } else {
        nulls.cloned()
    };
    let array = PrimitiveArray::<T>::new(values.into(), nulls).with_data_type(to.arrow());
    Converted {
        array: Arc::new(array),
        errors,
    }
}

/// The validity after rows that failed became NULL.
fn without(nulls: Option<&NullBuffer>, errors: &RowErrors, rows: usize) -> Option<NullBuffer> {
    let mut failing = errors
        .iter()
        .filter(|(_, status)| !status.is_truncation())
        .map(|(row, _)| row as usize)
        .peekable();
    let mut valid = NullBufferBuilder::new(rows);
    for row in 0..rows {
        let failed = failing.next_if_eq(&row).is_some();
        valid.append(!failed && nulls.is_none_or(|n| n.is_valid(row)));
    }
    valid.finish()
}

/// Converts one value. A cut value counts as [`Status::Truncated`]; to keep it, see
/// [`convert_value_cut`]. A pair without conversion is [`Status::CannotConvert`].
pub fn convert_value(
    value: &Value,
    to: &ColumnType,
    locale: &Locale,
    options: ConvertOptions,
) -> Result<Value, Status> {
    match convert_value_cut(value, to, locale, options) {
        (value, None) => Ok(value),
        (_, Some(status)) => Err(status),
    }
}

/// As [`convert_value`], with the cut value at a truncation and NULL at an error.
pub fn convert_value_cut(
    value: &Value,
    to: &ColumnType,
    locale: &Locale,
    options: ConvertOptions,
) -> (Value, Option<Status>) {
    if value.is_null() {
        return (Value::Null, None);
    }
    let from = type_of(value);
    let mut builder = ColumnBuilder::new(&from, 1);
    let failed = (Value::Null, Some(Status::CannotConvert));
    let Ok(conversion) = Conversion::bind(&from, to, locale, options) else {
        return failed;
    };
    if builder.append(value).is_err() {
        return failed;
    }
    let converted = conversion.convert(&builder.finish());
    (value_at(to, &converted.array, 0), converted.errors.get(0))
}

#[cfg(test)]
mod tests;
