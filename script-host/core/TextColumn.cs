// Columns of text (DT_STR, DT_WSTR) and of bytes (DT_BYTES).
//
// Text is UTF-8 on the wire. It is decoded when the script asks for it, and encoded at once when
// the script writes it, so that no string lives longer than its row.

using System;
using System.Globalization;

namespace Packmule.ScriptHost
{
    /// <summary>Values of variable length: those of the source by offsets, those written in memory of
    /// their own.</summary>
    public abstract unsafe class VariableColumn : Column
    {
        private uint* _offsets;
        private byte* _data;
        private int _sourceRows;
        private NativeBuffer _own;
        private int[] _starts = new int[0];
        private int[] _lengths = new int[0];
        private int _pending;

        /// <summary>Without rows.</summary>
        protected VariableColumn(ColumnInfo info) : base(info)
        {
        }

        /// <inheritdoc/>
        protected override void AttachValues(PayloadReader payload, int rows)
        {
            if (AllNull) return;
            _offsets = payload.Offsets(rows, out _data);
            _sourceRows = rows;
        }

        /// <inheritdoc/>
        protected override void DetachValues()
        {
            _offsets = null;
            _data = null;
            _sourceRows = 0;
            if (_own != null) _own.Clear();
        }

        /// <inheritdoc/>
        protected override void OwnValues(int capacity, int sourceRows)
        {
            if (_own == null) _own = new NativeBuffer(1024);
            _own.Clear();
            if (_starts.Length < capacity)
            {
                _starts = new int[capacity];
                _lengths = new int[capacity];
            }
            // A negative length says that the value is still that of the source (or empty).
            for (var i = 0; i < capacity; i++) _lengths[i] = -1;
        }

        /// <inheritdoc/>
        protected override void GrowValues(int capacity)
        {
            var old = _starts.Length;
            if (capacity <= old) return;
            Array.Resize(ref _starts, capacity);
            Array.Resize(ref _lengths, capacity);
            for (var i = old; i < capacity; i++) _lengths[i] = -1;
        }

        /// <inheritdoc/>
        public override long Bytes
        {
            get { return (_own == null ? 0 : _own.Length) + Rows * 4L; }
        }

        /// <summary>The bytes of a row.</summary>
        protected byte* Find(int row, out int length)
        {
            if (Written && _lengths[row] >= 0)
            {
                length = _lengths[row];
                return _own.Memory + _starts[row];
            }
            if (row >= _sourceRows)
            {
                length = 0;
                return null;
            }
            length = (int)(_offsets[row + 1] - _offsets[row]);
            return _data + _offsets[row];
        }

        /// <summary>Room for a row's new value; <see cref="EndValue"/> says how much was used.</summary>
        protected byte* BeginValue(int row, long most)
        {
            BeginWrite(row);
            var at = _own.Length;
            if (at + most > int.MaxValue - 64) throw new OutOfMemoryException("one batch of column " + Info + " holds more than 2 GB");
            _pending = (int)at;
            return _own.Append(most);
        }

        /// <summary>Ends <see cref="BeginValue"/>.</summary>
        protected void EndValue(int row, long most, int used)
        {
            _own.Shrink(most - used);
            _starts[row] = _pending;
            _lengths[row] = used;
            SetValid(row);
        }

        /// <summary>Takes <see cref="BeginValue"/> back.</summary>
        protected void CancelValue(long most)
        {
            _own.Shrink(most);
        }

        /// <inheritdoc/>
        protected override void EncodeValues(NativeBuffer to)
        {
            var at = to.Length;
            to.Append((Rows + 1L) * 4);
            long total = 0;
            var inOrder = Written;
            for (var row = 0; row < Rows; row++)
            {
                int length;
                Find(row, out length);
                if (IsNull(row)) length = 0;
                if (inOrder && (_lengths[row] < 0 ? length != 0 : _starts[row] != total || length != _lengths[row])) inOrder = false;
                ((uint*)(to.Memory + at))[row] = (uint)total;
                total += length;
                if (total > int.MaxValue) throw new OutOfMemoryException("one batch of column " + Info + " holds more than 2 GB");
            }
            ((uint*)(to.Memory + at))[Rows] = (uint)total;
            to.Pad();
            if (total == 0) return;
            var place = to.Append(total);
            if (inOrder)
            {
                Native.Copy(_own.Memory, place, total);
                return;
            }
            for (var row = 0; row < Rows; row++)
            {
                if (IsNull(row)) continue;
                int length;
                var from = Find(row, out length);
                Native.Copy(from, place, length);
                place += length;
            }
        }
    }

    /// <summary>DT_STR, DT_WSTR.</summary>
    public sealed unsafe class TextColumn : VariableColumn
    {
        private readonly bool _wide;
        private readonly int _length;
        private int _cachedRow = -1;
        private string _cached;

        /// <summary>Without rows.</summary>
        public TextColumn(ColumnInfo info) : base(info)
        {
            _wide = info.Type.Word == "wstr";
            _length = info.Length > 0 ? info.Length : int.MaxValue;
        }

        /// <inheritdoc/>
        protected override void DetachValues()
        {
            base.DetachValues();
            _cachedRow = -1;
            _cached = null;
        }

        /// <inheritdoc/>
        public override string GetString(int row)
        {
            CheckRead(row);
            return Read(row);
        }

        private string Read(int row)
        {
            if (row == _cachedRow) return _cached;
            int length;
            var bytes = Find(row, out length);
            _cached = Utf8.Decode(bytes, length);
            _cachedRow = row;
            return _cached;
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : Read(row);
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var text = value as string ?? Convert.ToString(value, CultureInfo.CurrentCulture);
            if (row == _cachedRow) _cachedRow = -1;
            if (text.Length <= _length)
            {
                var place = BeginValue(row, text.Length);
                if (Utf8.EncodeAscii(text, place))
                {
                    EndValue(row, text.Length, text.Length);
                    return;
                }
                CancelValue(text.Length);
            }
            SetOther(row, text);
        }

        private void SetOther(int row, string text)
        {
            if (_wide)
            {
                if (text.Length > _length) throw ColumnErrors.DoesNotFit(Info);
            }
            else
            {
                var encoding = CodePages.Get(Info.CodePage);
                var bytes = encoding.GetBytes(text);
                if (bytes.Length > _length) throw ColumnErrors.DoesNotFit(Info);
                text = encoding.GetString(bytes);
            }
            var most = text.Length * 3L;
            var place = BeginValue(row, most);
            EndValue(row, most, Utf8.Encode(text, place));
        }
    }

    /// <summary>DT_BYTES.</summary>
    public sealed unsafe class BytesColumn : VariableColumn
    {
        /// <summary>Without rows.</summary>
        public BytesColumn(ColumnInfo info) : base(info)
        {
        }

        /// <inheritdoc/>
        public override byte[] GetBytes(int row)
        {
            CheckRead(row);
            return Read(row);
        }

        private byte[] Read(int row)
        {
            int length;
            var from = Find(row, out length);
            var bytes = new byte[length];
            for (var i = 0; i < length; i++) bytes[i] = from[i];
            return bytes;
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : Read(row);
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var bytes = value as byte[];
            if (bytes == null) throw new InvalidCastException("The column " + Info + " takes Byte[], not " + value.GetType() + ".");
            if (Info.Length > 0 && bytes.Length > Info.Length) throw ColumnErrors.DoesNotFit(Info);
            var place = BeginValue(row, bytes.Length);
            for (var i = 0; i < bytes.Length; i++) place[i] = bytes[i];
            EndValue(row, bytes.Length, bytes.Length);
        }
    }
}
