//! Tests of the reader from outside.

mod corpus;
