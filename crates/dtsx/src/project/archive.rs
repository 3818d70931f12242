//! The `.ispac` archive: a flat zip of packages, connection managers, parameters and a manifest.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use crate::error::{ArchiveHarm, LoadError};
use crate::limits;
use crate::model::Project;
use crate::project::manifest::Manifest;
use crate::project::{Assembly, Files, Missing, open_file};
use crate::{LoadOptions, Loaded, findings::Findings};

/// Loads a project archive (`.ispac`).
///
/// # Errors
/// A [`LoadError`] when it is no archive, a hostile one, incomplete, or when one of its files
/// cannot be loaded.
pub fn load_archive(bytes: &[u8], options: &LoadOptions<'_>) -> Result<Loaded<Project>, LoadError> {
    let entries = expand(bytes, options.file)?;
    let files = Files::new(entries.iter().map(|(n, b)| (n.as_str(), b.as_slice())));
    let Some((name, bytes)) = files.get("@Project.manifest") else {
        return Err(LoadError::NoManifest {
            file: options.file.to_owned(),
        });
    };
    // The verifier stays closed here; it is tested before anything else is opened.
    let manifest_options = LoadOptions {
        file: name,
        password: None,
    };
    let root = open_manifest(bytes, &manifest_options, options)?;
    let Some(manifest) = Manifest::read(&root) else {
        return Err(LoadError::NotExpected {
            file: format!("{}/{name}", options.file),
            expected: "a project manifest",
            found: format!("the root element is {}", root.name),
        });
    };
    let assembly = Assembly {
        options: *options,
        files,
        missing: Missing::Refuse,
    };
    Ok(assembly.load(&manifest)?.finish())
}

fn open_manifest(
    bytes: &[u8],
    closed: &LoadOptions<'_>,
    options: &LoadOptions<'_>,
) -> Result<crate::model::Element, LoadError> {
    let within = |error: LoadError| error.within(options.file);
    let root = crate::xml::parse(bytes, closed.file).map_err(within)?;
    if root.name == "EncryptedData" {
        let open = LoadOptions {
            file: closed.file,
            password: options.password,
        };
        return open_file(bytes, &open, &mut Findings::default()).map_err(within);
    }
    Ok(root)
}

/// Expands all entries, within the limits; names are decoded from percent encoding.
fn expand(bytes: &[u8], file: &str) -> Result<Vec<(String, Vec<u8>)>, LoadError> {
    if bytes.len() as u64 > limits::FILE_BYTES_MAX {
        return Err(LoadError::TooLarge {
            file: file.to_owned(),
            bytes: bytes.len() as u64,
            limit: limits::FILE_BYTES_MAX,
        });
    }
    if bytes.is_empty() {
        return Err(LoadError::Empty {
            file: file.to_owned(),
        });
    }
    let hostile = |harm: ArchiveHarm| LoadError::HostileArchive {
        file: file.to_owned(),
        harm,
    };
    let declared = declared_entries(bytes);
    if let Some(count) = declared.filter(|count| *count > limits::ARCHIVE_ENTRIES_MAX) {
        return Err(hostile(ArchiveHarm::Entries {
            count,
            limit: limits::ARCHIVE_ENTRIES_MAX,
        }));
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(file, &e))?;
    if archive.len() > limits::ARCHIVE_ENTRIES_MAX {
        return Err(hostile(ArchiveHarm::Entries {
            count: archive.len(),
            limit: limits::ARCHIVE_ENTRIES_MAX,
        }));
    }
    let mut names = HashSet::new();
    let mut expanded = 0u64;
    let mut entries = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let (name, is_dir, encrypted) = describe(&mut archive, index, file)?;
        check_name(&name).map_err(&hostile)?;
        if encrypted {
            return Err(hostile(ArchiveHarm::Encrypted { entry: name }));
        }
        if !names.insert(name.to_lowercase()) {
            return Err(hostile(ArchiveHarm::Duplicate { entry: name }));
        }
        if is_dir {
            continue;
        }
        let content = read_entry(&mut archive, index, &name, expanded, file)?;
        expanded = expanded.saturating_add(content.len() as u64);
        entries.push((name, content));
    }
    // The zip reader keeps one of several entries of a name; the directory's own count tells.
    if let Some(count) = declared.filter(|count| *count > archive.len()) {
        let entry = format!("one of {count}");
        return Err(hostile(ArchiveHarm::Duplicate { entry }));
    }
    Ok(entries)
}

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

