//! Batch evaluation against a plain recursive oracle of one row, on random expressions and rows.
//!
//! The oracle shares nothing with the crate: it evaluates its own tree, on UTF-16 vectors, one
//! row at a time, and stops at the first error.

use arrow::array::Array;
use packmule_expression::Inputs;
use packmule_types::array::value_at;
use packmule_types::{ColumnType, DataType, Value};
use proptest::prelude::*;

use crate::helper::{World, now, plain, text_of};

#[derive(Debug, Clone)]
enum Int {
    Literal(i32),
    Column(&'static str),
    Binary(char, Box<Int>, Box<Int>),
    Negate(Box<Int>),
    Len(Box<Text>),
    Find(Box<Text>, Box<Text>, Box<Int>),
    Count(Box<Text>, Box<Text>),
    If(Box<Bool>, Box<Int>, Box<Int>),
    Replace(Box<Int>, Box<Int>),
}

#[derive(Debug, Clone)]
enum Bool {
    Literal(bool),
    Column,
    Compare(&'static str, Box<Int>, Box<Int>),
    Equal(bool, Box<Text>, Box<Text>),
    And(Box<Bool>, Box<Bool>),
    Or(Box<Bool>, Box<Bool>),
    Not(Box<Bool>),
    IsNull(Box<Int>),
    If(Box<Bool>, Box<Bool>, Box<Bool>),
}

#[derive(Debug, Clone)]
enum Text {
    Literal(&'static str),
    Column,
    Join(Box<Text>, Box<Text>),
    Left(Box<Text>, Box<Int>),
    Right(Box<Text>, Box<Int>),
    Substring(Box<Text>, Box<Int>, Box<Int>),
    Trim(Box<Text>),
    Upper(Box<Text>),
    Replace(Box<Text>, Box<Text>, Box<Text>),
    Token(Box<Text>, Box<Text>, Box<Int>),
    If(Box<Bool>, Box<Text>, Box<Text>),
}

/// Makes a tree of the bytes; at their end only leaves.
struct Source<'a>(std::slice::Iter<'a, u8>);

impl Source<'_> {
    fn next(&mut self, choices: u8) -> u8 {
        self.0.next().map_or(0, |b| b % choices)
    }

    fn int(&mut self, depth: u32) -> Int {
        let d = depth.saturating_sub(1);
        match self.next(if depth == 0 { 4 } else { 14 }) {
            0 => Int::Literal(i32::from(self.next(4))),
            1 => Int::Column("a"),
            2 => Int::Column("b"),
            3 => Int::Literal(i32::MAX),
            4 => Int::Negate(Box::new(self.int(d))),
            5 => Int::Len(Box::new(self.text(d))),
            6 => Int::Find(
                Box::new(self.text(d)),
                Box::new(self.text(0)),
                Box::new(self.int(0)),
            ),
            7 => Int::Count(Box::new(self.text(d)), Box::new(self.text(0))),
            8 => Int::If(
                Box::new(self.boolean(d)),
                Box::new(self.int(d)),
                Box::new(self.int(d)),
            ),
            9 => Int::Replace(Box::new(self.int(d)), Box::new(self.int(d))),
            n => {
                let operator =
                    ['+', '-', '*', '/', '%', '&', '|', '^'][usize::from(n + self.next(5)) % 8];
                Int::Binary(operator, Box::new(self.int(d)), Box::new(self.int(d)))
            }
        }
    }

    fn boolean(&mut self, depth: u32) -> Bool {
        let d = depth.saturating_sub(1);
        match self.next(if depth == 0 { 3 } else { 11 }) {
            0 => Bool::Column,
            1 => Bool::Literal(true),
            2 => Bool::Literal(false),
            3 | 4 => Bool::And(Box::new(self.boolean(d)), Box::new(self.boolean(d))),
            5 | 6 => Bool::Or(Box::new(self.boolean(d)), Box::new(self.boolean(d))),
            7 => Bool::Not(Box::new(self.boolean(d))),
            8 => Bool::IsNull(Box::new(self.int(d))),
            9 => Bool::If(
                Box::new(self.boolean(d)),
                Box::new(self.boolean(d)),
                Box::new(self.boolean(d)),
            ),
            _ if self.next(2) == 0 => Bool::Equal(
                self.next(2) == 0,
                Box::new(self.text(d)),
                Box::new(self.text(d)),
            ),
            _ => {
                let operator = ["==", "!=", "<", ">", "<=", ">="][usize::from(self.next(6))];
                Bool::Compare(operator, Box::new(self.int(d)), Box::new(self.int(d)))
            }
        }
    }

