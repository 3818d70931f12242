//! Dates and times in text: standard parse (locale order, ISO) and fast parse (ISO 8601).

use super::Outcome;
use crate::locale::{DateOrder, Locale};
use crate::status::Status;
use crate::temporal::{DAYS_TO_1899, TICKS_PER_DAY, TICKS_PER_SECOND, days_from_civil};

/// A text's date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moment {
    /// Days since 0001-01-01; `None` where the text has a time only.
    pub(crate) days: Option<i64>,
    /// Nanoseconds since midnight; `None` where the text has a date only. 24:00 is the day's
    /// length.
    pub(crate) nanos: Option<i64>,
    /// Minutes east of UTC.
    pub(crate) zone: Option<i16>,
}

const NANOS_PER_SECOND: i64 = 1_000_000_000;

impl Moment {
    /// Ticks since midnight, and whether digits below a tick were lost.
    pub(crate) fn ticks_of_day(self) -> (i64, bool) {
        let nanos = self.nanos.unwrap_or(0);
        (nanos / 100, nanos % 100 != 0)
    }

    /// Ticks since 0001-01-01; a time alone counts from 1899-12-30, as `DT_DATE` does.
    pub(crate) fn ticks(self) -> (i64, bool) {
        let (ticks, lost) = self.ticks_of_day();
        (
            self.days.unwrap_or(DAYS_TO_1899) * TICKS_PER_DAY + ticks,
            lost,
        )
    }
}

/// What a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A date, a time or both.
    Timestamp,
    /// The same with a zone.
    Offset,
}

/// `yyyy-mm-dd` of ten bytes.
#[inline]
pub(crate) fn iso_date(text: &[u8]) -> Option<i64> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    days_from_civil(year, two(m1, m2)?, two(d1, d2)?)
}

#[inline]
fn two(a: u8, b: u8) -> Option<u32> {
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    (a <= 9 && b <= 9).then(|| u32::from(a) * 10 + u32::from(b))
}

/// `hh:mm:ss` and up to nine fraction digits: nanoseconds since midnight.
#[inline]
pub(crate) fn iso_time(text: &[u8]) -> Option<i64> {
    let (&[h1, h2, b':', m1, m2, b':', s1, s2], fraction) = text.split_first_chunk::<8>()? else {
        return None;
    };
    let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let nanos = match fraction {
        [] => 0,
        [b'.', digits @ ..] => nanos_of(digits)?,
        _ => return None,
    };
    Some(i64::from(hour * 3600 + minute * 60 + second) * NANOS_PER_SECOND + nanos)
}

