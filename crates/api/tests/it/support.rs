//! A server over a catalog whose projects are made of words, and a Worker played by the test.

use std::sync::Arc;
use std::time::Duration;

use packmule_api::{ApiConfig, Handle, serve};
use packmule_catalog::project::{PackageContent, ParameterContent};
use packmule_catalog::{
    Assignment, Catalog, CatalogConfig, EventMessageFields, ExecutableBegun, ExecutableReport,
    MessageSource, MessageType, NumberedReport, Outcome, ParameterType, ProjectContent, Report,
    RowsReport, RunningReport, Variant, WorkerId, WorkerReport,
};
use packmule_types::Secret;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value as Json, json};

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A stream is text: the project's name, then a line for each `package:NAME` or
/// `parameter:OWNER:NAME:TYPE:FLAGS:VALUE` (owner empty for the project; flags r and s).
fn read(stream: &[u8]) -> Result<ProjectContent, String> {
    let text = std::str::from_utf8(stream).map_err(|e| e.to_string())?;
    let mut lines = text.lines();
    let mut content = ProjectContent {
        name: lines.next().ok_or("empty")?.to_owned(),
        ..ProjectContent::default()
    };
    for line in lines {
        let words: Vec<&str> = line.split(':').collect();
        match words.as_slice() {
            ["package", name] => content.packages.push(PackageContent {
                name: (*name).to_owned(),
                entry_point: *name != "Child.dtsx",
                ..PackageContent::default()
            }),
            ["parameter", owner, name, data_type, flags, value] => {
                let sensitive = flags.contains('s');
                let given = !value.is_empty();
                let parameter = ParameterContent {
                    name: (*name).to_owned(),
                    data_type: ParameterType::from_name(data_type).ok_or("type")?,
                    required: flags.contains('r'),
                    sensitive,
                    description: String::new(),
                    design_value: (!sensitive && given)
                        .then(|| Variant::Literal((*value).to_owned())),
                    secret: (sensitive && given).then(|| Secret::new(*value)),
                };
                match content.packages.iter_mut().find(|p| p.name == *owner) {
                    Some(package) => package.parameters.push(parameter),
                    None => content.parameters.push(parameter),
                }
            }
            other => return Err(format!("line {other:?}")),
        }
    }
    Ok(content)
}

pub(crate) const PROJECT: &str = "Sales\npackage:Load.dtsx\npackage:Export.dtsx\n\
    package:Child.dtsx\nparameter::Region:String::North\nparameter::Password:String:s:geheim\n\
    parameter:Load.dtsx:Rows:Int32::10\nparameter:Export.dtsx:Day:DateTime:r:\n";

/// A running server and what a client needs.
pub(crate) struct Bench {
    pub(crate) catalog: Catalog,
    pub(crate) server: Handle,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With other settings than usual.
    pub(crate) async fn with(change: impl FnOnce(&mut ApiConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = CatalogConfig::new(folder.path());
        config.reader = Arc::new(read);
        let catalog = Catalog::open(config).unwrap();
        let mut config = ApiConfig::new(([127, 0, 0, 1], 0).into(), Secret::new(TOKEN));
        config.caller_name = "anna".to_owned();
        change(&mut config);
        let server = serve(config, catalog.clone()).await.unwrap();
        Self {
            catalog,
            server,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            _folder: folder,
        }
    }

    /// With the project deployed in folder Demo.
    pub(crate) async fn deployed() -> Self {
        let bench = Self::new().await;
        bench.deploy().await;
        bench
    }

    pub(crate) async fn deploy(&self) -> Json {
        let answer = self
            .request(
                Method::PUT,
                "/api/v1/folders/Demo/projects/Sales?create_folder=true",
            )
            .body(PROJECT)
            .send()
            .await
            .unwrap();
        body(answer, StatusCode::CREATED).await
    }

    /// A request without the token.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.server.url()))
            .timeout(Duration::from_secs(60))
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(TOKEN)
    }

    pub(crate) async fn get(&self, path: &str) -> Json {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        body(answer, StatusCode::OK).await
    }

    /// Sends JSON and expects a status.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        request: Json,
        status: StatusCode,
    ) -> Json {
        let answer = self
            .request(method, path)
            .json(&request)
            .send()
            .await
            .unwrap();
        body(answer, status).await
    }

    /// Expects a problem with a status and, when not 0, the catalog's number.
    pub(crate) async fn refused(&self, request: RequestBuilder, status: u16, number: i32) -> Json {
        let answer = request.send().await.unwrap();
        let url = answer.url().clone();
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{url}"
        );
        let problem = body(answer, StatusCode::from_u16(status).unwrap()).await;
        assert_eq!(problem["status"], status, "{url}: {problem}");
        let expected = if number == 0 {
            Json::Null
        } else {
            json!(number)
        };
        assert_eq!(
            problem.get("error_number").unwrap_or(&Json::Null),
            &expected,
            "{url}: {problem}"
        );
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{problem}");
        problem
    }

    /// Starts one package of the project; its id.
    pub(crate) async fn start(&self, package: &str) -> i64 {
        let request = json!({ "packages": [package_name(package)] });
        let path = "/api/v1/executions";
        let started = self
            .send(Method::POST, path, request, StatusCode::CREATED)
            .await;
        started["executions"][0]["execution_id"].as_i64().unwrap()
    }
}

