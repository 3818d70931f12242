//! A project folder: `.dtproj` with the files beside it. The caller reads the files.

use std::collections::BTreeMap;

use packmule_types::Secret;

use crate::error::LoadError;
use crate::findings::Findings;
use crate::model::{Element, Parameter, Project};
use crate::project::manifest::Manifest;
use crate::project::{Assembly, Files, Missing, Parts};
use crate::text::variable_value;
use crate::{LoadOptions, Loaded};

/// Loads a project folder.
///
/// `files` are the files beside the project file, by name. Without `dtproj` every package,
/// connection manager and parameter file among them belongs to the project. A `configuration`
/// (`Development`) overrides parameter values as the designer would.
///
/// A file that the project names and that is not there is a finding of severity error.
///
/// # Errors
/// A [`LoadError`] when the project file or one of the files is none, or cannot be opened.
pub fn load_folder(
    dtproj: Option<&[u8]>,
    files: &BTreeMap<String, Vec<u8>>,
    options: &LoadOptions<'_>,
    configuration: Option<&str>,
) -> Result<Loaded<Project>, LoadError> {
    let files = Files::new(files.iter().map(|(n, b)| (n.as_str(), b.as_slice())));
    let project = dtproj
        .map(|bytes| crate::xml::parse(bytes, options.file))
        .transpose()?;
    let manifest = match &project {
        None => whole_folder(&files, options.file),
        Some(project) => of_project_file(project, options.file)?,
    };
    let settings = match (configuration, &project) {
        (None, _) => None,
        (Some(name), project) => Some(
            project
                .as_ref()
                .and_then(|project| configuration_element(project, name))
                .ok_or_else(|| LoadError::NoConfiguration {
                    file: options.file.to_owned(),
                    configuration: name.to_owned(),
                })?,
        ),
    };
    let assembly = Assembly {
        options: *options,
        files,
        missing: Missing::Report,
    };
    let mut parts = assembly.load(&manifest)?;
    if let Some(settings) = settings {
        apply(settings, &mut parts);
    }
    Ok(parts.finish())
}

fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn whole_folder(files: &Files<'_>, file: &str) -> Manifest {
    Manifest {
        packages: files.with_extension(".dtsx"),
        connection_managers: files.with_extension(".conmgr"),
        ..Manifest::empty(stem(file))
    }
}

/// The manifest in a project file; of package deployment the list of packages.
fn of_project_file(project: &Element, file: &str) -> Result<Manifest, LoadError> {
    if project.name != "Project" {
        return Err(LoadError::NotExpected {
            file: file.to_owned(),
            expected: "a project file",
            found: format!("the root element is {}", project.name),
        });
    }
    let content = project
        .child("DeploymentModelSpecificContent")
        .and_then(|content| content.child("Manifest"));
    if let Some(manifest) = content
        .and_then(|content| content.children.first())
        .and_then(Manifest::read)
    {
        return Ok(manifest);
    }
    // Before 2012 the list stands directly under the project.
    let packages = content
        .and_then(|content| content.child("DTSPackages"))
        .or_else(|| project.child("DTSPackages"));
    Ok(Manifest {
        packages: packages
            .iter()
            .flat_map(|list| list.children_named("DtsPackage"))
            .filter_map(|package| package.child("FullPath").or_else(|| package.child("Name")))
            .map(|name| name.text.trim().to_owned())
            .collect(),
        ..Manifest::empty(stem(file))
    })
}

fn configuration_element<'a>(project: &'a Element, name: &str) -> Option<&'a Element> {
    project
        .child("Configurations")?
        .children_named("Configuration")
        .find(|c| {
            c.child("Name")
                .is_some_and(|n| n.text.trim().eq_ignore_ascii_case(name))
        })?
        .child("Options")?
        .child("ParameterConfigurationValues")
        .or(Some(project))
}

/// Writes a configuration's values over parameters, found by id.
fn apply(settings: &Element, parts: &mut Parts) {
    for setting in settings.children_named("ConfigurationSetting") {
        let text = |name: &str| setting.child(name).map_or("", |e| e.text.as_str());
        let id = text("Id").trim();
        if id == "LastModifiedTime" {
            continue;
        }
        let parameter = parts
            .project
            .parameters
            .iter_mut()
            .chain(parts.packages.iter_mut().flat_map(|p| &mut p.parameters))
            .find(|p| same_id(&p.dtsid, id));
        match parameter {
            Some(parameter) => {
                write(parameter, text("Value"), setting, &mut parts.findings);
            }
            None => parts.findings.dangling(
                crate::Severity::Information,
                "Project",
                Some(text("Name")),
                format!(
                    "the configuration sets {}, which is no parameter",
                    text("Name")
                ),
                &setting.location,
            ),
        }
    }
}

fn same_id(a: &str, b: &str) -> bool {
    let bare = |id: &str| id.trim().trim_matches(['{', '}']).to_ascii_lowercase();
    !a.is_empty() && bare(a) == bare(b)
}

fn write(parameter: &mut Parameter, text: &str, setting: &Element, findings: &mut Findings) {
    if parameter.sensitive {
        parameter.secret = Some(Secret::new(text));
        return;
    }
    match variable_value(parameter.variable_type, text) {
        Some(value) => parameter.value = value,
        None => findings.invalid(
            &format!("Project.Parameters[{}]", parameter.name),
            Some("Value"),
            format!(
                "the configuration's value is no {}",
                parameter.variable_type
            ),
            &setting.location,
        ),
    }
}
