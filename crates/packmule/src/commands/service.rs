//! What the commands that keep running share: logs, signals, the data folder.

use std::path::PathBuf;

use anyhow::Context;
use packmule_api::server_file::default_data_folder;

use crate::exit::{BAD_USAGE, ExitError};

/// Lines to standard error: text, or JSON with `PACKMULE_LOG_FORMAT=json`; `PACKMULE_LOG` filters.
pub(crate) fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PACKMULE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let json = std::env::var("PACKMULE_LOG_FORMAT").is_ok_and(|v| v.eq_ignore_ascii_case("json"));
    // Only the first caller of a process sets it.
    let _ = if json {
        lines.json().try_init()
    } else {
        lines.with_ansi(false).try_init()
    };
}

/// The folder given, or the usual one; made if it is missing, for its owner alone.
pub(crate) fn data_folder(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let folder = given.or_else(default_data_folder).ok_or_else(|| {
        ExitError::new(BAD_USAGE, "there is no data folder")
            .remedy("give one with --data, or set PACKMULE_DATA or HOME")
    })?;
    let mut builder = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(builder.recursive(true), 0o700);
    builder
        .create(&folder)
        .with_context(|| format!("making the data folder {}", folder.display()))?;
    folder
        .canonicalize()
        .with_context(|| format!("opening the data folder {}", folder.display()))
}

/// Ends when SIGTERM, SIGINT or the end of standard input (with `watch_input`) comes.
pub(crate) async fn stop_asked(watch_input: bool) {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    let input = async {
        if watch_input {
            input_ended().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
        () = input => {}
    }
}

/// Ends with standard input: its starter is gone then. A thread reads, for reading blocks.
async fn input_ended() {
    let (ended, waiting) = tokio::sync::oneshot::channel();
    let reader = std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || {
            // Whether it ended or broke: nobody is there any more, and nobody may listen.
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            let _ = ended.send(());
        });
    if reader.is_err() || waiting.await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A runtime for the services.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the asynchronous runtime")
}
