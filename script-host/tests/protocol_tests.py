#!/usr/bin/env python3
"""Runs tasks and components in a script host through the protocol and checks what comes back.

Usage: protocol_tests.py HOST_FOLDER [--runtime mono|dotnet] [NAME…]"""

import argparse
import datetime
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from random import Random

import protocol_lib
from protocol_lib import HERE, Columns, Host, HostError, Script, all_scripts, corpus, encode_column, scripts_of
from wrappers import column, component, layout, open_of, sources

FOLDER = None
TICKS_1970 = 621355968000000000


def start(**settings):
    host = Host(FOLDER)
    host.call(dict({"type": "execution", "culture": "en-US", "directory": tempfile.gettempdir()}, **settings))
    return host


def task(body, members=""):
    """A task from the body of its Main."""
    text = ("using System; using System.Data; using System.Collections; using System.Collections.Generic; using System.IO; using System.Threading; "
            "using Microsoft.SqlServer.Dts.Runtime;\nnamespace ST_1 {\n"
            "[Microsoft.SqlServer.Dts.Tasks.ScriptTask.SSISScriptTaskEntryPointAttribute]\n"
            "public class ScriptMain : Microsoft.SqlServer.Dts.Tasks.ScriptTask.VSTARTScriptObjectModelBase {\n"
            "public void Main() {\n" + body + "\n}\n" + members + "\n}}\n")
    script = Script("", "task", "SCR Test", "CSharp", "Main")
    script.parts.append(("source", "ScriptMain.cs", text.encode()))
    return script


def load(host, script, number=7):
    reply = host.call(*script.request("load", number))
    assert "refused" not in reply, reply["refused"]
    return reply


def variable(name, type_, value, access="read", namespace="User", **more):
    return dict({"name": name, "namespace": namespace, "type": type_, "value": value, "access": access}, **more)


def run_task(host, number=7, run=21, variables=(), connections=(), timeout=60):
    return host.call({"type": "run_task", "script": number, "run": run, "name": "SCR Test", "variables": list(variables),
                      "connections": list(connections)}, timeout=timeout)


def fails(action):
    try:
        action()
    except HostError as e:
        return e.error
    raise AssertionError("it did not fail")


def sets(host):
    return [m for m in host.seen if m["type"] == "var_set"]


# --- tasks -----------------------------------------------------------------------------------

def test_variables_of_every_type_go_there_and_back():
    values = [("Boolean", True), ("SByte", -5), ("Byte", 200), ("Int16", -300), ("Int32", 1 << 30), ("UInt32", 1 << 31), ("Int64", str(-(1 << 62))),
              ("UInt64", str((1 << 64) - 1)), ("Single", "1.5"), ("Double", "-0.1"), ("Decimal", "12.3400"), ("Char", 65), ("String", "Zoë \U0001F600 \x00\n\""),
              ("DateTime", "630822816000000000")]
    variables = []
    for type_, value in values:
        variables.append(variable("I" + type_, type_, {"t": type_, "v": value}))
        variables.append(variable("O" + type_, type_, None, "write"))
    host = start()
    load(host, task("for (int i = 0; i < Dts.Variables.Count; i += 2) Dts.Variables[i + 1].Value = Dts.Variables[i].Value; "
                    "Dts.ExecutionValue = Dts.Variables[\"User::IString\"].Value;"))
    reply = run_task(host, variables=variables)
    assert reply["result"] == 0
    assert reply["execution_value"] == {"t": "String", "v": values[12][1]}, reply
    written = {m["index"]: m["value"] for m in sets(host)}
    for i, (type_, value) in enumerate(values):
        assert written[i * 2 + 1] == {"t": type_, "v": value}, (type_, written[i * 2 + 1])
    assert host.close() == 0


def test_variables_refuse_what_ssis_refuses():
    cases = [("Dts.Variables[\"User::R\"].Value = 1;", 0xC0010003, "\"User::R\""),
             ("Dts.Variables[\"W\"].Value = 1L;", 0xC001F009, "\"User::W\""),
             ("Dts.Variables[\"W\"].Value = null;", 0xC001F009, "\"User::W\""),
             ("Dts.Variables[\"w\"].Value = 1;", 0xC0010009, "cannot be found in a collection"),
             ("Dts.Variables[\"C\"].Value = 1;", 0xC0010003, "\"User::C\""),
             ("object o = Dts.Variables[\"S\"].Value;", 0xC0010003, "sensitive")]
    variables = [variable("R", "Int32", {"t": "Int32", "v": 1}), variable("W", "Int32", {"t": "Int32", "v": 1}, "write"),
                 variable("C", "Int32", {"t": "Int32", "v": 1}, "write", read_only=True), variable("S", "String", None, sensitive=True)]
    host = start()
    for i, (body, code, text) in enumerate(cases):
        load(host, task(body), i)
        error = fails(lambda: run_task(host, i, 100 + i, variables))
        assert error["kind"] == "script" and error["type"] == "Microsoft.SqlServer.Dts.Runtime.DtsRuntimeException", error
        assert error["code"] & 0xFFFFFFFF == code and text in error["text"], (body, error)
        assert "at ST_1.ScriptMain.Main(" in error["stack"], error
    assert not sets(host)
    host.answers["var_get"] = lambda h, p: {"value": {"t": "String", "v": "secret" if h.get("sensitive") else "now"}}
    load(host, task("Dts.ExecutionValue = Dts.Variables[\"S\"].GetSensitiveValue() + \" \" + Dts.Variables[\"V\"].Value;"), 50)
    reply = run_task(host, 50, 200, [variables[3], variable("V", "String", None, volatile=True)])
    assert reply["execution_value"]["v"] == "secret now", reply
    assert host.close() == 0


def test_objects_stay_in_the_host():
    host = start()
    load(host, task("var list = new ArrayList { \"a\", 2, null }; Dts.Variables[0].Value = list; Dts.Variables[1].Value = new[] { 1, 2 };"
                    "var t = new DataTable(\"T\"); t.Columns.Add(\"n\", typeof(int)); t.Columns.Add(\"s\", typeof(string)); t.Columns.Add(\"d\", typeof(decimal));"
                    "t.Rows.Add(1, \"x\", 1.25m); t.Rows.Add(DBNull.Value, DBNull.Value, -2m); Dts.Variables[2].Value = t;"))
    run_task(host, variables=[variable(n, "Object", None, "write") for n in "ABC"])
    first, second, third = [m["value"] for m in sets(host)]
    assert first["t"] == "Object" and first["shape"] == "list" and first["name"] == "System.Collections.ArrayList", first
    items = host.call({"type": "object_items", "handle": first["handle"]})
    assert items["items"] == [{"t": "String", "v": "a"}, {"t": "Int32", "v": 2}, None] and not items["more"], items
    assert second == {"t": "Array", "v": [{"t": "Int32", "v": 1}, {"t": "Int32", "v": 2}]}, second
    assert third["shape"] == "rows", third
    rows, payload = host.call({"type": "object_rows", "handle": third["handle"], "table": 0})
    assert [c["name"] for c in rows["columns"]] == ["n", "s", "d"] and rows["columns"][2]["scale"] == 2 and rows["name"] == "T", rows
    columns = Columns(payload)
    assert columns.column("i4", 2) == [1, None] and columns.column("wstr", 2) == ["x", None] and columns.column("numeric", 2) == [125, -200]
    load(host, task("Dts.ExecutionValue = ((ArrayList)Dts.Variables[0].Value).Count;"), 8)
    again = run_task(host, 8, 30, [variable("A", "Object", first)])
    assert again["execution_value"]["v"] == 3
    host.send({"type": "object_release", "handle": first["handle"]})
    assert fails(lambda: host.call({"type": "object_items", "handle": first["handle"]}))["kind"] == "request"
    assert host.close() == 0


def test_dispenser_locks_by_the_engine():
    locks = []

    def lock(header, payload):
        if "Held" in header["writes"]:
            return {"error": {"kind": "engine", "code": 0xC0014055 - (1 << 32), "text": "Failed to lock variable \"Held\" for read/write access."}}
        locks.append((header["reads"], header["writes"]))
        return {"lock": len(locks), "variables": [variable(n.split("::")[-1], "Int32", {"t": "Int32", "v": 5}) for n in header["reads"]]
                + [variable(n, "Int32", {"t": "Int32", "v": 6}, "write") for n in header["writes"]]}

    host = start()
    host.answers["lock"] = lock
    host.answers["var_find"] = lambda h, p: {"found": h["name"] == "A", "qualified": "User::A"}
    load(host, task("Variables v = null; Dts.VariableDispenser.LockForRead(\"User::A\"); Dts.VariableDispenser.LockForWrite(\"B\");"
                    "Dts.VariableDispenser.GetVariables(ref v); v[\"B\"].Value = (int)v[\"User::A\"].Value + 2; v.Unlock();"
                    "if (!Dts.VariableDispenser.Contains(\"A\") || Dts.VariableDispenser.Contains(\"Z\")) throw new Exception(\"Contains\");"
                    "string after = \"\"; try { after = \"\" + v[\"B\"].Value; } catch (DtsRuntimeException e) { after = e.ErrorCode.ToString(\"X\"); }"
                    "try { Dts.VariableDispenser.LockOneForWrite(\"Held\", ref v); } catch (DtsRuntimeException e) { after += \" \" + e.ErrorCode.ToString(\"X\"); }"
                    "Dts.ExecutionValue = after;"))
    reply = run_task(host)
    assert locks == [(["User::A"], ["B"])], locks
    assert reply["execution_value"]["v"] == "C0010001 C0014055", reply
    assert [(m["lock"], m["index"], m["value"]["v"]) for m in sets(host)] == [(1, 1, 7)]
    assert [m["lock"] for m in host.seen if m["type"] == "unlock"] == [1]
    assert host.close() == 0


