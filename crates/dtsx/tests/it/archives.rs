//! Project archives and folders: whole ones, incomplete ones, and those made to do harm.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use packmule_dtsx::{
    ArchiveHarm, LoadError, LoadOptions, NodeId, limits, load_archive, load_folder,
};
use packmule_types::Value;
use zip::write::SimpleFileOptions;

const PACKAGE: &str = r#"<DTS:Executable xmlns:DTS="www.microsoft.com/SqlServer/Dts" DTS:refId="Package" DTS:ObjectName="P" DTS:ProtectionLevel="0">
<DTS:Property DTS:Name="PackageFormatVersion">8</DTS:Property></DTS:Executable>"#;
const MANIFEST: &str = r#"<SSIS:Project SSIS:ProtectionLevel="DontSaveSensitive" xmlns:SSIS="www.microsoft.com/SqlServer/SSIS">
<SSIS:Properties><SSIS:Property SSIS:Name="Name">Shop</SSIS:Property></SSIS:Properties>
<SSIS:Packages><SSIS:Package SSIS:Name="Demostração.dtsx" SSIS:EntryPoint="1"/></SSIS:Packages>
<SSIS:ConnectionManagers><SSIS:ConnectionManager SSIS:Name="dw.conmgr"/></SSIS:ConnectionManagers></SSIS:Project>"#;
const CONNECTION: &str = r#"<DTS:ConnectionManager xmlns:DTS="www.microsoft.com/SqlServer/Dts" DTS:ObjectName="dw" DTS:DTSID="{C1}" DTS:CreationName="OLEDB"><DTS:ObjectData><DTS:ConnectionManager DTS:ConnectionString="Data Source=d;"/></DTS:ObjectData></DTS:ConnectionManager>"#;
const PARAMETERS: &str = r#"<SSIS:Parameters xmlns:SSIS="www.microsoft.com/SqlServer/SSIS"><SSIS:Parameter SSIS:Name="N"><SSIS:Properties>
<SSIS:Property SSIS:Name="ID">{11}</SSIS:Property><SSIS:Property SSIS:Name="Required">1</SSIS:Property><SSIS:Property SSIS:Name="Sensitive">0</SSIS:Property>
<SSIS:Property SSIS:Name="Value">5</SSIS:Property><SSIS:Property SSIS:Name="DataType">9</SSIS:Property></SSIS:Properties></SSIS:Parameter></SSIS:Parameters>"#;

fn options() -> LoadOptions<'static> {
    LoadOptions {
        file: "p.ispac",
        password: None,
    }
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn whole() -> Vec<u8> {
    archive(&[
        ("Demostra%C3%A7%C3%A3o.dtsx", PACKAGE.as_bytes()),
        ("dw.conmgr", CONNECTION.as_bytes()),
        ("Project.params", PARAMETERS.as_bytes()),
        ("@Project.manifest", MANIFEST.as_bytes()),
        ("[Content_Types].xml", b"<Types/>"),
    ])
}

#[test]
fn packages_that_only_others_start_are_told_apart() {
    let child = MANIFEST.replace("EntryPoint=\"1\"", "EntryPoint=\"0\"");
    let unsaid = MANIFEST.replace(" SSIS:EntryPoint=\"1\"", "");
    for (manifest, wanted) in [(MANIFEST, true), (&child, false), (&unsaid, true)] {
        let bytes = archive(&[
            ("Demostra%C3%A7%C3%A3o.dtsx", PACKAGE.as_bytes()),
            ("dw.conmgr", CONNECTION.as_bytes()),
            ("Project.params", PARAMETERS.as_bytes()),
            ("@Project.manifest", manifest.as_bytes()),
        ]);
        let project = load_archive(&bytes, &options()).unwrap().value;
        assert_eq!(project.is_entry_point(&project.packages[0]), wanted);
    }
}

#[test]
fn a_whole_archive_loads() {
    let project = load_archive(&whole(), &options()).unwrap().value;
    assert_eq!(project.name, "Shop");
    assert_eq!(&*project.packages[0].file, "Demostração.dtsx");
    assert!(project.package("demostração").is_some());
    assert_eq!(project.parameters[0].value, Value::I4(5));
    assert!(project.parameters[0].required);
    let manager = &project.connection_managers[0];
    assert_eq!(manager.ref_id, "Project.ConnectionManagers[dw]");
    assert_eq!(manager.node, NodeId(NodeId::PROJECT_FIRST));
    assert!(project.parameters[0].node.0 > NodeId::PROJECT_FIRST);
}

fn refused(bytes: &[u8]) -> LoadError {
    load_archive(bytes, &options()).unwrap_err()
}

fn harm(bytes: &[u8]) -> ArchiveHarm {
    match refused(bytes) {
        LoadError::HostileArchive { harm, .. } => harm,
        other => panic!("{other}"),
    }
}

