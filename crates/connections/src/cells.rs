//! Builds one column of a result from a database's values, in the wanted pipeline type.
//!
//! The usual pairs (an integer into an integer, ISO text into a date) are done here without a
//! detour; all others go through the conversions of `types`. A value that does not fit is
//! NULL, or cut, and its row is in the list of errors.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryViewBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Float32Builder,
    Float64Builder, Int8Builder, Int16Builder, Int32Builder, Int64Builder, StringViewBuilder,
    TimestampMicrosecondBuilder, UInt8Builder, UInt16Builder, UInt32Builder, UInt64Builder,
};
use packmule_types::array::ColumnBuilder;
use packmule_types::convert::{Conversion, ConvertOptions, convert_value};
use packmule_types::status::{RowErrors, Status};
use packmule_types::temporal::{DAYS_TO_1970, TICKS_PER_DAY};
use packmule_types::text::parse_value;
use packmule_types::{ColumnType, DataType, Locale, Value, decimal};

use crate::iso;

/// Microseconds of `DT_DBTIMESTAMP` are cut to milliseconds, as SSIS guarantees no more.
const MICROS_PER_MILLI: i64 = 1_000;

/// How texts are read: values of databases have no locale, so this is the neutral one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    locale: Locale,
    options: ConvertOptions,
}

impl Rules {
    /// The rules at a moment (a time that becomes a timestamp gets its date).
    pub(crate) fn new(services: &packmule_runtime::Services) -> Option<Self> {
        let locale = Locale::from_lcid(1033).ok()?;
        let today = services.clock.local_now().date();
        Some(Self {
            locale,
            options: ConvertOptions {
                fast_parse: false,
                today,
            },
        })
    }
}

macro_rules! states {
    ($($state:ident: $builder:ident),* $(,)?) => {
        enum State {
            $($state($builder),)*
            General(ColumnBuilder),
        }

        impl State {
            fn append_null(&mut self) {
                match self {
                    $(Self::$state(b) => b.append_null(),)*
                    Self::General(b) => b.append_null(),
                }
            }

            fn finish(&mut self) -> ArrayRef {
                match self {
                    $(Self::$state(b) => Arc::new(b.finish()),)*
                    Self::General(b) => b.finish(),
                }
            }
        }
    };
}

states! {
    Bool: BooleanBuilder,
    I1: Int8Builder,
    I2: Int16Builder,
    I4: Int32Builder,
    I8: Int64Builder,
    Ui1: UInt8Builder,
    Ui2: UInt16Builder,
    Ui4: UInt32Builder,
    Ui8: UInt64Builder,
    R4: Float32Builder,
    R8: Float64Builder,
    Decimal: Decimal128Builder,
    Text: StringViewBuilder,
    Bytes: BinaryViewBuilder,
    Date: Date32Builder,
    Micros: TimestampMicrosecondBuilder,
    Ticks: Int64Builder,
}

/// One column of a batch under construction.
pub(crate) struct Cells {
    column_type: ColumnType,
    rules: Rules,
    state: State,
    errors: RowErrors,
    row: u32,
    /// Longest text in bytes that needs no look at its characters; 0 for every length.
    ascii_limit: usize,
    /// For text that is longer or has other characters: Unicode text of any length to the
    /// column's type. `None` when the column holds no text.
    long_text: Option<Conversion>,
}

