//! Every component of the registry: each that only needs rows is run in every way with columns
//! of every type, without rows, and with NULL everywhere; the others are named with the tests
//! that they have because they need a file, a database or a variable.

use arrow::array::ArrayRef;
use packmule_dataflow::registry::COMPONENTS;
use packmule_dataflow::testing::{FlowBuilder, property, reference};
use packmule_dtsx::model::{Disposition, LineageId};
use packmule_types::array::ColumnBuilder;
use packmule_types::text::empty_field_default;
use packmule_types::{ColumnType, DataType, Value};

use crate::harness::{I4, Outcome, run_all};

/// Where the components are tested that need more than rows.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Microsoft.FlatFileSource", "src/sources/flat_file/tests.rs"),
    (
        "Microsoft.FlatFileDestination",
        "src/destinations/flat_file/tests.rs",
    ),
    ("Microsoft.OLEDBSource", "tests/it/ole_db.rs"),
    ("Microsoft.OLEDBDestination", "tests/it/ole_db.rs"),
    ("Microsoft.OLEDBCommand", "tests/it/ole_db.rs"),
    ("Microsoft.RecordsetDestination", "tests/it/ole_db.rs"),
    ("Microsoft.Lookup", "tests/it/lookup.rs"),
    ("Microsoft.Cache", "tests/it/lookup.rs"),
    ("Microsoft.RowCount", "tests/it/engine.rs"),
    (
        "Microsoft.ScriptComponentHost",
        "tests/it/script_component/mod.rs",
    ),
];

/// A flow around one component, and how many rows reach the destination for so many in each
/// source.
struct Sample {
    class: &'static str,
    flow: fn() -> FlowBuilder,
    sources: &'static [&'static str],
    rows: fn(rows: usize, null: bool) -> usize,
    /// Whether rows keep their order whatever the size of batches.
    ordered: bool,
}

const SAMPLES: &[Sample] = &[
    Sample {
        class: "Microsoft.Aggregate",
        flow: aggregate,
        sources: &["Source"],
        rows: |rows, null| if null { rows.min(1) } else { rows },
        ordered: true,
    },
    Sample {
        class: "Microsoft.ConditionalSplit",
        flow: conditional_split,
        sources: &["Source"],
        rows: |rows, null| if null { rows } else { rows / 2 },
        ordered: true,
    },
    Sample {
        class: "Microsoft.CopyMap",
        flow: copy_column,
        sources: &["Source"],
        rows: |rows, _| rows,
        ordered: true,
    },
    Sample {
        class: "Microsoft.DataConvert",
        flow: data_conversion,
        sources: &["Source"],
        rows: |rows, _| rows,
        ordered: true,
    },
    Sample {
        class: "Microsoft.DerivedColumn",
        flow: derived_column,
        sources: &["Source"],
        rows: |rows, _| rows,
        ordered: true,
    },
    Sample {
        class: "Microsoft.MergeJoin",
        flow: merge_join,
        sources: &["Source", "Second"],
        // NULL is equal to NULL: each row meets each
        rows: |rows, null| if null { rows * rows } else { rows },
        ordered: true,
    },
    Sample {
        class: "Microsoft.Multicast",
        flow: multicast,
        sources: &["Source"],
        rows: |rows, _| rows,
        ordered: true,
    },
    Sample {
        class: "Microsoft.Sort",
        flow: sort,
        sources: &["Source"],
        rows: |rows, _| rows,
        ordered: true,
    },
    Sample {
        class: "Microsoft.UnionAll",
        flow: union_all,
        sources: &["Source", "Second"],
        rows: |rows, _| 2 * rows,
        ordered: false,
    },
];

// ---- rows of every type ------------------------------------------------------------------

