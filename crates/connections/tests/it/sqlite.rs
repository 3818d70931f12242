//! The SQLite driver on real files.

use std::time::{Duration, Instant};

use packmule_connections::{
    BulkOptions, DatabaseError, ExecuteOptions, Parameter, PrepareOptions, QueryOptions, RowsWanted,
};
use packmule_types::{ColumnType, DataType, Value};

use crate::support::{batch, connect, services, sqlite_file, try_connect, values};
use crate::zoo::{animals, check_same, offset_animal, round_trip, rows_of};

const ALL: ExecuteOptions = ExecuteOptions {
    timeout: None,
    rows: RowsWanted::All,
};
const QUIET: ExecuteOptions = ExecuteOptions {
    timeout: None,
    rows: RowsWanted::None,
};

#[test]
fn every_type_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, connection) = sqlite_file(&folder, &services(""));
    let animals = animals();
    let columns: Vec<String> = animals
        .iter()
        .map(|a| format!("\"{}\" {}", a.0, a.2))
        .collect();
    connection
        .execute(
            &format!("CREATE TABLE zoo ({})", columns.join(", ")),
            &[],
            &QUIET,
        )
        .expect("a table");
    let (columns, rows) = rows_of(&animals);
    let found = round_trip(&connection, "[dbo].[Zoo]", &columns, &rows);
    check_same(&columns, &rows, &found);
}

#[test]
fn offsets_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, connection) = sqlite_file(&folder, &services(""));
    connection
        .execute("CREATE TABLE t (a datetimeoffset)", &[], &QUIET)
        .expect("a table");
    let (column_type, cells) = offset_animal();
    let rows = batch(&[("a", column_type, cells)]);
    let columns = vec![("a".to_owned(), column_type)];
    let found = round_trip(&connection, "t", &columns, &rows);
    check_same(&columns, &rows, &found);
}

#[test]
fn texts_of_several_statements() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, connection) = sqlite_file(&folder, &services(""));
    let results = connection
        .execute(
            "CREATE TABLE [dbo].[T] (a int, b nvarchar(10)); -- one; two\n\
             INSERT INTO dbo.T VALUES (?, ?), (2, 'x;y'); SELECT a, b FROM main.T ORDER BY a;\n\
             UPDATE T SET a = a + 1",
            &[
                Parameter::input(Value::I4(1)),
                Parameter::input(Value::text("é")),
            ],
            &ALL,
        )
        .expect("all statements");
    assert_eq!(results.statements.len(), 4);
    assert_eq!(results.rows_affected(), Some(2));
    let rows = results.first_rows().expect("rows");
    let types: Vec<ColumnType> = rows.columns.iter().map(|c| c.column_type).collect();
    assert_eq!(types, [ColumnType::new(DataType::I4), ColumnType::wstr(10)]);
    assert_eq!(
        values(
            &types[..1],
            &[rows.batches[0].project(&[0]).expect("a column")]
        ),
        [[Value::I4(1)], [Value::I4(2)]]
    );
}

#[test]
fn errors_keep_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, connection) = sqlite_file(&folder, &services(""));
    let early = connection.execute("SELECT * FROM missing; SELECT 1", &[], &ALL);
    assert!(matches!(early, Err(DatabaseError::Server { .. })));
    let late = connection
        .execute("SELECT 1; SELECT * FROM missing", &[], &ALL)
        .expect("rows");
    assert!(late.first_rows().is_some());
    assert!(
        late.late_error
            .expect("an error")
            .to_string()
            .contains("no such table")
    );
    let error = connection
        .execute("SELECT ?", &[], &ALL)
        .expect_err("no parameter");
    assert!(matches!(
        error,
        DatabaseError::ParameterCount {
            markers: 1,
            given: 0
        }
    ));
}

