// System.Data.SqlClient.SqlBulkCopy as scripts expect it, by INSERT statements of many rows.
//
// Documented at learn.microsoft.com, System.Data.SqlClient.SqlBulkCopy (.NET Framework 4.8): columns
// go by position unless they are mapped; a batch is written whole or not at all. Differences: NULL is
// written as NULL, not as the column's default, whatever KeepNulls says; KeepIdentity is refused;
// locks, triggers and constraints are those of INSERT.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;
using SqlBulkCopyOptions = System.Data.SqlClient.SqlBulkCopyOptions;
using System.Linq;
using System.Text;

namespace Packmule.Script.Data
{
    /// <summary>Stands for System.Data.SqlClient.SqlBulkCopyColumnMapping in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlBulkCopyColumnMapping")]
    public sealed class SqlBulkCopyColumnMapping
    {
        /// <summary>Maps nothing yet.</summary>
        public SqlBulkCopyColumnMapping()
        {
            SourceOrdinal = DestinationOrdinal = -1;
        }

        /// <summary>By names.</summary>
        public SqlBulkCopyColumnMapping(string sourceColumn, string destinationColumn)
            : this()
        {
            SourceColumn = sourceColumn;
            DestinationColumn = destinationColumn;
        }

        /// <summary>By positions.</summary>
        public SqlBulkCopyColumnMapping(int sourceColumnOrdinal, int destinationOrdinal)
        {
            SourceOrdinal = sourceColumnOrdinal;
            DestinationOrdinal = destinationOrdinal;
        }

        /// <summary>By position and name.</summary>
        public SqlBulkCopyColumnMapping(int sourceColumnOrdinal, string destinationColumn)
            : this()
        {
            SourceOrdinal = sourceColumnOrdinal;
            DestinationColumn = destinationColumn;
        }

        /// <summary>By name and position.</summary>
        public SqlBulkCopyColumnMapping(string sourceColumn, int destinationOrdinal)
            : this()
        {
            SourceColumn = sourceColumn;
            DestinationOrdinal = destinationOrdinal;
        }

        /// <summary>The source's column by name.</summary>
        public string SourceColumn { get; set; }

        /// <summary>The source's column by position; -1 = by name.</summary>
        public int SourceOrdinal { get; set; }

        /// <summary>The table's column by name.</summary>
        public string DestinationColumn { get; set; }

        /// <summary>The table's column by position; -1 = by name.</summary>
        public int DestinationOrdinal { get; set; }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlBulkCopyColumnMappingCollection in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlBulkCopyColumnMappingCollection")]
    public sealed class SqlBulkCopyColumnMappingCollection : CollectionBase
    {
        internal SqlBulkCopyColumnMappingCollection()
        {
        }

        /// <summary>A mapping.</summary>
        public SqlBulkCopyColumnMapping this[int index]
        {
            get { return (SqlBulkCopyColumnMapping)List[index]; }
        }

        /// <summary>Adds a mapping.</summary>
        public SqlBulkCopyColumnMapping Add(SqlBulkCopyColumnMapping bulkCopyColumnMapping)
        {
            if (bulkCopyColumnMapping == null) throw new ArgumentNullException("bulkCopyColumnMapping");
            List.Add(bulkCopyColumnMapping);
            return bulkCopyColumnMapping;
        }

        /// <summary>Adds a mapping by names.</summary>
        public SqlBulkCopyColumnMapping Add(string sourceColumn, string destinationColumn)
        {
            return Add(new SqlBulkCopyColumnMapping(sourceColumn, destinationColumn));
        }

        /// <summary>Adds a mapping by positions.</summary>
        public SqlBulkCopyColumnMapping Add(int sourceColumnIndex, int destinationColumnIndex)
        {
            return Add(new SqlBulkCopyColumnMapping(sourceColumnIndex, destinationColumnIndex));
        }

        /// <summary>Adds a mapping by position and name.</summary>
        public SqlBulkCopyColumnMapping Add(int sourceColumnIndex, string destinationColumn)
        {
            return Add(new SqlBulkCopyColumnMapping(sourceColumnIndex, destinationColumn));
        }

