//! Connection manager types that are recognised and refused by name.
//!
//! Each becomes a file of its own when it is supported.

use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::ConnectionManager;

use super::ManagerKind;

/// Refused types are reported as a whole; there is nothing to check in them.
fn nothing(_: &ConnectionManager, _: &mut Vec<Finding>) {}

const fn refused(
    type_name: &'static str,
    about: &'static str,
    remedy: &'static str,
) -> ManagerKind {
    ManagerKind {
        type_name,
        about,
        properties: &[],
        parts: &[],
        refused: Some(remedy),
        check: nothing,
    }
}

pub(super) static EXCEL: ManagerKind = refused(
    "EXCEL",
    "workbooks by Jet or ACE",
    "load the sheets into SQLite or PostgreSQL, or save them as text files and use a Flat File connection",
);

pub(super) static ADO: ManagerKind = refused(
    "ADO",
    "a database by ADO",
    "use an OLE DB connection manager with the same string",
);

pub(super) static MULTI_FLAT_FILE: ManagerKind = refused(
    "MULTIFLATFILE",
    "several text files of one layout",
    "loop over the files by a Foreach File loop and a Flat File connection",
);

pub(super) static WMI: ManagerKind = refused(
    "WMI",
    "Windows Management Instrumentation",
    "disable the WMI tasks: there is no WMI outside Windows",
);

pub(super) static MSMQ: ManagerKind = refused(
    "MSMQ",
    "a message queue of Windows",
    "disable the Message Queue tasks: there is no MSMQ outside Windows",
);

pub(super) static SMO_SERVER: ManagerKind = refused(
    "SMOSERVER",
    "a SQL Server by its management objects",
    "disable the transfer tasks, or move the objects by other tools",
);

pub(super) static MSOLAP: ManagerKind = refused(
    "MSOLAP",
    "Analysis Services",
    "run this package where Analysis Services can be reached",
);

pub(super) static SQL_MOBILE: ManagerKind = refused(
    "SQLMOBILE",
    "SQL Server Compact",
    "map the database to SQLite by an OLE DB connection manager",
);

pub(super) static AZURE_STORAGE: ManagerKind = refused(
    "AZURESTORAGE",
    "Azure Blob Storage",
    "fetch the blobs before the package runs, and disable the Azure tasks",
);

pub(super) static AZURE_SUBSCRIPTION: ManagerKind = refused(
    "AZURESUBSCRIPTION",
    "an Azure subscription",
    "disable the Azure tasks",
);

pub(super) static HADOOP: ManagerKind =
    refused("HADOOP", "a Hadoop cluster", "disable the Hadoop tasks");

pub(super) static DQS: ManagerKind = refused(
    "DQS",
    "Data Quality Services",
    "run this package where Data Quality Services can be reached",
);

pub(super) static ODATA: ManagerKind = refused(
    "ODATA",
    "an OData feed",
    "fetch the data before the package runs",
);

pub(super) static SAP_BI: ManagerKind =
    refused("SAPBI", "SAP BW", "fetch the data before the package runs");
