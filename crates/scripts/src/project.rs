//! The script of a task or component, as packages of all generations store it.
//! Source: scripts.md 1.
//!
//! A task keeps it in `ScriptProject`, a component in custom properties. Both hold a compiled
//! binary (nearly always), the sources, the project file, and the lists of variables.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use packmule_dtsx::Finding;
use packmule_dtsx::finding::{Location, Reason, Severity};
use packmule_dtsx::model::{Component, CustomProperties, Element, Executable, ExecutableKind};
use sha2::{Digest, Sha256};

/// Canonical type name of Script Tasks.
pub const TASK_TYPE: &str = "Microsoft.ScriptTask";
/// Canonical class of Script Components.
pub const COMPONENT_CLASS: &str = "Microsoft.ScriptComponentHost";
/// Base64 as packages have it: padding may be missing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// What to do about a script without usable code.
const REMEDY: &str =
    "open and save the script in the designer, so that the package carries its binary";

/// What a script belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScriptKind {
    /// A Script Task.
    Task,
    /// A Script Component.
    Component,
}

/// The language of the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// C#
    CSharp,
    /// Visual Basic
    VisualBasic,
}

impl Language {
    /// As the protocol has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CSharp => "CSharp",
            Self::VisualBasic => "VisualBasic",
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        match lower.as_str() {
            "csharp" | "microsoft visual c#" => Some(Self::CSharp),
            _ if lower.contains("csharp") || lower.contains("c#") => Some(Self::CSharp),
            _ if lower.contains("visualbasic") || lower.contains("visual basic") => {
                Some(Self::VisualBasic)
            }
            _ => None,
        }
    }
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A compiled assembly.
    Binary,
    /// A stored text file.
    Source,
    /// The project file, which names the files to compile and the references.
    Project,
}

impl PartKind {
    /// As the protocol has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Source => "source",
            Self::Project => "project",
        }
    }
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its name, with slashes as stored.
    pub name: String,
    /// Its bytes; texts in UTF-8.
    pub bytes: Vec<u8>,
}

/// A script.
#[derive(Debug, Clone)]
pub struct Script {
    /// Of a task or a component.
    pub kind: ScriptKind,
    /// Name of the task or component.
    pub name: String,
    /// Its place: `Package\Task`, `Package\DFT\Component`.
    pub place: String,
    /// Where it stands in the file.
    pub location: Location,
    /// The sources' language.
    pub language: Language,
    /// The method to call, in 2005 the class; `Main` when the package says nothing.
    pub entry: String,
    /// Its files.
    pub parts: Vec<Part>,
    /// ReadOnlyVariables, trimmed.
    pub read_only: Vec<String>,
    /// ReadWriteVariables, trimmed.
    pub read_write: Vec<String>,
    /// Assemblies that the project file refers to, as written.
    pub references: Vec<String>,
    /// SHA-256 of everything that decides whether and how it runs.
    pub fingerprint: [u8; 32],
}

impl Script {
    /// The script of a Script Task; the findings are all that is wrong with it. `None` where
    /// there is no script at all.
    pub fn of_task(executable: &Executable) -> (Option<Self>, Vec<Finding>) {
        let mut problems = Problems::new(&executable.ref_id, &executable.location);
        let data = match &executable.kind {
            ExecutableKind::Task(task) => task.data.as_ref(),
            _ => None,
        };
        let Some(project) = data.and_then(script_project) else {
            problems.error(None, "the task has no ScriptProject", REMEDY);
            return (None, problems.findings);
        };
        let attribute = |name: &str| project.attribute(name).unwrap_or_default();
        let mut parts = Parts::default();
        for item in &project.children {
            let name = item.attribute("Name").unwrap_or_default();
            match item.name.as_str() {
                "ProjectItem" => parts.text(name, &item.text),
                "BinaryItem" => parts.binary(name, &item.text, &mut problems),
                "Breakpoint" => {}
                other => problems.warning(&format!("<{other}> in ScriptProject is not known")),
            }
        }
        if project.children.is_empty() {
            // The editor was never opened; SSIS fails it at validation too.
            problems.error(
                None,
                "the task holds no script: its editor was never opened",
                REMEDY,
            );
            return (None, problems.findings);
        }
        let language = problems.language("Language", attribute("Language"), &parts);
        let entry = match attribute("EntryPoint").trim() {
            "" => "Main",
            given => given,
        };
        let script = Self {
            kind: ScriptKind::Task,
            name: executable.name.clone(),
            place: executable.ref_id.clone(),
            location: executable.location.clone(),
            language,
            entry: entry.to_owned(),
            parts: Vec::new(),
            read_only: names(attribute("ReadOnlyVariables")),
            read_write: names(attribute("ReadWriteVariables")),
            references: Vec::new(),
            fingerprint: [0; 32],
        };
        (script.complete(parts, &mut problems), problems.findings)
    }

