//! §4 and §12: operators.

use packmule_types::{ColumnType, DataType, Value};

use crate::helper::{World, check, check_errors, check_errors_in, check_in, plain};

#[test]
fn documented_samples() {
    check(&[
        ("(5 + 5) * (4 + 6)", "DT_I4", "100"),
        ("5 + 5 * 4 + 6", "DT_I4", "31"),
        ("42 % 13", "DT_I4", "3"),
        ("3 & 5", "DT_I4", "1"),
        ("3 | 5", "DT_I4", "7"),
        ("3 ^ 5", "DT_I4", "6"),
        ("3 & 7", "DT_I4", "3"),
        ("10 & 8", "DT_I4", "8"),
        ("10 | 8", "DT_I4", "10"),
        ("10 ^ 8", "DT_I4", "2"),
        ("3 ^ 7", "DT_I4", "4"),
        ("3 | 9", "DT_I4", "11"),
        ("~170", "DT_I4", "-171"),
        ("5 + 6.09 + 7.0", "DT_NUMERIC(14,2)", "18.09"),
        ("5 - 6.09", "DT_NUMERIC(13,2)", "-1.09"),
        ("5 * 6.09", "DT_NUMERIC(14,2)", "30.45"),
        ("25 / 5", "DT_I4", "5"),
        ("3 / 2", "DT_I4", "1"),
        ("-3 / 2", "DT_I4", "-1"),
        ("-7 % 3", "DT_I4", "-1"),
        ("\"a\" + \"bc\" + \"\"", "DT_WSTR(3)", "abc"),
    ]);
}

#[test]
fn precedence() {
    check_errors(&[
        // a & (b == c): a Boolean is no operand of &
        ("2 & 3 == 3", 0xC004_7081),
        ("-TRUE", 0xC004_7086),
    ]);
    check(&[
        ("2 + 3 * 4 - 6 / 3", "DT_I4", "12"),
        ("1 | 2 ^ 3 & 2", "DT_I4", "1"),
        ("TRUE || FALSE && FALSE", "DT_BOOL", "True"),
        ("1 < 2 == TRUE", "DT_BOOL", "True"),
        ("1 + 1 == 2 && 2 * 2 >= 4 || 1 > 2", "DT_BOOL", "True"),
        ("10 - 3 - 2", "DT_I4", "5"),
        ("100 / 10 / 5", "DT_I4", "2"),
        ("TRUE ? 1 : FALSE ? 2 : 3", "DT_I4", "1"),
        ("FALSE ? 1 : FALSE ? 2 : 3", "DT_I4", "3"),
        ("TRUE ? FALSE ? 1 : 2 : 3", "DT_I4", "2"),
        ("!FALSE && !FALSE", "DT_BOOL", "True"),
        ("- -5", "DT_I4", "5"),
        ("~~5", "DT_I4", "5"),
        ("(DT_I8)1 + 1", "DT_I8", "2"),
        ("-(DT_I2)1", "DT_I2", "-1"),
        ("(DT_I2)-1", "DT_I2", "-1"),
    ]);
}

#[test]
fn variables_by_value() {
    let world = World::default()
        .variable("AnimalName", Value::text("Elephant"))
        .variable("Value", Value::I4(7))
        .variable("flag", Value::Bool(true));
    check_in(
        &world,
        &[
            (
                "@AnimalName == \"Elephant\" ? \"savannah\" : \"unknown\"",
                "DT_WSTR(8)",
                "savannah",
            ),
            ("@Value % 2 == 0 ? \"even\" : \"odd\"", "DT_WSTR(4)", "odd"),
            ("!@[User::flag]", "DT_BOOL", "False"),
            ("@AnimalName", "DT_WSTR(8)", "Elephant"),
            (
                "DAY((DT_DBTIMESTAMP)GETDATE())==1||DAY((DT_DBTIMESTAMP)GETDATE())==15?1:2",
                "DT_I4",
                "2",
            ),
        ],
    );
    check_errors_in(
        &world,
        &[("@value", 0xC004_70A6), ("@animalname", 0xC004_70A6)],
    );
}

#[test]
fn wrong_operands() {
    check_errors(&[
        ("1 + \"a\"", 0xC004_7080),
        ("\"a\" + 1", 0xC004_7080),
        ("\"a\" - \"b\"", 0xC004_7081),
        ("1 == \"a\"", 0xC004_7080),
        ("1 == TRUE", 0xC004_7080),
        ("1 && TRUE", 0xC004_7081),
        ("TRUE || \"x\"", 0xC004_7081),
        ("1.5 % 2", 0xC004_7081),
        ("1.5 & 2", 0xC004_7081),
        ("1 & 2u", 0xC004_7082),
        ("-1u", 0xC004_7086),
        ("~1.5", 0xC004_7086),
        ("!1", 0xC004_7086),
        ("1 ? 2 : 3", 0xC004_709E),
        ("TRUE ? 2 : \"x\"", 0xC004_709F),
        ("TRUE ? 2 : FALSE", 0xC004_709F),
        ("GETDATE() + \"x\"", 0xC004_7080),
        ("GETDATE() + 1", 0xC004_7080),
        ("1L + 1ul", 0xC004_7080),
    ]);
}

