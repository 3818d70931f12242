//! Running other programs: said before, timed, failed with their name.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail};

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    // cargo says it when it runs us; a copied program still knows where it was built.
    let own = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The program, after [`build_program`].
pub(crate) fn program() -> PathBuf {
    target_folder().join("debug/packmule")
}

/// Builds everything in the profile that tests and demo share. The whole workspace at once, so
/// that cargo chooses the same features of dependencies as for the tests and builds them once.
pub(crate) fn build_program() -> anyhow::Result<()> {
    step("build", cargo().args(["build", "--workspace"]))
}

/// The cargo that started us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs one step, says its name and time, fails with its name.
pub(crate) fn step(name: &str, command: &mut Command) -> anyhow::Result<()> {
    println!("==> {name}");
    let begin = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("{name}: starting {command:?}"))?;
    if !status.success() {
        bail!("{name} failed: {command:?} ended with {status}");
    }
    println!("    {name}: {:.1} s", begin.elapsed().as_secs_f64());
    Ok(())
}

/// Whether a program is on the PATH.
pub(crate) fn found(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}