impl Cells {
    pub(crate) fn new(column_type: ColumnType, rules: Rules, capacity: usize) -> Self {
        use DataType as D;
        let n = capacity;
        let state = match column_type.data_type {
            D::Bool => State::Bool(BooleanBuilder::with_capacity(n)),
            D::I1 => State::I1(Int8Builder::with_capacity(n)),
            D::I2 => State::I2(Int16Builder::with_capacity(n)),
            D::I4 => State::I4(Int32Builder::with_capacity(n)),
            D::I8 => State::I8(Int64Builder::with_capacity(n)),
            D::Ui1 => State::Ui1(UInt8Builder::with_capacity(n)),
            D::Ui2 => State::Ui2(UInt16Builder::with_capacity(n)),
            D::Ui4 => State::Ui4(UInt32Builder::with_capacity(n)),
            D::Ui8 => State::Ui8(UInt64Builder::with_capacity(n)),
            D::R4 => State::R4(Float32Builder::with_capacity(n)),
            D::R8 => State::R8(Float64Builder::with_capacity(n)),
            D::Cy | D::Decimal | D::Numeric => State::Decimal(
                Decimal128Builder::with_capacity(n).with_data_type(column_type.arrow()),
            ),
            D::Str | D::WStr | D::Text | D::NText => {
                State::Text(StringViewBuilder::with_capacity(n))
            }
            D::Bytes | D::Image => State::Bytes(BinaryViewBuilder::with_capacity(n)),
            D::DbDate => State::Date(Date32Builder::with_capacity(n)),
            D::Date | D::DbTimeStamp => {
                State::Micros(TimestampMicrosecondBuilder::with_capacity(n))
            }
            D::DbTimeStamp2 => State::Ticks(Int64Builder::with_capacity(n)),
            _ => State::General(ColumnBuilder::new(&column_type, n)),
        };
        let ascii_limit = match column_type.data_type {
            D::Str | D::WStr => column_type.length as usize,
            _ => usize::MAX,
        };
        let unicode = ColumnType::wstr(u32::MAX);
        let long_text = column_type
            .data_type
            .is_text()
            .then(|| Conversion::bind(&unicode, &column_type, &rules.locale, rules.options).ok());
        Self {
            long_text: long_text.flatten(),
            column_type,
            rules,
            state,
            errors: RowErrors::new(),
            row: 0,
            ascii_limit,
        }
    }

    /// The finished column and its errors; empties the builder.
    pub(crate) fn finish(&mut self) -> (ArrayRef, RowErrors) {
        self.row = 0;
        (self.state.finish(), std::mem::take(&mut self.errors))
    }

    pub(crate) fn push_null(&mut self) {
        self.state.append_null();
        self.row += 1;
    }

    fn fail(&mut self, status: Status) {
        self.errors.push(self.row, status);
        self.push_null();
    }

    pub(crate) fn push_i64(&mut self, value: i64) {
        macro_rules! narrow {
            ($builder:expr, $native:ty) => {
                match <$native>::try_from(value) {
                    Ok(v) => $builder.append_value(v),
                    Err(_) => return self.fail(out_of_range(value, <$native>::MIN == 0)),
                }
            };
        }
        match &mut self.state {
            State::I8(b) => b.append_value(value),
            State::I4(b) => narrow!(b, i32),
            State::I2(b) => narrow!(b, i16),
            State::I1(b) => narrow!(b, i8),
            State::Ui1(b) => narrow!(b, u8),
            State::Ui2(b) => narrow!(b, u16),
            State::Ui4(b) => narrow!(b, u32),
            State::Ui8(b) => narrow!(b, u64),
            State::Bool(b) => b.append_value(value != 0),
            State::R4(b) => b.append_value(value as f32),
            State::R8(b) => b.append_value(value as f64),
            State::Decimal(_) => return self.push_decimal(value.into(), 0),
            _ => return self.push_value(&Value::I8(value)),
        }
        self.row += 1;
    }

    pub(crate) fn push_bool(&mut self, value: bool) {
        match &mut self.state {
            State::Bool(b) => b.append_value(value),
            _ => return self.push_value(&Value::Bool(value)),
        }
        self.row += 1;
    }

    pub(crate) fn push_f64(&mut self, value: f64) {
        match &mut self.state {
            State::R8(b) => b.append_value(value),
            State::R4(b) => {
                let narrow = value as f32;
                if narrow.is_infinite() && value.is_finite() {
                    return self.fail(Status::Overflow);
                }
                b.append_value(narrow);
            }
            // By its shortest decimal text: 0.29 is 0.29, not 0.28999….
            State::Decimal(_) => match decimal::parse(value.to_string().as_bytes()) {
                Some((unscaled, scale)) => return self.push_decimal(unscaled, scale),
                None => return self.push_value(&Value::R8(value)),
            },
            _ => return self.push_value(&Value::R8(value)),
        }
        self.row += 1;
    }

    pub(crate) fn push_f32(&mut self, value: f32) {
        match &mut self.state {
            State::R4(b) => b.append_value(value),
            State::R8(b) => b.append_value(value.into()),
            _ => return self.push_value(&Value::R4(value)),
        }
        self.row += 1;
    }

    /// A value that no type here holds (infinity, a date before year 1).
    pub(crate) fn push_overflow(&mut self) {
        self.fail(Status::Overflow);
    }

    /// Whether the column keeps offsets.
    pub(crate) fn is_offset(&self) -> bool {
        self.column_type.data_type == DataType::DbTimeStampOffset
    }

