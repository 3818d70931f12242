//! FTP task (`Microsoft.FtpTask`, before 2014
//! `Microsoft.SqlServer.Dts.Tasks.FtpTask.FtpTask, …`): sends and fetches files, and keeps
//! folders here and on the server. Documented in "FTP Task" and control-flow.md 6.7.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | Connection | – | an FTP connection manager; needed by operations on the server |
//! | Operation | Send | also Receive, DeleteLocal, DeleteRemote, MakeDirLocal, MakeDirRemote, RemoveDirLocal, RemoveDirRemote |
//! | LocalPath, IsLocalPathVariable | – | a FILE connection manager, or a String variable with a path |
//! | RemotePath, IsRemotePathVariable | – | a path that begins with `/`, or a String variable with one |
//! | OverwriteDestination | False | an existing target is replaced; for folders: one that is there is a success |
//! | IsTransferTypeASCII | False | the server converts line ends; nothing is converted here |
//! | StopOnOperationFailure | True | False: a failure is a warning, and the next file follows |
//!
//! The last part of a path may hold `*` and `?`; a File connection manager is one file. Local
//! paths are mapped when the file system is called. A file arrives beside its target and takes
//! its name when it is whole. The server's own words stand in 0xC001602A.
//!
//! Differences on purpose: folders are removed when they are empty only.

mod client;
mod operations;

use std::path::PathBuf;

use packmule_connections::AcquireError;
use packmule_connections::managers::file::FileUsage;
use packmule_dtsx::Finding;
use packmule_dtsx::model::Executable;
use packmule_runtime::{Overlay, Reported};
use packmule_types::{Code, Value, VariableType};

use super::{TaskContext, data_of};
use crate::registry::TaskType;
use crate::settings::{PropertyDoc, Reader, report};

const fn doc(name: &'static str, default: &'static str, doc: &'static str) -> PropertyDoc {
    PropertyDoc { name, default, doc }
}

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: "Microsoft.FtpTask",
    title: "FTP Task",
    doc: "sends and fetches files, and keeps folders here and on an FTP server",
    properties: &[
        doc("Connection", "", "FTP connection manager"),
        doc("Operation", "Send", "one of the eight operations"),
        doc(
            "LocalPath",
            "",
            "FILE connection manager, or String variable",
        ),
        doc("IsLocalPathVariable", "False", "LocalPath names a variable"),
        doc(
            "RemotePath",
            "",
            "path that begins with /, or String variable",
        ),
        doc(
            "IsRemotePathVariable",
            "False",
            "RemotePath names a variable",
        ),
        doc(
            "OverwriteDestination",
            "False",
            "an existing target is replaced",
        ),
        doc("IsTransferTypeASCII", "False", "transfers as text"),
        doc(
            "StopOnOperationFailure",
            "True",
            "False: a failure is a warning, and the next file follows",
        ),
    ],
    settings: |executable, overlay| settings(executable, overlay).1,
    validate,
    execute,
};

/// The eight operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Send,
    Receive,
    DeleteLocal,
    DeleteRemote,
    MakeDirLocal,
    MakeDirRemote,
    RemoveDirLocal,
    RemoveDirRemote,
}

/// The names of the object model, its numbers, and those of the designer.
const OPERATIONS: &[(&str, Operation)] = &[
    ("Send", Operation::Send),
    ("Receive", Operation::Receive),
    ("DeleteLocal", Operation::DeleteLocal),
    ("DeleteRemote", Operation::DeleteRemote),
    ("MakeDirLocal", Operation::MakeDirLocal),
    ("MakeDirRemote", Operation::MakeDirRemote),
    ("RemoveDirLocal", Operation::RemoveDirLocal),
    ("RemoveDirRemote", Operation::RemoveDirRemote),
    ("DeleteLocalFiles", Operation::DeleteLocal),
    ("DeleteRemoteFiles", Operation::DeleteRemote),
    ("CreateLocalDirectory", Operation::MakeDirLocal),
    ("CreateRemoteDirectory", Operation::MakeDirRemote),
    ("RemoveLocalDirectory", Operation::RemoveDirLocal),
    ("RemoveRemoteDirectory", Operation::RemoveDirRemote),
    ("0", Operation::Send),
    ("1", Operation::Receive),
    ("2", Operation::DeleteLocal),
    ("3", Operation::DeleteRemote),
    ("4", Operation::MakeDirLocal),
    ("5", Operation::MakeDirRemote),
    ("6", Operation::RemoveDirLocal),
    ("7", Operation::RemoveDirRemote),
];

