//! Tests of the module: tables from the reference, properties.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn locale(lcid: i32) -> Locale {
    Locale::from_lcid(lcid).unwrap()
}

fn date_time(
    y: i32,
    mo: u32,
    d: u32,
    h: u32,
    mi: u32,
    s: u32,
    nanos: u32,
) -> chrono::NaiveDateTime {
    NaiveDate::from_ymd_opt(y, mo, d)
        .unwrap()
        .and_hms_nano_opt(h, mi, s, nanos)
        .unwrap()
}

#[track_caller]
fn writes(value: Value, expected: &str) {
    assert_eq!(format_value(&value, &locale(1033)), expected, "{value:?}");
}

/// data-flow 5.1: what files that SSIS wrote hold.
#[test]
fn seen_in_files() {
    writes(Value::Numeric(20, 18, 2), ".20");
    writes(Value::Numeric(5, 18, 0), "5");
    writes(Value::Numeric(-50, 18, 2), "-.50");
    writes(
        Value::DbTimeStamp(date_time(2022, 12, 20, 18, 47, 42, 78_000_000)),
        "2022-12-20 18:47:42.078000000",
    );
    writes(
        Value::DbTimeStamp(date_time(2014, 6, 30, 0, 0, 0, 0)),
        "2014-06-30 00:00:00",
    );
    writes(
        Value::DbDate(NaiveDate::from_ymd_opt(1951, 10, 17).unwrap()),
        "1951-10-17",
    );
    writes(Value::Bool(true), "True");
    writes(Value::Bool(false), "False");
    writes(
        Value::Guid(uuid::Uuid::from_u128(
            0x0a1b_2c3d_4e5f_6071_8293_a4b5_c6d7_e8f9,
        )),
        "{0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9}",
    );
    writes(Value::Bytes(vec![0x00, 0xAB, 0x1F].into()), "00AB1F");
    for (text, expected) in [
        ("1.58E-03", "0.00158"),
        ("0.00154321", "0.00154321"),
        ("1.500938E-3", "1.500938E-3"),
        ("1.49E-03", "1.4900001E-3"),
        ("7.75E-4", "7.7500002E-4"),
        ("4321", "4321"),
    ] {
        writes(Value::R4(text.parse().unwrap()), expected);
    }
    for (value, expected) in [
        (0.03, "2.9999999999999999E-2"),
        (0.14, "0.14000000000000001"),
        (0.1, "0.10000000000000001"),
        (0.05, "5.0000000000000003E-2"),
    ] {
        writes(Value::R8(value), expected);
    }
}

/// data-flow 5, the rows that 5.1 does not hold.
#[test]
fn forms_of_each_type() {
    writes(Value::I4(-12), "-12");
    writes(Value::Ui8(u64::MAX), "18446744073709551615");
    writes(Value::R8(1.0), "1");
    writes(Value::R8(-2.5), "-2.5");
    writes(Value::R8(0.0), "0");
    writes(Value::R8(-0.0), "0");
    writes(Value::R8(1e16), "10000000000000000");
    writes(Value::R8(1e17), "1E17");
    writes(Value::R8(1e20), "1E20");
    writes(Value::R8(1.5e300), "1.5000000000000001E300");
    writes(Value::R8(5e-324), "4.9406564584124654E-324");
    writes(Value::R4(12_345_678.0), "12345678");
    writes(Value::R4(123_456_789.0), "1.2345679E8");
    writes(Value::R4(1e20), "1E20");
    writes(Value::Cy(35_782_700), "3578.27");
    writes(Value::Cy(10_000), "1");
    writes(Value::Cy(-5_000), "-0.5");
    writes(Value::Cy(1), "0.0001");
    writes(Value::Decimal(50, 2), "0.50");
    writes(Value::Decimal(-50, 2), "-0.50");
    let time = chrono::NaiveTime::from_hms_nano_opt(16, 34, 52, 123_450_000).unwrap();
    writes(
        Value::DbTime(chrono::NaiveTime::from_hms_opt(9, 5, 7).unwrap()),
        "09:05:07",
    );
    writes(Value::DbTime2(time, 5), "16:34:52.12345");
    writes(Value::DbTime2(time, 7), "16:34:52.1234500");
    writes(Value::DbTime2(time, 0), "16:34:52");
    let at = date_time(1999, 10, 11, 16, 34, 52, 123_400_000);
    writes(Value::DbTimeStamp2(at, 4), "1999-10-11 16:34:52.1234");
    writes(Value::DbTimeStamp2(at, 7), "1999-10-11 16:34:52.1234000");
    writes(
        Value::DbTimeStampOffset(date_time(1999, 10, 11, 10, 59, 52, 123_456_700), 335, 7),
        "1999-10-11 16:34:52.1234567 +05:35",
    );
    writes(
        Value::DbTimeStampOffset(date_time(1999, 10, 12, 0, 4, 52, 123_000_000), -210, 3),
        "1999-10-11 20:34:52.123 -03:30",
    );
    writes(Value::FileTime(at), "1999-10-11 16:34:52:123");
    writes(Value::Null, "");
    writes(Value::text("Zoë"), "Zoë");
}

