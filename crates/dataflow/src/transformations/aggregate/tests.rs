//! Spilling below the first level, and the accumulators by themselves.

use arrow::array::{Float64Array, Int64Array};
use arrow::datatypes::Int64Type;
use packmule_runtime::{Cancel, MemoryBudget};
use packmule_types::convert::{Conversion, ConvertOptions};
use packmule_types::locale::Locale;
use packmule_types::{ColumnType, DataType};

use super::keys::{KeyMaker, KeySource};
use super::settings::{Aggregate, Source as From, Target};
use super::states::{Operation, State};
use super::*;

const I8: ColumnType = ColumnType::new(DataType::I8);
const UI8: ColumnType = ColumnType::new(DataType::Ui8);

fn means(memory: &MemoryBudget, folder: &std::path::Path) -> Means {
    Means {
        hasher: hashbrown::DefaultHashBuilder::default(),
        memory: memory.clone(),
        folder: folder.to_owned(),
        cancel: Cancel::new(),
    }
}

/// Group by one column, Count all.
fn plan() -> Arc<OutputPlan> {
    let target = |source, column_type| {
        let options = ConvertOptions {
            fast_parse: false,
            today: chrono::NaiveDate::MIN,
        };
        let locale = Locale::from_lcid(1033).unwrap();
        Target {
            name: "c".to_owned(),
            source,
            conversion: Conversion::bind(&column_type, &column_type, &locale, options).unwrap(),
        }
    };
    Arc::new(OutputPlan {
        output: 0,
        needed: vec![0],
        types: vec![I8],
        keys: KeyMaker::new(vec![KeySource::Plain(0, I8)]).unwrap(),
        key_columns: vec![0],
        aggregates: vec![Aggregate {
            operation: Operation::CountAll,
            column: None,
            distinct: None,
        }],
        targets: vec![target(From::Key(0), I8), target(From::Aggregate(0), UI8)],
    })
}

#[test]
fn partitions_that_are_too_large_are_divided_again() {
    const GROUPS: i64 = 100_000;
    let memory = MemoryBudget::new(128 << 20);
    // Less than an eighth is left, so that each table has the least that it may have.
    let taken = memory.try_reserve(113 << 20).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let means = means(&memory, folder.path());
    let plan = plan();
    let mut table = Table::new(&plan, &means, 0);
    for (batch, first) in (0..2 * GROUPS).step_by(5000).enumerate() {
        let values = (first..first + 5000).map(|n| (n % GROUPS) * 7919 % 1_000_003);
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(values));
        let partial = Partial::new(&plan, &means, vec![column], 5000).unwrap();
        let number = batch as u64 * 5000;
        table.take(&partial, |row| number + row as u64).unwrap();
    }
    let mut emission = Emission {
        plan: Arc::clone(&plan),
        grouped: Some(table.complete().unwrap()),
        sorted: None,
    };
    let mut keys: Vec<i64> = Vec::new();
    let mut counts: Vec<u64> = Vec::new();
    while let Some(morsel) = emission.next(&means).unwrap() {
        let mut outputs = Outputs::new(Arc::from([true]));
        morsel.read(&mut outputs).unwrap();
        let batch = outputs.into_batches().remove(0).unwrap();
        keys.extend(batch.array(0).as_primitive::<Int64Type>().values());
        counts.extend(batch.array(1).as_primitive::<UInt64Type>().values());
    }
    drop(emission);
    let expected: Vec<i64> = (0..GROUPS).map(|n| n * 7919 % 1_000_003).collect();
    assert!(keys == expected, "{} of {GROUPS} groups", keys.len());
    assert!(counts.iter().all(|count| *count == 2));
    drop(taken);
    assert_eq!(memory.used(), 0);
}

#[test]
fn sums_of_floats_keep_what_a_plain_sum_loses() {
    let sum_of = |values: &[f64]| {
        let array: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
        let groups = vec![0; values.len()];
        let mut state = State::new(Operation::Sum, array.data_type());
        state.resize(1);
        let addition = State::addition(Operation::Sum, Some(&array), &groups, 1);
        state.add(&addition, &[0], &groups).map_err(|e| e.0)?;
        match state {
            State::Float(sums) => Ok(sums[0].sum + sums[0].rest),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(sum_of(&[0.1; 10]), Ok(1.0));
    assert_eq!(sum_of(&[1e100, 1.0, -1e100]), Ok(1.0));
    assert_eq!(sum_of(&[1.0, f64::INFINITY, 1.0]), Ok(f64::INFINITY));
    assert_eq!(sum_of(&[f64::MAX, f64::MAX]), Err(1));
}
