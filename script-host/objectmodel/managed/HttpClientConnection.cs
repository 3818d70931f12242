// Microsoft.SqlServer.ManagedDTS: HTTP for Script Tasks, over .NET's own client.

using System;
using System.IO;
using System.Net;
using Packmule.Script;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Runtime
{
    /// <summary>Data of a web server. Documented: class HttpClientConnection. Paths of this computer go through the
    /// path mapping.</summary>
    public sealed class HttpClientConnection : DtsObject
    {
        /// <summary>E_FAIL: SSIS's own codes for HTTP are not documented.</summary>
        private const int Unspecified = unchecked((int)0x80004005);
        private const int DataMaximum = 512 << 20;

        private readonly ConnectionSettings _settings;

        /// <summary>Over what AcquireConnection of an HTTP connection manager gives.</summary>
        public HttpClientConnection(object connection)
        {
            _settings = connection as ConnectionSettings;
            if (_settings == null) throw new ArgumentException("The argument must be what AcquireConnection of an HTTP connection manager gives.", "connection");
            ServerURL = _settings.Get("url", "");
            ServerUserName = _settings.Get("user", "");
            ProxyURL = _settings.Get("proxy_url", "");
            ProxyUserName = _settings.Get("proxy_user", "");
            Timeout = int.Parse(_settings.Get("timeout", "30"));
        }

        /// <summary>Address.</summary>
        public string ServerURL { get; set; }
        /// <summary>User; empty = none.</summary>
        public string ServerUserName { get; set; }
        /// <summary>Password; the manager's unless set.</summary>
        public string ServerPassword { private get; set; }
        /// <summary>Address of the proxy; empty = none.</summary>
        public string ProxyURL { get; set; }
        /// <summary>User at the proxy.</summary>
        public string ProxyUserName { get; set; }
        /// <summary>Password at the proxy; the manager's unless set.</summary>
        public string ProxyPassword { private get; set; }
        /// <summary>Seconds that a request may take; 0 = no limit.</summary>
        public int Timeout { get; set; }

        /// <summary>Another connection of the same settings.</summary>
        public HttpClientConnection Clone()
        {
            return new HttpClientConnection(_settings)
            {
                ServerURL = ServerURL, ServerUserName = ServerUserName, ServerPassword = ServerPassword,
                ProxyURL = ProxyURL, ProxyUserName = ProxyUserName, ProxyPassword = ProxyPassword, Timeout = Timeout,
            };
        }

        /// <summary>Fetches what the address has into a file.</summary>
        public void DownloadFile(string fileName, bool overwriteDestination)
        {
            var target = ScriptContext.Current.Map(fileName);
            if (!overwriteDestination && File.Exists(target)) throw new DtsRuntimeException(Unspecified, "The file \"" + target + "\" is there already and is not to be overwritten.");
            var part = target + ".part";
            Run("GET", null, stream =>
            {
                using (var file = File.Create(part)) stream.CopyTo(file);
            });
            if (File.Exists(target)) File.Delete(target);
            File.Move(part, target);
        }

        /// <summary>Fetches what the address has.</summary>
        public byte[] DownloadData()
        {
            return Fetch("GET", null);
        }

        /// <summary>Sends a file and gives the answer.</summary>
        public byte[] UploadFile(string fileName)
        {
            return Fetch("POST", File.ReadAllBytes(ScriptContext.Current.Map(fileName)));
        }

        private byte[] Fetch(string method, byte[] body)
        {
            byte[] data = null;
            Run(method, body, stream =>
            {
                var all = new MemoryStream();
                var buffer = new byte[65536];
                for (var n = stream.Read(buffer, 0, buffer.Length); n > 0; n = stream.Read(buffer, 0, buffer.Length))
                {
                    if (all.Length + n > DataMaximum) throw new DtsRuntimeException(Unspecified, "The answer of " + ServerURL + " is larger than " + DataMaximum + " bytes; use DownloadFile.");
                    all.Write(buffer, 0, n);
                }
                data = all.ToArray();
            });
            return data;
        }

        private void Run(string method, byte[] body, Action<Stream> receive)
        {
            try
            {
                var request = (HttpWebRequest)WebRequest.Create(ServerURL);
                request.Method = method;
                request.Timeout = request.ReadWriteTimeout = Timeout <= 0 ? System.Threading.Timeout.Infinite : checked(Timeout * 1000);
                if (ServerUserName.Length > 0) request.Credentials = new NetworkCredential(ServerUserName, ServerPassword ?? _settings.Get("password", ""));
                if (ProxyURL.Length > 0)
                {
                    request.Proxy = new WebProxy(ProxyURL);
                    if (ProxyUserName.Length > 0) request.Proxy.Credentials = new NetworkCredential(ProxyUserName, ProxyPassword ?? _settings.Get("proxy_password", ""));
                }
                if (body != null)
                {
                    using (var stream = request.GetRequestStream()) stream.Write(body, 0, body.Length);
                }
                using (var response = request.GetResponse())
                using (var stream = response.GetResponseStream())
                {
                    receive(stream);
                }
            }
            catch (WebException e)
            {
                throw new DtsRuntimeException(Unspecified, "HTTP: " + method + " " + ServerURL + ": " + e.Message);
            }
        }
    }
}
