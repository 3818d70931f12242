//! Windows code pages: bytes to text and back.
//!
//! Text inside the engine is UTF-8; a `DT_STR` column's page matters where bytes enter, where
//! they leave, and for its length. Which page comes from where: `encoding_rs` (Windows, ISO,
//! East Asian, UTF), `oem_cp` (OEM pages), own tables (28591, 28599, EBCDIC), arithmetic (ASCII,
//! UTF-32). There is no best-fit mapping (ł to l): a character without a match is reported
//! (status 4) and written as `?`.

mod ebcdic;
mod single;

use std::borrow::Cow;

use encoding_rs::{DecoderResult, EncoderResult, Encoding};

use self::single::SingleByte;

/// A code page that is known, ready for use; cheap to copy.
#[derive(Clone, Copy)]
pub struct CodePage {
    number: u32,
    codec: Codec,
}

#[derive(Clone, Copy)]
enum Codec {
    Utf8,
    Single(&'static SingleByte),
    Multi(&'static Encoding),
    Utf16 { big: bool },
    Utf32 { big: bool },
}

/// A code page that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("code page {0} is not supported")]
pub struct UnknownCodePage(pub u32);

/// A text measured against a length in bytes of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// Every character has a match and the bytes suffice.
    Fits,
    /// What remains: cut to the length, with `?` for characters without a match.
    Cut(String),
}

impl std::fmt::Debug for CodePage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CodePage({})", self.number)
    }
}

impl PartialEq for CodePage {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for CodePage {}

impl CodePage {
    /// The page of a number as Windows counts them (1252, 65001, 437 …).
    pub fn new(number: u32) -> Result<Self, UnknownCodePage> {
        let codec = match number {
            65001 => Codec::Utf8,
            1200 => Codec::Utf16 { big: false },
            1201 => Codec::Utf16 { big: true },
            12000 => Codec::Utf32 { big: false },
            12001 => Codec::Utf32 { big: true },
            _ => match SingleByte::find(number) {
                Some(table) => Codec::Single(table),
                None => Codec::Multi(multi_byte(number).ok_or(UnknownCodePage(number))?),
            },
        };
        Ok(Self { number, codec })
    }

    /// UTF-8 (65001).
    pub const fn utf8() -> Self {
        Self {
            number: 65001,
            codec: Codec::Utf8,
        }
    }

    /// UTF-16, little-endian (1200): what SSIS calls Unicode files.
    pub const fn utf16_le() -> Self {
        Self {
            number: 1200,
            codec: Codec::Utf16 { big: false },
        }
    }

    /// Windows' number of the page.
    pub const fn number(self) -> u32 {
        self.number
    }

    /// Whether bytes below 0x80 always are the ASCII characters and never part of another
    /// character, so that delimiters may be searched in the undecoded bytes.
    pub fn ascii_safe(self) -> bool {
        match self.codec {
            Codec::Utf8 => true,
            Codec::Single(table) => table.is_ascii(),
            Codec::Multi(encoding) => {
                encoding == encoding_rs::EUC_KR && self.number != 949
                    || encoding == encoding_rs::EUC_JP
            }
            Codec::Utf16 { .. } | Codec::Utf32 { .. } => false,
        }
    }

    /// Whether ASCII text has the same bytes in this page.
    pub fn ascii_compatible(self) -> bool {
        match self.codec {
            Codec::Utf8 => true,
            Codec::Single(table) => table.is_ascii(),
            Codec::Multi(encoding) => encoding.is_ascii_compatible(),
            Codec::Utf16 { .. } | Codec::Utf32 { .. } => false,
        }
    }

    /// Whether each character is one byte.
    pub const fn is_single_byte(self) -> bool {
        matches!(self.codec, Codec::Single(_))
    }

    /// The bytes of one code unit: 1, 2 (UTF-16) or 4 (UTF-32).
    pub const fn unit(self) -> usize {
        match self.codec {
            Codec::Utf16 { .. } => 2,
            Codec::Utf32 { .. } => 4,
            _ => 1,
        }
    }

