//! Tests of the Flat File source: every file rule of the reference.
