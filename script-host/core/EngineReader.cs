// Rows of a statement, fetched from the engine in batches.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;

namespace Packmule.ScriptHost
{
    /// <summary>Reads the rows of a statement.</summary>
    public sealed class EngineReader : DbDataReader
    {
        private const int FetchRows = 5000;

        private readonly EngineConnection _connection;
        private readonly bool _closesConnection;
        private readonly int _affected;
        private int _cursor;
        private List<ColumnInfo> _columns;
        private Batch _batch;
        private int _row = -1;
        private bool _more;
        private bool _closed;

        internal EngineReader(EngineConnection connection, JsonObject answer, bool closesConnection)
        {
            _connection = connection;
            _closesConnection = closesConnection;
            _affected = answer.Int("affected", -1);
            _cursor = answer.Int("cursor");
            _columns = ColumnInfo.ReadAll(answer, "columns");
            _more = _cursor != 0;
            // The first batch is fetched at once: HasRows needs it, and its errors belong here.
            if (_more) Fetch();
        }

        private void Fetch()
        {
            if (_batch != null) _batch.Dispose();
            _batch = null;
            var message = _connection.Call(new JsonObject("db_fetch").Add("cursor", _cursor).Add("count", FetchRows));
            var more = message.Header.Flag("more");
            _batch = new Batch(message, _columns);
            _more = more && _batch.Rows > 0;
            _row = -1;
        }

        /// <inheritdoc/>
        public override bool Read()
        {
            CheckOpen();
            while (_batch != null)
            {
                if (_row + 1 < _batch.Rows)
                {
                    _row++;
                    return true;
                }
                if (!_more)
                {
                    _row = _batch.Rows;
                    return false;
                }
                Fetch();
            }
            return false;
        }

        /// <inheritdoc/>
        public override bool NextResult()
        {
            CheckOpen();
            if (_cursor == 0) return false;
            var answer = _connection.Ask(new JsonObject("db_next_result").Add("cursor", _cursor));
            if (_batch != null) _batch.Dispose();
            _batch = null;
            _columns = ColumnInfo.ReadAll(answer, "columns");
            _more = answer["columns"] != null;
            if (!_more) return false;
            Fetch();
            return true;
        }

        /// <inheritdoc/>
        public override void Close()
        {
            if (_closed) return;
            _closed = true;
            if (_batch != null) _batch.Dispose();
            if (_cursor != 0 && _connection.State == ConnectionState.Open) _connection.Run.Send(new JsonObject("db_close_cursor").Add("cursor", _cursor));
            if (_closesConnection) _connection.Close();
        }

        private void CheckOpen()
        {
            if (_closed) throw new InvalidOperationException("The reader is closed.");
        }

        private Column At(int ordinal)
        {
            CheckOpen();
            if (_batch == null || _row < 0 || _row >= _batch.Rows) throw new InvalidOperationException("There is no current row; call Read first.");
            if (ordinal < 0 || ordinal >= _batch.Columns.Length) throw new IndexOutOfRangeException("There is no column " + ordinal + ".");
            return _batch.Columns[ordinal];
        }

        /// <inheritdoc/>
        public override int Depth { get { return 0; } }
        /// <inheritdoc/>
        public override int FieldCount { get { return _columns.Count; } }
        /// <inheritdoc/>
        public override bool HasRows { get { return _batch != null && _batch.Rows > 0; } }
        /// <inheritdoc/>
        public override bool IsClosed { get { return _closed; } }
        /// <inheritdoc/>
        public override int RecordsAffected { get { return _affected; } }
        /// <inheritdoc/>
        public override object this[int ordinal] { get { return GetValue(ordinal); } }
        /// <inheritdoc/>
        public override object this[string name] { get { return GetValue(GetOrdinal(name)); } }
        /// <inheritdoc/>
        public override object GetValue(int ordinal) { return At(ordinal).Get(_row) ?? DBNull.Value; }
        /// <inheritdoc/>
        public override bool IsDBNull(int ordinal) { return At(ordinal).IsNull(_row); }
        /// <inheritdoc/>
        public override bool GetBoolean(int ordinal) { return (bool)Value(ordinal, typeof(bool)); }
        /// <inheritdoc/>
        public override byte GetByte(int ordinal) { return (byte)Value(ordinal, typeof(byte)); }
        /// <inheritdoc/>
        public override char GetChar(int ordinal) { return (char)Value(ordinal, typeof(char)); }
        /// <inheritdoc/>
        public override DateTime GetDateTime(int ordinal) { return (DateTime)Value(ordinal, typeof(DateTime)); }
        /// <inheritdoc/>
        public override decimal GetDecimal(int ordinal) { return (decimal)Value(ordinal, typeof(decimal)); }
        /// <inheritdoc/>
        public override double GetDouble(int ordinal) { return (double)Value(ordinal, typeof(double)); }
        /// <inheritdoc/>
        public override float GetFloat(int ordinal) { return (float)Value(ordinal, typeof(float)); }
        /// <inheritdoc/>
        public override Guid GetGuid(int ordinal) { return (Guid)Value(ordinal, typeof(Guid)); }
        /// <inheritdoc/>
        public override short GetInt16(int ordinal) { return (short)Value(ordinal, typeof(short)); }
        /// <inheritdoc/>
        public override int GetInt32(int ordinal) { return (int)Value(ordinal, typeof(int)); }
        /// <inheritdoc/>
        public override long GetInt64(int ordinal) { return (long)Value(ordinal, typeof(long)); }
        /// <inheritdoc/>
        public override string GetString(int ordinal) { return (string)Value(ordinal, typeof(string)); }

