// What to tell about references that scripts have and this host does not serve.

using System;
using System.Collections.Generic;

namespace Packmule.Script.Rewrite
{
    /// <summary>Texts for what is refused or missing: cause and remedy.</summary>
    internal static class Advice
    {
        private const string Com = "COM objects do not exist on Linux; ";
        private const string Process = "scripts start no programs here; use an Execute Process Task, whose executable can be mapped";
        private const string Registry = "there is no registry of Windows here; keep the setting in a parameter or variable";
        private const string ByCom = Com + "use a .NET class, or a data flow, for what the object did";

        /// <summary>Members that exist, or would, but are refused: full type name, a dot and the
        /// member, or * for all.</summary>
        private static readonly Dictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            { "System.Diagnostics.Process.Start", Process },
            { "Microsoft.VisualBasic.Interaction.Shell", Process },
            { "Microsoft.Win32.Registry.*", Registry },
            { "Microsoft.Win32.RegistryKey.*", Registry },
            { "Microsoft.VisualBasic.Interaction.GetSetting", Registry },
            { "Microsoft.VisualBasic.Interaction.GetAllSettings", Registry },
            { "Microsoft.VisualBasic.Interaction.SaveSetting", Registry },
            { "Microsoft.VisualBasic.Interaction.DeleteSetting", Registry },
            { "Microsoft.VisualBasic.Interaction.CreateObject", ByCom },
            { "Microsoft.VisualBasic.Interaction.GetObject", ByCom },
            { "Microsoft.VisualBasic.Interaction.AppActivate", "there are no windows here; leave the call out" },
            { "System.Type.GetTypeFromProgID", ByCom },
            { "System.Type.GetTypeFromCLSID", ByCom },
            { "System.Runtime.InteropServices.Marshal.GetActiveObject", ByCom },
            { "System.Runtime.InteropServices.Marshal.BindToMoniker", ByCom },
            { "System.AppDomain.CreateDomain", "scripts share one application domain, in which their paths are mapped; leave the domain out" },
        };

        /// <summary>Beginnings of assembly names, the longest first.</summary>
        private static readonly KeyValuePair<string, string>[] Assemblies =
        {
            Pair("Microsoft.Office.Interop.Excel", "Excel does not exist on Linux; read and write workbooks with the Excel source and destination of a data flow, or with a library of managed code given by --assemblies"),
            Pair("Interop.Excel", "Excel does not exist on Linux; read and write workbooks with the Excel source and destination of a data flow, or with a library of managed code given by --assemblies"),
            Pair("Microsoft.Office.", "Office does not exist on Linux; use a library of managed code given by --assemblies"),
            Pair("office", "Office does not exist on Linux; use a library of managed code given by --assemblies"),
            Pair("Microsoft.Vbe.Interop", "Office does not exist on Linux; use a library of managed code given by --assemblies"),
            Pair("Interop.", Com + "use a library of managed code given by --assemblies"),
            Pair("AxInterop.", Com + "use a library of managed code given by --assemblies"),
            Pair("stdole", Com + "use a library of managed code given by --assemblies"),
            Pair("System.Management", "Windows Management Instrumentation does not exist on Linux; use an Execute Process Task or .NET's own classes"),
            Pair("System.DirectoryServices", "Active Directory's client does not exist on Linux; query it with an Execute Process Task (ldapsearch) or a library given by --assemblies"),
            Pair("System.Messaging", "Message Queuing does not exist on Linux; use a queue with a client library given by --assemblies"),
            Pair("System.ServiceProcess", "there are no services of Windows here; use an Execute Process Task"),
            Pair("System.Configuration.Install", "there are no installers of Windows here; leave them out"),
            Pair("System.Windows.Forms", "scripts show no windows here; only MessageBox is answered"),
            Pair("ScriptForms", "scripts show no windows here; only MessageBox is answered"),
            Pair("PresentationFramework", "scripts show no windows here"),
            Pair("WindowsBase", "its package parts are not in Mono; use System.IO.Compression for zip files"),
            Pair("System.Drawing", "install it: apt-get install libmono-system-drawing4.0-cil libgdiplus"),
            Pair("Microsoft.VisualStudio.Tools.Applications", "the designer's own run time is not needed to run a script: open the package in a newer designer and save it, so that the script is built anew"),
            Pair("Microsoft.AnalysisServices", "Analysis Services' objects are not served; use an Analysis Services task, or give the assembly by --assemblies"),
            Pair("Microsoft.SqlServer.Smo", "SQL Server Management Objects are not served; use an Execute SQL Task, or give the assemblies by --assemblies"),
            Pair("Microsoft.SqlServer.SqlEnum", "SQL Server Management Objects are not served; use an Execute SQL Task, or give the assemblies by --assemblies"),
            Pair("Microsoft.SqlServer.ConnectionInfo", "SQL Server Management Objects are not served; use an Execute SQL Task, or give the assemblies by --assemblies"),
            Pair("Microsoft.SqlServer.SQLTask", "scripts cannot change or build tasks; use property expressions, or generate the package beforehand"),
            Pair("Microsoft.SqlServer.ManagedDTS", "of packages scripts can only make and save such with Sequence containers, not build tasks, load, change or run them; use an Execute Package Task, property expressions, or generate the package beforehand"),
            Pair("Microsoft.SqlServer.Management.IntegrationServices", "the catalog's objects are not served to scripts; use an Execute Package Task or the HTTP API"),
            Pair("Microsoft.SqlServer.", "this member of SSIS is not served to scripts"),
            Pair("Microsoft.VisualBasic", "this member of Visual Basic's library is not served; use the .NET class for it"),
        };

