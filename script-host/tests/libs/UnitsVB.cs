// Functions of Visual Basic; see Units.cs. Values: learn.microsoft.com, the page of each function.

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.VisualBasic;
using Packmule.Script;
using C = Microsoft.VisualBasic.CompilerServices.Conversions;
using O = Microsoft.VisualBasic.CompilerServices.Operators;
using Late = Microsoft.VisualBasic.CompilerServices.NewLateBinding;

internal static partial class Units
{
    private static void Conversions()
    {
        Is(2346, C.ToInteger((object)2345.5678), "CInt(2345.5678)");
        Is(0, C.ToInteger((object)0.5), "CInt(0.5) half to even");
        Is(2, C.ToInteger((object)1.5), "CInt(1.5)");
        Is(2, C.ToInteger((object)2.5), "CInt(2.5)");
        Is(2, C.ToInteger("2.5"), "CInt(\"2.5\")");
        Is((byte)126, C.ToByte((object)125.5678), "CByte(125.5678)");
        Is(25427L, C.ToLong((object)25427.45), "CLng(25427.45)");
        Is(25428L, C.ToLong((object)25427.55), "CLng(25427.55)");
        Is(-1, C.ToInteger((object)true), "CInt(True)");
        Is((byte)255, C.ToByte((object)true), "CByte(True)");
        Is(ushort.MaxValue, C.ToUShort((object)true), "CUShort(True)");
        Is(-1.0, C.ToDouble((object)true), "CDbl(True)");
        Is(0, C.ToInteger((string)null), "CInt(Nothing)");
        Is(255, C.ToInteger("&HFF"), "CInt(\"&HFF\")");
        Is(8, C.ToInteger("&O10"), "CInt(\"&O10\")");
        Is(1234.5m, C.ToDecimal("$1,234.50"), "CDec of money");
        Is(9223372036854775807L, C.ToLong("9223372036854775807"), "CLng keeps all digits");
        Throws<OverflowException>(() => C.ToByte((object)256), "CByte(256)");
        Throws<OverflowException>(() => C.ToInteger("2147483648"), "CInt of 2^31");
        Throws<InvalidCastException>(() => C.ToInteger(""), "CInt(\"\")");
        Throws<InvalidCastException>(() => C.ToInteger("abc"), "CInt(\"abc\")");
        Throws<InvalidCastException>(() => C.ToInteger(DBNull.Value), "CInt(DBNull)");
        Is(true, C.ToBoolean("true"), "CBool(\"true\")");
        Is(true, C.ToBoolean("-3.5"), "CBool(\"-3.5\")");
        Is(false, C.ToBoolean((object)0.0), "CBool(0)");
        Throws<InvalidCastException>(() => C.ToBoolean("yes"), "CBool(\"yes\")");
        Is("437.324", C.ToString((object)437.324), "CStr(437.324)");
        Is("0.3", C.ToString(0.1 + 0.2), "CStr of 15 digits");
        Is("True", C.ToString(true), "CStr(True)");
        Is("2/12/1969 12:00:01 AM", C.ToString(new DateTime(1969, 2, 12, 0, 0, 1)), "CStr(#2/12/1969 12:00:01 AM#)");
        Is("2/12/1969", C.ToString(new DateTime(1969, 2, 12)), "CStr of a date at midnight");
        Is("4:35:47 PM", C.ToString(new DateTime(1, 1, 1, 16, 35, 47)), "CStr of a time");
        Is(new DateTime(1969, 2, 12), C.ToDate("February 12, 1969"), "CDate(\"February 12, 1969\")");
        Is(new DateTime(1, 1, 1, 16, 35, 47), C.ToDate("4:35:47 PM"), "CDate(\"4:35:47 PM\")");
        Throws<InvalidCastException>(() => C.ToDate("no date"), "CDate of a text");
        Is('A', C.ToChar("ABC"), "CChar");
        Is((object)DayOfWeek.Friday, C.ChangeType("5", typeof(DayOfWeek)), "CType to an enumeration");
        Is((object)7, C.ChangeType("7", typeof(int?)), "CType to Nullable");
        InCulture("de-DE", () =>
        {
            Is(1234.5, C.ToDouble("1.234,5"), "CDbl in German");
            Is("0,5", C.ToString(0.5), "CStr in German");
            Is(new DateTime(2026, 2, 1), C.ToDate("01.02.2026"), "CDate in German");
        });
    }

