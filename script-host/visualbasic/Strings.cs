// Strings: Left, Mid, InStr, Replace, Split and their kin.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.Strings. Positions begin at 1. Chr and
// Asc use the ANSI page of the thread's culture, as on Windows.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.VisualBasic.CompilerServices;
using Packmule.Script;

namespace Microsoft.VisualBasic
{
    /// <summary>Functions on texts.</summary>
    [StandardModule]
    public sealed partial class Strings
    {
        private Strings()
        {
        }

        private static ArgumentException Invalid(string argument)
        {
            return new ArgumentException("Argument '" + argument + "' is not a valid value.");
        }

        private static ArgumentException TooSmall(string argument, int least)
        {
            return new ArgumentException("Argument '" + argument + "' must be greater or equal to " + (least == 0 ? "zero" : least.ToString(CultureInfo.InvariantCulture)) + ".");
        }

        /// <summary>The code of a character in the ANSI page; two bytes in Asian pages.</summary>
        public static int Asc(char String)
        {
            if (String < 128) return String;
            var bytes = ScriptContext.Current.Ansi.GetBytes(new[] { String });
            if (bytes.Length == 1) return bytes[0];
            return unchecked((short)((bytes[0] << 8) | bytes[1]));
        }

        /// <summary>The code of the first character in the ANSI page.</summary>
        public static int Asc(string String)
        {
            if (string.IsNullOrEmpty(String)) throw new ArgumentException("Length of argument 'String' must be greater than zero.");
            return Asc(String[0]);
        }

        /// <summary>The code unit of a character.</summary>
        public static int AscW(char String)
        {
            return String;
        }

        /// <summary>The code unit of the first character.</summary>
        public static int AscW(string String)
        {
            if (string.IsNullOrEmpty(String)) throw new ArgumentException("Length of argument 'String' must be greater than zero.");
            return String[0];
        }

        /// <summary>The character of a code in the ANSI page.</summary>
        public static char Chr(int CharCode)
        {
            if (CharCode < -32768 || CharCode > 65535) throw new ArgumentException("Argument 'CharCode' must be within the range of -32768 to 65535.");
            if (CharCode >= 0 && CharCode < 128) return (char)CharCode;
            var encoding = ScriptContext.Current.Ansi;
            if (CharCode > 255 && encoding.IsSingleByte) throw Invalid("CharCode");
            var bytes = CharCode >= 0 && CharCode < 256 ? new[] { (byte)CharCode } : new[] { (byte)(CharCode >> 8), (byte)CharCode };
            var chars = encoding.GetChars(bytes);
            return chars.Length == 0 ? '\0' : chars[0];
        }

        /// <summary>The character of a code unit; negative ones count from 65536.</summary>
        public static char ChrW(int CharCode)
        {
            if (CharCode < -32768 || CharCode > 65535) throw new ArgumentException("Argument 'CharCode' must be within the range of -32768 to 65535.");
            return unchecked((char)CharCode);
        }

        /// <summary>The items that contain a text, or those that do not.</summary>
        public static string[] Filter(string[] Source, string Match, bool Include = true, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            if (Source == null) throw Invalid("Source");
            if (string.IsNullOrEmpty(Match)) return null;
            return Source.Where(s => (InStr(s, Match, Compare) > 0) == Include).ToArray();
        }

        /// <summary>The items, as texts, that contain a text, or those that do not.</summary>
        public static string[] Filter(object[] Source, string Match, bool Include = true, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            if (Source == null) throw Invalid("Source");
            return Filter(Source.Select(s => Conversions.ToString(s)).ToArray(), Match, Include, Compare);
        }

        /// <summary>The character at a position.</summary>
        public static char GetChar(string str, int Index)
        {
            if (str == null) throw new ArgumentException("Length of argument 'String' must be greater than zero.");
            if (Index < 1) throw TooSmall("Index", 1);
            if (Index > str.Length) throw new ArgumentException("Argument 'Index' must be less than or equal to the length of the String.");
            return str[Index - 1];
        }

        /// <summary>Where a text first stands in another; 0 = nowhere.</summary>
        public static int InStr(string String1, string String2, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            return InStr(1, String1, String2, Compare);
        }

        /// <summary>Where a text first stands in another from a position on; 0 = nowhere.</summary>
        public static int InStr(int Start, string String1, string String2, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            if (Start < 1) throw new ArgumentException("Argument 'Start' must be greater than zero.");
            return Find(String1, String2, Start - 1, Compare) + 1;
        }

