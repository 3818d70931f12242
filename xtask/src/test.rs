//! `cargo xtask test`: all checks and tests, in the order in which they fail fastest.

use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::command::{build_program, cargo, root, step, target_folder};
use crate::{demo, setup, tidy};

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each fuzz target.
    #[arg(long, default_value_t = 60)]
    fuzz_seconds: u64,
    /// Leaves the demo out.
    #[arg(long)]
    no_demo: bool,
}

/// Runs everything.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    setup::for_tests()?;
    tidy::run()?;
    step("format", cargo().args(["fmt", "--all", "--check"]))?;
    setup::script_host()?;
    script_host()?;
    setup::page()?;
    step("page: tests", &mut setup::npm(&["test"])?)?;
    step(
        "clippy",
        cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    build_program()?;
    step(
        "tests",
        cargo().args(["test", "--workspace", "--no-fail-fast"]),
    )?;
    fuzz(options.fuzz_seconds)?;
    if !options.no_demo {
        demo::run(&demo::Options {
            exit: true,
            keep: false,
        })?;
    }
    println!("all checks and tests passed");
    Ok(())
}

/// The script host's own tests: its libraries with values from documentation and the scripts of
/// real packages, and the host spoken to as the engine does; on .NET too where its SDK is.
fn script_host() -> anyhow::Result<()> {
    let host = target_folder().join("script-host");
    if setup::scripts_on_dotnet() {
        return script_host_on(&host, "dotnet");
    }
    script_host_on(&host, "mono")?;
    if !setup::dotnet_sdk() {
        println!("==> script host: no .NET SDK is here; it is tested on Mono only");
        return Ok(());
    }
    let host = target_folder().join("script-host-dotnet");
    step(
        "script host: build for .NET",
        Command::new("sh")
            .arg(root().join("script-host/build.sh"))
            .arg(&host)
            .env(setup::SCRIPT_RUNTIME, "dotnet"),
    )?;
    script_host_on(&host, "dotnet")
}

fn script_host_on(host: &Path, runtime: &str) -> anyhow::Result<()> {
    let tests = root().join("script-host/tests");
    step(
        &format!("script host: libraries on {runtime}"),
        Command::new("sh")
            .arg(tests.join("libs.sh"))
            .arg(host)
            .env(setup::SCRIPT_RUNTIME, runtime),
    )?;
    step(
        &format!("script host: protocol on {runtime}"),
        Command::new("python3")
            .arg(tests.join("protocol_tests.py"))
            .arg(host)
            .args(["--runtime", runtime]),
    )
}

/// Drives every fuzz target for a while; the program also runs one target for as long as wanted.
fn fuzz(seconds: u64) -> anyhow::Result<()> {
    let driver = target_folder().join("debug/packmule-fuzz");
    step(
        "fuzz",
        Command::new(driver).args(["--seconds", &seconds.to_string()]),
    )
}
