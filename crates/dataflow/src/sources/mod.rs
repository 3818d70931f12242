//! Sources, one file each.

pub mod flat_file;
pub mod ole_db;
