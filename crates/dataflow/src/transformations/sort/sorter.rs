//! A sort within a memory budget.
//!
//! Batches are sorted where they come from ([`Run::new`]) and kept. When there is no room for
//! another one those that are kept are merged into a file. At the end what is kept, or the
//! files, are merged.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::error::ArrowError;
use packmule_runtime::{Cancel, MemoryBudget, Reservation};

use super::files::{Reading, Writing};
use super::gather::Gather;
use super::runs::{Merge, Place, Run};
use crate::batch::Column;

/// Files that are merged at a time.
const FILES_MAX: usize = 32;
/// About so many bytes of each file are in memory while files are merged.
const FILE_BATCH_BYTES: usize = 256 << 10;
/// What a sort may hold although others have used up the budget, so that it gets on.
const FLOOR: usize = 1 << 20;

/// Why rows could not be sorted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SortError {
    /// No file can be made.
    #[error("no file can be made in '{folder}'")]
    Folder {
        /// The folder of temporary files.
        folder: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Writing, reading or putting together.
    #[error("sorted rows cannot be kept")]
    Rows(#[from] ArrowError),
    /// The run was cancelled.
    #[error("the sort was cancelled")]
    Cancelled,
}

/// Rows to be sorted.
pub(crate) struct Sorter {
    memory: MemoryBudget,
    folder: PathBuf,
    cancel: Cancel,
    /// Of rows with equal keys only the first one stays.
    distinct: bool,
    runs: Vec<Arc<Run>>,
    /// What the runs take.
    held: Reservation,
    /// Bytes below [`FLOOR`] that the budget did not have.
    beyond: usize,
    files: Vec<Reading>,
}

impl Sorter {
    /// Without rows.
    pub(crate) fn new(
        memory: &MemoryBudget,
        folder: PathBuf,
        cancel: Cancel,
        distinct: bool,
    ) -> Self {
        Self {
            held: memory.reservation(),
            memory: memory.clone(),
            folder,
            cancel,
            distinct,
            runs: Vec::new(),
            beyond: 0,
            files: Vec::new(),
        }
    }

    /// Adds a batch.
    pub(crate) fn add(&mut self, run: Run) -> Result<(), SortError> {
        if run.len() == 0 {
            return Ok(());
        }
        let bytes = run.bytes();
        if !self.has_room(bytes) && !self.runs.is_empty() {
            self.write()?;
            // A batch on its own goes to a file at once where it does not fit.
            self.has_room(bytes);
        }
        self.runs.push(Arc::new(run));
        Ok(())
    }

    /// Takes room for a batch. An eighth of the budget is left to everybody else.
    fn has_room(&mut self, bytes: usize) -> bool {
        let left = self.memory.limit() / 8;
        if self.memory.available() >= bytes.saturating_add(left)
            && self.held.try_grow(bytes).is_ok()
        {
            return true;
        }
        let floor = self.held.bytes() + self.beyond + bytes <= FLOOR;
        if floor {
            self.beyond += bytes;
        }
        floor
    }

    /// Merges what is kept into a file.
    fn write(&mut self) -> Result<(), SortError> {
        let runs = std::mem::take(&mut self.runs);
        let rows: usize = runs.iter().map(|run| run.len()).sum();
        let bytes: usize = runs.iter().map(|run| run.bytes()).sum();
        let gather = Gather::new(&runs);
        let mut merge = Merge::new(&runs, self.distinct);
        let mut file = Writing::new();
        let step = (FILE_BATCH_BYTES * rows / bytes.max(1)).clamp(1, gather.rows);
        loop {
            self.check()?;
            let places = merge.next(&runs, step);
            if places.is_empty() {
                break;
            }
            let columns = gather.columns(&runs, &places)?;
            file.write(&self.folder, &runs, &places, &columns)?;
        }
        drop(runs);
        self.held.shrink(self.held.bytes());
        self.beyond = 0;
        self.files.extend(file.finish()?);
        if self.files.len() >= FILES_MAX {
            self.merge_files()?;
        }
        Ok(())
    }

    /// Merges all files into one.
    fn merge_files(&mut self) -> Result<(), SortError> {
        let mut streams = Streams::open(std::mem::take(&mut self.files), self.distinct)?;
        let mut file = Writing::new();
        while let Some(piece) = streams.next()? {
            self.check()?;
            file.write(&self.folder, &piece.runs, &piece.places, &piece.columns()?)?;
        }
        self.files.extend(file.finish()?);
        Ok(())
    }

    fn check(&self) -> Result<(), SortError> {
        if self.cancel.is_cancelled() {
            return Err(SortError::Cancelled);
        }
        Ok(())
    }

    /// All rows are there: from here on they can be read in order.
    pub(crate) fn finish(mut self) -> Result<Sorted, SortError> {
        if !self.files.is_empty() {
            if !self.runs.is_empty() {
                self.write()?;
            }
            return Ok(Sorted::Files(Streams::open(self.files, self.distinct)?));
        }
        let gather = Gather::new(&self.runs);
        let merge = Merge::new(&self.runs, self.distinct);
        Ok(Sorted::Memory {
            merge,
            runs: self.runs.into(),
            gather: Arc::new(gather),
            held: Arc::new(self.held),
        })
    }
}

/// Sorted rows.
pub(crate) enum Sorted {
    /// From memory.
    Memory {
        merge: Merge,
        runs: Arc<[Arc<Run>]>,
        gather: Arc<Gather>,
        held: Arc<Reservation>,
    },
    /// From files.
    Files(Streams),
}

impl Sorted {
    /// The next rows in order; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>, SortError> {
        match self {
            Self::Memory {
                merge,
                runs,
                gather,
                held,
            } => {
                let places = merge.next(runs, gather.rows);
                Ok((!places.is_empty()).then(|| Piece {
                    runs: Arc::clone(runs),
                    gather: Arc::clone(gather),
                    places,
                    _held: Some(Arc::clone(held)),
                }))
            }
            Self::Files(streams) => streams.next(),
        }
    }
}

