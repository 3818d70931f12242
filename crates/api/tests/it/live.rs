//! Live streams.

use std::collections::VecDeque;
use std::time::Duration;

use packmule_catalog::MessageType;
use reqwest::{Method, Response};
use serde_json::Value as Json;

use crate::support::{Bench, Played, began, ended, message, rows};

/// Reads events of a stream, whole ones only.
struct Reader {
    answer: Response,
    text: String,
    events: VecDeque<Json>,
}

impl Reader {
    async fn open(bench: &Bench, path: &str) -> Self {
        let request = bench.request(Method::GET, path);
        let answer = request
            .timeout(Duration::from_secs(300))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self {
            answer,
            text: String::new(),
            events: VecDeque::new(),
        }
    }

    async fn next(&mut self) -> Option<Json> {
        while self.events.is_empty() {
            let limit = Duration::from_secs(60);
            let chunk = tokio::time::timeout(limit, self.answer.chunk());
            let chunk = chunk.await.expect("an event comes").unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                self.events
                    .extend(data.map(|data| serde_json::from_str::<Json>(data).unwrap()));
            }
        }
        self.events.pop_front()
    }

    /// Skips to an event of a kind for which the data holds.
    async fn until(&mut self, kind: &str, holds: impl Fn(&Json) -> bool) -> Json {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event["kind"] == kind && holds(&event["data"]) {
                return event["data"].clone();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_execution_is_followed_to_its_end() {
    let bench = Bench::deployed().await;
    let id = bench.start("Load").await;
    let mut stream = Reader::open(&bench, &format!("/api/v1/executions/{id}/live")).await;
    stream.until("execution", |row| row["status"] == 5).await;
    let waiting = stream.until("waiting", |_| true).await;
    assert!(
        waiting.as_str().unwrap().contains("0 registered"),
        "{waiting}"
    );
    let worker = Played::join(&bench.catalog);
    let task = worker.take();
    stream.until("execution", |row| row["status"] == 2).await;
    worker.report(
        &task,
        1,
        vec![
            began("\\Package"),
            began("\\Package\\Flow"),
            rows("\\Package\\Flow", 100, false),
        ],
    );
    let names = |list: &Json| -> Vec<String> {
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row["executable_name"].as_str().unwrap().to_owned())
            .collect()
    };
    let running = stream
        .until("executables", |news| names(&news["running"]).len() == 2)
        .await;
    assert_eq!(names(&running["running"]), ["Package", "Flow"]);
    assert_eq!(running["running"][0]["execution_result"], Json::Null);
    stream
        .until("paths", |paths| paths[0]["rows_sent"] == 100)
        .await;
    worker.report(
        &task,
        4,
        vec![rows("\\Package\\Flow", 250, true), ended("\\Package\\Flow")],
    );
    let news = stream
        .until("executables", |news| names(&news["ended"]) == ["Flow"])
        .await;
    assert_eq!(news["from_start"], false);
    assert_eq!(names(&news["running"]), ["Package"]);
    stream
        .until("paths", |paths| {
            paths[0]["rows_sent"] == 250 && paths[0]["is_final"] == true
        })
        .await;
    worker.report(&task, 6, vec![ended("\\Package")]);
    // only what is new is told
    stream
        .until("executables", |news| {
            names(&news["ended"]) == ["Package"] && names(&news["running"]).is_empty()
        })
        .await;
    worker.finish(&task, 6);
    stream.until("execution", |row| row["status"] == 7).await;
    stream.until("end", |_| true).await;
    assert!(stream.next().await.is_none(), "nothing follows the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_attempt_begins_anew() {
    let bench = Bench::deployed().await;
    let request = serde_json::json!({
        "packages": [crate::support::package_name("Load")], "retry_count": 1,
    });
    let started = bench
        .request(Method::POST, "/api/v1/executions")
        .json(&request)
        .send()
        .await
        .unwrap();
    let started: Json = started.json().await.unwrap();
    let id = started["executions"][0]["execution_id"].as_i64().unwrap();
    let worker = Played::join(&bench.catalog);
    let mut stream = Reader::open(&bench, &format!("/api/v1/executions/{id}/live")).await;
    let task = worker.take();
    let reports = vec![
        began("\\Package"),
        rows("\\Package\\Flow", 9, false),
        ended("\\Package"),
    ];
    worker.report(&task, 1, reports.clone());
    stream
        .until("executables", |news| {
            news["ended"].as_array().unwrap().len() == 1
        })
        .await;
    worker.fail(&task, 3, "the disk is full");
    let attempts = stream
        .until("attempts", |rows| rows[0]["outcome"] == "Failed")
        .await;
    assert_eq!(attempts[0]["reason"], "the disk is full");
    let task = worker.take();
    let news = stream
        .until("executables", |news| news["from_start"] == true)
        .await;
    assert_eq!(news["ended"], serde_json::json!([]));
    worker.report(&task, 1, reports);
    // the rows of the first attempt are not counted
    stream
        .until("paths", |paths| paths[0]["rows_sent"] == 9)
        .await;
    worker.finish(&task, 3);
    stream.until("end", |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_messages_come_once_and_in_order() {
    const COUNT: usize = 1234;
    let bench = Bench::deployed().await;
    let worker = Played::join(&bench.catalog);
    let id = bench.start("Load").await;
    let task = worker.take();
    let text = |n: usize| message(MessageType::Information, "\\Package", &n.to_string());
    for (place, n) in (0..COUNT).step_by(200).enumerate() {
        let some = (n..COUNT.min(n + 200)).map(text).collect();
        worker.report(&task, (place * 200 + 1) as i64, some);
    }
    worker.finish(&task, COUNT as i64);
    let follow = async |query: &str| {
        let path = format!("/api/v1/executions/{id}/live{query}");
        let mut stream = Reader::open(&bench, &path).await;
        let mut messages = Vec::new();
        while let Some(event) = stream.next().await {
            if event["kind"] == "messages" {
                messages.extend(event["data"].as_array().unwrap().clone());
            }
        }
        messages
    };
    let all = follow("").await;
    let texts: Vec<_> = all
        .iter()
        .map(|row| row["message"].as_str().unwrap())
        .collect();
    let expected: Vec<_> = (0..COUNT).map(|n| n.to_string()).collect();
    assert_eq!(texts, expected);
    let middle = all[COUNT / 2]["event_message_id"].as_i64().unwrap();
    let rest = follow(&format!("?after={middle}")).await;
    assert_eq!(rest, all[COUNT / 2 + 1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_follows_executions_and_workers() {
    let bench = Bench::deployed().await;
    let before = bench.start("Load").await;
    let mut stream = Reader::open(&bench, "/api/v1/live").await;
    let has = |id: i64, status: i32| {
        move |rows: &Json| {
            let mut rows = rows.as_array().unwrap().iter();
            rows.any(|row| row["execution_id"] == id && row["status"] == status)
        }
    };
    stream.until("executions", has(before, 5)).await;
    let after = bench.start("Load").await;
    stream.until("executions", has(after, 5)).await;
    let worker = Played::join(&bench.catalog);
    let workers = stream
        .until("workers", |rows| rows != &serde_json::json!([]))
        .await;
    assert_eq!(workers[0]["worker_agent_id"], worker.id.to_string());
    let task = worker.take();
    stream.until("executions", has(before, 2)).await;
    worker.finish(&task, 0);
    stream.until("executions", has(before, 7)).await;
}