#[test]
fn dates_by_locale() {
    let at = Value::Date(date_time(2024, 3, 4, 17, 6, 7, 0));
    let midnight = Value::Date(date_time(2024, 3, 4, 0, 0, 0, 0));
    for (lcid, with_time, date) in [
        (1033, "3/4/2024 5:06:07 PM", "3/4/2024"),
        (1031, "04.03.2024 17:06:07", "04.03.2024"),
        (2057, "04/03/2024 17:06:07", "04/03/2024"),
        (1029, "04.03.2024 17:06:07", "04.03.2024"),
        (1060, "4. 03. 2024 17:06:07", "4. 03. 2024"),
        (1041, "2024/03/04 17:06:07", "2024/03/04"),
        (127, "03/04/2024 17:06:07", "03/04/2024"),
    ] {
        assert_eq!(format_value(&at, &locale(lcid)), with_time);
        assert_eq!(format_value(&midnight, &locale(lcid)), date);
    }
    assert_eq!(format_value(&Value::R8(1.5), &locale(1031)), "1,5");
    assert_eq!(format_value(&Value::Cy(15_000), &locale(1031)), "1,5");
    assert_eq!(
        format_value(&Value::Numeric(15, 3, 1), &locale(1031)),
        "1.5"
    );
}

#[track_caller]
fn reads(lcid: i32, text: &str, column_type: ColumnType, expected: Result<Value, Status>) {
    let found = parse_value(text, &column_type, &locale(lcid), false);
    assert_eq!(found, expected, "{text} as {column_type}");
}

#[track_caller]
fn reads_fast(text: &str, column_type: ColumnType, expected: Result<Value, Status>) {
    let found = parse_value(text, &column_type, &locale(1033), true);
    assert_eq!(found, expected, "{text} as {column_type}");
}

const I4: ColumnType = ColumnType::new(DataType::I4);
const STAMP: ColumnType = ColumnType::new(DataType::DbTimeStamp);
const DAY: ColumnType = ColumnType::new(DataType::DbDate);

