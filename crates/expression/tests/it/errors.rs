//! §14 and limits: codes, places, hostile texts.

use packmule_expression::{DEPTH_MAX, TEXT_BYTES_MAX, parse};
use packmule_types::{DataType, Value};

use crate::helper::{World, check_errors, check_errors_in, check_in, plain};

#[test]
fn codes() {
    check_errors(&[
        ("", 0xC004_709A),
        ("  \r\n", 0xC004_709A),
        ("1 +", 0xC004_7097),
        ("(1", 0xC004_7097),
        ("1 2", 0xC004_7099),
        ("1)", 0xC004_7099),
        ("TRUE ? 1", 0xC004_7097),
        ("FOO(1)", 0xC004_708A),
        ("LEN()", 0xC004_70FA),
        ("SUBSTRING(\"a\")", 0xC004_70F9),
        ("GETDATE(1)", 0xC004_70FB),
        ("[col]", 0xC004_70A4),
        ("#1", 0xC004_70A5),
        ("@missing", 0xC004_70A6),
        ("LEN(\"a\",)", 0xC004_7099),
    ]);
    let world = World::default()
        .column("a", plain(DataType::I4))
        .row([Value::I4(1)]);
    check_errors_in(&world, &[("b", 0xC004_70A2), ("#7", 0xC004_70A3)]);
    check_in(
        &world,
        &[
            ("A", "DT_I4", "1"),
            ("[Src].[a]", "DT_I4", "1"),
            ("#0", "DT_I4", "1"),
        ],
    );
}

#[test]
fn places() {
    let error = parse("1 +\n  'x'").unwrap_err();
    assert_eq!((error.position, error.length), (6, 1));
    let errors = World::default().bind("@a + LEN(@b)").unwrap_err();
    let places: Vec<_> = errors.iter().map(|e| (e.position, e.length)).collect();
    assert_eq!(places, [(0, 2), (9, 2)], "all problems are reported");
    assert!(errors[0].detail.contains("variable a"));
}

#[test]
fn deep_and_long_texts() {
    let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(parse(&deep).is_err());
    let deep = format!("{}1", "-".repeat(100_000));
    assert!(parse(&deep).is_err());
    let deep = format!("{}1", "(DT_I4)".repeat(30_000));
    assert!(parse(&deep).is_err());
    assert!(parse(&"1+".repeat(TEXT_BYTES_MAX)).is_err());
    let deep = format!(
        "{}1{}",
        "(".repeat(DEPTH_MAX / 2),
        ")".repeat(DEPTH_MAX / 2)
    );
    assert!(parse(&deep).is_ok());
}

#[test]
fn long_chains_are_flat() {
    let world = World::default()
        .column("n", plain(DataType::I4))
        .column("s", packmule_types::ColumnType::wstr(1))
        .row([Value::I4(1), Value::text("x")]);
    let sum = vec!["n"; 20_000].join("+");
    check_in(&world, &[(&sum, "DT_I4", "20000")]);
    let text = vec!["s"; 20_000].join("+");
    check_in(&world, &[(&text, "DT_WSTR(20000)", &"x".repeat(20_000))]);
    let or = vec!["n == 2"; 10_000].join("||");
    check_in(&world, &[(&or, "DT_BOOL", "False")]);
    let case = format!("{}0", "n == 2 ? 1 : ".repeat(10_000));
    check_in(&world, &[(&case, "DT_I4", "0")]);
}

#[test]
fn fuzz_entry_accepts_anything() {
    for text in [
        "",
        "\u{0}",
        "@",
        "\"\\x",
        "1/0",
        "REPLICATE(\"ab\",99999999)",
        "#{{{",
        "a?b:c",
        "@v=@v+#1",
    ] {
        packmule_expression::fuzz::fuzz_expression(text.as_bytes());
    }
    packmule_expression::fuzz::fuzz_expression(&[0xff, 0xfe, b'1']);
}
