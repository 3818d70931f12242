// System.IO.FileSystemInfo, FileInfo and DirectoryInfo as scripts expect them.
//
// Documented at learn.microsoft.com (.NET Framework 4.8). Differences: paths are mapped when they
// are used; FullName and its kin answer in the style of the path that was given.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SysIO = System.IO;

namespace Packmule.Script.IO
{
    /// <summary>Stands for System.IO.FileSystemInfo in scripts.</summary>
    [Serializable]
    [StandsFor("System.IO.FileSystemInfo")]
    public abstract class FileSystemInfo : MarshalByRefObject
    {
        /// <summary>The path as it was given.</summary>
        protected string OriginalPath;

        /// <summary>The full path in the style of the original.</summary>
        protected string FullPath;

        [NonSerialized]
        private SysIO.FileSystemInfo _real;

        internal void Set(string path)
        {
            if (path == null) throw new ArgumentNullException("path");
            OriginalPath = path;
            FullPath = Path.GetFullPath(path);
            _real = null;
        }

        internal string Mapped
        {
            get { return ScriptContext.Current.Map(FullPath); }
        }

        internal abstract SysIO.FileSystemInfo Make(string mapped);

        internal SysIO.FileSystemInfo Real
        {
            get { return _real ?? (_real = Make(Mapped)); }
        }

        /// <summary>The full path.</summary>
        public virtual string FullName
        {
            get { return FullPath; }
        }

        /// <summary>The last part of the path.</summary>
        public abstract string Name { get; }

        /// <summary>Whether it exists; remembered until Refresh.</summary>
        public abstract bool Exists { get; }

        /// <summary>Deletes it.</summary>
        public abstract void Delete();

        /// <summary>The extension with its dot.</summary>
        public string Extension
        {
            get { return Path.GetExtension(FullPath); }
        }

        /// <summary>Forgets what is remembered, so that the next question reads the disk.</summary>
        public void Refresh()
        {
            _real = null;
        }

        /// <summary>Attributes; Linux keeps only ReadOnly and Directory.</summary>
        public FileAttributes Attributes
        {
            get { return Real.Attributes; }
            set { Real.Attributes = value; }
        }

        /// <summary>Time of creation; on Linux the earliest time known.</summary>
        public DateTime CreationTime
        {
            get { return Real.CreationTime; }
            set { Real.CreationTime = value; }
        }

        /// <summary>Time of creation in UTC.</summary>
        public DateTime CreationTimeUtc
        {
            get { return Real.CreationTimeUtc; }
            set { Real.CreationTimeUtc = value; }
        }

        /// <summary>Time of the last access.</summary>
        public DateTime LastAccessTime
        {
            get { return Real.LastAccessTime; }
            set { Real.LastAccessTime = value; }
        }

        /// <summary>Time of the last access in UTC.</summary>
        public DateTime LastAccessTimeUtc
        {
            get { return Real.LastAccessTimeUtc; }
            set { Real.LastAccessTimeUtc = value; }
        }

        /// <summary>Time of the last change.</summary>
        public DateTime LastWriteTime
        {
            get { return Real.LastWriteTime; }
            set { Real.LastWriteTime = value; }
        }

        /// <summary>Time of the last change in UTC.</summary>
        public DateTime LastWriteTimeUtc
        {
            get { return Real.LastWriteTimeUtc; }
            set { Real.LastWriteTimeUtc = value; }
        }

        /// <summary>The path as it was given.</summary>
        public override string ToString()
        {
            return OriginalPath;
        }
    }

    /// <summary>Stands for System.IO.FileInfo in scripts.</summary>
    [Serializable]
    [StandsFor("System.IO.FileInfo")]
    public sealed class FileInfo : FileSystemInfo
    {
        /// <summary>A file, which need not exist.</summary>
        public FileInfo(string fileName)
        {
            Set(fileName);
        }

        internal override SysIO.FileSystemInfo Make(string mapped)
        {
            return new SysIO.FileInfo(mapped);
        }

        private SysIO.FileInfo File
        {
            get { return (SysIO.FileInfo)Real; }
        }

        /// <summary>The file name.</summary>
        public override string Name
        {
            get { return Path.GetFileName(FullPath); }
        }

        /// <summary>Whether the file exists.</summary>
        public override bool Exists
        {
            get { return File.Exists; }
        }

        /// <summary>Size in bytes.</summary>
        public long Length
        {
            get { return File.Length; }
        }

        /// <summary>The folder's path.</summary>
        public string DirectoryName
        {
            get { return Path.GetDirectoryName(FullPath); }
        }

        /// <summary>The folder.</summary>
        public DirectoryInfo Directory
        {
            get { return DirectoryName == null ? null : new DirectoryInfo(DirectoryName); }
        }

        /// <summary>Whether nobody may write it.</summary>
        public bool IsReadOnly
        {
            get { return File.IsReadOnly; }
            set { File.IsReadOnly = value; }
        }

        /// <summary>A writer in UTF-8 at the end of the file.</summary>
        public StreamWriter AppendText()
        {
            return IO.File.AppendText(FullPath);
        }

