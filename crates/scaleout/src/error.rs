//! What can go wrong when a Master or a Worker is set up or runs.

use std::path::PathBuf;

/// Why a Master or Worker cannot go on.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the texts say it")]
pub enum Error {
    #[error("file or folder {path} cannot be used")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("a certificate could not be made: {what}")]
    Certificate {
        what: &'static str,
        #[source]
        source: rcgen::Error,
    },
    #[error("file {path} is not what it should be: {reason}")]
    Content { path: PathBuf, reason: String },
    #[error("the Master cannot listen on {address}")]
    Listen {
        address: std::net::SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("the TLS settings cannot be used")]
    Tls(#[source] Box<tonic::transport::Error>),
    #[error("the Master's address {0} is not valid, it must be like https://host:8391")]
    Endpoint(String),
    #[error("this worker has no certificate; join it once with an invitation of the Master")]
    NotJoined,
    #[error("another worker process uses the folder {path}; end it, or give each its own --data")]
    FolderInUse { path: PathBuf },
    #[error("the Master refused: {message}")]
    Refused {
        message: String,
        #[source]
        source: Box<tonic::Status>,
    },
    #[error("the Master speaks another version of the protocol ({version})")]
    Protocol { version: String },
    #[error("the process for a package could not be started")]
    Spawn(#[source] std::io::Error),
    #[error("the process for a package did not answer")]
    Child(#[source] std::io::Error),
    #[error("a frame of {given} bytes is larger than the limit of {limit}")]
    FrameTooLarge { given: usize, limit: usize },
    #[error("the project with hash {hash} could not be fetched: {reason}")]
    Project { hash: String, reason: String },
    #[error("the spool on disk is full ({limit} bytes)")]
    SpoolFull { limit: u64 },
    #[error("the catalog refused")]
    Catalog(#[from] packmule_catalog::Error),
    #[error("a part of the program ended early")]
    Ended,
}

/// The result of a step of a Master or Worker.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Adds the path to an error of the file system.
pub(crate) fn at<T>(path: &std::path::Path, result: std::io::Result<T>) -> Result<T> {
    result.map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })
}

impl From<tonic::Status> for Error {
    fn from(status: tonic::Status) -> Self {
        Self::Refused {
            message: status.message().to_owned(),
            source: Box::new(status),
        }
    }
}

impl From<tonic::transport::Error> for Error {
    fn from(error: tonic::transport::Error) -> Self {
        Self::Tls(Box::new(error))
    }
}
