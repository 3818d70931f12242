//! Starting, listing, looking into and stopping executions.

use packmule_catalog::MessageType;
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::support::{Bench, Played, began, ended, message, package_name, rows};

const EXECUTIONS: &str = "/api/v1/executions";

#[tokio::test(flavor = "multi_thread")]
async fn one_call_starts_several_packages_with_all_their_settings() {
    let bench = Bench::deployed().await;
    let worker = Played::join(&bench.catalog);
    let request = json!({
        "packages": [package_name("Load"), package_name("Export.dtsx")],
        "parameters": [
            { "parameter_name": "Region", "value": "South" },
            { "parameter_name": "Rows", "value": "7" },
            { "parameter_name": "Day", "value": "2024-05-06" },
            { "parameter_name": "Password", "value": "streng" },
        ],
        "property_overrides": [
            { "property_path": "\\Package.Properties[MaximumErrorCount]", "property_value": "3" },
        ],
        "logging_level": 3,
        "workers": [worker.id],
        "retry_count": 2,
    });
    let started = bench
        .send(Method::POST, EXECUTIONS, request, StatusCode::CREATED)
        .await;
    assert_eq!(started["repeated"], false);
    let both = started["executions"].as_array().unwrap();
    assert_eq!(both.len(), 2);
    assert_eq!(both[0]["package_name"], "Load.dtsx");
    assert_eq!(both[1]["package_name"], "Export.dtsx");
    for row in both {
        assert_eq!(row["status"], 5);
        assert_eq!(row["status_name"], "Pending");
        assert_eq!(row["caller_name"], "anna");
        assert_eq!(row["retry_count"], 2);
        assert_eq!(row["logging_level"], 3);
    }
    let detail = bench
        .get(&format!("{EXECUTIONS}/{}", both[0]["execution_id"]))
        .await;
    let value = |name: &str| -> Json {
        let rows = detail["parameters"].as_array().unwrap();
        let row = rows.iter().find(|row| row["parameter_name"] == name);
        row.map_or(Json::Null, |row| row["parameter_value"].clone())
    };
    assert_eq!(value("Region"), "South");
    assert_eq!(value("Rows"), 7);
    assert_eq!(value("Password"), Json::Null);
    assert!(!detail.to_string().contains("streng"));
    assert_eq!(detail["property_overrides"][0]["property_value"], "3");
    assert!(
        detail["waiting_reason"]
            .as_str()
            .unwrap()
            .contains("1 chosen")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_start_leaves_nothing_behind() {
    let bench = Bench::deployed().await;
    let with =
        |parameters: Json| json!({ "packages": [package_name("Load")], "parameters": parameters });
    let refused = [
        (json!({ "packages": [] }), 400, 0, None),
        (
            json!({ "packages": [package_name("Laod")] }),
            404,
            27146,
            Some("Load.dtsx"),
        ),
        (
            json!({ "packages": [package_name("Child")] }),
            422,
            27146,
            None,
        ),
        (
            json!({ "packages": [package_name("Load"), package_name("Child")] }),
            422,
            27146,
            None,
        ),
        (
            json!({ "packages": [{ "folder_name": "Dmo", "project_name": "Sales",
                                   "package_name": "Load" }] }),
            404,
            27104,
            Some("Demo"),
        ),
        (
            with(json!([{ "parameter_name": "Regoin", "value": "x" }])),
            404,
            27176,
            Some("Region"),
        ),
        (
            with(json!([{ "parameter_name": "Region", "value": {} }])),
            400,
            0,
            None,
        ),
        (
            with(json!([{ "parameter_name": "Rows", "object_type": 7, "value": 1 }])),
            400,
            0,
            None,
        ),
        (
            json!({ "packages": [package_name("Load")], "logging_level": 9 }),
            422,
            27217,
            None,
        ),
        (
            json!({ "packages": [package_name("Load")], "retry_count": -1 }),
            422,
            27101,
            None,
        ),
    ];
    for (request, status, number, near) in refused {
        let request = bench.request(Method::POST, EXECUTIONS).json(&request);
        let problem = bench.refused(request, status, number).await;
        if let Some(near) = near {
            assert_eq!(problem["remedy"], format!("did you mean '{near}'?"));
        }
    }
    assert_eq!(bench.get(EXECUTIONS).await["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_required_value_refuses_the_start() {
    let bench = Bench::deployed().await;
    let request = json!({ "packages": [package_name("Export")] });
    let request = bench.request(Method::POST, EXECUTIONS).json(&request);
    let problem = bench.refused(request, 409, 27184).await;
    assert!(
        problem["detail"].as_str().unwrap().contains("Day"),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_idempotency_key_starts_once() {
    let bench = Bench::deployed().await;
    let send = async |key: &str, package: &str| {
        let request = json!({ "packages": [package_name(package)] });
        bench
            .request(Method::POST, EXECUTIONS)
            .header("Idempotency-Key", key)
            .json(&request)
            .send()
            .await
            .unwrap()
    };
    // at the same time, as a client that lost patience does
    let (a, b) = tokio::join!(send("k1", "Load"), send("k1", "Load"));
    let mut statuses = [a.status(), b.status()];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CREATED]);
    let (a, b): (Json, Json) = (a.json().await.unwrap(), b.json().await.unwrap());
    assert_eq!(
        a["executions"][0]["execution_id"],
        b["executions"][0]["execution_id"]
    );
    assert_eq!(
        send("k1", "Child").await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(send("k2", "Load").await.status(), StatusCode::CREATED);
    assert_eq!(send("", "Load").await.status(), StatusCode::BAD_REQUEST);
    // what was refused may be tried again under its key
    assert_eq!(send("k3", "None").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send("k3", "None").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        bench.get(EXECUTIONS).await["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn executions_are_paged_and_filtered() {
    let bench = Bench::deployed().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(bench.start("Load").await);
    }
    ids.reverse();
    let mut seen = Vec::new();
    let mut path = format!("{EXECUTIONS}?limit=2");
    loop {
        let page = bench.get(&path).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(
            items
                .iter()
                .map(|row| row["execution_id"].as_i64().unwrap()),
        );
        match page["next"].as_i64() {
            Some(next) => path = format!("{EXECUTIONS}?limit=2&before={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ids);
    let stop = format!("{EXECUTIONS}/{}/stop", ids[0]);
    bench
        .send(Method::POST, &stop, json!({}), StatusCode::ACCEPTED)
        .await;
    let count = async |query: &str| {
        let page = bench.get(&format!("{EXECUTIONS}?{query}")).await;
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(count("status=5").await, 4);
    assert_eq!(count("status=canceled").await, 1);
    assert_eq!(count("status=canceled,Pending").await, 5);
    assert_eq!(
        count("folder_name=demo&project_name=sales&package_name=load.dtsx").await,
        5
    );
    assert_eq!(count("package_name=Export.dtsx").await, 0);
    for query in ["limit=0", "limit=501", "status=done", "before=x"] {
        let path = format!("{EXECUTIONS}?{query}");
        bench
            .refused(bench.request(Method::GET, &path), 400, 0)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_execution_reports_is_shown() {
    let bench = Bench::deployed().await;
    let worker = Played::join(&bench.catalog);
    let id = bench.start("Load").await;
    let task = worker.take();
    worker.report(
        &task,
        1,
        vec![
            message(MessageType::PreExecute, "\\Package", "Package:Start"),
            message(MessageType::PreExecute, "\\Package\\Flow", "Flow:Start"),
            message(
                MessageType::Warning,
                "\\Package\\Flow",
                "Flow:Warning: careful",
            ),
            message(MessageType::Error, "\\Package\\Flow", "Flow:Error: broken"),
            rows("\\Package\\Loop[1]\\Flow", 10, true),
            rows("\\Package\\Loop[2]\\Flow", 5, false),
            began("\\Package"),
            began("\\Package\\Flow"),
            ended("\\Package\\Flow"),
        ],
    );
    let one = format!("{EXECUTIONS}/{id}");
    let texts = async |query: &str| -> Vec<String> {
        let page = bench.get(&format!("{one}/messages{query}")).await;
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|row| row["message"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(texts("").await.len(), 4);
    assert_eq!(texts("?level=error").await, ["Flow:Error: broken"]);
    assert_eq!(texts("?level=warning").await.len(), 2);
    let first = bench.get(&format!("{one}/messages?limit=3")).await;
    let after = first["next"].as_i64().unwrap();
    assert_eq!(
        texts(&format!("?after={after}")).await,
        ["Flow:Error: broken"]
    );
    let bad = bench.request(Method::GET, &format!("{one}/messages?limit=1001"));
    bench.refused(bad, 400, 0).await;

    let executables = bench.get(&format!("{one}/executables")).await;
    let runs: Vec<_> = executables["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["execution_path"].clone(),
                row["execution_result"].clone(),
            )
        })
        .collect();
    // the package has begun and not ended, the flow has ended
    assert!(runs.contains(&(json!("\\Package"), Json::Null)), "{runs:?}");
    assert!(
        runs.contains(&(json!("\\Package\\Flow"), json!(0))),
        "{runs:?}"
    );

    let statistics = bench.get(&format!("{one}/statistics")).await;
    let paths = statistics["paths"].as_array().unwrap();
    assert_eq!(paths.len(), 1, "turns of a loop are one path");
    assert_eq!(paths[0]["rows_sent"], 15);
    assert_eq!(paths[0]["is_final"], false);
    assert_eq!(paths[0]["execution_path"], "\\Package\\Loop\\Flow");

    worker.finish(&task, 9);
    let detail = bench.get(&one).await;
    assert_eq!(detail["execution"]["status_name"], "Succeeded");
    assert_eq!(detail["execution"]["process_id"], 4711);
    assert_eq!(detail["attempts"][0]["outcome"], "Succeeded");
    assert!(detail["execution"]["duration_ms"].as_i64().is_some());
    for part in ["", "/messages", "/executables", "/statistics", "/live"] {
        let path = format!("{EXECUTIONS}/99{part}");
        bench
            .refused(bench.request(Method::GET, &path), 404, 27103)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_twice_is_refused() {
    let bench = Bench::deployed().await;
    let worker = Played::join(&bench.catalog);
    let id = bench.start("Load").await;
    worker.take();
    let stop = format!("{EXECUTIONS}/{id}/stop");
    let row = bench
        .send(Method::POST, &stop, json!({}), StatusCode::ACCEPTED)
        .await;
    assert_eq!(row["status_name"], "Stopping");
    assert_eq!(row["stopped_by_name"], "anna");
    bench
        .refused(bench.request(Method::POST, &stop), 409, 27126)
        .await;
    let none = format!("{EXECUTIONS}/99/stop");
    bench
        .refused(bench.request(Method::POST, &none), 404, 27103)
        .await;
}
