// What the shims of System.Data.OleDb, SqlClient and Odbc share.
//
// Mono has no OLE DB (every call throws, and the finaliser of its OleDbConnection ends the process),
// and connections to SQL Server have to go where the engine's connections go. So these classes stand
// over an ADO.NET connection that the host opens; see IScriptHost.OpenDatabase. Documented at
// learn.microsoft.com, System.Data.Common and the three namespaces (.NET Framework 4.8).

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;

namespace Packmule.Script.Data
{
    /// <summary>A connection of a script over one of the engine.</summary>
    public abstract class ShimConnection : DbConnection
    {
        private readonly string _provider;
        private string _connectionString;
        private DbConnection _inner;

        internal ShimConnection(string provider, string connectionString, DbConnection inner)
        {
            _provider = provider;
            _connectionString = connectionString ?? "";
            _inner = inner;
        }

        internal abstract Exception Translate(DbException e);

        internal DbConnection Inner
        {
            get
            {
                if (_inner == null) throw new InvalidOperationException("The connection's current state is closed; the operation requires an open connection.");
                return _inner;
            }
        }

        /// <summary>The connection string; the host reads it when the connection is opened.</summary>
        public override string ConnectionString
        {
            get { return _connectionString; }

            set
            {
                if (State != ConnectionState.Closed) throw new InvalidOperationException("Not allowed to change the 'ConnectionString' property while the connection is open.");
                _connectionString = value ?? "";
            }
        }

        /// <summary>Seconds to wait for a connection, from the connection string; 15 by default.</summary>
        public override int ConnectionTimeout
        {
            get
            {
                int seconds;
                return int.TryParse(Keyword("Connect Timeout", "Connection Timeout", "Timeout"), out seconds) ? seconds : 15;
            }
        }

        private string Keyword(params string[] names)
        {
            var builder = new DbConnectionStringBuilder();
            try
            {
                builder.ConnectionString = _connectionString;
            }
            catch (ArgumentException)
            {
                return "";
            }
            foreach (var name in names)
            {
                object value;
                if (builder.TryGetValue(name, out value)) return Convert.ToString(value);
            }
            return "";
        }

        /// <summary>The database; before opening, that of the connection string.</summary>
        public override string Database
        {
            get { return _inner == null ? Keyword("Initial Catalog", "Database") : _inner.Database; }
        }

        /// <summary>The server; before opening, that of the connection string.</summary>
        public override string DataSource
        {
            get { return _inner == null ? Keyword("Data Source", "Server", "Address") : _inner.DataSource; }
        }

        /// <summary>The server's version.</summary>
        public override string ServerVersion
        {
            get { return Inner.ServerVersion; }
        }

        /// <summary>Open or Closed.</summary>
        public override ConnectionState State
        {
            get { return _inner == null ? ConnectionState.Closed : _inner.State; }
        }

        /// <summary>Opens the connection by the host.</summary>
        public override void Open()
        {
            if (_inner != null && _inner.State == ConnectionState.Open) throw new InvalidOperationException("The connection was not closed. The connection's current state is open.");
            try
            {
                _inner = ScriptContext.Current.Host.OpenDatabase(_provider, _connectionString);
            }
            catch (DbException e)
            {
                throw Translate(e);
            }
            OnStateChange(new StateChangeEventArgs(ConnectionState.Closed, ConnectionState.Open));
        }

        /// <summary>Closes the connection.</summary>
        public override void Close()
        {
            if (_inner == null) return;
            _inner.Close();
            _inner = null;
            OnStateChange(new StateChangeEventArgs(ConnectionState.Open, ConnectionState.Closed));
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing) Close();
            base.Dispose(disposing);
        }

        /// <summary>Goes to another database of the server.</summary>
        public override void ChangeDatabase(string databaseName)
        {
            Inner.ChangeDatabase(databaseName);
        }

        /// <summary>What the engine's connection tells of itself.</summary>
        public override DataTable GetSchema()
        {
            return Inner.GetSchema();
        }

        /// <summary>What the engine's connection tells of itself.</summary>
        public override DataTable GetSchema(string collectionName)
        {
            return Inner.GetSchema(collectionName);
        }

