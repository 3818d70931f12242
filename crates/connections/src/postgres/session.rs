//! One server connection: its thread, its limits, its errors.
//!
//! The thread drives the connection on a runtime of its own; callers wait for their futures
//! on their own threads. Statements are serialised by a lock; a query whose rows are still
//! read holds it, and another statement meanwhile is refused as busy.

use std::future::Future;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use packmule_runtime::Services;
use packmule_runtime::cancel::CancelGuard;
use parking_lot::{Condvar, Mutex};
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::config::Target;
use crate::database::{DatabaseError, ErrorClass};

/// How long an asked-for cancel may take to reach the server.
const CANCEL_WAIT: Duration = Duration::from_millis(500);

pub(super) struct Session {
    pub(super) client: Client,
    pub(super) services: Services,
    runtime: Handle,
    cancel_token: CancelToken,
    tls: MakeRustlsConnect,
    used: Mutex<Use>,
    free: Condvar,
    cancelled: watch::Receiver<bool>,
    end: Mutex<Option<oneshot::Sender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    _guard: CancelGuard,
}

/// Who has the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Nobody,
    /// A statement that ends by itself: others wait for it.
    Statement,
    /// A query whose rows are still read, or a load: it ends when its user goes on, so waiting
    /// for it could last for ever.
    Stream,
}

/// The right to run a statement; given back when dropped.
pub(super) struct Turn(Arc<Session>);

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.used.lock() = Use::Nobody;
        self.0.free.notify_one();
    }
}

impl Session {
    pub(super) fn start(target: Target, services: &Services) -> Result<Arc<Self>, DatabaseError> {
        not_within_a_runtime()?;
        let tls = super::tls::connector(&target.trust)?;
        let (connected, is_connected) = std::sync::mpsc::sync_channel(1);
        let (end, ended) = oneshot::channel::<()>();
        let thread_tls = tls.clone();
        let body = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => {
                    let _ = connected.send(Err(closed(&error.to_string())));
                    return;
                }
            };
            let handle = runtime.handle().clone();
            runtime.block_on(async move {
                match target.config.connect(thread_tls).await {
                    Ok((client, connection)) => {
                        let _ = connected.send(Ok((client, handle)));
                        drop(connected);
                        tokio::select! {
                            _ = connection => {}
                            _ = ended => {}
                        }
                    }
                    Err(error) => {
                        let _ = connected.send(Err(server_error(&error)));
                    }
                }
            });
        };
        let thread = std::thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(body)
            .map_err(|e| closed(&e.to_string()))?;
        let answer = is_connected
            .recv()
            .unwrap_or_else(|_| Err(closed("its thread has ended")));
        let (client, runtime) = answer?;
        let (cancel, cancelled) = watch::channel(false);
        let guard = services.cancel.on_cancel(move || {
            let _ = cancel.send(true);
        });
        Ok(Arc::new(Self {
            cancel_token: client.cancel_token(),
            client,
            services: services.clone(),
            runtime,
            tls,
            used: Mutex::new(Use::Nobody),
            free: Condvar::new(),
            cancelled,
            end: Mutex::new(Some(end)),
            thread: Mutex::new(Some(thread)),
            _guard: guard,
        }))
    }

    /// Takes the connection.
    pub(super) fn turn(self: &Arc<Self>, for_what: Use) -> Result<Turn, DatabaseError> {
        let mut used = self.used.lock();
        while *used == Use::Statement {
            self.free.wait(&mut used);
        }
        if *used == Use::Stream {
            return Err(DatabaseError::Busy);
        }
        *used = for_what;
        drop(used);
        Ok(Turn(self.clone()))
    }

    /// Waits for a future of this connection; ends it at the time limit and when the run is
    /// cancelled, on the server too.
    pub(super) fn wait<T>(
        &self,
        timeout: Option<Duration>,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, DatabaseError> {
        not_within_a_runtime()?;
        if self.services.cancel.is_cancelled() {
            return Err(DatabaseError::Cancelled);
        }
        let timeout = timeout.filter(|t| !t.is_zero());
        let mut cancelled = self.cancelled.clone();
        self.runtime.block_on(async {
            let limit = async {
                match timeout {
                    Some(timeout) => tokio::time::sleep(timeout).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                result = work => result.map_err(|e| server_error(&e)),
                () = wait_for_cancel(&mut cancelled) => {
                    self.stop_statement().await;
                    Err(DatabaseError::Cancelled)
                }
                () = limit => {
                    self.stop_statement().await;
                    Err(DatabaseError::Timeout { seconds: timeout.map_or(0, |t| t.as_secs()) })
                }
            }
        })
    }

    pub(super) async fn stop_statement(&self) {
        // The server may be gone; then there is nothing to stop.
        let stop = self.cancel_token.cancel_query(self.tls.clone());
        let _ = tokio::time::timeout(CANCEL_WAIT, stop).await;
    }

    /// Waits for a small statement that must run also when the run is cancelled (a rollback).
    pub(super) fn finish(
        &self,
        work: impl Future<Output = Result<(), tokio_postgres::Error>>,
    ) -> Result<(), DatabaseError> {
        not_within_a_runtime()?;
        self.runtime.block_on(async {
            match tokio::time::timeout(CANCEL_WAIT, work).await {
                Ok(result) => result.map_err(|e| server_error(&e)),
                Err(_) => Err(closed("the server does not answer")),
            }
        })
    }

    /// Whether a transaction was begun, by whatever text: inside one, its time stands still.
    pub(super) fn in_transaction(&self) -> Result<bool, DatabaseError> {
        let question = self
            .client
            .simple_query("SELECT now() = statement_timestamp()");
        let answer = self.wait(None, question)?;
        Ok(answer.iter().any(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0) == Some("f"),
            _ => false,
        }))
    }

    pub(super) fn simple(&self, sql: &str) -> Result<(), DatabaseError> {
        self.wait(None, self.client.batch_execute(sql))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(end) = self.end.lock().take() {
            let _ = end.send(());
        }
        if let Some(thread) = self.thread.lock().take() {
            let _ = thread.join();
        }
    }
}

