// The part of System.Data.OleDb that .NET leaves to a package and that scripts name beside what the
// shim stands for; values as documented at learn.microsoft.com.

namespace System.Data.OleDb
{
    /// <summary>Types of parameters.</summary>
    public enum OleDbType
    {
        /// <summary>The value 0.</summary>
        Empty = 0,
        /// <summary>The value 2.</summary>
        SmallInt = 2,
        /// <summary>The value 3.</summary>
        Integer = 3,
        /// <summary>The value 4.</summary>
        Single = 4,
        /// <summary>The value 5.</summary>
        Double = 5,
        /// <summary>The value 6.</summary>
        Currency = 6,
        /// <summary>The value 7.</summary>
        Date = 7,
        /// <summary>The value 8.</summary>
        BSTR = 8,
        /// <summary>The value 9.</summary>
        IDispatch = 9,
        /// <summary>The value 10.</summary>
        Error = 10,
        /// <summary>The value 11.</summary>
        Boolean = 11,
        /// <summary>The value 12.</summary>
        Variant = 12,
        /// <summary>The value 13.</summary>
        IUnknown = 13,
        /// <summary>The value 14.</summary>
        Decimal = 14,
        /// <summary>The value 16.</summary>
        TinyInt = 16,
        /// <summary>The value 17.</summary>
        UnsignedTinyInt = 17,
        /// <summary>The value 18.</summary>
        UnsignedSmallInt = 18,
        /// <summary>The value 19.</summary>
        UnsignedInt = 19,
        /// <summary>The value 20.</summary>
        BigInt = 20,
        /// <summary>The value 21.</summary>
        UnsignedBigInt = 21,
        /// <summary>The value 64.</summary>
        Filetime = 64,
        /// <summary>The value 72.</summary>
        Guid = 72,
        /// <summary>The value 128.</summary>
        Binary = 128,
        /// <summary>The value 129.</summary>
        Char = 129,
        /// <summary>The value 130.</summary>
        WChar = 130,
        /// <summary>The value 131.</summary>
        Numeric = 131,
        /// <summary>The value 133.</summary>
        DBDate = 133,
        /// <summary>The value 134.</summary>
        DBTime = 134,
        /// <summary>The value 135.</summary>
        DBTimeStamp = 135,
        /// <summary>The value 138.</summary>
        PropVariant = 138,
        /// <summary>The value 139.</summary>
        VarNumeric = 139,
        /// <summary>The value 200.</summary>
        VarChar = 200,
        /// <summary>The value 201.</summary>
        LongVarChar = 201,
        /// <summary>The value 202.</summary>
        VarWChar = 202,
        /// <summary>The value 203.</summary>
        LongVarWChar = 203,
        /// <summary>The value 204.</summary>
        VarBinary = 204,
        /// <summary>The value 205.</summary>
        LongVarBinary = 205,
    }
}
