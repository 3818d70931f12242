//! What everything that runs shares: a trait and one implementation each.
//!
//! | module | is |
//! | --- | --- |
//! | [`variables`] | variables and their scopes |
//! | [`overlay`] | values that replace a model's properties at run time |
//! | [`events`] | SSIS's events, who raises them, who watches |
//! | [`observer`] | what a run publishes: events, rows per path, phases |
//! | [`cancel`] | the flag that ends a run |
//! | [`clock`] | the only source of time |
//! | [`memory`] | the budget that every cache, window and sort reserves from |
//! | [`parts`] | what crates above keep for one execution |
//! | [`services`] | all of these for one execution |
//! | [`mapping`] | what Windows paths and connections in packages become here |
//! | [`recordset`] | the rows that an Object variable holds |
//!
//! It knows nothing of what is run.

pub mod cancel;
pub mod clock;
pub mod events;
pub mod mapping;
pub mod memory;
pub mod observer;
pub mod overlay;
pub mod parts;
pub mod recordset;
pub mod services;
pub mod variables;

pub use cancel::Cancel;
pub use clock::Clock;
pub use events::{Event, EventKind, EventSink, EventSource, Events, Reported};
pub use mapping::Mapping;
pub use memory::{MemoryBudget, Reservation};
pub use observer::Observer;
pub use overlay::Overlay;
pub use parts::Parts;
pub use recordset::Recordset;
pub use services::Services;
pub use variables::{Scope, VariableError};
