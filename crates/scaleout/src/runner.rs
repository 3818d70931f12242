//! Runs a job's package by the control flow: what a Worker's process does in earnest.

use std::sync::Arc;

use packmule_catalog::Outcome;
use packmule_controlflow::{ExecResult, PackageRun, ParameterInput, RunOptions};
use packmule_dtsx::LoadOptions;
use packmule_dtsx::model::{ExecutableKind, Package};
use packmule_runtime::clock::SystemClock;
use packmule_runtime::{Cancel, Mapping, MemoryBudget, Services};
use packmule_scripts::{Scripts, Spare};
use packmule_types::Secret;
use packmule_types::error::Chain;
use parking_lot::Mutex;

use crate::child::frames::{Job, JobParameter};
use crate::child::{Ended, PackageRunner, Reporter};

/// Object types of parameters, as the catalog numbers them.
const PROJECT_PARAMETER: i32 = 20;
const PACKAGE_PARAMETER: i32 = 30;

/// Runs packages, one in its life; a script host may wait for it.
#[derive(Debug, Default)]
pub struct Runner {
    spare: Mutex<Option<Spare>>,
}

impl PackageRunner for Runner {
    fn warm_scripts(&self, memory_bytes: u64) {
        let clock = SystemClock::from_environment();
        *self.spare.lock() = Spare::start(budget(memory_bytes), clock.as_ref());
    }

    fn run(&self, job: &Job, cancel: &Cancel, reporter: &Arc<Reporter>) -> Ended {
        run(job, cancel, reporter, self.spare.lock().take())
    }
}

fn run(job: &Job, cancel: &Cancel, reporter: &Arc<Reporter>, spare: Option<Spare>) -> Ended {
    match start(job, cancel, reporter) {
        Ok(run) => {
            let scripts = Scripts::of(&run.services);
            if let Some(spare) = spare {
                scripts.set_spare(spare);
            }
            let worker = Arc::clone(reporter);
            scripts.on_first_use(move || worker.has_scripts());
            let outcome = run.run();
            let result = if cancel.is_cancelled() {
                ExecResult::Canceled
            } else {
                outcome.result
            };
            Ended {
                outcome: match result {
                    ExecResult::Success | ExecResult::Completion => Outcome::Succeeded,
                    ExecResult::Canceled => Outcome::Canceled,
                    ExecResult::Failure => Outcome::Failed,
                },
                reason: outcome.refused.map(|error| Chain(&error).to_string()),
            }
        }
        Err(reason) => Ended {
            outcome: Outcome::Failed,
            reason: Some(reason),
        },
    }
}

fn start(job: &Job, cancel: &Cancel, reporter: &Arc<Reporter>) -> Result<PackageRun, String> {
    let shown = job.project_file.display();
    let bytes = std::fs::read(&job.project_file)
        .map_err(|e| format!("the project's stream {shown} cannot be read: {e}"))?;
    let options = LoadOptions {
        file: &job.project_name,
        password: None,
    };
    let project = packmule_dtsx::load_archive(&bytes, &options)
        .map_err(|e| Chain(&e).to_string())?
        .value;
    let package = project.package(&job.package_name).cloned();
    let package =
        package.ok_or_else(|| format!("the project has no package {}", job.package_name))?;
    for package in &project.packages {
        name_containers(package, reporter);
    }
    let (parameters, connections, mut sets) = inputs(job, &project);
    sets.extend(
        job.overrides
            .iter()
            .map(|o| (o.path.clone(), o.value.0.clone())),
    );
    Ok(PackageRun {
        package,
        project: Some(Arc::new(project)),
        services: services(job, cancel, reporter)?,
        options: RunOptions {
            parameters,
            sets,
            connections,
            validate_only: false,
            execution_id: Some(job.execution_instance_guid),
            server_execution_id: Some(job.key.execution_id.0),
            interactive: false,
        },
    })
}

fn budget(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn services(job: &Job, cancel: &Cancel, reporter: &Arc<Reporter>) -> Result<Services, String> {
    let mapping = match &job.mapping_file {
        None => Mapping::default(),
        Some(path) => {
            let shown = path.display();
            let text = std::fs::read_to_string(path)
                .map_err(|e| format!("the mapping file {shown} cannot be read: {e}"))?;
            Mapping::parse(&text, &path.to_string_lossy()).map_err(|e| Chain(&e).to_string())?
        }
    };
    Ok(Services {
        clock: SystemClock::from_environment(),
        cancel: cancel.clone(),
        memory: MemoryBudget::new(budget(job.memory_bytes)),
        mapping: Arc::new(mapping),
        observer: Arc::clone(reporter) as Arc<dyn packmule_runtime::Observer>,
        threads: job.threads.max(1),
        temp_folder: job.temp_folder.clone(),
        default_lcid: 1033,
        parts: Default::default(),
    })
}

type Inputs = (
    Vec<(String, ParameterInput)>,
    Vec<(String, Secret)>,
    Vec<(String, String)>,
);

/// Parameters by their full names; `CM.<manager>.<property>` as what it sets.
fn inputs(job: &Job, project: &packmule_dtsx::Project) -> Inputs {
    let (mut parameters, mut connections, mut sets) = Inputs::default();
    for parameter in &job.parameters {
        let namespace = match parameter.object_type {
            PROJECT_PARAMETER => "$Project",
            PACKAGE_PARAMETER => "$Package",
            // Values for the execution itself (LOGGING_LEVEL …) are the Worker's business.
            _ => continue,
        };
        match connection_property(&parameter.name, project) {
            Some((manager, "ConnectionString")) => {
                connections.push((manager.to_owned(), Secret::new(parameter.value.0.as_str())));
            }
            Some((manager, property)) => {
                let path = format!("\\Package.Connections[{manager}].Properties[{property}]");
                sets.push((path, parameter.value.0.clone()));
            }
            None => parameters.push((format!("{namespace}::{}", parameter.name), input(parameter))),
        }
    }
    (parameters, connections, sets)
}

/// The manager and property of `CM.<manager>.<property>`; a manager's name may hold dots.
fn connection_property<'a>(
    name: &'a str,
    project: &packmule_dtsx::Project,
) -> Option<(&'a str, &'a str)> {
    let rest = name.strip_prefix("CM.")?;
    let (manager, property) = rest.rsplit_once('.')?;
    let known = |m: &packmule_dtsx::model::ConnectionManager| m.name == manager;
    let of_packages = project.packages.iter().flat_map(|p| &p.connection_managers);
    (project
        .connection_managers
        .iter()
        .chain(of_packages)
        .any(known))
    .then_some((manager, property))
}

fn input(parameter: &JobParameter) -> ParameterInput {
    let text = parameter.value.0.as_str();
    if parameter.sensitive {
        return ParameterInput::Secret(Secret::new(text));
    }
    match parameter.data_type.value(text) {
        Some(value) => ParameterInput::Value(value),
        None => ParameterInput::Text(text.to_owned()),
    }
}

/// Tells which paths are containers, for the source type of messages.
fn name_containers(package: &Package, reporter: &Arc<Reporter>) {
    let file = package.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut open = vec![&package.root];
    while let Some(executable) = open.pop() {
        if !matches!(executable.kind, ExecutableKind::Task(_)) {
            reporter.container(file, format!("\\{}", executable.ref_id));
        }
        open.extend(&executable.children);
        open.extend(&executable.event_handlers);
    }
}
