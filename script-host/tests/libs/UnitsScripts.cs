// Whole scripts: compiled, checked, rewritten, loaded and run; recordsets and databases. See Units.cs.

using System;
using System.Collections.Generic;
using System.Data;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Xml.Linq;
using Packmule.Script;
using Packmule.Script.Rewrite;

internal static partial class Units
{
    private static Libraries _libraries;

    private static Libraries Libs
    {
        get
        {
            if (_libraries != null) return _libraries;
            _libraries = new Libraries(Path.GetDirectoryName(typeof(Units).Assembly.Location), new string[0]);
            AppDomain.CurrentDomain.AssemblyResolve += (s, e) => _libraries.Load(e.Name);
            return _libraries;
        }
    }

    private static MethodInfo Load(string body, out ScriptCheck check)
    {
        var source = "using System; using System.IO; using System.Text; using System.Linq; using System.Data; using System.Diagnostics; using System.Runtime.InteropServices;\n"
            + "public class ScriptMain { " + body + " }";
        IList<string> errors;
        var dll = Compiler.Compile(new[] { new SourceFile("ScriptMain.cs", source) }, Libs, out errors);
        if (dll == null) throw new InvalidOperationException(string.Join("\n", errors.ToArray()));
        var bytes = Rewriter.Rewrite(dll, Libs, out check);
        if (bytes == null) return null;
        return Assembly.Load(bytes).GetType(check.EntryClass).GetMethod("Main");
    }

    private static object Run(string body, object argument = null)
    {
        ScriptCheck check;
        var main = Load("public static object Main(object arg) { " + body + " }", out check);
        if (main == null) throw new InvalidOperationException(string.Join("\n", check.Findings.Select(f => f.ToString()).ToArray()));
        try
        {
            return main.Invoke(null, new[] { argument });
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException;
        }
    }