        /// <summary>Copies to a file that does not exist.</summary>
        public FileInfo CopyTo(string destFileName)
        {
            return CopyTo(destFileName, false);
        }

        /// <summary>Copies the file.</summary>
        public FileInfo CopyTo(string destFileName, bool overwrite)
        {
            IO.File.Copy(FullPath, destFileName, overwrite);
            return new FileInfo(destFileName);
        }

        /// <summary>Makes the file or empties it.</summary>
        public FileStream Create()
        {
            Refresh();
            return IO.File.Create(FullPath);
        }

        /// <summary>A writer in UTF-8 to the new or emptied file.</summary>
        public StreamWriter CreateText()
        {
            Refresh();
            return IO.File.CreateText(FullPath);
        }

        /// <summary>Not to be had on Linux.</summary>
        public void Decrypt()
        {
            IO.File.Decrypt(FullPath);
        }

        /// <summary>Deletes the file; one that does not exist is no error.</summary>
        public override void Delete()
        {
            IO.File.Delete(FullPath);
            Refresh();
        }

        /// <summary>Not to be had on Linux.</summary>
        public void Encrypt()
        {
            IO.File.Encrypt(FullPath);
        }

        /// <summary>Moves the file; this object then names the new place.</summary>
        public void MoveTo(string destFileName)
        {
            IO.File.Move(FullPath, destFileName);
            Set(destFileName);
        }

        /// <summary>Opens the file for reading and writing.</summary>
        public FileStream Open(FileMode mode)
        {
            return IO.File.Open(FullPath, mode);
        }

        /// <summary>Opens the file.</summary>
        public FileStream Open(FileMode mode, FileAccess access)
        {
            return IO.File.Open(FullPath, mode, access);
        }

        /// <summary>Opens the file.</summary>
        public FileStream Open(FileMode mode, FileAccess access, FileShare share)
        {
            return IO.File.Open(FullPath, mode, access, share);
        }

        /// <summary>Opens the file for reading.</summary>
        public FileStream OpenRead()
        {
            return IO.File.OpenRead(FullPath);
        }

        /// <summary>A reader of the text in UTF-8.</summary>
        public StreamReader OpenText()
        {
            return IO.File.OpenText(FullPath);
        }

        /// <summary>Opens or makes the file for writing.</summary>
        public FileStream OpenWrite()
        {
            return IO.File.OpenWrite(FullPath);
        }

        /// <summary>Puts this file in the place of another.</summary>
        public FileInfo Replace(string destinationFileName, string destinationBackupFileName)
        {
            return Replace(destinationFileName, destinationBackupFileName, false);
        }

        /// <summary>Puts this file in the place of another.</summary>
        public FileInfo Replace(string destinationFileName, string destinationBackupFileName, bool ignoreMetadataErrors)
        {
            IO.File.Replace(FullPath, destinationFileName, destinationBackupFileName, ignoreMetadataErrors);
            return new FileInfo(destinationFileName);
        }
    }

    /// <summary>Stands for System.IO.DirectoryInfo in scripts.</summary>
    [Serializable]
    [StandsFor("System.IO.DirectoryInfo")]
    public sealed class DirectoryInfo : FileSystemInfo
    {
        /// <summary>A folder, which need not exist.</summary>
        public DirectoryInfo(string path)
        {
            Set(path);
        }

        internal override SysIO.FileSystemInfo Make(string mapped)
        {
            return new SysIO.DirectoryInfo(mapped);
        }

        /// <summary>The folder's name; for a root the root itself.</summary>
        public override string Name
        {
            get
            {
                var trimmed = FullPath.TrimEnd('/', '\\');
                return trimmed.Length <= Path.RootLength(FullPath) - 1 || trimmed.Length == 0 ? FullPath : Path.GetFileName(trimmed);
            }
        }

        /// <summary>Whether the folder exists.</summary>
        public override bool Exists
        {
            get { return Real.Exists; }
        }

        /// <summary>The folder above, or null.</summary>
        public DirectoryInfo Parent
        {
            get
            {
                var trimmed = FullPath.Length > Path.RootLength(FullPath) ? FullPath.TrimEnd('/', '\\') : FullPath;
                var parent = Path.GetDirectoryName(trimmed);
                return parent == null ? null : new DirectoryInfo(parent);
            }
        }

        /// <summary>The root of the path.</summary>
        public DirectoryInfo Root
        {
            get { return new DirectoryInfo(Path.GetPathRoot(FullPath)); }
        }

        /// <summary>Makes the folder and those above it.</summary>
        public void Create()
        {
            Directory.CreateDirectory(FullPath);
            Refresh();
        }

        /// <summary>Makes a folder below this one.</summary>
        public DirectoryInfo CreateSubdirectory(string path)
        {
            return Directory.CreateDirectory(Path.Combine(FullPath, path));
        }

        /// <summary>Deletes the empty folder.</summary>
        public override void Delete()
        {
            Directory.Delete(FullPath);
            Refresh();
        }

        /// <summary>Deletes the folder, with what is in it when asked to.</summary>
        public void Delete(bool recursive)
        {
            Directory.Delete(FullPath, recursive);
            Refresh();
        }

