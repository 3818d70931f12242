//! The calls of the contract, each a few lines over the catalog.

use std::pin::Pin;
use std::sync::Arc;

use packmule_catalog::{
    Assignment, Catalog, Error as CatalogError, ErrorKind, NumberedReport, Outcome, Renewal,
    RunningReport, TaskKey, WorkerId, WorkerReport,
};
use packmule_types::Secret;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Request, Response, Status};

use super::blocking;
use super::signals::Signals;
use crate::certificates::{self, Authority};
use crate::lease::LeaseTimes;
use crate::proto::{self, master_server::Master};

/// Bytes of a project in one piece.
const PIECE_BYTES: usize = 256 << 10;

/// Code of the refusal of a task that is another's (27246).
pub(crate) const STALE: Code = Code::Aborted;
/// Code of the refusal of a disabled Worker.
pub(crate) const DISABLED: Code = Code::FailedPrecondition;

pub(crate) struct Service {
    catalog: Catalog,
    authority: Arc<Authority>,
    signals: Signals,
    times: LeaseTimes,
    enable_new_workers: bool,
    stopped: watch::Receiver<bool>,
}

/// Who calls, by the certificate.
struct Peer {
    worker: WorkerId,
    thumbprint: String,
}

fn peer<T>(request: &Request<T>) -> Result<Peer, Status> {
    let certificates = request.peer_certs();
    let first = certificates.as_ref().and_then(|c| c.first());
    let (worker, thumbprint) = first
        .and_then(|certificate| certificates::worker_of(certificate))
        .ok_or_else(|| {
            Status::unauthenticated("a certificate of a worker is needed; join first")
        })?;
    Ok(Peer { worker, thumbprint })
}

fn required<T>(field: Option<T>, name: &str) -> Result<T, Status> {
    field.ok_or_else(|| Status::invalid_argument(format!("{name} is missing")))
}

fn status(error: &CatalogError) -> Status {
    let text = packmule_types::error::Chain(error).to_string();
    let code = match error {
        CatalogError::Stale { .. } => STALE,
        CatalogError::WorkerDisabled(_) => DISABLED,
        CatalogError::MessageGap { .. } => Code::OutOfRange,
        CatalogError::JoinToken(_) => Code::PermissionDenied,
        error => match error.kind() {
            ErrorKind::NotFound => Code::NotFound,
            ErrorKind::Invalid => Code::InvalidArgument,
            ErrorKind::Conflict => Code::FailedPrecondition,
            ErrorKind::Internal => Code::Unavailable,
        },
    };
    Status::new(code, text)
}

fn hello(hello: Option<&proto::Hello>) -> Result<(), Status> {
    if proto::understands(hello) {
        return Ok(());
    }
    Err(Status::failed_precondition(format!(
        "this Master speaks version {} of the protocol",
        proto::PROTOCOL
    )))
}

fn worker_report(peer: Peer, facts: proto::WorkerFacts, version: String) -> WorkerReport {
    WorkerReport {
        worker_agent_id: peer.worker,
        display_name: facts.display_name,
        machine_name: facts.machine_name,
        user_account: facts.user_account,
        version,
        slots: facts.slots,
        slots_used: facts.slots_used,
        cpu_percent: facts.cpu_percent,
        available_memory_mb: facts.available_memory_mb,
        spooled_messages: facts.spooled_messages,
        certificate_thumbprint: peer.thumbprint,
    }
}

fn assignment(given: Assignment) -> proto::Assignment {
    proto::Assignment {
        task: Some(given.key.into()),
        execution_instance_guid: given.execution_instance_guid.to_string(),
        folder_name: given.folder_name,
        project_name: given.project_name,
        package_name: given.package_name,
        project_lsn: given.project_lsn.0,
        content_hash: given.content_hash,
        executed_as_name: given.executed_as_name,
        logging_level: given.logging_level.code(),
        parameters: given
            .parameters
            .into_iter()
            .map(|p| proto::Parameter {
                object_type: p.object_type.code(),
                name: p.name,
                data_type: p.data_type.name().to_owned(),
                value: p.value.reveal().to_owned(),
                sensitive: p.sensitive,
            })
            .collect(),
        overrides: given
            .overrides
            .into_iter()
            .map(|o| proto::PropertyOverride {
                path: o.path,
                value: o.value.reveal().to_owned(),
                sensitive: o.sensitive,
            })
            .collect(),
    }
}

impl Service {
    pub(crate) fn new(
        catalog: Catalog,
        authority: Arc<Authority>,
        signals: Signals,
        times: LeaseTimes,
        enable_new_workers: bool,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        Self {
            catalog,
            authority,
            signals,
            times,
            enable_new_workers,
            stopped,
        }
    }

