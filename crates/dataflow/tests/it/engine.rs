//! Order, splits, diamonds, failures, cancel and back-pressure.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use packmule_dataflow::run::{Substitutes, execute_with};
use packmule_dataflow::testing::{
    Collected, FlowBuilder, InMemory, Recorder, Settings, context, property, reference, variable,
};
use packmule_dtsx::model::{Disposition, LineageId, Usage};
use packmule_runtime::EventKind;
use packmule_types::{ColumnType, DataType, Value, VariableType};

use crate::harness::{I4, first_column, numbers, run_all, run_once};

const COLUMNS: [(&str, ColumnType); 2] = [("n", I4), ("t", ColumnType::wstr(50))];

/// source → destination
fn straight() -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &COLUMNS);
    let destination = flow.destination("Destination", &columns);
    flow.path((source, 0), (destination, 0));
    flow
}

/// Adds a Derived Column with one new column.
fn derived(
    flow: &mut FlowBuilder,
    name: &str,
    expression: &str,
    column_type: ColumnType,
) -> (usize, LineageId) {
    let component = flow.component(name, "Microsoft.DerivedColumn");
    flow.input(component, "Derived Column Input");
    let output = flow.output(component, "Derived Column Output", Some(0));
    let lineage = flow.output_column(component, output, "d", column_type);
    flow.error_output(component, Some(0));
    let column = flow.column_mut(lineage).unwrap();
    column.properties.push(property("Expression", expression));
    (component, lineage)
}

#[test]
fn rows_arrive_in_order() {
    for outcome in run_all(
        straight,
        &[("Source", numbers(1000), None)],
        &["Destination"],
    ) {
        assert!(outcome.succeeded);
        assert_eq!(
            first_column(&outcome.rows[0]),
            (0..1000).collect::<Vec<_>>()
        );
        let counted: Vec<u64> = outcome.recorder.rows.lock().values().copied().collect();
        assert_eq!(counted, [1000]);
    }
}

#[test]
fn a_source_without_rows_ends_well() {
    for outcome in run_all(straight, &[("Source", numbers(0), None)], &["Destination"]) {
        assert!(outcome.succeeded);
        assert_eq!(outcome.rows[0].len(), 0);
        let wrote = outcome
            .recorder
            .events
            .lock()
            .iter()
            .any(|e| e.description.contains("wrote 0 rows"));
        assert!(wrote);
    }
}

#[test]
fn messages_come_in_ssis_s_order() {
    let outcome = run_once(
        straight(),
        &[("Source", numbers(3), None)],
        &["Destination"],
        2,
        &Settings::default(),
    );
    let codes = outcome.recorder.codes(&EventKind::Information);
    let expected = [
        0x4004_300A,
        0x4004_3006,
        0x4004_3007,
        0x4004_300C,
        0x4004_3008,
        0x4004_300B,
        0x4004_3009,
    ];
    assert_eq!(codes, expected);
}

#[test]
fn the_lowest_failing_row_is_reported_and_nothing_above_it_is_written() {
    let sources = [("Source", numbers(1000), Some(637))];
    for outcome in run_all(straight, &sources, &["Destination"]) {
        assert!(!outcome.succeeded);
        assert_eq!(first_column(&outcome.rows[0]), (0..637).collect::<Vec<_>>());
        let errors = outcome.recorder.errors();
        assert!(errors[0].contains("row 637 fails"), "{errors:?}");
        assert!(errors[1].starts_with("0xC0047038"), "{errors:?}");
    }
}

