//! OLE DB Source, Destination and Command and the Recordset Destination over SQLite files.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, StringViewArray};
use packmule_connections::{ExecuteOptions, RowsWanted, SharedConnection};
use packmule_dataflow::run::{Substitutes, execute_with};
use packmule_dataflow::testing::{
    Collected, FlowBuilder, InMemory, Recorder, Settings, context, flat_file, variable,
};
use packmule_dtsx::finding::Location;
use packmule_dtsx::model::{ConnectionManager, Disposition, LineageId, Property, PropertyValue};
use packmule_runtime::recordset::Recordset;
use packmule_types::array::value_at;
use packmule_types::{ColumnType, Value, VariableType};

use crate::harness::{I4, numbers};

const TEXT: ColumnType = ColumnType::wstr(50);

/// A connection manager whose id is `{name}`.
pub(crate) fn manager(name: &str, type_name: &str, string: &str) -> ConnectionManager {
    let mut manager = flat_file(name, std::path::Path::new(""), &[], Vec::new());
    manager.type_name = type_name.to_owned();
    manager.stored_type = type_name.to_owned();
    manager.properties.0 = vec![Property {
        name: "ConnectionString".to_owned(),
        value: PropertyValue::Text(string.to_owned()),
        location: Location::default(),
    }];
    manager
}

/// A SQLite file.
pub(crate) struct Database {
    folder: tempfile::TempDir,
}

impl Database {
    /// A new one, after a script.
    pub(crate) fn new(sql: &str) -> Self {
        let database = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        database
            .connection()
            .execute(sql, &[], &ExecuteOptions::default())
            .unwrap();
        database
    }

    /// An OLE DB connection manager to it.
    pub(crate) fn manager(&self, name: &str) -> ConnectionManager {
        let file = self.folder.path().join("test.db");
        manager(
            name,
            "OLEDB",
            &format!(
                "Provider=SQLite;Data Source={};Mode=ReadWriteCreate",
                file.display()
            ),
        )
    }

    fn connection(&self) -> SharedConnection {
        let mut package = FlowBuilder::new().package();
        package.connection_managers = vec![self.manager("Db")];
        let context = context(package, &Arc::default(), &Settings::default());
        context.connections.database("{Db}").unwrap()
    }

    /// All rows of a query.
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        let options = ExecuteOptions {
            rows: RowsWanted::All,
            ..ExecuteOptions::default()
        };
        let results = self.connection().execute(sql, &[], &options).unwrap();
        let result = results.first_rows().unwrap();
        let mut rows = Vec::new();
        for batch in &result.batches {
            for row in 0..batch.num_rows() {
                let columns = result.columns.iter().zip(batch.columns());
                rows.push(
                    columns
                        .map(|(c, array)| value_at(&c.column_type, array.as_ref(), row))
                        .collect(),
                );
            }
        }
        rows
    }

    fn number(&self, sql: &str) -> i64 {
        match self.rows(sql)[0][0] {
            Value::I8(n) => n,
            Value::I4(n) => i64::from(n),
            ref other => panic!("not a number: {other:?}"),
        }
    }
}

fn destination(
    flow: &mut FlowBuilder,
    name: &str,
    table: &str,
    columns: &[LineageId],
    settings: &[(&str, &str)],
) -> usize {
    let component = flow.component(name, "Microsoft.OLEDBDestination");
    flow.connect(component, "OleDbConnection", "{Db}");
    flow.set(component, "OpenRowset", table);
    for (property, value) in settings {
        flow.set(component, property, value);
    }
    flow.input(component, "OLE DB Destination Input");
    flow.map(component, 0, columns[0], "n", I4);
    flow.map(component, 0, columns[1], "t", TEXT);
    flow.error_output(component, Some(0));
    component
}

const FAST: [(&str, &str); 2] = [("AccessMode", "3"), ("FastLoadMaxInsertCommitSize", "10")];

fn command(
    flow: &mut FlowBuilder,
    sql: &str,
    columns: &[LineageId],
    disposition: Disposition,
) -> usize {
    let component = flow.component("Command", "Microsoft.OLEDBCommand");
    flow.connect(component, "OleDbConnection", "{Db}");
    flow.set(component, "SqlCommand", sql);
    flow.input(component, "OLE DB Command Input");
    for (at, (lineage, column_type)) in columns.iter().zip([I4, TEXT]).enumerate() {
        flow.map(component, 0, *lineage, &format!("Param_{at}"), column_type);
    }
    flow.pipeline.components[component].inputs[0].error_disposition = disposition;
    flow.output(component, "OLE DB Command Output", Some(0));
    flow.error_output(component, Some(0));
    component
}

fn source(flow: &mut FlowBuilder) -> (usize, Vec<LineageId>) {
    flow.source("Source", &[("n", I4), ("t", TEXT)])
}

/// Adds a destination `Errors` for key, code and column of an error output.
fn errors(flow: &mut FlowBuilder, component: usize, output: usize, key: LineageId) {
    let columns = &flow.pipeline.components[component].outputs[output].columns;
    let columns = [key, columns[0].lineage, columns[1].lineage];
    let errors = flow.destination("Errors", &columns);
    flow.path((component, output), (errors, 0));
}

