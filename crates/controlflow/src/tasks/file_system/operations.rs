//! The ten operations on paths of this computer.

use std::io;
use std::path::{Path, PathBuf};

use packmule_runtime::Cancel;

use super::Operation;

/// Folders are copied and emptied this deep.
const DEPTH_MAX: usize = 256;

/// What is to be done.
pub(super) struct Request<'a> {
    pub(super) operation: Operation,
    pub(super) source: &'a Path,
    pub(super) destination: &'a Path,
    pub(super) overwrite: bool,
    pub(super) read_only: bool,
    pub(super) cancel: &'a Cancel,
}

/// Why it was not done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The source does not exist.
    Missing,
    /// The folder to create exists.
    DirectoryExists,
    Cancelled,
    /// The file system's own message.
    System(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::System(error.to_string())
    }
}

/// Runs one operation.
pub(super) fn run(request: &Request<'_>) -> Result<(), Failure> {
    use Operation as O;
    let source = request.source;
    if request.operation != O::CreateDirectory && std::fs::symlink_metadata(source).is_err() {
        return Err(Failure::Missing);
    }
    match request.operation {
        O::CopyFile => {
            let target = file_target(request)?;
            std::fs::copy(source, target).map_err(|e| about(source, &e))?;
            Ok(())
        }
        O::MoveFile => rename(source, &file_target(request)?),
        O::RenameFile => {
            refuse_existing(request.destination, source, request.overwrite)?;
            rename(source, request.destination)
        }
        O::DeleteFile => {
            if source.is_dir() {
                return Err(Failure::System(format!("{} is a folder", source.display())));
            }
            std::fs::remove_file(source).map_err(|e| about(source, &e))
        }
        O::SetAttributes => set_attributes(request),
        O::CreateDirectory => create_directory(request),
        O::CopyDirectory => copy_directory(request),
        O::MoveDirectory => move_directory(request),
        O::DeleteDirectory => {
            std::fs::remove_dir_all(folder(source)?).map_err(|e| about(source, &e))
        }
        O::DeleteDirectoryContent => delete_content(request),
    }
}

fn about(path: &Path, error: &io::Error) -> Failure {
    Failure::System(format!("{}: {error}", path.display()))
}

fn folder(path: &Path) -> Result<&Path, Failure> {
    if path.is_dir() {
        Ok(path)
    } else {
        Err(Failure::System(format!("{} is no folder", path.display())))
    }
}

/// Where a file is copied or moved to: into a folder under its own name, else the path itself.
fn file_target(request: &Request<'_>) -> Result<PathBuf, Failure> {
    let source = request.source;
    if source.is_dir() {
        return Err(Failure::System(format!("{} is a folder", source.display())));
    }
    let target = if request.destination.is_dir() {
        match source.file_name() {
            Some(name) => request.destination.join(name),
            None => return Err(Failure::System(format!("{} has no name", source.display()))),
        }
    } else {
        request.destination.to_path_buf()
    };
    let parent = target.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(parent) = parent
        && !parent.is_dir()
    {
        return Err(Failure::System(format!(
            "could not find a part of the path '{}'",
            target.display()
        )));
    }
    refuse_existing(&target, source, request.overwrite)?;
    Ok(target)
}

/// An existing target is an error unless it may be replaced; the source itself is one always.
fn refuse_existing(target: &Path, source: &Path, overwrite: bool) -> Result<(), Failure> {
    if std::fs::symlink_metadata(target).is_err() {
        return Ok(());
    }
    if is_same(target, source) {
        return Err(Failure::System(format!(
            "source and destination are the same: '{}'",
            target.display()
        )));
    }
    if overwrite {
        return Ok(());
    }
    Err(Failure::System(format!(
        "the file '{}' already exists",
        target.display()
    )))
}