    private static void Numbers()
    {
        Is(99.0, Conversion.Int(99.8), "Int(99.8)");
        Is(-100.0, Conversion.Int(-99.8), "Int(-99.8)");
        Is(-100.0, Conversion.Int(-99.2), "Int(-99.2)");
        Is(-99.0, Conversion.Fix(-99.8), "Fix(-99.8)");
        Is("A", Conversion.Hex(10), "Hex(10)");
        Is("1CB", Conversion.Hex(459), "Hex(459)");
        Is("FFFFFFFF", Conversion.Hex((object)-1), "Hex(-1)");
        Is("713", Conversion.Oct(459), "Oct(459)");
        Is("10", Conversion.Oct(8), "Oct(8)");
        Is(" 459", Conversion.Str(459), "Str(459)");
        Is("-459.65", Conversion.Str(-459.65), "Str(-459.65)");
        Is(" 459.001", Conversion.Str(459.001), "Str(459.001)");
        Is(2457.0, Conversion.Val("2457"), "Val(\"2457\")");
        Is(2457.0, Conversion.Val(" 2 45 7"), "Val(\" 2 45 7\")");
        Is(24.0, Conversion.Val("24 and 57"), "Val(\"24 and 57\")");
        Is(1615198.0, Conversion.Val("   1615 198th Street N.E."), "Val of an address");
        Is(-1.0, Conversion.Val("&HFFFF"), "Val(\"&HFFFF\")");
        Is(0.0, Conversion.Val("abc"), "Val(\"abc\")");
        Is(-12500.0, Conversion.Val("-1.25e4x"), "Val with an exponent");
        // The first numbers of every program that does not call Randomize.
        Near(0.7055475, VBMath.Rnd(), 1e-6, "first Rnd");
        Near(0.533424, VBMath.Rnd(), 1e-6, "second Rnd");
        Near(0.5795186, VBMath.Rnd(), 1e-6, "third Rnd");
        Near(0.5795186, VBMath.Rnd(0), 1e-6, "Rnd(0) repeats");
    }

