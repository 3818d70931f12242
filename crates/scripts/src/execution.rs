//! The scripts of one execution: its host, what was checked, what was loaded.
//!
//! The host is started for the first script that is looked at and serves the whole execution,
//! child packages included. When it has died, the next script gets a new one; statics and objects
//! of scripts are gone with the old one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arrow::buffer::Buffer;
use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};
use packmule_dtsx::Finding;
use packmule_dtsx::finding::{Reason, Severity};
use packmule_runtime::Services;
use packmule_runtime::clock::Clock;
use packmule_types::locale::Locale;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::error::ScriptError;
use crate::host::Host;
use crate::process::StartOptions;
use crate::project::{Script, ScriptKind};
use crate::spare::Spare;

/// How long the host may take to compile and look through a script.
const LOAD_TIMEOUT: Duration = Duration::from_secs(120);
/// How long it may take for its settings.
const SETTINGS_TIMEOUT: Duration = Duration::from_secs(30);
/// Scripts that one host loads; it cannot forget them, so another one follows.
const LOADS_MAX: usize = 2_000;
/// Characters of a part of a finding.
const TEXT_MAX: usize = 600;
/// Findings told of one script.
const FINDINGS_MAX: usize = 8;
/// Managed memory that scripts may have, when nothing else is said.
const MEMORY: std::ops::RangeInclusive<usize> = 256 * 1024 * 1024..=4096 * 1024 * 1024;
/// A folder beside the package in which assemblies of users are looked for too.
const ASSEMBLIES: &str = "assemblies";
/// Sets that memory.
const MEMORY_VARIABLE: &str = "PACKMULE_SCRIPT_MEMORY";

/// What scripts of an execution see of their surroundings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecutionSettings {
    /// Windows' id of the locale whose culture scripts have; 0 = that of the process.
    pub lcid: u32,
    /// Working directory: the package's folder.
    pub directory: PathBuf,
    /// What prefixes of paths become, as in the mapping file.
    pub paths: Vec<(String, String)>,
}

/// A script that is loaded in a host.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The host.
    pub host: Arc<Host>,
    /// Its number there.
    pub script: u32,
}

/// The scripts of one execution.
pub struct Scripts {
    options: StartOptions,
    settings: Mutex<ExecutionSettings>,
    libraries: Mutex<Vec<PathBuf>>,
    strict_message_boxes: AtomicBool,
    spare: Mutex<Option<Spare>>,
    first_use: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    host: Option<Arc<Host>>,
    /// Number of the script by its fingerprint and who keeps its statics; of the present host.
    loaded: HashMap<([u8; 32], String), u32>,
    next_script: u32,
    checked: HashMap<[u8; 32], Checked>,
}

/// What was found out about a script.
#[derive(Debug, Clone)]
struct Checked {
    origin: Option<Origin>,
    findings: Vec<Finding>,
}

/// What of a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The stored binary.
    Binary,
    /// The compiled source.
    Source,
}

