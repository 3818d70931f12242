// System.IO.Directory as scripts expect it, over the path mapping.
//
// Documented at learn.microsoft.com, System.IO.Directory (.NET Framework 4.8). Differences: paths
// are mapped; entries come in the order of their names without case (NTFS keeps that order, Linux
// keeps none), in the style of the path that was given; patterns do not see case.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Real = System.IO.Directory;

namespace Packmule.Script.IO
{
    /// <summary>Stands for System.IO.Directory in scripts.</summary>
    [StandsFor("System.IO.Directory")]
    public static class Directory
    {
        /// <summary>Folders deeper than this are not entered: a link that points upwards would make
        /// them endless.</summary>
        private const int DepthMax = 256;

        internal enum Kind
        {
            Files = 1,
            Folders = 2,
            Both = 3,
        }

        private static string Map(string path)
        {
            return ScriptContext.Current.Map(path);
        }

        /// <summary>Whether a name fits a pattern of * and ?, without case. As documented for
        /// .NET Framework: <c>*.*</c> is everything, an extension of exactly three characters after
        /// <c>*.</c> also finds longer ones that begin with it, <c>?</c> at the end may stand for
        /// nothing.</summary>
        internal static bool Fits(string name, string pattern)
        {
            if (pattern == "*" || pattern == "*.*") return true;
            if (Like(name, 0, pattern, 0)) return true;
            var dot = pattern.LastIndexOf('.');
            if (pattern.StartsWith("*", StringComparison.Ordinal) && dot >= 0 && pattern.Length - dot == 4
                && pattern.IndexOfAny(new[] { '*', '?' }, dot) < 0)
            {
                return Like(name, 0, pattern + "*", 0) && name.LastIndexOf('.') >= 0
                    && name.Substring(name.LastIndexOf('.')).StartsWith(pattern.Substring(dot), StringComparison.OrdinalIgnoreCase);
            }
            // "*." finds names without an extension.
            return pattern.EndsWith(".", StringComparison.Ordinal) && name.IndexOf('.') < 0
                && Like(name, 0, pattern.Substring(0, pattern.Length - 1), 0);
        }

        private static bool Like(string name, int n, string pattern, int p)
        {
            int starPattern = -1, starName = 0;
            while (n < name.Length)
            {
                if (p < pattern.Length && pattern[p] == '*')
                {
                    starPattern = p++;
                    starName = n;
                }
                else if (p < pattern.Length && (pattern[p] == '?' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(name[n])))
                {
                    p++;
                    n++;
                }
                else if (starPattern >= 0)
                {
                    p = starPattern + 1;
                    n = ++starName;
                }
                else
                {
                    return false;
                }
            }
            while (p < pattern.Length && (pattern[p] == '*' || pattern[p] == '?')) p++;
            return p == pattern.Length;
        }

        /// <summary>The entries below a folder. Folders come before what is in them, as on Windows
        /// files of a folder before those of its subfolders.</summary>
        internal static IEnumerable<string> List(string path, string pattern, SearchOption option, Kind kind)
        {
            if (path == null) throw new ArgumentNullException("path");
            if (pattern == null) throw new ArgumentNullException("searchPattern");
            if (option != SearchOption.AllDirectories && option != SearchOption.TopDirectoryOnly)
            {
                throw new ArgumentOutOfRangeException("searchOption");
            }
            pattern = pattern.TrimEnd();
            if (pattern.Length == 0) return new string[0];
            // A pattern may begin with folders, as "sub\*.txt".
            var slash = pattern.LastIndexOfAny(new[] { '/', '\\' });
            if (slash >= 0)
            {
                if (pattern.Substring(0, slash).Contains("..")) throw new ArgumentException("Search pattern cannot contain \"..\" to move up directories.");
                path = Path.Combine(path, pattern.Substring(0, slash));
                pattern = pattern.Substring(slash + 1);
                if (pattern.Length == 0) pattern = "*";
            }
            var folder = Map(path);
            if (!Real.Exists(folder))
            {
                if (System.IO.File.Exists(folder)) throw new IOException("The directory name is invalid: '" + path + "'.");
                throw new DirectoryNotFoundException("Could not find a part of the path '" + path + "'"
                    + (folder == path ? "." : " (here '" + folder + "')."));
            }
            return Walk(folder, path, pattern, option, kind, 0);
        }