    /// Whether the bytes are the UTF-8 form of their text already, so that no copy is needed.
    pub fn is_utf8(self, bytes: &[u8]) -> bool {
        match self.codec {
            Codec::Utf8 => Encoding::utf8_valid_up_to(bytes) == bytes.len(),
            _ => self.ascii_compatible() && bytes.is_ascii() && !self.has_escapes(),
        }
    }

    /// Pages of the ISO 2022 family switch alphabets by escape sequences of ASCII bytes.
    fn has_escapes(self) -> bool {
        matches!(self.codec, Codec::Multi(e) if e == encoding_rs::ISO_2022_JP)
    }

    /// Text of bytes, borrowed where they are UTF-8 already; `false` where a byte has no
    /// character (U+FFFD stands for it).
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        if self.is_utf8(bytes)
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return (Cow::Borrowed(text), true);
        }
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
        let clean = self.decode_append(bytes, &mut text);
        (Cow::Owned(text), clean)
    }

    /// Appends the text of bytes; `false` where a byte has no character (U+FFFD stands for
    /// it).
    pub fn decode_append(self, bytes: &[u8], out: &mut String) -> bool {
        match self.codec {
            Codec::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => {
                    out.push_str(text);
                    true
                }
                Err(_) => {
                    out.push_str(&String::from_utf8_lossy(bytes));
                    false
                }
            },
            Codec::Single(table) => table.decode(bytes, out),
            Codec::Multi(encoding) => decode_multi(encoding, bytes, out),
            Codec::Utf16 { big } => decode_utf16(bytes, big, out),
            Codec::Utf32 { big } => decode_utf32(bytes, big, out),
        }
    }

    /// Appends the bytes of a text; `false` where a character has no match (`?` stands for
    /// it).
    pub fn encode_append(self, text: &str, out: &mut Vec<u8>) -> bool {
        match self.codec {
            Codec::Utf8 => {
                out.extend_from_slice(text.as_bytes());
                true
            }
            Codec::Single(table) => table.encode(text, out),
            Codec::Multi(encoding) => encode_multi(encoding, text, out),
            Codec::Utf16 { big } => {
                for unit in text.encode_utf16() {
                    out.extend_from_slice(&if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    });
                }
                true
            }
            Codec::Utf32 { big } => {
                for c in text.chars() {
                    let unit = u32::from(c);
                    out.extend_from_slice(&if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    });
                }
                true
            }
        }
    }

    /// How many bytes a text has in this page, `?` for each character without a match.
    pub fn encoded_len(self, text: &str) -> usize {
        match self.codec {
            Codec::Utf8 => text.len(),
            _ if text.is_ascii() && self.ascii_compatible() => text.len(),
            Codec::Single(_) => text.chars().count(),
            Codec::Utf16 { .. } => utf16_len(text) * 2,
            Codec::Utf32 { .. } => text.chars().count() * 4,
            Codec::Multi(encoding) => {
                let mut bytes = Vec::with_capacity(text.len());
                encode_multi(encoding, text, &mut bytes);
                bytes.len()
            }
        }
    }

    /// Whether every character has a match.
    pub fn maps(self, text: &str) -> bool {
        match self.codec {
            Codec::Utf8 | Codec::Utf16 { .. } | Codec::Utf32 { .. } => true,
            _ if text.is_ascii() && self.ascii_compatible() => true,
            Codec::Single(table) => table.maps(text),
            Codec::Multi(encoding) => encode_multi(encoding, text, &mut Vec::new()),
        }
    }

    /// Measures a text against the length of a `DT_STR` column (bytes of the page) and cuts it
    /// at a whole character.
    pub fn fit(self, text: &str, max_bytes: usize) -> Fit {
        let short = if text.is_ascii() && self.ascii_compatible() {
            text.len() <= max_bytes
        } else {
            self.maps(text) && self.encoded_len(text) <= max_bytes
        };
        if short {
            return Fit::Fits;
        }
        let (mut kept, mut used) = (String::with_capacity(text.len().min(max_bytes)), 0usize);
        let mut buffer = [0u8; 4];
        for c in text.chars() {
            let one: &str = c.encode_utf8(&mut buffer);
            let (one, bytes) = if self.maps(one) {
                (one, self.encoded_len(one))
            } else {
                ("?", self.encoded_len("?"))
            };
            used = used.saturating_add(bytes);
            if used > max_bytes {
                break;
            }
            kept.push_str(one);
        }
        Fit::Cut(kept)
    }
}