/// Files that are merged.
pub(crate) struct Streams {
    files: Vec<Reading>,
    /// The batch that each file is at.
    runs: Vec<Arc<Run>>,
    merge: Merge,
}

impl Streams {
    fn open(mut files: Vec<Reading>, distinct: bool) -> Result<Self, SortError> {
        let mut runs = Vec::with_capacity(files.len());
        for file in &mut files {
            runs.extend(file.next()?);
        }
        let merge = Merge::of_streams(&runs, distinct);
        Ok(Self { files, runs, merge })
    }

    fn next(&mut self) -> Result<Option<Piece>, SortError> {
        loop {
            if let Some(ended) = self.merge.ended() {
                if let (Some(file), Some(run)) =
                    (self.files.get_mut(ended), self.runs.get_mut(ended))
                {
                    *run = match file.next()? {
                        Some(next) => next,
                        None => Arc::new(run.exhausted()),
                    };
                }
                self.merge.go_on(&self.runs);
            }
            let gather = Gather::new(&self.runs);
            let places = self.merge.next(&self.runs, gather.rows);
            if !places.is_empty() {
                return Ok(Some(Piece {
                    runs: self.runs.as_slice().into(),
                    gather: Arc::new(gather),
                    places,
                    _held: None,
                }));
            }
            if self.merge.ended().is_none() {
                return Ok(None);
            }
        }
    }
}

/// Rows in order, whose columns any thread puts together.
pub(crate) struct Piece {
    runs: Arc<[Arc<Run>]>,
    gather: Arc<Gather>,
    places: Vec<Place>,
    _held: Option<Arc<Reservation>>,
}

impl Piece {
    /// Rows.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// About how many bytes its columns will take.
    pub(crate) fn bytes(&self) -> usize {
        let rows: usize = self.runs.iter().map(|run| run.len()).sum();
        let bytes: usize = self.runs.iter().take(16).map(|run| run.bytes()).sum();
        let part = self.runs.len().max(1).div_ceil(16);
        bytes * part / rows.max(1) * self.len()
    }

    /// The columns.
    pub(crate) fn columns(&self) -> Result<Vec<Column>, ArrowError> {
        self.gather.columns(&self.runs, &self.places)
    }
}
