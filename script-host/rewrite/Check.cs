// What was found about a script before anything of it runs.

using System.Collections.Generic;
using System.Linq;

namespace Packmule.Script.Rewrite
{
    /// <summary>Something that a script needs and that is missing, refused or different.</summary>
    public sealed class Finding
    {
        /// <summary>Simple name of the assembly.</summary>
        public string Assembly { get; internal set; }

        /// <summary>The type or member, as .NET writes it; empty for a whole assembly.</summary>
        public string Member { get; internal set; }

        /// <summary>Cause and remedy.</summary>
        public string Advice { get; internal set; }

        /// <summary>The first method of the script that uses it; empty when only a signature does.</summary>
        public string Where { get; internal set; }

        /// <summary>Whether the script cannot run because of it.</summary>
        public bool Refuses { get; internal set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            if (string.IsNullOrEmpty(Assembly)) return Advice;
            var what = string.IsNullOrEmpty(Member) ? "assembly " + Assembly : Assembly + ": " + Member;
            return what + (string.IsNullOrEmpty(Where) ? "" : " (used in " + Where + ")") + ": " + Advice;
        }
    }

    /// <summary>The answer about one script binary.</summary>
    public sealed class ScriptCheck
    {
        private readonly List<Finding> _findings = new List<Finding>();

        /// <summary>What was found; with nothing that refuses, the script can run.</summary>
        public IList<Finding> Findings
        {
            get { return _findings; }
        }

        /// <summary>Whether it can run.</summary>
        public bool Runs
        {
            get { return !_findings.Any(f => f.Refuses); }
        }

        /// <summary>Built for SSIS 2005: needs the objects with "90" in their names.</summary>
        public bool Is2005 { get; internal set; }

        /// <summary>Full name of the class with the entry point; null when there is none.</summary>
        public string EntryClass { get; internal set; }

        /// <summary>The run time that it was built for, as "v2.0.50727".</summary>
        public string TargetRuntime { get; internal set; }

        /// <summary>The assembly's name before it was made unique.</summary>
        public string AssemblyName { get; internal set; }
    }
}
