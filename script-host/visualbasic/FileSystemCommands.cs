// FileSystem: commands on files and folders, and records (FileGet, FilePut). See FileSystem.cs.

using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.VisualBasic.CompilerServices;
using Packmule.Script;
using Shim = Packmule.Script.IO;

namespace Microsoft.VisualBasic
{
    public sealed partial class FileSystem
    {
        private const int StringMax = 32767;

        /// <summary>Sets the script's current folder.</summary>
        public static void ChDir(string Path)
        {
            if (string.IsNullOrWhiteSpace(Path)) throw Error(52);
            if (!Shim.Directory.Exists(Path)) throw Error(76);
            Shim.Directory.SetCurrentDirectory(Path);
        }

        /// <summary>There are no current drives here: only checked.</summary>
        public static void ChDrive(char Drive)
        {
            if (!char.IsLetter(Drive)) throw new ArgumentException("Argument 'Drive' is not a valid value.");
        }

        /// <summary>There are no current drives here: only checked.</summary>
        public static void ChDrive(string Drive)
        {
            if (!string.IsNullOrEmpty(Drive)) ChDrive(Drive[0]);
        }

        /// <summary>The script's current folder.</summary>
        public static string CurDir()
        {
            return Shim.Directory.GetCurrentDirectory();
        }

        /// <summary>The script's current folder, whatever the drive.</summary>
        public static string CurDir(char Drive)
        {
            return CurDir();
        }

        /// <summary>The next name that fits the pattern of the last Dir; empty at the end.</summary>
        public static string Dir()
        {
            var found = Own.Found;
            if (found == null) throw Error(5);
            if (found.Count > 0) return found.Dequeue();
            Own.Found = null;
            return "";
        }

        /// <summary>The first name in a folder that fits a pattern; empty for none.</summary>
        public static string Dir(string PathName, FileAttribute Attributes = FileAttribute.Normal)
        {
            if (string.IsNullOrEmpty(PathName)) throw Error(5);
            if (Attributes == FileAttribute.Volume) return "";
            var folder = Shim.Path.GetDirectoryName(PathName);
            var pattern = Shim.Path.GetFileName(PathName);
            if (folder == null) folder = PathName;
            if (folder.Length == 0) folder = CurDir();
            if (pattern.Length == 0) pattern = "*";
            Own.Found = new System.Collections.Generic.Queue<string>();
            if (!Shim.Directory.Exists(folder)) return "";
            var names = Shim.Directory.GetFiles(folder, pattern).Select(Shim.Path.GetFileName);
            if ((Attributes & FileAttribute.Directory) != 0)
            {
                var own = pattern == "*" || pattern == "*.*" ? new[] { ".", ".." } : new string[0];
                names = own.Concat(names.Concat(Shim.Directory.GetDirectories(folder, pattern).Select(Shim.Path.GetFileName)).OrderBy(n => n, StringComparer.OrdinalIgnoreCase));
            }
            Own.Found = new System.Collections.Generic.Queue<string>(names);
            return Own.Found.Count == 0 ? "" : Own.Found.Dequeue();
        }

        /// <summary>Copies a file over another.</summary>
        public static void FileCopy(string Source, string Destination)
        {
            if (string.IsNullOrEmpty(Source) || string.IsNullOrEmpty(Destination)) throw Error(52);
            if (!Shim.File.Exists(Source)) throw Error(53);
            Shim.File.Copy(Source, Destination, true);
        }

        /// <summary>When a file was changed.</summary>
        public static DateTime FileDateTime(string PathName)
        {
            if (!Shim.File.Exists(PathName) && !Shim.Directory.Exists(PathName)) throw Error(53);
            return Shim.File.GetLastWriteTime(PathName);
        }

        /// <summary>Size of a file in bytes.</summary>
        public static long FileLen(string PathName)
        {
            if (!Shim.File.Exists(PathName)) throw Error(53);
            return new Shim.FileInfo(PathName).Length;
        }

