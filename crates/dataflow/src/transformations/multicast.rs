//! Multicast: every row goes to every output.
//!
//! SSIS name *Multicast*, class `Microsoft.Multicast`. Synchronous, one input, any number of
//! outputs of exclusion group 0, no error output. Behaviour: data flow reference 4.2.
//! Columns are shared between the branches, never copied.

use packmule_dtsx::finding::Finding;
use packmule_runtime::Reported;

use crate::batch::Batch;
use crate::component::{Bound, Failure, Outputs, Parallel};
use crate::registry::{Definition, Execution, Kind};
use crate::site::Site;

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Multicast",
    class: "Microsoft.Multicast",
    kind: Kind::Transformation,
    execution: Execution::Parallel,
    memory: "none",
    documentation: "Sends every row to every output.",
    properties: &[],
    validate,
    bind,
};

fn validate(_site: &Site<'_>) -> Vec<Finding> {
    Vec::new()
}

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    Ok(Bound::Parallel(Box::new(Multicast {
        outputs: site.component.outputs.len(),
    })))
}

struct Multicast {
    outputs: usize,
}

impl Parallel for Multicast {
    fn process(&self, batch: Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        for output in 0..self.outputs {
            outputs.send(output, batch.clone());
        }
        Ok(())
    }
}
