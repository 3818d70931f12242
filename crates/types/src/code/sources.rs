//! Codes of data flow components, 0x…020 2xxx and 4xxx: adapters, flat files, conversions,
//! joins, pivots.

use super::table::codes;

codes! {
    DTS_W_PARTIALROWFOUNDATENDOFFILE = 0x8020200F, "There is a partial row at the end of the file.",
        "the last line of the file ends before its last column",
        "check that the file is whole";
    DTS_W_ENDOFFILEREACHWHILEREADINGHEADERROWS = 0x8020202B, "The end of the data file was reached while reading header rows. Make sure the header row delimiter and the number of header rows to skip are correct.",
        "the file has fewer lines than are to be skipped as headers",
        "check HeaderRowDelimiter and HeaderRowsToSkip, and that the file is not empty";
    DTS_W_TXSORTSORTISTHESAME = 0x802020F7, "The data is already sorted as specified so the transform can be removed.";
    DTS_E_MISSINGSQLCOMMAND = 0xC0202001, "The SQL command has not been set correctly. Check SQLCommand property.";
    DTS_E_COMERROR = 0xC0202002, "COM error object information is available.  Source: \"%1\"  error code: 0x%2!8.8X!  Description: \"%3\".";
    DTS_E_ACQUIREDCONNECTIONUNAVAILABLE = 0xC0202003, "Unable to access the acquired connections.";
    DTS_E_INCORRECTCOLUMNCOUNT = 0xC0202004, "The number of columns is incorrect.";
    DTS_E_COLUMNNOTFOUND = 0xC0202005, "Column \"%1\" cannot be found at the datasource.",
        "the table or query has no longer a column of this name",
        "open the component in the designer so that it reads its columns again";
    DTS_E_OLEDBRECORD = 0xC0202007, "An OLE DB record is available.  Source: \"%1\"  Hresult: 0x%2!8.8X!  Description: \"%3\".",
        "it holds the message of the database or its driver",
        "read the description";
    DTS_E_OLEDBERROR = 0xC0202009, "SSIS Error Code DTS_E_OLEDBERROR.  An OLE DB error has occurred. Error code: 0x%1!8.8X!.",
        "the database or its driver refused the request",
        "read the description in the record that follows, often login, rights, time-out or constraint";
    DTS_E_ALREADYCONNECTED = 0xC020200A, "Component is already connected. The component needs to be disconnected before attempting to connect it.";
    DTS_E_INCORRECTSTOCKPROPERTYVALUE = 0xC020200B, "The value of the property \"%1\" is incorrect.";
    DTS_E_CANNOTOPENDATAFILE = 0xC020200E, "Cannot open the datafile \"%1\".",
        "the file does not exist or may not be read or written",
        "check the path, its upper and lower case, and the rights of the account that runs Packmule";
    DTS_E_TEXTQUALIFIERNOTFOUND = 0xC0202011, "The text qualifier for column \"%1\" cannot be found.",
        "a value begins with the text qualifier, but it is not closed",
        "check the qualifier and quotation marks inside of values";
    DTS_E_CANNOTCONVERTTYPES = 0xC0202014, "Conversion from \"%1\" to \"%2\" is not supported.",
        "the component does not convert between these types or code pages",
        "add a Data Conversion before it";
    DTS_E_CANNOTGETIROWSETFASTLOAD = 0xC0202040, "Failed to open a fastload rowset for \"%1\". Check that the object exists in the database.",
        "the table does not exist or the account may not use it",
        "check database, schema and table name";
    DTS_E_ATTEMPTINGTOINSERTINTOAROWVERCOLUMN = 0xC0202048, "Attempting insertion into the row version column \"%1\". Cannot insert into a row version column.";
    DTS_E_ATTEMPTINGTOINSERTINTOAREADONLYCOLUMN = 0xC0202049, "Failure inserting into the read-only column \"%1\".";
    DTS_E_INVALIDCOMPARISONFLAGS = 0xC020204C, "The %1 has a ComparisonFlags property that includes extra flags with the value %2!d!.",
        "ComparisonFlags holds a flag that does not exist",
        "choose the comparison flags again";
    DTS_E_COLUMNDELIMITERNOTFOUND = 0xC0202055, "The column delimiter for column \"%1\" was not found.",
        "a row has fewer columns than the connection manager says, or another delimiter",
        "check the delimiters and the row that is named; a ragged row needs ragged right format";
    DTS_E_COLUMNPARSEFAILED = 0xC0202058, "Failed to parse the column \"%1\" in the data file.",
        "the text of a column cannot be read by the file's settings",
        "check format, delimiters and qualifier";
    DTS_E_RAWEXISTSCREATEONCE = 0xC020205F, "Error occurred because the output file already exists and the WriteOption is set to Create Once. Set the WriteOption property to Create Always, or delete the file.";
    DTS_E_RAWBADVERSION = 0xC0202061, "The file had bad version and flags information. The file is damaged or not a SSIS-produced raw data file.";
    DTS_E_RAWMETADATAMISMATCH = 0xC0202064, "Cannot append output file because no column in the existing file matches column \"%1\" from the input. Old file does not match in metadata.";
    DTS_E_BULKINSERTAPIPREPARATIONFAILED = 0xC0202071, "Unable to prepare the SSIS bulk insert for data insertion.",
        "a bulk load could not be prepared",
        "check the account's right to bulk load and the table";
    DTS_E_CMDDESTNOTBOUND = 0xC0202081, "Parameters are not bound. All parameters in the SQL command must be bound to input columns.";
    DTS_E_TXPIVOTBADPIVOTKEYVALUE = 0xC0202090, "The pivot key value \"%1\" is not valid.",
        "the pivot key column holds a value that no output column is made for",
        "add an output column for the value, or set PassThroughUnmatchedPivotKeys";
    DTS_E_ERRORWHILESKIPPINGDATAROWS = 0xC0202091, "An error occurred while skipping data rows.",
        "the file ends or breaks while leading rows are skipped",
        "check DataRowsToSkip and the delimiters";
    DTS_E_ERRORWHILEREADINGDATAROWS = 0xC0202092, "An error occurred while processing file \"%1\" on data row %2!I64d!.",
        "a row cannot be read",
        "read the error before this one and look at the row that is named";
    DTS_E_CANNOTCOPYORCONVERTFLATFILEDATA = 0xC02020A0, "Cannot copy or convert flat file data for column \"%1\".",
        "a value of the file does not fit its column: wrong form (status 2) or too long (status 4)",
        "correct type, length or locale of the column, or redirect the rows that fail";
    DTS_E_FAILEDCOLUMNDATACONVERSIONSTATUS = 0xC02020A1, "Data conversion failed. The data conversion for column \"%1\" returned status value %2!d! and status text \"%3\".",
        "a value of the file does not fit its column: wrong form (status 2) or too long (status 4)",
        "correct type, length or locale of the column, or redirect the rows that fail";
    DTS_E_TXUNPIVOTBADKEYLIST = 0xC02020A5, "PivotKeyValue is not valid. In an UnPivot transform with more than one unpivoted DestinationColumn, the set of PivotKeyValues per destination must match exactly.";
    DTS_E_TXUNPIVOTBADUNPIVOTMETADATA = 0xC02020A6, "Incorrect UnPivot metadata. In an UnPivot transform, all input columns with a PivotKeyValue that is set, and are pointing to the same DestinationColumn, must have metadata that exactly matches the DestinationColumn.";
    DTS_E_TXPIVOTBADPIVOTKEYCONVERT = 0xC02020A7, "Cannot convert the pivot key value \"%1\" to the data type of the pivot key column.";
    DTS_E_TXMERGEJOINMUSTHAVESAMENUMBEROFINPUTANDOUTPUTCOLS = 0xC02020AE, "The number of input and output columns are not equal. The total number of input columns on all inputs must be the same as the total number of output columns.";
    DTS_E_INPUTMUSTBESORTED = 0xC02020AF, "The input is not sorted. The \"%1\" must be sorted.",
        "a component needs sorted input, but its input is not marked as sorted",
        "add a Sort, or set IsSorted and SortKeyPosition on the source when it sorts";
    DTS_E_TXMERGEJOININVALIDNUMKEYCOLS = 0xC02020B1, "The NumKeyColumns value is not valid. In the %1, the value for the NumKeyColumns custom property must be between 1 and %2!lu!.",
        "NumKeyColumns is 0 or larger than the number of sorted columns",
        "set it to the number of columns that are joined on";
    DTS_E_TXMERGEJOINNOTENOUGHKEYCOLS = 0xC02020B3, "Not enough key columns. The %1 must have at least %2!ld! columns with non-zero SortKeyPosition values.";
    DTS_E_TXMERGEJOINDATATYPEMISMATCH = 0xC02020B4, "Datatype mismatch occurred. The datatypes for the columns with SortKeyPosition value %1!ld! do not match.",
        "the columns that are joined on have different types",
        "convert one of them before the sort";
    DTS_E_TXMERGEJOINSORTDIRECTIONMISMATCH = 0xC02020B6, "Sort direction mismatch. The sort directions for the columns with SortKeyPosition value %1!ld! do not match.";
    DTS_E_TXMERGEJOINCOMPARISONFLAGSMISMATCH = 0xC02020BA, "The comparison flags for the columns with SortKeyPosition value %1!ld! do not match.";
    DTS_E_TXPIVOTBADPIVOTKEYVALUENOSTRING = 0xC02020BB, "Unrecognized pivot key value.",
        "the pivot key column holds a value that no output column is made for",
        "add an output column for the value, or set PassThroughUnmatchedPivotKeys";
    DTS_E_ADDROWTOBUFFERFAILED = 0xC02020C4, "The attempt to add a row to the Data Flow task buffer failed with error code 0x%1!8.8X!.",
        "a source cannot hand on its rows because a component after it stopped",
        "read the errors before this one";
    DTS_E_DATACONVERSIONFAILED = 0xC02020C5, "Data conversion failed while converting column \"%1\" (%2!d!) to column \"%3\" (%4!d!).  The conversion returned status value %5!d! and status text \"%6\".",
        "a value does not fit the new type: wrong form (status 2) or too long (status 4)",
        "choose a larger type, or redirect the rows that fail";
    DTS_E_TXPIVOTRUNTIMEDUPLICATEPIVOTKEYVALUE = 0xC02020CF, "Duplicate pivot key value \"%1\".",
        "two rows of a group have the same pivot key",
        "aggregate the rows before the Pivot";
    DTS_E_TXPIVOTRUNTIMEDUPLICATEPIVOTKEYVALUENOSTRING = 0xC02020D0, "Duplicate pivot key value.",
        "two rows of a group have the same pivot key",
        "aggregate the rows before the Pivot";
    DTS_E_MISMATCHCOMPONENTCONNECTIONMANAGERLOCALEID = 0xC02020D2, "Mismatched locale IDs. The component locale ID (%1!d!) does not match the connection manager locale ID (%2!d!).";
    DTS_E_CANNOTCONVERTDATATYPESWITHDIFFERENTCODEPAGES = 0xC02020DB, "Conversion from \"%1\" with code page %2!d! to \"%3\" with code page %4!d! is not supported.",
        "the component does not convert between these types or code pages",
        "add a Data Conversion before it";
    DTS_E_CANNOTGETIROWSET = 0xC02020E8, "Opening a rowset for \"%1\" failed. Check that the object exists in the database.",
        "the table does not exist or the account may not use it",
        "check database, schema and table name";
    DTS_E_CANNOTCONVERTBETWEENUNICODEANDNONUNICODESTRINGCOLUMNS = 0xC02020ED, "Columns \"%1\" and \"%2\" cannot convert between unicode and non-unicode string data types.";
    DTS_E_ROWCOUNTBADVARIABLENAME = 0xC02020EE, "The variable \"%1\" specified by VariableName property is not a valid variable. Need a valid variable name to write to.",
        "the Row Count's variable does not exist in scope",
        "choose a user variable of an integer type";
    DTS_E_ROWCOUNTBADVARIABLETYPE = 0xC02020EF, "The variable \"%1\" specified by VariableName property is not an integer. Change the variable to be of type VT_I4, VT_UI4, VT_I8, or VT_UI8.",
        "the Row Count's variable is not an integer",
        "choose a variable of type Int32 or Int64";
    DTS_E_CANTINSERTCOLUMNTYPE = 0xC02020F5, "The column \"%1\" can't be inserted because the conversion between types %2 and %3 is not supported.";
    DTS_E_CANNOTCONVERTBETWEENUNICODEANDNONUNICODESTRINGCOLUMN = 0xC02020F6, "Column \"%1\" cannot convert between unicode and non-unicode string data types.",
        "one side is Unicode text and the other is not",
        "add a Data Conversion, or cast to DT_WSTR or DT_STR";
    DTS_E_CANONLYSETISSORTEDONSOURCE = 0xC020400E, "The \"%1\" cannot have its IsSorted property set to TRUE because it is not a source output. A source output has a SynchronousInputID value of zero.";
    DTS_E_CANONLYSETSORTKEYONSOURCE = 0xC020400F, "The \"%1\" cannot have a SortKeyPosition property set to non-zero because \"%2\" is not a source output. The output column \"colname\" (ID) cannot have its SortKeyPosition property set to non-zero because its output \"outputname\" (ID) is not a source output.";
    DTS_E_CANONLYSETCOMPFLAGSONSOURCE = 0xC0204010, "The ComparisonFlags property cannot be set to a non-zero value for \"%1\" because the \"%2\" is not a source output. The output column \"colname\" (ID) cannot have a ComparisonFlags property set to non-zero because its output \"outputname\" (ID) is not a source output.";
    DTS_E_CODEPAGEREQUIRED = 0xC0204015, "The \"%1\" requires a code page to be set but the value passed was zero.",
        "a DT_STR or DT_TEXT column has no code page",
        "set its CodePage, such as 1252 or 65001";
    DTS_E_INVALIDSTRINGLENGTH = 0xC0204016, "The \"%1\" has a length that is not valid. The length must be between %2!ld! and %3!ld!.",
        "the length of a text column is outside of what its type allows",
        "set a length in the range; longer texts are DT_TEXT or DT_NTEXT";
    DTS_E_TRUNCATIONTRIGGEREDREDIRECTION = 0xC020401F, "A truncation caused a row to be redirected, based on the truncation disposition settings.",
        "the row's value was too long, and the component is set to redirect such rows",
        "look at the row in the error output";
}
