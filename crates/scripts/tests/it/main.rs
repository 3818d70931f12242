//! Scripts as packages of all generations store them, and all scripts of the corpus in the host.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests say what is wrong by failing"
)]

mod corpus;
mod host;
mod stored;

use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Whether the script host was built; said aloud when not.
fn built() -> bool {
    let built = root().join("target/script-host/packmule-script-host.exe");
    let there = std::env::var_os("PACKMULE_SCRIPT_HOST").is_some() || built.exists();
    if !there {
        println!("no script host: script-host/build.sh target/script-host builds it");
    }
    there
}
