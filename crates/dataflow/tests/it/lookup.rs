//! Lookup in its three cache modes, with every disposition, over SQLite files and a cache.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, StringViewArray};
use packmule_dataflow::run::{Substitutes, execute_with};
use packmule_dataflow::testing::{
    Collected, FlowBuilder, InMemory, Recorder, Settings, context, property, reference,
};
use packmule_dtsx::model::{CacheColumn, ConnectionManager, Disposition, LineageId, Usage};
use packmule_runtime::EventKind;
use packmule_types::{ColumnType, DataType, Value};

use crate::harness::{BATCH_ROWS, I4, THREADS};
use crate::ole_db::{Database, manager};

/// Names of persons by number; 3 twice, and one without a number.
const PEOPLE: &str = "CREATE TABLE p (id INTEGER, name TEXT, born TEXT, pay NUMERIC);
    INSERT INTO p VALUES (1, 'Ann', '2001-02-03', 1.50), (2, 'Bob ', '2002-03-04', 2.25),
    (3, 'Cid', NULL, 3.75), (3, 'Dan', NULL, 4), (NULL, 'Nil', NULL, 5);";

/// What a test changes.
#[derive(Clone)]
struct Case {
    cache_type: &'static str,
    behavior: &'static str,
    disposition: Disposition,
    truncation: Disposition,
    name_length: u32,
    cached: bool,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            cache_type: "0",
            behavior: "0",
            disposition: Disposition::IgnoreFailure,
            truncation: Disposition::FailComponent,
            name_length: 20,
            cached: false,
        }
    }
}

/// source (k) → Lookup → Match, No Match, Errors
fn flow(case: &Case) -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &[("k", I4)]);
    let lookup = lookup(
        &mut flow,
        case,
        &[(columns[0], "id")],
        &[("name", ColumnType::wstr(case.name_length))],
    );
    flow.path((source, 0), (lookup.0, 0));
    let k = columns[0];
    let mut matched = vec![k];
    matched.extend(&lookup.1);
    let codes: Vec<LineageId> = flow.pipeline.components[lookup.0].outputs[2]
        .columns
        .iter()
        .map(|c| c.lineage)
        .collect();
    let outputs = [
        ("Match", matched),
        ("No Match", vec![k]),
        ("Errors", vec![k, codes[0], codes[1]]),
    ];
    for (at, (name, columns)) in outputs.into_iter().enumerate() {
        let destination = flow.destination(name, &columns);
        flow.path((lookup.0, at), (destination, 0));
    }
    flow
}

fn lookup(
    flow: &mut FlowBuilder,
    case: &Case,
    keys: &[(LineageId, &str)],
    copies: &[(&str, ColumnType)],
) -> (usize, Vec<LineageId>) {
    let lookup = flow.component("Lookup", "Microsoft.Lookup");
    flow.set(lookup, "CacheType", case.cache_type);
    flow.set(lookup, "NoMatchBehavior", case.behavior);
    flow.set(lookup, "SqlCommand", "SELECT id, name, born, pay FROM p");
    let conditions: Vec<String> = keys
        .iter()
        .map(|k| format!("[refTable].[{}] = ?", k.1))
        .collect();
    let sql = format!(
        "select * from (SELECT * FROM p) [refTable] where {}",
        conditions.join(" and ")
    );
    flow.set(lookup, "SqlCommandParam", &sql);
    if case.cached {
        flow.set(lookup, "ConnectionType", "1");
        flow.connect(lookup, "CacheConnection", "{Cache}");
    } else {
        flow.connect(lookup, "OleDbConnection", "{Db}");
    }
    let lineages: Vec<LineageId> = keys.iter().map(|k| k.0).collect();
    flow.pipeline.components[lookup]
        .properties
        .push(reference("ParameterMap", "", &lineages));
    let input = flow.input(lookup, "Lookup Input");
    for (lineage, name) in keys {
        let column = flow.input_column(lookup, input, *lineage);
        let column = &mut flow.pipeline.components[lookup].inputs[input].columns[column];
        column
            .properties
            .push(property("JoinToReferenceColumn", name));
    }
    let output = flow.output(lookup, "Lookup Match Output", Some(0));
    flow.output(lookup, "Lookup No Match Output", Some(0));
    flow.error_output(lookup, Some(0));
    flow.pipeline.components[lookup].outputs[output].error_disposition = case.disposition;
    let mut made = Vec::new();
    for (name, column_type) in copies {
        let lineage = flow.output_column(lookup, output, name, *column_type);
        let column = flow.column_mut(lineage).unwrap();
        column.truncation_disposition = case.truncation;
        column
            .properties
            .push(property("CopyFromReferenceColumn", name));
        made.push(lineage);
    }
    (lookup, made)
}

