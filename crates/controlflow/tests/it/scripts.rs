//! Script tasks in the real script host: variables, events, connections, results, and what a
//! script can do to its host. The scripts are C# sources, compiled by the host.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use packmule_controlflow::ExecResult::{Canceled, Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_runtime::{Cancel, EventKind, Mapping};

use crate::package_builder::{
    Builder, Exec, ado_enumerator, expression, for_loop, foreach, package, sql, task,
};
use crate::watcher::{Run, Watcher, run, run_watched};

/// Whether there is a host to test; said aloud when not.
pub(crate) fn host() -> bool {
    let built = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/script-host/packmule-script-host.exe");
    let given = std::env::var_os("PACKMULE_SCRIPT_HOST").is_some();
    let there = given || built.exists();
    if !there {
        println!("no script host: script-host/build.sh target/script-host builds it");
    }
    there
}

/// A script task in C#: lists of variables, body of Main, further members of the class.
pub(crate) fn script(name: &str, read: &str, write: &str, body: &str) -> Exec {
    let source = format!(
        "using System; using System.Collections; using System.Collections.Generic; using System.Data;\n\
         using System.IO; using System.Threading; using Microsoft.SqlServer.Dts.Runtime;\n\
         namespace ST_1 {{\n\
         [Microsoft.SqlServer.Dts.Tasks.ScriptTask.SSISScriptTaskEntryPointAttribute]\n\
         public partial class ScriptMain : Microsoft.SqlServer.Dts.Tasks.ScriptTask.VSTARTScriptObjectModelBase {{\n\
         public void Main() {{\n{body}\n}}\n\
         enum ScriptResults {{ Success = DTSExecResult.Success, Failure = DTSExecResult.Failure }};\n\
         }} }}"
    );
    let data = format!(
        "<ScriptProject Name=\"ST_1\" VSTAMajorVersion=\"15\" VSTAMinorVersion=\"0\" \
         Language=\"CSharp\" ReadOnlyVariables=\"{read}\" ReadWriteVariables=\"{write}\">\
         <ProjectItem Name=\"ScriptMain.cs\" Encoding=\"UTF8\"><![CDATA[{source}]]></ProjectItem>\
         </ScriptProject>"
    );
    task(name, "Microsoft.ScriptTask", &data)
}

/// A script, and after it, however it ended, one that succeeds in whatever host there is then.
fn then_another(first: Exec) -> Builder {
    let first = first.attribute("MaxErrorCount", "0");
    let after = script(
        "After",
        "",
        "User::sink",
        "Dts.Variables[\"sink\"].Value = 7;",
    );
    package().root(|r| {
        r.attribute("MaxErrorCount", "0")
            .child(first)
            .child(after)
            .child(expression("Sum", "@[User::sink] = @[User::sink] + 1"))
            .constraint(0, 1, "DTS:Value=\"2\"")
            .constraint(1, 2, "")
    })
}

/// The task failed with a message that names it and holds `text`; the next script ran.
#[track_caller]
fn failed_alone(ran: &Run, text: &str) {
    let errors = ran.said("OnError");
    let named = errors
        .iter()
        .any(|e| e.starts_with("First: ") && e.contains(text));
    if !named || ran.value("Sum").as_deref() != Some("8") {
        ran.show();
    }
    assert!(named, "{errors:?}");
    assert_eq!(
        ran.value("Sum").as_deref(),
        Some("8"),
        "the next script ran"
    );
}