#[test]
fn a_query_streams_and_others_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let services = services("");
    let (string, connection) = sqlite_file(&folder, &services);
    connection
        .execute(
            "CREATE TABLE a (n int); CREATE TABLE b (n int); \
             WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 50000) \
             INSERT INTO a SELECT n FROM c",
            &[],
            &QUIET,
        )
        .expect("tables");
    let columns = vec![("n".to_owned(), ColumnType::new(DataType::I4))];
    let other = connect(&string, &services);
    for reader in [&connection, &other] {
        let options = QueryOptions {
            target: Some(columns.clone()),
            ..QueryOptions::default()
        };
        let mut rows = reader
            .query("SELECT n FROM a ORDER BY n", &[], &options)
            .expect("a query");
        let mut loader = connection
            .bulk_load("b", &columns, &BulkOptions::default())
            .expect("a load");
        let mut count = 0;
        while let Some(batch) = rows.next_batch(1000).expect("rows") {
            count += batch.rows.num_rows();
            loader.write_batch(&batch.rows).expect("written");
            loader
                .commit_unit(false)
                .expect("committed while the source still reads");
        }
        assert_eq!(count, 50_000);
        assert_eq!(loader.finish().expect("finished"), 50_000);
    }
    let results = other
        .execute("SELECT count(*), sum(n) FROM b", &[], &ALL)
        .expect("the sum");
    let rows = results.first_rows().expect("rows");
    let types: Vec<ColumnType> = rows.columns.iter().map(|c| c.column_type).collect();
    assert_eq!(
        values(&types, &rows.batches),
        [[Value::I8(100_000), Value::I8(2_500_050_000)]]
    );
}

#[test]
fn two_loads_into_one_file_do_not_wait_for_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let services = services("");
    let (string, connection) = sqlite_file(&folder, &services);
    connection
        .execute(
            "CREATE TABLE a (n int); CREATE TABLE b (n int)",
            &[],
            &QUIET,
        )
        .expect("a");
    let columns = vec![("n".to_owned(), ColumnType::new(DataType::I4))];
    let rows = batch(&[("n", columns[0].1, (0..1000).map(Value::I4).collect())]);
    let second = connect(&string, &services);
    let mut one = connection
        .bulk_load("a", &columns, &BulkOptions::default())
        .expect("a load");
    let mut two = second
        .bulk_load("b", &columns, &BulkOptions::default())
        .expect("a load");
    for _ in 0..5 {
        one.write_batch(&rows).expect("written");
        two.write_batch(&rows).expect("written");
    }
    assert_eq!(one.finish().expect("finished"), 5000);
    assert_eq!(two.finish().expect("finished"), 5000);
}

#[test]
fn defaults_identities_and_failed_units() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, connection) = sqlite_file(&folder, &services(""));
    connection
        .execute(
            "CREATE TABLE t (k INTEGER PRIMARY KEY AUTOINCREMENT, d int DEFAULT 7, \
             c int CHECK (c < 100))",
            &[],
            &QUIET,
        )
        .expect("a table");
    let i4 = ColumnType::new(DataType::I4);
    let columns: Vec<_> = ["K", "d", "c"].map(|n| (n.to_owned(), i4)).into();
    let rows = |k: i32, c: i32| {
        batch(&[
            ("k", i4, vec![Value::I4(k), Value::I4(k + 1)]),
            ("d", i4, vec![Value::Null, Value::I4(1)]),
            ("c", i4, vec![Value::I4(1), Value::I4(c)]),
        ])
    };
    let mut loader = connection
        .bulk_load("t", &columns, &BulkOptions::default())
        .expect("a load");
    loader.write_batch(&rows(500, 2)).expect("written");
    loader.commit_unit(false).expect("committed");
    loader.write_batch(&rows(600, 100)).expect("kept");
    let error = loader.commit_unit(false).expect_err("the check fails");
    assert_eq!(error.hresult().to_string(), "0x80040E2F");
    loader.abort_unit().expect("taken back");
    let keep = BulkOptions {
        keep_identity: true,
        keep_nulls: true,
        ..BulkOptions::default()
    };
    assert_eq!(loader.finish().expect("finished"), 2);
    let mut loader = connection.bulk_load("t", &columns, &keep).expect("a load");
    loader.write_batch(&rows(700, 3)).expect("written");
    loader.finish().expect("finished");
    let results = connection
        .execute("SELECT k, d FROM t ORDER BY k", &[], &ALL)
        .expect("rows");
    let found = results.first_rows().expect("rows");
    let types: Vec<ColumnType> = found.columns.iter().map(|c| c.column_type).collect();
    assert_eq!(
        values(&types, &found.batches),
        [
            [Value::I8(1), Value::I4(7)],
            [Value::I8(2), Value::I4(1)],
            [Value::I8(700), Value::Null],
            [Value::I8(701), Value::I4(1)],
        ]
    );
}

