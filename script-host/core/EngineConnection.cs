// A database connection of a script that is in truth the engine's: statements go over the link and
// rows come back in batches, so that every database the engine speaks is one that scripts can use.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;

namespace Packmule.ScriptHost
{
    /// <summary>What the database said, as an ADO.NET exception.</summary>
    public sealed class EngineDbException : DbException
    {
        /// <summary>With the database's text.</summary>
        public EngineDbException(string message, int code) : base(message, code)
        {
        }
    }

    /// <summary>An ADO.NET connection over the engine's.</summary>
    public sealed class EngineConnection : DbConnection
    {
        private readonly ScriptRun _run;
        private string _string = "";
        private string _provider;
        private string _engine;
        private int _database;

        /// <summary>One that <see cref="Open"/> opens by its string.</summary>
        public EngineConnection(ScriptRun run, string provider)
        {
            _run = run;
            _provider = provider;
        }

        /// <summary>One that is open.</summary>
        public EngineConnection(ScriptRun run, int database, string provider, string connectionString)
        {
            _run = run;
            _database = database;
            _provider = provider;
            _string = connectionString ?? "";
        }

        /// <inheritdoc/>
        public override string ConnectionString
        {
            get { return _string; }
            set
            {
                if (_database != 0) throw new InvalidOperationException("The connection string cannot be changed while the connection is open.");
                _string = value ?? "";
            }
        }

        /// <inheritdoc/>
        public override string Database
        {
            get { return Part("Initial Catalog", "Database"); }
        }

        /// <inheritdoc/>
        public override string DataSource
        {
            get { return Part("Data Source", "Server"); }
        }

        private string Part(params string[] names)
        {
            try
            {
                var parts = new DbConnectionStringBuilder { ConnectionString = _string };
                foreach (var name in names)
                {
                    object value;
                    if (parts.TryGetValue(name, out value)) return Convert.ToString(value);
                }
            }
            catch (ArgumentException)
            {
                // A string that the engine understands and ADO.NET does not.
            }
            return "";
        }

        /// <inheritdoc/>
        public override string ServerVersion
        {
            get { return _engine ?? _provider; }
        }

        /// <inheritdoc/>
        public override ConnectionState State
        {
            get { return _database == 0 ? ConnectionState.Closed : ConnectionState.Open; }
        }

        /// <inheritdoc/>
        public override void Open()
        {
            if (_database != 0) throw new InvalidOperationException("The connection is already open.");
            var answer = Ask(new JsonObject("db_open").Add("provider", _provider).Add("connection_string", _string));
            _database = answer.Int("database");
            _engine = answer.Text("provider");
            OnStateChange(new StateChangeEventArgs(ConnectionState.Closed, ConnectionState.Open));
        }

        /// <inheritdoc/>
        public override void Close()
        {
            if (_database == 0) return;
            var database = _database;
            _database = 0;
            _run.Send(new JsonObject("db_close").Add("database", database));
            OnStateChange(new StateChangeEventArgs(ConnectionState.Open, ConnectionState.Closed));
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing) Close();
            base.Dispose(disposing);
        }

        /// <inheritdoc/>
        public override void ChangeDatabase(string databaseName)
        {
            throw new NotSupportedException("The database of a connection cannot be changed from a script; open another connection.");
        }

        /// <inheritdoc/>
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
        {
            Transaction("begin");
            return new EngineTransaction(this, isolationLevel);
        }

        /// <inheritdoc/>
        protected override DbCommand CreateDbCommand()
        {
            return new EngineCommand { Connection = this };
        }

        internal void Transaction(string action)
        {
            Ask(new JsonObject("db_transaction").Add("database", Handle).Add("action", action));
        }

        internal int Handle
        {
            get
            {
                if (_database == 0) throw new InvalidOperationException("The connection is closed.");
                return _database;
            }
        }

        internal ScriptRun Run
        {
            get { return _run; }
        }

        internal JsonObject Ask(JsonObject question)
        {
            using (var answer = Call(question)) return answer.Header;
        }

