// Conversion: Int, Fix, Hex, Oct, Str, Val, ErrorToString; VBMath: Rnd and Randomize.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.Conversion and VBMath. Rnd's numbers are
// those of Visual Basic: x' = (x * 1140671485 + 12820163) mod 2^24, first seed 327680 (published in
// Microsoft's knowledge base, article 231847, "How Visual Basic generates pseudo-random numbers").

using System;
using System.Globalization;
using Microsoft.VisualBasic.CompilerServices;

namespace Microsoft.VisualBasic
{
    /// <summary>Conversions between numbers and texts.</summary>
    [StandardModule]
    public sealed class Conversion
    {
        private Conversion()
        {
        }

        /// <summary>Text of the last error of this thread.</summary>
        public static string ErrorToString()
        {
            var error = ProjectData.Error;
            return error.Number == 0 ? "" : error.Description;
        }

        /// <summary>Text of an error number.</summary>
        public static string ErrorToString(int ErrorNumber)
        {
            if (ErrorNumber >= 65535) throw new ArgumentException("Argument 'ErrorNumber' must be less than 65535.");
            return ErrorNumber == 0 ? "" : VBErrors.ExceptionOf(ErrorNumber, null).Message;
        }

        /// <summary>A value converted to a type of VB by its number.</summary>
        public static object CTypeDynamic(object Expression, Type TargetType)
        {
            return Conversions.ChangeType(Expression, TargetType);
        }

        /// <summary>A value converted to a type.</summary>
        public static TargetType CTypeDynamic<TargetType>(object Expression)
        {
            return Conversions.ToGenericParameter<TargetType>(Expression);
        }

        /// <summary>The whole part: towards zero.</summary>
        public static double Fix(double Number)
        {
            return Math.Truncate(Number);
        }

        /// <summary>The greatest whole number that is not greater.</summary>
        public static double Int(double Number)
        {
            return Math.Floor(Number);
        }

        /// <summary>The whole part: towards zero.</summary>
        public static float Fix(float Number)
        {
            return (float)Math.Truncate(Number);
        }

        /// <summary>The greatest whole number that is not greater.</summary>
        public static float Int(float Number)
        {
            return (float)Math.Floor(Number);
        }

        /// <summary>The whole part: towards zero.</summary>
        public static decimal Fix(decimal Number)
        {
            return decimal.Truncate(Number);
        }

        /// <summary>The greatest whole number that is not greater.</summary>
        public static decimal Int(decimal Number)
        {
            return decimal.Floor(Number);
        }

        /// <summary>The number itself.</summary>
        public static short Fix(short Number)
        {
            return Number;
        }

        /// <summary>The number itself.</summary>
        public static short Int(short Number)
        {
            return Number;
        }

        /// <summary>The number itself.</summary>
        public static int Fix(int Number)
        {
            return Number;
        }

        /// <summary>The number itself.</summary>
        public static int Int(int Number)
        {
            return Number;
        }

        /// <summary>The number itself.</summary>
        public static long Fix(long Number)
        {
            return Number;
        }

        /// <summary>The number itself.</summary>
        public static long Int(long Number)
        {
            return Number;
        }

        /// <summary>The whole part of any number or text, towards zero.</summary>
        public static object Fix(object Number)
        {
            if (Number == null) throw new ArgumentNullException("Number");
            switch (Operators.CodeOf(Number))
            {
                case TypeCode.String:
                    return Fix(Conversions.ToDouble(Number));
                case TypeCode.Boolean:
                    return Conversions.ToInteger(Number);
                case TypeCode.Single:
                    return Fix(Conversions.ToSingle(Number));
                case TypeCode.Double:
                    return Fix(Conversions.ToDouble(Number));
                case TypeCode.Decimal:
                    return Fix(Conversions.ToDecimal(Number));
                default:
                    if (Operators.IsNumber(Operators.CodeOf(Number))) return Number;
                    throw new ArgumentException("Argument 'Number' cannot be converted to type 'Double'.");
            }
        }