#[test]
fn variables_events_and_results() {
    if !host() {
        return;
    }
    let body = r#"
        int n = (int)Dts.Variables["User::n"].Value;
        Dts.Variables["text"].Value = "n is " + n + ", " + Dts.Variables["System::TaskName"].Value;
        Dts.Variables["when"].Value = ((DateTime)Dts.Variables["when"].Value).AddDays(1);
        bool again = true;
        Dts.Events.FireInformation(5, "sub", "informed", "", 0, ref again);
        Dts.Events.FireWarning(6, "sub", "warned", "", 0);
        Dts.Events.FireProgress("half", 50, 1, 0, "sub", ref again);
        Dts.Log("logged", 3, null);
        Variables more = null;
        Dts.VariableDispenser.LockForWrite("User::extra");
        Dts.VariableDispenser.GetVariables(ref more);
        more["extra"].Value = 40L + n;
        more.Unlock();
        System.Windows.Forms.MessageBox.Show("boxed", "Caption");
        Dts.ExecutionValue = n * 2;
        Dts.TaskResult = (int)ScriptResults.Success;"#;
    let p = package()
        .variable("User::n", 3, "2")
        .variable("User::text", 8, "")
        .variable("User::when", 7, "2/28/2020 12:00:00 PM")
        .variable("User::extra", 20, "0")
        .root(|r| {
            r.child(script(
                "First",
                "User::n,System::TaskName",
                "User::text, when",
                body,
            ))
            .child(expression("Text", "@[User::text] = @[User::text] + \"!\""))
            .child(expression(
                "When",
                "@[User::text] = (DT_WSTR, 30)@[User::when]",
            ))
            .child(expression("Extra", "@[User::extra] = @[User::extra] + 0"))
            .constraint(0, 1, "")
            .constraint(1, 2, "")
            .constraint(2, 3, "")
        });
    let ran = run(p.build()).must(Success);
    assert_eq!(ran.value("First").as_deref(), Some("4"));
    assert_eq!(ran.value("Text").as_deref(), Some("n is 2, First!"));
    let when = ran.value("When").unwrap_or_default();
    assert_eq!(when, "2/29/2020 12:00:00 PM");
    assert_eq!(ran.value("Extra").as_deref(), Some("42"));
    let events = ran.watcher.events.lock();
    let of = |text: &str| events.iter().find(|e| e.description.contains(text));
    let informed = of("informed").expect("an information");
    assert_eq!(
        (informed.kind.name(), informed.code.0),
        ("OnInformation", 5)
    );
    assert_eq!(informed.subcomponent, "sub");
    assert_eq!(of("warned").map(|e| e.code.0), Some(6));
    let half = of("half").expect("progress");
    assert_eq!(
        half.kind,
        EventKind::Progress {
            percent: 50,
            count: 1
        }
    );
    assert_eq!(
        of("logged").map(|e| e.kind.name()),
        Some("ScriptTaskLogEntry")
    );
    assert!(of("boxed").is_some_and(|e| e.description.contains("MessageBox")));
}

#[test]
fn failures_have_the_texts_of_ssis() {
    if !host() {
        return;
    }
    let cases: [(&str, u32, &str); 5] = [
        (
            "Dts.TaskResult = (int)ScriptResults.Failure;",
            0x8,
            "The script returned a failure result.",
        ),
        (
            "int zero = (int)Dts.Variables[\"zero\"].Value; zero = 1 / zero;",
            0x1,
            "Exception has been thrown by the target of an invocation.\n\
             System.DivideByZeroException: Attempted to divide by zero.",
        ),
        (
            "Dts.Variables[\"zero\"].Value = 5;",
            0x1,
            "ST_1.ScriptMain.Main",
        ),
        (
            "object o = Dts.Variables[\"nothing\"].Value;",
            0x1,
            "The element cannot be found in a collection.",
        ),
        (
            "Dts.Events.FireError(77, \"\", \"by the script\", \"\", 0);",
            77,
            "by the script",
        ),
    ];
    for (body, code, text) in cases {
        let p = package().child(script("First", "User::zero", "", body));
        let ran = run(p.build()).must(Failure);
        assert_eq!(ran.errors().first(), Some(&code), "{body}");
        let errors = ran.said("OnError");
        assert!(errors[0].contains(text), "{body}: {errors:?}");
    }
}

#[test]
fn lists_that_cannot_be_locked_fail_the_task() {
    if !host() {
        return;
    }
    let body = "Dts.TaskResult = 0;";
    for (read, write, code) in [
        ("User::nothing", "", 0xC001_0001),
        ("User::zero", "User::zero", 0xC001_4053),
    ] {
        let p = package().child(script("First", read, write, body));
        let ran = run(p.build()).must(Failure);
        assert_eq!(ran.errors(), [code], "{read} | {write}");
    }
}

