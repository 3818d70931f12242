//! Finds statements and parameter markers in SQL text.
//!
//! One scanner that knows what is *not* code: texts, quoted names, comments, `$tag$` texts of
//! PostgreSQL. It understands no SQL beyond that, so any database's text passes.

/// How a connection's statements mark parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkerStyle {
    /// `?`, by position (OLE DB, ODBC, Excel, ADO).
    Question,
    /// `@name` (ADO.NET).
    Named,
}

/// A parameter marker of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marker {
    /// The next parameter.
    Next,
    /// The parameter of this name, without `@`.
    Name(String),
}

/// One statement of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its text; markers are written as the database wants them.
    pub sql: String,
    /// For each marker number of the database (from 1, in order) the parameter it stands for.
    /// The same name met twice has one number.
    pub markers: Vec<Marker>,
}

/// How the database at hand writes markers and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexical {
    /// `$1` instead of `?1`.
    pub dollar_numbers: bool,
    /// `$tag$ … $tag$` is a text.
    pub dollar_quotes: bool,
    /// `[name]` is a quoted name.
    pub brackets: bool,
    /// `/* /* */ */` nests.
    pub nested_comments: bool,
    /// `E'…\'…'` has escapes.
    pub escape_strings: bool,
}

/// Splits a text into its statements at semicolons and rewrites their markers. Statements that
/// hold nothing but blanks and comments are left out. With `split_at_semicolons` off the whole
/// text is one statement.
pub fn split(
    sql: &str,
    style: MarkerStyle,
    lexical: Lexical,
    split_at_semicolons: bool,
) -> Vec<Statement> {
    let mut scanner = Scanner {
        text: sql,
        at: 0,
        style,
        lexical,
        out: String::with_capacity(sql.len() + 16),
        markers: Vec::new(),
        has_code: false,
        blocks: 0,
        creates: false,
        words: 0,
    };
    let mut statements = Vec::new();
    while let Some(byte) = scanner.peek() {
        if byte == b';' && split_at_semicolons && scanner.blocks == 0 {
            scanner.at += 1;
            statements.extend(scanner.take());
        } else {
            scanner.step(byte);
        }
    }
    statements.extend(scanner.take());
    statements
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    style: MarkerStyle,
    lexical: Lexical,
    out: String,
    markers: Vec<Marker>,
    has_code: bool,
    /// Open BEGIN … END of a CREATE TRIGGER or BEGIN ATOMIC body, CASE included.
    blocks: usize,
    creates: bool,
    words: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn take(&mut self) -> Option<Statement> {
        let sql = std::mem::take(&mut self.out);
        let markers = std::mem::take(&mut self.markers);
        let has_code = std::mem::replace(&mut self.has_code, false);
        self.blocks = 0;
        self.creates = false;
        self.words = 0;
        has_code.then_some(Statement {
            sql: sql.trim().to_owned(),
            markers,
        })
    }

    /// Copies `length` bytes, up to the next boundary of a character.
    fn copy(&mut self, length: usize) {
        let mut end = (self.at + length.max(1)).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.out.push_str(&self.text[self.at..end]);
        self.at = end;
    }

    fn step(&mut self, byte: u8) {
        let rest = self.rest();
        let length = match byte {
            b'\'' => quoted(rest, '\'', false),
            b'"' => quoted(rest, '"', false),
            b'`' => quoted(rest, '`', false),
            b'[' if self.lexical.brackets => bracketed(rest),
            b'-' if rest.starts_with("--") => return self.comment(line_comment(rest)),
            b'/' if rest.starts_with("/*") => {
                return self.comment(block_comment(rest, self.lexical.nested_comments));
            }
            b'$' if self.lexical.dollar_quotes => dollar_quoted(rest).unwrap_or(1),
            b'?' if self.style == MarkerStyle::Question => return self.question(),
            b'@' if self.style == MarkerStyle::Named => return self.named(),
            b if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 => return self.word(),
            _ => 1,
        };
        if !byte.is_ascii_whitespace() {
            self.has_code = true;
        }
        self.copy(length);
    }

    fn comment(&mut self, length: usize) {
        self.copy(length);
    }

    fn question(&mut self) {
        self.has_code = true;
        self.at += 1;
        self.markers.push(Marker::Next);
        self.write_number(self.markers.len());
    }

    fn write_number(&mut self, number: usize) {
        self.out.push(if self.lexical.dollar_numbers {
            '$'
        } else {
            '?'
        });
        self.out.push_str(&number.to_string());
    }

    fn named(&mut self) {
        self.has_code = true;
        let rest = self.rest();
        if let Some(word) = rest.strip_prefix("@@") {
            return self.copy(2 + word_length(word));
        }
        let name = &rest[1..1 + word_length(&rest[1..])];
        if name.is_empty() {
            return self.copy(1);
        }
        self.at += 1 + name.len();
        let known = self
            .markers
            .iter()
            .position(|m| matches!(m, Marker::Name(known) if known.eq_ignore_ascii_case(name)));
        let number = known.unwrap_or(self.markers.len()) + 1;
        if known.is_none() {
            self.markers.push(Marker::Name(name.to_owned()));
        }
        self.write_number(number);
    }

    /// A word; `E'…'` is a text, and the words that open and close bodies are counted.
    fn word(&mut self) {
        self.has_code = true;
        let rest = self.rest();
        let length = word_length(rest).max(1);
        let word = rest.get(..length).unwrap_or("");
        if self.lexical.escape_strings
            && word.eq_ignore_ascii_case("e")
            && rest[length..].starts_with('\'')
        {
            return self.copy(1 + quoted(&rest[1..], '\'', true));
        }
        self.words += 1;
        if self.words == 1 {
            self.creates = word.eq_ignore_ascii_case("create");
        } else if self.creates {
            if word.eq_ignore_ascii_case("begin")
                || (self.blocks > 0 && word.eq_ignore_ascii_case("case"))
            {
                self.blocks += 1;
            } else if word.eq_ignore_ascii_case("end") {
                self.blocks = self.blocks.saturating_sub(1);
            }
        }
        self.copy(length);
    }
}

