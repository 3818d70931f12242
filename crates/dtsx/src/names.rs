//! Canonical names of tasks, containers, enumerators, log providers and connection managers: the
//! names of format 8, whatever generation wrote the file.

/// What a stored type name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// The canonical name; as stored where none is known.
    pub(crate) name: String,
    /// Microsoft ships it (with SSIS or one of its feature packs).
    pub(crate) known: bool,
}

impl Named {
    fn known(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            known: true,
        }
    }

    fn unknown(stored: &str) -> Self {
        Self {
            name: stored.trim().to_owned(),
            known: false,
        }
    }
}

/// The class of an assembly-qualified name: what stands before the first comma.
fn class(stored: &str) -> &str {
    stored.split(',').next().unwrap_or(stored).trim()
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| text.get(prefix.len()..))
        .flatten()
}

fn find_ignoring_case<'a>(list: &[&'a str], name: &str) -> Option<&'a str> {
    list.iter()
        .copied()
        .find(|known| known.eq_ignore_ascii_case(name))
}

/// Tasks named `Microsoft.<name>` in format 8.
const TASKS: &[&str] = &[
    "Pipeline",
    "ExecutePackageTask",
    "ExecuteSQLTask",
    "ScriptTask",
    "FileSystemTask",
    "ExpressionTask",
    "SendMailTask",
    "FtpTask",
    "XMLTask",
    "WebServiceTask",
    "BulkInsertTask",
    "DataProfilingTask",
    "WmiDataReaderTask",
    "WmiEventWatcherTask",
    "MessageQueueTask",
    "DMQueryTask",
    "ExecuteProcess",
    "DTSProcessingTask",
    "ASExecuteDDLTask",
    "DbMaintenanceBackupTask",
    "DbMaintenanceCheckIntegrityTask",
    "DbMaintenanceDefragmentIndexTask",
    "DbMaintenanceReindexTask",
    "DbMaintenanceUpdateStatisticsTask",
    "DbMaintenanceShrinkTask",
    "DbMaintenanceHistoryCleanupTask",
    "DbMaintenanceFileCleanupTask",
    "DbMaintenanceTSQLExecuteTask",
    "DbMaintenanceExecuteAgentJobTask",
    "DbMaintenanceNotifyOperatorTask",
    "TransferDatabaseTask",
    "TransferJobsTask",
    "TransferLoginsTask",
    "TransferErrorMessagesTask",
    "TransferStoredProceduresTask",
    "TransferSqlServerObjectsTask",
];

/// Ids and whole class names that are no variation of the canonical name.
const TASK_ALIASES: &[(&str, &str)] = &[
    ("DTS.Pipeline", "Microsoft.Pipeline"),
    ("SSIS.Pipeline", "Microsoft.Pipeline"),
    (
        "{E3CFBEA8-1F48-40D8-91E1-2DEDC1EDDD56}",
        "Microsoft.Pipeline",
    ),
    (
        "{5918251B-2970-45A4-AB5F-01C3C588FE5A}",
        "Microsoft.Pipeline",
    ),
    (
        "{C3BF9DC1-4715-4694-936F-D3CFDA9E42C5}",
        "Microsoft.Pipeline",
    ),
    ("SSIS.ExecutePackageTask", "Microsoft.ExecutePackageTask"),
    ("DTS.ExecutePackageTask", "Microsoft.ExecutePackageTask"),
    ("SSIS.ReplacementTask", "SSIS.ReplacementTask"),
    (
        "Attunity.SqlServer.CDCControlTask.CdcControlTask",
        "Attunity.CdcControlTask",
    ),
    ("Attunity.CdcControlTask", "Attunity.CdcControlTask"),
    (
        "Microsoft.SqlServer.Dts.Tasks.ActiveXScriptTask.ActiveXScriptTask",
        "Microsoft.ActiveXScriptTask",
    ),
    (
        "Microsoft.SqlServer.Dts.Tasks.Exec80PackageTask.Exec80PackageTask",
        "Microsoft.Exec80PackageTask",
    ),
    ("Microsoft.ExecuteProcessTask", "Microsoft.ExecuteProcess"),
    ("Microsoft.FTPTask", "Microsoft.FtpTask"),
];

