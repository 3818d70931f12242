//! Codes of the expression evaluator, with the static ones that rows carry.

use super::table::codes;

codes! {
    DTS_I_TXLOOKUP_CACHE_PROGRESS = 0x400490F4, "%1 has cached %2!d! rows.";
    DTS_I_TXLOOKUP_CACHE_FINAL = 0x400490F5, "%1 has cached a total of %2!d! rows.";
    DTS_E_EXCLGRPNOSYNCINP = 0xC0047079, "\"%1\" has a virtual buffer extending from a root source. There is an exclusion group that is not zero with a synchronous input that is zero.";
    DTS_E_ERROROUTCANTBEONSYNCNONEXCLUSIVEOUTPUT = 0xC004707A, "\"%1\" cannot be an error output because error outputs cannot be placed on synchronous, non-exclusive outputs.";
    DTS_E_EXPREVALDIVBYZERO = 0xC004707B, "A divide-by-zero error occurred. The right side operand evaluates to zero in the expression \"%1\".",
        "the divisor is 0 in a row",
        "guard it: b == 0 ? NULL(DT_R8) : a / b";
    DTS_E_EXPREVALLITERALOVERFLOW = 0xC004707C, "The literal \"%1\" is too large to fit into type %2. The magnitude of the literal overflows the type.",
        "a number in the expression is larger than its type",
        "add a suffix or cast, for example (DT_I8)";
    DTS_E_EXPREVALBINARYOPNUMERICOVERFLOW = 0xC004707D, "The result of the binary operation \"%1\" on data types %2 and %3 exceeds the maximum size for numeric types. The operand types could not be implicitly cast into a numeric (DT_NUMERIC) result without loss of precision or scale. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the result needs more digits than its type has",
        "cast an operand to a larger type before the operation";
    DTS_E_EXPREVALBINARYOPOVERFLOW = 0xC004707E, "The result of the binary operation \"%1\" exceeds the maximum size for result data type \"%2\". The magnitude of the result of the operation overflows the type of the result.",
        "the result needs more digits than its type has",
        "cast an operand to a larger type before the operation";
    DTS_E_EXPREVALFUNCTIONOVERFLOW = 0xC004707F, "The result of the function call \"%1\" is too large to fit in type \"%2\". The magnitude of the result of the function call overflows the type of the operand. An explicit cast to a larger type may be required.",
        "the function's result does not fit its type",
        "cast the argument to a larger type";
    DTS_E_EXPREVALBINARYTYPEMISMATCH = 0xC0047080, "The data types \"%1\" and \"%2\" are incompatible for binary operator \"%3\". The operand types could not be implicitly cast into compatible types for the operation. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the operator is not defined for these types",
        "cast one side to the type of the other";
    DTS_E_EXPREVALUNSUPPORTEDBINARYTYPE = 0xC0047081, "The data type \"%1\" cannot be used with binary operator \"%2\". The type of one or both of the operands is not supported for the operation. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the operator is not defined for these types",
        "cast one side to the type of the other";
    DTS_E_EXPREVALBINARYSIGNMISMATCH = 0xC0047082, "There is a sign mismatch for the bitwise binary operator \"%1\" in operation \"%2\". Both operands for this operator must be positive or negative.",
        "a bitwise operator has a signed and an unsigned operand",
        "cast both to the same type";
    DTS_E_EXPREVALBINARYOPERATIONFAILED = 0xC0047083, "The binary operation \"%1\" failed with error code 0x%2!8.8X!. An internal error occurred, or an out-of-memory condition exists.";
    DTS_E_EXPREVALBINARYOPERATIONSETTYPEFAILED = 0xC0047084, "Attempt to set the result type of binary operation \"%1\" failed with error code 0x%2!8.8X!.";
    DTS_E_EXPREVALSTRINGCOMPARISONFAILED = 0xC0047085, "Comparing \"%1\" to string \"%2\" failed.",
        "the two texts cannot be compared",
        "cast both to DT_WSTR";
    DTS_E_EXPREVALUNSUPPORTEDUNNARYTYPE = 0xC0047086, "The data type \"%1\" cannot be used with unary operator \"%2\". This operand type is not supported for the operation. To perform this operation, the operand needs to be explicitly cast with a cast operator.",
        "the operator is not defined for this type",
        "cast the operand, ! needs DT_BOOL and - a number";
    DTS_E_EXPREVALUNARYOPERATIONFAILED = 0xC0047087, "The unary operation \"%1\" failed with error code 0x%2!8.8X!. An internal error occurred, or there is an out-of-memory condition.";
    DTS_E_EXPREVALUNARYOPERATIONSETTYPEFAILED = 0xC0047088, "Attempt to set the result type of unary operation \"%1\" failed with error code 0x%2!8.8X!.";
    DTS_E_EXPREVALPARAMTYPEMISMATCH = 0xC0047089, "The function \"%1\" does not support the data type \"%2\" for parameter number %3!d!. The type of the parameter could not be implicitly cast into a compatible type for the function. To perform this operation, the operand needs to be explicitly cast with a cast operator.",
        "the argument has a type that the function does not take",
        "cast the argument";
    DTS_E_EXPREVALINVALIDFUNCTION = 0xC004708A, "The function \"%1\" was not recognized. Either the function name is incorrect or does not exist.",
        "the name is misspelt or is a function of another language",
        "see the list of functions of the SSIS expression language";
    DTS_E_EXPREVALFNSUBSTRINGINVALIDLENGTH = 0xC004708B, "The length %1!d! is not valid for function \"%2\". The length parameter cannot be negative. Change the length parameter to zero or a positive value.",
        "a calculated length became negative, often because FINDSTRING returned 0",
        "guard the length with a condition";
    DTS_E_EXPREVALFNSUBSTRINGINVALIDSTARTINDEX = 0xC004708C, "The start index %1!d! is not valid for function \"%2\". The start index value must be an integer greater than 0. Start index is one-based, not zero-based.",
        "a calculated start is 0 or negative, often because FINDSTRING returned 0",
        "begin at 1 and guard the position with a condition";
    DTS_E_EXPREVALCHARMAPPINGFAILED = 0xC004708E, "The function \"%1\" cannot perform the character mapping on string \"%2\".";
    DTS_E_EXPREVALINVALIDDATEPART = 0xC004708F, "\"%1\" is not a valid date part for function \"%2\".",
        "the date part is not a text such as \"Day\" or \"yyyy\"",
        "write one of the documented date parts in quotation marks";
    DTS_E_EXPREVALINVALIDNULLPARAM = 0xC0047090, "Parameter number %1!d! of the function NULL with data type \"%2\" is not valid. The parameters of NULL() must be static, and cannot contain dynamic elements such as input columns.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDNULLPARAMTYPE = 0xC0047091, "Parameter number %1!d! of the function NULL with data type \"%2\" is not an integer. A parameter of NULL() must be an integer or a type that can be converted to an integer.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALFUNCTIONPARAMNOTSTATIC = 0xC0047092, "Parameter number %1!d! of the function \"%2\" is not static. This parameter must be static, and cannot contain dynamic elements such as input columns.",
        "a parameter that must be constant refers to a column or variable",
        "write a constant";
    DTS_E_EXPREVALINVALIDCASTPARAM = 0xC0047093, "Parameter number %1!d! of the cast to data type \"%2\" is not valid. The parameters of cast operators must be static, and cannot contain dynamic elements such as input columns.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDCASTPARAMTYPE = 0xC0047094, "Parameter number %1!d! of the cast to data type \"%2\" is not an integer. A parameter of a cast operator must be an integer or a type that can be converted to an integer.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDCAST = 0xC0047095, "Cannot cast expression \"%1\" from data type \"%2\" to data type \"%3\". The requested cast is not supported.",
        "there is no cast between these types",
        "cast in two steps, for example through DT_WSTR";
    DTS_E_EXPREVALINVALIDTOKEN = 0xC0047096, "Attempt to parse the expression \"%1\" failed.  The token \"%2\" at line number \"%3\", character number \"%4\" was not recognized. The expression cannot be parsed because it contains invalid elements at the location specified.",
        "the expression breaks the rules of the language, for example by a missing parenthesis or quotation mark",
        "correct it at the place that is named; texts stand in double quotation marks, variables after @";
    DTS_E_EXPREVALUNEXPECTEDPARSEERROR = 0xC0047097, "An error occurred when parsing the expression \"%1\". The expression failed to parse for an unknown reason.",
        "the expression breaks the rules of the language, for example by a missing parenthesis or quotation mark",
        "correct it at the place that is named; texts stand in double quotation marks, variables after @";
    DTS_E_EXPREVALFAILEDTOPARSEEXPRESSIONWITHHR = 0xC0047098, "Attempt to parse the expression \"%1\" failed and returned error code 0x%2!8.8X!. The expression cannot be parsed. It might contain invalid elements or it might not be well-formed. There may also be an out-of-memory error.";
    DTS_E_EXPREVALFAILEDTOPARSEEXPRESSION = 0xC0047099, "The expression \"%1\" is not valid and cannot be parsed. The expression may contain invalid elements or it may not be well-formed.",
        "the expression breaks the rules of the language, for example by a missing parenthesis or quotation mark",
        "correct it at the place that is named; texts stand in double quotation marks, variables after @";
    DTS_E_EXPREVALEXPRESSIONEMPTY = 0xC004709A, "There was no expression to compute. An attempt was made to compute or get the string of an empty expression.",
        "the expression is empty",
        "write an expression";
    DTS_E_EXPREVALCOMPUTEFAILED = 0xC004709B, "Attempt to compute the expression \"%1\" failed with error code 0x%2!8.8X!.",
        "the expression failed for a row, often because of a bad value or a division by zero",
        "redirect errors to see the row, or guard the expression";
    DTS_E_EXPREVALBUILDSTRINGFAILED = 0xC004709C, "Attempt to generate a string representation of the expression failed with error code 0x%1!8.8X!. Failed when attempting to generate a displayable string that represents the expression.";
    DTS_E_EXPREVALCANNOTCONVERTRESULT = 0xC004709D, "Cannot convert the expression result data type \"%1\" to the column data type \"%2\". The result of the expression should be written to an input/output column, but the data type of the expression cannot be converted to the data type of the column.",
        "the result's type cannot be written to the column",
        "cast the expression to the type of the column";
    DTS_E_EXPREVALCONDITIONALOPINVALIDCONDITIONTYPE = 0xC004709E, "The conditional expression \"%1\" of the conditional operator has an invalid data type of \"%2\". The conditional expression of the conditional operator must return a Boolean, which is type DT_BOOL.",
        "the part before ? is not true or false",
        "make it a comparison";
    DTS_E_EXPREVALCONDITIONALOPTYPEMISMATCH = 0xC004709F, "The data types \"%1\" and \"%2\" are incompatible for the conditional operator. The operand types cannot be implicitly cast into compatible types for the conditional operation. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the two results of ? : have types that do not go together",
        "cast both to the same type";
    DTS_E_EXPREVALCONDITIONALOPSETTYPEFAILED = 0xC00470A0, "Attempt to set the result type of conditional operation \"%1\" failed with error code 0x%2!8.8X!.";
    DTS_E_BUFFERORPHANED = 0xC00470A1, "This buffer has been orphaned. The buffer manager has shut down, leaving an outstanding buffer and no cleanup will occur for the buffer. There is a potential for memory leaks and other problems.";
    DTS_E_EXPREVALINPUTCOLUMNNAMENOTFOUND = 0xC00470A2, "Attempt to find the input column named \"%1\" failed with error code 0x%2!8.8X!. The input column specified was not found in the input column collection.",
        "the column does not reach this component, or its name changed",
        "check the columns before the component; names with blanks stand in square brackets";
    DTS_E_EXPREVALINPUTCOLUMNIDNOTFOUND = 0xC00470A3, "Attempt to find the input column with lineage ID %1!d! failed with error code 0x%2!8.8X!. The input column was not found in the input column collection.",
        "the column does not reach this component, or its name changed",
        "check the columns before the component; names with blanks stand in square brackets";
    DTS_E_EXPREVALNOINPUTCOLUMNCOLLECTIONFORCOLUMNNAME = 0xC00470A4, "The expression contains unrecognized token \"%1\". If \"%1\" is a variable, it should be expressed as \"@%1\". The specified token is not valid. If the token is intended to be a variable name, it should be prefixed with the @ symbol.",
        "a name stands for a column where there are no columns",
        "write variables as @[User::Name] and texts in double quotation marks";
    DTS_E_EXPREVALNOINPUTCOLUMNCOLLECTIONFORCOLUMNID = 0xC00470A5, "The expression contains unrecognized token \"#%1!d!\".",
        "a name stands for a column where there are no columns",
        "write variables as @[User::Name] and texts in double quotation marks";
    DTS_E_EXPREVALVARIABLENOTFOUND = 0xC00470A6, "The variable \"%1\" was not found in the Variables collection. The variable might not exist in the correct scope.",
        "no variable of this name can be seen from here",
        "check its name, namespace and scope";
    DTS_E_EXPREVALINVALIDTOKENSTATE = 0xC00470A7, "Attempt to parse the expression \"%1\" failed. The expression might contain an invalid token, an incomplete token, or an invalid element. It might not be well-formed, or might be missing part of a required element such as a parenthesis.",
        "the expression breaks the rules of the language, for example by a missing parenthesis or quotation mark",
        "correct it at the place that is named; texts stand in double quotation marks, variables after @";
    DTS_E_BLANKOUTPUTCOLUMNNAME = 0xC00470A8, "The name for \"%1\" is blank, and names cannot be blank.";
    DTS_E_HASSIDEEFFECTSWITHSYNCINP = 0xC00470A9, "The \"%1\" has the HasSideEffects property set to TRUE, but \"%1\" is synchronous and cannot have side effects. Set the HasSideEffects property to FALSE.";
    DTS_E_EXPREVALINVALIDCASTCODEPAGE = 0xC00470AA, "The value, %1!d!, specified for the code page parameter of the cast to data type \"%2\", is not valid. The code page is not installed on the machine.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDCASTPRECISION = 0xC00470AB, "The value %1!d! specified for the precision parameter of the cast to data type \"%2\" is not valid. Precision must be in the range %3!d! to %4!d! and the precision value is out of range for the type cast.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDCASTSCALE = 0xC00470AC, "The value %1!d! specified for the scale parameter of the cast to data type \"%2\" is not valid. The scale must be in the range %3!d! to %4!d! and the scale value is out of range for the type cast. Scale must not exceed precision and must be positive.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_NONSORTEDOUTPUTHASSORTKEYPOSITIONS = 0xC00470AD, "The IsSorted property for \"%1\" is false, but %2!lu! of its output columns' SortKeyPositions are non-zero.";
    DTS_E_EXPREVALCONDITIONALOPCODEPAGEMISMATCH = 0xC00470AF, "The code pages must match for operands of conditional operation \"%1\" for type %2. The code page of the left operand does not match the code page of the right operand. For the conditional operator on the specified type, the code pages must be the same.",
        "the texts have different code pages",
        "cast both to DT_WSTR";
    DTS_E_REFERENCEDMETADATABADCOUNT = 0xC00470B1, "Input \"%1\" (%2!d!) references input \"%3\" (%4!d!), but they do not have the same number of columns. Input %5!d! has %6!d! columns, while input %7!d! has %8!d! columns.";
    DTS_E_OBJECTLINEAGEIDNOTFOUND = 0xC00470B2, "No object exists with a lineage ID of %1!d!.",
        "an id in the package refers to a column that no longer exists",
        "open the component in the designer and map its columns again";
    DTS_E_FILENAMEOUTPUTCOLUMNOTFOUND = 0xC00470B3, "The output column for the file name cannot be found.";
    DTS_E_FILENAMEOUTPUTCOLUMNINVALIDDATATYPE = 0xC00470B4, "The output column for the file name is not a null-terminated Unicode character string, which is data type DT_WSTR.";
    DTS_E_DISTRIBUTORADDFAILED = 0xC00470B5, "A distributor failed to give a buffer to thread \"%1\" because of error 0x%2!8.8X!. The target thread is probably shutting down.";
    DTS_E_LOCALENOTINSTALLED = 0xC00470B6, "The LocaleID %1!ld! is not installed on this system.";
    DTS_E_EXPREVALILLEGALHEXESCAPEINSTRINGLITERAL = 0xC00470B7, "The string literal \"%1\" contains an illegal hexadecimal escape sequence of  \"\\x%2\". The escape sequence is not supported in string literals in the expression evaluator. The hexadecimal escape sequences must be of the form \\xhhhh where h is a valid hexadecimal digit.",
        "a backslash in a text begins an escape sequence that does not exist",
        "write \\\\ for a backslash";
    DTS_E_EXPREVALILLEGALESCAPEINSTRINGLITERAL = 0xC00470B8, "The string literal \"%1\" contains an illegal escape sequence of \"\\\\%2!c!\". The escape sequence is not supported in string literals in the expression evaluator. If a backslash is needed in the string, use a double backslash, \"\\\\\\\\\".",
        "a backslash in a text begins an escape sequence that does not exist",
        "write \\\\ for a backslash";
    DTS_E_NOOUTPUTCOLUMNS = 0xC00470B9, "\"%1\" contains no output columns. An asynchronous output must contain output columns.";
    DTS_E_LOBDATATYPENOTSUPPORTED = 0xC00470BA, "The \"%1\" has a long object data type of DT_TEXT, DT_NTEXT, or DT_IMAGE, which is not supported.";
    DTS_E_OUTPUTWITHMULTIPLEERRORS = 0xC00470BB, "Output ID %1!d! was given multiple error output configurations. First %2!d! and %3!d!, then %4!d! and %5!d!.";
    DTS_E_FAILEDDURINGOLEDBDATATYPECONVERSIONCHECK = 0xC00470BC, "The OLE DB provider failed during the data type conversion verification for \"%1\".";
    DTS_E_BUFFERISEOR = 0xC00470BD, "This buffer represents the end of the rowset and its row count cannot be altered.  An attempt was made to call AddRow or RemoveRow on a buffer that has the end of rowset flag.";
    DTS_E_EXPREVALUNSUPPORTEDTYPE = 0xC00470BE, "The data type \"%1\" is not supported in an expression. The specified type is not supported or is not valid.",
        "values of this type cannot be used in expressions",
        "convert the column before, or choose another variable type";
    DTS_E_PRIMEOUTPUTNOEOR = 0xC00470BF, "The PrimeOutput method on \"%1\" returned success, but did not report an end of the rowset. There is an error in the component. It should have reported an end-of-row. The pipeline will shut down execution to avoid unpredictable results.";
    DTS_E_EXPREVALDATACONVERSIONOVERFLOW = 0xC00470C0, "An overflow occurred while converting from data type \"%1\" to data type \"%2\". The source type is too large for the destination type.",
        "the value is too large for the type",
        "choose a larger type";
    DTS_E_EXPREVALDATACONVERSIONNOTSUPPORTED = 0xC00470C1, "Conversion from data type \"%1\" to data type \"%2\" is unsupported. The source type cannot be converted to the destination type.",
        "there is no conversion between these types",
        "convert in two steps, for example through DT_WSTR";
    DTS_E_EXPREVALDATACONVERSIONFAILED = 0xC00470C2, "Error code 0x%1!8.8X! occurred attempting to convert from data type %2 to data type %3.",
        "the value is not in the form that the type needs, for example letters in a number",
        "check the value before the cast, or redirect the rows that fail";
    DTS_E_EXPREVALCONDITIONALOPERATIONFAILED = 0xC00470C3, "The conditional operation \"%1\" failed with error code 0x%2!8.8X!. There was an internal error or an out-of-memory error.";
    DTS_E_EXPREVALCASTFAILED = 0xC00470C4, "Casting expression \"%1\" from data type \"%2\" to data type \"%3\" failed with error code 0x%4!8.8X!.",
        "the value is not in the form that the type needs, for example letters in a number",
        "check the value before the cast, or redirect the rows that fail";
    DTS_E_EXPREVALFUNCTIONCOMPUTEFAILED = 0xC00470C5, "Evaluating function \"%1\" failed with error code 0x%2!8.8X!.",
        "the function failed for a value",
        "check its arguments, above all positions, lengths and dates";
    DTS_E_EXPREVALFUNCTIONCONVERTPARAMTOMEMBERFAILED = 0xC00470C6, "Parameter number %1!d! of the function \"%2\" cannot be converted to a static value.";
    DTS_E_REDIRECTROWUNAVAILABLEWITHFASTLOADANDZEROMAXINSERTCOMMITSIZE = 0xC00470C7, "The error row disposition on \"%1\" cannot be set to redirect the row when the fast load option is turned on, and the maximum insert commit size is set to zero.",
        "a fast load with one single commit cannot tell which row failed",
        "set FastLoadMaxInsertCommitSize above 0, or the error disposition to fail";
    DTS_E_EXPREVALBINARYOPERATORCODEPAGEMISMATCH = 0xC00470CE, "The code pages for operands of binary operator \"%1\" for type \"%2\" must match. Currently, the code page of the left operand does not match the code page of the right operand. For the specified binary operator on the specified type, the code pages must be the same.",
        "the texts have different code pages",
        "cast both to DT_WSTR";
    DTS_E_EXPREVALVARIABLECOMPUTEFAILED = 0xC00470CF, "Retrieving the value of Variable \"%1\" failed with error code 0x%2!8.8X!.",
        "the variable's value cannot be read, for example because its own expression fails",
        "check the expression of the variable";
    DTS_E_EXPREVALVARIABLETYPENOTSUPPORTED = 0xC00470D0, "The data type of variable \"%1\" is not supported in an expression.",
        "variables of this type, such as Object, cannot be used in expressions",
        "copy the value into a variable of a plain type";
    DTS_E_EXPREVALCASTCODEPAGEMISMATCH = 0xC00470D1, "Unable to cast expression \"%1\" from data type \"%2\" to data type \"%3\" because the code page of the value being cast (%4!d!) does not match the requested result code page (%5!d!). The code page of the source must match the code page requested for the destination.",
        "the texts have different code pages",
        "cast both to DT_WSTR";
    DTS_E_BUFFERSIZEOUTOFRANGE = 0xC00470D2, "The default buffer size must be between %1!d! and %2!d! bytes. An attempt was made to set the DefaultBufferSize property to a value that is too small or too large.";
    DTS_E_BUFFERMAXROWSIZEOUTOFRANGE = 0xC00470D3, "The default buffer maximum rows must be larger than %1!d! rows. An attempt was made to set the DefaultBufferMaxRows property to a value that is too small.";
    DTS_E_EXTERNALCOLUMNMETADATACODEPAGEMISMATCH = 0xC00470D4, "The code page on %1 is %2!d! and is required to be %3!d!.";
    DTS_E_THREADCOUNTOUTOFRANGE = 0xC00470D5, "Failed to assign %3!d! to the EngineThreads property of the Data Flow task. The value must be between %1!d! and %2!d!.";
    DTS_E_EXPREVALINVALIDTOKENSINGLEQUOTE = 0xC00470D6, "Parsing the expression \"%1\" failed. The single quotation mark at line number \"%2\", character number \"%3\", was not expected.",
        "a text stands in single quotation marks",
        "use double quotation marks";
    DTS_E_EXPREVALINVALIDTOKENSINGLEEQUAL = 0xC00470D7, "Parsing the expression \"%1\" failed. The equal sign (=) at line number \"%2\", character number \"%3\", was not expected. A double equals sign (==) may be required at the location specified.",
        "a single = stands where two values are compared",
        "write == to compare two values";
    DTS_E_INDIVIDUALPUTREFTRACKERFAILED = 0xC00470DA, "Component \"%1\" failed to cache the runtime object reference tracker collection and returned error code 0x%2!8.8X!.";
    DTS_E_EXPREVALAMBIGUOUSINPUTCOLUMNNAME = 0xC00470DB, "There are multiple input columns with the name \"%1\". The desired input column must be specified uniquely as [Component Name].[%2] or referenced by lineage ID. Currently, the input column specified exists on more than one component.",
        "two components give a column of this name",
        "write [Component].[Column]";
    DTS_E_EXPREVALDOTTEDINPUTCOLUMNNAMENOTFOUND = 0xC00470DC, "Locating the input column named \"[%1].[%2]\" failed with error code 0x%3!8.8X!. The input column was not found in the input column collection.";
    DTS_E_EXPREVALAMBIGUOUSVARIABLENNAME = 0xC00470DD, "There are multiple variables with the name \"%1\". The desired variable must be specified uniquely as @[Namespace::%2]. The variable exists in more than one namespace.",
        "two namespaces hold a variable of this name",
        "write @[User::Name]";
    DTS_E_REDUCTIONFAILED = 0xC00470DE, "The Data Flow engine scheduler failed to reduce the execution plan for the pipeline. Set the OptimizedMode property to false.";
    DTS_E_EXPREVALSQRTINVALIDPARAM = 0xC00470DF, "The function SQRT cannot operate on negative values, and a negative value was passed to the SQRT function.",
        "the number lies outside of what the function is defined for",
        "guard the argument with a condition";
    DTS_E_EXPREVALLNINVALIDPARAM = 0xC00470E0, "The function LN cannot operate on zero or negative values, and a zero or negative value was passed to the LN function.",
        "the number lies outside of what the function is defined for",
        "guard the argument with a condition";
    DTS_E_EXPREVALLOGINVALIDPARAM = 0xC00470E1, "The function LOG cannot operate on zero or negative values, and a zero or negative value was passed to the LOG function.",
        "the number lies outside of what the function is defined for",
        "guard the argument with a condition";
    DTS_E_EXPREVALPOWERINVALIDPARAM = 0xC00470E2, "The parameters passed to the function POWER cannot be evaluated and yield an indeterminate result.",
        "the number lies outside of what the function is defined for",
        "guard the argument with a condition";
    DTS_E_NOCANCELEVENT = 0xC00470E3, "The runtime cannot provide a cancel event because of error 0x%1!8.8X!.";
    DTS_E_CANCELRECEIVED = 0xC00470E4, "The pipeline received a request to cancel and is shutting down.";
    DTS_E_EXPREVALUNARYOPOVERFLOW = 0xC00470E5, "The result of the unary minus (negation) operation \"%1\" exceeds the maximum size for result data type \"%2\". The magnitude of the result of the operation overflows the type of the result.",
        "the negated value does not fit its type",
        "cast it to a larger signed type before";
    DTS_E_EXPREVALPLACEHOLDERINEXPRESSION = 0xC00470E6, "The placeholder \"%1\" was found in an expression. This must be replaced with an actual parameter or operand.";
    DTS_E_EXPREVALFNRIGHTINVALIDLENGTH = 0xC00470E7, "The length %1!d! specified for function \"%2\" is negative, and is not valid. The length parameter must be positive.",
        "a calculated length became negative, often because FINDSTRING returned 0",
        "guard the length with a condition";
    DTS_E_EXPREVALFNREPLICATEINVALIDREPEATCOUNT = 0xC00470E8, "The repeat count %1!d! is negative and is not valid for function \"%2\". The repeat count parameter cannot be negative.",
        "a calculated repeat count is negative",
        "guard the count with a condition";
    DTS_E_EXPREVALVARIABLECOULDNOTBEREAD = 0xC00470EA, "Reading the variable \"%1\" failed with error code 0x%2!8.8X!.",
        "the variable's value cannot be read, for example because its own expression fails",
        "check the expression of the variable";
    DTS_E_EXPREVALBINARYOPDTSTRNOTSUPPORTED = 0xC00470EC, "For operands of a binary operation, the data type DT_STR is supported only for input columns and cast operations. The expression \"%1\" has a DT_STR operand that is not an input column or the result of a cast, and cannot be used in a binary operation. To perform this operation, the operand needs to be explicitly cast with a cast operator.",
        "a DT_STR value comes from a function or a constant",
        "cast it to DT_WSTR";
    DTS_E_EXPREVALCONDITIONALOPDTSTRNOTSUPPORTED = 0xC00470ED, "For operands of the conditional operator, the data type DT_STR is supported only for input columns and cast operations. The expression \"%1\" has a DT_STR operand that is not an input column or the result of a cast, and cannot be used with the conditional operation. To perform this operation, the operand needs to be explicitly cast with a cast operator.",
        "a DT_STR value comes from a function or a constant",
        "cast it to DT_WSTR";
    DTS_E_EXPREVALFNFINDSTRINGINVALIDOCCURRENCECOUNT = 0xC00470EE, "The occurrence count %1!d! is not valid for function \"%2\". This parameter must be greater than zero.",
        "the occurrence is 0 or negative",
        "count occurrences from 1";
    DTS_E_INDIVIDUALPUTLOGENTRYINFOS = 0xC00470EF, "\"%1\" failed to cache the LogEntryInfos collection and returned error code 0x%2!8.8X!.";
    DTS_E_EXPREVALINVALIDDATEPARTNODE = 0xC00470F0, "The date part parameter specified for function \"%1\" is not valid. It must be a static string.  The date part parameter cannot contain dynamic elements, such as input columns, and must be of type DT_WSTR.",
        "the date part is not a text such as \"Day\" or \"yyyy\"",
        "write one of the documented date parts in quotation marks";
    DTS_E_EXPREVALINVALIDCASTLENGTH = 0xC00470F1, "The value %1!d! specified for the length parameter of the cast to data type %2 is negative and not valid. The length must be positive.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDNULLCODEPAGE = 0xC00470F2, "The value %1!d! specified for the code page parameter of the NULL function with data type \"%2\" is not valid. The code page is not installed on the computer.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDNULLPRECISION = 0xC00470F3, "The value %1!d! specified for the precision parameter of the NULL function with data type \"%2\" is out of range. Precision must be in the range %3!d! to %4!d!.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDNULLSCALE = 0xC00470F4, "The value %1!d! specified for the scale parameter of the NULL function with data type %2 is out of range. Scale must be in the range %3!d! to %4!d!. Scale must not exceed precision and must not be negative.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALINVALIDNULLLENGTH = 0xC00470F5, "The value %1!d! specified for the length parameter of the \"NULL\" function with data type %2 is negative and not valid. The length must be positive.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_NEGATIVESNOTALLOWED = 0xC00470F6, "The %1 can't be assigned a negative value.";
    DTS_E_FASTPARSENOTALLOWED = 0xC00470F7, "The \"%1\" custom property for \"%2\" cannot be set to true.  The column data type must be one of the following:  DT_I1, DT_I2, DT_I4, DT_I8, DT_UI1, DT_UI2, DT_UI4, DT_UI8, DT_DBTIMESTAMP, DT_DBTIMESTAMP2, DT_DBTIMESTAMPOFFSET, DT_DATE, DT_DBDATE, DT_DBTIME, DT_DBTIME2, or DT_FILETIME.",
        "FastParse is set on a column whose type has no fast parsing",
        "clear FastParse on that column";
    DTS_E_CANNOTREATTACHPATH = 0xC00470F8, "The \"%1\" cannot be reattached. Delete the path, add a new one, and attach it.";
    DTS_E_EXPREVALINVALIDNUMBEROFPARAMSPLURALSINGULAR = 0xC00470F9, "The function \"%1\" requires %2!d! parameters, not %3!d! parameter. The function name was recognized, but the number of parameters is not valid.",
        "the function has more or fewer arguments than it takes",
        "see the function's page for its arguments";
    DTS_E_EXPREVALINVALIDNUMBEROFPARAMSSINGULARPLURAL = 0xC00470FA, "The function \"%1\" requires %2!d! parameter, not %3!d! parameters. The function name was recognized, but the number of parameters is not valid.",
        "the function has more or fewer arguments than it takes",
        "see the function's page for its arguments";
    DTS_E_EXPREVALINVALIDNUMBEROFPARAMSPLURALPLURAL = 0xC00470FB, "The function \"%1\" requires %2!d! parameters, not %3!d! parameters. The function name was recognized, but the number of parameters is not valid.",
        "the function has more or fewer arguments than it takes",
        "see the function's page for its arguments";
    DTS_E_EXPREVALFAILEDTOPARSEEXPRESSIONOUTOFMEMORY = 0xC00470FC, "Attempt to parse the expression \"%1\" failed because there was an out-of-memory error.";
    DTS_E_INDIVIDUALCHECKPRODUCTLEVELFAILED = 0xC00470FD, "The %1 failed to be able to perform its required product level check and returned error code 0x%2!8.8X!.";
    DTS_E_PRODUCTLEVELTOLOW = 0xC00470FE, "SSIS Error Code DTS_E_PRODUCTLEVELTOLOW.  The %1 cannot run on installed %2 of Integration Services. It requires %3 or higher.";
    DTS_E_EXPREVALSTRINGLITERALTOOLONG = 0xC00470FF, "A string literal in the expression exceeds the maximum allowed length of %1!d! characters.",
        "a text in the expression is longer than the language allows",
        "split it with +, or keep it in a variable";
    DTS_E_EXPREVALSTRINGVARIABLETOOLONG = 0xC0047100, "The variable %1 contains a string that exceeds the maximum allowed length of %2!d! characters.";
    DTS_E_EXPREVALSTATIC_COMPUTATIONFAILED = 0xC0049014, "An error occurred during computation of the expression.";
    DTS_E_EXPREVALSTATIC_DIVBYZERO = 0xC0049030, "Division by zero occurred in the expression.",
        "the divisor is 0 in a row",
        "guard it: b == 0 ? NULL(DT_R8) : a / b";
    DTS_E_EXPREVALSTATIC_LITERALOVERFLOW = 0xC0049031, "The magnitude of the literal value was too big to fit in the type requested.",
        "a number in the expression is larger than its type",
        "add a suffix or cast, for example (DT_I8)";
    DTS_E_EXPREVALSTATIC_BINARYOPNUMERICOVERFLOW = 0xC0049032, "The result of a binary operation was too big for the maximum size for numeric types. The operand types could not be implicitly cast into a numeric (DT_NUMERIC) result without loss of precision or scale. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the result needs more digits than its type has",
        "cast an operand to a larger type before the operation";
    DTS_E_EXPREVALSTATIC_BINARYOPOVERFLOW = 0xC0049033, "The magnitude of the result of a binary operation overflows the maximum size for result data type.",
        "the result needs more digits than its type has",
        "cast an operand to a larger type before the operation";
    DTS_E_EXPREVALSTATIC_FUNCTIONOVERFLOW = 0xC0049034, "The magnitude of the result of a function call was too big to fit in the result type, and overflowed the type of the operand. An explicit cast to a larger type may be required.",
        "the function's result does not fit its type",
        "cast the argument to a larger type";
    DTS_E_EXPREVALSTATIC_BINARYTYPEMISMATCH = 0xC0049035, "Incompatible data types were used with a binary operator. The operand types could not be implicitly cast into compatible types for the operation. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the operator is not defined for these types",
        "cast one side to the type of the other";
    DTS_E_EXPREVALSTATIC_UNSUPPORTEDBINARYTYPE = 0xC0049036, "An unsupported data type was used with a binary operator. The type of one, or both, of the operands is not supported for the operation. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the operator is not defined for these types",
        "cast one side to the type of the other";
    DTS_E_EXPREVALSTATIC_BINARYSIGNMISMATCH = 0xC0049037, "There is a sign mismatch for the bitwise binary operator. The operands for this operator must be both positive or both negative.",
        "a bitwise operator has a signed and an unsigned operand",
        "cast both to the same type";
    DTS_E_EXPREVALSTATIC_BINARYOPERATIONFAILED = 0xC0049038, "A binary operation failed. There was an out-of-memory condition, or an internal error occurred.",
        "the operation failed for a value",
        "redirect the row to see its values";
    DTS_E_EXPREVALSTATIC_BINARYOPERATIONSETTYPEFAILED = 0xC0049039, "Setting the result type of a binary operation failed.",
        "the type of a result cannot be determined",
        "cast the operands to plain types";
    DTS_E_EXPREVALSTATIC_STRINGCOMPARISONFAILED = 0xC004903A, "Cannot compare two strings.",
        "the two texts cannot be compared",
        "cast both to DT_WSTR";
    DTS_E_EXPREVALSTATIC_UNSUPPORTEDUNNARYTYPE = 0xC004903B, "An unsupported data type is used with a unary operator. The operand type is not supported for the operation. To perform this operation, the operand needs to be explicitly cast with a cast operator.",
        "the operator is not defined for this type",
        "cast the operand, ! needs DT_BOOL and - a number";
    DTS_E_EXPREVALSTATIC_UNARYOPERATIONFAILED = 0xC004903C, "A unary operation failed. An out-of-memory condition occurred, or there was an internal error.",
        "the operation failed for a value",
        "redirect the row to see its values";
    DTS_E_EXPREVALSTATIC_UNARYOPERATIONSETTYPEFAILED = 0xC004903D, "Setting the result type of a unary operation failed.",
        "the type of a result cannot be determined",
        "cast the operands to plain types";
    DTS_E_EXPREVALSTATIC_PARAMTYPEMISMATCH = 0xC004903E, "A function has a parameter with an unsupported data type. The type of the parameter cannot be implicitly cast into a compatible type for the function. To perform this operation, the operand needs to be explicitly cast with a cast operator.",
        "the argument has a type that the function does not take",
        "cast the argument";
    DTS_E_EXPREVALSTATIC_INVALIDFUNCTION = 0xC004903F, "An invalid function name appeared in the expression. Verify that the function name is correct and does exist.",
        "the name is misspelt or is a function of another language",
        "see the list of functions of the SSIS expression language";
    DTS_E_EXPREVALSTATIC_FNSUBSTRINGINVALIDLENGTH = 0xC0049040, "The length parameter was not valid for function SUBSTRING. The length parameter cannot be negative.",
        "a calculated length became negative, often because FINDSTRING returned 0",
        "guard the length with a condition";
    DTS_E_EXPREVALSTATIC_FNSUBSTRINGINVALIDSTARTINDEX = 0xC0049041, "The start index was not valid for function SUBSTRING. The start index value must be an integer greater than zero. The start index is 1-based, not 0-based.",
        "a calculated start is 0 or negative, often because FINDSTRING returned 0",
        "begin at 1 and guard the position with a condition";
    DTS_E_EXPREVALSTATIC_INVALIDNUMBEROFPARAMS = 0xC0049042, "An incorrect number of parameters was given to a function. The function name was recognized, but the number of parameters was not correct.",
        "the function has more or fewer arguments than it takes",
        "see the function's page for its arguments";
    DTS_E_EXPREVALSTATIC_CHARMAPPINGFAILED = 0xC0049043, "A character mapping function failed.",
        "the operation failed for a value",
        "redirect the row to see its values";
    DTS_E_EXPREVALSTATIC_INVALIDDATEPART = 0xC0049044, "An unrecognized date part parameter was specified for a date function.",
        "the date part is not a text such as \"Day\" or \"yyyy\"",
        "write one of the documented date parts in quotation marks";
    DTS_E_EXPREVALSTATIC_INVALIDNULLPARAM = 0xC0049045, "An invalid parameter was given for function NULL. The parameters of NULL must be static, and cannot contain dynamic elements such as input columns.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALSTATIC_INVALIDNULLPARAMTYPE = 0xC0049046, "An invalid parameter was given for function NULL. A parameter of NULL must be an integer, or a type that can be converted to an integer.",
        "a parameter of NULL() is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALSTATIC_FUNCTIONPARAMNOTSTATIC = 0xC0049047, "An invalid parameter was given for a function. This parameter must be static and cannot contain dynamic elements such as input columns.",
        "a parameter that must be constant refers to a column or variable",
        "write a constant";
    DTS_E_EXPREVALSTATIC_INVALIDCASTPARAM = 0xC0049048, "An invalid parameter was given for a cast operation. Parameters of cast operators must be static, and cannot contain dynamic elements such as input columns.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALSTATIC_INVALIDCASTPARAMTYPE = 0xC0049049, "An invalid parameter was given for a cast operation. A parameter of a cast operator must be an integer, or a type that can be converted to an integer.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALSTATIC_INVALIDCAST = 0xC004904A, "The expression contained an unsupported type cast.",
        "there is no cast between these types",
        "cast in two steps, for example through DT_WSTR";
    DTS_E_EXPREVALSTATIC_INVALIDTOKEN = 0xC004904B, "The expression contained a token that was not recognized. The expression could not be parsed because it contains invalid elements.",
        "the expression breaks the rules of the language, for example by a missing parenthesis or quotation mark",
        "correct it at the place that is named; texts stand in double quotation marks, variables after @";
    DTS_E_EXPREVALSTATIC_FAILEDTOPARSEEXPRESSION = 0xC004904C, "The expression is not valid and could not be parsed. It might contain invalid elements, or it might not be well-formed.",
        "the expression breaks the rules of the language, for example by a missing parenthesis or quotation mark",
        "correct it at the place that is named; texts stand in double quotation marks, variables after @";
    DTS_E_EXPREVALSTATIC_UNARYOPOVERFLOW = 0xC004904D, "The result of a unary minus (negation) operation overflowed the maximum size for result data type. The magnitude of the result of the operation overflows the type of the result.",
        "the negated value does not fit its type",
        "cast it to a larger signed type before";
    DTS_E_EXPREVALSTATIC_COMPUTEFAILED = 0xC004904E, "Attempt to compute the expression failed.",
        "the expression failed for a row, often because of a bad value or a division by zero",
        "redirect errors to see the row, or guard the expression";
    DTS_E_EXPREVALSTATIC_BUILDSTRINGFAILED = 0xC004904F, "Attempt to generate a string representation of the expression failed.",
        "the operation failed for a value",
        "redirect the row to see its values";
    DTS_E_EXPREVALSTATIC_CANNOTCONVERTRESULT = 0xC0049050, "Cannot convert the expression result data type to the column data type. The result of the expression should be written to an input/output column, but the data type of the expression cannot be converted to the data type of the column.",
        "the result's type cannot be written to the column",
        "cast the expression to the type of the column";
    DTS_E_EXPREVALSTATIC_CONDITIONALOPINVALIDCONDITIONTYPE = 0xC0049051, "The conditional expression of the conditional operator has invalid data type. The conditional expression must be of type DT_BOOL.",
        "the part before ? is not true or false",
        "make it a comparison";
    DTS_E_EXPREVALSTATIC_CONDITIONALOPTYPEMISMATCH = 0xC0049052, "The data types of the operands of the conditional operator were incompatible. The operand types could not be implicitly cast into compatible types for the conditional operation. To perform this operation, one or both operands need to be explicitly cast with a cast operator.",
        "the two results of ? : have types that do not go together",
        "cast both to the same type";
    DTS_E_EXPREVALSTATIC_CONDITIONALOPSETTYPEFAILED = 0xC0049053, "Setting the result type of a conditional operation failed.",
        "the type of a result cannot be determined",
        "cast the operands to plain types";
    DTS_E_EXPREVALSTATIC_INPUTCOLUMNNAMENOTFOUND = 0xC0049054, "The input column specified was not found in the input column collection.",
        "the column does not reach this component, or its name changed",
        "check the columns before the component; names with blanks stand in square brackets";
    DTS_E_EXPREVALSTATIC_INPUTCOLUMNIDNOTFOUND = 0xC0049055, "Attempt to find an input column by lineage ID failed. The input column was not found in the input column collection.",
        "the column does not reach this component, or its name changed",
        "check the columns before the component; names with blanks stand in square brackets";
    DTS_E_EXPREVALSTATIC_NOINPUTCOLUMNCOLLECTION = 0xC0049056, "The expression contains an unrecognized token that appears to be an input column reference, but the input column collection is not available to process input columns. The input column collection has not been provided to the expression evaluator, but an input column was included in the expression.",
        "a name stands for a column where there are no columns",
        "write variables as @[User::Name] and texts in double quotation marks";
    DTS_E_EXPREVALSTATIC_VARIABLENOTFOUND = 0xC0049057, "A variable specified was not found in the collection. It might not exist in the correct scope. Verify that the variable exists and that the scope is correct.",
        "no variable of this name can be seen from here",
        "check its name, namespace and scope";
    DTS_E_EXPREVALSTATIC_INVALIDTOKENSTATE = 0xC0049058, "Attempt to parse the expression failed. The expression contains an invalid or incomplete token. It may contain invalid elements, be missing part of a required element such as closing parentheses, or may not be well formed.",
        "the expression breaks the rules of the language, for example by a missing parenthesis or quotation mark",
        "correct it at the place that is named; texts stand in double quotation marks, variables after @";
    DTS_E_EXPREVALSTATIC_INVALIDCASTCODEPAGE = 0xC0049059, "The value specified for the code page parameter of the cast to data type DT_STR or DT_TEXT is not valid. The specified code page is not installed on the computer.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALSTATIC_INVALIDCASTPRECISION = 0xC004905A, "The value specified for the precision parameter of a cast operation is out of range for the type cast.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALSTATIC_INVALIDCASTSCALE = 0xC004905B, "The value specified for the scale parameter of a cast operation is out of range for the type cast. Scale must not exceed precision and must not be negative.",
        "a parameter of a cast is not a constant in its range",
        "write it as (DT_STR, 50, 1252) or (DT_NUMERIC, 18, 2) with plain numbers";
    DTS_E_EXPREVALSTATIC_CONDITIONALOPCODEPAGEMISMATCH = 0xC004905C, "The code pages do not match in a conditional operation. The code page of the left operand does not match the code page of the right operand. For the conditional operator of that type, the code pages must be the same.",
        "the texts have different code pages",
        "cast both to DT_WSTR";
    DTS_E_EXPREVALSTATIC_ILLEGALHEXESCAPEINSTRINGLITERAL = 0xC004905D, "A string literal contains an illegal hexadecimal escape sequence. The escape sequence is not supported in string literals in the expression evaluator. Hexadecimal escape sequences must be of the form \\xhhhh where h is a valid hexadecimal digit.",
        "a backslash in a text begins an escape sequence that does not exist",
        "write \\\\ for a backslash";
    DTS_E_EXPREVALSTATIC_ILLEGALESCAPEINSTRINGLITERAL = 0xC004905E, "The string literal contains an illegal escape sequence. The escape sequence is not supported in string literals in the expression evaluator. If a backslash is needed in the string, format it as a double backslash, \"\\\\\\\\\".",
        "a backslash in a text begins an escape sequence that does not exist",
        "write \\\\ for a backslash";
    DTS_E_EXPREVALSTATIC_UNSUPPORTEDTYPE = 0xC004905F, "An unsupported or unrecognized data type was used in the expression.",
        "values of this type cannot be used in expressions",
        "convert the column before, or choose another variable type";
    DTS_E_EXPREVALSTATIC_DATACONVERSIONOVERFLOW = 0xC0049060, "An overflow occurred while converting between data types. The source type is too large to fit in the destination type.",
        "the value is too large for the type",
        "choose a larger type";
    DTS_E_EXPREVALSTATIC_DATACONVERSIONNOTSUPPORTED = 0xC0049061, "The expression contains an unsupported data type conversion. The source type cannot be converted to the destination type.",
        "there is no conversion between these types",
        "convert in two steps, for example through DT_WSTR";
    DTS_E_EXPREVALSTATIC_DATACONVERSIONFAILED = 0xC0049062, "An error occurred while attempting to perform data conversion. The source type could not be converted to the destination type.",
        "the value is not in the form that the type needs, for example letters in a number",
        "check the value before the cast, or redirect the rows that fail";
    DTS_E_EXPREVALSTATIC_CONDITIONALOPERATIONFAILED = 0xC0049063, "The conditional operation failed.",
        "the operation failed for a value",
        "redirect the row to see its values";
    DTS_E_EXPREVALSTATIC_CASTFAILED = 0xC0049064, "An error occurred while attempting to perform a type cast.",
        "the value is not in the form that the type needs, for example letters in a number",
        "check the value before the cast, or redirect the rows that fail";
    DTS_E_EXPREVALFAILEDTOCONVERTSTRCOLUMNTOWSTR = 0xC0049065, "Converting \"%1\" from type DT_STR to type DT_WSTR failed with error code 0x%2!8.8X!. An error occurred while performing the implicit conversion on the input column.",
        "the bytes of a text do not belong to the column's code page",
        "correct the code page of the column or file";
    DTS_E_EXPREVALSTATIC_FAILEDTOCONVERTSTRCOLUMNTOWSTR = 0xC0049066, "Converting an input column from type DT_STR to type DT_WSTR failed. An error occurred while performing the  implicit conversion on the input column.",
        "the bytes of a text do not belong to the column's code page",
        "correct the code page of the column or file";
    DTS_E_EXPREVALSTATIC_FUNCTIONCOMPUTEFAILED = 0xC0049067, "An error occurred while evaluating the function.",
        "the function failed for a value",
        "check its arguments, above all positions, lengths and dates";
    DTS_E_EXPREVALSTATIC_FUNCTIONCONVERTPARAMTOMEMBERFAILED = 0xC0049068, "A function parameter cannot be converted to a static value. The parameter must be static and cannot contain dynamic elements such as input columns.",
        "a parameter that must be constant refers to a column or variable",
        "write a constant";
    DTS_E_EXPREVALSTATIC_FNRIGHTINVALIDLENGTH = 0xC0049088, "The length parameter is not valid for function RIGHT. The length parameter cannot be negative.";
    DTS_E_EXPREVALSTATIC_FNREPLICATEINVALIDREPEATCOUNT = 0xC0049089, "The repeat count parameter is not valid for function REPLICATE. This parameter cannot be negative.";
    DTS_E_EXPREVALSTATIC_BINARYOPERATORCODEPAGEMISMATCH = 0xC0049096, "The code pages do not match in a binary operation. The code page of the left operand does not match the code page of the right operand. For this binary operation, the code pages must be the same.";
    DTS_E_EXPREVALSTATIC_VARIABLECOMPUTEFAILED = 0xC0049097, "Retrieving the value for a variable failed.",
        "the variable's value cannot be read, for example because its own expression fails",
        "check the expression of the variable";
    DTS_E_EXPREVALSTATIC_VARIABLETYPENOTSUPPORTED = 0xC0049098, "The expression contains a variable with an unsupported data type.";
    DTS_E_EXPREVALSTATIC_CASTCODEPAGEMISMATCH = 0xC004909B, "Unable to cast the expression because the code page of the value being cast does not match the requested result code page. The code page of the source must match the code page requested for the destination.";
    DTS_E_EXPREVALSTATIC_INVALIDTOKENSINGLEQUOTE = 0xC004909C, "The expression contains an unexpected single quotation mark. A double quotation mark may be required.";
    DTS_E_EXPREVALSTATIC_INVALIDTOKENSINGLEEQUAL = 0xC004909D, "The expression contains an unexpected equal sign (=). This error usually occurs when a double equals sign (==) is needed.";
    DTS_E_EXPREVALSTATIC_AMBIGUOUSINPUTCOLUMNNAME = 0xC00490AA, "An ambiguous input column name was specified.  The column must be qualified as [Component Name].[Column Name] or referenced by lineage ID. This error occurs when the input column exists on more than one component, and must be differentiated by the addition of component name or by using the lineage ID.";
    DTS_E_EXPREVALSTATIC_PLACEHOLDERINEXPRESSION = 0xC00490AB, "A placeholder function parameter or operand was found in an expression. This should be replaced with an actual parameter or operand.";
    DTS_E_EXPREVALSTATIC_AMBIGUOUSVARIABLENNAME = 0xC00490AC, "An ambiguous variable name was specified. The desired variable must be qualifed as @[Namespace::Variable]. This error occurs when the variable exists in more than one namespace.";
    DTS_E_EXPREVALSTATIC_BINARYOPDTSTRNOTSUPPORTED = 0xC00490D3, "For operands of binary operation, the data type DT_STR is only supported for input columns and cast operations. A DT_STR operand that is not an input column or the result of a cast cannot be used with a binary operation. To perform this operation, the operand needs to be explicitly cast with a cast operator.";
    DTS_E_EXPREVALSTATIC_CONDITIONALOPDTSTRNOTSUPPORTED = 0xC00490D4, "For operands of the conditional operator, the data type DT_STR is only supported for input columns and cast operations. A DT_STR operand that is not an input column or the result of a cast cannot be used with the conditional operation. To perform this operation, the operand needs to be explicitly cast with a cast operator.";
    DTS_E_EXPREVALSTATIC_FNFINDSTRINGINVALIDOCCURRENCECOUNT = 0xC00490D5, "The occurrence count parameter is not valid for function FINDSTRING. This parameter must be greater than zero.";
    DTS_E_EXPREVALSTATIC_INVALIDDATEPARTNODE = 0xC00490DD, "The \"date part\" parameter specified for a date function is not valid. \"Date part\" parameters must be static strings, and cannot contain dynamic elements such as input columns. They must be of type DT_WSTR.";
    DTS_E_EXPREVALSTATIC_INVALIDCASTLENGTH = 0xC00490DE, "The value specified for the length parameter of a cast operation is not valid. The length must be positive. The length specified for the type cast is negative. Change to a positive value.";
    DTS_E_EXPREVALSTATIC_INVALIDNULLLENGTH = 0xC00490DF, "The value specified for the length parameter of a NULL function is not valid. The length must be positive. The length specified for the NULL function is negative. Change to a positive value.";
    DTS_E_EXPREVALSTATIC_INVALIDNULLCODEPAGE = 0xC00490E0, "The value specified for the code page parameter of the NULL function with data type DT_STR or DT_TEXT is not valid. The code page specified is not installed on the computer. Either change the code page that is specified, or install the code page on the computer.";
    DTS_E_EXPREVALSTATIC_INVALIDNULLPRECISION = 0xC00490E1, "The value specified for the precision parameter of a NULL function is not valid. The precision that was specified is out of range for the NULL function.";
    DTS_E_EXPREVALSTATIC_INVALIDNULLSCALE = 0xC00490E2, "The value specified for the scale parameter of a NULL function is not valid. The scale that was specified is out of range for the NULL function. Scale must not exceed precision and must be positive.";
    DTS_E_XMLSRCERRORSETTINGERROROUTPUTCOLUMNDATA = 0xC00490E8, "The %1 failed attempting to write data to %2 on %3. %4";
    DTS_E_TXLOOKUP_CANCEL_REQUESTED = 0xC00490F5, "Lookup transform has received a cancel request from the user.";
    DTS_E_LOBLENGTHLIMITEXCEEDED = 0xC00490F6, "Processing of character or binary large object (LOB) data has stopped because the 4-GB limit was reached.";
    DTS_E_CANNOTLOADCOMPONENT = 0xC00490F7, "The managed pipeline component \"%1\" could not be loaded.  The exception was: %2.";
}