/// Nanoseconds of 1 to 9 fraction digits.
#[inline]
fn nanos_of(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut value = 0i64;
    for place in 0..9 {
        let digit = match digits.get(place) {
            Some(byte) => byte.wrapping_sub(b'0'),
            None => 0,
        };
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(value)
}

/// `yyyy-mm-dd[ hh:mm:ss[.f…]]`, the form that nearly every cell has.
#[inline]
pub(crate) fn iso(text: &[u8]) -> Option<Moment> {
    let (date, rest) = text.split_first_chunk::<10>()?;
    let days = iso_date(date)?;
    let nanos = match rest {
        [] => None,
        [b' ', time @ ..] => Some(iso_time(time)?),
        _ => return None,
    };
    Some(Moment {
        days: Some(days),
        nanos,
        zone: None,
    })
}

/// Standard parse: ISO always, then the locale's order, then any other order that makes a
/// valid date. `T` between date and time fails. [R-PARSE-T]
pub(crate) fn standard(text: &str, locale: &Locale, wanted: Wanted) -> Outcome<Moment> {
    let text = text.trim_matches([' ', '\t', '\r', '\n', '\u{a0}', '\u{202f}']);
    if let Some(moment) = iso(text.as_bytes()) {
        return Outcome::Value(moment);
    }
    Scanner::new(text)
        .and_then(|scanner| scanner.moment(locale, wanted))
        .map_or(Outcome::Failed(Status::CannotConvert), Outcome::Value)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    /// Value and count of digits.
    Number(u32, usize),
    Word(&'a str),
    Sign(char),
    Blank,
}

/// More tokens than any date has.
const MAX_TOKENS: usize = 24;

struct Scanner<'a> {
    tokens: [Token<'a>; MAX_TOKENS],
    count: usize,
    /// The fraction digits after the seconds, in nanoseconds.
    at: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Option<Self> {
        let mut scanner = Self {
            tokens: [Token::Blank; MAX_TOKENS],
            count: 0,
            at: 0,
        };
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let take = |test: fn(char) -> bool| rest.find(|c| !test(c)).unwrap_or(rest.len());
            let (token, length) = if c.is_ascii_digit() {
                let length = take(|c| c.is_ascii_digit());
                // nine digits fit; longer numbers are no part of a date
                let digits = rest.get(..length).filter(|_| length <= 9)?;
                (Token::Number(digits.parse().ok()?, length), length)
            } else if c.is_alphabetic() {
                let length = take(char::is_alphabetic);
                (Token::Word(rest.get(..length)?), length)
            } else if c.is_whitespace() {
                (Token::Blank, take(char::is_whitespace))
            } else {
                (Token::Sign(c), c.len_utf8())
            };
            *scanner.tokens.get_mut(scanner.count)? = token;
            scanner.count += 1;
            rest = rest.get(length..)?;
        }
        Some(scanner)
    }

    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        let at = self.at + ahead;
        (at < self.count).then(|| self.tokens[at])
    }

    fn skip_blank(&mut self) {
        while self.peek(0) == Some(Token::Blank) {
            self.at += 1;
        }
    }

    fn moment(mut self, locale: &Locale, wanted: Wanted) -> Option<Moment> {
        let mut moment = Moment::default();
        let mut parts = Parts::default();
        while let Some(token) = self.peek(0) {
            if moment.nanos.is_none() && self.at_time(locale) {
                moment.nanos = Some(self.time(locale)?);
                self.skip_blank();
                if wanted == Wanted::Offset
                    && let Some(Token::Sign('+' | '-')) = self.peek(0)
                {
                    moment.zone = Some(self.zone()?);
                    self.skip_blank();
                }
                continue;
            }
            self.at += 1;
            match token {
                Token::Number(value, digits) => parts.number(value, digits)?,
                Token::Word(word) => parts.word(word, locale)?,
                Token::Sign('/' | '-' | '.' | ',') if !parts.is_empty() => {}
                Token::Sign('年' | '月' | '日') | Token::Blank => {}
                Token::Sign(_) => return None,
            }
        }
        if parts.is_empty() {
            moment.nanos?;
        } else {
            moment.days = Some(parts.days(locale)?);
        }
        Some(moment)
    }

    /// A time starts here: number and colon, a number and its half of the day, or the half of
    /// the day before the number (Korean, Chinese).
    fn at_time(&self, locale: &Locale) -> bool {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(Token::Number(..)), Some(Token::Sign(':')), _) => true,
            (Some(Token::Number(..)), Some(Token::Word(w)), _) => half(w, locale).is_some(),
            // unless the half of the day belongs to the number after it
            (Some(Token::Number(..)), Some(Token::Blank), Some(Token::Word(w))) => {
                let next = match self.peek(3) {
                    Some(Token::Blank) => self.peek(4),
                    token => token,
                };
                half(w, locale).is_some() && !matches!(next, Some(Token::Number(..)))
            }
            (Some(Token::Word(w)), Some(Token::Blank), Some(Token::Number(..)))
            | (Some(Token::Word(w)), Some(Token::Number(..)), _) => half(w, locale).is_some(),
            _ => false,
        }
    }

    fn time(&mut self, locale: &Locale) -> Option<i64> {
        let mut afternoon = self.half_here(locale);
        let (hour, _) = self.number()?;
        let minute = self.after_colon()?.map_or(0, |n| n.0);
        let second = self.after_colon()?.map_or(0, |n| n.0);
        let mut nanos = 0;
        match (self.peek(0), self.peek(1)) {
            (Some(Token::Sign('.' | ':' | ',')), Some(Token::Number(value, digits))) => {
                self.at += 2;
                let power = 9u32.checked_sub(u32::try_from(digits).ok()?)?;
                nanos = i64::from(value) * 10i64.pow(power);
            }
            (Some(Token::Sign('.' | ':')), _) => return None,
            _ => {}
        }
        if afternoon.is_none() {
            let before = self.at;
            self.skip_blank();
            afternoon = self.half_here(locale);
            if afternoon.is_none() {
                self.at = before;
            }
        }
        let hour = match afternoon {
            Some(pm) if (1..=12).contains(&hour) => hour % 12 + if pm { 12 } else { 0 },
            Some(_) => return None,
            None => hour,
        };
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some(i64::from(hour * 3600 + minute * 60 + second) * NANOS_PER_SECOND + nanos)
    }

    /// AM or PM at this place, taken; the blank and the points after it too.
    fn half_here(&mut self, locale: &Locale) -> Option<bool> {
        let Some(Token::Word(word)) = self.peek(0) else {
            return None;
        };
        let pm = half(word, locale)?;
        self.at += 1;
        // `a.m.`, `a. m.`, `dop.`
        let mut ahead = 0;
        while let Some(Token::Sign('.') | Token::Blank) = self.peek(ahead) {
            ahead += 1;
        }
        if let Some(Token::Word("m" | "M")) = self.peek(ahead) {
            self.at += ahead + 1;
        }
        while let Some(Token::Sign('.')) = self.peek(0) {
            self.at += 1;
        }
        self.skip_blank();
        Some(pm)
    }

    fn number(&mut self) -> Option<(u32, usize)> {
        let Some(Token::Number(value, digits)) = self.peek(0) else {
            return None;
        };
        self.at += 1;
        Some((value, digits))
    }

    /// The number after a colon; `Some(None)` where there is no colon.
    fn after_colon(&mut self) -> Option<Option<(u32, usize)>> {
        if self.peek(0) != Some(Token::Sign(':')) {
            return Some(None);
        }
        self.at += 1;
        let number = self.number()?;
        (number.1 <= 2).then_some(Some(number))
    }

    /// `+ 5:35`, `-03:30`, `+05`: minutes.
    fn zone(&mut self) -> Option<i16> {
        let negative = self.peek(0) == Some(Token::Sign('-'));
        self.at += 1;
        self.skip_blank();
        let (hours, digits) = self.number()?;
        let minutes = self.after_colon()?.map_or(0, |n| n.0);
        if digits > 2 {
            return None;
        }
        zone_minutes(negative, hours, minutes)
    }
}

