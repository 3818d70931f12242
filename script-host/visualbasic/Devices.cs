// The My namespace: My.Computer, My.Application, My.User.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.Devices, .ApplicationServices, .Logging.
// What needs a desktop (Audio, Clipboard, Keyboard, Mouse, Screen) or Windows (Ports, Registry) is
// not here; scripts that use it are refused before they run.

using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.NetworkInformation;
using System.Reflection;
using System.Security.Principal;
using System.Threading;
using Microsoft.VisualBasic.MyServices;
using Packmule.Script;

namespace Microsoft.VisualBasic.Devices
{
    /// <summary>The clock.</summary>
    public class Clock
    {
        /// <summary>Date and time in UTC.</summary>
        public DateTime GmtTime
        {
            get { return DateTime.UtcNow; }
        }

        /// <summary>Date and time of this computer.</summary>
        public DateTime LocalTime
        {
            get { return DateTime.Now; }
        }

        /// <summary>Milliseconds since the computer's start; wraps round.</summary>
        public int TickCount
        {
            get { return Environment.TickCount; }
        }
    }

    /// <summary>What is known of the computer.</summary>
    public class ComputerInfo
    {
        private static ulong Memory(string name)
        {
            foreach (var line in File.ReadAllLines("/proc/meminfo"))
            {
                if (!line.StartsWith(name + ":", StringComparison.Ordinal)) continue;
                var parts = line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
                return ulong.Parse(parts[1], CultureInfo.InvariantCulture) * 1024;
            }
            return 0;
        }

        /// <summary>Memory that is free, in bytes.</summary>
        public ulong AvailablePhysicalMemory
        {
            get { return Memory("MemAvailable"); }
        }

        /// <summary>Memory in all, in bytes.</summary>
        public ulong TotalPhysicalMemory
        {
            get { return Memory("MemTotal"); }
        }

        /// <summary>The installed culture.</summary>
        public CultureInfo InstalledUICulture
        {
            get { return CultureInfo.InstalledUICulture; }
        }

        /// <summary>Name of the operating system.</summary>
        public string OSFullName
        {
            get { return Environment.OSVersion.VersionString; }
        }

        /// <summary>Kind of the operating system.</summary>
        public string OSPlatform
        {
            get { return Environment.OSVersion.Platform.ToString(); }
        }

        /// <summary>Version of the operating system.</summary>
        public string OSVersion
        {
            get { return Environment.OSVersion.Version.ToString(); }
        }
    }

    /// <summary>The network.</summary>
    public class Network
    {
        /// <summary>Whether a network is there.</summary>
        public bool IsAvailable
        {
            get { return NetworkInterface.GetIsNetworkAvailable(); }
        }

        private static WebClient Client(string userName, string password)
        {
            var client = new WebClient();
            if (!string.IsNullOrEmpty(userName)) client.Credentials = new NetworkCredential(userName, password);
            return client;
        }

        private static void Get(Uri address, string file, string userName, string password, bool overwrite)
        {
            var path = ScriptContext.Current.Map(file);
            if (!overwrite && File.Exists(path)) throw new IOException("Could not complete operation since a file '" + file + "' already exists.");
            Directory.CreateDirectory(Path.GetDirectoryName(path));
            using (var client = Client(userName, password)) client.DownloadFile(address, path);
        }

        private static void Put(string file, Uri address, string userName, string password)
        {
            using (var client = Client(userName, password)) client.UploadFile(address, ScriptContext.Current.Map(file));
        }

        /// <summary>Downloads to a file that does not exist.</summary>
        public void DownloadFile(string address, string destinationFileName)
        {
            Get(new Uri(address), destinationFileName, "", "", false);
        }

        /// <summary>Downloads to a file that does not exist.</summary>
        public void DownloadFile(Uri address, string destinationFileName)
        {
            Get(address, destinationFileName, "", "", false);
        }

        /// <summary>Downloads to a file that does not exist, as a user.</summary>
        public void DownloadFile(string address, string destinationFileName, string userName, string password)
        {
            Get(new Uri(address), destinationFileName, userName, password, false);
        }

        /// <summary>Downloads to a file, as a user. Nothing is shown; the client's own time limit holds.</summary>
        public void DownloadFile(string address, string destinationFileName, string userName, string password, bool showUI, int connectionTimeout, bool overwrite)
        {
            Get(new Uri(address), destinationFileName, userName, password, overwrite);
        }

        /// <summary>Uploads a file.</summary>
        public void UploadFile(string sourceFileName, string address)
        {
            Put(sourceFileName, new Uri(address), "", "");
        }

        /// <summary>Uploads a file.</summary>
        public void UploadFile(string sourceFileName, Uri address)
        {
            Put(sourceFileName, address, "", "");
        }