struct Outcome {
    succeeded: bool,
    passed: Vec<Vec<Value>>,
    redirected: Vec<Vec<Value>>,
    errors: Vec<String>,
}

fn run(flow: FlowBuilder, database: &Database, columns: &[ArrayRef], batch_rows: usize) -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let mut package = flow.package();
    package.connection_managers = vec![database.manager("Db")];
    let context = context(package, &recorder, &Settings::default());
    let (passed, redirected) = (Collected::default(), Collected::default());
    let substitutes = Substitutes::default()
        .memory_source("Source", columns.to_vec(), batch_rows, None)
        .memory_destination("Passed", &passed)
        .memory_destination("Errors", &redirected);
    let succeeded = execute_with(&context, substitutes).is_ok();
    assert_eq!(context.services.memory.used(), 0, "memory is given back");
    let (passed, redirected) = (passed.lock().clone(), redirected.lock().clone());
    Outcome {
        succeeded,
        passed,
        redirected,
        errors: recorder.errors(),
    }
}

#[test]
fn rows_go_from_table_to_table() {
    for settings in [&FAST[..], &[("AccessMode", "0")]] {
        let database = Database::new(
            "CREATE TABLE a (n INTEGER, t TEXT); CREATE TABLE b (n INTEGER, t TEXT);
            WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)
            INSERT INTO a SELECT n, 'text ' || n FROM c;",
        );
        let mut flow = FlowBuilder::new();
        let source = flow.component("OLE DB Source", "Microsoft.OLEDBSource");
        flow.connect(source, "OleDbConnection", "{Db}");
        flow.set(source, "AccessMode", "2");
        flow.set(source, "SqlCommand", "SELECT t, n FROM a ORDER BY n");
        flow.output(source, "OLE DB Source Output", None);
        let columns: Vec<LineageId> = [("n", I4), ("t", TEXT)]
            .iter()
            .map(|(name, t)| flow.output_column(source, 0, name, *t))
            .collect();
        for (at, name) in ["n", "t"].iter().enumerate() {
            let external = packmule_dtsx::model::ExternalColumn {
                node: packmule_dtsx::NodeId(700_000 + at as u32),
                ref_id: format!("x{at}"),
                id: 0,
                name: (*name).to_owned(),
                column_type: [I4, TEXT][at],
                properties: Vec::new(),
            };
            let output = &mut flow.pipeline.components[source].outputs[0];
            output.external_columns.push(external);
            output.columns[at].external = format!("x{at}");
        }
        let target = destination(&mut flow, "Destination", "b", &columns, settings);
        flow.path((source, 0), (target, 0));
        let outcome = run(flow, &database, &numbers(0), 1);
        assert!(outcome.succeeded, "{:?}", outcome.errors);
        assert_eq!(
            database.number("SELECT COUNT(*) FROM a JOIN b USING (n, t)"),
            1000
        );
    }
}

#[test]
fn a_failed_unit_leaves_as_a_whole_and_a_failed_row_alone() {
    for (settings, redirected, code) in [
        (&FAST[..], 10, 0xC020_907B_u32),
        (&[("AccessMode", "0")], 1, 0xC020_907D),
    ] {
        let database = Database::new("CREATE TABLE b (n INTEGER CHECK (n <> 14), t TEXT);");
        let mut flow = FlowBuilder::new();
        let (source, columns) = source(&mut flow);
        let target = destination(&mut flow, "Destination", "b", &columns, settings);
        flow.pipeline.components[target].inputs[0].error_disposition = Disposition::RedirectRow;
        flow.path((source, 0), (target, 0));
        errors(&mut flow, target, 0, columns[0]);
        let outcome = run(flow, &database, &numbers(30), 7);
        assert!(outcome.succeeded, "{:?}", outcome.errors);
        assert_eq!(outcome.redirected.len(), redirected);
        assert!(
            outcome
                .redirected
                .iter()
                .all(|r| r[1] == Value::I4(code.cast_signed())),
            "{:?}",
            outcome.redirected
        );
        assert_eq!(
            database.number("SELECT COUNT(*) FROM b"),
            30 - redirected as i64
        );
    }
}

#[test]
fn a_command_runs_once_for_each_row_in_order() {
    let database = Database::new("CREATE TABLE log (at INTEGER PRIMARY KEY, n INTEGER, t TEXT);");
    for batch_rows in [1, 7, 100] {
        let mut flow = FlowBuilder::new();
        let (source, columns) = source(&mut flow);
        let component = command(
            &mut flow,
            "INSERT INTO log (n, t) VALUES (?, ?)",
            &columns,
            Disposition::NotUsed,
        );
        let passed = flow.destination("Passed", &columns);
        flow.path((source, 0), (component, 0));
        flow.path((component, 0), (passed, 0));
        let outcome = run(flow, &database, &numbers(20), batch_rows);
        assert!(outcome.succeeded, "{:?}", outcome.errors);
        assert_eq!(outcome.passed.len(), 20);
    }
    assert_eq!(
        database.number("SELECT COUNT(*) FROM log WHERE n = (at - 1) % 20 AND t = 'text ' || n"),
        60
    );
}

