//! One executable of a running package: its place in the tree, its scope, its state.
//!
//! The hosts of a package stand in one list; parents, children and handlers are positions in it,
//! so that any thread can hold the whole tree by one `Arc`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;

use packmule_dtsx::model::{Executable, ExecutableKind, Package};
use packmule_runtime::variables::{ScopeLevel, ScopeOwner};
use packmule_runtime::{Overlay, Scope};
use packmule_types::Value;

use crate::settings::Reader;
use packmule_dtsx::Finding;

/// Position of a host in its package's list; the package itself is 0.
pub(crate) type HostId = usize;
/// The package.
pub(crate) const ROOT: HostId = 0;

/// Executables may be nested this deep.
pub(crate) const DEPTH_MAX: usize = 100;

/// One step from an executable to one inside it.
#[derive(Debug, Clone, Copy)]
enum Step {
    Child(usize),
    Handler(usize),
}

/// An executable at run time.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) parent: Option<HostId>,
    pub(crate) children: Vec<HostId>,
    /// Event name, host of its handler.
    pub(crate) handlers: Vec<(String, HostId)>,
    /// It or an executable around it is an event handler.
    pub(crate) in_handler: bool,
    pub(crate) scope: Arc<Scope>,
    /// Errors of this start that were raised here or below.
    pub(crate) errors: AtomicU64,
    /// The turn of a loop that runs, from 1; 0 outside.
    pub(crate) turn: AtomicU64,
    /// Nothing below is to start any more.
    pub(crate) stop: AtomicBool,
    /// Ends the task that runs here; a handler set System::Cancel.
    pub(crate) cancel: Mutex<Option<packmule_runtime::Cancel>>,
    /// Held while an event of this executable is handled, so that they come one by one.
    pub(crate) raising: Mutex<()>,
    /// Held while a handler runs for an event from inside this handler.
    pub(crate) gate: Mutex<()>,
    /// Of a handler that runs: the source of its event.
    pub(crate) running_for: Mutex<Option<HostId>>,
    /// ExecutionValue of the last start.
    pub(crate) value: Mutex<Option<Value>>,
    route: Vec<Step>,
}

impl Host {
    /// Forgets the last start.
    pub(crate) fn reset(&self) {
        self.errors.store(0, Ordering::SeqCst);
        self.turn.store(0, Ordering::SeqCst);
        self.stop.store(false, Ordering::SeqCst);
        *self.value.lock() = None;
    }

    /// The executable in the model.
    pub(crate) fn executable<'p>(&self, package: &'p Package) -> &'p Executable {
        let mut here = &package.root;
        for step in &self.route {
            let next = match step {
                Step::Child(i) => here.children.get(*i),
                Step::Handler(i) => here.event_handlers.get(*i),
            };
            // The route was made from this very tree.
            here = next.unwrap_or(here);
        }
        here
    }

    /// The handler for an event.
    pub(crate) fn handler(&self, event: &str) -> Option<HostId> {
        self.handlers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(event))
            .map(|(_, id)| *id)
    }
}

/// Executables are nested too deep.
#[derive(Debug)]
pub(crate) struct TooDeep {
    pub(crate) place: String,
}

/// Makes the hosts of a package, with their scopes.
pub(crate) fn build(package: &Package, root: Arc<Scope>) -> Result<Vec<Host>, TooDeep> {
    let mut hosts = Vec::new();
    let top = Site {
        parent: None,
        route: Vec::new(),
        in_handler: false,
    };
    add(&mut hosts, &package.root, top, root)?;
    Ok(hosts)
}

struct Site {
    parent: Option<HostId>,
    route: Vec<Step>,
    in_handler: bool,
}

fn add(
    hosts: &mut Vec<Host>,
    executable: &Executable,
    site: Site,
    scope: Arc<Scope>,
) -> Result<HostId, TooDeep> {
    if site.route.len() > DEPTH_MAX {
        return Err(TooDeep {
            place: executable.ref_id.clone(),
        });
    }
    let id = hosts.len();
    let Site {
        parent,
        route,
        in_handler,
    } = site;
    let in_handler = in_handler || matches!(executable.kind, ExecutableKind::EventHandler { .. });
    hosts.push(Host {
        parent,
        children: Vec::with_capacity(executable.children.len()),
        handlers: Vec::new(),
        in_handler,
        scope: scope.clone(),
        errors: AtomicU64::new(0),
        turn: AtomicU64::new(0),
        stop: AtomicBool::new(false),
        cancel: Mutex::new(None),
        raising: Mutex::new(()),
        running_for: Mutex::new(None),
        gate: Mutex::new(()),
        value: Mutex::new(None),
        route: route.clone(),
    });
    let site = |step| Site {
        parent: Some(id),
        route: route.iter().copied().chain([step]).collect(),
        in_handler,
    };
    let mut children = Vec::new();
    for (i, child) in executable.children.iter().enumerate() {
        children.push(add(
            hosts,
            child,
            site(Step::Child(i)),
            below(&scope, child),
        )?);
    }
    let mut handlers = Vec::new();
    for (i, handler) in executable.event_handlers.iter().enumerate() {
        let made = add(
            hosts,
            handler,
            site(Step::Handler(i)),
            below(&scope, handler),
        )?;
        if let ExecutableKind::EventHandler { event } = &handler.kind {
            handlers.push((event.clone(), made));
        }
    }
    if let Some(host) = hosts.get_mut(id) {
        host.children = children;
        host.handlers = handlers;
    }
    Ok(id)
}

