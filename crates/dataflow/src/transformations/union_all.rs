//! Union All: the rows of all inputs in one output.
//!
//! SSIS name *Union All*, class `Microsoft.UnionAll`. Asynchronous, not blocking, any number of
//! inputs, one output, no error output. Each input column names the output column that it goes
//! into (`OutputColumnLineageID`); an output column that an input does not fill is NULL in that
//! input's rows. Behaviour: data flow reference 2.3 and 4.2.
//!
//! Order: within each input. Here batch *n* of each input follows batch *n* of the input before
//! it, so that the result is the same for any number of threads (SSIS interleaves by buffer).

use std::sync::Arc;

use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::CustomProperties;
use packmule_runtime::Reported;
use packmule_types::{ColumnType, DataType};

use crate::batch::{Batch, Column};
use crate::component::{Bound, Failure, Inputs, Morsel, Outputs, SeveralInputs, Step, Taken};
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Union All",
    class: "Microsoft.UnionAll",
    kind: Kind::Transformation,
    execution: Execution::SeveralInputs,
    memory: "the batches of inputs that are ahead; spilled when the budget is used up",
    documentation: "Combines the rows of several inputs into one output.",
    properties: &[PropertyDefinition {
        name: "OutputColumnLineageID",
        place: Place::InputColumn,
        default: "0",
        documentation: "The output column that this input column goes into.",
    }],
    validate,
    bind,
};

/// For each output column the position of the input's column that fills it.
type Mapping = Vec<Option<usize>>;

// ---- columns -----------------------------------------------------------------------------

/// The mapping of every input, and what is wrong with it.
fn mappings(site: &Site<'_>) -> (Vec<Mapping>, Vec<Finding>) {
    let mut findings = Vec::new();
    let Some((_, output)) = site.regular_output() else {
        let message = "a Union All needs an output".to_owned();
        return (
            Vec::new(),
            vec![site.finding(crate::codes::E_FAIL, None, message)],
        );
    };
    let mut all = Vec::new();
    for (index, input) in site.component.inputs.iter().enumerate() {
        let mut mapping = vec![None; output.columns.len()];
        let schema = site.input_schema(index);
        for column in &input.columns {
            let target = column.property_lineage("OutputColumnLineageID");
            let at = target.and_then(|t| output.columns.iter().position(|c| c.lineage == t));
            let (Some(at), Some(schema)) = (at, schema) else {
                continue;
            };
            let Some(position) = schema.position(column.lineage) else {
                let message = format!(
                    "the column '{}' does not arrive at '{}'",
                    column.name, input.name
                );
                findings.push(site.finding(crate::codes::E_FAIL, None, message));
                continue;
            };
            let from = schema.column_type(position);
            let to = output.columns[at].column_type;
            if from.is_some_and(|from| !fits(&from, &to)) {
                let message = format!(
                    "the column '{}' of '{}' and the output column '{}' have different types",
                    column.name, input.name, output.columns[at].name
                );
                findings.push(site.finding(
                    crate::codes::E_FAIL,
                    Some("OutputColumnLineageID"),
                    message,
                ));
            }
            mapping[at] = Some(position);
        }
        all.push(mapping);
    }
    (all, findings)
}

/// Types must be equal; strings may be shorter than the output column.
fn fits(from: &ColumnType, to: &ColumnType) -> bool {
    match to.data_type {
        DataType::WStr | DataType::Bytes => {
            from.data_type == to.data_type && from.length <= to.length
        }
        DataType::Str => {
            from.data_type == to.data_type
                && from.length <= to.length
                && from.code_page == to.code_page
        }
        DataType::Text => from.data_type == to.data_type && from.code_page == to.code_page,
        _ => from.arrow() == to.arrow() && from.data_type == to.data_type,
    }
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    mappings(site).1
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let (mappings, _) = mappings(site);
    let output = site.regular_output().map_or(0, |(index, _)| index);
    let types = site
        .output_schema(output)
        .columns
        .iter()
        .map(|c| c.column_type)
        .collect();
    let mappings: Vec<Arc<Mapping>> = mappings.into_iter().map(Arc::new).collect();
    Ok(Bound::SeveralInputs(Box::new(UnionAll {
        finished: vec![false; mappings.len()],
        mappings,
        types,
        output,
        turn: 0,
    })))
}

struct UnionAll {
    mappings: Vec<Arc<Mapping>>,
    types: Arc<[ColumnType]>,
    output: usize,
    finished: Vec<bool>,
    /// The input whose batch is next.
    turn: usize,
}

impl SeveralInputs for UnionAll {
    fn step(&mut self, inputs: &mut dyn Inputs) -> Result<Step, Failure> {
        while self.finished.contains(&false) {
            let turn = self.turn;
            if !self.finished[turn] {
                match inputs.take_ordinal(turn)? {
                    Taken::Waiting => return Ok(Step::Needs(turn)),
                    Taken::End => self.finished[turn] = true,
                    Taken::Batch(batch) if !batch.is_empty() => {
                        self.turn = (turn + 1) % self.mappings.len();
                        return Ok(Step::Made(Box::new(Mapped {
                            batch,
                            mapping: Arc::clone(&self.mappings[turn]),
                            types: Arc::clone(&self.types),
                            output: self.output,
                        })));
                    }
                    Taken::Batch(_) => {}
                }
            }
            self.turn = (turn + 1) % self.mappings.len();
        }
        Ok(Step::Finished)
    }
}

struct Mapped {
    batch: Batch,
    mapping: Arc<Mapping>,
    types: Arc<[ColumnType]>,
    output: usize,
}

impl Morsel for Mapped {
    fn bytes(&self) -> usize {
        self.batch.bytes()
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let rows = self.batch.rows;
        let columns = self
            .mapping
            .iter()
            .zip(self.types.iter())
            .map(|(from, to)| {
                let from = from.and_then(|position| self.batch.columns.get(position));
                from.cloned().unwrap_or_else(|| Column::null(to, rows))
            });
        let batch = Batch {
            first_row: self.batch.first_row,
            ..Batch::new(columns.collect(), rows)
        };
        outputs.send(self.output, batch);
        Ok(())
    }
}