/// A number first, then a column of every type that rows can have.
pub(crate) fn columns() -> Vec<(String, ColumnType)> {
    use DataType as D;
    let simple = [
        D::Bool,
        D::I1,
        D::I2,
        D::I8,
        D::Ui1,
        D::Ui2,
        D::Ui4,
        D::Ui8,
        D::R4,
        D::R8,
        D::Cy,
        D::Date,
        D::DbDate,
        D::DbTime,
        D::DbTimeStamp,
        D::FileTime,
        D::Guid,
        D::NText,
        D::Image,
    ];
    let mut types = vec![I4];
    types.extend(simple.map(ColumnType::new));
    types.extend([
        ColumnType::wstr(20),
        ColumnType::str(20, 1252),
        ColumnType::numeric(18, 4),
        ColumnType {
            length: 8,
            ..ColumnType::new(D::Bytes)
        },
        ColumnType {
            scale: 3,
            ..ColumnType::new(D::Decimal)
        },
        ColumnType {
            scale: 7,
            ..ColumnType::new(D::DbTime2)
        },
        ColumnType {
            scale: 7,
            ..ColumnType::new(D::DbTimeStamp2)
        },
        ColumnType {
            scale: 7,
            ..ColumnType::new(D::DbTimeStampOffset)
        },
        ColumnType {
            code_page: 1252,
            ..ColumnType::new(D::Text)
        },
    ]);
    let named = types.into_iter().enumerate();
    named.map(|(at, t)| (format!("c{at}"), t)).collect()
}

pub(crate) fn rows(count: usize, null: bool) -> Vec<ArrayRef> {
    let mut arrays = Vec::new();
    for (at, (_, column_type)) in columns().iter().enumerate() {
        let mut builder = ColumnBuilder::new(column_type, count);
        let value = empty_field_default(column_type);
        for row in 0..count {
            match (null, at) {
                (true, _) => builder.append_null(),
                (false, 0) => builder.append(&Value::I4(row as i32)).unwrap(),
                // every third value is NULL
                (false, _) if row % 3 == 0 => builder.append_null(),
                (false, _) => builder.append(&value).unwrap(),
            }
        }
        arrays.push(builder.finish());
    }
    arrays
}

/// A flow with a source of every type.
fn begin() -> (FlowBuilder, usize, Vec<LineageId>) {
    let mut flow = FlowBuilder::new();
    let (source, lineages) = source(&mut flow, "Source");
    (flow, source, lineages)
}

fn source(flow: &mut FlowBuilder, name: &str) -> (usize, Vec<LineageId>) {
    let columns = columns();
    let columns: Vec<(&str, ColumnType)> = columns.iter().map(|(n, t)| (n.as_str(), *t)).collect();
    flow.source(name, &columns)
}

/// Ends a flow at an output.
fn end(mut flow: FlowBuilder, from: (usize, usize), columns: &[LineageId]) -> FlowBuilder {
    let destination = flow.destination("Destination", columns);
    flow.path(from, (destination, 0));
    flow
}

/// An output column for each column of the source, which `property` ties to it.
fn mirror(
    flow: &mut FlowBuilder,
    (component, output): (usize, usize),
    tie: impl Fn(usize) -> packmule_dtsx::model::ComponentProperty,
) -> Vec<LineageId> {
    let mut made = Vec::new();
    for (at, (name, column_type)) in columns().iter().enumerate() {
        let lineage = flow.output_column(component, output, name, *column_type);
        flow.column_mut(lineage).unwrap().properties.push(tie(at));
        made.push(lineage);
    }
    made
}

// ---- flows -------------------------------------------------------------------------------

fn aggregate() -> FlowBuilder {
    let (mut flow, from, lineages) = begin();
    let component = flow.component("Aggregate", "Microsoft.Aggregate");
    flow.input(component, "Input");
    let output = flow.output(component, "Output", None);
    let mut made = Vec::new();
    for (at, (name, column_type)) in columns().iter().enumerate() {
        flow.input_column(component, 0, lineages[at]);
        let (operation, column_type) = match (at, column_type.data_type.is_lob()) {
            (0, _) => ("0", *column_type),
            (_, true) => ("1", ColumnType::new(DataType::Ui8)),
            (_, false) => ("0", *column_type),
        };
        let lineage = flow.output_column(component, output, name, column_type);
        let properties = &mut flow.column_mut(lineage).unwrap().properties;
        properties.push(property("AggregationType", operation));
        properties.push(reference("AggregationColumnId", "#{}", &[lineages[at]]));
        made.push(lineage);
    }
    flow.path((from, 0), (component, 0));
    end(flow, (component, output), &made)
}

