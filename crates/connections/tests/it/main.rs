//! Connections against real databases.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::or_fun_call,
    reason = "tests say what is wrong by failing"
)]

mod acquire;
mod managers;
mod postgres;
mod servers;
mod sqlite;
mod support;
mod tls;
mod zoo;
