//! Text columns: the cells themselves, cut to the column's length.

use std::sync::Arc;

use arrow::array::{ArrayRef, NullBufferBuilder, StringViewArray, StringViewBuilder, make_view};
use arrow::buffer::{Buffer, ScalarBuffer};

use super::{ColumnParser, EmptyText};
use crate::code_page::{CodePage, Fit, cut_utf16, utf16_len};
use crate::status::{RowErrors, Status};
use crate::text::{CellSource, Cells, Parsed};

/// Bytes that a text may have after it was repaired: Arrow's lengths have 31 bits.
const MAX_TEXT: usize = i32::MAX as usize;

impl ColumnParser {
    pub(super) fn texts<S: CellSource>(&self, cells: &S, shared: Option<&Buffer>) -> Parsed {
        let rows = cells.rows();
        let shared = shared.filter(|s| u32::try_from(s.len()).is_ok());
        let mut errors = RowErrors::new();
        let mut out = TextColumn::new(rows, shared);
        for row in 0..rows {
            match cells.cell(row) {
                Some([]) if self.empty == EmptyText::Null => out.null(),
                None => out.null(),
                Some(bytes) => {
                    let (text, status) = self.text(bytes);
                    if let Some(status) = status {
                        errors.push(row as u32, status);
                    }
                    match text {
                        Kept::Same(text) => out.push(text),
                        Kept::Changed(text) => out.push_new(text.as_bytes()),
                    }
                }
            }
        }
        Parsed {
            array: out.finish(),
            errors,
        }
    }

    /// Texts of a buffer that is ASCII without NUL: only lengths count.
    pub(super) fn plain_texts(&self, cells: &Cells<'_>, shared: &Buffer) -> Parsed {
        let data_type = self.column_type.data_type;
        let longest = cells.spans.iter().map(|s| s.len).max().unwrap_or(0);
        let fits = data_type.is_lob() || longest <= self.column_type.length;
        let reaches = u32::try_from(shared.len()).is_ok();
        let empties = self.empty == EmptyText::Null && cells.spans.iter().any(|s| s.len == 0);
        let ascii = self.page.is_none_or(CodePage::ascii_compatible);
        if !fits || !reaches || empties || !ascii {
            return self.texts(cells, Some(shared));
        }
        let views = cells.spans.iter().map(|span| {
            let start = span.start as usize;
            let text = cells.buffer.get(start..start + span.len as usize);
            make_view(text.unwrap_or_default(), 0, span.start)
        });
        let array = StringViewArray::try_new(
            ScalarBuffer::from_iter(views),
            vec![shared.clone()],
            cells.validity.cloned(),
        );
        Parsed {
            array: Arc::new(array.expect("each view is a part of an ASCII buffer")),
            errors: RowErrors::new(),
        }
    }

    /// A text within the column's length and page; it ends at the first NUL.
    #[inline]
    pub(in crate::text) fn text<'a>(&self, bytes: &'a [u8]) -> (Kept<'a>, Option<Status>) {
        let limit = self.column_type.length as usize;
        let lob = self.column_type.data_type.is_lob();
        if bytes.is_ascii() && self.page.is_none_or(CodePage::ascii_compatible) {
            let end = match memchr::memchr(0, bytes) {
                Some(end) if !lob => end,
                _ => bytes.len(),
            };
            if lob || end <= limit {
                return (Kept::Same(bytes.get(..end).unwrap_or_default()), None);
            }
            let cut = bytes.get(..limit).unwrap_or_default();
            return (Kept::Same(cut), Some(Status::Truncated));
        }
        self.wide_text(bytes, limit, lob)
    }

    /// Whether a text stays as it is.
    #[inline]
    pub(crate) fn keeps(&self, text: &str) -> bool {
        match self.text(text.as_bytes()) {
            (Kept::Same(kept), None) => kept.len() == text.len(),
            _ => false,
        }
    }

    fn wide_text<'a>(
        &self,
        bytes: &'a [u8],
        limit: usize,
        lob: bool,
    ) -> (Kept<'a>, Option<Status>) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            let mut repaired = String::from_utf8_lossy(bytes).into_owned();
            repaired.truncate(repaired.floor_char_boundary(MAX_TEXT));
            let (kept, _) = self.text(repaired.as_bytes());
            let text = match kept {
                Kept::Same(text) => String::from_utf8_lossy(text).into_owned(),
                Kept::Changed(text) => text,
            };
            return (Kept::Changed(text), Some(Status::Truncated));
        };
        let text = match text.split_once('\0') {
            Some((before, _)) if !lob => before,
            _ => text,
        };
        match self.page {
            Some(page) => {
                let limit = if lob { usize::MAX } else { limit };
                match page.fit(text, limit) {
                    Fit::Fits => (Kept::Same(text.as_bytes()), None),
                    Fit::Cut(text) => (Kept::Changed(text), Some(Status::Truncated)),
                }
            }
            None if lob || utf16_len(text) <= limit => (Kept::Same(text.as_bytes()), None),
            None => (
                Kept::Same(cut_utf16(text, limit).as_bytes()),
                Some(Status::Truncated),
            ),
        }
    }
}

