// ADODB 7.0.3300: recordsets in memory, as scripts find them in Object variables.
//
// Documented at learn.microsoft.com, "ADO API reference": Recordset, Fields, Field. Rows come from
// the engine (see IRowSet) or are added by the script, which may make a recordset of its own with
// Fields.Append, Open and AddNew. Difference: there are no connections behind it: Open with a source
// throws; scripts read databases with System.Data. What is not here is a finding before a script runs.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Packmule.Script;

[assembly: AssemblyVersion("7.0.3300.0")]
[assembly: AssemblyTitle("ADODB")]

namespace ADODB
{
    /// <summary>Rows in memory with a position.</summary>
    public class RecordsetClass : Recordset, IRowSetReader
    {
        private readonly FieldList _fields;
        private List<object[]> _rows;
        private int _at;
        private object[] _before;
        private bool _adding;
        private bool _deleted;

        /// <summary>A closed one without fields.</summary>
        public RecordsetClass()
        {
            _fields = new FieldList(this);
        }

        /// <summary>An open one over rows of the engine, at the first.</summary>
        public RecordsetClass(IRowSet rows)
            : this()
        {
            foreach (var column in rows.Columns) _fields.Items.Add(new FieldItem(this, _fields.Items.Count, column));
            _rows = new List<object[]>(rows.RowCount);
            for (var r = 0; r < rows.RowCount; r++)
            {
                var row = new object[rows.Columns.Count];
                for (var c = 0; c < row.Length; c++) row[c] = rows.GetValue(r, c) ?? DBNull.Value;
                _rows.Add(row);
            }
        }

        private static COMException Error(int code, string text)
        {
            return new COMException(text, code);
        }

        internal bool IsOpen
        {
            get { return _rows != null; }
        }

        private List<object[]> Rows
        {
            get
            {
                if (_rows == null) throw Error(unchecked((int)0x800A0E78), "Operation is not allowed when the object is closed.");
                return _rows;
            }
        }

        internal object[] Current
        {
            get
            {
                if (_at < 0 || _at >= Rows.Count || _deleted)
                {
                    throw Error(unchecked((int)0x800A0BCD), "Either BOF or EOF is True, or the current record has been deleted. Requested operation requires a current record.");
                }
                return _rows[_at];
            }
        }

        internal object[] Before
        {
            get { return _before ?? Current; }
        }

        internal void Edit()
        {
            if (_before == null) _before = (object[])Current.Clone();
        }

        IRowSet IRowSetReader.Rows
        {
            get
            {
                if (_rows == null) return null;
                var columns = new List<RowSetColumn>();
                foreach (var field in _fields.Items) columns.Add(field.Column);
                return new MemoryRowSet(columns, _rows);
            }
        }

        int IRowSetReader.Position
        {
            get { return _at; }
            set { Go(value); }
        }

        /// <summary>Goes to a position; changes that were begun are kept, as ADO does.</summary>
        private void Go(int position)
        {
            Update(Missing.Value, Missing.Value);
            _deleted = false;
            _at = Math.Max(-1, Math.Min(position, Rows.Count));
        }

        /// <inheritdoc/>
        public virtual PositionEnum AbsolutePosition
        {
            get { return BOF ? PositionEnum.adPosBOF : EOF ? PositionEnum.adPosEOF : (PositionEnum)(_at + 1); }

            set
            {
                if ((int)value < 1 || (int)value > Rows.Count) throw Error(unchecked((int)0x800A0BB9), "Arguments are of the wrong type, are out of acceptable range, or are in conflict with one another.");
                Go((int)value - 1);
            }
        }

        /// <inheritdoc/>
        public virtual object ActiveConnection
        {
            get { return null; }

            set
            {
                if (value != null) throw new NotSupportedException("ADODB connections are not served here; use System.Data.OleDb.OleDbConnection");
            }
        }

        /// <inheritdoc/>
        public virtual bool BOF
        {
            get { return Rows.Count == 0 || _at < 0; }
        }

        /// <inheritdoc/>
        public virtual bool EOF
        {
            get { return Rows.Count == 0 || _at >= Rows.Count; }
        }

        /// <inheritdoc/>
        public virtual object Bookmark
        {
            get { return Array.IndexOf(Rows.ToArray(), Current) + 1.0; }
            set { AbsolutePosition = (PositionEnum)Convert.ToInt32(value, CultureInfo.InvariantCulture); }
        }

        /// <inheritdoc/>
        public virtual int CacheSize { get; set; } = 1;

