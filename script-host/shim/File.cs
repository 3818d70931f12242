// System.IO.File as scripts expect it, over the path mapping.
//
// Documented at learn.microsoft.com, System.IO.File (.NET Framework 4.8). Differences: paths are
// mapped; texts written line by line end their lines as ScriptContext.NewLine says (CR LF);
// Encrypt and Decrypt have no counterpart on Linux and throw.

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Real = System.IO.File;

namespace Packmule.Script.IO
{
    /// <summary>Stands for System.IO.File in scripts.</summary>
    [StandsFor("System.IO.File")]
    public static class File
    {
        internal static string Map(string path)
        {
            return ScriptContext.Current.Map(path);
        }

        private static readonly Encoding Plain = new UTF8Encoding(false, true);

        private static string NewLine
        {
            get { return ScriptContext.Current.NewLine; }
        }

        internal static StreamWriter Ending(StreamWriter writer)
        {
            writer.NewLine = NewLine;
            return writer;
        }

        private static void Write(StreamWriter writer, IEnumerable<string> lines)
        {
            using (Ending(writer))
            {
                foreach (var line in lines) writer.WriteLine(line);
            }
        }

        /// <summary>Whether the file exists; false for a folder, null or an illegal path.</summary>
        public static bool Exists(string path)
        {
            if (path == null || path.Trim().Length == 0 || path.IndexOf('\0') >= 0) return false;
            return Real.Exists(Map(path));
        }

        /// <summary>Adds lines to the end, in UTF-8.</summary>
        public static void AppendAllLines(string path, IEnumerable<string> contents)
        {
            AppendAllLines(path, contents, Plain);
        }

        /// <summary>Adds lines to the end.</summary>
        public static void AppendAllLines(string path, IEnumerable<string> contents, Encoding encoding)
        {
            if (contents == null) throw new ArgumentNullException("contents");
            Write(new StreamWriter(Map(path), true, encoding), contents);
        }

        /// <summary>Adds text to the end, in UTF-8.</summary>
        public static void AppendAllText(string path, string contents)
        {
            Real.AppendAllText(Map(path), contents, Plain);
        }

        /// <summary>Adds text to the end.</summary>
        public static void AppendAllText(string path, string contents, Encoding encoding)
        {
            Real.AppendAllText(Map(path), contents, encoding);
        }

        /// <summary>A writer in UTF-8 at the end of a file.</summary>
        public static StreamWriter AppendText(string path)
        {
            return Ending(new StreamWriter(Map(path), true, Plain));
        }

        /// <summary>Copies a file to one that does not exist.</summary>
        public static void Copy(string sourceFileName, string destFileName)
        {
            Real.Copy(Map(sourceFileName), Map(destFileName));
        }

        /// <summary>Copies a file.</summary>
        public static void Copy(string sourceFileName, string destFileName, bool overwrite)
        {
            Real.Copy(Map(sourceFileName), Map(destFileName), overwrite);
        }

        /// <summary>Makes a file or empties it.</summary>
        public static FileStream Create(string path)
        {
            return Real.Create(Map(path));
        }

        /// <summary>Makes a file or empties it.</summary>
        public static FileStream Create(string path, int bufferSize)
        {
            return Real.Create(Map(path), bufferSize);
        }

        /// <summary>Makes a file or empties it.</summary>
        public static FileStream Create(string path, int bufferSize, FileOptions options)
        {
            return Real.Create(Map(path), bufferSize, options);
        }

        /// <summary>A writer in UTF-8 to a new or emptied file.</summary>
        public static StreamWriter CreateText(string path)
        {
            return Ending(new StreamWriter(Map(path), false, Plain));
        }

        /// <summary>Not to be had on Linux.</summary>
        public static void Decrypt(string path)
        {
            throw new PlatformNotSupportedException("File.Decrypt: files encrypted by Windows (EFS) do not exist here");
        }

