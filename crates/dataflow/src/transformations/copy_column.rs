//! Copy Column: copies of columns under other names.
//!
//! SSIS name *Copy Column*, class `Microsoft.CopyMap`. Synchronous, one input, one output of
//! exclusion group 0, no error output. Each output column names the input column that it copies
//! (`copyColumnId`) and has its type. Behaviour: data flow reference 4.2.

use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::{CustomProperties, OutputColumn};
use packmule_runtime::Reported;
use packmule_types::Code;

use crate::batch::{Batch, Column};
use crate::codes;
use crate::component::{Bound, Failure, Outputs, Parallel};
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

/// The input column is not there.
const NO_SOURCE_COLUMN: Code = Code(0xC004_70B2);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Copy Column",
    class: "Microsoft.CopyMap",
    kind: Kind::Transformation,
    execution: Execution::Parallel,
    memory: "none",
    documentation: "Adds copies of columns.",
    properties: &[PropertyDefinition {
        name: "copyColumnId",
        place: Place::OutputColumn,
        default: "0",
        documentation: "The input column that is copied.",
    }],
    validate,
    bind,
};

// ---- columns -----------------------------------------------------------------------------

/// The position of the column that an output column copies; else SSIS's code and what is wrong.
fn copied(site: &Site<'_>, column: &OutputColumn) -> Result<usize, (Code, String)> {
    let path = site
        .regular_output()
        .map_or_else(String::new, |(_, output)| {
            site.output_column_path(output, &column.name)
        });
    let missing = || {
        let text = format!("{path}: the column that is to be copied does not arrive");
        (NO_SOURCE_COLUMN, text)
    };
    let lineage = column
        .property_lineage("copyColumnId")
        .ok_or_else(missing)?;
    let schema = site.input_schema(0).ok_or_else(missing)?;
    let position = schema.position(lineage).ok_or_else(missing)?;
    let from = schema.column_type(position).ok_or_else(missing)?;
    if from != column.column_type {
        let to = column.column_type;
        let text = format!("{path} is {to}, but the column that it copies is {from}");
        return Err((codes::E_FAIL, text));
    }
    Ok(position)
}

fn columns<'a>(site: &Site<'a>) -> &'a [OutputColumn] {
    site.regular_output()
        .map_or(&[][..], |(_, output)| &output.columns)
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let wrong = columns(site)
        .iter()
        .filter_map(|column| copied(site, column).err());
    wrong
        .map(|(code, message)| site.finding(code, Some("copyColumnId"), message))
        .collect()
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let positions: Result<Vec<usize>, _> = columns(site)
        .iter()
        .map(|column| copied(site, column))
        .collect();
    let positions =
        positions.map_err(|(code, message)| site.events.error_text(code, message, None))?;
    Ok(Bound::Parallel(Box::new(CopyColumn {
        positions,
        output: site.regular_output().map_or(0, |(index, _)| index),
    })))
}

struct CopyColumn {
    positions: Vec<usize>,
    output: usize,
}

impl Parallel for CopyColumn {
    fn process(&self, mut batch: Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        for position in &self.positions {
            let copy = match batch.columns.get(*position) {
                Some(column) => column.clone(),
                None => Column::Array(batch.array(*position)),
            };
            batch.columns.push(copy);
        }
        outputs.send(self.output, batch);
        Ok(())
    }
}
