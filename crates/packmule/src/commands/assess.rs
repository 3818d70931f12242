//! `packmule assess DIR`: which packages of a folder run here, and what the others would need.
//!
//! Projects come first (`.dtproj`, then `.ispac`), then packages that belong to none; a package
//! is counted once. Reasons are the closed list of [`Reason`], each with its places.
#![expect(clippy::print_stdout, reason = "it is the command's output")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use packmule_dtsx::finding::Reason;
use packmule_dtsx::{Finding, LoadOptions, Package, Project, Severity};
use packmule_scripts::Scripts;

use crate::commands::inspect::finding_line;
use crate::exit::{ExitError, NOT_FOUND};
use crate::format::Format;
use crate::loading;

/// Deepest folder that is looked into.
const FOLDER_DEPTH_MAX: usize = 64;

/// What to look at, and how to print it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A folder with projects and packages, at any depth
    dir: PathBuf,
    /// A folder with assemblies that scripts refer to; may be given several times
    #[arg(long, value_name = "FOLDER")]
    assemblies: Vec<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What a package lacks here, besides what loading found.
type Assessor<'a> = dyn Fn(&Package, Option<&Project>) -> Vec<Finding> + 'a;

/// Assesses a folder and prints the result.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    if !args.dir.is_dir() {
        let message = format!("{} is no folder", args.dir.display());
        return Err(ExitError::new(NOT_FOUND, message).into());
    }
    let scripts = Scripts::new(args.assemblies);
    let report = assess_folder(&args.dir, &|package, project| {
        packmule_controlflow::assess(package, project, &scripts)
    });
    scripts.end();
    match args.format {
        Format::Text => print_text(&report),
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
    }
    Ok(ExitCode::SUCCESS)
}

/// What becomes of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    /// Nothing stands in the way.
    Runs,
    /// It would need what its findings say.
    Needs,
    /// It cannot be loaded at all.
    NotLoaded,
}

#[derive(Debug, Serialize)]
struct Assessed {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    findings: Vec<Finding>,
}

#[derive(Debug, Default, Serialize)]
struct ReasonTotal {
    packages: usize,
    places: usize,
}

#[derive(Debug, Default, Serialize)]
struct Totals {
    packages: usize,
    runs: usize,
    needs: usize,
    not_loaded: usize,
    reasons: BTreeMap<Reason, ReasonTotal>,
}

#[derive(Debug, Default, Serialize)]
struct Report {
    packages: Vec<Assessed>,
    /// What is wrong with projects as such: missing files, connection managers.
    projects: Vec<(String, Vec<Finding>)>,
    /// Projects that could not be loaded; their packages are assessed alone.
    not_loaded: Vec<(String, String)>,
    totals: Totals,
}

/// Walks a folder; `assessor` says what each package lacks.
fn assess_folder(dir: &Path, assessor: &Assessor<'_>) -> Report {
    let mut files = Vec::new();
    walk(dir, 0, &mut files);
    files.sort();
    let mut survey = Survey {
        root: dir,
        assessor,
        covered: BTreeSet::new(),
        versions: BTreeSet::new(),
        report: Report::default(),
    };
    for extension in ["dtproj", "ispac"] {
        for file in files.iter().filter(|f| has_extension(f, extension)) {
            survey.project(file, extension == "ispac");
        }
    }
    for file in files.iter().filter(|f| has_extension(f, "dtsx")) {
        survey.alone(file);
    }
    survey.report.packages.sort_by(|a, b| a.file.cmp(&b.file));
    survey.report.totals = totals(&survey.report.packages);
    survey.report
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

/// Files below a folder; build copies and hidden folders are left out, links are not followed.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let left_out = name.starts_with('.') || matches!(name.as_str(), "bin" | "obj");
        if kind.is_dir() && !left_out && depth < FOLDER_DEPTH_MAX {
            walk(&entry.path(), depth + 1, files);
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
}

/// The walk's state.
struct Survey<'a> {
    root: &'a Path,
    assessor: &'a Assessor<'a>,
    /// Package files that a project holds.
    covered: BTreeSet<PathBuf>,
    /// Id and version of packages seen in project folders: what an archive repeats.
    versions: BTreeSet<(String, String)>,
    report: Report,
}

