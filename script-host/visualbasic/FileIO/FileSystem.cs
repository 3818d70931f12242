// Microsoft.VisualBasic.FileIO: what My.Computer.FileSystem does.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.FileIO.FileSystem. Paths are mapped;
// answers keep the style of what was given. There are no dialogs and no recycle bin: what asks for
// them goes on without, and deleting to the recycle bin throws.

using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;
using System.Text;
using Packmule.Script;
using Shim = Packmule.Script.IO;

namespace Microsoft.VisualBasic.FileIO
{
    /// <summary>What happens to folders that are not empty.</summary>
    public enum DeleteDirectoryOption
    {
        /// <summary>An exception.</summary>
        ThrowIfDirectoryNonEmpty = 4,

        /// <summary>All is deleted.</summary>
        DeleteAllContents = 5,
    }

    /// <summary>Where deleted files go.</summary>
    public enum RecycleOption
    {
        /// <summary>Nowhere.</summary>
        DeletePermanently = 2,

        /// <summary>To the recycle bin, which is not here.</summary>
        SendToRecycleBin = 3,
    }

    /// <summary>How deep to search.</summary>
    public enum SearchOption
    {
        /// <summary>The folder only.</summary>
        SearchTopLevelOnly = 2,

        /// <summary>All below too.</summary>
        SearchAllSubDirectories = 3,
    }

    /// <summary>What happens when somebody clicks Cancel; nobody does.</summary>
    public enum UICancelOption
    {
        /// <summary>Nothing.</summary>
        DoNothing = 2,

        /// <summary>An exception.</summary>
        ThrowException = 3,
    }

    /// <summary>Which dialogs are shown; none are.</summary>
    public enum UIOption
    {
        /// <summary>Errors.</summary>
        OnlyErrorDialogs = 2,

        /// <summary>All.</summary>
        AllDialogs = 3,
    }

    /// <summary>Files and folders.</summary>
    public class FileSystem
    {
        private static System.IO.SearchOption Depth(SearchOption option)
        {
            if (option != SearchOption.SearchTopLevelOnly && option != SearchOption.SearchAllSubDirectories) throw new System.ComponentModel.InvalidEnumArgumentException("searchType", (int)option, typeof(SearchOption));
            return option == SearchOption.SearchAllSubDirectories ? System.IO.SearchOption.AllDirectories : System.IO.SearchOption.TopDirectoryOnly;
        }

        private static ReadOnlyCollection<string> Found(IEnumerable<string> names)
        {
            return new ReadOnlyCollection<string>(names.ToList());
        }

        private static IEnumerable<string> Fitting(string[] patterns, Func<string, string[]> list)
        {
            if (patterns == null || patterns.Length == 0) return list("*");
            return patterns.SelectMany(p => list(p)).Distinct();
        }

        private static void MakeParent(string file)
        {
            var parent = Shim.Path.GetDirectoryName(Shim.Path.GetFullPath(file));
            if (parent != null) Shim.Directory.CreateDirectory(parent);
        }

        private static void CheckName(string name)
        {
            if (string.IsNullOrEmpty(name)) throw new ArgumentNullException("newName");
            if (name.IndexOfAny(new[] { '/', '\\', ':' }) >= 0) throw new ArgumentException("Argument 'newName' must be a name only, not a path.");
        }

        private static void NoRecycling(RecycleOption recycle)
        {
            if (recycle == RecycleOption.SendToRecycleBin) throw new PlatformNotSupportedException("there is no recycle bin here; use RecycleOption.DeletePermanently");
        }

        private static void CopyTree(string source, string target, bool overwrite, bool move)
        {
            if (!Shim.Directory.Exists(source)) throw new DirectoryNotFoundException("Could not find directory '" + source + "'.");
            string from = ScriptContext.Current.Map(source).TrimEnd('/'), to = ScriptContext.Current.Map(target).TrimEnd('/');
            if (from == to || to.StartsWith(from + "/", StringComparison.Ordinal)) throw new InvalidOperationException("Could not complete operation because target directory is under source directory.");
            Shim.Directory.CreateDirectory(target);
            foreach (var folder in Shim.Directory.GetDirectories(source)) CopyTree(folder, Shim.Path.Combine(target, Shim.Path.GetFileName(folder)), overwrite, move);
            foreach (var file in Shim.Directory.GetFiles(source))
            {
                var name = Shim.Path.Combine(target, Shim.Path.GetFileName(file));
                Shim.File.Copy(file, name, overwrite);
                if (move) Shim.File.Delete(file);
            }
            if (move) Shim.Directory.Delete(source);
        }

