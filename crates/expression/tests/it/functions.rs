//! §11: functions, by the documented values.

use packmule_types::{DataType, Value};

use crate::helper::{World, check, check_errors, check_in, plain};

#[test]
fn mathematical() {
    check(&[
        ("ABS(-1.23)", "DT_NUMERIC(3,2)", "1.23"),
        ("ABS(1.23)", "DT_NUMERIC(3,2)", "1.23"),
        ("CEILING(123.74)", "DT_NUMERIC(5,2)", "124.00"),
        ("CEILING(-124.27)", "DT_NUMERIC(5,2)", "-124.00"),
        ("CEILING(0.00)", "DT_NUMERIC(3,2)", "0.00"),
        ("FLOOR(123.45)", "DT_NUMERIC(5,2)", "123.00"),
        ("FLOOR(-123.45)", "DT_NUMERIC(5,2)", "-124.00"),
        ("FLOOR(0.00)", "DT_NUMERIC(3,2)", "0.00"),
        ("ROUND(137.1574,3)", "DT_NUMERIC(7,4)", "137.1570"),
        ("ROUND(137.1575,3)", "DT_NUMERIC(7,4)", "137.1580"),
        ("ROUND(-2.5, 0)", "DT_NUMERIC(2,1)", "-3.0"),
        ("ROUND(2.5E0, 0)", "DT_R8", "3"),
        ("ROUND(7, 2)", "DT_I4", "7"),
        ("SIGN(-123.45)", "DT_I4", "-1"),
        ("SIGN(0)", "DT_I4", "0"),
        ("SQUARE(12)", "DT_R8", "144"),
        ("SQRT(144)", "DT_R8", "12"),
        ("POWER(4,3)", "DT_R8", "64"),
        ("POWER(8,2)", "DT_R8", "64"),
        ("POWER(4,0.5)", "DT_R8", "2"),
        ("EXP(0)", "DT_R8", "1"),
    ]);
    check_errors(&[
        ("SQRT(-1)", 0xC004_70DF),
        ("LN(0)", 0xC004_70E0),
        ("LOG(-1)", 0xC004_70E1),
        ("POWER(0,-1)", 0xC004_70E2),
        ("POWER(-8,0.5)", 0xC004_70E2),
        ("EXP(1000)", 0xC004_707F),
        ("ABS((DT_I2)-32768)", 0xC004_707F),
        ("SIGN(1u)", 0xC004_7089),
    ]);
}

/// Documented to 15 or so digits. 234.567 is a `DT_R4` in the sample of LN (its
/// last digits show it); its LN(42) = 3.737766961828337 has one 7 too many.
#[test]
fn transcendental() {
    for (text, wanted) in [
        ("EXP(74)", 1.373_382_979_540_176E32),
        ("EXP(-27)", 1.879_528_816_539_083E-12),
        ("LN(42)", 3.737_669_618_283_37),
        ("LN(53.99)", 3.988_798_844_230_2),
        ("LN(234.567f)", 5.457_741_267_087_97),
        ("LOG(97.34)", 1.988_291_341_907_488),
        ("LOG(101.24)", 2.005_352_136_486_217),
        ("LOG(234.567)", 2.370_266_913_465_859),
    ] {
        let (_, value) = World::default().value(text).unwrap();
        let Value::R8(found) = value else {
            panic!("{text} is no R8");
        };
        assert!(
            (found - wanted).abs() / wanted < 1e-13,
            "{text}: {found} not {wanted}"
        );
    }
}

