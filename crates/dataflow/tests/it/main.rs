//! Tests of whole data flows.

mod aggregate;
mod engine;
mod harness;
mod lookup;
mod merge_join;
mod ole_db;
mod sort;
