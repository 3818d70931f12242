//! The PostgreSQL driver on a real server, which the tests start themselves.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use packmule_connections::{
    BulkOptions, DatabaseError, ExecuteOptions, Parameter, PrepareOptions, QueryOptions, RowsWanted,
};
use packmule_types::{ColumnType, DataType, Value};

use crate::support::{batch, connect, services, try_connect, values};
use crate::zoo::{animals, check_same, round_trip, rows_of};

const ALL: ExecuteOptions = ExecuteOptions {
    timeout: None,
    rows: RowsWanted::All,
};
const QUIET: ExecuteOptions = ExecuteOptions {
    timeout: None,
    rows: RowsWanted::None,
};

/// A server in a folder of its own; ends with the test that started it.
pub(crate) struct Server {
    process: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    /// Starts a server; `None` (said on the terminal) where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[], &[])
    }

    /// The same with files in its data folder, readable by it alone, and further options.
    pub(crate) fn start_with(files: &[(&str, &str)], options: &[&str]) -> Option<Self> {
        let Some(programs) = programs() else {
            println!("PostgreSQL is not installed: its tests are left out");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let run = |program: &str| {
            let path = programs.join(program);
            if is_root() {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(path);
                command
            } else {
                Command::new(path)
            }
        };
        if is_root() {
            let given = Command::new("chown")
                .arg("postgres")
                .arg(folder.path())
                .status();
            assert!(given.expect("chown runs").success());
        }
        let made = run("initdb")
            .args([
                "-U",
                "etl",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
                "--locale=C",
                "-D",
            ])
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("initdb runs").success());
        for (name, text) in files {
            let path = data.join(name);
            std::fs::write(&path, text).expect("a file");
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&path, private).expect("a private file");
            if is_root() {
                let given = Command::new("chown").arg("postgres").arg(&path).status();
                assert!(given.expect("chown runs").success());
            }
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a port")
            .port();
        let process = run("postgres")
            .arg("-D")
            .arg(&data)
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port.to_string(),
                "-c",
                "fsync=off",
            ])
            .args(options.iter().flat_map(|option| ["-c", option]))
            .arg("-k")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        let server = Self {
            process,
            folder,
            port,
        };
        let begun = Instant::now();
        while try_connect(&server.string(), &services("")).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not answer"
            );
            std::thread::yield_now();
        }
        Some(server)
    }

    pub(crate) fn string(&self) -> String {
        format!(
            "Driver={{PostgreSQL Unicode(x64)}};Server=127.0.0.1;Port={};Database=postgres;Uid=etl",
            self.port
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server's own file names its process, also when another user's program started it.
        let pid = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid"));
        if let Some(pid) = pid.ok().and_then(|t| t.lines().next().map(str::to_owned)) {
            let _ = Command::new("kill").args(["-INT", &pid]).status();
        } else {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    String::from_utf8_lossy(&id.stdout).trim() == "0"
}

#[test]
fn postgres() {
    let Some(server) = Server::start() else {
        return;
    };
    every_type_comes_back(&server);
    statements_and_errors(&server);
    names(&server);
    bits(&server);
    defaults_identities_and_failed_units(&server);
    prepared_statements(&server);
    streams_and_busy(&server);
    texts_with_nul_are_refused(&server);
    no_secret_in_errors(&server);
    cancel_and_timeout(&server);
}

/// `bit(1)` is a Boolean, longer ones are texts; both ways.
fn bits(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    let run = |sql: &str| connection.execute(sql, &[], &ALL).expect(sql);
    run("CREATE TABLE flags (b bit, w bit(10))");
    let columns = vec![("b".to_owned(), ColumnType::new(DataType::Bool))];
    let options = BulkOptions::default();
    let mut load = connection
        .bulk_load("flags", &columns, &options)
        .expect("a load");
    let values_in = vec![Value::Bool(true), Value::Bool(false), Value::Null];
    let rows = batch(&[("b", columns[0].1, values_in)]);
    load.write_batch(&rows).expect("rows");
    load.finish().expect("the end");
    run("UPDATE flags SET w = B'1010000011' WHERE b = B'1'");
    let results = run("SELECT b, w FROM flags ORDER BY b");
    let rows = results.first_rows().expect("rows");
    let types: Vec<_> = rows.columns.iter().map(|c| c.column_type).collect();
    assert_eq!(types[0].data_type, DataType::Bool);
    assert_eq!(
        values(&types, &rows.batches),
        [
            [Value::Bool(false), Value::Null],
            [Value::Bool(true), Value::text("1010000011")],
            [Value::Null, Value::Null],
        ]
    );
}

fn every_type_comes_back(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    let animals = animals();
    let columns: Vec<String> = animals
        .iter()
        .map(|a| format!("\"{}\" {}", a.0, a.3))
        .collect();
    connection
        .execute(
            &format!("CREATE TABLE zoo ({})", columns.join(", ")),
            &[],
            &QUIET,
        )
        .expect("a table");
    let (columns, rows) = rows_of(&animals);
    let found = round_trip(&connection, "[public].[Zoo]", &columns, &rows);
    check_same(&columns, &rows, &found);
}

fn statements_and_errors(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    let results = connection
        .execute(
            "CREATE TABLE t (a int, b varchar(10), d date, u uuid, x bytea); -- one; two\n\
             INSERT INTO t VALUES (?, ?, ?, ?, ?); SELECT a, b, d::text FROM t WHERE a = ?;\n\
             UPDATE t SET a = a + 1",
            &[
                Parameter::input(Value::I4(1)),
                Parameter::input(Value::text("é")),
                Parameter::input(Value::text("2024-02-29")),
                Parameter::input(Value::text("6F9619FF-8B86-D011-B42D-00C04FC964FF")),
                Parameter::input(Value::Bytes([0u8, 255][..].into())),
                Parameter::input(Value::I8(1)),
            ],
            &ALL,
        )
        .expect("all statements");
    assert_eq!(results.rows_affected(), Some(1));
    let rows = results.first_rows().expect("rows");
    let types: Vec<ColumnType> = rows.columns.iter().map(|c| c.column_type).collect();
    assert_eq!(
        values(&types, &rows.batches),
        [[Value::I4(1), Value::text("é"), Value::text("2024-02-29")]]
    );
    let early = connection.execute("SELECT * FROM missing; SELECT 1", &[], &ALL);
    let early = early.expect_err("no table");
    assert_eq!(early.hresult().to_string(), "0x80040E37");
    let late = connection
        .execute("SELECT 1; SELECT 1 / 0", &[], &ALL)
        .expect("rows");
    assert!(
        late.late_error
            .expect("an error")
            .to_string()
            .contains("division by zero")
    );
}

fn names(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    connection
        .execute(
            "CREATE SCHEMA dbo; CREATE TABLE dbo.Lower (a int, \"B\" int)",
            &[],
            &QUIET,
        )
        .expect("a table");
    assert_eq!(
        connection.resolve_table("[dbo].[Lower]").expect("found"),
        "\"dbo\".\"lower\""
    );
    assert_eq!(
        connection
            .resolve_table("[postgres].[DBO].[LOWER]")
            .expect("found"),
        "\"dbo\".\"lower\""
    );
    assert!(matches!(
        connection.resolve_table("Lower"),
        Err(DatabaseError::NoTable { .. })
    ));
    let columns = connection.table_columns("dbo.lower").expect("columns");
    let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["a", "B"]);
}

fn defaults_identities_and_failed_units(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    connection
        .execute(
            "CREATE TABLE u (k int GENERATED ALWAYS AS IDENTITY, d int DEFAULT 7, \
             c int CHECK (c < 100))",
            &[],
            &QUIET,
        )
        .expect("a table");
    let i4 = ColumnType::new(DataType::I4);
    let columns: Vec<_> = ["K", "d", "c"].map(|n| (n.to_owned(), i4)).into();
    let rows = |c: i32| {
        batch(&[
            ("k", i4, vec![Value::I4(500), Value::I4(501)]),
            ("d", i4, vec![Value::Null, Value::I4(1)]),
            ("c", i4, vec![Value::I4(1), Value::I4(c)]),
        ])
    };
    let mut loader = connection
        .bulk_load("u", &columns, &BulkOptions::default())
        .expect("a load");
    loader.write_batch(&rows(2)).expect("written");
    loader.commit_unit(false).expect("committed");
    let error = loader.write_batch(&rows(100)).expect_err("the check fails");
    assert_eq!(error.hresult().to_string(), "0x80040E2F");
    loader.abort_unit().expect("taken back");
    assert_eq!(loader.finish().expect("finished"), 2);
    let keep = BulkOptions {
        keep_identity: true,
        keep_nulls: true,
        table_lock: true,
        ..BulkOptions::default()
    };
    let mut loader = connection.bulk_load("u", &columns, &keep).expect("a load");
    loader.write_batch(&rows(3)).expect("written");
    assert_eq!(loader.finish().expect("finished"), 2);
    let results = connection
        .execute("SELECT k, d FROM u ORDER BY k", &[], &ALL)
        .expect("rows");
    let found = results.first_rows().expect("rows");
    let mut defaults: Vec<Value> = values(&[i4, i4], &found.batches)
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    // Which of the first two rows came first is the load's own affair.
    defaults[..2].sort_by_key(|v| format!("{v:?}"));
    assert_eq!(
        defaults,
        [Value::I4(1), Value::I4(7), Value::Null, Value::I4(1)]
    );
}

fn prepared_statements(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    connection
        .execute("CREATE TABLE p (k int PRIMARY KEY, v text)", &[], &QUIET)
        .expect("p");
    let columns = vec![
        ("k".to_owned(), ColumnType::new(DataType::I4)),
        ("v".to_owned(), ColumnType::wstr(10)),
    ];
    let rows = batch(&[
        ("k", columns[0].1, [1, 1, 2].map(Value::I4).into()),
        ("v", columns[1].1, ["a", "b", "c"].map(Value::text).into()),
    ]);
    let mut insert = connection
        .prepare_insert("p", &columns, None)
        .expect("an insert");
    let results = insert.execute_rows(&rows, false).expect("run");
    let statuses: Vec<Option<u8>> = results
        .iter()
        .map(|r| r.as_ref().err().map(|e| e.status.number()))
        .collect();
    assert_eq!(statuses, [None, Some(10), None]);
    connection.begin().expect("begun");
    let more = batch(&[
        ("k", columns[0].1, [3, 3, 4].map(Value::I4).into()),
        ("v", columns[1].1, ["a", "b", "c"].map(Value::text).into()),
    ]);
    assert_eq!(insert.execute_rows(&more, false).expect("run").len(), 3);
    connection.rollback().expect("rolled back");
    let options = PrepareOptions {
        parameters: vec![columns[0].1],
        target: Some(columns.clone()),
        timeout: None,
    };
    let mut lookup = connection
        .prepare("SELECT * FROM p WHERE k = ?", &options)
        .expect("a lookup");
    let keys = batch(&[("k", columns[0].1, [2, 3, 1, 2].map(Value::I4).into())]);
    let found = lookup.first_rows(&keys).expect("rows");
    assert_eq!(found.found, [Some(0), None, Some(1), Some(2)]);
}

fn streams_and_busy(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    let target = vec![("n".to_owned(), ColumnType::new(DataType::I4))];
    let options = QueryOptions {
        target: Some(target),
        ..QueryOptions::default()
    };
    let sql = "SELECT generate_series(1, 100000) AS n";
    let mut rows = connection.query(sql, &[], &options).expect("a query");
    let mut count = 0;
    while let Some(batch) = rows.next_batch(7_000).expect("rows") {
        count += batch.rows.num_rows();
        let other = connection.execute("SELECT 1", &[], &ALL);
        assert!(matches!(other, Err(DatabaseError::Busy)));
    }
    assert_eq!(count, 100_000);
    drop(rows);
    let mut rows = connection
        .query("SELECT generate_series(1, 100000000) AS n", &[], &options)
        .expect("q");
    assert!(rows.next_batch(10).expect("rows").is_some());
    let begun = Instant::now();
    drop(rows);
    connection
        .execute("SELECT 1", &[], &ALL)
        .expect("the connection goes on");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

fn texts_with_nul_are_refused(server: &Server) {
    let connection = connect(&server.string(), &services(""));
    connection
        .execute("CREATE TABLE nul (a text)", &[], &QUIET)
        .expect("a table");
    let columns = vec![("a".to_owned(), ColumnType::wstr(10))];
    let rows = batch(&[(
        "a",
        columns[0].1,
        vec![Value::text("x"), Value::text("a\0b")],
    )]);
    let mut loader = connection
        .bulk_load("nul", &columns, &BulkOptions::default())
        .expect("a load");
    let error = loader.write_batch(&rows).expect_err("refused");
    assert!(
        matches!(error, DatabaseError::Cell { row: 1, .. }),
        "{error}"
    );
    drop(loader);
    connection
        .execute("SELECT 1", &[], &ALL)
        .expect("the connection goes on");
}

fn no_secret_in_errors(server: &Server) {
    let string = format!("{};Pwd=sup3rsecret", server.string());
    let cases = [
        string.replace("Database=postgres", "Database=missing"),
        string
            .replace("Server=127.0.0.1", "Server=127.0.0.1:1")
            .replace("Port=", "P="),
        format!("{string};SslMode=require"),
        format!("{string};SslMode=nonsense"),
    ];
    for case in cases {
        let error = try_connect(&case, &services(""))
            .err()
            .expect("no connection");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("sup3rsecret"), "{text}");
    }
}

fn cancel_and_timeout(server: &Server) {
    let services = services("");
    let connection = connect(&server.string(), &services);
    let options = ExecuteOptions {
        timeout: Some(Duration::from_millis(50)),
        ..ALL
    };
    let error = connection
        .execute("SELECT pg_sleep(60)", &[], &options)
        .expect_err("the time is out");
    assert!(matches!(error, DatabaseError::Timeout { .. }), "{error}");
    connection
        .execute("SELECT 1", &[], &ALL)
        .expect("the connection goes on");
    let cancel = services.cancel.clone();
    let begun = Instant::now();
    let ended = std::thread::scope(|scope| {
        let run = scope.spawn(|| connection.execute("SELECT pg_sleep(60)", &[], &ALL));
        cancel.cancel();
        run.join().expect("no panic")
    });
    assert!(matches!(ended, Err(DatabaseError::Cancelled)));
    assert!(begun.elapsed() < Duration::from_secs(1));
}
