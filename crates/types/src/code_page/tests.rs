//! Tests of the module: tables from the reference, properties.

use super::*;

fn page(number: u32) -> CodePage {
    CodePage::new(number).unwrap()
}

#[track_caller]
fn both(number: u32, text: &str, bytes: &[u8]) {
    let page = page(number);
    let mut encoded = Vec::new();
    assert!(page.encode_append(text, &mut encoded), "{number} {text}");
    assert_eq!(encoded, bytes, "{number} {text}");
    assert_eq!(page.decode(bytes), (Cow::Borrowed(text), true), "{number}");
    assert_eq!(page.encoded_len(text), bytes.len(), "{number} {text}");
    assert_eq!(page.fit(text, bytes.len()), Fit::Fits);
    assert_ne!(page.fit(text, bytes.len() - 1), Fit::Fits);
}

/// Expected bytes: Python's codecs.
#[test]
fn known_bytes() {
    both(1252, "Zoë €", b"Zo\xEB \x80");
    both(1250, "žluť", b"\x9Elu\x9D");
    both(437, "é½", b"\x82\xAB");
    both(850, "é", b"\x82");
    both(28591, "\u{80}é", b"\x80\xE9");
    both(28599, "\u{80}ş", b"\x80\xFE");
    both(20127, "abc", b"abc");
    both(932, "あｱa", b"\x82\xA0\xB1a");
    both(936, "中", b"\xD6\xD0");
    both(949, "한", b"\xC7\xD1");
    both(950, "中", b"\xA4\xA4");
    both(54936, "ë", b"\x81\x30\x8A\x35");
    both(65001, "ë€", "ë€".as_bytes());
    both(1200, "a€😀", b"a\0\xAC\x20\x3D\xD8\x00\xDE");
    both(1201, "a", b"\0a");
    both(12000, "a", b"a\0\0\0");
    both(37, "Ab1", b"\xC1\x82\xF1");
    both(500, "[A]!", b"\x4A\xC1\x5A\x4F");
    both(1140, "€", b"\x9F");
    both(1047, "[]", b"\xAD\xBD");
    both(875, "Α", b"\x41");
}

#[test]
fn every_listed_page_opens() {
    let pages = [
        1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 874, 932, 936, 949, 950, 54936, 866,
        20866, 21866, 10000, 10007, 28591, 28592, 28593, 28594, 28595, 28596, 28597, 28598, 28599,
        28603, 28605, 28606, 50220, 51949, 20932, 1200, 1201, 65001, 437, 720, 737, 775, 850, 852,
        855, 857, 858, 860, 861, 862, 863, 864, 865, 869, 12000, 12001, 20127, 37, 273, 277, 280,
        284, 285, 297, 500, 870, 875, 1026, 1047, 1140, 1141, 1142, 1143, 1144, 1145, 1146, 1147,
        1148, 1149,
    ];
    for number in pages {
        let page = page(number);
        let mut bytes = Vec::new();
        assert!(page.encode_append("Text 42", &mut bytes), "{number}");
        assert_eq!(page.decode(&bytes).0, "Text 42", "{number}");
        // every byte decodes to something, without a panic
        for byte in 0..=255u8 {
            let _ = page.decode(&[byte, 0x41, byte]);
        }
    }
    for number in [0, 1, 708, 1361, 10029, 51932, 52936, 65000, 99999] {
        assert_eq!(CodePage::new(number), Err(UnknownCodePage(number)));
    }
}

#[test]
fn characters_without_match() {
    let mut out = Vec::new();
    assert!(!page(1252).encode_append("Łódź", &mut out));
    assert_eq!(out, b"?\xF3d?");
    assert_eq!(page(1252).fit("Łó", 10), Fit::Cut("?ó".into()));
    assert_eq!(page(1252).fit("abc", 2), Fit::Cut("ab".into()));
    assert_eq!(page(932).fit("ああ", 3), Fit::Cut("あ".into()));
    assert_eq!(page(20127).decode(b"a\xFF").0, "a\u{FFFD}");
    assert!(!page(20127).decode(b"a\xFF").1);
    assert!(!page(65001).decode(b"a\xFF").1);
    assert!(!page(1200).decode(b"a\0b").1);
    out.clear();
    assert!(!page(37).encode_append("€", &mut out));
    assert_eq!(page(37).decode(&out).0, "?");
}

#[test]
fn trail_bytes() {
    for number in [1252, 437, 65001, 51949, 20932] {
        assert!(page(number).ascii_safe(), "{number}");
    }
    for number in [932, 936, 949, 950, 54936, 1200, 37, 50220] {
        assert!(!page(number).ascii_safe(), "{number}");
    }
}

#[test]
fn utf16_lengths() {
    for text in ["", "abc", "é€", "a😀b"] {
        assert_eq!(utf16_len(text), text.encode_utf16().count());
    }
    assert_eq!(cut_utf16("a😀b", 2), "a");
    assert_eq!(cut_utf16("a😀b", 3), "a😀");
    assert_eq!(cut_utf16("éé", 1), "é");
}
