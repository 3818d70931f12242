//! Inputs, outputs and their columns: positions for the engine, descriptions for the host.

use packmule_dtsx::model::{Input, Output, Usage};
use packmule_scripts::columns::wire_column;
use packmule_types::ColumnType;
use serde_json::{Value as Json, json};

use crate::site::Site;

/// Rows of SSIS's buffer where the package says nothing.
const BUFFER_ROWS: usize = 10_000;
/// Bytes of columns that one batch to the host holds at most, unless a single row has more.
pub(super) const BATCH_BYTES: usize = 32 << 20;

/// A column that the script sees.
#[derive(Debug)]
pub(super) struct InputColumn {
    /// Its position in the batches that arrive.
    pub position: usize,
    /// Its type.
    pub column_type: ColumnType,
    /// Whether the script may write it.
    pub written: bool,
}

/// An output.
#[derive(Debug)]
pub(super) struct OutputLayout {
    /// The input whose rows it carries; none when it is asynchronous.
    pub synchronous: Option<usize>,
    /// Whether only rows that the script directs here leave by it.
    pub directed: bool,
    /// Whether rows go anywhere.
    pub attached: bool,
    /// Its own columns.
    pub columns: Vec<ColumnType>,
}

/// All columns of a component.
#[derive(Debug)]
pub(super) struct Layout {
    /// Columns by input.
    pub inputs: Vec<Vec<InputColumn>>,
    /// Outputs.
    pub outputs: Vec<OutputLayout>,
    /// Rows of a batch to the script at most.
    pub batch_rows: usize,
}

impl Layout {
    pub(super) fn new(site: &Site<'_>) -> Self {
        let inputs = site.component.inputs.iter().enumerate();
        let outputs = site.component.outputs.iter().enumerate();
        Self {
            inputs: inputs
                .map(|(at, input)| input_columns(site, at, input))
                .collect(),
            outputs: outputs
                .map(|(at, output)| OutputLayout {
                    synchronous: output.synchronous_input,
                    directed: output.exclusion_group != 0,
                    attached: site.is_attached(at),
                    columns: output.columns.iter().map(|c| c.column_type).collect(),
                })
                .collect(),
            batch_rows: buffer_rows(site),
        }
    }
}

/// A column that no path feeds reads as NULL; validation has refused it where a path arrives.
fn input_columns(site: &Site<'_>, at: usize, input: &Input) -> Vec<InputColumn> {
    let schema = site.input_schema(at);
    let columns = input.columns.iter().map(|column| {
        let position = schema.and_then(|s| s.position(column.lineage));
        let arrives = position.and_then(|p| schema?.column_type(p));
        InputColumn {
            position: position.unwrap_or(usize::MAX),
            column_type: arrives
                .or(column.cached_type)
                .unwrap_or(ColumnType::new(packmule_types::DataType::Null)),
            written: column.usage == Usage::ReadWrite,
        }
    });
    columns.collect()
}

/// `DefaultBufferMaxRows`: rows of a call of ProcessInput at most.
fn buffer_rows(site: &Site<'_>) -> usize {
    let given = site.overlaid_task("DefaultBufferMaxRows");
    let given = given.and_then(|t| t.trim().parse::<i64>().ok());
    given
        .or_else(|| site.pipeline.properties.integer("defaultBufferMaxRows"))
        .and_then(|rows| usize::try_from(rows).ok())
        .filter(|rows| *rows > 0)
        .map_or(BUFFER_ROWS, |rows| rows.min(super::rows::ROWS_MAX))
}

/// `inputs` of the protocol's `open`.
pub(super) fn wire_inputs(site: &Site<'_>, layout: &Layout) -> Json {
    let inputs = site.component.inputs.iter().zip(&layout.inputs);
    let inputs = inputs.map(|(input, columns)| {
        let columns = input.columns.iter().zip(columns).map(|(column, bound)| {
            let usage = if bound.written { "read_write" } else { "read" };
            let lineage = i64::from(column.lineage.0);
            let id = i64::from(column.id);
            wire_column(id, &column.name, lineage, &bound.column_type, Some(usage))
        });
        json!({"id": input.id, "name": input.name, "columns": columns.collect::<Vec<_>>()})
    });
    inputs.collect()
}

/// `outputs` of the protocol's `open`.
pub(super) fn wire_outputs(site: &Site<'_>) -> Json {
    let outputs = site.component.outputs.iter().enumerate();
    outputs
        .map(|(at, output)| wire_output(site, at, output))
        .collect()
}

fn wire_output(site: &Site<'_>, at: usize, output: &Output) -> Json {
    let columns = output.columns.iter().map(|column| {
        let lineage = i64::from(column.lineage.0);
        let id = i64::from(column.id);
        wire_column(id, &column.name, lineage, &column.column_type, None)
    });
    json!({
        "id": output.id,
        "name": output.name,
        "synchronous": output.synchronous_input,
        "exclusion_group": output.exclusion_group,
        "error": output.is_error,
        "attached": site.is_attached(at),
        "columns": columns.collect::<Vec<_>>(),
    })
}
