//! Codes of the run-time: packages, containers, variables, connections, configurations,
//! checkpoints, logging.

use super::table::codes;

codes! {
    DTS_I_STARTINGTRANSACTION = 0x4001100A, "Starting distributed transaction for this container.";
    DTS_I_COMMITTINGTRANSACTION = 0x4001100B, "Committing distributed transaction started by this container.";
    DTS_I_ABORTINGTRANSACTION = 0x4001100C, "Aborting the current distributed transaction.";
    DTS_I_FTPFILEEXISTS = 0x40016027, "File \"%1\" already exists.";
    DTS_I_CONFIGFROMENVVAR = 0x40016038, "The package is attempting to configure from the environment variable \"%1\".";
    DTS_I_CONFIGFROMINIFILE = 0x40016039, "The package is attempting to configure from the .ini file \"%1\".";
    DTS_I_CONFIGFROMSQLSERVER = 0x40016040, "The package is attempting to configure from SQL Server using the configuration string \"%1\".";
    DTS_I_CONFIGFROMFILE = 0x40016041, "The package is attempting to configure from the XML file \"%1\".";
    DTS_I_CONFIGFROMPARENTVARIABLE = 0x40016042, "The package is attempting to configure from the parent variable \"%1\".";
    DTS_I_SAVECHECKPOINTSTOFILE = 0x40016045, "The package will be saving checkpoints to file \"%1\" during execution. The package is configured to save checkpoints.";
    DTS_I_RESTARTFROMCHECKPOINTFILE = 0x40016046, "The package restarted from checkpoint file \"%1\". The package was configured to restart from checkpoint.";
    DTS_I_CHECKPOINTSAVEDTOFILE = 0x40016047, "Checkpoint file \"%1\" was updated to record completion of this container.";
    DTS_I_CHECKPOINTFILEDELETED = 0x40016048, "Checkpoint file \"%1\" was deleted after successful completion of the package.";
    DTS_I_CHECKPOINTSAVINGTOFILE = 0x40016049, "Checkpoint file \"%1\" update starting.";
    DTS_W_CONFIGFILENAMEINVALID = 0x80012012, "The configuration file name \"%1\" is not valid. Check the configuration file name.",
        "the connection or variable that names the configuration file holds no usable path",
        "give the configuration a path of an existing .dtsConfig file";
    DTS_W_CONFIGFILENOTFOUND = 0x80012014, "The configuration file \"%1\" cannot be found. Check the directory and file name.",
        "the configuration file does not exist or may not be read",
        "check the path, its upper and lower case, and how it is mapped on this system";
    DTS_W_CONFIGKEYNOTFOUND = 0x80012015, "Configuration registry key \"%1\" was not found. A configuration entry specifies a registry key that is not available. Check the registry to ensure that the key is there.",
        "the configuration is kept in the Windows registry, which does not exist here",
        "move its values to an XML configuration, an environment variable or SQL Server";
    DTS_W_PARENTVARIABLENOTFOUND = 0x8001201C, "Configuration from a parent variable \"%1\" did not occur because there was no parent variable. Error code: 0x%2!8.8X!.",
        "the package runs without a parent, or the parent has no variable of this name",
        "run it from an Execute Package Task whose package has the variable";
    DTS_W_PROCESSCONFIGURATIONFAILEDSET = 0x80012028, "Process configuration failed to set the destination at the package path of \"%1\". This occurs when attempting to set the destination property or variable fails. Check the destination property or variable.",
        "the package path names a property or variable that cannot take the value",
        "compare the path with the package's objects and the value with the property's type";
    DTS_W_ONEORMORECONFIGLOADFAILED = 0x80012059, "Failed to load at least one of the configuration entries for the package. Check configuration entries for \"%1\" and previous warnings to see descriptions of which configuration failed.",
        "a configuration was not found or holds bad entries; the package keeps its design-time values",
        "read the warnings before this one; add SuppressConfigurationWarnings only when the configuration is optional";
    DTS_W_FAILURENOTRESTARTABLE = 0x80014058, "This task or container has failed, but because FailPackageOnFailure property is FALSE, the package will continue. This warning is posted when the SaveCheckpoints property of the package is set to TRUE and the task or container fails.",
        "a checkpoint cannot record the failure because FailPackageOnFailure is false",
        "set FailPackageOnFailure on the tasks that a restart shall begin with";
    DTS_W_MAXIMUMERRORCOUNTREACHED = 0x80019002, "SSIS Warning Code DTS_W_MAXIMUMERRORCOUNTREACHED.  The Execution method succeeded, but the number of errors raised (%1!d!) reached the maximum allowed (%2!d!); resulting in failure. This occurs when the number of errors reaches the number specified in MaximumErrorCount. Change the MaximumErrorCount or fix the errors.",
        "the container's tasks and handlers raised as many errors as MaximumErrorCount allows",
        "repair the errors that come before, or raise MaximumErrorCount";
    DTS_W_FILEENUMEMPTY = 0x8001C004, "The For Each File enumerator is empty. The For Each File enumerator did not find any files that matched the file pattern, or the specified directory was empty.",
        "no file matches the folder and pattern of the loop",
        "check Folder, FileSpec and Traverse subfolders; on Linux names are written in upper or lower case exactly";
    DTS_W_ITERATIONEXPRESSIONISNOTASSIGNMENT = 0x8001F203, "The iteration expression is not an assignment expression: \"%1\". This error usually occurs when the expression in the assignment expression on the ForLoop is not an assignment expression.",
        "the For Loop's AssignExpression does not assign to a variable",
        "write it as @Counter = @Counter + 1";
    DTS_W_INITIALIZATIONEXPRESSIONISNOTASSIGNMENT = 0x8001F204, "The initialization expression is not an assignment expression: \"%1\". This error usually occurs when the expression in the iterate expressions on the ForLoop is not an assignment expression.",
        "the For Loop's InitExpression does not assign to a variable",
        "write it as @Counter = 0";
    DTS_E_VARIABLENOTFOUND = 0xC0010001, "The variable cannot be found. This occurs when an attempt is made to retrieve a variable from the Variables collection on a container during execution of the package, and the variable is not there. The variable name may have changed or the variable is not being created.",
        "no variable of this name can be seen from this container, or a script did not list it",
        "check name, namespace and scope, and the script's ReadOnlyVariables and ReadWriteVariables";
    DTS_E_VARIABLEREADONLY = 0xC0010003, "Error trying to write to a read-only variable, \"%1\".",
        "the variable is a system variable, a parameter or marked ReadOnly",
        "write to another variable, or clear its ReadOnly property";
    DTS_E_ELEMENTNOTFOUND = 0xC0010009, "The element cannot be found in a collection. This error happens when you try to retrieve an element from a collection on a container during execution of the package and the element is not there.",
        "something is asked for by a name or number that its collection does not have",
        "compare the name with the package; it is often a renamed connection, variable or column";
    DTS_E_PACKAGENOTFOUND = 0xC001000A, "The specified package could not be loaded from the SQL Server database.",
        "the package is not stored in the database that was named, or the database cannot be reached",
        "check server, folder and package name";
    DTS_E_RESERVEDNAMESPACE = 0xC001000D, "Error assigning namespace to the variable. The namespace \"System\" is reserved for system use. This error happens when a component or task attempts to create a variable with a namespace of \"System\".";
    DTS_E_CONNECTIONNOTFOUND = 0xC001000E, "The connection \"%1\" is not found. This error is thrown by Connections collection when the specific connection element is not found.",
        "the id or name belongs to a deleted connection manager, or to one of the project while the package runs alone",
        "deploy and run the whole project, or choose a connection manager again";
    DTS_E_CANTCHANGEREADONLYATRUNTIME = 0xC0010010, "An attempt change to a read-only attribute on variable \"%1\" occurred. This error happens when a read-only attribute for a variable is being changed at runtime. Read-only attributes can be changed only at design time.",
        "the variable is a system variable, a parameter or marked ReadOnly",
        "write to another variable, or clear its ReadOnly property";
    DTS_E_GENERICERROR = 0xC0010014, "One or more error occurred. There should be more specific errors preceding this one that explains the details of the errors. This message is used as a return value from functions that encounter errors.",
        "it only reports that something before it failed",
        "read the errors before this one";
    DTS_E_PERSISTENCEERROR = 0xC0010018, "Error loading value \"%1\" from node \"%2\".",
        "the package file holds a value that its property cannot take",
        "open the package at the node that is named and correct the value";
    DTS_E_ERRORLOADINGTASK = 0xC0010020, "Failed to load task \"%1\", type \"%2\". The contact information for this task is \"%3\".",
        "the package uses a task type that Packmule does not have",
        "replace the task, or disable it where its work is not needed";
    DTS_E_HASEMPTYTASKHOSTS = 0xC0010025, "The package cannot execute because it contains tasks that failed to load.",
        "the package holds at least one task that could not be loaded",
        "repair or disable the tasks named before";
    DTS_E_TASKISEMPTY = 0xC0010026, "The task has failed to load. The contact information for this task is \"%1\".",
        "the package uses a task type that Packmule does not have",
        "replace the task, or disable it where its work is not needed";
    DTS_E_ERRORLOADINGTASKNOCONTACT = 0xC0010027, "Error loading task \"%1\".",
        "the package uses a task type that Packmule does not have",
        "replace the task, or disable it where its work is not needed";
    DTS_E_MULTIPLECACHEWRITES = 0xC0010200, "The %1 cannot write to the cache because %2 has already written to it.",
        "two Cache Transforms of the package fill the same Cache connection manager",
        "give each Cache Transform a cache of its own";
    DTS_E_READNOTFILLEDCACHE = 0xC0010205, "The cache is being written to by %1, and cannot be read by %2.",
        "a Lookup reads the cache in the data flow that still fills it",
        "fill the cache in an earlier Data Flow Task";
    DTS_E_CANTLOADFROMNODE = 0xC0011001, "The runtime object cannot be loaded from the specified XML node.  This happens when trying to load a package or other object from an XML node that is not of the correct type, such as a non-SSIS XML node.",
        "the file is XML, but not an SSIS package",
        "check that the file is a .dtsx package";
    DTS_E_OPENPACKAGEFILE = 0xC0011002, "Failed to open package file \"%1\" due to error 0x%2!8.8X! \"%3\".  This happens when loading a package and the file cannot be opened or loaded correctly into the XML document. This can be the result of either providing an incorrect file name was specified when calling LoadPackage or the XML file was specified and has an incorrect format.",
        "the file does not exist, may not be read or is no package",
        "check the path, its upper and lower case, and the rights of the account that runs Packmule";
    DTS_E_LOADPACKAGEXML = 0xC0011003, "Failed to load XML due to error 0x%1!8.8X! \"%2\". This happens when loading a package and the file cannot be opened or loaded correctly into XML document.  This can be the result of either providing an incorrect file name to the LoadPackage method or the XML file specified having an incorrect format.",
        "the file is not well-formed XML, often because it was cut off or edited by hand",
        "save the package again from its designer";
    DTS_E_LOADPACKAGEXMLFILE = 0xC0011004, "Failed to load XML from package file \"%1\" due to error 0x%2!8.8X! \"%3\".  This happens when loading a package and the file cannot be opened or loaded correctly into an XML document. This can be the result of either providing an incorrect file name to the LoadPackage method or the XML file specified having an incorrect format.",
        "the file is not well-formed XML, often because it was cut off or edited by hand",
        "save the package again from its designer";
    DTS_E_OPENFILE = 0xC0011005, "Failed to open package file. This happens when loading a package and the file cannot be opened or loaded correctly into an XML document. This can be the result of either providing an incorrect file name to the LoadPackage method or the XML file specified having an incorrect format.",
        "the file does not exist, may not be read or is no package",
        "check the path, its upper and lower case, and the rights of the account that runs Packmule";
    DTS_E_UNABLETODECODEBINARYFORMAT = 0xC0011006, "Unable to decode a binary format in the package.",
        "a binary part of the package is damaged",
        "save the package again from its designer";
    DTS_E_FUNDAMENTALLOADINGERROR = 0xC0011007, "Unable to load the package as XML because of package does not have a valid XML format. A specific XML parser error will be posted.",
        "the file is not well-formed XML, often because it was cut off or edited by hand",
        "save the package again from its designer";
    DTS_E_LOADFROMXML = 0xC0011008, "Error loading from XML. No further detailed error information can be specified for this problem because no Events object was passed where detailed error information can be stored.",
        "the file is not well-formed XML, often because it was cut off or edited by hand",
        "save the package again from its designer";
    DTS_E_CONFIGFORMATINVALID_PACKAGEDELIMITER = 0xC0012018, "The configuration entry, \"%1\", has an incorrect format because it does not begin with package delimiter. There was no \"\\package\" delimiter.",
        "a configuration entry does not name its target as \\Package…Properties[…]",
        "write the path as the designer shows it, for example \\Package.Variables[User::Name].Properties[Value]";
    DTS_E_CONFIGFORMATINVALID = 0xC0012019, "The configuration entry \"%1\" had an incorrect format. This can occur because of a missing delimiter or formatting errors, like an invalid array delimiter.",
        "a configuration entry does not name its target as \\Package…Properties[…]",
        "write the path as the designer shows it, for example \\Package.Variables[User::Name].Properties[Value]";
    DTS_E_FAILPACKAGEONFAILURENA = 0xC0012023, "FailPackageOnFailure property is not applicable to the package container.",
        "FailPackageOnFailure is set on the package itself",
        "clear it there and set it on tasks";
    DTS_E_CONFIGTYPECONVERSIONFAILED = 0xC0012037, "Failed to convert a type in the configuration \"%1\" for the package path \"%2\".  This happens when a configuration value cannot be converted from a string to the appropriate destination type. Check the configuration value to ensure it can be converted to the type of the destination property or variable.",
        "the configuration's text cannot be read as the type of the property or variable",
        "write the value in that type's form, with a point in numbers and ISO dates";
    DTS_E_REMOTEPACKAGEVALIDATION = 0xC0012050, "Package failed validation from the ExecutePackage task. The package cannot run.",
        "a child package did not validate",
        "run the child alone and repair the errors that it reports";
    DTS_E_UNKNOWNCONNECTIONMANAGERTYPE = 0xC0014005, "The connection type \"%1\" specified for connection manager \"%2\" is not recognized as a valid connection manager type. This error is returned when an attempt is made to create a connection manager for an unknown connection type. Check the spelling in the connection type name.",
        "the package uses a connection type that Packmule does not have",
        "use a supported connection type";
    DTS_E_CANNOTCLONECONNECTIONMANAGER = 0xC001400D, "Connection manager \"0x%1\" cannot be cloned for out-of-process execution.";
    DTS_E_LOGPROVIDERFAILED = 0xC0014010, "The SSIS logging provider \"%1\" failed with error code 0x%2!8.8X! (%3).  This indicates a logging error attributable to the specified log provider.",
        "the log's target cannot be opened or written",
        "check the log provider's connection, folder and rights";
    DTS_E_FROMEXECISNOTCHILD = 0xC0014016, "When adding a precedence constraint, a From executable was specified that is not a child of this container.",
        "a precedence constraint connects executables of different containers",
        "connect the containers instead";
    DTS_E_TOEXECISNOTCHILD = 0xC0014017, "When adding a precedence constraint, the To executable specified is not a child of this container.",
        "a precedence constraint connects executables of different containers",
        "connect the containers instead";
    DTS_E_CONNECTIONOFFLINE = 0xC0014019, "The connection manager \"%1\" will not acquire a connection because the package OfflineMode property is TRUE. When the OfflineMode is TRUE, connections cannot be acquired.",
        "OfflineMode is true",
        "set OfflineMode to false to run the package";
    DTS_E_BEGINTRANSACTION = 0xC001401A, "The SSIS Runtime has failed to start the distributed transaction due to error 0x%1!8.8X! \"%2\". The DTC transaction failed to start. This could occur because the MSDTC Service is not running.",
        "a distributed transaction cannot be started",
        "use a transaction of one connection: RetainSameConnection and BEGIN TRANSACTION in Execute SQL Tasks";
    DTS_E_CONNECTIONVALIDATIONFAILED = 0xC001401D, "Connection \"%1\" failed validation.",
        "the connection's path or connection string is empty or not valid",
        "check the connection string and the expressions and configurations that set it";
    DTS_E_INVALIDFILENAMEINCONNECTION = 0xC001401E, "The file name \"%1\" specified in the connection was not valid.",
        "the connection's path or connection string is empty or not valid",
        "check the connection string and the expressions and configurations that set it";
    DTS_E_PRECEDENCECONSTRAINT = 0xC0014021, "There was an error in the precedence constraint between \"%1\" and \"%2\".",
        "the constraint's expression cannot be evaluated",
        "test the expression; all its variables must be visible in the container of the constraint";
    DTS_E_GETENUMERATOR = 0xC0014023, "The GetEnumerator method of the ForEach Enumerator has failed with error 0x%1!8.8X! \"%2\". This occurs when the ForEach Enumerator cannot enumerate.",
        "the loop's enumerator cannot list its items: a missing folder, a bad query result or an empty variable",
        "read the description and check the enumerator's settings";
    DTS_E_OLEDBTRANSACTIONENLIST = 0xC001402C, "The SSIS Runtime has failed to enlist the OLE DB connection in a distributed transaction with error 0x%1!8.8X! \"%2\".",
        "the connection cannot take part in the transaction",
        "set TransactionOption to NotSupported, or keep the work in one connection";
    DTS_E_TRANSACTIONENLISTNOTSUPPORTED = 0xC0014034, "The connection does not support enlisting in distributed transaction.",
        "the connection cannot take part in the transaction",
        "set TransactionOption to NotSupported, or keep the work in one connection";
    DTS_E_PACKAGEPASSWORD = 0xC0014037, "The package is encrypted with a password. The password was not specified, or is not correct.",
        "the package's protection level needs a password and none or a wrong one was given",
        "give the password with the run, or redeploy the project";
    DTS_E_DUPLICATECONSTRAINT = 0xC0014038, "A precedence constraint already exists between the specified executables. More than one precedence constraint is not allowed.",
        "two constraints connect the same pair of executables",
        "delete one of them";
    DTS_E_OPENLOGFAILED = 0xC001404B, "The SSIS logging provider has failed to open the log. Error code: 0x%1!8.8X!.",
        "the log's target cannot be opened or written",
        "check the log provider's connection, folder and rights";
    DTS_E_VARIABLEDEADLOCK = 0xC001404D, "Deadlock detected while trying to lock variables. The locks cannot be acquired after 16 attempts. The locks timed out.",
        "another task holds the variables and does not release them",
        "don't let parallel tasks write the same variables; unlock variables early in scripts";
    DTS_E_VARIABLEALREADYONREADLIST = 0xC0014052, "The variable \"%1\" is already on the read list. A variable may only be added once to either the read lock list or the write lock list.";
    DTS_E_VARIABLEALREADYONWRITELIST = 0xC0014053, "The variable \"%1\" is already on the write list. A variable may only be added once to either the read lock list or the write lock list.",
        "the variable is listed twice, or both to read and to write",
        "list it once";
    DTS_E_LOCKVARIABLEFORREAD = 0xC0014054, "Failed to lock variable \"%1\" for read access with error 0x%2!8.8X! \"%3\".",
        "the variable does not exist in scope or another task holds it",
        "check its name, and that no parallel task locks it";
    DTS_E_LOCKVARIABLEFORWRITE = 0xC0014055, "Failed to lock variable \"%1\" for read/write access with error 0x%2!8.8X! \"%3\".",
        "the variable does not exist in scope or another task holds it",
        "check its name, and that no parallel task locks it";
    DTS_E_EVENTHANDLERNOTALLOWED = 0xC0014057, "The task providing the custom event \"%1\" does not allow this event to be handled in the package. The custom event was declared with AllowEventHandlers = FALSE.";
    DTS_E_VARIABLEDEADLOCK_READ = 0xC001405B, "A deadlock was detected while trying to lock variable \"%1\" for read access. A lock could not be acquired after 16 attempts and timed out.",
        "another task holds the variables and does not release them",
        "don't let parallel tasks write the same variables; unlock variables early in scripts";
    DTS_E_VARIABLEDEADLOCK_READWRITE = 0xC001405C, "A deadlock was detected while trying to lock variables \"%1\" for read/write access. A lock cannot be acquired after 16 attempts. The locks timed out.",
        "another task holds the variables and does not release them",
        "don't let parallel tasks write the same variables; unlock variables early in scripts";
    DTS_E_VARIABLEDEADLOCK_BOTH = 0xC001405D, "A deadlock was detected while trying to lock variables \"%1\" for read access and variables \"%2\" for read/write access. A lock cannot be acquired after 16 attempts. The locks timed out.",
        "another task holds the variables and does not release them",
        "don't let parallel tasks write the same variables; unlock variables early in scripts";
    DTS_E_DECRYPTXML_PASSWORD = 0xC001405F, "Failed to decrypt an encrypted XML node because the password was not specified or not correct. Package load will attempt to continue without the encrypted information.",
        "a sensitive value is encrypted with a password that was not given or is wrong",
        "give the password, or set the value by a parameter or environment";
    DTS_E_DECRYPTPACKAGE_USERKEY = 0xC0014060, "Failed to decrypt a package that is encrypted with a user key. You may not be the user who encrypted this package, or you are not using the same machine that was used to save the package.",
        "the package is encrypted with the key of a Windows user, which exists only there",
        "save the package with another protection level, such as DontSaveSensitive or EncryptSensitiveWithPassword";
    DTS_E_LOADFROMSQLSERVER = 0xC0014062, "LoadFromSQLServer method has failed.",
        "the server that holds the package cannot be reached or refuses the login",
        "check server, account and network";
    DTS_E_SQLPROFILERDLL_ONLY_X86 = 0xC0014065, "The log provider for SQL Server Profiler was unable to load pfclnt.dll because it is only supported on 32-bit systems.";
    DTS_E_INVALIDCHECKPOINT_TRANSACTION = 0xC0014104, "The current package settings are not supported.  Please change the SaveCheckpoints property or the TransactionOption property.";
    DTS_E_CANTWRITETOFILE = 0xC0015004, "The file, \"%1\", could not be opened for writing. The file could be read-only, or you do not have the correct permissions.",
        "the file or its folder may not be written, or another process holds it",
        "check the rights of the account that runs Packmule";
    DTS_E_NOROWSETRETURNED = 0xC0015005, "No result rowset is associated with the execution of this query. The result is not correctly specified.",
        "the statement returns no rows, but its result is asked for",
        "set the result set to None, or let the statement select";
    DTS_E_UNPROTECTXMLFAILED = 0xC0016016, "Failed to decrypt protected XML node \"%1\" with error 0x%2!8.8X! \"%3\". You may not be authorized to access this information. This error occurs when there is a cryptographic error. Verify that the correct key is available.",
        "a sensitive value was encrypted with a user's key or a password that is not known here; it is left empty",
        "set the value by a parameter, an environment or the package password";
    DTS_E_UNPROTECTCONNECTIONSTRINGFAILED = 0xC0016017, "Failed to decrypt protected connection string for server \"%1\" with error 0x%2!8.8X! \"%3\". You may not be authorized to access this information. This error occurs when there is a cryptographic error. Verify that the correct key is available.",
        "a sensitive value was encrypted with a user's key or a password that is not known here; it is left empty",
        "set the value by a parameter, an environment or the package password";
    DTS_E_PACKAGEMIGRATIONFAILED = 0xC0016020, "Package migration from version %1!d! to version %2!d! failed with error 0x%3!8.8X! \"%4\".",
        "the package was saved by a version that is too old or too new",
        "save it once with a current designer";
    DTS_E_FTPNOTCONNECTED = 0xC0016029, "Connection with the FTP server has not been established.",
        "the FTP server cannot be reached or refused the request",
        "check server name, port, account, path and passive mode";
    DTS_E_FTPERROR = 0xC001602A, "An error occurred in the requested FTP operation. Detailed error description: %1.",
        "the FTP server cannot be reached or refused the request",
        "check server name, port, account, path and passive mode";
    DTS_E_FTPNOFILESTODELETE = 0xC0016033, "No files specified to delete.";
    DTS_E_CHECKPOINTMISMATCH = 0xC0016049, "Checkpoint file \"%1\" does not match this package. The ID of the package and the ID in the checkpoint file do not match.",
        "the checkpoint file was written by another package or another version of it",
        "delete the checkpoint file to begin from the start";
    DTS_E_CHECKPOINTFILEALREADYEXISTS = 0xC001604A, "An existing checkpoint file is found with contents that do not appear to be for this package, so the file cannot be overwritten to start saving new checkpoints. Remove the existing checkpoint file and try again. This error occurs when a checkpoint file exists, the package is set to not use a checkpoint file, but to save checkpoints. The existing checkpoint file will not be overwritten.",
        "the checkpoint file was written by another package or another version of it",
        "delete the checkpoint file to begin from the start";
    DTS_E_CHECKPOINTFILELOCKED = 0xC001604B, "The checkpoint file \"%1\" is locked by another process. This may occur if another instance of this package is currently executing.",
        "another run of the package uses the same checkpoint file",
        "wait for it, or give each run its own CheckpointFileName";
    DTS_E_PROPERTYEXPRESSIONSDISABLEDONVARIABLES = 0xC0017002, "The Expression property is not supported on Variable objects. Use the EvaluateAsExpression property instead.";
    DTS_E_PROPERTYEXPRESSIONEVAL = 0xC0017003, "The expression \"%1\" on property \"%2\" cannot be evaluated. Modify the expression to be valid.",
        "the expression is wrong, or a variable in it is missing or NULL",
        "evaluate the expression in the designer and correct it";
    DTS_E_PROPERTYEXPRESSIONSET = 0xC0017004, "The result of the expression \"%1\" on property \"%2\" cannot be written to the property. The expression was evaluated, but cannot be set on the property.",
        "the expression's result does not fit the property",
        "cast the result to the property's type and allowed values";
    DTS_E_FORLOOPEVALEXPRESSIONINVALID = 0xC0017005, "The evaluation expression for the loop is not valid. The expression needs to be modified. There should be additional error messages.";
    DTS_E_EXPRESSIONNOTBOOLEAN = 0xC0017006, "The expression \"%1\" must evaluate to True or False. Change the expression to evaluate to a Boolean value.",
        "the expression gives a number or text where true or false is needed",
        "compare, for example with == or >";
    DTS_E_FORLOOPHASNOEXPRESSION = 0xC0017007, "There is no expression for the loop to evaluate. This error occurs when the expression on the For Loop is empty. Add an expression.",
        "the For Loop has no EvalExpression",
        "give it a condition such as @Counter < 10";
    DTS_E_EXPREVALTRUNCATIONASERROR = 0xC001700E, "A truncation occurred during evaluation of the expression.",
        "a text became longer than its type allows",
        "cast to a longer DT_WSTR, or shorten the text";
    DTS_E_FAILEDSETEXECVALVARIABLE = 0xC0019001, "The wrapper was unable to set the value of the variable specified in the ExecutionValueVariable property.",
        "the variable of ExecutionValueVariable is read-only or of another type",
        "choose a writable variable of a fitting type";
    DTS_E_VARIABLEEXPRESSIONERROR = 0xC0019004, "The expression for variable \"%1\" failed evaluation. There was an error in the expression.",
        "the expression of the variable is wrong or refers to a variable that cannot be read",
        "evaluate the expression in the designer and correct it";
    DTS_E_TXNSPECINVALID = 0xC001A003, "Transaction cannot be specified when a retained connection is used. This error occurs when Retain is set to TRUE on the connection manager, but AcquireConnection was called with a non-null transaction parameter.",
        "a connection with RetainSameConnection already belongs to another transaction",
        "use RetainSameConnection or TransactionOption, not both";
    DTS_E_INCOMPATIBLETRANSACTIONCONTEXT = 0xC001A004, "Incompatible transaction context was specified for a retained connection. This connection has been established under a different transaction context. Retained connections can be used under exactly one transaction context.",
        "a connection with RetainSameConnection already belongs to another transaction",
        "use RetainSameConnection or TransactionOption, not both";
    DTS_E_INVALIDFILE = 0xC001C002, "The file specified in the For Each File enumerator is not valid. Check that the file specified in the For Each File enumerator exists.",
        "the file of the enumerator does not exist or is a folder",
        "check the path";
    DTS_E_VALUEINDEXNOTINTEGER = 0xC001C010, "The value index is not an integer . Mapping a For Each Variable number %1!d! to the variable \"%2\".",
        "the column number of a variable mapping is not a whole number from 0",
        "correct the Index in the loop's variable mappings";
    DTS_E_VALUEINDEXNEGATIVE = 0xC001C011, "The value index is negative. The ForEach Variable Mapping number %1!d! to variable \"%2\".",
        "the column number of a variable mapping is not a whole number from 0",
        "correct the Index in the loop's variable mappings";
    DTS_E_FOREACHVARIABLEMAPPING = 0xC001C012, "ForEach Variable Mapping number %1!d! to variable \"%2\" cannot be applied.",
        "the loop's value does not exist at that index or does not fit the variable's type",
        "check index and variable type; Object takes any value";
    DTS_E_OBJECTNOTINFOREACHLOOP = 0xC001C013, "Failure when adding an object to a ForEachPropertyMapping that is not a direct child of the ForEachLoop container.",
        "a property mapping names an object outside of the loop",
        "map to a variable and use it in an expression";
    DTS_E_RUNTIMEVARIABLETYPECHANGE = 0xC001F009, "The type of the value being assigned to variable \"%1\" differs from the current variable type. Variables may not change type during execution. Variable types are strict, except for variables of type Object.",
        "a value of another type is written into a typed variable",
        "change the variable's type, or cast the value";
    DTS_E_COULDNOTRESOLVEPACKAGEPATH = 0xC001F02F, "Cannot resolve a package path to an object in the package \"%1\".  Verify that the package path is valid.",
        "the path given with /Set, a parameter or a configuration names nothing in the package",
        "check every name in the path; renamed tasks need new paths";
    DTS_E_AMBIGUOUSVARIABLENAME = 0xC001F032, "The variable name is ambiguous because multiple variables with this name exist in different namespaces. Specify namespace-qualified name to prevent ambiguity.",
        "two namespaces hold a variable of this name",
        "write the namespace: User::Name";
    DTS_E_COULDNOTREPLACECHECKPOINTFILE = 0xC001F080, "Cannot replace the existing checkpoint file with the updated checkpoint file. The checkpoint was successfully created in a temporary file, but overwriting the existing file with the new file failed.",
        "the checkpoint file cannot be replaced",
        "check the rights and free space of its folder";
    DTS_E_CHECKPOINTFILENOTSPECIFIED = 0xC001F081, "The package is configured to always restart from a checkpoint, but checkpoint file is not specified.",
        "CheckpointUsage is Always, but no checkpoint file is named or it does not exist",
        "set CheckpointFileName, or CheckpointUsage to IfExists";
    DTS_E_CHECKPOINTLOADXML = 0xC001F082, "The attempt to load the XML checkpoint file \"%1\" failed with error 0x%2!8.8X! \"%3\". Check that the file name specified is correct, and that the file exists.",
        "the checkpoint file is damaged",
        "delete the checkpoint file to begin from the start";
    DTS_E_LOADCHECKPOINT = 0xC001F083, "The package failed during execution because the checkpoint file cannot be loaded. Further execution of the package requires a checkpoint file. This error usually occurs when the CheckpointUsage property is set to ALWAYS, which specifies that the package always restarts.",
        "the checkpoint file is damaged",
        "delete the checkpoint file to begin from the start";
    DTS_E_NOEVALEXPRESSION = 0xC001F185, "The evaluation condition expression on the For Loop \"%1\" is empty. There must be a Boolean evaluation expression in the For Loop.",
        "the For Loop has no EvalExpression",
        "give it a condition such as @Counter < 10";
    DTS_E_EXPREVALASSIGNMENTTYPEMISMATCH = 0xC001F186, "The result of the assignment expression \"%1\" cannot be converted to a type that is compatible with the variable that it was assigned to.",
        "the assigned value does not fit the variable's type",
        "cast it to the type of the variable";
    DTS_E_EXPREVALASSIGNMENTTOREADONLYVARIABLE = 0xC001F187, "Error using a read-only variable \"%1\" in an assignment expression. The expression result cannot be assigned to the variable because the variable is read only. Choose a variable that can be written to, or remove the expression from this variable.",
        "the expression assigns to a read-only variable",
        "assign to a user variable that is not read-only";
    DTS_E_EXPREVALASSIGNMENTVARIABLELOCKFORWRITEFAILED = 0xC001F188, "Cannot evaluate expression \"%1\" because the variable \"%2\" does not exist or cannot be accessed for writing. The expression result cannot be assigned to the variable because the variable was not found, or could not be locked for write access.",
        "the variable of the assignment does not exist in scope or is locked",
        "check name and scope";
    DTS_E_EXPREVALRESULTTYPENOTSUPPORTED = 0xC001F189, "The expression \"%1\" has a result type of \"%2\", which cannot be converted to a supported type.",
        "the expression's result has a type that variables cannot hold",
        "cast the result, for example to DT_WSTR or DT_I4";
    DTS_E_EXPREVALRESULTTYPECONVERSIONFAILED = 0xC001F18A, "The conversion of the result of the expression\"%1\" from type \"%2\" to a supported type failed with error code 0x%3!8.8X!. An unexpected error occurred when trying to convert the expression result to a type supported by the runtime engine, even though the type conversion is supported.",
        "the expression's result has a type that variables cannot hold",
        "cast the result, for example to DT_WSTR or DT_I4";
    DTS_E_NODELISTENUM_INVALIDCONNMGRTYPE = 0xC001F422, "Connection manager \"%1\" is not of type \"%2\"";
    DTS_E_NODELISTENUM_XPATHISEMPTY = 0xC001F423, "\"%1\" is empty";
    DTS_E_NODELISTENUM_INVALIDDATANODE = 0xC001F424, "Invalid data node in the nodelist enumerator section";
    DTS_E_NODELISTENUM_NOENUMERATORCREATED = 0xC001F425, "No enumerator can be created";
}
