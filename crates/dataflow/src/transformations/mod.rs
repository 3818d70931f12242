//! Transformations, one file each.

pub mod multicast;
pub mod row_count;
pub mod union_all;
