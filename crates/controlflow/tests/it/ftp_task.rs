//! FTP tasks against an FTP server of the test.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use packmule_controlflow::ExecResult::{Canceled, Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_runtime::{Cancel, Mapping};

use crate::package_builder::{Builder, Exec, escape, package, task};
use crate::servers::ftp::Ftp;
use crate::watcher::{Run, run_watched};

/// An FTP task with attributes as a package has them; the connection is `ftp`.
fn ftp(operation: &str, attributes: &[(&str, &str)]) -> Exec {
    let mut data = format!("<FtpData ConnectionName=\"ftp\" TaskOperationType=\"{operation}\"");
    for (name, value) in attributes {
        data.push_str(&format!(" {name}=\"{}\"", escape(value)));
    }
    data.push_str("/>");
    task("Ftp", "Microsoft.FtpTask", &data)
}

/// A local path by the variable `path`.
const BY_VARIABLE: [(&str, &str); 2] = [
    ("TaskLocalPath", "User::path"),
    ("TaskIsLocalPathVar", "True"),
];

fn with_server(port: u16, passive: bool, path: &str) -> Builder {
    let mode = if passive { "True" } else { "False" };
    let data = format!(
        "<DTS:ConnectionManager DTS:ConnectionString=\"127.0.0.1:{port}\"><DTS:FtpConnection \
         DTS:ServerUserName=\"me\" DTS:TimeOut=\"20\" DTS:Retries=\"2\" \
         DTS:UsePassiveMode=\"{mode}\"><DTS:Property DTS:Name=\"ServerPassword\" Sensitive=\"1\">\
         secret</DTS:Property></DTS:FtpConnection></DTS:ConnectionManager>"
    );
    let builder = package().manager_of("ftp", "FTP", &data);
    builder.variable("User::path", 8, path)
}

fn start(files: &[(&str, &str)]) -> (Arc<Ftp>, u16) {
    let server = Ftp {
        strict: true,
        ..Ftp::with(files)
    };
    server.start()
}

