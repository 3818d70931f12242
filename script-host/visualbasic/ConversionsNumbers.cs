// Conversions: what CInt, CStr, CDate and their kin, and implicit conversions, become.
//
// Documented at learn.microsoft.com, "Type Conversion Functions (Visual Basic)" and
// Microsoft.VisualBasic.CompilerServices.Conversions. In short: Nothing becomes the type's default;
// True is -1 (all bits set in unsigned types); numbers round half to even; texts are read with the
// thread's culture, may carry a currency symbol, &H or &O; what cannot be converted is an
// InvalidCastException, what does not fit an OverflowException.

using System;
using System.ComponentModel;
using System.Globalization;

namespace Microsoft.VisualBasic.CompilerServices
{
    /// <summary>Conversions of Visual Basic.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed partial class Conversions
    {
        private Conversions()
        {
        }

        internal static InvalidCastException CannotFromString(string value, string type)
        {
            var shown = value.Length > 32 ? value.Substring(0, 32) : value;
            return new InvalidCastException("Conversion from string \"" + shown + "\" to type '" + type + "' is not valid.");
        }

        internal static InvalidCastException Cannot(object value, string type)
        {
            return new InvalidCastException("Conversion from type '" + Information.TypeName(value) + "' to type '" + type + "' is not valid.");
        }

        private static TypeCode CodeOf(object value)
        {
            var convertible = value as IConvertible;
            return convertible == null ? TypeCode.Object : convertible.GetTypeCode();
        }

        private static string TextOf(object value)
        {
            var chars = value as char[];
            return chars != null ? new string(chars) : value as string;
        }

        /// <summary>CByte of a text; Nothing is 0.</summary>
        public static byte ToByte(string Value)
        {
            if (Value == null) return 0;
            return checked((byte)Whole(Value, "Byte"));
        }

        /// <summary>CByte of any value; Nothing is 0, True all bits.</summary>
        public static byte ToByte(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (byte)byte.MaxValue : (byte)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToByte(null);
                case TypeCode.String:
                    return ToByte(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToByte(new string((char[])Value));
                    throw Cannot(Value, "Byte");
            }
        }

        /// <summary>CSByte of a text; Nothing is 0.</summary>
        public static sbyte ToSByte(string Value)
        {
            if (Value == null) return 0;
            return checked((sbyte)Whole(Value, "SByte"));
        }

        /// <summary>CSByte of any value; Nothing is 0, True all bits.</summary>
        public static sbyte ToSByte(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (sbyte)-1 : (sbyte)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToSByte(null);
                case TypeCode.String:
                    return ToSByte(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToSByte(new string((char[])Value));
                    throw Cannot(Value, "SByte");
            }
        }

        /// <summary>CShort of a text; Nothing is 0.</summary>
        public static short ToShort(string Value)
        {
            if (Value == null) return 0;
            return checked((short)Whole(Value, "Short"));
        }

        /// <summary>CShort of any value; Nothing is 0, True all bits.</summary>
        public static short ToShort(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (short)-1 : (short)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToInt16(null);
                case TypeCode.String:
                    return ToShort(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToShort(new string((char[])Value));
                    throw Cannot(Value, "Short");
            }
        }

        /// <summary>CUShort of a text; Nothing is 0.</summary>
        public static ushort ToUShort(string Value)
        {
            if (Value == null) return 0;
            return checked((ushort)Whole(Value, "UShort"));
        }

        /// <summary>CUShort of any value; Nothing is 0, True all bits.</summary>
        public static ushort ToUShort(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (ushort)ushort.MaxValue : (ushort)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToUInt16(null);
                case TypeCode.String:
                    return ToUShort(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToUShort(new string((char[])Value));
                    throw Cannot(Value, "UShort");
            }
        }

        /// <summary>CInt of a text; Nothing is 0.</summary>
        public static int ToInteger(string Value)
        {
            if (Value == null) return 0;
            return checked((int)Whole(Value, "Integer"));
        }

        /// <summary>CInt of any value; Nothing is 0, True all bits.</summary>
        public static int ToInteger(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (int)-1 : (int)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToInt32(null);
                case TypeCode.String:
                    return ToInteger(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToInteger(new string((char[])Value));
                    throw Cannot(Value, "Integer");
            }
        }

        /// <summary>CUInt of a text; Nothing is 0.</summary>
        public static uint ToUInteger(string Value)
        {
            if (Value == null) return 0;
            return checked((uint)Whole(Value, "UInteger"));
        }

        /// <summary>CUInt of any value; Nothing is 0, True all bits.</summary>
        public static uint ToUInteger(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (uint)uint.MaxValue : (uint)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToUInt32(null);
                case TypeCode.String:
                    return ToUInteger(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToUInteger(new string((char[])Value));
                    throw Cannot(Value, "UInteger");
            }
        }

        /// <summary>CLng of a text; Nothing is 0.</summary>
        public static long ToLong(string Value)
        {
            if (Value == null) return 0;
            return checked((long)Whole(Value, "Long"));
        }

        /// <summary>CLng of any value; Nothing is 0, True all bits.</summary>
        public static long ToLong(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (long)-1 : (long)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToInt64(null);
                case TypeCode.String:
                    return ToLong(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToLong(new string((char[])Value));
                    throw Cannot(Value, "Long");
            }
        }

        /// <summary>CULng of a text; Nothing is 0.</summary>
        public static ulong ToULong(string Value)
        {
            if (Value == null) return 0;
            return checked((ulong)Whole(Value, "ULong"));
        }

        /// <summary>CULng of any value; Nothing is 0, True all bits.</summary>
        public static ulong ToULong(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? (ulong)ulong.MaxValue : (ulong)0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToUInt64(null);
                case TypeCode.String:
                    return ToULong(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToULong(new string((char[])Value));
                    throw Cannot(Value, "ULong");
            }
        }

        /// <summary>CSng of a text; Nothing is 0.</summary>
        public static float ToSingle(string Value)
        {
            if (Value == null) return 0;
            var number = Number(Value, "Single");
            if (number < float.MinValue || number > float.MaxValue) throw new OverflowException("Arithmetic operation resulted in an overflow.");
            return (float)number;
        }

        /// <summary>CSng of any value; Nothing is 0, True -1.</summary>
        public static float ToSingle(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? -1 : 0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToSingle(null);
                case TypeCode.String:
                    return ToSingle(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToSingle(new string((char[])Value));
                    throw Cannot(Value, "Single");
            }
        }

        /// <summary>CDbl of a text; Nothing is 0.</summary>
        public static double ToDouble(string Value)
        {
            if (Value == null) return 0;
            var number = Number(Value, "Double");
            return (double)number;
        }

        /// <summary>CDbl of any value; Nothing is 0, True -1.</summary>
        public static double ToDouble(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ((IConvertible)Value).ToBoolean(null) ? -1 : 0;
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToDouble(null);
                case TypeCode.String:
                    return ToDouble(((IConvertible)Value).ToString(null));
                default:
                    if (Value is char[]) return ToDouble(new string((char[])Value));
                    throw Cannot(Value, "Double");
            }
        }

        /// <summary>CDec of a Boolean: True is -1.</summary>
        public static decimal ToDecimal(bool Value)
        {
            return Value ? -1m : 0m;
        }

        /// <summary>CDec of a text; Nothing is 0.</summary>
        public static decimal ToDecimal(string Value)
        {
            if (Value == null) return 0;
            long bits;
            if (Prefixed(Value, out bits)) return bits;
            decimal number;
            if (decimal.TryParse(Value.Trim(), NumberStyles.Any, CultureInfo.CurrentCulture, out number)) return number;
            return (decimal)Number(Value, "Decimal");
        }

        /// <summary>CDec of any value; Nothing is 0, True -1.</summary>
        public static decimal ToDecimal(object Value)
        {
            if (Value == null) return 0;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ToDecimal(((IConvertible)Value).ToBoolean(null));
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Int64:
                case TypeCode.UInt64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                    return ((IConvertible)Value).ToDecimal(null);
                case TypeCode.String:
                    return ToDecimal(((IConvertible)Value).ToString(null));
                default:
                    throw Cannot(Value, "Decimal");
            }
        }
    }
}
