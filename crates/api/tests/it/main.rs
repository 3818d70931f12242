//! The API over a real catalog in a temporary folder: every endpoint by HTTP.

mod access;
mod executions;
mod live;
mod objects;
mod openapi;
mod support;
