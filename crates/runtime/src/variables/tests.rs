//! Tests of variables and scopes.