#[test]
fn a_failing_expression_stops_before_its_row() {
    let flow = || {
        let mut flow = FlowBuilder::new();
        let (source, columns) = flow.source("Source", &COLUMNS);
        let (component, d) = derived(&mut flow, "Derived Column", "100 / (n - 421)", I4);
        flow.input_column(component, 0, columns[0]);
        let destination = flow.destination("Destination", &[columns[0], d]);
        flow.path((source, 0), (component, 0));
        flow.path((component, 0), (destination, 0));
        flow
    };
    for outcome in run_all(
        flow,
        &[("Source", numbers(1000), Some(700))],
        &["Destination"],
    ) {
        assert!(!outcome.succeeded);
        assert_eq!(first_column(&outcome.rows[0]), (0..421).collect::<Vec<_>>());
        let errors = outcome.recorder.errors();
        assert!(errors[0].starts_with("0xC0049030"), "{errors:?}");
        assert!(errors[1].starts_with("0xC0209029"), "{errors:?}");
        assert!(errors[2].starts_with("0xC0047022"), "{errors:?}");
        assert_eq!(errors.len(), 3, "{errors:?}");
    }
}

/// source → Derived Column with dispositions → destination, errors → another
fn dispositions(error: Disposition) -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &COLUMNS);
    let (component, d) = derived(&mut flow, "Derived Column", "10 / (n % 3)", I4);
    flow.input_column(component, 0, columns[0]);
    flow.column_mut(d).unwrap().error_disposition = error;
    let destination = flow.destination("Destination", &[columns[0], d]);
    let codes: Vec<LineageId> = flow.pipeline.components[component].outputs[1]
        .columns
        .iter()
        .map(|c| c.lineage)
        .collect();
    let errors = flow.destination("Errors", &[columns[0], codes[0], codes[1]]);
    flow.path((source, 0), (component, 0));
    flow.path((component, 0), (destination, 0));
    flow.path((component, 1), (errors, 0));
    flow
}

#[test]
fn redirected_rows_carry_code_and_column() {
    let flow = || dispositions(Disposition::RedirectRow);
    let lineage = {
        let flow = flow();
        flow.pipeline.components[1].outputs[0].columns[0].lineage.0
    };
    let sources = [("Source", numbers(100), None)];
    for outcome in run_all(flow, &sources, &["Destination", "Errors"]) {
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        let bad: Vec<i32> = (0..100).filter(|n| n % 3 == 0).collect();
        let good: Vec<i32> = (0..100).filter(|n| n % 3 != 0).collect();
        assert_eq!(first_column(&outcome.rows[0]), good);
        assert_eq!(first_column(&outcome.rows[1]), bad);
        let code = Value::I4(0xC004_9030_u32.cast_signed());
        assert_eq!(outcome.rows[1][0][1..], [code, Value::I4(lineage)]);
    }
}

#[test]
fn ignored_errors_are_null() {
    let flow = || dispositions(Disposition::IgnoreFailure);
    let sources = [("Source", numbers(6), None)];
    for outcome in run_all(flow, &sources, &["Destination", "Errors"]) {
        let values: Vec<Value> = outcome.rows[0].iter().map(|row| row[1].clone()).collect();
        let ten = Value::I4(10);
        let five = Value::I4(5);
        let expected = [
            Value::Null,
            ten.clone(),
            five.clone(),
            Value::Null,
            ten,
            five,
        ];
        assert_eq!(values, expected);
        assert_eq!(outcome.rows[1].len(), 0);
    }
}

#[test]
fn replaced_columns_read_incoming_values() {
    let flow = || {
        let mut flow = FlowBuilder::new();
        let (source, columns) = flow.source("Source", &[("a", I4), ("b", I4)]);
        let component = flow.component("Swap", "Microsoft.DerivedColumn");
        flow.input(component, "Input");
        flow.output(component, "Output", Some(0));
        for (column, other) in [(0, "b"), (1, "a")] {
            let at = flow.input_column(component, 0, columns[column]);
            let column = &mut flow.pipeline.components[component].inputs[0].columns[at];
            column.usage = Usage::ReadWrite;
            column.properties.push(property("Expression", other));
        }
        let destination = flow.destination("Destination", &columns);
        flow.path((source, 0), (component, 0));
        flow.path((component, 0), (destination, 0));
        flow
    };
    let a = Arc::new(arrow::array::Int32Array::from(vec![1, 2]));
    let b = Arc::new(arrow::array::Int32Array::from(vec![30, 40]));
    for outcome in run_all(flow, &[("Source", vec![a, b], None)], &["Destination"]) {
        let rows = [[Value::I4(30), Value::I4(1)], [Value::I4(40), Value::I4(2)]];
        assert_eq!(outcome.rows[0], rows);
    }
}

