//! A web server that answers with what it has, and keeps what it was sent.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use parking_lot::Mutex;

/// What the server has, and the requests it got: first line, authorization, body.
#[derive(Default)]
pub(crate) struct Http {
    pub(crate) pages: BTreeMap<String, String>,
    /// `user:password` in base64, asked for if it is there.
    pub(crate) account: Option<String>,
    pub(crate) requests: Mutex<Vec<(String, String, String)>>,
}

impl Http {
    pub(crate) fn start(self) -> (Arc<Self>, u16) {
        let server = Arc::new(self);
        let shared = server.clone();
        let port = super::serve(move |stream| {
            let _ = shared.answer(stream);
        });
        (server, port)
    }

    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let (mut length, mut authorization) = (0, String::new());
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            let (name, value) = line.trim().split_once(':').unwrap_or_default();
            match name.to_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "authorization" => value.trim().clone_into(&mut authorization),
                "expect" => stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        let first = first.trim().to_owned();
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let wanted = self.account.as_ref().map(|a| format!("Basic {a}"));
        let is_in = wanted.is_none() || wanted.as_deref() == Some(&authorization);
        self.requests
            .lock()
            .push((first, authorization, body.clone()));
        let (status, more, text) = match self.pages.get(&path) {
            _ if !is_in => (
                "401 Unauthorized",
                "WWW-Authenticate: Basic realm=\"x\"\r\n",
                "",
            ),
            Some(page) => ("200 OK", "", page.as_str()),
            None => ("404 Not Found", "", "nothing"),
        };
        let text = text.replace("{body}", &body);
        let head = format!(
            "HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n{text}",
            text.len()
        );
        stream.write_all(head.as_bytes())
    }
}
