//! Codes of data flow components, 0x…020 9xxx and later: what rows carry in ErrorCode, phases
//! of files and caches.

use super::table::codes;

codes! {
    DTS_I_TXAGG_WORKSPACE_REHASH = 0x402090DA, "The Aggregate transformation has encountered %1!d! key combinations. It has to re-hash data because the number of key combinations is more than expected. The component can be configured to avoid data re-hash by adjusting the Keys, KeyScale, and AutoExtendFactor properties.";
    DTS_I_TXAGG_COUNTDISTINCT_REHASH = 0x402090DB, "The Aggregate transformation has encountered %1!d! distinct values while performing a \"count distinct\" aggregation on \"%2\". The transformation will re-hash data because the number of distinct values is more than expected. The component can be configured to avoid data re-hash by adjusting the CountDistinctKeys, CountDistinctKeyScale, and AutoExtendFactor properties.";
    DTS_I_STARTPROCESSINGFILE = 0x402090DC, "The processing of file \"%1\" has started.";
    DTS_I_FINISHPROCESSINGFILE = 0x402090DD, "The processing of file \"%1\" has ended.";
    DTS_I_TOTALDATAROWSPROCESSEDFORFILE = 0x402090DE, "The total number of data rows processed for file \"%1\" is %2!I64d!.";
    DTS_I_FINALCOMMITSTARTED = 0x402090DF, "The final commit for the data insertion in \"%1\" has started.";
    DTS_I_FINALCOMMITENDED = 0x402090E0, "The final commit for the data insertion  in \"%1\" has ended.";
    DTS_I_BEGINHASHINGCACHE = 0x402090E1, "%1!u! rows are added to the cache. The system is processing the rows.";
    DTS_I_SUCCEEDEDHASHINGCACHE = 0x402090E2, "The %1 processed %2!u! rows in the cache. The processing time was %3 seconds. The cache used %4!I64u! bytes of memory.";
    DTS_I_FAILEDHASHINGCACHE = 0x402090E3, "The %1 failed to process the rows in the cache.  The processing time was %2 second(s).";
    DTS_I_SUCCEEDEDPREPARINGCACHE = 0x402090E4, "The %1 succeeded in preparing the cache. The preparation time was %2 seconds.";
    DTS_I_TXLOOKUP_PARTIALPERF = 0x40209314, "The %1 has performed the following operations: processed %2!I64u! rows, issued %3!I64u! database commands to the reference database, and performed %4!I64u! lookups using partial cache.";
    DTS_I_TXLOOKUP_PARTIALPERF2 = 0x40209315, "The %1 has performed the following operations: processed %2!I64u! rows, issued %3!I64u! database commands to the reference database, performed %4!I64u! lookups using partial cache and %5!I64u! lookups using the cache for rows with no matching entries in the initial lookup.";
    DTS_I_OLEDBDESTZEROMAXCOMMITSIZE = 0x4020F42C, "The Maximum insert commit size property of the OLE DB destination \"%1\" is set to 0. This property setting can cause the running package to stop responding. For more information, see the F1 Help topic for OLE DB Destination Editor (Connection Manager Page).";
    DTS_W_TXLOOKUP_DUPLICATE_KEYS = 0x802090E4, "The %1 encountered duplicate reference key values when caching reference data. This error occurs in Full Cache mode only. Either remove the duplicate key values, or change the cache mode to PARTIAL or NO_CACHE.",
        "several reference rows have the same key; the first is used",
        "make the reference query return one row per key";
    DTS_W_POTENTIALTRUNCATIONFROMDATAINSERTION = 0x802092A7, "Truncation may occur due to inserting data from data flow column \"%1\" with a length of %2!d! to database column \"%3\" with a length of %4!d!.",
        "the column of the table is shorter than that of the data flow",
        "enlarge the table's column, or shorten the text before";
    DTS_W_POTENTIALTRUNCATIONFROMDATARETRIEVAL = 0x802092A8, "Truncation may occur due to retrieving data from database column \"%1\" with a length of %2!d! to data flow column \"%3\" with a length of %4!d!.",
        "the column of the data flow is shorter than that of the table",
        "enlarge the output column";
    DTS_W_ADODESTBATCHNOTSUPPORTEDFORERRORDISPOSITION = 0x802092AA, "Batch mode is not currently supported when error row disposition is used. The BatchSize property will be set to 1.";
    DTS_E_TXAGG_ARITHMETICOVERFLOW = 0xC0209011, "Arithmetic overflow encountered while aggregating \"%1\".",
        "a sum became larger than its type",
        "cast the column to a larger type before the Aggregate";
    DTS_E_COLUMNSTATUSERROR = 0xC020901C, "There was an error with %1 on %2. The column status returned was: \"%3\".",
        "the value of the column was refused, for the reason given",
        "compare the value with type, length and constraints of the column";
    DTS_E_TXLOOKUP_ROWLOOKUPERROR = 0xC020901E, "Row yielded no match during lookup.",
        "no reference row has the key of this row",
        "redirect rows without match, or add the reference row";
    DTS_E_INDUCEDTRANSFORMFAILUREONERROR = 0xC0209029, "SSIS Error Code DTS_E_INDUCEDTRANSFORMFAILUREONERROR.  The \"%1\" failed because error code 0x%2!8.8X! occurred, and the error row disposition on \"%3\" specifies failure on error. An error occurred on the specified object of the specified component.  There may be error messages posted before this with more information about the failure.",
        "a row failed and the component is set to fail then",
        "repair the cause in the code that is named, or redirect such rows";
    DTS_E_INDUCEDTRANSFORMFAILUREONTRUNCATION = 0xC020902A, "The \"%1\" failed because truncation occurred, and the truncation row disposition on \"%2\" specifies failure on truncation. A truncation error occurred on the specified object of the specified component.",
        "a value was too long and the component is set to fail then",
        "enlarge the column, or ignore or redirect truncation";
    DTS_E_TXSPLITEXPRESSIONEVALUATEDTONULL = 0xC020902B, "The expression \"%1\" on \"%2\" evaluated to NULL, but the \"%3\" requires a Boolean results. Modify the error row disposition on the output to treat this result as False (Ignore Failure) or to redirect this row to the error output (Redirect Row).  The expression results must be Boolean for a Conditional Split.  A NULL expression result is an error.",
        "the condition is NULL in this row because a column is",
        "test with ISNULL first, or set the error disposition to ignore";
    DTS_E_TXSPLITSTATIC_EXPRESSIONEVALUATEDTONULL = 0xC020902C, "The expression evaluated to NULL, but a Boolean result is required. Modify the error row disposition on the output to treat this result as False (Ignore Failure) or to redirect this row to the error output (Redirect Row). The expression results must be Boolean for a Conditional Split.  A NULL expression result is an error.",
        "the condition is NULL in this row because a column is",
        "test with ISNULL first, or set the error disposition to ignore";
    DTS_E_UTF16BIGENDIANFORMATNOTSUPPORTED = 0xC020902D, "The file format of UTF-16 big endian is not supported.  Only UTF-16 little endian format is supported.",
        "the file is UTF-16 with the high byte first",
        "convert the file to UTF-16 little endian";
    DTS_E_UTF8FORMATNOTSUPPORTEDASUNICODE = 0xC020902E, "The file format of UTF-8 is not supported as Unicode.",
        "the file is UTF-8, but the connection manager says Unicode",
        "clear Unicode and set the code page 65001";
    DTS_E_TXLOOKUP_INDEXCOLUMNSMISMATCH = 0xC020903F, "Lookup does not reference all cache connection manager index columns. Number of joined columns in lookup: %1!d!. Number of index columns: %2!d!.";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_CANTCONVERTVALUE = 0xC0209069, "The data value cannot be converted for reasons other than sign mismatch or data overflow.",
        "the value is not in the form that its type needs, for example letters in a number",
        "look at the row in the error output and correct the type or the data";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_SCHEMAVIOLATION = 0xC020906A, "The data value violated the schema constraint.",
        "the value does not fit what the table says of its column",
        "compare type, length and range with the table";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_TRUNCATED = 0xC020906B, "The data was truncated.",
        "the value is longer than its column",
        "enlarge the column, or ignore truncation";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_SIGNMISMATCH = 0xC020906C, "Conversion failed because the data value was signed and the type used by the provider was unsigned.",
        "a negative value met a type without sign",
        "use a signed type";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_DATAOVERFLOW = 0xC020906D, "Conversion failed because the data value overflowed the type used by the provider.",
        "the number is too large for its type",
        "choose a larger type";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_UNAVAILABLE = 0xC020906E, "No status is available.",
        "the value could not be had or handed over, often because another column of the row failed",
        "read the other errors of the row";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_PERMISSIONDENIED = 0xC020906F, "The user did not have the correct permissions to write to the column.",
        "the account may not write the column",
        "grant the right, or leave the column out of the mapping";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_INTEGRITYVIOLATION = 0xC0209070, "The data value violated the integrity constraints for the column.",
        "a constraint refuses the value: a key that exists, a missing reference or NULL",
        "look at the row in the error output and compare it with the table's constraints";
    DTS_E_OLEDBSOURCEADAPTERSTATIC_UNAVAILABLE = 0xC0209071, "No status is available.",
        "the value could not be had or handed over, often because another column of the row failed",
        "read the other errors of the row";
    DTS_E_OLEDBSOURCEADAPTERSTATIC_CANTCONVERTVALUE = 0xC0209072, "The data value cannot be converted for reasons other than sign mismatch or data overflow.",
        "the value is not in the form that its type needs, for example letters in a number",
        "look at the row in the error output and correct the type or the data";
    DTS_E_OLEDBSOURCEADAPTERSTATIC_TRUNCATED = 0xC0209073, "The data was truncated.",
        "the value is longer than its column",
        "enlarge the column, or ignore truncation";
    DTS_E_OLEDBSOURCEADAPTERSTATIC_SIGNMISMATCH = 0xC0209074, "Conversion failed because the data value was signed and the type used by the provider was unsigned.",
        "a negative value met a type without sign",
        "use a signed type";
    DTS_E_OLEDBSOURCEADAPTERSTATIC_DATAOVERFLOW = 0xC0209075, "Conversion failed because the data value overflowed the type used by the provider.",
        "the number is too large for its type",
        "choose a larger type";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_SCHEMAVIOLATION = 0xC0209076, "The data value violated the schema constraint.",
        "the value does not fit what the table says of its column",
        "compare type, length and range with the table";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_CANTCONVERTVALUE = 0xC0209077, "The data value cannot be converted for reasons other than sign mismatch or data overflow.",
        "the value is not in the form that its type needs, for example letters in a number",
        "look at the row in the error output and correct the type or the data";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_TRUNCATED = 0xC0209078, "The data was truncated.",
        "the value is longer than its column",
        "enlarge the column, or ignore truncation";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_SIGNMISMATCH = 0xC0209079, "Conversion failed because the data value was signed and the type used by the provider was unsigned.",
        "a negative value met a type without sign",
        "use a signed type";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_DATAOVERFLOW = 0xC020907A, "Conversion failed because the data value overflowed the type used by the provider.",
        "the number is too large for its type",
        "choose a larger type";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_UNAVAILABLE = 0xC020907B, "No status is available.",
        "the value could not be had or handed over, often because another column of the row failed",
        "read the other errors of the row";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_PERMISSIONDENIED = 0xC020907C, "The user did not have the correct permissions to write to the column.",
        "the account may not write the column",
        "grant the right, or leave the column out of the mapping";
    DTS_E_OLEDBDESTINATIONADAPTERSTATIC_INTEGRITYVIOLATION = 0xC020907D, "The data value violates integrity constraints.",
        "a constraint refuses the value: a key that exists, a missing reference or NULL",
        "look at the row in the error output and compare it with the table's constraints";
    DTS_E_TXDATACONVERTSTATIC_CANTCONVERTVALUE = 0xC020907F, "The data value cannot be converted for reasons other than sign mismatch or data overflow.",
        "the value is not in the form that its type needs, for example letters in a number",
        "look at the row in the error output and correct the type or the data";
    DTS_E_TXDATACONVERTSTATIC_TRUNCATED = 0xC0209080, "The data was truncated.",
        "the value is longer than its column",
        "enlarge the column, or ignore truncation";
    DTS_E_TXDATACONVERTSTATIC_SIGNMISMATCH = 0xC0209081, "Conversion failed because the data value was signed and the type used by the provider was unsigned.",
        "a negative value met a type without sign",
        "use a signed type";
    DTS_E_TXDATACONVERTSTATIC_DATAOVERFLOW = 0xC0209082, "Conversion failed because the data value overflowed the type used by the data conversion transform.",
        "the number is too large for its type",
        "choose a larger type";
    DTS_E_FLATFILESOURCEADAPTERSTATIC_UNAVAILABLE = 0xC0209083, "No status is available.",
        "the value could not be had or handed over, often because another column of the row failed",
        "read the other errors of the row";
    DTS_E_FLATFILESOURCEADAPTERSTATIC_CANTCONVERTVALUE = 0xC0209084, "The data value cannot be converted for reasons other than sign mismatch or data overflow.",
        "the value is not in the form that its type needs, for example letters in a number",
        "look at the row in the error output and correct the type or the data";
    DTS_E_FLATFILESOURCEADAPTERSTATIC_TRUNCATED = 0xC0209085, "The data was truncated.",
        "the value is longer than its column",
        "enlarge the column, or ignore truncation";
    DTS_E_FLATFILESOURCEADAPTERSTATIC_SIGNMISMATCH = 0xC0209086, "Conversion failed because the data value was signed and the type used by the flat file source adapter was unsigned.",
        "a negative value met a type without sign",
        "use a signed type";
    DTS_E_FLATFILESOURCEADAPTERSTATIC_DATAOVERFLOW = 0xC0209087, "Conversion failed because the data value overflowed the type used by the flat file source adapter.",
        "the number is too large for its type",
        "choose a larger type";
    DTS_E_TXDATACONVERTSTATIC_UNAVAILABLE = 0xC020908E, "No status is available.",
        "the value could not be had or handed over, often because another column of the row failed",
        "read the other errors of the row";
    DTS_E_FILEOPENERR_FORREAD = 0xC0209090, "Opening the file \"%1\" for reading failed with error code 0x%2!8.8X!.";
    DTS_E_TXFILEINSERTERSTATIC_FILEOPENERR_FORREAD = 0xC0209091, "Failed to open file for reading.",
        "the file that the column names does not exist or may not be read",
        "check the path in the row and the rights of the account that runs Packmule";
    DTS_E_FILEOPENERR_FORWRITE = 0xC0209092, "Opening the file \"%1\" for writing failed with error code 0x%2!8.8X!.";
    DTS_E_TXFILEEXTRACTORSTATIC_FILEOPENERR_FORWRITE = 0xC0209093, "Failed to open file for writing.",
        "the file that the column names cannot be written",
        "check its folder, the rights and the free space";
    DTS_E_TXFILEINSERTERSTATIC_INSERTERCANTREAD = 0xC0209094, "Failed to read from file.",
        "the file that the column names does not exist or may not be read",
        "check the path in the row and the rights of the account that runs Packmule";
    DTS_E_TXFILEEXTRACTORSTATIC_EXTRACTORCANTWRITE = 0xC0209095, "Failed to write to file.",
        "the file that the column names cannot be written",
        "check its folder, the rights and the free space";
    DTS_E_DTPXMLINVALIDPROPERTYARRAYTOOMANYVALUES = 0xC0209099, "Too many array elements were found when parsing a property of type array. The elementCount is less than the number of array elements found.";
    DTS_E_DTPXMLINVALIDPROPERTYARRAYNOTENOUGHVALUES = 0xC020909A, "Too few array elements were found when parsing a property of type array. The elementCount is more than the number of array elements found.";
    DTS_E_FILEOPENERR_FORWRITE_FILENOTFOUND = 0xC020909E, "Opening the file \"%1\" for writing failed. The file cannot be found.";
    DTS_E_TXFILEEXTRACTORSTATIC_FILEOPENERR_FORWRITE_FILENOTFOUND = 0xC020909F, "Opening the file for writing failed. The file cannot be found.",
        "the file that the column names cannot be written",
        "check its folder, the rights and the free space";
    DTS_E_FILEOPENERR_FORWRITE_PATHNOTFOUND = 0xC02090A0, "Opening the file \"%1\" for writing failed. The path cannot be found.";
    DTS_E_TXFILEEXTRACTORSTATIC_FILEOPENERR_FORWRITE_PATHNOTFOUND = 0xC02090A1, "Opening the file for writing failed. The path cannot be found.";
    DTS_E_FILEOPENERR_FORWRITE_TOOMANYOPENFILES = 0xC02090A2, "Opening the file \"%1\" for writing failed. There are too many files open.";
    DTS_E_TXFILEEXTRACTORSTATIC_FILEOPENERR_FORWRITE_TOOMANYOPENFILES = 0xC02090A3, "Opening the file for writing failed. There are too many files open.";
    DTS_E_FILEOPENERR_FORWRITE_ACCESSDENIED = 0xC02090A4, "Opening the file \"%1\" for writing failed. You do not have the correct permissions.";
    DTS_E_TXFILEEXTRACTORSTATIC_FILEOPENERR_FORWRITE_ACCESSDENIED = 0xC02090A5, "Opening the file for writing failed. You do not have the correct permissions.";
    DTS_E_FILEOPENERR_FORWRITE_FILEEXISTS = 0xC02090A6, "Opening the file \"%1\" for writing failed. The file exists and cannot be overwritten. If the AllowAppend property is FALSE and the ForceTruncate property is set to FALSE, the existence of the file will cause this failure.";
    DTS_E_TXFILEEXTRACTORSTATIC_FILEOPENERR_FORWRITE_FILEEXISTS = 0xC02090A7, "Opening a file for writing failed. The file already exists and cannot be overwritten. If both the AllowAppend property and the ForceTruncate property are set to FALSE, the existence of the file will cause this failure.",
        "the file exists, and neither Append nor Truncate is allowed",
        "set AllowAppend or ForceTruncate";
    DTS_E_INCORRECTCUSTOMPROPERTYVALUEFOROBJECT = 0xC02090A8, "The value for custom property \"%1\" on %2 is incorrect.";
    DTS_E_COLUMNSHAVEINCOMPATIBLEMETADATA = 0xC02090A9, "Columns \"%1\" and \"%2\" have incompatible metadata.";
    DTS_E_FILEWRITEERR_DISKFULL = 0xC02090AD, "Opening the file \"%1\" for writing failed because the disk is full. There is not sufficient disk space to save this file.";
    DTS_E_TXFILEEXTRACTORSTATIC_FILEWRITEERR_DISKFULL = 0xC02090AE, "Attempting to open the file for writing failed because the disk is full.";
    DTS_E_TXAGG_SORTKEYGENFAILED = 0xC02090B9, "Generating a sort key failed with error 0x%1!8.8X!. The ComparisonFlags are enabled, and generating a sortkey with LCMapString failed.";
    DTS_E_TXCHARMAPLCMAPFAILED = 0xC02090BA, "Transform failed to map string and returned error 0x%1!8.8X!. The LCMapString failed.";
    DTS_E_FILEOPENERR_FORREAD_FILENOTFOUND = 0xC02090BB, "Opening the file \"%1\" for reading failed. The file was not found.";
    DTS_E_TXFILEINSERTERSTATIC_FILEOPENERR_FORREAD_FILENOTFOUND = 0xC02090BC, "Opening a file for reading failed. The file was not found.",
        "the file that the column names does not exist or may not be read",
        "check the path in the row and the rights of the account that runs Packmule";
    DTS_E_FILEOPENERR_FORREAD_PATHNOTFOUND = 0xC02090BD, "Opening the file \"%1\" for reading failed. The path cannot be found.";
    DTS_E_TXFILEINSERTERSTATIC_FILEOPENERR_FORREAD_PATHNOTFOUND = 0xC02090BE, "Opening a file for reading failed. The path was not found.";
    DTS_E_FILEOPENERR_FORREAD_TOOMANYOPENFILES = 0xC02090BF, "Opening the file \"%1\" for reading failed. There are too many files open.";
    DTS_E_TXFILEINSERTERSTATIC_FILEOPENERR_FORREAD_TOOMANYOPENFILES = 0xC02090C0, "Opening the file for reading failed. There are too many files open.";
    DTS_E_FILEOPENERR_FORREAD_ACCESSDENIED = 0xC02090C1, "Attempting to open the file \"%1\" for reading failed. Access is denied.";
    DTS_E_TXFILEINSERTERSTATIC_FILEOPENERR_FORREAD_ACCESSDENIED = 0xC02090C2, "Opening the file for reading failed. You do not have the correct permissions.";
    DTS_E_INSERTERINVALIDBOM = 0xC02090C3, "The byte order mark (BOM) value for the file \"%1\" is 0x%2!4.4X!, but the expected value is 0x%3!4.4X!. The ExpectBOM property was set for this file, but the BOM value in the file is missing or not valid.";
    DTS_E_TXFILEINSERTERSTATIC_INSERTERINVALIDBOM = 0xC02090C4, "The byte order mark (BOM) value for the file is not valid. The ExpectBOM property was set for this file, but the BOM value in the file is missing or not valid.",
        "the file does not begin with the byte order mark that ExpectBOM asks for",
        "clear ExpectBOM for this column";
    DTS_E_NOCOMPONENTATTACHED = 0xC02090C5, "The %1 is not attached to a component.  It is required that a component be attached.";
    DTS_E_TXLOOKUP_INVALIDMAXMEMORYPROP = 0xC02090C9, "The value for custom property %1 is incorrect.  It should be a number between %2!d! and %3!I64d!.";
    DTS_E_TXAGG_COMPFLAGS_BADAGGREGATIONTYPE = 0xC02090CA, "The custom property \"%1\" cannot be specified for the aggregation type selected for this column. The comparison flags custom property can only be specified for group by and count distinct aggregation types.";
    DTS_E_TXAGG_COMPFLAGS_BADDATATYPE = 0xC02090CB, "The comparison flags custom property \"%1\" can only be specified for columns of with datatype DT_STR or DT_WSTR.";
    DTS_E_TXAGG_AGGREGATION_FAILURE = 0xC02090CD, "Aggregation on %1 failed with error code 0x%2!8.8X!.";
    DTS_E_MAPPINGSETUPERROR = 0xC02090CF, "There was an error setting up the mapping. %1";
    DTS_E_XMLSRCUNABLETOREADXMLDATA = 0xC02090D0, "The %1 was unable to read the XML data.";
    DTS_E_XMLSRCUNABLETOGETXMLDATAVARIABLE = 0xC02090D1, "The %1 was unable to get the variable specified by the \"%2\" property.";
    DTS_E_NODATATABLEMATCHROWID = 0xC02090D2, "The %1 contains a RowsetID with a value of %2 that does not reference a data table in the schema.";
    DTS_E_TXAGG_BADKEYSVALUE = 0xC02090D6, "The property %1 must either be empty, or a number between %2!u! and %3!u!. The Keys or CountDistinctKeys property has a invalid value. The property should be a number between 0 and ULONG_MAX, inclusive, or not be set.";
    DTS_E_TXAGG_TOOMANYKEYS = 0xC02090D7, "The aggregate component encountered too many distinct key combinations. It cannot accommodate more than %1!u! distinct key values. There are more than ULONG_MAX distinct key values in the main workspace.";
    DTS_E_TXAGG_TOOMANYCOUNTDISTINCTVALUES = 0xC02090D8, "The aggregate component encountered too many distinct values while calculating the count distinct aggregate. It cannot accommodate more than %1!u! distinct values. There were more than ULONG_MAX distinct values while calculating the count distinct aggregation.";
    DTS_E_FAILEDTOWRITETOTHEFILENAMECOLUMN = 0xC02090D9, "The attempt to write to the filename column failed with error code 0x%1!8.8X!.";
    DTS_E_FAILEDTOFINDERRORCOLUMN = 0xC02090DC, "An error occurred, but the column that caused the error cannot be determined.";
    DTS_E_TXLOOKUP_FAILEDUPGRADE_BAD_VERSION = 0xC02090E3, "Unable to upgrade lookup metadata from version %1!d! to %2!d!. The Lookup transform was unable to upgrade metadata from the existing version number in a call to PerformUpgrade().";
    DTS_E_TERMEXTRACTIONORLOOKUP_NTEXTSPLITED = 0xC02090E5, "Failed to locate the ending boundary of a sentence.";
    DTS_E_TERMEXTRACTION_EXCEED_MAXWORDNUM = 0xC02090E6, "The Term Extraction transformation is unable to process the input text because a sentence from the input text is too long. The sentence is segmented into several sentences.";
    DTS_E_XMLSRCFAILEDTOCREATEREADER = 0xC02090E7, "The %1 was unable to read the XML data. %2";
    DTS_E_TXLOOKUP_REINITMETADATAFAILED = 0xC02090F0, "The call to Lookup transform method, ReinitializeMetadata, failed.";
    DTS_E_RSTDESTBADVARIABLETYPE = 0xC020929C, "The type of the runtime variable \"%1\" is incorrect. The runtime variable type must be Object.";
    DTS_E_CONNECTIONMANAGERTRANSACTEDANDRETAINEDINBULKINSERT = 0xC02092A4, "The component cannot use a connection manager that retains its connection in a transaction with fastload or bulk insert.";
    DTS_E_OUTPUTREDIRECTINTRANSACTIONNOTALLOWED = 0xC02092A5, "The %1 cannot be set to redirect on error using a connection in a transaction.";
    DTS_E_RAWDESTBLOBDATATYPE = 0xC02092AA, "The %1 has an invalid data type. Columns with data types DT_IMAGE, DT_TEXT and DT_NTEXT cannot be written to raw files.";
    DTS_E_USEBINARYFORMATREQUIRESANSIFILE = 0xC02092B6, "The custom property \"%1\" on %2 can only be used with ANSI files.";
    DTS_E_USEBINARYFORMATREQUIRESBYTES = 0xC02092B7, "The custom property \"%1\" on %2 can only be used with DT_BYTES.";
    DTS_E_OLEDB_NOPROVIDER_ERROR = 0xC0209302, "SSIS Error Code DTS_E_OLEDB_NOPROVIDER_ERROR.  The requested OLE DB provider %2 is not registered. Error code: 0x%1!8.8X!.",
        "the OLE DB provider is not known here",
        "use a supported provider, such as MSOLEDBSQL or SQLNCLI11";
    DTS_E_OLEDB_NOPROVIDER_64BIT_ERROR = 0xC0209303, "SSIS Error Code DTS_E_OLEDB_NOPROVIDER_64BIT_ERROR.  The requested OLE DB provider %2 is not registered -- perhaps no 64-bit provider is available.  Error code: 0x%1!8.8X!.",
        "the OLE DB provider is not known here",
        "use a supported provider, such as MSOLEDBSQL or SQLNCLI11";
    DTS_E_OUTPUTNOTUSED = 0xC0209316, "The output with ID %1!d! of Aggregate component is not used by any component. Please either remove it or associate it with an input of some component.";
}
