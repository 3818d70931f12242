//! `packmule run`: one package here, without a server.
//!
//! Progress and events on the terminal, rows per path, exit codes of dtexec.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use packmule_controlflow::{ExecResult, Outcome, PackageRun, ParameterInput, RunOptions};
use packmule_dtsx::Finding;
use packmule_dtsx::finding::Severity;
use packmule_runtime::clock::SystemClock;
use packmule_runtime::{Cancel, Clock, Mapping, MemoryBudget, Services};
use packmule_scripts::Scripts;
use packmule_types::Secret;
use packmule_types::error::Chain;

use crate::broken_pipe::say;
use crate::commands::limits;
use crate::exit::{self, BAD_USAGE, ExitError};
use crate::format::Format;
use crate::loading::{self, Source};
use crate::printer::{LoggingLevel, Printer, print_json};

/// What to run and how.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A package (.dtsx), a project (.ispac, .dtproj) or a project's folder
    file: PathBuf,
    /// The project that the package belongs to: .ispac, .dtproj or folder
    #[arg(long, value_name = "FILE")]
    project: Option<PathBuf>,
    /// Which package of a project
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
    /// Sets a property: '\Package.Variables[User::Folder].Properties[Value]=/data'
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Sets a parameter: Name=Value, $Project::Name=Value
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    param: Vec<(String, String)>,
    /// Replaces a connection manager's connection string, of a file connection its path, of a
    /// server its address (host:port;Uid=…), whatever its expressions say; a password may be
    /// env:NAME
    #[arg(long, value_name = "NAME=STRING", value_parser = assignment)]
    connection: Vec<(String, String)>,
    /// What Windows paths and connections become here
    #[arg(long, value_name = "FILE.toml")]
    map: Option<PathBuf>,
    /// A folder with assemblies that scripts refer to; may be given several times
    #[arg(long, value_name = "FOLDER")]
    assemblies: Vec<PathBuf>,
    /// Message boxes of scripts fail, as in SSIS where nobody is logged on; else they are logged
    #[arg(long)]
    strict_messagebox: bool,
    /// Says at the end what became of which path and connection
    #[arg(long)]
    explain_mapping: bool,
    /// How much is said
    #[arg(long, value_enum, default_value = "basic")]
    logging_level: LoggingLevel,
    /// For people, or one JSON object a line
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// A file whose first line opens what a password protects
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The password itself; better given by --password-file or PACKMULE_PASSWORD
    #[arg(
        long,
        value_name = "TEXT",
        env = "PACKMULE_PASSWORD",
        hide_env_values = true
    )]
    password: Option<String>,
    /// Memory for morsels, caches and sorts: 512MB, 4GB; default 60 % of the computer's
    #[arg(long, value_name = "SIZE", value_parser = limits::bytes)]
    memory: Option<usize>,
    /// Threads of the data flow; default: cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Time zone of GETDATE() and the like: Europe/Berlin; default: TZ, else UTC
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Validates and ends
    #[arg(long)]
    validate: bool,
}

/// `name=value`, split at the first `=` that is not inside brackets.
fn assignment(text: &str) -> Result<(String, String), String> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '=' if depth == 0 && at > 0 => {
                let value = text.get(at + 1..).unwrap_or_default();
                return Ok((text[..at].to_owned(), value.to_owned()));
            }
            _ => {}
        }
    }
    Err("write it as NAME=VALUE".to_owned())
}

/// Runs the package.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let password = password(&args)?;
    let source = loading::package(
        &args.file,
        args.project.as_deref(),
        args.package.as_deref(),
        password.as_ref(),
    )?;
    print_findings(&args, &source.findings);
    let printer = Arc::new(Printer::new(args.logging_level, args.format));
    let temp_folder = std::env::temp_dir().join(format!("packmule-run-{}", std::process::id()));
    let services = services(&args, Arc::clone(&printer), temp_folder.clone())?;
    let scripts = Scripts::of(&services);
    scripts.set_libraries(assemblies(&args)?);
    scripts.set_strict_message_boxes(args.strict_messagebox);
    let mapping = Arc::clone(&services.mapping);
    let cancel = services.cancel.clone();
    cancel_on_signals(&cancel)?;
    let outcome = start(&args, source, services).run();
    // Nothing of the run is left that could use the folder.
    let _ = std::fs::remove_dir_all(&temp_folder);
    printer.print_rows();
    if args.explain_mapping {
        for entry in mapping.explain() {
            say!(
                "Mapping: {} {} -> {} ({})",
                entry.kind,
                entry.from,
                entry.to,
                entry.rule
            );
        }
    }
    Ok(finish(&args, &outcome, cancel.is_cancelled()))
}

/// The folders of `--assemblies`, absolute: scripts have another working directory.
fn assemblies(args: &Args) -> anyhow::Result<Vec<PathBuf>> {
    let folder = |path: &PathBuf| match path.canonicalize() {
        Ok(folder) if folder.is_dir() => Ok(folder),
        _ => {
            let text = format!("--assemblies: {} is no folder", path.display());
            Err(ExitError::new(BAD_USAGE, text).into())
        }
    };
    args.assemblies.iter().map(folder).collect()
}

fn start(args: &Args, source: Source, services: Services) -> PackageRun {
    let text =
        |(name, value): &(String, String)| (name.clone(), ParameterInput::Text(value.clone()));
    let secret = |(name, value): &(String, String)| (name.clone(), Secret::new(value.clone()));
    PackageRun {
        package: source.package,
        project: source.project,
        services,
        options: RunOptions {
            parameters: args.param.iter().map(text).collect(),
            sets: args.set.clone(),
            connections: args.connection.iter().map(secret).collect(),
            validate_only: args.validate,
            ..RunOptions::default()
        },
    }
}

