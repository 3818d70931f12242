//! The checked-in document is the one that the server describes.

use crate::support::Bench;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/packmule.json");

#[test]
fn the_document_is_up_to_date() {
    let mut now = serde_json::to_string_pretty(&packmule_api::openapi()).unwrap();
    now.push('\n');
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(std::path::Path::new(DOCUMENT).parent().unwrap()).unwrap();
        std::fs::write(DOCUMENT, &now).unwrap();
    }
    let kept = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    assert!(
        kept == now,
        "openapi/packmule.json is not what the code says: run \
         'UPDATE_GOLDEN=1 cargo test -p packmule-api openapi', then 'npm run types' in web/"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_gives_the_document() {
    let bench = Bench::new().await;
    let given = bench.get("/openapi.json").await;
    assert_eq!(
        given,
        serde_json::to_value(packmule_api::openapi()).unwrap()
    );
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = serde_json::to_value(packmule_api::openapi()).unwrap();
    let mut rest = vec![&document];
    let mut count = 0;
    while let Some(value) = rest.pop() {
        if let Some(reference) = value.get("$ref").and_then(|r| r.as_str()) {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
            count += 1;
        }
        match value {
            serde_json::Value::Object(map) => rest.extend(map.values()),
            serde_json::Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    assert!(count > 50, "{count}");
}
