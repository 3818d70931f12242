//! Builds text columns: pieces of the input are shared, new text goes into one buffer.

use std::sync::Arc;

use arrow::array::{ArrayRef, ByteView, NullBufferBuilder, StringViewArray, make_view};
use arrow::buffer::Buffer;
use packmule_types::Code;

use crate::codes;
use crate::vector::Texts;

/// Longest text of one row, in bytes: more is an overflow of the function.
pub(crate) const CELL_BYTES_MAX: usize = 64 << 20;
/// Most new text of one column of a batch, in bytes.
const COLUMN_BYTES_MAX: usize = 512 << 20;

/// Rows of the result, in order.
pub(crate) struct TextBuilder {
    views: Vec<u128>,
    nulls: NullBufferBuilder,
    shared: Vec<Buffer>,
    /// Text made here; it becomes the buffer after the shared ones.
    made: Vec<u8>,
    /// Where the text of the row under construction starts.
    start: usize,
}

impl TextBuilder {
    /// For results that are new text only.
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            views: Vec::with_capacity(rows),
            nulls: NullBufferBuilder::new(rows),
            shared: Vec::new(),
            made: Vec::new(),
            start: 0,
        }
    }

    /// For results that may be pieces of an operand.
    pub(crate) fn sharing(rows: usize, texts: Texts<'_>) -> Self {
        let mut builder = Self::new(rows);
        if let Some(array) = texts.array {
            builder.shared = array.data_buffers().to_vec();
        }
        builder
    }

    pub(crate) fn push_null(&mut self) {
        self.views.push(0);
        self.nulls.append_null();
    }

    /// A row that is `piece`, the bytes from `start` on of row `row` of the operand that was
    /// given to [`TextBuilder::sharing`].
    #[inline]
    pub(crate) fn push_piece(&mut self, texts: Texts<'_>, row: usize, start: usize, piece: &str) {
        let row = if texts.constant { 0 } else { row };
        let bytes = piece.as_bytes();
        let view = texts.array.and_then(|a| a.views().get(row));
        let view = match view {
            Some(view) if bytes.len() > 12 => {
                let source = ByteView::from(*view);
                let offset = u32::try_from(start).unwrap_or(0);
                make_view(bytes, source.buffer_index, source.offset + offset)
            }
            _ => make_view(bytes, 0, 0),
        };
        self.views.push(view);
        self.nulls.append_non_null();
    }

    /// A row of new text.
    #[inline]
    pub(crate) fn push_str(&mut self, text: &str) -> Result<(), Code> {
        if text.len() > 12 {
            self.write(text)?;
            self.finish_row();
        } else {
            self.views.push(make_view(text.as_bytes(), 0, 0));
            self.nulls.append_non_null();
        }
        Ok(())
    }

    /// Adds text to the row under construction; after an error the row is to be given up by
    /// [`TextBuilder::abandon_row`].
    #[inline]
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Code> {
        let length = self.made.len() - self.start + text.len();
        if length > CELL_BYTES_MAX || self.made.len() + text.len() > COLUMN_BYTES_MAX {
            return Err(codes::FUNCTION_OVERFLOW);
        }
        self.made.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// Ends the row under construction.
    #[inline]
    pub(crate) fn finish_row(&mut self) {
        let bytes = &self.made[self.start..];
        // Within COLUMN_BYTES_MAX, so within 32 bits.
        let view = make_view(bytes, self.shared.len() as u32, self.start as u32);
        if bytes.len() <= 12 {
            self.made.truncate(self.start);
        }
        self.start = self.made.len();
        self.views.push(view);
        self.nulls.append_non_null();
    }

    /// Makes the row under construction NULL.
    pub(crate) fn abandon_row(&mut self) {
        self.made.truncate(self.start);
        self.push_null();
    }

    /// The column. Should a view not be sound, which no input can bring about, it is an empty
    /// one.
    pub(crate) fn finish(mut self) -> ArrayRef {
        let rows = self.views.len();
        self.shared.push(Buffer::from_vec(self.made));
        let nulls = self.nulls.finish();
        let array = StringViewArray::try_new(self.views.into(), self.shared, nulls);
        debug_assert!(array.is_ok(), "unsound views");
        Arc::new(array.unwrap_or_else(|_| StringViewArray::new_null(rows)))
    }
}

/// Byte offset of a UTF-16 offset. Where it falls between the halves of a surrogate pair, the
/// offset behind the character (`behind`) or before it: a half is left out, because text cannot
/// hold it. Past the end: the length.
#[inline]
pub(crate) fn byte_offset(text: &str, units: usize, ascii: bool, behind: bool) -> usize {
    if ascii {
        return units.min(text.len());
    }
    let mut seen = 0;
    for (i, c) in text.char_indices() {
        if seen >= units {
            return i;
        }
        seen += c.len_utf16();
        if seen > units {
            return if behind { i + c.len_utf8() } else { i };
        }
    }
    text.len()
}

/// Length in UTF-16 units.
#[inline]
pub(crate) fn utf16_length(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}
