// DateAndTime: DateAdd, DateDiff, DatePart and their kin.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.DateAndTime. Intervals by name: yyyy, q,
// m, y, d, w, ww, h, n, s. Dates are counted by the calendar of the thread's culture.

using System;
using System.Globalization;
using Microsoft.VisualBasic.CompilerServices;

namespace Microsoft.VisualBasic
{
    /// <summary>Functions on dates and times.</summary>
    [StandardModule]
    public sealed class DateAndTime
    {
        private DateAndTime()
        {
        }

        private static Calendar Calendar
        {
            get { return CultureInfo.CurrentCulture.Calendar; }
        }

        private static ArgumentException Invalid(string argument)
        {
            return new ArgumentException("Argument '" + argument + "' is not a valid value.");
        }

        /// <summary>Date and time of this computer.</summary>
        public static DateTime Now
        {
            get { return DateTime.Now; }
        }

        /// <summary>Today. Scripts cannot set this computer's clock: setting throws.</summary>
        public static DateTime Today
        {
            get { return DateTime.Today; }
            set { throw new PlatformNotSupportedException("Today: scripts may not set this computer's clock"); }
        }

        /// <summary>The time of day, on the earliest date. Setting throws.</summary>
        public static DateTime TimeOfDay
        {
            get
            {
                var ticks = DateTime.Now.TimeOfDay.Ticks;
                return new DateTime(ticks - ticks % TimeSpan.TicksPerSecond);
            }

            set { throw new PlatformNotSupportedException("TimeOfDay: scripts may not set this computer's clock"); }
        }

        /// <summary>Seconds since midnight.</summary>
        public static double Timer
        {
            get { return DateTime.Now.TimeOfDay.TotalSeconds; }
        }

        /// <summary>Today as MM-dd-yyyy. Setting throws.</summary>
        public static string DateString
        {
            get { return DateTime.Today.ToString("MM-dd-yyyy", CultureInfo.InvariantCulture); }
            set { throw new PlatformNotSupportedException("DateString: scripts may not set this computer's clock"); }
        }

        /// <summary>The time of day as HH:mm:ss. Setting throws.</summary>
        public static string TimeString
        {
            get { return DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture); }
            set { throw new PlatformNotSupportedException("TimeString: scripts may not set this computer's clock"); }
        }

        private static DateInterval IntervalOf(string name)
        {
            switch ((name ?? "").ToLowerInvariant())
            {
                case "yyyy":
                    return DateInterval.Year;
                case "q":
                    return DateInterval.Quarter;
                case "m":
                    return DateInterval.Month;
                case "y":
                    return DateInterval.DayOfYear;
                case "d":
                    return DateInterval.Day;
                case "w":
                    return DateInterval.Weekday;
                case "ww":
                    return DateInterval.WeekOfYear;
                case "h":
                    return DateInterval.Hour;
                case "n":
                    return DateInterval.Minute;
                case "s":
                    return DateInterval.Second;
                default:
                    throw Invalid("Interval");
            }
        }

        /// <summary>A date moved by whole intervals; the number is truncated.</summary>
        public static DateTime DateAdd(DateInterval Interval, double Number, DateTime DateValue)
        {
            var n = checked((int)Conversion.Fix(Number));
            switch (Interval)
            {
                case DateInterval.Year:
                    return Calendar.AddYears(DateValue, n);
                case DateInterval.Quarter:
                    return Calendar.AddMonths(DateValue, checked(n * 3));
                case DateInterval.Month:
                    return Calendar.AddMonths(DateValue, n);
                case DateInterval.DayOfYear:
                case DateInterval.Day:
                case DateInterval.Weekday:
                    return DateValue.AddDays(n);
                case DateInterval.WeekOfYear:
                    return DateValue.AddDays(n * 7.0);
                case DateInterval.Hour:
                    return DateValue.AddHours(n);
                case DateInterval.Minute:
                    return DateValue.AddMinutes(n);
                case DateInterval.Second:
                    return DateValue.AddSeconds(n);
                default:
                    throw Invalid("Interval");
            }
        }

        /// <summary>A date moved by whole intervals of that name.</summary>
        public static DateTime DateAdd(string Interval, double Number, object DateValue)
        {
            return DateAdd(IntervalOf(Interval), Number, DateOf(DateValue, "DateValue"));
        }

        private static DateTime DateOf(object value, string argument)
        {
            try
            {
                return Conversions.ToDate(value);
            }
            catch (InvalidCastException)
            {
                throw new InvalidCastException("Argument '" + argument + "' cannot be converted to type 'Date'.");
            }
        }

