//! Log provider for text files (`Microsoft.LogProviderTextFile`, before 2014
//! `DTS.LogProviderTextFile.n`): appends one line with commas for each entry to the file of a
//! FILE connection manager (ConfigString). Documented in control-flow.md 8.1.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use packmule_runtime::Reported;

use super::{Entry, Log, Opening, ProviderType};

/// The registry's entry.
pub(super) const TYPE: ProviderType = ProviderType {
    name: "Microsoft.LogProviderTextFile",
    title: "SSIS log provider for Text files",
    doc: "a line with commas for each entry in the file of a FILE connection",
    validate: super::validate_file,
    open,
};

/// [R-TEXTLOG] The header and a blank line stand at each opening.
const HEADER: &str = "#Fields: event,computer,operator,source,sourceid,executionid,starttime,\
                      endtime,datacode,databytes,message\r\n\r\n";

/// An open log.
struct TextFile {
    file: BufWriter<File>,
    error: Option<String>,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Log>, Reported> {
    let path = super::file_of(opening)?;
    match TextFile::open(&path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(super::cannot_open(opening, &path, &error)),
    }
}

impl TextFile {
    fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let mut file = BufWriter::new(file);
        file.write_all(HEADER.as_bytes())?;
        Ok(Self { file, error: None })
    }
}

impl Log for TextFile {
    fn write(&mut self, entry: &Entry<'_>, suppressed: &[String]) {
        let line = line(entry, suppressed);
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.flush());
        if let Err(error) = written {
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

/// One line; suppressed columns are empty, nothing is quoted.
fn line(entry: &Entry<'_>, suppressed: &[String]) -> String {
    let column = |name: &str, value| super::column(suppressed, name, value);
    let time = super::local_form(entry.time);
    let code = entry.code.to_string();
    let message = if entry.message.is_empty() {
        "(null)"
    } else {
        entry.message
    };
    let fields = [
        entry.event.as_str(),
        column("Computer", entry.computer),
        column("Operator", entry.operator),
        column("SourceName", entry.source),
        column("SourceID", entry.source_id),
        column("ExecutionID", entry.execution_id),
        &time,
        &time,
        &code,
        column("DataBytes", "0x"),
        column("MessageText", message),
    ];
    format!("{}\r\n", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_form_of_ssis() {
        let time = chrono::NaiveDate::from_ymd_opt(2024, 5, 1)
            .and_then(|d| d.and_hms_opt(0, 25, 17))
            .expect("a time");
        let entry = Entry {
            event: "OnError".to_owned(),
            computer: "PC",
            operator: "PC\\me",
            source: "T",
            source_id: "{1}",
            execution_id: "{2}",
            time,
            code: 5,
            message: "a, b",
        };
        assert_eq!(
            line(&entry, &["Operator".to_owned()]),
            "OnError,PC,,T,{1},{2},5/1/2024 12:25:17 AM,5/1/2024 12:25:17 AM,5,0x,a, b\r\n"
        );
    }
}
