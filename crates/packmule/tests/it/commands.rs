//! Exit codes are dtexec's, and every refusal says what, where and what to do.

use crate::{packmule, root, said};

/// Runs and compares the exit code; what was said must hold every text.
fn check(arguments: &[&str], code: i32, texts: &[&str]) {
    let output = packmule(arguments);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    for text in texts {
        assert!(
            said.contains(text),
            "{arguments:?} does not say {text:?}: {said}"
        );
    }
}

#[test]
fn exit_codes_of_what_cannot_be_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_string_lossy().into_owned()
    };
    let missing = folder.path().join("missing.dtsx");
    check(
        &["run", &missing.to_string_lossy()],
        4,
        &["missing.dtsx", "No such file"],
    );
    check(
        &["run", &file("text.dtsx", b"no package at all")],
        5,
        &["text.dtsx"],
    );
    check(
        &[
            "run",
            &file("cut.dtsx", b"<?xml version=\"1.0\"?><DTS:Executable"),
        ],
        5,
        &["cut.dtsx"],
    );
    check(
        &["run", &file("bomb.ispac", b"PK\x03\x04 broken")],
        5,
        &["bomb.ispac"],
    );
    check(&["run"], 6, &["Usage"]);
    check(&["run", "x.dtsx", "--logging-level", "loud"], 6, &["loud"]);
    let map = file("map.toml", b"[[path]]\nfrom = 'C:\\x'\nwhere = \"/y\"\n");
    let sample = root().join("xtask/bench/starts/empty.dtsx");
    check(
        &["run", &sample.to_string_lossy(), "--map", &map],
        6,
        &["map.toml", "where"],
    );
}

#[test]
fn an_empty_package_succeeds_and_says_so_as_dtexec_does() {
    let sample = root().join("xtask/bench/starts/empty.dtsx");
    let texts = ["DTExec: The package execution returned DTSER_SUCCESS (0)."];
    check(&["run", &sample.to_string_lossy()], 0, &texts);
}

/// `packmule run … | head`: nobody reads what is printed, and the package runs to its end.
#[test]
fn a_run_whose_output_nobody_reads_goes_on() {
    let sample = root().join("xtask/bench/starts/empty.dtsx");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_packmule"))
        .args(["run", &sample.to_string_lossy()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
}

#[test]
fn what_cannot_be_set_is_refused_by_name() {
    let sample = root().join("xtask/bench/starts/empty.dtsx");
    let sample = sample.to_string_lossy();
    let set = "\\Package.Variables[User::Nowhere].Properties[Value]=1";
    check(&["run", &sample, "--set", set], 1, &["Nowhere"]);
    check(&["run", &sample, "--param", "Nothing=1"], 1, &["Nothing"]);
    // With the names that there are.
    let set = "\\Package.Properties[MaximumErrors]=1";
    let known = ["MaximumErrors", "MaximumErrorCount", "DelayValidation"];
    check(&["run", &sample, "--set", set], 1, &known);
    let staging = root().join("samples/retail/Stage Customers.dtsx");
    let project = root().join("samples/retail/Retail.dtproj");
    let (staging, project) = (staging.to_string_lossy(), project.to_string_lossy());
    let arguments = [
        "run",
        &staging,
        "--project",
        &project,
        "--connection",
        "Retail=Driver=SQLite3;Database=/x;Pwd=hush",
    ];
    let said = said(&packmule(&arguments));
    assert!(
        said.contains("there is no connection manager \"Retail\""),
        "{said}"
    );
    assert!(
        said.contains("there are:") && said.contains("RetailDW"),
        "{said}"
    );
    assert!(!said.contains("hush"), "{said}");
}

#[test]
fn missing_files_fail_with_their_place_and_cause() {
    let sample = root().join("samples/retail/Stage Customers.dtsx");
    let project = root().join("samples/retail/Retail.dtproj");
    let arguments = [
        "run",
        &sample.to_string_lossy(),
        "--project",
        &project.to_string_lossy(),
    ];
    // The package's own server is recognised, and there is no driver for it here.
    check(
        &arguments,
        1,
        &["RetailDW", "SQL Server", "DTSER_FAILURE (1)"],
    );
}

#[test]
fn expressions_codes_and_the_sample_project() {
    check(&["expr", "1 + 2 * 3"], 0, &["7"]);
    check(&["expr", "1 +"], 1, &[]);
    check(
        &["explain", "0xC020901E"],
        0,
        &["Row yielded no match during lookup."],
    );
    check(
        &["inspect", "--components"],
        0,
        &[
            "Microsoft.Lookup",
            "Microsoft.ExecuteSQLTask",
            "FLATFILE",
            "RetainSameConnection",
            "Microsoft.LogProviderSQLServer",
        ],
    );
    let samples = root().join("samples");
    check(
        &["assess", &samples.to_string_lossy()],
        0,
        &["Load FactSales"],
    );
}
