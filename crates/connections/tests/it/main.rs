//! Connections against real databases.

mod managers;
mod sqlite;
mod support;
mod zoo;