def test_events_and_log_come_in_order_before_the_result():
    host = start()
    load(host, task("bool again = true; Dts.Events.FireInformation(3, \"sub\", \"text é\", \"help\", 4, ref again); bool cancel = Dts.Events.FireError(18, \"e\", \"bad\", \"\", 0);"
                    "Dts.Events.FireWarning(14, \"w\", \"warn\", null, 0); Dts.Events.FireProgress(\"p\", 50, 1, 2, \"s\", ref again); object[] a = { 1, \"x\" };"
                    "Dts.Events.FireCustomEvent(\"OnX\", \"t\", ref a, \"s\", ref again); Dts.Log(\"entry\", 7, new byte[] { 1, 2 }); Dts.TaskResult = (int)DTSExecResult.Failure;"
                    "Console.WriteLine(\"to the console\"); Dts.ExecutionValue = cancel;"))
    reply = run_task(host)
    assert reply["result"] == 1 and reply["execution_value"] == {"t": "Boolean", "v": False}
    kinds = [m.get("event") or m["log"] for m in host.events()]
    assert kinds == ["information", "error", "warning", "progress", "custom", "script", "console"], kinds
    first = host.events()[0]
    assert (first["code"], first["source"], first["text"], first["help_file"], first["help_context"]) == (3, "sub", "text é", "help", 4), first
    assert host.events()[4]["arguments"] == [{"t": "Int32", "v": 1}, {"t": "String", "v": "x"}]
    assert host.close() == 0


def test_a_script_that_logs_without_end_waits_for_the_engine():
    host = start()
    waiting = []

    def answer(header, payload):
        waiting.append((header, len(payload)))
        return {}

    host.answers["log"] = host.answers["var_set"] = answer
    load(host, task("for (int i = 0; i < 1000; i++) { Dts.Log(\"entry\", i, null); Dts.Variables[0].Value = i; } for (int i = 0; i < 9; i++) Dts.Log(\"big\", 0, new byte[1 << 20]);"))
    run_task(host, variables=[variable("A", "Int32", {"t": "Int32", "v": 0}, "write")])
    assert len(waiting) == 7 + 2, len(waiting)
    assert [m["value"]["v"] for m in sets(host)] == list(range(1000)) and len([m for m in host.seen if m["type"] == "log"]) == 1009
    assert host.close() == 0


def test_connections():
    host = start()
    host.answers["connection_get"] = lambda h, p: {"connection_string": "Data Source=x;"}
    host.answers["connection_set"] = lambda h, p: {}
    host.answers["acquire"] = lambda h, p: {"kind": "text", "text": "/srv/a.txt"} if h["connection"] == "{1}" else {
        "error": {"kind": "engine", "code": -1, "text": "native"}}
    connections = [{"id": "{1}", "name": "File", "kind": "FILE"}, {"id": "{2}", "name": "Db", "kind": "OLEDB"}]
    load(host, task("var names = \"\"; foreach (ConnectionManager c in Dts.Connections) names += c.Name + c.CreationName;"
                    "names += Dts.Connections[\"File\"].AcquireConnection(Dts.Transaction) + Dts.Connections[1].ConnectionString + Dts.Connections.Contains(\"no\");"
                    "Dts.Connections[\"{2}\"].ConnectionString = \"new\"; try { Dts.Connections[\"no\"].ToString(); } catch (DtsRuntimeException e) { names += e.ErrorCode.ToString(\"X\"); }"
                    "try { Dts.Connections[\"Db\"].AcquireConnection(null); } catch (DtsRuntimeException e) { names += e.Message; } var d = Dts.Connections[\"Db\"]; names += d.Properties[\"ServerName\"].GetValue(d); d.Properties[\"InitialCatalog\"].SetValue(d, \"i\");"
                    "try { Dts.Connections[0].Properties[\"HeaderRowsToSkip\"].SetValue(d, 1); } catch (NotSupportedException) { names += \"!\"; } Dts.ExecutionValue = names;"))
    reply = run_task(host, connections=connections)
    assert reply["execution_value"]["v"] == "FileFILEDbOLEDB/srv/a.txtData Source=x;FalseC001000Enativex!", reply
    written = [m["connection_string"] for m in host.seen if m["type"] == "connection_set"]
    assert written[0] == "new" and written[1].lower().rstrip(";") == "data source=x;initial catalog=i", written
    assert host.close() == 0


def test_a_database_is_used_from_afar():
    def execute(header, payload):
        if "bad" in header["text"]:
            return {"error": {"kind": "engine", "text": "syntax error"}}
        if not header["rows"]:
            return {"affected": 3, "parameters": [{"t": "Int32", "v": 9}]}
        return {"affected": -1, "cursor": 4, "columns": [column("n", "i4", id=1, lineage=1), column("s", "wstr", id=2, lineage=2)]}

    pages = [[[1, None], ["a", "b"]], [[3], [None]]]

    def fetch(header, payload):
        n, s = pages.pop(0)
        return {"rows": len(n), "more": bool(pages)}, encode_column("i4", n) + encode_column("wstr", s)

    host = start()
    host.answers.update({"acquire": lambda h, p: {"kind": "database", "provider": "sqlite", "database": 3}, "connection_get": lambda h, p: {"connection_string": "Data Source=x"},
                         "db_execute": execute, "db_fetch": fetch, "db_next_result": lambda h, p: {}})
    load(host, task("var c = (System.Data.Common.DbConnection)Dts.Connections[0].AcquireConnection(null); var k = c.CreateCommand(); k.CommandText = \"select\";"
                    "var text = \"\"; using (var r = k.ExecuteReader()) { while (r.Read()) text += r[0] + \"/\" + r.GetValue(1) + r.IsDBNull(0) + \";\"; }"
                    "k.CommandText = \"update\"; text += k.ExecuteNonQuery(); k.CommandText = \"bad\"; try { k.ExecuteNonQuery(); } catch (System.Data.Common.DbException e) { text += e.Message; }"
                    "Dts.Connections[0].ReleaseConnection(c); Dts.ExecutionValue = text;"))
    reply = run_task(host, connections=[{"id": "{1}", "name": "Db", "kind": "ADO.NET:System.Data.Odbc.OdbcConnection, System.Data"}])
    assert reply["execution_value"]["v"] == "1/aFalse;/bTrue;3/False;3syntax error", reply
    assert [m["type"] for m in host.seen if m["type"] in ("db_close_cursor", "db_close", "release")] == ["db_close_cursor", "db_close", "release"]
    assert host.close() == 0


def test_databases_by_the_classes_of_scripts():
    opened = []

    def open_database(header, payload):
        opened.append((header["provider"], header["connection_string"]))
        return {"database": 8, "provider": "postgres"}

    def execute(header, payload):
        opened.append((header["text"], [(p["name"], p["value"]["v"]) for p in header["parameters"]]))
        return {"affected": -1, "cursor": 4, "columns": [column("n", "i4", id=1, lineage=1), column("s", "wstr", id=2, lineage=2)]}

    host = start()
    host.answers.update({"acquire": lambda h, p: {"kind": "database", "provider": "postgres", "database": 3}, "connection_get": lambda h, p: {"connection_string": "Data Source=x"},
                         "db_open": open_database, "db_execute": execute, "db_next_result": lambda h, p: {},
                         "db_fetch": lambda h, p: ({"rows": 2, "more": False}, encode_column("i4", [1, 2]) + encode_column("wstr", ["a", None])),
                         "rows_read": lambda h, p: ({"columns": [column("Id", "i4", id=1, lineage=1), column("Name", "wstr", id=2, lineage=2, length=20)], "rows": 2, "more": False},
                                                    encode_column("i4", [7, 8]) + encode_column("wstr", ["x", None]))})
    load(host, task("var c = (System.Data.SqlClient.SqlConnection)Dts.Connections[\"Sql\"].AcquireConnection(Dts.Transaction); var t = new DataTable();"
                    "new System.Data.SqlClient.SqlDataAdapter(\"select n, s from t\", c).Fill(t); var text = t.Rows.Count + \" \" + t.Rows[1].IsNull(1) + c.State;"
                    "using (var k = new System.Data.SqlClient.SqlCommand(\"select @a\", c)) { k.Parameters.AddWithValue(\"@a\", 5); text += k.ExecuteScalar(); }"
                    "using (var o = new System.Data.OleDb.OleDbConnection(\"Provider=SQLNCLI11;Data Source=s\")) { o.Open(); var r = new System.Data.OleDb.OleDbCommand(\"select 1\", o).ExecuteReader();"
                    "while (r.Read()) text += r[\"n\"]; }"
                    "var rows = new DataTable(); new System.Data.OleDb.OleDbDataAdapter().Fill(rows, Dts.Variables[\"Rows\"].Value); text += \"\" + rows.Rows[0][\"Name\"] + rows.Rows.Count;"
                    "Dts.ExecutionValue = text;"))
    reply = run_task(host, connections=[{"id": "{1}", "name": "Sql", "kind": "ADO.NET:System.Data.SqlClient.SqlConnection, System.Data, Version=2.0.0.0"}],
                     variables=[variable("Rows", "Object", {"t": "Rows", "handle": 5, "as": "ado", "rows": 2})])
    assert reply["execution_value"]["v"] == "2 TrueOpen112x2", reply
    assert opened == [("select n, s from t", []), ("select @a", [("@a", 5)]), ("System.Data.OleDb", "Provider=SQLNCLI11;Data Source=s"), ("select 1", [])], opened
    assert host.close() == 0


