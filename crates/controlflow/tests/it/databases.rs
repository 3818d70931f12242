//! Execute SQL and Foreach ADO on SQLite.

use packmule_controlflow::ExecResult::{Failure, Success};

use crate::package_builder::{Builder, Exec, ado_enumerator, expression, foreach, package, sql};
use crate::watcher::{Run, run};

struct Database(tempfile::TempDir);

impl Database {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("t.db"), "").expect("an empty database");
        Self(folder)
    }

    fn package(&self) -> Builder {
        let string = format!(
            "Driver=SQLite3;Database={};",
            self.0.path().join("t.db").display()
        );
        package().manager("db", "OLEDB", &string, "DTS:Retain=\"True\"")
    }

    /// Runs tasks one after the other.
    fn run(&self, variables: &[(&str, u16, &str)], tasks: Vec<Exec>) -> Run {
        let count = tasks.len();
        let mut p = self.package();
        for (name, kind, value) in variables {
            p = p.variable(name, *kind, value);
        }
        run(p
            .root(|mut r| {
                r = r.children(tasks);
                for i in 1..count {
                    r = r.constraint(i - 1, i, "");
                }
                r
            })
            .build())
    }
}

fn plain(name: &str, text: &str) -> Exec {
    sql(name, text, "", "")
}

fn parameter(name: &str, variable: &str, data_type: u16) -> String {
    format!(
        "<SQLTask:ParameterBinding SQLTask:ParameterName=\"{name}\" \
         SQLTask:DtsVariableName=\"{variable}\" SQLTask:ParameterDirection=\"Input\" \
         SQLTask:DataType=\"{data_type}\" SQLTask:ParameterSize=\"-1\"/>"
    )
}

fn result(name: &str, variable: &str) -> String {
    format!(
        "<SQLTask:ResultBinding SQLTask:ResultName=\"{name}\" \
         SQLTask:DtsVariableName=\"{variable}\"/>"
    )
}

const SINGLE: &str = "SQLTask:ResultType=\"ResultSetType_SingleRow\"";
const FULL: &str = "SQLTask:ResultType=\"ResultSetType_Rowset\"";

#[test]
fn statements_parameters_and_single_rows() {
    let insert = parameter("1", "User::name", 130) + &parameter("0", "User::id", 3);
    let select = result("Name", "User::got") + &result("0", "User::n");
    let done = Database::new().run(
        &[
            ("User::id", 3, "7"),
            ("User::name", 8, "it's"),
            ("User::got", 8, ""),
            ("User::n", 20, "0"),
        ],
        vec![
            plain(
                "Create",
                "CREATE TABLE t (id INTEGER, name TEXT)\nGO\nDELETE FROM t",
            ),
            sql("Insert", "INSERT INTO t VALUES (?, ?)", "", &insert),
            sql("Select", "SELECT id, name FROM t", SINGLE, &select),
            expression(
                "T",
                "@[User::got] = @[User::got] + (DT_WSTR, 20) @[User::n]",
            ),
        ],
    );
    let done = done.must(Success);
    assert_eq!(done.value("T").as_deref(), Some("it's7"));
    assert_eq!(done.value("Insert").as_deref(), Some("1"));
}

#[test]
fn a_full_result_feeds_a_foreach_loop() {
    let create = "CREATE TABLE t (n INTEGER, s TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b')";
    let body = expression("T", "@[User::all] = @[User::all] + @[User::s]");
    let done = Database::new().run(
        &[
            ("User::rows", 13, ""),
            ("User::s", 8, ""),
            ("User::all", 8, ""),
        ],
        vec![
            plain("Create", create),
            sql(
                "Full",
                "SELECT n, s FROM t ORDER BY n",
                FULL,
                &result("0", "User::rows"),
            ),
            foreach("L", &ado_enumerator("User::rows"), &[("User::s", 1)]).child(body.clone()),
            foreach("Again", &ado_enumerator("User::rows"), &[("User::s", 1)]).child(body),
        ],
    );
    assert_eq!(done.must(Success).value("T").as_deref(), Some("abab"));
}

