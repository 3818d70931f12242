//! Merge Join against a plain nested loop, and in diamonds.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, StringViewArray};
use packmule_dataflow::testing::{FlowBuilder, Settings, property, reference};
use packmule_dtsx::model::LineageId;
use packmule_types::{ColumnType, Value};

use crate::harness::{I4, run_all, run_once};
use crate::sort::add_sort;

const WSTR: ColumnType = ColumnType::wstr(50);
const COLUMNS: [(&str, ColumnType); 3] = [("k", I4), ("t", WSTR), ("v", I4)];

/// A row of either input: a number, a text, the row's own number.
type Row = (Option<i32>, Option<&'static str>, i32);

#[derive(Clone, Copy)]
struct Join {
    join: i32,
    nulls_equal: bool,
    /// (column, descending)
    keys: &'static [(usize, bool)],
}

/// Adds a Merge Join of two outputs with all columns of both.
fn add_join(
    flow: &mut FlowBuilder,
    join: Join,
    left: ((usize, usize), &[LineageId]),
    right: ((usize, usize), &[LineageId]),
) -> (usize, Vec<LineageId>) {
    let component = flow.component("Merge Join", "Microsoft.MergeJoin");
    flow.set(component, "JoinType", &join.join.to_string());
    flow.set(component, "NumKeyColumns", &join.keys.len().to_string());
    flow.set(
        component,
        "TreatNullsAsEqual",
        if join.nulls_equal { "true" } else { "false" },
    );
    flow.input(component, "Left");
    flow.input(component, "Right");
    let output = flow.output(component, "Merge Join Output", None);
    let mut made = Vec::new();
    for (input, (from, lineages)) in [left, right].into_iter().enumerate() {
        for (lineage, (name, column_type)) in lineages.iter().zip(COLUMNS) {
            let at = flow.input_column(component, input, *lineage);
            let id = flow.pipeline.components[component].inputs[input].columns[at].id;
            let new = flow.output_column(component, output, name, column_type);
            let references = [LineageId(id)];
            flow.column_mut(new).unwrap().properties.push(reference(
                "InputColumnID",
                "#{}",
                &references,
            ));
            made.push(new);
        }
        flow.path(from, (component, input));
    }
    (component, made)
}

/// Two sorted sources → Merge Join → destination
fn flow(join: Join) -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let mut sources = Vec::new();
    for name in ["Left", "Right"] {
        let (source, lineages) = flow.source(name, &COLUMNS);
        flow.pipeline.components[source].outputs[0].is_sorted = true;
        for (place, (column, descending)) in join.keys.iter().enumerate() {
            let place = place as i32 + 1;
            let key = flow.column_mut(lineages[*column]).unwrap();
            key.sort_key_position = if *descending { -place } else { place };
        }
        sources.push((source, lineages));
    }
    let [(left, left_columns), (right, right_columns)] = &sources[..] else {
        unreachable!()
    };
    let (component, made) = add_join(
        &mut flow,
        join,
        ((*left, 0), left_columns),
        ((*right, 0), right_columns),
    );
    let destination = flow.destination("Destination", &made);
    flow.path((component, 0), (destination, 0));
    flow
}

fn arrays(rows: &[Row]) -> Vec<ArrayRef> {
    vec![
        Arc::new(Int32Array::from_iter(rows.iter().map(|r| r.0))),
        Arc::new(StringViewArray::from_iter(rows.iter().map(|r| r.1))),
        Arc::new(Int32Array::from_iter_values(rows.iter().map(|r| r.2))),
    ]
}

fn compare(a: &Row, b: &Row, keys: &[(usize, bool)]) -> Ordering {
    keys.iter()
        .fold(Ordering::Equal, |so_far, (column, descending)| {
            let order = if *column == 0 {
                a.0.cmp(&b.0)
            } else {
                a.1.cmp(&b.1)
            };
            so_far.then(if *descending { order.reverse() } else { order })
        })
}

fn values(row: Option<&Row>) -> Vec<Value> {
    let Some(row) = row else {
        return vec![Value::Null; 3];
    };
    vec![
        row.0.map_or(Value::Null, Value::I4),
        row.1.map_or(Value::Null, Value::text),
        Value::I4(row.2),
    ]
}

