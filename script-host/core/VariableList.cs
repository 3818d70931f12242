// The variables that a script holds: those of its lists, and those locked by a dispenser.

using System;
using System.Collections.Generic;

namespace Packmule.ScriptHost
{
    /// <summary>SSIS's codes and texts that the host itself raises.</summary>
    public static class Codes
    {
        /// <summary>A collection has no such element.</summary>
        public const int ElementNotFound = unchecked((int)0xC0010009);
        /// <summary>Text of <see cref="ElementNotFound"/>.</summary>
        public const string ElementNotFoundText =
            "The element cannot be found in a collection. This error happens when you try to retrieve an element from a collection on a container during execution of the package and the element is not there.";
        /// <summary>Write to a read-only variable.</summary>
        public const int VariableReadOnly = unchecked((int)0xC0010003);
        /// <summary>Value of another type.</summary>
        public const int VariableTypeChange = unchecked((int)0xC001F009);
        /// <summary>No such connection.</summary>
        public const int ConnectionNotFound = unchecked((int)0xC001000E);
        /// <summary>No such variable.</summary>
        public const int VariableNotFound = unchecked((int)0xC0010001);
        /// <summary>Text of <see cref="VariableNotFound"/>.</summary>
        public const string VariableNotFoundText =
            "The variable cannot be found. This occurs when an attempt is made to retrieve a variable from the Variables collection on a container during execution of the package, and the variable is not there. The variable name may have changed or the variable is not being created.";
    }

    /// <summary>One variable that a script holds.</summary>
    public sealed class VariableSlot
    {
        private readonly ScriptRun _run;
        private readonly VariableList _list;
        private readonly int _index;
        private object _json;
        private object _value;
        private bool _read;

        /// <summary>Of a header.</summary>
        public VariableSlot(ScriptRun run, VariableList list, int index, JsonObject from)
        {
            _run = run;
            _list = list;
            _index = index;
            Name = from.Text("name", "");
            Namespace = from.Text("namespace", "User");
            Type = from.Text("type", "Object");
            Writable = from.Text("access") == "write";
            ReadOnly = from.Flag("read_only");
            Volatile = from.Flag("volatile");
            Sensitive = from.Flag("sensitive");
            Description = from.Text("description", "");
            Expression = from.Text("expression", "");
            Id = from.Text("id", "");
            _json = from["value"];
        }

        /// <summary>A variable that lives in the script only.</summary>
        public VariableSlot(ScriptRun run, string name, string @namespace, bool readOnly, object value)
        {
            _run = run;
            Name = name;
            Namespace = @namespace;
            Type = value == null ? "Object" : TypeName(value);
            ReadOnly = readOnly;
            Writable = true;
            Description = Expression = "";
            Id = Guid.NewGuid().ToString("B").ToUpperInvariant();
            _value = value;
            _read = true;
            IsLocal = true;
        }

        /// <summary>Name without namespace.</summary>
        public string Name { get; private set; }
        /// <summary>Namespace.</summary>
        public string Namespace { get; private set; }
        /// <summary>Name of the variable's type.</summary>
        public string Type { get; private set; }
        /// <summary>Whether the script holds it for writing.</summary>
        public bool Writable { get; private set; }
        /// <summary>The variable's own property.</summary>
        public bool ReadOnly { get; private set; }
        /// <summary>Asked for at each read.</summary>
        public bool Volatile { get; private set; }
        /// <summary>Value only by <see cref="GetSensitive"/>.</summary>
        public bool Sensitive { get; private set; }
        /// <summary>Description.</summary>
        public string Description { get; private set; }
        /// <summary>Expression, empty if none.</summary>
        public string Expression { get; private set; }
        /// <summary>GUID.</summary>
        public string Id { get; private set; }
        /// <summary>Made by the script itself.</summary>
        public bool IsLocal { get; private set; }

        /// <summary>Namespace::Name.</summary>
        public string QualifiedName
        {
            get { return Namespace + "::" + Name; }
        }

        /// <summary>The value.</summary>
        public object Get()
        {
            if (_list != null) _list.CheckHeld();
            if (Sensitive)
            {
                throw _run.Fail(Codes.VariableReadOnly,
                    "Accessing value of the parameter variable for the sensitive parameter \"" + QualifiedName + "\" is not allowed. Verify that the variable is used properly and that it protects the sensitive information.");
            }
            if (Volatile) return Ask(false);
            if (!_read)
            {
                _value = _run.Values.Read(_json);
                _json = null;
                _read = true;
            }
            return _value;
        }