#[test]
fn failures_have_ssis_codes_and_texts() {
    let one =
        |task: Exec| Database::new().run(&[("User::n", 3, "0"), ("User::o", 13, "")], vec![task]);
    let n = result("0", "User::n");
    let wrong = one(plain("T", "SELEKT 1")).must(Failure);
    let said = wrong.said("OnError").join("");
    assert!(
        said.contains("Executing the query \"SELEKT 1\" failed with the following error:"),
        "{said}"
    );
    assert_eq!(wrong.errors(), [0xC002_F210]);
    let empty = one(sql("T", "SELECT 1 WHERE 1 = 0", SINGLE, &n)).must(Failure);
    assert_eq!(
        empty.said("OnError"),
        [
            "T: An error occurred while assigning a value to variable \"User::n\": \"Single Row \
          result set is specified, but no rows were returned.\"."
        ]
    );
    let null = one(sql("T", "SELECT NULL", SINGLE, &n)).must(Failure);
    let said = null.said("OnError").join("");
    assert!(
        said.contains("The type of the value (DBNull) being assigned"),
        "{said}"
    );
    one(sql("T", "SELECT NULL", SINGLE, &result("0", "User::o"))).must(Success);
    let text = one(sql("T", "SELECT 'x'", SINGLE, &n)).must(Failure);
    assert_eq!(text.errors(), [0xC002_F309]);
    let column = one(sql("T", "SELECT 1 AS a", SINGLE, &result("b", "User::n"))).must(Failure);
    assert_eq!(column.errors(), [0xC002_F309]);
    let bindings = one(sql("T", "SELECT 1", "", &n)).must(Failure);
    assert_eq!(bindings.errors(), [0xC002_91E2]);
    let mixed = parameter("0", "User::n", 3) + &parameter("a", "User::n", 3);
    assert_eq!(
        one(sql("T", "SELECT ?, ?", "", &mixed))
            .must(Failure)
            .errors(),
        [0xC002_91F3]
    );
}

#[test]
fn the_statement_may_come_from_variable_or_expression() {
    let variable = "SQLTask:SqlStmtSourceType=\"Variable\"";
    let by_expression = plain("E", "nonsense").property_expression(
        "SqlStatementSource",
        "\"DELETE FROM t WHERE id = \" + @[User::id]",
    );
    let done = Database::new().run(
        &[
            ("User::q", 8, "CREATE TABLE t (id INTEGER)"),
            ("User::id", 8, "1"),
        ],
        vec![sql("V", "User::q", variable, ""), by_expression],
    );
    done.must(Success);
}

/// The same SQL gives whole numbers of other widths on other databases: they fit a variable of
/// another width where nothing is lost, in loops and in results without conversion.
#[test]
fn whole_numbers_of_another_width_fit_where_nothing_is_lost() {
    let exact = format!("{SINGLE} SQLTask:TypeConversionMode=\"None\"");
    let of_value = |value: &str| {
        Database::new().run(
            &[
                ("User::rows", 13, ""),
                ("User::n", 3, "0"),
                ("User::m", 3, "0"),
            ],
            vec![
                sql(
                    "Full",
                    &format!("SELECT COUNT(*) + {value} AS n"),
                    FULL,
                    &result("0", "User::rows"),
                ),
                sql("One", "SELECT COUNT(*)", &exact, &result("0", "User::m")),
                foreach("L", &ado_enumerator("User::rows"), &[("User::n", 0)])
                    .child(expression("T", "@[User::sink] = @[User::n] + @[User::m]")),
            ],
        )
    };
    let done = of_value("41").must(Success);
    assert_eq!(done.value("T").as_deref(), Some("43"));
    for value in ["2147483647", "-2147483650", "0.5"] {
        let done = of_value(value).must(Failure);
        assert!(done.errors().contains(&0xC001_C012), "{value}");
    }
}
