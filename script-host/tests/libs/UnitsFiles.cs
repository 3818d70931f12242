// Files, paths and their mapping; see Units.cs. Values for Path: learn.microsoft.com, the pages of
// System.IO.Path's methods.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.VisualBasic;
using Microsoft.VisualBasic.FileIO;
using Packmule.Script;
using P = Packmule.Script.IO.Path;
using Shim = Packmule.Script.IO;

internal static partial class Units
{
    /// <summary>A host that remembers what was reported.</summary>
    private sealed class Recorder : IScriptHost
    {
        public readonly List<string> Said = new List<string>();

        public void Report(ReportKind kind, int code, string subComponent, string text)
        {
            Said.Add(kind + " " + code + " " + subComponent + " " + text);
        }

        public string MapPath(string path)
        {
            return null;
        }

        public System.Data.Common.DbConnection OpenDatabase(string provider, string connectionString)
        {
            throw new NotSupportedException(provider + ": no driver for " + connectionString);
        }
    }

    /// <summary>A context of its own, in which C:\Data is a new folder.</summary>
    private static Recorder Begin(string name)
    {
        var folder = Path.Combine(_folder, name);
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        Directory.CreateDirectory(folder);
        var host = new Recorder();
        ScriptContext.Current = new ScriptContext
        {
            Name = name,
            Host = host,
            CurrentDirectory = folder,
            Paths = new PathMap(new[]
            {
                new KeyValuePair<string, string>(@"C:\Data", folder),
                new KeyValuePair<string, string>(@"\\server\share", folder),
                new KeyValuePair<string, string>(@"C:\Data\Deep", Path.Combine(folder, "elsewhere")),
            }),
        };
        return host;
    }

    private static void NumberedFiles()
    {
        Begin("numbered");
        var n = FileSystem_FreeFile();
        Microsoft.VisualBasic.FileSystem.FileOpen(n, @"C:\Data\out.txt", OpenMode.Output);
        Microsoft.VisualBasic.FileSystem.PrintLine(n, "Hello", 1);
        Microsoft.VisualBasic.FileSystem.WriteLine(n, "a,b", -1.5, true, new DateTime(2026, 1, 2));
        Microsoft.VisualBasic.FileSystem.FileClose(n);
        // Print zones have 14 columns; numbers have a blank before and behind.
        Is("Hello          1 \r\n\"a,b\",-1.5,#TRUE#,#2026-01-02#\r\n", File.ReadAllText(ScriptContext.Current.Map(@"C:\Data\out.txt")), "Print and Write");
        Microsoft.VisualBasic.FileSystem.FileOpen(1, @"c:\data\OUT.TXT", OpenMode.Input);
        Is("Hello          1 ", Microsoft.VisualBasic.FileSystem.LineInput(1), "LineInput");
        var text = "";
        var number = 0.0;
        var flag = false;
        var date = new DateTime();
        Microsoft.VisualBasic.FileSystem.Input(1, ref text);
        Microsoft.VisualBasic.FileSystem.Input(1, ref number);
        Microsoft.VisualBasic.FileSystem.Input(1, ref flag);
        Microsoft.VisualBasic.FileSystem.Input(1, ref date);
        Is("a,b", text, "Input of a text");
        Is(-1.5, number, "Input of a number");
        Is(true, flag, "Input of a Boolean");
        Is(new DateTime(2026, 1, 2), date, "Input of a date");
        Is(true, Microsoft.VisualBasic.FileSystem.EOF(1), "EOF");
        Throws<EndOfStreamException>(() => Microsoft.VisualBasic.FileSystem.LineInput(1), "LineInput past the end");
        Microsoft.VisualBasic.FileSystem.FileClose();
        Throws<IOException>(() => Microsoft.VisualBasic.FileSystem.EOF(1), "a number that is closed");
        Microsoft.VisualBasic.FileSystem.FileOpen(1, @"C:\Data\r.bin", OpenMode.Random, OpenAccess.Default, OpenShare.Default, 16);
        Microsoft.VisualBasic.FileSystem.FilePut(1, 42, 2);
        Microsoft.VisualBasic.FileSystem.FilePut(1, "abc", 3);
        var got = 0;
        var gotText = "";
        Microsoft.VisualBasic.FileSystem.FileGet(1, ref got, 2);
        Microsoft.VisualBasic.FileSystem.FileGet(1, ref gotText, 3);
        Is(42, got, "FileGet of a number");
        Is("abc", gotText, "FileGet of a text");
        Microsoft.VisualBasic.FileSystem.Reset();
        Is("out.txt", Microsoft.VisualBasic.FileSystem.Dir(@"C:\Data\*.txt"), "Dir");
        Is("", Microsoft.VisualBasic.FileSystem.Dir(), "Dir at the end");
        Is("", Microsoft.VisualBasic.FileSystem.Dir(@"C:\Data\none*.txt"), "Dir of nothing");
        Throws<FileNotFoundException>(() => Microsoft.VisualBasic.FileSystem.Kill(@"C:\Data\none.*"), "Kill of nothing");
    }

