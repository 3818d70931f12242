// Makes a fresh host quick at its first script: runs one task and one component of its own, against
// a link that leads nowhere, while the host waits in the pool.

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
        private const string Variables =
            "\"variables\":[{\"name\":\"Text\",\"type\":\"String\",\"value\":{\"t\":\"String\",\"v\":\"a\"}},"
            + "{\"name\":\"Number\",\"type\":\"Int32\",\"value\":{\"t\":\"Int32\",\"v\":1}},{\"name\":\"Out\",\"type\":\"String\",\"access\":\"write\"},"
            + "{\"name\":\"Time\",\"type\":\"DateTime\",\"access\":\"write\"}],\"connections\":[{\"id\":\"{1}\",\"name\":\"c\",\"kind\":\"FILE\"}]";

        private const string Columns =
            "\"columns\":[{\"id\":3,\"name\":\"Text\",\"type\":\"wstr\",\"length\":50,\"usage\":\"read_write\"},{\"id\":4,\"name\":\"Number\",\"type\":\"i4\",\"usage\":\"read_write\"}]";

        internal static void Start()
        {
            var thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "warm-up" };
            thread.Start();
        }

        private static void Run()
        {
            try
            {
                var link = new Link(-1, Native.OpenNothing());
                var values = new Values(link);
                var execution = new Execution(JsonText.ReadObject("{\"culture\":\"en-US\",\"ansi_code_page\":1252}"));
                RunTask(link, values, execution);
                RunComponent(link, values, execution);
                link.Close();
            }
            catch (Exception e) when (!(e is ThreadAbortException))
            {
                // Only speed is lost; what is wrong is said when a script is loaded.
            }
        }

        private static Message Request(string header, byte[] payload)
        {
            var buffer = new NativeBuffer(payload.Length);
            buffer.Append(payload);
            return new Message(JsonText.ReadObject(header), buffer);
        }

        private static void Load(Execution execution, string kind, int number)
        {
            var binary = File.ReadAllBytes(Path.Combine(Execution.HostFolder, "warm-" + kind + ".dll"));
            LoadedScript script;
            using (var request = Request("{\"kind\":\"" + kind + "\",\"name\":\"w\",\"parts\":[{\"part\":\"binary\",\"name\":\"w.dll\",\"size\":" + binary.Length + "}]}", binary))
            {
                new Loader(execution, request).Run(true, out script);
            }
            execution.Add(number, script);
        }

        private static void RunTask(Link link, Values values, Execution execution)
        {
            Load(execution, "task", 1);
            var header = JsonText.ReadObject("{\"call\":1,\"run\":1,\"script\":1,\"name\":\"w\"," + Variables + "}");
            var runner = new TaskRunner(link, values, execution, header, r => { });
            runner.Worker.Start();
            runner.Worker.Join(10000);
        }

        private static void RunComponent(Link link, Values values, Execution execution)
        {
            Load(execution, "component", 2);
            var header = JsonText.ReadObject("{\"call\":1,\"run\":2,\"script\":2,\"name\":\"w\",\"inputs\":[{\"id\":1,\"name\":\"Input 0\"," + Columns
                + "}],\"outputs\":[{\"id\":2,\"name\":\"Out\",\"synchronous\":0,\"columns\":[]},{\"id\":5,\"name\":\"Output 0\",\"columns\":[{\"id\":6,\"name\":\"Time\",\"type\":\"dbTimeStamp\"}]}]}");
            var runner = new ComponentRunner(link, values, execution, header, r => { });
            runner.Start();
            runner.PrimeOutputs();
            // One row: "a", 1.
            var row = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 97, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 };
            runner.Batch(Request("{\"type\":\"batch\",\"run\":2,\"input\":0,\"batch\":1,\"rows\":1,\"end\":true}", row));
            runner.Finish(1, true);
            runner.Worker.Join(10000);
        }
    }
}
