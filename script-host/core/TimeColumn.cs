// Columns of dates and times.

using System;
using System.Globalization;

namespace Packmule.ScriptHost
{
    /// <summary>Dates and times kept in one integer, each type with its unit and origin.</summary>
    public sealed unsafe class TimeColumn : FixedColumn
    {
        private const long TicksTo1970 = 621355968000000000;
        private const long TicksTo1601 = 504911232000000000;

        private readonly string _word;
        private readonly bool _isTime;
        private readonly long _unit;

        /// <summary>Without rows.</summary>
        public TimeColumn(ColumnInfo info) : base(info, info.Type.Width)
        {
            _word = info.Type.Word;
            _isTime = info.Type.ClrType == typeof(TimeSpan);
            _unit = Unit(info);
        }

        /// <summary>Ticks of the smallest step that the type keeps: the rest is cut off.</summary>
        internal static long Unit(ColumnInfo info)
        {
            switch (info.Type.Word)
            {
                case "dbDate": return TimeSpan.TicksPerDay;
                case "dbTime": return TimeSpan.TicksPerSecond;
                case "dbTimeStamp": return TimeSpan.TicksPerMillisecond;
                case "date": return 10;
                case "fileTime": return 1;
            }
            long unit = 1;
            for (var digits = Math.Max(0, Math.Min(7, info.Scale)); digits < 7; digits++) unit *= 10;
            return unit;
        }

        private long Ticks(int row)
        {
            switch (_word)
            {
                case "dbDate": return checked(((int*)Values)[row] * TimeSpan.TicksPerDay + TicksTo1970);
                case "dbTime": return ((int*)Values)[row] * TimeSpan.TicksPerSecond;
                case "dbTime2": return ((long*)Values)[row] / 100;
                case "dbTimeStamp2": return ((long*)Values)[row];
                case "fileTime": return checked(((long*)Values)[row] + TicksTo1601);
                default: return checked(((long*)Values)[row] * 10 + TicksTo1970);
            }
        }

        private void Write(int row, long ticks)
        {
            ticks -= ticks % _unit;
            BeginWrite(row);
            switch (_word)
            {
                case "dbDate":
                    ((int*)Values)[row] = (int)((ticks - TicksTo1970) / TimeSpan.TicksPerDay);
                    break;
                case "dbTime":
                    ((int*)Values)[row] = (int)(ticks / TimeSpan.TicksPerSecond);
                    break;
                case "dbTime2":
                    ((long*)Values)[row] = ticks * 100;
                    break;
                case "dbTimeStamp2":
                    ((long*)Values)[row] = ticks;
                    break;
                case "fileTime":
                    ((long*)Values)[row] = ticks - TicksTo1601;
                    break;
                default:
                    // The unit is a multiple of a microsecond: this divides without rest.
                    ((long*)Values)[row] = (ticks - TicksTo1970) / 10;
                    break;
            }
            SetValid(row);
        }

        /// <inheritdoc/>
        public override DateTime GetDateTime(int row)
        {
            if (_isTime) return base.GetDateTime(row);
            CheckRead(row);
            return new DateTime(Ticks(row));
        }

        /// <inheritdoc/>
        public override TimeSpan GetTime(int row)
        {
            if (!_isTime) return base.GetTime(row);
            CheckRead(row);
            return new TimeSpan(Ticks(row));
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            if (IsNull(row)) return null;
            return _isTime ? (object)new TimeSpan(Ticks(row)) : new DateTime(Ticks(row));
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            if (_isTime)
            {
                var time = value is TimeSpan ? (TimeSpan)value
                    : value is DateTime ? ((DateTime)value).TimeOfDay
                    : TimeSpan.Parse(Convert.ToString(value, CultureInfo.CurrentCulture), CultureInfo.CurrentCulture);
                if (time.Ticks < 0 || time.Ticks >= TimeSpan.TicksPerDay) throw ColumnErrors.DoesNotFit(Info);
                Write(row, time.Ticks);
                return;
            }
            var date = value is DateTime ? (DateTime)value
                : value is DateTimeOffset ? ((DateTimeOffset)value).DateTime
                : Convert.ToDateTime(value, CultureInfo.CurrentCulture);
            if (_word == "fileTime" && date.Ticks < TicksTo1601) throw ColumnErrors.DoesNotFit(Info);
            Write(row, date.Ticks);
        }
    }

    /// <summary>DT_DBTIMESTAMPOFFSET: UTC ticks, then minutes.</summary>
    public sealed unsafe class OffsetColumn : FixedColumn
    {
        private readonly long _unit;
        private short* _minutes;
        private NativeBuffer _own;

        /// <summary>Without rows.</summary>
        public OffsetColumn(ColumnInfo info) : base(info, 8)
        {
            _unit = TimeColumn.Unit(info);
        }

        /// <inheritdoc/>
        protected override void AttachValues(PayloadReader payload, int rows)
        {
            base.AttachValues(payload, rows);
            _minutes = AllNull ? null : (short*)payload.Take(rows * 2L);
        }

        /// <inheritdoc/>
        protected override void DetachValues()
        {
            base.DetachValues();
            _minutes = null;
        }

        /// <inheritdoc/>
        protected override void OwnValues(int capacity, int sourceRows)
        {
            base.OwnValues(capacity, sourceRows);
            if (_own == null) _own = new NativeBuffer(capacity * 2L);
            _own.Clear();
            var place = (short*)_own.Append(capacity * 2L);
            for (var i = 0; i < capacity; i++) place[i] = i < sourceRows ? _minutes[i] : (short)0;
            _minutes = place;
        }

        /// <inheritdoc/>
        protected override void GrowValues(int capacity)
        {
            base.GrowValues(capacity);
            var more = capacity * 2L - _own.Length;
            var added = _own.Append(more);
            for (long i = 0; i < more; i++) added[i] = 0;
            _minutes = (short*)_own.Memory;
        }

        /// <inheritdoc/>
        protected override void EncodeValues(NativeBuffer to)
        {
            base.EncodeValues(to);
            to.Pad();
            if (Rows > 0) Native.Copy((byte*)_minutes, to.Append(Rows * 2L), Rows * 2L);
        }

        private DateTimeOffset Read(int row)
        {
            var offset = TimeSpan.FromMinutes(_minutes[row]);
            return new DateTimeOffset(checked(((long*)Values)[row] + offset.Ticks), offset);
        }

        /// <inheritdoc/>
        public override DateTimeOffset GetDateTimeOffset(int row)
        {
            CheckRead(row);
            return Read(row);
        }

        /// <inheritdoc/>
        public override object Get(int row)
        {
            return IsNull(row) ? null : (object)Read(row);
        }

        /// <inheritdoc/>
        protected override void SetValue(int row, object value)
        {
            DateTimeOffset at;
            if (value is DateTimeOffset) at = (DateTimeOffset)value;
            else if (value is DateTime) at = new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Unspecified), TimeSpan.Zero);
            else at = DateTimeOffset.Parse(Convert.ToString(value, CultureInfo.CurrentCulture), CultureInfo.CurrentCulture);
            BeginWrite(row);
            ((long*)Values)[row] = at.UtcTicks - at.UtcTicks % _unit;
            _minutes[row] = (short)(at.Offset.Ticks / TimeSpan.TicksPerMinute);
            SetValid(row);
        }
    }
}
