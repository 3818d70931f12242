//! Variables, parameters and system variables of a running package, in nested scopes.
//!
//! Every package, container, task and event handler has a [`Scope`]; a name is looked up outward
//! and the nearest hit wins. A child package hangs below the scope of its Execute Package Task.
//! Assignment by [`Scope::set`] is strict; who converts has a function of its own, named after
//! the writer, in [`writers`].
//!
//! | module | is |
//! | --- | --- |
//! | [`scope`] | scopes, lookup, reading and strict writing |
//! | [`variable`] | one variable of a scope |
//! | [`writers`] | the writers that convert: expressions, Execute SQL, Foreach, text, Row Count |
//! | [`convert`] | the general conversion between variable types |
//! | [`locks`] | reader and writer locks, all at once in a fixed order |
//! | [`names`] | a scope as the names of an expression |
//! | [`error`] | what can go wrong, with SSIS's codes |

pub mod convert;
pub mod error;
pub mod locks;
pub mod names;
pub mod scope;
pub mod variable;
pub mod writers;

#[cfg(test)]
mod tests;

pub use error::VariableError;
pub use locks::Locked;
pub use names::ScopeNames;
pub use scope::{
    ChangeHook, ParameterValue, Scope, ScopeContext, ScopeLevel, ScopeOwner, type_name,
};
pub use variable::RuntimeVariable;
pub use writers::SqlConversion;
