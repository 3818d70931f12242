//! Decryption on real files whose passwords their authors have published, and the forms that
//! nothing here can open.
//!
//! Triple DES: rtumaykin/ssis-build says `ssis123` in its project's description. AES: the README
//! of ShawnShiSS/data-engineering-ssis-etl says `password`.

use std::collections::BTreeMap;
use std::path::Path;

use packmule_dtsx::finding::Reason;
use packmule_dtsx::model::PropertyValue;
use packmule_dtsx::{LoadError, LoadOptions, Severity, load_folder, load_package, print_tree};
use packmule_types::Secret;

use crate::corpus::corpus;

const TRIPLE_DES: &str =
    "rtumaykin__ssis-build/example/SampleSSISProject/SampleSSISProject/SampleSSISProject.dtproj";
const AES: &str = "ShawnShiSS__data-engineering-ssis-etl/src/SSIS/SSIS.dtproj";

fn project_files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn load(
    dtproj: &Path,
    password: Option<&str>,
) -> Result<packmule_dtsx::Loaded<packmule_dtsx::Project>, LoadError> {
    let secret = password.map(Secret::new);
    let options = LoadOptions {
        file: "p.dtproj",
        password: secret.as_ref(),
    };
    let files = project_files(dtproj.parent().unwrap());
    load_folder(
        Some(&std::fs::read(dtproj).unwrap()),
        &files,
        &options,
        None,
    )
}

#[test]
fn triple_des_project() {
    let Some(corpus) = corpus() else { return };
    let dtproj = corpus.join(TRIPLE_DES);
    let open = load(&dtproj, Some("ssis123")).unwrap();
    let encrypted = |findings: &[packmule_dtsx::Finding]| {
        findings
            .iter()
            .filter(|f| f.reason == Reason::Encrypted)
            .count()
    };
    assert_eq!(encrypted(&open.findings), 0, "{:?}", open.findings);
    let sensitive: Vec<_> = open
        .value
        .parameters
        .iter()
        .filter(|p| p.sensitive)
        .collect();
    assert!(!sensitive.is_empty());
    assert!(sensitive.iter().all(|p| p.secret.is_some()));
    let manager = &open.value.connection_managers[0];
    let password = manager.properties.get("Password").unwrap();
    assert!(matches!(&password.value, PropertyValue::Secret(s) if !s.is_empty()));
    let of_packages: Vec<_> = open
        .value
        .packages
        .iter()
        .flat_map(|p| &p.parameters)
        .filter(|p| p.sensitive)
        .collect();
    assert!(!of_packages.is_empty());
    assert!(of_packages.iter().all(|p| p.secret.is_some()));

    let closed = load(&dtproj, None).unwrap();
    assert!(encrypted(&closed.findings) > 0);
    assert!(closed.findings.iter().all(|f| f.severity < Severity::Error));
    let of_packages = closed.value.packages.iter().flat_map(|p| &p.parameters);
    assert!(
        of_packages
            .filter(|p| p.sensitive)
            .all(|p| p.secret.is_none() && p.value.is_null())
    );
    let manager = &closed.value.connection_managers[0];
    let password = manager.properties.get("Password").unwrap();
    assert!(matches!(password.value, PropertyValue::Encrypted));

    assert!(matches!(
        load(&dtproj, Some("wrong")),
        Err(LoadError::WrongPassword { .. })
    ));
}

#[test]
fn aes_package_encrypted_as_a_whole() {
    let Some(corpus) = corpus() else { return };
    let bytes = std::fs::read(corpus.join(AES).with_file_name("Package.dtsx")).unwrap();
    let load = |password: Option<&str>| {
        let secret = password.map(Secret::new);
        let options = LoadOptions {
            file: "Package.dtsx",
            password: secret.as_ref(),
        };
        load_package(&bytes, &options)
    };
    let package = load(Some("password")).unwrap().value;
    let mut tree = String::new();
    print_tree(&package, &mut tree);
    assert!(tree.starts_with("package "), "{tree}");
    assert!(!package.root.children.is_empty());
    assert!(matches!(load(None), Err(LoadError::NoPassword { .. })));
    assert!(matches!(
        load(Some("Password")),
        Err(LoadError::WrongPassword { .. })
    ));
    let project = load_project(&corpus.join(AES), "password");
    assert_eq!(project.packages.len(), 1);
}

fn load_project(dtproj: &Path, password: &str) -> packmule_dtsx::Project {
    load(dtproj, Some(password)).unwrap().value
}
