//! Who is let in, what is limited, what stands around every answer.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Bench, body};

/// Every operation of the document: method, path with made-up parts, whether it is open.
fn operations() -> Vec<(Method, String, bool)> {
    let document = serde_json::to_value(packmule_api::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{execution_id}", "1")
            .replace("{object_version_lsn}", "1")
            .replace("{worker_agent_id}", "6f9619ff-8b86-d011-b42d-00c04fc964ff")
            .replace("{folder_name}", "F")
            .replace("{project_name}", "P");
        assert!(!path.contains('{'), "a part of {path} has no value here");
        for (method, operation) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let open = operation["security"] == json!([{}]);
            assert!(
                open || operation["security"] == json!([{"token": []}]),
                "{path}"
            );
            operations.push((method, path.clone(), open));
        }
    }
    assert!(operations.len() >= 27, "{}", operations.len());
    operations
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_needs_the_token() {
    let bench = Bench::new().await;
    let open = ["/healthz", "/readyz", "/openapi.json"];
    for (method, path, is_open) in operations() {
        assert_eq!(is_open, open.contains(&path.as_str()), "{path}");
        if is_open {
            let answer = bench.bare(method, &path).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            continue;
        }
        let bare = bench.bare(method.clone(), &path);
        bench.refused(bare, 401, 0).await;
        let wrong = bench
            .bare(method.clone(), &path)
            .bearer_auth("wrong-wrong-wrong-wrong");
        let answer = wrong.send().await.unwrap();
        assert_eq!(
            answer.headers()["www-authenticate"],
            "Bearer realm=\"packmule\""
        );
        body(answer, StatusCode::UNAUTHORIZED).await;
        let basic = bench
            .bare(method.clone(), &path)
            .basic_auth("packmule", Some("x"));
        bench.refused(basic, 401, 0).await;
        let query = format!("{path}?token={}", crate::support::TOKEN);
        bench
            .refused(bench.bare(method.clone(), &query), 401, 0)
            .await;
        // with the token something else is wrong at most
        let answer = bench.request(method.clone(), &path).send().await.unwrap();
        assert_ne!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_endpoint_says_so() {
    let bench = Bench::new().await;
    let get = |path| bench.request(Method::GET, path);
    bench.refused(get("/api/v1/nothing"), 404, 0).await;
    bench.refused(get("/api"), 404, 0).await;
    bench.refused(get("/assets/no.js"), 404, 0).await;
    bench
        .refused(bench.request(Method::DELETE, "/api/v1/executions"), 405, 0)
        .await;
    bench.refused(get("/api/v1/executions/abc"), 400, 0).await;
    bench.refused(get("/api/v1/workers/abc"), 400, 0).await;
    bench
        .refused(get("/api/v1/executions?limt=5"), 400, 0)
        .await;
    let broken = bench
        .request(Method::POST, "/api/v1/folders")
        .header("content-type", "application/json")
        .body("{");
    bench.refused(broken, 400, 0).await;
    let plain = bench.request(Method::POST, "/api/v1/folders").body("{}");
    bench.refused(plain, 415, 0).await;
    let more = json!({ "name": "F", "colour": "red" });
    let unknown = bench.request(Method::POST, "/api/v1/folders").json(&more);
    bench.refused(unknown, 400, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_security_headers() {
    let bench = Bench::new().await;
    for path in ["/", "/healthz", "/api/v1/folders", "/some/view"] {
        let answer = bench.bare(Method::GET, path).send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'"), "{policy}");
        assert!(!policy.contains("script-src"), "scripts are our own only");
        assert!(headers.contains_key("cache-control"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_have_limits() {
    let bench = Bench::with(|config| {
        config.upload_bytes_max = 1000;
        config.body_bytes_max = 100;
    })
    .await;
    let upload = bench
        .request(
            Method::PUT,
            "/api/v1/folders/F/projects/P?create_folder=true",
        )
        .body(vec![b'x'; 1001]);
    bench.refused(upload, 413, 0).await;
    let large = json!({ "name": "x".repeat(200) });
    let folder = bench.request(Method::POST, "/api/v1/folders").json(&large);
    bench.refused(folder, 413, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_are_counted_and_end_with_the_server() {
    let bench = Bench::with(|config| config.streams_max = 1).await;
    let mut first = bench
        .request(Method::GET, "/api/v1/live")
        .send()
        .await
        .unwrap();
    assert_eq!(first.status(), StatusCode::OK);
    let second = bench.request(Method::GET, "/api/v1/live");
    let problem = bench.refused(second, 503, 0).await;
    assert_eq!(problem["remedy"], "try again in a moment");
    let Bench { server, .. } = bench;
    let stopped = tokio::time::timeout(Duration::from_secs(30), server.shutdown());
    stopped.await.unwrap();
    while let Ok(Some(_)) = first.chunk().await {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_is_an_error() {
    let bench = Bench::new().await;
    let token = packmule_types::Secret::new(crate::support::TOKEN);
    let config = packmule_api::ApiConfig::new(bench.server.address(), token);
    let error = packmule_api::serve(config, bench.catalog.clone())
        .await
        .err()
        .unwrap();
    let expected = format!("cannot listen on {}", bench.server.address());
    assert_eq!(error.to_string(), expected);
}