impl Operation {
    fn name(self) -> &'static str {
        let found = OPERATIONS.iter().find(|(_, o)| *o == self);
        found.map_or("", |(name, _)| name)
    }

    fn has_local(self) -> bool {
        !matches!(
            self,
            Self::DeleteRemote | Self::MakeDirRemote | Self::RemoveDirRemote
        )
    }

    fn has_remote(self) -> bool {
        !matches!(
            self,
            Self::DeleteLocal | Self::MakeDirLocal | Self::RemoveDirLocal
        )
    }
}

/// Where a path comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// Connection manager, variable or remote path.
    text: String,
    is_variable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings {
    connection: String,
    operation: Operation,
    local: Place,
    remote: Place,
    overwrite: bool,
    ascii: bool,
    stop_on_failure: bool,
}

const ATTRIBUTES: &[&str] = &[
    "ConnectionName",
    "TaskOperationType",
    "TaskLocalPath",
    "TaskIsLocalPathVar",
    "TaskRemotePath",
    "TaskIsRemotePathVar",
    "TaskOverwriteDest",
    "TaskTransferAscii",
    "StopOnFailure",
];

fn settings(executable: &Executable, overlay: &Overlay) -> (Settings, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let data = data_of(executable);
    if let Some(data) = data {
        r.unknown_attributes(data, ATTRIBUTES);
    }
    let stored = |name: &str| data.and_then(|d| d.attribute(name));
    let operation = stored("TaskOperationType");
    let settings = Settings {
        connection: r.text("Connection", stored("ConnectionName"), ""),
        operation: r.choice("Operation", operation, Operation::Send, OPERATIONS),
        local: Place {
            text: r.text("LocalPath", stored("TaskLocalPath"), ""),
            is_variable: r.boolean("IsLocalPathVariable", stored("TaskIsLocalPathVar"), false),
        },
        remote: Place {
            text: r.text("RemotePath", stored("TaskRemotePath"), ""),
            is_variable: r.boolean("IsRemotePathVariable", stored("TaskIsRemotePathVar"), false),
        },
        overwrite: r.boolean("OverwriteDestination", stored("TaskOverwriteDest"), false),
        ascii: r.boolean("IsTransferTypeASCII", stored("TaskTransferAscii"), false),
        stop_on_failure: r.boolean("StopOnOperationFailure", stored("StopOnFailure"), true),
    };
    (settings, r.findings())
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    let events = &context.events;
    let (settings, findings) = settings(context.executable(), context.overlay());
    let mut result = report(&findings, events, Code(0xC002_F304));
    if settings.operation.has_remote() {
        result = validate_connection(context, &settings.connection).and(result);
        result = validate_remote(context, &settings.remote).and(result);
    }
    if settings.operation.has_local() {
        result = validate_local(context, &settings.local).and(result);
    }
    result
}

fn validate_connection(context: &TaskContext, name: &str) -> Result<(), Reported> {
    let events = &context.events;
    if name.trim().is_empty() {
        return Err(events.error(Code(0xC002_9172), &[]));
    }
    match context.connections().ftp(name) {
        Ok(_) => Ok(()),
        Err(AcquireError::WrongType { .. }) => Err(events.error(Code(0xC002_9173), &[])),
        Err(error) => {
            error.report(events);
            Err(events.error(Code(0xC002_9192), &[name]))
        }
    }
}

