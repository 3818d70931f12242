//! The general conversion between the types of variables; it stands in `types`.

pub use packmule_types::convert::variable::{expression_result, general, lossless, to_text};
