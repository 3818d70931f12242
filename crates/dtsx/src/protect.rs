//! Opens what a password protects, in the tree, before anything else looks at it.
//!
//! Three forms: `EncryptedData` in place of an element (packages), an element marked `Sensitive`
//! with `Salt` and `IV` (project files), and blobs under a Windows user's key, which nothing
//! here can open. What is opened is put in the place of the original and stays marked
//! `Sensitive`; what is not is marked `Encrypted`, emptied, and reported.

use packmule_types::{Code, Secret};

use crate::LoadOptions;
use crate::crypto::{self, Algorithm, CryptoError};
use crate::error::LoadError;
use crate::finding::{Finding, Reason, Severity};
use crate::findings::Findings;
use crate::model::Element;
use crate::xml;

/// How base64 of a DPAPI blob starts: its version and provider id.
const USER_KEY_PREFIX: &str = "AQAAANCMnd8B";

/// Opens a whole document that may be `EncryptedData`.
pub(crate) fn open_root(root: Element, options: &LoadOptions<'_>) -> Result<Element, LoadError> {
    let file = || options.file.to_owned();
    if root.text.trim_start().starts_with(USER_KEY_PREFIX) {
        return Err(LoadError::UserKey { file: file() });
    }
    // Project files are said to be encrypted on their root in the same form as their values.
    if root.attribute("Salt").is_some() && root.name != "EncryptedData" {
        return match options.password {
            Some(password) => decrypt_salted(&root, password, options.file),
            None => Err(LoadError::NoPassword { file: file() }),
        };
    }
    if root.name != "EncryptedData" {
        return Ok(root);
    }
    let cipher = cipher_text(&root).unwrap_or_default();
    if cipher.trim_start().starts_with(USER_KEY_PREFIX) {
        return Err(LoadError::UserKey { file: file() });
    }
    let Some(password) = options.password else {
        return Err(LoadError::NoPassword { file: file() });
    };
    decrypt_element(&root, password, options.file)
}

/// Whether a document that is no XML is a blob under a user's key.
pub(crate) fn is_user_key_blob(bytes: &[u8]) -> bool {
    bytes
        .trim_ascii_start()
        .starts_with(USER_KEY_PREFIX.as_bytes())
}

/// Opens every protected element below `element`. Recursion is bounded by the depth limit.
///
/// # Errors
/// [`LoadError::WrongPassword`] when a password is given and does not open something.
pub(crate) fn open_children(
    element: &mut Element,
    place: &str,
    options: &LoadOptions<'_>,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let own = element
        .attribute("refId")
        .or_else(|| crate::read::property_text(element, "ObjectName"))
        .map_or_else(|| place.to_owned(), str::to_owned);
    for child in &mut element.children {
        if child.name == "EncryptedData" {
            match options.password {
                Some(password) => {
                    let location = child.location.clone();
                    let mut plain = decrypt_element(child, password, options.file)?;
                    plain.location = location;
                    mark(&mut plain, "Sensitive", "1");
                    *child = plain;
                }
                None => findings.push(not_opened(child, &own, false)),
            }
            continue;
        }
        // A sensitive parameter holds its value in a child.
        if child.children.is_empty() && (is_sensitive(child) || is_closed(child)) {
            open_sensitive(child, &own, options, findings)?;
            continue;
        }
        open_children(child, &own, options, findings)?;
    }
    Ok(())
}

/// Whether an element is marked as a secret.
pub(crate) fn is_sensitive(element: &Element) -> bool {
    element
        .attribute("Sensitive")
        .and_then(crate::model::parse_boolean)
        .unwrap_or(false)
}

/// Whether an element is a secret that was not opened.
pub(crate) fn is_closed(element: &Element) -> bool {
    element
        .attribute("Encrypted")
        .and_then(crate::model::parse_boolean)
        .unwrap_or(false)
}

fn mark(element: &mut Element, name: &str, value: &str) {
    element.attributes.retain(|(n, _)| n != name);
    element.attributes.push((name.to_owned(), value.to_owned()));
}

/// An element marked `Sensitive`: with salt and vector it is a project file's, a blob is a
/// user's, else it is plain.
fn open_sensitive(
    element: &mut Element,
    place: &str,
    options: &LoadOptions<'_>,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let salted = element.attribute("Salt").is_some() && element.attribute("IV").is_some();
    if salted && let Some(password) = options.password {
        let plain = decrypt_salted(element, password, options.file)?;
        element.text = plain.text;
        element.children = plain.children;
        element
            .attributes
            .retain(|(n, _)| !matches!(n.as_str(), "Salt" | "IV" | "Algorithm" | "Encrypted"));
        return Ok(());
    }
    let user_key = element.text.trim_start().starts_with(USER_KEY_PREFIX);
    if salted || user_key || is_closed(element) {
        findings.push(not_opened(element, place, user_key || !salted));
        element.text = String::new();
        mark(element, "Encrypted", "1");
    }
    Ok(())
}