#[test]
fn numbers() {
    use Status::{CannotConvert, Overflow, SignMismatch};
    reads(1033, " 12 ", I4, Ok(Value::I4(12)));
    reads(1033, "1,234", I4, Ok(Value::I4(1234)));
    reads(1033, "2.5", I4, Ok(Value::I4(2)));
    reads(1033, "3.57", I4, Ok(Value::I4(4)));
    reads(1033, "100.00", I4, Ok(Value::I4(100)));
    reads(1033, "", I4, Err(CannotConvert));
    reads(1033, "x", I4, Err(CannotConvert));
    reads(1033, "2147483648", I4, Err(Overflow));
    reads(1033, "-2147483648", I4, Ok(Value::I4(i32::MIN)));
    reads(
        1033,
        "-1",
        ColumnType::new(DataType::Ui1),
        Err(SignMismatch),
    );
    reads(1033, "256", ColumnType::new(DataType::Ui1), Err(Overflow));
    reads(
        1033,
        "18446744073709551615",
        ColumnType::new(DataType::Ui8),
        Ok(Value::Ui8(u64::MAX)),
    );
    reads(
        1033,
        "0.175",
        ColumnType::numeric(5, 2),
        Ok(Value::Numeric(17, 5, 2)),
    );
    reads(
        1033,
        "123.45",
        ColumnType::numeric(4, 1),
        Ok(Value::Numeric(1234, 4, 1)),
    );
    reads(1033, "1234.5", ColumnType::numeric(4, 1), Err(Overflow));
    reads(1033, "1e2", ColumnType::numeric(5, 1), Err(CannotConvert));
    reads(
        1033,
        "1e2",
        ColumnType::decimal(1),
        Ok(Value::Decimal(1000, 1)),
    );
    reads(
        1031,
        "1.234,5",
        ColumnType::numeric(9, 2),
        Ok(Value::Numeric(123_450, 9, 2)),
    );
    reads(
        1033,
        "79228162514264337593543950335",
        ColumnType::decimal(0),
        Ok(Value::Decimal(crate::decimal::MAX_DECIMAL, 0)),
    );
    reads(
        1033,
        "79228162514264337593543950336",
        ColumnType::decimal(0),
        Err(Overflow),
    );
    reads(
        1033,
        "$1,234.5678",
        ColumnType::new(DataType::Cy),
        Ok(Value::Cy(12_345_678)),
    );
    reads(
        1033,
        "1.00005",
        ColumnType::new(DataType::Cy),
        Ok(Value::Cy(10_000)),
    );
    reads(1033, "1e400", ColumnType::new(DataType::R8), Err(Overflow));
    reads(1033, "1e39", ColumnType::new(DataType::R4), Err(Overflow));
    reads(
        1033,
        "TRUE",
        ColumnType::new(DataType::Bool),
        Ok(Value::Bool(true)),
    );
    reads(
        1033,
        "-3",
        ColumnType::new(DataType::Bool),
        Ok(Value::Bool(true)),
    );
    reads(
        1033,
        "0",
        ColumnType::new(DataType::Bool),
        Ok(Value::Bool(false)),
    );
    reads(
        1033,
        "yes",
        ColumnType::new(DataType::Bool),
        Err(CannotConvert),
    );
}