def test_rows_of_the_engine_are_fetched_when_touched():
    def read(header, payload):
        first = header["from"]
        rows = min(header["count"], 15000 - first)
        return ({"columns": [column("Id", "i4", id=1, lineage=1), column("Name", "wstr", id=2, lineage=2, length=20)], "rows": rows, "more": first + rows < 15000},
                encode_column("i4", list(range(first, first + rows))) + encode_column("wstr", [None if i % 3 == 0 else "n%d" % i for i in range(first, first + rows)]))

    host = start()
    host.answers["rows_read"] = read
    load(host, task("var set = (DataSet)Dts.Variables[0].Value; var t = set.Tables[0]; Dts.ExecutionValue = t.Rows.Count + \" \" + t.Rows[14999][0] + \" \" + t.Rows[14999].IsNull(1) + \" \" + t.Rows[1][1];"
                    "Dts.Variables[1].Value = set;"))
    value = {"t": "Rows", "handle": 5, "as": "dataset", "rows": 15000}
    reply = run_task(host, variables=[variable("D", "Object", value), variable("E", "Object", None, "write")])
    assert reply["execution_value"]["v"] == "15000 14999 False n1", reply
    assert sets(host)[0]["value"] == value, sets(host)
    assert host.close() == 0


def test_an_exception_comes_with_the_script_s_stack():
    host = start()
    load(host, task("Inner();", "void Inner() { try { int.Parse(\"x\"); } catch (Exception e) { throw new InvalidOperationException(\"outer\", e); } }"))
    error = fails(lambda: run_task(host))
    assert (error["kind"], error["type"], error["text"], error["phase"]) == ("script", "System.InvalidOperationException", "outer", "Main"), error
    lines = error["stack"].split("\n")
    assert "at ST_1.ScriptMain.Inner(" in lines[0] and "at ST_1.ScriptMain.Main(" in lines[-1], lines
    assert error["inner"][0]["type"] == "System.FormatException", error
    assert host.close() == 0


def test_culture_and_statics():
    host = start(culture="de-DE")
    load(host, task("count++; Dts.ExecutionValue = (1234.5).ToString(\"N\") + \" \" + new DateTime(2020, 12, 31).ToShortDateString() + \" \" + count;", "static int count;"))
    assert run_task(host)["execution_value"]["v"] == "1.234,50 31.12.2020 1"
    assert run_task(host, run=22)["execution_value"]["v"].endswith(" 2")
    load(host, task("count++; Dts.ExecutionValue = count;", "static int count;"), 8)
    assert run_task(host, 8, 23)["execution_value"]["v"] == 1
    load(host, task("count++; Dts.ExecutionValue = (1234.5).ToString(\"N\") + \" \" + new DateTime(2020, 12, 31).ToShortDateString() + \" \" + count;", "static int count;"), 9)
    assert run_task(host, 9, 24)["execution_value"]["v"].endswith(" 1"), "a script loaded again has statics of its own"
    assert host.close() == 0


def test_environment_exit_ends_the_task_only():
    host = start()
    load(host, task("Environment.Exit(5); Dts.ExecutionValue = 1;"))
    error = fails(lambda: run_task(host))
    assert error["kind"] == "exit" and error["code"] == 5, error
    load(host, task("Dts.ExecutionValue = 1;"), 8)
    assert run_task(host, 8, 22)["execution_value"]["v"] == 1
    assert host.close() == 0


def is_dotnet():
    """What runs the host; .NET ends neither a thread nor an overflow of the stack in good order."""
    return protocol_lib.RUNTIME == "dotnet"


def test_hello_names_the_runtime():
    host = start()
    assert host.hello["runtime"].startswith(".NET " if is_dotnet() else "Mono "), host.hello
    assert host.close() == 0


def cancelled(body, least, most):
    host = start()
    load(host, task(body))
    box = host.begin({"type": "run_task", "script": 7, "run": 21, "name": "SCR Test", "variables": [], "connections": []})
    while not any(m["type"] == "event" for m in host.seen):
        time.sleep(0.01)
    began = time.time()
    host.send({"type": "cancel", "run": 21})
    error = fails(lambda: host.end(box))
    took = time.time() - began
    assert error["kind"] == "cancelled", error
    assert least <= took <= most, took
    load(host, task("Dts.ExecutionValue = 1;"), 8)
    assert run_task(host, 8, 22)["execution_value"]["v"] == 1
    assert host.close() == 0


STARTED = "bool again = true; Dts.Events.FireInformation(1, \"\", \"started\", \"\", 0, ref again);"


def test_cancel_interrupts_a_sleeping_script():
    cancelled(STARTED + "Thread.Sleep(60000);", 0.5, 20)


def test_cancel_aborts_a_busy_loop():
    if not is_dotnet():
        cancelled(STARTED + "while (true) { }", 2.5, 30)
        return
    # Only the end of the process ends it, which is the engine's to bring about. Until then all else is served.
    host = start()
    load(host, task(STARTED + "while (true) { }"))
    box = host.begin({"type": "run_task", "script": 7, "run": 21, "name": "SCR Test", "variables": [], "connections": []})
    while not host.events():
        time.sleep(0.01)
    host.send({"type": "cancel", "run": 21})
    time.sleep(4.5)
    assert host.call({"type": "ping"}) is not None and box.empty()
    assert host.close() == 0, "the end of the engine ends the host at once"


def test_a_busy_thread_pool_does_not_stop_the_host():
    body = STARTED + "for (int i = 0; i < 2000; i++) ThreadPool.QueueUserWorkItem(x => Thread.Sleep(60000)); Thread.Sleep(60000);"
    host = start()
    load(host, task(body))
    load(host, task("Dts.ExecutionValue = 1;"), 8)
    box = host.begin({"type": "run_task", "script": 7, "run": 21, "name": "SCR Test", "variables": [], "connections": []})
    while not host.events():
        time.sleep(0.01)
    began = time.time()
    host.send({"type": "cancel", "run": 21})
    assert run_task(host, 8, 22)["execution_value"]["v"] == 1
    assert fails(lambda: host.end(box))["kind"] == "cancelled"
    assert time.time() - began < 30
    assert host.close() == 0


def test_a_script_that_asks_sees_the_cancellation():
    host = start()
    load(host, task(STARTED + "while (!Dts.Events.FireQueryCancel()) Thread.Sleep(10); Dts.ExecutionValue = \"left\";"))
    box = host.begin({"type": "run_task", "script": 7, "run": 21, "name": "SCR Test", "variables": [], "connections": []})
    while not any(m["type"] == "event" for m in host.seen):
        time.sleep(0.01)
    host.send({"type": "cancel", "run": 21})
    assert host.end(box)["execution_value"]["v"] == "left"
    assert host.close() == 0


def test_an_exception_in_a_thread_of_the_script_does_not_end_the_host():
    host = start()
    load(host, task("var t = new Thread(() => { throw new Exception(\"in a thread\"); }); t.Start(); t.Join(); Dts.ExecutionValue = 1;"))
    assert run_task(host)["execution_value"]["v"] == 1
    assert host.call({"type": "ping"}) is not None
    assert any("in a thread" in m["text"] for m in host.events()), host.events()
    assert host.close() == 0


def test_tasks_run_at_the_same_time():
    host = start()
    load(host, task("Dts.VariableDispenser.Contains(\"wait\"); Dts.ExecutionValue = 1;"))
    gate = threading.Barrier(3)

    def find(header, payload):
        gate.wait(timeout=20)
        return {"found": False}

    host.answers["var_find"] = find
    boxes = [host.begin({"type": "run_task", "script": 7, "run": 40 + i, "name": "t", "variables": [], "connections": []}) for i in range(3)]
    for box in boxes:
        assert host.end(box)["execution_value"]["v"] == 1
    assert host.close() == 0


def test_compile_errors_name_file_and_line():
    host = start()
    reply = host.call(*task("int x = \"text\";").request("load", 7))
    assert "ScriptMain.cs" in reply["refused"][0]["text"] and "CS0029" in reply["refused"][0]["text"], reply
    assert fails(lambda: run_task(host))["kind"] == "request"
    assert host.close() == 0


# --- components ------------------------------------------------------------------------------

