//! No input panics: random bytes, cut and changed packages, nesting, many attributes.

use packmule_dtsx::{LoadError, LoadOptions, fuzz, limits, load_package};
use proptest::prelude::*;

const SEEDS: &[&[u8]] = &[
    include_bytes!("../data/ok/format2.dtsx"),
    include_bytes!("../data/ok/format6.dtsx"),
    include_bytes!("../data/ok/format8.dtsx"),
];

fn refused(text: &str) -> LoadError {
    let options = LoadOptions {
        file: "p.dtsx",
        password: None,
    };
    load_package(text.as_bytes(), &options).unwrap_err()
}

#[test]
fn nesting_attributes_and_namespaces_have_limits() {
    let deep = format!("{}{}", "<a>".repeat(1_000_000), "</a>".repeat(1_000_000));
    assert!(matches!(refused(&deep), LoadError::TooDeep { .. }));
    let unclosed = "<a>".repeat(1_000_000);
    assert!(matches!(refused(&unclosed), LoadError::TooDeep { .. }));
    let attributes: String = (0..100_000).map(|i| format!(" a{i}='x'")).collect();
    assert!(matches!(
        refused(&format!("<a{attributes}/>")),
        LoadError::TooMany { .. }
    ));
    let many: String = (0..100).map(|i| format!(" xmlns:n{i}='u{i}'")).collect();
    let inner = "<b xmlns:x='y'/>".repeat(100_000);
    assert!(matches!(
        refused(&format!("<a{many}>{inner}</a>")),
        LoadError::TooMany { .. }
    ));
    let nodes = "<b/>".repeat(limits::XML_NODES_MAX as usize + 1);
    assert!(matches!(
        refused(&format!("<a>{nodes}</a>")),
        LoadError::TooMany { .. }
    ));
}

#[test]
fn utf16_is_read_and_broken_text_is_refused() {
    let text = "<html/>";
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let options = LoadOptions {
        file: "p.dtsx",
        password: None,
    };
    let error = load_package(&bytes, &options).unwrap_err();
    assert!(matches!(error, LoadError::NotAPackage { .. }), "{error}");
    bytes.push(0);
    let error = load_package(&bytes, &options).unwrap_err();
    assert!(matches!(error, LoadError::NotText { .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        fuzz::fuzz_package(&bytes);
        fuzz::fuzz_archive(&bytes);
    }

    #[test]
    fn changed_packages(
        seed in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let mut bytes = SEEDS[seed].to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        fuzz::fuzz_package(&bytes);
    }

    /// Words put in the place of other words: well-formed, but senseless.
    #[test]
    fn exchanged_words(seed in 0..SEEDS.len(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let text = String::from_utf8(SEEDS[seed].to_vec()).unwrap();
        let words: Vec<&str> = text.split(['"', '<', '>', ' ']).filter(|w| w.len() > 1).collect();
        let changed = text.replace(words[from.index(words.len())], words[to.index(words.len())]);
        fuzz::fuzz_package(changed.as_bytes());
    }
}