        /// <summary>The value, also of a sensitive variable.</summary>
        public object GetSensitive()
        {
            if (_list != null) _list.CheckHeld();
            return Sensitive ? Ask(true) : Get();
        }

        private object Ask(bool sensitive)
        {
            var question = new JsonObject("var_get").Add("index", _index);
            if (_list.Lock != 0) question.Add("lock", _list.Lock);
            if (sensitive) question.Add("sensitive", true);
            return _run.Values.Read(_run.Ask(question)["value"]);
        }

        /// <summary>Writes it, by SSIS's rules of access and type.</summary>
        public void Set(object value)
        {
            if (_list != null) _list.CheckHeld();
            if (!Writable || ReadOnly)
            {
                throw _run.Fail(Codes.VariableReadOnly, "Error trying to write to a read-only variable, \"" + QualifiedName + "\".");
            }
            if (value is Enum) value = Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()));
            if (!Fits(value))
            {
                throw _run.Fail(Codes.VariableTypeChange,
                    "The type of the value being assigned to variable \"" + QualifiedName + "\" differs from the current variable type. Variables may not change type during execution. Variable types are strict, except for variables of type Object.");
            }
            _value = value;
            _json = null;
            _read = true;
            if (IsLocal) return;
            var message = new JsonObject("var_set").Add("index", _index).Add("value", _run.Values.Write(value));
            if (_list.Lock != 0) message.Add("lock", _list.Lock);
            _run.Send(message);
        }

        private bool Fits(object value)
        {
            if (Type == "Object" || Type == "Empty") return true;
            if (value == null) return false;
            var type = TypeName(value);
            return type == Type || (Type == "Currency" && type == "Decimal") || (Type == "Char" && type == "UInt16");
        }

        private static string TypeName(object value)
        {
            var code = System.Type.GetTypeCode(value.GetType());
            return code == TypeCode.Object ? "Object" : code.ToString();
        }
    }

    /// <summary>Variables that were locked together.</summary>
    public sealed class VariableList
    {
        private readonly ScriptRun _run;
        private readonly List<VariableSlot> _slots = new List<VariableSlot>();

        /// <summary>Of a header; lock 0 is the run's own list.</summary>
        public VariableList(ScriptRun run, JsonObject from, int @lock)
        {
            _run = run;
            Lock = @lock;
            Held = true;
            foreach (var variable in from.Objects("variables")) _slots.Add(new VariableSlot(run, this, _slots.Count, variable));
        }

        /// <summary>Number of the lock.</summary>
        public int Lock { get; private set; }

        /// <summary>False after <see cref="Unlock"/>.</summary>
        public bool Held { get; private set; }

        /// <summary>The variables, in the order of the lists.</summary>
        public IList<VariableSlot> Slots
        {
            get { return _slots; }
        }

        /// <summary>By qualified name, name, GUID or position; null if it is not there.</summary>
        public VariableSlot Find(object key)
        {
            if (key is string) return FindByName((string)key);
            if (key is int || key is short || key is long || key is byte)
            {
                var index = Convert.ToInt64(key);
                return index >= 0 && index < _slots.Count ? _slots[(int)index] : null;
            }
            return key == null ? null : FindByName(key.ToString());
        }

        private VariableSlot FindByName(string name)
        {
            foreach (var slot in _slots)
            {
                if (slot.QualifiedName == name) return slot;
            }
            foreach (var slot in _slots)
            {
                if (slot.Name == name) return slot;
            }
            foreach (var slot in _slots)
            {
                if (slot.Id.Length > 0 && string.Equals(slot.Id, name, StringComparison.OrdinalIgnoreCase)) return slot;
            }
            return null;
        }

        /// <summary>By qualified name, name, GUID or position.</summary>
        public VariableSlot Require(object key)
        {
            var found = Find(key);
            if (found == null) throw _run.Fail(Codes.ElementNotFound, Codes.ElementNotFoundText);
            return found;
        }

        /// <summary>Adds a variable of the script's own.</summary>
        public VariableSlot Add(string name, string @namespace, bool readOnly, object value)
        {
            var slot = new VariableSlot(_run, name, string.IsNullOrEmpty(@namespace) ? "User" : @namespace, readOnly, value);
            _slots.Add(slot);
            return slot;
        }

        /// <summary>Releases the locks of a dispenser. The lists of a run stay locked until its end:
        /// there it does nothing.</summary>
        public void Unlock()
        {
            if (Lock == 0 || !Held) return;
            Held = false;
            _run.Send(new JsonObject("unlock").Add("lock", Lock));
        }

        internal void CheckHeld()
        {
            if (!Held) throw _run.Fail(Codes.VariableNotFound, Codes.VariableNotFoundText);
        }
    }
}
