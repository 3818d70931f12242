//! Sources, synchronous and asynchronous transformations, destinations, mixed ones.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewArray};
use packmule_dataflow::run::{Substitutes, execute_with};
use packmule_dataflow::testing::{Collected, FlowBuilder, InMemory, Recorder, Settings, context};
use packmule_dtsx::model::{LineageId, Usage};
use packmule_types::{ColumnType, DataType, Value};

use super::wrappers::script;
use super::{component, said, settings};
use crate::harness::{I4, first_column, numbers, run_all_with, run_once};

const TEXT: ColumnType = ColumnType::wstr(50);

/// Tells of a number by an information.
const SAY: &str = "void Say(string text) { bool again = true; ComponentMetaData.FireInformation(1, ComponentMetaData.Name, text, \"\", 0, ref again); }";

/// A source of a number and a text before a component with one input that reads both.
fn begin(name: &str, usage: Usage) -> (FlowBuilder, usize, Vec<LineageId>) {
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", &[("Number", I4), ("Text", TEXT)]);
    let script = component(&mut flow, name);
    flow.input(script, "Input 0");
    for lineage in &lineages {
        let at = flow.input_column(script, 0, *lineage);
        flow.pipeline.components[script].inputs[0].columns[at].usage = usage;
    }
    flow.path((source, 0), (script, 0));
    (flow, script, lineages)
}

fn i4(value: i32) -> Value {
    Value::I4(value)
}

#[test]
fn a_source_makes_rows_for_each_output() {
    const ROWS: i32 = 40_000;
    let flow = || {
        let mut flow = FlowBuilder::new();
        let source = component(&mut flow, "SCR Source");
        let first = flow.output(source, "Output 0", None);
        let number = flow.output_column(source, first, "Number", I4);
        let text = flow.output_column(source, first, "Text", TEXT);
        let second = flow.output(source, "Second", None);
        let squared = flow.output_column(source, second, "Squared", ColumnType::new(DataType::I8));
        let main = "public override void CreateNewOutputRows() {
            for (int i = 0; i < 40000; i++) {
                Output0Buffer.AddRow(); Output0Buffer.Number = i;
                if (i % 3 != 0) Output0Buffer.Text = \"text \" + i;
                if (i % 1000 == 0) { SecondBuffer.AddRow(); SecondBuffer.Squared = (long)i * i; }
            } }";
        script(&mut flow, source, main, &[]);
        let one = flow.destination("One", &[number, text]);
        let two = flow.destination("Two", &[squared]);
        flow.path((source, first), (one, 0));
        flow.path((source, second), (two, 0));
        flow
    };
    for threads in [1, 4] {
        let settings = Settings {
            threads,
            ..settings()
        };
        let outcome = run_once(flow(), &[], &["One", "Two"], 1, &settings);
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        let expected: Vec<Vec<Value>> = (0..ROWS)
            .map(|i| match i % 3 {
                0 => vec![i4(i), Value::Null],
                _ => vec![i4(i), Value::text(format!("text {i}"))],
            })
            .collect();
        assert_eq!(outcome.rows[0], expected);
        let squares = (0..ROWS as i64)
            .step_by(1000)
            .map(|i| vec![Value::I8(i * i)]);
        assert_eq!(outcome.rows[1], squares.collect::<Vec<_>>());
    }
}

/// Changes both columns in place and adds one.
fn in_place() -> FlowBuilder {
    let (mut flow, at, lineages) = begin("SCR Change", Usage::ReadWrite);
    let output = flow.output(at, "Output 0", Some(0));
    let added = flow.output_column(at, output, "Length_of text", I4);
    let main = "public override void Input0_ProcessInputRow(Input0Buffer Row) {
        Row.Lengthoftext = Row.Text.Length;
        if (Row.Number % 2 == 0) Row.Text = Row.Text.ToUpper(); else Row.Text_IsNull = true;
        Row.Number = Row.Number * 10; }";
    script(&mut flow, at, main, &[]);
    let columns = [lineages[0], lineages[1], added];
    let destination = flow.destination("Destination", &columns);
    flow.path((at, output), (destination, 0));
    flow
}

#[test]
fn a_synchronous_script_changes_rows_in_place() {
    // none, a multiple of the batch, more than one buffer
    for rows in [0, 14, 23] {
        for outcome in run_all_with(
            in_place,
            &[("Source", numbers(rows), None)],
            &["Destination"],
            &settings(),
        ) {
            assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
            let expected: Vec<Vec<Value>> = (0..rows as i32)
                .map(|n| {
                    let text = format!("TEXT {n}");
                    let length = i4(text.len() as i32);
                    match n % 2 {
                        0 => vec![i4(n * 10), Value::text(text), length],
                        _ => vec![i4(n * 10), Value::Null, length],
                    }
                })
                .collect();
            assert_eq!(outcome.rows[0], expected, "{rows} rows");
        }
    }
}

