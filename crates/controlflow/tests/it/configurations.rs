//! Configurations of packages that belong to no project.

use std::path::Path;

use packmule_controlflow::ExecResult::Success;
use packmule_controlflow::RunOptions;

use crate::package_builder::{Builder, escape, expression, package, sql};
use crate::watcher::{Run, run, run_with};

/// A package with configurations: type, string, target path.
fn configured(list: &[(i64, &str, &str)]) -> Builder {
    let entries: Vec<String> = list
        .iter()
        .enumerate()
        .map(|(i, (kind, text, target))| {
            format!(
                "<DTS:Configuration DTS:ConfigurationType=\"{kind}\" \
                 DTS:ConfigurationString=\"{}\" DTS:ConfigurationVariable=\"{}\" \
                 DTS:CreationName=\"\" DTS:DTSID=\"{{60000000-0000-0000-0000-{i:012}}}\" \
                 DTS:ObjectName=\"C{i}\"/>",
                escape(text),
                escape(target)
            )
        })
        .collect();
    package()
        .variable("User::n", 3, "1")
        .variable("User::s", 8, "design")
        .variable("User::out", 8, "")
        .root(|r| {
            r.attribute("EnableConfig", "True").inside(&format!(
                "<DTS:Configurations>{}</DTS:Configurations>",
                entries.concat()
            ))
        })
        .child(expression(
            "T",
            "@[User::out] = @[User::s] + (DT_WSTR, 20) @[User::n] + @[System::FailedConfigurations]",
        ))
}

fn database(folder: &Path) -> String {
    let file = folder.join("configurations.db");
    std::fs::write(&file, "").expect("an empty database");
    let string = format!("Driver=SQLite3;Database={};", file.display());
    let fill = "CREATE TABLE [SSIS Configurations] (ConfigurationFilter nvarchar(255), \
                ConfiguredValue nvarchar(255), PackagePath nvarchar(255), \
                ConfiguredValueType nvarchar(20)); \
                INSERT INTO [SSIS Configurations] VALUES \
                ('Load', '42', '\\Package.Variables[User::n].Properties[Value]', 'Int32'), \
                ('Load', NULL, '\\Package.Variables[User::s].Properties[Value]', 'String'), \
                ('Bad', 'many', '\\Package.Variables[User::n].Properties[Value]', 'Int32'), \
                ('Bad', 'x', '\\Package.Variables[User::s].Properties[Value]', 'String'), \
                ('Other', '7', '\\Package.Variables[User::n].Properties[Value]', 'Int32')";
    let filled = package()
        .manager("db", "OLEDB", &string, "")
        .child(sql("Fill", fill, "", ""));
    run(filled.build()).must(Success);
    string
}

fn value(done: &Run) -> String {
    done.value("T").unwrap_or_default()
}

/// Every row with the filter; `--set` wins; what cannot be used is a warning and the design
/// value stays.
#[test]
fn tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let string = database(folder.path());
    let with =
        |list: &[(i64, &str, &str)]| configured(list).manager("db", "OLEDB", &string, "").build();
    let of = |filter: &str| format!("\"db\";\"[dbo].[SSIS Configurations]\";\"{filter}\";");
    let load = of("Load");
    let done = run(with(&[(7, &load, "")])).must(Success);
    assert_eq!(value(&done), "42");
    let options = RunOptions {
        sets: vec![(
            "\\Package.Variables[User::n].Properties[Value]".to_owned(),
            "5".to_owned(),
        )],
        ..RunOptions::default()
    };
    let done = run_with(with(&[(7, &of("Other"), "")]), None, options).must(Success);
    assert_eq!(value(&done), "design7");
    // Later ones win over earlier ones.
    let done = run(with(&[(7, &of("Other"), ""), (7, &load, "")])).must(Success);
    assert_eq!(value(&done), "42");
    let unusable = [
        (of("Bad"), "x1C0"),
        (of("None"), "design1C0"),
        ("\"db\";\"[none]\";\"x\";".to_owned(), "design1C0"),
        ("\"nobody\";\"[t]\";\"x\";".to_owned(), "design1C0"),
        ("db;t;x".to_owned(), "design1C0"),
    ];
    for (text, expected) in unusable {
        let done = run(with(&[(7, &text, "")])).must(Success);
        assert_eq!(value(&done), expected, "{text}");
        assert!(done.said("OnWarning").join("").contains("configuration C0"));
    }
}

/// An XML file may give the string of the connection that a later one reads its table by.
#[test]
fn a_file_names_the_database_of_a_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let string = database(folder.path());
    let file = folder.path().join("p.dtsConfig");
    let text = format!(
        "<DTSConfiguration><Configuration ConfiguredType=\"Property\" \
         Path=\"\\Package.Connections[db].Properties[ConnectionString]\" ValueType=\"String\">\
         <ConfiguredValue>{string}</ConfiguredValue></Configuration></DTSConfiguration>"
    );
    std::fs::write(&file, text).expect("a file");
    let (file, table) = (
        file.display().to_string(),
        "\"db\";\"[SSIS Configurations]\";\"Load\";",
    );
    let p = |list: &[(i64, &str, &str)]| {
        configured(list)
            .manager("db", "OLEDB", "Provider=SQLNCLI11;Data Source=x", "")
            .build()
    };
    let done = run(p(&[(1, &file, ""), (7, table, "")])).must(Success);
    assert_eq!(value(&done), "42");
    let done = run(p(&[(7, table, "")])).must(Success);
    assert_eq!(value(&done), "design1C0");
}

/// Configurations are applied again after `--set`: it says where they come from, and does not
/// change what they set, of variables and of other objects alike.
#[test]
fn configurations_win_over_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("p.dtsConfig");
    let entry = |path: &str, value: &str| {
        format!(
            "<Configuration ConfiguredType=\"Property\" Path=\"{path}\" ValueType=\"String\">\
             <ConfiguredValue>{value}</ConfiguredValue></Configuration>"
        )
    };
    let (disable, number) = (
        "\\Package\\T.Properties[Disable]",
        "\\Package.Variables[User::n].Properties[Value]",
    );
    let text = entry(disable, "True") + &entry(number, "9");
    std::fs::write(
        &file,
        format!("<DTSConfiguration>{text}</DTSConfiguration>"),
    )
    .expect("a file");
    let p = configured(&[(1, &file.display().to_string(), "")])
        .child(expression("U", "@[User::sink] = @[User::n]"))
        .build();
    let sets = [(disable, "False"), (number, "5")];
    let options = RunOptions {
        sets: sets.map(|(p, v)| (p.to_owned(), v.to_owned())).to_vec(),
        ..RunOptions::default()
    };
    let done = run_with(p, None, options).must(Success);
    assert_eq!(done.value("U").as_deref(), Some("9"));
    assert!(done.values("T").is_empty());
}
