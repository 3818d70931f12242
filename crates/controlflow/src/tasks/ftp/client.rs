//! A session with an FTP server, with a time limit for each step, and an end when the run is
//! cancelled.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use packmule_connections::managers::ftp::FtpServer;
use packmule_connections::managers::multi_file::fits;
use packmule_runtime::Cancel;
use packmule_runtime::cancel::CancelGuard;
use parking_lot::Mutex;
use suppaftp::list::ListParser;
use suppaftp::types::{FileType, FormatControl};
use suppaftp::{FtpError, FtpResult, FtpStream, Mode, Status};

/// Names of one folder.
const NAMES_MAX: usize = 100_000;
const PIECE_BYTES: usize = 64 * 1024;
/// Before connecting is tried again.
const PAUSE: Duration = Duration::from_millis(500);
/// With a Timeout of 0: how long a server may take to connect back in active mode.
const ACCEPT_MAX: Duration = Duration::from_secs(3600);

/// A file or folder of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_folder: bool,
}

/// The sockets of a session, to be shut down from outside.
type Sockets = Arc<Mutex<Vec<TcpStream>>>;

/// One session.
pub(super) struct Client {
    stream: FtpStream,
    timeout: Option<Duration>,
    sockets: Sockets,
    cancel: Cancel,
    _hook: CancelGuard,
}

/// Keeps a socket for the hook, beside the first, and sets its time limits.
fn keep(stream: &TcpStream, timeout: Option<Duration>, sockets: &Sockets) -> std::io::Result<()> {
    stream.set_read_timeout(timeout)?;
    stream.set_write_timeout(timeout)?;
    let mut sockets = sockets.lock();
    sockets.truncate(1);
    sockets.push(stream.try_clone()?);
    Ok(())
}

fn open(address: SocketAddr, timeout: Option<Duration>) -> std::io::Result<TcpStream> {
    match timeout {
        Some(timeout) => TcpStream::connect_timeout(&address, timeout),
        None => TcpStream::connect(address),
    }
}