struct Outcome {
    succeeded: bool,
    rows: [Vec<Vec<Value>>; 3],
    errors: Vec<String>,
    warnings: Vec<u32>,
    information: Vec<u32>,
}

fn run_flow(
    flow: FlowBuilder,
    managers: &[ConnectionManager],
    columns: &[ArrayRef],
    batch_rows: usize,
    threads: usize,
) -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let mut package = flow.package();
    package.connection_managers = managers.to_vec();
    let context = context(
        package,
        &recorder,
        &Settings {
            threads,
            ..Settings::default()
        },
    );
    let collected: [Collected; 3] = Default::default();
    let substitutes = Substitutes::default()
        .memory_source("Source", columns.to_vec(), batch_rows, None)
        .memory_destination("Match", &collected[0])
        .memory_destination("No Match", &collected[1])
        .memory_destination("Errors", &collected[2]);
    let succeeded = execute_with(&context, substitutes).is_ok();
    assert_eq!(context.services.memory.used(), 0, "memory is given back");
    Outcome {
        succeeded,
        rows: collected.map(|rows| rows.lock().clone()),
        errors: recorder.errors(),
        warnings: recorder.codes(&EventKind::Warning),
        information: recorder.codes(&EventKind::Information),
    }
}

fn keys(values: &[Option<i32>]) -> Vec<ArrayRef> {
    vec![Arc::new(Int32Array::from(values.to_vec()))]
}

/// Runs with all sizes of batches and numbers of threads; all give the same.
fn run(case: &Case, values: &[Option<i32>]) -> Outcome {
    let database = Database::new(PEOPLE);
    let mut first: Option<Outcome> = None;
    for batch_rows in BATCH_ROWS {
        for threads in THREADS {
            let outcome = run_flow(
                flow(case),
                &[database.manager("Db")],
                &keys(values),
                batch_rows,
                threads,
            );
            match &first {
                None => first = Some(outcome),
                Some(first) => {
                    let about = format!("{threads} threads, {batch_rows} rows a batch");
                    assert_eq!(outcome.rows, first.rows, "{about}");
                    assert_eq!(outcome.errors, first.errors, "{about}");
                }
            }
        }
    }
    first.unwrap()
}

fn row(key: Option<i32>, name: Option<&str>) -> Vec<Value> {
    vec![
        key.map_or(Value::Null, Value::I4),
        name.map_or(Value::Null, Value::text),
    ]
}

#[test]
fn a_full_cache_takes_the_first_of_equal_keys_and_matches_null() {
    let outcome = run(
        &Case::default(),
        &[Some(3), Some(1), None, Some(9), Some(2)],
    );
    assert!(outcome.succeeded, "{:?}", outcome.errors);
    let expected = [
        row(Some(3), Some("Cid")),
        row(Some(1), Some("Ann")),
        row(None, Some("Nil")),
        row(Some(9), None),
        row(Some(2), Some("Bob ")),
    ];
    assert_eq!(outcome.rows[0], expected);
    assert_eq!(
        outcome
            .warnings
            .iter()
            .filter(|c| **c == 0x8020_90E4)
            .count(),
        1
    );
    assert!(outcome.information.contains(&0x4004_90F5));
}

#[test]
fn the_database_never_matches_null() {
    for cache_type in ["1", "2"] {
        let case = Case {
            cache_type,
            ..Case::default()
        };
        let outcome = run(&case, &[Some(1), None, Some(9), Some(2), Some(1), None]);
        assert!(outcome.succeeded, "{:?}", outcome.errors);
        let expected = [
            row(Some(1), Some("Ann")),
            row(None, None),
            row(Some(9), None),
            row(Some(2), Some("Bob ")),
            row(Some(1), Some("Ann")),
            row(None, None),
        ];
        assert_eq!(outcome.rows[0], expected, "CacheType {cache_type}");
    }
}

