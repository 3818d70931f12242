// The enumerations of Microsoft.VisualBasic.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic (.NET Framework 4.8); the numbers are those there.

using System;

namespace Microsoft.VisualBasic
{
    /// <summary>How the window of a program is shown.</summary>
    public enum AppWinStyle : short
    {
        /// <summary>Hidden.</summary>
        Hide = 0,

        /// <summary>Normal with focus.</summary>
        NormalFocus = 1,

        /// <summary>Minimised with focus.</summary>
        MinimizedFocus = 2,

        /// <summary>Maximised with focus.</summary>
        MaximizedFocus = 3,

        /// <summary>Normal.</summary>
        NormalNoFocus = 4,

        /// <summary>Minimised.</summary>
        MinimizedNoFocus = 6,
    }

    /// <summary>What CallByName does.</summary>
    public enum CallType
    {
        /// <summary>Calls a method.</summary>
        Method = 1,

        /// <summary>Reads a property.</summary>
        Get = 2,

        /// <summary>Writes a property.</summary>
        Let = 4,

        /// <summary>Writes a property.</summary>
        Set = 8,
    }

    /// <summary>How texts are compared.</summary>
    public enum CompareMethod
    {
        /// <summary>By their code units.</summary>
        Binary = 0,

        /// <summary>By the culture's rules without case.</summary>
        Text = 1,
    }

    /// <summary>Forms of FormatDateTime.</summary>
    public enum DateFormat
    {
        /// <summary>Date and time, each when there is one.</summary>
        GeneralDate = 0,

        /// <summary>Long date.</summary>
        LongDate = 1,

        /// <summary>Short date.</summary>
        ShortDate = 2,

        /// <summary>Long time.</summary>
        LongTime = 3,

        /// <summary>Hours and minutes.</summary>
        ShortTime = 4,
    }

    /// <summary>Parts of dates.</summary>
    public enum DateInterval
    {
        /// <summary>Year.</summary>
        Year = 0,

        /// <summary>Quarter.</summary>
        Quarter = 1,

        /// <summary>Month.</summary>
        Month = 2,

        /// <summary>Day of the year.</summary>
        DayOfYear = 3,

        /// <summary>Day of the month.</summary>
        Day = 4,

        /// <summary>Week of the year.</summary>
        WeekOfYear = 5,

        /// <summary>Day of the week.</summary>
        Weekday = 6,

        /// <summary>Hour.</summary>
        Hour = 7,

        /// <summary>Minute.</summary>
        Minute = 8,

        /// <summary>Second.</summary>
        Second = 9,
    }

    /// <summary>When payments fall due.</summary>
    public enum DueDate
    {
        /// <summary>At a period's end.</summary>
        EndOfPeriod = 0,

        /// <summary>At a period's beginning.</summary>
        BegOfPeriod = 1,
    }

    /// <summary>Attributes of files.</summary>
    [Flags]
    public enum FileAttribute
    {
        /// <summary>None.</summary>
        Normal = 0,

        /// <summary>Read only.</summary>
        ReadOnly = 1,

        /// <summary>Hidden.</summary>
        Hidden = 2,

        /// <summary>System.</summary>
        System = 4,

        /// <summary>Label of a volume.</summary>
        Volume = 8,

        /// <summary>Folder.</summary>
        Directory = 16,

        /// <summary>Changed since the last backup.</summary>
        Archive = 32,
    }

    /// <summary>A week's first day.</summary>
    public enum FirstDayOfWeek
    {
        /// <summary>The culture's.</summary>
        System = 0,

        /// <summary>Sunday.</summary>
        Sunday = 1,

        /// <summary>Monday.</summary>
        Monday = 2,

        /// <summary>Tuesday.</summary>
        Tuesday = 3,

        /// <summary>Wednesday.</summary>
        Wednesday = 4,

        /// <summary>Thursday.</summary>
        Thursday = 5,

        /// <summary>Friday.</summary>
        Friday = 6,

        /// <summary>Saturday.</summary>
        Saturday = 7,
    }

    /// <summary>A year's first week.</summary>
    public enum FirstWeekOfYear
    {
        /// <summary>The culture's.</summary>
        System = 0,

        /// <summary>The week with January 1.</summary>
        Jan1 = 1,

        /// <summary>The first with four days in the year.</summary>
        FirstFourDays = 2,

        /// <summary>The first full week.</summary>
        FirstFullWeek = 3,
    }

    /// <summary>Which button ended a message box.</summary>
    public enum MsgBoxResult
    {
        /// <summary>OK.</summary>
        Ok = 1,

        /// <summary>Cancel.</summary>
        Cancel = 2,

        /// <summary>Abort.</summary>
        Abort = 3,

        /// <summary>Retry.</summary>
        Retry = 4,

        /// <summary>Ignore.</summary>
        Ignore = 5,

        /// <summary>Yes.</summary>
        Yes = 6,

        /// <summary>No.</summary>
        No = 7,
    }

    /// <summary>Buttons and look of a message box.</summary>
    [Flags]
    public enum MsgBoxStyle
    {
        /// <summary>OK.</summary>
        OkOnly = 0,

        /// <summary>Waits for the application.</summary>
        ApplicationModal = 0,

