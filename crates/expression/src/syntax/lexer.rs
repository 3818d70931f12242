//! Cuts the text of an expression into tokens (§2 and §3 of the reference).

use packmule_types::Value;

use super::{BinaryOperator, ColumnReference, Span, VariableReference};
use crate::error::{ExpressionError, codes};

/// What a piece of the text is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Literal(Value),
    /// A regular identifier (`false`) or one in brackets (`true`).
    Name(String, bool),
    Variable(VariableReference),
    /// `#1` or `#{…}`
    Lineage(ColumnReference),
    Operator(BinaryOperator),
    Not,
    BitNot,
    Open,
    Close,
    Comma,
    Dot,
    Question,
    Colon,
    /// `=` or `:=`
    Assign,
    End,
}

/// One step of the lexer: a token and its place.
pub(super) type Lexeme = (Token, Span);

/// All tokens of a text, [`Token::End`] last.
pub(super) fn tokens(text: &str) -> Result<Vec<Lexeme>, ExpressionError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut all = Vec::with_capacity(text.len() / 4 + 2);
    loop {
        let lexeme = lexer.next()?;
        let end = lexeme.0 == Token::End;
        all.push(lexeme);
        if end {
            return Ok(all);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '$' | '#')
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn span(&self, start: usize) -> Span {
        Span {
            start,
            end: self.at,
        }
    }

    fn error(&self, code: packmule_types::Code, start: usize, detail: &str) -> ExpressionError {
        let end = self.at.max(start + 1).min(self.text.len());
        let piece = self.text.get(start..end).unwrap_or("").to_string();
        ExpressionError::new(code, Span { start, end }, detail).with(&[
            self.text,
            &(start + 1).to_string(),
            &piece,
        ])
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest
            .char_indices()
            .find(|(_, c)| !keep(*c))
            .map_or(rest.len(), |(i, _)| i);
        self.at += length;
        &rest[..length]
    }

    fn next(&mut self) -> Result<Lexeme, ExpressionError> {
        self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{feff}'));
        let start = self.at;
        let Some(c) = self.peek() else {
            return Ok((Token::End, self.span(start)));
        };
        let token = match c {
            '"' => self.string()?,
            '@' => self.variable()?,
            '#' => self.lineage()?,
            '[' => Token::Name(self.bracketed()?, true),
            c if c.is_ascii_digit() => self.number()?,
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number()?,
            c if starts_name(c) => Token::Name(self.take_while(continues_name).into(), false),
            _ => self.symbol()?,
        };
        Ok((token, self.span(start)))
    }

    fn symbol(&mut self) -> Result<Token, ExpressionError> {
        use BinaryOperator as B;
        const SYMBOLS: &[(&str, Token)] = &[
            ("&&", Token::Operator(B::And)),
            ("||", Token::Operator(B::Or)),
            ("==", Token::Operator(B::Equal)),
            ("!=", Token::Operator(B::NotEqual)),
            ("<=", Token::Operator(B::LessEqual)),
            (">=", Token::Operator(B::GreaterEqual)),
            (":=", Token::Assign),
            ("<", Token::Operator(B::Less)),
            (">", Token::Operator(B::Greater)),
            ("+", Token::Operator(B::Add)),
            ("-", Token::Operator(B::Subtract)),
            ("*", Token::Operator(B::Multiply)),
            ("/", Token::Operator(B::Divide)),
            ("%", Token::Operator(B::Modulo)),
            ("&", Token::Operator(B::BitAnd)),
            ("|", Token::Operator(B::BitOr)),
            ("^", Token::Operator(B::BitXor)),
            ("!", Token::Not),
            ("~", Token::BitNot),
            ("(", Token::Open),
            (")", Token::Close),
            (",", Token::Comma),
            (".", Token::Dot),
            ("?", Token::Question),
            (":", Token::Colon),
            ("=", Token::Assign),
        ];
        let rest = self.rest();
        if let Some((symbol, token)) = SYMBOLS.iter().find(|(s, _)| rest.starts_with(s)) {
            self.at += symbol.len();
            return Ok(token.clone());
        }
        let start = self.at;
        let code = if rest.starts_with('\'') {
            codes::SINGLE_QUOTE
        } else {
            codes::INVALID_TOKEN
        };
        self.at += rest.chars().next().map_or(0, char::len_utf8);
        Err(self.error(
            code,
            start,
            "unexpected character; strings stand in double quotes",
        ))
    }

    /// `[…]`: everything but brackets.
    fn bracketed(&mut self) -> Result<String, ExpressionError> {
        let start = self.at;
        self.at += 1;
        let name = self.take_while(|c| !matches!(c, '[' | ']'));
        if self.peek() != Some(']') || name.is_empty() {
            return Err(self.error(
                codes::INCOMPLETE_TOKEN,
                start,
                "a name in brackets needs a closing bracket and cannot hold brackets",
            ));
        }
        self.at += 1;
        Ok(name.to_string())
    }

    /// `@name`, `@[name]`, `@[namespace::name]`, and `@namespace::name`, found in one package.
    fn variable(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        self.at += 1;
        let (first, second) = match self.peek() {
            Some('[') => {
                let inside = self.bracketed()?;
                match inside.split_once("::") {
                    Some((namespace, name)) => (namespace.to_string(), Some(name.to_string())),
                    None => (inside, None),
                }
            }
            Some(c) if starts_name(c) || c == '$' => {
                let first = self.take_while(continues_name).to_string();
                let qualified = self.rest().strip_prefix("::");
                if qualified.is_some_and(|rest| rest.starts_with(starts_name)) {
                    self.at += 2;
                    let name = self.take_while(continues_name);
                    (first, Some(name.to_string()))
                } else {
                    (first, None)
                }
            }
            _ => (String::new(), None),
        };
        let (namespace, name) = match second {
            Some(name) => (Some(first.trim().to_string()), name),
            None => (None, first),
        };
        let name = name.trim().to_string();
        if name.is_empty() || namespace.as_deref() == Some("") {
            return Err(self.error(
                codes::INCOMPLETE_TOKEN,
                start,
                "'@' needs the name of a variable right after it",
            ));
        }
        Ok(Token::Variable(VariableReference { namespace, name }))
    }

    /// `#123` or `#{refId}`; braces inside a refId are balanced.
    fn lineage(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        self.at += 1;
        if self.peek() == Some('{') {
            let rest = self.rest();
            let mut depth = 0_usize;
            for (i, c) in rest.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    self.at += i + 1;
                    return Ok(Token::Lineage(ColumnReference::RefId(
                        rest[1..i].to_string(),
                    )));
                }
            }
            self.at = self.text.len();
        } else if let Ok(id) = self.take_while(|c| c.is_ascii_digit()).parse() {
            return Ok(Token::Lineage(ColumnReference::LineageId(id)));
        }
        Err(self.error(
            codes::INCOMPLETE_TOKEN,
            start,
            "'#' needs the lineage id of a column right after it",
        ))
    }

    fn string(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        self.at += 1;
        let mut units = Units::default();
        loop {
            let plain = self.take_while(|c| !matches!(c, '"' | '\\'));
            units.push_str(plain);
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Ok(Token::Literal(Value::text(units.finish())));
                }
                Some(_) => units.push_unit(self.escape()?),
                None => {
                    return Err(self.error(
                        codes::INCOMPLETE_TOKEN,
                        start,
                        "the string has no closing quote",
                    ));
                }
            }
        }
    }

    /// The UTF-16 unit of an escape sequence; the lexer stands at the backslash.
    fn escape(&mut self) -> Result<u16, ExpressionError> {
        let start = self.at;
        self.at += 1;
        let c = self.peek();
        self.at += c.map_or(0, char::len_utf8);
        Ok(match c {
            Some('a') => 7,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('v') => 11,
            Some('"') => 0x22,
            Some('\\') => 0x5c,
            Some('x') => {
                let digits = self.rest().get(..4).unwrap_or("");
                let unit = (digits.bytes().all(|b| b.is_ascii_hexdigit()))
                    .then(|| u16::from_str_radix(digits, 16).ok())
                    .flatten();
                match unit {
                    Some(unit) if unit != 0 => {
                        self.at += 4;
                        unit
                    }
                    _ => {
                        return Err(self.error(
                            codes::HEX_ESCAPE,
                            start,
                            "\\x needs four hexadecimal digits, not all zero",
                        ));
                    }
                }
            }
            _ => {
                return Err(self.error(
                    codes::BAD_ESCAPE,
                    start,
                    "unknown escape sequence; a backslash itself is written \\\\",
                ));
            }
        })
    }

    fn number(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        let overflow = |lexer: &Self| {
            lexer.error(
                codes::LITERAL_OVERFLOW,
                start,
                "the number does not fit the type of its literal",
            )
        };
        if let Some(hex) = self
            .rest()
            .strip_prefix("0x")
            .or_else(|| self.rest().strip_prefix("0X"))
            && hex.starts_with(|c: char| c.is_ascii_hexdigit())
        {
            self.at += 2;
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            let suffix = self.suffix();
            let value = hexadecimal(digits).ok_or_else(|| overflow(self))?;
            return match suffix.as_str() {
                "" => Ok(Token::Literal(Value::I4(value as i32))),
                "U" => Ok(Token::Literal(Value::Ui4(value))),
                _ => Err(self.malformed(start)),
            };
        }
        let whole = self.take_while(|c| c.is_ascii_digit());
        let mut fraction = None;
        if self.peek() == Some('.') {
            self.at += 1;
            fraction = Some(self.take_while(|c| c.is_ascii_digit()));
        }
        let exponent = self.exponent();
        let body = &self.text[start..self.at];
        let suffix = self.suffix();
        let value = match (fraction, exponent, suffix.as_str()) {
            (None, false, "") => whole.parse().ok().map(Value::I4),
            (None, false, "U") => whole.parse().ok().map(Value::Ui4),
            (None, false, "L") => whole.parse().ok().map(Value::I8),
            (None, false, "UL" | "LU") => whole.parse().ok().map(Value::Ui8),
            (Some(fraction), false, "") => numeric(whole, fraction),
            (_, _, "F") if exponent || fraction.is_some() => finite_r4(body),
            (_, _, "L") => finite_r8(body),
            // [R-LIT-EXP] an exponent without a suffix is DT_R8
            (_, true, "") => finite_r8(body),
            _ => return Err(self.malformed(start)),
        };
        value.map(Token::Literal).ok_or_else(|| overflow(self))
    }

    fn malformed(&self, start: usize) -> ExpressionError {
        self.error(codes::INCOMPLETE_TOKEN, start, "not a number")
    }

    /// Takes `e+5`; whether there was one.
    fn exponent(&mut self) -> bool {
        let rest = self.rest();
        let Some(after) = rest.strip_prefix(['e', 'E']) else {
            return false;
        };
        let digits = after.strip_prefix(['+', '-']).unwrap_or(after);
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        self.at += rest.len() - digits.len();
        self.take_while(|c| c.is_ascii_digit());
        true
    }

    /// Letters right behind a number, in upper case.
    fn suffix(&mut self) -> String {
        self.take_while(continues_name).to_ascii_uppercase()
    }
}

