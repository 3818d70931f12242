// The types of pipeline columns by number.

namespace Microsoft.SqlServer.Dts.Runtime.Wrapper
{
    /// <summary>Pipeline types. Documented: enumeration DataType.</summary>
    public enum DataType
    {
        /// <summary>DT_EMPTY.</summary>
        DT_EMPTY = 0,
        /// <summary>DT_NULL.</summary>
        DT_NULL = 1,
        /// <summary>DT_I2.</summary>
        DT_I2 = 2,
        /// <summary>DT_I4.</summary>
        DT_I4 = 3,
        /// <summary>DT_R4.</summary>
        DT_R4 = 4,
        /// <summary>DT_R8.</summary>
        DT_R8 = 5,
        /// <summary>DT_CY.</summary>
        DT_CY = 6,
        /// <summary>DT_DATE.</summary>
        DT_DATE = 7,
        /// <summary>DT_BOOL.</summary>
        DT_BOOL = 11,
        /// <summary>DT_DECIMAL.</summary>
        DT_DECIMAL = 14,
        /// <summary>DT_I1.</summary>
        DT_I1 = 16,
        /// <summary>DT_UI1.</summary>
        DT_UI1 = 17,
        /// <summary>DT_UI2.</summary>
        DT_UI2 = 18,
        /// <summary>DT_UI4.</summary>
        DT_UI4 = 19,
        /// <summary>DT_I8.</summary>
        DT_I8 = 20,
        /// <summary>DT_UI8.</summary>
        DT_UI8 = 21,
        /// <summary>DT_FILETIME.</summary>
        DT_FILETIME = 64,
        /// <summary>DT_GUID.</summary>
        DT_GUID = 72,
        /// <summary>DT_BYTES.</summary>
        DT_BYTES = 128,
        /// <summary>DT_STR.</summary>
        DT_STR = 129,
        /// <summary>DT_WSTR.</summary>
        DT_WSTR = 130,
        /// <summary>DT_NUMERIC.</summary>
        DT_NUMERIC = 131,
        /// <summary>DT_DBDATE.</summary>
        DT_DBDATE = 133,
        /// <summary>DT_DBTIME.</summary>
        DT_DBTIME = 134,
        /// <summary>DT_DBTIMESTAMP.</summary>
        DT_DBTIMESTAMP = 135,
        /// <summary>DT_DBTIME2.</summary>
        DT_DBTIME2 = 145,
        /// <summary>DT_DBTIMESTAMPOFFSET.</summary>
        DT_DBTIMESTAMPOFFSET = 146,
        /// <summary>DT_IMAGE.</summary>
        DT_IMAGE = 301,
        /// <summary>DT_TEXT.</summary>
        DT_TEXT = 302,
        /// <summary>DT_NTEXT.</summary>
        DT_NTEXT = 303,
        /// <summary>DT_DBTIMESTAMP2.</summary>
        DT_DBTIMESTAMP2 = 304,
        /// <summary>DT_BYREF_I2.</summary>
        DT_BYREF_I2 = 16386,
        /// <summary>DT_BYREF_I4.</summary>
        DT_BYREF_I4 = 16387,
        /// <summary>DT_BYREF_R4.</summary>
        DT_BYREF_R4 = 16388,
        /// <summary>DT_BYREF_R8.</summary>
        DT_BYREF_R8 = 16389,
        /// <summary>DT_BYREF_CY.</summary>
        DT_BYREF_CY = 16390,
        /// <summary>DT_BYREF_DATE.</summary>
        DT_BYREF_DATE = 16391,
        /// <summary>DT_BYREF_BOOL.</summary>
        DT_BYREF_BOOL = 16395,
        /// <summary>DT_BYREF_DECIMAL.</summary>
        DT_BYREF_DECIMAL = 16398,
        /// <summary>DT_BYREF_I1.</summary>
        DT_BYREF_I1 = 16400,
        /// <summary>DT_BYREF_UI1.</summary>
        DT_BYREF_UI1 = 16401,
        /// <summary>DT_BYREF_UI2.</summary>
        DT_BYREF_UI2 = 16402,
        /// <summary>DT_BYREF_UI4.</summary>
        DT_BYREF_UI4 = 16403,
        /// <summary>DT_BYREF_I8.</summary>
        DT_BYREF_I8 = 16404,
        /// <summary>DT_BYREF_UI8.</summary>
        DT_BYREF_UI8 = 16405,
        /// <summary>DT_BYREF_FILETIME.</summary>
        DT_BYREF_FILETIME = 16448,
        /// <summary>DT_BYREF_GUID.</summary>
        DT_BYREF_GUID = 16456,
        /// <summary>DT_BYREF_NUMERIC.</summary>
        DT_BYREF_NUMERIC = 16515,
        /// <summary>DT_BYREF_DBDATE.</summary>
        DT_BYREF_DBDATE = 16517,
        /// <summary>DT_BYREF_DBTIME.</summary>
        DT_BYREF_DBTIME = 16518,
        /// <summary>DT_BYREF_DBTIMESTAMP.</summary>
        DT_BYREF_DBTIMESTAMP = 16519,
    }
}