#[test]
fn incomplete_archives_are_refused() {
    let bytes = whole();
    assert!(matches!(refused(b""), LoadError::Empty { .. }));
    assert!(matches!(
        refused(b"PK\x03\x04"),
        LoadError::NotAnArchive { .. }
    ));
    for cut in [10, 100, bytes.len() / 2, bytes.len() - 1] {
        let error = refused(&bytes[..cut]);
        assert!(
            matches!(error, LoadError::NotAnArchive { .. }),
            "{cut}: {error}"
        );
    }
    let none = archive(&[("a.dtsx", PACKAGE.as_bytes())]);
    assert!(matches!(refused(&none), LoadError::NoManifest { .. }));
    let missing = archive(&[("@Project.manifest", MANIFEST.as_bytes())]);
    assert_eq!(
        refused(&missing),
        LoadError::MissingFile {
            file: "p.ispac".to_owned(),
            missing: "dw.conmgr".to_owned()
        }
    );
    let other = archive(&[("@Project.manifest", b"<html/>")]);
    assert!(matches!(refused(&other), LoadError::NotExpected { .. }));
    let broken = archive(&[
        ("Demostra%C3%A7%C3%A3o.dtsx", b"<x"),
        ("dw.conmgr", CONNECTION.as_bytes()),
        ("@Project.manifest", MANIFEST.as_bytes()),
    ]);
    let error = refused(&broken).to_string();
    assert!(error.starts_with("p.ispac/Demostração.dtsx:1:"), "{error}");
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in [
        "../a.dtsx",
        "x/../../a.dtsx",
        "x\\..\\a.dtsx",
        "%2E%2E/a.dtsx",
        "/etc/a.dtsx",
        "C:\\a.dtsx",
        "a%0A.dtsx",
    ] {
        let bytes = archive(&[("@Project.manifest", MANIFEST.as_bytes()), (name, b"x")]);
        assert!(matches!(harm(&bytes), ArchiveHarm::Path { .. }), "{name}");
    }
}

#[test]
fn doubles_are_refused() {
    let bytes = archive(&[("a.dtsx", b"x"), ("A.dtsx", b"y")]);
    assert!(matches!(harm(&bytes), ArchiveHarm::Duplicate { .. }));
    let bytes = archive(&[("a.dtsx", b"x"), ("%61.dtsx", b"y")]);
    assert!(matches!(harm(&bytes), ArchiveHarm::Duplicate { .. }));
    // The same raw name twice, which a zip writer refuses to write: patched in.
    let mut bytes = archive(&[("a.dtsx", b"x"), ("b.dtsx", b"y")]);
    let find = |bytes: &[u8]| bytes.windows(6).position(|w| w == b"b.dtsx");
    while let Some(at) = find(&bytes) {
        bytes[at] = b'a';
    }
    assert!(matches!(harm(&bytes), ArchiveHarm::Duplicate { .. }));
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![0u8; 20 << 20];
    let bytes = archive(&[("a.dtsx", &zeros)]);
    assert!(bytes.len() < 100_000);
    assert!(matches!(harm(&bytes), ArchiveHarm::Ratio { .. }));
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..=limits::ARCHIVE_ENTRIES_MAX {
        writer
            .start_file(format!("{index}.dtsx"), SimpleFileOptions::default())
            .unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(matches!(harm(&bytes), ArchiveHarm::Entries { .. }));
}

const PROJECT: &str = r#"<Project xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><DeploymentModel>Project</DeploymentModel>
<DeploymentModelSpecificContent><Manifest>MANIFEST</Manifest></DeploymentModelSpecificContent>
<Configurations><Configuration><Name>Test</Name><Options><ParameterConfigurationValues>
<ConfigurationSetting><Id>LastModifiedTime</Id><Name>LastModifiedTime</Name><Value>2019</Value></ConfigurationSetting>
<ConfigurationSetting><Id>11</Id><Name>N</Name><Value xsi:type="xsd:int">6</Value></ConfigurationSetting>
<ConfigurationSetting><Id>{99}</Id><Name>Gone</Name><Value>1</Value></ConfigurationSetting>
</ParameterConfigurationValues></Options></Configuration></Configurations></Project>"#;

#[test]
fn folders_load_with_and_without_project_file() {
    let project = PROJECT.replace("MANIFEST", MANIFEST);
    let files: BTreeMap<String, Vec<u8>> = [
        ("Demostração.dtsx", PACKAGE),
        ("dw.conmgr", CONNECTION),
        ("Project.params", PARAMETERS),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .collect();
    let options = LoadOptions {
        file: "Shop.dtproj",
        password: None,
    };
    let plain = load_folder(Some(project.as_bytes()), &files, &options, None).unwrap();
    assert_eq!(plain.value.parameters[0].value, Value::I4(5));
    assert!(plain.findings.is_empty(), "{:?}", plain.findings);
    let test = load_folder(Some(project.as_bytes()), &files, &options, Some("test")).unwrap();
    assert_eq!(test.value.parameters[0].value, Value::I4(6));
    assert_eq!(test.findings.len(), 1, "{:?}", test.findings);
    let error = load_folder(Some(project.as_bytes()), &files, &options, Some("Live")).unwrap_err();
    assert!(matches!(error, LoadError::NoConfiguration { .. }));
    let bare = load_folder(None, &files, &options, None).unwrap().value;
    assert_eq!(
        (bare.packages.len(), bare.connection_managers.len()),
        (1, 1)
    );
    let lacking = load_folder(Some(project.as_bytes()), &BTreeMap::new(), &options, None).unwrap();
    assert_eq!(lacking.findings.len(), 2);
    let old = "<Project><DTSPackages><DtsPackage FormatVersion=\"3\"><Name>Demostração.dtsx</Name>\
               <FullPath>Demostração.dtsx</FullPath></DtsPackage></DTSPackages></Project>";
    let old = load_folder(Some(old.as_bytes()), &files, &options, None).unwrap();
    assert_eq!(old.value.packages.len(), 1);
}
