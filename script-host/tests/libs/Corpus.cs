// Every script of a folder of real packages: has it a binary, do all its references resolve, does its
// source compile, and if it cannot run, why?
//
// Usage: corpus.exe LIBRARIES PACKAGES [LEAST-PERCENT]. Ends with 1 when fewer C# or VB scripts than
// that can run by binary or by compiling. What is rewritten is loaded, its methods are compiled and
// its entry class is looked up, so that a script which would end the host ends this program.

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Packmule.Script.Rewrite;

/// <summary>A script as a package holds it.</summary>
internal sealed class Script
{
    public string Package;
    public string Name;
    public bool IsTask;
    public bool IsVB;
    public byte[] Binary;
    public readonly List<SourceFile> Files = new List<SourceFile>();
}

internal static class Corpus
{
    private static readonly XNamespace Dts = "www.microsoft.com/SqlServer/Dts";

    private static int Main(string[] args)
    {
        var libraries = new Libraries(args[0], new string[0]);
        AppDomain.CurrentDomain.AssemblyResolve += (s, e) => libraries.Load(e.Name);
        var least = args.Length > 2 ? double.Parse(args[2]) : 0;
        var counts = new Dictionary<string, int[]>();
        foreach (var script in Packages(args[1]).SelectMany(p => Read(p.Key, p.Value)))
        {
            var language = script.IsVB ? "VB" : "C#";
            if (!counts.ContainsKey(language)) counts.Add(language, new int[6]);
            Judge(script, libraries, counts[language], language);
        }
        var failed = false;
        foreach (var pair in counts.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var n = pair.Value;
            var share = n[0] == 0 ? 100 : 100.0 * n[4] / n[0];
            Console.WriteLine("{0}: {1} scripts, {2} with binary, {3} of these resolved, {4} compiled from source, {5} can run ({6:0.0} %), {7} empty",
                pair.Key, n[0], n[1], n[2], n[3], n[4], share, n[5]);
            failed |= share < least;
        }
        return failed ? 1 : 0;
    }

    private static void Judge(Script script, Libraries libraries, int[] count, string language)
    {
        var label = script.Package + " | " + script.Name + " | " + (script.IsTask ? "task" : "component") + " " + language;
        if (script.Binary == null && script.Files.Count == 0)
        {
            count[5]++;
            Console.WriteLine("empty    | " + label);
            return;
        }
        count[0]++;
        var reasons = new List<string>();
        var byBinary = false;
        if (script.Binary != null)
        {
            count[1]++;
            byBinary = Runs(script.Binary, libraries, reasons);
            if (byBinary) count[2]++;
        }
        var bySource = false;
        if (!script.IsVB && script.Files.Count > 0)
        {
            IList<string> errors;
            var compiled = Compiler.Compile(script.Files, libraries, out errors);
            var refused = new List<string>();
            bySource = compiled != null && Runs(compiled, libraries, refused);
            if (compiled != null) count[3]++;
            reasons.AddRange(errors.Select(e => "compiler: " + e));
            if (!byBinary) reasons.AddRange(refused.Select(r => "compiled: " + r));
        }
        if (byBinary || bySource) count[4]++;
        Console.WriteLine((byBinary ? bySource || script.IsVB ? "runs     | " : "binary   | " : bySource ? "source   | " : "refused  | ") + label);
        foreach (var reason in reasons.Take(byBinary ? 3 : 12)) Console.WriteLine("           " + reason);
    }

    /// <summary>Checks, rewrites and loads a binary; compiles all its methods.</summary>
    private static bool Runs(byte[] binary, Libraries libraries, List<string> reasons)
    {
        ScriptCheck check;
        var bytes = Rewriter.Rewrite(binary, libraries, out check);
        reasons.AddRange(check.Findings.Select(f => f.ToString()));
        if (bytes == null) return false;
        try
        {
            var assembly = Assembly.Load(bytes);
            if (check.EntryClass == null || assembly.GetType(check.EntryClass) == null) throw new InvalidOperationException("no entry class");
            foreach (var type in assembly.GetTypes().Where(t => !t.ContainsGenericParameters))
            {
                const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
                foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
                {
                    if (!method.IsAbstract && !method.ContainsGenericParameters) RuntimeHelpers.PrepareMethod(method.MethodHandle);
                }
            }
            return true;
        }
        catch (Exception e)
        {
            var types = e as ReflectionTypeLoadException;
            reasons.Add("load: " + (types == null ? e.ToString().Split('\n')[0] : string.Join("; ", types.LoaderExceptions.Select(x => x.Message))));
            return false;
        }
    }

