// From a path as a script writes it to a path of this computer.
//
// The rules are those of the engine's mapping file: the longest prefix wins, without case and with
// either slash; a drive letter without a rule is dropped, as Microsoft's Linux port does; a share
// without a rule is an error; a part that does not exist as written is looked up without case.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Packmule.Script
{
    /// <summary>Path rules. Never changes once made, so any thread may use it.</summary>
    public sealed class PathMap
    {
        /// <summary>Folders larger than this are not searched for a name in another case.</summary>
        private const int EntriesMax = 200000;

        private static readonly char[] Slashes = { '/', '\\' };
        private readonly List<Rule> _rules = new List<Rule>();

        private sealed class Rule
        {
            public string[] Parts;
            public string To;
        }

        /// <summary>Rules as pairs of a Windows prefix and the absolute folder it means here.</summary>
        public PathMap(IEnumerable<KeyValuePair<string, string>> rules)
        {
            foreach (var rule in rules)
            {
                var parts = PartsOf(rule.Key).Select(p => p.ToLowerInvariant()).ToArray();
                if (parts.Length == 0) throw new ArgumentException("a path rule's prefix is empty");
                _rules.Add(new Rule { Parts = parts, To = rule.Value });
            }
        }

        /// <summary>The drive letters that rules name, as <c>C:\</c>.</summary>
        public IEnumerable<string> Drives
        {
            get
            {
                return _rules.Select(r => r.Parts[0]).Where(p => p.Length == 2 && IsDrive(p))
                    .Select(p => p.ToUpperInvariant() + "\\").Distinct().OrderBy(p => p, StringComparer.Ordinal);
            }
        }

        /// <summary>The path of this computer. Relative paths start from the context's folder.</summary>
        /// <exception cref="ArgumentException">Empty, or with a NUL character.</exception>
        /// <exception cref="IOException">A share without a rule; two names that differ only in case.</exception>
        public string Map(string path, ScriptContext context)
        {
            if (path == null) throw new ArgumentNullException("path");
            var trimmed = path.Trim().Trim('"');
            if (trimmed.StartsWith("\\\\?\\UNC\\", StringComparison.OrdinalIgnoreCase)) trimmed = "\\\\" + trimmed.Substring(8);
            else if (trimmed.StartsWith("\\\\?\\", StringComparison.Ordinal)) trimmed = trimmed.Substring(4);
            if (trimmed.Length == 0) throw new ArgumentException("Empty path name is not legal.", "path");
            if (trimmed.IndexOf('\0') >= 0) throw new ArgumentException("Illegal characters in path.", "path");
            var parts = PartsOf(trimmed);
            Rule best = null;
            foreach (var rule in _rules)
            {
                if ((best == null || rule.Parts.Length > best.Parts.Length) && StartsWith(parts, rule.Parts)) best = rule;
            }
            if (best != null) return LookUp(path, best.To, parts, best.Parts.Length);
            return Unmapped(trimmed, parts, context);
        }

        private string Unmapped(string path, List<string> parts, ScriptContext context)
        {
            if (path.StartsWith("\\\\", StringComparison.Ordinal))
            {
                var share = parts.Count > 1 ? parts[0] + "\\" + parts[1] : path;
                throw new IOException("the network path '" + path + "' has no mapping; add [[path]] with from = '" + share
                    + "' and the folder where the share is mounted to the mapping file");
            }
            if (path[0] == '/')
            {
                if (path.IndexOf('\\') < 0 && Exists(path)) return path;
                for (var i = 0; i < parts.Count; i++) parts[i] = parts[i].TrimStart('\\');
                return LookUp(path, "/", parts, 0);
            }
            if (path[0] == '\\') return LookUp(path, "/", parts, 0);
            if (parts.Count > 0 && IsDrive(parts[0]))
            {
                var drive = parts[0].Substring(0, 2);
                if (parts[0].Length > 2) parts[0] = parts[0].Substring(2);
                else parts.RemoveAt(0);
                context.ReportOnce(ReportKind.Warning, "Path", "drive " + drive.ToUpperInvariant()
                    + " has no mapping: its letter is dropped, so that '" + path + "' means '/" + string.Join("/", parts)
                    + "'; add [[path]] with from = '" + drive + "\\' to the mapping file to say where it lies");
                return LookUp(path, "/", parts, 0);
            }
            var current = context.CurrentDirectory;
            if (!current.StartsWith("/", StringComparison.Ordinal)) current = Map(current, context);
            return LookUp(path, current, parts, 0);
        }

        /// <summary>Parts between slashes of either kind, without empty ones and "."; a share begins
        /// with the part <c>\\server</c>.</summary>
        internal static List<string> PartsOf(string path)
        {
            var share = path.StartsWith("\\\\", StringComparison.Ordinal) || path.StartsWith("//", StringComparison.Ordinal);
            var parts = path.Split(Slashes, StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToList();
            if (share && parts.Count > 0) parts[0] = "\\\\" + parts[0];
            return parts;
        }

        /// <summary>Whether a part begins with a drive: <c>C:</c> or <c>C:folder</c>.</summary>
        internal static bool IsDrive(string part)
        {
            return part.Length >= 2 && part[1] == ':' && ((part[0] | 32) >= 'a' && (part[0] | 32) <= 'z');
        }

        private static bool StartsWith(List<string> parts, string[] prefix)
        {
            if (parts.Count < prefix.Length) return false;
            for (var i = 0; i < prefix.Length; i++)
            {
                if (!string.Equals(parts[i], prefix[i], StringComparison.OrdinalIgnoreCase)) return false;
            }
            return true;
        }

        private static bool Exists(string path)
        {
            return File.Exists(path) || Directory.Exists(path);
        }

        /// <summary>Goes down from a folder; from the first part that does not exist in any case the
        /// rest is taken as written.</summary>
        private static string LookUp(string path, string folder, List<string> parts, int from)
        {
            var whole = Join(folder, parts, from);
            if (Exists(whole)) return whole;
            var here = folder;
            for (var i = from; i < parts.Count; i++)
            {
                var exact = Join(here, parts, i, 1);
                if (parts[i] == ".." || Exists(exact))
                {
                    here = exact;
                    continue;
                }
                var found = FindWithoutCase(path, here, parts[i]);
                if (found == null) return Join(here, parts, i);
                here = found;
            }
            return here;
        }

        private static string Join(string folder, List<string> parts, int from, int count = int.MaxValue)
        {
            var rest = string.Join("/", parts.Skip(from).Take(count));
            if (rest.Length == 0) return folder;
            return folder.EndsWith("/", StringComparison.Ordinal) ? folder + rest : folder + "/" + rest;
        }

        private static string FindWithoutCase(string path, string folder, string part)
        {
            string found = null;
            try
            {
                foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Take(EntriesMax))
                {
                    var name = entry.Substring(entry.LastIndexOf('/') + 1);
                    if (!string.Equals(name, part, StringComparison.OrdinalIgnoreCase)) continue;
                    if (found != null)
                    {
                        throw new IOException("'" + path + "' could be " + found + " or " + entry
                            + ", which differ only in letter case; rename one, or write the path exactly");
                    }
                    found = entry;
                }
            }
            catch (DirectoryNotFoundException)
            {
                return null;
            }
            catch (UnauthorizedAccessException)
            {
                return null;
            }
            return found;
        }
    }
}
