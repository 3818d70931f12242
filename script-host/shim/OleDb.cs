// System.Data.OleDb as scripts expect it, over the engine's connections. See Database.cs.
//
// Documented at learn.microsoft.com, System.Data.OleDb (.NET Framework 4.8). What is not here is a
// finding before a script runs.

using System;
using System.Collections;
using System.Data;
using System.Data.Common;

namespace Packmule.Script.Data
{
    /// <summary>Stands for System.Data.OleDb.OleDbConnection in scripts.</summary>
    [StandsFor("System.Data.OleDb.OleDbConnection")]
    public sealed class OleDbConnection : ShimConnection, ICloneable
    {
        private const string Provider = "System.Data.OleDb";

        /// <summary>Without a connection string.</summary>
        public OleDbConnection()
            : base(Provider, "", null)
        {
        }

        /// <summary>With a connection string.</summary>
        public OleDbConnection(string connectionString)
            : base(Provider, connectionString, null)
        {
        }

        /// <summary>Over a connection that the host has opened.</summary>
        public OleDbConnection(DbConnection open)
            : base(Provider, open.ConnectionString, open)
        {
        }

        internal override Exception Translate(DbException e)
        {
            return new OleDbException(e);
        }

        /// <summary>A transaction.</summary>
        public new OleDbTransaction BeginTransaction()
        {
            return BeginTransaction(IsolationLevel.Unspecified);
        }

        /// <summary>A transaction of an isolation level.</summary>
        public new OleDbTransaction BeginTransaction(IsolationLevel isolationLevel)
        {
            return (OleDbTransaction)BeginDbTransaction(isolationLevel);
        }

        /// <inheritdoc/>
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
        {
            return new OleDbTransaction(this, Inner.BeginTransaction(isolationLevel));
        }

        /// <summary>A command of this connection.</summary>
        public new OleDbCommand CreateCommand()
        {
            return new OleDbCommand("", this);
        }

        /// <inheritdoc/>
        protected override DbCommand CreateDbCommand()
        {
            return CreateCommand();
        }

        /// <summary>The tables of the database (OleDbSchemaGuid.Tables); other rowsets are refused.</summary>
        public DataTable GetOleDbSchemaTable(Guid schema, object[] restrictions)
        {
            return OleDbSchema.Read(this, schema, restrictions);
        }

        object ICloneable.Clone()
        {
            return new OleDbConnection(ConnectionString);
        }
    }

    /// <summary>Stands for System.Data.OleDb.OleDbTransaction in scripts.</summary>
    [StandsFor("System.Data.OleDb.OleDbTransaction")]
    public sealed class OleDbTransaction : ShimTransaction
    {
        internal OleDbTransaction(OleDbConnection connection, DbTransaction inner)
            : base(connection, inner)
        {
        }

        /// <summary>The connection.</summary>
        public new OleDbConnection Connection
        {
            get { return (OleDbConnection)DbConnection; }
        }
    }

    /// <summary>Stands for System.Data.OleDb.OleDbParameter in scripts.</summary>
    [StandsFor("System.Data.OleDb.OleDbParameter")]
    public sealed class OleDbParameter : ShimParameter
    {
        private System.Data.OleDb.OleDbType _kind;

        /// <summary>Without a name.</summary>
        public OleDbParameter()
            : base("", null)
        {
        }

        /// <summary>With a value.</summary>
        public OleDbParameter(string parameterName, object value)
            : base(parameterName, value)
        {
        }

        /// <summary>With a type.</summary>
        public OleDbParameter(string parameterName, System.Data.OleDb.OleDbType dbType)
            : base(parameterName, null)
        {
            OleDbType = dbType;
        }

        /// <summary>With a type and a size.</summary>
        public OleDbParameter(string parameterName, System.Data.OleDb.OleDbType dbType, int size)
            : this(parameterName, dbType)
        {
            Size = size;
        }

        /// <summary>With a type, a size and a column.</summary>
        public OleDbParameter(string parameterName, System.Data.OleDb.OleDbType dbType, int size, string sourceColumn)
            : this(parameterName, dbType, size)
        {
            SourceColumn = sourceColumn;
        }

        /// <summary>The provider's type.</summary>
        public System.Data.OleDb.OleDbType OleDbType
        {
            get { return _kind; }

            set
            {
                _kind = value;
                DbType = DbTypes.Of(value);
            }
        }
    }