        /// <summary>The whole part of any number or text, downwards.</summary>
        public static object Int(object Number)
        {
            if (Number == null) throw new ArgumentNullException("Number");
            switch (Operators.CodeOf(Number))
            {
                case TypeCode.String:
                    return Int(Conversions.ToDouble(Number));
                case TypeCode.Boolean:
                    return Conversions.ToInteger(Number);
                case TypeCode.Single:
                    return Int(Conversions.ToSingle(Number));
                case TypeCode.Double:
                    return Int(Conversions.ToDouble(Number));
                case TypeCode.Decimal:
                    return Int(Conversions.ToDecimal(Number));
                default:
                    if (Operators.IsNumber(Operators.CodeOf(Number))) return Number;
                    throw new ArgumentException("Argument 'Number' cannot be converted to type 'Double'.");
            }
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(byte Number)
        {
            return unchecked((byte)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(byte Number)
        {
            return Octal(unchecked((byte)Number));
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(short Number)
        {
            return unchecked((ushort)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(short Number)
        {
            return Octal(unchecked((ushort)Number));
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(int Number)
        {
            return unchecked((uint)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(int Number)
        {
            return Octal(unchecked((uint)Number));
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(long Number)
        {
            return unchecked((ulong)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(long Number)
        {
            return Octal(unchecked((ulong)Number));
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(sbyte Number)
        {
            return unchecked((byte)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(sbyte Number)
        {
            return Octal(unchecked((byte)Number));
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(ushort Number)
        {
            return unchecked((ushort)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(ushort Number)
        {
            return Octal(unchecked((ushort)Number));
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(uint Number)
        {
            return unchecked((uint)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(uint Number)
        {
            return Octal(unchecked((uint)Number));
        }

        /// <summary>Hexadecimal digits.</summary>
        public static string Hex(ulong Number)
        {
            return unchecked((ulong)Number).ToString("X", CultureInfo.InvariantCulture);
        }

        /// <summary>Octal digits.</summary>
        public static string Oct(ulong Number)
        {
            return Octal(unchecked((ulong)Number));
        }

        /// <summary>Hexadecimal digits of any number or text, rounded.</summary>
        public static string Hex(object Number)
        {
            if (Number == null) throw new ArgumentNullException("Number");
            switch (Operators.CodeOf(Number))
            {
                case TypeCode.SByte:
                    return Hex(Conversions.ToSByte(Number));
                case TypeCode.Byte:
                    return Hex(Conversions.ToByte(Number));
                case TypeCode.Int16:
                    return Hex(Conversions.ToShort(Number));
                case TypeCode.UInt64:
                    return Hex(Conversions.ToULong(Number));
                default:
                    if (!Operators.IsNumber(Operators.CodeOf(Number)) && Operators.CodeOf(Number) != TypeCode.String)
                    {
                        throw new ArgumentException("Argument 'Number' cannot be converted to type 'Long'.");
                    }
                    var value = Conversions.ToLong(Number);
                    return value >= int.MinValue && value < 0 ? Hex((int)value) : Hex(value);
            }
        }

        /// <summary>Octal digits of any number or text, rounded.</summary>
        public static string Oct(object Number)
        {
            if (Number == null) throw new ArgumentNullException("Number");
            switch (Operators.CodeOf(Number))
            {
                case TypeCode.SByte:
                    return Oct(Conversions.ToSByte(Number));
                case TypeCode.Byte:
                    return Oct(Conversions.ToByte(Number));
                case TypeCode.Int16:
                    return Oct(Conversions.ToShort(Number));
                case TypeCode.UInt64:
                    return Oct(Conversions.ToULong(Number));
                default:
                    if (!Operators.IsNumber(Operators.CodeOf(Number)) && Operators.CodeOf(Number) != TypeCode.String)
                    {
                        throw new ArgumentException("Argument 'Number' cannot be converted to type 'Long'.");
                    }
                    var value = Conversions.ToLong(Number);
                    return value >= int.MinValue && value < 0 ? Oct((int)value) : Oct(value);
            }
        }

        private static string Octal(ulong number)
        {
            if (number == 0) return "0";
            var digits = "";
            for (; number != 0; number >>= 3) digits = (char)('0' + (int)(number & 7)) + digits;
            return digits;
        }

        /// <summary>A number as text with a point; a space stands before positive ones.</summary>
        public static string Str(object Number)
        {
            if (Number == null) throw new ArgumentNullException("Number");
            if (Number is bool) return (bool)Number ? "True" : "False";
            var code = Operators.CodeOf(Number);
            if (code == TypeCode.String) Number = Conversions.ToDouble(Number);
            else if (!Operators.IsNumber(code)) throw new InvalidCastException("Argument 'Number' cannot be converted to a numeric value.");
            string text;
            if (Number is double) text = ((double)Number).ToString("G15", CultureInfo.InvariantCulture);
            else if (Number is float) text = ((float)Number).ToString("G7", CultureInfo.InvariantCulture);
            else text = Convert.ToString(Number, CultureInfo.InvariantCulture);
            if (text.StartsWith("0.", StringComparison.Ordinal)) text = text.Substring(1);
            if (text.StartsWith("-0.", StringComparison.Ordinal)) text = "-" + text.Substring(2);
            return text[0] == '-' ? text : " " + text;
        }

        /// <summary>The number at the beginning of a text: blanks are skipped, the point is always
        /// the decimal separator, &amp;H and &amp;O are known; 0 without one.</summary>
        public static double Val(string InputStr)
        {
            if (string.IsNullOrEmpty(InputStr)) return 0;
            var text = InputStr.Replace(" ", "").Replace("\t", "").Replace("\r", "").Replace("\n", "").Replace("\u3000", "");
            if (text.Length > 1 && text[0] == '&') return Prefixed(text);
            var i = 0;
            if (i < text.Length && (text[i] == '+' || text[i] == '-')) i++;
            var digits = i;
            while (i < text.Length && char.IsDigit(text[i]) && text[i] < 128) i++;
            if (i < text.Length && text[i] == '.')
            {
                i++;
                while (i < text.Length && text[i] >= '0' && text[i] <= '9') i++;
            }
            if (i == digits || (i == digits + 1 && text[digits] == '.')) return 0;
            if (i < text.Length && "eEdD".IndexOf(text[i]) >= 0)
            {
                var e = i + 1;
                if (e < text.Length && (text[e] == '+' || text[e] == '-')) e++;
                var from = e;
                while (e < text.Length && text[e] >= '0' && text[e] <= '9') e++;
                if (e > from) i = e;
            }
            var number = double.Parse(text.Substring(0, i).ToUpperInvariant().Replace('D', 'E'), NumberStyles.Float, CultureInfo.InvariantCulture);
            if (double.IsInfinity(number)) throw new OverflowException("Arithmetic operation resulted in an overflow.");
            // A type character says how to read what stands before it.
            if (i < text.Length && text[i] == '%') return Conversions.ToShort((object)number);
            if (i < text.Length && text[i] == '&') return Conversions.ToInteger((object)number);
            return number;
        }

        private static double Prefixed(string text)
        {
            var shift = (text[1] | 32) == 'h' ? 4 : (text[1] | 32) == 'o' ? 3 : 0;
            if (shift == 0) return 0;
            ulong bits = 0;
            var i = 2;
            for (; i < text.Length && i < 24; i++)
            {
                var digit = "0123456789abcdef".IndexOf(char.ToLowerInvariant(text[i]));
                if (digit < 0 || digit >= 1 << shift) break;
                bits = (bits << shift) | (uint)digit;
            }
            // Up to four hexadecimal digits are an Integer of 16 bits, up to eight one of 32.
            var count = i - 2;
            if (shift == 4 && count <= 4 && bits <= 0xFFFF) return unchecked((short)bits);
            if (bits <= 0xFFFFFFFF) return shift == 3 && bits <= 0xFFFF ? unchecked((short)bits) : unchecked((int)bits);
            return unchecked((long)bits);
        }

        /// <summary>A digit's value; 0 for other characters.</summary>
        public static int Val(char Expression)
        {
            return Expression >= '0' && Expression <= '9' ? Expression - '0' : 0;
        }

        /// <summary>As above for any value.</summary>
        public static double Val(object Expression)
        {
            if (Expression is char) return Val((char)Expression);
            var text = Expression as string;
            if (text != null) return Val(text);
            if (Operators.IsNumber(Operators.CodeOf(Expression))) return Conversions.ToDouble(Expression);
            return Val(Conversions.ToString(Expression));
        }
    }

    /// <summary>Random numbers.</summary>
    [StandardModule]
    public sealed class VBMath
    {
        private const int First = 327680;

        [ThreadStatic]
        private static bool _begun;

        [ThreadStatic]
        private static int _seed;

        private VBMath()
        {
        }

        private static int Seed
        {
            get { return _begun ? _seed : First; }
            set
            {
                _seed = value;
                _begun = true;
            }
        }

        /// <summary>The next random number, at least 0 and less than 1.</summary>
        public static float Rnd()
        {
            return Rnd(1f);
        }

        /// <summary>Positive: the next one; 0: the last one again; negative: the one of that seed.</summary>
        public static float Rnd(float Number)
        {
            var seed = Seed;
            if (Number != 0)
            {
                if (Number < 0)
                {
                    var bits = BitConverter.ToInt32(BitConverter.GetBytes(Number), 0) & 0xFFFFFFFFL;
                    seed = (int)((bits + (bits >> 24)) & 0xFFFFFF);
                }
                seed = (int)((seed * 0x43FD43FDL + 0xC39EC3L) & 0xFFFFFF);
            }
            Seed = seed;
            return seed / 16777216f;
        }

        /// <summary>Takes the seed from the time of day.</summary>
        public static void Randomize()
        {
            var now = DateTime.Now;
            var timer = (float)((60 * now.Hour + now.Minute) * 60 + now.Second + now.Millisecond / 1000.0);
            Mix(BitConverter.ToInt32(BitConverter.GetBytes(timer), 0));
        }

        /// <summary>Takes the seed from a number.</summary>
        public static void Randomize(double Number)
        {
            Mix(BitConverter.ToInt32(BitConverter.GetBytes(Number), 4));
        }

        /// <summary>Only the middle bytes of the seed change.</summary>
        private static void Mix(int value)
        {
            var mixed = ((value & 0xFFFF) ^ (value >> 16)) << 8;
            Seed = (Seed & unchecked((int)0xFF0000FF)) | (mixed & 0x00FFFF00);
        }
    }
}
