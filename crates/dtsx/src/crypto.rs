//! The two ways in which SSIS encrypts with a password, as bytes.
//!
//! Older tools: Triple DES with a key by `CryptDeriveKey` from SHA-1. Since SSDT 15.0.2000:
//! AES-256 with a key by PBKDF2. Neither authenticates, so a wrong password shows in the padding
//! or in plaintext that is no XML.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine;
use sha1::{Digest, Sha1};

use packmule_types::Secret;

use crate::limits;

/// Which cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// Triple DES, CBC.
    TripleDes,
    /// AES-256, CBC.
    Aes256,
}

impl Algorithm {
    /// From an algorithm's address in XML encryption; without one it is Triple DES.
    pub(crate) fn from_name(name: Option<&str>) -> Option<Self> {
        match name.map(str::trim) {
            None | Some("") => Some(Self::TripleDes),
            Some(n) if n.ends_with("tripledes-cbc") => Some(Self::TripleDes),
            Some(n) if n.ends_with("aes256-cbc") => Some(Self::Aes256),
            Some(_) => None,
        }
    }

    /// Bytes of a block, and so of the initialisation vector.
    pub(crate) fn block_bytes(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes256 => 16,
        }
    }
}

/// Why something did not decrypt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CryptoError {
    #[error("it is not base64")]
    Base64,
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    #[error("its length is no multiple of the cipher's block")]
    Length,
    #[error("the initialisation vector has the wrong length")]
    Vector,
    /// Padding or plaintext is wrong: in practice a wrong password.
    #[error("the password is not correct")]
    Password,
}

/// Bytes of a base64 text that may be broken into lines.
pub(crate) fn base64(text: &str) -> Result<Vec<u8>, CryptoError> {
    if text.len() / 4 * 3 > limits::CIPHER_BYTES_MAX {
        return Err(CryptoError::TooLong(limits::CIPHER_BYTES_MAX));
    }
    let packed: String = text.split_ascii_whitespace().collect();
    base64::engine::general_purpose::STANDARD
        .decode(packed)
        .map_err(|_| CryptoError::Base64)
}

/// Decrypts and takes the padding off (the last byte counts it; the other padding bytes may be
/// anything, as XML encryption has it).
pub(crate) fn decrypt(
    algorithm: Algorithm,
    password: &Secret,
    salt: &[u8],
    iv: &[u8],
    cipher: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    let block = algorithm.block_bytes();
    if cipher.is_empty() || !cipher.len().is_multiple_of(block) {
        return Err(CryptoError::Length);
    }
    let mut buffer = cipher.to_vec();
    match algorithm {
        Algorithm::TripleDes => {
            let key = triple_des_key(password);
            cbc::Decryptor::<des::TdesEde3>::new_from_slices(&key, iv)
                .map_err(|_| CryptoError::Vector)?
                .decrypt_padded::<NoPadding>(&mut buffer)
                .map_err(|_| CryptoError::Length)?;
        }
        Algorithm::Aes256 => {
            let mut key = [0u8; 32];
            pbkdf2::pbkdf2::<hmac::Hmac<Sha1>>(password.reveal().as_bytes(), salt, 1000, &mut key)
                .map_err(|_| CryptoError::Password)?;
            cbc::Decryptor::<aes::Aes256>::new_from_slices(&key, iv)
                .map_err(|_| CryptoError::Vector)?
                .decrypt_padded::<NoPadding>(&mut buffer)
                .map_err(|_| CryptoError::Length)?;
        }
    }
    let padding = usize::from(buffer.last().copied().unwrap_or(0));
    if padding == 0 || padding > block {
        return Err(CryptoError::Password);
    }
    buffer.truncate(buffer.len() - padding);
    Ok(buffer)
}

/// `CryptDeriveKey` of SHA-1 to 192 bits.
fn triple_des_key(password: &Secret) -> [u8; 24] {
    let hash = Sha1::digest(password.reveal().as_bytes());
    let half = |fill: u8| {
        let mut block = [fill; 64];
        for (byte, h) in block.iter_mut().zip(hash.iter()) {
            *byte ^= h;
        }
        Sha1::digest(block)
    };
    let mut key = [0u8; 24];
    let bytes = half(0x36).into_iter().chain(half(0x5C));
    for (to, from) in key.iter_mut().zip(bytes) {
        *to = from;
    }
    key
}
