//! From a reference to a connection: which manager is meant, what of its properties counts, what
//! the mapping makes of it, what is kept, what validation finds.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use packmule_connections::connections::Reference;
use packmule_connections::managers;
use packmule_connections::{AcquireError, Connections, ExecuteOptions, RowsWanted};
use packmule_dtsx::finding::Reason;
use packmule_dtsx::model::{Package, Project, Variable};
use packmule_dtsx::{LoadOptions, load_folder, load_package};
use packmule_runtime::overlay::Layer;
use packmule_runtime::variables::{ScopeContext, ScopeOwner};
use packmule_runtime::{Overlay, Scope, Services};
use packmule_types::Value;

use crate::support::services;

pub(crate) const NAMESPACE: &str = "xmlns:DTS=\"www.microsoft.com/SqlServer/Dts\"";

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}

/// A manager's element: name, type, number in its id, attributes of its inner element, property
/// expressions.
fn manager(
    name: &str,
    kind: &str,
    number: u32,
    inner: &str,
    expressions: &[(&str, &str)],
) -> String {
    let expressions = expressions.iter().fold(String::new(), |mut text, (p, e)| {
        let _ = write!(
            text,
            "<DTS:PropertyExpression DTS:Name=\"{p}\">{}</DTS:PropertyExpression>",
            escape(e)
        );
        text
    });
    format!(
        "<DTS:ConnectionManager {NAMESPACE} DTS:refId=\"Package.ConnectionManagers[{name}]\" \
         DTS:CreationName=\"{kind}\" DTS:DTSID=\"{{00000000-0000-0000-0000-{number:012}}}\" \
         DTS:ObjectName=\"{name}\">{expressions}<DTS:ObjectData><DTS:ConnectionManager {inner}/>\
         </DTS:ObjectData></DTS:ConnectionManager>"
    )
}

fn database(path: &Path) -> String {
    format!(
        "DTS:ConnectionString=\"Driver=SQLite3;Database={}\"",
        path.display()
    )
}

pub(crate) fn package(managers: &[String]) -> Package {
    let xml = format!(
        "<DTS:Executable {NAMESPACE} DTS:refId=\"Package\" DTS:CreationName=\"Microsoft.Package\" \
         DTS:ExecutableType=\"Microsoft.Package\" DTS:ObjectName=\"P\" \
         DTS:DTSID=\"{{A0000000-0000-0000-0000-0000000000FF}}\">\
         <DTS:Property DTS:Name=\"PackageFormatVersion\">8</DTS:Property>\
         <DTS:ConnectionManagers>{}</DTS:ConnectionManagers><DTS:Variables>\
         <DTS:Variable DTS:DTSID=\"{{B0000000-0000-0000-0000-000000000001}}\" \
         DTS:Namespace=\"User\" DTS:ObjectName=\"v\">\
         <DTS:VariableValue DTS:DataType=\"8\">/from/variable</DTS:VariableValue></DTS:Variable>\
         </DTS:Variables></DTS:Executable>",
        managers.concat()
    );
    let options = LoadOptions {
        file: "P.dtsx",
        password: None,
    };
    load_package(xml.as_bytes(), &options).unwrap().value
}

fn project(managers: &[(&str, String)]) -> Arc<Project> {
    let files = managers
        .iter()
        .map(|(name, xml)| (format!("{name}.conmgr"), xml.clone().into_bytes()))
        .collect();
    let options = LoadOptions {
        file: "project",
        password: None,
    };
    Arc::new(load_folder(None, &files, &options, None).unwrap().value)
}

/// Connections of a package, with their overlay and scope.
pub(crate) struct Made {
    pub(crate) connections: Connections,
    overlay: Arc<Overlay>,
    scope: Arc<Scope>,
}

