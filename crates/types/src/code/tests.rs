//! Tests of the module: tables from the reference, properties.

use std::collections::HashSet;

use super::*;

#[test]
fn codes_and_symbols_are_unique() {
    let (mut codes, mut symbols) = (HashSet::new(), HashSet::new());
    for entry in all() {
        assert!(codes.insert(entry.code), "{} twice", entry.code);
        assert!(symbols.insert(entry.symbol), "{} twice", entry.symbol);
        assert_eq!(lookup(entry.code), Some(entry));
        assert_eq!(
            entry.cause.is_empty(),
            entry.remedy.is_empty(),
            "{}",
            entry.symbol
        );
    }
    assert!(codes.len() > 800);
}

#[test]
fn severity_agrees_with_symbols() {
    for entry in all() {
        let severity = entry.code.severity();
        if entry.symbol.starts_with("DTS_I_") {
            assert_eq!(severity, Severity::Information, "{}", entry.symbol);
        }
        if entry.symbol.starts_with("DTS_E_") {
            assert!(severity >= Severity::Warning, "{}", entry.symbol);
        }
    }
}

/// Each text is filled whole: no placeholder or format stays, every argument appears.
#[test]
fn placeholders_are_filled() {
    let arguments: Vec<String> = (1..=20).map(|n| format!("<{n}>")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    for entry in all() {
        let Some(text) = entry.text else { continue };
        let filled = describe(entry.code, &arguments);
        let highest = (1..=20)
            .filter(|n| text.contains(&format!("%{n}")))
            .max()
            .unwrap_or(0);
        for n in 1..=highest {
            // a text may leave an argument out, but none of its own placeholders
            assert!(
                !filled.contains(&format!("%{n}")),
                "{}: {filled}",
                entry.symbol
            );
        }
        for n in 10..=20 {
            assert!(!filled.contains(&format!("<{n}>")) || text.contains(&format!("%{n}")));
        }
        for format in ["!d!", "!8.8X!", "!ld!", "!I64u!", "!s!", "!u!", "!lu!"] {
            assert!(!filled.contains(format), "{}: {filled}", entry.symbol);
        }
    }
}

#[test]
fn texts_as_ssis_prints_them() {
    assert_eq!(
        describe(
            DTS_E_FAILEDCOLUMNDATACONVERSIONSTATUS,
            &["Price", "2", crate::Status::CannotConvert.text()]
        ),
        "Data conversion failed. The data conversion for column \"Price\" returned status value \
         2 and status text \"The value could not be converted because of a potential loss of \
         data.\"."
    );
    let text = describe(
        DTS_E_INDUCEDTRANSFORMFAILUREONERROR,
        &[
            "Src.Outputs[O].Columns[C]",
            "0xC0209084",
            "Src.Outputs[O].Columns[C]",
        ],
    );
    assert!(
        text.contains("because error code 0xC0209084 occurred, and"),
        "{text}"
    );
    assert_eq!(Code(0xC020_901E).signed(), -1_071_607_778);
    assert_eq!(Code::from_signed(-1_071_607_778), Code(0xC020_901E));
    assert_eq!(describe(Code(0xC0FF_FFFF), &["a", "b"]), "0xC0FFFFFF: a, b");
    assert_eq!(
        static_text(Code(0xC020_901E)).as_deref(),
        Some("Row yielded no match during lookup.\r\n")
    );
    assert_eq!(static_text(Code(1)), None);
}

/// Causes and remedies are short sentences of our own: no placeholders, no full stop.
#[test]
fn causes_and_remedies_are_short() {
    let mut explained = 0;
    for entry in all().filter(|e| !e.cause.is_empty()) {
        explained += 1;
        for text in [entry.cause, entry.remedy] {
            assert!((10..=160).contains(&text.len()), "{}: {text}", entry.symbol);
            assert!(!text.contains('%') && !text.ends_with('.'), "{text}");
            assert!(!text.starts_with(char::is_whitespace), "{text}");
        }
    }
    assert!(explained > 450, "{explained}");
}
