//! Destinations, one file each.

pub mod cache;
pub mod flat_file;
pub mod ole_db;
pub mod recordset;
