//! What was seen in files that SSIS wrote and in packages that ran (data flow reference 5.1), as
//! far as it takes a whole data flow to show it. The other rows of that table are tests of the
//! parts: texts of values in `types` (`seen_in_files`), layouts in the Flat File source and
//! destination, Lookup's error row in `lookup`, Count all in `aggregate`, loops in `controlflow`.

use std::sync::Arc;

use packmule_dataflow::run::{Substitutes, execute_with};
use packmule_dataflow::testing::{
    Collected, FlowBuilder, InMemory, Recorder, Settings, context, delimited, flat_file, property,
    reference,
};
use packmule_dtsx::model::Disposition;
use packmule_types::{ColumnType, Value};

use crate::harness::I4;

const TEXT: ColumnType = ColumnType::str(20, 1252);

/// file (n, t) → Derived Column u = UPPER(t) + "!" → Conditional Split by t == "" → Empty, Rest
fn flow(retain_nulls: &str) -> FlowBuilder {
    let mut flow = FlowBuilder::new();
    let source = flow.component("Source", "Microsoft.FlatFileSource");
    flow.set(source, "RetainNulls", retain_nulls);
    flow.connect(source, "FlatFileConnection", "{In}");
    let output = flow.output(source, "Output", None);
    let n = flow.output_column(source, output, "n", I4);
    let t = flow.output_column(source, output, "t", TEXT);
    let derived = flow.component("Derived Column", "Microsoft.DerivedColumn");
    flow.input(derived, "Input");
    flow.input_column(derived, 0, t);
    let made = flow.output(derived, "Output", Some(0));
    let u = flow.output_column(derived, made, "u", ColumnType::wstr(21));
    let expression = property("Expression", "UPPER(t) + \"!\"");
    flow.column_mut(u).unwrap().properties.push(expression);
    let split = flow.component("Split", "Microsoft.ConditionalSplit");
    flow.input(split, "Input");
    flow.input_column(split, 0, t);
    let empty = flow.output(split, "Empty", Some(0));
    let output = &mut flow.pipeline.components[split].outputs[empty];
    output.error_disposition = Disposition::IgnoreFailure;
    output
        .properties
        .push(reference("Expression", "t == \"\"", &[]));
    output.properties.push(property("EvaluationOrder", "0"));
    let rest = flow.output(split, "Rest", Some(0));
    let output = &mut flow.pipeline.components[split].outputs[rest];
    output.properties.push(property("IsDefaultOut", "true"));
    flow.path((source, 0), (derived, 0));
    flow.path((derived, made), (split, 0));
    for (output, name) in [(empty, "Empty"), (rest, "Rest")] {
        let destination = flow.destination(name, &[n, t, u]);
        flow.path((split, output), (destination, 0));
    }
    flow
}

/// Runs over a file of the rows `1,a`, `2,` and `3,b`; rows of Empty and Rest.
fn run(flow: FlowBuilder) -> [Vec<Vec<Value>>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.csv");
    std::fs::write(&file, "1,a\r\n2,\r\n3,b\r\n").unwrap();
    let mut package = flow.package();
    let columns = vec![
        delimited("n", ",", I4, false),
        delimited("t", "\r\n", TEXT, false),
    ];
    package.connection_managers = vec![flat_file("In", &file, &[], columns)];
    let recorder = Arc::new(Recorder::default());
    let context = context(package, &recorder, &Settings::default());
    let (empty, rest) = (Collected::default(), Collected::default());
    let substitutes = Substitutes::default()
        .memory_destination("Empty", &empty)
        .memory_destination("Rest", &rest);
    let result = execute_with(&context, substitutes);
    assert!(result.is_ok(), "{:?}", recorder.errors());
    [empty, rest].map(|rows| rows.lock().clone())
}

fn row(n: i32, t: Option<&str>, u: Option<&str>) -> Vec<Value> {
    let text = |t: Option<&str>| t.map_or(Value::Null, Value::text);
    vec![Value::I4(n), text(t), text(u)]
}

#[test]
fn an_empty_field_is_the_empty_text() {
    let [empty, rest] = run(flow("false"));
    assert_eq!(empty, [row(2, Some(""), Some("!"))]);
    let others = [row(1, Some("a"), Some("A!")), row(3, Some("b"), Some("B!"))];
    assert_eq!(rest, others);
}

#[test]
fn an_empty_field_that_is_retained_is_null_and_null_goes_through() {
    let [empty, rest] = run(flow("true"));
    assert!(empty.is_empty());
    let all = [
        row(1, Some("a"), Some("A!")),
        row(2, None, None),
        row(3, Some("b"), Some("B!")),
    ];
    assert_eq!(rest, all);
}

#[test]
fn a_connection_s_id_counts_where_its_reference_names_nothing() {
    let mut flow = flow("false");
    let connection = &mut flow.pipeline.components[0].connections[0];
    connection.manager_ref_id = "Package.ConnectionManagers[Gone]".to_owned();
    let [empty, rest] = run(flow);
    assert_eq!((empty.len(), rest.len()), (1, 2));
}
