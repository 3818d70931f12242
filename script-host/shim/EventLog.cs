// System.Diagnostics.EventLog as scripts expect it: entries become events of the task.
//
// Documented at learn.microsoft.com, System.Diagnostics.EventLog (.NET Framework 4.8). Difference:
// Linux has no event log of Windows; an entry becomes OnInformation, OnWarning or OnError's text as
// OnWarning (an entry in a log does not fail a script). Every source exists; nothing can be read.

using System;
using System.Diagnostics;

namespace Packmule.Script.Diagnostics
{
    /// <summary>Stands for System.Diagnostics.EventLog in scripts.</summary>
    [StandsFor("System.Diagnostics.EventLog")]
    public class EventLog : System.ComponentModel.Component
    {
        /// <summary>A log without a name.</summary>
        public EventLog()
            : this("", ".", "")
        {
        }

        /// <summary>A named log.</summary>
        public EventLog(string logName)
            : this(logName, ".", "")
        {
        }

        /// <summary>A named log of a computer; the computer is only remembered.</summary>
        public EventLog(string logName, string machineName)
            : this(logName, machineName, "")
        {
        }

        /// <summary>A named log of a computer, with the source of its entries.</summary>
        public EventLog(string logName, string machineName, string source)
        {
            Log = logName;
            MachineName = machineName;
            Source = source;
        }

        /// <summary>The log's name.</summary>
        public string Log { get; set; }

        /// <summary>The computer's name, only remembered.</summary>
        public string MachineName { get; set; }

        /// <summary>The source of the entries.</summary>
        public string Source { get; set; }

        /// <summary>The log's name for people.</summary>
        public string LogDisplayName
        {
            get { return Log; }
        }

        /// <summary>Only remembered: nothing is raised.</summary>
        public bool EnableRaisingEvents { get; set; }

        /// <summary>Nothing to do here.</summary>
        public void BeginInit()
        {
        }

        /// <summary>Nothing to do here.</summary>
        public void EndInit()
        {
        }

        /// <summary>Nothing to close.</summary>
        public void Close()
        {
        }

        /// <summary>Nothing is kept here, so there is nothing to clear.</summary>
        public void Clear()
        {
        }

        private static void Say(string source, string message, EventLogEntryType type, int id)
        {
            if (string.IsNullOrEmpty(source)) throw new ArgumentException("Source property was not set before writing to the event log.");
            var kind = ReportKind.Information;
            var entry = "";
            if (type == EventLogEntryType.Warning) kind = ReportKind.Warning;
            if (type == EventLogEntryType.Error || type == EventLogEntryType.FailureAudit)
            {
                kind = ReportKind.Warning;
                entry = type + ": ";
            }
            ScriptContext.Current.Host.Report(kind, id, "EventLog", "EventLog: " + source + ": " + entry + message);
        }

        /// <summary>Writes an entry of this object's source.</summary>
        public void WriteEntry(string message)
        {
            Say(Source, message, EventLogEntryType.Information, 0);
        }

        /// <summary>Writes an entry of a source.</summary>
        public static void WriteEntry(string source, string message)
        {
            Say(source, message, EventLogEntryType.Information, 0);
        }

        /// <summary>Writes an entry of this object's source.</summary>
        public void WriteEntry(string message, EventLogEntryType type)
        {
            Say(Source, message, type, 0);
        }

        /// <summary>Writes an entry of a source.</summary>
        public static void WriteEntry(string source, string message, EventLogEntryType type)
        {
            Say(source, message, type, 0);
        }

        /// <summary>Writes an entry of this object's source.</summary>
        public void WriteEntry(string message, EventLogEntryType type, int eventID)
        {
            Say(Source, message, type, eventID);
        }

        /// <summary>Writes an entry of a source.</summary>
        public static void WriteEntry(string source, string message, EventLogEntryType type, int eventID)
        {
            Say(source, message, type, eventID);
        }

        /// <summary>Writes an entry of this object's source.</summary>
        public void WriteEntry(string message, EventLogEntryType type, int eventID, short category)
        {
            Say(Source, message, type, eventID);
        }

        /// <summary>Writes an entry of a source.</summary>
        public static void WriteEntry(string source, string message, EventLogEntryType type, int eventID, short category)
        {
            Say(source, message, type, eventID);
        }

        /// <summary>Writes an entry of this object's source.</summary>
        public void WriteEntry(string message, EventLogEntryType type, int eventID, short category, byte[] rawData)
        {
            Say(Source, message, type, eventID);
        }

        /// <summary>Writes an entry of a source.</summary>
        public static void WriteEntry(string source, string message, EventLogEntryType type, int eventID, short category, byte[] rawData)
        {
            Say(source, message, type, eventID);
        }

        /// <summary>True for every source.</summary>
        public static bool SourceExists(string source)
        {
            return true;
        }

        /// <summary>True for every source.</summary>
        public static bool SourceExists(string source, string machineName)
        {
            return true;
        }

        /// <summary>True for every log.</summary>
        public static bool Exists(string logName)
        {
            return true;
        }

        /// <summary>True for every log.</summary>
        public static bool Exists(string logName, string machineName)
        {
            return true;
        }

        /// <summary>Sources and logs need not be made or deleted here.</summary>
        public static void CreateEventSource(string source, string logName)
        {
        }

        /// <summary>Sources and logs need not be made or deleted here.</summary>
        public static void CreateEventSource(string source, string logName, string machineName)
        {
        }

        /// <summary>Sources and logs need not be made or deleted here.</summary>
        public static void DeleteEventSource(string source)
        {
        }

        /// <summary>Sources and logs need not be made or deleted here.</summary>
        public static void DeleteEventSource(string source, string machineName)
        {
        }

        /// <summary>Sources and logs need not be made or deleted here.</summary>
        public static void Delete(string logName)
        {
        }

        /// <summary>Sources and logs need not be made or deleted here.</summary>
        public static void Delete(string logName, string machineName)
        {
        }

        /// <summary>The name of the log that a source writes to: "Application".</summary>
        public static string LogNameFromSourceName(string source, string machineName)
        {
            return "Application";
        }
    }
}
