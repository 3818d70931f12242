//! Locales by LCID: Windows' number, date and time conventions.
//!
//! One table with Windows' values (where CLDR differs, Windows wins: en-US writes a plain space
//! before `AM`). Long month names are what date parsing reads; short names are recognised by
//! their common beginning of three letters.

use std::fmt;

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

type Months = [&'static str; 12];

const EN: Months = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DE: Months = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const DE_AT: Months = [
    "Jänner",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FR: Months = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const IT: Months = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const ES: Months = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const NL: Months = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const DA: Months = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
];
const FI: Months = [
    "tammikuu",
    "helmikuu",
    "maaliskuu",
    "huhtikuu",
    "toukokuu",
    "kesäkuu",
    "heinäkuu",
    "elokuu",
    "syyskuu",
    "lokakuu",
    "marraskuu",
    "joulukuu",
];
const SV: Months = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
const NB: Months = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];
const PL: Months = [
    "styczeń",
    "luty",
    "marzec",
    "kwiecień",
    "maj",
    "czerwiec",
    "lipiec",
    "sierpień",
    "wrzesień",
    "październik",
    "listopad",
    "grudzień",
];
const CS: Months = [
    "leden",
    "únor",
    "březen",
    "duben",
    "květen",
    "červen",
    "červenec",
    "srpen",
    "září",
    "říjen",
    "listopad",
    "prosinec",
];
const SK: Months = [
    "január",
    "február",
    "marec",
    "apríl",
    "máj",
    "jún",
    "júl",
    "august",
    "september",
    "október",
    "november",
    "december",
];
const SL: Months = [
    "januar",
    "februar",
    "marec",
    "april",
    "maj",
    "junij",
    "julij",
    "avgust",
    "september",
    "oktober",
    "november",
    "december",
];
const HR: Months = [
    "siječanj",
    "veljača",
    "ožujak",
    "travanj",
    "svibanj",
    "lipanj",
    "srpanj",
    "kolovoz",
    "rujan",
    "listopad",
    "studeni",
    "prosinac",
];
const HU: Months = [
    "január",
    "február",
    "március",
    "április",
    "május",
    "június",
    "július",
    "augusztus",
    "szeptember",
    "október",
    "november",
    "december",
];
const RO: Months = [
    "ianuarie",
    "februarie",
    "martie",
    "aprilie",
    "mai",
    "iunie",
    "iulie",
    "august",
    "septembrie",
    "octombrie",
    "noiembrie",
    "decembrie",
];
const RU: Months = [
    "Январь",
    "Февраль",
    "Март",
    "Апрель",
    "Май",
    "Июнь",
    "Июль",
    "Август",
    "Сентябрь",
    "Октябрь",
    "Ноябрь",
    "Декабрь",
];
const UK: Months = [
    "січень",
    "лютий",
    "березень",
    "квітень",
    "травень",
    "червень",
    "липень",
    "серпень",
    "вересень",
    "жовтень",
    "листопад",
    "грудень",
];
const TR: Months = [
    "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim",
    "Kasım", "Aralık",
];
const EL: Months = [
    "Ιανουάριος",
    "Φεβρουάριος",
    "Μάρτιος",
    "Απρίλιος",
    "Μάιος",
    "Ιούνιος",
    "Ιούλιος",
    "Αύγουστος",
    "Σεπτέμβριος",
    "Οκτώβριος",
    "Νοέμβριος",
    "Δεκέμβριος",
];
const PT: Months = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
const JA: Months = [
    "1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月",
];
const KO: Months = [
    "1월", "2월", "3월", "4월", "5월", "6월", "7월", "8월", "9월", "10월", "11월", "12월",
];
const ZH: Months = [
    "一月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "十一月",
    "十二月",
];

const NBSP: char = '\u{a0}';

