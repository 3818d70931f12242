// Columns of text (DT_STR, DT_WSTR), of bytes (DT_BYTES) and of large objects.
//
// Text is UTF-8 on the wire. It is decoded when the script asks for it, and encoded at once when
// the script writes it, so that no string lives longer than its row. Most text is ASCII: both ways
// have a loop of their own for it.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

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

    /// <summary>Between UTF-8 and UTF-16, fast for ASCII.</summary>
    public static unsafe class Utf8
    {
        private static readonly UTF8Encoding Encoding = new UTF8Encoding(false, false);

        /// <summary>The string of some bytes.</summary>
        public static string Decode(byte* from, int length)
        {
            if (length == 0) return "";
            if (!IsAscii(from, length)) return DecodeAny(from, length);
            var text = new string('\0', length);
            fixed (char* start = text)
            {
                var to = start;
                var end = from + length;
                while (end - from >= 4)
                {
                    var four = *(uint*)from;
                    *(ulong*)to = (four & 0xFF) | ((ulong)(four & 0xFF00) << 8) | ((ulong)(four & 0xFF0000) << 16) | ((ulong)(four & 0xFF000000) << 24);
                    from += 4;
                    to += 4;
                }
                while (from < end) *to++ = (char)*from++;
            }
            return text;
        }

        private static string DecodeAny(byte* from, int length)
        {
            return Encoding.GetString(from, length);
        }

        private static bool IsAscii(byte* from, int length)
        {
            var end = from + length;
            while (end - from >= 8)
            {
                if ((*(ulong*)from & 0x8080808080808080) != 0) return false;
                from += 8;
            }
            while (from < end)
            {
                if (*from++ >= 0x80) return false;
            }
            return true;
        }

        /// <summary>Writes the bytes of a string if all of it is ASCII; false leaves rubbish.</summary>
        public static bool EncodeAscii(string text, byte* to)
        {
            fixed (char* start = text)
            {
                var from = start;
                var end = start + text.Length;
                while (end - from >= 4)
                {
                    var four = *(ulong*)from;
                    if ((four & 0xFF80FF80FF80FF80) != 0) return false;
                    *(uint*)to = (uint)((four & 0xFF) | ((four >> 8) & 0xFF00) | ((four >> 16) & 0xFF0000) | ((four >> 24) & 0xFF000000));
                    from += 4;
                    to += 4;
                }
                while (from < end)
                {
                    if (*from >= 0x80) return false;
                    *to++ = (byte)*from++;
                }
            }
            return true;
        }

        /// <summary>Writes the bytes of any string; room for three bytes a unit is needed.</summary>
        public static int Encode(string text, byte* to)
        {
            fixed (char* from = text)
            {
                return Encoding.GetBytes(from, text.Length, to, text.Length * 3);
            }
        }
    }

    /// <summary>The encodings of code pages; what they do not have becomes '?'.</summary>
    public static class CodePages
    {
        private static readonly Dictionary<int, Encoding> Known = new Dictionary<int, Encoding>();

        /// <summary>The encoding of a code page; 0 is 1252.</summary>
        public static Encoding Get(int page)
        {
            if (page == 0) page = 1252;
            lock (Known)
            {
                Encoding found;
                if (Known.TryGetValue(page, out found)) return found;
                found = page == 65001
                    ? new UTF8Encoding(false)
                    : Encoding.GetEncoding(page, new EncoderReplacementFallback("?"), new DecoderReplacementFallback("?"));
                Known[page] = found;
                return found;
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

    /// <summary>DT_TEXT, DT_NTEXT, DT_IMAGE: read and written as bytes, which are those of the code
    /// page, UTF-16 or the data's own.</summary>
    public sealed unsafe class BlobStore : VariableColumn
    {
        private readonly Encoding _encoding;
        private int _cachedRow = -1;
        private byte[] _cached;
        private int _cachedLength;
        private bool _changed;

        /// <summary>Without rows.</summary>
        public BlobStore(ColumnInfo info) : base(info)
        {
            _encoding = info.Type.Word == "nText" ? new UnicodeEncoding(false, false)
                : info.Type.Word == "text" ? CodePages.Get(info.CodePage) : null;
        }

        /// <inheritdoc/>
        protected override void DetachValues()
        {
            base.DetachValues();
            _cachedRow = -1;
            _cached = null;
            _changed = false;
        }

        private void Load(int row)
        {
            if (row == _cachedRow) return;
            Flush();
            int length;
            byte* from = null;
            length = 0;
            if (!IsNull(row)) from = Find(row, out length);
            if (_encoding != null)
            {
                _cached = _encoding.GetBytes(Utf8.Decode(from, length));
            }
            else
            {
                _cached = new byte[length];
                for (var i = 0; i < length; i++) _cached[i] = from[i];
            }
            _cachedLength = _cached.Length;
            _cachedRow = row;
        }

        /// <summary>Puts what was added piece by piece to its row.</summary>
        private void Flush()
        {
            if (!_changed) return;
            _changed = false;
            var row = _cachedRow;
            if (_encoding == null)
            {
                var place = BeginValue(row, _cachedLength);
                for (var i = 0; i < _cachedLength; i++) place[i] = _cached[i];
                EndValue(row, _cachedLength, _cachedLength);
                return;
            }
            var text = _encoding.GetString(_cached, 0, _cachedLength);
            var most = text.Length * 3L;
            var start = BeginValue(row, most);
            EndValue(row, most, Utf8.Encode(text, start));
        }

        /// <summary>Bytes of a row's value.</summary>
        public uint BlobLength(int row)
        {
            CheckRow(row);
            Load(row);
            return (uint)_cachedLength;
        }

        private void CheckRow(int row)
        {
            IsNull(row);
        }

        /// <summary>A part of a row's value; less at its end.</summary>
        public byte[] Read(int row, int offset, int count)
        {
            CheckRead(row);
            Load(row);
            if (offset < 0 || count < 0) throw new ArgumentOutOfRangeException(offset < 0 ? "offset" : "count");
            count = Math.Min(count, Math.Max(0, _cachedLength - offset));
            var part = new byte[count];
            Array.Copy(_cached, offset, part, 0, count);
            return part;
        }

        /// <summary>Adds bytes at the end of a row's value.</summary>
        public void Add(int row, byte[] data, int count)
        {
            if (data == null) throw new ArgumentNullException("data");
            if (count < 0 || count > data.Length) throw new ArgumentOutOfRangeException("count");
            BeginWrite(row);
            Load(row);
            SetValid(row);
            var length = checked(_cachedLength + count);
            if (length > _cached.Length) Array.Resize(ref _cached, (int)Math.Min(int.MaxValue - 64L, Math.Max(length, _cached.Length * 2L)));
            Array.Copy(data, 0, _cached, _cachedLength, count);
            _cachedLength = length;
            _changed = true;
        }

        /// <summary>Empties a row's value; it is not NULL then.</summary>
        public void Reset(int row)
        {
            BeginWrite(row);
            Load(row);
            SetValid(row);
            _cachedLength = 0;
            _changed = true;
        }

        /// <inheritdoc/>
        public override void SetNull(int row)
        {
            if (row == _cachedRow)
            {
                _cachedRow = -1;
                _changed = false;
            }
            base.SetNull(row);
        }

        /// <inheritdoc/>
        protected override void EncodeValues(NativeBuffer to)
        {
            Flush();
            base.EncodeValues(to);
        }

        /// <inheritdoc/>
        public override long Bytes
        {
            get { return base.Bytes + (_changed ? _cachedLength : 0); }
        }

        /// <inheritdoc/>
        public override byte[] GetBytes(int row)
        {
            return Read(row, 0, int.MaxValue);
        }

        /// <inheritdoc/>
        public override string GetString(int row)
        {
            CheckRead(row);
            return _encoding == null ? base.GetString(row) : _encoding.GetString(GetBytes(row));
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            if (IsNull(row)) return null;
            return _encoding == null ? (object)GetBytes(row) : GetString(row);
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var bytes = value as byte[];
            if (bytes == null && _encoding != null && value is string) bytes = _encoding.GetBytes((string)value);
            if (bytes == null) throw new InvalidCastException("The column " + Info + " takes Byte[], not " + value.GetType() + ".");
            Reset(row);
            Add(row, bytes, bytes.Length);
        }
    }
}