#[test]
fn strings() {
    check(&[
        ("CODEPOINT(\"Mountain Bike\")", "DT_UI2", "77"),
        ("CODEPOINT(\"Touring Front Wheel\")", "DT_UI2", "84"),
        ("CODEPOINT(\"\")", "DT_UI2", "NULL"),
        ("CODEPOINT(\"🚲\")", "DT_UI2", "55357"),
        ("FINDSTRING(\"New York, NY, NY\",\"NY\",1)", "DT_I4", "11"),
        ("FINDSTRING(\"New York, NY, NY\",\"NY\",3)", "DT_I4", "0"),
        ("FINDSTRING(\"Anderson\",\"n\",2)", "DT_I4", "8"),
        ("FINDSTRING(\"Mountain,500Red,42\",\"42\",1)", "DT_I4", "17"),
        ("FINDSTRING(\"aaa\",\"aa\",2)", "DT_I4", "2"),
        ("FINDSTRING(\"A\",\"a\",1)", "DT_I4", "0"),
        ("FINDSTRING(\"é🚲x\",\"x\",1)", "DT_I4", "4"),
        ("HEX(400)", "DT_WSTR(8)", "190"),
        ("HEX(750)", "DT_WSTR(8)", "2EE"),
        ("HEX(1033)", "DT_WSTR(8)", "409"),
        ("HEX(0)", "DT_WSTR(8)", "0"),
        ("HEX(-1)", "DT_WSTR(8)", "FFFFFFFF"),
        ("HEX((DT_I2)-1)", "DT_WSTR(4)", "FFFF"),
        ("LEFT(\"Mountain Bike\",8)", "DT_WSTR(8)", "Mountain"),
        ("LEFT(\"abc\",0)", "DT_WSTR(0)", ""),
        ("LEFT(\"abc\",9)", "DT_WSTR(3)", "abc"),
        ("RIGHT(\"Mountain Bike\",4)", "DT_WSTR(4)", "Bike"),
        ("RIGHT(\"Touring Front Wheel\",5)", "DT_WSTR(5)", "Wheel"),
        ("RIGHT(\"Touring Front Wheel\",4)", "DT_WSTR(4)", "heel"),
        ("RIGHT(\"Zoë\",1)", "DT_WSTR(1)", "ë"),
        ("LEN(\"Ball Bearing\")", "DT_I4", "12"),
        ("LEN(\" a \")", "DT_I4", "3"),
        ("LEN(\"🚲\")", "DT_I4", "2"),
        ("LEN((DT_NTEXT)\"abc\")", "DT_I4", "6"),
        ("LEN((DT_TEXT,1252)\"abc\")", "DT_I4", "3"),
        ("LOWER(\"New York\")", "DT_WSTR(8)", "new york"),
        ("UPPER(\"hello\")", "DT_WSTR(5)", "HELLO"),
        ("UPPER(\"k4b1s2\")", "DT_WSTR(6)", "K4B1S2"),
        ("UPPER(\"straße é\")", "DT_WSTR(8)", "STRAßE É"),
        ("LTRIM(\"    Hello\")", "DT_WSTR(9)", "Hello"),
        ("RTRIM(\"Hello   \")", "DT_WSTR(8)", "Hello"),
        ("TRIM(\"   New York   \")", "DT_WSTR(14)", "New York"),
        ("TRIM(\"\ta\t\")", "DT_WSTR(3)", "\ta\t"),
        (
            "REPLACE(\"Mountain Bike\",\"Mountain\",\"All Terrain\")",
            "DT_WSTR(11)",
            "All Terrain Bike",
        ),
        ("REPLACE(\"aXbX\",\"X\",\"\")", "DT_WSTR(4)", "ab"),
        ("REPLACE(\"abc\",\"B\",\"x\")", "DT_WSTR(3)", "abc"),
        (
            "REPLICATE(\"Mountain Bike\",3)",
            "DT_WSTR(39)",
            "Mountain BikeMountain BikeMountain Bike",
        ),
        ("REPLICATE(\"Helmet\",2)", "DT_WSTR(12)", "HelmetHelmet"),
        ("REPLICATE(\"Helmet\",0)", "DT_WSTR(0)", ""),
        ("REVERSE(\"Mountain Bike\")", "DT_WSTR(13)", "ekiB niatnuoM"),
        ("REVERSE(\"Touring Bike\")", "DT_WSTR(12)", "ekiB gniruoT"),
        ("SUBSTRING(\"elephant\",4,2)", "DT_WSTR(2)", "ph"),
        ("SUBSTRING(\"elephant\",4,50)", "DT_WSTR(50)", "phant"),
        ("SUBSTRING(\"Redmond\",4,0)", "DT_WSTR(0)", ""),
        ("SUBSTRING(\"Redmond\",40,3)", "DT_WSTR(3)", ""),
    ]);
    check_errors(&[
        ("FINDSTRING(\"a\",\"a\",0)", 0xC004_70EE),
        ("RIGHT(\"a\",-1)", 0xC004_70E7),
        ("REPLICATE(\"a\",-1)", 0xC004_70E8),
        ("SUBSTRING(\"a\",0,1)", 0xC004_708C),
        ("SUBSTRING(\"a\",-1,1)", 0xC004_708C),
        ("SUBSTRING(\"a\",1,-1)", 0xC004_708B),
        ("LEFT(\"a\",-1)", 0xC004_70C5),
        ("REPLACE(\"a\",\"\",\"b\")", 0xC004_70C5),
        ("UPPER(5)", 0xC004_7089),
        ("LEN(5)", 0xC004_7089),
        ("REPLICATE(\"0123456789\",2000000000)", 0xC004_707F),
    ]);
}

