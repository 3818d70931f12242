//! The packmule program: runs SSIS packages, alone or scaled out.
//!
//! This file is the command tree and nothing else; each command is one file in `commands/`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod broken_pipe;
mod client;
mod commands;
mod exit;
mod format;
mod loading;
mod printer;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(
    name = "packmule",
    version,
    about = "Runs SQL Server Integration Services packages on Linux, alone or scaled out",
    after_help = "Exit codes are dtexec's: 0 success, 1 failed, 3 canceled, 4 not found, \
                  5 could not be loaded, 6 bad usage."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs one package here, without a server
    Run(commands::run::Args),
    /// Starts everything on one computer: catalog, Master, Workers, page
    Server(commands::server::Args),
    /// Starts a Master: catalog, API and page, for Workers on other computers
    Master(commands::master::Args),
    /// Starts a Worker that pulls executions from a Master
    Worker(commands::worker::Args),
    /// Deploys a project to the catalog
    Deploy(commands::deploy::Args),
    /// Lists folders of the catalog
    Folders(commands::folders::Args),
    /// Lists projects of the catalog
    Projects(commands::projects::Args),
    /// Lists packages of the catalog
    Packages(commands::packages::Args),
    /// Executes packages of the catalog in Scale Out
    Execute(commands::execute::Args),
    /// Lists executions
    Executions(commands::executions::Args),
    /// Shows the messages of an execution
    Messages(commands::messages::Args),
    /// Stops an execution
    Stop(commands::stop::Args),
    /// Lists, enables and disables Workers
    Workers(commands::workers::Args),
    /// Prints what a package or project holds
    Inspect(commands::inspect::Args),
    /// Says which packages of a folder run here, and what the others lack
    Assess(commands::assess::Args),
    /// Evaluates one expression
    Expr(commands::expr::Args),
    /// Explains one of SSIS's codes: its text, cause and remedy
    Explain(commands::explain::Args),
    /// Runs one execution for a Worker (started by it, not by people)
    #[command(hide = true)]
    Child(commands::child::Args),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let help = !error.use_stderr();
            let _ = error.print();
            return if help {
                ExitCode::SUCCESS
            } else {
                exit::BAD_USAGE.into()
            };
        }
    };
    match dispatch(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            exit::print_error(&error);
            exit::code_of(&error)
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    let serves = matches!(
        command,
        Command::Run(_)
            | Command::Server(_)
            | Command::Master(_)
            | Command::Worker(_)
            | Command::Child(_)
    );
    if !serves {
        broken_pipe::ends_the_program();
    }
    match command {
        Command::Run(args) => commands::run::run(args),
        Command::Server(args) => commands::server::run(args),
        Command::Master(args) => commands::master::run(args),
        Command::Worker(args) => commands::worker::run(args),
        Command::Deploy(args) => commands::deploy::run(args),
        Command::Folders(args) => commands::folders::run(args),
        Command::Projects(args) => commands::projects::run(args),
        Command::Packages(args) => commands::packages::run(args),
        Command::Execute(args) => commands::execute::run(args),
        Command::Executions(args) => commands::executions::run(args),
        Command::Messages(args) => commands::messages::run(args),
        Command::Stop(args) => commands::stop::run(args),
        Command::Workers(args) => commands::workers::run(args),
        Command::Inspect(args) => commands::inspect::run(args),
        Command::Assess(args) => commands::assess::run(args),
        Command::Expr(args) => commands::expr::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Child(args) => commands::child::run(args),
    }
}