impl Survey<'_> {
    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    /// A project; when it cannot be loaded as one, its packages are assessed alone.
    fn project(&mut self, file: &Path, archive: bool) {
        let shown = self.shown(file);
        let loaded = match loading::project(file, None) {
            Ok(loaded) => loaded,
            Err(error) => {
                if archive {
                    self.refused(shown, &error.to_string());
                } else {
                    self.report.not_loaded.push((shown, error.to_string()));
                }
                return;
            }
        };
        let folder = file.parent().unwrap_or(self.root);
        let (mut own, mut by_package): (Vec<Finding>, BTreeMap<String, Vec<Finding>>) =
            Default::default();
        for finding in loaded.findings {
            let name = finding.location.file.to_string();
            if loaded.value.packages.iter().any(|p| *p.file == *name) {
                by_package.entry(name).or_default().push(finding);
            } else if finding.severity != Severity::Information {
                own.push(finding);
            }
        }
        for package in &loaded.value.packages {
            let path = folder.join(&*package.file);
            let version = version(package);
            let new = if archive {
                !self.versions.contains(&version)
            } else {
                self.versions.insert(version);
                self.covered.insert(path.clone())
            };
            if new {
                let name = if archive {
                    format!("{shown}/{}", package.file)
                } else {
                    self.shown(&path)
                };
                let findings = by_package.remove(&*package.file).unwrap_or_default();
                let assessed =
                    assess_package(package, Some(&loaded.value), findings, self.assessor);
                self.report.packages.push(Assessed {
                    file: name,
                    project: Some(shown.clone()),
                    ..assessed
                });
            }
        }
        if !own.is_empty() {
            self.report.projects.push((shown, own));
        }
    }

    fn alone(&mut self, file: &Path) {
        if self.covered.contains(file) {
            return;
        }
        let shown = self.shown(file);
        let loaded = loading::read(file)
            .map_err(|e| e.to_string())
            .and_then(|bytes| {
                packmule_dtsx::load_package(
                    &bytes,
                    &LoadOptions {
                        file: &shown,
                        password: None,
                    },
                )
                .map_err(|e| format!("{e}; {}", e.remedy()))
            });
        match loaded {
            Ok(loaded) => {
                let assessed = assess_package(&loaded.value, None, loaded.findings, self.assessor);
                self.report.packages.push(Assessed {
                    file: shown,
                    ..assessed
                });
            }
            Err(error) => self.refused(shown, &error),
        }
    }

    fn refused(&mut self, file: String, error: &str) {
        self.report.packages.push(Assessed {
            file,
            project: None,
            outcome: Outcome::NotLoaded,
            error: Some(error.to_owned()),
            findings: Vec::new(),
        });
    }
}

fn version(package: &Package) -> (String, String) {
    let guid = package
        .root
        .properties
        .text("VersionGUID")
        .unwrap_or_default();
    (package.root.dtsid.to_lowercase(), guid.to_lowercase())
}

/// One package: what loading found and what the assessor adds.
fn assess_package(
    package: &Package,
    project: Option<&Project>,
    mut findings: Vec<Finding>,
    assessor: &Assessor<'_>,
) -> Assessed {
    for finding in assessor(package, project) {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    let needs = findings.iter().any(|f| f.severity == Severity::Error);
    Assessed {
        file: package.file.to_string(),
        project: None,
        outcome: if needs { Outcome::Needs } else { Outcome::Runs },
        error: None,
        findings,
    }
}

fn totals(packages: &[Assessed]) -> Totals {
    let mut totals = Totals {
        packages: packages.len(),
        ..Totals::default()
    };
    for package in packages {
        match package.outcome {
            Outcome::Runs => totals.runs += 1,
            Outcome::Needs => totals.needs += 1,
            Outcome::NotLoaded => totals.not_loaded += 1,
        }
        let mut seen = BTreeSet::new();
        for finding in package
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error)
        {
            let total = totals.reasons.entry(finding.reason).or_default();
            total.places += 1;
            if seen.insert(finding.reason) {
                total.packages += 1;
            }
        }
    }
    totals
}