        /// <summary>Adds a mapping by name and position.</summary>
        public SqlBulkCopyColumnMapping Add(string sourceColumn, int destinationColumnIndex)
        {
            return Add(new SqlBulkCopyColumnMapping(sourceColumn, destinationColumnIndex));
        }
    }

    /// <summary>Stands for System.Data.SqlClient.SqlBulkCopy in scripts.</summary>
    [StandsFor("System.Data.SqlClient.SqlBulkCopy")]
    public sealed class SqlBulkCopy : IDisposable
    {
        /// <summary>Parameters of one statement; SQL Server takes 2,100, SQLite at first 999.</summary>
        private const int ParametersMax = 900;

        private readonly SqlBulkCopyColumnMappingCollection _mappings = new SqlBulkCopyColumnMappingCollection();
        private readonly SqlConnection _connection;
        private readonly SqlTransaction _transaction;
        private readonly bool _own;

        /// <summary>Over an open connection.</summary>
        public SqlBulkCopy(SqlConnection connection)
            : this(connection, SqlBulkCopyOptions.Default, null)
        {
        }

        /// <summary>Over an open connection, with options, in a transaction.</summary>
        /// <exception cref="NotSupportedException">KeepIdentity.</exception>
        public SqlBulkCopy(SqlConnection connection, SqlBulkCopyOptions copyOptions, SqlTransaction externalTransaction)
        {
            if (connection == null) throw new ArgumentNullException("connection");
            if ((copyOptions & SqlBulkCopyOptions.KeepIdentity) != 0)
            {
                throw new NotSupportedException("SqlBulkCopy: KeepIdentity is not served; use a data flow with FastLoadKeepIdentity, or SET IDENTITY_INSERT and commands");
            }
            _connection = connection;
            _transaction = externalTransaction;
            BulkCopyTimeout = 30;
            DestinationTableName = "";
        }

        /// <summary>Over a connection of its own.</summary>
        public SqlBulkCopy(string connectionString)
            : this(connectionString, SqlBulkCopyOptions.Default)
        {
        }

        /// <summary>Over a connection of its own, with options.</summary>
        public SqlBulkCopy(string connectionString, SqlBulkCopyOptions copyOptions)
            : this(new SqlConnection(connectionString), copyOptions, null)
        {
            _own = true;
            _connection.Open();
        }

        /// <summary>Rows of a batch; 0 = all.</summary>
        public int BatchSize { get; set; }

        /// <summary>Seconds until a statement is given up; 30 by default.</summary>
        public int BulkCopyTimeout { get; set; }

        /// <summary>The table.</summary>
        public string DestinationTableName { get; set; }

        /// <summary>Rows are streamed either way.</summary>
        public bool EnableStreaming { get; set; }

        /// <summary>Which column goes where; empty = by position.</summary>
        public SqlBulkCopyColumnMappingCollection ColumnMappings
        {
            get { return _mappings; }
        }

        /// <summary>Closes a connection of its own.</summary>
        public void Close()
        {
            if (_own) _connection.Close();
        }

        void IDisposable.Dispose()
        {
            Close();
        }

        /// <summary>Writes the rows of a table.</summary>
        public void WriteToServer(DataTable table)
        {
            WriteToServer(table, 0);
        }

        /// <summary>Writes the rows of a table that are in a state; 0 = all but deleted ones.</summary>
        public void WriteToServer(DataTable table, DataRowState rowState)
        {
            if (table == null) throw new ArgumentNullException("table");
            var rows = table.Rows.Cast<DataRow>().Where(r => rowState == 0 ? r.RowState != DataRowState.Deleted : (r.RowState & rowState) != 0);
            Write(table.Columns.Cast<DataColumn>().Select(c => c.ColumnName).ToList(), rows.Select(r => r.ItemArray));
        }

        /// <summary>Writes rows of one table.</summary>
        public void WriteToServer(DataRow[] rows)
        {
            if (rows == null) throw new ArgumentNullException("rows");
            if (rows.Length == 0) return;
            Write(rows[0].Table.Columns.Cast<DataColumn>().Select(c => c.ColumnName).ToList(), rows.Select(r => r.ItemArray));
        }

