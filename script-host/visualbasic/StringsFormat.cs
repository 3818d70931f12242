// Format and its kin.
//
// Documented at learn.microsoft.com, Strings.Format, FormatCurrency, FormatNumber, FormatPercent,
// FormatDateTime: named formats, else .NET's format strings, by the thread's culture.

using System;
using System.Globalization;
using Microsoft.VisualBasic.CompilerServices;

namespace Microsoft.VisualBasic
{
    public sealed partial class Strings
    {
        /// <summary>A value by a named or own format; without one as CStr has it.</summary>
        public static string Format(object Expression, string Style = "")
        {
            if (Expression == null) return "";
            if (string.IsNullOrEmpty(Style)) return Conversions.ToString(Expression is Enum ? ((Enum)Expression).ToString("D") : Expression);
            var culture = CultureInfo.CurrentCulture;
            if (Expression is DateTime)
            {
                var date = (DateTime)Expression;
                return Named(date, Style) ?? date.ToString(Style, culture);
            }
            var text = Expression as string;
            if (text != null)
            {
                // A text that is a number or date is formatted as one.
                double number;
                if (Conversions.TryNumber(text, out number)) return Format(number, Style);
                DateTime date;
                return Conversions.TryDate(text, out date) ? Format(date, Style) : Style;
            }
            if (Expression is bool || Operators.IsNumber(Operators.CodeOf(Expression)))
            {
                var named = Named(Expression, Style);
                if (named != null) return named;
                if (Expression is bool) return Style;
            }
            var formattable = Expression as IFormattable;
            if (formattable == null) throw new InvalidCastException("Conversion from type '" + Information.TypeName(Expression) + "' to type 'String' is not valid.");
            return formattable.ToString(Style, culture);
        }

        private static string Named(DateTime date, string style)
        {
            var culture = CultureInfo.CurrentCulture;
            switch (style.ToLowerInvariant())
            {
                case "g":
                case "general date":
                    return date.ToString("G", culture);
                case "long date":
                    return date.ToString("D", culture);
                case "medium date":
                    return date.ToString("D", culture);
                case "short date":
                    return date.ToString("d", culture);
                case "long time":
                case "medium time":
                    return date.ToString("T", culture);
                case "short time":
                    return date.ToString("t", culture);
                default:
                    return null;
            }
        }

        private static string Named(object value, string style)
        {
            var culture = CultureInfo.CurrentCulture;
            var number = new Lazy<double>(() => Conversions.ToDouble(value));
            switch (style.ToLowerInvariant())
            {
                case "general number":
                case "g":
                    return Conversions.ToString(value is bool ? Conversions.ToShort(value) : value);
                case "currency":
                    return ((IFormattable)Numeric(value)).ToString("C", culture);
                case "fixed":
                    return ((IFormattable)Numeric(value)).ToString("0.00", culture);
                case "standard":
                    return ((IFormattable)Numeric(value)).ToString("N2", culture);
                case "percent":
                    return ((IFormattable)Numeric(value)).ToString("0.00%", culture);
                case "scientific":
                    return ((IFormattable)Numeric(value)).ToString("0.00E+00", culture);
                case "yes/no":
                    return number.Value != 0 ? "Yes" : "No";
                case "true/false":
                    return number.Value != 0 ? "True" : "False";
                case "on/off":
                    return number.Value != 0 ? "On" : "Off";
                default:
                    return null;
            }
        }

        private static object Numeric(object value)
        {
            return value is bool ? Conversions.ToShort(value) : value;
        }

        /// <summary>A number as money.</summary>
        /// <param name="Expression">The number.</param>
        /// <param name="NumDigitsAfterDecimal">Digits after the point; -1 = the culture's.</param>
        /// <param name="IncludeLeadingDigit">Whether a fraction begins with 0.</param>
        /// <param name="UseParensForNegativeNumbers">Whether negative numbers stand in parentheses.</param>
        /// <param name="GroupDigits">Whether thousands are separated.</param>
        public static string FormatCurrency(object Expression, int NumDigitsAfterDecimal = -1, TriState IncludeLeadingDigit = TriState.UseDefault, TriState UseParensForNegativeNumbers = TriState.UseDefault, TriState GroupDigits = TriState.UseDefault)
        {
            return Shaped("C", Expression, NumDigitsAfterDecimal, IncludeLeadingDigit, UseParensForNegativeNumbers, GroupDigits);
        }