    private static IEnumerable<KeyValuePair<string, Stream>> Packages(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).OrderBy(f => f, StringComparer.Ordinal))
        {
            var name = file.Substring(folder.Length).TrimStart('/');
            if (file.EndsWith(".dtsx", StringComparison.OrdinalIgnoreCase)) yield return new KeyValuePair<string, Stream>(name, File.OpenRead(file));
            if (!file.EndsWith(".ispac", StringComparison.OrdinalIgnoreCase)) continue;
            using (var zip = ZipFile.OpenRead(file))
            {
                foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".dtsx", StringComparison.OrdinalIgnoreCase)))
                {
                    yield return new KeyValuePair<string, Stream>(name + "/" + entry.Name, entry.Open());
                }
            }
        }
    }

    private static IEnumerable<Script> Read(string package, Stream stream)
    {
        XElement root;
        using (stream)
        {
            try
            {
                root = XElement.Load(XmlReader.Create(stream, new XmlReaderSettings { CheckCharacters = false, DtdProcessing = DtdProcessing.Ignore }));
            }
            catch (XmlException)
            {
                yield break;
            }
        }
        foreach (var project in root.Descendants("ScriptProject")) yield return Task(package, project);
        foreach (var component in root.Descendants("component"))
        {
            var script = Component(package, component);
            if (script != null) yield return script;
        }
    }

    private static Script Task(string package, XElement project)
    {
        var executable = project.Ancestors(Dts + "Executable").FirstOrDefault();
        var script = new Script
        {
            Package = package,
            IsTask = true,
            Name = executable == null ? "" : (string)executable.Attribute(Dts + "ObjectName")
                ?? executable.Elements(Dts + "Property").Where(p => (string)p.Attribute(Dts + "Name") == "ObjectName").Select(p => p.Value).FirstOrDefault(),
            IsVB = ((string)project.Attribute("Language") ?? "").IndexOf("Visual", StringComparison.Ordinal) >= 0,
        };
        foreach (var item in project.Elements("ProjectItem")) script.Files.Add(new SourceFile((string)item.Attribute("Name"), item.Value));
        foreach (var item in project.Elements("BinaryItem"))
        {
            if (((string)item.Attribute("Name") ?? "").EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) TakeBinary(script, item.Value);
        }
        return script;
    }

    private static void TakeBinary(Script script, string base64)
    {
        try
        {
            var bytes = Convert.FromBase64String(base64);
            if (bytes.Length > 2 && bytes[0] == 'M' && bytes[1] == 'Z') script.Binary = bytes;
        }
        catch (FormatException)
        {
            // A name, not a file.
        }
    }

    private static Script Component(string package, XElement component)
    {
        var properties = component.Elements("properties").Elements("property").ToList();
        Func<string, XElement> property = name => properties.FirstOrDefault(p => (string)p.Attribute("name") == name);
        if (property("SourceCode") == null && property("BinaryCode") == null) return null;
        var language = property("ScriptLanguage");
        var script = new Script
        {
            Package = package,
            Name = (string)component.Attribute("name"),
            IsVB = language == null || language.Value.StartsWith("V", StringComparison.Ordinal),
        };
        Func<XElement, List<string>> items = p => p == null ? new List<string>() : p.Descendants("arrayElement").Select(e => (string)p.Attribute("state") == "escaped" ? Unescape(e.Value) : e.Value).ToList();
        foreach (var item in items(property("BinaryCode"))) TakeBinary(script, item);
        var source = items(property("SourceCode"));
        var step = source.Count % 3 == 0 && source.Count > 1 && Regex.IsMatch(source[1], "^UTF(8|16LE|16BE)?$") ? 3 : 2;
        for (var i = 0; i + step <= source.Count; i += step)
        {
            if (source[i + step - 1].StartsWith("TVqQ", StringComparison.Ordinal)) TakeBinary(script, source[i + step - 1]);
            else script.Files.Add(new SourceFile(source[i], source[i + step - 1]));
        }
        return script;
    }

    private static string Unescape(string text)
    {
        return Regex.Replace(text, "_x([0-9A-Fa-f]{4})_", m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());
    }
}