/// A text of a column: a part of the cell, or a new one.
pub(in crate::text) enum Kept<'a> {
    Same(&'a [u8]),
    Changed(String),
}

/// Builds a text column: views into the shared buffer where there is one, else copies.
struct TextColumn<'a> {
    shared: Option<&'a Buffer>,
    views: Vec<u128>,
    valid: NullBufferBuilder,
    /// Copies, when there is no shared buffer or a text was changed.
    copies: Vec<u8>,
    /// Earlier copies, in blocks that offsets of 32 bits reach.
    full: Vec<Buffer>,
    builder: Option<StringViewBuilder>,
}

impl<'a> TextColumn<'a> {
    fn new(rows: usize, shared: Option<&'a Buffer>) -> Self {
        let own = shared.is_none();
        Self {
            shared,
            views: Vec::with_capacity(if own { 0 } else { rows }),
            valid: NullBufferBuilder::new(rows),
            copies: Vec::new(),
            full: Vec::new(),
            builder: own.then(|| StringViewBuilder::with_capacity(rows)),
        }
    }

    fn null(&mut self) {
        match &mut self.builder {
            Some(builder) => builder.append_null(),
            None => {
                self.views.push(0);
                self.valid.append_null();
            }
        }
    }

    #[inline]
    fn push(&mut self, text: &[u8]) {
        if let Some(builder) = &mut self.builder {
            let text = std::str::from_utf8(text).expect("invalid texts were repaired before");
            builder.append_value(text);
            return;
        }
        let offset = self.shared.and_then(|shared| {
            let offset = (text.as_ptr() as usize).checked_sub(shared.as_ptr() as usize)?;
            (offset + text.len() <= shared.len()).then_some(offset)
        });
        match offset.and_then(|o| u32::try_from(o).ok()) {
            Some(offset) => {
                self.views.push(make_view(text, 0, offset));
                self.valid.append_non_null();
            }
            None => self.push_new(text),
        }
    }

    fn push_new(&mut self, text: &[u8]) {
        if self.builder.is_some() {
            return self.push(text);
        }
        // offsets have 32 bits
        if self.copies.len() > MAX_TEXT {
            self.full
                .push(Buffer::from_vec(std::mem::take(&mut self.copies)));
        }
        let offset = u32::try_from(self.copies.len()).expect("at most MAX_TEXT");
        let block = u32::try_from(self.full.len() + 1).expect("a block is 2^31 bytes of memory");
        self.copies.extend_from_slice(text);
        self.views.push(make_view(text, block, offset));
        self.valid.append_non_null();
    }

    fn finish(mut self) -> ArrayRef {
        if let Some(mut builder) = self.builder {
            return Arc::new(builder.finish());
        }
        let mut buffers: Vec<Buffer> = self.shared.into_iter().cloned().collect();
        buffers.append(&mut self.full);
        buffers.push(Buffer::from_vec(self.copies));
        let array =
            StringViewArray::try_new(ScalarBuffer::from(self.views), buffers, self.valid.finish())
                .expect("each view was made from valid text within its buffer");
        Arc::new(array)
    }
}
