//! Packs a project folder into an archive: packages, connection managers, parameters, manifest.
//!
//! The manifest is the `SSIS:Project` element of the project file, which is what Visual Studio
//! puts into its archives. A folder without a project file gets a manifest that names all it
//! holds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::exit::{BAD_USAGE, ExitError, NOT_FOUND};

/// The largest project that is packed, as the server takes it.
const PROJECT_BYTES_MAX: u64 = 256 << 20;

/// The largest number of files in a project.
const FILES_MAX: usize = 10_000;

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Types \
    xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"dtsx\" ContentType=\"text/xml\" />\
    <Default Extension=\"conmgr\" ContentType=\"text/xml\" />\
    <Default Extension=\"params\" ContentType=\"text/xml\" />\
    <Default Extension=\"manifest\" ContentType=\"text/xml\" /></Types>";

/// Packs the project of a folder.
pub(super) fn folder(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| not_read(folder))? {
        files.push(entry.with_context(|| not_read(folder))?.path());
        if files.len() > FILES_MAX {
            bail!("{} holds more than {FILES_MAX} files", folder.display());
        }
    }
    files.sort();
    let of = |extension: &str| -> Vec<&PathBuf> {
        files
            .iter()
            .filter(|file| has_extension(file, extension))
            .collect()
    };
    match of("dtproj").as_slice() {
        [one] => project_file(one),
        [] if of("dtsx").is_empty() => Err(ExitError::new(
            NOT_FOUND,
            format!(
                "{} holds neither a .dtproj nor .dtsx files",
                folder.display()
            ),
        )
        .into()),
        [] => {
            let name = folder
                .canonicalize()
                .ok()
                .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
                .unwrap_or_else(|| "Project".to_owned());
            let names = |extension| {
                of(extension)
                    .into_iter()
                    .map(|file| file_name(file))
                    .collect()
            };
            let manifest = manifest_of(&name, &names("dtsx"), &names("conmgr"));
            archive(folder, &manifest)
        }
        many => Err(ExitError::new(
            BAD_USAGE,
            format!("{} holds {} project files", folder.display(), many.len()),
        )
        .remedy("name the one to deploy")
        .into()),
    }
}

/// Packs the project of a project file.
pub(super) fn project_file(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = std::fs::read(file).with_context(|| not_read(file))?;
    let text = String::from_utf8_lossy(&bytes);
    let manifest = manifest_in(&text).ok_or_else(|| {
        ExitError::new(
            crate::exit::NOT_LOADED,
            format!("{} holds no project manifest", file.display()),
        )
        .remedy(
            "only projects of the project deployment model can be deployed; convert it in Visual \
             Studio, or deploy the folder without its .dtproj",
        )
    })?;
    let parent = file
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    archive(parent.unwrap_or(Path::new(".")), &manifest)
}

/// The `SSIS:Project` element of a project file, as a document of its own.
fn manifest_in(text: &str) -> Option<String> {
    let start = text.find("<SSIS:Project")?;
    let end = text.rfind("</SSIS:Project>")? + "</SSIS:Project>".len();
    let mut element = text.get(start..end)?.to_owned();
    let head = element.get(..element.find('>')?)?.to_owned();
    if !head.contains("xmlns:SSIS") {
        element.insert_str(
            "<SSIS:Project".len(),
            " xmlns:SSIS=\"www.microsoft.com/SqlServer/SSIS\"",
        );
    }
    Some(element)
}

/// A manifest that names packages and connection managers; every package is an entry point.
fn manifest_of(name: &str, packages: &Vec<String>, managers: &Vec<String>) -> String {
    let mut text = String::from(
        "<SSIS:Project SSIS:ProtectionLevel=\"DontSaveSensitive\" \
         xmlns:SSIS=\"www.microsoft.com/SqlServer/SSIS\"><SSIS:Properties>",
    );
    // writing to a text does not fail
    let _ = write!(
        text,
        "<SSIS:Property SSIS:Name=\"Name\">{}</SSIS:Property></SSIS:Properties><SSIS:Packages>",
        escaped(name)
    );
    for package in packages {
        let name = escaped(package);
        let _ = write!(
            text,
            "<SSIS:Package SSIS:Name=\"{name}\" SSIS:EntryPoint=\"1\" />"
        );
    }
    text.push_str("</SSIS:Packages><SSIS:ConnectionManagers>");
    for manager in managers {
        let name = escaped(manager);
        let _ = write!(text, "<SSIS:ConnectionManager SSIS:Name=\"{name}\" />");
    }
    text.push_str("</SSIS:ConnectionManagers></SSIS:Project>");
    text
}