/// Runs with the folder as `C:\local`.
fn run_in(builder: &Builder, folder: &Path) -> Run {
    let mapping = format!(
        "[[path]]\nfrom = 'C:\\local'\nto = \"{}\"\n",
        folder.display()
    );
    run_watched(
        builder.build(),
        None,
        RunOptions::default(),
        &Cancel::new(),
        Mapping::parse(&mapping, "map.toml").expect("a mapping"),
        Arc::default(),
    )
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = entries
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

#[test]
fn files_are_sent_and_fetched() {
    for passive in [true, false] {
        let folder = folder_with(&[("a.txt", "aa"), ("B.TXT", "b"), ("c.csv", "c")]);
        let (server, port) = start(&[
            ("/in/one.dat", "1"),
            ("/in/two x.dat", "2"),
            ("/in/no", "0"),
        ]);
        let remote = ("TaskRemotePath", "/out");
        let sent = [
            BY_VARIABLE[0],
            BY_VARIABLE[1],
            remote,
            ("TaskTransferAscii", "True"),
        ];
        let builder = with_server(port, passive, "C:\\local\\*.txt").child(ftp("Send", &sent));
        let ran = run_in(&builder, folder.path()).must(Success);
        assert_eq!(server.text("/out/a.txt").as_deref(), Some("aa"));
        assert_eq!(server.text("/out/B.TXT").as_deref(), Some("b"));
        assert_eq!(server.text("/out/c.csv"), None);
        assert!(server.was_asked("TYPE A"));
        assert_eq!(server.was_asked("PASV"), passive);
        assert_eq!(ran.said("FTPConnectingToServer").len(), 1);
        assert_eq!(ran.said("FTPOperation").len(), 1);
        // The folder by a File connection; the pattern is the server's.
        let fetched = ftp(
            "Receive",
            &[("TaskLocalPath", "local"), ("TaskRemotePath", "/in/*.dat")],
        );
        let builder = with_server(port, passive, "")
            .manager("local", "FILE", "C:\\local", "DTS:FileUsageType=\"2\"")
            .child(fetched);
        run_in(&builder, folder.path()).must(Success);
        let all = ["B.TXT", "a.txt", "c.csv", "one.dat", "two x.dat"];
        assert_eq!(names(folder.path()), all);
        assert!(!format!("{:?}", ran.watcher.events.lock()).contains("secret"));
    }
}

#[test]
fn an_existing_target_is_kept_unless_it_may_be_replaced() {
    for (overwrite, stop, result) in [
        ("False", "True", Failure),
        ("False", "False", Success),
        ("True", "True", Success),
    ] {
        let folder = folder_with(&[("a.txt", "here"), ("b.txt", "bb")]);
        let (server, port) = start(&[("/a.txt", "there"), ("/z.txt", "z")]);
        let more = [
            ("TaskRemotePath", "/"),
            ("TaskOverwriteDest", overwrite),
            ("StopOnFailure", stop),
        ];
        let all: Vec<_> = BY_VARIABLE.into_iter().chain(more).collect();
        let builder = with_server(port, true, "C:\\local\\*").child(ftp("Send", &all));
        let ran = run_in(&builder, folder.path()).must(result);
        let kept = if overwrite == "True" { "here" } else { "there" };
        assert_eq!(server.text("/a.txt").as_deref(), Some(kept));
        assert_eq!(
            server.text("/b.txt").is_some(),
            stop == "False" || overwrite == "True"
        );
        if result == Failure {
            assert_eq!(ran.errors(), [0xC001_602A, 0xC002_918B]);
            let said = ran.said("OnInformation");
            assert!(
                said.iter()
                    .any(|t| t.contains("File \"/a.txt\" already exists.")),
                "{said:?}"
            );
        } else if overwrite == "False" {
            let warnings = ran.said("OnWarning");
            assert!(
                warnings[0].contains("Operation \"Send\" failed."),
                "{warnings:?}"
            );
        }
        let remote = [("TaskRemotePath", "/*.txt"), more[1], more[2]];
        let all: Vec<_> = BY_VARIABLE.into_iter().chain(remote).collect();
        let builder = with_server(port, true, "C:\\local").child(ftp("Receive", &all));
        server
            .files
            .lock()
            .insert("/a.txt".to_owned(), b"new".to_vec());
        let ran = run_in(&builder, folder.path()).must(result);
        let here = std::fs::read_to_string(folder.path().join("a.txt")).expect("a file");
        assert_eq!(here, if overwrite == "True" { "new" } else { "here" });
        assert_eq!(folder.path().join("z.txt").exists(), result == Success);
        if result == Failure {
            assert_eq!(ran.errors(), [0xC001_602A, 0xC002_918A]);
        }
    }
}

#[test]
fn folders_and_deletions() {
    let folder = folder_with(&[("a.txt", "a"), ("b.txt", "b")]);
    let (server, port) = start(&[("/d/a.txt", "a"), ("/d/b.txt", "b"), ("/d/c", "c")]);
    let remote = |operation: &str, path: &str| ftp(operation, &[("TaskRemotePath", path)]);
    let local = |operation: &str| ftp(operation, &BY_VARIABLE);
    let go =
        |path: &str, task: Exec| run_in(&with_server(port, true, path).child(task), folder.path());
    go("", remote("MakeDirRemote", "/new")).must(Success);
    assert!(server.folders.lock().contains("/new"));
    let ran = go("", remote("CreateRemoteDirectory", "/new")).must(Failure);
    assert_eq!(ran.errors(), [0xC002_9180]);
    go("", remote("RemoveDirRemote", "/new")).must(Success);
    let ran = go("", remote("RemoveDirRemote", "/new")).must(Failure);
    assert_eq!(ran.errors(), [0xC001_602A, 0xC002_918D]);
    let said = ran.said("OnError");
    assert!(said[0].contains("550 no such folder"), "{said:?}");
    go("", remote("DeleteRemote", "/d/*.txt")).must(Success);
    assert_eq!(server.names(), ["/d/c"]);
    let ran = go("", remote("DeleteRemote", "/d/*.txt")).must(Failure);
    assert_eq!(ran.errors(), [0xC001_6033]);
    go("C:\\local\\sub\\deep", local("MakeDirLocal")).must(Success);
    assert!(folder.path().join("sub/deep").is_dir());
    let ran = go("C:\\local\\sub", local("RemoveDirLocal")).must(Failure);
    assert_eq!(ran.errors(), [0xC002_F304, 0xC002_9188]);
    go("C:\\local\\sub\\deep", local("RemoveDirLocal")).must(Success);
    go("C:\\local\\*.txt", local("DeleteLocal")).must(Success);
    assert_eq!(names(folder.path()), ["sub"]);
    let ran = go("C:\\local\\*.txt", local("DeleteLocal")).must(Failure);
    assert_eq!(ran.errors(), [0xC002_9185]);
    // No server is needed for what happens here.
    assert_eq!(
        server
            .commands
            .lock()
            .iter()
            .filter(|c| c.starts_with("USER"))
            .count(),
        6
    );
}

#[test]
fn what_is_wrong_is_said_before_anything_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let local = BY_VARIABLE[0];
    let by_variable = BY_VARIABLE[1];
    let cases: [(&str, &[(&str, &str)], u32); 10] = [
        ("Send", &[local, by_variable], 0xC002_916E),
        (
            "Send",
            &[local, by_variable, ("TaskRemotePath", "out")],
            0xC002_9191,
        ),
        ("Send", &[("TaskRemotePath", "/")], 0xC002_916D),
        (
            "Send",
            &[("TaskLocalPath", "ftp"), ("TaskRemotePath", "/")],
            0xC002_9182,
        ),
        ("MakeDirLocal", &[by_variable], 0xC002_916F),
        (
            "MakeDirLocal",
            &[("TaskLocalPath", "User::no"), by_variable],
            0xC002_917E,
        ),
        (
            "MakeDirLocal",
            &[("TaskLocalPath", "User::zero"), by_variable],
            0xC002_917D,
        ),
        (
            "MakeDirRemote",
            &[("ConnectionName", "file"), ("TaskRemotePath", "/x")],
            0xC002_9173,
        ),
        (
            "MakeDirRemote",
            &[("ConnectionName", ""), ("TaskRemotePath", "/x")],
            0xC002_9172,
        ),
        (
            "Copy",
            &[local, by_variable, ("TaskRemotePath", "/")],
            0xC002_F304,
        ),
    ];
    for (operation, attributes, code) in cases {
        let connection = attributes
            .iter()
            .find(|(name, _)| *name == "ConnectionName");
        let connection = connection.map_or("ftp", |(_, value)| value);
        let rest: Vec<_> = attributes
            .iter()
            .filter(|(n, _)| *n != "ConnectionName")
            .copied()
            .collect();
        let mut task = ftp(operation, &rest);
        if connection != "ftp" {
            task = task.property_expression("Connection", &format!("\"{connection}\""));
        }
        let builder = with_server(1, true, "x")
            .manager("file", "FILE", "/none/x", "")
            .child(task);
        let ran = run_in(&builder, folder.path()).must(Failure);
        assert!(
            ran.errors().contains(&code),
            "{operation} {attributes:?}: {:x?}",
            ran.errors()
        );
        assert!(ran.ran().is_empty(), "{operation} {attributes:?}");
    }
}

