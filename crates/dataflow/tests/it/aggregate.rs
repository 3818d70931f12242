//! Aggregate: every operation against plain computations, in every way of running.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float32Array, Float64Array, Int32Array, Int64Array,
    StringViewArray, UInt8Array,
};
use packmule_dataflow::testing::{FlowBuilder, Settings, property, reference};
use packmule_dtsx::model::LineageId;
use packmule_types::{ColumnType, DataType, Value};

use crate::harness::{I4, Outcome, run_all, run_once};

const R8: ColumnType = ColumnType::new(DataType::R8);
const I8: ColumnType = ColumnType::new(DataType::I8);
const UI8: ColumnType = ColumnType::new(DataType::Ui8);
const UI4: ColumnType = ColumnType::new(DataType::Ui4);

const GROUP: i32 = 0;
const COUNT: i32 = 1;
const COUNT_ALL: i32 = 2;
const DISTINCT: i32 = 3;
const SUM: i32 = 4;
const AVERAGE: i32 = 5;
const MINIMUM: i32 = 6;
const MAXIMUM: i32 = 7;

/// One output column: operation, input column, declared type, comparison flags.
type Wanted = (i32, usize, ColumnType, u32);

/// source → Aggregate → one destination for each output
fn flow(columns: &[(&str, ColumnType)], outputs: &[&[Wanted]]) -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", columns);
    let aggregate = flow.component("Aggregate", "Microsoft.Aggregate");
    flow.input(aggregate, "Aggregate Input 1");
    for lineage in &lineages {
        flow.input_column(aggregate, 0, *lineage);
    }
    flow.path((source, 0), (aggregate, 0));
    for (at, wanted) in outputs.iter().enumerate() {
        let output = flow.output(aggregate, &format!("Aggregate Output {at}"), None);
        let made: Vec<LineageId> = wanted
            .iter()
            .enumerate()
            .map(|(n, column)| {
                let lineage = flow.output_column(aggregate, output, &format!("c{n}"), column.2);
                let properties = &mut flow.column_mut(lineage).unwrap().properties;
                properties.push(property("AggregationType", &column.0.to_string()));
                let id = match column.0 {
                    COUNT_ALL => property("AggregationColumnId", "#{:invalid}"),
                    _ => reference("AggregationColumnId", "#{}", &[lineages[column.1]]),
                };
                properties.push(id);
                properties.push(property(
                    "AggregationComparisonFlags",
                    &column.3.to_string(),
                ));
                lineage
            })
            .collect();
        let destination = flow.destination(&format!("Destination {at}"), &made);
        flow.path((aggregate, output), (destination, 0));
    }
    flow
}

/// Runs in every way and checks that all ways agree to the byte.
fn run(columns: &[(&str, ColumnType)], arrays: &[ArrayRef], outputs: &[&[Wanted]]) -> Outcome {
    let names: Vec<String> = (0..outputs.len())
        .map(|n| format!("Destination {n}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let outcomes = run_all(
        || flow(columns, outputs),
        &[("Source", arrays.to_vec(), None)],
        &names,
    );
    let mut outcomes = outcomes.into_iter();
    let first = outcomes.next().unwrap();
    for other in outcomes {
        assert_eq!(other.succeeded, first.succeeded);
        assert_eq!(format!("{:?}", other.rows), format!("{:?}", first.rows));
        assert_eq!(
            other.recorder.errors()[..1.min(first.recorder.errors().len())],
            first.recorder.errors()[..1.min(first.recorder.errors().len())]
        );
    }
    first
}

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn maybe(&mut self, limit: u64) -> Option<u64> {
        (self.below(5) > 0).then(|| self.below(limit))
    }
}

