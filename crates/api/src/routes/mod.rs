//! The endpoints, the document that describes them, and what stands around them.

mod executions;
mod folders;
mod projects;
mod service;
mod workers;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::state::App;
use crate::{guard, page};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Packmule",
        description = "Runs SSIS packages. Fields are named as the columns of SSISDB's catalog \
                       views; errors are problem+json with the catalog's error numbers."
    ),
    components(schemas(Problem, crate::shapes::LiveEvent, crate::shapes::AnyValue,
        crate::shapes::MessageLevel)),
    modifiers(&Bearer),
    tags(
        (name = "folders"), (name = "projects"), (name = "executions"), (name = "workers"),
        (name = "service")
    )
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("the token that the server keeps in its token file"))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn guarded(uploads_max: usize, bodies_max: usize) -> OpenApiRouter<Arc<App>> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(
            projects::deploy,
            projects::find,
            projects::delete_project
        ))
        .routes(routes!(projects::deploy_unnamed))
        .layer(DefaultBodyLimit::max(uploads_max));
    let others = OpenApiRouter::new()
        .routes(routes!(folders::list, folders::create))
        .routes(routes!(folders::delete_folder))
        .routes(routes!(projects::list))
        .routes(routes!(projects::versions))
        .routes(routes!(projects::restore))
        .routes(routes!(projects::packages))
        .routes(routes!(projects::parameters, projects::set_parameter))
        .routes(routes!(executions::list, executions::start))
        .routes(routes!(executions::find))
        .routes(routes!(executions::messages))
        .routes(routes!(executions::executables))
        .routes(routes!(executions::statistics))
        .routes(routes!(executions::stop))
        .routes(routes!(workers::list))
        .routes(routes!(workers::find, workers::change))
        .routes(routes!(service::server))
        .layer(DefaultBodyLimit::max(bodies_max));
    uploads.merge(others)
}

fn streams() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(executions::live))
        .routes(routes!(executions::live_list))
}

fn open() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(service::healthz))
        .routes(routes!(service::readyz))
        .routes(routes!(service::openapi_json))
}

/// The OpenAPI document of all endpoints, as `/openapi.json` answers it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiRouter::<Arc<App>>::with_openapi(Document::openapi())
        .merge(guarded(0, 0))
        .merge(streams())
        .merge(open())
        .into_openapi()
}

/// Everything that is answered.
pub(crate) fn router(app: Arc<App>) -> Router {
    let (guarded, _) =
        guarded(app.config.upload_bytes_max, app.config.body_bytes_max).split_for_parts();
    let (streams, _) = streams().split_for_parts();
    let (open, _) = open().split_for_parts();
    let guarded = guarded
        .layer(from_fn_with_state(Arc::clone(&app), guard::limit_time))
        .merge(streams)
        .layer(from_fn_with_state(Arc::clone(&app), guard::require_token));
    guarded
        .merge(open)
        .method_not_allowed_fallback(async || {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method",
                "this endpoint does not know the request's method",
            )
        })
        .fallback(page::serve)
        .layer(from_fn(guard::add_security_headers))
        .with_state(app)
}
