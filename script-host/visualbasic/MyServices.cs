// My.Computer.FileSystem and its kin: the functions of FileIO.FileSystem as an object.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.MyServices.

using System;
using System.Collections.ObjectModel;
using System.ComponentModel;
using System.IO;
using System.Text;
using System.Threading;
using Microsoft.VisualBasic.FileIO;
using Shim = Packmule.Script.IO;

namespace Microsoft.VisualBasic.FileIO
{
    /// <summary>Well-known folders of this computer.</summary>
    public class SpecialDirectories
    {
        private static string Folder(Environment.SpecialFolder folder, string name)
        {
            var path = Environment.GetFolderPath(folder);
            if (string.IsNullOrEmpty(path)) throw new DirectoryNotFoundException("Could not find special directory '" + name + "'.");
            return path;
        }

        /// <summary>Environment.SpecialFolder.CommonApplicationData.</summary>
        public static string AllUsersApplicationData
        {
            get { return Folder(Environment.SpecialFolder.CommonApplicationData, "AllUsersApplicationData"); }
        }

        /// <summary>Environment.SpecialFolder.ApplicationData.</summary>
        public static string CurrentUserApplicationData
        {
            get { return Folder(Environment.SpecialFolder.ApplicationData, "CurrentUserApplicationData"); }
        }

        /// <summary>Environment.SpecialFolder.Desktop.</summary>
        public static string Desktop
        {
            get { return Folder(Environment.SpecialFolder.Desktop, "Desktop"); }
        }

        /// <summary>Environment.SpecialFolder.MyDocuments.</summary>
        public static string MyDocuments
        {
            get { return Folder(Environment.SpecialFolder.MyDocuments, "MyDocuments"); }
        }

        /// <summary>Environment.SpecialFolder.MyMusic.</summary>
        public static string MyMusic
        {
            get { return Folder(Environment.SpecialFolder.MyMusic, "MyMusic"); }
        }

        /// <summary>Environment.SpecialFolder.MyPictures.</summary>
        public static string MyPictures
        {
            get { return Folder(Environment.SpecialFolder.MyPictures, "MyPictures"); }
        }

        /// <summary>Environment.SpecialFolder.ProgramFiles.</summary>
        public static string ProgramFiles
        {
            get { return Folder(Environment.SpecialFolder.ProgramFiles, "ProgramFiles"); }
        }

        /// <summary>Environment.SpecialFolder.Programs.</summary>
        public static string Programs
        {
            get { return Folder(Environment.SpecialFolder.Programs, "Programs"); }
        }

        /// <summary>The folder for temporary files, without a slash at its end.</summary>
        public static string Temp
        {
            get { return Shim.Path.GetTempPath().TrimEnd('/'); }
        }
    }
}

namespace Microsoft.VisualBasic.MyServices
{
    /// <summary>My.Computer.FileSystem.SpecialDirectories.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public class SpecialDirectoriesProxy
    {
        internal SpecialDirectoriesProxy()
        {
        }

        /// <summary>SpecialDirectories.AllUsersApplicationData.</summary>
        public string AllUsersApplicationData
        {
            get { return SpecialDirectories.AllUsersApplicationData; }
        }

        /// <summary>SpecialDirectories.CurrentUserApplicationData.</summary>
        public string CurrentUserApplicationData
        {
            get { return SpecialDirectories.CurrentUserApplicationData; }
        }

        /// <summary>SpecialDirectories.Desktop.</summary>
        public string Desktop
        {
            get { return SpecialDirectories.Desktop; }
        }

        /// <summary>SpecialDirectories.MyDocuments.</summary>
        public string MyDocuments
        {
            get { return SpecialDirectories.MyDocuments; }
        }

        /// <summary>SpecialDirectories.MyMusic.</summary>
        public string MyMusic
        {
            get { return SpecialDirectories.MyMusic; }
        }

        /// <summary>SpecialDirectories.MyPictures.</summary>
        public string MyPictures
        {
            get { return SpecialDirectories.MyPictures; }
        }

        /// <summary>SpecialDirectories.ProgramFiles.</summary>
        public string ProgramFiles
        {
            get { return SpecialDirectories.ProgramFiles; }
        }

        /// <summary>SpecialDirectories.Programs.</summary>
        public string Programs
        {
            get { return SpecialDirectories.Programs; }
        }

        /// <summary>SpecialDirectories.Temp.</summary>
        public string Temp
        {
            get { return SpecialDirectories.Temp; }
        }
    }

