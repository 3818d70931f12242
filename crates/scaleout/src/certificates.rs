//! The certificate authority of a Master, and what Workers keep of it.
//!
//! One small authority per catalog: its key (mode 0600) and certificate lie in the Master's data
//! folder. A Master makes itself a new certificate at each start; Workers get theirs when they
//! join with a one-time token. Workers check the chain and the fixed name [`MASTER_NAME`], which
//! this authority issues to Masters only, so host names and addresses may change freely.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::Datelike;
use packmule_catalog::WorkerId;
use packmule_types::Secret;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SignatureAlgorithm,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result, at};

/// The name in every Master's certificate.
pub const MASTER_NAME: &str = "packmule-master";
const AUTHORITY_NAME: &str = "Packmule Scale Out";
/// Years that certificates are good for.
const AUTHORITY_YEARS: i32 = 20;
const LEAF_YEARS: i32 = 2;

fn made<T>(what: &'static str, result: Result<T, rcgen::Error>) -> Result<T> {
    result.map_err(|source| Error::Certificate { what, source })
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let new = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, path)
    };
    at(path, write())
}

/// The authority of a Master.
pub struct Authority {
    key: KeyPair,
    certificate_pem: String,
}

/// A certificate and its key.
pub struct Identity {
    /// Certificate, PEM.
    pub certificate_pem: String,
    /// Key, PEM.
    pub key_pem: Secret,
}

impl Authority {
    /// Reads the authority of a folder, makes it if there is none.
    pub fn open(folder: &Path) -> Result<Self> {
        at(folder, std::fs::create_dir_all(folder))?;
        let (key_path, certificate_path) = (folder.join("ca.key"), folder.join("ca.crt"));
        if key_path.exists() && certificate_path.exists() {
            let key_pem = at(&key_path, std::fs::read_to_string(&key_path))?;
            let key = KeyPair::from_pem(&key_pem).map_err(|e| Error::Content {
                path: key_path,
                reason: e.to_string(),
            })?;
            let certificate_pem = at(
                &certificate_path,
                std::fs::read_to_string(&certificate_path),
            )?;
            return Ok(Self {
                key,
                certificate_pem,
            });
        }
        let key = made("the key of the authority", KeyPair::generate())?;
        let params = authority_params()?;
        let certificate = made("the authority's own", params.self_signed(&key))?;
        let certificate_pem = certificate.pem();
        write_private(&key_path, &key.serialize_pem())?;
        write_private(&certificate_path, &certificate_pem)?;
        Ok(Self {
            key,
            certificate_pem,
        })
    }

    /// The authority's certificate, PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// A new key and certificate for a Master.
    pub fn issue_master(&self) -> Result<Identity> {
        let key = made("the key of the Master", KeyPair::generate())?;
        let names = vec![MASTER_NAME.to_owned()];
        let mut params = made("the Master's", CertificateParams::new(names))?;
        leaf(
            &mut params,
            MASTER_NAME,
            ExtendedKeyUsagePurpose::ServerAuth,
        );
        let certificate = self.sign("the Master's", &params, &key)?;
        Ok(Identity {
            certificate_pem: certificate,
            key_pem: Secret::new(key.serialize_pem()),
        })
    }

    /// A certificate for a Worker's public key (P-256, uncompressed point).
    pub fn issue_worker(&self, worker: WorkerId, public_key: &[u8]) -> Result<String> {
        let name = worker.to_string();
        let mut params = made("the worker's", CertificateParams::new(vec![name.clone()]))?;
        leaf(&mut params, &name, ExtendedKeyUsagePurpose::ClientAuth);
        let key = WorkerKey(public_key.to_vec());
        self.sign("the worker's", &params, &key)
    }

    fn sign(
        &self,
        what: &'static str,
        params: &CertificateParams,
        key: &impl PublicKeyData,
    ) -> Result<String> {
        let issuer = Issuer::new(authority_params()?, &self.key);
        Ok(made(what, params.signed_by(key, &issuer))?.pem())
    }
}

