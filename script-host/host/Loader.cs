// Makes a script of a package ready to run: chooses the stored binary or compiles, checks every
// reference, rewrites, loads.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Mono.Cecil;
using Packmule.Script.Rewrite;

namespace Packmule.ScriptHost
{
    /// <summary>A script that can run.</summary>
    internal sealed class LoadedScript
    {
        /// <summary>Whether it is a component.</summary>
        internal bool IsComponent;
        /// <summary>Name of task or component.</summary>
        internal string Name;
        /// <summary>Its assembly.</summary>
        internal Assembly Assembly;
        /// <summary>The class with the entry point.</summary>
        internal Type EntryType;
        /// <summary>Name of a task's method.</summary>
        internal string EntryMethod;
        /// <summary>Whether it is of SSIS 2005.</summary>
        internal bool Is2005;
    }

    /// <summary>Serves "load" and "check".</summary>
    internal sealed class Loader
    {
        private const int MaximumParts = 10000;

        private readonly Execution _execution;
        private readonly JsonObject _request;
        private readonly List<SourceFile> _sources = new List<SourceFile>();
        private readonly List<object> _refused = new List<object>();
        private readonly List<object> _warnings = new List<object>();
        private byte[] _binary;

        internal Loader(Execution execution, Message message)
        {
            _execution = execution;
            _request = message.Header;
            ReadParts(message);
        }

        private unsafe void ReadParts(Message message)
        {
            long at = 0;
            var count = 0;
            var available = message.Payload == null ? 0 : message.Payload.Length;
            foreach (var part in _request.Objects("parts"))
            {
                var size = part.Integer("size");
                if (size < 0 || size > available - at || ++count > MaximumParts) throw new JsonException("the parts do not fit the payload");
                var bytes = new byte[size];
                if (size > 0) Marshal.Copy((IntPtr)(message.Payload.Memory + at), bytes, 0, (int)size);
                at += size;
                switch (part.Text("part"))
                {
                    case "binary":
                        _binary = bytes;
                        break;
                    case "source":
                    case "project":
                        _sources.Add(new SourceFile(part.Text("name", ""), new UTF8Encoding(false, false).GetString(bytes)));
                        break;
                    default:
                        throw new JsonException("unknown part \"" + part.Text("part") + "\"");
                }
            }
        }

        /// <summary>Does it; <paramref name="script"/> is null when it cannot run or was only
        /// checked.</summary>
        internal JsonObject Run(bool keep, out LoadedScript script)
        {
            script = null;
            var prefer = _request.Text("prefer", "auto");
            byte[] ready = null;
            ScriptCheck check = null;
            string from = null;
            if (_binary != null && prefer != "source")
            {
                ready = Rewrite(_binary, out check);
                from = "binary";
            }
            var isVisualBasic = _request.Text("language", "CSharp") != "CSharp";
            if (ready == null && prefer != "binary" && _sources.Count > 0 && (!isVisualBasic || Compiler.HasVisualBasic))
            {
                ready = Compile(isVisualBasic, out check);
                if (ready != null) from = "source";
            }
            else if (ready == null && _binary == null)
            {
                Refuse("", "the script has no stored binary",
                    _sources.Count == 0 ? "the script was never edited; open and save it in the designer"
                        : "Visual Basic is compiled only on .NET, where an SDK is installed; open and save the script in the designer, so that the package carries its binary");
            }
            if (ready == null) return Refused();
            if (check.EntryClass == null)
            {
                Refuse("", "no class ScriptMain and no class with SSIS's entry point attribute", "open and save the script in the designer");
                return Refused();
            }
            _refused.Clear();
            foreach (var finding in check.Findings.Where(f => !f.Refuses)) _warnings.Add(Describe(finding));
            var generation = GenerationOf(ready, check);
            if (keep) script = Load(ready, check);
            return new JsonObject().Add("from", from).Add("entry_class", check.EntryClass).Add("generation", generation).Add("warnings", _warnings);
        }

        private byte[] Rewrite(byte[] binary, out ScriptCheck check)
        {
            var ready = Rewriter.Rewrite(binary, _execution.Libraries, out check);
            if (ready == null)
            {
                foreach (var finding in check.Findings.Where(f => f.Refuses)) _refused.Add(Describe(finding));
            }
            return ready;
        }

        private byte[] Compile(bool isVisualBasic, out ScriptCheck check)
        {
            check = null;
            IList<string> errors;
            var built = Compiler.Compile(_sources, isVisualBasic, _execution.Libraries, out errors);
            if (built == null)
            {
                foreach (var error in errors) Refuse("", error, "correct the source, or open and save the script in the designer, so that the package carries its binary");
                return null;
            }
            return Rewrite(built, out check);
        }

        private void Refuse(string assembly, string text, string advice)
        {
            _refused.Add(new JsonObject().Add("assembly", assembly).Add("member", "").Add("where", "").Add("text", text).Add("advice", advice));
        }

        private static JsonObject Describe(Finding finding)
        {
            return new JsonObject().Add("assembly", finding.Assembly ?? "").Add("member", finding.Member ?? "")
                .Add("where", finding.Where ?? "").Add("text", finding.ToString()).Add("advice", finding.Advice ?? "");
        }

        private JsonObject Refused()
        {
            return new JsonObject().Add("refused", _refused).Add("warnings", _warnings);
        }

        private static int GenerationOf(byte[] dll, ScriptCheck check)
        {
            if (check.Is2005) return 2005;
            using (var stream = new MemoryStream(dll, false))
            {
                foreach (var reference in ModuleDefinition.ReadModule(stream).AssemblyReferences)
                {
                    if (reference.Name.StartsWith("Microsoft.SqlServer.", StringComparison.OrdinalIgnoreCase) && reference.Version.Major == 10) return 2008;
                }
            }
            return 2012;
        }

        private LoadedScript Load(byte[] ready, ScriptCheck check)
        {
            // From bytes: an assembly loaded by name would be the same for every script of SSIS 2005.
            var assembly = Assembly.Load(ready);
            var entry = _request.Text("entry", "Main");
            return new LoadedScript
            {
                IsComponent = _request.Text("kind") == "component",
                Name = _request.Text("name", ""),
                Assembly = assembly,
                EntryType = assembly.GetType(check.EntryClass, true),
                EntryMethod = entry == "ScriptMain" ? "Main" : entry,
                Is2005 = check.Is2005,
            };
        }
    }
}