        // As in SqlDataReader a getter of another type is an error, except that the databases behind
        // the engine do not all have the same integers: those are converted when the value fits.
        private object Value(int ordinal, Type wanted)
        {
            var value = At(ordinal).Get(_row);
            if (value == null) throw new InvalidCastException("Data is Null. This method or property cannot be called on Null values.");
            if (value.GetType() == wanted) return value;
            var number = wanted.IsPrimitive || wanted == typeof(decimal);
            if (number && value is IConvertible && !(value is string)) return Convert.ChangeType(value, wanted);
            throw new InvalidCastException("The column \"" + _columns[ordinal].Name + "\" holds " + value.GetType() + ", not " + wanted + ".");
        }

        /// <inheritdoc/>
        public override long GetBytes(int ordinal, long dataOffset, byte[] buffer, int bufferOffset, int length)
        {
            var bytes = (byte[])Value(ordinal, typeof(byte[]));
            return Part(bytes, bytes.Length, dataOffset, buffer, bufferOffset, length);
        }

        /// <inheritdoc/>
        public override long GetChars(int ordinal, long dataOffset, char[] buffer, int bufferOffset, int length)
        {
            var chars = GetString(ordinal).ToCharArray();
            return Part(chars, chars.Length, dataOffset, buffer, bufferOffset, length);
        }

        private static long Part(Array from, long size, long offset, Array to, int at, int length)
        {
            if (to == null) return size;
            var count = Math.Max(0, Math.Min(Math.Min(length, size - offset), to.Length - at));
            Array.Copy(from, offset, to, at, count);
            return count;
        }

        /// <inheritdoc/>
        public override int GetValues(object[] values)
        {
            var count = Math.Min(values.Length, FieldCount);
            for (var i = 0; i < count; i++) values[i] = GetValue(i);
            return count;
        }

        /// <inheritdoc/>
        public override string GetName(int ordinal) { return _columns[ordinal].Name; }
        /// <inheritdoc/>
        public override string GetDataTypeName(int ordinal) { return _columns[ordinal].Type.Name; }
        /// <inheritdoc/>
        public override Type GetFieldType(int ordinal) { return _columns[ordinal].Type.ClrType; }
        /// <inheritdoc/>
        public override IEnumerator GetEnumerator() { return new DbEnumerator(this, false); }

        /// <inheritdoc/>
        public override int GetOrdinal(string name)
        {
            var found = _columns.FindIndex(c => c.Name == name);
            if (found < 0) found = _columns.FindIndex(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
            if (found < 0) throw new IndexOutOfRangeException(name);
            return found;
        }

        /// <inheritdoc/>
        public override DataTable GetSchemaTable()
        {
            var table = new DataTable("SchemaTable");
            table.Columns.Add("ColumnName", typeof(string));
            table.Columns.Add("ColumnOrdinal", typeof(int));
            table.Columns.Add("ColumnSize", typeof(int));
            table.Columns.Add("NumericPrecision", typeof(short));
            table.Columns.Add("NumericScale", typeof(short));
            table.Columns.Add("DataType", typeof(Type));
            table.Columns.Add("AllowDBNull", typeof(bool));
            table.Columns.Add("IsKey", typeof(bool));
            table.Columns.Add("IsUnique", typeof(bool));
            for (var i = 0; i < _columns.Count; i++)
            {
                var c = _columns[i];
                table.Rows.Add(c.Name, i, c.Length, (short)c.Precision, (short)c.Scale, c.Type.ClrType, true, false, false);
            }
            return table;
        }
    }
}
