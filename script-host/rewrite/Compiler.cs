// Compiles scripts that have no usable binary: C# with mcs on Mono, C# and Visual Basic with the
// compilers of a .NET SDK on .NET.
//
// Which files: those of "Compile Include" in the project file; when ScriptMain or main is not among
// them, all sources. References: by simple name, whatever version and path the project has.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml.Linq;

namespace Packmule.Script.Rewrite
{
    /// <summary>A file of a script's project.</summary>
    public sealed class SourceFile
    {
        /// <summary>Its name as the package has it, with either slash.</summary>
        public string Name { get; private set; }

        /// <summary>Its text.</summary>
        public string Text { get; private set; }

        /// <summary>A file.</summary>
        public SourceFile(string name, string text)
        {
            Name = name ?? "";
            Text = text ?? "";
        }
    }

    /// <summary>Compiles the projects of scripts.</summary>
    public static class Compiler
    {
        /// <summary>More messages than these help nobody.</summary>
        private const int ErrorsMax = 20;

        private const string CSharpOptions = "-unsafe+\n-nowarn:162,168,169,219,414,436,618,649,1591,1685,1701,1702\n";

        /// <summary>What the project file of a script need not name.</summary>
        private static readonly string[] Always =
        {
            "System", "System.Core", "System.Data", "System.Xml", "System.Xml.Linq", "Microsoft.CSharp", "System.AddIn", "ScriptForms", "ADODB", "Microsoft.VisualBasic",
            "Microsoft.SqlServer.ManagedDTS", "Microsoft.SqlServer.ScriptTask", "Microsoft.SqlServer.TxScript", "Microsoft.SqlServer.PipelineHost",
            "Microsoft.SqlServer.DTSPipelineWrap", "Microsoft.SqlServer.DTSRuntimeWrap",
        };

        /// <summary>Whether a compiler for Visual Basic is here.</summary>
        public static bool HasVisualBasic
        {
            get { return CompilerCommand.HasVisualBasic; }
        }

        /// <summary>Compiles a project in C#.</summary>
        public static byte[] Compile(IList<SourceFile> files, Libraries libraries, out IList<string> errors)
        {
            return Compile(files, false, libraries, out errors);
        }

