//! Values from outside: `--set` paths, parameters, connection strings, variables.

use packmule_controlflow::ExecResult::{Failure, Success};
use packmule_controlflow::{ParameterInput, RunError, RunOptions};

use crate::package_builder::{
    expression, file_enumerator, foreach, package, sequence, sql, task as task_of,
};
use crate::watcher::{run, run_with};

fn sets(list: &[(&str, &str)]) -> RunOptions {
    RunOptions {
        sets: list
            .iter()
            .map(|(p, v)| ((*p).to_owned(), (*v).to_owned()))
            .collect(),
        ..RunOptions::default()
    }
}

#[test]
fn properties_are_set_by_path() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("x.csv"), "").expect("a file");
    let p = package()
        .variable("User::n", 3, "1")
        .variable("User::file", 8, "")
        .child(sequence("S.1").child(expression("Off", "1")))
        .child(
            foreach(
                "L",
                &file_enumerator("/none", "*.csv"),
                &[("User::file", 0)],
            )
            .child(expression(
                "T",
                "@[User::sink] = @[User::n] + LEN(@[User::file])",
            )),
        )
        .build();
    let here = folder.path().display().to_string();
    let options = sets(&[
        ("\\Package.Variables[User::n].Properties[Value]", "40"),
        (
            "\\Package\\L.ForEachEnumerator.Properties[Directory]",
            &here,
        ),
        ("\\Package\\S.1\\Off.Properties[Disable]", "True"),
    ]);
    let done = run_with(p.clone(), None, options).must(Success);
    assert_eq!(done.value("T").as_deref(), Some("45"));
    assert!(done.values("Off").is_empty());
    let bad: &[(&str, &str)] = &[
        ("\\Package.Variables[User::none].Properties[Value]", "1"),
        ("\\Package.Variables[User::n].Properties[Value]", "many"),
        ("\\Package\\L.Properties[NoSuchProperty]", "1"),
        ("nonsense", "1"),
    ];
    for (path, value) in bad {
        let done = run_with(p.clone(), None, sets(&[(path, value)])).must(Failure);
        assert!(done.outcome.refused.is_some(), "{path}");
        assert!(done.ran().is_empty());
    }
}

#[test]
fn parameters_are_given_converted_and_read_only() {
    let p = package()
        .parameter("Count", 3, "5", "")
        .parameter("Key", 8, "", "DTS:Sensitive=\"True\"")
        .child(expression("T", "@[User::sink] = @[$Package::Count] * 2"))
        .build();
    assert_eq!(
        run(p.clone()).must(Success).value("T").as_deref(),
        Some("10")
    );
    let given = |name: &str, input| RunOptions {
        parameters: vec![(name.to_owned(), input)],
        ..RunOptions::default()
    };
    let options = given("Count", ParameterInput::Text("21".to_owned()));
    let done = run_with(p.clone(), None, options).must(Success);
    assert_eq!(done.value("T").as_deref(), Some("42"));
    let table = [
        given("$Package::Count", ParameterInput::Text("x".to_owned())),
        given("None", ParameterInput::Text("1".to_owned())),
        given("$Project::Count", ParameterInput::Text("1".to_owned())),
    ];
    for options in table {
        assert!(run_with(p.clone(), None, options).outcome.refused.is_some());
    }
    let write = package()
        .parameter("Count", 3, "5", "")
        .child(expression("T", "@[$Package::Count] = 1"));
    assert_eq!(run(write.build()).must(Failure).errors(), [0xC001_F187]);
    let leak = package()
        .variable("User::s", 8, "")
        .parameter("Key", 8, "", "DTS:Sensitive=\"True\"")
        .child(expression("T", "@[User::s] = @[$Package::Key]"));
    let options = given("Key", ParameterInput::Text("hush".to_owned()));
    let done = run_with(leak.build(), None, options).must(Failure);
    assert!(!done.said("OnError").join("").contains("hush"));
}