    /// The script of a Script Component; `place` is the component's refId path.
    pub fn of_component(component: &Component, place: &str) -> (Option<Self>, Vec<Finding>) {
        let mut problems = Problems::new(place, &component.location);
        let mut parts = Parts::default();
        let array = |name: &str| {
            let found = component.property(name).and_then(|p| p.array.as_deref());
            found.unwrap_or_default()
        };
        for (name, text) in files(array("SourceCode")) {
            parts.text(name, text);
        }
        for pair in array("BinaryCode").chunks(2) {
            if let [name, text] = pair {
                parts.binary(name, text, &mut problems);
            }
        }
        let text = |name: &str| component.property_text(name).unwrap_or_default();
        let language = match text("ScriptLanguage") {
            "" => Language::VisualBasic,
            written => problems.language("ScriptLanguage", written, &parts),
        };
        let script = Self {
            kind: ScriptKind::Component,
            name: component.name.clone(),
            place: place.to_owned(),
            location: component.location.clone(),
            language,
            entry: "Main".to_owned(),
            parts: Vec::new(),
            read_only: names(text("ReadOnlyVariables")),
            read_write: names(text("ReadWriteVariables")),
            references: Vec::new(),
            fingerprint: [0; 32],
        };
        (script.complete(parts, &mut problems), problems.findings)
    }

    /// Adds the files, checks that there is something to run.
    fn complete(mut self, parts: Parts, problems: &mut Problems) -> Option<Self> {
        let Parts { files } = parts;
        let has_code = files.iter().any(|p| match p.kind {
            PartKind::Binary => true,
            PartKind::Source => is_source(&p.name),
            PartKind::Project => false,
        });
        if !has_code {
            problems.error(None, "the script has neither a binary nor a source", REMEDY);
            return None;
        }
        let project = files.iter().find(|p| p.kind == PartKind::Project);
        self.references = project.map(references).unwrap_or_default();
        self.parts = files;
        self.fingerprint = self.digest();
        Some(self)
    }

    /// Another entry point than the stored one.
    pub fn set_entry(&mut self, entry: String) {
        self.entry = entry;
        self.fingerprint = self.digest();
    }

    /// The bytes of all parts, one after the other.
    pub fn payload(&self) -> Vec<u8> {
        self.parts
            .iter()
            .flat_map(|p| p.bytes.iter().copied())
            .collect()
    }

    fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        add(format!("{:?} {:?} {}", self.kind, self.language, self.entry).as_bytes());
        for part in &self.parts {
            add(part.kind.name().as_bytes());
            add(part.name.as_bytes());
            add(&part.bytes);
        }
        hash.finalize().into()
    }
}

/// The element itself, or inside the one that older tasks wrap around it.
fn script_project(data: &Element) -> Option<&Element> {
    if data.name == "ScriptProject" {
        return Some(data);
    }
    data.child("ScriptProject")
}

/// Names and texts of SourceCode: pairs (2005, 2008), or triples with the encoding between.
///
/// Encodings are told apart by their second element: in triples it is one of two words.
fn files(array: &[String]) -> Vec<(&str, &str)> {
    let is_encoding =
        |text: &String| matches!(text.as_str(), "UTF8" | "UTF16LE" | "UTF-8" | "UTF-16");
    let triples =
        array.len().is_multiple_of(3) && array.chunks(3).all(|t| t.get(1).is_some_and(is_encoding));
    let (width, at) = if triples { (3, 2) } else { (2, 1) };
    array
        .chunks(width)
        .filter_map(|chunk| Some((chunk.first()?.as_str(), chunk.get(at)?.as_str())))
        .collect()
}

