// The script host: runs the Script Tasks and Script Components of one execution for the engine.
//
// It is started by the engine and speaks with it over standard input and output (PROTOCOL.md). This
// file is the start and the loop that reads; requests are served by Requests.

using System;
using System.IO;
using System.Threading;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    internal static class Program
    {
        private const int Understood = 0;
        private const int NotUnderstood = 3;

        private static int Main(string[] arguments)
        {
            if (arguments.Length == 1 && arguments[0] == "--object-model")
            {
                var missing = ObjectModelPage.Write(Console.Out);
                foreach (var member in missing) Console.Error.WriteLine("no doc comment: " + member);
                return missing.Count == 0 ? Understood : NotUnderstood;
            }
            Platform.Prepare();
            int input, output;
            try
            {
                Native.TakeStandardStreams(out input, out output);
            }
            catch (Exception e)
            {
                Console.Error.WriteLine("script host: " + e.Message);
                return NotUnderstood;
            }
            var link = new Link(input, output);
            var requests = new Requests(link);
            var code = Serve(link, requests);
            requests.AbortAll();
            link.Close();
            // Nothing that a script left behind (foreground threads, finalizers) may hold the end up.
            Native.Exit(code);
            return code;
        }

        private static int Serve(Link link, Requests requests)
        {
            try
            {
                while (true)
                {
                    var message = link.Read();
                    if (message == null || !requests.Serve(message)) return Understood;
                }
            }
            catch (Exception e) when (e is ProtocolException || e is JsonException || e is IOException)
            {
                Hooks.ErrorOutput.WriteLine("script host: protocol error: " + e.Message);
                return NotUnderstood;
            }
            catch (Exception e)
            {
                Hooks.ErrorOutput.WriteLine("script host: " + e);
                return NotUnderstood;
            }
        }
    }
}
