//! The access token: a secret of 256 bits that the server makes at its first start and keeps in
//! a file that only its owner can read.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use packmule_types::Secret;

/// Bytes of randomness in a token.
const TOKEN_BYTES: usize = 32;

/// The longest file that is taken for a token file.
const TOKEN_FILE_BYTES_MAX: u64 = 4096;

/// What can go wrong with the token's file.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No randomness from the system.
    #[error("the system gives no random bytes for the access token: {0}")]
    Random(String),
    /// Reading.
    #[error("cannot read the access token from {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Writing.
    #[error("cannot write the access token to {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Others could read it.
    #[error(
        "{path} can be read by others (mode {mode:03o}): remove it, so that a new token is made, \
         or take their rights away with chmod 600"
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It holds no token.
    #[error("{path} holds no access token: remove it, so that a new one is made")]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

/// Makes a new token: 64 hexadecimal digits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn generate() -> Result<Secret, TokenError> {
    let mut bytes = [0_u8; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|e| TokenError::Random(e.to_string()))?;
    Ok(Secret::new(hex(&bytes)))
}

/// Reads the token from its file, or makes one and writes the file with mode 0600.
///
/// # Errors
/// When the file cannot be read or written, holds no token, or others could read it.
pub fn load_or_create(path: &Path) -> Result<Secret, TokenError> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => load(path),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => create(path),
        Err(source) => Err(TokenError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Reads the token from its file.
///
/// # Errors
/// When the file cannot be read, holds no token, or others could read it.
pub fn load(path: &Path) -> Result<Secret, TokenError> {
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    let read = |source| TokenError::Read {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(read)?;
    let mode = file.metadata().map_err(read)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(TokenError::Open {
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = String::new();
    file.take(TOKEN_FILE_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(read)?;
    let token = text.trim();
    if token.len() < 16 || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(TokenError::Malformed {
            path: path.to_owned(),
        });
    }
    Ok(Secret::new(token))
}

fn create(path: &Path) -> Result<Secret, TokenError> {
    use std::os::unix::fs::OpenOptionsExt;
    let token = generate()?;
    let write = |source| TokenError::Write {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(write)?;
    file.write_all(format!("{}\n", token.reveal()).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(write)?;
    Ok(token)
}

/// A token as the server keeps it for comparison: its digest, never its text.
#[derive(Clone)]
pub(crate) struct ExpectedToken([u8; 32]);

impl ExpectedToken {
    pub(crate) fn new(token: &Secret) -> Self {
        Self(Sha256::digest(token.reveal().as_bytes()).into())
    }

    /// Whether a text is the token. The time it takes says nothing about where they differ:
    /// digests are compared, all their bytes.
    pub(crate) fn matches(&self, offered: &str) -> bool {
        let offered: [u8; 32] = Sha256::digest(offered.as_bytes()).into();
        let difference = self
            .0
            .iter()
            .zip(offered.iter())
            .fold(0_u8, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
        difference == 0
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_token_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let first = load_or_create(&path).unwrap();
        assert_eq!(first.reveal().len(), 64);
        assert_eq!(load_or_create(&path).unwrap(), first);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        load_or_create(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(
            load_or_create(&path),
            Err(TokenError::Open { mode: 0o644, .. })
        ));
    }

    #[test]
    fn a_file_without_a_token_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "short\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(load(&path), Err(TokenError::Malformed { .. })));
    }

    #[test]
    fn only_the_token_itself_matches() {
        let expected = ExpectedToken::new(&Secret::new("0123456789abcdef"));
        assert!(expected.matches("0123456789abcdef"));
        for other in [
            "",
            "0123456789abcde",
            "0123456789abcdeF",
            "0123456789abcdef ",
        ] {
            assert!(!expected.matches(other), "{other:?}");
        }
    }
}
