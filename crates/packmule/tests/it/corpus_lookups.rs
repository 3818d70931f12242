//! Three packages of the corpus that resolve 19,905 names of clients, unmodified, on PostgreSQL:
//! cascading lookups, a lookup over a cache that is filled first, and one whose SQL an expression
//! makes anew for each file of a loop.
//!
//! Their SQL is SQL Server's; the database has what that needs (docs/tsql-on-postgresql.sql).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::postgres_server::Server;
use crate::{corpus, packmule, root, said};

const CHAPTER: &str = "PacktPublishing__SQL-Server-2017-Integration-Services-Cookbook/Chapter06";

/// The names in the file that the packages read: UTF-16, a header.
fn names(file: &Path) -> Vec<String> {
    let bytes = std::fs::read(file).unwrap();
    let units = bytes
        .chunks_exact(2)
        .map(|b| u16::from_le_bytes([b[0], b[1]]));
    let text: String = char::decode_utf16(units).map(Result::unwrap).collect();
    let lines = text.trim_start_matches('\u{FEFF}').lines().skip(1);
    lines.map(str::to_owned).collect()
}

/// Who is in the reference tables: by name the key, and whether it is a person.
struct Known {
    by_name: HashMap<String, (usize, bool)>,
    script: String,
}

/// Every third person and every other vendor. A person's name is `Last Middle, First` or
/// `Last, First`; a name without a comma is a vendor's.
fn known(names: &[String]) -> Known {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut by_name = HashMap::new();
    let mut script = String::new();
    for (i, name) in names.iter().enumerate() {
        if by_name.contains_key(name) {
            continue;
        }
        let Some((last, first)) = name.split_once(", ") else {
            if i % 2 == 0 {
                by_name.insert(name.clone(), (i, false));
                let _ = writeln!(
                    script,
                    "INSERT INTO Purchasing.Vendor VALUES ({i}, {});",
                    quoted(name)
                );
            }
            continue;
        };
        if i % 3 != 0 {
            continue;
        }
        let (last, middle) = match last.rsplit_once(' ') {
            Some((last, middle)) => (last, quoted(middle)),
            None => (last, "NULL".to_owned()),
        };
        by_name.insert(name.clone(), (i, true));
        let _ = writeln!(
            script,
            "INSERT INTO Person.Person VALUES ({i}, {}, {middle}, {});",
            quoted(first),
            quoted(last)
        );
    }
    Known { by_name, script }
}

/// Names are ordered as SQL Server orders them: one package compares with 'HZZZ…'.
const TABLES: &str = "CREATE SCHEMA person; CREATE SCHEMA purchasing;
    CREATE TABLE dbo.ResolvedClient
      (ClientName nvarchar(256), BusinessEntityID int, IsPerson bit);
    CREATE TABLE Person.Person (BusinessEntityID int, FirstName nvarchar(50) COLLATE \"en-x-icu\",
      MiddleName nvarchar(50) COLLATE \"en-x-icu\", LastName nvarchar(50) COLLATE \"en-x-icu\");
    CREATE TABLE Purchasing.Vendor (BusinessEntityID int, Name nvarchar(50));
    BEGIN;\n";

#[test]
fn clients_are_resolved_in_three_ways() {
    let Some(chapter) = corpus(CHAPTER) else {
        return;
    };
    let Some(server) = Server::start() else {
        return;
    };
    let names = names(&chapter.join("Files/Clients.csv"));
    assert_eq!(names.len(), 19_905);
    let known = known(&names);
    let folder = tempfile::tempdir().unwrap();
    let definitions = std::fs::read_to_string(root().join("docs/tsql-on-postgresql.sql")).unwrap();
    let script = format!("{definitions}{TABLES}{}COMMIT;", known.script);
    let file = folder.path().join("tables.sql");
    std::fs::write(&file, script).unwrap();
    server.run_file(&file);
    let map = folder.path().join("map.toml");
    let rule = format!(
        "[[path]]\nfrom = 'C:\\SSIS2016Cookbook\\Chapter06\\Files'\nto = \"{}\"\n",
        chapter.join("Files").display()
    );
    std::fs::write(&map, rule).unwrap();
    let of = |person: Option<bool>| {
        let key = |name: &&String| known.by_name.get(*name).map(|k| k.1) == person;
        names.iter().filter(key).count()
    };
    let keys = names.iter().filter_map(|n| known.by_name.get(n));
    let keys: usize = keys.map(|k| k.0).sum();
    let expected = format!(
        "{}|{}|{}|{}|{keys}",
        names.len(),
        of(Some(true)),
        of(Some(false)),
        of(None)
    );
    assert!(of(Some(true)) > 6_000 && of(Some(false)) > 40, "{expected}");
    let project = chapter.join("Solution/AdventureWorksETL");
    for package in ["CascadingLookup", "LookupCache", "LookupExpression"] {
        let output = packmule(&[
            "run",
            &project.join(format!("{package}.dtsx")).to_string_lossy(),
            "--project",
            &project.to_string_lossy(),
            "--map",
            &map.to_string_lossy(),
            "--connection",
            &format!("cmgr_Reference={}", server.string()),
        ]);
        assert!(output.status.success(), "{package}: {}", said(&output));
        let found = server.sql(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE IsPerson = B'1'), \
             COUNT(*) FILTER (WHERE IsPerson = B'0'), \
             COUNT(*) FILTER (WHERE BusinessEntityID IS NULL), SUM(BusinessEntityID) \
             FROM dbo.ResolvedClient",
        );
        assert_eq!(found, expected, "{package}: {}", said(&output));
    }
}
