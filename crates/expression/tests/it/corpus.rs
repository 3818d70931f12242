//! Every expression of the real packages parses.

use std::path::{Path, PathBuf};

use packmule_expression::parse;

/// How many there are at least; it only rises.
const FLOOR: usize = 533;

fn corpus() -> PathBuf {
    std::env::var_os("PACKMULE_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    )
}

fn packages(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
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

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end + 1);
        match &rest[at..end] {
            "&amp;" => out.push('&'),
            "&lt;" => out.push('<'),
            "&gt;" => out.push('>'),
            "&quot;" => out.push('"'),
            "&apos;" => out.push('\''),
            code => {
                let digits = code.trim_start_matches("&#").trim_end_matches(';');
                let number = match digits.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => digits.parse(),
                };
                out.push(number.ok().and_then(char::from_u32).unwrap_or('?'));
            }
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Texts between a mark and the character that ends them.
fn between<'a>(text: &'a str, mark: &str, end: char) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        rest = &rest[at + mark.len()..];
        found.push(&rest[..rest.find(end).unwrap_or(0)]);
    }
    found
}

/// The expressions of a package's text: attributes, property expressions, and `Expression` and
/// `FriendlyExpression` properties of components.
fn expressions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for mark in [
        " DTS:Expression=\"",
        " DTS:InitExpression=\"",
        " DTS:EvalExpression=\"",
        " DTS:AssignExpression=\"",
        "<ExpressionTask Expression=\"",
    ] {
        found.extend(between(text, mark, '"'));
    }
    for element in text.split("<DTS:PropertyExpression").skip(1) {
        if let Some(at) = element.find('>') {
            let body = &element[at + 1..];
            found.push(&body[..body.find('<').unwrap_or(0)]);
        }
    }
    for element in text.split("<property").skip(1) {
        let Some(at) = element.find('>') else {
            continue;
        };
        let (attributes, body) = element.split_at(at);
        let named = |name: &str| attributes.contains(&format!("name=\"{name}\""));
        if !attributes.ends_with('/') && (named("Expression") || named("FriendlyExpression")) {
            found.push(&body[1..body.find('<').unwrap_or(1)]);
        }
    }
    found
        .into_iter()
        .map(|text| unescaped(text).replace("_x000D__x000A_", "\r\n"))
        .filter(|text| !text.trim().is_empty())
        .collect()
}

#[test]
fn all_expressions_parse() {
    let folder = corpus();
    if !folder.is_dir() {
        println!("no corpus at {}: nothing was tested", folder.display());
        return;
    }
    let mut files = Vec::new();
    packages(&folder, &mut files);
    let (mut parsed, mut failures) = (0, Vec::new());
    for file in &files {
        let Ok(bytes) = std::fs::read(file) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        for expression in expressions(&text) {
            match parse(&expression) {
                Ok(_) => parsed += 1,
                Err(error) => failures.push(format!(
                    "{}: {expression}\n  {} at {}: {}",
                    file.display(),
                    error.code,
                    error.position,
                    error.detail
                )),
            }
        }
    }
    println!(
        "{} packages, {parsed} expressions parse, {} do not",
        files.len(),
        failures.len()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(parsed >= FLOOR, "{parsed} expressions, {FLOOR} expected");
}
