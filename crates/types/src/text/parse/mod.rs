//! The parser of a column.

mod column;
mod text;

use arrow::array::StringViewArray;
use arrow::datatypes::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32SecondType, Time64NanosecondType, TimestampMicrosecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};

use self::column::Column;
pub(super) use self::text::Kept;
use super::date::{self, Moment, TICKS_PER_MINUTE, Wanted};
use super::number::{self, Number, Signs};
use super::{CellSource, Cells, Outcome, Parsed};
use crate::array::{TICKS_TO_1601, TICKS_TO_1970, guid_to_bytes};
use crate::code_page::{CodePage, UnknownCodePage};
use crate::data_type::{ColumnType, DataType};
use crate::decimal::{MAX_DECIMAL, fits};
use crate::locale::Locale;
use crate::status::Status;
use crate::temporal::{DAYS_TO_1970, TICKS_PER_DAY, TICKS_PER_SECOND, ticks_of_scale};

/// What an empty text means for types other than text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmptyText {
    /// Status 2: Data Conversion, casts, destinations. [R-EMPTY-TEXT]
    #[default]
    Error,
    /// NULL: a flat file source that retains NULLs (text types too).
    Null,
    /// [`empty_field_default`]: a flat file source that does not.
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
    CodePage(#[from] UnknownCodePage),
}

/// Reads a column's values from text. Bound to a type and a locale once.
#[derive(Debug, Clone)]
pub struct ColumnParser {
    column_type: ColumnType,
    locale: Locale,
    signs: Signs,
    fast: bool,
    empty: EmptyText,
    page: Option<CodePage>,
}

/// Whether fast parse knows a type: integers, dates and times.
pub const fn knows_fast_parse(data_type: DataType) -> bool {
    use DataType as D;
    matches!(
        data_type,
        D::I1
            | D::I2
            | D::I4
            | D::I8
            | D::Ui1
            | D::Ui2
            | D::Ui4
            | D::Ui8
            | D::Date
            | D::DbDate
            | D::DbTime
            | D::DbTime2
            | D::DbTimeStamp
            | D::DbTimeStamp2
            | D::DbTimeStampOffset
            | D::FileTime
    )
}

impl ColumnParser {
    /// Binds to a column.
    pub fn bind(
        column_type: &ColumnType,
        locale: &Locale,
        fast_parse: bool,
    ) -> Result<Self, ParserError> {
        let data_type = column_type.data_type;
        if matches!(data_type, DataType::Empty | DataType::Null) {
            return Err(ParserError::Type(*column_type));
        }
        if fast_parse && !knows_fast_parse(data_type) {
            return Err(ParserError::FastParse(*column_type));
        }
        let page = match data_type {
            DataType::Str | DataType::Text => Some(CodePage::new(column_type.code_page)?),
            _ => None,
        };
        Ok(Self {
            column_type: *column_type,
            locale: *locale,
            signs: Signs::new(locale),
            fast: fast_parse,
            empty: EmptyText::Error,
            page,
        })
    }

    /// What empty text gives, other than status 2.
    #[must_use]
    pub const fn with_empty(mut self, empty: EmptyText) -> Self {
        self.empty = empty;
        self
    }

    /// The type that is read.
    pub const fn column_type(&self) -> &ColumnType {
        &self.column_type
    }

    pub(super) const fn locale(&self) -> &Locale {
        &self.locale
    }

    pub(super) const fn decimal_sign(&self) -> char {
        self.locale.decimal
    }

    pub(super) const fn page(&self) -> Option<CodePage> {
        self.page
    }

    pub(super) const fn empty(&self) -> EmptyText {
        self.empty
    }

    /// Reads all cells.
    pub fn parse_batch(&self, cells: Cells<'_>) -> Parsed {
        if self.column_type.data_type.is_text() {
            return match cells.shared {
                Some(shared) if cells.plain => self.plain_texts(&cells, shared),
                shared => self.texts(&cells, shared),
            };
        }
        self.parse(&cells)
    }

    /// Reads the texts of an array.
    pub(crate) fn parse_array(&self, texts: &StringViewArray) -> Parsed {
        self.parse(texts)
    }

