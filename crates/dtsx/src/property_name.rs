//! File names and API names of properties.
//!
//! The XML calls a property by one name, and the object model (property expressions, `/SET`,
//! configurations) by another: `Disabled` is `Disable`. Overlays are keyed by API names.

/// Whose property it is; names are mapped for each kind of owner apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PropertyOwner {
    /// Package, container, task host, event handler.
    Executable,
    /// A connection manager of any type.
    ConnectionManager,
    /// A precedence constraint.
    PrecedenceConstraint,
    /// `Microsoft.ForEachFileEnumerator`
    ForEachFileEnumerator,
    /// `Microsoft.ForEachADOEnumerator`
    ForEachAdoEnumerator,
    /// `Microsoft.ForEachFromVarEnumerator`
    ForEachFromVarEnumerator,
    /// `Microsoft.Pipeline`
    DataFlowTask,
    /// `Microsoft.ExecuteSQLTask`
    ExecuteSqlTask,
    /// `Microsoft.FileSystemTask`
    FileSystemTask,
    /// `Microsoft.SendMailTask`
    SendMailTask,
    /// `Microsoft.FtpTask`
    FtpTask,
    /// `Microsoft.ExecuteProcess`
    ExecuteProcessTask,
    /// A log provider.
    LogProvider,
}

impl PropertyOwner {
    /// The owner kind of a task's or enumerator's own properties, by its canonical type name.
    pub fn of_type(type_name: &str) -> Option<Self> {
        Some(match type_name {
            "Microsoft.ForEachFileEnumerator" => Self::ForEachFileEnumerator,
            "Microsoft.ForEachADOEnumerator" => Self::ForEachAdoEnumerator,
            "Microsoft.ForEachFromVarEnumerator" => Self::ForEachFromVarEnumerator,
            "Microsoft.Pipeline" => Self::DataFlowTask,
            "Microsoft.ExecuteSQLTask" => Self::ExecuteSqlTask,
            "Microsoft.FileSystemTask" => Self::FileSystemTask,
            "Microsoft.SendMailTask" => Self::SendMailTask,
            "Microsoft.FtpTask" => Self::FtpTask,
            "Microsoft.ExecuteProcess" => Self::ExecuteProcessTask,
            _ => return None,
        })
    }

    /// `(file name, API name)` where they differ.
    fn names(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Executable => &[
                ("ObjectName", "Name"),
                ("DTSID", "ID"),
                ("Disabled", "Disable"),
                ("MaxErrorCount", "MaximumErrorCount"),
                ("ISOLevel", "IsolationLevel"),
                ("ForceExecValue", "ForceExecutionValue"),
                ("ExecValue", "ForcedExecutionValue"),
                ("EnableConfig", "EnableConfigurations"),
            ],
            Self::ConnectionManager => &[
                ("ObjectName", "Name"),
                ("DTSID", "ID"),
                ("Retain", "RetainSameConnection"),
            ],
            Self::PrecedenceConstraint => &[("ObjectName", "Name"), ("DTSID", "ID")],
            Self::LogProvider => &[("ObjectName", "Name"), ("DTSID", "ID")],
            Self::ForEachFileEnumerator => &[
                ("Folder", "Directory"),
                ("FileNameRetrievalType", "FileNameRetrieval"),
            ],
            Self::ForEachAdoEnumerator => {
                &[("EnumType", "Type"), ("VarName", "DataObjectVariable")]
            }
            Self::ForEachFromVarEnumerator => &[],
            Self::DataFlowTask => &[
                ("defaultBufferMaxRows", "DefaultBufferMaxRows"),
                ("defaultBufferSize", "DefaultBufferSize"),
                ("engineThreads", "EngineThreads"),
                ("runInOptimizedMode", "RunInOptimizedMode"),
                ("bufferTempStoragePath", "BufferTempStoragePath"),
                ("autoAdjustBufferSize", "AutoAdjustBufferSize"),
            ],
            Self::ExecuteSqlTask => &[
                ("SqlStmtSourceType", "SqlStatementSourceType"),
                ("IsStoredProc", "IsStoredProcedure"),
                ("ResultType", "ResultSetType"),
            ],
            Self::FileSystemTask => &[
                ("TaskOperationType", "Operation"),
                ("TaskOverwriteDestFile", "OverwriteDestinationFile"),
                ("TaskSourcePath", "Source"),
                ("TaskIsSourceVariable", "IsSourcePathVariable"),
                ("TaskDestinationPath", "Destination"),
                ("TaskIsDestinationVariable", "IsDestinationPathVariable"),
                ("TaskFileAttributes", "Attributes"),
            ],
            Self::SendMailTask => &[
                ("SMTPServer", "SmtpConnection"),
                ("From", "FromLine"),
                ("To", "ToLine"),
                ("CC", "CCLine"),
                ("BCC", "BCCLine"),
            ],
            Self::FtpTask => &[
                ("ConnectionName", "Connection"),
                ("TaskOperationType", "Operation"),
                ("TaskIsLocalPathVar", "IsLocalPathVariable"),
                ("TaskLocalPath", "LocalPath"),
                ("TaskIsRemotePathVar", "IsRemotePathVariable"),
                ("TaskRemotePath", "RemotePath"),
                ("TaskOverwriteDest", "OverwriteDestination"),
                ("TaskTransferAscii", "IsTransferTypeASCII"),
                ("StopOnFailure", "StopOnOperationFailure"),
            ],
            Self::ExecuteProcessTask => &[],
        }
    }
}

/// The API's name of a property that the file calls `file_name`.
pub fn api_property_name(owner: PropertyOwner, file_name: &str) -> &str {
    owner
        .names()
        .iter()
        .find(|(file, _)| *file == file_name)
        .map_or(file_name, |(_, api)| api)
}

/// The file's name of a property that the API calls `api_name`.
pub fn file_property_name(owner: PropertyOwner, api_name: &str) -> &str {
    owner
        .names()
        .iter()
        .find(|(_, api)| *api == api_name)
        .map_or(api_name, |(file, _)| file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let table = [
            (PropertyOwner::Executable, "Disabled", "Disable"),
            (
                PropertyOwner::Executable,
                "MaxErrorCount",
                "MaximumErrorCount",
            ),
            (PropertyOwner::Executable, "ISOLevel", "IsolationLevel"),
            (
                PropertyOwner::Executable,
                "DelayValidation",
                "DelayValidation",
            ),
            (PropertyOwner::ForEachFileEnumerator, "Folder", "Directory"),
            (PropertyOwner::ForEachFileEnumerator, "FileSpec", "FileSpec"),
            (
                PropertyOwner::ConnectionManager,
                "Retain",
                "RetainSameConnection",
            ),
            (
                PropertyOwner::ExecuteSqlTask,
                "IsStoredProc",
                "IsStoredProcedure",
            ),
        ];
        for (owner, file, api) in table {
            assert_eq!(api_property_name(owner, file), api);
            assert_eq!(file_property_name(owner, api), file);
        }
    }
}
