//! Tests of the expression language, one module for each part of the reference.
#![allow(clippy::unwrap_used, reason = "tests")]

mod casts;
mod columns;
mod corpus;
mod errors;
mod functions;
mod helper;
mod literals;
mod matrix;
mod metadata;
mod nulls;
mod operators;
mod oracle;
mod registry;