fn conditional_split() -> FlowBuilder {
    let (mut flow, from, lineages) = begin();
    let component = flow.component("Split", "Microsoft.ConditionalSplit");
    flow.input(component, "Input");
    flow.input_column(component, 0, lineages[0]);
    let odd = flow.output(component, "Odd", Some(0));
    let output = &mut flow.pipeline.components[component].outputs[odd];
    output.error_disposition = Disposition::IgnoreFailure;
    output
        .properties
        .push(reference("Expression", "c0 % 2 == 1", &[]));
    output.properties.push(property("EvaluationOrder", "0"));
    let rest = flow.output(component, "Default", Some(0));
    let output = &mut flow.pipeline.components[component].outputs[rest];
    output.properties.push(property("IsDefaultOut", "true"));
    flow.path((from, 0), (component, 0));
    end(flow, (component, rest), &lineages)
}

fn data_conversion() -> FlowBuilder {
    copies("Microsoft.DataConvert", "SourceInputColumnLineageID")
}

fn copy_column() -> FlowBuilder {
    copies("Microsoft.CopyMap", "copyColumnId")
}

/// All columns, and all again as copies that name them by a property.
fn copies(class: &str, tie: &str) -> FlowBuilder {
    let (mut flow, from, lineages) = begin();
    let component = flow.component("Copies", class);
    flow.input(component, "Input");
    let output = flow.output(component, "Output", Some(0));
    let mut all = lineages.clone();
    for (lineage, (name, column_type)) in lineages.iter().zip(columns()) {
        flow.input_column(component, 0, *lineage);
        let made = flow.output_column(component, output, &format!("{name} again"), column_type);
        let tie = reference(tie, "#{}", &[*lineage]);
        flow.column_mut(made).unwrap().properties.push(tie);
        all.push(made);
    }
    flow.path((from, 0), (component, 0));
    end(flow, (component, output), &all)
}

fn derived_column() -> FlowBuilder {
    let (mut flow, from, lineages) = begin();
    let component = flow.component("Derived", "Microsoft.DerivedColumn");
    flow.input(component, "Input");
    let output = flow.output(component, "Output", Some(0));
    let mut all = lineages.clone();
    for (lineage, (name, column_type)) in lineages.iter().zip(columns()) {
        flow.input_column(component, 0, *lineage);
        let made = flow.output_column(component, output, &format!("{name} again"), column_type);
        let copy = property("Expression", &name);
        flow.column_mut(made).unwrap().properties.push(copy);
        all.push(made);
    }
    flow.path((from, 0), (component, 0));
    end(flow, (component, output), &all)
}

fn merge_join() -> FlowBuilder {
    let (mut flow, left, left_columns) = begin();
    let (right, right_columns) = source(&mut flow, "Second");
    for (component, columns) in [(left, &left_columns), (right, &right_columns)] {
        flow.pipeline.components[component].outputs[0].is_sorted = true;
        flow.column_mut(columns[0]).unwrap().sort_key_position = 1;
    }
    let component = flow.component("Merge Join", "Microsoft.MergeJoin");
    flow.set(component, "JoinType", "2");
    flow.set(component, "NumKeyColumns", "1");
    flow.set(component, "TreatNullsAsEqual", "true");
    flow.input(component, "Left");
    flow.input(component, "Right");
    let output = flow.output(component, "Output", None);
    let mut made = Vec::new();
    for (input, columns_of) in [&left_columns, &right_columns].into_iter().enumerate() {
        for (lineage, (name, column_type)) in columns_of.iter().zip(columns()) {
            let at = flow.input_column(component, input, *lineage);
            let id = flow.pipeline.components[component].inputs[input].columns[at].id;
            let new =
                flow.output_column(component, output, &format!("{name} {input}"), column_type);
            let tie = reference("InputColumnID", "#{}", &[LineageId(id)]);
            flow.column_mut(new).unwrap().properties.push(tie);
            made.push(new);
        }
    }
    flow.path((left, 0), (component, 0));
    flow.path((right, 0), (component, 1));
    end(flow, (component, output), &made)
}

fn multicast() -> FlowBuilder {
    let (mut flow, from, lineages) = begin();
    let component = flow.component("Multicast", "Microsoft.Multicast");
    flow.input(component, "Input");
    flow.output(component, "One", Some(0));
    let two = flow.output(component, "Two", Some(0));
    flow.path((from, 0), (component, 0));
    end(flow, (component, two), &lineages)
}

