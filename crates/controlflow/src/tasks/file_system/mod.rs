//! File System task (`Microsoft.FileSystemTask`, before 2014
//! `Microsoft.SqlServer.Dts.Tasks.FileSystemTask.FileSystemTask, …`): copies, moves, deletes,
//! renames files and folders. Documented in "File System Task" and control-flow.md 6.6.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | Operation | CopyFile | also MoveFile, DeleteFile, RenameFile, SetAttributes, CreateDirectory, CopyDirectory, MoveDirectory, DeleteDirectory, DeleteDirectoryContent |
//! | Source, IsSourcePathVariable | – | a FILE connection manager, a String variable, or (by expression) a path |
//! | Destination, IsDestinationPathVariable | – | likewise |
//! | OverwriteDestinationFile | False | an existing target is replaced; for CreateDirectory: an existing folder is a success |
//! | Attributes | Normal | ReadOnly is set as write permission; Archive has no meaning here; Hidden and System warn |
//!
//! Paths are mapped when the file system is called; events and variables keep the package's text.
//! The file system's own message stands in 0xC002F304.
//!
//! Differences on purpose: Hidden and System have no effect on Linux; a warning says so.

mod operations;

use std::path::PathBuf;

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
    name: "Microsoft.FileSystemTask",
    title: "File System Task",
    doc: "copies, moves, deletes and renames files and folders",
    properties: &[
        doc("Operation", "CopyFile", "one of the ten operations"),
        doc(
            "Source",
            "",
            "FILE connection manager, String variable, or path by expression; required",
        ),
        doc("IsSourcePathVariable", "False", "Source names a variable"),
        doc(
            "Destination",
            "",
            "likewise; required by copy, move and rename",
        ),
        doc(
            "IsDestinationPathVariable",
            "False",
            "Destination names a variable",
        ),
        doc(
            "OverwriteDestinationFile",
            "False",
            "an existing target is replaced",
        ),
        doc(
            "Attributes",
            "Normal",
            "Normal, or Hidden, ReadOnly, Archive, System with commas",
        ),
    ],
    settings: |executable, overlay| settings(executable, overlay).1,
    validate,
    execute,
};

/// The ten operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    CopyFile,
    MoveFile,
    DeleteFile,
    RenameFile,
    SetAttributes,
    CreateDirectory,
    CopyDirectory,
    MoveDirectory,
    DeleteDirectory,
    DeleteDirectoryContent,
}

const OPERATIONS: &[(&str, Operation)] = &[
    ("CopyFile", Operation::CopyFile),
    ("MoveFile", Operation::MoveFile),
    ("DeleteFile", Operation::DeleteFile),
    ("RenameFile", Operation::RenameFile),
    ("SetAttributes", Operation::SetAttributes),
    ("CreateDirectory", Operation::CreateDirectory),
    ("CopyDirectory", Operation::CopyDirectory),
    ("MoveDirectory", Operation::MoveDirectory),
    ("DeleteDirectory", Operation::DeleteDirectory),
    ("DeleteDirectoryContent", Operation::DeleteDirectoryContent),
];

impl Operation {
    fn name(self) -> &'static str {
        OPERATIONS
            .iter()
            .find(|(_, o)| *o == self)
            .map_or("", |(name, _)| name)
    }

    fn has_destination(self) -> bool {
        use Operation as O;
        matches!(
            self,
            O::CopyFile | O::MoveFile | O::RenameFile | O::CopyDirectory | O::MoveDirectory
        )
    }
}

/// Attributes of SetAttributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Attributes {
    read_only: bool,
    /// Hidden, System.
    without_effect: bool,
}

/// Where a path comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// Connection manager, variable or path.
    text: String,
    is_variable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings {
    operation: Operation,
    source: Place,
    destination: Place,
    /// OverwriteDestinationFile (False).
    overwrite: bool,
    attributes: Attributes,
}

const ATTRIBUTES: &[&str] = &[
    "TaskOperationType",
    "TaskOverwriteDestFile",
    "TaskSourcePath",
    "TaskIsSourceVariable",
    "TaskDestinationPath",
    "TaskIsDestinationVariable",
    "TaskFileAttributes",
    "OperationName",
];

fn settings(executable: &Executable, overlay: &Overlay) -> (Settings, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let data = data_of(executable);
    if let Some(data) = data {
        r.unknown_attributes(data, ATTRIBUTES);
    }
    let stored = |name: &str| data.and_then(|d| d.attribute(name));
    let attributes = r.text("Attributes", stored("TaskFileAttributes"), "Normal");
    let settings = Settings {
        operation: r.choice(
            "Operation",
            stored("TaskOperationType"),
            Operation::CopyFile,
            OPERATIONS,
        ),
        source: Place {
            text: r.text("Source", stored("TaskSourcePath"), ""),
            is_variable: r.boolean(
                "IsSourcePathVariable",
                stored("TaskIsSourceVariable"),
                false,
            ),
        },
        destination: Place {
            text: r.text("Destination", stored("TaskDestinationPath"), ""),
            is_variable: r.boolean(
                "IsDestinationPathVariable",
                stored("TaskIsDestinationVariable"),
                false,
            ),
        },
        overwrite: r.boolean(
            "OverwriteDestinationFile",
            stored("TaskOverwriteDestFile"),
            false,
        ),
        attributes: parse_attributes(&mut r, &attributes),
    };
    (settings, r.findings())
}

