// Types of fields and the values that fit them. See Recordset.cs.

using System;
using System.Globalization;
using System.Runtime.InteropServices;
using Packmule.Script;

namespace ADODB
{
    /// <summary>Types of ADO as those of .NET.</summary>
    internal static class AdoTypes
    {
        public static Type ClrOf(DataTypeEnum type)
        {
            switch (type)
            {
                case DataTypeEnum.adBoolean:
                    return typeof(bool);
                case DataTypeEnum.adTinyInt:
                    return typeof(sbyte);
                case DataTypeEnum.adSmallInt:
                    return typeof(short);
                case DataTypeEnum.adInteger:
                case DataTypeEnum.adError:
                    return typeof(int);
                case DataTypeEnum.adBigInt:
                    return typeof(long);
                case DataTypeEnum.adUnsignedTinyInt:
                    return typeof(byte);
                case DataTypeEnum.adUnsignedSmallInt:
                    return typeof(ushort);
                case DataTypeEnum.adUnsignedInt:
                    return typeof(uint);
                case DataTypeEnum.adUnsignedBigInt:
                    return typeof(ulong);
                case DataTypeEnum.adSingle:
                    return typeof(float);
                case DataTypeEnum.adDouble:
                    return typeof(double);
                case DataTypeEnum.adCurrency:
                case DataTypeEnum.adDecimal:
                case DataTypeEnum.adNumeric:
                case DataTypeEnum.adVarNumeric:
                    return typeof(decimal);
                case DataTypeEnum.adDate:
                case DataTypeEnum.adDBDate:
                case DataTypeEnum.adDBTimeStamp:
                case DataTypeEnum.adFileTime:
                    return typeof(DateTime);
                case DataTypeEnum.adDBTime:
                    return typeof(TimeSpan);
                case DataTypeEnum.adGUID:
                    return typeof(Guid);
                case DataTypeEnum.adBinary:
                case DataTypeEnum.adVarBinary:
                case DataTypeEnum.adLongVarBinary:
                    return typeof(byte[]);
                case DataTypeEnum.adBSTR:
                case DataTypeEnum.adChar:
                case DataTypeEnum.adVarChar:
                case DataTypeEnum.adLongVarChar:
                case DataTypeEnum.adWChar:
                case DataTypeEnum.adVarWChar:
                case DataTypeEnum.adLongVarWChar:
                    return typeof(string);
                default:
                    return typeof(object);
            }
        }

        /// <summary>A value as the field's type has it.</summary>
        public static object Convert(object value, RowSetColumn column)
        {
            if (value == null || value is DBNull) return DBNull.Value;
            if (column.ClrType.IsInstanceOfType(value)) return Sized(value, column);
            try
            {
                if (column.ClrType == typeof(Guid)) return new Guid(System.Convert.ToString(value, CultureInfo.InvariantCulture));
                return Sized(System.Convert.ChangeType(value, column.ClrType, CultureInfo.CurrentCulture), column);
            }
            catch (Exception e)
            {
                if (!(e is FormatException || e is InvalidCastException || e is OverflowException)) throw;
                throw new COMException("Application uses a value of the wrong type for the current operation.", unchecked((int)0x800A0D5D));
            }
        }

        private static object Sized(object value, RowSetColumn column)
        {
            var text = value as string;
            if (text != null && column.Size > 0 && text.Length > column.Size)
            {
                throw new COMException("Multiple-step operation generated errors. Check each status value.", unchecked((int)0x80040E21));
            }
            return value;
        }
    }
}
