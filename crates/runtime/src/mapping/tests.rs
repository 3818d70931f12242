//! Tests of the mapping.

use super::*;

fn parse(text: &str) -> Mapping {
    Mapping::parse(text, "map.toml").expect("a mapping")
}

#[test]
fn mistakes_have_positions() {
    let table = [
        (
            "[[path]]\nfrom = 'C:\\'\nto = '/x'\ntoo = 1\n",
            "map.toml:4",
        ),
        ("[[path]]\nfrom = 'C:\\'\n", "map.toml:1"),
        ("[[path]]\nfrom = 'C:\\'\nto = 'x'\n", "absolute"),
        ("[[connection]]\nto = 'x'\n", "needs `name`"),
        ("[[paths]]\n", "map.toml:1"),
        (
            "[[path]]\nfrom = 'C:\\a'\nto = '/x'\n[[path]]\nfrom = 'c:/A/'\nto = '/y'\n",
            "two path rules",
        ),
    ];
    for (text, part) in table {
        let error = Mapping::parse(text, "map.toml")
            .expect_err(text)
            .to_string();
        assert!(error.contains(part), "{error} has {part}");
    }
}

#[test]
fn the_longest_prefix_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().display().to_string();
    std::fs::create_dir_all(folder.path().join("data/Sub")).expect("a folder");
    std::fs::write(folder.path().join("data/Sub/File.csv"), "").expect("a file");
    let m = parse(&format!(
        "[[path]]\nfrom = 'C:\\Data'\nto = '{here}/data'\n[[path]]\nfrom = 'C:\\Data\\Other\\'\n\
         to = '{here}/other'\n[[path]]\nfrom = '\\\\srv\\share'\nto = '{here}'\n"
    ));
    let table = [
        ("C:\\Data\\Sub\\File.csv", "data/Sub/File.csv"),
        ("c:/DATA/sub/file.CSV", "data/Sub/File.csv"),
        ("C:\\Data\\other\\new.csv", "other/new.csv"),
        ("C:\\Data", "data"),
        ("\\\\SRV\\Share\\data\\x", "data/x"),
        ("C:\\Data\\.\\Sub", "data/Sub"),
    ];
    for (from, to) in table {
        assert_eq!(m.map_path(from), Ok(folder.path().join(to)), "{from}");
    }
    assert_eq!(m.explain().len(), table.len());
    // `C:\Database` is not below `C:\Data`.
    assert_eq!(
        m.map_path("C:\\Database\\x"),
        Ok(PathBuf::from("/Database/x"))
    );
}

#[test]
fn unmapped_paths_follow_the_rules_of_linux() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().display().to_string();
    std::fs::write(folder.path().join("a.txt"), "").expect("a file");
    let m = Mapping::default();
    assert_eq!(
        m.map_path(&format!("{here}\\a.txt")),
        Ok(folder.path().join("a.txt"))
    );
    assert_eq!(
        m.map_path(&format!("{here}/A.TXT")),
        Ok(folder.path().join("a.txt"))
    );
    assert_eq!(
        m.map_path("D:\\no such\\x.csv"),
        Ok(PathBuf::from("/no such/x.csv"))
    );
    assert!(matches!(
        m.map_path("\\\\srv\\s\\x"),
        Err(PathError::Share { .. })
    ));
    assert_eq!(m.map_path(" "), Err(PathError::Empty));
    assert!(matches!(m.map_path("/a\0b"), Err(PathError::Nul { .. })));
    std::fs::write(folder.path().join("A.txt"), "").expect("a file");
    let two = m.map_path(&format!("{here}/a.TXT"));
    assert!(matches!(two, Err(PathError::Ambiguous { .. })));
}

