//! Connection strings: `key=value;` as OLE DB, ADO.NET and ODBC write them.
//!
//! Keys are compared in any letter case and keep their order; values may be quoted (`"…"`, `'…'`,
//! doubled quotes inside) or braced (`{…}`, `}}` inside). Secrets are split off, so that the rest
//! can be printed.

use packmule_types::Secret;

/// Keys whose value is a secret, beside all that end with `password`.
const SECRET_KEYS: &[&str] = &[
    "pwd",
    "pass",
    "accountkey",
    "sharedaccesssignature",
    "access token",
    "accesstoken",
    "applicationkey",
    "secret",
];

/// Keys that mean the same to providers, in order of preference; the first spelling names them.
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
    &["sslrootcert", "root certificate", "ssl root certificate"],
    &["file", "dbq", "filename", "full uri", "fulluri", "uri"],
];

/// Whether a key's value is a secret.
pub fn is_secret_key(key: &str) -> bool {
    let key = key.trim().to_lowercase();
    key.ends_with("password") || SECRET_KEYS.contains(&key.as_str())
}

/// A parsed connection string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectionString {
    pairs: Vec<(String, Part)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Plain(String),
    Secret(Secret),
}

impl ConnectionString {
    /// Parses; what is no `key=value` is kept as a key with an empty value. Never fails: SSIS
    /// itself leaves judging to the provider.
    pub fn parse(text: &str) -> Self {
        let mut parsed = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
            if rest.is_empty() {
                break;
            }
            let (key, tail) = key(rest);
            let (value, tail) = value(tail);
            parsed.push(key.trim(), value);
            rest = tail;
        }
        parsed
    }

    fn push(&mut self, key: &str, value: String) {
        let part = if is_secret_key(key) {
            Part::Secret(Secret::new(value))
        } else {
            Part::Plain(value)
        };
        self.pairs.push((key.to_owned(), part));
    }

    /// The value of a key that is no secret. Where a key stands twice the last one counts.
    pub fn get(&self, key: &str) -> Option<&str> {
        match self.part(key) {
            Some(Part::Plain(value)) => Some(value),
            _ => None,
        }
    }

    /// The value of a key that is no secret under any of its usual names (`data source` for
    /// `Server` and others); empty ones do not count.
    pub fn find(&self, key: &str) -> Option<&str> {
        match SYNONYMS.iter().find(|s| s.first() == Some(&key)) {
            Some(names) => names
                .iter()
                .filter_map(|n| self.get(n))
                .find(|v| !v.is_empty()),
            None => self.get(key).filter(|v| !v.is_empty()),
        }
    }

    /// The server.
    pub fn server(&self) -> Option<&str> {
        self.find("data source")
    }

    /// The database.
    pub fn database(&self) -> Option<&str> {
        self.find("initial catalog")
    }

    /// Server and database for messages: no user, no password.
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

    /// The value of a secret key (`Password`).
    pub fn secret(&self, key: &str) -> Option<&Secret> {
        match self.part(key) {
            Some(Part::Secret(secret)) => Some(secret),
            _ => None,
        }
    }

    /// The password under any of its names.
    pub fn password(&self) -> Option<&Secret> {
        let of_name = |key: &str| self.secret(key).filter(|s| !s.is_empty());
        of_name("Password").or_else(|| of_name("PWD"))
    }

    fn part(&self, key: &str) -> Option<&Part> {
        self.pairs
            .iter()
            .rev()
            .find(|(k, _)| k.eq_ignore_ascii_case(key.trim()))
            .map(|(_, part)| part)
    }

    /// Sets a key, in place where it is there under any of its names, else at the end.
    pub fn set(&mut self, key: &str, value: &str) {
        let part = if is_secret_key(key) {
            Part::Secret(Secret::new(value))
        } else {
            Part::Plain(value.to_owned())
        };
        let lower = key.to_ascii_lowercase();
        let names = SYNONYMS.iter().find(|s| s.contains(&lower.as_str()));
        let is_same = |k: &str| match names {
            Some(names) => names.iter().any(|n| n.eq_ignore_ascii_case(k)),
            None => k.eq_ignore_ascii_case(key),
        };
        let there = self.pairs.iter_mut().rev().find(|(k, _)| is_same(k));
        match there {
            Some((_, old)) => *old = part,
            None => self.pairs.push((key.to_owned(), part)),
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) {
        self.pairs.retain(|(k, _)| !k.eq_ignore_ascii_case(key));
    }

    /// Keys and values in order; a secret's value is `None`.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.pairs.iter().map(|(key, part)| match part {
            Part::Plain(value) => (key.as_str(), Some(value.as_str())),
            Part::Secret(_) => (key.as_str(), None),
        })
    }

    /// The whole string with its secrets, for the driver that needs it.
    pub fn reveal(&self) -> Secret {
        Secret::new(self.format(|secret| Some(secret.reveal())))
    }

    /// The string with secrets shown as `***`.
    pub fn masked(&self) -> String {
        self.format(|_| Some("***"))
    }

    /// The string with secrets shown as `***`, but for those that say only where the value is
    /// (`env:NAME`).
    pub fn masked_values(&self) -> String {
        self.format(|secret| {
            let text = secret.reveal();
            Some(if text.trim().starts_with("env:") {
                text
            } else {
                "***"
            })
        })
    }

    /// The string without its secrets.
    pub fn public(&self) -> String {
        self.format(|_| None)
    }

    fn format<'a>(&'a self, secret: impl Fn(&'a Secret) -> Option<&'a str>) -> String {
        let mut out = String::new();
        for (key, part) in &self.pairs {
            let value = match part {
                Part::Plain(value) => Some(value.as_str()),
                Part::Secret(hidden) => secret(hidden),
            };
            if let Some(value) = value {
                out.push_str(&key.replace('=', "=="));
                out.push('=');
                out.push_str(&quoted(key, value));
                out.push(';');
            }
        }
        out
    }
}

