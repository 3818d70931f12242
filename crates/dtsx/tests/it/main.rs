//! Tests of the reader from outside.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that fails says so by panicking, and prints what it counted"
)]

mod archives;
mod corpus;
mod golden;
mod paths;
mod protection;
mod robust;
