// Serves what the engine asks. Everything that takes time runs on another thread: this one must
// always be ready to read.

using System;
using System.Collections.Generic;
using System.Data.Common;
using System.IO;
using System.Threading;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>The requests of the engine.</summary>
    internal sealed class Requests
    {
        private const int Protocol = 1;
        private const string HostVersion = "0.1.0";

        private readonly Link _link;
        private readonly Values _values;
        private readonly Dictionary<long, TaskRunner> _tasks = new Dictionary<long, TaskRunner>();
        private readonly Dictionary<long, ComponentRunner> _components = new Dictionary<long, ComponentRunner>();
        private Execution _execution;
        private bool _greeted;

        internal Requests(Link link)
        {
            _link = link;
            _values = new Values(link);
            Hooks.Install(() => _execution);
        }

        /// <summary>Serves one message; false after the last.</summary>
        internal bool Serve(Message message)
        {
            var header = message.Header;
            var type = header.Text("type", "");
            if (!_greeted && type != "hello") throw new ProtocolException("the first frame must be hello, not \"" + type + "\"");
            if (type == "shutdown") return false;
            if (type == "batch")
            {
                // The component frees it.
                Component(header).Batch(message);
                return true;
            }
            if (type == "load" || type == "check")
            {
                Aside(() => Answer(header, () => Load(message, type == "load")));
                return true;
            }
            using (message)
            {
                if (header["call"] == null) Notice(type, header);
                else Request(type, header);
            }
            return true;
        }

        /// <summary>Does something on a thread of its own: a script may keep every thread of the pool
        /// busy.</summary>
        private static void Aside(ThreadStart work)
        {
            new Thread(work) { IsBackground = true }.Start();
        }

        private void Notice(string type, JsonObject header)
        {
            switch (type)
            {
                case "start":
                    Component(header).PrimeOutputs();
                    return;
                case "credit":
                    Credit(header);
                    return;
                case "cancel":
                    Cancel(header.Integer("run", -1));
                    return;
                case "unload":
                    if (_execution != null) _execution.Remove(header.Integer("script", -1));
                    return;
                case "object_release":
                    _values.Release(header.Integer("handle", -1));
                    return;
                case "free":
                    _link.Segments.Returned(header.Int("slot", -1));
                    return;
                default:
                    throw new ProtocolException("an unknown message \"" + type + "\"");
            }
        }

        private void Request(string type, JsonObject header)
        {
            switch (type)
            {
                case "run_task":
                    Answer(header, () => RunTask(header));
                    return;
                case "open":
                    Answer(header, () => Open(header));
                    return;
                case "finish":
                    Component(header).Finish(header.Integer("call"), header.Flag("run_post_execute", true));
                    return;
                case "object_items":
                case "object_rows":
                    Aside(() => Answer(header, () => new HeldObject(_link, _values, header).Answer()));
                    return;
                default:
                    Answer(header, () => AtOnce(type, header));
                    return;
            }
        }

        private JsonObject AtOnce(string type, JsonObject header)
        {
            switch (type)
            {
                case "hello": return Hello(header);
                case "execution":
                    if (_execution != null) throw new JsonException("this host already serves an execution");
                    var execution = new Execution(header);
                    execution.Apply();
                    if (execution.UsesSegments) _link.Segments.Enable();
                    _execution = execution;
                    return new JsonObject();
                case "ping": return new JsonObject();
                case "segment":
                    _link.Segments.Take(header);
                    return new JsonObject();
                default: throw new JsonException("an unknown request \"" + type + "\"");
            }
        }

        private JsonObject Hello(JsonObject header)
        {
            var protocol = header.Int("protocol");
            if (protocol != Protocol) throw new ProtocolException("the engine speaks protocol " + protocol + ", this host " + Protocol);
            _greeted = true;
            if (header.Flag("warm")) WarmUp.Start();
            return new JsonObject().Add("protocol", Protocol).Add("host", HostVersion).Add("runtime", Platform.Name)
                .Add("pid", Native.ProcessId).Add("segments", true);
        }

        /// <summary>Answers with what the work gives, or with the error; null = answered
        /// elsewhere.</summary>
        private void Answer(JsonObject header, Func<JsonObject> work)
        {
            JsonObject answer;
            try
            {
                answer = work();
            }
            catch (ProtocolException)
            {
                throw;
            }
            catch (Exception e) when (e is JsonException || e is IOException || e is NotSupportedException)
            {
                answer = new JsonObject().Add("error", Errors.Make("request", e.Message));
            }
            catch (Exception e)
            {
                answer = new JsonObject().Add("error", Errors.Of(e, "Load", null, null));
            }
            if (answer == null) return;
            try
            {
                _link.Reply(header.Integer("call"), answer);
            }
            catch (IOException)
            {
                // The engine has gone; the reading thread ends the process.
            }
        }

        private Execution NeedExecution()
        {
            if (_execution == null) throw new JsonException("\"execution\" comes before this");
            return _execution;
        }

        private JsonObject Load(Message message, bool keep)
        {
            using (message)
            {
                LoadedScript script;
                var answer = new Loader(NeedExecution(), message).Run(keep, out script);
                if (script != null) _execution.Add(message.Header.Integer("script", -1), script);
                return answer;
            }
        }

        private JsonObject RunTask(JsonObject header)
        {
            var runner = new TaskRunner(_link, _values, NeedExecution(), header, Ended);
            lock (_tasks)
            {
                if (_tasks.ContainsKey(runner.Run)) throw new JsonException("run " + runner.Run + " is running");
                _tasks[runner.Run] = runner;
            }
            runner.Worker.Start();
            return null;
        }

        private void Ended(TaskRunner runner)
        {
            lock (_tasks) _tasks.Remove(runner.Run);
        }

        private JsonObject Open(JsonObject header)
        {
            var runner = new ComponentRunner(_link, _values, NeedExecution(), header, Ended);
            lock (_components)
            {
                if (_components.ContainsKey(runner.Run)) throw new JsonException("run " + runner.Run + " is running");
                _components[runner.Run] = runner;
            }
            runner.Start();
            return null;
        }

        private void Ended(ComponentRunner runner)
        {
            lock (_components) _components.Remove(runner.Run);
        }

        private ComponentRunner Component(JsonObject header)
        {
            var run = header.Integer("run", -1);
            lock (_components)
            {
                ComponentRunner found;
                if (_components.TryGetValue(run, out found)) return found;
            }
            throw new ProtocolException("no component runs as " + run);
        }

        private void Credit(JsonObject header)
        {
            ComponentRunner component;
            lock (_components) _components.TryGetValue(header.Integer("run", -1), out component);
            // A credit may cross with the end of its component.
            if (component != null) component.Credit(header.Int("output", -1));
        }

        private void Cancel(long run)
        {
            TaskRunner task;
            ComponentRunner component;
            lock (_tasks) _tasks.TryGetValue(run, out task);
            lock (_components) _components.TryGetValue(run, out component);
            // A run that has just ended is not an error.
            if (task != null) task.Worker.Cancel();
            if (component != null) component.Cancel();
        }

        /// <summary>Ends all scripts, when the host ends.</summary>
        internal void AbortAll()
        {
            var workers = new List<Worker>();
            lock (_tasks)
            {
                foreach (var task in _tasks.Values) workers.Add(task.Worker);
            }
            lock (_components)
            {
                foreach (var component in _components.Values) workers.Add(component.Worker);
            }
            foreach (var worker in workers) worker.AbortNow();
            foreach (var worker in workers) worker.Join(500);
        }
    }
}
