//! Measures flat file → flat file: `flat_file [megabytes] [threads]`.
//!
//! Ten typed columns, all of them canonical in the first run (copied), none in the second
//! (parsed and formatted).

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use packmule_dataflow::testing::{FlowBuilder, Recorder, Settings, context, delimited, flat_file};
use packmule_types::{ColumnType, DataType};

fn columns() -> Vec<(&'static str, ColumnType)> {
    vec![
        ("id", ColumnType::new(DataType::I4)),
        ("customer", ColumnType::new(DataType::I8)),
        ("amount", ColumnType::numeric(18, 2)),
        ("tax", ColumnType::numeric(18, 4)),
        ("day", ColumnType::new(DataType::DbDate)),
        ("stamp", ColumnType::new(DataType::DbTimeStamp)),
        ("flag", ColumnType::new(DataType::Bool)),
        ("name", ColumnType::str(50, 1252)),
        ("city", ColumnType::str(50, 1252)),
        ("note", ColumnType::str(100, 1252)),
    ]
}

fn content(bytes: usize, canonical: bool) -> String {
    let mut text = String::with_capacity(bytes + 200);
    let mut n: u64 = 1;
    while text.len() < bytes {
        n = n
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let (a, b) = (n >> 40, n >> 20 & 0xFFFF_FFFF);
        let plus = if canonical { "" } else { "+" };
        let flag = if a % 2 == 0 { "True" } else { "False" };
        let _ = write!(
            text,
            "{plus}{a},{plus}{b},{plus}{}.{:02},{plus}{}.{:04},2024-{:02}-{:02},2023-11-05 12:{:02}:07,{flag},customer {},city of {},some words that say little about {a}\r\n",
            a % 90_000 + 1,
            b % 100,
            b % 900 + 1,
            a % 10_000,
            a % 12 + 1,
            b % 28 + 1,
            b % 60,
            a % 5000,
            b % 300,
        );
    }
    text
}

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse::<usize>().ok());
    let megabytes = arguments.next().unwrap_or(200);
    let threads = arguments.next().unwrap_or(1);
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    for canonical in [true, false] {
        let (from, to) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
        let text = content(megabytes << 20, canonical);
        if std::fs::write(&from, &text).is_err() {
            return;
        }
        let seconds = measure(&from, &to, threads);
        let mb = text.len() as f64 / 1e6;
        let how = if canonical {
            "canonical"
        } else {
            "parsed and formatted"
        };
        #[expect(clippy::print_stdout, reason = "it is what the example is for")]
        {
            println!(
                "{how}: {mb:.0} MB in {seconds:.2} s, {:.0} MB/s",
                mb / seconds
            );
        }
    }
}

fn measure(from: &std::path::Path, to: &std::path::Path, threads: usize) -> f64 {
    let columns = columns();
    let last = columns.len() - 1;
    let file = columns.iter().enumerate().map(|(at, (name, column_type))| {
        delimited(
            name,
            if at == last { "\r\n" } else { "," },
            *column_type,
            false,
        )
    });
    let file: Vec<_> = file.collect();
    let mut flow = FlowBuilder::new();
    let source = flow.component("Source", "Microsoft.FlatFileSource");
    flow.connect(source, "FlatFileConnection", "{In}");
    let output = flow.output(source, "Output", None);
    let destination = flow.component("Destination", "Microsoft.FlatFileDestination");
    flow.connect(destination, "FlatFileConnection", "{Out}");
    flow.input(destination, "Input");
    for (name, column_type) in &columns {
        let lineage = flow.output_column(source, output, name, *column_type);
        flow.map(destination, 0, lineage, name, *column_type);
    }
    flow.path((source, 0), (destination, 0));
    let mut package = flow.package();
    package
        .connection_managers
        .push(flat_file("In", from, &[], file.clone()));
    package
        .connection_managers
        .push(flat_file("Out", to, &[], file));
    let recorder = Arc::new(Recorder::default());
    let settings = Settings {
        threads,
        ..Settings::default()
    };
    let context = context(package, &recorder, &settings);
    let began = Instant::now();
    let done = packmule_dataflow::execute(&context);
    assert!(done.is_ok(), "{:?}", recorder.errors());
    began.elapsed().as_secs_f64()
}
