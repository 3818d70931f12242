//! Writes formatted batches, in order.

use std::fs::File;
use std::io::{BufWriter, Write};

use packmule_runtime::{Events, Reported};
use packmule_types::Code;

use super::format::Formatted;
use crate::component::{End, Failure, Ordered, Outputs, Prepared};

const CANNOT_WRITE: Code = Code(0xC020_2091);
const PROCESSING_ENDED: Code = Code(0x4020_90DD);
const ROWS_PROCESSED: Code = Code(0x4020_90DE);

/// The file.
pub(super) struct Writer {
    file: BufWriter<File>,
    name: String,
    events: Events,
    /// Rows written, the row of names included.
    rows: u64,
}

impl Writer {
    /// A writer to an open file; `name` is the file's name in messages.
    pub(super) fn new(file: File, name: String, events: Events) -> Self {
        Self {
            file: BufWriter::with_capacity(1 << 18, file),
            name,
            events,
            rows: 0,
        }
    }

    /// Writes what a new file begins with.
    pub(super) fn begin(&mut self, bytes: &[u8], names: bool) -> Result<(), Reported> {
        self.rows += u64::from(names);
        self.file.write_all(bytes).map_err(|error| {
            let text = self.text(&error);
            self.events.error_text(CANNOT_WRITE, text, Some(REMEDY))
        })
    }

    fn text(&self, error: &std::io::Error) -> String {
        format!("the file \"{}\" cannot be written: {error}", self.name)
    }

    fn failure(&self, error: &std::io::Error) -> Failure {
        Failure::text(CANNOT_WRITE, self.text(error), Some(REMEDY))
    }
}

const REMEDY: &str = "check the disk's space and the folder's permissions";

impl Ordered for Writer {
    fn process(&mut self, prepared: Prepared, _outputs: &mut Outputs) -> Result<(), Failure> {
        let formatted = prepared.extra.and_then(|e| e.downcast::<Formatted>().ok());
        let Some(formatted) = formatted else {
            return Ok(());
        };
        self.rows += formatted.rows as u64;
        let written = self.file.write_all(&formatted.bytes);
        written.map_err(|error| self.failure(&error))
    }

    fn end_of_input(&mut self) -> Result<(), Failure> {
        let flushed = self.file.flush();
        flushed.map_err(|error| self.failure(&error))?;
        let rows = self.rows.to_string();
        self.events
            .information(ROWS_PROCESSED, &[&self.name, &rows]);
        Ok(())
    }

    fn finish(&mut self, _end: End) -> Result<(), Reported> {
        let flushed = self.file.flush();
        self.events.information(PROCESSING_ENDED, &[&self.name]);
        flushed.map_err(|error| {
            let text = self.text(&error);
            self.events.error_text(CANNOT_WRITE, text, Some(REMEDY))
        })
    }
}