        internal static int Find(string text, string part, int from, CompareMethod compare)
        {
            if (string.IsNullOrEmpty(text) || from >= text.Length) return -1;
            if (string.IsNullOrEmpty(part)) return from;
            if (compare == CompareMethod.Binary) return text.IndexOf(part, from, StringComparison.Ordinal);
            return CultureInfo.CurrentCulture.CompareInfo.IndexOf(text, part, from, Operators.TextOptions);
        }

        /// <summary>Where a text last stands in another, from a position backwards; 0 = nowhere.</summary>
        public static int InStrRev(string StringCheck, string StringMatch, int Start = -1, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            if (Start == 0 || Start < -1) throw new ArgumentException("Argument 'Start' must be greater than 0 or equal to -1.");
            if (string.IsNullOrEmpty(StringCheck)) return 0;
            if (Start == -1) Start = StringCheck.Length;
            if (Start > StringCheck.Length) return 0;
            if (string.IsNullOrEmpty(StringMatch)) return Start;
            if (Compare == CompareMethod.Binary) return StringCheck.LastIndexOf(StringMatch, Start - 1, Start, StringComparison.Ordinal) + 1;
            return CultureInfo.CurrentCulture.CompareInfo.LastIndexOf(StringCheck, StringMatch, Start - 1, Start, Operators.TextOptions) + 1;
        }

        /// <summary>Texts with a delimiter between them.</summary>
        public static string Join(string[] SourceArray, string Delimiter = " ")
        {
            return SourceArray == null || SourceArray.Length == 0 ? null : string.Join(Delimiter, SourceArray);
        }

        /// <summary>Values as texts with a delimiter between them.</summary>
        public static string Join(object[] SourceArray, string Delimiter = " ")
        {
            return SourceArray == null || SourceArray.Length == 0 ? null : string.Join(Delimiter, SourceArray.Select(s => Conversions.ToString(s)).ToArray());
        }

        /// <summary>Lower case by the thread's culture.</summary>
        public static string LCase(string Value)
        {
            return Value == null ? null : CultureInfo.CurrentCulture.TextInfo.ToLower(Value);
        }

        /// <summary>Lower case by the thread's culture.</summary>
        public static char LCase(char Value)
        {
            return CultureInfo.CurrentCulture.TextInfo.ToLower(Value);
        }

        /// <summary>Upper case by the thread's culture.</summary>
        public static string UCase(string Value)
        {
            return Value == null ? "" : CultureInfo.CurrentCulture.TextInfo.ToUpper(Value);
        }

        /// <summary>Upper case by the thread's culture.</summary>
        public static char UCase(char Value)
        {
            return CultureInfo.CurrentCulture.TextInfo.ToUpper(Value);
        }

        /// <summary>The first characters.</summary>
        public static string Left(string str, int Length)
        {
            if (Length < 0) throw TooSmall("Length", 0);
            if (Length == 0 || str == null) return "";
            return Length >= str.Length ? str : str.Substring(0, Length);
        }

        /// <summary>The last characters.</summary>
        public static string Right(string str, int Length)
        {
            if (Length < 0) throw TooSmall("Length", 0);
            if (Length == 0 || str == null) return "";
            return Length >= str.Length ? str : str.Substring(str.Length - Length);
        }

        /// <summary>The characters from a position on.</summary>
        public static string Mid(string str, int Start)
        {
            return str == null ? null : Mid(str, Start, str.Length);
        }

        /// <summary>Some characters from a position on.</summary>
        public static string Mid(string str, int Start, int Length)
        {
            if (Start <= 0) throw new ArgumentException("Argument 'Start' must be greater than zero.");
            if (Length < 0) throw TooSmall("Length", 0);
            if (Length == 0 || str == null || Start > str.Length) return "";
            return str.Substring(Start - 1, Math.Min(Length, str.Length - Start + 1));
        }

        /// <summary>Without spaces (also wide ones) at the beginning.</summary>
        public static string LTrim(string str)
        {
            return string.IsNullOrEmpty(str) ? "" : str.TrimStart(' ', '\u3000');
        }

        /// <summary>Without spaces (also wide ones) at the end.</summary>
        public static string RTrim(string str)
        {
            return string.IsNullOrEmpty(str) ? "" : str.TrimEnd(' ', '\u3000');
        }

        /// <summary>Without spaces (also wide ones) at both ends.</summary>
        public static string Trim(string str)
        {
            return string.IsNullOrEmpty(str) ? "" : str.Trim(' ', '\u3000');
        }