    /// A decimal number; more digits after the point than the column has are cut as
    /// conversions between numbers cut or round them.
    pub(crate) fn push_decimal(&mut self, unscaled: i128, scale: u8) {
        let State::Decimal(builder) = &mut self.state else {
            return self.push_value(&Value::Numeric(unscaled, 38, scale));
        };
        let wanted = match self.column_type.data_type {
            DataType::Cy => 4,
            _ => self.column_type.scale,
        };
        if scale > wanted {
            return self.push_value(&Value::Numeric(unscaled, 38, scale));
        }
        let scaled =
            decimal::pow10(u32::from(wanted - scale)).and_then(|p| unscaled.checked_mul(p));
        match scaled.filter(|v| fits(&self.column_type, *v)) {
            Some(value) => builder.append_value(value),
            None => return self.fail(Status::Overflow),
        }
        self.row += 1;
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        match &mut self.state {
            State::Text(b) => {
                if text.len() <= self.ascii_limit && is_plain(text) {
                    b.append_value(text);
                } else {
                    return self.push_long_text(text);
                }
            }
            State::Date(_) => match iso::date(text) {
                Some(days) => return self.push_days(days),
                None => return self.push_parsed(text),
            },
            State::Micros(_) | State::Ticks(_) => match iso::timestamp(text) {
                Some(ticks) => return self.push_ticks(ticks),
                None => return self.push_parsed(text),
            },
            State::Decimal(_) => match decimal::parse(text.as_bytes()) {
                Some((unscaled, scale)) => return self.push_decimal(unscaled, scale),
                None => return self.push_parsed(text),
            },
            _ => match text.parse::<i64>() {
                Ok(value) if self.column_type.data_type.is_integer() => {
                    return self.push_i64(value);
                }
                _ => return self.push_parsed(text),
            },
        }
        self.row += 1;
    }

    /// Text that is longer than the column or has characters to look at: `types` decides.
    fn push_long_text(&mut self, text: &str) {
        let text = text.split('\0').next().unwrap_or_default();
        let input: ArrayRef = Arc::new(arrow::array::StringViewArray::from(vec![text]));
        let Some(conversion) = &self.long_text else {
            return self.fail(Status::CannotConvert);
        };
        let converted = conversion.convert(&input);
        let status = converted.errors.get(0);
        let value = packmule_types::array::value_at(&self.column_type, &converted.array, 0);
        match (&mut self.state, value) {
            (State::Text(b), Value::Text(text)) => b.append_value(&*text),
            _ => self.state.append_null(),
        }
        if let Some(status) = status {
            self.errors.push(self.row, status);
        }
        self.row += 1;
    }

