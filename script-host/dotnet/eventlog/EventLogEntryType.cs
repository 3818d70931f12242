// The part of System.Diagnostics.EventLog that .NET leaves to a package and that scripts name beside what the
// shim stands for; values as documented at learn.microsoft.com.

namespace System.Diagnostics
{
    /// <summary>Kinds of entries.</summary>
    public enum EventLogEntryType
    {
        /// <summary>The value 1.</summary>
        Error = 1,
        /// <summary>The value 2.</summary>
        Warning = 2,
        /// <summary>The value 4.</summary>
        Information = 4,
        /// <summary>The value 8.</summary>
        SuccessAudit = 8,
        /// <summary>The value 16.</summary>
        FailureAudit = 16,
    }
}
