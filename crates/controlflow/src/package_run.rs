//! The run of a package: values from outside, validation, execution, close.
//! Source: control-flow.md 1.1, 1.2.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use uuid::Uuid;

use packmule_connections::Connections;
use packmule_dtsx::model::{Package, Project};
use packmule_runtime::events::EventKind;
use packmule_runtime::overlay::Layer;
use packmule_runtime::variables::{ChangeHook, ScopeContext, ScopeLevel};
use packmule_runtime::{Events, Overlay, Reported, Scope, Services};
use packmule_scripts::{ExecutionSettings, Scripts};
use packmule_types::{Code, Secret, Value};

use crate::board::Board;
use crate::configurations;
use crate::execute::run_host;
use crate::host::{self, ROOT, owner_of};
use crate::inherited::Inherited;
use crate::instance::{Instance, ParentTask, braced};
use crate::log_providers::Logs;
use crate::outside::{self, RunError};
use crate::parameters;
use crate::result::ExecResult;
use crate::system_variables;
use crate::validate;

/// A value from outside.
#[derive(Debug, Clone)]
pub enum ParameterInput {
    /// Text, converted to the parameter's type, invariant.
    Text(String),
    /// A value, converted to the parameter's type where it has another.
    Value(Value),
    /// For a sensitive parameter.
    Secret(Secret),
}

/// What a run is given from outside.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Parameters: `P` or `$Package::P`, `$Project::P`.
    pub parameters: Vec<(String, ParameterInput)>,
    /// Property paths and values, in order (`--set`, the catalog's property overrides).
    pub sets: Vec<(String, String)>,
    /// Connection strings by name or id of connection managers, the project's included; for a
    /// file connection its path. Each wins over what the package, its expressions and the
    /// mapping say, in child packages too.
    pub connections: Vec<(String, Secret)>,
    /// Validates only.
    pub validate_only: bool,
    /// ExecutionInstanceGUID; a new one when absent.
    pub execution_id: Option<Uuid>,
    /// `System::ServerExecutionID` when the catalog runs it. Required parameters must be given
    /// then.
    pub server_execution_id: Option<i64>,
    /// `System::InteractiveMode`
    pub interactive: bool,
}

/// One run of one package.
pub struct PackageRun {
    /// The package.
    pub package: Arc<Package>,
    /// Its project, if it has one.
    pub project: Option<Arc<Project>>,
    /// The run's services.
    pub services: Services,
    /// Values from outside.
    pub options: RunOptions,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The result; with `validate_only` that of the validation.
    pub result: ExecResult,
    /// Why the package was not even validated: a value from outside that cannot be used. Nobody
    /// has been told yet.
    pub refused: Option<RunError>,
    /// ExecutionInstanceGUID, `{…}`.
    pub execution_id: String,
    /// Error events of the run that the package counted.
    pub errors: u64,
    /// Began.
    pub start: DateTime<Utc>,
    /// Ended.
    pub end: DateTime<Utc>,
}

impl PackageRun {
    /// Runs the package on this thread and threads of its own, to the end.
    pub fn run(self) -> Outcome {
        let clock = self.services.clock.clone();
        let start = clock.utc_now();
        let execution_id = self.options.execution_id.unwrap_or_else(Uuid::new_v4);
        let validate_only = self.options.validate_only;
        let scripts = Scripts::of(&self.services);
        scripts.configure(script_settings(&self.package, &self.services));
        let prepared = prepare(self.preparation(execution_id));
        let (result, refused, errors) = match prepared {
            Ok(instance) => {
                let result = match run_instance(&instance, validate_only) {
                    Ran::Invalid => ExecResult::Failure,
                    Ran::Ended(result) => result,
                };
                let errors = instance.host(ROOT).errors.load(Ordering::SeqCst);
                (result, None, errors)
            }
            Err(error) => (ExecResult::Failure, Some(error), 0),
        };
        scripts.end();
        Outcome {
            result,
            refused,
            execution_id: braced(execution_id),
            errors,
            start,
            end: clock.utc_now(),
        }
    }