/// The first of a name's addresses that answers.
fn open_any(server: &FtpServer, timeout: Option<Duration>) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::other("the name has no address");
    for address in (server.host.as_str(), server.port).to_socket_addrs()? {
        match open(address, timeout) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Whether connecting once more may help: there was no answer at all.
fn is_no_answer(error: &FtpError) -> bool {
    matches!(error, FtpError::ConnectionError(_) | FtpError::BadResponse)
}

/// Waits before the next attempt; a cancel ends it.
fn pause(cancel: &Cancel) {
    let (wake, woken) = mpsc::sync_channel(1);
    let _hook = cancel.on_cancel(move || {
        let _ = wake.try_send(());
    });
    let _ = woken.recv_timeout(PAUSE);
}

/// A text as part of a command: a line break in it would begin another command.
fn plain(text: &str) -> Result<&str, String> {
    match text.chars().any(char::is_control) {
        true => Err(format!("{text:?} holds a control character")),
        false => Ok(text),
    }
}

impl Client {
    /// Connects, as often as the server's Retries say, and logs on.
    pub(super) fn connect(server: &FtpServer, cancel: &Cancel) -> Result<Self, String> {
        let account = &server.credentials;
        plain(&account.user)?;
        plain(account.password.reveal()).map_err(|_| "the password holds a control character")?;
        let mut attempt = 0;
        loop {
            match Self::connect_once(server, cancel) {
                Ok(client) => return Ok(client),
                Err(error) if attempt < server.retries && is_no_answer(&error) => {
                    attempt += 1;
                    pause(cancel);
                }
                Err(error) => return Err(said(&error)),
            }
            if cancel.is_cancelled() {
                return Err("the run was cancelled".to_owned());
            }
        }
    }

    fn connect_once(server: &FtpServer, cancel: &Cancel) -> FtpResult<Self> {
        let timeout = (server.timeout > 0).then(|| Duration::from_secs(server.timeout.into()));
        let sockets = Sockets::default();
        let of_hook = sockets.clone();
        let hook = cancel.on_cancel(move || {
            for socket in of_hook.lock().iter() {
                // It may be closed already.
                let _ = socket.shutdown(Shutdown::Both);
            }
        });
        let control = open_any(server, timeout).map_err(FtpError::ConnectionError)?;
        keep(&control, timeout, &sockets).map_err(FtpError::ConnectionError)?;
        let is_v6 = control.peer_addr().is_ok_and(|a| a.is_ipv6());
        let of_data = sockets.clone();
        let mut stream =
            FtpStream::connect_with_stream(control)?.passive_stream_builder(move |address| {
                let made = open(address, timeout);
                let kept = made.and_then(|s| keep(&s, timeout, &of_data).map(|()| s));
                kept.map_err(FtpError::ConnectionError)
            });
        if !server.use_passive_mode {
            stream = stream.active_mode(timeout.unwrap_or(ACCEPT_MAX));
        } else if is_v6 {
            stream.set_mode(Mode::ExtendedPassive);
        }
        // Servers behind a router tell an address that only they know.
        stream.set_passive_nat_workaround(true);
        let account = &server.credentials;
        stream.login(account.user.as_str(), account.password.reveal())?;
        Ok(Self {
            stream,
            timeout,
            sockets,
            cancel: cancel.clone(),
            _hook: hook,
        })
    }

    /// Forgets the data socket: as long as it is kept, the server sees no end of the file.
    fn let_go(&self) {
        self.sockets.lock().truncate(1);
    }

    /// Text or bytes.
    pub(super) fn set_ascii(&mut self, ascii: bool) -> Result<(), String> {
        let kind = match ascii {
            true => FileType::Ascii(FormatControl::Default),
            false => FileType::Binary,
        };
        self.stream.transfer_type(kind).map_err(|e| said(&e))
    }

    /// What a folder holds, by its long listing.
    pub(super) fn list(&mut self, folder: &str) -> Result<Vec<Entry>, String> {
        let opened = [Status::AboutToSend, Status::AlreadyOpen];
        let command = format!("LIST {}", plain(folder)?);
        let (_, stream) = self
            .stream
            .custom_data_command(command, &opened)
            .map_err(|e| said(&e))?;
        let (timeout, sockets) = (self.timeout, &self.sockets);
        // In active mode nobody saw this socket before.
        keep(stream.get_ref().get_ref(), timeout, sockets).map_err(|e| e.to_string())?;
        let mut reader = std::io::BufReader::new(stream);
        let lines = FtpStream::get_lines_from_stream(&mut reader).map_err(|e| said(&e));
        self.let_go();
        let lines = lines?;
        reader.into_inner().finish().map_err(|e| said(&e))?;
        if lines.len() > NAMES_MAX {
            return Err(format!("{folder} holds more than {NAMES_MAX} names"));
        }
        let mut entries = Vec::with_capacity(lines.len());
        for line in lines.iter().filter(|line| !line.starts_with("total ")) {
            let entry = entry(line);
            let unknown = || format!("a line of the server's listing is not understood: {line}");
            entries.push(entry.ok_or_else(unknown)?);
        }
        entries.retain(|e| e.name != "." && e.name != "..");
        Ok(entries)
    }

    /// Names of files of a folder that match a pattern, sorted without case.
    pub(super) fn files(&mut self, folder: &str, pattern: &str) -> Result<Vec<String>, String> {
        let entries = self.list(folder)?.into_iter();
        let files = entries.filter(|e| !e.is_folder && fits(pattern, &e.name));
        let mut names: Vec<String> = files.map(|e| e.name).collect();
        names.sort_by_key(|name| name.to_lowercase());
        Ok(names)
    }

    /// Whether a file is there.
    pub(super) fn has_file(&mut self, path: &str) -> Result<bool, String> {
        match self.stream.size(plain(path)?) {
            Ok(_) => Ok(true),
            Err(FtpError::UnexpectedResponse(response))
                if response.status == Status::FileUnavailable =>
            {
                Ok(false)
            }
            // A server without SIZE, or that has none in this mode.
            Err(FtpError::UnexpectedResponse(_)) => {
                let (folder, name) = super::operations::split(path);
                let entries = self.list(folder)?;
                Ok(entries.iter().any(|e| e.name == name))
            }
            Err(error) => Err(said(&error)),
        }
    }

    /// Whether a folder is there.
    pub(super) fn has_folder(&mut self, path: &str) -> Result<bool, String> {
        match self.stream.cwd(plain(path)?) {
            Ok(()) => Ok(true),
            Err(FtpError::UnexpectedResponse(_)) => Ok(false),
            Err(error) => Err(said(&error)),
        }
    }

    /// Fetches a file.
    pub(super) fn receive(&mut self, path: &str, into: &mut dyn Write) -> Result<(), String> {
        let path = plain(path)?;
        let mut stream = self.stream.retr_as_stream(path).map_err(|e| said(&e))?;
        let socket = stream.get_ref().get_ref();
        keep(socket, self.timeout, &self.sockets).map_err(|e| e.to_string())?;
        let copied = copy(&mut stream, into, &self.cancel);
        self.let_go();
        copied?;
        stream.finish().map_err(|e| said(&e))
    }

    /// Sends a file.
    pub(super) fn send(&mut self, path: &str, from: &mut dyn Read) -> Result<(), String> {
        let path = plain(path)?;
        let mut stream = self.stream.put_with_stream(path).map_err(|e| said(&e))?;
        let socket = stream.get_ref().get_ref();
        keep(socket, self.timeout, &self.sockets).map_err(|e| e.to_string())?;
        let copied = copy(from, &mut stream, &self.cancel);
        self.let_go();
        copied?;
        stream.finish().map_err(|e| said(&e))
    }

    pub(super) fn delete(&mut self, path: &str) -> Result<(), String> {
        self.stream.rm(plain(path)?).map_err(|e| said(&e))
    }

    pub(super) fn make_folder(&mut self, path: &str) -> Result<(), String> {
        self.stream.mkdir(plain(path)?).map_err(|e| said(&e))
    }

    pub(super) fn remove_folder(&mut self, path: &str) -> Result<(), String> {
        self.stream.rmdir(plain(path)?).map_err(|e| said(&e))
    }

    /// Takes leave; a server that does not answer any more is no failure.
    pub(super) fn quit(mut self) {
        let _ = self.stream.quit();
    }
}

fn copy(from: &mut dyn Read, into: &mut dyn Write, cancel: &Cancel) -> Result<(), String> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        if cancel.is_cancelled() {
            return Err("the run was cancelled".to_owned());
        }
        let read = from.read(&mut piece).map_err(|e| e.to_string())?;
        if read == 0 {
            return into.flush().map_err(|e| e.to_string());
        }
        into.write_all(&piece[..read]).map_err(|e| e.to_string())?;
    }
}

