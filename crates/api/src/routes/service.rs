//! The server itself: alive, ready, what it is.

use std::sync::Arc;

use axum::Json as AxumJson;
use axum::extract::State;
use axum::http::StatusCode;

use crate::extract::Json;
use crate::problem::Problem;
use crate::shapes::ServerInfo;
use crate::state::App;

/// Whether the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "service", security(()),
    responses((status = 200, description = "it is", body = String, content_type = "text/plain")))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the server can do its work: the catalog answers.
#[utoipa::path(get, path = "/readyz", tag = "service", security(()),
    responses(
        (status = 200, description = "it can", body = String, content_type = "text/plain"),
        (status = 503, description = "it cannot", body = Problem,
         content_type = "application/problem+json")))]
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    let not_ready = || {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not-ready",
            "the catalog does not answer",
        )
    };
    if *app.stopping.borrow() {
        return Err(not_ready());
    }
    app.call(|catalog| Ok(catalog.folders().map(|_| ())?))
        .await
        .map_err(|_| not_ready())?;
    Ok("ok\n")
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "service", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn openapi_json() -> AxumJson<utoipa::openapi::OpenApi> {
    AxumJson(super::openapi())
}

/// Which server this is.
#[utoipa::path(get, path = "/api/v1/server", tag = "service", security(("token" = [])),
    responses((status = 200, body = ServerInfo), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn server() -> Json<ServerInfo> {
    Json(ServerInfo {
        product: "packmule".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time: chrono::Utc::now(),
    })
}