#[allow(clippy::too_many_arguments, reason = "one row of a table")]
const fn row(
    lcid: u32,
    tag: &'static str,
    signs: (char, char, &'static str),
    date_order: DateOrder,
    short_date: &'static str,
    long_time: &'static str,
    marks: (&'static str, &'static str),
    months: &'static Months,
) -> Locale {
    Locale {
        lcid,
        tag,
        decimal: signs.0,
        group: signs.1,
        currency: signs.2,
        date_order,
        short_date,
        long_time,
        am: marks.0,
        pm: marks.1,
        months,
    }
}

use DateOrder::{Dmy, Mdy, Ymd};

const H12: &str = "h:mm:ss tt";
const H24: &str = "HH:mm:ss";
const H1: &str = "H:mm:ss";
const AMPM: (&str, &str) = ("AM", "PM");
const NONE: (&str, &str) = ("", "");

const INVARIANT: Locale = row(
    127,
    "und",
    ('.', ',', "¤"),
    Mdy,
    "MM/dd/yyyy",
    H24,
    AMPM,
    &EN,
);
const EN_US: Locale = row(
    1033,
    "en-US",
    ('.', ',', "$"),
    Mdy,
    "M/d/yyyy",
    H12,
    AMPM,
    &EN,
);

static LOCALES: &[Locale] = &[
    INVARIANT,
    EN_US,
    row(
        2057,
        "en-GB",
        ('.', ',', "£"),
        Dmy,
        "dd/MM/yyyy",
        H24,
        AMPM,
        &EN,
    ),
    row(
        3081,
        "en-AU",
        ('.', ',', "$"),
        Dmy,
        "d/MM/yyyy",
        H12,
        AMPM,
        &EN,
    ),
    row(
        4105,
        "en-CA",
        ('.', ',', "$"),
        Ymd,
        "yyyy-MM-dd",
        H12,
        AMPM,
        &EN,
    ),
    row(
        5129,
        "en-NZ",
        ('.', ',', "$"),
        Dmy,
        "d/MM/yyyy",
        H12,
        ("a.m.", "p.m."),
        &EN,
    ),
    row(
        6153,
        "en-IE",
        ('.', ',', "€"),
        Dmy,
        "dd/MM/yyyy",
        H24,
        AMPM,
        &EN,
    ),
    row(
        7177,
        "en-ZA",
        (',', NBSP, "R"),
        Ymd,
        "yyyy/MM/dd",
        H24,
        AMPM,
        &EN,
    ),
    row(
        16393,
        "en-IN",
        ('.', ',', "₹"),
        Dmy,
        "dd-MM-yyyy",
        H24,
        AMPM,
        &EN,
    ),
    row(
        1031,
        "de-DE",
        (',', '.', "€"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &DE,
    ),
    row(
        3079,
        "de-AT",
        (',', '.', "€"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &DE_AT,
    ),
    row(
        2055,
        "de-CH",
        ('.', '’', "CHF"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &DE,
    ),
    row(
        4103,
        "de-LU",
        (',', '.', "€"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &DE,
    ),
    row(
        1036,
        "fr-FR",
        (',', '\u{202f}', "€"),
        Dmy,
        "dd/MM/yyyy",
        H24,
        NONE,
        &FR,
    ),
    row(
        2060,
        "fr-BE",
        (',', '\u{202f}', "€"),
        Dmy,
        "dd-MM-yy",
        H24,
        NONE,
        &FR,
    ),
    row(
        3084,
        "fr-CA",
        (',', NBSP, "$"),
        Ymd,
        "yyyy-MM-dd",
        H24,
        NONE,
        &FR,
    ),
    row(
        4108,
        "fr-CH",
        (',', '\u{202f}', "CHF"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &FR,
    ),
    row(
        1040,
        "it-IT",
        (',', '.', "€"),
        Dmy,
        "dd/MM/yyyy",
        H24,
        NONE,
        &IT,
    ),
    row(
        2064,
        "it-CH",
        ('.', '’', "CHF"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &IT,
    ),
    row(
        3082,
        "es-ES",
        (',', '.', "€"),
        Dmy,
        "dd/MM/yyyy",
        H1,
        NONE,
        &ES,
    ),
    row(
        1034,
        "es-ES-tradnl",
        (',', '.', "€"),
        Dmy,
        "dd/MM/yyyy",
        H1,
        NONE,
        &ES,
    ),
    row(
        2058,
        "es-MX",
        ('.', ',', "$"),
        Dmy,
        "dd/MM/yyyy",
        "hh:mm:ss tt",
        ("a. m.", "p. m."),
        &ES,
    ),
    row(
        1043,
        "nl-NL",
        (',', '.', "€"),
        Dmy,
        "d-M-yyyy",
        H24,
        NONE,
        &NL,
    ),
    row(
        2067,
        "nl-BE",
        (',', '.', "€"),
        Dmy,
        "d/MM/yyyy",
        H24,
        NONE,
        &NL,
    ),
    row(
        1030,
        "da-DK",
        (',', '.', "kr."),
        Dmy,
        "dd-MM-yyyy",
        H24,
        NONE,
        &DA,
    ),
    row(
        1035,
        "fi-FI",
        (',', NBSP, "€"),
        Dmy,
        "d.M.yyyy",
        "H.mm.ss",
        NONE,
        &FI,
    ),
    row(
        1053,
        "sv-SE",
        (',', NBSP, "kr"),
        Ymd,
        "yyyy-MM-dd",
        H24,
        NONE,
        &SV,
    ),
    row(
        1044,
        "nb-NO",
        (',', NBSP, "kr"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &NB,
    ),
    row(
        1045,
        "pl-PL",
        (',', NBSP, "zł"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &PL,
    ),
    row(
        1029,
        "cs-CZ",
        (',', NBSP, "Kč"),
        Dmy,
        "dd.MM.yyyy",
        H1,
        ("dop.", "odp."),
        &CS,
    ),
    row(
        1051,
        "sk-SK",
        (',', NBSP, "€"),
        Dmy,
        "d. M. yyyy",
        H1,
        NONE,
        &SK,
    ),
    row(
        1060,
        "sl-SI",
        (',', '.', "€"),
        Dmy,
        "d. MM. yyyy",
        H24,
        ("dop.", "pop."),
        &SL,
    ),
    row(
        1050,
        "hr-HR",
        (',', '.', "€"),
        Dmy,
        "d.M.yyyy.",
        H24,
        NONE,
        &HR,
    ),
    row(
        1038,
        "hu-HU",
        (',', NBSP, "Ft"),
        Ymd,
        "yyyy. MM. dd.",
        H1,
        ("de.", "du."),
        &HU,
    ),
    row(
        1048,
        "ro-RO",
        (',', '.', "RON"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &RO,
    ),
    row(
        1049,
        "ru-RU",
        (',', NBSP, "₽"),
        Dmy,
        "dd.MM.yyyy",
        H1,
        NONE,
        &RU,
    ),
    row(
        1058,
        "uk-UA",
        (',', NBSP, "₴"),
        Dmy,
        "dd.MM.yyyy",
        H24,
        NONE,
        &UK,
    ),
    row(
        1055,
        "tr-TR",
        (',', '.', "₺"),
        Dmy,
        "d.MM.yyyy",
        H24,
        ("ÖÖ", "ÖS"),
        &TR,
    ),
    row(
        1032,
        "el-GR",
        (',', '.', "€"),
        Dmy,
        "d/M/yyyy",
        H12,
        ("πμ", "μμ"),
        &EL,
    ),
    row(
        1046,
        "pt-BR",
        (',', '.', "R$"),
        Dmy,
        "dd/MM/yyyy",
        H24,
        NONE,
        &PT,
    ),
    row(
        2070,
        "pt-PT",
        (',', NBSP, "€"),
        Dmy,
        "dd/MM/yyyy",
        H24,
        NONE,
        &PT,
    ),
    row(
        1041,
        "ja-JP",
        ('.', ',', "¥"),
        Ymd,
        "yyyy/MM/dd",
        H1,
        ("午前", "午後"),
        &JA,
    ),
    row(
        1042,
        "ko-KR",
        ('.', ',', "₩"),
        Ymd,
        "yyyy-MM-dd",
        "tt h:mm:ss",
        ("오전", "오후"),
        &KO,
    ),
    row(
        2052,
        "zh-CN",
        ('.', ',', "¥"),
        Ymd,
        "yyyy/M/d",
        H1,
        ("上午", "下午"),
        &ZH,
    ),
    row(
        1028,
        "zh-TW",
        ('.', ',', "NT$"),
        Ymd,
        "yyyy/M/d",
        "tt hh:mm:ss",
        ("上午", "下午"),
        &ZH,
    ),
];

#[cfg(test)]
mod tests {
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
