//! Projects: an `.ispac` archive or the folder of a `.dtproj`, put together by the same rules.
//!
//! Connection managers are loaded before packages; packages know a project's by GUID or name
//! only. Everything of the project itself has node ids from [`NodeId::PROJECT_FIRST`] on.

mod archive;
mod configuration_file;
mod folder;
mod manifest;
mod parameters;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::LoadOptions;
use crate::error::LoadError;
use crate::findings::Findings;
use crate::model::{Element, FormatVersion, NodeId, Package, Project};
use crate::protect;
use crate::read::{self, Reader};
use crate::xml;

pub use archive::load_archive;
pub use configuration_file::{ConfigurationEntry, load_configuration_file};
pub use folder::load_folder;

use manifest::Manifest;

/// The namespace of everything named `SSIS:`.
pub(crate) const SSIS: &str = "www.microsoft.com/SqlServer/SSIS";

/// The files of a project by name, found in any letter case.
pub(crate) struct Files<'a>(BTreeMap<String, (&'a str, &'a [u8])>);

impl<'a> Files<'a> {
    pub(crate) fn new(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        Self(
            files
                .map(|(name, bytes)| (key(name), (name, bytes)))
                .collect(),
        )
    }

    pub(crate) fn get(&self, name: &str) -> Option<(&'a str, &'a [u8])> {
        self.0.get(&key(name)).copied()
    }

    /// Names with an extension, in alphabetical order.
    pub(crate) fn with_extension(&self, extension: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(key, _)| key.ends_with(extension))
            .map(|(_, (name, _))| (*name).to_owned())
            .collect()
    }
}

fn key(name: &str) -> String {
    name.replace('\\', "/").to_lowercase()
}

/// What to do about a file that the manifest names and that is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// An archive is whole or it is refused.
    Refuse,
    /// A folder in work may lack files: a finding.
    Report,
}

/// Parts of a project while it is put together.
pub(crate) struct Assembly<'a> {
    pub(crate) options: LoadOptions<'a>,
    pub(crate) files: Files<'a>,
    pub(crate) missing: Missing,
}

/// A project with its packages not yet shared, so that a configuration can still write values.
pub(crate) struct Parts {
    pub(crate) project: Project,
    pub(crate) packages: Vec<Package>,
    pub(crate) findings: Findings,
}

impl Assembly<'_> {
    /// Loads everything that a manifest names.
    pub(crate) fn load(&self, manifest: &Manifest) -> Result<Parts, LoadError> {
        if let Some(verifier) = &manifest.password_verifier {
            protect::verify_project_password(verifier, &self.options)?;
        }
        let mut reader = Reader::new(
            FormatVersion::V8,
            Findings::default(),
            NodeId::PROJECT_FIRST,
        );
        let mut project = Project {
            name: manifest.name.clone(),
            description: manifest.description.clone(),
            protection_level: manifest.protection_level,
            packages: Vec::new(),
            children_only: manifest.children_only.clone(),
            connection_managers: Vec::new(),
            parameters: Vec::new(),
        };
        for name in &manifest.connection_managers {
            let Some(root) = self.open(name, &mut reader.findings)? else {
                continue;
            };
            if root.name != "ConnectionManager" || root.namespace != read::DTS {
                return Err(self.unexpected(name, "a connection manager", &root));
            }
            let manager = read::connection::connection_manager(&mut reader, &root, "Project");
            project.connection_managers.push(manager);
        }
        if let Some((name, _)) = self.files.get("Project.params")
            && let Some(root) = self.open(name, &mut reader.findings)?
        {
            if root.name != "Parameters" || root.namespace != SSIS {
                return Err(self.unexpected(name, "a parameter file", &root));
            }
            project.parameters = parameters::parameters(&mut reader, &root);
        }
        let mut findings = reader.findings;
        let mut packages = Vec::new();
        for name in &manifest.packages {
            if let Some((entry, bytes)) = self.bytes(name, &mut findings)? {
                let options = LoadOptions {
                    file: entry,
                    password: self.options.password,
                };
                let loaded = crate::load_package(bytes, &options)
                    .map_err(|error| error.within(self.options.file))?;
                for finding in loaded.findings {
                    findings.push(finding);
                }
                packages.push(loaded.value);
            }
        }
        Ok(Parts {
            project,
            packages,
            findings,
        })
    }

    fn unexpected(&self, name: &str, expected: &'static str, root: &Element) -> LoadError {
        LoadError::NotExpected {
            file: format!("{}/{name}", self.options.file),
            expected,
            found: format!("the root element is {}", root.name),
        }
    }

    fn bytes(
        &self,
        name: &str,
        findings: &mut Findings,
    ) -> Result<Option<(&str, &[u8])>, LoadError> {
        match self.files.get(name) {
            Some(found) => Ok(Some(found)),
            None if self.missing == Missing::Refuse => Err(LoadError::MissingFile {
                file: self.options.file.to_owned(),
                missing: name.to_owned(),
            }),
            None => {
                findings.dangling(
                    crate::Severity::Error,
                    "Project",
                    None,
                    format!("the project names {name}, which is not there"),
                    &crate::finding::Location {
                        file: Arc::from(self.options.file),
                        ..Default::default()
                    },
                );
                Ok(None)
            }
        }
    }

    /// Parses a file of the project and opens what is protected in it.
    fn open(&self, name: &str, findings: &mut Findings) -> Result<Option<Element>, LoadError> {
        let Some((entry, bytes)) = self.bytes(name, findings)? else {
            return Ok(None);
        };
        let options = LoadOptions {
            file: entry,
            password: self.options.password,
        };
        open_file(bytes, &options, findings)
            .map(Some)
            .map_err(|error| error.within(self.options.file))
    }
}

/// Parses a project file, protected as a whole or in parts.
pub(crate) fn open_file(
    bytes: &[u8],
    options: &LoadOptions<'_>,
    findings: &mut Findings,
) -> Result<Element, LoadError> {
    let root = xml::parse(bytes, options.file)?;
    let mut root = protect::open_root(root, options)?;
    protect::open_children(&mut root, "Project", options, findings)?;
    Ok(root)
}

impl Parts {
    /// The finished project.
    pub(crate) fn finish(self) -> crate::Loaded<Project> {
        let mut project = self.project;
        project.packages = self.packages.into_iter().map(Arc::new).collect();
        crate::Loaded {
            value: project,
            findings: self.findings.into_list(),
        }
    }
}