        /// <summary>Uploads a file as a user.</summary>
        public void UploadFile(string sourceFileName, string address, string userName, string password)
        {
            Put(sourceFileName, new Uri(address), userName, password);
        }

        /// <summary>Whether a computer answers within half a second.</summary>
        public bool Ping(string hostNameOrAddress)
        {
            return Ping(hostNameOrAddress, 500);
        }

        /// <summary>Whether a computer answers within some milliseconds.</summary>
        public bool Ping(string hostNameOrAddress, int timeout)
        {
            using (var ping = new Ping()) return ping.Send(hostNameOrAddress, timeout).Status == IPStatus.Success;
        }
    }

    /// <summary>My.Computer of a server program.</summary>
    public class ServerComputer
    {
        private readonly Clock _clock = new Clock();
        private readonly FileSystemProxy _files = new FileSystemProxy();
        private readonly ComputerInfo _info = new ComputerInfo();
        private readonly Network _network = new Network();

        /// <summary>The clock.</summary>
        public Clock Clock
        {
            get { return _clock; }
        }

        /// <summary>Files and folders.</summary>
        public FileSystemProxy FileSystem
        {
            get { return _files; }
        }

        /// <summary>What is known of the computer.</summary>
        public ComputerInfo Info
        {
            get { return _info; }
        }

        /// <summary>Its name.</summary>
        public string Name
        {
            get { return Environment.MachineName; }
        }

        /// <summary>The network.</summary>
        public Network Network
        {
            get { return _network; }
        }
    }

    /// <summary>My.Computer.</summary>
    public class Computer : ServerComputer
    {
    }
}

namespace Microsoft.VisualBasic.Logging
{
    /// <summary>My.Application.Log: entries become events of the task.</summary>
    public class Log
    {
        /// <summary>Writes an entry.</summary>
        public void WriteEntry(string message)
        {
            WriteEntry(message, TraceEventType.Information, 0);
        }

        /// <summary>Writes an entry of a severity.</summary>
        public void WriteEntry(string message, TraceEventType severity)
        {
            WriteEntry(message, severity, 0);
        }

        /// <summary>Writes an entry of a severity with a number.</summary>
        public void WriteEntry(string message, TraceEventType severity, int id)
        {
            var kind = severity <= TraceEventType.Warning ? ReportKind.Warning : ReportKind.Information;
            ScriptContext.Current.Host.Report(kind, id, "Log", message ?? "");
        }

        /// <summary>Writes an exception.</summary>
        public void WriteException(Exception ex)
        {
            WriteException(ex, TraceEventType.Error, "", 0);
        }

        /// <summary>Writes an exception with more to say.</summary>
        public void WriteException(Exception ex, TraceEventType severity, string additionalInfo)
        {
            WriteException(ex, severity, additionalInfo, 0);
        }

        /// <summary>Writes an exception with more to say and a number.</summary>
        public void WriteException(Exception ex, TraceEventType severity, string additionalInfo, int id)
        {
            if (ex == null) throw new ArgumentNullException("ex");
            WriteEntry(string.IsNullOrEmpty(additionalInfo) ? ex.Message : ex.Message + " " + additionalInfo, severity, id);
        }
    }
}

namespace Microsoft.VisualBasic.ApplicationServices
{
    /// <summary>What is known of an assembly.</summary>
    public class AssemblyInfo
    {
        private readonly Assembly _assembly;

        /// <summary>Of an assembly.</summary>
        public AssemblyInfo(Assembly currentAssembly)
        {
            if (currentAssembly == null) throw new ArgumentNullException("currentAssembly");
            _assembly = currentAssembly;
        }

        private string Text<T>(Func<T, string> get)
            where T : Attribute
        {
            var found = (T)Attribute.GetCustomAttribute(_assembly, typeof(T));
            return found == null ? "" : get(found);
        }

        /// <summary>Its name.</summary>
        public string AssemblyName
        {
            get { return _assembly.GetName().Name; }
        }

        /// <summary>Its company.</summary>
        public string CompanyName
        {
            get { return Text<AssemblyCompanyAttribute>(a => a.Company); }
        }

        /// <summary>Its copyright.</summary>
        public string Copyright
        {
            get { return Text<AssemblyCopyrightAttribute>(a => a.Copyright); }
        }

        /// <summary>Its description.</summary>
        public string Description
        {
            get { return Text<AssemblyDescriptionAttribute>(a => a.Description); }
        }

        /// <summary>The package's folder: a script has no file of its own.</summary>
        public string DirectoryPath
        {
            get { return ScriptContext.Current.CurrentDirectory; }
        }

        /// <summary>All loaded assemblies.</summary>
        public ReadOnlyCollection<Assembly> LoadedAssemblies
        {
            get { return new ReadOnlyCollection<Assembly>(new List<Assembly>(AppDomain.CurrentDomain.GetAssemblies())); }
        }

