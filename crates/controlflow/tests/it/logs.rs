//! Log providers: which entries reach which place.

use std::path::Path;
use std::sync::Arc;

use packmule_connections::{ExecuteOptions, RowsWanted};
use packmule_controlflow::ExecResult::{Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_runtime::{Cancel, Mapping};
use packmule_types::array::value_at;

use crate::package_builder::{expression, package, sequence, sql};
use crate::watcher::{run, run_with, services};

/// All cells of a query, as text.
fn query(database: &Path, sql: &str) -> Vec<Vec<String>> {
    let string = format!("Driver=SQLite3;Database={};", database.display());
    let string = packmule_connections::connection_string::ConnectionString::parse(&string);
    let services = services(&Arc::default(), &Cancel::new(), Mapping::default());
    let options = packmule_connections::OpenOptions {
        string,
        schemas: Vec::new(),
        catalogs: Vec::new(),
        markers: packmule_connections::MarkerStyle::Question,
        services,
    };
    let provider = packmule_connections::Provider::Sqlite;
    let connection = packmule_connections::open(provider, options).expect("a connection");
    let all = ExecuteOptions {
        timeout: None,
        rows: RowsWanted::All,
    };
    let results = connection.execute(sql, &[], &all).expect(sql);
    let rows = results.first_rows().expect("rows");
    let mut found = Vec::new();
    for batch in &rows.batches {
        for row in 0..batch.num_rows() {
            let cells = rows.columns.iter().zip(batch.columns());
            let text = |(column, array): (&packmule_connections::ResultColumn, _)| {
                let array: &arrow::array::ArrayRef = array;
                let value = value_at(&column.column_type, array.as_ref(), row);
                packmule_runtime::variables::convert::to_text(&value).unwrap_or_default()
            };
            found.push(cells.map(text).collect());
        }
    }
    found
}

/// The table is made, a second run adds to it, messages are cut, what a package takes back of
/// its own work stays in the log.
#[test]
fn the_sql_log_makes_its_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.db");
    std::fs::write(&file, "").expect("an empty database");
    let string = format!("Driver=SQLite3;Database={};", file.display());
    let p = package()
        .manager("db", "OLEDB", &string, "DTS:Retain=\"True\"")
        .log_by("DTS.LogProviderSQLServer.2", "db")
        .root(|r| {
            r.children([
                sql("Begin", "CREATE TABLE t (a int); BEGIN", "", ""),
                sql("Insert", "INSERT INTO t VALUES (1)", "", ""),
                sql("Back", "ROLLBACK; DROP TABLE t", "", ""),
            ])
            .constraint(0, 1, "")
            .constraint(1, 2, "")
        })
        .build();
    for runs in ["1", "2"] {
        run(p.clone()).must(Success);
        let starts = "SELECT COUNT(*), COUNT(DISTINCT executionid), COUNT(DISTINCT id) = COUNT(id) \
                      FROM sysssislog WHERE event = 'PackageStart'";
        assert_eq!(query(&file, starts), [[runs, runs, "1"]]);
    }
    let tasks = "SELECT source, computer <> '', operator LIKE computer || '%', \
                 length(sourceid), starttime = endtime, datacode, length(databytes) \
                 FROM sysssislog WHERE event = 'OnPreExecute' AND source <> 'P' ORDER BY id LIMIT 3";
    let row = |name: &str| {
        [name, "1", "1", "36", "1", "0", "0"]
            .map(str::to_owned)
            .to_vec()
    };
    assert_eq!(
        query(&file, tasks),
        [row("Begin"), row("Insert"), row("Back")]
    );
    let long = "é".repeat(3_000);
    let long = package()
        .manager("db", "OLEDB", &string, "")
        .log_by("Microsoft.LogProviderSQLServer", "db")
        .child(sql(
            &long,
            &format!("SELECT /* {long} */ x FROM none"),
            "",
            "",
        ))
        .build();
    run(long).must(Failure);
    let longest = "SELECT max(length(message)), max(length(source)) FROM sysssislog";
    assert_eq!(query(&file, longest), [["2048", "1024"]]);
}

/// Levels: a container that logs nothing, one that logs what it likes, and LoggingMode from
/// outside.
#[test]
fn logging_modes_are_set_from_outside() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("log.xml");
    let p = package()
        .manager("log", "FILE", &file.display().to_string(), "")
        .log_by("Microsoft.LogProviderXMLFile", "log")
        .root(|r| {
            r.children([
                sequence("Quiet").child(expression("A", "1")),
                expression("B", "2"),
            ])
        })
        .build();
    let logged = |sets: &[(&str, &str)]| {
        let _ = std::fs::remove_file(&file);
        let sets = sets.iter().map(|(p, v)| ((*p).to_owned(), (*v).to_owned()));
        let options = RunOptions {
            sets: sets.collect(),
            ..RunOptions::default()
        };
        run_with(p.clone(), None, options).must(Success);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let entry = |name: &str| text.contains(&format!("<source>{name}</source>"));
        ["P", "Quiet", "A", "B"].map(entry)
    };
    assert_eq!(logged(&[]), [true; 4]);
    let quiet = ("\\Package\\Quiet.Properties[LoggingMode]", "Disabled");
    assert_eq!(logged(&[quiet]), [true, false, false, true]);
    let quiet = ("\\Package\\Quiet.Properties[LoggingMode]", "2");
    assert_eq!(logged(&[quiet]), [true, false, false, true]);
    let off = ("\\Package.Properties[LoggingMode]", "2");
    assert_eq!(logged(&[off]), [false; 4]);
    assert!(!file.exists(), "a log that nobody selects is not opened");
}

#[test]
fn logs_that_cannot_be_opened_fail_the_package() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("data.csv");
    std::fs::write(&other, "a,b\n").expect("a file");
    let at = |provider: &str, path: &Path| {
        let p = package()
            .manager("log", "FILE", &path.display().to_string(), "")
            .log_by(provider, "log")
            .child(expression("T", "1"));
        run(p.build()).must(Failure)
    };
    let done = at("Microsoft.LogProviderXMLFile", &other);
    assert!(done.errors().contains(&0xC001_404B) && done.ran().is_empty());
    let text = std::fs::read_to_string(&other).expect("the file");
    assert_eq!(text, "a,b\n");
    let nowhere = folder.path().join("none/log.txt");
    let done = at("Microsoft.LogProviderTextFile", &nowhere);
    assert!(done.errors().contains(&0xC001_404B));
    let done = at("Microsoft.LogProviderSQLProfiler", &nowhere);
    assert!(done.errors().contains(&0xC002_410A));
    let done = at("Microsoft.LogProviderSQLServer", &nowhere);
    assert!(done.errors().contains(&0xC002_410A));
}
