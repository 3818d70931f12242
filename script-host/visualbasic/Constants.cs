// Constants of Microsoft.VisualBasic. Compilers copy most of them; documented at
// learn.microsoft.com, Microsoft.VisualBasic.ControlChars and Constants.

using System;
using Microsoft.VisualBasic.CompilerServices;

namespace Microsoft.VisualBasic
{
    /// <summary>Control characters.</summary>
    public sealed class ControlChars
    {
        /// <summary>Carriage return and line feed.</summary>
        public const string CrLf = "\r\n";

        /// <summary>Carriage return and line feed.</summary>
        public const string NewLine = "\r\n";

        /// <summary>Backspace.</summary>
        public const char Back = '\b';

        /// <summary>Carriage return.</summary>
        public const char Cr = '\r';

        /// <summary>Form feed.</summary>
        public const char FormFeed = '\f';

        /// <summary>Line feed.</summary>
        public const char Lf = '\n';

        /// <summary>The character 0.</summary>
        public const char NullChar = '\0';

        /// <summary>A double quote.</summary>
        public const char Quote = '"';

        /// <summary>Tab.</summary>
        public const char Tab = '\t';

        /// <summary>Vertical tab.</summary>
        public const char VerticalTab = '\v';
    }

    /// <summary>Constants from older versions of Visual Basic.</summary>
    [StandardModule]
    public sealed class Constants
    {
        private Constants()
        {
        }

        /// <summary>The text of that control character.</summary>
        public const string vbCrLf = "\r\n";

        /// <summary>The text of that control character.</summary>
        public const string vbNewLine = "\r\n";

        /// <summary>The text of that control character.</summary>
        public const string vbCr = "\r";

        /// <summary>The text of that control character.</summary>
        public const string vbLf = "\n";

        /// <summary>The text of that control character.</summary>
        public const string vbBack = "\b";

        /// <summary>The text of that control character.</summary>
        public const string vbFormFeed = "\f";

        /// <summary>The text of that control character.</summary>
        public const string vbTab = "\t";

        /// <summary>The text of that control character.</summary>
        public const string vbVerticalTab = "\v";

        /// <summary>The text of that control character.</summary>
        public const string vbNullChar = "\0";

        /// <summary>No text.</summary>
        public const string vbNullString = null;

        /// <summary>Where the numbers of user errors begin.</summary>
        public const int vbObjectError = -2147221504;

        /// <summary>MsgBoxResult.Ok.</summary>
        public const MsgBoxResult vbOK = MsgBoxResult.Ok;

        /// <summary>MsgBoxResult.Cancel.</summary>
        public const MsgBoxResult vbCancel = MsgBoxResult.Cancel;

        /// <summary>MsgBoxResult.Abort.</summary>
        public const MsgBoxResult vbAbort = MsgBoxResult.Abort;

        /// <summary>MsgBoxResult.Retry.</summary>
        public const MsgBoxResult vbRetry = MsgBoxResult.Retry;

        /// <summary>MsgBoxResult.Ignore.</summary>
        public const MsgBoxResult vbIgnore = MsgBoxResult.Ignore;

        /// <summary>MsgBoxResult.Yes.</summary>
        public const MsgBoxResult vbYes = MsgBoxResult.Yes;

        /// <summary>MsgBoxResult.No.</summary>
        public const MsgBoxResult vbNo = MsgBoxResult.No;

        /// <summary>MsgBoxStyle.OkOnly.</summary>
        public const MsgBoxStyle vbOKOnly = MsgBoxStyle.OkOnly;

        /// <summary>MsgBoxStyle.OkCancel.</summary>
        public const MsgBoxStyle vbOKCancel = MsgBoxStyle.OkCancel;

        /// <summary>MsgBoxStyle.AbortRetryIgnore.</summary>
        public const MsgBoxStyle vbAbortRetryIgnore = MsgBoxStyle.AbortRetryIgnore;

        /// <summary>MsgBoxStyle.YesNoCancel.</summary>
        public const MsgBoxStyle vbYesNoCancel = MsgBoxStyle.YesNoCancel;

        /// <summary>MsgBoxStyle.YesNo.</summary>
        public const MsgBoxStyle vbYesNo = MsgBoxStyle.YesNo;

        /// <summary>MsgBoxStyle.RetryCancel.</summary>
        public const MsgBoxStyle vbRetryCancel = MsgBoxStyle.RetryCancel;

        /// <summary>MsgBoxStyle.Critical.</summary>
        public const MsgBoxStyle vbCritical = MsgBoxStyle.Critical;

        /// <summary>MsgBoxStyle.Question.</summary>
        public const MsgBoxStyle vbQuestion = MsgBoxStyle.Question;

        /// <summary>MsgBoxStyle.Exclamation.</summary>
        public const MsgBoxStyle vbExclamation = MsgBoxStyle.Exclamation;

        /// <summary>MsgBoxStyle.Information.</summary>
        public const MsgBoxStyle vbInformation = MsgBoxStyle.Information;

        /// <summary>MsgBoxStyle.DefaultButton1.</summary>
        public const MsgBoxStyle vbDefaultButton1 = MsgBoxStyle.DefaultButton1;

