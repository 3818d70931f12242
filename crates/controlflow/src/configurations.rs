//! Design-time configurations of a package that belongs to no project (control-flow.md 1.2).
//!
//! | type | here |
//! | --- | --- |
//! | 1, 5 XML file, directly or by an environment variable | read |
//! | 2 environment variable | read |
//! | 0, 4 variable of the parent package, directly or by an environment variable | read, in the second pass |
//! | 7, 9 SQL table, directly or by an environment variable | read over any database with a driver |
//! | 3, 6 registry, 8, 10 ini file | warning 0x80012015: there is none here |
//!
//! A configuration that cannot be used is a warning, its name goes to
//! `System::FailedConfigurations`, and the run goes on with the design values.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use packmule_connections::database::find_column;
use packmule_connections::{
    DatabaseError, ExecuteOptions, MarkerStyle, Parameter, RowsWanted, SharedConnection,
};
use packmule_dtsx::LoadOptions;
use packmule_dtsx::model::Configuration;
use packmule_runtime::overlay::Layer;
use packmule_runtime::variables::convert;
use packmule_types::array::value_at;
use packmule_types::error::Chain;
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
        Some(value) => convert::to_text(&value)
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
    let set = |path: &str, value: &Value| set(instance, path, value, pass);
    match configuration.configuration_type {
        1 => file(instance, text, &set),
        5 => file(instance, &environment(text)?, &set),
        2 => set(target, &Value::text(environment(text)?)),
        0 | 4 if pass == Pass::First => Ok(()),
        0 => parent_variable(instance, text, target, &set),
        4 => parent_variable(instance, &environment(text)?, target, &set),
        7 => table(instance, text, &set),
        9 => table(instance, &environment(text)?, &set),
        _ => Err(problem(
            0x8001_2015,
            "there is no registry here; give the value by --set or an environment variable",
        )),
    }
}

/// Rows of a configuration table that one configuration may have.
const ENTRIES_MAX: usize = 100_000;

/// All entries of a table that have the filter: `"connection";"table";"filter";`.
fn table(instance: &Arc<Instance>, text: &str, set: Set<'_>) -> Result<(), Problem> {
    let failed = |reason: String| problem(0x8001_2028, reason);
    let Some([manager, table, filter]) = parts(text) else {
        let form = "it is not of the form \"connection\";\"table\";\"filter\";";
        return Err(failed(form.to_owned()));
    };
    // Its own connection: the managers' later users are not to see one that is kept.
    let connection = instance.connections.own_database(manager.as_str());
    let connection = connection.map_err(|e| failed(Chain(&e).to_string()))?;
    let entries = entries(&connection, &table, &filter).map_err(|e| {
        let reason = Chain(&e);
        failed(format!("table {table} of connection {manager}: {reason}"))
    })?;
    if entries.is_empty() {
        return Err(failed(format!(
            "table {table} has no row with ConfigurationFilter \"{filter}\""
        )));
    }
    let mut result = Ok(());
    for (path, value) in entries {
        let done = set(&path, &Value::text(value));
        result = result.and(done);
    }
    result
}

/// The quoted parts of a SQL configuration's string; a doubled quote is one.
fn parts(text: &str) -> Option<[String; 3]> {
    let mut found = Vec::with_capacity(3);
    let mut rest = text.trim();
    while !rest.is_empty() {
        let mut part = String::new();
        rest = rest.strip_prefix('"')?;
        loop {
            let (before, after) = rest.split_once('"')?;
            part.push_str(before);
            rest = after;
            match rest.strip_prefix('"') {
                Some(after) => {
                    part.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        found.push(part);
        rest = rest.trim_start();
        rest = rest.strip_prefix(';').unwrap_or(rest).trim_start();
    }
    found.try_into().ok()
}

/// `(PackagePath, ConfiguredValue)` of the rows with a filter; NULL is an empty text.
fn entries(
    connection: &SharedConnection,
    table: &str,
    filter: &str,
) -> Result<Vec<(String, String)>, DatabaseError> {
    let dialect = connection.dialect();
    let name = connection.resolve_table(table)?;
    let columns = connection.table_columns(table)?;
    let column = |wanted| {
        let found = find_column(&columns, wanted, table)?;
        Ok::<_, DatabaseError>(dialect.quote(&found.name))
    };
    let (marker, parameter) = match connection.markers() {
        MarkerStyle::Question => ("?", Parameter::input(Value::text(filter))),
        MarkerStyle::Named => ("@f", Parameter::input(Value::text(filter)).named("f")),
    };
    let sql = format!(
        "SELECT {}, {} FROM {name} WHERE {} = {marker}",
        column("PackagePath")?,
        column("ConfiguredValue")?,
        column("ConfigurationFilter")?,
    );
    let options = ExecuteOptions {
        timeout: Some(Duration::from_secs(30)),
        rows: RowsWanted::All,
    };
    let results = connection.execute(&sql, &[parameter], &options)?;
    let mut entries = Vec::new();
    let Some(rows) = results.first_rows() else {
        return Ok(entries);
    };
    for batch in &rows.batches {
        for row in 0..batch.num_rows() {
            let cell = |at: usize| {
                let (column, array) = (rows.columns.get(at)?, batch.columns().get(at)?);
                convert::to_text(&value_at(&column.column_type, array.as_ref(), row))
            };
            if entries.len() < ENTRIES_MAX {
                entries.push((cell(0).unwrap_or_default(), cell(1).unwrap_or_default()));
            }
        }
    }
    Ok(entries)
}

fn environment(name: &str) -> Result<String, Problem> {
    std::env::var(name.trim()).map_err(|_| {
        problem(
            0x8001_2012,
            format!("the environment variable {name} is not set"),
        )
    })
}

/// Writes one value.
type Set<'a> = &'a dyn Fn(&str, &Value) -> Result<(), Problem>;

/// The first pass is only for what `--set` builds on; in the second one a configuration wins over
/// it (control-flow.md 1.2).
fn set(instance: &Arc<Instance>, path: &str, value: &Value, pass: Pass) -> Result<(), Problem> {
    let layer = match pass {
        Pass::First => Layer::Configuration,
        Pass::Second => Layer::Override,
    };
    outside::set(instance, path, value, layer).map_err(|error| Problem {
        code: Code(0x8001_2028),
        text: Chain(&error).to_string(),
    })
}

fn parent_variable(
    instance: &Arc<Instance>,
    name: &str,
    target: &str,
    set: Set<'_>,
) -> Result<(), Problem> {
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
    set(target, &value)
}

/// All entries of an XML configuration file.
fn file(instance: &Arc<Instance>, path: &str, set: Set<'_>) -> Result<(), Problem> {
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
        let done = set(&entry.path, &value);
        result = result.and(done);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn strings_of_sql_configurations() {
        let table = [
            (
                "\"db\";\"[dbo].[SSIS Configurations]\";\"Common\";",
                Some(["db", "[dbo].[SSIS Configurations]", "Common"]),
            ),
            (" \"a\" ; \"b\";\"c;d\"", Some(["a", "b", "c;d"])),
            ("\"a\"\"b\";\"\";\"c\";", Some(["a\"b", "", "c"])),
            ("\"a\";\"b\";", None),
            ("\"a\";\"b\";\"c\";\"d\";", None),
            ("a;b;c", None),
            ("\"a\";\"b\";\"c", None),
            ("", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|parts| parts.map(str::to_owned));
            assert_eq!(parts(text), expected, "{text}");
        }
    }
}