        /// <summary>Its product.</summary>
        public string ProductName
        {
            get { return Text<AssemblyProductAttribute>(a => a.Product); }
        }

        /// <summary>The current stack.</summary>
        public string StackTrace
        {
            get { return Environment.StackTrace; }
        }

        /// <summary>Its title.</summary>
        public string Title
        {
            get { return Text<AssemblyTitleAttribute>(a => a.Title); }
        }

        /// <summary>Its trademark.</summary>
        public string Trademark
        {
            get { return Text<AssemblyTrademarkAttribute>(a => a.Trademark); }
        }

        /// <summary>Its version.</summary>
        public Version Version
        {
            get { return _assembly.GetName().Version; }
        }

        /// <summary>Memory of the process, in bytes.</summary>
        public long WorkingSet
        {
            get { return Environment.WorkingSet; }
        }
    }

    /// <summary>My.Application.</summary>
    public class ApplicationBase
    {
        private readonly Logging.Log _log = new Logging.Log();
        private AssemblyInfo _info;

        /// <summary>The thread's culture.</summary>
        public CultureInfo Culture
        {
            get { return Thread.CurrentThread.CurrentCulture; }
        }

        /// <summary>The thread's culture for texts.</summary>
        public CultureInfo UICulture
        {
            get { return Thread.CurrentThread.CurrentUICulture; }
        }

        /// <summary>What is known of the script's assembly.</summary>
        public AssemblyInfo Info
        {
            get { return _info ?? (_info = new AssemblyInfo(GetType().Assembly)); }
        }

        /// <summary>The log.</summary>
        public Logging.Log Log
        {
            get { return _log; }
        }

        /// <summary>Sets the thread's culture.</summary>
        public void ChangeCulture(string cultureName)
        {
            Thread.CurrentThread.CurrentCulture = new CultureInfo(cultureName);
        }

        /// <summary>Sets the thread's culture for texts.</summary>
        public void ChangeUICulture(string cultureName)
        {
            Thread.CurrentThread.CurrentUICulture = new CultureInfo(cultureName);
        }

        /// <summary>An environment variable.</summary>
        /// <exception cref="ArgumentException">It is not set.</exception>
        public string GetEnvironmentVariable(string name)
        {
            var value = Environment.GetEnvironmentVariable(name);
            if (value == null) throw new ArgumentException("Environment variable is not defined: '" + name + "'.");
            return value;
        }
    }

    /// <summary>My.Application of a program with a console.</summary>
    public class ConsoleApplicationBase : ApplicationBase
    {
        /// <summary>The arguments, which scripts have none of.</summary>
        public ReadOnlyCollection<string> CommandLineArgs
        {
            get { return new ReadOnlyCollection<string>(new List<string>()); }
        }

        /// <summary>Scripts are not deployed by the network: false.</summary>
        public bool IsNetworkDeployed
        {
            get { return false; }
        }
    }

    /// <summary>Roles of Windows.</summary>
    public enum BuiltInRole
    {
        /// <summary>Account operators.</summary>
        AccountOperator = 548,

        /// <summary>Administrators.</summary>
        Administrator = 544,

        /// <summary>Backup operators.</summary>
        BackupOperator = 551,

        /// <summary>Guests.</summary>
        Guest = 546,

        /// <summary>Power users.</summary>
        PowerUser = 547,

        /// <summary>Print operators.</summary>
        PrintOperator = 550,

        /// <summary>Replicators.</summary>
        Replicator = 552,

        /// <summary>System operators.</summary>
        SystemOperator = 549,

        /// <summary>Users.</summary>
        User = 545,
    }

    /// <summary>My.User.</summary>
    public class User
    {
        /// <summary>The thread's principal.</summary>
        public IPrincipal CurrentPrincipal
        {
            get { return Thread.CurrentPrincipal; }
            set { Thread.CurrentPrincipal = value; }
        }

        /// <summary>Whether somebody is known.</summary>
        public bool IsAuthenticated
        {
            get { return CurrentPrincipal != null && CurrentPrincipal.Identity.IsAuthenticated; }
        }

        /// <summary>The user's name.</summary>
        public string Name
        {
            get { return CurrentPrincipal == null ? "" : CurrentPrincipal.Identity.Name; }
        }

        /// <summary>Takes the user of the process; the thread keeps its own here.</summary>
        public void InitializeWithWindowsUser()
        {
            Thread.CurrentPrincipal = new GenericPrincipal(new GenericIdentity(Environment.UserName), new string[0]);
        }

        /// <summary>Whether the user has a role.</summary>
        public bool IsInRole(string role)
        {
            return CurrentPrincipal != null && CurrentPrincipal.IsInRole(role);
        }

        /// <summary>Whether the user has a role of Windows, by its name.</summary>
        public bool IsInRole(BuiltInRole role)
        {
            return IsInRole(role.ToString());
        }
    }
}
