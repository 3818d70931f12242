//! Tests of the reader from outside.

mod archives;
mod corpus;
mod golden;
mod paths;
mod protection;
mod robust;
