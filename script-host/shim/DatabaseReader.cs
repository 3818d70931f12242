// The reader of rows of a script's command, over that of the engine; and the numbers of types.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;
using OdbcType = System.Data.Odbc.OdbcType;
using OleDbType = System.Data.OleDb.OleDbType;

namespace Packmule.Script.Data
{
    /// <summary>A reader of rows.</summary>
    public abstract class ShimReader : DbDataReader
    {
        private readonly DbDataReader _inner;
        private readonly ShimConnection _close;

        internal ShimReader(DbDataReader inner, ShimConnection close)
        {
            _inner = inner;
            _close = close;
        }

        /// <summary>Closes the reader, and the connection when the command said so.</summary>
        public override void Close()
        {
            _inner.Close();
            if (_close != null) _close.Close();
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing) Close();
        }

        /// <inheritdoc/>
        public override IEnumerator GetEnumerator()
        {
            return new DbEnumerator(this);
        }

        /// <inheritdoc/>
        public override int Depth
        {
            get { return _inner.Depth; }
        }

        /// <inheritdoc/>
        public override int FieldCount
        {
            get { return _inner.FieldCount; }
        }

        /// <inheritdoc/>
        public override bool HasRows
        {
            get { return _inner.HasRows; }
        }

        /// <inheritdoc/>
        public override bool IsClosed
        {
            get { return _inner.IsClosed; }
        }

        /// <inheritdoc/>
        public override int RecordsAffected
        {
            get { return _inner.RecordsAffected; }
        }

        /// <inheritdoc/>
        public override object this[int ordinal]
        {
            get { return _inner[ordinal]; }
        }

        /// <inheritdoc/>
        public override object this[string name]
        {
            get { return _inner[name]; }
        }

        /// <inheritdoc/>
        public override bool GetBoolean(int ordinal)
        {
            return _inner.GetBoolean(ordinal);
        }

        /// <inheritdoc/>
        public override byte GetByte(int ordinal)
        {
            return _inner.GetByte(ordinal);
        }

        /// <inheritdoc/>
        public override char GetChar(int ordinal)
        {
            return _inner.GetChar(ordinal);
        }

        /// <inheritdoc/>
        public override string GetDataTypeName(int ordinal)
        {
            return _inner.GetDataTypeName(ordinal);
        }

        /// <inheritdoc/>
        public override DateTime GetDateTime(int ordinal)
        {
            return _inner.GetDateTime(ordinal);
        }

        /// <inheritdoc/>
        public override decimal GetDecimal(int ordinal)
        {
            return _inner.GetDecimal(ordinal);
        }

        /// <inheritdoc/>
        public override double GetDouble(int ordinal)
        {
            return _inner.GetDouble(ordinal);
        }

        /// <inheritdoc/>
        public override Type GetFieldType(int ordinal)
        {
            return _inner.GetFieldType(ordinal);
        }

        /// <inheritdoc/>
        public override float GetFloat(int ordinal)
        {
            return _inner.GetFloat(ordinal);
        }

        /// <inheritdoc/>
        public override Guid GetGuid(int ordinal)
        {
            return _inner.GetGuid(ordinal);
        }

        /// <inheritdoc/>
        public override short GetInt16(int ordinal)
        {
            return _inner.GetInt16(ordinal);
        }

        /// <inheritdoc/>
        public override int GetInt32(int ordinal)
        {
            return _inner.GetInt32(ordinal);
        }

        /// <inheritdoc/>
        public override long GetInt64(int ordinal)
        {
            return _inner.GetInt64(ordinal);
        }

        /// <inheritdoc/>
        public override string GetName(int ordinal)
        {
            return _inner.GetName(ordinal);
        }

        /// <inheritdoc/>
        public override string GetString(int ordinal)
        {
            return _inner.GetString(ordinal);
        }

        /// <inheritdoc/>
        public override object GetValue(int ordinal)
        {
            return _inner.GetValue(ordinal);
        }

        /// <inheritdoc/>
        public override bool IsDBNull(int ordinal)
        {
            return _inner.IsDBNull(ordinal);
        }

        /// <inheritdoc/>
        public override int GetOrdinal(string name)
        {
            return _inner.GetOrdinal(name);
        }

        /// <inheritdoc/>
        public override int GetValues(object[] values)
        {
            return _inner.GetValues(values);
        }