    private static void Texts()
    {
        const string Mid = "Mid Function Demo";
        Is("Mid", Strings.Mid(Mid, 1, 3), "Mid first word");
        Is("Demo", Strings.Mid(Mid, 14, 4), "Mid last word");
        Is("Function Demo", Strings.Mid(Mid, 5), "Mid rest");
        Is("", Strings.Mid(Mid, 50, 2), "Mid beyond");
        Throws<ArgumentException>(() => Strings.Mid(Mid, 0, 1), "Mid at 0");
        Is("Hello", Strings.Left("Hello World!", 5), "Left");
        Is("World!", Strings.Right("Hello World!", 6), "Right");
        Is(9, Strings.InStr("XXpXXpXXPXXP", "P"), "InStr binary");
        Is(6, Strings.InStr(4, "XXpXXpXXPXXP", "P", CompareMethod.Text), "InStr text from 4");
        Is(0, Strings.InStr(1, "XXpXXpXXPXXP", "W", CompareMethod.Text), "InStr none");
        Is(3, Strings.InStr(3, "abc", ""), "InStr of nothing");
        const string Fox = "the quick brown fox jumps over the lazy dog";
        Is(32, Strings.InStrRev(Fox, "the"), "InStrRev");
        Is(1, Strings.InStrRev(Fox, "the", 16), "InStrRev from 16");
        Is("Shipping List", Strings.Replace("Shopping List", "o", "i"), "Replace");
        Is("b-b-a", Strings.Replace("a-a-a", "A", "b", 1, 2, CompareMethod.Text), "Replace twice without case");
        Is("bc", Strings.Replace("abc", "x", "y", 2), "Replace from 2");
        Is("Look|at|these!", string.Join("|", Strings.Split("Look at these!")), "Split");
        Is("a|b,c", string.Join("|", Strings.Split("a,b,c", ",", 2)), "Split in two");
        Is("", Strings.Split("")[0], "Split of nothing");
        Is(0, Strings.StrComp("ABCD", "abcd", CompareMethod.Text), "StrComp text");
        Is(-1, Strings.StrComp("ABCD", "abcd"), "StrComp binary");
        Is(1, Strings.StrComp("abcd", "ABCD"), "StrComp binary reversed");
        Is("PPPPP", Strings.StrDup(5, "P"), "StrDup");
        Is("Left      ", Strings.LSet("Left", 10), "LSet");
        Is("Le", Strings.LSet("Left", 2), "LSet cut");
        Is("      Right", Strings.RSet("Right", 11), "RSet");
        Is("  <-Trim->", Strings.RTrim("  <-Trim->  "), "RTrim");
        Is("<-Trim->  ", Strings.LTrim("  <-Trim->  "), "LTrim");
        Is("a\t", Strings.Trim(" a\t "), "Trim leaves tabs");
        Is(65, Strings.Asc("Apple"), "Asc");
        Is('>', Strings.Chr(62), "Chr(62)");
        Is('€', Strings.Chr(128), "Chr(128) in Windows-1252");
        Is(128, Strings.Asc('€'), "Asc of the euro");
        InCulture("ru-RU", () => Is('Ж', Strings.Chr(0xC6), "Chr in Windows-1251"));
        Is("cba", Strings.StrReverse("abc"), "StrReverse");
        Is("Hello World", Strings.StrConv("hello wORLD", VbStrConv.ProperCase), "StrConv proper");
        Is("This|Is", string.Join("|", Strings.Filter(new[] { "This", "Is", "It" }, "is", true, CompareMethod.Text)), "Filter");
        Is(4, Strings.Len((object)"four"), "Len of a text");
        Is(8, Strings.Len(1.5), "Len of a Double");
    }

    private static void Formats()
    {
        var date = new DateTime(2001, 1, 27, 17, 4, 23);
        Is("5:4:23", Strings.Format(date, "h:m:s"), "Format h:m:s");
        Is("05:04:23 PM", Strings.Format(date, "hh:mm:ss tt"), "Format hh:mm:ss tt");
        Is("Saturday, Jan 27 2001", Strings.Format(date, "dddd, MMM d yyyy"), "Format dddd");
        Is("17:04:23", Strings.Format(date, "HH:mm:ss"), "Format HH");
        Is("23", Strings.Format(23), "Format(23)");
        Is("5,459.40", Strings.Format(5459.4, "##,##0.00"), "Format ##,##0.00");
        Is("334.90", Strings.Format(334.9, "###0.00"), "Format ###0.00");
        Is("500.00%", Strings.Format(5, "0.00%"), "Format 0.00%");
        Is("1/27/2001", Strings.Format(date, "Short Date"), "Format Short Date");
        Is("Yes", Strings.Format(-1, "Yes/No"), "Format Yes/No");
        Is("1,234.50", Strings.Format(1234.5, "Standard"), "Format Standard");
        Is("$1,234.50", Strings.Format(1234.5, "Currency"), "Format Currency");
        Is("($4,456.43)", Strings.FormatCurrency(-4456.43, -1, TriState.UseDefault, TriState.True, TriState.True), "FormatCurrency");
        // Whether a blank stands before the sign is the culture's.
        Is("76.00%", Strings.FormatPercent(0.76).Replace(" ", ""), "FormatPercent");
        Is("45,600.00", Strings.FormatNumber(45600, -1, TriState.UseDefault, TriState.True), "FormatNumber");
        Is(".5", Strings.FormatNumber(0.5, 1, TriState.False), "FormatNumber without 0");
        Is("17:04", Strings.FormatDateTime(date, DateFormat.ShortTime), "FormatDateTime short time");
        Is("Saturday, January 27, 2001", Strings.FormatDateTime(date, DateFormat.LongDate), "FormatDateTime long date");
    }

