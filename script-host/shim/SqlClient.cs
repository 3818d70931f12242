// System.Data.SqlClient as scripts expect it, over the engine's connections. See Database.cs.
//
// Documented at learn.microsoft.com, System.Data.SqlClient (.NET Framework 4.8). What is not here is a
// finding before a script runs.

using System;
using System.Collections;
using System.Data;
using System.Data.Common;

namespace Packmule.Script.Data
{
    /// <summary>Stands for System.Data.SqlClient.SqlConnection in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlConnection")]
    public sealed class SqlConnection : ShimConnection, ICloneable
    {
        private const string Provider = "System.Data.SqlClient";

        /// <summary>Without a connection string.</summary>
        public SqlConnection()
            : base(Provider, "", null)
        {
        }

        /// <summary>With a connection string.</summary>
        public SqlConnection(string connectionString)
            : base(Provider, connectionString, null)
        {
        }

        /// <summary>Over a connection that the host has opened.</summary>
        public SqlConnection(DbConnection open)
            : base(Provider, open.ConnectionString, open)
        {
        }

        internal override Exception Translate(DbException e)
        {
            return new SqlException(e);
        }

        /// <summary>A transaction.</summary>
        public new SqlTransaction BeginTransaction()
        {
            return BeginTransaction(IsolationLevel.Unspecified);
        }

        /// <summary>A transaction of an isolation level.</summary>
        public new SqlTransaction BeginTransaction(IsolationLevel isolationLevel)
        {
            return (SqlTransaction)BeginDbTransaction(isolationLevel);
        }

        /// <inheritdoc/>
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
        {
            return new SqlTransaction(this, Inner.BeginTransaction(isolationLevel));
        }

        /// <summary>A command of this connection.</summary>
        public new SqlCommand CreateCommand()
        {
            return new SqlCommand("", this);
        }

        /// <inheritdoc/>
        protected override DbCommand CreateDbCommand()
        {
            return CreateCommand();
        }

        object ICloneable.Clone()
        {
            return new SqlConnection(ConnectionString);
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlTransaction in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlTransaction")]
    public sealed class SqlTransaction : ShimTransaction
    {
        internal SqlTransaction(SqlConnection connection, DbTransaction inner)
            : base(connection, inner)
        {
        }

