//! Execute Package task (`Microsoft.ExecutePackageTask`, before 2014
//! `SSIS.ExecutePackageTask.3`): runs another package as a child. Documented in "Execute Package
//! Task" and control-flow.md 6.3.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | UseProjectReference | False | the child is a package of the same project |
//! | PackageName | – | the child's name; required with UseProjectReference |
//! | Connection | – | a FILE connection manager that names the child's file |
//! | PackagePassword | empty | opens a protected child |
//! | ExecuteOutOfProcess | False | accepted: a child always runs here, as an instance of its own |
//! | ParameterAssignments | none | a parameter of the child gets the value of a variable or parameter |
//!
//! The child has its own ExecutionInstanceGUID, overlay and connections. Its events rise into
//! this task and on; its variables hide the parent's, which it sees from its run on
//! [R-PARENT-VAR]. The task fails when the child fails.
//!
//! Differences on purpose: packages in msdb (an OLEDB connection) are refused.

use std::io::Read;
use std::sync::Arc;

use packmule_dtsx::finding::Severity;
use packmule_dtsx::model::{Executable, Package};
use packmule_dtsx::{Finding, LoadOptions};
use packmule_runtime::{Overlay, Reported};
use packmule_types::{Code, Secret, Value};

use super::{TaskContext, data_of};
use crate::child::{self, ChildPackage};
use crate::registry::TaskType;
use crate::result::ExecResult;
use crate::settings::{PropertyDoc, Reader, report};

/// Largest package file.
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;

const fn doc(name: &'static str, default: &'static str, doc: &'static str) -> PropertyDoc {
    PropertyDoc { name, default, doc }
}

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: "Microsoft.ExecutePackageTask",
    title: "Execute Package Task",
    doc: "runs another package as a child",
    properties: &[
        doc(
            "UseProjectReference",
            "False",
            "the child is a package of the same project",
        ),
        doc(
            "PackageName",
            "",
            "the child's name; required with UseProjectReference",
        ),
        doc(
            "Connection",
            "",
            "FILE connection manager of the child's file",
        ),
        doc("PackagePassword", "", "opens a protected child"),
        doc(
            "ExecuteOutOfProcess",
            "False",
            "accepted; a child runs as an instance of its own",
        ),
        doc(
            "ParameterAssignments",
            "",
            "values for the child's parameters",
        ),
    ],
    settings: |executable, overlay| settings(executable, overlay).1,
    validate,
    execute,
};

#[derive(Debug, Clone)]
struct Settings {
    /// UseProjectReference (False).
    use_project_reference: bool,
    package_name: String,
    connection: String,
    password: Option<Secret>,
    /// Parameter of the child, variable or parameter here.
    assignments: Vec<(String, String)>,
}

const ELEMENTS: &[&str] = &[
    "UseProjectReference",
    "PackageName",
    "Connection",
    "ExecuteOutOfProcess",
    "PackagePassword",
    "PackageID",
    "VersionID",
    "ParameterAssignment",
];

fn settings(executable: &Executable, overlay: &Overlay) -> (Settings, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let data = data_of(executable);
    for child in data.into_iter().flat_map(|d| &d.children) {
        if !ELEMENTS.contains(&child.name.as_str()) {
            r.unknown(&child.name);
        }
    }
    let stored = |name: &str| data.and_then(|d| d.child(name)).map(|e| e.text.trim());
    let stored_flag = stored("UseProjectReference");
    let use_project_reference = r.boolean("UseProjectReference", stored_flag, false);
    r.boolean("ExecuteOutOfProcess", stored("ExecuteOutOfProcess"), false);
    let password = r.text("PackagePassword", stored("PackagePassword"), "");
    let assignments = data
        .into_iter()
        .flat_map(|d| d.children_named("ParameterAssignment"));
    let assignments = assignments
        .map(|element| {
            let text = |name: &str| {
                element
                    .child(name)
                    .map(|e| e.text.trim().to_owned())
                    .unwrap_or_default()
            };
            (text("ParameterName"), text("BindedVariableOrParameterName"))
        })
        .collect();
    let settings = Settings {
        use_project_reference,
        package_name: r.text("PackageName", stored("PackageName"), ""),
        connection: r.text("Connection", stored("Connection"), ""),
        password: (!password.is_empty()).then(|| Secret::new(password)),
        assignments,
    };
    (settings, r.findings())
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    let events = &context.events;
    let (settings, findings) = settings(context.executable(), context.overlay());
    let mut result = report(&findings, events, Code(0xC002_20DF));
    if settings.use_project_reference {
        if settings.package_name.is_empty() {
            result = Err(events.error(Code(0xC002_20DF), &[]));
        } else if context.instance.project.is_none() {
            let text = "UseProjectReference: the package runs without its project";
            let remedy = "give the project that holds both packages (--project)";
            result = Err(events.error_text(Code(0xC002_20DF), text, Some(remedy)));
        }
    } else {
        result = validate_connection(context, &settings).and(result);
    }
    for (parameter, variable) in &settings.assignments {
        if let Err(error) = context.scope.find(variable) {
            let text = format!("ParameterAssignments, parameter {parameter}: {error}");
            result = Err(events.error_text(error.code(), text, None));
        }
    }
    result
}

