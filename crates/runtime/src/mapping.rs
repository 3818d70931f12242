//! What Windows paths and connections in packages become here.

/// Rules by which paths, connections and executables are rewritten when they are opened.
#[derive(Debug, Clone, Default)]
pub struct Mapping {}
