//! Projects by content hash, fetched once and verified.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::link::Link;
use crate::error::{Error, Result, at};

/// The Worker's store of projects.
pub(crate) struct Projects {
    folder: PathBuf,
    bytes_max: u64,
    cache_bytes: u64,
    /// One fetch at a time: the second task of a project finds it there.
    fetching: Mutex<()>,
}

impl Projects {
    pub(crate) fn new(folder: PathBuf, bytes_max: u64, cache_bytes: u64) -> Self {
        Self {
            folder,
            bytes_max,
            cache_bytes,
            fetching: Mutex::new(()),
        }
    }

    /// The file of a project.
    pub(crate) async fn get(&self, link: &Link, hash: &str) -> Result<PathBuf> {
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(refuse(hash, "its hash is not a SHA-256"));
        }
        let path = self.folder.join(format!("{hash}.ispac"));
        let _one = self.fetching.lock().await;
        if path.exists() {
            return Ok(path);
        }
        self.make_room();
        self.fetch(link, hash, &path).await?;
        Ok(path)
    }

    async fn fetch(&self, link: &Link, hash: &str, path: &Path) -> Result<()> {
        let mut pieces = link.fetch_project(hash).await?;
        let new = path.with_extension("new");
        let mut file = at(&new, std::fs::File::create(&new))?;
        let (mut digest, mut bytes) = (Sha256::new(), 0u64);
        while let Some(piece) = pieces.message().await? {
            bytes += piece.bytes.len() as u64;
            if bytes > self.bytes_max {
                return Err(refuse(hash, "it is larger than this worker allows"));
            }
            digest.update(&piece.bytes);
            at(&new, file.write_all(&piece.bytes))?;
        }
        let found: String = digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if found != hash.to_ascii_lowercase() {
            return Err(refuse(hash, "what came has another hash"));
        }
        at(&new, file.sync_all())?;
        at(path, std::fs::rename(&new, path))
    }

    /// Removes the oldest projects when there are too many. A running package has opened its file
    /// long before; one that waits for it fetches it again.
    fn make_room(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        let mut files: Vec<_> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let metadata = entry.metadata().ok()?;
                Some((metadata.modified().ok()?, metadata.len(), entry.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
        for (_, length, path) in files {
            if total <= self.cache_bytes {
                return;
            }
            if std::fs::remove_file(path).is_ok() {
                total = total.saturating_sub(length);
            }
        }
    }
}

fn refuse(hash: &str, reason: &str) -> Error {
    Error::Project {
        hash: hash.chars().take(64).collect(),
        reason: reason.to_owned(),
    }
}