/// A reason as the JSON form writes it (`unsupported-task`).
fn word(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{reason:?}"),
    }
}

fn print_text(report: &Report) {
    for (file, error) in &report.not_loaded {
        println!("project {file}: not loaded: {error}");
    }
    for (file, findings) in &report.projects {
        println!("project {file}");
        for finding in findings {
            println!("    {}", finding_line(finding));
        }
    }
    for package in &report.packages {
        match (package.outcome, &package.error) {
            (Outcome::NotLoaded, error) => {
                println!(
                    "{}: not loaded: {}",
                    package.file,
                    error.as_deref().unwrap_or_default()
                );
            }
            (Outcome::Runs, _) => println!("{}: runs", package.file),
            (Outcome::Needs, _) => {
                println!("{}: would need", package.file);
                for finding in package
                    .findings
                    .iter()
                    .filter(|f| f.severity == Severity::Error)
                {
                    println!("    {}: {}", word(finding.reason), finding_line(finding));
                }
            }
        }
    }
    let totals = &report.totals;
    println!();
    println!(
        "{} packages: {} run, {} would need something, {} could not be loaded",
        totals.packages, totals.runs, totals.needs, totals.not_loaded
    );
    for (reason, total) in &totals.reasons {
        println!(
            "  {:<24} {:>4} packages {:>5} places",
            word(*reason),
            total.packages,
            total.places
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = r#"<DTS:Executable xmlns:DTS="www.microsoft.com/SqlServer/Dts" DTS:refId="Package"
        DTS:ExecutableType="Microsoft.Package" DTS:ObjectName="P" DTS:DTSID="{A0}" DTS:ProtectionLevel="0">
        <DTS:Property DTS:Name="PackageFormatVersion">8</DTS:Property></DTS:Executable>"#;

    fn unsupported(package: &Package) -> Finding {
        Finding {
            severity: Severity::Error,
            reason: Reason::UnsupportedTask,
            code: None,
            place: package.root.ref_id.clone(),
            property: None,
            message: "not supported".to_owned(),
            remedy: None,
            location: package.root.location.clone(),
        }
    }

    #[test]
    fn counts_packages_once_and_reasons_by_package_and_place() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        write("a.dtsx", PACKAGE);
        write("b.dtsx", PACKAGE);
        write("bin/a.dtsx", PACKAGE);
        write("broken.dtsx", "<x");
        write(
            "p.dtproj",
            "<Project><DeploymentModelSpecificContent><Manifest><DTSPackages><DtsPackage>\
             <FullPath>a.dtsx</FullPath></DtsPackage></DTSPackages></Manifest>\
             </DeploymentModelSpecificContent></Project>",
        );
        let report = assess_folder(folder.path(), &|package, project| {
            let count = if project.is_some() { 2 } else { 0 };
            let mut findings = vec![unsupported(package); count];
            for (index, finding) in findings.iter_mut().enumerate() {
                finding.place = format!("Package\\{index}");
            }
            findings
        });
        let outcomes: Vec<_> = report
            .packages
            .iter()
            .map(|p| (p.file.as_str(), p.outcome))
            .collect();
        assert_eq!(
            outcomes,
            [
                ("a.dtsx", Outcome::Needs),
                ("b.dtsx", Outcome::Runs),
                ("broken.dtsx", Outcome::NotLoaded)
            ]
        );
        let total = &report.totals.reasons[&Reason::UnsupportedTask];
        assert_eq!((total.packages, total.places), (1, 2));
    }
}