/// Groups in the order of their first rows, with the rows of each.
fn grouped<K: std::hash::Hash + Eq + Clone>(keys: &[K]) -> Vec<(K, Vec<usize>)> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut groups: Vec<(K, Vec<usize>)> = Vec::new();
    for (row, key) in keys.iter().enumerate() {
        let at = *places.entry(key.clone()).or_insert_with(|| {
            groups.push((key.clone(), Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(row);
    }
    groups
}

fn or_null<T>(value: Option<T>, make: impl Fn(T) -> Value) -> Value {
    value.map_or(Value::Null, make)
}

#[test]
fn every_operation_on_whole_numbers() {
    let mut random = Random(1);
    let keys: Vec<Option<i32>> = (0..500)
        .map(|_| random.maybe(20).map(|v| v as i32))
        .collect();
    let values: Vec<Option<i32>> = (0..500)
        .map(|_| random.maybe(30).map(|v| v as i32 * 1_000_003 - 9_000_000))
        .collect();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(keys.clone())),
        Arc::new(Int32Array::from(values.clone())),
    ];
    let wanted: &[Wanted] = &[
        (GROUP, 0, I4, 0),
        (COUNT, 1, UI8, 0),
        (COUNT_ALL, 0, UI8, 0),
        (DISTINCT, 1, UI4, 0),
        (SUM, 1, I8, 0),
        (AVERAGE, 1, R8, 0),
        (MINIMUM, 1, I4, 0),
        (MAXIMUM, 1, I4, 0),
    ];
    let outcome = run(&[("k", I4), ("v", I4)], &arrays, &[wanted]);
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    let expected: Vec<Vec<Value>> = grouped(&keys)
        .into_iter()
        .map(|(key, rows)| {
            let there: Vec<i64> = rows
                .iter()
                .filter_map(|r| values[*r])
                .map(i64::from)
                .collect();
            let sum = (!there.is_empty()).then(|| there.iter().sum::<i64>());
            let distinct: BTreeSet<_> = there.iter().collect();
            vec![
                or_null(key, Value::I4),
                Value::Ui8(there.len() as u64),
                Value::Ui8(rows.len() as u64),
                Value::Ui4(distinct.len() as u32),
                or_null(sum, Value::I8),
                or_null(sum, |sum| Value::R8(sum as f64 / there.len() as f64)),
                or_null(there.iter().min(), |v| Value::I4(*v as i32)),
                or_null(there.iter().max(), |v| Value::I4(*v as i32)),
            ]
        })
        .collect();
    assert_eq!(outcome.rows[0], expected);
}

#[test]
fn several_outputs_each_with_its_own_keys() {
    let mut random = Random(2);
    let texts: Vec<Option<String>> = (0..400)
        .map(|_| {
            random
                .maybe(7)
                .map(|v| format!("a rather long text, number {v}"))
        })
        .collect();
    let numbers: Vec<i64> = (0..400).map(|_| random.below(4) as i64).collect();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringViewArray::from_iter(
            texts.iter().map(Option::as_deref),
        )),
        Arc::new(Int64Array::from(numbers.clone())),
    ];
    let wstr = ColumnType::wstr(50);
    let outputs: [&[Wanted]; 3] = [
        &[(COUNT_ALL, 0, UI8, 0), (GROUP, 0, wstr, 0)],
        &[
            (GROUP, 1, I8, 0),
            (GROUP, 0, wstr, 0),
            (COUNT, 0, UI8, 0),
            (DISTINCT, 0, UI4, 0),
        ],
        &[(SUM, 1, I8, 0), (DISTINCT, 0, UI4, 0)],
    ];
    let outcome = run(&[("t", wstr), ("n", I8)], &arrays, &outputs);
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    let text = |t: &Option<String>| or_null(t.clone(), Value::text);
    let first: Vec<Vec<Value>> = grouped(&texts)
        .iter()
        .map(|(key, rows)| vec![Value::Ui8(rows.len() as u64), text(key)])
        .collect();
    assert_eq!(outcome.rows[0], first);
    let pairs: Vec<(i64, Option<String>)> =
        numbers.iter().copied().zip(texts.iter().cloned()).collect();
    let second: Vec<Vec<Value>> = grouped(&pairs)
        .iter()
        .map(|((n, t), rows)| {
            let count = if t.is_some() { rows.len() as u64 } else { 0 };
            vec![
                Value::I8(*n),
                text(t),
                Value::Ui8(count),
                Value::Ui4(u32::from(t.is_some())),
            ]
        })
        .collect();
    assert_eq!(outcome.rows[1], second);
    let distinct: BTreeSet<_> = texts.iter().flatten().collect();
    let sum = numbers.iter().sum();
    assert_eq!(
        outcome.rows[2],
        [vec![Value::I8(sum), Value::Ui4(distinct.len() as u32)]]
    );
}