        /// <summary>What the engine's connection tells of itself.</summary>
        public override DataTable GetSchema(string collectionName, string[] restrictionValues)
        {
            return Inner.GetSchema(collectionName, restrictionValues);
        }
    }

    /// <summary>A transaction of a script.</summary>
    public abstract class ShimTransaction : DbTransaction
    {
        private readonly ShimConnection _connection;
        private bool _ended;

        internal ShimTransaction(ShimConnection connection, DbTransaction inner)
        {
            _connection = connection;
            Inner = inner;
        }

        internal DbTransaction Inner { get; private set; }

        /// <summary>The connection; null when the transaction has ended.</summary>
        protected override DbConnection DbConnection
        {
            get { return _ended ? null : _connection; }
        }

        /// <summary>How far it sees what others do.</summary>
        public override IsolationLevel IsolationLevel
        {
            get { return Inner.IsolationLevel; }
        }

        /// <summary>Keeps the changes.</summary>
        public override void Commit()
        {
            Inner.Commit();
            _ended = true;
        }

        /// <summary>Undoes the changes.</summary>
        public override void Rollback()
        {
            Inner.Rollback();
            _ended = true;
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing) Inner.Dispose();
            _ended = true;
            base.Dispose(disposing);
        }
    }

    /// <summary>A parameter of a script's command.</summary>
    public abstract class ShimParameter : DbParameter, ICloneable
    {
        private bool _typed;
        private DbType _type = DbType.String;

        internal ShimParameter(string name, object value)
        {
            ParameterName = name ?? "";
            Value = value;
            Direction = ParameterDirection.Input;
            SourceColumn = "";
            SourceVersion = DataRowVersion.Current;
        }

        /// <summary>The type; when not set, that of the value.</summary>
        public override DbType DbType
        {
            get { return _type; }

            set
            {
                _type = value;
                _typed = true;
            }
        }

        /// <summary>In, out or both.</summary>
        public override ParameterDirection Direction { get; set; }

        /// <summary>Whether NULL may be given.</summary>
        public override bool IsNullable { get; set; }

        /// <summary>Its name.</summary>
        public override string ParameterName { get; set; }

        /// <summary>Longest value.</summary>
        public override int Size { get; set; }

        /// <summary>Digits in all.</summary>
        public override byte Precision { get; set; }

        /// <summary>Digits after the point.</summary>
        public override byte Scale { get; set; }

        /// <summary>The column that a data adapter takes the value from.</summary>
        public override string SourceColumn { get; set; }

        /// <summary>Whether the column may hold NULL.</summary>
        public override bool SourceColumnNullMapping { get; set; }

        /// <summary>Which version of the row a data adapter takes.</summary>
        public override DataRowVersion SourceVersion { get; set; }

        /// <summary>The value.</summary>
        public override object Value { get; set; }

        /// <summary>Takes the type from the value again.</summary>
        public override void ResetDbType()
        {
            _typed = false;
            _type = DbType.String;
        }

        internal void CopyTo(DbParameter inner)
        {
            inner.ParameterName = ParameterName;
            inner.Direction = Direction;
            if (_typed) inner.DbType = _type;
            if (Size > 0) inner.Size = Size;
            if (Precision > 0) ((IDbDataParameter)inner).Precision = Precision;
            if (Scale > 0) ((IDbDataParameter)inner).Scale = Scale;
            inner.Value = Value ?? DBNull.Value;
        }

        /// <summary>A copy, which belongs to no command.</summary>
        public object Clone()
        {
            return MemberwiseClone();
        }

        /// <inheritdoc/>
        public override string ToString()
        {
            return ParameterName;
        }
    }

    /// <summary>The parameters of a script's command.</summary>
    public abstract class ShimParameters : DbParameterCollection
    {
        internal readonly List<ShimParameter> Items = new List<ShimParameter>();

        internal ShimParameters()
        {
        }

        private static ShimParameter Own(object value)
        {
            var parameter = value as ShimParameter;
            if (parameter == null) throw new InvalidCastException("the parameter is of another provider");
            return parameter;
        }

        private int Find(string name)
        {
            var at = IndexOf(name);
            if (at < 0) throw new IndexOutOfRangeException("A parameter with ParameterName '" + name + "' is not contained by this collection.");
            return at;
        }

        /// <inheritdoc/>
        public override int Count
        {
            get { return Items.Count; }
        }

        /// <inheritdoc/>
        public override bool IsFixedSize
        {
            get { return false; }
        }

        /// <inheritdoc/>
        public override bool IsReadOnly
        {
            get { return false; }
        }

        /// <inheritdoc/>
        public override bool IsSynchronized
        {
            get { return false; }
        }

        /// <inheritdoc/>
        public override object SyncRoot
        {
            get { return Items; }
        }

        /// <inheritdoc/>
        public override int Add(object value)
        {
            Items.Add(Own(value));
            return Items.Count - 1;
        }

        /// <inheritdoc/>
        public override void AddRange(Array values)
        {
            foreach (var value in values) Add(value);
        }

        /// <inheritdoc/>
        public override void Clear()
        {
            Items.Clear();
        }

        /// <inheritdoc/>
        public override bool Contains(object value)
        {
            return IndexOf(value) >= 0;
        }

        /// <inheritdoc/>
        public override bool Contains(string value)
        {
            return IndexOf(value) >= 0;
        }

        /// <inheritdoc/>
        public override void CopyTo(Array array, int index)
        {
            ((ICollection)Items).CopyTo(array, index);
        }

        /// <inheritdoc/>
        public override IEnumerator GetEnumerator()
        {
            return Items.GetEnumerator();
        }

        /// <inheritdoc/>
        public override int IndexOf(object value)
        {
            return Items.IndexOf(value as ShimParameter);
        }

        /// <summary>Position of a parameter by name, without case; -1 = none.</summary>
        public override int IndexOf(string parameterName)
        {
            return Items.FindIndex(p => string.Equals(p.ParameterName, parameterName, StringComparison.OrdinalIgnoreCase));
        }

        /// <inheritdoc/>
        public override void Insert(int index, object value)
        {
            Items.Insert(index, Own(value));
        }

        /// <inheritdoc/>
        public override void Remove(object value)
        {
            Items.Remove(Own(value));
        }

        /// <inheritdoc/>
        public override void RemoveAt(int index)
        {
            Items.RemoveAt(index);
        }

        /// <inheritdoc/>
        public override void RemoveAt(string parameterName)
        {
            Items.RemoveAt(Find(parameterName));
        }

        /// <inheritdoc/>
        protected override DbParameter GetParameter(int index)
        {
            return Items[index];
        }

        /// <inheritdoc/>
        protected override DbParameter GetParameter(string parameterName)
        {
            return Items[Find(parameterName)];
        }

        /// <inheritdoc/>
        protected override void SetParameter(int index, DbParameter value)
        {
            Items[index] = Own(value);
        }

        /// <inheritdoc/>
        protected override void SetParameter(string parameterName, DbParameter value)
        {
            Items[Find(parameterName)] = Own(value);
        }
    }

    /// <summary>A command of a script.</summary>
    public abstract class ShimCommand : DbCommand
    {
        private ShimConnection _connection;
        private ShimTransaction _transaction;
        private DbCommand _running;

        internal ShimCommand(string text, ShimConnection connection, ShimTransaction transaction)
        {
            CommandText = text ?? "";
            CommandType = CommandType.Text;
            CommandTimeout = 30;
            UpdatedRowSource = UpdateRowSource.Both;
            _connection = connection;
            _transaction = transaction;
        }

        internal abstract ShimParameters All { get; }

        internal abstract DbDataReader Wrap(DbDataReader inner, bool closeConnection);

        /// <summary>The statement, procedure or table.</summary>
        public override string CommandText { get; set; }

        /// <summary>Seconds until a statement is given up; 0 = never. 30 by default.</summary>
        public override int CommandTimeout { get; set; }

        /// <summary>What the text is.</summary>
        public override CommandType CommandType { get; set; }

        /// <summary>Only remembered: there is no designer.</summary>
        public override bool DesignTimeVisible { get; set; }

        /// <summary>What a data adapter takes back from the statement.</summary>
        public override UpdateRowSource UpdatedRowSource { get; set; }

        /// <inheritdoc/>
        protected override DbConnection DbConnection
        {
            get { return _connection; }
            set { _connection = (ShimConnection)value; }
        }

        /// <inheritdoc/>
        protected override DbParameterCollection DbParameterCollection
        {
            get { return All; }
        }

        /// <inheritdoc/>
        protected override DbTransaction DbTransaction
        {
            get { return _transaction; }
            set { _transaction = (ShimTransaction)value; }
        }

        private DbCommand Make()
        {
            if (_connection == null) throw new InvalidOperationException("Connection property has not been initialized.");
            var inner = _connection.Inner.CreateCommand();
            inner.CommandText = CommandText;
            inner.CommandType = CommandType;
            inner.CommandTimeout = CommandTimeout;
            if (_transaction != null) inner.Transaction = _transaction.Inner;
            foreach (var parameter in All.Items)
            {
                var own = inner.CreateParameter();
                parameter.CopyTo(own);
                inner.Parameters.Add(own);
            }
            return inner;
        }

        private void TakeBack(DbCommand inner)
        {
            for (var i = 0; i < All.Items.Count; i++)
            {
                if (All.Items[i].Direction != ParameterDirection.Input) All.Items[i].Value = inner.Parameters[i].Value;
            }
        }

        private T Run<T>(Func<DbCommand, T> run)
        {
            try
            {
                using (_running = Make())
                {
                    var result = run(_running);
                    TakeBack(_running);
                    return result;
                }
            }
            catch (DbException e)
            {
                throw _connection.Translate(e);
            }
            finally
            {
                _running = null;
            }
        }

        /// <summary>Stops the statement that runs.</summary>
        public override void Cancel()
        {
            var running = _running;
            if (running != null) running.Cancel();
        }

        /// <summary>Runs the statement; the number of rows it changed.</summary>
        public override int ExecuteNonQuery()
        {
            return Run(c => c.ExecuteNonQuery());
        }

        /// <summary>Runs the statement; the first value of the first row, null without one.</summary>
        public override object ExecuteScalar()
        {
            return Run(c => c.ExecuteScalar());
        }

        /// <summary>Statements are prepared when they run.</summary>
        public override void Prepare()
        {
        }

        /// <inheritdoc/>
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            try
            {
                var inner = Make();
                var reader = inner.ExecuteReader(behavior & ~CommandBehavior.CloseConnection);
                TakeBack(inner);
                return Wrap(reader, (behavior & CommandBehavior.CloseConnection) != 0);
            }
            catch (DbException e)
            {
                throw _connection.Translate(e);
            }
        }
    }

    /// <summary>An error of a database, as a script sees it.</summary>
    [Serializable]
    public abstract class ShimException : DbException
    {
        internal ShimException(DbException inner)
            : base(inner.Message, inner)
        {
        }

        /// <summary>The error's number, as far as the database has one.</summary>
        public int Number
        {
            get { return ((DbException)InnerException).ErrorCode; }
        }
    }
}