#[test]
fn rows_without_a_match_go_where_they_are_sent() {
    let values = [Some(1), Some(8), Some(2), Some(9)];
    for cache_type in ["0", "1", "2"] {
        let behavior = Case {
            cache_type,
            behavior: "1",
            ..Case::default()
        };
        let outcome = run(&behavior, &values);
        assert_eq!(
            outcome.rows[0],
            [row(Some(1), Some("Ann")), row(Some(2), Some("Bob "))]
        );
        assert_eq!(outcome.rows[1], [[Value::I4(8)], [Value::I4(9)]]);
        let redirect = Case {
            cache_type,
            disposition: Disposition::RedirectRow,
            ..Case::default()
        };
        let outcome = run(&redirect, &values);
        assert_eq!(outcome.rows[0].len(), 2);
        let error = |key: i32| vec![Value::I4(key), Value::I4(-1_071_607_778), Value::I4(0)];
        assert_eq!(outcome.rows[2], [error(8), error(9)]);
    }
}

#[test]
fn a_row_without_a_match_fails_the_component() {
    for cache_type in ["0", "1"] {
        let case = Case {
            cache_type,
            disposition: Disposition::FailComponent,
            ..Case::default()
        };
        let outcome = run(&case, &[Some(1), Some(2), Some(9), Some(1)]);
        assert!(!outcome.succeeded);
        assert_eq!(outcome.rows[0].len(), 2);
        let codes: Vec<&str> = outcome.errors.iter().map(|e| &e[..10]).collect();
        assert_eq!(codes, ["0xC020901E", "0xC0209029", "0xC0047022"]);
    }
}

#[test]
fn a_copied_text_that_is_too_long() {
    for (truncation, matched, redirected) in [
        (Disposition::IgnoreFailure, 1, 0),
        (Disposition::RedirectRow, 0, 1),
    ] {
        let case = Case {
            name_length: 2,
            truncation,
            ..Case::default()
        };
        let outcome = run(&case, &[Some(1)]);
        assert!(outcome.succeeded, "{:?}", outcome.errors);
        assert_eq!(
            (outcome.rows[0].len(), outcome.rows[2].len()),
            (matched, redirected)
        );
        if matched == 1 {
            assert_eq!(outcome.rows[0][0], row(Some(1), Some("An")));
        }
    }
    let outcome = run(
        &Case {
            name_length: 2,
            ..Case::default()
        },
        &[Some(1)],
    );
    assert!(
        outcome.errors[0].starts_with("0xC020902A"),
        "{:?}",
        outcome.errors
    );
}

#[test]
fn several_keys_of_other_types() {
    let database = Database::new(PEOPLE);
    let mut flow = FlowBuilder::new();
    let types = [
        ("name", ColumnType::wstr(20)),
        ("born", ColumnType::new(DataType::DbDate)),
        ("pay", ColumnType::numeric(10, 2)),
    ];
    let (source, columns) = flow.source("Source", &types);
    let joined = [
        (columns[0], "name"),
        (columns[1], "born"),
        (columns[2], "pay"),
    ];
    let (lookup, made) = lookup(&mut flow, &Case::default(), &joined, &[("id", I4)]);
    flow.path((source, 0), (lookup, 0));
    let destination = flow.destination("Match", &made);
    flow.path((lookup, 0), (destination, 0));
    let days = |y, m, d| {
        packmule_types::temporal::days_from_civil(y, m, d).unwrap() as i32
            - packmule_types::temporal::DAYS_TO_1970 as i32
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringViewArray::from_iter(
            ["Ann", "ANN", "Bob", "Bob ", "Cid"].map(Some),
        )),
        Arc::new(arrow::array::Date32Array::from(vec![
            Some(days(2001, 2, 3)),
            Some(days(2001, 2, 3)),
            Some(days(2002, 3, 4)),
            Some(days(2002, 3, 4)),
            None,
        ])),
        Arc::new(
            arrow::array::Decimal128Array::from(vec![150, 150, 225, 225, 375])
                .with_precision_and_scale(10, 2)
                .unwrap(),
        ),
    ];
    let outcome = run_flow(flow, &[database.manager("Db")], &columns, 2, 2);
    assert!(outcome.succeeded, "{:?}", outcome.errors);
    // Case and trailing blanks count; NULL equals NULL.
    let expected = [
        Value::I4(1),
        Value::Null,
        Value::Null,
        Value::I4(2),
        Value::I4(3),
    ];
    assert_eq!(outcome.rows[0], expected.map(|value| vec![value]));
}