/// A list of variables: commas between, blanks around allowed.
pub fn names(list: &str) -> Vec<String> {
    list.split([',', ';'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn extension(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let dot = last.rfind('.').map_or(last.len(), |at| at + 1);
    last.get(dot..).unwrap_or_default().to_ascii_lowercase()
}

fn is_source(name: &str) -> bool {
    matches!(extension(name).as_str(), "cs" | "vb" | "vsaitem")
}

/// What the project file refers to.
fn references(project: &Part) -> Vec<String> {
    let text = String::from_utf8_lossy(&project.bytes);
    let Ok(document) = roxmltree::Document::parse(&text) else {
        return Vec::new();
    };
    document
        .descendants()
        .filter(|n| n.tag_name().name() == "Reference")
        .filter_map(|n| {
            n.attribute("Include")
                .or_else(|| n.attribute("AssemblyName"))
        })
        .map(str::to_owned)
        .collect()
}

/// The files of a script while they are read.
#[derive(Default)]
struct Parts {
    files: Vec<Part>,
}

impl Parts {
    fn text(&mut self, name: &str, text: &str) {
        let project = matches!(extension(name).as_str(), "csproj" | "vbproj" | "vsaproj");
        let text = text.trim_start_matches('\u{feff}');
        let text = if project { plain_xml(text) } else { text };
        self.files.push(Part {
            kind: if project {
                PartKind::Project
            } else {
                PartKind::Source
            },
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        });
    }

    /// Takes the assembly; debugging information and the like are left.
    fn binary(&mut self, name: &str, text: &str, problems: &mut Problems) {
        if extension(name) != "dll" {
            return;
        }
        let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        if packed.is_empty() {
            return;
        }
        let problem = match BASE64.decode(packed) {
            Ok(bytes) if bytes.starts_with(b"MZ") => {
                self.files.push(Part {
                    kind: PartKind::Binary,
                    name: name.to_owned(),
                    bytes,
                });
                return;
            }
            Ok(_) => "is no assembly: it does not begin with MZ".to_owned(),
            Err(error) => format!("is no base64: {error}"),
        };
        problems.warning(&format!(
            "the stored binary {name} {problem}; the sources are used"
        ));
    }
}

/// A project file without the declaration of an encoding that it is not in here.
fn plain_xml(text: &str) -> &str {
    let trimmed = text.trim_start();
    match trimmed.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or(trimmed, |(_, rest)| rest),
        None => trimmed,
    }
}

/// Collects findings about one script.
struct Problems {
    place: String,
    location: Location,
    findings: Vec<Finding>,
}

impl Problems {
    fn new(place: &str, location: &Location) -> Self {
        Self {
            place: place.to_owned(),
            location: location.clone(),
            findings: Vec::new(),
        }
    }

    fn error(&mut self, property: Option<&str>, message: &str, remedy: &str) {
        self.add(Severity::Error, property, message, Some(remedy));
    }

    fn warning(&mut self, message: &str) {
        self.add(Severity::Warning, None, message, None);
    }

    fn add(
        &mut self,
        severity: Severity,
        property: Option<&str>,
        message: &str,
        remedy: Option<&str>,
    ) {
        self.findings.push(Finding {
            severity,
            reason: Reason::Script,
            code: None,
            place: self.place.clone(),
            property: property.map(str::to_owned),
            message: message.to_owned(),
            remedy: remedy.map(str::to_owned),
            location: self.location.clone(),
        });
    }

    /// The language as written; where nothing is, by the files.
    fn language(&mut self, property: &str, written: &str, parts: &Parts) -> Language {
        if let Some(language) = Language::from_text(written) {
            return language;
        }
        let is_basic = |p: &Part| matches!(extension(&p.name).as_str(), "vb" | "vsaitem");
        let language = match parts.files.iter().any(is_basic) {
            true => Language::VisualBasic,
            false => Language::CSharp,
        };
        if !written.trim().is_empty() {
            let message = format!("the language \"{written}\" is neither C# nor Visual Basic");
            self.error(Some(property), &message, "use C# or Visual Basic");
        }
        language
    }
}
