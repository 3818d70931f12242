//! The texts of an OLE DB Destination's properties, taken apart.

/// `FastLoadOptions`, in any letter case and order. What is not listed is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FastLoadOptions {
    /// TABLOCK
    pub(super) table_lock: bool,
}

impl FastLoadOptions {
    /// Reads the comma list; commas inside parentheses belong to their option. The first option
    /// that is not known is the error.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut options = Self::default();
        let mut depth = 0_usize;
        let parts = text.split(|c: char| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        });
        for part in parts.map(str::trim).filter(|p| !p.is_empty()) {
            let upper = part.to_uppercase();
            let name = upper.split(['=', '(', ' ']).next().unwrap_or_default();
            match name {
                "TABLOCK" => options.table_lock = true,
                // Hints about speed, and switches that the databases here do not have.
                "CHECK_CONSTRAINTS"
                | "FIRE_TRIGGERS"
                | "ROWS_PER_BATCH"
                | "KILOBYTES_PER_BATCH"
                | "ORDER" => {}
                _ => return Err(part.to_owned()),
            }
        }
        Ok(options)
    }
}

/// The table of `SELECT … FROM table`, nothing after it; `None` for any other command.
pub(super) fn target_of_select(sql: &str) -> Option<String> {
    let text = sql.trim().trim_end_matches(';').trim();
    let rest = strip_word(text, "select")?;
    let from = find_word(rest, "from")?;
    let table = rest.get(from + "from".len()..)?.trim();
    let mut depth = 0_usize;
    let single = table.chars().all(|c| {
        match c {
            '[' | '"' if depth == 0 => depth = 1,
            ']' | '"' => depth = 0,
            _ => {}
        }
        depth > 0 || !c.is_whitespace() && !matches!(c, ',' | '(' | ')')
    });
    (single && !table.is_empty()).then(|| table.to_owned())
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    (head.eq_ignore_ascii_case(word) && rest.starts_with(char::is_whitespace)).then_some(rest)
}

/// Where a word stands by itself, outside brackets and quotes.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let mut closing = None;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        match closing {
            Some(end) if c == end => closing = None,
            Some(_) => {}
            None => match c {
                '[' => closing = Some(']'),
                '"' | '\'' => closing = Some(c),
                _ => {
                    let head = text.get(at..at + word.len());
                    let found =
                        last.is_whitespace() && head.is_some_and(|h| h.eq_ignore_ascii_case(word));
                    let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
                    if found && after.is_some_and(char::is_whitespace) {
                        return Some(at);
                    }
                }
            },
        }
        last = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_load_options_in_any_case_and_order() {
        let lock = FastLoadOptions { table_lock: true };
        assert_eq!(
            FastLoadOptions::parse("TABLOCK,CHECK_CONSTRAINTS"),
            Ok(lock)
        );
        assert_eq!(
            FastLoadOptions::parse("rows_per_batch = 5, tablock, ORDER(a ASC, b DESC)"),
            Ok(lock)
        );
        assert_eq!(FastLoadOptions::parse(""), Ok(FastLoadOptions::default()));
        assert_eq!(
            FastLoadOptions::parse("TABLOCK,FAST"),
            Err("FAST".to_owned())
        );
    }

    #[test]
    fn the_table_of_a_select() {
        let table = |sql| target_of_select(sql);
        assert_eq!(
            table("SELECT a, [from b] FROM [dbo].[My Table]"),
            Some("[dbo].[My Table]".to_owned())
        );
        assert_eq!(table("select * from T;"), Some("T".to_owned()));
        assert_eq!(table("SELECT a FROM T WHERE 1 = 1"), None);
        assert_eq!(table("SELECT a FROM T, U"), None);
        assert_eq!(table("UPDATE T SET a = 1"), None);
    }
}
