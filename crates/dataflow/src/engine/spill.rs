//! Batches on disk: what an input that must grow does when memory is short.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

use crate::batch::{Batch, Column};

/// Why a batch could not be written or read back.
#[derive(Debug, thiserror::Error)]
pub enum SpillError {
    /// The file.
    #[error("the spill file in '{folder}' cannot be used")]
    File {
        /// Folder of spill files.
        folder: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The content.
    #[error("a batch cannot be spilled")]
    Content(#[from] arrow::error::ArrowError),
    /// Nothing came back.
    #[error("the spill file holds no batch")]
    Empty,
}

/// A batch in a file without a name; the system removes it when this is dropped.
#[derive(Debug)]
pub struct Spilled {
    file: File,
    ordinal: u64,
    first_row: u64,
    rows: usize,
}

/// A column as values of its own: views do not keep a larger buffer alive.
pub fn owned_array(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Utf8View => Arc::new(array.as_string_view().gc()),
        DataType::BinaryView => Arc::new(array.as_binary_view().gc()),
        _ => Arc::clone(array),
    }
}

impl Spilled {
    /// Writes a batch without a selection.
    pub fn write(folder: &Path, batch: &Batch) -> Result<Self, SpillError> {
        let fail = |source| SpillError::File {
            folder: folder.display().to_string(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(fail)?;
        let file = tempfile::tempfile_in(folder).map_err(fail)?;
        let arrays: Vec<ArrayRef> = batch
            .columns
            .iter()
            .map(|c| owned_array(&c.array()))
            .collect();
        let fields: Vec<Field> = arrays
            .iter()
            .enumerate()
            .map(|(at, a)| Field::new(at.to_string(), a.data_type().clone(), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let options = RecordBatchOptions::new().with_row_count(Some(batch.rows));
        let record = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options)?;
        let mut writer = StreamWriter::try_new(BufWriter::new(file), &schema)?;
        writer.write(&record)?;
        writer.finish()?;
        let buffered = writer.into_inner()?;
        let file = buffered.into_inner().map_err(|e| fail(e.into_error()))?;
        Ok(Self {
            file,
            ordinal: batch.ordinal,
            first_row: batch.first_row,
            rows: batch.rows,
        })
    }

    /// Reads the batch back.
    pub fn read(mut self) -> Result<Batch, SpillError> {
        let fail = |source| SpillError::File {
            folder: String::new(),
            source,
        };
        self.file.seek(SeekFrom::Start(0)).map_err(fail)?;
        let mut reader = StreamReader::try_new(BufReader::new(self.file), None)?;
        let record = reader.next().ok_or(SpillError::Empty)??;
        let columns = record
            .columns()
            .iter()
            .map(|c| Column::Array(Arc::clone(c)));
        Ok(Batch {
            ordinal: self.ordinal,
            first_row: self.first_row,
            ..Batch::new(columns.collect(), self.rows)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Array, Int32Array, StringViewArray};

    #[test]
    fn a_batch_comes_back_as_it_went() {
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, Some(3)]));
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![
            Some("short"),
            None,
            Some("a text that is too long for a view"),
        ]));
        let columns = vec![Column::Array(numbers.clone()), Column::Array(texts.clone())];
        let batch = Batch {
            ordinal: 7,
            first_row: 21,
            ..Batch::new(columns, 3)
        };
        let folder = tempfile::tempdir().unwrap();
        let back = Spilled::write(folder.path(), &batch)
            .unwrap()
            .read()
            .unwrap();
        assert_eq!((back.ordinal, back.first_row, back.rows), (7, 21, 3));
        assert_eq!(back.array(0).to_data(), numbers.to_data());
        assert_eq!(back.array(1).as_string_view(), texts.as_string_view());
    }
}
