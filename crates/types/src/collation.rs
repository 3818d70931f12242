//! Collation: sort keys of texts by locale and comparison flags.
//!
//! A key is ICU's key (tertiary strength, nothing ignorable) of the folded text, so that two
//! texts that the flags make equal have the same bytes, and bytes sort as the texts do. Each
//! flag is a folding of the text: case, marks, symbols, kana, width. *Word sort* (the default)
//! takes hyphen and apostrophe out of the text and appends them as a last level.
//!
//! Deliberate difference: Windows' NLS weighs some characters otherwise than CLDR.

use std::borrow::Cow;

use arrow::array::{Array, BinaryViewArray, BinaryViewBuilder, StringViewArray};
use icu_casemap::CaseMapper;
use icu_collator::options::{AlternateHandling, CollatorOptions, Strength};
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale as IcuLocale;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::locale::{Locale, UnknownLcid};

/// Case is ignored.
pub const IGNORE_CASE: u32 = 0x1;
/// Accents and other marks are ignored.
pub const IGNORE_NON_SPACE: u32 = 0x2;
/// Punctuation and symbols are ignored.
pub const IGNORE_SYMBOLS: u32 = 0x4;
/// Hyphen and apostrophe count as other punctuation does.
pub const STRING_SORT: u32 = 0x1000;
/// Hiragana and katakana are equal.
pub const IGNORE_KANA_TYPE: u32 = 0x1_0000;
/// Half and full width are equal.
pub const IGNORE_WIDTH: u32 = 0x2_0000;

const KNOWN: u32 =
    IGNORE_CASE | IGNORE_NON_SPACE | IGNORE_SYMBOLS | STRING_SORT | IGNORE_KANA_TYPE | IGNORE_WIDTH;

/// Why a collator cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CollationError {
    /// Flags that SSIS does not know either (0xC020204C).
    #[error("comparison flags {0:#x} are not supported")]
    Flags(u32),
    /// 0xC00470B6
    #[error(transparent)]
    Locale(#[from] UnknownLcid),
    /// The collation data has no such locale.
    #[error("locale {0} has no collation")]
    NoCollation(&'static str),
}

/// Makes keys whose bytes sort as the texts do, under a locale and comparison flags.
pub struct Collator {
    collator: CollatorBorrowed<'static>,
    flags: u32,
    /// Japanese collation makes hiragana and katakana equal; a level of our own tells them
    /// apart unless the flags ignore the difference.
    kana_level: bool,
}

impl std::fmt::Debug for Collator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Collator({:#x})", self.flags)
    }
}

impl Collator {
    /// The collator of a locale id and comparison flags.
    pub fn new(lcid: i32, flags: u32) -> Result<Self, CollationError> {
        if flags & !KNOWN != 0 {
            return Err(CollationError::Flags(flags));
        }
        let locale = Locale::from_lcid(lcid)?;
        let missing = CollationError::NoCollation(locale.tag);
        let tag = icu_tag(lcid, &locale);
        let icu: IcuLocale = tag.parse().map_err(|_| missing)?;
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Tertiary);
        options.alternate_handling = Some(AlternateHandling::NonIgnorable);
        let collator = icu_collator::Collator::try_new(CollatorPreferences::from(&icu), options)
            .map_err(|_| missing)?;
        Ok(Self {
            collator,
            flags,
            kana_level: locale.lcid == 1041 && flags & IGNORE_KANA_TYPE == 0,
        })
    }

    /// Appends the key of a text.
    pub fn key(&self, text: &str, out: &mut Vec<u8>) {
        let folded = self.fold(text);
        let (main, marks) = if self.flags & STRING_SORT == 0 {
            take_word_marks(&folded)
        } else {
            (Cow::Borrowed(folded.as_ref()), Vec::new())
        };
        let Ok(()) = self.collator.write_sort_key_to(&main, out);
        out.push(0);
        out.extend_from_slice(&marks);
        if self.kana_level && !folded.is_ascii() {
            out.push(0);
            out.extend(folded.chars().filter_map(kana_type));
        }
    }

    /// The keys of a column; NULL stays NULL.
    pub fn keys(&self, texts: &StringViewArray) -> BinaryViewArray {
        let mut builder = BinaryViewBuilder::with_capacity(texts.len());
        let mut recent = RecentKeys::new(texts.len());
        for text in texts {
            match text {
                Some(text) => builder.append_value(recent.key(self, text)),
                None => builder.append_null(),
            }
        }
        builder.finish()
    }

    /// Compares two texts as their keys compare.
    pub fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        if a == b {
            return std::cmp::Ordering::Equal;
        }
        let (mut left, mut right) = (Vec::with_capacity(64), Vec::with_capacity(64));
        self.key(a, &mut left);
        self.key(b, &mut right);
        left.cmp(&right)
    }

    fn fold<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        let ascii = text.is_ascii();
        if self.flags & IGNORE_WIDTH != 0 && !ascii {
            text = Cow::Owned(fold_width(&text));
        }
        if self.flags & IGNORE_KANA_TYPE != 0 && !ascii {
            text = Cow::Owned(text.chars().map(hiragana).collect());
        }
        if self.flags & IGNORE_NON_SPACE != 0 && !ascii {
            text = Cow::Owned(
                text.nfd()
                    .filter(|&c| !is_combining_mark(c))
                    .nfc()
                    .collect(),
            );
        }
        if self.flags & IGNORE_SYMBOLS != 0 {
            let keep = |c: &char| c.is_alphanumeric() || c.is_whitespace() || is_combining_mark(*c);
            text = Cow::Owned(text.chars().filter(keep).collect());
        }
        if self.flags & IGNORE_CASE != 0 {
            text = if ascii {
                Cow::Owned(text.to_ascii_lowercase())
            } else {
                Cow::Owned(CaseMapper::new().fold_string(&text).into_owned())
            };
        }
        text
    }
}

