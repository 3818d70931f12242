//! Sort keys.
use arrow::array::{BinaryViewArray, StringViewArray};

/// Why a collator cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CollationError {
    /// 0xC020204C
    #[error("comparison flags {0:#x} are not supported")]
    Flags(u32),
    /// 0xC00470B6
    #[error(transparent)]
    Locale(#[from] crate::locale::UnknownLcid),
}

/// Makes keys whose bytes sort as the texts do.
#[derive(Debug)]
pub struct Collator {}

impl Collator {
    /// Of a locale and comparison flags.
    pub fn new(_lcid: i32, _flags: u32) -> Result<Self, CollationError> {
        Ok(Self {})
    }
    /// Appends the key of a text.
    pub fn key(&self, text: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(text.as_bytes());
    }
    /// Keys of a column; NULL stays NULL.
    pub fn keys(&self, texts: &StringViewArray) -> BinaryViewArray {
        texts.clone().to_binary_view()
    }
    /// Compares two texts.
    pub fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        a.cmp(b)
    }
}