#[test]
fn dates() {
    let at = |h, mi, s, ms: u32| date_time(2024, 2, 13, h, mi, s, ms * 1_000_000);
    let stamp = |h, mi, s, ms| Ok(Value::DbTimeStamp(at(h, mi, s, ms)));
    reads(1033, "2024-02-13 05:06:07.123", STAMP, stamp(5, 6, 7, 123));
    reads(
        1033,
        "2024-02-13 05:06:07.123000000",
        STAMP,
        stamp(5, 6, 7, 123),
    );
    reads(
        1033,
        "2024-02-13 05:06:07.1234",
        STAMP,
        Err(Status::Truncated),
    );
    reads(1033, "2024-02-13", STAMP, stamp(0, 0, 0, 0));
    reads(
        1033,
        "2024-02-13T05:06:07",
        STAMP,
        Err(Status::CannotConvert),
    );
    reads(1033, "13/02/2024", STAMP, stamp(0, 0, 0, 0));
    reads(1033, "2/13/2024 5:06 PM", STAMP, stamp(17, 6, 0, 0));
    reads(1033, "2/13/2024 12:00:00 AM", STAMP, stamp(0, 0, 0, 0));
    reads(1031, "13.02.2024 17:06:07", STAMP, stamp(17, 6, 7, 0));
    reads(1060, "13. 02. 2024 17:06:07", STAMP, stamp(17, 6, 7, 0));
    reads(1033, "13 Feb 2024", STAMP, stamp(0, 0, 0, 0));
    reads(1033, "February 13, 2024", STAMP, stamp(0, 0, 0, 0));
    reads(1036, "13 février 2024", STAMP, stamp(0, 0, 0, 0));
    reads(1033, "13-Feb-24", STAMP, stamp(0, 0, 0, 0));
    reads(1041, "2024/02/13 17:06:07", STAMP, stamp(17, 6, 7, 0));
    reads(
        1033,
        "8/6/2003",
        DAY,
        Ok(Value::DbDate(NaiveDate::from_ymd_opt(2003, 8, 6).unwrap())),
    );
    reads(
        1033,
        "31/12/9999",
        DAY,
        Ok(Value::DbDate(
            NaiveDate::from_ymd_opt(9999, 12, 31).unwrap(),
        )),
    );
    reads(
        1033,
        "1/1/29",
        DAY,
        Ok(Value::DbDate(NaiveDate::from_ymd_opt(2029, 1, 1).unwrap())),
    );
    reads(
        1033,
        "1/1/30",
        DAY,
        Ok(Value::DbDate(NaiveDate::from_ymd_opt(1930, 1, 1).unwrap())),
    );
    for wrong in [
        "20240213",
        "2023-02-29",
        "",
        "x",
        "1/2/3/4",
        "25:00",
        "2024-02-13 24:00:00",
    ] {
        reads(1033, wrong, STAMP, Err(Status::CannotConvert));
    }
    reads(
        1033,
        "1999-10-11 16:34:52:123",
        ColumnType::new(DataType::FileTime),
        Ok(Value::FileTime(date_time(
            1999,
            10,
            11,
            16,
            34,
            52,
            123_000_000,
        ))),
    );
    let offset = ColumnType::scaled(DataType::DbTimeStampOffset, 7);
    reads(
        1033,
        "1999-10-11 16:34:52.1234567 + 5:35",
        offset,
        Ok(Value::DbTimeStampOffset(
            date_time(1999, 10, 11, 10, 59, 52, 123_456_700),
            335,
            7,
        )),
    );
    reads(
        1033,
        "1999-10-11 16:34:52 -14:01",
        offset,
        Err(Status::CannotConvert),
    );
    reads(
        1033,
        "5:06 PM",
        ColumnType::new(DataType::DbTime),
        Ok(Value::DbTime(
            chrono::NaiveTime::from_hms_opt(17, 6, 0).unwrap(),
        )),
    );
    reads(
        1033,
        "0099-12-31",
        ColumnType::new(DataType::Date),
        Err(Status::Overflow),
    );
}

/// data-flow 1.3, the fast column.
#[test]
fn fast_parse() {
    let at = |h, mi, s| Ok(Value::DbTimeStamp(date_time(2024, 2, 13, h, mi, s, 0)));
    reads_fast("20240213", STAMP, at(0, 0, 0));
    reads_fast(" 2024-02-13", STAMP, at(0, 0, 0));
    reads_fast("2024-02-13T050607", STAMP, at(5, 6, 7));
    reads_fast("2024-02-13T05:06:07Z", STAMP, at(5, 6, 7));
    reads_fast("2024-02-13T05:06+01:00", STAMP, at(5, 6, 0));
    reads_fast("2024-02-13T12.750", STAMP, at(12, 45, 0));
    reads_fast("2024-02-13T1220.500", STAMP, at(12, 20, 30));
    reads_fast("2024-02-12T24:00:00", STAMP, at(0, 0, 0));
    reads_fast("2024-02-12T23:59:60", STAMP, at(0, 0, 0));
    let day = |y, m, d| Ok(Value::DbDate(NaiveDate::from_ymd_opt(y, m, d).unwrap()));
    reads_fast("20240213", DAY, day(2024, 2, 13));
    reads_fast("2024-02", DAY, day(2024, 2, 1));
    reads_fast("202402", DAY, day(2024, 2, 1));
    reads_fast("24-03", DAY, day(2024, 3, 1));
    reads_fast("2403", DAY, day(2403, 1, 1));
    for wrong in [
        "13.02.2024",
        "Feb 2024",
        "2024-02-13 05:06:07",
        "2024-W07",
        "2024-13-01",
    ] {
        reads_fast(wrong, STAMP, Err(Status::CannotConvert));
    }
    reads_fast("  ", I4, Ok(Value::I4(0)));
    reads_fast("2.5", I4, Err(Status::CannotConvert));
    assert!(matches!(
        ColumnParser::bind(&ColumnType::wstr(5), &locale(1033), true),
        Err(ParserError::FastParse(_))
    ));
}

