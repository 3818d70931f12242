//! The data flow engine and its components
