//! Whole packages, written as text, run to the end.

mod databases;
mod events;
mod failures;
mod files;
mod loops;
mod outside;
mod package_builder;
mod packages;
mod parallel;
mod watcher;
