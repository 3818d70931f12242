// Late-bound comparisons and Like. See Operators.cs for the rules.
//
// Documented at learn.microsoft.com, "Comparison Operators" and "Like Operator (Visual Basic)".

using System;
using System.ComponentModel;
using System.Globalization;

namespace Microsoft.VisualBasic.CompilerServices
{
    public sealed partial class Operators
    {
        /// <summary>How two values stand to each other.</summary>
        private enum Order
        {
            Less = -1,
            Same = 0,
            More = 1,
            Unordered = 2,
        }

        private static Order Compare(string symbol, object left, object right, bool textCompare)
        {
            TypeCode l = CodeOf(left), r = CodeOf(right);
            if (l == TypeCode.Empty && r == TypeCode.Empty) return Order.Same;
            if ((l == TypeCode.String || l == TypeCode.Char || l == TypeCode.Empty) && (r == TypeCode.String || r == TypeCode.Char || r == TypeCode.Empty))
            {
                return (Order)CompareString(Conversions.ToString(left), Conversions.ToString(right), textCompare);
            }
            if (l == TypeCode.DateTime || r == TypeCode.DateTime)
            {
                if ((l != TypeCode.DateTime && l != TypeCode.String && l != TypeCode.Empty) || (r != TypeCode.DateTime && r != TypeCode.String && r != TypeCode.Empty))
                {
                    throw NotDefined(symbol, left, right);
                }
                return (Order)Math.Sign(DateTime.Compare(Conversions.ToDate(left), Conversions.ToDate(right)));
            }
            if ((l == TypeCode.Boolean && r == TypeCode.String) || (l == TypeCode.String && r == TypeCode.Boolean))
            {
                return (Order)Math.Sign(Conversions.ToShort((object)Conversions.ToBoolean(left)) - Conversions.ToShort((object)Conversions.ToBoolean(right)));
            }
            switch (Meet(l, r))
            {
                case TypeCode.Empty:
                    throw NotDefined(symbol, left, right);
                case TypeCode.Double:
                case TypeCode.Single:
                    double a = Conversions.ToDouble(left), b = Conversions.ToDouble(right);
                    if (double.IsNaN(a) || double.IsNaN(b)) return Order.Unordered;
                    return (Order)a.CompareTo(b);
                default:
                    return (Order)decimal.Compare(Conversions.ToDecimal(left), Conversions.ToDecimal(right));
            }
        }

        /// <summary>How two values stand to each other: -1, 0 or 1.</summary>
        public static int CompareObject(object Left, object Right, bool TextCompare)
        {
            var order = Compare("=", Left, Right, TextCompare);
            return order == Order.Unordered ? 1 : (int)order;
        }

        /// <summary>Left = Right.</summary>
        public static object CompareObjectEqual(object Left, object Right, bool TextCompare)
        {
            object result;
            if ((CodeOf(Left) == TypeCode.Object || CodeOf(Right) == TypeCode.Object) && TryOwn("op_Equality", Left, Right, out result)) return result;
            var order = Compare("=", Left, Right, TextCompare);
            return order == Order.Same;
        }

        /// <summary>Left = Right as a condition.</summary>
        public static bool ConditionalCompareObjectEqual(object Left, object Right, bool TextCompare)
        {
            return Conversions.ToBoolean(CompareObjectEqual(Left, Right, TextCompare));
        }

        /// <summary>Left &lt;&gt; Right.</summary>
        public static object CompareObjectNotEqual(object Left, object Right, bool TextCompare)
        {
            object result;
            if ((CodeOf(Left) == TypeCode.Object || CodeOf(Right) == TypeCode.Object) && TryOwn("op_Inequality", Left, Right, out result)) return result;
            var order = Compare("<>", Left, Right, TextCompare);
            return order != Order.Same;
        }

        /// <summary>Left &lt;&gt; Right as a condition.</summary>
        public static bool ConditionalCompareObjectNotEqual(object Left, object Right, bool TextCompare)
        {
            return Conversions.ToBoolean(CompareObjectNotEqual(Left, Right, TextCompare));
        }

        /// <summary>Left &lt; Right.</summary>
        public static object CompareObjectLess(object Left, object Right, bool TextCompare)
        {
            object result;
            if ((CodeOf(Left) == TypeCode.Object || CodeOf(Right) == TypeCode.Object) && TryOwn("op_LessThan", Left, Right, out result)) return result;
            var order = Compare("<", Left, Right, TextCompare);
            return order == Order.Less;
        }

        /// <summary>Left &lt; Right as a condition.</summary>
        public static bool ConditionalCompareObjectLess(object Left, object Right, bool TextCompare)
        {
            return Conversions.ToBoolean(CompareObjectLess(Left, Right, TextCompare));
        }

        /// <summary>Left &lt;= Right.</summary>
        public static object CompareObjectLessEqual(object Left, object Right, bool TextCompare)
        {
            object result;
            if ((CodeOf(Left) == TypeCode.Object || CodeOf(Right) == TypeCode.Object) && TryOwn("op_LessThanOrEqual", Left, Right, out result)) return result;
            var order = Compare("<=", Left, Right, TextCompare);
            return order == Order.Less || order == Order.Same;
        }

        /// <summary>Left &lt;= Right as a condition.</summary>
        public static bool ConditionalCompareObjectLessEqual(object Left, object Right, bool TextCompare)
        {
            return Conversions.ToBoolean(CompareObjectLessEqual(Left, Right, TextCompare));
        }

