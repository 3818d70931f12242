// System.IO.Path as scripts expect it: both slashes and drive letters, whatever this computer uses.
//
// Documented at learn.microsoft.com, System.IO.Path (.NET Framework 4.8 on Windows). Difference: an
// answer keeps the style of its input: a path from the root "/" or with forward slashes only stays
// so, where Windows would turn the slashes.

using System;
using System.Text;
using SysIO = System.IO;

namespace Packmule.Script.IO
{
    /// <summary>Stands for System.IO.Path in scripts.</summary>
    [StandsFor("System.IO.Path")]
    public static class Path
    {
        /// <summary>'\', as on Windows.</summary>
        public static readonly char DirectorySeparatorChar = '\\';

        /// <summary>'/', as on Windows.</summary>
        public static readonly char AltDirectorySeparatorChar = '/';

        /// <summary>':', as on Windows.</summary>
        public static readonly char VolumeSeparatorChar = ':';

        /// <summary>';', as on Windows.</summary>
        public static readonly char PathSeparator = ';';

        /// <summary>Characters that no path on Windows holds.</summary>
        public static readonly char[] InvalidPathChars = MakeInvalid(false);

        private static char[] MakeInvalid(bool forName)
        {
            var text = new StringBuilder("\"<>|");
            for (var c = 0; c < 32; c++) text.Append((char)c);
            if (forName) text.Append(":*?\\/");
            return text.ToString().ToCharArray();
        }

        /// <summary>Characters that no path on Windows holds: quotes, angle brackets, bar, control
        /// characters.</summary>
        public static char[] GetInvalidPathChars()
        {
            return MakeInvalid(false);
        }

        /// <summary>Characters that no file name on Windows holds.</summary>
        public static char[] GetInvalidFileNameChars()
        {
            return MakeInvalid(true);
        }

        internal static bool IsSlash(char c)
        {
            return c == '\\' || c == '/';
        }

        /// <summary>Whether a path is one of Linux: from the root "/" (not "//"), or with forward
        /// slashes only and no drive.</summary>
        internal static bool IsLinuxStyle(string path)
        {
            if (path.Length == 0) return false;
            if (path[0] == '/') return path.Length == 1 || path[1] != '/';
            return path.IndexOf('/') >= 0 && path.IndexOf('\\') < 0 && !HasDrive(path);
        }

        internal static bool HasDrive(string path)
        {
            return PathMap.IsDrive(path);
        }

        internal static void Check(string path)
        {
            if (path.Length > 0 && path[0] == '/')
            {
                if (path.IndexOf('\0') >= 0) throw new ArgumentException("Illegal characters in path.");
                return;
            }
            if (path.IndexOfAny(InvalidPathChars) >= 0) throw new ArgumentException("Illegal characters in path.");
        }

        /// <summary>Length of the root: "\\server\share", "C:\", "C:", "\" or "/"; 0 = none.</summary>
        internal static int RootLength(string path)
        {
            var n = path.Length;
            if (n >= 2 && IsSlash(path[0]) && IsSlash(path[1]))
            {
                var i = 2;
                for (var part = 0; i < n; i++)
                {
                    if (IsSlash(path[i]) && ++part == 2) break;
                }
                return i;
            }
            if (n >= 1 && IsSlash(path[0])) return 1;
            if (HasDrive(path)) return n >= 3 && IsSlash(path[2]) ? 3 : 2;
            return 0;
        }

        /// <summary>Whether a path begins with a slash of either kind or a drive letter.</summary>
        public static bool IsPathRooted(string path)
        {
            if (path == null) return false;
            Check(path);
            return path.Length > 0 && (IsSlash(path[0]) || (path.Length >= 2 && path[1] == ':'));
        }

        private static int NameStart(string path)
        {
            for (var i = path.Length - 1; i >= 0; i--)
            {
                if (IsSlash(path[i]) || (path[i] == ':' && i == 1)) return i + 1;
            }
            return 0;
        }

        /// <summary>What follows the last slash or the drive's colon; null for null.</summary>
        public static string GetFileName(string path)
        {
            if (path == null) return null;
            Check(path);
            return path.Substring(NameStart(path));
        }

        /// <summary>The file name up to its last dot.</summary>
        public static string GetFileNameWithoutExtension(string path)
        {
            var name = GetFileName(path);
            if (name == null) return null;
            var dot = name.LastIndexOf('.');
            return dot < 0 ? name : name.Substring(0, dot);
        }

        /// <summary>The extension with its dot, or an empty string; null for null.</summary>
        public static string GetExtension(string path)
        {
            var name = GetFileName(path);
            if (name == null) return null;
            var dot = name.LastIndexOf('.');
            return dot < 0 || dot == name.Length - 1 ? "" : name.Substring(dot);
        }

        /// <summary>Whether the file name has a dot that is not its last character.</summary>
        public static bool HasExtension(string path)
        {
            return path != null && GetExtension(path).Length > 0;
        }

        /// <summary>Replaces the extension; null takes it away.</summary>
        public static string ChangeExtension(string path, string extension)
        {
            if (path == null) return null;
            Check(path);
            var start = NameStart(path);
            var dot = path.LastIndexOf('.');
            var stem = dot < start ? path : path.Substring(0, dot);
            if (extension == null || path.Length == 0) return stem;
            return extension.StartsWith(".", StringComparison.Ordinal) ? stem + extension : stem + "." + extension;
        }

