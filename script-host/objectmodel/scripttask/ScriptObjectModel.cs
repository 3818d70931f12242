// Microsoft.SqlServer.ScriptTask: the object Dts of Script Tasks.
//
// Documented at learn.microsoft.com, namespace Microsoft.SqlServer.Dts.Tasks.ScriptTask.

using System;
using Microsoft.SqlServer.Dts.Runtime;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Tasks.ScriptTask
{
    /// <summary>Marks the class whose Main the task runs (2012 and later).</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class SSISScriptTaskEntryPointAttribute : Attribute
    {
    }

    /// <summary>Base of ScriptMain since 2008.</summary>
    public class VSTARTScriptObjectModelBase
    {
        [ThreadStatic]
        private static ScriptObjectModel _pending;

        /// <summary>Takes the object that the host prepared for this thread.</summary>
        public VSTARTScriptObjectModelBase()
        {
            Dts = _pending;
        }

        /// <summary>The object model of the task.</summary>
        public ScriptObjectModel Dts { get; private set; }

        /// <summary>For the host: what the next ScriptMain of this thread gets; null afterwards.</summary>
        public static void Prepare(ScriptObjectModel model)
        {
            _pending = model;
        }
    }

    /// <summary>The object Dts. Documented: class ScriptObjectModel.</summary>
    public class ScriptObjectModel
    {
        private readonly ScriptRun _run;

        /// <summary>Made by the host.</summary>
        public ScriptObjectModel(ScriptRun run, Connections connections)
        {
            _run = run;
            Connections = connections;
            Variables = new Variables(run.Variables);
            VariableDispenser = new VariableDispenser(run);
            Events = new EventsObjectWrapper(run);
        }

        /// <summary>The values of Dts.Results of 2005.</summary>
        public enum Results
        {
            /// <summary>The task succeeded.</summary>
            Success = 0,
            /// <summary>The task failed.</summary>
            Failure = 1,
        }

        /// <summary>0 Success (also when not set), 1 Failure.</summary>
        public int TaskResult { get; set; }
        /// <summary>The variables of the two lists, locked while the script runs.</summary>
        public Variables Variables { get; private set; }
        /// <summary>Locks variables that are not in the lists.</summary>
        public VariableDispenser VariableDispenser { get; private set; }
        /// <summary>The connection managers of package and project.</summary>
        public Connections Connections { get; private set; }
        /// <summary>Raises events.</summary>
        public EventsObjectWrapper Events { get; private set; }
        /// <summary>The transaction of the container.</summary>
        /// <remarks>Always null: scripts do not take part in any.</remarks>
        public object Transaction { get { return null; } }
        /// <summary>Goes to the variable that the task names for its execution value.</summary>
        public object ExecutionValue { get; set; }

        /// <summary>Writes a log entry ScriptTaskLogEntry, if logging has it on.</summary>
        public void Log(string messageText, int dataCode, byte[] dataBytes)
        {
            _run.Log(messageText, dataCode, dataBytes);
        }
    }

    /// <summary>Raises events of the task. Documented: class EventsObjectWrapper. The subComponent goes before
    /// the text's source.</summary>
    public class EventsObjectWrapper
    {
        private readonly ScriptRun _run;

        /// <summary>Made by the host.</summary>
        public EventsObjectWrapper(ScriptRun run)
        {
            _run = run;
        }

        /// <summary>OnError. Does not throw; the task fails at its end. True when a handler cancels.</summary>
        public bool FireError(int errorCode, string subComponent, string description, string helpFile, int helpContext)
        {
            return _run.Raise(EventKinds.Error, errorCode, subComponent, description, helpFile, helpContext).Cancel;
        }

        /// <summary>OnWarning.</summary>
        public void FireWarning(int warningCode, string subComponent, string description, string helpFile, int helpContext)
        {
            _run.Raise(EventKinds.Warning, warningCode, subComponent, description, helpFile, helpContext);
        }

        /// <summary>OnInformation. fireAgain comes back false when nobody listens.</summary>
        public void FireInformation(int informationCode, string subComponent, string description, string helpFile, int helpContext, ref bool fireAgain)
        {
            fireAgain = _run.Raise(EventKinds.Information, informationCode, subComponent, description, helpFile, helpContext).Again;
        }

        /// <summary>OnProgress.</summary>
        public void FireProgress(string progressDescription, int percentComplete, int progressCountLow, int progressCountHigh, string subComponent, ref bool fireAgain)
        {
            fireAgain = _run.RaiseProgress(progressDescription, percentComplete, progressCountLow, progressCountHigh, subComponent).Again;
        }

        /// <summary>OnQueryCancel: true when the execution is being cancelled.</summary>
        public bool FireQueryCancel()
        {
            return _run.QueryCancel();
        }

        /// <summary>OnCustomEvent.</summary>
        public void FireCustomEvent(string eventName, string eventText, ref object[] arguments, string subComponent, ref bool fireAgain)
        {
            fireAgain = _run.RaiseCustom(eventName, eventText, arguments, subComponent).Again;
        }
    }
}
