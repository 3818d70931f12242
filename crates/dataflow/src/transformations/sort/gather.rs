//! Columns of rows that stand in several runs.
//!
//! Text that nobody has needed as values is copied as text, a row's neighbouring texts at once.

use std::sync::{Arc, OnceLock};

use arrow::array::{Array, ArrayRef};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::compute::interleave;
use arrow::error::ArrowError;
use packmule_types::text::Span;

use super::runs::{DELIMITER_BYTES, Place, Run};
use crate::batch::{Column, TextColumn};

/// Bytes of text that are copied at a time; spans hold 32 bits.
const TEXT_BYTES_MAX: usize = 64 << 20;
/// Rows of a piece.
const ROWS_MAX: usize = 8192;

/// How the columns of runs are put together.
#[derive(Debug)]
pub(crate) struct Gather {
    /// Columns that are text in all runs, by the buffer that they share in each.
    texts: Vec<Vec<usize>>,
    columns: usize,
    /// Rows whose text certainly is within bounds.
    pub(super) rows: usize,
}

impl Gather {
    /// Looks at the runs. Columns that cannot be copied as text in all of them are values.
    pub(super) fn new(runs: &[Arc<Run>]) -> Self {
        let columns = runs.first().map_or(0, |run| run.columns.len());
        let mut texts: Vec<Vec<usize>> = Vec::new();
        for column in 0..columns {
            if !is_text_everywhere(runs, column) {
                continue;
            }
            let group = texts.iter_mut().find(|group| {
                let first = group.first().copied().unwrap_or(0);
                runs.iter().all(|run| share_buffer(run, first, column))
            });
            match group {
                Some(group) => group.push(column),
                None => texts.push(vec![column]),
            }
        }
        let longest = runs.iter().map(|run| run.longest).max();
        let rows = TEXT_BYTES_MAX / longest.unwrap_or(0).max(1);
        Self {
            texts,
            columns,
            rows: rows.clamp(1, ROWS_MAX),
        }
    }

    /// The columns of some rows.
    pub(super) fn columns(
        &self,
        runs: &[Arc<Run>],
        places: &[Place],
    ) -> Result<Vec<Column>, ArrowError> {
        let mut columns: Vec<Option<Column>> = vec![None; self.columns];
        for group in &self.texts {
            for (at, column) in group.iter().zip(texts(runs, places, group)) {
                if let Some(place) = columns.get_mut(*at) {
                    *place = Some(column);
                }
            }
        }
        let indices: Vec<(usize, usize)> = places
            .iter()
            .map(|place| (place.0 as usize, row_of(runs, *place)))
            .collect();
        let mut made = Vec::with_capacity(self.columns);
        for (at, column) in columns.into_iter().enumerate() {
            if let Some(column) = column {
                made.push(column);
                continue;
            }
            let arrays: Vec<ArrayRef> = runs
                .iter()
                .filter_map(|run| run.columns.get(at).map(Column::array))
                .collect();
            let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
            made.push(Column::Array(interleave(&arrays, &indices)?));
        }
        Ok(made)
    }
}

/// The row of a place.
#[inline]
fn row_of(runs: &[Arc<Run>], place: Place) -> usize {
    let run = runs.get(place.0 as usize);
    let row = run.and_then(|run| run.order.get(place.1 as usize));
    row.map_or(0, |row| *row as usize)
}

fn text(run: &Run, column: usize) -> Option<&Arc<TextColumn>> {
    match run.columns.get(column)? {
        Column::Text(text) => Some(text),
        Column::Array(_) => None,
    }
}

/// Whether a column is canonical text in all runs, read by one parser.
fn is_text_everywhere(runs: &[Arc<Run>], column: usize) -> bool {
    let Some(first) = runs.first().and_then(|run| text(run, column)) else {
        return false;
    };
    runs.iter().all(|run| {
        text(run, column).is_some_and(|t| t.canonical && Arc::ptr_eq(&t.parser, &first.parser))
    })
}

