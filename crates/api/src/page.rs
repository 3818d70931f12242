//! The web page, embedded from `web/dist` when it was built before this crate.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// What is served in place of a page that was not built.
const NOT_BUILT: &str = include_str!("not_built.html");

/// Whether the page is in this program.
pub fn page_is_built() -> bool {
    Dist::get("index.html").is_some()
}

/// Answers every path that is no endpoint: files of the page, and for all else its first page,
/// because the page finds its views by the address's fragment.
pub(crate) async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::new(
            StatusCode::NOT_FOUND,
            "no-endpoint",
            format!("there is no endpoint {}", uri.path()),
        )
        .remedy("see /openapi.json for the endpoints")
        .into_response();
    }
    let name = if path.is_empty() { "index.html" } else { path };
    if let Some(file) = Dist::get(name) {
        return file_response(name, file.data.into_owned());
    }
    if name.starts_with("assets/") {
        return Problem::new(
            StatusCode::NOT_FOUND,
            "no-file",
            format!("the page has no file {}", uri.path()),
        )
        .into_response();
    }
    match Dist::get("index.html") {
        Some(file) => file_response("index.html", file.data.into_owned()),
        None => html(NOT_BUILT.as_bytes().to_vec()),
    }
}

fn html(bytes: Vec<u8>) -> Response {
    file_response("index.html", bytes)
}

fn file_response(name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(name)),
    );
    // the names below assets/ carry a hash of their content
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
