// Microsoft.SqlServer.ManagedDTS: FTP for Script Tasks, over .NET's own client.

using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using Packmule.Script;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Runtime
{
    /// <summary>Files of an FTP server. Documented: class FtpClientConnection. Paths of this computer
    /// go through the path mapping.</summary>
    /// <remarks>Each operation logs on by itself; the working directory is kept by the object.</remarks>
    public sealed class FtpClientConnection : DtsObject
    {
        private const int ListingMaximum = 100000;
        private const int MaximumRetries = 100;

        private readonly ConnectionSettings _settings;
        private string _directory = "/";

        /// <summary>Over what AcquireConnection of an FTP connection manager gives.</summary>
        public FtpClientConnection(object connection)
        {
            _settings = connection as ConnectionSettings;
            if (_settings == null) throw new ArgumentException("The argument must be what AcquireConnection of an FTP connection manager gives.", "connection");
            ServerName = Setting("server", "");
            ServerPort = int.Parse(Setting("port", "21"));
            ServerUserName = Setting("user", "anonymous");
            UsePassiveMode = bool.Parse(Setting("passive", "false"));
            Timeout = int.Parse(Setting("timeout", "60"));
            Retries = int.Parse(Setting("retries", "5"));
        }

        private string Setting(string name, string otherwise)
        {
            return _settings.Get(name, otherwise);
        }

        /// <summary>Name of the server.</summary>
        public string ServerName { get; set; }
        /// <summary>Port.</summary>
        public int ServerPort { get; set; }
        /// <summary>User.</summary>
        public string ServerUserName { get; set; }
        /// <summary>Password; the manager's unless set.</summary>
        public string ServerPassword { private get; set; }
        /// <summary>Passive mode.</summary>
        public bool UsePassiveMode { get; set; }
        /// <summary>Seconds that an operation may take; 0 = no limit.</summary>
        public int Timeout { get; set; }
        /// <summary>How often an operation is tried again after a failure to connect.</summary>
        /// <remarks>0 means 100 times; in SSIS without limit.</remarks>
        public int Retries { get; set; }
        /// <summary>Kilobytes that go at once.</summary>
        /// <remarks>Has no effect.</remarks>
        public int ChunkSize { get; set; }

        /// <summary>Tries the logon.</summary>
        public bool Connect()
        {
            Run(_directory, WebRequestMethods.Ftp.PrintWorkingDirectory, null, null);
            return true;
        }

        /// <summary>Ends the use of the connection.</summary>
        public void Close() { }
        /// <summary>The folder of the server in which names are looked for.</summary>
        public string GetWorkingDirectory() { return _directory; }
        /// <summary>Changes the folder of the server.</summary>
        public void SetWorkingDirectory(string remotePath) { _directory = Full(remotePath); }

        /// <summary>Names of folders and files in the working directory.</summary>
        public void GetListing(out string[] folderNames, out string[] fileNames)
        {
            var folders = new List<string>();
            var files = new List<string>();
            Run(_directory, WebRequestMethods.Ftp.ListDirectoryDetails, null, stream =>
            {
                using (var reader = new StreamReader(stream))
                {
                    for (var line = reader.ReadLine(); line != null; line = reader.ReadLine())
                    {
                        if (folders.Count + files.Count >= ListingMaximum) throw Failed("the folder has more than " + ListingMaximum + " entries");
                        bool isFolder;
                        var name = NameOf(line, out isFolder);
                        if (name == null || name == "." || name == "..") continue;
                        (isFolder ? folders : files).Add(name);
                    }
                }
            });
            folderNames = folders.ToArray();
            fileNames = files.ToArray();
        }

        /// <summary>A line of a listing: Unix ("drwxr-xr-x 2 u g 4096 Jan 1 00:00 name") or Windows
        /// ("01-01-20 12:00AM &lt;DIR&gt; name").</summary>
        private static string NameOf(string line, out bool isFolder)
        {
            isFolder = false;
            if (line.Length == 0) return null;
            if (char.IsDigit(line[0]))
            {
                var parts = line.Split(new[] { ' ' }, 4, StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length < 4) return null;
                isFolder = parts[2] == "<DIR>";
                return parts[3];
            }
            var fields = line.Split(new[] { ' ' }, 9, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 9) return null;
            isFolder = line[0] == 'd';
            var arrow = line[0] == 'l' ? fields[8].IndexOf(" -> ", StringComparison.Ordinal) : -1;
            return arrow < 0 ? fields[8] : fields[8].Substring(0, arrow);
        }

        /// <summary>Fetches files of the server into a folder.</summary>
        public void ReceiveFiles(string[] remoteFileNames, string localPath, bool overwriteFiles, bool ascii)
        {
            var folder = ScriptContext.Current.Map(localPath);
            foreach (var name in remoteFileNames)
            {
                var target = Path.Combine(folder, LastPart(name));
                if (!overwriteFiles && File.Exists(target)) throw Failed("the file \"" + target + "\" is there already and is not to be overwritten");
                // Beside the target first: a transfer that breaks off leaves no half file under its name.
                var part = target + ".part";
                Run(Full(name), WebRequestMethods.Ftp.DownloadFile, null, stream =>
                {
                    using (var file = File.Create(part)) stream.CopyTo(file);
                }, ascii);
                if (File.Exists(target)) File.Delete(target);
                File.Move(part, target);
            }
        }

        /// <summary>Sends files to a folder of the server.</summary>
        public void SendFiles(string[] localFileNames, string remotePath, bool overwriteFiles, bool ascii)
        {
            foreach (var name in localFileNames)
            {
                var source = ScriptContext.Current.Map(name);
                var target = Full(remotePath).TrimEnd('/') + "/" + Path.GetFileName(source);
                if (!overwriteFiles && Exists(target)) throw Failed("the file \"" + target + "\" is on the server already and is not to be overwritten");
                Run(target, WebRequestMethods.Ftp.UploadFile, stream =>
                {
                    using (var file = File.OpenRead(source)) file.CopyTo(stream);
                }, null, ascii);
            }
        }

        /// <summary>Deletes files of the server.</summary>
        public void DeleteFiles(string[] remoteFileNames)
        {
            foreach (var name in remoteFileNames) Run(Full(name), WebRequestMethods.Ftp.DeleteFile, null, null);
        }

        /// <summary>Makes a folder on the server.</summary>
        public void CreateRemoteDirectory(string remotePath)
        {
            Run(Full(remotePath), WebRequestMethods.Ftp.MakeDirectory, null, null);
        }

        /// <summary>Removes a folder of the server.</summary>
        public void DeleteRemoteDirectory(string remotePath)
        {
            Run(Full(remotePath), WebRequestMethods.Ftp.RemoveDirectory, null, null);
        }

        private bool Exists(string path)
        {
            try
            {
                Run(path, WebRequestMethods.Ftp.GetFileSize, null, null);
                return true;
            }
            catch (DtsRuntimeException)
            {
                return false;
            }
        }

        private static Exception Failed(string what)
        {
            return new DtsRuntimeException(unchecked((int)0xC001602A), "An error occurred in the requested FTP operation. Detailed error description: " + what + ".");
        }

        private static string LastPart(string path)
        {
            return path.Substring(path.LastIndexOfAny(new[] { '/', '\\' }) + 1);
        }

        private string Full(string path)
        {
            path = (path ?? "").Replace('\\', '/');
            return path.StartsWith("/", StringComparison.Ordinal) ? path : _directory.TrimEnd('/') + "/" + path;
        }

        private void Run(string path, string method, Action<Stream> send, Action<Stream> receive, bool ascii = false)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    RunOnce(path, method, send, receive, ascii);
                    return;
                }
                catch (WebException e) when (attempt < (Retries <= 0 ? MaximumRetries : Math.Min(Retries, MaximumRetries)) && e.Status == WebExceptionStatus.ConnectFailure)
                {
                }
                catch (WebException e)
                {
                    var answer = e.Response as FtpWebResponse;
                    throw Failed(method + " " + path + ": " + (answer == null ? e.Message : answer.StatusDescription.Trim()));
                }
            }
        }

        private void RunOnce(string path, string method, Action<Stream> send, Action<Stream> receive, bool ascii)
        {
            // A second slash makes the path absolute: otherwise it starts at the user's own folder.
            var place = new UriBuilder("ftp", ServerName, ServerPort, "/%2F" + Uri.EscapeDataString(path.TrimStart('/')).Replace("%2F", "/")).Uri;
            var request = (FtpWebRequest)WebRequest.Create(place);
            request.Method = method;
            request.UsePassive = UsePassiveMode;
            request.UseBinary = !ascii;
            request.KeepAlive = false;
            request.Timeout = request.ReadWriteTimeout = Timeout <= 0 ? System.Threading.Timeout.Infinite : checked(Timeout * 1000);
            request.Credentials = new NetworkCredential(ServerUserName, ServerPassword ?? Setting("password", ""));
            if (send != null)
            {
                using (var stream = request.GetRequestStream()) send(stream);
            }
            using (var response = (FtpWebResponse)request.GetResponse())
            {
                if (receive == null) return;
                using (var stream = response.GetResponseStream()) receive(stream);
            }
        }
    }
}