impl Scripts {
    /// Scripts outside an execution, to look at them only.
    pub fn new(libraries: Vec<PathBuf>) -> Self {
        Self {
            options: StartOptions {
                memory: memory(usize::MAX),
                zone: "UTC".to_owned(),
            },
            settings: Mutex::default(),
            libraries: Mutex::new(libraries),
            strict_message_boxes: AtomicBool::new(false),
            spare: Mutex::default(),
            first_use: Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// The scripts of an execution: the same for all clones of its services.
    pub fn of(services: &Services) -> Arc<Self> {
        services.parts.get_or_insert_with(|| Self {
            options: start_options(services.memory.limit(), services.clock.as_ref()),
            ..Self::new(Vec::new())
        })
    }

    /// Folders in which assemblies of users are looked for (`--assemblies`).
    pub fn set_libraries(&self, folders: Vec<PathBuf>) {
        *self.libraries.lock() = folders;
    }

    /// Message boxes throw, as in SSIS where nobody is logged on (`--strict-messagebox`).
    pub fn set_strict_message_boxes(&self, strict: bool) {
        self.strict_message_boxes.store(strict, Ordering::Relaxed);
    }

    /// A host that was started ahead; the first script takes it.
    pub fn set_spare(&self, spare: Spare) {
        *self.spare.lock() = Some(spare);
    }

    /// Is told once, before the first script is looked at.
    pub fn on_first_use(&self, tell: impl FnOnce() + Send + 'static) {
        *self.first_use.lock() = Some(Box::new(tell));
    }

    /// What scripts see of their surroundings; counts for a host that is started afterwards.
    pub fn configure(&self, settings: ExecutionSettings) {
        *self.settings.lock() = settings;
    }

    /// The host; started when there is none.
    ///
    /// # Errors
    /// The host or its runtime is not there, or does not start.
    pub fn host(&self) -> Result<Arc<Host>, ScriptError> {
        self.host_of(&mut self.state.lock())
    }

    fn host_of(&self, state: &mut State) -> Result<Arc<Host>, ScriptError> {
        if let Some(host) = state.host.as_ref().filter(|h| h.is_alive()) {
            return Ok(host.clone());
        }
        state.host = None;
        state.loaded.clear();
        let first_use = self.first_use.lock().take();
        if let Some(tell) = first_use {
            tell();
        }
        let spare = self.spare.lock().take();
        let host = match spare.and_then(|spare| spare.take(&self.options)) {
            Some(host) => host,
            None => Host::start(&self.options, false)?,
        };
        host.call(self.execution(), Buffer::default(), SETTINGS_TIMEOUT)?;
        state.host = Some(host.clone());
        Ok(host)
    }

    /// The message `execution` (PROTOCOL.md 3.2).
    fn execution(&self) -> Json {
        let settings = self.settings.lock().clone();
        let lcid = i32::try_from(settings.lcid).unwrap_or(0);
        let culture = Locale::from_lcid(lcid).ok().filter(|_| lcid > 0);
        let paths: Vec<Json> = settings
            .paths
            .iter()
            .map(|(from, to)| json!({"from": from, "to": to}))
            .collect();
        let mut libraries = self.libraries.lock().clone();
        let beside = settings.directory.join(ASSEMBLIES);
        if beside.is_dir() {
            libraries.push(beside);
        }
        let libraries: Vec<String> = libraries
            .iter()
            .map(|folder| folder.to_string_lossy().into_owned())
            .collect();
        let mut header = json!({
            "type": "execution", "libraries": libraries, "paths": paths,
            "strict_message_box": self.strict_message_boxes.load(Ordering::Relaxed),
            "culture": culture.map_or("en-US", |l| l.tag), "ansi_code_page": 1252,
            "segments": true,
        });
        // A host that was started ahead has not inherited it.
        let data = getrlimit(Resource::RLIMIT_DATA).map_or(RLIM_INFINITY, |(soft, _)| soft);
        if data != RLIM_INFINITY {
            header["data_limit"] = data.into();
        }
        if !settings.directory.as_os_str().is_empty() {
            header["directory"] = settings.directory.to_string_lossy().into();
        }
        header
    }

    /// What keeps a script from running here: every reference is resolved, nothing is run. The
    /// answer is kept.
    pub fn check(&self, script: &Script) -> Vec<Finding> {
        let mut findings = self.checked(script).findings;
        for finding in &mut findings {
            finding.place.clone_from(&script.place);
            finding.location = script.location.clone();
        }
        findings
    }

    /// What of a script would run; `None` where it cannot.
    pub fn origin(&self, script: &Script) -> Option<Origin> {
        self.checked(script).origin
    }

    fn checked(&self, script: &Script) -> Checked {
        let known = self.state.lock().checked.get(&script.fingerprint).cloned();
        known.unwrap_or_else(|| {
            let found = self.look_at(script);
            let mut state = self.state.lock();
            state.checked.insert(script.fingerprint, found.clone());
            found
        })
    }

    fn look_at(&self, script: &Script) -> Checked {
        let header = request("check", script);
        let answer = self.host().and_then(|host| {
            let payload = Buffer::from_vec(script.payload());
            host.call(header, payload, LOAD_TIMEOUT)
        });
        match answer {
            Ok(reply) => Checked {
                origin: match reply.header.get("from").and_then(Json::as_str) {
                    Some("binary") => Some(Origin::Binary),
                    Some("source") => Some(Origin::Source),
                    _ => None,
                },
                findings: findings(&reply.header, script),
            },
            Err(error) => {
                let remedy = error.remedy().map(str::to_owned);
                let found = finding(script, Severity::Error, error.to_string(), remedy);
                Checked {
                    origin: None,
                    findings: vec![found],
                }
            }
        }
    }

    /// Loads a script, once for each `owner`: who keeps its statics (a task of one instance of a
    /// package).
    ///
    /// # Errors
    /// It cannot run here, or the host is not to be had.
    pub fn load(&self, script: &Script, owner: &str) -> Result<Loaded, ScriptError> {
        let mut state = self.state.lock();
        let full = state.loaded.len() >= LOADS_MAX;
        if full && let Some(host) = state.host.take_if(|h| h.run_count() == 0) {
            host.shut_down();
        }
        let host = self.host_of(&mut state)?;
        let key = (script.fingerprint, owner.to_owned());
        if let Some(number) = state.loaded.get(&key) {
            return Ok(Loaded {
                host,
                script: *number,
            });
        }
        state.next_script = state.next_script.wrapping_add(1);
        let number = state.next_script;
        // Another script may be loaded meanwhile; this one is known when it is there.
        drop(state);
        let mut header = request("load", script);
        header["script"] = number.into();
        let payload = Buffer::from_vec(script.payload());
        let reply = host.call(header, payload, LOAD_TIMEOUT)?;
        let found = findings(&reply.header, script);
        if found.iter().any(|f| f.severity == Severity::Error) {
            return Err(ScriptError::Refused(found));
        }
        let mut state = self.state.lock();
        let same = state.host.as_ref().is_some_and(|h| Arc::ptr_eq(h, &host));
        if same {
            state.loaded.insert(key, number);
        }
        Ok(Loaded {
            host,
            script: number,
        })
    }

    /// Ends the host; scripts that still run end with it.
    pub fn end(&self) {
        let host = {
            let mut state = self.state.lock();
            state.loaded.clear();
            state.host.take()
        };
        if let Some(host) = host {
            host.shut_down();
        }
    }
}

impl std::fmt::Debug for Scripts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scripts").finish_non_exhaustive()
    }
}

