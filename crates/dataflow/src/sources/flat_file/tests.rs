//! Tests of the Flat File source: every file rule of the reference.

use std::sync::Arc;

use packmule_dtsx::model::{Disposition, FlatFileColumn};
use packmule_runtime::EventKind;
use packmule_types::text::Span;
use packmule_types::{CodePage, ColumnType, DataType, Value};
use proptest::prelude::*;

use super::scan::{EXTRA, Extent, Fault, Index, ScanColumn, Scanner, Unit};
use crate::run::{Substitutes, execute_with};
use crate::testing::{
    Collected, FlowBuilder, InMemory, Recorder, Settings, context, delimited, flat_file,
};

const TEXT: ColumnType = ColumnType::str(50, 1252);
const WTEXT: ColumnType = ColumnType::wstr(50);
const I4: ColumnType = ColumnType::new(DataType::I4);

/// A run of a source alone.
struct Run {
    content: Vec<u8>,
    columns: Vec<FlatFileColumn>,
    manager: Vec<(&'static str, &'static str)>,
    source: Vec<(&'static str, &'static str)>,
    disposition: Disposition,
    threads: usize,
    /// The same for all runs, so that texts that name the file are the same.
    folder: tempfile::TempDir,
}

struct Outcome {
    succeeded: bool,
    rows: Vec<Vec<Value>>,
    errors: Vec<Vec<Value>>,
    recorder: Arc<Recorder>,
}

fn csv(content: impl AsRef<[u8]>, columns: &[(&str, ColumnType)]) -> Run {
    let last = columns.len() - 1;
    let columns = columns.iter().enumerate().map(|(at, (name, column_type))| {
        delimited(
            name,
            if at == last { "\r\n" } else { "," },
            *column_type,
            true,
        )
    });
    Run {
        content: content.as_ref().to_vec(),
        columns: columns.collect(),
        manager: vec![("Format", "Delimited"), ("CodePage", "1252")],
        source: Vec::new(),
        disposition: Disposition::NotUsed,
        threads: 2,
        folder: tempfile::tempdir().unwrap(),
    }
}

fn texts(content: impl AsRef<[u8]>) -> Run {
    csv(content, &[("a", TEXT), ("b", TEXT), ("c", TEXT)])
}

impl Run {
    fn manager(mut self, name: &'static str, value: &'static str) -> Self {
        self.manager.retain(|(n, _)| *n != name);
        self.manager.push((name, value));
        self
    }

    fn source(mut self, name: &'static str, value: &'static str) -> Self {
        self.source.push((name, value));
        self
    }

    fn disposition(mut self, disposition: Disposition) -> Self {
        self.disposition = disposition;
        self
    }

    fn fixed(mut self, widths: &[u32]) -> Self {
        for (column, width) in self.columns.iter_mut().zip(widths) {
            column.column_type = "FixedWidth".to_owned();
            column.delimiter = String::new();
            column.width = *width;
        }
        self
    }

    fn run(&self, morsel_bytes: usize) -> Outcome {
        let path = self.folder.path().join("in.txt");
        std::fs::write(&path, &self.content).unwrap();
        let mut flow = FlowBuilder::new();
        let source = flow.component("Source", "Microsoft.FlatFileSource");
        flow.connect(source, "FlatFileConnection", "{In}");
        flow.set(source, "MorselBytes", &morsel_bytes.to_string());
        for (name, value) in &self.source {
            flow.set(source, name, value);
        }
        let output = flow.output(source, "Output", None);
        let mut lineages = Vec::new();
        for column in &self.columns {
            let lineage = flow.output_column(source, output, &column.name, column.data_type);
            let made = flow.column_mut(lineage).unwrap();
            made.error_disposition = self.disposition;
            made.truncation_disposition = self.disposition;
            lineages.push(lineage);
        }
        if self.source.iter().any(|(n, _)| *n == "FileNameColumnName") {
            lineages.push(flow.output_column(source, output, "File", ColumnType::wstr(260)));
        }
        let errors = flow.output(source, "Error Output", None);
        flow.pipeline.components[source].outputs[errors].is_error = true;
        let mut bad = Vec::new();
        let raw = ColumnType {
            code_page: 1252,
            ..ColumnType::new(DataType::Text)
        };
        for (flag, name, column_type) in [
            (0, "Flat File Source Error Output Column", raw),
            (1, "ErrorCode", I4),
            (2, "ErrorColumn", I4),
        ] {
            let lineage = flow.output_column(source, errors, name, column_type);
            flow.column_mut(lineage).unwrap().special_flags = flag;
            bad.push(lineage);
        }
        let good = flow.destination("Good", &lineages);
        let rejects = flow.destination("Bad", &bad);
        flow.path((source, 0), (good, 0));
        flow.path((source, 1), (rejects, 0));
        let mut package = flow.package();
        package.connection_managers.push(flat_file(
            "In",
            &path,
            &self.manager,
            self.columns.clone(),
        ));
        let recorder = Arc::new(Recorder::default());
        let settings = Settings {
            threads: self.threads,
            ..Settings::default()
        };
        let context = context(package, &recorder, &settings);
        let (rows, errors) = (Collected::default(), Collected::default());
        let substitutes = Substitutes::default()
            .memory_destination("Good", &rows)
            .memory_destination("Bad", &errors);
        let succeeded = execute_with(&context, substitutes).is_ok();
        let (rows, errors) = (rows.lock().clone(), errors.lock().clone());
        Outcome {
            succeeded,
            rows,
            errors,
            recorder,
        }
    }

