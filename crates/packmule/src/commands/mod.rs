//! One file for each command: its arguments and what it does.

pub(crate) mod assess;
pub(crate) mod child;
pub(crate) mod deploy;
pub(crate) mod execute;
pub(crate) mod executions;
pub(crate) mod explain;
pub(crate) mod expr;
pub(crate) mod folders;
pub(crate) mod inspect;
pub(crate) mod limits;
pub(crate) mod master;
pub(crate) mod messages;
pub(crate) mod packages;
pub(crate) mod projects;
pub(crate) mod run;
pub(crate) mod server;
pub(crate) mod service;
pub(crate) mod stop;
pub(crate) mod table;
pub(crate) mod worker;
pub(crate) mod workers;