fn archive(folder: &Path, manifest: &str) -> anyhow::Result<Vec<u8>> {
    let mut entries: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut bytes = 0_u64;
    for entry in std::fs::read_dir(folder).with_context(|| not_read(folder))? {
        let path = entry.with_context(|| not_read(folder))?.path();
        let name = file_name(&path);
        let wanted = name.to_lowercase() == "project.params"
            || has_extension(&path, "conmgr")
            || (has_extension(&path, "dtsx") && manifest.contains(&escaped(&name)));
        if !wanted || !path.is_file() {
            continue;
        }
        let content = std::fs::read(&path).with_context(|| not_read(&path))?;
        bytes = bytes.saturating_add(content.len() as u64);
        if bytes > PROJECT_BYTES_MAX || entries.len() >= FILES_MAX {
            bail!(
                "the project in {} is larger than a server takes",
                folder.display()
            );
        }
        let name = if name.eq_ignore_ascii_case("project.params") {
            "Project.params".to_owned()
        } else {
            name
        };
        entries.insert(name, content);
    }
    if !entries.contains_key("Project.params") {
        let empty = "<?xml version=\"1.0\"?>\n<SSIS:Parameters \
                     xmlns:SSIS=\"www.microsoft.com/SqlServer/SSIS\" />";
        entries.insert("Project.params".to_owned(), empty.into());
    }
    let manifest = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{manifest}");
    entries.insert("@Project.manifest".to_owned(), manifest.into_bytes());
    entries.insert("[Content_Types].xml".to_owned(), CONTENT_TYPES.into());
    zipped(&entries)
}

fn zipped(entries: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    // the same files make the same bytes: no time of the day goes in
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive
            .start_file(encoded(name), options)
            .with_context(|| format!("{name} cannot be packed"))?;
        archive
            .write_all(content)
            .with_context(|| format!("{name} cannot be packed"))?;
    }
    Ok(archive
        .finish()
        .context("the project cannot be packed")?
        .into_inner())
}

/// A name as it stands in an archive: percent-encoded, but for what Visual Studio leaves.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~@[]()!$&'*+,;=".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn not_read(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_project_can_be_packed_and_read() {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/retail");
        let bytes = folder(&sample).unwrap();
        let options = packmule_dtsx::LoadOptions {
            file: "Retail.ispac",
            password: None,
        };
        let loaded = packmule_dtsx::load_archive(&bytes, &options).unwrap();
        assert_eq!(&*loaded.value.name, "Retail");
        assert!(loaded.value.packages.len() >= 8);
        assert_eq!(
            bytes,
            folder(&sample).unwrap(),
            "the same files make the same bytes"
        );
    }

    #[test]
    fn a_folder_without_a_project_file_can_be_packed() {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/retail");
        let whole = tempfile::tempdir().unwrap();
        let place = whole.path().join("A & B");
        std::fs::create_dir(&place).unwrap();
        let package = "Export Sales.dtsx";
        std::fs::copy(sample.join(package), place.join(package)).unwrap();
        let bytes = folder(&place).unwrap();
        let options = packmule_dtsx::LoadOptions {
            file: "x.ispac",
            password: None,
        };
        let loaded = packmule_dtsx::load_archive(&bytes, &options).unwrap();
        assert_eq!(&*loaded.value.name, "A & B");
        assert_eq!(loaded.value.packages.len(), 1);
        let empty = tempfile::tempdir().unwrap();
        let error = folder(empty.path()).unwrap_err();
        assert!(error.to_string().contains("neither"), "{error}");
    }

    #[test]
    fn names_are_encoded_as_in_archives() {
        assert_eq!(encoded("Load Käse.dtsx"), "Load%20K%C3%A4se.dtsx");
        assert_eq!(encoded("@Project.manifest"), "@Project.manifest");
        assert_eq!(encoded("[Content_Types].xml"), "[Content_Types].xml");
    }
}
