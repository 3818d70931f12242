//! Scale out: the Master (queue, leases, registry), the Worker (pulls tasks, runs each in a
//! process of its own, hands in what happened), the gRPC contract, the certificate authority.
//!
//! | module | is |
//! | --- | --- |
//! | [`master`] | the Master's service over the catalog |
//! | [`worker`] | the Worker |
//! | [`child`] | the process of one execution |
//! | [`states`] | the states of a task on its Worker |
//! | [`lease`] | when a package must have stopped |
//! | [`runner`] | runs a job by the control flow |
//! | [`spool`] | what waits to be handed in, on disk |
//! | [`certificates`] | the authority, joining |
//! | [`proto`] | the contract, generated |
//!
//! It knows nothing of HTTP pages.

pub mod certificates;
pub mod child;
pub mod error;
pub mod lease;
pub mod master;
pub mod proto;
#[cfg(feature = "packages")]
pub mod runner;
pub mod spool;
pub mod states;
pub mod worker;

pub use certificates::Invitation;
pub use child::frames::Job;
pub use child::{Ended, PackageRunner, Reporter, run_child};
pub use error::{Error, Result};
pub use lease::LeaseTimes;
pub use master::{MasterConfig, MasterHandle, serve_master};
pub use worker::{WorkerConfig, run_worker};

/// Makes aws-lc the process's TLS provider; a second call changes nothing.
pub(crate) fn install_crypto() {
    // somebody was first: theirs is the same
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