    private static void Dates()
    {
        Is(new DateTime(1995, 2, 28), DateAndTime.DateAdd("m", 1, new DateTime(1995, 1, 31)), "DateAdd m at a month's end");
        Is(new DateTime(2024, 2, 29), DateAndTime.DateAdd(DateInterval.Day, 1.9, new DateTime(2024, 2, 28)), "DateAdd truncates");
        var before = new DateTime(2002, 12, 31);
        var after = new DateTime(2003, 1, 1);
        Is(1L, DateAndTime.DateDiff(DateInterval.Year, before, after), "DateDiff year over New Year");
        Is(1L, DateAndTime.DateDiff(DateInterval.Quarter, before, after), "DateDiff quarter over New Year");
        Is(1L, DateAndTime.DateDiff(DateInterval.Month, before, after), "DateDiff month over New Year");
        Is(0L, DateAndTime.DateDiff(DateInterval.Weekday, before, after), "DateDiff w");
        // Thursday to Sunday: one Sunday lies between.
        Is(1L, DateAndTime.DateDiff("ww", new DateTime(2026, 11, 19), new DateTime(2026, 11, 22)), "DateDiff ww counts Sundays");
        Is(-36L, DateAndTime.DateDiff("h", new DateTime(2026, 1, 2, 12, 0, 0), new DateTime(2026, 1, 1)), "DateDiff backwards");
        Is(new DateTime(1980, 5, 31), DateAndTime.DateSerial(1990 - 10, 8 - 2, 1 - 1), "DateSerial with day 0");
        Is(new DateTime(1990, 10, 1), DateAndTime.DateSerial(1991, -2, 1), "DateSerial with month -2");
        Is(new DateTime(1, 1, 1, 5, 45, 0), DateAndTime.TimeSerial(12 - 6, -15, 0), "TimeSerial");
        Is(1, DateAndTime.DatePart("q", new DateTime(1969, 2, 12)), "DatePart q");
        Is(4, DateAndTime.Weekday(new DateTime(1969, 2, 12)), "Weekday of a Wednesday");
        Is("Wednesday", DateAndTime.WeekdayName(4, false, FirstDayOfWeek.Sunday), "WeekdayName");
        Is("Apr", DateAndTime.MonthName(4, true), "MonthName");
        Throws<ArgumentException>(() => DateAndTime.DateAdd("x", 1, before), "DateAdd of an unknown interval");
        Is(53, DateAndTime.DatePart("ww", new DateTime(2000, 12, 31), FirstDayOfWeek.Monday, FirstWeekOfYear.Jan1), "DatePart ww");
    }

