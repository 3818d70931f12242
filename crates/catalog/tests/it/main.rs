//! The catalog's rules, through its public calls, on a store in a folder of its own.

mod executions;
mod objects;
mod queue;
mod support;