        /// <inheritdoc/>
        public virtual CursorTypeEnum CursorType { get; set; } = CursorTypeEnum.adOpenStatic;

        /// <inheritdoc/>
        public virtual CursorLocationEnum CursorLocation { get; set; } = CursorLocationEnum.adUseClient;

        /// <inheritdoc/>
        public virtual LockTypeEnum LockType { get; set; } = LockTypeEnum.adLockBatchOptimistic;

        /// <inheritdoc/>
        public virtual EditModeEnum EditMode
        {
            get { return _adding ? EditModeEnum.adEditAdd : _deleted ? EditModeEnum.adEditDelete : _before != null ? EditModeEnum.adEditInProgress : EditModeEnum.adEditNone; }
        }

        /// <inheritdoc/>
        public virtual Fields Fields
        {
            get { return _fields; }
        }

        /// <inheritdoc/>
        public virtual int RecordCount
        {
            get { return Rows.Count; }
        }

        /// <inheritdoc/>
        public virtual int State
        {
            get { return IsOpen ? 1 : 0; }
        }

        /// <inheritdoc/>
        public virtual int Status
        {
            get { return 0; }
        }

        /// <inheritdoc/>
        public virtual object get_Collect(object Index)
        {
            return _fields[Index].Value;
        }

        /// <inheritdoc/>
        public virtual void set_Collect(object Index, object pvar)
        {
            _fields[Index].Value = pvar;
        }

        private static bool Given(object argument)
        {
            return argument != null && argument != Missing.Value;
        }

        private void Set(object names, object values)
        {
            if (!Given(names)) return;
            var list = names as Array;
            if (list == null)
            {
                _fields[names].Value = values;
                return;
            }
            var given = values as Array;
            if (given == null || given.Length != list.Length) throw Error(unchecked((int)0x800A0BB9), "Arguments are of the wrong type, are out of acceptable range, or are in conflict with one another.");
            for (var i = 0; i < list.Length; i++) _fields[list.GetValue(i)].Value = given.GetValue(i);
        }

        /// <inheritdoc/>
        public virtual void AddNew(object FieldList = null, object Values = null)
        {
            if (_before != null || _adding) Update(Missing.Value, Missing.Value);
            var row = new object[_fields.Items.Count];
            for (var i = 0; i < row.Length; i++) row[i] = DBNull.Value;
            Rows.Add(row);
            _at = _rows.Count - 1;
            _deleted = false;
            _adding = true;
            if (!Given(FieldList)) return;
            Set(FieldList, Values);
            Update(Missing.Value, Missing.Value);
        }

        /// <inheritdoc/>
        public virtual void CancelUpdate()
        {
            if (_adding)
            {
                Rows.RemoveAt(_at);
                _at = Math.Min(_at, _rows.Count - 1);
            }
            else if (_before != null)
            {
                Array.Copy(_before, Current, _before.Length);
            }
            _adding = false;
            _before = null;
        }

        /// <inheritdoc/>
        public virtual void Close()
        {
            if (!IsOpen) throw Error(unchecked((int)0x800A0E78), "Operation is not allowed when the object is closed.");
            _rows = null;
            _before = null;
            _adding = false;
        }

        /// <inheritdoc/>
        public virtual void Delete(AffectEnum AffectRecords = AffectEnum.adAffectCurrent)
        {
            if (AffectRecords != AffectEnum.adAffectCurrent) throw new NotSupportedException("Recordset.Delete: only the current row can be deleted here");
            if (_adding)
            {
                CancelUpdate();
                return;
            }
            _rows.Remove(Current);
            _before = null;
            // Until it moves there is no current row; MoveNext then finds the one that followed.
            _deleted = true;
            _at--;
        }

        /// <inheritdoc/>
        public virtual object GetRows(int Rows = -1, object Start = null, object Fields = null)
        {
            if (Given(Start)) From(Start);
            var which = new List<int>();
            if (!Given(Fields))
            {
                for (var i = 0; i < _fields.Items.Count; i++) which.Add(i);
            }
            else
            {
                foreach (var name in Fields as Array ?? new[] { Fields }) which.Add(_fields.Find(name));
            }
            var count = this.Rows.Count - Math.Max(_at, 0);
            if (Rows >= 0) count = Math.Min(count, Rows);
            if (count <= 0) throw Error(unchecked((int)0x800A0BCD), "Either BOF or EOF is True, or the current record has been deleted. Requested operation requires a current record.");
            var result = new object[which.Count, count];
            for (var r = 0; r < count; r++)
            {
                for (var c = 0; c < which.Count; c++) result[c, r] = Current[which[c]];
                Go(_at + 1);
            }
            return result;
        }