#[test]
fn only_the_last_buffer_is_the_end_of_the_rowset() {
    let flow = || {
        let (mut flow, at, _) = begin("SCR Count", Usage::ReadOnly);
        let main = format!(
            "{SAY} int calls, rows, ends; bool after;
            public override void Input0_ProcessInput(Input0Buffer Buffer) {{
                calls++; if (ends > 0) after = true;
                while (Buffer.NextRow()) rows++;
                if (Buffer.EndOfRowset()) ends++; }}
            public override void PostExecute() {{ base.PostExecute(); Say(rows + \" rows, \" + ends + \" end, \" + (after ? \"calls after it\" : \"none after it\") + \", \" + calls + \" calls\"); }}"
        );
        script(&mut flow, at, &main, &[]);
        flow
    };
    for (rows, batch, calls) in [
        (0, 7, 1),
        (7, 7, 1),
        (14, 7, 2),
        (15, 7, 3),
        (25_000, 100_000, 3),
    ] {
        let settings = settings();
        let outcome = run_once(
            flow(),
            &[("Source", numbers(rows), None)],
            &[],
            batch,
            &settings,
        );
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        let expected = format!("{rows} rows, 1 end, none after it, {calls} calls");
        assert_eq!(said(&outcome.recorder), [expected]);
    }
}

/// 48 MB of text in twelve rows: more than a batch to the host holds.
#[test]
fn large_values_come_in_several_buffers() {
    const LENGTH: usize = 4 << 20;
    let ntext = ColumnType::new(DataType::NText);
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", &[("Number", I4), ("Large", ntext)]);
    let at = component(&mut flow, "SCR Large");
    flow.input(at, "Input 0");
    for lineage in &lineages {
        flow.input_column(at, 0, *lineage);
    }
    let output = flow.output(at, "Output 0", Some(0));
    let bytes = flow.output_column(at, output, "Bytes", I4);
    let calls = flow.output_column(at, output, "Calls", I4);
    let main = "int calls;
        public override void Input0_ProcessInput(Input0Buffer Buffer) { calls++; base.Input0_ProcessInput(Buffer); }
        public override void Input0_ProcessInputRow(Input0Buffer Row) { Row.Bytes = (int)Row.Large.Length; Row.Calls = calls; }";
    script(&mut flow, at, main, &[]);
    let destination = flow.destination("Destination", &[lineages[0], bytes, calls]);
    flow.path((source, 0), (at, 0));
    flow.path((at, output), (destination, 0));
    let large = "x".repeat(LENGTH);
    let columns = vec![
        numbers(12)[0].clone(),
        Arc::new(StringViewArray::from_iter_values((0..12).map(|_| &large))) as ArrayRef,
    ];
    let source = [("Source", columns, None)];
    let outcome = run_once(flow, &source, &["Destination"], 100, &settings());
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    // DT_NTEXT is UTF-16 for scripts
    let expected = (0..12).map(|n| vec![i4(n), i4(2 * LENGTH as i32), i4(1 + n / 6)]);
    assert_eq!(outcome.rows[0], expected.collect::<Vec<_>>());
}

#[test]
fn rows_go_to_the_outputs_that_the_script_directs_them_to() {
    let flow = || {
        let (mut flow, at, lineages) = begin("SCR Direct", Usage::ReadOnly);
        let mut paths = Vec::new();
        for name in ["Even ones", "Threes", "All"] {
            let output = flow.output(at, name, Some(0));
            let group = i32::from(name != "All");
            flow.pipeline.components[at].outputs[output].exclusion_group = group;
            let added = flow.output_column(at, output, &format!("{name} mark"), I4);
            paths.push((output, name, [lineages[0], added]));
        }
        let main = "public override void Input0_ProcessInputRow(Input0Buffer Row) {
            if (Row.Number % 2 == 0) { Row.Evenonesmark = 2; Row.DirectRowToEvenones(); }
            if (Row.Number % 3 == 0) { Row.Threesmark = 3; Row.DirectRowToThrees(); } }";
        script(&mut flow, at, main, &[]);
        for (output, name, columns) in paths {
            let destination = flow.destination(name, &columns);
            flow.path((at, output), (destination, 0));
        }
        flow
    };
    let names = ["Even ones", "Threes", "All"];
    for outcome in run_all_with(flow, &[("Source", numbers(20), None)], &names, &settings()) {
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        let marked = |step: usize| -> Vec<Vec<Value>> {
            (0..20)
                .step_by(step)
                .map(|n| vec![i4(n), i4(step as i32)])
                .collect()
        };
        assert_eq!(outcome.rows[0], marked(2));
        assert_eq!(outcome.rows[1], marked(3));
        let all: Vec<Vec<Value>> = (0..20).map(|n| vec![i4(n), Value::Null]).collect();
        assert_eq!(outcome.rows[2], all);
    }
}

#[test]
fn asynchronous_outputs_get_what_the_script_adds() {
    // a mixed one: rows pass, and two outputs of its own
    let flow = || {
        let (mut flow, at, lineages) = begin("SCR Mixed", Usage::ReadOnly);
        let pass = flow.output(at, "Pass", Some(0));
        let twice = flow.output(at, "Twice", None);
        let n = flow.output_column(at, twice, "N", I4);
        let total = flow.output(at, "Total", None);
        let sum = flow.output_column(at, total, "Sum", I4);
        let main = "int sum;
            public override void CreateNewOutputRows() { TwiceBuffer.AddRow(); TwiceBuffer.N = -1; }
            public override void Input0_ProcessInputRow(Input0Buffer Row) {
                sum += Row.Number;
                for (int i = 0; i < 2; i++) { TwiceBuffer.AddRow(); TwiceBuffer.N = Row.Number; } }
            public override void FinishOutputs() { TotalBuffer.AddRow(); TotalBuffer.Sum = sum; }";
        script(&mut flow, at, main, &[]);
        for (output, name, column) in [
            (pass, "Pass", lineages[0]),
            (twice, "Twice", n),
            (total, "Total", sum),
        ] {
            let destination = flow.destination(name, &[column]);
            flow.path((at, output), (destination, 0));
        }
        flow
    };
    for rows in [0_i32, 14] {
        let source = [("Source", numbers(rows as usize), None)];
        for outcome in run_all_with(flow, &source, &["Pass", "Twice", "Total"], &settings()) {
            assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
            assert_eq!(
                first_column(&outcome.rows[0]),
                (0..rows).collect::<Vec<_>>()
            );
            let twice: Vec<i32> = [-1]
                .into_iter()
                .chain((0..rows).flat_map(|n| [n, n]))
                .collect();
            assert_eq!(first_column(&outcome.rows[1]), twice);
            assert_eq!(first_column(&outcome.rows[2]), [(0..rows).sum::<i32>()]);
        }
    }
}

#[test]
fn a_script_waits_for_a_slow_reader() {
    const STEP: usize = 10_000;
    let mut flow = FlowBuilder::new();
    let source = component(&mut flow, "SCR Fast");
    let output = flow.output(source, "Output 0", None);
    let number = flow.output_column(source, output, "Number", I4);
    let main = format!(
        "{SAY} public override void CreateNewOutputRows() {{
            for (int i = 0; i < 1000000; i++) {{
                if (i % {STEP} == 0) Say(i.ToString());
                Output0Buffer.AddRow(); Output0Buffer.Number = i; }} }}"
    );
    script(&mut flow, source, &main, &[]);
    let destination = flow.destination("Destination", &[number]);
    flow.path((source, output), (destination, 0));
    let recorder = Arc::new(Recorder::default());
    let settings = Settings {
        threads: 2,
        ..settings()
    };
    let context = context(flow.package(), &recorder, &settings);
    let rows = Collected::default();
    let ahead = Arc::new(parking_lot::Mutex::new(0_usize));
    let (watch, taken, most) = (Arc::clone(&recorder), Arc::clone(&rows), Arc::clone(&ahead));
    let pause = Arc::new(move || {
        let made = said(&watch)
            .last()
            .map_or(0, |n| n.parse::<usize>().unwrap());
        let mut most = most.lock();
        *most = (*most).max(made.saturating_sub(taken.lock().len()));
    });
    let substitutes = Substitutes::default().slow_destination("Destination", &rows, pause);
    assert!(
        execute_with(&context, substitutes).is_ok(),
        "{:?}",
        recorder.errors()
    );
    let got: Vec<i32> = first_column(&rows.lock());
    assert_eq!(got, (0..1_000_000).collect::<Vec<_>>());
    // pieces under way, two credits, one being made
    let bound = (settings.threads * 2 + 2 + 2 + 1) * 16_384 + STEP;
    assert!(*ahead.lock() <= bound, "{} rows ahead", ahead.lock());
    assert_eq!(context.services.memory.used(), 0);
}
