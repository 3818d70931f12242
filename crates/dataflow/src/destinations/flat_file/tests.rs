//! Tests of the Flat File destination: what files look like, and what is copied from a source.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Int32Array,
    StringViewArray, TimestampMicrosecondArray,
};
use packmule_dtsx::model::FlatFileColumn;
use packmule_types::{ColumnType, DataType};

use crate::run::{Substitutes, execute, execute_with};
use crate::testing::{FlowBuilder, InMemory, Recorder, Settings, context, delimited, flat_file};

const I4: ColumnType = ColumnType::new(DataType::I4);
const TEXT: ColumnType = ColumnType::wstr(50);

struct Case {
    columns: Vec<(&'static str, ColumnType, ArrayRef)>,
    file: Vec<FlatFileColumn>,
    manager: Vec<(&'static str, &'static str)>,
    settings: Vec<(&'static str, &'static str)>,
    before: Option<&'static [u8]>,
}

fn case(columns: Vec<(&'static str, ColumnType, ArrayRef)>) -> Case {
    let last = columns.len() - 1;
    let file = columns
        .iter()
        .enumerate()
        .map(|(at, (name, column_type, _))| {
            delimited(
                name,
                if at == last { "\r\n" } else { "," },
                *column_type,
                true,
            )
        });
    Case {
        file: file.collect(),
        columns,
        manager: vec![("Format", "Delimited"), ("CodePage", "1252")],
        settings: Vec::new(),
        before: None,
    }
}

fn text(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringViewArray::from(values.to_vec()))
}

fn two() -> Case {
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None]));
    case(vec![
        ("n", I4, numbers),
        ("t", TEXT, text(&[Some("a,\"b"), Some("")])),
    ])
}

impl Case {
    fn manager(mut self, name: &'static str, value: &'static str) -> Self {
        self.manager.retain(|(n, _)| *n != name);
        self.manager.push((name, value));
        self
    }

    fn setting(mut self, name: &'static str, value: &'static str) -> Self {
        self.settings.push((name, value));
        self
    }

    fn write(&self) -> (Vec<u8>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        if let Some(before) = self.before {
            std::fs::write(&path, before).unwrap();
        }
        let mut flow = FlowBuilder::new();
        let types: Vec<(&str, ColumnType)> = self.columns.iter().map(|c| (c.0, c.1)).collect();
        let (source, lineages) = flow.source("Source", &types);
        let destination = flow.component("Destination", "Microsoft.FlatFileDestination");
        flow.connect(destination, "FlatFileConnection", "{Out}");
        flow.input(destination, "Input");
        for ((name, column_type), lineage) in types.iter().zip(&lineages) {
            flow.map(destination, 0, *lineage, name, *column_type);
        }
        for (name, value) in &self.settings {
            flow.set(destination, name, value);
        }
        flow.path((source, 0), (destination, 0));
        let mut package = flow.package();
        package
            .connection_managers
            .push(flat_file("Out", &path, &self.manager, self.file.clone()));
        let recorder = Arc::new(Recorder::default());
        let context = context(package, &recorder, &Settings::default());
        let arrays = self.columns.iter().map(|c| Arc::clone(&c.2)).collect();
        let substitutes = Substitutes::default().memory_source("Source", arrays, 1, None);
        let _ = execute_with(&context, substitutes);
        (std::fs::read(&path).unwrap_or_default(), recorder.errors())
    }

    fn check(&self, expected: impl AsRef<[u8]>) {
        let (bytes, errors) = self.write();
        assert_eq!(errors, [""; 0]);
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(shown(&bytes), shown(expected.as_ref()));
    }
}

#[test]
fn every_qualified_value_stands_in_qualifiers_and_null_does_not() {
    two().check("1,a,\"b\r\n,\r\n");
    let qualified = || two().manager("TextQualifier", "\"");
    qualified().check("\"1\",\"a,\"b\"\r\n,\"\"\r\n");
    qualified()
        .setting("EscapeQualifier", "true")
        .check("\"1\",\"a,\"\"b\"\r\n,\"\"\r\n");
    let mut one = qualified();
    one.file[0].text_qualified = false;
    one.check("1,\"a,\"b\"\r\n,\"\"\r\n");
}

