// What the host puts in place once for the whole process.

using System;
using System.Collections.Generic;
using System.Data.Common;
using System.IO;
using System.Reflection;
using System.Text;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>Process-wide settings.</summary>
    internal static class Hooks
    {
        internal static void Install(Func<Execution> execution)
        {
            AppDomain.CurrentDomain.AssemblyResolve += (sender, args) => Resolve(execution(), args.Name);
            ConnectionSlot.WrapConnection = Wrap;
            EngineRows.MakeRecordset = rows => new ADODB.RecordsetClass(rows);
            Console.SetOut(TextWriter.Synchronized(new ConsoleLog()));
            Console.SetError(TextWriter.Synchronized(new ConsoleLog()));
            Console.SetIn(TextReader.Null);
        }

        /// <summary>The error output of the process itself.</summary>
        internal static readonly TextWriter ErrorOutput;

        // Not as an initializer: .NET may run those later, when Console.Error is a script's already.
        static Hooks()
        {
            ErrorOutput = Console.Error;
        }

        private static Assembly Resolve(Execution execution, string name)
        {
            var libraries = execution == null ? Execution.OwnLibraries.Value : execution.Libraries;
            return libraries.Load(name);
        }

        private static object Wrap(string kind, DbConnection connection)
        {
            return Packmule.Script.Data.ShimConnections.Wrap(ConnectionSlot.ProviderOf(kind), connection);
        }

        /// <summary>What a script writes to the console, line by line to the log.</summary>
        private sealed class ConsoleLog : TextWriter
        {
            private const int MaximumLine = 8192;
            private readonly Dictionary<ScriptContext, StringBuilder> _lines = new Dictionary<ScriptContext, StringBuilder>();

            public override Encoding Encoding
            {
                get { return Encoding.UTF8; }
            }

            public override void Write(char value)
            {
                var context = ScriptContext.Current;
                StringBuilder line;
                if (!_lines.TryGetValue(context, out line))
                {
                    if (_lines.Count > 1000) _lines.Clear();
                    _lines[context] = line = new StringBuilder();
                }
                if (value != '\n')
                {
                    if (value != '\r') line.Append(value);
                    if (line.Length < MaximumLine) return;
                }
                var text = line.ToString();
                line.Clear();
                if (text.Length == 0) return;
                if (context.Host is ScriptRun) context.Host.Report(ReportKind.Information, 0, "Console", text);
                else ErrorOutput.WriteLine(text);
            }
        }
    }
}
