// Threads that a script starts: an exception that leaves one fails the script, not the host.
//
// On Windows such an exception ends the process, and with it every script that runs there.
// Documented at learn.microsoft.com, "Exceptions in managed threads". Tasks and asynchronous
// delegates keep their exceptions for whoever waits, so they need nothing.

using System;
using System.Globalization;
using System.Threading;

namespace Packmule.Script.Threading
{
    /// <summary>Redirected members of System.Threading.</summary>
    public static class ThreadMembers
    {
        /// <summary>Runs with the culture of the thread that started it: on Windows both have the
        /// machine's, here a new thread would have none.</summary>
        private static void Guard(CultureInfo culture, Action run)
        {
            try
            {
                Thread.CurrentThread.CurrentCulture = culture;
                run();
            }
            catch (ThreadAbortException)
            {
                // The host or Environment.Exit ends this thread.
            }
            catch (Exception e)
            {
                ScriptContext.Current.Host.Report(ReportKind.Error, 1, "Thread", "an exception left a thread of the script: " + e);
            }
        }

        private static ThreadStart Guarded(ThreadStart start)
        {
            if (start == null) throw new ArgumentNullException("start");
            var culture = CultureInfo.CurrentCulture;
            return () => Guard(culture, () => start());
        }

        private static ParameterizedThreadStart Guarded(ParameterizedThreadStart start)
        {
            if (start == null) throw new ArgumentNullException("start");
            var culture = CultureInfo.CurrentCulture;
            return state => Guard(culture, () => start(state));
        }

        private static WaitCallback Guarded(WaitCallback callBack)
        {
            if (callBack == null) throw new ArgumentNullException("callBack");
            var culture = CultureInfo.CurrentCulture;
            return state => Guard(culture, () => callBack(state));
        }

        private static TimerCallback Guarded(TimerCallback callback)
        {
            if (callback == null) throw new ArgumentNullException("callback");
            var culture = CultureInfo.CurrentCulture;
            return state => Guard(culture, () => callback(state));
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Thread", ".ctor")]
        public static Thread Thread_New(ThreadStart start)
        {
            return new Thread(Guarded(start));
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Thread", ".ctor")]
        public static Thread Thread_New(ThreadStart start, int maxStackSize)
        {
            return new Thread(Guarded(start), maxStackSize);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Thread", ".ctor")]
        public static Thread Thread_New(ParameterizedThreadStart start)
        {
            return new Thread(Guarded(start));
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Thread", ".ctor")]
        public static Thread Thread_New(ParameterizedThreadStart start, int maxStackSize)
        {
            return new Thread(Guarded(start), maxStackSize);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.ThreadPool", "QueueUserWorkItem", IsStatic = true)]
        public static bool ThreadPool_QueueUserWorkItem(WaitCallback callBack)
        {
            return ThreadPool.QueueUserWorkItem(Guarded(callBack));
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.ThreadPool", "QueueUserWorkItem", IsStatic = true)]
        public static bool ThreadPool_QueueUserWorkItem(WaitCallback callBack, object state)
        {
            return ThreadPool.QueueUserWorkItem(Guarded(callBack), state);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.ThreadPool", "UnsafeQueueUserWorkItem", IsStatic = true)]
        public static bool ThreadPool_UnsafeQueueUserWorkItem(WaitCallback callBack, object state)
        {
            return ThreadPool.QueueUserWorkItem(Guarded(callBack), state);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Timer", ".ctor")]
        public static Timer Timer_New(TimerCallback callback, object state, int dueTime, int period)
        {
            return new Timer(Guarded(callback), state, dueTime, period);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Timer", ".ctor")]
        public static Timer Timer_New(TimerCallback callback, object state, long dueTime, long period)
        {
            return new Timer(Guarded(callback), state, dueTime, period);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Timer", ".ctor")]
        public static Timer Timer_New(TimerCallback callback, object state, uint dueTime, uint period)
        {
            return new Timer(Guarded(callback), state, dueTime, period);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Timer", ".ctor")]
        public static Timer Timer_New(TimerCallback callback, object state, TimeSpan dueTime, TimeSpan period)
        {
            return new Timer(Guarded(callback), state, dueTime, period);
        }

        /// <summary>What it runs is guarded.</summary>
        [Replaces("System.Threading.Timer", ".ctor")]
        public static Timer Timer_New(TimerCallback callback)
        {
            return new Timer(Guarded(callback));
        }
    }
}
