//! Sort: order, ties, duplicates, NULLs, and more rows than memory.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, StringViewArray};
use packmule_dataflow::testing::{FlowBuilder, Settings, property, reference};
use packmule_dtsx::model::LineageId;
use packmule_types::{ColumnType, Value};

use crate::harness::{I4, first_column, run_all, run_once};

const COLUMNS: [(&str, ColumnType); 2] = [("n", I4), ("t", ColumnType::wstr(50))];

/// Adds a Sort after an output; keys are (input column, place, flags).
pub(crate) fn add_sort(
    flow: &mut FlowBuilder,
    name: &str,
    from: (usize, usize),
    columns: &[(LineageId, ColumnType)],
    keys: &[(usize, i32, u32)],
    distinct: bool,
) -> (usize, Vec<LineageId>) {
    let sort = flow.component(name, "Microsoft.Sort");
    flow.set(
        sort,
        "EliminateDuplicates",
        if distinct { "true" } else { "false" },
    );
    flow.input(sort, "Sort Input");
    let output = flow.output(sort, "Sort Output", None);
    flow.pipeline.components[sort].outputs[output].is_sorted = true;
    let mut made = Vec::new();
    for (at, (lineage, column_type)) in columns.iter().enumerate() {
        let input = flow.input_column(sort, 0, *lineage);
        let key = keys.iter().find(|k| k.0 == at);
        let column = &mut flow.pipeline.components[sort].inputs[0].columns[input];
        let name = column.name.clone();
        let place = key.map_or(0, |k| k.1);
        let flags = key.map_or(0, |k| k.2);
        column
            .properties
            .push(property("NewSortKeyPosition", &place.to_string()));
        column
            .properties
            .push(property("NewComparisonFlags", &flags.to_string()));
        let new = flow.output_column(sort, output, &name, *column_type);
        let column = flow.column_mut(new).unwrap();
        column.sort_key_position = place;
        column.comparison_flags = flags;
        column
            .properties
            .push(reference("SortColumnId", "#{}", &[*lineage]));
        made.push(new);
    }
    flow.path(from, (sort, 0));
    (sort, made)
}

/// source → Sort → destination
fn flow(keys: &[(usize, i32, u32)], distinct: bool) -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", &COLUMNS);
    let columns: Vec<_> = lineages.into_iter().zip(COLUMNS.map(|c| c.1)).collect();
    let (sort, made) = add_sort(&mut flow, "Sort", (source, 0), &columns, keys, distinct);
    let destination = flow.destination("Destination", &made);
    flow.path((sort, 0), (destination, 0));
    flow
}

fn arrays(rows: &[(Option<i32>, Option<&str>)]) -> Vec<ArrayRef> {
    vec![
        Arc::new(Int32Array::from_iter(rows.iter().map(|r| r.0))),
        Arc::new(StringViewArray::from_iter(rows.iter().map(|r| r.1))),
    ]
}

fn values(rows: &[(Option<i32>, Option<&str>)]) -> Vec<Vec<Value>> {
    let value = |row: &(Option<i32>, Option<&str>)| {
        vec![
            row.0.map_or(Value::Null, Value::I4),
            row.1.map_or(Value::Null, Value::text),
        ]
    };
    rows.iter().map(value).collect()
}

const ROWS: [(Option<i32>, Option<&str>); 8] = [
    (Some(3), Some("c")),
    (None, Some("first null")),
    (Some(1), Some("b")),
    (Some(3), Some("A")),
    (Some(-5), None),
    (Some(1), Some("a")),
    (None, None),
    (Some(3), Some("c")),
];

fn check(keys: &[(usize, i32, u32)], distinct: bool, order: &[usize]) {
    let expected: Vec<_> = order.iter().map(|at| ROWS[*at]).collect();
    for outcome in run_all(
        || flow(keys, distinct),
        &[("Source", arrays(&ROWS), None)],
        &["Destination"],
    ) {
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        assert_eq!(outcome.rows[0], values(&expected), "{keys:?}");
    }
}

#[test]
fn null_is_lowest_and_equal_keys_keep_their_order() {
    check(&[(0, 1, 0)], false, &[1, 6, 4, 2, 5, 0, 3, 7]);
    check(&[(0, -1, 0)], false, &[0, 3, 7, 2, 5, 4, 1, 6]);
}

#[test]
fn several_keys_count_in_their_places() {
    check(&[(0, 1, 0), (1, 2, 0)], false, &[6, 1, 4, 5, 2, 3, 0, 7]);
    check(&[(0, -1, 0), (1, 2, 0)], false, &[3, 0, 7, 5, 2, 4, 6, 1]);
    check(&[(0, 2, 0), (1, -1, 0)], false, &[1, 0, 7, 2, 3, 5, 6, 4]);
}

#[test]
fn the_first_of_equal_keys_stays() {
    check(&[(0, 1, 0)], true, &[1, 4, 2, 0]);
    check(&[(1, 1, 1)], true, &[4, 3, 2, 0, 1]);
    check(&[(1, 1, 0)], true, &[4, 5, 3, 2, 0, 1]);
}

#[test]
fn no_rows_sort_well() {
    for outcome in run_all(
        || flow(&[(0, 1, 0)], true),
        &[("Source", arrays(&[]), None)],
        &["Destination"],
    ) {
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        assert_eq!(outcome.rows[0].len(), 0);
    }
}

#[test]
fn more_rows_than_memory() {
    let rows = 200_000;
    let numbers: Vec<i32> = (0..rows)
        .map(|n| (n as u32).wrapping_mul(2_654_435_761) as i32 >> 4)
        .collect();
    let texts: Vec<String> = numbers
        .iter()
        .map(|n| format!("a text that belongs to {n}"))
        .collect();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(numbers.clone())),
        Arc::new(StringViewArray::from_iter_values(&texts)),
    ];
    let mut expected = numbers;
    expected.sort_unstable();
    for threads in [1, 4] {
        let settings = Settings {
            threads,
            memory: 8 << 20,
            ..Settings::default()
        };
        let outcome = run_once(
            flow(&[(0, 1, 0)], false),
            &[("Source", arrays.clone(), None)],
            &["Destination"],
            4000,
            &settings,
        );
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        assert_eq!(first_column(&outcome.rows[0]), expected);
        let belong = outcome.rows[0].iter().all(|row| match row.as_slice() {
            [Value::I4(n), Value::Text(t)] => t.ends_with(&format!(" {n}")),
            _ => false,
        });
        assert!(belong);
    }
}

#[test]
fn a_sort_without_keys_is_refused() {
    let outcome = run_once(
        flow(&[], false),
        &[("Source", arrays(&ROWS), None)],
        &["Destination"],
        10,
        &Settings::default(),
    );
    assert!(!outcome.succeeded);
}
