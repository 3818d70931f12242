// The part of System.Data.Odbc that .NET leaves to a package and that scripts name beside what the
// shim stands for; values as documented at learn.microsoft.com.

namespace System.Data.Odbc
{
    /// <summary>Types of parameters.</summary>
    public enum OdbcType
    {
        /// <summary>The value 1.</summary>
        BigInt = 1,
        /// <summary>The value 2.</summary>
        Binary = 2,
        /// <summary>The value 3.</summary>
        Bit = 3,
        /// <summary>The value 4.</summary>
        Char = 4,
        /// <summary>The value 5.</summary>
        DateTime = 5,
        /// <summary>The value 6.</summary>
        Decimal = 6,
        /// <summary>The value 7.</summary>
        Numeric = 7,
        /// <summary>The value 8.</summary>
        Double = 8,
        /// <summary>The value 9.</summary>
        Image = 9,
        /// <summary>The value 10.</summary>
        Int = 10,
        /// <summary>The value 11.</summary>
        NChar = 11,
        /// <summary>The value 12.</summary>
        NText = 12,
        /// <summary>The value 13.</summary>
        NVarChar = 13,
        /// <summary>The value 14.</summary>
        Real = 14,
        /// <summary>The value 15.</summary>
        UniqueIdentifier = 15,
        /// <summary>The value 16.</summary>
        SmallDateTime = 16,
        /// <summary>The value 17.</summary>
        SmallInt = 17,
        /// <summary>The value 18.</summary>
        Text = 18,
        /// <summary>The value 19.</summary>
        Timestamp = 19,
        /// <summary>The value 20.</summary>
        TinyInt = 20,
        /// <summary>The value 21.</summary>
        VarBinary = 21,
        /// <summary>The value 22.</summary>
        VarChar = 22,
        /// <summary>The value 23.</summary>
        Date = 23,
        /// <summary>The value 24.</summary>
        Time = 24,
    }
}