        /// <summary>Left &gt; Right.</summary>
        public static object CompareObjectGreater(object Left, object Right, bool TextCompare)
        {
            object result;
            if ((CodeOf(Left) == TypeCode.Object || CodeOf(Right) == TypeCode.Object) && TryOwn("op_GreaterThan", Left, Right, out result)) return result;
            var order = Compare(">", Left, Right, TextCompare);
            return order == Order.More;
        }

        /// <summary>Left &gt; Right as a condition.</summary>
        public static bool ConditionalCompareObjectGreater(object Left, object Right, bool TextCompare)
        {
            return Conversions.ToBoolean(CompareObjectGreater(Left, Right, TextCompare));
        }

        /// <summary>Left &gt;= Right.</summary>
        public static object CompareObjectGreaterEqual(object Left, object Right, bool TextCompare)
        {
            object result;
            if ((CodeOf(Left) == TypeCode.Object || CodeOf(Right) == TypeCode.Object) && TryOwn("op_GreaterThanOrEqual", Left, Right, out result)) return result;
            var order = Compare(">=", Left, Right, TextCompare);
            return order == Order.More || order == Order.Same;
        }

        /// <summary>Left &gt;= Right as a condition.</summary>
        public static bool ConditionalCompareObjectGreaterEqual(object Left, object Right, bool TextCompare)
        {
            return Conversions.ToBoolean(CompareObjectGreaterEqual(Left, Right, TextCompare));
        }

        /// <summary>Source Like Pattern: ? one character, * any, # a digit, [list], [!list].</summary>
        public static bool LikeString(string Source, string Pattern, CompareMethod CompareOption)
        {
            return LikeOperator.LikeString(Source, Pattern, CompareOption);
        }

        /// <summary>Source Like Pattern of any values.</summary>
        public static object LikeObject(object Source, object Pattern, CompareMethod CompareOption)
        {
            return LikeOperator.LikeString(Conversions.ToString(Source), Conversions.ToString(Pattern), CompareOption);
        }
    }

    /// <summary>The Like operator.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class LikeOperator
    {
        private LikeOperator()
        {
        }

        /// <summary>Source Like Pattern of any values.</summary>
        public static object LikeObject(object Source, object Pattern, CompareMethod CompareOption)
        {
            return LikeString(Conversions.ToString(Source), Conversions.ToString(Pattern), CompareOption);
        }

        /// <summary>Source Like Pattern: ? one character, * any, # a digit, [list], [!list].</summary>
        /// <exception cref="ArgumentException">A bracket without its end, or a range backwards.</exception>
        public static bool LikeString(string Source, string Pattern, CompareMethod CompareOption)
        {
            Source = Source ?? "";
            Pattern = Pattern ?? "";
            int s = 0, p = 0, starPattern = -1, starSource = 0;
            var text = CompareOption == CompareMethod.Text;
            while (s < Source.Length)
            {
                var next = p;
                if (p < Pattern.Length && Pattern[p] == '*')
                {
                    starPattern = ++p;
                    starSource = s;
                    continue;
                }
                // An empty list stands for no character at all.
                if (string.CompareOrdinal(Pattern, p, "[]", 0, 2) == 0)
                {
                    p += 2;
                    continue;
                }
                if (p < Pattern.Length && One(Source[s], Pattern, ref next, text))
                {
                    p = next;
                    s++;
                    continue;
                }
                if (starPattern < 0) return false;
                p = starPattern;
                s = ++starSource;
            }
            while (p < Pattern.Length && (Pattern[p] == '*' || string.CompareOrdinal(Pattern, p, "[]", 0, 2) == 0)) p += Pattern[p] == '*' ? 1 : 2;
            return p == Pattern.Length;
        }

        private static bool One(char c, string pattern, ref int p, bool text)
        {
            var k = pattern[p++];
            if (k == '?') return true;
            if (k == '#') return c >= '0' && c <= '9';
            if (k != '[') return Same(c, k, text);
            var end = pattern.IndexOf(']', p);
            if (end < 0) throw new ArgumentException("Argument 'Pattern' is not a valid value.");
            var list = pattern.Substring(p, end - p);
            p = end + 1;
            // "[!]" is the character itself.
            var not = list[0] == '!' && list.Length > 1;
            if (not) list = list.Substring(1);
            return InList(c, list, text) != not;
        }

        private static bool InList(char c, string list, bool text)
        {
            for (var i = 0; i < list.Length; i++)
            {
                if (i + 2 < list.Length && list[i + 1] == '-')
                {
                    char from = list[i], to = list[i + 2];
                    if (from > to) throw new ArgumentException("Argument 'Pattern' is not a valid value.");
                    if (c >= from && c <= to) return true;
                    if (text && (char.ToUpper(c) >= from && char.ToUpper(c) <= to || char.ToLower(c) >= from && char.ToLower(c) <= to)) return true;
                    i += 2;
                }
                else if (Same(c, list[i], text))
                {
                    return true;
                }
            }
            return false;
        }

        private static bool Same(char a, char b, bool text)
        {
            if (a == b) return true;
            return text && CultureInfo.CurrentCulture.CompareInfo.Compare(a.ToString(), b.ToString(), Operators.TextOptions) == 0;
        }
    }
}