/// source → Conditional Split by n % 3 → three destinations
fn split(null_disposition: Disposition) -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &COLUMNS);
    let component = flow.component("Split", "Microsoft.ConditionalSplit");
    flow.input(component, "Input");
    flow.input_column(component, 0, columns[0]);
    let conditions = [
        ("n % 3 == 0 ? NULL(DT_BOOL) : n % 3 == 1", "1"),
        ("n % 2 == 0", "2"),
        ("1 / (n - 5) == 1", "0"),
    ];
    for (at, (condition, order)) in conditions.iter().enumerate() {
        let output = flow.output(component, &format!("Case {at}"), Some(0));
        let output = &mut flow.pipeline.components[component].outputs[output];
        output.error_disposition = if at == 2 {
            Disposition::IgnoreFailure
        } else {
            null_disposition
        };
        output
            .properties
            .push(reference("Expression", condition, &[]));
        output.properties.push(property("EvaluationOrder", order));
    }
    let default = flow.output(component, "Default", Some(0));
    let output = &mut flow.pipeline.components[component].outputs[default];
    output.properties.push(property("IsDefaultOut", "true"));
    let errors = flow.error_output(component, Some(0));
    for (output, name) in [(0, "A"), (1, "B"), (2, "C"), (default, "D"), (errors, "E")] {
        let destination = flow.destination(name, &[columns[0]]);
        flow.path((component, output), (destination, 0));
    }
    flow.path((source, 0), (component, 0));
    flow
}

#[test]
fn the_first_true_condition_takes_the_row() {
    for (disposition, nulls_go) in [
        (Disposition::IgnoreFailure, 1),
        (Disposition::RedirectRow, 4),
    ] {
        let sources = [("Source", numbers(60), None)];
        let names = ["A", "B", "C", "D", "E"];
        for outcome in run_all(|| split(disposition), &sources, &names) {
            assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
            let mut expected: Vec<Vec<i32>> = vec![Vec::new(); 5];
            for n in 0..60 {
                let place = match n {
                    6 => 2, // 1 / (n - 5) == 1, looked at first
                    n if n % 3 == 0 && nulls_go == 4 => 4,
                    n if n % 3 == 1 => 0,
                    n if n % 2 == 0 => 1,
                    _ => 3,
                };
                expected[place].push(n);
            }
            let rows: Vec<Vec<i32>> = outcome.rows.iter().map(|r| first_column(r)).collect();
            assert_eq!(rows, expected);
        }
    }
}

/// source → Conditional Split of the even rows → Derived Column that fails → destination
fn failing_behind_a_split() -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &COLUMNS);
    let split = flow.component("Split", "Microsoft.ConditionalSplit");
    flow.input(split, "Input");
    flow.input_column(split, 0, columns[0]);
    let even = flow.output(split, "Even", Some(0));
    let output = &mut flow.pipeline.components[split].outputs[even];
    let condition = reference("Expression", "n % 2 == 0", &[]);
    output.properties.push(condition);
    output.properties.push(property("EvaluationOrder", "0"));
    let (component, d) = derived(&mut flow, "Derived Column", "100 / (n - 420)", I4);
    flow.input_column(component, 0, columns[0]);
    let destination = flow.destination("Destination", &[columns[0], d]);
    flow.path((source, 0), (split, 0));
    flow.path((split, even), (component, 0));
    flow.path((component, 0), (destination, 0));
    flow
}