#[test]
fn sums_of_floats_do_not_depend_on_batches_and_lose_nothing() {
    let mut values = vec![0.1f64; 10];
    values.extend([1e100, 1.0, -1e100]);
    let singles: Vec<f32> = values
        .iter()
        .map(|v| if v.abs() > 10.0 { 0.0 } else { *v as f32 })
        .collect();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(Float64Array::from(values)),
        Arc::new(Float32Array::from(singles.clone())),
    ];
    let r4 = ColumnType::new(DataType::R4);
    let wanted: &[Wanted] = &[
        (SUM, 0, R8, 0),
        (MINIMUM, 0, R8, 0),
        (MAXIMUM, 0, R8, 0),
        (AVERAGE, 1, R8, 0),
        (MAXIMUM, 1, r4, 0),
        (SUM, 1, r4, 0),
    ];
    let outcome = run(&[("d", R8), ("s", r4)], &arrays, &[wanted]);
    let singles: Vec<f64> = singles.iter().map(|v| f64::from(*v)).collect();
    // Few enough digits for an exact sum.
    let sum: f64 = singles.iter().sum();
    let row = &outcome.rows[0][0];
    assert_eq!(row[1..3], [Value::R8(-1e100), Value::R8(1e100)]);
    assert_eq!(
        row[3..],
        [Value::R8(sum / 13.0), Value::R4(1.0), Value::R4(sum as f32)]
    );
    let Value::R8(total) = row[0] else {
        panic!("{row:?}")
    };
    assert!((total - 2.0).abs() < 1e-12, "{total}");
}

#[test]
fn decimals_stay_in_their_family() {
    let cy = ColumnType::new(DataType::Cy);
    let numeric = ColumnType::numeric(9, 2);
    let money = vec![Some(10_000), Some(5), None, Some(20_001)];
    let amounts = vec![Some(100), Some(101), Some(-1), None];
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(
            Decimal128Array::from(money)
                .with_precision_and_scale(19, 4)
                .unwrap(),
        ),
        Arc::new(
            Decimal128Array::from(amounts)
                .with_precision_and_scale(9, 2)
                .unwrap(),
        ),
    ];
    let wanted: &[Wanted] = &[
        (SUM, 0, cy, 0),
        (AVERAGE, 0, cy, 0),
        (SUM, 1, numeric, 0),
        (AVERAGE, 1, numeric, 0),
        (AVERAGE, 1, ColumnType::numeric(12, 4), 0),
        (AVERAGE, 1, R8, 0),
        (MINIMUM, 1, numeric, 0),
    ];
    let outcome = run(&[("m", cy), ("a", numeric)], &arrays, &[wanted]);
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    // 30006 / 3; 200 / 3 = 66.66…
    assert_eq!(
        outcome.rows[0],
        [vec![
            Value::Cy(30_006),
            Value::Cy(10_002),
            Value::Numeric(200, 9, 2),
            Value::Numeric(66, 9, 2),
            Value::Numeric(6666, 12, 4),
            Value::R8(2.0 / 3.0),
            Value::Numeric(-1, 9, 2),
        ]]
    );
}

#[test]
fn sums_beyond_the_declared_type_fail() {
    for (arrays, input, declared) in [
        (
            Arc::new(Int64Array::from(vec![i64::MAX, 1])) as ArrayRef,
            I8,
            I8,
        ),
        (Arc::new(Int32Array::from(vec![-1, 0])) as ArrayRef, I4, UI8),
        (
            Arc::new(Int32Array::from(vec![i32::MAX, 1])) as ArrayRef,
            I4,
            I4,
        ),
        (
            Arc::new(Float64Array::from(vec![f64::MAX, f64::MAX])) as ArrayRef,
            R8,
            R8,
        ),
    ] {
        let outcome = run(&[("n", input)], &[arrays], &[&[(SUM, 0, declared, 0)]]);
        assert!(!outcome.succeeded);
        let errors = outcome.recorder.errors();
        assert!(errors[0].starts_with("0xC0209011"), "{errors:?}");
        assert!(errors[0].contains("\"c0\""), "{errors:?}");
    }
    let largest = Arc::new(Int64Array::from(vec![i64::MAX, 1, -1])) as ArrayRef;
    let outcome = run(&[("n", I8)], &[largest], &[&[(SUM, 0, I8, 0)]]);
    assert_eq!(outcome.rows[0], [vec![Value::I8(i64::MAX)]]);
}

