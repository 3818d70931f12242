//! Script task (`Microsoft.ScriptTask`, before 2014
//! `Microsoft.SqlServer.Dts.Tasks.ScriptTask.ScriptTask, …`): runs `ScriptMain.Main` of a script in
//! C# or Visual Basic, in the script host. Documented in "Script Task", "Coding and Debugging the
//! Script Task"; scripts.md 1 and 3, control-flow.md 6.9.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | ReadOnlyVariables | – | variables that the script reads, with commas |
//! | ReadWriteVariables | – | variables that it reads and writes |
//! | EntryPoint | Main | the method that is called; in 2005 the class |
//!
//! Both lists are locked before the script begins and released when it has ended. The stored
//! binary runs, else C# is compiled. Dts.TaskResult = Failure is error 8, an exception error 1, as
//! in SSIS; the exception's type, message and stack follow SSIS's text.
//!
//! Differences on purpose: message boxes are logged and answered by their default button
//! [R-MSGBOX]; paths go through the mapping file; a script that ends the process, or kills it,
//! fails its task only.

use arrow::buffer::Buffer;
use packmule_dtsx::Finding;
use packmule_dtsx::model::{Element, Executable};
use packmule_runtime::{Overlay, Reported};
use packmule_scripts::{
    Run, Script, ScriptError, ScriptKind, Scripts, Session, SessionContext, Thrown,
};
use packmule_types::error::Chain;
use packmule_types::{Code, Value};
use serde_json::json;

use super::{TaskContext, data_of};
use crate::registry::TaskType;
use crate::settings::{PropertyDoc, Reader, report};

/// The script set its result to Failure.
const FAILURE_RESULT: Code = Code(0x8);
/// An exception left the script.
const THREW: Code = Code(0x1);
/// The script could not be run at all.
const FAILED: Code = Code(0xC002_91AF);

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: packmule_scripts::project::TASK_TYPE,
    title: "Script Task",
    doc: "runs a script in C# or Visual Basic",
    properties: &[
        PropertyDoc {
            name: "ReadOnlyVariables",
            default: "",
            doc: "variables that the script reads, with commas",
        },
        PropertyDoc {
            name: "ReadWriteVariables",
            default: "",
            doc: "variables that the script reads and writes, with commas",
        },
        PropertyDoc {
            name: "EntryPoint",
            default: "Main",
            doc: "the method that is called; in packages of 2005 the class",
        },
    ],
    settings: |executable, overlay| settings(executable, overlay).1,
    validate,
    execute,
};

const ATTRIBUTES: &[&str] = &[
    "Name",
    "Language",
    "EntryPoint",
    "ReadOnlyVariables",
    "ReadWriteVariables",
    "VSTAMajorVersion",
    "VSTAMinorVersion",
    "SaveBinaries",
    "OptimizeScriptExecution",
    "DebugMode",
    "ScriptLanguage",
];

/// Reads the script and the properties that expressions may set.
fn settings(executable: &Executable, overlay: &Overlay) -> (Option<Script>, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let (script, mut findings) = Script::of_task(executable);
    let project = data_of(executable).map(project);
    if let Some(project) = project {
        r.unknown_attributes(project, ATTRIBUTES);
    }
    let Some(mut script) = script else {
        findings.extend(r.findings());
        return (None, findings);
    };
    let mut list = |name: &str| {
        let stored = project.and_then(|p| p.attribute(name));
        packmule_scripts::project::names(&r.text(name, stored, ""))
    };
    script.read_only = list("ReadOnlyVariables");
    script.read_write = list("ReadWriteVariables");
    let entry = r.text("EntryPoint", Some(&script.entry), "Main");
    if entry != script.entry {
        script.set_entry(entry);
    }
    findings.extend(r.findings());
    (Some(script), findings)
}

/// The element with the attributes; some tasks wrap another one around it.
fn project(data: &Element) -> &Element {
    data.child("ScriptProject").unwrap_or(data)
}