    fn text(&mut self, depth: u32) -> Text {
        const LITERALS: [&str; 6] = ["", " ", ",", "ab", "é🚲", "a b, a long text"];
        let d = depth.saturating_sub(1);
        match self.next(if depth == 0 { 3 } else { 12 }) {
            0 | 1 => Text::Column,
            2 => Text::Literal(LITERALS[usize::from(self.next(6))]),
            3 => Text::Left(Box::new(self.text(d)), Box::new(self.int(d))),
            4 => Text::Right(Box::new(self.text(d)), Box::new(self.int(d))),
            5 => Text::Substring(
                Box::new(self.text(d)),
                Box::new(self.int(d)),
                Box::new(self.int(0)),
            ),
            6 => Text::Trim(Box::new(self.text(d))),
            7 => Text::Upper(Box::new(self.text(d))),
            8 => Text::Replace(
                Box::new(self.text(d)),
                Box::new(self.text(0)),
                Box::new(self.text(0)),
            ),
            9 => Text::Token(
                Box::new(self.text(d)),
                Box::new(self.text(0)),
                Box::new(self.int(0)),
            ),
            10 => Text::If(
                Box::new(self.boolean(d)),
                Box::new(self.text(d)),
                Box::new(self.text(d)),
            ),
            _ => Text::Join(Box::new(self.text(d)), Box::new(self.text(d))),
        }
    }
}

impl std::fmt::Display for Int {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal(v) => write!(f, "{v}"),
            Self::Column(name) => f.write_str(name),
            Self::Binary(o, a, b) => write!(f, "({a} {o} {b})"),
            Self::Negate(a) => write!(f, "-{a}"),
            Self::Len(a) => write!(f, "LEN({a})"),
            Self::Find(a, b, n) => write!(f, "FINDSTRING({a}, {b}, {n})"),
            Self::Count(a, b) => write!(f, "TOKENCOUNT({a}, {b})"),
            Self::If(c, a, b) => write!(f, "({c} ? {a} : {b})"),
            Self::Replace(a, b) => write!(f, "REPLACENULL({a}, {b})"),
        }
    }
}

impl std::fmt::Display for Bool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal(v) => write!(f, "{v}"),
            Self::Column => f.write_str("flag"),
            Self::Compare(o, a, b) => write!(f, "({a} {o} {b})"),
            Self::Equal(true, a, b) => write!(f, "({a} == {b})"),
            Self::Equal(false, a, b) => write!(f, "({a} != {b})"),
            Self::And(a, b) => write!(f, "({a} && {b})"),
            Self::Or(a, b) => write!(f, "({a} || {b})"),
            Self::Not(a) => write!(f, "!{a}"),
            Self::IsNull(a) => write!(f, "ISNULL({a})"),
            Self::If(c, a, b) => write!(f, "({c} ? {a} : {b})"),
        }
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal(v) => write!(f, "\"{v}\""),
            Self::Column => f.write_str("s"),
            Self::Join(a, b) => write!(f, "({a} + {b})"),
            Self::Left(a, n) => write!(f, "LEFT({a}, {n})"),
            Self::Right(a, n) => write!(f, "RIGHT({a}, {n})"),
            Self::Substring(a, n, m) => write!(f, "SUBSTRING({a}, {n}, {m})"),
            Self::Trim(a) => write!(f, "TRIM({a})"),
            Self::Upper(a) => write!(f, "UPPER({a})"),
            Self::Replace(a, b, c) => write!(f, "REPLACE({a}, {b}, {c})"),
            Self::Token(a, b, n) => write!(f, "TOKEN({a}, {b}, {n})"),
            Self::If(c, a, b) => write!(f, "({c} ? {a} : {b})"),
        }
    }
}

/// One row of input.
#[derive(Debug, Clone)]
struct Row {
    a: Option<i32>,
    b: Option<i32>,
    flag: Option<bool>,
    s: Option<String>,
}