/// The keys of recent texts of one column: most columns that are sorted or joined on repeat
/// their values, and looking a key up costs a small part of making it.
///
/// One place per hash; the latest text stays. Long texts are not kept, and where nearly nothing
/// repeats the look-up ends.
struct RecentKeys {
    places: Vec<RecentKey>,
    own: RecentKey,
    rows: usize,
    hits: usize,
}

/// A text and its key; both empty where nothing is kept (the key of the empty text is not).
#[derive(Clone, Default)]
struct RecentKey {
    text: Vec<u8>,
    key: Vec<u8>,
}

impl RecentKey {
    fn make(&mut self, collator: &Collator, text: &str) {
        self.key.clear();
        collator.key(text, &mut self.key);
    }
}

impl RecentKeys {
    /// Texts kept at a time at most; a power of two.
    const PLACES: usize = 1024;
    /// Bytes of a text that is kept.
    const LONGEST: usize = 128;
    /// Rows after which it is asked whether texts repeat.
    const TRIAL: usize = 4 * Self::PLACES;

    fn new(rows: usize) -> Self {
        let places = rows.min(Self::PLACES).next_power_of_two();
        Self {
            places: vec![RecentKey::default(); places],
            own: RecentKey::default(),
            rows: 0,
            hits: 0,
        }
    }

    /// The key of a text, as [`Collator::key`] makes it.
    fn key(&mut self, collator: &Collator, text: &str) -> &[u8] {
        let repeats = self.rows < Self::TRIAL || self.hits >= self.rows / 16;
        if !repeats || text.len() > Self::LONGEST {
            self.own.make(collator, text);
            return &self.own.key;
        }
        self.rows += 1;
        let place = hash(text.as_bytes()) as usize & (self.places.len() - 1);
        let Some(place) = self.places.get_mut(place) else {
            self.own.make(collator, text);
            return &self.own.key;
        };
        if !place.key.is_empty() && place.text == text.as_bytes() {
            self.hits += 1;
        } else {
            place.text.clear();
            place.text.extend_from_slice(text.as_bytes());
            place.make(collator, text);
        }
        &place.key
    }
}

/// A quick hash: only the spread counts, for equality is tested after.
fn hash(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let mut hash = bytes.len() as u64;
    for word in words.iter().chain(std::iter::once(&last)) {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(ODD);
        hash ^= hash >> 29;
    }
    hash
}

/// The tag of a locale with the collation that a sort id names.
fn icu_tag(lcid: i32, locale: &Locale) -> String {
    match lcid {
        0x1_0407 => "de-u-co-phonebk".into(),
        0x2_0804 | 0x2_1004 => "zh-u-co-stroke".into(),
        0x3_0404 => "zh-Hant-u-co-zhuyin".into(),
        1034 => "es-u-co-trad".into(),
        _ => locale.tag.into(),
    }
}

/// Hyphens and apostrophes out of a text: the rest, and their places and characters as bytes.
fn take_word_marks(text: &str) -> (Cow<'_, str>, Vec<u8>) {
    if memchr::memchr2(b'-', b'\'', text.as_bytes()).is_none() {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut rest = String::with_capacity(text.len());
    let (mut marks, mut place) = (Vec::new(), 0u32);
    for c in text.chars() {
        if matches!(c, '-' | '\'') {
            // a later mark comes first: Windows compares from the front, and a text without a
            // mark at a place is lower
            marks.extend_from_slice(&(u32::MAX - place).to_be_bytes());
            marks.push(if c == '\'' { 1 } else { 2 });
        } else {
            rest.push(c);
            place += 1;
        }
    }
    (Cow::Owned(rest), marks)
}

/// Full-width ASCII and half-width katakana to their common forms.
fn fold_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{3000}' => out.push(' '),
            '\u{ff01}'..='\u{ffef}' => out.extend(std::iter::once(c).nfkc()),
            _ => out.push(c),
        }
    }
    // half-width voice marks become part of their character
    out.nfc().collect()
}