/// [R-LIT-HEX] A hexadecimal literal has at most 32 bits.
fn hexadecimal(digits: &str) -> Option<u32> {
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    u32::from_str_radix(significant, 16).ok()
}

/// `DT_NUMERIC`: all digits written count, a leading zero too.
fn numeric(whole: &str, fraction: &str) -> Option<Value> {
    let precision = whole.len() + fraction.len();
    if precision > 38 {
        return None;
    }
    let unscaled = format!("{whole}{fraction}").parse().ok()?;
    Some(Value::Numeric(
        unscaled,
        u8::try_from(precision).ok()?,
        u8::try_from(fraction.len()).ok()?,
    ))
}

fn finite_r4(body: &str) -> Option<Value> {
    let value: f32 = body.parse().ok()?;
    value.is_finite().then_some(Value::R4(value))
}

fn finite_r8(body: &str) -> Option<Value> {
    let value: f64 = body.parse().ok()?;
    value.is_finite().then_some(Value::R8(value))
}

/// Collects text and UTF-16 units; a half of a surrogate pair becomes U+FFFD.
#[derive(Default)]
struct Units {
    text: String,
    high: Option<u16>,
}

impl Units {
    fn push_str(&mut self, text: &str) {
        if !text.is_empty() {
            self.flush();
            self.text.push_str(text);
        }
    }

    fn push_unit(&mut self, unit: u16) {
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => self
                .text
                .extend(char::decode_utf16([high, unit]).map(|c| c.unwrap_or('\u{fffd}'))),
            (pending, _) => {
                if pending.is_some() {
                    self.text.push('\u{fffd}');
                }
                if (0xD800..=0xDBFF).contains(&unit) {
                    self.high = Some(unit);
                } else {
                    self.text
                        .push(char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}'));
                }
            }
        }
    }

    fn flush(&mut self) {
        if self.high.take().is_some() {
            self.text.push('\u{fffd}');
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        self.text
    }
}