/// NULL, a value, or the code of the first error.
type Answer<T> = Result<Option<T>, u32>;

const DIVIDE: u32 = 0xC004_707B;
const OVERFLOW: u32 = 0xC004_707E;
const FAILED: u32 = 0xC004_70C5;

fn int(e: &Int, row: &Row) -> Answer<i32> {
    Ok(match e {
        Int::Literal(v) => Some(*v),
        Int::Column("a") => row.a,
        Int::Column(_) => row.b,
        Int::Negate(a) => match int(a, row)? {
            Some(v) => Some(0_i32.checked_sub(v).ok_or(0xC004_70E5_u32)?),
            None => None,
        },
        Int::Len(a) => text(a, row)?.map(|t| t.len() as i32),
        Int::Find(a, b, n) => {
            let (a, b, n) = (text(a, row)?, text(b, row)?, int(n, row)?);
            match (a, b, n) {
                (Some(_), Some(_), Some(n)) if n <= 0 => return Err(0xC004_70EE),
                (Some(a), Some(b), Some(n)) => Some(found(&a, &b, n)),
                _ => None,
            }
        }
        Int::Count(a, b) => match (text(a, row)?, text(b, row)?) {
            (Some(a), Some(b)) => Some(pieces(&a, &b).len() as i32),
            _ => Some(0),
        },
        Int::If(c, a, b) => match boolean(c, row)? {
            Some(true) => int(a, row)?,
            Some(false) => int(b, row)?,
            None => None,
        },
        Int::Replace(a, b) => {
            let (a, b) = (int(a, row)?, int(b, row)?);
            a.or(b)
        }
        Int::Binary(operator, a, b) => {
            let (Some(a), Some(b)) = (int(a, row)?, int(b, row)?) else {
                return Ok(None);
            };
            let (a, b) = (i64::from(a), i64::from(b));
            let result = match operator {
                '+' => a + b,
                '-' => a - b,
                '*' => a * b,
                '/' | '%' if b == 0 => return Err(DIVIDE),
                '/' => a / b,
                '%' => a % b,
                '&' => a & b,
                '|' => a | b,
                _ => a ^ b,
            };
            Some(i32::try_from(result).map_err(|_| OVERFLOW)?)
        }
    })
}

fn boolean(e: &Bool, row: &Row) -> Answer<bool> {
    Ok(match e {
        Bool::Literal(v) => Some(*v),
        Bool::Column => row.flag,
        Bool::Compare(operator, a, b) => match (int(a, row)?, int(b, row)?) {
            (Some(a), Some(b)) => Some(match *operator {
                "==" => a == b,
                "!=" => a != b,
                "<" => a < b,
                ">" => a > b,
                "<=" => a <= b,
                _ => a >= b,
            }),
            _ => None,
        },
        Bool::Equal(equal, a, b) => match (text(a, row)?, text(b, row)?) {
            (Some(a), Some(b)) => Some((a == b) == *equal),
            _ => None,
        },
        Bool::And(a, b) => match boolean(a, row)? {
            Some(false) => Some(false),
            a => match (a, boolean(b, row)?) {
                (_, Some(false)) => Some(false),
                (Some(true), b) => b,
                _ => None,
            },
        },
        Bool::Or(a, b) => match boolean(a, row)? {
            Some(true) => Some(true),
            a => match (a, boolean(b, row)?) {
                (_, Some(true)) => Some(true),
                (Some(false), b) => b,
                _ => None,
            },
        },
        Bool::Not(a) => boolean(a, row)?.map(|v| !v),
        Bool::IsNull(a) => Some(int(a, row)?.is_none()),
        Bool::If(c, a, b) => match boolean(c, row)? {
            Some(true) => boolean(a, row)?,
            Some(false) => boolean(b, row)?,
            None => None,
        },
    })
}

type Units = Vec<u16>;

fn units(text: &str) -> Units {
    text.encode_utf16().collect()
}

/// Without halves of surrogate pairs.
fn whole(units: &[u16]) -> Units {
    let text: String = char::decode_utf16(units.iter().copied())
        .filter_map(Result::ok)
        .collect();
    text.encode_utf16().collect()
}

