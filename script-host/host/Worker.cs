// The thread of one running script and how it is ended before its time.

using System;
using System.Collections.Generic;
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
        private const int AbortAgain = 1000;
        private const int WatchEvery = 500;

        private readonly Thread _thread;
        private readonly Execution _execution;
        private readonly ScriptRun _run;
        private readonly object _lock = new object();
        private static readonly List<Worker> Started = new List<Worker>();
        private static Timer _watch;
        private readonly Action<JsonObject> _lost;
        private Timer _timer;
        private bool _inScript;
        private volatile bool _ended;
        private volatile string _phase;
        private int _elapsed;

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
                if (_watch == null) _watch = new Timer(Watch, null, WatchEvery, WatchEvery);
            }
            _thread.Start();
        }

        /// <summary>Mono ends a thread whose stack overflowed without running any of its code again: not
        /// even a finally. Somebody else has to notice.</summary>
        private static void Watch(object nothing)
        {
            var lost = new List<Worker>();
            lock (Started)
            {
                foreach (var worker in Started)
                {
                    if (worker._thread.ThreadState == ThreadState.Unstarted || worker._thread.IsAlive) continue;
                    if (!worker._ended) lost.Add(worker);
                }
                Started.RemoveAll(w => w._ended || lost.Contains(w));
            }
            foreach (var worker in lost)
            {
                worker._ended = true;
                worker._lost(Errors.Make("script", "The requested operation caused a stack overflow.")
                    .Add("type", "System.StackOverflowException").Add("phase", worker._phase ?? ""));
            }
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
                Thread.ResetAbort();
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
                lock (_lock)
                {
                    _ended = true;
                    if (_timer != null) _timer.Dispose();
                }
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
                    Thread.ResetAbort();
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
                Thread.ResetAbort();
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
                        if (_timer != null) _timer.Dispose();
                        _timer = null;
                        _elapsed = 0;
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
                if (_timer != null || _ended || !_inScript) return;
                _timer = new Timer(Escalate, null, InterruptAfter, AbortAgain);
            }
        }

        private void Escalate(object nothing)
        {
            lock (_lock)
            {
                if (_ended || _timer == null) return;
                _elapsed += _elapsed == 0 ? InterruptAfter : AbortAgain;
                if (!_inScript) return;
                if (_elapsed < AbortAfter) _thread.Interrupt();
                else _thread.Abort();
            }
        }

        /// <summary>Ends the script at once, when the host itself ends.</summary>
        internal void AbortNow()
        {
            _run.Cancel();
            lock (_lock)
            {
                if (_inScript && !_ended) _thread.Abort();
            }
        }
    }
}
