// What differs between the two runtimes that scripts run on here: Mono and .NET.
//
// Everything else is written once for both. What of this scripts can notice is listed in
// docs/scripts-on-dotnet.md.

using System;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;
using System.Threading;

namespace Packmule.Script
{
    /// <summary>Leaves a script that called Environment.Exit, where a thread cannot be aborted.</summary>
    public sealed class ScriptExitException : Exception
    {
        /// <summary>With the script's exit code.</summary>
        public ScriptExitException(int code) : base("The script called Environment.Exit(" + code + ").")
        {
        }
    }

    /// <summary>The runtime that this process has.</summary>
    public static class Platform
    {
        private static readonly Type MonoRuntime = Type.GetType("Mono.Runtime");

        /// <summary>Whether it is Mono; else it is .NET.</summary>
        public static bool IsMono
        {
            get { return MonoRuntime != null; }
        }

        /// <summary>Its name and version, as "Mono 6.8.0.105" or ".NET 8.0.4".</summary>
        public static string Name
        {
            get
            {
                if (!IsMono) return ".NET " + Environment.Version;
                var name = MonoRuntime.GetMethod("GetDisplayName", BindingFlags.NonPublic | BindingFlags.Static);
                var version = name == null ? Environment.Version.ToString() : (string)name.Invoke(null, null);
                var blank = version.IndexOf(' ');
                return "Mono " + (blank < 0 ? version : version.Substring(0, blank));
            }
        }

        /// <summary>Once at the start, before a script is loaded.</summary>
        public static void Prepare()
        {
            if (IsMono) return;
            // Mono has the code pages in its I18N assemblies; .NET wants to be told.
            var provider = Type.GetType("System.Text.CodePagesEncodingProvider, System.Text.Encoding.CodePages");
            if (provider != null) Encoding.RegisterProvider((EncodingProvider)provider.GetProperty("Instance").GetValue(null, null));
        }

        /// <summary>Makes a culture format as on Windows where .NET's own tables differ: two decimals of
        /// numbers and percentages, and plain blanks in times (CLDR has three, and U+202F).</summary>
        public static CultureInfo AsOnWindows(CultureInfo culture)
        {
            if (IsMono || culture.IsReadOnly) return culture;
            culture.NumberFormat.NumberDecimalDigits = 2;
            culture.NumberFormat.PercentDecimalDigits = 2;
            var times = culture.DateTimeFormat;
            times.ShortTimePattern = times.ShortTimePattern.Replace('\u202F', ' ');
            times.LongTimePattern = times.LongTimePattern.Replace('\u202F', ' ');
            times.FullDateTimePattern = times.FullDateTimePattern.Replace('\u202F', ' ');
            return culture;
        }

        /// <summary>The folder of the runtime's own assemblies.</summary>
        public static string FrameworkFolder
        {
            get { return Path.GetDirectoryName(typeof(object).Assembly.Location); }
        }

        /// <summary>Ends the script's code on a thread. .NET cannot: there the engine ends a host whose
        /// script goes on.</summary>
        /// <returns>Whether it could be done.</returns>
        public static bool Abort(Thread thread)
        {
            if (!IsMono) return false;
            thread.Abort();
            return true;
        }

        /// <summary>After a ThreadAbortException was caught, which only Mono throws.</summary>
        public static void ResetAbort()
        {
            if (IsMono) Thread.ResetAbort();
        }

        /// <summary>Leaves the script's code for Environment.Exit. On Mono nothing that the script
        /// catches holds it up; on .NET a handler for every exception does.</summary>
        public static void LeaveScript(int code)
        {
            if (IsMono) Thread.CurrentThread.Abort(new ScriptExit(code));
            throw new ScriptExitException(code);
        }
    }
}