    private static int FileSystem_FreeFile()
    {
        return Microsoft.VisualBasic.FileSystem.FreeFile();
    }

    private static void FileIO()
    {
        Begin("fileio");
        var computer = new Microsoft.VisualBasic.Devices.ServerComputer();
        computer.FileSystem.WriteAllText(@"C:\Data\Sub\a.txt", "x", false);
        computer.FileSystem.WriteAllText(@"C:\Data\Sub\a.txt", "y", true);
        Is("xy", computer.FileSystem.ReadAllText(@"C:\Data\sub\A.TXT"), "WriteAllText and ReadAllText");
        Is(true, computer.FileSystem.FileExists(@"C:\Data\Sub\a.txt"), "FileExists");
        using (var writer = computer.FileSystem.OpenTextFileWriter(@"C:\Data\w.txt", true, Encoding.ASCII)) writer.WriteLine("line");
        Is("line\r\n", File.ReadAllText(ScriptContext.Current.Map(@"C:\Data\w.txt")), "OpenTextFileWriter ends lines as Windows");
        Is(@"C:\Data\Sub\a.txt", computer.FileSystem.GetFiles(@"C:\Data", Microsoft.VisualBasic.FileIO.SearchOption.SearchAllSubDirectories, "a.*").Single(), "GetFiles below");
        computer.FileSystem.RenameFile(@"C:\Data\w.txt", "v.txt");
        computer.FileSystem.CopyDirectory(@"C:\Data\Sub", @"C:\Data\Copy");
        Is(true, computer.FileSystem.FileExists(@"C:\Data\Copy\a.txt"), "CopyDirectory");
        Throws<InvalidOperationException>(() => computer.FileSystem.CopyDirectory(@"C:\Data\Sub", @"C:\Data\Sub\In"), "CopyDirectory into itself");
        computer.FileSystem.DeleteDirectory(@"C:\Data\Copy", DeleteDirectoryOption.DeleteAllContents);
        Is(false, computer.FileSystem.DirectoryExists(@"C:\Data\Copy"), "DeleteDirectory");
        Throws<FileNotFoundException>(() => computer.FileSystem.DeleteFile(@"C:\Data\none.txt"), "DeleteFile of nothing");
        Is(@"C:\Data\x.txt", computer.FileSystem.CombinePath(@"C:\Data\Sub", @"..\x.txt"), "CombinePath");
    }

    private static string Fields(TextFieldParser parser)
    {
        return string.Join("|", parser.ReadFields());
    }

    private static void Parser()
    {
        using (var p = new TextFieldParser(new StringReader("a, \"b, \"\"c\"\"\" ,d\r\n\r\n'remark\r\n\"two\r\nlines\",,x\r\n\"open,y\r\n")))
        {
            p.SetDelimiters(",");
            p.CommentTokens = new[] { "'" };
            Is("a|b, \"c\"|d", Fields(p), "quotes");
            Is("two\r\nlines||x", Fields(p), "a field over two lines, an empty one");
            Is(false, p.EndOfData, "one more line");
            Throws<MalformedLineException>(() => p.ReadFields(), "a quote that is not closed");
            Is(6L, p.ErrorLineNumber, "the line's number");
        }
        using (var p = new TextFieldParser(new StringReader("12345678\r\n12\r\n")))
        {
            p.SetFieldWidths(2, 3, -1);
            Is("12|345|678", Fields(p), "fixed widths");
            Throws<MalformedLineException>(() => p.ReadFields(), "a line that is too short");
            Is(true, p.EndOfData, "the end");
            Is(true, p.ReadFields() == null, "ReadFields at the end");
        }
        using (var p = new TextFieldParser(new StringReader("a\tb;;c")))
        {
            p.Delimiters = new[] { "\t", ";;" };
            p.HasFieldsEnclosedInQuotes = false;
            Is("a|b|c", Fields(p), "two delimiters");
        }
    }

