// The part of System.Data.SqlClient that .NET leaves to a package and that scripts name beside what the
// shim stands for; values as documented at learn.microsoft.com.

using System;

namespace System.Data.SqlClient
{
    /// <summary>What a bulk copy does beside copying.</summary>
    [Flags]
    public enum SqlBulkCopyOptions
    {
        /// <summary>The value 0.</summary>
        Default = 0,
        /// <summary>The value 1.</summary>
        KeepIdentity = 1,
        /// <summary>The value 2.</summary>
        CheckConstraints = 2,
        /// <summary>The value 4.</summary>
        TableLock = 4,
        /// <summary>The value 8.</summary>
        KeepNulls = 8,
        /// <summary>The value 16.</summary>
        FireTriggers = 16,
        /// <summary>The value 32.</summary>
        UseInternalTransaction = 32,
    }
}