#[test]
fn connections_are_replaced_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let (design, given) = (file("design.csv", "old"), file("given.csv", "new"));
    let (db, copy) = (file("t.db", ""), folder.path().join("copy.csv"));
    let string = "Provider=SQLNCLI11;Data Source=x;Initial Catalog=y";
    let task = "<FileSystemData TaskOperationType=\"CopyFile\" TaskOverwriteDestFile=\"True\" \
                TaskSourcePath=\"in\" TaskDestinationPath=\"out\"/>";
    // Expressions that would win over any value, one of which even fails.
    let p = package()
        .manager("db", "OLEDB", string, "")
        .manager_expression("ConnectionString", "\"Provider=SQLNCLI11;Data Source=z\"")
        .manager("in", "FILE", "C:\\none.csv", "DTS:FileUsageType=\"0\"")
        .manager_expression("ConnectionString", "@[User::none]")
        .manager(
            "out",
            "FILE",
            &copy.display().to_string(),
            "DTS:FileUsageType=\"1\"",
        )
        .root(|r| {
            r.children([
                task_of("Copy", "Microsoft.FileSystemTask", task),
                sql("Table", "CREATE TABLE IF NOT EXISTS t (a int)", "", ""),
            ])
        })
        .build();
    let options = |list: &[(&str, &str)]| RunOptions {
        connections: list
            .iter()
            .map(|(n, s)| ((*n).to_owned(), packmule_types::Secret::new(*s)))
            .collect(),
        ..RunOptions::default()
    };
    let to_db = format!("Driver=SQLite3;Database={db}");
    run_with(p.clone(), None, options(&[("db", &to_db)])).must(Failure);
    let both = options(&[("db", &to_db), ("in", &design), ("in", &given)]);
    run_with(p.clone(), None, both).must(Success);
    let copied = std::fs::read_to_string(&copy).expect("the copy");
    assert_eq!(
        copied, "new",
        "of two for one connection the later one counts"
    );
    let done = run_with(p, None, options(&[("none", "x")]));
    let refused = done.outcome.refused.expect("it is refused");
    assert!(matches!(refused, RunError::UnknownConnection { .. }));
    assert_eq!(refused.remedy().as_deref(), Some("there are: db, in, out"));
}

#[test]
fn variables_with_expressions_are_evaluated_at_every_read() {
    let expression_of =
        |text: &str| format!("DTS:EvaluateAsExpression=\"True\" DTS:Expression=\"{text}\"");
    let p = package()
        .root(|r| {
            r.variable_with("User::twice", 3, "0", &expression_of("@[User::n] * 2"))
                .variable_with("User::a", 3, "0", &expression_of("@[User::b]"))
                .variable_with("User::b", 3, "0", &expression_of("@[User::a]"))
        })
        .variable("User::n", 3, "3");
    let good = p.clone().root(|r| {
        r.children([
            expression("A", "@[User::sink] = @[User::twice]"),
            expression("B", "@[User::n] = 10"),
            expression("C", "@[User::sink] = @[User::twice]"),
        ])
        .constraint(0, 1, "")
        .constraint(1, 2, "")
    });
    let done = run(good.build()).must(Success);
    assert_eq!(
        (done.value("A"), done.value("C")),
        (Some("6".into()), Some("20".into()))
    );
    let cycle = p.child(expression("T", "@[User::sink] = @[User::a]"));
    assert!(
        run(cycle.build())
            .must(Failure)
            .errors()
            .contains(&0xC001_9004)
    );
}

#[test]
fn validate_only_runs_nothing() {
    let options = || RunOptions {
        validate_only: true,
        ..RunOptions::default()
    };
    let good = package().child(expression("T", "1")).build();
    assert!(
        run_with(good, None, options())
            .must(Success)
            .ran()
            .is_empty()
    );
    let bad = package().child(expression("T", "")).build();
    run_with(bad, None, options()).must(Failure);
}