    private static void Operators()
    {
        Is((object)104.0, O.AddObject("103", 1), "\"103\" + 1");
        Is((object)"1031", O.AddObject("103", "1"), "\"103\" + \"1\"");
        Is((object)(short)300, O.AddObject((byte)200, (byte)100), "Byte + Byte that does not fit");
        Is((object)2147483648L, O.AddObject(int.MaxValue, 1), "Integer + Integer that does not fit");
        Is((object)3.5m, O.AddObject(1, 2.5m), "Integer + Decimal");
        Is((object)TimeSpan.FromDays(1), O.SubtractObject(new DateTime(2026, 1, 2), new DateTime(2026, 1, 1)), "Date - Date");
        Is((object)2.5, O.DivideObject(10, 4), "10 / 4");
        Is((object)2, O.IntDivideObject(11, 4), "11 \\ 4");
        Is((object)-22, O.IntDivideObject(67, -3), "67 \\ -3");
        Is((object)2L, O.IntDivideObject(9.9, 4), "9.9 \\ 4 rounds before");
        Is((object)1, O.ModObject(10, 3), "10 Mod 3");
        Is((object)-1, O.ModObject(-10, 3), "-10 Mod 3");
        Near(3.4, (double)O.ModObject(12, 4.3), 1e-9, "12 Mod 4.3");
        Is((object)-125.0, O.ExponentObject(-5, 3), "(-5) ^ 3");
        Is((object)8, O.AndObject(10, 8), "10 And 8");
        Is((object)14, O.OrObject(10, 6), "10 Or 6");
        Is((object)12, O.XorObject(10, 6), "10 Xor 6");
        Is((object)-11, O.NotObject(10), "Not 10");
        Is((object)true, O.AndObject(true, "True"), "True And \"True\"");
        Is((object)(short)3072, O.LeftShiftObject((short)192, 4), "192 << 4");
        Is((object)(byte)0, O.LeftShiftObject((byte)192, 4), "Byte 192 << 4");
        Is((object)(short)160, O.RightShiftObject((short)2560, 4), "2560 >> 4");
        Is((object)"a1", O.ConcatenateObject("a", 1), "\"a\" & 1");
        Is((object)"a", O.ConcatenateObject("a", DBNull.Value), "\"a\" & DBNull");
        Throws<DivideByZeroException>(() => O.IntDivideObject(1, 0), "1 \\ 0");
        Throws<InvalidCastException>(() => O.AddObject(1, new object()), "1 + Object");
        object loop = null, counter = null;
        var turns = 0;
        if (Microsoft.VisualBasic.CompilerServices.ObjectFlowControl.ForLoopControl.ForLoopInitObj(null, 1, "2", 0.5, ref loop, ref counter))
        {
            do
            {
                turns++;
            }
            while (Microsoft.VisualBasic.CompilerServices.ObjectFlowControl.ForLoopControl.ForNextCheckObj(counter, loop, ref counter));
        }
        Is(3, turns, "For 1 To \"2\" Step 0.5");
    }

    private static void Comparisons()
    {
        Is(0, O.CompareString(null, "", false), "Nothing = \"\"");
        Is(-1, O.CompareString("A", "a", false), "A < a by code");
        Is(0, O.CompareString("A", "a", true), "A = a as text");
        Is(true, O.ConditionalCompareObjectEqual("10", 10, false), "\"10\" = 10");
        Is(true, O.ConditionalCompareObjectLess("9", 10, false), "\"9\" < 10 as numbers");
        Is(true, O.ConditionalCompareObjectGreater("9", "10", false), "\"9\" > \"10\" as texts");
        Is(true, O.ConditionalCompareObjectEqual(true, -1, false), "True = -1");
        Is(true, O.ConditionalCompareObjectEqual(null, 0, false), "Nothing = 0");
        Is(true, O.ConditionalCompareObjectEqual(new DateTime(2026, 1, 2), "1/2/2026", false), "Date = text");
        Is(false, O.ConditionalCompareObjectEqual(double.NaN, double.NaN, false), "NaN = NaN");
        Throws<InvalidCastException>(() => O.CompareObjectEqual(1, "x", false), "1 = \"x\"");
        Func<string, string, bool> like = (s, p) => O.LikeString(s, p, CompareMethod.Binary);
        Is(true, like("F", "F"), "F Like F");
        Is(false, like("F", "f"), "F Like f");
        Is(false, like("F", "FFF"), "F Like FFF");
        Is(true, like("aBBBa", "a*a"), "aBBBa Like a*a");
        Is(true, like("F", "[A-Z]"), "F Like [A-Z]");
        Is(false, like("F", "[!A-Z]"), "F Like [!A-Z]");
        Is(true, like("a2a", "a#a"), "a2a Like a#a");
        Is(true, like("aM5b", "a[L-P]#[!c-e]"), "aM5b Like a[L-P]#[!c-e]");
        Is(true, like("BAT123khg", "B?T*"), "BAT123khg Like B?T*");
        Is(false, like("CAT123khg", "B?T*"), "CAT123khg Like B?T*");
        Is(true, O.LikeString("straSSE", "STRA*", CompareMethod.Text), "Like as text");
        Is(true, like("[x", "[[]x"), "Like of a bracket");
    }

