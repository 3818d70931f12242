// Single members of .NET that scripts call with paths, or whose answer is another on Windows.
//
// The types stay .NET's own; only these members are redirected (see Rewriter): constructors become
// factories, methods take their object as first parameter. Each maps its path and calls the member
// of the same name; what that does is documented at learn.microsoft.com for .NET Framework 4.8.

using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Packmule.Script.IO
{
    /// <summary>Redirected members of System, System.IO and System.Text.</summary>
    public static class SystemMembers
    {
        private static string Map(string path)
        {
            return ScriptContext.Current.Map(path);
        }

        private static string NewLine
        {
            get { return ScriptContext.Current.NewLine; }
        }

        private static StringWriter Ending(StringWriter writer)
        {
            writer.NewLine = NewLine;
            return writer;
        }

        private static void Leave(int code)
        {
            ScriptContext.Current.ExitCode = code;
            Platform.LeaveScript(code);
        }

        private static void Leave(string message)
        {
            ScriptContext.Current.Host.Report(ReportKind.Error, 1, "Environment.FailFast", message ?? "");
            Leave(-1);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileStream", ".ctor")]
        public static FileStream FileStream_New(string path, FileMode mode)
        {
            return new FileStream(Map(path), mode);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileStream", ".ctor")]
        public static FileStream FileStream_New(string path, FileMode mode, FileAccess access)
        {
            return new FileStream(Map(path), mode, access);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileStream", ".ctor")]
        public static FileStream FileStream_New(string path, FileMode mode, FileAccess access, FileShare share)
        {
            return new FileStream(Map(path), mode, access, share);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileStream", ".ctor")]
        public static FileStream FileStream_New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize)
        {
            return new FileStream(Map(path), mode, access, share, bufferSize);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileStream", ".ctor")]
        public static FileStream FileStream_New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, bool useAsync)
        {
            return new FileStream(Map(path), mode, access, share, bufferSize, useAsync);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileStream", ".ctor")]
        public static FileStream FileStream_New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, FileOptions options)
        {
            return new FileStream(Map(path), mode, access, share, bufferSize, options);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.StreamReader", ".ctor")]
        public static StreamReader StreamReader_New(string path)
        {
            return new StreamReader(Map(path));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.StreamReader", ".ctor")]
        public static StreamReader StreamReader_New(string path, bool detect)
        {
            return new StreamReader(Map(path), detect);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.StreamReader", ".ctor")]
        public static StreamReader StreamReader_New(string path, Encoding encoding)
        {
            return new StreamReader(Map(path), encoding);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.StreamReader", ".ctor")]
        public static StreamReader StreamReader_New(string path, Encoding encoding, bool detect)
        {
            return new StreamReader(Map(path), encoding, detect);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.StreamReader", ".ctor")]
        public static StreamReader StreamReader_New(string path, Encoding encoding, bool detect, int bufferSize)
        {
            return new StreamReader(Map(path), encoding, detect, bufferSize);
        }

        /// <summary>Maps its path; lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(string path)
        {
            return File.Ending(new StreamWriter(Map(path)));
        }

        /// <summary>Maps its path; lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(string path, bool append)
        {
            return File.Ending(new StreamWriter(Map(path), append));
        }

        /// <summary>Maps its path; lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(string path, bool append, Encoding encoding)
        {
            return File.Ending(new StreamWriter(Map(path), append, encoding));
        }

        /// <summary>Maps its path; lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(string path, bool append, Encoding encoding, int bufferSize)
        {
            return File.Ending(new StreamWriter(Map(path), append, encoding, bufferSize));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(Stream stream)
        {
            return File.Ending(new StreamWriter(stream));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(Stream stream, Encoding encoding)
        {
            return File.Ending(new StreamWriter(stream, encoding));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(Stream stream, Encoding encoding, int bufferSize)
        {
            return File.Ending(new StreamWriter(stream, encoding, bufferSize));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StreamWriter", ".ctor")]
        public static StreamWriter StreamWriter_New(Stream stream, Encoding encoding, int bufferSize, bool leaveOpen)
        {
            return File.Ending(new StreamWriter(stream, encoding, bufferSize, leaveOpen));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StringWriter", ".ctor")]
        public static StringWriter StringWriter_New()
        {
            return Ending(new StringWriter());
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StringWriter", ".ctor")]
        public static StringWriter StringWriter_New(IFormatProvider provider)
        {
            return Ending(new StringWriter(provider));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StringWriter", ".ctor")]
        public static StringWriter StringWriter_New(StringBuilder text)
        {
            return Ending(new StringWriter(text));
        }

        /// <summary>Lines end as on Windows.</summary>
        [Replaces("System.IO.StringWriter", ".ctor")]
        public static StringWriter StringWriter_New(StringBuilder text, IFormatProvider provider)
        {
            return Ending(new StringWriter(text, provider));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileSystemWatcher", ".ctor")]
        public static FileSystemWatcher FileSystemWatcher_New(string path)
        {
            return new FileSystemWatcher(Map(path));
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileSystemWatcher", ".ctor")]
        public static FileSystemWatcher FileSystemWatcher_New(string path, string filter)
        {
            return new FileSystemWatcher(Map(path), filter);
        }

        /// <summary>Maps its path.</summary>
        [Replaces("System.IO.FileSystemWatcher", "set_Path")]
        public static void FileSystemWatcher_SetPath(FileSystemWatcher it, string value)
        {
            it.Path = Map(value);
        }

        /// <summary>Ends the line as on Windows.</summary>
        [Replaces("System.Text.StringBuilder", "AppendLine")]
        public static StringBuilder StringBuilder_AppendLine(StringBuilder it)
        {
            return it.Append(NewLine);
        }

        /// <summary>Ends the line as on Windows.</summary>
        [Replaces("System.Text.StringBuilder", "AppendLine")]
        public static StringBuilder StringBuilder_AppendLine(StringBuilder it, string value)
        {
            return it.Append(value).Append(NewLine);
        }

        /// <summary>CR LF unless the context says otherwise.</summary>
        [Replaces("System.Environment", "get_NewLine", IsStatic = true)]
        public static string Environment_GetNewLine()
        {
            return NewLine;
        }

        /// <summary>The script's current folder.</summary>
        [Replaces("System.Environment", "get_CurrentDirectory", IsStatic = true)]
        public static string Environment_GetCurrentDirectory()
        {
            return Directory.GetCurrentDirectory();
        }

        /// <summary>Sets the script's current folder.</summary>
        [Replaces("System.Environment", "set_CurrentDirectory", IsStatic = true)]
        public static void Environment_SetCurrentDirectory(string value)
        {
            Directory.SetCurrentDirectory(value);
        }

        /// <summary>The drives that path rules name.</summary>
        [Replaces("System.Environment", "GetLogicalDrives", IsStatic = true)]
        public static string[] Environment_GetLogicalDrives()
        {
            return Directory.GetLogicalDrives();
        }

        /// <summary>Ends the script, whose task fails; the host goes on.</summary>
        [Replaces("System.Environment", "Exit", IsStatic = true)]
        public static void Environment_Exit(int exitCode)
        {
            Leave(exitCode);
        }

        /// <summary>Ends the script, whose task fails; the host goes on.</summary>
        [Replaces("System.Environment", "FailFast", IsStatic = true)]
        public static void Environment_FailFast(string message)
        {
            Leave(message);
        }

        /// <summary>Ends the script, whose task fails; the host goes on.</summary>
        [Replaces("System.Environment", "FailFast", IsStatic = true)]
        public static void Environment_FailFast(string message, Exception exception)
        {
            Leave(message);
        }

        /// <summary>The ANSI page of the thread's culture, as on Windows, in place of UTF-8.</summary>
        [Replaces("System.Text.Encoding", "get_Default", IsStatic = true)]
        public static Encoding Encoding_GetDefault()
        {
            return ScriptContext.Current.Ansi;
        }
    }
}
