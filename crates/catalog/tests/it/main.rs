//! The catalog's rules, through its public calls, on a store in a folder of its own.
#![allow(clippy::unwrap_used, reason = "tests and their helpers")]

mod executions;
mod objects;
mod queue;
mod support;