/// Class name prefixes of older formats, in front of `X.X` or `X`.
const TASK_PREFIXES: &[&str] = &[
    "Microsoft.SqlServer.Dts.Tasks.",
    "Microsoft.DataTransformationServices.Tasks.DTSProcessingTask.",
    "Microsoft.SqlServer.Management.DatabaseMaintenance.",
    "Microsoft.",
    "DTS:",
];

/// A program id without its trailing version (`SSIS.Pipeline.3` → `SSIS.Pipeline`).
fn without_version(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, version))
            if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) =>
        {
            stem
        }
        _ => name,
    }
}

/// The canonical name of a task type.
pub(crate) fn task(stored: &str) -> Named {
    let class = class(stored);
    let stem = without_version(class);
    if let Some((_, name)) = TASK_ALIASES
        .iter()
        .find(|(alias, _)| alias.eq_ignore_ascii_case(stem))
    {
        return Named::known(*name);
    }
    for prefix in TASK_PREFIXES {
        let Some(rest) = strip_prefix_ignoring_case(class, prefix) else {
            continue;
        };
        let last = rest.rsplit('.').next().unwrap_or(rest);
        if let Some(known) = find_ignoring_case(TASKS, last) {
            return Named::known(format!("Microsoft.{known}"));
        }
    }
    // Feature packs keep their own class names; Microsoft's are recognised by the namespace.
    if is_microsoft_pack(class) || find_ignoring_case(PACK_TASKS, class).is_some() {
        return Named::known(class);
    }
    Named::unknown(stored)
}

/// Tasks of Microsoft's feature packs for Azure and Hadoop; the bare name is their type.
const PACK_TASKS: &[&str] = &[
    "AzureBlobUploadTask",
    "AzureBlobDownloadTask",
    "AzureDataLakeStoreFileSystemTask",
    "AzureSqlDWUploadTask",
    "AzureHDInsightHiveTask",
    "AzureHDInsightPigTask",
    "CopyFromBlobTask",
    "CopyToBlobTask",
    "CreateHdiClusterTask",
    "DeleteHdiClusterTask",
    "FlexibleFileTask",
    "HadoopFileSystemTask",
    "HadoopHiveTask",
    "HadoopPigTask",
    "HiveTask",
    "PigTask",
];

/// Enumerators of the same packs.
const PACK_ENUMERATORS: &[&str] = &[
    "ForEachAdlsFileEnumerator",
    "ForEachBlobEnumerator",
    "ForEachDataLakeStorageGen2FileEnumerator",
    "ForEachHdfsEnumerator",
];

/// Hadoop, Azure and kin: tasks and enumerators of Microsoft's feature packs.
fn is_microsoft_pack(class: &str) -> bool {
    [
        "Microsoft.DataTransformationServices.Tasks.",
        "Microsoft.SqlServer.IntegrationServices.",
        "Microsoft.Hadoop",
        "Microsoft.Azure",
        "Microsoft.SqlServer.Dts.",
    ]
    .iter()
    .any(|prefix| strip_prefix_ignoring_case(class, prefix).is_some())
}

/// Foreach enumerators named `Microsoft.<name>` in format 8.
const ENUMERATORS: &[&str] = &[
    "ForEachFileEnumerator",
    "ForEachADOEnumerator",
    "ForEachFromVarEnumerator",
    "ForEachNodeListEnumerator",
    "ForEachItemEnumerator",
    "ForEachSchemaRowsetEnumerator",
    "ForEachSMOEnumerator",
];

/// The canonical name of a Foreach enumerator.
pub(crate) fn enumerator(stored: &str) -> Named {
    let class = class(stored);
    let stem = without_version(class);
    let last = stem.rsplit('.').next().unwrap_or(stem);
    if let Some(known) = find_ignoring_case(ENUMERATORS, last) {
        return Named::known(format!("Microsoft.{known}"));
    }
    if is_microsoft_pack(class) || find_ignoring_case(PACK_ENUMERATORS, class).is_some() {
        return Named::known(class);
    }
    Named::unknown(stored)
}