/// How the host of an execution is started: its budget in bytes, its clock.
pub(crate) fn start_options(budget: usize, clock: &dyn Clock) -> StartOptions {
    StartOptions {
        memory: memory(budget),
        zone: clock.zone().name().to_owned(),
    }
}

/// A quarter of the execution's memory, or what the environment says: `512MB`, `2GB`.
fn memory(budget: usize) -> usize {
    let given = std::env::var(MEMORY_VARIABLE).ok();
    given
        .and_then(|text| parse_memory(&text))
        .unwrap_or(budget / 4)
        .clamp(*MEMORY.start(), *MEMORY.end())
}

fn parse_memory(text: &str) -> Option<usize> {
    let text = text.trim().to_ascii_uppercase();
    let (number, unit) = match text.strip_suffix("GB") {
        Some(number) => (number, 1 << 30),
        None => (text.strip_suffix("MB")?, 1 << 20),
    };
    number.trim().parse::<usize>().ok()?.checked_mul(unit)
}

/// `load` or `check` (PROTOCOL.md 3.3).
fn request(kind: &str, script: &Script) -> Json {
    let parts: Vec<Json> = script
        .parts
        .iter()
        .map(|p| json!({"part": p.kind.name(), "name": p.name, "size": p.bytes.len()}))
        .collect();
    json!({
        "type": kind, "name": script.name, "language": script.language.name(),
        "entry": script.entry, "parts": parts,
        "kind": match script.kind { ScriptKind::Task => "task", ScriptKind::Component => "component" },
    })
}

/// The findings of an answer to `load` or `check`.
fn findings(answer: &Json, script: &Script) -> Vec<Finding> {
    let list = |name: &str| {
        let found = answer.get(name).and_then(Json::as_array);
        found.map(Vec::as_slice).unwrap_or_default()
    };
    let mut found = Vec::new();
    for (name, severity) in [
        ("refused", Severity::Error),
        ("warnings", Severity::Warning),
    ] {
        let items = list(name);
        for item in items.iter().take(FINDINGS_MAX) {
            let advice = item.get("advice").and_then(Json::as_str);
            let text = shown(item, script);
            // What the advice says already is not said twice.
            let advice = advice.filter(|a| !a.is_empty() && !text.contains(a));
            found.push(finding(script, severity, text, advice.map(str::to_owned)));
        }
        if items.len() > FINDINGS_MAX {
            let more = items.len() - FINDINGS_MAX;
            found.push(finding(script, severity, format!("and {more} more"), None));
        }
    }
    if answer.get("refused").is_some() && found.is_empty() {
        let text = "the script host refuses it without a reason".to_owned();
        found.push(finding(script, Severity::Error, text, None));
    }
    found
}

/// `[assembly: member, used in X] text`, or for a compiler's error its place in the file.
fn shown(item: &Json, script: &Script) -> String {
    let text = |name: &str| {
        let found = item.get(name).and_then(Json::as_str);
        let found = found.unwrap_or_default().trim();
        // Names come from the script's binary.
        found.chars().take(TEXT_MAX).collect::<String>()
    };
    let language = script.language.name();
    let mut out = text("text");
    let file = text("file");
    if !file.is_empty() {
        let number = |name: &str| item.get(name).and_then(Json::as_i64).unwrap_or(0);
        let (line, column, code) = (number("line"), number("column"), text("code"));
        return format!("{language} script, {file}({line},{column}): {code}: {out}");
    }
    for part in [text("member"), text("assembly")] {
        if !part.is_empty() && !out.contains(&part) {
            out.push_str(&format!(" [{part}]"));
        }
    }
    let place = text("where");
    if !place.is_empty() && !out.contains(&place) {
        out.push_str(&format!(" (used in {place})"));
    }
    format!("{language} script: {out}")
}

fn finding(
    script: &Script,
    severity: Severity,
    message: String,
    remedy: Option<String>,
) -> Finding {
    Finding {
        severity,
        reason: Reason::Script,
        code: None,
        place: script.place.clone(),
        property: None,
        message,
        remedy,
        location: script.location.clone(),
    }
}
