//! Transformations, one file each.

pub mod merge_join;
pub mod multicast;
pub mod row_count;
pub mod sort;
pub mod union_all;