#[test]
fn texts_and_bytes() {
    reads(1033, "abc", ColumnType::wstr(3), Ok(Value::text("abc")));
    reads(1033, "abcd", ColumnType::wstr(3), Err(Status::Truncated));
    reads(1033, "a\0b", ColumnType::wstr(3), Ok(Value::text("a")));
    reads(1033, "😀", ColumnType::wstr(1), Err(Status::Truncated));
    reads(1033, "Ł", ColumnType::str(5, 1252), Err(Status::Truncated));
    let (value, status) = parse_value_cut("Łód", &ColumnType::str(2, 1252), &locale(1033), false);
    assert_eq!(
        (value, status),
        (Value::text("?ó"), Some(Status::Truncated))
    );
    let bytes = ColumnType {
        length: 2,
        ..ColumnType::new(DataType::Bytes)
    };
    reads(1033, "00aB", bytes, Ok(Value::Bytes(vec![0, 0xAB].into())));
    reads(
        1033,
        "0x00AB",
        bytes,
        Ok(Value::Bytes(vec![0, 0xAB].into())),
    );
    reads(1033, "000000", bytes, Err(Status::Truncated));
    reads(1033, "000", bytes, Err(Status::CannotConvert));
    let guid = ColumnType::new(DataType::Guid);
    let value = Value::Guid(uuid::Uuid::from_u128(
        0x0a1b_2c3d_4e5f_6071_8293_a4b5_c6d7_e8f9,
    ));
    reads(
        1033,
        "{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}",
        guid,
        Ok(value.clone()),
    );
    reads(
        1033,
        "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9",
        guid,
        Ok(value),
    );
    reads(1033, "{0a1b2c3d}", guid, Err(Status::CannotConvert));
}

#[test]
fn empty_texts() {
    let empty = Span::default();
    for (mode, expected) in [
        (EmptyText::Null, Value::Null),
        (EmptyText::Default, Value::I4(0)),
    ] {
        let parser = ColumnParser::bind(&I4, &locale(1033), false)
            .unwrap()
            .with_empty(mode);
        let parsed = parser.parse_batch(Cells::new(b"", &[empty]));
        assert!(parsed.errors.is_empty());
        assert_eq!(value_at(&I4, &parsed.array, 0), expected);
    }
    let date = empty_field_default(&STAMP);
    assert_eq!(date, Value::DbTimeStamp(date_time(1753, 1, 1, 0, 0, 0, 0)));
    let parser = ColumnParser::bind(&STAMP, &locale(1033), false)
        .unwrap()
        .with_empty(EmptyText::Default);
    let parsed = parser.parse_batch(Cells::new(b"", &[empty]));
    assert_eq!(value_at(&STAMP, &parsed.array, 0), date);
}

/// Each type has a default that its column can hold, even where a package gives a precision or
/// scale that does not exist.
#[test]
fn empty_fields_of_every_type() {
    let malformed = [0, 1, 38, 39, 255].into_iter().flat_map(|size| {
        [
            ColumnType::numeric(size, 0),
            ColumnType::numeric(38, size),
            ColumnType::decimal(size),
            ColumnType::scaled(DataType::DbTime2, size),
            ColumnType::scaled(DataType::DbTimeStamp2, size),
            ColumnType::scaled(DataType::DbTimeStampOffset, size),
        ]
    });
    for column_type in types().into_iter().chain(malformed) {
        let parser = ColumnParser::bind(&column_type, &locale(1033), false)
            .unwrap()
            .with_empty(EmptyText::Default);
        let parsed = parser.parse_batch(Cells::new(b"", &[Span::default(); 2]));
        assert!(parsed.errors.is_empty(), "{column_type}");
        assert_eq!(parsed.array.null_count(), 0, "{column_type}");
        let expected = empty_field_default(&column_type);
        assert_eq!(value_at(&column_type, &parsed.array, 1), expected);
        let constant = crate::array::constant(&column_type, &expected, 3).unwrap();
        assert_eq!(value_at(&column_type, &constant, 2), expected);
    }
}