    fn preparation(self, execution_id: Uuid) -> Preparation {
        let options = self.options;
        let of_project = |(name, _): &&(String, ParameterInput)| name.starts_with("$Project::");
        let inherited = Inherited {
            interactive: options.interactive,
            server_execution_id: options.server_execution_id.unwrap_or(0),
            project_parameters: options
                .parameters
                .iter()
                .filter(of_project)
                .cloned()
                .collect(),
        };
        Preparation {
            package: self.package,
            project: self.project,
            services: self.services,
            parent: None,
            inherited: Arc::new(inherited),
            parameters: options.parameters,
            sets: options.sets,
            connections: options.connections,
            execution_id,
        }
    }
}

/// What the scripts of a run see of their surroundings: those of the package that was started.
fn script_settings(package: &Package, services: &Services) -> ExecutionSettings {
    let stored = package.root.properties.integer("LocaleID");
    let stored = stored
        .and_then(|l| u32::try_from(l).ok())
        .filter(|l| *l > 0);
    let file = std::path::Path::new(&*package.file);
    // A package of an archive stands in the archive's folder.
    let here = std::path::Path::new(".");
    let folders = file.ancestors().skip(1).chain([here]);
    let directory = folders
        .filter_map(|folder| folder.canonicalize().ok())
        .find(|folder| folder.is_dir());
    let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let paths = services.mapping.path_rules();
    ExecutionSettings {
        lcid: stored.unwrap_or(services.default_lcid),
        directory: directory.unwrap_or_default(),
        paths: paths
            .map(|(from, to)| (from.to_owned(), text(to)))
            .collect(),
    }
}

/// What an instance is made of.
pub(crate) struct Preparation {
    pub(crate) package: Arc<Package>,
    pub(crate) project: Option<Arc<Project>>,
    pub(crate) services: Services,
    pub(crate) parent: Option<ParentTask>,
    pub(crate) inherited: Arc<Inherited>,
    pub(crate) parameters: Vec<(String, ParameterInput)>,
    pub(crate) sets: Vec<(String, String)>,
    pub(crate) connections: Vec<(String, Secret)>,
    pub(crate) execution_id: Uuid,
}

/// Makes an instance and applies the values from outside, in the order of control-flow.md 1.2.
pub(crate) fn prepare(preparation: Preparation) -> Result<Arc<Instance>, RunError> {
    let Preparation {
        package,
        project,
        mut services,
        parent,
        inherited,
        parameters,
        sets,
        connections,
        execution_id,
    } = preparation;
    if !connections.is_empty() {
        // Children get the services of their parent, so these rules hold for them too.
        let (project, mapping) = (project.as_deref(), &services.mapping);
        let mapping = outside::map_connections(&package, project, mapping, &connections)?;
        services.mapping = Arc::new(mapping);
    }
    let overlay = Arc::new(Overlay::new());
    let slot: Arc<OnceLock<Weak<Instance>>> = Arc::default();
    let scope = root_scope(&package, &services, parent.as_ref());
    scope.set_change_hook(change_hook(slot.clone()));
    parameters::declare(&scope, &package, project.as_deref(), &inherited, parameters)?;
    let hosts = host::build(&package, scope.clone())
        .map_err(|deep| RunError::TooDeep { place: deep.place })?;
    let links = Connections::new(
        &package,
        project.as_ref(),
        overlay.clone(),
        scope,
        services.clone(),
    );
    let depth = parent.as_ref().map_or(0, |p| p.instance.depth + 1);
    let instance = Arc::new(Instance {
        package,
        project,
        services,
        overlay,
        connections: Arc::new(links),
        hosts,
        parent,
        depth,
        guid: braced(execution_id),
        inherited,
        board: Board::new(),
        fail_package: AtomicBool::new(false),
        validating: AtomicBool::new(false),
        gate: Mutex::new(()),
        logs: Logs::new(),
    });
    // Set once, right here.
    slot.get_or_init(|| Arc::downgrade(&instance));
    system_variables::declare(&instance);
    apply_values(&instance, &sets)?;
    Ok(instance)
}

/// Configurations and `--set`: a package of a project has no configurations.
fn apply_values(instance: &Arc<Instance>, sets: &[(String, String)]) -> Result<(), RunError> {
    let uses_configurations = instance.project.is_none() && configurations::enabled(instance);
    if uses_configurations {
        configurations::apply(instance, configurations::Pass::First);
    }
    for (path, value) in sets {
        outside::set(
            instance,
            path,
            &Value::text(value.as_str()),
            Layer::Override,
        )?;
    }
    if uses_configurations {
        configurations::apply(instance, configurations::Pass::Second);
    }
    Ok(())
}