fn services(args: &Args, printer: Arc<Printer>, temp_folder: PathBuf) -> anyhow::Result<Services> {
    let clock: Arc<dyn Clock> = match &args.time_zone {
        None => SystemClock::from_environment(),
        Some(name) => Arc::new(SystemClock::new(limits::time_zone(name)?)),
    };
    Ok(Services {
        clock,
        cancel: Cancel::new(),
        memory: MemoryBudget::new(args.memory.unwrap_or_else(|| limits::default_memory(1))),
        mapping: Arc::new(mapping(args.map.as_deref())?),
        observer: printer,
        threads: args.threads.map_or_else(limits::cores, usize::from),
        temp_folder,
        default_lcid: 1033,
        parts: Default::default(),
    })
}

/// Reads a mapping file.
pub(crate) fn mapping(path: Option<&Path>) -> anyhow::Result<Mapping> {
    let Some(path) = path else {
        return Ok(Mapping::default());
    };
    let text = std::fs::read_to_string(path).map_err(|e| {
        ExitError::new(
            BAD_USAGE,
            format!("the mapping file {} cannot be read: {e}", path.display()),
        )
    })?;
    Mapping::parse(&text, &path.to_string_lossy())
        .map_err(|e| ExitError::new(BAD_USAGE, Chain(&e).to_string()).into())
}

fn password(args: &Args) -> anyhow::Result<Option<Secret>> {
    if let Some(path) = &args.password_file {
        let text = std::fs::read_to_string(path).map_err(|e| {
            ExitError::new(
                BAD_USAGE,
                format!("the password file {} cannot be read: {e}", path.display()),
            )
        })?;
        return Ok(Some(Secret::new(text.lines().next().unwrap_or_default())));
    }
    Ok(args.password.as_deref().map(Secret::new))
}

/// Ctrl-C and SIGTERM end the run in order; a second one ends the program.
fn cancel_on_signals(cancel: &Cancel) -> anyhow::Result<()> {
    let cancel = cancel.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let runtime = runtime.context("preparing for Ctrl-C")?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                use tokio::signal::unix::{SignalKind, signal};
                let (Ok(mut interrupt), Ok(mut terminate)) = (
                    signal(SignalKind::interrupt()),
                    signal(SignalKind::terminate()),
                ) else {
                    return;
                };
                let mut count = 0;
                loop {
                    tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
                    count += 1;
                    if count > 1 {
                        std::process::exit(i32::from(exit::CANCELED));
                    }
                    cancel.cancel();
                }
            });
        })
        .context("preparing for Ctrl-C")?;
    Ok(())
}

/// Findings of loading that are worth a line before the run; errors come again at validation.
fn print_findings(args: &Args, findings: &[Finding]) {
    if args.logging_level == LoggingLevel::None {
        return;
    }
    for finding in findings
        .iter()
        .filter(|f| f.severity != Severity::Information)
    {
        match args.format {
            Format::Json => print_json("finding", finding),
            Format::Text => {
                say!(
                    "Loading: {} at {} ({})",
                    finding.message,
                    finding.place,
                    finding.location
                );
                if let Some(remedy) = &finding.remedy {
                    say!("  what to do: {remedy}");
                }
            }
        }
    }
}

/// dtexec's last lines and exit code.
fn finish(args: &Args, outcome: &Outcome, cancelled: bool) -> ExitCode {
    if let Some(refused) = &outcome.refused {
        let mut error = ExitError::new(exit::FAILED, Chain(refused).to_string());
        error.remedy = refused.remedy();
        exit::print_error(&error.into());
    }
    let result = if cancelled {
        ExecResult::Canceled
    } else {
        outcome.result
    };
    let (name, code) = match result {
        ExecResult::Success => ("DTSER_SUCCESS (0)", 0),
        ExecResult::Canceled => ("DTSER_CANCELED (3)", exit::CANCELED),
        ExecResult::Completion => ("DTSER_COMPLETION (2)", 0),
        ExecResult::Failure => ("DTSER_FAILURE (1)", exit::FAILED),
    };
    let elapsed = (outcome.end - outcome.start).num_milliseconds() as f64 / 1000.0;
    if args.format == Format::Json {
        let outcome = serde_json::json!({
            "result": name, "errors": outcome.errors, "execution_instance_guid": outcome.execution_id,
            "start": outcome.start, "end": outcome.end, "seconds": elapsed,
        });
        print_json("outcome", &outcome);
    } else if args.logging_level != LoggingLevel::None || code != 0 {
        say!("DTExec: The package execution returned {name}.");
        say!(
            "Started:  {}",
            outcome.start.format("%l:%M:%S %p").to_string().trim()
        );
        say!(
            "Finished: {}",
            outcome.end.format("%l:%M:%S %p").to_string().trim()
        );
        say!("Elapsed:  {elapsed} seconds");
    }
    code.into()
}

#[cfg(test)]
mod tests {
    use super::assignment;

    #[test]
    fn assignments_split_outside_brackets() {
        let split = |text| assignment(text).map(|(a, b)| format!("{a}|{b}"));
        assert_eq!(split("A=1"), Ok("A|1".to_owned()));
        assert_eq!(
            split("DW=Data Source=x;Uid=y"),
            Ok("DW|Data Source=x;Uid=y".to_owned())
        );
        assert_eq!(
            split("\\Package.Variables[User::a=b].Properties[Value]=c"),
            Ok("\\Package.Variables[User::a=b].Properties[Value]|c".to_owned())
        );
        assert!(split("A").is_err());
        assert!(split("=1").is_err());
    }
}
