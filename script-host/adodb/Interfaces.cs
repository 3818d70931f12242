// The interfaces by which scripts see recordsets. See Recordset.cs.

using System.Collections;
using System.Runtime.InteropServices;

namespace ADODB
{
    /// <summary>A field: a column of the current row.</summary>
    public interface Field
    {
        /// <summary>Bytes of the current value.</summary>
        int ActualSize { get; }

        /// <summary>Bits of FieldAttributeEnum.</summary>
        int Attributes { get; set; }

        /// <summary>Largest size.</summary>
        int DefinedSize { get; set; }

        /// <summary>Name.</summary>
        string Name { get; }

        /// <summary>Type.</summary>
        DataTypeEnum Type { get; set; }

        /// <summary>The current row's value; DBNull for NULL.</summary>
        object Value { get; set; }

        /// <summary>Digits in all.</summary>
        byte Precision { get; set; }

        /// <summary>Digits after the point.</summary>
        byte NumericScale { get; set; }

        /// <summary>The value as it was last read or updated.</summary>
        object OriginalValue { get; }

        /// <summary>The value that is stored: here the same.</summary>
        object UnderlyingValue { get; }
    }

    /// <summary>The fields of a recordset.</summary>
    public interface Fields : IEnumerable
    {
        /// <summary>Number of fields.</summary>
        int Count { get; }

        /// <summary>A field by position from 0 or by name without case.</summary>
        Field this[object Index] { get; }

        /// <summary>All fields in order.</summary>
        new IEnumerator GetEnumerator();

        /// <summary>Nothing to read again.</summary>
        void Refresh();

        /// <summary>Adds a field to a recordset that is closed.</summary>
        void Append(string Name, DataTypeEnum Type, int DefinedSize = 0, FieldAttributeEnum Attrib = FieldAttributeEnum.adFldUnspecified, object FieldValue = null);

        /// <summary>Takes a field from a recordset that is closed.</summary>
        void Delete(object Index);
    }

    /// <summary>A recordset.</summary>
    public interface _Recordset
    {
        /// <summary>The current row, from 1; -1 unknown, -2 before the first, -3 after the last.</summary>
        PositionEnum AbsolutePosition { get; set; }

        /// <summary>No connection: null. Setting null is allowed.</summary>
        object ActiveConnection { get; set; }

        /// <summary>Whether it stands before the first row.</summary>
        bool BOF { get; }

        /// <summary>Whether it stands after the last row.</summary>
        bool EOF { get; }

        /// <summary>A mark of the current row.</summary>
        object Bookmark { get; set; }

        /// <summary>Only remembered.</summary>
        int CacheSize { get; set; }

        /// <summary>Only remembered.</summary>
        CursorTypeEnum CursorType { get; set; }

        /// <summary>Only remembered: rows are always here.</summary>
        CursorLocationEnum CursorLocation { get; set; }

        /// <summary>Only remembered.</summary>
        LockTypeEnum LockType { get; set; }

        /// <summary>Whether a row is being changed or added.</summary>
        EditModeEnum EditMode { get; }

        /// <summary>The fields.</summary>
        Fields Fields { get; }

        /// <summary>Number of rows.</summary>
        int RecordCount { get; }

        /// <summary>0 closed, 1 open.</summary>
        int State { get; }

        /// <summary>0: every row is as stored.</summary>
        int Status { get; }

        /// <summary>A field's value in the current row.</summary>
        object get_Collect(object Index);

        /// <summary>Sets a field's value in the current row.</summary>
        void set_Collect(object Index, object pvar);

        /// <summary>Adds a row, with values for some fields when given.</summary>
        void AddNew(object FieldList = null, object Values = null);

        /// <summary>Undoes the changes of the current row, or the row that was added.</summary>
        void CancelUpdate();

        /// <summary>Closes it; its rows are gone for this object.</summary>
        void Close();

        /// <summary>Deletes the current row.</summary>
        void Delete(AffectEnum AffectRecords = AffectEnum.adAffectCurrent);

        /// <summary>Rows as an array [field, row], from the current row on.</summary>
        object GetRows(int Rows = -1, object Start = null, object Fields = null);

        /// <summary>Rows as text.</summary>
        string GetString(StringFormatEnum StringFormat = StringFormatEnum.adClipString, int NumRows = -1, string ColumnDelimeter = "\t", string RowDelimeter = "\r", string NullExpr = "");

        /// <summary>Goes on by rows, from the current or a marked one.</summary>
        void Move(int NumRecords, object Start = null);

        /// <summary>Goes to the next row.</summary>
        void MoveNext();

        /// <summary>Goes to the row before.</summary>
        void MovePrevious();

        /// <summary>Goes to the first row.</summary>
        void MoveFirst();

        /// <summary>Goes to the last row.</summary>
        void MoveLast();

        /// <summary>Opens a recordset whose fields were appended. A source or connection throws.</summary>
        void Open(object Source = null, object ActiveConnection = null, CursorTypeEnum CursorType = CursorTypeEnum.adOpenUnspecified, LockTypeEnum LockType = LockTypeEnum.adLockUnspecified, int Options = -1);

        /// <summary>Whether it can do something.</summary>
        bool Supports(CursorOptionEnum CursorOptions);

        /// <summary>Keeps the changes of the current row, with values for some fields when given.</summary>
        void Update(object Fields = null, object Values = null);

        /// <summary>Keeps the changes.</summary>
        void UpdateBatch(AffectEnum AffectRecords = AffectEnum.adAffectAll);

        /// <summary>Another object over the same rows, at the first.</summary>
        Recordset Clone(LockTypeEnum LockType = LockTypeEnum.adLockUnspecified);

        /// <summary>Orders two bookmarks.</summary>
        CompareEnum CompareBookmarks(object Bookmark1, object Bookmark2);
    }

    /// <summary>A recordset, as scripts name it.</summary>
    [ComImport]
    [Guid("00000556-0000-0010-8000-00AA006D2EA4")]
    [CoClass(typeof(RecordsetClass))]
    public interface Recordset : _Recordset
    {
    }
}