        /// <summary>MsgBoxStyle.DefaultButton2.</summary>
        public const MsgBoxStyle vbDefaultButton2 = MsgBoxStyle.DefaultButton2;

        /// <summary>MsgBoxStyle.DefaultButton3.</summary>
        public const MsgBoxStyle vbDefaultButton3 = MsgBoxStyle.DefaultButton3;

        /// <summary>MsgBoxStyle.ApplicationModal.</summary>
        public const MsgBoxStyle vbApplicationModal = MsgBoxStyle.ApplicationModal;

        /// <summary>MsgBoxStyle.SystemModal.</summary>
        public const MsgBoxStyle vbSystemModal = MsgBoxStyle.SystemModal;

        /// <summary>MsgBoxStyle.MsgBoxHelp.</summary>
        public const MsgBoxStyle vbMsgBoxHelp = MsgBoxStyle.MsgBoxHelp;

        /// <summary>MsgBoxStyle.MsgBoxRight.</summary>
        public const MsgBoxStyle vbMsgBoxRight = MsgBoxStyle.MsgBoxRight;

        /// <summary>MsgBoxStyle.MsgBoxRtlReading.</summary>
        public const MsgBoxStyle vbMsgBoxRtlReading = MsgBoxStyle.MsgBoxRtlReading;

        /// <summary>MsgBoxStyle.MsgBoxSetForeground.</summary>
        public const MsgBoxStyle vbMsgBoxSetForeground = MsgBoxStyle.MsgBoxSetForeground;

        /// <summary>CompareMethod.Binary.</summary>
        public const CompareMethod vbBinaryCompare = CompareMethod.Binary;

        /// <summary>CompareMethod.Text.</summary>
        public const CompareMethod vbTextCompare = CompareMethod.Text;

        /// <summary>DateFormat.GeneralDate.</summary>
        public const DateFormat vbGeneralDate = DateFormat.GeneralDate;

        /// <summary>DateFormat.LongDate.</summary>
        public const DateFormat vbLongDate = DateFormat.LongDate;

        /// <summary>DateFormat.ShortDate.</summary>
        public const DateFormat vbShortDate = DateFormat.ShortDate;

        /// <summary>DateFormat.LongTime.</summary>
        public const DateFormat vbLongTime = DateFormat.LongTime;

        /// <summary>DateFormat.ShortTime.</summary>
        public const DateFormat vbShortTime = DateFormat.ShortTime;

        /// <summary>FirstDayOfWeek.Sunday.</summary>
        public const FirstDayOfWeek vbSunday = FirstDayOfWeek.Sunday;

        /// <summary>FirstDayOfWeek.Monday.</summary>
        public const FirstDayOfWeek vbMonday = FirstDayOfWeek.Monday;

        /// <summary>FirstDayOfWeek.Tuesday.</summary>
        public const FirstDayOfWeek vbTuesday = FirstDayOfWeek.Tuesday;

        /// <summary>FirstDayOfWeek.Wednesday.</summary>
        public const FirstDayOfWeek vbWednesday = FirstDayOfWeek.Wednesday;

        /// <summary>FirstDayOfWeek.Thursday.</summary>
        public const FirstDayOfWeek vbThursday = FirstDayOfWeek.Thursday;

        /// <summary>FirstDayOfWeek.Friday.</summary>
        public const FirstDayOfWeek vbFriday = FirstDayOfWeek.Friday;

        /// <summary>FirstDayOfWeek.Saturday.</summary>
        public const FirstDayOfWeek vbSaturday = FirstDayOfWeek.Saturday;

        /// <summary>FirstDayOfWeek.System.</summary>
        public const FirstDayOfWeek vbUseSystemDayOfWeek = FirstDayOfWeek.System;

        /// <summary>FirstWeekOfYear.System.</summary>
        public const FirstWeekOfYear vbUseSystem = FirstWeekOfYear.System;

        /// <summary>FirstWeekOfYear.Jan1.</summary>
        public const FirstWeekOfYear vbFirstJan1 = FirstWeekOfYear.Jan1;

        /// <summary>FirstWeekOfYear.FirstFourDays.</summary>
        public const FirstWeekOfYear vbFirstFourDays = FirstWeekOfYear.FirstFourDays;

        /// <summary>FirstWeekOfYear.FirstFullWeek.</summary>
        public const FirstWeekOfYear vbFirstFullWeek = FirstWeekOfYear.FirstFullWeek;

        /// <summary>VbStrConv.Uppercase.</summary>
        public const VbStrConv vbUpperCase = VbStrConv.Uppercase;

        /// <summary>VbStrConv.Lowercase.</summary>
        public const VbStrConv vbLowerCase = VbStrConv.Lowercase;

        /// <summary>VbStrConv.ProperCase.</summary>
        public const VbStrConv vbProperCase = VbStrConv.ProperCase;

        /// <summary>VbStrConv.Wide.</summary>
        public const VbStrConv vbWide = VbStrConv.Wide;

        /// <summary>VbStrConv.Narrow.</summary>
        public const VbStrConv vbNarrow = VbStrConv.Narrow;

