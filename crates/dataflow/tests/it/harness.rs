//! Runs a data flow in every way that must not matter: numbers of threads, sizes of batches.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, StringViewArray};
use packmule_dataflow::run::{Substitutes, execute_with};
use packmule_dataflow::testing::{Collected, FlowBuilder, InMemory, Recorder, Settings, context};
use packmule_types::{ColumnType, DataType, Value};

/// Numbers of threads that must give the same rows in the same order.
pub(crate) const THREADS: [usize; 3] = [1, 2, 8];
/// Sizes of batches that must give the same rows.
pub(crate) const BATCH_ROWS: [usize; 4] = [1, 2, 7, 10_000];

/// `DT_I4`
pub(crate) const I4: ColumnType = ColumnType::new(DataType::I4);

/// Columns of a source: a number from 0 and a text.
pub(crate) fn numbers(rows: usize) -> Vec<ArrayRef> {
    let numbers: Vec<i32> = (0..rows as i32).collect();
    let texts: Vec<String> = numbers.iter().map(|n| format!("text {n}")).collect();
    vec![
        Arc::new(Int32Array::from(numbers)),
        Arc::new(StringViewArray::from_iter_values(texts)),
    ]
}

/// What came of one run.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Whether it succeeded.
    pub(crate) succeeded: bool,
    /// Rows by destination, in the order asked for.
    pub(crate) rows: Vec<Vec<Vec<Value>>>,
    /// Everything that was said.
    pub(crate) recorder: Arc<Recorder>,
}

/// One run: sources are `(name, columns, row that fails)`.
pub(crate) fn run_once(
    flow: FlowBuilder,
    sources: &[(&str, Vec<ArrayRef>, Option<usize>)],
    destinations: &[&str],
    batch_rows: usize,
    settings: &Settings,
) -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let context = context(flow.package(), &recorder, settings);
    let collected: Vec<Collected> = destinations.iter().map(|_| Collected::default()).collect();
    let mut substitutes = Substitutes::default();
    for (name, columns, fail_at) in sources {
        substitutes = substitutes.memory_source(name, columns.clone(), batch_rows, *fail_at);
    }
    for (name, rows) in destinations.iter().zip(&collected) {
        substitutes = substitutes.memory_destination(name, rows);
    }
    let succeeded = execute_with(&context, substitutes).is_ok();
    assert_eq!(context.services.memory.used(), 0, "memory is given back");
    Outcome {
        succeeded,
        rows: collected.iter().map(|rows| rows.lock().clone()).collect(),
        recorder,
    }
}

/// Runs in every way; for each size of batches all numbers of threads give the same rows in
/// the same order. Gives the outcome for each size.
pub(crate) fn run_all(
    flow: impl Fn() -> FlowBuilder,
    sources: &[(&str, Vec<ArrayRef>, Option<usize>)],
    destinations: &[&str],
) -> Vec<Outcome> {
    run_all_with(flow, sources, destinations, &Settings::default())
}

/// The same with settings that all runs have but for the threads.
pub(crate) fn run_all_with(
    flow: impl Fn() -> FlowBuilder,
    sources: &[(&str, Vec<ArrayRef>, Option<usize>)],
    destinations: &[&str],
    common: &Settings,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for batch_rows in BATCH_ROWS {
        let mut first: Option<Outcome> = None;
        for threads in THREADS {
            let settings = Settings {
                threads,
                ..common.clone()
            };
            let outcome = run_once(flow(), sources, destinations, batch_rows, &settings);
            match &first {
                None => first = Some(outcome),
                Some(first) => {
                    let about = format!("{threads} threads, {batch_rows} rows a batch");
                    assert_eq!(outcome.succeeded, first.succeeded, "{about}");
                    assert_eq!(outcome.rows, first.rows, "{about}");
                    assert_eq!(
                        outcome.recorder.errors(),
                        first.recorder.errors(),
                        "{about}"
                    );
                }
            }
        }
        outcomes.extend(first);
    }
    outcomes
}

/// The whole numbers in the first column of rows.
pub(crate) fn first_column(rows: &[Vec<Value>]) -> Vec<i32> {
    let numbers = rows.iter().map(|row| match row.first() {
        Some(Value::I4(n)) => *n,
        other => panic!("not a number: {other:?}"),
    });
    numbers.collect()
}