        /// <summary>How many interval borders lie between two dates: years, quarters and months by
        /// number, weeks ("ww") by first days of the week, "w" by seven whole days, days and less by
        /// the time that passed.</summary>
        public static long DateDiff(DateInterval Interval, DateTime Date1, DateTime Date2, FirstDayOfWeek DayOfWeek = FirstDayOfWeek.Sunday, FirstWeekOfYear WeekOfYear = FirstWeekOfYear.Jan1)
        {
            var passed = Date2 - Date1;
            var c = Calendar;
            switch (Interval)
            {
                case DateInterval.Year:
                    return c.GetYear(Date2) - c.GetYear(Date1);
                case DateInterval.Quarter:
                    return (c.GetYear(Date2) - c.GetYear(Date1)) * 4L + (c.GetMonth(Date2) - 1) / 3 - (c.GetMonth(Date1) - 1) / 3;
                case DateInterval.Month:
                    return (c.GetYear(Date2) - c.GetYear(Date1)) * 12L + c.GetMonth(Date2) - c.GetMonth(Date1);
                case DateInterval.DayOfYear:
                case DateInterval.Day:
                    return (long)Math.Truncate(passed.TotalDays);
                case DateInterval.Weekday:
                    return (long)Math.Truncate(passed.TotalDays) / 7;
                case DateInterval.WeekOfYear:
                    Date1 = Date1.AddDays(1 - Weekday(Date1, DayOfWeek));
                    Date2 = Date2.AddDays(1 - Weekday(Date2, DayOfWeek));
                    return (long)Math.Truncate((Date2 - Date1).TotalDays) / 7;
                case DateInterval.Hour:
                    return (long)Math.Truncate(passed.TotalHours);
                case DateInterval.Minute:
                    return (long)Math.Truncate(passed.TotalMinutes);
                case DateInterval.Second:
                    return (long)Math.Truncate(passed.TotalSeconds);
                default:
                    throw Invalid("Interval");
            }
        }

        /// <summary>As above by the interval's name.</summary>
        public static long DateDiff(string Interval, object Date1, object Date2, FirstDayOfWeek DayOfWeek = FirstDayOfWeek.Sunday, FirstWeekOfYear WeekOfYear = FirstWeekOfYear.Jan1)
        {
            return DateDiff(IntervalOf(Interval), DateOf(Date1, "Date1"), DateOf(Date2, "Date2"), DayOfWeek, WeekOfYear);
        }

        /// <summary>A part of a date.</summary>
        public static int DatePart(DateInterval Interval, DateTime DateValue, FirstDayOfWeek FirstDayOfWeekValue = FirstDayOfWeek.Sunday, FirstWeekOfYear FirstWeekOfYearValue = FirstWeekOfYear.Jan1)
        {
            var c = Calendar;
            switch (Interval)
            {
                case DateInterval.Year:
                    return c.GetYear(DateValue);
                case DateInterval.Quarter:
                    return (c.GetMonth(DateValue) - 1) / 3 + 1;
                case DateInterval.Month:
                    return c.GetMonth(DateValue);
                case DateInterval.DayOfYear:
                    return c.GetDayOfYear(DateValue);
                case DateInterval.Day:
                    return c.GetDayOfMonth(DateValue);
                case DateInterval.WeekOfYear:
                    return c.GetWeekOfYear(DateValue, RuleOf(FirstWeekOfYearValue), FirstDayOf(FirstDayOfWeekValue));
                case DateInterval.Weekday:
                    return Weekday(DateValue, FirstDayOfWeekValue);
                case DateInterval.Hour:
                    return c.GetHour(DateValue);
                case DateInterval.Minute:
                    return c.GetMinute(DateValue);
                case DateInterval.Second:
                    return c.GetSecond(DateValue);
                default:
                    throw Invalid("Interval");
            }
        }

        /// <summary>As above by the interval's name.</summary>
        public static int DatePart(string Interval, object DateValue, FirstDayOfWeek DayOfWeek = FirstDayOfWeek.Sunday, FirstWeekOfYear WeekOfYear = FirstWeekOfYear.Jan1)
        {
            return DatePart(IntervalOf(Interval), DateOf(DateValue, "DateValue"), DayOfWeek, WeekOfYear);
        }

        private static System.DayOfWeek FirstDayOf(FirstDayOfWeek day)
        {
            if (day == FirstDayOfWeek.System) return CultureInfo.CurrentCulture.DateTimeFormat.FirstDayOfWeek;
            if (day < FirstDayOfWeek.Sunday || day > FirstDayOfWeek.Saturday) throw Invalid("DayOfWeek");
            return (System.DayOfWeek)(day - 1);
        }

