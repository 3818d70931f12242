//! §6: casts.

use packmule_types::{ColumnType, DataType, Value};

use crate::helper::{World, check, check_errors, check_errors_in, check_in, plain};

#[test]
fn documented_samples() {
    check(&[
        ("(DT_STR,1,1252)5", "DT_STR(1,1252)", "5"),
        ("(DT_WSTR,3)\"Cat\"", "DT_WSTR(3)", "Cat"),
        ("(DT_DECIMAL,2)500", "DT_DECIMAL(2)", "500.00"),
        ("(DT_NUMERIC,7,3)4000", "DT_NUMERIC(7,3)", "4000.000"),
        ("(DT_BOOL)\"True\"", "DT_BOOL", "True"),
        ("(DT_DBDATE)\"1999-10-11\"", "DT_DBDATE", "1999-10-11"),
        (
            "(DT_DBTIME2,5)\"16:34:52.12345\"",
            "DT_DBTIME2(5)",
            "16:34:52.123450",
        ),
        (
            "(DT_DBTIMESTAMP2,4)\"1999-10-11 16:34:52.1234\"",
            "DT_DBTIMESTAMP2(4)",
            "1999-10-11 16:34:52.123400",
        ),
        (
            "(DT_DBTIMESTAMPOFFSET,7)\"1999-10-11 16:34:52.1234567 + 5:35\"",
            "DT_DBTIMESTAMPOFFSET(7)",
            "1999-10-11 10:59:52.123456700 UTC +335",
        ),
    ]);
}

#[test]
fn parameters() {
    check_errors(&[
        ("(DT_WSTR,@x)1", 0xC004_7093),
        ("(DT_WSTR,\"5\")1", 0xC004_7094),
        ("(DT_STR,5,99999)1", 0xC004_70AA),
        ("(DT_NUMERIC,39,0)1", 0xC004_70AB),
        ("(DT_NUMERIC,0,0)1", 0xC004_70AB),
        ("(DT_NUMERIC,5,6)1", 0xC004_70AC),
        ("(DT_DECIMAL,29)1", 0xC004_70AC),
        ("(DT_WSTR,-1)1", 0xC004_70F1),
        ("(DT_DBTIME2,8)\"10:00\"", 0xC004_70AC),
        ("(DT_EMPTY)1", 0xC004_70BE),
        ("(DT_XYZ)1", 0xC004_70BE),
    ]);
}

/// §6.1 as printed: the columns are groups of targets.
#[test]
fn legality() {
    use DataType as D;
    let numbers = vec![
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
    ];
    let targets: Vec<Vec<D>> = vec![
        numbers,
        vec![D::Cy],
        vec![D::Decimal],
        vec![D::Numeric],
        vec![D::Bool],
        vec![D::Date],
        vec![D::DbDate, D::DbTime, D::DbTimeStamp],
        vec![D::DbTime2, D::DbTimeStamp2, D::DbTimeStampOffset],
        vec![D::FileTime],
        vec![D::Guid],
        vec![D::Bytes],
        vec![D::Str, D::WStr],
        vec![D::Text],
        vec![D::NText],
        vec![D::Image],
    ];
    let rows: Vec<(Vec<D>, &str)> = vec![
        (
            vec![D::I1, D::I2, D::Ui1, D::Ui2, D::R4, D::R8],
            "yyyyyyy----y---",
        ),
        (vec![D::I4, D::Ui4], "yyyyyyy---yy---"),
        (vec![D::I8, D::Ui8], "yyyyy---y-yy---"),
        (vec![D::Cy], "yyyyy------y---"),
        (vec![D::Decimal], "yyyyy-y----y---"),
        (vec![D::Numeric], "yyyyyy-----y---"),
        (vec![D::Bool], "yyyyyy-----y---"),
        (vec![D::Date], "y--yyyyy---y---"),
        (
            vec![
                D::DbDate,
                D::DbTime,
                D::DbTimeStamp,
                D::DbTime2,
                D::DbTimeStamp2,
                D::DbTimeStampOffset,
            ],
            "-----yyyy--y---",
        ),
        (vec![D::Guid], "---------yyy---"),
        (vec![D::Str, D::WStr], "yyyyyyyyyyyyyyy"),
        (vec![D::Image], "----------y-yyy"),
    ];
    for (sources, marks) in rows {
        for from in sources {
            for (group, mark) in targets.iter().zip(marks.chars()) {
                for to in group {
                    legal(from, *to, mark == 'y' || from == *to);
                }
            }
        }
    }
    for to in [D::I8, D::Ui8] {
        legal(D::FileTime, to, true);
    }
    legal(D::FileTime, D::I4, false);
    for (from, to, wanted) in [
        (D::Bytes, D::Ui4, true),
        (D::Bytes, D::R4, true),
        (D::Bytes, D::R8, false),
        (D::Bytes, D::Guid, true),
        (D::Text, D::Str, true),
        (D::Text, D::WStr, false),
        (D::NText, D::WStr, true),
        (D::NText, D::Str, false),
        (D::Text, D::NText, true),
    ] {
        legal(from, to, wanted);
    }
}