#[test]
fn rows_of_a_command_that_fail() {
    let create = "CREATE TABLE u (n INTEGER CHECK (n <> 4), t TEXT);";
    for (disposition, passed, redirected, kept) in [
        (Disposition::RedirectRow, 9, 1, 9),
        (Disposition::IgnoreFailure, 10, 0, 9),
        (Disposition::FailComponent, 4, 0, 4),
    ] {
        let database = Database::new(create);
        let mut flow = FlowBuilder::new();
        let (source, columns) = source(&mut flow);
        let component = command(
            &mut flow,
            "INSERT INTO u (n, t) VALUES (?, ?)",
            &columns,
            disposition,
        );
        let destination = flow.destination("Passed", &columns);
        flow.path((source, 0), (component, 0));
        flow.path((component, 0), (destination, 0));
        errors(&mut flow, component, 1, columns[0]);
        let outcome = run(flow, &database, &numbers(10), 3);
        assert_eq!(
            outcome.succeeded,
            disposition != Disposition::FailComponent,
            "{:?}",
            outcome.errors
        );
        assert_eq!(
            (outcome.passed.len(), outcome.redirected.len()),
            (passed, redirected)
        );
        assert_eq!(database.number("SELECT COUNT(*) FROM u"), kept);
        if redirected == 1 {
            let code = 0xC020_9070_u32.cast_signed();
            assert_eq!(
                outcome.redirected[0],
                [Value::I4(4), Value::I4(code), Value::I4(0)]
            );
        }
    }
}

#[test]
fn a_parameter_without_a_column_is_found() {
    let database = Database::new("CREATE TABLE u (n INTEGER, t TEXT);");
    let mut flow = FlowBuilder::new();
    let (source, columns) = source(&mut flow);
    let component = command(
        &mut flow,
        "INSERT INTO u VALUES (?, ?)",
        &columns,
        Disposition::NotUsed,
    );
    flow.pipeline.components[component].inputs[0].columns.pop();
    flow.path((source, 0), (component, 0));
    let outcome = run(flow, &database, &numbers(1), 1);
    assert!(
        outcome.errors.iter().any(|e| e.starts_with("0xC0202081")),
        "{:?}",
        outcome.errors
    );
}

#[test]
fn three_writers_share_one_file() {
    let database = Database::new(
        "CREATE TABLE a (n INTEGER, t TEXT); CREATE TABLE b (n INTEGER, t TEXT);
        CREATE TABLE c (n INTEGER, t TEXT);",
    );
    let mut flow = FlowBuilder::new();
    let (source, columns) = source(&mut flow);
    let multicast = flow.component("Multicast", "Microsoft.Multicast");
    flow.input(multicast, "Multicast Input");
    for at in 0..3 {
        flow.output(multicast, &format!("Output {at}"), Some(0));
    }
    flow.path((source, 0), (multicast, 0));
    let whole = [("AccessMode", "3"), ("FastLoadMaxInsertCommitSize", "0")];
    let first = destination(&mut flow, "A", "a", &columns, &whole);
    let second = destination(&mut flow, "B", "b", &columns, &FAST);
    let third = command(
        &mut flow,
        "INSERT INTO c VALUES (?, ?)",
        &columns,
        Disposition::NotUsed,
    );
    for (at, component) in [first, second, third].into_iter().enumerate() {
        flow.path((multicast, at), (component, 0));
    }
    let outcome = run(flow, &database, &numbers(2000), 100);
    assert!(outcome.succeeded, "{:?}", outcome.errors);
    for table in ["a", "b", "c"] {
        assert_eq!(
            database.number(&format!("SELECT COUNT(*) FROM {table}")),
            2000
        );
    }
}

#[test]
fn a_variable_holds_the_rows() {
    let recorder = Arc::new(Recorder::default());
    let mut flow = FlowBuilder::new();
    let (source, columns) = source(&mut flow);
    let component = flow.component("Recordset", "Microsoft.RecordsetDestination");
    flow.set(component, "VariableName", "User::Rows");
    flow.input(component, "Input");
    flow.input_column(component, 0, columns[1]);
    flow.input_column(component, 0, columns[0]);
    flow.path((source, 0), (component, 0));
    let mut package = flow.package();
    package.root.variables = vec![variable("Rows", VariableType::Object, Value::Null)];
    let context = context(package, &recorder, &Settings::default());
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(vec![1, 2, 3])),
        Arc::new(StringViewArray::from(vec!["a", "b", "c"])),
    ];
    let substitutes = Substitutes::default().memory_source("Source", columns, 2, None);
    assert!(
        execute_with(&context, substitutes).is_ok(),
        "{:?}",
        recorder.errors()
    );
    let value = context.scope.get("User::Rows").unwrap();
    let rows = Recordset::of(&value).unwrap();
    let names: Vec<&str> = rows.columns().iter().map(|c| c.name.as_str()).collect();
    assert_eq!((rows.rows(), names), (3, vec!["t", "n"]));
    assert!(context.services.memory.used() > 0);
}