fn zone_minutes(negative: bool, hours: u32, minutes: u32) -> Option<i16> {
    if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) {
        return None;
    }
    let size = i16::try_from(hours * 60 + minutes).ok()?;
    Some(if negative { -size } else { size })
}

/// Whether a word is AM (`false`) or PM (`true`), of the locale or English.
fn half(word: &str, locale: &Locale) -> Option<bool> {
    let is = |mark: &str| {
        let first = mark.split(['.', ' ']).next().unwrap_or_default();
        !first.is_empty() && first.to_lowercase() == word.to_lowercase()
    };
    if is(locale.am) || word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("a") {
        Some(false)
    } else if is(locale.pm) || word.eq_ignore_ascii_case("pm") || word.eq_ignore_ascii_case("p") {
        Some(true)
    } else {
        None
    }
}

/// The parts of a date before their order is known.
#[derive(Default)]
struct Parts {
    numbers: [(u32, usize); 3],
    count: usize,
    month: Option<u32>,
    /// How many numbers stood before the month's name.
    before_month: usize,
}

impl Parts {
    const fn is_empty(&self) -> bool {
        self.count == 0 && self.month.is_none()
    }

    fn number(&mut self, value: u32, digits: usize) -> Option<()> {
        if digits > 4 {
            return None;
        }
        *self.numbers.get_mut(self.count)? = (value, digits);
        self.count += 1;
        Some(())
    }