        private static CalendarWeekRule RuleOf(FirstWeekOfYear week)
        {
            switch (week)
            {
                case FirstWeekOfYear.System:
                    return CultureInfo.CurrentCulture.DateTimeFormat.CalendarWeekRule;
                case FirstWeekOfYear.Jan1:
                    return CalendarWeekRule.FirstDay;
                case FirstWeekOfYear.FirstFourDays:
                    return CalendarWeekRule.FirstFourDayWeek;
                case FirstWeekOfYear.FirstFullWeek:
                    return CalendarWeekRule.FirstFullWeek;
                default:
                    throw Invalid("WeekOfYear");
            }
        }

        /// <summary>The date of year, month and day; months and days outside move it on. Years 0 to
        /// 99 are those of the calendar's century.</summary>
        public static DateTime DateSerial(int Year, int Month, int Day)
        {
            var c = Calendar;
            if (Year < 0) Year = c.GetYear(DateTime.Today) + Year;
            else if (Year < 100) Year = c.ToFourDigitYear(Year);
            // Over the months and days, so that both may lie outside.
            var months = checked(Year * 12L + Month - 1);
            var year = Math.DivRem(months, 12, out var month);
            if (month < 0)
            {
                month += 12;
                year--;
            }
            return c.AddDays(new DateTime(checked((int)year), (int)month + 1, 1, c), Day - 1);
        }

        /// <summary>The time of hours, minutes and seconds, on the earliest date; negative ones count
        /// backwards.</summary>
        public static DateTime TimeSerial(int Hour, int Minute, int Second)
        {
            const int Day = 86400;
            var seconds = checked(Hour * 60 * 60 + Minute * 60 + Second);
            if (seconds < 0) seconds = seconds % Day == 0 ? 0 : seconds % Day + Day;
            return new DateTime(1, 1, 1).AddSeconds(seconds);
        }

        /// <summary>The date in a text, at midnight.</summary>
        public static DateTime DateValue(string StringDate)
        {
            return Conversions.ToDate(StringDate).Date;
        }

        /// <summary>The time in a text, on the earliest date.</summary>
        public static DateTime TimeValue(string StringTime)
        {
            return new DateTime(Conversions.ToDate(StringTime).TimeOfDay.Ticks);
        }

        /// <summary>The year.</summary>
        public static int Year(DateTime DateValue)
        {
            return Calendar.GetYear(DateValue);
        }

        /// <summary>The month, 1 to 12.</summary>
        public static int Month(DateTime DateValue)
        {
            return Calendar.GetMonth(DateValue);
        }

        /// <summary>The day of the month.</summary>
        public static int Day(DateTime DateValue)
        {
            return Calendar.GetDayOfMonth(DateValue);
        }

        /// <summary>The hour.</summary>
        public static int Hour(DateTime TimeValue)
        {
            return Calendar.GetHour(TimeValue);
        }

        /// <summary>The minute.</summary>
        public static int Minute(DateTime TimeValue)
        {
            return Calendar.GetMinute(TimeValue);
        }

        /// <summary>The second.</summary>
        public static int Second(DateTime TimeValue)
        {
            return Calendar.GetSecond(TimeValue);
        }

        /// <summary>The day of the week, 1 for its first day.</summary>
        public static int Weekday(DateTime DateValue, FirstDayOfWeek DayOfWeek = FirstDayOfWeek.Sunday)
        {
            return ((int)Calendar.GetDayOfWeek(DateValue) - (int)FirstDayOf(DayOfWeek) + 7) % 7 + 1;
        }

        /// <summary>The name of a day of the week.</summary>
        public static string WeekdayName(int Weekday, bool Abbreviate = false, FirstDayOfWeek FirstDayOfWeekValue = FirstDayOfWeek.System)
        {
            if (Weekday < 1 || Weekday > 7) throw Invalid("Weekday");
            var day = (System.DayOfWeek)((Weekday - 1 + (int)FirstDayOf(FirstDayOfWeekValue)) % 7);
            var names = CultureInfo.CurrentCulture.DateTimeFormat;
            return Abbreviate ? names.GetAbbreviatedDayName(day) : names.GetDayName(day);
        }

        /// <summary>The name of a month; 13 only in cultures that have one.</summary>
        public static string MonthName(int Month, bool Abbreviate = false)
        {
            if (Month < 1 || Month > 13) throw Invalid("Month");
            var names = CultureInfo.CurrentCulture.DateTimeFormat;
            var name = Abbreviate ? names.GetAbbreviatedMonthName(Month) : names.GetMonthName(Month);
            if (name.Length == 0) throw Invalid("Month");
            return name;
        }
    }
}
