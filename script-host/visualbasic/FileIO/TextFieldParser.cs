// TextFieldParser: reads delimited or fixed-width text by fields.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.FileIO.TextFieldParser: blank lines are
// skipped by ReadFields, comment tokens begin lines to ignore, a quoted field may hold delimiters,
// doubled quotes and ends of lines; what does not fit is a MalformedLineException with the line.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Runtime.Serialization;
using System.Text;
using Packmule.Script;

namespace Microsoft.VisualBasic.FileIO
{
    /// <summary>How fields are told apart.</summary>
    public enum FieldType
    {
        /// <summary>By delimiters.</summary>
        Delimited = 0,

        /// <summary>By widths.</summary>
        FixedWidth = 1,
    }

    /// <summary>A line that does not fit the parser's settings.</summary>
    [Serializable]
    public class MalformedLineException : Exception
    {
        /// <summary>Without a message.</summary>
        public MalformedLineException()
        {
        }

        /// <summary>With a message.</summary>
        public MalformedLineException(string message)
            : base(message)
        {
        }

        /// <summary>With a message and the line's number.</summary>
        public MalformedLineException(string message, long lineNumber)
            : base(message)
        {
            LineNumber = lineNumber;
        }

        /// <summary>With a message and a cause.</summary>
        public MalformedLineException(string message, Exception innerException)
            : base(message, innerException)
        {
        }

        /// <summary>With a message, the line's number and a cause.</summary>
        public MalformedLineException(string message, long lineNumber, Exception innerException)
            : base(message, innerException)
        {
            LineNumber = lineNumber;
        }

        /// <summary>From a serialised form.</summary>
        protected MalformedLineException(SerializationInfo info, StreamingContext context)
            : base(info, context)
        {
        }

        /// <summary>Number of the line, from 1.</summary>
        public long LineNumber { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return base.ToString() + " Line Number:" + LineNumber;
        }
    }

    /// <summary>Reads text by fields.</summary>
    public class TextFieldParser : IDisposable
    {
        /// <summary>A longer line or quoted field has lost its end.</summary>
        private const int LineMax = 10000000;

        private readonly bool _leaveOpen;
        private TextReader _reader;
        private string[] _delimiters;
        private int[] _widths;
        private string[] _comments = new string[0];
        private string _ahead;
        private long _number = 1;

        /// <summary>Over a file in UTF-8, unless a byte order mark says otherwise. The path is mapped.</summary>
        public TextFieldParser(string path)
            : this(path, Encoding.UTF8, true)
        {
        }

        /// <summary>Over a file.</summary>
        public TextFieldParser(string path, Encoding defaultEncoding)
            : this(path, defaultEncoding, true)
        {
        }

        /// <summary>Over a file.</summary>
        public TextFieldParser(string path, Encoding defaultEncoding, bool detectEncoding)
            : this(new StreamReader(ScriptContext.Current.Map(path), defaultEncoding, detectEncoding))
        {
        }

        /// <summary>Over a stream in UTF-8.</summary>
        public TextFieldParser(Stream stream)
            : this(stream, Encoding.UTF8, true)
        {
        }

        /// <summary>Over a stream.</summary>
        public TextFieldParser(Stream stream, Encoding defaultEncoding)
            : this(stream, defaultEncoding, true)
        {
        }

        /// <summary>Over a stream.</summary>
        public TextFieldParser(Stream stream, Encoding defaultEncoding, bool detectEncoding)
            : this(new StreamReader(stream, defaultEncoding, detectEncoding))
        {
        }

        /// <summary>Over a stream, which may be left open.</summary>
        public TextFieldParser(Stream stream, Encoding defaultEncoding, bool detectEncoding, bool leaveOpen)
            : this(new StreamReader(stream, defaultEncoding, detectEncoding))
        {
            _leaveOpen = leaveOpen;
        }

        /// <summary>Over a reader.</summary>
        public TextFieldParser(TextReader reader)
        {
            if (reader == null) throw new ArgumentNullException("reader");
            _reader = reader;
            TrimWhiteSpace = true;
            HasFieldsEnclosedInQuotes = true;
            ErrorLine = "";
            ErrorLineNumber = -1;
        }

        /// <summary>How fields are told apart.</summary>
        public FieldType TextFieldType { get; set; }

        /// <summary>Whether fields lose white space at their ends.</summary>
        public bool TrimWhiteSpace { get; set; }

