//! Sorted rows on disk: files without names, which the system removes when they are dropped.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, RecordBatch, StringArray};
use arrow::buffer::{Buffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use packmule_types::ColumnType;
use packmule_types::text::{ColumnParser, Span};

use super::runs::{Place, Run};
use super::sorter::SortError;
use crate::batch::{Column, TextColumn};
use crate::engine::spill::owned_array;

/// A text column without its text: how to read it.
#[derive(Debug, Clone)]
struct Text {
    column_type: ColumnType,
    parser: Arc<ColumnParser>,
    plain: bool,
}

/// A file being written; batches have one form each, so a file holds what begins with the
/// first one.
pub(super) struct Writing {
    file: Option<StreamWriter<BufWriter<File>>>,
    forms: Vec<Option<Text>>,
}

impl Writing {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            file: None,
            forms: Vec::new(),
        }
    }

    /// Writes rows: their keys and columns.
    pub(super) fn write(
        &mut self,
        folder: &Path,
        runs: &[Arc<Run>],
        places: &[Place],
        columns: &[Column],
    ) -> Result<(), SortError> {
        let keys = places.iter().map(|(run, place)| {
            let run = runs.get(*run as usize);
            run.map_or(&[][..], |run| run.key(*place as usize))
        });
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(BinaryArray::from_iter_values(keys))];
        let first = self.file.is_none();
        for (at, column) in columns.iter().enumerate() {
            if first {
                self.forms.push(form(column));
            }
            arrays.push(match (column, self.forms.get_mut(at)) {
                (Column::Text(text), Some(Some(form))) => {
                    form.plain &= text.plain;
                    Arc::new(texts(text)?)
                }
                _ => owned_array(&column.array()),
            });
        }
        let fields = arrays.iter().enumerate();
        let fields = fields.map(|(at, a)| Field::new(at.to_string(), a.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        if first {
            let fail = |source| SortError::Folder {
                folder: folder.display().to_string(),
                source,
            };
            std::fs::create_dir_all(folder).map_err(fail)?;
            let file = tempfile::tempfile_in(folder).map_err(fail)?;
            let writer = BufWriter::with_capacity(1 << 18, file);
            self.file = Some(StreamWriter::try_new(writer, &schema)?);
        }
        if let Some(file) = &mut self.file {
            file.write(&RecordBatch::try_new(schema, arrays)?)?;
        }
        Ok(())
    }

    /// The file from its beginning; none when nothing was written.
    pub(super) fn finish(self) -> Result<Option<Reading>, SortError> {
        let Some(mut writer) = self.file else {
            return Ok(None);
        };
        writer.finish()?;
        let file = writer.into_inner()?.into_inner();
        let mut file = file.map_err(|e| ArrowError::from(e.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(ArrowError::from)?;
        Ok(Some(Reading {
            batches: StreamReader::try_new(BufReader::with_capacity(1 << 18, file), None)?,
            forms: self.forms,
        }))
    }
}

/// A file being read.
pub(super) struct Reading {
    batches: StreamReader<BufReader<File>>,
    forms: Vec<Option<Text>>,
}

impl Reading {
    /// The next rows; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Arc<Run>>, SortError> {
        let Some(batch) = self.batches.next().transpose()? else {
            return Ok(None);
        };
        let (keys, columns) = batch
            .columns()
            .split_first()
            .and_then(|(keys, columns)| Some((keys.as_binary_opt::<i32>()?, columns)))
            .ok_or_else(|| ArrowError::InvalidArgumentError("no keys on disk".to_owned()))?;
        let columns = columns.iter().zip(&self.forms).map(|(array, form)| {
            match (form, array.as_string_opt::<i32>()) {
                (Some(form), Some(texts)) => form.column(texts),
                _ => Column::Array(Arc::clone(array)),
            }
        });
        Ok(Some(Arc::new(Run::in_order(columns.collect(), keys))))
    }
}

fn form(column: &Column) -> Option<Text> {
    match column {
        Column::Text(text) if text.canonical => Some(Text {
            column_type: text.column_type,
            parser: Arc::clone(&text.parser),
            plain: text.plain,
        }),
        _ => None,
    }
}

/// A text column as an array that can be written.
fn texts(text: &TextColumn) -> Result<StringArray, ArrowError> {
    let mut bytes = Vec::with_capacity(text.spans.iter().map(|s| s.len as usize).sum());
    for row in 0..text.spans.len() {
        bytes.extend_from_slice(text.bytes(row));
    }
    let lengths = text.spans.iter().map(|s| s.len as usize);
    let offsets = OffsetBuffer::<i32>::from_lengths(lengths);
    StringArray::try_new(offsets, Buffer::from_vec(bytes), text.validity.clone())
}

impl Text {
    /// The column that was written as `texts`.
    fn column(&self, texts: &StringArray) -> Column {
        debug_assert_eq!(texts.data_type(), &DataType::Utf8);
        let offsets = texts.value_offsets().windows(2);
        let spans = offsets.map(|o| Span {
            start: o[0] as u32,
            len: (o[1] - o[0]) as u32,
        });
        Column::Text(Arc::new(TextColumn {
            buffer: texts.values().clone(),
            spans: spans.collect(),
            column_type: self.column_type,
            validity: texts.nulls().cloned(),
            canonical: true,
            plain: self.plain,
            parser: Arc::clone(&self.parser),
            values: OnceLock::new(),
        }))
    }
}
