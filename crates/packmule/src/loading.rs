//! From a path on the command line to a package and its project.
//!
//! This is the binary's edge: `dtsx` works on bytes, files are read here, with limits.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use packmule_dtsx::{Finding, LoadError, LoadOptions, Loaded, Package, Project};
use packmule_types::Secret;
use packmule_types::error::Chain;

use crate::exit::{ExitError, NOT_FOUND, NOT_LOADED};

/// The largest file that is read whole.
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// What was asked for.
pub(crate) struct Source {
    /// The package.
    pub(crate) package: Arc<Package>,
    /// The project it belongs to.
    pub(crate) project: Option<Arc<Project>>,
    /// What loading found.
    pub(crate) findings: Vec<Finding>,
}

/// Loads a package: a `.dtsx` alone or with its project, or one of an `.ispac` or project folder.
pub(crate) fn package(
    file: &Path,
    project: Option<&Path>,
    package: Option<&str>,
    password: Option<&Secret>,
) -> anyhow::Result<Source> {
    if is_project(file) {
        let loaded = self::project(file, password)?;
        let name = match (package, loaded.value.packages.as_slice()) {
            (Some(name), _) => name.to_owned(),
            (None, [only]) => only.file.to_string(),
            (None, many) => {
                let names: Vec<&str> = many.iter().map(|p| &*p.file).collect();
                return Err(ExitError::new(
                    crate::exit::BAD_USAGE,
                    format!("{} holds {} packages", file.display(), many.len()),
                )
                .remedy(format!(
                    "say which one: --package NAME, one of {}",
                    names.join(", ")
                ))
                .into());
            }
        };
        return of_project(loaded, &name, file);
    }
    if let Some(project) = project {
        let loaded = self::project(project, password)?;
        let name = file
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        if !file.exists() || loaded.value.package(&name).is_some() {
            return of_project(loaded, &name, project);
        }
        let alone = alone(file, password)?;
        let findings = [loaded.findings, alone.findings].concat();
        return Ok(Source {
            package: Arc::new(alone.value),
            project: Some(Arc::new(loaded.value)),
            findings,
        });
    }
    let loaded = alone(file, password)?;
    Ok(Source {
        package: Arc::new(loaded.value),
        project: None,
        findings: loaded.findings,
    })
}

fn of_project(loaded: Loaded<Project>, name: &str, file: &Path) -> anyhow::Result<Source> {
    let Some(package) = loaded.value.package(name).cloned() else {
        let names: Vec<&str> = loaded.value.packages.iter().map(|p| &*p.file).collect();
        return Err(ExitError::new(
            NOT_FOUND,
            format!("{} has no package {name}", file.display()),
        )
        .remedy(format!("it has {}", names.join(", ")))
        .into());
    };
    // What was found in other packages of the project is not this run's business.
    let other = |f: &Finding| f.location.file.ends_with(".dtsx") && f.location.file != package.file;
    let findings = loaded.findings.into_iter().filter(|f| !other(f)).collect();
    Ok(Source {
        package,
        project: Some(Arc::new(loaded.value)),
        findings,
    })
}

fn alone(file: &Path, password: Option<&Secret>) -> anyhow::Result<Loaded<Package>> {
    let bytes = read(file)?;
    let name = file.to_string_lossy();
    packmule_dtsx::load_package(
        &bytes,
        &LoadOptions {
            file: &name,
            password,
        },
    )
    .map_err(|e| not_loaded(&e))
}

/// Loads a project: `.ispac`, `.dtproj`, or a folder with a `.dtproj` or with packages.
pub(crate) fn project(path: &Path, password: Option<&Secret>) -> anyhow::Result<Loaded<Project>> {
    let name = path.to_string_lossy();
    let options = LoadOptions {
        file: &name,
        password,
    };
    if has_extension(path, "ispac") {
        return packmule_dtsx::load_archive(&read(path)?, &options).map_err(|e| not_loaded(&e));
    }
    let (folder, file) = if path.is_dir() {
        (path.to_path_buf(), project_file(path)?)
    } else {
        (parent(path), Some(path.to_path_buf()))
    };
    let dtproj = file.as_deref().map(read).transpose()?;
    let files = project_files(&folder)?;
    packmule_dtsx::load_folder(dtproj.as_deref(), &files, &options, None)
        .map_err(|e| not_loaded(&e))
}

/// Whether a path names a project and not a package.
pub(crate) fn is_project(path: &Path) -> bool {
    path.is_dir() || has_extension(path, "ispac") || has_extension(path, "dtproj")
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn project_file(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let mut found: Vec<PathBuf> = entries(folder)?
        .into_iter()
        .filter(|p| has_extension(p, "dtproj"))
        .collect();
    found.sort();
    if found.len() > 1 {
        return Err(ExitError::new(
            crate::exit::BAD_USAGE,
            format!("{} holds {} project files", folder.display(), found.len()),
        )
        .remedy("name the .dtproj that is meant")
        .into());
    }
    Ok(found.pop())
}

fn project_files(folder: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for path in entries(folder)? {
        let wanted = ["dtsx", "conmgr", "params"]
            .iter()
            .any(|e| has_extension(&path, e));
        if let Some(name) = path.file_name().filter(|_| wanted) {
            files.insert(name.to_string_lossy().into_owned(), read(&path)?);
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listing = std::fs::read_dir(folder).map_err(|e| not_found(folder, &e))?;
    Ok(listing.filter_map(Result::ok).map(|e| e.path()).collect())
}

/// Reads a whole file within the limit.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let size = path.metadata().map_err(|e| not_found(path, &e))?.len();
    if size > FILE_BYTES_MAX {
        return Err(ExitError::new(
            NOT_LOADED,
            format!(
                "{} has {size} bytes, more than the {FILE_BYTES_MAX} that are read",
                path.display()
            ),
        )
        .into());
    }
    std::fs::read(path).map_err(|e| not_found(path, &e))
}

/// [R-EXIT4] 4 when the path does not exist, 5 when it is there but cannot be read as a package.
fn not_found(path: &Path, error: &std::io::Error) -> anyhow::Error {
    let code = if error.kind() == std::io::ErrorKind::NotFound {
        NOT_FOUND
    } else {
        NOT_LOADED
    };
    ExitError::new(code, format!("could not read {}: {error}", path.display())).into()
}

fn not_loaded(error: &LoadError) -> anyhow::Error {
    let code = error.code().map(|c| format!(" ({c})")).unwrap_or_default();
    ExitError::new(NOT_LOADED, format!("{}{code}", Chain(error)))
        .remedy(error.remedy())
        .into()
}