fn found(text: &[u16], searched: &[u16], n: i32) -> i32 {
    if searched.is_empty() {
        return 0;
    }
    let hits = (0..text.len()).filter(|at| text[*at..].starts_with(searched));
    hits.skip(n as usize - 1)
        .map(|at| at as i32 + 1)
        .next()
        .unwrap_or(0)
}

/// All pieces that are not empty, by characters.
fn pieces(text: &[u16], delimiters: &[u16]) -> Vec<Units> {
    let text = String::from_utf16(text).unwrap();
    let delimiters: Vec<char> = String::from_utf16(delimiters).unwrap().chars().collect();
    let split = text.split(|c| delimiters.contains(&c));
    split.filter(|p| !p.is_empty()).map(units).collect()
}

fn text(e: &Text, row: &Row) -> Answer<Units> {
    Ok(match e {
        Text::Literal(v) => Some(units(v)),
        Text::Column => row.s.as_deref().map(units),
        Text::Join(a, b) => match (text(a, row)?, text(b, row)?) {
            (Some(a), Some(b)) => Some([a, b].concat()),
            _ => None,
        },
        Text::Left(a, n) => match (text(a, row)?, int(n, row)?) {
            (Some(_), Some(n)) if n < 0 => return Err(FAILED),
            (Some(a), Some(n)) => Some(whole(&a[..a.len().min(n as usize)])),
            _ => None,
        },
        Text::Right(a, n) => match (text(a, row)?, int(n, row)?) {
            (Some(_), Some(n)) if n < 0 => return Err(0xC004_70E7),
            (Some(a), Some(n)) => Some(whole(&a[a.len() - a.len().min(n as usize)..])),
            _ => None,
        },
        Text::Substring(a, n, m) => match (text(a, row)?, int(n, row)?, int(m, row)?) {
            (Some(_), Some(n), Some(_)) if n <= 0 => return Err(0xC004_708C),
            (Some(_), Some(_), Some(m)) if m < 0 => return Err(0xC004_708B),
            (Some(a), Some(n), Some(m)) => {
                let rest: Units = a
                    .into_iter()
                    .skip(n as usize - 1)
                    .take(m as usize)
                    .collect();
                Some(whole(&rest))
            }
            _ => None,
        },
        Text::Trim(a) => text(a, row)?.map(|a| {
            let blank = u16::from(b' ');
            let start = a.iter().position(|u| *u != blank).unwrap_or(a.len());
            let end = a
                .iter()
                .rposition(|u| *u != blank)
                .map_or(start, |at| at + 1);
            a[start..end].to_vec()
        }),
        Text::Upper(a) => {
            text(a, row)?.map(|a| units(&String::from_utf16(&a).unwrap().to_uppercase()))
        }
        Text::Replace(a, b, c) => match (text(a, row)?, text(b, row)?, text(c, row)?) {
            (Some(_), Some(b), Some(_)) if b.is_empty() => return Err(FAILED),
            (Some(a), Some(b), Some(c)) => {
                let of = |u: &[u16]| String::from_utf16(u).unwrap();
                Some(units(&of(&a).replace(&of(&b), &of(&c))))
            }
            _ => None,
        },
        Text::Token(a, b, n) => match (text(a, row)?, text(b, row)?, int(n, row)?) {
            (Some(_), Some(_), Some(n)) if n <= 0 => return Err(FAILED),
            (Some(a), Some(b), Some(n)) => Some(
                pieces(&a, &b)
                    .get(n as usize - 1)
                    .cloned()
                    .unwrap_or_default(),
            ),
            _ => None,
        },
        Text::If(c, a, b) => match boolean(c, row)? {
            Some(true) => text(a, row)?,
            Some(false) => text(b, row)?,
            None => None,
        },
    })
}

fn world(rows: &[Row]) -> World {
    let mut world = World::default()
        .column("a", plain(DataType::I4))
        .column("b", plain(DataType::I4))
        .column("flag", plain(DataType::Bool))
        .column("s", ColumnType::wstr(40));
    for row in rows {
        world = world.row([
            row.a.map_or(Value::Null, Value::I4),
            row.b.map_or(Value::Null, Value::I4),
            row.flag.map_or(Value::Null, Value::Bool),
            row.s.as_deref().map_or(Value::Null, Value::text),
        ]);
    }
    world
}