#[test]
fn prepared_statements_tell_each_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, connection) = sqlite_file(&folder, &services(""));
    connection
        .execute("CREATE TABLE t (k int PRIMARY KEY, v text)", &[], &QUIET)
        .expect("a table");
    let columns = vec![
        ("k".to_owned(), ColumnType::new(DataType::I4)),
        ("v".to_owned(), ColumnType::wstr(10)),
    ];
    let rows = batch(&[
        ("k", columns[0].1, [1, 1, 2].map(Value::I4).into()),
        ("v", columns[1].1, ["a", "b", "c"].map(Value::text).into()),
    ]);
    let mut insert = connection
        .prepare_insert("t", &columns, None)
        .expect("an insert");
    let results = insert.execute_rows(&rows, false).expect("run");
    let statuses: Vec<Option<u8>> = results
        .iter()
        .map(|r| r.as_ref().err().map(|e| e.status.number()))
        .collect();
    assert_eq!(statuses, [None, Some(10), None]);
    let options = PrepareOptions {
        parameters: vec![columns[0].1],
        target: Some(columns.clone()),
        timeout: None,
    };
    let mut lookup = connection
        .prepare("SELECT * FROM t WHERE k = ?", &options)
        .expect("a lookup");
    let keys = batch(&[("k", columns[0].1, [2, 9, 1, 2].map(Value::I4).into())]);
    let found = lookup.first_rows(&keys).expect("rows");
    assert_eq!(found.found, [Some(0), None, Some(1), Some(2)]);
    let types = [columns[0].1, columns[1].1];
    assert_eq!(
        values(&types, &[found.rows]),
        [
            [Value::I4(2), Value::text("c")],
            [Value::I4(1), Value::text("a")],
            [Value::I4(2), Value::text("c")],
        ]
    );
}

#[test]
fn cancel_and_timeout_end_a_statement() {
    const ENDLESS: &str =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c";
    let folder = tempfile::tempdir().expect("a folder");
    let services = services("");
    let (_, connection) = sqlite_file(&folder, &services);
    let options = ExecuteOptions {
        timeout: Some(Duration::from_millis(50)),
        ..ALL
    };
    let error = connection
        .execute(ENDLESS, &[], &options)
        .expect_err("the time is out");
    assert!(matches!(error, DatabaseError::Timeout { .. }), "{error}");
    let cancel = services.cancel.clone();
    let begun = Instant::now();
    let ended = std::thread::scope(|scope| {
        let run = scope.spawn(|| connection.execute(ENDLESS, &[], &ALL));
        cancel.cancel();
        run.join().expect("no panic")
    });
    assert!(matches!(ended, Err(DatabaseError::Cancelled)));
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn names_and_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let services = services("");
    let (string, connection) = sqlite_file(&folder, &services);
    connection
        .execute("CREATE TABLE \"Ta b\" (\"C\" int)", &[], &QUIET)
        .expect("a table");
    assert_eq!(
        connection.resolve_table("[dbo].[ta B]").expect("found"),
        "\"dbo\".\"Ta b\""
    );
    assert!(matches!(
        connection.resolve_table("x.y"),
        Err(DatabaseError::NoTable { .. })
    ));
    assert!(matches!(
        connection.resolve_table("[other].[dbo].[Ta b]"),
        Err(DatabaseError::BadTableName { .. })
    ));
    let columns = connection.table_columns("Ta b").expect("columns");
    assert_eq!(columns[0].name, "C");
    let missing = string
        .replace("test.db", "missing.db")
        .replace(";Mode=ReadWriteCreate", "");
    let error = try_connect(&missing, &services).err().expect("no file");
    assert!(error.to_string().contains("does not exist"));
    std::fs::write(
        folder.path().join("bad.db"),
        "no database at all, only some text in a file",
    )
    .expect("written");
    let error = try_connect(&string.replace("test.db", "bad.db"), &services).err();
    assert!(matches!(error, Some(DatabaseError::Server { .. })));
}