#[test]
fn a_script_that_does_not_compile_is_refused_before_anything_ran() {
    if !host() {
        return;
    }
    let p = package()
        .child(expression("Before", "@[User::sink] = 1"))
        .child(script("First", "", "", "int x = \"no number\";"));
    let ran = run(p.build()).must(Failure);
    assert!(ran.ran().is_empty(), "{:?}", ran.ran());
    let errors = ran.said("OnError");
    assert!(
        errors[0].starts_with("First: ") && errors[0].contains("ScriptMain.cs(7,"),
        "{errors:?}"
    );
}

#[test]
fn a_loop_goes_over_what_a_script_made() {
    if !host() {
        return;
    }
    let from_variable = "<DTS:ForEachEnumerator DTS:CreationName=\"Microsoft.ForEachFromVarEnumerator\" \
         DTS:DTSID=\"{E0000000-0000-0000-0000-000000000003}\" DTS:ObjectName=\"e\">\
         <DTS:ObjectData><FEEFVE VariableName=\"User::list\"/></DTS:ObjectData>\
         </DTS:ForEachEnumerator>";
    let ado = ado_enumerator("User::list");
    let cases = [
        ("new List<string> { \"a\", \"b\", \"c\" }", from_variable),
        ("new string[] { \"a\", \"b\", \"c\" }", from_variable),
        ("new ArrayList { \"a\", \"b\", \"c\" }", from_variable),
        ("Table()", ado.as_str()),
    ];
    for (value, enumerator) in cases {
        let body = format!(
            "Dts.Variables[\"list\"].Value = {value}; }}\n\
             static DataTable Table() {{ var t = new DataTable(); t.Columns.Add(\"x\", typeof(string));\
             foreach (var x in \"a b c\".Split(' ')) t.Rows.Add(x); return t;"
        );
        let body = body.as_str();
        let turns = foreach("Loop", enumerator, &[("User::item", 0)]).child(expression(
            "Add",
            "@[User::all] = @[User::all] + @[User::item]",
        ));
        let p = package()
            .variable("User::list", 13, "")
            .variable("User::item", 8, "")
            .variable("User::all", 8, "")
            .root(|r| {
                r.child(script("First", "", "User::list", body))
                    .child(turns)
                    .constraint(0, 1, "")
            });
        let ran = run(p.build()).must(Success);
        assert_eq!(ran.values("Add"), ["a", "ab", "abc"], "{value}");
    }
}

#[test]
fn tables_of_a_database_by_their_schema_rowset() {
    if !host() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.db");
    std::fs::write(&file, "").expect("an empty database");
    let body = r#"
        using (var open = new System.Data.OleDb.OleDbConnection(Dts.Connections["db"].ConnectionString)) {
            open.Open();
            foreach (var sql in new[] { "CREATE TABLE b (x INTEGER)", "CREATE TABLE a (x INTEGER)", "CREATE VIEW v AS SELECT x FROM a" }) {
                new System.Data.OleDb.OleDbCommand(sql, open).ExecuteNonQuery();
            }
            var text = "";
            var tables = open.GetOleDbSchemaTable(System.Data.OleDb.OleDbSchemaGuid.Tables, null);
            foreach (DataRow row in tables.Rows) text += row["TABLE_NAME"] + " " + row["TABLE_TYPE"] + ", ";
            tables = open.GetOleDbSchemaTable(System.Data.OleDb.OleDbSchemaGuid.Tables, new object[] { null, null, "A", "TABLE" });
            text += tables.Rows.Count + " of " + tables.Columns.Count + ", ";
            try { open.GetOleDbSchemaTable(System.Data.OleDb.OleDbSchemaGuid.Columns, null); }
            catch (NotSupportedException) { text += "others are refused"; }
            Dts.Variables["text"].Value = text;
        }"#;
    let string = format!("Driver=SQLite3;Database={};", file.display());
    let p = package()
        .manager("db", "OLEDB", &string, "")
        .variable("User::text", 8, "")
        .root(|r| {
            r.child(script("First", "", "User::text", body))
                .child(expression("Text", "@[User::text] = @[User::text] + \".\""))
                .constraint(0, 1, "")
        });
    let ran = run(p.build()).must(Success);
    let wanted = "a TABLE, b TABLE, v VIEW, 1 of 9, others are refused.";
    assert_eq!(ran.value("Text").as_deref(), Some(wanted));
}