        /// <summary>Assemblies that Mono may have, whose classes do not work on Linux.</summary>
        private static readonly string[] Useless = { "System.DirectoryServices", "System.Management", "System.Messaging", "System.ServiceProcess", "System.Configuration.Install" };

        /// <summary>Why an assembly is refused although it is here, or null.</summary>
        public static string ForAssembly(string assembly)
        {
            return Array.Exists(Useless, u => assembly.StartsWith(u, StringComparison.OrdinalIgnoreCase)) ? ForMissing(assembly, true) : null;
        }

        private static KeyValuePair<string, string> Pair(string key, string value)
        {
            return new KeyValuePair<string, string>(key, value);
        }

        /// <summary>Why a member that exists is refused, or null.</summary>
        public static string ForMember(string type, string member)
        {
            string text;
            if (Refused.TryGetValue(type + "." + member, out text)) return text;
            return Refused.TryGetValue(type + ".*", out text) ? text : null;
        }

        /// <summary>What to do about a reference that is not found.</summary>
        /// <param name="assembly">Simple name of the assembly.</param>
        /// <param name="isHere">Whether the assembly was found (then only the member is missing).</param>
        public static string ForMissing(string assembly, bool isHere)
        {
            foreach (var entry in Assemblies)
            {
                if (assembly.StartsWith(entry.Key, StringComparison.OrdinalIgnoreCase)) return entry.Value;
            }
            if (isHere) return "the assembly that is here lacks it; give another version by --assemblies, or rewrite the script without it";
            if (assembly.StartsWith("System", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.CSharp", StringComparison.Ordinal))
            {
                if (!Platform.IsMono) return "this part of .NET Framework is not in .NET; install Mono, on which such scripts run, or rewrite the script without it";
                return "this part of .NET is not installed; see whether apt-get install libmono-" + assembly.ToLowerInvariant().Replace('.', '-') + "4.0-cil has it";
            }
            return "give its file by --assemblies, or put it into the project's folder of assemblies";
        }

        /// <summary>For a call of a Windows library.</summary>
        public static string ForNative(string library)
        {
            return "it calls the Windows library " + library + ", which does not exist on Linux; use a .NET class for it";
        }

        /// <summary>For COM types of a namespace that are compiled into the script.</summary>
        public static string ForEmbedded(string space)
        {
            if (space.StartsWith("Microsoft.SqlServer.Dts", StringComparison.Ordinal)) return ForMissing("Microsoft.SqlServer.ManagedDTS", true);
            foreach (var entry in Assemblies)
            {
                if (space.StartsWith(entry.Key, StringComparison.Ordinal)) return entry.Value;
            }
            return ByCom;
        }
    }
}
