//! Bulk load into a real PostgreSQL beside psql's `\copy` of the same file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use super::measure::{Figure, best_of};
use crate::command::root;

/// What the load gave.
pub(crate) struct Load {
    /// Ours, with two threads.
    pub(crate) ours: Figure,
    /// `\copy`.
    pub(crate) copy: Figure,
}

const TABLE: &str = "CREATE SCHEMA IF NOT EXISTS dbo; DROP TABLE IF EXISTS dbo.sales; CREATE TABLE dbo.sales (id bigint, customer integer, day date, \
                     quantity integer, price numeric(10,2), score double precision, name varchar(20), city varchar(20), note varchar(40))";

/// Starts a server of its own in a temporary folder, loads both ways, ends it.
pub(crate) fn measure(program: &Path, folder: &Path, runs: usize) -> anyhow::Result<Load> {
    let server = Server::start()?;
    let map = folder.join("map-postgres.toml");
    let text = std::fs::read_to_string(folder.join("map.toml"))?;
    let connection = format!(
        "\n[[connection]]\nname = \"Target\"\nto = \"Driver=PostgreSQL;Server=127.0.0.1;Port={};Database=postgres;Uid=postgres\"\n",
        server.port
    );
    std::fs::write(&map, text + &connection)?;
    let package = root().join("xtask/bench/load.dtsx");
    let ours = best_of(runs, || {
        server.psql(TABLE).ok();
        let mut command = Command::new(program);
        command
            .arg("run")
            .arg(&package)
            .args(["--threads", "2", "--logging-level", "none", "--map"])
            .arg(&map);
        command
    })?;
    let loaded = server.psql("SELECT count(*) FROM dbo.sales")?;
    let copy = best_of(runs, || {
        server.psql(TABLE).ok();
        let mut command = server.client();
        let input = folder.join("input.csv");
        command.args([
            "-c",
            &format!(
                "\\copy dbo.sales from '{}' with (format csv, header)",
                input.display()
            ),
        ]);
        command
    })?;
    let copied = server.psql("SELECT count(*) FROM dbo.sales")?;
    ensure!(
        loaded == copied,
        "packmule loaded {loaded} rows, \\copy {copied}"
    );
    Ok(Load { ours, copy })
}

struct Server {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    user: Option<&'static str>,
}

impl Server {
    fn start() -> anyhow::Result<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql")
            .context("PostgreSQL is not installed (apt install postgresql)")?;
        let bin = versions
            .flatten()
            .map(|v| v.path().join("bin"))
            .find(|b| b.join("initdb").exists())
            .context("no initdb found")?;
        let root_user = Command::new("id")
            .arg("-u")
            .output()
            .is_ok_and(|o| o.stdout.starts_with(b"0"));
        let folder =
            std::env::temp_dir().join(format!("packmule-bench-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let server = Self {
            bin,
            folder,
            port,
            user: root_user.then_some("postgres"),
        };
        if server.user.is_some() {
            Command::new("chown")
                .arg("postgres")
                .arg(&server.folder)
                .status()?;
        }
        let data = server.folder.join("data").to_string_lossy().into_owned();
        server.run(
            "initdb",
            &["-D", &data, "-A", "trust", "-U", "postgres", "--no-sync"],
        )?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            server.folder.display()
        );
        server.run(
            "pg_ctl",
            &[
                "-D",
                &data,
                "-w",
                "-l",
                &format!("{data}.log"),
                "-o",
                &options,
                "start",
            ],
        )?;
        Ok(server)
    }

    fn run(&self, tool: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let tool = self.bin.join(tool);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(&tool);
                command
            }
            None => Command::new(&tool),
        };
        let status = command
            .args(arguments)
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .status()?;
        ensure!(status.success(), "{} ended with {status}", tool.display());
        Ok(())
    }

    fn client(&self) -> Command {
        let mut command = Command::new(self.bin.join("psql"));
        command.args([
            "-h",
            "127.0.0.1",
            "-p",
            &self.port.to_string(),
            "-U",
            "postgres",
            "-qAt",
            "-v",
            "ON_ERROR_STOP=1",
        ]);
        command
    }

    fn psql(&self, sql: &str) -> anyhow::Result<String> {
        let output = self.client().args(["-c", sql]).output()?;
        if !output.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data").to_string_lossy().into_owned();
        let _ = self.run("pg_ctl", &["-D", &data, "-m", "immediate", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
