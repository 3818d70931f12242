//! Data flows made in tests.