        /// <summary>Compiles a project.</summary>
        /// <param name="files">All files of the project; project files say what is compiled.</param>
        /// <param name="isVisualBasic">Whether it is in Visual Basic, else in C#.</param>
        /// <param name="libraries">Where references are found.</param>
        /// <param name="errors">The compiler's errors with file and line; empty on success.</param>
        /// <returns>The assembly; null on failure.</returns>
        public static byte[] Compile(IList<SourceFile> files, bool isVisualBasic, Libraries libraries, out IList<string> errors)
        {
            var project = ProjectOf(files);
            var sources = SourcesOf(files, project, isVisualBasic ? ".vb" : ".cs");
            if (sources.Count == 0)
            {
                errors = new[] { "the project holds no " + (isVisualBasic ? "Visual Basic" : "C#") + " source" };
                return null;
            }
            var folder = Path.Combine(Path.GetTempPath(), "packmule-script-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            try
            {
                var options = isVisualBasic ? VisualBasicProject.OptionsOf(project, libraries) : CSharpOptions;
                var references = ReferencesOf(project, libraries);
                if (!Platform.IsMono) references = references.Concat(new[] { NamesReference.Write(folder, libraries) });
                return Run(folder, sources, options, references, new CompilerCommand(isVisualBasic), out errors);
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        private static byte[] Run(string folder, IList<SourceFile> sources, string options, IEnumerable<string> references, CompilerCommand command, out IList<string> errors)
        {
            var output = Path.Combine(folder, "script.dll");
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            var response = new StringBuilder("-nologo\n-target:library\n-optimize+\n").Append(options).Append(command.Options);
            response.Append("-out:\"").Append(output).Append("\"\n");
            foreach (var reference in references) response.Append("-r:\"").Append(reference).Append("\"\n");
            for (var i = 0; i < sources.Count; i++)
            {
                var file = Path.Combine(folder, "s" + i + command.Extension);
                File.WriteAllText(file, sources[i].Text, new UTF8Encoding(true));
                names.Add(file, sources[i].Name);
                response.Append('"').Append(file).Append("\"\n");
            }
            var responseFile = Path.Combine(folder, "options");
            File.WriteAllText(responseFile, response.ToString());
            errors = new List<string>();
            string text;
            if (!command.Run(folder, responseFile, out text))
            {
                errors.Add(text);
                return null;
            }
            foreach (var line in text.Split('\n').Where(l => l.Contains("error ")).Take(ErrorsMax))
            {
                var shown = line.Trim();
                foreach (var pair in names) shown = shown.Replace(pair.Key, pair.Value);
                errors.Add(shown);
            }
            if (errors.Count > 0 || !File.Exists(output))
            {
                if (errors.Count == 0) errors.Add("the compiler made nothing: " + text.Trim());
                return null;
            }
            return File.ReadAllBytes(output);
        }

        private static string Plain(string name)
        {
            return name.Replace('\\', '/').TrimStart('/').ToLowerInvariant();
        }

        private static XElement ProjectOf(IEnumerable<SourceFile> files)
        {
            foreach (var file in files.Where(f => f.Text.IndexOf("<Project", StringComparison.Ordinal) >= 0))
            {
                var text = file.Text.TrimStart('\uFEFF', ' ', '\r', '\n');
                // The text is text by now, whatever encoding its declaration names.
                if (text.StartsWith("<?xml", StringComparison.Ordinal)) text = text.Substring(text.IndexOf("?>", StringComparison.Ordinal) + 2);
                try
                {
                    var root = XElement.Parse(text);
                    if (root.Name.LocalName == "Project" && root.Descendants().Any(e => e.Name.LocalName == "Reference" || e.Name.LocalName == "Compile")) return root;
                }
                catch (System.Xml.XmlException)
                {
                    // A project that cannot be read leaves "all sources".
                }
            }
            return null;
        }

        private static IList<SourceFile> SourcesOf(IList<SourceFile> files, XElement project, string extension)
        {
            var all = files.Where(f => IsSource(f, extension)).ToList();
            if (project == null) return all;
            var wanted = new HashSet<string>(project.Descendants().Where(e => e.Name.LocalName == "Compile")
                .Select(e => (string)e.Attribute("Include")).Where(n => n != null).Select(Plain));
            var named = all.Where(f => wanted.Contains(Plain(f.Name)) || wanted.Contains(Plain(f.Name) + extension)).ToList();
            return named.Any(f => Plain(f.Name).EndsWith("main" + extension, StringComparison.Ordinal)) ? named : all;
        }

        /// <summary>By name; the generated wrappers are stored without an extension in some versions.</summary>
        private static bool IsSource(SourceFile file, string extension)
        {
            var name = Plain(file.Name);
            return name.EndsWith(extension, StringComparison.Ordinal) || name == "componentwrapper" || name == "bufferwrapper";
        }

        private static IEnumerable<string> ReferencesOf(XElement project, Libraries libraries)
        {
            var names = new HashSet<string>(Always, StringComparer.OrdinalIgnoreCase);
            if (project != null)
            {
                foreach (var reference in project.Descendants().Where(e => e.Name.LocalName == "Reference"))
                {
                    var include = (string)reference.Attribute("Include");
                    if (include != null) names.Add(include.Split(',')[0].Trim());
                }
            }
            names.Remove("mscorlib");
            var found = names.Select(libraries.FileOf).Where(f => f != null);
            if (!Platform.IsMono)
            {
                // Ours of what .NET leaves to packages; what signatures of our libraries name; all of .NET.
                var ours = libraries.Own.Where(n => n == "ScriptShim" || n.StartsWith("System.", StringComparison.Ordinal));
                found = found.Concat(ours.Select(libraries.FileOf)).Concat(libraries.FrameworkFiles);
            }
            return found.Distinct().OrderBy(f => f, StringComparer.Ordinal);
        }
    }
}
