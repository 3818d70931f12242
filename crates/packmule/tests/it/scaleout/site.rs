//! A Master with Workers, each a process of the program, and what a test asks of them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, Params};

use crate::{root, said};

/// Longer than anything takes, also on a busy computer: what is not there by then never comes.
const LONG: Duration = Duration::from_secs(90);

/// A process of the program; ended when dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    fn start(folder: &Path, name: &str, arguments: &[&str]) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = std::fs::File::create(&log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_packmule"))
            .args(arguments)
            .env_remove("PACKMULE_DATA")
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        Self { child, log }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// SIGTERM; returns at once.
    pub(crate) fn ask_to_end(&self) {
        let mut kill = Command::new("kill");
        assert!(kill.arg(self.id().to_string()).status().unwrap().success());
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}:\n{}", self.log.display(), self.log());
        }
        // what it started ends with it
        let mut kill = Command::new("kill");
        // it may have ended already
        let _ = kill
            .arg(self.id().to_string())
            .stderr(Stdio::null())
            .status();
        let end = Instant::now() + Duration::from_secs(15);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < end {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A place with a Master of its own, whose folder is removed at the end.
pub(crate) struct Site {
    pub(crate) master: Process,
    /// What started it: the command and what it was given beside addresses.
    start: (&'static str, &'static [&'static str]),
    folder: tempfile::TempDir,
}

impl Site {
    /// `packmule server` with two Workers that it keeps running.
    pub(crate) fn server() -> Self {
        let more = &["--workers", "2", "--slots", "2", "--memory", "128MB"];
        let site = Self::start(("server", more), &[]);
        wait("two Workers", || site.workers().len() == 2);
        site
    }

    /// `packmule master`; Workers join by [`Site::worker`].
    pub(crate) fn master() -> Self {
        Self::start(("master", &[]), &["a", "b"])
    }

    fn start(start: (&'static str, &'static [&'static str]), invited: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("out")).unwrap();
        let mut more: Vec<String> = start.1.iter().map(ToString::to_string).collect();
        for name in invited {
            let file = folder.path().join(format!("{name}.invitation"));
            more.extend(["--invite".to_owned(), file.to_string_lossy().into_owned()]);
        }
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        let any = "127.0.0.1:0";
        let master = start_master(folder.path(), start.0, any, any, &more);
        let site = Self {
            master,
            start,
            folder,
        };
        let project = root().join("crates/packmule/tests/it/packages/orders/Orders.dtproj");
        site.ask(&["deploy", &project.to_string_lossy(), "--folder", "Test"]);
        site
    }

    /// Kills the Master.
    pub(crate) fn kill_master(&mut self) -> (String, String) {
        let server = std::fs::read_to_string(self.path("data/server.json")).unwrap();
        let server: serde_json::Value = serde_json::from_str(&server).unwrap();
        let url = server["url"].as_str().unwrap();
        let listen = url.trim_start_matches("http://").to_owned();
        let endpoint: String = self.one(
            "SELECT property_value FROM master_properties WHERE property_name = 'MASTER_ADDRESS'",
            [],
        );
        self.master.kill();
        (listen, endpoint.trim_start_matches("https://").to_owned())
    }

    /// Starts it again where it was.
    pub(crate) fn start_master_again(&mut self, (listen, master): &(String, String)) {
        let (command, more) = self.start;
        self.master = start_master(self.folder.path(), command, listen, master, more);
    }

    /// `packmule worker` of a name, enabled; one that was here before is the same again.
    pub(crate) fn worker(&self, name: &str) -> Process {
        let process = self.worker_process(name, name);
        wait("the Worker to register", || {
            self.workers()
                .iter()
                .any(|(worker, online)| worker == name && *online)
        });
        self.ask(&["workers", "enable", name]);
        process
    }

    /// Its process, logging under a name of its own.
    pub(crate) fn worker_process(&self, name: &str, log: &str) -> Process {
        let (data, invitation) = (self.text(name), self.text(&format!("{name}.invitation")));
        Process::start(
            self.folder.path(),
            log,
            &[
                "worker",
                "--data",
                &data,
                "--join",
                &invitation,
                "--name",
                name,
                "--slots",
                "3",
                "--memory",
                "128MB",
            ],
        )
    }

    /// Names of the Workers, and whether they were heard of lately.
    fn workers(&self) -> Vec<(String, bool)> {
        let list: serde_json::Value =
            serde_json::from_slice(&self.ask(&["workers", "--format", "json"]).stdout).unwrap();
        let row = |w: &serde_json::Value| {
            let name = w["display_name"].as_str().unwrap().to_owned();
            (name, w["is_online"].as_bool().unwrap())
        };
        list.as_array().unwrap().iter().map(row).collect()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    /// A command of the program, which must succeed.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        output
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packmule"));
        command
            .args(arguments)
            .env("PACKMULE_DATA", self.path("data"));
        command
    }

    /// Executes a package some times with one request and gives the executions.
    pub(crate) fn execute(&self, wanted: &Wanted<'_>) -> Vec<i64> {
        let output = self.execution(wanted).args(["--format", "json"]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{wanted:?}: {}", said(&output));
        let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let id = |row: &serde_json::Value| row["execution_id"].as_i64().unwrap();
        rows.as_array().unwrap().iter().map(id).collect()
    }

    /// The command that executes it.
    pub(crate) fn execution(&self, wanted: &Wanted<'_>) -> Command {
        let package = format!("Test/Orders/{}", wanted.package);
        let input = format!("InputFile={}", self.text(wanted.input));
        let output = format!("OutputFolder={}", self.text("out"));
        let retry = wanted.retry_count.to_string();
        let mut arguments = vec!["execute"];
        arguments.extend(std::iter::repeat_n(package.as_str(), wanted.times));
        arguments.extend(["--param", &input, "--param", &output]);
        arguments.extend(["--retry-count", &retry]);
        if let Some(worker) = wanted.worker {
            arguments.extend(["--worker", worker]);
        }
        self.command(&arguments)
    }

    /// What the execution wrote.
    pub(crate) fn output(&self, package: &str, id: i64) -> String {
        let path = self.path(&format!("out/{package} {id}.csv"));
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// One value of the catalog's store.
    pub(crate) fn one<T: rusqlite::types::FromSql>(&self, sql: &str, values: impl Params) -> T {
        self.store().query_row(sql, values, |r| r.get(0)).unwrap()
    }

    /// Rows of the catalog's store, their columns joined by `|`.
    pub(crate) fn rows(&self, sql: &str, id: i64) -> Vec<String> {
        let store = self.store();
        let mut statement = store.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([id], |row| {
            let value = |index| row.get::<_, rusqlite::types::Value>(index).map(show);
            let values: Result<Vec<_>, _> = (0..columns).map(value).collect();
            Ok(values?.join("|"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    fn store(&self) -> Connection {
        let path = self.path("data/catalog/catalog.db");
        let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        store.busy_timeout(LONG).unwrap();
        store
    }

    /// The status of an execution.
    pub(crate) fn status(&self, id: i64) -> i64 {
        self.one(
            "SELECT status FROM operations WHERE operation_id = ?1",
            [id],
        )
    }

    pub(crate) fn until(&self, id: i64, status: i64) {
        wait(&format!("execution {id} to be {status}"), || {
            let now = self.status(id);
            let ended = matches!(now, 3 | 4 | 6 | 7 | 9);
            assert!(
                now == status || !ended,
                "execution {id} is {now}: {:?}",
                self.errors(id)
            );
            now == status
        });
    }

    /// Its errors, to be shown when a test fails.
    pub(crate) fn errors(&self, id: i64) -> Vec<String> {
        let sql = "SELECT attempt, message FROM event_messages WHERE operation_id = ?1 \
                   AND message_type = 120 UNION ALL SELECT attempt, reason FROM \
                   execution_attempts WHERE execution_id = ?1 AND reason IS NOT NULL";
        self.rows(sql, id)
    }
}

/// What is to be executed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) package: &'a str,
    pub(crate) input: &'a str,
    pub(crate) times: usize,
    pub(crate) retry_count: i32,
    /// Any when absent.
    pub(crate) worker: Option<&'a str>,
}

fn start_master(
    folder: &Path,
    command: &str,
    listen: &str,
    master_listen: &str,
    more: &[&str],
) -> Process {
    let data = folder.join("data");
    let announced = data.join("server.json");
    // what a killed one left
    let _ = std::fs::remove_file(&announced);
    let data = data.to_string_lossy().into_owned();
    let mut arguments = vec![command, "--data", &data];
    arguments.extend(["--listen", listen, "--master-listen", master_listen]);
    arguments.extend(more);
    let mut process = Process::start(folder, command, &arguments);
    wait("the Master to be ready", || {
        assert!(matches!(process.child.try_wait(), Ok(None)), "it ended");
        announced.exists()
    });
    process
}

fn show(value: rusqlite::types::Value) -> String {
    use rusqlite::types::Value;
    match value {
        Value::Null => "null".to_owned(),
        Value::Integer(i) => i.to_string(),
        Value::Real(r) => r.to_string(),
        Value::Text(text) => text,
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

pub(crate) fn wait(what: &str, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + LONG;
    while !condition() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}
