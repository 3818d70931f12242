//! Recordset Destination: all rows into an Object variable.
//!
//! SSIS name *Recordset Destination*, class `Microsoft.RecordsetDestination`. Ordered; one
//! input, no output. At PostExecute the variable holds a recordset of the input's columns in
//! their order, which a Foreach ADO loop or a script reads. After a failure the variable keeps
//! what it had. Behaviour: data flow reference 4.3.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use packmule_dtsx::finding::Finding;
use packmule_runtime::memory::OutOfBudget;
use packmule_runtime::recordset::{Recordset, RecordsetColumn};
use packmule_runtime::{Events, MemoryBudget, Reported, Reservation, Scope};
use packmule_types::VariableType;
use packmule_types::code::{DTS_E_RSTDESTBADVARIABLETYPE, describe};

use crate::codes;
use crate::component::{Bound, End, Failure, Ordered, Outputs, Prepared};
use crate::engine::spill::owned_array;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

/// What to do when the rows do not fit.
const REMEDY: &str = "send fewer rows or columns here, or raise --memory";

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Recordset Destination",
    class: "Microsoft.RecordsetDestination",
    kind: Kind::Destination,
    execution: Execution::Ordered,
    memory: "all rows, which must fit into the budget, for as long as the variable holds them",
    documentation: "Puts all rows into a variable of type Object.",
    properties: &[PropertyDefinition {
        name: "VariableName",
        place: Place::Component,
        default: "",
        documentation: "The Object variable that gets the rows, such as User::Rows.",
    }],
    validate,
    bind,
};

// ---- settings and columns ----------------------------------------------------------------

fn variable_name(site: &Site<'_>) -> String {
    site.text("VariableName")
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// Position in the stream, name and type of each column of the input.
fn columns(site: &Site<'_>) -> Vec<(usize, RecordsetColumn)> {
    let Some(schema) = site.input_schema(0) else {
        return Vec::new();
    };
    let inputs = site
        .component
        .inputs
        .iter()
        .take(1)
        .flat_map(|i| &i.columns);
    let column = |column: &packmule_dtsx::model::InputColumn| {
        let position = schema.position(column.lineage)?;
        let column_type = schema.column_type(position)?;
        Some((
            position,
            RecordsetColumn {
                name: column.name.clone(),
                column_type,
            },
        ))
    };
    inputs.filter_map(column).collect()
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let name = variable_name(site);
    let property = Some("VariableName");
    match site.flow.scope.find(&name) {
        Ok((variable, _)) if variable.variable_type == VariableType::Object => Vec::new(),
        Ok(_) => {
            let text = describe(DTS_E_RSTDESTBADVARIABLETYPE, &[&name]);
            vec![site.finding(DTS_E_RSTDESTBADVARIABLETYPE, property, text)]
        }
        Err(error) => vec![site.finding(codes::E_FAIL, property, error.to_string())],
    }
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let columns = columns(site);
    let fields = columns
        .iter()
        .map(|(_, c)| Field::new(&c.name, c.column_type.arrow(), true));
    Ok(Bound::Ordered {
        prepare: None,
        run: Box::new(RecordsetDestination {
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
            columns,
            batches: Vec::new(),
            held: site.flow.services.memory.reservation(),
            memory: site.flow.services.memory.clone(),
            variable: variable_name(site),
            scope: Arc::clone(&site.flow.scope),
            events: site.events.clone(),
        }),
    })
}

struct RecordsetDestination {
    schema: Arc<Schema>,
    columns: Vec<(usize, RecordsetColumn)>,
    batches: Vec<RecordBatch>,
    held: Reservation,
    memory: MemoryBudget,
    variable: String,
    scope: Arc<Scope>,
    events: Events,
}

fn no_room(error: OutOfBudget) -> String {
    format!("the rows for the variable do not fit into memory: {error}")
}

impl Ordered for RecordsetDestination {
    fn process(&mut self, prepared: Prepared, _outputs: &mut Outputs) -> Result<(), Failure> {
        let batch = prepared.batch.compact();
        let arrays: Vec<ArrayRef> = self
            .columns
            .iter()
            .map(|(at, _)| owned_array(&batch.array(*at)))
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(batch.rows));
        let rows = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|e| {
                Failure::text(
                    codes::E_FAIL,
                    format!("the rows do not fit the columns: {e}"),
                    None,
                )
            })?;
        self.held
            .try_grow(rows.get_array_memory_size())
            .map_err(|e| Failure::text(codes::BUFFER_ALLOCATION, no_room(e), Some(REMEDY)))?;
        self.batches.push(rows);
        Ok(())
    }

    fn finish(&mut self, end: End) -> Result<(), Reported> {
        let batches = std::mem::take(&mut self.batches);
        // The recordset reserves for itself.
        self.held.shrink(self.held.bytes());
        if !end.succeeded {
            return Ok(());
        }
        let columns = self
            .columns
            .iter()
            .map(|(_, column)| column.clone())
            .collect();
        let recordset = Recordset::new(columns, batches, &self.memory).map_err(|e| {
            self.events
                .error_text(codes::BUFFER_ALLOCATION, no_room(e), Some(REMEDY))
        })?;
        self.scope
            .set(&self.variable, recordset.into_value())
            .map_err(|error| error.report(&self.events))
    }
}
