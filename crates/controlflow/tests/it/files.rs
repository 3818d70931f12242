//! File System tasks in a package, with mapped paths.

use packmule_controlflow::ExecResult::{Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_runtime::{Cancel, Mapping};

use crate::package_builder::{Exec, package, task};
use crate::watcher::{run, run_watched};

fn copy(attributes: &str) -> Exec {
    task(
        "F",
        "Microsoft.FileSystemTask",
        &format!("<FileSystemData {attributes}/>"),
    )
}

#[test]
fn a_file_is_copied_between_mapped_paths() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("In.csv"), "rows").expect("a file");
    let text = format!(
        "[[path]]\nfrom = 'C:\\Data'\nto = '{}'\n",
        folder.path().display()
    );
    let mapping = Mapping::parse(&text, "map.toml").expect("a mapping");
    let p = package()
        .variable("User::to", 8, "c:\\data\\out.csv")
        .manager("in", "FILE", "C:\\Data\\in.csv", "")
        .child(copy(
            "TaskSourcePath=\"in\" TaskDestinationPath=\"User::to\" \
             TaskIsDestinationVariable=\"True\"",
        ))
        .build();
    let run = |mapping: Mapping| {
        let (options, cancel) = (RunOptions::default(), Cancel::new());
        run_watched(
            p.clone(),
            None,
            options,
            &cancel,
            mapping,
            Default::default(),
        )
    };
    run(mapping.clone()).must(Success);
    let copied = std::fs::read_to_string(folder.path().join("out.csv"));
    assert_eq!(copied.expect("the copy"), "rows");
    // The second time it is there.
    assert_eq!(run(mapping).must(Failure).errors(), [0xC002_F304]);
}

#[test]
fn bad_places_are_said() {
    let table = [
        ("", 0xC002_915D),
        (
            "TaskSourcePath=\"none\" TaskDestinationPath=\"/tmp/x\"",
            0xC001_000E,
        ),
        (
            "TaskSourcePath=\"User::n\" TaskIsSourceVariable=\"True\" TaskOperationType=\"DeleteFile\"",
            0xC002_9160,
        ),
        (
            "TaskSourcePath=\"User::s\" TaskIsSourceVariable=\"True\" TaskOperationType=\"DeleteFile\"",
            0xC002_F30D,
        ),
        (
            "TaskSourcePath=\"User::no\" TaskIsSourceVariable=\"True\" TaskOperationType=\"DeleteFile\"",
            0xC002_915F,
        ),
        ("TaskOperationType=\"Fly\"", 0xC002_915B),
    ];
    for (attributes, code) in table {
        let p = package()
            .variable("User::n", 3, "0")
            .variable("User::s", 8, "")
            .child(copy(attributes));
        let done = run(p.build()).must(Failure);
        assert_eq!(done.errors().first(), Some(&code), "{attributes}");
    }
}
