//! §2 and §3: tokens and literals.

use packmule_expression::{ColumnReference, VariableReference, parse};

use crate::helper::{check, check_errors};

#[test]
fn numbers() {
    check(&[
        ("457", "DT_I4", "457"),
        ("785u", "DT_UI4", "785"),
        ("986L", "DT_I8", "986"),
        ("7945ul", "DT_UI8", "7945"),
        ("7945LU", "DT_UI8", "7945"),
        ("4E8l", "DT_R8", "400000000"),
        ("4E8", "DT_R8", "400000000"),
        ("13e-2f", "DT_R4", "0.13"),
        ("1.05E+7F", "DT_R4", "10500000"),
        ("1.E-4f", "DT_R4", "0.0001"),
        (".89E-2l", "DT_R8", "0.0089"),
        ("4.6E6L", "DT_R8", "4600000"),
        ("1.5E3", "DT_R8", "1500"),
        ("1.5f", "DT_R4", "1.5"),
        ("1.5L", "DT_R8", "1.5"),
        (".9", "DT_NUMERIC(1,1)", "0.9"),
        ("5.8", "DT_NUMERIC(2,1)", "5.8"),
        ("6.", "DT_NUMERIC(1,0)", "6"),
        ("0.02", "DT_NUMERIC(3,2)", "0.02"),
        (".02", "DT_NUMERIC(2,2)", "0.02"),
        ("0xFF0A", "DT_I4", "65290"),
        ("0X000010000U", "DT_UI4", "65536"),
        ("0xFFFFFFFF", "DT_I4", "-1"),
        ("2147483647", "DT_I4", "2147483647"),
        ("-  5", "DT_I4", "-5"),
    ]);
    check_errors(&[
        ("2147483648", 0xC004_707C),
        ("4294967296u", 0xC004_707C),
        ("99999999999999999999", 0xC004_707C),
        ("0x1FFFFFFFF", 0xC004_707C),
        ("1e39f", 0xC004_707C),
        ("1e400", 0xC004_707C),
        ("1234567890123456789012345678901234567.89", 0xC004_707C),
        ("5x", 0xC004_70A7),
        ("5f", 0xC004_70A7),
    ]);
}

#[test]
fn strings() {
    check(&[
        (r#""""#, "DT_WSTR(0)", ""),
        (r#""Zoë""#, "DT_WSTR(3)", "Zoë"),
        (
            r#""\a\b\f\n\r\t\v\"\\""#,
            "DT_WSTR(9)",
            "\u{7}\u{8}\u{c}\n\r\t\u{b}\"\\",
        ),
        (r#""\x0041\x00e9""#, "DT_WSTR(2)", "Aé"),
        (r#""\xD83D\xDEB2""#, "DT_WSTR(2)", "🚲"),
        (r#""\xD83Dx""#, "DT_WSTR(2)", "\u{fffd}x"),
        (
            "\"SELECT 1\r\nFROM t\"",
            "DT_WSTR(16)",
            "SELECT 1\r\nFROM t",
        ),
    ]);
    check_errors(&[
        (r#""\x0000""#, 0xC004_70B7),
        (r#""\x12g4""#, 0xC004_70B7),
        (r#""\x12""#, 0xC004_70B7),
        (r#""\q""#, 0xC004_70B8),
        (r#""open"#, 0xC004_70A7),
        ("'text'", 0xC004_70D6),
    ]);
}

#[test]
fn booleans() {
    check(&[
        ("TRUE", "DT_BOOL", "True"),
        (" faLse ", "DT_BOOL", "False"),
        ("1==1==True", "DT_BOOL", "True"),
        ("(1==1)==True", "DT_BOOL", "True"),
    ]);
}

#[test]
fn names() {
    let references = parse(
        "@v + @[a b] + @[User::x] + @System::P + @[$Project::Q] + [My Col] + Comp.Col + \
         [C d].[E f] + #12 + #{Package\\DFT\\Src.Outputs[Output {1}].Columns[Col]} + #{a:invalid} \
         + a_1@$# + [LEFT](#35, 25)",
    )
    .unwrap()
    .references();
    let variables: Vec<String> = references
        .variables
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        variables,
        ["v", "a b", "User::x", "System::P", "$Project::Q"]
    );
    assert_eq!(
        references.variables[4],
        VariableReference {
            namespace: Some("$Project".into()),
            name: "Q".into()
        }
    );
    let columns: Vec<String> = references.columns.iter().map(ToString::to_string).collect();
    assert_eq!(
        columns,
        [
            "My Col",
            "[Comp].[Col]",
            "[C d].[E f]",
            "#12",
            "#{Package\\DFT\\Src.Outputs[Output {1}].Columns[Col]}",
            "#{a:invalid}",
            "a_1@$#",
            "#35"
        ]
    );
    assert_eq!(references.columns[3], ColumnReference::LineageId(12));
}

#[test]
fn malformed_tokens() {
    check_errors(&[
        ("@ v", 0xC004_70A7),
        ("@[ ]", 0xC004_70A7),
        ("[a", 0xC004_70A7),
        ("[a[b]]", 0xC004_70A7),
        ("#", 0xC004_70A7),
        ("#{abc", 0xC004_70A7),
        ("1 $ 2", 0xC004_7096),
    ]);
}

#[test]
fn assignments() {
    for text in [
        "@[User::v] = 1 + 1",
        "@v := 1+1",
        "@[User::v]:=@[User::v] + 1",
    ] {
        let parsed = parse(text).unwrap();
        assert_eq!(parsed.assignment_target().unwrap().name, "v");
    }
    let parsed = parse("@v == 1").unwrap();
    assert_eq!(parsed.assignment_target(), None);
    check_errors(&[("1 + @v = 2", 0xC004_70D7), ("1 = 2", 0xC004_70D7)]);
}
