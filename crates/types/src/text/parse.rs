//! The parser of a column.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryViewBuilder, BooleanArray, BooleanBufferBuilder, FixedSizeBinaryArray,
    NullBufferBuilder, PrimitiveArray, StringViewArray, StringViewBuilder, make_view,
};
use arrow::buffer::{Buffer, ScalarBuffer};
use arrow::datatypes::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, Time32SecondType, Time64NanosecondType, TimestampMicrosecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::date::{self, Moment, TICKS_PER_MINUTE, Wanted};
use super::number::{self, Number, Signs};
use super::{CellSource, Cells, Outcome, Parsed, empty_field_default};
use crate::array::{TICKS_TO_1601, TICKS_TO_1970, guid_to_bytes, offset_array, value_at};
use crate::code_page::{CodePage, Fit, UnknownCodePage, cut_utf16, utf16_len};
use crate::data_type::{ColumnType, DataType};
use crate::decimal::{MAX_DECIMAL, fits};
use crate::locale::Locale;
use crate::status::{RowErrors, Status};
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
            return self.texts(&cells, cells.shared);
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

    fn r8(&self, text: &[u8]) -> Outcome<f64> {
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

    fn texts<S: CellSource>(&self, cells: &S, shared: Option<&Buffer>) -> Parsed {
        let rows = cells.rows();
        let shared = shared.filter(|s| u32::try_from(s.len()).is_ok());
        let mut errors = RowErrors::new();
        let mut out = TextColumn::new(rows, shared);
        for row in 0..rows {
            match cells.cell(row) {
                Some([]) if self.empty == EmptyText::Null => out.null(),
                None => out.null(),
                Some(bytes) => {
                    let (text, status) = self.text(bytes);
                    if let Some(status) = status {
                        errors.push(row as u32, status);
                    }
                    match text {
                        Kept::Same(text) => out.push(text),
                        Kept::Changed(text) => out.push_new(text.as_bytes()),
                    }
                }
            }
        }
        Parsed {
            array: out.finish(),
            errors,
        }
    }

    /// A text within the column's length and page; it ends at the first NUL.
    #[inline]
    pub(super) fn text<'a>(&self, bytes: &'a [u8]) -> (Kept<'a>, Option<Status>) {
        let limit = self.column_type.length as usize;
        let lob = self.column_type.data_type.is_lob();
        if bytes.is_ascii() && self.page.is_none_or(CodePage::ascii_compatible) {
            let end = match memchr::memchr(0, bytes) {
                Some(end) if !lob => end,
                _ => bytes.len(),
            };
            if lob || end <= limit {
                return (Kept::Same(bytes.get(..end).unwrap_or_default()), None);
            }
            let cut = bytes.get(..limit).unwrap_or_default();
            return (Kept::Same(cut), Some(Status::Truncated));
        }
        self.wide_text(bytes, limit, lob)
    }

    /// Whether a text stays as it is.
    #[inline]
    pub(crate) fn keeps(&self, text: &str) -> bool {
        match self.text(text.as_bytes()) {
            (Kept::Same(kept), None) => kept.len() == text.len(),
            _ => false,
        }
    }

    fn wide_text<'a>(
        &self,
        bytes: &'a [u8],
        limit: usize,
        lob: bool,
    ) -> (Kept<'a>, Option<Status>) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            let repaired = String::from_utf8_lossy(bytes).into_owned();
            let (kept, _) = self.text(repaired.as_bytes());
            let text = match kept {
                Kept::Same(text) => String::from_utf8_lossy(text).into_owned(),
                Kept::Changed(text) => text,
            };
            return (Kept::Changed(text), Some(Status::Truncated));
        };
        let text = match text.split_once('\0') {
            Some((before, _)) if !lob => before,
            _ => text,
        };
        match self.page {
            Some(page) => {
                let limit = if lob { usize::MAX } else { limit };
                match page.fit(text, limit) {
                    Fit::Fits => (Kept::Same(text.as_bytes()), None),
                    Fit::Cut(text) => (Kept::Changed(text), Some(Status::Truncated)),
                }
            }
            None if lob || utf16_len(text) <= limit => (Kept::Same(text.as_bytes()), None),
            None => (
                Kept::Same(cut_utf16(text, limit).as_bytes()),
                Some(Status::Truncated),
            ),
        }
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