/// The joined rows by looking at every pair, in the order of a merge.
fn expected(join: Join, left: &[Row], right: &[Row]) -> Vec<Vec<Value>> {
    let null = |row: &Row| {
        join.keys.iter().any(|(c, _)| {
            if *c == 0 {
                row.0.is_none()
            } else {
                row.1.is_none()
            }
        })
    };
    let equal =
        |a: &Row, b: &Row| compare(a, b, join.keys).is_eq() && (join.nulls_equal || !null(a));
    let mut rows: Vec<(Row, u8, usize, Vec<Value>)> = Vec::new();
    for (at, a) in left.iter().enumerate() {
        let matches: Vec<&Row> = right.iter().filter(|b| equal(a, b)).collect();
        for b in &matches {
            rows.push((*a, 0, at, [values(Some(a)), values(Some(b))].concat()));
        }
        if matches.is_empty() && join.join != 2 {
            rows.push((*a, 0, at, [values(Some(a)), values(None)].concat()));
        }
    }
    if join.join == 0 {
        for (at, b) in right.iter().enumerate() {
            if !left.iter().any(|a| equal(a, b)) {
                rows.push((*b, 1, at, [values(None), values(Some(b))].concat()));
            }
        }
    }
    rows.sort_by(|a, b| compare(&a.0, &b.0, join.keys).then(a.1.cmp(&b.1)));
    rows.into_iter().map(|row| row.3).collect()
}

const TEXTS: [&str; 4] = ["ant", "bee", "cat", "dog"];

/// Rows sorted by the keys, with doubles and NULLs.
fn rows(count: i32, step: i32, keys: &[(usize, bool)]) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..count)
        .map(|n| {
            let key = n * step % 23;
            let text = (n * 7 + step) % 5;
            (
                (key != 3).then_some(key),
                TEXTS.get(text as usize).copied(),
                n,
            )
        })
        .collect();
    rows.sort_by(|a, b| compare(a, b, keys));
    rows
}

fn check(join: Join, left: &[Row], right: &[Row]) {
    let sources = [("Left", arrays(left), None), ("Right", arrays(right), None)];
    let expected = expected(join, left, right);
    for outcome in run_all(|| flow(join), &sources, &["Destination"]) {
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        assert_eq!(
            outcome.rows[0], expected,
            "join {} over {:?}",
            join.join, join.keys
        );
    }
}

#[test]
fn every_join_over_one_number() {
    for keys in [&[(0, false)][..], &[(0, true)]] {
        let (left, right) = (rows(40, 2, keys), rows(50, 3, keys));
        for join in [0, 1, 2] {
            for nulls_equal in [true, false] {
                check(
                    Join {
                        join,
                        nulls_equal,
                        keys,
                    },
                    &left,
                    &right,
                );
            }
        }
    }
}

#[test]
fn texts_and_several_keys() {
    for keys in [
        &[(1, false)][..],
        &[(0, false), (1, true)],
        &[(1, true), (0, true)],
    ] {
        let (left, right) = (rows(30, 2, keys), rows(30, 3, keys));
        for join in [0, 1, 2] {
            for nulls_equal in [true, false] {
                check(
                    Join {
                        join,
                        nulls_equal,
                        keys,
                    },
                    &left,
                    &right,
                );
            }
        }
    }
}

#[test]
fn empty_sides() {
    let keys = &[(0, false)];
    let some = rows(10, 1, keys);
    for join in [0, 1, 2] {
        let join = Join {
            join,
            nulls_equal: true,
            keys,
        };
        check(join, &some, &[]);
        check(join, &[], &some);
        check(join, &[], &[]);
    }
}

#[test]
fn a_key_with_many_rows_on_both_sides() {
    let keys = &[(0, false)];
    let many: Vec<Row> = (0..200)
        .map(|n| (Some(i32::from(n >= 150)), None, n))
        .collect();
    let sources = [
        ("Left", arrays(&many), None),
        ("Right", arrays(&many), None),
    ];
    let join = Join {
        join: 2,
        nulls_equal: true,
        keys,
    };
    let expected = expected(join, &many, &many);
    assert_eq!(expected.len(), 150 * 150 + 50 * 50);
    for batch_rows in [3, 64, 10_000] {
        let outcome = run_once(
            flow(join),
            &sources,
            &["Destination"],
            batch_rows,
            &Settings::default(),
        );
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        assert!(outcome.rows[0] == expected, "{batch_rows} rows a batch");
    }
}