#[test]
fn no_rows_give_one_row_without_keys_and_none_with_keys() {
    let empty: Vec<ArrayRef> = vec![Arc::new(Int32Array::from(Vec::<i32>::new()))];
    let outputs: [&[Wanted]; 2] = [
        &[
            (COUNT_ALL, 0, UI8, 0),
            (COUNT, 0, UI8, 0),
            (DISTINCT, 0, UI4, 0),
            (SUM, 0, I8, 0),
            (AVERAGE, 0, R8, 0),
            (MAXIMUM, 0, I4, 0),
        ],
        &[(GROUP, 0, I4, 0), (COUNT_ALL, 0, UI8, 0)],
    ];
    let outcome = run(&[("n", I4)], &empty, &outputs);
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    let nothing = vec![
        Value::Ui8(0),
        Value::Ui8(0),
        Value::Ui4(0),
        Value::Null,
        Value::Null,
        Value::Null,
    ];
    assert_eq!(outcome.rows[0], [nothing]);
    assert_eq!(outcome.rows[1].len(), 0);
}

#[test]
fn texts_are_equal_by_their_flags_and_the_first_one_comes_out() {
    let texts = ["Straw", "straw", "STRAW", "hay", "Hay ", "hay"];
    let arrays: Vec<ArrayRef> = vec![Arc::new(StringViewArray::from_iter_values(texts))];
    let wstr = ColumnType::wstr(20);
    let outputs: [&[Wanted]; 3] = [
        &[(GROUP, 0, wstr, 1), (COUNT_ALL, 0, UI8, 0)],
        &[(GROUP, 0, wstr, 0), (COUNT_ALL, 0, UI8, 0)],
        &[(DISTINCT, 0, UI4, 1), (DISTINCT, 0, UI4, 0)],
    ];
    let outcome = run(&[("t", wstr)], &arrays, &outputs);
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    let rows = |pairs: &[(&str, u64)]| -> Vec<Vec<Value>> {
        pairs
            .iter()
            .map(|(t, n)| vec![Value::text(*t), Value::Ui8(*n)])
            .collect()
    };
    assert_eq!(
        outcome.rows[0],
        rows(&[("Straw", 3), ("hay", 2), ("Hay ", 1)])
    );
    assert_eq!(
        outcome.rows[1],
        rows(&[
            ("Straw", 1),
            ("straw", 1),
            ("STRAW", 1),
            ("hay", 2),
            ("Hay ", 1)
        ])
    );
    assert_eq!(outcome.rows[2], [vec![Value::Ui4(3), Value::Ui4(5)]]);
}

#[test]
fn dates_and_small_numbers_have_extremes() {
    let date = ColumnType::new(DataType::DbDate);
    let ui1 = ColumnType::new(DataType::Ui1);
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from(vec![Some(3), None, Some(-7), Some(11)])),
        Arc::new(UInt8Array::from(vec![200, 255, 0, 255])),
    ];
    let wanted: &[Wanted] = &[
        (MINIMUM, 0, date, 0),
        (MAXIMUM, 0, date, 0),
        (SUM, 1, UI8, 0),
        (MINIMUM, 1, ui1, 0),
    ];
    let outcome = run(&[("d", date), ("n", ui1)], &arrays, &[wanted]);
    let day = |y, m, d| Value::DbDate(chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap());
    assert_eq!(
        outcome.rows[0],
        [vec![
            day(1969, 12, 25),
            day(1970, 1, 12),
            Value::Ui8(710),
            Value::Ui1(0)
        ]]
    );
}