        /// <summary>A text of that length, cut or filled with spaces at its end.</summary>
        public static string LSet(string Source, int Length)
        {
            if (Length == 0) return "";
            return (Source ?? "").Length >= Length ? Source.Substring(0, Length) : (Source ?? "").PadRight(Length);
        }

        /// <summary>A text of that length, cut or filled with spaces at its beginning.</summary>
        public static string RSet(string Source, int Length)
        {
            if (Length == 0) return "";
            return (Source ?? "").Length >= Length ? Source.Substring(0, Length) : (Source ?? "").PadLeft(Length);
        }

        /// <summary>Replaces one text in another.</summary>
        /// <param name="Expression">Where to replace.</param>
        /// <param name="Find">What.</param>
        /// <param name="Replacement">By what.</param>
        /// <param name="Start">The result begins here.</param>
        /// <param name="Count">How often; -1 = always.</param>
        /// <param name="Compare">How texts are compared.</param>
        public static string Replace(string Expression, string Find, string Replacement, int Start = 1, int Count = -1, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            if (Count < -1) throw TooSmall("Count", -1);
            if (Start <= 0) throw new ArgumentException("Argument 'Start' must be greater than zero.");
            if (Expression == null || Start > Expression.Length) return null;
            var text = Expression.Substring(Start - 1);
            if (string.IsNullOrEmpty(Find) || Count == 0) return text;
            var result = new StringBuilder(text.Length);
            var from = 0;
            for (var done = 0; Count == -1 || done < Count; done++)
            {
                var at = Strings.Find(text, Find, from, Compare);
                if (at < 0) break;
                result.Append(text, from, at - from).Append(Replacement);
                from = at + Find.Length;
            }
            return result.Append(text, from, text.Length - from).ToString();
        }

        /// <summary>Spaces.</summary>
        public static string Space(int Number)
        {
            if (Number < 0) throw TooSmall("Number", 0);
            return new string(' ', Number);
        }

        /// <summary>Splits at a delimiter.</summary>
        /// <param name="Expression">The text; an empty one gives one empty part.</param>
        /// <param name="Delimiter">The delimiter; an empty one splits nothing.</param>
        /// <param name="Limit">Most parts; -1 = all.</param>
        /// <param name="Compare">How texts are compared.</param>
        public static string[] Split(string Expression, string Delimiter = " ", int Limit = -1, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            if (string.IsNullOrEmpty(Expression)) return new[] { "" };
            if (Limit == 0) return new string[0];
            if (Limit < -1) throw TooSmall("Limit", -1);
            if (string.IsNullOrEmpty(Delimiter)) return new[] { Expression };
            var parts = new List<string>();
            var from = 0;
            while (Limit == -1 || parts.Count < Limit - 1)
            {
                var at = Find(Expression, Delimiter, from, Compare);
                if (at < 0) break;
                parts.Add(Expression.Substring(from, at - from));
                from = at + Delimiter.Length;
            }
            parts.Add(Expression.Substring(from));
            return parts.ToArray();
        }

        /// <summary>Compares two texts: -1, 0 or 1.</summary>
        public static int StrComp(string String1, string String2, [OptionCompare] CompareMethod Compare = CompareMethod.Binary)
        {
            if (Compare != CompareMethod.Binary && Compare != CompareMethod.Text) throw Invalid("Compare");
            return Operators.CompareString(String1, String2, Compare == CompareMethod.Text);
        }

        /// <summary>Changes case. The forms for Asian cultures, which Windows converts, throw.</summary>
        public static string StrConv(string str, VbStrConv Conversion, int LocaleID = 0)
        {
            var culture = LocaleID == 0 || LocaleID == 1 ? CultureInfo.CurrentCulture : new CultureInfo(LocaleID & 0xFFFF);
            if (str == null) return null;
            var kind = Conversion & ~VbStrConv.LinguisticCasing;
            switch (kind)
            {
                case VbStrConv.None:
                    return str;
                case VbStrConv.Uppercase:
                    return culture.TextInfo.ToUpper(str);
                case VbStrConv.Lowercase:
                    return culture.TextInfo.ToLower(str);
                case VbStrConv.ProperCase:
                    return Proper(str, culture);
                default:
                    throw new NotSupportedException("StrConv: " + Conversion + " needs Windows's own tables, which are not here; only upper, lower and proper case are");
            }
        }

        private static string Proper(string text, CultureInfo culture)
        {
            var result = culture.TextInfo.ToLower(text).ToCharArray();
            var start = true;
            for (var i = 0; i < result.Length; i++)
            {
                if (start) result[i] = culture.TextInfo.ToUpper(result[i]);
                start = char.IsWhiteSpace(result[i]) || result[i] == '\0';
            }
            return new string(result);
        }