        /// <summary>Moves the folder; this object then names the new place.</summary>
        public void MoveTo(string destDirName)
        {
            Directory.Move(FullPath, destDirName);
            Set(destDirName);
        }

        private IEnumerable<FileInfo> Files(string pattern, SearchOption option)
        {
            return Directory.List(FullPath, pattern, option, Directory.Kind.Files).Select(p => new FileInfo(p));
        }

        private IEnumerable<DirectoryInfo> Folders(string pattern, SearchOption option)
        {
            return Directory.List(FullPath, pattern, option, Directory.Kind.Folders).Select(p => new DirectoryInfo(p));
        }

        private IEnumerable<FileSystemInfo> Both(string pattern, SearchOption option)
        {
            return Directory.List(FullPath, pattern, option, Directory.Kind.Both)
                .Select(p => SysIO.Directory.Exists(ScriptContext.Current.Map(p)) ? (FileSystemInfo)new DirectoryInfo(p) : new FileInfo(p));
        }

        /// <summary>The files of the folder.</summary>
        public FileInfo[] GetFiles()
        {
            return Files("*", SearchOption.TopDirectoryOnly).ToArray();
        }

        /// <summary>The files that fit a pattern.</summary>
        public FileInfo[] GetFiles(string searchPattern)
        {
            return Files(searchPattern, SearchOption.TopDirectoryOnly).ToArray();
        }

        /// <summary>The files that fit a pattern, also below when asked to.</summary>
        public FileInfo[] GetFiles(string searchPattern, SearchOption searchOption)
        {
            return Files(searchPattern, searchOption).ToArray();
        }

        /// <summary>The files of the folder, one after another.</summary>
        public IEnumerable<FileInfo> EnumerateFiles()
        {
            return Files("*", SearchOption.TopDirectoryOnly);
        }

        /// <summary>The files that fit a pattern, one after another.</summary>
        public IEnumerable<FileInfo> EnumerateFiles(string searchPattern)
        {
            return Files(searchPattern, SearchOption.TopDirectoryOnly);
        }

        /// <summary>The files that fit a pattern, also below when asked to, one after another.</summary>
        public IEnumerable<FileInfo> EnumerateFiles(string searchPattern, SearchOption searchOption)
        {
            return Files(searchPattern, searchOption);
        }

        /// <summary>The folders of the folder.</summary>
        public DirectoryInfo[] GetDirectories()
        {
            return Folders("*", SearchOption.TopDirectoryOnly).ToArray();
        }

        /// <summary>The folders that fit a pattern.</summary>
        public DirectoryInfo[] GetDirectories(string searchPattern)
        {
            return Folders(searchPattern, SearchOption.TopDirectoryOnly).ToArray();
        }

        /// <summary>The folders that fit a pattern, also below when asked to.</summary>
        public DirectoryInfo[] GetDirectories(string searchPattern, SearchOption searchOption)
        {
            return Folders(searchPattern, searchOption).ToArray();
        }

        /// <summary>The folders of the folder, one after another.</summary>
        public IEnumerable<DirectoryInfo> EnumerateDirectories()
        {
            return Folders("*", SearchOption.TopDirectoryOnly);
        }

        /// <summary>The folders that fit a pattern, one after another.</summary>
        public IEnumerable<DirectoryInfo> EnumerateDirectories(string searchPattern)
        {
            return Folders(searchPattern, SearchOption.TopDirectoryOnly);
        }

        /// <summary>The folders that fit a pattern, also below when asked to, one after another.</summary>
        public IEnumerable<DirectoryInfo> EnumerateDirectories(string searchPattern, SearchOption searchOption)
        {
            return Folders(searchPattern, searchOption);
        }

        /// <summary>Files and folders of the folder.</summary>
        public FileSystemInfo[] GetFileSystemInfos()
        {
            return Both("*", SearchOption.TopDirectoryOnly).ToArray();
        }

        /// <summary>Files and folders that fit a pattern.</summary>
        public FileSystemInfo[] GetFileSystemInfos(string searchPattern)
        {
            return Both(searchPattern, SearchOption.TopDirectoryOnly).ToArray();
        }

        /// <summary>Files and folders that fit a pattern, also below when asked to.</summary>
        public FileSystemInfo[] GetFileSystemInfos(string searchPattern, SearchOption searchOption)
        {
            return Both(searchPattern, searchOption).ToArray();
        }

        /// <summary>Files and folders of the folder, one after another.</summary>
        public IEnumerable<FileSystemInfo> EnumerateFileSystemInfos()
        {
            return Both("*", SearchOption.TopDirectoryOnly);
        }

        /// <summary>Files and folders that fit a pattern, one after another.</summary>
        public IEnumerable<FileSystemInfo> EnumerateFileSystemInfos(string searchPattern)
        {
            return Both(searchPattern, SearchOption.TopDirectoryOnly);
        }

        /// <summary>Files and folders that fit a pattern, also below when asked to, one after another.</summary>
        public IEnumerable<FileSystemInfo> EnumerateFileSystemInfos(string searchPattern, SearchOption searchOption)
        {
            return Both(searchPattern, searchOption);
        }
    }
}