/// The same at each start, so that the stored certificate and the issuer's name agree.
fn authority_params() -> Result<CertificateParams> {
    let mut params = made("the authority's own", CertificateParams::new(Vec::new()))?;
    params
        .distinguished_name
        .push(DnType::CommonName, AUTHORITY_NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_for(&mut params, AUTHORITY_YEARS);
    Ok(params)
}

fn leaf(params: &mut CertificateParams, name: &str, usage: ExtendedKeyUsagePurpose) {
    params.distinguished_name.push(DnType::CommonName, name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    valid_for(params, LEAF_YEARS);
}

/// From the first of last month (clocks may differ) for some years.
fn valid_for(params: &mut CertificateParams, years: i32) {
    let now = chrono::Utc::now();
    let (year, month) = match now.month() {
        1 => (now.year() - 1, 12),
        month => (now.year(), month - 1),
    };
    let month = u8::try_from(month).unwrap_or(1);
    params.not_before = rcgen::date_time_ymd(year, month, 1);
    params.not_after = rcgen::date_time_ymd(year + years, month, 1);
}

/// A public key that came over the wire.
struct WorkerKey(Vec<u8>);

impl PublicKeyData for WorkerKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

/// Whether bytes have the form of a public key that workers may have.
pub(crate) fn is_public_key(bytes: &[u8]) -> bool {
    bytes.len() == 65 && bytes.first() == Some(&4)
}

/// The worker that a certificate names, and the certificate's SHA-256.
pub(crate) fn worker_of(certificate: &[u8]) -> Option<(WorkerId, String)> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let name = parsed.subject().iter_common_name().next()?.as_str().ok()?;
    Some((
        WorkerId(uuid::Uuid::parse_str(name).ok()?),
        thumbprint(certificate),
    ))
}

fn thumbprint(certificate: &[u8]) -> String {
    Sha256::digest(certificate)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What a Master gives a person to let one Worker join. Whoever has it can join once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Invitation {
    /// `https://host:port`
    pub endpoint: String,
    /// One-time token.
    pub token: String,
    /// The authority's certificate, by which the Worker knows the Master.
    pub authority_pem: String,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Invitation {
    /// Writes it to a file that only its owner may read.
    pub fn save(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Error::Content {
            path: path.to_owned(),
            reason: e.to_string(),
        })?;
        write_private(path, &text)
    }

    /// Reads it from a file.
    pub fn load(path: &Path) -> Result<Self> {
        let text = at(path, std::fs::read_to_string(path))?;
        serde_json::from_str(&text).map_err(|e| Error::Content {
            path: path.to_owned(),
            reason: e.to_string(),
        })
    }
}

/// Who a Worker is: kept in its data folder since it joined.
pub struct WorkerIdentity {
    /// The Worker.
    pub worker_id: WorkerId,
    /// The Master's address.
    pub endpoint: String,
    /// The authority's certificate, PEM.
    pub authority_pem: String,
    /// Certificate and key.
    pub identity: Identity,
}

#[derive(Serialize, Deserialize)]
struct Joined {
    worker_agent_id: WorkerId,
    endpoint: String,
}

fn identity_files(folder: &Path) -> [PathBuf; 4] {
    ["worker.json", "worker.key", "worker.crt", "ca.crt"].map(|name| folder.join(name))
}

impl WorkerIdentity {
    /// The identity kept in a folder, if there is one.
    pub fn load(folder: &Path) -> Result<Option<Self>> {
        let [json, key, certificate, authority] = identity_files(folder);
        if !json.exists() {
            return Ok(None);
        }
        let text = at(&json, std::fs::read_to_string(&json))?;
        let joined: Joined = serde_json::from_str(&text).map_err(|e| Error::Content {
            path: json.clone(),
            reason: e.to_string(),
        })?;
        Ok(Some(Self {
            worker_id: joined.worker_agent_id,
            endpoint: joined.endpoint,
            authority_pem: at(&authority, std::fs::read_to_string(&authority))?,
            identity: Identity {
                certificate_pem: at(&certificate, std::fs::read_to_string(&certificate))?,
                key_pem: Secret::new(at(&key, std::fs::read_to_string(&key))?),
            },
        }))
    }

    /// Keeps it; the file that makes it count is written last.
    pub fn save(&self, folder: &Path) -> Result<()> {
        at(folder, std::fs::create_dir_all(folder))?;
        let [json, key, certificate, authority] = identity_files(folder);
        write_private(&key, self.identity.key_pem.reveal())?;
        write_private(&certificate, &self.identity.certificate_pem)?;
        write_private(&authority, &self.authority_pem)?;
        let joined = Joined {
            worker_agent_id: self.worker_id,
            endpoint: self.endpoint.clone(),
        };
        let text = serde_json::to_string_pretty(&joined).map_err(|e| Error::Content {
            path: json.clone(),
            reason: e.to_string(),
        })?;
        write_private(&json, &text)
    }
}

/// A new key for a Worker: PEM, and the public half as it goes over the wire.
pub(crate) fn new_worker_key() -> Result<(Secret, Vec<u8>)> {
    let key = made("the key of the worker", KeyPair::generate())?;
    Ok((
        Secret::new(key.serialize_pem()),
        key.public_key_raw().to_vec(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_authority_stays_the_same_and_its_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let first = Authority::open(folder.path()).unwrap();
        let again = Authority::open(folder.path()).unwrap();
        assert_eq!(first.certificate_pem(), again.certificate_pem());
        let mode = std::fs::metadata(folder.path().join("ca.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_workers_certificate_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        let (_, public) = new_worker_key().unwrap();
        assert!(is_public_key(&public));
        let worker = WorkerId(uuid::Uuid::new_v4());
        let pem = authority.issue_worker(worker, &public).unwrap();
        let (_, der) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap();
        assert_eq!(worker_of(&der.contents).unwrap().0, worker);
        assert!(worker_of(b"nonsense").is_none());
    }
}
