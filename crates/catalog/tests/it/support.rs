//! A catalog whose clock the test holds and whose projects are made of words.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use packmule_catalog::project::{PackageContent, ParameterContent};
use packmule_catalog::store::StoreClock;
use packmule_catalog::{
    Caller, Catalog, CatalogConfig, ExecutionId, NewExecution, ParameterType, ProjectContent,
    Variant, WorkerId, WorkerReport,
};
use packmule_types::Secret;

/// A clock that stands until it is told to go on.
#[derive(Debug)]
pub(crate) struct HeldClock(AtomicI64);

impl HeldClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(by.as_micros() as i64, Ordering::SeqCst);
    }
}

impl StoreClock for HeldClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

pub(crate) struct Bench {
    pub(crate) catalog: Catalog,
    pub(crate) clock: Arc<HeldClock>,
    pub(crate) folder: tempfile::TempDir,
}

/// A stream is text: the project's name, then a line for each `package:NAME` or
/// `parameter:OWNER:NAME:TYPE:FLAGS:VALUE` (owner empty for the project; flags r and s).
fn read(stream: &[u8]) -> Result<ProjectContent, String> {
    let text = std::str::from_utf8(stream).map_err(|e| e.to_string())?;
    let mut lines = text.lines();
    let mut content = ProjectContent {
        name: lines.next().ok_or("empty")?.to_owned(),
        ..ProjectContent::default()
    };
    for line in lines {
        let words: Vec<&str> = line.split(':').collect();
        match words.as_slice() {
            ["package", name] => content.packages.push(PackageContent {
                name: (*name).to_owned(),
                entry_point: *name != "Child.dtsx",
                ..PackageContent::default()
            }),
            ["parameter", owner, name, data_type, flags, value] => {
                let sensitive = flags.contains('s');
                let parameter = ParameterContent {
                    name: (*name).to_owned(),
                    data_type: ParameterType::from_name(data_type).ok_or("type")?,
                    required: flags.contains('r'),
                    sensitive,
                    description: String::new(),
                    design_value: (!sensitive && !value.is_empty())
                        .then(|| Variant::Literal((*value).to_owned())),
                    secret: (sensitive && !value.is_empty()).then(|| Secret::new(*value)),
                };
                match content.packages.iter_mut().find(|p| p.name == *owner) {
                    Some(package) => package.parameters.push(parameter),
                    None => content.parameters.push(parameter),
                }
            }
            other => return Err(format!("line {other:?}")),
        }
    }
    Ok(content)
}

pub(crate) const PROJECT: &str = "Sales\npackage:Load.dtsx\npackage:Child.dtsx\n\
    parameter::Region:String::North\nparameter::Password:String:s:geheim\n\
    parameter:Load.dtsx:Rows:Int32::10\nparameter:Load.dtsx:Day:DateTime:r:\n\
    parameter:Child.dtsx:Only:Int32::1\n";

pub(crate) fn caller() -> Caller {
    Caller::new("anna")
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HeldClock(AtomicI64::new(1_700_000_000_000_000)));
        let catalog = open(folder.path(), &clock);
        catalog.create_folder(&caller(), "Demo", "").unwrap();
        Self {
            catalog,
            clock,
            folder,
        }
    }

    /// With the project deployed.
    pub(crate) fn deployed() -> Self {
        let bench = Self::new();
        bench.deploy(PROJECT);
        bench
    }

    pub(crate) fn deploy(&self, stream: &str) {
        self.catalog
            .deploy_project(&caller(), "Demo", "Sales", stream.as_bytes().to_vec())
            .unwrap();
    }

    /// The same store, opened again.
    pub(crate) fn reopen(self) -> Self {
        let Self {
            catalog,
            clock,
            folder,
        } = self;
        drop(catalog);
        let catalog = open(folder.path(), &clock);
        Self {
            catalog,
            clock,
            folder,
        }
    }

    pub(crate) fn created(&self) -> ExecutionId {
        self.catalog
            .create_execution(&caller(), NewExecution::new("Demo", "Sales", "Load"))
            .unwrap()
    }

    /// Created with its required value.
    pub(crate) fn ready(&self) -> ExecutionId {
        let id = self.created();
        self.catalog
            .set_execution_parameter_value(
                id,
                packmule_catalog::ParameterScope::Package,
                "Day",
                &Variant::Text("2024-05-06".to_owned()),
            )
            .unwrap();
        id
    }

    pub(crate) fn started(&self, retry_count: i32) -> ExecutionId {
        let id = self.ready();
        self.catalog.start_execution(id, retry_count).unwrap();
        id
    }

    pub(crate) fn worker(&self) -> WorkerId {
        let id = WorkerId(uuid::Uuid::new_v4());
        self.catalog.worker_heard(worker_report(id), true).unwrap();
        id
    }
}

fn open(folder: &std::path::Path, clock: &Arc<HeldClock>) -> Catalog {
    let mut config = CatalogConfig::new(folder);
    config.clock = Arc::clone(clock) as Arc<dyn StoreClock>;
    config.reader = Arc::new(read);
    Catalog::open(config).unwrap()
}

pub(crate) fn worker_report(id: WorkerId) -> WorkerReport {
    WorkerReport {
        worker_agent_id: id,
        display_name: "w".to_owned(),
        machine_name: "here".to_owned(),
        user_account: "me".to_owned(),
        version: "1".to_owned(),
        slots: 2,
        slots_used: 0,
        cpu_percent: 1.0,
        available_memory_mb: 100,
        spooled_messages: 0,
        certificate_thumbprint: String::new(),
    }
}

/// The error number of a refused call.
pub(crate) fn number<T: std::fmt::Debug>(result: packmule_catalog::Result<T>) -> i32 {
    let error = result.unwrap_err();
    error.number().unwrap_or_else(|| panic!("{error:?}"))
}
