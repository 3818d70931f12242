// Microsoft.SqlServer.ManagedDTS: properties by name, for connection managers.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data.Common;
using System.Globalization;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Runtime
{
    /// <summary>A property of an object by name. Documented: class DtsProperty.</summary>
    public sealed class DtsProperty : DtsObject
    {
        private readonly Func<object> _get;
        private readonly Action<object> _set;

        /// <summary>Made by the host.</summary>
        public DtsProperty(string name, Func<object> get, Action<object> set)
        {
            Name = name;
            _get = get;
            _set = set;
        }

        /// <summary>Name.</summary>
        public string Name { get; private set; }
        /// <summary>Whether it can be read.</summary>
        public bool Get { get { return _get != null; } }
        /// <summary>Whether it can be written.</summary>
        public bool Set { get { return _set != null; } }
        /// <summary>Type of its value.</summary>
        public TypeCode Type { get { return TypeCode.String; } }

        /// <summary>The value.</summary>
        /// <remarks>The argument is not looked at: the property knows its object.</remarks>
        public object GetValue(object o)
        {
            if (_get == null) throw new NotSupportedException("The property \"" + Name + "\" cannot be read.");
            return _get();
        }

        /// <summary>Sets the value for the rest of the execution.</summary>
        /// <remarks>The first argument is not looked at: the property knows its object.</remarks>
        public void SetValue(object o, object propertyValue)
        {
            if (_set == null) throw new NotSupportedException("The property \"" + Name + "\" cannot be written.");
            _set(propertyValue);
        }

        /// <summary>Its expression.</summary>
        /// <remarks>Refused: throws.</remarks>
        public string GetExpression(object o)
        {
            throw new NotSupportedException("A script cannot see the expression of the property \"" + Name + "\".");
        }

        /// <summary>Gives it an expression.</summary>
        /// <remarks>Refused: throws. Set the value, or give it its expression in the package.</remarks>
        public void SetExpression(object o, string expression)
        {
            throw new NotSupportedException("A script cannot give the property \"" + Name + "\" an expression; set its value, or give it the expression in the package.");
        }
    }

    /// <summary>The properties of an object. Documented: class DtsProperties.</summary>
    /// <remarks>Of connection managers: ConnectionString, Name, Description, ID, CreationName; of databases also ServerName, InitialCatalog, UserName,
    /// Password. Any other name throws.</remarks>
    public sealed class DtsProperties : DTSReadOnlyCollectionBase
    {
        private readonly List<DtsProperty> _all = new List<DtsProperty>();
        private readonly string _owner;

        /// <summary>Made by the host.</summary>
        public DtsProperties(ConnectionSlot slot)
        {
            _owner = "connection manager \"" + slot.Name + "\" (" + slot.Kind + ")";
            Add("ConnectionString", slot.GetString, v => slot.SetString(Text(v)));
            Add("Name", () => slot.Name, v => slot.SetName(Text(v)));
            Add("Description", () => slot.Description, v => slot.SetDescription(Text(v)));
            Add("ID", () => slot.Id, null);
            Add("CreationName", () => slot.Kind, null);
            if (!IsDatabase(slot.Kind)) return;
            AddPart(slot, "ServerName", "Data Source", true);
            AddPart(slot, "InitialCatalog", "Initial Catalog", true);
            AddPart(slot, "UserName", "User ID", true);
            AddPart(slot, "Password", "Password", false);
        }

        private static bool IsDatabase(string kind)
        {
            return kind.StartsWith("ADO.NET", StringComparison.OrdinalIgnoreCase) || kind.Equals("OLEDB", StringComparison.OrdinalIgnoreCase);
        }

        private static string Text(object value)
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        private void Add(string name, Func<object> get, Action<object> set)
        {
            _all.Add(new DtsProperty(name, get, set));
        }

        private void AddPart(ConnectionSlot slot, string name, string key, bool readable)
        {
            Func<object> get = () =>
            {
                object value;
                var parts = new DbConnectionStringBuilder { ConnectionString = slot.GetString() };
                return parts.TryGetValue(key, out value) ? Text(value) : "";
            };
            Action<object> set = v =>
            {
                var parts = new DbConnectionStringBuilder { ConnectionString = slot.GetString() };
                parts[key] = Text(v);
                slot.SetString(parts.ConnectionString);
            };
            Add(name, readable ? get : null, set);
        }

        private DtsProperty Find(object index)
        {
            if (index is int) return (int)index >= 0 && (int)index < _all.Count ? _all[(int)index] : null;
            return _all.Find(p => string.Equals(p.Name, Text(index), StringComparison.OrdinalIgnoreCase));
        }

        /// <summary>By name or position.</summary>
        public DtsProperty this[object index]
        {
            get
            {
                var found = Find(index);
                if ((object)found != null) return found;
                throw new NotSupportedException("The property \"" + index + "\" of the " + _owner + " cannot be reached from a script here; ConnectionString can.");
            }
        }

        /// <inheritdoc/>
        public override int Count { get { return _all.Count; } }
        /// <summary>Whether a property can be reached.</summary>
        public bool Contains(object index) { return (object)Find(index) != null; }
        /// <summary>The properties one by one.</summary>
        public DtsPropertiesEnumerator GetEnumerator() { return new DtsPropertiesEnumerator(_all.ToArray()); }
        /// <inheritdoc/>
        protected override IEnumerator Elements() { return GetEnumerator(); }
    }

    /// <summary>Goes over properties.</summary>
    public sealed class DtsPropertiesEnumerator : DtsEnumerator
    {
        /// <summary>Made by DtsProperties.</summary>
        public DtsPropertiesEnumerator(IList elements) : base(elements)
        {
        }

        /// <summary>The current property.</summary>
        public DtsProperty Current { get { return (DtsProperty)CurrentElement; } }
    }
}
