// Conversions to texts, dates, Booleans, characters and any type; reading numbers from texts.
// See ConversionsNumbers.cs for the rules.

using System;
using System.Globalization;
using System.Reflection;

namespace Microsoft.VisualBasic.CompilerServices
{
    public sealed partial class Conversions
    {
        /// <summary>Styles of a number in a text: signs, currency, thousands, exponent.</summary>
        private const NumberStyles NumberText = NumberStyles.Any;

        /// <summary>&amp;H or &amp;O and digits. VB reads them as a Long with wrap-around.</summary>
        private static bool Prefixed(string text, out long bits)
        {
            bits = 0;
            var s = text.Trim();
            if (s.Length < 3 || s[0] != '&') return false;
            var shift = (s[1] | 32) == 'h' ? 4 : (s[1] | 32) == 'o' ? 3 : 0;
            if (shift == 0) return false;
            for (var i = 2; i < s.Length; i++)
            {
                var digit = "0123456789abcdef".IndexOf(char.ToLowerInvariant(s[i]));
                if (digit < 0 || digit >= 1 << shift) return false;
                if ((ulong)bits >> (64 - shift) != 0) throw new OverflowException("Arithmetic operation resulted in an overflow.");
                bits = (bits << shift) + digit;
            }
            return true;
        }

        /// <summary>A number from a text, as Double.</summary>
        internal static bool TryNumber(string text, out double number)
        {
            long bits;
            if (Prefixed(text, out bits))
            {
                number = bits;
                return true;
            }
            var culture = CultureInfo.CurrentCulture;
            if (double.TryParse(text.Trim(), NumberText, culture, out number)) return true;
            // Where the culture's currency symbol is not part of the number's style, as in "5 €".
            var symbol = culture.NumberFormat.CurrencySymbol;
            if (symbol.Length == 0 || text.IndexOf(symbol, StringComparison.Ordinal) < 0) return false;
            return double.TryParse(text.Replace(symbol, "").Trim(), NumberText, culture, out number);
        }

        private static double Number(string text, string type)
        {
            double number;
            if (!TryNumber(text, out number)) throw CannotFromString(text, type);
            if (double.IsInfinity(number) && text.IndexOf(CultureInfo.CurrentCulture.NumberFormat.PositiveInfinitySymbol, StringComparison.Ordinal) < 0)
            {
                throw new OverflowException("Arithmetic operation resulted in an overflow.");
            }
            return number;
        }

        /// <summary>A whole number from a text, rounded half to even. Decimal keeps the digits of
        /// long ones.</summary>
        private static decimal Whole(string text, string type)
        {
            long bits;
            if (Prefixed(text, out bits)) return bits;
            decimal exact;
            if (decimal.TryParse(text.Trim(), NumberText, CultureInfo.CurrentCulture, out exact)) return Math.Round(exact, MidpointRounding.ToEven);
            var number = Math.Round(Number(text, type), MidpointRounding.ToEven);
            if (double.IsNaN(number)) throw new OverflowException("Arithmetic operation resulted in an overflow.");
            return (decimal)number;
        }

        /// <summary>CBool of a text: True, False or a number; Nothing is False.</summary>
        public static bool ToBoolean(string Value)
        {
            if (Value == null) return false;
            bool result;
            if (bool.TryParse(Value.Trim(), out result)) return result;
            return Number(Value, "Boolean") != 0;
        }

        /// <summary>CBool of any value: a number but 0 is True.</summary>
        public static bool ToBoolean(object Value)
        {
            if (Value == null) return false;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
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
                    return ((IConvertible)Value).ToBoolean(null);
                case TypeCode.String:
                    return ToBoolean(((IConvertible)Value).ToString(null));
                default:
                    throw Cannot(Value, "Boolean");
            }
        }

        /// <summary>CChar of a text: its first character; character 0 for an empty one.</summary>
        public static char ToChar(string Value)
        {
            return string.IsNullOrEmpty(Value) ? '\0' : Value[0];
        }

        /// <summary>CChar of any value.</summary>
        public static char ToChar(object Value)
        {
            if (Value == null) return '\0';
            if (Value is char) return (char)Value;
            var text = TextOf(Value);
            if (text == null) throw Cannot(Value, "Char");
            return ToChar(text);
        }

        /// <summary>The characters of a text.</summary>
        public static char[] ToCharArrayRankOne(string Value)
        {
            return (Value ?? "").ToCharArray();
        }

