//! A Master, Workers inside this process and as processes of their own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use packmule_catalog::project::{PackageContent, ParameterContent};
use packmule_catalog::{
    Caller, Catalog, CatalogConfig, EventMessageFilter, ExecutionId, NewExecution, ParameterScope,
    ParameterType, ProjectContent, Status, Variant, WorkerAgent,
};
use packmule_scaleout::{
    Invitation, LeaseTimes, MasterConfig, MasterHandle, WorkerConfig, run_worker, serve_master,
};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

pub(crate) const LONG: Duration = Duration::from_secs(60);
const NAMES: [&str; 9] = [
    "Ok", "Fail", "Early", "Many", "Wait", "Stuck", "Die", "Panic", "Gate",
];

fn read(_: &[u8]) -> Result<ProjectContent, String> {
    let packages = NAMES.map(|name| PackageContent {
        name: format!("{name}.dtsx"),
        entry_point: true,
        ..PackageContent::default()
    });
    Ok(ProjectContent {
        name: "P".to_owned(),
        packages: packages.to_vec(),
        parameters: vec![ParameterContent {
            name: "Gate".to_owned(),
            data_type: ParameterType::String,
            required: false,
            sensitive: false,
            description: String::new(),
            design_value: Some(Variant::Text("/nowhere".to_owned())),
            secret: None,
        }],
        ..ProjectContent::default()
    })
}

pub(crate) fn caller() -> Caller {
    Caller::new("anna")
}

/// A Master over a catalog of its own.
pub(crate) struct Site {
    pub(crate) runtime: Runtime,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) catalog: Catalog,
    pub(crate) master: Option<MasterHandle>,
    times: LeaseTimes,
}

impl Site {
    pub(crate) fn new(lease: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut config = CatalogConfig::new(folder.path().join("catalog"));
        config.reader = Arc::new(read);
        let catalog = Catalog::open(config).unwrap();
        catalog.create_folder(&caller(), "F", "").unwrap();
        catalog
            .deploy_project(&caller(), "F", "P", vec![7; 700_000])
            .unwrap();
        let mut site = Self {
            runtime,
            folder,
            catalog,
            master: None,
            times: LeaseTimes::of(lease),
        };
        site.start_master("127.0.0.1:0");
        site
    }

    pub(crate) fn start_master(&mut self, listen: &str) {
        let data = self.folder.path().join("master");
        let mut config = MasterConfig::new(listen.parse().unwrap(), data);
        config.times = self.times;
        config.enable_new_workers = true;
        let started = self
            .runtime
            .block_on(serve_master(config, self.catalog.clone()));
        self.master = Some(started.unwrap());
    }

    pub(crate) fn stop_master(&mut self) -> String {
        let master = self.master.take().unwrap();
        let address = master.address().to_string();
        self.runtime.block_on(master.stop());
        address
    }

    pub(crate) fn invite(&self) -> Invitation {
        let master = self.master.as_ref().unwrap();
        self.runtime.block_on(master.invite(LONG)).unwrap()
    }

    /// A Worker on threads of this process.
    pub(crate) fn worker(&self, name: &str) -> InProcess {
        self.worker_with(name, |_| {})
    }

    pub(crate) fn worker_with(
        &self,
        name: &str,
        change: impl FnOnce(&mut WorkerConfig),
    ) -> InProcess {
        let mut config = worker_config(&self.folder.path().join(name), name);
        config.invitation = Some(self.invite());
        change(&mut config);
        let (drain, drained) = oneshot::channel::<()>();
        let running = self.runtime.spawn(async move {
            let drained = async {
                let _ = drained.await;
            };
            // ends early only when the test's runtime does
            let _ = run_worker(config, drained).await;
        });
        self.online(name);
        InProcess {
            drain: Some(drain),
            running,
        }
    }

    /// A Worker as a process of its own.
    pub(crate) fn worker_process(&self, name: &str) -> OwnProcess {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let invitation = folder.join("invitation.json");
        self.invite().save(&invitation).unwrap();
        let child = Command::new("/proc/self/exe")
            .args(["worker", name])
            .args([&folder, &invitation])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        self.online(name);
        OwnProcess(child)
    }

    fn online(&self, name: &str) {
        wait_for(&format!("worker {name} to come"), || {
            self.agent(name).is_some()
        });
    }

    pub(crate) fn agent(&self, name: &str) -> Option<WorkerAgent> {
        self.catalog
            .worker_agents()
            .unwrap()
            .into_iter()
            .find(|w| w.display_name == name)
    }

    pub(crate) fn execute(&self, package: &str, retries: i32) -> ExecutionId {
        let id = self.create(package);
        self.catalog.start_execution(id, retries).unwrap();
        id
    }

    pub(crate) fn create(&self, package: &str) -> ExecutionId {
        self.catalog
            .create_execution(&caller(), NewExecution::new("F", "P", package))
            .unwrap()
    }

    /// An execution of the package that waits for a file.
    pub(crate) fn execute_gated(&self, gate: &Path, retries: i32) -> ExecutionId {
        let id = self.create("Gate");
        let value = Variant::Text(gate.display().to_string());
        self.catalog
            .set_execution_parameter_value(id, ParameterScope::Project, "Gate", &value)
            .unwrap();
        self.catalog.start_execution(id, retries).unwrap();
        id
    }

    /// Waits until it has a status, or has ended; gives what it has.
    pub(crate) fn until(&self, id: ExecutionId, wanted: Status) -> Status {
        self.catalog
            .wait_execution(id, LONG, |s| s == wanted || s.is_terminal())
            .unwrap()
    }

    pub(crate) fn end(&self, id: ExecutionId) -> Status {
        self.catalog
            .wait_execution(id, LONG, Status::is_terminal)
            .unwrap()
    }

    pub(crate) fn texts(&self, id: ExecutionId) -> Vec<String> {
        let filter = EventMessageFilter {
            limit: 10_000,
            ..Default::default()
        };
        let messages = self
            .catalog
            .event_messages(id.operation(), &filter)
            .unwrap();
        messages.into_iter().map(|m| m.fields.message).collect()
    }

    pub(crate) fn gate(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn worker_config(folder: &Path, name: &str) -> WorkerConfig {
    let mut config = WorkerConfig::new(folder);
    config.display_name = name.to_owned();
    config.slots = 3;
    config.warm = 1;
    config.threads = 1;
    config.memory_bytes = 64 << 20;
    config.drain_limit = Duration::from_secs(20);
    config
}

/// The life of a Worker as a process: ends when its input ends.
pub(crate) fn worker_process(arguments: &[String]) {
    let [name, folder, invitation] = arguments else {
        panic!("{arguments:?}")
    };
    let mut config = worker_config(Path::new(folder), name);
    config.invitation = Some(Invitation::load(Path::new(invitation)).unwrap());
    let runtime = Runtime::new().unwrap();
    let drain = async {
        let input = tokio::task::spawn_blocking(|| {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        });
        let _ = input.await;
    };
    runtime.block_on(run_worker(config, drain)).unwrap();
}

pub(crate) struct InProcess {
    drain: Option<oneshot::Sender<()>>,
    running: tokio::task::JoinHandle<()>,
}

impl InProcess {
    pub(crate) fn drain(mut self, site: &Site) {
        let _ = self.drain.take().unwrap().send(());
        site.runtime.block_on(self.running).unwrap();
    }
}

pub(crate) struct OwnProcess(pub(crate) Child);

impl OwnProcess {
    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for OwnProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let end = Instant::now() + LONG;
    while !condition() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}
