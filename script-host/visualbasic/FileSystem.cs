// FileSystem: files by number (FileOpen, LineInput, PrintLine …) and file commands of Visual Basic.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.FileSystem. Paths are mapped; texts are in
// the ANSI page and their lines end as ScriptContext.NewLine says. Numbers belong to one script.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.VisualBasic.CompilerServices;
using Packmule.Script;
using Shim = Packmule.Script.IO;

namespace Microsoft.VisualBasic
{
    /// <summary>Spaces in Print and PrintLine.</summary>
    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public struct SpcInfo
    {
        /// <summary>How many.</summary>
        public short Count;
    }

    /// <summary>A column in Print and PrintLine.</summary>
    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public struct TabInfo
    {
        /// <summary>The column from 1; -1 = the next print zone.</summary>
        public short Column;
    }

    /// <summary>Files by number.</summary>
    [StandardModule]
    public sealed partial class FileSystem
    {
        private const int NumberMax = 255;
        private const int Zone = 14;

        /// <summary>An open file.</summary>
        private sealed class Channel
        {
            public FileStream Stream;
            public StreamReader Reader;
            public StreamWriter Writer;
            public OpenMode Mode;
            public int RecordLength;
            public int Column;
            public int Width;
            public Encoding Encoding;
        }

        /// <summary>The files of one script and the state of its Dir.</summary>
        private sealed class State
        {
            public readonly Dictionary<int, Channel> Open = new Dictionary<int, Channel>();
            public Queue<string> Found = new Queue<string>();
        }

        private static readonly ConditionalWeakTable<ScriptContext, State> States = new ConditionalWeakTable<ScriptContext, State>();

        private FileSystem()
        {
        }

        private static State Own
        {
            get { return States.GetOrCreateValue(ScriptContext.Current); }
        }

        private static Exception Error(int number)
        {
            return VBErrors.ExceptionOf(number, null);
        }

        private static Channel Get(int number)
        {
            Channel channel;
            if (!Own.Open.TryGetValue(number, out channel)) throw Error(52);
            return channel;
        }

        /// <summary>A number that no open file has.</summary>
        public static int FreeFile()
        {
            for (var n = 1; n <= NumberMax; n++)
            {
                if (!Own.Open.ContainsKey(n)) return n;
            }
            throw Error(67);
        }

        /// <summary>Opens a file under a number.</summary>
        public static void FileOpen(int FileNumber, string FileName, OpenMode Mode, OpenAccess Access = OpenAccess.Default, OpenShare Share = OpenShare.Default, int RecordLength = -1)
        {
            if (FileNumber < 1 || FileNumber > NumberMax) throw Error(52);
            if (Own.Open.ContainsKey(FileNumber)) throw Error(55);
            if (RecordLength != -1 && RecordLength <= 0) throw Error(5);
            var access = Access == OpenAccess.Read ? FileAccess.Read : Access == OpenAccess.Write ? FileAccess.Write : FileAccess.ReadWrite;
            FileMode mode;
            switch (Mode)
            {
                case OpenMode.Input:
                    if (Access != OpenAccess.Default && Access != OpenAccess.Read) throw new ArgumentException("Argument 'Access' is not valid. Valid values for Input mode are 'OpenAccess.Read' and 'OpenAccess.Default'.");
                    access = FileAccess.Read;
                    mode = FileMode.Open;
                    break;
                case OpenMode.Output:
                    if (Access != OpenAccess.Default && Access != OpenAccess.Write) throw new ArgumentException("Argument 'Access' is not valid. Valid values for Output mode are 'OpenAccess.Write' and 'OpenAccess.Default'.");
                    access = FileAccess.Write;
                    mode = FileMode.Create;
                    break;
                case OpenMode.Append:
                    access = FileAccess.ReadWrite;
                    mode = FileMode.OpenOrCreate;
                    break;
                case OpenMode.Random:
                case OpenMode.Binary:
                    mode = access == FileAccess.Read ? FileMode.Open : FileMode.OpenOrCreate;
                    break;
                default:
                    throw new ArgumentException("Argument 'Mode' is not a valid value.");
            }
            var share = Share == OpenShare.Shared ? FileShare.ReadWrite : Share == OpenShare.LockWrite ? FileShare.Read : Share == OpenShare.LockRead ? FileShare.Write : FileShare.None;
            var context = ScriptContext.Current;
            var channel = new Channel
            {
                Mode = Mode,
                RecordLength = RecordLength == -1 ? 128 : RecordLength,
                Encoding = context.Ansi,
                Stream = new FileStream(context.Map(FileName), mode, access, share),
            };
            if (Mode == OpenMode.Append) channel.Stream.Seek(0, SeekOrigin.End);
            if (Mode == OpenMode.Input) channel.Reader = new StreamReader(channel.Stream, channel.Encoding, false);
            if (Mode == OpenMode.Output || Mode == OpenMode.Append) channel.Writer = new StreamWriter(channel.Stream, channel.Encoding) { NewLine = context.NewLine };
            Own.Open.Add(FileNumber, channel);
        }

