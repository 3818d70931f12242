//! Every script of the corpus: what of it would run, and that none of them harms the host.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use packmule_dtsx::model::{Executable, ExecutableKind};
use packmule_dtsx::{LoadOptions, load_package};
use packmule_scripts::project::{COMPONENT_CLASS, TASK_TYPE};
use packmule_scripts::{Language, PartKind, Script, Scripts};

use crate::{built, root};

/// Hundredths of the scripts of a language that run, at least.
const RUN: usize = 90;

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("PACKMULE_CORPUS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| root().join("../shared/corpus"));
    let there = folder.is_dir();
    if !there {
        println!("no corpus at {}", folder.display());
    }
    there.then_some(folder)
}

fn packages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            packages(&path, found);
        } else if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("dtsx"))
        {
            found.push(path);
        }
    }
}

fn scripts(here: &Executable, found: &mut Vec<Script>) {
    if let ExecutableKind::Task(task) = &here.kind {
        if task.type_name == TASK_TYPE {
            found.extend(Script::of_task(here).0);
        }
        let components = task.pipeline.iter().flat_map(|p| &p.components);
        for component in components.filter(|c| c.class == COMPONENT_CLASS) {
            found.extend(Script::of_component(component, &component.ref_id).0);
        }
    }
    for below in here.children.iter().chain(&here.event_handlers) {
        scripts(below, found);
    }
}

/// A script once, however often it is copied.
fn distinct() -> Option<Vec<Script>> {
    let mut files = Vec::new();
    packages(&corpus()?, &mut files);
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let shown = file.to_string_lossy();
        let options = LoadOptions {
            file: &shown,
            password: None,
        };
        if let Ok(loaded) = load_package(&bytes, &options) {
            scripts(&loaded.value.root, &mut found);
        }
    }
    let mut seen = HashSet::new();
    found.retain(|s| seen.insert(s.fingerprint));
    Some(found)
}

#[test]
fn nine_of_ten_scripts_run() {
    if !built() {
        return;
    }
    let Some(all) = distinct() else { return };
    assert!(!all.is_empty());
    let host = Scripts::new(Vec::new());
    let process = host.host().unwrap().process_id();
    for language in [Language::CSharp, Language::VisualBasic] {
        let of_language: Vec<_> = all.iter().filter(|s| s.language == language).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut run = 0;
        for script in &of_language {
            let binary = script.parts.iter().any(|p| p.kind == PartKind::Binary);
            let stored = if binary {
                "with binary"
            } else {
                "without binary"
            };
            *counts.entry(stored.to_owned()).or_default() += 1;
            let what = match host.origin(script) {
                Some(origin) => {
                    run += 1;
                    format!("runs from {origin:?}")
                }
                None => {
                    let findings = host.check(script);
                    let first = findings.first().map(|f| f.message.clone());
                    format!("refused: {} in {}", first.unwrap_or_default(), script.place)
                }
            };
            *counts.entry(what).or_default() += 1;
        }
        println!("{language:?}: {} scripts, {counts:#?}", of_language.len());
        assert!(
            run * 100 >= of_language.len() * RUN,
            "{language:?}: {run} of {}",
            of_language.len()
        );
    }
    assert_eq!(
        host.host().unwrap().process_id(),
        process,
        "the host lived through all of them"
    );
    host.end();
}
