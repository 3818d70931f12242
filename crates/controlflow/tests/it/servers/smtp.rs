//! A mail server that keeps what it is given.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use packmule_runtime::Cancel;
use parking_lot::Mutex;

/// One message.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
    /// What stood behind AUTH, if it came.
    pub(crate) account: String,
    /// Whether it came over TLS.
    pub(crate) encrypted: bool,
}

/// The server's ways.
#[derive(Default)]
pub(crate) struct Smtp {
    pub(crate) mails: Mutex<Vec<Mail>>,
    /// A recipient that is refused.
    pub(crate) refused: &'static str,
    /// It does not answer for a minute; a connection cancels this.
    pub(crate) hang: Option<Cancel>,
    /// Its certificate, for STARTTLS.
    pub(crate) tls: Option<Arc<rustls::ServerConfig>>,
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Smtp {
    pub(crate) fn start(self) -> (Arc<Self>, u16) {
        let server = Arc::new(self);
        let shared = server.clone();
        let port = super::serve(move |stream| {
            let _ = shared.run(stream);
        });
        (server, port)
    }

    pub(crate) fn only(&self) -> Mail {
        let mails = self.mails.lock();
        assert_eq!(mails.len(), 1, "{mails:?}");
        mails[0].clone()
    }

    fn run(&self, mut stream: TcpStream) -> std::io::Result<()> {
        if let Some(cancel) = &self.hang {
            cancel.cancel();
            std::thread::park_timeout(std::time::Duration::from_secs(60));
        }
        stream.write_all(b"220 here ESMTP\r\n")?;
        if self.talk(&mut stream, false)?
            && let Some(config) = &self.tls
        {
            let connection =
                rustls::ServerConnection::new(config.clone()).map_err(std::io::Error::other)?;
            let mut stream = rustls::StreamOwned::new(connection, stream);
            self.talk(&mut stream, true)?;
        }
        Ok(())
    }

    /// Whether STARTTLS was asked for.
    fn talk(&self, stream: &mut dyn Stream, encrypted: bool) -> std::io::Result<bool> {
        let mut reader = BufReader::with_capacity(1, stream);
        let mut mail = Mail {
            encrypted,
            ..Mail::default()
        };
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(false);
            }
            let line = line.trim_end();
            let upper = line.to_uppercase();
            let offer = self.tls.is_some() && !encrypted;
            let answer = match upper.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" if offer => "250-here\r\n250 STARTTLS",
                "EHLO" => "250-here\r\n250 AUTH PLAIN LOGIN",
                "STARTTLS" => {
                    reader.get_mut().write_all(b"220 go\r\n")?;
                    return Ok(true);
                }
                "AUTH" => {
                    line.clone_into(&mut mail.account);
                    "235 in"
                }
                "MAIL" => {
                    address(line).clone_into(&mut mail.from);
                    "250 ok"
                }
                "RCPT" if !self.refused.is_empty() && line.contains(self.refused) => "550 unknown",
                "RCPT" => {
                    mail.to.push(address(line).to_owned());
                    "250 ok"
                }
                "DATA" => {
                    reader.get_mut().write_all(b"354 go\r\n")?;
                    let mut line = String::new();
                    while reader.read_line(&mut line)? > 0 && line != ".\r\n" {
                        mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        line.clear();
                    }
                    self.mails.lock().push(std::mem::take(&mut mail));
                    mail.encrypted = encrypted;
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            reader
                .get_mut()
                .write_all(format!("{answer}\r\n").as_bytes())?;
            reader.get_mut().flush()?;
            if answer.starts_with("221") {
                return Ok(false);
            }
        }
    }
}

fn address(line: &str) -> &str {
    let inside = line.split_once('<').map_or("", |(_, rest)| rest);
    inside.split_once('>').map_or("", |(address, _)| address)
}
