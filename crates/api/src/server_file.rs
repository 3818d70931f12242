//! `server.json` in the data folder: where the server of this computer listens and which file
//! holds its token, so that commands find both without flags.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The file's name in the data folder.
pub const SERVER_FILE: &str = "server.json";

/// The longest file that is read.
const SERVER_FILE_BYTES_MAX: u64 = 64 * 1024;

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerFile {
    /// The address of the HTTP API (`http://127.0.0.1:8740`).
    pub url: String,
    /// The file with the access token.
    pub token_file: PathBuf,
    /// The server's process.
    #[serde(default)]
    pub process_id: Option<u32>,
}

impl ServerFile {
    /// Writes the file with mode 0600, all of it or nothing.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, data_folder: &Path) -> std::io::Result<()> {
        use std::os::unix::fs::OpenOptionsExt;
        let path = data_folder.join(SERVER_FILE);
        let temporary = data_folder.join(format!("{SERVER_FILE}.{}.new", std::process::id()));
        let text = serde_json::to_string_pretty(self)?;
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(temporary, path)
    }

    /// Reads the file; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read or says something else.
    pub fn read(data_folder: &Path) -> std::io::Result<Option<Self>> {
        use std::io::Read;
        let file = match std::fs::File::open(data_folder.join(SERVER_FILE)) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let mut text = String::new();
        file.take(SERVER_FILE_BYTES_MAX).read_to_string(&mut text)?;
        Ok(Some(serde_json::from_str(&text)?))
    }
}

/// The data folder: `PACKMULE_DATA`, else `$XDG_DATA_HOME/packmule`, else
/// `~/.local/share/packmule`; `None` when the environment names no home.
pub fn default_data_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set("PACKMULE_DATA") {
        return Some(PathBuf::from(folder));
    }
    if let Some(folder) = set("XDG_DATA_HOME") {
        return Some(PathBuf::from(folder).join("packmule"));
    }
    set("HOME").map(|home| PathBuf::from(home).join(".local/share/packmule"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ServerFile::read(folder.path()).unwrap(), None);
        let file = ServerFile {
            url: "http://127.0.0.1:1".to_owned(),
            token_file: folder.path().join("token"),
            process_id: Some(7),
        };
        file.write(folder.path()).unwrap();
        assert_eq!(ServerFile::read(folder.path()).unwrap(), Some(file));
        let path = folder.path().join(SERVER_FILE);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "{").unwrap();
        assert!(ServerFile::read(folder.path()).is_err());
    }
}
