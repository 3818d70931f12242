// One running script as the object model sees it: its variables and connections, events, log,
// cancellation. The assemblies with SSIS's names are thin layers over this.

using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Threading;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>Kinds of events, by their name in frames.</summary>
    public static class EventKinds
    {
#pragma warning disable 1591
        public const string Error = "error";
        public const string Warning = "warning";
        public const string Information = "information";
        public const string Progress = "progress";
        public const string Custom = "custom";
        public const string QueryCancel = "query_cancel";
#pragma warning restore 1591
    }

    /// <summary>What the engine says to an event.</summary>
    public struct EventAnswer
    {
        /// <summary>Whether to cancel.</summary>
        public bool Cancel;
        /// <summary>Whether anybody wants more of these.</summary>
        public bool Again;
    }

    /// <summary>A connection manager that a script sees.</summary>
    public sealed class ConnectionSlot
    {
        private readonly ScriptRun _run;

        /// <summary>Of a header.</summary>
        public ConnectionSlot(ScriptRun run, JsonObject from)
        {
            _run = run;
            Id = from.Text("id", "");
            Name = from.Text("name", "");
            Kind = from.Text("kind", "");
            Description = from.Text("description", "");
            Qualifier = from.Text("qualifier", "");
        }

        /// <summary>A manager that the script made; it lives in the script only.</summary>
        public ConnectionSlot(ScriptRun run, string kind)
        {
            _run = run;
            Id = Guid.NewGuid().ToString("B").ToUpperInvariant();
            Name = Id;
            Kind = kind;
            Description = Qualifier = "";
            LocalString = "";
        }

        /// <summary>GUID in braces.</summary>
        public string Id { get; private set; }
        /// <summary>Name.</summary>
        public string Name { get; private set; }
        /// <summary>CreationName.</summary>
        public string Kind { get; private set; }
        /// <summary>Description.</summary>
        public string Description { get; private set; }
        /// <summary>Qualifier.</summary>
        public string Qualifier { get; private set; }
        /// <summary>The string of a manager that the script made; null for others.</summary>
        public string LocalString { get; private set; }

        /// <summary>The effective connection string.</summary>
        public string GetString()
        {
            if (LocalString != null) return LocalString;
            return _run.Ask(new JsonObject("connection_get").Add("connection", Id)).Text("connection_string", "");
        }

        /// <summary>Sets the connection string for the rest of the execution.</summary>
        public void SetString(string value)
        {
            if (LocalString != null) LocalString = value ?? "";
            else Change("connection_string", value ?? "");
        }

        /// <summary>Sets the name.</summary>
        public void SetName(string value)
        {
            if (LocalString == null) Change("name", value);
            Name = value;
        }

        /// <summary>Sets the description.</summary>
        public void SetDescription(string value)
        {
            if (LocalString == null) Change("description", value);
            Description = value;
        }

        private void Change(string what, string value)
        {
            _run.Ask(new JsonObject("connection_set").Add("connection", Id).Add(what, value));
        }

        /// <summary>Acquires it: a path or other text, an open connection, a
        /// <see cref="ConnectionSettings"/>.</summary>
        public object Acquire()
        {
            if (LocalString != null) return AcquireLocal();
            var answer = _run.Ask(new JsonObject("acquire").Add("connection", Id));
            switch (answer.Text("kind"))
            {
                case "text":
                    return answer.Text("text", "");
                case "database":
                    var open = new EngineConnection(_run, answer.Int("database"), answer.Text("provider", ""), GetString());
                    return WrapConnection(Kind, open);
                case "settings":
                    return new ConnectionSettings(this, answer.Object("settings"));
                default:
                    throw new JsonException("unknown kind of connection \"" + answer.Text("kind") + "\"");
            }
        }

        /// <summary>Makes of an open connection the object that scripts cast to (SqlConnection …).</summary>
        public static Func<string, DbConnection, object> WrapConnection = (kind, connection) => connection;

        private object AcquireLocal()
        {
            if (Kind.StartsWith("ADO.NET", StringComparison.OrdinalIgnoreCase))
            {
                return WrapConnection(Kind, _run.OpenDatabase(ProviderOf(Kind), LocalString));
            }
            switch (Kind.ToUpperInvariant())
            {
                case "FILE":
                case "FLATFILE":
                case "SMTP": return LocalString;
                case "FTP":
                case "HTTP": return new ConnectionSettings(this, new JsonObject().Add("connection_string", LocalString));
                default:
                    throw new NotSupportedException("A connection manager of type " + Kind
                        + " that a script makes itself cannot be acquired here; make it in the package, or open a connection of System.Data by its string.");
            }
        }

        /// <summary>The ADO.NET provider that a CreationName names; SqlClient if none.</summary>
        public static string ProviderOf(string kind)
        {
            var colon = kind.IndexOf(':');
            var type = colon < 0 ? "" : kind.Substring(colon + 1);
            var comma = type.IndexOf(',');
            if (comma >= 0) type = type.Substring(0, comma);
            var dot = type.LastIndexOf('.');
            if (dot > 0) return type.Substring(0, dot).Trim();
            switch (type.Trim().ToUpperInvariant())
            {
                case "OLEDB": return "System.Data.OleDb";
                case "ODBC": return "System.Data.Odbc";
                case "ORACLE": return "System.Data.OracleClient";
                default: return "System.Data.SqlClient";
            }
        }

        /// <summary>Gives back what was acquired.</summary>
        public void Release(object connection)
        {
            var database = connection as IDisposable;
            if (database != null) database.Dispose();
            if (LocalString == null) _run.Send(new JsonObject("release").Add("connection", Id));
        }
    }

    /// <summary>What AcquireConnection of an FTP or HTTP manager gives: only good as the argument of
    /// FtpClientConnection and HttpClientConnection.</summary>
    public sealed class ConnectionSettings
    {
        private readonly JsonObject _settings;

        /// <summary>Of a manager and its settings.</summary>
        public ConnectionSettings(ConnectionSlot connection, JsonObject settings)
        {
            Connection = connection;
            _settings = settings ?? new JsonObject();
        }

        /// <summary>Its manager.</summary>
        public ConnectionSlot Connection { get; private set; }

        /// <summary>A setting.</summary>
        public string Get(string name, string otherwise)
        {
            return _settings.Text(name, otherwise);
        }
    }

    /// <summary>One running task or component.</summary>
    public class ScriptRun : IScriptHost
    {
        private const int MaximumSent = 256;
        private const long MaximumBytesSent = 4 << 20;

        private volatile bool _cancelled;
        private int _sent;
        private long _bytesSent;

        /// <summary>Of a link; the header names run, name, connections and variables.</summary>
        public ScriptRun(Link link, Values values, JsonObject from, Func<int, string, Exception> makeException)
        {
            Link = link;
            Values = values;
            MakeException = makeException;
            Id = from.Integer("run", -1);
            if (Id < 0) throw new JsonException("\"run\" is missing");
            Name = from.Text("name", "");
            Variables = new VariableList(this, from, 0);
        }

        /// <summary>The connection to the engine.</summary>
        public Link Link { get; private set; }
        /// <summary>Values.</summary>
        public Values Values { get; private set; }
        /// <summary>Number of the run.</summary>
        public long Id { get; private set; }
        /// <summary>Name of task or component.</summary>
        public string Name { get; private set; }
        /// <summary>The variables of the lists.</summary>
        public VariableList Variables { get; private set; }
        /// <summary>Makes the exception that a script gets for a code: DtsRuntimeException in tasks,
        /// COMException in components.</summary>
        public Func<int, string, Exception> MakeException { get; private set; }

        /// <summary>Whether the engine cancels this run.</summary>
        public bool Cancelled
        {
            get { return _cancelled; }
        }

        /// <summary>The engine cancels this run.</summary>
        public void Cancel()
        {
            _cancelled = true;
        }

        /// <summary>The exception for a code.</summary>
        public Exception Fail(int code, string text)
        {
            return MakeException(code, text);
        }

        /// <summary>Sends a message of this run that needs no reply. Now and then it waits for one all the
        /// same, so that a script that sends without end does not run away from the engine.</summary>
        public void Send(JsonObject message, NativeBuffer payload = null)
        {
            message.Add("run", Id);
            var bytes = Interlocked.Add(ref _bytesSent, payload == null ? 0 : payload.Length);
            if (Interlocked.Increment(ref _sent) < MaximumSent && bytes < MaximumBytesSent)
            {
                Link.Send(message, payload);
                return;
            }
            Interlocked.Exchange(ref _sent, 0);
            Interlocked.Exchange(ref _bytesSent, 0);
            try
            {
                Link.Call(message, payload).Dispose();
            }
            catch (EngineException e)
            {
                throw MakeException(e.Code, e.Message);
            }
        }

        /// <summary>Sends a message of this run that has columns.</summary>
        public void SendColumns(JsonObject message, NativeBuffer payload)
        {
            Link.SendColumns(message.Add("run", Id), payload);
        }

        /// <summary>Asks the engine something for this run; its refusal becomes the script's
        /// exception.</summary>
        public JsonObject Ask(JsonObject question)
        {
            using (var answer = Call(question)) return answer.Header;
        }

        /// <summary>As <see cref="Ask"/>, with the answer's payload.</summary>
        public Message Call(JsonObject question)
        {
            try
            {
                return Link.Call(question.Add("run", Id));
            }
            catch (EngineException e)
            {
                throw MakeException(e.Code, e.Message);
            }
        }

        /// <summary>Raises an event.</summary>
        public EventAnswer Raise(string kind, int code, string source, string text, Action<JsonObject> more = null)
        {
            var message = new JsonObject("event").Add("event", kind).Add("code", code).Add("source", source ?? "").Add("text", text ?? "");
            if (more != null) more(message);
            var answer = Ask(message);
            return new EventAnswer { Cancel = answer.Flag("cancel"), Again = answer.Flag("again", true) };
        }

        /// <summary>An error, warning or information, with its help file.</summary>
        public EventAnswer Raise(string kind, int code, string source, string text, string helpFile, int helpContext)
        {
            return Raise(kind, code, source, text, m =>
            {
                if (!string.IsNullOrEmpty(helpFile)) m.Add("help_file", helpFile).Add("help_context", helpContext);
            });
        }

        /// <summary>Progress.</summary>
        public EventAnswer RaiseProgress(string text, int percent, int low, int high, string source)
        {
            return Raise(EventKinds.Progress, 0, source, text, m => m.Add("percent", percent).Add("low", low).Add("high", high));
        }

        /// <summary>A custom event.</summary>
        public EventAnswer RaiseCustom(string name, string text, object[] arguments, string source)
        {
            return Raise(EventKinds.Custom, 0, source, text, m =>
            {
                var written = new List<object>();
                if (arguments != null)
                {
                    foreach (var argument in arguments) written.Add(Values.Write(argument));
                }
                m.Add("name", name).Add("arguments", written);
            });
        }

        /// <summary>Whether the task should end: the user cancels.</summary>
        public bool QueryCancel()
        {
            return _cancelled || Raise(EventKinds.QueryCancel, 0, "", "").Cancel;
        }

        /// <summary>A log entry of the script.</summary>
        public void Log(string text, int code, byte[] data)
        {
            NativeBuffer payload = null;
            if (data != null && data.Length > 0)
            {
                payload = new NativeBuffer(data.Length);
                payload.Append(data);
            }
            Send(new JsonObject("log").Add("log", "script").Add("code", code).Add("text", text ?? ""), payload);
        }

        /// <summary>Locks variables by name.</summary>
        public VariableList Lock(ICollection<string> reads, ICollection<string> writes)
        {
            var answer = Ask(new JsonObject("lock").Add("reads", reads).Add("writes", writes));
            var number = answer.Int("lock");
            if (number <= 0) throw new JsonException("a lock needs a number above 0");
            return new VariableList(this, answer, number);
        }

        /// <summary>The qualified name of a variable that exists; null if there is none.</summary>
        public string FindVariable(string name)
        {
            var answer = Ask(new JsonObject("var_find").Add("name", name ?? ""));
            return answer.Flag("found") ? answer.Text("qualified", name) : null;
        }

        /// <summary>Opens a database by the string of an ADO.NET provider.</summary>
        public DbConnection OpenDatabase(string provider, string connectionString)
        {
            var connection = new EngineConnection(this, provider) { ConnectionString = connectionString };
            connection.Open();
            return connection;
        }

        /// <inheritdoc/>
        string IScriptHost.MapPath(string path)
        {
            return null;
        }

        /// <inheritdoc/>
        void IScriptHost.Report(ReportKind kind, int code, string subComponent, string text)
        {
            var level = kind == ReportKind.Error ? "error" : kind == ReportKind.Warning ? "warning" : "information";
            Send(new JsonObject("log").Add("log", LogOf(subComponent)).Add("level", level).Add("code", code)
                .Add("source", subComponent).Add("text", text ?? ""));
        }

        private static string LogOf(string source)
        {
            switch (source)
            {
                case "MessageBox": return "message_box";
                case "EventLog": return "event_log";
                case "Console": return "console";
                default: return "host";
            }
        }
    }
}
