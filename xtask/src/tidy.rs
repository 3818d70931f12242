//! Tidy: what a reader may rely on in every file, held by a test.
//!
//! Headers, lengths of files and functions, arrows between crates, licences, words left over,
//! and that the documents that must stand do stand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use cargo_metadata::MetadataCommand;

use crate::command::root;

/// The crates from the ground up; each may depend only on those before it.
const CRATES: &[&str] = &[
    "packmule-types",
    "packmule-expression",
    "packmule-dtsx",
    "packmule-runtime",
    "packmule-connections",
    "packmule-scripts",
    "packmule-dataflow",
    "packmule-controlflow",
    "packmule-catalog",
    "packmule-scaleout",
    "packmule-api",
    "packmule",
    "packmule-fuzz",
    "xtask",
];

/// Licences that may come along.
const LICENCES: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "0BSD",
    "CC0-1.0",
    "Unlicense",
    "CDLA-Permissive-2.0",
    "BSL-1.0",
    "bzip2-1.0.6",
];

/// Lines of code that a file may have, tests not counted.
const FILE_LINES: usize = 500;
/// Lines that a function may have.
const FUNCTION_LINES: usize = 70;
/// Bytes that a file in the repository may have.
const FILE_BYTES: u64 = 1_500_000;

/// Documents that must stand.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "docs/adr/README.md",
    "docs/adr/gaps.md",
    "docs/adr/deviations.md",
    "docs/adr/unconfirmed.md",
    "docs/performance.md",
];

/// Runs every check and reports all that they found.
pub(crate) fn run() -> anyhow::Result<()> {
    println!("==> tidy");
    let root = root();
    let allowed = allow_list(&root)?;
    let mut found = Vec::new();
    for file in tracked_files(&root)? {
        check_file(&root, &file, &allowed, &mut found)?;
    }
    for document in DOCUMENTS {
        if !root.join(document).is_file() {
            found.push(format!("{document}: missing"));
        }
    }
    check_crates(&root, &mut found)?;
    check_unconfirmed(&root, &mut found)?;
    if !found.is_empty() {
        bail!("tidy found {} things:\n{}", found.len(), found.join("\n"));
    }
    Ok(())
}

fn tracked_files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("listing the repository's files")?;
    let names = String::from_utf8(output.stdout)?;
    Ok(names
        .lines()
        .map(PathBuf::from)
        .filter(|p| root.join(p).is_file())
        .collect())
}

/// `path: reason` or `path::function: reason` in xtask/tidy-allow.txt.
fn allow_list(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let path = root.join("xtask/tidy-allow.txt");
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let lines = text
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
    Ok(lines
        .filter_map(|l| l.split_once(": "))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect())
}

fn check_file(
    root: &Path,
    file: &Path,
    allowed: &BTreeMap<String, String>,
    found: &mut Vec<String>,
) -> anyhow::Result<()> {
    let name = file.to_string_lossy().into_owned();
    let path = root.join(file);
    if path.metadata()?.len() > FILE_BYTES && !allowed.contains_key(&name) {
        found.push(format!("{name}: larger than {FILE_BYTES} bytes"));
    }
    if file.extension().is_none_or(|e| e != "rs") {
        return Ok(());
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
    if !text.starts_with("//!") {
        found.push(format!("{name}: no header (//!) that says what and why"));
    }
    let test_file = name.contains("/tests/") || name.ends_with("/tests.rs");
    let code = text
        .split("\n#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(&text);
    let lines = code
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with("//"))
        .count();
    if !test_file && lines > FILE_LINES && !allowed.contains_key(&name) {
        found.push(format!(
            "{name}: {lines} lines of code, {FILE_LINES} allowed"
        ));
    }
    if !test_file {
        for (function, lines) in long_functions(code) {
            if !allowed.contains_key(&format!("{name}::{function}")) {
                found.push(format!(
                    "{name}: function {function} has {lines} lines, {FUNCTION_LINES} allowed"
                ));
            }
        }
    }
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    for (number, line) in text.lines().enumerate() {
        if marks
            .iter()
            .any(|m| line.contains(&format!("// {m}")) || line.contains(&format!("/* {m}")))
        {
            found.push(format!("{name}:{}: a note left over", number + 1));
        }
    }
    Ok(())
}

/// Functions over the limit, by rustfmt's indentation: from `fn` to the brace in its column.
fn long_functions(code: &str) -> Vec<(String, usize)> {
    let mut long = Vec::new();
    let mut open: Vec<(String, usize, usize)> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let body = line.trim_start();
        if let Some(function) = function_name(body)
            && !body.ends_with(';')
            && !body.ends_with('}')
        {
            open.push((function, indent, number));
        }
        if body.starts_with('}')
            && let Some((function, at, begin)) = open.last()
            && *at == indent
        {
            let lines = number - begin + 1;
            if lines > FUNCTION_LINES {
                long.push((function.clone(), lines));
            }
            open.pop();
        }
    }
    long
}