/// Tests a password with a project's verifier, if it has one.
///
/// # Errors
/// [`LoadError::WrongPassword`].
pub(crate) fn verify_project_password(
    verifier: &Element,
    options: &LoadOptions<'_>,
) -> Result<(), LoadError> {
    let (Some(password), Some(_)) = (options.password, verifier.attribute("Salt")) else {
        return Ok(());
    };
    decrypt_salted(verifier, password, options.file).map(|_| ())
}

fn not_opened(element: &Element, place: &str, user_key: bool) -> Finding {
    let (code, remedy) = if user_key {
        (
            Code(0xC001_6016),
            "give the value from outside; only the Windows user who saved it can open it",
        )
    } else {
        (
            Code(0xC001_405F),
            "give the password with --password-file, or the value itself from outside",
        )
    };
    Finding {
        severity: Severity::Warning,
        reason: Reason::Encrypted,
        code: Some(code),
        place: place.to_owned(),
        property: element
            .attribute("Name")
            .map(str::to_owned)
            .or_else(|| Some(element.name.clone())),
        message: "the value is encrypted and was not opened; it is empty".to_owned(),
        remedy: Some(remedy.to_owned()),
        location: element.location.clone(),
    }
}

fn cipher_text(element: &Element) -> Option<&str> {
    let data = element.child("CipherData")?;
    Some(data.child("CipherValue")?.text.as_str())
}

fn failed(file: &str, error: &CryptoError) -> LoadError {
    match error {
        CryptoError::Password => LoadError::WrongPassword {
            file: file.to_owned(),
        },
        other => LoadError::Cipher {
            file: file.to_owned(),
            reason: other.to_string(),
        },
    }
}

fn algorithm(name: Option<&str>, file: &str) -> Result<Algorithm, LoadError> {
    Algorithm::from_name(name).ok_or_else(|| LoadError::Cipher {
        file: file.to_owned(),
        reason: format!("the algorithm {} is not known", name.unwrap_or_default()),
    })
}

/// The form of packages: XML encryption, whose cipher text starts with the vector.
fn decrypt_element(element: &Element, password: &Secret, file: &str) -> Result<Element, LoadError> {
    let method = element
        .child("EncryptionMethod")
        .and_then(|m| m.attribute("Algorithm"));
    let algorithm = algorithm(method, file)?;
    let open = || -> Result<Vec<u8>, CryptoError> {
        let salt = crypto::base64(element.attribute("Salt").unwrap_or_default())?;
        let cipher = crypto::base64(cipher_text(element).unwrap_or_default())?;
        let (vector, cipher) = cipher
            .split_at_checked(algorithm.block_bytes())
            .ok_or(CryptoError::Length)?;
        crypto::decrypt(algorithm, password, &salt, vector, cipher)
    };
    let plain = open().map_err(|error| failed(file, &error))?;
    parse_plain(&plain, file)
}

/// The form of project files: salt and vector as attributes.
fn decrypt_salted(element: &Element, password: &Secret, file: &str) -> Result<Element, LoadError> {
    let algorithm = algorithm(element.attribute("Algorithm"), file)?;
    let open = || -> Result<Vec<u8>, CryptoError> {
        let salt = crypto::base64(element.attribute("Salt").unwrap_or_default())?;
        let vector = crypto::base64(element.attribute("IV").unwrap_or_default())?;
        let cipher = crypto::base64(&element.text)?;
        crypto::decrypt(algorithm, password, &salt, &vector, &cipher)
    };
    let plain = open().map_err(|error| failed(file, &error))?;
    parse_plain(&plain, file)
}

/// Plaintext is the original element; anything else means that the password was wrong.
fn parse_plain(plain: &[u8], file: &str) -> Result<Element, LoadError> {
    match xml::parse(plain, file) {
        Ok(element) => Ok(element),
        Err(error @ (LoadError::TooMany { .. } | LoadError::TooDeep { .. })) => Err(error),
        Err(_) => Err(LoadError::WrongPassword {
            file: file.to_owned(),
        }),
    }
}