    fn parse<S: CellSource>(&self, cells: &S) -> Parsed {
        use DataType as D;
        let column = Column {
            parser: self,
            cells,
        };
        match self.column_type.data_type {
            D::I1 => column.integers::<Int8Type>(),
            D::I2 => column.integers::<Int16Type>(),
            D::I4 => column.integers::<Int32Type>(),
            D::I8 => column.integers::<Int64Type>(),
            D::Ui1 => column.integers::<UInt8Type>(),
            D::Ui2 => column.integers::<UInt16Type>(),
            D::Ui4 => column.integers::<UInt32Type>(),
            D::Ui8 => column.integers::<UInt64Type>(),
            D::R4 => column.primitives::<Float32Type>(|t| self.r4(t)),
            D::R8 => column.primitives::<Float64Type>(|t| self.r8(t)),
            D::Cy => column.primitives::<Decimal128Type>(|t| self.currency(t)),
            D::Decimal => column.primitives::<Decimal128Type>(|t| self.decimal(t)),
            D::Numeric => column.primitives::<Decimal128Type>(|t| self.numeric(t)),
            D::Bool => column.booleans(),
            D::Guid => column.guids(),
            D::Bytes | D::Image => column.bytes(),
            D::Date => column.primitives::<TimestampMicrosecondType>(|t| self.date(t)),
            D::DbTimeStamp => column.primitives::<TimestampMicrosecondType>(|t| self.timestamp(t)),
            D::DbDate => column.primitives::<Date32Type>(|t| self.day(t)),
            D::DbTime => column.primitives::<Time32SecondType>(|t| self.time(t)),
            D::DbTime2 => column.primitives::<Time64NanosecondType>(|t| self.time2(t)),
            D::DbTimeStamp2 => column.primitives::<Int64Type>(|t| self.timestamp2(t)),
            D::FileTime => column.primitives::<Int64Type>(|t| self.file_time(t)),
            D::DbTimeStampOffset => column.offsets(),
            D::Str | D::WStr | D::Text | D::NText | D::Empty | D::Null => self.texts(cells, None),
        }
    }

    #[inline]
    fn integer<T: TryFrom<i128> + TryFrom<i64>>(&self, text: &[u8]) -> Outcome<T> {
        if let Some(value) = number::simple_integer(text)
            && let Ok(value) = T::try_from(value)
        {
            return Outcome::Value(value);
        }
        self.integer_slow(text)
            .map_or_else(Outcome::Failed, |value| {
                let unsigned = T::try_from(-1i64).is_err();
                T::try_from(value).map_or_else(
                    |_| {
                        Outcome::Failed(if unsigned && value < 0 {
                            Status::SignMismatch
                        } else {
                            Status::Overflow
                        })
                    },
                    Outcome::Value,
                )
            })
    }

    fn integer_slow(&self, text: &[u8]) -> Result<i128, Status> {
        if self.fast {
            return number::fast_integer(text);
        }
        self.number(text)?.to_integer().ok_or(Status::Overflow)
    }

    fn number(&self, text: &[u8]) -> Result<Number, Status> {
        std::str::from_utf8(text)
            .ok()
            .and_then(|text| Number::parse(text, self.signs))
            .ok_or(Status::CannotConvert)
    }

    #[inline]
    fn r8(&self, text: &[u8]) -> Outcome<f64> {
        if self.locale.decimal.is_ascii()
            && let Some(value) = number::simple_double(text, self.locale.decimal as u8)
        {
            return Outcome::Value(value);
        }
        match self.number(text).map(Number::to_f64) {
            Ok(value) if value.is_finite() => Outcome::Value(value),
            Ok(_) => Outcome::Failed(Status::Overflow),
            Err(status) => Outcome::Failed(status),
        }
    }

    fn r4(&self, text: &[u8]) -> Outcome<f32> {
        match self.number(text).map(Number::to_f32) {
            Ok(value) if value.is_finite() => Outcome::Value(value),
            Ok(_) => Outcome::Failed(Status::Overflow),
            Err(status) => Outcome::Failed(status),
        }
    }

    /// [R-SCALE-CY]
    fn currency(&self, text: &[u8]) -> Outcome<i128> {
        let value = self.number(text).and_then(|n| {
            n.scaled_half_even(4)
                .filter(|&v| i64::try_from(v).is_ok())
                .ok_or(Status::Overflow)
        });
        value.into()
    }

