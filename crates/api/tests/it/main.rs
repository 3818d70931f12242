//! The API over a real catalog in a temporary folder: every endpoint by HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::or_fun_call,
    reason = "tests say what is wrong by failing"
)]

mod access;
mod executions;
mod live;
mod objects;
mod openapi;
mod support;