    /// <summary>Stands for System.Data.OleDb.OleDbParameterCollection in scripts.</summary>
    [StandsFor("System.Data.OleDb.OleDbParameterCollection")]
    public sealed class OleDbParameterCollection : ShimParameters
    {
        internal OleDbParameterCollection()
        {
        }

        /// <summary>A parameter by position.</summary>
        public new OleDbParameter this[int index]
        {
            get { return (OleDbParameter)GetParameter(index); }
            set { SetParameter(index, value); }
        }

        /// <summary>A parameter by name.</summary>
        public new OleDbParameter this[string parameterName]
        {
            get { return (OleDbParameter)GetParameter(parameterName); }
            set { SetParameter(parameterName, value); }
        }

        /// <summary>Adds a parameter.</summary>
        public OleDbParameter Add(OleDbParameter value)
        {
            Items.Add(value);
            return value;
        }

        /// <summary>Adds a parameter with a value.</summary>
        public OleDbParameter Add(string parameterName, object value)
        {
            return Add(new OleDbParameter(parameterName, value));
        }

        /// <summary>Adds a parameter of a type.</summary>
        public OleDbParameter Add(string parameterName, System.Data.OleDb.OleDbType dbType)
        {
            return Add(new OleDbParameter(parameterName, dbType));
        }

        /// <summary>Adds a parameter of a type and size.</summary>
        public OleDbParameter Add(string parameterName, System.Data.OleDb.OleDbType dbType, int size)
        {
            return Add(new OleDbParameter(parameterName, dbType, size));
        }

        /// <summary>Adds a parameter of a type and size for a column.</summary>
        public OleDbParameter Add(string parameterName, System.Data.OleDb.OleDbType dbType, int size, string sourceColumn)
        {
            return Add(new OleDbParameter(parameterName, dbType, size, sourceColumn));
        }

        /// <summary>Adds a parameter with a value.</summary>
        public OleDbParameter AddWithValue(string parameterName, object value)
        {
            return Add(new OleDbParameter(parameterName, value));
        }

        /// <summary>Adds parameters.</summary>
        public void AddRange(OleDbParameter[] values)
        {
            Items.AddRange(values);
        }
    }

    /// <summary>Stands for System.Data.OleDb.OleDbCommand in scripts.</summary>
    [StandsFor("System.Data.OleDb.OleDbCommand")]
    public sealed class OleDbCommand : ShimCommand, ICloneable
    {
        private readonly OleDbParameterCollection _parameters = new OleDbParameterCollection();

        /// <summary>Without a text.</summary>
        public OleDbCommand()
            : base("", null, null)
        {
        }

        /// <summary>With a text.</summary>
        public OleDbCommand(string cmdText)
            : base(cmdText, null, null)
        {
        }

        /// <summary>With a text and a connection.</summary>
        public OleDbCommand(string cmdText, OleDbConnection connection)
            : base(cmdText, connection, null)
        {
        }

        /// <summary>With a text, a connection and a transaction.</summary>
        public OleDbCommand(string cmdText, OleDbConnection connection, OleDbTransaction transaction)
            : base(cmdText, connection, transaction)
        {
        }

        internal override ShimParameters All
        {
            get { return _parameters; }
        }

        internal override DbDataReader Wrap(DbDataReader inner, bool closeConnection)
        {
            return new OleDbDataReader(inner, closeConnection ? Connection : null);
        }

        /// <summary>The connection.</summary>
        public new OleDbConnection Connection
        {
            get { return (OleDbConnection)DbConnection; }
            set { DbConnection = value; }
        }

        /// <summary>The transaction.</summary>
        public new OleDbTransaction Transaction
        {
            get { return (OleDbTransaction)DbTransaction; }
            set { DbTransaction = value; }
        }

        /// <summary>The parameters.</summary>
        public new OleDbParameterCollection Parameters
        {
            get { return _parameters; }
        }

        /// <summary>A parameter that is not added yet.</summary>
        public new OleDbParameter CreateParameter()
        {
            return new OleDbParameter();
        }

        /// <inheritdoc/>
        protected override DbParameter CreateDbParameter()
        {
            return CreateParameter();
        }

        /// <summary>Runs the statement and reads its rows.</summary>
        public new OleDbDataReader ExecuteReader()
        {
            return ExecuteReader(CommandBehavior.Default);
        }

        /// <summary>Runs the statement and reads its rows.</summary>
        public new OleDbDataReader ExecuteReader(CommandBehavior behavior)
        {
            return (OleDbDataReader)ExecuteDbDataReader(behavior);
        }