fn word_length(text: &str) -> usize {
    text.bytes()
        .position(|b| {
            !(b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b == b'#' || b >= 0x80)
        })
        .unwrap_or(text.len())
}

/// Length of a quoted text with its quotes; a doubled quote is one character of it.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if escapes && c == '\\' {
            characters.next();
        } else if c == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return at + quote.len_utf8();
            }
        }
    }
    text.len()
}

fn bracketed(text: &str) -> usize {
    let mut at = 1;
    while let Some(found) = text.get(at..).and_then(|t| t.find(']')) {
        at += found + 1;
        if text[at..].starts_with(']') {
            at += 1;
        } else {
            return at;
        }
    }
    text.len()
}

fn line_comment(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

fn block_comment(text: &str, nested: bool) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (2, 1usize);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else if nested && bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Length of a `$tag$ … $tag$` text; `None` when it is none.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag_end = text.get(1..)?.find('$')? + 2;
    let tag = &text[..tag_end];
    let inner = &tag[1..tag.len() - 1];
    let is_tag = inner
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80)
        && !inner.starts_with(|c: char| c.is_ascii_digit());
    if !is_tag {
        return None;
    }
    Some(
        text[tag_end..]
            .find(tag)
            .map_or(text.len(), |at| tag_end + at + tag.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTGRES: Lexical = Lexical {
        dollar_numbers: true,
        dollar_quotes: true,
        brackets: false,
        nested_comments: true,
        escape_strings: true,
    };
    const SQLITE: Lexical = Lexical {
        dollar_numbers: false,
        dollar_quotes: false,
        brackets: true,
        nested_comments: false,
        escape_strings: false,
    };

    fn check(sql: &str, style: MarkerStyle, lexical: Lexical, expected: &[(&str, usize)]) {
        let statements = split(sql, style, lexical, true);
        let found: Vec<_> = statements
            .iter()
            .map(|s| (s.sql.as_str(), s.markers.len()))
            .collect();
        assert_eq!(found, expected, "{sql}");
    }

    #[test]
    fn markers_outside_texts_only() {
        use MarkerStyle::{Named, Question};
        let cases: &[(&str, MarkerStyle, Lexical, &[(&str, usize)])] = &[
            (
                "SELECT ?, '?', \"?\" -- ?\n, ?",
                Question,
                POSTGRES,
                &[("SELECT $1, '?', \"?\" -- ?\n, $2", 2)],
            ),
            (
                "SELECT 'it''s ?', ?",
                Question,
                POSTGRES,
                &[("SELECT 'it''s ?', $1", 1)],
            ),
            (
                "SELECT E'\\' ?', ?",
                Question,
                POSTGRES,
                &[("SELECT E'\\' ?', $1", 1)],
            ),
            (
                "SELECT $$ ? ; $$, $a$ ? $$ $a$, ?",
                Question,
                POSTGRES,
                &[("SELECT $$ ? ; $$, $a$ ? $$ $a$, $1", 1)],
            ),
            (
                "/* ? /* ? */ ? */ SELECT ?",
                Question,
                POSTGRES,
                &[("/* ? /* ? */ ? */ SELECT $1", 1)],
            ),
            (
                "SELECT [a?]], b], ?",
                Question,
                SQLITE,
                &[("SELECT [a?]], b], ?1", 1)],
            ),
            (
                "SELECT a[1], ?",
                Question,
                POSTGRES,
                &[("SELECT a[1], $1", 1)],
            ),
            (
                "UPDATE t SET a = @a, b = @B, c = @a WHERE d = @@ROWCOUNT",
                Named,
                SQLITE,
                &[(
                    "UPDATE t SET a = ?1, b = ?2, c = ?1 WHERE d = @@ROWCOUNT",
                    2,
                )],
            ),
            (
                "SELECT 1; ;-- nothing\n; SELECT ?;",
                Question,
                SQLITE,
                &[("SELECT 1", 0), ("SELECT ?1", 1)],
            ),
            (
                "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = CASE b WHEN 1 THEN 2 END; \
              DELETE FROM u; END; SELECT 1",
                Question,
                SQLITE,
                &[
                    (
                        "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = CASE b WHEN 1 THEN 2 \
                 END; DELETE FROM u; END",
                        0,
                    ),
                    ("SELECT 1", 0),
                ],
            ),
            (
                "BEGIN; SELECT 'é;', ?; COMMIT",
                Question,
                SQLITE,
                &[("BEGIN", 0), ("SELECT 'é;', ?1", 1), ("COMMIT", 0)],
            ),
            ("SELECT 'open", Question, SQLITE, &[("SELECT 'open", 0)]),
        ];
        for (sql, style, lexical, expected) in cases {
            check(sql, *style, *lexical, expected);
        }
    }
}
