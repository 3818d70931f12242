// Enumerations of ADODB; the numbers are those of learn.microsoft.com, "ADO enumerated constants".

using System;

namespace ADODB
{
    /// <summary>Types of fields.</summary>
    public enum DataTypeEnum
    {
        /// <summary>None.</summary>
        adEmpty = 0,

        /// <summary>16 bits with sign.</summary>
        adSmallInt = 2,

        /// <summary>32 bits with sign.</summary>
        adInteger = 3,

        /// <summary>Single.</summary>
        adSingle = 4,

        /// <summary>Double.</summary>
        adDouble = 5,

        /// <summary>Currency.</summary>
        adCurrency = 6,

        /// <summary>Date as a number.</summary>
        adDate = 7,

        /// <summary>Text.</summary>
        adBSTR = 8,

        /// <summary>COM object.</summary>
        adIDispatch = 9,

        /// <summary>Error code.</summary>
        adError = 10,

        /// <summary>Boolean.</summary>
        adBoolean = 11,

        /// <summary>Any.</summary>
        adVariant = 12,

        /// <summary>COM object.</summary>
        adIUnknown = 13,

        /// <summary>Decimal.</summary>
        adDecimal = 14,

        /// <summary>8 bits with sign.</summary>
        adTinyInt = 16,

        /// <summary>8 bits.</summary>
        adUnsignedTinyInt = 17,

        /// <summary>16 bits.</summary>
        adUnsignedSmallInt = 18,

        /// <summary>32 bits.</summary>
        adUnsignedInt = 19,

        /// <summary>64 bits with sign.</summary>
        adBigInt = 20,

        /// <summary>64 bits.</summary>
        adUnsignedBigInt = 21,

        /// <summary>Time of a file.</summary>
        adFileTime = 64,

        /// <summary>GUID.</summary>
        adGUID = 72,

        /// <summary>Bytes.</summary>
        adBinary = 128,

        /// <summary>Text in a code page.</summary>
        adChar = 129,

        /// <summary>Text.</summary>
        adWChar = 130,

        /// <summary>Decimal of fixed scale.</summary>
        adNumeric = 131,

        /// <summary>User-defined.</summary>
        adUserDefined = 132,

        /// <summary>Date.</summary>
        adDBDate = 133,

        /// <summary>Time.</summary>
        adDBTime = 134,

        /// <summary>Date and time.</summary>
        adDBTimeStamp = 135,

        /// <summary>Rows of a row.</summary>
        adChapter = 136,

        /// <summary>Any.</summary>
        adPropVariant = 138,

        /// <summary>Decimal.</summary>
        adVarNumeric = 139,

        /// <summary>Text in a code page.</summary>
        adVarChar = 200,

        /// <summary>Long text in a code page.</summary>
        adLongVarChar = 201,

        /// <summary>Text.</summary>
        adVarWChar = 202,

        /// <summary>Long text.</summary>
        adLongVarWChar = 203,

        /// <summary>Bytes.</summary>
        adVarBinary = 204,

        /// <summary>Many bytes.</summary>
        adLongVarBinary = 205,

        /// <summary>An array; added to the type of its elements.</summary>
        adArray = 8192,
    }

    /// <summary>Kinds of cursors.</summary>
    public enum CursorTypeEnum
    {
        /// <summary>Not said.</summary>
        adOpenUnspecified = -1,

        /// <summary>Forward only.</summary>
        adOpenForwardOnly = 0,

        /// <summary>Keys are fixed.</summary>
        adOpenKeyset = 1,

        /// <summary>Nothing is fixed.</summary>
        adOpenDynamic = 2,

        /// <summary>All is fixed.</summary>
        adOpenStatic = 3,
    }

    /// <summary>Where rows are kept.</summary>
    public enum CursorLocationEnum
    {
        /// <summary>Nowhere.</summary>
        adUseNone = 1,

        /// <summary>At the server.</summary>
        adUseServer = 2,

        /// <summary>Here.</summary>
        adUseClient = 3,
    }

    /// <summary>How rows are locked.</summary>
    public enum LockTypeEnum
    {
        /// <summary>Not said.</summary>
        adLockUnspecified = -1,

        /// <summary>Read only.</summary>
        adLockReadOnly = 1,

        /// <summary>When they are changed.</summary>
        adLockPessimistic = 2,

        /// <summary>When they are kept.</summary>
        adLockOptimistic = 3,

        /// <summary>When all are kept.</summary>
        adLockBatchOptimistic = 4,
    }

    /// <summary>Positions that are no row.</summary>
    public enum PositionEnum
    {
        /// <summary>Not known.</summary>
        adPosUnknown = -1,

