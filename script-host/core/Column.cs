// A column of one batch: values that came from the engine, values that the script writes.
//
// What came is read where it lies; the first write makes the column its own copy. The same class
// serves columns of outputs, which have no source and grow by a row at a time.

using System;

namespace Packmule.ScriptHost
{
    /// <summary>The exceptions of columns, which have the names of SSIS: the assembly of
    /// PipelineBuffer puts its own here.</summary>
    public static class ColumnErrors
    {
        /// <summary>A value was wanted of a NULL.</summary>
        public static Func<ColumnInfo, Exception> IsNull = c => new InvalidOperationException("The column has a null value.");

        /// <summary>There is no such column.</summary>
        public static Func<string, Exception> NoColumn = text => new ArgumentOutOfRangeException("index", text);

        /// <summary>A value does not fit.</summary>
        public static Func<ColumnInfo, Exception> DoesNotFit =
            c => new OverflowException("The value is too large to fit in the column data area of the buffer.");
    }

    /// <summary>A column of the rows at hand.</summary>
    public abstract unsafe class Column
    {
        /// <summary>What it is.</summary>
        public readonly ColumnInfo Info;

        /// <summary>Bitmap, 1 = has a value; null = all rows have one unless <see cref="AllNull"/>.</summary>
        protected byte* Valid;
        /// <summary>The source has no values at all.</summary>
        protected bool AllNull;
        /// <summary>Rows that may be read and written.</summary>
        protected int Rows;
        private NativeBuffer _validity;
        private int _capacity;

        /// <summary>A column without rows.</summary>
        protected Column(ColumnInfo info)
        {
            Info = info;
        }

        /// <summary>Whether the script wrote to it since the batch began.</summary>
        public bool Written { get; private set; }

        /// <summary>The right class for a type.</summary>
        public static Column Make(ColumnInfo info)
        {
            switch (info.Type.Storage)
            {
                case Storage.Bool: return new BoolColumn(info);
                case Storage.Number: return NumberColumns.Make(info);
                case Storage.Decimal: return new DecimalColumn(info);
                case Storage.Text: return new TextColumn(info);
                case Storage.Bytes: return new BytesColumn(info);
                case Storage.Blob: return new BlobStore(info);
                case Storage.Guid: return new GuidColumn(info);
                case Storage.Time: return new TimeColumn(info);
                case Storage.Offset: return new OffsetColumn(info);
                default: return new EmptyColumn(info);
            }
        }

        /// <summary>Takes the values of the next batch, which stay where they are.</summary>
        public void Attach(PayloadReader payload, int rows)
        {
            Detach();
            var nulls = payload.Nulls(rows);
            AllNull = nulls == rows && rows > 0;
            Valid = nulls > 0 && !AllNull ? payload.Take((rows + 7) / 8) : null;
            AttachValues(payload, rows);
            Rows = rows;
        }

        /// <summary>Begins a batch without source: so many rows, all NULL.</summary>
        public void Begin(int rows)
        {
            Detach();
            AllNull = true;
            Rows = rows;
        }

        /// <summary>Lets go of the batch; nothing can be read any more.</summary>
        public void Detach()
        {
            Rows = 0;
            Valid = null;
            AllNull = false;
            Written = false;
            DetachValues();
        }

        /// <summary>One more row, NULL, for columns of outputs.</summary>
        public void AddRow()
        {
            Rows++;
            if (Written && Rows > _capacity) Grow();
        }

        /// <summary>Whether the value of a row is NULL.</summary>
        public bool IsNull(int row)
        {
            if ((uint)row >= (uint)Rows) throw NoRow();
            return AllNull || (Valid != null && (Valid[row >> 3] & (1 << (row & 7))) == 0);
        }

        /// <summary>Checks that a row has a value to read.</summary>
        protected void CheckRead(int row)
        {
            if (IsNull(row)) throw ColumnErrors.IsNull(Info);
        }

        private static Exception NoRow()
        {
            return new InvalidOperationException("There is no current row in the buffer: NextRow or AddRow comes first, and rows cannot be used after their buffer was left.");
        }

        /// <summary>Makes the column its own and checks the row; before each write.</summary>
        protected void BeginWrite(int row)
        {
            if ((uint)row >= (uint)Rows) throw NoRow();
            if (!Written) Own();
        }

        /// <summary>Marks a row as having a value.</summary>
        protected void SetValid(int row)
        {
            Valid[row >> 3] |= (byte)(1 << (row & 7));
        }