fn damaged(file: &str, error: &zip::result::ZipError) -> LoadError {
    LoadError::NotAnArchive {
        file: file.to_owned(),
        reason: error.to_string(),
    }
}

/// Decoded name, whether it is a folder, whether zip's own encryption is on.
fn describe(
    archive: &mut Archive<'_>,
    index: usize,
    file: &str,
) -> Result<(String, bool, bool), LoadError> {
    let entry = archive.by_index_raw(index).map_err(|e| damaged(file, &e))?;
    let raw = entry.name().map_err(|e| damaged(file, &e))?.into_owned();
    let name = match percent_encoding::percent_decode_str(&raw).decode_utf8() {
        Ok(decoded) => decoded.into_owned(),
        Err(_) => raw.clone(),
    };
    Ok((name, entry.is_dir(), entry.encrypted()))
}

/// No `..`, no root, no drive, no control characters.
fn check_name(name: &str) -> Result<(), ArchiveHarm> {
    let out = name.split(['/', '\\']).any(|part| part == "..")
        || name.starts_with(['/', '\\'])
        || name.contains(':')
        || name.chars().any(char::is_control)
        || name.is_empty();
    if out {
        return Err(ArchiveHarm::Path {
            entry: name.to_owned(),
        });
    }
    Ok(())
}

fn read_entry(
    archive: &mut Archive<'_>,
    index: usize,
    name: &str,
    before: u64,
    file: &str,
) -> Result<Vec<u8>, LoadError> {
    let hostile = |harm: ArchiveHarm| LoadError::HostileArchive {
        file: file.to_owned(),
        harm,
    };
    let left = limits::ARCHIVE_EXPANDED_BYTES_MAX.saturating_sub(before);
    let limit = left.min(limits::FILE_BYTES_MAX);
    let mut entry = archive.by_index(index).map_err(|e| damaged(file, &e))?;
    let packed = entry.compressed_size().max(1);
    let mut content = Vec::new();
    let mut chunk = vec![0u8; 64 << 10];
    loop {
        let count = entry
            .read(&mut chunk)
            .map_err(|e| LoadError::NotAnArchive {
                file: file.to_owned(),
                reason: format!("entry {name}: {e}"),
            })?;
        if count == 0 {
            return Ok(content);
        }
        content.extend_from_slice(chunk.get(..count).unwrap_or_default());
        let size = content.len() as u64;
        if size > limit {
            return Err(hostile(ArchiveHarm::Expansion {
                entry: name.to_owned(),
                limit,
            }));
        }
        if size > limits::ARCHIVE_RATIO_FREE_BYTES && size / packed > limits::ARCHIVE_RATIO_MAX {
            return Err(hostile(ArchiveHarm::Ratio {
                entry: name.to_owned(),
                limit: limits::ARCHIVE_RATIO_MAX,
            }));
        }
    }
}

/// How many entries the end of the archive claims. `None` when there is no plain end record, or
/// one that refers to a 64-bit record.
fn declared_entries(bytes: &[u8]) -> Option<usize> {
    const RECORD_BYTES: usize = 22;
    const COMMENT_BYTES_MAX: usize = 65_535;
    let from = bytes.len().saturating_sub(RECORD_BYTES + COMMENT_BYTES_MAX);
    let tail = bytes.get(from..)?;
    let at = tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let count = tail.get(at + 10..at + 12)?.first_chunk::<2>()?;
    let count = usize::from(u16::from_le_bytes(*count));
    (count != 0xFFFF).then_some(count)
}