    /// Runs with several sizes of pieces; all give the same.
    fn check(&self) -> Outcome {
        let whole = self.run(1 << 20);
        for morsel_bytes in [1, 2, 7] {
            let outcome = self.run(morsel_bytes);
            assert_eq!(outcome.rows, whole.rows, "pieces of {morsel_bytes}");
            assert_eq!(outcome.errors, whole.errors, "pieces of {morsel_bytes}");
            assert_eq!(outcome.recorder.errors(), whole.recorder.errors());
        }
        whole
    }

    /// Rows of text, NULL as `∅`.
    fn rows(&self) -> Vec<Vec<String>> {
        let outcome = self.check();
        assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
        outcome
            .rows
            .iter()
            .map(|row| row.iter().map(shown).collect())
            .collect()
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "∅".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::I4(n) => n.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn fields_end_at_their_column_s_delimiter() {
    assert_eq!(
        texts("1,2,3\r\nx,,z\r\n").rows(),
        [["1", "2", "3"], ["x", "", "z"]]
    );
    let mut run = texts("1|2;;3\n4|5;;6\n");
    for (column, delimiter) in run.columns.iter_mut().zip(["|", ";;", "\n"]) {
        column.delimiter = delimiter.to_owned();
    }
    assert_eq!(run.rows(), [["1", "2", "3"], ["4", "5", "6"]]);
}

#[test]
fn the_last_row_needs_no_delimiter_and_a_trailing_one_starts_no_row() {
    assert_eq!(
        texts("1,2,3\r\n4,5,6").rows(),
        [["1", "2", "3"], ["4", "5", "6"]]
    );
    assert_eq!(texts("").rows().len(), 0);
}

#[test]
fn short_rows_end_at_the_row_delimiter() {
    let short = "1\r\n\r\n4,5,6\r\n";
    let rows = [["1", "", ""], ["", "", ""], ["4", "5", "6"]];
    assert_eq!(texts(short).rows(), rows);
    let rows = [["1", "∅", "∅"], ["∅", "∅", "∅"], ["4", "5", "6"]];
    assert_eq!(texts(short).source("RetainNulls", "true").rows(), rows);
}

#[test]
fn without_the_check_the_next_line_is_swallowed() {
    let run = texts("1,2\r\n3,4,5\r\n").manager("AlwaysCheckForRowDelimiters", "False");
    assert_eq!(run.rows(), [["1", "2\r\n3", "4,5"]]);
}

#[test]
fn surplus_delimiters_belong_to_the_last_column() {
    assert_eq!(texts("a,b,c,d\r\n").rows(), [["a", "b", "c,d"]]);
}

#[test]
fn qualifiers_hold_delimiters_line_ends_and_doubled_qualifiers() {
    let content = "\"1,2\",\"a\r\nb\",\"say \"\"hi\"\"\"\r\nx\"y,\"\", \"z\"\r\n";
    let rows = [["1,2", "a\r\nb", "say \"hi\""], ["x\"y", "", " \"z\""]];
    assert_eq!(texts(content).manager("TextQualifier", "\"").rows(), rows);
    let rows = texts("\"1\",2,3\r\n")
        .manager("TextQualifier", "<none>")
        .rows();
    assert_eq!(rows, [["\"1\"", "2", "3"]]);
}

#[test]
fn columns_that_are_not_qualified_keep_qualifiers() {
    let mut run = texts("\"1\",\"2\",3\r\n").manager("TextQualifier", "\"");
    run.columns[0].text_qualified = false;
    assert_eq!(run.rows(), [["\"1\"", "2", "3"]]);
}

#[test]
fn text_behind_a_closing_qualifier_fails_the_row() {
    let run = texts("1,2,3\r\n4,\"5\"x,6\r\n7,8,9\r\n").manager("TextQualifier", "\"");
    let outcome = run.check();
    assert!(!outcome.succeeded);
    assert_eq!(outcome.rows.len(), 1);
    let errors = outcome.recorder.errors();
    assert!(
        errors[0].starts_with("0xC0202055") && errors[0].contains("\"b\""),
        "{errors:?}"
    );
    assert!(errors[1].starts_with("0xC0209029"), "{errors:?}");
    assert!(
        errors[2].starts_with("0xC0202092") && errors[2].contains("data row 2"),
        "{errors:?}"
    );
    assert!(errors[3].starts_with("0xC0047038"), "{errors:?}");
    let outcome = run.disposition(Disposition::RedirectRow).check();
    assert!(outcome.succeeded);
    assert_eq!(outcome.rows.len(), 2);
    assert_eq!(outcome.errors[0][0], Value::text("4,\"5\"x,6"));
    assert_eq!(
        outcome.errors[0][1],
        Value::I4(0xC020_2055_u32.cast_signed())
    );
}

#[test]
fn a_qualifier_that_never_closes_fails_the_row() {
    let outcome = texts("1,2,3\r\n4,\"5,6\r\n")
        .manager("TextQualifier", "\"")
        .check();
    assert!(!outcome.succeeded);
    assert!(outcome.recorder.errors()[0].starts_with("0xC0202011"));
}

#[test]
fn headers_are_skipped() {
    let content = "made\tby\ta machine\tnames,of,columns\r\nskip,this,row\r\n1,2,3\r\n";
    let run = texts(content)
        .manager("HeaderRowsToSkip", "3")
        .manager("HeaderRowDelimiter", "\t")
        .manager("ColumnNamesInFirstDataRow", "True")
        .manager("DataRowsToSkip", "1");
    assert_eq!(run.rows(), [["1", "2", "3"]]);
}

#[test]
fn a_file_that_ends_in_its_headers_is_warned_of() {
    let run = texts("only this").manager("ColumnNamesInFirstDataRow", "True");
    let outcome = run.check();
    assert!(outcome.succeeded);
    assert!(
        outcome
            .recorder
            .codes(&EventKind::Warning)
            .contains(&0x8020_202B)
    );
}

#[test]
fn fixed_width_columns_keep_blanks_and_a_partial_row_is_a_warning() {
    let run = texts("ab 12  x.cd 34  y.e")
        .manager("Format", "FixedWidth")
        .fixed(&[3, 4, 2]);
    assert_eq!(run.rows(), [["ab ", "12  ", "x."], ["cd ", "34  ", "y."]]);
    assert!(
        run.check()
            .recorder
            .codes(&EventKind::Warning)
            .contains(&0x8020_200F)
    );
}

#[test]
fn a_fixed_width_row_of_names_is_as_wide_as_a_row() {
    let run = texts("aaabbbbccab 12  x.")
        .manager("Format", "FixedWidth")
        .manager("ColumnNamesInFirstDataRow", "True")
        .fixed(&[3, 4, 2]);
    assert_eq!(run.rows(), [["ab ", "12  ", "x."]]);
}

#[test]
fn ragged_right_rows_end_at_the_row_delimiter() {
    let mut run = texts("ab 12  long text\r\ncd 34\r\nef 56  z\r\n")
        .manager("Format", "RaggedRight")
        .fixed(&[3, 4]);
    run.columns[2].delimiter = "\r\n".to_owned();
    let rows = [
        ["ab ", "12  ", "long text"],
        ["cd ", "34", ""],
        ["ef ", "56  ", "z"],
    ];
    assert_eq!(run.rows(), rows);
}

#[test]
fn code_pages_are_decoded() {
    let row = |text: &str| vec![vec![text.to_owned()]];
    let one = |content: &[u8], page: &'static str, column_type| {
        csv(content, &[("a", column_type)])
            .manager("CodePage", page)
            .rows()
    };
    assert_eq!(one(b"Stra\xDFe \x80\r\n", "1252", TEXT), row("Straße €"));
    assert_eq!(
        one(b"\xD8e\xE8\r\n", "1250", ColumnType::str(50, 1250)),
        row("Řeč")
    );
    assert_eq!(
        one("Straße\r\n".as_bytes(), "65001", ColumnType::str(50, 65001)),
        row("Straße")
    );
    assert_eq!(
        one(b"\xEF\xBB\xBFx\r\n", "65001", ColumnType::str(50, 65001)),
        row("x")
    );
    assert_eq!(
        one(b"\x83\x5C\x83\x5E\r\n", "932", ColumnType::str(50, 932)),
        row("ソタ")
    );
    assert_eq!(
        one(b"\xEF\xBB\xBFx\r\n", "1252", TEXT),
        row("\u{EF}\u{BB}\u{BF}x")
    );
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn unicode_files_are_utf_16_little_endian() {
    for mark in ["\u{FEFF}", ""] {
        let content = utf16(&format!("{mark}Žluť,𝄞,3\r\n4,5,6"));
        let run =
            csv(content, &[("a", WTEXT), ("b", WTEXT), ("c", WTEXT)]).manager("Unicode", "True");
        assert_eq!(run.rows(), [["Žluť", "𝄞", "3"], ["4", "5", "6"]]);
    }
    for (content, code) in [
        (&b"\xFE\xFF\0a"[..], "0xC020902D"),
        (b"\xEF\xBB\xBFa", "0xC020902E"),
    ] {
        let outcome = csv(content, &[("a", WTEXT)])
            .manager("Unicode", "True")
            .run(100);
        assert!(
            outcome.recorder.errors()[0].starts_with(code),
            "{:?}",
            outcome.recorder.errors()
        );
    }
}

#[test]
fn empty_fields_are_null_or_the_type_s_default() {
    let types = [
        DataType::I4,
        DataType::Bool,
        DataType::DbDate,
        DataType::DbTimeStamp,
        DataType::Date,
        DataType::R8,
    ];
    let names = ["a", "b", "c", "d", "e", "f"];
    let columns: Vec<(&str, ColumnType)> = names
        .iter()
        .zip(types)
        .map(|(name, t)| (*name, ColumnType::new(t)))
        .collect();
    let outcome = csv(",,,,,\r\n", &columns).check();
    assert!(outcome.succeeded, "{:?}", outcome.recorder.errors());
    let day = chrono::NaiveDate::from_ymd_opt(1753, 1, 1).unwrap();
    let zero = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
    let expected = [
        Value::I4(0),
        Value::Bool(false),
        Value::DbDate(day),
        Value::DbTimeStamp(day.and_time(chrono::NaiveTime::MIN)),
        Value::Date(zero.and_time(chrono::NaiveTime::MIN)),
        Value::R8(0.0),
    ];
    assert_eq!(outcome.rows, [expected]);
    let outcome = csv(",,,,,\r\n", &columns)
        .source("RetainNulls", "true")
        .check();
    assert!(outcome.rows[0].iter().all(Value::is_null));
}

#[test]
fn values_that_do_not_fit_follow_their_disposition() {
    let columns = [("a", I4), ("b", ColumnType::str(3, 1252))];
    let content = "1,abc\r\nx,abc\r\n3,abcd\r\n99999999999,abc\r\n5,x\r\n";
    let outcome = csv(content, &columns).check();
    assert!(!outcome.succeeded);
    assert_eq!(outcome.rows.len(), 1);
    let errors = outcome.recorder.errors();
    let text = "Data conversion failed. The data conversion for column \"a\" returned status value \
                2 and status text \"The value could not be converted because of a potential loss of \
                data.\".";
    assert!(errors[0].ends_with(text), "{errors:?}");

    let outcome = csv(content, &columns)
        .disposition(Disposition::IgnoreFailure)
        .check();
    let rows: Vec<Vec<String>> = outcome
        .rows
        .iter()
        .map(|row| row.iter().map(shown).collect())
        .collect();
    assert_eq!(
        rows,
        [
            ["1", "abc"],
            ["∅", "abc"],
            ["3", "abc"],
            ["∅", "abc"],
            ["5", "x"]
        ]
    );

    let outcome = csv(content, &columns)
        .disposition(Disposition::RedirectRow)
        .check();
    assert_eq!(outcome.rows.len(), 2);
    let codes: Vec<(String, u32)> = outcome
        .errors
        .iter()
        .map(|row| {
            let Value::I4(code) = row[1] else {
                panic!("{row:?}")
            };
            (shown(&row[0]), code.cast_unsigned())
        })
        .collect();
    let expected = [
        ("x,abc".to_owned(), 0xC020_9084),
        ("3,abcd".to_owned(), 0xC020_9085),
        ("99999999999,abc".to_owned(), 0xC020_9087),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn invalid_bytes_are_truncations() {
    let run =
        csv(b"ok\r\na\xFFb\r\n", &[("a", ColumnType::str(50, 65001))]).manager("CodePage", "65001");
    let outcome = run.disposition(Disposition::RedirectRow).run(1 << 20);
    assert_eq!(outcome.rows.len(), 1);
    assert_eq!(
        outcome.errors[0][1],
        Value::I4(0xC020_9085_u32.cast_signed())
    );
}

#[test]
fn the_file_s_name_may_be_a_column() {
    let outcome = texts("1,2,3\r\n")
        .source("FileNameColumnName", "File")
        .check();
    let Value::Text(name) = &outcome.rows[0][3] else {
        panic!("no name")
    };
    assert!(name.ends_with("in.txt"));
}

#[test]
fn a_missing_file_fails_in_pre_execute() {
    let mut run = texts("");
    run.manager
        .push(("ConnectionString", "/nowhere/at/all.txt"));
    let mut flow = FlowBuilder::new();
    let source = flow.component("Source", "Microsoft.FlatFileSource");
    flow.connect(source, "FlatFileConnection", "{In}");
    let output = flow.output(source, "Output", None);
    let a = flow.output_column(source, output, "a", TEXT);
    let good = flow.destination("Good", &[a]);
    flow.path((source, 0), (good, 0));
    let mut package = flow.package();
    let path = std::path::Path::new("/nowhere/at/all.txt");
    let columns = run.columns.clone();
    package
        .connection_managers
        .push(flat_file("In", path, &[], columns));
    let recorder = Arc::new(Recorder::default());
    let context = context(package, &recorder, &Settings::default());
    let substitutes = Substitutes::default().memory_destination("Good", &Collected::default());
    assert!(execute_with(&context, substitutes).is_err());
    assert!(
        recorder.errors()[0].starts_with("0xC020200E"),
        "{:?}",
        recorder.errors()
    );
}

// ---- the scanner against a parser of another kind --------------------------------------

/// One character after the other, no look-ahead beyond what the rules say.
fn naive(
    text: &[u8],
    delimiters: &[&[u8]],
    qualifier: Option<u8>,
) -> Vec<Vec<Result<Vec<u8>, Fault>>> {
    let row_delimiter = delimiters[delimiters.len() - 1];
    let mut rows = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let mut row: Vec<Result<Vec<u8>, Fault>> = Vec::new();
        for (column, delimiter) in delimiters.iter().enumerate() {
            let start = at;
            let mut value = Vec::new();
            let mut closed = None;
            if qualifier.is_some() && text.get(at).copied() == qualifier {
                at += 1;
                closed = Some(false);
                while at < text.len() {
                    if text.get(at).copied() != qualifier {
                        value.push(text[at]);
                        at += 1;
                    } else if text.get(at + 1).copied() == qualifier {
                        value.push(text[at]);
                        at += 2;
                    } else {
                        closed = Some(true);
                        at += 1;
                        break;
                    }
                }
            } else {
                while at < text.len()
                    && !text[at..].starts_with(delimiter)
                    && !text[at..].starts_with(row_delimiter)
                {
                    value.push(text[at]);
                    at += 1;
                }
            }
            let rest = &text[at..];
            let last = column + 1 == delimiters.len();
            let ends =
                rest.is_empty() || rest.starts_with(delimiter) || rest.starts_with(row_delimiter);
            if closed == Some(false) || !ends {
                let fault = if closed == Some(false) {
                    Fault::Qualifier
                } else {
                    Fault::Delimiter
                };
                row.push(Err(fault));
                at = start;
                while at < text.len() && !text[at..].starts_with(row_delimiter) {
                    at += 1;
                }
                at = (at + row_delimiter.len()).min(text.len());
                break;
            }
            row.push(Ok(value));
            if rest.is_empty() {
                break;
            }
            if !last && rest.starts_with(delimiter) {
                at += delimiter.len();
                continue;
            }
            at += row_delimiter.len();
            break;
        }
        rows.push(row);
    }
    rows
}

fn scanned(
    text: &[u8],
    delimiters: &[&[u8]],
    qualifier: Option<u8>,
    step: usize,
) -> Vec<Vec<Result<Vec<u8>, Fault>>> {
    let columns = delimiters.iter().map(|d| ScanColumn {
        extent: Extent::Delimited(d.to_vec()),
        qualified: true,
    });
    let row = delimiters[delimiters.len() - 1].to_vec();
    let qualifier = qualifier.map(|q| vec![q]);
    let unit = Unit::Page(CodePage::utf8());
    let scanner = Scanner::new(columns.collect(), row, qualifier, true, unit);
    let mut rows = Vec::new();
    let (mut from, mut to) = (0, 0);
    loop {
        to = (to + step).min(text.len());
        let piece = &text[from..to];
        let at_end = to == text.len();
        let mut index = Index::default();
        let consumed = scanner.scan(piece, at_end, &mut index);
        for row in 0..index.rows.len() {
            let fields = &index.fields[row * delimiters.len()..(row + 1) * delimiters.len()];
            let fault = index.faults.iter().find(|f| f.row as usize == row);
            rows.push(taken(
                piece,
                fields,
                &index,
                fault.map(|f| (f.column as usize, f.fault)),
            ));
        }
        from += consumed;
        if at_end {
            return rows;
        }
    }
}

fn taken(
    text: &[u8],
    fields: &[Span],
    index: &Index,
    fault: Option<(usize, Fault)>,
) -> Vec<Result<Vec<u8>, Fault>> {
    let mut row: Vec<Result<Vec<u8>, Fault>> = fields
        .iter()
        .map(|field| {
            let (bytes, start) = if field.start & EXTRA != 0 {
                (index.extra.as_slice(), field.start & !EXTRA)
            } else {
                (text, field.start)
            };
            Ok(bytes[start as usize..(start + field.len) as usize].to_vec())
        })
        .collect();
    if let Some((column, fault)) = fault {
        row.truncate(column);
        row.push(Err(fault));
    }
    row
}

/// Rows without what is missing at their end, for comparison: missing and empty look alike.
fn trimmed(mut rows: Vec<Vec<Result<Vec<u8>, Fault>>>) -> Vec<Vec<Result<Vec<u8>, Fault>>> {
    for row in &mut rows {
        while row.len() > 1 && row.last() == Some(&Ok(Vec::new())) {
            row.pop();
        }
    }
    rows
}

const LAYOUTS: &[&[&[u8]]] = &[
    &[b",", b",", b"\n"],
    &[b",", b",", b"\r\n"],
    &[b",", b"\r\n"],
    &[b"\n"],
    &[b"\r\n"],
    &[b",", b"|", b"\n"],
    &[b"||", b",", b"\r\n"],
    &[b",", b",", b",", b",", b",", b"|"],
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_scanner_finds_what_a_naive_parser_finds(
        text in prop::collection::vec(prop::sample::select(b"a\"b,,|\r\n\"\r\nxyz 0123456789".to_vec()), 0..120),
        layout in prop::sample::select(LAYOUTS),
        quoted in any::<bool>(),
        step in 1usize..130,
    ) {
        let qualifier = quoted.then_some(b'"');
        let expected = trimmed(naive(&text, layout, qualifier));
        let found = trimmed(scanned(&text, layout, qualifier, step));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_bytes_make_it_panic(data in prop::collection::vec(any::<u8>(), 0..400)) {
        super::fuzz(&data);
    }
}