/// A name that nothing reads is refused with those that there are.
#[test]
fn unknown_properties_are_refused() {
    let p = package()
        .variable("User::file", 8, "")
        .manager("db", "OLEDB", "Provider=SQLNCLI11;Data Source=x", "")
        .manager("flat", "FLATFILE", "/none.csv", "")
        .child(foreach(
            "L",
            &file_enumerator("/none", "*.csv"),
            &[("User::file", 0)],
        ))
        .child(expression("T", "1"))
        .build();
    let table = [
        (
            "\\Package.Properties[MaxConcurrentExecutable]",
            "MaxConcurrentExecutables",
        ),
        ("\\Package.Properties[OfflineMode]", "DelayValidation"),
        ("\\Package\\T.Properties[IsolationLevel]", "Expression"),
        (
            "\\Package\\L.ForEachEnumerator.Properties[Folder]",
            "Directory",
        ),
        (
            "\\Package.Connections[db].Properties[Connectionstring]",
            "ConnectionString",
        ),
        (
            "\\Package.Connections[flat].Properties[ServerName]",
            "CodePage",
        ),
        ("\\Package.Variables[User::file].Properties[Name]", "Value"),
    ];
    for (path, known) in table {
        let done = run_with(p.clone(), None, sets(&[(path, "1")])).must(Failure);
        let refused = done.outcome.refused.as_ref().expect(path);
        assert!(matches!(refused, RunError::Property { .. }), "{path}");
        let remedy = refused.remedy().unwrap_or_default();
        assert!(remedy.contains(known), "{path}: {remedy}");
        assert!(done.ran().is_empty());
    }
}

#[test]
fn values_from_outside_are_validated() {
    let p = package().child(expression("T", "1")).build();
    for (property, value) in [
        ("LoggingMode", "3"),
        ("MaximumErrorCount", "many"),
        ("Disable", "perhaps"),
    ] {
        let path = format!("\\Package\\T.Properties[{property}]");
        let done = run_with(p.clone(), None, sets(&[(&path, value)])).must(Failure);
        assert!(done.ran().is_empty(), "{property}");
        assert!(done.said("OnError").join("").contains(property));
    }
}

/// An expression of a property that nobody reads fails validation, before anything runs.
#[test]
fn expressions_of_unknown_properties_fail_validation() {
    let with = |property: &str| {
        package()
            .child(expression("First", "@[User::sink] = 1"))
            .child(expression("T", "1").property_expression(property, "\"x\""))
            .build()
    };
    run(with("Description")).must(Success);
    for property in ["Descripton", "SqlStatementSource", "[Source].[SqlCommand]"] {
        let done = run(with(property)).must(Failure);
        assert!(done.errors().contains(&0xC001_7004), "{property}");
        assert!(done.ran().is_empty(), "{property}");
    }
}

/// The same of an enumerator, a connection manager and a log provider.
#[test]
fn unknown_properties_of_other_objects_fail_validation() {
    let odd = "<DTS:PropertyExpression DTS:Name=\"Odd\">\"x\"</DTS:PropertyExpression>";
    let inside = |xml: &str| xml.replace("<DTS:ObjectData>", &format!("{odd}<DTS:ObjectData>"));
    let enumerator = inside(&file_enumerator("/none", "*.csv"));
    let by_loop = package()
        .variable("User::file", 8, "")
        .child(foreach("L", &enumerator, &[("User::file", 0)]))
        .child(expression("T", "1"));
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.txt").display().to_string();
    let by_log = package()
        .manager("log", "FILE", &log, "")
        .log_to("log")
        .child(expression("T", "1"));
    let by_manager = package()
        .manager("log", "FILE", &log, "")
        .manager_expression("Odd", "\"x\"")
        .log_to("log")
        .child(expression("T", "1"));
    let in_log = by_log.xml().replace(
        "DTS:ObjectName=\"log\"><DTS:ObjectData><InnerObject/>",
        &format!("DTS:ObjectName=\"log\">{odd}<DTS:ObjectData><InnerObject/>"),
    );
    assert_ne!(in_log, by_log.xml());
    let packages = [
        by_loop.build(),
        crate::package_builder::load(&in_log, "P.dtsx"),
        by_manager.build(),
    ];
    for (i, p) in packages.into_iter().enumerate() {
        let done = run(p).must(Failure);
        assert!(done.ran().is_empty(), "{i}");
        assert!(done.said("OnError").join("").contains("Odd"), "{i}");
    }
}

/// Names that packages of the designer use, each with its type.
#[test]
fn system_variables_of_the_package() {
    let p = package()
        .root(|r| {
            r.attribute("VersionComments", "second draft")
                .attribute("VersionBuild", "7")
        })
        .child(expression(
            "T",
            "@[User::sink] = LEN(@[System::VersionComments]) * 100 + LEN(@[System::VersionComment]) \
             + @[System::VersionBuild] + @[System::VersionMajor] + @[System::VersionMinor]",
        ));
    assert_eq!(
        run(p.build()).must(Success).value("T").as_deref(),
        Some("1219")
    );
}