#[test]
fn overflow_and_zero() {
    check_errors(&[
        ("2147483647 + 1", 0xC004_707E),
        ("-2147483647 - 2", 0xC004_707E),
        ("65536 * 65536", 0xC004_707E),
        ("1 / 0", 0xC004_707B),
        ("1 % 0", 0xC004_707B),
        ("1.0 / 0.0", 0xC004_707B),
        ("1E0 / 0E0", 0xC004_707B),
        ("FALSE ? 1 / 0 : 2", 0xC004_707B),
        ("1E308 * 10E0", 0xC004_707E),
        ("-((DT_I2)-32768)", 0xC004_70E5),
    ]);
    let column = World::default()
        .column("n", plain(DataType::I4))
        .row([Value::I4(0)]);
    check_errors_in(&column, &[("1 / n", 0xC004_707B), ("1 % n", 0xC004_707B)]);
}

/// [R-SHORT] only what is needed is evaluated.
#[test]
fn short_circuit() {
    let world = World::default()
        .column("n", plain(DataType::I4))
        .row([Value::I4(0)]);
    check_in(
        &world,
        &[
            ("n != 0 && 1 / n == 1", "DT_BOOL", "False"),
            ("n == 0 || 1 / n == 1", "DT_BOOL", "True"),
            ("n == 0 ? 0 : 1 / n", "DT_I4", "0"),
            ("FALSE && 1 / n == 1", "DT_BOOL", "False"),
        ],
    );
    check_errors_in(&world, &[("1 / n == 1 && FALSE", 0xC004_707B)]);
}

#[test]
fn comparisons() {
    check(&[
        ("\"a\" == \"A\"", "DT_BOOL", "False"),
        ("\"a\" == \"a \"", "DT_BOOL", "False"),
        ("\"e\" == \"é\"", "DT_BOOL", "False"),
        ("\"a\" != \"b\"", "DT_BOOL", "True"),
        ("\"a\" < \"b\"", "DT_BOOL", "True"),
        ("\"a\" < \"B\"", "DT_BOOL", "True"),
        ("\"b\" >= \"B\"", "DT_BOOL", "False"),
        ("1.10 == 1.1", "DT_BOOL", "True"),
        ("1.1 < 1.09", "DT_BOOL", "False"),
        ("1 == 1.0", "DT_BOOL", "True"),
        ("2 > 1.5E0", "DT_BOOL", "True"),
        ("TRUE == TRUE", "DT_BOOL", "True"),
        ("(DT_DBDATE)\"2003-07-04\" < GETDATE()", "DT_BOOL", "True"),
        (
            "(DT_DBDATE)\"2003-07-04\" == (DT_DBTIMESTAMP)\"2003-07-04 00:00:00\"",
            "DT_BOOL",
            "True",
        ),
        ("\"7/4/2003\" < GETDATE()", "DT_BOOL", "True"),
        (
            "(DT_DBTIMESTAMPOFFSET,3)\"1999-10-11 20:34:52.123 -3:30\" != (DT_DBDATE)\"1999-10-12\"",
            "DT_BOOL",
            "True",
        ),
        (
            "(DT_DBTIME)\"10:00:00\" == (DT_DBTIME2,3)\"10:00:00.000\"",
            "DT_BOOL",
            "True",
        ),
        (
            "(DT_GUID)\"{00000000-0000-0000-0000-000000000001}\" == (DT_GUID)\"{00000000-0000-0000-0000-000000000001}\"",
            "DT_BOOL",
            "True",
        ),
    ]);
    check_errors(&[
        ("(DT_DBTIME)\"10:00:00\" == GETDATE()", 0xC004_7080),
        ("(DT_NTEXT)\"a\" < (DT_NTEXT)\"b\"", 0xC004_7081),
    ]);
}

#[test]
fn large_objects() {
    let world = World::default()
        .column("n", plain(DataType::NText))
        .column("s", ColumnType::str(5, 1252))
        .row([Value::text("long"), Value::text("s")]);
    check_in(
        &world,
        &[
            ("n + \"x\"", "DT_NTEXT", "longx"),
            ("\"x\" + n", "DT_NTEXT", "xlong"),
            ("n == (DT_NTEXT)\"long\"", "DT_BOOL", "True"),
            ("s + s", "DT_WSTR(10)", "ss"),
            ("s", "DT_WSTR(5)", "s"),
        ],
    );
    check_errors_in(&world, &[("n + (DT_TEXT,1252)\"x\"", 0xC004_7080)]);
}

#[test]
fn frequent_forms() {
    let world = World::default()
        .variable("i", Value::I4(12))
        .variable("f", Value::text("C:\\data\\My_File_1.csv"));
    check_in(
        &world,
        &[
            (
                "\"text\" + (DT_WSTR,10)@[User::i] + \"…\"",
                "DT_WSTR(15)",
                "text12…",
            ),
            (
                "(DT_STR,4,1252)DatePart(\"yyyy\",GetDate()) + \"-\" + Right(\"0\" + (DT_STR,2,1252)DatePart(\"mm\",GetDate()),2)",
                "DT_WSTR(7)",
                "2026-03",
            ),
            (
                "REPLACE(REPLACE(RIGHT(@f,FINDSTRING(REVERSE(@f),\"\\\\\",1) - 1),\".csv\",\"\"),\"_\",\" \")",
                "DT_WSTR(21)",
                "My File 1",
            ),
        ],
    );
}