pub(crate) fn package_name(package: &str) -> Json {
    json!({ "folder_name": "Demo", "project_name": "Sales", "package_name": package })
}

pub(crate) async fn body(answer: Response, status: StatusCode) -> Json {
    let given = answer.status();
    let url = answer.url().clone();
    let text = answer.text().await.unwrap();
    assert_eq!(given, status, "{url}: {text}");
    if text.is_empty() {
        return Json::Null;
    }
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{url}: {e}: {text}"))
}

/// A Worker played by the test.
pub(crate) struct Played {
    catalog: Catalog,
    pub(crate) id: WorkerId,
}

impl Played {
    pub(crate) fn join(catalog: &Catalog) -> Self {
        let id = WorkerId(uuid::Uuid::new_v4());
        let report = WorkerReport {
            worker_agent_id: id,
            display_name: "first".to_owned(),
            machine_name: "here".to_owned(),
            user_account: "etl".to_owned(),
            version: "1".to_owned(),
            slots: 2,
            slots_used: 0,
            cpu_percent: 12.5,
            available_memory_mb: 100,
            spooled_messages: 0,
            certificate_thumbprint: String::new(),
        };
        catalog.worker_heard(report, true).unwrap();
        Self {
            catalog: catalog.clone(),
            id,
        }
    }

    /// Takes one execution and says that it runs.
    pub(crate) fn take(&self) -> Assignment {
        let lease = Duration::from_secs(600);
        let task = self.catalog.claim(self.id, 1, lease).unwrap().remove(0);
        let report = RunningReport {
            process_id: 4711,
            machine_name: "here".to_owned(),
            total_physical_memory_kb: 1,
            available_physical_memory_kb: 1,
            cpu_count: 2,
        };
        self.catalog.running(self.id, task.key, report).unwrap();
        task
    }

    pub(crate) fn report(&self, task: &Assignment, first: i64, reports: Vec<Report>) {
        let numbered = (first..)
            .zip(reports)
            .map(|(number, report)| NumberedReport { number, report })
            .collect();
        self.catalog.report(self.id, task.key, numbered).unwrap();
    }

    pub(crate) fn finish(&self, task: &Assignment, reports: i64) {
        self.catalog
            .finish(self.id, task.key, Outcome::Succeeded, reports, None)
            .unwrap();
    }

    pub(crate) fn fail(&self, task: &Assignment, reports: i64, reason: &str) {
        let reason = Some(reason.to_owned());
        self.catalog
            .finish(self.id, task.key, Outcome::Failed, reports, reason)
            .unwrap();
    }
}

/// An event of an executable.
pub(crate) fn message(message_type: MessageType, path: &str, text: &str) -> Report {
    Report::Message(EventMessageFields {
        message_time: chrono::Utc::now(),
        message_type,
        message_source_type: MessageSource::Task,
        message: text.to_owned(),
        package_name: "Load.dtsx".to_owned(),
        event_name: "OnTest".to_owned(),
        message_source_name: path.rsplit('\\').next().unwrap().to_owned(),
        message_source_id: String::new(),
        subcomponent_name: String::new(),
        package_path: path.to_owned(),
        execution_path: path.to_owned(),
        thread_id: 1,
        message_code: 0,
        event_message_guid: uuid::Uuid::new_v4(),
        remedy: None,
    })
}

/// An executable that began.
pub(crate) fn began(path: &str) -> Report {
    Report::Began(ExecutableBegun {
        executable_name: path.rsplit('\\').next().unwrap().to_owned(),
        executable_guid: String::new(),
        package_name: "Load.dtsx".to_owned(),
        package_path: path.to_owned(),
        execution_path: path.to_owned(),
        start_time: chrono::Utc::now(),
    })
}

/// An executable that ended well.
pub(crate) fn ended(path: &str) -> Report {
    let now = chrono::Utc::now();
    Report::Executable(ExecutableReport {
        executable_name: path.rsplit('\\').next().unwrap().to_owned(),
        executable_guid: String::new(),
        package_name: "Load.dtsx".to_owned(),
        package_path: path.to_owned(),
        execution_path: path.to_owned(),
        start_time: now,
        end_time: now,
        execution_result: 0,
        execution_value: None,
    })
}

/// Rows over the one path of a data flow.
pub(crate) fn rows(execution_path: &str, rows_sent: i64, is_final: bool) -> Report {
    Report::Rows(RowsReport {
        package_name: "Load.dtsx".to_owned(),
        task_name: "Flow".to_owned(),
        dataflow_path_id_string: "Paths[Output]".to_owned(),
        dataflow_path_name: "Output".to_owned(),
        source_component_name: "Source".to_owned(),
        destination_component_name: "Destination".to_owned(),
        rows_sent,
        execution_path: execution_path.to_owned(),
        is_final,
        time: chrono::Utc::now(),
    })
}
