//! Foreach File enumerator (`Microsoft.ForEachFileEnumerator`, before 2014
//! `DTS.ForEachFileEnumerator.n`): the files of a folder whose names fit a mask.
//!
//! One value for each file, index 0, String. Documented in "Foreach Loop Container" and
//! control-flow.md 4.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | Directory (file: Folder) | – | the folder, as the package writes it |
//! | FileSpec | `*.*` | a mask with `*` and `?`, as Windows' `dir` takes it |
//! | FileNameRetrieval (file: FileNameRetrievalType) | 0 | 0 whole path, 1 name and extension, 2 name only |
//! | Recurse | False | subfolders too |
//!
//! The list is made once at the start of the loop [R-FE-SNAPSHOT], sorted by name without regard
//! to case, the files of a folder before its subfolders. Values are written in the style of the
//! folder: `C:\Data` gives `C:\Data\a.csv`, wherever the files lie here.
//!
//! Differences on purpose: files that appear during the loop are not met; the order does not
//! depend on the file system.

use std::collections::HashSet;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use packmule_dtsx::Finding;
use packmule_dtsx::model::Enumerator;
use packmule_runtime::{Overlay, Reported};
use packmule_types::{Code, Value};

use super::{Elements, EnumeratorContext};
use crate::registry::EnumeratorType;
use crate::settings::{PropertyDoc, Reader, report};

/// Files that one loop takes at most; the list is kept in memory.
const FILES_MAX: usize = 5_000_000;
/// Subfolders are entered this deep.
const DEPTH_MAX: usize = 128;

/// The registry's entry.
pub(crate) const TYPE: EnumeratorType = EnumeratorType {
    name: "Microsoft.ForEachFileEnumerator",
    title: "Foreach File Enumerator",
    doc: "the files of a folder whose names fit a mask",
    properties: &[
        PropertyDoc {
            name: "Directory",
            default: "",
            doc: "the folder; required",
        },
        PropertyDoc {
            name: "FileSpec",
            default: "*.*",
            doc: "mask with * and ?; a three-letter extension also fits longer ones",
        },
        PropertyDoc {
            name: "FileNameRetrieval",
            default: "0",
            doc: "0 whole path, 1 name and extension, 2 name only",
        },
        PropertyDoc {
            name: "Recurse",
            default: "False",
            doc: "whether subfolders are searched too",
        },
    ],
    settings: |enumerator, overlay, place| settings(enumerator, overlay, place).1,
    validate,
    enumerate,
};

/// What of a file's path becomes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Retrieval {
    WholePath,
    NameAndExtension,
    NameOnly,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings {
    /// Directory: the folder as the package writes it.
    directory: String,
    /// FileSpec (`*.*`).
    file_spec: String,
    /// FileNameRetrievalType (0).
    retrieval: Retrieval,
    /// Recurse (False).
    recurse: bool,
}

fn settings(enumerator: &Enumerator, overlay: &Overlay, place: &str) -> (Settings, Vec<Finding>) {
    let mut r = Reader::new(overlay, enumerator.node, place, &enumerator.location);
    // The file has one FEFEProperty element for each property.
    let properties: Vec<_> = enumerator
        .data
        .iter()
        .flat_map(|data| data.children_named("FEFEProperty"))
        .collect();
    let known = ["Folder", "FileSpec", "FileNameRetrievalType", "Recurse"];
    for property in &properties {
        r.unknown_attributes(property, &known);
    }
    let stored = |name: &str| properties.iter().find_map(|p| p.attribute(name));
    let retrievals = [
        ("0", Retrieval::WholePath),
        ("1", Retrieval::NameAndExtension),
        ("2", Retrieval::NameOnly),
    ];
    let settings = Settings {
        directory: r.text("Directory", stored("Folder"), ""),
        file_spec: r.text("FileSpec", stored("FileSpec"), "*.*"),
        retrieval: r.choice(
            "FileNameRetrieval",
            stored("FileNameRetrievalType"),
            Retrieval::WholePath,
            &retrievals,
        ),
        recurse: r.boolean("Recurse", stored("Recurse"), false),
    };
    if settings.file_spec.contains(['/', '\\']) {
        r.invalid(
            "FileSpec",
            "a mask holds no folder; give the folder in Directory",
        );
    }
    (settings, r.findings())
}

