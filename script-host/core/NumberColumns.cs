// Columns of fixed width: numbers.

using System;
using System.Globalization;

namespace Packmule.ScriptHost
{
    /// <summary>Values of fixed width, one after the other.</summary>
    public abstract unsafe class FixedColumn : Column
    {
        /// <summary>The values.</summary>
        protected byte* Values;
        private readonly int _width;
        private NativeBuffer _own;

        /// <summary>Of a width in bytes.</summary>
        protected FixedColumn(ColumnInfo info, int width) : base(info)
        {
            _width = width;
        }

        /// <inheritdoc/>
        protected override void AttachValues(PayloadReader payload, int rows)
        {
            Values = AllNull ? null : payload.Take((long)rows * _width);
        }

        /// <inheritdoc/>
        protected override void DetachValues()
        {
            Values = null;
        }

        /// <inheritdoc/>
        protected override void OwnValues(int capacity, int sourceRows)
        {
            var bytes = (long)capacity * _width;
            if (_own == null) _own = new NativeBuffer(bytes);
            _own.Clear();
            var place = _own.Append(bytes);
            if (sourceRows > 0) Native.Copy(Values, place, (long)sourceRows * _width);
            // What is not written goes over the wire as well: it must not be old memory.
            for (var i = (long)sourceRows * _width; i < bytes; i++) place[i] = 0;
            Values = place;
        }

        /// <inheritdoc/>
        protected override void GrowValues(int capacity)
        {
            var more = (long)capacity * _width - _own.Length;
            var added = _own.Append(more);
            for (long i = 0; i < more; i++) added[i] = 0;
            Values = _own.Memory;
        }

        /// <inheritdoc/>
        public override long Bytes
        {
            get { return (long)Rows * _width; }
        }

        /// <inheritdoc/>
        protected override void EncodeValues(NativeBuffer to)
        {
            var bytes = (long)Rows * _width;
            if (bytes > 0) Native.Copy(Values, to.Append(bytes), bytes);
        }
    }

    /// <summary>Makes the columns of numbers.</summary>
    public static class NumberColumns
    {
        /// <summary>By the type's word.</summary>
        public static Column Make(ColumnInfo info)
        {
            switch (info.Type.Word)
            {
                case "i1": return new I1Column(info);
                case "i2": return new I2Column(info);
                case "i4": return new I4Column(info);
                case "i8": return new I8Column(info);
                case "ui1": return new Ui1Column(info);
                case "ui2": return new Ui2Column(info);
                case "ui4": return new Ui4Column(info);
                case "ui8": return new Ui8Column(info);
                case "r4": return new R4Column(info);
                default: return new R8Column(info);
            }
        }
    }

    /// <summary>DT_I1.</summary>
    public sealed unsafe class I1Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public I1Column(ColumnInfo info) : base(info, sizeof(sbyte))
        {
        }

        /// <inheritdoc/>
        public override sbyte GetSByte(int row)
        {
            CheckRead(row);
            return ((sbyte*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((sbyte*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is sbyte ? (sbyte)value : Convert.ToSByte(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((sbyte*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_I2.</summary>
    public sealed unsafe class I2Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public I2Column(ColumnInfo info) : base(info, sizeof(short))
        {
        }

        /// <inheritdoc/>
        public override short GetInt16(int row)
        {
            CheckRead(row);
            return ((short*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((short*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is short ? (short)value : Convert.ToInt16(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((short*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_I4.</summary>
    public sealed unsafe class I4Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public I4Column(ColumnInfo info) : base(info, sizeof(int))
        {
        }

        /// <inheritdoc/>
        public override int GetInt32(int row)
        {
            CheckRead(row);
            return ((int*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((int*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is int ? (int)value : Convert.ToInt32(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((int*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_I8.</summary>
    public sealed unsafe class I8Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public I8Column(ColumnInfo info) : base(info, sizeof(long))
        {
        }

        /// <inheritdoc/>
        public override long GetInt64(int row)
        {
            CheckRead(row);
            return ((long*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((long*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is long ? (long)value : Convert.ToInt64(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((long*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_UI1.</summary>
    public sealed unsafe class Ui1Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public Ui1Column(ColumnInfo info) : base(info, sizeof(byte))
        {
        }

        /// <inheritdoc/>
        public override byte GetByte(int row)
        {
            CheckRead(row);
            return ((byte*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((byte*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is byte ? (byte)value : Convert.ToByte(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((byte*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_UI2.</summary>
    public sealed unsafe class Ui2Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public Ui2Column(ColumnInfo info) : base(info, sizeof(ushort))
        {
        }

        /// <inheritdoc/>
        public override ushort GetUInt16(int row)
        {
            CheckRead(row);
            return ((ushort*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((ushort*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is ushort ? (ushort)value : Convert.ToUInt16(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((ushort*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_UI4.</summary>
    public sealed unsafe class Ui4Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public Ui4Column(ColumnInfo info) : base(info, sizeof(uint))
        {
        }

        /// <inheritdoc/>
        public override uint GetUInt32(int row)
        {
            CheckRead(row);
            return ((uint*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((uint*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is uint ? (uint)value : Convert.ToUInt32(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((uint*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_UI8.</summary>
    public sealed unsafe class Ui8Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public Ui8Column(ColumnInfo info) : base(info, sizeof(ulong))
        {
        }

        /// <inheritdoc/>
        public override ulong GetUInt64(int row)
        {
            CheckRead(row);
            return ((ulong*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((ulong*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is ulong ? (ulong)value : Convert.ToUInt64(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((ulong*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_R4.</summary>
    public sealed unsafe class R4Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public R4Column(ColumnInfo info) : base(info, sizeof(float))
        {
        }

        /// <inheritdoc/>
        public override float GetSingle(int row)
        {
            CheckRead(row);
            return ((float*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((float*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is float ? (float)value : Convert.ToSingle(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((float*)Values)[row] = number;
            SetValid(row);
        }
    }

    /// <summary>DT_R8.</summary>
    public sealed unsafe class R8Column : FixedColumn
    {
        /// <summary>Without rows.</summary>
        public R8Column(ColumnInfo info) : base(info, sizeof(double))
        {
        }

        /// <inheritdoc/>
        public override double GetDouble(int row)
        {
            CheckRead(row);
            return ((double*)Values)[row];
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)((double*)Values)[row];
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            var number = value is double ? (double)value : Convert.ToDouble(value, CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((double*)Values)[row] = number;
            SetValid(row);
        }
    }
}