/// Bytes that are no text are replaced and reported, beside texts that stay where they lie.
#[test]
fn repaired_texts_stand_beside_shared_ones() {
    let bytes = b"a text that is long enough\xffA\xffand another that is long enough";
    let spans = [
        Span { start: 0, len: 26 },
        Span { start: 26, len: 3 },
        Span { start: 29, len: 31 },
    ];
    let shared = Buffer::from(bytes.as_slice());
    for with in [None, Some(&shared)] {
        let parser = ColumnParser::bind(&ColumnType::wstr(50), &locale(1033), false).unwrap();
        let parsed = parser.parse_batch(Cells {
            shared: with,
            plain: false,
            ..Cells::new(&shared, &spans)
        });
        let expected = [
            "a text that is long enough",
            "\u{fffd}A\u{fffd}",
            "and another that is long enough",
        ];
        for (row, text) in expected.into_iter().enumerate() {
            let value = value_at(&ColumnType::wstr(50), &parsed.array, row);
            assert_eq!(value, Value::text(text));
        }
        assert_eq!(
            parsed.errors.iter().collect::<Vec<_>>(),
            [(1, Status::Truncated)]
        );
    }
}

fn types() -> Vec<ColumnType> {
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
    ]
    .map(ColumnType::new)
    .to_vec();
    types.extend([
        ColumnType::wstr(6),
        ColumnType::str(6, 1252),
        ColumnType::str(6, 932),
        ColumnType::numeric(9, 2),
        ColumnType::numeric(5, 5),
        ColumnType::numeric(10, 0),
        ColumnType::numeric(38, 10),
        ColumnType::decimal(3),
        ColumnType {
            length: 4,
            ..ColumnType::new(D::Bytes)
        },
        ColumnType::scaled(D::DbTime2, 3),
        ColumnType::scaled(D::DbTimeStamp2, 7),
        ColumnType::scaled(D::DbTimeStampOffset, 2),
    ]);
    types
}

