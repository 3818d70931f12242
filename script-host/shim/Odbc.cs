// System.Data.Odbc as scripts expect it, over the engine's connections. See Database.cs.
//
// Documented at learn.microsoft.com, System.Data.Odbc (.NET Framework 4.8). What is not here is a
// finding before a script runs.

using System;
using System.Collections;
using System.Data;
using System.Data.Common;

namespace Packmule.Script.Data
{
    /// <summary>Stands for System.Data.Odbc.OdbcConnection in scripts.</summary>
    [StandsFor("System.Data.Odbc.OdbcConnection")]
    public sealed class OdbcConnection : ShimConnection, ICloneable
    {
        private const string Provider = "System.Data.Odbc";

        /// <summary>Without a connection string.</summary>
        public OdbcConnection()
            : base(Provider, "", null)
        {
        }

        /// <summary>With a connection string.</summary>
        public OdbcConnection(string connectionString)
            : base(Provider, connectionString, null)
        {
        }

        /// <summary>Over a connection that the host has opened.</summary>
        public OdbcConnection(DbConnection open)
            : base(Provider, open.ConnectionString, open)
        {
        }

        internal override Exception Translate(DbException e)
        {
            return new OdbcException(e);
        }

        /// <summary>A transaction.</summary>
        public new OdbcTransaction BeginTransaction()
        {
            return BeginTransaction(IsolationLevel.Unspecified);
        }

        /// <summary>A transaction of an isolation level.</summary>
        public new OdbcTransaction BeginTransaction(IsolationLevel isolationLevel)
        {
            return (OdbcTransaction)BeginDbTransaction(isolationLevel);
        }

        /// <inheritdoc/>
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
        {
            return new OdbcTransaction(this, Inner.BeginTransaction(isolationLevel));
        }

        /// <summary>A command of this connection.</summary>
        public new OdbcCommand CreateCommand()
        {
            return new OdbcCommand("", this);
        }

        /// <inheritdoc/>
        protected override DbCommand CreateDbCommand()
        {
            return CreateCommand();
        }

        object ICloneable.Clone()
        {
            return new OdbcConnection(ConnectionString);
        }
    }

    /// <summary>Stands for System.Data.Odbc.OdbcTransaction in scripts.</summary>
    [StandsFor("System.Data.Odbc.OdbcTransaction")]
    public sealed class OdbcTransaction : ShimTransaction
    {
        internal OdbcTransaction(OdbcConnection connection, DbTransaction inner)
            : base(connection, inner)
        {
        }

        /// <summary>The connection.</summary>
        public new OdbcConnection Connection
        {
            get { return (OdbcConnection)DbConnection; }
        }
    }

    /// <summary>Stands for System.Data.Odbc.OdbcParameter in scripts.</summary>
    [StandsFor("System.Data.Odbc.OdbcParameter")]
    public sealed class OdbcParameter : ShimParameter
    {
        private System.Data.Odbc.OdbcType _kind;

        /// <summary>Without a name.</summary>
        public OdbcParameter()
            : base("", null)
        {
        }

        /// <summary>With a value.</summary>
        public OdbcParameter(string parameterName, object value)
            : base(parameterName, value)
        {
        }

        /// <summary>With a type.</summary>
        public OdbcParameter(string parameterName, System.Data.Odbc.OdbcType dbType)
            : base(parameterName, null)
        {
            OdbcType = dbType;
        }

        /// <summary>With a type and a size.</summary>
        public OdbcParameter(string parameterName, System.Data.Odbc.OdbcType dbType, int size)
            : this(parameterName, dbType)
        {
            Size = size;
        }

        /// <summary>With a type, a size and a column.</summary>
        public OdbcParameter(string parameterName, System.Data.Odbc.OdbcType dbType, int size, string sourceColumn)
            : this(parameterName, dbType, size)
        {
            SourceColumn = sourceColumn;
        }