        /// <summary>Whether fields may stand in quotes.</summary>
        [EditorBrowsable(EditorBrowsableState.Advanced)]
        public bool HasFieldsEnclosedInQuotes { get; set; }

        /// <summary>The line that did not fit.</summary>
        public string ErrorLine { get; private set; }

        /// <summary>Its number; -1 = none.</summary>
        public long ErrorLineNumber { get; private set; }

        /// <summary>Beginnings of lines to ignore.</summary>
        [EditorBrowsable(EditorBrowsableState.Advanced)]
        public string[] CommentTokens
        {
            get { return _comments; }
            set { _comments = value ?? new string[0]; }
        }

        /// <summary>The delimiters.</summary>
        public string[] Delimiters
        {
            get { return _delimiters; }
            set { SetDelimiters(value); }
        }

        /// <summary>The widths; the last may be 0 or less for "the rest".</summary>
        public int[] FieldWidths
        {
            get { return _widths; }
            set { SetFieldWidths(value); }
        }

        /// <summary>Number of the line that is read next, from 1; -1 at the end.</summary>
        [EditorBrowsable(EditorBrowsableState.Advanced)]
        public long LineNumber
        {
            get { return Ahead() == null ? -1 : _number; }
        }

        /// <summary>Whether only blank lines and comments are left.</summary>
        public bool EndOfData
        {
            get
            {
                SkipIgnored();
                return Ahead() == null;
            }
        }

        /// <summary>Sets the delimiters, and that fields have them.</summary>
        public void SetDelimiters(params string[] delimiters)
        {
            if (delimiters != null && delimiters.Any(d => string.IsNullOrEmpty(d) || d.IndexOfAny(new[] { '\r', '\n' }) >= 0))
            {
                throw new ArgumentException("Delimiters cannot be Nothing, empty or hold an end of line.");
            }
            _delimiters = delimiters;
            TextFieldType = FieldType.Delimited;
        }

        /// <summary>Sets the widths, and that fields have them.</summary>
        public void SetFieldWidths(params int[] fieldWidths)
        {
            if (fieldWidths != null && fieldWidths.Take(Math.Max(0, fieldWidths.Length - 1)).Any(w => w < 1))
            {
                throw new ArgumentException("All field widths, except the last element, must be greater than zero.");
            }
            _widths = fieldWidths;
            TextFieldType = FieldType.FixedWidth;
        }

        private string Ahead()
        {
            if (_ahead == null && _reader != null) _ahead = _reader.ReadLine();
            return _ahead;
        }

        private string Next()
        {
            var line = Ahead();
            if (line == null) return null;
            _ahead = null;
            _number++;
            return line;
        }

        private bool Ignored(string line)
        {
            if (line.Trim().Length == 0) return true;
            var start = TrimWhiteSpace ? line.TrimStart() : line;
            return _comments.Any(c => !string.IsNullOrEmpty(c) && (start.StartsWith(c, StringComparison.Ordinal) || line.StartsWith(c, StringComparison.Ordinal)));
        }

        private void SkipIgnored()
        {
            while (Ahead() != null && Ignored(Ahead())) Next();
        }

        /// <summary>The next line as it is, null at the end.</summary>
        [EditorBrowsable(EditorBrowsableState.Advanced)]
        public string ReadLine()
        {
            return Next();
        }

        /// <summary>All that is left, null at the end.</summary>
        [EditorBrowsable(EditorBrowsableState.Advanced)]
        public string ReadToEnd()
        {
            if (Ahead() == null) return null;
            var text = new StringBuilder(_ahead);
            var rest = _reader.ReadToEnd();
            // The end of the line that was read ahead.
            if (rest.Length > 0) text.Append("\r\n").Append(rest);
            _ahead = null;
            _reader = TextReader.Null;
            return text.ToString();
        }

        /// <summary>The next characters, without moving on; null at the end.</summary>
        public string PeekChars(int numberOfChars)
        {
            if (numberOfChars <= 0) throw new ArgumentException("numberOfChars must be greater than zero.");
            SkipIgnored();
            var line = Ahead();
            return line == null || line.Length <= numberOfChars ? line : line.Substring(0, numberOfChars);
        }