    fn word(&mut self, word: &str, locale: &Locale) -> Option<()> {
        if matches!(word, "年" | "月" | "日" | "년" | "월" | "일") {
            return Some(());
        }
        if self.month.is_some() {
            return None;
        }
        let number =
            month_of(word, locale.months).or_else(|| month_of(word, Locale::en_us().months))?;
        self.month = Some(number);
        self.before_month = self.count;
        Some(())
    }

    fn days(&self, locale: &Locale) -> Option<i64> {
        let [a, b, c] = self.numbers;
        match (self.month, self.count) {
            (Some(month), 2) => {
                // day and year; a year of four digits shows itself
                let (day, year) = if a.1 > 2 || a.0 > 31 { (b, a) } else { (a, b) };
                date(year, (month, 2), day)
            }
            (Some(month), 1) if a.1 > 2 || a.0 > 31 => date(a, (month, 2), (1, 1)),
            (None, 2) if a.1 > 2 => date(a, b, (1, 1)),
            (None, 2) if b.1 > 2 => date(b, a, (1, 1)),
            (None, 3) => orders(locale.date_order, a.1 > 2)
                .iter()
                .find_map(|order| match order {
                    DateOrder::Mdy => date(c, a, b),
                    DateOrder::Dmy => date(c, b, a),
                    DateOrder::Ymd => date(a, b, c),
                })
                .or_else(|| date(a, c, b)),
            _ => None,
        }
    }
}

/// The locale's order first, then any other; a year of four digits in front decides.
fn orders(own: DateOrder, year_first: bool) -> [DateOrder; 3] {
    use DateOrder::{Dmy, Mdy, Ymd};
    match (year_first, own) {
        (true, _) => [Ymd, own, Mdy],
        (_, Mdy) => [Mdy, Dmy, Ymd],
        (_, Dmy) => [Dmy, Mdy, Ymd],
        (_, Ymd) => [Ymd, Mdy, Dmy],
    }
}

type Digits = (u32, usize);

fn date(year: Digits, month: Digits, day: Digits) -> Option<i64> {
    let full = match year {
        (y, 1 | 2) => y + if y < 30 { 2000 } else { 1900 },
        (y, 3 | 4) => y,
        _ => return None,
    };
    if month.1 > 2 || day.1 > 2 {
        return None;
    }
    days_from_civil(full, month.0, day.0)
}

/// The number of a month's name: the whole name, or its first three letters or more.
fn month_of(word: &str, months: &[&str; 12]) -> Option<u32> {
    let word = word.to_lowercase();
    let long_enough = word.chars().count() >= 3;
    let index = months
        .iter()
        .position(|m| m.to_lowercase() == word)
        .or_else(|| {
            let mut fitting = months
                .iter()
                .enumerate()
                .filter(|(_, m)| long_enough && m.to_lowercase().starts_with(&word));
            match (fitting.next(), fitting.next()) {
                (Some((index, _)), None) => Some(index),
                _ => None,
            }
        })?;
    u32::try_from(index + 1).ok()
}

/// Fast parse of a date, a time (`time_only`) or date `T` time.
pub(crate) fn fast(text: &[u8], time_only: bool) -> Result<Moment, Status> {
    let text = text.trim_ascii();
    let parts = || {
        if time_only {
            let (nanos, zone) = fast_time(text)?;
            return Some(Moment {
                days: None,
                nanos: Some(nanos),
                zone,
            });
        }
        let split = text.iter().position(|&b| b == b'T');
        let (date, time) = match split.and_then(|at| text.split_at_checked(at)) {
            Some((date, time)) => (date, time.get(1..)),
            None => (text, None),
        };
        let days = fast_date(date)?;
        let (nanos, zone) = match time {
            Some(time) => fast_time(time).map(|(nanos, zone)| (Some(nanos), zone))?,
            None => (None, None),
        };
        Some(Moment {
            days: Some(days),
            nanos,
            zone,
        })
    };
    parts().ok_or(Status::CannotConvert)
}

