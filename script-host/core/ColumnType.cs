// The types of pipeline columns as they come in the headers of frames.

using System;
using System.Collections.Generic;

namespace Packmule.ScriptHost
{
    /// <summary>How the values of a column are kept on the wire (PROTOCOL.md section 5).</summary>
    public enum Storage
    {
        /// <summary>No values, all rows NULL.</summary>
        None,
        /// <summary>Bits.</summary>
        Bool,
        /// <summary>Integers and floats of 1, 2, 4 or 8 bytes.</summary>
        Number,
        /// <summary>128-bit integers with a fixed point.</summary>
        Decimal,
        /// <summary>UTF-8 with offsets.</summary>
        Text,
        /// <summary>Bytes with offsets.</summary>
        Bytes,
        /// <summary>Large objects: text or bytes, read and written in pieces.</summary>
        Blob,
        /// <summary>16 bytes.</summary>
        Guid,
        /// <summary>Dates and times in one integer.</summary>
        Time,
        /// <summary>UTC ticks and minutes.</summary>
        Offset,
    }

    /// <summary>A pipeline type: the word of packages, how it is stored, its number.</summary>
    public sealed class TypeInfo
    {
        /// <summary>Word in packages (<c>wstr</c>).</summary>
        public readonly string Word;
        /// <summary>Name in expressions and messages (<c>DT_WSTR</c>).</summary>
        public readonly string Name;
        /// <summary>Number of the type.</summary>
        public readonly int Number;
        /// <summary>How values are kept.</summary>
        public readonly Storage Storage;
        /// <summary>Bytes of a value of fixed width.</summary>
        public readonly int Width;
        /// <summary>The CLR type that scripts see.</summary>
        public readonly Type ClrType;

        private static readonly Dictionary<string, TypeInfo> ByWord = new Dictionary<string, TypeInfo>(StringComparer.Ordinal);

        private TypeInfo(string word, int number, Storage storage, int width, Type clrType)
        {
            Word = word;
            Name = "DT_" + word.ToUpperInvariant();
            Number = number;
            Storage = storage;
            Width = width;
            ClrType = clrType;
            ByWord[word] = this;
        }

        static TypeInfo()
        {
            new TypeInfo("empty", 0, Storage.None, 0, typeof(object));
            new TypeInfo("null", 1, Storage.None, 0, typeof(object));
            new TypeInfo("i2", 2, Storage.Number, 2, typeof(short));
            new TypeInfo("i4", 3, Storage.Number, 4, typeof(int));
            new TypeInfo("r4", 4, Storage.Number, 4, typeof(float));
            new TypeInfo("r8", 5, Storage.Number, 8, typeof(double));
            new TypeInfo("cy", 6, Storage.Decimal, 16, typeof(decimal));
            new TypeInfo("date", 7, Storage.Time, 8, typeof(DateTime));
            new TypeInfo("bool", 11, Storage.Bool, 0, typeof(bool));
            new TypeInfo("decimal", 14, Storage.Decimal, 16, typeof(decimal));
            new TypeInfo("i1", 16, Storage.Number, 1, typeof(sbyte));
            new TypeInfo("ui1", 17, Storage.Number, 1, typeof(byte));
            new TypeInfo("ui2", 18, Storage.Number, 2, typeof(ushort));
            new TypeInfo("ui4", 19, Storage.Number, 4, typeof(uint));
            new TypeInfo("i8", 20, Storage.Number, 8, typeof(long));
            new TypeInfo("ui8", 21, Storage.Number, 8, typeof(ulong));
            new TypeInfo("fileTime", 64, Storage.Time, 8, typeof(DateTime));
            new TypeInfo("guid", 72, Storage.Guid, 16, typeof(Guid));
            new TypeInfo("bytes", 128, Storage.Bytes, 0, typeof(byte[]));
            new TypeInfo("str", 129, Storage.Text, 0, typeof(string));
            new TypeInfo("wstr", 130, Storage.Text, 0, typeof(string));
            new TypeInfo("numeric", 131, Storage.Decimal, 16, typeof(decimal));
            new TypeInfo("dbDate", 133, Storage.Time, 4, typeof(DateTime));
            new TypeInfo("dbTime", 134, Storage.Time, 4, typeof(TimeSpan));
            new TypeInfo("dbTimeStamp", 135, Storage.Time, 8, typeof(DateTime));
            new TypeInfo("dbTime2", 145, Storage.Time, 8, typeof(TimeSpan));
            new TypeInfo("dbTimeStampOffset", 146, Storage.Offset, 8, typeof(DateTimeOffset));
            new TypeInfo("image", 301, Storage.Blob, 0, typeof(byte[]));
            new TypeInfo("text", 302, Storage.Blob, 0, typeof(string));
            new TypeInfo("nText", 303, Storage.Blob, 0, typeof(string));
            new TypeInfo("dbTimeStamp2", 304, Storage.Time, 8, typeof(DateTime));
        }