        /// <summary>The characters of a text or array.</summary>
        public static char[] ToCharArrayRankOne(object Value)
        {
            if (Value == null) return new char[0];
            var chars = Value as char[];
            if (chars != null) return chars;
            var text = Value as string;
            if (text == null) throw Cannot(Value, "Char()");
            return text.ToCharArray();
        }

        internal static bool TryDate(string text, out DateTime date)
        {
            const DateTimeStyles Styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.NoCurrentDateDefault;
            return DateTime.TryParse(text.Trim(), CultureInfo.CurrentCulture, Styles, out date);
        }

        /// <summary>CDate of a text by the thread's culture; a time alone has the date 1 January 1.</summary>
        public static DateTime ToDate(string Value)
        {
            DateTime date;
            if (Value == null || !TryDate(Value, out date)) throw CannotFromString(Value ?? "", "Date");
            return date;
        }

        /// <summary>CDate of any value; Nothing is the earliest date.</summary>
        public static DateTime ToDate(object Value)
        {
            if (Value == null) return new DateTime();
            if (Value is DateTime) return (DateTime)Value;
            var text = TextOf(Value);
            if (text == null) throw Cannot(Value, "Date");
            return ToDate(text);
        }

        /// <summary>CType to a type parameter.</summary>
        public static T ToGenericParameter<T>(object Value)
        {
            if (Value == null) return default(T);
            return (T)ChangeType(Value, typeof(T));
        }

        /// <summary>"True" or "False".</summary>
        public static string ToString(bool Value)
        {
            return Value ? "True" : "False";
        }

        /// <summary>CStr of a Byte.</summary>
        public static string ToString(byte Value)
        {
            return Value.ToString(null, null);
        }

        /// <summary>CStr of a Char.</summary>
        public static string ToString(char Value)
        {
            return Value.ToString();
        }

        /// <summary>CStr of a Date: the short date, the long time or both, without the part that is zero.</summary>
        public static string ToString(DateTime Value)
        {
            var time = Value.TimeOfDay.Ticks;
            if (time == Value.Ticks) return Value.ToString("T", null);
            return Value.ToString(time == 0 ? "d" : "G", null);
        }

        /// <summary>CStr of a Decimal.</summary>
        public static string ToString(decimal Value)
        {
            return Value.ToString("G", null);
        }

        /// <summary>CStr of a Decimal by a format.</summary>
        public static string ToString(decimal Value, NumberFormatInfo NumberFormat)
        {
            return Value.ToString("G", NumberFormat);
        }

        /// <summary>CStr of a Double: 15 digits, as .NET Framework writes it.</summary>
        public static string ToString(double Value)
        {
            return Value.ToString("G15", null);
        }

        /// <summary>CStr of a Double by a format.</summary>
        public static string ToString(double Value, NumberFormatInfo NumberFormat)
        {
            return Value.ToString("G15", NumberFormat);
        }

        /// <summary>CStr of an Integer.</summary>
        public static string ToString(int Value)
        {
            return Value.ToString(null, null);
        }

        /// <summary>CStr of a Long.</summary>
        public static string ToString(long Value)
        {
            return Value.ToString(null, null);
        }

        /// <summary>CStr of a Short.</summary>
        public static string ToString(short Value)
        {
            return Value.ToString(null, null);
        }

        /// <summary>CStr of a Single: 7 digits.</summary>
        public static string ToString(float Value)
        {
            return Value.ToString("G7", null);
        }

        /// <summary>CStr of a Single by a format.</summary>
        public static string ToString(float Value, NumberFormatInfo NumberFormat)
        {
            return Value.ToString("G7", NumberFormat);
        }

        /// <summary>CStr of a UInteger.</summary>
        public static string ToString(uint Value)
        {
            return Value.ToString(null, null);
        }

        /// <summary>CStr of a ULong.</summary>
        public static string ToString(ulong Value)
        {
            return Value.ToString(null, null);
        }

