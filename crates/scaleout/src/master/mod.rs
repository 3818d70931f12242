//! The Master: a gRPC service over the catalog, a sweep of leases each second.
//!
//! It holds no state of its own but which Workers' streams are open; everything else is in the
//! catalog, so it may be stopped and started at any time.

mod service;
mod signals;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use packmule_catalog::Catalog;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Server, ServerTlsConfig};

use crate::certificates::{Authority, Invitation};
use crate::error::{Error, Result};
use crate::lease::LeaseTimes;
use crate::proto::master_server::MasterServer;
pub(crate) use service::STALE;
use service::Service;
use signals::Signals;

/// Largest message that either side takes, bytes.
pub(crate) const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// How often `LAST_ONLINE_TIME` is written (`MasterHeartbeatIntervalInMs`).
const ONLINE_EVERY: Duration = Duration::from_secs(30);
/// How often old operations and versions are cleaned away.
const CLEAN_EVERY: Duration = Duration::from_secs(12 * 3600);

/// How a Master is set up.
#[derive(Debug, Clone)]
pub struct MasterConfig {
    /// Address to listen on (`PortNumber`, 8391); port 0 takes a free one.
    pub listen: SocketAddr,
    /// Host that Workers reach it by; absent: the address listened on.
    pub host: Option<String>,
    /// Folder of the certificate authority.
    pub data_folder: PathBuf,
    /// Times of leases.
    pub times: LeaseTimes,
    /// Whether new Workers may take tasks at once; SSIS registers them disabled.
    pub enable_new_workers: bool,
}

impl MasterConfig {
    /// A Master on an address, everything else as usual.
    pub fn new(listen: SocketAddr, data_folder: impl Into<PathBuf>) -> Self {
        Self {
            listen,
            host: None,
            data_folder: data_folder.into(),
            times: LeaseTimes::default(),
            enable_new_workers: false,
        }
    }
}

/// A Master that runs. It is stopped by [`MasterHandle::stop`], or roughly when this is dropped.
pub struct MasterHandle {
    address: SocketAddr,
    endpoint: String,
    authority_pem: String,
    catalog: Catalog,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    sweeper: JoinHandle<()>,
}

impl MasterHandle {
    /// The address listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `https://host:port`
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Invites one Worker: a token good for one joining within `valid`.
    pub async fn invite(&self, valid: Duration) -> Result<Invitation> {
        let catalog = self.catalog.clone();
        let token = blocking(move || catalog.create_join_token(valid)).await??;
        Ok(Invitation {
            endpoint: self.endpoint.clone(),
            token: token.token.reveal().to_owned(),
            authority_pem: self.authority_pem.clone(),
        })
    }

    /// Stops: no new calls, those under way end; leases stay as they are.
    pub async fn stop(self) {
        // nobody may listen any more
        let _ = self.stop.send(true);
        let _ = self.server.await;
        let _ = self.sweeper.await;
    }
}

/// Runs catalog calls, which block, on threads made for that.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Ended)
}

/// Starts a Master over a catalog and returns when it listens.
pub async fn serve_master(config: MasterConfig, catalog: Catalog) -> Result<MasterHandle> {
    crate::install_crypto();
    let folder = config.data_folder.clone();
    let (authority, identity) = blocking(move || {
        let authority = Authority::open(&folder)?;
        let identity = authority.issue_master()?;
        Ok::<_, Error>((authority, identity))
    })
    .await??;
    let authority = Arc::new(authority);
    let listen = |source| Error::Listen {
        address: config.listen,
        source,
    };
    let incoming = TcpIncoming::bind(config.listen)
        .map_err(listen)?
        .with_nodelay(Some(true));
    let address = incoming.local_addr().map_err(listen)?;
    let host = config.host.clone().unwrap_or_else(|| match address.ip() {
        ip if ip.is_unspecified() => machine_name(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        ip => ip.to_string(),
    });
    let endpoint = format!("https://{host}:{}", address.port());
    let times = config.times;
    let for_start = (catalog.clone(), endpoint.clone());
    blocking(move || start(&for_start.0, &for_start.1, address, times)).await??;

    let (stop, stopped) = watch::channel(false);
    let signals = Signals::watch(&catalog, stopped.clone());
    let service = Service::new(
        catalog.clone(),
        Arc::clone(&authority),
        signals,
        times,
        config.enable_new_workers,
        stopped.clone(),
    );
    let tls = ServerTlsConfig::new()
        .identity(tonic::transport::Identity::from_pem(
            &identity.certificate_pem,
            identity.key_pem.reveal(),
        ))
        .client_ca_root(Certificate::from_pem(authority.certificate_pem()))
        .client_auth_optional(true);
    let router = Server::builder()
        .tls_config(tls)?
        .http2_keepalive_interval(Some(Duration::from_secs(5)))
        .http2_keepalive_timeout(Some(Duration::from_secs(5)))
        .add_service(
            MasterServer::new(service)
                .max_decoding_message_size(MESSAGE_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_BYTES_MAX),
        );
    let until = until_stopped(stopped.clone());
    let server = tokio::spawn(async move {
        if let Err(error) = router.serve_with_incoming_shutdown(incoming, until).await {
            tracing::error!(%error, "the Master's service ended");
        }
    });
    let sweeper = tokio::spawn(sweep(catalog.clone(), times, stopped));
    let authority_pem = authority.certificate_pem().to_owned();
    Ok(MasterHandle {
        address,
        endpoint,
        authority_pem,
        catalog,
        stop,
        server,
        sweeper,
    })
}

fn start(catalog: &Catalog, endpoint: &str, address: SocketAddr, times: LeaseTimes) -> Result<()> {
    let granted = catalog.grant_grace(times.lease)?;
    if granted > 0 {
        tracing::info!(
            granted,
            "leases that ran out while no Master was here are kept open"
        );
    }
    catalog.set_master_properties(&[
        ("MASTER_ADDRESS", endpoint),
        ("MASTER_SERVICE_PORT", &address.port().to_string()),
        ("MACHINE_NAME", &machine_name()),
        ("MACHINE_IP", &address.ip().to_string()),
    ])?;
    Ok(())
}

/// Ends when the flag is set, or when nobody can set it any more.
async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    // an error means that the handle is gone
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// This computer's name.
pub(crate) fn machine_name() -> String {
    nix::unistd::gethostname()
        .ok()
        .and_then(|name| name.into_string().ok())
        .unwrap_or_else(|| "localhost".to_owned())
}

/// Looks for leases that ran out; writes that the Master is there; cleans up.
async fn sweep(catalog: Catalog, times: LeaseTimes, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(times.sweep_every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let started = tokio::time::Instant::now();
    let mut online = started;
    let mut cleaned: Option<tokio::time::Instant> = None;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
        let write_online = online.elapsed() >= ONLINE_EVERY;
        let clean = cleaned.is_none_or(|last| last.elapsed() >= CLEAN_EVERY)
            && started.elapsed() >= ONLINE_EVERY;
        let catalog = catalog.clone();
        let done = blocking(move || -> packmule_catalog::Result<()> {
            for task in catalog.sweep()? {
                tracing::warn!(%task, "a lease has run out");
            }
            if write_online {
                catalog.set_master_properties(&[])?;
            }
            if clean {
                catalog.clean_up()?;
            }
            Ok(())
        })
        .await;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let error = packmule_types::error::Chain(&error).to_string();
                tracing::error!(error, "the sweep of leases failed");
            }
            Err(_) => return,
        }
        if write_online {
            online = tokio::time::Instant::now();
        }
        if clean {
            cleaned = Some(tokio::time::Instant::now());
        }
    }
}
