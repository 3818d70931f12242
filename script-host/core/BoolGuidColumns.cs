// Columns of Booleans and GUIDs.

using System;
using System.Globalization;

namespace Packmule.ScriptHost
{
    /// <summary>DT_GUID: 16 bytes in the order of Windows.</summary>
    public sealed unsafe class GuidColumn : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public GuidColumn(ColumnInfo info) : base(info, 16)
        {
        }

        /// <inheritdoc/>
        public override Guid GetGuid(int row)
        {
            CheckRead(row);
            return Read(row);
        }

        private Guid Read(int row)
        {
            // Guid keeps its fields in the order of Windows on this (little-endian) machine.
            return ((Guid*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)Read(row);
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var guid = value is Guid ? (Guid)value : new Guid(Convert.ToString(value, CultureInfo.InvariantCulture));
            BeginWrite(row);
            ((Guid*)Values)[row] = guid;
            SetValid(row);
        }
    }

    /// <summary>DT_BOOL: bits.</summary>
    public sealed unsafe class BoolColumn : Column
    {
        private byte* _bits;
        private NativeBuffer _own;

        /// <summary>Without rows.</summary>
        public BoolColumn(ColumnInfo info) : base(info)
        {
        }

        /// <inheritdoc/>
        protected override void AttachValues(PayloadReader payload, int rows)
        {
            _bits = AllNull ? null : payload.Take((rows + 7) / 8);
        }

        /// <inheritdoc/>
        protected override void DetachValues()
        {
            _bits = null;
        }

        /// <inheritdoc/>
        protected override void OwnValues(int capacity, int sourceRows)
        {
            var bytes = (capacity + 7) / 8;
            if (_own == null) _own = new NativeBuffer(bytes);
            _own.Clear();
            var place = _own.Append(bytes);
            var used = (sourceRows + 7) / 8;
            for (var i = 0; i < bytes; i++) place[i] = i < used ? _bits[i] : (byte)0;
            _bits = place;
        }

        /// <inheritdoc/>
        protected override void GrowValues(int capacity)
        {
            var more = (capacity + 7) / 8 - _own.Length;
            var added = _own.Append(more);
            for (long i = 0; i < more; i++) added[i] = 0;
            _bits = _own.Memory;
        }

        /// <inheritdoc/>
        public override long Bytes
        {
            get { return Rows / 8; }
        }

        /// <inheritdoc/>
        protected override void EncodeValues(NativeBuffer to)
        {
            var bytes = (Rows + 7) / 8;
            if (bytes > 0) Native.Copy(_bits, to.Append(bytes), bytes);
        }

        /// <inheritdoc/>
        public override bool GetBoolean(int row)
        {
            CheckRead(row);
            return (_bits[row >> 3] & (1 << (row & 7))) != 0;
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)GetBoolean(row);
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var yes = value is bool ? (bool)value : Convert.ToBoolean(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            if (yes) _bits[row >> 3] |= (byte)(1 << (row & 7));
            else _bits[row >> 3] &= (byte)~(1 << (row & 7));
            SetValid(row);
        }
    }
}