        /// <summary>CStr of any value; Nothing stays Nothing.</summary>
        public static string ToString(object Value)
        {
            if (Value == null) return null;
            var text = TextOf(Value);
            if (text != null) return text;
            switch (CodeOf(Value))
            {
                case TypeCode.Boolean:
                    return ToString(((IConvertible)Value).ToBoolean(null));
                case TypeCode.SByte:
                case TypeCode.Byte:
                case TypeCode.Int16:
                case TypeCode.Int32:
                case TypeCode.UInt16:
                case TypeCode.Int64:
                case TypeCode.UInt32:
                    return ToString(((IConvertible)Value).ToInt64(null));
                case TypeCode.UInt64:
                    return ToString(((IConvertible)Value).ToUInt64(null));
                case TypeCode.Single:
                    return ToString(((IConvertible)Value).ToSingle(null));
                case TypeCode.Double:
                    return ToString(((IConvertible)Value).ToDouble(null));
                case TypeCode.Decimal:
                    return ToString(((IConvertible)Value).ToDecimal(null));
                case TypeCode.DateTime:
                    return ToString(((IConvertible)Value).ToDateTime(null));
                case TypeCode.Char:
                    return ToString(((IConvertible)Value).ToChar(null));
                default:
                    throw Cannot(Value, "String");
            }
        }

        /// <summary>A text of one character repeated.</summary>
        public static string FromCharAndCount(char Value, int Count)
        {
            return new string(Value, Count);
        }

        /// <summary>A text of characters.</summary>
        public static string FromCharArray(char[] Value)
        {
            return new string(Value);
        }

        /// <summary>A text of some of the characters.</summary>
        public static string FromCharArraySubset(char[] Value, int StartIndex, int Length)
        {
            return new string(Value, StartIndex, Length);
        }

        /// <summary>CType to a type that is known at run time only: intrinsic types by VB's rules,
        /// enumerations by their number, Nullable by its value, else by assignment or a conversion
        /// operator of either type.</summary>
        public static object ChangeType(object Expression, Type TargetType)
        {
            if (TargetType == null) throw new ArgumentException("Argument 'TargetType' is not a valid value.");
            if (Expression == null) return TargetType.IsValueType ? Activator.CreateInstance(TargetType) : null;
            var from = Expression.GetType();
            if (TargetType.IsByRef) TargetType = TargetType.GetElementType();
            var nullable = Nullable.GetUnderlyingType(TargetType);
            if (nullable != null) TargetType = nullable;
            if (TargetType.IsAssignableFrom(from)) return Expression;
            if (TargetType.IsEnum) return Enum.ToObject(TargetType, ChangeType(Expression, Enum.GetUnderlyingType(TargetType)));
            var simple = Intrinsic(Expression, TargetType);
            if (simple != null) return simple;
            var converted = ByOperator(Expression, from, TargetType);
            if (converted != null) return converted;
            throw new InvalidCastException("Conversion from type '" + Information.TypeName(Expression) + "' to type '" + Information.VBName(TargetType) + "' is not valid.");
        }

        private static object Intrinsic(object value, Type type)
        {
            if (CodeOf(value) == TypeCode.Object && !(value is char[])) return null;
            switch (Type.GetTypeCode(type))
            {
                case TypeCode.Boolean:
                    return ToBoolean(value);
                case TypeCode.Byte:
                    return ToByte(value);
                case TypeCode.SByte:
                    return ToSByte(value);
                case TypeCode.Int16:
                    return ToShort(value);
                case TypeCode.UInt16:
                    return ToUShort(value);
                case TypeCode.Int32:
                    return ToInteger(value);
                case TypeCode.UInt32:
                    return ToUInteger(value);
                case TypeCode.Int64:
                    return ToLong(value);
                case TypeCode.UInt64:
                    return ToULong(value);
                case TypeCode.Single:
                    return ToSingle(value);
                case TypeCode.Double:
                    return ToDouble(value);
                case TypeCode.Decimal:
                    return ToDecimal(value);
                case TypeCode.DateTime:
                    return ToDate(value);
                case TypeCode.Char:
                    return ToChar(value);
                case TypeCode.String:
                    return ToString(value);
                default:
                    return type == typeof(char[]) ? ToCharArrayRankOne(value) : null;
            }
        }

        private static object ByOperator(object value, Type from, Type to)
        {
            foreach (var owner in new[] { to, from })
            {
                foreach (var method in owner.GetMethods(BindingFlags.Public | BindingFlags.Static))
                {
                    if (method.Name != "op_Implicit" && method.Name != "op_Explicit") continue;
                    var parameters = method.GetParameters();
                    if (!to.IsAssignableFrom(method.ReturnType) || parameters.Length != 1 || !parameters[0].ParameterType.IsAssignableFrom(from)) continue;
                    return method.Invoke(null, new[] { value });
                }
            }
            return null;
        }
    }
}
