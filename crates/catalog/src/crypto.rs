//! Sensitive values: AES-256-GCM under the catalog's master key.
//!
//! The key is a file of 32 random bytes with mode 0600 beside the store (never in it); a file
//! that others may read is refused. What is kept is a random nonce, then the sealed text.

use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use packmule_types::Secret;

use crate::error::{Error, Result};

const NONCE_BYTES: usize = 12;
const KEY_BYTES: usize = 32;

/// The master key, ready to seal and open.
#[derive(Clone)]
pub(crate) struct MasterKey {
    cipher: Aes256Gcm,
}

impl MasterKey {
    /// Reads the key file, makes it if it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let refuse = |reason: String| Error::MasterKey {
            path: path.display().to_string(),
            reason,
        };
        if !path.exists() {
            create(path).map_err(|e| refuse(e.to_string()))?;
        }
        let file = std::fs::File::open(path).map_err(|e| refuse(e.to_string()))?;
        let mode = file
            .metadata()
            .map_err(|e| refuse(e.to_string()))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(refuse(format!(
                "others may read it (mode {:o}); run chmod 600 on it",
                mode & 0o777
            )));
        }
        let mut bytes = Vec::with_capacity(KEY_BYTES + 1);
        file.take(KEY_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| refuse(e.to_string()))?;
        let key = <[u8; KEY_BYTES]>::try_from(bytes.as_slice())
            .map_err(|_| refuse(format!("it must hold {KEY_BYTES} bytes")))?;
        Ok(Self {
            cipher: Aes256Gcm::new(&Key::<Aes256Gcm>::from(key)),
        })
    }

    /// Seals a text.
    pub(crate) fn seal(&self, secret: &Secret) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Error::Decrypt)?;
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), secret.reveal().as_bytes())
            .map_err(|_| Error::Decrypt)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`MasterKey::seal`] made.
    pub(crate) fn open_sealed(&self, sealed: &[u8]) -> Result<Secret> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(Error::Decrypt)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| Error::Decrypt)?;
        let plain = self
            .cipher
            .decrypt(&Nonce::from(nonce), sealed)
            .map_err(|_| Error::Decrypt)?;
        String::from_utf8(plain)
            .map(Secret::new)
            .map_err(|_| Error::Decrypt)
    }
}

fn create(path: &Path) -> std::io::Result<()> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(std::io::Error::other)?;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(&key)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_values_open_only_with_their_key() {
        let folder = tempfile::tempdir().unwrap();
        let key = MasterKey::open(&folder.path().join("a")).unwrap();
        let other = MasterKey::open(&folder.path().join("b")).unwrap();
        let sealed = key.seal(&Secret::new("pässword")).unwrap();
        assert!(!sealed.windows(4).any(|w| w == b"word"));
        assert_eq!(key.open_sealed(&sealed).unwrap().reveal(), "pässword");
        assert!(other.open_sealed(&sealed).is_err());
        assert!(key.open_sealed(&sealed[..5]).is_err());
        assert_ne!(sealed, key.seal(&Secret::new("pässword")).unwrap());
        let again = MasterKey::open(&folder.path().join("a")).unwrap();
        assert_eq!(again.open_sealed(&sealed).unwrap().reveal(), "pässword");
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        MasterKey::open(&path).unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(MasterKey::open(&path).is_err());
    }
}
