//! The HTTP client behind the catalog commands: finds the server and its token, asks, and turns
//! the server's refusals into errors with an exit code and a remedy.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use packmule_api::problem::Problem;
use packmule_api::server_file::{SERVER_FILE, ServerFile, default_data_folder};
use packmule_types::Secret;
use reqwest::blocking::{Body, RequestBuilder, Response};
use reqwest::{Method, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exit::{BAD_USAGE, ExitError, FAILED, NOT_FOUND};

/// How long one request may take; uploads have [`UPLOAD_TIME_MAX`].
const REQUEST_TIME_MAX: Duration = Duration::from_secs(90);
const UPLOAD_TIME_MAX: Duration = Duration::from_secs(900);

/// Which server, and with which token.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Connection {
    /// Address of the server; by default that of this computer's server
    #[arg(long, env = "PACKMULE_URL", value_name = "URL", global = true)]
    pub(crate) url: Option<String>,
    /// File with the server's access token
    #[arg(long, env = "PACKMULE_TOKEN_FILE", value_name = "FILE", global = true)]
    pub(crate) token_file: Option<PathBuf>,
}

/// A client of one server.
pub(crate) struct Client {
    base: Url,
    token: Secret,
    http: reqwest::blocking::Client,
}

impl Connection {
    /// Finds address and token: flags and environment first, then the data folder.
    ///
    /// # Errors
    /// When there is no address or no readable token.
    pub(crate) fn open(&self) -> anyhow::Result<Client> {
        let (url, token_file) = self.resolve(default_data_folder().as_deref())?;
        let base = Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| {
                ExitError::new(BAD_USAGE, format!("'{url}' is not the address of a server"))
                    .remedy("give --url http://HOST:PORT")
            })?;
        let token = packmule_api::token::load(&token_file)
            .with_context(|| format!("the token of the server at {base} cannot be read"))?;
        let http = reqwest::blocking::Client::builder()
            .user_agent(concat!("packmule/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .timeout(REQUEST_TIME_MAX)
            .build()
            .context("the HTTP client cannot be set up")?;
        Ok(Client { base, token, http })
    }

    /// Address and token file, from the flags or from the data folder's `server.json`.
    fn resolve(&self, data: Option<&Path>) -> anyhow::Result<(String, PathBuf)> {
        if let (Some(url), Some(file)) = (&self.url, &self.token_file) {
            return Ok((url.clone(), file.clone()));
        }
        let kept = match data {
            Some(folder) => ServerFile::read(folder).with_context(|| {
                format!("{} cannot be read", folder.join(SERVER_FILE).display())
            })?,
            None => None,
        };
        let url = self
            .url
            .clone()
            .or(kept.as_ref().map(|file| file.url.clone()));
        let token_file = self
            .token_file
            .clone()
            .or(kept.map(|file| file.token_file))
            .or(data.map(|folder| folder.join("token")));
        match (url, token_file) {
            (Some(url), Some(file)) => Ok((url, file)),
            (None, _) => Err(ExitError::new(NOT_FOUND, "no server runs on this computer")
                .remedy("start one with 'packmule server', or give --url and --token-file")
                .into()),
            (Some(url), None) => Err(ExitError::new(
                NOT_FOUND,
                format!("no token is known for the server at {url}"),
            )
            .remedy("give --token-file, or set PACKMULE_TOKEN_FILE")
            .into()),
        }
    }
}

impl Client {
    /// The address of an endpoint: `/api/v1` and the parts, each made safe for a path.
    fn address(&self, parts: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["api", "v1"]).extend(parts);
        }
        if !query.is_empty() {
            url.query_pairs_mut()
                .extend_pairs(query.iter().map(|(name, value)| (name, value)));
        }
        url
    }

    fn request(&self, method: Method, parts: &[&str], query: &[(&str, String)]) -> RequestBuilder {
        self.http
            .request(method, self.address(parts, query))
            .bearer_auth(self.token.reveal())
    }

    /// Gets one thing.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        parts: &[&str],
        query: &[(&str, String)],
    ) -> anyhow::Result<T> {
        self.read(self.request(Method::GET, parts, query))
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        parts: &[&str],
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        self.read(self.request(method, parts, &[]).json(body))
    }

    /// Sends JSON under an idempotency key, once more when no answer came.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) fn send_once<T: DeserializeOwned>(
        &self,
        parts: &[&str],
        key: &str,
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        let request = || {
            self.request(Method::POST, parts, &[])
                .header("Idempotency-Key", key)
                .json(body)
        };
        let answer = match request().send() {
            Err(error) if error.is_timeout() || error.is_body() => request().send(),
            other => other,
        };
        self.answer(answer)
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) fn upload<T: DeserializeOwned>(
        &self,
        method: Method,
        parts: &[&str],
        query: &[(&str, String)],
        bytes: Vec<u8>,
    ) -> anyhow::Result<T> {
        let request = self
            .request(method, parts, query)
            .timeout(UPLOAD_TIME_MAX)
            .header("content-type", "application/octet-stream")
            .body(Body::from(bytes));
        self.read(request)
    }

    /// Opens a live stream; it has no time limit.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) fn stream(&self, parts: &[&str]) -> anyhow::Result<Response> {
        let request = self
            .request(Method::GET, parts, &[])
            .timeout(Duration::from_secs(30 * 24 * 3600));
        let answer = request.send().map_err(|error| self.unreachable(&error))?;
        self.check(answer)
    }

    fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> anyhow::Result<T> {
        self.answer(request.send())
    }

    fn answer<T: DeserializeOwned>(&self, answer: reqwest::Result<Response>) -> anyhow::Result<T> {
        let answer = answer.map_err(|error| self.unreachable(&error))?;
        self.check(answer)?
            .json()
            .with_context(|| format!("the server at {} answered with something else", self.base))
    }

    fn check(&self, answer: Response) -> anyhow::Result<Response> {
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        if status == StatusCode::UNAUTHORIZED {
            return Err(ExitError::new(
                FAILED,
                format!("the server at {} refused the token", self.base),
            )
            .remedy(
                "the token may be another server's: give --token-file, or remove a stale \
                 server.json from the data folder",
            )
            .into());
        }
        let problem: Option<Problem> = answer.json().ok();
        Err(refusal(&self.base, status, problem).into())
    }

    fn unreachable(&self, error: &reqwest::Error) -> anyhow::Error {
        let what = if error.is_timeout() {
            "did not answer in time"
        } else {
            "cannot be reached"
        };
        // the address of the request would be said twice
        let mut cause: &dyn std::error::Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        ExitError::new(
            FAILED,
            format!("the server at {} {what}: {cause}", self.base),
        )
        .remedy("is it running? 'packmule server' starts one; --url says where it is")
        .into()
    }
}

