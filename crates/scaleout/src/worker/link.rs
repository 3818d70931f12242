//! The Worker's side of the contract: one connection, made and made again as needed.

use std::time::Duration;

use packmule_catalog::{TaskKey, WorkerId};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Request, Status, Streaming};

use crate::certificates::{self, Identity, Invitation, MASTER_NAME, WorkerIdentity};
use crate::error::{Error, Result};
use crate::master::MESSAGE_BYTES_MAX;
use crate::proto::{self, master_client::MasterClient};

/// Limit of a call that only asks the catalog something.
const CALL_LIMIT: Duration = Duration::from_secs(30);
/// Limit of making a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

fn endpoint(address: &str, tls: ClientTlsConfig) -> Result<Endpoint> {
    let endpoint = Endpoint::from_shared(address.to_owned())
        .map_err(|_| Error::Endpoint(address.to_owned()))?;
    if !address.starts_with("https://") {
        return Err(Error::Endpoint(address.to_owned()));
    }
    Ok(endpoint
        .tls_config(tls)?
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_LIMIT)
        .http2_keep_alive_interval(Duration::from_secs(5))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true))
}

fn trust(authority_pem: &str) -> ClientTlsConfig {
    ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(authority_pem))
        .domain_name(MASTER_NAME)
}

fn client(channel: Channel) -> MasterClient<Channel> {
    MasterClient::new(channel)
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

/// Joins with an invitation: makes a key, has it certified.
pub(crate) async fn join(invitation: &Invitation) -> Result<WorkerIdentity> {
    let (key_pem, public_key) = certificates::new_worker_key()?;
    let channel = endpoint(&invitation.endpoint, trust(&invitation.authority_pem))?;
    let request = proto::JoinRequest {
        hello: Some(proto::hello()),
        token: invitation.token.clone(),
        public_key,
    };
    let reply = client(channel.connect().await?)
        .join(request)
        .await?
        .into_inner();
    if !proto::understands(reply.hello.as_ref()) {
        let version = reply.hello.map(|h| h.version).unwrap_or_default();
        return Err(Error::Protocol { version });
    }
    let worker_id = uuid::Uuid::parse_str(&reply.worker_agent_id).map_err(|_| Error::NotJoined)?;
    Ok(WorkerIdentity {
        worker_id: WorkerId(worker_id),
        endpoint: invitation.endpoint.clone(),
        authority_pem: invitation.authority_pem.clone(),
        identity: Identity {
            certificate_pem: reply.certificate_pem,
            key_pem,
        },
    })
}

/// The connection to the Master.
#[derive(Clone)]
pub(crate) struct Link {
    client: MasterClient<Channel>,
}

async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<tonic::Response<T>, Status>>,
) -> Result<T, Status> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer.map(tonic::Response::into_inner),
        Err(_) => Err(Status::deadline_exceeded(
            "the Master did not answer in time",
        )),
    }
}

impl Link {
    pub(crate) fn new(address: &str, identity: &WorkerIdentity) -> Result<Self> {
        let tls = trust(&identity.authority_pem).identity(tonic::transport::Identity::from_pem(
            &identity.identity.certificate_pem,
            identity.identity.key_pem.reveal(),
        ));
        Ok(Self {
            client: client(endpoint(address, tls)?.connect_lazy()),
        })
    }

    pub(crate) async fn register(&self, facts: proto::WorkerFacts) -> Result<proto::RegisterReply> {
        let request = proto::RegisterRequest {
            hello: Some(proto::hello()),
            facts: Some(facts),
        };
        Ok(within(CALL_LIMIT, self.client.clone().register(request)).await?)
    }

    pub(crate) async fn open(&self) -> Result<Streaming<proto::Signal>> {
        Ok(within(CALL_LIMIT, self.client.clone().open(proto::OpenRequest {})).await?)
    }

    pub(crate) async fn pull(&self, free_slots: usize) -> Result<proto::PullReply> {
        let free_slots = u32::try_from(free_slots).unwrap_or(u32::MAX);
        let request = proto::PullRequest { free_slots };
        Ok(within(CALL_LIMIT, self.client.clone().pull(request)).await?)
    }

    pub(crate) async fn renew(
        &self,
        facts: proto::WorkerFacts,
        tasks: &[TaskKey],
        limit: Duration,
    ) -> Result<proto::RenewReply> {
        let tasks = tasks.iter().map(|task| (*task).into()).collect();
        let request = proto::RenewRequest {
            facts: Some(facts),
            tasks,
        };
        Ok(within(limit, self.client.clone().renew(request)).await?)
    }

    pub(crate) async fn running(&self, request: proto::RunningRequest) -> Result<(), Status> {
        within(CALL_LIMIT, self.client.clone().running(request))
            .await
            .map(|_| ())
    }

    pub(crate) async fn report(&self, request: proto::ReportRequest) -> Result<i64, Status> {
        let reply = within(CALL_LIMIT, self.client.clone().report(request)).await?;
        Ok(reply.acknowledged)
    }

    pub(crate) async fn finish(&self, request: proto::FinishRequest) -> Result<(), Status> {
        within(CALL_LIMIT, self.client.clone().finish(request))
            .await
            .map(|_| ())
    }

    pub(crate) async fn fetch_project(
        &self,
        content_hash: &str,
    ) -> Result<Streaming<proto::ProjectPiece>, Status> {
        let content_hash = content_hash.to_owned();
        let request = Request::new(proto::FetchProjectRequest { content_hash });
        within(CALL_LIMIT, self.client.clone().fetch_project(request)).await
    }
}