#[test]
fn a_float_key_is_refused() {
    let database = Database::new(PEOPLE);
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &[("k", ColumnType::new(DataType::R8))]);
    let (lookup, made) = lookup(
        &mut flow,
        &Case::default(),
        &[(columns[0], "id")],
        &[("name", ColumnType::wstr(20))],
    );
    flow.path((source, 0), (lookup, 0));
    let destination = flow.destination("Match", &made);
    flow.path((lookup, 0), (destination, 0));
    let columns: Vec<ArrayRef> = vec![Arc::new(arrow::array::Float64Array::from(vec![1.0]))];
    let outcome = run_flow(flow, &[database.manager("Db")], &columns, 2, 1);
    assert!(
        outcome.errors.iter().any(|e| e.starts_with("0xC0208239")),
        "{:?}",
        outcome.errors
    );
}

/// One package's cache: filled by one data flow, read by another.
#[test]
fn a_cache_transform_fills_what_a_lookup_reads() {
    let mut cache = manager("Cache", "CACHE", "");
    let column = |name: &str, data_type, index_position| CacheColumn {
        name: name.to_owned(),
        data_type,
        index_position,
    };
    cache.cache_columns = vec![column("name", ColumnType::wstr(20), 0), column("id", I4, 1)];
    let recorder = Arc::new(Recorder::default());
    let mut fill = FlowBuilder::new();
    let (source, columns) = fill.source("Source", &[("id", I4), ("name", ColumnType::wstr(20))]);
    let component = fill.component("Cache Transform", "Microsoft.Cache");
    fill.connect(component, "CacheConnection", "{Cache}");
    fill.input(component, "Cache Input");
    for (lineage, name) in columns.iter().zip(["id", "name"]) {
        let at = fill.input_column(component, 0, *lineage);
        let column = &mut fill.pipeline.components[component].inputs[0].columns[at];
        column.properties.push(property("CacheColumnName", name));
        column.usage = Usage::ReadOnly;
    }
    fill.path((source, 0), (component, 0));
    let mut package = fill.package();
    package.connection_managers = vec![cache.clone()];
    let first = context(package, &recorder, &Settings::default());
    let rows: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(vec![Some(1), Some(2), None])),
        Arc::new(StringViewArray::from(vec!["one", "two", "none"])),
    ];
    let substitutes = Substitutes::default().memory_source("Source", rows.clone(), 2, None);
    assert!(
        execute_with(&first, substitutes).is_ok(),
        "{:?}",
        recorder.errors()
    );
    // A second writer is refused.
    let substitutes = Substitutes::default().memory_source("Source", rows, 2, None);
    assert!(execute_with(&first, substitutes).is_err());
    assert!(
        recorder
            .errors()
            .iter()
            .any(|e| e.starts_with("0xC0010200")),
        "{:?}",
        recorder.errors()
    );

    let case = Case {
        cached: true,
        ..Case::default()
    };
    let mut package = flow(&case).package();
    package.connection_managers = vec![cache];
    let mut second = context(package, &recorder, &Settings::default());
    second.connections = Arc::clone(&first.connections);
    let matched = Collected::default();
    let substitutes = Substitutes::default()
        .memory_source("Source", keys(&[Some(2), None, Some(7)]), 2, None)
        .memory_destination("Match", &matched)
        .memory_destination("No Match", &Collected::default())
        .memory_destination("Errors", &Collected::default());
    assert!(
        execute_with(&second, substitutes).is_ok(),
        "{:?}",
        recorder.errors()
    );
    let expected = [
        row(Some(2), Some("two")),
        row(None, Some("none")),
        row(Some(7), None),
    ];
    assert_eq!(*matched.lock(), expected);
}

/// source (k) → Lookup whose readWrite key is replaced by the name's length → Match
#[test]
fn a_column_that_is_replaced() {
    let database = Database::new(PEOPLE);
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &[("k", ColumnType::wstr(4)), ("id", I4)]);
    let (lookup, _) = lookup(&mut flow, &Case::default(), &[(columns[1], "id")], &[]);
    let at = flow.input_column(lookup, 0, columns[0]);
    let column = &mut flow.pipeline.components[lookup].inputs[0].columns[at];
    column.usage = Usage::ReadWrite;
    column
        .properties
        .push(property("CopyFromReferenceColumn", "name"));
    flow.path((source, 0), (lookup, 0));
    let destination = flow.destination("Match", &columns);
    flow.path((lookup, 0), (destination, 0));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringViewArray::from(vec!["x", "y"])),
        Arc::new(Int32Array::from(vec![2, 9])),
    ];
    let outcome = run_flow(flow, &[database.manager("Db")], &columns, 2, 2);
    assert!(outcome.succeeded, "{:?}", outcome.errors);
    let expected = [
        vec![Value::text("Bob "), Value::I4(2)],
        vec![Value::Null, Value::I4(9)],
    ];
    assert_eq!(outcome.rows[0], expected);
}