        /// <summary>Not to be had on Linux.</summary>
        public static void Encrypt(string path)
        {
            throw new PlatformNotSupportedException("File.Encrypt: files cannot be encrypted by Windows (EFS) here; use permissions");
        }

        /// <summary>Deletes a file; one that does not exist is no error.</summary>
        public static void Delete(string path)
        {
            Real.Delete(Map(path));
        }

        /// <summary>The attributes of a file or folder.</summary>
        public static FileAttributes GetAttributes(string path)
        {
            return Real.GetAttributes(Map(path));
        }

        /// <summary>Sets attributes; Linux keeps only ReadOnly.</summary>
        public static void SetAttributes(string path, FileAttributes fileAttributes)
        {
            Real.SetAttributes(Map(path), fileAttributes);
        }

        /// <summary>Time of creation; on Linux the earliest time known.</summary>
        public static DateTime GetCreationTime(string path)
        {
            return Real.GetCreationTime(Map(path));
        }

        /// <summary>Time of creation in UTC.</summary>
        public static DateTime GetCreationTimeUtc(string path)
        {
            return Real.GetCreationTimeUtc(Map(path));
        }

        /// <summary>Time of the last access.</summary>
        public static DateTime GetLastAccessTime(string path)
        {
            return Real.GetLastAccessTime(Map(path));
        }

        /// <summary>Time of the last access in UTC.</summary>
        public static DateTime GetLastAccessTimeUtc(string path)
        {
            return Real.GetLastAccessTimeUtc(Map(path));
        }

        /// <summary>Time of the last change.</summary>
        public static DateTime GetLastWriteTime(string path)
        {
            return Real.GetLastWriteTime(Map(path));
        }

        /// <summary>Time of the last change in UTC.</summary>
        public static DateTime GetLastWriteTimeUtc(string path)
        {
            return Real.GetLastWriteTimeUtc(Map(path));
        }

        /// <summary>Sets the time of creation as far as the file system keeps one.</summary>
        public static void SetCreationTime(string path, DateTime creationTime)
        {
            Real.SetCreationTime(Map(path), creationTime);
        }

        /// <summary>Sets the time of creation as far as the file system keeps one.</summary>
        public static void SetCreationTimeUtc(string path, DateTime creationTimeUtc)
        {
            Real.SetCreationTimeUtc(Map(path), creationTimeUtc);
        }

        /// <summary>Sets the time of the last access.</summary>
        public static void SetLastAccessTime(string path, DateTime lastAccessTime)
        {
            Real.SetLastAccessTime(Map(path), lastAccessTime);
        }

        /// <summary>Sets the time of the last access.</summary>
        public static void SetLastAccessTimeUtc(string path, DateTime lastAccessTimeUtc)
        {
            Real.SetLastAccessTimeUtc(Map(path), lastAccessTimeUtc);
        }

        /// <summary>Sets the time of the last change.</summary>
        public static void SetLastWriteTime(string path, DateTime lastWriteTime)
        {
            Real.SetLastWriteTime(Map(path), lastWriteTime);
        }

        /// <summary>Sets the time of the last change.</summary>
        public static void SetLastWriteTimeUtc(string path, DateTime lastWriteTimeUtc)
        {
            Real.SetLastWriteTimeUtc(Map(path), lastWriteTimeUtc);
        }

        /// <summary>Moves or renames a file; the target must not exist.</summary>
        public static void Move(string sourceFileName, string destFileName)
        {
            Real.Move(Map(sourceFileName), Map(destFileName));
        }

        /// <summary>Opens a file for reading and writing.</summary>
        public static FileStream Open(string path, FileMode mode)
        {
            return Real.Open(Map(path), mode);
        }

        /// <summary>Opens a file.</summary>
        public static FileStream Open(string path, FileMode mode, FileAccess access)
        {
            return Real.Open(Map(path), mode, access);
        }

        /// <summary>Opens a file.</summary>
        public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
        {
            return Real.Open(Map(path), mode, access, share);
        }