/// UTF-16 units of a text.
#[inline]
pub fn utf16_len(text: &str) -> usize {
    // one unit for each first byte, another for four-byte sequences
    text.as_bytes()
        .iter()
        .map(|&b| usize::from(b & 0xC0 != 0x80) + usize::from(b >= 0xF0))
        .sum()
}

/// The longest beginning of a text that has at most so many UTF-16 units.
pub fn cut_utf16(text: &str, max_units: usize) -> &str {
    if text.len() <= max_units {
        return text;
    }
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > max_units {
            return text.get(..at).unwrap_or(text);
        }
    }
    text
}

/// Pages of several bytes, and the byte pages that the WHATWG encodings hold exactly.
fn multi_byte(number: u32) -> Option<&'static Encoding> {
    match number {
        932 | 936 | 949 | 950 | 51949 | 54936 | 20932 | 50220 | 50221 | 50222 | 20936 | 20949
        | 51936 => codepage::to_encoding_no_replacement(u16::try_from(number).ok()?),
        _ => None,
    }
}

fn decode_multi(encoding: &'static Encoding, bytes: &[u8], out: &mut String) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut at, mut clean) = (0usize, true);
    out.reserve(bytes.len() + bytes.len() / 2 + 8);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (result, read) = decoder.decode_to_string_without_replacement(rest, out, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return clean,
            DecoderResult::OutputFull => out.reserve(rest.len() + 16),
            DecoderResult::Malformed(..) => {
                out.push(char::REPLACEMENT_CHARACTER);
                clean = false;
            }
        }
    }
}

fn encode_multi(encoding: &'static Encoding, text: &str, out: &mut Vec<u8>) -> bool {
    let mut encoder = encoding.new_encoder();
    let (mut rest, mut clean) = (text, true);
    out.reserve(text.len() + 16);
    loop {
        let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, out, true);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            EncoderResult::InputEmpty => return clean,
            EncoderResult::OutputFull => out.reserve(rest.len() * 2 + 32),
            EncoderResult::Unmappable(_) => {
                out.push(b'?');
                clean = false;
            }
        }
    }
}

fn decode_utf16(bytes: &[u8], big: bool, out: &mut String) -> bool {
    let (units, odd) = bytes.as_chunks::<2>();
    out.reserve(units.len());
    let units = units.iter().map(|&pair| {
        if big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    });
    let mut clean = odd.is_empty();
    for c in char::decode_utf16(units) {
        out.push(c.unwrap_or_else(|_| {
            clean = false;
            char::REPLACEMENT_CHARACTER
        }));
    }
    if !odd.is_empty() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    clean
}

fn decode_utf32(bytes: &[u8], big: bool, out: &mut String) -> bool {
    let (units, odd) = bytes.as_chunks::<4>();
    let mut clean = odd.is_empty();
    for &unit in units {
        let unit = if big {
            u32::from_be_bytes(unit)
        } else {
            u32::from_le_bytes(unit)
        };
        out.push(char::from_u32(unit).unwrap_or_else(|| {
            clean = false;
            char::REPLACEMENT_CHARACTER
        }));
    }
    if !odd.is_empty() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    clean
}

#[cfg(test)]
mod tests;
