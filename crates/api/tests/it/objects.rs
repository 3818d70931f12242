//! Folders, projects, packages, parameters, Workers.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Bench, PROJECT, Played, body};

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_made_listed_and_deleted() {
    let bench = Bench::new().await;
    let path = "/api/v1/folders";
    let request = json!({ "name": "Demo", "description": "for show" });
    let made = bench
        .send(Method::POST, path, request.clone(), StatusCode::CREATED)
        .await;
    assert_eq!(made["name"], "Demo");
    assert_eq!(made["description"], "for show");
    assert_eq!(made["created_by_name"], "anna");
    let again = bench.request(Method::POST, path).json(&request);
    bench.refused(again, 409, 27190).await;
    let bad = bench
        .request(Method::POST, path)
        .json(&json!({ "name": "a<b" }));
    bench.refused(bad, 422, 27199).await;
    let list = bench.get(path).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let delete = bench.request(Method::DELETE, "/api/v1/folders/demo");
    body(delete.send().await.unwrap(), StatusCode::NO_CONTENT).await;
    let gone = bench.request(Method::DELETE, "/api/v1/folders/Demo");
    bench.refused(gone, 404, 27104).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn projects_are_deployed_in_versions() {
    let bench = Bench::new().await;
    let deployed = bench.deploy().await;
    let first = deployed["project"]["object_version_lsn"].as_i64().unwrap();
    assert_eq!(deployed["project"]["folder_name"], "Demo");
    assert_eq!(deployed["packages"].as_array().unwrap().len(), 3);
    let second = bench.deploy().await["project"]["object_version_lsn"]
        .as_i64()
        .unwrap();
    assert!(second > first);
    let project = "/api/v1/folders/Demo/projects/Sales";
    assert_eq!(bench.get(project).await["object_version_lsn"], second);
    let versions = bench.get(&format!("{project}/versions")).await;
    assert_eq!(versions["items"][0]["object_version_lsn"], second);
    assert_eq!(versions["items"][0]["is_current"], true);
    assert_eq!(versions["items"][1]["object_version_lsn"], first);
    let restore = format!("{project}/versions/{first}/restore");
    let restored = bench
        .send(Method::POST, &restore, json!({}), StatusCode::OK)
        .await;
    assert_eq!(restored["object_version_lsn"], first);
    bench
        .refused(bench.request(Method::POST, &restore), 409, 27155)
        .await;
    let none = format!("{project}/versions/99/restore");
    bench
        .refused(bench.request(Method::POST, &none), 404, 27179)
        .await;
    let delete = bench.request(Method::DELETE, project).send().await.unwrap();
    body(delete, StatusCode::NO_CONTENT).await;
    bench
        .refused(bench.request(Method::GET, project), 404, 27109)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_may_be_deployed_by_its_own_name() {
    let bench = Bench::new().await;
    let path = "/api/v1/folders/New/projects";
    let without = bench.request(Method::POST, path).body(PROJECT);
    bench.refused(without, 404, 27104).await;
    let path = "/api/v1/folders/New/projects?create_folder=true";
    let answer = bench
        .request(Method::POST, path)
        .body(PROJECT)
        .send()
        .await
        .unwrap();
    let deployed = body(answer, StatusCode::CREATED).await;
    assert_eq!(deployed["project"]["name"], "Sales");
    let empty = bench.request(Method::POST, path);
    bench.refused(empty, 400, 0).await;
    let broken = bench.request(Method::POST, path).body("Sales\nnonsense");
    bench.refused(broken, 422, 27203).await;
    let other = bench
        .request(Method::PUT, "/api/v1/folders/New/projects/Other")
        .body(PROJECT);
    bench.refused(other, 422, 27203).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn projects_and_packages_are_listed() {
    let bench = Bench::deployed().await;
    let count = async |path: &str| bench.get(path).await["items"].as_array().unwrap().len();
    assert_eq!(count("/api/v1/projects").await, 1);
    assert_eq!(count("/api/v1/projects?folder_name=demo").await, 1);
    assert_eq!(count("/api/v1/projects?project_name=SALES").await, 1);
    assert_eq!(count("/api/v1/projects?project_name=other").await, 0);
    assert_eq!(count("/api/v1/packages").await, 3);
    assert_eq!(
        count("/api/v1/packages?folder_name=Demo&project_name=Sales").await,
        3
    );
    let packages = bench.get("/api/v1/packages").await;
    let child = packages["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == "Child.dtsx")
        .unwrap();
    assert_eq!(child["entry_point"], false);
    assert_eq!(child["project_name"], "Sales");
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_shown_and_set_but_never_secrets() {
    let bench = Bench::deployed().await;
    let path = "/api/v1/folders/Demo/projects/Sales/parameters";
    let text = bench.get(path).await.to_string();
    assert!(
        text.contains("Region") && !text.contains("geheim"),
        "{text}"
    );
    let set = json!({ "object_type": 30, "package_name": "Load", "parameter_name": "Rows",
                      "value": "25" });
    let row = bench.send(Method::PATCH, path, set, StatusCode::OK).await;
    assert_eq!(row["default_value"], 25);
    assert_eq!(row["value_set"], true);
    assert_eq!(row["design_default_value"], 10);
    let clear = json!({ "object_type": 30, "package_name": "Load", "parameter_name": "Rows" });
    let row = bench.send(Method::PATCH, path, clear, StatusCode::OK).await;
    assert_eq!(row["value_set"], false);
    let secret = json!({ "object_type": 20, "parameter_name": "Password", "value": "streng" });
    let row = bench
        .send(Method::PATCH, path, secret, StatusCode::OK)
        .await;
    assert_eq!(row["sensitive"], true);
    assert!(!row.to_string().contains("streng"));
    let refused = [
        (
            json!({ "object_type": 20, "parameter_name": "Region", "value": [1] }),
            400,
            0,
        ),
        (
            json!({ "object_type": 50, "parameter_name": "Region", "value": "x" }),
            400,
            0,
        ),
        (
            json!({ "object_type": 30, "parameter_name": "Rows", "value": 1 }),
            400,
            0,
        ),
        (
            json!({ "object_type": 20, "parameter_name": "region", "value": "x" }),
            404,
            27176,
        ),
        (
            json!({ "object_type": 30, "package_name": "Load.dtsx", "parameter_name": "Rows",
                    "value": "many" }),
            422,
            27147,
        ),
        (
            json!({ "object_type": 30, "package_name": "Load.dtsx", "parameter_name": "Rows",
                    "value": 3_000_000_000_i64 }),
            422,
            27171,
        ),
    ];
    for (request, status, number) in refused {
        let request = bench.request(Method::PATCH, path).json(&request);
        bench.refused(request, status, number).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_are_listed_and_changed() {
    let bench = Bench::new().await;
    let list = "/api/v1/workers";
    assert_eq!(bench.get(list).await["items"], json!([]));
    let worker = Played::join(&bench.catalog);
    let row = bench.get(list).await["items"][0].clone();
    assert_eq!(row["worker_agent_id"], worker.id.to_string());
    assert_eq!(row["is_enabled"], true);
    assert_eq!(row["is_online"], true);
    assert_eq!(row["slots"], 2);
    assert_eq!(row["user_account"], "etl");
    let one = format!("{list}/{}", worker.id);
    let change = json!({ "is_enabled": false, "display_name": "night", "tags": "big" });
    let changed = bench
        .send(Method::PATCH, &one, change, StatusCode::OK)
        .await;
    assert_eq!(changed["is_enabled"], false);
    assert_eq!(changed["display_name"], "night");
    let enable = json!({ "is_enabled": true });
    bench
        .send(Method::PATCH, &one, enable, StatusCode::OK)
        .await;
    let now = bench.get(&one).await;
    assert_eq!(now["is_enabled"], true);
    assert_eq!(now["tags"], "big");
    let long = json!({ "description": "x".repeat(300) });
    let long = bench.request(Method::PATCH, &one).json(&long);
    bench.refused(long, 422, 0).await;
    let none = format!("{list}/{}", uuid::Uuid::nil());
    bench
        .refused(bench.request(Method::GET, &none), 404, 27243)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_what_it_is() {
    let bench = Bench::new().await;
    let server = bench.get("/api/v1/server").await;
    assert_eq!(server["product"], "packmule");
    assert_eq!(server["version"], env!("CARGO_PKG_VERSION"));
    for path in ["/healthz", "/readyz"] {
        let answer = bench.bare(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "ok\n", "{path}");
    }
}
