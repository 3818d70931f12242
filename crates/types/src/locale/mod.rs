//! Locales by LCID: Windows' number, date and time conventions.
//!
//! One table (`table.rs`) with Windows' values (where CLDR differs, Windows wins: en-US writes a
//! plain space before `AM`). Long month names are what date parsing reads; short names are recognised by
//! their common beginning of three letters.

mod table;

use std::fmt;

use self::table::{EN_US, INVARIANT, LOCALES};

/// The order of day, month and year in a short date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// month, day, year
    Mdy,
    /// day, month, year
    Dmy,
    /// year, month, day
    Ymd,
}

/// The conventions of one locale. All patterns are Windows' (`d`, `dd`, `M`, `MM`, `yy`,
/// `yyyy`, `h`, `hh`, `H`, `HH`, `mm`, `ss`, `tt`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    /// Windows' locale id.
    pub lcid: u32,
    /// BCP-47 tag.
    pub tag: &'static str,
    /// Decimal sign.
    pub decimal: char,
    /// Sign between groups of three digits.
    pub group: char,
    /// Currency sign.
    pub currency: &'static str,
    /// Order of the parts of a date.
    pub date_order: DateOrder,
    /// Pattern of the short date.
    pub short_date: &'static str,
    /// Pattern of the long time.
    pub long_time: &'static str,
    /// Mark of the morning; empty in locales of 24 hours.
    pub am: &'static str,
    /// Mark of the afternoon.
    pub pm: &'static str,
    /// Names of the months, January first.
    pub months: &'static [&'static str; 12],
}

/// An LCID that has no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("locale id {0} is unknown")]
pub struct UnknownLcid(pub i32);

impl Locale {
    /// The locale of an LCID.
    ///
    /// 0, 1024 and 2048 (Windows' neutral, user and system default) and −1 (unset) give en-US,
    /// the locale of a default installation; 127 is the invariant locale. A sort id in the high
    /// bits (0x10407, German phone book) does not change the conventions.
    pub fn from_lcid(lcid: i32) -> Result<Self, UnknownLcid> {
        let language = match lcid {
            -1 | 0 | 0x400 | 0x800 => 1033,
            _ => (lcid as u32) & 0xFFFF,
        };
        let known = lcid == -1 || (0..0x10_0000).contains(&lcid);
        LOCALES
            .iter()
            .find(|l| known && l.lcid == language)
            .copied()
            .ok_or(UnknownLcid(lcid))
    }

    /// The locale of a BCP-47 tag in any letter case (`de-DE`).
    pub fn from_tag(tag: &str) -> Option<Self> {
        LOCALES
            .iter()
            .find(|l| l.tag.eq_ignore_ascii_case(tag))
            .copied()
    }

    /// The invariant locale (LCID 127).
    pub const fn invariant() -> Self {
        INVARIANT
    }

    /// en-US (1033).
    pub const fn en_us() -> Self {
        EN_US
    }

    /// All locales of the table.
    pub fn all() -> &'static [Self] {
        LOCALES
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.tag, self.lcid)
    }
}

#[cfg(test)]
mod tests {
    use super::DateOrder::{Dmy, Mdy, Ymd};
    use super::*;

    #[test]
    fn table_is_sound() {
        for locale in Locale::all() {
            assert_eq!(
                Locale::from_lcid(locale.lcid as i32).map(|l| l.tag),
                Ok(locale.tag)
            );
            assert_ne!(locale.decimal, locale.group, "{locale}");
            let first = locale.short_date.chars().next();
            let order = match locale.date_order {
                Mdy => 'M',
                Dmy => 'd',
                Ymd => 'y',
            };
            assert_eq!(first, Some(order), "{locale}");
            assert!(
                !locale.long_time.contains("tt") || !locale.am.is_empty(),
                "{locale}"
            );
        }
        for lcid in [
            1033, 2057, 3081, 4105, 1031, 3079, 2055, 1036, 3084, 1040, 3082, 1034, 1043, 1030,
            1035, 1053, 1044, 1045, 1029, 1051, 1060, 1050, 1038, 1048, 1049, 1055, 1032, 1046,
            2070, 1041, 1042, 2052, 1028, 1058, 127, 0, -1, 0x10407,
        ] {
            assert!(Locale::from_lcid(lcid).is_ok(), "{lcid}");
        }
    }

    #[test]
    fn unknown_lcids_are_refused() {
        for lcid in [1, 9999, -2, i32::MIN, i32::MAX, 0x7FFF_0409] {
            assert_eq!(Locale::from_lcid(lcid), Err(UnknownLcid(lcid)));
        }
    }
}