pub(crate) fn made(package: Package, project: Option<&Arc<Project>>, services: &Services) -> Made {
    let variables: Vec<Variable> = package.root.variables.clone();
    let owner = ScopeOwner {
        node: Some(package.root.node),
        name: "P".to_owned(),
        dtsid: String::new(),
    };
    let context = ScopeContext {
        clock: services.clock.clone(),
        cancel: services.cancel.clone(),
        lcid: 1033,
    };
    let scope = Scope::root(owner, &variables, context);
    let overlay = Arc::new(Overlay::new());
    let connections = Connections::new(
        &Arc::new(package),
        project,
        overlay.clone(),
        scope.clone(),
        services.clone(),
    );
    Made {
        connections,
        overlay,
        scope,
    }
}

fn file(name: &str, number: u32, path: &str) -> String {
    let inner = format!("DTS:ConnectionString=\"{path}\" DTS:FileUsageType=\"1\"");
    manager(name, "FILE", number, &inner, &[])
}

impl Made {
    pub(crate) fn set(&self, name: &str, property: &str, value: &str) {
        let node = self.connections.find(name).unwrap().node;
        self.overlay
            .set(node, property, Layer::Override, Value::text(value));
    }

    fn path(&self, name: &str) -> String {
        let target = self.connections.file(name).unwrap();
        target.path.display().to_string()
    }
}

/// An id counts before a path, a path before a name, the package's before the project's; a
/// component's second path is tried last.
#[test]
fn references() {
    let id = |n: u32| format!("{{00000000-0000-0000-0000-{n:012}}}");
    let package = package(&[
        file("A", 1, "/a"),
        file("Both", 2, "/package"),
        // Its name is another manager's id and path.
        file(&id(1), 3, "/named-as-id"),
    ]);
    let of_project = [
        ("Both", file("Both", 4, "/project")),
        ("Only", file("Only", 5, "/only")),
    ];
    let project = project(&of_project);
    let made = made(package, Some(&project), &services(""));
    let table = [
        (id(1), "/a"),
        (format!("{}:external", id(1)), "/a"),
        (id(1).to_lowercase(), "/a"),
        ("Package.ConnectionManagers[A]".to_owned(), "/a"),
        ("A".to_owned(), "/a"),
        ("a".to_owned(), "/a"),
        ("Both".to_owned(), "/package"),
        (id(4), "/project"),
        ("only".to_owned(), "/only"),
    ];
    for (reference, path) in table {
        assert_eq!(made.path(&reference), path, "{reference}");
    }
    let both = |id, ref_id| Reference { id, ref_id };
    let found = made.connections.find(both("{DEAD}", "A")).unwrap();
    assert_eq!(found.name, "A");
    let found = made.connections.find(both("Both", "A")).unwrap();
    assert_eq!(found.name, "Both");
    let missing = made.connections.find("None").unwrap_err();
    assert!(
        matches!(missing, AcquireError::NotFound { .. }),
        "{missing}"
    );
    assert_eq!(missing.code().0, 0xC001_000E);
    let empty = made.connections.find(both("", " ")).unwrap_err();
    assert!(matches!(empty, AcquireError::NotGiven));
    let wrong = made.connections.database("A").err().unwrap();
    assert!(matches!(wrong, AcquireError::WrongType { .. }), "{wrong}");
}

