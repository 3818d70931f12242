//! `packmule inspect FILE`: what a package or project holds; `--components`: what is supported.
#![expect(clippy::print_stdout, reason = "it is the command's output")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use packmule_controlflow::PropertyDoc;
use packmule_dtsx::{Finding, Severity, package_json, print_project, print_tree, project_json};
use packmule_types::Secret;

use crate::exit::{BAD_USAGE, ExitError};
use crate::format::Format;
use crate::loading;

/// What to print, and how.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A .dtsx, .ispac or .dtproj file, or a project's folder
    #[arg(required_unless_present = "components")]
    file: Option<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// A file that holds the package's or project's password
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Lists what is supported instead: components, tasks, enumerators, connection managers and
    /// log providers, with their properties
    #[arg(long, conflicts_with = "file")]
    components: bool,
}

/// Prints the tree, or the list of components.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    if args.components {
        print_components(args.format)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(file) = &args.file else {
        return Err(ExitError::new(BAD_USAGE, "no file is named").into());
    };
    let password = args.password_file.as_deref().map(password).transpose()?;
    let (tree, json, findings) = if loading::is_project(file) {
        let loaded = loading::project(file, password.as_ref())?;
        let mut tree = String::new();
        print_project(&loaded.value, &mut tree);
        (tree, project_json(&loaded.value), loaded.findings)
    } else {
        let source = loading::package(file, None, None, password.as_ref())?;
        let mut tree = String::new();
        print_tree(&source.package, &mut tree);
        (tree, package_json(&source.package), source.findings)
    };
    match args.format {
        Format::Text => {
            print!("{tree}");
            print_findings(&findings);
        }
        Format::Json => {
            let mut json = json;
            if let serde_json::Value::Object(object) = &mut json {
                object.insert("findings".to_owned(), serde_json::to_value(&findings)?);
            }
            println!("{}", serde_json::to_string_pretty(&json)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The password in a file, without the line break at its end.
fn password(file: &Path) -> anyhow::Result<Secret> {
    let bytes = loading::read(file)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| ExitError::new(BAD_USAGE, format!("{} is not UTF-8", file.display())))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

fn print_findings(findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    println!("findings");
    for finding in findings {
        println!("  {}", finding_line(finding));
    }
}

/// One finding on one line: severity, code, place and property, message, remedy, location.
pub(crate) fn finding_line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Information => "information",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let code = finding
        .code
        .map_or(String::new(), |code| format!(" {code}"));
    let property = finding
        .property
        .as_ref()
        .map_or(String::new(), |p| format!(" ({p})"));
    let remedy = finding
        .remedy
        .as_ref()
        .map_or(String::new(), |r| format!("; {r}"));
    format!(
        "{severity}{code} at {}{property}: {}{remedy} [{}]",
        finding.place, finding.message, finding.location
    )
}

/// What is supported: data flow components, tasks, Foreach enumerators, connection managers, log
/// providers, as their registries list them.
fn print_components(format: Format) -> anyhow::Result<()> {
    match format {
        Format::Text => print_components_text(),
        Format::Json => println!("{}", serde_json::to_string_pretty(&components_json())?),
    }
    Ok(())
}

fn print_components_text() {
    for component in packmule_dataflow::registry::COMPONENTS {
        println!(
            "{} ({}, {:?})",
            component.name, component.class, component.kind
        );
        println!("  {}", component.documentation);
        println!(
            "  runs: {:?}; memory: {}",
            component.execution, component.memory
        );
        for property in component.properties {
            println!(
                "  {:?} {} [{}]: {}",
                property.place, property.name, property.default, property.documentation
            );
        }
    }
    for task in packmule_controlflow::registry::TASKS {
        print_type(task.title, task.name, "Task", task.doc, task.properties);
    }
    for enumerator in packmule_controlflow::registry::ENUMERATORS {
        let kind = "Foreach enumerator";
        print_type(
            enumerator.title,
            enumerator.name,
            kind,
            enumerator.doc,
            enumerator.properties,
        );
    }
    for manager in managers() {
        println!("{} (Connection manager)", manager.type_name);
        println!("  {}", manager.about);
        for p in manager.properties {
            println!("  {} [{}]: {}", p.name, p.default, p.about);
        }
    }
    for provider in packmule_controlflow::log_providers::PROVIDERS {
        let kind = "Log provider";
        print_type(provider.title, provider.name, kind, provider.doc, &[]);
    }
}

/// The supported connection managers; the registry lists those too that are refused by name.
fn managers() -> impl Iterator<Item = &'static packmule_connections::managers::ManagerKind> {
    let all = packmule_connections::managers::REGISTRY.iter().copied();
    all.filter(|kind| kind.refused.is_none())
}

fn print_type(title: &str, name: &str, kind: &str, doc: &str, properties: &[PropertyDoc]) {
    println!("{title} ({name}, {kind})");
    println!("  {doc}");
    for property in properties {
        println!(
            "  {} [{}]: {}",
            property.name, property.default, property.doc
        );
    }
}

fn components_json() -> serde_json::Value {
    let components: Vec<_> = packmule_dataflow::registry::COMPONENTS
        .iter()
        .map(|component| {
            let properties: Vec<_> = component
                .properties
                .iter()
                .map(|p| {
                    json!({
                        "name": p.name,
                        "place": format!("{:?}", p.place),
                        "default": p.default,
                        "documentation": p.documentation,
                    })
                })
                .collect();
            json!({
                "name": component.name,
                "class": component.class,
                "kind": format!("{:?}", component.kind),
                "execution": format!("{:?}", component.execution),
                "memory": component.memory,
                "documentation": component.documentation,
                "properties": properties,
            })
        })
        .collect();
    let tasks: Vec<_> = packmule_controlflow::registry::TASKS
        .iter()
        .map(|t| type_json(t.title, t.name, t.doc, t.properties))
        .collect();
    let enumerators: Vec<_> = packmule_controlflow::registry::ENUMERATORS
        .iter()
        .map(|e| type_json(e.title, e.name, e.doc, e.properties))
        .collect();
    let managers: Vec<_> = managers()
        .map(|m| {
            let properties: Vec<_> = m
                .properties
                .iter()
                .map(|p| json!({ "name": p.name, "default": p.default, "documentation": p.about }))
                .collect();
            json!({
                "name": m.type_name,
                "class": m.type_name,
                "documentation": m.about,
                "properties": properties,
            })
        })
        .collect();
    let providers: Vec<_> = packmule_controlflow::log_providers::PROVIDERS
        .iter()
        .map(|p| type_json(p.title, p.name, p.doc, &[]))
        .collect();
    json!({
        "components": components,
        "tasks": tasks,
        "enumerators": enumerators,
        "connection_managers": managers,
        "log_providers": providers,
    })
}

fn type_json(title: &str, name: &str, doc: &str, properties: &[PropertyDoc]) -> serde_json::Value {
    let properties: Vec<_> = properties
        .iter()
        .map(|p| json!({ "name": p.name, "default": p.default, "documentation": p.doc }))
        .collect();
    json!({ "name": title, "class": name, "documentation": doc, "properties": properties })
}