        private static IEnumerable<string> Walk(string folder, string shown, string pattern, SearchOption option, Kind kind, int depth)
        {
            var order = StringComparer.OrdinalIgnoreCase;
            var files = Real.EnumerateFiles(folder).Select(NameOf).OrderBy(n => n, order).ToList();
            var folders = Real.EnumerateDirectories(folder).Select(NameOf).OrderBy(n => n, order).ToList();
            var own = (kind & Kind.Files) != 0 ? files : new List<string>();
            if ((kind & Kind.Folders) != 0) own = own.Concat(folders).OrderBy(n => n, order).ToList();
            foreach (var name in own)
            {
                if (Fits(name, pattern)) yield return Path.Combine(shown, name);
            }
            if (option == SearchOption.TopDirectoryOnly || depth >= DepthMax) yield break;
            foreach (var name in folders)
            {
                foreach (var entry in Walk(folder + "/" + name, Path.Combine(shown, name), pattern, option, kind, depth + 1)) yield return entry;
            }
        }

        private static string NameOf(string entry)
        {
            return entry.Substring(entry.LastIndexOf('/') + 1);
        }

        /// <summary>Whether the folder exists.</summary>
        public static bool Exists(string path)
        {
            if (path == null || path.Trim().Length == 0 || path.IndexOf('\0') >= 0) return false;
            return Real.Exists(Map(path));
        }

        /// <summary>Makes a folder and those above it.</summary>
        public static DirectoryInfo CreateDirectory(string path)
        {
            Real.CreateDirectory(Map(path));
            return new DirectoryInfo(path);
        }

        /// <summary>Deletes an empty folder.</summary>
        public static void Delete(string path)
        {
            Real.Delete(Map(path));
        }

        /// <summary>Deletes a folder, with what is in it when asked to.</summary>
        public static void Delete(string path, bool recursive)
        {
            Real.Delete(Map(path), recursive);
        }

        /// <summary>Moves a folder or a file.</summary>
        public static void Move(string sourceDirName, string destDirName)
        {
            Real.Move(Map(sourceDirName), Map(destDirName));
        }

        /// <summary>The script's current folder.</summary>
        public static string GetCurrentDirectory()
        {
            return ScriptContext.Current.CurrentDirectory;
        }

        /// <summary>Sets the script's current folder; other scripts keep theirs.</summary>
        public static void SetCurrentDirectory(string path)
        {
            var full = Path.GetFullPath(path);
            if (!Real.Exists(Map(full))) throw new DirectoryNotFoundException("Could not find a part of the path '" + path + "'.");
            ScriptContext.Current.CurrentDirectory = full;
        }

        /// <summary>The root of a path.</summary>
        public static string GetDirectoryRoot(string path)
        {
            return Path.GetPathRoot(Path.GetFullPath(path));
        }

        /// <summary>The folder above, or null.</summary>
        public static DirectoryInfo GetParent(string path)
        {
            var parent = Path.GetDirectoryName(Path.GetFullPath(path));
            return parent == null ? null : new DirectoryInfo(parent);
        }

        /// <summary>The drives that path rules name, then "/".</summary>
        public static string[] GetLogicalDrives()
        {
            return ScriptContext.Current.Paths.Drives.Concat(new[] { "/" }).ToArray();
        }

        /// <summary>The files of a folder.</summary>
        public static string[] GetFiles(string path)
        {
            return List(path, "*", SearchOption.TopDirectoryOnly, Kind.Files).ToArray();
        }

        /// <summary>The files of a folder that fit a pattern.</summary>
        public static string[] GetFiles(string path, string searchPattern)
        {
            return List(path, searchPattern, SearchOption.TopDirectoryOnly, Kind.Files).ToArray();
        }

        /// <summary>The files of a folder, or of all below it, that fit a pattern.</summary>
        public static string[] GetFiles(string path, string searchPattern, SearchOption searchOption)
        {
            return List(path, searchPattern, searchOption, Kind.Files).ToArray();
        }

        /// <summary>The folders of a folder.</summary>
        public static string[] GetDirectories(string path)
        {
            return List(path, "*", SearchOption.TopDirectoryOnly, Kind.Folders).ToArray();
        }

        /// <summary>The folders of a folder that fit a pattern.</summary>
        public static string[] GetDirectories(string path, string searchPattern)
        {
            return List(path, searchPattern, SearchOption.TopDirectoryOnly, Kind.Folders).ToArray();
        }

        /// <summary>The folders of a folder, or of all below it, that fit a pattern.</summary>
        public static string[] GetDirectories(string path, string searchPattern, SearchOption searchOption)
        {
            return List(path, searchPattern, searchOption, Kind.Folders).ToArray();
        }

        /// <summary>Files and folders of a folder.</summary>
        public static string[] GetFileSystemEntries(string path)
        {
            return List(path, "*", SearchOption.TopDirectoryOnly, Kind.Both).ToArray();
        }

        /// <summary>Files and folders that fit a pattern.</summary>
        public static string[] GetFileSystemEntries(string path, string searchPattern)
        {
            return List(path, searchPattern, SearchOption.TopDirectoryOnly, Kind.Both).ToArray();
        }