    #[inline]
    fn decimal(&self, text: &[u8]) -> Outcome<i128> {
        self.fixed(text, |v| v.abs() <= MAX_DECIMAL)
    }

    #[inline]
    fn numeric(&self, text: &[u8]) -> Outcome<i128> {
        let precision = self.column_type.precision.clamp(1, 38);
        self.fixed(text, |v| fits(v, precision))
    }

    #[inline]
    fn fixed(&self, text: &[u8], in_range: impl Fn(i128) -> bool) -> Outcome<i128> {
        let scale = self.column_type.scale;
        if self.locale.decimal.is_ascii()
            && let Some(value) = number::simple_decimal(text, self.locale.decimal as u8, scale)
        {
            return if in_range(value) {
                Outcome::Value(value)
            } else {
                Outcome::Failed(Status::Overflow)
            };
        }
        let exponent_allowed = self.column_type.data_type == DataType::Decimal;
        let value = self.number(text).and_then(|n| {
            if n.is_scientific() && !exponent_allowed {
                return Err(Status::CannotConvert);
            }
            n.scaled_cut(scale)
                .filter(|&v| in_range(v))
                .ok_or(Status::Overflow)
        });
        value.into()
    }

    fn boolean(&self, text: &[u8]) -> Outcome<bool> {
        if text == b"True" || text == b"False" {
            return Outcome::Value(text == b"True");
        }
        let trimmed = text.trim_ascii();
        if trimmed.eq_ignore_ascii_case(b"true") {
            return Outcome::Value(true);
        }
        if trimmed.eq_ignore_ascii_case(b"false") {
            return Outcome::Value(false);
        }
        self.number(text).map(|n| !n.is_zero()).into()
    }

    /// Braces may be missing; any letter case.
    fn guid(text: &[u8]) -> Outcome<[u8; 16]> {
        let text = text.trim_ascii();
        let inner = match text {
            [b'{', inner @ .., b'}'] => inner,
            inner => inner,
        };
        // hyphenated only: uuid's parser would take other forms, too
        if inner.len() != 36 {
            return Outcome::Failed(Status::CannotConvert);
        }
        uuid::Uuid::try_parse_ascii(inner)
            .map(guid_to_bytes)
            .map_err(|_| Status::CannotConvert)
            .into()
    }

    /// Hexadecimal pairs, `0x` may stand before; more bytes than the length are cut.
    fn hex(&self, text: &[u8]) -> Outcome<Vec<u8>> {
        let digits = match text {
            [b'0', b'x' | b'X', digits @ ..] => digits,
            digits => digits,
        };
        let (pairs, rest) = digits.as_chunks::<2>();
        let nibble = |b: u8| {
            char::from(b)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        };
        let bytes: Option<Vec<u8>> = pairs
            .iter()
            .map(|&[high, low]| Some(nibble(high)? << 4 | nibble(low)?))
            .collect();
        let (Some(mut bytes), []) = (bytes, rest) else {
            return Outcome::Failed(Status::CannotConvert);
        };
        let limit = self.column_type.length as usize;
        if self.column_type.data_type == DataType::Bytes && bytes.len() > limit {
            bytes.truncate(limit);
            return Outcome::Cut(bytes);
        }
        Outcome::Value(bytes)
    }

    #[inline]
    fn moment(&self, text: &[u8]) -> Outcome<Moment> {
        self.moment_as(text, Wanted::Timestamp)
    }

    #[inline]
    fn moment_as(&self, text: &[u8], wanted: Wanted) -> Outcome<Moment> {
        if self.fast {
            let time_only = matches!(
                self.column_type.data_type,
                DataType::DbTime | DataType::DbTime2
            );
            return date::fast(text, time_only).into();
        }
        if let Some(moment) = date::iso(text) {
            return Outcome::Value(moment);
        }
        match std::str::from_utf8(text) {
            Ok(text) => date::standard(text, &self.locale, wanted),
            Err(_) => Outcome::Failed(Status::CannotConvert),
        }
    }

    fn date(&self, text: &[u8]) -> Outcome<i64> {
        // milliseconds; years 100 to 9999
        let outcome = self.ticks(text, 3);
        match outcome {
            Outcome::Value(t) | Outcome::Cut(t) if t < MIN_DATE => {
                Outcome::Failed(Status::Overflow)
            }
            outcome => outcome.map(|t| (t - TICKS_TO_1970).div_euclid(10)),
        }
    }