#[test]
fn tokens() {
    check(&[
        ("TOKEN(\"a little white dog\",\" \",1)", "DT_WSTR(18)", "a"),
        (
            "TOKEN(\"a:little|white dog\",\"| ,.:\",4)",
            "DT_WSTR(18)",
            "dog",
        ),
        ("TOKEN(\"a little white dog\",\" \",99)", "DT_WSTR(18)", ""),
        (
            "TOKEN(\"a little white dog\",\"|\",1)",
            "DT_WSTR(18)",
            "a little white dog",
        ),
        (
            "TOKEN(\"        a little white dog\",\" \",1)",
            "DT_WSTR(26)",
            "a",
        ),
        (
            "TOKEN(\"c:\\\\program files\\\\data\\\\myfile.txt\",\"\\\\\",4)",
            "DT_WSTR(32)",
            "myfile.txt",
        ),
        ("TOKEN(\"2009/01/01\",\"/\",1)", "DT_WSTR(10)", "2009"),
        ("TOKEN(NULL(DT_WSTR,5),\"/\",1)", "DT_WSTR(5)", "NULL"),
        ("ISNULL(TOKEN(\"a b\",\" \",9))", "DT_BOOL", "False"),
        ("TOKENCOUNT(\"01/12/2011\",\"/\")", "DT_I4", "3"),
        ("TOKENCOUNT(\"a little white dog\",\" \")", "DT_I4", "4"),
        ("TOKENCOUNT(\"a little white dog\",\"|\")", "DT_I4", "1"),
        ("TOKENCOUNT(\"a:little|white dog\",\"| ,.:\")", "DT_I4", "4"),
        (
            "TOKENCOUNT(\"     a little white dog\",\" \")",
            "DT_I4",
            "4",
        ),
        ("TOKENCOUNT(NULL(DT_WSTR,5),\"/\")", "DT_I4", "0"),
    ]);
}

