//! The packmule program.
fn main() {}
