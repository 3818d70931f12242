// Values of variables and arguments between .NET and the frames (PROTOCOL.md 2.2).

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>Turns values into JSON and back; keeps the objects that only this process can
    /// hold.</summary>
    public sealed class Values
    {
        private const int MaximumArray = 10000;
        private const int MaximumDepth = 16;

        private readonly Link _link;
        private readonly Dictionary<long, object> _held = new Dictionary<long, object>();
        private readonly Dictionary<object, long> _handles = new Dictionary<object, long>(new SameObject());
        private readonly ConditionalWeakTable<object, EngineRows> _rowsOf = new ConditionalWeakTable<object, EngineRows>();
        private long _lastHandle;

        private sealed class SameObject : IEqualityComparer<object>
        {
            bool IEqualityComparer<object>.Equals(object a, object b)
            {
                return ReferenceEquals(a, b);
            }

            int IEqualityComparer<object>.GetHashCode(object a)
            {
                return RuntimeHelpers.GetHashCode(a);
            }
        }

        /// <summary>For a link.</summary>
        public Values(Link link)
        {
            _link = link;
        }

        private static JsonObject Typed(string type, object value)
        {
            return new JsonObject().Add("t", type).Add("v", value);
        }

        private static string Text(IFormattable value, string format = null)
        {
            return value.ToString(format, CultureInfo.InvariantCulture);
        }

        /// <summary>A value as JSON.</summary>
        public object Write(object value)
        {
            return Write(value, 0);
        }

        private object Write(object value, int depth)
        {
            if (value == null) return null;
            var plain = WritePlain(value);
            if (plain != null) return plain;
            var array = depth < MaximumDepth ? WriteArray(value as Array, depth) : null;
            return array ?? WriteObject(value);
        }

        private static JsonObject WritePlain(object value)
        {
            if (value is Enum) value = Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture);
            switch (Type.GetTypeCode(value.GetType()))
            {
                case TypeCode.DBNull: return new JsonObject().Add("t", "DBNull");
                case TypeCode.Boolean: return Typed("Boolean", value);
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32: return Typed(value.GetType().Name, value);
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Decimal: return Typed(value.GetType().Name, Text((IFormattable)value));
                case TypeCode.Single:
                case TypeCode.Double: return Typed(value.GetType().Name, Text((IFormattable)value, "R"));
                case TypeCode.Char: return Typed("Char", (int)(char)value);
                case TypeCode.String: return Typed("String", value);
                case TypeCode.DateTime: return Typed("DateTime", Text(((DateTime)value).Ticks));
            }
            if (value is TimeSpan) return Typed("TimeSpan", Text(((TimeSpan)value).Ticks));
            if (value is Guid) return Typed("Guid", ((Guid)value).ToString("D"));
            if (value is byte[]) return Typed("Bytes", Convert.ToBase64String((byte[])value));
            if (value is DateTimeOffset)
            {
                var at = (DateTimeOffset)value;
                return Typed("DateTimeOffset", Text(at.UtcTicks)).Add("o", (long)(at.Offset.Ticks / TimeSpan.TicksPerMinute));
            }
            return null;
        }

        private object WriteArray(Array array, int depth)
        {
            if (array == null || array.Rank != 1 || array.Length > MaximumArray) return null;
            var elements = new List<object>(array.Length);
            foreach (var element in array)
            {
                var written = element == null ? null : WritePlain(element) ?? WriteArray(element as Array, depth + 1);
                if (written == null && element != null) return null;
                elements.Add(written);
            }
            return depth > MaximumDepth ? null : Typed("Array", elements);
        }

        private JsonObject WriteObject(object value)
        {
            EngineRows rows;
            if (_rowsOf.TryGetValue(value, out rows))
            {
                return new JsonObject().Add("t", "Rows").Add("handle", rows.Handle).Add("as", rows.As).Add("rows", rows.RowCount);
            }
            long handle = 0;
            // An abort of the script must not come in the middle of a change to the tables.
            try
            {
            }
            finally
            {
                lock (_held)
                {
                    if (!_handles.TryGetValue(value, out handle))
                    {
                        handle = ++_lastHandle;
                        _held[handle] = value;
                        _handles[value] = handle;
                    }
                }
            }
            return new JsonObject().Add("t", "Object").Add("handle", handle).Add("name", value.GetType().FullName).Add("shape", Shape(value));
        }

        private static string Shape(object value)
        {
            if (value is DataSet || value is DataTable || RowSets.From(value) != null) return "rows";
            return value is IEnumerable ? "list" : "other";
        }

        /// <summary>The object of a handle.</summary>
        public object Held(long handle)
        {
            lock (_held)
            {
                object value;
                if (_held.TryGetValue(handle, out value)) return value;
            }
            throw new JsonException("no object " + handle + " is held here");
        }

        /// <summary>The engine does not hold a handle any more.</summary>
        public void Release(long handle)
        {
            lock (_held)
            {
                object value;
                if (!_held.TryGetValue(handle, out value)) return;
                _held.Remove(handle);
                _handles.Remove(value);
            }
        }

        /// <summary>A value of JSON.</summary>
        public object Read(object json)
        {
            if (json == null) return null;
            var from = json as JsonObject;
            if (from == null) throw new JsonException("a value must be an object or null");
            try
            {
                return ReadTyped(from);
            }
            catch (Exception e) when (e is FormatException || e is OverflowException || e is ArgumentException)
            {
                throw new JsonException("a value of type " + from.Text("t") + ": " + e.Message);
            }
        }

        private object ReadTyped(JsonObject from)
        {
            var type = from.Text("t", "");
            switch (type)
            {
                case "DBNull": return DBNull.Value;
                case "Boolean": return from.Flag("v");
                case "SByte": return checked((sbyte)from.Integer("v"));
                case "Byte": return checked((byte)from.Integer("v"));
                case "Int16": return checked((short)from.Integer("v"));
                case "UInt16": return checked((ushort)from.Integer("v"));
                case "Int32": return checked((int)from.Integer("v"));
                case "UInt32": return checked((uint)from.Integer("v"));
                case "Char": return checked((char)from.Integer("v"));
                case "Array":
                    var elements = from.Array("v");
                    var array = new object[elements.Count];
                    for (var i = 0; i < array.Length; i++) array[i] = Read(elements[i]);
                    return array;
                case "Rows": return ReadRows(from);
                case "Object": return Held(from.Integer("handle"));
            }
            var text = from.Text("v", "");
            var plain = CultureInfo.InvariantCulture;
            switch (type)
            {
                case "Int64": return long.Parse(text, plain);
                case "UInt64": return ulong.Parse(text, plain);
                case "Single": return float.Parse(text, NumberStyles.Float, plain);
                case "Double": return double.Parse(text, NumberStyles.Float, plain);
                case "Decimal":
                case "Currency": return decimal.Parse(text, NumberStyles.Number, plain);
                case "String": return text;
                case "DateTime": return new DateTime(long.Parse(text, plain));
                case "TimeSpan": return new TimeSpan(long.Parse(text, plain));
                case "Guid": return new Guid(text);
                case "Bytes": return Convert.FromBase64String(text);
                case "DateTimeOffset":
                    var offset = TimeSpan.FromMinutes(from.Integer("o"));
                    return new DateTimeOffset(long.Parse(text, plain) + offset.Ticks, offset);
                default: throw new JsonException("unknown type of value \"" + type + "\"");
            }
        }

        private object ReadRows(JsonObject from)
        {
            var rows = new EngineRows(_link, from.Integer("handle"), from.Text("as", "ado"), from.Int("rows"));
            var seen = rows.ForScript();
            _rowsOf.Add(seen, rows);
            return seen;
        }
    }
}