#[test]
fn connecting() {
    let folder = folder_with(&[("a.txt", "a")]);
    let all: Vec<_> = BY_VARIABLE
        .into_iter()
        .chain([("TaskRemotePath", "/")])
        .collect();
    let send = || ftp("Send", &all);
    // Twice there is no answer, the third attempt counts.
    let server = Ftp {
        refuse: parking_lot::Mutex::new(2),
        ..Ftp::default()
    };
    let (server, port) = server.start();
    let builder = with_server(port, true, "C:\\local\\a.txt").child(send());
    run_in(&builder, folder.path()).must(Success);
    assert_eq!(server.names(), ["/a.txt"]);
    *server.refuse.lock() = 3;
    let ran = run_in(&builder, folder.path()).must(Failure);
    assert_eq!(ran.errors(), [0xC001_602A, 0xC002_918F]);
    // A wrong password is told at once, and not shown.
    let (server, port) = start(&[]);
    let builder = with_server(port, true, "C:\\local\\a.txt")
        .manager_expression("ServerPassword", "\"hush\"")
        .child(send());
    let ran = run_in(&builder, folder.path()).must(Failure);
    assert_eq!(ran.errors(), [0xC001_602A, 0xC002_918F]);
    let said = format!("{:?}", ran.watcher.events.lock());
    assert!(
        said.contains("530 not logged in") && !said.contains("hush"),
        "{said}"
    );
    let logons = server
        .commands
        .lock()
        .iter()
        .filter(|c| c.starts_with("PASS"))
        .count();
    assert_eq!(logons, 1);
}

/// What a server lists is not trusted: a name never leads out of the local folder.
#[test]
fn names_that_lead_out_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, port) = start(&[("/in/..\\x.txt", "x"), ("/in/y.txt", "y")]);
    let all: Vec<_> = BY_VARIABLE
        .into_iter()
        .chain([("TaskRemotePath", "/in/*")])
        .collect();
    let builder = with_server(port, true, "C:\\local").child(ftp("Receive", &all));
    let ran = run_in(&builder, folder.path()).must(Failure);
    assert_eq!(ran.errors(), [0xC001_602A, 0xC002_916C]);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_transfer_that_hangs_is_cancelled() {
    let folder = folder_with(&[("a.txt", "a")]);
    let cancel = Cancel::new();
    let server = Ftp {
        hang: Some(cancel.clone()),
        ..Ftp::with(&[("/x.txt", "x")])
    };
    let (_server, port) = server.start();
    let all: Vec<_> = BY_VARIABLE
        .into_iter()
        .chain([("TaskRemotePath", "/x.txt")])
        .collect();
    let path = folder.path().display().to_string();
    let builder = with_server(port, true, &path).child(ftp("Receive", &all));
    let begin = Instant::now();
    let ran = run_watched(
        builder.build(),
        None,
        RunOptions::default(),
        &cancel,
        Mapping::default(),
        Arc::default(),
    );
    ran.must(Canceled);
    // The time-out of the connection is 20 s.
    assert!(begin.elapsed() < Duration::from_secs(15));
    assert_eq!(names(folder.path()), ["a.txt"]);
}
