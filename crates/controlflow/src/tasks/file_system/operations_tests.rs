//! Tests of the file operations, each in a fresh folder.

use super::*;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["in/sub", "out", "full"] {
            std::fs::create_dir_all(place.path(folder)).expect("a folder");
        }
        for (file, text) in [("in/a", "new"), ("in/sub/b", "b"), ("full/a", "old")] {
            std::fs::write(place.path(file), text).expect("a file");
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.path(name)).ok()
    }

    fn run(
        &self,
        operation: Operation,
        from: &str,
        to: &str,
        overwrite: bool,
    ) -> Result<(), Failure> {
        run(&Request {
            operation,
            source: &self.path(from),
            destination: &self.path(to),
            overwrite,
            read_only: true,
            cancel: &Cancel::new(),
        })
    }
}

#[test]
fn copies_into_folders_and_to_names() {
    let p = Place::new();
    assert_eq!(p.run(Operation::CopyFile, "in/a", "out", false), Ok(()));
    assert_eq!(p.text("out/a").as_deref(), Some("new"));
    assert_eq!(p.run(Operation::CopyFile, "in/a", "out/c", false), Ok(()));
    assert_eq!(p.text("out/c").as_deref(), Some("new"));
    assert!(p.run(Operation::CopyFile, "in/a", "full", false).is_err());
    assert_eq!(p.text("full/a").as_deref(), Some("old"));
    assert_eq!(p.run(Operation::CopyFile, "in/a", "full", true), Ok(()));
    assert_eq!(p.text("full/a").as_deref(), Some("new"));
    assert_eq!(
        p.run(Operation::CopyFile, "in/none", "out", false),
        Err(Failure::Missing)
    );
    assert!(p.run(Operation::CopyFile, "in/a", "none/x", false).is_err());
    assert!(p.run(Operation::CopyFile, "in/a", "in/a", true).is_err());
    assert_eq!(p.text("in/a").as_deref(), Some("new"));
}

#[test]
fn moves_renames_and_deletes() {
    let p = Place::new();
    assert!(p.run(Operation::MoveFile, "in/a", "full", false).is_err());
    assert_eq!(p.run(Operation::MoveFile, "in/a", "full", true), Ok(()));
    assert_eq!(
        (p.text("in/a"), p.text("full/a").as_deref()),
        (None, Some("new"))
    );
    assert_eq!(
        p.run(Operation::RenameFile, "full/a", "full/z", false),
        Ok(())
    );
    assert_eq!(p.text("full/z").as_deref(), Some("new"));
    assert_eq!(p.run(Operation::DeleteFile, "full/z", "", false), Ok(()));
    assert_eq!(
        p.run(Operation::DeleteFile, "full/z", "", false),
        Err(Failure::Missing)
    );
    assert!(p.run(Operation::DeleteFile, "in/sub", "", false).is_err());
}

#[test]
fn folders_are_created_copied_moved_and_emptied() {
    let p = Place::new();
    assert_eq!(
        p.run(Operation::CreateDirectory, "x/y/z", "", false),
        Ok(())
    );
    let again = p.run(Operation::CreateDirectory, "x/y/z", "", false);
    assert_eq!(again, Err(Failure::DirectoryExists));
    assert_eq!(p.run(Operation::CreateDirectory, "x/y/z", "", true), Ok(()));
    assert_eq!(p.run(Operation::CopyDirectory, "in", "out", false), Ok(()));
    assert_eq!(p.text("out/in/sub/b").as_deref(), Some("b"));
    assert!(p.run(Operation::CopyDirectory, "in", "out", false).is_err());
    assert!(
        p.run(Operation::CopyDirectory, "in", "in/sub", false)
            .is_err()
    );
    assert_eq!(
        p.run(Operation::MoveDirectory, "out/in", "x", false),
        Ok(())
    );
    assert_eq!(p.text("x/in/a").as_deref(), Some("new"));
    assert_eq!(
        p.run(Operation::DeleteDirectoryContent, "x", "", false),
        Ok(())
    );
    assert_eq!(
        std::fs::read_dir(p.path("x")).expect("the folder").count(),
        0
    );
    assert_eq!(p.run(Operation::DeleteDirectory, "x", "", false), Ok(()));
    assert!(!p.path("x").exists());
}

#[test]
fn read_only_takes_the_write_permission() {
    use std::os::unix::fs::PermissionsExt;
    let p = Place::new();
    assert_eq!(p.run(Operation::SetAttributes, "in/a", "", false), Ok(()));
    let mode = std::fs::metadata(p.path("in/a"))
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o222, 0);
}