/// A text of a column: a part of the cell, or a new one.
pub(super) enum Kept<'a> {
    Same(&'a [u8]),
    Changed(String),
}

/// Builds a text column: views into the shared buffer where there is one, else copies.
struct TextColumn<'a> {
    shared: Option<&'a Buffer>,
    views: Vec<u128>,
    valid: NullBufferBuilder,
    /// Copies, when there is no shared buffer or a text was changed.
    copies: Vec<u8>,
    builder: Option<StringViewBuilder>,
}

impl<'a> TextColumn<'a> {
    fn new(rows: usize, shared: Option<&'a Buffer>) -> Self {
        let own = shared.is_none();
        Self {
            shared,
            views: Vec::with_capacity(if own { 0 } else { rows }),
            valid: NullBufferBuilder::new(rows),
            copies: Vec::new(),
            builder: own.then(|| StringViewBuilder::with_capacity(rows)),
        }
    }

    fn null(&mut self) {
        match &mut self.builder {
            Some(builder) => builder.append_null(),
            None => {
                self.views.push(0);
                self.valid.append_null();
            }
        }
    }

    #[inline]
    fn push(&mut self, text: &[u8]) {
        if let Some(builder) = &mut self.builder {
            // validated by the caller; an invalid text was repaired before
            builder.append_value(std::str::from_utf8(text).unwrap_or_default());
            return;
        }
        let offset = self.shared.and_then(|shared| {
            let offset = (text.as_ptr() as usize).checked_sub(shared.as_ptr() as usize)?;
            (offset + text.len() <= shared.len()).then_some(offset)
        });
        match offset.and_then(|o| u32::try_from(o).ok()) {
            Some(offset) => {
                self.views.push(make_view(text, 0, offset));
                self.valid.append_non_null();
            }
            None => self.push_new(text),
        }
    }

    fn push_new(&mut self, text: &[u8]) {
        if self.builder.is_some() {
            return self.push(text);
        }
        let offset = u32::try_from(self.copies.len()).unwrap_or(u32::MAX);
        self.copies.extend_from_slice(text);
        self.views.push(make_view(text, 1, offset));
        self.valid.append_non_null();
    }

    fn finish(mut self) -> ArrayRef {
        if let Some(mut builder) = self.builder {
            return Arc::new(builder.finish());
        }
        let mut buffers: Vec<Buffer> = self.shared.into_iter().cloned().collect();
        buffers.push(Buffer::from_vec(self.copies));
        let rows = self.views.len();
        StringViewArray::try_new(ScalarBuffer::from(self.views), buffers, self.valid.finish())
            .map_or_else(
                |_| -> ArrayRef { Arc::new(StringViewArray::new_null(rows)) },
                |array| Arc::new(array),
            )
    }
}

/// A parser with the cells it reads.
struct Column<'a, S> {
    parser: &'a ColumnParser,
    cells: &'a S,
}