        /// <inheritdoc/>
        public override long GetBytes(int ordinal, long dataOffset, byte[] buffer, int bufferOffset, int length)
        {
            return _inner.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);
        }

        /// <inheritdoc/>
        public override long GetChars(int ordinal, long dataOffset, char[] buffer, int bufferOffset, int length)
        {
            return _inner.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);
        }

        /// <inheritdoc/>
        public override DataTable GetSchemaTable()
        {
            return _inner.GetSchemaTable();
        }

        /// <inheritdoc/>
        public override bool NextResult()
        {
            return _inner.NextResult();
        }

        /// <inheritdoc/>
        public override bool Read()
        {
            return _inner.Read();
        }

        /// <summary>A time of day.</summary>
        public TimeSpan GetTimeSpan(int ordinal)
        {
            return (TimeSpan)_inner.GetValue(ordinal);
        }

        /// <summary>A date with its offset from UTC.</summary>
        public DateTimeOffset GetDateTimeOffset(int ordinal)
        {
            return (DateTimeOffset)_inner.GetValue(ordinal);
        }
    }

    /// <summary>Types of the three namespaces as those of System.Data.</summary>
    internal static class DbTypes
    {
        private static DbType ByName(string name)
        {
            DbType type;
            if (Names.TryGetValue(name, out type)) return type;
            throw new NotSupportedException("parameters of type " + name + " are not served; leave the type out, or use another");
        }

        /// <summary>The tables "Data type mappings in ADO.NET" at learn.microsoft.com, by name.</summary>
        private static readonly Dictionary<string, DbType> Names = new Dictionary<string, DbType>(StringComparer.Ordinal)
        {
            { "BigInt", DbType.Int64 }, { "UnsignedBigInt", DbType.UInt64 }, { "Int", DbType.Int32 }, { "Integer", DbType.Int32 },
            { "UnsignedInt", DbType.UInt32 }, { "SmallInt", DbType.Int16 }, { "UnsignedSmallInt", DbType.UInt16 }, { "UnsignedTinyInt", DbType.Byte },
            { "Bit", DbType.Boolean }, { "Boolean", DbType.Boolean }, { "Decimal", DbType.Decimal }, { "Numeric", DbType.Decimal }, { "VarNumeric", DbType.Decimal },
            { "Money", DbType.Currency }, { "SmallMoney", DbType.Currency }, { "Currency", DbType.Currency }, { "Float", DbType.Double }, { "Double", DbType.Double },
            { "Real", DbType.Single }, { "Single", DbType.Single }, { "Char", DbType.AnsiStringFixedLength }, { "VarChar", DbType.AnsiString },
            { "Text", DbType.AnsiString }, { "LongVarChar", DbType.AnsiString }, { "NChar", DbType.StringFixedLength }, { "WChar", DbType.StringFixedLength },
            { "NVarChar", DbType.String }, { "VarWChar", DbType.String }, { "LongVarWChar", DbType.String }, { "NText", DbType.String }, { "BSTR", DbType.String },
            { "Xml", DbType.Xml }, { "Binary", DbType.Binary }, { "VarBinary", DbType.Binary }, { "LongVarBinary", DbType.Binary }, { "Image", DbType.Binary },
            { "Timestamp", DbType.Binary }, { "UniqueIdentifier", DbType.Guid }, { "Guid", DbType.Guid }, { "Date", DbType.Date }, { "DBDate", DbType.Date },
            { "DateTime", DbType.DateTime }, { "SmallDateTime", DbType.DateTime }, { "DBTimeStamp", DbType.DateTime }, { "Filetime", DbType.DateTime },
            { "DateTime2", DbType.DateTime2 }, { "DateTimeOffset", DbType.DateTimeOffset }, { "Time", DbType.Time }, { "DBTime", DbType.Time },
            { "Variant", DbType.Object }, { "PropVariant", DbType.Object },
        };

        public static DbType Of(SqlDbType type)
        {
            if (type == SqlDbType.TinyInt) return DbType.Byte;
            return ByName(type.ToString());
        }

        public static DbType Of(OleDbType type)
        {
            // There TinyInt has a sign, and Date is date and time as a number.
            if (type == OleDbType.TinyInt) return DbType.SByte;
            return type == OleDbType.Date ? DbType.DateTime : ByName(type.ToString());
        }

        public static DbType Of(OdbcType type)
        {
            if (type == OdbcType.TinyInt) return DbType.Byte;
            return ByName(type.ToString());
        }
    }

    /// <summary>Connections for scripts over those of the host.</summary>
    public static class ShimConnections
    {
        /// <summary>What a script casts AcquireConnection's answer to.</summary>
        /// <param name="provider">"System.Data.OleDb", "System.Data.SqlClient" or "System.Data.Odbc".</param>
        /// <param name="open">The open connection.</param>
        public static DbConnection Wrap(string provider, DbConnection open)
        {
            switch (provider)
            {
                case "System.Data.OleDb":
                    return new OleDbConnection(open);
                case "System.Data.SqlClient":
                    return new SqlConnection(open);
                case "System.Data.Odbc":
                    return new OdbcConnection(open);
                default:
                    return open;
            }
        }
    }
}
