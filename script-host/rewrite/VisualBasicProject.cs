// What the Visual Basic compiler is told about a script's project: root namespace, options, imports.
//
// Of the project file, with the defaults that it has without an entry. Documented at
// learn.microsoft.com, "Visual Basic compiler options".

using System;
using System.Linq;
using System.Text;
using System.Xml.Linq;

namespace Packmule.Script.Rewrite
{
    /// <summary>Options of a project for vbc.</summary>
    internal static class VisualBasicProject
    {
        private static readonly string[] Imports =
        {
            "Microsoft.VisualBasic", "System", "System.Collections", "System.Collections.Generic", "System.Data", "System.Diagnostics",
        };

        /// <summary>One option a line.</summary>
        public static string OptionsOf(XElement project, Libraries libraries)
        {
            var strict = Entry(project, "OptionStrict") == "On";
            var options = new StringBuilder("-nowarn\n");
            options.Append("-vbruntime:\"").Append(libraries.FileOf("Microsoft.VisualBasic")).Append("\"\n");
            options.Append("-rootnamespace:").Append(Entry(project, "RootNamespace") ?? "").Append('\n');
            options.Append("-optionstrict").Append(strict ? "+" : "-").Append('\n');
            options.Append("-optionexplicit").Append(Entry(project, "OptionExplicit") == "Off" ? "-" : "+").Append('\n');
            options.Append("-optioninfer").Append(Entry(project, "OptionInfer") == "Off" ? "-" : "+").Append('\n');
            options.Append("-optioncompare:").Append(Entry(project, "OptionCompare") == "Text" ? "text" : "binary").Append('\n');
            options.Append("-imports:").Append(string.Join(",", ImportsOf(project))).Append('\n');
            options.Append("-define:_MYTYPE=\\\"").Append(Entry(project, "MyType") ?? "Empty").Append("\\\"\n");
            return options.ToString();
        }

        /// <summary>The first entry of that name that is a plain word; anything else would be an option
        /// of its own.</summary>
        private static string Entry(XElement project, string name)
        {
            if (project == null) return null;
            var found = project.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value.Trim()).FirstOrDefault(v => v.Length > 0);
            return found != null && IsPlain(found) ? found : null;
        }

        private static bool IsPlain(string text)
        {
            return text.All(c => char.IsLetterOrDigit(c) || c == '_' || c == '.');
        }

        private static string[] ImportsOf(XElement project)
        {
            if (project == null) return Imports;
            var found = project.Descendants().Where(e => e.Name.LocalName == "Import").Select(e => (string)e.Attribute("Include"))
                .Where(n => n != null && IsPlain(n)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
            return found.Length == 0 ? Imports : found;
        }
    }
}
