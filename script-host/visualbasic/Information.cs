// Information: what values are.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.Information.

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualBasic.CompilerServices;

namespace Microsoft.VisualBasic
{
    /// <summary>Functions about values.</summary>
    [StandardModule]
    public sealed class Information
    {
        private static readonly int[] Colors = { 0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0xC0C0C0, 0x808080, 0xFF0000, 0x00FF00, 0xFFFF00, 0x0000FF, 0xFF00FF, 0x00FFFF, 0xFFFFFF };

        private static readonly Dictionary<Type, string> Names = new Dictionary<Type, string>
        {
            { typeof(bool), "Boolean" }, { typeof(byte), "Byte" }, { typeof(sbyte), "SByte" }, { typeof(short), "Short" }, { typeof(ushort), "UShort" },
            { typeof(int), "Integer" }, { typeof(uint), "UInteger" }, { typeof(long), "Long" }, { typeof(ulong), "ULong" }, { typeof(float), "Single" },
            { typeof(double), "Double" }, { typeof(decimal), "Decimal" }, { typeof(char), "Char" }, { typeof(string), "String" }, { typeof(DateTime), "Date" },
            { typeof(object), "Object" },
        };

        private Information()
        {
        }

        /// <summary>The line number of the last error.</summary>
        public static int Erl()
        {
            return ProjectData.Error.Erl;
        }

        /// <summary>The last error of this thread.</summary>
        public static ErrObject Err()
        {
            return ProjectData.Error;
        }

        /// <summary>Whether a value is an array.</summary>
        public static bool IsArray(object VarName)
        {
            return VarName is Array;
        }

        /// <summary>Whether a value is a date or a text that is one.</summary>
        public static bool IsDate(object Expression)
        {
            if (Expression is DateTime) return true;
            var text = Expression as string;
            DateTime date;
            return text != null && Conversions.TryDate(text, out date);
        }

        /// <summary>Whether a value is DBNull.</summary>
        public static bool IsDBNull(object Expression)
        {
            return Expression is DBNull;
        }

        /// <summary>Whether a value is an exception.</summary>
        public static bool IsError(object Expression)
        {
            return Expression is Exception;
        }

        /// <summary>Whether there is no value.</summary>
        public static bool IsNothing(object Expression)
        {
            return Expression == null;
        }

        /// <summary>Whether a value is a number or a text that is one; a date is not.</summary>
        public static bool IsNumeric(object Expression)
        {
            var code = Operators.CodeOf(Expression);
            if (Operators.IsNumber(code)) return true;
            if (code != TypeCode.String && code != TypeCode.Char) return false;
            var chars = Expression as char[];
            double number;
            try
            {
                return Conversions.TryNumber(chars != null ? new string(chars) : Expression.ToString(), out number);
            }
            catch (OverflowException)
            {
                return false;
            }
        }

        /// <summary>Whether a value is an object and not a simple value.</summary>
        public static bool IsReference(object Expression)
        {
            return !(Expression is ValueType);
        }

        /// <summary>The least index of a dimension.</summary>
        public static int LBound(Array Array, int Rank = 1)
        {
            CheckRank(Array, Rank);
            return Array.GetLowerBound(Rank - 1);
        }

        /// <summary>The greatest index of a dimension.</summary>
        public static int UBound(Array Array, int Rank = 1)
        {
            CheckRank(Array, Rank);
            return Array.GetUpperBound(Rank - 1);
        }

        private static void CheckRank(Array array, int rank)
        {
            if (array == null) throw new ArgumentNullException("Array");
            if (rank < 1 || rank > array.Rank) throw new RankException("Argument 'Rank' is not valid for the array.");
        }

        /// <summary>The number of one of sixteen colours.</summary>
        public static int QBColor(int Color)
        {
            if (Color < 0 || Color > 15) throw new ArgumentException("Argument 'Color' is not a valid value.");
            var rgb = Colors[Color];
            return rgb;
        }

        /// <summary>The number of a colour: red + 256 × green + 65536 × blue; values over 255 count as 255.</summary>
        public static int RGB(int Red, int Green, int Blue)
        {
            if (Red < 0 || Green < 0 || Blue < 0) throw new ArgumentException("Argument 'Red', 'Green' or 'Blue' is not a valid value.");
            return Math.Min(Red, 255) | (Math.Min(Green, 255) << 8) | (Math.Min(Blue, 255) << 16);
        }

        /// <summary>The .NET name of a type of VB; Nothing for others.</summary>
        public static string SystemTypeName(string VbName)
        {
            var name = (VbName ?? "").Trim();
            var found = Names.FirstOrDefault(p => string.Equals(p.Value, name, StringComparison.OrdinalIgnoreCase));
            return found.Key == null ? null : found.Key.FullName;
        }

        /// <summary>VB's name of a type of .NET; Nothing for others.</summary>
        public static string VbTypeName(string SystemName)
        {
            var name = (SystemName ?? "").Trim();
            var found = Names.FirstOrDefault(p => string.Equals(p.Key.FullName, name, StringComparison.OrdinalIgnoreCase) || string.Equals(p.Key.Name, name, StringComparison.OrdinalIgnoreCase));
            return found.Value;
        }

        internal static string VBName(Type type)
        {
            string name;
            if (type.IsArray) return VBName(type.GetElementType()) + "(" + new string(',', type.GetArrayRank() - 1) + ")";
            return !type.IsEnum && Names.TryGetValue(type, out name) ? name : type.Name;
        }

        /// <summary>VB's name of a value's type, as "Integer", "String()" or "Nothing".</summary>
        public static string TypeName(object VarName)
        {
            return VarName == null ? "Nothing" : VBName(VarName.GetType());
        }

        /// <summary>The kind of a value; arrays have Array added to the kind of their elements.</summary>
        public static VariantType VarType(object VarName)
        {
            return VarName == null ? VariantType.Object : Kind(VarName.GetType());
        }

        private static VariantType Kind(Type type)
        {
            if (type.IsArray)
            {
                var element = Kind(type.GetElementType());
                return element >= VariantType.Array ? VariantType.Array | VariantType.Object : VariantType.Array | element;
            }
            if (type.IsEnum) type = Enum.GetUnderlyingType(type);
            switch (Type.GetTypeCode(type))
            {
                case TypeCode.DBNull:
                    return VariantType.Null;
                case TypeCode.Boolean:
                    return VariantType.Boolean;
                case TypeCode.Char:
                    return VariantType.Char;
                case TypeCode.Byte:
                    return VariantType.Byte;
                case TypeCode.Int16:
                    return VariantType.Short;
                case TypeCode.Int32:
                    return VariantType.Integer;
                case TypeCode.Int64:
                    return VariantType.Long;
                case TypeCode.Single:
                    return VariantType.Single;
                case TypeCode.Double:
                    return VariantType.Double;
                case TypeCode.Decimal:
                    return VariantType.Decimal;
                case TypeCode.DateTime:
                    return VariantType.Date;
                case TypeCode.String:
                    return VariantType.String;
                default:
                    if (typeof(Exception).IsAssignableFrom(type)) return VariantType.Error;
                    return type.IsValueType ? VariantType.UserDefinedType : VariantType.Object;
            }
        }
    }
}