    /// A call of the catalog.
    async fn catalog<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Catalog) -> packmule_catalog::Result<T> + Send + 'static,
    ) -> Result<T, Status> {
        let catalog = self.catalog.clone();
        blocking(move || work(&catalog))
            .await
            .map_err(|_| Status::unavailable("the catalog does not answer"))?
            .map_err(|error| status(&error))
    }
}

/// Tells when a stream has ended, whoever ended it.
struct Closing {
    signals: Signals,
    worker: WorkerId,
    number: u64,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.signals.close(self.worker, self.number);
    }
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl Master for Service {
    type OpenStream = Answers<proto::Signal>;
    type FetchProjectStream = Answers<proto::ProjectPiece>;

    async fn join(
        &self,
        request: Request<proto::JoinRequest>,
    ) -> Result<Response<proto::JoinReply>, Status> {
        let request = request.into_inner();
        hello(request.hello.as_ref())?;
        if !certificates::is_public_key(&request.public_key) {
            return Err(Status::invalid_argument(
                "the public key is not an uncompressed P-256 one",
            ));
        }
        let token = Secret::new(request.token);
        let worker = self
            .catalog(move |catalog| catalog.use_join_token(&token))
            .await?;
        let certificate_pem = self
            .authority
            .issue_worker(worker, &request.public_key)
            .map_err(|error| Status::internal(packmule_types::error::Chain(&error).to_string()))?;
        tracing::info!(%worker, "a worker has joined");
        Ok(Response::new(proto::JoinReply {
            hello: Some(proto::hello()),
            worker_agent_id: worker.to_string(),
            certificate_pem,
        }))
    }

    async fn register(
        &self,
        request: Request<proto::RegisterRequest>,
    ) -> Result<Response<proto::RegisterReply>, Status> {
        let peer = peer(&request)?;
        let request = request.into_inner();
        hello(request.hello.as_ref())?;
        let version = request.hello.map(|h| h.version).unwrap_or_default();
        let report = worker_report(peer, required(request.facts, "facts")?, version);
        let enable = self.enable_new_workers;
        let enabled = self
            .catalog(move |catalog| catalog.worker_heard(report, enable))
            .await?;
        Ok(Response::new(proto::RegisterReply {
            hello: Some(proto::hello()),
            enabled,
            server_time: chrono::Utc::now().timestamp_micros(),
            lease_ms: u32::try_from(self.times.lease.as_millis()).unwrap_or(u32::MAX),
        }))
    }

    async fn open(
        &self,
        request: Request<proto::OpenRequest>,
    ) -> Result<Response<Self::OpenStream>, Status> {
        let worker = peer(&request)?.worker;
        let (number, mut signals) = self.signals.open(worker);
        let closing = Closing {
            signals: self.signals.clone(),
            worker,
            number,
        };
        let (sender, receiver) = mpsc::channel(16);
        let mut stopped = self.stopped.clone();
        tokio::spawn(async move {
            let _closing = closing;
            loop {
                let signal = tokio::select! {
                    signal = signals.recv() => signal,
                    () = sender.closed() => None,
                    _ = stopped.wait_for(|stop| *stop) => None,
                };
                let Some(signal) = signal else { return };
                if sender.send(Ok(signal)).await.is_err() {
                    return;
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn pull(
        &self,
        request: Request<proto::PullRequest>,
    ) -> Result<Response<proto::PullReply>, Status> {
        let worker = peer(&request)?.worker;
        let most = request.into_inner().free_slots as usize;
        // set before the look, so that what is queued meanwhile wakes it again
        self.signals.set_waits(worker, most > 0);
        let lease = self.times.lease;
        let given = self
            .catalog(move |catalog| catalog.claim(worker, most, lease))
            .await;
        match given {
            Ok(given) => {
                self.signals.set_waits(worker, given.len() < most);
                let assignments = given.into_iter().map(assignment).collect();
                Ok(Response::new(proto::PullReply {
                    assignments,
                    enabled: true,
                }))
            }
            Err(status) if status.code() == DISABLED => Ok(Response::new(proto::PullReply {
                assignments: Vec::new(),
                enabled: false,
            })),
            Err(status) => Err(status),
        }
    }

    async fn renew(
        &self,
        request: Request<proto::RenewRequest>,
    ) -> Result<Response<proto::RenewReply>, Status> {
        let peer = peer(&request)?;
        let worker = peer.worker;
        let request = request.into_inner();
        let tasks: Vec<TaskKey> = request.tasks.into_iter().map(TaskKey::from).collect();
        let lease = self.times.lease;
        let renewals = self
            .catalog(move |catalog| catalog.renew(worker, tasks, lease))
            .await?;
        let facts = required(request.facts, "facts")?;
        let free = facts.slots > facts.slots_used;
        let report = worker_report(peer, facts, env!("CARGO_PKG_VERSION").to_owned());
        let enable = self.enable_new_workers;
        let (enabled, work_waits) = self
            .catalog(move |catalog| {
                let enabled = catalog.worker_heard(report, enable)?;
                Ok((enabled, enabled && free && catalog.has_work(worker)?))
            })
            .await?;
        let renewals = renewals
            .into_iter()
            .map(|(task, renewal)| proto::Renewal {
                task: Some(task.into()),
                held: renewal != Renewal::Lost,
                stop: renewal == Renewal::Held { stop: true },
            })
            .collect();
        Ok(Response::new(proto::RenewReply {
            renewals,
            enabled,
            work_waits,
        }))
    }

    async fn running(
        &self,
        request: Request<proto::RunningRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        let worker = peer(&request)?.worker;
        let request = request.into_inner();
        let task = required(request.task, "task")?.into();
        let report = RunningReport {
            process_id: request.process_id,
            machine_name: request.machine_name,
            total_physical_memory_kb: request.total_physical_memory_kb,
            available_physical_memory_kb: request.available_physical_memory_kb,
            cpu_count: request.cpu_count,
        };
        self.catalog(move |catalog| catalog.running(worker, task, report))
            .await?;
        Ok(Response::new(proto::Done {}))
    }

    async fn report(
        &self,
        request: Request<proto::ReportRequest>,
    ) -> Result<Response<proto::ReportReply>, Status> {
        let worker = peer(&request)?.worker;
        let request = request.into_inner();
        let task: TaskKey = required(request.task, "task")?.into();
        let first = request.first_number;
        let records = request.records;
        let acknowledged = self
            .catalog(move |catalog| catalog.report(worker, task, numbered(first, &records)))
            .await?;
        Ok(Response::new(proto::ReportReply { acknowledged }))
    }

    async fn finish(
        &self,
        request: Request<proto::FinishRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        let worker = peer(&request)?.worker;
        let request = request.into_inner();
        let task = required(request.task, "task")?.into();
        let outcome = match request.outcome() {
            proto::Outcome::Succeeded => Outcome::Succeeded,
            proto::Outcome::Failed => Outcome::Failed,
            proto::Outcome::Canceled => Outcome::Canceled,
            proto::Outcome::Lost => Outcome::Lost,
            proto::Outcome::Unspecified => {
                return Err(Status::invalid_argument("the outcome is missing"));
            }
        };
        let reason = Some(request.reason).filter(|reason| !reason.is_empty());
        let reports = request.reports;
        self.catalog(move |catalog| catalog.finish(worker, task, outcome, reports, reason))
            .await?;
        Ok(Response::new(proto::Done {}))
    }

    async fn fetch_project(
        &self,
        request: Request<proto::FetchProjectRequest>,
    ) -> Result<Response<Self::FetchProjectStream>, Status> {
        peer(&request)?;
        let hash = request.into_inner().content_hash;
        let stream = self
            .catalog(move |catalog| catalog.project_stream(&hash))
            .await?;
        let pieces = stream.len().div_ceil(PIECE_BYTES);
        let pieces = (0..pieces).map(move |piece| {
            let rest = stream.get(piece * PIECE_BYTES..).unwrap_or_default();
            let bytes = rest.get(..PIECE_BYTES).unwrap_or(rest).to_vec();
            Ok(proto::ProjectPiece { bytes })
        });
        Ok(Response::new(Box::pin(
            tokio_stream::iter(pieces).map(|piece| piece),
        )))
    }
}

/// Records with their numbers. One that cannot be read (of a later version) is kept as a message
/// that says so: it is neither dropped nor does it hold up the others.
fn numbered(first: i64, records: &[Vec<u8>]) -> Vec<NumberedReport> {
    (first..)
        .zip(records)
        .map(|(number, record)| {
            let report = serde_json::from_slice(record).unwrap_or_else(|_| unreadable(record));
            NumberedReport { number, report }
        })
        .collect()
}

fn unreadable(record: &[u8]) -> packmule_catalog::Report {
    let text: String = String::from_utf8_lossy(record).chars().take(4000).collect();
    packmule_catalog::Report::Message(packmule_catalog::EventMessageFields {
        message_time: chrono::Utc::now(),
        message_type: packmule_catalog::MessageType::Unknown,
        message_source_type: packmule_catalog::MessageSource::ExternalProcess,
        message: format!("a report that this Master cannot read: {text}"),
        package_name: String::new(),
        event_name: String::new(),
        message_source_name: "Packmule".to_owned(),
        message_source_id: String::new(),
        subcomponent_name: String::new(),
        package_path: String::new(),
        execution_path: String::new(),
        thread_id: 0,
        message_code: 0,
        event_message_guid: uuid::Uuid::new_v4(),
        remedy: None,
    })
}