fn validate(context: &EnumeratorContext<'_>) -> Result<(), Reported> {
    let overlay = &context.instance.overlay;
    let (_, findings) = settings(context.enumerator, overlay, &context.place);
    report(&findings, &context.events, Code(0xC001_C002))
}

/// [R-FE-MISSING] A missing folder is an empty one: a warning and no turns.
fn enumerate(context: &EnumeratorContext<'_>) -> Result<Elements, Reported> {
    let overlay = &context.instance.overlay;
    let (settings, _) = settings(context.enumerator, overlay, &context.place);
    let events = &context.events;
    let refuse = |text: String, remedy: Option<&str>| {
        events.error_text(Code(0xC001_C002), format!("Directory: {text}"), remedy)
    };
    if settings.directory.trim().is_empty() {
        return Err(refuse(
            "no folder is given".to_owned(),
            Some("set Directory, or correct the expression that sets it"),
        ));
    }
    let folder = context
        .instance
        .services
        .mapping
        .map_path(&settings.directory)
        .map_err(|error| refuse(error.to_string(), None))?;
    let mut search = Search::new(&settings);
    search
        .folder(&folder, settings.directory.trim_end_matches(['/', '\\']), 0)
        .map_err(|text| refuse(text, Some("check the folder and its permissions")))?;
    for name in &search.unreadable {
        let text = format!("the name {name:?} is no UTF-8 and is left out");
        events.warning_text(Code(0x8001_C004), text);
    }
    if search.found.is_empty() {
        events.warning(Code(0x8001_C004), &[&context.place]);
    }
    Ok(Box::new(
        search
            .found
            .into_iter()
            .map(|file| Ok(vec![Value::text(file)])),
    ))
}

/// A walk over a folder and its subfolders.
struct Search<'a> {
    settings: &'a Settings,
    mask: Mask,
    /// Between the folder and a name, as the folder is written.
    separator: char,
    found: Vec<String>,
    /// Folders entered, by device and number: a link back up is not followed for ever.
    entered: HashSet<(u64, u64)>,
    unreadable: Vec<OsString>,
}

impl<'a> Search<'a> {
    fn new(settings: &'a Settings) -> Self {
        let directory = &settings.directory;
        let windows =
            directory.contains('\\') || (directory.contains(':') && !directory.contains('/'));
        Self {
            settings,
            mask: Mask::new(&settings.file_spec),
            separator: if windows { '\\' } else { '/' },
            found: Vec::new(),
            entered: HashSet::new(),
            unreadable: Vec::new(),
        }
    }