        /// <summary>The folder of a path; null for a root, empty where there is none.</summary>
        public static string GetDirectoryName(string path)
        {
            if (path == null) return null;
            if (path.Trim().Length == 0) throw new ArgumentException("The path is not of a legal form.");
            Check(path);
            var shown = Turn(path);
            var root = RootLength(shown);
            if (shown.Length <= root) return null;
            var end = shown.Length;
            while (end > root && !IsSlash(shown[end - 1])) end--;
            while (end > root && IsSlash(shown[end - 1])) end--;
            return shown.Substring(0, end);
        }

        /// <summary>The root of a path: "C:\", "\\server\share", "\", "/" or empty.</summary>
        public static string GetPathRoot(string path)
        {
            if (path == null) return null;
            if (path.Trim().Length == 0) throw new ArgumentException("The path is not of a legal form.");
            Check(path);
            return Turn(path).Substring(0, RootLength(path));
        }

        /// <summary>Forward slashes turned in a Windows path; repeated ones become one.</summary>
        internal static string Turn(string path)
        {
            var to = IsLinuxStyle(path) ? '/' : '\\';
            var text = new StringBuilder(path.Length);
            var start = 0;
            if (to == '\\' && path.Length >= 2 && IsSlash(path[0]) && IsSlash(path[1]))
            {
                text.Append("\\\\");
                while (start < path.Length && IsSlash(path[start])) start++;
            }
            for (var i = start; i < path.Length; i++)
            {
                var c = path[i];
                if (!IsSlash(c)) text.Append(c);
                else if (text.Length == 0 || text[text.Length - 1] != to) text.Append(to);
            }
            return text.ToString();
        }

        /// <summary>Two paths joined; the second alone when it is rooted.</summary>
        public static string Combine(string path1, string path2)
        {
            if (path1 == null) throw new ArgumentNullException("path1");
            if (path2 == null) throw new ArgumentNullException("path2");
            Check(path1);
            Check(path2);
            if (path2.Length == 0) return path1;
            if (path1.Length == 0 || IsPathRooted(path2)) return path2;
            var last = path1[path1.Length - 1];
            if (IsSlash(last) || last == ':') return path1 + path2;
            return path1 + (IsLinuxStyle(path1) || (RootLength(path1) == 0 && path1.IndexOf('\\') < 0 && IsLinuxStyle(path2)) ? "/" : "\\") + path2;
        }

        /// <summary>Three paths joined.</summary>
        public static string Combine(string path1, string path2, string path3)
        {
            return Combine(Combine(path1, path2), path3);
        }

        /// <summary>Four paths joined.</summary>
        public static string Combine(string path1, string path2, string path3, string path4)
        {
            return Combine(Combine(Combine(path1, path2), path3), path4);
        }

        /// <summary>Paths joined.</summary>
        public static string Combine(params string[] paths)
        {
            if (paths == null) throw new ArgumentNullException("paths");
            var all = "";
            foreach (var path in paths) all = Combine(all, path);
            return all;
        }

        /// <summary>The absolute path with "." and ".." resolved; nothing is opened. A relative path
        /// starts from the script's current folder.</summary>
        public static string GetFullPath(string path)
        {
            if (path == null) throw new ArgumentNullException("path");
            if (path.Trim().Length == 0) throw new ArgumentException("The path is not of a legal form.");
            Check(path);
            var whole = path.Trim();
            var root = RootLength(whole);
            if (root == 0) whole = Combine(ScriptContext.Current.CurrentDirectory, whole);
            else if (root == 2 && whole[1] == ':') whole = whole.Substring(0, 2) + "\\" + whole.Substring(2);
            var linux = IsLinuxStyle(whole);
            var turned = linux ? whole.Replace('\\', '/') : Turn(whole);
            var prefix = turned.Substring(0, RootLength(turned));
            var separator = linux ? "/" : "\\";
            var parts = new System.Collections.Generic.List<string>();
            foreach (var part in turned.Substring(prefix.Length).Split(separator[0]))
            {
                if (part.Length == 0 || part == ".") continue;
                if (part != "..") parts.Add(part);
                else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            }
            var joined = string.Join(separator, parts.ToArray());
            var end = turned.EndsWith(separator, StringComparison.Ordinal) && joined.Length > 0 ? separator : "";
            var between = joined.Length > 0 && !prefix.EndsWith(separator, StringComparison.Ordinal) ? separator : "";
            return prefix + between + joined + end;
        }

        /// <summary>This computer's folder for temporary files, with a slash at its end.</summary>
        public static string GetTempPath()
        {
            return SysIO.Path.GetTempPath();
        }

        /// <summary>Makes an empty temporary file and returns its path.</summary>
        public static string GetTempFileName()
        {
            return SysIO.Path.GetTempFileName();
        }

        /// <summary>A random name of eight characters, a dot and three characters.</summary>
        public static string GetRandomFileName()
        {
            return SysIO.Path.GetRandomFileName();
        }
    }
}