fn root_scope(package: &Package, services: &Services, parent: Option<&ParentTask>) -> Arc<Scope> {
    let owner = owner_of(&package.root);
    let variables = &package.root.variables;
    if let Some(parent) = parent {
        let above = &parent.instance.host(parent.host).scope;
        return Scope::new_child(above, ScopeLevel::Package, owner, variables);
    }
    let stored = package.root.properties.integer("LocaleID");
    let lcid = stored
        .and_then(|l| u32::try_from(l).ok())
        .unwrap_or(services.default_lcid);
    let context = ScopeContext {
        clock: services.clock.clone(),
        cancel: services.cancel.clone(),
        lcid,
    };
    Scope::root(owner, variables, context)
}

/// RaiseChangedEvent: the event comes from the container that owns the variable.
fn change_hook(slot: Arc<OnceLock<Weak<Instance>>>) -> ChangeHook {
    Arc::new(move |owner, variable| {
        let Some(instance) = slot.get().and_then(Weak::upgrade) else {
            return;
        };
        let found =
            (0..instance.hosts.len()).find(|id| Some(instance.executable(*id).node) == owner.node);
        let events = instance.events(found.unwrap_or(ROOT));
        events.raise(
            EventKind::VariableValueChanged,
            Code(0),
            variable.full_name(),
            None,
        );
    })
}

/// What became of an instance.
pub(crate) enum Ran {
    /// Validation failed; nothing ran.
    Invalid,
    /// It ran, or was validated only.
    Ended(ExecResult),
}

/// Validates an instance, runs it and closes what it opened.
pub(crate) fn run_instance(instance: &Arc<Instance>, validate_only: bool) -> Ran {
    let events = instance.events(ROOT);
    let logs = if validate_only {
        Ok(())
    } else {
        instance.logs.open(instance, &events)
    };
    instance.validating.store(true, Ordering::SeqCst);
    let valid = validate::tree(instance, ROOT, validate::Mode::Early);
    instance.validating.store(false, Ordering::SeqCst);
    let ran = match logs.and(valid) {
        Err(Reported) => Ran::Invalid,
        Ok(()) if validate_only => Ran::Ended(ExecResult::Success),
        Ok(()) => Ran::Ended(run_package(instance, &events)),
    };
    if let Err(text) = instance.logs.close() {
        events.warning_text(
            Code(0xC001_4010),
            format!("the log could not be written: {text}"),
        );
    }
    instance.connections.close();
    ran
}

/// [R-PKGSTART] PackageStart stands behind the validation and before OnPreExecute.
fn run_package(instance: &Arc<Instance>, events: &Events) -> ExecResult {
    let limit = concurrent_executables(instance).unwrap_or(1);
    instance.board.set_limit(limit);
    events.log("PackageStart", "Beginning of package execution.\r\n");
    events.log(
        "Diagnostic",
        format!("Based on the system configuration, the maximum concurrent executables are set to {limit}.\r\n"),
    );
    let result = if instance.settings(ROOT).disable {
        ExecResult::Success
    } else if instance.services.cancel.is_cancelled() {
        ExecResult::Canceled
    } else {
        run_host(instance, ROOT)
    };
    events.log("PackageEnd", "End of package execution.\r\n");
    result
}

/// MaxConcurrentExecutables: tasks that run at once. -1 is the number of processors + 2.
pub(crate) fn concurrent_executables(instance: &Instance) -> Result<usize, String> {
    let name = "MaxConcurrentExecutables";
    let number = match instance.package_property(name) {
        None => -1,
        Some(text) => text
            .trim()
            .parse::<i64>()
            .map_err(|_| format!("{name}: \"{text}\" is no number"))?,
    };
    match number {
        -1 => Ok(std::thread::available_parallelism().map_or(1, usize::from) + 2),
        1.. => Ok(usize::try_from(number).unwrap_or(usize::MAX)),
        _ => Err(format!("{name}: {number} is neither -1 nor positive")),
    }
}