#[test]
fn a_row_that_fails_behind_a_split_is_the_right_one() {
    let sources = [("Source", numbers(1000), None)];
    for outcome in run_all(failing_behind_a_split, &sources, &["Destination"]) {
        assert!(!outcome.succeeded);
        let expected: Vec<i32> = (0..420).filter(|n| n % 2 == 0).collect();
        assert_eq!(first_column(&outcome.rows[0]), expected);
    }
}

/// source → Multicast → (Derived Column | nothing) → Union All → destination
fn diamond() -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &COLUMNS);
    let multicast = flow.component("Multicast", "Microsoft.Multicast");
    flow.input(multicast, "Input");
    flow.output(multicast, "Output 1", Some(0));
    flow.output(multicast, "Output 2", Some(0));
    let (component, d) = derived(&mut flow, "Derived Column", "n * 2", I4);
    flow.input_column(component, 0, columns[0]);
    let union = flow.component("Union All", "Microsoft.UnionAll");
    let output = flow.output(union, "Output", None);
    let out_n = flow.output_column(union, output, "n", I4);
    let out_t = flow.output_column(union, output, "t", ColumnType::wstr(50));
    for (input, name, mapping) in [
        (0, "Input 1", vec![(columns[0], out_n), (columns[1], out_t)]),
        (1, "Input 2", vec![(d, out_n)]),
    ] {
        flow.input(union, name);
        for (from, to) in mapping {
            let at = flow.input_column(union, input, from);
            let column = &mut flow.pipeline.components[union].inputs[input].columns[at];
            column
                .properties
                .push(reference("OutputColumnLineageID", "#", &[to]));
        }
    }
    let destination = flow.destination("Destination", &[out_n, out_t]);
    flow.path((source, 0), (multicast, 0));
    flow.path((multicast, 0), (union, 0));
    flow.path((multicast, 1), (component, 0));
    flow.path((component, 0), (union, 1));
    flow.path((union, 0), (destination, 0));
    flow
}

#[test]
fn a_diamond_does_not_lock_up_and_keeps_each_input_s_order() {
    for outcome in run_all(diamond, &[("Source", numbers(500), None)], &["Destination"]) {
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        let (mut plain, mut doubled) = (Vec::new(), Vec::new());
        for row in &outcome.rows[0] {
            let Value::I4(n) = row[0] else {
                panic!("{row:?}")
            };
            if row[1].is_null() {
                doubled.push(n)
            } else {
                plain.push(n)
            }
        }
        assert_eq!(plain, (0..500).collect::<Vec<_>>());
        assert_eq!(doubled, (0..500).map(|n| n * 2).collect::<Vec<_>>());
    }
}

#[test]
fn a_diamond_works_with_hardly_any_memory() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        threads: 4,
        memory: 4000,
        temp_folder: folder.path().to_path_buf(),
        ..Settings::default()
    };
    let sources = [("Source", numbers(5000), None)];
    let outcome = run_once(diamond(), &sources, &["Destination"], 50, &settings);
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    assert_eq!(outcome.rows[0].len(), 10_000);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_failure_in_a_diamond_is_the_same_for_any_thread_count() {
    for outcome in run_all(
        diamond,
        &[("Source", numbers(500), Some(123))],
        &["Destination"],
    ) {
        assert!(!outcome.succeeded);
        assert_eq!(outcome.rows[0].len(), 246);
    }
}