        /// <summary>Makes a row NULL.</summary>
        public virtual void SetNull(int row)
        {
            // NULL stays NULL: a column nobody writes need not go over the wire.
            if (AllNull && (uint)row < (uint)Rows) return;
            BeginWrite(row);
            Valid[row >> 3] &= (byte)~(1 << (row & 7));
        }

        private void Own()
        {
            var capacity = Math.Max(Rows, 64);
            var bytes = (capacity + 7) / 8 + 8;
            if (_validity == null) _validity = new NativeBuffer(bytes);
            _validity.Clear();
            var bits = _validity.Append(bytes);
            var used = (Rows + 7) / 8;
            for (var i = 0; i < bytes; i++)
            {
                bits[i] = i >= used || AllNull ? (byte)0 : Valid == null ? (byte)0xFF : Valid[i];
            }
            // Rows that come later start as NULL.
            if (!AllNull && (Rows & 7) != 0) bits[used - 1] &= (byte)((1 << (Rows & 7)) - 1);
            _capacity = capacity;
            OwnValues(capacity, AllNull ? 0 : Rows);
            Valid = bits;
            AllNull = false;
            Written = true;
        }

        private void Grow()
        {
            var capacity = Math.Max(_capacity * 2, Rows);
            var old = _validity.Length;
            var bytes = (capacity + 7) / 8 + 8;
            var added = _validity.Append(bytes - old);
            for (var i = 0; i < bytes - old; i++) added[i] = 0;
            Valid = _validity.Memory;
            _capacity = capacity;
            GrowValues(capacity);
        }

        /// <summary>Takes the values part of a payload.</summary>
        protected abstract void AttachValues(PayloadReader payload, int rows);

        /// <summary>Forgets the values.</summary>
        protected abstract void DetachValues();

        /// <summary>Makes room of its own for so many rows, copying those of the source.</summary>
        protected abstract void OwnValues(int capacity, int sourceRows);

        /// <summary>More room.</summary>
        protected abstract void GrowValues(int capacity);

        /// <summary>Bytes that this column's values take, roughly.</summary>
        public abstract long Bytes { get; }

        /// <summary>Writes the column to a payload.</summary>
        public void Encode(NativeBuffer to)
        {
            var nulls = CountNulls();
            *(long*)to.Append(8) = nulls;
            if (nulls == Rows && Rows > 0) return;
            if (nulls > 0)
            {
                Native.Copy(Valid, to.Append((Rows + 7) / 8), (Rows + 7) / 8);
                to.Pad();
            }
            EncodeValues(to);
            to.Pad();
        }

        /// <summary>Writes the values part.</summary>
        protected abstract void EncodeValues(NativeBuffer to);

        private int CountNulls()
        {
            if (AllNull) return Rows;
            if (Valid == null) return 0;
            var valid = 0;
            var whole = Rows >> 3;
            for (var i = 0; i < whole; i++) valid += BitCount[Valid[i]];
            for (var row = whole << 3; row < Rows; row++) valid += (Valid[row >> 3] >> (row & 7)) & 1;
            return Rows - valid;
        }

        private static readonly byte[] BitCount = MakeBitCount();

        private static byte[] MakeBitCount()
        {
            var counts = new byte[256];
            for (var i = 1; i < 256; i++) counts[i] = (byte)(counts[i >> 1] + (i & 1));
            return counts;
        }

        private Exception Wrong(string type)
        {
            return new InvalidCastException("The column " + Info + " cannot be read as " + type + ".");
        }

        /// <summary>The value as an object; null for NULL.</summary>
        public abstract object Get(int row);

        /// <summary>Writes a value; null and DBNull are NULL.</summary>
        public void Set(int row, object value)
        {
            if (value == null || value == (object)DBNull.Value) SetNull(row);
            else SetValue(row, value);
        }

        /// <summary>Writes a value that is not null.</summary>
        protected abstract void SetValue(int row, object value);