/// Every reference of the script is resolved before anything runs.
fn validate(context: &TaskContext) -> Result<(), Reported> {
    let (script, mut findings) = settings(context.executable(), context.overlay());
    if let Some(script) = &script {
        findings.extend(Scripts::of(&context.services).check(script));
    }
    report(&findings, &context.events, FAILED)
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let (script, _) = settings(context.executable(), context.overlay());
    let Some(script) = script else {
        return Err(Reported);
    };
    let owner = format!("{}{}", context.instance.guid, script.place);
    let loaded = Scripts::of(&context.services)
        .load(&script, &owner)
        .map_err(|error| failed(context, &script, &error))?;
    let run = loaded.host.open_run(&context.services.cancel);
    let mut session = Session::new(SessionContext {
        kind: ScriptKind::Task,
        scope: context.scope.clone(),
        connections: context.connections().clone(),
        services: context.services.clone(),
        events: context.events.clone(),
        column_name: Box::new(|_| None),
    });
    session
        .lock_lists(&script.read_only, &script.read_write)
        .map_err(|error| error.report(&context.events))?;
    let ended = run_script(context, &script, loaded.script, &run, &mut session);
    if let Some(refused) = session.refused() {
        // The script was not told, because it does not wait for its writes.
        refused.report(&context.events);
    }
    session.end();
    ended
}

/// Starts the script and serves it to its end.
fn run_script(
    context: &TaskContext,
    script: &Script,
    number: u32,
    run: &Run,
    session: &mut Session,
) -> Result<Option<Value>, Reported> {
    let variables = session
        .variables(run)
        .map_err(|(code, text)| context.events.error_text(code, text, None))?;
    let request = json!({
        "type": "run_task", "script": number, "name": script.name,
        "package": context.instance.package.root.name, "variables": variables,
        "connections": session.connections(), "interactive": context.instance.inherited.interactive,
    });
    let ended = run.begin(request, Buffer::default()).and_then(|call| {
        run.finish(call, |message| match session.serve(run, message)? {
            None => Ok(()),
            Some(other) => session.refuse(run, &other),
        })
    });
    let (answer, _) = match ended {
        Ok(answer) => answer,
        Err(_) if context.services.cancel.is_cancelled() => return Err(Reported),
        Err(error) => return Err(failed(context, script, &error)),
    };
    let result = answer.get("result").and_then(serde_json::Value::as_i64);
    if result != Some(0) {
        let text = "The script returned a failure result.";
        return Err(context.events.error_text(FAILURE_RESULT, text, None));
    }
    let value = answer
        .get("execution_value")
        .unwrap_or(&serde_json::Value::Null);
    match packmule_scripts::values::from_wire(value, run.host()) {
        Ok(Value::Null) => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(text) => {
            Err(context
                .events
                .error_text(FAILED, format!("Dts.ExecutionValue: {text}"), None))
        }
    }
}

/// Says why a script did not end as it should, with its name and place.
fn failed(context: &TaskContext, script: &Script, error: &ScriptError) -> Reported {
    let events = &context.events;
    let place = format!("script of task {} ({})", script.name, script.place);
    match error {
        ScriptError::Script(thrown) if thrown.kind == "script" => {
            let text = "Exception has been thrown by the target of an invocation.";
            let text = format!("{text}\n{}", thrown.full_text());
            events.error_text(THREW, text, None)
        }
        ScriptError::Script(Thrown { kind, code, .. }) if kind == "exit" => {
            let text = format!(
                "{place}: it called Environment.Exit({code}), which would end the whole process; \
                 here it ends the script and fails its task"
            );
            events.error_text(
                FAILED,
                text,
                Some("set Dts.TaskResult and return from Main"),
            )
        }
        ScriptError::Refused(findings) => {
            let _ = report(findings, events, FAILED);
            Reported
        }
        _ => {
            let text = format!("{place}: {}", Chain(error));
            events.error_text(FAILED, text, error.remedy())
        }
    }
}
