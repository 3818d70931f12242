// Between the text of columns (UTF-8) and of scripts (UTF-16), and the code pages of DT_STR. Most
// text is ASCII: both ways have a loop of their own for it.

using System.Collections.Generic;
using System.Text;

namespace Packmule.ScriptHost
{
    /// <summary>Between UTF-8 and UTF-16, fast for ASCII.</summary>
    public static unsafe class Utf8
    {
        private static readonly UTF8Encoding Encoding = new UTF8Encoding(false, false);

        /// <summary>The string of some bytes.</summary>
        public static string Decode(byte* from, int length)
        {
            if (length == 0) return "";
            if (!IsAscii(from, length)) return DecodeAny(from, length);
            var text = new string('\0', length);
            fixed (char* start = text)
            {
                var to = start;
                var end = from + length;
                while (end - from >= 4)
                {
                    var four = *(uint*)from;
                    *(ulong*)to = (four & 0xFF) | ((ulong)(four & 0xFF00) << 8) | ((ulong)(four & 0xFF0000) << 16) | ((ulong)(four & 0xFF000000) << 24);
                    from += 4;
                    to += 4;
                }
                while (from < end) *to++ = (char)*from++;
            }
            return text;
        }

        private static string DecodeAny(byte* from, int length)
        {
            return Encoding.GetString(from, length);
        }

        private static bool IsAscii(byte* from, int length)
        {
            var end = from + length;
            while (end - from >= 8)
            {
                if ((*(ulong*)from & 0x8080808080808080) != 0) return false;
                from += 8;
            }
            while (from < end)
            {
                if (*from++ >= 0x80) return false;
            }
            return true;
        }

        /// <summary>Writes the bytes of a string if all of it is ASCII; false leaves rubbish.</summary>
        public static bool EncodeAscii(string text, byte* to)
        {
            fixed (char* start = text)
            {
                var from = start;
                var end = start + text.Length;
                while (end - from >= 4)
                {
                    var four = *(ulong*)from;
                    if ((four & 0xFF80FF80FF80FF80) != 0) return false;
                    *(uint*)to = (uint)((four & 0xFF) | ((four >> 8) & 0xFF00) | ((four >> 16) & 0xFF0000) | ((four >> 24) & 0xFF000000));
                    from += 4;
                    to += 4;
                }
                while (from < end)
                {
                    if (*from >= 0x80) return false;
                    *to++ = (byte)*from++;
                }
            }
            return true;
        }

        /// <summary>Writes the bytes of any string; room for three bytes a unit is needed.</summary>
        public static int Encode(string text, byte* to)
        {
            fixed (char* from = text)
            {
                return Encoding.GetBytes(from, text.Length, to, text.Length * 3);
            }
        }
    }

    /// <summary>The encodings of code pages; what they do not have becomes '?'.</summary>
    public static class CodePages
    {
        private static readonly Dictionary<int, Encoding> Known = new Dictionary<int, Encoding>();

        /// <summary>The encoding of a code page; 0 is 1252.</summary>
        public static Encoding Get(int page)
        {
            if (page == 0) page = 1252;
            lock (Known)
            {
                Encoding found;
                if (Known.TryGetValue(page, out found)) return found;
                try
                {
                    found = page == 65001
                        ? new UTF8Encoding(false)
                        : Encoding.GetEncoding(page, new EncoderReplacementFallback("?"), new DecoderReplacementFallback("?"));
                }
                catch (System.Exception e) when (e is System.ArgumentException || e is System.NotSupportedException)
                {
                    throw new JsonException("there is no code page " + page + " here" + (Packmule.Script.Platform.IsMono ? "; install Mono's I18N assemblies" : ""));
                }
                Known[page] = found;
                return found;
            }
        }
    }
}