        /// <summary>Files and folders, or all below, that fit a pattern.</summary>
        public static string[] GetFileSystemEntries(string path, string searchPattern, SearchOption searchOption)
        {
            return List(path, searchPattern, searchOption, Kind.Both).ToArray();
        }

        /// <summary>The files of a folder, one after another.</summary>
        public static IEnumerable<string> EnumerateFiles(string path)
        {
            return List(path, "*", SearchOption.TopDirectoryOnly, Kind.Files);
        }

        /// <summary>The files that fit a pattern, one after another.</summary>
        public static IEnumerable<string> EnumerateFiles(string path, string searchPattern)
        {
            return List(path, searchPattern, SearchOption.TopDirectoryOnly, Kind.Files);
        }

        /// <summary>The files that fit a pattern, one after another.</summary>
        public static IEnumerable<string> EnumerateFiles(string path, string searchPattern, SearchOption searchOption)
        {
            return List(path, searchPattern, searchOption, Kind.Files);
        }

        /// <summary>The folders of a folder, one after another.</summary>
        public static IEnumerable<string> EnumerateDirectories(string path)
        {
            return List(path, "*", SearchOption.TopDirectoryOnly, Kind.Folders);
        }

        /// <summary>The folders that fit a pattern, one after another.</summary>
        public static IEnumerable<string> EnumerateDirectories(string path, string searchPattern)
        {
            return List(path, searchPattern, SearchOption.TopDirectoryOnly, Kind.Folders);
        }

        /// <summary>The folders that fit a pattern, one after another.</summary>
        public static IEnumerable<string> EnumerateDirectories(string path, string searchPattern, SearchOption searchOption)
        {
            return List(path, searchPattern, searchOption, Kind.Folders);
        }

        /// <summary>Files and folders, one after another.</summary>
        public static IEnumerable<string> EnumerateFileSystemEntries(string path)
        {
            return List(path, "*", SearchOption.TopDirectoryOnly, Kind.Both);
        }

        /// <summary>Files and folders that fit a pattern, one after another.</summary>
        public static IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern)
        {
            return List(path, searchPattern, SearchOption.TopDirectoryOnly, Kind.Both);
        }

        /// <summary>Files and folders that fit a pattern, one after another.</summary>
        public static IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern, SearchOption searchOption)
        {
            return List(path, searchPattern, searchOption, Kind.Both);
        }

        /// <summary>The time of creation.</summary>
        public static DateTime GetCreationTime(string path)
        {
            return Real.GetCreationTime(Map(path));
        }

        /// <summary>Sets the time of creation, as far as the file system keeps one.</summary>
        public static void SetCreationTime(string path, DateTime time)
        {
            Real.SetCreationTime(Map(path), time);
        }

        /// <summary>The time of creation in UTC.</summary>
        public static DateTime GetCreationTimeUtc(string path)
        {
            return Real.GetCreationTimeUtc(Map(path));
        }

        /// <summary>Sets the time of creation in UTC, as far as the file system keeps one.</summary>
        public static void SetCreationTimeUtc(string path, DateTime time)
        {
            Real.SetCreationTimeUtc(Map(path), time);
        }

        /// <summary>The time of the last access.</summary>
        public static DateTime GetLastAccessTime(string path)
        {
            return Real.GetLastAccessTime(Map(path));
        }

        /// <summary>Sets the time of the last access, as far as the file system keeps one.</summary>
        public static void SetLastAccessTime(string path, DateTime time)
        {
            Real.SetLastAccessTime(Map(path), time);
        }

        /// <summary>The time of the last access in UTC.</summary>
        public static DateTime GetLastAccessTimeUtc(string path)
        {
            return Real.GetLastAccessTimeUtc(Map(path));
        }

        /// <summary>Sets the time of the last access in UTC, as far as the file system keeps one.</summary>
        public static void SetLastAccessTimeUtc(string path, DateTime time)
        {
            Real.SetLastAccessTimeUtc(Map(path), time);
        }

        /// <summary>The time of the last change.</summary>
        public static DateTime GetLastWriteTime(string path)
        {
            return Real.GetLastWriteTime(Map(path));
        }

        /// <summary>Sets the time of the last change, as far as the file system keeps one.</summary>
        public static void SetLastWriteTime(string path, DateTime time)
        {
            Real.SetLastWriteTime(Map(path), time);
        }

        /// <summary>The time of the last change in UTC.</summary>
        public static DateTime GetLastWriteTimeUtc(string path)
        {
            return Real.GetLastWriteTimeUtc(Map(path));
        }

        /// <summary>Sets the time of the last change in UTC, as far as the file system keeps one.</summary>
        public static void SetLastWriteTimeUtc(string path, DateTime time)
        {
            Real.SetLastWriteTimeUtc(Map(path), time);
        }
    }
}