fn sort() -> FlowBuilder {
    let (mut flow, from, lineages) = begin();
    let component = flow.component("Sort", "Microsoft.Sort");
    flow.input(component, "Input");
    let output = flow.output(component, "Output", None);
    flow.pipeline.components[component].outputs[output].is_sorted = true;
    for (at, (lineage, (_, column_type))) in lineages.iter().zip(columns()).enumerate() {
        let input = flow.input_column(component, 0, *lineage);
        let place = if column_type.data_type.is_lob() {
            0
        } else {
            at + 1
        };
        let column = &mut flow.pipeline.components[component].inputs[0].columns[input];
        column
            .properties
            .push(property("NewSortKeyPosition", &place.to_string()));
    }
    let made = mirror(&mut flow, (component, output), |at| {
        reference("SortColumnId", "#{}", &[lineages[at]])
    });
    flow.path((from, 0), (component, 0));
    end(flow, (component, output), &made)
}

fn union_all() -> FlowBuilder {
    let (mut flow, first, first_columns) = begin();
    let (second, second_columns) = source(&mut flow, "Second");
    let component = flow.component("Union", "Microsoft.UnionAll");
    flow.input(component, "One");
    flow.input(component, "Two");
    let output = flow.output(component, "Output", None);
    let made = mirror(&mut flow, (component, output), |_| property("Note", ""));
    for (input, columns_of) in [&first_columns, &second_columns].into_iter().enumerate() {
        for (lineage, target) in columns_of.iter().zip(&made) {
            let at = flow.input_column(component, input, *lineage);
            let column = &mut flow.pipeline.components[component].inputs[input].columns[at];
            column
                .properties
                .push(reference("OutputColumnLineageID", "#{}", &[*target]));
        }
    }
    flow.path((first, 0), (component, 0));
    flow.path((second, 0), (component, 1));
    end(flow, (component, output), &made)
}

// ---- tests -------------------------------------------------------------------------------

#[test]
fn every_component_is_run_here_or_named_with_its_tests() {
    let here = SAMPLES.iter().map(|s| s.class);
    let elsewhere = ELSEWHERE.iter().map(|(class, file)| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(class), "{file} says nothing of {class}");
        *class
    });
    let mut known: Vec<&str> = here.chain(elsewhere).collect();
    let mut registered: Vec<&str> = COMPONENTS.iter().map(|d| d.class).collect();
    known.sort_unstable();
    registered.sort_unstable();
    assert_eq!(known, registered);
}

/// In order where the component keeps it, else by their texts.
fn comparable(sample: &Sample, outcome: &Outcome) -> Vec<String> {
    let mut rows: Vec<String> = outcome.rows[0]
        .iter()
        .map(|row| format!("{row:?}"))
        .collect();
    if !sample.ordered {
        rows.sort_unstable();
    }
    rows
}

#[test]
fn every_type_no_rows_and_null_everywhere() {
    for sample in SAMPLES {
        for (count, null) in [(40, false), (0, false), (23, true)] {
            let about = format!("{}, {count} rows, NULL: {null}", sample.class);
            let sources: Vec<(&str, Vec<ArrayRef>, Option<usize>)> = sample
                .sources
                .iter()
                .map(|name| (*name, rows(count, null), None))
                .collect();
            let outcomes = run_all(sample.flow, &sources, &["Destination"]);
            let mut first = None;
            for outcome in &outcomes {
                assert!(
                    outcome.succeeded,
                    "{about}: {:?}",
                    outcome.recorder.errors()
                );
                let rows = comparable(sample, outcome);
                assert_eq!(rows.len(), (sample.rows)(count, null), "{about}");
                assert_eq!(&rows, first.get_or_insert_with(|| rows.clone()), "{about}");
            }
        }
    }
}

#[test]
fn columns_that_only_pass_keep_their_values() {
    let input = rows(10, false);
    for flow in [
        multicast,
        sort,
        copy_column,
        data_conversion,
        derived_column,
    ] {
        let outcomes = run_all(flow, &[("Source", input.clone(), None)], &["Destination"]);
        assert_eq!(outcomes[0].rows[0].len(), 10);
        for row in &outcomes[0].rows[0] {
            let Value::I4(number) = row[0] else {
                panic!("not a number: {:?}", row[0])
            };
            for (at, (value, (name, column_type))) in row.iter().zip(columns()).enumerate().skip(1)
            {
                let expected = match number % 3 {
                    0 => Value::Null,
                    _ => empty_field_default(&column_type),
                };
                assert_eq!(*value, expected, "row {number}, column {at} ({name})");
            }
        }
    }
}

