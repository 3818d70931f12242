//! Reads `.dtsx` of every generation, `.ispac`, `.dtproj`, `.conmgr` and `.params` into one
//! typed, immutable [`model`].
//!
//! Works on the bytes it is given, opens nothing, and never panics on any input. What is
//! unknown is kept raw and reported as a [`Finding`]; nothing is dropped silently.
//!
//! | to | call |
//! | --- | --- |
//! | load a file | [`load_package`], [`load_archive`], [`load_folder`], [`load_configuration_file`] |
//! | find what a property path names | [`resolve_path`], [`resolve_path_in`] |
//! | go from file to API names of properties and back | [`api_property_name`], [`file_property_name`] |
//! | take a connection string apart | [`connection_string::ConnectionString`] |
//! | show a package | [`print_tree`], [`print_project`], [`package_json`], [`project_json`] |
//!
//! On the way: bytes → `xml` (limits, owned tree) → `protect` (secrets opened in the tree) →
//! `read` (the model) → `project` (what belongs together).

mod component_class;
pub mod connection_string;
mod crypto;
pub mod error;
pub mod finding;
mod findings;
pub mod fuzz;
pub mod json;
pub mod limits;
pub mod model;
mod names;
pub mod path;
pub mod print;
mod project;
pub mod property_name;
mod protect;
mod read;
mod show;
pub mod text;
mod xml;

use packmule_types::Secret;

pub use error::{ArchiveHarm, LoadError};
pub use finding::{Finding, Severity};
pub use json::{package_json, project_json};
pub use model::{NodeId, Package, Project};
pub use path::{
    PathError, PathTarget, TargetKind, resolve_component_property, resolve_path, resolve_path_in,
};
pub use print::{print_project, print_tree};
pub use project::{ConfigurationEntry, load_archive, load_configuration_file, load_folder};
pub use property_name::{PropertyOwner, api_property_name, file_property_name};

use findings::Findings;

/// How a file is to be loaded.
#[derive(Debug, Clone, Copy)]
pub struct LoadOptions<'a> {
    /// The file's name, for locations and messages.
    pub file: &'a str,
    /// Opens what is protected by a password.
    pub password: Option<&'a Secret>,
}

/// What was loaded, and what was found on the way.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// What was loaded.
    pub value: T,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Loads a package (`.dtsx`) of any generation.
///
/// # Errors
/// A [`LoadError`] when there is nothing to load: not a package, damaged, beyond the limits, or
/// encrypted as a whole without the right password.
pub fn load_package(bytes: &[u8], options: &LoadOptions<'_>) -> Result<Loaded<Package>, LoadError> {
    if protect::is_user_key_blob(bytes) {
        return Err(LoadError::UserKey {
            file: options.file.to_owned(),
        });
    }
    let root = xml::parse(bytes, options.file)?;
    let mut findings = Findings::default();
    let mut root = protect::open_root(root, options)?;
    protect::open_children(&mut root, "Package", options, &mut findings)?;
    let (value, findings) = read::package::package(&root, options.file, findings)?;
    Ok(Loaded {
        value,
        findings: findings.into_list(),
    })
}
