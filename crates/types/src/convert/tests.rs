//! Tests of the module: tables from the reference, properties.

use chrono::{NaiveDateTime, NaiveTime};
use proptest::prelude::*;

use crate::data_type::VariableType;

use super::*;

fn options() -> ConvertOptions {
    ConvertOptions {
        fast_parse: false,
        today: NaiveDate::from_ymd_opt(2024, 2, 13).unwrap(),
    }
}

fn convert(value: &Value, to: ColumnType) -> (Value, Option<Status>) {
    convert_value_cut(value, &to, &Locale::en_us(), options())
}

#[track_caller]
fn gives(value: Value, to: ColumnType, expected: Value) {
    assert_eq!(convert(&value, to), (expected, None), "{value:?} to {to}");
}

#[track_caller]
fn fails(value: Value, to: ColumnType, status: Status) {
    assert_eq!(
        convert(&value, to),
        (Value::Null, Some(status)),
        "{value:?} to {to}"
    );
}

#[track_caller]
fn cuts(value: Value, to: ColumnType, expected: Value) {
    let expected = (expected, Some(Status::Truncated));
    assert_eq!(convert(&value, to), expected, "{value:?} to {to}");
}

const fn of(data_type: DataType) -> ColumnType {
    ColumnType::new(data_type)
}

const I4: ColumnType = of(DataType::I4);

/// expressions 6.5, every row.
#[test]
fn lost_fraction_digits() {
    for (value, expected) in [
        (0.5, 0),
        (1.5, 2),
        (2.5, 2),
        (-0.5, 0),
        (3.57, 4),
        (-10.75, -11),
    ] {
        gives(Value::R8(value), I4, Value::I4(expected));
        gives(Value::R4(value as f32), I4, Value::I4(expected));
    }
    gives(Value::Cy(107_500), I4, Value::I4(11));
    gives(Value::Cy(25_000), I4, Value::I4(2));
    gives(Value::Decimal(25, 1), I4, Value::I4(2));
    gives(Value::Decimal(35, 1), I4, Value::I4(4));
    gives(Value::Numeric(357, 3, 2), I4, Value::I4(3));
    gives(Value::Numeric(-5, 3, 1), I4, Value::I4(0));
    gives(Value::text("2.5"), I4, Value::I4(2));
    let numeric = ColumnType::numeric(19, 2);
    gives(
        Value::R8(12.345_678_9),
        numeric,
        Value::Numeric(1234, 19, 2),
    );
    gives(Value::R8(0.29), numeric, Value::Numeric(29, 19, 2));
    gives(Value::R4(0.29), numeric, Value::Numeric(29, 19, 2));
    gives(
        Value::Numeric(1_234_567, 9, 4),
        numeric,
        Value::Numeric(12_345, 19, 2),
    );
    gives(
        Value::Numeric(-1_234_567, 9, 4),
        numeric,
        Value::Numeric(-12_345, 19, 2),
    );
    gives(Value::text("0.175"), numeric, Value::Numeric(17, 19, 2));
    let currency = of(DataType::Cy);
    gives(Value::Numeric(100_005, 9, 5), currency, Value::Cy(10_000));
    gives(Value::Numeric(100_015, 9, 5), currency, Value::Cy(10_002));
    gives(Value::Numeric(1, 38, 1), of(DataType::R8), Value::R8(0.1));
}

#[test]
fn ranges() {
    fails(Value::I4(70_000), of(DataType::I2), Status::Overflow);
    fails(Value::I4(300), of(DataType::Ui1), Status::Overflow);
    fails(Value::I4(-1), of(DataType::Ui4), Status::SignMismatch);
    fails(Value::R8(1e30), I4, Status::Overflow);
    fails(Value::R8(f64::NAN), I4, Status::CannotConvert);
    fails(
        Value::R8(f64::INFINITY),
        ColumnType::numeric(38, 0),
        Status::Overflow,
    );
    fails(Value::R8(1e300), of(DataType::R4), Status::Overflow);
    fails(Value::I4(1000), ColumnType::numeric(4, 2), Status::Overflow);
    fails(Value::Ui8(u64::MAX), of(DataType::Cy), Status::Overflow);
    fails(Value::text(""), I4, Status::CannotConvert);
    gives(
        Value::I8(5),
        ColumnType::numeric(3, 2),
        Value::Numeric(500, 3, 2),
    );
    gives(Value::Bool(true), I4, Value::I4(-1));
    gives(Value::I4(-7), of(DataType::Bool), Value::Bool(true));
    gives(Value::Null, I4, Value::Null);
}

