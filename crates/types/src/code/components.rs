//! Codes of data flow components, 0x…020 7xxx and 8xxx.

use super::table::codes;

codes! {
    DTS_W_XMLSRCOUTPUTCOLUMNLENGTHSETTODEFAULT = 0x80208375, "No maximum length was specified for the %1 with external data type %2. The SSIS Data Flow Task data type \"%3\" with a length of %4!d! will be used.";
    DTS_W_NOREDIRECTWITHATTACHEDERROROUTPUTS = 0x80208385, "No rows will be sent to error output(s). Configure error or truncation dispositions to redirect rows to the error output(s), or delete data flow transformations or destinations that are attached to the error output(s).",
        "an error output is connected, but no disposition says Redirect row",
        "set Redirect row, or remove the path";
    DTS_W_REDIRECTWITHNOATTACHEDERROROUTPUTS = 0x80208386, "Rows sent to the error output(s) will be lost. Add new data flow transformations or destinations to receive error rows, or reconfigure the component to stop redirecting rows to the error output(s).",
        "rows are redirected to an error output that leads nowhere",
        "connect the error output to a destination";
    DTS_E_EXPRESSIONCOMPUTEFAILED = 0xC0207007, "Computing the expression \"%1\" failed with error code 0x%2!8.8X!. The expression may have errors, such as divide by zero, that cannot be detected at parse time, or there may be an out-of-memory error.",
        "the expression failed for a row, often because of a bad value or a division by zero",
        "redirect errors to see the row, or guard the expression";
    DTS_E_FAILEDTOCREATEEXPRESSIONARRAY = 0xC0207008, "Memory cannot be allocated for the Expression objects. An out-of-memory error occurred while creating the array of Expression object pointers.";
    DTS_E_FAILEDTOCREATEEXPRESSIONMANANGER = 0xC020700A, "The %1 failed with error code 0x%2!8.8X! while creating the Expression Manager.";
    DTS_E_SPLITEXPRESSIONNOTBOOLEAN = 0xC020700B, "The expression \"%1\" is not Boolean. The result type of the expression must be Boolean.";
    DTS_E_EXPRESSIONVALIDATIONFAILED = 0xC020700C, "The expression \"%1\" on \"%2\" is not valid.";
    DTS_E_COLUMNNOTMATCHED = 0xC020700E, "The column \"%1\" (%2!d!) cannot be matched to any input file column. The output column name or input column name cannot be found in the file.";
    DTS_E_SETRESULTCOLUMNFAILED = 0xC020700F, "Attempting to set the result column for the expression \"%1\" on %2 failed with error code 0x%3!8.8X!. The input or output column that was to receive the result of the expression cannot be determined, or the expression result cannot be cast to the column type.";
    DTS_E_INCORRECTPARAMETERMAPPINGFORMAT = 0xC0207012, "The parameter mapping string is not in the correct format.",
        "the parameter mapping of the source is not written as it must be",
        "choose the parameters again";
    DTS_E_NOTENOUGHPARAMETERSPROVIDED = 0xC0207013, "The SQL command requires %1!d! parameters, but the parameter mapping only has %2!d! parameters.",
        "the query has more question marks than mapped parameters",
        "map a variable to every parameter";
    DTS_E_PARAMETERNOTFOUNDINMAPPING = 0xC0207014, "The SQL command requires a parameter named \"%1\", which is not found in the parameter mapping.";
    DTS_E_CANNOTACQUIRECONNECTIONFROMCONNECTIONMANAGER = 0xC020801C, "SSIS Error Code DTS_E_CANNOTACQUIRECONNECTIONFROMCONNECTIONMANAGER.  The AcquireConnection method call to the connection manager \"%1\" failed with error code 0x%2!8.8X!.  There may be error messages posted before this with more information on why the AcquireConnection method call failed.",
        "the connection cannot be opened",
        "test server, account, password and network";
    DTS_E_NTEXTDATATYPENOTSUPPORTEDWITHANSIFILES = 0xC020802E, "The data type for \"%1\" is DT_NTEXT, which is not supported with ANSI files. Use DT_TEXT instead and convert the data to DT_NTEXT using the data conversion component.",
        "a column of a file that is not Unicode is DT_NTEXT",
        "use DT_TEXT, or make the file Unicode";
    DTS_E_TEXTDATATYPENOTSUPPORTEDWITHUNICODEFILES = 0xC020802F, "The data type for \"%1\" is DT_TEXT, which is not supported with Unicode files. Use DT_NTEXT instead and convert the data to DT_TEXT using the data conversion component.",
        "a column of a Unicode file is DT_TEXT",
        "use DT_NTEXT";
    DTS_E_IMAGEDATATYPENOTSUPPORTED = 0xC0208030, "The data type for \"%1\" is DT_IMAGE, which is not supported. Use DT_TEXT or DT_NTEXT instead and convert the data from, or to, DT_IMAGE using the data conversion component.",
        "a flat file cannot hold DT_IMAGE",
        "use DT_TEXT or DT_NTEXT";
    DTS_E_EXTRACTORCANTAPPENDTRUNCATE = 0xC0208033, "Error caused by conflicting property settings. The \"%1\" has both the AllowAppend property and the ForceTruncate property set to TRUE. Both properties cannot be set to TRUE. Set one of the two properties to FALSE.";
    DTS_E_TXSCD_FIXEDATTRIBUTECHANGE = 0xC020803C, "If the FailOnFixedAttributeChange property is set to TRUE, the transformation will fail when a fixed attribute change is detected. To send rows to the Fixed Attribute output, set the FailOnFixedAttributeChange property to FALSE.";
    DTS_E_TXSCD_LOOKUPFAILURE = 0xC020803D, "The Lookup transformation failed to retrieve any rows. The transform fails when the FailOnLookupFailure is set to TRUE and no rows are retrieved.";
    DTS_E_TXAGG_STRING_TOO_LONG = 0xC020820E, "The transform encountered a key column that was larger than %1!u! characters.";
    DTS_E_TXLOOKUP_INCOMPATIBLEDATATYPES = 0xC0208236, "%1 and reference column named \"%2\" have incompatible data types.";
    DTS_E_TXLOOKUP_INVALIDJOINTYPE = 0xC0208239, "%1 has a datatype which cannot be joined on.";
    DTS_E_TXLOOKUP_OLEDBERR_GETIROWSET = 0xC020824D, "OLE DB error occurred while fetching rowset. Check SQLCommand and SqlCommandParam properties.",
        "the database refused the Lookup's query",
        "run the query there and read the database's message";
    DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER = 0xC020824E, "OLE DB error occurred while populating internal cache. Check SQLCommand and SqlCommandParam properties.",
        "the database refused the Lookup's query",
        "run the query there and read the database's message";
    DTS_E_TXCHARMAP_CANTKATAKANAHIRAGANA = 0xC02082F9, "Column \"%1\" requests that Katakana and Hiragana characters be produced at the same time.";
    DTS_E_TXCHARMAP_CANTSIMPLECOMPLEX = 0xC02082FA, "Column \"%1\" requests that Simple Chinese and Traditional Chinese characters be produced at the same time.";
    DTS_E_TXCHARMAP_CANTFULLHALF = 0xC02082FB, "Column \"%1\" requests operations to generate both full width and half width characters.";
    DTS_E_TXCHARMAP_CANTCHINAJAPAN = 0xC02082FC, "Column \"%1\" combines operations on Japanese characters with operations for Chinese characters.";
    DTS_E_TXCHARMAP_CANTCASECHINESE = 0xC02082FD, "Column \"%1\" combines operations on Chinese characters with uppercase and lowercase operations.";
    DTS_E_TXCHARMAP_CANTCASEJAPANESE = 0xC02082FE, "Column \"%1\" combines operations on Japanese characters with uppercase and lowercase operations.";
    DTS_E_TXCHARMAP_CANTBOTHCASE = 0xC02082FF, "Column \"%1\" maps the column to both uppercase and lowercase.";
    DTS_E_TXCHARMAP_CANTLINGUISTIC = 0xC0208300, "Column \"%1\" combines flags other than uppercase and lowercase with the linguistic casing operation.";
    DTS_E_TXCHARMAP_INVALIDMAPFLAGANDDATATYPE = 0xC0208301, "The data type of column \"%1\" cannot be mapped as specified.";
    DTS_E_TXFUZZYLOOKUP_MINSIMILARITY_INVALID = 0xC0208309, "The MinSimilarity threshold property on the Fuzzy Lookup transformation must be a value greater than or equal to 0.0 but less than 1.0.";
    DTS_E_RAWMETADATAMISMATCHTYPE = 0xC0208315, "The output file cannot be appended. Column \"%1\" matches by name, but the column in the file has type %2 and the input column has type %3. The metadata for the column does not match on data type.";
    DTS_E_RAWMETADATAMISMATCHSIZE = 0xC0208316, "The output file cannot be appended. Column \"%1\" matches by name, but the column in the file has maximum length %2!d! and the input column has maximum length %3!d!. The metadata for the column does not match in length.";
    DTS_E_RAWMETADATAMISMATCHCODEPAGE = 0xC0208317, "The output file cannot be appended. Column \"%1\" matches by name, but the column in the file has code page %2!d! and the input column has code page %3!d!. The metadata for the named column does not match on code page.";
    DTS_E_RAWMETADATAMISMATCHPRECISION = 0xC0208318, "The output file cannot be appended. Column \"%1\" matches by name, but the column in the file has precision %2!d! and the input column has precision %3!d!. The metadata for the named column does not match on precision.";
    DTS_E_RAWMETADATAMISMATCHSCALE = 0xC0208319, "The output file cannot be appended. Column \"%1\" matches by name, but the column in the file has scale %2!d! and the input column has scale %3!d!.  The metadata for the named column does not match on scale.";
    DTS_E_MGDSRCSTATIC_OVERFLOW = 0xC0208385, "The value was too large to fit in the column.",
        "the value does not fit the column of the source",
        "enlarge the column in the source's advanced editor";
    DTS_E_ADODESTERRORUPDATEROW = 0xC020844F, "An error has occurred while sending this row to destination data source.",
        "the database refused the row",
        "redirect the row to see it and compare it with the table's columns and constraints";
    DTS_E_ADODESTCOLUMNERRORDISPNOTSUPPORTED = 0xC0208458, "Input column error disposition is not supported by ADO NET Destination component.";
    DTS_E_ADODESTCOLUMNTRUNDISPNOTSUPPORTED = 0xC0208459, "Input column truncation disposition is not supported by ADO NET Destination component.";
    DTS_E_ADODESTINPUTTRUNDISPNOTSUPPORTED = 0xC020845A, "Input  truncation row disposition is not supported by ADO NET Destination component.";
}