/// Stored, then from outside, then the expression; the mapping by name before all of them.
#[test]
fn who_wins() {
    let inner = "DTS:ConnectionString=\"/stored\" DTS:FileUsageType=\"1\"";
    let package = || {
        package(&[
            manager("plain", "FILE", 1, inner, &[]),
            manager(
                "by",
                "FILE",
                2,
                inner,
                &[("ConnectionString", "@[User::v]")],
            ),
            manager(
                "bad",
                "FILE",
                3,
                inner,
                &[("ConnectionString", "@[User::none]")],
            ),
        ])
    };
    let first = made(package(), None, &services(""));
    assert_eq!(first.path("plain"), "/stored");
    assert_eq!(first.path("by"), "/from/variable");
    first.set("plain", "ConnectionString", "/outside");
    first.set("by", "ConnectionString", "/outside");
    assert_eq!(first.path("plain"), "/outside");
    assert_eq!(first.path("by"), "/from/variable");
    // Evaluated at each use.
    let changed = first.scope.set("User::v", Value::text("/changed"));
    assert!(changed.is_ok());
    assert_eq!(first.path("by"), "/changed");
    let failed = first.connections.file("bad").unwrap_err();
    assert!(
        matches!(failed, AcquireError::Expression { .. }),
        "{failed}"
    );
    let mapping = ["plain", "by", "bad"]
        .map(|name| format!("[[connection]]\nname = \"{name}\"\nto = \"/mapped/{name}\"\n"));
    let second = made(package(), None, &services(&mapping.concat()));
    second.set("plain", "ConnectionString", "/outside");
    for name in ["plain", "by", "bad"] {
        assert_eq!(second.path(name), format!("/mapped/{name}"));
    }
    assert_eq!(second.path("BAD"), "/mapped/bad");
}

/// [R-CM-ORDER] The string first, then its single parts, of each layer in turn.
#[test]
fn parts_of_a_connection_string() {
    let inner = "DTS:ConnectionString=\"Data Source=s;Initial Catalog=d;User ID=u;Provider=x;\" \
                 DTS:ServerName=\"s2\"";
    let made = made(
        package(&[
            manager("a", "OLEDB", 1, inner, &[]),
            manager("b", "OLEDB", 2, inner, &[("InitialCatalog", "\"e\"")]),
        ]),
        None,
        &services(""),
    );
    let text = |name: &str| {
        let found = made.connections.find(name).unwrap();
        let settings = made.connections.settings(found).unwrap();
        let (string, encrypted) = settings.connection_string().unwrap();
        assert!(encrypted.is_none());
        string.reveal().reveal().to_owned()
    };
    let rest = "User ID=u;Provider=x;";
    assert_eq!(
        text("a"),
        format!("Data Source=s2;Initial Catalog=d;{rest}")
    );
    assert_eq!(
        text("b"),
        format!("Data Source=s2;Initial Catalog=e;{rest}")
    );
    made.set("a", "Password", "p;w");
    assert_eq!(
        text("a"),
        format!("Data Source=s2;Initial Catalog=d;{rest}Password=\"p;w\";")
    );
    for name in ["a", "b"] {
        made.set(name, "ConnectionString", "Server=n;Provider=y");
        made.set(name, "UserName", "v");
    }
    assert_eq!(text("a"), "Server=n;Provider=y;User ID=v;Password=\"p;w\";");
    assert_eq!(
        text("b"),
        "Server=n;Provider=y;User ID=v;Initial Catalog=e;"
    );
}