/// The crate's answers for all rows, or `None` where a constant divisor is 0.
fn answers(world: &World, source: &str) -> Option<Vec<Answer<String>>> {
    let bound = match world.bind(source) {
        Ok(bound) => bound,
        Err(errors) => {
            assert!(
                errors.iter().all(|e| e.code.0 == DIVIDE),
                "{source}: {errors:?}"
            );
            return None;
        }
    };
    let (columns, now) = (world.arrays(), now());
    let inputs = Inputs {
        columns: &columns,
        rows: world.rows.len(),
        variables: &[],
        now: &now,
    };
    let evaluated = bound.evaluate(&inputs);
    let row_of = |row: usize| {
        let failed = evaluated.errors.iter().find(|e| e.row as usize == row);
        if let Some(error) = failed {
            assert!(evaluated.array.is_null(row), "{source}");
            return Err(error.code.0);
        }
        let value = value_at(&bound.column_type(), &evaluated.array, row);
        Ok((!value.is_null()).then(|| text_of(&value)))
    };
    Some((0..world.rows.len()).map(row_of).collect())
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![
        Just(None),
        (-3_i32..6).prop_map(Some),
        Just(Some(i32::MIN)),
        Just(Some(i32::MAX))
    ];
    let piece = prop_oneof![
        Just("a"),
        Just("b"),
        Just(" "),
        Just("é"),
        Just("🚲"),
        Just(",")
    ];
    let text = proptest::collection::vec(piece, 0..20).prop_map(|p| p.concat());
    let row = (
        number.clone(),
        number,
        any::<Option<bool>>(),
        proptest::option::of(text),
    );
    let row = row.prop_map(|(a, b, flag, s)| Row { a, b, flag, s });
    proptest::collection::vec(row, 0..9)
}

fn check<T>(
    source: &str,
    rows: &[Row],
    oracle: impl Fn(&Row) -> Answer<T>,
    show: impl Fn(T) -> String,
) {
    let Some(found) = answers(&world(rows), source) else {
        return;
    };
    for (row, found) in rows.iter().zip(&found) {
        let wanted = oracle(row).map(|v| v.map(&show));
        assert_eq!(found, &wanted, "{source}\n{row:?}");
        let alone = answers(&world(std::slice::from_ref(row)), source).unwrap();
        assert_eq!(&alone[0], found, "{source}\n{row:?} alone");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn batches_equal_the_oracle(
        bytes in proptest::collection::vec(any::<u8>(), 1..80),
        rows in rows(),
    ) {
        let depth = 5;
        let tree = Source(bytes[1..].iter()).int(depth);
        check(&tree.to_string(), &rows, |row| int(&tree, row), |v| v.to_string());
        let tree = Source(bytes[1..].iter()).boolean(depth);
        let show = |v| if v { "True" } else { "False" }.to_string();
        check(&tree.to_string(), &rows, |row| boolean(&tree, row), show);
        let tree = Source(bytes[1..].iter()).text(depth);
        check(&tree.to_string(), &rows, |row| text(&tree, row), |v| String::from_utf16(&v).unwrap());
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\PC@#\"(){}?:!~+*/%&|^=<>., -]{0,60}") {
        packmule_expression::fuzz::fuzz_expression(text.as_bytes());
    }

    #[test]
    fn pieces_of_expressions_make_no_panic(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "1", "2.5", "\"a\"", "@v", "@[ab]", "[c]", "d", "+", "-", "*", "/", "%", "(", ")",
                "==", "<", "&&", "||", "?", ":", "!", "~", ",", "LEN(", "SUBSTRING(", "(DT_WSTR,3)",
                "(DT_I4)", "(DT_NUMERIC,38,2)", "NULL(DT_R8)", "GETDATE()", "DATEADD(\"d\",", "TRUE",
                "POWER(", "ROUND(", "TOKEN(", "REPLICATE(", "REPLACENULL(", "1E300", "ISNULL(", "&", "|",
            ]),
            0..14,
        )
    ) {
        packmule_expression::fuzz::fuzz_expression(pieces.join(" ").as_bytes());
    }
}