impl std::fmt::Display for ConnectionString {
    /// Secrets are shown as `***`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A key and what follows its `=`; `==` in a key is one.
fn key(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['=', ';']) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        if let Some(after) = tail.strip_prefix("==") {
            out.push('=');
            rest = after;
            continue;
        }
        return match tail.strip_prefix('=') {
            Some(after) => (out, after),
            None => (out, tail),
        };
    }
    out.push_str(rest);
    (out, "")
}

/// A value and what follows its `;`.
fn value(text: &str) -> (String, &str) {
    let start = text.trim_start_matches([' ', '\t']);
    let close = match start.chars().next() {
        Some('"') => '"',
        Some('\'') => '\'',
        Some('{') => '}',
        _ => return plain(text),
    };
    let mut out = String::new();
    let mut rest = start.get(1..).unwrap_or_default();
    while let Some(at) = rest.find(close) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = tail.strip_prefix(close) {
            out.push(close);
            rest = after;
            continue;
        }
        let tail = tail.trim_start();
        // Something after the closing quote: it was no quoting after all.
        if !tail.is_empty() && !tail.starts_with(';') {
            return plain(text);
        }
        return (out, tail.strip_prefix(';').unwrap_or_default());
    }
    plain(text)
}

fn plain(text: &str) -> (String, &str) {
    match text.split_once(';') {
        Some((value, rest)) => (value.trim().to_owned(), rest),
        None => (text.trim().to_owned(), ""),
    }
}

/// A value, quoted where it needs to be; ODBC drivers want braces.
fn quoted(key: &str, value: &str) -> String {
    let needs = value.contains(';')
        || value.starts_with(['"', '\'', '{'])
        || value != value.trim()
        || value.contains('\0');
    if key.eq_ignore_ascii_case("driver") && !value.is_empty() {
        return format!("{{{}}}", value.replace('}', "}}"));
    }
    if !needs {
        return value.to_owned();
    }
    if value.contains('"') && !value.contains('\'') {
        format!("'{value}'")
    } else {
        format!("\"{}\"", value.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses() {
        let table: &[(&str, &[(&str, &str)])] = &[
            (
                "Data Source=d;Provider=SQLNCLI11.1;Integrated Security=SSPI;",
                &[
                    ("data source", "d"),
                    ("PROVIDER", "SQLNCLI11.1"),
                    ("Integrated Security", "SSPI"),
                ],
            ),
            (
                "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=f.xls;Extended Properties=\"EXCEL 8.0;HDR=YES\";",
                &[
                    ("Data Source", "f.xls"),
                    ("Extended Properties", "EXCEL 8.0;HDR=YES"),
                ],
            ),
            (
                "Driver={ODBC Driver 17 for SQL Server};Server=s",
                &[("driver", "ODBC Driver 17 for SQL Server"), ("server", "s")],
            ),
            (
                "a='it''s';b=\"q\"\"q\";c={x}}y}",
                &[("a", "it's"), ("b", "q\"q"), ("c", "x}y")],
            ),
            ("k==e=v; ;x=1;x=2", &[("k=e", "v"), ("x", "2")]),
            ("c:\\file.txt", &[("c:\\file.txt", "")]),
            ("a=\"b\"c;d=e", &[("a", "\"b\"c"), ("d", "e")]),
        ];
        for (text, pairs) in table {
            let parsed = ConnectionString::parse(text);
            for (key, value) in *pairs {
                assert_eq!(parsed.get(key), Some(*value), "{text}: {key}");
            }
            let again = ConnectionString::parse(parsed.reveal().reveal());
            assert_eq!(again, parsed, "{text}");
        }
    }

    #[test]
    fn usual_names() {
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
        assert_eq!(s.password().map(Secret::reveal), Some("a;b\"c"));
        assert_eq!(s.get("extended properties"), Some("x;y"));
        assert_eq!(s.find("user id"), Some("z"));
        assert_eq!(s.target(), "(no server)");
    }

    #[test]
    fn a_changed_key_keeps_the_rest() {
        let mut s = ConnectionString::parse("Server=a;Database=b;Pwd=c;");
        s.set("Initial Catalog", "d");
        s.set("Password", "e;f");
        s.set("User ID", "g");
        let text = s.reveal();
        assert_eq!(text.reveal(), "Server=a;Database=d;Pwd=\"e;f\";User ID=g;");
        assert_eq!(s.target(), "d on a");
    }

    #[test]
    fn secrets_do_not_show() {
        let parsed = ConnectionString::parse("User ID=u;Password=\"p;w\";Data Source=d");
        assert_eq!(parsed.get("Password"), None);
        assert_eq!(parsed.password().map(Secret::reveal), Some("p;w"));
        assert_eq!(parsed.masked(), "User ID=u;Password=***;Data Source=d;");
        assert_eq!(parsed.public(), "User ID=u;Data Source=d;");
        assert!(!format!("{parsed:?}").contains("p;w"));
        assert_eq!(
            parsed.reveal().reveal(),
            "User ID=u;Password=\"p;w\";Data Source=d;"
        );
    }
}
