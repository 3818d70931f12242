//! §10: NULL and three-valued logic.

use packmule_types::{DataType, Value};

use crate::helper::{World, check, check_errors, check_in, plain};

#[test]
fn truth_tables() {
    let of = |letter: char| match letter {
        'T' => Value::Bool(true),
        'F' => Value::Bool(false),
        _ => Value::Null,
    };
    let name = |letter: char| match letter {
        'T' => "True",
        'F' => "False",
        _ => "NULL",
    };
    for line in ["TTTT", "TFFT", "FFFF", "NTNT", "NFFN", "NNNN"] {
        let letters: Vec<char> = line.chars().collect();
        for swapped in [false, true] {
            let (a, b) = if swapped {
                (letters[1], letters[0])
            } else {
                (letters[0], letters[1])
            };
            let world = World::default()
                .column("a", plain(DataType::Bool))
                .column("b", plain(DataType::Bool))
                .row([of(a), of(b)]);
            check_in(
                &world,
                &[
                    ("a && b", "DT_BOOL", name(letters[2])),
                    ("a || b", "DT_BOOL", name(letters[3])),
                ],
            );
        }
    }
    check(&[
        ("!TRUE", "DT_BOOL", "False"),
        ("!FALSE", "DT_BOOL", "True"),
        ("!NULL(DT_BOOL)", "DT_BOOL", "NULL"),
    ]);
}

#[test]
fn null_goes_through() {
    check(&[
        ("1 + NULL(DT_I4)", "DT_I4", "NULL"),
        ("\"a\" + NULL(DT_WSTR, 3)", "DT_WSTR(4)", "NULL"),
        ("NULL(DT_I4) == NULL(DT_I4)", "DT_BOOL", "NULL"),
        ("NULL(DT_I4) < 3", "DT_BOOL", "NULL"),
        ("-NULL(DT_I4)", "DT_I4", "NULL"),
        ("~NULL(DT_I4)", "DT_I4", "NULL"),
        ("3 & NULL(DT_I4)", "DT_I4", "NULL"),
        ("NULL(DT_BOOL) ? 1 : 2", "DT_I4", "NULL"),
        ("TRUE ? NULL(DT_I4) : 2", "DT_I4", "NULL"),
        ("UPPER(NULL(DT_WSTR, 3))", "DT_WSTR(3)", "NULL"),
        ("ISNULL(1 / NULL(DT_I4))", "DT_BOOL", "True"),
    ]);
}

#[test]
fn typed_nulls() {
    check(&[
        ("NULL(DT_I4)", "DT_I4", "NULL"),
        ("NULL(DT_STR, 10, 1252)", "DT_STR(10,1252)", "NULL"),
        ("NULL(DT_WSTR, 10)", "DT_WSTR(10)", "NULL"),
        ("NULL(DT_NUMERIC, 9, 2)", "DT_NUMERIC(9,2)", "NULL"),
        ("NULL(DT_DECIMAL, 4)", "DT_DECIMAL(4)", "NULL"),
        ("NULL(DT_BYTES, 4)", "DT_BYTES(4)", "NULL"),
        ("NULL(DT_TEXT, 1252)", "DT_TEXT(1252)", "NULL"),
        ("NULL(DT_DBTIME2, 5)", "DT_DBTIME2(5)", "NULL"),
        ("NULL(DT_DATE)", "DT_DATE", "NULL"),
        (
            "(DT_STR,10,1252)NULL(DT_STR,10,1252)",
            "DT_STR(10,1252)",
            "NULL",
        ),
        (
            "TRUE ? (DT_STR,10,1252)NULL(DT_STR,10,1252) : \"x\"",
            "DT_WSTR(10)",
            "NULL",
        ),
    ]);
    check_errors(&[
        ("\"a\" + NULL(DT_STR, 3, 1252)", 0xC004_70EC),
        ("TRUE ? NULL(DT_STR, 3, 1252) : \"a\"", 0xC004_70ED),
        ("NULL(DT_WSTR, @x)", 0xC004_7090),
        ("NULL(DT_WSTR, \"a\")", 0xC004_7091),
        ("NULL(DT_STR, 3, 77777)", 0xC004_70F2),
        ("NULL(DT_NUMERIC, 39, 2)", 0xC004_70F3),
        ("NULL(DT_NUMERIC, 9, 10)", 0xC004_70F4),
        ("NULL(DT_WSTR, -1)", 0xC004_70F5),
    ]);
}