        /// <summary>Attributes of a file or folder.</summary>
        public static FileAttribute GetAttr(string PathName)
        {
            if (Shim.Directory.Exists(PathName)) return FileAttribute.Directory;
            if (!Shim.File.Exists(PathName)) throw Error(53);
            return (FileAttribute)((int)Shim.File.GetAttributes(PathName) & 0x3F);
        }

        /// <summary>Sets attributes; Linux keeps only ReadOnly.</summary>
        public static void SetAttr(string PathName, FileAttribute Attributes)
        {
            if (!Shim.File.Exists(PathName) && !Shim.Directory.Exists(PathName)) throw Error(53);
            if (((int)Attributes & ~(int)(FileAttribute.ReadOnly | FileAttribute.Hidden | FileAttribute.System | FileAttribute.Archive)) != 0)
            {
                throw new ArgumentException("Argument 'Attributes' is not a valid value.");
            }
            Shim.File.SetAttributes(PathName, Attributes == FileAttribute.Normal ? FileAttributes.Normal : (FileAttributes)Attributes);
        }

        /// <summary>Deletes the files that fit a pattern.</summary>
        public static void Kill(string PathName)
        {
            var folder = Shim.Path.GetDirectoryName(PathName);
            if (string.IsNullOrEmpty(folder)) folder = CurDir();
            var files = Shim.Directory.Exists(folder) ? Shim.Directory.GetFiles(folder, Shim.Path.GetFileName(PathName)) : new string[0];
            if (files.Length == 0) throw new FileNotFoundException("No files found matching '" + PathName + "'.");
            foreach (var file in files) Shim.File.Delete(file);
        }

        /// <summary>Makes a folder.</summary>
        public static void MkDir(string Path)
        {
            if (string.IsNullOrEmpty(Path)) throw Error(52);
            if (Shim.Directory.Exists(Path)) throw Error(75);
            Shim.Directory.CreateDirectory(Path);
        }

        /// <summary>Deletes an empty folder.</summary>
        public static void RmDir(string Path)
        {
            if (string.IsNullOrEmpty(Path)) throw Error(52);
            if (!Shim.Directory.Exists(Path)) throw Error(76);
            Shim.Directory.Delete(Path);
        }

        /// <summary>Renames or moves a file or folder.</summary>
        public static void Rename(string OldPath, string NewPath)
        {
            if (Shim.File.Exists(NewPath) || Shim.Directory.Exists(NewPath)) throw Error(58);
            if (Shim.File.Exists(OldPath)) Shim.File.Move(OldPath, NewPath);
            else if (Shim.Directory.Exists(OldPath)) Shim.Directory.Move(OldPath, NewPath);
            else throw Error(53);
        }

        private static Channel Records(int number, long record)
        {
            var channel = Get(number);
            if (channel.Mode != OpenMode.Random && channel.Mode != OpenMode.Binary) throw Error(54);
            if (record == 0 || record < -1) throw Error(63);
            if (record > 0) Seek(number, record);
            return channel;
        }

        private static void EndRecord(Channel channel, long start)
        {
            if (channel.Mode != OpenMode.Random) return;
            if (channel.Stream.Position - start > channel.RecordLength) throw Error(59);
            channel.Stream.Position = start + channel.RecordLength;
        }

        private static object Read(int number, long record, object current, Type type, bool lengthIsStored)
        {
            var channel = Records(number, record);
            var start = channel.Stream.Position;
            var reader = new BinaryReader(channel.Stream);
            var value = ReadValue(channel, reader, current, type, lengthIsStored || channel.Mode == OpenMode.Random);
            EndRecord(channel, start);
            return value;
        }