        internal Message Call(JsonObject question)
        {
            try
            {
                return _run.Link.Call(question.Add("run", _run.Id));
            }
            catch (EngineException e)
            {
                throw new EngineDbException(e.Message, e.Code);
            }
        }
    }

    /// <summary>A transaction of the database.</summary>
    public sealed class EngineTransaction : DbTransaction
    {
        private readonly EngineConnection _connection;
        private readonly IsolationLevel _level;
        private bool _ended;

        internal EngineTransaction(EngineConnection connection, IsolationLevel level)
        {
            _connection = connection;
            _level = level;
        }

        /// <inheritdoc/>
        protected override DbConnection DbConnection
        {
            get { return _ended ? null : _connection; }
        }

        /// <inheritdoc/>
        public override IsolationLevel IsolationLevel
        {
            get { return _level; }
        }

        /// <inheritdoc/>
        public override void Commit()
        {
            End("commit");
        }

        /// <inheritdoc/>
        public override void Rollback()
        {
            End("rollback");
        }

        private void End(string action)
        {
            if (_ended) throw new InvalidOperationException("The transaction has ended.");
            _ended = true;
            _connection.Transaction(action);
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing && !_ended && _connection.State == ConnectionState.Open) Rollback();
            base.Dispose(disposing);
        }
    }

    /// <summary>A statement.</summary>
    public sealed class EngineCommand : DbCommand
    {
        private readonly EngineParameters _parameters = new EngineParameters();
        private EngineConnection _connection;

        /// <inheritdoc/>
        public override string CommandText { get; set; } = "";
        /// <inheritdoc/>
        public override int CommandTimeout { get; set; } = 30;
        /// <inheritdoc/>
        public override CommandType CommandType { get; set; } = CommandType.Text;
        /// <inheritdoc/>
        public override bool DesignTimeVisible { get; set; }
        /// <inheritdoc/>
        public override UpdateRowSource UpdatedRowSource { get; set; } = UpdateRowSource.Both;
        /// <inheritdoc/>
        protected override DbTransaction DbTransaction { get; set; }

        /// <inheritdoc/>
        protected override DbConnection DbConnection
        {
            get { return _connection; }
            set
            {
                if (value != null && !(value is EngineConnection)) throw new InvalidCastException("The command takes a connection of the engine, not " + value.GetType() + ".");
                _connection = (EngineConnection)value;
            }
        }

        /// <inheritdoc/>
        protected override DbParameterCollection DbParameterCollection
        {
            get { return _parameters; }
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
            // A statement that runs is ended by cancelling the task.
        }

        /// <inheritdoc/>
        public override void Prepare()
        {
            // The engine prepares statements itself.
        }

        /// <inheritdoc/>
        protected override DbParameter CreateDbParameter()
        {
            return new EngineParameter();
        }

        private JsonObject Run(bool rows)
        {
            if (_connection == null) throw new InvalidOperationException("The command has no connection.");
            if (string.IsNullOrEmpty(CommandText)) throw new InvalidOperationException("The command has no text.");
            var text = CommandType == CommandType.TableDirect ? "SELECT * FROM " + CommandText : CommandText;
            var written = new List<object>();
            foreach (EngineParameter parameter in _parameters) written.Add(parameter.Write(_connection.Run.Values));
            var answer = _connection.Ask(new JsonObject("db_execute").Add("database", _connection.Handle).Add("text", text)
                .Add("parameters", written).Add("procedure", CommandType == CommandType.StoredProcedure)
                .Add("timeout", CommandTimeout).Add("rows", rows));
            var given = answer.Array("parameters");
            for (var i = 0; i < given.Count && i < _parameters.Count; i++)
            {
                var parameter = (EngineParameter)_parameters[i];
                if (parameter.Direction != ParameterDirection.Input) parameter.Value = _connection.Run.Values.Read(given[i]) ?? DBNull.Value;
            }
            return answer;
        }

        /// <inheritdoc/>
        public override int ExecuteNonQuery()
        {
            return Run(false).Int("affected", -1);
        }

        /// <inheritdoc/>
        public override object ExecuteScalar()
        {
            using (var reader = ExecuteDbDataReader(CommandBehavior.Default))
            {
                return reader.Read() && reader.FieldCount > 0 ? reader.GetValue(0) : null;
            }
        }

        /// <inheritdoc/>
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            return new EngineReader(_connection, Run(true), (behavior & CommandBehavior.CloseConnection) != 0);
        }
    }

    /// <summary>A parameter of a statement.</summary>
    public sealed class EngineParameter : DbParameter
    {
        private DbType? _type;

        /// <inheritdoc/>
        public override DbType DbType
        {
            get { return _type ?? TypeOf(Value); }
            set { _type = value; }
        }

        /// <inheritdoc/>
        public override ParameterDirection Direction { get; set; } = ParameterDirection.Input;
        /// <inheritdoc/>
        public override bool IsNullable { get; set; }
        /// <inheritdoc/>
        public override string ParameterName { get; set; } = "";
        /// <inheritdoc/>
        public override int Size { get; set; }
        /// <inheritdoc/>
        public override string SourceColumn { get; set; } = "";
        /// <inheritdoc/>
        public override bool SourceColumnNullMapping { get; set; }
        /// <inheritdoc/>
        public override DataRowVersion SourceVersion { get; set; } = DataRowVersion.Current;
        /// <inheritdoc/>
        public override object Value { get; set; }

        /// <inheritdoc/>
        public override void ResetDbType()
        {
            _type = null;
        }

        private static DbType TypeOf(object value)
        {
            if (value == null || value is DBNull) return DbType.String;
            DbType type;
            if (Enum.TryParse(value.GetType().Name, out type)) return type;
            return value is byte[] ? DbType.Binary : value is TimeSpan ? DbType.Time : DbType.Object;
        }

        internal JsonObject Write(Values values)
        {
            var direction = Direction == ParameterDirection.Input ? "in"
                : Direction == ParameterDirection.Output ? "out"
                : Direction == ParameterDirection.InputOutput ? "in_out" : "return";
            return new JsonObject().Add("name", ParameterName ?? "").Add("value", values.Write(Value ?? DBNull.Value))
                .Add("type", DbType.ToString()).Add("direction", direction);
        }
    }

    /// <summary>The parameters of a statement.</summary>
    public sealed class EngineParameters : DbParameterCollection
    {
        private readonly List<EngineParameter> _all = new List<EngineParameter>();

        /// <inheritdoc/>
        public override int Count { get { return _all.Count; } }
        /// <inheritdoc/>
        public override object SyncRoot { get { return _all; } }
        /// <inheritdoc/>
        public override bool IsFixedSize { get { return false; } }
        /// <inheritdoc/>
        public override bool IsReadOnly { get { return false; } }
        /// <inheritdoc/>
        public override bool IsSynchronized { get { return false; } }

        private static EngineParameter Check(object value)
        {
            var parameter = value as EngineParameter;
            if (parameter == null) throw new InvalidCastException("The collection takes parameters that its command made.");
            return parameter;
        }

        /// <inheritdoc/>
        public override int Add(object value)
        {
            _all.Add(Check(value));
            return _all.Count - 1;
        }

        /// <inheritdoc/>
        public override void AddRange(Array values)
        {
            foreach (var value in values) Add(value);
        }

        /// <inheritdoc/>
        public override void Clear() { _all.Clear(); }
        /// <inheritdoc/>
        public override bool Contains(object value) { return IndexOf(value) >= 0; }
        /// <inheritdoc/>
        public override bool Contains(string value) { return IndexOf(value) >= 0; }
        /// <inheritdoc/>
        public override void CopyTo(Array array, int index) { ((ICollection)_all).CopyTo(array, index); }
        /// <inheritdoc/>
        public override IEnumerator GetEnumerator() { return _all.GetEnumerator(); }
        /// <inheritdoc/>
        public override int IndexOf(object value) { return _all.FindIndex(p => ReferenceEquals(p, value)); }
        /// <inheritdoc/>
        public override int IndexOf(string parameterName)
        {
            return _all.FindIndex(p => string.Equals(p.ParameterName, parameterName, StringComparison.OrdinalIgnoreCase));
        }

        /// <inheritdoc/>
        public override void Insert(int index, object value) { _all.Insert(index, Check(value)); }
        /// <inheritdoc/>
        public override void Remove(object value) { _all.Remove(Check(value)); }
        /// <inheritdoc/>
        public override void RemoveAt(int index) { _all.RemoveAt(index); }
        /// <inheritdoc/>
        public override void RemoveAt(string parameterName) { _all.RemoveAt(Require(parameterName)); }
        /// <inheritdoc/>
        protected override DbParameter GetParameter(int index) { return _all[index]; }
        /// <inheritdoc/>
        protected override DbParameter GetParameter(string parameterName) { return _all[Require(parameterName)]; }
        /// <inheritdoc/>
        protected override void SetParameter(int index, DbParameter value) { _all[index] = Check(value); }
        /// <inheritdoc/>
        protected override void SetParameter(string parameterName, DbParameter value) { _all[Require(parameterName)] = Check(value); }

        private int Require(string name)
        {
            var index = IndexOf(name);
            if (index < 0) throw new IndexOutOfRangeException("There is no parameter \"" + name + "\".");
            return index;
        }
    }
}
