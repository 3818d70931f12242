// The rows of an Object variable, as the host hands them to scripts.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;

namespace Packmule.Script
{
    /// <summary>A column of a row set.</summary>
    public sealed class RowSetColumn
    {
        /// <summary>Name.</summary>
        public string Name { get; set; }

        /// <summary>The .NET type of its values.</summary>
        public Type ClrType { get; set; }

        /// <summary>The type as ADODB.DataTypeEnum has it.</summary>
        public int AdoType { get; set; }

        /// <summary>Size in bytes, for texts in characters; -1 = not known.</summary>
        public int Size { get; set; } = -1;

        /// <summary>Digits in all, for decimal numbers.</summary>
        public byte Precision { get; set; }

        /// <summary>Digits after the point, for decimal numbers.</summary>
        public byte Scale { get; set; }

        /// <summary>Whether NULL may stand in it.</summary>
        public bool Nullable { get; set; } = true;

        private static readonly Dictionary<Type, int> AdoTypes = new Dictionary<Type, int>
        {
            { typeof(bool), 11 }, { typeof(sbyte), 16 }, { typeof(short), 2 }, { typeof(int), 3 }, { typeof(long), 20 },
            { typeof(byte), 17 }, { typeof(ushort), 18 }, { typeof(uint), 19 }, { typeof(ulong), 21 },
            { typeof(float), 4 }, { typeof(double), 5 }, { typeof(decimal), 131 }, { typeof(string), 202 },
            { typeof(DateTime), 135 }, { typeof(TimeSpan), 134 }, { typeof(Guid), 72 }, { typeof(byte[]), 204 },
        };

        /// <summary>The ADODB.DataTypeEnum number of a .NET type; 12 (adVariant) for others. Table:
        /// learn.microsoft.com, "ADO code: DataTypeEnum".</summary>
        public static int AdoTypeOf(Type type)
        {
            int number;
            return AdoTypes.TryGetValue(type, out number) ? number : 12;
        }
    }

    /// <summary>Rows that never change.</summary>
    public interface IRowSet
    {
        /// <summary>Number of rows.</summary>
        int RowCount { get; }

        /// <summary>The columns in order.</summary>
        IList<RowSetColumn> Columns { get; }

        /// <summary>A value; DBNull.Value for NULL.</summary>
        object GetValue(int row, int column);
    }

    /// <summary>Something with a row set and a position in it (an ADODB recordset).</summary>
    public interface IRowSetReader
    {
        /// <summary>The rows; null when closed.</summary>
        IRowSet Rows { get; }

        /// <summary>The row that is next; RowCount = past the end.</summary>
        int Position { get; set; }
    }

    /// <summary>Row sets from and to what scripts hold.</summary>
    public static class RowSets
    {
        /// <summary>A DataSet with one table "Table".</summary>
        public static DataSet ToDataSet(IRowSet rows)
        {
            var set = new DataSet();
            var table = new DataTable("Table");
            set.Tables.Add(table);
            Fill(table, rows, 0);
            set.AcceptChanges();
            return set;
        }

        /// <summary>Adds columns that are missing, then the rows from a position on, as unchanged.
        /// Columns are found by name. Returns the number of rows.</summary>
        public static int Fill(DataTable table, IRowSet rows, int from)
        {
            var columns = rows.Columns;
            var places = new int[columns.Count];
            for (var i = 0; i < places.Length; i++)
            {
                var name = columns[i].Name;
                var column = string.IsNullOrEmpty(name) ? null : table.Columns[name];
                places[i] = (column ?? table.Columns.Add(string.IsNullOrEmpty(name) ? null : name, columns[i].ClrType)).Ordinal;
            }
            var added = 0;
            table.BeginLoadData();
            try
            {
                var values = new object[table.Columns.Count];
                for (var row = Math.Max(from, 0); row < rows.RowCount; row++)
                {
                    for (var i = 0; i < places.Length; i++) values[places[i]] = rows.GetValue(row, i) ?? DBNull.Value;
                    table.LoadDataRow(values, true);
                    added++;
                }
            }
            finally
            {
                table.EndLoadData();
            }
            return added;
        }

        /// <summary>The rows of what a script put in a variable: a row set, a recordset, a DataTable,
        /// DataView, or the first table of a DataSet; null for anything else.</summary>
        public static IRowSet From(object value)
        {
            var rows = value as IRowSet;
            if (rows != null) return rows;
            var reader = value as IRowSetReader;
            if (reader != null) return reader.Rows;
            var set = value as DataSet;
            if (set != null) return set.Tables.Count == 0 ? null : new TableRows(set.Tables[0]);
            var table = value as DataTable;
            if (table != null) return new TableRows(table);
            var view = value as DataView;
            return view == null ? null : new TableRows(view.ToTable());
        }

        private sealed class TableRows : IRowSet
        {
            private readonly List<DataRow> _rows = new List<DataRow>();
            private readonly List<RowSetColumn> _columns = new List<RowSetColumn>();

            public TableRows(DataTable table)
            {
                foreach (DataColumn c in table.Columns)
                {
                    _columns.Add(new RowSetColumn
                    {
                        Name = c.ColumnName,
                        ClrType = c.DataType,
                        AdoType = RowSetColumn.AdoTypeOf(c.DataType),
                        Size = c.MaxLength,
                        Nullable = c.AllowDBNull,
                    });
                }
                foreach (DataRow row in table.Rows)
                {
                    if (row.RowState != DataRowState.Deleted) _rows.Add(row);
                }
            }

            public int RowCount
            {
                get { return _rows.Count; }
            }

            public IList<RowSetColumn> Columns
            {
                get { return _columns; }
            }

            public object GetValue(int row, int column)
            {
                return _rows[row][column];
            }
        }
    }

    /// <summary>A row set held in memory.</summary>
    public sealed class MemoryRowSet : IRowSet
    {
        private readonly IList<object[]> _rows;

        /// <summary>Columns and rows by position.</summary>
        public MemoryRowSet(IList<RowSetColumn> columns, IList<object[]> rows)
        {
            Columns = columns;
            _rows = rows;
        }

        /// <inheritdoc/>
        public int RowCount
        {
            get { return _rows.Count; }
        }

        /// <inheritdoc/>
        public IList<RowSetColumn> Columns { get; private set; }

        /// <inheritdoc/>
        public object GetValue(int row, int column)
        {
            return _rows[row][column];
        }
    }
}