fn function_name(line: &str) -> Option<String> {
    let mut rest = line;
    for word in [
        "pub(crate) ",
        "pub(super) ",
        "pub ",
        "const ",
        "async ",
        "unsafe ",
        "extern \"C\" ",
    ] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    Some(name.split(['(', '<']).next().unwrap_or(name).to_owned())
}

fn check_crates(root: &Path, found: &mut Vec<String>) -> anyhow::Result<()> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .other_options(vec!["--locked".into(), "--offline".into()])
        .exec();
    let metadata = match metadata {
        Ok(metadata) => metadata,
        Err(_) => MetadataCommand::new()
            .current_dir(root)
            .exec()
            .context("reading cargo metadata")?,
    };
    let place = |name: &str| CRATES.iter().position(|c| *c == name);
    for package in metadata.workspace_packages() {
        let name = package.name.to_string();
        let Some(own) = place(&name) else {
            found.push(format!(
                "{name}: not in the table of crates in xtask/src/tidy.rs"
            ));
            continue;
        };
        if package.description.is_none() {
            found.push(format!("{name}: no description in Cargo.toml"));
        }
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| d.kind == cargo_metadata::DependencyKind::Normal)
        {
            if place(&dependency.name).is_some_and(|other| other >= own) {
                found.push(format!(
                    "{name} depends on {}, which stands below it",
                    dependency.name
                ));
            }
        }
    }
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in &metadata.packages {
        check_licence(package, found);
        versions
            .entry(package.name.to_string())
            .or_default()
            .insert(package.version.to_string());
    }
    for single in ["arrow-array", "libsqlite3-sys", "rustls"] {
        if versions.get(single).is_some_and(|v| v.len() > 1) {
            found.push(format!(
                "{single} stands in the lock file in more than one version"
            ));
        }
    }
    if versions.contains_key("ring") && versions.contains_key("aws-lc-rs") {
        let active = Command::new("cargo")
            .args(["tree", "--workspace", "-i", "ring", "--quiet"])
            .current_dir(root)
            .output()?;
        if active.status.success() && !active.stdout.is_empty() {
            found
                .push("two providers of cryptography for rustls: ring beside aws-lc-rs".to_owned());
        }
    }
    Ok(())
}

fn check_licence(package: &cargo_metadata::Package, found: &mut Vec<String>) {
    let Some(expression) = &package.license else {
        if package.license_file.is_none() {
            found.push(format!("{}: no licence", package.name));
        }
        return;
    };
    let text = expression.replace('/', " OR ").replace(['(', ')'], " ");
    let every_part_has_one = text.split(" AND ").all(|part| {
        part.split(" OR ")
            .any(|licence| LICENCES.contains(&licence.trim()))
    });
    if !every_part_has_one {
        found.push(format!(
            "{}: licence {expression} is not on the list",
            package.name
        ));
    }
}

/// Every rule id in the code stands in docs/adr/unconfirmed.md, and the other way round.
fn check_unconfirmed(root: &Path, found: &mut Vec<String>) -> anyhow::Result<()> {
    let mut in_code: BTreeMap<String, String> = BTreeMap::new();
    for file in tracked_files(root)? {
        let name = file.to_string_lossy().into_owned();
        if !name.starts_with("crates/") || !name.ends_with(".rs") || name.contains("/tests/") {
            continue;
        }
        let text = std::fs::read_to_string(root.join(&file))?;
        for id in rule_ids(&text) {
            in_code.entry(id).or_insert_with(|| name.clone());
        }
    }
    let listed = std::fs::read_to_string(root.join("docs/adr/unconfirmed.md")).unwrap_or_default();
    let listed: BTreeSet<String> = rule_ids(&listed).into_iter().collect();
    for (id, file) in &in_code {
        if !listed.contains(id) {
            found.push(format!("{file}: [{id}] is not in docs/adr/unconfirmed.md"));
        }
    }
    for id in listed.iter().filter(|id| !in_code.contains_key(*id)) {
        found.push(format!("docs/adr/unconfirmed.md: [{id}] stands in no code"));
    }
    Ok(())
}

fn rule_ids(text: &str) -> Vec<String> {
    text.split("[R-")
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .map(|(id, _)| id)
        .filter(|id| {
            !id.is_empty()
                && id
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        })
        .map(|id| format!("R-{id}"))
        .collect()
}