/// `YYYYMMDD`, `YYYY-MM-DD`, `YYYY-MM`, `YYYY`; also `YYYYMM` and `YY-MM`, four digits are a
/// year. [R-FASTPARSE-YYMM]
fn fast_date(text: &[u8]) -> Option<i64> {
    let all = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    let number = |digits: &[u8]| digits.iter().fold(0u32, |n, &b| n * 10 + u32::from(b & 15));
    let (year, month, day): (u32, u32, u32) = match text {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 && all(y) => {
            (number(y), two(*m1, *m2)?, two(*d1, *d2)?)
        }
        [y @ .., b'-', m1, m2] if y.len() == 4 && all(y) => (number(y), two(*m1, *m2)?, 1),
        [y1, y2, b'-', m1, m2] => {
            let year = two(*y1, *y2)?;
            (
                year + if year < 30 { 2000 } else { 1900 },
                two(*m1, *m2)?,
                1,
            )
        }
        digits if all(digits) => match digits.len() {
            8 => {
                let n = number(digits);
                (n / 10_000, n / 100 % 100, n % 100)
            }
            6 => (number(digits) / 100, number(digits) % 100, 1),
            4 => (number(digits), 1, 1),
            _ => return None,
        },
        _ => return None,
    };
    days_from_civil(year, month, day)
}

/// `HHMISS`, `HH:MI:SS`, `HHMI`, `HH:MI`, `HH`, with a fraction of the last unit after `.` or
/// `,` and a zone; 24 is midnight of the next day, second 60 counts into the next minute.
fn fast_time(text: &[u8]) -> Option<(i64, Option<i16>)> {
    let (text, zone) = fast_zone(text)?;
    let point = text.iter().position(|b| matches!(b, b'.' | b','));
    let (clock, fraction) = match point.and_then(|at| text.split_at_checked(at)) {
        Some((clock, fraction)) => (clock, fraction.get(1..)?),
        None => (text, &[][..]),
    };
    if point.is_some() && fraction.is_empty() {
        return None;
    }
    let (hour, minute, second, unit) = match *clock {
        [h1, h2, b':', m1, m2, b':', s1, s2] | [h1, h2, m1, m2, s1, s2] => {
            (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?, 1)
        }
        [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (two(h1, h2)?, two(m1, m2)?, 0, 60),
        [h1, h2] => (two(h1, h2)?, 0, 0, 3600),
        _ => return None,
    };
    let nanos = if fraction.is_empty() {
        0
    } else {
        nanos_of(fraction)? * unit
    };
    let midnight = hour == 24 && minute == 0 && second == 0 && nanos == 0;
    let leap = second == 60 && minute == 59 && hour == 23;
    if !midnight && (hour > 23 || minute > 59 || (second > 59 && !leap)) {
        return None;
    }
    let seconds = i64::from(hour * 3600 + minute * 60 + second);
    Some((seconds * NANOS_PER_SECOND + nanos, zone))
}

/// Cuts `Z`, `±HH`, `±HHMI` or `±HH:MI` off the end.
fn fast_zone(text: &[u8]) -> Option<(&[u8], Option<i16>)> {
    if let [time @ .., b'Z'] = text {
        return Some((time, Some(0)));
    }
    let Some(at) = text.iter().position(|b| matches!(b, b'+' | b'-')) else {
        return Some((text, None));
    };
    let (time, zone) = text.split_at_checked(at)?;
    let (hours, minutes) = match *zone.get(1..)? {
        [h1, h2] => (two(h1, h2)?, 0),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => (two(h1, h2)?, two(m1, m2)?),
        _ => return None,
    };
    Some((
        time,
        Some(zone_minutes(zone.first() == Some(&b'-'), hours, minutes)?),
    ))
}

/// Ticks of one second; kept here so that callers need no second import.
pub(crate) const TICKS_PER_MINUTE: i64 = 60 * TICKS_PER_SECOND;
