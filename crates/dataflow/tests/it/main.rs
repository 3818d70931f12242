//! Tests of whole data flows.

mod engine;
mod harness;
mod lookup;
mod ole_db;
