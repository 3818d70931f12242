//! How names and texts are written for the database at hand.

use crate::database::{DatabaseError, MarkerStyle};

/// A database's way of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite: `"name"`; the schema `dbo` is the file itself.
    Sqlite,
    /// PostgreSQL: `"name"`.
    PostgreSql,
}

/// A table's name in its parts, unquoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// Database, where given.
    pub catalog: Option<String>,
    /// Schema, where given.
    pub schema: Option<String>,
    /// Table or view.
    pub table: String,
}

impl Dialect {
    /// The product's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::PostgreSql => "PostgreSQL",
        }
    }

    /// A quoted name.
    pub fn quote(self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// A table's name as a component gives it (`[dbo].[T]`, `"dbo"."T"`, `dbo.T`, `` `T` ``),
    /// quoted for this database. A database part is dropped when it is one of `catalogs`, the
    /// connection's own names; another one is refused.
    pub fn quote_table(self, name: &str, catalogs: &[String]) -> Result<String, DatabaseError> {
        let parts = parse_table_name(name)?;
        self.quote_parts(&parts, name, catalogs)
    }

    /// The same for a name already in parts.
    pub fn quote_parts(
        self,
        parts: &TableName,
        name: &str,
        catalogs: &[String],
    ) -> Result<String, DatabaseError> {
        if let Some(database) = &parts.catalog
            && !catalogs.iter().any(|c| c.eq_ignore_ascii_case(database))
        {
            return Err(DatabaseError::BadTableName {
                name: name.to_owned(),
                reason: format!(
                    "it is of database {database}, the connection is to {}",
                    catalogs.first().map_or("another", String::as_str)
                ),
            });
        }
        let table = self.quote(&parts.table);
        Ok(match &parts.schema {
            Some(schema) => format!("{}.{table}", self.quote(schema)),
            None => table,
        })
    }

    /// An INSERT of one row into an already quoted table; columns are quoted too.
    pub fn insert(self, table: &str, columns: &[String], style: MarkerStyle) -> String {
        if columns.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES");
        }
        let markers: Vec<String> = (1..=columns.len())
            .map(|n| match style {
                MarkerStyle::Question => "?".to_owned(),
                MarkerStyle::Named => format!("@p{n}"),
            })
            .collect();
        format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            columns.join(", "),
            markers.join(", ")
        )
    }
}

/// Takes a table's name apart: up to three parts, each plain or in `[]`, `""` or backquotes. An
/// empty middle part (`db..T`) means the default schema.
pub fn parse_table_name(name: &str) -> Result<TableName, DatabaseError> {
    let bad = |reason: &str| DatabaseError::BadTableName {
        name: name.to_owned(),
        reason: reason.to_owned(),
    };
    let mut parts: Vec<String> = Vec::new();
    let mut rest = name.trim();
    loop {
        let (part, after) = take_part(rest).ok_or_else(|| bad("a quote is not closed"))?;
        parts.push(part);
        let after = after.trim_start();
        match after.strip_prefix('.') {
            Some(next) => rest = next.trim_start(),
            None if after.is_empty() => break,
            None => return Err(bad("text follows a closing quote")),
        }
        if parts.len() > 3 {
            return Err(bad("it has too many parts"));
        }
    }
    let table = parts
        .pop()
        .filter(|t| !t.is_empty())
        .ok_or_else(|| bad("it is empty"))?;
    let schema = parts.pop().filter(|s| !s.is_empty());
    let catalog = parts.pop().filter(|s| !s.is_empty());
    if !parts.is_empty() {
        return Err(bad("names with a server part cannot be used here"));
    }
    Ok(TableName {
        catalog,
        schema,
        table,
    })
}

/// The first part and what follows; `None` when its quote is not closed.
fn take_part(text: &str) -> Option<(String, &str)> {
    let close = match text.chars().next() {
        Some('[') => ']',
        Some('"') => '"',
        Some('`') => '`',
        _ => {
            let end = text.find('.').unwrap_or(text.len());
            return Some((text[..end].trim().to_owned(), &text[end..]));
        }
    };
    let mut part = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c != close {
            part.push(c);
        } else if characters.peek().is_some_and(|(_, next)| *next == close) {
            characters.next();
            part.push(c);
        } else {
            return Some((part, &text[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_names() {
        let cases = [
            ("[dbo].[T]", Ok("\"dbo\".\"T\"")),
            ("\"dbo\".\"T\"", Ok("\"dbo\".\"T\"")),
            ("dbo.T", Ok("\"dbo\".\"T\"")),
            ("T", Ok("\"T\"")),
            ("`Ta b`", Ok("\"Ta b\"")),
            ("[a]]b]", Ok("\"a]b\"")),
            ("[a\"b]", Ok("\"a\"\"b\"")),
            ("[DW].[dbo].[T]", Ok("\"dbo\".\"T\"")),
            ("dw..T", Ok("\"T\"")),
            ("[Other].[dbo].[T]", Err(())),
            ("[s].[DW].[dbo].[T]", Err(())),
            ("[dbo].[T", Err(())),
            ("", Err(())),
            ("[a]b", Err(())),
        ];
        for (name, expected) in cases {
            let found = Dialect::Sqlite
                .quote_table(name, &["DW".to_owned()])
                .map_err(|_| ());
            assert_eq!(found, expected.map(str::to_owned), "{name}");
        }
    }
}
