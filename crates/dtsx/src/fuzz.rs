//! What a fuzzing driver calls: plain functions of bytes that must never panic, hang, or use
//! more memory than the limits allow.

use packmule_types::Secret;

use crate::{
    LoadOptions, load_archive, load_configuration_file, load_package, print, resolve_path,
};

/// The package reader with all that works on its result.
pub fn fuzz_package(data: &[u8]) {
    let password = Secret::new("fuzz");
    for password in [None, Some(&password)] {
        let options = LoadOptions {
            file: "fuzz.dtsx",
            password,
        };
        if let Ok(loaded) = load_package(data, &options) {
            let mut text = String::new();
            print::print_tree(&loaded.value, &mut text);
            let _ = crate::json::package_json(&loaded.value);
            if let Some(path) = text.lines().nth(1) {
                let _ = resolve_path(&loaded.value, path);
            }
        }
        let _ = load_configuration_file(data, &options);
    }
}

/// The archive reader.
pub fn fuzz_archive(data: &[u8]) {
    let password = Secret::new("fuzz");
    for password in [None, Some(&password)] {
        let options = LoadOptions {
            file: "fuzz.ispac",
            password,
        };
        if let Ok(loaded) = load_archive(data, &options) {
            let mut text = String::new();
            print::print_project(&loaded.value, &mut text);
        }
    }
}