/// By name, by server and database, and by nothing that fits; SQLite schemas and the names of
/// the database that three-part names may have.
#[test]
fn mapped_databases() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "").unwrap();
        path
    };
    let (main, staging, other) = (path("main.db"), path("staging.db"), path("other.db"));
    // The first rule that fits counts, so the one by name stands first.
    let mapping = format!(
        "[[connection]]\nname = \"Named\"\nto = \"Driver=SQLite3;Database={}\"\n\
         [[connection]]\nserver = \"SQLPROD\"\ndatabase = \"DW\"\n\
         to = \"Driver=SQLite3;Database={}\"\nschemas = {{ staging = \"{}\" }}\n",
        other.display(),
        main.display(),
        staging.display()
    );
    let string = |text: &str| format!("DTS:ConnectionString=\"Provider=SQLNCLI11.1;{text}\"");
    let on_prod = string("Data Source=tcp:sqlprod,1433;Initial Catalog=dw;");
    let password = "DTS:ConnectionString=\"Provider=SQLNCLI11.1;Data Source=SQLPROD;\
                    Initial Catalog=DW;User ID=u\"><DTS:Password DTS:Name=\"Password\" \
                    Sensitive=\"1\" Encrypted=\"1\">AQAA</DTS:Password></DTS:ConnectionManager>\
                    <DTS:Ignored";
    let made = made(
        package(&[
            manager("DW", "OLEDB", 1, &on_prod, &[]),
            manager("Named", "OLEDB", 2, &on_prod, &[]),
            manager("Else", "OLEDB", 3, &string("Data Source=elsewhere"), &[]),
            manager("Secret", "OLEDB", 4, password, &[]),
        ]),
        None,
        &services(&mapping),
    );
    let run = |name: &str, sql: &str| {
        let connection = made.connections.database(name).unwrap();
        connection
            .execute(sql, &[], &ExecuteOptions::default())
            .map(|_| ())
    };
    run("DW", "CREATE TABLE staging.t (a int)").unwrap();
    run("Named", "CREATE TABLE dbo.here (a int)").unwrap();
    let dw = made.connections.database("DW").unwrap();
    assert_eq!(
        dw.resolve_table("[DW].[staging].[T]").unwrap(),
        "\"staging\".\"t\""
    );
    assert!(dw.resolve_table("[Other].[staging].[t]").is_err());
    assert!(dw.resolve_table("here").is_err());
    let refused = made.connections.database("Else").err().unwrap();
    assert!(
        matches!(refused, AcquireError::UnsupportedProvider { .. }),
        "{refused}"
    );
    // An encrypted password of a string that is replaced anyway does not matter.
    run("Secret", "SELECT 1 FROM staging.t").unwrap();
}

/// RetainSameConnection: one connection for all users until the package ends, with one
/// transaction; without it each has its own. A log has its own always.
#[test]
fn retained_connections() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    std::fs::write(&path, "").unwrap();
    let retained = format!("{} DTS:Retain=\"True\"", database(&path));
    let made = made(
        package(&[
            manager("kept", "OLEDB", 1, &retained, &[]),
            manager("new", "OLEDB", 2, &database(&path), &[]),
        ]),
        None,
        &services(""),
    );
    let open = |name: &str| made.connections.database(name).unwrap();
    assert!(Arc::ptr_eq(&open("kept"), &open("KEPT")));
    assert!(!Arc::ptr_eq(&open("new"), &open("new")));
    let own = made.connections.own_database("kept").unwrap();
    assert!(!Arc::ptr_eq(&own, &open("kept")));
    let quiet = ExecuteOptions::default();
    let temporary = "CREATE TEMP TABLE x (a int)";
    open("kept").execute(temporary, &[], &quiet).unwrap();
    assert!(open("kept").resolve_table("x").is_ok());
    assert!(own.resolve_table("x").is_err());
    // The end of the package closes it, and a next one begins anew.
    made.connections.close();
    assert!(open("kept").resolve_table("x").is_err());
    made.set("new", "RetainSameConnection", "True");
    assert!(Arc::ptr_eq(&open("new"), &open("new")));
}

