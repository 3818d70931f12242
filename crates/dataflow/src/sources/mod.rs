//! Sources, one file each.

pub mod flat_file;