        /// <summary>The fields of the next line; null at the end.</summary>
        /// <exception cref="MalformedLineException">The line does not fit.</exception>
        public string[] ReadFields()
        {
            if (TextFieldType == FieldType.Delimited && (_delimiters == null || _delimiters.Length == 0))
            {
                throw new ArgumentException("Unable to read delimited fields because Delimiters is Nothing or empty.");
            }
            if (TextFieldType == FieldType.FixedWidth && (_widths == null || _widths.Length == 0))
            {
                throw new ArgumentException("Unable to read fixed width fields because FieldWidths is Nothing or empty.");
            }
            SkipIgnored();
            if (Ahead() == null) return null;
            return TextFieldType == FieldType.Delimited ? Delimited() : FixedWidth();
        }

        private MalformedLineException Malformed(string line, long number, string how)
        {
            ErrorLine = line;
            ErrorLineNumber = number;
            return new MalformedLineException("Line " + number + " cannot be parsed using the current " + how + ".", number);
        }

        private string Trimmed(string field)
        {
            return TrimWhiteSpace ? field.Trim() : field;
        }

        private string[] FixedWidth()
        {
            var number = _number;
            var line = Next();
            var open = _widths[_widths.Length - 1] <= 0;
            var needed = _widths.Take(open ? _widths.Length - 1 : _widths.Length).Sum();
            if (line.Length < needed) throw Malformed(line, number, "FieldWidths");
            var fields = new string[_widths.Length];
            var at = 0;
            for (var i = 0; i < fields.Length; i++)
            {
                var width = _widths[i] <= 0 ? line.Length - at : _widths[i];
                fields[i] = Trimmed(line.Substring(at, width));
                at += width;
            }
            return fields;
        }

        private int DelimiterAt(string line, int at)
        {
            var longest = 0;
            foreach (var d in _delimiters)
            {
                if (d.Length > longest && string.CompareOrdinal(line, at, d, 0, d.Length) == 0) longest = d.Length;
            }
            return longest;
        }

        private string[] Delimited()
        {
            var number = _number;
            var line = Next();
            var fields = new List<string>();
            var at = 0;
            while (true)
            {
                int quote;
                if (HasFieldsEnclosedInQuotes && QuoteAt(line, at, out quote))
                {
                    at = Quoted(ref line, quote + 1, number, fields);
                }
                else
                {
                    var start = at;
                    while (at < line.Length && DelimiterAt(line, at) == 0) at++;
                    fields.Add(Trimmed(line.Substring(start, at - start)));
                }
                if (at >= line.Length) return fields.ToArray();
                at += DelimiterAt(line, at);
                if (at >= line.Length)
                {
                    fields.Add("");
                    return fields.ToArray();
                }
            }
        }

        /// <summary>Whether a field begins with a quote, after white space that is no delimiter.</summary>
        private bool QuoteAt(string line, int at, out int quote)
        {
            while (at < line.Length && char.IsWhiteSpace(line[at]) && DelimiterAt(line, at) == 0) at++;
            quote = at;
            return at < line.Length && line[at] == '"';
        }

        /// <summary>Reads a quoted field from behind its quote; returns where it ends.</summary>
        private int Quoted(ref string line, int at, long number, List<string> fields)
        {
            var field = new StringBuilder();
            while (true)
            {
                while (at >= line.Length)
                {
                    var next = Next();
                    if (next == null || field.Length > LineMax) throw Malformed(line, number, "Delimiters");
                    field.Append("\r\n");
                    line = next;
                    at = 0;
                    if (next.Length > 0) break;
                }
                if (line[at] != '"')
                {
                    field.Append(line[at++]);
                    continue;
                }
                if (at + 1 < line.Length && line[at + 1] == '"')
                {
                    field.Append('"');
                    at += 2;
                    continue;
                }
                at++;
                while (at < line.Length && char.IsWhiteSpace(line[at]) && DelimiterAt(line, at) == 0) at++;
                if (at < line.Length && DelimiterAt(line, at) == 0) throw Malformed(line, number, "Delimiters");
                fields.Add(Trimmed(field.ToString()));
                return at;
            }
        }

        /// <summary>Closes the text.</summary>
        public void Close()
        {
            if (_reader != null && !_leaveOpen) _reader.Dispose();
            _reader = null;
            _ahead = null;
        }

        /// <summary>Closes the text.</summary>
        protected virtual void Dispose(bool disposing)
        {
            if (disposing) Close();
        }

        void IDisposable.Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }
    }
}