        /// <summary>Before the first.</summary>
        adPosBOF = -2,

        /// <summary>After the last.</summary>
        adPosEOF = -3,
    }

    /// <summary>What happens to the current row.</summary>
    public enum EditModeEnum
    {
        /// <summary>Nothing.</summary>
        adEditNone = 0,

        /// <summary>It is changed.</summary>
        adEditInProgress = 1,

        /// <summary>It is new.</summary>
        adEditAdd = 2,

        /// <summary>It is deleted.</summary>
        adEditDelete = 4,
    }

    /// <summary>Which rows.</summary>
    public enum AffectEnum
    {
        /// <summary>The current.</summary>
        adAffectCurrent = 1,

        /// <summary>Those of the filter.</summary>
        adAffectGroup = 2,

        /// <summary>All.</summary>
        adAffectAll = 3,

        /// <summary>All of all chapters.</summary>
        adAffectAllChapters = 4,
    }

    /// <summary>Where to start.</summary>
    public enum BookmarkEnum
    {
        /// <summary>The current row.</summary>
        adBookmarkCurrent = 0,

        /// <summary>The first row.</summary>
        adBookmarkFirst = 1,

        /// <summary>The last row.</summary>
        adBookmarkLast = 2,
    }

    /// <summary>How bookmarks stand.</summary>
    public enum CompareEnum
    {
        /// <summary>Before.</summary>
        adCompareLessThan = 0,

        /// <summary>The same.</summary>
        adCompareEqual = 1,

        /// <summary>After.</summary>
        adCompareGreaterThan = 2,

        /// <summary>Not the same.</summary>
        adCompareNotEqual = 3,

        /// <summary>Not comparable.</summary>
        adCompareNotComparable = 4,
    }

    /// <summary>Forms of GetString.</summary>
    public enum StringFormatEnum
    {
        /// <summary>With delimiters.</summary>
        adClipString = 2,
    }

    /// <summary>States.</summary>
    public enum ObjectStateEnum
    {
        /// <summary>Closed.</summary>
        adStateClosed = 0,

        /// <summary>Open.</summary>
        adStateOpen = 1,

        /// <summary>Connecting.</summary>
        adStateConnecting = 2,

        /// <summary>Running.</summary>
        adStateExecuting = 4,

        /// <summary>Reading.</summary>
        adStateFetching = 8,
    }

    /// <summary>What is known of a field.</summary>
    [Flags]
    public enum FieldAttributeEnum
    {
        /// <summary>Not said.</summary>
        adFldUnspecified = -1,

        /// <summary>Read later.</summary>
        adFldMayDefer = 2,

        /// <summary>May be written.</summary>
        adFldUpdatable = 4,

        /// <summary>May perhaps be written.</summary>
        adFldUnknownUpdatable = 8,

        /// <summary>Of fixed length.</summary>
        adFldFixed = 16,

        /// <summary>NULL may be written.</summary>
        adFldIsNullable = 32,

        /// <summary>NULL may be read.</summary>
        adFldMayBeNull = 64,

        /// <summary>Long.</summary>
        adFldLong = 128,

        /// <summary>Identifies the row.</summary>
        adFldRowID = 256,

        /// <summary>The row's version.</summary>
        adFldRowVersion = 512,

        /// <summary>Kept after reading.</summary>
        adFldCacheDeferred = 4096,

        /// <summary>Part of the key.</summary>
        adFldKeyColumn = 32768,
    }

    /// <summary>What a recordset can do.</summary>
    [Flags]
    public enum CursorOptionEnum
    {
        /// <summary>Read on with changes open.</summary>
        adHoldRecords = 256,

        /// <summary>Go back.</summary>
        adMovePrevious = 512,

        /// <summary>Bookmarks.</summary>
        adBookmark = 8192,

        /// <summary>Positions.</summary>
        adApproxPosition = 16384,

        /// <summary>Keep all changes at once.</summary>
        adUpdateBatch = 65536,

        /// <summary>Read again.</summary>
        adResync = 131072,

        /// <summary>Events.</summary>
        adNotify = 262144,

        /// <summary>Find.</summary>
        adFind = 524288,

        /// <summary>Indexes.</summary>
        adIndex = 8388608,

        /// <summary>Seek.</summary>
        adSeek = 4194304,

        /// <summary>Add rows.</summary>
        adAddNew = 16778240,

        /// <summary>Delete rows.</summary>
        adDelete = 16779264,

        /// <summary>Change rows.</summary>
        adUpdate = 16809984,
    }
}
