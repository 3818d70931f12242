// Runs a Script Component: opens it, primes its outputs, gives it batch after batch, ends it.
//
// All of the script's methods run on one thread, in the order in which the engine asked.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.SqlServer.Dts.Pipeline;

namespace Packmule.ScriptHost
{
    /// <summary>One run of a component.</summary>
    internal sealed class ComponentRunner
    {
        private const int MaximumBatches = 2;

        private readonly Link _link;
        private readonly LoadedScript _script;
        private readonly ComponentRun _run;
        private readonly Action<ComponentRunner> _ended;
        private readonly long _openCall;
        private readonly object _lock = new object();
        private readonly Queue<Action> _work = new Queue<Action>();
        private readonly InputRows[] _inputs;
        private readonly PipelineBuffer[] _inputBuffers;
        private readonly bool[] _inputEnded;
        private readonly int[] _inFlight;
        private readonly OutputRows[] _outputs;
        private readonly OutputNameMap _names = new OutputNameMap();
        private IComponentCode _code;
        private volatile bool _stopping;
        private bool _opened;
        private bool _threadLost;
        private long _finishCall;
        private bool _failed;
        private bool _finished;

        internal ComponentRunner(Link link, Values values, Execution execution, JsonObject request, Action<ComponentRunner> ended)
        {
            _link = link;
            _ended = ended;
            _openCall = request.Integer("call");
            _script = execution.Script(request.Integer("script"));
            if (!_script.IsComponent) throw new JsonException("script " + request.Integer("script") + " is a task");
            _run = new ComponentRun(link, values, request, (code, text) => new COMException(text, code));
            _inputs = _run.Inputs.Select(i => new InputRows(_run, i)).ToArray();
            _inputBuffers = _inputs.Select(i => new PipelineBuffer(i)).ToArray();
            _inputEnded = new bool[_inputs.Length];
            _inFlight = new int[_inputs.Length];
            _outputs = _run.Outputs.Select(o => o.Synchronous < 0 ? new OutputRows(_run, o) : null).ToArray();
            foreach (var output in _run.Outputs) _names.Add(output.Name, output.Id);
            Worker = new Worker(execution, _run, Body, Lost);
        }

        internal long Run
        {
            get { return _run.Id; }
        }

        internal Worker Worker { get; private set; }

        internal void Start()
        {
            Queue(OpenComponent);
            Worker.Start();
        }

        private void Queue(Action work)
        {
            lock (_lock)
            {
                _work.Enqueue(work);
                Monitor.Pulse(_lock);
            }
        }

        private void Body(Worker worker)
        {
            while (!_finished)
            {
                Action work;
                lock (_lock)
                {
                    while (_work.Count == 0) Monitor.Wait(_lock);
                    work = _work.Dequeue();
                }
                try
                {
                    work();
                }
                catch (Exception e) when (!(e is IOException))
                {
                    // The host's own work around the script failed (a batch larger than a frame, no memory).
                    Broken(Errors.Of(e, null, _run, null));
                }
            }
        }

        private void Broken(JsonObject error)
        {
            if (!_opened)
            {
                _finished = _opened = true;
                _ended(this);
                _link.Reply(_openCall, new JsonObject().Add("error", error));
            }
            else if (_stopping)
            {
                End(error);
            }
            else if (!_failed)
            {
                Fail(error);
            }
        }

        private JsonObject Guard(string phase, Action script, bool always = false)
        {
            return Worker.Guard(phase, script, always);
        }

        private void OpenComponent()
        {
            var error = Guard("Construct", Construct)
                ?? Guard("AcquireConnections", () => _code.AcquireConnections())
                ?? Guard("PreExecute", () => _code.PreExecute());
            if (error != null)
            {
                // The engine gives no more to a component that could not be opened.
                _finished = true;
                _ended(this);
                if (_code != null) Guard("ReleaseConnections", () => _code.ReleaseConnections(), true);
            }
            _opened = true;
            _link.Reply(_openCall, error == null ? new JsonObject() : new JsonObject().Add("error", error));
        }

        private void Construct()
        {
            WrapperGuard.Check(_run, _script.Assembly);
            _code = ComponentCode.Make(_script, _run);
        }

