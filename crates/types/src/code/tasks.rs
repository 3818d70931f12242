//! Codes of tasks.

use super::table::codes;

codes! {
    DTS_W_FTPTASK_OPERATIONFAILURE = 0x80020918, "Operation \"%1\" failed.";
    DTS_W_EXECPROCTASK_FILENOTINPATH = 0x80029185, "File/Process \"%1\" is not in path.";
    DTS_W_XMLTASK_DIFFFAILURE = 0x8002927A, "The two XML documents are different.";
    DTS_W_XMLTASK_VALIDATIONFAILURE = 0x8002928D, "Task failed to validate \"%1\".";
    DTS_E_COMMANDDESTINATIONADAPTERSTATIC_ERRORSINCOMMAND = 0xC000931A, "The command execution generated errors.",
        "the database refused the statement for this row",
        "redirect the row to see it, and read the provider's message";
    DTS_E_TKEXECPACKAGE_UNABLETOLOADFILE = 0xC00220DE, "Error 0x%1!8.8X! while loading package file \"%3\". %2.",
        "the child package does not exist, may not be read or is damaged",
        "check its path or name in the project and its upper and lower case";
    DTS_E_TKEXECPACKAGE_UNSPECIFIEDPACKAGE = 0xC00220DF, "The package is not specified.",
        "the Execute Package Task names no package",
        "choose the child package";
    DTS_E_TKEXECPACKAGE_UNSPECIFIEDCONNECTION = 0xC00220E0, "The connection is not specified.",
        "the Execute Package Task refers to an external package without a connection",
        "choose a connection, or refer to a package of the project";
    DTS_E_TKEXECPACKAGE_INCORRECTCONNECTIONMANAGERTYPE = 0xC00220E2, "The connection manager \"%1\" has an unsupported type \"%2\". Only \"FILE\" and \"OLEDB\" connection managers are supported.",
        "the child package is referred to by a connection of another type",
        "use a File connection manager, or refer to a package of the project";
    DTS_E_TKEXECPACKAGE_UNABLETOLOADXML = 0xC00220E3, "Error 0x%1!8.8X! while loading package file \"%3\" into an XML document. %2.",
        "the child package does not exist, may not be read or is damaged",
        "check its path or name in the project and its upper and lower case";
    DTS_E_TKEXECPACKAGE_UNABLETOLOAD = 0xC00220E4, "Error 0x%1!8.8X! while preparing to load the package. %2.",
        "the child package does not exist, may not be read or is damaged",
        "check its path or name in the project and its upper and lower case";
    DTS_E_TASKVALIDATIONFAILED = 0xC0024102, "The Validate method on the task failed, and returned error code 0x%1!8.8X! (%2). The Validate method must succeed and indicate the result using an \"out\" parameter.",
        "the task's settings are wrong or incomplete",
        "read the errors before this one, which name the setting";
    DTS_E_TASKEXECUTEFAILED = 0xC0024104, "The Execute method on the task returned error code 0x%1!8.8X! (%2). The Execute method must succeed, and indicate the result using an \"out\" parameter.",
        "the task stopped because of an error of its own",
        "read the errors before this one";
    DTS_E_TASKVALIDATIONERROR = 0xC0024107, "There were errors during task validation.",
        "the task's settings are wrong or incomplete",
        "read the errors before this one, which name the setting";
    DTS_E_CONNECTIONSTRINGFORMAT = 0xC0024108, "The connection string format is not valid. It must consist of one or more components of the form X=Y, separated by semicolons. This error occurs when a connection string with zero components is set on database connection manager.",
        "the connection string is not written as name=value pairs",
        "separate pairs with semicolons and put values that contain one in quotation marks";
    DTS_E_UNQUOTEDSEMICOLON = 0xC0024109, "The connection string components cannot contain unquoted semicolons. If the value must contain a semicolon, enclose the entire value in quotes. This error occurs when values in the connection string contain unquoted semicolons, such as the InitialCatalog property.",
        "the connection string is not written as name=value pairs",
        "separate pairs with semicolons and put values that contain one in quotation marks";
    DTS_E_LOGPROVIDERVALIDATIONFAILED = 0xC002410A, "Validation of one or more log providers failed. The package cannot execute. The package does not execute when a log provider fails validation.",
        "a log provider cannot write to its target",
        "check the log provider's connection";
    DTS_E_INVALIDENUMERATORINDEX = 0xC002410D, "The enumerator failed to retrieve element at index \"%1!d!\".";
    DTS_E_BITASK_DATA_FILE_NOT_SPECIFIED = 0xC002910F, "Data file name not specified.";
    DTS_E_BITASK_DESTINATION_TABLE_NOT_SPECIFIED = 0xC002911B, "You must specify a table name to continue.";
    DTS_E_EXECPROCTASK_CANTREDIRECTIO = 0xC002914B, "Cannot redirect streams if the process can continue executing beyond the lifetime of the task.";
    DTS_E_EXECPROCTASK_PROCESSHASTIMEDOUT = 0xC002914C, "The process timed out.",
        "the process ran longer than TimeOut allows",
        "raise TimeOut, or find out why the process takes long";
    DTS_E_EXECPROCTASK_PROCESSEXITCODEEXCEEDS = 0xC0029151, "In Executing \"%2\" \"%3\" at \"%1\", The process exit code was \"%4\" while the expected was \"%5\".",
        "the process ended with a code that is not SuccessValue",
        "read the process's output; set SuccessValue where the code is a success";
    DTS_E_EXECPROCTASK_WORKINGDIRDOESNOTEXIST = 0xC0029152, "The directory \"%1\" does not exist.";
    DTS_E_EXECPROCTASK_FILEDOESNOTEXIST = 0xC0029153, "File/Process \"%1\" does not exist in directory \"%2\".",
        "the program does not exist under that name, or only on Windows",
        "check Executable and WorkingDirectory and use a program of this system";
    DTS_E_EXECPROCTASK_FILENOTINPATH = 0xC0029154, "File/Process \"%1\" is not in path.";
    DTS_E_EXECPROCTASK_WORKINGDIRECTORYDOESNOTEXIST = 0xC0029156, "Working Directory \"%1\" does not exist.";
    DTS_E_EXECPROCTASK_ERROREXECUTIONVALUE = 0xC0029157, "The process exited with return code \"%1\". However, \"%2\" was expected.";
    DTS_E_FSTASK_DIRECTORYEXISTS = 0xC002915A, "The Directory already exists.",
        "the folder exists already and UseDirectoryIfExists is false",
        "set UseDirectoryIfExists, or delete the folder before";
    DTS_E_FSTASK_PATHNOTVALID = 0xC002915B, "\"%1\" is not valid on operation type \"%2\".",
        "the path is empty, or of the wrong kind for the operation",
        "give a path to a file for file operations and to a folder for folder operations";
    DTS_E_FSTASK_DESTINATIONNOTSET = 0xC002915C, "Destination property of operation \"%1\" not set.",
        "the destination is empty",
        "set the destination connection or variable";
    DTS_E_FSTASK_SOURCENOTSET = 0xC002915D, "Source property of operation \"%1\" not set.",
        "the source is empty",
        "set the source connection or variable";
    DTS_E_FSTASK_CONNECTIONTYPENOTFILE = 0xC002915E, "Type of Connection \"%1\" is not a file.",
        "the connection is not a File connection manager",
        "choose a File connection manager";
    DTS_E_FSTASK_VARIABLEDOESNTEXIST = 0xC002915F, "Variable \"%1\" does not exist.",
        "the variable does not exist in the scope of the task",
        "check its name, namespace and scope";
    DTS_E_FSTASK_VARIABLENOTASTRING = 0xC0029160, "Variable \"%1\" is not a string.",
        "the variable that holds the text or path is not of type String",
        "change the variable's type to String";
    DTS_E_FSTASK_FILEDOESNOTEXIST = 0xC0029163, "File or directory \"%1\" represented by connection \"%2\" does not exist.",
        "nothing lies under the path",
        "check the path, its upper and lower case, and whether an earlier step writes it";
    DTS_E_FSTASK_DESTCONNUSAGETYPEINVALID = 0xC0029165, "The destination file connection manager \"%1\" has an invalid usage type: \"%2\".";
    DTS_E_FSTASK_SRCCONNUSAGETYPEINVALID = 0xC0029166, "The source file connection manager \"%1\" has an invalid usage type \"%2\".";
    DTS_E_FTPTASK_UNABLETOOBTAINFILELIST = 0xC002916C, "Unable to obtain the file list.",
        "the FTP server refused the operation",
        "check the remote path and the account's rights on the server";
    DTS_E_FTPTASK_LOCALPATHEMPTY = 0xC002916D, "The local path is empty.",
        "no local path is set",
        "set LocalPath, or the variable that holds it";
    DTS_E_FTPTASK_REMOTEPATHEMPTY = 0xC002916E, "The remote path is empty.",
        "no remote path is set",
        "set RemotePath, or the variable that holds it";
    DTS_E_FTPTASK_LOCALVARIBALEEMPTY = 0xC002916F, "The local variable is empty.",
        "no local path is set",
        "set LocalPath, or the variable that holds it";
    DTS_E_FTPTASK_REMOTEVARIBALEEMPTY = 0xC0029170, "The remote variable is empty.",
        "no remote path is set",
        "set RemotePath, or the variable that holds it";
    DTS_E_FTPTASK_FTPRCVDINVLDDATANODE = 0xC0029171, "The FTP task received an invalid task data node.",
        "the settings of the task in the package file are damaged",
        "create the task again";
    DTS_E_FTPTASK_CONNECTION_NAME_NULL = 0xC0029172, "The connection is empty. Verify that a valid FTP connection is provided.",
        "the task has no working FTP connection",
        "choose an FTP connection manager and check its server and account";
    DTS_E_FTPTASK_CONNECTION_NOT_FTP = 0xC0029173, "The connection specified is not an FTP connection. Verify that a valid FTP connection is provided.",
        "the task has no working FTP connection",
        "choose an FTP connection manager and check its server and account";
    DTS_E_FTPTASK__INITIALIZATION_WITH_NULL_XML_ELEMENT = 0xC0029175, "Cannot initialize the task with a null XML element.",
        "the settings of the task in the package file are damaged",
        "create the task again";
    DTS_E_FTPTASK_SAVE_TO_NULL_XML_ELEMENT = 0xC0029176, "Cannot save the task to a null XML document.",
        "the settings of the task in the package file are damaged",
        "create the task again";
    DTS_E_FTPTASK_ERROR_IN_LOAD_FROM_XML = 0xC0029177, "Error occurred in LoadFromXML at the tag \"%1\".",
        "the settings of the task in the package file are damaged",
        "create the task again";
    DTS_E_FTPTASK_NOFILESATLOCATION = 0xC0029178, "There are no files at \"%1\".",
        "no file matches",
        "check folder and pattern, or set StopOnOperationFailure to false";
    DTS_E_FTPTASK_LOCALVARIABLEISEMPTY = 0xC0029179, "The variable \"%1\" is empty.",
        "no local path is set",
        "set LocalPath, or the variable that holds it";
    DTS_E_FTPTASK_REMOTEVARIABLEISEMPTY = 0xC002917A, "The variable \"%1\" is empty.",
        "no remote path is set",
        "set RemotePath, or the variable that holds it";
    DTS_E_FTPTASK_NOFILESINCONNMGR = 0xC002917B, "The File \"%1\" doesn't contain file path(s).",
        "the connection or variable holds no path",
        "give it the path of a file or folder";
    DTS_E_FTPTASK_NOFILEPATHSINLOCALVAR = 0xC002917C, "The variable \"%1\" doesn't contain file path(s).",
        "the connection or variable holds no path",
        "give it the path of a file or folder";
    DTS_E_FTPTASK_VARIABLENOTASTRING = 0xC002917D, "Variable \"%1\" is not a string.",
        "the variable that holds the text or path is not of type String",
        "change the variable's type to String";
    DTS_E_FTPTASK_VARIABLENOTFOUND = 0xC002917E, "Variable \"%1\" does not exist.",
        "the variable does not exist in the scope of the task",
        "check its name, namespace and scope";
    DTS_E_FTPTASK_INVALIDPATHONOPERATION = 0xC002917F, "Invalid path on operation \"%1\".",
        "a remote path must begin with /",
        "write the whole remote path";
    DTS_E_FTPTASK_DIRECTORYEXISTS = 0xC0029180, "\"%1\" already exists.",
        "the folder or file exists already",
        "allow overwriting, or delete it before";
    DTS_E_FTPTASK_CONNECTIONTYPENOTFILE = 0xC0029182, "Type of Connection \"%1\" is Not a file.",
        "the connection is not a File connection manager",
        "choose a File connection manager";
    DTS_E_FTPTASK_FILEDOESNOTEXIST = 0xC0029183, "File represented by \"%1\" does not exist.",
        "nothing lies under the path",
        "check the path, its upper and lower case, and whether an earlier step writes it";
    DTS_E_FTPTASK_INVALIDDIRECTORY = 0xC0029184, "Directory is not specified in the variable \"%1\".",
        "the connection or variable holds no path",
        "give it the path of a file or folder";
    DTS_E_FTPTASK_NOFILESFOUND = 0xC0029185, "No files found in \"%1\".",
        "no file matches",
        "check folder and pattern, or set StopOnOperationFailure to false";
    DTS_E_FTPTASK_NODIRECTORYPATHINCONMGR = 0xC0029186, "Directory is not specified in the file connection manager \"%1\".",
        "the connection or variable holds no path",
        "give it the path of a file or folder";
    DTS_E_FTPTASK_UNABLETODELETELOCALEFILE = 0xC0029187, "Unable to delete local file \"%1\".",
        "the local file system refused the operation",
        "check the path and the rights of the account that runs Packmule";
    DTS_E_FTPTASK_UNABLETOREMOVELOCALDIRECTORY = 0xC0029188, "Unable to remove local directory \"%1\".",
        "the local file system refused the operation",
        "check the path and the rights of the account that runs Packmule";
    DTS_E_FTPTASK_UNABLETOCREATELOCALDIRECTORY = 0xC0029189, "Unable to create local directory \"%1\".",
        "the local file system refused the operation",
        "check the path and the rights of the account that runs Packmule";
    DTS_E_FTPTASK_UNABLETORECEIVEFILES = 0xC002918A, "Unable to receive files using \"%1\".",
        "the FTP server refused the operation",
        "check the remote path and the account's rights on the server";
    DTS_E_FTPTASK_UNABLETOSENDFILES = 0xC002918B, "Unable to send files using \"%1\".",
        "the FTP server refused the operation",
        "check the remote path and the account's rights on the server";
    DTS_E_FTPTASK_UNABLETOMAKEDIRREMOTE = 0xC002918C, "Unable to create remote directory using \"%1\".",
        "the FTP server refused the operation",
        "check the remote path and the account's rights on the server";
    DTS_E_FTPTASK_UNABLETOREMOVEDIRREMOTE = 0xC002918D, "Unable to remove remote directory using \"%1\".",
        "the FTP server refused the operation",
        "check the remote path and the account's rights on the server";
    DTS_E_FTPTASK_UNABLETODELETEREMOTEFILES = 0xC002918E, "Unable to delete remote files using \"%1\".",
        "the FTP server refused the operation",
        "check the remote path and the account's rights on the server";
    DTS_E_FTPTASK_UNABLETOCONNECTTOSERVER = 0xC002918F, "Unable to connect to FTP server using \"%1\".",
        "the server cannot be reached or refuses the account",
        "check server, port, account and firewall";
    DTS_E_FTPTASK_INVALIDVARIABLEVALUE = 0xC0029190, "Variable \"%1\" doesn't start with \"/\".",
        "a remote path must begin with /",
        "write the whole remote path";
    DTS_E_FTPTASK_INVALIDREMOTEPATH = 0xC0029191, "Remote path \"%1\" doesn't start with \"/\".",
        "a remote path must begin with /",
        "write the whole remote path";
    DTS_E_DTS_E_FTPTASK_CANNOT_ACQUIRE_CONNECTION = 0xC0029192, "There was an error acquiring the FTP connection. Please check if you have specified a valid connection type \"%1\".",
        "the task has no working FTP connection",
        "choose an FTP connection manager and check its server and account";
    DTS_E_SCRIPTTASK_SCRIPTREPORTEDFAILURE = 0xC00291AF, "User script returned a failure result.",
        "the script set its result to failure",
        "read what the script reported";
    DTS_E_SCRIPTTASK_SCRIPTTHREWEXCEPTION = 0xC00291B1, "User script threw an exception: \"%1\".",
        "the script ended with an exception",
        "read the exception and correct the script or its input";
    DTS_E_SENDMAILTASK_RECIPIENT_EMPTY = 0xC00291C3, "No recipient is specified.",
        "To, Cc and Bcc are empty",
        "give at least one recipient";
    DTS_E_SENDMAILTASK_SMTP_SERVER_NOT_SPECIFIED = 0xC00291C4, "The Simple Mail Transfer Protocol (SMTP) server is not specified. Provide a valid name or IP address of the SMTP server.",
        "the SMTP connection names no server",
        "set SmtpServer in the connection";
    DTS_E_SENDMAILTASK_INVALIDATTACHMENT = 0xC00291CB, "Either the file \"%1\" does not exist or you do not have permissions to access the file.",
        "an attached file does not exist or may not be read",
        "check the paths, separated by |";
    DTS_E_SENDMAILTASK_CHECK_VALID_SMTP_SERVER = 0xC00291CD, "Verify that the Simple Mail Transfer Protocol (SMTP) server specified is valid.";
    DTS_E_SENDMAILTASK_CONNECTIONTYPENOTFILE = 0xC00291CE, "Connection \"%1\" is not of type File.",
        "the text of the message comes from a connection of another type",
        "choose a File connection manager";
    DTS_E_SENDMAILTASK_FILEDOESNOTEXIST = 0xC00291CF, "On operation \"%1\", file \"%2\" does not exist.",
        "the file with the text of the message is not there",
        "check the path, its upper and lower case, and whether an earlier step writes it";
    DTS_E_SENDMAILTASK_VARIABLETYPEISNOTSTRING = 0xC00291D0, "Variable \"%1\" is not of type string.",
        "the variable with the text of the message is not of type String",
        "change the variable's type to String";
    DTS_E_SENDMAILTASK_CONNECTIONTYPENOTSMTP = 0xC00291D1, "Connection \"%1\" is not of type SMTP.",
        "the connection is not an SMTP connection manager",
        "choose an SMTP connection manager";
    DTS_E_SENDMAILTASK_CONNMNGRNULL = 0xC00291D2, "Connection \"%1\" is empty.";
    DTS_E_SENDMAILTASK_NOCONNMNGR = 0xC00291D3, "The specified connection \"%1\" does not exist.",
        "no connection manager has this name or id",
        "choose a connection manager of the package or project";
    DTS_E_SQLTASK_NOSTATEMENTSPECIFIED = 0xC00291D4, "No Transact-SQL statement specified.",
        "the statement is empty",
        "set SqlStatementSource, or the file or variable it comes from";
    DTS_E_SQLTASK_NOXMLSUPPORT = 0xC00291D5, "The connection does not support XML result sets.",
        "the provider of the connection cannot return XML",
        "use an ADO.NET or OLE DB connection to SQL Server, or another result set";
    DTS_E_SQLTASK_NOHANDLERFORCONNECTION = 0xC00291D6, "Cannot locate a handler for the specified connection type.",
        "the connection type cannot be used by the Execute SQL Task",
        "choose an OLE DB, ODBC or ADO.NET connection";
    DTS_E_SQLTASK_NOCONNECTIONMANAGER = 0xC00291D7, "No connection manager is specified.",
        "the task names no connection manager, or a deleted one",
        "choose the connection manager again";
    DTS_E_SQLTASK_CANNOTACQUIRECONNMANAGER = 0xC00291D8, "Cannot acquire a connection from the connection manager.",
        "the connection cannot be opened",
        "test server, database, account and password";
    DTS_E_SQLTASK_NULLPARAMETERNAME = 0xC00291D9, "Cannot have a null parameter name.",
        "a parameter has an empty name",
        "name it 0, 1, 2 for OLE DB, 1, 2, 3 for ODBC, @Name for ADO.NET";
    DTS_E_SQLTASK_INVALIDPARAMETERNAME = 0xC00291DA, "The parameter name is not valid.",
        "parameter names do not fit the connection type, or numbers and names are mixed",
        "use 0, 1, 2 for OLE DB, 1, 2, 3 for ODBC, @Name for ADO.NET";
    DTS_E_SQLTASK_VALIDPARAMETERTYPES = 0xC00291DB, "Valid parameter names are of type Int or String.",
        "parameter names do not fit the connection type, or numbers and names are mixed",
        "use 0, 1, 2 for OLE DB, 1, 2, 3 for ODBC, @Name for ADO.NET";
    DTS_E_SQLTASK_READONLYVARIABLE = 0xC00291DC, "Variable \"%1\" cannot be used in a result binding because it is read-only.",
        "a result or output parameter is bound to a read-only variable",
        "bind a writable variable";
    DTS_E_SQLTASK_INDESNOTINCOLLECTION = 0xC00291DD, "The index is not assigned in this collection.",
        "the binding names an item that does not exist",
        "compare the bindings with the statement";
    DTS_E_SQLTASK_ROVARINOUTPARAMETER = 0xC00291DE, "The variable \"%1\" cannot be used as an \"out\" parameter or return value in a parameter binding because it is read-only.",
        "a result or output parameter is bound to a read-only variable",
        "bind a writable variable";
    DTS_E_SQLTASK_OBJECTNOTINCOLLECTION = 0xC00291DF, "The object does not exist in this collection.",
        "the binding names an item that does not exist",
        "compare the bindings with the statement";
    DTS_E_SQLTASK_UNABLETOACQUIREMANAGEDCONN = 0xC00291E0, "Cannot acquire a managed connection.",
        "the connection cannot be opened",
        "test server, database, account and password";
    DTS_E_UNABLETOPOPRESULT = 0xC00291E1, "Cannot populate the result columns for a single row result type. The query returned an empty result set.",
        "the query returned no row, but the result set is Single row",
        "make the query return one row, or use Full result set";
    DTS_E_SQLTASK_INVALIDNUMOFRESULTBINDINGS = 0xC00291E2, "There is an invalid number of result bindings returned for the ResultSetType: \"%1\".",
        "the number of result bindings does not fit the kind of result set",
        "bind one variable for a full or XML result, and one per column for a single row";
    DTS_E_SQLTASK_RESULTBINDTYPEFORROWSETXML = 0xC00291E3, "The result binding name must be set to zero for full result set and XML results.",
        "a full or XML result is bound by a name",
        "set the result name to 0";
    DTS_E_SQLTASK_INVALIDEPARAMDIRECTIONFALG = 0xC00291E4, "The parameter directions flag is not valid.",
        "a parameter's direction is none of Input, Output and ReturnValue",
        "set the direction";
    DTS_E_SQLTASK_NOSQLTASKDATAINXMLFRAGMENT = 0xC00291E5, "The XML fragment does not contain SQL Task data.",
        "the settings of the task in the package file are missing",
        "create the task again";
    DTS_E_SQLTASK_MULTIPLERETURNVALUEPARAM = 0xC00291E6, "A parameter with type return value is not the first parameter, or there are more than one parameter of type return value.",
        "a return value must be the first parameter and there can be only one",
        "move it to the first place";
    DTS_E_SQLTASK_CONNECTIONTYPENOTFILE = 0xC00291E7, "Connection \"%1\" is not a file connection manager.",
        "the connection is not a File connection manager",
        "choose a File connection manager";
    DTS_E_SQLTASK_FILEDOESNOTEXIST = 0xC00291E8, "File represented by \"%1\" does not exist.",
        "nothing lies under the path",
        "check the path, its upper and lower case, and whether an earlier step writes it";
    DTS_E_SQLTASK_VARIABLETYPEISNOTSTRING = 0xC00291E9, "Type of variable \"%1\" is not string.",
        "the variable that holds the text or path is not of type String",
        "change the variable's type to String";
    DTS_E_SQLTASK_VARIABLENOTFOUND = 0xC00291EA, "Variable \"%1\" does not exist or could not be locked.",
        "the variable does not exist in scope or another task holds it",
        "check its name, namespace and scope";
    DTS_E_SQLTASK_CANNOTLOCATECONNMANAGER = 0xC00291EB, "Connection manager \"%1\" does not exist.",
        "the task names no connection manager, or a deleted one",
        "choose the connection manager again";
    DTS_E_SQLTASK_FAILEDTOACQUIRECONNECTION = 0xC00291EC, "Failed to acquire connection \"%1\". Connection may not be configured correctly or you may not have the right permissions on this connection.",
        "the connection cannot be opened",
        "test server, database, account and password";
    DTS_E_SQLTASKCONN_ERR_NO_ROWS = 0xC00291EE, "A result set type of single row is specified, but no rows were returned.";
    DTS_E_SQLTASKCONN_ERR_PARAM_NAME_MIX = 0xC00291F3, "Parameter names cannot be an mix of ordinal and named types.",
        "parameter names do not fit the connection type, or numbers and names are mixed",
        "use 0, 1, 2 for OLE DB, 1, 2, 3 for ODBC, @Name for ADO.NET";
    DTS_E_SQLTASKCONN_ERR_RESULT_COL_INDEX = 0xC00291F6, "The result column index %d is not valid.";
    DTS_E_SQLTASKCONN_ERR_UNKNOWN_RESULT_COL = 0xC00291F7, "Cannot find column \\\\\"%s\\\\\" in the result set.";
    DTS_E_SQLTASKCONN_ERR_NOROWSET = 0xC00291F9, "No result rowset is associated with the execution of this query.",
        "the statement returns no rows, but the task expects a result",
        "set ResultSet to None, or let the statement select";
    DTS_E_SQLTASKCONN_ERR_CANT_LOAD_XML = 0xC00291FC, "Cannot load XML with query result.";
    DTS_E_WEBSERVICETASK_CONNECTION_NAME_NULL = 0xC0029204, "The connection is empty. Verify that a valid HTTP connection is specified.";
    DTS_E_WEBSERVICETASK_CONNECTION_NOT_FOUND = 0xC0029205, "The connection does not exist. Verify that a valid, existing HTTP connection is specified.";
    DTS_E_WEBSERVICETASK_CONNECTION_NOT_HTTP = 0xC0029206, "The connection specified is not a HTTP connection. Verify that a valid HTTP connection is specified.";
    DTS_E_WEBSERVICETASK_SERVICE_NULL = 0xC0029207, "The Web Service name is empty. Verify that a valid web service name is specified.";
    DTS_E_WEBSERVICETASK_METHODNAME_NULL = 0xC0029208, "The web method name is empty. Verify that a valid web method is specified.";
    DTS_E_WEBSERVICETASK_WEBMETHODINFO_NULL = 0xC0029209, "The web method is empty or may not exist. Verify that there is an existing web method to specify.";
    DTS_E_WEBSERVICETASK_OUTPUTLOC_NULL = 0xC002920A, "The output location is empty. Verify that an existing file connection or variable is specified.";
    DTS_E_WEBSERVICETASK_VARIABLE_NOT_FOUND = 0xC002920B, "The variable cannot be found. Verify that the variable exists in the package.";
    DTS_E_WEBSERVICETASK_VARIABLE_READONLY = 0xC002920C, "Cannot save the result. Verify that the variable is not read-only.";
    DTS_E_WEBSERVICETASK_ERROR_IN_LOAD_FROM_XML = 0xC002920D, "Error occurred in LoadFromXML at the tag \"%1\".";
    DTS_E_WEBSERVICETASK_ERROR_IN_SAVE_TO_XML = 0xC002920E, "Error occurred in SaveToXML at the tag \"%1\".";
    DTS_E_WEBSERVICETASK_TASK_SAVE_TO_NULL_XML_ELEMENT = 0xC002920F, "Cannot save the task to a null XML document.";
    DTS_E_WEBSERVICETASK_TASK_INITIALIZATION_WITH_NULL_XML_ELEMENT = 0xC0029210, "Cannot initialize the task with a null XML element.";
    DTS_E_WEBSERVICETASK_TASK_INITIALIZATION_WITH_WRONG_XML_ELEMENT = 0xC0029211, "The Web Service Task is initiated with an incorrect XML element.";
    DTS_E_WEBSERVICETASK_UNEXPECTED_XML_ELEMENT = 0xC0029212, "Unexpected XML element found.";
    DTS_E_WEBSERVICETASK_CANNOT_ACQUIRE_CONNECTION = 0xC0029213, "There was an error acquiring the HTTP connection. Verify that a valid connection type is specified.";
    DTS_E_WEBSERVICETASK_FILE_CONN_NOT_FOUND = 0xC0029214, "Cannot save the result. Verify that there is an existing file connection.";
    DTS_E_WEBSERVICETASK_FILE_NOT_FOUND = 0xC0029215, "Cannot save the result. Verify that the file exists.";
    DTS_E_WEBSERVICETASK_FILE_NULL = 0xC0029216, "Cannot save the result. The file name is empty or the file is in use by another process.";
    DTS_E_WEBSERVICETASK_CANNOT_ACQUIRE_FILE_CONNECTION = 0xC0029217, "There was an error in acquiring the file connection. Verify that a valid file connection is specified.";
    DTS_E_WEBSERVICETASK_DATATYPE_NOT_SUPPORTED = 0xC0029218, "Only Complex Types with Primitive values, Primitive Arrays, and Enumerations are supported.";
    DTS_E_WEBSERVICETASK_PARAMTYPE_NOT_SUPPORTED = 0xC0029219, "Only Primitive, Enum, Complex, PrimitiveArray, and ComplexArray types are supported.";
    DTS_E_WEBSERVICETASK_WSDL_VERSION_NOT_SUPPORTED = 0xC002921A, "This version of WSDL is not supported.";
    DTS_E_WEBSERVICETASK_WRONG_XML_ELEMENT = 0xC002921B, "Initialized with an incorrect XML element.";
    DTS_E_WEBSERVICETASK_XML_ATTRIBUTE_NOT_FOUND = 0xC002921C, "A mandatory attribute is not found.";
    DTS_E_WEBSERVICETASK_ENUM_NO_VALUES = 0xC002921D, "The enum \"%1\" does not have any values. The WSDL is corrupted.";
    DTS_E_WEBSERVICETASK_CONNECTIONNOTFOUND = 0xC002921E, "The connection cannot be found.";
    DTS_E_WEBSERVICETASK_CONNECTION_ALREADY_EXISTS = 0xC002921F, "Connection by this name already exists.";
    DTS_E_WEBSERVICETASK_NULL_CONNECTION = 0xC0029220, "Connection cannot be null or empty.";
    DTS_E_WEBSERVICETASK_NOT_HTTP_CONNECTION = 0xC0029221, "The connection specified is not a HTTP connection. Verify that a valid HTTP connection is specified.";
    DTS_E_WEBSERVICETASK_WSDL_NOT_FOUND = 0xC0029222, "The specified Uniform Resource Identifier (URI) does not contain a valid WSDL.";
    DTS_E_WEBSERVICETASK_ERROR_IN_DOWNLOAD = 0xC0029223, "Could not read the WSDL file. The input WSDL file is not valid. The reader threw the following error: \"%1\".";
    DTS_E_WEBSERVICETASK_SERVICE_DESC_NULL = 0xC0029224, "Service Description cannot be null.";
    DTS_E_WEBSERVICETASK_SERVICENULL = 0xC0029225, "Service name cannot be null.";
    DTS_E_WEBSERVICETASK_WSDL_NULL = 0xC0029226, "URL cannot be null.";
    DTS_E_WEBSERVICETASK_SERVICE_NOT_FOUND = 0xC0029227, "The service is not currently available.";
    DTS_E_WEBSERVICETASK_SOAPPORT_NOT_FOUND = 0xC0029228, "The service is not available on the SOAP port.";
    DTS_E_WEBSERVICETASK_SOAPBINDING_NOT_FOUND = 0xC0029229, "Failed to parse the Web Services Description Language (WSDL). Cannot find the Binding that corresponds to the SOAP port.";
    DTS_E_WEBSERVICETASK_SOAPPORTTYPE_NOT_FOUND = 0xC002922A, "Failed to parse the Web Services Description Language (WSDL). Cannot find a PortType that corresponds to the SOAP port.";
    DTS_E_WEBSERVICETASK_MSG_NOT_FOUND = 0xC002922B, "Cannot find the message that corresponds to the method specified.";
    DTS_E_WEBSERVICETASK_CANNOT_GEN_PROXY = 0xC002922C, "Could not generate the proxy for the given web service. The following errors were encountered while generating the proxy \"%1\".";
    DTS_E_WEBSERVICETASK_CANNOT_LOAD_PROXY = 0xC002922D, "Could not load the proxy for the given web service. The exact error is as follows: \"%1\".";
    DTS_E_WEBSERVICETASK_INVALID_SERVICE = 0xC002922E, "Could not find the specified service. The exact error is as follows: \"%1\".";
    DTS_E_WEBSERVICETASK_WEBMETHOD_INVOKE_FAILED = 0xC002922F, "The Web Service threw the following error during method execution: \"%1\".";
    DTS_E_WEBSERVICETASK_INVOKE_ERR = 0xC0029230, "Could not execute the web method. The exact error is as follows: \"%1\".";
    DTS_E_WEBSERVICETASK_METHODINFO_NULL = 0xC0029231, "MethodInfo cannot be null.";
    DTS_E_WEBSERVICETASK_VALUE_NOT_PRIMITIVE = 0xC0029232, "The specified WebMethodInfo is not correct. The ParamValue supplied does not match the ParamType. The DTSParamValue is not of type PrimitiveValue.";
    DTS_E_WEBSERVICETASK_VALUE_NOT_ENUM = 0xC0029233, "The WebMethodInfo specified is not correct. The ParamValue supplied does not match the ParamType. The DTSParamValue found is not of type EnumValue.";
    DTS_E_VALUE_WEBSERVICETASK_NOT_COMPLEX = 0xC0029234, "The WebMethodInfo specified is not correct. The ParamValue supplied does not match the ParamType. The DTSParamValue found is not of type ComplexValue.";
    DTS_E_WEBSERVICETASK_VALUE_NOT_ARRAY = 0xC0029235, "The WebMethodInfo specified is not correct. The ParamValue supplied does not match the ParamType. The DTSParamValue found is not of type ArrayValue.";
    DTS_E_WEBSERVICETASK_TYPE_NOT_PRIMITIVE = 0xC0029236, "The WebMethodInfo you have specified is wrong. \"%1\" is not Primitive Type.";
    DTS_E_WEBSERVICETASK_ARRAY_VALUE_INVALID = 0xC0029237, "The format of the ArrayValue is not valid. There should be at least one element in the array.";
    DTS_E_WEBSERVICETASK_SELECTED_VALUE_NULL = 0xC0029238, "The value of the enumeration cannot be null. Select a default value for the enumeration.";
    DTS_E_WEBSERVICETASK_NULL_VALUE = 0xC0029239, "Cannot validate a null against any datatype.";
    DTS_E_WEBSERVICETASK_ENUM_VALUE_NOT_FOUND = 0xC002923A, "The enumeration Value is not correct.";
    DTS_E_WEBSERVICETASK_PROP_NOT_EXISTS = 0xC002923B, "The class specified does not contain a public property by the name \"%1\".";
    DTS_E_WEBSERVICETASK_CONVERT_FAILED = 0xC002923C, "Could not convert \"%1\" to \"%2\".";
    DTS_E_WEBSERVICETASK_CLEANUP_FAILED = 0xC002923D, "Cleanup failed. The proxy that was created for the web service may not have been deleted.";
    DTS_E_WEBSERVICETASK_CREATE_INSTANCE_FAILED = 0xC002923E, "Could not create an object of type \"%1\". Please check whether the default constructor exists.";
    DTS_E_WEBSERVICETASK_NOT_PRIMITIVE_TYPE = 0xC002923F, "\"%1\" is not a value type.";
    DTS_E_WEBSERVICETASK_ERROR_IN_VALIDATE = 0xC0029240, "Could not validate \"%1\" against \"%1\".";
    DTS_E_WEBSERVICETASK_DATATYPE_NULL = 0xC0029241, "The data type cannot be null. Specify the value of the data type to validate.";
    DTS_E_WEBSERVICETASK_INDEX_OUT_OF_BOUNDS = 0xC0029242, "The ParamValue cannot be inserted at this position. The index specified might be lesser than zero or greater than the length.";
    DTS_E_WEBSERVICETASK_WRONG_WSDL = 0xC0029243, "The input WSDL file is not valid.";
    DTS_E_XMLTASK_EMPTYNODELIST = 0xC0029268, "The node list is empty.";
    DTS_E_XMLTASK_VALIDATIONERROR = 0xC002926D, "A validation error occurred when validating the instance document.";
    DTS_E_XMLTASK_SRCDOCMISMATCH = 0xC0029286, "The XDL diffgram is not applicable to this XML document. The rcDocHash value does not match.";
    DTS_E_XMLTASK_XSLTRESULTFILEISNOTXML = 0xC002928B, "The File/Text Produced by the XSLT is not a valid XmlDocument, thus can not be set as result of operation: \"%1\".";
    DTS_E_XMLTASK_FILEALREADYEXISTS = 0xC0029290, "File \"%1\" already exists.";
    DTS_E_SQLTASK_ERROREXECUTINGTHEQUERY = 0xC002F210, "Executing the query \"%1\" failed with the following error: \"%2\". Possible failure reasons: Problems with the query, \"ResultSet\" property not set correctly, parameters not set correctly, or connection not established correctly.",
        "the database refused the statement",
        "read the database's message; run the statement there with the same parameters";
    DTS_E_ERROROCCURREDWITHFOLLOWINGMESSAGE = 0xC002F304, "An error occurred with the following error message: \"%1\".",
        "the system refused the operation; its message follows",
        "check the path, the rights and the free space";
    DTS_E_BITASK_EXECUTION_FAILED = 0xC002F305, "Bulk insert execution failed.";
    DTS_E_FSTASK_INVALIDDESTPATH = 0xC002F306, "Invalid destination path.";
    DTS_E_FSTASK_CANTCREATEDIR = 0xC002F307, "Can not create directory. User chose to fail the task if directory exists.",
        "the folder exists already and UseDirectoryIfExists is false",
        "set UseDirectoryIfExists, or delete the folder before";
    DTS_E_SQLTASK_ODBCNOSUPPORTTRANSACTION = 0xC002F308, "The task has a transaction option of \"Required\" and connection \"%1\" is of type \"ODBC\". ODBC connections don't support transactions.";
    DTS_E_SQLTASK_ERRORASSIGINGVALUETOVAR = 0xC002F309, "An error occurred while assigning a value to variable \"%1\": \"%2\".",
        "the result is NULL, missing or of a type that the variable does not take",
        "make the statement return that type, or use a variable of type Object";
    DTS_E_FSTASK_SOURCEISEMPTY = 0xC002F30A, "The source is empty.";
    DTS_E_FSTASK_DESTINATIONISEMPTY = 0xC002F30B, "The destination is empty.";
    DTS_E_FSTASK_FILEDIRNOTFOUND = 0xC002F30C, "File or directory \"%1\" does not exist.",
        "nothing lies under the path",
        "check the path, its upper and lower case, and whether an earlier step writes it";
    DTS_E_FSTASK_VARSRCORDESTISEMPTY = 0xC002F30D, "Variable \"%1\" is used as a source or destination and is empty.",
        "the variable holds an empty path when the task runs",
        "give it a value before, or check the expression that sets it";
    DTS_E_BITASK_CANNOTRETAINCONNINTRANSACTION = 0xC002F41F, "The task can not have a retained connection manager in a transaction.";
    DTS_E_SQLTASK_PARAMSIZEERROR = 0xC002F429, "Parameter \"%1\" cannot be negative. (-1) is used for the default value.",
        "a parameter's size is below -1",
        "set it to -1 or the length of the text";
    DTS_E_OLEDB_EXCEL_NOT_SUPPORTED = 0xC00F9304, "SSIS Error Code DTS_E_OLEDB_EXCEL_NOT_SUPPORTED: The Excel Connection Manager is not supported in the 64-bit version of SSIS, as no OLE DB provider is available.",
        "the Excel connection needs a Windows provider",
        "use a supported source, such as a flat file";
}
