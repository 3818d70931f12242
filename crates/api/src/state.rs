//! What every endpoint shares.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::http::StatusCode;
use packmule_catalog::{Caller, Catalog, Error as CatalogError, ErrorKind};
use packmule_types::error::Chain;
use tokio::sync::{Mutex, OnceCell, Semaphore, watch};

use crate::config::ApiConfig;
use crate::live::Hub;
use crate::problem::Problem;
use crate::token::ExpectedToken;

/// Keys of starts that are remembered; the oldest go first.
const IDEMPOTENCY_KEYS_MAX: usize = 10_000;

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
    pub(crate) starts: Starts,
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
            starts: Starts::default(),
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
        match error.number() {
            Some(number) => Self::catalog(status, number, detail),
            None => Self::new(status, "refused", detail),
        }
    }
}

/// What was started under which idempotency key.
#[derive(Default)]
pub(crate) struct Starts(Mutex<VecDeque<Start>>);

/// One remembered start.
#[derive(Clone)]
pub(crate) struct Start {
    key: String,
    /// Digest of the request, so that the key of one cannot answer another.
    pub(crate) request: [u8; 32],
    /// The executions, once they are started; a start that failed leaves it empty.
    pub(crate) executions: Arc<OnceCell<Vec<i64>>>,
}

impl Starts {
    /// The start of a key; a new one when the key is not known.
    pub(crate) async fn of_key(&self, key: &str, request: [u8; 32]) -> Start {
        let mut starts = self.0.lock().await;
        if let Some(start) = starts.iter().find(|start| start.key == key) {
            return start.clone();
        }
        let start = Start {
            key: key.to_owned(),
            request,
            executions: Arc::default(),
        };
        if starts.len() >= IDEMPOTENCY_KEYS_MAX {
            starts.pop_front();
        }
        starts.push_back(start.clone());
        start
    }
}
