// Runs a Script Task: a new ScriptMain, its Dts, the entry method, the result.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.SqlServer.Dts.Runtime;
using Microsoft.SqlServer.Dts.Tasks.ScriptTask;

namespace Packmule.ScriptHost
{
    /// <summary>One run of a task.</summary>
    internal sealed class TaskRunner
    {
        private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

        private readonly Link _link;
        private readonly LoadedScript _script;
        private readonly long _call;
        private readonly ScriptRun _run;
        private readonly List<ConnectionSlot> _connections = new List<ConnectionSlot>();
        private readonly Action<TaskRunner> _ended;

        internal TaskRunner(Link link, Values values, Execution execution, JsonObject request, Action<TaskRunner> ended)
        {
            _link = link;
            _ended = ended;
            _call = request.Integer("call");
            _script = execution.Script(request.Integer("script"));
            if (_script.IsComponent) throw new JsonException("script " + request.Integer("script") + " is a component");
            _run = new ScriptRun(link, values, request, (code, text) => new DtsRuntimeException(code, text));
            foreach (var connection in request.Objects("connections")) _connections.Add(new ConnectionSlot(_run, connection));
            Worker = new Worker(execution, _run, Body, Lost);
        }

        internal long Run
        {
            get { return _run.Id; }
        }

        internal Worker Worker { get; private set; }

        private void Body(Worker worker)
        {
            var model = new ScriptObjectModel(_run, new Connections(_run, _connections));
            var error = worker.Guard("Main", () => Call(model));
            JsonObject answer;
            if (error == null)
            {
                try
                {
                    answer = new JsonObject().Add("result", model.TaskResult).Add("execution_value", _run.Values.Write(model.ExecutionValue));
                }
                catch (Exception e) when (!(e is IOException))
                {
                    answer = new JsonObject().Add("error", Errors.Of(e, "Main", _run, null));
                }
            }
            else
            {
                answer = new JsonObject().Add("error", error);
            }
            _ended(this);
            try
            {
                _link.Reply(_call, answer);
            }
            catch (InvalidOperationException e)
            {
                // An execution value larger than a frame.
                _link.Reply(_call, new JsonObject().Add("error", Errors.Of(e, "Main", _run, null)));
            }
        }

        private void Lost(JsonObject error)
        {
            _ended(this);
            _link.Reply(_call, new JsonObject().Add("error", error));
        }

        private void Call(ScriptObjectModel model)
        {
            var method = _script.EntryType.GetMethod(_script.EntryMethod, Any, null, Type.EmptyTypes, null);
            if (method == null)
            {
                throw new MissingMethodException("The class " + _script.EntryType.FullName + " has no method " + _script.EntryMethod + "() without parameters.");
            }
            if (_script.Is2005) Set2005(model);
            VSTARTScriptObjectModelBase.Prepare(model);
            try
            {
                var instance = method.IsStatic ? null : Activator.CreateInstance(_script.EntryType, true);
                method.Invoke(instance, null);
            }
            finally
            {
                VSTARTScriptObjectModelBase.Prepare(null);
            }
        }

        /// <summary>SSIS 2005: Dts is a static field of a class that the designer wrote.</summary>
        private void Set2005(ScriptObjectModel model)
        {
            foreach (var type in _script.Assembly.GetTypes().Where(t => t.Name == "_ApplicationObjects"))
            {
                var field = type.GetField("Dts", Any | BindingFlags.IgnoreCase);
                if (field == null || !field.IsStatic) continue;
                field.SetValue(null, model);
                return;
            }
        }
    }
}
