// The host's side of the interfaces: thin layers over VariableList and ConnectionSlot. Scripts see
// only the interfaces.

using System;
using System.Collections;
using System.Collections.Generic;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Runtime.Wrapper
{
    /// <summary>A variable of the host.</summary>
    public sealed class HostedVariable : IDTSVariable100, IDTSVariable90
    {
        private readonly VariableSlot _slot;

        /// <summary>Made by the host.</summary>
        public HostedVariable(VariableSlot slot)
        {
            _slot = slot;
        }

        /// <inheritdoc/>
        public string Name { get { return _slot.Name; } }
        /// <inheritdoc/>
        public string Namespace { get { return _slot.Namespace; } }
        /// <inheritdoc/>
        public string QualifiedName { get { return _slot.QualifiedName; } }
        /// <inheritdoc/>
        public object Value
        {
            get { return _slot.Get(); }
            set { _slot.Set(value); }
        }

        /// <inheritdoc/>
        public object GetValueWithContext(IDTSEvaluatorContext100 context) { return _slot.Get(); }
        /// <inheritdoc/>
        public object GetValueWithContext(IDTSEvaluatorContext90 context) { return _slot.Get(); }
        /// <inheritdoc/>
        public string ID { get { return _slot.Id; } }
        /// <inheritdoc/>
        public string Description { get { return _slot.Description; } }
        /// <inheritdoc/>
        public bool ReadOnly { get { return _slot.ReadOnly; } }
        /// <inheritdoc/>
        public bool EvaluateAsExpression { get { return _slot.Expression.Length > 0; } }
        /// <inheritdoc/>
        public string Expression { get { return _slot.Expression; } }
    }

    /// <summary>Variables of the host.</summary>
    public sealed class HostedVariables : IDTSVariables100, IDTSVariables90
    {
        private readonly VariableList _list;

        /// <summary>Made by the host.</summary>
        public HostedVariables(VariableList list)
        {
            _list = list;
        }

        /// <inheritdoc/>
        public IDTSVariable100 this[object index] { get { return new HostedVariable(_list.Require(index)); } }
        IDTSVariable90 IDTSVariables90.this[object index] { get { return new HostedVariable(_list.Require(index)); } }
        /// <inheritdoc/>
        public int Count { get { return _list.Slots.Count; } }
        /// <inheritdoc/>
        public bool Contains(object index) { return _list.Find(index) != null; }
        /// <inheritdoc/>
        public void Unlock() { _list.Unlock(); }
        /// <inheritdoc/>
        public bool Locked { get { return _list.Held; } }

        /// <summary>The variables one by one.</summary>
        public IEnumerator GetEnumerator()
        {
            foreach (var slot in _list.Slots) yield return new HostedVariable(slot);
        }
    }

    /// <summary>The dispenser of the host.</summary>
    public sealed class HostedDispenser : VariableDispenser, IDTSVariableDispenser90
    {
        private readonly ScriptRun _run;
        private readonly List<string> _reads = new List<string>();
        private readonly List<string> _writes = new List<string>();

        /// <summary>Made by the host.</summary>
        public HostedDispenser(ScriptRun run)
        {
            _run = run;
        }

        /// <inheritdoc/>
        public void LockForRead(string variable) { _reads.Add(variable ?? ""); }
        /// <inheritdoc/>
        public void LockForWrite(string variable) { _writes.Add(variable ?? ""); }
        /// <inheritdoc/>
        public void GetVariables(out IDTSVariables100 variables) { variables = Lock(); }
        /// <inheritdoc/>
        public void GetVariables(out IDTSVariables90 variables) { variables = Lock(); }

        /// <summary>Locks what is on the lists.</summary>
        public HostedVariables Lock()
        {
            try
            {
                return new HostedVariables(_run.Lock(_reads.ToArray(), _writes.ToArray()));
            }
            finally
            {
                Reset();
            }
        }

        private HostedVariables One(string variable, bool write)
        {
            var name = new[] { variable ?? "" };
            var none = new string[0];
            return new HostedVariables(_run.Lock(write ? none : name, write ? name : none));
        }

        /// <inheritdoc/>
        public void LockOneForRead(string variable, ref IDTSVariables100 variables) { variables = One(variable, false); }
        /// <inheritdoc/>
        public void LockOneForRead(string variable, ref IDTSVariables90 variables) { variables = One(variable, false); }
        /// <inheritdoc/>
        public void LockOneForWrite(string variable, ref IDTSVariables100 variables) { variables = One(variable, true); }
        /// <inheritdoc/>
        public void LockOneForWrite(string variable, ref IDTSVariables90 variables) { variables = One(variable, true); }

        /// <inheritdoc/>
        public void Reset()
        {
            _reads.Clear();
            _writes.Clear();
        }

        /// <inheritdoc/>
        public bool Contains(string variable) { return _run.FindVariable(variable) != null; }

        /// <inheritdoc/>
        public string GetQualifiedName(string variable)
        {
            var found = _run.FindVariable(variable);
            if (found == null) throw _run.Fail(Codes.VariableNotFound, Codes.VariableNotFoundText);
            return found;
        }
    }

    /// <summary>A connection manager of the host.</summary>
    public sealed class HostedConnection : IDTSConnectionManager100, IDTSConnectionManager90
    {
        private readonly ScriptRun _run;

        /// <summary>Made by the host.</summary>
        public HostedConnection(ScriptRun run, ConnectionSlot slot)
        {
            _run = run;
            Slot = slot;
        }

        /// <summary>What it stands on.</summary>
        public ConnectionSlot Slot { get; private set; }
        /// <summary>The script it belongs to.</summary>
        public ScriptRun Run { get { return _run; } }

        /// <inheritdoc/>
        public string Name
        {
            get { return Slot.Name; }
            set { Slot.SetName(value); }
        }

        /// <inheritdoc/>
        public string ID { get { return Slot.Id; } }

        /// <inheritdoc/>
        public string Description
        {
            get { return Slot.Description; }
            set { Slot.SetDescription(value); }
        }

        /// <inheritdoc/>
        public string CreationName { get { return Slot.Kind; } }

        /// <inheritdoc/>
        public string ConnectionString
        {
            get { return Slot.GetString(); }
            set { Slot.SetString(value); }
        }

        /// <inheritdoc/>
        public object AcquireConnection(object transaction) { return Slot.Acquire(); }
        /// <inheritdoc/>
        public void ReleaseConnection(object connection) { Slot.Release(connection); }
        /// <inheritdoc/>
        public object InnerObject { get { return new HostedInner(_run, Slot); } }
    }

    /// <summary>Inner object of a connection manager of the host.</summary>
    public sealed class HostedInner : IDTSConnectionManagerDatabaseParameters100
    {
        private readonly ScriptRun _run;
        private readonly ConnectionSlot _slot;

        /// <summary>Made by the host.</summary>
        public HostedInner(ScriptRun run, ConnectionSlot slot)
        {
            _run = run;
            _slot = slot;
        }

        /// <inheritdoc/>
        public object GetConnectionForSchema()
        {
            return ConnectionSlot.WrapConnection("ADO.NET:OLEDB", _run.OpenDatabase("System.Data.OleDb", _slot.GetString()));
        }
    }
}
