//! Log provider for XML files (`Microsoft.LogProviderXMLFile`, before 2014
//! `DTS.LogProviderXMLFile.n`): one `<record>` for each entry, a `<dtslog>` for each run, all in
//! one `<dtslogs>`, in the file of a FILE connection manager (ConfigString). Documented in
//! control-flow.md 8.1.
//!
//! The file is well-formed after each entry: the closing tags are written behind it, and the
//! next entry stands in their place.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use packmule_runtime::Reported;

use super::{Entry, Log, Opening, ProviderType};

/// The registry's entry.
pub(super) const TYPE: ProviderType = ProviderType {
    name: "Microsoft.LogProviderXMLFile",
    title: "SSIS log provider for XML files",
    doc: "a record for each entry in the XML file of a FILE connection",
    validate: super::validate_file,
    open,
};

const START: &str = "<?xml version=\"1.0\"?>\n<dtslogs>\n";
const RUN_END: &str = "</dtslog>\n";
const END: &str = "</dtslogs>\n";
/// The closing tag of the root may stand this many bytes before the end of the file.
const TAIL_BYTES: u64 = 256;

/// An open log.
struct XmlFile {
    file: File,
    error: Option<String>,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Log>, Reported> {
    let path = super::file_of(opening)?;
    match XmlFile::open(&path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(super::cannot_open(opening, &path, &error)),
    }
}

impl XmlFile {
    fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        match end_of_runs(&mut file)? {
            Some(at) => {
                file.seek(SeekFrom::Start(at))?;
            }
            None => file.write_all(START.as_bytes())?,
        }
        let mut log = Self { file, error: None };
        log.append("<dtslog>\n")?;
        Ok(log)
    }

    /// Writes a text, and the closing tags behind it; the next text goes over these.
    fn append(&mut self, text: &str) -> io::Result<()> {
        self.file
            .write_all(format!("{text}{RUN_END}{END}").as_bytes())?;
        let end = self.file.stream_position()?;
        self.file.set_len(end)?;
        let closing = i64::try_from(RUN_END.len() + END.len()).unwrap_or_default();
        self.file.seek(SeekFrom::Current(-closing))?;
        Ok(())
    }
}

/// Where the closing tag of the root stands; `None` for an empty file. Any other file is none
/// of ours, and it is not written to.
fn end_of_runs(file: &mut File) -> io::Result<Option<u64>> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(None);
    }
    let from = length.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail)?;
    let tag = END.trim_end().as_bytes();
    let found = tail.windows(tag.len()).rposition(|w| w == tag);
    match found {
        Some(at) => Ok(Some(from + at as u64)),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the file is no XML log: it does not end with </dtslogs>",
        )),
    }
}

impl Log for XmlFile {
    fn write(&mut self, entry: &Entry<'_>, suppressed: &[String]) {
        if let Err(error) = self.append(&record(entry, suppressed)) {
            self.error.get_or_insert(error.to_string());
        }
    }

    fn close(mut self: Box<Self>) -> Result<(), String> {
        let flushed = self.file.flush().map_err(|e| e.to_string());
        match self.error.take() {
            Some(error) => Err(error),
            None => flushed,
        }
    }
}

/// One record; suppressed columns are empty.
fn record(entry: &Entry<'_>, suppressed: &[String]) -> String {
    let time = super::local_form(entry.time);
    let column = |name: &str, value| super::column(suppressed, name, value);
    let fields = [
        ("event", entry.event.as_str()),
        ("message", column("MessageText", entry.message)),
        ("computer", column("Computer", entry.computer)),
        ("operator", column("Operator", entry.operator)),
        ("source", column("SourceName", entry.source)),
        ("sourceid", column("SourceID", entry.source_id)),
        ("executionid", column("ExecutionID", entry.execution_id)),
        ("starttime", &time),
        ("endtime", &time),
        ("datacode", &entry.code.to_string()),
        ("databytes", column("DataBytes", "0x")),
    ];
    let mut text = String::from("<record>");
    for (name, value) in fields {
        text.push_str(&format!("<{name}>{}</{name}>", escaped(value)));
    }
    text.push_str("</record>\n");
    text
}

/// A text as XML has it; characters that XML 1.0 cannot hold become U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            '\t' | '\n' => out.push(c),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(message: &str) -> Entry<'_> {
        let time = chrono::NaiveDate::from_ymd_opt(2024, 5, 1)
            .and_then(|d| d.and_hms_opt(12, 25, 17))
            .expect("a time");
        Entry {
            event: "OnError".to_owned(),
            computer: "PC",
            operator: "PC\\me",
            source: "T",
            source_id: "{1}",
            execution_id: "{2}",
            time,
            code: -5,
            message,
        }
    }

    #[test]
    fn runs_are_appended_to_one_document() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.xml");
        for message in ["a < b & c\u{1}", "second"] {
            let mut log = Box::new(XmlFile::open(&path).expect("the log opens"));
            log.write(&entry(message), &["Operator".to_owned()]);
            log.write(&entry("x"), &[]);
            log.close().expect("the log closes");
        }
        let text = std::fs::read_to_string(&path).expect("the log");
        let one = |message: &str, operator: &str| {
            format!(
                "<record><event>OnError</event><message>{message}</message>\
                 <computer>PC</computer><operator>{operator}</operator><source>T</source>\
                 <sourceid>{{1}}</sourceid><executionid>{{2}}</executionid>\
                 <starttime>5/1/2024 12:25:17 PM</starttime>\
                 <endtime>5/1/2024 12:25:17 PM</endtime><datacode>-5</datacode>\
                 <databytes>0x</databytes></record>\n"
            )
        };
        let run = |message: &str| {
            let records = [one(message, ""), one("x", "PC\\me")].concat();
            format!("<dtslog>\n{records}</dtslog>\n")
        };
        let expected = format!(
            "<?xml version=\"1.0\"?>\n<dtslogs>\n{}{}</dtslogs>\n",
            run("a &lt; b &amp; c\u{FFFD}"),
            run("second")
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn another_file_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.csv");
        std::fs::write(&path, "a,b\n").expect("a file");
        assert!(XmlFile::open(&path).is_err());
        assert_eq!(
            std::fs::read_to_string(&path).ok().as_deref(),
            Some("a,b\n")
        );
    }
}