#[test]
fn a_database_of_a_connection_manager() {
    if !host() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.db");
    std::fs::write(&file, "").expect("an empty database");
    let body = r#"
        var open = (System.Data.SqlClient.SqlConnection)Dts.Connections["db"].AcquireConnection(Dts.Transaction);
        using (var c = open.CreateCommand()) {
            c.CommandText = "CREATE TABLE t (a INTEGER, b TEXT)"; c.ExecuteNonQuery();
            c.CommandText = "INSERT INTO t VALUES (@a, 'x'), (@a + 1, 'y'), (3, NULL)";
            c.Parameters.AddWithValue("@a", 1);
            Dts.Variables["sink"].Value = c.ExecuteNonQuery();
            c.Parameters.Clear();
            c.CommandText = "SELECT a, b FROM t ORDER BY a";
            var text = "";
            using (var r = c.ExecuteReader()) while (r.Read()) text += r.GetValue(0) + (r.IsDBNull(1) ? "-" : r.GetString(1));
            Dts.Variables["text"].Value = text;
        }
        Dts.Connections["db"].ReleaseConnection(open);
        Dts.Variables["path"].Value = (string)Dts.Connections["file"].AcquireConnection(null);"#;
    let string = format!("Driver=SQLite3;Database={};", file.display());
    let p = package()
        .manager(
            "db",
            "ADO.NET:System.Data.SqlClient.SqlConnection",
            &string,
            "",
        )
        .manager("file", "FILE", "C:\\some\\file.txt", "")
        .variable("User::text", 8, "")
        .variable("User::path", 8, "")
        .root(|r| {
            r.child(script(
                "First",
                "",
                "User::text,User::sink,User::path",
                body,
            ))
            .child(expression(
                "Text",
                "@[User::text] = @[User::text] + @[User::path]",
            ))
            .child(expression("Count", "@[User::sink] = @[User::sink] + 0"))
            .constraint(0, 1, "")
            .constraint(1, 2, "")
        });
    let ran = run(p.build()).must(Success);
    assert_eq!(ran.value("Text").as_deref(), Some("1x2y3-/some/file.txt"));
    assert_eq!(ran.value("Count").as_deref(), Some("3"));
}

#[test]
fn environment_exit_fails_its_task_only() {
    if !host() {
        return;
    }
    let first = script("First", "", "", "Environment.Exit(5);");
    failed_alone(&run(then_another(first).build()), "Environment.Exit(5)");
}

#[test]
fn a_host_that_is_killed_fails_its_task_only() {
    if !host() {
        return;
    }
    // The host's own id, told by an event; the handler of the event kills it.
    let first = script(
        "First",
        "",
        "",
        "var id = File.ReadAllText(\"/proc/self/stat\").Split(' ')[0]; bool again = true;\n\
         Dts.Events.FireInformation(0, \"\", \"host \" + id, \"\", 0, ref again);\n\
         Thread.Sleep(60000);",
    );
    let watcher: Arc<Watcher> = Arc::default();
    *watcher.hook.lock() = Some(Box::new(|event| {
        if let Some(id) = event.description.strip_prefix("host ") {
            let killed = std::process::Command::new("kill").args(["-9", id]).status();
            assert!(killed.expect("kill").success());
        }
    }));
    let package = then_another(first).build();
    let ran = run_watched(
        package,
        None,
        RunOptions::default(),
        &Cancel::new(),
        Mapping::default(),
        watcher,
    );
    failed_alone(
        &ran,
        "script of task First (Package\\First): the script host ended: it was killed by signal 9",
    );
}

#[test]
fn a_script_that_takes_all_memory_fails_its_task_only() {
    if !host() {
        return;
    }
    let first = script(
        "First",
        "",
        "",
        "var all = new List<byte[]>(); while (true) { all.Add(new byte[1 << 20]); }",
    );
    let ran = run(then_another(first).build());
    let errors = ran.said("OnError");
    let out = errors.iter().any(|e| {
        e.starts_with("First: ") && (e.contains("OutOfMemory") || e.contains("script host ended"))
    });
    assert!(out, "{errors:?}");
    failed_alone(&ran, "");
}

