// Operators on values whose types are known at run time only, and comparison of texts.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.CompilerServices.Operators and "Data
// Types of Operator Results (Visual Basic)": whole numbers give the narrower type that holds both,
// and the next wider one when the result does not fit; Boolean counts as Short; a text counts as
// Double; / gives Double, Decimal or Single; \ and Mod of fractions go by Long or keep their type;
// Nothing is the other operand's zero; a type with operators of its own is asked for them.

using System;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Microsoft.VisualBasic.CompilerServices
{
    /// <summary>Late-bound operators.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed partial class Operators
    {
        private Operators()
        {
        }

        /// <summary>Compares two texts: -1, 0 or 1; Nothing is the empty text.</summary>
        /// <param name="Left">One text.</param>
        /// <param name="Right">The other text.</param>
        /// <param name="TextCompare">Without case, width and kind of kana by the thread's culture;
        /// else by code units.</param>
        public static int CompareString(string Left, string Right, bool TextCompare)
        {
            if (ReferenceEquals(Left, Right)) return 0;
            Left = Left ?? "";
            Right = Right ?? "";
            var order = TextCompare
                ? CultureInfo.CurrentCulture.CompareInfo.Compare(Left, Right, TextOptions)
                : string.CompareOrdinal(Left, Right);
            return Math.Sign(order);
        }

        internal const CompareOptions TextOptions = CompareOptions.IgnoreCase | CompareOptions.IgnoreWidth | CompareOptions.IgnoreKanaType;

        /// <summary>The kind of an operand: its TypeCode, with char arrays as texts and Nothing as
        /// Empty.</summary>
        internal static TypeCode CodeOf(object value)
        {
            if (value == null) return TypeCode.Empty;
            if (value is char[]) return TypeCode.String;
            var convertible = value as IConvertible;
            return convertible == null ? TypeCode.Object : convertible.GetTypeCode();
        }

        internal static bool IsNumber(TypeCode code)
        {
            return (code >= TypeCode.SByte && code <= TypeCode.Decimal) || code == TypeCode.Boolean;
        }

        internal static Exception NotDefined(string symbol, object left, object right)
        {
            return new InvalidCastException("Operator '" + symbol + "' is not defined for " + Named(left) + " and " + Named(right) + ".");
        }

        private static string Named(object value)
        {
            var text = value as string;
            if (text != null) return "string \"" + (text.Length > 32 ? text.Substring(0, 32) : text) + "\"";
            return value == null ? "'Nothing'" : "type '" + Information.TypeName(value) + "'";
        }

        /// <summary>Looks for an operator that one of the types defines.</summary>
        internal static bool TryOwn(string name, object left, object right, out object result)
        {
            result = null;
            if (left == null || right == null) return false;
            Type l = left.GetType(), r = right.GetType();
            foreach (var owner in l == r ? new[] { l } : new[] { l, r })
            {
                foreach (var method in owner.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy))
                {
                    if (method.Name != name) continue;
                    var p = method.GetParameters();
                    if (p.Length != 2 || !p[0].ParameterType.IsAssignableFrom(l) || !p[1].ParameterType.IsAssignableFrom(r)) continue;
                    result = method.Invoke(null, new[] { left, right });
                    return true;
                }
            }
            return false;
        }

        /// <summary>Bits of a whole type, negative for signed ones; 0 for others.</summary>
        private static int Bits(TypeCode code)
        {
            switch (code)
            {
                case TypeCode.SByte:
                    return -8;
                case TypeCode.Byte:
                    return 8;
                case TypeCode.Boolean:
                case TypeCode.Int16:
                    return -16;
                case TypeCode.UInt16:
                    return 16;
                case TypeCode.Int32:
                    return -32;
                case TypeCode.UInt32:
                    return 32;
                case TypeCode.Int64:
                    return -64;
                case TypeCode.UInt64:
                    return 64;
                default:
                    return 0;
            }
        }

        private static TypeCode OfBits(int bits)
        {
            switch (bits)
            {
                case 8:
                    return TypeCode.Byte;
                case -8:
                    return TypeCode.SByte;
                case 16:
                    return TypeCode.UInt16;
                case -16:
                    return TypeCode.Int16;
                case 32:
                    return TypeCode.UInt32;
                case -32:
                    return TypeCode.Int32;
                case 64:
                    return TypeCode.UInt64;
                case -64:
                    return TypeCode.Int64;
                default:
                    return TypeCode.Decimal;
            }
        }

        /// <summary>The type in which two kinds of numbers meet; Empty = they do not.</summary>
        internal static TypeCode Meet(TypeCode left, TypeCode right)
        {
            if (left == TypeCode.Empty) left = right;
            if (right == TypeCode.Empty) right = left;
            if (left == TypeCode.String) left = TypeCode.Double;
            if (right == TypeCode.String) right = TypeCode.Double;
            if (!IsNumber(left) || !IsNumber(right)) return TypeCode.Empty;
            if (left == TypeCode.Double || right == TypeCode.Double) return TypeCode.Double;
            if (left == TypeCode.Single || right == TypeCode.Single) return TypeCode.Single;
            if (left == TypeCode.Decimal || right == TypeCode.Decimal) return TypeCode.Decimal;
            int l = Bits(left), r = Bits(right);
            if (l < 0 == r < 0) return OfBits(Math.Abs(l) > Math.Abs(r) ? l : r);
            int signed = l < 0 ? -l : -r, unsigned = l < 0 ? r : l;
            while (signed <= unsigned) signed *= 2;
            return signed > 64 ? TypeCode.Decimal : OfBits(-signed);
        }

        /// <summary>A whole result in the type, or the next one that holds it.</summary>
        private static object Fit(decimal value, TypeCode type)
        {
            switch (type)
            {
                case TypeCode.Byte:
                    if (value >= 0 && value <= byte.MaxValue) return (byte)value;
                    goto case TypeCode.Int16;
                case TypeCode.SByte:
                    if (value >= sbyte.MinValue && value <= sbyte.MaxValue) return (sbyte)value;
                    goto case TypeCode.Int16;
                case TypeCode.Int16:
                    if (value >= short.MinValue && value <= short.MaxValue) return (short)value;
                    goto case TypeCode.Int32;
                case TypeCode.UInt16:
                    if (value >= 0 && value <= ushort.MaxValue) return (ushort)value;
                    goto case TypeCode.Int32;
                case TypeCode.Int32:
                    if (value >= int.MinValue && value <= int.MaxValue) return (int)value;
                    goto case TypeCode.Int64;
                case TypeCode.UInt32:
                    if (value >= 0 && value <= uint.MaxValue) return (uint)value;
                    goto case TypeCode.Int64;
                case TypeCode.Int64:
                    if (value >= long.MinValue && value <= long.MaxValue) return (long)value;
                    return value;
                case TypeCode.UInt64:
                    if (value >= 0 && value <= ulong.MaxValue) return (ulong)value;
                    return value;
                default:
                    return value;
            }
        }

        private delegate T Step<T>(T left, T right);

        private static object Arithmetic(string symbol, string own, object left, object right, Step<decimal> whole, Step<double> real)
        {
            object result;
            TypeCode l = CodeOf(left), r = CodeOf(right);
            if (l == TypeCode.Empty && r == TypeCode.Empty) return 0;
            var meet = Meet(l, r);
            if (meet == TypeCode.Empty)
            {
                if (TryOwn(own, left, right, out result)) return result;
                throw NotDefined(symbol, left, right);
            }
            switch (meet)
            {
                case TypeCode.Double:
                    return real(Conversions.ToDouble(left), Conversions.ToDouble(right));
                case TypeCode.Single:
                    var single = real(Conversions.ToSingle(left), Conversions.ToSingle(right));
                    if (double.IsInfinity((float)single) && !double.IsInfinity(single)) return single;
                    return (float)single;
                case TypeCode.Decimal:
                    try
                    {
                        return whole(Conversions.ToDecimal(left), Conversions.ToDecimal(right));
                    }
                    catch (OverflowException)
                    {
                        return real(Conversions.ToDouble(left), Conversions.ToDouble(right));
                    }

                default:
                    try
                    {
                        return Fit(whole(Conversions.ToDecimal(left), Conversions.ToDecimal(right)), meet);
                    }
                    catch (OverflowException)
                    {
                        return real(Conversions.ToDouble(left), Conversions.ToDouble(right));
                    }
            }
        }

        /// <summary>Left + Right: adds numbers, joins texts.</summary>
        public static object AddObject(object Left, object Right)
        {
            TypeCode l = CodeOf(Left), r = CodeOf(Right);
            var texts = l == TypeCode.String || l == TypeCode.Char || l == TypeCode.Empty;
            var otherTexts = r == TypeCode.String || r == TypeCode.Char || r == TypeCode.Empty;
            if (texts && otherTexts && l + (int)r != TypeCode.Empty) return Conversions.ToString(Left) + Conversions.ToString(Right);
            if ((l == TypeCode.DateTime && (otherTexts || r == TypeCode.DateTime)) || (r == TypeCode.DateTime && texts))
            {
                return Conversions.ToString(Left) + Conversions.ToString(Right);
            }
            return Arithmetic("+", "op_Addition", Left, Right, (a, b) => a + b, (a, b) => a + b);
        }

        /// <summary>Left - Right.</summary>
        public static object SubtractObject(object Left, object Right)
        {
            return Arithmetic("-", "op_Subtraction", Left, Right, (a, b) => a - b, (a, b) => a - b);
        }

        /// <summary>Left * Right.</summary>
        public static object MultiplyObject(object Left, object Right)
        {
            return Arithmetic("*", "op_Multiply", Left, Right, (a, b) => a * b, (a, b) => a * b);
        }

        /// <summary>Left / Right: Double, but Decimal of Decimals and Single of Singles.</summary>
        public static object DivideObject(object Left, object Right)
        {
            object result;
            var meet = Meet(CodeOf(Left), CodeOf(Right));
            if (Left == null && Right == null) meet = TypeCode.Double;
            if (meet == TypeCode.Empty)
            {
                if (TryOwn("op_Division", Left, Right, out result)) return result;
                throw NotDefined("/", Left, Right);
            }
            if (meet == TypeCode.Decimal && (CodeOf(Left) == TypeCode.Decimal || CodeOf(Right) == TypeCode.Decimal))
            {
                return Conversions.ToDecimal(Left) / Conversions.ToDecimal(Right);
            }
            if (meet == TypeCode.Single) return Conversions.ToSingle(Left) / Conversions.ToSingle(Right);
            return Conversions.ToDouble(Left) / Conversions.ToDouble(Right);
        }

        /// <summary>Left \ Right: whole division; fractions are rounded to Long before.</summary>
        public static object IntDivideObject(object Left, object Right)
        {
            object result;
            var meet = Meet(CodeOf(Left), CodeOf(Right));
            if (Left == null && Right == null) meet = TypeCode.Int32;
            if (meet == TypeCode.Empty)
            {
                if (TryOwn("op_IntegerDivision", Left, Right, out result)) return result;
                throw NotDefined("\\", Left, Right);
            }
            if (Bits(meet) == 0) meet = TypeCode.Int64;
            if (meet == TypeCode.UInt64) return Conversions.ToULong(Left) / Conversions.ToULong(Right);
            return Fit(decimal.Truncate((decimal)Conversions.ToLong(Left) / Conversions.ToLong(Right)), meet);
        }

        /// <summary>Left Mod Right: the remainder, with the sign of Left.</summary>
        public static object ModObject(object Left, object Right)
        {
            return Arithmetic("Mod", "op_Modulus", Left, Right, (a, b) => a % b, (a, b) => a % b);
        }

        /// <summary>Left ^ Right as Double.</summary>
        public static object ExponentObject(object Left, object Right)
        {
            object result;
            if (Left != null && Right != null && Meet(CodeOf(Left), CodeOf(Right)) == TypeCode.Empty)
            {
                if (TryOwn("op_Exponent", Left, Right, out result)) return result;
                throw NotDefined("^", Left, Right);
            }
            return Math.Pow(Conversions.ToDouble(Left), Conversions.ToDouble(Right));
        }

        /// <summary>Left &amp; Right: joins the texts; DBNull is the empty text.</summary>
        public static object ConcatenateObject(object Left, object Right)
        {
            object result;
            if (Left is DBNull && Right is DBNull) return Left;
            if (CodeOf(Left) == TypeCode.Object || CodeOf(Right) == TypeCode.Object)
            {
                if (TryOwn("op_Concatenate", Left, Right, out result)) return result;
                throw NotDefined("&", Left, Right);
            }
            return Joined(Left) + Joined(Right);
        }

        private static string Joined(object value)
        {
            return value is DBNull ? "" : Conversions.ToString(value);
        }

        /// <summary>-Operand; of a text -Double.</summary>
        public static object NegateObject(object Operand)
        {
            object result;
            if (Operand == null) return 0;
            var code = CodeOf(Operand);
            if (code == TypeCode.String) return -Conversions.ToDouble(Operand);
            if (!IsNumber(code))
            {
                if (TryUnary("op_UnaryNegation", Operand, out result)) return result;
                throw new InvalidCastException("Operator '-' is not defined for " + Named(Operand) + ".");
            }
            return SubtractObject(code == TypeCode.Boolean ? (object)(short)0 : Zero(code), Operand);
        }

        private static object Zero(TypeCode code)
        {
            return Convert.ChangeType(0, code, CultureInfo.InvariantCulture);
        }

        private static bool TryUnary(string name, object operand, out object result)
        {
            var method = operand.GetType().GetMethod(name, BindingFlags.Public | BindingFlags.Static, null, new[] { operand.GetType() }, null);
            result = method == null ? null : method.Invoke(null, new[] { operand });
            return method != null;
        }

        /// <summary>+Operand; a text becomes Double.</summary>
        public static object PlusObject(object Operand)
        {
            object result;
            if (Operand == null) return 0;
            var code = CodeOf(Operand);
            if (code == TypeCode.String) return Conversions.ToDouble(Operand);
            if (code == TypeCode.Boolean) return Conversions.ToShort(Operand);
            if (IsNumber(code)) return Operand;
            if (TryUnary("op_UnaryPlus", Operand, out result)) return result;
            throw new InvalidCastException("Operator '+' is not defined for " + Named(Operand) + ".");
        }

        /// <summary>Not Operand: of a Boolean the other one, of numbers the other bits.</summary>
        public static object NotObject(object Operand)
        {
            object result;
            if (Operand == null) return -1;
            switch (CodeOf(Operand))
            {
                case TypeCode.Boolean:
                    return !Conversions.ToBoolean(Operand);
                case TypeCode.Byte:
                    return (byte)~Conversions.ToByte(Operand);
                case TypeCode.SByte:
                    return (sbyte)~Conversions.ToSByte(Operand);
                case TypeCode.Int16:
                    return (short)~Conversions.ToShort(Operand);
                case TypeCode.UInt16:
                    return (ushort)~Conversions.ToUShort(Operand);
                case TypeCode.Int32:
                    return ~Conversions.ToInteger(Operand);
                case TypeCode.UInt32:
                    return ~Conversions.ToUInteger(Operand);
                case TypeCode.UInt64:
                    return ~Conversions.ToULong(Operand);
                case TypeCode.Int64:
                case TypeCode.Single:
                case TypeCode.Double:
                case TypeCode.Decimal:
                case TypeCode.String:
                    return ~Conversions.ToLong(Operand);
                default:
                    if (TryUnary("op_OnesComplement", Operand, out result)) return result;
                    throw new InvalidCastException("Operator 'Not' is not defined for " + Named(Operand) + ".");
            }
        }

        private static object Bitwise(string symbol, string own, object left, object right, Step<long> bits)
        {
            object result;
            TypeCode l = CodeOf(left), r = CodeOf(right);
            var bools = (l == TypeCode.Boolean || l == TypeCode.Empty || l == TypeCode.String) && (r == TypeCode.Boolean || r == TypeCode.Empty || r == TypeCode.String)
                && (l == TypeCode.Boolean || r == TypeCode.Boolean);
            if (bools) return bits(Conversions.ToBoolean(left) ? 1 : 0, Conversions.ToBoolean(right) ? 1 : 0) != 0;
            if (l == TypeCode.Empty && r == TypeCode.Empty) return 0;
            var meet = Meet(l, r);
            if (meet == TypeCode.Empty)
            {
                if (TryOwn(own, left, right, out result)) return result;
                throw NotDefined(symbol, left, right);
            }
            if (Bits(meet) == 0) meet = TypeCode.Int64;
            if (meet == TypeCode.UInt64) return (ulong)bits((long)Conversions.ToULong(left), (long)Conversions.ToULong(right));
            var value = Convert.ChangeType(bits(Conversions.ToLong(left), Conversions.ToLong(right)), meet, CultureInfo.InvariantCulture);
            // Two values of one enumeration stay in it.
            return left != null && right != null && left.GetType().IsEnum && left.GetType() == right.GetType() ? Enum.ToObject(left.GetType(), value) : value;
        }

        /// <summary>Left And Right.</summary>
        public static object AndObject(object Left, object Right)
        {
            return Bitwise("And", "op_BitwiseAnd", Left, Right, (a, b) => a & b);
        }

        /// <summary>Left Or Right.</summary>
        public static object OrObject(object Left, object Right)
        {
            return Bitwise("Or", "op_BitwiseOr", Left, Right, (a, b) => a | b);
        }

        /// <summary>Left Xor Right.</summary>
        public static object XorObject(object Left, object Right)
        {
            return Bitwise("Xor", "op_ExclusiveOr", Left, Right, (a, b) => a ^ b);
        }

        /// <summary>Operand shifted to the left; only as many bits of the amount count as the type has.</summary>
        public static object LeftShiftObject(object Operand, object Amount)
        {
            return Shift("<<", Operand, Amount, true);
        }

        /// <summary>Operand shifted to the right; the sign is kept.</summary>
        public static object RightShiftObject(object Operand, object Amount)
        {
            return Shift(">>", Operand, Amount, false);
        }

        private static object Shift(string symbol, object operand, object amount, bool left)
        {
            object result;
            if (operand == null) return 0;
            var code = CodeOf(operand);
            if (!IsNumber(code) && code != TypeCode.String)
            {
                if (TryOwn(left ? "op_LeftShift" : "op_RightShift", operand, amount, out result)) return result;
                throw NotDefined(symbol, operand, amount);
            }
            var by = Conversions.ToInteger(amount);
            switch (code)
            {
                case TypeCode.Byte:
                    var b = Conversions.ToByte(operand);
                    return left ? (byte)(b << (by & 7)) : (byte)(b >> (by & 7));
                case TypeCode.SByte:
                    var sb = Conversions.ToSByte(operand);
                    return left ? (sbyte)(sb << (by & 7)) : (sbyte)(sb >> (by & 7));
                case TypeCode.Boolean:
                case TypeCode.Int16:
                    var s = Conversions.ToShort(operand);
                    return left ? (short)(s << (by & 15)) : (short)(s >> (by & 15));
                case TypeCode.UInt16:
                    var us = Conversions.ToUShort(operand);
                    return left ? (ushort)(us << (by & 15)) : (ushort)(us >> (by & 15));
                case TypeCode.Int32:
                    var i = Conversions.ToInteger(operand);
                    return left ? i << by : i >> by;
                case TypeCode.UInt32:
                    var ui = Conversions.ToUInteger(operand);
                    return left ? ui << by : ui >> by;
                case TypeCode.UInt64:
                    var ul = Conversions.ToULong(operand);
                    return left ? ul << by : ul >> by;
                default:
                    var l = Conversions.ToLong(operand);
                    return left ? l << by : l >> by;
            }
        }
    }
}