fn share_buffer(run: &Run, a: usize, b: usize) -> bool {
    match (text(run, a), text(run, b)) {
        (Some(a), Some(b)) => a.buffer.ptr_eq(&b.buffer),
        _ => false,
    }
}

/// The text columns of a group that share their buffers.
fn texts(runs: &[Arc<Run>], places: &[Place], group: &[usize]) -> Vec<Column> {
    let by_run: Vec<Vec<&TextColumn>> = runs
        .iter()
        .map(|run| {
            group
                .iter()
                .filter_map(|at| text(run, *at))
                .map(AsRef::as_ref)
                .collect()
        })
        .collect();
    let mut spans: Vec<Vec<Span>> = vec![Vec::with_capacity(places.len()); group.len()];
    let mut bytes: Vec<u8> = Vec::new();
    let mut row_spans: Vec<Span> = Vec::with_capacity(group.len());
    for place in places {
        let Some(columns) = by_run.get(place.0 as usize) else {
            continue;
        };
        let Some(first) = columns.first() else {
            continue;
        };
        let row = row_of(runs, *place);
        row_spans.clear();
        row_spans.extend(columns.iter().map(|c| c.span(row)));
        copy_row(&first.buffer, &row_spans, &mut bytes, &mut spans);
    }
    let plain = by_run.iter().flatten().all(|text| text.plain);
    let buffer = Buffer::from_vec(bytes);
    let mut made = Vec::with_capacity(group.len());
    for (at, spans) in spans.into_iter().enumerate() {
        let columns: Vec<&TextColumn> = by_run.iter().filter_map(|c| c.get(at).copied()).collect();
        let Some(first) = columns.first() else {
            continue;
        };
        made.push(Column::Text(Arc::new(TextColumn {
            buffer: buffer.clone(),
            spans,
            column_type: first.column_type,
            validity: validity(runs, &columns, places),
            canonical: true,
            plain,
            parser: Arc::clone(&first.parser),
            values: OnceLock::new(),
        })));
    }
    made
}

/// Copies a row's texts: at once where little else stands between them.
fn copy_row(buffer: &Buffer, row: &[Span], bytes: &mut Vec<u8>, spans: &mut [Vec<Span>]) {
    let all = buffer.as_slice();
    let (mut start, mut end, mut sum) = (u32::MAX, 0, 0);
    for span in row.iter().filter(|s| s.len > 0) {
        start = start.min(span.start);
        end = end.max(span.start + span.len);
        sum += span.len as usize;
    }
    let reach = end.saturating_sub(start) as usize;
    let base = bytes.len() as u32;
    if reach <= sum + row.len() * DELIMITER_BYTES {
        let range = start as usize..start as usize + reach;
        bytes.extend_from_slice(all.get(range).unwrap_or_default());
        for (span, column) in row.iter().zip(spans) {
            // an empty text stands anywhere, best between its neighbours
            let inside = span.start.saturating_sub(start).min(reach as u32);
            let at = if span.start < start { 0 } else { inside };
            column.push(Span {
                start: base + at,
                len: span.len,
            });
        }
        return;
    }
    for (span, column) in row.iter().zip(spans) {
        let at = bytes.len() as u32;
        let from = span.start as usize;
        bytes.extend_from_slice(all.get(from..from + span.len as usize).unwrap_or_default());
        column.push(Span {
            start: at,
            len: span.len,
        });
    }
}

/// Which rows have a value; all when absent.
fn validity(runs: &[Arc<Run>], columns: &[&TextColumn], places: &[Place]) -> Option<NullBuffer> {
    if columns.iter().all(|c| c.validity.is_none()) {
        return None;
    }
    let valid = places.iter().map(|place| {
        let column = columns.get(place.0 as usize);
        column.is_none_or(|c| !c.is_null(row_of(runs, *place)))
    });
    Some(NullBuffer::from_iter(valid))
}
