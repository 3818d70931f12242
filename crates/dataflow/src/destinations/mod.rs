//! Destinations, one file each.
