//! Developers' commands: `cargo xtask test`, `demo`, `bench`, `tidy`.
//!
//! It knows the program only by its command line, as a user does, and is kept free of the heavy
//! crates so that it builds in seconds.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it talks to a developer's terminal"
)]

mod bench;
mod command;
mod demo;
mod setup;
mod test;
mod tidy;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developers' commands of Packmule")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds, starts a server, deploys and executes the sample project, checks every answer.
    Demo(demo::Options),
    /// Runs all checks and tests; its last step is `demo --exit`.
    Test(test::Options),
    /// Measures beside DuckDB and Polars and rewrites docs/performance.md.
    Bench(bench::Options),
    /// Checks headers, lengths, crate arrows, licences and documents.
    Tidy,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Tidy => tidy::run(),
    }
}
