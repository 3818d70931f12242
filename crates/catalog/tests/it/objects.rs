//! Folders, projects, versions, packages, parameters.

use packmule_catalog::{Error, ParameterScope, Variant, WorkerId};

use crate::support::{Bench, PROJECT, caller, number};

#[test]
fn folders_are_found_without_case_and_deleted_empty() {
    let bench = Bench::new();
    let catalog = &bench.catalog;
    assert_eq!(number(catalog.create_folder(&caller(), "DEMO", "")), 27190);
    assert_eq!(number(catalog.create_folder(&caller(), "a|b", "")), 27199);
    assert_eq!(number(catalog.delete_folder("None")), 27104);
    catalog.rename_folder("demo", "Übung").unwrap();
    catalog
        .set_folder_description("übung", "what we try")
        .unwrap();
    let folder = catalog.folder("ÜBUNG").unwrap();
    assert_eq!(
        (folder.name.as_str(), folder.description.as_str()),
        ("Übung", "what we try")
    );
    assert_eq!(folder.created_by_name, "anna");
    catalog.create_folder(&caller(), "Other", "").unwrap();
    assert_eq!(number(catalog.rename_folder("Other", "übung")), 27190);
    catalog.delete_folder("Other").unwrap();
    assert_eq!(catalog.folders().unwrap().len(), 1);
}

#[test]
fn a_project_is_deployed_listed_and_read_back() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    assert_eq!(number(catalog.delete_folder("Demo")), 27196);
    let project = catalog.project("demo", "SALES").unwrap();
    assert_eq!(project.name, "Sales");
    let packages = catalog.packages(Some("Demo"), Some("Sales")).unwrap();
    let names: Vec<&str> = packages.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Child.dtsx", "Load.dtsx"]);
    assert_eq!(
        catalog.get_project("Demo", "Sales").unwrap(),
        PROJECT.as_bytes()
    );
    let wrong = catalog.deploy_project(&caller(), "Demo", "Other", PROJECT.into());
    assert!(matches!(wrong, Err(Error::ProjectNameDiffers { .. })));
    let broken = catalog.deploy_project(&caller(), "Demo", "Sales", b"Sales\nnonsense".to_vec());
    assert!(matches!(broken, Err(Error::ProjectUnreadable { .. })));
    assert_eq!(
        number(catalog.deploy_project(&caller(), "No", "Sales", PROJECT.into())),
        27104
    );
    catalog.delete_project("Demo", "Sales").unwrap();
    assert_eq!(number(catalog.project("Demo", "Sales")), 27109);
}

#[test]
fn sensitive_values_are_neither_shown_nor_stored_plain() {
    let bench = Bench::deployed();
    let parameters = bench.catalog.object_parameters("Demo", "Sales").unwrap();
    let password = parameters
        .iter()
        .find(|p| p.parameter_name == "Password")
        .unwrap();
    assert!(password.sensitive && password.design_default_value.is_none());
    let value = Variant::Text("überaus-geheim".to_owned());
    bench
        .catalog
        .set_object_parameter_value("Demo", "Sales", None, "Password", &value)
        .unwrap();
    let folder = bench.reopen().folder;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let holds = |w: &str| bytes.windows(w.len()).any(|x| x == w.as_bytes());
        assert!(!holds("überaus-geheim"), "{}", path.display());
    }
}

#[test]
fn server_values_precede_design_values_and_outlive_a_deployment() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let set = |name: &str, value: Variant| {
        catalog.set_object_parameter_value("Demo", "Sales", Some("Load"), name, &value)
    };
    set("Rows", Variant::Integer(25)).unwrap();
    assert_eq!(number(set("rows", Variant::Integer(25))), 27176);
    assert_eq!(number(set("Rows", Variant::Integer(1 << 40))), 27171);
    assert_eq!(number(set("Rows", Variant::Text("25".to_owned()))), 27147);
    let value = |name: &str| {
        let all = catalog
            .parameter_values("Demo", "Sales", "Load.dtsx")
            .unwrap();
        all.into_iter()
            .find(|p| p.parameter_name == name)
            .unwrap()
            .default_value
    };
    assert_eq!(value("Rows"), Some(Variant::Integer(25)));
    assert_eq!(value("Region"), Some(Variant::Text("North".to_owned())));
    // the same name and type: kept [R-CAT-KEEP]
    bench.deploy(PROJECT);
    assert_eq!(value("Rows"), Some(Variant::Integer(25)));
    // another type: gone
    bench.deploy(&PROJECT.replace("Rows:Int32::10", "Rows:Int64::11"));
    assert_eq!(value("Rows"), Some(Variant::Integer(11)));
    set("Rows", Variant::Integer(7)).unwrap();
    catalog
        .clear_object_parameter_value("Demo", "Sales", Some("Load"), "Rows")
        .unwrap();
    assert_eq!(value("Rows"), Some(Variant::Integer(11)));
    // parameters of another package are not this one's
    let all = catalog.parameter_values("Demo", "Sales", "Load").unwrap();
    assert!(all.iter().all(|p| p.parameter_name != "Only"));
    assert!(all.iter().any(|p| p.object_type == ParameterScope::Project));
}

