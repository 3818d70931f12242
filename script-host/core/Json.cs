// The headers of frames: JSON objects, read and written without any library.
//
// Objects are JsonObject (members in order), arrays List<object>, numbers long or double. Depth and
// size are limited, since the text comes from another process.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Packmule.ScriptHost
{
    /// <summary>Text that is not JSON, or a member that is not of the wanted kind.</summary>
    public sealed class JsonException : Exception
    {
        /// <summary>With what is wrong.</summary>
        public JsonException(string message) : base(message)
        {
        }
    }

    /// <summary>A JSON object: members by name, in the order added.</summary>
    public sealed class JsonObject
    {
        private readonly List<KeyValuePair<string, object>> _members = new List<KeyValuePair<string, object>>();

        /// <summary>An object without members.</summary>
        public JsonObject()
        {
        }

        /// <summary>A message of a type.</summary>
        public JsonObject(string type)
        {
            Add("type", type);
        }

        /// <summary>The members.</summary>
        public IList<KeyValuePair<string, object>> Members
        {
            get { return _members; }
        }

        /// <summary>Adds a member; null members are left out.</summary>
        public JsonObject Add(string name, object value)
        {
            if (value != null) _members.Add(new KeyValuePair<string, object>(name, value));
            return this;
        }

        /// <summary>The value of a member; null when it is not there.</summary>
        public object this[string name]
        {
            get
            {
                foreach (var member in _members)
                {
                    if (member.Key == name) return member.Value;
                }
                return null;
            }
        }

        /// <summary>A text member.</summary>
        public string Text(string name, string otherwise = null)
        {
            var value = this[name];
            if (value == null) return otherwise;
            var text = value as string;
            if (text == null) throw new JsonException("\"" + name + "\" must be text");
            return text;
        }

        /// <summary>An integer member.</summary>
        public long Integer(string name, long otherwise = 0)
        {
            var value = this[name];
            if (value == null) return otherwise;
            if (value is long) return (long)value;
            throw new JsonException("\"" + name + "\" must be an integer");
        }

        /// <summary>An integer member that fits into 32 bits.</summary>
        public int Int(string name, int otherwise = 0)
        {
            var value = Integer(name, otherwise);
            if (value < int.MinValue || value > int.MaxValue) throw new JsonException("\"" + name + "\" is out of range");
            return (int)value;
        }

        /// <summary>A Boolean member.</summary>
        public bool Flag(string name, bool otherwise = false)
        {
            var value = this[name];
            if (value == null) return otherwise;
            if (value is bool) return (bool)value;
            throw new JsonException("\"" + name + "\" must be true or false");
        }

        /// <summary>A member that is an object; null when it is not there.</summary>
        public JsonObject Object(string name)
        {
            var value = this[name];
            if (value == null) return null;
            var found = value as JsonObject;
            if (found == null) throw new JsonException("\"" + name + "\" must be an object");
            return found;
        }

        /// <summary>A member that is an array; empty when it is not there.</summary>
        public IList<object> Array(string name)
        {
            var value = this[name];
            if (value == null) return new object[0];
            var found = value as List<object>;
            if (found == null) throw new JsonException("\"" + name + "\" must be an array");
            return found;
        }

        /// <summary>A member that is an array of objects.</summary>
        public IEnumerable<JsonObject> Objects(string name)
        {
            foreach (var element in Array(name))
            {
                var found = element as JsonObject;
                if (found == null) throw new JsonException("\"" + name + "\" must hold objects");
                yield return found;
            }
        }

        /// <summary>A member that is an array of texts.</summary>
        public IEnumerable<string> Texts(string name)
        {
            foreach (var element in Array(name))
            {
                var found = element as string;
                if (found == null) throw new JsonException("\"" + name + "\" must hold texts");
                yield return found;
            }
        }

        /// <summary>As JSON.</summary>
        public override string ToString()
        {
            return JsonText.Write(this);
        }
    }

    /// <summary>Reads and writes JSON text.</summary>
    public static class JsonText
    {
        private const int MaximumDepth = 64;

        /// <summary>Reads one object.</summary>
        /// <exception cref="JsonException">It is none.</exception>
        public static JsonObject ReadObject(string text)
        {
            var reader = new Reader(text);
            var value = reader.Document() as JsonObject;
            if (value == null) throw new JsonException("a header must be an object");
            return value;
        }

        /// <summary>Writes a value: JsonObject, enumerables, text, numbers, Booleans, null.</summary>
        public static string Write(object value)
        {
            var text = new StringBuilder();
            Write(text, value);
            return text.ToString();
        }

        private static void Write(StringBuilder text, object value)
        {
            if (value == null || value == (object)DBNull.Value)
            {
                text.Append("null");
            }
            else if (value is string)
            {
                WriteText(text, (string)value);
            }
            else if (value is bool)
            {
                text.Append((bool)value ? "true" : "false");
            }
            else if (value is JsonObject)
            {
                var first = true;
                text.Append('{');
                foreach (var member in ((JsonObject)value).Members)
                {
                    if (!first) text.Append(',');
                    first = false;
                    WriteText(text, member.Key);
                    text.Append(':');
                    Write(text, member.Value);
                }
                text.Append('}');
            }
            else if (value is IEnumerable)
            {
                var first = true;
                text.Append('[');
                foreach (var element in (IEnumerable)value)
                {
                    if (!first) text.Append(',');
                    first = false;
                    Write(text, element);
                }
                text.Append(']');
            }
            else
            {
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
            }
        }

        private static void WriteText(StringBuilder text, string value)
        {
            text.Append('"');
            for (var i = 0; i < value.Length; i++)
            {
                var c = value[i];
                if (c == '"' || c == '\\')
                {
                    text.Append('\\').Append(c);
                }
                else if (c < ' ')
                {
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                }
                else if (char.IsSurrogate(c))
                {
                    if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                    {
                        text.Append(c).Append(value[++i]);
                    }
                    else
                    {
                        text.Append('\uFFFD');
                    }
                }
                else
                {
                    text.Append(c);
                }
            }
            text.Append('"');
        }

        private sealed class Reader
        {
            private readonly string _text;
            private int _at;
            private int _depth;

            internal Reader(string text)
            {
                _text = text;
            }

            internal object Document()
            {
                var value = Value();
                Blanks();
                if (_at != _text.Length) throw Wrong("text after the end");
                return value;
            }

            private JsonException Wrong(string what)
            {
                return new JsonException("JSON: " + what + " at " + _at);
            }

            private void Blanks()
            {
                while (_at < _text.Length && (_text[_at] == ' ' || _text[_at] == '\t' || _text[_at] == '\r' || _text[_at] == '\n')) _at++;
            }

            private char Next()
            {
                Blanks();
                if (_at >= _text.Length) throw Wrong("end of text");
                return _text[_at];
            }

            private object Value()
            {
                switch (Next())
                {
                    case '{': return Nested(Members);
                    case '[': return Nested(Elements);
                    case '"': return String();
                    case 't': return Word("true", true);
                    case 'f': return Word("false", false);
                    case 'n': return Word("null", null);
                    default: return Number();
                }
            }

            private object Nested(Func<object> read)
            {
                if (++_depth > MaximumDepth) throw Wrong("nested too deeply");
                _at++;
                var value = read();
                _depth--;
                return value;
            }

            private object Members()
            {
                var found = new JsonObject();
                if (Next() == '}')
                {
                    _at++;
                    return found;
                }
                while (true)
                {
                    if (Next() != '"') throw Wrong("no name");
                    var name = String();
                    if (Next() != ':') throw Wrong("no colon");
                    _at++;
                    found.Add(name, Value());
                    var c = Next();
                    _at++;
                    if (c == '}') return found;
                    if (c != ',') throw Wrong("no comma");
                }
            }

            private object Elements()
            {
                var found = new List<object>();
                if (Next() == ']')
                {
                    _at++;
                    return found;
                }
                while (true)
                {
                    found.Add(Value());
                    var c = Next();
                    _at++;
                    if (c == ']') return found;
                    if (c != ',') throw Wrong("no comma");
                }
            }

            private object Word(string word, object value)
            {
                if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) throw Wrong("unknown word");
                _at += word.Length;
                return value;
            }

            private object Number()
            {
                var start = _at;
                while (_at < _text.Length && "+-.eE0123456789".IndexOf(_text[_at]) >= 0) _at++;
                var number = _text.Substring(start, _at - start);
                long integer;
                if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer)) return integer;
                double real;
                if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out real)) return real;
                throw Wrong("no value");
            }

            private string String()
            {
                _at++;
                var start = _at;
                while (_at < _text.Length && _text[_at] != '"' && _text[_at] != '\\') _at++;
                if (_at >= _text.Length) throw Wrong("text without end");
                if (_text[_at] == '"') return _text.Substring(start, _at++ - start);
                var text = new StringBuilder(_text, start, _at - start, (_at - start) * 2 + 16);
                while (true)
                {
                    if (_at >= _text.Length) throw Wrong("text without end");
                    var c = _text[_at++];
                    if (c == '"') return text.ToString();
                    text.Append(c == '\\' ? Escape() : c);
                }
            }

            private char Escape()
            {
                if (_at >= _text.Length) throw Wrong("text without end");
                var c = _text[_at++];
                switch (c)
                {
                    case 'n': return '\n';
                    case 't': return '\t';
                    case 'r': return '\r';
                    case 'b': return '\b';
                    case 'f': return '\f';
                    case '"':
                    case '\\':
                    case '/': return c;
                    case 'u':
                        int unit;
                        if (_at + 4 > _text.Length
                            || !int.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out unit))
                        {
                            throw Wrong("wrong escape");
                        }
                        _at += 4;
                        return (char)unit;
                    default: throw Wrong("wrong escape");
                }
            }
        }
    }
}