    fn push_parsed(&mut self, text: &str) {
        match iso::value(text, &self.column_type) {
            Some(value) => self.push_exact(&value),
            None => match parse_value(text, &self.column_type, &self.rules.locale, false) {
                Ok(value) => self.push_exact(&value),
                Err(status) => self.fail(status),
            },
        }
    }

    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        let limit = match self.column_type.data_type {
            DataType::Bytes => self.column_type.length as usize,
            _ => usize::MAX,
        };
        match &mut self.state {
            State::Bytes(b) if bytes.len() <= limit => b.append_value(bytes),
            State::Bytes(b) => {
                b.append_value(&bytes[..limit]);
                self.errors.push(self.row, Status::Truncated);
            }
            _ => return self.push_value(&Value::Bytes(Arc::from(bytes))),
        }
        self.row += 1;
    }

    /// Days since 0001-01-01.
    pub(crate) fn push_days(&mut self, days: i64) {
        match &mut self.state {
            State::Date(b) => match i32::try_from(days - DAYS_TO_1970) {
                Ok(days) => b.append_value(days),
                Err(_) => return self.fail(Status::Overflow),
            },
            State::Micros(_) | State::Ticks(_) => return self.push_ticks(days * TICKS_PER_DAY),
            _ => {
                let date = packmule_types::temporal::date_from_days(days);
                return self.push_value(&Value::DbDate(date));
            }
        }
        self.row += 1;
    }

    /// Ticks of 100 ns since 0001-01-01.
    pub(crate) fn push_ticks(&mut self, ticks: i64) {
        match &mut self.state {
            State::Micros(b) => {
                let micros = (ticks - DAYS_TO_1970 * TICKS_PER_DAY).div_euclid(10);
                let is_stamp = self.column_type.data_type == DataType::DbTimeStamp;
                b.append_value(if is_stamp {
                    micros - micros.rem_euclid(MICROS_PER_MILLI)
                } else {
                    micros
                });
            }
            State::Ticks(b) => {
                let unit = packmule_types::temporal::ticks_of_scale(self.column_type.scale);
                b.append_value(ticks - ticks.rem_euclid(unit.max(1)));
            }
            _ => {
                let time = packmule_types::temporal::datetime_from_ticks(ticks);
                return self.push_value(&Value::DbTimeStamp2(time, 7));
            }
        }
        self.row += 1;
    }

    /// Any value: converted to the column's type.
    pub(crate) fn push_value(&mut self, value: &Value) {
        if value.is_null() {
            return self.push_null();
        }
        if let Value::Text(text) = value
            && matches!(self.state, State::Text(_))
        {
            return self.push_long_text(text);
        }
        match convert_value(
            value,
            &self.column_type,
            &self.rules.locale,
            self.rules.options,
        ) {
            Ok(value) => self.push_exact(&value),
            Err(status) => self.fail(status),
        }
    }

    /// A value that is of the column's type already.
    fn push_exact(&mut self, value: &Value) {
        if let State::General(builder) = &mut self.state {
            if builder.append(value).is_err() {
                return self.fail(Status::CannotConvert);
            }
            self.row += 1;
            return;
        }
        match (&mut self.state, value) {
            (State::Bool(b), Value::Bool(v)) => b.append_value(*v),
            (State::I1(b), Value::I1(v)) => b.append_value(*v),
            (State::I2(b), Value::I2(v)) => b.append_value(*v),
            (State::I4(b), Value::I4(v)) => b.append_value(*v),
            (State::I8(b), Value::I8(v)) => b.append_value(*v),
            (State::Ui1(b), Value::Ui1(v)) => b.append_value(*v),
            (State::Ui2(b), Value::Ui2(v)) => b.append_value(*v),
            (State::Ui4(b), Value::Ui4(v)) => b.append_value(*v),
            (State::Ui8(b), Value::Ui8(v)) => b.append_value(*v),
            (State::R4(b), Value::R4(v)) => b.append_value(*v),
            (State::R8(b), Value::R8(v)) => b.append_value(*v),
            (State::Text(b), Value::Text(v)) => b.append_value(&**v),
            (State::Bytes(b), Value::Bytes(v)) => b.append_value(&**v),
            (State::Decimal(_), Value::Cy(v)) => return self.push_decimal(i128::from(*v), 4),
            (State::Decimal(_), Value::Decimal(v, s)) => return self.push_same_scale(*v, *s),
            (State::Decimal(_), Value::Numeric(v, _, s)) => return self.push_same_scale(*v, *s),
            (State::Date(_), Value::DbDate(date)) => {
                return match packmule_types::temporal::days_from_date(*date) {
                    Some(days) => self.push_days(days),
                    None => self.fail(Status::Overflow),
                };
            }
            (
                State::Micros(_) | State::Ticks(_),
                Value::Date(v) | Value::DbTimeStamp(v) | Value::DbTimeStamp2(v, _),
            ) => {
                return match packmule_types::temporal::ticks_from_datetime(*v) {
                    Some(ticks) => self.push_ticks(ticks),
                    None => self.fail(Status::Overflow),
                };
            }
            _ => return self.fail(Status::CannotConvert),
        }
        self.row += 1;
    }

    /// A decimal that conversion has brought to the column's scale.
    fn push_same_scale(&mut self, unscaled: i128, scale: u8) {
        let wanted = match self.column_type.data_type {
            DataType::Cy => 4,
            _ => self.column_type.scale,
        };
        if scale > wanted {
            return self.fail(Status::CannotConvert);
        }
        self.push_decimal(unscaled, scale);
    }
}

/// Text that a column takes as it is, if it is short enough.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && !text.as_bytes().contains(&0)
}

fn out_of_range(value: i64, is_unsigned: bool) -> Status {
    if is_unsigned && value < 0 {
        Status::SignMismatch
    } else {
        Status::Overflow
    }
}

fn fits(column_type: &ColumnType, value: i128) -> bool {
    match column_type.data_type {
        DataType::Cy => i64::try_from(value).is_ok(),
        DataType::Decimal => value.unsigned_abs() < 1 << 96,
        _ => decimal::fits(value, column_type.precision),
    }
}