        private static object ReadValue(Channel channel, BinaryReader reader, object current, Type type, bool lengthIsStored)
        {
            switch (Type.GetTypeCode(type))
            {
                case TypeCode.Boolean:
                    return reader.ReadInt16() != 0;
                case TypeCode.Byte:
                    return reader.ReadByte();
                case TypeCode.Int16:
                    return reader.ReadInt16();
                case TypeCode.Int32:
                    return reader.ReadInt32();
                case TypeCode.Int64:
                    return reader.ReadInt64();
                case TypeCode.Single:
                    return reader.ReadSingle();
                case TypeCode.Double:
                    return reader.ReadDouble();
                case TypeCode.Decimal:
                    return decimal.FromOACurrency(reader.ReadInt64());
                case TypeCode.DateTime:
                    return DateTime.FromOADate(reader.ReadDouble());
                case TypeCode.Char:
                    return channel.Encoding.GetString(reader.ReadBytes(1)).FirstOrDefault();
                case TypeCode.String:
                    var length = lengthIsStored ? reader.ReadInt16() : Strings.Len((string)current);
                    if (length < 0) throw Error(59);
                    return channel.Encoding.GetString(reader.ReadBytes(length));
            }
            if (!type.IsValueType) throw new ArgumentException("File I/O with type '" + Information.VBName(type) + "' is not valid.");
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            {
                var fixedLength = (VBFixedStringAttribute)Attribute.GetCustomAttribute(field, typeof(VBFixedStringAttribute));
                var old = fixedLength == null ? field.GetValue(current) : new string(' ', fixedLength.Length);
                field.SetValue(current, ReadValue(channel, reader, old, field.FieldType, fixedLength == null));
            }
            return current;
        }

        private static void Save(int number, long record, object value, bool storeLength)
        {
            var channel = Records(number, record);
            var start = channel.Stream.Position;
            var writer = new BinaryWriter(channel.Stream);
            SaveValue(channel, writer, value, storeLength || channel.Mode == OpenMode.Random);
            writer.Flush();
            EndRecord(channel, start);
        }

