//! `packmule execute`: starts packages of the catalog in Scale Out; with `--wait` follows them.

use std::process::ExitCode;

use packmule_api::shapes::{
    List, PackageName, ParameterValue, PropertyOverride, StartExecutions, StartedExecutions, Worker,
};

use super::table::{self, Format};
use crate::client::{Client, Connection};
use crate::exit::{BAD_USAGE, ExitError};

mod wait;

/// Executes packages.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The packages: FOLDER/PROJECT/PACKAGE, `.dtsx` may be left out
    #[arg(required = true, value_name = "FOLDER/PROJECT/PACKAGE")]
    packages: Vec<String>,
    /// A parameter of package or project, for the packages that have it
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// A property to override, by path
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// What is logged; the server's level when left out
    #[arg(long, value_enum, ignore_case = true)]
    logging_level: Option<Level>,
    /// A Worker that may run them: its id, the beginning of it, or its name; any when left out
    #[arg(long = "worker", value_name = "WORKER")]
    workers: Vec<String>,
    /// How many times an attempt that failed or was lost is begun again
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=1000))]
    retry_count: i32,
    /// Follows them to their end; the exit code says how it went
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The logging levels that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Level {
    /// Only the status
    #[value(alias = "0")]
    None,
    /// Events but custom and diagnostic ones
    #[value(alias = "1")]
    Basic,
    /// Errors, warnings, statistics
    #[value(alias = "2")]
    Performance,
    /// Everything, rows of data flows too
    #[value(alias = "3")]
    Verbose,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let request = request(&args)?;
    let client = args.connection.open()?;
    let request = StartExecutions {
        workers: chosen_workers(&client, &args.workers)?,
        ..request
    };
    let key = uuid::Uuid::new_v4().to_string();
    let started: StartedExecutions = client.send_once(&["executions"], &key, &request)?;
    if args.wait {
        return wait::to_the_end(&client, started.executions, args.format);
    }
    match args.format {
        Format::Json => table::print_json(&started.executions)?,
        Format::Text => {
            for row in &started.executions {
                table::say(&format!(
                    "execution {}: {}/{}/{}",
                    row.execution_id, row.folder_name, row.project_name, row.package_name
                ))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the arguments ask for, Workers apart.
fn request(args: &Args) -> Result<StartExecutions, ExitError> {
    Ok(StartExecutions {
        packages: args
            .packages
            .iter()
            .map(|path| package(path))
            .collect::<Result<_, _>>()?,
        parameters: args
            .parameters
            .iter()
            .map(|text| {
                let (name, value) = text
                    .split_once('=')
                    .filter(|(name, _)| !name.is_empty())
                    .ok_or_else(|| usage(text, "--param NAME=VALUE"))?;
                Ok(ParameterValue {
                    parameter_name: name.to_owned(),
                    object_type: None,
                    value: value.into(),
                })
            })
            .collect::<Result<_, _>>()?,
        property_overrides: args
            .overrides
            .iter()
            .map(|text| property_override(text))
            .collect::<Result<_, _>>()?,
        logging_level: args.logging_level.map(|level| level as i32),
        workers: Vec::new(),
        retry_count: args.retry_count,
    })
}

fn package(path: &str) -> Result<PackageName, ExitError> {
    // as dtexec and the catalog print it, too: \SSISDB\Folder\Project\Package.dtsx
    let plain = path.replace('\\', "/");
    let plain = plain.trim_matches('/');
    let plain = plain.strip_prefix("SSISDB/").unwrap_or(plain);
    match plain.split('/').collect::<Vec<_>>().as_slice() {
        [folder, project, package] if ![folder, project, package].iter().any(|p| p.is_empty()) => {
            Ok(PackageName {
                folder_name: (*folder).to_owned(),
                project_name: (*project).to_owned(),
                package_name: (*package).to_owned(),
            })
        }
        _ => Err(usage(path, "FOLDER/PROJECT/PACKAGE")),
    }
}

/// `PATH=VALUE`: the path ends at the first `=` outside brackets, because names may hold one.
fn property_override(text: &str) -> Result<PropertyOverride, ExitError> {
    let mut depth = 0_usize;
    for (place, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '=' if depth == 0 && place > 0 => {
                let (path, value) = text.split_at(place);
                return Ok(PropertyOverride {
                    property_path: path.to_owned(),
                    property_value: value.strip_prefix("=").unwrap_or(value).to_owned(),
                    sensitive: false,
                });
            }
            _ => {}
        }
    }
    Err(usage(text, "--set 'PATH=VALUE'"))
}

fn usage(given: &str, form: &str) -> ExitError {
    ExitError::new(BAD_USAGE, format!("'{given}' is not of the form {form}"))
}

fn chosen_workers(client: &Client, names: &[String]) -> anyhow::Result<Vec<uuid::Uuid>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let all: List<Worker> = client.get(&["workers"], &[])?;
    let mut ids = Vec::new();
    for name in names {
        ids.push(super::workers::find(&all.items, name)?.worker_agent_id);
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn parse(line: &[&str]) -> Result<StartExecutions, String> {
        let line = std::iter::once("execute").chain(line.iter().copied());
        let line = Line::try_parse_from(line).map_err(|e| e.to_string())?;
        request(&line.args).map_err(|e| e.to_string())
    }

    #[test]
    fn a_whole_line_is_understood() {
        let request = parse(&[
            "A/B/C.dtsx",
            r"\SSISDB\A\B\D",
            "--param",
            "Name=a=b",
            "--param",
            "Empty=",
            "--set",
            r"\Package.Variables[User::A=B].Properties[Value]=x=y",
            "--logging-level",
            "Verbose",
            "--retry-count",
            "2",
        ])
        .unwrap();
        assert_eq!(request.packages[0].package_name, "C.dtsx");
        assert_eq!(request.packages[1].folder_name, "A");
        assert_eq!(request.packages[1].package_name, "D");
        assert_eq!(request.parameters[0].parameter_name, "Name");
        assert_eq!(request.parameters[0].value, "a=b");
        assert_eq!(request.parameters[1].value, "");
        let over = &request.property_overrides[0];
        assert_eq!(
            over.property_path,
            r"\Package.Variables[User::A=B].Properties[Value]"
        );
        assert_eq!(over.property_value, "x=y");
        assert_eq!(request.logging_level, Some(3));
        assert_eq!(request.retry_count, 2);
    }

    #[test]
    fn wrong_lines_are_refused() {
        let lines: [&[&str]; 8] = [
            &[],
            &["A/B"],
            &["A//C"],
            &["A/B/C/D"],
            &["A/B/C", "--param", "x"],
            &["A/B/C", "--param", "=x"],
            &["A/B/C", "--set", "[a=b]"],
            &["A/B/C", "--retry-count", "-1"],
        ];
        for line in lines {
            assert!(parse(line).is_err(), "{line:?}");
        }
    }
}