fn legal(from: DataType, to: DataType, wanted: bool) {
    let world = World::default().column("a", full(from)).row([Value::Null]);
    let target = match to {
        DataType::Str => "DT_STR,10,1252",
        DataType::WStr => "DT_WSTR,10",
        DataType::Bytes => "DT_BYTES,10",
        DataType::Numeric => "DT_NUMERIC,9,2",
        DataType::Decimal => "DT_DECIMAL,2",
        DataType::Text => "DT_TEXT,1252",
        DataType::DbTime2 => "DT_DBTIME2,3",
        DataType::DbTimeStamp2 => "DT_DBTIMESTAMP2,3",
        DataType::DbTimeStampOffset => "DT_DBTIMESTAMPOFFSET,3",
        other => other.name(),
    };
    match world.bind(&format!("({target})a")) {
        Ok(_) => assert!(wanted, "{from} to {to} is legal"),
        Err(errors) => {
            assert!(!wanted, "{from} to {to}: {errors:?}");
            assert_eq!(errors[0].code.0, 0xC004_7095, "{from} to {to}");
        }
    }
}

fn full(data_type: DataType) -> ColumnType {
    match data_type {
        DataType::Decimal => ColumnType::decimal(2),
        DataType::Numeric => ColumnType::numeric(9, 2),
        DataType::Str => ColumnType::str(10, 1252),
        DataType::WStr => ColumnType::wstr(10),
        DataType::Bytes => ColumnType {
            length: 10,
            ..plain(DataType::Bytes)
        },
        DataType::Text => ColumnType {
            code_page: 1252,
            ..plain(DataType::Text)
        },
        other => ColumnType::new(other),
    }
}

/// §6.5: loss of fraction digits.
#[test]
fn fractions() {
    let world = World::default()
        .column("r8", plain(DataType::R8))
        .column("cy", plain(DataType::Cy))
        .column("dec", ColumnType::decimal(4))
        .column("n", ColumnType::numeric(18, 4));
    for (r8, scaled, even, cut) in [
        (0.5, 5000_i64, "0", "0"),
        (1.5, 15_000, "2", "1"),
        (2.5, 25_000, "2", "2"),
        (-0.5, -5000, "0", "0"),
        (3.57, 35_700, "4", "3"),
    ] {
        let world = world.clone().row([
            Value::R8(r8),
            Value::Cy(scaled),
            Value::Decimal(i128::from(scaled), 4),
            Value::Numeric(i128::from(scaled), 18, 4),
        ]);
        check_in(
            &world,
            &[
                ("(DT_I4)r8", "DT_I4", even),
                ("(DT_I4)cy", "DT_I4", even),
                ("(DT_I4)dec", "DT_I4", even),
                ("(DT_I4)n", "DT_I4", cut),
            ],
        );
    }
    check(&[
        ("(DT_I4)3.57", "DT_I4", "3"),
        ("(DT_I4)\"2.5\"", "DT_I4", "2"),
        ("(DT_I4)\"3.57\"", "DT_I4", "4"),
        ("(DT_NUMERIC,19,2)12.3456789E0", "DT_NUMERIC(19,2)", "12.34"),
        ("(DT_NUMERIC,19,2)0.29E0", "DT_NUMERIC(19,2)", "0.29"),
        ("(DT_NUMERIC,19,2)123.4567", "DT_NUMERIC(19,2)", "123.45"),
        ("(DT_NUMERIC,19,2)-123.4567", "DT_NUMERIC(19,2)", "-123.45"),
        ("(DT_NUMERIC,19,2)\"0.175\"", "DT_NUMERIC(19,2)", "0.17"),
        ("(DT_CY)1.00005", "DT_CY", "1.0000"),
        ("(DT_CY)1.00015", "DT_CY", "1.0002"),
    ]);
}

#[test]
fn semantics() {
    check(&[
        ("(DT_I4)TRUE", "DT_I4", "-1"),
        ("(DT_BOOL)0", "DT_BOOL", "False"),
        ("(DT_BOOL)7", "DT_BOOL", "True"),
        ("(DT_BOOL)\"fAlSe\"", "DT_BOOL", "False"),
        ("(DT_WSTR,5)TRUE", "DT_WSTR(5)", "True"),
        ("(DT_WSTR,2)\"Cat\"", "DT_WSTR(2)", "Ca"),
        ("(DT_DBDATE)\"31/12/9999\"", "DT_DBDATE", "9999-12-31"),
        (
            "(DT_DBTIMESTAMP)\"8/6/2003\"",
            "DT_DBTIMESTAMP",
            "2003-08-06 00:00:00",
        ),
        ("(DT_DATE)\"2003-08-06\"", "DT_DATE", "2003-08-06 00:00:00"),
        ("LEN((DT_WSTR,30)GETDATE())", "DT_I4", "29"),
        (
            "(DT_WSTR,30)(DT_DBDATE)\"2003-08-06\"",
            "DT_WSTR(30)",
            "2003-08-06",
        ),
        (
            "(DT_DBTIMESTAMP)(DT_DBTIME)\"10:11:12\"",
            "DT_DBTIMESTAMP",
            "2026-03-04 10:11:12",
        ),
        ("(DT_WSTR,10)0.50", "DT_WSTR(10)", ".50"),
    ]);
    check_errors(&[
        ("(DT_I2)70000", 0xC004_70C0),
        ("(DT_UI1)300", 0xC004_70C0),
        ("(DT_I4)\"abc\"", 0xC004_70C4),
        ("(DT_I4)\"\"", 0xC004_70C4),
        ("(DT_NUMERIC,3,2)100", 0xC004_70C0),
        ("(DT_GUID)1", 0xC004_7095),
    ]);
    let world = World::default()
        .column("n", plain(DataType::I4))
        .row([Value::I4(70_000)]);
    check_errors_in(&world, &[("(DT_I2)n", 0xC004_70C0)]);
}

#[test]
fn code_pages() {
    let world = World::default()
        .column("t", full(DataType::Text))
        .row([Value::Null]);
    check_errors_in(
        &world,
        &[("(DT_STR,10,1250)(DT_TEXT,1252)\"a\"", 0xC004_70D1)],
    );
}