fn validate_connection(context: &TaskContext, settings: &Settings) -> Result<(), Reported> {
    let events = &context.events;
    if settings.connection.trim().is_empty() {
        return Err(events.error(Code(0xC002_20E0), &[]));
    }
    let manager = context
        .connections()
        .find(&settings.connection)
        .map_err(|error| error.report(events))?;
    match manager.type_name.as_str() {
        "FILE" => Ok(()),
        "OLEDB" => Err(events.error_text(
            Code(0xC001_000A),
            "Connection: packages kept in msdb are not supported",
            Some("export the package to a file and use a FILE connection manager"),
        )),
        other => Err(events.error(Code(0xC002_20E2), &[&manager.name, other])),
    }
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let (settings, _) = settings(context.executable(), context.overlay());
    let (package, project) = if settings.use_project_reference {
        let project = context.instance.project.clone();
        let found = project
            .as_ref()
            .and_then(|p| p.package(&settings.package_name))
            .cloned();
        let package = found.ok_or_else(|| {
            let text = format!(
                "PackageName: the project has no package \"{}\"",
                settings.package_name
            );
            context
                .events
                .error_text(Code(0xC002_20E4), text, Some("correct the name"))
        })?;
        (package, project)
    } else {
        (from_file(context, &settings)?, None)
    };
    let mut assignments = Vec::with_capacity(settings.assignments.len());
    for (parameter, variable) in &settings.assignments {
        assignments.push((parameter.clone(), child::assigned_value(context, variable)?));
    }
    let result = child::run(
        context,
        ChildPackage {
            package,
            project,
            assignments,
        },
    )?;
    match result {
        // The child's errors have been counted here already; the task adds none of its own.
        ExecResult::Success | ExecResult::Completion => Ok(None),
        ExecResult::Failure | ExecResult::Canceled => Err(Reported),
    }
}

/// Loads the child's file.
fn from_file(context: &TaskContext, settings: &Settings) -> Result<Arc<Package>, Reported> {
    let events = &context.events;
    let target = context
        .connections()
        .file(&settings.connection)
        .map_err(|error| error.report(events))?;
    let shown = target.path.display().to_string();
    let failed = |reason: String| {
        events.error_text(
            Code(0xC002_20DE),
            format!("Error 0xC0011002 while loading package file \"{shown}\". {reason}."),
            Some("check the file, or map its folder in the mapping file"),
        )
    };
    let mut bytes = Vec::new();
    std::fs::File::open(&target.path)
        .and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes))
        .map_err(|error| failed(error.to_string()))?;
    let options = LoadOptions {
        file: &shown,
        password: settings.password.as_ref(),
    };
    let loaded = packmule_dtsx::load_package(&bytes, &options)
        .map_err(|error| failed(packmule_types::error::Chain(&error).to_string()))?;
    let errors: Vec<Finding> = loaded
        .findings
        .into_iter()
        .filter(|f| f.severity == Severity::Error)
        .collect();
    report(&errors, events, Code(0xC002_20E4))?;
    Ok(Arc::new(loaded.value))
}
