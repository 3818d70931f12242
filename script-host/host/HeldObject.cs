// Gives the engine what is in an object that a script put in a variable: elements of a list, rows of
// a table.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Runtime.CompilerServices;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>One "object_items" or "object_rows".</summary>
    internal sealed class HeldObject
    {
        private const int MaximumCount = 100000;

        private static readonly ConditionalWeakTable<object, List<ColumnInfo>> Known = new ConditionalWeakTable<object, List<ColumnInfo>>();

        private readonly Link _link;
        private readonly Values _values;
        private readonly JsonObject _request;
        private readonly object _held;
        private readonly int _from;
        private readonly int _count;

        internal HeldObject(Link link, Values values, JsonObject request)
        {
            _link = link;
            _values = values;
            _request = request;
            _held = values.Held(request.Integer("handle", -1));
            _from = Math.Max(0, request.Int("from"));
            _count = Math.Max(1, Math.Min(MaximumCount, request.Int("count", 1000)));
        }

        internal JsonObject Answer()
        {
            return _request.Text("type") == "object_items" ? Items() : Rows();
        }

        private JsonObject Items()
        {
            var all = _held as IEnumerable;
            if (all == null) throw new JsonException("an object of type " + _held.GetType() + " has no elements");
            var items = new List<object>();
            var list = _held as IList;
            if (list != null)
            {
                // By position: a later page must not count through all before it.
                for (var i = _from; i < list.Count && items.Count < _count; i++) items.Add(_values.Write(list[i]));
                return new JsonObject().Add("items", items).Add("more", _from + items.Count < list.Count);
            }
            var at = 0;
            var more = false;
            foreach (var item in all)
            {
                if (at++ < _from) continue;
                if (items.Count == _count)
                {
                    more = true;
                    break;
                }
                // An absent value has a place in the list: JSON null.
                items.Add(_values.Write(item));
            }
            return new JsonObject().Add("items", items).Add("more", more);
        }

        private JsonObject Rows()
        {
            var set = _held as DataSet;
            var number = _request.Int("table");
            var rows = set == null ? RowSets.From(_held) : number >= 0 && number < set.Tables.Count ? RowSets.From(set.Tables[number]) : null;
            if (rows == null) throw new JsonException("an object of type " + _held.GetType() + " has no table " + number);
            var infos = InfosOf(set == null ? _held : set.Tables[number], rows);
            var end = (int)Math.Min((long)rows.RowCount, (long)_from + _count);
            var payload = new NativeBuffer(1024);
            for (var i = 0; i < infos.Count; i++)
            {
                var column = Column.Make(infos[i]);
                column.Begin(Math.Max(0, end - _from));
                for (var row = _from; row < end; row++) column.Set(row - _from, rows.GetValue(row, i));
                if (end > _from) column.Encode(payload);
            }
            var answer = new JsonObject().Add("tables", set == null ? 1 : set.Tables.Count).Add("columns", infos.ConvertAll(c => c.ToJson()))
                .Add("rows", Math.Max(0, end - _from)).Add("more", end < rows.RowCount);
            var table = set == null ? _held as DataTable : set.Tables[number];
            if (table != null) answer.Add("name", table.TableName);
            _link.Reply(_request.Integer("call"), answer, payload);
            return null;
        }

        /// <summary>The columns as they were found for the first page.</summary>
        private List<ColumnInfo> InfosOf(object table, IRowSet rows)
        {
            List<ColumnInfo> infos;
            lock (Known)
            {
                if (Known.TryGetValue(table, out infos) && _from > 0) return infos;
                Known.Remove(table);
                infos = new List<ColumnInfo>();
                foreach (var column in rows.Columns) infos.Add(InfoOf(column, infos.Count, rows));
                Known.Add(table, infos);
                return infos;
            }
        }

        private static ColumnInfo InfoOf(RowSetColumn column, int index, IRowSet rows)
        {
            var info = new ColumnInfo { Id = index + 1, Lineage = index + 1, Name = column.Name ?? "" };
            var word = WordOf(column.ClrType);
            if (word == "decimal")
            {
                // A DataColumn has no scale of its own: the largest in use loses nothing.
                info.Type = TypeInfo.Of("numeric");
                info.Precision = 38;
                for (var row = 0; row < rows.RowCount; row++)
                {
                    var value = rows.GetValue(row, index);
                    if (value is decimal) info.Scale = Math.Max(info.Scale, (decimal.GetBits((decimal)value)[3] >> 16) & 0xFF);
                }
                return info;
            }
            info.Type = TypeInfo.Of(word);
            if (word == "dbTimeStamp2" || word == "dbTime2" || word == "dbTimeStampOffset") info.Scale = 7;
            return info;
        }

        private static string WordOf(Type type)
        {
            switch (Type.GetTypeCode(type))
            {
                case TypeCode.Boolean: return "bool";
                case TypeCode.SByte: return "i1";
                case TypeCode.Byte: return "ui1";
                case TypeCode.Int16: return "i2";
                case TypeCode.UInt16:
                case TypeCode.Char: return type == typeof(char) ? "wstr" : "ui2";
                case TypeCode.Int32: return "i4";
                case TypeCode.UInt32: return "ui4";
                case TypeCode.Int64: return "i8";
                case TypeCode.UInt64: return "ui8";
                case TypeCode.Single: return "r4";
                case TypeCode.Double: return "r8";
                case TypeCode.Decimal: return "decimal";
                case TypeCode.DateTime: return "dbTimeStamp2";
            }
            if (type == typeof(TimeSpan)) return "dbTime2";
            if (type == typeof(DateTimeOffset)) return "dbTimeStampOffset";
            if (type == typeof(Guid)) return "guid";
            return type == typeof(byte[]) ? "bytes" : "wstr";
        }
    }
}