        /// <summary>Closes files; without numbers all.</summary>
        public static void FileClose(params int[] FileNumbers)
        {
            foreach (var number in FileNumbers == null || FileNumbers.Length == 0 ? Own.Open.Keys.ToArray() : FileNumbers)
            {
                var channel = Get(number);
                Own.Open.Remove(number);
                if (channel.Writer != null) channel.Writer.Dispose();
                channel.Stream.Dispose();
            }
        }

        /// <summary>Closes all files.</summary>
        public static void Reset()
        {
            FileClose();
        }

        private static StreamReader ReaderOf(int number)
        {
            var channel = Get(number);
            if (channel.Reader != null) return channel.Reader;
            if (channel.Mode != OpenMode.Binary) throw Error(54);
            return channel.Reader = new StreamReader(channel.Stream, channel.Encoding, false);
        }

        private static Channel WriterOf(int number)
        {
            var channel = Get(number);
            if (channel.Writer == null) throw Error(54);
            return channel;
        }

        /// <summary>Whether nothing is left to read.</summary>
        public static bool EOF(int FileNumber)
        {
            var channel = Get(FileNumber);
            if (channel.Reader != null) return channel.Reader.Peek() < 0;
            return channel.Stream.Position >= channel.Stream.Length;
        }

        /// <summary>Length in bytes.</summary>
        public static long LOF(int FileNumber)
        {
            var channel = Get(FileNumber);
            if (channel.Writer != null) channel.Writer.Flush();
            return channel.Stream.Length;
        }

        /// <summary>Where the file stands: the last record, the last byte, or blocks of 128 bytes.</summary>
        public static long Loc(int FileNumber)
        {
            var channel = Get(FileNumber);
            var at = channel.Stream.Position;
            if (channel.Mode == OpenMode.Binary) return at;
            return channel.Mode == OpenMode.Random ? (at + channel.RecordLength - 1) / channel.RecordLength : (at + 127) / 128;
        }

        /// <summary>The next position to read or write, from 1.</summary>
        public static long Seek(int FileNumber)
        {
            var channel = Get(FileNumber);
            if (channel.Writer != null) channel.Writer.Flush();
            var at = channel.Stream.Position;
            return channel.Mode == OpenMode.Random ? at / channel.RecordLength + 1 : at + 1;
        }

        /// <summary>Sets the next position, from 1: a record of a Random file, else a byte.</summary>
        public static void Seek(int FileNumber, long Position)
        {
            var channel = Get(FileNumber);
            if (Position < 1) throw Error(63);
            if (channel.Writer != null) channel.Writer.Flush();
            channel.Stream.Position = (Position - 1) * (channel.Mode == OpenMode.Random ? channel.RecordLength : 1);
            if (channel.Reader != null) channel.Reader.DiscardBufferedData();
        }

        /// <summary>How a file is open.</summary>
        public static OpenMode FileAttr(int FileNumber)
        {
            return Get(FileNumber).Mode;
        }

        /// <summary>Longest line that Print writes; 0 = any.</summary>
        public static void FileWidth(int FileNumber, int RecordWidth)
        {
            if (RecordWidth < 0 || RecordWidth > 255) throw Error(5);
            Get(FileNumber).Width = RecordWidth;
        }

        /// <summary>Files are locked as a whole when they are opened.</summary>
        public static void Lock(int FileNumber)
        {
            var channel = Get(FileNumber);
            channel.Stream.Lock(0, Math.Max(channel.Stream.Length, 1));
        }

        /// <summary>Locks a record or byte.</summary>
        public static void Lock(int FileNumber, long Record)
        {
            Lock(FileNumber, Record, Record);
        }

        /// <summary>Locks records or bytes.</summary>
        public static void Lock(int FileNumber, long FromRecord, long ToRecord)
        {
            var channel = Get(FileNumber);
            long unit = channel.Mode == OpenMode.Random ? channel.RecordLength : 1;
            channel.Stream.Lock((FromRecord - 1) * unit, (ToRecord - FromRecord + 1) * unit);
        }

