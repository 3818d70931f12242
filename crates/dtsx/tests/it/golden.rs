//! Small packages beside their printed trees: `ok/` loads, `err/` is refused.
//!
//! `UPDATE_GOLDEN=1` writes the expectations; read the difference before it is kept.

use std::path::{Path, PathBuf};

use packmule_dtsx::{LoadOptions, load_package, print_tree};
use packmule_types::error::Chain;

use crate::corpus::files;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn check(folder: &Path, actual: impl Fn(&str, &[u8]) -> String) {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let inputs = files(folder, "dtsx");
    assert!(!inputs.is_empty());
    let mut wrong = Vec::new();
    for input in inputs {
        let name = input.file_name().unwrap().to_string_lossy().into_owned();
        let actual = actual(&name, &std::fs::read(&input).unwrap());
        let golden = input.with_extension("txt");
        if update {
            std::fs::write(&golden, &actual).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if actual != expected {
            wrong.push(format!("{name}\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn packages_of_each_format() {
    check(&folder("ok"), |file, bytes| {
        let options = LoadOptions {
            file,
            password: None,
        };
        let loaded = load_package(bytes, &options).unwrap();
        let mut text = String::new();
        print_tree(&loaded.value, &mut text);
        for f in &loaded.findings {
            let property = f.property.as_deref().unwrap_or("-");
            text.push_str(&format!(
                "! {:?} {:?} {} {property}: {} [{}]\n",
                f.severity, f.reason, f.place, f.message, f.location
            ));
        }
        text
    });
}

#[test]
fn files_that_are_refused() {
    check(&folder("err"), |file, bytes| {
        let options = LoadOptions {
            file,
            password: None,
        };
        let error = load_package(bytes, &options).unwrap_err();
        let code = error
            .code()
            .map_or_else(|| "no code".to_owned(), |code| code.to_string());
        format!("{}\n{code}\n{}\n", Chain(&error), error.remedy())
    });
}