        /// <summary>The provider's type.</summary>
        public System.Data.Odbc.OdbcType OdbcType
        {
            get { return _kind; }

            set
            {
                _kind = value;
                DbType = DbTypes.Of(value);
            }
        }
    }

    /// <summary>Stands for System.Data.Odbc.OdbcParameterCollection in scripts.</summary>
    [StandsFor("System.Data.Odbc.OdbcParameterCollection")]
    public sealed class OdbcParameterCollection : ShimParameters
    {
        internal OdbcParameterCollection()
        {
        }

        /// <summary>A parameter by position.</summary>
        public new OdbcParameter this[int index]
        {
            get { return (OdbcParameter)GetParameter(index); }
            set { SetParameter(index, value); }
        }

        /// <summary>A parameter by name.</summary>
        public new OdbcParameter this[string parameterName]
        {
            get { return (OdbcParameter)GetParameter(parameterName); }
            set { SetParameter(parameterName, value); }
        }

        /// <summary>Adds a parameter.</summary>
        public OdbcParameter Add(OdbcParameter value)
        {
            Items.Add(value);
            return value;
        }

        /// <summary>Adds a parameter with a value.</summary>
        public OdbcParameter Add(string parameterName, object value)
        {
            return Add(new OdbcParameter(parameterName, value));
        }

        /// <summary>Adds a parameter of a type.</summary>
        public OdbcParameter Add(string parameterName, System.Data.Odbc.OdbcType dbType)
        {
            return Add(new OdbcParameter(parameterName, dbType));
        }

        /// <summary>Adds a parameter of a type and size.</summary>
        public OdbcParameter Add(string parameterName, System.Data.Odbc.OdbcType dbType, int size)
        {
            return Add(new OdbcParameter(parameterName, dbType, size));
        }

        /// <summary>Adds a parameter of a type and size for a column.</summary>
        public OdbcParameter Add(string parameterName, System.Data.Odbc.OdbcType dbType, int size, string sourceColumn)
        {
            return Add(new OdbcParameter(parameterName, dbType, size, sourceColumn));
        }

        /// <summary>Adds a parameter with a value.</summary>
        public OdbcParameter AddWithValue(string parameterName, object value)
        {
            return Add(new OdbcParameter(parameterName, value));
        }

        /// <summary>Adds parameters.</summary>
        public void AddRange(OdbcParameter[] values)
        {
            Items.AddRange(values);
        }
    }

    /// <summary>Stands for System.Data.Odbc.OdbcCommand in scripts.</summary>
    [StandsFor("System.Data.Odbc.OdbcCommand")]
    public sealed class OdbcCommand : ShimCommand, ICloneable
    {
        private readonly OdbcParameterCollection _parameters = new OdbcParameterCollection();

        /// <summary>Without a text.</summary>
        public OdbcCommand()
            : base("", null, null)
        {
        }

        /// <summary>With a text.</summary>
        public OdbcCommand(string cmdText)
            : base(cmdText, null, null)
        {
        }

        /// <summary>With a text and a connection.</summary>
        public OdbcCommand(string cmdText, OdbcConnection connection)
            : base(cmdText, connection, null)
        {
        }

        /// <summary>With a text, a connection and a transaction.</summary>
        public OdbcCommand(string cmdText, OdbcConnection connection, OdbcTransaction transaction)
            : base(cmdText, connection, transaction)
        {
        }

        internal override ShimParameters All
        {
            get { return _parameters; }
        }

        internal override DbDataReader Wrap(DbDataReader inner, bool closeConnection)
        {
            return new OdbcDataReader(inner, closeConnection ? Connection : null);
        }

        /// <summary>The connection.</summary>
        public new OdbcConnection Connection
        {
            get { return (OdbcConnection)DbConnection; }
            set { DbConnection = value; }
        }