impl<S: CellSource> Column<'_, S> {
    fn integers<T>(&self) -> Parsed
    where
        T: ArrowPrimitiveType,
        T::Native: TryFrom<i128> + TryFrom<i64>,
    {
        self.primitives::<T>(|text| self.parser.integer::<T::Native>(text))
    }

    /// Calls `put` with each row's value, or `None`; gives the failing rows.
    #[inline]
    fn each<T>(
        &self,
        empty: Option<T>,
        parse: impl Fn(&[u8]) -> Outcome<T>,
        mut put: impl FnMut(Option<T>),
    ) -> RowErrors
    where
        T: Clone,
    {
        let mut errors = RowErrors::new();
        for row in 0..self.cells.rows() {
            let Some(text) = self.cells.cell(row) else {
                put(None);
                continue;
            };
            if text.is_empty() && self.parser.empty != EmptyText::Error {
                put(empty.clone());
                continue;
            }
            match parse(text) {
                Outcome::Value(value) => put(Some(value)),
                Outcome::Cut(value) => {
                    errors.push(row as u32, Status::Truncated);
                    put(Some(value));
                }
                Outcome::Failed(status) => {
                    // fast parse reads blank integers as 0, but nothing from no text
                    errors.push(row as u32, status);
                    put(None);
                }
            }
        }
        errors
    }

    /// The default as a column of one row, where empty texts give it.
    fn default_column(&self) -> Option<ArrayRef> {
        if self.parser.empty != EmptyText::Default {
            return None;
        }
        let value = empty_field_default(&self.parser.column_type);
        crate::array::constant(&self.parser.column_type, &value, 1).ok()
    }

    fn primitives<T: ArrowPrimitiveType>(
        &self,
        parse: impl Fn(&[u8]) -> Outcome<T::Native>,
    ) -> Parsed {
        let empty = self.default_column().and_then(|array| {
            let array = array.as_any().downcast_ref::<PrimitiveArray<T>>()?;
            Some(array.value(0))
        });
        let rows = self.cells.rows();
        let mut values: Vec<T::Native> = Vec::with_capacity(rows);
        let mut valid = NullBufferBuilder::new(rows);
        let errors = self.each(empty, parse, |value| {
            match value {
                Some(value) => {
                    values.push(value);
                    valid.append_non_null();
                }
                None => {
                    values.push(T::default_value());
                    valid.append_null();
                }
            };
        });
        let array = PrimitiveArray::<T>::new(values.into(), valid.finish())
            .with_data_type(self.parser.column_type.arrow());
        Parsed {
            array: Arc::new(array),
            errors,
        }
    }

    fn booleans(&self) -> Parsed {
        let rows = self.cells.rows();
        let mut values = BooleanBufferBuilder::new(rows);
        let mut valid = NullBufferBuilder::new(rows);
        let empty = (self.parser.empty == EmptyText::Default).then_some(false);
        let errors = self.each(
            empty,
            |t| self.parser.boolean(t),
            |value| {
                values.append(value.unwrap_or(false));
                valid.append(value.is_some());
            },
        );
        Parsed {
            array: Arc::new(BooleanArray::new(values.finish(), valid.finish())),
            errors,
        }
    }

    fn guids(&self) -> Parsed {
        let rows = self.cells.rows();
        let mut values: Vec<u8> = Vec::with_capacity(rows * 16);
        let mut valid = NullBufferBuilder::new(rows);
        let empty = (self.parser.empty == EmptyText::Default).then_some([0u8; 16]);
        let errors = self.each(empty, ColumnParser::guid, |value| {
            values.extend_from_slice(&value.unwrap_or_default());
            valid.append(value.is_some());
        });
        let array = FixedSizeBinaryArray::new(16, Buffer::from_vec(values), valid.finish());
        Parsed {
            array: Arc::new(array),
            errors,
        }
    }

    fn bytes(&self) -> Parsed {
        let mut builder = BinaryViewBuilder::with_capacity(self.cells.rows());
        let empty = (self.parser.empty == EmptyText::Default).then(Vec::new);
        let errors = self.each(
            empty,
            |t| self.parser.hex(t),
            |value| builder.append_option(value),
        );
        Parsed {
            array: Arc::new(builder.finish()),
            errors,
        }
    }

    fn offsets(&self) -> Parsed {
        let rows = self.cells.rows();
        let (mut ticks, mut minutes) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let mut valid = NullBufferBuilder::new(rows);
        let column_type = &self.parser.column_type;
        let empty =
            self.default_column()
                .and_then(|array| match value_at(column_type, &array, 0) {
                    crate::Value::DbTimeStampOffset(at, zone, _) => {
                        Some((crate::temporal::ticks_from_datetime(at)?, zone))
                    }
                    _ => None,
                });
        let errors = self.each(
            empty,
            |t| self.parser.offset(t),
            |value: Option<(i64, i16)>| {
                let (at, zone) = value.unwrap_or_default();
                ticks.push(at);
                minutes.push(zone);
                valid.append(value.is_some());
            },
        );
        Parsed {
            array: offset_array(ticks, minutes, valid.finish()),
            errors,
        }
    }
}