#[test]
fn equal_keys_may_be_an_error() {
    let database = Database::new(PEOPLE);
    let mut flow = flow(&Case::default());
    flow.set(1, "TreatDuplicateKeysAsError", "true");
    let outcome = run_flow(flow, &[database.manager("Db")], &keys(&[Some(1)]), 1, 1);
    assert!(!outcome.succeeded);
    assert!(
        outcome.errors[0].contains("duplicate reference key"),
        "{:?}",
        outcome.errors
    );
}

/// Many keys and texts: more than a partial cache of 1 MB holds, and more than a small budget.
fn many() -> Database {
    Database::new(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT, born TEXT, pay NUMERIC);
        WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 9999)
        INSERT INTO p SELECT n, 'a long name of a person with the number ' || n, NULL, n FROM c;",
    )
}

#[test]
fn a_partial_cache_that_is_too_small_still_finds_everything() {
    let database = many();
    let case = Case {
        cache_type: "1",
        name_length: 100,
        ..Case::default()
    };
    let mut flow = flow(&case);
    flow.set(1, "MaxMemoryUsage64", "1");
    flow.set(1, "NoMatchCachePercentage", "10");
    let wanted: Vec<Option<i32>> = (0..24_000).map(|n| Some((n * 7919) % 12_000)).collect();
    let outcome = run_flow(flow, &[database.manager("Db")], &keys(&wanted), 1000, 2);
    assert!(outcome.succeeded, "{:?}", outcome.errors);
    assert_eq!(outcome.rows[0].len(), wanted.len());
    for (found, key) in outcome.rows[0].iter().zip(&wanted) {
        let name = key
            .filter(|k| *k < 10_000)
            .map(|k| format!("a long name of a person with the number {k}"));
        assert_eq!(*found, row(*key, name.as_deref()));
    }
}

#[test]
fn a_full_cache_that_does_not_fit_fails_by_name() {
    let database = many();
    let recorder = Arc::new(Recorder::default());
    let mut package = flow(&Case::default()).package();
    package.connection_managers = vec![database.manager("Db")];
    let settings = Settings {
        memory: 600 << 10,
        ..Settings::default()
    };
    let context = context(package, &recorder, &settings);
    let substitutes = Substitutes::default()
        .memory_source("Source", keys(&[Some(1)]), 1, None)
        .memory_destination("Match", &Collected::default())
        .memory_destination("No Match", &Collected::default())
        .memory_destination("Errors", &Collected::default());
    assert!(execute_with(&context, substitutes).is_err());
    let errors = recorder.errors();
    assert!(
        errors[0].contains("reference rows do not fit into memory"),
        "{errors:?}"
    );
    assert_eq!(context.services.memory.used(), 0);
}

/// A failing row is named rightly behind a split, whose batches are selections.
#[test]
fn a_row_fails_behind_a_split() {
    let database = Database::new(PEOPLE);
    for cache_type in ["0", "1"] {
        for batch_rows in BATCH_ROWS {
            let mut flow = FlowBuilder::new();
            let (source, columns) = flow.source("Source", &[("k", I4)]);
            let split = flow.component("Split", "Microsoft.ConditionalSplit");
            flow.input(split, "Input");
            flow.input_column(split, 0, columns[0]);
            let output = flow.output(split, "Small", Some(0));
            flow.pipeline.components[split].outputs[output]
                .properties
                .push(property("Expression", "k != 7"));
            flow.path((source, 0), (split, 0));
            let case = Case {
                cache_type,
                disposition: Disposition::FailComponent,
                ..Case::default()
            };
            let names = [("name", ColumnType::wstr(20))];
            let (lookup, _) = lookup(&mut flow, &case, &[(columns[0], "id")], &names);
            flow.path((split, output), (lookup, 0));
            let destination = flow.destination("Match", &columns);
            flow.path((lookup, 0), (destination, 0));
            let values = keys(&[Some(7), Some(7), Some(1), Some(2), Some(9), Some(1)]);
            let outcome = run_flow(flow, &[database.manager("Db")], &values, batch_rows, 2);
            assert!(!outcome.succeeded);
            let about = format!("CacheType {cache_type}, {batch_rows} rows a batch");
            assert_eq!(outcome.rows[0], [[Value::I4(1)], [Value::I4(2)]], "{about}");
        }
    }
}