    private static void Paths()
    {
        Is(@"c:\temp\subdir\file.txt", P.Combine(@"c:\temp", @"subdir\file.txt"), "Combine");
        Is(@"c:\temp.txt", P.Combine(@"c:\temp", @"c:\temp.txt"), "Combine with a rooted one");
        Is(@"c:\temp.txt\subdir\file.txt", P.Combine(@"c:\temp.txt", @"subdir\file.txt"), "Combine with a file");
        Is(@"subdir\file.txt", P.Combine("", @"subdir\file.txt"), "Combine with nothing");
        Is("/srv/data/x.txt", P.Combine("/srv/data", "x.txt"), "Combine in the style of Linux");
        Is(@"C:\MyDir\MySubDir", P.GetDirectoryName(@"C:\MyDir\MySubDir\myfile.ext"), "GetDirectoryName");
        Is(@"C:\MyDir", P.GetDirectoryName(@"C:\MyDir\MySubDir"), "GetDirectoryName of a folder");
        Is(@"C:\", P.GetDirectoryName(@"C:\MyDir"), "GetDirectoryName below the root");
        Is(null, P.GetDirectoryName(@"C:\"), "GetDirectoryName of the root");
        Is("/srv", P.GetDirectoryName("/srv/x.txt"), "GetDirectoryName of Linux");
        Is(@"\\server\share\a", P.GetDirectoryName(@"\\server\share\a\b.txt"), "GetDirectoryName of a share");
        Is("", P.GetDirectoryName("x.txt"), "GetDirectoryName without one");
        Is(@"C:\a", P.GetDirectoryName("C:/a/b.txt"), "GetDirectoryName turns slashes");
        Is("myfile.ext", P.GetFileName(@"C:\mydir\myfile.ext"), "GetFileName");
        Is("", P.GetFileName(@"C:\mydir\"), "GetFileName of a folder");
        Is("myfile.ext", P.GetFileName("/mydir/myfile.ext"), "GetFileName of Linux");
        Is("myfile", P.GetFileNameWithoutExtension(@"C:\mydir\myfile.ext"), "GetFileNameWithoutExtension");
        Is(".ext", P.GetExtension(@"C:\mydir.old\myfile.ext"), "GetExtension");
        Is("", P.GetExtension(@"C:\mydir.old\"), "GetExtension of a folder");
        Is(@"C:\mydir\myfile.com.old", P.ChangeExtension(@"C:\mydir\myfile.com.extension", ".old"), "ChangeExtension");
        Is(@"C:\mydir\myfile.com", P.ChangeExtension(@"C:\mydir\myfile.com.extension", null), "ChangeExtension to none");
        Is("", P.ChangeExtension("", ".old"), "ChangeExtension of nothing");
        Is(@"C:\", P.GetPathRoot(@"C:\mydir\myfile.ext"), "GetPathRoot");
        Is(@"\\server\share", P.GetPathRoot(@"\\server\share\x"), "GetPathRoot of a share");
        Is(true, P.IsPathRooted(@"C:\mydir\myfile.ext"), "IsPathRooted of a drive");
        Is(true, P.IsPathRooted(@"\\myPc\mydir\myfile"), "IsPathRooted of a share");
        Is(false, P.IsPathRooted(@"mydir\sudir\"), "IsPathRooted of a relative one");
        Is(true, P.HasExtension("myDir.temp.txt"), "HasExtension");
        Is(@"C:\b\c.txt", P.GetFullPath(@"C:\a\..\b\.\c.txt"), "GetFullPath");
        Is(@"C:\b", P.GetFullPath(@"C:\..\b"), "GetFullPath above the root");
        Is(@"\\server\share\b", P.GetFullPath(@"\\server\share\a\..\..\b"), "GetFullPath above a share");
        Is("/b/c", P.GetFullPath("/a/../b/c"), "GetFullPath of Linux");
        Throws<ArgumentException>(() => P.Combine("a|b", "c"), "illegal characters");
        Throws<ArgumentException>(() => P.GetFullPath(""), "an empty path");
    }

    private static void Mapping()
    {
        var host = Begin("mapping");
        var context = ScriptContext.Current;
        var folder = context.CurrentDirectory;
        Is(folder + "/a/B.txt", context.Map(@"c:\DATA\a\B.txt"), "a rule without case");
        Is(folder + "/a.txt", context.Map(@"\\SERVER\Share\a.txt"), "a share");
        Is(folder + "/elsewhere/a.txt", context.Map(@"C:/Data/Deep/a.txt"), "the longest rule wins");
        Directory.CreateDirectory(folder + "/MixedCase");
        File.WriteAllText(folder + "/MixedCase/File.TXT", "");
        Is(folder + "/MixedCase/File.TXT", context.Map(@"C:\Data\mixedcase\file.txt"), "look-up without case");
        File.WriteAllText(folder + "/MixedCase/file.txt", "");
        Is(folder + "/MixedCase/file.txt", context.Map(@"C:\Data\mixedcase\file.txt"), "the exact name wins");
        Throws<IOException>(() => context.Map(@"C:\Data\mixedcase\FILE.txt"), "two names that differ in case");
        Is("/home/none/x", context.Map(@"D:\home\none\x"), "a drive without a rule");
        context.Map(@"D:\home\none\x");
        Is(1, host.Said.Count(s => s.StartsWith("Warning", StringComparison.Ordinal)), "one warning for it");
        Throws<IOException>(() => context.Map(@"\\other\share\x"), "a share without a rule");
        Throws<ArgumentException>(() => context.Map(""), "an empty path");
        Throws<ArgumentException>(() => context.Map("a\0b"), "a NUL character");
        Is(folder + "/rel/x.txt", context.Map(@"rel\x.txt"), "a relative path");
        Is(folder + "/x", context.Map(@"\\?\C:\Data\x"), "a long path");
    }

    private static void Folders()
    {
        Begin("folders");
        foreach (var name in new[] { "book.xls", "Book2.xlsx", "a.ai", "b.aif", "noext", "file1.txt", "file1other.txt" }) Shim.File.WriteAllText(@"C:\Data\In\" + name, "x".Substring(Shim.Directory.CreateDirectory(@"C:\Data\In").Exists ? 0 : 1));
        Func<string, string> files = pattern => string.Join(",", Shim.Directory.GetFiles(@"C:\Data\In", pattern).Select(P.GetFileName).ToArray());
        Is("book.xls,Book2.xlsx", files("*.XLS"), "three letters find longer extensions");
        Is("a.ai", files("*.ai"), "two letters do not");
        Is("a.ai,b.aif,book.xls,Book2.xlsx,file1.txt,file1other.txt,noext", files("*.*"), "*.* is everything");
        Is("file1.txt,file1other.txt", files("file1*.txt"), "a pattern in the middle");
        Is("noext", files("*."), "no extension");
        Is("a.ai", files("?.ai"), "a question mark");
        Is(@"C:\Data\In\a.ai", Shim.Directory.GetFiles(@"C:\Data\In")[0], "the style of Windows");
        Is("/", Shim.Directory.GetFiles(ScriptContext.Current.CurrentDirectory + "/In")[0].Substring(0, 1), "the style of Linux");
        Throws<DirectoryNotFoundException>(() => Shim.Directory.GetFiles(@"C:\Data\None"), "a folder that is missing");
        Is(false, Shim.Directory.Exists(@"C:\Data\In\a.ai"), "a file is no folder");
        var info = new Shim.FileInfo(@"C:\Data\in\BOOK.XLS");
        Is(true, info.Exists, "FileInfo.Exists without case");
        Is(@"C:\Data\in", info.DirectoryName, "FileInfo.DirectoryName");
        Is(1L, info.Length, "FileInfo.Length");
        Is(".XLS", info.Extension, "FileInfo.Extension");
        var copy = info.CopyTo(@"\\server\share\In\copy.xls");
        Is(@"\\server\share\In\copy.xls", copy.FullName, "CopyTo a share");
        Is(true, Shim.File.Exists(@"C:\Data\In\copy.xls"), "which is the same folder");
        copy.MoveTo(@"C:\Data\moved.xls");
        Is("moved.xls", copy.Name, "MoveTo");
        Is("In", new Shim.DirectoryInfo(@"C:\Data\In\").Name, "DirectoryInfo.Name");
        Is(@"C:\Data", new Shim.DirectoryInfo(@"C:\Data\In\").Parent.FullName, "DirectoryInfo.Parent");
        Is(@"C:\", new Shim.DirectoryInfo(@"C:\").Name, "DirectoryInfo.Name of a root");
        Is(@"C:\Data\In\a.ai", new Shim.DirectoryInfo(@"C:\Data").GetFiles("*.ai", System.IO.SearchOption.AllDirectories).Single().FullName, "DirectoryInfo.GetFiles");
        Shim.Directory.SetCurrentDirectory(@"C:\Data\In");
        Is(@"C:\Data\In\x", P.GetFullPath("x"), "the current folder");
        Is(true, Shim.File.Exists("A.AI"), "a relative file");
        Shim.File.WriteAllLines("lines.txt", new[] { "1", "2" });
        Is("1\r\n2\r\n", Shim.File.ReadAllText("lines.txt"), "WriteAllLines ends lines as Windows");
        Shim.Directory.Delete(@"C:\Data\In", true);
        Is(false, Shim.Directory.Exists(@"C:\Data\In"), "Directory.Delete");
    }
}