def load_component(host, header, main, number=8):
    script = Script("", "component", "SCR Test", "CSharp", "Main")
    script.parts = sources(header, main)
    load(host, script, number)


class Flow:
    """Plays the engine for one component: batches in, batches out, credits."""

    def __init__(self, host, header, script=8, run=50):
        self.host, self.header, self.run = host, dict(header, script=script, run=run), run
        self.done = []             # (header, written {(output, column): values}, selections {output: rows})
        self.out = {i: [] for i in range(len(header["outputs"]))}
        self.ends = set()
        self.failed = None
        self.sent = [0] * len(header["inputs"])
        self.rows = []
        host.call(self.header)
        host.send({"type": "start", "run": run})

    def batch(self, input_, values, end):
        while self.failed is None and self.sent[input_] - sum(h["input"] == input_ for h, _, _ in self.done) >= 2:
            self.take()
        self.sent[input_] += 1
        rows = len(values[0]) if values else 0
        kinds = [c["type"] for c in self.header["inputs"][input_]["columns"]]
        payload = b"".join(encode_column(k, v) for k, v in zip(kinds, values)) if rows else b""
        self.rows.append(rows)
        self.host.send({"type": "batch", "run": self.run, "input": input_, "batch": self.sent[input_], "rows": rows, "end": end}, payload)

    def take(self, credit=True):
        """Takes one message; False when there is nothing more to expect."""
        header, payload = self.host.messages.get(timeout=60)
        assert header is not None, self.host.error_output[-20:]
        if header["type"] == "batch_done":
            columns = Columns(payload)
            rows = self.rows[len(self.done)]
            written = {}
            for w in header["written"]:
                owner = self.header["outputs"][w["output"]] if "output" in w else self.header["inputs"][header["input"]]
                written[(w.get("output"), w["column"])] = columns.column(owner["columns"][w["column"]]["type"], rows)
            selections = {s["output"]: columns.numbers(s["rows"]) for s in header["selections"]}
            self.done.append((header, written, selections))
        elif header["type"] == "out_batch":
            columns = Columns(payload)
            spec = self.header["outputs"][header["output"]]["columns"]
            got = [columns.column(c["type"], header["rows"]) if header["rows"] else [] for c in spec]
            self.out[header["output"]].append(got)
            if header["end"]:
                self.ends.add(header["output"])
            if credit:
                self.host.send({"type": "credit", "run": self.run, "output": header["output"]})
        elif header["type"] == "failed":
            self.failed = header["error"]
        return header

    def take_all(self):
        asynchronous = {i for i, o in enumerate(self.header["outputs"]) if "synchronous" not in o}
        while self.failed is None and (len(self.done) < sum(self.sent) or self.ends != asynchronous):
            self.take()
        return self

    def column(self, output, index):
        return [v for b in self.out[output] for v in b[index]]

    def finish(self):
        return self.host.call({"type": "finish", "run": self.run, "run_post_execute": True})


SAMPLES = {"bool": [True, False], "i1": [-128, 127], "i2": [-32768, 5], "i4": [1 << 30, -7], "i8": [-(1 << 63), 1], "ui1": [255, 0], "ui2": [65535, 1],
           "ui4": [(1 << 32) - 1, 2], "ui8": [(1 << 64) - 1, 3], "r4": [1.5, -2.25], "r8": [0.1, -1e300], "cy": [123456, -1], "decimal": [-123456789, 5],
           "numeric": [10 ** 20, -7], "str": ["abc", "é?"], "wstr": ["Zoë \U0001F600", ""], "text": ["long é", "x"], "nText": ["\U0001F600 long", ""],
           "bytes": [b"\x00\xff", b""], "image": [b"\x01\x02\x03", b""], "guid": [bytes(range(16)), bytes(16)], "date": [86400 * 10 ** 6, 1], "dbTimeStamp": [86399999000, -1000],
           "dbDate": [-719162, 2932896], "dbTime": [86399, 0], "dbTime2": [86399999999900, 100], "dbTimeStamp2": [TICKS_1970 + 1, 0], "fileTime": [132000000000000001, 0],
           "dbTimeStampOffset": [(TICKS_1970 + 1, -210), (TICKS_1970, 840)]}
PARAMETERS = {"str": {"length": 20, "code_page": 1252}, "wstr": {"length": 50}, "text": {"code_page": 1252}, "bytes": {"length": 20}, "numeric": {"precision": 30, "scale": 10},
              "decimal": {"scale": 4}, "dbTime2": {"scale": 7}, "dbTimeStamp2": {"scale": 7}, "dbTimeStampOffset": {"scale": 7}}
BLOBS = ("text", "nText", "image")


def test_every_type_with_null_through_a_synchronous_component():
    kinds = list(SAMPLES)
    header = component([("Input 0", [column("C " + k, k, "read", **PARAMETERS.get(k, {})) for k in kinds])],
                       [("Output 0", [column("O_" + k, k, **PARAMETERS.get(k, {})) for k in kinds], {"synchronous": 0})])
    main = "public override void Input0_ProcessInputRow(Input0Buffer Row) {\n"
    for k in kinds:
        if k in BLOBS:
            main += "if (Row.C%s_IsNull) Row.O%s_IsNull = true; else { Row.O%s.ResetBlobData(); Row.O%s.AddBlobData(Row.C%s.GetBlobData(0, (int)Row.C%s.Length)); }\n" % ((k,) * 6)
        else:
            main += "if (Row.C%s_IsNull) Row.O%s_IsNull = true; else Row.O%s = Row.C%s;\n" % ((k,) * 4)
    host = start()
    load_component(host, header, main + "}")
    flow = Flow(host, header)
    values = [[SAMPLES[k][0], None, SAMPLES[k][1]] for k in kinds]
    flow.batch(0, values, False)
    flow.batch(0, [[None, None] for k in kinds], False)
    flow.batch(0, [[SAMPLES[k][1]] for k in kinds], True)
    flow.take_all()
    assert flow.failed is None, flow.failed
    for i, k in enumerate(kinds):
        assert flow.done[0][1][(0, i)] == values[i], (k, flow.done[0][1][(0, i)], values[i])
        assert flow.done[2][1][(0, i)] == [SAMPLES[k][1]], k
    assert flow.done[1][1] == {}, "columns that stay NULL need not be sent"
    flow.finish()
    assert host.close() == 0


def test_read_write_columns_and_two_exclusive_outputs():
    header = component([("Input 0", [column("A", "i4", "read_write"), column("S", "wstr", "read_write", length=10), column("U", "i4", "read_write")])],
                       [("Odd", [column("N", "i8")], {"synchronous": 0, "exclusion_group": 1}), ("Even", [], {"synchronous": 0, "exclusion_group": 1})])
    host = start()
    load_component(host, header, "public override void Input0_ProcessInputRow(Input0Buffer Row) { if (Row.A % 2 != 0) { Row.DirectRowToOdd(); Row.DirectRowToOdd(); Row.N = Row.A * 10L; }"
                   " else if (Row.A < 6) Row.DirectRowToEven(); if (Row.A == 3) Row.S = \"é\" + Row.S; Row.A = Row.A + 1; }")
    flow = Flow(host, header)
    flow.batch(0, [[1, 2, 3, 4, 6], ["a", "bé", None if False else "c", None, "e"], [0] * 5], False)
    flow.batch(0, [[2], ["x"], [0]], True)
    flow.take_all()
    _, written, selections = flow.done[0]
    assert written == {(None, 0): [2, 3, 4, 5, 7], (None, 1): ["a", "bé", "éc", None, "e"], (0, 0): [10, None, 30, None, None]}, written
    assert selections == {0: [0, 2], 1: [1, 3]}, selections
    assert flow.done[1][1] == {(None, 0): [3]} and flow.done[1][2] == {0: [], 1: [0]}, flow.done[1]
    flow.finish()
    assert host.close() == 0


def test_a_source_waits_for_its_reader():
    header = component([], [("Output 0", [column("N", "i4"), column("S", "wstr", length=50)], {})], batch_rows=1000, variables=[variable("Count", "Int32", {"t": "Int32", "v": 10500})])
    host = start()
    load_component(host, header, "public override void CreateNewOutputRows() { for (int i = 0; i < Variables.Count; i++) { Output0Buffer.AddRow(); Output0Buffer.N = i;"
                   " if (i % 7 != 0) Output0Buffer.S = \"row \" + i; } }")
    flow = Flow(host, header)
    flow.take(credit=False)
    flow.take(credit=False)
    time.sleep(0.3)
    assert host.messages.empty(), "more than two batches without credit"
    for _ in range(2):
        host.send({"type": "credit", "run": 50, "output": 0})
    flow.take_all()
    assert flow.column(0, 0) == list(range(10500))
    assert flow.column(0, 1) == [None if i % 7 == 0 else "row %d" % i for i in range(10500)]
    assert [len(b[0]) for b in flow.out[0]] == [1000] * 10 + [500], [len(b[0]) for b in flow.out[0]]
    flow.finish()
    assert host.close() == 0