        private void From(object start)
        {
            if (start is BookmarkEnum || start is int)
            {
                switch ((int)start)
                {
                    case 0:
                        return;
                    case 1:
                        Go(0);
                        return;
                    case 2:
                        Go(Rows.Count - 1);
                        return;
                }
            }
            Bookmark = start;
        }

        /// <inheritdoc/>
        public virtual string GetString(StringFormatEnum StringFormat = StringFormatEnum.adClipString, int NumRows = -1, string ColumnDelimeter = "\t", string RowDelimeter = "\r", string NullExpr = "")
        {
            var text = new StringBuilder();
            for (var n = 0; !EOF && (NumRows < 0 || n < NumRows); n++)
            {
                for (var i = 0; i < _fields.Items.Count; i++)
                {
                    if (i > 0) text.Append(string.IsNullOrEmpty(ColumnDelimeter) ? "\t" : ColumnDelimeter);
                    text.Append(Current[i] is DBNull ? NullExpr : Convert.ToString(Current[i], CultureInfo.CurrentCulture));
                }
                text.Append(string.IsNullOrEmpty(RowDelimeter) ? "\r" : RowDelimeter);
                MoveNext();
            }
            return text.ToString();
        }

        /// <inheritdoc/>
        public virtual void Move(int NumRecords, object Start = null)
        {
            if (Given(Start)) From(Start);
            if (Rows.Count == 0 || (NumRecords > 0 && EOF) || (NumRecords < 0 && BOF))
            {
                throw Error(unchecked((int)0x800A0BCD), "Either BOF or EOF is True, or the current record has been deleted. Requested operation requires a current record.");
            }
            var to = (long)_at + NumRecords;
            Go((int)Math.Max(-1, Math.Min(to, _rows.Count)));
        }

        /// <inheritdoc/>
        public virtual void MoveNext()
        {
            if (_deleted && Rows.Count == 0)
            {
                _deleted = false;
                return;
            }
            Move(1, Missing.Value);
        }

        /// <inheritdoc/>
        public virtual void MovePrevious()
        {
            Move(-1, Missing.Value);
        }

        /// <inheritdoc/>
        public virtual void MoveFirst()
        {
            if (Rows.Count > 0 || _deleted) Go(0);
        }

        /// <inheritdoc/>
        public virtual void MoveLast()
        {
            if (Rows.Count > 0 || _deleted) Go(Rows.Count - 1);
        }

        /// <inheritdoc/>
        public virtual void Open(object Source = null, object ActiveConnection = null, CursorTypeEnum CursorType = CursorTypeEnum.adOpenUnspecified, LockTypeEnum LockType = LockTypeEnum.adLockUnspecified, int Options = -1)
        {
            if (Given(Source) || Given(ActiveConnection))
            {
                throw new NotSupportedException("Recordset.Open with a source needs an ADO connection, which is not served here; use System.Data.OleDb.OleDbConnection and OleDbDataAdapter");
            }
            if (IsOpen) throw Error(unchecked((int)0x800A0E79), "Operation is not allowed when the object is open.");
            if (_fields.Items.Count == 0) throw Error(unchecked((int)0x800A0E7D), "The connection cannot be used to perform this operation. It is either closed or invalid in this context.");
            _rows = new List<object[]>();
            _at = 0;
        }

        /// <inheritdoc/>
        public virtual bool Supports(CursorOptionEnum CursorOptions)
        {
            const CursorOptionEnum Can = CursorOptionEnum.adMovePrevious | CursorOptionEnum.adBookmark | CursorOptionEnum.adApproxPosition
                | CursorOptionEnum.adUpdate | CursorOptionEnum.adUpdateBatch | CursorOptionEnum.adAddNew | CursorOptionEnum.adDelete;
            return (CursorOptions & Can) == CursorOptions;
        }

        /// <inheritdoc/>
        public virtual void Update(object Fields = null, object Values = null)
        {
            Set(Fields, Values);
            _before = null;
            _adding = false;
        }

        /// <inheritdoc/>
        public virtual void UpdateBatch(AffectEnum AffectRecords = AffectEnum.adAffectAll)
        {
            Update(Missing.Value, Missing.Value);
        }

        /// <inheritdoc/>
        public virtual Recordset Clone(LockTypeEnum LockType = LockTypeEnum.adLockUnspecified)
        {
            var copy = new RecordsetClass();
            foreach (var field in _fields.Items) copy._fields.Items.Add(new FieldItem(copy, copy._fields.Items.Count, field.Column));
            copy._rows = Rows;
            return copy;
        }