        /// <summary>The first button.</summary>
        DefaultButton1 = 0,

        /// <summary>OK and Cancel.</summary>
        OkCancel = 1,

        /// <summary>Abort, Retry, Ignore.</summary>
        AbortRetryIgnore = 2,

        /// <summary>Yes, No, Cancel.</summary>
        YesNoCancel = 3,

        /// <summary>Yes and No.</summary>
        YesNo = 4,

        /// <summary>Retry and Cancel.</summary>
        RetryCancel = 5,

        /// <summary>An X.</summary>
        Critical = 16,

        /// <summary>A question mark.</summary>
        Question = 32,

        /// <summary>An exclamation mark.</summary>
        Exclamation = 48,

        /// <summary>An i.</summary>
        Information = 64,

        /// <summary>The second button.</summary>
        DefaultButton2 = 256,

        /// <summary>The third button.</summary>
        DefaultButton3 = 512,

        /// <summary>Waits for all applications.</summary>
        SystemModal = 4096,

        /// <summary>A help button.</summary>
        MsgBoxHelp = 16384,

        /// <summary>In front.</summary>
        MsgBoxSetForeground = 65536,

        /// <summary>Text to the right.</summary>
        MsgBoxRight = 524288,

        /// <summary>Read from right to left.</summary>
        MsgBoxRtlReading = 1048576,
    }

    /// <summary>What FileOpen allows.</summary>
    public enum OpenAccess
    {
        /// <summary>Reading and writing.</summary>
        Default = -1,

        /// <summary>Reading.</summary>
        Read = 1,

        /// <summary>Writing.</summary>
        Write = 2,

        /// <summary>Reading and writing.</summary>
        ReadWrite = 3,
    }

    /// <summary>How FileOpen opens.</summary>
    public enum OpenMode
    {
        /// <summary>Reading text.</summary>
        Input = 1,

        /// <summary>Writing text anew.</summary>
        Output = 2,

        /// <summary>Records of one length.</summary>
        Random = 4,

        /// <summary>Writing text at the end.</summary>
        Append = 8,

        /// <summary>Bytes.</summary>
        Binary = 32,
    }

    /// <summary>What others may do with an open file.</summary>
    public enum OpenShare
    {
        /// <summary>Nothing.</summary>
        Default = -1,

        /// <summary>Nothing.</summary>
        LockReadWrite = 0,

        /// <summary>Read.</summary>
        LockWrite = 1,

        /// <summary>Write.</summary>
        LockRead = 2,

        /// <summary>Read and write.</summary>
        Shared = 3,
    }

    /// <summary>Yes, no, or as the culture has it.</summary>
    public enum TriState
    {
        /// <summary>As the culture has it.</summary>
        UseDefault = -2,

        /// <summary>No.</summary>
        False = 0,

        /// <summary>Yes.</summary>
        True = -1,
    }

    /// <summary>What StrConv does.</summary>
    [Flags]
    public enum VbStrConv
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>Upper case.</summary>
        Uppercase = 1,

        /// <summary>Lower case.</summary>
        Lowercase = 2,

        /// <summary>Capitals at the beginning of words.</summary>
        ProperCase = 3,

        /// <summary>Wide characters (Asian cultures).</summary>
        Wide = 4,

        /// <summary>Narrow characters (Asian cultures).</summary>
        Narrow = 8,

        /// <summary>Katakana (Japanese).</summary>
        Katakana = 16,

        /// <summary>Hiragana (Japanese).</summary>
        Hiragana = 32,

        /// <summary>Simplified Chinese.</summary>
        SimplifiedChinese = 256,

        /// <summary>Traditional Chinese.</summary>
        TraditionalChinese = 512,

        /// <summary>Case by the language's rules.</summary>
        LinguisticCasing = 1024,
    }

    /// <summary>Types as VarType names them.</summary>
    public enum VariantType
    {
        /// <summary>Nothing.</summary>
        Empty = 0,

        /// <summary>DBNull.</summary>
        Null = 1,

        /// <summary>Short.</summary>
        Short = 2,

        /// <summary>Integer.</summary>
        Integer = 3,

        /// <summary>Single.</summary>
        Single = 4,

        /// <summary>Double.</summary>
        Double = 5,

        /// <summary>Currency, not used.</summary>
        Currency = 6,

        /// <summary>Date.</summary>
        Date = 7,

        /// <summary>String.</summary>
        String = 8,

        /// <summary>Any other object.</summary>
        Object = 9,

        /// <summary>An exception.</summary>
        Error = 10,

        /// <summary>Boolean.</summary>
        Boolean = 11,

        /// <summary>An array of objects, with Array.</summary>
        Variant = 12,

        /// <summary>Not used.</summary>
        DataObject = 13,

        /// <summary>Decimal.</summary>
        Decimal = 14,

        /// <summary>Byte.</summary>
        Byte = 17,

        /// <summary>Char.</summary>
        Char = 18,

        /// <summary>Long.</summary>
        Long = 20,

        /// <summary>A structure.</summary>
        UserDefinedType = 36,

        /// <summary>An array; added to the type of its elements.</summary>
        Array = 8192,
    }
}
