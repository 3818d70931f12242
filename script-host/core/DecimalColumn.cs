// Columns of fixed-point numbers: DT_CY, DT_DECIMAL, DT_NUMERIC as 128-bit integers.
//
// .NET's decimal has 96 bits and its own scale; the column has its scale fixed. Digits that the
// column does not hold are cut off; for currency they are rounded half to even, as OLE does.

using System;
using System.Globalization;

namespace Packmule.ScriptHost
{
    /// <summary>An unsigned integer of 128 bits, with what fixed-point values need of it.</summary>
    public struct Wide
    {
        /// <summary>Upper half.</summary>
        public ulong High;
        /// <summary>Lower half.</summary>
        public ulong Low;

        private static readonly Wide[] Powers = MakePowers();

        private static Wide[] MakePowers()
        {
            var powers = new Wide[39];
            powers[0].Low = 1;
            for (var i = 1; i < powers.Length; i++)
            {
                powers[i] = powers[i - 1];
                powers[i].Multiply(10);
            }
            return powers;
        }

        /// <summary>Times a small number; false when it does not fit.</summary>
        public bool Multiply(uint by)
        {
            var part = (Low & 0xFFFFFFFF) * by;
            var result = part & 0xFFFFFFFF;
            part = (Low >> 32) * by + (part >> 32);
            var low = result | (part << 32);
            var carry = part >> 32;
            part = (High & 0xFFFFFFFF) * by + carry;
            result = part & 0xFFFFFFFF;
            part = (High >> 32) * by + (part >> 32);
            if (part >> 32 != 0) return false;
            High = result | (part << 32);
            Low = low;
            return true;
        }

        /// <summary>Divided by a small number; the remainder is dropped.</summary>
        public void Divide(uint by)
        {
            ulong rest = 0;
            var a = Step(High >> 32, by, ref rest);
            var b = Step(High & 0xFFFFFFFF, by, ref rest);
            var c = Step(Low >> 32, by, ref rest);
            var d = Step(Low & 0xFFFFFFFF, by, ref rest);
            High = (a << 32) | b;
            Low = (c << 32) | d;
        }

        private static ulong Step(ulong limb, uint by, ref ulong rest)
        {
            var value = (rest << 32) | limb;
            rest = value % by;
            return value / by;
        }

        /// <summary>Times 10 to a power, or divided when negative; false when it does not fit.</summary>
        public bool Scale(int power)
        {
            for (; power >= 9; power -= 9)
            {
                if (!Multiply(1000000000)) return false;
            }
            for (; power <= -9; power += 9) Divide(1000000000);
            if (power > 0) return Multiply((uint)Powers[power].Low);
            if (power < 0) Divide((uint)Powers[-power].Low);
            return true;
        }

        /// <summary>Whether it has at most so many digits (0 to 38).</summary>
        public bool HasDigits(int digits)
        {
            var limit = Powers[digits];
            return High < limit.High || (High == limit.High && Low < limit.Low);
        }
    }

    /// <summary>DT_CY, DT_DECIMAL, DT_NUMERIC.</summary>
    public sealed unsafe class DecimalColumn : FixedColumn
    {
        private readonly int _scale;
        private readonly int _precision;
        private readonly bool _currency;

        /// <summary>Without rows.</summary>
        public DecimalColumn(ColumnInfo info) : base(info, 16)
        {
            _scale = info.DecimalScale;
            _precision = info.DecimalPrecision;
            _currency = info.Type.Word == "cy";
        }

        private decimal Read(int row)
        {
            var low = ((ulong*)Values)[row * 2L];
            var high = ((ulong*)Values)[row * 2L + 1];
            var negative = (long)high < 0;
            if (negative)
            {
                low = ~low + 1;
                high = ~high + (low == 0 ? 1UL : 0UL);
            }
            var scale = _scale;
            if (scale > 28)
            {
                var wide = new Wide { High = high, Low = low };
                wide.Scale(28 - scale);
                high = wide.High;
                low = wide.Low;
                scale = 28;
            }
            if (high > uint.MaxValue) throw new OverflowException("The value of column " + Info + " is too large for a Decimal.");
            return new decimal((int)low, (int)(low >> 32), (int)high, negative, (byte)scale);
        }

        /// <inheritdoc/>
        public override decimal GetDecimal(int row)
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
            var number = value is decimal ? (decimal)value : Convert.ToDecimal(value, CultureInfo.CurrentCulture);
            if (_currency) number = decimal.Round(number, 4, MidpointRounding.ToEven);
            var bits = decimal.GetBits(number);
            var wide = new Wide { Low = (uint)bits[0] | ((ulong)(uint)bits[1] << 32), High = (uint)bits[2] };
            var negative = bits[3] < 0;
            if (!wide.Scale(_scale - ((bits[3] >> 16) & 0xFF)) || !wide.HasDigits(_precision)) throw ColumnErrors.DoesNotFit(Info);
            if (_currency && (wide.High != 0 || wide.Low > long.MaxValue)) throw ColumnErrors.DoesNotFit(Info);
            BeginWrite(row);
            if (negative)
            {
                wide.Low = ~wide.Low + 1;
                wide.High = ~wide.High + (wide.Low == 0 ? 1UL : 0UL);
            }
            ((ulong*)Values)[row * 2L] = wide.Low;
            ((ulong*)Values)[row * 2L + 1] = wide.High;
            SetValid(row);
        }
    }
}