fn is_same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// Renames; across file systems copies and deletes.
fn rename(source: &Path, target: &Path) -> Result<(), Failure> {
    match std::fs::rename(source, target) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            if source.is_dir() {
                copy_tree(source, target, true, &Cancel::new(), 0)?;
                std::fs::remove_dir_all(source).map_err(|e| about(source, &e))
            } else {
                std::fs::copy(source, target).map_err(|e| about(target, &e))?;
                std::fs::remove_file(source).map_err(|e| about(source, &e))
            }
        }
        Err(error) => Err(about(source, &error)),
    }
}

fn set_attributes(request: &Request<'_>) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(request.source).map_err(|e| about(request.source, &e))?;
    let mut permissions = metadata.permissions();
    let mode = permissions.mode();
    // ReadOnly takes the write permission of everybody; without it the owner may write.
    let mode = if request.read_only {
        mode & !0o222
    } else {
        mode | 0o200
    };
    permissions.set_mode(mode);
    std::fs::set_permissions(request.source, permissions).map_err(|e| about(request.source, &e))
}

fn create_directory(request: &Request<'_>) -> Result<(), Failure> {
    let path = request.source;
    if path.is_dir() {
        return if request.overwrite {
            Ok(())
        } else {
            Err(Failure::DirectoryExists)
        };
    }
    std::fs::create_dir_all(path).map_err(|e| about(path, &e))
}

/// The folder comes below the destination, under its own name; overwriting merges.
fn copy_directory(request: &Request<'_>) -> Result<(), Failure> {
    let source = folder(request.source)?;
    let Some(name) = source.file_name() else {
        return Err(Failure::System(format!("{} has no name", source.display())));
    };
    let target = request.destination.join(name);
    if !request.overwrite && target.exists() {
        return Err(Failure::System(format!(
            "'{}' already exists",
            target.display()
        )));
    }
    let inside = request
        .destination
        .canonicalize()
        .ok()
        .zip(source.canonicalize().ok());
    if inside.is_some_and(|(destination, source)| destination.starts_with(source)) {
        return Err(Failure::System(
            "a folder cannot be copied into itself".to_owned(),
        ));
    }
    copy_tree(source, &target, request.overwrite, request.cancel, 0)
}

fn copy_tree(
    source: &Path,
    target: &Path,
    overwrite: bool,
    cancel: &Cancel,
    depth: usize,
) -> Result<(), Failure> {
    if depth > DEPTH_MAX {
        return Err(Failure::System(format!(
            "{} is nested too deep",
            source.display()
        )));
    }
    std::fs::create_dir_all(target).map_err(|e| about(target, &e))?;
    for entry in std::fs::read_dir(source).map_err(|e| about(source, &e))? {
        if cancel.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        let entry = entry.map_err(|e| about(source, &e))?;
        let (from, to) = (entry.path(), target.join(entry.file_name()));
        if from.is_dir() {
            copy_tree(&from, &to, overwrite, cancel, depth + 1)?;
        } else {
            refuse_existing(&to, &from, overwrite)?;
            std::fs::copy(&from, &to).map_err(|e| about(&from, &e))?;
        }
    }
    Ok(())
}

/// Below an existing destination under its own name, else to the destination's name.
fn move_directory(request: &Request<'_>) -> Result<(), Failure> {
    let source = folder(request.source)?;
    let target = match (request.destination.is_dir(), source.file_name()) {
        (true, Some(name)) => request.destination.join(name),
        _ => request.destination.to_path_buf(),
    };
    if target.exists() {
        refuse_existing(&target, source, request.overwrite)?;
        std::fs::remove_dir_all(&target).map_err(|e| about(&target, &e))?;
    }
    rename(source, &target)
}

fn delete_content(request: &Request<'_>) -> Result<(), Failure> {
    let source = folder(request.source)?;
    for entry in std::fs::read_dir(source).map_err(|e| about(source, &e))? {
        if request.cancel.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        let path = entry.map_err(|e| about(source, &e))?.path();
        let is_folder = std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_dir());
        let removed = if is_folder {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        removed.map_err(|e| about(&path, &e))?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "operations_tests.rs"]
mod tests;