#[test]
fn documented_casts() {
    gives(Value::I4(5), ColumnType::str(1, 1252), Value::text("5"));
    gives(
        Value::I4(500),
        ColumnType::decimal(2),
        Value::Decimal(50_000, 2),
    );
    gives(
        Value::I4(4000),
        ColumnType::numeric(7, 3),
        Value::Numeric(4_000_000, 7, 3),
    );
    gives(Value::text("True"), of(DataType::Bool), Value::Bool(true));
    cuts(
        Value::text("Elephant"),
        ColumnType::wstr(3),
        Value::text("Ele"),
    );
    cuts(Value::I4(12_345), ColumnType::wstr(3), Value::text("123"));
    cuts(
        Value::text("Łódź"),
        ColumnType::str(10, 1252),
        Value::text("?ód?"),
    );
    gives(
        Value::text("Łódź"),
        ColumnType::str(4, 1250),
        Value::text("Łódź"),
    );
    cuts(
        Value::text("Łódź"),
        ColumnType::str(6, 65001),
        Value::text("Łód"),
    );
}

fn at(y: i32, h: u32, nanos: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(y, 2, 13)
        .unwrap()
        .and_hms_nano_opt(h, 6, 7, nanos)
        .unwrap()
}

/// expressions 6.4.
#[test]
fn dates() {
    use DataType as D;
    let nanos = 123_456_700;
    let fine = at(2024, 5, nanos);
    let time = |n| NaiveTime::from_hms_nano_opt(5, 6, 7, n).unwrap();
    let stamp = Value::DbTimeStamp(at(2024, 5, 123_000_000));
    let fine2 = Value::DbTimeStamp2(fine, 7);
    gives(stamp.clone(), of(D::DbDate), Value::DbDate(fine.date()));
    cuts(stamp.clone(), of(D::DbTime), Value::DbTime(time(0)));
    cuts(
        stamp.clone(),
        ColumnType::scaled(D::DbTime2, 1),
        Value::DbTime2(time(100_000_000), 1),
    );
    gives(
        stamp.clone(),
        ColumnType::scaled(D::DbTimeStamp2, 3),
        Value::DbTimeStamp2(at(2024, 5, 123_000_000), 3),
    );
    gives(stamp, of(D::Date), Value::Date(at(2024, 5, 123_000_000)));
    cuts(
        fine2.clone(),
        of(D::DbTimeStamp),
        Value::DbTimeStamp(at(2024, 5, 123_000_000)),
    );
    cuts(
        fine2.clone(),
        ColumnType::scaled(D::DbTimeStamp2, 4),
        Value::DbTimeStamp2(at(2024, 5, 123_400_000), 4),
    );
    gives(
        fine2.clone(),
        ColumnType::scaled(D::DbTimeStampOffset, 7),
        Value::DbTimeStampOffset(fine, 0, 7),
    );
    gives(fine2, of(D::FileTime), Value::FileTime(fine));
    fails(
        Value::DbTimeStamp2(at(1700, 5, 0), 0),
        of(D::DbTimeStamp),
        Status::Overflow,
    );
    fails(
        Value::DbTimeStamp2(at(99, 5, 0), 0),
        of(D::Date),
        Status::Overflow,
    );
    fails(
        Value::DbTimeStamp(at(1600, 5, 0)),
        of(D::FileTime),
        Status::Overflow,
    );
    gives(
        Value::DbTime(time(0)),
        of(D::DbTimeStamp),
        Value::DbTimeStamp(at(2024, 5, 0)),
    );
    gives(
        Value::DbTime(time(0)),
        of(D::DbDate),
        Value::DbDate(fine.date()),
    );
    gives(
        Value::DbDate(fine.date()),
        of(D::DbTime),
        Value::DbTime(NaiveTime::MIN),
    );
    let offset = Value::DbTimeStampOffset(fine, 330, 7);
    cuts(
        offset.clone(),
        of(D::DbTimeStamp),
        Value::DbTimeStamp(at(2024, 5, 123_000_000)),
    );
    cuts(
        offset,
        ColumnType::scaled(D::DbTimeStampOffset, 0),
        Value::DbTimeStampOffset(at(2024, 5, 0), 330, 0),
    );
    // day numbers of DT_DATE
    let noon = NaiveDate::from_ymd_opt(1900, 1, 1)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap();
    gives(Value::R8(2.5), of(D::Date), Value::Date(noon));
    gives(Value::Date(noon), of(D::R8), Value::R8(2.5));
    gives(Value::Date(noon), of(D::I4), Value::I4(2));
    fails(Value::R8(1e10), of(D::Date), Status::Overflow);
}