#[test]
fn validation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let string = "DTS:ConnectionString=\"Provider=SQLNCLI11.1;Data Source=x\"";
    let late = format!("{string} DTS:DelayValidation=\"True\"");
    let managers = [
        manager("lite", "OLEDB", 1, &database(&path), &[]),
        manager("sql", "OLEDB", 2, string, &[]),
        manager("late", "OLEDB", 3, &late, &[]),
        manager("file", "FILE", 4, "DTS:ConnectionString=\"\"", &[]),
        manager(
            "usage",
            "FILE",
            5,
            "DTS:ConnectionString=\"/x\" DTS:FileUsageType=\"9\"",
            &[],
        ),
        manager("bad", "OLEDB", 6, string, &[("ServerName", "1 +")]),
        manager(
            "queue",
            "MSMQ",
            7,
            "DTS:ConnectionString=\".\\private$\\q\"",
            &[],
        ),
        manager(
            "flat",
            "FLATFILE",
            8,
            "DTS:ConnectionString=\"/x\" DTS:Format=\"Wide\"",
            &[],
        ),
    ];
    let mut managers = managers.to_vec();
    let unknown = [("ConnectionStrng", "\"x\"")];
    managers.push(manager("odd", "OLEDB", 9, &database(&path), &unknown));
    let made = made(package(&managers), None, &services(""));
    let found = |name: &str| {
        let manager = made.connections.find(name).unwrap();
        let findings = made.connections.validate(manager);
        findings.iter().map(|f| f.reason).collect::<Vec<_>>()
    };
    // A file that is not there is found when it is opened: a task may make it.
    assert_eq!(found("lite"), []);
    assert_eq!(found("sql"), [Reason::UnsupportedProvider]);
    assert_eq!(found("late"), []);
    assert_eq!(found("file"), [Reason::InvalidSetting]);
    assert!(found("usage").contains(&Reason::InvalidSetting));
    assert_eq!(found("bad"), [Reason::Expression]);
    assert_eq!(found("odd"), [Reason::UnsupportedProperty]);
    assert_eq!(found("queue"), [Reason::UnsupportedConnection]);
    assert!(found("flat").contains(&Reason::InvalidSetting));
    // Values from outside count.
    let lite = format!("Driver=SQLite3;Database={}", path.display());
    made.set("sql", "ConnectionString", &lite);
    assert_eq!(found("sql"), []);
    made.set("file", "ConnectionString", "/x");
    assert_eq!(found("file"), []);
    made.set("late", "DelayValidation", "False");
    assert_eq!(found("late"), [Reason::UnsupportedProvider]);
    let error = made.connections.database("lite").err().unwrap();
    assert!(matches!(error, AcquireError::Open { .. }), "{error}");
    let assessed = managers::assess(made.connections.find("queue").unwrap());
    assert_eq!(assessed.len(), 1);
}

/// TRUNCATE TABLE on SQLite: empties the table and begins its numbers anew.
#[test]
fn truncate_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    std::fs::write(&path, "").unwrap();
    let made = made(
        package(&[manager("db", "OLEDB", 1, &database(&path), &[])]),
        None,
        &services(""),
    );
    let connection = made.connections.database("db").unwrap();
    let quiet = ExecuteOptions::default();
    let run = |sql: &str| connection.execute(sql, &[], &quiet);
    run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a int); CREATE TABLE [b c] (a int);
         CREATE VIEW v AS SELECT 1 AS a; INSERT INTO t (a) VALUES (1), (2);
         INSERT INTO [b c] VALUES (1)",
    )
    .unwrap();
    let done = run("TRUNCATE TABLE [dbo].[T]; truncate table \"b c\";").unwrap();
    assert_eq!(done.rows_affected(), None);
    run("INSERT INTO t (a) VALUES (3)").unwrap();
    let all = ExecuteOptions {
        timeout: None,
        rows: RowsWanted::All,
    };
    let sql = "SELECT id, a FROM t UNION ALL SELECT 0, COUNT(*) FROM [b c]";
    let rows = connection.execute(sql, &[], &all).unwrap();
    let rows = rows.first_rows().unwrap();
    let types: Vec<_> = rows.columns.iter().map(|c| c.column_type).collect();
    let text = |v: &Value| packmule_runtime::variables::convert::to_text(v).unwrap();
    let rows: Vec<Vec<String>> = crate::support::values(&types, &rows.batches)
        .iter()
        .map(|r| r.iter().map(text).collect())
        .collect();
    assert_eq!(rows, [["1", "3"], ["0", "0"]]);
    for bad in [
        "TRUNCATE TABLE none",
        "TRUNCATE TABLE v",
        "TRUNCATE TABLE",
        "TRUNCATE t",
    ] {
        assert!(run(bad).is_err(), "{bad}");
    }
}
