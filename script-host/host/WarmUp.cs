// Makes a fresh host quick at its first script: loads and compiles what every script needs, while
// the host waits in the pool.

using System;
using System.IO;
using System.Linq;
using System.Threading;
using Packmule.Script.Rewrite;

namespace Packmule.ScriptHost
{
    /// <summary>Warms the host up in the background.</summary>
    internal static class WarmUp
    {
        internal static void Start()
        {
            var thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "warm-up" };
            thread.Start();
        }

        private static void Run()
        {
            try
            {
                // Rewriting any assembly compiles the reader, the resolver and the writer of metadata.
                var sample = Path.Combine(Execution.HostFolder, "Microsoft.SqlServer.SQLTask.dll");
                ScriptCheck check;
                Rewriter.Rewrite(File.ReadAllBytes(sample), new Libraries(Execution.HostFolder, Enumerable.Empty<string>()), out check);
            }
            catch (Exception e) when (!(e is ThreadAbortException))
            {
                // Only speed is lost; what is wrong is said when a script is loaded.
            }
        }
    }
}