    private static void Scripts()
    {
        var host = Begin("scripts");
        Is((object)"a\r\nb\r\n", Run(@"using (var w = new StreamWriter(@""C:\Data\x.txt"")) { w.WriteLine(""a""); w.WriteLine(""b""); } using (var r = new StreamReader(@""c:\data\X.TXT"")) return r.ReadToEnd();"), "StreamWriter and StreamReader");
        Is((object)@"C:\Data\x.txt 6", Run(@"var f = new DirectoryInfo(@""C:\Data"").GetFiles(""*.txt"").OrderBy(i => i.LastWriteTime).First(); return f.FullName + "" "" + f.Length;"), "FileInfo in LINQ");
        Is((object)"\r\n", Run("return Environment.NewLine;"), "Environment.NewLine");
        Is((object)"x\r\n", Run("return new StringBuilder().AppendLine(\"x\").ToString();"), "StringBuilder.AppendLine");
        Is((object)@"C:\Data\y", Run(@"return ""C:\\Data"" + Path.DirectorySeparatorChar + ""y"";"), "Path.DirectorySeparatorChar");
        Is((object)"<a />", Run(@"var d = new System.Xml.XmlDocument(); d.LoadXml(""<a/>""); d.Save(@""C:\Data\a.xml""); var e = new System.Xml.XmlDocument(); e.Load(@""c:\DATA\A.xml""); return e.OuterXml;"), "XmlDocument");
        Is((object)4L, Run(@"using (var s = new FileStream(@""C:\Data\b.bin"", FileMode.Create)) { s.Write(new byte[4], 0, 4); return s.Length; }"), "FileStream");
        Is((object)"2 3", Run(@"Func<string, bool> exists = File.Exists; Func<string, StreamReader> open = p => new StreamReader(p); return new[] { @""C:\Data\x.txt"", @""C:\Data\b.bin"", @""C:\none"" }.Count(exists) + "" "" + new[] { @""C:\Data\x.txt"" }.Sum(p => { using (var r = open(p)) return r.ReadToEnd().Split('\r').Length; });"), "methods as delegates");
        host.Said.Clear();
        Is((object)6, Run("return (int)System.Windows.Forms.MessageBox.Show(\"text\", \"title\", System.Windows.Forms.MessageBoxButtons.YesNo);"), "MessageBox answers Yes");
        Is("Information 0 MessageBox MessageBox: title: text", host.Said.Single(), "and is reported");
        Run("EventLog.WriteEntry(\"source\", \"message\", EventLogEntryType.Error, 7); return null;");
        Is("Warning 7 EventLog EventLog: source: Error: message", host.Said.Last(), "EventLog is reported");
        ScriptContext.Current.StrictMessageBox = true;
        Throws<InvalidOperationException>(() => Run("System.Windows.Forms.MessageBox.Show(\"text\"); return null;"), "a strict message box");
        Exits();
        host.Said.Clear();
        Run("var t = new System.Threading.Thread(() => { throw new ApplicationException(\"left\"); }); t.Start(); t.Join(); return null;");
        Contains("ApplicationException: left", host.Said.Single(), "an exception that leaves a thread of the script");
        Packages();
        Is((object)"2026-07-01 08:00", Run("return TimeZoneInfo.ConvertTimeBySystemTimeZoneId(new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc), \"Eastern Standard Time\").ToString(\"yyyy-MM-dd HH:mm\");"), "a time zone of Windows");
        InCulture("de-DE", () => Is((object)"1,5", Run("var x = \"\"; var t = new System.Threading.Thread(() => x = 1.5.ToString()); t.Start(); t.Join(); return x;"), "the culture flows to threads"));
        Old();
        Embedded();
        Is((object)"Ansi 1252", Run("return \"Ansi \" + Encoding.Default.CodePage;"), "Encoding.Default");
        InCulture("ru-RU", () => Is((object)1251, Run("return Encoding.Default.CodePage;"), "Encoding.Default in Russian"));
        Is((object)"thread", Run(@"var text = """"; var t = new System.Threading.Thread(() => { text = File.Exists(@""C:\Data\x.txt"") ? ""thread"" : ""lost""; }); t.Start(); t.Join(); return text;"), "the context flows to threads");
    }

    /// <summary>A binary that names the assemblies of SSIS 2005.</summary>
    private static void Old()
    {
        IList<string> errors;
        var dll = Compiler.Compile(new[] { new SourceFile("ScriptMain.cs", "public class ScriptMain : Microsoft.SqlServer.Dts.Pipeline.ScriptComponent { }") }, Libs, out errors);
        var module = Mono.Cecil.ModuleDefinition.ReadModule(new MemoryStream(dll));
        module.Assembly.Name.Name = "VBAssembly";
        foreach (var reference in module.AssemblyReferences.Where(r => r.Name.StartsWith("Microsoft.SqlServer", StringComparison.Ordinal))) reference.Version = new Version(9, 0, 242, 0);
        var old = new MemoryStream();
        module.Write(old);
        ScriptCheck check;
        var type = Assembly.Load(Rewriter.Rewrite(old.ToArray(), Libs, out check)).GetType("ScriptMain");
        Is(true, check.Is2005, "a binary of 2005");
        Is("Microsoft.SqlServer.TxScript.90", type.BaseType.Assembly.GetName().Name, "its base class");
        Is("VBAssembly", check.AssemblyName, "its name");
        Is(true, type.Assembly.GetName().Name.StartsWith("VBAssembly_", StringComparison.Ordinal), "its own name here");
    }

    private static void Packages()
    {
        Run(@"var p = new Microsoft.SqlServer.Dts.Runtime.Package(); p.Name = ""Made"";
            p.Variables.Add(""sql"", false, ""User"", ""SELECT 1""); p.Variables.Add(""n"", true, ""User"", 7);
            var c = p.Connections.Add(""OLEDB""); c.Name = ""Conn""; c.ConnectionString = ""Data Source=srv;Provider=SQLNCLI11.1;"";
            var a = (Microsoft.SqlServer.Dts.Runtime.Sequence)p.Executables.Add(""STOCK:Sequence""); a.Name = ""A"";
            var b = (Microsoft.SqlServer.Dts.Runtime.Sequence)p.Executables.Add(""STOCK:Sequence""); b.Name = ""B"";
            p.PrecedenceConstraints.Add(a, b).Value = Microsoft.SqlServer.Dts.Runtime.DTSExecResult.Failure;
            new Microsoft.SqlServer.Dts.Runtime.Application().SaveToXml(@""C:\Data\Made.dtsx"", p, null); return null;");
        var root = System.Xml.Linq.XElement.Load(ScriptContext.Current.Map(@"C:\Data\Made.dtsx"));
        System.Xml.Linq.XNamespace dts = "www.microsoft.com/SqlServer/Dts";
        Is("Made", (string)root.Attribute(dts + "ObjectName"), "a package that a script made");
        var constraint = root.Element(dts + "PrecedenceConstraints").Elements().Single();
        Is(@"Package\A Package\B 1", (string)constraint.Attribute(dts + "From") + " " + (string)constraint.Attribute(dts + "To") + " " + (string)constraint.Attribute(dts + "Value"), "its constraint");
        Is("8 SELECT 1,3 7", string.Join(",", root.Element(dts + "Variables").Elements().Elements().Select(v => (string)v.Attribute(dts + "DataType") + " " + v.Value).ToArray()), "its variables");
    }

    private static void Exits()
    {
        Exception caught = null;
        object state = null;
        var context = ScriptContext.Current;
        var thread = new Thread(() =>
        {
            ScriptContext.Current = context;
            try
            {
                Run("try { Environment.Exit(3); } catch (Exception) { } return null;");
            }
            catch (ThreadAbortException e)
            {
                caught = e;
                state = e.ExceptionState;
                Platform.ResetAbort();
            }
        });
        thread.Start();
        thread.Join();
        Is(3, context.ExitCode ?? -1, "Environment.Exit leaves its code");
        if (Platform.IsMono) Is(true, caught != null && state is ScriptExit, "and ends the thread, whatever the script catches");
    }

    /// <summary>Assemblies that the user gives.</summary>
    private static void UserAssemblies()
    {
        Begin("assemblies");
        IList<string> errors;
        var helper = Compiler.Compile(new[] { new SourceFile("Helper.cs", "using System.IO; public static class Helper { public static long Write(string path) { using (var w = new StreamWriter(path)) w.WriteLine(\"x\"); return new FileInfo(path).Length; } public static string Name(FileInfo f) { return f.FullName; } }") }, Libs, out errors);
        var folder = Path.Combine(_folder, "given");
        Directory.CreateDirectory(folder);
        var module = Mono.Cecil.ModuleDefinition.ReadModule(new MemoryStream(helper));
        module.Assembly.Name.Name = "Helper";
        module.Write(Path.Combine(folder, "Helper.dll"));
        File.WriteAllText(Path.Combine(folder, "Native.dll"), "MZ no assembly");
        var libraries = new Libraries(Libs.HostFolder, new[] { folder });
        AppDomain.CurrentDomain.AssemblyResolve += (s, e) => libraries.Load(e.Name);
        var source = "using System.IO; public class ScriptMain { public static object Main(object arg) { return Helper.Write(@\"C:\\Data\\h.txt\") + Helper.Name(new FileInfo(@\"C:\\Data\\h.txt\")); } }";
        var project = "<Project><ItemGroup><Reference Include=\"Helper, Version=1.0.0.0\" /></ItemGroup></Project>";
        var dll = Compiler.Compile(new[] { new SourceFile("main.cs", source), new SourceFile("x.csproj", project) }, libraries, out errors);
        Is("", string.Join("/", errors.ToArray()), "compiled against the user's assembly");
        ScriptCheck check;
        var bytes = Rewriter.Rewrite(dll, libraries, out check);
        Is("", string.Join("/", check.Findings.Select(f => f.ToString()).ToArray()), "findings");
        Is((object)@"3C:\Data\h.txt", Assembly.Load(bytes).GetType("ScriptMain").GetMethod("Main").Invoke(null, new object[] { null }), "paths of the user's assembly are mapped");
        Throws<BadImageFormatException>(() => libraries.Find("Native"), "a file that is no assembly");
        check = null;
        Rewriter.Rewrite(dll, Libs, out check);
        Contains("--assemblies", check.Findings.Single().ToString(), "without the folder");
    }

    private static string Refusal(string members)
    {
        ScriptCheck check;
        if (Load(members, out check) != null) return "runs";
        return string.Join(" / ", check.Findings.Select(f => f.ToString()).ToArray());
    }

    private static void Contains(string part, string text, string what)
    {
        _done++;
        if (text.IndexOf(part, StringComparison.Ordinal) >= 0) return;
        _failed++;
        Console.WriteLine("FAILED {0}: '{1}' is not in '{2}'", what, part, text);
    }

    private static void Refusals()
    {
        Contains("Execute Process Task", Refusal("public void Main() { Process.Start(\"cmd.exe\"); }"), "Process.Start");
        Contains("ScriptMain.Main", Refusal("public void Main() { Process.Start(\"cmd.exe\"); }"), "names the method");
        Contains("registry", Refusal("public void Main() { Microsoft.Win32.Registry.GetValue(\"a\", \"b\", null); }"), "Registry");
        Contains("kernel32", Refusal("[DllImport(\"kernel32.dll\")] static extern int GetTickCount(); public void Main() { GetTickCount(); }"), "P/Invoke");
        Contains("COM", Refusal("public void Main() { Activator.CreateInstance(Type.GetTypeFromProgID(\"Excel.Application\")); }"), "COM");
        Contains("handed", Refusal("class W : StreamWriter { public W(string p) : base(p) { } } public void Main() { new W(\"x\"); }").Replace("hands it", "handed"), "a derived writer");
        ScriptCheck check;
        Is(true, Rewriter.Rewrite(new byte[] { 1, 2, 3 }, Libs, out check) == null && !check.Runs, "no assembly at all");
        var random = new Random(1);
        var dll = File.ReadAllBytes(typeof(ScriptContext).Assembly.Location);
        for (var i = 0; i < 200; i++)
        {
            var damaged = (byte[])dll.Clone();
            for (var k = 0; k < 20; k++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Rewriter.Rewrite(damaged, Libs, out check);
            Rewriter.Rewrite(damaged.Take(random.Next(damaged.Length)).ToArray(), Libs, out check);
        }
        _done++;
    }

    /// <summary>What a compiler makes of ADODB with "Embed Interop Types".</summary>
    private const string EmbeddedAdo = @"
        [ComImport, Guid(""00000555-0000-0010-8000-00AA006D2EA4""), System.Runtime.InteropServices.TypeIdentifier] public interface _Recordset { void _VtblGap1_3(); bool EOF { get; } Fields Fields { get; } void MoveNext(); }
        [ComImport, Guid(""00000556-0000-0010-8000-00AA006D2EA4""), System.Runtime.InteropServices.TypeIdentifier] public interface Recordset : _Recordset { }
        [ComImport, Guid(""00000564-0000-0010-8000-00AA006D2EA4""), System.Runtime.InteropServices.TypeIdentifier] public interface Fields : System.Collections.IEnumerable { Field this[object Index] { get; } }
        [ComImport, Guid(""00000569-0000-0010-8000-00AA006D2EA4""), System.Runtime.InteropServices.TypeIdentifier] public interface Field { object Value { get; } @@ }";

    private static void Embedded()
    {
        var body = "public static object Main(object arg) { var list = new System.Collections.Generic.List<ADODB.Recordset>(); list.Add((ADODB.Recordset)arg); var s = \"\"; ADODB.Recordset[] all = list.ToArray(); while (!all[0].EOF) { s += all[0].Fields[\"Id\"].Value; all[0].MoveNext(); } return s; } } namespace ADODB { ";
        ScriptCheck check;
        var main = Load(body + EmbeddedAdo.Replace("@@", ""), out check);
        Is((object)"123", main == null ? string.Join("/", check.Findings.Select(f => f.ToString()).ToArray()) : main.Invoke(null, new object[] { new ADODB.RecordsetClass(ThreeRows()) }), "embedded ADODB");
        main = Load(body.Replace("return s", "return all[0].Fields[0].DataFormat") + EmbeddedAdo.Replace("@@", "object DataFormat { get; }"), out check);
        Contains("DataFormat", check.Findings.Single().ToString(), "an embedded member that is not here");
    }

    private static MemoryRowSet ThreeRows()
    {
        var columns = new[]
        {
            new RowSetColumn { Name = "Id", ClrType = typeof(int), AdoType = 3 },
            new RowSetColumn { Name = "Name", ClrType = typeof(string), AdoType = 202, Size = 10 },
        };
        return new MemoryRowSet(columns, new[] { new object[] { 1, "a" }, new object[] { 2, DBNull.Value }, new object[] { 3, "c" } });
    }

    private static void RecordSets()
    {
        var set = new ADODB.RecordsetClass(ThreeRows());
        Is((object)"3 1 a", Run("var t = new DataTable(); var n = new System.Data.OleDb.OleDbDataAdapter().Fill(t, arg); return n + \" \" + t.Rows[0][\"Id\"] + \" \" + t.Rows[0][1];", set), "OleDbDataAdapter.Fill");
        Is(true, set.EOF, "the recordset stands at its end then");
        set.MoveFirst();
        Is((object)"1:a;2:;3:c;", Run("var r = (ADODB.Recordset)arg; var s = \"\"; while (!r.EOF) { s += r.Fields[\"id\"].Value + \":\" + r.Fields[1].Value + \";\"; r.MoveNext(); } return s;", set), "a loop over a recordset");
        Is(3, set.RecordCount, "RecordCount");
        set.MoveLast();
        Is((object)3, set.Fields["ID"].Value, "MoveLast");
        set.MovePrevious();
        Is(2, (int)set.AbsolutePosition, "AbsolutePosition");
        Is(true, set.Fields["Name"].Value is DBNull, "NULL is DBNull");
        set.MoveNext();
        set.MoveNext();
        Throws<System.Runtime.InteropServices.COMException>(() => { var x = set.Fields["Id"].Value; }, "no current row");
        Throws<System.Runtime.InteropServices.COMException>(() => { var x = set.Fields["None"]; }, "an unknown field");
        var made = (ADODB.Recordset)Run("var r = new ADODB.Recordset(); r.Fields.Append(\"N\", ADODB.DataTypeEnum.adInteger); r.Open(); for (var i = 0; i < 3; i++) { r.AddNew(); r.Fields[\"N\"].Value = i.ToString(); r.Update(); } r.MoveFirst(); r.Delete(); r.MoveNext(); return r;");
        Is((object)1, made.Fields["N"].Value, "a recordset of the script's own");
        Is(2, RowSets.From(made).RowCount, "its rows for the engine");
        Is("Table", RowSets.ToDataSet(ThreeRows()).Tables[0].TableName, "a data set's table");
        var table = new DataTable();
        table.Columns.Add("X", typeof(decimal));
        table.Rows.Add(1.5m);
        Is((object)1.5m, RowSets.From(table).GetValue(0, 0), "rows of a DataTable");
        Is(131, RowSets.From(table).Columns[0].AdoType, "their ADO type");
        Is(true, RowSets.From("text") == null, "a text has no rows");
    }

    private static void Databases()
    {
        Begin("databases");
        Throws<NotSupportedException>(() => Run("using (var c = new System.Data.OleDb.OleDbConnection(\"Provider=X\")) c.Open(); return null;"), "a provider that is not served");
        Is((object)"Closed srv db", Run("var c = new System.Data.SqlClient.SqlConnection(\"Server=srv;Initial Catalog=db\"); return c.State + \" \" + c.DataSource + \" \" + c.Database;"), "a connection that is not open");
        // SQLite stands for the engine's own connection, where Mono has it.
        if (Libs.FileOf("Mono.Data.Sqlite") == null) return;
        System.Data.Common.DbConnection inner;
        try
        {
            var type = Libs.Load("Mono.Data.Sqlite").GetType("Mono.Data.Sqlite.SqliteConnection");
            inner = (System.Data.Common.DbConnection)Activator.CreateInstance(type, "Data Source=:memory:");
            inner.Open();
        }
        catch (Exception)
        {
            Console.WriteLine("SQLite's library is not here: commands over a connection are not tested");
            return;
        }
        var open = Packmule.Script.Data.ShimConnections.Wrap("System.Data.SqlClient", inner);
        Is((object)"2 b 1", Run(@"var c = (System.Data.SqlClient.SqlConnection)arg;
            new System.Data.SqlClient.SqlCommand(""create table t (id int, name text)"", c).ExecuteNonQuery();
            var i = new System.Data.SqlClient.SqlCommand(""insert into t values (@id, @name)"", c);
            i.Parameters.Add(""@id"", SqlDbType.Int).Value = 1; i.Parameters.AddWithValue(""@name"", ""a""); i.ExecuteNonQuery();
            i.Parameters[""@id""].Value = 2; i.Parameters[""@name""].Value = ""b""; i.ExecuteNonQuery();
            var n = Convert.ToInt32(new System.Data.SqlClient.SqlCommand(""select count(*) from t"", c).ExecuteScalar());
            string name = null;
            using (var r = new System.Data.SqlClient.SqlCommand(""select * from t where id = 2"", c).ExecuteReader()) while (r.Read()) name = r.GetString(1);
            var table = new DataTable(); new System.Data.SqlClient.SqlDataAdapter(""select id from t where id < 2"", c).Fill(table);
            return n + "" "" + name + "" "" + table.Rows[0][0];", open), "commands over the engine's connection");
        Is((object)"2002 x 7", Run(@"var c = (System.Data.SqlClient.SqlConnection)arg;
            var t = new DataTable(); t.Columns.Add(""a"", typeof(string)); t.Columns.Add(""b"", typeof(int));
            for (var i = 0; i < 2000; i++) t.Rows.Add(i == 1999 ? null : ""x"", i + 7);
            var copy = new System.Data.SqlClient.SqlBulkCopy(c) { DestinationTableName = ""t"", BatchSize = 700 };
            copy.ColumnMappings.Add(""b"", ""ID""); copy.ColumnMappings.Add(0, ""name""); copy.WriteToServer(t);
            var first = new System.Data.SqlClient.SqlCommand(""select name || ' ' || id from t where name = 'x' order by id limit 1"", c).ExecuteScalar();
            return new System.Data.SqlClient.SqlCommand(""select count(*) from t"", c).ExecuteScalar() + "" "" + first;", open), "SqlBulkCopy");
    }
}