        /// <summary>The type of a word.</summary>
        public static TypeInfo Of(string word)
        {
            TypeInfo found;
            if (word != null && ByWord.TryGetValue(word, out found)) return found;
            throw new JsonException("unknown column type \"" + word + "\"");
        }
    }

    /// <summary>What a column is: ids, name, type, length, precision, scale, code page, usage.</summary>
    public sealed class ColumnInfo
    {
        /// <summary>Id in the component.</summary>
        public int Id;
        /// <summary>Name.</summary>
        public string Name;
        /// <summary>Lineage id.</summary>
        public int Lineage;
        /// <summary>Type.</summary>
        public TypeInfo Type;
        /// <summary>Characters (wstr) or bytes (str, bytes); 0 = none.</summary>
        public int Length;
        /// <summary>Digits of numeric.</summary>
        public int Precision;
        /// <summary>Digits after the point; fraction digits of times.</summary>
        public int Scale;
        /// <summary>Windows code page of str and text.</summary>
        public int CodePage;
        /// <summary>Whether an input's column may be written.</summary>
        public bool ReadWrite;

        /// <summary>Reads it from a header.</summary>
        public static ColumnInfo Read(JsonObject from)
        {
            return new ColumnInfo
            {
                Id = from.Int("id"),
                Name = from.Text("name", ""),
                Lineage = from.Int("lineage"),
                Type = TypeInfo.Of(from.Text("type")),
                Length = from.Int("length"),
                Precision = from.Int("precision"),
                Scale = from.Int("scale"),
                CodePage = from.Int("code_page"),
                ReadWrite = from.Text("usage") == "read_write",
            };
        }

        /// <summary>Reads a list of columns.</summary>
        public static List<ColumnInfo> ReadAll(JsonObject from, string name)
        {
            var found = new List<ColumnInfo>();
            foreach (var column in from.Objects(name)) found.Add(Read(column));
            return found;
        }

        /// <summary>As in a header.</summary>
        public JsonObject ToJson()
        {
            return new JsonObject()
                .Add("id", Id).Add("name", Name).Add("lineage", Lineage).Add("type", Type.Word).Add("length", Length)
                .Add("precision", Precision).Add("scale", Scale).Add("code_page", CodePage);
        }

        /// <summary>Digits after the point of a fixed-point type.</summary>
        public int DecimalScale
        {
            get { return Type.Word == "cy" ? 4 : Math.Min(Scale, 38); }
        }

        /// <summary>Digits that a fixed-point value may have.</summary>
        public int DecimalPrecision
        {
            get { return Type.Word == "cy" ? 19 : Type.Word == "decimal" ? 29 : Math.Max(1, Math.Min(Precision, 38)); }
        }

        /// <summary>Name and type, for messages.</summary>
        public override string ToString()
        {
            return "\"" + Name + "\" (" + Type.Name + ")";
        }
    }
}