fn below(parent: &Arc<Scope>, executable: &Executable) -> Arc<Scope> {
    let level = match executable.kind {
        ExecutableKind::Package => ScopeLevel::Package,
        ExecutableKind::EventHandler { .. } => ScopeLevel::EventHandler,
        ExecutableKind::Task(_) => ScopeLevel::Task,
        _ => ScopeLevel::Container,
    };
    Scope::new_child(parent, level, owner_of(executable), &executable.variables)
}

/// The executable as the owner of a scope.
pub(crate) fn owner_of(executable: &Executable) -> ScopeOwner {
    ScopeOwner {
        node: Some(executable.node),
        name: executable.name.clone(),
        dtsid: executable.dtsid.clone(),
    }
}

/// The properties that every executable has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostSettings {
    /// Disable (False): nothing runs, counts as success.
    pub(crate) disable: bool,
    /// DelayValidation (False): validated right before it runs only.
    pub(crate) delay_validation: bool,
    /// DisableEventHandlers (False): no handlers for it and what is below it.
    pub(crate) disable_event_handlers: bool,
    /// FailPackageOnFailure (False).
    pub(crate) fail_package_on_failure: bool,
    /// FailParentOnFailure (False).
    pub(crate) fail_parent_on_failure: bool,
    /// MaximumErrorCount (1); 0 = no limit.
    pub(crate) maximum_error_count: u64,
    /// ForceExecutionResult (-1 None).
    pub(crate) force_execution_result: Option<crate::result::ExecResult>,
    /// ForceExecutionValue (False) and ForcedExecutionValue.
    pub(crate) forced_value: Option<String>,
    /// ExecValueVariable (`<none>`).
    pub(crate) exec_value_variable: Option<String>,
    /// TransactionOption (1 Supported).
    pub(crate) transaction_option: i64,
    /// LocaleID (-1 = the parent's).
    pub(crate) locale_id: i64,
}

impl HostSettings {
    /// Reads them from the model and the overlay.
    pub(crate) fn read(executable: &Executable, overlay: &Overlay) -> (Self, Vec<Finding>) {
        use crate::result::ExecResult as R;
        let mut r = Reader::new(
            overlay,
            executable.node,
            &executable.ref_id,
            &executable.location,
        );
        let p = &executable.properties;
        let force = [
            ("-1", None),
            ("None", None),
            ("0", Some(R::Success)),
            ("Success", Some(R::Success)),
            ("1", Some(R::Failure)),
            ("Failure", Some(R::Failure)),
            ("2", Some(R::Completion)),
            ("Completion", Some(R::Completion)),
        ];
        let transaction = [
            ("0", 0),
            ("NotSupported", 0),
            ("1", 1),
            ("Supported", 1),
            ("2", 2),
            ("Required", 2),
        ];
        crate::log_providers::check_mode(&mut r);
        let forced = r.boolean("ForceExecutionValue", p.text("ForceExecValue"), false);
        let value = r.text("ForcedExecutionValue", p.text("ExecValue"), "0");
        let variable = r.text("ExecValueVariable", p.text("ExecValueVariable"), "");
        let maximum = p.text("MaxErrorCount");
        let maximum = r.integer("MaximumErrorCount", maximum, 1, 0..=i64::from(i32::MAX));
        let flag = "FailPackageOnFailure";
        let settings = Self {
            disable: r.boolean("Disable", p.text("Disabled"), false),
            delay_validation: r.boolean("DelayValidation", p.text("DelayValidation"), false),
            disable_event_handlers: r.boolean(
                "DisableEventHandlers",
                p.text("DisableEventHandlers"),
                false,
            ),
            fail_package_on_failure: r.boolean(flag, p.text(flag), false),
            fail_parent_on_failure: r.boolean(
                "FailParentOnFailure",
                p.text("FailParentOnFailure"),
                false,
            ),
            maximum_error_count: u64::try_from(maximum).unwrap_or(1),
            force_execution_result: r.choice(
                "ForceExecutionResult",
                p.text("ForceExecutionResult"),
                None,
                &force,
            ),
            forced_value: forced.then_some(value),
            exec_value_variable: Some(variable)
                .filter(|v| !v.is_empty() && !v.eq_ignore_ascii_case("<none>")),
            transaction_option: r.choice(
                "TransactionOption",
                p.text("TransactionOption"),
                1,
                &transaction,
            ),
            locale_id: r.integer("LocaleID", p.text("LocaleID"), -1, -1..=0x0010_0000),
        };
        (settings, r.findings())
    }
}