fn validate_variable(context: &TaskContext, name: &str) -> Result<(), Reported> {
    let events = &context.events;
    match context.scope.variable_type(name) {
        Ok(VariableType::String) => Ok(()),
        Ok(_) => Err(events.error(Code(0xC002_917D), &[name])),
        Err(_) => Err(events.error(Code(0xC002_917E), &[name])),
    }
}

fn validate_remote(context: &TaskContext, place: &Place) -> Result<(), Reported> {
    let events = &context.events;
    let text = place.text.trim();
    match (text.is_empty(), place.is_variable) {
        (true, true) => Err(events.error(Code(0xC002_9170), &[])),
        (true, false) => Err(events.error(Code(0xC002_916E), &[])),
        (false, true) => validate_variable(context, text),
        (false, false) if text.starts_with('/') => Ok(()),
        (false, false) => Err(events.error(Code(0xC002_9191), &[text])),
    }
}

fn validate_local(context: &TaskContext, place: &Place) -> Result<(), Reported> {
    let events = &context.events;
    let text = place.text.trim();
    match (text.is_empty(), place.is_variable) {
        (true, true) => Err(events.error(Code(0xC002_916F), &[])),
        (true, false) => Err(events.error(Code(0xC002_916D), &[])),
        (false, true) => validate_variable(context, text),
        (false, false) => match context.connections().file(text) {
            Ok(_) => Ok(()),
            Err(AcquireError::WrongType { manager, .. }) => {
                Err(events.error(Code(0xC002_9182), &[&manager]))
            }
            Err(error) => Err(error.report(events)),
        },
    }
}

/// A path of this computer, as the package has it, without mapping.
struct Local {
    text: String,
    /// Where the path comes from, as errors name it.
    from: String,
    is_variable: bool,
    /// It stands for something that is yet to be made.
    is_new: bool,
}

fn variable_text(context: &TaskContext, name: &str) -> Result<String, Reported> {
    let events = &context.events;
    match context.scope.get(name) {
        Ok(Value::Text(text)) => Ok(text.to_string()),
        Ok(_) => Err(events.error(Code(0xC002_917D), &[name])),
        Err(error) => Err(error.report(events)),
    }
}

fn local(context: &TaskContext, place: &Place) -> Result<Local, Reported> {
    let events = &context.events;
    let from = place.text.trim().to_owned();
    if place.is_variable {
        let text = variable_text(context, &from)?;
        if text.trim().is_empty() {
            return Err(events.error(Code(0xC002_9179), &[&from]));
        }
        return Ok(Local {
            text,
            from,
            is_variable: true,
            is_new: false,
        });
    }
    let target = context.connections().file(&from);
    let target = target.map_err(|error| error.report(events))?;
    Ok(Local {
        text: target.file,
        from: target.manager,
        is_variable: false,
        is_new: matches!(
            target.usage,
            FileUsage::CreateFile | FileUsage::CreateFolder
        ),
    })
}

/// A path of the server.
fn remote(context: &TaskContext, place: &Place) -> Result<String, Reported> {
    let events = &context.events;
    let from = place.text.trim();
    if !place.is_variable {
        return Ok(from.to_owned());
    }
    let text = variable_text(context, from)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(events.error(Code(0xC002_917A), &[from]));
    }
    if !text.starts_with('/') {
        return Err(events.error(Code(0xC002_9190), &[from]));
    }
    Ok(text.to_owned())
}

fn mapped(context: &TaskContext, text: &str) -> Result<PathBuf, Reported> {
    let mapped = context.services.mapping.map_path(text);
    mapped.map_err(|e| context.events.error(Code(0xC002_F304), &[&e.to_string()]))
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let (settings, _) = settings(context.executable(), context.overlay());
    let operation = settings.operation.name();
    context.events.log(
        "FTPOperation",
        format!("The task began the operation {operation}."),
    );
    operations::run(context, &settings)?;
    Ok(None)
}
