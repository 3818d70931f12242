//! Every package of the corpus loads, or is refused by a typed reason; floors only rise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use packmule_dtsx::{LoadOptions, load_package};

/// The corpus, if it is there.
pub(crate) fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("PACKMULE_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    println!("corpus not there ({}): nothing to test", path.display());
    None
}

/// All files below a folder with an extension, sorted.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_package_loads_or_is_refused_by_a_reason() {
    let Some(corpus) = corpus() else { return };
    let mut loaded = 0;
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut messages: BTreeMap<String, usize> = BTreeMap::new();
    for path in files(&corpus, "dtsx") {
        let bytes = std::fs::read(&path).unwrap();
        let file = path.strip_prefix(&corpus).unwrap().to_string_lossy();
        let options = LoadOptions {
            file: &file,
            password: None,
        };
        match load_package(&bytes, &options) {
            Ok(package) => {
                loaded += 1;
                for f in package.findings {
                    *messages
                        .entry(format!("{:?} {:?} {}", f.severity, f.reason, f.message))
                        .or_default() += 1;
                }
            }
            Err(error) => *refused.entry(error.to_string()).or_default() += 1,
        }
    }
    println!("{loaded} loaded, refused: {refused:#?}\n{messages:#?}");
}