def test_an_asynchronous_component_with_two_outputs():
    header = component([("Input 0", [column("G", "wstr", "read", length=10), column("V", "i4", "read")])],
                       [("Sums", [column("G", "wstr", length=10), column("Total", "i8")], {}), ("Bad", [column("V", "i4")], {})])
    main = ("Dictionary<string, long> sums = new Dictionary<string, long>(); public override void Input0_ProcessInputRow(Input0Buffer Row) { if (Row.V_IsNull || Row.V < 0) { BadBuffer.AddRow();"
            " if (Row.V_IsNull) BadBuffer.V_IsNull = true; else BadBuffer.V = Row.V; return; } long t; sums.TryGetValue(Row.G, out t); sums[Row.G] = t + Row.V; }"
            " public override void FinishOutputs() { foreach (var g in sums) { SumsBuffer.AddRow(); SumsBuffer.G = g.Key; SumsBuffer.Total = g.Value; } }")
    for batches in ([], [(["a", "b", "a"], [1, 2, None])], [(["a"], [1]), (["b", "a"], [-5, 6])]):
        host = start()
        load_component(host, header, main)
        flow = Flow(host, header)
        for i, (g, v) in enumerate(batches):
            flow.batch(0, [g, v], False)
        flow.batch(0, [[], []], True)
        flow.take_all()
        expected, bad = {}, []
        for g, v in batches:
            for a, b in zip(g, v):
                if b is None or b < 0:
                    bad.append(b)
                else:
                    expected[a] = expected.get(a, 0) + b
        assert dict(zip(flow.column(0, 0), flow.column(0, 1))) == expected, (flow.out, expected)
        assert flow.column(1, 0) == bad
        flow.finish()
        assert host.close() == 0


def test_a_destination_writes_a_variable_in_post_execute():
    header = component([("Input 0", [column("V", "i4", "read")])], [], write_variables=["User::Total"])
    main = ("int total; public override void Input0_ProcessInputRow(Input0Buffer Row) { total += Row.V; } public override void PostExecute() { Variables.Total = total; }")
    host = start()
    host.answers["lock"] = lambda h, p: {"lock": 9, "variables": [variable("Total", "Int32", {"t": "Int32", "v": 0}, "write")]}
    load_component(host, header, main)
    flow = Flow(host, header)
    flow.batch(0, [[1, 2, 3]], False)
    flow.batch(0, [[4]], True)
    flow.take_all()
    assert not any(m["type"] == "lock" for m in host.seen)
    flow.finish()
    assert [(m["lock"], m["value"]["v"]) for m in sets(host)] == [(9, 10)], host.seen
    assert [m["lock"] for m in host.seen if m["type"] == "unlock"] == [9]
    load_component(host, header, "public override void PreExecute() { Variables.Total = 1; }", 9)
    error = fails(lambda: host.call(dict(header, script=9, run=51)))
    assert "not available outside of PostExecute" in error["text"] and error["phase"] == "PreExecute", error
    assert host.close() == 0


def test_errors_of_components():
    cases = [([column("S", "wstr", "read_write", length=3)], "Row.S = \"four\";", [["a"]], "DoesNotFitBufferException", "too large to fit"),
             ([column("S", "str", "read_write", length=3, code_page=65001)], "Row.S = \"éé\";", [["a"]], "DoesNotFitBufferException", "too large to fit"),
             ([column("V", "i4", "read")], "int x = Row.V;", [[None]], "ColumnIsNullException", "The column has a null value."),
             ([column("D", "numeric", "read_write", precision=5, scale=2)], "Row.D = 1000m;", [[1]], "DoesNotFitBufferException", "too large to fit"),
             ([column("V", "i4", "read")], "throw new Exception(\"row \" + Row.V);", [[7]], "System.Exception", "row 7")]
    for columns, body, values, type_, text in cases:
        header = component([("Input 0", columns)], [("Output 0", [], {"synchronous": 0})])
        host = start()
        load_component(host, header, "public override void Input0_ProcessInputRow(Input0Buffer Row) { " + body + " }")
        flow = Flow(host, header)
        flow.batch(0, values, False)
        flow.batch(0, values, True)
        flow.take_all()
        assert flow.failed and type_ in flow.failed["type"] and text in flow.failed["text"] and flow.failed["phase"] == "ProcessInput", flow.failed
        assert "at ScriptMain.Input0_ProcessInputRow(" in flow.failed["stack"], flow.failed
        flow.finish()
        assert host.close() == 0


def test_text_and_numbers_are_made_to_fit():
    columns = [column("S", "str", "read_write", length=5, code_page=1252), column("D", "numeric", "read_write", precision=5, scale=2),
               column("C", "cy", "read_write"), column("T", "dbTimeStamp", "read_write")]
    header = component([("Input 0", columns)], [("Output 0", [], {"synchronous": 0})])
    host = start()
    load_component(host, header, "public override void Input0_ProcessInputRow(Input0Buffer Row) { Row.S = \"é\u4e00x\"; Row.D = 1.239m; Row.C = 0.00015m; if (Row.C != 0.0002m) throw new Exception(); Row.C = 0.00025m; Row.T = new DateTime(TICKS); }"
                   .replace("TICKS", "%dL" % (TICKS_1970 + 12345678)))
    flow = Flow(host, header)
    flow.batch(0, [["a"], [1], [1], [0]], True)
    flow.take_all()
    assert flow.done[0][1] == {(None, 0): ["é?x"], (None, 1): [123], (None, 2): [2], (None, 3): [1234000]}, flow.done
    flow.finish()
    assert host.close() == 0


def test_changed_metadata_is_refused():
    header = component([("Input 0", [column("A", "i4", "read"), column("B", "i4", "read")])], [("Output 0", [], {"synchronous": 0})])
    host = start()
    load_component(host, header, "")
    other = component([("Input 0", [column("A", "i4", "read"), column("C", "i4", "read")])], [("Output 0", [], {"synchronous": 0})])
    error = fails(lambda: host.call(dict(other, script=8, run=50)))
    assert error["kind"] == "mismatch" and "(A, B)" in error["text"] and "(A, C)" in error["text"], error
    other = component([("Input 0", [column("A", "i4", "read"), column("B", "i8", "read")])], [("Output 0", [], {"synchronous": 0})])
    error = fails(lambda: host.call(dict(other, script=8, run=51)))
    assert error["kind"] == "mismatch" and "Int32" in error["text"] and "DT_I8" in error["text"], error
    assert host.close() == 0


def test_a_component_is_cancelled_and_finished_while_it_waits():
    header = component([], [("Output 0", [column("N", "i4")], {})], batch_rows=10)
    host = start()
    load_component(host, header, "public override void CreateNewOutputRows() { while (true) { Output0Buffer.AddRow(); Output0Buffer.N = 1; } }"
                   " public override void PostExecute() { bool again = true; ComponentMetaData.FireInformation(1, \"\", \"post\", \"\", 0, ref again); }")
    flow = Flow(host, header)
    flow.take(credit=False)
    flow.take(credit=False)
    began = time.time()
    flow.finish()
    assert time.time() - began < 30
    assert [e["text"] for e in host.events()] == ["post"]
    assert host.call({"type": "ping"}) is not None
    assert host.close() == 0


def test_component_connections_events_and_dispenser():
    header = component([], [("Output 0", [column("S", "wstr", length=200)], {})],
                       connections=[{"id": 30, "name": "Src", "description": "", "connection": {"id": "{1}", "name": "File", "kind": "FILE"}}])
    main = ("string path; public override void AcquireConnections(object t) { path = (string)Connections.Src.AcquireConnection(t); } public override void CreateNewOutputRows() { bool cancel;"
            " ComponentMetaData.FireWarning(2, \"w\", \"careful\", \"\", 0); ComponentMetaData.FireError(3, \"e\", \"bad\", \"\", 0, out cancel);"
            " IDTSVariables100 v; VariableDispenser.LockForRead(\"User::X\"); VariableDispenser.GetVariables(out v); Output0Buffer.AddRow();"
            " Output0Buffer.S = path + v[\"User::X\"].Value + ComponentMetaData.GetErrorDescription(-1071607694) + ((IDTSComponentMetaData130)ComponentMetaData).GetIdentificationStringByID(5)"
            " + ComponentMetaData.OutputCollection[0].OutputColumnCollection[\"S\"].Length + Connections.Src.ConnectionString; v.Unlock(); }")
    host = start()
    host.answers.update({"acquire": lambda h, p: {"kind": "text", "text": "/p"}, "lock": lambda h, p: {"lock": 1, "variables": [variable("X", "Int32", {"t": "Int32", "v": 4})]},
                         "error_description": lambda h, p: {"text": "E%d" % h["code"]}, "column_name": lambda h, p: {"text": "L%d" % h["lineage"]},
                         "connection_get": lambda h, p: {"connection_string": "C"}})
    load_component(host, header, main)
    flow = Flow(host, header).take_all()
    assert flow.failed is None, flow.failed
    assert flow.column(0, 0) == ["/p4E-1071607694L5200C"], flow.out
    assert [(e["event"], e["text"]) for e in host.events()] == [("warning", "careful"), ("error", "bad")]
    flow.finish()
    assert host.close() == 0


def segment_file(size):
    name = "/dev/shm/packmule-test-%d" % os.getpid()
    with open(name, "wb") as f:
        f.truncate(size)
    return name