/// Texts near to what values look like.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[0-9]{0,11}",
        "-?[0-9]{0,4}[.,][0-9]{0,6}",
        "-?[0-9]{1,3}(\\.[0-9]{1,3})?[eE]-?[0-9]{1,3}",
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9]",
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?( [+-]0[0-9]:00)?",
        "[0-3]?[0-9][./-][01]?[0-9][./-](19|20)?[0-9]{2}",
        "[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?( ?[AP]M)?",
        "True|False|true|[A-F0-9]{0,10}",
        "[a-zé€あ ]{0,8}",
        "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is called canonical is exactly what parsing and formatting give back; a column
    /// parses as its cells do; nothing panics.
    #[test]
    fn canonical_is_parse_and_format(texts in proptest::collection::vec(cell(), 1..6)) {
        for lcid in [1033, 1031, 1041] {
            let locale = locale(lcid);
            for column_type in types() {
                let parser = ColumnParser::bind(&column_type, &locale, false).unwrap();
                let formatter = ColumnFormatter::bind(&column_type, &locale);
                let mut buffer = Vec::new();
                let spans: Vec<Span> = texts.iter().map(|text| {
                    let start = buffer.len() as u32;
                    buffer.extend_from_slice(text.as_bytes());
                    Span { start, len: text.len() as u32 }
                }).collect();
                let shared = Buffer::from_vec(buffer.clone());
                let mut cells = Cells::new(&shared, &spans);
                let copied = parser.parse_batch(cells);
                cells.shared = Some(&shared);
                let parsed = parser.parse_batch(cells);
                prop_assert_eq!(&copied.array, &parsed.array);
                let (mut out, mut ends) = (Vec::new(), Vec::new());
                formatter.append_rows(&parsed.array, 0..texts.len(), &mut out, &mut ends);
                let mut start = 0;
                for (row, text) in texts.iter().enumerate() {
                    let written = &out[start..ends[row]];
                    start = ends[row];
                    let good = parsed.errors.get(row as u32).is_none();
                    let one = Cells::new(&buffer, &spans[row..=row]);
                    prop_assert_eq!(
                        parser.is_canonical(one),
                        good && written == text.as_bytes(),
                        "{} as {}", text, column_type
                    );
                    let (value, status) = parse_value_cut(text, &column_type, &locale, false);
                    prop_assert_eq!(status, parsed.errors.get(row as u32));
                    prop_assert_eq!(value, value_at(&column_type, &parsed.array, row));
                }
            }
        }
    }

    /// Formatting and reading back is the identity where the form keeps every digit.
    #[test]
    fn read_back(
        i in any::<i64>(), r8 in any::<f64>(), r4 in any::<f32>(), n in any::<i64>(),
        ticks in 864_000_000_000i64 * 40_000..864_000_000_000i64 * 3_652_058,
    ) {
        let at = crate::temporal::datetime_from_ticks(ticks);
        let second = crate::temporal::datetime_from_ticks(ticks / 10_000_000 * 10_000_000);
        let milli = crate::temporal::datetime_from_ticks(ticks / 10_000 * 10_000);
        let mut values = vec![
            Value::I8(i),
            Value::Ui8(i.unsigned_abs()),
            Value::Cy(n),
            Value::Numeric(i128::from(n), 38, 12),
            Value::Decimal(i128::from(n), 7),
            Value::DbTimeStamp2(at, 7),
            Value::DbTimeStamp(milli),
            Value::DbDate(at.date()),
            Value::DbTime2(at.time(), 7),
            Value::DbTimeStampOffset(at, -210, 7),
            Value::Guid(uuid::Uuid::from_u128(i.unsigned_abs().into())),
        ];
        if r8.is_finite() {
            values.push(Value::R8(if r8 == 0.0 { 0.0 } else { r8 }));
        }
        for lcid in [1033, 1031, 1029, 2057, 1060, 1041, 1042, 1028, 2052, 1045] {
            let locale = locale(lcid);
            for value in values.iter().chain([&Value::Date(second)]) {
                let dotted = matches!(value, Value::Numeric(..) | Value::Decimal(..));
                if dotted && locale.decimal != '.' {
                    continue;
                }
                let text = format_value(value, &locale);
                let back = parse_value(&text, &type_of(value), &locale, false);
                prop_assert_eq!(back.as_ref(), Ok(value), "{} under {}", text, locale);
            }
        }
        if r4.is_finite() {
            // eight digits: within one unit of the eighth digit
            let text = format_value(&Value::R4(r4), &locale(1033));
            let back: f32 = text.parse().unwrap();
            prop_assert!((f64::from(back) - f64::from(r4)).abs() <= f64::from(r4).abs() * 1e-7 + 1e-44);
        }
    }

    /// 17 and 8 significant digits: as the standard library's exact conversion rounds.
    #[test]
    fn significant_digits(bits in any::<u64>(), small in -1e12f64..1e12) {
        for value in [f64::from_bits(bits).abs(), small.abs()] {
            if value.is_finite() && value > 0.0 {
                for count in [8usize, 15, 17] {
                    let text = format!("{value:.*e}", count - 1);
                    let (digits, exponent) = text.split_once('e').unwrap();
                    let digits: u64 = digits.replace('.', "").parse().unwrap();
                    let found = write::significant(value, count as u32);
                    prop_assert_eq!(found, (digits, exponent.parse().unwrap()));
                }
            }
        }
    }
}
