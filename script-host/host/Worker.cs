// The thread of one running script and how it is ended before its time.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>Runs the code of one task or component on a thread of its own.</summary>
    internal sealed class Worker
    {
        private const int StackBytes = 4 << 20;
        private const int InterruptAfter = 1000;
        private const int AbortAfter = 3000;
        private const int StepEvery = 1000;
        private const int WatchEvery = 100;

        private readonly Thread _thread;
        private readonly Execution _execution;
        private readonly ScriptRun _run;
        private readonly object _lock = new object();
        private static readonly List<Worker> Started = new List<Worker>();
        private static Thread _watch;
        private readonly Action<JsonObject> _lost;
        private readonly Stopwatch _sinceCancel = new Stopwatch();
        private long _nextStep;
        private bool _inScript;
        private volatile bool _ended;
        private volatile string _phase;

        /// <param name="execution">Settings.</param>
        /// <param name="run">The script.</param>
        /// <param name="body">What the thread does.</param>
        /// <param name="lost">Told when the thread vanished in the middle of it.</param>
        internal Worker(Execution execution, ScriptRun run, Action<Worker> body, Action<JsonObject> lost)
        {
            _lost = lost;
            _execution = execution;
            _run = run;
            Context = execution.NewContext(run);
            _thread = new Thread(() => Body(body), StackBytes) { IsBackground = true, Name = "script " + run.Id };
        }

        /// <summary>What the shims find on the thread.</summary>
        internal ScriptContext Context { get; private set; }

        /// <summary>Whether code of the script runs at the moment.</summary>
        internal bool InScript
        {
            get { lock (_lock) return _inScript; }
        }

        internal void Start()
        {
            lock (Started)
            {
                Started.Add(this);
                if (_watch == null)
                {
                    // A thread of its own: a script may keep every thread of the pool busy.
                    _watch = new Thread(Watch) { IsBackground = true, Name = "watch" };
                    _watch.Start();
                }
            }
            _thread.Start();
        }

        private static void Watch()
        {
            var all = new List<Worker>();
            while (true)
            {
                Thread.Sleep(WatchEvery);
                lock (Started)
                {
                    Started.RemoveAll(w => w._ended);
                    all.Clear();
                    all.AddRange(Started);
                }
                foreach (var worker in all) worker.Look();
            }
        }

        private void Look()
        {
            // Mono ends a thread whose stack overflowed without running any of its code again, not even a
            // finally: somebody else has to notice. .NET ends the process.
            if (Platform.IsMono && !_ended && _thread.ThreadState != System.Threading.ThreadState.Unstarted && !_thread.IsAlive && !_ended)
            {
                _ended = true;
                _lost(Errors.Make("script", "The requested operation caused a stack overflow.")
                    .Add("type", "System.StackOverflowException").Add("phase", _phase ?? ""));
                return;
            }
            Escalate();
        }

        internal bool Join(int milliseconds)
        {
            return _thread.Join(milliseconds);
        }

        private void Body(Action<Worker> body)
        {
            _thread.CurrentCulture = _execution.Culture;
            _thread.CurrentUICulture = CultureInfo.InvariantCulture;
            ScriptContext.Current = Context;
            try
            {
                body(this);
            }
            catch (ThreadAbortException)
            {
                Platform.ResetAbort();
            }
            catch (ThreadInterruptedException)
            {
            }
            catch (System.IO.IOException)
            {
                // The engine has gone; the reading thread ends the process.
            }
            finally
            {
                _ended = true;
            }
        }

        /// <summary>Runs code of the script. Only inside of this is the thread interrupted or aborted, so
        /// that what the host does before and after always comes to its end.</summary>
        /// <param name="phase">Which part of the life cycle it is.</param>
        /// <param name="script">The code.</param>
        /// <param name="always">Whether it runs after a cancellation as well.</param>
        /// <returns>The error, or null.</returns>
        internal JsonObject Guard(string phase, Action script, bool always = false)
        {
            Exception caught = null;
            _phase = phase;
            try
            {
                try
                {
                    Enter();
                    if (_run.Cancelled && !always) throw new ThreadInterruptedException();
                    script();
                }
                catch (ThreadAbortException e)
                {
                    caught = e;
                    Leave();
                    Platform.ResetAbort();
                }
                catch (Exception e)
                {
                    caught = e;
                }
                finally
                {
                    Leave();
                }
                // An interruption that came too late for the script must not hit the host.
                Absorb();
            }
            catch (ThreadAbortException e)
            {
                // It came between the script's end and Leave.
                Platform.ResetAbort();
                caught = caught ?? e;
            }
            if (caught == null && Context.ExitCode.HasValue) caught = new ThreadInterruptedException();
            return caught == null ? null : Errors.Of(caught, phase, _run, Context);
        }

        private void Enter()
        {
            lock (_lock) _inScript = true;
        }

        private void Leave()
        {
            while (true)
            {
                try
                {
                    lock (_lock)
                    {
                        _inScript = false;
                        // Each phase is cancelled by itself: PostExecute after a cancelled ProcessInput runs in peace.
                        _sinceCancel.Reset();
                    }
                    return;
                }
                catch (ThreadInterruptedException)
                {
                }
            }
        }

        private static void Absorb()
        {
            try
            {
                Thread.Sleep(0);
            }
            catch (ThreadInterruptedException)
            {
            }
        }

        /// <summary>Begins to end the script: the flag at once, an interruption, then aborts.</summary>
        internal void Cancel()
        {
            _run.Cancel();
            lock (_lock)
            {
                if (_ended || !_inScript || _sinceCancel.IsRunning) return;
                _nextStep = InterruptAfter;
                _sinceCancel.Start();
            }
        }

        private void Escalate()
        {
            lock (_lock)
            {
                if (_ended || !_inScript || !_sinceCancel.IsRunning || _sinceCancel.ElapsedMilliseconds < _nextStep) return;
                if (_sinceCancel.ElapsedMilliseconds < AbortAfter) _thread.Interrupt();
                else Platform.Abort(_thread);
                _nextStep += StepEvery;
            }
        }

        /// <summary>Ends the script at once, when the host itself ends.</summary>
        internal void AbortNow()
        {
            _run.Cancel();
            lock (_lock)
            {
                if (_inScript && !_ended) Platform.Abort(_thread);
            }
        }
    }
}
