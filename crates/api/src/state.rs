//! What every endpoint shares.

use std::sync::Arc;

use axum::http::StatusCode;
use packmule_catalog::{Caller, Catalog, Error as CatalogError, ErrorKind};
use packmule_types::error::Chain;
use tokio::sync::{Semaphore, watch};

use crate::config::ApiConfig;
use crate::live::Hub;
use crate::problem::Problem;
use crate::token::ExpectedToken;

/// The state behind all endpoints.
pub(crate) struct App {
    catalog: Catalog,
    calls: Semaphore,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) config: ApiConfig,
    pub(crate) token: ExpectedToken,
    pub(crate) hub: Hub,
    /// Becomes true when the server stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(
        config: ApiConfig,
        catalog: Catalog,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            calls: Semaphore::new(config.calls_max),
            streams: Arc::new(Semaphore::new(config.streams_max)),
            token: ExpectedToken::new(&config.token),
            hub: Hub::new(&catalog),
            config,
            catalog,
            stopping,
        }
    }

    /// In whose name requests act.
    pub(crate) fn caller(&self) -> Caller {
        Caller::new(self.config.caller_name.as_str())
    }

    /// Calls the catalog on a thread for blocking work.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Catalog) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let _permit = self
            .calls
            .acquire()
            .await
            .map_err(|_| Problem::busy("the server stops"))?;
        let catalog = self.catalog.clone();
        tokio::task::spawn_blocking(move || work(&catalog))
            .await
            .unwrap_or_else(|failure| {
                tracing::error!("a request's work failed: {failure}");
                Err(Problem::internal())
            })
    }
}

impl From<CatalogError> for Problem {
    fn from(error: CatalogError) -> Self {
        let kind = error.kind();
        let status = match kind {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::Internal => {
                tracing::error!("the catalog failed: {}", Chain(&error));
                return Self::internal();
            }
        };
        let detail = Chain(&error).to_string();
        if matches!(error, CatalogError::RequestKey) {
            return Self::new(status, "idempotency-key", detail)
                .remedy("use a new key for each different request");
        }
        match error.number() {
            Some(number) => Self::catalog(status, number, detail),
            None => Self::new(status, "refused", detail),
        }
    }
}
