//! Tests of the Flat File destination.