        /// <summary>The transaction.</summary>
        public new OdbcTransaction Transaction
        {
            get { return (OdbcTransaction)DbTransaction; }
            set { DbTransaction = value; }
        }

        /// <summary>The parameters.</summary>
        public new OdbcParameterCollection Parameters
        {
            get { return _parameters; }
        }

        /// <summary>A parameter that is not added yet.</summary>
        public new OdbcParameter CreateParameter()
        {
            return new OdbcParameter();
        }

        /// <inheritdoc/>
        protected override DbParameter CreateDbParameter()
        {
            return CreateParameter();
        }

        /// <summary>Runs the statement and reads its rows.</summary>
        public new OdbcDataReader ExecuteReader()
        {
            return ExecuteReader(CommandBehavior.Default);
        }

        /// <summary>Runs the statement and reads its rows.</summary>
        public new OdbcDataReader ExecuteReader(CommandBehavior behavior)
        {
            return (OdbcDataReader)ExecuteDbDataReader(behavior);
        }

        /// <summary>A copy with copies of the parameters.</summary>
        public OdbcCommand Clone()
        {
            var copy = new OdbcCommand(CommandText, Connection, Transaction) { CommandTimeout = CommandTimeout, CommandType = CommandType };
            foreach (var parameter in _parameters.Items) copy._parameters.Items.Add((ShimParameter)parameter.Clone());
            return copy;
        }

        object ICloneable.Clone()
        {
            return Clone();
        }
    }

    /// <summary>Stands for System.Data.Odbc.OdbcDataReader in scripts.</summary>
    [StandsFor("System.Data.Odbc.OdbcDataReader")]
    public sealed class OdbcDataReader : ShimReader
    {
        internal OdbcDataReader(DbDataReader inner, ShimConnection close)
            : base(inner, close)
        {
        }
    }

    /// <summary>Stands for System.Data.Odbc.OdbcDataAdapter in scripts.</summary>
    [StandsFor("System.Data.Odbc.OdbcDataAdapter")]
    public sealed class OdbcDataAdapter : DbDataAdapter
    {
        /// <summary>Without commands.</summary>
        public OdbcDataAdapter()
        {
        }

        /// <summary>With the command that reads.</summary>
        public OdbcDataAdapter(OdbcCommand selectCommand)
        {
            SelectCommand = selectCommand;
        }

        /// <summary>With the statement that reads.</summary>
        public OdbcDataAdapter(string selectCommandText, OdbcConnection selectConnection)
            : this(new OdbcCommand(selectCommandText, selectConnection))
        {
        }

        /// <summary>With the statement that reads and a connection string.</summary>
        public OdbcDataAdapter(string selectCommandText, string selectConnectionString)
            : this(new OdbcCommand(selectCommandText, new OdbcConnection(selectConnectionString)))
        {
        }

        /// <summary>The command that reads.</summary>
        public new OdbcCommand SelectCommand
        {
            get { return (OdbcCommand)base.SelectCommand; }
            set { base.SelectCommand = value; }
        }

        /// <summary>The command that inserts.</summary>
        public new OdbcCommand InsertCommand
        {
            get { return (OdbcCommand)base.InsertCommand; }
            set { base.InsertCommand = value; }
        }

        /// <summary>The command that updates.</summary>
        public new OdbcCommand UpdateCommand
        {
            get { return (OdbcCommand)base.UpdateCommand; }
            set { base.UpdateCommand = value; }
        }

        /// <summary>The command that deletes.</summary>
        public new OdbcCommand DeleteCommand
        {
            get { return (OdbcCommand)base.DeleteCommand; }
            set { base.DeleteCommand = value; }
        }
    }

    /// <summary>Stands for System.Data.Odbc.OdbcException in scripts.</summary>
    [Serializable]
    [StandsFor("System.Data.Odbc.OdbcException")]
    public sealed class OdbcException : ShimException
    {
        internal OdbcException(DbException inner)
            : base(inner)
        {
        }
    }
}
