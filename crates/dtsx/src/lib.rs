//! Reads `.dtsx` of every generation, `.ispac`, `.dtproj`, `.conmgr` and `.params` into one
//! typed, immutable [`model`].
//!
//! Works on the bytes it is given, opens nothing, and never panics on any input. What is
//! unknown is kept raw and reported as a [`Finding`]; nothing is dropped silently.

pub mod finding;
pub mod model;

pub use finding::{Finding, Severity};
pub use model::{NodeId, Package, Project};
