// Members of String that scripts call for every row and that Mono makes character by character.
//
// The answers are .NET's own: text of ASCII in a culture with its usual letters is turned at once,
// all else is left to the member itself.

using System;
using System.Globalization;

namespace Packmule.Script
{
    /// <summary>Redirected members of System.String.</summary>
    public static unsafe class StringMembers
    {
        private const int AsciiEnd = 0x80;
        private const int CaseBit = 0x20;

        /// <summary>The culture that was looked at last, and whether its ASCII letters are the usual ones
        /// (those of Turkish and Azeri are not).</summary>
        private sealed class Seen
        {
            internal CultureInfo Culture;
            internal bool IsUsual;
        }

        private static Seen _seen = new Seen();

        private static bool HasUsualLetters(CultureInfo culture)
        {
            var seen = _seen;
            if (ReferenceEquals(seen.Culture, culture)) return seen.IsUsual;
            var letters = culture.TextInfo;
            var usual = letters.ToUpper('i') == 'I' && letters.ToLower('I') == 'i';
            _seen = new Seen { Culture = culture, IsUsual = usual };
            return usual;
        }

        /// <summary>In capitals, by the culture of the thread.</summary>
        [Replaces("System.String", "ToUpper")]
        public static string String_ToUpper(string text)
        {
            return Turn(text, 'a', CultureInfo.CurrentCulture) ?? text.ToUpper();
        }

        /// <summary>In capitals, by no culture.</summary>
        [Replaces("System.String", "ToUpperInvariant")]
        public static string String_ToUpperInvariant(string text)
        {
            return Turn(text, 'a', CultureInfo.InvariantCulture) ?? text.ToUpperInvariant();
        }

        /// <summary>In small letters, by the culture of the thread.</summary>
        [Replaces("System.String", "ToLower")]
        public static string String_ToLower(string text)
        {
            return Turn(text, 'A', CultureInfo.CurrentCulture) ?? text.ToLower();
        }

        /// <summary>In small letters, by no culture.</summary>
        [Replaces("System.String", "ToLowerInvariant")]
        public static string String_ToLowerInvariant(string text)
        {
            return Turn(text, 'A', CultureInfo.InvariantCulture) ?? text.ToLowerInvariant();
        }

        /// <summary>Turns the letters from <paramref name="first"/> on to their other case; null when the
        /// text is not all ASCII or the culture has other letters.</summary>
        private static string Turn(string text, char first, CultureInfo culture)
        {
            var length = text.Length;
            if (length == 0) return text;
            if (!HasUsualLetters(culture)) return null;
            var made = new string('\0', length);
            fixed (char* from = text, to = made)
            {
                for (var i = 0; i < length; i++)
                {
                    var c = from[i];
                    if (c >= AsciiEnd) return null;
                    to[i] = (uint)(c - first) < 26 ? (char)(c ^ CaseBit) : c;
                }
            }
            return made;
        }
    }
}