/// Log providers named `Microsoft.<name>` in format 8.
const LOG_PROVIDERS: &[&str] = &[
    "LogProviderTextFile",
    "LogProviderSQLServer",
    "LogProviderXMLFile",
    "LogProviderEventLog",
    "LogProviderSQLProfiler",
];

/// The canonical name of a log provider.
pub(crate) fn log_provider(stored: &str) -> Named {
    let stem = without_version(class(stored));
    let last = stem.rsplit('.').next().unwrap_or(stem);
    match find_ignoring_case(LOG_PROVIDERS, last) {
        Some(known) => Named::known(format!("Microsoft.{known}")),
        None => Named::unknown(stored),
    }
}

/// Connection manager types that SSIS and Microsoft's feature packs have.
const CONNECTIONS: &[&str] = &[
    "OLEDB",
    "FLATFILE",
    "MULTIFLATFILE",
    "FILE",
    "MULTIFILE",
    "ADO.NET",
    "ADO",
    "ODBC",
    "EXCEL",
    "SMTP",
    "WMI",
    "CACHE",
    "FTP",
    "HTTP",
    "MSMQ",
    "MSOLAP90",
    "MSOLAP100",
    "SMOSERVER",
    "SQLMOBILE",
    "DQS",
    "HADOOP",
    "AZURESTORAGE",
    "AZURESUBSCRIPTION",
    "AZUREHDINSIGHT",
    "AZURERESOURCEMANAGER",
    "AZUREDATALAKE",
    "AZUREDATALAKESTORE",
    "POWERQUERY",
];

/// The type of a connection manager: upper case, without what follows the colon.
pub(crate) fn connection(stored: &str) -> Named {
    let upper = stored
        .split(':')
        .next()
        .unwrap_or(stored)
        .trim()
        .to_uppercase();
    let known = CONNECTIONS.contains(&upper.as_str());
    Named { name: upper, known }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_of_every_generation_have_one_name() {
        let table = [
            ("Microsoft.Pipeline", "Microsoft.Pipeline"),
            ("DTS.Pipeline.1", "Microsoft.Pipeline"),
            ("SSIS.Pipeline.3", "Microsoft.Pipeline"),
            (
                "{5918251B-2970-45A4-AB5F-01C3C588FE5A}",
                "Microsoft.Pipeline",
            ),
            (
                "Microsoft.SqlServer.Dts.Tasks.ExecuteSQLTask.ExecuteSQLTask, \
                 Microsoft.SqlServer.SQLTask, Version=9.0.242.0",
                "Microsoft.ExecuteSQLTask",
            ),
            (
                "Microsoft.SqlServer.Dts.Tasks.ExecuteProcess.ExecuteProcess, x",
                "Microsoft.ExecuteProcess",
            ),
            (
                "Microsoft.DataTransformationServices.Tasks.DTSProcessingTask.ASExecuteDDLTask, x",
                "Microsoft.ASExecuteDDLTask",
            ),
            (
                "Microsoft.SqlServer.Management.DatabaseMaintenance.DbMaintenanceBackupTask, x",
                "Microsoft.DbMaintenanceBackupTask",
            ),
            ("SSIS.ExecutePackageTask.3", "Microsoft.ExecutePackageTask"),
            ("DTS:SendMailTask", "Microsoft.SendMailTask"),
            ("microsoft.executesqltask", "Microsoft.ExecuteSQLTask"),
        ];
        for (stored, name) in table {
            assert_eq!(task(stored), Named::known(name), "{stored}");
        }
        assert!(!task("EnhancedExecutePackage.Task, x, Version=1").known);
    }

    #[test]
    fn enumerators_providers_and_connections() {
        for stored in [
            "Microsoft.ForEachFileEnumerator",
            "DTS.ForEachFileEnumerator.3",
            "Microsoft.SqlServer.Dts.Runtime.Enumerators.File.ForEachFileEnumerator, x",
        ] {
            assert_eq!(enumerator(stored).name, "Microsoft.ForEachFileEnumerator");
        }
        assert_eq!(
            log_provider("DTS.LogProviderTextFile.2").name,
            "Microsoft.LogProviderTextFile"
        );
        assert_eq!(connection("ADO.NET:SQL").name, "ADO.NET");
        assert!(connection("SMOServer").known);
        assert!(!connection("DevartSalesforce").known);
    }
}
