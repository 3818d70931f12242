//! Connection strings; the parser stands in `dtsx`, which masks their secrets.

pub use packmule_dtsx::connection_string::ConnectionString;