#[test]
fn an_endless_script_is_cancelled() {
    if !host() {
        return;
    }
    let first = script(
        "First",
        "",
        "",
        "bool again = true; Dts.Events.FireInformation(0, \"\", \"begun\", \"\", 0, ref again);\n\
         while (true) { }",
    );
    let cancel = Cancel::new();
    let watcher: Arc<Watcher> = Arc::default();
    let flag = cancel.clone();
    *watcher.hook.lock() = Some(Box::new(move |event| {
        if event.description == "begun" {
            flag.cancel();
        }
    }));
    let begin = Instant::now();
    let ran = run_watched(
        package().child(first).build(),
        None,
        RunOptions::default(),
        &cancel,
        Mapping::default(),
        watcher,
    );
    ran.must(Canceled);
    // After 3 s its thread is aborted, after 10 s its host would be killed.
    assert!(
        begin.elapsed() < Duration::from_secs(40),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn statics_live_as_long_as_the_execution() {
    if !host() {
        return;
    }
    let body = "count++; kept++; Dts.Variables[\"all\"].Value = (string)Dts.Variables[\"all\"].Value + count + kept; }\n\
                static int count; int kept; void Nothing() {";
    let turns = for_loop(
        "Loop",
        "@[User::sink] = 0",
        "@[User::sink] < 3",
        "@[User::sink] = @[User::sink] + 1",
    )
    .child(script("First", "", "User::all", body));
    let p = package().variable("User::all", 8, "").root(|r| {
        r.child(turns)
            .child(expression("All", "@[User::all] = @[User::all] + \"\""))
            .constraint(0, 1, "")
    });
    let ran = run(p.build()).must(Success);
    assert_eq!(ran.value("All").as_deref(), Some("112131"));
}

/// A full result set is an ADO recordset over OLE DB, a DataSet over ADO.NET.
#[test]
fn rows_of_a_variable() {
    if !host() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.db");
    std::fs::write(&file, "").expect("an empty database");
    let string = format!("Driver=SQLite3;Database={};", file.display());
    let fill = "var t = new DataTable(); new System.Data.OleDb.OleDbDataAdapter().Fill(t, Dts.Variables[\"rows\"].Value);";
    let data_set = "var t = ((DataSet)Dts.Variables[\"rows\"].Value).Tables[0];";
    for (kind, open) in [
        ("OLEDB", fill),
        ("ADO.NET:System.Data.SqlClient.SqlConnection", data_set),
    ] {
        let body = format!(
            "{open} var s = \"\"; foreach (DataRow r in t.Rows) s += r[\"a\"] + (r.IsNull(\"b\") ? \"-\" : (string)r[\"b\"]);\n\
             Dts.Variables[\"text\"].Value = s;"
        );
        let binding = "<SQLTask:ResultBinding SQLTask:ResultName=\"0\" SQLTask:DtsVariableName=\"User::rows\"/>";
        let query = "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 'z'";
        let p = package()
            .manager("db", kind, &string, "")
            .variable("User::rows", 13, "")
            .variable("User::text", 8, "")
            .root(|r| {
                let rowset = "SQLTask:ResultType=\"ResultSetType_Rowset\"";
                r.child(sql("Query", query, rowset, binding))
                    .child(script("First", "User::rows", "User::text", &body))
                    .child(expression("Text", "@[User::text] = @[User::text] + \"\""))
                    .constraint(0, 1, "")
                    .constraint(1, 2, "")
            });
        let ran = run(p.build()).must(Success);
        assert_eq!(ran.value("Text").as_deref(), Some("1x2-3z"), "{kind}");
    }
}

#[test]
fn secrets_are_given_only_where_they_are_asked_for() {
    if !host() {
        return;
    }
    let body = "Dts.Variables[\"text\"].Value = Dts.Variables[\"$Package::key\"].GetSensitiveValue().ToString();\n\
                try { object o = Dts.Variables[\"$Package::key\"].Value; Dts.TaskResult = 1; } catch (DtsRuntimeException) { }";
    let p = package()
        .parameter("key", 8, "hidden", "DTS:Sensitive=\"True\"")
        .variable("User::text", 8, "")
        .root(|r| {
            r.child(script("First", "$Package::key", "User::text", body))
                .child(expression("Text", "@[User::text] = @[User::text] + \"\""))
                .constraint(0, 1, "")
        });
    let options = RunOptions {
        parameters: vec![(
            "key".to_owned(),
            packmule_controlflow::ParameterInput::Secret(packmule_types::Secret::new("hidden")),
        )],
        ..RunOptions::default()
    };
    let ran = crate::watcher::run_with(p.build(), None, options).must(Success);
    assert_eq!(ran.value("Text").as_deref(), Some("hidden"));
}

/// A connection string that a script sets holds for later tasks; an expression still wins.
#[test]
fn a_connection_string_of_a_script() {
    if !host() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("made.db");
    std::fs::write(&file, "").expect("an empty database");
    let string = format!("Driver=SQLite3;Database={};", file.display());
    let body = format!(
        "var c = Dts.Connections[\"db\"]; Dts.Variables[\"text\"].Value = c.ConnectionString;\n\
         c.ConnectionString = \"{string}\";"
    );
    let p = package()
        .manager(
            "db",
            "OLEDB",
            "Driver=SQLite3;Database=/nowhere/x.db;Password=p",
            "",
        )
        .variable("User::text", 8, "")
        .root(|r| {
            r.child(script("First", "", "User::text", &body))
                .child(sql("Query", "CREATE TABLE t (a INTEGER)", "", ""))
                .child(expression("Text", "@[User::text] = @[User::text] + \"\""))
                .constraint(0, 1, "")
                .constraint(1, 2, "")
        });
    let ran = run(p.build()).must(Success);
    let text = ran.value("Text").unwrap_or_default();
    assert!(
        text.contains("/nowhere/x.db") && !text.contains("Password"),
        "{text}"
    );
}

/// A host that does nothing any more is killed 10 s after the cancel.
#[test]
fn a_host_that_does_not_answer_is_killed() {
    if !host() {
        return;
    }
    let first = script(
        "First",
        "",
        "",
        "var id = File.ReadAllText(\"/proc/self/stat\").Split(' ')[0]; bool again = true;\n\
         Dts.Events.FireInformation(0, \"\", \"host \" + id, \"\", 0, ref again);\n\
         Thread.Sleep(60000);",
    );
    let cancel = Cancel::new();
    let watcher: Arc<Watcher> = Arc::default();
    let flag = cancel.clone();
    *watcher.hook.lock() = Some(Box::new(move |event| {
        if let Some(id) = event.description.strip_prefix("host ") {
            let stopped = std::process::Command::new("kill")
                .args(["-STOP", id])
                .status();
            assert!(stopped.expect("kill").success());
            flag.cancel();
        }
    }));
    let begin = Instant::now();
    let ran = run_watched(
        package().child(first).build(),
        None,
        RunOptions::default(),
        &cancel,
        Mapping::default(),
        watcher,
    );
    ran.must(Canceled);
    let took = begin.elapsed();
    assert!(took >= Duration::from_secs(10), "{took:?}");
    assert!(took < Duration::from_secs(40), "{took:?}");
}

#[test]
fn many_messages_without_an_answer() {
    if !host() {
        return;
    }
    let body = "for (int i = 0; i < 5000; i++) { Dts.Log(\"line \" + i, i, null); Dts.Variables[\"sink\"].Value = i; }";
    let p = package().root(|r| {
        r.child(script("First", "", "User::sink", body))
            .child(expression("Sum", "@[User::sink] = @[User::sink] + 1"))
            .constraint(0, 1, "")
    });
    let ran = run(p.build()).must(Success);
    assert_eq!(ran.value("Sum").as_deref(), Some("5000"));
    let lines = ran.said("ScriptTaskLogEntry");
    assert_eq!(lines.len(), 5000);
    assert_eq!(lines[4999], "First: line 4999");
}
