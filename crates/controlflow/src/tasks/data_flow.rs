//! Data Flow task (`Microsoft.Pipeline`; `DTS.Pipeline.1`, `SSIS.Pipeline.2` and `.3` and their
//! class ids before 2014): runs a data flow.
//!
//! Everything is done by `packmule_dataflow`; this file hands over what it needs. Properties of
//! the task's components are set by expressions named `[Component].[Property]`. Documented in
//! control-flow.md 6.2 and data-flow.md.
//!
//! Differences on purpose: EngineThreads, DefaultBufferSize, AutoAdjustBufferSize and
//! BLOBTempStoragePath tune SSIS's own buffers and threads; here they are checked, and the
//! engine sizes its batches and threads itself. Unused columns are always pruned, whatever
//! RunInOptimizedMode says.

use std::path::PathBuf;

use packmule_dataflow::FlowContext;
use packmule_dtsx::Finding;
use packmule_dtsx::model::{Executable, ExecutableKind};
use packmule_runtime::{Mapping, Overlay, Reported};
use packmule_types::{Code, Value};

use super::TaskContext;
use crate::registry::TaskType;
use crate::settings::{PropertyDoc, Reader, report};

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: "Microsoft.Pipeline",
    title: "Data Flow Task",
    doc: "runs a data flow from sources over transformations to destinations",
    properties: &[
        doc(
            "DefaultBufferMaxRows",
            "10000",
            "rows of a buffer, from 1; commit units of destinations are counted by it",
        ),
        doc(
            "DefaultBufferSize",
            "10485760",
            "bytes of a buffer, from 1; checked, batches are sized by the engine",
        ),
        doc(
            "AutoAdjustBufferSize",
            "False",
            "checked, batches are sized by the engine",
        ),
        doc(
            "EngineThreads",
            "10",
            "a suggestion, from 0; checked, the run's number of threads counts",
        ),
        doc(
            "RunInOptimizedMode",
            "True",
            "checked, unused columns are always pruned",
        ),
        doc(
            "BufferTempStoragePath",
            "",
            "folders for spill files, separated by semicolons; the first one that is there \
             counts, else the run's own",
        ),
        doc(
            "BLOBTempStoragePath",
            "",
            "checked; large values are spilled with their rows",
        ),
    ],
    settings: |executable, overlay| {
        let mut findings = packmule_dataflow::assess(executable);
        findings.extend(settings(executable, overlay).1);
        findings
    },
    validate,
    execute,
};

const fn doc(name: &'static str, default: &'static str, doc: &'static str) -> PropertyDoc {
    PropertyDoc { name, default, doc }
}

/// Reads the task's own properties; gives the folders for spill files.
fn settings(executable: &Executable, overlay: &Overlay) -> (String, Vec<Finding>) {
    let mut r = Reader::new(
        overlay,
        executable.node,
        &executable.ref_id,
        &executable.location,
    );
    let pipeline = match &executable.kind {
        ExecutableKind::Task(task) => task.pipeline.as_ref(),
        _ => None,
    };
    let stored = |name: &str| pipeline.and_then(|p| p.properties.text(name));
    let most = i64::from(i32::MAX);
    r.integer(
        "DefaultBufferMaxRows",
        stored("defaultBufferMaxRows"),
        10_000,
        1..=most,
    );
    r.integer(
        "DefaultBufferSize",
        stored("defaultBufferSize"),
        10_485_760,
        1..=most,
    );
    r.integer("EngineThreads", stored("engineThreads"), 10, 0..=most);
    r.boolean(
        "AutoAdjustBufferSize",
        stored("autoAdjustBufferSize"),
        false,
    );
    r.boolean("RunInOptimizedMode", stored("runInOptimizedMode"), true);
    r.text("BLOBTempStoragePath", stored("BLOBTempStoragePath"), "");
    let name = "BufferTempStoragePath";
    let folders = r.text(name, stored("bufferTempStoragePath"), "");
    (folders, r.findings())
}

/// The first of several folders that is there.
fn spill_folder(folders: &str, mapping: &Mapping) -> Option<PathBuf> {
    let named = folders.split(';').filter(|f| !f.trim().is_empty());
    named
        .filter_map(|f| mapping.map_path(f).ok())
        .find(|path| path.is_dir())
}

fn flow(context: &TaskContext) -> FlowContext {
    let mut services = context.services.clone();
    let (folders, _) = settings(context.executable(), context.overlay());
    if let Some(folder) = spill_folder(&folders, &services.mapping) {
        services.temp_folder = folder;
    }
    FlowContext {
        package: context.instance.package.clone(),
        task: context.executable().node,
        scope: context.scope.clone(),
        overlay: context.overlay().clone(),
        connections: context.connections().clone(),
        events: context.events.clone(),
        services,
    }
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    let (_, findings) = settings(context.executable(), context.overlay());
    let own = report(&findings, &context.events, Code(0xC004_700C));
    packmule_dataflow::validate(&flow(context)).and(own)
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    packmule_dataflow::execute(&flow(context))?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spill_files_go_to_the_first_folder_that_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let here = folder.path().display().to_string();
        let mapping = Mapping::default();
        let list = format!(" ; /no/such/folder;{here};/");
        assert_eq!(
            spill_folder(&list, &mapping).as_deref(),
            Some(folder.path())
        );
        assert_eq!(spill_folder("", &mapping), None);
        assert_eq!(spill_folder("/no/such/folder", &mapping), None);
    }
}