fn parse_attributes(r: &mut Reader<'_>, text: &str) -> Attributes {
    let mut attributes = Attributes::default();
    for word in text.split([',', ' ', '|']).filter(|w| !w.is_empty()) {
        match word.to_lowercase().as_str() {
            "normal" | "archive" => {}
            "readonly" => attributes.read_only = true,
            "hidden" | "system" => attributes.without_effect = true,
            _ => r.invalid("Attributes", &format!("\"{word}\" is no attribute")),
        }
    }
    attributes
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    let events = &context.events;
    let (settings, findings) = settings(context.executable(), context.overlay());
    let mut result = report(&findings, events, Code(0xC002_915B));
    let operation = settings.operation.name();
    if settings.source.text.trim().is_empty() {
        result = Err(events.error(Code(0xC002_915D), &[operation]));
    } else {
        result = validate_place(context, &settings.source, true).and(result);
    }
    if settings.operation.has_destination() {
        if settings.destination.text.trim().is_empty() {
            result = Err(events.error(Code(0xC002_915C), &[operation]));
        } else {
            result = validate_place(context, &settings.destination, false).and(result);
        }
    }
    result
}

fn validate_place(context: &TaskContext, place: &Place, is_source: bool) -> Result<(), Reported> {
    let events = &context.events;
    if place.is_variable {
        return match context.scope.variable_type(&place.text) {
            Ok(VariableType::String) => Ok(()),
            Ok(_) => Err(events.error(Code(0xC002_9160), &[&place.text])),
            Err(_) => Err(events.error(Code(0xC002_915F), &[&place.text])),
        };
    }
    // A literal path, which an expression gives, is checked when it is used.
    if is_path(context, &place.text) {
        return Ok(());
    }
    let target = context.connections().file(&place.text).map_err(|error| {
        error.report(events);
        events.error(Code(0xC002_915E), &[&place.text])
    })?;
    let must_exist = matches!(
        target.usage,
        FileUsage::ExistingFile | FileUsage::ExistingFolder
    );
    if is_source && must_exist && !target.path.exists() {
        return Err(events.error(Code(0xC002_9163), &[&target.file, &target.manager]));
    }
    Ok(())
}

/// Whether a text that names no connection manager is a path.
fn is_path(context: &TaskContext, text: &str) -> bool {
    text.contains(['/', '\\', ':']) && context.connections().find(text).is_err()
}

/// The path of a place: as the package has it, and here.
fn resolve(context: &TaskContext, place: &Place) -> Result<(String, PathBuf), Reported> {
    let events = &context.events;
    let text = if place.is_variable {
        match context.scope.get(&place.text) {
            Ok(Value::Text(text)) if text.trim().is_empty() => {
                return Err(events.error(Code(0xC002_F30D), &[&place.text]));
            }
            Ok(Value::Text(text)) => text.to_string(),
            Ok(_) => return Err(events.error(Code(0xC002_9160), &[&place.text])),
            Err(error) => return Err(error.report(events)),
        }
    } else if is_path(context, &place.text) {
        place.text.clone()
    } else {
        let target = context
            .connections()
            .file(&place.text)
            .map_err(|e| e.report(events))?;
        return Ok((target.file, target.path));
    };
    let path = context
        .services
        .mapping
        .map_path(&text)
        .map_err(|error| events.error(Code(0xC002_F304), &[&error.to_string()]))?;
    Ok((text, path))
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let events = &context.events;
    let (settings, _) = settings(context.executable(), context.overlay());
    let (source_text, source) = resolve(context, &settings.source)?;
    let destination = if settings.operation.has_destination() {
        Some(resolve(context, &settings.destination)?)
    } else {
        None
    };
    events.log(
        "FileSystemOperation",
        format!("{}: {source_text}", settings.operation.name()),
    );
    if settings.operation == Operation::SetAttributes && settings.attributes.without_effect {
        events.warning_text(
            Code(0),
            "the attributes Hidden and System have no effect on Linux",
        );
    }
    let target = destination.as_ref().map(|(_, path)| path.as_path());
    let done = operations::run(&operations::Request {
        operation: settings.operation,
        source: &source,
        destination: target.unwrap_or(&source),
        overwrite: settings.overwrite,
        read_only: settings.attributes.read_only,
        cancel: &context.services.cancel,
    });
    match done {
        Ok(()) => Ok(None),
        Err(operations::Failure::Missing) => Err(events.error(Code(0xC002_F30C), &[&source_text])),
        Err(operations::Failure::DirectoryExists) => Err(events.error(Code(0xC002_F307), &[])),
        Err(operations::Failure::Cancelled) => Err(Reported),
        Err(operations::Failure::System(text)) => Err(events.error(Code(0xC002_F304), &[&text])),
    }
}
