//! The program as a user has it: its commands, exit codes, and packages of the corpus.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests say what is wrong by failing"
)]

mod commands;
mod corpus;
mod corpus_lookups;
mod corpus_runs;
mod corpus_script_components;
mod corpus_scripts;
mod postgres_server;
mod scaleout;

use std::path::PathBuf;
use std::process::{Command, Output};

/// The program that was built for these tests.
fn packmule(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_packmule"))
        .args(arguments)
        .env_remove("PACKMULE_DATA")
        .output()
        .unwrap()
}

/// Standard output and error together.
fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of the corpus; `None`, said aloud, when the corpus is not there.
fn corpus(path: &str) -> Option<PathBuf> {
    let corpus = std::env::var_os("PACKMULE_CORPUS")
        .map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    let folder = corpus.join(path);
    if !folder.exists() {
        println!("the corpus is not there: {}", folder.display());
        return None;
    }
    Some(folder)
}