async fn wait_for_cancel(cancelled: &mut watch::Receiver<bool>) {
    if cancelled.wait_for(|c| *c).await.is_err() {
        // The sender is gone with the run's flag: nobody can cancel any more.
        std::future::pending::<()>().await;
    }
}

/// Waiting inside an asynchronous task would stop its whole runtime.
fn not_within_a_runtime() -> Result<(), DatabaseError> {
    match Handle::try_current() {
        Ok(_) => Err(closed(
            "database calls block and must not be made from asynchronous tasks",
        )),
        Err(_) => Ok(()),
    }
}

fn closed(reason: &str) -> DatabaseError {
    DatabaseError::Closed {
        reason: reason.to_owned(),
    }
}

/// A server's or the driver's error in the crate's terms.
pub(super) fn server_error(error: &tokio_postgres::Error) -> DatabaseError {
    let Some(db) = error.as_db_error() else {
        let message = packmule_types::error::Chain(error).to_string();
        let class = if error.is_closed() {
            ErrorClass::Connection
        } else {
            ErrorClass::Other
        };
        return DatabaseError::Server {
            message,
            code: String::new(),
            class,
        };
    };
    if *db.code() == SqlState::QUERY_CANCELED {
        return DatabaseError::Cancelled;
    }
    let mut message = db.message().to_owned();
    for part in [db.detail(), db.hint()].into_iter().flatten() {
        message.push_str("; ");
        message.push_str(part);
    }
    DatabaseError::Server {
        message,
        code: db.code().code().to_owned(),
        class: class_of(db.code()),
    }
}

fn class_of(code: &SqlState) -> ErrorClass {
    let text = code.code();
    match text.get(..2).unwrap_or_default() {
        _ if matches!(
            text,
            "42P01" | "42703" | "3F000" | "3D000" | "42883" | "42704"
        ) =>
        {
            ErrorClass::NotFound
        }
        _ if text == "42501" => ErrorClass::Permission,
        "23" => ErrorClass::Integrity,
        "22" => ErrorClass::Value,
        "42" => ErrorClass::Syntax,
        "28" => ErrorClass::Permission,
        "40" | "55" => ErrorClass::Lock,
        "08" | "57" | "53" => ErrorClass::Connection,
        _ => ErrorClass::Other,
    }
}
