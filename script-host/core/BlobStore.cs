// Columns of large objects: DT_TEXT, DT_NTEXT, DT_IMAGE.

using System;
using System.Text;

namespace Packmule.ScriptHost
{
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