        private static void SaveValue(Channel channel, BinaryWriter writer, object value, bool storeLength)
        {
            if (value == null) throw new ArgumentException("Argument 'Value' is Nothing.");
            switch (Type.GetTypeCode(value.GetType()))
            {
                case TypeCode.Boolean:
                    writer.Write((short)((bool)value ? -1 : 0));
                    return;
                case TypeCode.Byte:
                    writer.Write((byte)value);
                    return;
                case TypeCode.Int16:
                    writer.Write((short)value);
                    return;
                case TypeCode.Int32:
                    writer.Write(Convert.ToInt32(value));
                    return;
                case TypeCode.Int64:
                    writer.Write((long)value);
                    return;
                case TypeCode.Single:
                    writer.Write((float)value);
                    return;
                case TypeCode.Double:
                    writer.Write((double)value);
                    return;
                case TypeCode.Decimal:
                    writer.Write(decimal.ToOACurrency((decimal)value));
                    return;
                case TypeCode.DateTime:
                    writer.Write(((DateTime)value).ToOADate());
                    return;
                case TypeCode.Char:
                case TypeCode.String:
                    var bytes = channel.Encoding.GetBytes(value.ToString());
                    if (bytes.Length > StringMax && storeLength) throw Error(59);
                    if (storeLength && value is string) writer.Write((short)bytes.Length);
                    writer.Write(bytes);
                    return;
            }
            if (!value.GetType().IsValueType) throw new ArgumentException("File I/O with type '" + Information.TypeName(value) + "' is not valid.");
            foreach (var field in value.GetType().GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            {
                var fixedLength = (VBFixedStringAttribute)Attribute.GetCustomAttribute(field, typeof(VBFixedStringAttribute));
                if (fixedLength != null) SaveValue(channel, writer, Strings.LSet((string)field.GetValue(value), fixedLength.Length), false);
                else SaveValue(channel, writer, field.GetValue(value) ?? "", true);
            }
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref bool Value, long RecordNumber = -1)
        {
            Value = (bool)Read(FileNumber, RecordNumber, Value, typeof(bool), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, bool Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref byte Value, long RecordNumber = -1)
        {
            Value = (byte)Read(FileNumber, RecordNumber, Value, typeof(byte), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, byte Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref short Value, long RecordNumber = -1)
        {
            Value = (short)Read(FileNumber, RecordNumber, Value, typeof(short), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, short Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref int Value, long RecordNumber = -1)
        {
            Value = (int)Read(FileNumber, RecordNumber, Value, typeof(int), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, int Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref long Value, long RecordNumber = -1)
        {
            Value = (long)Read(FileNumber, RecordNumber, Value, typeof(long), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, long Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref char Value, long RecordNumber = -1)
        {
            Value = (char)Read(FileNumber, RecordNumber, Value, typeof(char), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, char Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref float Value, long RecordNumber = -1)
        {
            Value = (float)Read(FileNumber, RecordNumber, Value, typeof(float), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, float Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref double Value, long RecordNumber = -1)
        {
            Value = (double)Read(FileNumber, RecordNumber, Value, typeof(double), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, double Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref decimal Value, long RecordNumber = -1)
        {
            Value = (decimal)Read(FileNumber, RecordNumber, Value, typeof(decimal), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, decimal Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a value of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref DateTime Value, long RecordNumber = -1)
        {
            Value = (DateTime)Read(FileNumber, RecordNumber, Value, typeof(DateTime), false);
        }

        /// <summary>Writes a value to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, DateTime Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads a text: as long as the old value in Binary files unless its length is stored.</summary>
        public static void FileGet(int FileNumber, ref string Value, long RecordNumber = -1, bool StringIsFixedLength = false)
        {
            var fixedLength = StringIsFixedLength && Get(FileNumber).Mode == OpenMode.Random;
            if (!fixedLength)
            {
                Value = (string)Read(FileNumber, RecordNumber, Value, typeof(string), false);
                return;
            }
            var channel = Records(FileNumber, RecordNumber);
            var start = channel.Stream.Position;
            Value = channel.Encoding.GetString(new BinaryReader(channel.Stream).ReadBytes(Strings.Len(Value)));
            EndRecord(channel, start);
        }

        /// <summary>Writes a text; in Random files its length stands before it unless it is fixed.</summary>
        public static void FilePut(int FileNumber, string Value, long RecordNumber = -1, bool StringIsFixedLength = false)
        {
            var channel = Records(FileNumber, RecordNumber);
            var start = channel.Stream.Position;
            var writer = new BinaryWriter(channel.Stream);
            SaveValue(channel, writer, Value ?? "", channel.Mode == OpenMode.Random && !StringIsFixedLength);
            writer.Flush();
            EndRecord(channel, start);
        }

        /// <summary>Reads a structure of a Random or Binary file.</summary>
        public static void FileGet(int FileNumber, ref ValueType Value, long RecordNumber = -1)
        {
            Value = (ValueType)Read(FileNumber, RecordNumber, Value, Value.GetType(), false);
        }

        /// <summary>Writes a structure to a Random or Binary file.</summary>
        public static void FilePut(int FileNumber, ValueType Value, long RecordNumber = -1)
        {
            Save(FileNumber, RecordNumber, Value, false);
        }

        /// <summary>Reads the elements of an array one after another.</summary>
        public static void FileGet(int FileNumber, ref Array Value, long RecordNumber = -1, bool ArrayIsDynamic = false, bool StringIsFixedLength = false)
        {
            if (ArrayIsDynamic || Value == null || Value.Rank != 1) throw new NotSupportedException("FileGet: only arrays of one dimension and known length are read here");
            var channel = Records(FileNumber, RecordNumber);
            var start = channel.Stream.Position;
            var reader = new BinaryReader(channel.Stream);
            for (var i = 0; i < Value.Length; i++)
            {
                Value.SetValue(ReadValue(channel, reader, Value.GetValue(i), Value.GetType().GetElementType(), channel.Mode == OpenMode.Random), i);
            }
            EndRecord(channel, start);
        }

        /// <summary>Writes the elements of an array one after another.</summary>
        public static void FilePut(int FileNumber, Array Value, long RecordNumber = -1, bool ArrayIsDynamic = false, bool StringIsFixedLength = false)
        {
            if (ArrayIsDynamic || Value == null || Value.Rank != 1) throw new NotSupportedException("FilePut: only arrays of one dimension and known length are written here");
            var channel = Records(FileNumber, RecordNumber);
            var start = channel.Stream.Position;
            var writer = new BinaryWriter(channel.Stream);
            foreach (var element in Value) SaveValue(channel, writer, element ?? "", channel.Mode == OpenMode.Random);
            writer.Flush();
            EndRecord(channel, start);
        }
    }
}
