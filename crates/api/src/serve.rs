//! Starting and stopping the server.

use std::net::SocketAddr;
use std::sync::Arc;

use packmule_catalog::Catalog;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::ApiConfig;
use crate::listener::BoundedListener;
use crate::routes;
use crate::state::App;

/// Why the API does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is taken or not this computer's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// A running server. Dropping it stops the server at once.
pub struct Handle {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<std::io::Result<()>>,
    shutdown_time_max: std::time::Duration,
}

impl Handle {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for a browser or a command.
    pub fn url(&self) -> String {
        // a wildcard address is no place to go to
        let ip = match self.address.ip() {
            ip if !ip.is_unspecified() => ip,
            std::net::IpAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            std::net::IpAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Stops: takes no new connections, ends live streams, lets requests end for the time that
    /// the configuration gives them.
    pub async fn shutdown(mut self) {
        // the receiver is gone only when the server has ended already
        let _ = self.stop.send(true);
        match tokio::time::timeout(self.shutdown_time_max, &mut self.task).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::error!("the HTTP server ended with an error: {error}"),
            Ok(Err(error)) => tracing::error!("the HTTP server failed: {error}"),
            Err(_) => tracing::warn!("requests were cut off: they did not end in time"),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Listens and answers until [`Handle::shutdown`]. Needs a tokio runtime of several threads with
/// time and network.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(config: ApiConfig, catalog: Catalog) -> Result<Handle, Error> {
    let failed = |source| Error::Listen {
        address: config.listen,
        source,
    };
    let socket = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    let listener = BoundedListener::new(socket, config.connections_max, config.idle_time_max);
    let (stop, stopping) = watch::channel(false);
    let shutdown_time_max = config.shutdown_time_max;
    let app = Arc::new(App::new(config, catalog, stopping.clone()));
    let router = routes::router(app);
    let mut stopped = stopping;
    let task = tokio::spawn(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                // an error means that the handle is gone, which is a stop too
                let _ = stopped.wait_for(|stop| *stop).await;
            })
            .await
    });
    Ok(Handle {
        address,
        stop,
        task,
        shutdown_time_max,
    })
}
