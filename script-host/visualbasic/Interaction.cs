// Interaction: message boxes, environment, choices.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.Interaction. Differences: MsgBox is
// reported and answers its default button; InputBox is reported and returns its default; what needs
// a desktop, other programs, COM or the registry throws (and is refused before a script runs).

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualBasic.CompilerServices;
using Packmule.Script;

namespace Microsoft.VisualBasic
{
    /// <summary>Functions that act on the surroundings.</summary>
    [StandardModule]
    public sealed class Interaction
    {
        private Interaction()
        {
        }

        private static Exception Refused(string function, string why)
        {
            return new PlatformNotSupportedException(function + ": " + why);
        }

        /// <summary>Throws: there are no windows here.</summary>
        public static void AppActivate(int ProcessId)
        {
            throw Refused("AppActivate", "there are no windows here");
        }

        /// <summary>Throws: there are no windows here.</summary>
        public static void AppActivate(string Title)
        {
            throw Refused("AppActivate", "there are no windows here");
        }

        /// <summary>A sound that nobody hears: nothing.</summary>
        public static void Beep()
        {
        }

        /// <summary>Calls a method, or reads or writes a property, by name.</summary>
        public static object CallByName(object ObjectRef, string ProcName, CallType UseCallType, params object[] Args)
        {
            switch (UseCallType)
            {
                case CallType.Method:
                case CallType.Get:
                    return NewLateBinding.LateGet(ObjectRef, null, ProcName, Args, null, null, null);
                case CallType.Let:
                case CallType.Set:
                    NewLateBinding.LateSet(ObjectRef, null, ProcName, Args, null, null);
                    return null;
                default:
                    throw new ArgumentException("Argument 'CallType' is not a valid value.");
            }
        }

        /// <summary>The value at a position from 1; Nothing outside.</summary>
        public static object Choose(double Index, params object[] Choice)
        {
            var at = (int)Math.Round(Conversion.Fix(Index) - 1);
            return at < 0 || at >= Choice.Length ? null : Choice[at];
        }

        /// <summary>The arguments of the host program, which scripts have none of: empty.</summary>
        public static string Command()
        {
            return "";
        }

        /// <summary>Throws: COM objects do not exist here.</summary>
        public static object CreateObject(string ProgId, string ServerName = "")
        {
            throw Refused("CreateObject(\"" + ProgId + "\")", "COM objects do not exist on Linux; use a .NET class");
        }

        /// <summary>Throws: COM objects do not exist here.</summary>
        public static object GetObject(string PathName = null, string Class = null)
        {
            throw Refused("GetObject", "COM objects do not exist on Linux; use a .NET class");
        }

        /// <summary>Throws: there is no registry here.</summary>
        public static void DeleteSetting(string AppName, string Section = null, string Key = null)
        {
            throw Refused("DeleteSetting", "there is no registry of Windows here");
        }

        /// <summary>Throws: there is no registry here.</summary>
        public static string[,] GetAllSettings(string AppName, string Section)
        {
            throw Refused("GetAllSettings", "there is no registry of Windows here");
        }

        /// <summary>Throws: there is no registry here.</summary>
        public static string GetSetting(string AppName, string Section, string Key, string Default = "")
        {
            throw Refused("GetSetting", "there is no registry of Windows here");
        }

        /// <summary>Throws: there is no registry here.</summary>
        public static void SaveSetting(string AppName, string Section, string Key, string Setting)
        {
            throw Refused("SaveSetting", "there is no registry of Windows here");
        }

        /// <summary>Throws: scripts start no programs.</summary>
        public static int Shell(string PathName, AppWinStyle Style = AppWinStyle.MinimizedFocus, bool Wait = false, int Timeout = -1)
        {
            throw Refused("Shell", "scripts start no programs here; use an Execute Process Task");
        }

        /// <summary>The n-th environment variable as NAME=value; empty outside.</summary>
        public static string Environ(int Expression)
        {
            if (Expression <= 0 || Expression > 255) throw new ArgumentException("Argument 'Expression' must be within the range 1 to 255.");
            var all = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().OrderBy(e => (string)e.Key, StringComparer.Ordinal).ToList();
            return Expression > all.Count ? "" : all[Expression - 1].Key + "=" + all[Expression - 1].Value;
        }

        /// <summary>An environment variable; Nothing when it is not set.</summary>
        public static string Environ(string Expression)
        {
            var name = (Expression ?? "").Trim();
            if (name.Length == 0) throw new ArgumentException("Argument 'Expression' is not a valid value.");
            return Environment.GetEnvironmentVariable(name);
        }

        /// <summary>One of two values; both are worked out before.</summary>
        public static object IIf(bool Expression, object TruePart, object FalsePart)
        {
            return Expression ? TruePart : FalsePart;
        }

        /// <summary>Reports the question and returns the default response.</summary>
        public static string InputBox(string Prompt, string Title = "", string DefaultResponse = "", int XPos = -1, int YPos = -1)
        {
            MessageBoxes.Answer(Prompt, Title, 1, "InputBox");
            return DefaultResponse ?? "";
        }

        /// <summary>Reports the text and answers the default button.</summary>
        /// <exception cref="InvalidOperationException">When message boxes are strict.</exception>
        public static MsgBoxResult MsgBox(object Prompt, MsgBoxStyle Buttons = MsgBoxStyle.ApplicationModal, object Title = null)
        {
            string text;
            try
            {
                text = Prompt == null ? null : Conversions.ToString(Prompt);
            }
            catch (InvalidCastException)
            {
                throw new ArgumentException("Argument 'Prompt' cannot be converted to type 'String'.");
            }
            var buttons = (int)Buttons & 15;
            return (MsgBoxResult)MessageBoxes.Answer(text ?? "", Title == null ? "" : Conversions.ToString(Title), buttons > 5 ? 0 : buttons, "MsgBox");
        }

        /// <summary>The range of equal size that holds a number, as "20: 29".</summary>
        public static string Partition(long Number, long Start, long Stop, long Interval)
        {
            if (Start < 0) throw new ArgumentException("Argument 'Start' is not a valid value.");
            if (Stop <= Start) throw new ArgumentException("Argument 'Stop' is not a valid value.");
            if (Interval < 1) throw new ArgumentException("Argument 'Interval' is not a valid value.");
            string low, high;
            if (Number < Start)
            {
                low = "";
                high = (Start - 1).ToString();
            }
            else if (Number > Stop)
            {
                low = (Stop + 1).ToString();
                high = "";
            }
            else
            {
                var first = Interval == 1 ? Number : (Number - Start) / Interval * Interval + Start;
                low = first.ToString();
                high = Math.Min(first + Interval - 1, Stop).ToString();
            }
            var width = Math.Max((Stop + 1).ToString().Length, (Start - 1).ToString().Length);
            return low.PadLeft(width) + ":" + high.PadLeft(width);
        }

        /// <summary>The value behind the first condition that is true; Nothing without one.</summary>
        public static object Switch(params object[] VarExpr)
        {
            if (VarExpr == null) return null;
            if (VarExpr.Length % 2 != 0) throw new ArgumentException("Argument 'VarExpr' is not a valid value.");
            for (var i = 0; i < VarExpr.Length; i += 2)
            {
                if (Conversions.ToBoolean(VarExpr[i])) return VarExpr[i + 1];
            }
            return null;
        }
    }
}
