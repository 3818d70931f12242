//! Codes of the data flow engine.

use super::table::codes;

codes! {
    DTS_I_EXECUTIONPHASE_PREPAREFOREXECUTE = 0x40043006, "Prepare for Execute phase is beginning.";
    DTS_I_EXECUTIONPHASE_PREEXECUTE = 0x40043007, "Pre-Execute phase is beginning.";
    DTS_I_EXECUTIONPHASE_POSTEXECUTE = 0x40043008, "Post Execute phase is beginning.";
    DTS_I_EXECUTIONPHASE_CLEANUP = 0x40043009, "Cleanup phase is beginning.";
    DTS_I_EXECUTIONPHASE_VALIDATE = 0x4004300A, "Validation phase is beginning.";
    DTS_I_ROWS_WRITTEN = 0x4004300B, "\"%1\" wrote %2!ld! rows.";
    DTS_I_EXECUTIONPHASE_EXECUTE = 0x4004300C, "Execute phase is beginning.";
    DTS_W_NOLINEAGEVALIDATION = 0x80047007, "The lineage IDs of the input columns cannot be validated because the execution trees contain cycles.";
    DTS_W_EMPTYDATAFLOW = 0x80047034, "The DataFlow task has no components. Add components or remove the task.",
        "the Data Flow Task is empty",
        "add components, or delete or disable the task";
    DTS_W_SORTEDOUTPUTHASNOSORTKEYPOSITIONS = 0x80047069, "The IsSorted property of %1 is set to TRUE, but all of its output columns' SortKeyPositions are set to zero.";
    DTS_W_SOURCEREMOVED = 0x8004706F, "Source \"%1\" (%2!d!) will not be read because none of its data ever becomes visible outside the Data Flow Task.",
        "nothing that follows the source writes data anywhere",
        "connect a destination, or delete the source";
    DTS_W_UNUSEDOUTPUTDATA = 0x80047076, "The output column \"%1\" (%2!d!) on output \"%3\" (%4!d!) and component \"%5\" (%6!d!) is not subsequently used in the Data Flow task. Removing this unused output column can increase Data Flow task performance.",
        "a column is read, but nobody uses it",
        "clear the column in the source to read less data";
    DTS_W_COMPONENTREMOVED = 0x800470AE, "Component \"%1\" (%2!d!) has been removed from the Data Flow task because its output is not used and its inputs either have no side effects or are not connected to outputs of other components. If the component is required, then the HasSideEffects property on at least one of its inputs should be set to true, or its output should be connected to something.";
    DTS_W_NOWORKTODO = 0x800470B0, "Rows were given to a thread, but that thread has no work to do. The layout has a disconnected output. Running the pipeline with the RunInOptimizedMode property set to TRUE will be faster, and prevents this warning.";
    DTS_W_EXTERNALMETADATACOLUMNSOUTOFSYNC = 0x800470C8, "The external columns for %1 are out of synchronization with the data source columns. %2",
        "the table, query or file has other columns than when the package was designed",
        "open the component in the designer so that it reads its columns again";
    DTS_W_EXTERNALMETADATACOLUMNCOLLECTIONNEEDSADDITION = 0x800470C9, "The column \"%1\" needs to be added to the external columns.",
        "the table, query or file has other columns than when the package was designed",
        "open the component in the designer so that it reads its columns again";
    DTS_W_EXTERNALMETADATACOLUMNCOLLECTIONNEEDSUPDATE = 0x800470CA, "The external column \"%1\" needs to be updated.",
        "the table, query or file has other columns than when the package was designed",
        "open the component in the designer so that it reads its columns again";
    DTS_W_EXTERNALMETADATACOLUMNCOLLECTIONNEEDSREMOVAL = 0x800470CB, "The %1 needs to be removed from the external columns.",
        "the table, query or file has other columns than when the package was designed",
        "open the component in the designer so that it reads its columns again";
    DTS_W_EXPREVALPOTENTIALSTRINGTRUNCATION = 0x800470D8, "The result string for expression \"%1\" may be truncated if it exceeds the maximum length of %2!d! characters. The expression could have a result value that exceeds the maximum size of a DT_WSTR.";
    DTS_W_COMPONENTLEAKPROCESSINPUT = 0x800470E9, "A call to the ProcessInput method for input %1!d! on %2 unexpectedly kept a reference to the buffer it was passed. The refcount on that buffer was %3!d! before the call, and %4!d! after the call returned.";
    DTS_W_EXPREVALUNREFERENCEDINPUTCOLUMN = 0x800470EB, "The \"%1\" on \"%2\" has usage type READONLY, but is not referenced by an expression. Remove the column from the list of available input columns, or reference it in an expression.";
    DTS_W_UNUSABLETEMPORARYPATH = 0x80049301, "The buffer manager could not create a temporary file on the path \"%1\". The path will not be considered for temporary storage again.";
    DTS_W_DF_PERFCOUNTERS_DISABLED = 0x80049304, "Warning: Could not open global shared memory to communicate with performance DLL; data flow performance counters are not available.  To resolve, run this package as an administrator, or on the system's console.",
        "performance counters belong to Windows",
        "nothing needs to be done";
    DTS_E_CYCLEINEXECUTIONTREE = 0xC0047000, "An execution tree contains a cycle.";
    DTS_E_DISCONNECTEDOBJECT = 0xC0047001, "The %1 object \"%2\" (%3!d!) is disconnected from the layout.";
    DTS_E_INVALIDOBJECTID = 0xC0047002, "The ID for the layout object is not valid.";
    DTS_E_INPUTWITHOUTPATHS = 0xC0047003, "A required input object is not connected to a path object.";
    DTS_E_INVALIDSYNCHRONOUSINPUT = 0xC0047005, "%1 has an invalid synchronous input ID %2!d!.";
    DTS_E_INVALIDOUTPUTLINEAGEID = 0xC0047006, "%1 has lineage ID %2!d!, but should have had %3!d!.";
    DTS_E_DUPLICATENAMESINCOLLECTION = 0xC0047008, "The package contains two objects with the duplicate name of \"%1\" and \"%2\".";
    DTS_E_INVALIDEXCLUSIONGROUP = 0xC0047009, "The \"%1\" and the \"%2\" are in the same exclusion group, but they do not have the same synchronous input.";
    DTS_E_DUPLICATELINEAGEIDSINCOLLECTION = 0xC004700A, "Two objects in the same collection have a duplicate lineage ID of %1!d!. The objects are %2 and %3.";
    DTS_E_VALIDATIONFAILEDONLAYOUT = 0xC004700B, "The layout failed validation.";
    DTS_E_VALIDATIONFAILEDONCOMPONENTS = 0xC004700C, "One or more component failed validation.",
        "at least one component's settings or columns are wrong",
        "read the errors before this one, which name the component";
    DTS_E_VALIDATIONFAILED = 0xC004700D, "The layout and one or more components failed validation.",
        "at least one component's settings or columns are wrong",
        "read the errors before this one, which name the component";
    DTS_E_THREADSTARTUPFAILED = 0xC004700E, "The Data Flow task engine failed at startup because it cannot create one or more required threads.";
    DTS_E_CANTGETMUTEX = 0xC004700F, "A thread failed to create a mutex at initialization.";
    DTS_E_CANTGETSEMAPHORE = 0xC0047010, "A thread failed to create a semaphore at initialization.";
    DTS_E_BUFFERFAILUREDETAILS = 0xC0047011, "The system reports %1!d! percent memory load. There are %2 bytes of physical memory with %3 bytes free. There are %4 bytes of virtual memory with %5 bytes free. The paging file has %6 bytes with %7 bytes free.";
    DTS_E_BUFFERALLOCFAILED = 0xC0047012, "A buffer failed while allocating %1!d! bytes.",
        "there is not enough memory for the data",
        "lower DefaultBufferSize, DefaultBufferMaxRows or the number of parallel runs";
    DTS_E_CANTCREATEBUFFERMANAGER = 0xC0047013, "The Buffer Manager could not be created.";
    DTS_E_BUFFERBADSIZE = 0xC0047015, "Buffer Type %1!d! had a size of %2!I64d! bytes.";
    DTS_E_DANGLINGWITHPATH = 0xC0047016, "%1 is marked as dangling, but has a path attached to it.";
    DTS_E_INDIVIDUALVALIDATIONFAILED = 0xC0047017, "%1 failed validation and returned error code 0x%2!8.8X!.",
        "the component found an error in its settings",
        "read the errors before this one";
    DTS_E_INDIVIDUALPOSTEXECUTEFAILED = 0xC0047018, "%1 failed the post-execute phase and returned error code 0x%2!8.8X!.",
        "the component could not finish its work, for example its last commit",
        "read the errors before this one";
    DTS_E_INDIVIDUALPREPAREFAILED = 0xC0047019, "%1 failed the prepare phase and returned error code 0x%2!8.8X!.",
        "a file, table or connection was missing when the data flow began",
        "read the errors before this one; set DelayValidation where an earlier task makes the object";
    DTS_E_INDIVIDUALPREEXECUTEFAILED = 0xC004701A, "%1 failed the pre-execute phase and returned error code 0x%2!8.8X!.",
        "a file, table or connection was missing when the data flow began",
        "read the errors before this one; set DelayValidation where an earlier task makes the object";
    DTS_E_INDIVIDUALCLEANUPFAILED = 0xC004701B, "%1 failed the cleanup phase and returned error code 0x%2!8.8X!.",
        "the component could not release what it used",
        "read the errors before this one";
    DTS_E_INVALIDINPUTLINEAGEID = 0xC004701C, "%1 has lineage ID %2!d! that was not previously used in the Data Flow task.";
    DTS_E_EXECUTIONTREECYCLE = 0xC004701E, "Cannot connect %1 to %2 because a cycle would be created.";
    DTS_E_CANTCOMPARE = 0xC004701F, "The data type \"%1\" cannot be compared. Comparison of that data type is not supported, so it cannot be sorted or used as a key.",
        "values of this type have no order, so they cannot be sorted, joined or compared",
        "choose another column, or convert it to a type that can be compared";
    DTS_E_REFUSEDFORSHUTDOWN = 0xC0047020, "This thread has shut down and is not accepting buffers for input.";
    DTS_E_THREADFAILED = 0xC0047021, "SSIS Error Code DTS_E_THREADFAILED.  Thread \"%1\" has exited with error code 0x%2!8.8X!.  There may be error messages posted before this with more information on why the thread has exited.",
        "it follows an error of a component, which stops the whole data flow",
        "read the errors before this one";
    DTS_E_PROCESSINPUTFAILED = 0xC0047022, "SSIS Error Code DTS_E_PROCESSINPUTFAILED.  The ProcessInput method on component \"%1\" (%2!d!) failed with error code 0x%3!8.8X! while processing input \"%4\" (%5!d!). The identified component returned an error from the ProcessInput method. The error is specific to the component, but the error is fatal and will cause the Data Flow task to stop running.  There may be error messages posted before this with more information about the failure.",
        "the component stopped because of an error, or because a component after it stopped",
        "read the errors before this one; the first names the cause";
    DTS_E_CANTREALIZEVIRTUALBUFFERS = 0xC0047023, "A set of virtual buffers cannot be realized.";
    DTS_E_PIPELINETOOCOMPLEX = 0xC0047024, "The number of threads required for this pipeline is %1!d!, which is more than the system limit of %2!d!. The pipeline requires too many threads as configured. There are either too many asynchronous outputs, or EngineThreads property is set too high. Split the pipeline into multiple packages, or reduce the value of the EngineThreads property.";
    DTS_E_SCHEDULERCOULDNOTCOUNTSOURCES = 0xC0047028, "The Data Flow engine scheduler cannot obtain a count of the sources in the layout.";
    DTS_E_SCHEDULERCOULDNOTCOUNTDESTINATIONS = 0xC0047029, "The Data Flow engine scheduler cannot obtain a count of the destinations in the layout.";
    DTS_E_COMPONENTVIEWISUNAVAILABLE = 0xC004702A, "The component view is unavailable. Make sure the component view has been created.";
    DTS_E_INCORRECTCOMPONENTVIEWID = 0xC004702B, "The component view ID is incorrect. The component view may be out of synchronization. Try releasing the component view and recreating it.";
    DTS_E_BUFFERNOTLOCKED = 0xC004702C, "This buffer is not locked and cannot be manipulated.";
    DTS_E_CANTBUILDBUFFERTYPE = 0xC004702D, "The Data Flow task cannot allocate memory to build a buffer definition. The buffer definition had %1!d! columns.";
    DTS_E_CANTREGISTERBUFFERTYPE = 0xC004702E, "The Data Flow task cannot register a buffer type. The type had %1!d! columns and was for execution tree %2!d!.";
    DTS_E_INVALIDUSESDISPOSITIONSVALUE = 0xC004702F, "The UsesDispositions property cannot be changed from its initial value. This occurs when the XML is edited and the UsesDispositions value is modified. This value is set by the component when it is added to the package and is not allowed to change.";
    DTS_E_THREADFAILEDINITIALIZE = 0xC0047030, "The Data Flow task failed to initialize a required thread and cannot begin execution. The thread previously reported a specific error.";
    DTS_E_THREADFAILEDCREATE = 0xC0047031, "The Data Flow task failed to create a required thread and cannot begin running. The usually occurs when there is an out-of-memory state.";
    DTS_E_EXECUTIONTREECYCLEADDINGSYNCHRONOUSINPUT = 0xC0047032, "The synchronous input of \"%1\" cannot be set to \"%2\" because a cycle would be created.";
    DTS_E_INVALIDCUSTOMPROPERTYNAME = 0xC0047033, "A custom property named \"%1\" is invalid because there is a stock property with that name. A custom property cannot have the same name as a stock property on the same object.";
    DTS_E_BUFFERLOCKUNDERFLOW = 0xC0047035, "The buffer was already unlocked.";
    DTS_E_INDIVIDUALCACHEINTERFACESFAILED = 0xC0047036, "%1 failed initialization and returned error code 0x%2!8.8X!.";
    DTS_E_INDIVIDUALRELEASEINTERFACESFAILED = 0xC0047037, "%1 failed during shut down and returned error code 0x%2!8.8X!. A component failed to release its interfaces.";
    DTS_E_PRIMEOUTPUTFAILED = 0xC0047038, "SSIS Error Code DTS_E_PRIMEOUTPUTFAILED.  The PrimeOutput method on %1 returned error code 0x%2!8.8X!.  The component returned a failure code when the pipeline engine called PrimeOutput(). The meaning of the failure code is defined by the component, but the error is fatal and the pipeline stopped executing.  There may be error messages posted before this with more information about the failure.",
        "the component stopped because of an error, or because a component after it stopped",
        "read the errors before this one; the first names the cause";
    DTS_E_THREADCANCELLED = 0xC0047039, "SSIS Error Code DTS_E_THREADCANCELLED.  Thread \"%1\" received a shutdown signal and is terminating. The user requested a shutdown, or an error in another thread is causing the pipeline to shutdown.  There may be error messages posted before this with more information on why the thread was cancelled.",
        "it follows an error of a component, which stops the whole data flow",
        "read the errors before this one";
    DTS_E_DISTRIBUTORCANTSETPROPERTY = 0xC004703A, "Distributor for thread \"%1\" failed to initialize property \"%2\" on component \"%3\" because of error 0x%8.8X. The distributor could not initialize the component's property and cannot continue running.";
    DTS_E_CANTREGISTERVIEWBUFFERTYPE = 0xC004703B, "The Data Flow task cannot register a view buffer type. The type had %1!d! columns and was for input ID %2!d!.";
    DTS_E_CANTCREATEEXECUTIONTREE = 0xC004703F, "There is not enough memory to create an execution tree.";
    DTS_E_CANTINSERTINTOHASHTABLE = 0xC0047040, "There is not enough memory to insert an object into the hash table.";
    DTS_E_OBJECTNOTINHASHTABLE = 0xC0047041, "The object is not in the hash table.";
    DTS_E_CANTCREATECOMPONENTVIEW = 0xC0047043, "Cannot create a component view because another one already exists. Only one component view can exist at a time.";
    DTS_E_LAYOUTCANTSETUSAGETYPE = 0xC0047046, "At input \"%1\" (%2!d!), the virtual input column collection does not contain a virtual input column with lineage ID %3!d!.";
    DTS_E_WRONGOBJECTTYPE = 0xC0047047, "The requested object has the incorrect object type.";
    DTS_E_CANTCREATESPOOLFILE = 0xC0047048, "The buffer manager cannot create a temporary storage file on any path in the BufferTempStoragePath property. There is an incorrect file name or no permission or the paths have been full.",
        "the folders for temporary data are missing, full or not writable",
        "set BufferTempStoragePath and BLOBTempStoragePath to folders with free space";
    DTS_E_SEEKFAILED = 0xC0047049, "The buffer manager could not seek to offset %1!d! in file \"%2\". The file is damaged.";
    DTS_E_EXTENDFAILED = 0xC004704A, "The buffer manager cannot extend the file \"%1\" to length %2!lu! bytes.  There was insufficient disk space.";
    DTS_E_FILEWRITEFAILED = 0xC004704B, "The buffer manager cannot write %1!d! bytes to file \"%2\". There was insufficient disk space or quota.";
    DTS_E_FILEREADFAILED = 0xC004704C, "The buffer manager cannot read %1!d! bytes from file \"%2\". The file is damaged.";
    DTS_E_VIRTUALNOTSEQUENTIAL = 0xC004704D, "Buffer ID %1!d! supports other virtual buffers and cannot be placed into sequential mode. IDTSBuffer100.SetSequentialMode was called on a buffer that supports virtual buffers.";
    DTS_E_BUFFERISREADONLY = 0xC004704E, "This operation could not be performed because buffer is in read-only mode. A read-only buffer cannot be modified.";
    DTS_E_EXECUTIONTREECYCLESETTINGID = 0xC004704F, "ID %1 cannot be set to %2!d! because a cycle would be created.";
    DTS_E_NOMOREBUFFERTYPES = 0xC0047050, "The buffer manager ran out of memory while trying to extend the table of buffer types. This is caused by an out-of-memory condition.";
    DTS_E_CANTCREATENEWTYPE = 0xC0047051, "The buffer manager failed to create a new buffer type.",
        "the columns of a path cannot be laid out as rows in memory",
        "reduce the number or the length of columns";
    DTS_E_SCHEDULERBADTREE = 0xC0047053, "The Data Flow engine scheduler failed to retrieve the execution tree with index %1!d! from the layout. The scheduler received a count containing more execution trees than actually exist.";
    DTS_E_CANTCREATEPRIMEOUTPUTBUFFER = 0xC0047056, "The Data Flow task failed to create a buffer to call PrimeOutput for output \"%3\" (%4!d!) on component \"%1\" (%2!d!). This error usually occurs due to an out-of-memory condition.";
    DTS_E_SCHEDULERTHREADMEMORY = 0xC0047057, "The Data Flow engine scheduler failed to create a thread object because not enough memory is available. This is caused by an out-of-memory condition.";
    DTS_E_SCHEDULEROBJECT = 0xC004705A, "The Data Flow engine scheduler cannot retrieve object with ID %1!d! from the layout. The Data Flow engine scheduler previously located an object that is now no longer available.";
    DTS_E_PREPARETREENODEFAILED = 0xC004705B, "The Data Flow task failed to prepare buffers for the execution tree node beginning at output \"%1\" (%2!d!).";
    DTS_E_CANTCREATEVIRTUALBUFFER = 0xC004705C, "The Data Flow task cannot create a virtual buffer to prepare for execution.";
    DTS_E_NOMOREIDS = 0xC004705E, "The maximum ID has been reached. There are no more IDs available to assign to objects.";
    DTS_E_ALREADYATTACHED = 0xC004705F, "The %1 is already attached and cannot be attached again.  Detach it and try again.";
    DTS_E_OUTPUTCOLUMNNAMECONFLICT = 0xC0047060, "Column name \"%1\" on output \"%2\" cannot be used because it conflicts with a column of the same name on synchronous input \"%3\".";
    DTS_E_EOFANNOUNCEMENTFAILED = 0xC0047061, "The Data Flow task cannot to create a buffer to mark the end of the rowset.";
    DTS_E_USERCOMPONENTEXCEPTION = 0xC0047062, "A managed user component has thrown exception \"%1\".",
        "a script or custom component threw an exception",
        "read the exception and correct the script or its input";
    DTS_E_SCHEDULERMEMORY = 0xC0047063, "The Data Flow engine scheduler cannot allocate enough memory for the execution structures. The system was low on memory before execution started.";
    DTS_E_BUFFERNOOBJECTMEMORY = 0xC0047064, "An out-of-memory condition prevented the creation of the buffer object.";
    DTS_E_BUFFERNOMAPMEMORY = 0xC0047065, "An out-of-memory condition prevents the mapping of a buffer's lineage IDs to DTP_HCOL indexes.";
    DTS_E_INDIVIDUALPUTVARIABLESFAILED = 0xC0047066, "The \"%1!s!\" cannot cache the Variables collection and returned error code 0x%2!8.8X.";
    DTS_E_INDIVIDUALPUTCOMPONENTMETADATAFAILED = 0xC0047067, "The \"%1\" failed to cache the component metadata object and returned error code 0x%2!8.8X!.";
    DTS_E_SORTEDOUTPUTHASINVALIDSORTKEYPOSITION = 0xC0047068, "\"%1\" has a non-zero SortKeyPosition, but its value (%2!ld!) is too large. It must be less than or equal to the number of columns.";
    DTS_E_SORTEDOUTPUTHASINVALIDSORTKEYPOSITIONS = 0xC004706A, "The IsSorted property of %1 is set to TRUE, but the absolute values of the non-zero output column SortKeyPositions do not form a monotonically increasing sequence, starting at one.";
    DTS_E_INDIVIDUALVALIDATIONSTATUSFAILED = 0xC004706B, "\"%1\" failed validation and returned validation status \"%2\".",
        "the component is broken, or its columns differ from those of its table, query or file",
        "open it in the designer so that it reads its columns again, or set DelayValidation or ValidateExternalMetadata";
    DTS_E_CANTCREATECOMPONENT = 0xC004706C, "Component \"%1!s!\" could not be created and returned error code 0x%2!8.8X! \"%3!s!\". Make sure that the component is registered correctly.",
        "the package uses a component that Packmule does not have",
        "replace it by a built-in component";
    DTS_E_COMPONENTNOTREGISTERED = 0xC004706D, "The module containing \"%1\" is not registered or installed correctly.",
        "the package uses a component that Packmule does not have",
        "replace it by a built-in component";
    DTS_E_COMPONENTNOTFOUND = 0xC004706E, "The module containing \"%1\" cannot be located, even though it is registered.",
        "the package uses a component that Packmule does not have",
        "replace it by a built-in component";
    DTS_E_BINARYCODENOTFOUND = 0xC004706F, "The script component is configured to pre-compile the script, but binary code is not found. Please visit the IDE in Script Component Editor by clicking Design Script button to cause binary code to be generated.";
    DTS_E_CANTCREATEBLOBFILE = 0xC0047070, "The buffer manager cannot create a file to spool a long object on the directories named in the BLOBTempStoragePath property.  Either an incorrect file name was provided, or there are no permissions, or the paths have been full.",
        "the folders for temporary data are missing, full or not writable",
        "set BufferTempStoragePath and BLOBTempStoragePath to folders with free space";
    DTS_E_SYNCHRONOUSIDMISMATCH = 0xC0047071, "The SynchronousInputID property on \"%1\" was %2!d!, and %3!d! was expected.";
    DTS_E_OBJECTIDNOTFOUND = 0xC0047072, "No object exists with the ID %1!d!.";
    DTS_E_OBJECTIDLOOKUPFAILED = 0xC0047073, "Unable to locate an object with ID %1!d! because of the error code 0x%2!8.8X!.";
    DTS_E_INVALIDCODEPAGE = 0xC0047074, "The code page %1!d! specified on output column \"%2\" (%3!d!) is not valid. Select a different code page for output column \"%2\".",
        "the code page of an output column is unknown",
        "choose another code page, such as 1252 or 65001";
    DTS_E_INDIVIDUALPUTEVENTINFOSFAILED = 0xC0047075, "The EventInfos collection could not be cached by \"%1\" and returned error code 0x%2!8.8X!.";
    DTS_E_DUPLICATEOUTPUTCOLUMNNAMES = 0xC0047077, "The name for \"%1\" is a duplicate.  All names must be unique.";
    DTS_E_NOOUTPUTCOLUMNFORINPUTCOLUMN = 0xC0047078, "There is no output column associated with input column \"%1\" (%2!d!).";
    DTS_E_ERRORCOMPONENT = 0xC0048021, "The component is missing, not registered, not upgradeable, or missing required interfaces. The contact information for this component is \"%1\".",
        "the package uses a component that Packmule does not have",
        "replace it by a built-in component";
}