        /// <summary>The script's current folder.</summary>
        public static string CurrentDirectory
        {
            get { return Shim.Directory.GetCurrentDirectory(); }
            set { Shim.Directory.SetCurrentDirectory(value); }
        }

        /// <summary>The file systems of this computer.</summary>
        public static ReadOnlyCollection<DriveInfo> Drives
        {
            get { return new ReadOnlyCollection<DriveInfo>(DriveInfo.GetDrives()); }
        }

        /// <summary>A folder and a relative path, made absolute.</summary>
        public static string CombinePath(string baseDirectory, string relativePath)
        {
            return Shim.Path.GetFullPath(Shim.Path.Combine(baseDirectory, relativePath ?? ""));
        }

        /// <summary>Copies a folder with all in it.</summary>
        public static void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, false, false);
        }

        /// <summary>Copies a folder with all in it.</summary>
        public static void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName, bool overwrite)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, overwrite, false);
        }

        /// <summary>Copies a folder with all in it.</summary>
        public static void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, true, false);
        }

        /// <summary>Copies a folder with all in it.</summary>
        public static void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI, UICancelOption onUserCancel)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, true, false);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public static void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, false, true);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public static void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName, bool overwrite)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, overwrite, true);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public static void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, true, true);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public static void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI, UICancelOption onUserCancel)
        {
            CopyTree(sourceDirectoryName, destinationDirectoryName, true, true);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public static void CopyFile(string sourceFileName, string destinationFileName)
        {
            MakeParent(destinationFileName);
            Shim.File.Copy(sourceFileName, destinationFileName, false);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public static void MoveFile(string sourceFileName, string destinationFileName)
        {
            MakeParent(destinationFileName);
            if (!Shim.File.Exists(sourceFileName)) throw new FileNotFoundException("Could not find file '" + sourceFileName + "'.");
            Shim.File.Copy(sourceFileName, destinationFileName, false);
            Shim.File.Delete(sourceFileName);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public static void CopyFile(string sourceFileName, string destinationFileName, bool overwrite)
        {
            MakeParent(destinationFileName);
            Shim.File.Copy(sourceFileName, destinationFileName, overwrite);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public static void MoveFile(string sourceFileName, string destinationFileName, bool overwrite)
        {
            MakeParent(destinationFileName);
            if (!Shim.File.Exists(sourceFileName)) throw new FileNotFoundException("Could not find file '" + sourceFileName + "'.");
            Shim.File.Copy(sourceFileName, destinationFileName, overwrite);
            Shim.File.Delete(sourceFileName);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public static void CopyFile(string sourceFileName, string destinationFileName, UIOption showUI)
        {
            MakeParent(destinationFileName);
            Shim.File.Copy(sourceFileName, destinationFileName, true);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public static void MoveFile(string sourceFileName, string destinationFileName, UIOption showUI)
        {
            MakeParent(destinationFileName);
            if (!Shim.File.Exists(sourceFileName)) throw new FileNotFoundException("Could not find file '" + sourceFileName + "'.");
            Shim.File.Copy(sourceFileName, destinationFileName, true);
            Shim.File.Delete(sourceFileName);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public static void CopyFile(string sourceFileName, string destinationFileName, UIOption showUI, UICancelOption onUserCancel)
        {
            MakeParent(destinationFileName);
            Shim.File.Copy(sourceFileName, destinationFileName, true);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public static void MoveFile(string sourceFileName, string destinationFileName, UIOption showUI, UICancelOption onUserCancel)
        {
            MakeParent(destinationFileName);
            if (!Shim.File.Exists(sourceFileName)) throw new FileNotFoundException("Could not find file '" + sourceFileName + "'.");
            Shim.File.Copy(sourceFileName, destinationFileName, true);
            Shim.File.Delete(sourceFileName);
        }

        /// <summary>Makes a folder and those above it.</summary>
        public static void CreateDirectory(string directory)
        {
            Shim.Directory.CreateDirectory(directory);
        }

        /// <summary>Deletes a folder.</summary>
        public static void DeleteDirectory(string directory, DeleteDirectoryOption onDirectoryNotEmpty)
        {
            Shim.Directory.Delete(directory, onDirectoryNotEmpty == DeleteDirectoryOption.DeleteAllContents);
        }

        /// <summary>Deletes a folder with all in it.</summary>
        public static void DeleteDirectory(string directory, UIOption showUI, RecycleOption recycle)
        {
            NoRecycling(recycle);
            Shim.Directory.Delete(directory, true);
        }

        /// <summary>Deletes a folder with all in it.</summary>
        public static void DeleteDirectory(string directory, UIOption showUI, RecycleOption recycle, UICancelOption onUserCancel)
        {
            NoRecycling(recycle);
            Shim.Directory.Delete(directory, true);
        }

        /// <summary>Deletes a file.</summary>
        public static void DeleteFile(string file)
        {
            if (!Shim.File.Exists(file)) throw new FileNotFoundException("Could not find file '" + file + "'.");
            Shim.File.Delete(file);
        }

        /// <summary>Deletes a file.</summary>
        public static void DeleteFile(string file, UIOption showUI, RecycleOption recycle)
        {
            NoRecycling(recycle);
            if (!Shim.File.Exists(file)) throw new FileNotFoundException("Could not find file '" + file + "'.");
            Shim.File.Delete(file);
        }

        /// <summary>Deletes a file.</summary>
        public static void DeleteFile(string file, UIOption showUI, RecycleOption recycle, UICancelOption onUserCancel)
        {
            NoRecycling(recycle);
            if (!Shim.File.Exists(file)) throw new FileNotFoundException("Could not find file '" + file + "'.");
            Shim.File.Delete(file);
        }

        /// <summary>Whether a folder exists.</summary>
        public static bool DirectoryExists(string directory)
        {
            return Shim.Directory.Exists(directory);
        }

        /// <summary>Whether a file exists.</summary>
        public static bool FileExists(string file)
        {
            return Shim.File.Exists(file);
        }

        /// <summary>Files that hold a text.</summary>
        public static ReadOnlyCollection<string> FindInFiles(string directory, string containsText, bool ignoreCase, SearchOption searchType)
        {
            var comparison = ignoreCase ? StringComparison.CurrentCultureIgnoreCase : StringComparison.CurrentCulture;
            return Found(Fitting(null, p => Shim.Directory.GetFiles(directory, p, Depth(searchType))).Where(f => Shim.File.ReadAllText(f).IndexOf(containsText ?? "", comparison) >= 0));
        }

        /// <summary>Files of some names that hold a text.</summary>
        public static ReadOnlyCollection<string> FindInFiles(string directory, string containsText, bool ignoreCase, SearchOption searchType, params string[] fileWildcards)
        {
            var comparison = ignoreCase ? StringComparison.CurrentCultureIgnoreCase : StringComparison.CurrentCulture;
            return Found(Fitting(fileWildcards, p => Shim.Directory.GetFiles(directory, p, Depth(searchType))).Where(f => Shim.File.ReadAllText(f).IndexOf(containsText ?? "", comparison) >= 0));
        }

        /// <summary>The folders of a folder.</summary>
        public static ReadOnlyCollection<string> GetDirectories(string directory)
        {
            return Found(Shim.Directory.GetDirectories(directory));
        }

        /// <summary>The folders of a folder, also below when asked to.</summary>
        public static ReadOnlyCollection<string> GetDirectories(string directory, SearchOption searchType)
        {
            return Found(Shim.Directory.GetDirectories(directory, "*", Depth(searchType)));
        }

        /// <summary>The folders of a folder that fit patterns.</summary>
        public static ReadOnlyCollection<string> GetDirectories(string directory, SearchOption searchType, params string[] wildcards)
        {
            return Found(Fitting(wildcards, p => Shim.Directory.GetDirectories(directory, p, Depth(searchType))));
        }

        /// <summary>The files of a folder.</summary>
        public static ReadOnlyCollection<string> GetFiles(string directory)
        {
            return Found(Shim.Directory.GetFiles(directory));
        }

        /// <summary>The files of a folder, also below when asked to.</summary>
        public static ReadOnlyCollection<string> GetFiles(string directory, SearchOption searchType)
        {
            return Found(Shim.Directory.GetFiles(directory, "*", Depth(searchType)));
        }

        /// <summary>The files of a folder that fit patterns.</summary>
        public static ReadOnlyCollection<string> GetFiles(string directory, SearchOption searchType, params string[] wildcards)
        {
            return Found(Fitting(wildcards, p => Shim.Directory.GetFiles(directory, p, Depth(searchType))));
        }

        /// <summary>What is known of a folder.</summary>
        public static Shim.DirectoryInfo GetDirectoryInfo(string directory)
        {
            return new Shim.DirectoryInfo(directory);
        }

        /// <summary>What is known of the file system behind a drive.</summary>
        public static DriveInfo GetDriveInfo(string drive)
        {
            return new DriveInfo(ScriptContext.Current.Map(drive));
        }

        /// <summary>What is known of a file.</summary>
        public static Shim.FileInfo GetFileInfo(string file)
        {
            return new Shim.FileInfo(file);
        }

        /// <summary>A path's last part.</summary>
        public static string GetName(string path)
        {
            return Shim.Path.GetFileName(path);
        }

        /// <summary>The folder of a path.</summary>
        public static string GetParentPath(string path)
        {
            var parent = Shim.Path.GetDirectoryName(Shim.Path.GetFullPath(path));
            if (parent == null) throw new ArgumentException("Could not get parent path since the given path is a root directory: '" + path + "'.");
            return parent;
        }

        /// <summary>Makes an empty temporary file.</summary>
        public static string GetTempFileName()
        {
            return Shim.Path.GetTempFileName();
        }

        /// <summary>A parser over a file.</summary>
        public static TextFieldParser OpenTextFieldParser(string file)
        {
            return new TextFieldParser(file);
        }

        /// <summary>A parser over a delimited file.</summary>
        public static TextFieldParser OpenTextFieldParser(string file, params string[] delimiters)
        {
            var parser = new TextFieldParser(file);
            parser.SetDelimiters(delimiters);
            return parser;
        }

        /// <summary>A parser over a file of fixed widths.</summary>
        public static TextFieldParser OpenTextFieldParser(string file, params int[] fieldWidths)
        {
            var parser = new TextFieldParser(file);
            parser.SetFieldWidths(fieldWidths);
            return parser;
        }

        /// <summary>A reader of a text file.</summary>
        public static StreamReader OpenTextFileReader(string file)
        {
            return OpenTextFileReader(file, Encoding.ASCII);
        }

        /// <summary>A reader of a text file.</summary>
        public static StreamReader OpenTextFileReader(string file, Encoding encoding)
        {
            return new StreamReader(ScriptContext.Current.Map(file), encoding, true);
        }

        /// <summary>A writer of a text file.</summary>
        public static StreamWriter OpenTextFileWriter(string file, bool append)
        {
            return OpenTextFileWriter(file, append, Encoding.UTF8);
        }

        /// <summary>A writer of a text file.</summary>
        public static StreamWriter OpenTextFileWriter(string file, bool append, Encoding encoding)
        {
            return Shim.SystemMembers.StreamWriter_New(file, append, encoding);
        }

        /// <summary>The whole file.</summary>
        public static byte[] ReadAllBytes(string file)
        {
            return Shim.File.ReadAllBytes(file);
        }

        /// <summary>The whole text.</summary>
        public static string ReadAllText(string file)
        {
            return Shim.File.ReadAllText(file);
        }

        /// <summary>The whole text.</summary>
        public static string ReadAllText(string file, Encoding encoding)
        {
            return Shim.File.ReadAllText(file, encoding);
        }

        /// <summary>Renames a folder.</summary>
        public static void RenameDirectory(string directory, string newName)
        {
            CheckName(newName);
            Shim.Directory.Move(directory, Shim.Path.Combine(GetParentPath(directory), newName));
        }

        /// <summary>Renames a file.</summary>
        public static void RenameFile(string file, string newName)
        {
            CheckName(newName);
            Shim.File.Move(file, Shim.Path.Combine(GetParentPath(file), newName));
        }

        /// <summary>Writes or adds bytes.</summary>
        public static void WriteAllBytes(string file, byte[] data, bool append)
        {
            MakeParent(file);
            using (var stream = new FileStream(ScriptContext.Current.Map(file), append ? FileMode.Append : FileMode.Create)) stream.Write(data, 0, data.Length);
        }

        /// <summary>Writes or adds a text in UTF-8 with a byte order mark.</summary>
        public static void WriteAllText(string file, string text, bool append)
        {
            WriteAllText(file, text, append, Encoding.UTF8);
        }

        /// <summary>Writes or adds a text.</summary>
        public static void WriteAllText(string file, string text, bool append, Encoding encoding)
        {
            MakeParent(file);
            var path = ScriptContext.Current.Map(file);
            // A text that is added takes the encoding that the file begins with.
            if (append && System.IO.File.Exists(path))
            {
                using (var reader = new StreamReader(path, encoding, true))
                {
                    reader.Peek();
                    encoding = reader.CurrentEncoding;
                }
            }
            using (var writer = new StreamWriter(path, append, encoding)) writer.Write(text);
        }
    }
}
