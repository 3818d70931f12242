//! How the API is set up.

use std::net::SocketAddr;
use std::time::Duration;

use packmule_types::Secret;

/// What [`crate::serve`] needs to know. All limits have defaults in [`ApiConfig::new`].
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The access token ([`crate::token::load_or_create`]).
    pub token: Secret,
    /// The name under which callers act in the catalog (`caller_name`).
    pub caller_name: String,
    /// The longest project that may be uploaded, in bytes; default 256 MiB.
    pub upload_bytes_max: usize,
    /// The longest JSON body, in bytes; default 4 MiB.
    pub body_bytes_max: usize,
    /// Connections at a time; default 1024.
    pub connections_max: usize,
    /// Calls of the catalog at a time; default 64. More wait, for [`Self::request_time_max`].
    pub calls_max: usize,
    /// Live streams at a time; default 256.
    pub streams_max: usize,
    /// How long a request may take, uploads and streams apart; default 60 s.
    pub request_time_max: Duration,
    /// How long an upload may take; default 10 min.
    pub upload_time_max: Duration,
    /// How long a connection may be silent; default 120 s.
    pub idle_time_max: Duration,
    /// How long [`crate::Handle::shutdown`] waits for requests; default 5 s.
    pub shutdown_time_max: Duration,
}

impl ApiConfig {
    /// An address and a token, everything else as usual.
    pub fn new(listen: SocketAddr, token: Secret) -> Self {
        Self {
            listen,
            token,
            caller_name: "packmule".to_owned(),
            upload_bytes_max: 256 << 20,
            body_bytes_max: 4 << 20,
            connections_max: 1024,
            calls_max: 64,
            streams_max: 256,
            request_time_max: Duration::from_secs(60),
            upload_time_max: Duration::from_secs(600),
            idle_time_max: Duration::from_secs(120),
            shutdown_time_max: Duration::from_secs(5),
        }
    }
}