def test_batches_by_shared_memory():
    header = component([("Input 0", [column("A", "i4", "read_write"), column("S", "wstr", "read", length=20)])], [("Output 0", [], {"synchronous": 0})])
    host = start()
    load_component(host, header, "public override void Input0_ProcessInputRow(Input0Buffer Row) { Row.A = Row.A + Row.S.Length; }")
    flow = Flow(host, header)
    name = segment_file(65536)
    try:
        assert "error" not in host.call({"type": "segment", "slot": 0, "path": name, "size": 65536})
        for turn in range(3):
            payload = encode_column("i4", [turn, 10]) + encode_column("wstr", ["abc", "é"])
            with open(name, "r+b") as f:
                f.write(payload)
            flow.sent[0] += 1
            flow.rows.append(2)
            host.send({"type": "batch", "run": 50, "input": 0, "batch": turn + 1, "rows": 2, "end": turn == 2, "slot": 0, "slot_bytes": len(payload)})
            seen = {flow.take()["type"], flow.take()["type"]}
            assert seen == {"free", "batch_done"}, seen
            assert flow.done[turn][1] == {(None, 0): [turn + 3, 11]}, flow.done
        assert fails(lambda: host.call({"type": "segment", "slot": 0, "path": name, "size": 1 << 20}))["kind"] == "request"
    finally:
        os.unlink(name)
    flow.finish()
    host.send({"type": "batch", "run": 50, "input": 0, "batch": 4, "rows": 2, "slot": 5, "slot_bytes": 100})
    assert host.process.wait(timeout=20) == 3


def test_the_host_lends_shared_memory():
    header = component([("Input 0", [column("A", "i4", "read_write")])], [("Output 0", [], {"synchronous": 0})])
    for refuse in (False, True):
        announced = []

        def segment(h, p):
            announced.append(h)
            return {"error": {"kind": "request", "text": "no"}} if refuse else {}

        host = start(segments=True)
        host.answers["segment"] = segment
        load_component(host, header, "public override void Input0_ProcessInputRow(Input0Buffer Row) { Row.A = Row.A + 1; }")
        flow = Flow(host, header)
        size = 50000
        for turn in range(20):
            host.send({"type": "batch", "run": 50, "input": 0, "batch": turn + 1, "rows": size + turn * 10000, "end": turn == 19}, encode_column("i4", list(range(size + turn * 10000))))
            answer, payload = host.messages.get(timeout=60)
            assert answer["type"] == "batch_done", answer
            if not refuse:
                assert not payload
                with open(next(h["path"] for h in reversed(announced) if h["slot"] == answer["slot"]), "rb") as f:
                    payload = f.read(answer["slot_bytes"])
                host.send({"type": "free", "slot": answer["slot"]})
            assert Columns(payload).column("i4", size + turn * 10000) == list(range(1, size + turn * 10000 + 1))
        assert len(announced) == 1, announced
        flow.finish()
        assert host.close() == 0


def test_a_stack_overflow_fails_its_script_only():
    host = start()
    load(host, task("Dts.ExecutionValue = Deep(1);", "int Deep(int n) { return n == int.MinValue ? 0 : Deep(n + 1) + 1; }"))
    if is_dotnet():
        try:
            run_task(host)
        except EOFError:
            assert host.process.wait(timeout=20) != 0 and any("tack overflow" in line for line in host.error_output), host.error_output[:5]
            return
        raise AssertionError("the host survived")
    error = fails(lambda: run_task(host))
    assert error["kind"] == "script" and error["type"] == "System.StackOverflowException" and error["phase"] == "Main", error
    header = component([("Input 0", [column("V", "i4", "read")])], [])
    deep = "int Deep(int n) { return n == int.MinValue ? 0 : Deep(n + 1) + 1; }"
    load_component(host, header, deep + " public override void Input0_ProcessInputRow(Input0Buffer Row) { Deep(1); }")
    flow = Flow(host, header)
    flow.batch(0, [[1]], True)
    flow.take_all()
    assert flow.failed["type"] == "System.StackOverflowException" and flow.failed["phase"] == "ProcessInput", flow.failed
    flow.finish()
    load_component(host, header, deep + " public override void PreExecute() { Deep(1); }", 9)
    assert fails(lambda: host.call(dict(header, script=9, run=51)))["phase"] == "PreExecute"
    load_component(host, header, deep + " public override void PostExecute() { Deep(1); }", 10)
    flow = Flow(host, header, 10, 52)
    assert fails(flow.finish)["phase"] == "PostExecute"
    load(host, task("Dts.ExecutionValue = 1;"), 11)
    assert run_task(host, 11, 22)["execution_value"]["v"] == 1
    assert host.close() == 0


def test_a_script_that_allocates_without_end_fails_alone():
    host = Host(FOLDER, environment={"MONO_GC_PARAMS": "max-heap-size=256m", "DOTNET_GCHeapHardLimit": "10000000"})
    host.call({"type": "execution", "culture": "en-US"})
    load(host, task("var all = new List<byte[]>(); while (true) all.Add(new byte[1 << 20]);"))
    try:
        error = fails(lambda: run_task(host))
        assert error["type"] == "System.OutOfMemoryException", error
        load(host, task("Dts.ExecutionValue = 1;"), 8)
        assert run_task(host, 8, 22)["execution_value"]["v"] == 1
        assert host.close() == 0
    except EOFError:
        assert host.process.wait(timeout=20) != 0 and host.error_output


