//! Script Component: rows made, changed or taken by a script in C# or Visual Basic.
//!
//! SSIS name *Script Component*; class `Microsoft.ScriptComponentHost` behind every generation's
//! managed host (2005 `{BF01D463…}`, 2008 `{2E42D45B…}`, 2012 `{874F7595…}`, later by name). No
//! input: a source. With an input: its outputs are synchronous (rows in place, in their order;
//! all of them, or in an exclusion group those that the script directs there), asynchronous
//! (rows that the script adds), or there are none (a destination). It has no error output of its
//! own. Life cycle, exceptions and buffers: scripts reference 4; data flow reference 4.2.
//!
//! The script runs in the script host (`packmule_scripts`), which gets batches and sends back
//! what the script wrote. One batch is one buffer, at most `DefaultBufferMaxRows` rows; two of an
//! input are under way at a time, and `EndOfRowset` is true on the last one only, so one batch is
//! kept back until it is known whether more come. An input without rows gives one empty buffer.
//! The component is a stream's head (see `engine`), for asynchronous rows come when they come and
//! the next batch is sent before the last one is back; order is that of the input all the same.
//!
//! | module | is |
//! | --- | --- |
//! | [`layout`] | inputs, outputs and their columns, as bound and as the host is told |
//! | [`client`] | the running script: what is sent to it, what comes back |
//! | [`rows`] | what came back made into batches, on any thread |
//! | [`run`] | the component as the engine runs it |
//!
//! Different on purpose: nothing of the script runs at validation; what the wrapper classes say
//! of columns is compared with the metadata when it is opened, in place of the checksums whose
//! algorithm is not public.

mod client;
mod layout;
mod rows;
mod run;

use std::sync::Arc;

use packmule_dtsx::finding::Finding;
use packmule_runtime::Reported;
use packmule_scripts::project::names;
use packmule_scripts::{Script, ScriptError, Scripts};

use crate::codes;
use crate::component::{Bound, Failure, FailureEvent};
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

use client::Client;
use layout::Layout;

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Script Component",
    class: "Microsoft.ScriptComponentHost",
    kind: Kind::Transformation,
    execution: Execution::Ordered,
    memory: "two batches of each input and output on their way to and from the script host",
    documentation: "Makes, changes or takes rows by a script in C# or Visual Basic.",
    properties: &[
        property(
            "SourceCode",
            "Names and texts of the script's files; compiled where there is no usable binary.",
        ),
        property("BinaryCode", "Name and content of the compiled script."),
        property("ScriptLanguage", "CSharp or VisualBasic."),
        property("VSTAProjectName", "Name of the script's project."),
        property("VsaProjectName", "The same, 2005."),
        property(
            "ReadOnlyVariables",
            "Variables that the script reads, locked during the whole run.",
        ),
        property(
            "ReadWriteVariables",
            "Variables that the script may write, in PostExecute only.",
        ),
        property(
            "PreCompile",
            "2005: whether the binary is stored; looked for in any case.",
        ),
        property("MetadataChecksum", CHECKSUM),
        property("MetadataShaChecksum", CHECKSUM),
        property("MetadataChecksum140", CHECKSUM),
        property(
            "BreakpointCollection",
            "Breakpoints of the debugger; no effect.",
        ),
    ],
    validate,
    bind,
};

const CHECKSUM: &str = "The designer's checksum of the columns; the wrapper classes are compared with the columns instead.";

const fn property(name: &'static str, documentation: &'static str) -> PropertyDefinition {
    PropertyDefinition {
        name,
        place: Place::Component,
        default: "",
        documentation,
    }
}

// ---- validate ----------------------------------------------------------------------------

/// The script, with the lists of variables as expressions and overrides say.
fn script(site: &Site<'_>) -> (Option<Script>, Vec<Finding>) {
    let (script, findings) = Script::of_component(site.component, &site.component.ref_id);
    let list = |property: &str| names(&site.text(property).unwrap_or_default());
    let script = script.map(|script| Script {
        read_only: list("ReadOnlyVariables"),
        read_write: list("ReadWriteVariables"),
        ..script
    });
    (script, findings)
}

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let (script, mut findings) = script(site);
    if let Some(script) = script {
        findings.extend(Scripts::of(&site.flow.services).check(&script));
    }
    findings
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let (script, findings) = script(site);
    let Some(script) = script else {
        let text = findings
            .first()
            .map_or("the component has no script", |f| &f.message);
        return Err(site.events.error_text(codes::E_FAIL, text, None));
    };
    let layout = Arc::new(Layout::new(site));
    let client = Client::open(site, &script, &layout)?;
    Ok(run::bound(site, client, layout))
}

/// What a script's error becomes, with the code that the engine's own message names.
fn failure(error: &ScriptError) -> Failure {
    match error {
        ScriptError::Script(thrown) if thrown.kind == "cancelled" => Failure::default(),
        ScriptError::Script(thrown) if thrown.kind == "mismatch" => Failure::text(
            codes::E_FAIL,
            thrown.text.clone(),
            Some("open the script in the designer and save it, so that it fits the columns again"),
        ),
        ScriptError::Script(thrown) if thrown.kind == "script" => {
            let raised = Failure::text(codes::USER_COMPONENT_EXCEPTION, thrown.full_text(), None);
            match thrown.code {
                0 => raised,
                code => raised.with_result(packmule_types::Code(code.cast_unsigned())),
            }
        }
        ScriptError::Script(thrown) if thrown.kind == "exit" => Failure::text(
            codes::USER_COMPONENT_EXCEPTION,
            format!("the script called Environment.Exit({})", thrown.code),
            Some("return from the method in place of ending the process"),
        ),
        ScriptError::Refused(findings) => Failure {
            row: 0,
            events: findings
                .iter()
                .map(|f| FailureEvent::Text(codes::E_FAIL, f.message.clone(), f.remedy.clone()))
                .collect(),
        },
        other => Failure::text(codes::E_FAIL, other.to_string(), other.remedy()),
    }
}

/// A failure of our own: what the host sent does not fit the component.
fn protocol(text: impl std::fmt::Display) -> Failure {
    Failure::text(
        codes::E_FAIL,
        format!("the script host sent rows that do not fit the component: {text}"),
        Some("report it with the package"),
    )
}
