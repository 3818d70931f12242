//! Row Count: counts the rows that pass and writes their number into a variable.
//!
//! SSIS name *Row Count*, class `Microsoft.RowCount`. Synchronous, one input, one output of
//! exclusion group 0, no error output. The variable is written once, in PostExecute, also when
//! it is 0; not when the data flow failed. Behaviour: data flow reference 4.2.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use packmule_dtsx::finding::Finding;
use packmule_runtime::{Events, Reported, Scope};
use packmule_types::{Code, VariableType};

use crate::batch::Batch;
use crate::component::{Bound, End, Failure, Outputs, Parallel};
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Row Count",
    class: "Microsoft.RowCount",
    kind: Kind::Transformation,
    execution: Execution::Parallel,
    memory: "none",
    documentation: "Counts the rows that pass and writes their number into a variable.",
    properties: &[PropertyDefinition {
        name: "VariableName",
        place: Place::Component,
        default: "",
        documentation: "The integer variable that gets the number of rows, such as User::Rows.",
    }],
    validate,
    bind,
};

/// The variable does not exist.
const VARIABLE_NOT_FOUND: Code = Code(0xC020_20EE);
/// The variable is not of an integer type.
const VARIABLE_NOT_INTEGER: Code = Code(0xC020_20EF);

// ---- settings ----------------------------------------------------------------------------

fn variable_name(site: &Site<'_>) -> String {
    site.text("VariableName")
        .unwrap_or_default()
        .trim()
        .to_owned()
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let name = variable_name(site);
    let code = match site.flow.scope.find(&name) {
        Ok((variable, _)) if is_integer(variable.variable_type) => return Vec::new(),
        Ok(_) => VARIABLE_NOT_INTEGER,
        Err(_) => VARIABLE_NOT_FOUND,
    };
    let text = packmule_types::code::describe(code, &[&name]);
    vec![site.finding(code, Some("VariableName"), text)]
}

fn is_integer(variable_type: VariableType) -> bool {
    use VariableType::{Int32, Int64, UInt32, UInt64};
    matches!(variable_type, Int32 | Int64 | UInt32 | UInt64)
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    Ok(Bound::Parallel(Box::new(RowCount {
        output: site.regular_output().map_or(0, |(index, _)| index),
        variable: variable_name(site),
        scope: Arc::clone(&site.flow.scope),
        events: site.events.clone(),
        rows: AtomicU64::new(0),
    })))
}

struct RowCount {
    output: usize,
    variable: String,
    scope: Arc<Scope>,
    events: Events,
    /// Rows seen. Counted again when a segment is run again, which only a failure causes; and
    /// after a failure nothing is written.
    rows: AtomicU64,
}

impl Parallel for RowCount {
    fn process(&self, batch: Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        self.rows.fetch_add(batch.len() as u64, Ordering::Relaxed);
        outputs.send(self.output, batch);
        Ok(())
    }

    fn finish(&self, end: End) -> Result<(), Reported> {
        if !end.succeeded {
            return Ok(());
        }
        let rows = self.rows.load(Ordering::Relaxed);
        self.scope
            .set_from_row_count(&self.variable, rows)
            .map_err(|error| error.report(&self.events))
    }
}