    /// <summary>Something to bind late.</summary>
    public class Sample
    {
        public int Number = 5;

        public string Name { get; set; }

        public string this[int i]
        {
            get { return "item " + i; }
            set { Name = value + i; }
        }

        public string Over(int x)
        {
            return "int";
        }

        public string Over(string x)
        {
            return "string";
        }

        public string Optional(string a, int b = 7, params object[] rest)
        {
            return a + b + rest.Length;
        }

        public void ByRef(ref int x)
        {
            x++;
        }
    }

    private static void LateBinding()
    {
        var sample = new Sample();
        Func<string, object[], string[], object> get = (n, a, names) => Late.LateGet(sample, null, n, a, names, null, null);
        Is((object)5, get("number", new object[0], null), "field without case");
        Late.LateSet(sample, null, "NAME", new object[] { 12 }, null, null);
        Is("12", sample.Name, "property set with conversion");
        Is((object)"string", get("Over", new object[] { "1" }, null), "overload by text");
        Is((object)"int", get("Over", new object[] { (short)1 }, null), "overload by number");
        Is((object)"a70", get("Optional", new object[] { "a" }, null), "optional parameter");
        Is((object)"a12", get("Optional", new object[] { "a", 1, 2, 3 }, null), "ParamArray");
        Is((object)"a30", get("Optional", new object[] { 3, "a" }, new[] { "b" }), "named argument");
        Is((object)"item 2", Late.LateIndexGet(sample, new object[] { "2" }, null), "default property");
        Late.LateIndexSet(sample, new object[] { 3, "x" }, null);
        Is("x3", sample.Name, "default property set");
        var arguments = new object[] { 41 };
        Late.LateCall(sample, null, "ByRef", arguments, null, null, new[] { true }, true);
        Is((object)42, arguments[0], "ByRef is copied back");
        Is((object)2, Late.LateIndexGet(new[] { 1, 2 }, new object[] { 1 }, null), "element of an array");
        Throws<MissingMemberException>(() => get("None", new object[0], null), "missing member");
        Throws<InvalidCastException>(() => get("Over", new object[] { 1, 2 }, null), "no overload fits");
    }

    private static void Values()
    {
        Is(true, Information.IsNumeric("459.95"), "IsNumeric(\"459.95\")");
        Is(false, Information.IsNumeric("45 Help"), "IsNumeric(\"45 Help\")");
        Is(true, Information.IsNumeric("&H1F"), "IsNumeric(\"&H1F\")");
        Is(false, Information.IsNumeric(DateTime.Now), "IsNumeric of a date");
        Is(false, Information.IsNumeric(null), "IsNumeric(Nothing)");
        Is(true, Information.IsDate("February 12, 1969"), "IsDate");
        Is(false, Information.IsDate("Hello"), "IsDate(\"Hello\")");
        Is("Integer", Information.TypeName(1), "TypeName");
        Is("String()", Information.TypeName(new string[0]), "TypeName of an array");
        Is("Nothing", Information.TypeName(null), "TypeName(Nothing)");
        Is(VariantType.Array | VariantType.Integer, Information.VarType(new int[0]), "VarType of an array");
        Is(3, Information.UBound(new int[4]), "UBound");
        Is(16711680, Information.RGB(0, 0, 255), "RGB");
        Is((object)"United", Interaction.Choose(2, "Speedy", "United", "Federal"), "Choose");
        Is((object)null, Interaction.Choose(4, "Speedy", "United", "Federal"), "Choose outside");
        Is((object)"b", Interaction.Switch(false, "a", 1, "b"), "Switch");
        Is("System.Int32", Information.SystemTypeName("integer"), "SystemTypeName");
        Is(" 6:10", Interaction.Partition(8, 1, 20, 5), "Partition");
        Is("  : 0", Interaction.Partition(0, 1, 20, 5), "Partition below");
        Is(3, ((int[])Microsoft.VisualBasic.CompilerServices.Utils.CopyArray(new[] { 1, 2, 3 }, new int[5]))[2], "ReDim Preserve");
    }