#[test]
fn binaries() {
    use DataType as D;
    let bytes = |length| ColumnType {
        length,
        ..of(D::Bytes)
    };
    gives(
        Value::I4(1),
        bytes(2000),
        Value::Bytes(vec![1, 0, 0, 0].into()),
    );
    let guid = uuid::Uuid::from_u128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10);
    let layout = vec![4, 3, 2, 1, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 16];
    gives(
        Value::Guid(guid),
        bytes(16),
        Value::Bytes(layout.clone().into()),
    );
    gives(
        Value::Bytes(layout.clone().into()),
        of(D::Guid),
        Value::Guid(guid),
    );
    fails(
        Value::Bytes(vec![1].into()),
        of(D::Guid),
        Status::CannotConvert,
    );
    cuts(
        Value::Bytes(vec![1, 2, 3].into()),
        bytes(2),
        Value::Bytes(vec![1, 2].into()),
    );
    gives(
        Value::Bytes(vec![1, 0xAB].into()),
        ColumnType::wstr(4),
        Value::text("01AB"),
    );
    gives(
        Value::text("01AB"),
        bytes(2),
        Value::Bytes(vec![1, 0xAB].into()),
    );
}

#[test]
fn matrix() {
    use DataType as D;
    for (from, to, expected) in [
        (D::I8, D::Date, false),
        (D::I4, D::Date, true),
        (D::Cy, D::Date, false),
        (D::Numeric, D::Date, true),
        (D::Numeric, D::DbTimeStamp, false),
        (D::Decimal, D::DbTimeStamp, true),
        (D::Bool, D::DbDate, false),
        (D::DbTimeStamp, D::I4, false),
        (D::Date, D::I4, true),
        (D::FileTime, D::I4, false),
        (D::FileTime, D::I8, true),
        (D::Guid, D::I4, false),
        (D::Bytes, D::I4, false),
        (D::Bytes, D::R4, true),
        (D::Text, D::I4, false),
        (D::Text, D::WStr, false),
        (D::NText, D::WStr, true),
        (D::WStr, D::Image, true),
        (D::Image, D::Str, false),
        (D::I2, D::Bytes, false),
        (D::I4, D::Bytes, true),
        (D::I4, D::Guid, false),
    ] {
        assert_eq!(legal(from, to), expected, "{from} to {to}");
    }
    let illegal = Conversion::bind(&of(D::Guid), &I4, &Locale::en_us(), options());
    assert!(matches!(illegal, Err(IllegalConversion::Types { .. })));
    let pages = Conversion::bind(
        &ColumnType::str(5, 1252),
        &ColumnType::str(5, 1250),
        &Locale::en_us(),
        options(),
    );
    assert!(matches!(pages, Err(IllegalConversion::CodePages { .. })));
    let unknown = Conversion::bind(&I4, &ColumnType::str(5, 708), &Locale::en_us(), options());
    assert!(matches!(
        unknown,
        Err(IllegalConversion::UnknownCodePage(_))
    ));
}

