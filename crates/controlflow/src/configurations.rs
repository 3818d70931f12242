//! Design-time configurations of a package that belongs to no project (control-flow.md 1.2).
//!
//! | type | here |
//! | --- | --- |
//! | 1, 5 XML file, directly or by an environment variable | read |
//! | 2 environment variable | read |
//! | 0, 4 variable of the parent package, directly or by an environment variable | read, in the second pass |
//! | 7, 9 SQL table | warning: not supported yet |
//! | 3, 6 registry, 8, 10 ini file | warning 0x80012015: there is none here |
//!
//! A configuration that cannot be used is a warning, its name goes to
//! `System::FailedConfigurations`, and the run goes on with the design values.

use std::io::Read;
use std::sync::Arc;

use packmule_dtsx::LoadOptions;
use packmule_dtsx::model::Configuration;
use packmule_runtime::overlay::Layer;
use packmule_types::{Code, Value};

use crate::host::ROOT;
use crate::instance::Instance;
use crate::outside;

/// Largest configuration file.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Configurations are applied twice: before `--set`, so that it can say where they come from,
/// and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    First,
    /// Variables of the parent package, too.
    Second,
}

/// Whether the package uses configurations.
pub(crate) fn enabled(instance: &Instance) -> bool {
    let root = instance.executable(ROOT);
    let overlaid = instance.overlay.get(root.node, "EnableConfigurations");
    match overlaid {
        Some(value) => packmule_runtime::variables::convert::to_text(&value)
            .and_then(|t| packmule_dtsx::model::parse_boolean(&t))
            .unwrap_or(false),
        None => root.properties.boolean("EnableConfig").unwrap_or(false),
    }
}

/// Applies all configurations in their order.
pub(crate) fn apply(instance: &Arc<Instance>, pass: Pass) {
    let quiet = instance.package_flag("SuppressConfigurationWarnings");
    let mut failed = Vec::new();
    for configuration in &instance.package.configurations {
        if let Err(problem) = apply_one(instance, configuration, pass) {
            failed.push(configuration.name.clone());
            // Said once, when it is final.
            if pass == Pass::Second && !quiet {
                let text = format!("configuration {}: {}", configuration.name, problem.text);
                instance.events(ROOT).warning_text(problem.code, text);
            }
        }
    }
    let names = Value::text(failed.join(";"));
    instance.scope().set_system("FailedConfigurations", names);
    if pass == Pass::Second && !failed.is_empty() && !quiet {
        instance.events(ROOT).warning(Code(0x8001_2059), &[]);
    }
}

struct Problem {
    code: Code,
    text: String,
}

fn problem(code: u32, text: impl Into<String>) -> Problem {
    Problem {
        code: Code(code),
        text: text.into(),
    }
}

fn apply_one(
    instance: &Arc<Instance>,
    configuration: &Configuration,
    pass: Pass,
) -> Result<(), Problem> {
    let text = configuration.configuration_string.as_str();
    let target = configuration.configuration_variable.as_str();
    match configuration.configuration_type {
        1 => file(instance, text),
        5 => file(instance, &environment(text)?),
        2 => set(instance, target, &Value::text(environment(text)?)),
        0 | 4 if pass == Pass::First => Ok(()),
        0 => parent_variable(instance, text, target),
        4 => parent_variable(instance, &environment(text)?, target),
        7 | 9 => Err(problem(
            0x8001_2028,
            "configurations in a SQL table are not supported yet; the design values stay",
        )),
        _ => Err(problem(
            0x8001_2015,
            "there is no registry here; give the value by --set or an environment variable",
        )),
    }
}

fn environment(name: &str) -> Result<String, Problem> {
    std::env::var(name.trim()).map_err(|_| {
        problem(
            0x8001_2012,
            format!("the environment variable {name} is not set"),
        )
    })
}

fn set(instance: &Arc<Instance>, path: &str, value: &Value) -> Result<(), Problem> {
    outside::set(instance, path, value, Layer::Configuration).map_err(|error| Problem {
        code: Code(0x8001_2028),
        text: packmule_types::error::Chain(&error).to_string(),
    })
}

fn parent_variable(instance: &Arc<Instance>, name: &str, target: &str) -> Result<(), Problem> {
    let Some(parent) = &instance.parent else {
        return Err(problem(
            0x8001_201C,
            format!("there is no parent package with {name}"),
        ));
    };
    let scope = &parent.instance.host(parent.host).scope;
    let value = scope
        .get(name.trim())
        .map_err(|e| problem(0x8001_201C, e.to_string()))?;
    set(instance, target, &value)
}

/// All entries of an XML configuration file.
fn file(instance: &Arc<Instance>, path: &str) -> Result<(), Problem> {
    let missing = |reason: String| problem(0x8001_2014, format!("the file {path}: {reason}"));
    let mapped = instance
        .services
        .mapping
        .map_path(path)
        .map_err(|e| missing(e.to_string()))?;
    let mut bytes = Vec::new();
    std::fs::File::open(&mapped)
        .and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes))
        .map_err(|e| missing(e.to_string()))?;
    let options = LoadOptions {
        file: path,
        password: None,
    };
    let loaded = packmule_dtsx::load_configuration_file(&bytes, &options)
        .map_err(|e| missing(e.to_string()))?;
    let mut result = Ok(());
    for entry in loaded.value {
        let value = Value::text(entry.value);
        let done = set(instance, &entry.path, &value);
        result = result.and(done);
    }
    result
}
