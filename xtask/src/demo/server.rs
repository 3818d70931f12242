//! The demo's server: started, found by the file it writes, stopped.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// How long a server may take to be ready.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// A running `packmule server`; ended when dropped.
pub(crate) struct Server {
    child: Child,
    data: PathBuf,
}

impl Server {
    /// Starts it on free ports with a folder of its own and waits until it is ready.
    pub(crate) fn start(program: &Path, folder: &Path, map: &Path) -> anyhow::Result<Self> {
        let data = folder.join("server");
        std::fs::create_dir_all(&data)?;
        let log = std::fs::File::create(folder.join("server.log"))?;
        let child = Command::new(program)
            .arg("server")
            .args([
                "--workers",
                "2",
                "--listen",
                "127.0.0.1:0",
                "--master-listen",
                "127.0.0.1:0",
            ])
            .arg("--data")
            .arg(&data)
            .arg("--map")
            .arg(map)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting packmule server")?;
        let mut server = Self { child, data };
        server.wait_until_ready(&folder.join("server.log"))?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, log: &Path) -> anyhow::Result<()> {
        let begin = Instant::now();
        let ready = self.data.join("server.json");
        while !ready.exists() {
            if let Some(status) = self.child.try_wait()? {
                let text = std::fs::read_to_string(log).unwrap_or_default();
                bail!("packmule server ended with {status}:\n{text}");
            }
            if begin.elapsed() > READY_LIMIT {
                bail!(
                    "packmule server was not ready in {READY_LIMIT:?}; its log: {}",
                    log.display()
                );
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ok(())
    }

    /// The address of the page, with the token that signs in.
    pub(crate) fn page_address(&self) -> anyhow::Result<String> {
        let text = std::fs::read_to_string(self.data.join("server.json"))?;
        let server: serde_json::Value = serde_json::from_str(&text)?;
        let url = server["url"].as_str().context("server.json has no url")?;
        let token_file = server["token_file"]
            .as_str()
            .context("server.json has no token_file")?;
        Ok(format!(
            "{url}/ (the token to sign in with is in {token_file})"
        ))
    }

    /// Ends it in order.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .context("stopping packmule server")?;
        let begin = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begin.elapsed() > Duration::from_secs(20) {
                bail!("packmule server did not end within 20 s of SIGTERM");
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> anyhow::Result<()> {
        let status = self.child.wait()?;
        println!("server ended with {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = Command::new("kill")
                .args(["-TERM", &self.child.id().to_string()])
                .status();
            let begin = Instant::now();
            while matches!(self.child.try_wait(), Ok(None))
                && begin.elapsed() < Duration::from_secs(5)
            {
                std::thread::park_timeout(Duration::from_millis(20));
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