def test_scripts_of_2005():
    """Assemblies like those that SSIS 2005 made: references of version 9.0.242.0, Dts in a static field, the older interfaces."""
    source = os.path.join(HERE, "..")
    if not os.path.exists(os.path.join(FOLDER, "packmule-script-host.exe.config")):
        print("    (builds with mcs, against a host that mcs built)")
        return
    with tempfile.TemporaryDirectory() as folder:
        def build(name, version, files, *options):
            info = os.path.join(folder, "info.cs")
            with open(info, "w") as f:
                f.write("[assembly: System.Reflection.AssemblyVersion(\"%s\")]" % version)
            subprocess.run(["mcs", "-nologo", "-unsafe", "-target:library", "-out:" + os.path.join(folder, name), info, *files, "-lib:" + folder, "-lib:" + FOLDER,
                            "-r:Packmule.ScriptHost.Core.dll", "-r:ScriptShim.dll", "-r:System.Data.dll", *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        key = ["-delaysign+", "-keyfile:" + os.path.join(source, "keys", "sqlserver.pub")]
        wraps = ["-r:Microsoft.SqlServer.DTSRuntimeWrap.dll", "-r:Microsoft.SqlServer.DTSPipelineWrap.dll", "-r:Microsoft.SqlServer.PipelineHost.dll"]

        def files(part):
            place = os.path.join(source, "objectmodel", part)
            return [os.path.join(place, n) for n in sorted(os.listdir(place))]

        build("Microsoft.SqlServer.TxScript.dll", "9.0.242.0", files("txscript"), "-define:SSIS2005", *wraps, *key)
        build("Microsoft.SqlServer.ScriptTask.dll", "9.0.242.0", files("scripttask"), "-r:Microsoft.SqlServer.ManagedDTS.dll", *key)
        with open(os.path.join(folder, "task.cs"), "w") as f:
            f.write("using Microsoft.SqlServer.Dts.Tasks.ScriptTask; namespace ScriptTask_1 { public class ScriptMain { public void Main() { _ApplicationObjects.Dts.ExecutionValue = "
                    "_ApplicationObjects.Dts.Variables[0].Value; _ApplicationObjects.Dts.TaskResult = 1; } } public class _ApplicationObjects { public static ScriptObjectModel Dts; } }")
        with open(os.path.join(folder, "component.cs"), "w") as f:
            f.write("""using Microsoft.SqlServer.Dts.Pipeline; using Microsoft.SqlServer.Dts.Pipeline.Wrapper; using Microsoft.SqlServer.Dts.Runtime.Wrapper;
                public class Input0Buffer : ScriptBuffer { public Input0Buffer(PipelineBuffer b, int[] i) : base(b, i) { }
                  public int Code { get { return Buffer.GetInt32(BufferColumnIndexes[0]); } } public string Text { set { this[1] = value; } } public bool Text_IsNull { set { SetNull(1); } } }
                public class UserComponent : ScriptComponent { public override void ProcessInput(int InputID, PipelineBuffer Buffer) {
                  if (InputID == 290) Input0_ProcessInput(new Input0Buffer(Buffer, GetColumnIndexes(InputID))); }
                  public virtual void Input0_ProcessInput(Input0Buffer b) { while (b.NextRow()) Input0_ProcessInputRow(b); } public virtual void Input0_ProcessInputRow(Input0Buffer r) { } }
                public class ScriptMain : UserComponent { public override void Input0_ProcessInputRow(Input0Buffer Row) { IDTSComponentMetaData90 m = ComponentMetaData; IDTSVariables90 v = ReadOnlyVariables;
                  Row.Text = m.GetErrorDescription(Row.Code) + v["X"].Value + m.InputCollection[0].Name; } }""")
        build("VBAssembly.dll", "0.0.0.0", [os.path.join(folder, "task.cs")], "-r:Microsoft.SqlServer.ScriptTask.dll", "-r:Microsoft.SqlServer.ManagedDTS.dll")
        with open(os.path.join(folder, "VBAssembly.dll"), "rb") as f:
            task_binary = f.read()
        build("VBAssembly.dll", "0.0.0.0", [os.path.join(folder, "component.cs")], "-r:Microsoft.SqlServer.TxScript.dll", *wraps)
        with open(os.path.join(folder, "VBAssembly.dll"), "rb") as f:
            component_binary = f.read()
    host = start()
    script = Script("", "task", "T", "VisualBasic", "ScriptMain")
    script.parts.append(("binary", "dts://Scripts/x.dll", task_binary))
    assert load(host, script)["generation"] == 2005
    assert load(host, script, 70)["generation"] == 2005
    for number in (7, 70):
        reply = run_task(host, number, 20 + number, [variable("A", "Int32", {"t": "Int32", "v": number})])
        assert reply["result"] == 1 and reply["execution_value"]["v"] == number, reply
    script = Script("", "component", "C", "VisualBasic", "Main")
    script.parts.append(("binary", "dts://Scripts/x.dll", component_binary))
    assert load(host, script, 8)["generation"] == 2005
    host.answers["error_description"] = lambda h, p: {"text": "E%d" % h["code"]}
    header = component([("Input 0", [column("Code", "i4", "read")])], [("Output 0", [column("Text", "wstr", length=100)], {"synchronous": 0})],
                       variables=[variable("X", "Int32", {"t": "Int32", "v": 5})])
    header["inputs"][0]["id"] = 290
    flow = Flow(host, header)
    flow.batch(0, [[-1, 2]], True)
    flow.take_all()
    assert flow.failed is None, flow.failed
    assert flow.done[0][1] == {(0, 0): ["E-15Input 0", "E25Input 0"]}, flow.done
    flow.finish()
    assert host.close() == 0


def test_a_component_looks_at_its_columns_and_variables():
    header = component([("Input 0", [column("A", "i4", "read"), column("B", "wstr", "read_write", length=9)])], [("Output 0", [column("N", "wstr", length=200)], {"synchronous": 0})],
                       variables=[variable("X", "Int32", {"t": "Int32", "v": 4}), variable("Y", "String", {"t": "String", "v": "y"})])
    main = ("string text = \"\"; public override void PreExecute() { var input = ComponentMetaData.InputCollection[0]; foreach (IDTSInputColumn100 c in input.InputColumnCollection)"
            " text += c.Name + c.DataType + c.UsageType + input.InputColumnCollection.GetObjectIndexByID(c.ID) + GetColumnIndexes(input.ID)[0] + \";\";"
            " foreach (IDTSVariable100 v in ReadOnlyVariables) text += v.QualifiedName + v.GetValueWithContext(EvaluatorContext); }"
            " public override void Input0_ProcessInputRow(Input0Buffer Row) { Row.N = text; }")
    host = start()
    load_component(host, header, main)
    flow = Flow(host, header)
    flow.batch(0, [[1], ["b"]], True)
    flow.take_all()
    assert flow.failed is None, flow.failed
    assert flow.done[0][1] == {(0, 0): ["ADT_I4UT_READONLY00;BDT_WSTRUT_READWRITE10;User::X4User::Yy"]}, flow.done
    flow.finish()
    assert host.close() == 0


# --- the corpus ------------------------------------------------------------------------------

def corpus_script(file_name, name):
    folder = corpus()
    if folder is None:
        return None
    for place, _, files in sorted(os.walk(folder)):
        if file_name in files and "Starter" not in place:
            for script in scripts_of(os.path.join(place, file_name)):
                if script.name == name:
                    return script
    raise AssertionError("no script " + name)


def test_corpus_tasks():
    host = start()
    script = corpus_script("BDC_Load.dtsx", "Prepare curl CLI")
    if script is None:
        print("    (no corpus)")
        return
    assert load(host, script)["from"] == "binary"
    host.answers["var_get"] = lambda h, p: {"value": {"t": "String", "v": "pw"}}
    reply = run_task(host, variables=[variable("CurlCliArgumentsPattern", "String", {"t": "String", "v": "-p {0} {1} {2}"}), variable("HDFSGatewayAddress", "String", {"t": "String", "v": "gate"}, namespace="$Package"),
                                      variable("HDFSRootPassword", "String", None, namespace="$Package", sensitive=True), variable("NewPeopleFlatFilePath", "String", {"t": "String", "v": "f.csv"}, namespace="$Package"),
                                      variable("CurlCliArguments", "String", {"t": "String", "v": ""}, "write")])
    assert reply["result"] == 0 and sets(host)[0]["value"]["v"] == "-p pw gate f.csv", host.seen
    assert load(host, corpus_script("EP_Datamart.dtsx", "scr_LoadDate"), 8)["from"] == "binary"
    run_task(host, 8, 22, [variable("dtLoadDate", "DateTime", {"t": "DateTime", "v": "0"}, "write", "SystemLog")])
    today = datetime.date.today().toordinal() - 1
    assert int(sets(host)[1]["value"]["v"]) == today * 864000000000, sets(host)
    with tempfile.TemporaryDirectory() as folder:
        for name, size in (("Ch07_03.txt", 3), ("Ch07_08.txt", 8), ("Ch07_10.txt", 10), ("other.txt", 10)):
            with open(os.path.join(folder, name), "w") as f:
                f.write("x" * size)
        other = start(paths=[{"from": "C:\\SSIS2016Cookbook", "to": folder}])
        assert load(other, corpus_script("FileSizes.dtsx", "FilesBySize"))["from"] == "binary"
        run_task(other, variables=[variable("intSize", "Int64", {"t": "Int64", "v": "5"}), variable("objList", "Object", None, "write")])
        items = other.call({"type": "object_items", "handle": sets(other)[0]["value"]["handle"]})["items"]
        assert sorted(os.path.basename(i["v"].replace("\\", "/")) for i in items) == ["Ch07_08.txt", "Ch07_10.txt"], items
        assert any("Matching files: 2" in m["text"] for m in other.events()), other.events()
        assert other.close() == 0
    assert host.close() == 0


def test_corpus_sources():
    script = corpus_script("DimTime.dtsx", "scr_src_Seconds")
    if script is None:
        print("    (no corpus)")
        return
    host = start()
    assert load(host, script, 8)["from"] == "binary"
    flow = Flow(host, open_of(script)).take_all()
    assert flow.failed is None, flow.failed
    first = [v for v in flow.column(0, 0)]
    base = (datetime.datetime(1900, 1, 1) - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)
    assert first == [base + i * 1000000 for i in range(86400)], (len(first), first[:3])
    flow.finish()
    script = corpus_script("ExecutionTrees.dtsx", "scr_src_OrderProvenance")
    load(host, script, 9)
    flow = Flow(host, open_of(script), 9, 51).take_all()
    assert flow.failed is None, flow.failed
    assert len(flow.column(0, 0)) == 2 and "Order placed online by customer" in flow.column(0, 1) + flow.column(0, 0), flow.out
    flow.finish()
    assert host.close() == 0


def test_corpus_transformations():
    script = corpus_script("DimCustomer.dtsx", "scr_CheckForDifferentColumns")
    if script is None:
        print("    (no corpus)")
        return
    host = start()
    load(host, script, 8)
    header = open_of(script)
    flow = Flow(host, header)
    names = [c["name"] for c in header["inputs"][0]["columns"]]
    values = {"CompanyName": ["A", "B", "C"], "DimCompanyName": ["A", "x", "C"], "SalesPerson": ["p"] * 3, "DimADWSalesPerson": ["p", "p", "q"]}
    flow.batch(0, [values.get(n, [None] * 3) for n in names], True)
    flow.take_all()
    assert flow.failed is None, flow.failed
    by_name = {o["name"]: flow.done[0][2][i] for i, o in enumerate(header["outputs"])}
    assert by_name == {"DifferentColumns": [1, 2], "SameColumns": [0]}, by_name
    flow.finish()
    script = corpus_script("Lesson 5.dtsx", "Get Error Description")
    load(host, script, 9)
    host.answers["error_description"] = lambda h, p: {"text": "Text of %d" % h["code"]}
    header = open_of(script)
    flow = Flow(host, header, 9, 51)
    flow.batch(0, [[-1071607778, None and 0 or 5] for c in header["inputs"][0]["columns"]], True)
    flow.take_all()
    assert flow.failed is None, flow.failed
    assert list(flow.done[0][1].values()) == [["Text of -1071607778", "Text of 5"]], flow.done
    flow.finish()
    assert host.close() == 0


def test_corpus_dates():
    first = corpus_script("DimDate.dtsx", "scr_src_CurrDate")
    if first is None:
        print("    (no corpus)")
        return
    host = start()
    load(host, first, 8)
    day = 864000000000
    begin = (datetime.date(2020, 2, 27).toordinal() - 1) * day
    dates = [variable("StartDate", "DateTime", {"t": "DateTime", "v": str(begin)}, namespace="$Project"), variable("EndDate", "DateTime", {"t": "DateTime", "v": str(begin + 4 * day)}, namespace="$Project")]
    flow = Flow(host, open_of(first, dates)).take_all()
    assert flow.failed is None, flow.failed
    assert [len(c) for b in flow.out[0] for c in b][0] == 4, flow.out
    flow.finish()
    assert host.close() == 0


def test_corpus_wrappers_fit_their_metadata():
    folder = corpus()
    if folder is None:
        print("    (no corpus)")
        return
    host = start()
    seen = 0
    for script in all_scripts(folder):
        if script.kind != "component" or not script.parts:
            continue
        seen += 1
        reply = host.call(*script.request("load", seen))
        if "refused" in reply:
            print("    refused: " + script.label() + ": " + reply["refused"][0]["text"])
            continue
        try:
            host.call(dict(open_of(script), script=seen, run=seen))
        except HostError as e:
            assert e.error["kind"] != "mismatch", (script.label(), e.error)
            print("    %s: %s: %s" % (script.label(), e.error.get("phase"), e.error["text"]))
    assert seen >= 20, seen
    assert host.close() == 0


# --- hostile input ---------------------------------------------------------------------------

def raw(data, greet=True):
    """Exit code and error output of a host that is sent some bytes."""
    host = Host(FOLDER, greet=greet)
    try:
        host.process.stdin.write(data)
        host.process.stdin.flush()
    except BrokenPipeError:
        pass
    code = host.close()
    return code, "\n".join(host.error_output)


def frame(text, payload=b""):
    return struct.pack("<II", 4 + len(text) + len(payload), len(text)) + text + payload


def test_hostile_frames_end_the_host_in_order():
    cases = [(b"\xff" * 64, "protocol error"), (struct.pack("<II", 0xFFFFFFFF, 10), "protocol error"), (struct.pack("<II", 3, 0), "protocol error"),
             (struct.pack("<II", 20, 17) + b"x" * 16, "protocol error"), (struct.pack("<II", 100, 50) + b"{}", "ends inside"), (frame(b"not json"), "JSON"),
             (frame(b"[1]"), "object"), (frame(b"[" * 100000), "protocol error"), (frame(b"{\"type\":5}"), "type"), (frame(b"\xff\xfe{}"), "protocol error"),
             (frame(b"{\"type\":\"nonsense\"}"), "unknown"), (frame(b"{\"type\":\"batch\",\"run\":1}"), "no component"), (frame(b"{\"type\":\"reply\"}"), None),
             (frame(b"{\"type\":\"start\",\"run\":99999999999}"), "no component"), (b"\x05\x00", "ends inside")]
    for data, text in cases:
        code, output = raw(data)
        if text is None:
            assert code == 0, (data[:20], code, output)
        else:
            assert code == 3 and text in output, (data[:40], code, output)
    assert raw(b"", greet=False)[0] == 0
    assert raw(frame(b"{\"type\":\"ping\",\"call\":1}"), greet=False)[0] == 3
    assert raw(frame(b"{\"type\":\"hello\",\"call\":1,\"protocol\":2}"), greet=False)[0] == 3


def test_hostile_requests_are_refused():
    host = start()
    for header in ({"type": "load", "script": 1, "parts": [{"part": "binary", "name": "x", "size": 10}]}, {"type": "load", "script": 1, "kind": "task", "parts": []},
                   {"type": "run_task", "script": 99, "run": 1}, {"type": "run_task"}, {"type": "open", "script": 99, "run": 1}, {"type": "nonsense"},
                   {"type": "execution"}, {"type": "object_items", "handle": 5}, {"type": "segment", "slot": 99, "size": 10, "path": "/nothing"},
                   {"type": "segment", "slot": 1, "size": 4096, "path": "/nothing"}):
        try:
            reply = host.call(header)
            assert "refused" in reply, (header, reply)
        except HostError as e:
            assert e.error["kind"] == "request", (header, e.error)
    for data in (b"MZ", b"MZ" + bytes(100000), os.urandom(5000), b""):
        reply = host.call({"type": "load", "script": 1, "kind": "task", "name": "x", "parts": [{"part": "binary", "name": "x.dll", "size": len(data)}]}, data)
        assert "refused" in reply, reply
    load(host, task("Dts.ExecutionValue = 1;"))
    for bad in ({"t": "Int32", "v": "x"}, {"t": "Nonsense"}, {"t": "Int64", "v": "abc"}, {"t": "Byte", "v": 300}, 5):
        load(host, task("object o = Dts.Variables[0].Value;"), 9)
        error = fails(lambda: run_task(host, 9, 300, [variable("A", "Object", bad)]))
        assert error["kind"] in ("request", "script"), error
    assert host.close() == 0


def test_hostile_batches_fail_the_component_only():
    header = component([("Input 0", [column("A", "i4", "read"), column("S", "wstr", "read", length=5)])], [("Output 0", [], {"synchronous": 0})])
    good = encode_column("i4", [1, 2])
    cases = [b"", b"\x00" * 8, good, struct.pack("<q", 3) + bytes(64), struct.pack("<q", -1) + bytes(64), good + struct.pack("<qIII", 0, 0, 5, 4) + bytes(64),
             good + struct.pack("<qIII", 0, 0, 5, 0x7FFFFFFF) + bytes(64), good + struct.pack("<qIII", 0, 1, 5, 6) + bytes(64)]
    for i, payload in enumerate(cases):
        host = start()
        load_component(host, header, "public override void Input0_ProcessInputRow(Input0Buffer Row) { var x = Row.S; }")
        flow = Flow(host, header)
        host.send({"type": "batch", "run": 50, "input": 0, "batch": 1, "rows": 2, "end": True}, payload)
        while flow.failed is None:
            flow.take()
        assert flow.failed["kind"] == "request", (i, flow.failed)
        flow.finish()
        assert host.close() == 0


def test_mutated_frames_never_crash_the_host():
    random = Random(5)
    header = component([("Input 0", [column("C " + k, k, "read_write", **PARAMETERS.get(k, {})) for k in SAMPLES])], [("Output 0", [column("O", "i4")], {"synchronous": 0, "exclusion_group": 1})])
    main = "public override void Input0_ProcessInputRow(Input0Buffer Row) { object o;\n"
    for k in SAMPLES:
        main += "if (!Row.C%s_IsNull) { o = %s; }\n" % (k, "Row.C%s.GetBlobData(0, (int)Row.C%s.Length)" % (k, k) if k in BLOBS else "Row.C%s = Row.C%s" % (k, k))
    good = b"".join(encode_column(k, [SAMPLES[k][0], None, SAMPLES[k][1]] * 5) for k in SAMPLES)
    host = None
    for turn in range(150):
        if host is None:
            host = start()
            load_component(host, header, main + "Row.DirectRowToOutput0(); }".replace("Output0", "Output0"))
        payload = bytearray(good)
        for _ in range(random.choice((1, 1, 2, 8, 50))):
            payload[random.randrange(len(payload))] = random.choice((0, 1, 127, 128, 255, random.randrange(256)))
        if random.random() < 0.2:
            payload = payload[:random.randrange(len(payload))]
        frame_header = {"type": "batch", "run": 1000 + turn, "input": 0, "batch": 1, "rows": random.choice((15, 15, 15, 14, 16, 0, 1 << 24, -1)), "end": True}
        host.call(dict(header, script=8, run=1000 + turn))
        host.send(frame_header, bytes(payload))
        answer, _ = host.messages.get(timeout=60)
        if answer is None:
            assert host.process.wait(timeout=20) == 3, host.error_output[-20:]
            host = None
            continue
        assert answer["type"] in ("batch_done", "failed"), answer
        host.call({"type": "finish", "run": 1000 + turn, "run_post_execute": False})
    text = frame(b'{"type":"execution","call":2,"culture":"en-US","paths":[{"from":"C:\\\\x","to":"/y"}],"libraries":[]}')
    for turn in range(40):
        data = bytearray(text)
        for _ in range(random.choice((1, 2, 5))):
            data[random.randrange(4, len(data))] = random.randrange(256)
        code, output = raw(bytes(data))
        assert code in (0, 3), (code, output)


def test_the_engine_goes_away_while_a_script_runs():
    host = start()
    load(host, task(STARTED + "while (true) { try { while (true) { } } catch (ThreadAbortException) { Thread.ResetAbort(); } }"))
    host.begin({"type": "run_task", "script": 7, "run": 21, "name": "t", "variables": [], "connections": []})
    while not host.events():
        time.sleep(0.01)
    assert host.close() == 0


def main():
    global FOLDER
    parser = argparse.ArgumentParser(description="Tests a script host through its protocol.")
    parser.add_argument("folder")
    parser.add_argument("--runtime", choices=("mono", "dotnet"), default="mono")
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    FOLDER, names = options.folder, options.names
    protocol_lib.RUNTIME = options.runtime
    tests = [(n, f) for n, f in globals().items() if n.startswith("test_") and (not names or any(x in n for x in names))]
    failed = 0
    for name, test in tests:
        began = time.time()
        try:
            test()
            print("ok      %-70s %5.1f s" % (name, time.time() - began))
        except Exception:
            failed += 1
            print("FAILED  " + name)
            traceback.print_exc()
    print("%d tests, %d failed" % (len(tests), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
