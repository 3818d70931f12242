//! Every type with NULL, read, written in place and copied into a new column.

use packmule_dataflow::testing::FlowBuilder;
use packmule_dtsx::model::{LineageId, Usage};
use packmule_types::{ColumnType, DataType, Value};

use super::wrappers::script;
use super::{component, settings};
use crate::harness::{Outcome, run_once};
use crate::registry::{columns, rows};

fn run(usage: Usage, main: impl Fn(&[(String, ColumnType)]) -> String) -> Outcome {
    let columns = columns();
    let named: Vec<(&str, ColumnType)> = columns.iter().map(|(n, t)| (n.as_str(), *t)).collect();
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", &named);
    let at = component(&mut flow, "SCR Types");
    flow.input(at, "Input");
    for lineage in &lineages {
        let column = flow.input_column(at, 0, *lineage);
        flow.pipeline.components[at].inputs[0].columns[column].usage = usage;
    }
    flow.path((source, 0), (at, 0));
    let output = flow.output(at, "Output", Some(0));
    let mut all: Vec<LineageId> = lineages.clone();
    for (name, column_type) in &columns {
        all.push(flow.output_column(at, output, &format!("{name} copy"), *column_type));
    }
    script(&mut flow, at, &main(&columns), &[]);
    let destination = flow.destination("Destination", &all);
    flow.path((at, output), (destination, 0));
    let sources = [("Source", rows(30, false), None)];
    run_once(flow, &sources, &["Destination"], 7, &settings())
}

fn method(body: &str) -> String {
    format!("public override void Input_ProcessInputRow(InputBuffer Row) {{\n{body}}}")
}

/// What the source has, without a script.
fn expected() -> Vec<Vec<Value>> {
    let (arrays, columns) = (rows(30, false), columns());
    let cells = |row: usize| {
        let values = columns.iter().zip(&arrays);
        values
            .map(|((_, t), array)| packmule_types::array::value_at(t, array.as_ref(), row))
            .collect()
    };
    (0..30).map(cells).collect()
}

#[test]
fn every_type_is_copied_with_its_nulls() {
    let outcome = run(Usage::ReadOnly, |columns| {
        let copies = columns.iter().map(|(name, t)| match t.data_type {
            DataType::Text | DataType::NText | DataType::Image => format!(
                "if (!Row.{name}_IsNull) Row.{name}copy.AddBlobData(Row.{name}.GetBlobData(0, (int)Row.{name}.Length));\n"
            ),
            _ => format!("if (Row.{name}_IsNull) Row.{name}copy_IsNull = true; else Row.{name}copy = Row.{name};\n"),
        });
        method(&copies.collect::<String>())
    });
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    let twice: Vec<Vec<Value>> = expected()
        .into_iter()
        .map(|row| [row.clone(), row].concat())
        .collect();
    for (row, (got, wanted)) in outcome.rows[0].iter().zip(&twice).enumerate() {
        assert_eq!(got, wanted, "row {row}");
    }
    assert_eq!(outcome.rows[0].len(), twice.len());
}

#[test]
fn every_type_is_set_to_null_in_place() {
    let outcome = run(Usage::ReadWrite, |columns| {
        let nulls = columns.iter().map(|(name, t)| match t.data_type.is_lob() {
            true => format!("if (Row.c0 % 2 == 0) Row.{name}_IsNull = true;\n"),
            false => format!("if (Row.c0 % 2 == 0) Row.{name}_IsNull = true; else if (!Row.{name}_IsNull) Row.{name} = Row.{name};\n"),
        });
        // the number decides and goes last
        let nulls: Vec<String> = nulls.collect();
        method(&nulls.into_iter().rev().collect::<String>())
    });
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    for (row, (got, source)) in outcome.rows[0].iter().zip(expected()).enumerate() {
        let count = source.len();
        let wanted = if row % 2 == 0 {
            vec![Value::Null; count]
        } else {
            source
        };
        assert_eq!(got[..count], wanted, "row {row}");
        assert_eq!(got[count..], vec![Value::Null; count], "row {row}");
    }
    assert_eq!(outcome.rows[0].len(), 30);
}
