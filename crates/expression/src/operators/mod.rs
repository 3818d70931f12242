//! Operators: binding to types by §4 and §7, and their kernels.

pub(crate) mod arithmetic;
pub(crate) mod compare;
pub(crate) mod concat;
pub(crate) mod unary;