#[test]
fn dates() {
    let date = "(DT_DBTIMESTAMP)\"2002-11-23 14:15:16.789\"";
    let parts = [
        (&["year", "yy", "yyyy"][..], "2002"),
        (&["quarter", "qq", "q"], "4"),
        (&["month", "mm", "m"], "11"),
        (&["dayofyear", "dy", "y"], "327"),
        (&["day", "dd", "d"], "23"),
        (&["week", "wk", "ww"], "47"),
        (&["weekday", "dw"], "7"),
        (&["hour", "hh"], "14"),
        (&["minute", "mi", "n"], "15"),
        (&["second", "ss", "s"], "16"),
        (&["millisecond", "ms"], "789"),
    ];
    for (names, wanted) in parts {
        for name in names {
            let upper = name.to_uppercase();
            check(&[
                (&format!("DATEPART(\"{name}\",{date})"), "DT_I4", wanted),
                (&format!("DATEPART(\"{upper}\",{date})"), "DT_I4", wanted),
            ]);
        }
    }
    check(&[
        (
            "DATEPART(\"month\",(DT_DBTIMESTAMP)\"11/04/2002\")",
            "DT_I4",
            "11",
        ),
        (
            "DATEPART(\"weekday\",(DT_DBDATE)\"2002-11-04\")",
            "DT_I4",
            "2",
        ),
        ("DAY((DT_DBTIMESTAMP)\"11/23/2002\")", "DT_I4", "23"),
        ("MONTH((DT_DBTIMESTAMP)\"11/23/2002\")", "DT_I4", "11"),
        ("YEAR((DT_DBTIMESTAMP)\"11/23/2002\")", "DT_I4", "2002"),
        (
            "DATEADD(\"yyyy\",2,(DT_DBTIMESTAMP)\"8/6/2003\")",
            "DT_DBTIMESTAMP",
            "2005-08-06 00:00:00",
        ),
        (
            "DATEADD(\"Month\",1,GETDATE())",
            "DT_DBTIMESTAMP",
            "2026-04-04 05:06:07.089",
        ),
        (
            "DATEADD(\"Month\",1,(DT_DBDATE)\"2024-01-31\")",
            "DT_DBTIMESTAMP",
            "2024-02-29 00:00:00",
        ),
        (
            "DATEADD(\"qq\",-1,(DT_DBDATE)\"2024-05-31\")",
            "DT_DBTIMESTAMP",
            "2024-02-29 00:00:00",
        ),
        (
            "DATEADD(\"dy\",1,(DT_DBDATE)\"2024-12-31\")",
            "DT_DBTIMESTAMP",
            "2025-01-01 00:00:00",
        ),
        (
            "DATEADD(\"w\",1,(DT_DBDATE)\"2024-12-31\")",
            "DT_DBTIMESTAMP",
            "2025-01-01 00:00:00",
        ),
        (
            "DATEADD(\"wk\",1,(DT_DBDATE)\"2024-12-31\")",
            "DT_DBTIMESTAMP",
            "2025-01-07 00:00:00",
        ),
        (
            "DATEADD(\"ms\",1500,(DT_DBDATE)\"2024-12-31\")",
            "DT_DBTIMESTAMP",
            "2024-12-31 00:00:01.500",
        ),
        (
            "DATEDIFF(\"dd\",(DT_DBTIMESTAMP)\"8/1/2003\",(DT_DBTIMESTAMP)\"8/8/2003\")",
            "DT_I4",
            "7",
        ),
        (
            "DATEDIFF(\"yy\",(DT_DBDATE)\"2003-12-31\",(DT_DBDATE)\"2004-01-01\")",
            "DT_I4",
            "1",
        ),
        (
            "DATEDIFF(\"m\",(DT_DBDATE)\"2003-12-31\",(DT_DBDATE)\"2003-01-01\")",
            "DT_I4",
            "-11",
        ),
        (
            "DATEDIFF(\"q\",(DT_DBDATE)\"2003-03-31\",(DT_DBDATE)\"2003-04-01\")",
            "DT_I4",
            "1",
        ),
        (
            "DATEDIFF(\"wk\",(DT_DBDATE)\"2010-01-02\",(DT_DBDATE)\"2010-01-03\")",
            "DT_I4",
            "1",
        ),
        (
            "DATEDIFF(\"hh\",(DT_DBTIMESTAMP)\"2003-01-01 00:59:00\",(DT_DBTIMESTAMP)\"2003-01-01 01:00:00\")",
            "DT_I4",
            "1",
        ),
        ("GETDATE()", "DT_DBTIMESTAMP", "2026-03-04 05:06:07.089"),
        ("GETUTCDATE()", "DT_DBTIMESTAMP", "2026-03-04 03:06:07.089"),
        // [R-WEEK]
        ("DATEPART(\"wk\",(DT_DBDATE)\"2010-01-02\")", "DT_I4", "1"),
        ("DATEPART(\"wk\",(DT_DBDATE)\"2010-01-03\")", "DT_I4", "2"),
        ("DATEPART(\"wk\",(DT_DBDATE)\"2012-12-31\")", "DT_I4", "53"),
    ]);
    check_errors(&[
        ("DATEPART(\"decade\",GETDATE())", 0xC004_708F),
        (
            "DATEPART(\"a\" + (DT_WSTR,3)GETDATE(),GETDATE())",
            0xC004_70F0,
        ),
        ("DATEPART(\"month\",\"11/04/2002\")", 0xC004_7089),
        ("DAY((DT_DBTIMESTAMP2,3)\"2002-11-23\")", 0xC004_7089),
        (
            "YEAR((DT_DBTIMESTAMPOFFSET,3)\"2002-11-23 00:00:00 +1:00\")",
            0xC004_7089,
        ),
        (
            "DATEDIFF(\"ms\",(DT_DBDATE)\"1900-01-01\",(DT_DBDATE)\"2020-01-01\")",
            0xC004_707F,
        ),
        ("DATEADD(\"yy\",9000,GETDATE())", 0xC004_707F),
    ]);
    let world = World::default()
        .column("d", plain(DataType::DbDate))
        .row([Value::DbDate(
            chrono::NaiveDate::from_ymd_opt(2024, 3, 15).unwrap(),
        )]);
    check_in(
        &world,
        &[(
            "DATEADD(\"D\",-(DAY(DATEADD(\"M\",1,d))),DATEADD(\"M\",1,d))",
            "DT_DBTIMESTAMP",
            "2024-03-31 00:00:00",
        )],
    );
}

#[test]
fn null_handling() {
    check(&[
        ("ISNULL(NULL(DT_I4))", "DT_BOOL", "True"),
        ("ISNULL(\"\")", "DT_BOOL", "False"),
        ("REPLACENULL(NULL(DT_WSTR,10),\"x\")", "DT_WSTR(10)", "x"),
        ("REPLACENULL(5,7)", "DT_I4", "5"),
        ("REPLACENULL(NULL(DT_I8),7)", "DT_I8", "7"),
        ("REPLACENULL(NULL(DT_I4),NULL(DT_I4))", "DT_I4", "NULL"),
        (
            "REPLACENULL(NULL(DT_DBTIMESTAMP),(DT_DBDATE)\"2020-01-02\")",
            "DT_DBTIMESTAMP",
            "2020-01-02 00:00:00",
        ),
    ]);
    check_errors(&[
        ("ISNULL(1, 2)", 0xC004_70FA),
        ("REPLACENULL(NULL(DT_NTEXT),(DT_NTEXT)\"x\")", 0xC004_7089),
        (
            "REPLACENULL(1,(DT_GUID)\"{00000000-0000-0000-0000-000000000001}\")",
            0xC004_7095,
        ),
    ]);
}
