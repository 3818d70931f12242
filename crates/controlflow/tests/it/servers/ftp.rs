//! An FTP server over files in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use packmule_runtime::Cancel;
use parking_lot::Mutex;

/// What the server holds, and what it was asked.
#[derive(Default)]
pub(crate) struct Ftp {
    pub(crate) files: Mutex<BTreeMap<String, Vec<u8>>>,
    pub(crate) folders: Mutex<BTreeSet<String>>,
    pub(crate) commands: Mutex<Vec<String>>,
    /// A logon with another password than `secret` is refused.
    pub(crate) strict: bool,
    /// So many connections are closed before the first word.
    pub(crate) refuse: Mutex<u32>,
    /// Transfers are not answered for a minute; one that comes cancels this.
    pub(crate) hang: Option<Cancel>,
}

impl Ftp {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec()));
        Self {
            files: Mutex::new(files.collect()),
            ..Self::default()
        }
    }

    pub(crate) fn start(self) -> (Arc<Self>, u16) {
        let server = Arc::new(self);
        let shared = server.clone();
        let port = super::serve(move |stream| {
            let _ = Session::new(shared.clone(), stream).run();
        });
        (server, port)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.files.lock().keys().cloned().collect()
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let files = self.files.lock();
        files
            .get(name)
            .map(|b| String::from_utf8_lossy(b).into_owned())
    }

    pub(crate) fn was_asked(&self, word: &str) -> bool {
        self.commands.lock().iter().any(|c| c.starts_with(word))
    }
}

enum Data {
    Listen(TcpListener),
    Connect(String),
}

struct Session {
    server: Arc<Ftp>,
    stream: TcpStream,
    folder: String,
    data: Option<Data>,
    ascii: bool,
    rename: String,
}

impl Session {
    fn new(server: Arc<Ftp>, stream: TcpStream) -> Self {
        Self {
            server,
            stream,
            folder: "/".to_owned(),
            data: None,
            ascii: false,
            rename: String::new(),
        }
    }

    fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes())
    }

    fn full(&self, path: &str) -> String {
        let path = path.trim();
        match path {
            "" | "." => self.folder.clone(),
            _ if path.starts_with('/') => path.to_owned(),
            _ => format!("{}/{path}", self.folder.trim_end_matches('/')),
        }
    }

    fn open(&mut self) -> std::io::Result<TcpStream> {
        match self.data.take() {
            Some(Data::Listen(listener)) => Ok(listener.accept()?.0),
            Some(Data::Connect(address)) => TcpStream::connect(address),
            None => Err(std::io::ErrorKind::NotConnected.into()),
        }
    }

    fn run(&mut self) -> std::io::Result<()> {
        {
            let mut refuse = self.server.refuse.lock();
            if *refuse > 0 {
                *refuse -= 1;
                return Ok(());
            }
        }
        self.say("220 ready")?;
        let lines = BufReader::new(self.stream.try_clone()?).lines();
        for line in lines {
            let line = line?;
            self.server.commands.lock().push(line.clone());
            let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
            if !self.command(&word.to_uppercase(), rest)? {
                break;
            }
        }
        Ok(())
    }

    fn command(&mut self, word: &str, rest: &str) -> std::io::Result<bool> {
        let path = self.full(rest);
        match word {
            "USER" => self.say("331 password")?,
            "PASS" if self.server.strict && rest != "secret" => self.say("530 not logged in")?,
            "PASS" => self.say("230 in")?,
            "QUIT" => {
                self.say("221 bye")?;
                return Ok(false);
            }
            "PWD" => {
                let line = format!("257 \"{}\"", self.folder);
                self.say(&line)?;
            }
            "CWD" if self.is_folder(&path) => {
                self.folder = path;
                self.say("250 there")?;
            }
            "CWD" => self.say("550 no such folder")?,
            "TYPE" => {
                self.ascii = rest.starts_with('A');
                self.say("200 type")?;
            }
            "PASV" => {
                let listener = TcpListener::bind("127.0.0.1:0")?;
                let port = listener.local_addr()?.port();
                self.data = Some(Data::Listen(listener));
                let line = format!("227 ok (127,0,0,1,{},{})", port / 256, port % 256);
                self.say(&line)?;
            }
            "EPSV" => {
                let listener = TcpListener::bind("127.0.0.1:0")?;
                let port = listener.local_addr()?.port();
                self.data = Some(Data::Listen(listener));
                self.say(&format!("229 ok (|||{port}|)"))?;
            }
            "PORT" => {
                let n: Vec<u32> = rest
                    .split(',')
                    .filter_map(|p| p.trim().parse().ok())
                    .collect();
                let address = format!("{}.{}.{}.{}:{}", n[0], n[1], n[2], n[3], n[4] * 256 + n[5]);
                self.data = Some(Data::Connect(address));
                self.say("200 port")?;
            }
            "EPRT" => {
                let parts: Vec<&str> = rest.split('|').collect();
                self.data = Some(Data::Connect(format!("{}:{}", parts[2], parts[3])));
                self.say("200 port")?;
            }
            "LIST" | "NLST" | "RETR" | "STOR" => self.transfer(word, &path)?,
            "SIZE" => {
                let length = self.server.files.lock().get(&path).map(Vec::len);
                let line = length.map_or("550 no such file".to_owned(), |n| format!("213 {n}"));
                self.say(&line)?;
            }
            "DELE" => {
                let there = self.server.files.lock().remove(&path).is_some();
                self.say(if there {
                    "250 gone"
                } else {
                    "550 no such file"
                })?;
            }
            "MKD" => {
                let made = !self.is_folder(&path) && self.server.folders.lock().insert(path);
                self.say(if made {
                    "257 \"made\""
                } else {
                    "550 it exists"
                })?;
            }
            "RMD" => {
                let gone = self.server.folders.lock().remove(&path);
                self.say(if gone {
                    "250 gone"
                } else {
                    "550 no such folder"
                })?;
            }
            "RNFR" => {
                self.rename = path;
                self.say("350 to")?;
            }
            "RNTO" => {
                let bytes = self
                    .server
                    .files
                    .lock()
                    .remove(&self.rename)
                    .unwrap_or_default();
                self.server.files.lock().insert(path, bytes);
                self.say("250 renamed")?;
            }
            _ => self.say("502 not known")?,
        }
        Ok(true)
    }

    fn is_folder(&self, path: &str) -> bool {
        let inside = format!("{}/", path.trim_end_matches('/'));
        path == "/"
            || self
                .server
                .folders
                .lock()
                .contains(path.trim_end_matches('/'))
            || self
                .server
                .files
                .lock()
                .keys()
                .any(|f| f.starts_with(&inside))
    }

    fn transfer(&mut self, word: &str, path: &str) -> std::io::Result<()> {
        if word == "RETR" && !self.server.files.lock().contains_key(path) {
            return self.say("550 no such file");
        }
        self.say("150 go")?;
        let mut data = self.open()?;
        if let Some(cancel) = &self.server.hang {
            cancel.cancel();
            std::thread::park_timeout(std::time::Duration::from_secs(60));
        }
        match word {
            "RETR" => {
                let bytes = self
                    .server
                    .files
                    .lock()
                    .get(path)
                    .cloned()
                    .unwrap_or_default();
                data.write_all(&bytes)?;
            }
            "STOR" => {
                let mut bytes = Vec::new();
                data.read_to_end(&mut bytes)?;
                self.server.files.lock().insert(path.to_owned(), bytes);
            }
            _ => data.write_all(self.listing(word, path).as_bytes())?,
        }
        drop(data);
        self.say("226 done")
    }

    fn listing(&self, word: &str, path: &str) -> String {
        let inside = format!("{}/", path.trim_end_matches('/'));
        let mut out = String::new();
        let mut add = |name: &str, kind: char, length: usize| {
            out.push_str(&match word {
                "NLST" => format!("{name}\r\n"),
                _ => format!("{kind}rw-r--r-- 1 u g {length} Jan 01 00:00 {name}\r\n"),
            });
        };
        for folder in self.server.folders.lock().iter() {
            if let Some(name) = folder.strip_prefix(&inside).filter(|n| !n.contains('/')) {
                add(name, 'd', 0);
            }
        }
        for (file, bytes) in self.server.files.lock().iter() {
            if let Some(name) = file.strip_prefix(&inside).filter(|n| !n.contains('/')) {
                add(name, '-', bytes.len());
            }
        }
        out
    }
}
