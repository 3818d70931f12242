//! Reads a file in pieces and decodes them; skips byte order mark and header rows.

use std::io::Read;

use packmule_types::CodePage;

use super::scan::find;

/// Longest row, in bytes of the decoded text. A file without row delimiters must not fill the
/// memory; spans hold 31 bits.
pub(super) const ROW_BYTES_MAX: usize = 1 << 28;

/// How bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-16, little endian.
    Utf16,
    /// A code page.
    Page(CodePage),
}

/// Why a file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// The operating system says so.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// A big endian byte order mark in a Unicode file.
    #[error("big endian byte order mark")]
    BigEndian,
    /// A UTF-8 byte order mark in a Unicode file.
    #[error("UTF-8 byte order mark in a Unicode file")]
    Utf8AsUnicode,
    /// No end of a row.
    #[error("no row ends within {ROW_BYTES_MAX} bytes")]
    RowTooLong,
}

/// A file as decoded text, piece by piece.
pub(super) struct Chunks {
    input: Box<dyn Read + Send>,
    encoding: Encoding,
    /// Bytes that do not make a whole character yet.
    raw: Vec<u8>,
    /// Text that was decoded and not yet taken.
    pub text: Vec<u8>,
    /// Nothing follows.
    pub at_end: bool,
    /// A byte had no character in the text that is held.
    pub unclean: bool,
    begun: bool,
}

impl Chunks {
    /// Text of any bytes.
    pub(super) fn from_reader(input: Box<dyn Read + Send>, encoding: Encoding) -> Self {
        Self {
            input,
            encoding,
            raw: Vec::new(),
            text: Vec::new(),
            at_end: false,
            unclean: false,
            begun: false,
        }
    }

    /// Reads on: about so many bytes more.
    pub(super) fn fill(&mut self, bytes: usize) -> Result<(), ReadError> {
        if self.at_end {
            return Ok(());
        }
        if self.text.len() > ROW_BYTES_MAX {
            return Err(ReadError::RowTooLong);
        }
        let direct = self.begun && self.raw.is_empty() && self.is_utf8_page();
        if direct {
            return self.fill_directly(bytes);
        }
        let wanted = bytes.max(if self.begun { 1 } else { 4 });
        let got = self
            .input
            .by_ref()
            .take(wanted as u64)
            .read_to_end(&mut self.raw)?;
        self.at_end = got < wanted;
        if !self.begun {
            self.begun = true;
            self.skip_mark()?;
        }
        self.decode();
        Ok(())
    }

    /// UTF-8 and ASCII need no decoding: bytes are read where the text is kept.
    fn fill_directly(&mut self, bytes: usize) -> Result<(), ReadError> {
        let before = self.text.len();
        let wanted = bytes.max(1);
        self.text.reserve(wanted + 1);
        let got = self
            .input
            .by_ref()
            .take(wanted as u64)
            .read_to_end(&mut self.text)?;
        self.at_end = got < wanted;
        let Encoding::Page(page) = self.encoding else {
            return Ok(());
        };
        if !self.text[before..].is_ascii() {
            self.raw = self.text.split_off(before);
            debug_assert!(page.ascii_compatible());
            self.decode();
        }
        Ok(())
    }

    fn is_utf8_page(&self) -> bool {
        match self.encoding {
            Encoding::Page(page) => page.is_utf8(b"a"),
            Encoding::Utf16 => false,
        }
    }

    fn skip_mark(&mut self) -> Result<(), ReadError> {
        match self.encoding {
            Encoding::Utf16 => {
                if self.raw.starts_with(&[0xFF, 0xFE]) {
                    self.raw.drain(..2);
                } else if self.raw.starts_with(&[0xFE, 0xFF]) {
                    return Err(ReadError::BigEndian);
                } else if self.raw.starts_with(&[0xEF, 0xBB, 0xBF]) {
                    return Err(ReadError::Utf8AsUnicode);
                }
            }
            Encoding::Page(page) => {
                if page.number() == 65001 && self.raw.starts_with(&[0xEF, 0xBB, 0xBF]) {
                    self.raw.drain(..3);
                }
            }
        }
        Ok(())
    }

    /// Decodes the whole characters of `raw`.
    fn decode(&mut self) {
        let whole = if self.at_end {
            self.raw.len()
        } else {
            self.whole_characters()
        };
        if whole == 0 {
            return;
        }
        let page = match self.encoding {
            Encoding::Utf16 => {
                self.decode_utf16(whole);
                return;
            }
            Encoding::Page(page) => page,
        };
        let (text, clean) = page.decode(&self.raw[..whole]);
        self.text.extend_from_slice(text.as_bytes());
        self.unclean |= !clean;
        self.raw.drain(..whole);
    }

    fn decode_utf16(&mut self, whole: usize) {
        let units = self.raw[..whole]
            .chunks_exact(2)
            .map(|b| u16::from_le_bytes([b[0], b[1]]));
        let mut one = [0u8; 4];
        for c in char::decode_utf16(units) {
            let c = c.unwrap_or_else(|_| {
                self.unclean = true;
                char::REPLACEMENT_CHARACTER
            });
            self.text
                .extend_from_slice(c.encode_utf8(&mut one).as_bytes());
        }
        if whole % 2 == 1 {
            self.unclean = true;
            let lost = char::REPLACEMENT_CHARACTER.encode_utf8(&mut one);
            self.text.extend_from_slice(lost.as_bytes());
        }
        self.raw.drain(..whole);
    }

    /// How many bytes of `raw` are whole characters for certain.
    fn whole_characters(&self) -> usize {
        let raw = &self.raw;
        match self.encoding {
            Encoding::Utf16 => {
                let even = raw.len() / 2 * 2;
                match raw[..even].last_chunk::<2>() {
                    Some(last) if (0xD8..0xDC).contains(&last[1]) => even - 2,
                    _ => even,
                }
            }
            Encoding::Page(page) if page.number() == 65001 => {
                let back = raw.iter().rev().take(3).position(|b| *b >= 0xC0);
                match back {
                    Some(back) if needed(raw[raw.len() - 1 - back]) > back + 1 => {
                        raw.len() - 1 - back
                    }
                    _ => raw.len(),
                }
            }
            Encoding::Page(page) if page.is_single_byte() => raw.len(),
            // Trail bytes of the pages of several bytes are 0x30 or higher, so that a character
            // ends for certain after a lower byte.
            Encoding::Page(_) => raw.iter().rposition(|b| *b < 0x30).map_or(0, |at| at + 1),
        }
    }

    /// Drops text from the front.
    pub(super) fn drop_front(&mut self, bytes: usize) {
        self.text.drain(..bytes.min(self.text.len()));
    }

    /// Skips one header row; `false` when the file ended before its delimiter.
    pub(super) fn skip_row(&mut self, delimiter: &[u8], bytes: usize) -> Result<bool, ReadError> {
        let mut step = bytes;
        loop {
            if let Some(at) = find(&self.text, 0, delimiter) {
                self.drop_front(at + delimiter.len());
                return Ok(true);
            }
            if self.at_end {
                self.text.clear();
                return Ok(false);
            }
            self.fill(step)?;
            step = step.saturating_mul(2).min(1 << 24);
        }
    }
}

/// Bytes of the UTF-8 character that a lead byte begins.
fn needed(lead: u8) -> usize {
    match lead {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}