/// A line of a long listing, as Unix or Windows servers write it; `None` for what is none.
fn entry(line: &str) -> Option<Entry> {
    let file = ListParser::parse_posix(line).or_else(|_| ListParser::parse_dos(line));
    let file = file.ok()?;
    Some(Entry {
        name: file.name().to_owned(),
        is_folder: file.is_directory(),
    })
}

/// The server's words, without ours around them.
fn said(error: &FtpError) -> String {
    match error {
        FtpError::UnexpectedResponse(response) => {
            let text = String::from_utf8_lossy(&response.body).trim().to_owned();
            let code = response.status.code().to_string();
            if text.starts_with(&code) {
                text
            } else {
                format!("{code} {text}")
            }
        }
        FtpError::ConnectionError(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_begins_no_other_command() {
        assert_eq!(plain("/in/Datei ü.csv"), Ok("/in/Datei ü.csv"));
        for text in ["a\r\nDELE b", "a\nb", "\u{0}"] {
            assert!(plain(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn lines_of_listings() {
        let file = |name: &str, is_folder| {
            Some(Entry {
                name: name.to_owned(),
                is_folder,
            })
        };
        let cases = [
            (
                "-rw-r--r-- 1 u g 4096 Jan 01 00:00 a b.txt",
                file("a b.txt", false),
            ),
            ("drwxr-xr-x 2 u g 4096 Jan 01 2020 sub", file("sub", true)),
            (
                "10-19-20  03:19PM       <DIR>          pub",
                file("pub", true),
            ),
            (
                "04-08-14  03:09PM                  403 readme.txt",
                file("readme.txt", false),
            ),
            ("an odd line", None),
        ];
        for (line, expected) in cases {
            assert_eq!(entry(line), expected, "{line}");
        }
    }
}
