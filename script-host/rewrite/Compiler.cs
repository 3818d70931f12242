// Compiles C# scripts that have no usable binary, with mcs.
//
// Which files: those of "Compile Include" in the project file; when ScriptMain or main is not among
// them, all sources. References: by simple name, whatever version and path the project has.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
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

    /// <summary>Compiles C# with Mono's compiler.</summary>
    public static class Compiler
    {
        /// <summary>A script that takes longer has something wrong with it.</summary>
        private const int TimeoutMs = 60000;

        /// <summary>More messages than these help nobody.</summary>
        private const int ErrorsMax = 20;

        /// <summary>What the project file of a script need not name.</summary>
        private static readonly string[] Always =
        {
            "System", "System.Core", "System.Data", "System.Xml", "System.Xml.Linq", "Microsoft.CSharp", "System.AddIn", "ScriptForms", "ADODB", "Microsoft.VisualBasic",
            "Microsoft.SqlServer.ManagedDTS", "Microsoft.SqlServer.ScriptTask", "Microsoft.SqlServer.TxScript", "Microsoft.SqlServer.PipelineHost",
            "Microsoft.SqlServer.DTSPipelineWrap", "Microsoft.SqlServer.DTSRuntimeWrap",
        };

        /// <summary>Compiles a project.</summary>
        /// <param name="files">All files of the project; project files say what is compiled.</param>
        /// <param name="libraries">Where references are found.</param>
        /// <param name="errors">The compiler's errors with file and line; empty on success.</param>
        /// <returns>The assembly; null on failure.</returns>
        public static byte[] Compile(IList<SourceFile> files, Libraries libraries, out IList<string> errors)
        {
            var project = ProjectOf(files);
            var sources = SourcesOf(files, project);
            if (sources.Count == 0)
            {
                errors = new[] { "the project holds no C# source" };
                return null;
            }
            var folder = Path.Combine(Path.GetTempPath(), "packmule-script-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            try
            {
                return Run(folder, sources, ReferencesOf(project, libraries), out errors);
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        private static byte[] Run(string folder, IList<SourceFile> sources, IEnumerable<string> references, out IList<string> errors)
        {
            var output = Path.Combine(folder, "script.dll");
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            var response = new StringBuilder("-nologo\n-target:library\n-optimize+\n-unsafe+\n-nowarn:162,168,169,219,414,436,618,649,1591,1685,1701,1702\n");
            response.Append("-out:\"").Append(output).Append("\"\n");
            foreach (var reference in references) response.Append("-r:\"").Append(reference).Append("\"\n");
            for (var i = 0; i < sources.Count; i++)
            {
                var file = Path.Combine(folder, "s" + i + ".cs");
                File.WriteAllText(file, sources[i].Text, new UTF8Encoding(true));
                names.Add(file, sources[i].Name);
                response.Append('"').Append(file).Append("\"\n");
            }
            var responseFile = Path.Combine(folder, "options");
            File.WriteAllText(responseFile, response.ToString());
            errors = new List<string>();
            string text;
            if (!Start(folder, responseFile, out text))
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

        private static bool Start(string folder, string responseFile, out string text)
        {
            var start = new ProcessStartInfo("mcs", "@" + responseFile)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            };
            Process process;
            try
            {
                process = Process.Start(start);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                text = "the C# compiler is missing; install it with apt-get install mono-mcs";
                return false;
            }
            using (process)
            {
                // Threads of its own: scripts may keep all those of the pool busy.
                string error = "", output = "";
                var readers = new[]
                {
                    new Thread(() => error = process.StandardError.ReadToEnd()) { IsBackground = true },
                    new Thread(() => output = process.StandardOutput.ReadToEnd()) { IsBackground = true },
                };
                foreach (var reader in readers) reader.Start();
                if (!process.WaitForExit(TimeoutMs))
                {
                    process.Kill();
                    text = "the C# compiler did not end within " + TimeoutMs / 1000 + " seconds";
                    return false;
                }
                foreach (var reader in readers) reader.Join();
                text = output + "\n" + error;
                return true;
            }
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

        private static IList<SourceFile> SourcesOf(IList<SourceFile> files, XElement project)
        {
            var all = files.Where(f => IsSource(f)).ToList();
            if (project == null) return all;
            var wanted = new HashSet<string>(project.Descendants().Where(e => e.Name.LocalName == "Compile")
                .Select(e => (string)e.Attribute("Include")).Where(n => n != null).Select(Plain));
            var named = all.Where(f => wanted.Contains(Plain(f.Name)) || wanted.Contains(Plain(f.Name) + ".cs")).ToList();
            return named.Any(f => Plain(f.Name).EndsWith("main.cs", StringComparison.Ordinal)) ? named : all;
        }

        /// <summary>C# by name; the generated wrappers are stored without an extension in some versions.</summary>
        private static bool IsSource(SourceFile file)
        {
            var name = Plain(file.Name);
            return name.EndsWith(".cs", StringComparison.Ordinal) || name == "componentwrapper" || name == "bufferwrapper";
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
            // Forms of the same name in Mono's cache would bring a second MessageBox.
            names.Remove("System.Windows.Forms");
            names.Remove("mscorlib");
            return names.Select(libraries.FileOf).Where(f => f != null).OrderBy(f => f, StringComparer.Ordinal);
        }
    }
}