        /// <summary>A copy with copies of the parameters.</summary>
        public OleDbCommand Clone()
        {
            var copy = new OleDbCommand(CommandText, Connection, Transaction) { CommandTimeout = CommandTimeout, CommandType = CommandType };
            foreach (var parameter in _parameters.Items) copy._parameters.Items.Add((ShimParameter)parameter.Clone());
            return copy;
        }

        object ICloneable.Clone()
        {
            return Clone();
        }
    }

    /// <summary>Stands for System.Data.OleDb.OleDbDataReader in scripts.</summary>
    [StandsFor("System.Data.OleDb.OleDbDataReader")]
    public sealed class OleDbDataReader : ShimReader
    {
        internal OleDbDataReader(DbDataReader inner, ShimConnection close)
            : base(inner, close)
        {
        }
    }

    /// <summary>Stands for System.Data.OleDb.OleDbDataAdapter in scripts.</summary>
    [StandsFor("System.Data.OleDb.OleDbDataAdapter")]
    public sealed class OleDbDataAdapter : DbDataAdapter
    {
        /// <summary>Without commands.</summary>
        public OleDbDataAdapter()
        {
        }

        /// <summary>With the command that reads.</summary>
        public OleDbDataAdapter(OleDbCommand selectCommand)
        {
            SelectCommand = selectCommand;
        }

        /// <summary>With the statement that reads.</summary>
        public OleDbDataAdapter(string selectCommandText, OleDbConnection selectConnection)
            : this(new OleDbCommand(selectCommandText, selectConnection))
        {
        }

        /// <summary>With the statement that reads and a connection string.</summary>
        public OleDbDataAdapter(string selectCommandText, string selectConnectionString)
            : this(new OleDbCommand(selectCommandText, new OleDbConnection(selectConnectionString)))
        {
        }

        /// <summary>The command that reads.</summary>
        public new OleDbCommand SelectCommand
        {
            get { return (OleDbCommand)base.SelectCommand; }
            set { base.SelectCommand = value; }
        }

        /// <summary>The command that inserts.</summary>
        public new OleDbCommand InsertCommand
        {
            get { return (OleDbCommand)base.InsertCommand; }
            set { base.InsertCommand = value; }
        }

        /// <summary>The command that updates.</summary>
        public new OleDbCommand UpdateCommand
        {
            get { return (OleDbCommand)base.UpdateCommand; }
            set { base.UpdateCommand = value; }
        }

        /// <summary>The command that deletes.</summary>
        public new OleDbCommand DeleteCommand
        {
            get { return (OleDbCommand)base.DeleteCommand; }
            set { base.DeleteCommand = value; }
        }

        /// <summary>Fills a table from a recordset, which is what Object variables hold; the rows
        /// from its position on, and it stands at its end then. Returns the number of rows.</summary>
        public int Fill(DataTable dataTable, object ADODBRecordSet)
        {
            if (dataTable == null) throw new ArgumentNullException("dataTable");
            if (ADODBRecordSet == null) throw new ArgumentNullException("adodb");
            var reader = ADODBRecordSet as IRowSetReader;
            var rows = reader != null ? reader.Rows : RowSets.From(ADODBRecordSet);
            if (rows == null)
            {
                if (reader != null) return 0;
                throw new ArgumentException("Object is not an ADODB.RecordSet or an ADODB.Record. It is a " + ADODBRecordSet.GetType().FullName + ".", "adodb");
            }
            var from = reader == null ? 0 : Math.Max(0, reader.Position);
            var added = RowSets.Fill(dataTable, rows, from);
            if (reader != null) reader.Position = rows.RowCount;
            return added;
        }

        /// <summary>As above, into a table of a data set.</summary>
        public int Fill(DataSet dataSet, object ADODBRecordSet, string srcTable)
        {
            if (dataSet == null) throw new ArgumentNullException("dataSet");
            var table = dataSet.Tables[srcTable] ?? dataSet.Tables.Add(srcTable);
            return Fill(table, ADODBRecordSet);
        }
    }

    /// <summary>Stands for System.Data.OleDb.OleDbException in scripts.</summary>
    [Serializable]
    [StandsFor("System.Data.OleDb.OleDbException")]
    public sealed class OleDbException : ShimException
    {
        internal OleDbException(DbException inner)
            : base(inner)
        {
        }
    }
}
