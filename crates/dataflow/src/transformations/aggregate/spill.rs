//! Rows on disk, divided by the hash of their keys: what is done with keys for which there is
//! no room.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use packmule_runtime::{MemoryBudget, Reservation};
use packmule_types::error::Chain;

use crate::batch::take_array;
use crate::codes;
use crate::component::Failure;
use crate::engine::spill::owned_array;

/// Partitions of one level.
const PARTITIONS: usize = 16;
/// Levels of partitions below the first one.
pub(super) const MAX_DEPTH: u32 = 4;
/// Rows and bytes that wait to be written together.
const PENDING_ROWS: usize = 8192;
const PENDING_BYTES: usize = 1 << 20;
/// What a table may hold although the budget is used up, so that it gets on.
const FLOOR: usize = 256 << 10;

/// What to give when there is no room.
pub(super) const REMEDY: &str =
    "give the execution more memory (--memory) or its temporary folder more room";

/// Memory held by one table.
#[derive(Debug)]
pub(super) struct Held {
    budget: MemoryBudget,
    reservation: Reservation,
    /// Bytes below [`FLOOR`] that the budget did not have.
    beyond: usize,
}

impl Held {
    pub(super) fn new(budget: &MemoryBudget) -> Self {
        Self {
            budget: budget.clone(),
            reservation: budget.reservation(),
            beyond: 0,
        }
    }

    /// Takes more bytes; false when there is no room. An eighth of the budget is left to
    /// everybody else.
    pub(super) fn grow(&mut self, more: usize) -> bool {
        if self.reservation.bytes() + self.beyond + more <= FLOOR {
            if self.reservation.try_grow(more).is_err() {
                self.beyond += more;
            }
            return true;
        }
        let left = self.budget.limit() / 8;
        self.budget.available() >= more.saturating_add(left)
            && self.reservation.try_grow(more).is_ok()
    }

    /// Gives bytes back.
    pub(super) fn shrink(&mut self, less: usize) {
        let beyond = self.beyond.min(less);
        self.beyond -= beyond;
        self.reservation.shrink(less - beyond);
    }
}

/// The rows could not be written or read.
pub(super) fn spill_failure(error: &ArrowError) -> Failure {
    let text = format!(
        "rows of the Aggregate cannot be kept on disk: {}",
        Chain(error)
    );
    Failure::text(codes::BUFFER_ALLOCATION, text, Some(REMEDY))
}

/// More levels of partitions than there are: the keys do not tell the rows apart.
pub(super) fn too_deep(what: &str) -> Failure {
    let text = format!("{what} do not fit into memory, not even divided by their hashes");
    Failure::text(codes::BUFFER_ALLOCATION, text, Some(REMEDY))
}

type Writer = StreamWriter<BufWriter<File>>;

/// Partitions that are being written.
pub(super) struct Partitions {
    schema: SchemaRef,
    folder: PathBuf,
    /// Which bits of the hash divide.
    depth: u32,
    writers: Vec<Option<Writer>>,
    pending: Vec<RecordBatch>,
    hashes: Vec<u64>,
    bytes: usize,
}

impl Partitions {
    pub(super) fn new(schema: SchemaRef, folder: &Path, depth: u32) -> Self {
        Self {
            schema,
            folder: folder.to_owned(),
            depth,
            writers: (0..PARTITIONS).map(|_| None).collect(),
            pending: Vec::new(),
            hashes: Vec::new(),
            bytes: 0,
        }
    }

    /// Adds rows with the hashes of their keys.
    pub(super) fn add(&mut self, columns: Vec<ArrayRef>, hashes: &[u64]) -> Result<(), ArrowError> {
        let batch = RecordBatch::try_new(self.schema.clone(), columns)?;
        self.bytes += batch.get_array_memory_size();
        self.hashes.extend_from_slice(hashes);
        self.pending.push(batch);
        if self.hashes.len() >= PENDING_ROWS || self.bytes >= PENDING_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ArrowError> {
        let all = concat_batches(&self.schema, &self.pending)?;
        self.pending.clear();
        self.bytes = 0;
        let shift = 32 + 4 * self.depth;
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); PARTITIONS];
        for (row, hash) in self.hashes.drain(..).enumerate() {
            rows[(hash >> shift) as usize % PARTITIONS].push(row as u32);
        }
        for (rows, writer) in rows.iter().zip(&mut self.writers) {
            if rows.is_empty() {
                continue;
            }
            let columns = all
                .columns()
                .iter()
                .map(|c| owned_array(&take_array(c, rows)));
            let part = RecordBatch::try_new(self.schema.clone(), columns.collect())?;
            let writer = match writer {
                Some(writer) => writer,
                none => {
                    std::fs::create_dir_all(&self.folder)?;
                    let file = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
                    none.insert(StreamWriter::try_new(file, &self.schema)?)
                }
            };
            writer.write(&part)?;
        }
        Ok(())
    }

    /// Ends the writing: the partitions that have rows.
    pub(super) fn finish(mut self) -> Result<Vec<Partition>, ArrowError> {
        if !self.hashes.is_empty() {
            self.flush()?;
        }
        let mut partitions = Vec::new();
        for writer in self.writers.into_iter().flatten() {
            let buffered = {
                let mut writer = writer;
                writer.finish()?;
                writer.into_inner()?
            };
            let file = buffered
                .into_inner()
                .map_err(|e| ArrowError::from(e.into_error()))?;
            partitions.push(Partition {
                file,
                depth: self.depth,
            });
        }
        Ok(partitions)
    }
}

/// Rows of one partition; the system removes the file when this is dropped.
pub(super) struct Partition {
    file: File,
    depth: u32,
}

impl Partition {
    /// The level below it; none when there is none.
    pub(super) fn next_depth(&self) -> Option<u32> {
        let next = self.depth + 1;
        (next <= MAX_DEPTH).then_some(next)
    }

    /// Reads the rows in the order in which they were added.
    pub(super) fn read(mut self) -> Result<StreamReader<BufReader<File>>, ArrowError> {
        self.file.seek(SeekFrom::Start(0))?;
        StreamReader::try_new(BufReader::new(self.file), None)
    }
}