        /// <summary>A number; parameters as of FormatCurrency.</summary>
        public static string FormatNumber(object Expression, int NumDigitsAfterDecimal = -1, TriState IncludeLeadingDigit = TriState.UseDefault, TriState UseParensForNegativeNumbers = TriState.UseDefault, TriState GroupDigits = TriState.UseDefault)
        {
            return Shaped("N", Expression, NumDigitsAfterDecimal, IncludeLeadingDigit, UseParensForNegativeNumbers, GroupDigits);
        }

        /// <summary>A number times 100 with a percent sign; parameters as of FormatCurrency.</summary>
        public static string FormatPercent(object Expression, int NumDigitsAfterDecimal = -1, TriState IncludeLeadingDigit = TriState.UseDefault, TriState UseParensForNegativeNumbers = TriState.UseDefault, TriState GroupDigits = TriState.UseDefault)
        {
            return Shaped("P", Expression, NumDigitsAfterDecimal, IncludeLeadingDigit, UseParensForNegativeNumbers, GroupDigits);
        }

        private static string Shaped(string kind, object value, int digits, TriState leading, TriState parens, TriState groups)
        {
            if (digits < -1 || digits > 99) throw new ArgumentException("Argument 'NumDigitsAfterDecimal' must be within the range -1 to 99.");
            if (value == null) return "";
            if (value is string || value is char[]) value = Conversions.ToDouble(value);
            if (!Operators.IsNumber(Operators.CodeOf(value))) throw Conversions.Cannot(value, kind == "C" ? "Currency" : "Double");
            var info = (NumberFormatInfo)CultureInfo.CurrentCulture.NumberFormat.Clone();
            if (groups == TriState.False)
            {
                info.CurrencyGroupSizes = info.NumberGroupSizes = info.PercentGroupSizes = new[] { 0 };
            }
            if (parens == TriState.True)
            {
                info.CurrencyNegativePattern = 0;
                info.NumberNegativePattern = 0;
            }
            if (parens == TriState.False)
            {
                info.CurrencyNegativePattern = 1;
                info.NumberNegativePattern = 1;
            }
            var number = (IFormattable)Numeric(value);
            var shown = number.ToString(kind + (digits < 0 ? "" : digits.ToString(CultureInfo.InvariantCulture)), info);
            if (kind == "P" && parens == TriState.True && Conversions.ToDouble(value) < 0)
            {
                shown = "(" + shown.Replace(info.NegativeSign, "") + ")";
            }
            if (leading != TriState.False) return shown;
            var point = kind == "C" ? info.CurrencyDecimalSeparator : kind == "P" ? info.PercentDecimalSeparator : info.NumberDecimalSeparator;
            var zero = shown.IndexOf("0" + point, StringComparison.Ordinal);
            return zero >= 0 && (zero == 0 || !char.IsDigit(shown[zero - 1])) ? shown.Remove(zero, 1) : shown;
        }

        /// <summary>A date or time in one of five forms. The short time has 24 hours, as documented.</summary>
        public static string FormatDateTime(DateTime Expression, DateFormat NamedFormat = DateFormat.GeneralDate)
        {
            switch (NamedFormat)
            {
                case DateFormat.LongDate:
                    return Expression.ToString("D", null);
                case DateFormat.ShortDate:
                    return Expression.ToString("d", null);
                case DateFormat.LongTime:
                    return Expression.ToString("T", null);
                case DateFormat.ShortTime:
                    return Expression.ToString("HH:mm", null);
                case DateFormat.GeneralDate:
                    return Conversions.ToString(Expression);
                default:
                    throw new ArgumentException("Argument 'NamedFormat' is not a valid value.");
            }
        }
    }
}