/// Hiragana before katakana; `None` for other characters.
fn kana_type(c: char) -> Option<u8> {
    match c {
        '\u{3041}'..='\u{309f}' => Some(1),
        '\u{30a1}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => Some(2),
        _ => None,
    }
}

fn hiragana(c: char) -> char {
    match c {
        '\u{30a1}'..='\u{30f6}' | '\u{30fd}'..='\u{30fe}' => {
            char::from_u32(u32::from(c) - 0x60).unwrap_or(c)
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    #[track_caller]
    fn order(lcid: i32, flags: u32, a: &str, b: &str, expected: Ordering) {
        let collator = Collator::new(lcid, flags).unwrap();
        assert_eq!(collator.compare(a, b), expected, "{a} {b}");
        assert_eq!(collator.compare(b, a), expected.reverse(), "{b} {a}");
    }

    #[test]
    fn defaults() {
        order(1033, 0, "a", "A", Ordering::Less);
        order(1033, 0, "A", "b", Ordering::Less);
        order(1033, 0, "e", "é", Ordering::Less);
        order(1033, 0, "é", "f", Ordering::Less);
        order(1033, 0, "a", "a ", Ordering::Less);
        order(1033, 0, "10", "9", Ordering::Less);
        order(1033, 0, "", "a", Ordering::Less);
    }

    #[test]
    fn word_sort() {
        order(1033, 0, "coop", "co-op", Ordering::Less);
        order(1033, 0, "co-op", "cooq", Ordering::Less);
        order(1033, STRING_SORT, "co-op", "coaa", Ordering::Less);
    }

    #[test]
    fn flags_make_equal() {
        order(1033, IGNORE_CASE, "Straße", "STRASSE", Ordering::Equal);
        order(1033, IGNORE_CASE, "a", "á", Ordering::Less);
        order(1033, IGNORE_NON_SPACE, "resume", "résumé", Ordering::Equal);
        order(1033, IGNORE_NON_SPACE, "a", "A", Ordering::Less);
        order(1033, IGNORE_SYMBOLS, "a.b", "ab", Ordering::Equal);
        order(1041, IGNORE_KANA_TYPE, "カ", "か", Ordering::Equal);
        order(1041, IGNORE_WIDTH, "ｶﾞA", "ガＡ", Ordering::Equal);
        for flags in [0, IGNORE_CASE] {
            let collator = Collator::new(1041, flags).unwrap();
            assert_ne!(collator.compare("カ", "か"), Ordering::Equal);
            assert_ne!(collator.compare("A", "Ａ"), Ordering::Equal);
        }
    }

    #[test]
    fn locales() {
        order(1053, 0, "z", "ä", Ordering::Less);
        order(1031, 0, "ä", "b", Ordering::Less);
        order(1029, 0, "h", "ch", Ordering::Less);
        order(1029, 0, "cz", "ch", Ordering::Less);
        assert_eq!(
            Collator::new(1033, 0x8).err(),
            Some(CollationError::Flags(0x8))
        );
        assert!(Collator::new(9999, 0).is_err());
        for locale in Locale::all() {
            assert!(Collator::new(locale.lcid as i32, 0).is_ok(), "{locale}");
        }
    }

    /// Keys of a column are those of its texts, whatever was kept, replaced or left out.
    #[test]
    fn columns_have_the_keys_of_their_texts() {
        for (distinct, flags) in [(1, 0), (40, IGNORE_CASE), (5000, 0), (20_000, STRING_SORT)] {
            let collator = Collator::new(1033, flags).unwrap();
            let texts: StringViewArray = (0..12_000u32)
                .map(|row| {
                    let number = row.wrapping_mul(2_654_435_761) % distinct;
                    match number % 7 {
                        0 => None,
                        1 => Some(String::new()),
                        2 => Some(format!("Zoë-{number}")),
                        3 => Some("x".repeat(number as usize % 300)),
                        _ => Some(format!("It's {number:x} A")),
                    }
                })
                .collect();
            let keys = collator.keys(&texts);
            let mut key = Vec::new();
            for (row, text) in texts.iter().enumerate() {
                assert_eq!(keys.is_null(row), text.is_none());
                if let Some(text) = text {
                    key.clear();
                    collator.key(text, &mut key);
                    assert_eq!(keys.value(row), key, "{text}");
                }
            }
        }
    }
}
