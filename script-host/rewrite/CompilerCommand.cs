// The compiler as a child process: mcs on Mono, csc and vbc of the newest .NET SDK on .NET.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;

namespace Packmule.Script.Rewrite
{
    /// <summary>Finds and runs the compiler of a language.</summary>
    internal sealed class CompilerCommand
    {
        /// <summary>A script that takes longer has something wrong with it.</summary>
        private const int TimeoutMs = 60000;

        private readonly bool _isVisualBasic;
        private readonly string _language;

        public CompilerCommand(bool isVisualBasic)
        {
            _isVisualBasic = isVisualBasic;
            _language = isVisualBasic ? "Visual Basic" : "C#";
        }

        /// <summary>Whether a compiler for Visual Basic can be had: only .NET's SDK has one.</summary>
        public static bool HasVisualBasic
        {
            get { return !Platform.IsMono && SdkCompiler("vbc.dll") != null; }
        }

        /// <summary>What source files end with.</summary>
        public string Extension
        {
            get { return _isVisualBasic ? ".vb" : ".cs"; }
        }

        /// <summary>What it is to be told beside the options that all take.</summary>
        public string Options
        {
            get
            {
                if (Platform.IsMono) return "";
                return "-utf8output\n-preferreduilang:en-US\n-nostdlib" + (_isVisualBasic ? "\n-nosdkpath\n" : "+\n");
            }
        }

        /// <summary>The folder that has the dotnet command, SDKs and runtimes.</summary>
        private static string DotnetRoot
        {
            get { return Path.GetFullPath(Path.Combine(Platform.FrameworkFolder, "..", "..", "..")); }
        }

        /// <summary>A file of the newest SDK's compilers, or null.</summary>
        private static string SdkCompiler(string name)
        {
            var folder = Path.Combine(DotnetRoot, "sdk");
            if (!Directory.Exists(folder)) return null;
            return Directory.GetDirectories(folder).OrderByDescending(VersionOf)
                .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", name)).FirstOrDefault(File.Exists);
        }

        /// <summary>Of a folder like "8.0.404" or "9.0.100-preview.1".</summary>
        private static Version VersionOf(string folder)
        {
            Version version;
            return Version.TryParse(Path.GetFileName(folder).Split('-')[0], out version) ? version : new Version(0, 0);
        }

        private ProcessStartInfo Command(string responseFile)
        {
            if (Platform.IsMono) return _isVisualBasic ? null : new ProcessStartInfo("mcs", "@" + responseFile);
            var compiler = SdkCompiler(_isVisualBasic ? "vbc.dll" : "csc.dll");
            if (compiler == null) return null;
            var start = new ProcessStartInfo(Path.Combine(DotnetRoot, "dotnet"), "\"" + compiler + "\" -noconfig \"@" + responseFile + "\"");
            // The limit is for scripts.
            start.EnvironmentVariables.Remove("DOTNET_GCHeapHardLimit");
            return start;
        }

        private string Missing
        {
            get
            {
                return "the " + _language + " compiler is missing; install "
                    + (Platform.IsMono ? "it with apt-get install mono-mcs" : "a .NET SDK beside the runtime in " + DotnetRoot);
            }
        }

        /// <summary>Compiles.</summary>
        /// <param name="folder">Where it works.</param>
        /// <param name="responseFile">All options and files.</param>
        /// <param name="text">What it said, or why it did not run.</param>
        /// <returns>Whether it ran to its end.</returns>
        public bool Run(string folder, string responseFile, out string text)
        {
            text = Missing;
            var start = Command(responseFile);
            if (start == null) return false;
            start.UseShellExecute = false;
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            start.WorkingDirectory = folder;
            Process process;
            try
            {
                process = Process.Start(start);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
            using (process) return Read(process, out text);
        }

        private bool Read(Process process, out string text)
        {
            // Threads of its own: scripts may keep all those of the pool busy.
            string error = "", output = "";
            var readers = new[]
            {
                new Thread(() => error = process.StandardError.ReadToEnd()) { IsBackground = true },
                new Thread(() => output = process.StandardOutput.ReadToEnd()) { IsBackground = true },
            };
            foreach (var reader in readers) reader.Start();
            if (!process.WaitForExit(TimeoutMs))
            {
                process.Kill();
                text = "the " + _language + " compiler did not end within " + TimeoutMs / 1000 + " seconds";
                return false;
            }
            foreach (var reader in readers) reader.Join();
            text = output + "\n" + error;
            return true;
        }
    }
}
