// Rows that the engine holds and a script reads: the recordset of an Object variable.

using System;
using System.Collections.Generic;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>Some rows of columns, decoded where they lie.</summary>
    public sealed class Batch : IDisposable
    {
        /// <summary>More rows than this are no batch.</summary>
        public const int MaximumRows = 1 << 24;

        private readonly Message _message;

        /// <summary>The columns.</summary>
        public readonly Column[] Columns;
        /// <summary>Number of rows.</summary>
        public readonly int Rows;

        /// <summary>Of a frame that has columns.</summary>
        public Batch(Message message, IList<ColumnInfo> columns)
        {
            _message = message;
            Rows = RowsOf(message);
            var payload = new PayloadReader(message.Payload);
            Columns = new Column[columns.Count];
            for (var i = 0; i < Columns.Length; i++)
            {
                Columns[i] = Column.Make(columns[i]);
                if (Rows > 0) Columns[i].Attach(payload, Rows);
            }
        }

        /// <summary>The number of rows that a frame says it has.</summary>
        public static int RowsOf(Message message)
        {
            var rows = message.Header.Integer("rows");
            if (rows < 0 || rows > MaximumRows) throw new ProtocolException("a batch of " + rows + " rows");
            return (int)rows;
        }

        /// <summary>Frees the memory; the columns are empty afterwards.</summary>
        public void Dispose()
        {
            foreach (var column in Columns) column.Detach();
            _message.Dispose();
        }
    }

    /// <summary>Rows that the engine holds; fetched page by page at the first look.</summary>
    public sealed class EngineRows : IRowSet
    {
        private const int PageRows = 10000;

        /// <summary>Makes what a script sees of rows that came over OLE DB (an ADODB.Recordset).</summary>
        public static Func<IRowSet, object> MakeRecordset = rows => rows;

        private readonly Link _link;
        private readonly object _lock = new object();
        private readonly List<Batch> _pages = new List<Batch>();
        private readonly List<int> _starts = new List<int>();
        private List<ColumnInfo> _infos;
        private List<RowSetColumn> _columns;
        private bool _complete;
        private int _rows;

        /// <summary>Of a handle.</summary>
        public EngineRows(Link link, long handle, string form, int rows)
        {
            _link = link;
            Handle = handle;
            As = form;
            _rows = rows;
        }

        /// <summary>Lets the engine forget the rows when no script holds them any more.</summary>
        ~EngineRows()
        {
            var link = _link;
            var handle = Handle;
            // Sending may wait, which the thread of finalizers must not.
            System.Threading.ThreadPool.QueueUserWorkItem(nothing => Release(link, handle));
        }

        private static void Release(Link link, long handle)
        {
            try
            {
                link.Send(new JsonObject("rows_release").Add("handle", handle));
            }
            catch (System.IO.IOException)
            {
                // The engine has gone.
            }
        }

        /// <summary>The engine's number for it.</summary>
        public long Handle { get; private set; }

        /// <summary>"ado" or "dataset".</summary>
        public string As { get; private set; }

        /// <summary>The object that a script sees.</summary>
        public object ForScript()
        {
            return As == "dataset" ? RowSets.ToDataSet(this) : MakeRecordset(this);
        }

        /// <inheritdoc/>
        public int RowCount
        {
            get { return _rows; }
        }

        /// <inheritdoc/>
        public IList<RowSetColumn> Columns
        {
            get
            {
                Load(0);
                return _columns;
            }
        }

        /// <inheritdoc/>
        public object GetValue(int row, int column)
        {
            if (row < 0 || row >= _rows) throw new ArgumentOutOfRangeException("row");
            Load(row);
            lock (_lock)
            {
                var page = _starts.BinarySearch(row);
                if (page < 0) page = ~page - 1;
                if (page < 0 || row - _starts[page] >= _pages[page].Rows) throw new InvalidOperationException("the engine gave fewer rows than it said");
                return _pages[page].Columns[column].Get(row - _starts[page]) ?? DBNull.Value;
            }
        }

        private void Load(int row)
        {
            lock (_lock)
            {
                while (!_complete && (_columns == null || row >= Loaded)) LoadPage();
            }
        }

        private int Loaded
        {
            get { return _pages.Count == 0 ? 0 : _starts[_starts.Count - 1] + _pages[_pages.Count - 1].Rows; }
        }

        private void LoadPage()
        {
            var from = Loaded;
            var reply = _link.Call(new JsonObject("rows_read").Add("handle", Handle).Add("from", from).Add("count", PageRows));
            if (_columns == null)
            {
                _infos = ColumnInfo.ReadAll(reply.Header, "columns");
                _columns = new List<RowSetColumn>();
                foreach (var info in _infos) _columns.Add(Describe(info));
            }
            var more = reply.Header.Flag("more");
            var page = new Batch(reply, _infos);
            if (page.Rows == 0) more = false;
            else
            {
                _starts.Add(from);
                _pages.Add(page);
            }
            _complete = !more;
            if (_complete) _rows = Loaded;
        }

        /// <summary>A column as row sets describe it.</summary>
        public static RowSetColumn Describe(ColumnInfo info)
        {
            var type = info.Type.ClrType == typeof(object) ? typeof(string) : info.Type.ClrType;
            return new RowSetColumn
            {
                Name = info.Name,
                ClrType = type,
                AdoType = AdoType(info, type),
                Size = info.Length > 0 ? info.Length : -1,
                Precision = (byte)Math.Max(0, Math.Min(255, info.Precision)),
                Scale = (byte)Math.Max(0, Math.Min(255, info.Scale)),
            };
        }

        private static int AdoType(ColumnInfo info, Type type)
        {
            switch (info.Type.Word)
            {
                case "str": return 200;
                case "wstr": return 202;
                case "text": return 201;
                case "nText": return 203;
                case "image": return 205;
                case "bytes": return 204;
                case "cy": return 6;
                case "date": return 7;
                case "decimal": return 14;
                case "dbDate": return 133;
                case "dbTime": return 134;
                default: return RowSetColumn.AdoTypeOf(type);
            }
        }
    }
}