    /// Adds the files of a folder that is written `shown`, then those of its subfolders.
    fn folder(&mut self, folder: &Path, shown: &str, depth: usize) -> Result<(), String> {
        let Ok(metadata) = std::fs::metadata(folder) else {
            return Ok(());
        };
        if !metadata.is_dir() || !self.entered.insert((metadata.dev(), metadata.ino())) {
            return Ok(());
        }
        if depth > DEPTH_MAX {
            return Err(format!("{} is nested too deep", folder.display()));
        }
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        let listed = std::fs::read_dir(folder)
            .map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
        for entry in listed {
            let entry = entry.map_err(|e| format!("{} cannot be read: {e}", folder.display()))?;
            let path = entry.path();
            let Ok(name) = entry.file_name().into_string() else {
                self.unreadable.push(entry.file_name());
                continue;
            };
            // What vanished since it was listed, or links to nothing, is no file.
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => {
                    folders.push((name.to_uppercase(), name, path))
                }
                Ok(_) if self.mask.fits(&name) => files.push((name.to_uppercase(), name)),
                _ => {}
            }
        }
        files.sort();
        if self.found.len() + files.len() > FILES_MAX {
            return Err(format!("there are more than {FILES_MAX} files"));
        }
        for (_, name) in files {
            self.found.push(self.value(shown, &name));
        }
        if self.settings.recurse {
            folders.sort();
            self.subfolders(folders, shown, depth)?;
        }
        Ok(())
    }

    fn subfolders(
        &mut self,
        folders: Vec<(String, String, PathBuf)>,
        shown: &str,
        depth: usize,
    ) -> Result<(), String> {
        for (_, name, path) in folders {
            let shown = format!("{shown}{}{name}", self.separator);
            self.folder(&path, &shown, depth + 1)?;
        }
        Ok(())
    }

    /// What the loop's variable gets for a file.
    fn value(&self, folder: &str, name: &str) -> String {
        match self.settings.retrieval {
            Retrieval::WholePath => format!("{folder}{}{name}", self.separator),
            Retrieval::NameAndExtension => name.to_owned(),
            Retrieval::NameOnly => name
                .rsplit_once('.')
                .map_or(name, |(stem, _)| stem)
                .to_owned(),
        }
    }
}

/// A mask as Windows' `dir` takes it: `*` any characters, `?` one; dots are characters too; no
/// regard to case.
#[derive(Debug)]
struct Mask {
    all: bool,
    /// Upper case.
    pattern: Vec<char>,
    /// `?` at the end, which may stand for nothing.
    optional: usize,
    /// The mask ends in `.*`: a name without extension fits the rest of it.
    any_extension: bool,
    /// The mask has a wildcard before an extension of three letters, so that longer extensions
    /// with the same beginning fit too: Windows compares short names as well.
    short_extension: bool,
}

impl Mask {
    fn new(spec: &str) -> Self {
        let spec = spec.trim().to_uppercase();
        let pattern: Vec<char> = spec.trim_end_matches('?').chars().collect();
        let optional = spec.chars().count() - pattern.len();
        let short_extension = spec.rsplit_once('.').is_some_and(|(stem, extension)| {
            stem.contains(['*', '?'])
                && extension.chars().count() == 3
                && !extension.contains(['*', '?'])
        });
        Self {
            all: spec.is_empty() || spec == "*.*" || spec == "*",
            any_extension: spec.ends_with(".*"),
            short_extension,
            pattern,
            optional,
        }
    }

    fn fits(&self, name: &str) -> bool {
        if self.all {
            return true;
        }
        let name: Vec<char> = name.to_uppercase().chars().collect();
        if self.fits_exactly(&name) {
            return true;
        }
        let dot = name.iter().rposition(|c| *c == '.');
        match dot {
            // `data.*` fits `data`.
            None => self.any_extension && self.fits_exactly(&[name.as_slice(), &['.']].concat()),
            Some(dot) => {
                let short = name.get(..dot + 4);
                self.short_extension && short.is_some_and(|short| self.fits_exactly(short))
            }
        }
    }

    fn fits_exactly(&self, name: &[char]) -> bool {
        (0..=self.optional).any(|marks| wildcard(&self.pattern, marks, name))
    }
}

