//! The data flow engine and its components.
//!
//! # How to write a component
//!
//! One component is one file in `sources/`, `transformations/` or `destinations/`, with the
//! inner order *header, settings, columns, validate, run, tests*, and one line in
//! [`registry::COMPONENTS`]. Copy a neighbour of the same class:
//!
//! | class | what it implements | neighbour |
//! | --- | --- | --- |
//! | source | [`component::Source`] cuts, [`component::Morsel`] reads | `sources/flat_file` |
//! | parallel | [`component::Parallel`]: pure, any thread, any batch | `transformations/derived_column` |
//! | ordered | [`component::Ordered`]: one batch at a time in order, perhaps after a pure [`component::Prepare`] | `destinations/flat_file` |
//! | blocking | [`component::Blocking`]: takes everything (after a pure [`component::Prepare`]), then is a [`component::Source`] | Sort, Aggregate |
//! | several inputs | [`component::SeveralInputs`]: takes from its inputs what it needs, one [`component::Step`] at a time | `transformations/union_all` |
//!
//! `validate` returns all findings and opens nothing. `bind` is PreExecute: it reads the
//! settings again (an expression may have changed them), finds columns by lineage id in
//! [`site::Site::input_schema`] once, opens what is needed, and gives back a
//! [`component::Bound`]. The row loop knows positions and typed slices only.
//!
//! **Properties** are read through [`site::Site::text`] and kin, so that expressions and
//! overrides count. **Columns of an output**: a synchronous output sends the columns that came
//! in (same positions, a readWrite column replaced in place) followed by its own
//! `output.columns` in order; an asynchronous output sends its own only
//! ([`site::Site::output_schema`] is the one list of both). **Rows**: a component never gets a
//! batch without rows; a batch may have a selection, [`Batch::compact`] takes it away.
//! Ordinals are the engine's business, except that an output gets at most one batch per call.
//!
//! **Row errors**: see [`row_errors`]. Convert or evaluate the whole batch, collect the failing
//! rows per column, hand them to [`row_errors::RowErrors`]; it applies the dispositions,
//! makes the error output's batch and says which row fails the component. A
//! [`component::Failure`] names the failing row and carries its events; the engine truncates
//! the batch, calls the component again with the rows before, and raises the events of the
//! lowest failing row at the end, followed by its own outer codes.
//!
//! **Memory**: whoever keeps rows reserves their bytes from `site.flow.services.memory`, gives
//! views back first ([`engine::spill::owned_array`]) and spills to
//! `site.flow.services.temp_folder` when there is no room ([`engine::spill::Spilled`]).
//!
//! **Cancel** is looked at by the engine once per morsel; a component only has to pass it on to
//! a driver that may block.
//!
//! # Modules
//!
//! | module | is |
//! | --- | --- |
//! | [`batch`] | batches, columns, schemas |
//! | [`component`] | the traits of the classes |
//! | [`site`] | a component at its place: properties, columns, events |
//! | [`plan`] | who sends to whom, which columns go where |
//! | [`engine`] | threads, order, back-pressure, failures |
//! | [`expressions`] | expressions over the columns of a stream |
//! | [`row_errors`] | dispositions and error outputs |
//! | [`registry`] | the list of components |
//! | [`run`] | validation, the phases of a run, SSIS's messages |
//! | [`assess`] | what a package's data flows lack here |
//! | [`sort_keys`] | keys that compare as SSIS compares |
//! | [`testing`] | data flows made in tests, an in-memory source and destination |

pub mod assess;
pub mod batch;
pub mod codes;
pub mod component;
pub mod database;
pub mod destinations;
pub mod engine;
pub mod expressions;
pub mod plan;
pub mod registry;
pub mod row_errors;
pub mod run;
pub mod site;
pub mod sort_keys;
pub mod sources;
pub mod testing;
pub mod transformations;

pub use assess::assess;
pub use batch::{Batch, Column, Schema};
pub use run::{execute, validate};
pub use site::{FlowContext, Site};

/// Entry points for fuzzing: they must never panic or hang, whatever they are given.
pub mod fuzz {
    /// A flat file: the layout from the first bytes, the rest as content.
    pub fn fuzz_flat_file(data: &[u8]) {
        crate::sources::flat_file::fuzz(data);
    }
}
