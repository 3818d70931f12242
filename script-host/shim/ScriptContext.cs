// What a running script needs of its surroundings, in one ambient object.
//
// Scripts were written for Windows. The rewriter moves their calls on files, message boxes, event
// logs and the like to this assembly; what these need of the host (where to report, which folder a
// drive letter means) they find in ScriptContext.Current. The host sets it on the thread of a
// script; it flows to the threads and tasks that the script starts. This assembly knows nothing of
// SSIS.

using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;

namespace Packmule.Script
{
    /// <summary>Which kind of event a report becomes.</summary>
    public enum ReportKind
    {
        /// <summary>OnInformation.</summary>
        Information,

        /// <summary>OnWarning.</summary>
        Warning,

        /// <summary>OnError; the task or component fails at its end.</summary>
        Error,
    }

    /// <summary>What the shims ask of the host. Called from any thread of a script.</summary>
    public interface IScriptHost
    {
        /// <summary>Raises an event of the running task or component.</summary>
        /// <param name="kind">Kind of event.</param>
        /// <param name="code">The event's code.</param>
        /// <param name="subComponent">Who speaks, for example "MessageBox".</param>
        /// <param name="text">The message.</param>
        void Report(ReportKind kind, int code, string subComponent, string text);

        /// <summary>The path of this computer for a path that a script wrote; null when the rules of
        /// <see cref="ScriptContext.Paths"/> are to decide.</summary>
        string MapPath(string path);

        /// <summary>An open ADO.NET connection of the engine.</summary>
        /// <param name="provider">The namespace of the classes that the script uses:
        /// "System.Data.OleDb", "System.Data.SqlClient" or "System.Data.Odbc".</param>
        /// <param name="connectionString">The script's connection string.</param>
        /// <exception cref="NotSupportedException">No driver serves it; with cause and remedy.</exception>
        DbConnection OpenDatabase(string provider, string connectionString);
    }

    /// <summary>State object of the ThreadAbortException that ends a script which called
    /// Environment.Exit.</summary>
    public sealed class ScriptExit
    {
        /// <summary>The exit code that the script gave.</summary>
        public int Code { get; private set; }

        /// <summary>Made by the shim of Environment.Exit.</summary>
        public ScriptExit(int code)
        {
            Code = code;
        }
    }

    /// <summary>The surroundings of one running script.</summary>
    public sealed class ScriptContext
    {
        private static readonly AsyncLocal<ScriptContext> Ambient = new AsyncLocal<ScriptContext>();
        private static readonly ScriptContext Alone = new ScriptContext();
        private readonly HashSet<string> _said = new HashSet<string>(StringComparer.Ordinal);
        private string _currentDirectory = Environment.CurrentDirectory;
        private IScriptHost _host = new ErrorOutputHost();
        private PathMap _paths = new PathMap(new KeyValuePair<string, string>[0]);

        /// <summary>The context of this thread; never null. Without a host reports go to the error
        /// output.</summary>
        public static ScriptContext Current
        {
            get { return Ambient.Value ?? Alone; }
            set { Ambient.Value = value; }
        }

        /// <summary>Name of the task or component, for messages.</summary>
        public string Name { get; set; }

        /// <summary>The host's call-backs.</summary>
        public IScriptHost Host
        {
            get { return _host; }
            set { _host = value ?? new ErrorOutputHost(); }
        }

        /// <summary>Rules from Windows paths to paths of this computer.</summary>
        public PathMap Paths
        {
            get { return _paths; }
            set { _paths = value ?? new PathMap(new KeyValuePair<string, string>[0]); }
        }

        /// <summary>What text writers end a line with, and Environment.NewLine. Scripts and the
        /// readers of their files expect CR LF, which is the default.</summary>
        public string NewLine { get; set; } = "\r\n";

        /// <summary>Encoding.Default and the page of VB's Chr and Asc; null = the ANSI page of the
        /// thread's culture, as on Windows.</summary>
        public Encoding AnsiEncoding { get; set; }

        /// <summary>MessageBox and MsgBox throw InvalidOperationException, as under a Windows
        /// service, in place of answering.</summary>
        public bool StrictMessageBox { get; set; }

        /// <summary>The code given to Environment.Exit; null while the script did not call it.</summary>
        public int? ExitCode { get; set; }

        /// <summary>The folder that relative paths start from. Kept for each script, since several
        /// scripts share the process.</summary>
        public string CurrentDirectory
        {
            get { return _currentDirectory; }
            set { _currentDirectory = value ?? Environment.CurrentDirectory; }
        }

        /// <summary>The page that counts as ANSI here.</summary>
        public Encoding Ansi
        {
            get
            {
                if (AnsiEncoding != null) return AnsiEncoding;
                var page = CultureInfo.CurrentCulture.TextInfo.ANSICodePage;
                if (page == 0 || CultureInfo.CurrentCulture.Equals(CultureInfo.InvariantCulture)) page = 1252;
                try
                {
                    return Encoding.GetEncoding(page);
                }
                catch (NotSupportedException)
                {
                    return Encoding.UTF8;
                }
            }
        }

        /// <summary>The path of this computer for a path that a script wrote.</summary>
        /// <exception cref="IOException">A share without mapping, or an ambiguous name.</exception>
        public string Map(string path)
        {
            return Host.MapPath(path) ?? Paths.Map(path, this);
        }

        /// <summary>Reports something once for each script and text.</summary>
        public void ReportOnce(ReportKind kind, string subComponent, string text)
        {
            lock (_said)
            {
                // A script that makes up names without end must not fill the memory.
                if (_said.Count > 1000 || !_said.Add(text)) return;
            }
            Host.Report(kind, 0, subComponent, text);
        }

        private sealed class ErrorOutputHost : IScriptHost
        {
            public void Report(ReportKind kind, int code, string subComponent, string text)
            {
                Console.Error.WriteLine("{0}: {1}: {2}", kind, subComponent, text);
            }

            public string MapPath(string path)
            {
                return null;
            }

            public DbConnection OpenDatabase(string provider, string connectionString)
            {
                throw new NotSupportedException("no engine serves connections of " + provider + " here");
            }
        }
    }
}