    private static void Money()
    {
        // Values of the pages of Excel's functions of the same names.
        Near(-1037.03, Financial.Pmt(0.08 / 12, 10, 10000), 0.005, "Pmt");
        Near(2581.40, Financial.FV(0.06 / 12, 10, -200, -500, DueDate.BegOfPeriod), 0.005, "FV");
        Near(-59777.15, Financial.PV(0.08 / 12, 240, 500), 0.005, "PV");
        Near(59.6738657, Financial.NPer(0.12 / 12, -100, -1000, 10000, DueDate.BegOfPeriod), 1e-6, "NPer");
        Near(0.00770147, Financial.Rate(48, -200, 8000), 1e-7, "Rate");
        Near(-66.67, Financial.IPmt(0.1 / 12, 1, 36, 8000), 0.005, "IPmt");
        Near(-75.62, Financial.PPmt(0.1 / 12, 1, 24, 2000), 0.005, "PPmt");
        var flows = new double[] { -10000, 3000, 4200, 6800 };
        Near(1188.44, Financial.NPV(0.1, ref flows), 0.005, "NPV");
        flows = new double[] { -70000, 12000, 15000, 18000, 21000, 26000 };
        Near(0.0866, Financial.IRR(ref flows), 5e-5, "IRR");
        flows = new double[] { -120000, 39000, 30000, 21000, 37000, 46000 };
        Near(0.126094, Financial.MIRR(ref flows, 0.1, 0.12), 1e-6, "MIRR");
        Near(2250, Financial.SLN(30000, 7500, 10), 1e-9, "SLN");
        Near(4090.91, Financial.SYD(30000, 7500, 10, 1), 0.005, "SYD");
        Near(480, Financial.DDB(2400, 300, 10, 1), 1e-9, "DDB");
        Near(22.12, Financial.DDB(2400, 300, 10, 10), 0.005, "DDB, last year");
    }

    private static void Errors()
    {
        Microsoft.VisualBasic.CompilerServices.ProjectData.SetProjectError(new DivideByZeroException("x"));
        Is(11, Information.Err().Number, "Err.Number of a division by zero");
        Is("x", Information.Err().Description, "Err.Description");
        Microsoft.VisualBasic.CompilerServices.ProjectData.ClearProjectError();
        Is(0, Information.Err().Number, "Err.Number after Clear");
        try
        {
            Information.Err().Raise(13);
        }
        catch (InvalidCastException e)
        {
            Is("Type mismatch.", e.Message, "text of error 13");
        }
        Is(13, Information.Err().Number, "Err.Number after Raise");
        Throws<Exception>(() => Information.Err().Raise(Constants.vbObjectError + 512, "me", "own"), "Raise of an own error");
        Is("own", Information.Err().Description, "own text");
        Information.Err().Clear();
        Is("File not found.", Conversion.ErrorToString(53), "ErrorToString");
    }

    private static void Collections()
    {
        var c = new Collection();
        c.Add("a", "one");
        c.Add("c", "three");
        c.Add("b", "two", "three");
        Is("a,b,c", string.Join(",", c.Cast<string>().ToArray()), "Before by key");
        Is((object)"b", c[2], "by position from 1");
        Is((object)"c", c["THREE"], "by key without case");
        c.Remove(1);
        Is(2, c.Count, "Remove");
        Is(false, c.Contains("one"), "the key is gone");
        Throws<ArgumentException>(() => c.Add("x", "two"), "double key");
        Throws<IndexOutOfRangeException>(() => { var x = c[5]; }, "position outside");
        Throws<ArgumentException>(() => { var x = c["none"]; }, "unknown key");
    }
}
