//! Transformations, one file each.

pub mod aggregate;
pub mod conditional_split;
pub mod copy_column;
pub mod data_conversion;
pub mod derived_column;
pub mod lookup;
pub mod merge_join;
pub mod multicast;
pub mod ole_db_command;
pub mod row_count;
pub mod script_component;
pub mod sort;
pub mod union_all;
