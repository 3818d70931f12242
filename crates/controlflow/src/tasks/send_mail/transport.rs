//! The way of a message to its server.

use std::sync::mpsc;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use packmule_connections::managers::smtp::SmtpServer;
use packmule_runtime::Cancel;
use packmule_types::error::Chain;

/// The port on which TLS begins with the connection.
const TLS_PORT: u16 = 465;

/// Why a message did not go.
pub(super) enum Failure {
    Cancelled,
    /// The server's or the system's own words.
    Server(String),
}

/// Sends a message. The client cannot be interrupted, so it works in a thread of its own, which
/// a cancel leaves behind: it ends with the server's timeout, and the message may still go.
pub(super) fn send(server: &SmtpServer, message: Message, cancel: &Cancel) -> Result<(), Failure> {
    let transport = transport(server).map_err(Failure::Server)?;
    // Room for both senders: neither ever waits.
    let (sender, receiver) = mpsc::sync_channel(2);
    let of_cancel = sender.clone();
    let _hook = cancel.on_cancel(move || {
        // Nobody listens any more when the message went before.
        let _ = of_cancel.send(Err(Failure::Cancelled));
    });
    std::thread::Builder::new()
        .name("send mail".to_owned())
        .spawn(move || {
            let sent = transport.send(&message).map(|_| ());
            let _ = sender.send(sent.map_err(|e| Failure::Server(Chain(&e).to_string())));
        })
        .map_err(|e| Failure::Server(e.to_string()))?;
    receiver.recv().unwrap_or(Err(Failure::Cancelled))
}

fn transport(server: &SmtpServer) -> Result<SmtpTransport, String> {
    let mut builder = SmtpTransport::builder_dangerous(&server.host)
        .port(server.port)
        .timeout(Some(server.timeout));
    if server.enable_ssl {
        let parameters = tls(server)?;
        builder = builder.tls(match server.port {
            TLS_PORT => Tls::Wrapper(parameters),
            _ => Tls::Required(parameters),
        });
    }
    if let Some(credentials) = &server.credentials {
        let password = credentials.password.reveal().to_owned();
        builder = builder.credentials(Credentials::new(credentials.user.clone(), password));
    }
    Ok(builder.build())
}

/// The certificate is checked by the public authorities, or by those of a file.
fn tls(server: &SmtpServer) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(server.host.clone());
    builder = match &server.root_certificates {
        None => builder.certificate_store(CertificateStore::WebpkiRoots),
        Some(file) => {
            let bad = |reason: String| format!("sslrootcert {}: {reason}", file.display());
            let pem = std::fs::read(file).map_err(|e| bad(e.to_string()))?;
            let roots = Certificate::from_pem(&pem).map_err(|e| bad(e.to_string()))?;
            builder
                .certificate_store(CertificateStore::None)
                .add_root_certificate(roots)
        }
    };
    builder.build().map_err(|e| Chain(&e).to_string())
}