fn refusal(base: &Url, status: StatusCode, problem: Option<Problem>) -> ExitError {
    let Some(problem) = problem else {
        return ExitError::new(
            FAILED,
            format!("what answers at {base} is no packmule server (status {status})"),
        )
        .remedy("check --url");
    };
    let code = if status == StatusCode::NOT_FOUND {
        NOT_FOUND
    } else {
        FAILED
    };
    let message = match problem.error_number {
        Some(number) => format!("{} ({number})", problem.detail),
        None => problem.detail,
    };
    let error = ExitError::new(code, message);
    match problem.remedy {
        Some(remedy) => error.remedy(remedy),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_before_the_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        let none = Connection::default();
        let error = none.resolve(Some(folder.path())).unwrap_err();
        assert_eq!(error.to_string(), "no server runs on this computer");
        let kept = ServerFile {
            url: "http://127.0.0.1:1".to_owned(),
            token_file: "/kept".into(),
            process_id: None,
        };
        kept.write(folder.path()).unwrap();
        let given = |url: Option<&str>, file: Option<&str>| {
            let connection = Connection {
                url: url.map(str::to_owned),
                token_file: file.map(PathBuf::from),
            };
            connection.resolve(Some(folder.path())).unwrap()
        };
        assert_eq!(
            given(None, None),
            ("http://127.0.0.1:1".to_owned(), "/kept".into())
        );
        assert_eq!(given(Some("u"), None), ("u".to_owned(), "/kept".into()));
        assert_eq!(given(Some("u"), Some("/f")), ("u".to_owned(), "/f".into()));
    }

    #[test]
    fn refusals_keep_number_and_remedy() {
        let base = Url::parse("http://h:1/").unwrap();
        let problem = Problem {
            kind: "urn:x".to_owned(),
            title: "Not Found".to_owned(),
            status: 404,
            detail: "folder 'X' does not exist".to_owned(),
            error_number: Some(27104),
            remedy: Some("did you mean 'Y'?".to_owned()),
        };
        let error = refusal(&base, StatusCode::NOT_FOUND, Some(problem));
        assert_eq!(error.to_string(), "folder 'X' does not exist (27104)");
        assert_eq!(error.remedy.as_deref(), Some("did you mean 'Y'?"));
        assert_eq!(error.code, NOT_FOUND);
        let error = refusal(&base, StatusCode::BAD_GATEWAY, None);
        assert!(error.to_string().contains("no packmule server"));
    }
}