/// source of three texts → component that makes a number of each → destination, errors
fn three_numbers(
    class: &str,
    at: usize,
    disposition: Disposition,
) -> (FlowBuilder, Vec<LineageId>) {
    let text = ColumnType::wstr(20);
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", &[("a", text), ("b", text), ("c", text)]);
    let component = flow.component("Component", class);
    flow.input(component, "Input");
    let output = flow.output(component, "Output", Some(0));
    let errors = flow.error_output(component, Some(0));
    let mut made = Vec::new();
    for (n, lineage) in lineages.iter().enumerate() {
        flow.input_column(component, 0, *lineage);
        let new = flow.output_column(component, output, &format!("n{n}"), I4);
        let tie = if class == "Microsoft.DataConvert" {
            reference("SourceInputColumnLineageID", "#{}", &[*lineage])
        } else {
            property("Expression", ["(DT_I4)a", "(DT_I4)b", "(DT_I4)c"][n])
        };
        let column = flow.column_mut(new).unwrap();
        column.properties.push(tie);
        column.error_disposition = if n == at {
            disposition
        } else {
            Disposition::FailComponent
        };
        made.push(new);
    }
    let codes = flow.pipeline.components[component].outputs[errors]
        .columns
        .iter();
    let mut wrong: Vec<LineageId> = lineages.clone();
    wrong.extend(codes.map(|c| c.lineage));
    let destination = flow.destination("Destination", &made);
    let error_rows = flow.destination("Errors", &wrong);
    flow.path((source, 0), (component, 0));
    flow.path((component, output), (destination, 0));
    flow.path((component, errors), (error_rows, 0));
    (flow, made)
}

#[test]
fn an_error_in_each_column_follows_that_column_s_disposition() {
    const ROWS: usize = 12;
    const BAD: usize = 7;
    for class in ["Microsoft.DataConvert", "Microsoft.DerivedColumn"] {
        for at in 0..3 {
            let texts = (0..3).map(|column| -> ArrayRef {
                let text = |row| match (row, column) {
                    (BAD, column) if column == at => "x".to_owned(),
                    _ => (100 * column + row).to_string(),
                };
                let texts = (0..ROWS).map(text);
                std::sync::Arc::new(arrow::array::StringViewArray::from_iter_values(texts))
            });
            let sources = [("Source", texts.collect::<Vec<_>>(), None)];
            let number = |column: usize, row: usize| Value::I4((100 * column + row) as i32);
            for disposition in [
                Disposition::FailComponent,
                Disposition::IgnoreFailure,
                Disposition::RedirectRow,
            ] {
                let about = format!("{class}, column {at}, {disposition:?}");
                let flow = || three_numbers(class, at, disposition).0;
                let made = three_numbers(class, at, disposition).1;
                for outcome in run_all(flow, &sources, &["Destination", "Errors"]) {
                    let expected: Vec<Vec<Value>> = (0..ROWS)
                        .filter(|row| match disposition {
                            Disposition::FailComponent => *row < BAD,
                            Disposition::IgnoreFailure => true,
                            _ => *row != BAD,
                        })
                        .map(|row| {
                            let value = |column| match (row, column) {
                                (BAD, column) if column == at => Value::Null,
                                _ => number(column, row),
                            };
                            (0..3).map(value).collect()
                        })
                        .collect();
                    assert_eq!(outcome.rows[0], expected, "{about}");
                    let fails = disposition == Disposition::FailComponent;
                    assert_eq!(outcome.succeeded, !fails, "{about}");
                    if disposition == Disposition::RedirectRow {
                        assert_eq!(outcome.rows[1].len(), 1, "{about}");
                        let row = &outcome.rows[1][0];
                        assert_eq!(row[at], Value::text("x"), "{about}");
                        assert_eq!(row[4], Value::I4(made[at].0), "{about}: ErrorColumn");
                    } else {
                        assert_eq!(outcome.rows[1].len(), 0, "{about}");
                    }
                }
            }
        }
    }
}
