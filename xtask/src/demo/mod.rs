//! `cargo xtask demo`: what a new user sees first. Builds, starts a server, deploys the sample
//! project, executes it in Scale Out, checks every answer against SQL over the raw files.

mod answers;
mod data;
pub(crate) mod random;
pub(crate) mod server;
mod table;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;

use crate::command::{build_program, program, root};
use crate::setup;
use server::Server;

/// How to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Ends when everything is checked, in place of serving until Ctrl-C.
    #[arg(long)]
    pub(crate) exit: bool,
    /// Keeps the demo's folder after `--exit`.
    #[arg(long)]
    pub(crate) keep: bool,
}

/// Packages that may run at the same time, wave after wave.
const WAVES: &[&[&str]] = &[
    &[
        "Stage Customers",
        "Stage Products",
        "Stage Orders",
        "Load DimDate",
    ],
    &["Load DimCustomer", "Load DimProduct"],
    &["Load FactSales"],
    &["Build Mart", "Export Sales"],
];

/// The parent that runs them all once more, to show that a load can be repeated.
const PARENT: &str = "Nightly";

/// Runs the demo.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let begin = Instant::now();
    if let Err(error) = setup::page() {
        eprintln!("the page could not be built ({error:#}); the server will say how to build it");
    }
    if let Err(error) = setup::script_host() {
        eprintln!(
            "the script host could not be built ({error:#}); packages with scripts will say so"
        );
    }
    if std::env::var_os("PACKMULE_DEMO_NO_BUILD").is_none() {
        build_program()?;
    }
    let folder = fresh_folder()?;
    println!("demo folder: {}", folder.display());
    let generated = data::generate(&folder)?;
    let map = write_mapping(&folder)?;
    let mut server = Server::start(&program(), &folder, &map)?;
    client(
        &folder,
        &[
            "deploy",
            &path_text(&root().join("samples/retail/Retail.dtproj")),
            "--folder",
            "Demo",
        ],
    )?;
    for wave in WAVES {
        execute(&folder, wave, 1)?;
    }
    answers::check(&folder, &generated, 1).context("after the packages ran one by one")?;
    execute(&folder, &[PARENT], 2)?;
    answers::check(&folder, &generated, 2)
        .context("after the parent package ran them all again")?;
    table::print(&folder)?;
    println!(
        "every execution succeeded and every answer matched ({:.0} s)",
        begin.elapsed().as_secs_f64()
    );
    println!("page: {}", server.page_address()?);
    if options.exit {
        server.stop()?;
        if !options.keep {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("removing {}", folder.display()))?;
        }
        return Ok(());
    }
    println!("serving until Ctrl-C");
    server.wait()
}

/// A new folder for each demo, so that a second one never meets the first one's leftovers.
fn fresh_folder() -> anyhow::Result<PathBuf> {
    let id = format!(
        "packmule-demo-{}-{:x}",
        std::process::id(),
        random::seed_from_clock()
    );
    let folder = std::env::temp_dir().join(id);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// The mapping that lets packages written for Windows and SQL Server run here unmodified.
fn write_mapping(folder: &Path) -> anyhow::Result<PathBuf> {
    let path = folder.join("map.toml");
    let shown = folder.display();
    let text = format!(
        "# What the packages' own paths and connections become on this computer.\n\
         [[path]]\nfrom = 'C:\\Retail\\Inbox'\nto = \"{shown}/inbox\"\n\n\
         [[path]]\nfrom = 'C:\\Retail\\Outbox'\nto = \"{shown}/outbox\"\n\n\
         [[connection]]\nname = \"RetailDW\"\nserver = \"SQLPROD\"\ndatabase = \"RetailDW\"\n\
         to = \"Driver=SQLite3;Database={shown}/retail.db\"\n\
         schemas = {{ staging = \"{shown}/staging.db\" }}\n"
    );
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

fn execute(folder: &Path, packages: &[&str], batch: i32) -> anyhow::Result<()> {
    let names: Vec<String> = packages
        .iter()
        .map(|p| format!("Demo/Retail/{p}.dtsx"))
        .collect();
    let parameter = format!("BatchId={batch}");
    let mut arguments = vec!["execute"];
    arguments.extend(names.iter().map(String::as_str));
    arguments.extend(["--param", parameter.as_str(), "--wait"]);
    client(folder, &arguments)
}

/// Runs a command of the program against the demo's server, its output on our terminal.
fn client(folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(program())
        .args(arguments)
        .env("PACKMULE_DATA", folder.join("server"))
        .status()
        .with_context(|| format!("starting packmule {}", arguments.join(" ")))?;
    if !status.success() {
        bail!("packmule {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