#[test]
fn row_count_writes_its_variable_at_the_end() {
    for (fail_at, expected) in [(None, 77), (Some(40), -1)] {
        let mut flow = FlowBuilder::new();
        let (source, columns) = flow.source("Source", &COLUMNS);
        let count = flow.component("Row Count", "Microsoft.RowCount");
        flow.input(count, "Input");
        flow.output(count, "Output", Some(0));
        flow.set(count, "VariableName", "User::Rows");
        let destination = flow.destination("Destination", &columns);
        flow.path((source, 0), (count, 0));
        flow.path((count, 0), (destination, 0));
        let mut package = flow.package();
        package
            .root
            .variables
            .push(variable("Rows", VariableType::Int32, Value::I4(-1)));
        let recorder = Arc::new(Recorder::default());
        let context = context(package, &recorder, &Settings::default());
        let rows = Collected::default();
        let substitutes = Substitutes::default()
            .memory_source("Source", numbers(77), 10, fail_at)
            .memory_destination("Destination", &rows);
        let result = execute_with(&context, substitutes);
        assert_eq!(result.is_ok(), fail_at.is_none(), "{:?}", recorder.errors());
        assert_eq!(context.scope.get("User::Rows"), Ok(Value::I4(expected)));
    }
}

#[test]
fn a_slow_destination_holds_the_source_back() {
    let recorder = Arc::new(Recorder::default());
    let settings = Settings {
        threads: 4,
        ..Settings::default()
    };
    let context = context(straight().package(), &recorder, &settings);
    let peak = Arc::new(AtomicUsize::new(0));
    let memory = context.services.memory.clone();
    let pause = {
        let peak = Arc::clone(&peak);
        Arc::new(move || {
            for _ in 0..1000 {
                std::hint::spin_loop();
            }
            peak.fetch_max(memory.used(), Ordering::Relaxed);
        })
    };
    let rows = Collected::default();
    let substitutes = Substitutes::default()
        .memory_source("Source", numbers(20_000), 10, None)
        .slow_destination("Destination", &rows, pause);
    execute_with(&context, substitutes).unwrap();
    assert_eq!(rows.lock().len(), 20_000);
    // A piece reserves 160 bytes, a window has 10 places.
    assert!(peak.load(Ordering::Relaxed) <= 160 * 11, "{peak:?}");
}

#[test]
fn cancel_ends_the_run_without_an_error_event() {
    let recorder = Arc::new(Recorder::default());
    let context = context(straight().package(), &recorder, &Settings::default());
    let cancel = context.services.cancel.clone();
    let seen = Arc::new(AtomicUsize::new(0));
    let pause = {
        let seen = Arc::clone(&seen);
        Arc::new(move || {
            if seen.fetch_add(1, Ordering::Relaxed) == 3 {
                cancel.cancel();
            }
        })
    };
    let rows = Collected::default();
    let substitutes = Substitutes::default()
        .memory_source("Source", numbers(100_000), 10, None)
        .slow_destination("Destination", &rows, pause);
    assert!(execute_with(&context, substitutes).is_err());
    assert!(rows.lock().len() < 1000);
    assert!(recorder.errors().is_empty(), "{:?}", recorder.errors());
}

#[test]
fn unused_columns_are_warned_of() {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &COLUMNS);
    let destination = flow.destination("Destination", &columns[..1]);
    flow.path((source, 0), (destination, 0));
    let sources = [("Source", numbers(1), None)];
    let outcome = run_once(flow, &sources, &["Destination"], 1, &Settings::default());
    assert_eq!(outcome.recorder.codes(&EventKind::Warning), [0x8004_7076]);
}

#[test]
fn an_unknown_component_is_refused_by_name() {
    let mut flow = FlowBuilder::new();
    let (source, columns) = flow.source("Source", &COLUMNS);
    let fuzzy = flow.component("Fuzzy", "Microsoft.FuzzyLookup");
    flow.input(fuzzy, "Input");
    flow.input_column(fuzzy, 0, columns[0]);
    flow.path((source, 0), (fuzzy, 0));
    let sources = [("Source", numbers(1), None)];
    let outcome = run_once(flow, &sources, &[], 1, &Settings::default());
    assert!(!outcome.succeeded);
    let errors = outcome.recorder.errors();
    assert!(errors[0].contains("Microsoft.FuzzyLookup"), "{errors:?}");
    let i4 = DataType::I4;
    assert_eq!(i4.number(), 3);
}