    fn timestamp(&self, text: &[u8]) -> Outcome<i64> {
        self.ticks(text, 3)
            .map(|t| (t - TICKS_TO_1970).div_euclid(10))
    }

    fn timestamp2(&self, text: &[u8]) -> Outcome<i64> {
        self.ticks(text, self.column_type.scale)
    }

    fn file_time(&self, text: &[u8]) -> Outcome<i64> {
        match self.ticks(text, 7) {
            Outcome::Value(t) | Outcome::Cut(t) if t < TICKS_TO_1601 => {
                Outcome::Failed(Status::Overflow)
            }
            outcome => outcome.map(|t| t - TICKS_TO_1601),
        }
    }

    /// Ticks since 0001, cut to so many fraction digits.
    #[inline]
    fn ticks(&self, text: &[u8], scale: u8) -> Outcome<i64> {
        match self.moment(text) {
            Outcome::Value(moment) | Outcome::Cut(moment) => {
                let (ticks, lost) = moment.ticks();
                if ticks >= END {
                    return Outcome::Failed(Status::Overflow);
                }
                cut_ticks(ticks, lost, scale)
            }
            Outcome::Failed(status) => Outcome::Failed(status),
        }
    }

    fn day(&self, text: &[u8]) -> Outcome<i32> {
        if !self.fast
            && let Some(days) = date::iso_date(text)
        {
            return day32(days);
        }
        match self.moment(text) {
            Outcome::Value(moment) | Outcome::Cut(moment) => {
                day32(moment.ticks().0.div_euclid(TICKS_PER_DAY))
            }
            Outcome::Failed(status) => Outcome::Failed(status),
        }
    }

    /// Ticks of the day, cut to so many fraction digits.
    fn day_ticks(&self, text: &[u8], scale: u8) -> Outcome<i64> {
        if !self.fast
            && let Some(nanos) = date::iso_time(text)
        {
            return cut_ticks(nanos / 100, nanos % 100 != 0, scale);
        }
        match self.moment(text) {
            Outcome::Value(moment) | Outcome::Cut(moment) => {
                let (ticks, lost) = moment.ticks_of_day();
                cut_ticks(ticks.rem_euclid(TICKS_PER_DAY), lost, scale)
            }
            Outcome::Failed(status) => Outcome::Failed(status),
        }
    }

    fn time(&self, text: &[u8]) -> Outcome<i32> {
        self.day_ticks(text, 0)
            .map(|t| i32::try_from(t / TICKS_PER_SECOND).unwrap_or(0))
    }

    fn time2(&self, text: &[u8]) -> Outcome<i64> {
        self.day_ticks(text, self.column_type.scale)
            .map(|t| t * 100)
    }

    fn offset(&self, text: &[u8]) -> Outcome<(i64, i16)> {
        let moment = match self.moment_as(text, Wanted::Offset) {
            Outcome::Value(moment) | Outcome::Cut(moment) => moment,
            Outcome::Failed(status) => return Outcome::Failed(status),
        };
        let minutes = moment.zone.unwrap_or(0);
        let (local, lost) = moment.ticks();
        let utc = local - i64::from(minutes) * TICKS_PER_MINUTE;
        if !(0..END).contains(&utc) || local >= END {
            return Outcome::Failed(Status::Overflow);
        }
        cut_ticks(utc, lost, self.column_type.scale).map(|t| (t, minutes))
    }
}

const END: i64 = crate::temporal::DAYS_END * TICKS_PER_DAY;
/// 0100-01-01, the first day of `DT_DATE`: 36_159 days after 0001-01-01.
pub(crate) const MIN_DATE: i64 = 36_159 * TICKS_PER_DAY;

fn day32(days: i64) -> Outcome<i32> {
    i32::try_from(days - DAYS_TO_1970)
        .map_err(|_| Status::Overflow)
        .into()
}

/// Fraction digits past `scale` are cut, with a truncation.
#[inline]
pub(crate) fn cut_ticks(ticks: i64, lost: bool, scale: u8) -> Outcome<i64> {
    let unit = ticks_of_scale(scale);
    let rest = ticks.rem_euclid(unit);
    if rest == 0 && !lost {
        Outcome::Value(ticks)
    } else {
        Outcome::Cut(ticks - rest)
    }
}