        /// <summary>Writes the rows of a reader.</summary>
        public void WriteToServer(IDataReader reader)
        {
            if (reader == null) throw new ArgumentNullException("reader");
            Write(Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList(), Rows(reader));
        }

        private static IEnumerable<object[]> Rows(IDataReader reader)
        {
            while (reader.Read())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                yield return row;
            }
        }

        private List<string> TableColumns()
        {
            using (var command = new SqlCommand("SELECT * FROM " + DestinationTableName + " WHERE 1 = 0", _connection, _transaction))
            using (var reader = command.ExecuteReader())
            {
                return Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
            }
        }

        private static int Place(List<string> names, string name, int ordinal, string what)
        {
            var at = ordinal >= 0 ? ordinal : names.FindIndex(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
            if (at < 0 || at >= names.Count) throw new InvalidOperationException("The given ColumnMapping does not match up with any column in the source or destination: " + what + " '" + (name ?? ordinal.ToString()) + "'.");
            return at;
        }

        private void Write(List<string> source, IEnumerable<object[]> rows)
        {
            if (string.IsNullOrEmpty(DestinationTableName)) throw new InvalidOperationException("The DestinationTableName property must be set before calling this method.");
            var table = TableColumns();
            var from = new List<int>();
            var to = new List<string>();
            if (_mappings.Count == 0)
            {
                if (source.Count > table.Count) throw new InvalidOperationException("The source has " + source.Count + " columns, the table only " + table.Count + ".");
                for (var i = 0; i < source.Count; i++)
                {
                    from.Add(i);
                    to.Add(table[i]);
                }
            }
            foreach (SqlBulkCopyColumnMapping mapping in _mappings)
            {
                from.Add(Place(source, mapping.SourceColumn, mapping.SourceOrdinal, "source column"));
                to.Add(table[Place(table, mapping.DestinationColumn, mapping.DestinationOrdinal, "destination column")]);
            }
            var head = "INSERT INTO " + DestinationTableName + " (" + string.Join(", ", to.Select(n => "\"" + n.Replace("\"", "\"\"") + "\"").ToArray()) + ") VALUES ";
            var perStatement = Math.Max(1, ParametersMax / Math.Max(1, from.Count));
            using (var each = rows.GetEnumerator())
            {
                while (Batch(each, head, from, perStatement))
                {
                }
            }
        }

        /// <summary>Writes one batch; false when there was no row left.</summary>
        private bool Batch(IEnumerator<object[]> rows, string head, List<int> from, int perStatement)
        {
            if (!rows.MoveNext()) return false;
            var own = _transaction == null ? _connection.BeginTransaction() : null;
            using (own)
            {
                var written = 0;
                bool more;
                do
                {
                    var pending = new List<object[]>();
                    do
                    {
                        pending.Add(rows.Current);
                        written++;
                        more = !(BatchSize > 0 && written >= BatchSize) && pending.Count < perStatement && rows.MoveNext();
                    }
                    while (more);
                    Insert(head, from, pending, own ?? _transaction);
                    more = !(BatchSize > 0 && written >= BatchSize) && pending.Count == perStatement && rows.MoveNext();
                }
                while (more);
                if (own != null) own.Commit();
                return true;
            }
        }

        private void Insert(string head, List<int> from, List<object[]> rows, SqlTransaction transaction)
        {
            using (var command = new SqlCommand("", _connection, transaction) { CommandTimeout = BulkCopyTimeout })
            {
                var text = new StringBuilder(head);
                for (var r = 0; r < rows.Count; r++)
                {
                    text.Append(r == 0 ? "(" : ", (");
                    for (var c = 0; c < from.Count; c++)
                    {
                        var name = "@p" + (r * from.Count + c);
                        text.Append(c == 0 ? "" : ", ").Append(name);
                        command.Parameters.AddWithValue(name, rows[r][from[c]] ?? DBNull.Value);
                    }
                    text.Append(')');
                }
                command.CommandText = text.ToString();
                command.ExecuteNonQuery();
            }
        }
    }
}
