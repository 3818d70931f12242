//! `TRUNCATE TABLE`, a statement of standard SQL that SQLite alone does not have.
//!
//! One SQL task in eight of real packages is a TRUNCATE in front of a load. Here it empties the
//! table and lets an AUTOINCREMENT begin again, as on other databases; triggers for DELETE fire
//! and foreign keys are checked row by row, which TRUNCATE elsewhere does not do. Nothing else
//! of other dialects is imitated.

use super::worker::Worker;
use crate::database::DatabaseError;
use crate::dialect::Dialect;

/// The table of a TRUNCATE TABLE statement as it is written; `None` for any other statement.
pub(super) fn table(sql: &str) -> Option<&str> {
    let rest = after_word(skip_blank(sql), "TRUNCATE")?;
    let rest = skip_blank(after_word(skip_blank(rest), "TABLE")?);
    Some(rest[..name_length(rest)].trim_end())
}

/// What follows a word, in any letter case.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = &text[word.len()..];
    let is_end = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    (head.eq_ignore_ascii_case(word) && is_end).then_some(rest)
}

/// The text behind blanks and comments.
fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let after = if rest.starts_with("--") {
            rest.find('\n').map_or("", |at| &rest[at..])
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or("", |at| &rest[at + 2..])
        } else {
            return rest;
        };
        rest = after.trim_start();
    }
}

/// How far a name goes: up to a comment outside quotes, or the end.
fn name_length(text: &str) -> usize {
    let mut close = None;
    for (at, c) in text.char_indices() {
        match (close, c) {
            (Some(end), c) if c == end => close = None,
            (Some(_), _) => {}
            (None, '[') => close = Some(']'),
            (None, '"' | '`') => close = Some(c),
            (None, '-') if text[at..].starts_with("--") => return at,
            (None, '/') if text[at..].starts_with("/*") => return at,
            (None, _) => {}
        }
    }
    text.len()
}

impl Worker<'_> {
    /// Empties a table.
    pub(super) fn truncate(&self, name: &str) -> Result<(), DatabaseError> {
        let found = self.find_table(name, &self.catalogs)?;
        let quoted = Dialect::Sqlite.quote_parts(&found, name, &self.catalogs)?;
        self.simple(&format!("DELETE FROM {quoted}"))?;
        let schema = Dialect::Sqlite.quote(found.schema.as_deref().unwrap_or("dbo"));
        let has_numbers = format!(
            "SELECT EXISTS (SELECT 1 FROM {schema}.sqlite_master WHERE name = 'sqlite_sequence')"
        );
        let connection = self.connection;
        let has_numbers: bool = self
            .limits
            .patiently(|| connection.query_row(&has_numbers, [], |row| row.get(0)))?;
        if has_numbers {
            let forget = format!("DELETE FROM {schema}.sqlite_sequence WHERE name = ?1");
            self.limits
                .patiently(|| connection.execute(&forget, [&found.table]))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn truncate_is_told_from_other_statements() {
        let cases = [
            ("TRUNCATE TABLE [a].[b]", Some("[a].[b]")),
            ("  truncate\ttable\n dbo.T ", Some("dbo.T")),
            ("-- first\n/* x */ TRUNCATE TABLE T -- behind", Some("T")),
            ("TRUNCATE TABLE \"a--b\" /* c */", Some("\"a--b\"")),
            ("TRUNCATE /* c */ TABLE T", Some("T")),
            ("TRUNCATE T", None),
            ("TRUNCATED TABLE T", None),
            ("DELETE FROM T", None),
            ("SELECT 'TRUNCATE TABLE T'", None),
            ("", None),
        ];
        for (sql, expected) in cases {
            assert_eq!(table(sql), expected, "{sql}");
        }
    }
}
