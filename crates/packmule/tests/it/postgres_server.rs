//! A PostgreSQL server of the tests' own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server in a folder of its own; ends with the test that started it.
pub(crate) struct Server {
    process: Child,
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    /// Starts a server; `None` (said on the terminal) where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!("PostgreSQL is not installed: its tests are left out");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        // PostgreSQL refuses to run as root.
        let run = |program: &str| {
            if !is_root() {
                return Command::new(programs.join(program));
            }
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]);
            command.arg(programs.join(program));
            command
        };
        if is_root() {
            let mut chown = Command::new("chown");
            let given = chown.arg("postgres").arg(folder.path()).status();
            assert!(given.unwrap().success());
        }
        let made = run("initdb")
            .args(["-U", "etl", "-A", "trust", "-E", "UTF8", "--no-sync"])
            .args(["--locale=C", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .unwrap()
            .port();
        let process = run("postgres")
            .arg("-D")
            .arg(&data)
            .args(["-h", "127.0.0.1", "-p", &port.to_string()])
            .args(["-c", "fsync=off", "-k"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            process,
            programs,
            folder,
            port,
        };
        let begun = Instant::now();
        while server.try_sql("SELECT 1").is_none() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not answer"
            );
        }
        Some(server)
    }

    /// A connection string for it.
    pub(crate) fn string(&self) -> String {
        format!(
            "Driver={{PostgreSQL Unicode(x64)}};Server=127.0.0.1;Port={};Database=postgres;Uid=etl",
            self.port
        )
    }

    /// Runs statements; what the last one gave.
    #[track_caller]
    pub(crate) fn sql(&self, sql: &str) -> String {
        self.try_sql(sql).unwrap()
    }

    /// Runs a file of statements.
    #[track_caller]
    pub(crate) fn run_file(&self, file: &Path) {
        let output = self.psql().arg("-f").arg(file).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }

    fn psql(&self) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-U", "etl", "-d", "postgres", "-q", "-A", "-t"])
            .args(["-v", "ON_ERROR_STOP=1"]);
        command
    }

    fn try_sql(&self, sql: &str) -> Option<String> {
        let output = self.psql().args(["-c", sql]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(text)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server's own file names its process, also when another user's program started it.
        let pid = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid"));
        if let Some(pid) = pid.ok().and_then(|t| t.lines().next().map(str::to_owned)) {
            let _ = Command::new("kill").args(["-INT", &pid]).status();
        } else {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8_lossy(&id.stdout).trim() == "0"
}
