//! Connections against real databases.

mod managers;
mod postgres;
mod sqlite;
mod support;
mod zoo;