#[test]
fn variables() {
    use super::variable::general;
    use VariableType as V;
    let start = NaiveDate::from_ymd_opt(1899, 12, 30)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    let table = [
        (Value::text("42"), V::Int32, Some(Value::I4(42))),
        (Value::text("x"), V::Int32, None),
        (Value::I8(5), V::String, Some(Value::text("5"))),
        (Value::text("-1"), V::Boolean, Some(Value::Bool(true))),
        (
            Value::text("1.50"),
            V::Decimal,
            Some(Value::Decimal(150, 2)),
        ),
        (
            Value::Numeric(150, 5, 2),
            V::Decimal,
            Some(Value::Decimal(150, 2)),
        ),
        (Value::I4(7), V::Decimal, Some(Value::Decimal(7, 0))),
        (Value::R8(0.1), V::Decimal, Some(Value::Decimal(1, 1))),
        (Value::text("A"), V::Char, Some(Value::Ui2(65))),
        (Value::I4(65), V::Char, Some(Value::Ui2(65))),
        (Value::text("\u{1F600}"), V::Char, None),
        (Value::Null, V::String, None),
        (Value::Null, V::Object, Some(Value::Null)),
        (Value::I4(300), V::Byte, None),
        (
            Value::DbTimeStamp(at(2024, 5, 0)),
            V::DateTime,
            Some(Value::Date(at(2024, 5, 0))),
        ),
        (
            Value::text("2024-02-13 05:06:07"),
            V::DateTime,
            Some(Value::Date(at(2024, 5, 0))),
        ),
    ];
    for (value, to, expected) in table {
        assert_eq!(general(&value, to), expected, "{value:?} to {to:?}");
    }
    assert_eq!(variable_default(V::DateTime), Value::Date(start));
    assert_eq!(variable_default(V::String), Value::text(""));
}

fn any_type() -> Vec<ColumnType> {
    use DataType as D;
    let mut types: Vec<ColumnType> = [
        D::I1,
        D::I2,
        D::I4,
        D::I8,
        D::Ui1,
        D::Ui2,
        D::Ui4,
        D::Ui8,
        D::R4,
        D::R8,
        D::Cy,
        D::Bool,
        D::Guid,
        D::Date,
        D::DbDate,
        D::DbTime,
        D::DbTimeStamp,
        D::FileTime,
        D::Image,
        D::NText,
    ]
    .map(of)
    .to_vec();
    types.extend([
        ColumnType::wstr(8),
        ColumnType::str(8, 1252),
        ColumnType {
            code_page: 1252,
            ..of(D::Text)
        },
        ColumnType::numeric(9, 2),
        ColumnType::decimal(4),
        ColumnType {
            length: 4,
            ..of(D::Bytes)
        },
        ColumnType::scaled(D::DbTime2, 3),
        ColumnType::scaled(D::DbTimeStamp2, 7),
        ColumnType::scaled(D::DbTimeStampOffset, 2),
    ]);
    types
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Every legal pair converts any value without a panic, to the right Arrow type and count
    /// of rows, a column as its rows one by one.
    #[test]
    fn every_pair(texts in proptest::collection::vec("-?[0-9]{1,5}(\\.[0-9]{1,4})?|[12][0-9]{3}-0[1-9]-1[0-9]|[0-9A-F]{8}|True", 1..5)) {
        let locale = Locale::en_us();
        for from in any_type() {
            let mut builder = ColumnBuilder::new(&from, texts.len());
            for text in &texts {
                let value = if from.data_type == DataType::Image {
                    Value::Bytes(text.as_bytes().into())
                } else {
                    crate::text::parse_value_cut(text, &from, &locale, false).0
                };
                builder.append(&value).unwrap();
            }
            builder.append_null();
            let array = builder.finish();
            for to in any_type() {
                let bound = Conversion::bind(&from, &to, &locale, options());
                prop_assert_eq!(bound.is_ok(), legal(from.data_type, to.data_type));
                let Ok(conversion) = bound else { continue };
                let converted = conversion.convert(&array);
                prop_assert_eq!(converted.array.len(), array.len());
                prop_assert_eq!(converted.array.data_type(), &to.arrow());
                for row in 0..array.len() {
                    let status = converted.errors.get(row as u32);
                    let found = value_at(&to, &converted.array, row);
                    prop_assert_eq!(
                        found.is_null(),
                        array.is_null(row) || status.is_some_and(|s| !s.is_truncation()),
                        "{} to {}", from, to
                    );
                    let single = conversion.convert(&array.slice(row, 1));
                    prop_assert_eq!(single.errors.get(0), status);
                    prop_assert_eq!(value_at(&to, &single.array, 0), found);
                }
            }
        }
    }
}