        /// <summary>A character repeated.</summary>
        public static string StrDup(int Number, char Character)
        {
            if (Number < 0) throw TooSmall("Number", 0);
            return new string(Character, Number);
        }

        /// <summary>The first character of a text repeated.</summary>
        public static string StrDup(int Number, string Character)
        {
            if (Number < 0) throw TooSmall("Number", 0);
            if (string.IsNullOrEmpty(Character)) throw new ArgumentException("Length of argument 'Character' must be greater than zero.");
            return new string(Character[0], Number);
        }

        /// <summary>The first character of a text, or a character, repeated.</summary>
        public static object StrDup(int Number, object Character)
        {
            if (Character == null) throw new ArgumentNullException("Character");
            return Character is char ? StrDup(Number, (char)Character) : StrDup(Number, Conversions.ToString(Character));
        }

        /// <summary>The text backwards; letters made of several characters stay whole.</summary>
        public static string StrReverse(string Expression)
        {
            if (Expression == null) return "";
            var parts = new List<string>();
            var e = StringInfo.GetTextElementEnumerator(Expression);
            while (e.MoveNext()) parts.Add(e.GetTextElement());
            parts.Reverse();
            return string.Concat(parts.ToArray());
        }

        /// <summary>Number of characters; 0 for Nothing.</summary>
        public static int Len(string Expression)
        {
            return Expression == null ? 0 : Expression.Length;
        }

        /// <summary>Characters of a text, or bytes that FilePut would write of another value.</summary>
        public static int Len(object Expression)
        {
            if (Expression == null) return 0;
            var text = Expression as string;
            if (text != null) return text.Length;
            var chars = Expression as char[];
            if (chars != null) return chars.Length;
            switch (Type.GetTypeCode(Expression.GetType()))
            {
                case TypeCode.Boolean:
                case TypeCode.Char:
                case TypeCode.Int16:
                case TypeCode.UInt16:
                    return 2;
                case TypeCode.Byte:
                case TypeCode.SByte:
                    return 1;
                case TypeCode.Int32:
                case TypeCode.UInt32:
                case TypeCode.Single:
                    return 4;
                case TypeCode.Decimal:
                    return 16;
                case TypeCode.Object:
                    if (!Expression.GetType().IsValueType) throw new InvalidCastException("Use of Len with type '" + Information.TypeName(Expression) + "' is not valid.");
                    return System.Runtime.InteropServices.Marshal.SizeOf(Expression);
                default:
                    return 8;
            }
        }

        /// <summary>Bytes that FilePut would write: 2.</summary>
        public static int Len(bool Expression)
        {
            return 2;
        }

        /// <summary>Bytes that FilePut would write: 1.</summary>
        public static int Len(byte Expression)
        {
            return 1;
        }

        /// <summary>Bytes that FilePut would write: 2.</summary>
        public static int Len(char Expression)
        {
            return 2;
        }

        /// <summary>Bytes that FilePut would write: 8.</summary>
        public static int Len(double Expression)
        {
            return 8;
        }

        /// <summary>Bytes that FilePut would write: 2.</summary>
        public static int Len(short Expression)
        {
            return 2;
        }

        /// <summary>Bytes that FilePut would write: 4.</summary>
        public static int Len(int Expression)
        {
            return 4;
        }

        /// <summary>Bytes that FilePut would write: 8.</summary>
        public static int Len(long Expression)
        {
            return 8;
        }

        /// <summary>Bytes that FilePut would write: 4.</summary>
        public static int Len(float Expression)
        {
            return 4;
        }

        /// <summary>Bytes that FilePut would write: 8.</summary>
        public static int Len(DateTime Expression)
        {
            return 8;
        }

        /// <summary>Bytes that FilePut would write: 8.</summary>
        public static int Len(decimal Expression)
        {
            return 8;
        }

        /// <summary>Bytes that FilePut would write: 1.</summary>
        public static int Len(sbyte Expression)
        {
            return 1;
        }

        /// <summary>Bytes that FilePut would write: 2.</summary>
        public static int Len(ushort Expression)
        {
            return 2;
        }

        /// <summary>Bytes that FilePut would write: 4.</summary>
        public static int Len(uint Expression)
        {
            return 4;
        }

        /// <summary>Bytes that FilePut would write: 8.</summary>
        public static int Len(ulong Expression)
        {
            return 8;
        }
    }
}