#[test]
fn keys_of_different_types_are_refused() {
    let keys = &[(0, false)];
    let mut flow = flow(Join {
        join: 2,
        nulls_equal: true,
        keys,
    });
    flow.pipeline.components[1].outputs[0].columns[0].column_type = WSTR;
    let some = arrays(&rows(5, 1, keys));
    let right = vec![
        Arc::clone(&some[1]),
        Arc::clone(&some[1]),
        Arc::clone(&some[2]),
    ];
    let outcome = run_once(
        flow,
        &[("Left", some, None), ("Right", right, None)],
        &["Destination"],
        5,
        &Settings::default(),
    );
    assert!(!outcome.succeeded);
    let errors = outcome.recorder.errors();
    assert!(
        errors.iter().any(|e| e.starts_with("0xC02020B4")),
        "{errors:?}"
    );
}

/// source → Multicast → Sort (and, if wanted, a second one) → Merge Join → destination
fn diamond(two_sorts: bool) -> FlowBuilder {
    let join = Join {
        join: 2,
        nulls_equal: true,
        keys: &[(0, false)],
    };
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", &COLUMNS);
    if !two_sorts {
        flow.pipeline.components[source].outputs[0].is_sorted = true;
        flow.column_mut(lineages[0]).unwrap().sort_key_position = 1;
    }
    let multicast = flow.component("Multicast", "Microsoft.Multicast");
    flow.input(multicast, "Multicast Input");
    flow.output(multicast, "Multicast Output 1", Some(0));
    flow.output(multicast, "Multicast Output 2", Some(0));
    flow.path((source, 0), (multicast, 0));
    let columns: Vec<_> = lineages.iter().copied().zip(COLUMNS.map(|c| c.1)).collect();
    let (left, left_columns) = add_sort(
        &mut flow,
        "Sort",
        (multicast, 0),
        &columns,
        &[(0, 1, 0)],
        false,
    );
    let (right, right_columns) = if two_sorts {
        let (sort, columns) = add_sort(
            &mut flow,
            "Sort 1",
            (multicast, 1),
            &columns,
            &[(0, 1, 0)],
            false,
        );
        ((sort, 0), columns)
    } else {
        ((multicast, 1), lineages)
    };
    let (component, made) = add_join(
        &mut flow,
        join,
        ((left, 0), &left_columns),
        (right, &right_columns),
    );
    let destination = flow.destination("Destination", &made);
    flow.path((component, 0), (destination, 0));
    // `property` is what the Sorts' settings are made of; a hint must not matter.
    flow.pipeline.components[component]
        .properties
        .push(property("MaxBuffersPerInput", "1"));
    flow
}

#[test]
fn a_diamond_of_two_sorts_ends_well() {
    let rows: Vec<Row> = (0..500).rev().map(|n| (Some(n), Some("x"), n)).collect();
    let expected: Vec<i32> = (0..500).collect();
    for outcome in run_all(
        || diamond(true),
        &[("Source", arrays(&rows), None)],
        &["Destination"],
    ) {
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        let joined: Vec<i32> = outcome.rows[0]
            .iter()
            .map(|row| match (&row[0], &row[5]) {
                (Value::I4(k), Value::I4(v)) if k == v => *k,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(joined, expected);
    }
}

#[test]
fn the_other_branch_of_a_sort_may_be_larger_than_memory() {
    let count = 120_000;
    let numbers: ArrayRef = Arc::new(Int32Array::from_iter_values(0..count));
    let texts = (0..count).map(|n| format!("the text that belongs to row {n}"));
    let texts: ArrayRef = Arc::new(StringViewArray::from_iter_values(texts));
    let arrays = vec![Arc::clone(&numbers), texts, numbers];
    for (threads, memory) in [(1, 4 << 20), (2, 4 << 20), (8, 8 << 20)] {
        let settings = Settings {
            threads,
            memory,
            ..Settings::default()
        };
        let outcome = run_once(
            diamond(false),
            &[("Source", arrays.clone(), None)],
            &["Destination"],
            4000,
            &settings,
        );
        assert!(
            outcome.succeeded,
            "{threads}: {:?}",
            outcome.recorder.errors()
        );
        assert_eq!(outcome.rows[0].len(), count as usize);
        let right = outcome.rows[0].iter().enumerate().all(|(at, row)| {
            let number = Value::I4(at as i32);
            row[0] == number && row[3] == number && row[1] == row[4]
        });
        assert!(right);
    }
}
