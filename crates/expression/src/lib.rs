//! The SSIS expression language: parse, type, evaluate for one row or a batch