#[test]
fn header_and_names_stand_in_new_files_only() {
    let named = || {
        two()
            .manager("ColumnNamesInFirstDataRow", "True")
            .setting("Header", "top|")
    };
    named().check("top|n,t\r\n1,a,\"b\r\n,\r\n");
    let appended = |before| Case {
        before: Some(before),
        ..named().setting("Overwrite", "false")
    };
    appended(b"old\r\n").check("old\r\n1,a,\"b\r\n,\r\n");
    appended(b"").check("top|n,t\r\n1,a,\"b\r\n,\r\n");
    let replaced = Case {
        before: Some(b"old\r\n"),
        ..two()
    };
    replaced.check("1,a,\"b\r\n,\r\n");
}

#[test]
fn a_file_is_made_for_no_rows() {
    let none: ArrayRef = Arc::new(Int32Array::from(Vec::<i32>::new()));
    case(vec![("n", I4, none)])
        .manager("ColumnNamesInFirstDataRow", "True")
        .check("n\r\n");
}

#[test]
fn a_column_without_input_is_an_empty_field() {
    let mut more = two();
    more.file.insert(1, delimited("x", ",", TEXT, true));
    more.check("1,,a,\"b\r\n,,\r\n");
}

#[test]
fn encodings() {
    let text = || case(vec![("t", TEXT, text(&[Some("Straße €")]))]);
    text().check(b"Stra\xDFe \x80\r\n");
    text().manager("CodePage", "65001").check("Straße €\r\n");
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend("Straße €\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    text().manager("Unicode", "True").check(utf16);
}

#[test]
fn a_character_without_a_match_is_fatal_and_rows_before_it_are_written() {
    let values = text(&[Some("fine"), Some("日本"), Some("never")]);
    let (bytes, errors) = case(vec![("t", TEXT, values)]).write();
    assert_eq!(bytes, b"fine\r\n");
    assert!(
        errors[0].starts_with("0xC02020A1") && errors[0].contains("value 4"),
        "{errors:?}"
    );
    assert!(errors[1].starts_with("0xC02020A0"), "{errors:?}");
    assert!(errors[2].starts_with("0xC0047022"), "{errors:?}");
}

#[test]
fn fixed_width_values_are_filled_with_blanks_and_must_fit() {
    let fixed = |values: &[Option<&str>]| {
        let numbers: ArrayRef = Arc::new(Int32Array::from_iter_values(0..values.len() as i32));
        let mut fixed = case(vec![("n", I4, numbers), ("t", TEXT, text(values))])
            .manager("Format", "FixedWidth");
        for (column, width) in fixed.file.iter_mut().zip([3, 5]) {
            column.column_type = "FixedWidth".to_owned();
            column.delimiter = String::new();
            column.width = width;
        }
        fixed
    };
    fixed(&[Some("ab"), None]).check("0  ab   1       ");
    let (bytes, errors) = fixed(&[Some("ab"), Some("too long")]).write();
    assert_eq!(bytes, b"0  ab   ");
    assert!(errors[0].starts_with("0xC02020A1"), "{errors:?}");
}

/// Data flow reference 5.1: what was seen in files that SSIS wrote.
#[test]
fn values_are_written_as_ssis_writes_them() {
    let numeric: ArrayRef = Arc::new(
        Decimal128Array::from(vec![20])
            .with_precision_and_scale(18, 2)
            .unwrap(),
    );
    let stamp =
        |micros: i64| -> ArrayRef { Arc::new(TimestampMicrosecondArray::from(vec![micros])) };
    let case = case(vec![
        ("a", ColumnType::numeric(18, 2), numeric),
        (
            "b",
            ColumnType::new(DataType::DbTimeStamp),
            stamp(1_671_562_062_078_000),
        ),
        (
            "c",
            ColumnType::new(DataType::DbTimeStamp),
            stamp(1_404_086_400_000_000),
        ),
        (
            "d",
            ColumnType::new(DataType::DbDate),
            Arc::new(Date32Array::from(vec![-6651])),
        ),
        (
            "e",
            ColumnType::new(DataType::Bool),
            Arc::new(BooleanArray::from(vec![true])),
        ),
        (
            "f",
            ColumnType::new(DataType::R4),
            Arc::new(Float32Array::from(vec![1.58E-03])),
        ),
        (
            "g",
            ColumnType::new(DataType::R4),
            Arc::new(Float32Array::from(vec![1.49E-03])),
        ),
    ]);
    case.check(
        ".20,2022-12-20 18:47:42.078000000,2014-06-30 00:00:00,1951-10-17,True,0.00158,1.4900001E-3\r\n",
    );
}

// ---- copying -------------------------------------------------------------------------------

fn copy(
    content: &[u8],
    columns: &[(&str, ColumnType)],
    to_code_page: &str,
    threads: usize,
    folder: &Path,
    through_values: bool,
) -> Vec<u8> {
    let (from, to) = (folder.join("in.txt"), folder.join("out.txt"));
    std::fs::write(&from, content).unwrap();
    let last = columns.len() - 1;
    let file: Vec<FlatFileColumn> = columns
        .iter()
        .enumerate()
        .map(|(at, (name, t))| delimited(name, if at == last { "\r\n" } else { ";" }, *t, false))
        .collect();
    let mut flow = FlowBuilder::new();
    let source = flow.component("Source", "Microsoft.FlatFileSource");
    flow.connect(source, "FlatFileConnection", "{In}");
    flow.set(source, "MorselBytes", "50");
    flow.set(source, "RetainNulls", "true");
    let output = flow.output(source, "Output", None);
    let destination = flow.component("Destination", "Microsoft.FlatFileDestination");
    flow.connect(destination, "FlatFileConnection", "{Out}");
    flow.input(destination, "Input");
    for (name, column_type) in columns {
        let lineage = flow.output_column(source, output, name, *column_type);
        flow.map(destination, 0, lineage, name, *column_type);
    }
    if through_values {
        // A component that reads values stands elsewhere: columns are parsed and formatted.
        let split = flow.component("Split", "Microsoft.ConditionalSplit");
        flow.input(split, "Input");
        let lineages: Vec<_> = flow.pipeline.components[source].outputs[0]
            .columns
            .iter()
            .map(|c| c.lineage)
            .collect();
        for lineage in lineages {
            flow.input_column(split, 0, lineage);
        }
        flow.output(split, "Default", Some(0));
        let default = &mut flow.pipeline.components[split].outputs[0];
        default
            .properties
            .push(crate::testing::property("IsDefaultOut", "true"));
        flow.path((source, 0), (split, 0));
        flow.path((split, 0), (destination, 0));
    } else {
        flow.path((source, 0), (destination, 0));
    }
    let mut package = flow.package();
    package.connection_managers.push(flat_file(
        "In",
        &from,
        &[("CodePage", "1252")],
        file.clone(),
    ));
    package
        .connection_managers
        .push(flat_file("Out", &to, &[("CodePage", to_code_page)], file));
    let recorder = Arc::new(Recorder::default());
    let settings = Settings {
        threads,
        ..Settings::default()
    };
    let context = context(package, &recorder, &settings);
    assert!(execute(&context).is_ok(), "{:?}", recorder.errors());
    std::fs::read(&to).unwrap()
}

#[test]
fn copying_equals_parsing_and_formatting() {
    let columns = [
        ("i", ColumnType::new(DataType::I8)),
        ("n", ColumnType::numeric(10, 2)),
        ("d", ColumnType::new(DataType::DbDate)),
        ("b", ColumnType::new(DataType::Bool)),
        ("t", ColumnType::str(20, 1252)),
        ("r", ColumnType::new(DataType::R8)),
    ];
    let mut content = Vec::new();
    for row in 0..300 {
        let line = match row % 5 {
            0 => format!(
                "{row};{row}.50;2024-02-{:02};True;text {row};0.5\r\n",
                row % 28 + 1
            ),
            1 => format!("+{row};0{row}.5;2024-02-01;true;Stra\u{DF}e;1e3\r\n"),
            2 => "-7;-.50;1999-12-31;False;;\r\n".to_owned(),
            3 => ";;;;;\r\n".to_owned(),
            _ => format!(" {row} ;{row};2024-02-29;0;x;-12.25\r\n"),
        };
        content.extend(line.chars().map(|c| c as u8));
    }
    let folder = tempfile::tempdir().unwrap();
    for page in ["1252", "65001"] {
        let values = copy(&content, &columns, page, 1, folder.path(), true);
        assert!(values.starts_with(b"0;.50;2024-02-01;True;text 0;0.5\r\n1;1.50;"));
        for threads in [1, 2, 8] {
            let copied = copy(&content, &columns, page, threads, folder.path(), false);
            assert_eq!(
                String::from_utf8_lossy(&copied),
                String::from_utf8_lossy(&values)
            );
        }
    }
}
