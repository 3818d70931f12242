//! Data Flow task (`Microsoft.Pipeline`; `DTS.Pipeline.1`, `SSIS.Pipeline.2` and `.3` and their
//! class ids before 2014): runs a data flow.
//!
//! Everything is done by `packmule_dataflow`; this file hands over what it needs. Properties of
//! the task's components are set by expressions named `[Component].[Property]`. Documented in
//! control-flow.md 6.2 and data-flow.md.

use packmule_dataflow::FlowContext;
use packmule_dtsx::Finding;
use packmule_dtsx::model::Executable;
use packmule_runtime::{Overlay, Reported};
use packmule_types::Value;

use super::TaskContext;
use crate::registry::TaskType;
use crate::settings::PropertyDoc;

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: "Microsoft.Pipeline",
    title: "Data Flow Task",
    doc: "runs a data flow from sources over transformations to destinations",
    properties: &[
        PropertyDoc {
            name: "DefaultBufferMaxRows",
            default: "10000",
            doc: "rows of a buffer; counts for commit units of destinations",
        },
        PropertyDoc {
            name: "DefaultBufferSize",
            default: "10485760",
            doc: "bytes of a buffer; accepted, batches are sized by the engine",
        },
        PropertyDoc {
            name: "EngineThreads",
            default: "10",
            doc: "a suggestion in SSIS; accepted, the run's number of threads counts",
        },
        PropertyDoc {
            name: "RunInOptimizedMode",
            default: "True",
            doc: "accepted; columns that nobody uses are never materialised",
        },
    ],
    settings,
    validate,
    execute,
};

fn settings(executable: &Executable, _overlay: &Overlay) -> Vec<Finding> {
    packmule_dataflow::assess(executable)
}

fn flow(context: &TaskContext) -> FlowContext {
    FlowContext {
        package: context.instance.package.clone(),
        task: context.executable().node,
        scope: context.scope.clone(),
        overlay: context.overlay().clone(),
        connections: context.connections().clone(),
        events: context.events.clone(),
        services: context.services.clone(),
    }
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    packmule_dataflow::validate(&flow(context))
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    packmule_dataflow::execute(&flow(context))?;
    Ok(None)
}