        /// <summary>VbStrConv.Katakana.</summary>
        public const VbStrConv vbKatakana = VbStrConv.Katakana;

        /// <summary>VbStrConv.Hiragana.</summary>
        public const VbStrConv vbHiragana = VbStrConv.Hiragana;

        /// <summary>VbStrConv.SimplifiedChinese.</summary>
        public const VbStrConv vbSimplifiedChinese = VbStrConv.SimplifiedChinese;

        /// <summary>VbStrConv.TraditionalChinese.</summary>
        public const VbStrConv vbTraditionalChinese = VbStrConv.TraditionalChinese;

        /// <summary>VbStrConv.LinguisticCasing.</summary>
        public const VbStrConv vbLinguisticCasing = VbStrConv.LinguisticCasing;

        /// <summary>TriState.UseDefault.</summary>
        public const TriState vbUseDefault = TriState.UseDefault;

        /// <summary>TriState.True.</summary>
        public const TriState vbTrue = TriState.True;

        /// <summary>TriState.False.</summary>
        public const TriState vbFalse = TriState.False;

        /// <summary>CallType.Method.</summary>
        public const CallType vbMethod = CallType.Method;

        /// <summary>CallType.Get.</summary>
        public const CallType vbGet = CallType.Get;

        /// <summary>CallType.Let.</summary>
        public const CallType vbLet = CallType.Let;

        /// <summary>CallType.Set.</summary>
        public const CallType vbSet = CallType.Set;

        /// <summary>FileAttribute.Normal.</summary>
        public const FileAttribute vbNormal = FileAttribute.Normal;

        /// <summary>FileAttribute.ReadOnly.</summary>
        public const FileAttribute vbReadOnly = FileAttribute.ReadOnly;

        /// <summary>FileAttribute.Hidden.</summary>
        public const FileAttribute vbHidden = FileAttribute.Hidden;

        /// <summary>FileAttribute.System.</summary>
        public const FileAttribute vbSystem = FileAttribute.System;

        /// <summary>FileAttribute.Volume.</summary>
        public const FileAttribute vbVolume = FileAttribute.Volume;

        /// <summary>FileAttribute.Directory.</summary>
        public const FileAttribute vbDirectory = FileAttribute.Directory;

        /// <summary>FileAttribute.Archive.</summary>
        public const FileAttribute vbArchive = FileAttribute.Archive;

        /// <summary>AppWinStyle.Hide.</summary>
        public const AppWinStyle vbHide = AppWinStyle.Hide;

        /// <summary>AppWinStyle.NormalFocus.</summary>
        public const AppWinStyle vbNormalFocus = AppWinStyle.NormalFocus;

        /// <summary>AppWinStyle.MinimizedFocus.</summary>
        public const AppWinStyle vbMinimizedFocus = AppWinStyle.MinimizedFocus;

        /// <summary>AppWinStyle.MaximizedFocus.</summary>
        public const AppWinStyle vbMaximizedFocus = AppWinStyle.MaximizedFocus;

        /// <summary>AppWinStyle.NormalNoFocus.</summary>
        public const AppWinStyle vbNormalNoFocus = AppWinStyle.NormalNoFocus;

        /// <summary>AppWinStyle.MinimizedNoFocus.</summary>
        public const AppWinStyle vbMinimizedNoFocus = AppWinStyle.MinimizedNoFocus;

        /// <summary>VariantType.Empty.</summary>
        public const VariantType vbEmpty = VariantType.Empty;

        /// <summary>VariantType.Null.</summary>
        public const VariantType vbNull = VariantType.Null;

        /// <summary>VariantType.Integer.</summary>
        public const VariantType vbInteger = VariantType.Integer;

        /// <summary>VariantType.Long.</summary>
        public const VariantType vbLong = VariantType.Long;

        /// <summary>VariantType.Single.</summary>
        public const VariantType vbSingle = VariantType.Single;

        /// <summary>VariantType.Double.</summary>
        public const VariantType vbDouble = VariantType.Double;

        /// <summary>VariantType.Currency.</summary>
        public const VariantType vbCurrency = VariantType.Currency;

        /// <summary>VariantType.Date.</summary>
        public const VariantType vbDate = VariantType.Date;

        /// <summary>VariantType.String.</summary>
        public const VariantType vbString = VariantType.String;

        /// <summary>VariantType.Object.</summary>
        public const VariantType vbObject = VariantType.Object;

        /// <summary>VariantType.Boolean.</summary>
        public const VariantType vbBoolean = VariantType.Boolean;

        /// <summary>VariantType.Variant.</summary>
        public const VariantType vbVariant = VariantType.Variant;

        /// <summary>VariantType.Decimal.</summary>
        public const VariantType vbDecimal = VariantType.Decimal;

        /// <summary>VariantType.Byte.</summary>
        public const VariantType vbByte = VariantType.Byte;

        /// <summary>VariantType.UserDefinedType.</summary>
        public const VariantType vbUserDefinedType = VariantType.UserDefinedType;

        /// <summary>VariantType.Array.</summary>
        public const VariantType vbArray = VariantType.Array;
    }
}