        /// <inheritdoc/>
        public virtual CompareEnum CompareBookmarks(object Bookmark1, object Bookmark2)
        {
            var order = Convert.ToDouble(Bookmark1, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(Bookmark2, CultureInfo.InvariantCulture));
            return order < 0 ? CompareEnum.adCompareLessThan : order > 0 ? CompareEnum.adCompareGreaterThan : CompareEnum.adCompareEqual;
        }

        private sealed class FieldList : Fields
        {
            public readonly List<FieldItem> Items = new List<FieldItem>();
            private readonly RecordsetClass _owner;

            public FieldList(RecordsetClass owner)
            {
                _owner = owner;
            }

            public int Count
            {
                get { return Items.Count; }
            }

            public int Find(object index)
            {
                var name = index as string;
                var at = name != null ? Items.FindIndex(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)) : Convert.ToInt32(index, CultureInfo.InvariantCulture);
                if (at < 0 || at >= Items.Count) throw Error(unchecked((int)0x800A0CC1), "Item cannot be found in the collection corresponding to the requested name or ordinal.");
                return at;
            }

            public Field this[object Index]
            {
                get { return Items[Find(Index)]; }
            }

            public IEnumerator GetEnumerator()
            {
                return Items.GetEnumerator();
            }

            public void Refresh()
            {
            }

            public void Append(string Name, DataTypeEnum Type, int DefinedSize, FieldAttributeEnum Attrib, object FieldValue)
            {
                if (_owner.IsOpen) throw Error(unchecked((int)0x800A0E79), "Operation is not allowed when the object is open.");
                if (Items.Exists(f => string.Equals(f.Name, Name, StringComparison.OrdinalIgnoreCase))) throw Error(unchecked((int)0x800A0E7F), "Object is already in collection. Cannot append.");
                var column = new RowSetColumn { Name = Name, AdoType = (int)Type, ClrType = AdoTypes.ClrOf(Type), Size = DefinedSize };
                Items.Add(new FieldItem(_owner, Items.Count, column) { Attributes = (int)Attrib });
            }

            public void Delete(object Index)
            {
                if (_owner.IsOpen) throw Error(unchecked((int)0x800A0E79), "Operation is not allowed when the object is open.");
                Items.RemoveAt(Find(Index));
                for (var i = 0; i < Items.Count; i++) Items[i].Ordinal = i;
            }
        }

        private sealed class FieldItem : Field
        {
            private readonly RecordsetClass _owner;

            public FieldItem(RecordsetClass owner, int ordinal, RowSetColumn column)
            {
                _owner = owner;
                Ordinal = ordinal;
                Column = column;
                Attributes = (int)(column.Nullable ? FieldAttributeEnum.adFldIsNullable | FieldAttributeEnum.adFldMayBeNull : 0) | (int)FieldAttributeEnum.adFldUpdatable;
            }

            public int Ordinal { get; set; }

            public RowSetColumn Column { get; private set; }

            public int ActualSize
            {
                get
                {
                    var text = Value as string;
                    var bytes = Value as byte[];
                    return text != null ? text.Length * 2 : bytes != null ? bytes.Length : Value is DBNull ? 0 : Math.Max(Column.Size, 0);
                }
            }

            public int Attributes { get; set; }

            public int DefinedSize
            {
                get { return Column.Size; }
                set { Column.Size = value; }
            }

            public string Name
            {
                get { return Column.Name; }
            }

            public DataTypeEnum Type
            {
                get { return (DataTypeEnum)Column.AdoType; }

                set
                {
                    if (_owner.IsOpen) throw Error(unchecked((int)0x800A0E79), "Operation is not allowed when the object is open.");
                    Column.AdoType = (int)value;
                    Column.ClrType = AdoTypes.ClrOf(value);
                }
            }

            public object Value
            {
                get { return _owner.Current[Ordinal]; }

                set
                {
                    _owner.Edit();
                    _owner.Current[Ordinal] = AdoTypes.Convert(value, Column);
                }
            }

            public byte Precision
            {
                get { return Column.Precision; }
                set { Column.Precision = value; }
            }

            public byte NumericScale
            {
                get { return Column.Scale; }
                set { Column.Scale = value; }
            }

            public object OriginalValue
            {
                get { return _owner.Before[Ordinal]; }
            }

            public object UnderlyingValue
            {
                get { return _owner.Before[Ordinal]; }
            }
        }
    }
}