/// Whether `pattern` followed by `marks` times `?` fits the whole name. Goes back only to the
/// last star, so the time is bounded by the product of the lengths.
fn wildcard(pattern: &[char], marks: usize, name: &[char]) -> bool {
    let at = |i: usize| match pattern.get(i) {
        Some(c) => Some(*c),
        None if i < pattern.len() + marks => Some('?'),
        None => None,
    };
    let (mut p, mut n) = (0, 0);
    // Behind the last star, and where in the name it was tried.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = name.get(n) {
        match at(p) {
            Some('*') => {
                star = Some((p + 1, n));
                p += 1;
                continue;
            }
            Some(wanted) if wanted == '?' || wanted == *c => {
                p += 1;
                n += 1;
                continue;
            }
            _ => {}
        }
        let Some((behind, tried)) = star else {
            return false;
        };
        star = Some((behind, tried + 1));
        p = behind;
        n = tried + 1;
    }
    while at(p) == Some('*') {
        p += 1;
    }
    at(p).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_fit_as_dir_has_it() {
        // mask, fit, do not fit
        let table: &[(&str, &[&str], &[&str])] = &[
            ("*.*", &["a.txt", "noext", ".hidden", "a.b.c"], &[]),
            ("*", &["a.txt", "noext"], &[]),
            (
                "*.csv",
                &["A.CSV", "a.b.csv", "~$x.csv", "a.csvx"],
                &["a.cs", "csv", "a.csv.bak"],
            ),
            ("*.xls", &["a.xls", "a.xlsx", "a.xlsm"], &["a.xl", "a.xml"]),
            ("*.htm", &["a.html", "a.htm"], &["a.ht"]),
            ("*.xlsx", &["a.xlsx"], &["a.xls", "a.xlsxx"]),
            ("*.gz", &["a.gz"], &["a.gzip"]),
            (
                "data*.txt",
                &["data.2024.01.txt", "data.txt"],
                &["xdata.txt"],
            ),
            (
                "report.xls",
                &["report.xls", "REPORT.XLS"],
                &["report.xlsx"],
            ),
            ("a?c.txt", &["abc.txt", "a.c.txt"], &["ac.txt", "abbc.txt"]),
            ("ab??", &["ab", "abc", "abcd"], &["abcde", "a"]),
            ("data.*", &["data.csv", "data", "data.a.b"], &["datax.csv"]),
            ("", &["a"], &[]),
        ];
        for (mask, fit, do_not) in table {
            let m = Mask::new(mask);
            for name in *fit {
                assert!(m.fits(name), "{mask} fits {name}");
            }
            for name in *do_not {
                assert!(!m.fits(name), "{mask} does not fit {name}");
            }
        }
    }

    fn list(
        folder: &Path,
        spec: &str,
        retrieval: Retrieval,
        recurse: bool,
        shown: &str,
    ) -> Vec<String> {
        let settings = Settings {
            directory: shown.to_owned(),
            file_spec: spec.to_owned(),
            retrieval,
            recurse,
        };
        let mut search = Search::new(&settings);
        search.folder(folder, shown, 0).expect("a folder");
        search.found
    }

    #[test]
    fn files_are_listed_in_order_and_in_the_style_of_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let here = folder.path();
        std::fs::create_dir_all(here.join("A sub/deep")).expect("folders");
        std::os::unix::fs::symlink(here, here.join("A sub/loop")).expect("a link");
        for name in [
            "b.txt",
            "C.txt",
            "a.txt",
            "A sub/z.txt",
            "A sub/deep/y.txt",
            ".h.txt",
            "q.csv",
        ] {
            std::fs::write(here.join(name), "x").expect("a file");
        }
        let all = list(here, "*.txt", Retrieval::NameAndExtension, false, "/d");
        assert_eq!(all, [".h.txt", "a.txt", "b.txt", "C.txt"]);
        assert_eq!(list(here, "q.*", Retrieval::NameOnly, false, "/d"), ["q"]);
        let deep = list(here, "*.txt", Retrieval::WholePath, true, "C:\\D");
        assert_eq!(deep.get(4).map(String::as_str), Some("C:\\D\\A sub\\z.txt"));
        assert_eq!(
            deep.get(5).map(String::as_str),
            Some("C:\\D\\A sub\\deep\\y.txt")
        );
        assert_eq!(deep.len(), 6);
        assert!(list(&here.join("none"), "*", Retrieval::WholePath, true, "/n").is_empty());
    }
}