        /// <summary>Opens a file for reading.</summary>
        public static FileStream OpenRead(string path)
        {
            return Real.OpenRead(Map(path));
        }

        /// <summary>A reader of a text file in UTF-8.</summary>
        public static StreamReader OpenText(string path)
        {
            return new StreamReader(Map(path));
        }

        /// <summary>Opens or makes a file for writing.</summary>
        public static FileStream OpenWrite(string path)
        {
            return Real.OpenWrite(Map(path));
        }

        /// <summary>The whole file.</summary>
        public static byte[] ReadAllBytes(string path)
        {
            return Real.ReadAllBytes(Map(path));
        }

        /// <summary>All lines, as UTF-8 unless a byte order mark says otherwise.</summary>
        public static string[] ReadAllLines(string path)
        {
            return Real.ReadAllLines(Map(path));
        }

        /// <summary>All lines.</summary>
        public static string[] ReadAllLines(string path, Encoding encoding)
        {
            return Real.ReadAllLines(Map(path), encoding);
        }

        /// <summary>The whole text, as UTF-8 unless a byte order mark says otherwise.</summary>
        public static string ReadAllText(string path)
        {
            return Real.ReadAllText(Map(path));
        }

        /// <summary>The whole text.</summary>
        public static string ReadAllText(string path, Encoding encoding)
        {
            return Real.ReadAllText(Map(path), encoding);
        }

        /// <summary>The lines one after another.</summary>
        public static IEnumerable<string> ReadLines(string path)
        {
            return Real.ReadLines(Map(path));
        }

        /// <summary>The lines one after another.</summary>
        public static IEnumerable<string> ReadLines(string path, Encoding encoding)
        {
            return Real.ReadLines(Map(path), encoding);
        }

        /// <summary>Puts one file in the place of another and keeps the old one as a backup.</summary>
        public static void Replace(string sourceFileName, string destinationFileName, string destinationBackupFileName)
        {
            Replace(sourceFileName, destinationFileName, destinationBackupFileName, false);
        }

        /// <summary>Puts one file in the place of another and keeps the old one as a backup.</summary>
        public static void Replace(string sourceFileName, string destinationFileName, string destinationBackupFileName, bool ignoreMetadataErrors)
        {
            var backup = destinationBackupFileName == null ? null : Map(destinationBackupFileName);
            Real.Replace(Map(sourceFileName), Map(destinationFileName), backup, ignoreMetadataErrors);
        }

        /// <summary>Writes a whole file.</summary>
        public static void WriteAllBytes(string path, byte[] bytes)
        {
            Real.WriteAllBytes(Map(path), bytes);
        }

        /// <summary>Writes lines in UTF-8.</summary>
        public static void WriteAllLines(string path, string[] contents)
        {
            WriteAllLines(path, (IEnumerable<string>)contents, Plain);
        }

        /// <summary>Writes lines in UTF-8.</summary>
        public static void WriteAllLines(string path, IEnumerable<string> contents)
        {
            WriteAllLines(path, contents, Plain);
        }

        /// <summary>Writes lines.</summary>
        public static void WriteAllLines(string path, string[] contents, Encoding encoding)
        {
            WriteAllLines(path, (IEnumerable<string>)contents, encoding);
        }

        /// <summary>Writes lines.</summary>
        public static void WriteAllLines(string path, IEnumerable<string> contents, Encoding encoding)
        {
            if (contents == null) throw new ArgumentNullException("contents");
            Write(new StreamWriter(Map(path), false, encoding), contents);
        }

        /// <summary>Writes a text in UTF-8, as it is.</summary>
        public static void WriteAllText(string path, string contents)
        {
            Real.WriteAllText(Map(path), contents, Plain);
        }

        /// <summary>Writes a text, as it is.</summary>
        public static void WriteAllText(string path, string contents, Encoding encoding)
        {
            Real.WriteAllText(Map(path), contents, encoding);
        }
    }
}