#[test]
fn versions_are_kept_restored_and_cleaned() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let first = catalog.project("Demo", "Sales").unwrap().object_version_lsn;
    assert_eq!(
        number(catalog.restore_project(&caller(), "Demo", "Sales", first)),
        27155
    );
    bench.deploy("Sales\npackage:New.dtsx\n");
    assert_eq!(catalog.packages(None, Some("Sales")).unwrap().len(), 1);
    catalog
        .restore_project(&caller(), "Demo", "Sales", first)
        .unwrap();
    assert_eq!(catalog.packages(None, Some("Sales")).unwrap().len(), 2);
    let versions = catalog.project_versions("Demo", "Sales").unwrap();
    assert_eq!(versions.iter().filter(|v| v.is_current).count(), 1);
    assert_eq!(
        versions.last().unwrap().restored_by.as_deref(),
        Some("anna")
    );
    let unknown = packmule_catalog::VersionId(999);
    assert_eq!(
        number(catalog.restore_project(&caller(), "Demo", "Sales", unknown)),
        27179
    );
    for round in 0..12 {
        bench.deploy(&format!("Sales\npackage:P{round}.dtsx\n"));
    }
    assert_eq!(catalog.clean_up().unwrap().versions, 4);
    assert_eq!(catalog.project_versions("Demo", "Sales").unwrap().len(), 10);
}

#[test]
fn properties_are_checked() {
    let bench = Bench::new();
    let catalog = &bench.catalog;
    catalog
        .configure_catalog("max_project_versions", "3")
        .unwrap();
    assert_eq!(
        number(catalog.configure_catalog("MAX_PROJECT_VERSIONS", "0")),
        27163
    );
    assert_eq!(number(catalog.configure_catalog("NO_SUCH", "0")), 27156);
    assert_eq!(
        number(catalog.configure_catalog("SERVER_LOGGING_LEVEL", "7")),
        27217
    );
    assert!(
        catalog
            .configure_catalog("SERVER_LOGGING_LEVEL", "100")
            .is_err()
    );
    let properties = catalog.catalog_properties().unwrap();
    assert!(properties.contains(&("MAX_PROJECT_VERSIONS".to_owned(), "3".to_owned())));
}

#[test]
fn workers_keep_what_people_set_and_join_once_per_token() {
    let bench = Bench::new();
    let catalog = &bench.catalog;
    let id = WorkerId(uuid::Uuid::new_v4());
    let heard = |enable| {
        catalog
            .worker_heard(crate::support::worker_report(id), enable)
            .unwrap()
    };
    assert!(!heard(false), "a new worker is disabled");
    catalog.enable_worker_agent(id).unwrap();
    catalog
        .set_worker_agent_property(id, "Description", "in the cellar")
        .unwrap();
    assert!(
        catalog
            .set_worker_agent_property(id, "Colour", "red")
            .is_err()
    );
    assert!(heard(false), "a heartbeat changes nothing that people set");
    let agent = catalog.worker_agent(id).unwrap();
    assert!(agent.is_online && agent.description == "in the cellar");
    bench.clock.advance(std::time::Duration::from_secs(60));
    assert!(!catalog.worker_agent(id).unwrap().is_online);
    let nobody = WorkerId(uuid::Uuid::new_v4());
    assert_eq!(number(catalog.enable_worker_agent(nobody)), 27243);

    let token = catalog
        .create_join_token(std::time::Duration::from_secs(60))
        .unwrap();
    catalog.use_join_token(&token.token).unwrap();
    assert!(catalog.use_join_token(&token.token).is_err());
    let late = catalog
        .create_join_token(std::time::Duration::from_secs(60))
        .unwrap();
    bench.clock.advance(std::time::Duration::from_secs(61));
    assert!(catalog.use_join_token(&late.token).is_err());
}
