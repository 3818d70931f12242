//! Tests of whole data flows.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::or_fun_call,
    reason = "tests say what is wrong by failing"
)]

mod aggregate;
mod engine;
mod facts;
mod harness;
mod lookup;
mod merge_join;
mod ole_db;
mod registry;
mod script_component;
mod sort;