        /// <summary>The connection.</summary>
        public new SqlConnection Connection
        {
            get { return (SqlConnection)DbConnection; }
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlParameter in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlParameter")]
    public sealed class SqlParameter : ShimParameter
    {
        private SqlDbType _kind;

        /// <summary>Without a name.</summary>
        public SqlParameter()
            : base("", null)
        {
        }

        /// <summary>With a value.</summary>
        public SqlParameter(string parameterName, object value)
            : base(parameterName, value)
        {
        }

        /// <summary>With a type.</summary>
        public SqlParameter(string parameterName, SqlDbType dbType)
            : base(parameterName, null)
        {
            SqlDbType = dbType;
        }

        /// <summary>With a type and a size.</summary>
        public SqlParameter(string parameterName, SqlDbType dbType, int size)
            : this(parameterName, dbType)
        {
            Size = size;
        }

        /// <summary>With a type, a size and a column.</summary>
        public SqlParameter(string parameterName, SqlDbType dbType, int size, string sourceColumn)
            : this(parameterName, dbType, size)
        {
            SourceColumn = sourceColumn;
        }

        /// <summary>The provider's type.</summary>
        public SqlDbType SqlDbType
        {
            get { return _kind; }

            set
            {
                _kind = value;
                DbType = DbTypes.Of(value);
            }
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlParameterCollection in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlParameterCollection")]
    public sealed class SqlParameterCollection : ShimParameters
    {
        internal SqlParameterCollection()
        {
        }

        /// <summary>A parameter by position.</summary>
        public new SqlParameter this[int index]
        {
            get { return (SqlParameter)GetParameter(index); }
            set { SetParameter(index, value); }
        }

        /// <summary>A parameter by name.</summary>
        public new SqlParameter this[string parameterName]
        {
            get { return (SqlParameter)GetParameter(parameterName); }
            set { SetParameter(parameterName, value); }
        }

        /// <summary>Adds a parameter.</summary>
        public SqlParameter Add(SqlParameter value)
        {
            Items.Add(value);
            return value;
        }

        /// <summary>Adds a parameter with a value.</summary>
        public SqlParameter Add(string parameterName, object value)
        {
            return Add(new SqlParameter(parameterName, value));
        }

        /// <summary>Adds a parameter of a type.</summary>
        public SqlParameter Add(string parameterName, SqlDbType dbType)
        {
            return Add(new SqlParameter(parameterName, dbType));
        }

        /// <summary>Adds a parameter of a type and size.</summary>
        public SqlParameter Add(string parameterName, SqlDbType dbType, int size)
        {
            return Add(new SqlParameter(parameterName, dbType, size));
        }

        /// <summary>Adds a parameter of a type and size for a column.</summary>
        public SqlParameter Add(string parameterName, SqlDbType dbType, int size, string sourceColumn)
        {
            return Add(new SqlParameter(parameterName, dbType, size, sourceColumn));
        }

        /// <summary>Adds a parameter with a value.</summary>
        public SqlParameter AddWithValue(string parameterName, object value)
        {
            return Add(new SqlParameter(parameterName, value));
        }

        /// <summary>Adds parameters.</summary>
        public void AddRange(SqlParameter[] values)
        {
            Items.AddRange(values);
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlCommand in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlCommand")]
    public sealed class SqlCommand : ShimCommand, ICloneable
    {
        private readonly SqlParameterCollection _parameters = new SqlParameterCollection();

        /// <summary>Without a text.</summary>
        public SqlCommand()
            : base("", null, null)
        {
        }

        /// <summary>With a text.</summary>
        public SqlCommand(string cmdText)
            : base(cmdText, null, null)
        {
        }

        /// <summary>With a text and a connection.</summary>
        public SqlCommand(string cmdText, SqlConnection connection)
            : base(cmdText, connection, null)
        {
        }

        /// <summary>With a text, a connection and a transaction.</summary>
        public SqlCommand(string cmdText, SqlConnection connection, SqlTransaction transaction)
            : base(cmdText, connection, transaction)
        {
        }

        internal override ShimParameters All
        {
            get { return _parameters; }
        }

        internal override DbDataReader Wrap(DbDataReader inner, bool closeConnection)
        {
            return new SqlDataReader(inner, closeConnection ? Connection : null);
        }

        /// <summary>The connection.</summary>
        public new SqlConnection Connection
        {
            get { return (SqlConnection)DbConnection; }
            set { DbConnection = value; }
        }

        /// <summary>The transaction.</summary>
        public new SqlTransaction Transaction
        {
            get { return (SqlTransaction)DbTransaction; }
            set { DbTransaction = value; }
        }

        /// <summary>The parameters.</summary>
        public new SqlParameterCollection Parameters
        {
            get { return _parameters; }
        }

        /// <summary>A parameter that is not added yet.</summary>
        public new SqlParameter CreateParameter()
        {
            return new SqlParameter();
        }

        /// <inheritdoc/>
        protected override DbParameter CreateDbParameter()
        {
            return CreateParameter();
        }

        /// <summary>Runs the statement and reads its rows.</summary>
        public new SqlDataReader ExecuteReader()
        {
            return ExecuteReader(CommandBehavior.Default);
        }

        /// <summary>Runs the statement and reads its rows.</summary>
        public new SqlDataReader ExecuteReader(CommandBehavior behavior)
        {
            return (SqlDataReader)ExecuteDbDataReader(behavior);
        }

        /// <summary>A copy with copies of the parameters.</summary>
        public SqlCommand Clone()
        {
            var copy = new SqlCommand(CommandText, Connection, Transaction) { CommandTimeout = CommandTimeout, CommandType = CommandType };
            foreach (var parameter in _parameters.Items) copy._parameters.Items.Add((ShimParameter)parameter.Clone());
            return copy;
        }

        object ICloneable.Clone()
        {
            return Clone();
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlDataReader in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlDataReader")]
    public sealed class SqlDataReader : ShimReader
    {
        internal SqlDataReader(DbDataReader inner, ShimConnection close)
            : base(inner, close)
        {
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlDataAdapter in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlDataAdapter")]
    public sealed class SqlDataAdapter : DbDataAdapter
    {
        /// <summary>Without commands.</summary>
        public SqlDataAdapter()
        {
        }

        /// <summary>With the command that reads.</summary>
        public SqlDataAdapter(SqlCommand selectCommand)
        {
            SelectCommand = selectCommand;
        }

        /// <summary>With the statement that reads.</summary>
        public SqlDataAdapter(string selectCommandText, SqlConnection selectConnection)
            : this(new SqlCommand(selectCommandText, selectConnection))
        {
        }

        /// <summary>With the statement that reads and a connection string.</summary>
        public SqlDataAdapter(string selectCommandText, string selectConnectionString)
            : this(new SqlCommand(selectCommandText, new SqlConnection(selectConnectionString)))
        {
        }

        /// <summary>The command that reads.</summary>
        public new SqlCommand SelectCommand
        {
            get { return (SqlCommand)base.SelectCommand; }
            set { base.SelectCommand = value; }
        }

        /// <summary>The command that inserts.</summary>
        public new SqlCommand InsertCommand
        {
            get { return (SqlCommand)base.InsertCommand; }
            set { base.InsertCommand = value; }
        }

        /// <summary>The command that updates.</summary>
        public new SqlCommand UpdateCommand
        {
            get { return (SqlCommand)base.UpdateCommand; }
            set { base.UpdateCommand = value; }
        }

        /// <summary>The command that deletes.</summary>
        public new SqlCommand DeleteCommand
        {
            get { return (SqlCommand)base.DeleteCommand; }
            set { base.DeleteCommand = value; }
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlException in scripts.</summary>
    [Serializable]
    [StandsFor("System.Data.SqlClient.SqlException")]
    public sealed class SqlException : ShimException
    {
        internal SqlException(DbException inner)
            : base(inner)
        {
        }
    }
}
