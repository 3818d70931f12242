//! Every package of the corpus loads, or is refused by a typed reason; floors only rise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use packmule_dtsx::finding::Reason;
use packmule_dtsx::model::ExecutableKind;
use packmule_dtsx::{
    LoadError, LoadOptions, Loaded, Package, load_archive, load_configuration_file, load_folder,
    load_package, resolve_path,
};

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

/// What came of a set of files.
#[derive(Default)]
struct Tally {
    loaded: usize,
    refused: BTreeMap<&'static str, usize>,
    findings: BTreeMap<Reason, usize>,
}

impl Tally {
    fn count<T>(&mut self, packages: usize, result: Result<Loaded<T>, LoadError>) -> Option<T> {
        match result {
            Ok(loaded) => {
                self.loaded += packages;
                for finding in loaded.findings {
                    *self.findings.entry(finding.reason).or_default() += 1;
                }
                Some(loaded.value)
            }
            Err(error) => {
                *self.refused.entry(reason(&error)).or_default() += 1;
                None
            }
        }
    }
}

/// The closed list by which refusals are counted.
fn reason(error: &LoadError) -> &'static str {
    match error {
        LoadError::NoPassword { .. } => "no password",
        LoadError::WrongPassword { .. } => "wrong password",
        LoadError::UserKey { .. } => "user key",
        LoadError::NotXml { .. } | LoadError::NotText { .. } => "damaged",
        LoadError::NotAPackage { .. } => "not a package",
        LoadError::UnknownFormat { .. } => "unknown format",
        LoadError::MissingFile { .. } => "missing file",
        _ => "other",
    }
}

/// 151 packages: 148 files, and one in each of three archives. Floors only rise, ceilings fall.
#[test]
fn every_package_loads_or_is_refused_by_a_reason() {
    let Some(corpus) = corpus() else { return };
    let mut tally = Tally::default();
    for path in files(&corpus, "dtsx") {
        let bytes = std::fs::read(&path).unwrap();
        let file = path.strip_prefix(&corpus).unwrap().to_string_lossy();
        let options = LoadOptions {
            file: &file,
            password: None,
        };
        if let Some(package) = tally.count(1, load_package(&bytes, &options)) {
            check_model(&package);
        }
    }
    for path in files(&corpus, "ispac") {
        let bytes = std::fs::read(&path).unwrap();
        let file = path.strip_prefix(&corpus).unwrap().to_string_lossy();
        let options = LoadOptions {
            file: &file,
            password: None,
        };
        let project = tally.count(1, load_archive(&bytes, &options)).unwrap();
        assert_eq!(project.packages.len(), 1);
    }
    println!("loaded {} of 151", tally.loaded);
    println!("refused {:?}", tally.refused);
    println!("findings {:?}", tally.findings);
    assert!(tally.loaded >= 150);
    assert_eq!(tally.refused, BTreeMap::from([("no password", 1)]));
    for (reason, ceiling) in [
        (Reason::UnknownContent, 0),
        (Reason::Malformed, 0),
        (Reason::ThirdParty, 4),
        (Reason::DanglingReference, 17),
        (Reason::Encrypted, 19),
    ] {
        let count = tally.findings.get(&reason).copied().unwrap_or(0);
        assert!(count <= ceiling, "{reason:?}: {count}");
    }
}

/// What holds of every model: ids are unique, every path of the tree resolves to its object.
fn check_model(package: &Package) {
    let mut nodes = std::collections::BTreeSet::new();
    let mut open = vec![&package.root];
    while let Some(executable) = open.pop() {
        assert!(nodes.insert(executable.node), "{}", executable.ref_id);
        assert!(executable.node.0 < package.node_count);
        open.extend(executable.children.iter().chain(&executable.event_handlers));
        let path = format!("\\{}.Properties[Disable]", executable.ref_id);
        let target = resolve_path(package, &path).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(target.node, executable.node, "{path}");
        if let ExecutableKind::Task(task) = &executable.kind
            && let Some(pipeline) = &task.pipeline
        {
            for component in &pipeline.components {
                assert!(nodes.insert(component.node), "{}", component.ref_id);
                let path = format!(
                    "\\{}.Properties[[{}].[X]]",
                    executable.ref_id, component.name
                );
                let target = resolve_path(package, &path).unwrap_or_else(|e| panic!("{e}"));
                assert_eq!(target.node, component.node, "{path}");
                for column in component.outputs.iter().flat_map(|o| &o.columns) {
                    assert!(nodes.insert(column.node), "{}", column.ref_id);
                    assert_eq!(
                        pipeline.find_lineage(column.lineage).map(|f| f.2.node),
                        Some(column.node),
                        "{}",
                        column.ref_id
                    );
                }
            }
        }
    }
}

/// Every project folder loads; files that the corpus leaves out are findings.
#[test]
fn every_project_folder_loads() {
    let Some(corpus) = corpus() else { return };
    let mut tally = Tally::default();
    for path in files(&corpus, "dtproj") {
        let folder = path.parent().unwrap();
        let files: BTreeMap<String, Vec<u8>> = std::fs::read_dir(folder)
            .unwrap()
            .flatten()
            .filter(|entry| entry.path().is_file())
            .map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                (name, std::fs::read(entry.path()).unwrap())
            })
            .collect();
        let file = path.strip_prefix(&corpus).unwrap().to_string_lossy();
        let options = LoadOptions {
            file: &file,
            password: None,
        };
        let bytes = std::fs::read(&path).unwrap();
        tally.count(1, load_folder(Some(&bytes), &files, &options, None));
    }
    println!("{} projects, refused {:?}", tally.loaded, tally.refused);
    println!("findings {:?}", tally.findings);
    assert!(tally.loaded >= 33);
    assert_eq!(tally.refused, BTreeMap::from([("no password", 1)]));
}

#[test]
fn every_configuration_file_loads() {
    let Some(corpus) = corpus() else { return };
    let mut entries = 0;
    for path in files(&corpus, "dtsConfig") {
        let bytes = std::fs::read(&path).unwrap();
        let options = LoadOptions {
            file: "c.dtsConfig",
            password: None,
        };
        let loaded = load_configuration_file(&bytes, &options).unwrap();
        assert!(loaded.findings.is_empty());
        assert!(loaded.value.iter().all(|e| e.path.starts_with("\\Package")));
        entries += loaded.value.len();
    }
    assert!(entries >= 2, "{entries}");
}