        /// <summary>Ends the lock.</summary>
        public static void Unlock(int FileNumber)
        {
            var channel = Get(FileNumber);
            channel.Stream.Unlock(0, Math.Max(channel.Stream.Length, 1));
        }

        /// <summary>Ends the lock of a record or byte.</summary>
        public static void Unlock(int FileNumber, long Record)
        {
            Unlock(FileNumber, Record, Record);
        }

        /// <summary>Ends the lock of records or bytes.</summary>
        public static void Unlock(int FileNumber, long FromRecord, long ToRecord)
        {
            var channel = Get(FileNumber);
            long unit = channel.Mode == OpenMode.Random ? channel.RecordLength : 1;
            channel.Stream.Unlock((FromRecord - 1) * unit, (ToRecord - FromRecord + 1) * unit);
        }

        /// <summary>A line without its end.</summary>
        public static string LineInput(int FileNumber)
        {
            var line = ReaderOf(FileNumber).ReadLine();
            if (line == null) throw Error(62);
            return line;
        }

        /// <summary>Some characters, ends of lines included.</summary>
        public static string InputString(int FileNumber, int CharCount)
        {
            if (CharCount < 0 || CharCount > 1 << 30) throw new ArgumentException("Argument 'CharCount' is not a valid value.");
            var reader = ReaderOf(FileNumber);
            var text = new StringBuilder();
            for (var i = 0; i < CharCount; i++)
            {
                var c = reader.Read();
                if (c < 0) throw Error(62);
                text.Append((char)c);
            }
            return text.ToString();
        }

        /// <summary>An item as Write wrote it, or between commas.</summary>
        private static string Item(StreamReader reader, out bool quoted)
        {
            quoted = false;
            while (reader.Peek() == ' ' || reader.Peek() == '\t') reader.Read();
            if (reader.Peek() < 0) throw Error(62);
            var text = new StringBuilder();
            if (reader.Peek() == '"')
            {
                quoted = true;
                reader.Read();
                int c;
                while ((c = reader.Read()) >= 0 && c != '"') text.Append((char)c);
                while (reader.Peek() == ' ' || reader.Peek() == '\t') reader.Read();
            }
            else
            {
                while (reader.Peek() >= 0 && ",\r\n".IndexOf((char)reader.Peek()) < 0) text.Append((char)reader.Read());
            }
            // The delimiter belongs to the item.
            if (reader.Peek() == ',') reader.Read();
            else if (reader.Peek() == '\r' || reader.Peek() == '\n')
            {
                if (reader.Read() == '\r' && reader.Peek() == '\n') reader.Read();
            }
            return quoted ? text.ToString() : text.ToString().TrimEnd();
        }