    /// <summary>My.Computer.FileSystem.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public class FileSystemProxy
    {
        private readonly SpecialDirectoriesProxy _special = new SpecialDirectoriesProxy();

        internal FileSystemProxy()
        {
        }

        /// <summary>Well-known folders.</summary>
        public SpecialDirectoriesProxy SpecialDirectories
        {
            get { return _special; }
        }

        /// <summary>The script's current folder.</summary>
        public string CurrentDirectory
        {
            get { return Shim.Directory.GetCurrentDirectory(); }
            set { Shim.Directory.SetCurrentDirectory(value); }
        }

        /// <summary>The file systems of this computer.</summary>
        public ReadOnlyCollection<DriveInfo> Drives
        {
            get { return new ReadOnlyCollection<DriveInfo>(DriveInfo.GetDrives()); }
        }

        /// <summary>A folder and a relative path, made absolute.</summary>
        public string CombinePath(string baseDirectory, string relativePath)
        {
            return FileIO.FileSystem.CombinePath(baseDirectory, relativePath);
        }

        /// <summary>Copies a folder with all in it.</summary>
        public void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName)
        {
            FileIO.FileSystem.CopyDirectory(sourceDirectoryName, destinationDirectoryName);
        }

        /// <summary>Copies a folder with all in it.</summary>
        public void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName, bool overwrite)
        {
            FileIO.FileSystem.CopyDirectory(sourceDirectoryName, destinationDirectoryName, overwrite);
        }

        /// <summary>Copies a folder with all in it.</summary>
        public void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI)
        {
            FileIO.FileSystem.CopyDirectory(sourceDirectoryName, destinationDirectoryName, showUI);
        }

        /// <summary>Copies a folder with all in it.</summary>
        public void CopyDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI, UICancelOption onUserCancel)
        {
            FileIO.FileSystem.CopyDirectory(sourceDirectoryName, destinationDirectoryName, showUI, onUserCancel);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName)
        {
            FileIO.FileSystem.MoveDirectory(sourceDirectoryName, destinationDirectoryName);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName, bool overwrite)
        {
            FileIO.FileSystem.MoveDirectory(sourceDirectoryName, destinationDirectoryName, overwrite);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI)
        {
            FileIO.FileSystem.MoveDirectory(sourceDirectoryName, destinationDirectoryName, showUI);
        }

        /// <summary>Moves a folder with all in it.</summary>
        public void MoveDirectory(string sourceDirectoryName, string destinationDirectoryName, UIOption showUI, UICancelOption onUserCancel)
        {
            FileIO.FileSystem.MoveDirectory(sourceDirectoryName, destinationDirectoryName, showUI, onUserCancel);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public void CopyFile(string sourceFileName, string destinationFileName)
        {
            FileIO.FileSystem.CopyFile(sourceFileName, destinationFileName);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public void MoveFile(string sourceFileName, string destinationFileName)
        {
            FileIO.FileSystem.MoveFile(sourceFileName, destinationFileName);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public void CopyFile(string sourceFileName, string destinationFileName, bool overwrite)
        {
            FileIO.FileSystem.CopyFile(sourceFileName, destinationFileName, overwrite);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public void MoveFile(string sourceFileName, string destinationFileName, bool overwrite)
        {
            FileIO.FileSystem.MoveFile(sourceFileName, destinationFileName, overwrite);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public void CopyFile(string sourceFileName, string destinationFileName, UIOption showUI)
        {
            FileIO.FileSystem.CopyFile(sourceFileName, destinationFileName, showUI);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public void MoveFile(string sourceFileName, string destinationFileName, UIOption showUI)
        {
            FileIO.FileSystem.MoveFile(sourceFileName, destinationFileName, showUI);
        }

        /// <summary>Copies a file; the folder is made.</summary>
        public void CopyFile(string sourceFileName, string destinationFileName, UIOption showUI, UICancelOption onUserCancel)
        {
            FileIO.FileSystem.CopyFile(sourceFileName, destinationFileName, showUI, onUserCancel);
        }

        /// <summary>Moves a file; the folder is made.</summary>
        public void MoveFile(string sourceFileName, string destinationFileName, UIOption showUI, UICancelOption onUserCancel)
        {
            FileIO.FileSystem.MoveFile(sourceFileName, destinationFileName, showUI, onUserCancel);
        }

        /// <summary>Makes a folder and those above it.</summary>
        public void CreateDirectory(string directory)
        {
            FileIO.FileSystem.CreateDirectory(directory);
        }

        /// <summary>Deletes a folder.</summary>
        public void DeleteDirectory(string directory, DeleteDirectoryOption onDirectoryNotEmpty)
        {
            FileIO.FileSystem.DeleteDirectory(directory, onDirectoryNotEmpty);
        }

        /// <summary>Deletes a folder with all in it.</summary>
        public void DeleteDirectory(string directory, UIOption showUI, RecycleOption recycle)
        {
            FileIO.FileSystem.DeleteDirectory(directory, showUI, recycle);
        }

        /// <summary>Deletes a folder with all in it.</summary>
        public void DeleteDirectory(string directory, UIOption showUI, RecycleOption recycle, UICancelOption onUserCancel)
        {
            FileIO.FileSystem.DeleteDirectory(directory, showUI, recycle, onUserCancel);
        }

        /// <summary>Deletes a file.</summary>
        public void DeleteFile(string file)
        {
            FileIO.FileSystem.DeleteFile(file);
        }

        /// <summary>Deletes a file.</summary>
        public void DeleteFile(string file, UIOption showUI, RecycleOption recycle)
        {
            FileIO.FileSystem.DeleteFile(file, showUI, recycle);
        }

        /// <summary>Deletes a file.</summary>
        public void DeleteFile(string file, UIOption showUI, RecycleOption recycle, UICancelOption onUserCancel)
        {
            FileIO.FileSystem.DeleteFile(file, showUI, recycle, onUserCancel);
        }

        /// <summary>Whether a folder exists.</summary>
        public bool DirectoryExists(string directory)
        {
            return FileIO.FileSystem.DirectoryExists(directory);
        }

        /// <summary>Whether a file exists.</summary>
        public bool FileExists(string file)
        {
            return FileIO.FileSystem.FileExists(file);
        }

        /// <summary>Files that hold a text.</summary>
        public ReadOnlyCollection<string> FindInFiles(string directory, string containsText, bool ignoreCase, FileIO.SearchOption searchType)
        {
            return FileIO.FileSystem.FindInFiles(directory, containsText, ignoreCase, searchType);
        }

        /// <summary>Files of some names that hold a text.</summary>
        public ReadOnlyCollection<string> FindInFiles(string directory, string containsText, bool ignoreCase, FileIO.SearchOption searchType, params string[] fileWildcards)
        {
            return FileIO.FileSystem.FindInFiles(directory, containsText, ignoreCase, searchType, fileWildcards);
        }

        /// <summary>The folders of a folder.</summary>
        public ReadOnlyCollection<string> GetDirectories(string directory)
        {
            return FileIO.FileSystem.GetDirectories(directory);
        }

        /// <summary>The folders of a folder, also below when asked to.</summary>
        public ReadOnlyCollection<string> GetDirectories(string directory, FileIO.SearchOption searchType)
        {
            return FileIO.FileSystem.GetDirectories(directory, searchType);
        }

        /// <summary>The folders of a folder that fit patterns.</summary>
        public ReadOnlyCollection<string> GetDirectories(string directory, FileIO.SearchOption searchType, params string[] wildcards)
        {
            return FileIO.FileSystem.GetDirectories(directory, searchType, wildcards);
        }

        /// <summary>The files of a folder.</summary>
        public ReadOnlyCollection<string> GetFiles(string directory)
        {
            return FileIO.FileSystem.GetFiles(directory);
        }

        /// <summary>The files of a folder, also below when asked to.</summary>
        public ReadOnlyCollection<string> GetFiles(string directory, FileIO.SearchOption searchType)
        {
            return FileIO.FileSystem.GetFiles(directory, searchType);
        }

        /// <summary>The files of a folder that fit patterns.</summary>
        public ReadOnlyCollection<string> GetFiles(string directory, FileIO.SearchOption searchType, params string[] wildcards)
        {
            return FileIO.FileSystem.GetFiles(directory, searchType, wildcards);
        }

        /// <summary>What is known of a folder.</summary>
        public Shim.DirectoryInfo GetDirectoryInfo(string directory)
        {
            return FileIO.FileSystem.GetDirectoryInfo(directory);
        }

        /// <summary>What is known of the file system behind a drive.</summary>
        public DriveInfo GetDriveInfo(string drive)
        {
            return FileIO.FileSystem.GetDriveInfo(drive);
        }

        /// <summary>What is known of a file.</summary>
        public Shim.FileInfo GetFileInfo(string file)
        {
            return FileIO.FileSystem.GetFileInfo(file);
        }

        /// <summary>A path's last part.</summary>
        public string GetName(string path)
        {
            return FileIO.FileSystem.GetName(path);
        }

        /// <summary>The folder of a path.</summary>
        public string GetParentPath(string path)
        {
            return FileIO.FileSystem.GetParentPath(path);
        }

        /// <summary>Makes an empty temporary file.</summary>
        public string GetTempFileName()
        {
            return FileIO.FileSystem.GetTempFileName();
        }

        /// <summary>A parser over a file.</summary>
        public TextFieldParser OpenTextFieldParser(string file)
        {
            return FileIO.FileSystem.OpenTextFieldParser(file);
        }

        /// <summary>A parser over a delimited file.</summary>
        public TextFieldParser OpenTextFieldParser(string file, params string[] delimiters)
        {
            return FileIO.FileSystem.OpenTextFieldParser(file, delimiters);
        }

        /// <summary>A parser over a file of fixed widths.</summary>
        public TextFieldParser OpenTextFieldParser(string file, params int[] fieldWidths)
        {
            return FileIO.FileSystem.OpenTextFieldParser(file, fieldWidths);
        }

        /// <summary>A reader of a text file.</summary>
        public StreamReader OpenTextFileReader(string file)
        {
            return FileIO.FileSystem.OpenTextFileReader(file);
        }

        /// <summary>A reader of a text file.</summary>
        public StreamReader OpenTextFileReader(string file, Encoding encoding)
        {
            return FileIO.FileSystem.OpenTextFileReader(file, encoding);
        }

        /// <summary>A writer of a text file.</summary>
        public StreamWriter OpenTextFileWriter(string file, bool append)
        {
            return FileIO.FileSystem.OpenTextFileWriter(file, append);
        }

        /// <summary>A writer of a text file.</summary>
        public StreamWriter OpenTextFileWriter(string file, bool append, Encoding encoding)
        {
            return FileIO.FileSystem.OpenTextFileWriter(file, append, encoding);
        }

        /// <summary>The whole file.</summary>
        public byte[] ReadAllBytes(string file)
        {
            return FileIO.FileSystem.ReadAllBytes(file);
        }

        /// <summary>The whole text.</summary>
        public string ReadAllText(string file)
        {
            return FileIO.FileSystem.ReadAllText(file);
        }

        /// <summary>The whole text.</summary>
        public string ReadAllText(string file, Encoding encoding)
        {
            return FileIO.FileSystem.ReadAllText(file, encoding);
        }

        /// <summary>Renames a folder.</summary>
        public void RenameDirectory(string directory, string newName)
        {
            FileIO.FileSystem.RenameDirectory(directory, newName);
        }

        /// <summary>Renames a file.</summary>
        public void RenameFile(string file, string newName)
        {
            FileIO.FileSystem.RenameFile(file, newName);
        }

        /// <summary>Writes or adds bytes.</summary>
        public void WriteAllBytes(string file, byte[] data, bool append)
        {
            FileIO.FileSystem.WriteAllBytes(file, data, append);
        }

        /// <summary>Writes or adds a text in UTF-8 with a byte order mark.</summary>
        public void WriteAllText(string file, string text, bool append)
        {
            FileIO.FileSystem.WriteAllText(file, text, append);
        }

        /// <summary>Writes or adds a text.</summary>
        public void WriteAllText(string file, string text, bool append, Encoding encoding)
        {
            FileIO.FileSystem.WriteAllText(file, text, append, encoding);
        }
    }
}

namespace Microsoft.VisualBasic.MyServices.Internal
{
    /// <summary>A value of each thread, behind the objects of the My namespace.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public class ContextValue<T>
    {
        private readonly ThreadLocal<T> _value = new ThreadLocal<T>();

        /// <summary>Holds no value yet.</summary>
        public ContextValue()
        {
        }

        /// <summary>The thread's value.</summary>
        public T Value
        {
            get { return _value.Value; }
            set { _value.Value = value; }
        }
    }
}
