//! Errors on the wire: one shape, `application/problem+json` (RFC 9457), for every endpoint.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An error as the API answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A name of the kind of error, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:packmule:catalog:27104")]
    pub kind: String,
    /// The kind of error in words.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What was wrong this time, and where.
    pub detail: String,
    /// The catalog's error number (27100 to 27261), as SSIS's catalog raises it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_number: Option<i32>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Problem {
    /// A problem of the API itself; `name` is the last part of its type.
    pub(crate) fn new(status: StatusCode, name: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:packmule:api:{name}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            error_number: None,
            remedy: None,
        }
    }

    /// A request that cannot be understood or breaks a rule.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// A problem of the catalog, with its number.
    pub(crate) fn catalog(status: StatusCode, number: i32, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:packmule:catalog:{number}"),
            error_number: Some(number),
            ..Self::new(status, "catalog", detail)
        }
    }

    /// No token, or a wrong one.
    pub(crate) fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail).remedy(
            "send the header 'Authorization: Bearer TOKEN' with the token that the server keeps in \
             its token file",
        )
    }

    /// Something that the caller cannot know of; the cause is in the server's log.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the server failed while it handled the request; its log says why",
        )
    }

    /// More than the server takes at a time.
    pub(crate) fn busy(what: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", what).remedy("try again in a moment")
    }

    /// Adds what to do about it.
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Bearer realm=\"packmule\""),
                );
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}