        /// <summary>A Boolean.</summary>
        public virtual bool GetBoolean(int row) { throw Wrong("Boolean"); }
        /// <summary>A signed byte.</summary>
        public virtual sbyte GetSByte(int row) { throw Wrong("SByte"); }
        /// <summary>A byte.</summary>
        public virtual byte GetByte(int row) { throw Wrong("Byte"); }
        /// <summary>A 16-bit integer.</summary>
        public virtual short GetInt16(int row) { throw Wrong("Int16"); }
        /// <summary>An unsigned 16-bit integer.</summary>
        public virtual ushort GetUInt16(int row) { throw Wrong("UInt16"); }
        /// <summary>A 32-bit integer.</summary>
        public virtual int GetInt32(int row) { throw Wrong("Int32"); }
        /// <summary>An unsigned 32-bit integer.</summary>
        public virtual uint GetUInt32(int row) { throw Wrong("UInt32"); }
        /// <summary>A 64-bit integer.</summary>
        public virtual long GetInt64(int row) { throw Wrong("Int64"); }
        /// <summary>An unsigned 64-bit integer.</summary>
        public virtual ulong GetUInt64(int row) { throw Wrong("UInt64"); }
        /// <summary>A 32-bit float.</summary>
        public virtual float GetSingle(int row) { throw Wrong("Single"); }
        /// <summary>A 64-bit float.</summary>
        public virtual double GetDouble(int row) { throw Wrong("Double"); }
        /// <summary>A decimal.</summary>
        public virtual decimal GetDecimal(int row) { throw Wrong("Decimal"); }
        /// <summary>Text.</summary>
        public virtual string GetString(int row) { throw Wrong("String"); }
        /// <summary>Bytes.</summary>
        public virtual byte[] GetBytes(int row) { throw Wrong("Byte[]"); }
        /// <summary>A GUID.</summary>
        public virtual Guid GetGuid(int row) { throw Wrong("Guid"); }
        /// <summary>A date, or date and time.</summary>
        public virtual DateTime GetDateTime(int row) { throw Wrong("DateTime"); }
        /// <summary>A time of day.</summary>
        public virtual TimeSpan GetTime(int row) { throw Wrong("TimeSpan"); }
        /// <summary>Date and time with offset.</summary>
        public virtual DateTimeOffset GetDateTimeOffset(int row) { throw Wrong("DateTimeOffset"); }
    }

    /// <summary>A column without values.</summary>
    public sealed unsafe class EmptyColumn : Column
    {
        /// <summary>Of type empty or null.</summary>
        public EmptyColumn(ColumnInfo info) : base(info)
        {
        }

        /// <inheritdoc/>
        protected override void AttachValues(PayloadReader payload, int rows)
        {
            if (rows > 0 && !AllNull) throw new ProtocolException("a column of type null has values");
        }

        /// <inheritdoc/>
        protected override void DetachValues() { }
        /// <inheritdoc/>
        protected override void OwnValues(int capacity, int sourceRows) { }
        /// <inheritdoc/>
        protected override void GrowValues(int capacity) { }
        /// <inheritdoc/>
        public override long Bytes { get { return 0; } }
        /// <inheritdoc/>
        protected override void EncodeValues(NativeBuffer to) { }
        /// <inheritdoc/>
        public override object Get(int row) { return null; }
        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            throw new InvalidCastException("The column " + Info + " holds no values.");
        }
    }

    /// <summary>Reads the parts of a payload one after the other and checks their bounds.</summary>
    public sealed unsafe class PayloadReader
    {
        private readonly byte* _memory;
        private readonly long _length;
        private long _at;

        /// <summary>Over a payload.</summary>
        public PayloadReader(NativeBuffer buffer)
        {
            _memory = buffer == null ? null : buffer.Memory;
            _length = buffer == null ? 0 : buffer.Length;
        }

        /// <summary>The next part of so many bytes; the padding after it is skipped.</summary>
        public byte* Take(long count)
        {
            if (count < 0 || count > _length - _at) throw new ProtocolException("a payload is too short");
            var place = _memory + _at;
            _at = Math.Min(_length, (_at + count + 7) & ~7L);
            return place;
        }

        /// <summary>The count of NULLs at the head of a column.</summary>
        public int Nulls(int rows)
        {
            var nulls = *(long*)Take(8);
            if (nulls < 0 || nulls > rows) throw new ProtocolException("a column has more NULLs than rows");
            return (int)nulls;
        }

        /// <summary>Offsets and data of text or bytes.</summary>
        public uint* Offsets(int rows, out byte* data)
        {
            var offsets = (uint*)Take((rows + 1L) * 4);
            if (offsets[0] != 0) throw new ProtocolException("offsets do not begin at 0");
            for (var i = 0; i < rows; i++)
            {
                if (offsets[i + 1] < offsets[i]) throw new ProtocolException("offsets descend");
            }
            data = Take(offsets[rows]);
            return offsets;
        }
    }
}
