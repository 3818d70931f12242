// Microsoft.SqlServer.ManagedDTS: variables and their locking, for Script Tasks.

using System;
using System.Collections;
using System.Collections.Generic;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Runtime
{
    /// <summary>A variable. Documented: class Variable.</summary>
    /// <remarks>Its name, namespace and properties have no setters: they do not change at run time.</remarks>
    public class Variable : DtsObject
    {
        private readonly VariableSlot _slot;

        /// <summary>Made by the host.</summary>
        public Variable(VariableSlot slot)
        {
            _slot = slot;
        }

        /// <inheritdoc/>
        protected override object Identity { get { return _slot; } }

        /// <summary>The value. Writing needs a variable of the read/write list (or locked for writing) and a
        /// value of exactly the variable's type; variables of type Object take anything. Errors:
        /// 0xC0010003 read only, 0xC001F009 other type, 0xC0010001 unlocked in the meantime.</summary>
        public object Value
        {
            get { return _slot.Get(); }
            set { _slot.Set(value); }
        }

        /// <summary>The value of a sensitive parameter, which Value refuses.</summary>
        public object GetSensitiveValue() { return _slot.GetSensitive(); }
        /// <summary>Name without namespace.</summary>
        public string Name { get { return _slot.Name; } }
        /// <summary>Namespace.</summary>
        public string Namespace { get { return _slot.Namespace; } }
        /// <summary>Namespace::Name.</summary>
        public string QualifiedName { get { return _slot.QualifiedName; } }
        /// <summary>The variable's own property.</summary>
        public bool ReadOnly { get { return _slot.ReadOnly; } }
        /// <summary>Description.</summary>
        public string Description { get { return _slot.Description; } }
        /// <summary>The expression, empty if none.</summary>
        public string Expression { get { return _slot.Expression; } }
        /// <summary>Whether the value comes from the expression.</summary>
        public bool EvaluateAsExpression { get { return _slot.Expression.Length > 0; } }
        /// <summary>GUID in braces.</summary>
        public string ID { get { return _slot.Id; } }
        /// <summary>Whether it belongs to SSIS.</summary>
        public bool SystemVariable { get { return _slot.Namespace == "System"; } }

        /// <summary>Type of the variable.</summary>
        public TypeCode DataType
        {
            get
            {
                TypeCode code;
                if (Enum.TryParse(_slot.Type, out code)) return code;
                return _slot.Type == "Currency" ? TypeCode.Decimal : TypeCode.Object;
            }
        }
    }

    /// <summary>Variables that a script holds: those of its two lists, or those it locked. Documented: class
    /// Variables.</summary>
    public sealed class Variables : DTSReadOnlyCollectionBase
    {
        private readonly VariableList _list;
        private readonly Dictionary<VariableSlot, Variable> _made = new Dictionary<VariableSlot, Variable>();

        /// <summary>Made by the host.</summary>
        public Variables(VariableList list)
        {
            _list = list;
        }

        /// <inheritdoc/>
        protected override object Identity { get { return _list; } }

        private Variable Of(VariableSlot slot)
        {
            lock (_made)
            {
                Variable made;
                if (!_made.TryGetValue(slot, out made)) _made[slot] = made = new Variable(slot);
                return made;
            }
        }

        /// <summary>By name with or without namespace (case-sensitive), GUID or position. Missing: 0xC0010009.</summary>
        public Variable this[object index] { get { return Of(_list.Require(index)); } }

        /// <inheritdoc/>
        public override int Count { get { return _list.Slots.Count; } }

        /// <summary>Whether a variable is among these.</summary>
        public bool Contains(object index) { return _list.Find(index) != null; }

        /// <summary>Adds a variable.</summary>
        /// <remarks>It lives as long as the script runs; in SSIS as long as the task.</remarks>
        public Variable Add(string name, bool readOnly, string nameSpace, object val)
        {
            return Of(_list.Add(name, nameSpace, readOnly, val));
        }

        /// <summary>Whether the locks are held.</summary>
        public bool Locked { get { return _list.Held; } }

        /// <summary>Releases what a dispenser locked. No effect on the lists of the task, which stay locked
        /// until its end (the template of 2008 calls this at its shutdown).</summary>
        public void Unlock() { _list.Unlock(); }

        /// <summary>The variables one by one.</summary>
        public VariableEnumerator GetEnumerator()
        {
            var all = new List<Variable>();
            foreach (var slot in _list.Slots) all.Add(Of(slot));
            return new VariableEnumerator(all);
        }

        /// <inheritdoc/>
        protected override IEnumerator Elements() { return GetEnumerator(); }
    }

    /// <summary>Goes over variables.</summary>
    public sealed class VariableEnumerator : DtsEnumerator
    {
        /// <summary>Made by Variables.</summary>
        public VariableEnumerator(IList elements) : base(elements)
        {
        }

        /// <summary>The current variable.</summary>
        public Variable Current { get { return (Variable)CurrentElement; } }
    }

    /// <summary>Locks variables while the script runs, also ones that are not in its lists. Documented: class
    /// VariableDispenser. Locks that the script forgets are released at its end.</summary>
    public sealed class VariableDispenser : DtsObject
    {
        private readonly ScriptRun _run;
        private readonly List<string> _reads = new List<string>();
        private readonly List<string> _writes = new List<string>();

        /// <summary>Made by the host.</summary>
        public VariableDispenser(ScriptRun run)
        {
            _run = run;
        }

        /// <summary>Puts a variable on the list of those to lock for reading.</summary>
        public void LockForRead(string variable) { _reads.Add(variable ?? ""); }

        /// <summary>Puts a variable on the list of those to lock for writing.</summary>
        public void LockForWrite(string variable) { _writes.Add(variable ?? ""); }

        /// <summary>Locks everything on the lists and empties them. Waits while somebody else holds one, then
        /// fails: 0xC0014054 (read), 0xC0014055 (write), 0xC001405B to 0xC001405D (deadlock).</summary>
        public void GetVariables(ref Variables variables)
        {
            try
            {
                variables = new Variables(_run.Lock(_reads.ToArray(), _writes.ToArray()));
            }
            finally
            {
                Reset();
            }
        }

        /// <summary>Locks one variable for reading.</summary>
        public void LockOneForRead(string variable, ref Variables variables)
        {
            variables = new Variables(_run.Lock(new[] { variable ?? "" }, new string[0]));
        }

        /// <summary>Locks one variable for writing.</summary>
        public void LockOneForWrite(string variable, ref Variables variables)
        {
            variables = new Variables(_run.Lock(new string[0], new[] { variable ?? "" }));
        }

        /// <summary>Empties the lists; what is locked stays locked.</summary>
        public void Reset()
        {
            _reads.Clear();
            _writes.Clear();
        }

        /// <summary>Whether a variable of this name can be seen from the task.</summary>
        public bool Contains(string variable) { return _run.FindVariable(variable) != null; }

        /// <summary>Namespace::Name of a variable. Missing: 0xC0010001.</summary>
        public string GetQualifiedName(string variable)
        {
            var found = _run.FindVariable(variable);
            if (found == null) throw _run.Fail(Codes.VariableNotFound, Codes.VariableNotFoundText);
            return found;
        }
    }
}