#[test]
fn groups_larger_than_memory_come_out_in_the_order_of_their_first_rows() {
    let rows = 60_000;
    let mut random = Random(3);
    let texts: Vec<String> = (0..rows)
        .map(|_| format!("a group with a long name, {}", random.below(30_000)))
        .collect();
    let values: Vec<i64> = (0..rows).map(|_| random.below(1000) as i64).collect();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringViewArray::from_iter_values(&texts)),
        Arc::new(Int64Array::from(values.clone())),
    ];
    let wstr = ColumnType::wstr(50);
    let wanted: &[Wanted] = &[
        (GROUP, 0, wstr, 0),
        (COUNT_ALL, 0, UI8, 0),
        (SUM, 1, I8, 0),
        (DISTINCT, 1, UI4, 0),
    ];
    let expected: Vec<Vec<Value>> = grouped(&texts)
        .iter()
        .map(|(key, rows)| {
            let distinct: BTreeSet<i64> = rows.iter().map(|r| values[*r]).collect();
            let sum = rows.iter().map(|r| values[*r]).sum();
            vec![
                Value::text(key.as_str()),
                Value::Ui8(rows.len() as u64),
                Value::I8(sum),
                Value::Ui4(distinct.len() as u32),
            ]
        })
        .collect();
    for (threads, memory) in [(1, 2 << 20), (2, 4 << 20), (8, 256 << 20)] {
        let settings = Settings {
            threads,
            memory,
            ..Settings::default()
        };
        let flow = flow(&[("t", wstr), ("n", I8)], &[wanted]);
        let outcome = run_once(
            flow,
            &[("Source", arrays.clone(), None)],
            &["Destination 0"],
            1000,
            &settings,
        );
        assert!(
            outcome.succeeded,
            "{memory}: {:?}",
            outcome.recorder.errors()
        );
        assert!(
            outcome.rows[0] == expected,
            "{memory}: {} of {} groups",
            outcome.rows[0].len(),
            expected.len()
        );
    }
}

#[test]
fn distinct_values_larger_than_memory_are_counted() {
    let rows = 80_000;
    let mut random = Random(4);
    let numbers: Vec<i64> = (0..rows).map(|_| random.below(50_000) as i64).collect();
    let texts: Vec<String> = numbers.iter().map(|n| format!("value {n}")).collect();
    let keys: Vec<i32> = (0..rows).map(|r| r % 3).collect();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(keys.clone())),
        Arc::new(Int64Array::from(numbers.clone())),
        Arc::new(StringViewArray::from_iter_values(&texts)),
    ];
    let mut expected: BTreeMap<i32, BTreeSet<i64>> = BTreeMap::new();
    for (key, number) in keys.iter().zip(&numbers) {
        expected.entry(*key).or_default().insert(*number);
    }
    let columns = [("k", I4), ("n", I8), ("t", ColumnType::wstr(50))];
    let wanted: &[Wanted] = &[
        (GROUP, 0, I4, 0),
        (DISTINCT, 1, UI4, 0),
        (DISTINCT, 2, UI4, 0),
    ];
    let settings = Settings {
        memory: 2 << 20,
        ..Settings::default()
    };
    let outcome = run_once(
        flow(&columns, &[wanted]),
        &[("Source", arrays, None)],
        &["Destination 0"],
        1000,
        &settings,
    );
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    let expected: Vec<Vec<Value>> = expected
        .iter()
        .map(|(key, set)| {
            let count = Value::Ui4(set.len() as u32);
            vec![Value::I4(*key), count.clone(), count]
        })
        .collect();
    assert_eq!(outcome.rows[0], expected);
}

#[test]
fn what_cannot_be_aggregated_is_refused_with_its_code() {
    let wstr = ColumnType::wstr(20);
    let lob = ColumnType::new(DataType::NText);
    for (input, wanted, code) in [
        (wstr, (MINIMUM, 0, wstr, 0), "0x80004005"),
        (wstr, (SUM, 0, I8, 0), "0x80004005"),
        (lob, (GROUP, 0, lob, 0), "0x80004005"),
        (I4, (GROUP, 0, I4, 1), "0xC02090CB"),
        (I4, (SUM, 0, I8, 1), "0xC02090CA"),
        (wstr, (GROUP, 0, wstr, 0x40), "0xC020204C"),
        (I4, (9, 0, I4, 0), "0x80004005"),
    ] {
        let column = packmule_types::array::nulls(&input, 1);
        let flow = flow(&[("c", input)], &[&[wanted]]);
        let outcome = run_once(
            flow,
            &[("Source", vec![column], None)],
            &["Destination 0"],
            10,
            &Settings::default(),
        );
        assert!(!outcome.succeeded, "{wanted:?}");
        let errors = outcome.recorder.errors();
        assert!(
            errors.iter().any(|e| e.starts_with(code)),
            "{wanted:?}: {errors:?}"
        );
    }
}