#[test]
fn connections_match_by_name_server_and_database() {
    let m = parse(
        "[[connection]]\nname = 'DW'\nserver = 'SQLPROD'\nto = 'first'\n\
         [[connection]]\nserver = '(local)'\nto = 'Pwd=secret;Server=x'\nschemas = { b = '/b', a = '/a' }\n\
         [[connection]]\nname = 'needs'\nto = 'Pwd=env:PACKMULE_TEST_NOT_SET'\n",
    );
    let map = |name, server| {
        m.map_connection(name, server, None)
            .expect("no environment")
    };
    assert_eq!(
        map("dw", Some("sqlprod")).map(|c| c.shown),
        Some("first".to_owned())
    );
    assert!(map("DW", Some("other")).is_none());
    assert!(map("x", None).is_none());
    let local = map("x", Some(".")).expect("the local server");
    assert_eq!(local.connection_string.reveal(), "Pwd=secret;Server=x");
    assert_eq!(local.shown, "Pwd=***;Server=x");
    assert_eq!(local.schemas.first().map(|(n, _)| n.as_str()), Some("a"));
    let missing = m
        .map_connection("needs", None, None)
        .expect_err("no variable")
        .to_string();
    assert!(missing.contains("PACKMULE_TEST_NOT_SET"), "{missing}");
    assert!(m.explain().iter().all(|e| !e.to.contains("secret")));
}

/// Rules given by name stand before the file's, and no secret is shown, however it is quoted.
#[test]
fn rules_by_name() {
    let file = parse(
        "[[connection]]\nserver = \"s\"\nto = \"Driver=SQLite3;Database=/server.db\"\n\
         [[connection]]\nname = \"DW\"\nto = \"Driver=SQLite3;Database=/name.db\"\n",
    );
    let text = |m: Option<MappedConnection>| m.map(|m| m.connection_string.reveal().to_owned());
    let by_name = |m: &Mapping, name| text(m.map_connection_by_name(name).expect("no variable"));
    // The first rule may be meant, and it asks for a server.
    assert_eq!(by_name(&file, "DW"), None);
    let given = |name: &str, to: &str| (name.to_owned(), Secret::new(to));
    let secret = "Driver=PostgreSQL;Pwd=\"hush;hush\";Uid=u";
    let more = file.with_connections(&[
        given("DW", "Driver=SQLite3;Database=/first.db"),
        given("DW", secret),
        given("In", "/data/a=b;c.csv"),
    ]);
    assert_eq!(by_name(&more, "dw").as_deref(), Some(secret));
    assert_eq!(by_name(&more, "In").as_deref(), Some("/data/a=b;c.csv"));
    assert_eq!(by_name(&more, "Other"), None);
    let mapped = more.map_connection("DW", Some("s"), None).expect("a rule");
    assert_eq!(text(mapped).as_deref(), Some(secret));
    let other = more
        .map_connection("Other", Some("S"), None)
        .expect("a rule");
    assert!(text(other).is_some_and(|t| t.contains("/server.db")));
    // What was opened is recorded with the mapping that the rules were added to.
    let said = format!("{:?}", file.explain());
    assert!(
        said.contains("Pwd=***") && said.contains("/data/a=b;c.csv"),
        "{said}"
    );
    assert!(!said.contains("hush"), "{said}");
}

/// Addresses of servers stay, what is secret behind or in them does not.
#[test]
fn servers_are_shown_without_secrets() {
    let cases = [
        ("mail.local:2525", "mail.local:2525"),
        (
            "ftp.local:2121;Uid=u;Pwd=hush",
            "ftp.local:2121;Uid=u;Pwd=***",
        ),
        (
            "ftp.local;Uid=u;Pwd=env:NAME;",
            "ftp.local;Uid=u;Pwd=env:NAME;",
        ),
        (
            "http://h/p?a=b;Uid=u;Pwd=hush",
            "http://h/p?a=b;Uid=u;Pwd=***",
        ),
        ("http://u:hush@h/p", "http://***@h/p"),
        ("ftp://u:hush@h:21;Uid=x", "ftp://***@h:21;Uid=x"),
        ("u:hush@h:21", "***@h:21"),
        ("C:\\in\\a@b.csv", "C:\\in\\a@b.csv"),
        ("http://h/p?mail=a@b", "http://h/p?mail=a@b"),
        ("/data/a=b;c.csv", "/data/a=b;c.csv"),
    ];
    for (to, shown) in cases {
        let given = [("x".to_owned(), Secret::new(to))];
        let mapping = Mapping::default().with_connections(&given);
        let rule = mapping.connections.first().expect("a rule");
        assert_eq!(connections::without_passwords(rule.to.reveal()), shown);
    }
}
