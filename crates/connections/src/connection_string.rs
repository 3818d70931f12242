//! Connection strings: `key=value;key="va;lue";key={va;lue}`.
//!
//! Order and spelling are kept so that a changed key leaves the rest as it was. The text holds
//! secrets: only [`ConnectionString::target`] is fit for messages.

/// A parsed connection string.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConnectionString {
    entries: Vec<(String, String)>,
}

/// Keys that mean the same, by their first spelling.
const SYNONYMS: &[&[&str]] = &[
    &[
        "data source",
        "server",
        "address",
        "addr",
        "network address",
        "host",
        "servername",
    ],
    &["initial catalog", "database", "dbname", "db"],
    &["user id", "uid", "user", "username", "user name"],
    &["password", "pwd"],
    &[
        "connect timeout",
        "connection timeout",
        "timeout",
        "login timeout",
    ],
    &["sslmode", "ssl mode"],
    &["file", "dbq", "filename", "full uri", "fulluri", "uri"],
];

impl ConnectionString {
    /// Takes a text apart. Text without `=` is kept as an entry without value.
    pub fn parse(text: &str) -> Self {
        let mut entries = Vec::new();
        let mut rest = text;
        while !rest.trim().is_empty() {
            let key_end = rest.find(['=', ';']).unwrap_or(rest.len());
            let key = rest[..key_end].trim().to_owned();
            if rest[key_end..].starts_with('=') {
                let (value, after) = take_value(&rest[key_end + 1..]);
                entries.push((key, value));
                rest = after;
            } else {
                if !key.is_empty() {
                    entries.push((key, String::new()));
                }
                rest = rest.get(key_end + 1..).unwrap_or("");
            }
        }
        Self { entries }
    }

    /// The value of a key in any letter case; the last of several counts.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries
            .iter()
            .rev()
            .find(|(k, _)| k.eq_ignore_ascii_case(key))
            .map(|(_, v)| v.as_str())
    }

    /// The value of a key under any of its usual names.
    pub fn find(&self, key: &str) -> Option<&str> {
        match SYNONYMS.iter().find(|s| s.first() == Some(&key)) {
            Some(names) => names
                .iter()
                .find_map(|n| self.get(n))
                .filter(|v| !v.is_empty()),
            None => self.get(key).filter(|v| !v.is_empty()),
        }
    }

    /// Sets a key where it stands under any of its names, else at the end.
    pub fn set(&mut self, key: &str, value: &str) {
        let lower = key.to_ascii_lowercase();
        let names = SYNONYMS.iter().find(|s| s.contains(&lower.as_str()));
        let is_same = |k: &str| match names {
            Some(names) => names.iter().any(|n| n.eq_ignore_ascii_case(k)),
            None => k.eq_ignore_ascii_case(key),
        };
        match self.entries.iter_mut().rev().find(|(k, _)| is_same(k)) {
            Some(entry) => entry.1 = value.to_owned(),
            None => self.entries.push((key.to_owned(), value.to_owned())),
        }
    }

    /// Keys in order, in lower case.
    pub fn keys(&self) -> impl Iterator<Item = String> + '_ {
        self.entries.iter().map(|(k, _)| k.to_ascii_lowercase())
    }

    /// The server.
    pub fn server(&self) -> Option<&str> {
        self.find("data source")
    }

    /// The database.
    pub fn database(&self) -> Option<&str> {
        self.find("initial catalog")
    }

    /// Server and database for messages.
    pub fn target(&self) -> String {
        match (self.server(), self.database()) {
            (Some(server), Some(database)) => format!("{database} on {server}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => self
                .find("file")
                .or_else(|| self.get("dsn"))
                .unwrap_or("(no server)")
                .to_owned(),
        }
    }

    /// The text again, values quoted where they must be. Holds secrets.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (key, value) in &self.entries {
            text.push_str(key);
            text.push('=');
            if value.contains(';') || value.starts_with(['"', '\'', ' ']) || value.ends_with(' ') {
                text.push('"');
                text.push_str(&value.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(value);
            }
            text.push(';');
        }
        text
    }
}

impl std::fmt::Debug for ConnectionString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys()).finish()
    }
}

/// A value and what follows its semicolon.
fn take_value(text: &str) -> (String, &str) {
    let start = text.trim_start();
    let close = match start.chars().next() {
        Some('"') => '"',
        Some('\'') => '\'',
        Some('{') => '}',
        _ => return plain_value(text),
    };
    let mut value = String::new();
    let mut characters = start.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c != close {
            value.push(c);
        } else if characters.peek().is_some_and(|(_, next)| *next == close) {
            characters.next();
            value.push(c);
        } else {
            let after = &start[at + c.len_utf8()..];
            let next = after.find(';').map_or("", |i| &after[i + 1..]);
            return (value, next);
        }
    }
    // Never closed: the quote was an ordinary character.
    plain_value(text)
}

fn plain_value(text: &str) -> (String, &str) {
    match text.find(';') {
        Some(end) => (text[..end].trim().to_owned(), &text[end + 1..]),
        None => (text.trim().to_owned(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_strings() {
        let s = ConnectionString::parse(
            "Data Source=.;User ID=sa;Initial Catalog=A=B;Provider=SQLNCLI11.1;Auto Translate=False;",
        );
        assert_eq!(s.server(), Some("."));
        assert_eq!(s.database(), Some("A=B"));
        assert_eq!(s.find("user id"), Some("sa"));
        let s = ConnectionString::parse(
            "Driver={SQLite3 ODBC Driver};Pwd=\"a;b\"\"c\";Extended Properties='x;y'; Uid = z ",
        );
        assert_eq!(s.get("driver"), Some("SQLite3 ODBC Driver"));
        assert_eq!(s.find("password"), Some("a;b\"c"));
        assert_eq!(s.get("extended properties"), Some("x;y"));
        assert_eq!(s.find("user id"), Some("z"));
        assert!(!format!("{s:?}").contains("a;b"));
    }

    #[test]
    fn a_changed_key_keeps_the_rest() {
        let mut s = ConnectionString::parse("Server=a;Database=b;Pwd=c;");
        s.set("Initial Catalog", "d");
        s.set("Password", "e;f");
        s.set("User ID", "g");
        assert_eq!(s.to_text(), "Server=a;Database=d;Pwd=\"e;f\";User ID=g;");
    }
}
