// Microsoft.SqlServer.PipelineHost: the rows that go through a component.
//
// Documented at learn.microsoft.com, namespace Microsoft.SqlServer.Dts.Pipeline. The buffer here
// stands on the columns of one batch: what the script does not read is never decoded, what it does
// not write never goes back.

using System;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Pipeline
{
    /// <summary>Whether a buffer belongs to an input or an output. Documented.</summary>
    public enum PipelineBufferMode
    {
        /// <summary>Of an input.</summary>
        Input = 0,
        /// <summary>Of an output.</summary>
        Output = 1,
    }

    /// <summary>A value was asked for that is NULL. Documented.</summary>
    [Serializable]
    public class ColumnIsNullException : ApplicationException
    {
        /// <summary>With SSIS's text.</summary>
        public ColumnIsNullException() : base("The column has a null value.")
        {
        }
    }

    /// <summary>A value does not fit its column. Documented.</summary>
    [Serializable]
    public class DoesNotFitBufferException : ApplicationException
    {
        /// <summary>With SSIS's text.</summary>
        public DoesNotFitBufferException() : base("The value is too large to fit in the column data area of the buffer.")
        {
        }
    }

    /// <summary>The buffer has no column of that index. Documented.</summary>
    [Serializable]
    public class ColumnIndexOutOfRangeException : ApplicationException
    {
        /// <summary>With a text.</summary>
        public ColumnIndexOutOfRangeException(string message) : base(message)
        {
        }
    }

    /// <summary>The rows at hand: of an input batch, or those being added to an output. Documented: class
    /// PipelineBuffer. Columns are found by their index in the buffer, which GetColumnIndexes gives.</summary>
    public class PipelineBuffer : IDisposable
    {
        private readonly RowBuffer _rows;
        private readonly BlobColumn[] _blobs;

        static PipelineBuffer()
        {
            ColumnErrors.IsNull = c => new ColumnIsNullException();
            ColumnErrors.DoesNotFit = c => new DoesNotFitBufferException();
            ColumnErrors.NoColumn = text => new ColumnIndexOutOfRangeException(text);
        }

        /// <summary>Made by the host.</summary>
        public PipelineBuffer(RowBuffer rows)
        {
            _rows = rows;
            _blobs = new BlobColumn[rows.Columns.Length];
        }

        /// <summary>Columns of the buffer.</summary>
        public int ColumnCount { get { return _rows.Columns.Length; } }
        /// <summary>Rows of the buffer; of an output those not yet sent.</summary>
        public int RowCount { get { return _rows.Rows; } }
        /// <summary>Position of the current row; −1 before the first.</summary>
        public int CurrentRow { get { return _rows.Row; } }
        /// <summary>Whether this is the last buffer of the input. It may have rows, also none.</summary>
        public bool EndOfRowset { get { return _rows.EndOfRowset; } }
        /// <summary>Input or output.</summary>
        public PipelineBufferMode Mode { get { return _rows is InputRows ? PipelineBufferMode.Input : PipelineBufferMode.Output; } }

        /// <summary>The value of a column, null for NULL, a BlobColumn for large objects. Setting converts
        /// numbers, null sets NULL; a value that does not fit throws DoesNotFitBufferException.</summary>
        public object this[int columnIndex]
        {
            get
            {
                var column = _rows.At(columnIndex);
                return column is BlobStore ? Blob(columnIndex, (BlobStore)column) : column.Get(_rows.Row);
            }

            set
            {
                var blob = value as BlobColumn;
                if (blob != null)
                {
                    // The wrapper of a column of large objects gives the object back that it got: nothing to do.
                    if (blob.IsOf(_rows, columnIndex)) return;
                    value = blob.IsNull ? null : blob.GetBlobData(0, checked((int)blob.Length));
                }
                _rows.At(columnIndex).Set(_rows.Row, value);
            }
        }

        private BlobColumn Blob(int index, BlobStore column)
        {
            return _blobs[index] ?? (_blobs[index] = new BlobColumn(_rows, index, column));
        }

        private BlobStore BlobAt(int index)
        {
            var column = _rows.At(index) as BlobStore;
            if (column == null) throw new InvalidCastException("The column " + _rows.At(index).Info + " does not hold large objects.");
            return column;
        }

        /// <summary>Goes to the next row; false after the last.</summary>
        public bool NextRow() { return _rows.NextRow(); }
        /// <summary>Adds a row to an output; it becomes the current one. Its columns are NULL.</summary>
        public void AddRow() { _rows.AddRow(); }
        /// <summary>Removes the current row.</summary>
        /// <remarks>Refused: throws. Rows are left out by not directing them to an output.</remarks>
        public void RemoveRow() { _rows.RemoveRow(); }
        /// <summary>Says that no more rows will be added to an output.</summary>
        public void SetEndOfRowset() { _rows.SetEndOfRowset(); }
        /// <summary>Sends the current row to an output of the exclusion group.</summary>
        /// <remarks>Sending it twice to the same output counts once.</remarks>
        public void DirectRow(int outputID) { _rows.DirectRow(outputID); }
        /// <summary>Goes before the first row.</summary>
        public void Reset() { _rows.Row = -1; }
        /// <summary>Whether the value of the current row is NULL.</summary>
        public bool IsNull(int columnIndex) { return _rows.At(columnIndex).IsNull(_rows.Row); }
        /// <summary>Sets the value of the current row to NULL.</summary>
        public void SetNull(int columnIndex) { _rows.At(columnIndex).SetNull(_rows.Row); }
        /// <summary>Nothing: the host frees the buffer.</summary>
        public void Dispose() { }

        /// <summary>What a column is.</summary>
        public BufferColumn GetColumnInfo(int columnIndex) { return new BufferColumn(_rows.At(columnIndex).Info); }

        /// <summary>Bytes of a large object.</summary>
        public uint GetBlobLength(int columnIndex) { return BlobAt(columnIndex).BlobLength(_rows.Row); }
        /// <summary>A part of a large object.</summary>
        public byte[] GetBlobData(int columnIndex, int offset, int count) { return BlobAt(columnIndex).Read(_rows.Row, offset, count); }
        /// <summary>Adds bytes to a large object.</summary>
        public void AddBlobData(int columnIndex, byte[] data) { BlobAt(columnIndex).Add(_rows.Row, data, data == null ? 0 : data.Length); }
        /// <summary>Adds the first bytes of an array to a large object.</summary>
        public void AddBlobData(int columnIndex, byte[] data, int count) { BlobAt(columnIndex).Add(_rows.Row, data, count); }
        /// <summary>Empties a large object.</summary>
        public void ResetBlobData(int columnIndex) { BlobAt(columnIndex).Reset(_rows.Row); }


        /// <summary>The value of a column of type DT_BOOL; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public bool GetBoolean(int columnIndex) { return _rows.At(columnIndex).GetBoolean(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_BOOL.</summary>
        public void SetBoolean(int columnIndex, bool value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_I1; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public sbyte GetSByte(int columnIndex) { return _rows.At(columnIndex).GetSByte(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_I1.</summary>
        public void SetSByte(int columnIndex, sbyte value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_UI1; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public byte GetByte(int columnIndex) { return _rows.At(columnIndex).GetByte(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_UI1.</summary>
        public void SetByte(int columnIndex, byte value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_I2; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public short GetInt16(int columnIndex) { return _rows.At(columnIndex).GetInt16(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_I2.</summary>
        public void SetInt16(int columnIndex, short value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_UI2; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public ushort GetUInt16(int columnIndex) { return _rows.At(columnIndex).GetUInt16(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_UI2.</summary>
        public void SetUInt16(int columnIndex, ushort value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_I4; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public int GetInt32(int columnIndex) { return _rows.At(columnIndex).GetInt32(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_I4.</summary>
        public void SetInt32(int columnIndex, int value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_UI4; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public uint GetUInt32(int columnIndex) { return _rows.At(columnIndex).GetUInt32(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_UI4.</summary>
        public void SetUInt32(int columnIndex, uint value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_I8; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public long GetInt64(int columnIndex) { return _rows.At(columnIndex).GetInt64(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_I8.</summary>
        public void SetInt64(int columnIndex, long value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_UI8; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public ulong GetUInt64(int columnIndex) { return _rows.At(columnIndex).GetUInt64(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_UI8.</summary>
        public void SetUInt64(int columnIndex, ulong value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_R4; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public float GetSingle(int columnIndex) { return _rows.At(columnIndex).GetSingle(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_R4.</summary>
        public void SetSingle(int columnIndex, float value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_R8; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public double GetDouble(int columnIndex) { return _rows.At(columnIndex).GetDouble(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_R8.</summary>
        public void SetDouble(int columnIndex, double value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_CY, DT_DECIMAL, DT_NUMERIC; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public decimal GetDecimal(int columnIndex) { return _rows.At(columnIndex).GetDecimal(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_CY, DT_DECIMAL, DT_NUMERIC.</summary>
        public void SetDecimal(int columnIndex, decimal value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_STR, DT_WSTR (also DT_TEXT, DT_NTEXT); NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public string GetString(int columnIndex) { return _rows.At(columnIndex).GetString(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_STR, DT_WSTR (also DT_TEXT, DT_NTEXT).</summary>
        public void SetString(int columnIndex, string value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_BYTES (also DT_IMAGE); NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public byte[] GetBytes(int columnIndex) { return _rows.At(columnIndex).GetBytes(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_BYTES (also DT_IMAGE).</summary>
        public void SetBytes(int columnIndex, byte[] value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_GUID; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public Guid GetGuid(int columnIndex) { return _rows.At(columnIndex).GetGuid(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_GUID.</summary>
        public void SetGuid(int columnIndex, Guid value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_DATE, DT_DBTIMESTAMP, DT_DBTIMESTAMP2, DT_FILETIME, DT_DBDATE; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public DateTime GetDateTime(int columnIndex) { return _rows.At(columnIndex).GetDateTime(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_DATE, DT_DBTIMESTAMP, DT_DBTIMESTAMP2, DT_FILETIME, DT_DBDATE.</summary>
        public void SetDateTime(int columnIndex, DateTime value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_DBDATE (and the others with a date); NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public DateTime GetDate(int columnIndex) { return _rows.At(columnIndex).GetDateTime(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_DBDATE (and the others with a date).</summary>
        public void SetDate(int columnIndex, DateTime value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_DBTIME, DT_DBTIME2; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public TimeSpan GetTime(int columnIndex) { return _rows.At(columnIndex).GetTime(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_DBTIME, DT_DBTIME2.</summary>
        public void SetTime(int columnIndex, TimeSpan value) { _rows.At(columnIndex).Set(_rows.Row, value); }

        /// <summary>The value of a column of type DT_DBTIMESTAMPOFFSET; NULL throws ColumnIsNullException, another type
        /// InvalidCastException.</summary>
        public DateTimeOffset GetDateTimeOffset(int columnIndex) { return _rows.At(columnIndex).GetDateTimeOffset(_rows.Row); }
        /// <summary>Sets the value of a column of type DT_DBTIMESTAMPOFFSET.</summary>
        public void SetDateTimeOffset(int columnIndex, DateTimeOffset value) { _rows.At(columnIndex).Set(_rows.Row, value); }
    }

    /// <summary>What a column of a buffer is. Documented: struct BufferColumn.</summary>
    public struct BufferColumn
    {
        private readonly ColumnInfo _info;

        /// <summary>Made by PipelineBuffer.</summary>
        public BufferColumn(ColumnInfo info)
        {
            _info = info;
        }

        /// <summary>Number of the type (Runtime.Wrapper.DataType).</summary>
        public int DataType { get { return _info.Type.Number; } }
        /// <summary>Lineage id.</summary>
        public int LineageID { get { return _info.Lineage; } }
        /// <summary>Length.</summary>
        public int MaxLength { get { return _info.Length; } }
        /// <summary>Code page.</summary>
        public int CodePage { get { return _info.CodePage; } }
        /// <summary>Precision.</summary>
        public int Precision { get { return _info.Precision; } }
        /// <summary>Scale.</summary>
        public int Scale { get { return _info.Scale; } }
    }

    /// <summary>The large object in a column of the current row. Documented: class BlobColumn. DT_TEXT is bytes of
    /// the code page, DT_NTEXT UTF-16, DT_IMAGE the data. Good for the current row only.</summary>
    public class BlobColumn
    {
        private readonly RowBuffer _rows;
        private readonly int _index;
        private readonly BlobStore _column;

        /// <summary>Made by PipelineBuffer.</summary>
        public BlobColumn(RowBuffer rows, int index, BlobStore column)
        {
            _rows = rows;
            _index = index;
            _column = column;
        }

        internal bool IsOf(RowBuffer rows, int index) { return _rows == rows && _index == index; }

        /// <summary>Bytes; 0 for NULL.</summary>
        public uint Length { get { return _column.BlobLength(_rows.Row); } }
        /// <summary>Whether it is NULL.</summary>
        public bool IsNull { get { return _column.IsNull(_rows.Row); } }
        /// <summary>What the column is.</summary>
        public BufferColumn ColumnInfo { get { return new BufferColumn(_column.Info); } }
        /// <summary>Bytes from an offset on, fewer at the end. NULL throws ColumnIsNullException.</summary>
        public byte[] GetBlobData(int offset, int count) { return _column.Read(_rows.Row, offset, count); }
        /// <summary>Adds bytes at the end.</summary>
        public void AddBlobData(byte[] data) { _column.Add(_rows.Row, data, data == null ? 0 : data.Length); }
        /// <summary>Adds the first bytes of an array at the end.</summary>
        public void AddBlobData(byte[] data, int count) { _column.Add(_rows.Row, data, count); }
        /// <summary>Makes it empty.</summary>
        public void ResetBlobData() { _column.Reset(_rows.Row); }
        /// <summary>Makes it NULL.</summary>
        public void SetNull() { _column.SetNull(_rows.Row); }
    }
}
