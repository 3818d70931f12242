//! Tests of whole data flows.

mod engine;
mod harness;
