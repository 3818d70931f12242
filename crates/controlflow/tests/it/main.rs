//! Whole packages, written as text, run to the end.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::or_fun_call,
    reason = "tests say what is wrong by failing"
)]

mod configurations;
mod databases;
mod events;
mod failures;
mod files;
mod ftp_task;
mod logs;
mod loops;
mod outside;
mod package_builder;
mod packages;
mod parallel;
mod script_connections;
mod scripts;
mod send_mail;
mod servers;
mod watcher;