        /// <summary>The engine says that outputs may be filled.</summary>
        internal void PrimeOutputs()
        {
            Queue(() =>
            {
                if (Stopped || !_outputs.Any(o => o != null)) return;
                var error = Guard("PrimeOutput", () =>
                {
                    var open = _run.Outputs.Where(o => _outputs[o.Index] != null).ToList();
                    _code.PrimeOutput(open.Select(o => o.Id).ToArray(), open.Select(o => new PipelineBuffer(_outputs[o.Index])).ToArray(), _names);
                    if (_inputs.Length == 0) EndOutputs();
                });
                if (error != null) Fail(error);
            });
        }

        /// <summary>A batch of an input came.</summary>
        internal void Batch(Message message)
        {
            var input = message.Header.Int("input", -1);
            if (input < 0 || input >= _inputs.Length) throw new ProtocolException("a batch for input " + input);
            lock (_lock)
            {
                if (++_inFlight[input] > MaximumBatches) throw new ProtocolException("more than " + MaximumBatches + " batches of an input");
            }
            Queue(() => Process(input, message));
        }

        private void Process(int input, Message message)
        {
            if (Stopped)
            {
                message.Dispose();
                return;
            }
            var rows = _inputs[input];
            try
            {
                rows.Begin(message);
            }
            catch (ProtocolException e)
            {
                message.Dispose();
                Fail(Errors.Make("request", e.Message));
                return;
            }
            var ends = rows.EndOfRowset;
            var spec = _run.Inputs[input];
            var error = Guard("ProcessInput", () =>
            {
                _code.ProcessInput(spec.Id, spec.Name, _inputBuffers[input], _names);
                if (!ends) return;
                _inputEnded[input] = true;
                if (_inputEnded.All(e => e)) EndOutputs();
            });
            if (error != null)
            {
                rows.Drop();
                Fail(error);
                return;
            }
            lock (_lock) _inFlight[input]--;
            rows.End();
        }

        /// <summary>Ends what the script forgot to end.</summary>
        private void EndOutputs()
        {
            foreach (var output in _outputs)
            {
                if (output != null) output.SetEndOfRowset();
            }
        }

        private void Fail(JsonObject error)
        {
            _failed = true;
            _link.Send(new JsonObject("failed").Add("run", _run.Id).Add("error", error));
        }

        /// <summary>The engine took a batch of an output.</summary>
        internal void Credit(int output)
        {
            if (output < 0 || output >= _outputs.Length || _outputs[output] == null) throw new ProtocolException("a credit for output " + output);
            _outputs[output].Credit();
        }

        internal void Cancel()
        {
            Worker.Cancel();
        }

        /// <summary>The last phase. What still runs is ended first.</summary>
        internal void Finish(long call, bool runPostExecute)
        {
            lock (_lock)
            {
                _finishCall = call;
                if (_threadLost)
                {
                    End(null);
                    return;
                }
            }
            _stopping = true;
            if (Worker.InScript) Worker.Cancel();
            Queue(() =>
            {
                JsonObject error = null;
                if (runPostExecute) error = PostExecute();
                var released = Guard("ReleaseConnections", () => _code.ReleaseConnections(), true);
                error = error ?? released;
                End(error);
            });
        }

        private void End(JsonObject error)
        {
            _finished = true;
            foreach (var input in _inputs) input.Drop();
            _ended(this);
            _link.Reply(_finishCall, error == null ? new JsonObject() : new JsonObject().Add("error", error));
        }

        /// <summary>The thread vanished in the middle of the script.</summary>
        private void Lost(JsonObject error)
        {
            lock (_lock)
            {
                _threadLost = true;
                if (!_opened)
                {
                    _ended(this);
                    _link.Reply(_openCall, new JsonObject().Add("error", error));
                }
                else if (_finishCall != 0)
                {
                    End(error);
                }
                else
                {
                    Fail(error);
                }
            }
        }

        /// <summary>Whether no more rows are to be worked on.</summary>
        private bool Stopped
        {
            get { return _failed || _stopping; }
        }

        private JsonObject PostExecute()
        {
            return Guard("PostExecute", () =>
            {
                if (_run.WriteNames.Count > 0) _run.LockWriteVariables();
                try
                {
                    _code.PostExecute();
                }
                finally
                {
                    _run.UnlockWriteVariables();
                }
            }, true);
        }
    }
}