        private static object Value(int number)
        {
            bool quoted;
            var text = Item(ReaderOf(number), out quoted);
            if (quoted) return text;
            switch (text.ToUpperInvariant())
            {
                case "#TRUE#":
                    return true;
                case "#FALSE#":
                    return false;
                case "#NULL#":
                    return DBNull.Value;
            }
            if (text.Length > 2 && text[0] == '#' && text[text.Length - 1] == '#')
            {
                DateTime date;
                var forms = new[] { "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "HH:mm:ss" };
                if (DateTime.TryParseExact(text.Trim('#'), forms, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out date)) return date;
            }
            double real;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out real) ? real : (object)text;
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref object Value)
        {
            Value = FileSystem.Value(FileNumber);
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref bool Value)
        {
            Value = Conversions.ToBoolean(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref byte Value)
        {
            Value = Conversions.ToByte(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref short Value)
        {
            Value = Conversions.ToShort(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref int Value)
        {
            Value = Conversions.ToInteger(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref long Value)
        {
            Value = Conversions.ToLong(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref char Value)
        {
            Value = Conversions.ToChar(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref float Value)
        {
            Value = Conversions.ToSingle(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref double Value)
        {
            Value = Conversions.ToDouble(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref decimal Value)
        {
            Value = Conversions.ToDecimal(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref DateTime Value)
        {
            Value = Conversions.ToDate(FileSystem.Value(FileNumber));
        }

        /// <summary>Reads an item as Write wrote it.</summary>
        public static void Input(int FileNumber, ref string Value)
        {
            bool quoted;
            Value = Item(ReaderOf(FileNumber), out quoted);
        }

        private static void Put(Channel channel, string text)
        {
            if (channel.Width > 0 && channel.Column > 0 && channel.Column + text.Length > channel.Width)
            {
                channel.Writer.WriteLine();
                channel.Column = 0;
            }
            channel.Writer.Write(text);
            channel.Column += text.Length;
        }

        /// <summary>Writes values for people: texts as they are, numbers with a space before, each in
        /// its print zone of 14 columns.</summary>
        public static void Print(int FileNumber, params object[] Output)
        {
            var channel = WriterOf(FileNumber);
            if (Output == null) return;
            for (var i = 0; i < Output.Length; i++)
            {
                var value = Output[i];
                if (value is SpcInfo)
                {
                    Put(channel, new string(' ', Math.Max((short)0, ((SpcInfo)value).Count)));
                    continue;
                }
                if (value is TabInfo)
                {
                    ToColumn(channel, ((TabInfo)value).Column);
                    continue;
                }
                var text = Shown(value);
                if (i > 0 && !(Output[i - 1] is SpcInfo) && !(Output[i - 1] is TabInfo)) ToColumn(channel, -1);
                Put(channel, text);
            }
        }

        private static string Shown(object value)
        {
            if (value == null) return "";
            if (value is DBNull) return "Null";
            if (value is bool || value is string || value is char || value is DateTime || value is char[]) return Conversions.ToString(value);
            return Operators.IsNumber(Operators.CodeOf(value)) ? (Operators.CompareObject(value, 0, false) < 0 ? "" : " ") + Conversions.ToString(value) + " " : value.ToString();
        }

        private static void ToColumn(Channel channel, int column)
        {
            if (column == -1)
            {
                Put(channel, new string(' ', Zone - channel.Column % Zone));
                return;
            }
            if (column < 1) column = 1;
            if (channel.Column >= column)
            {
                channel.Writer.WriteLine();
                channel.Column = 0;
            }
            Put(channel, new string(' ', column - 1 - channel.Column));
        }

        /// <summary>As Print, then ends the line.</summary>
        public static void PrintLine(int FileNumber, params object[] Output)
        {
            Print(FileNumber, Output);
            var channel = WriterOf(FileNumber);
            channel.Writer.WriteLine();
            channel.Column = 0;
        }

        /// <summary>Spaces for Print.</summary>
        public static SpcInfo SPC(short Count)
        {
            return new SpcInfo { Count = Count < (short)1 ? (short)0 : Count };
        }

        /// <summary>The next print zone.</summary>
        public static TabInfo TAB()
        {
            return new TabInfo { Column = -1 };
        }

        /// <summary>A column for Print.</summary>
        public static TabInfo TAB(short Column)
        {
            return new TabInfo { Column = Column < (short)1 ? (short)1 : Column };
        }

        private static string Written(object value)
        {
            if (value == null) return "#ERROR 448#";
            if (value is DBNull) return "#NULL#";
            if (value is bool) return (bool)value ? "#TRUE#" : "#FALSE#";
            if (value is DateTime)
            {
                var date = (DateTime)value;
                if (date.TimeOfDay.Ticks == date.Ticks) return date.ToString("'#'HH:mm:ss'#'", CultureInfo.InvariantCulture);
                return date.ToString(date.TimeOfDay.Ticks == 0 ? "'#'yyyy-MM-dd'#'" : "'#'yyyy-MM-dd HH:mm:ss'#'", CultureInfo.InvariantCulture);
            }
            if (value is Enum) value = Convert.ChangeType(value, ((Enum)value).GetTypeCode(), CultureInfo.InvariantCulture);
            if (Operators.IsNumber(Operators.CodeOf(value))) return Conversion.Str(value).Trim();
            return "\"" + Conversions.ToString(value) + "\"";
        }

        /// <summary>Writes values for Input: with commas, texts in quotes, dates and Booleans in #.</summary>
        public static void Write(int FileNumber, params object[] Output)
        {
            var channel = WriterOf(FileNumber);
            if (Output == null) return;
            foreach (var value in Output) channel.Writer.Write(Written(value) + ",");
        }

        /// <summary>As Write, and ends the line.</summary>
        public static void WriteLine(int FileNumber, params object[] Output)
        {
            var channel = WriterOf(FileNumber);
            channel.Writer.WriteLine(Output == null ? "" : string.Join(",", Output.Select(Written).ToArray()));
        }
    }
}
